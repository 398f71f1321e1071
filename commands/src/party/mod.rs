//! Check-in of party members (报到): a request by private message to captains of building rooms and stewards, a yes or no
//! by tap, and nothing in the room (FEATURES.md row 82; SPECS.md 2.11). Who is a member stays private.
//!
//! Not here yet: branches, renewal, transfer, assessment.

mod command;
mod reply;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_config::Community;
use lamplighter_storage::{
    card,
    outbox::Lane,
    party::{self as store, CheckIn},
    person::{self, Person},
    room,
};

use crate::{
    card as cards, evening,
    fault::Fault,
    feature::{Feature, Role, Work, nothing_due, nothing_to_show},
    house::{CAPTAIN_POWER_MIN, Outcome},
    language::Phrase,
    party::reply::PartyReply,
    scene::Scene,
};

/// The kind of the card by which captains and stewards are asked.
const REQUEST: &str = "check_in_request";
const YES: &str = "✅ 同意";
const NO: &str = "❌ 不同意";

/// Somebody who was turned down may ask this many times in a week: captains are neighbours too.
const ASKED_PER_WEEK_MAX: i64 = 2;
const WEEK_MS: i64 = 7 * 24 * evening::HOUR_MS;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "party",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: command::CUES,
    read: command::read,
    cards: &[REQUEST],
    keys: &[YES, NO],
    thumbs_up: Some(YES),
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: |scene, card, key, taken_back| -> Work<'_> { Box::pin(tap(scene, card, key, taken_back)) },
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

/// Everything about it is private: whatever the place, the answer goes by private message, and no room is told that one
/// waits.
async fn whisper(scene: &mut Scene<'_>, reply: PartyReply<'_>, outcome: Outcome) -> Result<Outcome, Fault> {
    let me = scene.actor.person_id;
    scene.tell_quietly(me, Lane::Answer, &reply).await?;
    Ok(outcome)
}

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let me = scene.actor.clone();
    let current = store::current(scene.tx, &community.id, me.person_id).await?;
    if key == "check_out" {
        let Some(current) = current else { return whisper(scene, PartyReply::NotIn, Outcome::Refused).await };
        store::settle(scene.tx, current.check_in_id, "closed", me.person_id).await?;
        scene.record("party.closed", None, &serde_json::json!({ "check_in": current.check_in_id })).await?;
        end_requests(scene, &current, &me, "closed").await?;
        undo::note(scene, "out", current.check_in_id);
        return whisper(scene, PartyReply::Closed, Outcome::Handled).await;
    }
    if let Some(current) = current {
        let reply = if current.state == "confirmed" { PartyReply::AlreadyIn } else { PartyReply::AlreadyAsked };
        return whisper(scene, reply, Outcome::Refused).await;
    }
    let note = cards::shown(&rest.written());
    if note.chars().count() > command::NOTE_CHARS_MAX {
        return whisper(scene, PartyReply::TooLong, Outcome::Refused).await;
    }
    let since_ms = scene.now_ms - WEEK_MS;
    if store::rejected_since(scene.tx, &community.id, me.person_id, since_ms).await? >= ASKED_PER_WEEK_MAX {
        return whisper(scene, PartyReply::TooOften, Outcome::Refused).await;
    }
    let deciders = deciders(scene, community).await?;
    if deciders.is_empty() {
        return whisper(scene, PartyReply::NobodyToAsk, Outcome::Refused).await;
    }
    let check_in_id = store::submit(scene.tx, &community.id, me.person_id, &note, scene.now_ms).await?;
    let payload = serde_json::json!({ "check_in": check_in_id, "note": note });
    scene.record("party.submitted", None, &payload).await?;
    undo::note(scene, "in", check_in_id);
    for decider in deciders {
        let reply = PartyReply::Request { by: &me, note: &note };
        // The room mustn't learn of it, so nobody is told there to look for the private chat.
        scene.tell_card(decider.person_id, REQUEST, check_in_id, &reply, &[YES, NO], false).await?;
    }
    whisper(scene, PartyReply::Asked, Outcome::Handled).await
}

/// Who may confirm: stewards, and captains of bound building rooms.
async fn deciders(scene: &mut Scene<'_>, community: &Community) -> Result<Vec<Person>, Fault> {
    let mut deciders = Vec::new();
    for steward in &community.stewards {
        deciders.push(person::known(scene.tx, steward, steward).await?);
    }
    deciders.extend(room::building_captains(scene.tx, &community.id).await?);
    let mut seen = Vec::new();
    deciders.retain(|person| {
        let new = person.person_id != scene.actor.person_id && !seen.contains(&person.person_id);
        seen.push(person.person_id);
        new
    });
    Ok(deciders)
}

