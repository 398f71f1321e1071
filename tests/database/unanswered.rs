//! After a restore: what was said in the lost time, and while the bot was stopped, is answered if nobody had answered it;
//! an activity with its seats, a poll with its votes and reminders are again what they were; and what was said more than a
//! day ago is taken in without a word.

use std::sync::Arc;

use chrono::{DateTime, Duration as Days, Utc};
use chrono_tz::Asia::Shanghai;
use lamplighter::{
    clock::{Clock as _, ManualClock, SystemClock},
    gateway::matrix::{Bot, Pace},
    worker::Seed,
};
use lamplighter_tests::{
    neighbourhood::{Neighbourhood, number_of, wish_of},
    resident::{Extras, Resident},
    view::Message,
};
use matrix_sdk::ruma::UserId;

use super::{PROGRAM, Result, restores::settle, run};

const HOUR_MS: i64 = 60 * 60 * 1_000;

async fn say(who: &Resident, room_id: &str, text: &str) -> Result {
    who.say(room_id, text, &Extras::default()).await?;
    Ok(())
}

/// The bot in this process, with a clock that is moved by hand.
async fn start(hood: &Neighbourhood, clock: &Arc<ManualClock>) -> Result<Bot> {
    let config = lamplighter_config::load(&hood.config, &|_| None)?;
    let pace = Pace { edit_spacing_ms: 0, ..Pace::default() };
    Ok(Bot::start(&config, config.require_matrix()?, Arc::clone(clock) as _, Seed::System, pace).await?)
}

/// This hour of tomorrow.
fn tomorrow_ms(hour: u32) -> Result<i64> {
    let today: DateTime<Utc> = DateTime::from_timestamp_millis(SystemClock.now_ms()).ok_or("no such instant")?;
    let day = today.with_timezone(&Shanghai).date_naive() + Days::days(1);
    let at = day.and_hms_opt(hour, 0, 0).ok_or("no such hour")?.and_local_timezone(Shanghai).single();
    Ok(at.ok_or("no such instant")?.timestamp_millis())
}

fn bring_back(hood: &Neighbourhood, backup: &str) -> Result {
    let (status, said) = run(&["restore", backup], "--config", &hood.config)?;
    assert_eq!(status, Some(0), "{said}");
    Ok(())
}

fn count(messages: &[Message], part: &str) -> usize {
    messages.iter().filter(|message| message.text.contains(part)).count()
}

/// What the bot has said to a resident privately.
async fn told(hood: &Neighbourhood, resident: &mut Resident) -> Result<Vec<Message>> {
    resident.sync().await?;
    let bot = UserId::parse(&hood.bot_user_id)?;
    let Some(chat) = resident.direct_chat_with(&bot) else { return Ok(Vec::new()) };
    let mut messages = resident.read_whole(&chat).await?.messages();
    messages.retain(|message| message.by == hood.bot_user_id);
    Ok(messages)
}

