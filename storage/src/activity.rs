//! Rows of activities and their seats. Who gets a seat is decided in `commands/src/activity/rules.rs`.

use crate::{
    Result, Tx,
    person::{Person, PersonId},
};

/// An activity and everybody who signed up, in the order of arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The row.
    pub row: ActivityRow,
    /// The seats.
    pub seats: Vec<SeatRow>,
}

/// The row of an activity.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ActivityRow {
    /// Its number.
    pub number: i64,
    /// The room it was posted in.
    pub room_id: String,
    /// Who organises it.
    pub organiser_id: PersonId,
    /// What it is.
    pub title: String,
    /// Where; empty if not said.
    pub place: String,
    /// When it begins.
    pub starts_at_ms: i64,
    /// When it ends, if said.
    pub ends_at_ms: Option<i64>,
    /// How many may come; none: as many as like.
    pub capacity: Option<i64>,
    /// `open` or `cancelled`.
    pub state: String,
}

/// Somebody who signed up.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SeatRow {
    /// Its number, which is also its place in the order of arrival.
    pub seat_id: i64,
    /// Who signed up.
    pub person_id: PersonId,
    /// For whom, by name; empty: for themselves.
    pub guest: String,
    /// How many grown-ups.
    pub adults: i64,
    /// How many children.
    pub children: i64,
    /// `going` or `waiting`.
    pub state: String,
    /// The name of who signed up.
    pub name: String,
}

const COLUMNS: &str = "number, room_id, organiser_id, title, place, starts_at_ms, ends_at_ms, capacity, state";

/// Stores a new activity; its item must exist.
pub async fn create(tx: &mut Tx, community_id: &str, row: &ActivityRow, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into activity (community_id, number, room_id, organiser_id, title, place, starts_at_ms, ends_at_ms,
         capacity, state, posted_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(community_id)
    .bind(row.number)
    .bind(&row.room_id)
    .bind(row.organiser_id)
    .bind(&row.title)
    .bind(&row.place)
    .bind(row.starts_at_ms)
    .bind(row.ends_at_ms)
    .bind(row.capacity)
    .bind(&row.state)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The activity with this number.
pub async fn get(tx: &mut Tx, community_id: &str, number: i64) -> Result<Option<Activity>> {
    let sql = format!("select {COLUMNS} from activity where community_id = $1 and number = $2");
    let row: Option<ActivityRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(community_id)
        .bind(number)
        .fetch_optional(tx.connection())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let seats = sqlx::query_as(
        "select seat_id, person_id, guest, adults, children, state, display_name as name
         from seat join person using (person_id) where community_id = $1 and number = $2 order by seat_id",
    )
    .bind(community_id)
    .bind(number)
    .fetch_all(tx.connection())
    .await?;
    Ok(Some(Activity { row, seats }))
}

/// Writes what can change of an activity itself.
pub async fn save(tx: &mut Tx, community_id: &str, row: &ActivityRow) -> Result<()> {
    sqlx::query(
        "update activity set starts_at_ms = $3, ends_at_ms = $4, state = $5 where community_id = $1 and number = $2",
    )
    .bind(community_id)
    .bind(row.number)
    .bind(row.starts_at_ms)
    .bind(row.ends_at_ms)
    .bind(&row.state)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A seat to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewSeat<'a> {
    /// Who signs up.
    pub person_id: PersonId,
    /// For whom, by name; empty: for themselves.
    pub guest: &'a str,
    /// How many grown-ups.
    pub adults: i64,
    /// How many children.
    pub children: i64,
    /// `going` or `waiting`.
    pub state: &'a str,
}

/// Adds a seat at the end of the order, or changes how many come with it.
pub async fn put_seat(tx: &mut Tx, community_id: &str, number: i64, seat: NewSeat<'_>) -> Result<()> {
    sqlx::query(
        "insert into seat (community_id, number, person_id, guest, adults, children, state)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (community_id, number, person_id, guest) do update
         set adults = excluded.adults, children = excluded.children, state = excluded.state",
    )
    .bind(community_id)
    .bind(number)
    .bind(seat.person_id)
    .bind(seat.guest)
    .bind(seat.adults)
    .bind(seat.children)
    .bind(seat.state)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Takes a seat away.
pub async fn remove_seat(tx: &mut Tx, community_id: &str, number: i64, person_id: PersonId, guest: &str) -> Result<()> {
    sqlx::query("delete from seat where community_id = $1 and number = $2 and person_id = $3 and guest = $4")
        .bind(community_id)
        .bind(number)
        .bind(person_id)
        .bind(guest)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Open activities of a room that begin in this span, the earliest first, with how many people go.
pub async fn between(
    tx: &mut Tx,
    room_id: &str,
    from_ms: i64,
    before_ms: i64,
    limit: i64,
) -> Result<Vec<(ActivityRow, i64)>> {
    let sql = format!(
        "select {COLUMNS} from activity
         where room_id = $1 and state = 'open' and starts_at_ms >= $2 and starts_at_ms < $3
         order by starts_at_ms, number limit $4"
    );
    let rows: Vec<ActivityRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(room_id)
        .bind(from_ms)
        .bind(before_ms)
        .bind(limit)
        .fetch_all(tx.connection())
        .await?;
    let mut out = Vec::new();
    for row in rows {
        let going: i64 = sqlx::query_scalar(
            "select cast(coalesce(sum(adults + children), 0) as bigint) from seat
             where community_id = (select community_id from room where room_id = $1) and number = $2
               and state = 'going'",
        )
        .bind(room_id)
        .bind(row.number)
        .fetch_one(tx.connection())
        .await?;
        out.push((row, going));
    }
    Ok(out)
}

/// Those who go, once each, in the order of arrival.
pub async fn going(tx: &mut Tx, community_id: &str, number: i64) -> Result<Vec<Person>> {
    Ok(sqlx::query_as(
        "select person_id, user_id, display_name from (
           select person_id, min(seat_id) as first from seat
           where community_id = $1 and number = $2 and state = 'going' group by person_id
         ) s join person using (person_id) order by first",
    )
    .bind(community_id)
    .bind(number)
    .fetch_all(tx.connection())
    .await?)
}
