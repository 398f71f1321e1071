//! Epochs: what follows a restored backup is told apart from what had been said before the restore (ARCHITECTURE.md, "A
//! backup is restored"). Here are the epoch itself, the numbers that it skips, and the echoes of what is lost.

use crate::{Error, Result, Storage, Tx};

/// A restore skips at least this many numbers before it goes on at the next full hundred: what was given out while
/// nothing can be counted (a room that can't be read any more) is less than this in a day.
pub const NUMBERS_SKIPPED_MIN: i64 = 100;
/// The numbers of a new epoch begin at a multiple of this, so that people see where it began.
const NUMBERS_ROUND: i64 = 100;
/// A cause says at most this many things before the first one that carries a number.
const BEFORE_CARD_MAX: i64 = 8;

/// The time since a restore, or since the database was made.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Epoch {
    /// Part of every transaction id.
    pub epoch_id: String,
    /// When it began.
    pub begun_at_ms: i64,
    /// The last instant that the restored backup knew; none for a database that was new.
    pub backup_at_ms: Option<i64>,
    /// When everything said since the backup had been read again; none while that isn't so.
    pub caught_up_at_ms: Option<i64>,
}

/// What writing to the outbox must know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Empty: from before epochs.
    pub epoch_id: String,
    /// There are echoes of what is lost.
    pub lost: bool,
    /// What was said since the backup is being read again; nothing has been sent in this epoch.
    pub replaying: bool,
}

/// An echo of something that the database doesn't know.
#[derive(Clone, Copy, Debug)]
pub struct Lost<'a> {
    /// The homeserver's id.
    pub event_id: &'a str,
    /// Where it stands.
    pub room_id: &'a str,
    /// Under which it was sent.
    pub transaction_id: &'a str,
    /// `post`, `edit`, `tap` or `end`.
    pub kind: &'a str,
    /// What it is about.
    pub about_event_id: Option<&'a str>,
    /// Of a tap, as the outbox writes it.
    pub content: Option<&'a str>,
    /// Of the item that a card shows.
    pub number: Option<i64>,
    /// When.
    pub said_at_ms: i64,
}

/// A card of a lost time that nothing took over.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Orphan {
    /// The homeserver's id.
    pub event_id: String,
    /// Where it stands.
    pub room_id: String,
    /// The number of the card that came in its place.
    pub replaced_by: Option<i64>,
}

const COLUMNS: &str = "epoch_id, begun_at_ms, backup_at_ms, caught_up_at_ms";

/// The epoch of the database; none in one that has been running since before there were any.
pub async fn current(storage: &Storage) -> Result<Option<Epoch>> {
    let sql = format!("select {COLUMNS} from epoch order by begun_at_ms desc, epoch_id limit 1");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_optional(storage.reader()).await?)
}

/// The same inside a transaction.
pub async fn get(tx: &mut Tx) -> Result<Option<Epoch>> {
    let sql = format!("select {COLUMNS} from epoch order by begun_at_ms desc, epoch_id limit 1");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_optional(tx.connection()).await?)
}

pub(crate) async fn known(storage: &Storage) -> Result<Known> {
    let epoch = current(storage).await?;
    let lost: Option<i64> =
        sqlx::query_scalar("select 1 from lost_echo limit 1").fetch_optional(storage.reader()).await?;
    let replaying = epoch.as_ref().is_some_and(|epoch| epoch.backup_at_ms.is_some() && epoch.caught_up_at_ms.is_none());
    Ok(Known { epoch_id: epoch.map(|epoch| epoch.epoch_id).unwrap_or_default(), lost: lost.is_some(), replaying })
}

