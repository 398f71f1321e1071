//! The digest: once a room and evening what is on tonight and tomorrow, which polls close, which wishes nobody has taken
//! (docs/PROTOCOL.md, "When things go out"; FEATURES.md row 16). Nothing to say: no digest.

mod reply;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use lamplighter_config::Community;
use lamplighter_storage::{
    Tx,
    activity::{self, ActivityRow},
    agenda::{self, NewRow},
    outbox::Lane,
    person::{Person, PersonId},
    poll::{self, PollRow},
    quiet, room,
    wish::{self, WishRow},
};

use crate::{
    activity::entries,
    digest::reply::{Closing, DigestReply},
    evening,
    fault::Fault,
    feature::{Feature, Work, no_taps, nothing_to_show, nothing_to_undo},
    house::{House, Outcome},
    scene::{Scene, Unasked},
};

/// A room's next digest.
pub const DUE: &str = "digest";

/// Of each kind a digest shows at most this many: it is read in passing.
const LINES_MAX: i64 = 8;
/// A digest rings at most this many phones: each id costs forty bytes of the event.
const MENTIONS_MAX: usize = 200;
/// And those have ids of at most this many bytes together.
const IDS_BYTES_MAX: usize = 8_500;

/// The feature. Nothing can be typed: it comes by itself.
pub const FEATURE: Feature = Feature {
    name: "digest",
    words: &[],
    sayings: &[],
    cues: &[],
    read: crate::feature::read_number,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |_, _, _| -> Work<'_> { Box::pin(async { Ok(Outcome::Ignored) }) },
    tap: no_taps,
    due_kinds: &[DUE],
    read_back: &[],
    due: |scene, row, _| -> Work<'_> { Box::pin(due(scene, row)) },
    due_together: Some(|scene, rows| -> Work<'_> { Box::pin(due_together(scene, rows)) }),
    undo: nothing_to_undo,
    show: nothing_to_show,
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

async fn due(scene: &mut Scene<'_>, row: agenda::Row) -> Result<Outcome, Fault> {
    due_together(scene, std::slice::from_ref(&row)).await
}

/// The digests of rooms of one community. Each row moves itself on to the next evening.
async fn due_together(scene: &mut Scene<'_>, rows: &[agenda::Row]) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let room_ids: Vec<&str> = rows.iter().filter_map(|row| row.room_id.as_deref()).collect();
    // What is no longer a room of the community has no next digest.
    let bound = room::bound_among(scene.tx, &community.id, &room_ids).await?;
    let rows: Vec<&agenda::Row> =
        rows.iter().filter(|row| row.room_id.as_ref().is_some_and(|id| bound.contains(id))).collect();
    let ids: Vec<i64> = rows.iter().map(|row| row.agenda_id).collect();
    if ids.is_empty() {
        return Ok(Outcome::Ignored);
    }
    let next_ms = evening::next_digest_ms(community, scene.now_ms);
    agenda::move_together(scene.tx, &ids, next_ms).await?;
    // Down at the hour of the digest: later inside the same window, afterwards not. (Whether it was this evening's
    // that was missed, or yesterday's too, doesn't matter.)
    let today = evening::day(community, scene.now_ms);
    let (_, window_end_ms) = evening::window_ms(community, today);
    if scene.now_ms < evening::digest_ms(community, today) || scene.now_ms >= window_end_ms {
        return Ok(Outcome::Refused);
    }
    scene.unasked = Some(Unasked { stale_at_ms: Some(window_end_ms) });
    let evening = Evening::of(scene, community, &bound, next_ms).await?;
    let mut outcome = Outcome::Ignored;
    for row in rows {
        if compose(scene, row, &evening).await? {
            outcome = Outcome::Handled;
        }
    }
    Ok(outcome)
}

/// What there is to say in some rooms, read together.
struct Evening {
    tonight: Vec<(ActivityRow, i64)>,
    tomorrow: Vec<(ActivityRow, i64)>,
    /// Who goes tomorrow and may be rung: the activity, and the person.
    going: Vec<(i64, Person)>,
    polls: Vec<(String, PollRow)>,
    wishes: Vec<(WishRow, i64)>,
}

impl Evening {
    async fn of(scene: &mut Scene<'_>, community: &Community, rooms: &[String], next_ms: i64) -> Result<Self, Fault> {
        let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
        let next_day = evening::next_day(evening::day(community, scene.now_ms));
        let tomorrow_ms = evening::day_start_ms(community, next_day);
        let after_ms = evening::day_start_ms(community, evening::next_day(next_day));
        let tonight = activity::between(scene.tx, &rooms, scene.now_ms + 1, tomorrow_ms, LINES_MAX).await?;
        let tomorrow = activity::between(scene.tx, &rooms, tomorrow_ms, after_ms, LINES_MAX).await?;
        let polls = poll::closing_between(scene.tx, &community.id, &rooms, scene.now_ms, next_ms).await?;
        let wishes = wish::open_in_rooms(scene.tx, &rooms, LINES_MAX).await?;
        let numbers: Vec<i64> = tomorrow.iter().map(|(row, _)| row.number).collect();
        let mut going = activity::going(scene.tx, &community.id, &numbers).await?;
        let people = going.iter().map(|(_, person)| person.clone()).collect();
        let ringable: BTreeSet<PersonId> =
            quiet::without(scene.tx, people, scene.now_ms).await?.iter().map(|person| person.person_id).collect();
        going.retain(|(_, person)| ringable.contains(&person.person_id));
        Ok(Self { tonight, tomorrow, going, polls, wishes })
    }
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

/// Says it in one room; false if there is nothing to say.
async fn compose(scene: &mut Scene<'_>, row: &agenda::Row, evening: &Evening) -> Result<bool, Fault> {
    let room_id = row.room_id.as_deref().unwrap_or_default();
    let of_room = |rows: &'_ [(ActivityRow, i64)]| -> Vec<(ActivityRow, i64)> {
        rows.iter().filter(|(row, _)| row.room_id == room_id).cloned().collect()
    };
    let (tonight, tomorrow) = (of_room(&evening.tonight), of_room(&evening.tomorrow));
    let polls = evening.polls.iter().filter(|(room, _)| room == room_id).take(LINES_MAX as usize);
    let closing: Vec<Closing<'_>> = polls
        .map(|(_, poll)| Closing { number: poll.number, question: &poll.question, closes_at_ms: poll.closes_at_ms })
        .collect();
    let here: Vec<&(WishRow, i64)> = evening.wishes.iter().filter(|(wish, _)| wish.room_id == room_id).collect();
    let total = here.first().map_or(0, |(_, total)| *total);
    let wishes: Vec<WishRow> = here.into_iter().map(|(wish, _)| wish.clone()).collect();
    if tonight.is_empty() && tomorrow.is_empty() && closing.is_empty() && wishes.is_empty() {
        return Ok(false);
    }
    let mut people: Vec<Person> = Vec::new();
    for (activity, _) in &tomorrow {
        for (_, person) in evening.going.iter().filter(|(number, _)| *number == activity.number) {
            if !people.iter().any(|known| known.person_id == person.person_id) {
                people.push(person.clone());
            }
        }
    }
    let people = callable(people);
    let tonight = entries(tonight.iter().map(|(row, going)| (row, *going)));
    let tomorrow = entries(tomorrow.iter().map(|(row, going)| (row, *going)));
    let reply = DigestReply {
        day_ms: scene.now_ms,
        tonight: &tonight,
        tomorrow: &tomorrow,
        polls: &closing,
        more_wishes: total - wishes.len() as i64,
        wishes: &wishes,
        people: &people,
    };
    scene.post_due(row, room_id, Lane::Digest, &reply).await?;
    Ok(true)
}
