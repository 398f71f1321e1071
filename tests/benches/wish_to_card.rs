//! From sending a wish to its card in another client's `/sync`, on a real Synapse: the bot against a bare loop that
//! does nothing but `/sync` and one PUT a wish, turn by turn on the same server. Then what the bot weighs, and one
//! burst of wishes posted all at once.
//!
//! It says which limits are met and judges nothing: its exit status is 0 either way.

mod figures;

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    path::Path,
    time::{Duration, Instant},
};

use figures::{Samples, line, load};
use lamplighter_tests::{
    homeserver::{Direction, Homeserver, Limits, Person},
    process::{self, BOT, BOT_PASSWORD, Bot},
};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

/// At most this many times as long as the bare loop, medians.
const RATIO_MAX: f64 = 1.15;
/// Resident memory at most, in megabytes of 10⁶ bytes.
const RSS_MB_MAX: f64 = 45.0;
/// Of which anonymous at most.
const ANON_MB_MAX: f64 = 16.0;

/// What residents write before a wish.
const PREFIX: &str = "！许愿";
/// The key under the card of an open wish begins with it.
const CHIP: &str = "✋";

/// How long a `/sync` waits on the server for something to happen.
const SYNC_TIMEOUT_MS: u64 = 30_000;
/// Timelines only: no state, no presence, no receipts.
const FILTER: &str = r#"{
    "presence": {"types": []}, "account_data": {"types": []},
    "room": {"timeline": {"limit": 100}, "state": {"types": []}, "ephemeral": {"types": []}, "account_data": {"types": []}}
}"#;

/// Between two samples, so that everybody's next long poll waits on the server when the wish is sent. The same for
/// both.
const PAUSE: Duration = Duration::from_millis(50);
/// Something is broken if a card takes this long.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the room is read while the burst is under way: seldom, as each reading costs the server time.
const BURST_POLL: Duration = Duration::from_millis(500);
/// The burst is given up when this many readings in a row brought nothing new.
const BURST_IDLE_POLLS_MAX: u32 = 120;
/// As many events as Synapse gives at once.
const PAGE_EVENTS: u32 = 1_000;

type Failure = Box<dyn Error + Send + Sync>;

/// How much is measured.
#[derive(Clone, Copy)]
struct Size {
    rounds: usize,
    samples_per_round: usize,
    residents: usize,
    wishes_per_resident: usize,
}

const FULL: Size = Size { rounds: 3, samples_per_round: 100, residents: 40, wishes_per_resident: 50 };
const QUICK: Size = Size { rounds: 1, samples_per_round: 3, residents: 3, wishes_per_resident: 2 };

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The events of a room in an answer to `/sync`.
fn timeline<'a>(answer: &'a Value, room: &str) -> impl Iterator<Item = &'a Value> {
    let room = answer.get("rooms").and_then(|rooms| rooms.get("join")).and_then(|join| join.get(room));
    room.and_then(|room| room.pointer("/timeline/events")).and_then(Value::as_array).into_iter().flatten()
}

/// Where a person's `/sync` stands.
async fn position(person: &Person) -> Result<String, Failure> {
    Ok(text(&person.sync(None, 0, Some(FILTER)).await?, "/next_batch").to_owned())
}

/// The bare loop: `/sync`, and one PUT for each wish.
async fn answer_barely(me: Person, room: String, mut since: String) -> Result<(), Failure> {
    loop {
        let answer = me.sync(Some(&since), SYNC_TIMEOUT_MS, Some(FILTER)).await?;
        for event in timeline(&answer, &room) {
            let Some(wish) = text(event, "/content/body").strip_prefix(PREFIX) else { continue };
            let card = json!({
                "msgtype": "m.notice",
                "body": format!("✨ 心愿：{wish}\n想请邻居搭把手\n愿意帮忙：点 ✋ 我来"),
                "format": "org.matrix.custom.html",
                "formatted_body": format!("<p>✨ <strong>心愿：{wish}</strong><br>想请邻居搭把手</p><p>愿意帮忙：点 ✋ 我来</p>"),
                "m.mentions": {},
                "m.relates_to": { "m.in_reply_to": { "event_id": text(event, "/event_id") } },
            });
            let txn = format!("card-{}", text(event, "/event_id"));
            me.send_event(&room, "m.room.message", &card, &txn).await?;
        }
        since = text(&answer, "/next_batch").to_owned();
    }
}

