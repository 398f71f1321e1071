//! What is said about being left undisturbed.

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Everything that is said about it.
#[derive(Clone, Copy, Debug)]
pub enum QuietReply {
    /// From now on.
    Quiet {
        /// The last instant of the last quiet day; none: until taken back.
        until_ms: Option<i64>,
    },
    /// No more.
    Lifted,
    /// There was nothing to take back.
    NotQuiet,
}

impl Reply for QuietReply {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Quiet { until_ms: None } => say.card("quiet-on", &[]),
            Self::Quiet { until_ms: Some(until_ms) } => {
                say.card("quiet-until", &[("day", Value::Word(say.date(*until_ms)?.into()))])
            }
            Self::Lifted => say.card("quiet-off", &[]),
            Self::NotQuiet => say.card("quiet-not-on", &[]),
        }
    }
}
