//! Who may act for whom, who doesn't want it, and what was done for somebody (代).

use crate::{
    Result, Tx,
    person::{Person, PersonId},
};

/// Something that was done for somebody.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Acted {
    /// Its number.
    pub acted_id: i64,
    /// Where.
    pub community_id: String,
    /// The message.
    pub event_id: String,
    /// For whom.
    pub person_id: PersonId,
    /// Who said it.
    pub proxy_id: PersonId,
    /// Taken back.
    pub undone: bool,
}

const COLUMNS: &str = "acted_id, community_id, event_id, person_id, proxy_id, undone";

/// Names a helper; false if it was one.
pub async fn name_helper(
    tx: &mut Tx,
    community_id: &str,
    person_id: PersonId,
    helper_id: PersonId,
    named_by: PersonId,
    now_ms: i64,
) -> Result<bool> {
    let done = sqlx::query(
        "insert into helper (community_id, person_id, helper_id, named_by, named_at_ms) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
    )
    .bind(community_id)
    .bind(person_id)
    .bind(helper_id)
    .bind(named_by)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends it; false if it was none.
pub async fn end_helper(tx: &mut Tx, community_id: &str, person_id: PersonId, helper_id: PersonId) -> Result<bool> {
    let done = sqlx::query("delete from helper where community_id = $1 and person_id = $2 and helper_id = $3")
        .bind(community_id)
        .bind(person_id)
        .bind(helper_id)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Those who may act for somebody, oldest first.
pub async fn helpers(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person.person_id, user_id, display_name from helper join person on person.person_id = helper.helper_id
         where community_id = $1 and helper.person_id = $2 order by named_at_ms, person.person_id",
    )
    .bind(community_id)
    .bind(person_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Whether nobody may act for somebody.
pub async fn is_forbidden(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar("select 1 from no_proxy where community_id = $1 and person_id = $2")
        .bind(community_id)
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.is_some())
}

/// Everybody for whom nobody may act.
pub async fn forbidding(tx: &mut Tx, community_id: &str) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person_id, user_id, display_name from no_proxy join person using (person_id)
         where community_id = $1 order by person_id",
    )
    .bind(community_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Forbids it, or allows it again; false if it was so before.
pub async fn forbid(
    tx: &mut Tx,
    community_id: &str,
    person_id: PersonId,
    forbidden: bool,
    now_ms: i64,
) -> Result<bool> {
    let done = if forbidden {
        sqlx::query(
            "insert into no_proxy (community_id, person_id, since_ms) values ($1, $2, $3) on conflict do nothing",
        )
        .bind(community_id)
        .bind(person_id)
        .bind(now_ms)
        .execute(tx.connection())
        .await?
    } else {
        sqlx::query("delete from no_proxy where community_id = $1 and person_id = $2")
            .bind(community_id)
            .bind(person_id)
            .execute(tx.connection())
            .await?
    };
    Ok(done.rows_affected() > 0)
}

/// The people of this name, at most `limit`, who have done something in this room, or whose helper this person is.
pub async fn named(
    tx: &mut Tx,
    community_id: &str,
    room_id: &str,
    name: &str,
    proxy_id: PersonId,
    limit: i64,
) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person_id, user_id, display_name from person where lower(display_name) = lower($3) and (
           person_id in (select person_id from helper where community_id = $1 and helper_id = $4)
           or person_id in (select person_id from command where room_id = $2)
           or person_id in (select wisher_id from wish where room_id = $2)
           or person_id in (select helper_id from wish where room_id = $2)
           or person_id in (select organiser_id from activity where room_id = $2)
           or person_id in (
             select seat.person_id from seat
             join activity a on a.community_id = seat.community_id and a.number = seat.number where a.room_id = $2)
           or person_id in (select person_id from ballot where room_id = $2)
           or person_id in (select tap.person_id from tap join card using (card_id) where card.room_id = $2)
           or person_id in (select person_id from captain where room_id = $2)
           or person_id in (select person_id from room_captain where room_id = $2))
         order by person_id limit $5",
    )
    .bind(community_id)
    .bind(room_id)
    .bind(name)
    .bind(proxy_id)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?)
}

/// Notes what was done for somebody; gives its number.
pub async fn acted(
    tx: &mut Tx,
    community_id: &str,
    event_id: &str,
    person_id: PersonId,
    proxy_id: PersonId,
    now_ms: i64,
) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "insert into acted_for (community_id, event_id, person_id, proxy_id, at_ms) values ($1, $2, $3, $4, $5)
         returning acted_id",
    )
    .bind(community_id)
    .bind(event_id)
    .bind(person_id)
    .bind(proxy_id)
    .bind(now_ms)
    .fetch_one(tx.connection())
    .await?)
}

/// What this message did for somebody.
pub async fn by_event(tx: &mut Tx, event_id: &str) -> Result<Option<Acted>> {
    let sql = format!("select {COLUMNS} from acted_for where event_id = $1");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(event_id).fetch_optional(tx.connection()).await?)
}

/// What this message tells, if it is a card of this kind that tells somebody what was done for them.
pub async fn told_by(tx: &mut Tx, outbox_id: i64, kind: &str) -> Result<Option<Acted>> {
    let sql = format!(
        "select {COLUMNS} from acted_for where acted_id in (select number from card where post_id = $1 and kind = $2)"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(outbox_id).bind(kind).fetch_optional(tx.connection()).await?)
}

/// What has this number.
pub async fn get(tx: &mut Tx, acted_id: i64) -> Result<Option<Acted>> {
    let sql = format!("select {COLUMNS} from acted_for where acted_id = $1");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(acted_id).fetch_optional(tx.connection()).await?)
}

/// The last that was done for somebody and wasn't taken back.
pub async fn latest(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Option<Acted>> {
    let sql = format!(
        "select {COLUMNS} from acted_for where community_id = $1 and person_id = $2 and undone = 0
         order by at_ms desc, acted_id desc limit 1"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(community_id)
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// It was taken back.
pub async fn undone(tx: &mut Tx, acted_id: i64) -> Result<()> {
    sqlx::query("update acted_for set undone = 1 where acted_id = $1").bind(acted_id).execute(tx.connection()).await?;
    Ok(())
}
