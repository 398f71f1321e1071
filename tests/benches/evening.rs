//! What falls due all at once, on a SQLite file: the result of a poll that 8,664 people answered, once counted from what
//! came in and once read back from the room; and 10,000 rows of the agenda at the hour of the digest. Beside it, in the
//! same run, the least that any bot could do: as many rows committed one by one, and in one transaction.
//!
//! It says which limits are met and judges nothing: its exit status is 0 either way.

mod figures;

use std::{
    error::Error,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::DateTime;
use figures::{Samples, line, load};
use lamplighter::{
    clock::{Clock as _, ManualClock},
    gateway::{ChatState, Delivery, DeliveryError, DirectChat, Gateway},
    house,
    scheduler::Scheduler,
    sender::{Sender, Step},
    worker::{Handling, Seed, Worker},
};
use lamplighter_commands::{
    digest,
    house::Outcome,
    incoming::{self, Given, Incoming, Message, NativeAnswer, Place, Wanted, What},
    scene::Content,
};
use lamplighter_config::Community;
use lamplighter_storage::{
    Location, Storage, card,
    inbox::{self, Arrival},
    outbox, room,
};
use tokio::sync::watch;

/// People who answer the poll.
const VOTERS: usize = 8_664;
/// Rows of the agenda.
const ROWS: usize = 10_000;
/// The same where `cargo test` only wants to see that it works; the environment variable LAMPLIGHTER_EVENING=full has
/// everything in a debug build too.
const QUICK: usize = 50;
/// From the deadline until the result stands in the outbox, at most.
const POLL_LIMIT: Duration = Duration::from_secs(1);
/// From 19:30 until everything stands in the outbox, at most.
const AGENDA_LIMIT: Duration = Duration::from_secs(2);

const BOT: &str = "@lamplighter:lamplighter.test";
const CAPTAIN: &str = "@captain:lamplighter.test";
const HALL: &str = "!hall:lamplighter.test";
/// A Monday, before the window.
const NOON: &str = "2026-01-05T12:00:00+08:00";
const DIGEST: &str = "2026-01-05T19:30:00+08:00";

type Failure = Box<dyn Error>;

/// Takes everything at once, and remembers the answers of a room.
#[derive(Debug, Default)]
struct Taker {
    sent: AtomicUsize,
    answers: Mutex<Option<Vec<NativeAnswer>>>,
    /// When the result of a poll was sent.
    announced: Mutex<Option<Instant>>,
}

#[async_trait]
impl Gateway for Taker {
    async fn open_chat(&self, user_id: &str, _: Option<&str>) -> Result<DirectChat, DeliveryError> {
        Ok(DirectChat { room_id: format!("!chat-{user_id}"), state: ChatState::Open })
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<String, DeliveryError> {
        if let Content::Message { plain, .. } = &delivery.content
            && plain.contains("结果：")
            && let Ok(mut announced) = self.announced.lock()
        {
            announced.get_or_insert_with(Instant::now);
        }
        Ok(format!("$sent-{}", self.sent.fetch_add(1, Ordering::SeqCst)))
    }

    async fn find_sent(&self, _: &str, _: &str) -> Result<Option<String>, DeliveryError> {
        Ok(None)
    }

    async fn standing(&self, _: &str, _: &str) -> Result<Option<incoming::Sender>, DeliveryError> {
        Ok(None)
    }

    async fn answers(&self, _: &str, _: &str, _: Wanted) -> Result<Option<Vec<NativeAnswer>>, DeliveryError> {
        Ok(self.answers.lock().ok().and_then(|answers| answers.clone()))
    }
}

/// The bot without a homeserver.
struct Evening {
    storage: Storage,
    worker: Arc<Worker>,
    scheduler: Scheduler,
    sender: Sender,
    gateway: Arc<Taker>,
    clock: Arc<ManualClock>,
    community: Community,
    events: usize,
}

fn instant_ms(at: &str) -> Result<i64, Failure> {
    Ok(DateTime::parse_from_rfc3339(at)?.timestamp_millis())
}

impl Evening {
    /// With this many bound rooms.
    async fn open(folder: &Path, rooms: &[String]) -> Result<Self, Failure> {
        let storage = Storage::open(Location::File(&folder.join("lamplighter.db"))).await?;
        let community = Community::console_default(vec![CAPTAIN.to_owned()]);
        let clock = Arc::new(ManualClock::at(instant_ms(NOON)?));
        let mut tx = storage.begin().await?;
        room::declare_communities(&mut tx, std::iter::once(community.id.as_str())).await?;
        for (index, room_id) in rooms.iter().enumerate() {
            room::joined(&mut tx, room_id, &format!("{index}号楼"), clock.now_ms()).await?;
            room::bind(&mut tx, room_id, &community.id, "building", &format!("{index}号楼")).await?;
            digest::enrol(&mut tx, &community, room_id, clock.now_ms()).await?;
        }
        tx.commit().await?;
        let house = Arc::new(house::build(vec![community.clone()], BOT, None, Vec::new(), 14)?);
        let (progress, _) = watch::channel(0);
        let worker =
            Worker::new(storage.clone(), Arc::clone(&house), Arc::clone(&clock) as _, progress.clone(), Seed::System)
                .with_marker(&folder.join("lamplighter.handling"))
                .await?;
        let worker = Arc::new(worker);
        let gateway = Arc::new(Taker::default());
        let scheduler = Scheduler::new(
            storage.clone(),
            Arc::clone(&worker),
            Arc::clone(&gateway) as _,
            Arc::clone(&clock) as _,
            progress.clone(),
        );
        let sender = Sender::new(storage.clone(), house, Arc::clone(&gateway) as _, Arc::clone(&clock) as _, progress)
            .with_edit_spacing_ms(0);
        Ok(Self { storage, worker, scheduler, sender, gateway, clock, community, events: 0 })
    }

    async fn handle(&mut self, user_id: &str, room_id: &str, what: What) -> Result<String, Failure> {
        self.events += 1;
        let event_id = format!("$event-{}", self.events);
        let incoming = Incoming {
            event_id: event_id.clone(),
            room_id: room_id.to_owned(),
            sender: incoming::Sender {
                user_id: user_id.to_owned(),
                display_name: user_id.trim_start_matches('@').split(':').next().unwrap_or_default().to_owned(),
                power_level: if user_id == CAPTAIN { 100 } else { 0 },
                may_call_room: user_id == CAPTAIN,
            },
            sent_at_ms: self.clock.now_ms(),
            place: Place::Room { name: String::new(), captains: Vec::new(), lacks: Vec::new() },
            what,
        };
        match self.worker.handle(&incoming).await? {
            Handling::Done(Outcome::Handled) => Ok(event_id),
            other => Err(format!("{:?} came to {other:?}", incoming.what).into()),
        }
    }

    async fn say(&mut self, user_id: &str, room_id: &str, text: &str) -> Result<String, Failure> {
        let what = What::Message(Message { text: text.to_owned(), ..Message::default() });
        self.handle(user_id, room_id, what).await
    }

    async fn drain(&self) -> Result<(), Failure> {
        while self.sender.step().await? == Step::Moved {}
        Ok(())
    }

    /// Does what is due; how long until nothing was.
    async fn do_due(&self, at: &str) -> Result<Duration, Failure> {
        self.clock.set(instant_ms(at)?);
        let begun = Instant::now();
        while self.scheduler.step().await? {}
        Ok(begun.elapsed())
    }
}

fn verdict(took: Duration, limit: Duration) -> &'static str {
    if took <= limit { "met" } else { "NOT MET" }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3} s", duration.as_secs_f64())
}

