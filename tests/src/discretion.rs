//! Whether the bot's log names nobody: looked for is everything that its own database, its session and its config know of
//! people, rooms, events and texts. For tests that make the bot log something out of the ordinary.

use std::{collections::BTreeSet, path::Path};

use lamplighter_storage::{Location, Storage, privacy};

use crate::{
    Result,
    process::{self, BOT, BOT_PASSWORD},
};

/// The columns in which people, rooms and events are named, and what residents wrote is kept.
const TELLING: [(&str, &str); 15] = [
    ("person", "user_id"),
    ("person", "display_name"),
    ("room", "room_id"),
    ("room", "name"),
    ("inbox", "event_id"),
    ("outbox", "event_id"),
    ("wish", "text"),
    ("activity", "title"),
    ("activity", "place"),
    ("poll", "question"),
    ("task", "text"),
    ("seat", "guest"),
    ("check_in", "note"),
    ("reminder", "text"),
    ("command", "text"),
];
/// A token in what the bot keeps of its session.
const SESSION: [&str; 2] = ["access_token", "refresh_token"];

/// Which of these stand in a log, with the line.
fn found(log: &str, secrets: &BTreeSet<String>) -> Vec<String> {
    let holding = |secret: &String| {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        line.map(|line| format!("{secret:?} in: {line}"))
    };
    secrets.iter().filter_map(holding).collect()
}

/// Fails if the log of a bot with this config, at the level that operators get, names anybody or anything; and if it doesn't
/// hold what the test is about: then nothing would have been looked at.
pub async fn expect_discreet(config: &Path, about: &[&str]) -> Result<()> {
    if std::env::var_os("RUST_LOG").is_some() {
        process::say("RUST_LOG is set: the log is another one than operators get, and wasn't searched");
        return Ok(());
    }
    let log = std::fs::read_to_string(process::log_path(config))?;
    if let Some(missing) = about.iter().find(|line| !log.contains(**line)) {
        return Err(format!("the log doesn't hold {missing:?}:\n{log}").into());
    }
    let mut secrets = BTreeSet::from([BOT_PASSWORD.to_owned(), "a door that is never locked".to_owned()]);
    let storage = Storage::open(Location::File(&process::database_path(config))).await?;
    for (table, column, value) in privacy::every_text(&storage).await? {
        // Its own name is that of the program as well.
        if TELLING.contains(&(table.as_str(), column.as_str())) && value.chars().count() > 1 && value != BOT {
            secrets.insert(value);
        }
    }
    storage.close().await;
    if secrets.len() <= 2 {
        return Err("the database knows nobody".into());
    }
    let store = config.with_file_name("matrix-store");
    let session: serde_json::Value = serde_json::from_slice(&std::fs::read(store.join("session.json"))?)?;
    secrets.extend(SESSION.iter().filter_map(|key| session[key].as_str().map(str::to_owned)));
    if let Ok(recovery_key) = std::fs::read_to_string(store.join("recovery-key.txt")) {
        secrets.insert(recovery_key.trim().to_owned());
    }
    let found = found(&log, &secrets);
    if found.is_empty() { Ok(()) } else { Err(format!("the log isn't discreet: {found:#?}").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_log_is_found() {
        let secrets = BTreeSet::from(["李阿姨".to_owned(), "@li:lamplighter.test".to_owned(), "修灯".to_owned()]);
        assert!(found("INFO lamplighter: Lamplighter is up\nWARN not sent yet", &secrets).is_empty());
        let found = found("INFO up\nINFO told 李阿姨 by @li:lamplighter.test", &secrets);
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
