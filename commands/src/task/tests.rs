//! Tests of tasks: what is said, in every locale, and random answers.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::person::{Person, PersonId};
use proptest::prelude::*;

use super::{
    command::TEXT_CHARS_MAX,
    reply::{Face, Lists, TaskReply},
    rules::{Act, Answer, Change, Refusal, Task, apply, decide},
};
use crate::{
    card::{BYTES_MAX, NAME_CHARS_MAX},
    scene::Reply,
    speech::Speech,
};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

// ── What is said ────────────────────────────────────────────────────────────────────────────────────────────────────

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

const REFUSALS: [Refusal; 5] =
    [Refusal::Full, Refusal::Begun, Refusal::Cancelled, Refusal::NotAsked, Refusal::NotStarter];
const ANSWERS: [Answer; 3] = [Answer::Silent, Answer::Accepted, Answer::Declined];

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &TaskReply<'_>) -> usize {
    match reply {
        TaskReply::Ask { .. } => 0,
        TaskReply::Over { .. } => 1,
        TaskReply::CalledOff { .. } => 2,
        TaskReply::Status { .. } => 3,
        TaskReply::Full { .. } => 4,
        TaskReply::TooEarly { .. } => 5,
        TaskReply::Refused { .. } => 6,
        TaskReply::NotAllowed => 7,
        TaskReply::NoMembers => 8,
        TaskReply::NotYours { .. } => 9,
        TaskReply::NotWaiting { .. } => 10,
        TaskReply::NoSuch { .. } => 11,
        TaskReply::OtherKind { .. } => 12,
        TaskReply::ByOther { .. } => 13,
    }
}
const VARIANTS: usize = 14;

fn captain(name: &str) -> Person {
    Person { person_id: 1, user_id: "@captain:example.org".into(), display_name: name.into() }
}

fn face(text: &str, grain: &str, half_day: &'static str, places: Option<i64>, cancelled: bool) -> Face {
    Face {
        number: 12,
        text: text.into(),
        starts_at_ms: MONDAY_MS,
        grain: grain.into(),
        half_day,
        places,
        starter: captain("王<&>\"楼长' @room"),
        cancelled,
    }
}

fn faces() -> Vec<Face> {
    let mut faces = Vec::new();
    for places in [None, Some(8)] {
        for cancelled in [false, true] {
            faces.push(face("清楼道 <今晚> & \"明天\" @room", "minute", "evening", places, cancelled));
            faces.push(face("清楼道", "day", "morning", places, cancelled));
            for half_day in ["dawn", "morning", "noon", "afternoon", "evening"] {
                faces.push(face("清楼道", "half_day", half_day, places, cancelled));
            }
        }
    }
    faces
}

fn lists(count: usize, name: &str) -> Lists {
    let people = vec![name.to_owned(); count];
    Lists { accepted: people.clone(), declined: people.clone(), silent: people }
}

fn samples(starter: &Person) -> Vec<TaskReply<'_>> {
    let mut samples = vec![
        TaskReply::NotAllowed,
        TaskReply::NoMembers,
        TaskReply::NotYours { number: 12, starter },
        TaskReply::NotWaiting { number: 12 },
        TaskReply::NoSuch { number: 1_234_567 },
        TaskReply::OtherKind { number: 12 },
    ];
    for face in faces() {
        samples.push(TaskReply::Over { face: face.clone() });
        samples.push(TaskReply::CalledOff { face: face.clone() });
        samples.push(TaskReply::ByOther { face: face.clone(), who: starter });
        samples.push(TaskReply::TooEarly { face: face.clone(), pings_at_ms: MONDAY_MS });
        samples.extend(ANSWERS.map(|answer| TaskReply::Ask { face: face.clone(), answer }));
        samples.extend(REFUSALS.map(|refusal| TaskReply::Refused { refusal, face: face.clone() }));
        for count in [0, 1, 3, 264] {
            let lists = lists(count, "李<b>阿姨 @room");
            if count > 0 {
                samples.push(TaskReply::Full { face: face.clone(), lists: lists.clone() });
            }
            for pings_at_ms in [None, Some(MONDAY_MS)] {
                let (face, lists) = (face.clone(), lists.clone());
                samples.push(TaskReply::Status { face, lists, pings_at_ms, count: 3 * count as i64 });
            }
        }
    }
    samples
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let starter = captain("王<&>\"楼长' @room");
    let samples = samples(&starter);
    rendered::assert_every_variant_is_shown(samples.iter().map(place), VARIANTS);
    for language in Language::ALL {
        for reply in &samples {
            let card = match reply.card(speech.say(language, Tz::Asia__Shanghai)) {
                Ok(card) => card,
                Err(error) => panic!("{reply:?}: {error}"),
            };
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
            assert!(!card.plain().contains("@room"), "{reply:?}");
        }
    }
}

#[test]
fn every_malformed_command_has_its_message() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        for id in [
            "task-missing-all",
            "task-missing-members",
            "task-missing-time",
            "task-missing-text",
            "task-too-long",
            "task-unreadable-number",
        ] {
            assert!(speech.has(language, id), "{id} in {language:?}");
        }
    }
}

#[test]
fn the_reasons_of_a_refusal_read_differently() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        let texts: BTreeSet<String> = REFUSALS
            .into_iter()
            .map(|refusal| TaskReply::Refused { refusal, face: face("清楼道", "day", "morning", None, false) })
            .map(|reply| reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words").plain())
            .collect();
        assert_eq!(texts.len(), REFUSALS.len(), "in {language:?} two refusals fall together");
    }
}

