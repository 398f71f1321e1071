//! /healthz and /metrics of a bot on a real homeserver, by a clock that is moved by hand.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use chrono::DateTime;
use lamplighter::{
    clock::{Clock, ManualClock},
    gateway::matrix::{Bot, Pace},
    monitor::{
        Monitor,
        health::{HEAD_AGE_MAX_MS, SYNC_SILENCE_MAX_MS},
        serve::{Endpoint, ask},
    },
    worker::Seed,
};
use lamplighter_storage::inbox;
use lamplighter_tests::{
    faulty::{Class, Fault, Faulty},
    gate::{Gate, Stand},
    homeserver::{Homeserver, Limits, Person},
    process,
};
use serde_json::json;

use super::Result;

/// A Monday evening.
const AT: &str = "2026-01-05T19:00:00+08:00";
/// So often a change is looked for, and so long in all.
const LOOK: Duration = Duration::from_millis(200);
/// See [`LOOK`].
const LOOKS_MAX: usize = 600;
/// The bot has so long for one message.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until the bot says this of itself.
async fn wait_for(address: SocketAddr, well: bool, part: &str) -> Result {
    let mut last = None;
    for _ in 0..LOOKS_MAX {
        let answer = ask(address).await?;
        if answer.0 == well && answer.1.contains(part) {
            return Ok(());
        }
        last = Some(answer);
        process::pause(LOOK).await;
    }
    Err(format!("{part:?} was expected, not {last:?}").into())
}

/// The figures: name and labels to value. Checks the format on the way.
async fn figures(address: SocketAddr) -> Result<BTreeMap<String, f64>> {
    let response = reqwest::get(format!("http://{address}/metrics")).await?;
    assert_eq!(response.status(), 200);
    let kind = response.headers()["content-type"].to_str()?.to_owned();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
    let text = response.text().await?;
    assert!(text.ends_with("# EOF\n"), "{text}");
    let mut found = BTreeMap::new();
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            assert!(["HELP ", "TYPE ", "UNIT ", "EOF"].iter().any(|word| comment.starts_with(word)), "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').ok_or_else(|| format!("{line}: no value"))?;
        assert!(name.starts_with("lamplighter_"), "{line}");
        let twice = found.insert(name.to_owned(), value.parse()?);
        assert_eq!(twice, None, "{line} stands twice");
    }
    Ok(found)
}

/// Somebody says something; waits until the bot has handled it and answered.
async fn heard(bot: &Bot, who: &Person, room_id: &str, text: &str) -> Result<String> {
    let event_id = who.send_text(room_id, text, text).await?;
    tokio::time::timeout(PATIENCE, bot.settled(&event_id)).await??;
    Ok(event_id)
}

/// Somebody says something; waits until the bot has handled it, whether or not it can answer.
async fn taken_in(bot: &Bot, who: &Person, room_id: &str, text: &str) -> Result {
    let event_id = who.send_text(room_id, text, text).await?;
    for _ in 0..LOOKS_MAX {
        if inbox::is_settled(bot.storage(), &event_id).await? {
            return Ok(());
        }
        process::pause(LOOK).await;
    }
    Err(format!("{text:?} isn't handled").into())
}

/// Waits until a figure has a value.
async fn wait_for_figure(address: SocketAddr, name: &str, value: f64) -> Result {
    let mut last = None;
    for _ in 0..LOOKS_MAX {
        last = figures(address).await?.get(name).copied();
        if last == Some(value) {
            return Ok(());
        }
        process::pause(LOOK).await;
    }
    Err(format!("{name} is {last:?}, not {value}").into())
}

/// Waits until a sync was taken in at the clock's instant: what is said in the room brings one.
async fn sync_now(bot: &Bot, address: SocketAddr, who: &Person, room_id: &str, text: &str) -> Result {
    taken_in(bot, who, room_id, text).await?;
    wait_for_figure(address, "lamplighter_sync_age_seconds", 0.0).await
}

/// One wish comes true and is paid.
async fn one_wish(bot: &Bot, captain: &Person, helper: &Person, room_id: &str) -> Result {
    captain.invite(room_id, helper.user_id()).await?;
    helper.join(room_id).await?;
    for (who, text) in [(helper, "！认领 1"), (helper, "！完成 1"), (captain, "！确认 1")] {
        heard(bot, who, room_id, text).await?;
    }
    Ok(())
}

