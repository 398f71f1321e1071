//! What falls due when (SPECS.md C5). A row is claimed by the worker like anything that comes in; what is then to be
//! done, and whether it still is, is decided in the `commands` crate.

use crate::{Result, Storage, Tx, list::within, person::PersonId};

/// Something to be put on the agenda.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// The community concerned.
    pub community_id: &'a str,
    /// What it is for. Putting the same key again moves it.
    pub key: &'a str,
    /// Whose business it is, for example `poll.close`.
    pub kind: &'a str,
    /// The item concerned.
    pub number: Option<i64>,
    /// The room concerned.
    pub room_id: Option<&'a str>,
    /// The person concerned.
    pub person_id: Option<PersonId>,
    /// When.
    pub due_at_ms: i64,
    /// From this instant on it is dropped.
    pub stale_at_ms: Option<i64>,
    /// It happens inside the evening window only.
    pub unasked: bool,
}

/// A row of the agenda.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Its number.
    pub agenda_id: i64,
    /// The community concerned.
    pub community_id: String,
    /// Whose business it is.
    pub kind: String,
    /// The item concerned.
    pub number: Option<i64>,
    /// The room concerned.
    pub room_id: Option<String>,
    /// The person concerned.
    pub person_id: Option<PersonId>,
    /// When.
    pub due_at_ms: i64,
    /// From this instant on it is dropped.
    pub stale_at_ms: Option<i64>,
    /// It happens inside the evening window only.
    pub unasked: bool,
}

impl Row {
    /// What it is called as an event: it may be moved and fall due again, which is another event.
    pub fn event_id(&self) -> String {
        format!("agenda {} {}", self.agenda_id, self.due_at_ms)
    }
}

/// Puts something on the agenda, or moves what stands there under the same key.
pub async fn put(tx: &mut Tx, row: NewRow<'_>) -> Result<()> {
    sqlx::query(
        "insert into agenda (community_id, key, kind, number, room_id, person_id, due_at_ms, stale_at_ms, unasked)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (community_id, key) do update
         set due_at_ms = excluded.due_at_ms, stale_at_ms = excluded.stale_at_ms, state = 'waiting'",
    )
    .bind(row.community_id)
    .bind(row.key)
    .bind(row.kind)
    .bind(row.number)
    .bind(row.room_id)
    .bind(row.person_id)
    .bind(row.due_at_ms)
    .bind(row.stale_at_ms)
    .bind(row.unasked)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Puts something on the agenda, unless something has ever stood there under the same key.
pub async fn put_once(tx: &mut Tx, row: NewRow<'_>) -> Result<()> {
    let known: Option<i64> = sqlx::query_scalar("select 1 from agenda where community_id = $1 and key = $2")
        .bind(row.community_id)
        .bind(row.key)
        .fetch_optional(tx.connection())
        .await?;
    match known {
        Some(_) => Ok(()),
        None => put(tx, row).await,
    }
}

/// Whether something waits under this key.
pub async fn waits(tx: &mut Tx, community_id: &str, key: &str) -> Result<bool> {
    let row: Option<i64> =
        sqlx::query_scalar("select 1 from agenda where community_id = $1 and key = $2 and state = 'waiting'")
            .bind(community_id)
            .bind(key)
            .fetch_optional(tx.connection())
            .await?;
    Ok(row.is_some())
}

/// Takes off everything of this kind that waits for an item.
pub async fn drop_of_item(tx: &mut Tx, community_id: &str, kind: &str, number: i64) -> Result<()> {
    sqlx::query(
        "update agenda set state = 'dropped'
         where community_id = $1 and number = $2 and kind = $3 and state = 'waiting'",
    )
    .bind(community_id)
    .bind(number)
    .bind(kind)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The rows that fall due by then, the earliest first.
pub async fn due(storage: &Storage, by_ms: i64, limit: i64) -> Result<Vec<Row>> {
    Ok(sqlx::query_as(
        "select agenda_id, community_id, kind, number, room_id, person_id, due_at_ms, stale_at_ms, unasked
         from agenda where state = 'waiting' and due_at_ms <= $1 order by due_at_ms, agenda_id limit $2",
    )
    .bind(by_ms)
    .bind(limit)
    .fetch_all(storage.reader())
    .await?)
}

/// The row that falls due first, if it does by then.
pub async fn next_due(storage: &Storage, by_ms: i64) -> Result<Option<Row>> {
    Ok(due(storage, by_ms, 1).await?.pop())
}

/// When the next row falls due.
pub async fn next_due_at_ms(storage: &Storage) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar("select min(due_at_ms) from agenda where state = 'waiting'")
        .fetch_one(storage.reader())
        .await?)
}

