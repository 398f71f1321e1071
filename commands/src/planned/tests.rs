//! Tests of what isn't built yet: each word has its answer in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;

use super::{command::WORDS, reply::PlannedReply};
use crate::{scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        for word in WORDS {
            let reply = PlannedReply { key: word.key };
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(word.key, language, &card.plain(), &card.html());
        }
    }
}