/// What can't be sent for five minutes is stuck: the bot says so, and no earlier; and is well again when it is sent.
async fn stuck_and_free_again(
    (bot, address, clock): (&Bot, SocketAddr, &ManualClock),
    sends: &Faulty,
    captain: &Person,
    room_id: &str,
) -> Result {
    sends.fail_only(Class::Send, Fault::Internal, 1);
    let written_ms = clock.now_ms();
    taken_in(bot, captain, room_id, "！许愿 换锁").await?;
    clock.set(written_ms + HEAD_AGE_MAX_MS - 1);
    sync_now(bot, address, captain, room_id, "怎么没反应").await?;
    assert_eq!(ask(address).await?, (true, "ok".to_owned()));
    clock.set(written_ms + HEAD_AGE_MAX_MS);
    assert_eq!(ask(address).await?, (false, "the head of the outbox has waited for 300 s".to_owned()));
    let found = figures(address).await?;
    assert_eq!(found.get("lamplighter_outbox_head_age_seconds"), Some(&300.0), "{found:#?}");
    assert!(found.get("lamplighter_outbox_rows") >= Some(&1.0), "{found:#?}");
    assert_eq!(found.get("lamplighter_healthy"), Some(&0.0));

    assert!(sends.relent().get(&Class::Send) >= Some(&1), "nothing was ever tried");
    // Beyond the longest wait after a failure.
    clock.set(clock.now_ms() + 60_000);
    tokio::time::timeout(PATIENCE, bot.quiet(clock)).await??;
    assert_eq!(ask(address).await?, (true, "ok".to_owned()));
    wait_for_figure(address, "lamplighter_outbox_head_age_seconds", 0.0).await?;
    wait_for_figure(address, "lamplighter_outbox_rows", 0.0).await
}

