//! What is counted for whoever watches the bot: how much waits, how long, and whether the ledgers add up. Numbers only.

use std::collections::BTreeMap;

use crate::{Result, Storage};

/// Rows that wait to be sent, of one kind: asked for by a person, or kept for the evenings of one community.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Queue {
    /// They are sent only while the evening window of this community is open; none: at any hour.
    pub unasked_in: Option<String>,
    /// How many.
    pub rows: i64,
    /// When the oldest of them was written.
    pub oldest_at_ms: i64,
}

/// How much waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// To be sent.
    pub queues: Vec<Queue>,
    /// Can never be sent, and kept for a steward to see.
    pub parked: i64,
    /// Events that can't be read until their key comes.
    pub undecryptable: i64,
    /// What falls due later.
    pub agenda: i64,
}

/// Counts.
pub async fn figures(storage: &Storage) -> Result<Figures> {
    let queues = sqlx::query_as(
        "select unasked_in, count(*) as rows, min(created_at_ms) as oldest_at_ms
         from outbox where state = 'queued' group by unasked_in",
    )
    .fetch_all(storage.reader())
    .await?;
    let (parked, undecryptable, agenda) = sqlx::query_as(
        "select (select count(*) from outbox where state = 'parked'),
           (select count(*) from inbox where state = 'waiting' and raw is not null),
           (select count(*) from agenda where state = 'waiting')",
    )
    .fetch_one(storage.reader())
    .await?;
    Ok(Figures { queues, parked, undecryptable, agenda })
}

/// The sums of all ledgers, kept up to date: transfers are never changed, so only those that are new are read.
#[derive(Clone, Debug, Default)]
pub struct LedgerSums {
    read_up_to: i64,
    sums: BTreeMap<(String, String), i64>,
}

impl LedgerSums {
    /// Community, currency and what all accounts of that ledger add up to, which must be 0.
    pub async fn read(&mut self, storage: &Storage) -> Result<&BTreeMap<(String, String), i64>> {
        let newest: i64 = sqlx::query_scalar("select coalesce(max(transfer_id), 0) from transfer")
            .fetch_one(storage.reader())
            .await?;
        if newest < self.read_up_to {
            // Another database than before.
            *self = Self::default();
        }
        let added: Vec<(String, String, i64)> = sqlx::query_as(
            "select account.community_id, account.currency, sum(entry.amount) from (
               select credit_account_id as account_id, amount from transfer where transfer_id > $1 and transfer_id <= $2
               union all
               select debit_account_id, -amount from transfer where transfer_id > $1 and transfer_id <= $2) entry
             join account on account.account_id = entry.account_id
             group by account.community_id, account.currency",
        )
        .bind(self.read_up_to)
        .bind(newest)
        .fetch_all(storage.reader())
        .await?;
        for (community_id, currency, amount) in added {
            *self.sums.entry((community_id, currency)).or_default() += amount;
        }
        self.read_up_to = newest;
        Ok(&self.sums)
    }
}

/// When the event was first seen that caused a row, if the row is the answer to one.
pub async fn answers_event_seen_at_ms(storage: &Storage, outbox_id: i64) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar(
        "select inbox.first_seen_at_ms from outbox join inbox on inbox.event_id = outbox.cause
         where outbox.outbox_id = $1 and outbox.unasked_in is null",
    )
    .bind(outbox_id)
    .fetch_optional(storage.reader())
    .await?)
}
