//! What is said about tasks; nearly all of it privately.

use chrono::{NaiveTime, Timelike};
use lamplighter_storage::person::Person;

use crate::{
    card::{BYTES_MAX, Card},
    scene::Reply,
    speech::{Say, Unspeakable, Value},
    task::{
        refusal_word,
        rules::{Answer, Refusal},
    },
};

/// A list names at most this many people: more doesn't fit on a telephone.
const NAMES_MAX: usize = 40;

/// A task as it is shown.
#[derive(Clone, Debug)]
pub struct Face {
    /// Its number.
    pub number: i64,
    /// What is to be done.
    pub text: String,
    /// When it begins.
    pub starts_at_ms: i64,
    /// `minute`, `half_day` or `day`.
    pub grain: String,
    /// Which half of the day, for the grain `half_day`.
    pub half_day: &'static str,
    /// How many are needed.
    pub places: Option<i64>,
    /// Who asks.
    pub starter: Person,
    /// It was called off.
    pub cancelled: bool,
}

/// Who said what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// Those who come.
    pub accepted: Vec<String>,
    /// Those who can't.
    pub declined: Vec<String>,
    /// Those who haven't said.
    pub silent: Vec<String>,
}

impl Lists {
    /// How many were asked.
    pub fn count(&self) -> i64 {
        (self.accepted.len() + self.declined.len() + self.silent.len()) as i64
    }
}

/// The half of the day in which a time lies, as the locales know it.
pub fn half_day(at: NaiveTime) -> &'static str {
    match at.hour() {
        0..=7 => "dawn",
        8..=11 => "morning",
        12..=13 => "noon",
        14..=17 => "afternoon",
        _ => "evening",
    }
}

/// Everything that is said about tasks.
#[derive(Clone, Debug)]
pub enum TaskReply<'a> {
    /// To a party member: can you come? And what they said.
    Ask {
        /// The task.
        face: Face,
        /// What they have said.
        answer: Answer,
    },
    /// The same card when it was called off.
    Over {
        /// The task.
        face: Face,
    },
    /// To those who would have come.
    CalledOff {
        /// The task.
        face: Face,
    },
    /// To the one who asked: a steward has called it off, or has everybody asked now.
    ByOther {
        /// The task.
        face: Face,
        /// The steward.
        who: &'a Person,
    },
    /// To the one who asked: who said what.
    Status {
        /// The task.
        face: Face,
        /// Who said what.
        lists: Lists,
        /// When everybody will be asked; none: they have been, or it is too late.
        pings_at_ms: Option<i64>,
        /// How many are asked.
        count: i64,
    },
    /// To the one who asked: there are enough.
    Full {
        /// The task.
        face: Face,
        /// Who said what.
        lists: Lists,
    },
    /// To the one who asked: it begins before the evening.
    TooEarly {
        /// The task.
        face: Face,
        /// When people are home.
        pings_at_ms: i64,
    },
    /// Why not.
    Refused {
        /// The reason.
        refusal: Refusal,
        /// The task.
        face: Face,
    },
    /// Only stewards and captains of building rooms may ask.
    NotAllowed,
    /// Nobody has checked in.
    NoMembers,
    /// Somebody else asked.
    NotYours {
        /// The task.
        number: i64,
        /// Who did.
        starter: &'a Person,
    },
    /// It was sent already, or has begun.
    NotWaiting {
        /// The task.
        number: i64,
    },
    /// No such number.
    NoSuch {
        /// The number.
        number: i64,
    },
    /// The number is something else.
    OtherKind {
        /// The number.
        number: i64,
    },
}

impl Face {
    fn when(&self, say: Say<'_>) -> Result<String, Unspeakable> {
        let date = say.date(self.starts_at_ms)?;
        match self.grain.as_str() {
            "minute" => say.moment(self.starts_at_ms),
            "day" => Ok(date),
            _ => say.word(
                "task-half-day",
                &[("date", Value::Word(date.into())), ("half", Value::Word(self.half_day.into()))],
            ),
        }
    }

    fn card(&self, say: Say<'_>, id: &str, more: &[(&'static str, Value<'_>)]) -> Result<Card, Unspeakable> {
        let mut values = vec![
            ("number", Value::Number(self.number)),
            ("text", Value::Text(self.text.as_str().into())),
            ("when", Value::Word(self.when(say)?.into())),
            ("starter", Value::Person(&self.starter)),
            ("places", Value::Number(self.places.unwrap_or(0))),
        ];
        values.extend(more.iter().cloned());
        say.card(id, &values)
    }
}

