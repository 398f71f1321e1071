//! Tests of what the digest says, in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::{person::Person, wish::WishRow};

use super::{
    LINES_MAX, callable,
    reply::{Closing, DigestReply},
};
use crate::{
    activity::reply::Entry,
    card::{BYTES_MAX, Card, NAME_CHARS_MAX},
    scene::Reply,
    speech::Speech,
};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

fn person(person_id: i64, name: &str) -> Person {
    Person { person_id, user_id: format!("@resident-{person_id}:example.org"), display_name: name.into() }
}

fn entries(count: i64, title: &str) -> Vec<Entry<'_>> {
    let entry = |number: i64| Entry {
        number,
        title,
        starts_at_ms: MONDAY_MS,
        going: number,
        capacity: (number % 2 == 0).then_some(20),
    };
    (1..=count).map(entry).collect()
}

fn wishes(count: i64, text: &str) -> Vec<WishRow> {
    let wish = |number| WishRow {
        number,
        room_id: "!building3".into(),
        wisher_id: 1,
        text: text.into(),
        state: "open".into(),
        helper_id: None,
        claim_place: 0,
        by_proxy: false,
    };
    (1..=count).map(wish).collect()
}

fn polls(count: i64, question: &str) -> Vec<Closing<'_>> {
    (1..=count).map(|number| Closing { number, question, closes_at_ms: MONDAY_MS }).collect()
}

#[track_caller]
fn said(speech: &Speech, language: Language, reply: &DigestReply<'_>) -> Card {
    match reply.card(speech.say(language, Tz::Asia__Shanghai)) {
        Ok(card) => card,
        Err(error) => panic!("{reply:?}: {error}"),
    }
}

#[test]
fn whatever_there_is_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let text = "修<灯> & \"门\" @room";
    let (some, wishes, polls) = (entries(2, text), wishes(2, text), polls(2, text));
    let people: Vec<Person> = (1..=45).map(|id| person(id, "李<&>\"阿姨' @room")).collect();
    for what in 1..32_u8 {
        let has = |bit: u8| what & bit != 0;
        let reply = DigestReply {
            day_ms: MONDAY_MS,
            tonight: if has(1) { &some } else { &[] },
            tomorrow: if has(2) { &some } else { &[] },
            polls: if has(4) { &polls } else { &[] },
            wishes: if has(8) { &wishes } else { &[] },
            more_wishes: if has(8) && has(16) { 1_234 } else { 0 },
            people: if !has(2) {
                &[]
            } else if has(16) {
                &people
            } else {
                &people[..1]
            },
        };
        for language in Language::ALL {
            let card = said(&speech, language, &reply);
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
            assert!(!card.plain().contains("@room"), "{reply:?}");
            let ids: Vec<String> = reply.people.iter().map(|person| person.user_id.clone()).collect();
            assert_eq!(card.mentions, ids, "everybody who is to be rung is");
            assert_eq!(card.notify, !reply.people.is_empty(), "it rings exactly when it mentions");
        }
    }
}

#[test]
fn the_fullest_evening_stays_below_the_size_of_a_card() {
    let speech = Speech::new().expect("the locales");
    for character in ["𠮷", "\"", "王"] {
        let title = character.repeat(60);
        let question = character.repeat(200);
        let text = character.repeat(500);
        let some = entries(LINES_MAX, &title);
        let (wishes, polls) = (wishes(LINES_MAX, &text), polls(LINES_MAX, &question));
        let people: Vec<Person> = (1..=737)
            .map(|id| Person {
                person_id: id,
                user_id: format!("@{}{id}:example.org", "u".repeat(200)),
                display_name: character.repeat(NAME_CHARS_MAX),
            })
            .collect();
        let people = callable(people);
        let ids: usize = people.iter().map(|person| person.user_id.len()).sum();
        assert!(ids <= BYTES_MAX, "{ids} bytes of ids");
        let reply = DigestReply {
            day_ms: MONDAY_MS,
            tonight: &some,
            tomorrow: &some,
            polls: &polls,
            wishes: &wishes,
            more_wishes: 1_234,
            people: &people,
        };
        for language in Language::ALL {
            let card = said(&speech, language, &reply);
            let fitted = card.clone().fitted();
            assert!(fitted.bytes() <= BYTES_MAX, "{} bytes", fitted.bytes());
            assert_eq!(fitted.lines.first(), card.lines.first(), "it begins as it would");
        }
    }
    let neighbours: Vec<Person> = (1..=264).map(|id| person(id, "王阿姨")).collect();
    assert_eq!(callable(neighbours).len(), super::MENTIONS_MAX);
}
