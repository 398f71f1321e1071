//! Tests of voice messages: what is said, in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;
use lamplighter_storage::person::Person;

use super::reply::{Evening, VoiceReply};
use crate::{scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let person = |person_id, name: &str| Person {
        person_id,
        user_id: format!("@p{person_id}:example.org"),
        display_name: name.to_owned(),
    };
    let (granny, li) = (person(1, "王奶奶"), person(2, "李阿姨 <b>"));
    let samples = [
        VoiceReply::CannotHear { told: Some(Evening::Today) },
        VoiceReply::CannotHear { told: Some(Evening::Tomorrow) },
        VoiceReply::CannotHear { told: None },
        VoiceReply::Left { room: "3号楼", here: &[&granny, &li], privately: &[], more: 0 },
        VoiceReply::Left { room: "3号楼", here: &[], privately: &[&granny], more: 2 },
    ];
    let place = |reply: &VoiceReply<'_>| match reply {
        VoiceReply::CannotHear { .. } => 0,
        VoiceReply::Left { .. } => 1,
    };
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 2);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}
