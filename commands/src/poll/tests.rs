//! Tests of polls: what is said, in every locale, and which ballots count.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::{
    Location, Storage, item,
    person::{self, Person, PersonId},
    poll::{self as store, NewBallot, PollRow},
    room,
};
use proptest::prelude::*;

use super::{
    command::{OPTION_CHARS_MAX, OPTIONS_MAX, QUESTION_CHARS_MAX},
    reply::{Face, PollReply, Tally},
};
use crate::{card::BYTES_MAX, scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

// ── What is said ────────────────────────────────────────────────────────────────────────────────────────────────────

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &PollReply<'_>) -> usize {
    match reply {
        PollReply::Card(_) => 0,
        PollReply::End { .. } => 1,
        PollReply::Result { .. } => 2,
        PollReply::Voted { .. } => 3,
        PollReply::Allowed { .. } => 4,
        PollReply::OnlyCaptains => 5,
        PollReply::OnlyFromBuilding => 6,
        PollReply::NotYours { .. } => 7,
        PollReply::Closed { .. } => 8,
        PollReply::NoSuchOption { .. } => 9,
        PollReply::NoSuch { .. } => 10,
        PollReply::OtherKind { .. } => 11,
        PollReply::Elsewhere { .. } => 12,
        PollReply::NoneOpen => 13,
        PollReply::SeveralOpen { .. } => 14,
    }
}
const VARIANTS: usize = 15;

fn face(question: &str, options: Vec<String>, open: bool) -> Face {
    Face {
        number: 12,
        question: question.into(),
        options,
        starter: Person {
            person_id: 1,
            user_id: "@o'neil&co:example.org".into(),
            display_name: "王<&>\"楼长' @room".into(),
        },
        closes_at_ms: MONDAY_MS,
        turnout: 264,
        open,
        withdrawn: false,
    }
}

fn tally(question: &str, options: Vec<String>, counts: Vec<i64>, rooms: Vec<(String, i64)>) -> Tally {
    Tally { number: 12, question: question.into(), options, counts, rooms }
}

fn three() -> Vec<String> {
    ["要 <b>现在</b>", "不要 @room & \"以后\"", "再议"].map(String::from).to_vec()
}

fn samples() -> Vec<PollReply<'static>> {
    let question = "要不要装<门禁> & \"灯\" @room？";
    let mut samples = vec![
        PollReply::End { number: 12 },
        PollReply::Voted { number: 12, option: 2, text: "不要 <b>@room</b>" },
        PollReply::Allowed { everyone: true },
        PollReply::Allowed { everyone: false },
        PollReply::OnlyCaptains,
        PollReply::OnlyFromBuilding,
        PollReply::NotYours { number: 12 },
        PollReply::Closed { number: 12 },
        PollReply::NoSuchOption { number: 12, option: 9, count: 3 },
        PollReply::NoSuch { number: 1_234_567 },
        PollReply::OtherKind { number: 12 },
        PollReply::Elsewhere { number: 12 },
        PollReply::NoneOpen,
        PollReply::SeveralOpen { number: 12 },
    ];
    for open in [true, false] {
        samples.push(PollReply::Card(face(question, three(), open)));
    }
    for counts in [vec![0, 0, 0], vec![1, 0, 0], vec![2, 2, 1], vec![1_291, 703, 417]] {
        for rooms in [vec![], vec![("3号楼<b> @room".to_owned(), 0), ("5号楼".to_owned(), 7)]] {
            for corrected in [true, false] {
                let tally = tally(question, three(), counts.clone(), rooms.clone());
                samples.push(PollReply::Result { tally, corrected });
            }
        }
    }
    samples
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let samples = samples();
    rendered::assert_every_variant_is_shown(samples.iter().map(place), VARIANTS);
    for language in Language::ALL {
        for reply in &samples {
            let card = match reply.card(speech.say(language, Tz::Asia__Shanghai)) {
                Ok(card) => card,
                Err(error) => panic!("{reply:?}: {error}"),
            };
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
            assert!(!card.plain().contains("@room"), "{reply:?}");
            assert!(card.mentions.is_empty(), "{reply:?}");
            assert_eq!(card.notify, matches!(reply, PollReply::Card(Face { open: true, .. })), "{reply:?}");
        }
    }
}

#[test]
fn every_malformed_command_has_its_message() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        for id in [
            "poll-missing-question",
            "poll-too-few-options",
            "poll-too-many-options",
            "poll-same-option-twice",
            "poll-too-long",
            "poll-unreadable-deadline",
            "poll-too-long-open",
            "poll-missing-vote",
            "poll-unreadable-number",
            "poll-allow-whom",
        ] {
            assert!(speech.has(language, id), "{id} in {language:?}");
        }
    }
}

