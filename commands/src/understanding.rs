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
    reading::{self, Meant, Reading},
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
    /// What was read where is to be told too.
    #[serde(skip)]
    pub explain: bool,
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
    /// `none`: the bot stays silent; `unknown`: it says that it doesn't understand.
    pub intent: String,
    /// By name.
    pub slots: Map<String, Value>,
    /// When it begins, whatever is wanted.
    pub start: Option<Said>,
    /// When it ends.
    pub end: Option<Said>,
    /// How it comes again (RFC 5545, section 3.3.10).
    pub rrule: Option<String>,
    /// What was read where, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<Explained>,
}

/// What was read where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// How the bot was spoken to.
    pub spoken_to: How,
    /// The command word that was typed or meant.
    pub word: Option<&'static str>,
    /// The sentence that fitted, if the text doesn't begin with the word.
    pub sentence: Option<&'static str>,
    /// What was said at the places of the sentence.
    pub captures: Vec<(&'static str, String)>,
    /// The message that the bot would give because something is missing or unreadable.
    pub missing: Option<&'static str>,
    /// What was read as time.
    pub time: Vec<String>,
}

/// The names of what the words do. What isn't here is called after its feature and its word.
const INTENTS: &[(&str, &str, &str)] = &[
    ("wish", "post", "wish.post"),
    ("wish", "wish", "wish.post"),
    ("wish", "finish", "wish.done"),
    ("wish", "mine", "wish.list"),
    ("wish", "accept", "task.accept"),
    ("activity", "post", "activity.create"),
    ("activity", "plus", "activity.join"),
    ("activity", "chain", "activity.join"),
    ("activity", "paste", "activity.create"),
    ("activity", "join_for", "activity.join"),
    ("activity", "leave", "activity.cancel_signup"),
    ("poll", "start", "poll.create"),
    ("points", "ranking", "points.rank"),
    ("party", "check_in", "checkin"),
    ("reminder", "remind", "remind.me"),
    ("tongue", "language", "language.set"),
    ("help", "help", "help"),
    ("planned", "check_in", "checkin"),
    ("planned", "offer", "share.offer"),
    ("planned", "borrow", "share.borrow"),
    ("planned", "return", "share.return"),
    ("planned", "report", "report.hazard"),
    ("planned", "treehole", "treehole.post"),
    ("planned", "redeem", "points.redeem"),
    ("planned", "group", "group.join"),
];

/// What is answered with a pointer to help, because the bot was spoken to.
const UNKNOWN: &str = "unknown";
/// What isn't answered.
const NONE: &str = "none";

/// The name of what was meant.
fn intent(meant: &Meant) -> String {
    // What is done for somebody is called as what they would do themselves.
    let inner = crate::proxy::command::inner(&meant.found);
    let found = inner.as_ref().unwrap_or(&meant.found);
    let (feature, key) = (found.feature.name, found.word.key);
    let named = INTENTS.iter().find(|(of, word, _)| *of == feature && *word == key);
    named.map_or_else(|| format!("{feature}.{key}"), |(_, _, intent)| (*intent).to_owned())
}

/// Reads a text. `names` are the bot's, folded.
pub fn understand(asked: &Asked, now: NaiveDateTime, names: &[String]) -> Understood {
    let phrase = Phrase::new(&asked.text);
    let when = time::read_any(&phrase, now, None).ok().flatten();
    let mention = names.iter().any(|name| mentions(&phrase, name));
    let signs = Signs { mention, names, ..Signs::default() };
    let (how, reading) = reading::read(&asked.text, signs, now);
    let (intent, meant) = match reading {
        Reading::Meant(meant) => {
            let feature = meant.found.feature;
            let open = || asked.open.iter().any(|kind| feature.cards.contains(&kind.as_str()));
            if how != How::Bare || open() { (intent(&meant), Some(meant)) } else { (NONE.to_owned(), None) }
        }
        Reading::Near(_) => (UNKNOWN.to_owned(), None),
        Reading::Talk if how == How::Mention => (UNKNOWN.to_owned(), None),
        Reading::Talk => (NONE.to_owned(), None),
    };
    let explained = asked.explain.then(|| Explained {
        spoken_to: how,
        word: meant.as_ref().and_then(|meant| meant.found.word.zh.first().copied()),
        sentence: meant.as_ref().and_then(|meant| meant.sentence),
        captures: meant.as_ref().map(|meant| meant.captures.clone()).unwrap_or_default(),
        missing: meant.as_ref().and_then(|meant| meant.read.problem),
        time: when.iter().flat_map(|reading| &reading.parts).map(|part| phrase.part(part.clone()).written()).collect(),
    });
    Understood {
        intent,
        slots: meant.map(|meant| meant.read.slots).unwrap_or_default(),
        start: when.as_ref().map(|reading| Said(reading.start)),
        end: when.as_ref().and_then(|reading| reading.end).map(Said),
        rrule: when.and_then(|reading| reading.rule).map(|rule| rule.to_string()),
        explained,
    }
}

/// Whether a text mentions somebody with this name.
fn mentions(phrase: &Phrase, name: &str) -> bool {
    let at = phrase.find(&format!("@{name}"));
    at.is_some_and(|at| !phrase.chars().get(at + 1 + name.chars().count()).is_some_and(char::is_ascii_alphanumeric))
}
