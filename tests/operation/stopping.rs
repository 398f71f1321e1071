//! Stopping: what was said still goes out, for ten seconds and not longer; a second word ends it at once; what wasn't sent
//! is sent at the next start, once. And what systemd is told, and what stands in the log meanwhile.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use lamplighter::sender::DRAIN_MAX;
use lamplighter_storage::{Location, Storage, outbox};
use lamplighter_tests::{
    gate::{Gate, Stand},
    homeserver::Person,
    neighbourhood::Neighbourhood,
    process::{self, Bot},
    systemd::Systemd,
};

use super::{PROGRAM, Result, run};

/// Wishes in a burst.
const WISHES: usize = 12;
/// What a busy machine may need beyond what is promised.
const SLOWNESS: Duration = Duration::from_secs(15);
/// How long something is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

fn wishes(of: &str) -> Vec<String> {
    (1..=WISHES).map(|number| format!("{of}{number:02}")).collect()
}

/// Waits until so many rows wait to be sent.
async fn wait_for_rows(storage: &Storage, least: i64) -> Result {
    let begun = Instant::now();
    while outbox::depth(storage).await? < least {
        if begun.elapsed() > PATIENCE {
            return Err("nothing waits to be sent".into());
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}

fn change_config(config: &Path, from: &str, to: &str) -> Result {
    let text = std::fs::read_to_string(config)?;
    let changed = text.replace(from, to);
    assert_ne!(text, changed, "the config has no {from}");
    Ok(std::fs::write(config, changed)?)
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_goes_out_before_the_end_or_after_the_next_start() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let gate = Gate::start(neighbourhood.homeserver.url()).await?;
    neighbourhood.stop_bot()?;
    let config = neighbourhood.config.clone();
    let homeserver = format!("{:?}", neighbourhood.homeserver.url());
    change_config(&config, &format!("homeserver = {homeserver}"), &format!("homeserver = {:?}", gate.url()))?;
    let monitoring = format!("[monitoring]\nlisten = \"127.0.0.1:{}\"\n[log]\nformat = \"json\"\n", free_port()?);
    change_config(&config, "[[community]]", &format!("{monitoring}[[community]]"))?;
    let log = process::log_path(&config);
    std::fs::remove_file(&log)?;
    let systemd = Systemd::listen(&config.with_file_name("notify"))?;
    let start = || {
        Bot::start_with(Path::new(PROGRAM), &config, |command| {
            command.env("NOTIFY_SOCKET", systemd.path()).env("WATCHDOG_USEC", "1000000");
        })
    };
    let health = || run(Command::new(PROGRAM).arg("health").arg("--config").arg(&config));
    let person = neighbourhood.person("li").await?;
    let room_id = neighbourhood.room_id.clone();

    // Asked to stop in the middle of a burst, it sends what it has said.
    let mut bot = start()?;
    systemd.is_told("EXTEND_TIMEOUT_USEC=900000000")?;
    systemd.is_told("READY=1")?;
    assert!(systemd.is_told("WATCHDOG=1")?.contains("STATUS="));
    let storage = Storage::open(Location::File(&process::database_path(&config))).await?;
    let first = wishes("早安灯");
    for wish in &first {
        person.send_text(&room_id, &format!("！许愿 {wish}"), wish).await?;
    }
    wait_for_rows(&storage, 3).await?;
    assert_eq!(health()?, (true, "ok\n".to_owned()));
    let begun = Instant::now();
    bot.ask_to_stop()?;
    systemd.is_told("STOPPING=1")?;
    assert_eq!(bot.wait()?, Some(0));
    let took = begun.elapsed();
    assert!(took < DRAIN_MAX + SLOWNESS, "stopping took {took:?}");
    let left = outbox::depth(&storage).await?;
    process::say(&format!("stopped in {took:?}, {left} rows left"));
    assert!(left == 0 || took >= DRAIN_MAX, "{left} rows are left though there was time");
    let (well, said) = health()?;
    assert!(!well && said.contains("no answer from 127.0.0.1:"), "{said}");

    // The homeserver is gone when it is asked to stop: it gives up in time and loses nothing.
    let mut bot = start()?;
    systemd.is_told("READY=1")?;
    neighbourhood.wait_for_cards(&first).await?;
    let second = wishes("晚安灯");
    for wish in &second {
        person.send_text(&room_id, &format!("！许愿 {wish}"), wish).await?;
    }
    wait_for_rows(&storage, 3).await?;
    gate.set(Stand::Shut);
    let begun = Instant::now();
    bot.ask_to_stop()?;
    assert_eq!(bot.wait()?, Some(0));
    let took = begun.elapsed();
    assert!(took < DRAIN_MAX + SLOWNESS, "stopping took {took:?}");
    assert!(outbox::depth(&storage).await? > 0, "there was nobody to send it to");
    gate.set(Stand::Open);

    // The homeserver hangs, and the operator has no patience.
    let mut bot = start()?;
    systemd.is_told("READY=1")?;
    neighbourhood.wait_for_cards(&second).await?;
    let third = wishes("半夜灯");
    for wish in &third {
        person.send_text(&room_id, &format!("！许愿 {wish}"), wish).await?;
    }
    wait_for_rows(&storage, 3).await?;
    gate.set(Stand::Stuck);
    bot.ask_to_stop()?;
    systemd.is_told("STOPPING=1")?;
    let begun = Instant::now();
    bot.ask_to_stop()?;
    let status = bot.wait()?;
    let took = begun.elapsed();
    assert_eq!(status, Some(1), "it didn't wait to the end");
    assert!(outbox::depth(&storage).await? > 0, "the homeserver took nothing");
    assert!(took < DRAIN_MAX, "asked twice, it took {took:?}");
    gate.set(Stand::Open);

    let mut bot = start()?;
    systemd.is_told("READY=1")?;
    let all = [first, second, third].concat();
    neighbourhood.wait_for_cards(&all).await?;
    neighbourhood.expect_one_card_each(&all).await?;
    has_read(&neighbourhood, &person).await?;
    assert!(bot.stop()?, "it ends well");
    logs_are_json(&log)
}

/// The homeserver is told how far the bot has read.
async fn has_read(neighbourhood: &Neighbourhood, person: &Person) -> Result {
    let begun = Instant::now();
    let mut since = None;
    while begun.elapsed() < PATIENCE {
        let answer = person.sync(since.as_deref(), 1_000, None).await?;
        let events = &answer["rooms"]["join"][&neighbourhood.room_id]["ephemeral"]["events"];
        let receipts = events.as_array().into_iter().flatten().filter(|event| event["type"] == "m.receipt");
        let mut read = receipts.filter_map(|event| event["content"].as_object()).flatten();
        if read.any(|(_, by)| by["m.read"].get(&neighbourhood.bot_user_id).is_some()) {
            return Ok(());
        }
        since = answer["next_batch"].as_str().map(str::to_owned);
    }
    Err("there is no read receipt of the bot".into())
}

fn logs_are_json(log: &Path) -> Result {
    let text = std::fs::read_to_string(log)?;
    let mut lines = 0;
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).map_err(|error| format!("{line}: {error}"))?;
        for key in ["timestamp", "level", "message"] {
            assert!(value[key].is_string(), "{key} is missing in {line}");
        }
        lines += 1;
    }
    assert!(lines >= 4, "the log has only {lines} lines");
    Ok(())
}
