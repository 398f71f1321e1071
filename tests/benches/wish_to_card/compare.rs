//! Wish to card, sample by sample in turn: the bot's side and the bare loop's.

use std::time::{Duration, Instant};

use lamplighter_tests::reliability::figure;
use serde_json::Value;
use tokio::time::sleep;

use crate::{
    CHIP, Failure, PREFIX, Size,
    figures::{Samples, line, load},
    people::{Asker, Observer, is_message, text},
    room, verdict,
};

/// At most this many times as long as the bare loop, medians.
const RATIO_MAX: f64 = 1.15;
/// Between two samples, so that everybody's next long poll waits on the server when the wish is sent. The same for
/// both.
const PAUSE: Duration = Duration::from_millis(50);

/// A room in which wishes are answered by one of the two.
pub struct Side {
    /// Which.
    pub room: String,
    /// Who answers there.
    pub answerer: String,
    /// Who wish, in turn: one alone would be held back as too fast.
    pub residents: Vec<Asker>,
    /// Who looks on.
    pub observer: Observer,
    /// It puts a chip under its cards, which is waited for too, so that it isn't busy when the next wish comes.
    pub has_chip: bool,
}

impl Side {
    /// Sends one wish and gives the time until its card is in the observer's hand.
    async fn sample(&mut self, tag: &str) -> Result<Duration, Failure> {
        let wish = format!("{PREFIX} 帮我换楼道的灯泡 {tag}");
        let begun = Instant::now();
        self.residents.rotate_left(1);
        self.residents.first().ok_or("nobody wishes")?.say(&self.room, &wish, tag).await?;
        let is_card = |event: &Value| is_message(event) && text(event, "/content/body").contains(tag);
        let card = self.observer.wait_for(&self.answerer, is_card).await?;
        let took = card.at - begun;
        if self.has_chip {
            let card_id = text(&card.event, "/event_id");
            let is_chip = |event: &Value| {
                text(event, "/content/m.relates_to/key").starts_with(CHIP)
                    && text(event, "/content/m.relates_to/event_id") == card_id
            };
            self.observer.wait_for(&self.answerer, is_chip).await?;
        }
        sleep(PAUSE).await;
        Ok(took)
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Measures both sides, sample by sample in turn, and gives a table.
pub async fn compare(bot: &mut Side, bare: &mut Side, encrypted: bool, size: Size) -> Result<(), Failure> {
    // The first answers of a process and of a fresh server are slower, and say nothing; a client's first message takes its
    // keys to everybody.
    for side in [&mut *bot, &mut *bare] {
        for warm_up in 0..size.askers {
            side.sample(&format!("W-{warm_up:03}")).await?;
        }
    }
    line(&format!(
        "wish to card: {} rounds of {}, in turn, one at a time, {}; load {}",
        size.rounds,
        size.samples_per_round,
        if encrypted { "encrypted" } else { "unencrypted" },
        load()
    ))?;
    line(&format!(
        "{:<8}{:>12}{:>12}{:>12}{:>12}{:>10}{:>8}",
        "round", "bot p50 ms", "bot p99 ms", "bare p50 ms", "bare p99 ms", "p50 ratio", "load"
    ))?;
    let show = |round: &str, bot: &Samples, bare: &Samples| {
        let [bot_p50, bot_p99] = [50, 99].map(|percent| milliseconds(bot.percentile(percent)));
        let [bare_p50, bare_p99] = [50, 99].map(|percent| milliseconds(bare.percentile(percent)));
        let ratio = bot_p50 / bare_p50;
        let load = load();
        let load = load.split(' ').next().unwrap_or_default();
        line(&format!("{round:<8}{bot_p50:>12.2}{bot_p99:>12.2}{bare_p50:>12.2}{bare_p99:>12.2}{ratio:>10.3}{load:>8}"))
            .map(|()| ratio)
    };
    let (mut all_bot, mut all_bare) = (Samples::default(), Samples::default());
    for round in 1..=size.rounds {
        let (mut of_bot, mut of_bare) = (Samples::default(), Samples::default());
        for sample in 0..size.samples_per_round {
            let tag = format!("R{round}-{sample:03}");
            let took = bot.sample(&tag).await?;
            of_bot.push(took);
            all_bot.push(took);
            let took = bare.sample(&tag).await?;
            of_bare.push(took);
            all_bare.push(took);
        }
        show(&round.to_string(), &of_bot, &of_bare)?;
    }
    let ratio = show("all", &all_bot, &all_bare)?;
    line(&format!("ratio of the medians {ratio:.3}, limit {RATIO_MAX}: {}", verdict(ratio, RATIO_MAX)))?;
    figure(
        "wish to card, ratio of medians to a bare loop",
        room(encrypted),
        &format!("{ratio:.3}"),
        &format!("{RATIO_MAX}"),
    )?;
    Ok(())
}
