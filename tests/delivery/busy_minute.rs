//! `kill -9` at 30 random moments of a busy minute: wishes are posted, claimed and confirmed all the while. Afterwards
//! every command was answered once, none twice, and the ledger sums to zero.

use std::{collections::BTreeMap, time::Duration};

use lamplighter_storage::{journal, ledger};
use lamplighter_tests::{
    neighbourhood::{CLAIM, Neighbourhood, wish_of},
    process::{self, COMMUNITY},
    resident::{Extras, Resident},
};

use super::{PROGRAM, Result};

const KILLS: usize = 30;
/// The bot lives between these bounds before it is killed: from the middle of its start to the middle of its work.
const LIFE_MS: std::ops::Range<u64> = 300..5_000;
/// Wishes that are under way at the same time.
const OPEN_MAX: usize = 3;
/// Residents go on this long after the last kill, so that everything under way comes to its end.
const ROUNDS_MAX: usize = 2_000;

/// A fixed row of numbers that look random, so that a run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, range: &std::ops::Range<u64>) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        range.start + (self.0 >> 33) % (range.end - range.start)
    }
}

/// One wish on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Posted,
    Claimed,
    Confirmed,
}

/// What the two residents do when they look at the room: post while there is time, claim what is open, confirm what is
/// claimed, everything once.
struct Evening {
    wisher: Resident,
    helper: Resident,
    wishes: BTreeMap<String, Stage>,
}

impl Evening {
    async fn look(&mut self, neighbourhood: &Neighbourhood, post: bool) -> Result {
        let room_id = neighbourhood.room_id.clone();
        self.wisher.sync_for(Duration::from_millis(200)).await?;
        self.helper.sync().await?;
        let under_way = self.wishes.values().filter(|stage| **stage != Stage::Confirmed).count();
        if post && under_way < OPEN_MAX {
            let wish = format!("愿望 {}", self.wishes.len());
            self.wisher.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
            self.wishes.insert(wish, Stage::Posted);
        }
        for message in self.wisher.view(&room_id).messages() {
            let Some(wish) = wish_of(&message.text) else { continue };
            let Some(stage) = self.wishes.get_mut(wish) else { continue };
            let has = |key: &str| message.chips.iter().any(|(chip, _)| chip == key);
            if *stage == Stage::Posted && has(CLAIM) {
                self.helper.tap(&room_id, &message.id, CLAIM).await?;
                *stage = Stage::Claimed;
            } else if *stage == Stage::Claimed && has("🙏 确认") {
                self.wisher.tap(&room_id, &message.id, "🙏 确认").await?;
                *stage = Stage::Confirmed;
            }
        }
        Ok(())
    }
}

async fn play(encrypted: bool, seed: u64) -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, encrypted).await?;
    let wisher = neighbourhood.resident("wisher", "李阿姨").await?;
    let helper = neighbourhood.resident("helper", "张叔").await?;
    let mut evening = Evening { wisher, helper, wishes: BTreeMap::new() };
    let mut dice = Dice(seed);
    let lives: Vec<u64> = (0..KILLS).map(|_| dice.roll(&LIFE_MS)).collect();
    let kills = neighbourhood.kill_at_random_moments(lives)?;
    while !kills.is_finished() {
        evening.look(&neighbourhood, true).await?;
    }
    neighbourhood.bot = Some(kills.await??);
    process::say(&format!("{KILLS} kills over {} wishes", evening.wishes.len()));
    let mut rounds = 0;
    while evening.wishes.values().any(|stage| *stage != Stage::Confirmed) {
        rounds += 1;
        if rounds > ROUNDS_MAX {
            let log = std::fs::read_to_string(process::log_path(&neighbourhood.config)).unwrap_or_default();
            let tail: Vec<&str> = log.lines().rev().take(20).collect();
            let stuck: Vec<_> = evening.wishes.iter().filter(|(_, stage)| **stage != Stage::Confirmed).collect();
            let cards = neighbourhood.said_by_bot().await?;
            let cards: Vec<_> =
                cards.iter().filter(|card| stuck.iter().any(|(wish, _)| wish_of(&card.text) == Some(wish))).collect();
            return Err(format!(
                "something is stuck: {stuck:?}; the captain sees {cards:?}; undecrypted by the wisher {}, by the \
                 captain {}\n{}",
                evening.wisher.undecrypted(),
                neighbourhood.captain.undecrypted(),
                tail.join("\n")
            )
            .into());
        }
        evening.look(&neighbourhood, false).await?;
    }
    let count = evening.wishes.len();
    neighbourhood
        .wait_until("every wish has come true and was thanked for", |messages| {
            let thanks = messages.iter().filter(|message| message.text.starts_with("🎉 谢谢")).count();
            let over = messages.iter().filter(|message| {
                wish_of(&message.text).is_some()
                    && message.text.contains("已实现")
                    && message.chips.iter().all(|(_, count)| *count == 1)
            });
            thanks == count && over.count() == count
        })
        .await?;
    neighbourhood.stop_bot()?;
    let storage = neighbourhood.storage().await?;
    assert_eq!(ledger::trial_balance(&storage).await?, (0, count as i64), "each wish was paid once");
    assert!(journal::verify(&storage, COMMUNITY).await?.is_ok(), "the chain holds");
    // Each of the two was introduced privately once a wish, and the helper wasn't told anything else.
    evening.wisher.sync().await?;
    evening.helper.sync().await?;
    let bot = matrix_sdk::ruma::UserId::parse(&neighbourhood.bot_user_id)?;
    for (resident, greeting) in [(&evening.wisher, "🤝 张叔"), (&evening.helper, "🤝 您接下了")] {
        let chat = resident.direct_chat_with(&bot).ok_or("there is no private chat")?;
        let view = resident.read_whole(&chat).await?;
        let introductions = view.messages().iter().filter(|message| message.text.starts_with(greeting)).count();
        assert_eq!(introductions, count, "{} was introduced once a wish", resident.name);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_plain_room() -> Result {
    play(false, 20_260_105).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_an_encrypted_room() -> Result {
    play(true, 20_260_106).await
}
