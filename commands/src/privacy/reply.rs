//! What is said about what is kept of somebody.

use crate::{
    card::Card,
    privacy::report::{Balance, Report},
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Everything that is said about it.
#[derive(Clone, Copy, Debug)]
pub enum PrivacyReply<'a> {
    /// The file comes next.
    HereItIs,
    /// The file itself.
    Report(&'a Report),
    /// The last line of a file that is too long.
    Missing {
        /// How many lines are missing.
        lines: i64,
    },
    /// What would go, what would stay, and the question.
    Ask {
        /// What would be lost.
        balances: &'a [Balance],
        /// Config or room name this person, whatever is forgotten here.
        known_otherwise: bool,
    },
    /// Nothing was erased.
    Kept,
    /// The last thing that is said.
    Goodbye,
}

impl Reply for PrivacyReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::HereItIs => Ok(say.card("privacy-here", &[])?.loud()),
            Self::Report(report) => report.card(say),
            Self::Missing { lines } => say.card("privacy-missing", &[("lines", Value::Number(*lines))]),
            Self::Ask { balances, known_otherwise } => {
                let mut card = say.card("privacy-ask", &[])?;
                for Balance { community, points } in *balances {
                    let lost = [("community", Value::Text(community.into())), ("balance", Value::Number(*points))];
                    card = card.with(say.card("privacy-ask-balance", &lost)?);
                }
                if *known_otherwise {
                    card = card.with(say.card("privacy-ask-known", &[])?);
                }
                Ok(card.with(say.card("privacy-ask-question", &[])?).loud())
            }
            Self::Kept => say.card("privacy-nothing-erased", &[]),
            Self::Goodbye => Ok(say.card("privacy-goodbye", &[])?.loud()),
        }
    }
}
