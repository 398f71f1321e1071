//! Rows of polls and ballots. Which answers count is said here in SQL, since there may be thousands; everything else
//! about polls is decided in the `commands` crate.

use crate::{Result, Tx, list::within, person::PersonId};

/// The row of a poll.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PollRow {
    /// Its number.
    pub number: i64,
    /// The room it was started in.
    pub room_id: String,
    /// Who started it.
    pub starter_id: PersonId,
    /// What is asked.
    pub question: String,
    /// JSON: the texts of the options.
    pub options: String,
    /// Answers before this instant count.
    pub closes_at_ms: i64,
    /// `open`, `closed` or `announced`.
    pub state: String,
    /// Taken back by its starter before anybody answered.
    pub withdrawn: bool,
}

impl PollRow {
    /// The texts of the options; the first is answered by 1.
    pub fn option_texts(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_str(&self.options)?)
    }
}

const COLUMNS: &str = "number, room_id, starter_id, question, options, closes_at_ms, state, withdrawn";

/// Stores a new poll; its item must exist.
pub async fn create(tx: &mut Tx, community_id: &str, row: &PollRow, now_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into poll (community_id, number, room_id, starter_id, question, options, closes_at_ms, state, posted_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(community_id)
    .bind(row.number)
    .bind(&row.room_id)
    .bind(row.starter_id)
    .bind(&row.question)
    .bind(&row.options)
    .bind(row.closes_at_ms)
    .bind(&row.state)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The poll with this number.
pub async fn get(tx: &mut Tx, community_id: &str, number: i64) -> Result<Option<PollRow>> {
    let sql = format!("select {COLUMNS} from poll where community_id = $1 and number = $2");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(community_id).bind(number).fetch_optional(tx.connection()).await?)
}

/// Writes state and deadline.
pub async fn save(tx: &mut Tx, community_id: &str, row: &PollRow) -> Result<()> {
    sqlx::query(
        "update poll set state = $3, closes_at_ms = $4, withdrawn = $5 where community_id = $1 and number = $2",
    )
    .bind(community_id)
    .bind(row.number)
    .bind(&row.state)
    .bind(row.closes_at_ms)
    .bind(row.withdrawn)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The native answers of a room can't be read back any more: they stand like what was typed.
pub async fn settle_native(tx: &mut Tx, community_id: &str, number: i64, room_id: &str) -> Result<()> {
    sqlx::query("update ballot set native = 0 where community_id = $1 and number = $2 and room_id = $3")
        .bind(community_id)
        .bind(number)
        .bind(room_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Whether anybody has answered.
pub async fn has_answers(tx: &mut Tx, community_id: &str, number: i64) -> Result<bool> {
    let row: Option<i64> =
        sqlx::query_scalar("select 1 from ballot where community_id = $1 and number = $2 and struck = 0 limit 1")
            .bind(community_id)
            .bind(number)
            .fetch_optional(tx.connection())
            .await?;
    Ok(row.is_some())
}

/// Forgets what was asked, whose author took it back.
pub async fn forget_text(tx: &mut Tx, community_id: &str, number: i64, question: &str, options: &str) -> Result<()> {
    sqlx::query("update poll set question = $3, options = $4 where community_id = $1 and number = $2")
        .bind(community_id)
        .bind(number)
        .bind(question)
        .bind(options)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// An answer to a poll.
#[derive(Clone, Copy, Debug)]
pub struct NewBallot<'a> {
    /// Whose.
    pub person_id: PersonId,
    /// The event that gave it.
    pub event_id: &'a str,
    /// The room it was given in.
    pub room_id: Option<&'a str>,
    /// 1 for the first option; none: no vote.
    pub choice: Option<i64>,
    /// When it was given.
    pub at_ms: i64,
    /// To the native poll, not typed.
    pub native: bool,
    /// The place at which it arrived, which decides between answers of one instant.
    pub arrival_place: i64,
}

/// Keeps an answer; the same event again is no other answer, but stands again if it had been struck out.
pub async fn put_ballot(tx: &mut Tx, community_id: &str, number: i64, ballot: NewBallot<'_>) -> Result<()> {
    let stood = stands(tx, community_id, number, ballot.person_id).await?;
    sqlx::query(
        "insert into ballot (community_id, number, person_id, event_id, room_id, choice, at_ms, native, arrival_place)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (event_id) do update set struck = 0",
    )
    .bind(community_id)
    .bind(number)
    .bind(ballot.person_id)
    .bind(ballot.event_id)
    .bind(ballot.room_id)
    .bind(ballot.choice)
    .bind(ballot.at_ms)
    .bind(ballot.native)
    .bind(ballot.arrival_place)
    .execute(tx.connection())
    .await?;
    count_again(tx, community_id, number, ballot.person_id, stood).await
}

/// Whether somebody has an answer that stands.
pub async fn stands(tx: &mut Tx, community_id: &str, number: i64, person_id: PersonId) -> Result<bool> {
    let stands: Option<bool> = sqlx::query_scalar(
        "select choice is not null from ballot join poll p using (community_id, number)
         where community_id = $1 and number = $2 and person_id = $3 and struck = 0 and ballot.at_ms < p.closes_at_ms
         order by ballot.at_ms desc, arrival_place desc, ballot_id desc limit 1",
    )
    .bind(community_id)
    .bind(number)
    .bind(person_id)
    .fetch_optional(tx.connection())
    .await?;
    Ok(stands.unwrap_or(false))
}

/// Keeps the turnout up to date after a ballot of somebody changed: to count everybody for each of thousands of answers
/// would take longer and longer.
async fn count_again(tx: &mut Tx, community_id: &str, number: i64, person_id: PersonId, stood: bool) -> Result<()> {
    let stands = stands(tx, community_id, number, person_id).await?;
    if stands != stood {
        sqlx::query("update poll set turnout = turnout + $3 where community_id = $1 and number = $2")
            .bind(community_id)
            .bind(number)
            .bind(if stands { 1_i64 } else { -1 })
            .execute(tx.connection())
            .await?;
    }
    Ok(())
}

/// Whether an event is an answer to a native poll in this room: community and number of the poll.
pub async fn of_ballot(tx: &mut Tx, event_id: &str, room_id: &str) -> Result<Option<(String, i64)>> {
    Ok(sqlx::query_as("select community_id, number from ballot where event_id = $1 and room_id = $2 and native = 1")
        .bind(event_id)
        .bind(room_id)
        .fetch_optional(tx.connection())
        .await?)
}

/// Strikes out an answer that was taken back, or that isn't among what the room shows.
pub async fn strike(tx: &mut Tx, event_id: &str) -> Result<()> {
    let ballot: Option<(String, i64, PersonId)> =
        sqlx::query_as("select community_id, number, person_id from ballot where event_id = $1 and struck = 0")
            .bind(event_id)
            .fetch_optional(tx.connection())
            .await?;
    let Some((community_id, number, person_id)) = ballot else { return Ok(()) };
    let stood = stands(tx, &community_id, number, person_id).await?;
    sqlx::query("update ballot set struck = 1 where event_id = $1").bind(event_id).execute(tx.connection()).await?;
    count_again(tx, &community_id, number, person_id, stood).await
}

/// The native answers known to have been given in a room and not struck out: their events.
pub async fn native_ballots(tx: &mut Tx, community_id: &str, number: i64, room_id: &str) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "select event_id from ballot
         where community_id = $1 and number = $2 and room_id = $3 and native = 1 and struck = 0",
    )
    .bind(community_id)
    .bind(number)
    .bind(room_id)
    .fetch_all(tx.connection())
    .await?)
}

/// The last ballot of each person that counts, as a subquery: `$1` community, `$2` number.
const LATEST: &str = "select person_id, ballot.room_id as room_id, choice, row_number() over (
        partition by person_id order by ballot.at_ms desc, arrival_place desc, ballot_id desc) as place
    from ballot join poll p using (community_id, number)
    where community_id = $1 and number = $2 and struck = 0 and ballot.at_ms < p.closes_at_ms";

