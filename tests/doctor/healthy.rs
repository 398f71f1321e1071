//! Where all is well the doctor says so, before the first start and beside a running bot, and the bot doesn't notice.

use std::sync::Arc;

use lamplighter::{clock::SystemClock, doctor::State};
use lamplighter_tests::{
    homeserver::{Homeserver, Limits},
    neighbourhood::Neighbourhood,
    process::{self, BOT, BOT_PASSWORD},
    resident::Extras,
};
use serde_json::{Value, json};

use super::{PROGRAM, Result, look, of, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_first_start_nothing_is_wrong_yet() -> Result {
    let homeserver = Homeserver::start(Limits::None).await?;
    homeserver.register(BOT, BOT_PASSWORD).await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[])?;
    let (status, said) = run(&["doctor"], Some(&config))?;
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(said.lines().count(), 10, "{said}");
    assert!(said.lines().all(|line| line.starts_with("ok  ")), "{said}");
    let mut left: Vec<_> =
        std::fs::read_dir(folder.path())?.map(|entry| entry.map(|entry| entry.file_name())).collect();
    assert_eq!(left.pop().transpose()?.as_deref(), Some("lamplighter.toml".as_ref()), "the doctor writes no file");
    assert!(left.is_empty());
    Ok(())
}

/// The bot's keys as everybody gets them.
async fn public_keys(neighbourhood: &Neighbourhood) -> Result<Value> {
    let session = std::fs::read(neighbourhood.config.with_file_name("matrix-store").join("session.json"))?;
    let session: Value = serde_json::from_slice(&session)?;
    let account = lamplighter_tests::homeserver::Account {
        user_id: neighbourhood.bot_user_id.clone(),
        password: BOT_PASSWORD.to_owned(),
        access_token: session["access_token"].as_str().map(str::to_owned),
        device_id: session["device_id"].as_str().map(str::to_owned),
    };
    let bot = neighbourhood.homeserver.as_person(account);
    let body = json!({ "device_keys": { &neighbourhood.bot_user_id: [] } });
    let keys = bot.request(reqwest::Method::POST, &["v3", "keys", "query"], &[], Some(&body)).await?;
    let devices = bot.request(reqwest::Method::GET, &["v3", "devices"], &[], None).await?;
    let rooms = bot.request(reqwest::Method::GET, &["v3", "joined_rooms"], &[], None).await?;
    // When a device was last seen is not what this is about.
    let devices: Vec<&str> = devices["devices"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(|device| device["device_id"].as_str())
        .collect();
    Ok(json!({
        "devices": keys["device_keys"], "master": keys["master_keys"], "self": keys["self_signing_keys"],
        "signed in": devices, "rooms": rooms["joined_rooms"],
    }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_running_bot_that_goes_on_answering() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let config = neighbourhood.config.clone();
    let room_id = neighbourhood.room_id.clone();
    let bot = neighbourhood.bot_user_id.clone();
    let levels = |own: i64, to_say: i64| json!({ "users": { &bot: own }, "invite": 0, "events_default": to_say });
    let keys = public_keys(&neighbourhood).await?;

    // As it was made: the bot may talk and no more.
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let room = of(&findings, "room 3号楼");
    assert_eq!(room.state, State::Wrong);
    assert_eq!(room.found, "encrypted; may not redact, pin, notify: it has power level 0");
    assert!(room.mend.contains("power level 50"), "{room}");
    let wrong: Vec<&str> =
        findings.iter().filter(|finding| finding.state != State::Good).map(|finding| finding.what.as_str()).collect();
    assert_eq!(wrong, ["room 3号楼"], "all else is well");
    // Not even that.
    neighbourhood.captain.set_state(&room_id, "m.room.power_levels", levels(0, 40)).await?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let room = of(&findings, "room 3号楼");
    assert_eq!(room.found, "encrypted; may not send, react, redact, pin, notify: it has power level 0");
    // What the finding asks for.
    neighbourhood.captain.set_state(&room_id, "m.room.power_levels", levels(50, 0)).await?;
    let (status, said) = run(&["doctor"], Some(&config))?;
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("ok             room 3号楼: encrypted; may send, react, redact, pin and notify"), "{said}");
    assert!(said.contains("is signed by the account's own identity"), "{said}");
    assert!(said.contains("recovery-key.txt is there and fits the account"), "{said}");
    assert!(said.contains("key backup: on, with "), "{said}");

    neighbourhood.captain.say(&room_id, "！许愿 修灯", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;
    assert_eq!(public_keys(&neighbourhood).await?, keys, "no key, device or room is another");
    assert_eq!(neighbourhood.captain.undecrypted(), 0);

    // With the token of that very session in place of the password, while the bot has it too.
    let session = std::fs::read(config.with_file_name("matrix-store").join("session.json"))?;
    let session: Value = serde_json::from_slice(&session)?;
    let text = std::fs::read_to_string(&config)?;
    let with_token = text.replace(
        &format!("password = {BOT_PASSWORD:?}"),
        &format!("access_token = {}\ndevice_id = {}", session["access_token"], session["device_id"]),
    );
    assert_ne!(text, with_token);
    let by_token = config.with_file_name("by-token.toml");
    std::fs::write(&by_token, with_token)?;
    let (status, said) = run(&["doctor"], Some(&by_token))?;
    assert_eq!(status, Some(0), "{said}");
    neighbourhood.captain.discard_room_key(&room_id).await?;
    neighbourhood.captain.say(&room_id, "！许愿 遛狗", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned(), "遛狗".to_owned()]).await?;
    neighbourhood.expect_one_card_each(&["修灯".to_owned(), "遛狗".to_owned()]).await?;
    assert_eq!(public_keys(&neighbourhood).await?, keys, "no key, device or room is another");
    assert_eq!(neighbourhood.captain.undecrypted(), 0);

    let log = std::fs::read_to_string(process::log_path(&config))?;
    let alarms: Vec<&str> = log.lines().filter(|line| line.contains("ERROR") || line.contains("WARN")).collect();
    assert!(alarms.is_empty(), "the bot's operator is alarmed by the doctor: {alarms:#?}");

    // What only this set-up can show: the bot put out of its room, a recovery key that isn't the account's, and a
    // session that was ended from elsewhere.
    neighbourhood.stop_bot()?;
    let key_file = config.with_file_name("matrix-store").join("recovery-key.txt");
    let key = std::fs::read_to_string(&key_file)?;
    std::fs::write(&key_file, key.replace(' ', "").chars().rev().collect::<String>())?;
    let account = lamplighter_tests::homeserver::Account {
        user_id: bot.clone(),
        password: BOT_PASSWORD.to_owned(),
        access_token: session["access_token"].as_str().map(str::to_owned),
        device_id: session["device_id"].as_str().map(str::to_owned),
    };
    let as_bot = neighbourhood.homeserver.as_person(account);
    as_bot.leave(&room_id).await?;
    as_bot.request(reqwest::Method::POST, &["v3", "logout"], &[], Some(&json!({}))).await?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    for (what, found) in [
        ("room 3号楼", "the bot isn't in it"),
        ("recovery key", "doesn't fit the account"),
        ("session", "no longer accepts the bot's session"),
        ("cross-signing", "has no keys of the bot's device"),
    ] {
        let finding = of(&findings, what);
        assert!(finding.state == State::Wrong && finding.found.contains(found), "{finding}");
    }
    // The folder lost: an identity of which nobody has the keys.
    std::fs::remove_dir_all(config.with_file_name("matrix-store"))?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let finding = of(&findings, "cross-signing");
    assert!(finding.state == State::Wrong && finding.found.contains("has an identity already"), "{finding}");
    Ok(())
}
