//! What is said about points.

use lamplighter_storage::ledger::{Line, Standing};

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
    /// Those who chose to be named, in order.
    Ranking {
        /// The first of them.
        named: &'a [Standing],
    },
    /// One's own place among all, privately.
    Place {
        /// 1 for the most points; 0: none yet.
        place: i64,
        /// How many have points.
        of: i64,
        /// Chose to be named.
        named: bool,
    },
    /// Chose to be named, or not any more.
    Chosen {
        /// Which.
        enters: bool,
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
            Self::Ranking { named: [] } => say.card("points-ranking-empty", &[]),
            Self::Ranking { named } => {
                let mut card = say.card("points-ranking", &[])?;
                for (place, standing) in (1_i64..).zip(named.iter()) {
                    // Those with as much share a place: it is that of the first of them among the named.
                    let shared = named.iter().position(|other| other.place == standing.place);
                    let place = shared.map_or(place, |index| index as i64 + 1);
                    let name = Value::Text(standing.display_name.as_str().into());
                    card =
                        card.with(say.card("points-ranking-line", &[("place", Value::Number(place)), ("name", name)])?);
                }
                Ok(card.with(say.card("points-ranking-hint", &[])?))
            }
            Self::Place { place: 0, .. } => say.card("points-place-none", &[]),
            Self::Place { place, of, named } => {
                let named = if *named { "yes" } else { "no" };
                say.card(
                    "points-place",
                    &[
                        ("place", Value::Number(*place)),
                        ("of", Value::Number(*of)),
                        ("named", Value::Word(named.into())),
                    ],
                )
            }
            Self::Chosen { enters } => say.card(if *enters { "points-entered" } else { "points-left" }, &[]),
        }
    }
}
