//! The inbox: handled once, waiting is not handled, and what kills the process is passed over; what is forgotten when.

use lamplighter_storage::{
    Location, Storage, Tx,
    inbox::{self, ATTEMPTS_MAX, Arrival, Claim, State, Unread},
    outbox::{self, Destination, Kind, Lane, NewRow, Target},
    person, retention, unreadable,
};

const NOW_MS: i64 = 1_767_607_200_000;
const UNREAD: Unread<'_> = Unread { raw: "{\"secret\":1}", session_id: Some("s") };

fn arrival(event_id: &str, first_seen_at_ms: i64) -> Arrival<'_> {
    Arrival { event_id, room_id: "!r", sent_at_ms: NOW_MS - 1_000, first_seen_at_ms }
}

fn fresh(first_seen_at_ms: i64, place: i64) -> Claim {
    Claim::Fresh { first_seen_at_ms, place }
}

async fn open() -> Storage {
    Storage::open(Location::Memory).await.expect("a database")
}

async fn begin(storage: &Storage) -> Tx {
    storage.begin().await.expect("a transaction")
}

async fn commit(tx: Tx) {
    tx.commit().await.expect("a commit");
}

/// Claims and commits.
async fn claim(storage: &Storage, event_id: &str, now_ms: i64) -> Claim {
    let mut tx = begin(storage).await;
    let claim = inbox::claim(&mut tx, arrival(event_id, now_ms)).await.expect("a claim");
    commit(tx).await;
    claim
}

async fn die_over(storage: &Storage, event_id: &str, now_ms: i64) {
    let mut tx = begin(storage).await;
    inbox::died_over(&mut tx, arrival(event_id, now_ms)).await.expect("a row");
    commit(tx).await;
}

async fn wait_for_key(storage: &Storage, event_id: &str, now_ms: i64) -> bool {
    let mut tx = begin(storage).await;
    let kept = inbox::wait_for_key(&mut tx, arrival(event_id, now_ms), UNREAD).await.expect("a row");
    commit(tx).await;
    kept
}

async fn waiting(storage: &Storage) -> Vec<String> {
    inbox::waiting(storage, 0, 100).await.expect("the inbox").into_iter().map(|waiting| waiting.event_id).collect()
}

#[tokio::test]
async fn an_event_is_claimed_once() {
    let storage = open().await;
    assert_eq!(claim(&storage, "$a", NOW_MS).await, fresh(NOW_MS, 1));
    assert_eq!(claim(&storage, "$a", NOW_MS + 1).await, Claim::Done);
    assert_eq!(claim(&storage, "$b", NOW_MS + 1).await, fresh(NOW_MS + 1, 3), "in the order of arrival");
    assert!(inbox::is_settled(&storage, "$a").await.expect("the inbox"));
    assert!(!inbox::is_settled(&storage, "$c").await.expect("the inbox"));
}

#[tokio::test]
async fn whatever_became_of_it_it_is_not_claimed_again() {
    let storage = open().await;
    for (event_id, state) in [("$h", State::Handled), ("$r", State::Refused), ("$f", State::Faulted)] {
        claim(&storage, event_id, NOW_MS).await;
        let mut tx = begin(&storage).await;
        inbox::settle(&mut tx, event_id, state).await.expect("a state");
        commit(tx).await;
        assert_eq!(claim(&storage, event_id, NOW_MS).await, Claim::Done, "{state:?}");
    }
}

#[tokio::test]
async fn what_was_rolled_back_may_be_claimed_again() {
    let storage = open().await;
    let mut tx = begin(&storage).await;
    inbox::claim(&mut tx, arrival("$a", NOW_MS)).await.expect("a claim");
    tx.roll_back().await.expect("a rollback");
    assert_eq!(claim(&storage, "$a", NOW_MS + 1).await, fresh(NOW_MS + 1, 1));
}