/// Waits until the restored bot has read everything again and said what it had to.
async fn wait_for_restored(hood: &mut Neighbourhood, lines: usize) -> Result {
    hood.wait_until("the room is told", move |messages| count(messages, "🕯 我在") == lines).await?;
    settle(hood).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_had_answered_is_answered_after_the_restore() -> Result {
    let always = "[community.evening]\nworkdays = \"00:00-23:59\"\nrest_days = \"00:00-23:59\"\n";
    let mut hood = Neighbourhood::start_edited(PROGRAM, true, |config| config + always).await?;
    let mut li = hood.resident("li", "李阿姨").await?;
    let mut zhang = hood.resident("zhang", "张叔").await?;
    li.sync().await?;
    let room_id = hood.room_id.clone();
    for text in ["！活动 包饺子 明晚7点半 活动室 2人", "！投票 要不要装门禁？ 要 / 不要 截止明晚9点", "！许愿 修灯"]
    {
        say(&hood.captain, &room_id, text).await?;
    }
    hood.wait_for("心愿 3：修灯").await?;
    for text in ["！报名 1", "！投 2 1", "！提醒我 明晚8点 交物业费"] {
        say(&zhang, &room_id, text).await?;
    }
    hood.wait_for("已报 1/2 人：张叔").await?;
    hood.wait_for("已投 1 人").await?;
    settle(&mut hood).await?;
    let backup = hood.config.with_file_name("backup.db");
    let backup = backup.to_str().ok_or("a path")?;
    let (status, said) = run(&["backup", backup], "--config", &hood.config)?;
    assert_eq!(status, Some(0), "{said}");

    // Lost, but answered: a seat, two votes, a reminder.
    say(&li, &room_id, "！报名 1").await?;
    say(&li, &room_id, "！投 2 2").await?;
    say(&zhang, &room_id, "！投 2 2").await?;
    say(&hood.captain, &room_id, "！提醒大家 明晚8点 关窗").await?;
    hood.wait_for("已报 2/2 人").await?;
    hood.wait_for("已投 2 人").await?;
    hood.wait_for("提醒大家“关窗”").await?;
    settle(&mut hood).await?;
    // Said while nobody is there to answer.
    hood.stop_bot()?;
    say(&zhang, &room_id, "！退出 1").await?;
    say(&li, &room_id, "！许愿 借梯子").await?;
    say(&li, &room_id, "！认领 99").await?;
    bring_back(&hood, backup)?;
    hood.start_bot(None)?;
    wait_for_restored(&mut hood, 1).await?;

    let said = hood.said_by_bot().await?;
    for once in ["活动 1：包饺子", "投票 2：", "心愿 3：修灯", "：借梯子", "提醒大家“关窗”", "99"]
    {
        assert_eq!(count(&said, once), 1, "{once}: {said:?}");
    }
    assert_eq!((count(&said, "已报 1/2 人：李阿姨"), count(&said, "已投 2 人")), (1, 1), "{said:?}");
    let ladder = said.iter().find(|card| wish_of(&card.text) == Some("借梯子")).ok_or("no card")?;
    let ladder = number_of(&ladder.text).ok_or("no number")?.to_owned();

    // Tomorrow both reminders come, once each, and the poll ends as it was voted.
    hood.stop_bot()?;
    let clock = Arc::new(ManualClock::at(tomorrow_ms(20)?));
    let bot = start(&hood, &clock).await?;
    bot.quiet(clock.as_ref()).await?;
    clock.set(tomorrow_ms(22)?);
    bot.quiet(clock.as_ref()).await?;
    hood.wait_for("结果：要不要装门禁？").await?;
    let said = hood.said_by_bot().await?;
    let result = said.iter().find(|message| message.text.contains("结果：要不要装门禁？")).ok_or("no result")?;
    assert!(result.text.contains("共 2 人投票"), "{result:?}");
    assert!(result.text.lines().any(|line| line.starts_with("不要\u{3000}") && line.contains(" 2 票")), "{result:?}");
    assert_eq!(count(&said, "提醒大家：关窗"), 1, "{said:?}");
    let private = told(&hood, &mut zhang).await?;
    assert_eq!(count(&said, "到时间了：交物业费") + count(&private, "到时间了：交物业费"), 1, "{private:?}");
    bot.stop().await;

    // A day and more goes by before the backup is brought back again: what was said then counts, and nobody is told so.
    say(&li, &room_id, "！许愿 浇花").await?;
    say(&zhang, &room_id, &format!("！认领 {ladder}")).await?;
    say(&li, &room_id, "！认领 98").await?;
    bring_back(&hood, backup)?;
    clock.set((SystemClock.now_ms() + 25 * HOUR_MS).max(clock.now_ms()));
    let before = said;
    let private = told(&hood, &mut zhang).await?;
    let bot = start(&hood, &clock).await?;
    wait_for_restored(&mut hood, 2).await?;
    bot.quiet(clock.as_ref()).await?;
    let said = hood.said_by_bot().await?;
    for once in ["：浇花", "结果：要不要装门禁？", "提醒大家：关窗", "已报 1/2 人：李阿姨"] {
        assert_eq!(count(&said, once), 1, "{once}: {said:?}");
    }
    let taken = said.iter().find(|card| wish_of(&card.text) == Some("借梯子")).ok_or("no card")?;
    assert!(taken.text.contains("张叔 来帮忙"), "{taken:?}");
    assert_eq!(count(&said, "98"), 0, "who asked has asked again, or doesn't wait: {said:?}");
    // The line that tells of the restore, and the new card.
    assert_eq!(said.len(), before.len() + 2, "{said:?}");
    assert_eq!(told(&hood, &mut zhang).await?, private, "nobody is told anything about it");
    bot.stop().await;
    let (status, said) = run(&["verify"], "--config", &hood.config)?;
    assert_eq!(status, Some(0), "{said}");
    Ok(())
}
