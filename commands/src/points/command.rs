//! What residents type about points.

use crate::feature::{After, Bare, Role, Scope, Word};

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str]) -> Word {
    Word {
        key,
        zh,
        en,
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: false,
    }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word { in_help: true, ..word("balance", &["积分", "積分", "我的积分"], &["points", "my points"]) },
    Word { in_help: true, ..word("ranking", &["排行", "积分排行", "排行榜"], &["ranking"]) },
    word("enter", &["上榜"], &["enter ranking"]),
    word("withdraw", &["下榜"], &["leave ranking"]),
    word("history", &["积分 明细", "积分明细", "積分 明細", "積分明細"], &["points history"]),
];
