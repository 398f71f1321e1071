//! A message over which our logic fails each time.

use lamplighter_commands::incoming::{Message, Place, Sender};
use lamplighter_config::Community;
use lamplighter_storage::Location;

use super::*;
use crate::clock::ManualClock;

const MONDAY_MS: i64 = 1_767_607_200_000;
const STEWARD: &str = "@steward:example.org";
const RETENTION_DAYS: u32 = 14;
/// So many messages in a row that fail; a person may send sixty commands at once.
const FAILING: usize = 200;
const BURST: usize = 60;

/// A bot whose community isn't known to its database: to register a room fails, for want of what it would belong to.
async fn broken(clock: &Arc<ManualClock>) -> (Storage, Worker) {
    let storage = Storage::open(Location::Memory).await.expect("a database");
    let community = Community::console_default(vec![STEWARD.to_owned()]);
    let bot = "@lamplighter:example.org";
    let house = crate::house::build(vec![community], bot, None, Vec::new(), RETENTION_DAYS).expect("a house");
    let (progress, _) = watch::channel(0);
    let worker = Worker::new(storage.clone(), Arc::new(house), Arc::clone(clock) as _, progress, Seed::Fixed);
    (storage, worker)
}

fn said(number: usize, now_ms: i64, message: Message) -> Incoming {
    Incoming {
        event_id: format!("$event-{number}"),
        room_id: "!room".into(),
        sender: Sender {
            user_id: STEWARD.into(), display_name: "王主任".into(), power_level: 0, may_call_room: false
        },
        sent_at_ms: now_ms,
        place: Place::Room { name: String::new(), captains: Vec::new(), lacks: Vec::new() },
        what: What::Message(message),
    }
}

async fn answers(storage: &Storage, number: usize) -> Vec<String> {
    let mut tx = storage.begin().await.expect("a transaction");
    let contents = outbox::contents_of(&mut tx, &format!("$event-{number}")).await.expect("the outbox");
    tx.roll_back().await.expect("a rollback");
    contents
}

#[tokio::test]
async fn what_fails_each_time_is_answered_within_limits() {
    let clock = Arc::new(ManualClock::at(MONDAY_MS));
    let (storage, worker) = broken(&clock).await;
    let failing = || Message { text: "！这是 3号楼".into(), ..Message::default() };
    let (mut told, mut notices) = (0, 0);
    for number in 0..FAILING {
        let handling = worker.handle(&said(number, MONDAY_MS, failing())).await.expect("a database that is well");
        // Whoever is too fast isn't heard any more, so that nothing can fail either.
        let expected = if number < BURST { Handling::Faulted } else { Handling::Done(Outcome::Ignored) };
        assert_eq!(handling, expected, "the {number}th");
        for content in answers(&storage, number).await {
            let code = fault_code(&format!("$event-{number}"));
            told += usize::from(content.contains("出错了") && content.contains(&code));
            notices += usize::from(content.contains("先歇一两分钟"));
        }
    }
    assert_eq!((told, notices), (BURST, 1), "sixty, then one word about it, then nothing");
    assert_eq!(outbox::depth(&storage).await.expect("the outbox"), BURST as i64 + 1);
    // Each of them is in the list of faults all the same, and isn't tried again.
    for number in [0, BURST - 1] {
        let code = fault_code(&format!("$event-{number}"));
        assert!(!inbox::fault_by_code(&storage, &code).await.expect("the inbox").is_empty(), "{code}");
        let again = worker.handle(&said(number, MONDAY_MS, failing())).await.expect("a database that is well");
        assert_eq!(again, Handling::Duplicate);
    }
    // Whoever was calm is told again.
    clock.set(MONDAY_MS + 2 * 60_000);
    worker.handle(&said(FAILING, MONDAY_MS + 2 * 60_000, failing())).await.expect("a database that is well");
    assert_eq!(answers(&storage, FAILING).await.len(), 1);
    // Another bot is told nothing.
    let notice = Message { notice: true, ..failing() };
    worker.handle(&said(FAILING + 1, MONDAY_MS + 2 * 60_000, notice)).await.expect("a database that is well");
    assert!(answers(&storage, FAILING + 1).await.is_empty());
}
