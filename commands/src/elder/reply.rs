//! What is said about 长辈模式, and its menu. What stands in `typed` becomes a digit.

use std::ops::Range;

use lamplighter_storage::person::Person;

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// What something is about.
#[derive(Clone, Debug)]
pub struct Thing {
    /// Its number, which isn't shown.
    pub number: i64,
    /// What it says.
    pub text: String,
    /// Who it is about.
    pub who: Option<Person>,
    /// When it begins.
    pub at_ms: Option<i64>,
}

/// A line of the menu.
#[derive(Clone, Debug)]
pub enum Entry {
    /// To ask neighbours for help.
    Ask,
    /// The same with what was just said.
    Post(String),
    /// To answer yes, when asked.
    Accept(Thing),
    /// To answer no.
    Decline(Thing),
    /// A wish of one's own has come true.
    Confirm(Thing),
    /// One has helped.
    Finish(Thing),
    /// One can't help after all.
    Release(Thing),
    /// One needs no help any more.
    Withdraw(Thing),
    /// To help a neighbour.
    Claim(Thing),
    /// To come to an activity.
    Join(Thing),
    /// To wait for a place in one that is full.
    Wait(Thing),
    /// Not to come after all.
    Leave(Thing),
    /// To bring one more along.
    OneMore(Thing),
    /// Who comes.
    Roster(Thing),
    /// To be reminded before it.
    Remind(Thing),
    /// To answer a poll.
    Vote(Thing),
    /// One's points.
    Points,
    /// To check in as a party member.
    CheckIn,
    /// To take that back while nobody has confirmed it.
    CheckOut,
    /// As it was before.
    Off,
}

/// Everything that is said about it.
#[derive(Clone, Debug)]
pub enum ElderReply<'a> {
    /// It is on, and what can be done.
    On {
        /// The first of it.
        entries: &'a [Entry],
        /// The page with more of it.
        more: Option<i64>,
    },
    /// It is off.
    Off,
    /// It is on or off for a room.
    Room(bool),
    /// A room is chosen in that room.
    RoomThere,
    /// What can be done.
    Menu {
        /// The lines.
        entries: &'a [Entry],
        /// The page with more of them.
        more: Option<i64>,
    },
    /// What can be answered in a poll.
    Poll {
        /// The poll.
        number: i64,
        /// What is asked.
        question: &'a str,
        /// What can be answered.
        options: &'a [String],
        /// Which of that.
        shown: Range<usize>,
        /// The page with more of it.
        more: Option<i64>,
    },
    /// Whether it is really to end.
    AskOff,
    /// Signed up, and there is no place yet.
    Waiting {
        /// For what.
        about: &'a str,
    },
    /// No such poll is open.
    NoPoll,
    /// Done.
    Done {
        /// What, in a Chinese word and in an English one.
        words: (&'a str, &'a str),
        /// What it was about.
        about: &'a str,
    },
}

impl Entry {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        let of = |id: &str, thing: &Thing| thing.card(say, id);
        match self {
            Self::Ask => say.card("elder-ask", &[]),
            Self::Post(text) => say.card("elder-post", &[("text", Value::Text(text.into()))]),
            Self::Accept(thing) => of("elder-accept", thing),
            Self::Decline(thing) => of("elder-decline", thing),
            Self::Confirm(thing) => of("elder-confirm", thing),
            Self::Finish(thing) => of("elder-finish", thing),
            Self::Release(thing) => of("elder-release", thing),
            Self::Withdraw(thing) => of("elder-withdraw", thing),
            Self::Claim(thing) => of("elder-claim", thing),
            Self::Join(thing) => of("elder-join", thing),
            Self::Wait(thing) => of("elder-wait", thing),
            Self::Leave(thing) => of("elder-leave", thing),
            Self::OneMore(thing) => of("elder-one-more", thing),
            Self::Roster(thing) => of("elder-roster", thing),
            Self::Remind(thing) => of("elder-remind", thing),
            Self::Vote(thing) => of("elder-vote", thing),
            Self::Points => say.card("elder-points", &[]),
            Self::CheckIn => say.card("elder-check-in", &[]),
            Self::CheckOut => say.card("elder-check-out", &[]),
            Self::Off => say.card("elder-leave-it", &[]),
        }
    }
}

/// A line shows this much of what a neighbour wrote.
const TEXT_CHARS_MAX: usize = 20;

/// The beginning of a text.
fn shortened(text: &str) -> String {
    let mut out: String = text.chars().take(TEXT_CHARS_MAX).collect();
    if text.chars().count() > TEXT_CHARS_MAX {
        out.push('…');
    }
    out
}

impl Thing {
    fn card(&self, say: Say<'_>, id: &str) -> Result<Card, Unspeakable> {
        let at = match self.at_ms {
            Some(at_ms) => say.moment(at_ms)?,
            None => String::new(),
        };
        let mut values = vec![
            ("number", Value::Number(self.number)),
            ("text", Value::Text(shortened(&self.text).into())),
            ("at", Value::Text(at.into())),
        ];
        if let Some(who) = &self.who {
            values.push(("who", Value::Person(who)));
        }
        say.card(id, &values)
    }
}

fn menu(say: Say<'_>, head: Card, entries: &[Entry], more: Option<i64>) -> Result<Card, Unspeakable> {
    let card = entries.iter().try_fold(head, |card, entry| Ok(card.with(entry.card(say)?)))?;
    Ok(match more {
        Some(page) => card.with(say.card("elder-more", &[("page", Value::Number(page))])?),
        None => card,
    })
}

impl Reply for ElderReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::On { entries, more } => menu(say, say.card("elder-on", &[])?, entries, *more),
            Self::Off => say.card("elder-off", &[]),
            Self::Room(true) => say.card("elder-room-on", &[]),
            Self::Room(false) => say.card("elder-room-off", &[]),
            Self::RoomThere => say.card("elder-room-there", &[]),
            Self::Menu { entries, more } => menu(say, say.card("elder-menu", &[])?, entries, *more),
            Self::AskOff => say.card("elder-ask-off", &[]),
            Self::Waiting { about } => {
                let card = say.card("elder-waiting", &[("about", Value::Text(shortened(about).into()))])?;
                Ok(card.with(say.card("elder-back", &[])?))
            }
            Self::Poll { number, question, options, shown, more } => {
                let head = say.card("elder-poll", &[("question", Value::Text((*question).into()))])?;
                let numbered = (1_i64..).zip(*options).skip(shown.start).take(shown.len());
                let card = numbered.into_iter().try_fold(head, |card, (choice, option)| {
                    let values = [
                        ("number", Value::Number(*number)),
                        ("choice", Value::Number(choice)),
                        ("option", Value::Text(option.into())),
                    ];
                    Ok(card.with(say.card("elder-poll-option", &values)?))
                })?;
                Ok(match more {
                    Some(page) => {
                        let values = [("number", Value::Number(*number)), ("page", Value::Number(*page))];
                        card.with(say.card("elder-poll-more", &values)?)
                    }
                    None => card,
                })
            }
            Self::NoPoll => say.card("elder-no-poll", &[]),
            Self::Done { words: (zh, en), about } => {
                let id = if about.is_empty() { "elder-done" } else { "elder-done-about" };
                let values = [
                    ("zh", Value::Word((*zh).into())),
                    ("en", Value::Word((*en).into())),
                    ("about", Value::Text(shortened(about).into())),
                ];
                Ok(say.card(id, &values)?.with(say.card("elder-back", &[])?))
            }
        }
    }
}
