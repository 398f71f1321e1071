//! What is typed about 长辈模式, and what its menu is asked for.

use crate::{
    feature::{After, Bare, InHelp, Parsed, Read, Role, Said, Saying, Scope, Slots, Word},
    language::{
        Phrase,
        number::{self, Number},
    },
};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// For whoever says it.
    Mine(bool),
    /// For everybody in the room.
    Room(bool),
    /// What can be done: which part of it, and what was said and not understood.
    Menu(usize, String),
    /// What can be answered in the poll of this number, or in the only one.
    Poll(Option<i64>),
}

/// All words.
pub const WORDS: &[Word] = &[Word {
    key: "elder",
    zh: &["长辈模式", "长辈", "大字", "大字模式", "老年模式", "老人模式"],
    en: &["elder mode", "large letters", "large text"],
    after: After::Apart,
    role: Role::Resident,
    scope: Scope::Community,
    bare: Bare::No,
    in_help: InHelp::No,
}];

/// What else is said.
pub const SAYINGS: &[Saying] = &[
    Saying {
        key: "elder",
        rest: "",
        bare: false,
        sentences: &[
            "[帮我|给我|我要|请](打开|开|开启|进入|用|换成)[一下](长辈|老年|老人|大字)模式",
            "[这个|你的]字[能不能|可以|可不可以|要|请]大[一点|一些|点|些][吗|吧|儿]",
            "[这个|你的]字[太|有点]小[了|啦]",
            "(larger|bigger|big) (text|letters) [please]",
            "(turn on|use) [the] elder mode",
        ],
    },
    Saying {
        key: "elder",
        rest: "关",
        bare: false,
        sentences: &[
            "[帮我|给我|我要|请](关|关掉|关闭|退出|取消|不要|不用)[一下](长辈|老年|老人|大字)模式[了]",
            "(turn off|leave) [the] elder mode",
        ],
    },
];

const ON: [&str; 3] = ["", "开", "on"];
const OFF: [&str; 6] = ["关", "关闭", "关掉", "取消", "退出", "off"];
const HERE: [&str; 7] = ["本群", "这个群", "全群", "群里", "this room", "this group", "room"];
const MENU: &str = "菜单";
const MENUS: [&str; 2] = [MENU, "menu"];

const VOTE: &str = "投票";

/// Reads what followed the word.
pub fn parse(rest: &Phrase) -> Parsed<Command> {
    if let Some(asked) = MENUS.iter().find_map(|word| rest.strip_prefix(word)) {
        let asked = asked.trimmed();
        return Parsed::Mine(match number::of_item(&asked) {
            Number::Is(page) => Command::Menu(usize::try_from(page).unwrap_or(1), String::new()),
            Number::Absent => Command::Menu(1, String::new()),
            Number::Unreadable => Command::Menu(1, asked.written()),
        });
    }
    if let Number::Is(number) = number::of_item(rest) {
        return Parsed::Mine(Command::Poll(Some(number)));
    }
    if rest.folded() == VOTE {
        return Parsed::Mine(Command::Poll(None));
    }
    let here = HERE.iter().find_map(|word| rest.strip_prefix(word));
    let switch = here.as_ref().unwrap_or(rest).trimmed().folded();
    let on = match switch.as_str() {
        switch if ON.contains(&switch) => true,
        switch if OFF.contains(&switch) => false,
        _ => return Parsed::Malformed("elder-unreadable"),
    };
    Parsed::Mine(if here.is_some() { Command::Room(on) } else { Command::Mine(on) })
}

/// What follows has no parts that others would name.
pub fn read(said: Said<'_>) -> Read {
    let problem = match parse(said.rest) {
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    Read { problem, slots: Slots::new(), ..Read::default() }
}

/// The command that shows what can be done; `words`: what was said and not understood.
pub fn menu_command(words: &str) -> String {
    format!("{} {MENU} {words}", word()).trim().to_owned()
}

/// What is meant by a word alone, which from somebody else would begin an activity or a poll: the command that shows what
/// there is. `help`: the text asks for help.
pub fn instead(text: &Phrase, help: bool) -> Option<String> {
    match text.trimmed().folded().as_str() {
        "投票" | "我要投票" | "vote" | "poll" => Some(format!("{} {VOTE}", word())),
        "0" | "零" | "〇" | "活动" | "activity" => Some(menu_command("")),
        _ => help.then(|| menu_command("")),
    }
}

fn word() -> &'static str {
    WORDS.first().and_then(|word| word.zh.first()).copied().unwrap_or_default()
}

/// Shorter than this it says hardly what somebody wants.
const WISH_CHARS_MIN: usize = 4;
/// Nobody reads more than this in a menu.
const WISH_CHARS_MAX: usize = 60;

/// What was said, if it may be what somebody wants help with; else nothing.
pub fn as_a_wish(text: &Phrase) -> String {
    let written = text.written();
    let letters = written.chars().filter(|c| c.is_alphabetic()).count();
    if letters >= WISH_CHARS_MIN && written.chars().count() <= WISH_CHARS_MAX { written } else { String::new() }
}
