//! What is said about voice messages.

use lamplighter_storage::person::Person;

use crate::{
    card::{Card, Line},
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// On which evening the captains learn of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evening {
    /// This one.
    Today,
    /// The next.
    Tomorrow,
}

/// Everything that is said about them.
#[derive(Clone, Copy, Debug)]
pub enum VoiceReply<'a> {
    /// To whoever left one.
    CannotHear {
        /// When the captains will know; none: there are none.
        told: Option<Evening>,
    },
    /// To a captain, in the evening.
    Left {
        /// The name of the room.
        room: &'a str,
        /// Who left one there.
        here: &'a [&'a Person],
        /// Who left one privately.
        privately: &'a [&'a Person],
        /// How many more people there were.
        more: i64,
    },
}

impl Reply for VoiceReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::CannotHear { told: Some(evening) } => {
                let day = if *evening == Evening::Today { "today" } else { "tomorrow" };
                say.card("voice-cannot-hear", &[("day", Value::Word(day.into()))])
            }
            Self::CannotHear { told: None } => say.card("voice-cannot-hear-alone", &[]),
            Self::Left { room, here, privately, more } => {
                let mut card = say.card("voice-left", &[("room", Value::Text((*room).into()))])?;
                for (people, id) in [(here, "voice-left-here"), (privately, "voice-left-privately")] {
                    if !people.is_empty() {
                        card = card.with(say.card(id, &[])?.joined(names(say, people)?));
                    }
                }
                if *more > 0 {
                    card = card.with(say.card("voice-left-more", &[("more", Value::Number(*more))])?);
                }
                card = card.with(say.card("voice-left-hint", &[])?);
                // It is meant to reach a telephone.
                card.notify = true;
                Ok(card)
            }
        }
    }
}

fn names(say: Say<'_>, people: &[&Person]) -> Result<Card, Unspeakable> {
    let mut line = Line::new();
    for (index, person) in people.iter().enumerate() {
        if index > 0 {
            line.extend(say.lines("list-separator", &[])?.concat());
        }
        line.extend(say.lines("voice-name", &[("person", Value::Person(person))])?.concat());
    }
    Ok(Card { lines: vec![line], ..Card::default() })
}
