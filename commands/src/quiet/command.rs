//! What residents type to be left undisturbed.

use chrono::{NaiveDate, NaiveDateTime};

use crate::{
    activity::problem_id,
    feature::{After, Bare, InHelp, Parsed, Read, Role, Said, Scope, Word},
    language::{
        Phrase,
        time::{self, Moment},
    },
};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Quiet, up to the end of a day or until taken back.
    Quiet(Option<NaiveDate>),
    /// No more quiet.
    Lift,
}

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        key: "quiet",
        zh: &["免打扰", "勿扰"],
        en: &["quiet", "do not disturb"],
        after: After::Text,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: InHelp::No,
    },
    Word {
        key: "lift",
        zh: &["取消免打扰", "解除免打扰"],
        en: &["unquiet"],
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: InHelp::No,
    },
];

/// Reads what followed a word. `now` is the local time at which it was said.
pub fn parse(key: &str, rest: &Phrase, now: NaiveDateTime) -> Parsed<Command> {
    if key == "lift" {
        return Parsed::Mine(Command::Lift);
    }
    let rest =
        ["到", "until ", "till "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or_else(|| rest.clone());
    match rest.folded().as_str() {
        "" | "开" | "on" => return Parsed::Mine(Command::Quiet(None)),
        "取消" | "关" | "关闭" | "解除" | "off" => return Parsed::Mine(Command::Lift),
        _ => {}
    }
    match time::read(&rest, now, None) {
        Ok(Some(reading)) => Parsed::Mine(Command::Quiet(Some(match reading.start {
            Moment::At(at) => at.date(),
            Moment::Day(day, _) => day,
        }))),
        Ok(None) => Parsed::Malformed("quiet-unreadable"),
        Err(problem) => Parsed::Malformed(problem_id(problem)),
    }
}

/// What follows has no parts that others would name.
pub fn read(said: Said<'_>) -> Read {
    let problem = match parse(said.key, said.rest, said.now) {
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    Read { problem, ..Read::default() }
}
