//! What is to be said, in order per card and per person, until the homeserver has it. What a message says is made in
//! the `commands` crate; when it is sent is decided in the sender.

use sha2::{Digest, Sha256};

use crate::{Error, Result, Storage, Tx, epoch, person::PersonId, room};

/// What kind of thing goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A new message.
    Post,
    /// A new version of one of ours.
    Edit,
    /// A reaction.
    Tap,
    /// Taking a reaction of ours back.
    Untap,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Edit => "edit",
            Self::Tap => "tap",
            Self::Untap => "untap",
        }
    }
}

/// Which goes first when several could go. Each lane lets the one before it go ahead by [`LANE_LEAD_MS`], so that
/// nothing waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Follows a person's act.
    Answer = 0,
    /// Asks somebody.
    Ping = 1,
    /// Edits and chips.
    Edit = 2,
    /// Summaries.
    Digest = 3,
}

/// How much longer a row of a later lane waits than one of the lane before it. The index `outbox_next` names the number
/// itself, so that the first row is found without looking at all of them.
pub const LANE_LEAD_MS: i64 = 10_000;

/// Where a row goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination<'a> {
    /// Into a room.
    Room(&'a str),
    /// Into the private chat with a person; the room is told once if that chat isn't open.
    Person {
        /// Who.
        person_id: PersonId,
        /// The room that may be told.
        fallback_room_id: Option<&'a str>,
    },
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// Nothing but itself.
    None,
    /// Another row of ours.
    Row(i64),
    /// An event of somebody else.
    Event(&'a str),
}

/// A row to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// The event (or agenda key) that causes it.
    pub cause: &'a str,
    /// Its place among what the cause causes.
    pub ordinal: i64,
    /// What it is.
    pub kind: Kind,
    /// Where to.
    pub destination: Destination<'a>,
    /// What about.
    pub target: Target<'a>,
    /// How urgent.
    pub lane: Lane,
    /// JSON for the gateway.
    pub content: &'a str,
    /// Now.
    pub at_ms: i64,
    /// It is sent only while the evening window of this community is open; none: a person caused it.
    pub unasked_in: Option<&'a str>,
    /// From this instant on it is dropped.
    pub stale_at_ms: Option<i64>,
}

/// A row to be sent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    /// Its number.
    pub outbox_id: i64,
    /// Under which the homeserver knows a retry.
    pub transaction_id: String,
    /// `post`, `edit`, `tap` or `untap`.
    pub kind: String,
    /// Into which room; none for a private chat.
    pub room_id: Option<String>,
    /// To whom, privately.
    pub person_id: Option<PersonId>,
    /// That person's Matrix id.
    pub user_id: Option<String>,
    /// The room that may be told when the private chat isn't open.
    pub fallback_room_id: Option<String>,
    /// The event that an edit, tap or untap is about, if it is known by now.
    pub about_event_id: Option<String>,
    /// The state of the row it is about.
    pub about_state: Option<String>,
    /// JSON for the gateway.
    pub content: String,
    /// How often it has failed.
    pub attempts: i64,
    /// When it was written; it can't have been tried before.
    pub created_at_ms: i64,
    /// How urgent.
    pub lane: i64,
    /// It is sent only while the evening window of this community is open.
    pub unasked_in: Option<String>,
    /// From this instant on it is dropped.
    pub stale_at_ms: Option<i64>,
    /// A reaction on somebody's message: their answer, as short as can be.
    pub is_tick: bool,
    /// The card shows by now what this row says.
    pub is_shown: bool,
    /// The event that it links to.
    pub points_to_event_id: Option<String>,
    /// The number on it, if it is a card.
    pub card_number: Option<i64>,
}

/// The transaction id of a row: short, opaque and always the same for the same epoch, cause and ordinal.
pub fn transaction_id(epoch_id: &str, cause: &str, ordinal: i64) -> String {
    let tail = tail(cause, ordinal);
    if epoch_id.is_empty() { format!("ll-{tail}") } else { format!("ll-{epoch_id}-{tail}") }
}

/// The part of it that is the same in every epoch.
pub(crate) fn tail(cause: &str, ordinal: i64) -> String {
    let hash = Sha256::digest(format!("{cause}\n{ordinal}"));
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether something was said by this cause.
pub async fn has_caused(tx: &mut Tx, cause: &str) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar("select 1 from outbox where cause = $1 limit 1")
        .bind(cause)
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.is_some())
}

