//! Who wants large letters, plain words and answers by a digit (长辈模式): people, and rooms.

use crate::{Result, Tx, person::PersonId, room};

/// The setting of a room that has it on.
const SETTING: &str = "elder";
const ON: &str = "on";
const OFF: &str = "off";

/// Whether it is on for somebody.
pub async fn is_on(tx: &mut Tx, person_id: PersonId) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar("select 1 from elder where person_id = $1")
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.is_some())
}

/// Turns it on or off for somebody; false: it was so before.
pub async fn set(tx: &mut Tx, person_id: PersonId, on: bool) -> Result<bool> {
    let sql = if on {
        "insert into elder (person_id) values ($1) on conflict do nothing"
    } else {
        "delete from elder where person_id = $1"
    };
    let done = sqlx::query(sql).bind(person_id).execute(tx.connection()).await?;
    Ok(done.rows_affected() > 0)
}

/// Whether it is on for all who read in a room.
pub async fn is_on_in(tx: &mut Tx, room_id: &str) -> Result<bool> {
    Ok(room::setting(tx, room_id, SETTING).await?.as_deref() == Some(ON))
}

/// Turns it on or off in a room; false: it was so before.
pub async fn set_in(tx: &mut Tx, community_id: &str, room_id: &str, on: bool) -> Result<bool> {
    if is_on_in(tx, room_id).await? == on {
        return Ok(false);
    }
    room::set_setting(tx, community_id, room_id, SETTING, if on { ON } else { OFF }).await?;
    Ok(true)
}
