//! Reading a database beside the bot that uses it: nothing is made, migrated or written, whichever version of the
//! program the database is of.

use std::path::Path;

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::{BUSY_TIMEOUT, Result};

/// A room that belongs to a community.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct BoundRoom {
    /// The homeserver's opaque id.
    pub room_id: String,
    /// What people call it.
    pub name: String,
}

/// That the homeserver limits how much the bot sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RateLimit {
    /// When it last said so.
    pub refused_at_ms: i64,
    /// For how long the bot had to wait that time.
    pub wait_ms: i64,
    /// How often it has said so.
    pub times: i64,
}

/// A database that is only looked at.
#[derive(Debug)]
pub struct Visit {
    reader: SqlitePool,
}

/// How a file is opened by whoever must not change it.
pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).read_only(true).create_if_missing(false).busy_timeout(BUSY_TIMEOUT)
}

impl Visit {
    /// Opens the file, which must be there.
    pub async fn open(path: &Path) -> Result<Self> {
        let reader = SqlitePoolOptions::new().max_connections(1).connect_with(options(path)).await?;
        Ok(Self { reader })
    }

    /// All bound rooms, oldest first.
    pub async fn bound_rooms(&self) -> Result<Vec<BoundRoom>> {
        Ok(sqlx::query_as(
            "select room_id, name from room where community_id is not null order by joined_at_ms, name, room_id",
        )
        .fetch_all(&self.reader)
        .await?)
    }

    /// Whether the homeserver ever limited how much the bot sends. A database of an earlier version doesn't know.
    pub async fn rate_limit(&self) -> Result<Option<RateLimit>> {
        let known: Option<i64> =
            sqlx::query_scalar("select 1 from sqlite_schema where type = 'table' and name = 'rate_limit'")
                .fetch_optional(&self.reader)
                .await?;
        if known.is_none() {
            return Ok(None);
        }
        Ok(sqlx::query_as("select refused_at_ms, wait_ms, times from rate_limit").fetch_optional(&self.reader).await?)
    }

    /// The number that every community gives next.
    pub async fn next_numbers(&self) -> Result<Vec<(String, i64)>> {
        Ok(sqlx::query_as("select community_id, next_number from community order by community_id")
            .fetch_all(&self.reader)
            .await?)
    }

    /// What is known of a fault: event id, room, when first seen, cause.
    pub async fn faults(&self, code: &str) -> Result<Vec<(String, String, i64, String)>> {
        crate::inbox::faults(&self.reader, code).await
    }

    /// Closes the file.
    pub async fn close(&self) {
        self.reader.close().await;
    }
}
