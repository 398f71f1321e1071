//! Which events have been handled, and how far the homeserver's stream is committed.

use crate::{Result, Storage, Tx, list::within};

/// What has become of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Done, or nothing was to be done.
    Handled,
    /// Answered with a no.
    Refused,
    /// Our logic failed; nothing was changed.
    Faulted,
    /// Cannot be read until its key comes.
    Waiting,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::Refused => "refused",
            Self::Faulted => "faulted",
            Self::Waiting => "waiting",
        }
    }
}

/// Where an event was first met.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The homeserver's id of the event.
    pub event_id: &'a str,
    /// Its room.
    pub room_id: &'a str,
    /// When its sender's server says it was sent.
    pub sent_at_ms: i64,
    /// When we first saw it.
    pub first_seen_at_ms: i64,
}

/// The answer to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Never seen, or waiting until now: go on. Holds the instant it was first seen.
    Fresh {
        /// When it was first seen, which may be long ago for one that waited for its key.
        first_seen_at_ms: i64,
    },
    /// Dealt with before: stop.
    Done,
    /// Brought the process down too often: mark it and pass over.
    Poisonous,
}

/// A process that dies this often over one event passes it over (ARCHITECTURE.md, "Refusal is not fault").
pub const ATTEMPTS_MAX: i64 = 3;

/// Claims an event for this transaction. The row says `handled` until [`settle`] says otherwise.
pub async fn claim(tx: &mut Tx, arrival: Arrival<'_>) -> Result<Claim> {
    // Nearly everything is new.
    if insert(tx, arrival, State::Handled, None, 0).await? {
        return Ok(Claim::Fresh { first_seen_at_ms: arrival.first_seen_at_ms });
    }
    let known: Option<(String, i64, i64)> =
        sqlx::query_as("select state, attempts, first_seen_at_ms from inbox where event_id = $1")
            .bind(arrival.event_id)
            .fetch_optional(tx.connection())
            .await?;
    match known {
        Some((state, attempts, first_seen_at_ms)) if state == "waiting" => {
            sqlx::query("update inbox set state = 'handled', raw = null where event_id = $1")
                .bind(arrival.event_id)
                .execute(tx.connection())
                .await?;
            Ok(if attempts >= ATTEMPTS_MAX { Claim::Poisonous } else { Claim::Fresh { first_seen_at_ms } })
        }
        Some(_) | None => Ok(Claim::Done),
    }
}

