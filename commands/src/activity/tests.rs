//! Tests of activities: what is said, in every locale, and random orders of signing up and leaving.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use lamplighter_config::{Community, Language};
use lamplighter_storage::{
    activity::{self as store, ActivityRow, SeatRow},
    person::{Person, PersonId},
};
use proptest::prelude::*;

use super::{
    MENTIONS_MAX,
    chain::{self, Chain, Difference},
    portion,
    reply::{ActivityReply, Entry, Face, PIECES_MAX, Piece},
    rules::{Act, Activity, Actor, Change, GUESTS_MAX, Holder, Listed, PARTY_MAX, Party, Refusal, Seat, apply, decide},
};
use crate::{
    card::{BYTES_MAX, Card, NAME_CHARS_MAX},
    scene::Reply,
    speech::Speech,
};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

// ── What is said ────────────────────────────────────────────────────────────────────────────────────────────────────

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;
const HOUR_MS: i64 = 3_600_000;

const REFUSALS: [Refusal; 11] = [
    Refusal::Cancelled,
    Refusal::Begun,
    Refusal::AlreadyIn,
    Refusal::NotIn,
    Refusal::NotOrganiser,
    Refusal::PartyTooBig,
    Refusal::BiggerThanCapacity,
    Refusal::NotEnoughLeft,
    Refusal::TooManyGuests,
    Refusal::SameTime,
    Refusal::TimePassed,
];

#[test]
fn the_list_of_refusals_is_complete() {
    let place = |refusal| match refusal {
        Refusal::Cancelled => 0,
        Refusal::Begun => 1,
        Refusal::AlreadyIn => 2,
        Refusal::NotIn => 3,
        Refusal::NotOrganiser => 4,
        Refusal::PartyTooBig => 5,
        Refusal::BiggerThanCapacity => 6,
        Refusal::NotEnoughLeft => 7,
        Refusal::TooManyGuests => 8,
        Refusal::SameTime => 9,
        Refusal::TimePassed => 10,
    };
    rendered::assert_every_variant_is_shown(REFUSALS.into_iter().map(place), 11);
}

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &ActivityReply<'_>) -> usize {
    match reply {
        ActivityReply::Card(_) => 0,
        ActivityReply::Roster { .. } => 1,
        ActivityReply::MovedUp { .. } => 2,
        ActivityReply::Cancelled { .. } => 3,
        ActivityReply::Moved { .. } => 4,
        ActivityReply::Reminder { .. } => 5,
        ActivityReply::List { .. } => 6,
        ActivityReply::Refused { .. } => 7,
        ActivityReply::NoSuch { .. } => 8,
        ActivityReply::OnList { .. } => 22,
        ActivityReply::OtherKind { .. } => 9,
        ActivityReply::Elsewhere { .. } => 10,
        ActivityReply::NoneOpen => 11,
        ActivityReply::SeveralFit { .. } => 12,
        ActivityReply::Chain { .. } => 13,
        ActivityReply::ChainDifference { .. } => 14,
        ActivityReply::ChainSame { .. } => 15,
        ActivityReply::ChainSeveral { .. } => 16,
        ActivityReply::ChainNothingNew { .. } => 17,
        ActivityReply::ChainUnreadable => 18,
        ActivityReply::ChainUnread { .. } => 19,
        ActivityReply::ChainOneAtATime => 20,
        ActivityReply::ChainWhen => 21,
    }
}
const VARIANTS: usize = 23;

fn person(person_id: PersonId, name: &str) -> Person {
    Person { person_id, user_id: format!("@resident-{person_id}:example.org"), display_name: name.into() }
}

fn seat(seat_id: i64, name: &str, guest: &str, (adults, children): (i64, i64), state: &str) -> SeatRow {
    SeatRow {
        seat_id,
        arrival_place: seat_id,
        person_id: seat_id,
        guest: guest.into(),
        adults,
        children,
        state: state.into(),
        name: name.into(),
        by_proxy: false,
        note: String::new(),
    }
}

fn row(title: &str, place: &str) -> ActivityRow {
    ActivityRow {
        number: 12,
        room_id: "!building3".into(),
        organiser_id: 1,
        title: title.into(),
        place: place.into(),
        starts_at_ms: MONDAY_MS + 2 * HOUR_MS,
        ends_at_ms: None,
        capacity: None,
        state: "open".into(),
    }
}