#[test]
fn the_longest_poll_stays_below_the_size_of_a_card() {
    let speech = Speech::new().expect("the locales");
    for character in ["𠮷", "\"", "王"] {
        let question = character.repeat(QUESTION_CHARS_MAX);
        let options = vec![character.repeat(OPTION_CHARS_MAX); OPTIONS_MAX];
        let rooms = vec![(character.repeat(30), 1_000); 12];
        for language in Language::ALL {
            for reply in [
                PollReply::Card(face(&question, options.clone(), true)),
                PollReply::Result {
                    tally: tally(&question, options.clone(), vec![737; OPTIONS_MAX], rooms.clone()),
                    corrected: true,
                },
            ] {
                let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words");
                let fitted = card.clone().fitted();
                assert!(fitted.bytes() <= BYTES_MAX, "{} bytes in place {}", fitted.bytes(), place(&reply));
                assert_eq!(fitted.lines.len(), card.lines.len(), "texts are cut, lines aren't: {}", place(&reply));
            }
        }
    }
}

#[test]
fn a_result_has_bars_shares_and_says_when_nothing_is_decided() {
    let speech = Speech::new().expect("the locales");
    let said = |counts: Vec<i64>| {
        let options = ["要", "不要", "再议"].map(String::from).to_vec();
        let reply = PollReply::Result { tally: tally("装门禁？", options, counts, vec![]), corrected: false };
        reply.card(speech.say(Language::ZhCn, Tz::Asia__Shanghai)).expect("words").plain()
    };
    let clear = said(vec![7, 2, 1]);
    assert!(clear.contains("要　▇▇▇▇▇▇▇ 7 票（70%）") && clear.contains("再议　▇ 1 票（10%）"), "{clear}");
    assert!(clear.contains("共 10 人") && !clear.contains("打平"), "{clear}");
    let tie = said(vec![3, 3, 0]);
    assert!(tie.contains("打平") && tie.contains("再议　▏ 0 票（0%）"), "{tie}");
    assert!(!said(vec![1, 1, 2]).contains("打平"), "the tie is not at the top");
    assert!(said(vec![0, 0, 0]).contains("没有人投票"));
}

// ── Which ballots count ─────────────────────────────────────────────────────────────────────────────────────────────

const COMMUNITY: &str = "console";
const ROOMS: [&str; 2] = ["!building3", "!building5"];
const CLOSES_AT_MS: i64 = 100;

#[derive(Clone, Debug)]
struct Ballot {
    voter: usize,
    room: Option<usize>,
    choice: Option<i64>,
    at_ms: i64,
    native: bool,
    struck: bool,
}

fn ballot() -> impl Strategy<Value = Ballot> {
    let at_ms = prop_oneof![6 => 90..=99_i64, 2 => Just(CLOSES_AT_MS), 1 => Just(CLOSES_AT_MS + 1), 1 => 101..110_i64];
    (0..5_usize, prop::option::weighted(0.8, 0..2_usize), prop::option::weighted(0.85, 1..=3_i64), at_ms, any::<bool>())
        .prop_flat_map(|(voter, room, choice, at_ms, native)| {
            prop::bool::weighted(0.2).prop_map(move |struck| Ballot { voter, room, choice, at_ms, native, struck })
        })
}

/// (room, choice) → people.
type Counts = BTreeMap<(Option<String>, i64), i64>;

struct BallotBox {
    storage: Storage,
    voters: Vec<PersonId>,
    number: i64,
}

impl BallotBox {
    async fn new() -> Self {
        let storage = Storage::open(Location::Memory).await.expect("a database in memory");
        let mut tx = storage.begin().await.expect("a transaction");
        room::declare_communities(&mut tx, [COMMUNITY].into_iter()).await.expect("a community");
        for room_id in ROOMS {
            room::joined(&mut tx, room_id, room_id, 0).await.expect("a room");
            room::bind(&mut tx, room_id, COMMUNITY, "building", room_id).await.expect("a bound room");
        }
        let mut voters = Vec::new();
        for voter in 0..5 {
            let user_id = format!("@voter{voter}:example.org");
            voters.push(person::seen(&mut tx, &user_id, "邻居").await.expect("a person").person_id);
        }
        let number = item::create(&mut tx, COMMUNITY, super::KIND, ROOMS[0], "$e").await.expect("a number");
        let row = PollRow {
            number,
            room_id: ROOMS[0].into(),
            starter_id: voters[0],
            question: "要不要装门禁？".into(),
            options: "[\"要\",\"不要\",\"再议\"]".into(),
            closes_at_ms: CLOSES_AT_MS,
            state: "open".into(),
            withdrawn: false,
        };
        store::create(&mut tx, COMMUNITY, &row, 0).await.expect("a poll");
        tx.commit().await.expect("a commit");
        Self { storage, voters, number }
    }

