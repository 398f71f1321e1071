//! The outbox: what goes before what, what waits for what, what takes the place of what.

use lamplighter_storage::{
    Location, Storage,
    outbox::{self, Destination, Kind, LANE_LEAD_MS, Lane, NewRow, Row, SCARCE_EDIT_LEAD_MS, Target},
    person, room,
};
use proptest::prelude::*;

const NOW_MS: i64 = 1_767_607_200_000;

/// An outbox, with the causes counted.
struct Outbox {
    storage: Storage,
    causes: i64,
    sent: i64,
    /// The homeserver lets little through.
    few: bool,
}

impl Outbox {
    async fn new() -> Self {
        Self { storage: Storage::open(Location::Memory).await.expect("a database"), causes: 0, sent: 0, few: false }
    }

    /// Writes a row whose content is its cause.
    async fn write(
        &mut self,
        kind: Kind,
        destination: Destination<'_>,
        target: Target<'_>,
        lane: Lane,
        at_ms: i64,
    ) -> i64 {
        self.causes += 1;
        let content = format!("$e{}", self.causes);
        let (unasked_in, stale_at_ms) = (None, None);
        let content = &content;
        let row = NewRow {
            cause: content,
            ordinal: 0,
            kind,
            destination,
            target,
            lane,
            content,
            at_ms,
            unasked_in,
            stale_at_ms,
        };
        let mut tx = self.storage.begin().await.expect("a transaction");
        let outbox_id = outbox::write(&mut tx, row).await.expect("a row");
        tx.commit().await.expect("a commit");
        outbox_id
    }

    async fn post(&mut self, room_id: &str, lane: Lane) -> i64 {
        self.write(Kind::Post, Destination::Room(room_id), Target::None, lane, NOW_MS).await
    }

    async fn edit(&mut self, post_id: i64) -> i64 {
        self.write(Kind::Edit, Destination::Room("!r"), Target::Row(post_id), Lane::Edit, NOW_MS).await
    }

    async fn tap(&mut self, post_id: i64) -> i64 {
        self.write(Kind::Tap, Destination::Room("!r"), Target::Row(post_id), Lane::Edit, NOW_MS).await
    }

    async fn next_at(&self, now_ms: i64) -> Option<Row> {
        if self.few {
            outbox::next_of_few(&self.storage, now_ms, 0).await.expect("the outbox")
        } else {
            outbox::next(&self.storage, now_ms, 0).await.expect("the outbox")
        }
    }

    async fn next(&self) -> Option<i64> {
        self.next_at(NOW_MS).await.map(|row| row.outbox_id)
    }

    async fn sent(&mut self, outbox_id: i64) {
        self.sent += 1;
        let mut tx = self.storage.begin().await.expect("a transaction");
        outbox::sent(&mut tx, outbox_id, &format!("$b{}", self.sent), NOW_MS).await.expect("a receipt");
        tx.commit().await.expect("a commit");
    }

    async fn hold_back(&self, outbox_id: i64, not_before_ms: i64) {
        let mut tx = self.storage.begin().await.expect("a transaction");
        outbox::held_back(&mut tx, outbox_id, not_before_ms, "429").await.expect("a row");
        tx.commit().await.expect("a commit");
    }

    async fn give_up(&self, outbox_id: i64, park: bool) {
        let mut tx = self.storage.begin().await.expect("a transaction");
        outbox::given_up(&mut tx, outbox_id, park, "403").await.expect("a row");
        tx.commit().await.expect("a commit");
    }

    /// Sends everything that can be sent now; the rows in the order in which they went.
    async fn drain(&mut self, now_ms: i64) -> Vec<Row> {
        let mut rows = Vec::new();
        while let Some(row) = self.next_at(now_ms).await {
            self.sent(row.outbox_id).await;
            rows.push(row);
        }
        rows
    }
}

fn ids(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row.outbox_id).collect()
}

#[tokio::test]
async fn messages_of_a_room_go_out_in_the_order_in_which_they_were_written() {
    let mut outbox = Outbox::new().await;
    let mut written = Vec::new();
    for _ in 0..5 {
        written.push(outbox.post("!r", Lane::Answer).await);
    }
    assert_eq!(ids(&outbox.drain(NOW_MS).await), written);
}