/// An event and when the `/sync` that brought it was in hand.
struct Seen {
    event: Value,
    at: Instant,
}

/// Another client in a room: it is always in a `/sync`, and hands on what comes.
struct Observer {
    seen: mpsc::UnboundedReceiver<Seen>,
    task: JoinHandle<()>,
}

impl Observer {
    fn start(person: Person, room: String, mut since: String) -> Self {
        let (tell, seen) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            // An answer that fails ends it, and with it the channel: whoever waits is told.
            while let Ok(answer) = person.sync(Some(&since), SYNC_TIMEOUT_MS, Some(FILTER)).await {
                let at = Instant::now();
                for event in timeline(&answer, &room) {
                    if tell.send(Seen { event: event.clone(), at }).is_err() {
                        return;
                    }
                }
                since = text(&answer, "/next_batch").to_owned();
            }
        });
        Self { seen, task }
    }

    /// Waits for an event of somebody.
    async fn wait_for(&mut self, sender: &str, is_it: impl Fn(&Value) -> bool) -> Result<Seen, Failure> {
        let wait = async {
            while let Some(seen) = self.seen.recv().await {
                if text(&seen.event, "/sender") == sender && is_it(&seen.event) {
                    return Ok(seen);
                }
            }
            Err(Failure::from("the observer's /sync failed"))
        };
        timeout(PATIENCE, wait).await.map_err(|_| Failure::from(format!("{sender} doesn't answer")))?
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn is_message(event: &Value) -> bool {
    text(event, "/type") == "m.room.message"
}

/// A room in which wishes are answered by one of the two.
struct Side {
    room: String,
    answerer: String,
    resident: Person,
    observer: Observer,
    /// It puts a chip under its cards, which is waited for too, so that it isn't busy when the next wish comes.
    has_chip: bool,
}

impl Side {
    /// Sends one wish and gives the time until its card is in the observer's hand.
    async fn sample(&mut self, tag: &str) -> Result<Duration, Failure> {
        let wish = format!("{PREFIX} 帮我换楼道的灯泡 {tag}");
        let begun = Instant::now();
        self.resident.send_text(&self.room, &wish, tag).await?;
        let is_card = |event: &Value| is_message(event) && text(event, "/content/body").contains(tag);
        let card = self.observer.wait_for(&self.answerer, is_card).await?;
        let took = card.at - begun;
        if self.has_chip {
            let card_id = text(&card.event, "/event_id");
            let is_chip = |event: &Value| {
                text(event, "/content/m.relates_to/key").starts_with(CHIP)
                    && text(event, "/content/m.relates_to/event_id") == card_id
            };
            self.observer.wait_for(&self.answerer, is_chip).await?;
        }
        sleep(PAUSE).await;
        Ok(took)
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn verdict(value: f64, limit: f64) -> &'static str {
    if value <= limit { "met" } else { "NOT MET" }
}

/// Measures both sides, sample by sample in turn, and gives a table.
async fn compare(bot: &mut Side, bare: &mut Side, size: Size) -> Result<(), Failure> {
    // The first answers of a process and of a fresh server are slower, and say nothing.
    for side in [&mut *bot, &mut *bare] {
        for warm_up in 0..size.samples_per_round.div_ceil(10) {
            side.sample(&format!("W-{warm_up:03}")).await?;
        }
    }
    line(&format!(
        "wish to card: {} rounds of {}, in turn, one at a time, unencrypted; load {}",
        size.rounds,
        size.samples_per_round,
        load()
    ))?;
    line(&format!(
        "{:<8}{:>12}{:>12}{:>12}{:>12}{:>10}{:>8}",
        "round", "bot p50 ms", "bot p99 ms", "bare p50 ms", "bare p99 ms", "p50 ratio", "load"
    ))?;
    let show = |round: &str, bot: &Samples, bare: &Samples| {
        let [bot_p50, bot_p99] = [50, 99].map(|percent| milliseconds(bot.percentile(percent)));
        let [bare_p50, bare_p99] = [50, 99].map(|percent| milliseconds(bare.percentile(percent)));
        let ratio = bot_p50 / bare_p50;
        let load = load();
        let load = load.split(' ').next().unwrap_or_default();
        line(&format!("{round:<8}{bot_p50:>12.2}{bot_p99:>12.2}{bare_p50:>12.2}{bare_p99:>12.2}{ratio:>10.3}{load:>8}"))
            .map(|()| ratio)
    };
    let (mut all_bot, mut all_bare) = (Samples::default(), Samples::default());
    for round in 1..=size.rounds {
        let (mut of_bot, mut of_bare) = (Samples::default(), Samples::default());
        for sample in 0..size.samples_per_round {
            let tag = format!("R{round}-{sample:03}");
            let took = bot.sample(&tag).await?;
            of_bot.push(took);
            all_bot.push(took);
            let took = bare.sample(&tag).await?;
            of_bare.push(took);
            all_bare.push(took);
        }
        show(&round.to_string(), &of_bot, &of_bare)?;
    }
    let ratio = show("all", &all_bot, &all_bare)?;
    line(&format!("ratio of the medians {ratio:.3}, limit {RATIO_MAX}: {}", verdict(ratio, RATIO_MAX)))?;
    Ok(())
}

/// Says what the bot weighs.
fn weigh(bot: &Bot, when: &str) -> Result<(), Failure> {
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
    Ok(())
}

/// What the burst brought so far.
#[derive(Default)]
struct Harvest {
    /// Event id of each card and which wish it is for.
    cards: BTreeMap<String, String>,
    numbers: BTreeSet<String>,
    chips: BTreeSet<String>,
}

impl Harvest {
    /// Notes an event of the bot.
    fn take(&mut self, event: &Value) {
        let event_id = text(event, "/event_id").to_owned();
        if text(event, "/content/m.relates_to/key").starts_with(CHIP) {
            self.chips.insert(event_id);
            return;
        }
        // ✨ 心愿 12：帮我换楼道的灯泡 B07-13
        let Some((_, rest)) = text(event, "/content/body").split_once("心愿 ") else { return };
        let Some((number, rest)) = rest.split_once('：') else { return };
        let first_line = rest.lines().next().unwrap_or_default();
        let Some((_, tag)) = first_line.rsplit_once(" B") else { return };
        self.cards.insert(event_id, tag.to_owned());
        self.numbers.insert(number.to_owned());
    }
}

/// All residents post all their wishes at the same moment.
async fn burst(homeserver: &Homeserver, steward: &Person, bot: &Bot, side: &Side, size: Size) -> Result<(), Failure> {
    let wishes = size.residents * size.wishes_per_resident;
    let mut residents = Vec::new();
    for index in 0..size.residents {
        let person = homeserver.person(&format!("resident-{index}"), None).await?;
        steward.invite(&side.room, person.user_id()).await?;
        person.join(&side.room).await?;
        residents.push(person);
    }
    let mut from = position(steward).await?;
    let mut posting = JoinSet::new();
    let begun = Instant::now();
    for (index, person) in residents.into_iter().enumerate() {
        let room = side.room.clone();
        posting.spawn(async move {
            for wish in 0..size.wishes_per_resident {
                let tag = format!("B{index:02}-{wish:02}");
                person.send_text(&room, &format!("{PREFIX} 帮我换楼道的灯泡 {tag}"), &tag).await?;
            }
            Ok::<_, lamplighter_tests::homeserver::HomeserverError>(begun.elapsed())
        });
    }

    let (mut posted, mut carded, mut chipped) = (None, None, None);
    let mut posted_last = Duration::ZERO;
    let mut harvest = Harvest::default();
    let mut idle = 0;
    while chipped.is_none() && idle < BURST_IDLE_POLLS_MAX {
        sleep(BURST_POLL).await;
        while let Some(done) = posting.try_join_next() {
            posted_last = posted_last.max(done??);
        }
        if posting.is_empty() {
            posted = Some(posted_last);
        }
        idle += 1;
        loop {
            let page = steward.messages(&side.room, Some(&from), Direction::Forward, PAGE_EVENTS).await?;
            let events = page.get("chunk").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            for event in events.iter().filter(|event| text(event, "/sender") == side.answerer) {
                idle = 0;
                harvest.take(event);
            }
            match text(&page, "/end") {
                "" => break,
                end => end.clone_into(&mut from),
            }
            if events.is_empty() {
                break;
            }
        }
        if harvest.cards.len() >= wishes && carded.is_none() {
            carded = Some(begun.elapsed());
            weigh(bot, "when the burst's last card was seen")?;
        }
        if carded.is_some() && harvest.chips.len() >= wishes {
            chipped = Some(begun.elapsed());
        }
    }

    let answered: BTreeSet<&String> = harvest.cards.values().collect();
    let seconds = |duration: Option<Duration>| {
        duration.map_or_else(|| "never".to_owned(), |duration| format!("{:.1} s", duration.as_secs_f64()))
    };
    let per_second = carded.map_or(0.0, |carded: Duration| wishes as f64 / carded.as_secs_f64());
    line(&format!("burst: {} residents, {} wishes each; load {}", size.residents, size.wishes_per_resident, load()))?;
    line(&format!(
        "cards {}, of {} wishes out of {wishes}, {} different numbers: each exactly once: {}",
        harvest.cards.len(),
        answered.len(),
        harvest.numbers.len(),
        if [harvest.cards.len(), answered.len(), harvest.numbers.len()] == [wishes; 3] { "met" } else { "NOT MET" }
    ))?;
    line(&format!(
        "posted after {}, all cards after {} ({per_second:.1} cards/s), all chips after {}",
        seconds(posted),
        seconds(carded),
        seconds(chipped)
    ))?;
    weigh(bot, "after the burst")
}

async fn run(size: Size) -> Result<(), Failure> {
    let homeserver = Homeserver::start(Limits::None).await?;
    let folder = tempfile::tempdir()?;
    let steward = homeserver.person("steward", Some("王书记")).await?;
    let resident = homeserver.person("resident", Some("李阿姨")).await?;
    let observer = homeserver.person("observer", None).await?;
    let bare = homeserver.person("bare", None).await?;
    let bot_id = homeserver.register(BOT, BOT_PASSWORD).await?.user_id;
    let config = process::write_config(folder.path(), &homeserver, &[steward.user_id()])?;
    let bot = Bot::start(Path::new(env!("CARGO_BIN_EXE_lamplighter-under-test")), &config, None)?;

    let mut sides = Vec::new();
    for (name, answerer, has_chip) in [("3号楼", bot_id.as_str(), true), ("5号楼", bare.user_id(), false)] {
        let invited = [resident.user_id(), observer.user_id(), answerer];
        let room = steward.create_room(name, &invited, None, false).await?;
        resident.join(&room).await?;
        observer.join(&room).await?;
        let since = position(&observer).await?;
        let mut observer = Observer::start(observer.clone(), room.clone(), since);
        if has_chip {
            // It comes in and greets, is told which house this is, and says so.
            observer.wait_for(answerer, is_message).await?;
            steward.send_text(&room, "！这是 3号楼", "bind").await?;
            observer.wait_for(answerer, is_message).await?;
        } else {
            bare.join(&room).await?;
        }
        let answerer = answerer.to_owned();
        sides.push(Side { room, answerer, resident: resident.clone(), observer, has_chip });
    }
    let [mut with_bot, mut with_bare] = <[Side; 2]>::try_from(sides).map_err(|_| "there are two sides")?;
    let since = position(&bare).await?;
    let bare_loop = tokio::spawn(answer_barely(bare, with_bare.room.clone(), since));

    weigh(&bot, "at the start")?;
    let compared = compare(&mut with_bot, &mut with_bare, size).await;
    bare_loop.abort();
    drop(with_bare);
    compared?;
    weigh(&bot, "after that")?;
    with_bot.observer.task.abort();
    burst(&homeserver, &steward, &bot, &with_bot, size).await
}

fn main() -> Result<(), Failure> {
    let size = if figures::is_quick() { QUICK } else { FULL };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(size))
}
