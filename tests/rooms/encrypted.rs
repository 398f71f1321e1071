//! The life of an encrypted room on a real Synapse: commands taken back and edited there, also such as still wait for their
//! keys; the room upgraded; a resident banned, and the bot itself.

use std::{sync::Arc, time::Duration};

use chrono::DateTime;
use lamplighter::{
    clock::{Clock as _, ManualClock},
    gateway::matrix::Bot,
};
use lamplighter_commands::points::CURRENCY;
use lamplighter_storage::{inbox, ledger, person};
use lamplighter_tests::{
    neighbourhood::{CLAIM, Neighbourhood, wish_of},
    process::{self, COMMUNITY},
    proxy::Proxy,
    resident::Resident,
};
use matrix_sdk::ruma::UserId;

use super::{LOOKS_MAX, PROGRAM, Result, message_of, say, start, upgrade, wait_until_present};

/// A Monday evening.
const AT: &str = "2026-01-05T19:00:00+08:00";
const MINUTE_MS: i64 = 60_000;
/// The bot has so long for one message.
const PATIENCE: Duration = Duration::from_secs(120);

async fn settled(bot: &Bot, event_id: &str) -> Result {
    Ok(tokio::time::timeout(PATIENCE, bot.settled(event_id)).await??)
}

/// Says something and waits until the bot is done with it.
async fn heard(bot: &Bot, who: &Resident, room_id: &str, text: &str) -> Result<String> {
    let event_id = say(who, room_id, text).await?;
    settled(bot, &event_id).await?;
    Ok(event_id)
}

async fn wait_for_waiting(bot: &Bot, who: &mut Resident, count: i64) -> Result {
    for _ in 0..LOOKS_MAX {
        if inbox::waiting_count(bot.storage()).await? == count {
            return Ok(());
        }
        who.sync_for(Duration::from_millis(200)).await?;
    }
    Err(format!("not {count} messages wait for their keys").into())
}

/// How many of the bot's messages contain this.
async fn count(hood: &Neighbourhood, part: &str) -> Result<usize> {
    Ok(hood.said_by_bot().await?.iter().filter(|message| message.text.contains(part)).count())
}

/// Waits until the card of a wish says this.
async fn card_says(hood: &mut Neighbourhood, wish: &'static str, part: &'static str) -> Result {
    hood.wait_until(part, move |messages| {
        messages.iter().any(|card| wish_of(&card.text) == Some(wish) && card.text.contains(part))
    })
    .await
}

async fn balance(bot: &Bot, resident: &Resident) -> Result<i64> {
    let mut tx = bot.storage().begin().await?;
    let person = person::by_user_id(&mut tx, resident.user_id().as_str()).await?.ok_or("nobody")?;
    let pseudonym = person::pseudonym(&mut tx, COMMUNITY, person.person_id, [0; 16]).await?;
    let balance = ledger::balance(&mut tx, COMMUNITY, CURRENCY, &pseudonym).await?;
    tx.roll_back().await?;
    Ok(balance)
}

