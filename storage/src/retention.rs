//! Forgetting: inbox and outbox drop people and texts after some days (ARCHITECTURE.md, Rules). What was counted, paid or
//! journaled stays.

use crate::{Result, Tx};

/// Drops what is older than the instant: texts of sent messages, and inbox rows that need nothing more.
pub async fn forget_before(tx: &mut Tx, before_ms: i64) -> Result<()> {
    sqlx::query(
        "update outbox set content = null
         where content is not null and state in ('sent', 'superseded', 'dropped') and created_at_ms < $1",
    )
    .bind(before_ms)
    .execute(tx.connection())
    .await?;
    sqlx::query("delete from agenda where state <> 'waiting' and due_at_ms < $1")
        .bind(before_ms)
        .execute(tx.connection())
        .await?;
    sqlx::query("delete from inbox where state in ('handled', 'refused') and first_seen_at_ms < $1")
        .bind(before_ms)
        .execute(tx.connection())
        .await?;
    Ok(())
}
