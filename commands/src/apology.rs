//! What somebody is told when our logic failed over what they said to the bot (ARCHITECTURE.md, "Refusal is not fault"). It
//! is written in a transaction of its own, since that of the failure was rolled back, and with it what the message drew from
//! the buckets: so it draws here. A message that fails each time must not make the bot answer without limit.

use lamplighter_storage::{Tx, person, room};

use crate::{
    card as cards,
    fault::Fault,
    flood,
    house::{General, House},
    incoming::{Incoming, Place, What},
    language::{
        Phrase,
        addressed::{self, How, Signs},
    },
    scene::{Entropy, Scene},
};

/// Whether it was said to the bot, so that whoever said it waits for an answer.
fn is_spoken_to(house: &House, incoming: &Incoming) -> bool {
    let What::Message(message) = &incoming.what else { return false };
    let sender = &incoming.sender.user_id;
    if message.notice || *sender == house.bot_user_id || house.ignore.contains(sender) {
        return false;
    }
    let signs = Signs {
        direct: matches!(incoming.place, Place::Direct { .. }),
        mention: message.mentions_bot,
        reply: false,
        names: &house.bot_names,
    };
    addressed::determine(&Phrase::new(&message.text), signs).0 != How::Bare
}

/// Tells whoever spoke to the bot under which number the fault is logged, unless they are too fast.
pub async fn apologise(
    tx: &mut Tx,
    house: &House,
    incoming: &Incoming,
    code: &str,
    now_ms: i64,
    entropy: Entropy,
) -> Result<(), Fault> {
    if !is_spoken_to(house, incoming) {
        return Ok(());
    }
    let sender = &incoming.sender;
    let name = cards::name_of(&sender.user_id, &sender.display_name);
    let actor = person::known(tx, &sender.user_id, &name).await?;
    if let Place::Direct { .. } = incoming.place {
        person::set_direct_chat(tx, actor.person_id, &incoming.room_id).await?;
    }
    let bound_to = room::get(tx, &incoming.room_id).await?.and_then(|room| room.community_id);
    let mut scene = Scene::new(tx, house, incoming, now_ms, entropy, actor);
    scene.said_at_ms = incoming.sent_at_ms.min(now_ms);
    scene.community = bound_to.and_then(|community_id| house.community(&community_id));
    if flood::admits(&mut scene, None).await? {
        scene.answer(&General::Faulted { code }).await?;
        flood::answered(&mut scene).await?;
    }
    Ok(())
}
