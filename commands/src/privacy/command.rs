//! What people type about what is kept of them.

use crate::feature::{After, Bare, InHelp, Role, Scope, Word};

/// The command that is repeated when the question was answered.
pub const FORGET_ME: &str = "忘记我";

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str]) -> Word {
    Word {
        key,
        zh,
        en,
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Anywhere,
        bare: Bare::No,
        in_help: InHelp::No,
    }
}

/// All words.
pub const WORDS: &[Word] = &[
    word("data", &["我的数据", "我的资料"], &["my data"]),
    Word { in_help: InHelp::No, ..word("forget", &[FORGET_ME], &["forget me"]) },
];
