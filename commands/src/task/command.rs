//! What captains and party members type about tasks.

use chrono::{NaiveDateTime, NaiveTime};

use crate::{
    activity::{capacity, problem_id},
    feature::{After, Bare, Halves, InHelp, Parsed, Read, Role, Said, Scope, Word},
    language::{
        Phrase, number,
        time::{self, HalfDay, Moment},
    },
};

/// A task has at most this many characters: it must fit on a card.
pub const TEXT_CHARS_MAX: usize = 200;
/// With time and places a request has at most this many: what follows might not even have been read.
const REQUEST_CHARS_MAX: usize = 400;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask the party members.
    Post(Request),
    /// Who has said what.
    Status(i64),
    /// Ask now, outside the evening.
    Now(Option<i64>),
    /// Call it off.
    Cancel(Option<i64>),
}

/// A task as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is to be done.
    pub text: String,
    /// When, local time.
    pub starts_at: NaiveDateTime,
    /// How exactly that was said.
    pub grain: Grain,
    /// How many are needed.
    pub places: Option<i64>,
}

/// How exactly a time was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// With a clock time.
    Minute,
    /// In the morning, in the evening.
    HalfDay,
    /// Only the day.
    Day,
}

impl Grain {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::HalfDay => "half_day",
            Self::Day => "day",
        }
    }
}

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str], after: After) -> Word {
    Word { key, zh, en, after, role: Role::Captain, scope: Scope::Community, bare: Bare::No, in_help: InHelp::No }
}

/// All words. 接 and 不便 stand with the wishes, which ask in the same words.
pub const WORDS: &[Word] = &[
    Word { scope: Scope::Room, in_help: InHelp::Captains, ..word("post", &["任务"], &["task"], After::Apart) },
    word("now", &["立即"], &["send now"], After::Number),
    word("cancel", &["取消任务"], &["cancel task"], After::Number),
];

/// Tasks are the captains' business, and have no parts that others would name.
pub fn read(said: Said<'_>) -> Read {
    let problem = match parse(said.key, said.rest, said.now) {
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    let halves = (said.key == "post" && problem.is_none()).then(|| time::halves(said.rest, said.now, false)).flatten();
    Read { problem, halves: halves.map(Halves::of), ..Read::default() }
}

/// Reads what followed a word. `now` is the local time at which it was said.
pub fn parse(key: &str, rest: &Phrase, now: NaiveDateTime) -> Parsed<Command> {
    if key == "post" {
        return match number::of_item(rest) {
            number::Number::Is(number) => Parsed::Mine(Command::Status(number)),
            number::Number::Absent => Parsed::Malformed("task-missing-all"),
            number::Number::Unreadable => request(rest, now),
        };
    }
    let number = match number::of_item(rest) {
        number::Number::Absent => None,
        number::Number::Is(number) => Some(number),
        number::Number::Unreadable => return Parsed::Malformed("task-unreadable-number"),
    };
    Parsed::Mine(if key == "now" { Command::Now(number) } else { Command::Cancel(number) })
}

/// Whom a task goes to.
const MEMBERS: [&str; 3] = ["党员", "party members", "members"];

fn request(rest: &Phrase, now: NaiveDateTime) -> Parsed<Command> {
    let Some(rest) = MEMBERS.iter().find_map(|word| rest.strip_prefix(word)) else {
        return Parsed::Malformed("task-missing-members");
    };
    let rest = rest.trimmed();
    if rest.chars().len() > REQUEST_CHARS_MAX {
        return Parsed::Malformed("task-too-long");
    }
    let (places, places_at) = match capacity(&rest) {
        Ok(Some((places, at))) => (Some(places), Some(at)),
        Ok(None) => (None, None),
        Err(id) => return Parsed::Malformed(id),
    };
    let read = |half_day| time::read(&rest, now, half_day);
    let mut reading = match read(None) {
        Ok(Some(reading)) => reading,
        Ok(None) => return Parsed::Malformed("task-missing-time"),
        Err(problem) => return Parsed::Malformed(problem_id(problem)),
    };
    let seven_or_eight = |at: NaiveDateTime| at.time() < NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    if let (true, true, Moment::At(at)) = (reading.needs_half_day, reading.day_said, reading.start)
        && seven_or_eight(at)
        && let Ok(Some(later)) = read(Some(HalfDay::Evening))
    {
        reading = later;
    }
    let (starts_at, grain) = match reading.start {
        Moment::At(at) => (at, Grain::Minute),
        Moment::Day(day, half_day) => {
            let grain = if half_day.is_some() { Grain::HalfDay } else { Grain::Day };
            let (begins, last_hour) = match half_day {
                None => (8, 21),
                Some(HalfDay::Dawn) => (6, 7),
                Some(HalfDay::Morning) => (8, 11),
                Some(HalfDay::Noon) => (12, 13),
                Some(HalfDay::Afternoon) => (14, 17),
                Some(HalfDay::Evening) => (19, 21),
            };
            let at = |hour, minute| day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
            // 今天, said in the course of that day: it can be taken until that is over.
            let starts_at = if at(begins, 0) > now { at(begins, 0) } else { at(last_hour, 59) };
            (starts_at, grain)
        }
    };
    if starts_at <= now {
        return Parsed::Malformed("time-past");
    }
    let mut parts = reading.parts;
    parts.extend(places_at);
    parts.sort_by_key(|part| part.start);
    let text = rest.without_parts(&parts).trimmed().written();
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '。' | '、')).to_owned();
    if !text.chars().any(char::is_alphanumeric) {
        Parsed::Malformed("task-missing-text")
    } else if text.chars().count() > TEXT_CHARS_MAX {
        Parsed::Malformed("task-too-long")
    } else {
        Parsed::Mine(Command::Post(Request { text, starts_at, grain, places }))
    }
}
