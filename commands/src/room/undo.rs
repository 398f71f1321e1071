//! What becomes of a registration, and of a captain's name, when the command is taken back. A captain who leaves the room
//! keeps the name.

use lamplighter_storage::{binding, person::PersonId, room};
use serde::{Deserialize, Serialize};

use crate::{fault::Fault, feature::Gone, house::Outcome, room::close_request, scene::Scene};

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "did")]
pub(super) enum Did {
    Bound,
    Asked { request: i64 },
    Decided,
    Named { person: PersonId },
    Unnamed { person: PersonId },
}

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, did: &Did) -> Result<(), Fault> {
    scene.did(serde_json::to_value(did)?);
    Ok(())
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    match serde_json::from_value(deed)? {
        Did::Bound => scene.too_late("room-undo-bound", 0).await,
        Did::Decided => scene.too_late("room-undo-decided", 0).await,
        Did::Asked { request } => match binding::get(scene.tx, request).await? {
            Some(request) if request.state == "waiting" => {
                close_request(scene, &request, "lapsed", "withdrawn").await?;
                scene.undone("room-undo-asked", 0).await
            }
            Some(request) if request.state == "approved" => scene.too_late("room-undo-bound", 0).await,
            _ => Ok(Outcome::Ignored),
        },
        Did::Named { person } => rename(scene, person, false).await,
        Did::Unnamed { person } => rename(scene, person, true).await,
    }
}

async fn rename(scene: &mut Scene<'_>, person: PersonId, captain: bool) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let room_id = scene.room()?.room_id.clone();
    let changed = if captain {
        room::name_captain(scene.tx, &community_id, &room_id, person, scene.now_ms).await?
    } else {
        room::unname_captain(scene.tx, &room_id, person).await?
    };
    if !changed {
        return Ok(Outcome::Ignored);
    }
    let (kind, id) =
        if captain { ("captain.named", "room-undo-unnamed") } else { ("captain.unnamed", "room-undo-named") };
    scene.record(kind, None, &serde_json::json!({ "room": room_id, "person": person })).await?;
    scene.undone(id, 0).await
}