#[tokio::test]
async fn what_is_held_back_holds_back_its_room_and_no_other() {
    let mut outbox = Outbox::new().await;
    let first = outbox.post("!r", Lane::Answer).await;
    let second = outbox.post("!r", Lane::Answer).await;
    let elsewhere = outbox.post("!s", Lane::Answer).await;
    outbox.hold_back(first, NOW_MS + 5_000).await;
    assert_eq!(outbox.next().await, Some(elsewhere));
    outbox.sent(elsewhere).await;
    assert_eq!(outbox.next().await, None, "the second waits for the first");
    let due = outbox::next_not_before_ms(&outbox.storage, NOW_MS, 0).await.expect("the outbox");
    assert_eq!(due, Some(NOW_MS + 5_000));
    assert_eq!(outbox.next_at(NOW_MS + 4_999).await.map(|row| row.outbox_id), None);
    let row = outbox.next_at(NOW_MS + 5_000).await.expect("the first again");
    assert_eq!((row.outbox_id, row.attempts), (first, 1));
    assert_eq!(ids(&outbox.drain(NOW_MS + 5_000).await), [first, second]);
    assert_eq!(outbox::depth(&outbox.storage).await.expect("the outbox"), 0);
}

#[tokio::test]
async fn what_is_private_keeps_its_order_and_waits_for_no_room() {
    let mut outbox = Outbox::new().await;
    let mut people = Vec::new();
    for user_id in ["@li:example.org", "@zhang:example.org"] {
        let mut tx = outbox.storage.begin().await.expect("a transaction");
        people.push(person::seen(&mut tx, user_id, "某人").await.expect("a person").person_id);
        tx.commit().await.expect("a commit");
    }
    let to = |place: usize| Destination::Person { person_id: people[place], fallback_room_id: Some("!r") };
    let room = outbox.post("!r", Lane::Answer).await;
    // One's answers and pings are one conversation, in whatever lane.
    let ping = outbox.write(Kind::Post, to(0), Target::None, Lane::Ping, NOW_MS).await;
    let answer = outbox.write(Kind::Post, to(0), Target::None, Lane::Answer, NOW_MS).await;
    let other = outbox.write(Kind::Post, to(1), Target::None, Lane::Answer, NOW_MS).await;
    outbox.hold_back(room, NOW_MS + 1).await;
    let rows = outbox.drain(NOW_MS).await;
    assert_eq!(ids(&rows), [other, ping, answer]);
    assert_eq!(rows[0].user_id.as_deref(), Some("@zhang:example.org"));
    assert_eq!(rows[0].fallback_room_id.as_deref(), Some("!r"));
    assert_eq!(rows[0].room_id, None);
}

#[tokio::test]
async fn the_urgent_goes_first_but_nothing_waits_for_ever() {
    let mut outbox = Outbox::new().await;
    let lanes = [Lane::Digest, Lane::Edit, Lane::Ping, Lane::Answer];
    let mut written = Vec::new();
    for (place, lane) in lanes.into_iter().enumerate() {
        written.push(outbox.post(&format!("!r{place}"), lane).await);
    }
    written.reverse();
    assert_eq!(ids(&outbox.drain(NOW_MS).await), written, "answers, then pings, then edits, then digests");

    let digest = outbox.post("!d", Lane::Digest).await;
    let lead = 3 * LANE_LEAD_MS;
    let to = Destination::Room("!a");
    let before = outbox.write(Kind::Post, to, Target::None, Lane::Answer, NOW_MS + lead - 1).await;
    let after = outbox.write(Kind::Post, to, Target::None, Lane::Answer, NOW_MS + lead + 1).await;
    assert_eq!(ids(&outbox.drain(NOW_MS + lead + 1).await), [before, digest, after], "a digest has waited long enough");
}

#[tokio::test]
async fn edits_of_one_card_collapse() {
    let mut outbox = Outbox::new().await;
    let card = outbox.post("!r", Lane::Answer).await;
    let other = outbox.post("!r", Lane::Answer).await;
    outbox.edit(card).await;
    outbox.edit(card).await;
    let of_other = outbox.edit(other).await;
    let last = outbox.edit(card).await;
    let rows = outbox.drain(NOW_MS).await;
    assert_eq!(ids(&rows), [card, other, of_other, last]);
    assert_eq!(rows[3].content, "$e6", "the newest version is the one that is sent");
    // What was sent stays; a later edit comes after it.
    let later = outbox.edit(card).await;
    assert_eq!(ids(&outbox.drain(NOW_MS).await), [later]);
}

