//! Signing up closes when an activity begins. Then its taps are read back from the room, so that the list is what the room
//! shows: taps that were missed count, and those whose taking back was missed go. Nobody is told at that hour; the card
//! says it when people are home.

use std::collections::BTreeSet;

use lamplighter_storage::{
    activity as store, card,
    person::{self, PersonId},
    privacy,
};

use crate::{
    activity::{
        JOIN, KIND, listed,
        rules::{self, Change},
        save, to_rules,
    },
    card as cards,
    fault::Fault,
    house::{known_key, plain_key},
    incoming::{Answers, Given},
    scene::Scene,
};

fn is_join(key: &str) -> bool {
    known_key(&[JOIN], key).is_some() || plain_key(key).trim() == "👍"
}

/// Takes in what the room shows.
pub(super) async fn take_in(
    scene: &mut Scene<'_>,
    stored: &store::Activity,
    answers: Vec<Answers>,
) -> Result<(), Fault> {
    let number = stored.row.number;
    let stored_in = scene.community()?.id.clone();
    let (mut gone, mut came, mut still) = (Vec::new(), Vec::new(), Vec::new());
    for Answers { event_id: on, answers, .. } in answers {
        let mut standing = answers;
        standing.retain(|tap| matches!(&tap.given, Given::Key(key) if is_join(key)));
        standing.sort_by_key(|tap| tap.sent_at_ms);
        let shown: BTreeSet<&str> = standing.iter().map(|tap| tap.event_id.as_str()).collect();
        for (event_id, person_id, key) in card::taps_on(scene.tx, &on).await? {
            if is_join(&key) && !shown.contains(event_id.as_str()) {
                card::untapped(scene.tx, &event_id).await?;
                gone.push(person_id);
            }
        }
        let Some(card) = card::by_event(scene.tx, &on).await?.filter(|card| card.kind == KIND) else { continue };
        for tap in &standing {
            if tap.user_id == scene.house.bot_user_id || scene.house.ignore.contains(&tap.user_id) {
                continue;
            }
            // The room still shows it, but whoever made it has been forgotten since.
            if privacy::is_forgotten(scene.tx, &stored_in, number, &tap.event_id).await? {
                continue;
            }
            let person = person::known(scene.tx, &tap.user_id, &cards::name(&tap.display_name)).await?;
            still.push(person.person_id);
            if tap.sent_at_ms < stored.row.starts_at_ms && card::of_tap(scene.tx, &tap.event_id).await?.is_none() {
                card::tapped(scene.tx, &tap.event_id, card.card_id, &on, person.person_id, JOIN).await?;
                came.push((person.person_id, listed(stored, &person)));
            }
        }
    }
    // Whoever taps still is not gone, under whichever message of the card.
    gone.retain(|gone: &PersonId| !still.contains(gone));
    let mut row = stored.row.clone();
    let mut before = to_rules(stored);
    let community_id = stored_in;
    for change in rules::catch_up(&before, &gone, &came) {
        let bot = scene.actor.clone();
        if let Change::Left { holder }
        | Change::Joined { holder, .. }
        | Change::Queued { holder, .. }
        | Change::TakenOver { holder, .. } = &change
        {
            scene.actor = person::get(scene.tx, holder.person).await?;
        }
        scene.record(change.kind(), Some(number), &serde_json::to_value(&change)?).await?;
        scene.actor = bot;
        save(scene, &community_id, &mut row, &before, &change).await?;
        rules::apply(&mut before, &change);
    }
    Ok(())
}
