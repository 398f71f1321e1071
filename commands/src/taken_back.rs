//! Messages that are taken back or changed after they were sent (SPECS.md C3; docs/PROTOCOL.md, "Taken back and edited").
//! A command that is taken back is undone by its feature; an edit never runs anything, and is answered once with what
//! counts. What is undone, and how, is said in each feature's `undo.rs`.

use lamplighter_storage::{
    Tx,
    card::{self, Card},
    command::{self as store, Command},
    inbox, outbox, person, proxy, room,
};

use crate::{
    card as cards,
    fault::Fault,
    feature::{FEATURES, Found, Gone, Role},
    house::{General, House, Outcome, role_here},
    incoming::{Incoming, Message, Place, What},
    language::{
        Phrase,
        addressed::{self, How, Signs},
    },
    reading,
    scene::Scene,
};

/// Of a command's words so many are kept, to know whether an edit changes them: more than any command that is understood.
const KEPT_CHARS_MAX: usize = 2_000;
/// And so many are quoted when it is said what counts.
const QUOTED_CHARS_MAX: usize = 120;

/// Keeps a command that was handled, and what it did.
pub(crate) async fn remember(scene: &mut Scene<'_>, feature: &str) -> Result<(), Fault> {
    let Some(community) = scene.community else { return Ok(()) };
    // What was chosen by a tap is taken back with the tap.
    let text = match scene.message() {
        Some(message) => &message.text,
        None if scene.asked_by.is_some() => &scene.command,
        None => return Ok(()),
    };
    let command = Command {
        event_id: scene.incoming.event_id.clone(),
        community_id: community.id.clone(),
        person_id: scene.actor.person_id,
        room_id: scene.incoming.room_id.clone(),
        feature: feature.to_owned(),
        text: Some(kept(text)),
        deed: scene.deed.take().map(|deed| deed.to_string()),
        private: scene.private,
    };
    Ok(store::keep(scene.tx, &command, scene.now_ms).await?)
}

/// What is kept of a text, as it may be shown.
fn kept(text: &str) -> String {
    cards::shown(text).chars().take(KEPT_CHARS_MAX).collect()
}

/// Whether an edit changes nothing but looks. Of what is longer than what is kept nobody knows.
fn says_the_same(now: &str, before: &str) -> bool {
    kept(now) == before && before.chars().count() < KEPT_CHARS_MAX
}

/// Forgets the words of a command.
pub(crate) async fn forget(tx: &mut Tx, event_id: &str) -> Result<(), Fault> {
    let Some(command) = store::get(tx, event_id).await? else { return Ok(()) };
    store::redact(tx, event_id).await?;
    Ok(outbox::forget_caused(tx, &command.community_id, event_id, None).await?)
}

/// A command was taken back by whoever had said it, or by a captain: the feature undoes it in its author's name.
pub(crate) async fn command(scene: &mut Scene<'_>, command: &Command) -> Result<Outcome, Fault> {
    // Its words go in any case.
    forget(scene.tx, &command.event_id).await?;
    let Some(community) = scene.house.community(&command.community_id) else { return Ok(Outcome::Ignored) };
    scene.community = Some(community);
    if !scene.is_direct() {
        scene.room = room::get(scene.tx, &scene.incoming.room_id).await?;
    }
    scene.role = role_here(scene, scene.incoming.sender.power_level).await?;
    let acted = proxy::by_event(scene.tx, &command.event_id).await?;
    let said_it = acted.as_ref().map_or(command.person_id, |acted| acted.proxy_id);
    if scene.actor.person_id != said_it && scene.actor.person_id != command.person_id && scene.role < Role::Captain {
        return Ok(Outcome::Ignored);
    }
    if let Some(acted) = &acted {
        scene.proxy = Some(person::get(scene.tx, acted.proxy_id).await?);
        crate::proxy::over(scene, acted).await?;
    }
    scene.actor = person::get(scene.tx, command.person_id).await?;
    scene.private = command.private;
    undo(scene, command).await
}