#[tokio::test]
async fn a_clock_that_is_set_back_holds_nothing_back() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let mut outbox = Outbox::new().await;
    let card = outbox.post("!r", Lane::Answer).await;
    outbox.sent(card).await;
    let tomorrows = outbox.edit(card).await;
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    outbox::sent(&mut tx, tomorrows, "$edit", NOW_MS + DAY_MS).await.expect("sent");
    tx.commit().await.expect("a commit");
    let held = outbox.post("!s", Lane::Answer).await;
    outbox.hold_back(held, NOW_MS + DAY_MS).await;
    let resting = outbox.post("!t", Lane::Answer).await;
    outbox.hold_back(resting, NOW_MS + 30_000).await;

    // The clock is back at today: the last edit of the card was sent at a time that hasn't come.
    let edit = outbox.edit(card).await;
    let next = outbox::next(&outbox.storage, NOW_MS, 5_000).await.expect("the outbox");
    assert_eq!(next.map(|row| row.outbox_id), Some(edit));
    outbox.sent(edit).await;
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    outbox::clock_set_back(&mut tx, NOW_MS + 60_000).await.expect("looked through");
    tx.commit().await.expect("a commit");
    assert_eq!(ids(&outbox.drain(NOW_MS).await), [held], "what failed lately goes on resting");
    assert_eq!(ids(&outbox.drain(NOW_MS + 30_000).await), [resting]);
}

#[tokio::test]
async fn what_is_about_a_card_waits_for_the_card() {
    let mut outbox = Outbox::new().await;
    let card = outbox.post("!r", Lane::Answer).await;
    let tap = outbox.tap(card).await;
    let edit = outbox.edit(card).await;
    let untap = outbox.write(Kind::Untap, Destination::Room("!r"), Target::Row(tap), Lane::Edit, NOW_MS).await;
    outbox.hold_back(card, NOW_MS + 1).await;
    assert_eq!(outbox.next().await, None, "there is nothing yet to edit or to tap");
    let rows = outbox.drain(NOW_MS + 1).await;
    assert_eq!(ids(&rows), [card, tap, edit, untap]);
    let about: Vec<Option<&str>> = rows.iter().map(|row| row.about_event_id.as_deref()).collect();
    assert_eq!(about, [None, Some("$b1"), Some("$b1"), Some("$b2")], "the card, the card, and the tap");
}

#[tokio::test]
async fn a_chip_that_fails_holds_back_its_card_and_no_other() {
    let mut outbox = Outbox::new().await;
    let (one, two) = (outbox.post("!r", Lane::Answer).await, outbox.post("!r", Lane::Answer).await);
    assert_eq!(ids(&outbox.drain(NOW_MS).await), [one, two]);
    let (tap, edit) = (outbox.tap(one).await, outbox.edit(one).await);
    let of_two = outbox.edit(two).await;
    let answer = outbox.post("!r", Lane::Answer).await;
    outbox.hold_back(tap, NOW_MS + 1).await;
    assert_eq!(ids(&outbox.drain(NOW_MS).await), [answer, of_two]);
    assert_eq!(ids(&outbox.drain(NOW_MS + 1).await), [tap, edit]);
}

#[tokio::test]
async fn what_is_given_up_lets_the_next_go() {
    let mut outbox = Outbox::new().await;
    let (parked, dropped) = (outbox.post("!r", Lane::Answer).await, outbox.post("!r", Lane::Answer).await);
    let last = outbox.post("!r", Lane::Answer).await;
    let edit = outbox.edit(parked).await;
    outbox.give_up(parked, true).await;
    outbox.give_up(dropped, false).await;
    let rows = outbox.drain(NOW_MS).await;
    assert_eq!(ids(&rows), [last, edit]);
    let edit = (rows[1].about_event_id.as_deref(), rows[1].about_state.as_deref());
    assert_eq!(edit, (None, Some("parked")), "whoever sends it sees that its card never went out");
    assert_eq!(outbox::depth(&outbox.storage).await.expect("the outbox"), 0);
}

