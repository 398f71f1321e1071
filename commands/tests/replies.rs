//! What is said before a feature is found, in every locale. The replies of the features are tested beside them.

mod rendered;

use chrono::NaiveTime;
use chrono_tz::Tz;
use lamplighter_commands::{feature::Role, flood::TooFast, house::General, scene::Reply, speech::Speech};
use lamplighter_config::Language;
use lamplighter_storage::person::Person;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &General<'_>) -> usize {
    match reply {
        General::DidYouMean { .. } => 0,
        General::Unknown => 1,
        General::NotBound => 2,
        General::NoSharedRoom => 3,
        General::WhichRoom { .. } => 4,
        General::NotAllowed { .. } => 5,
        General::Malformed { .. } => 6,
        General::Faulted { .. } => 7,
        General::LookLeft { .. } => 8,
        General::CannotTell { .. } => 9,
        General::PickOne { .. } => 10,
        General::TakenBack { .. } => 11,
        General::CardGone { .. } => 12,
        General::WhatCounts { .. } => 13,
        General::SayAnew => 14,
        General::TooFast { .. } => 15,
        General::Unreadable => 16,
        General::CompareEmoji => 17,
        General::Missing { .. } => 18,
        General::LeftOff => 19,
        General::WhichHalf { .. } => 20,
        General::QuestionOver => 21,
        General::Undone { .. } => 22,
        General::CannotTellDeed { .. } => 23,
    }
}
const VARIANTS: usize = 24;

/// The lines that say what became of a command that was taken back: `FEATURE-undo-…`.
fn undone() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/zh-CN");
    let files = std::fs::read_dir(folder).expect("the locales").map(|file| file.expect("a file").path());
    let texts = files.map(|file| std::fs::read_to_string(file).expect("a locale"));
    let ids = texts.flat_map(|text| {
        let ids = text.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id.to_owned());
        ids.filter(|id| id.contains("-undo-")).collect::<Vec<_>>()
    });
    ids.collect()
}

#[test]
fn every_general_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let names = ["3号楼".to_owned(), "<5号楼>".to_owned()];
    let person = Person { person_id: 1, user_id: "@li:example.org".into(), display_name: "李<阿姨>".into() };
    let samples = [
        General::DidYouMean { word: "许愿" },
        General::Unknown,
        General::Missing { id: "wish-missing-text" },
        General::LeftOff,
        General::WhichHalf { time: NaiveTime::MIN },
        General::QuestionOver,
        General::PickOne { count: 3 },
        General::TooFast { who: TooFast::Person },
        General::TooFast { who: TooFast::Tapper },
        General::TooFast { who: TooFast::Room },
        General::NotBound,
        General::NoSharedRoom,
        General::WhichRoom { names: &names },
        General::NotAllowed { needs: Role::Captain },
        General::NotAllowed { needs: Role::Steward },
        General::Malformed { id: "wish-missing-text" },
        General::Faulted { code: "4F2A" },
        General::LookLeft { person: &person },
        General::CannotTell { person: &person },
        General::CannotTellDeed { person: &person, by: &person },
        General::CardGone { id: "activity-undo-post", number: 3, who: &person },
        General::WhatCounts { text: "！许愿 <修灯>", undoable: true },
        General::WhatCounts { text: "！积分", undoable: false },
        General::SayAnew,
        General::Unreadable,
        General::CompareEmoji,
    ];
    let undone = undone();
    assert!(undone.len() > 30, "the scanner sees the lines");
    let said_to_all = undone.iter().map(|id| General::TakenBack { id, number: 3, who: Some(&person) });
    let said_alone = undone.iter().map(|id| General::TakenBack { id, number: 3, who: None });
    let said_of_others = undone.iter().map(|id| General::Undone { id, number: 3 });
    let samples: Vec<General<'_>> =
        samples.into_iter().chain(said_to_all).chain(said_alone).chain(said_of_others).collect();
    rendered::assert_every_variant_is_shown(samples.iter().map(place), VARIANTS);
    for language in Language::ALL {
        for reply in &samples {
            let card = match reply.card(speech.say(language, Tz::Asia__Shanghai)) {
                Ok(card) => card,
                Err(error) => panic!("{reply:?}: {error}"),
            };
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}

#[test]
fn what_is_said_to_whom_may_not_verify_is_plain_text() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        for id in ["verify-not-steward", "verify-busy"] {
            let word = speech.say(language, Tz::Asia__Shanghai).word(id, &[]).expect("a word");
            assert!(!word.is_empty() && !word.contains(['*', '`', '\n']), "{id}: {word}");
        }
    }
}

#[test]
fn a_date_always_carries_its_weekday() {
    let speech = Speech::new().expect("the locales");
    for (at_ms, zh, en) in [
        (1_767_607_200_000, "1月5日（周一）18:00", "Mon 5 Jan, 18:00"),
        (1_767_542_399_000, "1月4日（周日）23:59", "Sun 4 Jan, 23:59"),
        (1_798_732_800_000, "1月1日（周五）00:00", "Fri 1 Jan, 00:00"),
    ] {
        for (language, expected) in [(Language::ZhCn, zh), (Language::En, en)] {
            let moment = speech.say(language, Tz::Asia__Shanghai).moment(at_ms).expect("a moment");
            assert_eq!(moment, expected);
            assert!(rendered::dates_without_weekday(language, &moment).is_empty());
        }
    }
}

#[test]
fn these_checks_can_fail() {
    for html in
        ["<b>a", "a</b>", "<b>a<br>b</b>", "<i>a</i>", "a & b", "a > b", "<a href=\"javascript:x\">a</a>", "a<br"]
    {
        assert!(rendered::text_of(html).is_err(), "{html}");
    }
    let html = "<b>a&amp;</b><br><a href=\"https://matrix.to/#/@li:example.org\">b</a>";
    assert_eq!(rendered::text_of(html).as_deref(), Ok("a&\nb"));
    assert_eq!(rendered::dates_without_weekday(Language::ZhCn, "1月5日 18:00"), ["1月5日"]);
    assert_eq!(rendered::dates_without_weekday(Language::En, "on 5 Jan, 18:00"), ["5 Jan"]);
}

#[test]
fn a_missing_argument_or_message_is_an_error() {
    let speech = Speech::new().expect("the locales");
    let say = speech.say(Language::ZhCn, Tz::Asia__Shanghai);
    assert!(say.card("wish-card", &[]).is_err(), "a missing argument");
    assert!(say.card("no-such-message", &[]).is_err(), "a missing message");
}
