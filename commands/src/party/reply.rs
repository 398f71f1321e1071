//! What is said about check-ins; all of it privately.

use lamplighter_storage::person::Person;

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Everything that is said about check-ins.
#[derive(Clone, Copy, Debug)]
pub enum PartyReply<'a> {
    /// To captains and stewards.
    Request {
        /// Who checks in.
        by: &'a Person,
        /// What they wrote; may be empty.
        note: &'a str,
    },
    /// The same once it is decided.
    RequestOver {
        /// Who checked in.
        asker: &'a Person,
        /// Who decided.
        by: &'a Person,
        /// `confirmed`, `rejected` or `closed`.
        how: &'a str,
    },
    /// It was handed on.
    Asked,
    /// It waits for a yes already.
    AlreadyAsked,
    /// It was confirmed already.
    AlreadyIn,
    /// It was confirmed.
    Confirmed,
    /// It wasn't.
    Rejected,
    /// It was taken back.
    Closed,
    /// There is nothing to take back.
    NotIn,
    /// The note is too long.
    TooLong,
    /// Turned down too often lately.
    TooOften,
    /// Nobody could say yes.
    NobodyToAsk,
    /// No captain or steward any more.
    NotYours,
}

impl Reply for PartyReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Request { by, note } => {
                let mut card = say.card("party-request", &[("by", Value::Person(by))])?;
                if !note.is_empty() {
                    card = card.with(say.card("party-request-note", &[("note", Value::Text((*note).into()))])?);
                }
                Ok(card.with(say.card("party-request-hint", &[])?).loud())
            }
            Self::RequestOver { asker, by, how } => say.card(
                "party-request-over",
                &[("asker", Value::Person(asker)), ("by", Value::Person(by)), ("how", Value::Word((*how).into()))],
            ),
            Self::Asked => say.card("party-asked", &[]),
            Self::AlreadyAsked => say.card("party-already-asked", &[]),
            Self::AlreadyIn => say.card("party-already-in", &[]),
            Self::Confirmed => Ok(say.card("party-confirmed", &[])?.loud()),
            Self::Rejected => Ok(say.card("party-rejected", &[])?.loud()),
            Self::Closed => say.card("party-closed", &[]),
            Self::NotIn => say.card("party-not-in", &[]),
            Self::TooLong => say.card("party-too-long", &[]),
            Self::TooOften => say.card("party-too-often", &[]),
            Self::NobodyToAsk => say.card("party-nobody-to-ask", &[]),
            Self::NotYours => say.card("party-not-yours", &[]),
        }
    }
}