/// A new database begins its first epoch: whatever another one said through the same session is not repeated by it.
pub async fn begin_first(tx: &mut Tx, epoch_id: &str, now_ms: i64) -> Result<()> {
    sqlx::query("insert into epoch (epoch_id, begun_at_ms, caught_up_at_ms) values ($1, $2, $2)")
        .bind(epoch_id)
        .bind(now_ms)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// A restored database begins a new epoch, and its numbers go on beyond any that may have been given since the backup.
pub async fn begin(tx: &mut Tx, epoch_id: &str, now_ms: i64) -> Result<()> {
    let last_seen = "select max(at_ms) from (
        select max(first_seen_at_ms) as at_ms from inbox
        union all select max(created_at_ms) from outbox
        union all select max(at_ms) from journal)";
    let backup_at_ms: Option<i64> = sqlx::query_scalar(last_seen).fetch_one(tx.connection()).await?;
    sqlx::query("delete from lost_echo").execute(tx.connection()).await?;
    sqlx::query("insert into epoch (epoch_id, begun_at_ms, backup_at_ms) values ($1, $2, $3)")
        .bind(epoch_id)
        .bind(now_ms)
        .bind(backup_at_ms.unwrap_or(now_ms))
        .execute(tx.connection())
        .await?;
    skip_numbers(tx, NUMBERS_SKIPPED_MIN).await
}

