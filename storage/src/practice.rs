//! Who practises just now, and how far they are (教我).

use crate::{Result, Tx, person::PersonId};

/// How far somebody is, and when they last did something.
pub async fn get(tx: &mut Tx, person_id: PersonId) -> Result<Option<(i64, i64)>> {
    Ok(sqlx::query_as("select step, since_ms from practice where person_id = $1")
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// Begins, or goes on.
pub async fn set(tx: &mut Tx, person_id: PersonId, step: i64, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into practice (person_id, step, since_ms) values ($1, $2, $3)
         on conflict (person_id) do update set step = excluded.step, since_ms = excluded.since_ms",
    )
    .bind(person_id)
    .bind(step)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Ends it.
pub async fn end(tx: &mut Tx, person_id: PersonId) -> Result<()> {
    sqlx::query("delete from practice where person_id = $1").bind(person_id).execute(tx.connection()).await?;
    Ok(())
}
