//! What a poll loses when a command is taken back, or its card is taken away. Whoever leaves a room has voted all the same.

use lamplighter_storage::{agenda, poll as store, room};
use serde::{Deserialize, Serialize};

use crate::{
    fault::Fault,
    feature::Gone,
    house::Outcome,
    poll::{CLOSE, KIND, NATIVE, PollReply, SETTING, end_now, in_time, show, strike_out},
    scene::{FORGOTTEN, Scene},
};

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "did")]
pub(super) enum Did {
    Started { number: i64 },
    Voted { number: i64 },
    Ended { number: i64 },
    Allowed { before: String },
}

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, did: &Did) -> Result<(), Fault> {
    scene.did(serde_json::to_value(did)?);
    Ok(())
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    match gone {
        Gone::Command(deed) => match serde_json::from_value(deed)? {
            Did::Started { number } => withdraw(scene, number).await,
            Did::Voted { number } => unvote(scene, number).await,
            Did::Ended { number } => scene.too_late("poll-undo-ended", number).await,
            Did::Allowed { before } => {
                let community_id = scene.community()?.id.clone();
                let room_id = scene.room()?.room_id.clone();
                room::set_setting(scene.tx, &community_id, &room_id, SETTING, &before).await?;
                let payload = serde_json::json!({ "room": room_id, "name": SETTING, "value": before });
                scene.record("room.setting", None, &payload).await?;
                scene.undone("poll-undo-allowed", 0).await
            }
        },
        // As the captain's 结束投票 would.
        Gone::Card(card) => {
            let community_id = scene.community()?.id.clone();
            match store::get(scene.tx, &community_id, card.number).await? {
                Some(row) if row.state == "open" => {
                    end_now(scene, row).await?;
                    Ok(Outcome::Handled)
                }
                _ => Ok(Outcome::Ignored),
            }
        }
        Gone::Member { .. } => Ok(Outcome::Ignored),
    }
}

/// Nobody has answered: it is as if it had never been asked.
async fn withdraw(scene: &mut Scene<'_>, number: i64) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(mut row) = store::get(scene.tx, &community_id, number).await? else { return Ok(Outcome::Ignored) };
    if row.withdrawn {
        return Ok(Outcome::Ignored);
    }
    if row.state != "open" {
        return scene.too_late("poll-undo-ended", number).await;
    }
    if store::has_answers(scene.tx, &community_id, number).await? {
        return scene.too_late("poll-undo-answered", number).await;
    }
    scene.record("poll.withdrawn", Some(number), &serde_json::json!({})).await?;
    agenda::drop_of_item(scene.tx, &community_id, CLOSE, number).await?;
    (row.state, row.withdrawn, row.closes_at_ms) = ("announced".into(), true, scene.now_ms);
    store::save(scene.tx, &community_id, &row).await?;
    for card in lamplighter_storage::card::of_number(scene.tx, &community_id, NATIVE, number).await? {
        scene.close_poll(&card, &PollReply::End { number }).await?;
    }
    scene.forget_words(KIND, number).await?;
    scene.forget_words(NATIVE, number).await?;
    let options: Vec<&str> = row.option_texts()?.iter().map(|_| FORGOTTEN).collect();
    (row.question, row.options) = (FORGOTTEN.into(), serde_json::to_string(&options)?);
    store::forget_text(scene.tx, &community_id, number, &row.question, &row.options).await?;
    show(scene, &row).await?;
    scene.undone("poll-undo-start", number).await
}

/// A typed vote.
async fn unvote(scene: &mut Scene<'_>, number: i64) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(row) = store::get(scene.tx, &community_id, number).await? else { return Ok(Outcome::Ignored) };
    if !in_time(scene, &row) {
        return scene.too_late("poll-undo-late", number).await;
    }
    let Some(of) = scene.redacted().map(ToOwned::to_owned) else { return Ok(Outcome::Ignored) };
    strike_out(scene, &row, &of).await?;
    scene.undone("poll-undo-vote", number).await
}
