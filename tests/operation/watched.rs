//! /healthz and /metrics of a bot on a real homeserver, by a clock that is moved by hand.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use chrono::DateTime;
use lamplighter::{
    clock::{Clock, ManualClock},
    gateway::matrix::{Bot, Pace},
    monitor::{
        Monitor,
        health::SYNC_SILENCE_MAX_MS,
        serve::{Endpoint, ask},
    },
    worker::Seed,
};
use lamplighter_tests::{
    gate::{Gate, Stand},
    homeserver::{Homeserver, Limits},
    process,
};

use super::Result;

/// A Monday evening.
const AT: &str = "2026-01-05T19:00:00+08:00";
/// So often a change is looked for, and so long in all.
const LOOK: Duration = Duration::from_millis(200);
/// See [`LOOK`].
const LOOKS_MAX: usize = 600;

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deaf_bot_says_so_and_hears_again() -> Result {
    process::log_if_asked();
    let homeserver = Homeserver::start(Limits::None).await?;
    let gate = Gate::start(homeserver.url()).await?;
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
        let event_id = captain.send_text(&room_id, text, text).await?;
        tokio::time::timeout(Duration::from_secs(60), bot.settled(&event_id)).await??;
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

    // The homeserver is away: after three minutes the bot says so, and no earlier.
    gate.set(Stand::Shut);
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
