//! What becomes of a reminder when the command is taken back.

use lamplighter_storage::{agenda, reminder as store};
use serde::{Deserialize, Serialize};

use crate::{
    fault::Fault,
    feature::Gone,
    house::Outcome,
    reminder::{kind, plan},
    scene::{FORGOTTEN, Scene},
};

/// What a command did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "did", content = "reminder")]
pub(super) enum Did {
    Asked(i64),
    Cancelled(i64),
}

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, did: Did) -> Result<(), Fault> {
    scene.did(serde_json::to_value(did)?);
    Ok(())
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    let Gone::Command(deed) = gone else { return Ok(Outcome::Ignored) };
    let did: Did = serde_json::from_value(deed)?;
    let community_id = scene.community()?.id.clone();
    let (Did::Asked(id) | Did::Cancelled(id)) = did;
    let Some((reminder, state)) = store::get(scene.tx, id).await? else { return Ok(Outcome::Ignored) };
    let number = reminder.number;
    match (did, state.as_str()) {
        (Did::Asked(_), "waiting") => {
            store::settle(scene.tx, id, "cancelled").await?;
            agenda::drop_of_item(scene.tx, &community_id, kind(&reminder), id).await?;
            store::forget_text(scene.tx, id, FORGOTTEN).await?;
            scene.undone("reminder-undo-set", number).await
        }
        (Did::Asked(_), "sent") => scene.too_late("reminder-undo-sent", number).await,
        (Did::Cancelled(_), "cancelled") if reminder.due_at_ms > scene.now_ms => {
            store::settle(scene.tx, id, "waiting").await?;
            plan(scene, &reminder).await?;
            scene.undone("reminder-undo-cancel", number).await
        }
        (Did::Cancelled(_), "cancelled") => scene.too_late("reminder-undo-passed", number).await,
        // It was undone in another way before.
        _ => Ok(Outcome::Ignored),
    }
}
