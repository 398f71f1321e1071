//! Tests of what is said about points, in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::ledger::{Line, Standing};

use super::reply::PointsReply;
use crate::{scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &PointsReply<'_>) -> usize {
    match reply {
        PointsReply::Balance { .. } => 0,
        PointsReply::History { .. } => 1,
        PointsReply::Ranking { .. } => 2,
        PointsReply::Place { .. } => 3,
        PointsReply::Chosen { .. } => 4,
    }
}

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let line = |rule: &str, amount| Line { rule: rule.into(), number: 12, amount, at_ms: MONDAY_MS };
    let standing = |place, name: &str| Standing { place, person_id: place, display_name: name.into(), named: true };
    let standings = [standing(1, "张<b>叔"), standing(1, "李阿姨"), standing(7, "刘姐")];
    let lines = [line(crate::wish::RULE, 10), line(crate::poll::RULE, 1), line("a_rule_of_tomorrow", -1_234)];
    let samples = [
        PointsReply::Balance { balance: 1_234_567, community: "小街<三队>" },
        PointsReply::Balance { balance: -3, community: "小街三队" },
        PointsReply::History { balance: 0, lines: &[], community: "小街三队" },
        PointsReply::History { balance: 10, lines: &lines, community: "小街三队" },
        PointsReply::Ranking { named: &[] },
        PointsReply::Ranking { named: &standings },
        PointsReply::Place { place: 0, of: 3, named: true },
        PointsReply::Place { place: 2, of: 3, named: false },
        PointsReply::Chosen { enters: true },
        PointsReply::Chosen { enters: false },
    ];
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 5);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}

#[test]
fn a_line_of_the_history_has_date_weekday_and_sign() {
    let speech = Speech::new().expect("the locales");
    let lines = [Line { rule: crate::wish::RULE.into(), number: 12, amount: 10, at_ms: MONDAY_MS }];
    let reply = PointsReply::History { balance: 10, lines: &lines, community: "小街三队" };
    for (language, date) in [(Language::ZhCn, "1月5日（周一）18:00"), (Language::En, "Mon 5 Jan, 18:00")] {
        let plain = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words").plain();
        assert!(plain.contains(date) && plain.contains("+10") && plain.contains("12"), "{plain}");
    }
}
