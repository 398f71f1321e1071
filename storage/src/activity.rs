//! Rows of activities and their seats. Who gets a seat is decided in `commands/src/activity/rules.rs`.

use crate::{
    Result, Tx,
    list::within,
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
    /// Its number.
    pub seat_id: i64,
    /// The place at which it was asked for.
    pub arrival_place: i64,
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
    /// Somebody else signed them up.
    pub by_proxy: bool,
    /// What a 接龙 says behind the name; empty: nothing.
    pub note: String,
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
        "select seat_id, arrival_place, person_id, guest, adults, children, state, display_name as name, by_proxy, note
         from seat join person using (person_id) where community_id = $1 and number = $2
         order by arrival_place, seat_id",
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
    /// The place at which it was asked for; one that is there keeps its own.
    pub arrival_place: i64,
    /// Somebody else signs them up; of one that is there it stays as it was.
    pub by_proxy: bool,
}

/// Adds a seat, or changes how many come with it.
pub async fn put_seat(tx: &mut Tx, community_id: &str, number: i64, seat: NewSeat<'_>) -> Result<()> {
    sqlx::query(
        "insert into seat (community_id, number, person_id, guest, adults, children, state, arrival_place, by_proxy)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
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
    .bind(seat.arrival_place)
    .bind(seat.by_proxy)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Keeps what a 接龙 says behind the name of who holds this seat: who signed up, and for whom by name.
pub async fn note_seat(
    tx: &mut Tx,
    community_id: &str,
    number: i64,
    holder: (PersonId, &str),
    note: &str,
) -> Result<()> {
    sqlx::query("update seat set note = $5 where community_id = $1 and number = $2 and person_id = $3 and guest = $4")
        .bind(community_id)
        .bind(number)
        .bind(holder.0)
        .bind(holder.1)
        .bind(note)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Gives a seat that somebody took for a neighbour, by name, to that neighbour. `from`: who took it, and the name; `to`: that
/// neighbour, and whether somebody else signs them up.
pub async fn hand_over_seat(
    tx: &mut Tx,
    community_id: &str,
    number: i64,
    from: (PersonId, &str),
    to: (PersonId, bool),
) -> Result<()> {
    sqlx::query(
        "update seat set person_id = $5, guest = '', by_proxy = $6
         where community_id = $1 and number = $2 and person_id = $3 and guest = $4",
    )
    .bind(community_id)
    .bind(number)
    .bind(from.0)
    .bind(from.1)
    .bind(to.0)
    .bind(to.1)
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

/// Open activities of these rooms that begin in this span, the earliest of each room first and at most so many of each,
/// with how many people go.
pub async fn between(
    tx: &mut Tx,
    room_ids: &[&str],
    from_ms: i64,
    before_ms: i64,
    limit: i64,
) -> Result<Vec<(ActivityRow, i64)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        activity: ActivityRow,
        going: i64,
    }
    let mut query = within(
        &format!(
            "select {COLUMNS}, cast(coalesce((
               select sum(adults + children) from seat s
               where s.community_id = a.community_id and s.number = a.number and s.state = 'going'), 0) as bigint) as going
             from (
               select *, row_number() over (partition by room_id order by starts_at_ms, number) as turn from activity
               where room_id"
        ),
        room_ids,
    );
    query.push(" and state = 'open' and starts_at_ms >= ").push_bind(from_ms);
    query.push(" and starts_at_ms < ").push_bind(before_ms);
    query.push(") a where turn <= ").push_bind(limit).push(" order by room_id, turn");
    let rows: Vec<Row> = query.build_query_as().fetch_all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (row.activity, row.going)).collect())
}

/// Those who go to these activities, in the order of arrival, once for each activity.
pub async fn going(tx: &mut Tx, community_id: &str, numbers: &[i64]) -> Result<Vec<(i64, Person)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        number: i64,
        #[sqlx(flatten)]
        person: Person,
    }
    let mut query = within(
        "select number, person_id, user_id, display_name from (
           select number, person_id, min(arrival_place) as first, min(seat_id) as first_id from seat where number",
        numbers,
    );
    query.push(" and community_id = ").push_bind(community_id);
    query.push(
        " and state = 'going' group by number, person_id) s join person using (person_id) order by first, first_id",
    );
    let rows: Vec<Row> = query.build_query_as().fetch_all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (row.number, row.person)).collect())
}

/// The seats somebody holds in a room, in activities that haven't begun: number, and for whom by name.
pub async fn seats_of(
    tx: &mut Tx,
    community_id: &str,
    room_id: &str,
    person_id: PersonId,
    now_ms: i64,
) -> Result<Vec<(i64, String)>> {
    Ok(sqlx::query_as(
        "select number, guest from seat join activity a using (community_id, number)
         where community_id = $1 and room_id = $2 and person_id = $3 and a.state = 'open' and starts_at_ms > $4
         order by seat_id",
    )
    .bind(community_id)
    .bind(room_id)
    .bind(person_id)
    .bind(now_ms)
    .fetch_all(tx.connection())
    .await?)
}

/// Forgets what an activity that was taken back was about.
pub async fn forget_text(tx: &mut Tx, community_id: &str, number: i64, instead: &str) -> Result<()> {
    sqlx::query("update activity set title = $3, place = '' where community_id = $1 and number = $2")
        .bind(community_id)
        .bind(number)
        .bind(instead)
        .execute(tx.connection())
        .await?;
    Ok(())
}
