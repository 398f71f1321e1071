//! People, their pseudonyms and their private chats. Roles are not here: they follow from config, power and
//! [`crate::room`].

use crate::{Result, Storage, Tx};

/// A person's number in the database.
pub type PersonId = i64;

/// Somebody the bot has seen.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// Our number.
    pub person_id: PersonId,
    /// Matrix user id.
    pub user_id: String,
    /// As last seen.
    pub display_name: String,
}

/// Finds or makes a person and remembers the newest display name.
pub async fn seen(tx: &mut Tx, user_id: &str, display_name: &str) -> Result<Person> {
    Ok(sqlx::query_as(
        "insert into person (user_id, display_name) values ($1, $2)
         on conflict (user_id) do update set display_name = excluded.display_name
         returning person_id, user_id, display_name",
    )
    .bind(user_id)
    .bind(display_name)
    .fetch_one(tx.connection())
    .await?)
}

/// Finds or makes a person without touching the name of one already known.
pub async fn known(tx: &mut Tx, user_id: &str, name_if_new: &str) -> Result<Person> {
    match by_user_id(tx, user_id).await? {
        Some(person) => Ok(person),
        None => seen(tx, user_id, name_if_new).await,
    }
}

/// The person with this Matrix id.
pub async fn by_user_id(tx: &mut Tx, user_id: &str) -> Result<Option<Person>> {
    Ok(sqlx::query_as("select person_id, user_id, display_name from person where user_id = $1")
        .bind(user_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// The person with this number, who must exist.
pub async fn get(tx: &mut Tx, person_id: PersonId) -> Result<Person> {
    Ok(sqlx::query_as("select person_id, user_id, display_name from person where person_id = $1")
        .bind(person_id)
        .fetch_one(tx.connection())
        .await?)
}

/// The language in which this person wants to be written to, if they have chosen one.
pub async fn tongue(tx: &mut Tx, person_id: PersonId) -> Result<Option<String>> {
    let chosen: Option<Option<String>> = sqlx::query_scalar("select language from person where person_id = $1")
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(chosen.flatten())
}

/// Keeps the language that a person has chosen; none: that of their community.
pub async fn set_tongue(tx: &mut Tx, person_id: PersonId, language: Option<&str>) -> Result<()> {
    sqlx::query("update person set language = $2 where person_id = $1")
        .bind(person_id)
        .bind(language)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The Matrix id of the person with this number, read beside what is being written.
pub async fn user_id(storage: &Storage, person_id: PersonId) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("select user_id from person where person_id = $1")
        .bind(person_id)
        .fetch_optional(storage.reader())
        .await?)
}

/// The person's pseudonym in a community; `fresh` (16 random bytes) becomes it if there is none yet.
pub async fn pseudonym(tx: &mut Tx, community_id: &str, person_id: PersonId, fresh: [u8; 16]) -> Result<Vec<u8>> {
    let known: Option<Vec<u8>> =
        sqlx::query_scalar("select pseudonym from pseudonym where community_id = $1 and person_id = $2")
            .bind(community_id)
            .bind(person_id)
            .fetch_optional(tx.connection())
            .await?;
    if let Some(pseudonym) = known {
        return Ok(pseudonym);
    }
    sqlx::query("insert into pseudonym (community_id, person_id, pseudonym) values ($1, $2, $3)")
        .bind(community_id)
        .bind(person_id)
        .bind(&fresh[..])
        .execute(tx.connection())
        .await?;
    Ok(fresh.to_vec())
}

/// The room of the private chat with a person, if it was made.
pub async fn direct_chat(tx: &mut Tx, person_id: PersonId) -> Result<Option<String>> {
    let room: Option<Option<String>> = sqlx::query_scalar("select room_id from direct_chat where person_id = $1")
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(room.flatten())
}

/// Remembers the private chat with a person; an older one is forgotten.
pub async fn set_direct_chat(tx: &mut Tx, person_id: PersonId, room_id: &str) -> Result<()> {
    // The same room can only belong to one person: whoever had it before loses it.
    sqlx::query("update direct_chat set room_id = null where room_id = $1 and person_id <> $2")
        .bind(room_id)
        .bind(person_id)
        .execute(tx.connection())
        .await?;
    sqlx::query(
        "insert into direct_chat (person_id, room_id) values ($1, $2)
         on conflict (person_id) do update set room_id = excluded.room_id",
    )
    .bind(person_id)
    .bind(room_id)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Notes that a room was told to look for the private chat; false if one had been told before.
pub async fn give_notice(tx: &mut Tx, person_id: PersonId, now_ms: i64) -> Result<bool> {
    let done = sqlx::query(
        "insert into direct_chat (person_id, notice_given_at_ms) values ($1, $2)
         on conflict (person_id) do update set notice_given_at_ms = excluded.notice_given_at_ms
         where direct_chat.notice_given_at_ms is null",
    )
    .bind(person_id)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() > 0)
}