#[tokio::test]
async fn each_community_counts_its_own_parked_messages() {
    let mut outbox = Outbox::new().await;
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    room::declare_communities(&mut tx, ["east", "west"].into_iter()).await.expect("two communities");
    for (room_id, community_id) in [("!east", "east"), ("!west", "west")] {
        room::joined(&mut tx, room_id, room_id, NOW_MS).await.expect("a room");
        room::bind(&mut tx, room_id, community_id, "building", room_id).await.expect("a bond");
    }
    tx.commit().await.expect("a commit");
    for room_id in ["!east", "!west", "!west", "!nobody knows"] {
        let post = outbox.post(room_id, Lane::Answer).await;
        outbox.give_up(post, true).await;
    }
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    for (community_id, count) in [("east", 2), ("west", 2)] {
        let parked = outbox::parked_since(&mut tx, community_id, "east", NOW_MS).await.expect("a count");
        assert_eq!(parked, count, "{community_id}");
    }
    assert_eq!(outbox::parked_since(&mut tx, "west", "east", NOW_MS + 1).await.expect("a count"), 0);
}

#[tokio::test]
async fn our_own_echo_is_the_receipt_whichever_comes_first() {
    let mut outbox = Outbox::new().await;
    let post = outbox.post("!r", Lane::Answer).await;
    let transaction_id = outbox::transaction_id("", "$e1", 0);
    assert_eq!(outbox.next_at(NOW_MS).await.expect("a row").transaction_id, transaction_id);
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    assert!(outbox::echoed(&mut tx, &transaction_id, "$echo", NOW_MS).await.expect("a receipt"));
    outbox::sent(&mut tx, post, "$answer", NOW_MS).await.expect("harmless");
    assert!(outbox::echoed(&mut tx, &transaction_id, "$again", NOW_MS).await.expect("harmless"));
    assert!(!outbox::echoed(&mut tx, "ll-unknown", "$x", NOW_MS).await.expect("no row"));
    assert_eq!(outbox::event_id(&mut tx, post).await.expect("an event"), "$echo", "the first receipt counts");
    assert!(outbox::is_ours(&mut tx, "$echo").await.expect("a look"));
    assert!(!outbox::is_ours(&mut tx, "$answer").await.expect("a look"));
    tx.commit().await.expect("a commit");
    assert_eq!(outbox.next().await, None);
}

#[tokio::test]
async fn where_little_goes_through_an_edit_goes_before_thirty_answers_and_chips_give_way() {
    let mut outbox = Outbox::new().await;
    outbox.few = true;
    let card = outbox.post("!r", Lane::Answer).await;
    outbox.sent(card).await;
    let chip = outbox.tap(card).await;
    let (mut ticks, mut answers) = (Vec::new(), Vec::new());
    let room = Destination::Room("!r");
    for event in 0..30 {
        let event = format!("$event{event}");
        ticks.push(outbox.write(Kind::Tap, room, Target::Event(&event), Lane::Answer, NOW_MS).await);
        answers.push(outbox.post("!r", Lane::Answer).await);
    }
    let ping = outbox.post("!r", Lane::Ping).await;
    let edit = outbox.edit(card).await;
    let first = outbox.next_at(NOW_MS).await.expect("something");
    assert_eq!(first.outbox_id, edit, "the edit shows everybody's state");
    let order = [vec![edit], answers, vec![ping, chip], ticks.clone()].concat();
    let rows = outbox.drain(NOW_MS).await;
    assert_eq!(ids(&rows), order);
    let is_tick: Vec<i64> = rows.iter().filter(|row| row.is_tick).map(|row| row.outbox_id).collect();
    assert_eq!(is_tick, ticks, "a chip is no answer");

    // Age counts here too: what has waited long enough goes before an edit.
    let old = outbox.post("!r", Lane::Answer).await;
    let later_ms = NOW_MS + SCARCE_EDIT_LEAD_MS + 1;
    let edit = outbox.write(Kind::Edit, room, Target::Row(card), Lane::Edit, later_ms).await;
    assert_eq!(ids(&outbox.drain(later_ms).await), [old, edit]);
}

