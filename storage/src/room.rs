//! Rooms, which community they belong to, and the captains that were named. Power levels are the homeserver's
//! and are read at execution.

use crate::{
    Result, Storage, Tx,
    list::within,
    person::{Person, PersonId},
};

/// A room the bot is in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Room {
    /// The homeserver's opaque id.
    pub room_id: String,
    /// None: not bound yet.
    pub community_id: Option<String>,
    /// `building` or `interest`; none while unbound.
    pub kind: Option<String>,
    /// What people call it.
    pub name: String,
}

/// Makes sure the config's communities have their rows.
pub async fn declare_communities(tx: &mut Tx, community_ids: impl Iterator<Item = &str>) -> Result<()> {
    for community_id in community_ids {
        sqlx::query("insert into community (community_id) values ($1) on conflict do nothing")
            .bind(community_id)
            .execute(tx.connection())
            .await?;
    }
    Ok(())
}

/// Notes that the bot is in a room; keeps what is known of it.
pub async fn joined(tx: &mut Tx, room_id: &str, name: &str, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into room (room_id, name, joined_at_ms) values ($1, $2, $3)
         on conflict (room_id) do update set left_at_ms = null",
    )
    .bind(room_id)
    .bind(name)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Notes that the bot isn't in a room any more; false if that was known, or the room isn't.
pub async fn left(tx: &mut Tx, room_id: &str, now_ms: i64) -> Result<bool> {
    let done = sqlx::query("update room set left_at_ms = $2 where room_id = $1 and left_at_ms is null")
        .bind(room_id)
        .bind(now_ms)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether the bot has had to leave this room.
pub async fn is_left(tx: &mut Tx, room_id: &str) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar("select 1 from room where room_id = $1 and left_at_ms is not null")
        .bind(room_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.is_some())
}

/// Takes note that the bot's join into a room that took the place of another has come in; false if it had, or there was
/// no such.
pub async fn arrived(tx: &mut Tx, room_id: &str) -> Result<bool> {
    let done = sqlx::query("update room set arriving = 0 where room_id = $1 and arriving = 1")
        .bind(room_id)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The room that took the place of this one.
pub async fn moved_to(tx: &mut Tx, room_id: &str) -> Result<Option<String>> {
    let row: Option<Option<String>> = sqlx::query_scalar("select moved_to from room where room_id = $1")
        .bind(room_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.flatten())
}

/// The rooms that the bot was in when it was last looked at, those left out that others took the place of.
pub async fn present(storage: &Storage) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar("select room_id from room where left_at_ms is null and moved_to is null order by room_id")
        .fetch_all(storage.reader())
        .await?)
}

/// Gives up what waits to be said in a room: answers and pings are parked, everything else is dropped.
pub async fn drop_queued(tx: &mut Tx, room_id: &str, reason: &str) -> Result<()> {
    sqlx::query(
        "update outbox set state = case when kind = 'post' and lane <= $3 then 'parked' else 'dropped' end,
         last_error = $2 where room_id = $1 and state = 'queued'",
    )
    .bind(room_id)
    .bind(reason)
    .bind(crate::outbox::Lane::Ping as i64)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Binds a room to a community.
pub async fn bind(tx: &mut Tx, room_id: &str, community_id: &str, kind: &str, name: &str) -> Result<()> {
    sqlx::query("update room set community_id = $2, kind = $3, name = $4 where room_id = $1")
        .bind(room_id)
        .bind(community_id)
        .bind(kind)
        .bind(name)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The room, if the bot has come into it.
pub async fn get(tx: &mut Tx, room_id: &str) -> Result<Option<Room>> {
    Ok(sqlx::query_as("select room_id, community_id, kind, name from room where room_id = $1")
        .bind(room_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// All bound rooms that the bot is in, oldest first.
pub async fn bound(tx: &mut Tx) -> Result<Vec<Room>> {
    Ok(sqlx::query_as(
        "select room_id, community_id, kind, name from room where community_id is not null and left_at_ms is null
         order by joined_at_ms, name, room_id",
    )
    .fetch_all(tx.connection())
    .await?)
}

/// Whether a steward named this person captain of the room.
pub async fn is_named_captain(tx: &mut Tx, room_id: &str, person_id: PersonId) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar("select 1 from captain where room_id = $1 and person_id = $2")
        .bind(room_id)
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.is_some())
}

/// Names a captain; false if the person already was.
pub async fn name_captain(
    tx: &mut Tx,
    community_id: &str,
    room_id: &str,
    person_id: PersonId,
    now_ms: i64,
) -> Result<bool> {
    let done = sqlx::query(
        "insert into captain (community_id, room_id, person_id, named_at_ms) values ($1, $2, $3, $4)
         on conflict do nothing",
    )
    .bind(community_id)
    .bind(room_id)
    .bind(person_id)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes the name of captain back; false if the person had none.
pub async fn unname_captain(tx: &mut Tx, room_id: &str, person_id: PersonId) -> Result<bool> {
    let done = sqlx::query("delete from captain where room_id = $1 and person_id = $2")
        .bind(room_id)
        .bind(person_id)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Those a steward named, oldest first.
pub async fn named_captains(tx: &mut Tx, room_id: &str) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person_id, user_id, display_name from captain join person using (person_id)
         where room_id = $1 order by named_at_ms, person_id",
    )
    .bind(room_id)
    .fetch_all(tx.connection())
    .await?)
}

/// The captains of a room, by name or by power when it was last looked at, once each.
pub async fn captains(tx: &mut Tx, room_id: &str) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person_id, user_id, display_name from person where person_id in (
           select person_id from captain where room_id = $1 union select person_id from room_captain where room_id = $1)
         order by person_id",
    )
    .bind(room_id)
    .fetch_all(tx.connection())
    .await?)
}