#[test]
fn whoever_was_not_asked_does_not_learn_what_the_task_is() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        let face = face("秘密的事", "day", "morning", None, false);
        let reply = TaskReply::Refused { refusal: Refusal::NotAsked, face };
        let plain = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words").plain();
        assert!(!plain.contains("秘密的事"), "{plain}");
    }
}

#[test]
fn many_members_with_long_names_stay_below_the_size_of_a_card() {
    let speech = Speech::new().expect("the locales");
    for character in ["𠮷", "\"", "王"] {
        let lists = lists(264, &character.repeat(NAME_CHARS_MAX));
        let face = face(&character.repeat(TEXT_CHARS_MAX), "minute", "evening", Some(8), false);
        for language in Language::ALL {
            for reply in [
                TaskReply::Status { face: face.clone(), lists: lists.clone(), pings_at_ms: None, count: 792 },
                TaskReply::Full { face: face.clone(), lists: lists.clone() },
                TaskReply::Ask { face: face.clone(), answer: Answer::Silent },
            ] {
                let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words");
                let fitted = card.clone().fitted();
                assert!(fitted.bytes() <= BYTES_MAX, "{} bytes in place {}", fitted.bytes(), place(&reply));
                assert_eq!(fitted.lines.len(), card.lines.len(), "texts are cut, lines aren't: {}", place(&reply));
            }
        }
    }
}

// ── Who takes it ────────────────────────────────────────────────────────────────────────────────────────────────────

const STARTER: PersonId = 1;
const NOW_MS: i64 = 1_000;
const CANCEL: Act = Act::Cancel { as_steward: false };

fn fresh(places: Option<i64>, members: i64) -> Task {
    let answers = (2..2 + members).map(|person| (person, Answer::Silent)).collect();
    Task { starter: STARTER, places, cancelled: false, starts_at_ms: 2_000, answers }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => Just(Act::Accept),
        4 => Just(Act::Decline),
        3 => prop::sample::select(ANSWERS.to_vec()).prop_map(Act::TakeBack),
        1 => prop::bool::weighted(0.1).prop_map(|cancel| if cancel { CANCEL } else { Act::Accept }),
    ]
}

fn answer_of(task: &Task, person: PersonId) -> Option<Answer> {
    task.answers.iter().find(|(asked, _)| *asked == person).map(|(_, answer)| *answer)
}

#[test]
fn what_a_stranger_or_a_late_one_may_do() {
    let mut task = fresh(Some(1), 2);
    assert_eq!(decide(&task, 99, Act::Accept, NOW_MS), Err(Refusal::NotAsked));
    assert_eq!(decide(&task, 2, CANCEL, NOW_MS), Err(Refusal::NotStarter));
    assert_eq!(decide(&task, 99, Act::Cancel { as_steward: true }, NOW_MS), Ok(Some(Change::Cancelled)));
    assert_eq!(decide(&task, 2, Act::Accept, 2_000), Err(Refusal::Begun));
    task.cancelled = true;
    assert_eq!(decide(&task, 2, Act::Accept, NOW_MS), Err(Refusal::Cancelled));
    assert_eq!(decide(&task, 99, Act::Accept, NOW_MS), Err(Refusal::NotAsked), "nor what became of it");
    assert_eq!(decide(&task, 99, CANCEL, NOW_MS), Err(Refusal::NotStarter));
    assert_eq!(decide(&task, STARTER, CANCEL, NOW_MS), Ok(None));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_more_than_are_needed(
        places in prop::option::weighted(0.85, 1..=8_i64),
        members in 1..=12_i64,
        steps in prop::collection::vec((1..=14_i64, act()), 1..80),
    ) {
        let mut task = fresh(places, members);
        let mut journal = Vec::new();
        for (person, act) in steps {
            let before = task.clone();
            let said = answer_of(&before, person);
            match decide(&before, person, act, NOW_MS) {
                Ok(Some(change)) => {
                apply(&mut task, change);
                journal.push(serde_json::to_string(&change).expect("a change is JSON"));
                match act {
                    Act::Accept => prop_assert_eq!(answer_of(&task, person), Some(Answer::Accepted)),
                    Act::Decline => prop_assert_eq!(answer_of(&task, person), Some(Answer::Declined)),
                    Act::TakeBack(of) => {
                        prop_assert_eq!(said, Some(of), "only one's own last answer is taken back");
                        prop_assert_eq!(answer_of(&task, person), Some(Answer::Silent));
                    }
                    Act::Cancel { .. } => prop_assert!(task.cancelled && person == STARTER),
                }
                if said == Some(Answer::Accepted) && act != CANCEL {
                    prop_assert_eq!(task.accepted(), before.accepted() - 1, "a yes that is taken back frees its place");
                }
                prop_assert_eq!(decide(&task, person, act, NOW_MS), Ok(None), "the same again changes nothing");
            }
            Ok(None) => {}
                Err(refusal) => {
                let full = places.is_some_and(|places| before.accepted() >= places);
                let expected = match act {
                    Act::Cancel { .. } => Refusal::NotStarter,
                    _ if said.is_none() => Refusal::NotAsked,
                    _ if before.cancelled => Refusal::Cancelled,
                    _ => {
                        prop_assert!(full && act == Act::Accept && said != Some(Answer::Accepted));
                        Refusal::Full
                    }
                };
                prop_assert_eq!(refusal, expected);
            }
            }
            prop_assert!(places.is_none_or(|places| task.accepted() <= places), "more come than are needed");
            prop_assert_eq!(task.answers.len() as i64, members, "nobody is lost");
        }
        let mut folded = fresh(places, members);
        for line in &journal {
            apply(&mut folded, serde_json::from_str(line).expect("the journal's JSON is a change"));
        }
        prop_assert_eq!(folded, task);
    }
}
