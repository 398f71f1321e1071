//! What residents type to be reminded.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

use crate::{
    activity::{is_recurring, problem_id},
    feature::{After, Bare, Halves, InHelp, Parsed, Read, Role, Said, Saying, Scope, Slots, Word},
    language::{
        Phrase, number, parts,
        time::{self, HalfDay, Moment},
    },
};

/// A reminder has at most this many characters.
pub const TEXT_CHARS_MAX: usize = 200;
/// With its time at most this many: what follows might not even have been read.
const REQUEST_CHARS_MAX: usize = 400;
/// Nobody remembers having asked longer ago than this many days.
const AHEAD_DAYS_MAX: i64 = 400;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Remind me of this, at this local time.
    Remind(String, NaiveDateTime),
    /// Remind everybody in the room of this, at this local time.
    RemindAll(String, NaiveDateTime),
    /// What am I to be reminded of.
    List,
    /// Not of this one.
    Cancel(i64),
}

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str], after: After) -> Word {
    Word { key, zh, en, after, role: Role::Resident, scope: Scope::Community, bare: Bare::No, in_help: InHelp::No }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        in_help: InHelp::Residents,
        ..word("remind", &["提醒我", "提醒", "记得提醒我"], &["remind me", "remind"], After::Text)
    },
    Word {
        role: Role::Captain,
        scope: Scope::Room,
        in_help: InHelp::Captains,
        ..word(
            "remind_all",
            &["提醒大家", "提醒 大家", "提醒所有人", "提醒全体"],
            &["remind all", "remind everyone", "remind everybody"],
            After::Text,
        )
    },
    word("list", &["我的提醒", "提醒列表", "提醒 列表"], &["reminders", "my reminders"], After::Nothing),
    word("cancel", &["取消提醒", "提醒 取消"], &["cancel reminder"], After::Number),
];

/// What else is said to be reminded.
pub const SAYINGS: &[Saying] = &[Saying {
    key: "remind",
    rest: "",
    bare: false,
    sentences: &[
        "{when}[的时候|时候|那会儿|前后][要|请|帮忙|麻烦][记得|别忘了|记着][再|给](提醒|叫醒|叫|喊|通知|告诉|提示)[一下|一声|下](我|我家)[一下|一声|下|说]{content}",
        "[请|要|记得|别忘了|到时候|给我定个闹钟|帮我定个闹钟][记得|帮忙](提醒|叫|喊)[一下|一声|下]我[一下|一声|下]{content}",
        "(给|帮)我(设|定|建|加)[一]个(提醒|闹钟|闹铃) {content}",
        "(设|定|建|加)[一]个(提醒|闹钟|闹铃) {content}",
        "(记得|别忘了|到|等到){when}[的时候](提醒|叫|喊|通知)[一下]我{content}",
        "{when}提醒{content}",
        "别忘了提醒我 {content}",
        "(remind me|reminder|set a reminder) [to|for|about] {content}",
    ],
}];

/// The parts of what followed a word.
pub fn read(said: Said<'_>) -> Read {
    let problem = match parse(said.key, said.rest, said.now) {
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    let mut slots = Slots::new();
    if let ("remind" | "remind_all", true) = (said.key, said.rest.chars().len() <= REQUEST_CHARS_MAX) {
        let (when, content) = parts::take_when(said.rest, said.now);
        if let Some(when) = when {
            slots.insert("when_text".into(), when.into());
        }
        let content = without_command(&content.written());
        if content.chars().any(char::is_alphanumeric) {
            slots.insert("content".into(), content.into());
        }
    }
    let halves = match said.key {
        "remind" | "remind_all" if problem.is_none() => time::halves(said.rest, said.now, false),
        _ => None,
    };
    Read { problem, halves: halves.map(Halves::of), slots }
}

/// What is to be said, without the marks around it and the small words before it.
fn without_command(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '。' | '、' | '：' | ':'));
    let text = text.trim_end_matches(['哦', '啊', '呀', '哈']);
    ["to ", "about ", "一下我 ", "一下我", "一下 ", "一声 "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text)
        .trim()
        .to_owned()
}

/// Reads what followed a word. `now` is the local time at which it was said.
pub fn parse(key: &str, rest: &Phrase, now: NaiveDateTime) -> Parsed<Command> {
    match key {
        "list" => Parsed::Mine(Command::List),
        "cancel" => match number::of_item(rest) {
            number::Number::Is(number) => Parsed::Mine(Command::Cancel(number)),
            _ => Parsed::Malformed("reminder-missing-number"),
        },
        "remind_all" => match remind(rest, now) {
            Parsed::Mine((text, at)) => Parsed::Mine(Command::RemindAll(text, at)),
            Parsed::Malformed("reminder-missing-time" | "reminder-missing-text") => {
                Parsed::Malformed("reminder-all-missing")
            }
            Parsed::Malformed(id) => Parsed::Malformed(id),
        },
        _ => match remind(rest, now) {
            Parsed::Mine((text, at)) => Parsed::Mine(Command::Remind(text, at)),
            Parsed::Malformed(id) => Parsed::Malformed(id),
        },
    }
}

fn remind(rest: &Phrase, now: NaiveDateTime) -> Parsed<(String, NaiveDateTime)> {
    if is_recurring(rest, now) {
        return Parsed::Malformed("time-recurring");
    }
    if rest.chars().len() > REQUEST_CHARS_MAX {
        return Parsed::Malformed("reminder-too-long");
    }
    let reading = match time::read(rest, now, None) {
        Ok(Some(reading)) => reading,
        Ok(None) => return Parsed::Malformed("reminder-missing-time"),
        Err(problem) => return Parsed::Malformed(problem_id(problem)),
    };
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let at = match reading.start {
        Moment::At(at) => at,
        // A day alone: in the morning, before it is too late.
        Moment::Day(day, None | Some(HalfDay::Dawn | HalfDay::Morning)) => day.and_time(hour(9)),
        Moment::Day(day, Some(HalfDay::Noon)) => day.and_time(hour(12)),
        Moment::Day(day, Some(HalfDay::Afternoon)) => day.and_time(hour(14)),
        Moment::Day(day, Some(HalfDay::Evening)) => day.and_time(hour(19)),
    };
    if at <= now {
        return Parsed::Malformed("time-past");
    }
    if at > now + TimeDelta::days(AHEAD_DAYS_MAX) {
        return Parsed::Malformed("time-too-far");
    }
    let text = rest.without_parts(&reading.parts).trimmed().written();
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '。' | '、')).to_owned();
    let text = text.strip_prefix("to ").map_or(text.clone(), ToOwned::to_owned);
    if !text.chars().any(char::is_alphanumeric) {
        Parsed::Malformed("reminder-missing-text")
    } else if text.chars().count() > TEXT_CHARS_MAX {
        Parsed::Malformed("reminder-too-long")
    } else {
        Parsed::Mine((text, at))
    }
}
