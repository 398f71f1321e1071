//! Whether everything in a database fits together: the file, the schema, the chain, the ledgers, items and cards. It is
//! only read, at one instant, and the bot may be running. What the rules of a feature say is checked in the `commands`
//! crate (`audit.rs`).

use std::path::Path;

use sqlx::{ConnectOptions, Connection, Row, SqlitePool, sqlite::SqliteConnectOptions, sqlite::SqlitePoolOptions};

use crate::{Error, MIGRATIONS, Result, Tx, health, journal, visit};

/// Rows are read this many at a time.
const READ_AT_ONCE: i64 = 1000;

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The table, or `file`, or `schema`.
    pub table: String,
    /// Which row of it.
    pub row: String,
    /// What is wrong with it.
    pub what: String,
}

impl Bad {
    /// Something wrong.
    pub fn new(table: &str, row: impl Into<String>, what: impl Into<String>) -> Self {
        Self { table: table.to_owned(), row: row.into(), what: what.into() }
    }
}

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.table.as_str(), self.row.as_str()) {
            (table, "") => write!(f, "{table}: {}", self.what),
            (table, row) => write!(f, "{table}, row {row}: {}", self.what),
        }
    }
}

/// Something that was looked at, and how many of them there were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// What, in the plural.
    pub what: &'static str,
    /// How many.
    pub count: i64,
}

/// All that was looked at, or the first thing that is wrong.
pub type Verdict<T = ()> = std::result::Result<T, Bad>;

/// A database that is being verified: one snapshot of it, which never changes while it is looked at.
#[derive(Debug)]
pub struct Books {
    /// Inside which it is read.
    pub tx: Tx,
    pool: SqlitePool,
    /// What has been looked at.
    pub looked: Vec<Looked>,
    /// The newest migration that the database has seen.
    pub schema: i64,
}

impl Books {
    /// Opens a file for reading.
    pub async fn open(path: &Path) -> Result<Self> {
        health::look(path)?;
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(visit::options(path)).await?;
        if let Some(error) = health::newer(&pool).await? {
            return Err(error);
        }
        let tx =
            Tx { inner: pool.begin().await?, writer: pool.clone(), scrub: false, epoch: std::sync::Arc::default() };
        Ok(Self { tx, pool, looked: Vec::new(), schema: 0 })
    }

    /// Closes it.
    pub async fn close(self) -> Result<()> {
        self.tx.roll_back().await?;
        self.pool.close().await;
        Ok(())
    }

    /// Notes that so many were looked at.
    pub fn note(&mut self, what: &'static str, count: i64) {
        self.looked.push(Looked { what, count });
    }

    async fn has(&mut self, table: &str) -> Result<bool> {
        let row: Option<i64> = sqlx::query_scalar("select 1 from sqlite_schema where type = 'table' and name = $1")
            .bind(table)
            .fetch_optional(self.tx.connection())
            .await?;
        Ok(row.is_some())
    }

    async fn count(&mut self, table: &str) -> Result<i64> {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        Ok(sqlx::query_scalar(sql).fetch_one(self.tx.connection()).await?)
    }

    /// The first row that this statement finds is bad: its columns are the row and what is wrong with it.
    async fn none(&mut self, table: &'static str, sql: &'static str) -> Result<Verdict> {
        let found: Option<(String, String)> = sqlx::query_as(sql).fetch_optional(self.tx.connection()).await?;
        Ok(match found {
            Some((row, what)) => Err(Bad::new(table, row, what)),
            None => Ok(()),
        })
    }

    /// Everything that can be seen without knowing the rules of the features.
    pub async fn look(&mut self) -> Result<Verdict> {
        macro_rules! good {
            ($look:expr) => {
                match $look {
                    Ok(found) => found,
                    Err(bad) => return Ok(Err(bad)),
                }
            };
        }
        good!(self.file().await?);
        good!(self.schema().await?);
        good!(self.references().await?);
        if self.has("journal").await? {
            good!(self.chains().await?);
            good!(self.ledgers().await?);
        }
        if self.has("item").await? {
            good!(self.items().await?);
            good!(self.cards().await?);
        }
        Ok(Ok(()))
    }

    async fn file(&mut self) -> Result<Verdict> {
        let found: String = sqlx::query_scalar("pragma integrity_check(1)").fetch_one(self.tx.connection()).await?;
        if found != "ok" {
            return Ok(Err(Bad::new("file", "", found.replace(['\n', '\r'], " "))));
        }
        let pages: i64 = sqlx::query_scalar("pragma page_count").fetch_one(self.tx.connection()).await?;
        self.note("pages", pages);
        Ok(Ok(()))
    }