fn names(say: Say<'_>, id: &str, names: &[String], most: usize) -> Result<Card, Unspeakable> {
    let head = say.card(id, &[("count", Value::Number(names.len() as i64))])?;
    let mut line = Vec::new();
    for (index, name) in names.iter().take(most).enumerate() {
        if index > 0 {
            line.extend(say.lines("list-separator", &[])?.concat());
        }
        line.extend(say.lines("name", &[("name", Value::Text(name.as_str().into()))])?.concat());
    }
    if names.len() > most {
        let rest = (names.len() - most) as i64;
        line.extend(say.lines("activity-more", &[("rest", Value::Number(rest))])?.concat());
    }
    Ok(head.joined(Card { lines: vec![line], ..Card::default() }))
}

fn lists_card(say: Say<'_>, head: &Card, lists: &Lists) -> Result<Card, Unspeakable> {
    // As many names as fit: halved until they do.
    let mut most = NAMES_MAX;
    loop {
        let mut card = head.clone();
        for (id, people) in
            [("task-accepted", &lists.accepted), ("task-declined", &lists.declined), ("task-silent", &lists.silent)]
        {
            if !people.is_empty() {
                card = card.with(names(say, id, people, most)?);
            }
        }
        if most == 1 || card.bytes() <= BYTES_MAX {
            return Ok(card);
        }
        most /= 2;
    }
}

impl Reply for TaskReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Ask { face, answer } => {
                let places = if face.places.is_some() { "task-ask-places" } else { "task-ask" };
                let hint = match answer {
                    Answer::Silent => "task-ask-hint",
                    Answer::Accepted => "task-ask-accepted",
                    Answer::Declined => "task-ask-declined",
                };
                Ok(face.card(say, places, &[])?.with(face.card(say, hint, &[])?).loud())
            }
            Self::Over { face } => face.card(say, "task-over", &[]),
            Self::CalledOff { face } => Ok(face.card(say, "task-called-off", &[])?.loud()),
            Self::ByOther { face, who } => {
                let id = if face.cancelled { "task-cancelled-by" } else { "task-sent-by" };
                Ok(face.card(say, id, &[("who", Value::Person(who))])?.loud())
            }
            Self::Status { face, lists, pings_at_ms, count } => {
                let id = if face.places.is_some() { "task-status-places" } else { "task-status" };
                let accepted = lists.accepted.len() as i64;
                let mut card =
                    face.card(say, id, &[("accepted", Value::Number(accepted)), ("count", Value::Number(*count))])?;
                if face.cancelled {
                    card = card.with(face.card(say, "task-status-cancelled", &[])?);
                } else if let Some(at_ms) = pings_at_ms {
                    card = card.with(face.card(
                        say,
                        "task-status-waiting",
                        &[("at", Value::Word(say.moment(*at_ms)?.into())), ("count", Value::Number(*count))],
                    )?);
                }
                lists_card(say, &card, lists)
            }
            Self::Full { face, lists } => {
                let card = face.card(say, "task-full", &[])?;
                Ok(card.with(names(say, "task-accepted", &lists.accepted, NAMES_MAX)?).loud())
            }
            Self::TooEarly { face, pings_at_ms } => {
                Ok(face.card(say, "task-too-early", &[("at", Value::Word(say.moment(*pings_at_ms)?.into()))])?.loud())
            }
            Self::Refused { refusal, face } => {
                face.card(say, "task-refused", &[("why", Value::Word(refusal_word(*refusal).into()))])
            }
            Self::NotAllowed => say.card("task-not-allowed", &[]),
            Self::NoMembers => say.card("task-no-members", &[]),
            Self::NotYours { number, starter } => {
                say.card("task-not-yours", &[("number", Value::Number(*number)), ("starter", Value::Person(starter))])
            }
            Self::NotWaiting { number } => say.card("task-not-waiting", &[("number", Value::Number(*number))]),
            Self::NoSuch { number } => say.card("no-such-number", &[("number", Value::Number(*number))]),
            Self::OtherKind { number } => say.card("task-other-kind", &[("number", Value::Number(*number))]),
        }
    }
}
