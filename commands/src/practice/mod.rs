//! 教我: a practice round in the private chat with a pretended neighbour. It reads what is said as in earnest and touches
//! nothing real: its own row is all that changes (FEATURES.md row 119).

mod command;
mod reply;
#[cfg(test)]
mod tests;

use lamplighter_storage::{outbox::Lane, person::PersonId, practice as store};

use crate::{
    choice, elder, evening,
    fault::Fault,
    feature::{Feature, Read, Work, no_taps, nothing_due, nothing_to_show, nothing_to_undo},
    flood,
    house::Outcome,
    language::{Phrase, number},
    practice::{
        command::Answer,
        reply::{Lead, PracticeReply},
    },
    scene::Scene,
};

/// Whoever says nothing for so long has finished: what they say then is meant in earnest.
const IDLE_MAX_MS: i64 = 30 * evening::MINUTE_MS;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "practice",
    words: command::WORDS,
    sayings: &[],
    cues: &[],
    read: |_| Read::default(),
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, _, _| -> Work<'_> { Box::pin(begin(scene)) },
    tap: no_taps,
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: nothing_to_undo,
    show: nothing_to_show,
};

/// 教我: in a room it goes on in the private chat.
async fn begin(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let (me, now_ms) = (scene.actor.person_id, scene.now_ms);
    store::set(scene.tx, me, 0, now_ms).await?;
    // A digit is practice now, and answers nothing that was asked before.
    choice::forget_privately(scene, me).await?;
    if !scene.is_direct() {
        scene.tick().await?;
    }
    scene.tell(me, Lane::Answer, &PracticeReply::Step { lead: Lead::Begin, step: 0 }).await?;
    Ok(Outcome::Handled)
}

/// What somebody says in their private chat while they practise; none: they don't.
pub(crate) async fn said(scene: &mut Scene<'_>, text: &Phrase) -> Result<Option<Outcome>, Fault> {
    let (me, now_ms) = (scene.actor.person_id, scene.now_ms);
    if !scene.is_direct() {
        return Ok(None);
    }
    let Some((step, since_ms)) = store::get(scene.tx, me).await? else { return Ok(None) };
    let step = usize::try_from(step).unwrap_or_default();
    let now = scene.house.local(scene.said_at_ms);
    if now_ms - since_ms > IDLE_MAX_MS {
        store::end(scene.tx, me).await?;
        // Whoever comes back to the round doesn't know that it has ended.
        if command::answer(step, text, &scene.further_lines, now) == Some(Answer::Right) {
            let commands = [text.written(), command::again().to_owned()];
            return choice::ask_which(scene, &PracticeReply::InEarnest, &commands).await.map(Some);
        }
        return Ok(None);
    }
    if elder::hears_plainly(scene).await?
        && let Some(answer) = command::digit(step, text)
    {
        return on(scene, step, answer).await.map(Some);
    }
    // What is meant in earnest, and the digit that answers what it made the bot ask, doesn't end the round.
    if number::choice(text).is_some() && choice::asked(scene).await?.1.is_some() {
        return Ok(None);
    }
    let Some(answer) = command::answer(step, text, &scene.further_lines, now) else { return Ok(None) };
    on(scene, step, answer).await.map(Some)
}

/// Whether somebody is in the middle of a round, so that a digit of theirs is practice.
pub(crate) async fn is_on(scene: &mut Scene<'_>, person_id: PersonId) -> Result<bool, Fault> {
    let round = store::get(scene.tx, person_id).await?;
    Ok(round.is_some_and(|(_, since_ms)| scene.now_ms - since_ms <= IDLE_MAX_MS))
}

/// Goes on from a step.
async fn on(scene: &mut Scene<'_>, step: usize, answer: Answer) -> Result<Outcome, Fault> {
    let (me, now_ms) = (scene.actor.person_id, scene.now_ms);
    if !flood::admits(scene, None).await? {
        return Ok(Outcome::Ignored);
    }
    let (lead, next) = match answer {
        Answer::Right => (Lead::Praise, step + 1),
        Answer::Skip => (Lead::Skipped, step + 1),
        Answer::Anew => (Lead::Begin, 0),
        Answer::Other => (Lead::Again, step),
        Answer::Stop => {
            store::end(scene.tx, me).await?;
            scene.answer(&PracticeReply::Stopped).await?;
            return Ok(Outcome::Handled);
        }
    };
    if next >= command::STEPS.len() {
        store::end(scene.tx, me).await?;
        scene.answer(&PracticeReply::Finished).await?;
    } else {
        store::set(scene.tx, me, next as i64, now_ms).await?;
        scene.answer(&PracticeReply::Step { lead, step: next }).await?;
    }
    Ok(Outcome::Handled)
}