/// Writes a row. An edit takes the place of an older one of the same message that hasn't been sent.
pub async fn write(tx: &mut Tx, row: NewRow<'_>) -> Result<i64> {
    let (room_id, person_id, fallback) = match row.destination {
        Destination::Room(room_id) => (Some(room_id), None, None),
        Destination::Person { person_id, fallback_room_id } => (None, Some(person_id), fallback_room_id),
    };
    let (target_id, target_event_id) = match row.target {
        Target::None => (None, None),
        Target::Row(outbox_id) => (Some(outbox_id), None),
        Target::Event(event_id) => (None, Some(event_id)),
    };
    let mut created_at_ms = row.at_ms;
    if let (Kind::Edit, Some(target_id)) = (row.kind, target_id) {
        let superseded: Vec<i64> = sqlx::query_scalar(
            "update outbox set state = 'superseded', content = null
             where target_id = $1 and kind = 'edit' and state = 'queued' returning created_at_ms",
        )
        .bind(target_id)
        .fetch_all(tx.connection())
        .await?;
        // It takes the place of the older one in the queue too: a card that changes again and again would otherwise never
        // be the oldest.
        created_at_ms = superseded.into_iter().fold(created_at_ms, i64::min);
    }
    // What is about a card keeps the card's order.
    let stream = match (row.kind, target_id) {
        // A reaction on somebody's message neither waits for others nor holds them up.
        (Kind::Tap, None) => format!("tick {}", tail(row.cause, row.ordinal)),
        (Kind::Post, _) | (_, None) => post_stream(room_id, person_id, row.lane),
        (Kind::Untap, Some(tap_id)) => {
            // The order of the card that the chip stands under.
            let post_id: Option<i64> = sqlx::query_scalar("select target_id from outbox where outbox_id = $1")
                .bind(tap_id)
                .fetch_one(tx.connection())
                .await?;
            format!("card {}", post_id.unwrap_or(tap_id))
        }
        (Kind::Edit | Kind::Tap, Some(post_id)) => format!("card {post_id}"),
    };
    let outbox_id: i64 = sqlx::query_scalar(
        "insert into outbox (cause, ordinal, transaction_id, kind, room_id, person_id, fallback_room_id, target_id,
         target_event_id, lane, stream, content, created_at_ms, unasked_in, stale_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning outbox_id",
    )
    .bind(row.cause)
    .bind(row.ordinal)
    .bind(transaction_id(&tx.known().epoch_id, row.cause, row.ordinal))
    .bind(row.kind.as_str())
    .bind(room_id)
    .bind(person_id)
    .bind(fallback)
    .bind(target_id)
    .bind(target_event_id)
    .bind(row.lane as i64)
    .bind(stream)
    .bind(row.content)
    .bind(created_at_ms)
    .bind(row.unasked_in)
    .bind(row.stale_at_ms)
    .fetch_one(tx.connection())
    .await?;
    if tx.known().lost {
        take_over(tx, outbox_id, &row).await?;
    }
    // From a room that the bot had to leave nothing can be sent; that is known before it is tried.
    if let Some(room_id) = room_id
        && room::is_left(tx, room_id).await?
    {
        let park = row.kind == Kind::Post && row.lane <= Lane::Ping;
        given_up(tx, outbox_id, park, "the bot is not in that room").await?;
    }
    Ok(outbox_id)
}

/// After a restore: what had been said already isn't said again, it counts as this row's (ARCHITECTURE.md, "A backup is
/// restored").
async fn take_over(tx: &mut Tx, outbox_id: i64, row: &NewRow<'_>) -> Result<()> {
    let about = match row.target {
        Target::None => None,
        Target::Event(event_id) => Some(event_id.to_owned()),
        Target::Row(target_id) => {
            let (state, event_id): (String, Option<String>) =
                sqlx::query_as("select state, event_id from outbox where outbox_id = $1")
                    .bind(target_id)
                    .fetch_one(tx.connection())
                    .await?;
            if row.kind == Kind::Untap && state == "queued" && tx.known().replaying {
                // Put there and taken away again while reading: nothing of this epoch has been sent yet.
                for gone in [target_id, outbox_id] {
                    sqlx::query("update outbox set state = 'superseded', content = null where outbox_id = $1")
                        .bind(gone)
                        .execute(tx.connection())
                        .await?;
                }
                return Ok(());
            }
            event_id
        }
    };
    let said = match (row.kind, about) {
        (Kind::Post, _) => epoch::said_before(tx, &tail(row.cause, row.ordinal)).await?,
        (Kind::Tap, Some(about)) => epoch::tapped_before(tx, &about, row.content).await?,
        (Kind::Edit, Some(about)) => epoch::ended_before(tx, &about).await?,
        _ => None,
    };
    if let Some((event_id, said_at_ms)) = said {
        sent(tx, outbox_id, &event_id, said_at_ms).await?;
        epoch::take_over(tx, &event_id, outbox_id).await?;
    }
    Ok(())
}

