//! Every migration is tried on a filled database of every earlier version. `filled/0011.sql` is an evening
//! (`filled/evening.jsonl`, played on the console) as the program of schema 0011 leaves it; `filled/NNNN.sql` adds what
//! migration NNNN made room for. A migration without such a file fails here.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use lamplighter_storage::{Error, Location, Storage, health, verify::Books};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

/// The first version of which a filled database is kept.
const FIRST_FILLED: i64 = 11;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The migrations by number.
fn migrations() -> BTreeMap<i64, String> {
    let files = std::fs::read_dir(folder().join("migrations")).expect("the migrations").flatten();
    let read = |path: PathBuf| std::fs::read_to_string(path).expect("a migration");
    let number = |name: &str| name.split('_').next().and_then(|number| number.parse().ok()).expect("a number");
    files.map(|file| (number(&file.file_name().to_string_lossy()), read(file.path()))).collect()
}

/// What fills a database of this version, beyond what the one before is filled with.
fn filling(version: i64) -> Option<String> {
    std::fs::read_to_string(folder().join(format!("tests/filled/{version:04}.sql"))).ok()
}

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(false);
    options.connect().await.expect("a connection")
}

async fn execute(connection: &mut SqliteConnection, sql: String) {
    let shown: String = sql.chars().take(200).collect();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}: {shown}"));
}

async fn names(connection: &mut SqliteConnection, sql: String) -> Vec<String> {
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await.expect("names")
}

const TABLES: &str = "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'
    and name <> '_sqlx_migrations' order by rowid";

/// A database as the program of this version would have left it: its own migrations, and of the evening what it had room
/// for.
async fn filled(path: &Path, version: i64) {
    let migrations = migrations();
    let mut newest = connect(path).await;
    if version >= FIRST_FILLED {
        for (number, sql) in migrations.range(..=version) {
            execute(&mut newest, sql.clone()).await;
            if let Some(rows) = filling(*number) {
                execute(&mut newest, rows).await;
            }
        }
    } else {
        let whole = path.with_extension("whole");
        Box::pin(filled(&whole, FIRST_FILLED)).await;
        for sql in migrations.range(..=version).map(|(_, sql)| sql.clone()) {
            execute(&mut newest, sql).await;
        }
        execute(&mut newest, format!("attach '{}' as whole", whole.display())).await;
        for table in names(&mut newest, TABLES.into()).await {
            let columns = names(&mut newest, format!("select name from pragma_table_info('{table}')")).await.join(", ");
            // Items of kinds that this version didn't know have no rows of their own.
            let known = match table.as_str() {
                "item" | "card" => known_kinds(&mut newest).await,
                "chip" | "tap" | "tap_notice" => "card_id in (select card_id from card)".to_owned(),
                _ => "true".to_owned(),
            };
            execute(
                &mut newest,
                format!("insert into {table} ({columns}) select {columns} from whole.{table} where {known}"),
            )
            .await;
        }
        execute(&mut newest, "detach whole".into()).await;
    }
    // As sqlx would have noted them.
    execute(
        &mut newest,
        "create table if not exists _sqlx_migrations (version bigint primary key, description text not null,
           installed_on timestamp not null default current_timestamp, success boolean not null, checksum blob not null,
           execution_time bigint not null)"
            .into(),
    )
    .await;
    let real = path.with_extension("real");
    Storage::open(Location::File(&real)).await.expect("a fresh database").close().await;
    execute(&mut newest, format!("attach '{}' as real", real.display())).await;
    execute(
        &mut newest,
        format!("insert into _sqlx_migrations select * from real._sqlx_migrations where version <= {version}"),
    )
    .await;
    newest.close().await.expect("closed");
}

async fn known_kinds(connection: &mut SqliteConnection) -> String {
    let tables = names(connection, TABLES.into()).await;
    let kinds =
        ["wish", "activity", "poll", "task"].into_iter().filter(|kind| tables.iter().any(|table| table == kind));
    let kinds: Vec<String> =
        kinds.map(|kind| format!("kind = '{kind}' or kind like '{kind}\\_%' escape '\\'")).collect();
    if kinds.is_empty() { "false".into() } else { kinds.join(" or ") }
}

/// What is wrong with a database; nothing if all is well.
async fn complaint(path: &Path) -> Option<String> {
    let mut books = Books::open(path).await.expect("a database that can be read");
    let verdict = books.look().await.expect("a database that can be read");
    books.close().await.expect("closed");
    verdict.err().map(|bad| bad.to_string())
}

/// How many rows each table has.
async fn counts(path: &Path) -> BTreeMap<String, i64> {
    let mut connection = connect(path).await;
    let mut counts = BTreeMap::new();
    for table in names(&mut connection, TABLES.into()).await {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        counts.insert(table, sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a count"));
    }
    connection.close().await.expect("closed");
    counts
}

#[tokio::test]
async fn every_version_becomes_the_newest_with_all_its_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    for version in migrations().into_keys() {
        let path = folder.path().join(format!("{version}.db"));
        filled(&path, version).await;
        assert_eq!(complaint(&path).await, None, "as version {version:04} left it");
        let before = counts(&path).await;
        let storage =
            Storage::open(Location::File(&path)).await.unwrap_or_else(|error| panic!("{version:04}: {error}"));
        storage.close().await;
        assert_eq!(complaint(&path).await, None, "{version:04} brought up to date");
        let after = counts(&path).await;
        for (table, rows) in before {
            assert_eq!(after.get(&table), Some(&rows), "{version:04}: rows of {table}");
        }
    }
}

#[tokio::test]
async fn every_migration_has_a_filled_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("newest.db");
    let newest = health::newest_schema();
    for version in FIRST_FILLED..=newest {
        if migrations().contains_key(&version) {
            assert!(
                filling(version).is_some(),
                "storage/tests/filled/{version:04}.sql is missing: rows as a program of that schema leaves them in every \
                 table that migration {version:04} makes (a comment alone, if it makes none)"
            );
        }
    }
    filled(&path, newest).await;
    let empty: Vec<String> =
        counts(&path).await.into_iter().filter(|(_, rows)| *rows == 0).map(|(table, _)| table).collect();
    assert_eq!(empty, Vec::<String>::new(), "tables that no file in storage/tests/filled fills");
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("newer.db");
    filled(&path, health::newest_schema()).await;
    let mut connection = connect(&path).await;
    execute(
        &mut connection,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'later', true, x'00', 0)"
            .into(),
    )
    .await;
    connection.close().await.expect("closed");
    let before = counts(&path).await;
    let error = Storage::open(Location::File(&path)).await.expect_err("it is newer");
    assert!(matches!(error, Error::Newer { found: 9999, .. }), "{error}");
    assert!(error.to_string().contains("belongs to a newer version of the program"), "{error}");
    assert_eq!(counts(&path).await, before, "nothing was changed");
}
