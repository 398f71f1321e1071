//! Questions that are answered by one digit.

use crate::{Result, Tx, person::PersonId};

/// A question that is open.
#[derive(Clone, Debug)]
pub struct Question {
    /// What the digits stand for, the first for 1.
    pub options: Vec<String>,
    /// The command to repeat with the choice.
    pub text: String,
    /// When it was asked.
    pub asked_at_ms: i64,
}

/// Asks; an older question of this person in this room is forgotten.
pub async fn ask(
    tx: &mut Tx,
    room_id: &str,
    person_id: PersonId,
    options: &[String],
    text: &str,
    now_ms: i64,
) -> Result<()> {
    sqlx::query(
        "insert into question (room_id, person_id, options, text, asked_at_ms) values ($1, $2, $3, $4, $5)
         on conflict (room_id, person_id) do update
         set options = excluded.options, text = excluded.text, asked_at_ms = excluded.asked_at_ms",
    )
    .bind(room_id)
    .bind(person_id)
    .bind(serde_json::to_string(options)?)
    .bind(text)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The open question of this person in this room.
pub async fn get(tx: &mut Tx, room_id: &str, person_id: PersonId) -> Result<Option<Question>> {
    let row: Option<(String, String, i64)> =
        sqlx::query_as("select options, text, asked_at_ms from question where room_id = $1 and person_id = $2")
            .bind(room_id)
            .bind(person_id)
            .fetch_optional(tx.connection())
            .await?;
    row.map(|(options, text, asked_at_ms)| Ok(Question { options: serde_json::from_str(&options)?, text, asked_at_ms }))
        .transpose()
}

/// Forgets the question.
pub async fn forget(tx: &mut Tx, room_id: &str, person_id: PersonId) -> Result<()> {
    sqlx::query("delete from question where room_id = $1 and person_id = $2")
        .bind(room_id)
        .bind(person_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}
