//! What a wish loses when a command is taken back, or somebody leaves the room.

use lamplighter_storage::wish as store;
use serde::{Deserialize, Serialize};

use crate::{
    fault::Fault,
    feature::Gone,
    house::Outcome,
    scene::Scene,
    wish::{
        KIND, Way, perform,
        rules::{self, Act, Change, State, Wish},
        to_rules,
    },
};

/// What a command did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Did {
    Posted,
    Claimed,
    SteppedBack,
    Released,
    Finished,
    Confirmed,
    Withdrawn,
    Declined,
}

#[derive(Debug, Serialize, Deserialize)]
struct Deed {
    did: Did,
    number: i64,
}

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, number: i64, did: Did) -> Result<(), Fault> {
    scene.did(serde_json::to_value(Deed { did, number })?);
    Ok(())
}

/// The part of some changes that is the actor's own.
pub(super) fn of_changes(changes: &[Change]) -> Option<Did> {
    changes.iter().find_map(|change| match change {
        Change::Claimed(_) | Change::StoodBy(_) => Some(Did::Claimed),
        Change::SteppedBack(_) => Some(Did::SteppedBack),
        Change::Released(_) => Some(Did::Released),
        Change::Finished(_) => Some(Did::Finished),
        Change::Confirmed(_) => Some(Did::Confirmed),
        Change::Withdrawn(_) => Some(Did::Withdrawn),
        Change::Declined(_) => Some(Did::Declined),
        Change::Unfinished(_)
        | Change::Offered(_)
        | Change::Lapsed(_)
        | Change::Overtaken(_)
        | Change::Placed { .. } => None,
    })
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    match gone {
        // A task is answered in the same words.
        Gone::Command(deed) if deed.get("task").is_some() => crate::task::undo_answer(scene, &deed).await,
        Gone::Command(deed) => {
            let deed: Deed = serde_json::from_value(deed)?;
            taken_back(scene, deed.number, deed.did).await
        }
        // A captain can't withdraw somebody's wish: its card is posted anew.
        Gone::Card(_) => Ok(Outcome::Ignored),
        Gone::Member { room_id } => {
            let community_id = scene.community()?.id.clone();
            let me = scene.actor.person_id;
            let mut outcome = Outcome::Ignored;
            for number in store::held_by(scene.tx, &community_id, &room_id, me).await? {
                if fits(scene, number, Act::Release).await?.is_ok() {
                    outcome = perform(scene, number, Act::Release, Way::Undo).await?;
                }
            }
            Ok(outcome)
        }
    }
}

/// The wish, if this act would change something; otherwise how it stands.
async fn fits(scene: &mut Scene<'_>, number: i64, act: Act) -> Result<Result<Wish, Option<Wish>>, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else { return Ok(Err(None)) };
    if !scene.may_see(&stored.row.room_id) {
        return Ok(Err(None));
    }
    let wish = to_rules(&stored)?;
    Ok(match rules::decide(&wish, scene.actor.person_id, act) {
        Ok(changes) if !changes.is_empty() => Ok(wish),
        _ => Err(Some(wish)),
    })
}

async fn taken_back(scene: &mut Scene<'_>, number: i64, did: Did) -> Result<Outcome, Fault> {
    let act = match did {
        Did::Posted => Act::Withdraw,
        Did::Claimed => Act::Release,
        Did::SteppedBack | Did::Released => Act::Claim,
        Did::Finished => Act::Unfinish,
        Did::Confirmed => return scene.too_late("wish-undo-confirmed", number).await,
        Did::Withdrawn => return scene.too_late("wish-undo-withdrawn", number).await,
        Did::Declined => {
            scene.private = true;
            return scene.too_late("wish-undo-declined", number).await;
        }
    };
    let wish = match fits(scene, number, act).await? {
        Ok(wish) => wish,
        Err(Some(wish)) => {
            return match (did, wish.state) {
                (_, State::Confirmed) if did != Did::Released => scene.too_late("wish-undo-confirmed", number).await,
                (Did::Posted | Did::Claimed, State::Done) => scene.too_late("wish-undo-done", number).await,
                // It was undone in another way before.
                _ => Ok(Outcome::Ignored),
            };
        }
        Err(None) => return Ok(Outcome::Ignored),
    };
    // Whoever gave a place back has it again only while nobody else took it; a stand-by doesn't become a helper.
    match (did, wish.state) {
        (Did::Released, State::Claimed | State::Done) => return scene.too_late("wish-undo-taken", number).await,
        (Did::SteppedBack, State::Open) => return scene.too_late("wish-undo-free", number).await,
        _ => {}
    }
    if did == Did::Posted {
        // Whoever helps knows it by its number.
        scene.forget_words(KIND, number).await?;
        let community_id = scene.community()?.id.clone();
        store::forget_text(scene.tx, &community_id, number, crate::scene::FORGOTTEN).await?;
    }
    perform(scene, number, act, Way::Undo).await?;
    let id = match did {
        Did::Posted => "wish-undo-post",
        Did::Claimed => "wish-undo-claim",
        Did::Finished => "wish-undo-finish",
        _ => "wish-undo-release",
    };
    scene.undone(id, number).await
}