fn face(row: ActivityRow, seats: Vec<SeatRow>, begun: bool, daytime: bool) -> Face {
    let community = Community::console_default(vec![]);
    let stored = store::Activity { row, seats };
    Face::new(&community, &stored, person(1, "李<&>\"阿姨' @room"), begun, daytime)
}

/// An activity in every state, with all kinds of seats.
fn faces() -> Vec<Face> {
    let some = || {
        vec![
            SeatRow { note: "带<b>@room</b>".into(), ..seat(1, "李<&>\"阿姨'", "", (1, 0), "going") },
            seat(2, "@room", "", (3, 0), "going"),
            seat(3, "张叔", "", (2, 1), "going"),
            seat(4, "张叔", "王<b>奶奶", (1, 0), "going"),
            seat(5, "刘姐", "", (2, 2), "waiting"),
            seat(6, "{ $name } **粗** `码`", "", (1, 0), "waiting"),
            seat(7, "刘姐", "@room", (1, 0), "waiting"),
            seat(8, "张叔", "赵<b>爷爷", (2, 0), "going"),
            seat(9, "张叔", "孙婶", (1, 2), "waiting"),
        ]
    };
    let long = "长".repeat(super::command::TITLE_CHARS_MAX);
    let mut faces = Vec::new();
    for seats in [vec![], some(), some().split_off(4)] {
        for capacity in [None, Some(7)] {
            for (title, place) in
                [("广场舞 <今晚> & \"明天\" @room", "活动室 <b>"), (long.as_str(), ""), ("包饺子", "")]
            {
                faces.push(face(ActivityRow { capacity, ..row(title, place) }, seats.clone(), false, true));
                for ends_at_ms in [None, Some(MONDAY_MS + 3 * HOUR_MS), Some(MONDAY_MS + 30 * HOUR_MS)] {
                    let open = ActivityRow { capacity, ends_at_ms, ..row(title, place) };
                    faces.push(face(open.clone(), seats.clone(), false, false));
                    faces.push(face(open.clone(), seats.clone(), true, false));
                    let cancelled = ActivityRow { state: "cancelled".into(), ..open };
                    faces.push(face(cancelled, seats.clone(), false, false));
                }
            }
        }
    }
    faces
}

/// A 接龙 with strange names, and a roster to compare it with.
struct Chained {
    chain: Chain,
    roster: Vec<chain::Entry>,
    difference: Difference,
    lines: Vec<String>,
}

fn chained() -> Chained {
    let lines: Vec<String> = (3..60).map(|number| format!("{number}. 邻居{number}号")).collect();
    let further = ["1. 王<b>奶奶 2人（<i>@room</i>）", "2. @room", "61. 赵&叔 带酒", "62. 许师傅"]
        .map(ToOwned::to_owned)
        .into_iter()
        .chain(lines);
    let chain = chain::read("包饺子", &further.collect::<Vec<_>>()).expect("a 接龙");
    let roster = ["王<b>奶奶", "刘&姐", "赵&叔", "许师傅"]
        .map(|name| chain::Entry::new(name, Party::ONE).with_note(if name == "许师傅" { "带<b>" } else { "" }))
        .to_vec();
    let difference = chain::difference(&chain, &roster);
    Chained { lines: chain::lines(&roster, 0..roster.len()), chain, roster, difference }
}

