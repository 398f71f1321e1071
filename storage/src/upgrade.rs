//! A room that was upgraded: everything that belongs to it is moved to the room that takes its place, in the transaction
//! of the caller.

use crate::{Result, Tx, room};

/// Every column that names a room, and belongs to what lives on in the new one. A test compares it with the schema.
pub const MOVED: &[(&str, &str)] = &[
    ("activity", "room_id"),
    ("agenda", "room_id"),
    ("ballot", "room_id"),
    ("binding_request", "room_id"),
    ("captain", "room_id"),
    ("card", "room_id"),
    ("item", "room_id"),
    ("poll", "room_id"),
    ("question", "chosen_room_id"),
    ("question", "room_id"),
    ("reminder", "room_id"),
    ("room_captain", "room_id"),
    ("room_setting", "room_id"),
    ("task", "room_id"),
    ("voice_message", "room_id"),
    ("wish", "room_id"),
];

/// Columns that name a room and stay as they are, each with its reason.
pub const STAYS: &[(&str, &str, &str)] = &[
    ("command", "room_id", "where the message stands, which doesn't move"),
    ("direct_chat", "room_id", "a private chat"),
    ("inbox", "room_id", "where the event stands, which doesn't move"),
    ("lost_echo", "room_id", "where the message stands, which doesn't move"),
    ("outbox", "fallback_room_id", "moved with the rows that wait, below"),
    ("outbox", "room_id", "moved with the rows that wait, below"),
    ("room", "room_id", "the row itself; copied below"),
    ("unreadable_room", "room_id", "what can't be read there says nothing of the new one"),
];

/// Moves everything. False: it was moved before, or the old room isn't known.
pub async fn move_room(tx: &mut Tx, old_id: &str, new_id: &str, now_ms: i64) -> Result<bool> {
    let copied = sqlx::query(
        "insert into room (room_id, community_id, kind, name, joined_at_ms, arriving)
         select $2, community_id, kind, name, $3, 1 from room where room_id = $1 and moved_to is null
         on conflict (room_id) do update set community_id = excluded.community_id, kind = excluded.kind,
           name = excluded.name, left_at_ms = null where room.community_id is null",
    )
    .bind(old_id)
    .bind(new_id)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    if copied.rows_affected() == 0 {
        return Ok(false);
    }
    // What is typed into the new one before the row is moved belongs to nothing yet; rows there give way.
    for table in ["captain", "room_captain", "room_setting", "question"] {
        let sql = format!("delete from {table} where room_id = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(new_id).execute(tx.connection()).await?;
    }
    sqlx::query("update binding_request set state = 'lapsed' where room_id = $1 and state = 'waiting'")
        .bind(new_id)
        .execute(tx.connection())
        .await?;
    // A digest is known by its room.
    sqlx::query("update agenda set key = replace(key, $1, $2) where room_id = $1 and key like '% ' || $1")
        .bind(old_id)
        .bind(new_id)
        .execute(tx.connection())
        .await?;
    // What the old room was answered can't be read back from the new one: it stands like what was typed.
    sqlx::query("update ballot set native = 0 where room_id = $1").bind(old_id).execute(tx.connection()).await?;
    for (table, column) in MOVED {
        let sql = format!("update {table} set {column} = $2 where {column} = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(old_id).bind(new_id).execute(tx.connection()).await?;
    }
    // New messages that wait go to the new room. What was to change an old one is dropped, and so are cards: those are
    // posted anew.
    sqlx::query(
        "update outbox set room_id = $2, stream = replace(stream, $1, $2)
         where room_id = $1 and state = 'queued' and kind = 'post' and outbox_id not in (select post_id from card)",
    )
    .bind(old_id)
    .bind(new_id)
    .execute(tx.connection())
    .await?;
    sqlx::query("update outbox set fallback_room_id = $2 where fallback_room_id = $1 and state = 'queued'")
        .bind(old_id)
        .bind(new_id)
        .execute(tx.connection())
        .await?;
    room::drop_queued(tx, old_id, "the room was upgraded").await?;
    sqlx::query("update room set moved_to = $2, community_id = null, kind = null where room_id = $1")
        .bind(old_id)
        .bind(new_id)
        .execute(tx.connection())
        .await?;
    Ok(true)
}
