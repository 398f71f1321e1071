//! Tests of what is said about check-ins, in every locale.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::person::Person;

use super::{command::NOTE_CHARS_MAX, reply::PartyReply};
use crate::{
    card::{BYTES_MAX, NAME_CHARS_MAX},
    scene::Reply,
    speech::Speech,
};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &PartyReply<'_>) -> usize {
    match reply {
        PartyReply::Request { .. } => 0,
        PartyReply::RequestOver { .. } => 1,
        PartyReply::Asked => 2,
        PartyReply::AlreadyAsked => 3,
        PartyReply::AlreadyIn => 4,
        PartyReply::Confirmed => 5,
        PartyReply::Rejected => 6,
        PartyReply::Closed => 7,
        PartyReply::NotIn => 8,
        PartyReply::TooLong => 9,
        PartyReply::TooOften => 10,
        PartyReply::NobodyToAsk => 11,
        PartyReply::NotYours => 12,
    }
}
const VARIANTS: usize = 13;

fn person(person_id: i64, name: &str) -> Person {
    Person { person_id, user_id: format!("@person-{person_id}:example.org"), display_name: name.into() }
}

fn samples<'a>(by: &'a Person, asker: &'a Person, note: &'a str) -> Vec<PartyReply<'a>> {
    let mut samples = vec![
        PartyReply::Request { by: asker, note: "" },
        PartyReply::Request { by: asker, note },
        PartyReply::Asked,
        PartyReply::AlreadyAsked,
        PartyReply::AlreadyIn,
        PartyReply::Confirmed,
        PartyReply::Rejected,
        PartyReply::Closed,
        PartyReply::NotIn,
        PartyReply::TooLong,
        PartyReply::TooOften,
        PartyReply::NobodyToAsk,
        PartyReply::NotYours,
    ];
    samples.extend(["confirmed", "rejected", "closed"].map(|how| PartyReply::RequestOver { asker, by, how }));
    samples
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let (by, asker) = (person(1, "王<b>楼长 @room"), person(2, "李<&>\"阿姨'"));
    let long = person(3, &"\"".repeat(NAME_CHARS_MAX));
    let long_note = "\"".repeat(NOTE_CHARS_MAX);
    let mut samples = samples(&by, &asker, "二中 <b>教书</b> & \"周末\" @room 空");
    samples.push(PartyReply::Request { by: &long, note: &long_note });
    rendered::assert_every_variant_is_shown(samples.iter().map(place), VARIANTS);
    for language in Language::ALL {
        let mut texts = BTreeSet::new();
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
            assert!(!card.plain().contains("@room"), "{reply:?}");
            assert!(card.bytes() <= BYTES_MAX);
            texts.insert(card.plain());
        }
        assert_eq!(texts.len(), samples.len(), "two replies read the same in {language:?}");
    }
}

#[test]
fn what_waits_for_somebody_rings() {
    let speech = Speech::new().expect("the locales");
    let asker = person(2, "李阿姨");
    for (reply, rings) in [
        (PartyReply::Request { by: &asker, note: "" }, true),
        (PartyReply::Confirmed, true),
        (PartyReply::Rejected, true),
        (PartyReply::Asked, false),
        (PartyReply::AlreadyAsked, false),
    ] {
        let card = reply.card(speech.say(Language::ZhCn, Tz::Asia__Shanghai)).expect("words");
        assert_eq!((card.notify, card.mentions.len()), (rings, 0), "{reply:?}");
    }
}