fn samples<'a>(people: &'a [Person], entries: &'a [Entry<'a>], chained: &'a Chained) -> Vec<ActivityReply<'a>> {
    let who = people.first().expect("somebody");
    let mut samples = vec![
        ActivityReply::ChainSame { unread: &[], head_differs: false, number: 12 },
        ActivityReply::ChainSame { unread: &chained.lines, head_differs: true, number: 12 },
        ActivityReply::ChainUnread { unread: &chained.lines },
        ActivityReply::ChainOneAtATime,
        ActivityReply::ChainWhen,
        ActivityReply::ChainSeveral { number: 12, count: 3 },
        ActivityReply::ChainNothingNew { number: 12 },
        ActivityReply::ChainUnreadable,
        ActivityReply::List { mine: false, days_ms: None, entries: &[] },
        ActivityReply::List { mine: true, days_ms: None, entries: &[] },
        ActivityReply::List { mine: false, days_ms: Some((MONDAY_MS, MONDAY_MS)), entries: &[] },
        ActivityReply::List { mine: false, days_ms: Some((MONDAY_MS, MONDAY_MS + 48 * HOUR_MS)), entries: &[] },
        ActivityReply::List { mine: false, days_ms: None, entries },
        ActivityReply::List { mine: true, days_ms: None, entries },
        ActivityReply::List { mine: false, days_ms: Some((MONDAY_MS, MONDAY_MS + 48 * HOUR_MS)), entries },
        ActivityReply::SeveralFit { entries },
        ActivityReply::SeveralFit { entries: &[] },
        ActivityReply::NoSuch { number: 1_234_567 },
        ActivityReply::OnList { number: 1_234_567, guest: "王奶奶 <b>", by: Some("李阿姨 & co") },
        ActivityReply::OnList { number: 5, guest: "王奶奶", by: None },
        ActivityReply::OtherKind { number: 12 },
        ActivityReply::Elsewhere { number: 12 },
        ActivityReply::NoneOpen,
    ];
    let speech = Speech::new().expect("the locales");
    for (index, face) in faces().into_iter().enumerate() {
        samples.push(ActivityReply::Card(face.clone()));
        for piece in pieces(&speech, Language::ZhCn, &face) {
            samples.push(ActivityReply::Roster { face: face.clone(), piece });
        }
        for people in [&[][..], people] {
            samples.push(ActivityReply::Cancelled { face: face.clone(), people });
            samples.push(ActivityReply::Moved { face: face.clone(), people });
            samples.push(ActivityReply::Reminder { face: face.clone(), people });
        }
        if index % 9 == 0 {
            samples.push(ActivityReply::Chain { face: face.clone(), lines: &chained.lines });
            samples.push(ActivityReply::ChainDifference {
                face: face.clone(),
                chain: &chained.chain,
                roster: &chained.roster,
                difference: &chained.difference,
                head_differs: index == 0,
            });
        }
        // What isn't said of the card as a whole needn't be said of every card.
        for guest in ["", "王<b>奶奶"].into_iter().filter(|_| index % 9 == 0) {
            samples.push(ActivityReply::MovedUp { face: face.clone(), who, guest });
            for refusal in REFUSALS {
                samples.push(ActivityReply::Refused { refusal, face: face.clone(), size: 2, guest });
            }
        }
    }
    samples
}

#[track_caller]
fn pieces(speech: &Speech, language: Language, face: &Face) -> Vec<Piece> {
    face.pieces(speech.say(language, Tz::Asia__Shanghai)).expect("the roster")
}

#[track_caller]
fn said(speech: &Speech, language: Language, reply: &ActivityReply<'_>) -> Card {
    match reply.card(speech.say(language, Tz::Asia__Shanghai)) {
        Ok(card) => card,
        Err(error) => panic!("{reply:?}: {error}"),
    }
}

fn entries(title: &str) -> Vec<Entry<'_>> {
    let entry = |number, capacity| Entry { number, title, starts_at_ms: MONDAY_MS, going: number, capacity };
    vec![entry(1, None), entry(12, Some(20))]
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let people = [person(1, "李<&>\"阿姨' @room"), person(2, "张叔")];
    let entries = entries("包<饺>子 @room");
    let chained = chained();
    let samples = samples(&people, &entries, &chained);
    rendered::assert_every_variant_is_shown(samples.iter().map(place), VARIANTS);
    for language in Language::ALL {
        for reply in &samples {
            let card = said(&speech, language, reply);
            let plain = card.plain();
            let ours = plain.replace("{ $name } **粗** `码`", "");
            let html = card.html().replace("{ $name } **粗** `码`", "");
            rendered::assert_readable(&format!("{reply:?}"), language, &ours, &html);
            assert!(!plain.to_lowercase().contains("@room"), "{reply:?} rings the room: {plain}");
        }
    }
}

