//! What strangers, other bots and people with strange names can't do to the bot, and what it doesn't do for those who may
//! not: on a real homeserver, with the bot as a process of its own.

mod among_bots;
mod harmless;
mod invitations;
mod whole_room;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use lamplighter_tests::{
    homeserver::{Direction, Person},
    neighbourhood::Neighbourhood,
    process,
};
use serde_json::Value;

/// The bot.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");
/// How long anything may take on a machine that does other things besides.
const PATIENCE: Duration = Duration::from_secs(240);
/// Events read at once; the rooms here hold fewer.
const EVENTS: u32 = 1_000;

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;

/// One homeserver and one bot for all of it: each scene has rooms of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_bots_and_strange_names() -> Result {
    let started = Instant::now();
    let lap = |scene: &str| process::say(&format!("{:>4} s: {scene}", started.elapsed().as_secs()));
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    // It takes two to three minutes until it is time; the bot is started anew in between.
    let whole_room = whole_room::ask(&mut neighbourhood).await?;
    lap("the whole room is to be reminded");
    harmless::play(&mut neighbourhood).await?;
    lap("strange names");
    among_bots::play(&mut neighbourhood).await?;
    lap("among bots");
    invitations::play(&mut neighbourhood).await?;
    lap("invitations");
    whole_room::play(&mut neighbourhood, whole_room).await?;
    lap("the whole room was reminded");
    Ok(())
}

/// The events of a room, oldest first.
async fn events(reader: &Person, room_id: &str) -> Result<Vec<Value>> {
    let page = reader.messages(room_id, None, Direction::Back, EVENTS).await?;
    let mut events = page.get("chunk").and_then(Value::as_array).cloned().unwrap_or_default();
    events.reverse();
    Ok(events)
}

/// Those of them that are messages by somebody.
fn said_by<'a>(events: &'a [Value], user_id: &str) -> Vec<&'a Value> {
    let by = |event: &&Value| {
        event["sender"] == user_id && event["type"] == "m.room.message" && event["content"]["body"].is_string()
    };
    events.iter().filter(by).collect()
}

fn body(event: &Value) -> &str {
    event["content"]["body"].as_str().unwrap_or_default()
}

/// Reads a room until it fulfils a condition.
async fn wait_until(
    reader: &Person,
    room_id: &str,
    what: &str,
    condition: impl Fn(&[Value]) -> bool,
) -> Result<Vec<Value>> {
    let end = Instant::now() + PATIENCE;
    let mut since: Option<String> = None;
    loop {
        let events = events(reader, room_id).await?;
        if condition(&events) {
            return Ok(events);
        }
        if Instant::now() > end {
            let bodies: Vec<&str> = events.iter().map(body).filter(|body| !body.is_empty()).collect();
            return Err(format!("still not: {what}; the room reads {bodies:#?}").into());
        }
        let news = reader.sync(since.as_deref(), 2_000, None).await?;
        since = news.get("next_batch").and_then(Value::as_str).map(str::to_owned);
    }
}

/// Changes the bot's config, for its next start.
fn change_config(path: &Path, from: &str, to: &str) -> Result {
    let text = std::fs::read_to_string(path)?;
    if !text.contains(from) {
        return Err(format!("the config has no {from:?}").into());
    }
    std::fs::write(path, text.replace(from, to))?;
    Ok(())
}