/// The next number of every community is at least this much higher, and a full hundred and one.
pub async fn skip_numbers(tx: &mut Tx, at_least: i64) -> Result<()> {
    sqlx::query("update community set next_number = (next_number + $1 + $2 - 1) / $2 * $2 + 1")
        .bind(at_least)
        .bind(NUMBERS_ROUND)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Numbers below this one have been given by another database of the community.
pub async fn raise_number(tx: &mut Tx, community_id: &str, next_number: i64) -> Result<()> {
    sqlx::query("update community set next_number = $2 where community_id = $1 and next_number < $2")
        .bind(community_id)
        .bind(next_number)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The last part of a transaction id, which tells cause and ordinal, and the epoch before it.
pub fn parts(transaction_id: &str) -> Option<(&str, &str)> {
    let rest = transaction_id.strip_prefix("ll-")?;
    Some(rest.rsplit_once('-').unwrap_or(("", rest)))
}

/// Keeps an echo, unless the database knows what was sent; says whether it is lost.
pub async fn keep(tx: &mut Tx, lost: Lost<'_>) -> Result<bool> {
    let Some((epoch_id, tail)) = parts(lost.transaction_id) else { return Ok(false) };
    let known: Option<i64> =
        sqlx::query_scalar("select 1 from outbox where transaction_id = $1 or event_id = $2 limit 1")
            .bind(lost.transaction_id)
            .bind(lost.event_id)
            .fetch_optional(tx.connection())
            .await?;
    if known.is_some() {
        return Ok(false);
    }
    sqlx::query(
        "insert into lost_echo (event_id, room_id, tail, epoch_id, kind, about_event_id, content, number, said_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (event_id) do nothing",
    )
    .bind(lost.event_id)
    .bind(lost.room_id)
    .bind(tail)
    .bind(epoch_id)
    .bind(lost.kind)
    .bind(lost.about_event_id)
    .bind(lost.content)
    .bind(lost.number)
    .bind(lost.said_at_ms)
    .execute(tx.connection())
    .await?;
    Ok(true)
}

/// Numbers go on beyond all that stand on lost cards, and beyond what cards may show that were posted before cards told
/// their number to us.
pub async fn skip_lost_numbers(tx: &mut Tx) -> Result<()> {
    let (highest, silent): (Option<i64>, i64) = sqlx::query_as(
        "select (select max(number) from lost_echo),
           (select count(*) from lost_echo where kind = 'post' and epoch_id = '' and number is null)",
    )
    .fetch_one(tx.connection())
    .await?;
    sqlx::query("update community set next_number = ($1 + $2 - 1) / $2 * $2 + 1 where next_number <= $1")
        .bind(highest.unwrap_or(0))
        .bind(NUMBERS_ROUND)
        .execute(tx.connection())
        .await?;
    if silent > NUMBERS_SKIPPED_MIN {
        skip_numbers(tx, silent).await?;
    }
    Ok(())
}

/// Everything said since the backup has been read again.
pub async fn caught_up(tx: &mut Tx, now_ms: i64) -> Result<()> {
    sqlx::query("update epoch set caught_up_at_ms = $1 where caught_up_at_ms is null")
        .bind(now_ms)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// A post that says what was said before: its event, and whether it has been edited since.
pub(crate) async fn said_before(tx: &mut Tx, tail: &str) -> Result<Option<(String, i64)>> {
    Ok(sqlx::query_as(
        "select event_id, said_at_ms from lost_echo
         where tail = $1 and kind = 'post' and outbox_id is null and void = 0 order by said_at_ms desc limit 1",
    )
    .bind(tail)
    .fetch_optional(tx.connection())
    .await?)
}

/// A reaction of ours that stands there already.
pub(crate) async fn tapped_before(tx: &mut Tx, about_event_id: &str, content: &str) -> Result<Option<(String, i64)>> {
    Ok(sqlx::query_as(
        "select event_id, said_at_ms from lost_echo
         where about_event_id = $1 and kind = 'tap' and content = $2 and outbox_id is null
         order by said_at_ms desc limit 1",
    )
    .bind(about_event_id)
    .bind(content)
    .fetch_optional(tx.connection())
    .await?)
}

/// The end of a native poll that stands there already.
pub(crate) async fn ended_before(tx: &mut Tx, about_event_id: &str) -> Result<Option<(String, i64)>> {
    Ok(sqlx::query_as(
        "select event_id, said_at_ms from lost_echo
         where about_event_id = $1 and kind = 'end' and outbox_id is null order by said_at_ms desc limit 1",
    )
    .bind(about_event_id)
    .fetch_optional(tx.connection())
    .await?)
}

/// A row of the outbox takes over what was said.
pub(crate) async fn take_over(tx: &mut Tx, event_id: &str, outbox_id: i64) -> Result<()> {
    sqlx::query("update lost_echo set outbox_id = $2 where event_id = $1")
        .bind(event_id)
        .bind(outbox_id)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Whether what stands in the room for this post may differ from what is now to stand there: it was taken over, and
/// either shows another number or was edited.
pub async fn may_differ(tx: &mut Tx, outbox_id: i64, number: i64) -> Result<bool> {
    if !tx.known().lost {
        return Ok(false);
    }
    let row: Option<i64> = sqlx::query_scalar(
        "select 1 from lost_echo l where l.outbox_id = $1 and (l.number is null or l.number <> $2
           or exists (select 1 from lost_echo e where e.about_event_id = l.event_id and e.kind in ('edit', 'end')))",
    )
    .bind(outbox_id)
    .bind(number)
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.is_some())
}

/// The number that what this event caused was given before, if its card still shows it and nothing else has it.
pub(crate) async fn number_before(tx: &mut Tx, community_id: &str, cause: &str) -> Result<Option<i64>> {
    if !tx.known().lost {
        return Ok(None);
    }
    for ordinal in 0..BEFORE_CARD_MAX {
        let tail = crate::outbox::tail(cause, ordinal);
        let number: Option<i64> = sqlx::query_scalar(
            "select number from lost_echo l where tail = $1 and kind = 'post' and number is not null
               and not exists (select 1 from item where community_id = $2 and item.number = l.number)
             order by said_at_ms desc limit 1",
        )
        .bind(tail)
        .bind(community_id)
        .fetch_optional(tx.connection())
        .await?;
        if number.is_some() {
            return Ok(number);
        }
    }
    Ok(None)
}

/// Cards with chips of ours that nothing took over.
pub async fn orphans(tx: &mut Tx) -> Result<Vec<Orphan>> {
    Ok(sqlx::query_as(
        "select l.event_id, l.room_id, (
             select max(card.number) from lost_echo t join card on card.post_id = t.outbox_id where t.tail = l.tail
           ) as replaced_by
         from lost_echo l
         where l.kind = 'post' and l.outbox_id is null and l.void = 0
           and exists (select 1 from lost_echo t where t.about_event_id = l.event_id and t.kind = 'tap')
         order by l.said_at_ms, l.event_id",
    )
    .fetch_all(tx.connection())
    .await?)
}

/// Our chips under such a card.
pub async fn chips_of(tx: &mut Tx, event_id: &str) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "select event_id from lost_echo where about_event_id = $1 and kind = 'tap' order by said_at_ms, event_id",
    )
    .bind(event_id)
    .fetch_all(tx.connection())
    .await?)
}

/// The card says that it is void.
pub async fn make_void(tx: &mut Tx, event_id: &str) -> Result<()> {
    let done = sqlx::query("update lost_echo set void = 1 where event_id = $1")
        .bind(event_id)
        .execute(tx.connection())
        .await?;
    if done.rows_affected() == 0 { Err(Error::Inconsistent("no such echo")) } else { Ok(()) }
}