#[test]
fn every_malformed_command_has_its_message() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        for id in [
            "activity-missing-all",
            "activity-missing-time",
            "activity-missing-title",
            "activity-too-long",
            "activity-wrong-capacity",
            "activity-unreadable-party",
            "activity-missing-name",
            "activity-unreadable-name",
            "activity-unreadable-number",
            "activity-missing-new-time",
            "time-past",
            "time-past-day",
            "time-no-such-day",
            "time-end-before-start",
            "time-weekday-differs",
            "time-too-far",
        ] {
            assert!(speech.has(language, id), "{id} in {language:?}");
        }
    }
}

#[test]
fn the_reasons_of_a_refusal_read_differently() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        let mut texts = BTreeSet::new();
        for refusal in REFUSALS {
            for guest in ["", "王奶奶"] {
                let face = face(row("包饺子", ""), vec![], false, false);
                let reply = ActivityReply::Refused { refusal, face, size: 2, guest };
                texts.insert(said(&speech, language, &reply).plain());
            }
        }
        // Two of them have a text of their own for a neighbour who is named.
        assert_eq!(texts.len(), REFUSALS.len() + 2, "in {language:?} two refusals fall together");
    }
}

#[test]
fn what_rings_and_whom() {
    let speech = Speech::new().expect("the locales");
    let people = [person(1, "李阿姨"), person(2, "张叔")];
    let ids = ["@resident-1:example.org".to_owned(), "@resident-2:example.org".to_owned()];
    let face = || face(row("包饺子", "活动室"), vec![], false, false);
    let rings = |reply| {
        let card = said(&speech, Language::ZhCn, &reply);
        (card.notify, card.mentions)
    };
    assert_eq!(rings(ActivityReply::Card(face())), (false, vec![]));
    for piece in pieces(&speech, Language::ZhCn, &face()) {
        assert_eq!(rings(ActivityReply::Roster { face: face(), piece }), (false, vec![]));
    }
    for reply in [
        ActivityReply::Moved { face: face(), people: &people },
        ActivityReply::Cancelled { face: face(), people: &people },
        ActivityReply::Reminder { face: face(), people: &people },
    ] {
        assert_eq!(rings(reply), (true, ids.to_vec()));
    }
    assert_eq!(
        rings(ActivityReply::MovedUp { face: face(), who: &people[1], guest: "" }),
        (true, vec![ids[1].clone()])
    );
}

/// However many come, with the longest names that are kept, and whatever characters: what is said stays below the size
/// of a card.
#[test]
fn many_people_with_long_names_stay_below_the_size_of_a_card() {
    let speech = Speech::new().expect("the locales");
    for character in ["𠮷", "\"", "王"] {
        let name = character.repeat(NAME_CHARS_MAX);
        let guest = character.repeat(super::command::GUEST_CHARS_MAX);
        let title = character.repeat(super::command::TITLE_CHARS_MAX);
        let mut seats = Vec::new();
        for number in 1..=737 {
            let state = if number % 2 == 0 { "going" } else { "waiting" };
            seats.push(seat(number, &name, if number % 3 == 0 { &guest } else { "" }, (2, 1), state));
        }
        let people: Vec<Person> = (1..=737)
            .map(|id| Person {
                person_id: id,
                user_id: format!("@{}{id}:example.org", "u".repeat(200)),
                display_name: name.clone(),
            })
            .collect();
        let face = face(ActivityRow { capacity: Some(9_999), ..row(&title, &title) }, seats, false, true);
        let entries: Vec<Entry<'_>> =
            (1..=super::LIST_MAX).flat_map(|_| entries(&title)).take(super::LIST_MAX as usize).collect();
        for language in Language::ALL {
            let below = |reply: &ActivityReply<'_>| {
                let card = said(&speech, language, reply);
                let size = card.bytes();
                assert!(size <= BYTES_MAX, "{size} bytes in place {}", place(reply));
            };
            below(&ActivityReply::Card(face.clone()));
            for piece in pieces(&speech, language, &face) {
                below(&ActivityReply::Roster { face: face.clone(), piece });
            }
            below(&ActivityReply::List { mine: false, days_ms: None, entries: &entries });
            below(&ActivityReply::SeveralFit { entries: &entries });
            let mut rung = 0;
            let mut rest = people.as_slice();
            while !rest.is_empty() {
                let (some, others) = rest.split_at(portion(rest));
                assert!(!some.is_empty() && some.len() <= MENTIONS_MAX);
                below(&ActivityReply::Moved { face: face.clone(), people: some });
                below(&ActivityReply::Cancelled { face: face.clone(), people: some });
                below(&ActivityReply::Reminder { face: face.clone(), people: some });
                rung += some.len();
                rest = others;
            }
            assert_eq!(rung, people.len(), "everybody is rung once");
        }
    }
    let people: Vec<Person> = (1..=80).map(|id| person(id, "王阿姨")).collect();
    assert_eq!(portion(&people), MENTIONS_MAX, "people with ordinary names share one message");
}

