//! Handling one command, from the claimed event to the commit, on a SQLite file: posting a wish and claiming one.
//! Beside it, in the same run and turn by turn, the least that any bot could do: one row committed into a file with
//! the same settings.

mod figures;

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use figures::{Samples, line, load};
use lamplighter::{
    clock::{Clock as _, SystemClock},
    house,
    worker::{Handling, Seed, Worker},
};
use lamplighter_commands::{
    flood::Limits,
    house::{House, Outcome},
    incoming::{Incoming, Message, Place, Sender, What},
};
use lamplighter_config::Community;
use lamplighter_storage::{
    Location, Storage,
    inbox::{self, Arrival},
    outbox, room,
};
use lamplighter_tests::{
    reliability::figure,
    worst::{EVENT_TEXT_BYTES, SHAPES},
};
use tokio::sync::watch;

/// How many wishes are posted, and then claimed.
const WISHES: usize = 2_000;
/// The same where `cargo test` only wants to see that it works.
const WISHES_QUICK: usize = 10;
/// Among so many residents.
const RESIDENTS: usize = 40;

const ROOM: &str = "!stairwell:lamplighter.test";
const BOT: &str = "@lamplighter:lamplighter.test";

/// The bot without a homeserver, and the file for the bare commits.
struct Bench {
    storage: Storage,
    worker: Worker,
    bare: Storage,
    events: usize,
}

