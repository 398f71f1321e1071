//! What party members type to check in.

use crate::feature::{After, Bare, Cue, InHelp, Read, Role, Said, Saying, Scope, Takes, Word};

/// A check-in's note has at most this many characters.
pub const NOTE_CHARS_MAX: usize = 100;

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        key: "check_in",
        zh: &["报到", "党员报到"],
        en: &["check in"],
        after: After::Apart,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: InHelp::No,
    },
    Word {
        key: "check_out",
        zh: &["取消报到", "报到 取消"],
        en: &["check out"],
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: InHelp::No,
    },
];

/// What else is said to check in.
pub const SAYINGS: &[Saying] = &[Saying {
    key: "check_in",
    rest: "",
    bare: false,
    sentences: &["[我](来|要|来一下)报到[了|一下]", "checkin", "check me in", "i'm checking in"],
}];

/// What means it wherever it stands.
pub const CUES: &[Cue] = &[Cue {
    key: "check_in",
    rest: "",
    words: &[&["我来报到", "来报到", "checking in", "check me in"]],
    without: &["怎么", "没", "吗"],
    takes: Takes::Nothing,
}];

/// A check-in has no parts: a note isn't one for others.
pub fn read(_: Said<'_>) -> Read {
    Read::default()
}
