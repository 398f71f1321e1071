//! A copy of the whole database, taken while the bot writes on: as it stood at one instant, in one file, without what
//! was deleted. Where the copy is put, under which name, and whether it is good, is decided by the caller.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::{Error, Result, health, visit};

async fn connect(path: &Path) -> Result<SqliteConnection> {
    Ok(visit::options(path).connect().await?)
}

/// Copies the database into a file that is there and empty; its rights stay as they are.
pub async fn copy(database: &Path, into: &Path) -> Result<()> {
    let into = into.to_str().ok_or(Error::Inconsistent("the name of the copy is not UTF-8"))?;
    health::look(database)?;
    let mut connection = connect(database).await?;
    let copied = sqlx::query("vacuum into $1").bind(into).execute(&mut connection).await;
    connection.close().await?;
    copied?;
    Ok(())
}