    /// Tables, indices and triggers are those that the migrations make which the database has seen.
    async fn schema(&mut self) -> Result<Verdict> {
        if !self.has("_sqlx_migrations").await? {
            return Ok(Err(Bad::new("schema", "", "it holds nothing of ours")));
        }
        let seen: Vec<(i64, bool, Vec<u8>)> =
            sqlx::query_as("select version, success, checksum from _sqlx_migrations order by version")
                .fetch_all(self.tx.connection())
                .await?;
        let mut fresh = SqliteConnectOptions::new().in_memory(true).connect().await?;
        for (version, success, checksum) in &seen {
            let known = MIGRATIONS.iter().find(|migration| migration.version == *version);
            let Some(known) = known.filter(|known| *success && known.checksum.as_ref() == checksum.as_slice()) else {
                let what = "this migration is unfinished, or not the one that the program knows";
                return Ok(Err(Bad::new("_sqlx_migrations", version.to_string(), what)));
            };
            sqlx::raw_sql(known.sql.clone()).execute(&mut fresh).await?;
        }
        let made = "select type, name, sql from sqlite_schema
                    where name not like 'sqlite\\_%' escape '\\' and name <> '_sqlx_migrations' order by type, name";
        let expected: Vec<(String, String, Option<String>)> = sqlx::query_as(made).fetch_all(&mut fresh).await?;
        fresh.close().await?;
        let found: Vec<(String, String, Option<String>)> = sqlx::query_as(made).fetch_all(self.tx.connection()).await?;
        if let Some((kind, name, _)) = expected.iter().find(|part| !found.contains(part)) {
            return Ok(Err(Bad::new("schema", name.clone(), format!("the {kind} is missing or another"))));
        }
        if let Some((kind, name, _)) = found.iter().find(|part| !expected.contains(part)) {
            return Ok(Err(Bad::new("schema", name.clone(), format!("the {kind} isn't the program's"))));
        }
        self.schema = seen.iter().map(|(version, ..)| *version).max().unwrap_or_default();
        self.note("migrations", seen.len() as i64);
        self.note("tables, indices and triggers", expected.len() as i64);
        Ok(Ok(()))
    }

    async fn references(&mut self) -> Result<Verdict> {
        let found = sqlx::query("pragma foreign_key_check").fetch_optional(self.tx.connection()).await?;
        if let Some(found) = found {
            let (table, row, parent): (String, Option<i64>, String) =
                (found.try_get(0)?, found.try_get(1)?, found.try_get(2)?);
            let row = row.map(|row| row.to_string()).unwrap_or_default();
            return Ok(Err(Bad::new(&table, row, format!("names a row of {parent} that isn't there"))));
        }
        let tables: Vec<String> = sqlx::query_scalar(
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'",
        )
        .fetch_all(self.tx.connection())
        .await?;
        let mut rows = 0;
        for table in tables {
            rows += self.count(&table).await?;
        }
        self.note("rows, each with the rows it names", rows);
        Ok(Ok(()))
    }

    async fn chains(&mut self) -> Result<Verdict> {
        let communities: Vec<String> = sqlx::query_scalar("select distinct community_id from journal order by 1")
            .fetch_all(self.tx.connection())
            .await?;
        let mut links = 0;
        for community in &communities {
            match journal::verify_in(&mut self.tx, community).await? {
                Ok(count) => links += count,
                Err(sequence) => {
                    let row = format!("{sequence} of {community}");
                    return Ok(Err(Bad::new("journal", row, "doesn't fit the link before it, or what it holds")));
                }
            }
        }
        self.note("links of the journal", links);
        Ok(Ok(()))
    }

