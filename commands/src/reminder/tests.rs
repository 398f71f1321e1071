//! Tests of personal reminders: what is said, in every locale, and what is understood.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::{person::Person, reminder::Reminder};

use super::{
    WAITING_MAX,
    command::{Command, TEXT_CHARS_MAX, parse},
    reply::{Reach, ReminderReply},
};
use crate::{card::BYTES_MAX, feature::Parsed, language::Phrase, scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &ReminderReply<'_>) -> usize {
    match reply {
        ReminderReply::Noted { .. } => 0,
        ReminderReply::Now { .. } => 1,
        ReminderReply::List { .. } => 2,
        ReminderReply::Cancelled { .. } => 3,
        ReminderReply::NoSuch { .. } => 4,
        ReminderReply::TooMany => 5,
        ReminderReply::NotedForAll { .. } => 6,
        ReminderReply::NowForAll { .. } => 7,
        ReminderReply::SaidQuietly { .. } => 8,
        ReminderReply::NotSaid { .. } => 9,
    }
}

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

fn reminder(number: i64, text: &str) -> Reminder {
    Reminder {
        reminder_id: number,
        person_id: 1,
        number,
        text: text.into(),
        due_at_ms: MONDAY_MS,
        room_id: Some("!building3".into()),
        whole_room: number % 2 == 0,
    }
}

fn li() -> Person {
    Person { person_id: 1, user_id: "@li:example.org".into(), display_name: "李<&>\"阿姨' @room".into() }
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let (li, reminder) = (li(), reminder(3, "交物业费 <b>今晚</b> & \"明天\" @room"));
    let for_all = Reminder { whole_room: true, ..reminder.clone() };
    let waiting = [reminder.clone(), for_all];
    let room = "3号楼 @room";
    let noted = |reach| ReminderReply::NotedForAll { reminder: &reminder, room, reach };
    let samples = [
        ReminderReply::Noted { reminder: &reminder },
        ReminderReply::Now { reminder: &reminder, person: &li, late: false },
        ReminderReply::Now { reminder: &reminder, person: &li, late: true },
        ReminderReply::List { waiting: &[] },
        ReminderReply::List { waiting: &waiting },
        ReminderReply::Cancelled { number: 3 },
        ReminderReply::NoSuch { number: 1_234_567 },
        ReminderReply::TooMany,
        noted(Reach::Everybody),
        noted(Reach::AskerMayNot),
        noted(Reach::BotMayNot),
        noted(Reach::Unknown),
        ReminderReply::NowForAll { reminder: &reminder, asker: &li, late: false, rings: true },
        ReminderReply::NowForAll { reminder: &reminder, asker: &li, late: true, rings: false },
        ReminderReply::SaidQuietly { reminder: &reminder, room },
        ReminderReply::NotSaid { reminder: &reminder, room },
    ];
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 10);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
            assert!(!card.plain().contains("@room"), "{reply:?}");
            let rings = matches!(reply, ReminderReply::Now { .. });
            let rings_room = matches!(reply, ReminderReply::NowForAll { rings: true, .. });
            assert_eq!(card.rings_room, rings_room, "{reply:?}");
            let loud = rings || matches!(reply, ReminderReply::NowForAll { .. });
            let mentioned: &[&str] = if rings { &["@li:example.org"] } else { &[] };
            assert_eq!(
                (card.notify, card.mentions.as_slice()),
                (loud, &mentioned.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()[..])
            );
        }
        for id in [
            "reminder-all-missing",
            "reminder-missing-time",
            "reminder-missing-text",
            "reminder-too-long",
            "reminder-missing-number",
        ] {
            assert!(speech.has(language, id), "{id} in {language:?}");
        }
    }
}

#[test]
fn the_longest_list_stays_below_the_size_of_a_card() {
    let speech = Speech::new().expect("the locales");
    for character in ["𠮷", "\""] {
        let text = character.repeat(TEXT_CHARS_MAX);
        let waiting: Vec<Reminder> = (1..=WAITING_MAX as i64).map(|number| reminder(number, &text)).collect();
        for language in Language::ALL {
            let reply = ReminderReply::List { waiting: &waiting };
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words");
            let fitted = card.clone().fitted();
            assert!(fitted.bytes() <= BYTES_MAX, "{} bytes", fitted.bytes());
            assert_eq!(fitted.lines.len(), card.lines.len(), "texts are cut, lines aren't");
        }
    }
}

fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 1, day).and_then(|day| day.and_hms_opt(hour, minute, 0)).expect("a time")
}

#[test]
fn what_is_understood() {
    for (text, what, when) in [
        ("明晚8点 交物业费", "交物业费", at(6, 20, 0)),
        ("半小时后 关火", "关火", at(5, 18, 30)),
        ("10分钟后关火", "关火", at(5, 18, 10)),
        ("周六 买菜", "买菜", at(10, 9, 0)),
        ("周六下午 买菜", "买菜", at(10, 14, 0)),
        ("交物业费 1月9日晚7点", "交物业费", at(9, 19, 0)),
        ("tomorrow 8pm to pay the bill", "pay the bill", at(6, 20, 0)),
    ] {
        match parse("remind", &Phrase::new(text), at(5, 18, 0)) {
            Parsed::Mine(read) => assert_eq!(read, Command::Remind(what.into(), when), "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let long = format!("明晚8点 {}", "长".repeat(TEXT_CHARS_MAX + 1));
    let longer = format!("{} 明晚8点", "长".repeat(5_000));
    for (text, id) in [
        ("交物业费", "reminder-missing-time"),
        ("", "reminder-missing-time"),
        ("明晚8点", "reminder-missing-text"),
        ("昨天晚上8点 交物业费", "time-past-day"),
        ("2月30日 交物业费", "time-no-such-day"),
        ("2030年1月1日晚8点 交物业费", "time-too-far"),
        (long.as_str(), "reminder-too-long"),
        (longer.as_str(), "reminder-too-long"),
    ] {
        let parsed = parse("remind", &Phrase::new(text), at(5, 18, 0));
        assert!(matches!(parsed, Parsed::Malformed(said) if said == id), "{text}: {parsed:?}");
    }
}
