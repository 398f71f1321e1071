//! Tests of wishes: what is said, in every locale, and the life of a wish as a table and as random lives.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::person::{Person, PersonId};
use proptest::prelude::*;

use super::{
    reply::{Entry, Face, OfferEnd, WishReply},
    rules::{Act, Answer, Change, Refusal, Standby, State, Wish, apply, decide},
};
use crate::{card::Card, scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

const STATES: [State; 5] = [State::Open, State::Claimed, State::Done, State::Confirmed, State::Withdrawn];
const ACTS: [Act; 8] =
    [Act::Claim, Act::Release, Act::Finish, Act::Unfinish, Act::Confirm, Act::Withdraw, Act::Accept, Act::Decline];
const REFUSALS: [Refusal; 8] = [
    Refusal::OwnWish,
    Refusal::NotWisher,
    Refusal::NotHelper,
    Refusal::NotClaimed,
    Refusal::AlreadyDone,
    Refusal::Over,
    Refusal::Gone,
    Refusal::NotOffered,
];

#[test]
fn the_lists_of_these_tests_are_complete() {
    let state = |state| match state {
        State::Open => 0,
        State::Claimed => 1,
        State::Done => 2,
        State::Confirmed => 3,
        State::Withdrawn => 4,
    };
    rendered::assert_every_variant_is_shown(STATES.into_iter().map(state), 5);
    let act = |act| match act {
        Act::Claim => 0,
        Act::Release => 1,
        Act::Finish => 2,
        Act::Unfinish => 3,
        Act::Confirm => 4,
        Act::Withdraw => 5,
        Act::Accept => 6,
        Act::Decline => 7,
    };
    rendered::assert_every_variant_is_shown(ACTS.into_iter().map(act), 8);
    let refusal = |refusal| match refusal {
        Refusal::OwnWish => 0,
        Refusal::NotWisher => 1,
        Refusal::NotHelper => 2,
        Refusal::NotClaimed => 3,
        Refusal::AlreadyDone => 4,
        Refusal::Over => 5,
        Refusal::Gone => 6,
        Refusal::NotOffered => 7,
    };
    rendered::assert_every_variant_is_shown(REFUSALS.into_iter().map(refusal), 8);
}

// ── What is said ────────────────────────────────────────────────────────────────────────────────────────────────────

fn person(person_id: PersonId, user_id: &str, display_name: &str) -> Person {
    Person { person_id, user_id: user_id.into(), display_name: display_name.into() }
}

struct Cast {
    li: Person,
    zhang: Person,
}

impl Cast {
    fn new() -> Self {
        Self {
            li: person(1, "@o'neil&co:example.org", "李<&>\"阿姨'"), zhang: person(2, "@zhang:example.org", "张叔")
        }
    }

    fn face(&self, state: State) -> Face<'_> {
        let helper = matches!(state, State::Claimed | State::Done | State::Confirmed).then_some(&self.zhang);
        Face {
            number: 12,
            text: "修楼道灯 <今晚> & \"明天\"",
            state,
            wisher: &self.li,
            helper,
            standbys: 2,
            by_proxy: true,
        }
    }
}

/// The place of a reply's variant, for `assert_every_variant_is_shown`. A new variant needs a sample below.
fn place(reply: &WishReply<'_>) -> usize {
    match reply {
        WishReply::Card(_) => 0,
        WishReply::Introduce(_) => 1,
        WishReply::Introduced(_) => 2,
        WishReply::Reopened { .. } => 3,
        WishReply::Finished(_) => 4,
        WishReply::TakenBack(_) => 5,
        WishReply::Offer(_) => 6,
        WishReply::OfferOver { .. } => 7,
        WishReply::Thanks { .. } => 8,
        WishReply::OpenList { .. } => 9,
        WishReply::MyList { .. } => 10,
        WishReply::Refused { .. } => 11,
        WishReply::NoSuch { .. } => 12,
        WishReply::OtherKind { .. } => 13,
        WishReply::Elsewhere { .. } => 14,
        WishReply::NoneFits => 15,
        WishReply::SeveralFit { .. } => 16,
        WishReply::StandingBy(_) => 17,
        WishReply::Overtaken(_) => 18,
    }
}
const VARIANTS: usize = 19;

