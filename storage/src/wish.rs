//! Rows of wishes. Which change is allowed is decided in `commands/src/wish/rules.rs`.

use crate::{Result, Tx, list::within, person::PersonId};

/// A wish and those who stand by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The row.
    pub row: WishRow,
    /// In the order of the queue.
    pub standbys: Vec<StandbyRow>,
}

/// The row of a wish.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct WishRow {
    /// Its number.
    pub number: i64,
    /// The room it was posted in.
    pub room_id: String,
    /// Who wishes.
    pub wisher_id: PersonId,
    /// What is wished.
    pub text: String,
    /// `open`, `claimed`, `done`, `confirmed` or `withdrawn`.
    pub state: String,
    /// Who helps, in claimed, done and confirmed.
    pub helper_id: Option<PersonId>,
    /// The place at which the helper's claim arrived.
    pub claim_place: i64,
    /// Somebody else posted it for the wisher.
    pub by_proxy: bool,
}

/// Somebody who stands by.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StandbyRow {
    /// Who.
    pub person_id: PersonId,
    /// `waiting`, `asked` or `declined`.
    pub answer: String,
    /// The place at which they said that they stand by.
    pub arrival_place: i64,
}

/// Stores a new wish; its item must exist.
pub async fn create(tx: &mut Tx, community_id: &str, row: &WishRow, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into wish (community_id, number, room_id, wisher_id, text, state, helper_id, claim_place, by_proxy,
         posted_at_ms, changed_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
    )
    .bind(community_id)
    .bind(row.number)
    .bind(&row.room_id)
    .bind(row.wisher_id)
    .bind(&row.text)
    .bind(&row.state)
    .bind(row.helper_id)
    .bind(row.claim_place)
    .bind(row.by_proxy)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The wish with this number.
pub async fn get(tx: &mut Tx, community_id: &str, number: i64) -> Result<Option<Wish>> {
    let row: Option<WishRow> = sqlx::query_as(
        "select number, room_id, wisher_id, text, state, helper_id, claim_place, by_proxy from wish where community_id = $1 and number = $2",
    )
    .bind(community_id)
    .bind(number)
    .fetch_optional(tx.connection())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let standbys = sqlx::query_as(
        "select person_id, answer, arrival_place from wish_standby where community_id = $1 and number = $2 order by place",
    )
    .bind(community_id)
    .bind(number)
    .fetch_all(tx.connection())
    .await?;
    Ok(Some(Wish { row, standbys }))
}

/// Writes state, helper and the whole queue of stand-bys.
pub async fn save(tx: &mut Tx, community_id: &str, wish: &Wish, now_ms: i64) -> Result<()> {
    sqlx::query(
        "update wish set state = $3, helper_id = $4, claim_place = $5, changed_at_ms = $6
         where community_id = $1 and number = $2",
    )
    .bind(community_id)
    .bind(wish.row.number)
    .bind(&wish.row.state)
    .bind(wish.row.helper_id)
    .bind(wish.row.claim_place)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    sqlx::query("delete from wish_standby where community_id = $1 and number = $2")
        .bind(community_id)
        .bind(wish.row.number)
        .execute(tx.connection())
        .await?;
    for (place, standby) in (0_i64..).zip(&wish.standbys) {
        sqlx::query(
            "insert into wish_standby (community_id, number, person_id, place, answer, arrival_place)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(community_id)
        .bind(wish.row.number)
        .bind(standby.person_id)
        .bind(place)
        .bind(&standby.answer)
        .bind(standby.arrival_place)
        .execute(tx.connection())
        .await?;
    }
    Ok(())
}

/// Wishes of a room that nobody has taken, oldest first; the second value is how many there are in all.
pub async fn open_in_room(tx: &mut Tx, room_id: &str, limit: i64) -> Result<(Vec<WishRow>, i64)> {
    let rows: Vec<WishRow> = sqlx::query_as(
        "select number, room_id, wisher_id, text, state, helper_id, claim_place, by_proxy from wish
         where room_id = $1 and state = 'open' order by number limit $2",
    )
    .bind(room_id)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?;
    if (rows.len() as i64) < limit {
        let count = rows.len() as i64;
        return Ok((rows, count));
    }
    let count = sqlx::query_scalar("select count(*) from wish where room_id = $1 and state = 'open'")
        .bind(room_id)
        .fetch_one(tx.connection())
        .await?;
    Ok((rows, count))
}

/// Wishes somebody posted or helps with that aren't over, newest first.
pub async fn of_person(tx: &mut Tx, community_id: &str, person_id: PersonId, limit: i64) -> Result<Vec<WishRow>> {
    Ok(sqlx::query_as(
        "select number, room_id, wisher_id, text, state, helper_id, claim_place, by_proxy from wish
         where community_id = $1 and (wisher_id = $2 or helper_id = $2) and state in ('open', 'claimed', 'done')
         order by number desc limit $3",
    )
    .bind(community_id)
    .bind(person_id)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?)
}

/// Wishes of these rooms that nobody has taken, the oldest of each room first and at most so many of each, with how many
/// there are in that room.
pub async fn open_in_rooms(tx: &mut Tx, room_ids: &[&str], limit: i64) -> Result<Vec<(WishRow, i64)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        wish: WishRow,
        total: i64,
    }
    let mut query = within(
        "select number, room_id, wisher_id, text, state, helper_id, claim_place, by_proxy, total from (
           select *, row_number() over (partition by room_id order by number) as place,
             count(*) over (partition by room_id) as total
           from wish where state = 'open' and room_id",
        room_ids,
    );
    query.push(") w where place <= ").push_bind(limit).push(" order by room_id, place");
    let rows: Vec<Row> = query.build_query_as().fetch_all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (row.wish, row.total)).collect())
}

/// The wishes of a room that somebody helps with and hasn't done, or stands by for.
pub async fn held_by(tx: &mut Tx, community_id: &str, room_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar(
        "select number from wish w
         where community_id = $1 and room_id = $2 and state in ('open', 'claimed', 'done') and (
           state = 'claimed' and helper_id = $3
           or exists (select 1 from wish_standby s
             where s.community_id = w.community_id and s.number = w.number and s.person_id = $3))
         order by number",
    )
    .bind(community_id)
    .bind(room_id)
    .bind(person_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Forgets the words of a wish that was taken back.
pub async fn forget_text(tx: &mut Tx, community_id: &str, number: i64, instead: &str) -> Result<()> {
    sqlx::query("update wish set text = $3 where community_id = $1 and number = $2")
        .bind(community_id)
        .bind(number)
        .bind(instead)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The wishes for which somebody who stands by is being asked.
pub async fn asking(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar(
        "select number from wish_standby where community_id = $1 and person_id = $2 and answer = 'asked' order by number",
    )
    .bind(community_id)
    .bind(person_id)
    .fetch_all(tx.connection())
    .await?)
}
