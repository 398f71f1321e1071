//! Encrypted rooms on a real Synapse: keys that come late, the folder of keys lost and got back, logins by password and by
//! token, verification by emoji, rooms that turn encryption on or hold back their keys, and a client of another make.

mod first_start;
mod late_keys;
mod login;
mod nio;
mod recovery;
mod rooms;
mod verification;

use std::{path::Path, process::Command, time::Duration};

use lamplighter_tests::{
    homeserver::Account,
    neighbourhood::Neighbourhood,
    process::{self, BOT_PASSWORD},
};
use matrix_sdk::ruma::UserId;
use serde_json::Value;

/// The bot.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;

/// Something on the server that must come is looked for this often.
const LOOKS_MAX: usize = 600;
/// Between two looks the captain's app waits at most so long for news.
const LOOK_PAUSE: Duration = Duration::from_millis(200);

/// Changes the config of a bot that doesn't run.
fn configure(config: &Path, from: &str, to: &str) -> Result {
    let text = std::fs::read_to_string(config)?;
    let changed = text.replace(from, to);
    if text == changed {
        return Err(format!("the config has no {from:?}").into());
    }
    Ok(std::fs::write(config, changed)?)
}

/// Runs the bot with a config that it must refuse; gives what it says.
fn refused(config: &Path) -> Result<String> {
    let output = Command::new(PROGRAM).args(["run", "--config"]).arg(config).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() != Some(1) {
        return Err(format!("it ended with {:?}: {said}", output.status).into());
    }
    Ok(said)
}

/// The account that the bot's folder is signed in to.
fn bot_account(neighbourhood: &Neighbourhood) -> Result<Account> {
    let session = std::fs::read(neighbourhood.config.with_file_name("matrix-store").join("session.json"))?;
    let session: Value = serde_json::from_slice(&session)?;
    Ok(Account {
        user_id: neighbourhood.bot_user_id.clone(),
        password: BOT_PASSWORD.to_owned(),
        access_token: session["access_token"].as_str().map(str::to_owned),
        device_id: session["device_id"].as_str().map(str::to_owned),
    })
}

/// Waits until the captain's app knows the bot's device of now: what is said before that can't be meant for it.
async fn wait_until_known(neighbourhood: &mut Neighbourhood) -> Result {
    let bot = UserId::parse(&neighbourhood.bot_user_id)?;
    for _ in 0..LOOKS_MAX {
        // The folder may be new, and nothing in it yet.
        if let Some(device) = bot_account(neighbourhood).ok().and_then(|account| account.device_id) {
            let encryption = neighbourhood.captain.client().encryption();
            encryption.request_user_identity(&bot).await?;
            if encryption.get_device(&bot, device.as_str().into()).await?.is_some() {
                return Ok(());
            }
        }
        neighbourhood.captain.sync_for(LOOK_PAUSE).await?;
    }
    Err("the bot's device has no keys on the homeserver".into())
}

/// What the bot has logged.
fn log(neighbourhood: &Neighbourhood) -> String {
    std::fs::read_to_string(process::log_path(&neighbourhood.config)).unwrap_or_default()
}

/// Waits until the bot has logged something that contains this, after so many bytes.
async fn wait_for_log(neighbourhood: &mut Neighbourhood, after: usize, text: &str) -> Result<String> {
    for _ in 0..LOOKS_MAX {
        let log = log(neighbourhood).get(after..).unwrap_or_default().to_owned();
        if let Some(line) = log.lines().find(|line| line.contains(text)) {
            return Ok(line.to_owned());
        }
        neighbourhood.captain.sync_for(LOOK_PAUSE).await?;
    }
    Err(format!("the bot doesn't log {text:?}:\n{}", log(neighbourhood)).into())
}