    async fn put(&self, index: usize, ballot: &Ballot) {
        let mut tx = self.storage.begin().await.expect("a transaction");
        let event_id = format!("$ballot{index}");
        let new = NewBallot {
            person_id: self.voters[ballot.voter],
            event_id: &event_id,
            room_id: ballot.room.map(|room| ROOMS[room]),
            choice: ballot.choice,
            at_ms: ballot.at_ms,
            native: ballot.native,
            arrival_place: index as i64,
        };
        store::put_ballot(&mut tx, COMMUNITY, self.number, new).await.expect("a ballot");
        if ballot.struck {
            store::strike(&mut tx, &event_id).await.expect("a ballot");
        }
        tx.commit().await.expect("a commit");
    }

    /// The counts, the voters in order, and how many there are.
    async fn count(&self) -> (Counts, Vec<PersonId>, i64) {
        let mut tx = self.storage.begin().await.expect("a transaction");
        let tally = store::tally(&mut tx, COMMUNITY, self.number).await.expect("a tally");
        // Some at a time, as they are paid.
        let mut voters: Vec<PersonId> = Vec::new();
        loop {
            let after = voters.last().copied().unwrap_or(0);
            let next = store::voters(&mut tx, COMMUNITY, self.number, after, 2).await.expect("voters");
            if next.is_empty() {
                break;
            }
            voters.extend(next);
        }
        let turnout = store::turnout(&mut tx, COMMUNITY, self.number).await.expect("a turnout");
        tx.roll_back().await.expect("a rollback");
        (tally.into_iter().map(|(room, choice, count)| ((room, choice), count)).collect(), voters, turnout)
    }
}

/// The same by hand: of each person the last ballot that counts, by its time, then by its arrival.
fn expected(voters: &[PersonId], ballots: &[Ballot]) -> (Counts, Vec<PersonId>) {
    let mut counts = BTreeMap::new();
    let mut voted = Vec::new();
    for (voter, person_id) in voters.iter().enumerate() {
        let last = ballots
            .iter()
            .filter(|ballot| ballot.voter == voter && !ballot.struck && ballot.at_ms < CLOSES_AT_MS)
            .max_by_key(|ballot| ballot.at_ms);
        if let Some((ballot, choice)) = last.and_then(|ballot| Some((ballot, ballot.choice?))) {
            let room = ballot.room.map(|room| ROOMS[room].to_owned());
            *counts.entry((room, choice)).or_insert(0) += 1;
            voted.push(*person_id);
        }
    }
    (counts, voted)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_last_answer_of_each_person_counts(ballots in prop::collection::vec(ballot(), 0..30)) {
        let (counted, expected) = runtime().block_on(async {
            let ballot_box = BallotBox::new().await;
            for (index, ballot) in ballots.iter().enumerate() {
                ballot_box.put(index, ballot).await;
            }
            (ballot_box.count().await, expected(&ballot_box.voters, &ballots))
        });
        let (counts, voters, turnout) = counted;
        prop_assert_eq!(counts.values().sum::<i64>(), turnout);
        prop_assert_eq!(voters.len() as i64, turnout);
        prop_assert_eq!((counts, voters), expected);
    }
}

#[tokio::test]
async fn the_same_event_again_is_no_other_answer_but_stands_again() {
    let ballot_box = BallotBox::new().await;
    let first = Ballot { voter: 0, room: Some(0), choice: Some(1), at_ms: 90, native: true, struck: false };
    ballot_box.put(0, &first).await;
    ballot_box.put(1, &Ballot { choice: Some(2), at_ms: 91, ..first.clone() }).await;
    ballot_box.put(0, &Ballot { at_ms: 99, choice: Some(3), ..first.clone() }).await;
    let (counts, ..) = ballot_box.count().await;
    assert_eq!(counts, BTreeMap::from([((Some(ROOMS[0].to_owned()), 2), 1)]), "the second is still the last");
    // Before the announcement what the room doesn't show is struck out; it stands again if it comes back.
    let mut tx = ballot_box.storage.begin().await.expect("a transaction");
    for event_id in store::native_ballots(&mut tx, COMMUNITY, ballot_box.number, ROOMS[0]).await.expect("ballots") {
        store::strike(&mut tx, &event_id).await.expect("a ballot");
    }
    tx.commit().await.expect("a commit");
    assert_eq!(ballot_box.count().await.2, 0);
    ballot_box.put(0, &first).await;
    let (counts, ..) = ballot_box.count().await;
    assert_eq!(counts, BTreeMap::from([((Some(ROOMS[0].to_owned()), 1), 1)]));
}
