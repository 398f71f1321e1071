//! A whole database as text, whatever tables it has, for those who compare two databases: the fault tests. Nothing is
//! interpreted here.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{Result, Storage};

/// A row: its columns by name; bytes are hexadecimal.
pub type Row = Map<String, Value>;

/// Every row of every table, in the order in which it is stored.
pub async fn tables(storage: &Storage) -> Result<BTreeMap<String, Vec<Row>>> {
    let names: Vec<String> = sqlx::query_scalar(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'
           and name not like '\\_sqlx%' escape '\\'",
    )
    .fetch_all(storage.reader())
    .await?;
    let mut tables = BTreeMap::new();
    for table in names {
        let columns: Vec<(String, String)> = sqlx::query_as("select name, type from pragma_table_info($1)")
            .bind(&table)
            .fetch_all(storage.reader())
            .await?;
        let pairs: Vec<String> = columns
            .iter()
            .map(|(name, kind)| {
                let value = if kind.eq_ignore_ascii_case("blob") { format!("hex({name})") } else { name.clone() };
                format!("'{name}', {value}")
            })
            .collect();
        // The names are those of our own schema.
        let statement = format!("select json_object({}) from {table}", pairs.join(", "));
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_all(storage.reader()).await?;
        let rows: serde_json::Result<Vec<Row>> = rows.iter().map(|row| serde_json::from_str(row)).collect();
        tables.insert(table, rows?);
    }
    Ok(tables)
}

/// Rows that point to rows which aren't there: (table, table that lacks the row).
pub async fn orphans(storage: &Storage) -> Result<Vec<(String, String)>> {
    Ok(sqlx::query_as("select \"table\", parent from pragma_foreign_key_check").fetch_all(storage.reader()).await?)
}
