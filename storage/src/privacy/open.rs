//! Which items somebody has a part in, by number: so that what is open can be ended when they leave for good, and cards that
//! show their name can be shown anew.

use crate::{Result, Tx, person::PersonId};

async fn numbers(tx: &mut Tx, select: &'static str, community_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar(select).bind(community_id).bind(person_id).fetch_all(tx.connection()).await?)
}

/// Wishes that they made, help with or stand by for, the newest first.
pub async fn wishes_of(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    let select = "select number from wish where community_id = $1 and (wisher_id = $2 or helper_id = $2)
         union select number from wish_standby where community_id = $1 and person_id = $2 order by number desc";
    numbers(tx, select, community_id, person_id).await
}

/// Activities that they organise or signed up for, the newest first.
pub async fn activities_of(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    let select = "select number from activity where community_id = $1 and organiser_id = $2
         union select number from seat where community_id = $1 and person_id = $2 order by number desc";
    numbers(tx, select, community_id, person_id).await
}

/// Polls that they started, the newest first.
pub async fn polls_of(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    let select = "select number from poll where community_id = $1 and starter_id = $2 order by number desc";
    numbers(tx, select, community_id, person_id).await
}

/// Tasks that they started, the newest first.
pub async fn tasks_of(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    let select = "select number from task where community_id = $1 and starter_id = $2 order by number desc";
    numbers(tx, select, community_id, person_id).await
}

/// Tasks for which they were asked, the newest first.
pub async fn tasks_answered_by(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    let select = "select number from task_answer where community_id = $1 and person_id = $2 order by number desc";
    numbers(tx, select, community_id, person_id).await
}

/// Requests to bind a room that they made, the newest first.
pub async fn requests_of(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<i64>> {
    let select = "select request_id from binding_request where community_id = $1 and asked_by = $2
         order by request_id desc";
    numbers(tx, select, community_id, person_id).await
}

/// Their answers to polls whose result hasn't been said: number and event.
pub async fn ballots_in_open_polls(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<(i64, String)>> {
    Ok(sqlx::query_as(
        "select number, event_id from ballot join poll p using (community_id, number)
         where community_id = $1 and person_id = $2 and p.state <> 'announced' order by ballot_id",
    )
    .bind(community_id)
    .bind(person_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Takes their answers to a poll away altogether; they must have been struck out, so that the turnout is right.
pub async fn strike_out(tx: &mut Tx, community_id: &str, number: i64, person_id: PersonId) -> Result<()> {
    sqlx::query("delete from ballot where community_id = $1 and number = $2 and person_id = $3 and struck = 1")
        .bind(community_id)
        .bind(number)
        .bind(person_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Their taps that stand under open cards: number of the item and event.
pub async fn standing_taps(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<(i64, String)>> {
    Ok(sqlx::query_as(
        "select card.number, event_id from tap join card using (card_id)
         where card.community_id = $1 and tap.person_id = $2 and redacted = 0 and card.open = 1 order by card_id",
    )
    .bind(community_id)
    .bind(person_id)
    .fetch_all(tx.connection())
    .await?)
}
