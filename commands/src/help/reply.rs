//! The help texts: one line a command (`help-<feature>-<key>`), all of them or the one that was asked for.

use crate::{
    card::Card,
    feature::{Feature, Word},
    scene::Reply,
    speech::{Say, Unspeakable},
};

/// Everything that is said for help.
#[derive(Clone, Copy, Debug)]
pub enum HelpReply<'a> {
    /// All that this person can do.
    All {
        /// In the order of the table.
        words: &'a [(&'static Feature, &'static Word)],
    },
    /// All that can be said about one thing.
    Topic {
        /// Which feature.
        feature: &'a Feature,
        /// The one that was asked for first.
        words: &'a [&'static Word],
    },
}

fn line_id(feature: &Feature, word: &Word) -> String {
    format!("help-{}-{}", feature.name, word.key)
}

impl Reply for HelpReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::All { words } => {
                let mut card = say.card("help-head", &[])?;
                for (feature, word) in *words {
                    card = card.with(say.card(&line_id(feature, word), &[])?);
                }
                Ok(card.with(say.card("help-foot", &[])?).explaining())
            }
            Self::Topic { feature, words } => {
                let mut card = Card::default();
                for word in *words {
                    card = card.with(say.card(&line_id(feature, word), &[])?);
                }
                Ok(card.explaining())
            }
        }
    }
}
