//! Token buckets: how much a person or a room may still make the bot do at once. How they fill and what follows is decided
//! in the `commands` crate.

use crate::{Result, Tx};

/// What a bucket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person's commands.
    Command,
    /// A person's taps and answers to native polls.
    Tap,
    /// What is said in a room in answer to commands.
    Room,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Tap => "tap",
            Self::Room => "room",
        }
    }
}

/// A bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Bucket {
    /// Thousandths of what may still be done.
    pub level_milli: i64,
    /// When that was so.
    pub at_ms: i64,
    /// It ran empty and hasn't recovered.
    pub dry: bool,
    /// When somebody was last told so.
    pub notice_at_ms: Option<i64>,
}

/// The bucket, if it isn't full for want of use.
pub async fn get(tx: &mut Tx, kind: Kind, subject: &str) -> Result<Option<Bucket>> {
    Ok(sqlx::query_as("select level_milli, at_ms, dry, notice_at_ms from bucket where kind = $1 and subject = $2")
        .bind(kind.as_str())
        .bind(subject)
        .fetch_optional(tx.connection())
        .await?)
}

/// Writes it.
pub async fn put(tx: &mut Tx, kind: Kind, subject: &str, bucket: Bucket) -> Result<()> {
    sqlx::query(
        "insert into bucket (kind, subject, level_milli, at_ms, dry, notice_at_ms) values ($1, $2, $3, $4, $5, $6)
         on conflict (kind, subject) do update set level_milli = excluded.level_milli, at_ms = excluded.at_ms,
         dry = excluded.dry, notice_at_ms = excluded.notice_at_ms",
    )
    .bind(kind.as_str())
    .bind(subject)
    .bind(bucket.level_milli)
    .bind(bucket.at_ms)
    .bind(bucket.dry)
    .bind(bucket.notice_at_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}
