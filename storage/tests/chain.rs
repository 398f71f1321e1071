//! Journal and ledger: rows stay as they are, whatever is changed by force is found, what is erased is not missed.

use lamplighter_storage::{
    Location, Storage, Tx,
    journal::{self, Entry},
    ledger::{self, Grant},
    person, room,
};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};

const A: &str = "a";
const B: &str = "b";

/// A database with two chains, and a connection that knows nothing of the storage's manners.
struct Books {
    storage: Storage,
    raw: SqlitePool,
    _folder: tempfile::TempDir,
}

fn entry<'a>(community_id: &'a str, kind: &'a str, number: i64, pseudonym: &'a [u8]) -> Entry<'a> {
    Entry {
        community_id,
        kind,
        number: Some(number),
        pseudonym: Some(pseudonym),
        proxy: None,
        at_ms: 1_767_607_200_000 + number,
        payload: "{\"text\":\"修楼道灯\"}",
        cause: "$event",
        salt: [number.to_be_bytes()[7]; 16],
    }
}

fn grant<'a>(community_id: &'a str, number: i64, pseudonym: &'a [u8]) -> Grant<'a> {
    Grant {
        community_id,
        currency: "points",
        rule: "wish_fulfilled",
        number,
        pseudonym,
        amount: 10,
        at_ms: 1_767_607_200_000 + number,
        cause: "$event",
        salt: [3; 16],
    }
}

async fn pseudonym(tx: &mut Tx, community_id: &str, user_id: &str, fresh: [u8; 16]) -> Vec<u8> {
    let person = person::seen(tx, user_id, "李阿姨").await.expect("a person");
    person::pseudonym(tx, community_id, person.person_id, fresh).await.expect("a pseudonym")
}

impl Books {
    /// Six links in the chain of A, the fifth a transfer; two in the chain of B.
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lamplighter.db");
        let storage = Storage::open(Location::File(&path)).await.expect("a database");
        let mut tx = storage.begin().await.expect("a transaction");
        room::declare_communities(&mut tx, [A, B].into_iter()).await.expect("communities");
        let in_a = pseudonym(&mut tx, A, "@li:example.org", [1; 16]).await;
        let in_b = pseudonym(&mut tx, B, "@li:example.org", [2; 16]).await;
        for (kind, number) in [("wish.posted", 1), ("wish.claimed", 1), ("wish.finished", 1), ("wish.confirmed", 1)] {
            journal::append(&mut tx, entry(A, kind, number, &in_a)).await.expect("a link");
        }
        assert!(ledger::pay(&mut tx, grant(A, 1, &in_a)).await.expect("a payment"));
        journal::append(&mut tx, Entry { number: None, pseudonym: None, ..entry(A, "room.bound", 0, &[]) })
            .await
            .expect("a link");
        for number in [1, 2] {
            journal::append(&mut tx, entry(B, "wish.posted", number, &in_b)).await.expect("a link");
        }
        tx.commit().await.expect("a commit");
        let options =
            SqliteConnectOptions::new().filename(&path).foreign_keys(false).synchronous(SqliteSynchronous::Off);
        let raw = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a connection");
        Self { storage, raw, _folder: folder }
    }

    async fn run(&self, sql: &str) -> Result<u64, String> {
        let done = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&self.raw).await;
        done.map(|done| done.rows_affected()).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn must(result: Result<u64, String>) {
        assert_eq!(result, Ok(1), "one row is changed");
    }

    /// Lets rows be changed by force.
    async fn disarm(&self) {
        for trigger in ["journal_is_never_updated", "journal_is_never_deleted"] {
            self.run(&format!("drop trigger {trigger}")).await.expect("the trigger is there");
        }
    }

    async fn verify(&self, community_id: &str) -> Result<i64, i64> {
        journal::verify(&self.storage, community_id).await.expect("a database that can be read")
    }
}

