//! What a task loses when a command is taken back. Everything about it is private. Tasks aren't of a room, so leaving one
//! changes nothing.

use lamplighter_storage::task as store;
use serde_json::{Value, json};

use crate::{
    fault::Fault,
    feature::Gone,
    house::Outcome,
    scene::{FORGOTTEN, Scene},
    task::{
        KIND, STATUS, answer, call_off, refresh_all,
        rules::{Act, Answer},
    },
};

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, did: &str, number: i64) {
    scene.private = true;
    scene.did(json!({ "task": did, "number": number }));
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    undo_answer(scene, &deed).await
}

/// Also for what was said in the words of a wish.
pub async fn undo_answer(scene: &mut Scene<'_>, deed: &Value) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let number = deed.get("number").and_then(Value::as_i64).unwrap_or_default();
    let Some(row) = store::get(scene.tx, &community_id, number).await? else { return Ok(Outcome::Ignored) };
    let given = match deed.get("task").and_then(Value::as_str) {
        Some("accepted") => Answer::Accepted,
        Some("declined") => Answer::Declined,
        Some("posted") => {
            if row.state == "cancelled" {
                return Ok(Outcome::Ignored);
            }
            let accepted = store::people(scene.tx, &community_id, number, "accepted").await?;
            if !accepted.is_empty() || row.starts_at_ms <= scene.now_ms {
                return scene.too_late("task-undo-accepted", number).await;
            }
            let mut row = call_off(scene, row).await?;
            scene.forget_words(KIND, number).await?;
            scene.forget_words(STATUS, number).await?;
            row.text = FORGOTTEN.into();
            store::forget_text(scene.tx, &community_id, number, FORGOTTEN).await?;
            refresh_all(scene, &row).await?;
            return scene.undone("task-undo-post", number).await;
        }
        Some("sent") => return scene.too_late("task-undo-sent", number).await,
        _ => return scene.too_late("task-undo-cancelled", number).await,
    };
    match answer(scene, number, Act::TakeBack(given), None).await? {
        Outcome::Handled => scene.undone("task-undo-answer", number).await,
        other => Ok(other),
    }
}
