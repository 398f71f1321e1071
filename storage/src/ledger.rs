//! Double entry: accounts, and transfers between two of them. Rows are never changed; every transfer is a link of
//! the community's journal. Which deed earns what is decided in the `commands` crate.

use crate::{Result, Storage, Tx, journal, person::PersonId};

/// What one transfer says.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// The community whose ledger it is.
    pub community_id: &'a str,
    /// For example `points`.
    pub currency: &'a str,
    /// For example `wish_fulfilled`.
    pub rule: &'a str,
    /// The item it is earned with.
    pub number: i64,
    /// Pseudonym of who earns.
    pub pseudonym: &'a [u8],
    /// How much, above 0.
    pub amount: i64,
    /// When.
    pub at_ms: i64,
    /// The event that caused it.
    pub cause: &'a str,
    /// 16 random bytes for the journal.
    pub salt: [u8; 16],
}

/// One line of somebody's history.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    /// What it was for.
    pub rule: String,
    /// The item it was earned with.
    pub number: i64,
    /// Above 0: received; below: given.
    pub amount: i64,
    /// When.
    pub at_ms: i64,
}

async fn account(tx: &mut Tx, community_id: &str, currency: &str, pseudonym: Option<&[u8]>) -> Result<i64> {
    // The indices are over accounts of one kind each.
    let known: Option<i64> = match pseudonym {
        Some(pseudonym) => {
            sqlx::query_scalar(
                "select account_id from account
                 where community_id = $1 and currency = $2 and kind = 'person' and pseudonym = $3",
            )
            .bind(community_id)
            .bind(currency)
            .bind(pseudonym)
            .fetch_optional(tx.connection())
            .await?
        }
        None => {
            sqlx::query_scalar(
                "select account_id from account where community_id = $1 and currency = $2 and kind = 'issuer'",
            )
            .bind(community_id)
            .bind(currency)
            .fetch_optional(tx.connection())
            .await?
        }
    };
    if let Some(account_id) = known {
        return Ok(account_id);
    }
    Ok(sqlx::query_scalar(
        "insert into account (community_id, currency, kind, pseudonym) values ($1, $2, $3, $4) returning account_id",
    )
    .bind(community_id)
    .bind(currency)
    .bind(if pseudonym.is_some() { "person" } else { "issuer" })
    .bind(pseudonym)
    .fetch_one(tx.connection())
    .await?)
}

/// Pays from the issuer to a person. The key (rule, item, person) pays once: false if it already has.
pub async fn pay(tx: &mut Tx, grant: Grant<'_>) -> Result<bool> {
    let issuer = account(tx, grant.community_id, grant.currency, None).await?;
    let holder = account(tx, grant.community_id, grant.currency, Some(grant.pseudonym)).await?;
    let paid: Option<i64> = sqlx::query_scalar(
        "select transfer_id from transfer
         where community_id = $1 and rule = $2 and number = $3 and credit_account_id = $4",
    )
    .bind(grant.community_id)
    .bind(grant.rule)
    .bind(grant.number)
    .bind(holder)
    .fetch_optional(tx.connection())
    .await?;
    if paid.is_some() {
        return Ok(false);
    }
    let payload = serde_json::json!({
        "currency": grant.currency,
        "rule": grant.rule,
        "debit_account": issuer,
        "credit_account": holder,
        "amount": grant.amount,
    })
    .to_string();
    let journal_sequence = journal::append(
        tx,
        journal::Entry {
            community_id: grant.community_id,
            kind: "ledger.transfer",
            number: Some(grant.number),
            pseudonym: Some(grant.pseudonym),
            proxy: None,
            at_ms: grant.at_ms,
            payload: &payload,
            cause: grant.cause,
            salt: grant.salt,
        },
    )
    .await?;
    sqlx::query(
        "insert into transfer (community_id, currency, rule, number, debit_account_id, credit_account_id, amount, at_ms,
         journal_sequence) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(grant.community_id)
    .bind(grant.currency)
    .bind(grant.rule)
    .bind(grant.number)
    .bind(issuer)
    .bind(holder)
    .bind(grant.amount)
    .bind(grant.at_ms)
    .bind(journal_sequence)
    .execute(tx.connection())
    .await?;
    Ok(true)
}

