//! What residents type for help.

use crate::feature::{After, Bare, Role, Scope, Word};

/// All words.
pub const WORDS: &[Word] = &[Word {
    key: "help",
    zh: &["帮助", "幫助", "怎么用"],
    en: &["help"],
    after: After::Nothing,
    role: Role::Resident,
    scope: Scope::Anywhere,
    bare: Bare::No,
    in_help: false,
}];
