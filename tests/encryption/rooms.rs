//! Rooms that turn encryption on later, and rooms of which the bot can't read a word: there it says so once, and taps count.

use std::{sync::Arc, time::Duration};

use lamplighter::{
    clock::{Clock as _, ManualClock, SystemClock},
    gateway::matrix::{Bot, DIRECT_MARKER, Pace},
    worker::Seed,
};
use lamplighter_storage::inbox;
use lamplighter_tests::{
    neighbourhood::{CLAIM, Neighbourhood, wish_of},
    process::BOT_PASSWORD,
    proxy::Proxy,
    resident::{Extras, Resident},
};
use matrix_sdk::ruma::UserId;
use reqwest::Method;
use serde_json::json;

use super::{LOOKS_MAX, PROGRAM, Result};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_that_turns_encryption_on_goes_on() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let mut helper = neighbourhood.resident("helper", "张叔").await?;
    let room_id = neighbourhood.room_id.clone();
    neighbourhood.captain.say(&room_id, "！许愿 修灯", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;

    neighbourhood
        .captain
        .set_state(&room_id, "m.room.encryption", json!({ "algorithm": "m.megolm.v1.aes-sha2" }))
        .await?;
    neighbourhood.captain.sync().await?;
    helper.sync().await?;
    neighbourhood.captain.say(&room_id, "！许愿 借梯子", &Extras::default()).await?;
    let both = ["修灯".to_owned(), "借梯子".to_owned()];
    neighbourhood.wait_for_cards(&both).await?;
    neighbourhood.expect_one_card_each(&both).await?;
    // The card from before is edited after: by a tap, and by a word that only the bot can read.
    let cards = neighbourhood.said_by_bot().await?;
    let card = cards.iter().find(|card| wish_of(&card.text) == Some("修灯")).ok_or("no card")?.id.clone();
    helper.tap(&room_id, &card, CLAIM).await?;
    let old = move |of: &'static str| {
        let card = card.clone();
        move |messages: &[lamplighter_tests::view::Message]| {
            messages.iter().any(|message| message.id == card && message.text.contains(of))
        }
    };
    neighbourhood.wait_until("the old card shows who helps", old("张叔")).await?;
    helper.say(&room_id, "！放弃 1", &Extras::default()).await?;
    neighbourhood.wait_until("the old card is open again", move |messages| !old("张叔")(messages)).await?;
    assert_eq!(neighbourhood.captain.undecrypted(), 0);
    Ok(())
}

