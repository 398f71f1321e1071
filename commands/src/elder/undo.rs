//! What becomes of 长辈模式 when the command is taken back: it is as before.

use lamplighter_storage::elder as store;
use serde::{Deserialize, Serialize};

use crate::{elder::set_room, fault::Fault, feature::Gone, house::Outcome, scene::Scene};

/// How it was before the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "whose", content = "on")]
pub(super) enum Before {
    Mine(bool),
    Room(bool),
}

/// Notes how it was.
pub(super) fn note(scene: &mut Scene<'_>, before: Before) -> Result<(), Fault> {
    scene.did(serde_json::to_value(before)?);
    Ok(())
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    match serde_json::from_value(deed)? {
        Before::Mine(on) => {
            let me = scene.actor.person_id;
            store::set(scene.tx, me, on).await?;
        }
        Before::Room(on) => {
            set_room(scene, on).await?;
        }
    }
    scene.undone("elder-undo", 0).await
}