#[tokio::test]
async fn a_tick_is_shown_once_a_later_edit_of_its_card_is_sent() {
    let mut outbox = Outbox::new().await;
    let card = outbox.post("!r", Lane::Answer).await;
    outbox.sent(card).await;
    let early = outbox.edit(card).await;
    outbox.sent(early).await;
    let tick = outbox.write(Kind::Tap, Destination::Room("!r"), Target::Event("$word"), Lane::Answer, NOW_MS).await;
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    outbox::shown_by(&mut tx, tick, card).await.expect("a row");
    tx.commit().await.expect("a commit");
    let edit = outbox.edit(card).await;
    let is_shown =
        async |outbox: &Outbox| outbox.next().await == Some(tick) && outbox.next_at(NOW_MS).await.expect("it").is_shown;
    assert!(!is_shown(&outbox).await, "the edit before it doesn't show it, the one after it waits");
    outbox.sent(edit).await;
    assert!(is_shown(&outbox).await);
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    assert_eq!(outbox::edits_sent(&mut tx, card).await.expect("a count"), 2);
}

#[tokio::test]
async fn what_links_to_a_message_waits_for_it() {
    let mut outbox = Outbox::new().await;
    let old = outbox.post("!r", Lane::Answer).await;
    outbox.sent(old).await;
    let new = outbox.post("!r", Lane::Answer).await;
    let edit = outbox.edit(old).await;
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    outbox::points_to(&mut tx, edit, new).await.expect("a row");
    tx.commit().await.expect("a commit");
    outbox.hold_back(new, NOW_MS + 1).await;
    assert_eq!(outbox.next().await, None, "nobody knows yet where it leads");
    let rows = outbox.drain(NOW_MS + 1).await;
    assert_eq!(ids(&rows), [new, edit]);
    assert_eq!(rows[1].points_to_event_id.as_deref(), Some("$b2"));
}

#[tokio::test]
async fn where_no_chats_can_be_made_only_what_needs_a_new_one_waits() {
    let mut outbox = Outbox::new().await;
    let mut people = Vec::new();
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    for user_id in ["@li:example.org", "@zhang:example.org"] {
        people.push(person::seen(&mut tx, user_id, "某人").await.expect("a person").person_id);
    }
    person::set_direct_chat(&mut tx, people[0], "!chat").await.expect("a chat");
    tx.commit().await.expect("a commit");
    let to = |place: usize| Destination::Person { person_id: people[place], fallback_room_id: None };
    let has = outbox.write(Kind::Post, to(0), Target::None, Lane::Answer, NOW_MS).await;
    let needs = outbox.write(Kind::Post, to(1), Target::None, Lane::Answer, NOW_MS).await;
    let room = outbox.post("!r", Lane::Answer).await;
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    outbox::new_chats_wait(&mut tx, NOW_MS + 60_000).await.expect("rows");
    tx.commit().await.expect("a commit");
    assert_eq!(ids(&outbox.drain(NOW_MS).await), [has, room]);
    assert_eq!(ids(&outbox.drain(NOW_MS + 60_000).await), [needs]);
}

#[tokio::test]
async fn a_cause_has_each_ordinal_once() {
    let outbox = Outbox::new().await;
    let row = |ordinal| NewRow {
        cause: "$e",
        ordinal,
        kind: Kind::Post,
        destination: Destination::Room("!r"),
        target: Target::None,
        lane: Lane::Answer,
        content: "{}",
        at_ms: NOW_MS,
        unasked_in: None,
        stale_at_ms: None,
    };
    let mut tx = outbox.storage.begin().await.expect("a transaction");
    assert_eq!(outbox::next_ordinal(&mut tx, "$e").await.expect("an ordinal"), 0);
    outbox::write(&mut tx, row(0)).await.expect("a row");
    outbox::write(&mut tx, row(1)).await.expect("a row");
    assert_eq!(outbox::next_ordinal(&mut tx, "$e").await.expect("an ordinal"), 2);
    assert!(outbox::write(&mut tx, row(1)).await.is_err(), "the same words twice");
    drop(tx);
    assert_eq!(outbox::depth(&outbox.storage).await.expect("the outbox"), 0);
}