impl Bench {
    async fn open(folder: &std::path::Path) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let storage = Storage::open(Location::File(&folder.join("lamplighter.db"))).await?;
        let bare = Storage::open(Location::File(&folder.join("bare.db"))).await?;
        let community = Community::console_default(Vec::new());
        let mut tx = storage.begin().await?;
        room::declare_communities(&mut tx, std::iter::once(community.id.as_str())).await?;
        room::joined(&mut tx, ROOM, "3号楼", SystemClock.now_ms()).await?;
        room::bind(&mut tx, ROOM, &community.id, "building", "3号楼").await?;
        tx.commit().await?;
        // What is measured is how fast the bot could be.
        let house = House { limits: Limits::none(), ..house::build(vec![community], BOT, None, Vec::new(), 14)? };
        let house = Arc::new(house);
        let (progress, _) = watch::channel(0);
        let worker = Worker::new(storage.clone(), house, Arc::new(SystemClock), progress, Seed::System)
            .with_marker(&folder.join("lamplighter.handling"))
            .await?;
        Ok(Self { storage, worker, bare, events: 0 })
    }

    /// Handles what a resident says and gives how long that took, until it was committed.
    async fn handle(&mut self, resident: usize, text: String) -> Result<Duration, Box<dyn Error + Send + Sync>> {
        let (took, handling) = self.take(resident, text).await?;
        if handling != Handling::Done(Outcome::Handled) {
            return Err(format!("it came to {handling:?}").into());
        }
        Ok(took)
    }

    /// The same, whatever comes of it.
    async fn take(
        &mut self,
        resident: usize,
        text: String,
    ) -> Result<(Duration, Handling), Box<dyn Error + Send + Sync>> {
        self.events += 1;
        let resident = resident % RESIDENTS;
        let incoming = Incoming {
            event_id: format!("$event-{}", self.events),
            room_id: ROOM.to_owned(),
            sender: Sender {
                user_id: format!("@resident-{resident}:lamplighter.test"),
                display_name: format!("{resident} 号邻居"),
                power_level: 0,
                may_call_room: false,
            },
            sent_at_ms: SystemClock.now_ms(),
            place: Place::Room { name: "3号楼".to_owned(), captains: Vec::new(), lacks: Vec::new() },
            what: What::Message(Message { text, ..Message::default() }),
        };
        let begun = Instant::now();
        let handling = self.worker.handle(&incoming).await?;
        Ok((begun.elapsed(), handling))
    }

    /// Takes what is to be said off the queue, as the sender does, so that it is as short as in an ordinary hour.
    async fn drain(&self) -> Result<(), lamplighter_storage::Error> {
        while let Some(row) = outbox::next(&self.storage, i64::MAX, 0).await? {
            let mut tx = self.storage.begin().await?;
            let event_id = format!("$sent-{}", row.outbox_id);
            outbox::sent(&mut tx, row.outbox_id, &event_id, SystemClock.now_ms()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Commits one row and gives how long that took.
    async fn commit_bare(&self) -> Result<Duration, lamplighter_storage::Error> {
        let event_id = format!("$event-{}", self.events);
        let now_ms = SystemClock.now_ms();
        let arrival = Arrival { event_id: &event_id, room_id: ROOM, sent_at_ms: now_ms, first_seen_at_ms: now_ms };
        let begun = Instant::now();
        let mut tx = self.bare.begin().await?;
        inbox::wait_for_key(&mut tx, arrival, inbox::Unread { raw: "{}", session_id: None }).await?;
        tx.commit().await?;
        Ok(begun.elapsed())
    }
}

fn show(what: &str, samples: &Samples, floor: &Samples) -> std::io::Result<()> {
    let (p50, p99) = (samples.percentile(50), samples.percentile(99));
    line(&format!(
        "{what:<24}{:>10}{:>10}{:>12.2}{:>12.2}",
        p50.as_micros(),
        p99.as_micros(),
        p50.as_secs_f64() / floor.percentile(50).as_secs_f64(),
        p99.as_secs_f64() / floor.percentile(99).as_secs_f64(),
    ))
}

/// How often each of the worst messages is handled.
const WORST_HANDLINGS: usize = 20;
/// What the worst message may take, by the least of its handlings.
const WORST_MAX: Duration = Duration::from_millis(5);

/// The worst messages that there can be, from what came in to the commit.
async fn worst(handlings: usize) -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = tempfile::tempdir()?;
    let mut bench = Bench::open(folder.path()).await?;
    line(&format!("{:<28}{:>14}", "60 KB of the worst", "handled, µs"))?;
    let mut slowest = (Duration::ZERO, "");
    for shape in SHAPES {
        let text = shape.of_bytes(EVENT_TEXT_BYTES);
        let mut least = Duration::MAX;
        for resident in 0..handlings {
            least = least.min(bench.take(resident, text.clone()).await?.0);
            bench.drain().await?;
        }
        line(&format!("{:<28}{:>14}", shape.name, least.as_micros()))?;
        slowest = slowest.max((least, shape.name));
    }
    let (slowest, name) = slowest;
    let milliseconds = |duration: Duration| format!("{:.2} ms", duration.as_secs_f64() * 1_000.0);
    let how = format!("the slowest of {} shapes, the least of {handlings} handlings each", SHAPES.len());
    let value = format!("{} ({name})", milliseconds(slowest));
    figure("a message of 60 KB, from what came in to the commit", &how, &value, &milliseconds(WORST_MAX))?;
    let verdict = if slowest <= WORST_MAX { "met" } else { "NOT MET" };
    Ok(line(&format!("the slowest {}, limit {}: {verdict}", milliseconds(slowest), milliseconds(WORST_MAX)))?)
}

async fn run(wishes: usize) -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = tempfile::tempdir()?;
    let mut bench = Bench::open(folder.path()).await?;
    let (mut posts, mut claims) = (Samples::default(), Samples::default());
    let (mut beside_posts, mut beside_claims) = (Samples::default(), Samples::default());
    for wish in 0..wishes {
        posts.push(bench.handle(wish, format!("！许愿 帮我换 {wish} 号门口的灯泡")).await?);
        bench.drain().await?;
        beside_posts.push(bench.commit_bare().await?);
    }
    for wish in 0..wishes {
        // Numbers count from 1; nobody claims their own wish.
        claims.push(bench.handle(wish + 1, format!("！认领 {}", wish + 1)).await?);
        bench.drain().await?;
        beside_claims.push(bench.commit_bare().await?);
    }

    line(&format!("handle one command: SQLite file, committed; {wishes} of each; load {}", load()))?;
    line(&format!("{:<24}{:>10}{:>10}{:>12}{:>12}", "what", "p50 us", "p99 us", "x bare p50", "x bare p99"))?;
    show("bare commit (posts)", &beside_posts, &beside_posts)?;
    show("post a wish", &posts, &beside_posts)?;
    show("bare commit (claims)", &beside_claims, &beside_claims)?;
    show("claim a wish", &claims, &beside_claims)?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let wishes = if figures::is_quick() { WISHES_QUICK } else { WISHES };
    // As many threads as the bot has.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(wishes))?;
    runtime.block_on(worst(if figures::is_quick() { 1 } else { WORST_HANDLINGS }))
}