#[test]
fn a_full_hall_shows_the_first_and_counts_the_others() {
    let speech = Speech::new().expect("the locales");
    let seats: Vec<SeatRow> = (1..=85)
        .map(|number| {
            let state = if number <= 60 { "going" } else { "waiting" };
            seat(number, &format!("邻居{number}号"), "", (1, 0), state)
        })
        .collect();
    let face = face(ActivityRow { capacity: Some(60), ..row("包饺子", "") }, seats, false, false);
    let card = said(&speech, Language::ZhCn, &ActivityReply::Card(face.clone())).plain();
    assert!(card.contains("已报 60/60 人") && card.contains("邻居50号，还有 10 人"), "{card}");
    assert!(card.contains("候补 25 人") && card.contains("1.邻居61号") && card.contains("，还有 5 人"), "{card}");
    let pieces = pieces(&speech, Language::ZhCn, &face);
    assert_eq!(pieces.len(), 1, "so many fit into one message");
    let roster = said(&speech, Language::ZhCn, &ActivityReply::Roster { face, piece: pieces[0].clone() }).plain();
    for number in 1..=85 {
        assert!(roster.contains(&format!("邻居{number}号")), "{number} is missing: {roster}");
    }
    assert!(roster.contains("25.邻居85号"), "positions on the waiting list: {roster}");
}

#[test]
fn the_roster_of_a_thousand_comes_in_pieces_and_names_everybody_once() {
    let speech = Speech::new().expect("the locales");
    let seats: Vec<SeatRow> = (1..=1_400)
        .map(|number| {
            let state = if number <= 1_000 { "going" } else { "waiting" };
            seat(number, &format!("<{number}>"), "", (1, 0), state)
        })
        .collect();
    let face = face(ActivityRow { capacity: Some(1_000), ..row("看戏", "") }, seats, false, false);
    for language in Language::ALL {
        let pieces = pieces(&speech, language, &face);
        assert!((2..=PIECES_MAX).contains(&pieces.len()), "{} pieces", pieces.len());
        let mut all = String::new();
        for piece in pieces {
            let card = said(&speech, language, &ActivityReply::Roster { face: face.clone(), piece });
            assert!(card.bytes() <= BYTES_MAX);
            rendered::assert_readable("a piece", language, &card.plain(), &card.html());
            all.push_str(&card.plain());
        }
        for number in 1..=1_400 {
            assert_eq!(all.matches(&format!("<{number}>")).count(), 1, "{number} in {language:?}");
        }
        let place = if language != Language::En { "400.<1400>" } else { "400. <1400>" };
        assert!(all.contains(place), "positions on the waiting list");
    }
}

// ── Who gets a seat ─────────────────────────────────────────────────────────────────────────────────────────────────

const NOW_MS: i64 = 1_000;
const ORGANISER: PersonId = 1;

fn fresh(capacity: Option<i64>) -> Activity {
    Activity { organiser: ORGANISER, capacity, cancelled: false, starts_at_ms: 2_000, ends_at_ms: None, seats: vec![] }
}

fn one(person: PersonId) -> Actor {
    Actor { person, captain: false }
}

fn join(activity: &mut Activity, person: PersonId, party: Option<Party>) -> Result<Vec<Change>, Refusal> {
    act_on(activity, one(person), &Act::Join(String::new(), party), NOW_MS)
}