/// An event whose key isn't there is counted as long as it waits.
async fn unreadable_and_gone(address: SocketAddr, captain: &Person, room_id: &str) -> Result {
    let name = "lamplighter_undecryptable_events";
    assert_eq!(figures(address).await?.get(name), Some(&0.0));
    let content = json!({
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg2yyOHU",
        "sender_key": "IlRMeOPX2e0MurIyfWEucYBRVOEEUMrOHqn/8mLqMjA",
        "device_id": "NOBODY",
        "session_id": "X3lUlvLELLYxeTx4yOVu6UDpasGEVO0Jbu+QFnm0cKQ",
    });
    let event_id = captain.send_event(room_id, "m.room.encrypted", &content, "unreadable").await?;
    wait_for_figure(address, name, 1.0).await?;
    captain.redact(room_id, &event_id).await?;
    wait_for_figure(address, name, 0.0).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deaf_bot_says_so_and_hears_again() -> Result {
    process::log_if_asked();
    let homeserver = Homeserver::start(Limits::None).await?;
    let sends = Faulty::start(homeserver.url()).await?;
    let gate = Gate::start(sends.url()).await?;
    homeserver.register(process::BOT, process::BOT_PASSWORD).await?;
    let bot_user_id = format!("@{}:{}", process::BOT, homeserver.server_name());
    let captain = homeserver.person("captain", Some("王楼长")).await?;
    let folder = tempfile::tempdir()?;
    let path = process::write_config(folder.path(), &homeserver, &[captain.user_id()])?;
    let text = std::fs::read_to_string(&path)?.replace(homeserver.url(), gate.url());
    std::fs::write(&path, text)?;
    let config = lamplighter_config::load(&path, &|_| None)?;
    let clock = Arc::new(ManualClock::at(DateTime::parse_from_rfc3339(AT)?.timestamp_millis()));
    let monitor = Arc::new(Monitor::new(Arc::clone(&clock) as _));
    let endpoint = Endpoint::bind("127.0.0.1:0".parse()?).await?;
    let address = endpoint.address()?;
    let serving = process::in_background(endpoint.serve(Arc::clone(&monitor)));
    assert_eq!(ask(address).await?, (false, "starting for 0 s: no sync yet".to_owned()));
    assert_eq!(reqwest::get(format!("http://{address}/")).await?.status(), 404);
    assert_eq!(reqwest::Client::new().post(format!("http://{address}/healthz")).send().await?.status(), 405);

    let matrix = config.require_matrix()?;
    let pace = Pace { edit_spacing_ms: 0, ..Pace::default() };
    let bot = Bot::start_watched(&config, matrix, Arc::clone(&clock) as _, Seed::Fixed, pace, monitor).await?;
    wait_for(address, true, "ok").await?;

    // An evening of one wish: what is done is counted, by what it was and what became of it.
    let room_id = captain.create_room("3号楼", &[&bot_user_id], None, false).await?;
    let mut since = None;
    let mut greeted = false;
    for _ in 0..LOOKS_MAX {
        let news = captain.sync(since.as_deref(), 1_000, None).await?;
        since = news["next_batch"].as_str().map(str::to_owned);
        greeted |= news.to_string().contains("大家好");
        if greeted {
            break;
        }
    }
    assert!(greeted, "the bot doesn't come");
    for text in ["！这是 3号楼", "！许愿 修灯", "！认领 99", "今天天气真好"] {
        heard(&bot, &captain, &room_id, text).await?;
    }
    let found = figures(address).await?;
    let figure = |name: &str| found.get(name).copied();
    let commands = |kind: &str, outcome: &str| {
        figure(&format!("lamplighter_commands_total{{kind=\"{kind}\",outcome=\"{outcome}\"}}"))
    };
    assert_eq!(commands("wish/post", "handled"), Some(1.0), "{found:#?}");
    assert_eq!(commands("wish/claim", "refused"), Some(1.0), "{found:#?}");
    assert_eq!(commands("text", "ignored"), Some(1.0), "{found:#?}");
    assert_eq!(figure("lamplighter_faults_total"), Some(0.0));
    assert_eq!(figure("lamplighter_healthy"), Some(1.0));
    for empty in ["outbox_rows", "outbox_head_age_seconds", "outbox_parked_rows", "undecryptable_events"] {
        assert_eq!(figure(&format!("lamplighter_{empty}")), Some(0.0), "{empty}");
    }
    assert!(figure("lamplighter_agenda_rows") >= Some(1.0), "the digest is on the agenda: {found:#?}");
    assert!(figure("lamplighter_commit_latency_seconds_count") >= Some(3.0), "{found:#?}");
    assert!(figure("lamplighter_send_latency_seconds_count") >= Some(3.0), "{found:#?}");
    assert!(found.keys().any(|name| name.starts_with("lamplighter_build_info{version=")), "{found:#?}");
    assert!(found.keys().all(|name| !name.contains(&room_id) && !name.contains('@')), "nobody is named: {found:#?}");

    let helper = homeserver.person("helper", Some("张叔")).await?;
    one_wish(&bot, &captain, &helper, &room_id).await?;
    let found = figures(address).await?;
    let ledgers: Vec<_> = found.iter().filter(|(name, _)| name.starts_with("lamplighter_ledger_sum")).collect();
    assert!(!ledgers.is_empty() && ledgers.iter().all(|(_, sum)| **sum == 0.0), "{found:#?}");
    unreadable_and_gone(address, &captain, &room_id).await?;
    stuck_and_free_again((&bot, address, &clock), &sends, &captain, &room_id).await?;

    // The homeserver is away: after three minutes the bot says so, and no earlier.
    // A sync that was answered just before is handled first; a read receipt may be among those who come in vain.
    gate.shut_for(2).await?;
    let heard_ms = clock.now_ms();
    clock.set(heard_ms + SYNC_SILENCE_MAX_MS - 1);
    assert_eq!(ask(address).await?, (true, "ok".to_owned()));
    clock.set(heard_ms + SYNC_SILENCE_MAX_MS);
    assert_eq!(ask(address).await?, (false, "no successful sync for 180 s".to_owned()));
    assert_eq!(figures(address).await?.get("lamplighter_healthy"), Some(&0.0));
    assert_eq!(figures(address).await?.get("lamplighter_sync_age_seconds"), Some(&180.0));
    gate.set(Stand::Open);
    wait_for(address, true, "ok").await?;

    bot.stop().await;
    assert_eq!(ask(address).await?, (false, "stopping".to_owned()));
    serving.abort();
    Ok(())
}
