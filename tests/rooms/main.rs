//! The life of a room on a real Synapse: upgraded with the bot running and away, pointed elsewhere by a false tombstone,
//! the bot put out and invited again, a room that empties, and taps that never came in. What only encrypted rooms can show
//! is in `encrypted.rs`, bans among it.

mod console;
mod encrypted;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use lamplighter::{
    clock::{Clock as _, ManualClock, SystemClock},
    gateway::matrix::{Bot, Pace},
    worker::Seed,
};
use lamplighter_storage::{
    Storage,
    inbox::{self, Arrival, Claim},
    room,
};
use lamplighter_tests::{
    neighbourhood::Neighbourhood,
    resident::{Extras, Resident},
    time_of_day,
};
use matrix_sdk::ruma::UserId;
use serde_json::json;

/// The bot.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;

/// Looks at the database until something is so.
const LOOKS_MAX: usize = 120;

async fn say(who: &Resident, room_id: &str, text: &str) -> Result<String> {
    who.say(room_id, text, &Extras::default()).await
}

/// Upgrades the room and brings bot and resident along, as Element does it for a private room.
async fn upgrade(hood: &mut Neighbourhood, others: &mut [&mut Resident]) -> Result {
    let new_room = hood.captain.upgrade(&hood.room_id).await?;
    hood.captain.sync().await?;
    let bot = UserId::parse(&hood.bot_user_id)?;
    for other in others {
        let other_id = other.user_id();
        hood.captain.invite(&new_room, &other_id).await?;
        other.sync().await?;
    }
    hood.captain.invite(&new_room, &bot).await?;
    hood.room_id = new_room;
    Ok(())
}

/// The event of the bot's message that begins so.
async fn message_of(hood: &Neighbourhood, beginning: &str) -> Result<String> {
    let messages = hood.said_by_bot().await?;
    let found = messages.iter().rev().find(|message| message.text.starts_with(beginning));
    Ok(found.ok_or_else(|| format!("nothing begins with {beginning}"))?.id.clone())
}

