//! 帮助: made from the table of features, by role (FEATURES.md row 111).

mod command;
mod reply;
#[cfg(test)]
mod tests;

use crate::{
    fault::Fault,
    feature::{self, Feature, Role, Scope, Work, no_taps, nothing_due, nothing_to_show, nothing_to_undo},
    help::reply::HelpReply,
    house::{General, Outcome},
    language::Phrase,
    scene::Scene,
};

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "help",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: &[],
    read: command::read,
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

async fn run(scene: &mut Scene<'_>, topic: Phrase) -> Result<Outcome, Fault> {
    let topic = topic.strip_prefix("!").unwrap_or(topic);
    if let Some(found) = feature::find(&topic) {
        // What was asked for first, then what else can be said about the same thing.
        let others = found.feature.words.iter().filter(|word| word.key != found.word.key && word.role <= scene.role);
        let words: Vec<_> = std::iter::once(found.word).chain(others).collect();
        scene.answer(&HelpReply::Topic { feature: found.feature, words: &words }).await?;
        return Ok(Outcome::Handled);
    }
    let bound = scene.room.is_some();
    if !bound && scene.role < Role::Captain {
        let reply = if scene.is_direct() { General::NoSharedRoom } else { General::NotBound };
        scene.answer(&reply).await?;
        return Ok(Outcome::Handled);
    }
    // Binding is the one thing that works in an unbound room, and the one that doesn't in a bound one.
    let words: Vec<_> = feature::words()
        .filter(|(_, word)| word.in_help.shows(scene.role) && word.role <= scene.role)
        .filter(|(_, word)| (word.key == crate::room::BIND) != bound && (bound || word.scope == Scope::Anywhere))
        .collect();
    scene.answer(&HelpReply::All { words: &words }).await?;
    Ok(Outcome::Handled)
}
