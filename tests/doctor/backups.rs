//! `backup` beside a running bot, and the way back by hand: stop, copy back, start. What was said after the backup is
//! read again, and nothing of it is said twice.

use std::{os::unix::fs::PermissionsExt, time::Duration};

use lamplighter_storage::{Location, Storage, journal, ledger, outbox};
use lamplighter_tests::{
    neighbourhood::{CLAIM, Neighbourhood, wish_of},
    process::{self, COMMUNITY},
    resident::{Extras, Resident},
    view::Message,
};
use matrix_sdk::ruma::UserId;

use super::{PROGRAM, Result, run};

/// Wishes made before the backup, while it is taken, and after it.
const EACH: usize = 10;
/// A private message has this many looks to arrive.
const LOOKS_MAX: usize = 100;
/// And this long each.
const LOOK: Duration = Duration::from_millis(500);

/// The private chat with the bot from its beginning, once it has said this there.
async fn private_chat(resident: &mut Resident, bot: &str, text: &str) -> Result<Vec<Message>> {
    let bot = UserId::parse(bot)?;
    for _ in 0..LOOKS_MAX {
        resident.sync_for(LOOK).await?;
        let Some(chat) = resident.direct_chat_with(&bot) else { continue };
        let messages = resident.read_whole(&chat).await?.messages();
        if messages.iter().any(|message| message.text.contains(text)) {
            return Ok(messages);
        }
    }
    Err(format!("{} isn't told {text}", resident.name).into())
}

/// Waits until the bot has nothing left to say.
async fn settle(neighbourhood: &mut Neighbourhood) -> Result {
    let storage = neighbourhood.storage().await?;
    for _ in 0..LOOKS_MAX {
        if outbox::depth(&storage).await? == 0 {
            storage.close().await;
            return Ok(());
        }
        neighbourhood.captain.sync_for(LOOK).await?;
    }
    Err("the bot never falls silent".into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_leads_back_to_where_the_bot_was() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let config = neighbourhood.config.clone();
    let room_id = neighbourhood.room_id.clone();
    let folder = config.parent().ok_or("no folder")?.to_owned();
    let wishes: Vec<String> = (1..=3 * EACH).map(|number| format!("第{number}件事")).collect();
    let (before, later) = wishes.split_at(EACH);
    let (during, after) = later.split_at(EACH);
    let mut helper = neighbourhood.resident("helper", "张叔").await?;
    let bot = neighbourhood.bot_user_id.clone();
    for wish in before {
        neighbourhood.captain.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
    }
    neighbourhood.wait_for_cards(before).await?;
    // The bot has these to handle while the copy is made.
    for wish in during {
        neighbourhood.captain.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
    }
    let file = folder.join("backup.db");
    let name = file.to_str().ok_or("a path")?;
    let (status, said) = run(&["backup", name], Some(&config))?;
    assert_eq!(status, Some(0), "{said}");
    let bytes = std::fs::metadata(&file)?.len();
    assert!(said.starts_with(&format!("{name}: {bytes} bytes, checked and good\n")), "{said}");
    assert!(said.contains("recovery-key.txt") && said.lines().count() == 2, "{said}");
    assert_eq!(std::fs::metadata(&file)?.permissions().mode() & 0o777, 0o600);
    let taken = std::fs::read(&file)?;

    // A file that is there stays as it is, and nothing lies about.
    let (status, said) = run(&["backup", name], Some(&config))?;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("is there already"), "{said}");
    let nowhere = folder.join("missing").join("backup.db");
    let (status, said) = run(&["backup", nowhere.to_str().ok_or("a path")?], Some(&config))?;
    assert_eq!(status, Some(1), "{said}");
    let other = folder.join("by-db.db");
    let database = process::database_path(&config);
    let by_db = ["backup", other.to_str().ok_or("a path")?, "--db", database.to_str().ok_or("a path")?];
    let (status, said) = run(&by_db, None)?;
    assert_eq!((status, said.lines().count()), (Some(0), 1), "{said}");
    let no_database = folder.join("no-database");
    std::fs::write(&no_database, "something else")?;
    let third = folder.join("third.db");
    let broken = ["backup", third.to_str().ok_or("a path")?, "--db", no_database.to_str().ok_or("a path")?];
    let (status, said) = run(&broken, None)?;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("can't be copied") && !third.exists(), "{said}");
    let (status, said) = run(&["backup", "another.db"], None)?;
    assert_eq!(status, Some(2), "{said}");
    assert_eq!(std::fs::read(&file)?, taken);
    for entry in std::fs::read_dir(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        assert!(!name.contains("unfinished"), "{name}");
    }

    for wish in after {
        neighbourhood.captain.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
    }
    neighbourhood.wait_for_cards(&wishes).await?;
    // A neighbour helps with a wish that the backup knows: private chats that it doesn't know, and points.
    let cards = neighbourhood.said_by_bot().await?;
    let first = before.first().ok_or("no wish")?;
    let card = cards.iter().find(|card| wish_of(&card.text) == Some(first)).ok_or("no card")?.id.clone();
    helper.tap(&room_id, &card, CLAIM).await?;
    private_chat(&mut neighbourhood.captain, &bot, "🤝").await?;
    private_chat(&mut helper, &bot, "🤝").await?;
    neighbourhood.captain.tap(&room_id, &card, "🙏").await?;
    neighbourhood.wait_for("🎉 谢谢").await?;
    settle(&mut neighbourhood).await?;
    let told_captain = private_chat(&mut neighbourhood.captain, &bot, "🤝").await?;
    let told_helper = private_chat(&mut helper, &bot, "🤝").await?;
    let said: Vec<String> = neighbourhood.said_by_bot().await?.into_iter().map(|message| message.text).collect();

    // By hand; `restore` is tried in tests/database.
    neighbourhood.stop_bot()?;
    for side in ["lamplighter.db", "lamplighter.db-wal", "lamplighter.db-shm"] {
        let _ = std::fs::remove_file(folder.join(side));
    }
    std::fs::copy(&file, &database)?;
    let restored = Storage::open(Location::File(&database)).await?;
    assert_eq!(ledger::trial_balance(&restored).await?.0, 0);
    assert!(matches!(journal::verify(&restored, COMMUNITY).await?, Ok(links) if links >= EACH as i64));
    restored.close().await;
    neighbourhood.start_bot(None)?;
    neighbourhood.captain.say(&room_id, "！许愿 最后一件", &Extras::default()).await?;
    let all: Vec<String> = wishes.iter().cloned().chain(["最后一件".to_owned()]).collect();
    neighbourhood.wait_for_cards(&all).await?;
    neighbourhood.expect_one_card_each(&all).await?;
    settle(&mut neighbourhood).await?;
    let mut said_again: Vec<String> =
        neighbourhood.said_by_bot().await?.into_iter().map(|message| message.text).collect();
    assert!(said_again.pop().is_some_and(|text| text.contains("最后一件")));
    assert_eq!(said_again, said, "nothing in the room is another, and nothing is said twice");
    assert_eq!(private_chat(&mut neighbourhood.captain, &bot, "🤝").await?, told_captain);
    assert_eq!(private_chat(&mut helper, &bot, "🤝").await?, told_helper);
    let storage = neighbourhood.storage().await?;
    assert_eq!(ledger::trial_balance(&storage).await?, (0, 1), "the points are there again, once");
    storage.close().await;
    assert_eq!(std::fs::read(&file)?, taken, "the backup itself is left alone");
    Ok(())
}
