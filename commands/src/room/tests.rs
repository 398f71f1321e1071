//! Tests of what is said about rooms, in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::person::Person;

use super::reply::RoomReply;
use crate::{card::Card, incoming::Right, scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &RoomReply<'_>) -> usize {
    match reply {
        RoomReply::Greet => 0,
        RoomReply::GreetPerson => 1,
        RoomReply::Bound { .. } => 2,
        RoomReply::AlreadyBound { .. } => 3,
        RoomReply::BindNotAllowed => 4,
        RoomReply::BindInRoom => 5,
        RoomReply::WhichCommunity { .. } => 6,
        RoomReply::Asked => 7,
        RoomReply::AlreadyAsked => 8,
        RoomReply::NoStewards => 9,
        RoomReply::Request { .. } => 10,
        RoomReply::RequestOver { .. } => 11,
        RoomReply::RequestGone { .. } => 22,
        RoomReply::Rejected { .. } => 12,
        RoomReply::NothingAsked => 13,
        RoomReply::SeveralAsked => 14,
        RoomReply::AppointInRoom => 15,
        RoomReply::Appointed { .. } => 16,
        RoomReply::AlreadyCaptain { .. } => 17,
        RoomReply::Dismissed { .. } => 18,
        RoomReply::NotNamed { .. } => 19,
        RoomReply::Back { .. } => 20,
        RoomReply::Parked { .. } => 21,
        RoomReply::Moved { .. } => 25,
        RoomReply::Restored { .. } => 23,
        RoomReply::CardVoid { .. } => 24,
        RoomReply::NameCommunity => 26,
    }
}
const VARIANTS: usize = 27;

const RIGHTS: [Right; 4] = [Right::Send, Right::Redact, Right::Pin, Right::Notify];

/// A new right needs its word.
fn is_listed(right: Right) -> bool {
    match right {
        Right::Send | Right::Redact | Right::Pin | Right::Notify => RIGHTS.contains(&right),
    }
}

#[track_caller]
fn rendered(speech: &Speech, language: Language, reply: RoomReply<'_>) -> Card {
    match reply.card(speech.say(language, Tz::Asia__Shanghai)) {
        Ok(card) => card,
        Err(error) => panic!("{reply:?}: {error}"),
    }
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let wang = Person { person_id: 1, user_id: "@wang:example.org".into(), display_name: "王<楼长>".into() };
    let zhao = Person { person_id: 2, user_id: "@zhao:example.org".into(), display_name: "赵姐".into() };
    let (whom, by, asker) = (&wang, &wang, &zhao);
    let names = ["3号楼".to_owned(), "<5号楼>".to_owned()];
    let (name, community, room) = ("3号楼 <南>", "小街&三队", "3号楼");
    assert!(RIGHTS.into_iter().all(is_listed));
    let mut samples = vec![
        RoomReply::Greet,
        RoomReply::GreetPerson,
        RoomReply::Back { name },
        RoomReply::Bound { name, community, captains: &names, lacks: &RIGHTS },
        RoomReply::Bound { name, community, captains: &[], lacks: &[] },
        RoomReply::AlreadyBound { name, community },
        RoomReply::BindNotAllowed,
        RoomReply::BindInRoom,
        RoomReply::WhichCommunity { names: &names },
        RoomReply::NameCommunity,
        RoomReply::Asked,
        RoomReply::AlreadyAsked,
        RoomReply::NoStewards,
        RoomReply::Request { name, by },
        RoomReply::RequestOver { name, asker, by, how: "approved" },
        RoomReply::RequestOver { name, asker, by, how: "rejected" },
        RoomReply::RequestOver { name, asker, by, how: "withdrawn" },
        RoomReply::Moved { name, cards: 0 },
        RoomReply::Moved { name, cards: 1 },
        RoomReply::Moved { name, cards: 3 },
        RoomReply::RequestGone { name },
        RoomReply::Rejected { name },
        RoomReply::NothingAsked,
        RoomReply::SeveralAsked,
        RoomReply::AppointInRoom,
        RoomReply::Appointed { whom, room },
        RoomReply::AlreadyCaptain { whom },
        RoomReply::Dismissed { whom, room },
        RoomReply::NotNamed { whom },
        RoomReply::Parked { count: 3 },
        RoomReply::Restored { backup_at_ms: 1_700_000_000_000, begun_at_ms: 1_700_050_000_000 },
        RoomReply::CardVoid { replaced_by: None },
        RoomReply::CardVoid { replaced_by: Some(12) },
    ];
    for right in &RIGHTS {
        samples.push(RoomReply::Bound { name, community, captains: &names, lacks: std::slice::from_ref(right) });
    }
    rendered::assert_every_variant_is_shown(samples.iter().map(place), VARIANTS);
    for language in Language::ALL {
        for reply in &samples {
            let card = rendered(&speech, language, *reply);
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
        for id in ["room-missing-name", "room-long-name", "room-appoint-whom", "room-dismiss-whom", "invite-declined"] {
            assert!(speech.has(language, id), "{id} in {language:?}");
        }
    }
}

#[test]
fn every_right_has_its_own_word() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        let mut texts: Vec<String> = RIGHTS
            .iter()
            .map(|right| {
                let lacks = std::slice::from_ref(right);
                let reply = RoomReply::Bound { name: "3号楼", community: "小街三队", captains: &[], lacks };
                rendered(&speech, language, reply).plain()
            })
            .collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), RIGHTS.len(), "two rights fall together in {language:?}");
    }
}

#[test]
fn greetings_have_at_most_six_lines() {
    let speech = Speech::new().expect("the locales");
    let captains: Vec<String> = (1..=20).map(|number| format!("{number}号楼楼长")).collect();
    let bound = RoomReply::Bound { name: "3号楼", community: "小街三队", captains: &captains, lacks: &RIGHTS };
    for language in Language::ALL {
        for reply in [RoomReply::Greet, RoomReply::GreetPerson, bound] {
            let lines = rendered(&speech, language, reply).lines.len();
            assert!(lines <= 6, "{reply:?} has {lines} lines in {language:?}");
        }
    }
}

#[test]
fn a_new_captain_is_rung_and_nobody_else() {
    let speech = Speech::new().expect("the locales");
    let whom = Person { person_id: 1, user_id: "@wang:example.org".into(), display_name: "王楼长".into() };
    let card = rendered(&speech, Language::ZhCn, RoomReply::Appointed { whom: &whom, room: "3号楼" });
    assert_eq!((card.notify, card.mentions), (true, vec!["@wang:example.org".to_owned()]));
}
