//! Requests of captains to bind a room, until a steward has decided.

use crate::{Result, Tx, person::PersonId};

/// A request as it stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Request {
    /// Its number; cards of kind `binding_request` carry it.
    pub request_id: i64,
    /// The room to be bound.
    pub room_id: String,
    /// To which community.
    pub community_id: String,
    /// `building` or `interest`.
    pub kind: String,
    /// What it shall be called.
    pub name: String,
    /// Who asked.
    pub asked_by: PersonId,
    /// JSON list of names with power in the room when it was asked.
    pub captains: String,
    /// JSON list of the rights the bot lacked when it was asked.
    pub lacks: String,
    /// `waiting`, `approved`, `rejected` or `lapsed`.
    pub state: String,
}

const COLUMNS: &str =
    "select request_id, room_id, community_id, kind, name, asked_by, captains, lacks, state from binding_request";

/// Everything a new request says.
#[derive(Clone, Copy, Debug)]
pub struct NewRequest<'a> {
    /// The room to be bound.
    pub room_id: &'a str,
    /// To which community.
    pub community_id: &'a str,
    /// `building` or `interest`.
    pub kind: &'a str,
    /// What it shall be called.
    pub name: &'a str,
    /// Who asks.
    pub asked_by: PersonId,
    /// JSON list of names.
    pub captains: &'a str,
    /// JSON list of rights.
    pub lacks: &'a str,
}

/// Stores a request. There must be none waiting for this room.
pub async fn ask(tx: &mut Tx, request: NewRequest<'_>, now_ms: i64) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "insert into binding_request (room_id, community_id, kind, name, asked_by, captains, lacks, asked_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning request_id",
    )
    .bind(request.room_id)
    .bind(request.community_id)
    .bind(request.kind)
    .bind(request.name)
    .bind(request.asked_by)
    .bind(request.captains)
    .bind(request.lacks)
    .bind(now_ms)
    .fetch_one(tx.connection())
    .await?)
}

/// The request with this number.
pub async fn get(tx: &mut Tx, request_id: i64) -> Result<Option<Request>> {
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} where request_id = $1")))
        .bind(request_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// The request that waits for this room.
pub async fn waiting_for(tx: &mut Tx, room_id: &str) -> Result<Option<Request>> {
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} where room_id = $1 and state = 'waiting'")))
        .bind(room_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// All waiting requests of a community, oldest first.
pub async fn waiting_in(tx: &mut Tx, community_id: &str) -> Result<Vec<Request>> {
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} where community_id = $1 and state = 'waiting' order by request_id"
    )))
    .bind(community_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Ends a request.
pub async fn set_state(tx: &mut Tx, request_id: i64, state: &str) -> Result<()> {
    sqlx::query("update binding_request set state = $2 where request_id = $1")
        .bind(request_id)
        .bind(state)
        .execute(tx.connection())
        .await?;
    Ok(())
}
