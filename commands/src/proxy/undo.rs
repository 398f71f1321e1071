//! What becomes of a helper's name, and of a no, when the command is taken back.

use lamplighter_storage::{person::PersonId, proxy as store};
use serde::{Deserialize, Serialize};

use crate::{fault::Fault, feature::Gone, house::Outcome, scene::Scene};

/// What a command did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "did")]
pub(super) enum Did {
    Named { helper: PersonId },
    Ended { helper: PersonId },
    Forbade,
    Allowed,
}

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, did: Did) -> Result<(), Fault> {
    scene.private = true;
    scene.did(serde_json::to_value(did)?);
    Ok(())
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    let community_id = scene.community()?.id.clone();
    let (me, now_ms) = (scene.actor.person_id, scene.now_ms);
    let (changed, kind, id) = match serde_json::from_value(deed)? {
        Did::Named { helper } => {
            let changed = store::end_helper(scene.tx, &community_id, me, helper).await?;
            (changed, "helper.ended", "proxy-undo-named")
        }
        Did::Ended { helper } => {
            let changed = store::name_helper(scene.tx, &community_id, me, helper, me, now_ms).await?;
            (changed, "helper.named", "proxy-undo-ended")
        }
        Did::Forbade => {
            let changed = store::forbid(scene.tx, &community_id, me, false, now_ms).await?;
            (changed, "proxy.allowed", "proxy-undo-forbade")
        }
        Did::Allowed => {
            let changed = store::forbid(scene.tx, &community_id, me, true, now_ms).await?;
            (changed, "proxy.forbidden", "proxy-undo-allowed")
        }
    };
    if !changed {
        return Ok(Outcome::Ignored);
    }
    scene.record(kind, None, &serde_json::json!({})).await?;
    scene.undone(id, 0).await
}
