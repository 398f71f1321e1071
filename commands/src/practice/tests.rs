//! Tests of practice: what is said, in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;

use super::{
    command::STEPS,
    reply::{Lead, PracticeReply},
};
use crate::{scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let mut samples = vec![PracticeReply::Finished, PracticeReply::Stopped, PracticeReply::InEarnest];
    for lead in [Lead::Begin, Lead::Praise, Lead::Skipped, Lead::Again] {
        samples.extend((0..STEPS.len()).map(|step| PracticeReply::Step { lead, step }));
    }
    let place = |reply: &PracticeReply| match reply {
        PracticeReply::Step { .. } => 0,
        PracticeReply::Finished => 1,
        PracticeReply::Stopped => 2,
        PracticeReply::InEarnest => 3,
    };
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 4);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}