    async fn ledgers(&mut self) -> Result<Verdict> {
        let transfers = match self.transfers().await? {
            Ok(count) => count,
            Err(bad) => return Ok(Err(bad)),
        };
        let unpaid = self
            .none(
                "journal",
                "select j.sequence || ' of ' || j.community_id, 'tells of a transfer that the ledger doesn''t have once'
                 from journal j where j.kind = 'ledger.transfer' and 1 <> (
                   select count(*) from transfer t where t.community_id = j.community_id and t.journal_sequence = j.sequence)
                 order by j.community_id, j.sequence limit 1",
            )
            .await?;
        if unpaid.is_err() {
            return Ok(unpaid);
        }
        let balances = "select a.account_id, a.community_id, a.currency, a.kind,
                   coalesce((select sum(amount) from transfer where credit_account_id = a.account_id), 0)
                 - coalesce((select sum(amount) from transfer where debit_account_id = a.account_id), 0) as balance
               from account a";
        let sums: Vec<(String, String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select community_id, currency, cast(sum(balance) as bigint) from ({balances}) group by community_id, currency"
        )))
        .fetch_all(self.tx.connection())
        .await?;
        if let Some((community, currency, sum)) = sums.iter().find(|(.., sum)| *sum != 0) {
            let what = format!("the accounts of the ledger add up to {sum} and not to 0");
            return Ok(Err(Bad::new("account", format!("{currency} of {community}"), what)));
        }
        let below: Option<(i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select account_id, balance from ({balances}) where kind = 'person' and balance < 0 order by 1 limit 1"
        )))
        .fetch_optional(self.tx.connection())
        .await?;
        if let Some((account, balance)) = below {
            return Ok(Err(Bad::new("account", account.to_string(), format!("a person has {balance}"))));
        }
        self.note("ledgers that add up to 0", sums.len() as i64);
        self.note("transfers, each with its link of the journal", transfers);
        Ok(Ok(()))
    }

    /// Each transfer tells the same as its link of the journal.
    async fn transfers(&mut self) -> Result<Verdict<i64>> {
        let (mut count, mut after) = (0, i64::MIN);
        loop {
            let some: Vec<LinkedTransfer> = sqlx::query_as(
                "select t.transfer_id, t.rule, t.debit_account_id, t.credit_account_id, t.amount,
                   j.kind = 'ledger.transfer' as is_transfer, j.at_ms = t.at_ms and j.number = t.number as same_deed,
                   d.community_id = t.community_id and c.community_id = t.community_id
                     and d.currency = t.currency and c.currency = t.currency as same_ledger, p.payload
                 from transfer t
                 join journal j on j.community_id = t.community_id and j.sequence = t.journal_sequence
                 join account d on d.account_id = t.debit_account_id
                 join account c on c.account_id = t.credit_account_id
                 left join journal_payload p on p.community_id = j.community_id and p.sequence = j.sequence
                 where t.transfer_id > $1 order by t.transfer_id limit $2",
            )
            .bind(after)
            .bind(READ_AT_ONCE)
            .fetch_all(self.tx.connection())
            .await?;
            let Some(last) = some.last() else { return Ok(Ok(count)) };
            after = last.transfer_id;
            for transfer in some {
                if let Some(what) = transfer.wrong() {
                    return Ok(Err(Bad::new("transfer", transfer.transfer_id.to_string(), what)));
                }
                count += 1;
            }
        }
    }

    async fn items(&mut self) -> Result<Verdict> {
        let beyond = self
            .none(
                "community",
                "select c.community_id, 'would give number ' || c.next_number || ' again' from community c
                 where exists (select 1 from item where item.community_id = c.community_id
                   and item.number >= c.next_number) order by 1 limit 1",
            )
            .await?;
        if beyond.is_err() {
            return Ok(beyond);
        }
        let kinds: Vec<String> =
            sqlx::query_scalar("select distinct kind from item order by 1").fetch_all(self.tx.connection()).await?;
        for kind in kinds {
            if !kind.chars().all(|c| c.is_ascii_lowercase() || c == '_') || !self.has(&kind).await? {
                return Ok(Err(Bad::new("item", kind.clone(), "a kind that nobody knows")));
            }
            let sql = format!(
                "select i.number || ' of ' || i.community_id from item i where i.kind = '{kind}' and not exists (
                   select 1 from {kind} x where x.community_id = i.community_id and x.number = i.number)
                 order by 1 limit 1"
            );
            let found: Option<String> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_optional(self.tx.connection()).await?;
            if let Some(row) = found {
                return Ok(Err(Bad::new("item", row, format!("its row of {kind} isn't there"))));
            }
        }
        let items = self.count("item").await?;
        self.note("numbered items", items);
        Ok(Ok(()))
    }

    async fn cards(&mut self) -> Result<Verdict> {
        let wrong = self
            .none(
                "card",
                "select cast(c.card_id as text), case
                   when o.kind <> 'post' then 'the message it stands for is none'
                   when c.room_id is null and c.person_id is null then 'it stands nowhere'
                   else 'it stands with somebody else than its message' end
                 from card c join outbox o on o.outbox_id = c.post_id
                 where o.kind <> 'post' or (c.room_id is null and c.person_id is null)
                   or (c.room_id is not null and o.room_id is null)
                   or (c.person_id is not null and o.person_id is not c.person_id) order by c.card_id limit 1",
            )
            .await?;
        if wrong.is_err() {
            return Ok(wrong);
        }
        // Whatever replaces a version must be there itself.
        let unshown = self
            .none(
                "outbox",
                "select cast(o.outbox_id as text), 'a version of a card gave way to another, and there is no other'
                 from outbox o where o.kind = 'edit' and o.state = 'superseded' and not exists (
                   select 1 from outbox n where n.target_id = o.target_id and n.kind = 'edit' and n.outbox_id > o.outbox_id)
                 order by o.outbox_id limit 1",
            )
            .await?;
        if unshown.is_err() {
            return Ok(unshown);
        }
        let chips = self
            .none(
                "chip",
                "select chip.key || ' under card ' || chip.card_id, 'the reaction it stands for is none, or under another message'
                 from chip join card on card.card_id = chip.card_id join outbox t on t.outbox_id = chip.tap_id
                 where t.kind <> 'tap' or t.target_id is not card.post_id order by chip.card_id, chip.key limit 1",
            )
            .await?;
        if chips.is_err() {
            return Ok(chips);
        }
        let cards = self.count("card").await?;
        self.note("cards", cards);
        Ok(Ok(()))
    }
}