/// Whether the actor may confirm now, whatever they were when they were asked.
pub async fn may_decide(scene: &mut Scene<'_>) -> Result<bool, Fault> {
    let community = scene.community()?;
    if scene.is_steward_of(community) {
        return Ok(true);
    }
    let buildings = room::bound_in(scene.tx, &community.id).await?;
    for room in buildings.iter().filter(|room| room.kind.as_deref() == Some("building")) {
        let shared = scene.shared_rooms().iter().find(|shared| shared.room_id == room.room_id);
        let here = (scene.incoming.room_id == room.room_id).then_some(scene.incoming.sender.power_level);
        let power_level = shared.map(|shared| shared.power_level).or(here);
        let Some(power_level) = power_level else { continue };
        if power_level >= CAPTAIN_POWER_MIN
            || room::is_named_captain(scene.tx, &room.room_id, scene.actor.person_id).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn tap(scene: &mut Scene<'_>, card: card::Card, key: &'static str, taken_back: bool) -> Result<Outcome, Fault> {
    let Some(check_in) = store::get(scene.tx, card.number).await? else { return Ok(Outcome::Ignored) };
    if taken_back || check_in.state != "submitted" {
        return Ok(Outcome::Ignored);
    }
    if !may_decide(scene).await? {
        if card::give_tap_notice(scene.tx, card.card_id, scene.actor.person_id).await? {
            whisper(scene, PartyReply::NotYours, Outcome::Refused).await?;
        }
        return Ok(Outcome::Refused);
    }
    let by = scene.actor.clone();
    let state = if key == YES { "confirmed" } else { "rejected" };
    store::settle(scene.tx, check_in.check_in_id, state, by.person_id).await?;
    let kind = if key == YES { "party.confirmed" } else { "party.rejected" };
    scene.record(kind, None, &serde_json::json!({ "check_in": check_in.check_in_id })).await?;
    end_requests(scene, &check_in, &by, state).await?;
    let reply = if key == YES { PartyReply::Confirmed } else { PartyReply::Rejected };
    scene.tell_quietly(check_in.person_id, Lane::Answer, &reply).await?;
    Ok(Outcome::Handled)
}

/// The actor leaves for good: their check-in ends.
pub(crate) async fn leave(scene: &mut Scene<'_>) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.clone();
    let Some(current) = store::current(scene.tx, &community_id, me.person_id).await? else { return Ok(()) };
    store::settle(scene.tx, current.check_in_id, "closed", me.person_id).await?;
    scene.record("party.closed", None, &serde_json::json!({ "check_in": current.check_in_id })).await?;
    end_requests(scene, &current, &me, "closed").await
}

/// Shows captains and stewards anew what became of somebody's check-ins, since the name has changed.
pub(crate) async fn show_anew(scene: &mut Scene<'_>, person_id: person::PersonId) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    for (check_in, decided_by) in store::all_of(scene.tx, &community_id, person_id).await? {
        let by = person::get(scene.tx, decided_by.unwrap_or(person_id)).await?;
        let asker = person::get(scene.tx, person_id).await?;
        let how = if check_in.state == "confirmed" || check_in.state == "rejected" {
            check_in.state
        } else {
            "closed".into()
        };
        for card in card::of_number(scene.tx, &community_id, REQUEST, check_in.check_in_id).await? {
            let reply = PartyReply::RequestOver { asker: &asker, by: &by, how: &how };
            scene.refresh_card(&card, &reply, &[], false).await?;
        }
    }
    Ok(())
}

/// Shows everybody who was asked what became of it.
async fn end_requests(scene: &mut Scene<'_>, check_in: &CheckIn, by: &Person, how: &'static str) -> Result<(), Fault> {
    let asker = person::get(scene.tx, check_in.person_id).await?;
    let cards = card::of_number(scene.tx, &check_in.community_id, REQUEST, check_in.check_in_id).await?;
    for card in cards.iter().filter(|card| card.open) {
        scene.refresh_card(card, &PartyReply::RequestOver { asker: &asker, by, how }, &[], false).await?;
    }
    Ok(())
}

/// Whether somebody may ask party members beyond one room: stewards, and captains of this bound building room.
pub fn may_ask_members(scene: &Scene<'_>) -> bool {
    let building = scene.room.as_ref().is_some_and(|room| room.kind.as_deref() == Some("building"));
    scene.role == Role::Steward || scene.role == Role::Captain && building
}
