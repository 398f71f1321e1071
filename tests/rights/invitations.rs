//! Invitations: by policy, to so many rooms, and a wave of them leaves nothing behind while the bot goes on answering.

use std::{path::Path, time::Instant};

use futures_util::future::try_join_all;
use lamplighter_storage::dump;
use lamplighter_tests::{
    homeserver::Person,
    neighbourhood::Neighbourhood,
    process::{self, database_path, log_path},
};
use reqwest::Method;
use serde_json::Value;

use super::{PATIENCE, Result, change_config};

/// Those whom nobody has told the bot about.
const SPAMMERS: usize = 2;
const ROOMS_EACH: usize = 5;
/// How often each invites to each of their rooms, at once after the no: 120 in all, and more often than the bot tries to
/// join. LAMPLIGHTER_WAVE=100 makes it a thousand.
const ROUNDS: usize = 12;
/// In how many rooms the bot may be.
const ROOMS_MAX: usize = 3;
/// Rows that the database may grow by, however many invitations come: those of the five wishes amid them.
const ROWS_MAX: usize = 150;
/// What the encryption store may grow by: pages of the database are left free, not given back.
const STORE_KB_MAX: u64 = 2_048;
/// What the process may grow by: what is in hand at once, not what has come.
const ANONYMOUS_KB_MAX: u64 = 12_288;
/// Lines that the log may grow by, however many invitations come: one a minute tells of them.
const LOG_LINES_MAX: usize = 20;

/// The wave, then the limit.
pub async fn play(neighbourhood: &mut Neighbourhood) -> Result {
    let server = neighbourhood.homeserver.server_name().to_owned();
    neighbourhood.stop_bot()?;
    let before = format!("invites = [\"@*:{server}\"]");
    change_config(
        &neighbourhood.config,
        &before,
        &format!("invites = [\"{}\"]\nrooms_max = {ROOMS_MAX}", neighbourhood.captain.user_id()),
    )?;
    neighbourhood.start_bot(None)?;
    wave(neighbourhood).await?;
    limit(neighbourhood).await
}

/// What there is of the bot.
#[derive(Clone, Copy, Debug)]
struct Kept {
    /// Rows in its database.
    rows: usize,
    /// Its encryption store, which holds what the SDK knows of rooms.
    store_kb: u64,
    /// Memory of its own, of the kernel's count; not known everywhere.
    anonymous_kb: u64,
}

impl Kept {
    async fn by(neighbourhood: &Neighbourhood) -> Result<Self> {
        let storage = neighbourhood.storage().await?;
        let rows = dump::tables(&storage).await?.values().map(Vec::len).sum();
        storage.close().await;
        let bytes = bytes_below(&neighbourhood.config.with_file_name("matrix-store"))?;
        let process = neighbourhood.bot.as_ref().map(process::Bot::id).unwrap_or_default();
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap_or_default();
        let anonymous_kb = line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or_default();
        Ok(Self { rows, store_kb: bytes / 1_024, anonymous_kb })
    }
}

