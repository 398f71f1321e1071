//! What residents type to see a trail.

use crate::feature::{After, Bare, InHelp, Role, Scope, Word};

/// All words.
pub const WORDS: &[Word] = &[Word {
    key: "trail",
    zh: &["轨迹"],
    en: &["trail"],
    after: After::Number,
    role: Role::Resident,
    scope: Scope::Community,
    bare: Bare::No,
    in_help: InHelp::No,
}];
