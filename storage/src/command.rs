//! What was said to the bot and what came of it, and which messages were edited. What is undone, and what an edit is
//! answered with, is decided in the `commands` crate.

use crate::{Result, Tx, person::PersonId};

/// A command that was handled.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Command {
    /// The message.
    pub event_id: String,
    /// The community it concerned.
    pub community_id: String,
    /// Who said it.
    pub person_id: PersonId,
    /// Where.
    pub room_id: String,
    /// Whose word it was.
    pub feature: String,
    /// How it began; none: taken back.
    pub text: Option<String>,
    /// JSON: what is undone; none: there is nothing to undo.
    pub deed: Option<String>,
    /// What it was about is told nobody else.
    pub private: bool,
}

const COLUMNS: &str = "event_id, community_id, person_id, room_id, feature, text, deed, private";

/// Keeps a command that was handled.
pub async fn keep(tx: &mut Tx, command: &Command, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into command (event_id, community_id, person_id, room_id, feature, text, deed, private, at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (event_id) do nothing",
    )
    .bind(&command.event_id)
    .bind(&command.community_id)
    .bind(command.person_id)
    .bind(&command.room_id)
    .bind(&command.feature)
    .bind(&command.text)
    .bind(&command.deed)
    .bind(command.private)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The command that this message was, if it was one.
pub async fn get(tx: &mut Tx, event_id: &str) -> Result<Option<Command>> {
    let sql = format!("select {COLUMNS} from command where event_id = $1");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(event_id).fetch_optional(tx.connection()).await?)
}

/// The message was taken back: its words go, and it can't be undone a second time.
pub async fn redact(tx: &mut Tx, event_id: &str) -> Result<()> {
    sqlx::query("update command set text = null, deed = null where event_id = $1")
        .bind(event_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Notes that it was said what counts of an edited message; false if it had been said before.
pub async fn told_of_edit(tx: &mut Tx, event_id: &str, reads_as_command: bool, now_ms: i64) -> Result<bool> {
    let done = sqlx::query(
        "insert into edited (event_id, reads_as_command, told, at_ms) values ($1, $2, 1, $3)
         on conflict (event_id) do update set told = 1 where edited.told = 0",
    )
    .bind(event_id)
    .bind(reads_as_command)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes an edit of a message that hasn't come in yet.
pub async fn edited_early(tx: &mut Tx, event_id: &str, reads_as_command: bool, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into edited (event_id, reads_as_command, told, at_ms) values ($1, $2, 0, $3)
         on conflict (event_id) do update set reads_as_command = excluded.reads_as_command where edited.told = 0",
    )
    .bind(event_id)
    .bind(reads_as_command)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Whether a message that comes in now was edited before, and it wasn't said yet what counts: whether its new version reads
/// as a command.
pub async fn early_edit(tx: &mut Tx, event_id: &str) -> Result<Option<bool>> {
    Ok(sqlx::query_scalar("select reads_as_command from edited where event_id = $1 and told = 0")
        .bind(event_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// Drops what is older: afterwards nothing is undone and no edit is answered any more.
pub async fn forget_before(tx: &mut Tx, before_ms: i64) -> Result<()> {
    for sql in ["delete from command where at_ms < $1", "delete from edited where at_ms < $1"] {
        sqlx::query(sql).bind(before_ms).execute(tx.connection()).await?;
    }
    Ok(())
}