async fn insert(tx: &mut Tx, arrival: Arrival<'_>, state: State, raw: Option<&str>, attempts: i64) -> Result<bool> {
    let done = sqlx::query(
        "insert into inbox (event_id, room_id, state, attempts, sent_at_ms, first_seen_at_ms, raw)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (event_id) do nothing",
    )
    .bind(arrival.event_id)
    .bind(arrival.room_id)
    .bind(state.as_str())
    .bind(attempts)
    .bind(arrival.sent_at_ms)
    .bind(arrival.first_seen_at_ms)
    .bind(raw)
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Says what became of a claimed event.
pub async fn settle(tx: &mut Tx, event_id: &str, state: State) -> Result<()> {
    sqlx::query("update inbox set state = $2 where event_id = $1")
        .bind(event_id)
        .bind(state.as_str())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Marks an event as faulted, whether or not it has a row.
pub async fn fault(tx: &mut Tx, arrival: Arrival<'_>, code: &str, text: &str) -> Result<()> {
    insert(tx, arrival, State::Faulted, None, 0).await?;
    sqlx::query("update inbox set state = 'faulted', raw = null, fault_code = $2, fault_text = $3 where event_id = $1")
        .bind(arrival.event_id)
        .bind(code)
        .bind(text)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Keeps an event that can't be read yet, with its place and time; false if it has a row already.
pub async fn wait_for_key(tx: &mut Tx, arrival: Arrival<'_>, raw: &str) -> Result<bool> {
    if insert(tx, arrival, State::Waiting, Some(raw), 0).await? {
        return Ok(true);
    }
    // The process once died over it when it could be read; now that it can't, its text must be kept.
    let done = sqlx::query("update inbox set raw = $2 where event_id = $1 and state = 'waiting' and raw is null")
        .bind(arrival.event_id)
        .bind(raw)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes that the process died while this event was handled. The row is made as waiting, with nothing to read, so
/// that the next claim finds the number of attempts.
pub async fn died_over(tx: &mut Tx, arrival: Arrival<'_>) -> Result<()> {
    sqlx::query(
        "insert into inbox (event_id, room_id, state, attempts, sent_at_ms, first_seen_at_ms)
         values ($1, $2, 'waiting', 1, $3, $4)
         on conflict (event_id) do update set attempts = inbox.attempts + 1 where inbox.state = 'waiting'",
    )
    .bind(arrival.event_id)
    .bind(arrival.room_id)
    .bind(arrival.sent_at_ms)
    .bind(arrival.first_seen_at_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// An event that waits for its key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Waiting {
    /// Its id.
    pub event_id: String,
    /// Its room.
    pub room_id: String,
    /// The encrypted JSON.
    pub raw: String,
}

/// Events that wait for their keys, in the order of arrival.
pub async fn waiting(storage: &Storage, limit: i64) -> Result<Vec<Waiting>> {
    Ok(sqlx::query_as(
        "select event_id, room_id, raw from inbox where state = 'waiting' and raw is not null
         order by sequence limit $1",
    )
    .bind(limit)
    .fetch_all(storage.reader())
    .await?)
}

/// Whether any of these events has a row: it was handled, or the process died over it.
pub async fn knows_any(tx: &mut Tx, event_ids: &[&str]) -> Result<bool> {
    let mut query = within("select count(*) from inbox where event_id", event_ids);
    let count: i64 = query.build_query_scalar().fetch_one(tx.connection()).await?;
    Ok(count > 0)
}

/// Whether this event needs nothing more.
pub async fn is_settled(storage: &Storage, event_id: &str) -> Result<bool> {
    let state: Option<String> = sqlx::query_scalar("select state from inbox where event_id = $1")
        .bind(event_id)
        .fetch_optional(storage.reader())
        .await?;
    Ok(state.is_some_and(|state| state != "waiting"))
}

/// What is known of a fault: event id, room, when first seen, cause.
pub async fn fault_by_code(storage: &Storage, code: &str) -> Result<Vec<(String, String, i64, String)>> {
    faults(storage.reader(), code).await
}

pub(crate) async fn faults(reader: &sqlx::SqlitePool, code: &str) -> Result<Vec<(String, String, i64, String)>> {
    Ok(sqlx::query_as(
        "select event_id, room_id, first_seen_at_ms, coalesce(fault_text, '') from inbox where fault_code = $1
         order by sequence",
    )
    .bind(code)
    .fetch_all(reader)
    .await?)
}

/// Whether an event has come in and could be read.
pub async fn has_read(tx: &mut Tx, event_id: &str) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar("select 1 from inbox where event_id = $1 and state <> 'waiting'")
        .bind(event_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.is_some())
}

/// What was taken back before its key came is never read.
pub async fn stop_waiting(tx: &mut Tx, event_id: &str) -> Result<()> {
    sqlx::query("update inbox set state = 'handled', raw = null where event_id = $1 and state = 'waiting'")
        .bind(event_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Our position in the homeserver's stream; none at the first start.
pub async fn cursor(storage: &Storage) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("select next_batch from sync_cursor").fetch_optional(storage.reader()).await?)
}

/// Moves our position: everything before it is committed.
pub async fn set_cursor(tx: &mut Tx, next_batch: &str) -> Result<()> {
    sqlx::query(
        "insert into sync_cursor (only, next_batch) values (1, $1)
         on conflict (only) do update set next_batch = excluded.next_batch",
    )
    .bind(next_batch)
    .execute(tx.connection())
    .await?;
    Ok(())
}
