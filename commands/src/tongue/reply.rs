//! What is said about languages.

use lamplighter_config::Language;

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Whose language it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The room's.
    Rooms,
    /// That of whoever asks in their private chat.
    Yours,
    /// The same, asked in a room.
    YoursFromRoom,
}

/// Everything that is said about it.
#[derive(Clone, Copy, Debug)]
pub enum TongueReply {
    /// Which one is spoken, and which there are, each in its own words.
    Which {
        /// Whose.
        whose: Whose,
        /// Which one it is; what is spoken around is that of the voice.
        language: Language,
    },
    /// From now on.
    Chosen {
        /// Whose.
        whose: Whose,
        /// Which one it is now.
        language: Language,
        /// It is the one that is spoken around.
        follows: bool,
    },
    /// Not one of ours.
    Unknown,
}

/// What a language is called.
pub(crate) fn name(say: Say<'_>, language: Language) -> Result<String, Unspeakable> {
    say.word("tongue-name", &[("language", Value::Word(language.tag().into()))])
}

/// One line for each language, in it.
fn choices(say: Say<'_>, mut card: Card) -> Result<Card, Unspeakable> {
    for language in Language::ALL {
        // The two kinds of Chinese have one text.
        let values = [("language", Value::Word(language.tag().into()))];
        card = card.with(say.speaking(language).card("tongue-choice", &values)?);
    }
    Ok(card)
}

impl Reply for TongueReply {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Which { whose, language } => {
                let whose = match whose {
                    Whose::Rooms => "room",
                    Whose::Yours => "person",
                    Whose::YoursFromRoom => "group",
                };
                let values = [
                    ("whose", Value::Word(whose.into())),
                    ("name", Value::Word(name(say, *language)?.into())),
                    ("around", Value::Word(name(say, say.language())?.into())),
                ];
                choices(say, say.card("tongue-which", &values)?)
            }
            Self::Chosen { whose, language, follows } => {
                // Said in it, so that whoever asked for it can read it.
                let say = say.speaking(*language);
                let id = match whose {
                    Whose::Rooms => "tongue-room",
                    Whose::Yours => "tongue-yours",
                    Whose::YoursFromRoom => "tongue-yours-from-room",
                };
                let values = [
                    ("name", Value::Word(name(say, *language)?.into())),
                    ("how", Value::Word(if *follows { "follows" } else { "chosen" }.into())),
                ];
                say.card(id, &values)
            }
            Self::Unknown => choices(say, say.card("tongue-unknown", &[])?),
        }
    }
}