/// The homeserver died while it made a private chat, before the invitation was there or even the encryption: the room is
/// finished, and not taken for one that was declined or is still to be accepted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_chat_that_was_only_half_made_is_finished() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let mut aunt = neighbourhood.resident("aunt", "李阿姨").await?;
    let bot = UserId::parse(&neighbourhood.bot_user_id)?;
    let hand = neighbourhood.homeserver.log_in(&neighbourhood.bot_user_id, BOT_PASSWORD).await?;
    let half = json!({ "preset": "trusted_private_chat", "creation_content": { DIRECT_MARKER: aunt.user_id() } });
    let made = hand.request(Method::POST, &["v3", "createRoom"], &[], Some(&half)).await?;
    let half = made["room_id"].as_str().ok_or("no room")?;

    aunt.say(&neighbourhood.room_id, "！积分", &Extras::default()).await?;
    let points = |aunt: &Resident| aunt.view(half).messages().iter().any(|message| message.text.contains("积分"));
    for _ in 0..LOOKS_MAX {
        if points(&aunt) {
            break;
        }
        aunt.sync_for(Duration::from_millis(200)).await?;
    }
    assert!(points(&aunt), "told in {half}, where she reads {:?}", aunt.view(half).messages());
    assert_eq!(aunt.direct_chats_with(&bot), [half.to_owned()], "her client takes it for a private chat, the only one");
    assert_eq!(aunt.in_clear(half, bot.as_str()).await?, 0, "nothing was sent before the room was encrypted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_of_which_nothing_can_be_read_is_told_once_and_taps_count() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let proxy = Proxy::start(neighbourhood.homeserver.url()).await?;
    let mut mute = neighbourhood.resident_at(proxy.url(), "mute", "李阿姨").await?;
    let room_id = neighbourhood.room_id.clone();
    neighbourhood.captain.say(&room_id, "！许愿 修灯", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;
    neighbourhood.stop_bot()?;
    let config = lamplighter_config::load(&neighbourhood.config, &|_| None)?;
    let clock = Arc::new(ManualClock::at(SystemClock.now_ms()));
    let pace = Pace { edit_spacing_ms: 0, ..Pace::default() };
    let bot = Bot::start(&config, config.require_matrix()?, Arc::clone(&clock) as _, Seed::System, pace).await?;
    mute.sync().await?;

    proxy.hold();
    for text in ["！许愿 借梯子", "有人吗？", "！帮助"] {
        mute.say(&room_id, text, &Extras::default()).await?;
    }
    for _ in 0..LOOKS_MAX {
        if inbox::waiting_count(bot.storage()).await? == 3 {
            break;
        }
        mute.sync_for(Duration::from_millis(200)).await?;
    }
    assert_eq!(inbox::waiting_count(bot.storage()).await?, 3);
    let told = |messages: &[lamplighter_tests::view::Message]| {
        messages.iter().filter(|message| message.text.contains("一条也读不了")).count()
    };
    assert_eq!(told(&neighbourhood.said_by_bot().await?), 0, "their keys may be on the way");

    // A minute later, and at the next thing that happens: a tap, which counts.
    clock.set(clock.now_ms() + 61_000);
    let card = neighbourhood.said_by_bot().await?.into_iter().find(|card| wish_of(&card.text) == Some("修灯"));
    let tap = mute.tap(&room_id, &card.ok_or("no card")?.id, CLAIM).await?;
    bot.settled(&tap).await?;
    neighbourhood
        .wait_until("the card shows who helps", |messages| {
            messages.iter().any(|message| wish_of(&message.text) == Some("修灯") && message.text.contains("李阿姨"))
        })
        .await?;
    neighbourhood.wait_until("the room is told", move |messages| told(messages) == 1).await?;
    // What the bot says in the room can be read, also by who can't be read.
    mute.sync().await?;
    assert_eq!(told(&mute.view(&room_id).messages()), 1);

    // It is said once, whatever more can't be read.
    for text in ["喂", "喂喂", "喂喂喂"] {
        mute.say(&room_id, text, &Extras::default()).await?;
    }
    clock.set(clock.now_ms() + 3_600_000);
    for _ in 0..LOOKS_MAX {
        if inbox::waiting_count(bot.storage()).await? == 6 {
            break;
        }
        mute.sync_for(Duration::from_millis(200)).await?;
    }
    bot.quiet(&*clock).await?;
    assert_eq!(told(&neighbourhood.said_by_bot().await?), 1);

    // The keys come: everything is handled, once, in the order in which it was said.
    assert!(proxy.release().await? > 0, "no key was held back");
    let wishes = ["修灯".to_owned(), "借梯子".to_owned()];
    neighbourhood
        .wait_until("the wish has its card", |messages| {
            messages.iter().any(|message| wish_of(&message.text) == Some("借梯子"))
        })
        .await?;
    for _ in 0..LOOKS_MAX {
        if inbox::waiting_count(bot.storage()).await? == 0 {
            break;
        }
        mute.sync_for(Duration::from_millis(200)).await?;
    }
    assert_eq!(inbox::waiting_count(bot.storage()).await?, 0);
    let cards = neighbourhood.said_by_bot().await?;
    for wish in &wishes {
        assert_eq!(cards.iter().filter(|card| wish_of(&card.text) == Some(wish)).count(), 1, "{wish}");
    }
    bot.stop().await;
    Ok(())
}