#[test]
fn a_retry_is_the_same_message_and_nothing_else_is() {
    let mut seen = std::collections::BTreeSet::new();
    for epoch in ["", "0badcafe", "0badcaff"] {
        for cause in ["$a", "$a1", "$a\n1", ""] {
            for ordinal in [0, 1, 11, 110] {
                let id = outbox::transaction_id(epoch, cause, ordinal);
                assert_eq!(id, outbox::transaction_id(epoch, cause, ordinal));
                assert!(id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{id}");
                assert!(seen.insert(id), "{epoch} {cause:?} {ordinal}");
            }
        }
    }
}

// ── Random evenings ─────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(Clone, Debug)]
enum Step {
    Post { room: usize, lane: usize },
    Edit { card: usize },
    Tap { card: usize },
    Tick { room: usize },
    HoldBack,
    Send,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_usize, 0..4_usize).prop_map(|(room, lane)| Step::Post { room, lane }),
        3 => any::<usize>().prop_map(|card| Step::Edit { card }),
        2 => any::<usize>().prop_map(|card| Step::Tap { card }),
        2 => (0..3_usize).prop_map(|room| Step::Tick { room }),
        1 => Just(Step::HoldBack),
        3 => Just(Step::Send),
    ]
}

const ROOMS: [&str; 3] = ["!r", "!s", "!t"];
const LANES: [Lane; 4] = [Lane::Answer, Lane::Ping, Lane::Edit, Lane::Digest];

async fn evening(steps: Vec<Step>, few: bool) {
    let mut outbox = Outbox::new().await;
    outbox.few = few;
    let mut posts: Vec<(i64, usize, usize)> = Vec::new();
    // For each card: its taps in the order written, and its newest edit.
    let mut taps: Vec<(i64, i64)> = Vec::new();
    let mut newest: std::collections::BTreeMap<i64, i64> = std::collections::BTreeMap::new();
    let mut gone: Vec<Row> = Vec::new();
    for step in steps {
        let card = |place: usize| place.checked_rem(posts.len()).and_then(|place| posts.get(place)).map(|post| post.0);
        match step {
            Step::Post { room, lane } => posts.push((outbox.post(ROOMS[room], LANES[lane]).await, room, lane)),
            Step::Edit { card: place } => {
                if let Some(card) = card(place) {
                    newest.insert(card, outbox.edit(card).await);
                }
            }
            Step::Tap { card: place } => {
                if let Some(card) = card(place) {
                    taps.push((card, outbox.tap(card).await));
                }
            }
            Step::Tick { room } => {
                let (to, event) = (Destination::Room(ROOMS[room]), format!("$word{}", outbox.causes));
                outbox.write(Kind::Tap, to, Target::Event(&event), Lane::Answer, NOW_MS).await;
            }
            Step::HoldBack => {
                if let Some(row) = outbox.next().await {
                    outbox.hold_back(row, NOW_MS + 1).await;
                }
            }
            Step::Send => {
                if let Some(row) = outbox.next_at(NOW_MS).await {
                    outbox.sent(row.outbox_id).await;
                    gone.push(row);
                }
            }
        }
    }
    gone.extend(outbox.drain(NOW_MS + 1).await);
    assert_eq!(outbox::depth(&outbox.storage).await.expect("the outbox"), 0, "everything goes out in the end");
    let order = ids(&gone);
    let place = |outbox_id: i64| order.iter().position(|id| *id == outbox_id);
    for (earlier, later) in posts.iter().flat_map(|post| posts.iter().map(move |other| (post, other))) {
        if earlier.0 < later.0 && (earlier.1, earlier.2) == (later.1, later.2) {
            assert!(place(earlier.0) < place(later.0), "messages of one room and lane keep their order: {order:?}");
        }
    }
    for (card, edit) in &newest {
        assert!(place(*edit).is_some() && place(*card) < place(*edit), "the newest edit follows its card: {order:?}");
        let last = gone.iter().rev().find(|row| row.kind == "edit" && row.about_event_id == about(&gone, *card));
        assert_eq!(last.map(|row| row.outbox_id), Some(*edit), "the newest edit is the last that people see");
    }
    for ((card, tap), (other, later)) in taps.iter().zip(taps.iter().skip(1)) {
        assert!(place(*card) < place(*tap), "a chip follows its card: {order:?}");
        assert!(card != other || place(*tap) < place(*later), "chips of one card keep their order: {order:?}");
    }
}

/// The event by which a row went out: they are counted in the order of sending.
fn about(gone: &[Row], outbox_id: i64) -> Option<String> {
    gone.iter().position(|row| row.outbox_id == outbox_id).map(|place| format!("$b{}", place + 1))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_order_that_people_see_is_kept(
        steps in prop::collection::vec(step(), 0..40),
        few in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(evening(steps, few));
    }
}
