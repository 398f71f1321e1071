//! However many people come and however they are called: every message and every edit stays below the size of a message;
//! a card that was edited too often is posted anew.

mod conversation;

use conversation::{BUILDING_3, Conversation, Heard, LI, Said, ZHANG};
use lamplighter_commands::{
    card::BYTES_MAX,
    house::Outcome,
    incoming::{Message, What},
    scene::{Content, EDITS_MAX},
};

/// Names that take the most room: in bytes, in HTML, and as one letter that is seven characters.
const NAMES: [&str; 3] = ["𠮷", "\"", "👨\u{200D}👩\u{200D}👧\u{200D}👦"];
const CROWD: usize = 60;

fn json_bytes(text: &str) -> usize {
    serde_json::json!(text).to_string().len()
}

#[track_caller]
fn below(said: &[Said]) {
    for said in said {
        let bytes = match &said.content {
            Content::Message { plain, html, .. } => json_bytes(plain) + json_bytes(html),
            // Twice the text and thrice the question.
            Content::Poll { question, options, plain } => {
                json_bytes(plain)
                    + 2 * json_bytes(question)
                    + options.iter().map(|option| json_bytes(option) + 60).sum::<usize>()
            }
            _ => 0,
        };
        let most = if matches!(said.content, Content::Poll { .. }) { 2 * BYTES_MAX } else { BYTES_MAX + 4 };
        assert!(bytes <= most, "{bytes} bytes: {}", said.plain());
    }
}

async fn said_by(talk: &mut Conversation, user_id: &str, name: &str, text: &str) -> Heard {
    let message = Message { text: text.into(), ..Message::default() };
    let mut incoming = talk.incoming(user_id, Conversation::in_room(BUILDING_3), BUILDING_3, What::Message(message));
    incoming.sender.display_name = name.into();
    let heard = talk.give(incoming).await;
    below(&heard.said);
    heard
}

#[tokio::test]
async fn crowds_with_the_longest_names_stay_below_the_size_of_a_message() {
    for character in NAMES {
        let name = character.repeat(64);
        let mut talk = Conversation::new().await;
        // What people write has a letter in it, else it is no text.
        let long = |count: usize| format!("灯{}", character.repeat(count)).chars().take(count).collect::<String>();
        talk.empower(LI, BUILDING_3, 50);
        let title: String = long(60);
        let posted = said_by(&mut talk, LI, &name, &format!("！活动 {title} 明晚7点半 80人")).await;
        assert_eq!(posted.outcome, Some(Outcome::Handled), "{posted:?}");
        for index in 0..CROWD {
            let user_id = format!("@{}{index}:example.org", "r".repeat(100));
            said_by(&mut talk, &user_id, &name, "！报名 1 2大1小").await;
            said_by(&mut talk, &user_id, &name, &format!("！代报名 1 {}", long(12))).await;
        }
        // One leaves, somebody moves up; everybody is called.
        let first = format!("@{}0:example.org", "r".repeat(100));
        said_by(&mut talk, &first, &name, "！退出 1").await;
        said_by(&mut talk, LI, &name, "！改到 明晚8点 1").await;
        said_by(&mut talk, LI, &name, &format!("！许愿 {}", long(500))).await;
        for _ in 0..9 {
            said_by(&mut talk, ZHANG, &name, &format!("！许愿 {}", long(500))).await;
        }
        said_by(&mut talk, LI, &name, "！心愿列表").await;
        said_by(&mut talk, LI, &name, "！认领").await;
        said_by(&mut talk, LI, &name, "！活动列表").await;
        let options: Vec<String> = (b'a'..b'u').map(|letter| format!("{}{}", long(58), char::from(letter))).collect();
        let poll = said_by(&mut talk, LI, &name, &format!("！投票 {}\n{}", long(200), options.join("\n"))).await;
        assert_eq!(poll.outcome, Some(Outcome::Handled), "{poll:?}");
        said_by(&mut talk, ZHANG, &name, "！投 12 3").await;
        said_by(&mut talk, LI, &name, "！轨迹 1").await;
        for heard in talk.due(talk.now_ms + 26 * 3_600_000).await {
            below(&heard.said);
        }
    }
}

