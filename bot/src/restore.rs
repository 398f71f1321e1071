//! `lamplighter restore`: brings a backup back. The present database is kept beside it, and a new epoch begins
//! (ARCHITECTURE.md, "A backup is restored").

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use chrono::DateTime;
use lamplighter_storage::{Error, Location, Storage, epoch};

use crate::{backup::Unfinished, clock::Clock, lock, verify};

/// What lies beside a database and belongs to it.
const SIDES: [&str; 2] = ["-wal", "-shm"];

fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A restored database that isn't in its place yet. While this file is there, no bot starts: the swap may be half done.
fn waiting_to_be_placed(database: &Path) -> PathBuf {
    beside(database, ".restoring")
}

/// Refuses to go on where a restore was cut short.
///
/// # Errors
/// One sentence that says what to do.
pub fn refuse_half_restored(database: &Path) -> Result<(), String> {
    let waiting = waiting_to_be_placed(database);
    if !waiting.exists() {
        return Ok(());
    }
    Err(format!(
        "a restore of {} was cut short ({} is there): run lamplighter restore again, then start",
        database.display(),
        waiting.display()
    ))
}

/// Eight hexadecimal digits that were never used before.
pub fn new_epoch_id() -> Result<String, String> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| format!("the operating system gives no random bytes: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Puts a verified copy of the backup in the place of the database, and gives the lines to be said.
///
/// # Errors
/// One sentence. The present database is where it was, or beside it under the name that is told.
pub async fn run(database: &Path, file: &Path, clock: &dyn Clock) -> Result<Vec<String>, String> {
    if !file.exists() {
        return Err(format!("{}: there is no such file", file.display()));
    }
    let same = |a: &Path, b: &Path| a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b);
    if same(database, file) {
        return Err(format!("{}: that is the database itself, not a backup of it", file.display()));
    }
    let _lock = lock::take(database)?;
    let rows = match verify::look(file).await? {
        Ok(looked) => looked,
        Err(bad) => {
            return Err(format!("{} is not a good backup, and nothing was changed: {bad}", file.display()));
        }
    };
    let now_ms = clock.now_ms();
    let copy = Unfinished::beside(database)?;
    std::fs::copy(file, copy.path())
        .map_err(|error| format!("{} can't be copied beside the database: {error}", file.display()))?;
    let skipped_to = given_since(database).await;
    begin_epoch(copy.path(), &skipped_to, now_ms)
        .await
        .map_err(|error| format!("the copy of {} can't be prepared: {error}", file.display()))?;
    File::open(copy.path())
        .and_then(|file| file.sync_all())
        .map_err(|error| format!("{}: {error}", copy.path().display()))?;
    let kept = place(copy, database, now_ms)?;
    let count = rows.iter().map(|looked| looked.count).max().unwrap_or_default();
    let mut lines =
        vec![format!("{}: restored from {} ({count} rows, checked and good)", database.display(), file.display())];
    if let Some(kept) = kept {
        lines.push(format!("what was there before is kept as {}; delete it when you are sure", kept.display()));
    }
    lines.push("start the bot: it reads again what was said since the backup, and tells every room once".to_owned());
    Ok(lines)
}

/// The next numbers of the database that is being replaced, as far as it can still tell.
async fn given_since(database: &Path) -> Vec<(String, i64)> {
    if !database.exists() || !matches!(verify::look(database).await, Ok(Ok(_))) {
        return Vec::new();
    }
    let numbers = async {
        let visit = lamplighter_storage::visit::Visit::open(database).await?;
        let numbers = visit.next_numbers().await;
        visit.close().await;
        numbers
    };
    numbers.await.unwrap_or_default()
}

async fn begin_epoch(copy: &Path, numbers: &[(String, i64)], now_ms: i64) -> Result<(), String> {
    let epoch_id = new_epoch_id()?;
    let begun: Result<(), Error> = async {
        let storage = Storage::open(Location::File(copy)).await?;
        let mut tx = storage.begin().await?;
        for (community_id, next_number) in numbers {
            epoch::raise_number(&mut tx, community_id, *next_number).await?;
        }
        epoch::begin(&mut tx, &epoch_id, now_ms).await?;
        tx.commit().await?;
        storage.close().await;
        Ok(())
    }
    .await;
    begun.map_err(|error| error.to_string())
}

/// Keeps what is there and puts the copy into its place. From the moment that the copy is called `.restoring` until it
/// has its name, no bot starts on what lies there.
fn place(copy: Unfinished, database: &Path, now_ms: i64) -> Result<Option<PathBuf>, String> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| format!("{path}: {error}; run lamplighter restore again")
    };
    let waiting = waiting_to_be_placed(database);
    for side in SIDES {
        // SQLite took the copy's own away when it was closed; a leftover would be read into the database.
        let _ = std::fs::remove_file(beside(copy.path(), side));
    }
    std::fs::rename(copy.path(), &waiting).map_err(failed(&waiting))?;
    drop(copy);
    sync_folder(database);
    let kept = keep(database, now_ms)?;
    std::fs::rename(&waiting, database).map_err(failed(database))?;
    sync_folder(database);
    Ok(kept)
}

/// Renames what is there, its side files first: they belong to it and not to what comes.
fn keep(database: &Path, now_ms: i64) -> Result<Option<PathBuf>, String> {
    let at = DateTime::from_timestamp_millis(now_ms).unwrap_or_default().format("%Y%m%dT%H%M%SZ");
    let any = std::iter::once("").chain(SIDES).any(|side| beside(database, side).exists());
    if !any {
        return Ok(None);
    }
    let kept = (0..)
        .map(|count| beside(database, &if count == 0 { format!(".kept-{at}") } else { format!(".kept-{at}-{count}") }))
        .find(|kept| !kept.exists())
        .ok_or("no name is free")?;
    for side in SIDES.into_iter().chain([""]) {
        let from = beside(database, side);
        if from.exists() {
            std::fs::rename(&from, beside(&kept, side))
                .map_err(|error| format!("{}: {error}; run lamplighter restore again", from.display()))?;
        }
    }
    Ok(Some(kept))
}

/// The names must outlive a power cut too; where a folder can't be synced there is nothing more to be done.
fn sync_folder(database: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = File::open(crate::backup::folder_of(database)) {
        let _ = folder.sync_all();
    }
}
