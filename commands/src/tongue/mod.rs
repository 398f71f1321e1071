//! 语言: in which language somebody is written to privately, and in which a room is spoken to.

pub(crate) mod command;
pub(crate) mod reply;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_config::Language;
use lamplighter_storage::{person, room};

use crate::{
    fault::Fault,
    feature::{Feature, Parsed, Role, Work, no_taps, nothing_due, nothing_to_show},
    house::Outcome,
    language::Phrase,
    room_life,
    scene::Scene,
    tongue::{
        command::Command,
        reply::{TongueReply, Whose},
    },
};

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "tongue",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: &[],
    read: command::read,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, _, rest| -> Work<'_> { Box::pin(run(scene, rest)) },
    tap: no_taps,
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

async fn run(scene: &mut Scene<'_>, rest: Phrase) -> Result<Outcome, Fault> {
    let whose = whose(scene);
    match command::parse(&rest) {
        Parsed::Malformed(_) => {
            scene.answer(&TongueReply::Unknown).await?;
            Ok(Outcome::Refused)
        }
        Parsed::Mine(Command::Which) => {
            let language = voice(scene, whose).await?;
            scene.answer(&TongueReply::Which { whose, language }).await?;
            Ok(Outcome::Handled)
        }
        Parsed::Mine(Command::Speak(language)) => choose(scene, whose, Some(language)).await,
        Parsed::Mine(Command::Follow) => choose(scene, whose, None).await,
    }
}

/// Whose language is meant: in a room captains speak for the room, everybody else for themselves.
fn whose(scene: &Scene<'_>) -> Whose {
    match &scene.room {
        Some(_) if !scene.is_direct() && scene.role >= Role::Captain => Whose::Rooms,
        _ if scene.is_direct() => Whose::Yours,
        _ => Whose::YoursFromRoom,
    }
}

async fn choose(scene: &mut Scene<'_>, whose: Whose, chosen: Option<Language>) -> Result<Outcome, Fault> {
    undo::note(scene, whose == Whose::Rooms).await?;
    set(scene, whose == Whose::Rooms, chosen.map(Language::tag)).await?;
    let language = voice(scene, whose).await?;
    scene.answer(&TongueReply::Chosen { whose, language, follows: chosen.is_none() }).await?;
    Ok(Outcome::Handled)
}

/// What is spoken now.
async fn voice(scene: &mut Scene<'_>, whose: Whose) -> Result<Language, Fault> {
    let me = scene.actor.person_id;
    let say = match whose {
        Whose::Rooms | Whose::Yours => scene.say().await?,
        Whose::YoursFromRoom => scene.say_to(me).await?,
    };
    Ok(say.language())
}

/// Keeps a choice, or none; a room's open cards are shown in it at once.
async fn set(scene: &mut Scene<'_>, of_room: bool, tag: Option<&str>) -> Result<(), Fault> {
    if !of_room {
        return Ok(person::set_tongue(scene.tx, scene.actor.person_id, tag).await?);
    }
    let community_id = scene.community()?.id.clone();
    let room_id = scene.room()?.room_id.clone();
    match tag {
        Some(tag) => room::set_setting(scene.tx, &community_id, &room_id, room::TONGUE, tag).await?,
        None => room::clear_setting(scene.tx, &room_id, room::TONGUE).await?,
    }
    let payload = serde_json::json!({ "room": room_id, "name": room::TONGUE, "value": tag });
    scene.record("room.setting", None, &payload).await?;
    room_life::show_all(scene, &room_id).await?;
    Ok(())
}
