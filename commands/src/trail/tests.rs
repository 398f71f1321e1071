//! Tests of what is said about trails, in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::journal::Link;

use super::reply::{Step, TrailReply};
use crate::{scene::Reply, speech::Speech, wish::rules::Change};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &TrailReply<'_>) -> usize {
    match reply {
        TrailReply::Steps { .. } => 0,
        TrailReply::NoSuch { .. } => 1,
        TrailReply::Elsewhere { .. } => 2,
    }
}

/// Whether the room sees this step. A new change must be decided about here.
fn is_public(change: Change) -> bool {
    match change {
        Change::Claimed(_)
        | Change::StoodBy(_)
        | Change::SteppedBack(_)
        | Change::Released(_)
        | Change::Finished(_)
        | Change::Unfinished(_)
        | Change::Confirmed(_)
        | Change::Withdrawn(_)
        | Change::Overtaken(_) => true,
        Change::Offered(_) | Change::Lapsed(_) | Change::Declined(_) | Change::Placed { .. } => false,
    }
}

const CHANGES: [Change; 13] = [
    Change::Claimed(2),
    Change::StoodBy(2),
    Change::SteppedBack(2),
    Change::Released(2),
    Change::Finished(2),
    Change::Unfinished(2),
    Change::Confirmed(2),
    Change::Withdrawn(2),
    Change::Offered(2),
    Change::Lapsed(2),
    Change::Declined(2),
    Change::Overtaken(2),
    Change::Placed { person: 2, before: 3 },
];

fn link(kind: &str, payload: Option<&str>, name: Option<&str>) -> Link {
    Link {
        sequence: 1,
        kind: kind.into(),
        at_ms: MONDAY_MS,
        name: name.map(str::to_owned),
        person_id: name.map(|_| 1),
        proxied: false,
        proxy_name: None,
        payload: payload.map(str::to_owned),
    }
}

fn steps() -> Vec<Step> {
    let kinds = ["wish.posted"].into_iter().chain(CHANGES.into_iter().map(Change::kind)).chain(["ledger.transfer"]);
    kinds.filter_map(|kind| Step::seen_by_room(&link(kind, Some("{\"amount\":10}"), Some("李<阿姨>")))).collect()
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let mut steps = steps();
    steps.extend(Step::seen_by_room(&link("wish.claimed", None, None)));
    let samples = [
        TrailReply::Steps { number: 12, steps: &steps, hidden: 0 },
        TrailReply::Steps { number: 1_234_567, steps: &steps, hidden: 1_234 },
        TrailReply::Steps { number: 12, steps: &[], hidden: 0 },
        TrailReply::NoSuch { number: 12 },
        TrailReply::Elsewhere { number: 12 },
    ];
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 3);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
        assert!(speech.has(language, "trail-missing-number"));
    }
}

#[test]
fn offers_and_declines_are_private() {
    for change in CHANGES {
        let seen = Step::seen_by_room(&link(change.kind(), Some("{}"), Some("李阿姨"))).is_some();
        assert_eq!(seen, is_public(change), "{change:?}");
    }
}

#[test]
fn every_kind_of_step_reads_differently() {
    let speech = Speech::new().expect("the locales");
    let steps = steps();
    for language in Language::ALL {
        let reply = TrailReply::Steps { number: 12, steps: &steps, hidden: 0 };
        let plain = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words").plain();
        let mut lines: Vec<&str> = plain.lines().skip(1).collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), steps.len(), "two kinds of steps read the same in {language:?}: {plain}");
    }
}

#[test]
fn an_erased_person_reads_as_erased() {
    let speech = Speech::new().expect("the locales");
    let steps: Vec<Step> = Step::seen_by_room(&link("wish.claimed", None, None)).into_iter().collect();
    let reply = TrailReply::Steps { number: 12, steps: &steps, hidden: 0 };
    let plain = reply.card(speech.say(Language::ZhCn, Tz::Asia__Shanghai)).expect("words").plain();
    assert!(plain.contains("已注销") && plain.contains("1月5日（周一）18:00"), "{plain}");
}