/// Taken back: undone, and said so. Edited: not run again. What waits for its key is no exception.
async fn taken_back_and_edited(
    hood: &mut Neighbourhood,
    bot: &Bot,
    (li, zhang): (&mut Resident, &mut Resident),
    keys: &Proxy,
) -> Result {
    let room_id = hood.room_id.clone();
    let posted = heard(bot, li, &room_id, "！许愿 修灯").await?;
    let claimed = heard(bot, zhang, &room_id, "！认领 1").await?;
    card_says(hood, "修灯", "张叔 来帮忙").await?;
    settled(bot, &zhang.redact(&room_id, &claimed).await?).await?;
    hood.wait_for("张叔 的那句话删掉了").await?;
    assert_eq!(count(hood, "心愿 1 的帮忙也取消了").await?, 1);
    card_says(hood, "修灯", "想请邻居搭把手").await?;
    settled(bot, &li.redact(&room_id, &posted).await?).await?;
    hood.wait_for("心愿 1 撤回了").await?;
    assert_eq!(count(hood, "修灯").await?, 0, "the words are gone from the card too");

    let said = heard(bot, li, &room_id, "！许愿 借梯子").await?;
    settled(bot, &li.edit(&room_id, &said, "！许愿 搬钢琴").await?).await?;
    hood.wait_for("改过的消息我不重算，算数的还是原来那句：“！许愿 借梯子”").await?;
    assert_eq!((count(hood, "搬钢琴").await?, count(hood, "：借梯子").await?), (0, 1));

    // Nobody can read what is said now: one thing is taken back before its key comes, one is edited.
    keys.hold();
    li.discard_room_key(&room_id).await?;
    let gone = say(li, &room_id, "！许愿 擦玻璃").await?;
    let stays = say(li, &room_id, "！许愿 倒垃圾").await?;
    let edit = li.edit(&room_id, &stays, "！许愿 倒两袋垃圾").await?;
    wait_for_waiting(bot, li, 3).await?;
    settled(bot, &li.redact(&room_id, &gone).await?).await?;
    wait_for_waiting(bot, li, 2).await?;
    assert!(keys.release().await? > 0, "no key was held back");
    settled(bot, &stays).await?;
    settled(bot, &edit).await?;
    // The same key again: it has come.
    heard(bot, li, &room_id, "！许愿 浇花").await?;
    hood.wait_for("算数的还是原来那句：“！许愿 倒垃圾”").await?;
    assert_eq!((count(hood, "倒两袋垃圾").await?, count(hood, "：倒垃圾").await?), (0, 1));
    assert_eq!(
        (count(hood, "擦玻璃").await?, count(hood, "：浇花").await?),
        (0, 1),
        "what was taken back is never read"
    );
    assert_eq!(inbox::waiting_count(bot.storage()).await?, 0);
    Ok(())
}

/// The bot has said nothing that can be read without a key.
async fn expect_encrypted(hood: &Neighbourhood) -> Result {
    let in_clear = hood.captain.in_clear(&hood.room_id, &hood.bot_user_id).await?;
    assert_eq!(in_clear, 0, "{:?}", hood.said_by_bot().await?);
    Ok(())
}

/// Upgraded with the bot running, and again with the bot away.
async fn upgraded(
    hood: &mut Neighbourhood,
    bot: Bot,
    clock: &Arc<ManualClock>,
    (li, zhang): (&mut Resident, &mut Resident),
) -> Result<Bot> {
    let first = hood.room_id.clone();
    heard(&bot, zhang, &first, "！认领 2").await?;
    heard(&bot, &hood.captain, &first, "！活动 象棋 明晚8点 活动室 1人").await?;
    heard(&bot, zhang, &first, "！报名 5").await?;
    heard(&bot, li, &first, "！报名 5").await?;

    upgrade(hood, &mut [li, zhang]).await?;
    hood.wait_for("群升级了").await?;
    hood.wait_until("a card that can be tapped", |messages| {
        messages.iter().any(|card| wish_of(&card.text) == Some("倒垃圾") && !card.chips.is_empty())
    })
    .await?;
    card_says(hood, "借梯子", "张叔 来帮忙").await?;
    zhang.sync().await?;
    let card = message_of(hood, "✨ 心愿 3").await?;
    let tap = zhang.tap(&hood.room_id, &card, CLAIM).await?;
    settled(&bot, &tap).await?;
    card_says(hood, "倒垃圾", "张叔 来帮忙").await?;
    expect_encrypted(hood).await?;

    bot.stop().await;
    upgrade(hood, &mut [li, zhang]).await?;
    let bot = start(hood, clock).await?;
    hood.wait_for("群升级了").await?;
    card_says(hood, "倒垃圾", "张叔 来帮忙").await?;
    for resident in [&mut *li, &mut *zhang] {
        resident.sync().await?;
    }
    heard(&bot, zhang, &hood.room_id, "！完成 2").await?;
    heard(&bot, li, &hood.room_id, "！确认 2").await?;
    hood.wait_for("谢谢 张叔").await?;
    assert_eq!((count(hood, "群升级了").await?, count(hood, "大家好").await?), (1, 0), "it is no stranger");
    expect_encrypted(hood).await?;
    Ok(bot)
}