#[tokio::test]
async fn journal_and_ledger_refuse_to_be_changed() {
    let books = Books::new().await;
    for (table, columns) in [
        (
            "journal",
            vec![
                "community_id",
                "sequence",
                "kind",
                "number",
                "pseudonym",
                "at_ms",
                "payload_hash",
                "previous_hash",
                "hash",
            ],
        ),
        (
            "transfer",
            vec![
                "transfer_id",
                "community_id",
                "currency",
                "rule",
                "number",
                "debit_account_id",
                "credit_account_id",
                "amount",
                "at_ms",
                "journal_sequence",
            ],
        ),
    ] {
        for column in columns {
            let error = books.run(&format!("update {table} set {column} = {column}")).await.expect_err(column);
            assert!(error.contains("are never updated"), "{table}.{column}: {error}");
        }
        let error = books.run(&format!("delete from {table}")).await.expect_err(table);
        assert!(error.contains("are never deleted"), "{table}: {error}");
    }
    assert_eq!(books.verify(A).await, Ok(6));
}

#[tokio::test]
async fn every_flipped_byte_is_found_where_it_is() {
    let books = Books::new().await;
    books.disarm().await;
    let mut flips = 0;
    for sequence in [1_i64, 3, 5, 6] {
        for column in ["kind", "pseudonym", "payload_hash", "previous_hash", "hash"] {
            let read = format!("select cast({column} as blob) from journal where community_id = 'a' and sequence = $1");
            let whole: Option<Vec<u8>> = sqlx::query_scalar(sqlx::AssertSqlSafe(read))
                .bind(sequence)
                .fetch_one(&books.raw)
                .await
                .expect("the column");
            let kind = if column == "kind" { "text" } else { "blob" };
            let write =
                format!("update journal set {column} = cast($2 as {kind}) where community_id = 'a' and sequence = $1");
            let set = async |bytes: &[u8]| {
                let done = sqlx::query(sqlx::AssertSqlSafe(write.clone())).bind(sequence).bind(bytes.to_vec());
                assert_eq!(done.execute(&books.raw).await.expect("an update").rows_affected(), 1);
            };
            let whole = whole.unwrap_or_default();
            for place in 0..whole.len() {
                let mut bytes = whole.clone();
                bytes[place] ^= 1;
                set(&bytes).await;
                assert_eq!(books.verify(A).await, Err(sequence), "byte {place} of {column}");
                flips += 1;
            }
            if !whole.is_empty() {
                set(&whole).await;
            }
        }
        assert_eq!(books.verify(A).await, Ok(6), "everything is as it was");
    }
    assert!(flips > 400, "only {flips} bytes were tried");
    assert_eq!(books.verify(B).await, Ok(2), "the other community is not concerned");
}

#[tokio::test]
async fn every_flipped_bit_of_a_number_is_found_where_it_is() {
    let books = Books::new().await;
    books.disarm().await;
    for column in ["number", "at_ms"] {
        for bit in 0..63 {
            let flip = format!(
                "update journal set {column} = ({column} | {mask}) - ({column} & {mask})
                 where community_id = 'a' and sequence = 3",
                mask = 1_i64 << bit
            );
            Books::must(books.run(&flip).await);
            assert_eq!(books.verify(A).await, Err(3), "bit {bit} of {column}");
            Books::must(books.run(&flip).await);
        }
    }
    for (column, value) in [("number", "null"), ("pseudonym", "null"), ("at_ms", "-at_ms"), ("kind", "''")] {
        let change = format!("update journal set {column} = {value} where community_id = 'a' and sequence = 4");
        Books::must(books.run(&change).await);
        assert_eq!(books.verify(A).await, Err(4), "{column} = {value}");
        let restore = match column {
            "number" => "1".to_owned(),
            "at_ms" => "-at_ms".to_owned(),
            "kind" => "'wish.confirmed'".to_owned(),
            _ => "(select pseudonym from pseudonym where community_id = 'a')".to_owned(),
        };
        Books::must(
            books
                .run(&format!("update journal set {column} = {restore} where community_id = 'a' and sequence = 4"))
                .await,
        );
    }
    assert_eq!(books.verify(A).await, Ok(6));
}

#[tokio::test]
async fn a_changed_text_or_salt_is_found_where_it_is() {
    let books = Books::new().await;
    for change in ["payload = replace(payload, '灯', '门')", "payload = payload || ' '", "salt = zeroblob(16)"] {
        let sql = format!("update journal_payload set {change} where community_id = 'a' and sequence = 2");
        let (payload, salt): (String, Vec<u8>) =
            sqlx::query_as("select payload, salt from journal_payload where community_id = 'a' and sequence = 2")
                .fetch_one(&books.raw)
                .await
                .expect("the payload");
        Books::must(books.run(&sql).await);
        assert_eq!(books.verify(A).await, Err(2), "{change}");
        sqlx::query("update journal_payload set payload = $1, salt = $2 where community_id = 'a' and sequence = 2")
            .bind(payload)
            .bind(salt)
            .execute(&books.raw)
            .await
            .expect("an update");
        assert_eq!(books.verify(A).await, Ok(6));
    }
}