/// Has the feature undo what a command of the actor did.
pub(crate) async fn undo(scene: &mut Scene<'_>, command: &Command) -> Result<Outcome, Fault> {
    let feature = FEATURES.iter().find(|feature| feature.name == command.feature);
    let (Some(deed), Some(feature)) = (&command.deed, feature) else { return Ok(Outcome::Ignored) };
    (feature.undo)(scene, Gone::Command(serde_json::from_str(deed)?)).await
}

/// A card of ours was taken away from a room. What a captain may end that way has ended; otherwise it stands there again.
pub(crate) async fn card(scene: &mut Scene<'_>, card: Card) -> Result<Outcome, Fault> {
    let (true, Some(room_id), Some(community)) =
        (card.open, card.room_id.clone(), scene.house.community(&card.community_id))
    else {
        return Ok(Outcome::Ignored);
    };
    let Some(feature) = FEATURES.iter().find(|feature| feature.cards.contains(&card.kind.as_str())) else {
        return Ok(Outcome::Ignored);
    };
    scene.community = Some(community);
    scene.room = room::get(scene.tx, &room_id).await?;
    scene.role = role_here(scene, scene.incoming.sender.power_level).await?;
    let number = card.number;
    if scene.role >= Role::Captain {
        let outcome = (feature.undo)(scene, Gone::Card(card)).await?;
        if outcome != Outcome::Ignored {
            return Ok(outcome);
        }
    }
    scene.anew = Some(room_id);
    (feature.show)(scene, number).await
}

/// What an edit is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// Nothing.
    Silence,
    /// The original counts.
    WhatCounts,
    /// What was edited into a command isn't one.
    SayAnew,
}

/// The original as far as it is known.
#[derive(Clone, Copy, Debug)]
enum Original<'a> {
    /// It was no command, or was refused.
    Talk,
    /// A command that stands: its words as kept, and whether the same person edits it.
    Command { words: Option<&'a str>, same_person: bool },
}

fn answer(original: Original<'_>, now: &str, reads_as_command: bool) -> Answer {
    match original {
        Original::Talk if reads_as_command => Answer::SayAnew,
        Original::Talk => Answer::Silence,
        // Taken back, or only its looks were changed, or somebody forges edits of others.
        Original::Command { words: None, .. } | Original::Command { same_person: false, .. } => Answer::Silence,
        Original::Command { words: Some(before), .. } if says_the_same(now, before) => Answer::Silence,
        Original::Command { .. } => Answer::WhatCounts,
    }
}

/// Whether a text would be a command, if it were sent as a message.
async fn reads_as_command(tx: &mut Tx, house: &House, incoming: &Incoming, message: &Message) -> Result<bool, Fault> {
    if message.notice {
        return Ok(false);
    }
    let direct = matches!(incoming.place, Place::Direct { .. });
    let signs = Signs { direct, mention: message.mentions_bot, reply: false, names: &house.bot_names };
    let (how, text) = addressed::determine(&Phrase::new(&message.text), signs);
    let Some(Found { feature, .. }) = reading::command_of(how, &text) else { return Ok(false) };
    if how != How::Bare {
        return Ok(true);
    }
    // A bare word is one while one open card of its kind stands there.
    let Some(kind) = feature.cards.first() else { return Ok(false) };
    Ok(card::open_numbers(tx, &incoming.room_id, kind, None, 2).await?.len() == 1)
}

/// Whether this is an edit whose original hasn't come in yet: that one will be answered, whoever it turns out to be.
pub(crate) async fn comes_first(tx: &mut Tx, house: &House, incoming: &Incoming, now_ms: i64) -> Result<bool, Fault> {
    let What::Edit { of, message } = &incoming.what else { return Ok(false) };
    if inbox::has_read(tx, of).await? {
        return Ok(false);
    }
    let reads = reads_as_command(tx, house, incoming, message).await?;
    store::edited_early(tx, of, reads, now_ms).await?;
    Ok(true)
}