/// Does it, if it is allowed.
fn act_on(activity: &mut Activity, actor: Actor, act: &Act, now_ms: i64) -> Result<Vec<Change>, Refusal> {
    let result = decide(activity, actor, act, now_ms);
    for change in result.iter().flatten() {
        apply(activity, change);
    }
    result
}

fn adults(adults: i64) -> Option<Party> {
    Some(Party { adults, children: 0 })
}

fn going(activity: &Activity) -> Vec<PersonId> {
    activity.seats.iter().filter(|seat| seat.going).map(|seat| seat.holder.person).collect()
}

fn waiting(activity: &Activity) -> Vec<PersonId> {
    activity.seats.iter().filter(|seat| !seat.going).map(|seat| seat.holder.person).collect()
}

#[test]
fn a_party_too_big_for_the_gap_is_passed_over_and_keeps_its_place() {
    let mut activity = fresh(Some(4));
    join(&mut activity, 1, adults(2)).expect("two go");
    join(&mut activity, 2, adults(2)).expect("two more");
    join(&mut activity, 3, adults(3)).expect("three wait");
    join(&mut activity, 4, None).expect("one waits");
    join(&mut activity, 5, None).expect("another waits");
    assert_eq!((going(&activity), waiting(&activity)), (vec![1, 2], vec![3, 4, 5]));
    // One place: the three are passed over.
    act_on(&mut activity, one(2), &Act::Join(String::new(), adults(1)), NOW_MS).expect("one stays at home");
    assert_eq!((going(&activity), waiting(&activity)), (vec![1, 2, 4], vec![3, 5]));
    // Two more places: they still come before the one behind them, but don't fit.
    act_on(&mut activity, one(1), &Act::Leave(String::new()), NOW_MS).expect("two leave");
    assert_eq!((going(&activity), waiting(&activity)), (vec![2, 4, 5], vec![3]));
    act_on(&mut activity, one(4), &Act::Leave(String::new()), NOW_MS).expect("one leaves");
    act_on(&mut activity, one(5), &Act::Leave(String::new()), NOW_MS).expect("one leaves");
    assert_eq!((going(&activity), waiting(&activity)), (vec![2, 3], vec![]));
}

#[test]
fn the_limits() {
    let mut activity = fresh(Some(12));
    assert_eq!(join(&mut activity, 2, adults(PARTY_MAX + 1)), Err(Refusal::PartyTooBig));
    assert!(join(&mut activity, 2, adults(PARTY_MAX)).is_ok());
    assert_eq!(join(&mut activity, 2, adults(PARTY_MAX)), Err(Refusal::AlreadyIn), "the same again");
    assert_eq!(join(&mut activity, 2, None), Err(Refusal::AlreadyIn), "报名 again doesn't shrink the party");
    join(&mut activity, 3, adults(1)).expect("one more");
    assert_eq!(join(&mut activity, 3, adults(3)), Err(Refusal::NotEnoughLeft));
    assert_eq!(join(&mut fresh(Some(3)), 2, adults(4)), Err(Refusal::BiggerThanCapacity));
    let mut activity = fresh(None);
    for guest in 0..GUESTS_MAX {
        let act = Act::Join(format!("邻居{guest}"), None);
        act_on(&mut activity, one(2), &act, NOW_MS).expect("a neighbour");
    }
    let act = Act::Join("又一位".into(), None);
    assert_eq!(act_on(&mut activity, one(2), &act, NOW_MS), Err(Refusal::TooManyGuests));
    assert!(join(&mut activity, 2, None).is_ok(), "oneself isn't a neighbour");
    for act in [Act::Cancel, Act::Move(3_000, None)] {
        assert_eq!(decide(&activity, one(2), &act, NOW_MS), Err(Refusal::NotOrganiser));
        assert!(decide(&activity, Actor { person: 2, captain: true }, &act, NOW_MS).is_ok());
        assert!(decide(&activity, one(ORGANISER), &act, NOW_MS).is_ok());
    }
    assert_eq!(decide(&activity, one(3), &Act::Join(String::new(), None), 2_000), Err(Refusal::Begun));
    assert_eq!(decide(&activity, one(ORGANISER), &Act::Move(NOW_MS, None), NOW_MS), Err(Refusal::TimePassed));
    assert_eq!(decide(&activity, one(ORGANISER), &Act::Move(2_000, None), NOW_MS), Err(Refusal::SameTime));
}

