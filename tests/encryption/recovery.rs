//! The folder of keys lost: with the password and the recovery key the bot comes back as a new device, trusted as before,
//! and reads what it missed with the keys of its backup. Without the key it says aloud what to do; and what doesn't fit
//! together it refuses.

use std::path::Path;

use lamplighter_storage::inbox;
use lamplighter_tests::{neighbourhood::Neighbourhood, proxy::Proxy, resident::Extras};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    LOOK_PAUSE, LOOKS_MAX, PROGRAM, Result, bot_account, configure, log, refused, wait_for_log, wait_until_known,
};

/// The backup holds everything that the bot could read.
async fn wait_for_backup(neighbourhood: &mut Neighbourhood, keys_min: i64) -> Result {
    let bot = neighbourhood.homeserver.as_person(bot_account(neighbourhood)?);
    let mut last = Value::Null;
    for _ in 0..LOOKS_MAX {
        last = bot.request(Method::GET, &["v3", "room_keys", "version"], &[], None).await?;
        if last["count"].as_i64().is_some_and(|count| count >= keys_min) {
            return Ok(());
        }
        neighbourhood.captain.sync_for(LOOK_PAUSE).await?;
    }
    Err(format!("the key backup stays at {last}").into())
}

async fn expect_trusted(neighbourhood: &mut Neighbourhood) -> Result {
    let device = bot_account(neighbourhood)?.device_id.ok_or("no device")?;
    let bot = neighbourhood.bot_user_id.clone();
    for _ in 0..LOOKS_MAX {
        if neighbourhood.captain.trusts_own_signature(&bot, &device).await? {
            return Ok(());
        }
        neighbourhood.captain.sync_for(LOOK_PAUSE).await?;
    }
    Err(format!("device {device} isn't signed by the account's identity").into())
}

