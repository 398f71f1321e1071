//! Rows of party members' check-ins (报到). Who may confirm one is decided in the `commands` crate.

use crate::{
    Result, Tx,
    person::{Person, PersonId},
};

/// Somebody's check-in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CheckIn {
    /// Its number; not one of the community's counter.
    pub check_in_id: i64,
    /// The community.
    pub community_id: String,
    /// Who.
    pub person_id: PersonId,
    /// Unit, skills, free time, as written.
    pub note: String,
    /// `submitted`, `confirmed`, `rejected` or `closed`.
    pub state: String,
}

const COLUMNS: &str = "check_in_id, community_id, person_id, note, state";

/// Stores a new check-in that waits for a yes.
pub async fn submit(tx: &mut Tx, community_id: &str, person_id: PersonId, note: &str, now_ms: i64) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "insert into check_in (community_id, person_id, note, state, asked_at_ms) values ($1, $2, $3, 'submitted', $4)
         returning check_in_id",
    )
    .bind(community_id)
    .bind(person_id)
    .bind(note)
    .bind(now_ms)
    .fetch_one(tx.connection())
    .await?)
}

/// The check-in with this number.
pub async fn get(tx: &mut Tx, check_in_id: i64) -> Result<Option<CheckIn>> {
    let sql = format!("select {COLUMNS} from check_in where check_in_id = $1");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(check_in_id).fetch_optional(tx.connection()).await?)
}

/// The check-in of a person that waits or holds.
pub async fn current(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Option<CheckIn>> {
    let sql = format!(
        "select {COLUMNS} from check_in
         where community_id = $1 and person_id = $2 and state in ('submitted', 'confirmed')"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(community_id)
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// All check-ins of a person, the newest first, and who decided each.
pub async fn all_of(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<(CheckIn, Option<PersonId>)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        check_in: CheckIn,
        decided_by: Option<PersonId>,
    }
    let sql = format!(
        "select {COLUMNS}, decided_by from check_in where community_id = $1 and person_id = $2 order by check_in_id desc"
    );
    let rows: Vec<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(community_id).bind(person_id).fetch_all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (row.check_in, row.decided_by)).collect())
}

/// How often somebody has been turned down since an instant.
pub async fn rejected_since(tx: &mut Tx, community_id: &str, person_id: PersonId, since_ms: i64) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "select count(*) from check_in
         where community_id = $1 and person_id = $2 and state = 'rejected' and asked_at_ms >= $3",
    )
    .bind(community_id)
    .bind(person_id)
    .bind(since_ms)
    .fetch_one(tx.connection())
    .await?)
}

/// Writes what became of a check-in, and who decided it.
pub async fn settle(tx: &mut Tx, check_in_id: i64, state: &str, by: PersonId) -> Result<()> {
    sqlx::query("update check_in set state = $2, decided_by = $3 where check_in_id = $1")
        .bind(check_in_id)
        .bind(state)
        .bind(by)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The members of a community whose check-in was confirmed, in the order in which they came.
pub async fn members(tx: &mut Tx, community_id: &str) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person_id, user_id, display_name from check_in join person using (person_id)
         where community_id = $1 and state = 'confirmed' order by check_in_id",
    )
    .bind(community_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Forgets what somebody wrote with a check-in that was taken back.
pub async fn forget_note(tx: &mut Tx, check_in_id: i64, instead: &str) -> Result<()> {
    sqlx::query("update check_in set note = $2 where check_in_id = $1")
        .bind(check_in_id)
        .bind(instead)
        .execute(tx.connection())
        .await?;
    Ok(())
}