/// A line of a 接龙; it is the actor's, who is put in later. Only somebody's own line takes a seat over.
fn line((from, guest, party, note): (Option<(PersonId, String)>, String, Option<Party>, String)) -> Act {
    let from = from.filter(|_| guest.is_empty()).map(|(person, guest)| Holder { person, guest });
    let holder = Holder { person: 0, guest };
    Act::Line { listed: Listed { holder, party: party.unwrap_or(Party::ONE), note }, from }
}

fn act() -> impl Strategy<Value = Act> {
    let guest = || prop_oneof![3 => Just(String::new()), 1 => "[甲乙丙丁戊己庚]".prop_map(String::from)];
    let party =
        prop::option::weighted(0.7, (1..=8_i64, 0..=5_i64).prop_map(|(adults, children)| Party { adults, children }));
    prop_oneof![
        10 => (guest(), party.clone()).prop_map(|(guest, party)| Act::Join(guest, party)),
        6 => guest().prop_map(Act::Leave),
        3 => (1..=9_i64, "[甲乙丙丁戊己庚]", party.clone())
            .prop_map(|(person, guest, party)| Act::TakeOver(Holder { person, guest }, party)),
        1 => (1..=9_i64, "[甲乙丙丁戊己庚]").prop_map(|(person, guest)| Act::GiveBack(Holder { person, guest })),
        3 => (prop::option::of((1..=9_i64, "[甲乙丙丁戊己庚]")), guest(), party.clone(), "[酒菜]?").prop_map(line),
        1 => (500..4_000_i64).prop_map(|at_ms| Act::Move(at_ms, Some(at_ms + 10))),
        1 => prop::collection::vec(((1..=9_i64, guest()), party), 0..12).prop_map(|list| {
            let line = |((person, guest), party): ((i64, String), Option<Party>)| {
                let note = if party.is_some() { "带酒" } else { "" };
                Listed { holder: Holder { person, guest }, party: party.unwrap_or(Party::ONE), note: note.into() }
            };
            let mut holders = BTreeSet::new();
            Act::Enrol(list.into_iter().filter(|(holder, _)| holders.insert(holder.clone())).map(line).collect())
        }),
        1 => prop::bool::weighted(0.2).prop_map(|cancel| if cancel { Act::Cancel } else { Act::Move(2_000, None) }),
    ]
}

/// Everything that must hold of an activity at any time.
fn assert_sound(activity: &Activity) -> Result<(), TestCaseError> {
    if let Some(capacity) = activity.capacity {
        prop_assert!(activity.going() <= capacity, "more people than places: {activity:?}");
        let left = capacity - activity.going();
        for seat in activity.seats.iter().filter(|seat| !seat.going) {
            prop_assert!(seat.party.size() > left, "somebody waits who would fit: {activity:?}");
        }
    } else {
        prop_assert!(activity.seats.iter().all(|seat| seat.going), "somebody waits without a limit");
    }
    let holders: BTreeSet<(PersonId, &str)> =
        activity.seats.iter().map(|seat| (seat.holder.person, seat.holder.guest.as_str())).collect();
    prop_assert_eq!(holders.len(), activity.seats.len(), "somebody stands on the list twice");
    for seat in &activity.seats {
        prop_assert!((1..=PARTY_MAX).contains(&seat.party.size()));
    }
    Ok(())
}

