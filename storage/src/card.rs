//! Cards, their chips, and the taps of people. What a card says is made in the `commands` crate.

use crate::{Result, Storage, Tx, person::PersonId};

/// A card that was posted.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Card {
    /// Our number.
    pub card_id: i64,
    /// The community it belongs to.
    pub community_id: String,
    /// `wish`, `wish_offer`, `binding_request`, …
    pub kind: String,
    /// Number of the item (or of the request).
    pub number: i64,
    /// Where it stands; none in a private chat.
    pub room_id: Option<String>,
    /// Whose private chat.
    pub person_id: Option<PersonId>,
    /// The row of the outbox that posts it.
    pub post_id: i64,
    /// Can still be acted on.
    pub open: bool,
}

/// A chip of the bot under a card.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Chip {
    /// What it says.
    pub key: String,
    /// The row of the outbox that put it there.
    pub tap_id: i64,
}

/// Stores a card.
pub async fn create(
    tx: &mut Tx,
    community_id: &str,
    kind: &str,
    number: i64,
    room_id: Option<&str>,
    person_id: Option<PersonId>,
    post_id: i64,
) -> Result<Card> {
    Ok(sqlx::query_as(
        "insert into card (community_id, kind, number, room_id, person_id, post_id) values ($1, $2, $3, $4, $5, $6)
         returning card_id, community_id, kind, number, room_id, person_id, post_id, open",
    )
    .bind(community_id)
    .bind(kind)
    .bind(number)
    .bind(room_id)
    .bind(person_id)
    .bind(post_id)
    .fetch_one(tx.connection())
    .await?)
}

/// All cards of this kind and number, oldest first.
pub async fn of_number(tx: &mut Tx, community_id: &str, kind: &str, number: i64) -> Result<Vec<Card>> {
    Ok(sqlx::query_as(
        "select card_id, community_id, kind, number, room_id, person_id, post_id, open from card
         where community_id = $1 and kind = $2 and number = $3 order by card_id",
    )
    .bind(community_id)
    .bind(kind)
    .bind(number)
    .fetch_all(tx.connection())
    .await?)
}

/// The card that the homeserver knows, or knew earlier, under this event id.
pub async fn by_event(tx: &mut Tx, event_id: &str) -> Result<Option<Card>> {
    Ok(sqlx::query_as(
        "select card_id, card.community_id, card.kind, number, card.room_id, card.person_id, post_id, open
         from outbox join card on card.card_id = coalesce(
           (select c.card_id from card c where c.post_id = outbox.outbox_id),
           (select f.card_id from former_post f where f.post_id = outbox.outbox_id))
         where outbox.event_id = $1",
    )
    .bind(event_id)
    .fetch_optional(tx.connection())
    .await?)
}

/// The numbers of cards of a kind in a room that are open or, for what was said earlier and could only be read now, were
/// still open at that instant; at most `limit`.
pub async fn open_numbers(
    tx: &mut Tx,
    room_id: &str,
    kind: &str,
    open_at_ms: Option<i64>,
    limit: i64,
) -> Result<Vec<i64>> {
    let Some(open_at_ms) = open_at_ms else {
        return Ok(sqlx::query_scalar(
            "select number from card where room_id = $1 and kind = $2 and open = 1 order by number limit $3",
        )
        .bind(room_id)
        .bind(kind)
        .bind(limit)
        .fetch_all(tx.connection())
        .await?);
    };
    Ok(sqlx::query_scalar(
        "select number from card where room_id = $1 and kind = $2 and (open = 1 or closed_at_ms > $4)
         order by number limit $3",
    )
    .bind(room_id)
    .bind(kind)
    .bind(limit)
    .bind(open_at_ms)
    .fetch_all(tx.connection())
    .await?)
}

/// The card has been posted anew: what is about it from now on is about that message, and the earlier one still means
/// it.
pub async fn posted_anew(tx: &mut Tx, card: &Card, post_id: i64) -> Result<()> {
    sqlx::query("insert into former_post (post_id, card_id) values ($1, $2)")
        .bind(card.post_id)
        .bind(card.card_id)
        .execute(tx.connection())
        .await?;
    sqlx::query("update card set post_id = $2 where card_id = $1")
        .bind(card.card_id)
        .bind(post_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The events of every message that has shown this card, the oldest first, as far as the homeserver has them.
pub async fn events(tx: &mut Tx, card_id: i64) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "select event_id from outbox where event_id is not null and outbox_id in (
           select post_id from former_post where card_id = $1 union all select post_id from card where card_id = $1)
         order by outbox_id",
    )
    .bind(card_id)
    .fetch_all(tx.connection())
    .await?)
}

