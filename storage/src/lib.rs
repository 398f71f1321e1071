//! Everything SQL, and only SQL: opening the database, transactions, one module per table family.
//!
//! What the rows mean and which change is allowed is decided in the `commands` crate; nothing here looks at
//! texts, roles or the clock. Instants are UTC milliseconds, handed in by the caller.

use std::{path::Path, time::Duration};

use sqlx::{
    Sqlite, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub mod activity;
pub mod agenda;
pub mod backup;
pub mod binding;
pub mod bucket;
pub mod card;
pub mod command;
pub mod dump;
pub mod figures;
pub mod inbox;
pub mod item;
pub mod journal;
pub mod ledger;
mod list;
pub mod outbox;
pub mod party;
pub mod person;
pub mod poll;
pub mod privacy;
pub mod question;
pub mod quiet;
pub mod reminder;
pub mod retention;
pub mod room;
pub mod task;
pub mod unreadable;
pub mod upgrade;
pub mod visit;
pub mod wish;

/// How many connections read at the same time. Writing has one, since SQLite has one writer.
const READERS_MAX: u32 = 2;
/// How long a connection waits for a lock before it reports that the database is busy.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What can go wrong below. See [`Error::is_outage`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database said no.
    #[error("database: {0}")]
    Sqlx(#[from] sqlx::Error),
    /// A migration could not be run.
    #[error("database: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A column that holds JSON holds something else.
    #[error("database: {0}")]
    Json(#[from] serde_json::Error),
    /// A row that must be there is not, or holds what it never should.
    #[error("database: {0}")]
    Inconsistent(&'static str),
}

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Whether the database itself is unwell (busy, full, not writable), so that the same thing is worth trying
    /// again; anything else is a fault of ours (ARCHITECTURE.md, "Refusal is not fault").
    pub fn is_outage(&self) -> bool {
        /// SQLite's primary result codes: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN.
        const OUTAGES: [u32; 7] = [5, 6, 8, 10, 11, 13, 14];
        match self {
            Self::Sqlx(sqlx::Error::Database(error)) => error
                .code()
                .and_then(|code| code.parse::<u32>().ok())
                .is_some_and(|code| OUTAGES.contains(&(code & 0xff))),
            Self::Sqlx(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed) => true,
            _ => false,
        }
    }
}

/// Where the database is.
#[derive(Clone, Copy, Debug)]
pub enum Location<'a> {
    /// A file, made if it isn't there.
    File(&'a Path),
    /// In memory, for the console and for tests; gone when closed.
    Memory,
}

/// The open database. Clones share it.
#[derive(Clone, Debug)]
pub struct Storage {
    writer: SqlitePool,
    reader: SqlitePool,
}

/// One write transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    inner: sqlx::Transaction<'static, Sqlite>,
    writer: SqlitePool,
    /// What was deleted must not lie in the write-ahead log either.
    scrub: bool,
}

impl Tx {
    /// Makes everything that was written durable.
    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await?;
        if self.scrub {
            // Where a reader stands in the way, the log is emptied by one of the next checkpoints.
            let _ = sqlx::query("pragma wal_checkpoint(truncate)").execute(&self.writer).await;
        }
        Ok(())
    }

    /// Once this is committed, what was deleted is taken out of the write-ahead log too. (From the pages of the database
    /// itself it goes at once: `secure_delete`.)
    pub fn scrub_after_commit(&mut self) {
        self.scrub = true;
    }

    /// Takes everything back.
    pub async fn roll_back(self) -> Result<()> {
        Ok(self.inner.rollback().await?)
    }

    pub(crate) fn connection(&mut self) -> &mut sqlx::SqliteConnection {
        &mut self.inner
    }
}

/// Makes the file for its owner only, whatever the umask, and takes rights of others away from one that is there: what people
/// told the bot is nobody's business. SQLite gives its side files the same rights. A failure shows when it is opened.
#[cfg(unix)]
fn keep_private(path: &Path) {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    const OWNER_ONLY: u32 = 0o600;
    const OTHERS: u32 = 0o077;
    let mut name = path.as_os_str().to_owned();
    if std::fs::OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path).is_ok() {
        return;
    }
    for end in ["", "-wal", "-shm"] {
        name.push(end);
        let open = std::fs::metadata(&name).is_ok_and(|file| file.permissions().mode() & OTHERS != 0);
        if open {
            let _ = std::fs::set_permissions(&name, PermissionsExt::from_mode(OWNER_ONLY));
        }
        name = path.as_os_str().to_owned();
    }
}

#[cfg(not(unix))]
fn keep_private(_: &Path) {}

impl Storage {
    /// Opens the database and brings its schema up to date.
    pub async fn open(location: Location<'_>) -> Result<Self> {
        if let Location::File(path) = location {
            keep_private(path);
        }
        let options = match location {
            Location::File(path) => SqliteConnectOptions::new().filename(path).create_if_missing(true),
            Location::Memory => SqliteConnectOptions::new().in_memory(true),
        }
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("cache_size", "-2048")
        // What is erased is overwritten, not only unlinked.
        .pragma("secure_delete", "on");
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("./migrations").run(&writer).await?;
        let reader = match location {
            // A second connection to memory would see another, empty database.
            Location::Memory => writer.clone(),
            Location::File(_) => {
                SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options.read_only(true)).await?
            }
        };
        Ok(Self { writer, reader })
    }

    /// Begins the one write transaction; waits while another is under way.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = self.writer.begin_with("begin immediate").await?;
        Ok(Tx { inner, writer: self.writer.clone(), scrub: false })
    }

    /// Closes all connections, so that the file may be moved.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.reader
    }
}
