//! What residents type to choose the language in which they are spoken to.

use lamplighter_config::Language;

use crate::{
    feature::{After, Bare, InHelp, Parsed, Read, Role, Said, Saying, Scope, Slots, Word},
    language::Phrase,
};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Which one is it, and which are there?
    Which,
    /// This one.
    Speak(Language),
    /// Whatever is spoken around.
    Follow,
}

/// All words.
pub const WORDS: &[Word] = &[Word {
    key: "language",
    zh: &["语言"],
    en: &["language"],
    after: After::Apart,
    role: Role::Resident,
    scope: Scope::Anywhere,
    bare: Bare::No,
    in_help: InHelp::No,
}];

/// What else is said.
pub const SAYINGS: &[Saying] = &[
    Saying {
        key: "language",
        rest: "英文",
        bare: false,
        sentences: &[
            "[请|请你|麻烦|麻烦你|我要|我想][你|以后][跟我|和我|对我|给我][请](说|讲|用|改用|换|换成|改成|改|切换成|切换到)(英文|英语|english)[版|界面][回答|回复|回我|说话|说|讲|跟我说|和我说]",
            "[请|麻烦|麻烦你]语言[请](换|换成|改|改成|改为|切换成|切换到|切换为|设成|设为|设置成|设置为|调成)(英文|英语|english)",
            "[请|麻烦|麻烦你]把[你的|我的|群里的|这个群的]语言(换成|改成|改为|切换成|切换到|切换为|设成|设为|设置成|设置为|调成)(英文|英语|english)",
            "[我](看不懂|不会|不懂|不认识|看不了)(中文|汉字|汉语)",
            "[please|can you|could you|can you please|could you please] (speak|talk|use|write|write in|talk in|speak in|answer in|reply in|switch to|change to) english [to me|with me|here] [please]",
            "[please] in english [please]",
            "(change|set|switch) [the|my|your] language to english [please]",
            "[sorry] i (can't|cannot|can not|don't|do not) (read|speak|understand|know) chinese",
        ],
    },
    Saying {
        key: "language",
        rest: "繁体",
        bare: false,
        sentences: &[
            "[请|请你|麻烦|麻烦你|我要|我想][你|以后][跟我|和我|对我|给我][请](写|用|改用|换|换成|改成|改|切换成|切换到|看)(繁体|繁体字|繁体中文|正体|正体字|正体中文)[版|界面][回答|回复|回我|写|字]",
            "[请|麻烦|麻烦你]语言[请](换|换成|改|改成|改为|切换成|切换到|切换为|设成|设为|设置成|设置为|调成)(繁体|繁体字|繁体中文|正体|正体字|正体中文)",
            "[请|麻烦|麻烦你]把[你的|我的|群里的|这个群的]语言(换成|改成|改为|切换成|切换到|切换为|设成|设为|设置成|设置为|调成)(繁体|繁体字|繁体中文|正体|正体字|正体中文)",
            "[我](看不懂|看不惯|不认识|不习惯|看不了)(简体|简体字|简体中文)",
            "[please|can you|could you] (use|write|write in|switch to|change to) traditional [chinese] [characters] [please]",
        ],
    },
    Saying {
        key: "language",
        rest: "简体",
        bare: false,
        sentences: &[
            "[请|请你|麻烦|麻烦你|我要|我想][你|以后][跟我|和我|对我|给我][请](说|讲|写|用|改用|换|换成|换回|改成|改回|切换成|切换到|看)(中文|汉语|普通话|简体|简体字|简体中文)[版|界面][回答|回复|回我|说话|说|讲|写]",
            "[请|麻烦|麻烦你]语言[请](换|换成|换回|改|改成|改回|改为|切换成|切换到|切换为|设成|设为|设置成|设置为|调成)(中文|汉语|普通话|简体|简体字|简体中文)",
            "[请|麻烦|麻烦你]把[你的|我的|群里的|这个群的]语言(换成|换回|改成|改回|改为|切换成|切换到|切换为|设成|设为|设置成|设置为|调成)(中文|汉语|普通话|简体|简体字|简体中文)",
            "[我](看不懂|不会|不懂|看不了)(英文|英语|繁体|繁体字|繁体中文)",
            "[please|can you|could you] (speak|talk|use|write|write in|answer in|reply in|switch to|change to) [simplified] chinese [please]",
        ],
    },
    Saying {
        key: "language",
        rest: "",
        bare: false,
        sentences: &[
            "(换|改|切换|设置|选|选择)[一下|个]语言",
            "[你][会|能|可以](说|讲|用)(哪些|什么|几种)(语言|话)",
            "(change|choose|set|switch) [the|my|your] language",
            "(what|which) languages (do|can) you speak",
        ],
    },
];

/// Under which names a language is asked for, folded.
const NAMES: [(Language, &[&str]); 3] = [
    (
        Language::ZhHant,
        &[
            "繁体",
            "繁体字",
            "繁体中文",
            "繁",
            "正体",
            "正体字",
            "正体中文",
            "traditional",
            "traditional chinese",
            "zh-hant",
            "zh-tw",
            "zh-hk",
        ],
    ),
    (
        Language::ZhCn,
        &[
            "中文",
            "简体",
            "简体字",
            "简体中文",
            "简",
            "汉语",
            "普通话",
            "国语",
            "chinese",
            "simplified",
            "simplified chinese",
            "zh-cn",
            "zh",
        ],
    ),
    (Language::En, &["英文", "英语", "英", "english", "en"]),
];
/// What is said to have no language of one's own any more.
const FOLLOW: &[&str] =
    &["跟随", "默认", "恢复", "还原", "取消", "跟群里一样", "和群里一样", "follow", "default", "reset", "off"];
/// What may stand before the name.
const BEFORE: &[&str] = &["改成", "换成", "改为", "设为", "用", "to "];

/// Reads what followed the word.
pub fn parse(rest: &Phrase) -> Parsed<Command> {
    let rest = rest.folded();
    let mut name = rest.trim_matches(|c: char| !c.is_alphanumeric());
    if let Some(after) = BEFORE.iter().find_map(|before| name.strip_prefix(before)) {
        name = after.trim();
    }
    if name.is_empty() {
        return Parsed::Mine(Command::Which);
    }
    if FOLLOW.contains(&name) {
        return Parsed::Mine(Command::Follow);
    }
    let known = NAMES.iter().find(|(_, names)| names.contains(&name));
    known.map_or(Parsed::Malformed("tongue-unknown"), |(language, _)| Parsed::Mine(Command::Speak(*language)))
}

/// Which language is asked for.
pub fn read(said: Said<'_>) -> Read {
    let mut slots = Slots::new();
    let problem = match parse(said.rest) {
        Parsed::Mine(Command::Speak(language)) => {
            slots.insert("language".into(), language.tag().into());
            None
        }
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    Read { problem, slots, ..Read::default() }
}