fn bytes_below(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { bytes_below(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

fn log_lines(neighbourhood: &Neighbourhood) -> usize {
    std::fs::read_to_string(log_path(&neighbourhood.config)).unwrap_or_default().lines().count()
}

async fn is_out(inviter: &Person, room_id: &str, bot: &str) -> Result<Option<String>> {
    let member = inviter.state(room_id, "m.room.member", bot).await?.unwrap_or_default();
    let text = |key: &str| member.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok((text("membership") == "leave").then(|| text("reason")))
}

/// Waits until the bot has declined, and gives the reason that it gave.
async fn declined(inviter: &Person, room_id: &str, bot: &str) -> Result<String> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(reason) = is_out(inviter, room_id, bot).await? {
            return Ok(reason);
        }
        if Instant::now() > end {
            return Err("an invitation was never declined".into());
        }
        inviter.sync(None, 0, None).await?;
    }
}

async fn invite_again_and_again(spammer: &Person, bot: &str, rounds: usize) -> Result<Vec<String>> {
    let mut rooms = Vec::new();
    for number in 0..ROOMS_EACH {
        rooms.push(spammer.create_room(&format!("发财{number}"), &[bot], None, false).await?);
    }
    for _ in 1..rounds {
        for room_id in &rooms {
            declined(spammer, room_id, bot).await?;
            spammer.invite(room_id, bot).await?;
        }
    }
    for room_id in &rooms {
        let reason = declined(spammer, room_id, bot).await?;
        assert!(reason.contains("请找社区管理员"), "declined politely: {reason:?}");
    }
    Ok(rooms)
}

async fn wave(neighbourhood: &mut Neighbourhood) -> Result {
    let rounds = std::env::var("LAMPLIGHTER_WAVE").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let bot = neighbourhood.bot_user_id.clone();
    let resident = neighbourhood.person("amid").await?;
    let mut spammers = Vec::new();
    for number in 0..SPAMMERS {
        spammers.push(neighbourhood.homeserver.person(&format!("spammer{number}"), None).await?);
    }
    // The bot is up when it answers.
    let room_id = neighbourhood.room_id.clone();
    resident.send_text(&room_id, "！许愿 浪前", "before-the-wave").await?;
    neighbourhood.wait_for("浪前").await?;
    let before = Kept::by(neighbourhood).await?;
    let (lines, started) = (log_lines(neighbourhood), Instant::now());
    let spamming = try_join_all(spammers.iter().map(|spammer| invite_again_and_again(spammer, &bot, rounds)));
    let amid = async {
        let mut slowest = 0;
        for number in 0..5 {
            let sent = Instant::now();
            let text = format!("浪里{number}");
            resident.send_text(&room_id, &format!("！许愿 {text}"), &text).await?;
            let answered =
                |events: &[Value]| super::said_by(events, &bot).iter().any(|event| super::body(event).contains(&text));
            super::wait_until(&resident, &room_id, "an answer amid the wave", answered).await?;
            slowest = slowest.max(sent.elapsed().as_millis());
        }
        Ok::<_, lamplighter_tests::Error>(slowest)
    };
    let (rooms, slowest_ms) = futures_util::future::try_join(spamming, amid).await?;
    let rooms: Vec<String> = rooms.into_iter().flatten().collect();
    let count = rooms.len() * rounds;
    process::say(&format!(
        "{count} invitations declined in {} s; the slowest answer amid them took {slowest_ms} ms",
        started.elapsed().as_secs()
    ));
    let grown = log_lines(neighbourhood) - lines;
    assert!(grown <= LOG_LINES_MAX, "the log grew by {grown} lines");
    // On the homeserver nothing is left either: the rooms are forgotten, once the next syncs have shown that we are out.
    let own = neighbourhood.homeserver.log_in(&bot, process::BOT_PASSWORD).await?;
    let end = Instant::now() + PATIENCE;
    for look in 1.. {
        resident.send_text(&room_id, "水落石出", &format!("after-{look}")).await?;
        // Synapse answers the same request from memory for two minutes, so it isn't the same.
        let filter = format!(r#"{{"room":{{"include_leave":true,"timeline":{{"limit":{look}}}}}}}"#);
        let left = own.sync(None, 0, Some(&filter)).await?;
        let left = left["rooms"]["leave"]
            .as_object()
            .map_or(0, |left| rooms.iter().filter(|room| left.contains_key(*room)).count());
        if left == 0 {
            break;
        }
        if Instant::now() > end {
            return Err(format!("{left} rooms of {} are not forgotten", rooms.len()).into());
        }
    }
    own.request(Method::POST, &["v3", "logout"], &[], Some(&serde_json::json!({}))).await?;
    let after = Kept::by(neighbourhood).await?;
    process::say(&format!("  before them: {before:?}\n  after them:  {after:?}"));
    assert!(after.rows <= before.rows + ROWS_MAX, "rows are left behind");
    assert!(after.store_kb <= before.store_kb + STORE_KB_MAX, "rooms are left in the encryption store");
    assert!(after.anonymous_kb <= before.anonymous_kb + ANONYMOUS_KB_MAX, "something piles up in memory");
    neighbourhood.stop_bot()?;
    // Nothing of them is in our database: neither rooms nor people.
    let database = database_path(&neighbourhood.config);
    let mut bytes = std::fs::read(&database)?;
    bytes.extend(std::fs::read(database.with_extension("db-wal")).unwrap_or_default());
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("浪里0"), "this looks where it should");
    for stranger in spammers.iter().map(Person::user_id).chain(rooms.iter().map(String::as_str)) {
        assert!(!holds(stranger), "{stranger} is remembered");
    }
    neighbourhood.start_bot(None)
}

async fn limit(neighbourhood: &mut Neighbourhood) -> Result {
    let bot = neighbourhood.bot_user_id.clone();
    let steward = neighbourhood
        .homeserver
        .log_in(neighbourhood.captain.user_id().as_str(), "a door that is never locked")
        .await?;
    let own = neighbourhood.homeserver.log_in(&bot, process::BOT_PASSWORD).await?;
    // Rooms of the scenes before, which somebody else has left, count as well.
    let joined = own.request(Method::GET, &["v3", "joined_rooms"], &[], None).await?;
    for room_id in joined["joined_rooms"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if room_id != neighbourhood.room_id {
            own.leave(room_id).await?;
        }
    }
    for number in 1..ROOMS_MAX {
        let room_id = steward.create_room(&format!("{number}号楼"), &[&bot], None, false).await?;
        super::wait_until(&steward, &room_id, "the greeting", |events| !super::said_by(events, &bot).is_empty())
            .await?;
    }
    let one_too_many = steward.create_room("又一栋", &[&bot], None, false).await?;
    let reason = declined(&steward, &one_too_many, &bot).await?;
    assert!(reason.contains("照看不过来"), "{reason:?}");
    Ok(())
}
