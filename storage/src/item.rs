//! The one counter of a community, and which kind of item a number is.

use crate::{Error, Result, Tx, epoch};

/// A numbered item, whatever its kind.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Item {
    /// Its number in the community.
    pub number: i64,
    /// `wish`, …
    pub kind: String,
    /// The room it belongs to.
    pub room_id: String,
}

/// Takes the next number for an item of this kind; after a restore the one that its card shows already. `cause` is the
/// event that makes it.
pub async fn create(tx: &mut Tx, community_id: &str, kind: &str, room_id: &str, cause: &str) -> Result<i64> {
    if let Some(number) = epoch::number_before(tx, community_id, cause).await? {
        return insert(tx, community_id, number, kind, room_id).await;
    }
    let number: Option<i64> = sqlx::query_scalar(
        "update community set next_number = next_number + 1 where community_id = $1 returning next_number - 1",
    )
    .bind(community_id)
    .fetch_optional(tx.connection())
    .await?;
    let number = number.ok_or(Error::Inconsistent("the community has no row"))?;
    insert(tx, community_id, number, kind, room_id).await
}

async fn insert(tx: &mut Tx, community_id: &str, number: i64, kind: &str, room_id: &str) -> Result<i64> {
    sqlx::query("insert into item (community_id, number, kind, room_id) values ($1, $2, $3, $4)")
        .bind(community_id)
        .bind(number)
        .bind(kind)
        .bind(room_id)
        .execute(tx.connection())
        .await?;
    Ok(number)
}

/// What the number is.
pub async fn get(tx: &mut Tx, community_id: &str, number: i64) -> Result<Option<Item>> {
    Ok(sqlx::query_as("select number, kind, room_id from item where community_id = $1 and number = $2")
        .bind(community_id)
        .bind(number)
        .fetch_optional(tx.connection())
        .await?)
}
