//! 积分: balance and history, by private message only (FEATURES.md rows 74, 77; SPECS.md C9). What earns points is the
//! config's and the features' business.

mod command;
mod reply;
#[cfg(test)]
mod tests;

use lamplighter_storage::{ledger, outbox::Lane};

use crate::{
    fault::Fault,
    feature::{Feature, Work, no_taps},
    house::Outcome,
    points::reply::PointsReply,
    scene::Scene,
};

/// The currency of the love bank (爱心银行).
pub const CURRENCY: &str = "points";

/// The history shows at most this many lines, newest first.
const HISTORY_MAX: i64 = 10;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "points",
    words: command::WORDS,
    cards: &[],
    keys: &[],
    run: |scene, key, _| -> Work<'_> { Box::pin(run(scene, key)) },
    tap: no_taps,
};

async fn run(scene: &mut Scene<'_>, key: &'static str) -> Result<Outcome, Fault> {
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
