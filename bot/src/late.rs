//! Answers that go out long after the question: they say whose question it was and when, and several that wait for the
//! same room become one message. Pure.

use lamplighter_commands::{card::BYTES_MAX, scene::Content};

/// An answer that goes out later than this after the question says so: by then the room has gone on to other things.
pub const ANSWER_USEFUL_MS: i64 = 10 * 60 * 1000;
/// So many late answers become one message at most.
pub const TOGETHER_MAX: i64 = 10;
/// Of each this many lines: whoever still wants to know the rest asks again.
const LINES_MAX: usize = 6;
/// What stands for the other lines.
const LEFT_OUT: &str = "…";

/// Whether it answers a question that was asked too long ago.
pub fn is_late(content: &Content, now_ms: i64) -> bool {
    matches!(content, Content::Message { late: Some(late), .. } if now_ms - late.asked_at_ms >= ANSWER_USEFUL_MS)
}

/// Says so, if an answer is late.
pub fn led_in(mut content: Content, now_ms: i64) -> Content {
    if is_late(&content, now_ms)
        && let Content::Message { plain, html, late, .. } = &mut content
        && let Some(late) = late.take()
    {
        *plain = format!("{}\n{plain}", late.plain);
        *html = format!("{}<br>{html}", late.html);
    }
    content
}

fn first_lines(text: &str, separator: &str) -> String {
    let mut lines: Vec<&str> = text.split(separator).collect();
    if lines.len() > LINES_MAX {
        lines.truncate(LINES_MAX);
        lines.push(LEFT_OUT);
    }
    lines.join(separator)
}

/// One message that says what the first of these say: as many as are late, stand in the same thread and fit. None if
/// that is only one.
pub fn together(contents: &[Content], now_ms: i64) -> Option<(Content, usize)> {
    let first_thread = match contents.first()? {
        Content::Message { thread, .. } => thread.clone(),
        _ => return None,
    };
    let (mut plains, mut htmls) = (Vec::new(), Vec::new());
    let (mut rings, mut rings_all, mut rung, mut bytes) = (false, false, Vec::new(), 0);
    for content in contents.iter().take_while(|content| is_late(content, now_ms)) {
        let Content::Message {
            plain, html, notify, mentions, rings_room, thread, late: Some(late), open: false, ..
        } = content
        else {
            break;
        };
        let plain = format!("{}\n{}", late.plain, first_lines(plain, "\n"));
        let html = format!("{}<br>{}", late.html, first_lines(html, "<br>"));
        bytes += plain.len() + html.len();
        if *thread != first_thread || bytes > BYTES_MAX {
            break;
        }
        plains.push(plain);
        htmls.push(html);
        rings |= notify;
        rings_all |= rings_room;
        rung.extend(mentions.iter().cloned());
    }
    let count = plains.len();
    let content = Content::Message {
        plain: plains.join("\n"),
        html: htmls.join("<br>"),
        notify: rings,
        mentions: rung,
        rings_room: rings_all,
        reply_to: None,
        thread: first_thread,
        open: false,
        late: None,
        pointer: None,
    };
    (count > 1).then_some((content, count))
}

#[cfg(test)]
mod tests {
    use lamplighter_commands::scene::Late;

    use super::*;

    const ASKED_MS: i64 = 1_767_607_200_000;

    fn answer(text: &str, asked_at_ms: i64) -> Content {
        Content::Message {
            plain: text.into(),
            html: text.replace('\n', "<br>"),
            notify: false,
            mentions: Vec::new(),
            rings_room: false,
            reply_to: Some("$question".into()),
            thread: None,
            open: false,
            late: Some(Late { asked_at_ms, plain: "您 18:00 问的：".into(), html: "您 18:00 问的：".into() }),
            pointer: None,
        }
    }

    fn plain(content: &Content) -> &str {
        match content {
            Content::Message { plain, .. } => plain,
            _ => "",
        }
    }

    #[test]
    fn an_answer_says_that_it_is_late_from_ten_minutes_on() {
        let in_time = led_in(answer("满了", ASKED_MS), ASKED_MS + ANSWER_USEFUL_MS - 1);
        assert_eq!(plain(&in_time), "满了");
        let late = led_in(answer("满了", ASKED_MS), ASKED_MS + ANSWER_USEFUL_MS);
        assert_eq!(plain(&late), "您 18:00 问的：\n满了");
        assert_eq!(plain(&led_in(late.clone(), ASKED_MS + 2 * ANSWER_USEFUL_MS)), plain(&late), "once");
    }

    #[test]
    fn several_late_answers_become_one_message() {
        let now_ms = ASKED_MS + ANSWER_USEFUL_MS;
        let long = "一\n二\n三\n四\n五\n六\n七";
        let all = [answer("满了", ASKED_MS), answer(long, ASKED_MS), answer("还没到时间", now_ms)];
        let (content, count) = together(&all, now_ms).expect("two are late");
        assert_eq!(count, 2, "the third isn't late");
        assert_eq!(plain(&content), "您 18:00 问的：\n满了\n您 18:00 问的：\n一\n二\n三\n四\n五\n六\n…");
        assert!(!is_late(&content, now_ms + ANSWER_USEFUL_MS), "it says so already");
        assert_eq!(together(&all[..1], now_ms), None, "one alone is said as it is");
        assert_eq!(together(&all[2..], now_ms), None);
        let many: Vec<Content> = (0..10).map(|_| answer(&"很长".repeat(200), ASKED_MS)).collect();
        let (content, count) = together(&many, now_ms).expect("two fit");
        assert!((2..10).contains(&count) && plain(&content).len() <= BYTES_MAX, "as many as fit");
    }
}