/// The least: rows committed one by one, and all at once.
async fn bare(folder: &Path, rows: usize) -> Result<(Duration, Duration), Failure> {
    let storage = Storage::open(Location::File(&folder.join("bare.db"))).await?;
    let put = async |tx: &mut lamplighter_storage::Tx, index: usize| {
        let event_id = format!("$event-{index}");
        let arrival = Arrival { event_id: &event_id, room_id: HALL, sent_at_ms: 0, first_seen_at_ms: 0 };
        inbox::wait_for_key(tx, arrival, inbox::Unread { raw: "{}", session_id: None }).await
    };
    let begun = Instant::now();
    for index in 0..rows {
        let mut tx = storage.begin().await?;
        put(&mut tx, index).await?;
        tx.commit().await?;
    }
    let one_by_one = begun.elapsed();
    let begun = Instant::now();
    let mut tx = storage.begin().await?;
    for index in rows..2 * rows {
        put(&mut tx, index).await?;
    }
    tx.commit().await?;
    Ok((one_by_one, begun.elapsed()))
}

/// A poll of everybody, counted from what came in, or read back from the room as well.
async fn poll_of(voters: usize, read_back: bool) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut evening = Evening::open(folder.path(), &[HALL.to_owned()]).await?;
    evening.say(CAPTAIN, HALL, "！投票 要不要装门禁？ 要 / 不要 / 再议 截止今天20:00").await?;
    evening.drain().await?;
    let community_id = evening.community.id.clone();
    let natives = card::posts(&evening.storage, &community_id, lamplighter_commands::poll::NATIVE, 1).await?;
    let (_, native) = natives.into_iter().next().ok_or("there is no native poll")?;
    let mut answers = Vec::new();
    let mut answering = Samples::default();
    for voter in 0..voters {
        let user_id = format!("@resident-{voter}:lamplighter.test");
        let choices = vec![1 + (voter % 3) as i64];
        let what = What::PollAnswer { on: native.clone(), choices: choices.clone() };
        // Read back, a hundredth comes as news.
        let event_id = if read_back && voter % 100 == 0 {
            format!("$missed-{voter}")
        } else {
            let begun = Instant::now();
            let event_id = evening.handle(&user_id, HALL, what).await?;
            answering.push(begun.elapsed());
            event_id
        };
        let sent_at_ms = evening.clock.now_ms();
        answers.push(NativeAnswer {
            event_id,
            display_name: user_id.clone(),
            user_id,
            sent_at_ms,
            given: Given::Choices(choices),
        });
        if voter % 100 == 0 {
            evening.drain().await?;
        }
    }
    // The digest of this evening is none of our business.
    evening.do_due(DIGEST).await?;
    evening.drain().await?;
    if read_back && let Ok(mut known) = evening.gateway.answers.lock() {
        *known = Some(answers);
    }
    evening.clock.set(instant_ms("2026-01-05T20:00:00+08:00")?);
    let begun = Instant::now();
    // The deadline, then the result; the payments come after.
    for _ in 0..2 {
        evening.scheduler.step().await?;
    }
    let written = begun.elapsed();
    evening.drain().await?;
    let announced = evening.gateway.announced.lock().ok().and_then(|announced| *announced);
    let sent = announced.map(|at| at - begun).ok_or("nothing is announced")?;
    let begun = Instant::now();
    while evening.scheduler.step().await? {}
    let paid = begun.elapsed();
    let how = if read_back { "read back from the room" } else { "counted from what came in" };
    line(&format!(
        "poll, {voters} answers, {how}: result in the outbox after {}, sent after {}, limit {}: {}; everybody paid after \
         another {}; one answer p50 {} us, p99 {} us; load {}",
        seconds(written),
        seconds(sent),
        seconds(POLL_LIMIT),
        verdict(sent, POLL_LIMIT),
        seconds(paid),
        answering.percentile(50).as_micros(),
        answering.percentile(99).as_micros(),
        load()
    ))?;
    Ok(())
}