fn samples<'a>(cast: &'a Cast, entries: &'a [Entry<'a>]) -> Vec<WishReply<'a>> {
    let claimed = || cast.face(State::Claimed);
    let mut samples = vec![
        WishReply::Introduce(claimed()),
        WishReply::Introduced(claimed()),
        WishReply::StandingBy(claimed()),
        WishReply::Overtaken(claimed()),
        WishReply::Reopened { face: cast.face(State::Open), by: &cast.zhang },
        WishReply::Finished(cast.face(State::Done)),
        WishReply::TakenBack(cast.face(State::Withdrawn)),
        WishReply::Offer(cast.face(State::Open)),
        WishReply::Thanks { face: cast.face(State::Confirmed), points: 10 },
        WishReply::Thanks { face: cast.face(State::Confirmed), points: 0 },
        WishReply::OpenList { entries: &[], more: 0 },
        WishReply::OpenList { entries, more: 0 },
        WishReply::OpenList { entries, more: 1_234 },
        WishReply::MyList { posted: &[], helping: &[] },
        WishReply::MyList { posted: entries, helping: &[] },
        WishReply::MyList { posted: &[], helping: entries },
        WishReply::MyList { posted: entries, helping: entries },
        WishReply::NoSuch { number: 1_234_567 },
        WishReply::OtherKind { number: 12 },
        WishReply::Elsewhere { number: 12 },
        WishReply::NoneFits,
        WishReply::SeveralFit { entries, word: "认领" },
        WishReply::SeveralFit { entries: &[], word: "" },
    ];
    for state in STATES {
        samples.push(WishReply::Card(cast.face(state)));
        samples.push(WishReply::Card(Face { standbys: 0, ..cast.face(state) }));
        for refusal in REFUSALS {
            samples.push(WishReply::Refused { refusal, face: cast.face(state) });
        }
        for how in [OfferEnd::Accepted, OfferEnd::Declined, OfferEnd::Lapsed] {
            samples.push(WishReply::OfferOver { face: cast.face(state), how });
        }
    }
    samples
}

fn entries(text: &str) -> Vec<Entry<'_>> {
    (1..).zip(STATES).map(|(number, state)| Entry { number, text, state }).collect()
}

#[track_caller]
fn rendered(speech: &Speech, language: Language, reply: &WishReply<'_>) -> Card {
    match reply.card(speech.say(language, Tz::Asia__Shanghai)) {
        Ok(card) => card,
        Err(error) => panic!("{reply:?}: {error}"),
    }
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let cast = Cast::new();
    let entries = entries("修楼道灯");
    let samples = samples(&cast, &entries);
    rendered::assert_every_variant_is_shown(samples.iter().map(place), VARIANTS);
    for language in Language::ALL {
        for reply in &samples {
            let card = rendered(&speech, language, reply);
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}

#[test]
fn every_malformed_command_has_its_message() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        for id in ["wish-missing-text", "wish-too-long", "wish-without-words", "wish-unreadable-number"] {
            assert!(speech.has(language, id), "{id} in {language:?}");
        }
    }
}

#[test]
fn the_reasons_of_a_refusal_read_differently() {
    let speech = Speech::new().expect("the locales");
    let cast = Cast::new();
    for language in Language::ALL {
        let mut texts: Vec<String> = REFUSALS
            .into_iter()
            .map(|refusal| WishReply::Refused { refusal, face: cast.face(State::Claimed) })
            .map(|reply| rendered(&speech, language, &reply).plain())
            .collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), REFUSALS.len(), "in {language:?} two refusals fall together");
    }
}

