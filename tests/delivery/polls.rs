//! Native polls in an encrypted room: answers that are changed, taken back, and given while the bot is away and the
//! deadline passes; and the process killed between the end of a poll and its announcement.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use lamplighter::{
    clock::{Clock as _, ManualClock, SystemClock},
    gateway::matrix::{Bot, Pace},
    worker::Seed,
};
use lamplighter_tests::{
    neighbourhood::Neighbourhood,
    process,
    resident::{Extras, Resident},
    time_of_day,
    view::Message,
};

use super::{PROGRAM, Result};

/// The poll is open so long by the bot's clock: longer than everything here takes.
const OPEN_MS: i64 = 20 * 60 * 1000;
/// The bot has this many looks at the room before it must have died or answered.
const LOOKS_MAX: usize = 200;
/// Where the process dies after a poll was ended, at the first, second … passing.
const POINTS: [(&str, usize); 5] = [
    ("worker::claimed", 1),
    ("worker::decided", 0),
    ("worker::decided", 1),
    ("worker::committed", 0),
    ("sender::delivered", 1),
];

fn native(messages: &[Message], question: &str) -> Option<Message> {
    messages.iter().find(|message| message.text.starts_with(&format!("（原生投票）{question}"))).cloned()
}

fn results(messages: &[Message], question: &str) -> Vec<Message> {
    let of_it = |message: &&Message| message.text.contains(&format!("结果：{question}"));
    messages.iter().filter(of_it).cloned().collect()
}

/// Waits until somebody can see and answer a poll.
async fn see(resident: &mut Resident, room_id: &str, poll: &str) -> Result {
    for _ in 0..LOOKS_MAX {
        if resident.view(room_id).messages().iter().any(|message| message.id == poll) {
            return Ok(());
        }
        resident.sync_for(Duration::from_secs(1)).await?;
    }
    Err(format!("{} doesn't see the poll", resident.name).into())
}

