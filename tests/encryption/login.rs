//! Login by an access token and its device, as servers with the Matrix Authentication Service give them out.

use lamplighter_tests::{neighbourhood::Neighbourhood, process::BOT_PASSWORD, resident::Extras};
use reqwest::Method;

use super::{PROGRAM, Result, bot_account, configure, log, wait_for_log, wait_until_known};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_works_in_an_encrypted_room() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let room_id = neighbourhood.room_id.clone();
    let config = neighbourhood.config.clone();
    let folder = config.with_file_name("matrix-store");
    neighbourhood.stop_bot()?;
    let key = std::fs::read_to_string(folder.join("recovery-key.txt"))?;

    // A login made elsewhere; the account has an identity already, and no password is at hand to confirm another.
    let login = neighbourhood.homeserver.log_in(&neighbourhood.bot_user_id, BOT_PASSWORD).await?;
    let token = login.account().access_token.clone().ok_or("no token")?;
    let device = login.account().device_id.clone().ok_or("no device")?;
    std::fs::remove_dir_all(&folder)?;
    configure(
        &config,
        &format!("password = {BOT_PASSWORD:?}"),
        &format!("access_token = {token:?}\ndevice_id = {device:?}"),
    )?;
    let before = log(&neighbourhood).len();
    neighbourhood.start_bot(None)?;
    let line = wait_for_log(&mut neighbourhood, before, "THE BOT'S DEVICE ISN'T VERIFIED").await?;
    assert!(line.contains("Write the account's recovery key into [matrix] recovery_key"), "{line}");
    wait_until_known(&mut neighbourhood).await?;
    neighbourhood.captain.say(&room_id, "！许愿 修灯", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;
    assert!(!neighbourhood.captain.trusts_own_signature(&neighbourhood.bot_user_id, &device).await?);
    let said = std::process::Command::new(PROGRAM).args(["doctor", "--config"]).arg(&config).output()?.stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.contains("isn't signed by the account's identity") && said.contains("recovery_key"), "{said}");
    neighbourhood.stop_bot()?;

    // With the recovery key the same device is trusted, without a password.
    configure(
        &config,
        "store = \"matrix-store\"",
        &format!("store = \"matrix-store\"\nrecovery_key = {:?}", key.trim()),
    )?;
    neighbourhood.start_bot(None)?;
    neighbourhood.captain.say(&room_id, "！许愿 借梯子", &Extras::default()).await?;
    let two = ["修灯".to_owned(), "借梯子".to_owned()];
    neighbourhood.wait_for_cards(&two).await?;
    neighbourhood.expect_one_card_each(&two).await?;
    assert!(neighbourhood.captain.trusts_own_signature(&neighbourhood.bot_user_id, &device).await?);
    assert_eq!(bot_account(&neighbourhood)?.device_id.as_deref(), Some(device.as_str()));
    let backup = login.request(Method::GET, &["v3", "room_keys", "version"], &[], None).await?;
    assert!(backup["count"].as_i64().is_some(), "{backup}");
    let said = std::process::Command::new(PROGRAM).args(["doctor", "--config"]).arg(&config).output()?.stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    for good in ["cross-signing: device", "recovery key: that of [matrix] recovery_key fits", "key backup: on"] {
        assert!(said.lines().any(|line| line.starts_with("ok ") && line.contains(good)), "{good}: {said}");
    }
    Ok(())
}
