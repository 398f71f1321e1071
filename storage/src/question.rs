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
    /// The room that was chosen before.
    pub chosen_room_id: Option<String>,
    /// The row of the outbox that asked, if chips stand under it.
    pub post_id: Option<i64>,
    /// When it was asked.
    pub asked_at_ms: i64,
}

/// A question to be asked: a digit answers it.
#[derive(Clone, Copy, Debug)]
pub struct NewQuestion<'a> {
    /// What the digits stand for, the first for 1.
    pub options: &'a [String],
    /// The command to repeat with the choice.
    pub text: &'a str,
    /// The room that was chosen before.
    pub chosen_room_id: Option<&'a str>,
    /// The row of the outbox that asks, if chips stand under it.
    pub post_id: Option<i64>,
}

/// Asks; an older question of this person in this room is forgotten.
pub async fn ask(
    tx: &mut Tx,
    room_id: &str,
    person_id: PersonId,
    question: NewQuestion<'_>,
    now_ms: i64,
) -> Result<()> {
    put(tx, room_id, person_id, question, Awaits::Digit, now_ms).await
}

/// Asks for what is missing of a command; an older question of this person in this room is forgotten.
pub async fn ask_for_words(
    tx: &mut Tx,
    room_id: &str,
    person_id: PersonId,
    text: &str,
    chosen_room_id: Option<&str>,
    now_ms: i64,
) -> Result<()> {
    let question = NewQuestion { options: &[], text, chosen_room_id, post_id: None };
    put(tx, room_id, person_id, question, Awaits::Words, now_ms).await
}

async fn put(
    tx: &mut Tx,
    room_id: &str,
    person_id: PersonId,
    question: NewQuestion<'_>,
    awaits: Awaits,
    now_ms: i64,
) -> Result<()> {
    sqlx::query(
        "insert into question (room_id, person_id, options, text, awaits, chosen_room_id, post_id, asked_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (room_id, person_id) do update
         set options = excluded.options, text = excluded.text, awaits = excluded.awaits,
             chosen_room_id = excluded.chosen_room_id, post_id = excluded.post_id,
             asked_at_ms = excluded.asked_at_ms",
    )
    .bind(room_id)
    .bind(person_id)
    .bind(serde_json::to_string(question.options)?)
    .bind(question.text)
    .bind(awaits.as_str())
    .bind(question.chosen_room_id)
    .bind(question.post_id)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A row as it is stored.
#[derive(sqlx::FromRow)]
struct Row {
    options: String,
    text: String,
    awaits: String,
    chosen_room_id: Option<String>,
    post_id: Option<i64>,
    asked_at_ms: i64,
}

impl Row {
    fn question(self) -> Result<Question> {
        Ok(Question {
            options: serde_json::from_str(&self.options)?,
            text: self.text,
            awaits: Awaits::parse(&self.awaits)?,
            chosen_room_id: self.chosen_room_id,
            post_id: self.post_id,
            asked_at_ms: self.asked_at_ms,
        })
    }
}

/// The open question of this person in this room.
pub async fn get(tx: &mut Tx, room_id: &str, person_id: PersonId) -> Result<Option<Question>> {
    let row: Option<Row> = sqlx::query_as(
        "select options, text, awaits, chosen_room_id, post_id, asked_at_ms from question
         where room_id = $1 and person_id = $2",
    )
    .bind(room_id)
    .bind(person_id)
    .fetch_optional(tx.connection())
    .await?;
    row.map(Row::question).transpose()
}

/// Where the question is kept that was asked of this user by the message which the homeserver knows under this event id.
pub async fn asked_by(tx: &mut Tx, event_id: &str, user_id: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar(
        "select question.room_id from outbox
         join question on question.post_id = outbox.outbox_id
         join person on person.person_id = question.person_id
         where outbox.event_id = $1 and person.user_id = $2",
    )
    .bind(event_id)
    .bind(user_id)
    .fetch_optional(tx.connection())
    .await?)
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
