//! Rows of tasks for party members and what each of them said. What an answer changes is decided in
//! `commands/src/task/rules.rs`.

use crate::{
    Result, Tx,
    person::{Person, PersonId},
};

/// The row of a task.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TaskRow {
    /// Its number.
    pub number: i64,
    /// The room whose captain asks.
    pub room_id: String,
    /// Who asks.
    pub starter_id: PersonId,
    /// What is to be done.
    pub text: String,
    /// When it begins.
    pub starts_at_ms: i64,
    /// `minute`, `half_day` or `day`: how exactly the time was said.
    pub grain: String,
    /// How many are needed; none: as many as like.
    pub places: Option<i64>,
    /// `waiting` for the evening window, `sent` or `cancelled`.
    pub state: String,
}

/// What somebody said to a task.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AnswerRow {
    /// Who.
    pub person_id: PersonId,
    /// `silent`, `accepted` or `declined`.
    pub answer: String,
    /// When; none: not yet.
    pub answered_at_ms: Option<i64>,
}

const COLUMNS: &str = "number, room_id, starter_id, text, starts_at_ms, grain, places, state";

/// Stores a new task; its item must exist.
pub async fn create(tx: &mut Tx, community_id: &str, row: &TaskRow, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into task (community_id, number, room_id, starter_id, text, starts_at_ms, grain, places, state,
         posted_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(community_id)
    .bind(row.number)
    .bind(&row.room_id)
    .bind(row.starter_id)
    .bind(&row.text)
    .bind(row.starts_at_ms)
    .bind(&row.grain)
    .bind(row.places)
    .bind(&row.state)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The task with this number.
pub async fn get(tx: &mut Tx, community_id: &str, number: i64) -> Result<Option<TaskRow>> {
    let sql = format!("select {COLUMNS} from task where community_id = $1 and number = $2");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(community_id).bind(number).fetch_optional(tx.connection()).await?)
}

/// Tasks of a person that can still be answered, the newest first.
pub async fn open_for(
    tx: &mut Tx,
    community_id: &str,
    person_id: PersonId,
    now_ms: i64,
    limit: i64,
) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar(
        "select number from task_answer join task using (community_id, number)
         where community_id = $1 and person_id = $2 and state = 'sent' and starts_at_ms > $3
         order by number desc limit $4",
    )
    .bind(community_id)
    .bind(person_id)
    .bind(now_ms)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?)
}

/// Writes the state.
pub async fn set_state(tx: &mut Tx, community_id: &str, number: i64, state: &str) -> Result<()> {
    sqlx::query("update task set state = $3 where community_id = $1 and number = $2")
        .bind(community_id)
        .bind(number)
        .bind(state)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Notes that somebody is asked; false if they have been before.
pub async fn ask(tx: &mut Tx, community_id: &str, number: i64, person_id: PersonId) -> Result<bool> {
    let done = sqlx::query(
        "insert into task_answer (community_id, number, person_id, answer) values ($1, $2, $3, 'silent')
         on conflict do nothing",
    )
    .bind(community_id)
    .bind(number)
    .bind(person_id)
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What everybody who was asked has said, by person.
pub async fn answers(tx: &mut Tx, community_id: &str, number: i64) -> Result<Vec<AnswerRow>> {
    Ok(sqlx::query_as(
        "select person_id, answer, answered_at_ms from task_answer where community_id = $1 and number = $2
         order by person_id",
    )
    .bind(community_id)
    .bind(number)
    .fetch_all(tx.connection())
    .await?)
}

/// Those who gave this answer, in the order in which they did, then by name.
pub async fn people(tx: &mut Tx, community_id: &str, number: i64, answer: &str) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person_id, user_id, display_name from task_answer join person using (person_id)
         where community_id = $1 and number = $2 and answer = $3 order by answered_at_ms, display_name, person_id",
    )
    .bind(community_id)
    .bind(number)
    .bind(answer)
    .fetch_all(tx.connection())
    .await?)
}

/// Writes what somebody said.
pub async fn set_answer(
    tx: &mut Tx,
    community_id: &str,
    number: i64,
    person_id: PersonId,
    answer: &str,
    now_ms: i64,
) -> Result<()> {
    sqlx::query(
        "update task_answer set answer = $4, answered_at_ms = $5
         where community_id = $1 and number = $2 and person_id = $3",
    )
    .bind(community_id)
    .bind(number)
    .bind(person_id)
    .bind(answer)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Somebody isn't among those any more who were asked.
pub async fn unask(tx: &mut Tx, community_id: &str, number: i64, person_id: PersonId) -> Result<()> {
    sqlx::query("delete from task_answer where community_id = $1 and number = $2 and person_id = $3")
        .bind(community_id)
        .bind(number)
        .bind(person_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Those who haven't answered and haven't been asked a second time; notes that they are now.
pub async fn follow_up(tx: &mut Tx, community_id: &str, number: i64) -> Result<Vec<PersonId>> {
    let people = sqlx::query_scalar(
        "select person_id from task_answer
         where community_id = $1 and number = $2 and answer = 'silent' and followed_up = 0 order by person_id",
    )
    .bind(community_id)
    .bind(number)
    .fetch_all(tx.connection())
    .await?;
    sqlx::query("update task_answer set followed_up = 1 where community_id = $1 and number = $2 and answer = 'silent'")
        .bind(community_id)
        .bind(number)
        .execute(tx.connection())
        .await?;
    Ok(people)
}

/// Forgets the words of a task that was taken back.
pub async fn forget_text(tx: &mut Tx, community_id: &str, number: i64, instead: &str) -> Result<()> {
    sqlx::query("update task set text = $3 where community_id = $1 and number = $2")
        .bind(community_id)
        .bind(number)
        .bind(instead)
        .execute(tx.connection())
        .await?;
    Ok(())
}
