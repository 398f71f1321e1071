//! One bot per database: a lock on a small file beside it, held for the life of the process and given back by the
//! operating system however that ends. Whoever only looks (doctor, backup, verify, fault) needs no lock.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// The lock; given back when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// The file that is locked: beside the database itself, whatever leads there.
fn beside(database: &Path) -> PathBuf {
    database.canonicalize().unwrap_or_else(|_| database.to_owned()).with_extension("lock")
}

/// Takes the database for this process.
///
/// # Errors
/// One sentence, if another process has it.
pub fn take(database: &Path) -> Result<Lock, String> {
    let path = beside(database);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).map_err(|error| {
        format!(
            "{}: {error}; the folder of the database must be writable for the user who runs the bot",
            path.display()
        )
    })?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Who it is says nothing if it can't be read.
            let _ = file.read_to_string(&mut holder);
            let holder = holder.trim();
            let who = if holder.is_empty() { "another process".to_owned() } else { format!("process {holder}") };
            return Err(format!(
                "the database {} is in use by {who}: one bot per database, so stop that one first",
                database.display()
            ));
        }
        // Some network file systems have no locks.
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "this file system has no locks: see that only one bot runs on this database");
        }
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| writeln!(file, "{}", std::process::id()));
    if let Err(error) = written {
        tracing::debug!(%error, "the lock doesn't say who holds it");
    }
    Ok(Lock { _file: file })
}