/// Answers to something said so long ago that nobody waits for them any more: what it caused stands, cards are shown, and
/// the words are dropped with a record.
pub async fn drop_words(tx: &mut Tx, cause: &str) -> Result<()> {
    sqlx::query(
        "update outbox set state = 'dropped', last_error = 'said too long ago to be answered'
         where cause = $1 and state = 'queued' and kind = 'post'
           and not exists (select 1 from card where card.post_id = outbox.outbox_id)",
    )
    .bind(cause)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A message among many that are written together; none of them is about another row.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// What causes it.
    pub cause: String,
    /// Into which room; none: to the person.
    pub room_id: Option<String>,
    /// To whom, privately.
    pub person_id: Option<PersonId>,
    /// The room that may be told when the private chat isn't open.
    pub fallback_room_id: Option<String>,
    /// How urgent.
    pub lane: Lane,
    /// JSON for the gateway.
    pub content: String,
    /// It is sent only while the evening window of this community is open.
    pub unasked_in: Option<String>,
    /// From this instant on it is dropped.
    pub stale_at_ms: Option<i64>,
}

/// Writes messages together, each the first thing that its cause causes.
pub async fn write_posts(tx: &mut Tx, posts: &[NewPost], at_ms: i64) -> Result<()> {
    if posts.is_empty() {
        return Ok(());
    }
    let mut query = sqlx::QueryBuilder::new(
        "insert into outbox (cause, ordinal, transaction_id, kind, room_id, person_id, fallback_room_id, lane, stream,
         content, created_at_ms, unasked_in, stale_at_ms) ",
    );
    let epoch_id = tx.known().epoch_id.clone();
    query.push_values(posts, |mut row, post| {
        row.push_bind(&post.cause)
            .push_bind(0_i64)
            .push_bind(transaction_id(&epoch_id, &post.cause, 0))
            .push_bind(Kind::Post.as_str())
            .push_bind(&post.room_id)
            .push_bind(post.person_id)
            .push_bind(&post.fallback_room_id)
            .push_bind(post.lane as i64)
            .push_bind(post_stream(post.room_id.as_deref(), post.person_id, post.lane))
            .push_bind(&post.content)
            .push_bind(at_ms)
            .push_bind(&post.unasked_in)
            .push_bind(post.stale_at_ms);
    });
    query.build().execute(tx.connection()).await?;
    if tx.known().lost {
        for post in posts {
            let row: i64 = sqlx::query_scalar("select outbox_id from outbox where cause = $1 and ordinal = 0")
                .bind(&post.cause)
                .fetch_one(tx.connection())
                .await?;
            if let Some((event_id, said_at_ms)) = epoch::said_before(tx, &tail(&post.cause, 0)).await? {
                sent(tx, row, &event_id, said_at_ms).await?;
                epoch::take_over(tx, &event_id, row).await?;
            }
        }
    }
    Ok(())
}

/// Messages keep the order of their room or private chat, per lane.
fn post_stream(room_id: Option<&str>, person_id: Option<PersonId>, lane: Lane) -> String {
    match (room_id, person_id) {
        (Some(room_id), _) => format!("room {} {room_id}", lane as i64),
        (None, person_id) => format!("person {}", person_id.unwrap_or_default()),
    }
}

/// The next ordinal of a cause that already has rows.
pub async fn next_ordinal(tx: &mut Tx, cause: &str) -> Result<i64> {
    Ok(sqlx::query_scalar("select coalesce(max(ordinal) + 1, 0) from outbox where cause = $1")
        .bind(cause)
        .fetch_one(tx.connection())
        .await?)
}

