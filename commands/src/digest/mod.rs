//! The digest: once a room and evening what is on tonight and tomorrow, which polls close, which wishes nobody has taken
//! (docs/PROTOCOL.md, "When things go out"; FEATURES.md row 16). Nothing to say: no digest.

mod reply;
#[cfg(test)]
mod tests;

use lamplighter_config::Community;
use lamplighter_storage::{
    Tx, activity,
    agenda::{self, NewRow},
    outbox::Lane,
    person::Person,
    poll, quiet, room, wish,
};

use crate::{
    activity::entries,
    digest::reply::{Closing, DigestReply},
    evening,
    fault::Fault,
    feature::{Feature, Work, no_taps},
    house::{House, Outcome},
    incoming::Answers,
    scene::{Plan, Scene, Unasked},
};

/// A room's next digest.
pub const DUE: &str = "digest";

/// Of each kind a digest shows at most this many: it is read in passing.
const LINES_MAX: i64 = 8;
/// A digest rings at most this many phones: each id costs forty bytes of the event.
const MENTIONS_MAX: usize = 200;
/// And those have ids of at most this many bytes together.
const IDS_BYTES_MAX: usize = 10_000;

/// The feature. Nothing can be typed: it comes by itself.
pub const FEATURE: Feature = Feature {
    name: "digest",
    words: &[],
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |_, _, _| -> Work<'_> { Box::pin(async { Ok(Outcome::Ignored) }) },
    tap: no_taps,
    due_kinds: &[DUE],
    due: |scene, row, answers| -> Work<'_> { Box::pin(due(scene, row, answers)) },
};

fn key(room_id: &str) -> String {
    format!("{DUE} {room_id}")
}

/// Puts the digest of a room on the agenda, if it isn't there.
pub async fn enrol(tx: &mut Tx, community: &Community, room_id: &str, now_ms: i64) -> Result<(), Fault> {
    let key = key(room_id);
    if agenda::waits(tx, &community.id, &key).await? {
        return Ok(());
    }
    let row = NewRow {
        community_id: &community.id,
        key: &key,
        kind: DUE,
        number: None,
        room_id: Some(room_id),
        person_id: None,
        due_at_ms: evening::next_digest_ms(community, now_ms),
        stale_at_ms: None,
        unasked: false,
    };
    Ok(agenda::put(tx, row).await?)
}

/// The same for every bound room, at start.
pub async fn enrol_all(tx: &mut Tx, house: &House, now_ms: i64) -> Result<(), Fault> {
    for room in room::bound(tx).await? {
        if let Some(community) = room.community_id.as_deref().and_then(|id| house.community(id)) {
            enrol(tx, community, &room.room_id, now_ms).await?;
        }
    }
    Ok(())
}

async fn due(scene: &mut Scene<'_>, row: agenda::Row, _: Vec<Answers>) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let bound = scene.room.clone().filter(|room| room.community_id.as_deref() == Some(community.id.as_str()));
    let Some(room) = bound else { return Ok(Outcome::Ignored) };
    let today = evening::day(community, scene.now_ms);
    let (_, window_end_ms) = evening::window_ms(community, today);
    let next_ms = evening::next_digest_ms(community, scene.now_ms.max(row.due_at_ms));
    let key = key(&room.room_id);
    let room_id = Some(room.room_id.as_str());
    scene.plan(Plan { key: &key, kind: DUE, room_id, due_at_ms: next_ms, ..Plan::default() }).await?;
    // Down at the hour of the digest: later inside the same window, afterwards not. (Whether it was this evening's
    // that was missed, or yesterday's too, doesn't matter.)
    if scene.now_ms < evening::digest_ms(community, today) || scene.now_ms >= window_end_ms {
        return Ok(Outcome::Refused);
    }
    scene.unasked = Some(Unasked { stale_at_ms: Some(window_end_ms) });
    compose(scene, community, &room.room_id, next_ms).await
}

/// As many of these people as one message can ring.
fn callable(mut people: Vec<Person>) -> Vec<Person> {
    let mut bytes = 0;
    let fit = people.iter().take(MENTIONS_MAX).take_while(|person| {
        bytes += person.user_id.len();
        bytes <= IDS_BYTES_MAX
    });
    let count = fit.count();
    people.truncate(count);
    people
}

async fn compose(scene: &mut Scene<'_>, community: &Community, room_id: &str, next_ms: i64) -> Result<Outcome, Fault> {
    let today = evening::day(community, scene.now_ms);
    let next_day = evening::next_day(today);
    let tomorrow_ms = evening::day_start_ms(community, next_day);
    let after_ms = evening::day_start_ms(community, evening::next_day(next_day));
    let tonight_rows = activity::between(scene.tx, room_id, scene.now_ms + 1, tomorrow_ms, LINES_MAX).await?;
    let tomorrow_rows = activity::between(scene.tx, room_id, tomorrow_ms, after_ms, LINES_MAX).await?;
    let polls = poll::closing_between(scene.tx, &community.id, room_id, scene.now_ms, next_ms, LINES_MAX).await?;
    let (wishes, wish_count) = wish::open_in_room(scene.tx, room_id, LINES_MAX).await?;
    if tonight_rows.is_empty() && tomorrow_rows.is_empty() && polls.is_empty() && wishes.is_empty() {
        return Ok(Outcome::Ignored);
    }
    let mut people: Vec<Person> = Vec::new();
    for (row, _) in &tomorrow_rows {
        for person in activity::going(scene.tx, &community.id, row.number).await? {
            if !people.iter().any(|known| known.person_id == person.person_id) {
                people.push(person);
            }
        }
    }
    let people = callable(quiet::without(scene.tx, people, scene.now_ms).await?);
    let tonight = entries(tonight_rows.iter().map(|(row, going)| (row, *going)));
    let tomorrow = entries(tomorrow_rows.iter().map(|(row, going)| (row, *going)));
    let closing: Vec<Closing<'_>> = polls
        .iter()
        .map(|poll| Closing { number: poll.number, question: &poll.question, closes_at_ms: poll.closes_at_ms })
        .collect();
    let reply = DigestReply {
        day_ms: scene.now_ms,
        tonight: &tonight,
        tomorrow: &tomorrow,
        polls: &closing,
        wishes: &wishes,
        more_wishes: wish_count - wishes.len() as i64,
        people: &people,
    };
    scene.post_in(room_id, Lane::Digest, &reply).await?;
    Ok(Outcome::Handled)
}