/// Waits until the bot counts itself in or out of a room.
async fn wait_until_present(hood: &mut Neighbourhood, storage: &Storage, room_id: &str, present: bool) -> Result {
    for _ in 0..LOOKS_MAX {
        if room::present(storage).await?.iter().any(|known| known == room_id) == present {
            return Ok(());
        }
        hood.captain.sync_for(std::time::Duration::from_secs(1)).await?;
    }
    Err(format!("the bot never {} the room", if present { "joined" } else { "left" }).into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_is_upgraded_emptied_and_closed_to_the_bot() -> Result {
    let mut hood = Neighbourhood::start(PROGRAM, false).await?;
    let mut li = hood.resident("li", "李阿姨").await?;
    let mut zhang = hood.resident("zhang", "张叔").await?;
    let first = hood.room_id.clone();
    say(&li, &first, "！许愿 修楼道灯").await?;
    hood.wait_for("心愿 1：修楼道灯").await?;
    say(&hood.captain, &first, "！活动 包饺子 明天19:00").await?;
    hood.wait_for("活动 2：包饺子").await?;

    // With the bot running.
    upgrade(&mut hood, &mut [&mut li, &mut zhang]).await?;
    hood.wait_for("群升级了").await?;
    hood.wait_for("心愿 1：修楼道灯").await?;
    hood.wait_until("its chip", |messages| {
        messages.iter().any(|message| message.text.contains("修楼道灯") && !message.chips.is_empty())
    })
    .await?;
    zhang.sync().await?;
    let card = message_of(&hood, "✨ 心愿 1").await?;
    zhang.tap(&hood.room_id, &card, "✋ 我来").await?;
    hood.wait_for("张叔 来帮忙").await?;
    let said = hood.said_by_bot().await?;
    assert!(said.iter().all(|message| !message.text.contains("大家好")), "it is no stranger: {said:?}");

    // While the bot is away.
    hood.stop_bot()?;
    let second = hood.room_id.clone();
    upgrade(&mut hood, &mut [&mut li, &mut zhang]).await?;
    say(&li, &hood.room_id, "！许愿 换灯泡").await?;
    hood.start_bot(None)?;
    hood.wait_for("群升级了").await?;
    hood.wait_for("张叔 来帮忙").await?;
    say(&zhang, &hood.room_id, "！完成 1").await?;
    hood.wait_for("张叔 说办好了").await?;
    let said = hood.said_by_bot().await?;
    assert_eq!(said.iter().filter(|message| message.text.contains("群升级了")).count(), 1, "{said:?}");
    let storage = hood.storage().await?;
    let mut tx = storage.begin().await?;
    assert_eq!(room::moved_to(&mut tx, &first).await?.as_deref(), Some(second.as_str()));
    assert_eq!(room::moved_to(&mut tx, &second).await?.as_deref(), Some(hood.room_id.as_str()));
    tx.roll_back().await?;

    // A tombstone that points to a room which isn't the successor is not followed.
    let third = hood.room_id.clone();
    let bot = UserId::parse(&hood.bot_user_id)?;
    let stranger = hood.captain.create_room("别的群", std::slice::from_ref(&bot), &Default::default(), false).await?;
    wait_until_present(&mut hood, &storage, &stranger, true).await?;
    let elsewhere = hood.captain.create_room("又一个群", &[], &Default::default(), false).await?;
    hood.captain.sync().await?;
    hood.captain.set_state(&elsewhere, "m.room.join_rules", json!({ "join_rule": "public" })).await?;
    let tombstone = json!({ "body": "", "replacement_room": elsewhere });
    hood.captain.set_state(&stranger, "m.room.tombstone", tombstone).await?;
    say(&li, &third, "！许愿 擦玻璃").await?;
    hood.wait_for("擦玻璃").await?;
    let mut tx = storage.begin().await?;
    assert_eq!(room::moved_to(&mut tx, &stranger).await?, None);
    tx.roll_back().await?;
    // That room empties: the bot leaves it too.
    hood.captain.leave(&stranger).await?;
    wait_until_present(&mut hood, &storage, &stranger, false).await?;

    // Put out, and what is said meanwhile is none of the bot's business; invited again it goes on.
    hood.captain.kick(&third, &bot).await?;
    wait_until_present(&mut hood, &storage, &third, false).await?;
    say(&li, &third, "！许愿 修水管").await?;
    hood.captain.invite(&third, &bot).await?;
    hood.wait_for("我回来了").await?;
    say(&li, &third, "！许愿 修门铃").await?;
    hood.wait_for("修门铃").await?;
    let said = hood.said_by_bot().await?;
    assert!(said.iter().all(|message| !message.text.contains("修水管")), "{said:?}");
    // Put out and invited again while the bot is away.
    hood.stop_bot()?;
    hood.captain.kick(&third, &bot).await?;
    hood.start_bot(None)?;
    wait_until_present(&mut hood, &storage, &third, false).await?;
    hood.captain.invite(&third, &bot).await?;
    hood.wait_until("twice back", |messages| {
        messages.iter().filter(|message| message.text.contains("我回来了")).count() == 2
    })
    .await?;

    // Somebody who leaves while the bot is away gives the claim back.
    say(&zhang, &third, "！认领 3").await?;
    hood.wait_until("the claim", |messages| {
        messages.iter().any(|message| message.text.contains("擦玻璃") && message.text.contains("张叔 来帮忙"))
    })
    .await?;
    hood.stop_bot()?;
    zhang.leave(&third).await?;
    hood.start_bot(None)?;
    hood.wait_until("open again", |messages| {
        messages.iter().any(|message| message.text.contains("擦玻璃") && message.text.contains("想请邻居搭把手"))
    })
    .await?;
    hood.stop_bot()
}

/// The bot in this process, with a clock that is moved by hand.
async fn start(hood: &Neighbourhood, clock: &Arc<ManualClock>) -> Result<Bot> {
    let config = lamplighter_config::load(&hood.config, &|_| None)?;
    let pace = Pace { edit_spacing_ms: 0, ..Pace::default() };
    Ok(Bot::start(&config, config.require_matrix()?, Arc::clone(clock) as _, Seed::System, pace).await?)
}

/// The bot takes an event for one that it has handled: it never hears of it.
async fn miss(storage: &Storage, room_id: &str, event_id: &str, now_ms: i64) -> Result {
    let mut tx = storage.begin().await?;
    let arrival = Arrival { event_id, room_id, sent_at_ms: now_ms, first_seen_at_ms: now_ms };
    assert!(matches!(inbox::claim(&mut tx, arrival).await?, Claim::Fresh { .. }));
    Ok(tx.commit().await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taps_that_never_came_in_count_when_signing_up_closes() -> Result {
    let mut hood = Neighbourhood::start(PROGRAM, true).await?;
    let mut li = hood.resident("li", "李阿姨").await?;
    let mut zhang = hood.resident("zhang", "张叔").await?;
    let mut liu = hood.resident("liu", "刘姐").await?;
    hood.stop_bot()?;
    let clock = Arc::new(ManualClock::at(SystemClock.now_ms()));
    let bot = start(&hood, &clock).await?;
    let room_id = hood.room_id.clone();
    let start_ms = clock.now_ms() + 60 * 60 * 1_000;
    let begins: DateTime<Utc> = DateTime::from_timestamp_millis(start_ms).ok_or("no such instant")?;
    let begins = time_of_day::said(begins);
    let posted = say(&hood.captain, &room_id, &format!("！活动 包饺子 {begins}")).await?;
    bot.settled(&posted).await?;
    for resident in [&mut li, &mut zhang, &mut liu] {
        resident.sync().await?;
    }
    let card = message_of(&hood, "📅 活动 1").await?;
    let stays = li.tap(&room_id, &card, "✅ 报名").await?;
    let goes = zhang.tap(&room_id, &card, "✅ 报名").await?;
    bot.settled(&stays).await?;
    bot.settled(&goes).await?;
    hood.wait_for("张叔").await?;

    bot.stop().await;
    let unseen = liu.tap(&room_id, &card, "👍").await?;
    let taken_back = zhang.redact(&room_id, &goes).await?;
    let storage = hood.storage().await?;
    for event_id in [&unseen, &taken_back] {
        miss(&storage, &room_id, event_id, clock.now_ms()).await?;
    }
    storage.close().await;
    let bot = start(&hood, &clock).await?;
    // It begins: the list is what the room shows.
    clock.set(start_ms + 1_000);
    bot.quiet(clock.as_ref()).await?;
    let asked = say(&li, &room_id, "！名单 1").await?;
    bot.settled(&asked).await?;
    hood.wait_until("the list", |messages| {
        messages.last().is_some_and(|message| {
            message.text.contains("李阿姨") && message.text.contains("刘姐") && !message.text.contains("张叔")
        })
    })
    .await?;
    bot.stop().await;
    Ok(())
}
