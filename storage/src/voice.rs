//! Who left a voice message, until the captains know.

use crate::{
    Result, Tx,
    person::{Person, PersonId},
};

/// Notes a voice message.
pub async fn left(
    tx: &mut Tx,
    community_id: &str,
    room_id: &str,
    person_id: PersonId,
    direct: bool,
    now_ms: i64,
) -> Result<()> {
    sqlx::query(
        "insert into voice_message (community_id, room_id, person_id, direct, left_at_ms) values ($1, $2, $3, $4, $5)",
    )
    .bind(community_id)
    .bind(room_id)
    .bind(person_id)
    .bind(direct)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// How many the captains of this room don't know of yet.
pub async fn untold(tx: &mut Tx, room_id: &str) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from voice_message where room_id = $1 and told_at_ms is null")
        .bind(room_id)
        .fetch_one(tx.connection())
        .await?)
}

/// When the captains of this room were last told.
pub async fn last_told_at_ms(tx: &mut Tx, room_id: &str) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar("select max(told_at_ms) from voice_message where room_id = $1")
        .bind(room_id)
        .fetch_one(tx.connection())
        .await?)
}

/// Those of whom the captains of this room don't know yet, once each, in order; and whether all was in the private chat.
/// From now on they know.
pub async fn tell(tx: &mut Tx, room_id: &str, now_ms: i64) -> Result<Vec<(Person, bool)>> {
    let rows: Vec<(PersonId, String, String, bool)> = sqlx::query_as(
        "select person_id, user_id, display_name, min(direct) from voice_message join person using (person_id)
         where room_id = $1 and told_at_ms is null group by person_id, user_id, display_name order by min(voice_id)",
    )
    .bind(room_id)
    .fetch_all(tx.connection())
    .await?;
    sqlx::query("update voice_message set told_at_ms = $2 where room_id = $1 and told_at_ms is null")
        .bind(room_id)
        .bind(now_ms)
        .execute(tx.connection())
        .await?;
    let person = |(person_id, user_id, display_name, direct)| (Person { person_id, user_id, display_name }, direct);
    Ok(rows.into_iter().map(person).collect())
}
