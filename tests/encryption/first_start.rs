//! The very first start over a network that fails: the bot's device is trusted all the same, and its keys can come back.

use std::{path::Path, time::Duration};

use lamplighter_tests::{
    faulty::{Class, Fault, Faulty},
    homeserver::{Homeserver, Limits},
    process::{self, BOT_PASSWORD, Bot},
    resident::Resident,
};

use super::{LOOKS_MAX, PROGRAM, Result};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_answers_leave_nobody_distrusted() -> Result {
    let homeserver = Homeserver::start(Limits::None).await?;
    let account = homeserver.register("captain", "a door that is never locked").await?;
    let mut captain = Resident::log_in(homeserver.url(), &account, "王楼长").await?;
    // The first request about keys fails, whatever it is, and every so many after it: never the same one each time.
    for (localpart, fault, every) in [("lantern", Fault::DroppedAfter, 7), ("candle", Fault::BadGateway, 5)] {
        let bot_id = homeserver.register(localpart, BOT_PASSWORD).await?.user_id;
        let folder = tempfile::tempdir()?;
        let proxy = Faulty::start(homeserver.url()).await?;
        let server = (proxy.url(), homeserver.server_name());
        let config = process::write_config_for(folder.path(), server, localpart, &[])?;
        proxy.fail_only(Class::Keys, fault, every);
        let bot = Bot::start(Path::new(PROGRAM), &config, None)?;
        let log = || std::fs::read_to_string(process::log_path(&config)).unwrap_or_default();
        for _ in 0..LOOKS_MAX {
            if log().contains("Lamplighter is up") {
                break;
            }
            captain.sync_for(Duration::from_millis(200)).await?;
        }
        let met = proxy.relent().get(&Class::Keys).copied().unwrap_or_default();
        process::say(&format!("{fault:?}: {met} requests about keys failed"));
        assert!(met >= 2, "{fault:?} was hardly met: {}", log());
        assert!(log().contains("Lamplighter is up") && log().contains("trying again"), "{}", log());
        let store = folder.path().join("matrix-store");
        let session: serde_json::Value = serde_json::from_slice(&std::fs::read(store.join("session.json"))?)?;
        let device_id = session["device_id"].as_str().ok_or("no device id")?;
        assert!(captain.trusts_own_signature(&bot_id, device_id).await?, "{fault:?}: {}", log());
        assert!(store.join("recovery-key.txt").exists(), "{fault:?}: {}", log());
        drop(bot);
    }
    Ok(())
}