#[tokio::test]
async fn what_waited_for_its_key_is_fresh_once_with_the_time_it_was_first_seen() {
    let storage = open().await;
    assert!(wait_for_key(&storage, "$a", NOW_MS).await);
    assert!(wait_for_key(&storage, "$b", NOW_MS + 1).await);
    assert!(!wait_for_key(&storage, "$a", NOW_MS + 2).await, "it waits already");
    assert_eq!(waiting(&storage).await, ["$a", "$b"], "in the order of arrival");
    assert!(!inbox::is_settled(&storage, "$a").await.expect("the inbox"), "waiting is not handled");

    assert_eq!(claim(&storage, "$a", NOW_MS + 60_000).await, fresh(NOW_MS, 1), "with its time and its place");
    assert_eq!(claim(&storage, "$a", NOW_MS + 60_001).await, Claim::Done);
    assert_eq!(waiting(&storage).await, ["$b"]);
    assert!(!wait_for_key(&storage, "$a", NOW_MS).await, "what was handled doesn't wait again");
    assert_eq!(waiting(&storage).await, ["$b"]);
}

#[tokio::test]
async fn events_are_found_by_the_key_they_wait_for() {
    let storage = open().await;
    for (event_id, session_id) in [("$a", Some("s1")), ("$b", Some("s2")), ("$c", Some("s1")), ("$d", None)] {
        let mut tx = begin(&storage).await;
        let unread = Unread { session_id, ..UNREAD };
        inbox::wait_for_key(&mut tx, arrival(event_id, NOW_MS), unread).await.expect("a row");
        commit(tx).await;
    }
    let found = |sessions: &'static [&'static str]| {
        let storage = storage.clone();
        async move {
            let found = inbox::waiting_for(&storage, sessions, 100).await.expect("the inbox");
            found.into_iter().map(|waiting| waiting.event_id).collect::<Vec<_>>()
        }
    };
    assert_eq!(found(&["s1"]).await, ["$a", "$c"]);
    assert_eq!(found(&["s2", "s3"]).await, ["$b"]);
    assert!(found(&["s3"]).await.is_empty());
    assert_eq!(inbox::waiting_count(&storage).await.expect("the inbox"), 4);
    let later = inbox::waiting(&storage, 2, 1).await.expect("the inbox");
    assert_eq!(later.into_iter().map(|waiting| waiting.event_id).collect::<Vec<_>>(), ["$c"], "page by page");
}

#[tokio::test]
async fn what_waits_too_long_or_too_numerous_is_given_up_for_good() {
    let storage = open().await;
    for (event_id, at_ms) in [("$old", NOW_MS), ("$a", NOW_MS + 10), ("$b", NOW_MS + 11), ("$c", NOW_MS + 12)] {
        wait_for_key(&storage, event_id, at_ms).await;
    }
    let mut tx = begin(&storage).await;
    assert_eq!(inbox::give_up(&mut tx, NOW_MS + 10, 2, NOW_MS + 100).await.expect("giving up"), 2);
    commit(tx).await;
    assert_eq!(waiting(&storage).await, ["$b", "$c"], "the newest of the room stay");
    assert_eq!(claim(&storage, "$old", NOW_MS + 200).await, Claim::Done, "its key comes too late");
    assert_eq!(inbox::waiting_count(&storage).await.expect("the inbox"), 2);
}