/// Whether an edit is of a command, or makes one.
pub(crate) async fn concerns_us(
    tx: &mut Tx,
    house: &House,
    incoming: &Incoming,
    of: &str,
    message: &Message,
) -> Result<bool, Fault> {
    Ok(store::get(tx, of).await?.is_some() || reads_as_command(tx, house, incoming, message).await?)
}

/// An edit. It never runs anything.
pub(crate) async fn edited(scene: &mut Scene<'_>, of: &str, message: &Message) -> Result<Outcome, Fault> {
    let reads = reads_as_command(scene.tx, scene.house, scene.incoming, message).await?;
    let command = store::get(scene.tx, of).await?;
    let original = match &command {
        Some(command) => Original::Command {
            words: command.text.as_deref(),
            same_person: command.person_id == scene.actor.person_id,
        },
        None => Original::Talk,
    };
    match answer(original, &message.text, reads) {
        Answer::Silence => Ok(Outcome::Ignored),
        Answer::WhatCounts | Answer::SayAnew => tell(scene, of, command.as_ref(), reads).await,
    }
}

/// A message has been handled that was edited before it came in: now it is known what counts.
pub(crate) async fn after_message(scene: &mut Scene<'_>) -> Result<(), Fault> {
    let event_id = scene.incoming.event_id.clone();
    let Some(reads) = store::early_edit(scene.tx, &event_id).await? else { return Ok(()) };
    let command = store::get(scene.tx, &event_id).await?;
    if command.is_some() || reads {
        tell(scene, &event_id, command.as_ref(), reads).await?;
    }
    Ok(())
}

/// Says what counts, once a message.
async fn tell(scene: &mut Scene<'_>, of: &str, command: Option<&Command>, reads: bool) -> Result<Outcome, Fault> {
    if !store::told_of_edit(scene.tx, of, reads, scene.now_ms).await? {
        return Ok(Outcome::Ignored);
    }
    let Some(command) = command else {
        if scene.community.is_none() && !scene.is_direct() {
            let room = room::get(scene.tx, &scene.incoming.room_id).await?;
            let community = room.and_then(|room| room.community_id);
            scene.community = community.and_then(|id| scene.house.community(&id));
        }
        scene.answer(&General::SayAnew).await?;
        return Ok(Outcome::Refused);
    };
    scene.community = scene.house.community(&command.community_id);
    let words = command.text.as_deref().unwrap_or_default();
    let mut text: String = words.chars().take(QUOTED_CHARS_MAX).collect();
    if text.len() < words.len() {
        text.push('…');
    }
    let reply = General::WhatCounts { text: &text, undoable: command.deed.is_some() };
    if command.private {
        let me = scene.actor.person_id;
        scene.tell_quietly(me, outbox::Lane::Answer, &reply).await?;
    } else {
        scene.answer(&reply).await?;
    }
    Ok(Outcome::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_answered_only_where_something_stands_or_was_meant() {
        let command = |words| Original::Command { words, same_person: true };
        let long = format!("！许愿 {}", "修".repeat(KEPT_CHARS_MAX));
        for (original, now, reads, expected) in [
            (Original::Talk, "今天天气真好", false, Answer::Silence),
            (Original::Talk, "！许愿 修灯", true, Answer::SayAnew),
            (command(Some("！许愿 修灯")), "！许愿 修门", true, Answer::WhatCounts),
            (command(Some("！许愿 修灯")), "算了", false, Answer::WhatCounts),
            (command(Some("！许愿 修灯")), "！许愿 修灯", true, Answer::Silence),
            (command(None), "！许愿 修门", true, Answer::Silence),
            (command(Some(kept(&long).as_str())), long.as_str(), true, Answer::WhatCounts),
            (Original::Command { words: Some("！许愿 修灯"), same_person: false }, "！许愿", true, Answer::Silence),
        ] {
            assert_eq!(answer(original, now, reads), expected, "{original:?} → {now}");
        }
    }
}
