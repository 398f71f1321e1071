//! 轨迹: what was done about an item, when and by whom, as the room could see it (FEATURES.md row 52). Offers and
//! declines stay private.

mod command;
mod reply;
#[cfg(test)]
mod tests;

use lamplighter_storage::{item, journal};

use crate::{
    fault::Fault,
    feature::{Feature, Work, no_taps, nothing_due, nothing_to_show, nothing_to_undo},
    house::{General, Outcome},
    language::{Phrase, number},
    scene::Scene,
    trail::reply::{Step, TrailReply},
};

/// A trail shows at most this many steps, the newest; more doesn't fit on a telephone.
const STEPS_MAX: usize = 20;
/// This many links of the journal are looked at for it.
const LINKS_MAX: i64 = 1_000;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "trail",
    words: command::WORDS,
    sayings: &[],
    cues: &[],
    read: crate::feature::read_number,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, _, rest| -> Work<'_> { Box::pin(run(scene, rest)) },
    tap: no_taps,
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: nothing_to_undo,
    show: nothing_to_show,
};

async fn run(scene: &mut Scene<'_>, rest: Phrase) -> Result<Outcome, Fault> {
    let replied = scene.replied_card.as_ref().map(|card| card.number);
    let number = match (number::of_item(&rest), replied) {
        (number::Number::Is(number), _) | (number::Number::Absent, Some(number)) => number,
        _ => {
            scene.answer(&General::Malformed { id: "trail-missing-number" }).await?;
            return Ok(Outcome::Refused);
        }
    };
    let community_id = scene.community()?.id.clone();
    let Some(item) = item::get(scene.tx, &community_id, number).await? else {
        scene.answer(&TrailReply::NoSuch { number }).await?;
        return Ok(Outcome::Refused);
    };
    if !scene.may_see(&item.room_id) {
        scene.answer(&TrailReply::Elsewhere { number }).await?;
        return Ok(Outcome::Refused);
    }
    let links = journal::of_number(scene.tx, &community_id, number, LINKS_MAX).await?;
    let mut steps: Vec<Step> = links.iter().filter_map(Step::seen_by_room).collect();
    let hidden = steps.len().saturating_sub(STEPS_MAX);
    steps.drain(..hidden);
    scene.answer(&TrailReply::Steps { number, steps: &steps, hidden: hidden as i64 }).await?;
    Ok(Outcome::Handled)
}
