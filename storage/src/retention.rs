//! Forgetting: inbox and outbox drop people and texts after some days (ARCHITECTURE.md, Rules), reminders that are over their
//! texts. What was counted, paid or journaled stays.

use crate::{Result, Tx};

/// Drops what is older than the instant: texts of sent messages, and inbox rows that need nothing more.
pub async fn forget_before(tx: &mut Tx, before_ms: i64) -> Result<()> {
    sqlx::query(
        "update outbox set content = null, target_event_id = null
         where content is not null and state in ('sent', 'superseded', 'dropped', 'parked') and created_at_ms < $1",
    )
    .bind(before_ms)
    .execute(tx.connection())
    .await?;
    sqlx::query("delete from agenda where state <> 'waiting' and due_at_ms < $1")
        .bind(before_ms)
        .execute(tx.connection())
        .await?;
    // Whoever has been calm for days has a full bucket, with a row or without.
    sqlx::query("delete from bucket where at_ms < $1").bind(before_ms).execute(tx.connection()).await?;
    sqlx::query("delete from inbox where state in ('handled', 'refused') and first_seen_at_ms < $1")
        .bind(before_ms)
        .execute(tx.connection())
        .await?;
    sqlx::query("update reminder set text = '' where state <> 'waiting' and text <> '' and due_at_ms < $1")
        .bind(before_ms)
        .execute(tx.connection())
        .await?;
    sqlx::query("delete from question where asked_at_ms < $1").bind(before_ms).execute(tx.connection()).await?;
    for sql in [
        "delete from acted_for where at_ms < $1",
        "delete from voice_message where told_at_ms < $1",
        "delete from practice where since_ms < $1",
    ] {
        sqlx::query(sql).bind(before_ms).execute(tx.connection()).await?;
    }
    // What people who were forgotten said to something that is over can't come back any more.
    sqlx::query(
        "delete from forgotten_event where not exists (
           select 1 from card c where c.community_id = forgotten_event.community_id
             and c.number = forgotten_event.number and c.open = 1)
         and not exists (
           select 1 from poll p where p.community_id = forgotten_event.community_id
             and p.number = forgotten_event.number and p.state <> 'announced')",
    )
    .execute(tx.connection())
    .await?;
    tx.scrub_after_commit();
    sqlx::query("delete from lost_echo where said_at_ms < $1").bind(before_ms).execute(tx.connection()).await?;
    crate::command::forget_before(tx, before_ms).await
}