/// A transfer beside its link.
#[derive(Debug, sqlx::FromRow)]
struct LinkedTransfer {
    transfer_id: i64,
    rule: String,
    debit_account_id: i64,
    credit_account_id: i64,
    amount: i64,
    is_transfer: bool,
    same_deed: bool,
    same_ledger: bool,
    payload: Option<String>,
}

impl LinkedTransfer {
    fn wrong(&self) -> Option<&'static str> {
        if !self.is_transfer {
            return Some("its link of the journal is no transfer");
        }
        if !self.same_deed {
            return Some("its link of the journal tells another time or item");
        }
        if !self.same_ledger {
            return Some("its accounts are of another ledger");
        }
        // What has been erased can't be compared.
        let told = self.payload.as_ref().and_then(|payload| serde_json::from_str::<serde_json::Value>(payload).ok())?;
        let amount = told.get("amount").and_then(serde_json::Value::as_i64)?;
        let same = amount == self.amount
            && told.get("rule").and_then(serde_json::Value::as_str) == Some(self.rule.as_str())
            && told.get("debit_account").and_then(serde_json::Value::as_i64) == Some(self.debit_account_id)
            && told.get("credit_account").and_then(serde_json::Value::as_i64) == Some(self.credit_account_id);
        (!same).then_some("its link of the journal tells other accounts or another amount")
    }
}

/// A card and what stands under it, for the check against its item.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ShownCard {
    /// Its row.
    pub card_id: i64,
    /// Its community.
    pub community_id: String,
    /// Its kind.
    pub kind: String,
    /// Of the item, or of the request.
    pub number: i64,
    /// Can still be acted on.
    pub open: bool,
    /// It stands in a room.
    pub in_room: bool,
    /// What its last version says, if that is still kept.
    pub content: Option<String>,
}

/// Cards in the order in which they were made, after this one.
pub async fn cards_after(tx: &mut Tx, card_id: i64, limit: i64) -> Result<Vec<ShownCard>> {
    Ok(sqlx::query_as(
        "select c.card_id, c.community_id, c.kind, c.number, c.open, c.room_id is not null as in_room,
           (select l.content from outbox l where l.outbox_id = coalesce(
             (select max(e.outbox_id) from outbox e where e.target_id = c.post_id and e.kind = 'edit'), c.post_id)
           ) as content
         from card c where c.card_id > $1 order by c.card_id limit $2",
    )
    .bind(card_id)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?)
}

/// All items of a kind, by community and number.
pub async fn items_of_kind(tx: &mut Tx, kind: &str) -> Result<Vec<(String, i64)>> {
    Ok(sqlx::query_as("select community_id, number from item where kind = $1 order by community_id, number")
        .bind(kind)
        .fetch_all(tx.connection())
        .await?)
}

/// Whether such a request is there.
pub async fn has_request(tx: &mut Tx, kind: &str, number: i64) -> Result<bool> {
    let sql = match kind {
        "binding_request" => "select 1 from binding_request where request_id = $1",
        _ => "select 1 from check_in where check_in_id = $1",
    };
    let row: Option<i64> = sqlx::query_scalar(sql).bind(number).fetch_optional(tx.connection()).await?;
    Ok(row.is_some())
}

/// A whole database that can't be opened is an error of its own; anything else is a verdict.
pub fn damage_as_bad(error: Error) -> Result<Bad> {
    if error.is_damage() { Ok(Bad::new("file", "", error.to_string())) } else { Err(error) }
}
