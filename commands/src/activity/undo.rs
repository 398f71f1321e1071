//! What an activity loses when a command is taken back, its card is taken away, or somebody leaves the room.

use lamplighter_storage::activity as store;
use serde::{Deserialize, Serialize};

use crate::{
    activity::{
        KIND, Way, actor, perform,
        rules::{self, Act, Activity, Change, Holder, Listed, Party, Refusal},
        show, to_rules,
    },
    fault::Fault,
    feature::Gone,
    house::Outcome,
    scene::Scene,
};

/// What a command did, with what it takes to undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "did")]
pub(super) enum Did {
    Posted,
    Joined {
        guest: String,
    },
    Resized {
        guest: String,
        before: Party,
        #[serde(default)]
        note: String,
    },
    Left {
        guest: String,
        before: Party,
        #[serde(default)]
        note: String,
    },
    Moved {
        starts_at_ms: i64,
        ends_at_ms: Option<i64>,
    },
    Cancelled,
    Enrolled {
        guests: Vec<String>,
        #[serde(default)]
        changed: Vec<Before>,
    },
}

/// A seat as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Before {
    #[serde(flatten)]
    holder: Holder,
    party: Party,
    note: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Deed {
    number: i64,
    #[serde(flatten)]
    did: Did,
}

/// Notes what a command did.
pub(super) fn note(scene: &mut Scene<'_>, number: i64, did: Did) -> Result<(), Fault> {
    scene.did(serde_json::to_value(Deed { number, did })?);
    Ok(())
}

/// The part of some changes that is the actor's own. `act`: what was done.
pub(super) fn of_changes(before: &Activity, act: &Act, changes: &[Change]) -> Option<Did> {
    if let Act::Enrol(_) = act {
        let guest = |change: &Change| match change {
            Change::Joined { holder, .. } | Change::Queued { holder, .. } => Some(holder.guest.clone()),
            _ => None,
        };
        let changed = |change: &Change| match change {
            Change::Resized { holder, .. } | Change::Noted { holder, .. } => {
                let seat = before.seats.iter().find(|seat| seat.holder == *holder)?;
                Some(Before { holder: holder.clone(), party: seat.party, note: seat.note.clone() })
            }
            _ => None,
        };
        return Some(Did::Enrolled {
            guests: changes.iter().filter_map(guest).collect(),
            changed: changes.iter().filter_map(changed).collect(),
        });
    }
    let seat = |holder: &Holder| {
        let seat = before.seats.iter().find(|seat| seat.holder == *holder);
        seat.map_or((Party::ONE, String::new()), |seat| (seat.party, seat.note.clone()))
    };
    if let Act::GiveBack(from) = act {
        // Whoever changes their mind is on the list as themselves.
        let (before, note) = seat(from);
        return Some(Did::Left { guest: String::new(), before, note });
    }
    Some(match changes.first()? {
        Change::Joined { holder, .. } | Change::Queued { holder, .. } => Did::Joined { guest: holder.guest.clone() },
        Change::TakenOver { holder, .. } => Did::Joined { guest: holder.guest.clone() },
        Change::Resized { holder, .. } | Change::Noted { holder, .. } => {
            let (before, note) = seat(holder);
            Did::Resized { guest: holder.guest.clone(), before, note }
        }
        Change::Left { holder } => {
            let (before, note) = seat(holder);
            Did::Left { guest: holder.guest.clone(), before, note }
        }
        Change::Cancelled => Did::Cancelled,
        Change::Moved { .. } => Did::Moved { starts_at_ms: before.starts_at_ms, ends_at_ms: before.ends_at_ms },
        Change::MovedUp { .. } | Change::Placed { .. } => return None,
    })
}

pub(super) async fn undo(scene: &mut Scene<'_>, gone: Gone) -> Result<Outcome, Fault> {
    match gone {
        Gone::Command(deed) => {
            let deed: Deed = serde_json::from_value(deed)?;
            taken_back(scene, deed.number, deed.did).await
        }
        Gone::Card(card) => match fits(scene, card.number, &Act::Cancel).await? {
            Ok(_) => {
                let community_id = scene.community()?.id.clone();
                let seats = store::get(scene.tx, &community_id, card.number).await?.map(|stored| stored.seats);
                let outcome = perform(scene, card.number, Act::Cancel, Way::Undo).await?;
                // Those who had signed up are told in a message that says it all.
                match seats.unwrap_or_default().is_empty() {
                    true => scene.card_gone("activity-undo-post", card.number).await,
                    false => Ok(outcome),
                }
            }
            Err(_) => Ok(Outcome::Ignored),
        },
        Gone::Member { room_id } => {
            let community_id = scene.community()?.id.clone();
            let (me, now_ms) = (scene.actor.person_id, scene.now_ms);
            let mut outcome = Outcome::Ignored;
            for (number, guest) in store::seats_of(scene.tx, &community_id, &room_id, me, now_ms).await? {
                outcome = perform(scene, number, Act::Leave(guest), Way::Undo).await?;
            }
            Ok(outcome)
        }
    }
}

