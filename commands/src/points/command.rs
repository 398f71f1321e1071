//! What residents type about points.

use crate::feature::{After, Role, Scope, Word};

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str]) -> Word {
    Word {
        key,
        zh,
        en,
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Community,
        bare: false,
        in_help: true,
    }
}

/// All words.
pub const WORDS: &[Word] = &[
    word("balance", &["积分", "積分", "我的积分"], &["points", "my points"]),
    word("history", &["积分 明细", "积分明细", "積分 明細", "積分明細"], &["points history"]),
];
