//! Tests of what is said about what is kept of somebody, in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::{ledger::Line, person::Person, privacy::Fact};

use super::{
    reply::PrivacyReply,
    report::{Balance, Part, Report},
};
use crate::{scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &PrivacyReply<'_>) -> usize {
    match reply {
        PrivacyReply::HereItIs => 0,
        PrivacyReply::Report(_) => 1,
        PrivacyReply::Missing { .. } => 2,
        PrivacyReply::Ask { .. } => 3,
        PrivacyReply::Kept => 4,
        PrivacyReply::Goodbye => 5,
    }
}

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

/// What a report can be about, with a state of each.
const FACTS: [(&str, &str); 25] = [
    ("captain", "named"),
    ("captain", "power"),
    ("request", "lapsed"),
    ("wish", "confirmed"),
    ("help", "claimed"),
    ("standby", "asked"),
    ("activity", "cancelled"),
    ("seat", "going"),
    ("poll", "announced"),
    ("ballot", "struck"),
    ("task", "sent"),
    ("asked", "silent"),
    ("check_in", "submitted"),
    ("reminder", "waiting"),
    ("tap", "standing"),
    ("ranked", ""),
    ("link", ""),
    ("quiet", ""),
    ("elder", ""),
    ("language", ""),
    ("question", ""),
    ("command", ""),
    ("decided", ""),
    ("message", "queued"),
    ("message", "parked"),
];

fn fact((about, state): (&str, &str)) -> Fact {
    Fact {
        about: about.into(),
        number: Some(12),
        room: Some("3号楼".into()),
        text: "修<楼道>灯\n第二行".into(),
        extra: if matches!(about, "poll" | "ballot") { r#"["要","不要"]"#.into() } else { "王奶奶".into() },
        state: state.into(),
        amount: Some(2),
        at_ms: Some(MONDAY_MS),
    }
}

fn report() -> Report {
    let facts: Vec<Fact> = FACTS.into_iter().map(fact).collect();
    Report {
        at_ms: MONDAY_MS,
        person: Person { person_id: 1, user_id: "@li:example.org".into(), display_name: "李<阿姨>".into() },
        parts: vec![
            Part {
                balance: Balance { community: "小街三队".into(), points: 10 },
                pseudonym: "00112233445566778899aabbccddeeff".into(),
                facts: facts.clone(),
                points: vec![Line { rule: "wish_fulfilled".into(), number: 12, amount: 10, at_ms: MONDAY_MS }],
            },
            Part {
                balance: Balance { community: "小街四队".into(), points: 0 },
                pseudonym: String::new(),
                facts: Vec::new(),
                points: Vec::new(),
            },
        ],
        facts,
        keep_texts_days: 14,
    }
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let report = report();
    let balances = [Balance { community: "小街<三队>".into(), points: 1_234 }];
    let samples = [
        PrivacyReply::HereItIs,
        PrivacyReply::Report(&report),
        PrivacyReply::Missing { lines: 3 },
        PrivacyReply::Ask { balances: &balances, known_otherwise: true },
        PrivacyReply::Ask { balances: &[], known_otherwise: false },
        PrivacyReply::Kept,
        PrivacyReply::Goodbye,
    ];
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 6);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}

#[test]
fn a_report_names_every_thing_with_its_year_and_weekday() {
    let speech = Speech::new().expect("the locales");
    let plain = report().card(speech.say(Language::ZhCn, Tz::Asia__Shanghai)).expect("words").plain();
    for expected in [
        "您的 Matrix 账号：@li:example.org",
        "• 12 号，您的心愿：修<楼道>灯 / 第二行（3号楼，已确认，2026年1月5日（周一）18:00）",
        "• 12 号，您的一票：修<楼道>灯 / 第二行 投的是“不要”（收回了，2026年1月5日（周一）18:00）",
        "• 12 号，您发起的投票：修<楼道>灯 / 第二行（要 / 不要；3号楼，结果已公布，2026年1月5日（周一）18:00）",
        "• 2026年1月5日（周一）18:00　+10 分　帮邻居实现心愿 12",
        "您在账本和记录簿里的代号：00112233445566778899aabbccddeeff",
        "您在账本和记录簿里的代号：还没有",
    ] {
        assert!(plain.contains(expected), "{expected}\n{plain}");
    }
}

#[test]
fn nothing_that_is_missing_leaves_a_gap() {
    let speech = Speech::new().expect("the locales");
    for (extra, seat, activity) in
        [("王奶奶", "2 人 王奶奶（3号楼", "修灯 王奶奶（3号楼"), ("", "2 人（3号楼", "修灯（3号楼")]
    {
        let facts = ["seat", "activity"].map(|about| Fact {
            extra: extra.into(),
            text: "修灯".into(),
            ..fact((about, "going"))
        });
        let mut report = report();
        report.parts[0].facts = facts.to_vec();
        let plain = report.card(speech.say(Language::ZhCn, Tz::Asia__Shanghai)).expect("words").plain();
        assert!(plain.contains(seat) && plain.contains(activity), "{plain}");
        for language in Language::ALL {
            let plain = report.card(speech.say(language, Tz::Asia__Shanghai)).expect("words").plain();
            assert!(!plain.contains(" （") && !plain.contains("  "), "{plain}");
        }
    }
}