/// How often a rule has paid a person in a span of time.
pub async fn payments_in(
    tx: &mut Tx,
    community_id: &str,
    currency: &str,
    rule: &str,
    pseudonym: &[u8],
    span_ms: std::ops::Range<i64>,
) -> Result<i64> {
    let holder = account(tx, community_id, currency, Some(pseudonym)).await?;
    Ok(sqlx::query_scalar(
        "select count(*) from transfer
         where credit_account_id = $1 and rule = $2 and at_ms >= $3 and at_ms < $4",
    )
    .bind(holder)
    .bind(rule)
    .bind(span_ms.start)
    .bind(span_ms.end)
    .fetch_one(tx.connection())
    .await?)
}

/// What a person has: credits less debits.
pub async fn balance(tx: &mut Tx, community_id: &str, currency: &str, pseudonym: &[u8]) -> Result<i64> {
    let holder = account(tx, community_id, currency, Some(pseudonym)).await?;
    Ok(sqlx::query_scalar(
        "select cast(coalesce((select sum(amount) from transfer where credit_account_id = $1), 0)
               - coalesce((select sum(amount) from transfer where debit_account_id = $1), 0) as bigint)",
    )
    .bind(holder)
    .fetch_one(tx.connection())
    .await?)
}

/// The last lines of a person's history, newest first.
pub async fn history(
    tx: &mut Tx,
    community_id: &str,
    currency: &str,
    pseudonym: &[u8],
    limit: i64,
) -> Result<Vec<Line>> {
    let holder = account(tx, community_id, currency, Some(pseudonym)).await?;
    Ok(sqlx::query_as(
        "select rule, number, case when credit_account_id = $1 then amount else -amount end as amount, at_ms
         from transfer where credit_account_id = $1 or debit_account_id = $1 order by transfer_id desc limit $2",
    )
    .bind(holder)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?)
}

/// The sum over all accounts of every ledger, which must be 0, and the number of transfers.
pub async fn trial_balance(storage: &Storage) -> Result<(i64, i64)> {
    Ok(sqlx::query_as(
        "select cast(coalesce(sum(balance), 0) as bigint), (select count(*) from transfer) from (
           select coalesce((select sum(amount) from transfer where credit_account_id = account_id), 0)
                - coalesce((select sum(amount) from transfer where debit_account_id = account_id), 0) as balance
           from account)",
    )
    .fetch_one(storage.reader())
    .await?)
}

/// Chooses to be named in the ranking; false if chosen before.
pub async fn enter_ranking(tx: &mut Tx, community_id: &str, person_id: PersonId, now_ms: i64) -> Result<bool> {
    let done = sqlx::query(
        "insert into ranked (community_id, person_id, since_ms) values ($1, $2, $3) on conflict do nothing",
    )
    .bind(community_id)
    .bind(person_id)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes that back; false if it hadn't been chosen.
pub async fn leave_ranking(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<bool> {
    let done = sqlx::query("delete from ranked where community_id = $1 and person_id = $2")
        .bind(community_id)
        .bind(person_id)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Somebody's place among all who have points.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// 1 for the most; those with as much share a place.
    pub place: i64,
    /// Who.
    pub person_id: PersonId,
    /// As shown.
    pub display_name: String,
    /// Chose to be named.
    pub named: bool,
}

/// Everybody with points in the order of their balance; those with as much, in the order in which they reached it.
pub async fn standings(tx: &mut Tx, community_id: &str, currency: &str) -> Result<Vec<Standing>> {
    Ok(sqlx::query_as(
        "select rank() over (order by balance desc) as place, person_id, display_name,
           ranked.person_id is not null as named
         from (
           select s.person_id, person.display_name, s.community_id, max(t.transfer_id) as latest,
             sum(case when t.credit_account_id = a.account_id then t.amount else -t.amount end) as balance
           from account a
           join pseudonym s on s.pseudonym = a.pseudonym and s.community_id = a.community_id
           join person on person.person_id = s.person_id
           join transfer t on t.credit_account_id = a.account_id or t.debit_account_id = a.account_id
           where a.community_id = $1 and a.currency = $2
           group by s.person_id, person.display_name, s.community_id
         ) sums
         left join ranked using (community_id, person_id)
         where balance > 0 order by place, latest, person_id",
    )
    .bind(community_id)
    .bind(currency)
    .fetch_all(tx.connection())
    .await?)
}
