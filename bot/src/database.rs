//! The database as a file of this machine: who may have it, and what an operator is told when it can't be used.

use std::path::Path;

use lamplighter_storage::Error;

use crate::{
    lock::{self, Lock},
    restore,
};

/// Takes the database for this process, unless a restore of it is half done.
pub(crate) fn take(path: &Path) -> Result<Lock, String> {
    restore::refuse_half_restored(path)?;
    lock::take(path)
}

/// What is wrong with a database, and what to do.
pub(crate) fn cannot_use(path: &str, error: &Error) -> String {
    let what_to_do = if error.is_damage() {
        "; leave the file as it is and bring the last good backup back: lamplighter restore FILE --config CONFIG"
    } else if error.is_read_only() {
        "; the user who runs the bot must be able to write the file and its folder"
    } else if matches!(error, Error::Newer { .. }) {
        "; run that version, or restore a backup that was made before the upgrade"
    } else {
        ""
    };
    format!("the database {path} can't be used: {error}{what_to_do}")
}
