//! Tests of 代: what is said, in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::person::Person;

use super::{reply::ProxyReply, rules::Refusal};
use crate::{scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &ProxyReply<'_>) -> usize {
    match reply {
        ProxyReply::Done { .. } => 0,
        ProxyReply::Over { .. } => 1,
        ProxyReply::UndoneByThem { .. } => 2,
        ProxyReply::NothingToUndo => 3,
        ProxyReply::Refused { .. } => 4,
        ProxyReply::OwnInterest => 5,
        ProxyReply::Unknown { .. } => 6,
        ProxyReply::Which { .. } => 7,
        ProxyReply::HelperNamed { .. } => 8,
        ProxyReply::HelperAlready { .. } => 9,
        ProxyReply::YouHelp { .. } => 10,
        ProxyReply::HelperEnded { .. } => 11,
        ProxyReply::HelperNone { .. } => 12,
        ProxyReply::Helpers { .. } => 13,
        ProxyReply::Forbidden => 14,
        ProxyReply::Allowed => 15,
        ProxyReply::HelperUnknown { .. } => 16,
        ProxyReply::UnknownHelper { .. } => 17,
        ProxyReply::UndoneBefore => 18,
    }
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let person = |person_id, name: &str| Person {
        person_id,
        user_id: format!("@p{person_id}:example.org"),
        display_name: name.to_owned(),
    };
    let people = [person(1, "王奶奶"), person(2, "小李")];
    let [granny, li] = &people;
    let mut samples = vec![
        ProxyReply::Done { by: li, what: "报名 5 <b>", about: "合唱 & 茶" },
        ProxyReply::Done { by: li, what: "帮手 @小张", about: "" },
        ProxyReply::Over { by: li },
        ProxyReply::UndoneByThem { whom: granny },
        ProxyReply::NothingToUndo,
        ProxyReply::UndoneBefore,
        ProxyReply::OwnInterest,
        ProxyReply::Unknown { name: "赵奶奶" },
        ProxyReply::Which { people: &people },
        ProxyReply::HelperNamed { helper: li, of: None },
        ProxyReply::HelperNamed { helper: li, of: Some(granny) },
        ProxyReply::HelperAlready { helper: li, of: None },
        ProxyReply::HelperAlready { helper: li, of: Some(granny) },
        ProxyReply::YouHelp { whom: granny },
        ProxyReply::HelperEnded { helper: li, of: None },
        ProxyReply::HelperEnded { helper: li, of: Some(granny) },
        ProxyReply::HelperNone { helper: li, of: None },
        ProxyReply::HelperNone { helper: li, of: Some(granny) },
        ProxyReply::Helpers { helpers: &people, forbidden: true },
        ProxyReply::Helpers { helpers: &[], forbidden: false },
        ProxyReply::Forbidden,
        ProxyReply::Allowed,
        ProxyReply::HelperUnknown { name: "小李" },
        ProxyReply::UnknownHelper { name: "小李" },
    ];
    for refusal in [Refusal::Oneself, Refusal::Own, Refusal::Forbidden, Refusal::NotHelper] {
        samples.push(ProxyReply::Refused { refusal, whom: granny });
    }
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 19);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}
