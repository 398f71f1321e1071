//! What captains and stewards type about rooms.

use crate::{
    feature::{After, Bare, InHelp, Parsed, Read, Role, Said, Scope, Word},
    language::Phrase,
};

/// The name of a room has at most this many characters: it stands in sentences.
pub const NAME_CHARS_MAX: usize = 30;

/// What a room is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomKind {
    /// 楼栋群.
    Building,
    /// 兴趣群.
    Interest,
}

impl RoomKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Interest => "interest",
        }
    }
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Bind the room.
    Bind {
        /// What it is for.
        kind: RoomKind,
        /// What it is called.
        name: String,
    },
    /// Answer the one open request.
    Decide {
        /// Yes.
        yes: bool,
    },
    /// Name the mentioned person captain.
    Appoint,
    /// Take that back.
    Dismiss,
}

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        key: super::BIND,
        zh: &["这是"],
        en: &["this is"],
        after: After::Apart,
        role: Role::Resident,
        scope: Scope::Anywhere,
        bare: Bare::No,
        in_help: InHelp::Everybody,
    },
    Word {
        key: "yes",
        zh: &["同意"],
        en: &["approve"],
        after: After::Nothing,
        role: Role::Steward,
        scope: Scope::Anywhere,
        bare: Bare::No,
        in_help: InHelp::No,
    },
    Word {
        key: "no",
        zh: &["不同意"],
        en: &["reject"],
        after: After::Nothing,
        role: Role::Steward,
        scope: Scope::Anywhere,
        bare: Bare::No,
        in_help: InHelp::No,
    },
    Word {
        key: "appoint",
        zh: &["任命"],
        en: &["appoint"],
        after: After::Text,
        role: Role::Steward,
        scope: Scope::Room,
        bare: Bare::No,
        in_help: InHelp::Everybody,
    },
    Word {
        key: "dismiss",
        zh: &["免去"],
        en: &["dismiss"],
        after: After::Text,
        role: Role::Steward,
        scope: Scope::Room,
        bare: Bare::No,
        in_help: InHelp::No,
    },
];

/// What makes a room an interest room.
const INTEREST: &[&str] = &["兴趣群", "興趣群", "interest group", "interest room"];

/// Reads what followed a word.
pub fn parse(key: &str, rest: &Phrase) -> Parsed<Command> {
    match key {
        "yes" => return Parsed::Mine(Command::Decide { yes: true }),
        "no" => return Parsed::Mine(Command::Decide { yes: false }),
        "appoint" => return Parsed::Mine(Command::Appoint),
        "dismiss" => return Parsed::Mine(Command::Dismiss),
        _ => {}
    }
    let interest = INTEREST.iter().find_map(|word| rest.strip_prefix(word));
    let (kind, name) = match interest {
        Some(name) => (RoomKind::Interest, name.trimmed().written()),
        None => (RoomKind::Building, rest.written()),
    };
    if !name.chars().any(char::is_alphanumeric) {
        Parsed::Malformed("room-missing-name")
    } else if name.chars().count() > NAME_CHARS_MAX {
        Parsed::Malformed("room-long-name")
    } else {
        Parsed::Mine(Command::Bind { kind, name })
    }
}

/// What follows has no parts that others would name.
pub fn read(said: Said<'_>) -> Read {
    let problem = match parse(said.key, said.rest) {
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    Read { problem, ..Read::default() }
}