/// What a room has chosen.
pub async fn setting(tx: &mut Tx, room_id: &str, name: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("select value from room_setting where room_id = $1 and name = $2")
        .bind(room_id)
        .bind(name)
        .fetch_optional(tx.connection())
        .await?)
}

/// Writes what a room has chosen.
pub async fn set_setting(tx: &mut Tx, community_id: &str, room_id: &str, name: &str, value: &str) -> Result<()> {
    sqlx::query(
        "insert into room_setting (community_id, room_id, name, value) values ($1, $2, $3, $4)
         on conflict (room_id, name) do update set value = excluded.value",
    )
    .bind(community_id)
    .bind(room_id)
    .bind(name)
    .bind(value)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Takes back what a room has chosen.
pub async fn clear_setting(tx: &mut Tx, room_id: &str, name: &str) -> Result<()> {
    sqlx::query("delete from room_setting where room_id = $1 and name = $2")
        .bind(room_id)
        .bind(name)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The setting that says in which language a room is spoken to.
pub const TONGUE: &str = "language";

/// To which community a room belongs, and the language that it has chosen, as far as both are known.
pub async fn tongue(tx: &mut Tx, room_id: &str) -> Result<(Option<String>, Option<String>)> {
    let row: Option<(Option<String>, Option<String>)> = sqlx::query_as(
        "select room.community_id, chosen.value from room
         left join room_setting chosen on chosen.room_id = room.room_id and chosen.name = $2 where room.room_id = $1",
    )
    .bind(room_id)
    .bind(TONGUE)
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.unwrap_or_default())
}

/// All bound rooms of a community that the bot is in, oldest first.
pub async fn bound_in(tx: &mut Tx, community_id: &str) -> Result<Vec<Room>> {
    Ok(sqlx::query_as(
        "select room_id, community_id, kind, name from room where community_id = $1 and left_at_ms is null
         order by joined_at_ms, name, room_id",
    )
    .bind(community_id)
    .fetch_all(tx.connection())
    .await?)
}

/// The Matrix ids of those who had power in a room when it was last looked at, in their order.
pub async fn seen_captains(tx: &mut Tx, room_id: &str) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "select user_id from room_captain join person using (person_id) where room_id = $1 order by user_id",
    )
    .bind(room_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Remembers who had power in a room when it was last looked at.
pub async fn saw_captains(tx: &mut Tx, community_id: &str, room_id: &str, people: &[PersonId]) -> Result<()> {
    sqlx::query("delete from room_captain where room_id = $1").bind(room_id).execute(tx.connection()).await?;
    for person_id in people {
        sqlx::query(
            "insert into room_captain (community_id, room_id, person_id) values ($1, $2, $3) on conflict do nothing",
        )
        .bind(community_id)
        .bind(room_id)
        .bind(person_id)
        .execute(tx.connection())
        .await?;
    }
    Ok(())
}

/// The captains of all building rooms of a community, by power or by name, once each.
pub async fn building_captains(tx: &mut Tx, community_id: &str) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person_id, user_id, display_name from person where person_id in (
           select c.person_id from captain c join room using (room_id) where room.community_id = $1 and kind = 'building'
           union
           select c.person_id from room_captain c join room using (room_id)
           where room.community_id = $1 and kind = 'building')
         order by person_id",
    )
    .bind(community_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Those of these rooms that are bound to this community and that the bot is in.
pub async fn bound_among(tx: &mut Tx, community_id: &str, room_ids: &[&str]) -> Result<Vec<String>> {
    let mut query = within("select room_id from room where room_id", room_ids);
    query.push(" and left_at_ms is null and community_id = ").push_bind(community_id);
    Ok(query.build_query_scalar().fetch_all(tx.connection()).await?)
}
