//! Tests of help: every word has its line in every locale.

use chrono_tz::Tz;
use lamplighter_config::Language;

use super::reply::HelpReply;
use crate::{
    feature::{self, Feature, Role, Word},
    scene::Reply,
    speech::Speech,
};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &HelpReply<'_>) -> usize {
    match reply {
        HelpReply::All { .. } => 0,
        HelpReply::Topic { .. } => 1,
    }
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let words: Vec<(&'static Feature, &'static Word)> = feature::words().collect();
    let single: Vec<[&'static Word; 1]> = words.iter().map(|(_, word)| [*word]).collect();
    let mut samples: Vec<HelpReply<'_>> =
        words.iter().zip(&single).map(|((feature, _), words)| HelpReply::Topic { feature, words }).collect();
    samples.push(HelpReply::All { words: &words });
    samples.push(HelpReply::All { words: &[] });
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 2);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}

#[test]
fn every_word_has_its_line_and_the_line_shows_it() {
    let speech = Speech::new().expect("the locales");
    for (feature, word) in feature::words() {
        for language in Language::ALL {
            let id = format!("help-{}-{}", feature.name, word.key);
            assert!(speech.has(language, &id), "{id} is missing in {language:?}");
            let shown = match language {
                Language::ZhCn | Language::ZhHant => word.zh.first(),
                Language::En => word.en.first(),
            };
            let shown = shown.expect("a word in every language");
            let reply = HelpReply::Topic { feature, words: &[word] };
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words");
            assert_eq!(card.lines.len(), 1, "{id} has one line in {language:?}");
            // Traditional characters are read as simplified ones.
            let plain = crate::language::Phrase::new(&card.plain()).folded();
            assert!(plain.contains(shown), "{id} in {language:?} shows {plain:?}, which is not {shown:?}");
        }
    }
}

#[test]
fn what_help_shows_can_be_typed() {
    let speech = Speech::new().expect("the locales");
    for (feature, word) in feature::words() {
        for language in Language::ALL {
            let reply = HelpReply::Topic { feature, words: &[word] };
            let html = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words").html();
            let typed = html.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).unwrap_or_default();
            let found = feature::find(&crate::language::Phrase::new(typed));
            let found = found.map(|found| (found.feature.name, found.word.key));
            assert_eq!(found, Some((feature.name, word.key)), "{typed:?}, shown in {language:?}");
        }
    }
}

/// FEATURES.md row 111, and what fits on a telephone.
const LINES_MAX: usize = 10;

#[test]
fn an_overview_is_short_for_everybody() {
    let speech = Speech::new().expect("the locales");
    for role in [Role::Resident, Role::Captain, Role::Steward] {
        let words: Vec<(&'static Feature, &'static Word)> = feature::words()
            .filter(|(_, word)| word.in_help.shows(role) && word.role <= role && word.key != crate::room::BIND)
            .collect();
        let reply = HelpReply::All { words: &words };
        for language in Language::ALL {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words");
            assert!((6..=LINES_MAX).contains(&card.lines.len()), "{role:?}: {}", card.plain());
        }
    }
}
