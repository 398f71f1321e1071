//! 积分: balance and history, by private message only, and the ranking of those who chose to be named (FEATURES.md rows
//! 74, 77 and 79; SPECS.md C9). What earns points is the config's and the features' business.

mod command;
mod reply;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_storage::{ledger, outbox::Lane};

use crate::{
    fault::Fault,
    feature::{Feature, Work, no_taps, nothing_due, nothing_to_show},
    house::Outcome,
    points::reply::PointsReply,
    scene::Scene,
};

/// The currency of the love bank (爱心银行).
pub const CURRENCY: &str = "points";

/// The ranking names at most this many.
const RANKING_MAX: usize = 10;

/// The history shows at most this many lines, newest first.
const HISTORY_MAX: i64 = 10;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "points",
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
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

async fn run(scene: &mut Scene<'_>, key: &'static str) -> Result<Outcome, Fault> {
    match key {
        "ranking" => return ranking(scene).await,
        "enter" | "withdraw" => return choose(scene, key == "enter").await,
        _ => {}
    }
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let pseudonym = scene.pseudonym(me).await?;
    let balance = ledger::balance(scene.tx, &community_id, CURRENCY, &pseudonym).await?;
    if !scene.is_direct() {
        scene.tick().await?;
    }
    let lines = match key {
        "history" => ledger::history(scene.tx, &community_id, CURRENCY, &pseudonym, HISTORY_MAX).await?,
        _ => Vec::new(),
    };
    let name = scene.community()?.name.clone();
    let reply = match key {
        "history" => PointsReply::History { balance, lines: &lines, community: &name },
        _ => PointsReply::Balance { balance, community: &name },
    };
    scene.tell(me, Lane::Answer, &reply).await?;
    Ok(Outcome::Handled)
}

/// Those who chose to be named, without their points; one's own place goes by private message.
async fn ranking(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let standings = ledger::standings(scene.tx, &community_id, CURRENCY).await?;
    let named: Vec<_> = standings.iter().filter(|standing| standing.named).take(RANKING_MAX).cloned().collect();
    scene.answer(&PointsReply::Ranking { named: &named }).await?;
    let mine = standings.iter().find(|standing| standing.person_id == me);
    let reply = PointsReply::Place {
        place: mine.map_or(0, |standing| standing.place),
        of: standings.len() as i64,
        named: mine.is_some_and(|standing| standing.named),
    };
    scene.tell(me, Lane::Answer, &reply).await?;
    Ok(Outcome::Handled)
}

async fn choose(scene: &mut Scene<'_>, enters: bool) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let changed = if enters {
        ledger::enter_ranking(scene.tx, &community_id, me, scene.now_ms).await?
    } else {
        ledger::leave_ranking(scene.tx, &community_id, me).await?
    };
    if changed {
        let kind = if enters { "ranking.entered" } else { "ranking.left" };
        scene.record(kind, None, &serde_json::json!({})).await?;
        undo::note(scene, enters);
    }
    scene.answer(&PointsReply::Chosen { enters }).await?;
    Ok(Outcome::Handled)
}
