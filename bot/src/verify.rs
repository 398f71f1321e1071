//! `lamplighter verify`: whether everything in a database fits together. `backup`, `restore` and `doctor` ask the same.

use std::path::Path;

use lamplighter_commands::{audit, fault::Fault};
use lamplighter_storage::{
    Error,
    verify::{self, Books, Looked, Verdict},
};

/// Looks at everything: what was looked at and how many of each, or the first thing that is wrong.
///
/// # Errors
/// The file can't be looked at; one sentence.
pub async fn look(database: &Path) -> Result<Verdict<Vec<Looked>>, String> {
    match try_look(database).await {
        Ok(verdict) => Ok(verdict),
        // Broken in a way that not even looking survives.
        Err(Fault::Storage(error)) => match verify::damage_as_bad(error) {
            Ok(bad) => Ok(Err(bad)),
            Err(error) => Err(unreadable(database, &error)),
        },
        Err(error) => Err(format!("{} can't be looked at: {error}", database.display())),
    }
}

fn unreadable(database: &Path, error: &Error) -> String {
    format!("{} can't be read: {error}", database.display())
}

async fn try_look(database: &Path) -> Result<Verdict<Vec<Looked>>, Fault> {
    let mut books = Books::open(database).await?;
    let verdict = match books.look().await? {
        Ok(()) => audit::look(&mut books).await?,
        bad => bad,
    };
    let looked = std::mem::take(&mut books.looked);
    books.close().await?;
    Ok(verdict.map(|()| looked))
}

/// The lines of the command. Wrong is what the first bad row says.
///
/// # Errors
/// One sentence, naming the first bad row or why nothing could be looked at.
pub async fn run(database: &Path) -> Result<Vec<String>, String> {
    if !database.exists() {
        return Err(format!("{}: there is no such file", database.display()));
    }
    match look(database).await? {
        Ok(looked) => {
            let mut lines: Vec<String> =
                looked.iter().map(|looked| format!("{:>8}  {}", looked.count, looked.what)).collect();
            lines.push(format!("{}: everything fits", database.display()));
            Ok(lines)
        }
        Err(bad) => Err(format!(
            "{} is not as it should be: {bad}; stop the bot, keep the file, and bring back the last good backup with \
             lamplighter restore",
            database.display()
        )),
    }
}
