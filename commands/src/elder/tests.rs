//! Tests of 长辈模式: every reply in every locale, in both voices; what is understood.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::person::Person;

use super::{
    command::{self, Command, parse},
    reply::{ElderReply, Entry, Thing},
};
use crate::{feature::Parsed, language::Phrase, scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &ElderReply<'_>) -> usize {
    match reply {
        ElderReply::On { .. } => 0,
        ElderReply::Off => 1,
        ElderReply::Room(_) => 2,
        ElderReply::RoomThere => 3,
        ElderReply::Menu { .. } => 4,
        ElderReply::Poll { .. } => 5,
        ElderReply::NoPoll => 6,
        ElderReply::Done { .. } => 7,
        ElderReply::AskOff => 8,
        ElderReply::Waiting { .. } => 9,
    }
}

/// The same of a line.
fn place_of_entry(entry: &Entry) -> usize {
    match entry {
        Entry::Ask => 0,
        Entry::Post(_) => 1,
        Entry::Accept(_) => 2,
        Entry::Decline(_) => 3,
        Entry::Confirm(_) => 4,
        Entry::Finish(_) => 5,
        Entry::Release(_) => 6,
        Entry::Withdraw(_) => 7,
        Entry::Claim(_) => 8,
        Entry::Join(_) => 9,
        Entry::Leave(_) => 10,
        Entry::OneMore(_) => 11,
        Entry::Roster(_) => 12,
        Entry::Remind(_) => 13,
        Entry::Vote(_) => 14,
        Entry::Points => 15,
        Entry::CheckIn => 16,
        Entry::Off => 17,
        Entry::Wait(_) => 18,
        Entry::CheckOut => 19,
    }
}

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

fn entries() -> Vec<Entry> {
    let who = Person { person_id: 1, user_id: "@li:example.org".into(), display_name: "李<阿姨>".into() };
    let thing = Thing { number: 4321, text: "修<灯>".repeat(9), who: Some(who), at_ms: Some(MONDAY_MS) };
    let of = |entry: fn(Thing) -> Entry| entry(thing.clone());
    vec![
        Entry::Ask,
        Entry::Post("家里的灯坏了".into()),
        of(Entry::Accept),
        of(Entry::Decline),
        of(Entry::Confirm),
        of(Entry::Finish),
        of(Entry::Release),
        of(Entry::Withdraw),
        of(Entry::Claim),
        of(Entry::Join),
        of(Entry::Wait),
        of(Entry::Leave),
        of(Entry::OneMore),
        of(Entry::Roster),
        of(Entry::Remind),
        of(Entry::Vote),
        Entry::Points,
        Entry::CheckIn,
        Entry::CheckOut,
        Entry::Off,
    ]
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let (entries, options) = (entries(), ["要".to_owned(), "不<要>".to_owned()]);
    rendered::assert_every_variant_is_shown(entries.iter().map(place_of_entry), 20);
    let samples = [
        ElderReply::On { entries: &entries, more: Some(2) },
        ElderReply::Off,
        ElderReply::Room(true),
        ElderReply::Room(false),
        ElderReply::RoomThere,
        ElderReply::Menu { entries: &entries, more: Some(2) },
        ElderReply::Menu { entries: &[], more: None },
        ElderReply::Poll {
            number: 4321, question: "要不要装<电梯>？", options: &options, shown: 0..1, more: Some(2)
        },
        ElderReply::AskOff,
        ElderReply::Waiting { about: "广场舞" },
        ElderReply::NoPoll,
        ElderReply::Done { words: ("报名", "join"), about: "广场舞" },
        ElderReply::Done { words: ("许愿", "wish"), about: "" },
    ];
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 10);
    for language in Language::ALL {
        assert!(speech.has(language, "elder-unreadable"));
        for reply in &samples {
            for say in [speech.say(language, Tz::Asia__Shanghai), speech.say(language, Tz::Asia__Shanghai).plainly()] {
                let card = reply.card(say).expect("words in every locale");
                rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
            }
        }
    }
}

#[test]
fn what_is_understood() {
    for (text, expected) in [
        ("", Command::Mine(true)),
        ("开", Command::Mine(true)),
        ("关", Command::Mine(false)),
        ("off", Command::Mine(false)),
        ("本群", Command::Room(true)),
        ("本群 关", Command::Room(false)),
        ("this room off", Command::Room(false)),
        ("菜单", Command::Menu(1, String::new())),
        ("菜单 2", Command::Menu(2, String::new())),
        ("menu 2", Command::Menu(2, String::new())),
        ("菜单 家里的灯坏了", Command::Menu(1, "家里的灯坏了".into())),
        ("12", Command::Poll(Some(12), 1)),
        ("12 2", Command::Poll(Some(12), 2)),
        ("投票", Command::Poll(None, 1)),
        ("不要了", Command::AskOff),
        ("end", Command::AskOff),
    ] {
        match parse(&Phrase::new(text)) {
            Parsed::Mine(read) => assert_eq!(read, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let parsed = parse(&Phrase::new("是什么"));
    assert!(matches!(parsed, Parsed::Malformed("elder-unreadable")), "{parsed:?}");
}

fn now() -> chrono::NaiveDateTime {
    chrono::NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|day| day.and_hms_opt(18, 40, 0)).expect("a time")
}

#[test]
fn what_somebody_says_may_be_a_wish() {
    for (text, wish) in [
        ("家里的灯坏了", "家里的灯坏了"),
        ("my lamp is broken", "my lamp is broken"),
        ("换灯泡", "换灯泡"),
        ("谁会修收音机", "谁会修收音机"),
        ("好了谢谢", ""),
        ("我是退休教师党支部的", ""),
        ("晚上八点", ""),
        ("我要唱歌", ""),
        ("不要大字了，恢复原样", ""),
        ("嗯", ""),
        ("12345678", ""),
        ("？？？？？", ""),
    ] {
        assert_eq!(command::as_a_wish(&Phrase::new(text), now()), wish, "{text}");
    }
    assert!(command::as_a_wish(&Phrase::new(&"灯".repeat(61)), now()).is_empty());
    let menu = Phrase::new(&command::menu_command("家里的灯坏了"));
    let found = crate::feature::find(&menu).map(|found| parse(&found.rest));
    assert!(matches!(found, Some(Parsed::Mine(Command::Menu(1, words))) if words == "家里的灯坏了"));
    for back in ["0", "０", "零", "活动"] {
        assert_eq!(command::instead(&Phrase::new(back), false), Some(command::menu_command("")), "{back}");
    }
    assert_eq!(command::instead(&Phrase::new("活动 下棋 周六晚7点"), false), None);
}