/// How many people chose what in which room: (room, choice, people).
pub async fn tally(tx: &mut Tx, community_id: &str, number: i64) -> Result<Vec<(Option<String>, i64, i64)>> {
    let sql = format!(
        "select room_id, choice, count(*) from ({LATEST}) latest where place = 1 and choice is not null
         group by room_id, choice"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(community_id).bind(number).fetch_all(tx.connection()).await?)
}

/// Those whose answer stands, after `after` in the order of their numbers.
pub async fn voters(
    tx: &mut Tx,
    community_id: &str,
    number: i64,
    after: PersonId,
    limit: i64,
) -> Result<Vec<PersonId>> {
    let sql = format!(
        "select person_id from ({LATEST}) latest where place = 1 and choice is not null and person_id > $3
         order by person_id limit $4"
    );
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(community_id)
        .bind(number)
        .bind(after)
        .bind(limit)
        .fetch_all(tx.connection())
        .await?)
}

/// How many people have an answer that stands.
pub async fn turnout(tx: &mut Tx, community_id: &str, number: i64) -> Result<i64> {
    Ok(sqlx::query_scalar("select turnout from poll where community_id = $1 and number = $2")
        .bind(community_id)
        .bind(number)
        .fetch_one(tx.connection())
        .await?)
}

/// Polls with a card in one of these rooms that are open and close in this span, with the room, the earliest first.
pub async fn closing_between(
    tx: &mut Tx,
    community_id: &str,
    room_ids: &[&str],
    after_ms: i64,
    until_ms: i64,
) -> Result<Vec<(String, PollRow)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        card_room_id: String,
        #[sqlx(flatten)]
        poll: PollRow,
    }
    let mut query = within(
        "select card.room_id as card_room_id, p.number, p.room_id, starter_id, question, options, closes_at_ms, p.state,
           p.withdrawn
         from poll p join card on card.community_id = p.community_id and card.number = p.number and card.kind = 'poll'
         where card.room_id",
        room_ids,
    );
    query.push(" and p.state = 'open' and p.community_id = ").push_bind(community_id);
    query.push(" and closes_at_ms > ").push_bind(after_ms);
    query.push(" and closes_at_ms <= ").push_bind(until_ms).push(" order by closes_at_ms, p.number");
    let rows: Vec<Row> = query.build_query_as().fetch_all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (row.card_room_id, row.poll)).collect())
}