#[tokio::test]
async fn a_room_in_which_nothing_can_be_read_is_told_once_in_a_while() {
    let storage = open().await;
    let count = |at_ms: i64| {
        let storage = storage.clone();
        async move {
            let mut tx = begin(&storage).await;
            unreadable::count(&mut tx, "!r", at_ms).await.expect("a count");
            commit(tx).await;
        }
    };
    let untold = |since_ms: i64, told_ms: i64| {
        let storage = storage.clone();
        async move { unreadable::untold(&storage, 3, since_ms, told_ms).await.expect("rooms") }
    };
    count(NOW_MS).await;
    count(NOW_MS + 1).await;
    assert!(untold(NOW_MS + 1_000, NOW_MS).await.is_empty(), "two may be chance");
    count(NOW_MS + 2).await;
    assert!(untold(NOW_MS - 1, NOW_MS).await.is_empty(), "their keys may be on the way");
    assert_eq!(untold(NOW_MS, NOW_MS).await, [("!r".to_owned(), NOW_MS)]);
    let mut tx = begin(&storage).await;
    unreadable::told(&mut tx, "!r", NOW_MS + 5).await.expect("a note");
    commit(tx).await;
    count(NOW_MS + 6).await;
    assert!(untold(NOW_MS + 1_000, NOW_MS + 1_000).await.is_empty(), "once");
    assert_eq!(unreadable::rooms(&storage).await.expect("rooms"), ["!r"]);
    // Something can be read; then, again, nothing.
    let mut tx = begin(&storage).await;
    unreadable::readable(&mut tx, "!r").await.expect("a note");
    commit(tx).await;
    assert!(unreadable::rooms(&storage).await.expect("rooms").is_empty());
    for at_ms in [NOW_MS + 10, NOW_MS + 11, NOW_MS + 12] {
        count(at_ms).await;
    }
    assert!(untold(NOW_MS + 1_000, NOW_MS).await.is_empty(), "not again so soon");
    assert_eq!(untold(NOW_MS + 1_000, NOW_MS + 1_000).await, [("!r".to_owned(), NOW_MS + 10)]);
}

#[tokio::test]
async fn in_a_private_chat_one_message_that_cant_be_read_is_enough() {
    let storage = open().await;
    let mut tx = begin(&storage).await;
    let person = person::seen(&mut tx, "@li:example.org", "李阿姨").await.expect("a person");
    person::set_direct_chat(&mut tx, person.person_id, "!private").await.expect("a chat");
    for room_id in ["!private", "!hall"] {
        unreadable::count(&mut tx, room_id, NOW_MS).await.expect("a count");
    }
    commit(tx).await;
    let untold = unreadable::untold(&storage, 3, NOW_MS, NOW_MS).await.expect("rooms");
    assert_eq!(untold, [("!private".to_owned(), NOW_MS)]);
}

#[tokio::test]
async fn what_has_killed_the_process_too_often_is_passed_over() {
    let storage = open().await;
    for deaths in 1..ATTEMPTS_MAX {
        die_over(&storage, "$a", NOW_MS).await;
        let mut tx = begin(&storage).await;
        let claim = inbox::claim(&mut tx, arrival("$a", NOW_MS + 60_000)).await.expect("a claim");
        assert_eq!(claim, fresh(NOW_MS, 1), "after {deaths} deaths it is tried again");
        // The process dies here: nothing is committed.
        tx.roll_back().await.expect("a rollback");
    }
    die_over(&storage, "$a", NOW_MS).await;
    assert_eq!(claim(&storage, "$a", NOW_MS).await, Claim::Poisonous);
    assert_eq!(claim(&storage, "$a", NOW_MS).await, Claim::Done, "and that is the end of it");
}

#[tokio::test]
async fn a_death_after_the_commit_does_not_bring_an_event_back() {
    let storage = open().await;
    claim(&storage, "$a", NOW_MS).await;
    for _ in 0..ATTEMPTS_MAX {
        die_over(&storage, "$a", NOW_MS).await;
    }
    assert_eq!(claim(&storage, "$a", NOW_MS).await, Claim::Done);
}

#[tokio::test]
async fn an_encrypted_event_that_kills_the_process_is_passed_over_too() {
    let storage = open().await;
    wait_for_key(&storage, "$a", NOW_MS).await;
    for _ in 1..ATTEMPTS_MAX {
        die_over(&storage, "$a", NOW_MS + 1).await;
        assert_eq!(waiting(&storage).await, ["$a"], "it still waits, with its JSON");
    }
    die_over(&storage, "$a", NOW_MS + 1).await;
    assert_eq!(claim(&storage, "$a", NOW_MS + 2).await, Claim::Poisonous);
    assert!(waiting(&storage).await.is_empty());
}

