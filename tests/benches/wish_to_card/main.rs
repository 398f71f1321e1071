//! From sending a wish to its card in another client's `/sync`, on a real Synapse: the bot against a bare loop that
//! does nothing but `/sync` and one PUT a wish, turn by turn on the same server. Then what the bot weighs, and bursts of
//! wishes posted all at once. First in a plain room, then in an encrypted one, where everybody encrypts, the bare loop
//! too. `plain` or `encrypted` as an argument measures only that.
//!
//! It says which limits are met and judges nothing: its exit status is 0 either way.

mod burst;
mod compare;
#[path = "../figures/mod.rs"]
mod figures;
mod people;

use std::{error::Error, path::Path, time::Duration};

use compare::Side;
use figures::line;
use lamplighter_tests::{
    homeserver::{Homeserver, Limits},
    process::{self, BOT, BOT_PASSWORD, Bot},
    resident::{Extras, Resident},
};
use matrix_sdk::ruma::UserId;
use people::{Asker, Observer};

/// Resident memory at most, in megabytes of 10⁶ bytes.
const RSS_MB_MAX: f64 = 45.0;
/// Of which anonymous at most.
const ANON_MB_MAX: f64 = 16.0;

/// What residents write before a wish.
const PREFIX: &str = "！许愿";
/// The key under the card of an open wish begins with it.
const CHIP: &str = "✋";
/// Something is broken if an answer takes this long.
const PATIENCE: Duration = Duration::from_secs(60);
/// One sync of a client waits this long for something to happen.
const SYNC_TIMEOUT: Duration = Duration::from_secs(30);

type Failure = Box<dyn Error + Send + Sync>;

/// How much is measured.
#[derive(Clone, Copy)]
struct Size {
    rounds: usize,
    samples_per_round: usize,
    /// Who wish one after the other.
    askers: usize,
    /// Who wish all at once.
    residents: usize,
    /// Of the two bursts, one after the other.
    wishes_per_resident: [usize; 2],
}

const FULL: Size = Size { rounds: 3, samples_per_round: 100, askers: 10, residents: 40, wishes_per_resident: [5, 50] };
const QUICK: Size = Size { rounds: 1, samples_per_round: 3, askers: 2, residents: 3, wishes_per_resident: [1, 2] };

fn verdict(value: f64, limit: f64) -> &'static str {
    if value <= limit { "met" } else { "NOT MET" }
}

/// In what it is measured.
fn room(encrypted: bool) -> &'static str {
    if encrypted { "in an encrypted room" } else { "in a plain room" }
}

/// Says what the bot weighs; VmRSS and its anonymous part, in megabytes.
fn weigh(bot: &Bot, when: &str) -> Result<(f64, f64), Failure> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", bot.id()))?;
    let megabytes = |name: &str| -> Result<f64, Failure> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("the kernel tells no memory")?;
        let kibibytes: f64 = line.trim_start_matches(':').trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes * 1024.0 / 1e6)
    };
    let (rss, anon) = (megabytes("VmRSS")?, megabytes("RssAnon")?);
    line(&format!(
        "memory {when}: VmRSS {rss:.1} MB, limit {RSS_MB_MAX}: {}; anonymous {anon:.1} MB, limit {ANON_MB_MAX}: {}",
        verdict(rss, RSS_MB_MAX),
        verdict(anon, ANON_MB_MAX)
    ))?;
    Ok((rss, anon))
}

/// Waits until somebody has said this in a room.
async fn wait_for(reader: &mut Resident, room: &str, by: &str, text: &str) -> Result<(), Failure> {
    let wait = async {
        loop {
            let view = reader.read_whole(room).await?;
            if view.messages().iter().any(|message| message.by == by && message.text.contains(text)) {
                return Ok::<_, Failure>(());
            }
            reader.sync_for(Duration::from_secs(1)).await?;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.map_err(|_| Failure::from(format!("{by} never says {text}")))?
}

/// Everything, in a plain or an encrypted room.
async fn run(encrypted: bool, size: Size) -> Result<(), Failure> {
    let homeserver = Homeserver::start(Limits::None).await?;
    let folder = tempfile::tempdir()?;
    let account = homeserver.register("steward", "a door that is never locked").await?;
    let mut steward = Resident::log_in(homeserver.url(), &account, "王书记").await?;
    let bot_id = homeserver.register(BOT, BOT_PASSWORD).await?.user_id;
    let config = process::write_config(folder.path(), &homeserver, &[&account.user_id])?;
    let bot = Bot::start(Path::new(env!("CARGO_BIN_EXE_lamplighter-under-test")), &config, None)?;
    let bare = people::BareLoop::log_in(&homeserver, encrypted, &folder.path().join("bare")).await?;

    let mut sides = Vec::new();
    for (name, answerer, has_chip) in [("3号楼", bot_id.as_str(), true), ("5号楼", bare.user_id(), false)] {
        let invited = [UserId::parse(answerer)?];
        let room = steward.create_room(name, &invited, &Default::default(), encrypted).await?;
        if has_chip {
            // It comes in and greets, is told which house this is, and says so.
            wait_for(&mut steward, &room, answerer, "大家好").await?;
            steward.say(&room, "！这是 3号楼", &Extras::default()).await?;
            wait_for(&mut steward, &room, answerer, "登记好了").await?;
        }
        let mut residents = Vec::new();
        for index in 0..size.askers {
            residents.push(Asker::log_in(&homeserver, &format!("resident-{has_chip}-{index}"), encrypted).await?);
        }
        let observer = Asker::log_in(&homeserver, &format!("observer-{has_chip}"), encrypted).await?;
        sides.push((room, answerer.to_owned(), residents, observer, has_chip));
    }
    let bare_room = sides[1].0.clone();
    let bare_loop = bare.start(&bare_room).await?;
    let mut ready = Vec::new();
    for (room, answerer, mut residents, mut observer, has_chip) in sides {
        for person in residents.iter_mut().chain([&mut observer]) {
            steward.invite(&room, &UserId::parse(person.user_id())?).await?;
            person.join(&room).await?;
        }
        steward.sync().await?;
        // Everybody knows everybody's devices before the clock runs.
        for resident in &mut residents {
            resident.catch_up().await?;
        }
        let observer = Observer::start(observer, &room).await?;
        ready.push(Side { room, answerer, residents, observer, has_chip });
    }
    let [mut with_bot, mut with_bare] = <[Side; 2]>::try_from(ready).map_err(|_| "there are two sides")?;

    weigh(&bot, "at the start")?;
    let compared = compare::compare(&mut with_bot, &mut with_bare, encrypted, size).await;
    bare_loop.abort();
    drop(with_bare);
    compared?;
    weigh(&bot, "after that")?;
    with_bot.observer.stop();
    burst::bursts(&homeserver, &mut steward, &bot, &with_bot, encrypted, size).await
}

fn main() -> Result<(), Failure> {
    let size = if figures::is_quick() { QUICK } else { FULL };
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    for (name, encrypted) in [("plain", false), ("encrypted", true)] {
        if asked.is_empty() || asked.iter().any(|asked| asked == name) {
            line(&format!("== {name} room"))?;
            runtime.block_on(run(encrypted, size))?;
        }
    }
    Ok(())
}
