//! What is said about trails.

use lamplighter_storage::journal::Link;

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// One step as the room could see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    at_ms: i64,
    kind: String,
    name: Option<String>,
    /// Who acted for them; none inside: erased.
    by: Option<Option<String>>,
    amount: i64,
}

/// The kinds of links that a room sees: each has a line in the locale. What isn't here stays private.
const SEEN: &[&str] = &[
    "wish.posted",
    "wish.claimed",
    "wish.stood_by",
    "wish.overtaken",
    "wish.stepped_back",
    "wish.released",
    "wish.finished",
    "wish.unfinished",
    "wish.confirmed",
    "wish.withdrawn",
    "activity.posted",
    "activity.joined",
    "activity.queued",
    "activity.taken_over",
    "activity.resized",
    "activity.left",
    "activity.moved_up",
    "activity.cancelled",
    "activity.moved",
    "poll.posted",
    "poll.ended",
    "poll.closed",
    "poll.announced",
    "poll.withdrawn",
    "task.posted",
    "task.sent",
    "task.cancelled",
    "ledger.transfer",
];

impl Step {
    /// The step that a link is, if the room could see it.
    pub fn seen_by_room(link: &Link) -> Option<Self> {
        if !SEEN.contains(&link.kind.as_str()) {
            return None;
        }
        let payload: serde_json::Value =
            link.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok()).unwrap_or_default();
        // What everybody gets who answers a poll would be all that its trail shows.
        if payload.get("rule").and_then(serde_json::Value::as_str) == Some(crate::poll::RULE) {
            return None;
        }
        let amount = payload.get("amount").and_then(serde_json::Value::as_i64).unwrap_or_default();
        Some(Self {
            at_ms: link.at_ms,
            kind: link.kind.clone(),
            name: link.name.clone(),
            by: link.proxied.then(|| link.proxy_name.clone()),
            amount,
        })
    }
}

/// Everything that is said about trails.
#[derive(Clone, Copy, Debug)]
pub enum TrailReply<'a> {
    /// The steps, oldest first.
    Steps {
        /// Of which item.
        number: i64,
        /// The newest of them.
        steps: &'a [Step],
        /// How many older ones aren't shown.
        hidden: i64,
    },
    /// No such number.
    NoSuch {
        /// The number.
        number: i64,
    },
    /// It belongs to another room.
    Elsewhere {
        /// The number.
        number: i64,
    },
}

impl Reply for TrailReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Steps { number, steps, hidden } => {
                let mut card = say.card("trail", &[("number", Value::Number(*number))])?;
                if *hidden > 0 {
                    card = card.with(say.card("trail-hidden", &[("hidden", Value::Number(*hidden))])?);
                }
                for step in *steps {
                    let name = match &step.name {
                        Some(name) => name.clone(),
                        // Erased payloads and people fold to this (ARCHITECTURE.md, Rules).
                        None => say.word("erased", &[])?,
                    };
                    let (by, how) = match &step.by {
                        Some(Some(by)) => (by.clone(), "proxy"),
                        Some(None) => (say.word("erased", &[])?, "proxy"),
                        None => (String::new(), "self"),
                    };
                    card = card.with(say.card(
                        "trail-step",
                        &[
                            ("at", Value::Word(say.moment(step.at_ms)?.into())),
                            ("who", Value::Text(name.into())),
                            ("by", Value::Text(by.into())),
                            ("how", Value::Word(how.into())),
                            ("kind", Value::Word(step.kind.replace('.', "-").into())),
                            ("amount", Value::Number(step.amount)),
                        ],
                    )?);
                }
                Ok(card)
            }
            Self::NoSuch { number } => say.card("no-such-number", &[("number", Value::Number(*number))]),
            Self::Elsewhere { number } => say.card("number-elsewhere", &[("number", Value::Number(*number))]),
        }
    }
}