/// Digests of so many rooms, each with a wish nobody took.
async fn digests(rows: usize) -> Result<(Duration, usize), Failure> {
    let folder = tempfile::tempdir()?;
    let rooms: Vec<String> = (0..rows).map(|index| format!("!room-{index}:lamplighter.test")).collect();
    let mut evening = Evening::open(folder.path(), &rooms).await?;
    for (index, room_id) in rooms.iter().enumerate() {
        evening.say(&format!("@resident-{index}:lamplighter.test"), room_id, "！许愿 借梯子").await?;
    }
    let before = outbox::depth(&evening.storage).await?;
    let took = evening.do_due(DIGEST).await?;
    let written = outbox::depth(&evening.storage).await? - before;
    Ok((took, usize::try_from(written)?))
}

/// Reminders of so many people.
async fn reminders(rows: usize) -> Result<(Duration, usize), Failure> {
    let folder = tempfile::tempdir()?;
    let mut evening = Evening::open(folder.path(), &[HALL.to_owned()]).await?;
    for index in 0..rows {
        let user_id = format!("@resident-{index}:lamplighter.test");
        evening.say(&user_id, HALL, "！提醒我 今天19:30 交物业费").await?;
    }
    let before = outbox::depth(&evening.storage).await?;
    let took = evening.do_due(DIGEST).await?;
    let written = outbox::depth(&evening.storage).await? - before;
    Ok((took, usize::try_from(written)?))
}

async fn run(voters: usize, rows: usize) -> Result<(), Failure> {
    for read_back in [false, true] {
        poll_of(voters, read_back).await?;
    }
    for what in ["digests", "reminders"] {
        let folder = tempfile::tempdir()?;
        let (one_by_one, at_once) = bare(folder.path(), rows).await?;
        let (took, written) = if what == "digests" { digests(rows).await? } else { reminders(rows).await? };
        line(&format!(
            "agenda, {rows} {what} due at 19:30: {written} in the outbox after {}, limit {}: {}; bare inserts committed \
             one by one {}, in one transaction {}; load {}",
            seconds(took),
            seconds(AGENDA_LIMIT),
            if written == rows { verdict(took, AGENDA_LIMIT) } else { "NOT MET, some are missing" },
            seconds(one_by_one),
            seconds(at_once),
            load()
        ))?;
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    let full = !figures::is_quick() || std::env::var_os("LAMPLIGHTER_EVENING").is_some_and(|size| size == "full");
    let (voters, rows) = if full { (VOTERS, ROWS) } else { (QUICK, QUICK) };
    // As many threads as the bot has.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(voters, rows))
}
