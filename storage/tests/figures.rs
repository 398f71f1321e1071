//! What is counted for whoever watches: what waits, and whether the ledgers add up, read a little at a time.

use lamplighter_storage::{
    Location, Storage,
    figures::{LedgerSums, Queue, figures},
    inbox::{self, Arrival},
    ledger::{self, Grant},
    outbox::{self, Destination, Kind, Lane, NewRow, Target},
    room,
};

fn row<'a>(cause: &'a str, at_ms: i64, unasked_in: Option<&'a str>) -> NewRow<'a> {
    NewRow {
        cause,
        ordinal: 0,
        kind: Kind::Post,
        destination: Destination::Room("!room"),
        target: Target::None,
        lane: Lane::Answer,
        content: "{}",
        at_ms,
        unasked_in,
        stale_at_ms: None,
    }
}

fn grant(number: i64) -> Grant<'static> {
    Grant {
        community_id: "a",
        currency: "points",
        rule: "wish_fulfilled",
        number,
        pseudonym: b"0123456789abcdef",
        amount: 10,
        at_ms: 1,
        cause: "$a",
        salt: [0; 16],
    }
}

#[tokio::test]
async fn what_waits_is_counted() {
    let storage = Storage::open(Location::Memory).await.expect("a database");
    let mut tx = storage.begin().await.expect("a transaction");
    room::declare_communities(&mut tx, ["a"].into_iter()).await.expect("a community");
    outbox::write(&mut tx, row("$1", 20, None)).await.expect("a row");
    outbox::write(&mut tx, row("$2", 10, None)).await.expect("a row");
    outbox::write(&mut tx, row("$3", 5, Some("a"))).await.expect("a row");
    let parked = outbox::write(&mut tx, row("$4", 1, None)).await.expect("a row");
    outbox::given_up(&mut tx, parked, true, "no").await.expect("parked");
    let sent = outbox::write(&mut tx, row("$5", 1, None)).await.expect("a row");
    outbox::sent(&mut tx, sent, "$sent", 30).await.expect("sent");
    let arrival = Arrival { event_id: "$6", room_id: "!room", sent_at_ms: 1, first_seen_at_ms: 2 };
    inbox::wait_for_key(&mut tx, arrival, inbox::Unread { raw: "{}", session_id: None }).await.expect("waits");
    tx.commit().await.expect("committed");
    let mut counted = figures(&storage).await.expect("figures");
    counted.queues.sort_by_key(|queue| queue.oldest_at_ms);
    let queue = |unasked_in: Option<&str>, rows, oldest_at_ms| Queue {
        unasked_in: unasked_in.map(str::to_owned),
        rows,
        oldest_at_ms,
    };
    assert_eq!(counted.queues, [queue(Some("a"), 1, 5), queue(None, 2, 10)]);
    assert_eq!((counted.parked, counted.undecryptable, counted.agenda), (1, 1, 0));
}

#[tokio::test]
async fn ledgers_add_up_however_they_are_read() {
    let storage = Storage::open(Location::Memory).await.expect("a database");
    let mut sums = LedgerSums::default();
    assert!(sums.read(&storage).await.expect("sums").is_empty());
    for number in 1..=3 {
        let mut tx = storage.begin().await.expect("a transaction");
        room::declare_communities(&mut tx, ["a"].into_iter()).await.expect("a community");
        assert!(ledger::pay(&mut tx, grant(number)).await.expect("paid"));
        tx.commit().await.expect("committed");
        let read = sums.read(&storage).await.expect("sums").clone();
        assert_eq!(read.get(&("a".to_owned(), "points".to_owned())), Some(&0));
        assert_eq!(
            read,
            *LedgerSums::default().read(&storage).await.expect("sums"),
            "from the beginning it is the same"
        );
    }
}
