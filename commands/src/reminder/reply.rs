//! What is said about reminders.

use lamplighter_storage::{person::Person, reminder::Reminder};

use crate::{
    card::Card,
    reminder::WAITING_MAX,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Whose phones ring when everybody is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everybody's.
    Everybody,
    /// Only theirs who want to hear of every message: the one who asks may not mention the whole room.
    AskerMayNot,
    /// The same: the bot may not.
    BotMayNot,
    /// It was asked in private, and is seen when it is time.
    Unknown,
}

/// Everything that is said about reminders.
#[derive(Clone, Copy, Debug)]
pub enum ReminderReply<'a> {
    /// It will be done.
    Noted {
        /// The reminder.
        reminder: &'a Reminder,
    },
    /// It will be done for everybody.
    NotedForAll {
        /// The reminder.
        reminder: &'a Reminder,
        /// In which room.
        room: &'a str,
        /// Whose phones will ring.
        reach: Reach,
    },
    /// It is time for everybody.
    NowForAll {
        /// The reminder.
        reminder: &'a Reminder,
        /// Who asked.
        asker: &'a Person,
        /// It comes late.
        late: bool,
        /// Every phone rings.
        rings: bool,
    },
    /// To the one who asked: the room has it, but the phones didn't ring.
    SaidQuietly {
        /// The reminder.
        reminder: &'a Reminder,
        /// In which room.
        room: &'a str,
    },
    /// To the one who asked: it wasn't said, for they aren't in the room any more.
    NotSaid {
        /// The reminder.
        reminder: &'a Reminder,
        /// In which room.
        room: &'a str,
    },
    /// It is time.
    Now {
        /// The reminder.
        reminder: &'a Reminder,
        /// Whose.
        person: &'a Person,
        /// It comes late.
        late: bool,
    },
    /// What is waited for.
    List {
        /// The earliest first.
        waiting: &'a [Reminder],
    },
    /// It won't be done.
    Cancelled {
        /// The person's number for it.
        number: i64,
    },
    /// No reminder of this number.
    NoSuch {
        /// The number.
        number: i64,
    },
    /// More than one person may wait for.
    TooMany,
}

/// A line of the list shows this much of a reminder.
const LINE_CHARS_MAX: usize = 60;

fn about_room(say: Say<'_>, id: &str, reminder: &Reminder, room: &str) -> Result<Card, Unspeakable> {
    say.card(id, &[("text", Value::Text(reminder.text.as_str().into())), ("room", Value::Text(room.into()))])
}

fn filled(say: Say<'_>, id: &str, reminder: &Reminder) -> Result<Card, Unspeakable> {
    say.card(
        id,
        &[
            ("number", Value::Number(reminder.number)),
            ("text", Value::Text(reminder.text.as_str().into())),
            ("at", Value::Word(say.moment(reminder.due_at_ms)?.into())),
        ],
    )
}

impl Reply for ReminderReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Noted { reminder } => filled(say, "reminder-noted", reminder),
            Self::NotedForAll { reminder, room, reach } => {
                let reach = match reach {
                    Reach::Everybody => "everybody",
                    Reach::AskerMayNot => "asker",
                    Reach::BotMayNot => "bot",
                    Reach::Unknown => "unknown",
                };
                let values = [
                    ("number", Value::Number(reminder.number)),
                    ("text", Value::Text(reminder.text.as_str().into())),
                    ("room", Value::Text((*room).into())),
                    ("at", Value::Word(say.moment(reminder.due_at_ms)?.into())),
                    ("reach", Value::Word(reach.into())),
                ];
                say.card("reminder-all-noted", &values)
            }
            Self::NowForAll { reminder, asker, late, rings } => {
                let values = [
                    ("text", Value::Text(reminder.text.as_str().into())),
                    ("asker", Value::Person(asker)),
                    ("at", Value::Word(say.moment(reminder.due_at_ms)?.into())),
                ];
                let card = say.card(if *late { "reminder-all-late" } else { "reminder-all-now" }, &values)?;
                Ok(if *rings { card.ringing_the_room() } else { card.loud() })
            }
            Self::SaidQuietly { reminder, room } => about_room(say, "reminder-all-quiet", reminder, room),
            Self::NotSaid { reminder, room } => about_room(say, "reminder-all-gone", reminder, room),
            Self::Now { reminder, person, late } => {
                let values = [
                    ("text", Value::Text(reminder.text.as_str().into())),
                    ("person", Value::Person(person)),
                    ("at", Value::Word(say.moment(reminder.due_at_ms)?.into())),
                ];
                Ok(say.card(if *late { "reminder-late" } else { "reminder-now" }, &values)?.ringing(&[person]))
            }
            Self::List { waiting: [] } => say.card("reminder-list-empty", &[]),
            Self::List { waiting } => {
                let mut card = say.card("reminder-list", &[])?;
                for reminder in *waiting {
                    let mut short = reminder.clone();
                    if reminder.text.chars().count() > LINE_CHARS_MAX {
                        short.text = reminder.text.chars().take(LINE_CHARS_MAX).chain(['…']).collect();
                    }
                    let id = if reminder.whole_room { "reminder-entry-all" } else { "reminder-entry" };
                    card = card.with(filled(say, id, &short)?);
                }
                Ok(card.with(say.card("reminder-list-hint", &[])?))
            }
            Self::Cancelled { number } => say.card("reminder-cancelled", &[("number", Value::Number(*number))]),
            Self::NoSuch { number } => say.card("reminder-no-such", &[("number", Value::Number(*number))]),
            Self::TooMany => say.card("reminder-too-many", &[("most", Value::Number(WAITING_MAX as i64))]),
        }
    }
}
