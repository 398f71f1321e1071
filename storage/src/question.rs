//! Questions that are answered by one digit, or by the words that were missing.

use crate::{Error, Result, Tx, person::PersonId};

/// What answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaits {
    /// One of the options, by its digit.
    Digit,
    /// The next thing that this person says there.
    Words,
    /// The same, but somebody else has spoken there since: only a reply to the bot is sure to be meant for it.
    Reply,
}

impl Awaits {
    /// As stored.
    fn as_str(self) -> &'static str {
        match self {
            Self::Digit => "digit",
            Self::Words => "words",
            Self::Reply => "reply",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        [Self::Digit, Self::Words, Self::Reply]
            .into_iter()
            .find(|awaits| awaits.as_str() == text)
            .ok_or(Error::Inconsistent("what a question awaits"))
    }
}

/// A question that is open.
#[derive(Clone, Debug)]
pub struct Question {
    /// What the digits stand for, the first for 1.
    pub options: Vec<String>,
    /// The command to repeat with the choice, or to complete.
    pub text: String,
    /// What answers it.
    pub awaits: Awaits,
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
    put(tx, room_id, person_id, options, text, Awaits::Digit, now_ms).await
}

/// Asks for what is missing of a command; an older question of this person in this room is forgotten.
pub async fn ask_for_words(tx: &mut Tx, room_id: &str, person_id: PersonId, text: &str, now_ms: i64) -> Result<()> {
    put(tx, room_id, person_id, &[], text, Awaits::Words, now_ms).await
}

async fn put(
    tx: &mut Tx,
    room_id: &str,
    person_id: PersonId,
    options: &[String],
    text: &str,
    awaits: Awaits,
    now_ms: i64,
) -> Result<()> {
    sqlx::query(
        "insert into question (room_id, person_id, options, text, awaits, asked_at_ms) values ($1, $2, $3, $4, $5, $6)
         on conflict (room_id, person_id) do update
         set options = excluded.options, text = excluded.text, awaits = excluded.awaits,
             asked_at_ms = excluded.asked_at_ms",
    )
    .bind(room_id)
    .bind(person_id)
    .bind(serde_json::to_string(options)?)
    .bind(text)
    .bind(awaits.as_str())
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The open question of this person in this room.
pub async fn get(tx: &mut Tx, room_id: &str, person_id: PersonId) -> Result<Option<Question>> {
    let row: Option<(String, String, String, i64)> =
        sqlx::query_as("select options, text, awaits, asked_at_ms from question where room_id = $1 and person_id = $2")
            .bind(room_id)
            .bind(person_id)
            .fetch_optional(tx.connection())
            .await?;
    row.map(|(options, text, awaits, asked_at_ms)| {
        Ok(Question { options: serde_json::from_str(&options)?, text, awaits: Awaits::parse(&awaits)?, asked_at_ms })
    })
    .transpose()
}

/// Somebody has spoken in a room, as this user: whether words of theirs are awaited there. Those of whom others await words
/// must reply from now on.
pub async fn spoke(tx: &mut Tx, room_id: &str, user_id: &str) -> Result<bool> {
    let asked: Vec<(PersonId, String, String)> = sqlx::query_as(
        "select question.person_id, user_id, awaits from question join person using (person_id)
         where room_id = $1 and awaits <> 'digit'",
    )
    .bind(room_id)
    .fetch_all(tx.connection())
    .await?;
    for (person_id, asked, awaits) in &asked {
        if asked != user_id && awaits == Awaits::Words.as_str() {
            sqlx::query("update question set awaits = 'reply' where room_id = $1 and person_id = $2")
                .bind(room_id)
                .bind(person_id)
                .execute(tx.connection())
                .await?;
        }
    }
    Ok(asked.iter().any(|(_, asked, _)| asked == user_id))
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
