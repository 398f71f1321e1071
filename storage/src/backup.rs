//! A copy of the whole database, taken while the bot writes on: as it stood at one instant, in one file, without what
//! was deleted. Where the copy is put, and under which name, is decided by the caller.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use crate::{Error, Result, visit};

/// So many of the things that are wrong with a copy are told: the first says enough.
const COMPLAINTS_MAX: i64 = 5;

async fn connect(path: &Path) -> Result<SqliteConnection> {
    Ok(visit::options(path).connect().await?)
}

/// Copies the database into a file that is there and empty; its rights stay as they are.
pub async fn copy(database: &Path, into: &Path) -> Result<()> {
    let into = into.to_str().ok_or(Error::Inconsistent("the name of the copy is not UTF-8"))?;
    let mut connection = connect(database).await?;
    let copied = sqlx::query("vacuum into $1").bind(into).execute(&mut connection).await;
    connection.close().await?;
    copied?;
    Ok(())
}

/// What is wrong with a copy, in SQLite's words; nothing if it is good.
pub async fn complaints(copy: &Path) -> Result<Vec<String>> {
    let mut connection = connect(copy).await?;
    let mut found = Vec::new();
    let check = sqlx::AssertSqlSafe(format!("pragma integrity_check({COMPLAINTS_MAX})"));
    for line in sqlx::query_scalar::<_, String>(check).fetch_all(&mut connection).await? {
        if line != "ok" {
            found.push(line);
        }
    }
    for row in sqlx::query("pragma foreign_key_check").fetch_all(&mut connection).await? {
        let (table, parent): (String, String) = (row.try_get(0)?, row.try_get(2)?);
        found.push(format!("a row of {table} names a row of {parent} that isn't there"));
    }
    // A file without tables is in order, and no copy of ours.
    let tables: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where type = 'table'")
        .fetch_one(&mut connection)
        .await?;
    if tables == 0 {
        found.push("it holds nothing".to_owned());
    }
    connection.close().await?;
    found.truncate(usize::try_from(COMPLAINTS_MAX).unwrap_or(usize::MAX));
    Ok(found)
}
