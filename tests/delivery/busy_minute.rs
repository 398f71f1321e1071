//! `kill -9` at 30 random moments of a busy evening (300 if `LAMPLIGHTER_THOROUGH` is set): wishes are posted, claimed and
//! confirmed all the while, an activity is signed up for, and reminders fall due. Afterwards every command was answered
//! once, none twice, and rooms and database agree.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use lamplighter_storage::{Storage, dump, journal, ledger, outbox};
use lamplighter_tests::{
    audit::{self, Findings, Seen},
    neighbourhood::{CLAIM, Neighbourhood, wish_of},
    process::{self, COMMUNITY},
    resident::{Extras, Resident},
};

use super::{PROGRAM, Result};

const KILLS: usize = 30;
/// The same when somebody has the time.
const KILLS_THOROUGH: usize = 300;
/// The last reminder falls due a minute after it was asked for.
const REMINDERS_WITHIN: Duration = Duration::from_secs(150);
/// The bot lives between these bounds before it is killed: from the middle of its start to the middle of its work.
const LIFE_MS: std::ops::Range<u64> = 300..5_000;
/// Wishes that are under way at the same time.
const OPEN_MAX: usize = 3;
/// Nobody is held back as too fast (commands/src/flood.rs): so many wishes at once ...
const WISHES_AT_ONCE: u64 = 50;
/// ... and one more after each of these.
const WISH_EVERY: Duration = Duration::from_secs(7);
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
    begun: Instant,
    wishes: BTreeMap<String, Stage>,
    reminders: Vec<String>,
}

impl Evening {
    /// What else is said on such an evening.
    async fn beside(&mut self, room_id: &str) -> Result {
        let count = self.wishes.len();
        let text = match count % 4 {
            0 => "！报名 1".to_owned(),
            1 => "！退出 1".to_owned(),
            2 => format!("！代报名 1 邻居{count}"),
            _ => {
                self.reminders.push(format!("事情{count}"));
                format!("！提醒我 1分钟后 事情{count}")
            }
        };
        self.helper.say(room_id, &text, &Extras::default()).await?;
        Ok(())
    }

    async fn look(&mut self, neighbourhood: &Neighbourhood, post: bool) -> Result {
        let room_id = neighbourhood.room_id.clone();
        self.wisher.sync_for(Duration::from_millis(200)).await?;
        self.helper.sync().await?;
        let under_way = self.wishes.values().filter(|stage| **stage != Stage::Confirmed).count();
        let may_post = WISHES_AT_ONCE + self.begun.elapsed().as_secs() / WISH_EVERY.as_secs();
        if post && under_way < OPEN_MAX && (self.wishes.len() as u64) < may_post {
            let wish = format!("愿望 {}", self.wishes.len());
            self.wisher.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
            self.wishes.insert(wish, Stage::Posted);
            self.beside(&room_id).await?;
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

/// Whether a reminder still waits.
async fn agenda_waits(storage: &Storage) -> Result<bool> {
    let tables = dump::tables(storage).await?;
    let text = |row: &dump::Row, column: &str| row[column].as_str().unwrap_or_default().to_owned();
    let reminders = tables.get("reminder").map(Vec::as_slice).unwrap_or_default();
    Ok(reminders.iter().any(|row| text(row, "state") == "waiting"))
}

/// Rooms and database agree, and each reminder came once.
async fn audit(neighbourhood: &Neighbourhood, storage: &Storage, evening: &mut Evening) -> Result<Findings> {
    evening.wisher.sync().await?;
    evening.helper.sync().await?;
    let bot = matrix_sdk::ruma::UserId::parse(&neighbourhood.bot_user_id)?;
    let mut rooms = vec![Seen::by(&neighbourhood.captain, "3号楼", &neighbourhood.room_id).await?];
    for resident in [&neighbourhood.captain, &evening.wisher, &evening.helper] {
        for chat in resident.direct_chats_with(&bot) {
            rooms.push(Seen::by(resident, &format!("私信 {}", resident.name), &chat).await?);
        }
    }
    let now_ms = chrono::Utc::now().timestamp_millis();
    let mut findings = audit::audit(storage, &rooms, bot.as_str(), now_ms).await?;
    let messages: Vec<_> = rooms.iter().flat_map(Seen::messages).collect();
    for reminder in &evening.reminders {
        let told = format!("到时间了：{reminder}");
        match messages.iter().filter(|message| message.text.ends_with(&told)).count() {
            0 => {
                let about = |text: &str| text.contains(&format!("{reminder}”")) || text.ends_with(reminder);
                let said: Vec<&str> =
                    messages.iter().map(|message| message.text.as_str()).filter(|text| about(text)).collect();
                findings.lost.push(format!("{told}; what was said of it: {said:?}"));
            }
            1 => {}
            _ => findings.doubled.push(told),
        }
    }
    Ok(findings)
}

async fn play(encrypted: bool, seed: u64) -> Result {
    let thorough = std::env::var_os("LAMPLIGHTER_THOROUGH").is_some();
    let kills = if thorough { KILLS_THOROUGH } else { KILLS };
    let mut neighbourhood = Neighbourhood::start(PROGRAM, encrypted).await?;
    let wisher = neighbourhood.resident("wisher", "李阿姨").await?;
    let helper = neighbourhood.resident("helper", "张叔").await?;
    let mut evening = Evening { wisher, helper, begun: Instant::now(), wishes: BTreeMap::new(), reminders: Vec::new() };
    let room_id = neighbourhood.room_id.clone();
    neighbourhood.captain.say(&room_id, "！活动 包饺子 后天晚7点半 活动室 3人", &Extras::default()).await?;
    neighbourhood.wait_for("📅 活动 1：包饺子").await?;
    let mut dice = Dice(seed);
    let lives: Vec<u64> = (0..kills).map(|_| dice.roll(&LIFE_MS)).collect();
    let killing = neighbourhood.kill_at_random_moments(lives)?;
    while !killing.is_finished() {
        evening.look(&neighbourhood, true).await?;
    }
    neighbourhood.bot = Some(killing.await??);
    process::say(&format!("{kills} kills over {} wishes", evening.wishes.len()));
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
    let storage = neighbourhood.storage().await?;
    let end = tokio::time::Instant::now() + REMINDERS_WITHIN;
    while agenda_waits(&storage).await? || outbox::depth(&storage).await? > 0 {
        if tokio::time::Instant::now() > end {
            break;
        }
        evening.look(&neighbourhood, false).await?;
    }
    neighbourhood.stop_bot()?;
    let findings = audit(&neighbourhood, &storage, &mut evening).await?;
    let how =
        format!("{kills} random moments of a busy evening, {} room", if encrypted { "encrypted" } else { "plain" });
    findings.record("kill -9", &how, kills as u64)?;
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
