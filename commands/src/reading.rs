//! Reading a text as far as that goes without looking anything up: folded, who is addressed, which word, and that word's
//! parser. The house does the same with the database between the steps; here it is in one piece, for the benches and
//! the fuzzer, which want to know that no text breaks it and none takes long.

use chrono::NaiveDateTime;

use crate::{
    activity,
    feature::{self, Parsed},
    house,
    language::{
        Phrase,
        addressed::{self, How, Signs},
        number,
    },
    poll, quiet, reminder, room, task, wish,
};

/// What a text was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A command.
    Command {
        /// Whose.
        feature: &'static str,
        /// Which word.
        word: &'static str,
        /// Nothing is missing or unreadable.
        is_whole: bool,
    },
    /// Nothing that is known, but near this word.
    Near(&'static str),
    /// Nothing.
    Talk,
}

/// Reads a text that was said at this local time.
pub fn read(text: &str, signs: Signs<'_>, now: NaiveDateTime) -> Reading {
    let (how, phrase) = addressed::determine(&Phrase::new(text), signs);
    let Some(found) = feature::find(&phrase) else {
        return match feature::nearest(&phrase) {
            Some(word) if how != How::Bare => Reading::Near(word),
            _ => Reading::Talk,
        };
    };
    let (key, rest) = (found.word.key, &found.rest);
    let is_whole = match found.feature.name {
        "wish" => is_mine(&wish::command::parse(key, rest)),
        "activity" => is_mine(&activity::command::parse(key, rest, now)),
        "poll" => {
            let further_lines = house::further_lines(text);
            let first_line = poll::first_line(rest, &further_lines);
            is_mine(&poll::command::parse(key, &first_line, &further_lines, now))
        }
        "reminder" => is_mine(&reminder::command::parse(key, rest, now)),
        "quiet" => is_mine(&quiet::command::parse(key, rest, now)),
        "task" => is_mine(&task::command::parse(key, rest, now)),
        "room" => is_mine(&room::command::parse(key, rest)),
        "help" => feature::find(rest).is_some(),
        // What follows the words of the others is the number of an item, or nothing.
        _ => number::of_item(rest) != number::Number::Unreadable,
    };
    Reading::Command { feature: found.feature.name, word: key, is_whole }
}

fn is_mine<C>(parsed: &Parsed<C>) -> bool {
    matches!(parsed, Parsed::Mine(_))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::feature::FEATURES;

    fn now() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|day| day.and_hms_opt(18, 0, 0)).expect("a time")
    }

    #[test]
    fn texts_are_read_to_the_end() {
        let read = |text: &str| read(text, Signs::default(), now());
        let command = |feature, word, is_whole| Reading::Command { feature, word, is_whole };
        assert_eq!(read("！许愿 修灯"), command("wish", "post", true));
        assert_eq!(read("！许愿"), command("wish", "post", false));
        assert_eq!(read("！提醒我 明天晚上8点 收衣服"), command("reminder", "remind", true));
        assert_eq!(read("！许原 修灯"), Reading::Near("许愿"));
        assert_eq!(read("今天天气真好"), Reading::Talk);
    }

    /// A feature whose parser isn't called here would be neither fuzzed nor measured.
    #[test]
    fn every_parser_is_called() {
        let source = include_str!("reading.rs");
        for feature in FEATURES {
            let command = format!("{}/src/{}/command.rs", env!("CARGO_MANIFEST_DIR"), feature.name);
            let parses = std::fs::read_to_string(command).is_ok_and(|code| code.contains("pub fn parse("));
            let called = source.contains(&format!("{}::command::parse(", feature.name));
            assert_eq!(parses, called, "{}", feature.name);
        }
    }
}
