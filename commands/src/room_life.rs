//! The life of a room: the bot has to leave it and comes back, residents leave it (SPECS.md C11), it is upgraded. Whether
//! an upgrade is genuine, and whether a room has emptied, is the gateway's to know.

use std::collections::BTreeSet;

use lamplighter_storage::{Tx, card, person, room, upgrade};

use crate::{
    digest,
    fault::Fault,
    feature::{FEATURES, Gone, Role},
    house::{House, Outcome},
    incoming::{Incoming, Place},
    scene::{Entropy, Scene},
};

/// At most this many open cards are brought up to date when the bot comes back, or posted anew in an upgraded room: more
/// would bury what is said there.
const CARDS_MAX: i64 = 100;

/// The bot isn't in a room any more: what waits to be said there is given up. Whatever falls due for it is dropped in its
/// turn, so that what lies further ahead happens if the bot is invited again.
pub(crate) async fn own_leave(tx: &mut Tx, incoming: &Incoming, now_ms: i64) -> Result<Outcome, Fault> {
    if !room::left(tx, &incoming.room_id, now_ms).await? {
        return Ok(Outcome::Ignored);
    }
    room::drop_queued(tx, &incoming.room_id, "the bot is not in that room any more").await?;
    Ok(Outcome::Handled)
}

/// The bot is back: digests go on, and its open cards show what stands now.
pub(crate) async fn resume(scene: &mut Scene<'_>) -> Result<(), Fault> {
    let Some(room) = room::get(scene.tx, &scene.incoming.room_id).await? else { return Ok(()) };
    let Some(community) = room.community_id.as_deref().and_then(|id| scene.house.community(id)) else { return Ok(()) };
    scene.community = Some(community);
    digest::enrol(scene.tx, community, &room.room_id, scene.now_ms).await?;
    let room_id = room.room_id.clone();
    scene.room = Some(room);
    show_all(scene, &room_id).await?;
    Ok(())
}

/// Shows the items that have open cards in a room; gives how many there are.
pub(crate) async fn show_all(scene: &mut Scene<'_>, room_id: &str) -> Result<i64, Fault> {
    let mut shown = BTreeSet::new();
    for (kind, number) in card::open_items(scene.tx, room_id, CARDS_MAX).await? {
        let Some(feature) = FEATURES.iter().find(|feature| feature.cards.contains(&kind.as_str())) else { continue };
        // Some items have several cards in a room.
        if shown.insert(number) {
            (feature.show)(scene, number).await?;
        }
    }
    Ok(shown.len() as i64)
}

/// Somebody isn't in the room any more: each feature gives back what they held there for the future. Points stay.
pub(crate) async fn member_left(
    tx: &mut Tx,
    house: &House,
    incoming: &Incoming,
    user_id: &str,
    now_ms: i64,
    entropy: Entropy,
) -> Result<Outcome, Fault> {
    let Some(actor) = person::by_user_id(tx, user_id).await? else { return Ok(Outcome::Ignored) };
    let Some(room) = room::get(tx, &incoming.room_id).await? else { return Ok(Outcome::Ignored) };
    let community = room.community_id.as_deref().and_then(|id| house.community(id));
    if community.is_none() || matches!(incoming.place, Place::Direct { .. }) {
        return Ok(Outcome::Ignored);
    }
    let mut scene = Scene::new(tx, house, incoming, now_ms, entropy, actor);
    scene.community = community;
    let room_id = room.room_id.clone();
    scene.room = Some(room);
    let mut outcome = Outcome::Ignored;
    for feature in FEATURES {
        if (feature.undo)(&mut scene, Gone::Member { room_id: room_id.clone() }).await? == Outcome::Handled {
            outcome = Outcome::Handled;
        }
    }
    Ok(outcome)
}

/// The room was upgraded: everything moves to the one that takes its place, in this transaction, and the open cards stand
/// there anew, so that they can be tapped.
pub(crate) async fn upgraded(
    tx: &mut Tx,
    house: &House,
    incoming: &Incoming,
    to: &str,
    now_ms: i64,
    entropy: Entropy,
) -> Result<Outcome, Fault> {
    if !upgrade::move_room(tx, &incoming.room_id, to, now_ms).await? {
        return Ok(Outcome::Ignored);
    }
    let room = room::get(tx, to).await?;
    let community = room.as_ref().and_then(|room| room.community_id.as_deref()).and_then(|id| house.community(id));
    // Not bound: the bot only goes along.
    let (Some(room), Some(community)) = (room, community) else { return Ok(Outcome::Handled) };
    let actor = person::known(tx, &house.bot_user_id, house.own_name()).await?;
    let mut scene = Scene::new(tx, house, incoming, now_ms, entropy, actor);
    scene.community = Some(community);
    scene.role = Role::Steward;
    scene.anew = Some(to.to_owned());
    scene.record("room.upgraded", None, &serde_json::json!({ "from": incoming.room_id, "to": to })).await?;
    digest::enrol(scene.tx, community, to, now_ms).await?;
    let cards = card::open_items(scene.tx, to, CARDS_MAX).await?;
    let cards: BTreeSet<i64> = cards.into_iter().map(|(_, number)| number).collect();
    crate::room::greet_moved(&mut scene, to, &room.name, cards.len() as i64).await?;
    scene.room = Some(room);
    show_all(&mut scene, to).await?;
    Ok(Outcome::Handled)
}