/// Opens or closes a card.
pub async fn set_open(tx: &mut Tx, card_id: i64, open: bool, now_ms: i64) -> Result<()> {
    sqlx::query(
        "update card set open = $2, closed_at_ms = case when $2 then null else coalesce(closed_at_ms, $3) end
         where card_id = $1",
    )
    .bind(card_id)
    .bind(open)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The bot's chips under a card, in the order in which they were put there.
pub async fn chips(tx: &mut Tx, card_id: i64) -> Result<Vec<Chip>> {
    Ok(sqlx::query_as("select key, tap_id from chip where card_id = $1 order by tap_id")
        .bind(card_id)
        .fetch_all(tx.connection())
        .await?)
}

/// Notes a chip.
pub async fn add_chip(tx: &mut Tx, card_id: i64, key: &str, tap_id: i64) -> Result<()> {
    sqlx::query("insert into chip (card_id, key, tap_id) values ($1, $2, $3)")
        .bind(card_id)
        .bind(key)
        .bind(tap_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Forgets a chip.
pub async fn remove_chip(tx: &mut Tx, card_id: i64, key: &str) -> Result<()> {
    sqlx::query("delete from chip where card_id = $1 and key = $2")
        .bind(card_id)
        .bind(key)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Notes what a person tapped, and under which post of the card.
pub async fn tapped(
    tx: &mut Tx,
    event_id: &str,
    card_id: i64,
    on_event_id: &str,
    person_id: PersonId,
    key: &str,
) -> Result<()> {
    sqlx::query(
        "insert into tap (event_id, card_id, on_event_id, person_id, key) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
    )
    .bind(event_id)
    .bind(card_id)
    .bind(on_event_id)
    .bind(person_id)
    .bind(key)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The taps that stand under a post, as far as is known: event, person and key.
pub async fn taps_on(tx: &mut Tx, on_event_id: &str) -> Result<Vec<(String, PersonId, String)>> {
    Ok(sqlx::query_as("select event_id, person_id, key from tap where on_event_id = $1 and redacted = 0")
        .bind(on_event_id)
        .fetch_all(tx.connection())
        .await?)
}

/// A card is posted anew: its new post, without chips yet.
pub async fn reposted(tx: &mut Tx, card_id: i64, post_id: i64) -> Result<()> {
    sqlx::query("delete from chip where card_id = $1").bind(card_id).execute(tx.connection()).await?;
    sqlx::query("update card set post_id = $2 where card_id = $1")
        .bind(card_id)
        .bind(post_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The items that have an open card in a room, once each: kind and number.
pub async fn open_items(tx: &mut Tx, room_id: &str, limit: i64) -> Result<Vec<(String, i64)>> {
    Ok(sqlx::query_as(
        "select kind, number from card where room_id = $1 and open = 1 group by kind, number
         order by min(card_id) limit $2",
    )
    .bind(room_id)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?)
}

/// The posts of the cards of a kind and number that the homeserver has, earlier ones of the same card too: room and event.
pub async fn posts(storage: &Storage, community_id: &str, kind: &str, number: i64) -> Result<Vec<(String, String)>> {
    Ok(sqlx::query_as(
        "select card.room_id, outbox.event_id from card
         join outbox on outbox.outbox_id = card.post_id
           or outbox.outbox_id in (select f.post_id from former_post f where f.card_id = card.card_id)
         join room on room.room_id = card.room_id and room.left_at_ms is null
         where card.community_id = $1 and card.number = $2 and card.kind = $3 and outbox.event_id is not null
         order by card_id, outbox_id",
    )
    .bind(community_id)
    .bind(number)
    .bind(kind)
    .fetch_all(storage.reader())
    .await?)
}

/// Takes a tap back: its card, who made it and its key; none if there was no such tap or it is gone already.
pub async fn untapped(tx: &mut Tx, event_id: &str) -> Result<Option<(i64, PersonId, String)>> {
    Ok(sqlx::query_as(
        "update tap set redacted = 1 where event_id = $1 and redacted = 0 returning card_id, person_id, key",
    )
    .bind(event_id)
    .fetch_optional(tx.connection())
    .await?)
}

/// The card on which an event is somebody's tap.
pub async fn of_tap(tx: &mut Tx, event_id: &str) -> Result<Option<Card>> {
    Ok(sqlx::query_as(
        "select card.card_id, community_id, kind, number, room_id, card.person_id, post_id, open
         from card join tap using (card_id) where tap.event_id = $1",
    )
    .bind(event_id)
    .fetch_optional(tx.connection())
    .await?)
}

/// Whether a tap of this person with this key still stands under the card.
pub async fn still_taps(tx: &mut Tx, card_id: i64, person_id: PersonId, key: &str) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar(
        "select 1 from tap where card_id = $1 and person_id = $2 and key = $3 and redacted = 0 limit 1",
    )
    .bind(card_id)
    .bind(person_id)
    .bind(key)
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.is_some())
}

/// The card with this number.
pub async fn get(tx: &mut Tx, card_id: i64) -> Result<Card> {
    Ok(sqlx::query_as(
        "select card_id, community_id, kind, number, room_id, person_id, post_id, open from card where card_id = $1",
    )
    .bind(card_id)
    .fetch_one(tx.connection())
    .await?)
}

/// Notes that a person was told that a tap on this card wasn't theirs to make; false if told before.
pub async fn give_tap_notice(tx: &mut Tx, card_id: i64, person_id: PersonId) -> Result<bool> {
    let done = sqlx::query("insert into tap_notice (card_id, person_id) values ($1, $2) on conflict do nothing")
        .bind(card_id)
        .bind(person_id)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected() > 0)
}
