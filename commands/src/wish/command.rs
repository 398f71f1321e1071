//! What residents type about wishes.

use crate::{
    feature::{After, Bare, Parsed, Role, Scope, Word},
    language::{Phrase, number},
    wish::rules::Act,
};

/// A wish has at most this many characters: it must fit on a card.
pub const TEXT_CHARS_MAX: usize = 500;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Post a wish with this text.
    Post(String),
    /// List what nobody has taken.
    ListOpen,
    /// List one's own.
    ListMine,
    /// Do something with the wish of this number, or with the one that fits.
    Act(Act, Option<i64>),
}

const fn act(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str], in_help: bool) -> Word {
    Word { key, zh, en, after: After::Number, role: Role::Resident, scope: Scope::Community, bare: Bare::No, in_help }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        key: "post",
        zh: &["许愿", "發願", "許願", "发愿"],
        en: &["wish"],
        after: After::Text,
        role: Role::Resident,
        scope: Scope::Room,
        bare: Bare::No,
        in_help: true,
    },
    Word {
        key: "wish",
        zh: &["心愿", "心願"],
        en: &["my wish"],
        after: After::Apart,
        role: Role::Resident,
        scope: Scope::Room,
        bare: Bare::No,
        in_help: false,
    },
    Word {
        key: "list",
        zh: &["心愿列表", "心愿 列表", "心愿单", "心愿 单"],
        en: &["wishes", "wish list"],
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Room,
        bare: Bare::No,
        in_help: true,
    },
    Word {
        key: "mine",
        zh: &["我的心愿", "心愿我的", "心愿 我的", "我的心願"],
        en: &["my wishes", "wishes mine"],
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: false,
    },
    Word { bare: Bare::Alone, ..act("claim", &["认领", "認領"], &["claim"], true) },
    act("release", &["放弃", "放棄"], &["release", "give up"], false),
    act("finish", &["完成"], &["done"], false),
    act("confirm", &["确认", "確認"], &["confirm"], false),
    act("withdraw", &["撤回"], &["withdraw"], false),
    act("accept", &["接"], &["accept"], false),
    act("decline", &["不便"], &["decline"], false),
];

/// Reads what followed a word.
pub fn parse(key: &str, rest: &Phrase) -> Parsed<Command> {
    let act = match key {
        // 心愿 alone asks for the list; 许愿 alone too has nothing to post, and the list helps nobody who wants to post.
        "post" | "wish" if rest.is_empty() => return Parsed::Malformed("wish-missing-text"),
        "post" | "wish" => {
            let text = rest.written();
            return if text.chars().count() > TEXT_CHARS_MAX {
                Parsed::Malformed("wish-too-long")
            } else if text.chars().any(char::is_alphanumeric) {
                Parsed::Mine(Command::Post(text))
            } else {
                Parsed::Malformed("wish-without-words")
            };
        }
        "list" => return Parsed::Mine(Command::ListOpen),
        "mine" => return Parsed::Mine(Command::ListMine),
        "claim" => Act::Claim,
        "release" => Act::Release,
        "finish" => Act::Finish,
        "confirm" => Act::Confirm,
        "withdraw" => Act::Withdraw,
        "accept" => Act::Accept,
        _ => Act::Decline,
    };
    match number::of_item(rest) {
        number::Number::Absent => Parsed::Mine(Command::Act(act, None)),
        number::Number::Is(number) => Parsed::Mine(Command::Act(act, Some(number))),
        number::Number::Unreadable => Parsed::Malformed("wish-unreadable-number"),
    }
}
