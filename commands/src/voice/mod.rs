//! Voice messages: the bot can't understand them, says so once where it was spoken to, and in the evening the captains learn who
//! left one (FEATURES.md row 120).

mod reply;
#[cfg(test)]
mod tests;

use lamplighter_storage::{
    agenda,
    outbox::Lane,
    person::{self, Person},
    question::{self, Awaits},
    quiet, room, voice as store,
};

use crate::{
    dialogue, evening,
    fault::Fault,
    feature::{Feature, Read, Said, Work, no_taps, nothing_to_show, nothing_to_undo},
    flood,
    house::Outcome,
    language::addressed::How,
    scene::{Plan, Scene},
    voice::reply::{Evening, VoiceReply},
};

/// The captains of a room are told.
const EVENING: &str = "voice.evening";
/// So long others may leave theirs before the captains are told of all of them.
const GATHER_MS: i64 = 15 * evening::MINUTE_MS;
/// A line names so many people; more doesn't fit on a telephone.
const NAMES_MAX: usize = 20;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "voice",
    words: &[],
    sayings: &[],
    cues: &[],
    read: |_: Said<'_>| Read::default(),
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |_, _, _| -> Work<'_> { Box::pin(async { Ok(Outcome::Ignored) }) },
    tap: no_taps,
    due_kinds: &[EVENING],
    read_back: &[],
    due: |scene, row, _| -> Work<'_> { Box::pin(due(scene, row)) },
    due_together: None,
    undo: nothing_to_undo,
    show: nothing_to_show,
};

/// Somebody left a voice message; nothing is said unless the bot was spoken to.
pub(crate) async fn left(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let to_us = scene.addressed != How::Bare || answers_us(scene).await?;
    if !to_us || !flood::admits(scene, None).await? {
        return Ok(Outcome::Ignored);
    }
    find_room(scene).await?;
    let mut told = None;
    if let (Some(community), Some(room)) = (scene.community, scene.room.clone()) {
        let (me, direct, now_ms) = (scene.actor.person_id, scene.is_direct(), scene.now_ms);
        let told_at_ms = store::last_told_at_ms(scene.tx, &room.room_id).await?;
        let today = evening::day(community, now_ms);
        let told_today = told_at_ms.is_some_and(|at_ms| evening::day(community, at_ms) == today);
        let (_, ends_ms) = evening::window_ms(community, today);
        let soon_ms = (now_ms + GATHER_MS).min(ends_ms - evening::MINUTE_MS);
        let due_at_ms = if evening::is_open(community, now_ms) && !told_today && soon_ms > now_ms {
            soon_ms
        } else {
            evening::next_start_ms(community, now_ms)
        };
        told = Some(if evening::day(community, due_at_ms) == today { Evening::Today } else { Evening::Tomorrow });
        // What waits already takes this one along.
        if store::untold(scene.tx, &room.room_id).await? == 0 {
            let key = format!("{EVENING} {}", room.room_id);
            let (kind, room_id) = (EVENING, Some(room.room_id.as_str()));
            scene.plan(Plan { key: &key, kind, room_id, due_at_ms, unasked: true, ..Plan::default() }).await?;
        }
        store::left(scene.tx, &community.id, &room.room_id, me, direct, now_ms).await?;
    }
    scene.answer(&VoiceReply::CannotHear { told }).await?;
    flood::answered(scene).await?;
    Ok(Outcome::Handled)
}

/// Whether the bot asked this person something here just now, and nobody else has spoken since.
async fn answers_us(scene: &mut Scene<'_>) -> Result<bool, Fault> {
    let (room_id, me, said_at_ms) = (scene.incoming.room_id.clone(), scene.actor.person_id, scene.said_at_ms);
    let asked = question::get(scene.tx, &room_id, me).await?;
    Ok(asked.is_some_and(|asked| asked.awaits == Awaits::Words && dialogue::listens(&asked, said_at_ms)))
}

/// The room whose captains are told: this one, or in a private chat the first that both are in, a building before others.
async fn find_room(scene: &mut Scene<'_>) -> Result<(), Fault> {
    let mut rooms = room::bound(scene.tx).await?;
    let here = scene.incoming.room_id.clone();
    rooms.retain(|room| {
        room.room_id == here || scene.shared_rooms().iter().any(|shared| shared.room_id == room.room_id)
    });
    rooms.sort_by_key(|room| room.kind.as_deref() != Some("building"));
    let found = rooms
        .into_iter()
        .find(|room| room.community_id.as_deref().is_some_and(|id| scene.house.community(id).is_some()));
    scene.community =
        found.as_ref().and_then(|room| room.community_id.as_deref()).and_then(|id| scene.house.community(id));
    scene.room = found;
    Ok(())
}

/// It is evening: the captains of the room learn of all of them in one line; where there are none, the stewards.
async fn due(scene: &mut Scene<'_>, row: agenda::Row) -> Result<Outcome, Fault> {
    let (community, Some(room_id)) = (scene.community()?, row.room_id) else { return Ok(Outcome::Ignored) };
    let now_ms = scene.now_ms;
    let room_name = scene.room()?.name.clone();
    let captains = room::captains(scene.tx, &room_id).await?;
    let mut captains = quiet::without(scene.tx, captains, now_ms).await?;
    // Nobody's word waits for a captain who wants no messages.
    if captains.is_empty() {
        for steward in &community.stewards {
            captains.push(person::known(scene.tx, steward, steward).await?);
        }
        captains = quiet::without(scene.tx, captains, now_ms).await?;
    }
    if captains.is_empty() {
        let key = format!("{EVENING} {room_id}");
        let due_at_ms = evening::next_start_ms(community, now_ms);
        let (kind, room_id) = (EVENING, Some(room_id.as_str()));
        scene.plan(Plan { key: &key, kind, room_id, due_at_ms, unasked: true, ..Plan::default() }).await?;
        return Ok(Outcome::Ignored);
    }
    let left = store::tell(scene.tx, &room_id, now_ms).await?;
    if left.is_empty() {
        return Ok(Outcome::Ignored);
    }
    let here: Vec<&Person> = left.iter().filter(|(_, direct)| !direct).map(|(person, _)| person).collect();
    let privately: Vec<&Person> = left.iter().filter(|(_, direct)| *direct).map(|(person, _)| person).collect();
    let more = left.len().saturating_sub(NAMES_MAX) as i64;
    let (here, privately) = shortened(&here, &privately);
    for captain in captains {
        let reply = VoiceReply::Left { room: &room_name, here, privately, more };
        scene.tell_quietly(captain.person_id, Lane::Ping, &reply).await?;
    }
    Ok(Outcome::Handled)
}

/// As many names as fit, those from the room first.
fn shortened<'a, 'p>(here: &'a [&'p Person], privately: &'a [&'p Person]) -> (&'a [&'p Person], &'a [&'p Person]) {
    let here = here.get(..NAMES_MAX).unwrap_or(here);
    let rest = NAMES_MAX - here.len();
    (here, privately.get(..rest).unwrap_or(privately))
}
