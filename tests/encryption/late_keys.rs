//! A message whose key comes late waits, later ones don't, and when it can be read it is answered once, in the place and
//! at the time at which it came: also when the bot was killed in between.

use std::{sync::Arc, time::Duration};

use chrono::DateTime;
use lamplighter::{
    clock::{Clock as _, ManualClock},
    gateway::matrix::{Bot, Pace},
    worker::Seed,
};
use lamplighter_storage::inbox;
use lamplighter_tests::{
    audit::{self, Seen},
    discretion,
    neighbourhood::{Neighbourhood, wish_of},
    proxy::Proxy,
    resident::{Extras, Resident},
};
use matrix_sdk::ruma::UserId;
use serde_json::Value;

use super::{PROGRAM, Result};

/// The bot has this many looks at the server to keep the message.
const LOOKS_MAX: usize = 200;
/// A Monday evening, long before any message's own time: when something was said is then when the bot first saw it.
const AT: &str = "2026-01-05T19:00:00+08:00";
const MINUTE_MS: i64 = 60_000;
/// The bot has so long for one message.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_waits_for_its_key() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let proxy = Proxy::start(neighbourhood.homeserver.url()).await?;
    let mut late = neighbourhood.resident_at(proxy.url(), "late", "李阿姨").await?;
    let mut prompt = neighbourhood.resident("prompt", "张叔").await?;
    late.sync().await?;
    prompt.sync().await?;
    let room_id = neighbourhood.room_id.clone();

    proxy.hold();
    let event_id = late.say(&room_id, "！许愿 修灯", &Extras::default()).await?;
    prompt.say(&room_id, "！许愿 借梯子", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["借梯子".to_owned()]).await?;
    let storage = neighbourhood.storage().await?;
    let mut looks = 0;
    while !inbox::waiting(&storage, 0, 10).await?.iter().any(|waiting| waiting.event_id == event_id) {
        looks += 1;
        if looks > LOOKS_MAX {
            return Err("the message isn't kept".into());
        }
        neighbourhood.captain.sync_for(std::time::Duration::from_millis(500)).await?;
    }
    storage.close().await;
    neighbourhood.kill_bot()?;
    neighbourhood.start_bot(None)?;
    neighbourhood.expect_one_card_each(&["借梯子".to_owned()]).await?;

    assert!(proxy.release().await? > 0, "no key was held back");
    let wishes = ["借梯子".to_owned(), "修灯".to_owned()];
    neighbourhood.wait_for_cards(&wishes).await?;
    neighbourhood.kill_bot()?;
    neighbourhood.start_bot(None)?;
    prompt.say(&room_id, "！许愿 搬柜子", &Extras::default()).await?;
    let wishes = ["借梯子".to_owned(), "修灯".to_owned(), "搬柜子".to_owned()];
    neighbourhood.wait_for_cards(&wishes).await?;
    neighbourhood.expect_one_card_each(&wishes).await?;
    neighbourhood.stop_bot()?;
    discretion::expect_discreet(&neighbourhood.config, &["Lamplighter is up"]).await
}

/// The bot in this process, with a clock that is moved by hand.
async fn start(neighbourhood: &Neighbourhood, clock: &Arc<ManualClock>) -> Result<Bot> {
    let config = lamplighter_config::load(&neighbourhood.config, &|_| None)?;
    let pace = Pace { edit_spacing_ms: 0, ..Pace::default() };
    Ok(Bot::start(&config, config.require_matrix()?, Arc::clone(clock) as _, Seed::System, pace).await?)
}

/// Says something and waits until the bot is done with it.
async fn say(bot: &Bot, who: &Resident, room_id: &str, text: &str) -> Result {
    let event_id = who.say(room_id, text, &Extras::default()).await?;
    Ok(tokio::time::timeout(PATIENCE, bot.settled(&event_id)).await??)
}

/// Says something that the bot can't read, and waits until it is kept.
async fn say_unread(bot: &Bot, who: &mut Resident, room_id: &str, text: &str) -> Result<String> {
    let before = inbox::waiting_count(bot.storage()).await?;
    let event_id = who.say(room_id, text, &Extras::default()).await?;
    for _ in 0..LOOKS_MAX {
        if inbox::waiting_count(bot.storage()).await? == before + 1 {
            return Ok(event_id);
        }
        who.sync_for(Duration::from_millis(200)).await?;
    }
    Err(format!("{text:?} isn't kept").into())
}

/// What the bot has told somebody privately.
async fn told(neighbourhood: &Neighbourhood, resident: &mut Resident) -> Result<Vec<String>> {
    resident.sync().await?;
    let bot = UserId::parse(&neighbourhood.bot_user_id)?;
    let Some(chat) = resident.direct_chat_with(&bot) else { return Ok(Vec::new()) };
    let messages = resident.read_whole(&chat).await?.messages();
    Ok(messages.into_iter().filter(|message| message.by == neighbourhood.bot_user_id).map(|said| said.text).collect())
}

