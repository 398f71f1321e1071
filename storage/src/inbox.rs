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
        /// Its place in the order of arrival, which it keeps while it waits.
        place: i64,
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
    if let Some(place) = insert(tx, arrival, State::Handled, None).await? {
        return Ok(Claim::Fresh { first_seen_at_ms: arrival.first_seen_at_ms, place });
    }
    let known: Option<(String, i64, i64, i64)> =
        sqlx::query_as("select state, attempts, first_seen_at_ms, sequence from inbox where event_id = $1")
            .bind(arrival.event_id)
            .fetch_optional(tx.connection())
            .await?;
    match known {
        Some((state, attempts, first_seen_at_ms, place)) if state == "waiting" => {
            sqlx::query("update inbox set state = 'handled', raw = null where event_id = $1")
                .bind(arrival.event_id)
                .execute(tx.connection())
                .await?;
            Ok(if attempts >= ATTEMPTS_MAX { Claim::Poisonous } else { Claim::Fresh { first_seen_at_ms, place } })
        }
        Some(_) | None => Ok(Claim::Done),
    }
}

/// The text of an event that can't be read, and which room key it waits for.
#[derive(Clone, Copy, Debug)]
pub struct Unread<'a> {
    /// The encrypted JSON.
    pub raw: &'a str,
    /// The megolm session, if the event names one.
    pub session_id: Option<&'a str>,
}

/// The place of the new row; none if the event has one already.
async fn insert(tx: &mut Tx, arrival: Arrival<'_>, state: State, unread: Option<Unread<'_>>) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar(
        "insert into inbox (event_id, room_id, state, sent_at_ms, first_seen_at_ms, raw, session_id)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (event_id) do nothing returning sequence",
    )
    .bind(arrival.event_id)
    .bind(arrival.room_id)
    .bind(state.as_str())
    .bind(arrival.sent_at_ms)
    .bind(arrival.first_seen_at_ms)
    .bind(unread.map(|unread| unread.raw))
    .bind(unread.and_then(|unread| unread.session_id))
    .fetch_optional(tx.connection())
    .await?)
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
    insert(tx, arrival, State::Faulted, None).await?;
    sqlx::query("update inbox set state = 'faulted', raw = null, fault_code = $2, fault_text = $3 where event_id = $1")
        .bind(arrival.event_id)
        .bind(code)
        .bind(text)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Keeps an event that can't be read yet, with its place and time; false if it has a row already.
pub async fn wait_for_key(tx: &mut Tx, arrival: Arrival<'_>, unread: Unread<'_>) -> Result<bool> {
    if insert(tx, arrival, State::Waiting, Some(unread)).await?.is_some() {
        return Ok(true);
    }
    // The process once died over it when it could be read; now that it can't, its text must be kept.
    let done = sqlx::query(
        "update inbox set raw = $2, session_id = $3 where event_id = $1 and state = 'waiting' and raw is null",
    )
    .bind(arrival.event_id)
    .bind(unread.raw)
    .bind(unread.session_id)
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
    /// Its place in the order of arrival.
    pub sequence: i64,
    /// Its id.
    pub event_id: String,
    /// Its room.
    pub room_id: String,
    /// The encrypted JSON.
    pub raw: String,
    /// The room key that it waits for, if it names one.
    pub session_id: Option<String>,
}

/// Events after this place that wait for their keys, in the order of arrival.
pub async fn waiting(storage: &Storage, after: i64, limit: i64) -> Result<Vec<Waiting>> {
    Ok(sqlx::query_as(
        "select sequence, event_id, room_id, raw, session_id from inbox
         where state = 'waiting' and raw is not null and sequence > $1 order by sequence limit $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(storage.reader())
    .await?)
}

/// Events that wait for one of these room keys, in the order of arrival.
pub async fn waiting_for(storage: &Storage, session_ids: &[&str], limit: i64) -> Result<Vec<Waiting>> {
    let mut query = within(
        "select sequence, event_id, room_id, raw, session_id from inbox
         where state = 'waiting' and raw is not null and session_id",
        session_ids,
    );
    query.push(" order by sequence limit ").push_bind(limit);
    Ok(query.build_query_as().fetch_all(storage.reader()).await?)
}

/// How many events wait for their keys now.
pub async fn waiting_count(storage: &Storage) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from inbox where state = 'waiting' and raw is not null")
        .fetch_one(storage.reader())
        .await?)
}

/// Gives up the events that have waited since before this instant, and in each room the oldest beyond so many: they are
/// never handled. Says how many that were.
pub async fn give_up(tx: &mut Tx, before_ms: i64, per_room: i64, now_ms: i64) -> Result<u64> {
    let done = sqlx::query(
        "update inbox set state = 'handled', raw = null, session_id = null, given_up_at_ms = $3
         where state = 'waiting' and raw is not null and (first_seen_at_ms < $1 or sequence in (
           select sequence from (
             select sequence, row_number() over (partition by room_id order by sequence desc) as newest
             from inbox where state = 'waiting' and raw is not null) w
           where newest > $2))",
    )
    .bind(before_ms)
    .bind(per_room)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected())
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
