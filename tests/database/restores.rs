//! A backup that was taken in the middle of a burst is brought back after the evening went on: no wish is lost, nothing
//! is said twice, no number means two things. And the same once more.

use std::{collections::BTreeSet, time::Duration};

use lamplighter_storage::{ledger, outbox};
use lamplighter_tests::{
    discretion,
    neighbourhood::{CLAIM, Neighbourhood, number_of, wish_of},
    process::BOT_PASSWORD,
    reliability,
    resident::{Extras, Resident},
    view::Message,
};
use matrix_sdk::ruma::UserId;

use super::{PROGRAM, Result, run};

/// Wishes made before the backup, while it is taken, and after it.
const EACH: usize = 6;
/// The bot has this many looks to fall silent.
const LOOKS_MAX: usize = 200;
/// And this long each.
const LOOK: Duration = Duration::from_millis(500);
/// How the line begins that every room gets once.
const TOLD: &str = "🕯";

/// Waits until the bot has nothing left to say.
pub(super) async fn settle(neighbourhood: &mut Neighbourhood) -> Result {
    let storage = neighbourhood.storage().await?;
    for _ in 0..LOOKS_MAX {
        if outbox::depth(&storage).await? == 0 && !storage.is_replaying() {
            storage.close().await;
            return Ok(());
        }
        neighbourhood.captain.sync_for(LOOK).await?;
        storage.look_at_epoch().await?;
    }
    Err("the bot never falls silent".into())
}

/// What stands in the room, apart from the line that tells of the restore.
async fn shown(neighbourhood: &Neighbourhood) -> Result<Vec<Message>> {
    let messages = neighbourhood.said_by_bot().await?;
    // Nor a digest, should its hour come while this runs.
    let comes_by_itself = |message: &Message| message.text.starts_with(TOLD) || message.text.contains("楼里的事");
    Ok(messages.into_iter().filter(|message| !comes_by_itself(message)).collect())
}

fn card_of<'a>(messages: &'a [Message], wish: &str) -> Result<&'a Message> {
    Ok(messages.iter().find(|card| wish_of(&card.text) == Some(wish)).ok_or("no card")?)
}

/// What the bot has told a resident privately.
async fn told_privately(neighbourhood: &Neighbourhood, resident: &mut Resident) -> Result<Vec<String>> {
    resident.sync().await?;
    let bot = UserId::parse(&neighbourhood.bot_user_id)?;
    let chat = resident.direct_chat_with(&bot).ok_or("no private chat")?;
    Ok(resident.read_whole(&chat).await?.messages().into_iter().map(|message| message.text).collect())
}

async fn wish(neighbourhood: &Neighbourhood, wishes: &[String]) -> Result {
    for wish in wishes {
        let text = format!("！许愿 {wish}");
        neighbourhood.captain.say(&neighbourhood.room_id, &text, &Extras::default()).await?;
    }
    Ok(())
}