/// How many rows wait.
pub async fn depth(storage: &Storage) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from agenda where state = 'waiting'").fetch_one(storage.reader()).await?)
}

/// The row, if it still waits.
pub async fn waiting(tx: &mut Tx, agenda_id: i64) -> Result<Option<Row>> {
    Ok(sqlx::query_as(
        "select agenda_id, community_id, kind, number, room_id, person_id, due_at_ms, stale_at_ms, unasked
         from agenda where agenda_id = $1 and state = 'waiting'",
    )
    .bind(agenda_id)
    .fetch_optional(tx.connection())
    .await?)
}

/// What becomes of a row that has been dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It was done.
    Done,
    /// Its moment had passed, or what it was about is gone.
    Dropped,
    /// Our logic failed over it.
    Faulted,
}

/// Closes a row. One that was moved meanwhile, by what it caused itself, goes on waiting.
pub async fn close(tx: &mut Tx, row: &Row, end: End) -> Result<()> {
    let state = match end {
        End::Done => "done",
        End::Dropped => "dropped",
        End::Faulted => "faulted",
    };
    sqlx::query("update agenda set state = $3 where agenda_id = $1 and due_at_ms = $2 and state = 'waiting'")
        .bind(row.agenda_id)
        .bind(row.due_at_ms)
        .bind(state)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Moves a row to a later instant.
pub async fn postpone(tx: &mut Tx, agenda_id: i64, due_at_ms: i64, stale_at_ms: Option<i64>) -> Result<()> {
    sqlx::query("update agenda set due_at_ms = $2, stale_at_ms = $3 where agenda_id = $1 and state = 'waiting'")
        .bind(agenda_id)
        .bind(due_at_ms)
        .bind(stale_at_ms)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// How many of these rows wait and are due by then.
pub async fn count_due(tx: &mut Tx, agenda_ids: &[i64], by_ms: i64) -> Result<i64> {
    let mut query = within("select count(*) from agenda where agenda_id", agenda_ids);
    query.push(" and state = 'waiting' and due_at_ms <= ").push_bind(by_ms);
    Ok(query.build_query_scalar().fetch_one(tx.connection()).await?)
}

/// Closes these rows as done, those that were moved to later left out.
pub async fn close_together(tx: &mut Tx, agenda_ids: &[i64], by_ms: i64) -> Result<()> {
    let mut query = within("update agenda set state = 'done' where agenda_id", agenda_ids);
    query.push(" and state = 'waiting' and due_at_ms <= ").push_bind(by_ms);
    query.build().execute(tx.connection()).await?;
    Ok(())
}

/// Moves these rows to a later instant.
pub async fn move_together(tx: &mut Tx, agenda_ids: &[i64], due_at_ms: i64) -> Result<()> {
    let mut query = sqlx::QueryBuilder::new("update agenda set due_at_ms = ");
    query.push_bind(due_at_ms).push(" where state = 'waiting' and agenda_id in (");
    let mut values = query.separated(", ");
    for agenda_id in agenda_ids {
        values.push_bind(agenda_id);
    }
    query.push(")");
    query.build().execute(tx.connection()).await?;
    Ok(())
}