/// A resident is banned: what they held goes on without them, their points stay.
async fn resident_banned(hood: &mut Neighbourhood, bot: &Bot, (li, zhang): (&mut Resident, &mut Resident)) -> Result {
    let room_id = hood.room_id.clone();
    let earned = balance(bot, zhang).await?;
    assert!(earned > 0, "a wish was fulfilled");
    heard(bot, li, &room_id, "！名单 5").await?;
    hood.wait_for("已报 1/1 人：张叔").await?;
    hood.captain.ban(&room_id, &zhang.user_id()).await?;
    card_says(hood, "倒垃圾", "想请邻居搭把手").await?;
    li.sync().await?;
    heard(bot, li, &room_id, "！名单 5").await?;
    hood.wait_until("who waited has the seat", |messages| {
        messages.last().is_some_and(|list| list.text.contains("已报 1/1 人：李阿姨") && !list.text.contains("张叔"))
    })
    .await?;
    assert_eq!(balance(bot, zhang).await?, earned, "points stay");
    Ok(())
}

/// The bot is banned, running and away: what falls due meanwhile isn't said, and what comes later is, once it is invited
/// again.
async fn bot_banned(hood: &mut Neighbourhood, bot: Bot, clock: &Arc<ManualClock>, li: &mut Resident) -> Result<Bot> {
    let (room_id, own) = (hood.room_id.clone(), UserId::parse(&hood.bot_user_id)?);
    heard(&bot, &hood.captain, &room_id, "！提醒大家 10分钟后 关窗").await?;
    heard(&bot, &hood.captain, &room_id, "！提醒大家 60分钟后 关门").await?;
    let storage = hood.storage().await?;
    hood.captain.ban(&room_id, &own).await?;
    wait_until_present(hood, &storage, &room_id, false).await?;
    say(li, &room_id, "！许愿 修水管").await?;
    clock.set(clock.now_ms() + 20 * MINUTE_MS);
    tokio::time::timeout(PATIENCE, bot.quiet(clock.as_ref())).await??;
    hood.captain.unban(&room_id, &own).await?;
    hood.captain.invite(&room_id, &own).await?;
    hood.wait_for("我回来了").await?;
    clock.set(clock.now_ms() + 60 * MINUTE_MS);
    tokio::time::timeout(PATIENCE, bot.quiet(clock.as_ref())).await??;
    hood.wait_for("提醒大家：关门").await?;
    assert_eq!(count(hood, "提醒大家：关窗").await?, 0, "it fell due while the bot was banned");

    bot.stop().await;
    hood.captain.ban(&room_id, &own).await?;
    let bot = start(hood, clock).await?;
    wait_until_present(hood, &storage, &room_id, false).await?;
    hood.captain.unban(&room_id, &own).await?;
    hood.captain.invite(&room_id, &own).await?;
    hood.wait_until("twice back", |messages| {
        messages.iter().filter(|message| message.text.contains("我回来了")).count() == 2
    })
    .await?;
    li.sync().await?;
    heard(&bot, li, &room_id, "！许愿 修门铃").await?;
    hood.wait_for("：修门铃").await?;
    assert_eq!(count(hood, "修水管").await?, 0, "what was said without the bot is none of its business");
    storage.close().await;
    Ok(bot)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taken_back_edited_upgraded_and_banned_in_an_encrypted_room() -> Result {
    let always = "[community.evening]\nworkdays = \"00:00-23:59\"\nrest_days = \"00:00-23:59\"\n";
    let mut hood = Neighbourhood::start_edited(PROGRAM, true, |config| config + always).await?;
    let keys = Proxy::start(hood.homeserver.url()).await?;
    let mut li = hood.resident_at(keys.url(), "li", "李阿姨").await?;
    let mut zhang = hood.resident("zhang", "张叔").await?;
    li.sync().await?;
    hood.stop_bot()?;
    let clock = Arc::new(ManualClock::at(DateTime::parse_from_rfc3339(AT)?.timestamp_millis()));
    let bot = start(&hood, &clock).await?;
    let mut since = std::time::Instant::now();
    let mut took = |what: &str| {
        process::say(&format!("  {what}: {:.1} s", since.elapsed().as_secs_f64()));
        since = std::time::Instant::now();
    };
    taken_back_and_edited(&mut hood, &bot, (&mut li, &mut zhang), &keys).await?;
    took("taken back and edited");
    let bot = upgraded(&mut hood, bot, &clock, (&mut li, &mut zhang)).await?;
    took("upgraded twice");
    resident_banned(&mut hood, &bot, (&mut li, &mut zhang)).await?;
    took("a resident banned");
    let bot = bot_banned(&mut hood, bot, &clock, &mut li).await?;
    took("the bot banned twice");
    bot.stop().await;
    Ok(())
}