/// The bot in this process, with a clock that is moved by hand and an evening that never ends.
async fn start(neighbourhood: &Neighbourhood, clock: &Arc<ManualClock>) -> Result<Bot> {
    let config = lamplighter_config::load(&neighbourhood.config, &|_| None)?;
    let pace = Pace { edit_spacing_ms: 0, ..Pace::default() };
    Ok(Bot::start(&config, config.require_matrix()?, Arc::clone(clock) as _, Seed::System, pace).await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_result_is_what_the_room_shows() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let mut residents = Vec::new();
    for (localpart, name) in [("first", "李阿姨"), ("second", "张叔"), ("third", "刘姐")] {
        residents.push(neighbourhood.resident(localpart, name).await?);
    }
    neighbourhood.stop_bot()?;
    let mut config = std::fs::read_to_string(&neighbourhood.config)?;
    config.push_str("[community.evening]\nworkdays = \"00:00-23:59\"\nrest_days = \"00:00-23:59\"\n");
    std::fs::write(&neighbourhood.config, config)?;
    let clock = Arc::new(ManualClock::at(SystemClock.now_ms()));
    let bot = start(&neighbourhood, &clock).await?;
    let room_id = neighbourhood.room_id.clone();

    let closes: DateTime<Utc> = DateTime::from_timestamp_millis(clock.now_ms() + OPEN_MS).ok_or("no such instant")?;
    let closes = time_of_day::said(closes);
    let text = format!("！投票 要不要装门禁？ 要 / 不要 / 再议 截止{closes}");
    let asked = neighbourhood.captain.say(&room_id, &text, &Extras::default()).await?;
    bot.settled(&asked).await?;
    neighbourhood.wait_for("（原生投票）要不要装门禁？").await?;
    let poll = native(&neighbourhood.said_by_bot().await?, "要不要装门禁？").ok_or("there is no native poll")?.id;
    for resident in &mut residents {
        see(resident, &room_id, &poll).await?;
    }

    // One stays, one changes their mind, one takes it back; the captain answers too.
    let mut events = vec![residents[0].answer(&room_id, &poll, 1).await?];
    events.push(residents[1].answer(&room_id, &poll, 1).await?);
    events.push(residents[1].answer(&room_id, &poll, 2).await?);
    let taken_back = residents[2].answer(&room_id, &poll, 3).await?;
    events.push(taken_back.clone());
    let captains = neighbourhood.captain.answer(&room_id, &poll, 3).await?;
    events.push(captains.clone());
    for event_id in &events {
        bot.settled(event_id).await?;
    }
    neighbourhood.wait_for("已投 4 人").await?;
    let redaction = residents[2].redact(&room_id, &taken_back).await?;
    bot.settled(&redaction).await?;
    neighbourhood.wait_for("已投 3 人").await?;

    // While the bot is away somebody answers anew, somebody changes their mind, somebody takes it back, and the deadline
    // passes.
    bot.stop().await;
    residents[2].answer(&room_id, &poll, 2).await?;
    residents[0].answer(&room_id, &poll, 2).await?;
    neighbourhood.captain.redact(&room_id, &captains).await?;
    clock.set(clock.now_ms() + OPEN_MS + 60_000);
    let bot = start(&neighbourhood, &clock).await?;
    neighbourhood.wait_for("结果：要不要装门禁？").await?;
    bot.quiet(clock.as_ref()).await?;

    let announced = results(&neighbourhood.said_by_bot().await?, "要不要装门禁？");
    assert_eq!(announced.len(), 1, "{announced:?}");
    let mut shown = std::collections::BTreeMap::new();
    // The last answer of each counts, as the clients show it.
    for (_, by, option) in neighbourhood.captain.answers(&room_id, &poll).await? {
        shown.insert(by, option);
    }
    let count = |option: i64| shown.values().filter(|chosen| **chosen == option).count();
    assert_eq!((shown.len(), count(2)), (3, 3), "{shown:?}");
    let text = &announced[0].text;
    assert!(text.contains("共 3 人投票"), "{text}");
    for (option, name) in [(1, "要"), (2, "不要"), (3, "再议")] {
        let line = text.lines().find(|line| line.starts_with(&format!("{name}\u{3000}"))).unwrap_or_default();
        assert!(line.contains(&format!(" {} 票", count(option))), "{name}: {text}");
    }
    let closed = native(&neighbourhood.said_by_bot().await?, "要不要装门禁？").ok_or("the poll is gone")?;
    assert!(closed.text.contains("（投票已关）"), "the native poll is closed");
    bot.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_the_end_and_the_announcement() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let mut resident = neighbourhood.resident("resident", "李阿姨").await?;
    let room_id = neighbourhood.room_id.clone();
    let mut deaths = 0;
    for (index, (point, passing)) in POINTS.into_iter().enumerate() {
        let question = format!("要不要装门禁{}？", ["甲", "乙", "丙", "丁", "戊"][index]);
        let text = format!("！投票 {question} 要 / 不要");
        neighbourhood.captain.say(&room_id, &text, &Extras::default()).await?;
        neighbourhood.wait_for(&format!("（原生投票）{question}")).await?;
        neighbourhood.wait_for(&format!("投票 {}：{question}", index + 1)).await?;
        let poll = native(&neighbourhood.said_by_bot().await?, &question).ok_or("there is no native poll")?.id;
        see(&mut resident, &room_id, &poll).await?;
        resident.answer(&room_id, &poll, 2).await?;
        neighbourhood
            .wait_until("the answer is counted", |messages| {
                let head = format!("投票 {}：{question}", index + 1);
                messages.iter().any(|message| message.text.contains(&head) && message.text.contains("已投 1 人"))
            })
            .await?;
        neighbourhood.kill_bot()?;
        neighbourhood.start_bot(Some(&format!("{point}={passing}*off->return")))?;
        neighbourhood.captain.say(&room_id, &format!("！结束投票 {}", index + 1), &Extras::default()).await?;
        let mut looks = 0;
        loop {
            if neighbourhood.bot_has_died()? {
                deaths += 1;
                neighbourhood.start_bot(None)?;
            }
            neighbourhood.captain.sync_for(Duration::from_secs(1)).await?;
            let messages = neighbourhood.said_by_bot().await?;
            let ended = native(&messages, &question).is_some_and(|poll| poll.text.contains("（投票已关）"));
            if ended && !results(&messages, &question).is_empty() {
                break;
            }
            looks += 1;
            if looks > LOOKS_MAX {
                return Err(format!("{question} is never announced ({point})").into());
            }
        }
    }
    // What might still be said is said: another poll is begun and seen.
    if neighbourhood.bot_has_died()? {
        deaths += 1;
        neighbourhood.start_bot(None)?;
    }
    neighbourhood.captain.say(&room_id, "！许愿 修灯", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;
    process::say(&format!("died {deaths} times"));
    assert!(deaths >= POINTS.len() - 1, "the process died only {deaths} times");
    let messages = neighbourhood.said_by_bot().await?;
    for mark in ["甲", "乙", "丙", "丁", "戊"] {
        let announced = results(&messages, &format!("要不要装门禁{mark}？"));
        assert_eq!(announced.len(), 1, "{announced:?}");
        assert!(announced[0].text.contains("共 1 人投票"), "{announced:?}");
    }
    Ok(())
}