/// The bot's reaction stands there already, from before the database was lost: it is taken for the bot's own, and goes when
/// its time is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_from_before_is_taken_over_and_taken_away() -> Result {
    const DONE: &str = "✅ 完成";
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let helper = neighbourhood.resident("helper", "张叔").await?;
    let room_id = neighbourhood.room_id.clone();
    wish(&neighbourhood, &["修灯".to_owned()]).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;
    let card = card_of(&shown(&neighbourhood).await?, "修灯")?.id.clone();
    let hand = neighbourhood.homeserver.log_in(&neighbourhood.bot_user_id, BOT_PASSWORD).await?;
    hand.react(&room_id, &card, DONE).await?;

    helper.tap(&room_id, &card, CLAIM).await?;
    let helped = |messages: &[Message]| card_of(messages, "修灯").is_ok_and(|card| card.text.contains("张叔"));
    neighbourhood.wait_until("the card shows who helps", helped).await?;
    settle(&mut neighbourhood).await?;
    let chips = |messages: &[Message]| {
        let card = card_of(messages, "修灯").map(|card| card.chips.clone()).unwrap_or_default();
        card.into_iter().filter(|(key, _)| key == DONE).map(|(_, count)| count).sum::<usize>()
    };
    assert_eq!(chips(&neighbourhood.said_by_bot().await?), 1, "it stands there once");
    neighbourhood.captain.say(&room_id, "！确认 1", &Extras::default()).await?;
    neighbourhood.wait_until("the chip is gone", move |messages| chips(messages) == 0).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_burst_is_brought_back_twice() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let (config, room_id) = (neighbourhood.config.clone(), neighbourhood.room_id.clone());
    let folder = config.parent().ok_or("no folder")?.to_owned();
    // The window is open whenever the test runs.
    let mut text = std::fs::read_to_string(&config)?;
    text.push_str("[community.evening]\nworkdays = \"00:00-23:59\"\nrest_days = \"00:00-23:59\"\n");
    std::fs::write(&config, text)?;
    let mut helper = neighbourhood.resident("helper", "张叔").await?;
    let mut wishes: Vec<String> = (1..=3 * EACH).map(|number| format!("第{number}件事")).collect();
    wish(&neighbourhood, &wishes[..EACH]).await?;
    neighbourhood.wait_for_cards(&wishes[..EACH]).await?;
    // The bot has these to handle while the copy is made.
    wish(&neighbourhood, &wishes[EACH..2 * EACH]).await?;
    let file = folder.join("backup.db");
    let (status, said) = run(&["backup", file.to_str().ok_or("a path")?], "--config", &config)?;
    assert_eq!(status, Some(0), "{said}");

    // One bot per database: neither a second one nor a restore gets in.
    let holder = neighbourhood.bot.as_ref().ok_or("no bot")?.id();
    for arguments in [vec!["run"], vec!["restore", file.to_str().ok_or("a path")?]] {
        let (status, said) = run(&arguments, "--config", &config)?;
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains(&format!("in use by process {holder}: one bot per database")), "{said}");
    }
    reliability::record(
        "second bot",
        "another run, and a restore, on the database of a running bot: refused",
        2,
        0,
        0,
    )?;
    let (status, said) = run(&["verify"], "--config", &config)?;
    assert_eq!(status, Some(0), "beside a running bot: {said}");

    // The evening goes on: wishes, one taken up by its number, one by a tap, one fulfilled and paid.
    wish(&neighbourhood, &wishes[2 * EACH..]).await?;
    neighbourhood.wait_for_cards(&wishes).await?;
    let cards = shown(&neighbourhood).await?;
    let (paid, tapped, typed) = (wishes[0].clone(), wishes[2 * EACH].clone(), wishes[2 * EACH + 1].clone());
    helper.tap(&room_id, &card_of(&cards, &paid)?.id, CLAIM).await?;
    helper.tap(&room_id, &card_of(&cards, &tapped)?.id, CLAIM).await?;
    let number = number_of(&card_of(&cards, &typed)?.text).ok_or("no number")?.to_owned();
    helper.say(&room_id, &format!("！认领 {number}"), &Extras::default()).await?;
    for wish in [paid.clone(), tapped.clone(), typed.clone()] {
        neighbourhood
            .wait_until("the wish is claimed", move |messages| {
                card_of(messages, &wish).is_ok_and(|card| card.text.contains("张叔"))
            })
            .await?;
    }
    neighbourhood.captain.tap(&room_id, &card_of(&cards, &paid)?.id, "🙏").await?;
    neighbourhood.wait_for("🎉 谢谢").await?;
    settle(&mut neighbourhood).await?;
    let mut before = shown(&neighbourhood).await?;
    let mut told = told_privately(&neighbourhood, &mut helper).await?;
    assert_eq!(told.iter().filter(|text| text.contains("🤝")).count(), 3, "{told:?}");

    let (mut lost, mut doubled) = (0, 0);
    for round in ["一", "二"] {
        neighbourhood.stop_bot()?;
        if round == "一" {
            // The disk is gone.
            for side in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(folder.join(format!("lamplighter.db{side}")));
            }
        }
        let (status, said) = run(&["restore", file.to_str().ok_or("a path")?], "--config", &config)?;
        assert_eq!(status, Some(0), "{said}");
        assert_eq!(said.contains(".kept-"), round == "二", "what was there is kept: {said}");
        neighbourhood.start_bot(None)?;
        let lines = if round == "一" { 1 } else { 2 };
        neighbourhood
            .wait_until("the room is told", move |messages| {
                messages.iter().filter(|message| message.text.starts_with(TOLD)).count() == lines
            })
            .await?;
        settle(&mut neighbourhood).await?;
        let after = shown(&neighbourhood).await?;
        let missing = before.iter().filter(|message| after.iter().all(|now| now.text != message.text)).count();
        (lost, doubled) =
            (lost + missing as u64, doubled + (after.len() + missing).saturating_sub(before.len()) as u64);
        let texts =
            |messages: &[Message]| -> Vec<String> { messages.iter().map(|message| message.text.clone()).collect() };
        assert_eq!(texts(&after), texts(&before), "nothing is lost, another, or said again");
        assert_eq!(
            after.iter().map(|message| message.id.clone()).collect::<Vec<_>>(),
            before.iter().map(|message| message.id.clone()).collect::<Vec<_>>(),
            "the cards are those that stood there"
        );
        assert_eq!(told_privately(&neighbourhood, &mut helper).await?, told, "nobody is told again");
        let storage = neighbourhood.storage().await?;
        assert_eq!(ledger::trial_balance(&storage).await?, (0, 1), "paid once");
        storage.close().await;

        // Taps on cards of the lost time count, and what is new gets numbers that nothing has had.
        let given_back = card_of(&after, &typed)?.id.clone();
        let open = card_of(&after, &wishes[3])?.id.clone();
        if round == "一" {
            helper.tap(&room_id, &open, CLAIM).await?;
            let wish = wishes[3].clone();
            neighbourhood
                .wait_until("the tap counts", move |messages| {
                    card_of(messages, &wish).is_ok_and(|card| card.text.contains("张叔"))
                })
                .await?;
        } else {
            neighbourhood.captain.tap(&room_id, &given_back, "🙏").await?;
            neighbourhood
                .wait_until("two are thanked", |messages| {
                    messages.iter().filter(|message| message.text.contains("🎉 谢谢")).count() == 2
                })
                .await?;
        }
        let new = format!("恢复以后第{round}件");
        wish(&neighbourhood, std::slice::from_ref(&new)).await?;
        wishes.push(new.clone());
        neighbourhood.wait_for("恢复以后").await?;
        let new_too = new.clone();
        neighbourhood
            .wait_until("the new wish has its card", move |messages| card_of(messages, &new_too).is_ok())
            .await?;
        settle(&mut neighbourhood).await?;
        before = shown(&neighbourhood).await?;
        told = told_privately(&neighbourhood, &mut helper).await?;
        let numbers: Vec<i64> = before.iter().filter_map(|card| number_of(&card.text)?.parse().ok()).collect();
        let unique: BTreeSet<i64> = numbers.iter().copied().collect();
        assert_eq!((numbers.len(), unique.len()), (wishes.len(), wishes.len()), "{numbers:?}");
        let newest: i64 = number_of(&card_of(&before, &new)?.text).ok_or("no number")?.parse()?;
        assert!(numbers.iter().all(|number| *number <= newest) && newest > 100, "{newest} among {numbers:?}");
        let (status, said) = run(&["verify"], "--config", &config)?;
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains("wishes, each as its journal tells"), "{said}");
    }
    reliability::record("database lost", "a backup taken in mid-burst is restored, twice", 2, lost, doubled)?;
    let storage = neighbourhood.storage().await?;
    assert_eq!(ledger::trial_balance(&storage).await?, (0, 2));
    storage.close().await;
    // Killed, it gives the database back.
    neighbourhood.kill_bot()?;
    discretion::expect_discreet(&config, &["reading again what was said since the backup"]).await?;
    let (status, said) = run(&["restore", file.to_str().ok_or("a path")?], "--config", &config)?;
    assert_eq!(status, Some(0), "{said}");
    Ok(())
}
