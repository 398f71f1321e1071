//! The process dies at every await between taking an event and marking its answers sent, and is restarted: the same
//! wish still gets one card, one introduction and one payment. And the quiet case: it dies after the SDK has stored its
//! position and before we have handled the last message before silence.

use lamplighter::crash_point;
use lamplighter_storage::{inbox, ledger};
use lamplighter_tests::{
    neighbourhood::{CLAIM, Neighbourhood, wish_of},
    process,
    resident::{Extras, Resident},
};

use super::{PROGRAM, Result};

/// The process dies at the first, the second … passing of each point: the card, its chip, an introduction.
const PASSINGS: usize = 3;
/// The silence is tried so often until the message has come in the very sync over which the process dies.
const QUIET_TRIES_MAX: usize = 8;
/// The bot has this many looks at the room before it must have died.
const LOOKS_MAX: usize = 200;

/// Lets one wish come true, restarting the bot whenever it has died; says how often that was.
async fn come_true(neighbourhood: &mut Neighbourhood, helper: &mut Resident, wish: &str) -> Result<usize> {
    let room_id = neighbourhood.room_id.clone();
    let mut deaths = 0;
    let mut tapped = (false, false);
    neighbourhood.captain.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
    for _ in 0..LOOKS_MAX {
        if neighbourhood.bot_has_died()? {
            deaths += 1;
            neighbourhood.start_bot(None)?;
        }
        neighbourhood.captain.sync_for(std::time::Duration::from_secs(1)).await?;
        helper.sync().await?;
        let messages = neighbourhood.said_by_bot().await?;
        let Some(card) = messages.iter().find(|message| wish_of(&message.text) == Some(wish)) else { continue };
        let has = |key: &str| card.chips.iter().any(|(chip, _)| chip == key);
        if !tapped.0 && has(CLAIM) {
            helper.tap(&room_id, &card.id, CLAIM).await?;
            tapped.0 = true;
        } else if tapped.0 && !tapped.1 && has("🙏 确认") {
            neighbourhood.captain.tap(&room_id, &card.id, "🙏 确认").await?;
            tapped.1 = true;
        } else if tapped.1 && card.text.contains("已实现") {
            let thanked = messages.iter().any(|message| message.text.contains(&format!("：{wish}\n爱心积分")));
            if thanked && card.chips.len() == 2 {
                return Ok(deaths);
            }
        }
    }
    let log = std::fs::read_to_string(process::log_path(&neighbourhood.config)).unwrap_or_default();
    let tail: Vec<&str> = log.lines().rev().take(20).collect();
    Err(format!("{wish} doesn't come true; log (newest first):\n{}", tail.join("\n")).into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_point_in_an_encrypted_room() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let mut helper = neighbourhood.resident("helper", "张叔").await?;
    let mut wishes = 0;
    let mut died_at = Vec::new();
    for point in crash_point::ALL {
        for passing in 0..PASSINGS {
            neighbourhood.kill_bot()?;
            neighbourhood.start_bot(Some(&format!("{point}={passing}*off->return")))?;
            let wish = format!("愿望 {point} {passing}");
            if come_true(&mut neighbourhood, &mut helper, &wish).await? > 0 {
                died_at.push(*point);
            }
            wishes += 1;
        }
    }
    for point in crash_point::ALL {
        assert!(died_at.contains(point), "the bot never died at {point}");
    }
    neighbourhood.stop_bot()?;
    let messages = neighbourhood.said_by_bot().await?;
    let cards: Vec<_> = messages.iter().filter(|message| wish_of(&message.text).is_some()).collect();
    assert_eq!(cards.len(), wishes, "each wish has one card");
    for card in cards {
        assert!(card.chips.iter().all(|(_, count)| *count == 1), "chips of the bot are gone: {card:?}");
    }
    let thanks = messages.iter().filter(|message| message.text.starts_with("🎉 谢谢")).count();
    assert_eq!(thanks, wishes, "each wish is thanked for once");
    let storage = neighbourhood.storage().await?;
    assert_eq!(ledger::trial_balance(&storage).await?, (0, wishes as i64));
    helper.sync().await?;
    let bot = matrix_sdk::ruma::UserId::parse(&neighbourhood.bot_user_id)?;
    let chat = helper.direct_chat_with(&bot).ok_or("there is no private chat")?;
    let told = helper.read_whole(&chat).await?.messages().len();
    assert_eq!(told, wishes, "the helper was introduced once a wish");
    Ok(())
}

async fn quiet(encrypted: bool) -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, encrypted).await?;
    for attempt in 0..QUIET_TRIES_MAX {
        neighbourhood.stop_bot()?;
        // The first sync comes back at once; the process dies over the next one, which brings the message.
        neighbourhood.start_bot(Some("intake::synced=1*off->return"))?;
        neighbourhood.captain.sync_for(std::time::Duration::from_secs(2)).await?;
        let wish = format!("最后一句话 {attempt}");
        let room_id = neighbourhood.room_id.clone();
        let event_id = neighbourhood.captain.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
        let mut looks = 0;
        while !neighbourhood.bot_has_died()? {
            looks += 1;
            if looks > LOOKS_MAX {
                return Err("the bot doesn't die".into());
            }
            neighbourhood.captain.sync_for(std::time::Duration::from_secs(1)).await?;
        }
        let storage = neighbourhood.storage().await?;
        let unhandled = !inbox::is_settled(&storage, &event_id).await?;
        storage.close().await;
        // Nobody says anything any more: the server has nothing new for the SDK's position.
        neighbourhood.start_bot(None)?;
        neighbourhood.wait_for_cards(std::slice::from_ref(&wish)).await?;
        let messages = neighbourhood.said_by_bot().await?;
        let cards = messages.iter().filter(|message| wish_of(&message.text) == Some(&wish)).count();
        assert_eq!(cards, 1);
        if unhandled {
            return Ok(());
        }
    }
    Err("the message never came in the sync over which the bot died".into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_message_before_silence() -> Result {
    quiet(false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_message_before_silence_encrypted() -> Result {
    quiet(true).await
}