#[test]
fn a_longest_wish_in_every_place_stays_below_the_size_of_a_card() {
    let speech = Speech::new().expect("the locales");
    let cast = Cast::new();
    // A character of four bytes that HTML doesn't escape, and one that it makes six bytes of.
    for character in ['𠮷', '"'] {
        let text: String = std::iter::repeat_n(character, super::command::TEXT_CHARS_MAX).collect();
        let entries = entries(&text);
        for language in Language::ALL {
            for reply in samples(&cast, &entries) {
                let reply = match reply {
                    WishReply::Card(face) => WishReply::Card(Face { text: &text, ..face }),
                    WishReply::Introduce(face) => WishReply::Introduce(Face { text: &text, ..face }),
                    WishReply::Thanks { face, points } => {
                        WishReply::Thanks { face: Face { text: &text, ..face }, points }
                    }
                    other => other,
                };
                let card = rendered(&speech, language, &reply);
                let fitted = card.clone().fitted();
                assert!(fitted.bytes() <= crate::card::BYTES_MAX, "{reply:?}");
                assert_eq!(fitted.lines.len(), card.lines.len(), "texts are cut, lines aren't: {reply:?}");
            }
        }
    }
}

#[test]
fn a_longest_name_stays_below_the_size_of_a_card() {
    // A display name is whatever a client writes into the room's member event, up to the size of an event.
    let speech = Speech::new().expect("the locales");
    let name = "王".repeat(20_000);
    let cast = Cast { li: person(1, "@li:example.org", &name), zhang: person(2, "@zhang:example.org", &name) };
    for language in Language::ALL {
        for state in STATES {
            let card = rendered(&speech, language, &WishReply::Card(cast.face(state)));
            let size = card.bytes();
            assert!(size <= crate::card::BYTES_MAX, "the card of a wish that is {state:?} has {size} bytes");
        }
    }
}

#[test]
fn what_is_private_rings_and_what_is_a_card_does_not() {
    let speech = Speech::new().expect("the locales");
    let cast = Cast::new();
    let face = || cast.face(State::Claimed);
    let card = |reply| rendered(&speech, Language::ZhCn, &reply);
    assert!(!card(WishReply::Card(face())).notify);
    assert!(!card(WishReply::Refused { refusal: Refusal::NotHelper, face: face() }).notify);
    assert!(card(WishReply::Introduce(face())).notify);
    let thanks = card(WishReply::Thanks { face: cast.face(State::Confirmed), points: 10 });
    assert_eq!((thanks.notify, thanks.mentions), (true, vec!["@zhang:example.org".to_owned()]));
}

#[test]
fn a_wish_cannot_speak_the_language_of_patterns() {
    let speech = Speech::new().expect("the locales");
    let cast = Cast::new();
    for text in ["{ $number }", "**粗**`码`", "\u{E000}0\u{E000}灯", "{\"x\"} <b>灯</b>"] {
        for language in Language::ALL {
            let face = Face { text, ..cast.face(State::Open) };
            let card = rendered(&speech, language, &WishReply::Card(face));
            let shown = text.replace('\u{E000}', "");
            assert!(card.plain().contains(&shown), "{text:?} is shown as {:?}", card.plain());
            assert_eq!(rendered::text_of(&card.html()), Ok(card.plain()), "{text:?}");
        }
    }
}

// ── The table of docs/PROTOCOL.md ────────────────────────────────────────────────────────────────────────────────────────

const WISHER: PersonId = 1;
const HELPER: PersonId = 2;
/// First of the queue; asked while the wish is open.
const FIRST: PersonId = 3;
const SECOND: PersonId = 4;
/// Stood by, was asked and said no.
const DECLINED: PersonId = 5;
const STRANGER: PersonId = 6;
const PEOPLE: [PersonId; 6] = [WISHER, HELPER, FIRST, SECOND, DECLINED, STRANGER];

fn fresh() -> Wish {
    Wish { wisher: WISHER, state: State::Open, helper: None, standbys: vec![] }
}

fn wish(state: State) -> Wish {
    let standby = |person, answer| Standby { person, answer };
    let first = if state == State::Open { Answer::Asked } else { Answer::Waiting };
    Wish {
        wisher: WISHER,
        state,
        helper: matches!(state, State::Claimed | State::Done | State::Confirmed).then_some(HELPER),
        standbys: vec![standby(DECLINED, Answer::Declined), standby(FIRST, first), standby(SECOND, Answer::Waiting)],
    }
}

/// Does it, if it is allowed.
fn act_on(wish: &mut Wish, actor: PersonId, act: Act) -> Result<Vec<Change>, Refusal> {
    let result = decide(wish, actor, act);
    for change in result.iter().flatten() {
        apply(wish, *change);
    }
    result
}

