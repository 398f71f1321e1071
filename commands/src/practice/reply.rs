//! What is said in a practice round.

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// What is said before a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// Nothing was practised yet: what this is.
    Begin,
    /// The step before was done.
    Praise,
    /// It was passed over.
    Skipped,
    /// Something else was said: the same again.
    Again,
}

/// Everything that is said.
#[derive(Clone, Copy, Debug)]
pub enum PracticeReply {
    /// A step: what happens, and exactly what to type.
    Step {
        /// Before it.
        lead: Lead,
        /// Which, from 0.
        step: usize,
    },
    /// All steps are done.
    Finished,
    /// Enough for today.
    Stopped,
    /// The round had ended: whether what was said is meant.
    InEarnest,
}

impl Reply for PracticeReply {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Step { lead, step } => {
                let lead = match lead {
                    Lead::Begin => say.card("practice-begin", &[])?,
                    Lead::Praise => say.card("practice-praise", &[])?,
                    Lead::Skipped => say.card("practice-skipped", &[])?,
                    Lead::Again => say.card("practice-again", &[])?,
                };
                let step = match step {
                    0 => "wish",
                    1 => "claim",
                    2 => "join",
                    _ => "vote",
                };
                Ok(lead.with(say.card("practice-step", &[("step", Value::Word(step.into()))])?))
            }
            Self::Finished => say.card("practice-finished", &[]),
            Self::Stopped => say.card("practice-stopped", &[]),
            Self::InEarnest => say.card("practice-in-earnest", &[]),
        }
    }
}