fn count(texts: &[String], parts: &[&str]) -> usize {
    texts.iter().filter(|text| parts.iter().all(|part| text.contains(part))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn place_and_time_of_arrival_decide_though_the_key_comes_late() -> Result {
    let always = "[community.evening]\nworkdays = \"00:00-23:59\"\nrest_days = \"00:00-23:59\"\n";
    let mut hood = Neighbourhood::start_edited(PROGRAM, true, |config| config + always).await?;
    let proxy = Proxy::start(hood.homeserver.url()).await?;
    let mut late = hood.resident_at(proxy.url(), "late", "李阿姨").await?;
    let mut prompt = hood.resident("prompt", "张叔").await?;
    late.sync().await?;
    prompt.sync().await?;
    hood.stop_bot()?;
    let room_id = hood.room_id.clone();
    let clock = Arc::new(ManualClock::at(DateTime::parse_from_rfc3339(AT)?.timestamp_millis()));
    let bot = start(&hood, &clock).await?;
    say(&bot, &hood.captain, &room_id, "！许愿 修灯").await?;
    say(&bot, &hood.captain, &room_id, "！投票 要不要装门禁？ 要 / 不要 截止今晚9点").await?;
    say(&bot, &hood.captain, &room_id, "！活动 象棋 今晚8点 活动室 1人").await?;

    // She is first each time, and nobody can read it.
    proxy.hold();
    let mut unread = Vec::new();
    for text in ["！认领 1", "！投 2 1", "！报名 3"] {
        unread.push(say_unread(&bot, &mut late, &room_id, text).await?);
    }
    // He comes after her, and takes what seems free: the wish, the last seat.
    clock.set(clock.now_ms() + MINUTE_MS);
    for text in ["！认领 1", "！投 2 2", "！报名 3"] {
        say(&bot, &prompt, &room_id, text).await?;
    }
    say(&bot, &hood.captain, &room_id, "！报名 3").await?;
    hood.wait_for("张叔 来帮忙").await?;

    // The activity begins, the poll closes and its result is said. What she says then comes too late, and waits as well.
    clock.set(clock.now_ms() + 3 * 60 * MINUTE_MS);
    bot.quiet(clock.as_ref()).await?;
    hood.wait_for("共 1 人投票").await?;
    unread.push(say_unread(&bot, &mut late, &room_id, "！投 2 2").await?);
    let said: Vec<String> = hood.said_by_bot().await?.into_iter().map(|message| message.text).collect();
    assert_eq!(count(&said, &["李阿姨"]), 0, "{said:?}");

    // The keys come, an hour later.
    clock.set(clock.now_ms() + 60 * MINUTE_MS);
    assert!(proxy.release().await? > 0, "no key was held back");
    for event_id in &unread {
        tokio::time::timeout(PATIENCE, bot.settled(event_id)).await??;
    }
    hood.wait_until("the wish is hers", |messages| {
        messages.iter().any(|card| wish_of(&card.text) == Some("修灯") && card.text.contains("李阿姨 来帮忙"))
    })
    .await?;
    bot.stop().await;
    let bot = start(&hood, &clock).await?;
    say(&bot, &prompt, &room_id, "！名单 3").await?;

    let said: Vec<String> = hood.said_by_bot().await?.into_iter().map(|message| message.text).collect();
    let result: Vec<&String> = said.iter().filter(|text| text.contains("结果：要不要装门禁？")).collect();
    assert_eq!(result.len(), 1, "{said:?}");
    // Hers in time counts, though its result had been said; the one after the deadline doesn't.
    assert!(result[0].contains("共 2 人投票") && result[0].contains("已更正"), "{result:?}");
    for option in ["要", "不要"] {
        let line = result[0].lines().find(|line| line.starts_with(&format!("{option}\u{3000}"))).unwrap_or_default();
        assert!(line.contains(" 1 票"), "{result:?}");
    }
    assert_eq!(count(&said, &["投票 2 已经结束了"]), 1, "{said:?}");
    // A seat that was given stays given; she was there before the captain.
    let roster = said.last().ok_or("nothing was said")?;
    assert!(roster.contains("已报 1/1 人：张叔") && roster.contains("1.李阿姨、2.王楼长"), "{roster}");
    let hers = told(&hood, &mut late).await?;
    assert_eq!(count(&hers, &["🤝 您接下了", "修灯"]), 1, "{hers:?}");
    let his = told(&hood, &mut prompt).await?;
    assert_eq!(count(&his, &["🤝 您接下了", "修灯"]), 1, "{his:?}");
    assert_eq!(count(&his, &["李阿姨 说得比您早", "第一候补"]), 1, "{his:?}");

    // Each was answered once, nothing was said twice, and nothing waits any more.
    let bot_id = UserId::parse(&hood.bot_user_id)?;
    hood.captain.sync().await?;
    let mut rooms = vec![Seen::by(&hood.captain, "3号楼", &room_id).await?];
    // Whether the captain's app got the late keys too isn't the bot's business.
    let is_unread = |event: &Value| {
        event["type"] == "m.room.encrypted" && unread.iter().any(|event_id| event["event_id"] == event_id.as_str())
    };
    rooms[0].events.retain(|event| !is_unread(event));
    for resident in [&hood.captain, &late, &prompt] {
        for chat in resident.direct_chats_with(&bot_id) {
            rooms.push(Seen::by(resident, &format!("私信 {}", resident.name), &chat).await?);
        }
    }
    let findings = audit::audit(bot.storage(), &rooms, bot_id.as_str(), clock.now_ms()).await?;
    assert!(findings.lost.is_empty() && findings.doubled.is_empty(), "{findings}");
    bot.stop().await;
    Ok(())
}