#[tokio::test]
async fn an_event_that_once_killed_the_process_and_cannot_be_read_now_is_not_lost() {
    let storage = open().await;
    die_over(&storage, "$a", NOW_MS).await;
    wait_for_key(&storage, "$a", NOW_MS + 1).await;
    assert_eq!(waiting(&storage).await, ["$a"], "its JSON is kept until the key comes");
    assert_eq!(claim(&storage, "$a", NOW_MS + 2).await, fresh(NOW_MS, 1));
}

#[tokio::test]
async fn a_fault_is_found_by_its_number() {
    let storage = open().await;
    for (event_id, code) in [("$a", "4F2A"), ("$b", "0001"), ("$c", "4F2A")] {
        let mut tx = begin(&storage).await;
        inbox::fault(&mut tx, arrival(event_id, NOW_MS), code, "a wish in an unknown state").await.expect("a row");
        commit(tx).await;
        assert_eq!(claim(&storage, event_id, NOW_MS).await, Claim::Done, "a fault is answered once");
    }
    let found = inbox::fault_by_code(&storage, "4F2A").await.expect("the inbox");
    let events: Vec<&str> = found.iter().map(|(event_id, ..)| event_id.as_str()).collect();
    assert_eq!(events, ["$a", "$c"]);
    assert!(inbox::fault_by_code(&storage, "FFFF").await.expect("the inbox").is_empty());
}

#[tokio::test]
async fn our_place_in_the_stream_is_one() {
    let storage = open().await;
    assert_eq!(inbox::cursor(&storage).await.expect("the inbox"), None);
    for next_batch in ["s1", "s2"] {
        let mut tx = begin(&storage).await;
        inbox::set_cursor(&mut tx, next_batch).await.expect("a cursor");
        commit(tx).await;
        assert_eq!(inbox::cursor(&storage).await.expect("the inbox").as_deref(), Some(next_batch));
    }
}

#[tokio::test]
async fn what_is_old_and_done_is_forgotten_and_nothing_else() {
    let storage = open().await;
    for (event_id, state, seen) in [
        ("$old", State::Handled, NOW_MS),
        ("$refused", State::Refused, NOW_MS),
        ("$fault", State::Faulted, NOW_MS),
        ("$new", State::Handled, NOW_MS + 10),
    ] {
        claim(&storage, event_id, seen).await;
        let mut tx = begin(&storage).await;
        inbox::settle(&mut tx, event_id, state).await.expect("a state");
        commit(tx).await;
    }
    wait_for_key(&storage, "$waiting", NOW_MS).await;
    let mut tx = begin(&storage).await;
    let mut rows = Vec::new();
    for (cause, at_ms) in [("$sent", NOW_MS), ("$queued", NOW_MS), ("$recent", NOW_MS + 10)] {
        let row = NewRow {
            cause,
            ordinal: 0,
            kind: Kind::Post,
            destination: Destination::Room("!r"),
            target: Target::None,
            lane: Lane::Answer,
            content: "{}",
            at_ms,
            unasked_in: None,
            stale_at_ms: None,
        };
        rows.push(outbox::write(&mut tx, row).await.expect("a row"));
    }
    outbox::sent(&mut tx, rows[0], "$b1", NOW_MS).await.expect("a receipt");
    retention::forget_before(&mut tx, NOW_MS + 10).await.expect("forgetting");
    commit(tx).await;
    for (event_id, known) in [("$old", false), ("$refused", false), ("$fault", true), ("$new", true)] {
        assert_eq!(inbox::is_settled(&storage, event_id).await.expect("the inbox"), known, "{event_id}");
    }
    assert_eq!(waiting(&storage).await, ["$waiting"], "what waits for its key is never forgotten");
    let next = outbox::next(&storage, NOW_MS, 0).await.expect("the outbox").expect("a row");
    assert_eq!((next.outbox_id, next.content.as_str()), (rows[1], "{}"), "what isn't sent keeps its words");
}
