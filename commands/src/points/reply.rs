//! What is said about points.

use lamplighter_storage::ledger::Line;

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Everything that is said about points.
#[derive(Clone, Copy, Debug)]
pub enum PointsReply<'a> {
    /// How many.
    Balance {
        /// Points.
        balance: i64,
        /// The name of the community.
        community: &'a str,
    },
    /// What they came from.
    History {
        /// Points.
        balance: i64,
        /// The newest first.
        lines: &'a [Line],
        /// The name of the community.
        community: &'a str,
    },
}

impl Reply for PointsReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Balance { balance, community } => say.card(
                "points-balance",
                &[("balance", Value::Number(*balance)), ("community", Value::Text((*community).into()))],
            ),
            Self::History { balance, lines, community } => {
                let mut card = say.card(
                    "points-history",
                    &[("balance", Value::Number(*balance)), ("community", Value::Text((*community).into()))],
                )?;
                if lines.is_empty() {
                    card = card.with(say.card("points-history-empty", &[])?);
                }
                for line in *lines {
                    let amount = format!("{:+}", line.amount);
                    card = card.with(say.card(
                        "points-history-line",
                        &[
                            ("at", Value::Word(say.moment(line.at_ms)?.into())),
                            ("amount", Value::Word(amount.into())),
                            ("rule", Value::Word(line.rule.clone().into())),
                            ("number", Value::Number(line.number)),
                        ],
                    )?);
                }
                Ok(card)
            }
        }
    }
}
