//! What is typed about 长辈模式, and what its menu is asked for.

use chrono::NaiveDateTime;

use crate::{
    feature::{After, Bare, InHelp, Parsed, Read, Role, Said, Saying, Scope, Slots, Word},
    language::{
        Phrase,
        number::{self, Number},
        parts,
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
    /// What can be answered in the poll of this number, or in the only one; which part of it.
    Poll(Option<i64>, usize),
    /// Whether it is really to end.
    AskOff,
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
            "[这个|你的]字[太|有点]小[了|啦] [我][看不清|看不见|看不清楚][了]",
            "[请|帮我]把字[放|变|弄|调]大[一点|一些|点|些][吧]",
            "(larger|bigger|big) (text|letters) [please]",
            "(turn on|use) [the] elder mode",
        ],
    },
    Saying {
        key: "elder",
        rest: "关",
        bare: false,
        sentences: &[
            "[帮我|给我|我要|请|我](关|关掉|关闭|退出|取消|不要|不用)[一下](长辈模式|老年模式|老人模式|大字模式|大字)[了]",
            "(长辈|老年|老人|大字)模式(关|关掉|关闭|关了|取消|不要|不用|不要了)[吧]",
            "不要大字了 恢复原样",
            "(恢复|变回)原样",
            "(turn off|leave) [the] elder mode",
        ],
    },
];

const ON: [&str; 3] = ["", "开", "on"];
const OFF: [&str; 6] = ["关", "关闭", "关掉", "取消", "退出", "off"];
const ASK_OFF: [&str; 2] = ["不要了", "end"];
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
        return Parsed::Mine(Command::Poll(Some(number), 1));
    }
    let numbers = rest.folded();
    let mut numbers = numbers.split_whitespace().map(|number| number::of_item(&Phrase::new(number)));
    if let (Some(Number::Is(number)), Some(Number::Is(page)), None) = (numbers.next(), numbers.next(), numbers.next()) {
        return Parsed::Mine(Command::Poll(Some(number), usize::try_from(page).unwrap_or(1)));
    }
    if rest.folded() == VOTE {
        return Parsed::Mine(Command::Poll(None, 1));
    }
    if ASK_OFF.contains(&rest.folded().as_str()) {
        return Parsed::Mine(Command::AskOff);
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

/// What somebody else may do for a neighbour.
const DEEDS: [&str; 24] = [
    "请",
    "帮",
    "修",
    "换",
    "借",
    "陪",
    "送",
    "买",
    "找",
    "搬",
    "教",
    "接",
    "坏",
    "漏",
    "堵",
    "不亮",
    "不会",
    "打不开",
    "谁",
    "help",
    "fix",
    "broken",
    "need",
    "carry",
];
/// What says that something is well, or speaks of something else than help.
const NO_WISHES: [&str; 25] = [
    "好了",
    "谢谢",
    "多谢",
    "谢了",
    "知道",
    "收到",
    "可以",
    "不用",
    "不要",
    "再见",
    "晚安",
    "你好",
    "您好",
    "早上好",
    "晚上好",
    "大字",
    "模式",
    "粤语",
    "普通话",
    "语音",
    "我是",
    "thank",
    "thanks",
    "hello",
    "good ",
];

/// What was said, if it may be what somebody wants help with; else nothing.
pub fn as_a_wish(text: &Phrase, now: NaiveDateTime) -> String {
    let written = text.written();
    let letters = written.chars().filter(|c| c.is_alphabetic()).count();
    let says = |words: &[&str]| words.iter().any(|word| text.find(word).is_some());
    let deed = says(&DEEDS);
    // 我要唱歌 is no neighbour's business.
    let of_oneself =
        !deed && ["我要", "我想", "我去", "我来", "i want", "i will"].iter().any(|word| text.find(word) == Some(0));
    let least = if deed { WISH_CHARS_MIN - 1 } else { WISH_CHARS_MIN };
    let may_be = letters >= least
        && written.chars().count() <= WISH_CHARS_MAX
        && !says(&NO_WISHES)
        && !of_oneself
        && !parts::is_when(text, now);
    if may_be { written } else { String::new() }
}
