//! What becomes of 语言 when the command is taken back: it is as before.

use lamplighter_storage::{person, room};
use serde::{Deserialize, Serialize};

use crate::{fault::Fault, feature::Gone, house::Outcome, scene::Scene};

/// How it was before the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Before {
    of_room: bool,
    chosen: Option<String>,
}

/// Notes how it is before the command changes it.
pub(super) async fn note(scene: &mut Scene<'_>, of_room: bool) -> Result<(), Fault> {
    let me = scene.actor.person_id;
    let chosen = if of_room {
        let room_id = scene.room()?.room_id.clone();
        room::setting(scene.tx, &room_id, room::TONGUE).await?
    } else {
        person::tongue(scene.tx, me).await?
    };
    scene.did(serde_json::to_value(Before { of_room, chosen })?);
    Ok(())
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    let before: Before = serde_json::from_value(deed)?;
    super::set(scene, before.of_room, before.chosen.as_deref()).await?;
    scene.undone("tongue-undo", 0).await
}