#[tokio::test]
async fn a_row_that_is_taken_out_put_in_or_exchanged_is_found() {
    let books = Books::new().await;
    books.disarm().await;
    Books::must(books.run("delete from journal where community_id = 'a' and sequence = 3").await);
    assert_eq!(books.verify(A).await, Err(4), "the row after the gap");

    let books = Books::new().await;
    books.disarm().await;
    Books::must(books.run("delete from journal where community_id = 'a' and sequence = 1").await);
    assert_eq!(books.verify(A).await, Err(2), "a chain begins with 1");

    let books = Books::new().await;
    books.disarm().await;
    for (from, to) in [(2, 99), (3, 2), (99, 3)] {
        let sql = format!("update journal set sequence = {to} where community_id = 'a' and sequence = {from}");
        Books::must(books.run(&sql).await);
    }
    assert_eq!(books.verify(A).await, Err(2), "two rows that changed places");

    let books = Books::new().await;
    books.disarm().await;
    Books::must(
        books
            .run("update journal set community_id = 'b', sequence = 3 where community_id = 'a' and sequence = 6")
            .await,
    );
    assert_eq!(books.verify(B).await, Err(3), "a row of another community");
}

#[tokio::test]
async fn what_is_erased_is_not_missed() {
    let books = Books::new().await;
    Books::must(books.run("delete from journal_payload where community_id = 'a' and sequence = 2").await);
    assert_eq!(books.verify(A).await, Ok(6), "an erased payload is no fault");
    assert!(journal::fold_input(&books.storage, A, 1).await.is_err(), "it cannot be folded, and that is said");

    let mut tx = books.storage.begin().await.expect("a transaction");
    let links = journal::of_number(&mut tx, A, 1, 100).await.expect("links");
    tx.roll_back().await.expect("a rollback");
    let payloads: Vec<bool> = links.iter().map(|link| link.payload.is_some()).collect();
    assert_eq!(payloads, [true, false, true, true, true]);
    assert!(links.iter().all(|link| link.name.as_deref() == Some("李阿姨")));

    Books::must(books.run("delete from pseudonym where community_id = 'a'").await);
    assert_eq!(books.verify(A).await, Ok(6), "an erased person is no fault");
    let mut tx = books.storage.begin().await.expect("a transaction");
    let links = journal::of_number(&mut tx, A, 1, 100).await.expect("links");
    tx.roll_back().await.expect("a rollback");
    assert!(links.iter().all(|link| link.name.is_none() && link.person_id.is_none()), "nobody is named any more");
}

#[tokio::test]
async fn an_empty_chain_is_sound() {
    let storage = Storage::open(Location::Memory).await.expect("a database");
    assert_eq!(journal::verify(&storage, "nobody").await.expect("a database that can be read"), Ok(0));
    assert_eq!(ledger::trial_balance(&storage).await.expect("a ledger"), (0, 0));
}