fn lose(folder: &Path) -> Result {
    Ok(std::fs::remove_dir_all(folder)?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_folder_comes_back_from_the_recovery_key() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let proxy = Proxy::start(neighbourhood.homeserver.url()).await?;
    let mut late = neighbourhood.resident_at(proxy.url(), "late", "李阿姨").await?;
    late.sync().await?;
    let room_id = neighbourhood.room_id.clone();
    let folder = neighbourhood.config.with_file_name("matrix-store");
    neighbourhood.captain.say(&room_id, "！许愿 修灯", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;
    let first_device = bot_account(&neighbourhood)?.device_id;
    // The captain's key and the bot's own.
    wait_for_backup(&mut neighbourhood, 2).await?;
    // One message whose key isn't there is waiting when the folder is lost.
    proxy.hold();
    let waiting = late.say(&room_id, "！许愿 搬柜子", &Extras::default()).await?;
    let storage = neighbourhood.storage().await?;
    for _ in 0..LOOKS_MAX {
        if inbox::waiting_count(&storage).await? == 1 {
            break;
        }
        neighbourhood.captain.sync_for(LOOK_PAUSE).await?;
    }
    assert_eq!(inbox::waiting(&storage, 0, 9).await?.first().map(|event| event.event_id.clone()), Some(waiting));
    storage.close().await;

    // The folder goes; what is said meanwhile is said with the key that the old device had.
    neighbourhood.stop_bot()?;
    neighbourhood.captain.say(&room_id, "！许愿 借梯子", &Extras::default()).await?;
    let key = std::fs::read_to_string(folder.join("recovery-key.txt"))?;
    lose(&folder)?;
    configure(
        &neighbourhood.config,
        "store = \"matrix-store\"",
        &format!("store = \"matrix-store\"\nrecovery_key = {:?}", key.trim()),
    )?;
    neighbourhood.start_bot(None)?;
    let two = ["修灯".to_owned(), "借梯子".to_owned()];
    neighbourhood.wait_for_cards(&two).await?;
    neighbourhood.expect_one_card_each(&two).await?;
    assert_ne!(bot_account(&neighbourhood)?.device_id, first_device, "a new device");
    expect_trusted(&mut neighbourhood).await?;
    let alarms: Vec<String> =
        log(&neighbourhood).lines().filter(|line| line.contains("ERROR")).map(Into::into).collect();
    assert!(alarms.is_empty(), "{alarms:#?}");
    assert!(!folder.join("recovery-key.txt").exists(), "a key that was given isn't written down");
    assert_eq!(neighbourhood.captain.undecrypted(), 1, "only the one whose key is held back");
    // Speaking and listening go on.
    neighbourhood.captain.say(&room_id, "！许愿 遛狗", &Extras::default()).await?;
    let three = ["修灯".to_owned(), "借梯子".to_owned(), "遛狗".to_owned()];
    neighbourhood.wait_for_cards(&three).await?;

    // Lost again, all but the key's file.
    neighbourhood.stop_bot()?;
    lose(&folder)?;
    std::fs::create_dir(&folder)?;
    std::fs::write(folder.join("recovery-key.txt"), &key)?;
    configure(&neighbourhood.config, &format!("recovery_key = {:?}\n", key.trim()), "")?;
    neighbourhood.captain.say(&room_id, "！许愿 浇花", &Extras::default()).await?;
    neighbourhood.start_bot(None)?;
    let four = ["修灯", "借梯子", "遛狗", "浇花"].map(str::to_owned);
    neighbourhood.wait_for_cards(&four).await?;
    neighbourhood.expect_one_card_each(&four).await?;
    expect_trusted(&mut neighbourhood).await?;

    // A key that doesn't fit, and none at all.
    neighbourhood.stop_bot()?;
    lose(&folder)?;
    let other: String = key.trim().replace(' ', "").chars().rev().collect();
    configure(
        &neighbourhood.config,
        "store = \"matrix-store\"",
        &format!("store = \"matrix-store\"\nrecovery_key = {other:?}"),
    )?;
    let said = refused(&neighbourhood.config)?;
    assert!(said.contains("the recovery key of [matrix] recovery_key doesn't open"), "{said}");
    assert!(!said.contains(&other), "no secret is shown");
    lose(&folder)?;
    configure(&neighbourhood.config, &format!("recovery_key = {other:?}\n"), "")?;
    let before = log(&neighbourhood).len();
    neighbourhood.start_bot(None)?;
    let line = wait_for_log(&mut neighbourhood, before, "THE BOT'S DEVICE ISN'T VERIFIED").await?;
    assert!(line.contains("[matrix] recovery_key") && line.contains("Meanwhile the bot answers"), "{line}");
    // What still works: a new message reaches it, for this app doesn't mind.
    wait_until_known(&mut neighbourhood).await?;
    neighbourhood.captain.say(&room_id, "！许愿 修门", &Extras::default()).await?;
    let five = ["修灯", "借梯子", "遛狗", "浇花", "修门"].map(str::to_owned);
    neighbourhood.wait_for_cards(&five).await?;
    neighbourhood.expect_one_card_each(&five).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn session_and_keys_are_kept_together_and_locked_by_the_passphrase() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    neighbourhood.stop_bot()?;
    let config = neighbourhood.config.clone();
    let folder = config.with_file_name("matrix-store");
    let aside = config.with_file_name("aside");

    // The keys without the session, and the session without the keys.
    std::fs::rename(folder.join("session.json"), &aside)?;
    let said = refused(&config)?;
    assert!(said.contains("holds encryption keys but not the session") && said.contains("recovery_key"), "{said}");
    std::fs::rename(&aside, folder.join("session.json"))?;
    std::fs::rename(folder.join("matrix-sdk"), &aside)?;
    let said = refused(&config)?;
    assert!(said.contains("but not its encryption keys") && said.contains("put the whole folder back"), "{said}");
    std::fs::rename(&aside, folder.join("matrix-sdk"))?;
    // A passphrase for what has none.
    configure(&config, "store = \"matrix-store\"", "store = \"matrix-store\"\nstore_passphrase = \"hush\"")?;
    let said = refused(&config)?;
    assert!(said.contains("it was made without a passphrase"), "{said}");

    // A folder made with one.
    let key = std::fs::read_to_string(folder.join("recovery-key.txt"))?;
    lose(&folder)?;
    std::fs::create_dir(&folder)?;
    std::fs::write(folder.join("recovery-key.txt"), key)?;
    neighbourhood.start_bot(None)?;
    wait_until_known(&mut neighbourhood).await?;
    neighbourhood.captain.say(&neighbourhood.room_id, "！许愿 修灯", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;
    neighbourhood.stop_bot()?;
    configure(&config, "\"hush\"", "\"another\"")?;
    let said = refused(&config)?;
    assert!(said.contains("the passphrase doesn't open it") && !said.contains("another\""), "{said}");
    configure(&config, "store_passphrase = \"another\"\n", "")?;
    let said = refused(&config)?;
    assert!(said.contains("it is encrypted, and no passphrase is given"), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "one sentence: {said}");
    // From the environment it opens.
    let mut bot = std::process::Command::new(PROGRAM);
    bot.args(["doctor", "--config"]).arg(&config).env("LAMPLIGHTER_STORE_PASSPHRASE", "hush");
    let said = String::from_utf8_lossy(&bot.output()?.stdout).into_owned();
    assert!(said.contains("ok             session"), "{said}");

    // A device that has keys on the server, and an empty folder.
    let account = bot_account(&neighbourhood)?;
    let (token, device) =
        (account.access_token.clone().ok_or("no token")?, account.device_id.clone().ok_or("no device")?);
    lose(&folder)?;
    configure(
        &config,
        &format!("password = {:?}", account.password),
        &format!("access_token = {token:?}\ndevice_id = {device:?}"),
    )?;
    let said = refused(&config)?;
    assert!(said.contains(&format!("the device {device} of [matrix] device_id has encryption keys")), "{said}");
    assert!(!said.contains(&token), "no secret is shown");
    // It stays refused, and nothing was uploaded over the keys that are there.
    assert!(refused(&config)?.contains("has encryption keys"));
    let bot = neighbourhood.homeserver.as_person(account);
    let body = json!({ "device_keys": { &neighbourhood.bot_user_id: [device] } });
    let keys = bot.request(Method::POST, &["v3", "keys", "query"], &[], Some(&body)).await?;
    assert!(keys["device_keys"][&neighbourhood.bot_user_id][&device].is_object(), "{keys}");
    Ok(())
}