/// `=` nothing changes; `!Reason` a refusal; otherwise the changes, each with whom it concerns.
fn told(result: &Result<Vec<Change>, Refusal>) -> String {
    match result {
        Err(refusal) => format!("!{refusal:?}"),
        Ok(changes) if changes.is_empty() => "=".into(),
        Ok(changes) => {
            let one = |change: &Change| {
                let value = serde_json::to_value(change).expect("a change is JSON");
                format!("{} {}", value["change"].as_str().unwrap_or_default(), value["person"])
            };
            changes.iter().map(one).collect::<Vec<_>>().join(", ")
        }
    }
}

/// The same for everybody.
const fn all(expected: &'static str) -> [&'static str; 6] {
    [expected; 6]
}

/// The wisher, and everybody else.
const fn wisher_or(wisher: &'static str, others: &'static str) -> [&'static str; 6] {
    [wisher, others, others, others, others, others]
}

/// The helper, and everybody else.
const fn helper_or(helper: &'static str, others: &'static str) -> [&'static str; 6] {
    [others, helper, others, others, others, others]
}

/// For each state and act what happens when PEOPLE do it, in that order. In a wish that is open or withdrawn HELPER is
/// a stranger too.
#[rustfmt::skip]
fn table() -> Vec<(State, Act, [&'static str; 6])> {
    use Act::{Accept, Claim, Confirm, Decline, Finish, Release, Unfinish, Withdraw};
    use State::{Claimed, Confirmed, Done, Open, Withdrawn};
    vec![
        //                     1 wisher       2 helper                3 first of the queue         4 second               5 said no              6 stranger
        (Open, Claim,         ["!OwnWish",    "lapsed 3, claimed 2",  "claimed 3",                 "lapsed 3, claimed 4", "lapsed 3, claimed 5", "lapsed 3, claimed 6"]),
        (Open, Release,       ["!NotClaimed", "!NotClaimed",          "stepped_back 3, offered 4", "stepped_back 4",      "stepped_back 5",      "!NotClaimed"]),
        (Open, Finish,        all("!NotClaimed")),
        (Open, Unfinish,      all("=")),
        (Open, Confirm,       wisher_or("!NotClaimed", "!NotWisher")),
        (Open, Withdraw,      wisher_or("lapsed 3, withdrawn 1", "!NotWisher")),
        (Open, Accept,        ["!OwnWish",    "!NotOffered",          "claimed 3",                 "!NotOffered",         "!NotOffered",         "!NotOffered"]),
        (Open, Decline,       ["!NotOffered", "!NotOffered",          "declined 3, offered 4",     "!NotOffered",         "!NotOffered",         "!NotOffered"]),

        (Claimed, Claim,      ["!OwnWish",    "=",                    "=",                         "=",                   "stood_by 5",          "stood_by 6"]),
        (Claimed, Release,    ["!NotHelper",  "released 2, offered 3", "stepped_back 3",           "stepped_back 4",      "stepped_back 5",      "!NotHelper"]),
        (Claimed, Finish,     helper_or("finished 2", "!NotHelper")),
        (Claimed, Unfinish,   all("=")),
        (Claimed, Confirm,    wisher_or("confirmed 1", "!NotWisher")),
        (Claimed, Withdraw,   wisher_or("withdrawn 1", "!NotWisher")),
        (Claimed, Accept,     ["!OwnWish",    "=",                    "!NotOffered",               "!NotOffered",         "!NotOffered",         "!NotOffered"]),
        (Claimed, Decline,    all("!NotOffered")),

        (Done, Claim,         ["!OwnWish",    "=",                    "=",                         "=",                   "stood_by 5",          "stood_by 6"]),
        (Done, Release,       ["!NotHelper",  "!AlreadyDone",         "stepped_back 3",            "stepped_back 4",      "stepped_back 5",      "!NotHelper"]),
        (Done, Finish,        helper_or("=", "!NotHelper")),
        (Done, Unfinish,      helper_or("unfinished 2", "=")),
        (Done, Confirm,       wisher_or("confirmed 1", "!NotWisher")),
        (Done, Withdraw,      wisher_or("!AlreadyDone", "!NotWisher")),
        (Done, Accept,        ["!OwnWish",    "=",                    "!NotOffered",               "!NotOffered",         "!NotOffered",         "!NotOffered"]),
        (Done, Decline,       all("!NotOffered")),

        (Confirmed, Claim,    helper_or("=", "!Over")),
        (Confirmed, Release,  all("!Over")),
        (Confirmed, Finish,   helper_or("=", "!Over")),
        (Confirmed, Unfinish, all("=")),
        (Confirmed, Confirm,  wisher_or("=", "!Over")),
        (Confirmed, Withdraw, all("!Over")),
        (Confirmed, Accept,   all("!Over")),
        (Confirmed, Decline,  all("!Over")),

        (Withdrawn, Claim,    all("!Gone")),
        (Withdrawn, Release,  all("!Gone")),
        (Withdrawn, Finish,   all("!Gone")),
        (Withdrawn, Unfinish, all("=")),
        (Withdrawn, Confirm,  all("!Gone")),
        (Withdrawn, Withdraw, wisher_or("=", "!Gone")),
        (Withdrawn, Accept,   all("!Gone")),
        (Withdrawn, Decline,  all("!Gone")),
    ]
}

#[test]
fn who_may_do_what_when() {
    let table = table();
    for state in STATES {
        for act in ACTS {
            let rows = table.iter().filter(|(of, doing, _)| (*of, *doing) == (state, act)).count();
            assert_eq!(rows, 1, "{act:?} of a wish that is {state:?}");
        }
    }
    for (state, act, expected) in table {
        for (actor, expected) in PEOPLE.into_iter().zip(expected) {
            let found = told(&decide(&wish(state), actor, act));
            assert_eq!(found, expected, "{act:?} by {actor} of a wish that is {state:?}");
        }
    }
}

#[test]
fn a_wish_goes_down_its_queue_until_nobody_is_left() {
    let mut wish = wish(State::Claimed);
    for (actor, act, expected) in [
        (HELPER, Act::Release, "released 2, offered 3"),
        (FIRST, Act::Decline, "declined 3, offered 4"),
        (SECOND, Act::Decline, "declined 4"),
        (SECOND, Act::Decline, "!NotOffered"),
        (FIRST, Act::Accept, "!NotOffered"),
        // Who said no may still claim it like anybody else, or stand by again.
        (FIRST, Act::Claim, "claimed 3"),
        (SECOND, Act::Claim, "stood_by 4"),
        (SECOND, Act::Claim, "="),
        (FIRST, Act::Release, "released 3, offered 4"),
    ] {
        assert_eq!(told(&act_on(&mut wish, actor, act)), expected, "{act:?} by {actor}");
    }
}

#[test]
fn an_offer_that_lapsed_keeps_its_place_in_the_queue() {
    let mut wish = wish(State::Open);
    act_on(&mut wish, STRANGER, Act::Claim).expect("it is open");
    act_on(&mut wish, STRANGER, Act::Release).expect("it is theirs");
    assert_eq!(wish, self::wish(State::Open), "the first is asked again before the second");
}

#[test]
fn the_number_of_stand_bys_does_not_tell_who_said_no() {
    let mut wish = wish(State::Open);
    let before = wish.standbys.len();
    act_on(&mut wish, FIRST, Act::Decline).expect("they were asked");
    assert_eq!(wish.standbys.len(), before);
}

// ── Random lives ────────────────────────────────────────────────────────────────────────────────────────────────────

fn act() -> impl Strategy<Value = (PersonId, Act)> {
    (1..=5_i64, prop::sample::select(ACTS.to_vec()))
}

fn assert_sound(wish: &Wish) {
    let has_helper = matches!(wish.state, State::Claimed | State::Done | State::Confirmed);
    assert_eq!(wish.helper.is_some(), has_helper, "a helper exactly in claimed, done and confirmed: {wish:?}");
    assert_ne!(wish.helper, Some(wish.wisher), "nobody helps with their own wish: {wish:?}");
    let mut queue: Vec<PersonId> = wish.standbys.iter().map(|standby| standby.person).collect();
    assert!(!queue.contains(&wish.wisher), "the wisher stands by: {wish:?}");
    assert!(wish.helper.is_none_or(|helper| !queue.contains(&helper)), "the helper stands by: {wish:?}");
    queue.sort_unstable();
    queue.dedup();
    assert_eq!(queue.len(), wish.standbys.len(), "somebody stands by twice: {wish:?}");
    let willing = || wish.standbys.iter().filter(|standby| standby.answer != Answer::Declined);
    for (place, standby) in willing().enumerate() {
        let expected = if place == 0 && wish.state == State::Open { Answer::Asked } else { Answer::Waiting };
        assert_eq!(
            standby.answer, expected,
            "the first who hasn't said no is asked, exactly while it is open: {wish:?}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_people_do_a_wish_stays_sound(acts in prop::collection::vec(act(), 0..60)) {
        let mut wish = fresh();
        let mut journal: Vec<String> = Vec::new();
        let mut confirmations = 0;
        for (actor, act) in acts {
            let before = wish.clone();
            for change in act_on(&mut wish, actor, act).unwrap_or_default() {
                journal.push(serde_json::to_string(&change).expect("a change is JSON"));
                confirmations += usize::from(matches!(change, Change::Confirmed(_)));
                prop_assert!(change.kind().starts_with("wish."));
            }
            assert_sound(&wish);
            if matches!(before.state, State::Confirmed | State::Withdrawn) {
                prop_assert_eq!(&wish, &before, "{:?} by {} changed what was over", act, actor);
            }
            let again = decide(&wish, actor, act).unwrap_or_default();
            prop_assert_eq!(again, vec![], "{:?} by {}, twice", act, actor);
        }
        prop_assert_eq!(confirmations, usize::from(wish.state == State::Confirmed));
        let mut folded = fresh();
        for line in &journal {
            apply(&mut folded, serde_json::from_str(line).expect("the journal's JSON is a change"));
        }
        prop_assert_eq!(folded, wish);
    }

    #[test]
    fn taking_a_tap_back_gives_back_what_it_took(acts in prop::collection::vec(act(), 0..30), actor in 1..=5_i64) {
        let mut before = fresh();
        for (actor, act) in acts {
            let _ = act_on(&mut before, actor, act);
        }
        for (act, opposite) in [(Act::Claim, Act::Release), (Act::Finish, Act::Unfinish)] {
            let mut wish = before.clone();
            if act_on(&mut wish, actor, act).unwrap_or_default().is_empty() {
                continue;
            }
            act_on(&mut wish, actor, opposite).expect("one's own act can be taken back");
            assert_sound(&wish);
            let mut without = before.clone();
            if act == Act::Claim {
                // Who claims and gives up has left the queue; the first of the others is asked.
                without.standbys.retain(|standby| standby.person != actor);
                let open = without.state == State::Open;
                let mut willing = without.standbys.iter_mut().filter(|standby| standby.answer != Answer::Declined);
                if let Some(first) = willing.next().filter(|_| open) {
                    first.answer = Answer::Asked;
                }
            }
            prop_assert_eq!(wish, without);
        }
    }

    #[test]
    fn the_queue_is_first_come_first_served(people in prop::collection::vec(3..=9_i64, 0..20)) {
        let mut wish = Wish { state: State::Claimed, helper: Some(HELPER), ..fresh() };
        let mut order: Vec<PersonId> = Vec::new();
        for person in people {
            let changes = act_on(&mut wish, person, Act::Claim).expect("anyone may stand by");
            order.extend(changes.iter().map(|_| person));
        }
        let offered = |changes: &[Change]| changes.iter().find_map(|change| match change {
            Change::Offered(person) => Some(*person),
            _ => None,
        });
        let mut asked = Vec::new();
        let mut next = offered(&act_on(&mut wish, HELPER, Act::Release).expect("the helper may give it back"));
        while let Some(person) = next {
            asked.push(person);
            next = offered(&act_on(&mut wish, person, Act::Decline).expect("who is asked may say no"));
        }
        prop_assert_eq!(asked, order);
    }
}
