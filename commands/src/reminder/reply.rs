//! What is said about reminders.

use lamplighter_storage::{person::Person, reminder::Reminder};

use crate::{
    card::Card,
    reminder::WAITING_MAX,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Everything that is said about reminders.
#[derive(Clone, Copy, Debug)]
pub enum ReminderReply<'a> {
    /// It will be done.
    Noted {
        /// The reminder.
        reminder: &'a Reminder,
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
                    card = card.with(filled(say, "reminder-entry", &short)?);
                }
                Ok(card.with(say.card("reminder-list-hint", &[])?))
            }
            Self::Cancelled { number } => say.card("reminder-cancelled", &[("number", Value::Number(*number))]),
            Self::NoSuch { number } => say.card("reminder-no-such", &[("number", Value::Number(*number))]),
            Self::TooMany => say.card("reminder-too-many", &[("most", Value::Number(WAITING_MAX as i64))]),
        }
    }
}
