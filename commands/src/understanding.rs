//! What a message wants, by name and with its parts, without doing it: `lamplighter parse` and its scores are made of this
//! (docs/PROTOCOL.md, "Parse"). Pure. The house doesn't go this way; both read with the same words and parsers.

use chrono::{DateTime, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{
    language::{
        Phrase,
        addressed::{How, Signs},
        time::{self, Moment},
    },
    reading::{self, Reading},
};

/// What is asked.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    /// What was said.
    pub text: String,
    /// The local time at which it was said, such as 2026-01-05T18:00:00; now, if it isn't given.
    pub now: Option<String>,
    /// An IANA zone, for whoever gives no `now`.
    pub tz: Option<String>,
    /// Kinds of open cards in the room, for words that count without being spoken to.
    #[serde(default)]
    pub open: Vec<String>,
}

impl Asked {
    /// The local time at which it was said; `now_ms` is the time it is. None: what is given as a time or a zone is none.
    pub fn said_at(&self, now_ms: i64) -> Option<NaiveDateTime> {
        if let Some(now) = &self.now {
            return now.parse().ok();
        }
        let zone: Tz = self.tz.as_deref().unwrap_or("Asia/Shanghai").parse().ok()?;
        Some(DateTime::from_timestamp_millis(now_ms)?.with_timezone(&zone).naive_local())
    }
}

/// A moment as it is written: local time, or a day alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said(pub Moment);

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Moment::At(at) => serializer.collect_str(&at.format("%Y-%m-%dT%H:%M:%S")),
            Moment::Day(day, _) => serializer.collect_str(&day),
        }
    }
}

/// What was understood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Understood {
    /// `none`: the bot stays silent.
    pub intent: &'static str,
    /// By name.
    pub slots: Map<String, Value>,
    /// When it begins, whatever is wanted.
    pub start: Option<Said>,
    /// When it ends.
    pub end: Option<Said>,
    /// How it comes again (RFC 5545, section 3.3.10).
    pub rrule: Option<String>,
}

/// The names of what the words do. What isn't here has no name outside this program.
const INTENTS: &[(&str, &str, &str)] = &[
    ("wish", "post", "wish.post"),
    ("wish", "claim", "wish.claim"),
    ("wish", "done", "wish.done"),
    ("wish", "confirm", "wish.confirm"),
    ("wish", "list", "wish.list"),
    ("wish", "mine", "wish.list"),
    ("activity", "create", "activity.create"),
    ("activity", "join", "activity.join"),
    ("activity", "leave", "activity.cancel_signup"),
    ("activity", "list", "activity.list"),
    ("poll", "start", "poll.create"),
    ("poll", "vote", "poll.vote"),
    ("poll", "close", "poll.close"),
    ("points", "balance", "points.balance"),
    ("points", "ranking", "points.rank"),
    ("points", "history", "points.history"),
    ("task", "accept", "task.accept"),
    ("party", "check_in", "checkin"),
    ("reminder", "remind", "remind.me"),
    ("help", "help", "help"),
];

/// Reads a text. `names` are the bot's, folded.
pub fn understand(asked: &Asked, now: NaiveDateTime, names: &[String]) -> Understood {
    let phrase = Phrase::new(&asked.text);
    let reading = time::read_any(&phrase, now, None).ok().flatten();
    let folded = phrase.folded();
    let mention = names.iter().any(|name| folded.strip_prefix('@').is_some_and(|rest| rest.starts_with(name.as_str())));
    let signs = Signs { mention, names, ..Signs::default() };
    let (how, _) = crate::language::addressed::determine(&phrase, signs);
    let intent = match reading::read(&asked.text, signs, now) {
        Reading::Command { feature, word, .. } if how != How::Bare || asked.open.iter().any(|kind| kind == feature) => {
            INTENTS.iter().find(|(of, key, _)| *of == feature && *key == word).map_or("none", |(_, _, intent)| intent)
        }
        _ => "none",
    };
    Understood {
        intent,
        slots: Map::new(),
        start: reading.as_ref().map(|reading| Said(reading.start)),
        end: reading.as_ref().and_then(|reading| reading.end).map(Said),
        rrule: reading.and_then(|reading| reading.rule).map(|rule| rule.to_string()),
    }
}
