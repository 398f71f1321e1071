//! What party members type to check in.

use crate::feature::{After, Bare, Role, Scope, Word};

/// A check-in's note has at most this many characters.
pub const NOTE_CHARS_MAX: usize = 100;

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        key: "check_in",
        zh: &["报到", "報到", "党员报到", "黨員報到"],
        en: &["check in"],
        after: After::Text,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: true,
    },
    Word {
        key: "check_out",
        zh: &["取消报到", "取消報到", "报到 取消"],
        en: &["check out"],
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: false,
    },
];