/// An edit shows everybody's state at once: where little goes through, it goes before answers that are no older than this.
pub const SCARCE_EDIT_LEAD_MS: i64 = 60_000;
/// Chips give way to what says something for this long.
pub const SCARCE_CHIP_LAG_MS: i64 = 30_000;
/// And a ✅ on a word for this long: the card says the same to more people.
pub const SCARCE_TICK_LAG_MS: i64 = 120_000;

const NEXT: &str = "
    select o.outbox_id, o.transaction_id, o.kind, coalesce(o.room_id, about.room_id) as room_id,
      coalesce(o.person_id, about.person_id) as person_id, person.user_id, o.fallback_room_id,
      coalesce(o.target_event_id, about.event_id) as about_event_id, about.state as about_state, o.content,
      o.attempts, o.created_at_ms, o.lane, o.unasked_in, o.stale_at_ms, card.number as card_number,
      o.kind = 'tap' and o.target_event_id is not null as is_tick,
      o.shown_by is not null and exists (
        select 1 from outbox e
        where e.target_id = o.shown_by and e.kind = 'edit' and e.state = 'sent' and e.outbox_id > o.outbox_id) as is_shown,
      link.event_id as points_to_event_id
    from outbox o
    left join outbox about on about.outbox_id = o.target_id
    left join outbox link on link.outbox_id = o.points_to
    left join card on card.post_id = o.outbox_id
    left join person on person.person_id = coalesce(o.person_id, about.person_id)
    where o.state = 'queued' and o.not_before_ms <= $1
      and (o.target_id is null or about.state <> 'queued')
      and (o.points_to is null or link.state <> 'queued')
      and (o.kind <> 'edit' or not exists (
        select 1 from outbox e
        where e.target_id = o.target_id and e.kind = 'edit' and e.state = 'sent' and e.sent_at_ms > $1 - $2
          and e.sent_at_ms <= $1))";

/// The row to send next: the head of its stream, not held back by a failure, the most urgent first. An edit waits until
/// the last one of the same message is `edit_spacing_ms` old.
pub async fn next(storage: &Storage, now_ms: i64, edit_spacing_ms: i64) -> Result<Option<Row>> {
    let order = format!(
        "and not exists (
           select 1 from outbox p where p.stream = o.stream and p.state = 'queued' and p.outbox_id < o.outbox_id)
         order by o.created_at_ms + o.lane * {LANE_LEAD_MS}, o.outbox_id limit 1"
    );
    select_next(storage, now_ms, edit_spacing_ms, &order).await
}

/// The same where the homeserver lets little through: what tells most people most goes first. An edit passes the chips of
/// its card. Nothing waits for ever here either.
pub async fn next_of_few(storage: &Storage, now_ms: i64, edit_spacing_ms: i64) -> Result<Option<Row>> {
    let order = format!(
        "and not exists (
           select 1 from outbox p where p.stream = o.stream and p.state = 'queued' and p.outbox_id < o.outbox_id
             and (o.kind <> 'edit' or p.kind = 'edit'))
         order by o.created_at_ms + case
           when o.kind = 'edit' then -{SCARCE_EDIT_LEAD_MS}
           when o.kind = 'tap' and o.target_event_id is not null then {SCARCE_TICK_LAG_MS}
           when o.kind = 'tap' or o.kind = 'untap' then {SCARCE_CHIP_LAG_MS}
           else o.lane * {LANE_LEAD_MS} end, o.outbox_id limit 1"
    );
    select_next(storage, now_ms, edit_spacing_ms, &order).await
}

async fn select_next(storage: &Storage, now_ms: i64, edit_spacing_ms: i64, order: &str) -> Result<Option<Row>> {
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("{NEXT} {order}")))
        .bind(now_ms)
        .bind(edit_spacing_ms)
        .fetch_optional(storage.reader())
        .await?)
}

/// When the earliest row that is held back may go; none if nothing is held back.
pub async fn next_not_before_ms(storage: &Storage, now_ms: i64, edit_spacing_ms: i64) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar(
        "select min(at_ms) from (
           select not_before_ms as at_ms from outbox where state = 'queued' and not_before_ms > $1
           union all
           select max(e.sent_at_ms) + $2 from outbox o
             join outbox e on e.target_id = o.target_id and e.kind = 'edit' and e.state = 'sent' and e.sent_at_ms <= $1
             where o.state = 'queued' and o.kind = 'edit' group by o.target_id
         ) held where at_ms > $1",
    )
    .bind(now_ms)
    .bind(edit_spacing_ms)
    .fetch_one(storage.reader())
    .await?)
}