#[tokio::test]
async fn a_key_pays_once_and_the_ledger_sums_to_zero() {
    let storage = Storage::open(Location::Memory).await.expect("a database");
    let mut tx = storage.begin().await.expect("a transaction");
    room::declare_communities(&mut tx, [A, B].into_iter()).await.expect("communities");
    let li = pseudonym(&mut tx, A, "@li:example.org", [1; 16]).await;
    let zhang = pseudonym(&mut tx, A, "@zhang:example.org", [2; 16]).await;
    let elsewhere = pseudonym(&mut tx, B, "@li:example.org", [3; 16]).await;
    for (grant, paid) in [
        (grant(A, 1, &li), true),
        (grant(A, 1, &li), false),
        (Grant { amount: 99, cause: "$another", ..grant(A, 1, &li) }, false),
        (grant(A, 2, &li), true),
        (grant(A, 1, &zhang), true),
        (Grant { rule: "poll_answered", ..grant(A, 1, &li) }, true),
        (grant(B, 1, &elsewhere), true),
    ] {
        assert_eq!(ledger::pay(&mut tx, grant).await.expect("a payment"), paid, "{grant:?}");
    }
    for (community_id, pseudonym, balance) in [(A, &li, 30), (A, &zhang, 10), (B, &elsewhere, 10)] {
        assert_eq!(ledger::balance(&mut tx, community_id, "points", pseudonym).await.expect("a balance"), balance);
        assert_eq!(ledger::balance(&mut tx, community_id, "minutes", pseudonym).await.expect("a balance"), 0);
    }
    let history = ledger::history(&mut tx, A, "points", &li, 2).await.expect("a history");
    let history: Vec<(&str, i64, i64)> =
        history.iter().map(|line| (line.rule.as_str(), line.number, line.amount)).collect();
    assert_eq!(history, [("poll_answered", 1, 10), ("wish_fulfilled", 2, 10)], "the newest first, at most two");
    let since = grant(A, 2, &li).at_ms;
    let counted =
        ledger::payments_in(&mut tx, A, "points", "wish_fulfilled", &li, since..i64::MAX).await.expect("a count");
    assert_eq!(counted, 1, "the instant itself counts, what was before doesn't");
    tx.commit().await.expect("a commit");
    assert_eq!(ledger::trial_balance(&storage).await.expect("a ledger"), (0, 5));
    assert_eq!(journal::verify(&storage, A).await.expect("a journal"), Ok(4), "every transfer is a link");
    assert_eq!(journal::verify(&storage, B).await.expect("a journal"), Ok(1));
}

#[tokio::test]
async fn nothing_and_less_cannot_be_paid() {
    let storage = Storage::open(Location::Memory).await.expect("a database");
    let mut tx = storage.begin().await.expect("a transaction");
    room::declare_communities(&mut tx, [A].into_iter()).await.expect("a community");
    let li = pseudonym(&mut tx, A, "@li:example.org", [1; 16]).await;
    for amount in [0, -10] {
        assert!(ledger::pay(&mut tx, Grant { amount, ..grant(A, 1, &li) }).await.is_err(), "{amount}");
    }
    drop(tx);
    assert_eq!(ledger::trial_balance(&storage).await.expect("a ledger"), (0, 0));
}

#[tokio::test]
async fn what_is_rolled_back_leaves_no_gap_in_the_chain() {
    let books = Books::new().await;
    let mut tx = books.storage.begin().await.expect("a transaction");
    journal::append(&mut tx, entry(A, "wish.posted", 9, &[1; 16])).await.expect("a link");
    tx.roll_back().await.expect("a rollback");
    let mut tx = books.storage.begin().await.expect("a transaction");
    let sequence = journal::append(&mut tx, entry(A, "wish.posted", 9, &[1; 16])).await.expect("a link");
    tx.commit().await.expect("a commit");
    assert_eq!((sequence, books.verify(A).await), (7, Ok(7)));
}

#[tokio::test]
async fn who_really_acted_is_part_of_the_chain() {
    let books = Books::new().await;
    let mut tx = books.storage.begin().await.expect("a transaction");
    let proxy = pseudonym(&mut tx, A, "@wang:example.org", [3; 16]).await;
    let whom = pseudonym(&mut tx, A, "@li:example.org", [4; 16]).await;
    journal::append(&mut tx, Entry { proxy: Some(&proxy), ..entry(A, "activity.joined", 2, &whom) })
        .await
        .expect("a link");
    tx.commit().await.expect("a commit");
    assert_eq!(books.verify(A).await, Ok(7));
    books.disarm().await;
    // Taken away, exchanged for somebody else, and put where nobody acted for anybody.
    for (value, sequence) in [("null", 7), ("pseudonym", 7), ("pseudonym", 3)] {
        let column = format!("update journal set proxy = {value} where community_id = 'a' and sequence = {sequence}");
        Books::must(books.run(&column).await);
        assert_eq!(books.verify(A).await, Err(sequence), "{value} at {sequence}");
        let before =
            if sequence == 7 { "(select pseudonym from pseudonym where person_id = 2 limit 1)" } else { "null" };
        let restore = format!("update journal set proxy = {before} where community_id = 'a' and sequence = {sequence}");
        Books::must(books.run(&restore).await);
        assert_eq!(books.verify(A).await, Ok(7));
    }
}
