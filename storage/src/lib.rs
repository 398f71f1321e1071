//! Everything SQL, and only SQL: opening the database, transactions, one module per table family.
//!
//! What the rows mean and which change is allowed is decided in the `commands` crate; nothing here looks at
//! texts, roles or the clock. Instants are UTC milliseconds, handed in by the caller.

use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use sqlx::{
    Connection, Sqlite, SqlitePool,
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
pub mod elder;
pub mod epoch;
pub mod figures;
pub mod health;
pub mod inbox;
pub mod item;
pub mod journal;
pub mod ledger;
mod list;
pub mod outbox;
pub mod party;
pub mod person;
pub mod poll;
pub mod practice;
pub mod privacy;
pub mod proxy;
pub mod question;
pub mod quiet;
pub mod reminder;
pub mod retention;
pub mod room;
pub mod task;
pub mod unreadable;
pub mod upgrade;
pub mod verify;
pub mod visit;
pub mod voice;
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
    /// The file isn't what it should be.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// A newer program has been there.
    #[error("it belongs to a newer version of the program (its schema is {found:04}, this one knows {known:04})")]
    Newer {
        /// The newest migration that the database has seen.
        found: i64,
        /// The newest one that this program has.
        known: i64,
    },
}

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Whether the database itself is unwell (busy, full, not writable), so that the same thing is worth trying
    /// again; anything else is a fault of ours (ARCHITECTURE.md, "Refusal is not fault").
    pub fn is_outage(&self) -> bool {
        /// SQLite's primary result codes: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
        const OUTAGES: [u32; 8] = [5, 6, 8, 10, 11, 13, 14, 26];
        match self {
            Self::Sqlx(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed)
            | Self::Damaged(_) => true,
            _ => self.code().is_some_and(|code| OUTAGES.contains(&code)),
        }
    }

    /// Whether the file itself is broken, so that trying again is of no use.
    pub fn is_damage(&self) -> bool {
        /// CORRUPT, NOTADB.
        const DAMAGES: [u32; 2] = [11, 26];
        matches!(self, Self::Damaged(_)) || self.code().is_some_and(|code| DAMAGES.contains(&code))
    }

    /// Whether the database can be read and not written.
    pub fn is_read_only(&self) -> bool {
        /// READONLY, CANTOPEN (the side files of a database in a folder that can't be written).
        const CODES: [u32; 2] = [8, 14];
        self.code().is_some_and(|code| CODES.contains(&code))
    }

    /// SQLite's primary result code.
    fn code(&self) -> Option<u32> {
        let error = match self {
            Self::Sqlx(sqlx::Error::Database(error)) => error,
            Self::Migrate(
                sqlx::migrate::MigrateError::Execute(sqlx::Error::Database(error))
                | sqlx::migrate::MigrateError::ExecuteMigration(sqlx::Error::Database(error), _),
            ) => error,
            _ => return None,
        };
        error.code().and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff)
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
    epoch: Arc<RwLock<Arc<epoch::Known>>>,
}

/// One write transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    inner: sqlx::Transaction<'static, Sqlite>,
    writer: SqlitePool,
    /// What was deleted must not lie in the write-ahead log either.
    scrub: bool,
    epoch: Arc<epoch::Known>,
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

    /// What was known of the epoch when the transaction began.
    pub(crate) fn known(&self) -> Arc<epoch::Known> {
        Arc::clone(&self.epoch)
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

/// All migrations, oldest first.
pub(crate) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

impl Storage {
    /// Opens the database and brings its schema up to date. A file that is damaged, or of a newer program, is refused and
    /// left as it is.
    pub async fn open(location: Location<'_>) -> Result<Self> {
        if let Location::File(path) = location {
            health::look(path)?;
            keep_private(path);
            health::check(path).await?;
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
        let mut writer =
            SqlitePoolOptions::new().max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None);
        if let Location::File(_) = location {
            // A full disk makes SQLite take the transaction back by itself. sqlx doesn't know that, and would refuse to begin
            // another one on this connection for ever; it gets a new one.
            writer =
                writer.before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }));
        }
        let writer = writer.connect_with(options.clone()).await?;
        if let Err(error) = MIGRATIONS.run(&writer).await {
            return Err(health::newer(&writer).await?.unwrap_or(error.into()));
        }
        if let Location::File(_) = location {
            // One that can't be written shows it now, and not in mid-evening. To begin isn't enough: SQLite lets a file that
            // it could open only for reading begin anything.
            let mut tried = writer.begin_with("begin immediate").await?;
            sqlx::query("delete from sync_cursor where false").execute(&mut *tried).await?;
            tried.rollback().await?;
        }
        let reader = match location {
            // A second connection to memory would see another, empty database.
            Location::Memory => writer.clone(),
            Location::File(_) => {
                SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options.read_only(true)).await?
            }
        };
        let storage = Self { writer, reader, epoch: Arc::default() };
        storage.look_at_epoch().await?;
        Ok(storage)
    }

    /// Reads the epoch again, after it was changed.
    pub async fn look_at_epoch(&self) -> Result<()> {
        let known = Arc::new(epoch::known(self).await?);
        *self.epoch.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// Begins the one write transaction; waits while another is under way.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = self.writer.begin_with("begin immediate").await?;
        let epoch = Arc::clone(&self.epoch.read().unwrap_or_else(PoisonError::into_inner));
        Ok(Tx { inner, writer: self.writer.clone(), scrub: false, epoch })
    }

    /// Whether a backup was restored and what was said since is still being read again.
    pub fn is_replaying(&self) -> bool {
        self.epoch.read().unwrap_or_else(PoisonError::into_inner).replaying
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
