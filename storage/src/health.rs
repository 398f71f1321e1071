//! Whether a file is a whole database of ours, looked at before anything is done with it. The thorough look, which takes
//! longer, is in `verify.rs`.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::{BUSY_TIMEOUT, Error, MIGRATIONS, Result};

/// A database up to this size is read through at every start; a larger one would keep people waiting for longer than a
/// second or two, and is left to `verify` and to the check of every backup.
pub const CHECKED_AT_START_BYTES_MAX: u64 = 256 << 20;
/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn is_filled(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| data.len() > 0)
}

/// Looks at the file from outside. SQLite itself takes an empty file for a new database, and throws away the changes that
/// lie beside it.
pub(crate) fn look(path: &Path) -> Result<()> {
    let mut head = [0; MAGIC.len()];
    let io = |error: std::io::Error| Error::Sqlx(sqlx::Error::Io(error));
    let mut file = match File::open(path) {
        Ok(file) => file,
        // A new one, unless its changes are still there.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return if is_filled(&beside(path, "-wal")) {
                Err(Error::Damaged("the file is gone, and its changes (-wal) are still there".into()))
            } else {
                Ok(())
            };
        }
        Err(error) => return Err(io(error)),
    };
    if file.metadata().map_err(io)?.len() == 0 {
        // The bot keeps a marker beside a database that it has used.
        let used = is_filled(&beside(path, "-wal")) || path.with_extension("handling").exists();
        return if used { Err(Error::Damaged("the file is empty, and was not before".into())) } else { Ok(()) };
    }
    match file.read_exact(&mut head) {
        Ok(()) if head == *MAGIC => Ok(()),
        Ok(()) => Err(Error::Damaged("it doesn't begin as a database does".into())),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(Error::Damaged("it is cut short".into())),
        Err(error) => Err(io(error)),
    }
}

/// Reads the whole file through, if it isn't too large, and sees that no newer program has been there. It only reads: to
/// open a damaged file for writing would already change it.
pub(crate) async fn check(path: &Path) -> Result<()> {
    if !is_filled(path) {
        return Ok(());
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    let checked = read_through(&pool, path).await;
    pool.close().await;
    checked
}

async fn read_through(pool: &SqlitePool, path: &Path) -> Result<()> {
    if path.metadata().is_ok_and(|data| data.len() <= CHECKED_AT_START_BYTES_MAX) {
        let found: String = sqlx::query_scalar("pragma quick_check(1)").fetch_one(pool).await?;
        if found != "ok" {
            return Err(Error::Damaged(found.replace(['\n', '\r'], " ")));
        }
    }
    match newer(pool).await? {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// The newest migration of this program.
pub fn newest_schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The schema of the database, if it is newer than this program's.
pub(crate) async fn newer(pool: &SqlitePool) -> Result<Option<Error>> {
    let migrated: Option<i64> =
        sqlx::query_scalar("select 1 from sqlite_schema where name = '_sqlx_migrations'").fetch_optional(pool).await?;
    if migrated.is_none() {
        return Ok(None);
    }
    let found: Option<i64> = sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(pool).await?;
    let known = newest_schema();
    Ok(found.filter(|found| *found > known).map(|found| Error::Newer { found, known }))
}