#[tokio::test]
async fn a_short_roster_is_told_in_the_room_and_a_long_one_privately() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！活动 看戏 明晚7点半").await;
    talk.say(ZHANG, BUILDING_3, "！报名 1").await;
    let heard = talk.say(LI, BUILDING_3, "！名单 1").await;
    assert!(heard.posted_in(BUILDING_3)[0].contains("zhang"), "{heard:?}");
    for index in 0..400 {
        let name = format!("住在三号楼的邻居{index:03}");
        said_by(&mut talk, &format!("@resident{index}:example.org"), &name, "！报名 1").await;
    }
    let heard = talk.say(LI, BUILDING_3, "！名单 1").await;
    assert!(heard.posted_in(BUILDING_3).is_empty(), "it would bury what others say: {heard:?}");
    let told = heard.told(LI);
    assert!(told.len() > 1, "{} pieces", told.len());
    for index in 0..400 {
        let name = format!("邻居{index:03}");
        assert_eq!(told.iter().filter(|piece| piece.contains(&name)).count(), 1, "{name}");
    }
    assert!(told[1].starts_with(&format!("📋 活动 1 的名单（2/{}）", told.len())), "{}", told[1]);
    let heard = talk.whisper(LI, "名单 1").await;
    assert_eq!(heard.said.iter().filter(|said| said.is_post()).count(), told.len(), "{heard:?}");
}

#[tokio::test]
async fn a_card_that_was_edited_often_is_posted_anew_and_the_old_one_still_counts() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！活动 看戏 明晚7点半").await;
    let (card, old) = talk.cards("activity", 1).await[0].clone();
    let mut last = None;
    for index in 0..EDITS_MAX {
        let heard = if index % 2 == 0 {
            talk.tap(ZHANG, BUILDING_3, &old, "✅ 报名").await
        } else {
            talk.untap(ZHANG, BUILDING_3, last.as_deref().expect("a tap")).await
        };
        assert!(heard.said.iter().all(|said| said.kind == "edit" && said.about.as_ref() == Some(&old)), "{heard:?}");
        last = Some(heard.event_id);
    }
    let heard = talk.say(ZHANG, BUILDING_3, "！报名 1").await;
    let kinds: Vec<&str> = heard.said.iter().map(|said| said.kind.as_str()).collect();
    assert_eq!(kinds, ["tap", "post", "edit", "untap", "tap"], "✅, the new card, the old one, its chip, a new chip");
    assert!(heard.only_post().plain().contains("zhang") && !heard.only_post().notifies());
    let moved = &heard.said[2];
    assert_eq!(moved.about.as_ref(), Some(&old));
    assert!(moved.plain().starts_with("📅 活动 1：看戏\n👇"), "{}", moved.plain());
    assert!(matches!(&moved.content, Content::Message { pointer: Some(_), .. }));
    let (again, new) = talk.cards("activity", 1).await[0].clone();
    assert_eq!((again.card_id, again.open), (card.card_id, true), "it is the same card");
    assert_ne!(new, old);
    assert_eq!(talk.chips(card.card_id).await, ["✅ 报名"]);

    // Under the old message as under the new one; and a tap there is one person's still.
    let by_old = talk.tap(LI, BUILDING_3, &old, "✅ 报名").await;
    assert_eq!(by_old.said.len(), 1, "{by_old:?}");
    assert_eq!(by_old.said[0].about.as_ref(), Some(&new), "the new one is edited");
    assert!(by_old.said[0].plain().contains("已报 2 人"), "{}", by_old.said[0].plain());
    let by_new = talk.tap(LI, BUILDING_3, &new, "✅ 报名").await;
    assert!(by_new.said.is_empty(), "already in: {by_new:?}");
    let one_back = talk.untap(LI, BUILDING_3, &by_old.event_id).await;
    assert!(one_back.said.is_empty(), "the other tap still stands: {one_back:?}");
    let both_back = talk.untap(LI, BUILDING_3, &by_new.event_id).await;
    assert!(both_back.said[0].plain().contains("已报 1 人"), "{both_back:?}");
    // Somebody tidies the old message away: the card stands below.
    let incoming =
        talk.incoming(LI, Conversation::in_room(BUILDING_3), BUILDING_3, What::Redaction { of: old.clone() });
    let heard = talk.give(incoming).await;
    assert!(heard.said.is_empty(), "{heard:?}");
    assert!(talk.cards("activity", 1).await[0].0.open);
    // A reply to the old message means the activity too.
    let reply = Message { text: "退出".into(), reply_to: Some(old.clone()), ..Message::default() };
    let heard = talk.say_message(ZHANG, BUILDING_3, reply).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
}

#[tokio::test]
async fn a_card_that_closes_isnt_posted_anew() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！活动 看戏 明晚7点半").await;
    let (_, event_id) = talk.cards("activity", 1).await[0].clone();
    let mut tap = None;
    for index in 0..EDITS_MAX {
        let heard = if index % 2 == 0 {
            talk.tap(ZHANG, BUILDING_3, &event_id, "✅ 报名").await
        } else {
            talk.untap(ZHANG, BUILDING_3, tap.as_deref().expect("a tap")).await
        };
        tap = Some(heard.event_id);
    }
    let heard = talk.say(LI, BUILDING_3, "！取消活动 1").await;
    assert!(heard.said.iter().any(|said| said.kind == "edit" && said.about.as_ref() == Some(&event_id)), "{heard:?}");
    assert_eq!(talk.cards("activity", 1).await[0].1, event_id);
}
