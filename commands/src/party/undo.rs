//! What becomes of a check-in when the command is taken back. All of it is private.

use lamplighter_storage::party as store;
use serde_json::{Value, json};

use crate::{
    fault::Fault,
    feature::Gone,
    house::Outcome,
    party::{REQUEST, end_requests},
    scene::{FORGOTTEN, Scene},
};

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, did: &str, check_in_id: i64) {
    scene.private = true;
    scene.did(json!({ "did": did, "check_in": check_in_id }));
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    let check_in_id = deed.get("check_in").and_then(Value::as_i64).unwrap_or_default();
    if deed.get("did").and_then(Value::as_str) == Some("out") {
        return scene.too_late("party-undo-out", 0).await;
    }
    let Some(check_in) = store::get(scene.tx, check_in_id).await? else { return Ok(Outcome::Ignored) };
    match check_in.state.as_str() {
        "submitted" => {
            let me = scene.actor.clone();
            store::settle(scene.tx, check_in_id, "closed", me.person_id).await?;
            store::forget_note(scene.tx, check_in_id, FORGOTTEN).await?;
            scene.record("party.closed", None, &json!({ "check_in": check_in_id })).await?;
            scene.forget_words(REQUEST, check_in_id).await?;
            end_requests(scene, &check_in, &me, "closed").await?;
            scene.undone("party-undo-in", 0).await
        }
        "confirmed" => scene.too_late("party-undo-confirmed", 0).await,
        _ => Ok(Outcome::Ignored),
    }
}
