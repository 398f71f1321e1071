//! Tests of 语言: what is said, in every locale, and what is understood.

use chrono_tz::Tz;
use lamplighter_config::Language;

use super::{
    command::{Command, parse},
    reply::{TongueReply, Whose},
};
use crate::{feature::Parsed, language::Phrase, scene::Reply, speech::Speech};

#[allow(clippy::duplicate_mod, reason = "each feature keeps its tests private")]
#[path = "../../tests/rendered/mod.rs"]
mod rendered;

/// The place of a reply's variant. A new variant needs a sample below.
fn place(reply: &TongueReply) -> usize {
    match reply {
        TongueReply::Which { .. } => 0,
        TongueReply::Chosen { .. } => 1,
        TongueReply::Unknown => 2,
    }
}

#[test]
fn every_reply_can_be_said_in_every_locale() {
    let speech = Speech::new().expect("the locales");
    let mut samples = vec![TongueReply::Unknown];
    for whose in [Whose::Rooms, Whose::Yours, Whose::YoursFromRoom] {
        for language in Language::ALL {
            samples.push(TongueReply::Which { whose, language });
            samples.extend([true, false].map(|follows| TongueReply::Chosen { whose, language, follows }));
        }
    }
    rendered::assert_every_variant_is_shown(samples.iter().map(place), 3);
    for language in Language::ALL {
        for reply in &samples {
            let card = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words in every locale");
            rendered::assert_readable(&format!("{reply:?}"), language, &card.plain(), &card.html());
        }
    }
}

/// Whoever can read only one of them finds the way to it.
#[test]
fn every_language_is_offered_in_its_own_words() {
    let speech = Speech::new().expect("the locales");
    for language in Language::ALL {
        for reply in [TongueReply::Unknown, TongueReply::Which { whose: Whose::Yours, language }] {
            let plain = reply.card(speech.say(language, Tz::Asia__Shanghai)).expect("words").plain();
            for offer in ["！语言 简体", "！語言 繁體", "!language English"] {
                assert!(plain.contains(offer), "{offer} in {language:?}: {plain}");
            }
        }
    }
}

#[test]
fn what_is_understood() {
    for (text, expected) in [
        ("", Command::Which),
        ("？", Command::Which),
        ("中文", Command::Speak(Language::ZhCn)),
        ("简体", Command::Speak(Language::ZhCn)),
        ("簡體中文", Command::Speak(Language::ZhCn)),
        ("繁体", Command::Speak(Language::ZhHant)),
        ("繁體", Command::Speak(Language::ZhHant)),
        ("正體中文", Command::Speak(Language::ZhHant)),
        ("英文", Command::Speak(Language::En)),
        ("英語。", Command::Speak(Language::En)),
        ("English", Command::Speak(Language::En)),
        ("to english", Command::Speak(Language::En)),
        ("改成英文", Command::Speak(Language::En)),
        ("跟随", Command::Follow),
        ("默認", Command::Follow),
        ("reset", Command::Follow),
    ] {
        match parse(&Phrase::new(text)) {
            Parsed::Mine(read) => assert_eq!(read, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    for text in ["法语", "klingon", "英文和中文"] {
        assert!(matches!(parse(&Phrase::new(text)), Parsed::Malformed("tongue-unknown")), "{text}");
    }
}
