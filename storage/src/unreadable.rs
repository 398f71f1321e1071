//! Rooms of whose messages the bot can read none. What is said there then is decided elsewhere.

use crate::{Result, Storage, Tx};

/// Counts a message that can't be read.
pub async fn count(tx: &mut Tx, room_id: &str, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into unreadable_room (room_id, in_a_row, since_ms) values ($1, 1, $2)
         on conflict (room_id) do update set
           since_ms = case when unreadable_room.in_a_row = 0 then excluded.since_ms else unreadable_room.since_ms end,
           in_a_row = unreadable_room.in_a_row + 1",
    )
    .bind(room_id)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A message could be read. When the room was told is kept, so that it isn't told all the time.
pub async fn readable(tx: &mut Tx, room_id: &str) -> Result<()> {
    sqlx::query("update unreadable_room set in_a_row = 0 where room_id = $1")
        .bind(room_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Rooms in which messages couldn't be read, none since.
pub async fn rooms(storage: &Storage) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar("select room_id from unreadable_room where in_a_row > 0").fetch_all(storage.reader()).await?)
}

/// Rooms that are to be told: so many messages in a row (a single one in a private chat, where somebody waits), the first
/// before `since_ms`, not told since `told_ms`; with the instant of the first of those messages.
pub async fn untold(storage: &Storage, at_least: i64, since_ms: i64, told_ms: i64) -> Result<Vec<(String, i64)>> {
    Ok(sqlx::query_as(
        "select room_id, since_ms from unreadable_room
         where in_a_row >= case when room_id in (select room_id from direct_chat) then 1 else $1 end
           and since_ms <= $2 and (told_at_ms is null or (told_at_ms < since_ms and told_at_ms < $3))",
    )
    .bind(at_least)
    .bind(since_ms)
    .bind(told_ms)
    .fetch_all(storage.reader())
    .await?)
}

/// Notes that a room has been told.
pub async fn told(tx: &mut Tx, room_id: &str, now_ms: i64) -> Result<()> {
    sqlx::query("update unreadable_room set told_at_ms = $2 where room_id = $1")
        .bind(room_id)
        .bind(now_ms)
        .execute(tx.connection())
        .await?;
    Ok(())
}