/// Who should have moved up: in the order of arrival, each who fits what is left by then.
fn should_move_up(before: &Activity, changed: &Change) -> Vec<Holder> {
    let mut after = before.clone();
    apply(&mut after, changed);
    let mut left = after.capacity.map(|capacity| capacity - after.going());
    let mut holders = Vec::new();
    for Seat { holder, party, going, .. } in &after.seats {
        if !going && left.is_none_or(|left| party.size() <= left) {
            left = left.map(|left| left - party.size());
            holders.push(holder.clone());
        }
    }
    holders
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_list_is_fair(
        capacity in prop::option::weighted(0.85, 1..=25_i64),
        steps in prop::collection::vec((1..=9_i64, any::<bool>(), act()), 1..80),
    ) {
        let mut activity = fresh(capacity);
        let mut journal = Vec::new();
        // In the order of arrival, by our own count.
        let mut arrived: Vec<Holder> = Vec::new();
        for (person, captain, act) in steps {
            let before = activity.clone();
            let actor = Actor { person, captain: captain && person == 9 };
            let act = match act {
                Act::Line { listed, from } => {
                    let holder = Holder { person, ..listed.holder };
                    Act::Line { listed: Listed { holder, ..listed }, from }
                }
                act => act,
            };
            let Ok(changes) = act_on(&mut activity, actor, &act, NOW_MS) else {
                prop_assert_eq!(&activity, &before, "a refusal changed something");
                continue;
            };
            journal.extend(changes.iter().map(|change| serde_json::to_string(change).expect("a change is JSON")));
            match &act {
                Act::Join(guest, _) => {
                let holder = Holder { person, guest: guest.clone() };
                if !arrived.contains(&holder) {
                    arrived.push(holder);
                }
            }
                Act::Enrol(listed) => {
                    let has_seat = |holder: &Holder| activity.seats.iter().any(|seat| seat.holder == *holder);
                    for Listed { holder, .. } in listed {
                        if has_seat(holder) && !arrived.contains(holder) {
                            arrived.push(holder.clone());
                        }
                    }
                }
                Act::Line { listed: Listed { holder, note, .. }, from: None } => {
                    if !arrived.contains(holder) {
                        arrived.push(holder.clone());
                    }
                    let seat = activity.seats.iter().find(|seat| seat.holder == *holder);
                    prop_assert_eq!(seat.map(|seat| &seat.note), Some(note), "what the line says stands behind the name");
                }
                Act::TakeOver(from, _) | Act::Line { from: Some(from), .. } => {
                    let holder = Holder { person, guest: String::new() };
                    let is_in = arrived.contains(&holder);
                    match arrived.iter_mut().find(|arrived| *arrived == from) {
                        Some(from) if !is_in => *from = holder,
                        _ if !is_in => arrived.push(holder),
                        _ => {}
                    }
                }
                Act::Leave(guest) => arrived.retain(|holder| *holder != Holder { person, guest: guest.clone() }),
                Act::GiveBack(from) => arrived.retain(|holder| holder != from),
                Act::Cancel => prop_assert!(activity.cancelled),
                Act::Move(starts_at_ms, _) => {
                prop_assert_eq!(activity.starts_at_ms, *starts_at_ms);
                prop_assert_eq!(&activity.seats, &before.seats, "nobody is dropped when it moves");
            }
            }
            assert_sound(&activity)?;
            let order: Vec<Holder> = activity.seats.iter().map(|seat| seat.holder.clone()).collect();
            prop_assert_eq!(&order, &arrived, "nobody is lost, and the order is that of arrival");
            let lost_a_place = before.seats.iter().filter(|seat| seat.going).any(|seat| {
                activity.seats.iter().any(|now| now.holder == seat.holder && !now.going)
            });
            prop_assert!(!lost_a_place, "somebody lost a place");
            let in_steps = matches!(act, Act::Enrol(_) | Act::TakeOver(..) | Act::GiveBack(_) | Act::Line { from: Some(_), .. });
            if let Some((first, others)) = changes.split_first().filter(|_| !in_steps) {
                let others = others.iter().filter(|change| !matches!(change, Change::Noted { .. }));
                let moved_up: Vec<Holder> = others.map(|change| match change {
                    Change::MovedUp { holder } => holder.clone(),
                    other => panic!("{other:?} follows {first:?}"),
                }).collect();
                prop_assert_eq!(moved_up, should_move_up(&before, first));
                prop_assert!(first.kind().starts_with("activity."));
            }
            if before.cancelled {
                prop_assert_eq!(&activity, &before, "something changed after it was called off");
            }
        }
        let mut folded = fresh(capacity);
        for line in &journal {
            apply(&mut folded, &serde_json::from_str(line).expect("the journal's JSON is a change"));
        }
        prop_assert_eq!(folded, activity);
    }
}