/// Whether this act would change something, or why not; no reason if there is no such activity here.
async fn fits(scene: &mut Scene<'_>, number: i64, act: &Act) -> Result<Result<Vec<Change>, Option<Refusal>>, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else { return Ok(Err(None)) };
    if !scene.may_see(&stored.row.room_id) {
        return Ok(Err(None));
    }
    let actor = actor(scene, &stored).await?;
    Ok(match rules::decide(&to_rules(&stored), actor, act, scene.now_ms) {
        Ok(changes) if changes.is_empty() => Err(None),
        Ok(changes) => Ok(changes),
        Err(refusal) => Err(Some(refusal)),
    })
}

async fn taken_back(scene: &mut Scene<'_>, number: i64, did: Did) -> Result<Outcome, Fault> {
    if let Did::Enrolled { guests, changed } = &did {
        let mut outcome = Outcome::Ignored;
        for guest in guests {
            let act = Act::Leave(guest.clone());
            match fits(scene, number, &act).await? {
                Ok(_) => outcome = perform(scene, number, act, Way::Undo).await?,
                Err(Some(Refusal::Begun)) => return scene.too_late("activity-undo-begun", number).await,
                Err(_) => {}
            }
        }
        let mut changed = changed.clone();
        // Whoever comes with fewer makes room for the others.
        changed.sort_by_key(|before| before.party.size());
        let is_full = !changed.is_empty();
        for Before { holder, party, note } in changed {
            let act = Act::Enrol(vec![Listed { holder, party, note }]);
            match fits(scene, number, &act).await? {
                Ok(_) => outcome = perform(scene, number, act, Way::Undo).await?,
                Err(Some(Refusal::Begun)) => return scene.too_late("activity-undo-begun", number).await,
                Err(_) => {}
            }
        }
        return match outcome {
            Outcome::Handled => scene.undone("activity-undo-enrol", number).await,
            Outcome::Ignored if is_full => scene.too_late("activity-undo-no-places", number).await,
            outcome => Ok(outcome),
        };
    }
    let act = match &did {
        Did::Posted => Act::Cancel,
        Did::Joined { guest } => Act::Leave(guest.clone()),
        Did::Resized { guest, before, note } | Did::Left { guest, before, note } => {
            let holder = Holder { person: scene.actor.person_id, guest: guest.clone() };
            Act::Line { listed: Listed { holder, party: *before, note: note.clone() }, from: None }
        }
        Did::Moved { starts_at_ms, ends_at_ms } => Act::Move(*starts_at_ms, *ends_at_ms),
        Did::Cancelled | Did::Enrolled { .. } => {
            return scene.too_late("activity-undo-cancelled", number).await;
        }
    };
    let changes = match fits(scene, number, &act).await? {
        Ok(changes) => changes,
        Err(Some(Refusal::Begun)) => return scene.too_late("activity-undo-begun", number).await,
        Err(Some(Refusal::NotEnoughLeft)) => return scene.too_late("activity-undo-no-places", number).await,
        Err(Some(Refusal::TimePassed)) => return scene.too_late("activity-undo-time-passed", number).await,
        // It was undone in another way before.
        Err(_) => return Ok(Outcome::Ignored),
    };
    let id = match (&did, changes.first()) {
        (Did::Posted, _) => "activity-undo-post",
        (Did::Joined { .. }, _) => "activity-undo-join",
        (Did::Resized { .. }, _) => "activity-undo-resize",
        (Did::Moved { .. }, _) => "activity-undo-move",
        (_, Some(Change::Queued { .. })) => "activity-undo-leave-waiting",
        _ => "activity-undo-leave",
    };
    perform(scene, number, act, Way::Undo).await?;
    if did == Did::Posted {
        scene.forget_words(KIND, number).await?;
        let community_id = scene.community()?.id.clone();
        store::forget_text(scene.tx, &community_id, number, crate::scene::FORGOTTEN).await?;
        if let Some(stored) = store::get(scene.tx, &community_id, number).await? {
            show(scene, &stored).await?;
        }
    }
    scene.undone(id, number).await
}
