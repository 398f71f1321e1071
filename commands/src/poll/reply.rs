//! What is said about polls.

use lamplighter_storage::person::Person;

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// A bar has this many blocks for everybody.
const BAR_BLOCKS: i64 = 10;

/// A poll as its numbered card shows it.
#[derive(Clone, Debug)]
pub struct Face {
    /// Its number.
    pub number: i64,
    /// What is asked.
    pub question: String,
    /// What can be answered.
    pub options: Vec<String>,
    /// Who asks.
    pub starter: Person,
    /// When it closes.
    pub closes_at_ms: i64,
    /// How many have answered.
    pub turnout: i64,
    /// It can still be answered.
    pub open: bool,
    /// Its starter took it back before anybody answered.
    pub withdrawn: bool,
}

/// What came of a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Its number.
    pub number: i64,
    /// What was asked.
    pub question: String,
    /// What could be answered.
    pub options: Vec<String>,
    /// How many chose each.
    pub counts: Vec<i64>,
    /// Where several rooms were asked: how many answered in each.
    pub rooms: Vec<(String, i64)>,
}

impl Tally {
    /// How many chose each, for the journal.
    pub fn counts(&self) -> &[i64] {
        &self.counts
    }

    fn total(&self) -> i64 {
        self.counts.iter().sum()
    }

    /// Whether no option stands alone at the top.
    fn is_tie(&self) -> bool {
        let most = self.counts.iter().max().copied().unwrap_or(0);
        most > 0 && self.counts.iter().filter(|count| **count == most).count() > 1
    }
}

/// Everything that is said about polls.
#[derive(Clone, Debug)]
pub enum PollReply<'a> {
    /// The numbered card in the room.
    Card(Face),
    /// For clients that show the end of a native poll as text.
    End {
        /// Its number.
        number: i64,
    },
    /// What came of it.
    Result {
        /// The count.
        tally: Tally,
        /// It was announced before and has changed.
        corrected: bool,
    },
    /// By private message: what was chosen.
    Voted {
        /// The poll.
        number: i64,
        /// 1 for the first option.
        option: i64,
        /// The option.
        text: &'a str,
    },
    /// Who may start polls from now on.
    Allowed {
        /// Everybody, or captains.
        everyone: bool,
    },
    /// Only captains may start polls here.
    OnlyCaptains,
    /// A poll in all buildings is started in one of them.
    OnlyFromBuilding,
    /// Only its starter or a captain may end it.
    NotYours {
        /// The poll.
        number: i64,
    },
    /// It is closed.
    Closed {
        /// The poll.
        number: i64,
    },
    /// It has no such option.
    NoSuchOption {
        /// The poll.
        number: i64,
        /// What was typed.
        option: i64,
        /// How many there are.
        count: i64,
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
    /// It belongs to another room.
    Elsewhere {
        /// The number.
        number: i64,
    },
    /// Without a number, and nothing is open.
    NoneOpen,
    /// Without a number, and several are open.
    SeveralOpen {
        /// One of them.
        number: i64,
    },
}

impl Face {
    fn card(&self, say: Say<'_>, id: &str) -> Result<Card, Unspeakable> {
        say.card(
            id,
            &[
                ("number", Value::Number(self.number)),
                ("question", Value::Text(self.question.as_str().into())),
                ("starter", Value::Person(&self.starter)),
                ("closes", Value::Word(say.moment(self.closes_at_ms)?.into())),
                ("turnout", Value::Number(self.turnout)),
            ],
        )
    }
}

impl Reply for PollReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        let number = |id: &str, number: i64| say.card(id, &[("number", Value::Number(number))]);
        match self {
            Self::Card(face) => {
                let mut card = face.card(say, "poll-card")?;
                for (digit, option) in (1_i64..).zip(&face.options) {
                    let option = [("digit", Value::Number(digit)), ("option", Value::Text(option.as_str().into()))];
                    card = card.with(say.card("poll-option", &option)?);
                }
                let mut card = card.with(face.card(
                    say,
                    if face.withdrawn {
                        "poll-card-withdrawn"
                    } else if face.open {
                        "poll-card-hint"
                    } else {
                        "poll-card-closed"
                    },
                )?);
                // A new native poll rings no phone; this line does (ARCHITECTURE.md, Matrix as it is).
                card.notify = face.open;
                Ok(card)
            }
            Self::End { number: ended } => number("poll-end", *ended),
            Self::Result { tally, corrected } => {
                let total = tally.total();
                let head = [
                    ("number", Value::Number(tally.number)),
                    ("question", Value::Text(tally.question.as_str().into())),
                    ("total", Value::Number(total)),
                ];
                let mut card = say.card("poll-result", &head)?;
                if total == 0 {
                    return Ok(card.with(say.card("poll-result-nobody", &[])?));
                }
                for (option, count) in tally.options.iter().zip(&tally.counts) {
                    let blocks = (count * BAR_BLOCKS + total / 2) / total;
                    let bar = "▇".repeat(usize::try_from(blocks).unwrap_or(0));
                    let share = (count * 100 + total / 2) / total;
                    card = card.with(say.card(
                        "poll-result-option",
                        &[
                            ("option", Value::Text(option.as_str().into())),
                            ("bar", Value::Word(if bar.is_empty() { "▏".into() } else { bar.into() })),
                            ("count", Value::Number(*count)),
                            ("share", Value::Number(share)),
                        ],
                    )?);
                }
                if tally.is_tie() {
                    card = card.with(say.card("poll-result-tie", &[])?);
                }
                for (room, count) in &tally.rooms {
                    let line = [("room", Value::Text(room.as_str().into())), ("count", Value::Number(*count))];
                    card = card.with(say.card("poll-result-room", &line)?);
                }
                let foot = if *corrected { "poll-result-corrected" } else { "poll-result-foot" };
                Ok(card.with(number(foot, tally.number)?))
            }
            Self::Voted { number, option, text } => say.card(
                "poll-voted",
                &[
                    ("number", Value::Number(*number)),
                    ("option", Value::Number(*option)),
                    ("text", Value::Text((*text).into())),
                ],
            ),
            Self::Allowed { everyone } => {
                let who = if *everyone { "everyone" } else { "captains" };
                say.card("poll-allowed", &[("who", Value::Word(who.into()))])
            }
            Self::OnlyCaptains => say.card("poll-only-captains", &[]),
            Self::OnlyFromBuilding => say.card("poll-only-from-building", &[]),
            Self::NotYours { number: poll } => number("poll-not-yours", *poll),
            Self::Closed { number: poll } => number("poll-closed", *poll),
            Self::NoSuchOption { number, option, count } => say.card(
                "poll-no-such-option",
                &[
                    ("number", Value::Number(*number)),
                    ("option", Value::Number(*option)),
                    ("count", Value::Number(*count)),
                ],
            ),
            Self::NoSuch { number: poll } => number("no-such-number", *poll),
            Self::OtherKind { number: other } => number("poll-other-kind", *other),
            Self::Elsewhere { number: poll } => number("number-elsewhere", *poll),
            Self::NoneOpen => say.card("poll-none-open", &[]),
            Self::SeveralOpen { number: poll } => number("poll-several-open", *poll),
        }
    }
}
