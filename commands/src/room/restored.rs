//! After a backup was restored: the one line for each room, and the cards of the lost time that nothing took over
//! (ARCHITECTURE.md, "A backup is restored").

use lamplighter_storage::{
    Tx, agenda, epoch,
    outbox::{self, Destination, Kind, Lane, NewRow, Target},
    room,
};

use super::reply::RoomReply;
use crate::{
    fault::Fault,
    house::{House, Outcome},
    scene::{Content, Reply, Scene},
};

/// A room is to be told.
pub const RESTORED: &str = "room.restored";

/// Everything said since the backup has been read again: void cards say so, and every room is told in its next evening
/// window.
pub async fn caught_up(tx: &mut Tx, house: &House, now_ms: i64) -> Result<(), Fault> {
    let Some(epoch) = epoch::get(tx).await?.filter(|epoch| epoch.caught_up_at_ms.is_none()) else { return Ok(()) };
    for orphan in epoch::orphans(tx).await? {
        let say = house.say_to(tx, None, Destination::Room(&orphan.room_id)).await?;
        let card = RoomReply::CardVoid { replaced_by: orphan.replaced_by }.card(say)?;
        let content = Content::from(&card);
        // Known by the card, so that its rows differ from those of every other.
        let cause = format!("void {} {}", epoch.epoch_id, orphan.event_id);
        let text = serde_json::to_string(&content)?;
        write(tx, &cause, 0, Kind::Edit, &orphan.room_id, &orphan.event_id, &text, now_ms).await?;
        for (ordinal, chip) in (1..).zip(epoch::chips_of(tx, &orphan.event_id).await?) {
            let text = serde_json::to_string(&Content::Untap { key: String::new() })?;
            write(tx, &cause, ordinal, Kind::Untap, &orphan.room_id, &chip, &text, now_ms).await?;
        }
        epoch::make_void(tx, &orphan.event_id).await?;
    }
    for room in room::bound(tx).await? {
        let Some(community_id) = room.community_id.as_deref().filter(|id| house.community(id).is_some()) else {
            continue;
        };
        let plan = agenda::NewRow {
            community_id,
            key: &format!("{RESTORED} {} {}", epoch.epoch_id, room.room_id),
            kind: RESTORED,
            number: None,
            room_id: Some(&room.room_id),
            person_id: None,
            due_at_ms: now_ms,
            stale_at_ms: None,
            unasked: true,
        };
        agenda::put_once(tx, plan).await?;
    }
    Ok(epoch::caught_up(tx, now_ms).await?)
}

#[allow(clippy::too_many_arguments, reason = "one row of the outbox")]
async fn write(
    tx: &mut Tx,
    cause: &str,
    ordinal: i64,
    kind: Kind,
    room_id: &str,
    about: &str,
    content: &str,
    at_ms: i64,
) -> Result<(), Fault> {
    let row = NewRow {
        cause,
        ordinal,
        kind,
        destination: Destination::Room(room_id),
        target: Target::Event(about),
        lane: Lane::Edit,
        content,
        at_ms,
        unasked_in: None,
        stale_at_ms: None,
    };
    outbox::write(tx, row).await?;
    Ok(())
}

/// Tells a room what has happened.
pub(super) async fn tell(scene: &mut Scene<'_>, row: agenda::Row) -> Result<Outcome, Fault> {
    let (Some(epoch), Some(room_id)) = (epoch::get(scene.tx).await?, row.room_id) else { return Ok(Outcome::Ignored) };
    let Some(backup_at_ms) = epoch.backup_at_ms else { return Ok(Outcome::Ignored) };
    let reply = RoomReply::Restored { backup_at_ms, begun_at_ms: epoch.begun_at_ms };
    scene.post_in(&room_id, Lane::Ping, &reply).await?;
    Ok(Outcome::Handled)
}
