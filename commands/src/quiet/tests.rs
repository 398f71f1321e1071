//! Tests of 免打扰: what is said, in every locale, and what is understood.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use lamplighter_config::Language;

use super::{
    command::{Command, parse},
    reply::QuietReply,
};
use crate::{feature::Parsed, language::Phrase, scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &QuietReply) -> usize {
    match reply {
        QuietReply::Quiet { .. } => 0,
        QuietReply::Lifted => 1,
        QuietReply::NotQuiet => 2,
    }
}

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let samples = [
        QuietReply::Quiet { until_ms: None },
        QuietReply::Quiet { until_ms: Some(MONDAY_MS) },
        QuietReply::Lifted,
        QuietReply::NotQuiet,
    ];
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 3);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
            assert!(!card.notify, "{reply:?}");
        }
        assert!(speech.has(language, "quiet-unreadable"));
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

#[test]
fn what_is_understood() {
    let now: NaiveDateTime = day(2026, 1, 5).and_hms_opt(18, 0, 0).expect("a time");
    for (text, expected) in [
        ("", Command::Quiet(None)),
        ("取消", Command::Lift),
        ("off", Command::Lift),
        ("到12月5日", Command::Quiet(Some(day(2026, 12, 5)))),
        ("到 1月9日", Command::Quiet(Some(day(2026, 1, 9)))),
        ("到周日", Command::Quiet(Some(day(2026, 1, 11)))),
        ("到明天", Command::Quiet(Some(day(2026, 1, 6)))),
        ("until 9 Jan", Command::Quiet(Some(day(2026, 1, 9)))),
    ] {
        match parse("quiet", &Phrase::new(text), now) {
            Parsed::Mine(read) => assert_eq!(read, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    for (text, id) in [("到昨天", "time-past-day"), ("到2月30日", "time-no-such-day"), ("一下", "quiet-unreadable")]
    {
        let parsed = parse("quiet", &Phrase::new(text), now);
        assert!(matches!(parsed, Parsed::Malformed(said) if said == id), "{text}: {parsed:?}");
    }
}
