//! What becomes of 上榜 and 下榜 when the command is taken back. Points themselves are never taken back.

use lamplighter_storage::ledger;
use serde_json::json;

use crate::{fault::Fault, feature::Gone, house::Outcome, scene::Scene};

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, entered: bool) {
    scene.did(json!({ "entered": entered }));
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    let entered = deed.get("entered").and_then(serde_json::Value::as_bool).unwrap_or_default();
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let changed = if entered {
        ledger::leave_ranking(scene.tx, &community_id, me).await?
    } else {
        ledger::enter_ranking(scene.tx, &community_id, me, scene.now_ms).await?
    };
    if !changed {
        return Ok(Outcome::Ignored);
    }
    let (kind, id) =
        if entered { ("ranking.left", "points-undo-enter") } else { ("ranking.entered", "points-undo-leave") };
    scene.record(kind, None, &json!({})).await?;
    scene.undone(id, 0).await
}
