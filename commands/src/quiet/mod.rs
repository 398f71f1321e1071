//! 免打扰: nothing unasked rings for somebody who wants quiet: no mention in reminders and digests, no task pings. What
//! they asked for themselves still comes.

pub(crate) mod command;
mod reply;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_storage::quiet as store;

use crate::{
    evening,
    fault::Fault,
    feature::{Feature, Parsed, Work, no_taps, nothing_due, nothing_to_show},
    house::{General, Outcome},
    language::Phrase,
    quiet::{command::Command, reply::QuietReply},
    scene::Scene,
};

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "quiet",
    words: command::WORDS,
    sayings: &[],
    cues: &[],
    read: command::read,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: no_taps,
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let me = scene.actor.person_id;
    undo::note(scene).await?;
    let (reply, refused) = match command::parse(key, &rest, evening::local(community, scene.said_at_ms)) {
        Parsed::Malformed(id) => {
            scene.answer(&General::Malformed { id }).await?;
            return Ok(Outcome::Refused);
        }
        Parsed::Mine(Command::Quiet(None)) => {
            store::set(scene.tx, me, None).await?;
            (QuietReply::Quiet { until_ms: None }, false)
        }
        Parsed::Mine(Command::Quiet(Some(day))) => {
            // The day that is named is a quiet one too.
            let until_ms = evening::day_start_ms(community, evening::next_day(day));
            store::set(scene.tx, me, Some(until_ms)).await?;
            (QuietReply::Quiet { until_ms: Some(until_ms - 1) }, false)
        }
        Parsed::Mine(Command::Lift) if store::lift(scene.tx, me).await? => (QuietReply::Lifted, false),
        Parsed::Mine(Command::Lift) => (QuietReply::NotQuiet, true),
    };
    scene.answer(&reply).await?;
    Ok(if refused { Outcome::Refused } else { Outcome::Handled })
}
