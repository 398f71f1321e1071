//! What is our mistake or the database's illness; a refusal is neither (ARCHITECTURE.md, "Refusal is not fault").

use crate::speech::Unspeakable;

/// Why the handling of something stopped. Everything it did is rolled back.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] lamplighter_storage::Error),
    /// Words are missing.
    #[error(transparent)]
    Speech(#[from] Unspeakable),
    /// Something that can't be has been found.
    #[error("{0}")]
    Broken(&'static str),
    /// What goes out could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Fault {
    /// Whether it is the database that is unwell, so that the same thing is tried again and nobody is told.
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_outage())
    }
}
