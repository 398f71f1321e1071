//! What becomes of 免打扰 when the command is taken back: it is as before.

use lamplighter_storage::quiet as store;
use serde::{Deserialize, Serialize};

use crate::{fault::Fault, feature::Gone, house::Outcome, scene::Scene};

/// How it was before the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "before", content = "until_ms")]
pub(super) enum Before {
    Ringing,
    Quiet(Option<i64>),
}

/// Notes how it is before the command changes it.
pub(super) async fn note(scene: &mut Scene<'_>) -> Result<(), Fault> {
    let me = scene.actor.person_id;
    let before = store::get(scene.tx, me).await?.map_or(Before::Ringing, Before::Quiet);
    scene.did(serde_json::to_value(before)?);
    Ok(())
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    let me = scene.actor.person_id;
    match serde_json::from_value(deed)? {
        Before::Ringing => {
            store::lift(scene.tx, me).await?;
            scene.undone("quiet-undo-ringing", 0).await
        }
        Before::Quiet(until_ms) => {
            store::set(scene.tx, me, until_ms).await?;
            scene.undone("quiet-undo-quiet", 0).await
        }
    }
}