/// The card that this message posts shows as well what the row says.
pub async fn shown_by(tx: &mut Tx, outbox_id: i64, post_id: i64) -> Result<()> {
    sqlx::query("update outbox set shown_by = $2 where outbox_id = $1")
        .bind(outbox_id)
        .bind(post_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The row links to another message of ours, and waits for it.
pub async fn points_to(tx: &mut Tx, outbox_id: i64, post_id: i64) -> Result<()> {
    sqlx::query("update outbox set points_to = $2 where outbox_id = $1")
        .bind(outbox_id)
        .bind(post_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// How many edits of a message the homeserver has.
pub async fn edits_sent(tx: &mut Tx, post_id: i64) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from outbox where target_id = $1 and kind = 'edit' and state = 'sent'")
        .bind(post_id)
        .fetch_one(tx.connection())
        .await?)
}

/// Messages that wait directly behind this one in its stream and were never tried, this one first: number and content.
pub async fn untried_from(storage: &Storage, outbox_id: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    Ok(sqlx::query_as(
        "select o.outbox_id, o.content from outbox o
         join outbox head on head.outbox_id = $1
         where o.stream = head.stream and o.state = 'queued' and o.kind = 'post' and o.outbox_id >= $1
           and o.attempts = 0 and o.forget_when_sent = 0
         order by o.outbox_id limit $2",
    )
    .bind(outbox_id)
    .bind(limit)
    .fetch_all(storage.reader())
    .await?)
}

/// These rows are said by another one.
pub async fn said_by(tx: &mut Tx, outbox_ids: &[i64], by: i64) -> Result<()> {
    let mut query = crate::list::within(
        "update outbox set state = 'superseded', content = null, last_error = 'said together with others' where outbox_id",
        outbox_ids,
    );
    query.push(" and state = 'queued' and outbox_id <> ").push_bind(by);
    query.build().execute(tx.connection()).await?;
    Ok(())
}

/// No private chat can be made before this instant: what waits for a new one isn't tried before.
pub async fn new_chats_wait(tx: &mut Tx, not_before_ms: i64) -> Result<()> {
    sqlx::query(
        "update outbox set not_before_ms = $1
         where state = 'queued' and room_id is null and not_before_ms < $1
           and person_id in (select person_id from person where person_id not in (
             select person_id from direct_chat where room_id is not null))",
    )
    .bind(not_before_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The homeserver said that we send too much, and how long we have to wait.
pub async fn rate_limited(tx: &mut Tx, now_ms: i64, wait_ms: i64) -> Result<()> {
    sqlx::query(
        "insert into rate_limit (only, refused_at_ms, wait_ms, times) values (1, $1, $2, 1)
         on conflict (only) do update set refused_at_ms = $1, wait_ms = $2, times = rate_limit.times + 1",
    )
    .bind(now_ms)
    .bind(wait_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// It may go from this instant on, through no fault of its own.
pub async fn postponed(tx: &mut Tx, outbox_id: i64, not_before_ms: i64) -> Result<()> {
    sqlx::query("update outbox set not_before_ms = $2 where outbox_id = $1 and state = 'queued'")
        .bind(outbox_id)
        .bind(not_before_ms)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The machine's clock was set back: what a failure held back until later than any failure does (it was counted from a time
/// that hasn't come) may go now. What waits for the evening has never failed or waits for a window, and is looked at anew.
pub async fn clock_set_back(tx: &mut Tx, latest_ms: i64) -> Result<()> {
    sqlx::query("update outbox set not_before_ms = 0 where state = 'queued' and not_before_ms > $1")
        .bind(latest_ms)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// How many rows still wait to be sent.
pub async fn depth(storage: &Storage) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from outbox where state = 'queued'").fetch_one(storage.reader()).await?)
}

/// The homeserver has it, under this id. Harmless if that is known already.
pub async fn sent(tx: &mut Tx, outbox_id: i64, event_id: &str, now_ms: i64) -> Result<()> {
    sqlx::query(
        "update outbox set state = 'sent', event_id = $2, sent_at_ms = $3, last_error = null,
           content = case when forget_when_sent = 1 then null else content end
         where outbox_id = $1 and state <> 'sent'",
    )
    .bind(outbox_id)
    .bind(event_id)
    .bind(now_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Our own message came back to us: the receipt, possibly before the answer to the request.
pub async fn echoed(tx: &mut Tx, transaction_id: &str, event_id: &str, now_ms: i64) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar("select outbox_id from outbox where transaction_id = $1")
        .bind(transaction_id)
        .fetch_optional(tx.connection())
        .await?;
    match row {
        Some(outbox_id) => {
            sent(tx, outbox_id, event_id, now_ms).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// It failed for now and may be tried again from this instant on.
pub async fn held_back(tx: &mut Tx, outbox_id: i64, not_before_ms: i64, error: &str) -> Result<()> {
    sqlx::query(
        "update outbox set attempts = attempts + 1, not_before_ms = $2, last_error = $3
         where outbox_id = $1 and state = 'queued'",
    )
    .bind(outbox_id)
    .bind(not_before_ms)
    .bind(error)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// It can never be sent: an answer or ping is parked for a steward to see, anything else dropped with a record.
pub async fn given_up(tx: &mut Tx, outbox_id: i64, park: bool, error: &str) -> Result<()> {
    sqlx::query(
        "update outbox set state = $2, last_error = $3,
           content = case when forget_when_sent = 1 then null else content end
         where outbox_id = $1 and state = 'queued'",
    )
    .bind(outbox_id)
    .bind(if park { "parked" } else { "dropped" })
    .bind(error)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// What a row says is dropped as soon as it is sent, or can't be.
pub async fn forget_when_sent(tx: &mut Tx, outbox_id: i64) -> Result<()> {
    sqlx::query("update outbox set forget_when_sent = 1 where outbox_id = $1")
        .bind(outbox_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// How many messages of a community that were written since an instant were parked, because they can never be sent. What
/// belongs to no room of a community is counted among the `first` one's.
pub async fn parked_since(tx: &mut Tx, community_id: &str, first: &str, since_ms: i64) -> Result<i64> {
    let query = "select count(*) from outbox o left join room r on r.room_id = coalesce(o.room_id, o.fallback_room_id)
                 where o.state = 'parked' and o.created_at_ms >= $1 and coalesce(r.community_id, $2) = $3";
    Ok(sqlx::query_scalar(query).bind(since_ms).bind(first).bind(community_id).fetch_one(tx.connection()).await?)
}

/// The event id of a row that must have been sent.
pub async fn event_id(tx: &mut Tx, outbox_id: i64) -> Result<String> {
    let event_id: Option<String> = sqlx::query_scalar("select event_id from outbox where outbox_id = $1")
        .bind(outbox_id)
        .fetch_one(tx.connection())
        .await?;
    event_id.ok_or(Error::Inconsistent("the row has not been sent"))
}

/// Forgets the texts of what an event caused, and of messages about those: somebody took their words back. What waits to
/// be sent is needed still.
pub async fn forget_texts(tx: &mut Tx, post_ids: &[i64]) -> Result<()> {
    for post_id in post_ids {
        sqlx::query(
            "update outbox set content = null where (outbox_id = $1 or target_id = $1) and state in ('sent', 'superseded')",
        )
        .bind(post_id)
        .execute(tx.connection())
        .await?;
    }
    Ok(())
}

/// Forgets the texts of what these events caused: the one given, and all that the journal knows to have been about a
/// number. What waits to be sent is needed still.
pub async fn forget_caused(tx: &mut Tx, community_id: &str, cause: &str, number: Option<i64>) -> Result<()> {
    sqlx::query(
        "update outbox set content = null where state in ('sent', 'superseded', 'dropped') and (cause = $2 or cause in (
           select p.cause from journal_payload p
           join journal j on j.community_id = p.community_id and j.sequence = p.sequence
           where j.community_id = $1 and j.number = $3))",
    )
    .bind(community_id)
    .bind(cause)
    .bind(number)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// What was written because of this: the contents of its rows, in order.
pub async fn contents_of(tx: &mut Tx, cause: &str) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar("select content from outbox where cause = $1 and content is not null order by ordinal")
        .bind(cause)
        .fetch_all(tx.connection())
        .await?)
}

/// Whether an event is one of ours.
pub async fn is_ours(tx: &mut Tx, event_id: &str) -> Result<bool> {
    let row: Option<i64> = sqlx::query_scalar("select 1 from outbox where event_id = $1")
        .bind(event_id)
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.is_some())
}
