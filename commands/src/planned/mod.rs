//! What neighbours will ask for and the bot can't do yet: it understands them all the same, and says so. When one of these is
//! built, its words move to a feature of its own.

mod command;
mod reply;
#[cfg(test)]
mod tests;

use crate::{
    fault::Fault,
    feature::{Feature, Work, no_taps, nothing_due, nothing_to_show, nothing_to_undo},
    house::Outcome,
    planned::reply::PlannedReply,
    scene::Scene,
};

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "planned",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: command::CUES,
    read: command::read,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, key, _| -> Work<'_> { Box::pin(run(scene, key)) },
    tap: no_taps,
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: nothing_to_undo,
    show: nothing_to_show,
};

async fn run(scene: &mut Scene<'_>, key: &'static str) -> Result<Outcome, Fault> {
    scene.answer(&PlannedReply { key }).await?;
    Ok(Outcome::Refused)
}
