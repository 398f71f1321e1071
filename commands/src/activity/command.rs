//! What residents type about activities.

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use crate::{
    activity::rules::Party,
    feature::{
        After, Bare, Cue, Halves, InHelp, NOT_MEANT, Parsed, Read, Role, Said, Saying, Scope, Slots, Takes, Word,
    },
    language::{
        Phrase, number, parts,
        phrase::begins_at,
        time::{self, HalfDay, Moment, Problem},
    },
};

/// A title has at most this many characters: it must fit on one or two lines of a telephone.
pub const TITLE_CHARS_MAX: usize = 60;
/// With time and places an announcement has at most this many: what follows might not even have been read.
const ANNOUNCEMENT_CHARS_MAX: usize = 400;
/// Places of one activity: more than the biggest hall of a community holds is a slip of the keyboard.
pub const CAPACITY_MAX: i64 = 9_999;
/// What stands behind 接龙.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The number of an activity.
    pub number: Option<i64>,
    /// What the 接龙 changes was seen and is wanted.
    pub confirmed: bool,
    /// The rest of that line.
    pub first_line: String,
}

/// What says that a 接龙 is to be taken over as it was shown.
const CONFIRMED: [&str; 2] = ["加上", "add"];

/// Reads what stands behind 接龙 in its line: 12, 12 加上, or the title of a new one.
/// `further_lines`: those below it.
pub fn chain(rest: &Phrase, further_lines: &[String]) -> Chain {
    let written = parts::first_line(rest, further_lines).written();
    let (first, behind) = written.split_once(char::is_whitespace).unwrap_or((&written, ""));
    let number::Number::Is(number) = number::of_item(&Phrase::new(first)) else {
        return Chain { number: None, confirmed: false, first_line: written };
    };
    let behind = Phrase::new(behind.trim());
    let confirmed = CONFIRMED.iter().find_map(|word| behind.strip_prefix(word));
    let first_line = confirmed.as_ref().unwrap_or(&behind).trimmed().written();
    Chain { number: Some(number), confirmed: confirmed.is_some(), first_line }
}

/// What lines of a 接龙 begin with that only show how to write oneself down.
pub(super) const CHAIN_EXAMPLE: [&str; 5] = ["例", "示例", "格式", "e.g", "example"];
/// What stands behind a name where nobody comes.
pub(super) const CHAIN_AWAY: [&str; 8] =
    ["不去了", "不来了", "来不了", "去不了", "不参加", "取消", "退出", "can't come"];
/// What stands before the number of a line.
pub(super) const CHAIN_BEFORE: [&str; 5] = ["no.", "第", "(", "[", "【"];
/// What stands before the words of an announcement and says nothing.
pub(super) const CHAIN_LABELS: [&str; 14] = [
    "通知",
    "公告",
    "重要通知",
    "活动通知",
    "温馨提示",
    "接龙报名",
    "报名接龙",
    "活动接龙",
    "接龙",
    "报名",
    "活动名称",
    "活动主题",
    "主题",
    "活动",
];
/// Lines above a 接龙 that are no part of the announcement.
pub(super) const CHAIN_ASIDE: [&str; 20] = [
    "各位",
    "大家好",
    "亲爱的",
    "邻居们",
    "费用",
    "收费",
    "联系",
    "电话",
    "微信",
    "报名截止",
    "截止",
    "备注",
    "说明",
    "要求",
    "注意",
    "请",
    "温馨提示",
    "负责人",
    "发起人",
    "fee",
];
/// What stands before time and place below the names of a 接龙; the first of them is what the bot asks for.
pub(super) const CHAIN_WHEN: [&str; 4] = ["时间:", "日期:", "地点:", "time:"];
/// What stands behind a name that waits.
pub(super) const CHAIN_WAITS: [&str; 2] = ["候补", "waiting"];
/// What stands between a name and who comes along.
pub(super) const CHAIN_WITH: [&str; 2] = ["和", "跟"];
/// What ends the number of a flat.
pub(super) const HOUSE_ENDS: [char; 2] = ['室', '号'];

/// Company behind a name in a 接龙: 3人, 2大1小; nothing for one person.
pub(super) fn in_chain(party: Party) -> String {
    match (party.adults, party.children) {
        (1, 0) => String::new(),
        (adults, 0) => format!(" {adults}人"),
        (adults, children) => format!(" {adults}大{children}小"),
    }
}

/// A 接龙 whose time is still to be said: what answers follows it.
pub fn chain_without_time(first_line: &str, further_lines: &[String]) -> String {
    let [asked, ..] = CHAIN_WHEN;
    format!("接龙 {first_line}\n{}\n{asked}", further_lines.join("\n"))
}

/// Whether a command is one that is only waiting for its time.
pub fn awaits_time(command: &str) -> bool {
    let [asked, ..] = CHAIN_WHEN;
    command.ends_with(&format!("\n{asked}"))
}

/// The command that takes a 接龙 over as it was shown.
pub fn confirmed_chain(number: i64, first_line: &str, further_lines: &[String]) -> String {
    let [confirmed, _] = CONFIRMED;
    format!("接龙 {number} {confirmed} {first_line}\n{}", further_lines.join("\n"))
}

/// A neighbour's name has at most this many characters.
pub const GUEST_CHARS_MAX: usize = 12;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Announce an activity.
    Post(Announcement),
    /// List what is to come.
    List(Which),
    /// Sign up for the activity of this number, or the one that fits.
    Join(Option<i64>, Option<Party>),
    /// Sign up a neighbour by name.
    JoinFor(Option<i64>, String),
    /// Not come after all: oneself, or a neighbour by name.
    Leave(Option<i64>, String),
    /// Everybody's names.
    Roster(Option<i64>),
    /// Call it off.
    Cancel(Option<i64>),
    /// Another time.
    Move(Option<i64>, Phrase),
}

/// Which activities are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All that is to come.
    All,
    /// Those for which the actor has signed up.
    Mine,
    /// Those from one day to another, both included.
    On(NaiveDate, NaiveDate),
}

/// An activity as announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// What it is.
    pub title: String,
    /// Where; empty if not said.
    pub place: String,
    /// When, local time.
    pub starts_at: NaiveDateTime,
    /// Until when.
    pub ends_at: Option<NaiveDateTime>,
    /// How many may come.
    pub capacity: Option<i64>,
}

const fn act(
    key: &'static str,
    zh: &'static [&'static str],
    en: &'static [&'static str],
    after: After,
    bare: Bare,
) -> Word {
    Word { key, zh, en, after, role: Role::Resident, scope: Scope::Community, bare, in_help: InHelp::No }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        scope: Scope::Room,
        in_help: InHelp::Everybody,
        ..act("post", &["活动"], &["activity", "event"], After::Fields, Bare::No)
    },
    Word {
        scope: Scope::Room,
        in_help: InHelp::Everybody,
        ..act("list", &["活动列表", "活动 列表"], &["activities"], After::Nothing, Bare::No)
    },
    Word {
        in_help: InHelp::Residents,
        ..act("join", &["报名"], &["join", "sign up"], After::Text, Bare::With(bare_party))
    },
    act("chain", &["接龙"], &["sign-up list"], After::Text, Bare::No),
    // As WeChat begins one.
    act("paste", &["#接龙"], &["#sign-up list"], After::Text, Bare::Itself),
    act("plus", &["+1"], &["me too"], After::Nothing, Bare::Alone),
    act("join_for", &["代报名", "代报"], &["join for", "sign up for"], After::Text, Bare::With(bare_name)),
    Word {
        in_help: InHelp::No,
        ..act("leave", &["退出", "取消报名"], &["leave", "sign off"], After::Number, Bare::Alone)
    },
    act("roster", &["名单"], &["roster"], After::Number, Bare::No),
    act("cancel", &["取消活动"], &["cancel activity"], After::Number, Bare::No),
    act("move", &["改到", "改期到"], &["move to"], After::Text, Bare::No),
];

const fn saying(key: &'static str, sentences: &'static [&'static str]) -> Saying {
    Saying { key, rest: "", bare: false, sentences }
}

/// What else is said about activities.
pub const SAYINGS: &[Saying] = &[
    saying("list", &["活动", "activity"]),
    saying(
        "roster",
        &[
            "[看|看看|查|查看][一下|下]{ref}[号][的]报名[的](名单|人数|情况|人员)",
            "[看|看看|查|查看][一下|下]报名[的](名单|人数|情况|人员)[{ref}]",
            "(谁|哪些人|有谁|都有谁|多少人|有多少人|几个人)报名了[{ref}]",
        ],
    ),
    Saying {
        rest: "mine",
        ..saying(
            "list",
            &[
                "[看|看看|查|查看|查一下|看一下][一下|下]我(的|报的|报名的|参加的|报了的|报名了的|报过的)[哪些]活动[有哪些|列表]",
                "我(报|报名|参加)[了|过](哪些|什么|啥|几个)活动",
                "(list|show) [me] my activities",
                "my (activities|events|sign-ups)",
            ],
        )
    },
    Saying {
        rest: "open",
        ..saying(
            "list",
            &[
                "[现在|目前][还][有|有哪些|有什么|有啥|哪些][活动][还](能|可以|可)报[名]的活动",
                "[现在|目前][还]有(哪些|什么|啥)活动[还](能|可以|可)报[名]",
                "[现在|目前][还](能|可以|可)报[名](哪些|什么|啥)活动",
                "[现在|目前]哪些活动[还](能|可以|可|没满)[报|报名]",
                "[现在|目前]还(能|可以|可)报[名]的活动[有哪些|有什么]",
                "[看|看看|查|查看][一下|下][还](能|可以|可)报名的活动",
                "open (activities|events)",
                "upcoming (activities|events)",
            ],
        )
    },
    saying(
        "list",
        &[
            "[看|看看|查|查看|列出|打开][一下|下]{when}[的|都][有][哪些|什么|啥][好玩的|新]活动[安排|列表|表]",
            "[社区|群里|小区|咱们|我们|楼里]{when}[都|还|群里|社区|小区|楼里][有|搞|办][没有|没|什么|啥|哪些|些什么][好玩的|新]活动[没|没有|安排]",
            "[最近|近期|群里|社区|小区|咱们|我们|楼里|最近群里|最近社区|最近小区][都|还]有(没有|没|什么|啥|哪些|些什么)[好玩的|新]活动[没|没有|安排]",
            "[最近|近期|群里|社区|小区|楼里][还|都]有(什么|啥|没有什么|没有|没有啥|哪些)好玩的[活动]",
            "{when}[还|都]有(什么|啥|没有什么|没有|没有啥|哪些)(好玩的|安排|节目)[活动]",
            "[最近|近期|群里|社区|小区]有活动(吗|没|没有)",
            "[看|看看|查|查看|列出|打开][一下|下][最近|近期|所有|全部|最新][的]活动[列表|安排|表|单|清单]",
            "{when}[的]活动(一览|安排|预告|表|清单)",
            "活动(一览|安排|表|单|清单|有哪些|都有哪些|都有啥|有啥)",
            "{when}活动",
            "(what activities|what events|what's on|what is on|what's happening|what is happening|what's going on|any activities|any events|activities|events) [are there|do we have|] [on|in|for] [{when}]",
            "(list|show) [me] [the] [all] (activities|events) [for|on|in] [{when}]",
        ],
    ),
    saying(
        "join",
        &[
            "[我|我们|我家][也|都][想|要|来|去]报[一]个名[{ref}]",
            "[我|我们|我家][也|都][想|要|来|去]报个名[{ref}]",
            "[我|我们|我家][也|都][想|要|来|去]报名{signup}",
            "{party}[也|都][想|要|一起|来|去]报名{signup}",
            "[给|帮|替]我[们|家]报[个]名{signup}",
            "(给|帮|替){party}[都|也|一起]报[个]名[{ref}]",
            "{resident}[要|想|来]报名",
            "[我|我们|我家][也|都][想|要|来|去](参加|去|来){ref}[的]活动 {party}",
            "[我|我们|我家][也|都][想|要|来|去](参加|去|来){ref}[的]活动",
            "{ref}[的]活动[我|我们][也|都][想|要](参加|报名|来|去|报一个|报个名)",
            "[我|我们][也|都](想|要)参加{title}",
            "[我|我们|我家][也|都][要|来|想]报{party}",
            "把我[也|们|家](算上|加上|报上|写上|带上)",
            "{title}我[们][也|都](去|参加|要去|想去|要参加|想参加)[了]",
            "{party}[也|都][想|要|一起](去|来|参加)",
            "报[一个|个]{ref}[的]活动{signup}",
            "(sign up|sign me up|register|register me|put me down) for the {title} {party}",
            "(sign up|sign me up|register|register me|put me down) for the {title}",
            "(add me|add us) to [activity|number] {ref}",
            "[please] (sign me up|put me down|register me) [for] [activity] {signup}",
            "[i] (want to|would like to|'d like to|can|will|'ll|) (join|come to|attend) [activity] {ref} {signup}",
            "[i] (want to|would like to|'d like to|can|will|'ll|) (join|come to|attend) [activity] {ref}",
        ],
    ),
    Saying {
        bare: true,
        ..saying(
            "join",
            &[
                "我[们|家][也|都][要|来|想][来|去]报[个|一个]名",
                "{party}[也|都][要|来|想][一起]报名",
                "[我][也]报[个|一个]名[了]",
                "[请|麻烦](给|帮)我[也]报[个|一个]名",
                "我[也]参加",
                "sign me up [please]",
            ],
        )
    },
    Saying {
        rest: ON_OWN,
        bare: true,
        ..saying("join", &["算我一个", "也算我一个", "算上我[一个]", "加我一个", "带我一个", "count me in"])
    },
    Saying {
        rest: ON_OWN,
        ..saying(
            "join",
            &[
                "{ref}[的][活动]算我一个",
                "{title}[那个][的][活动](算|加|带)[上]我[一个]",
                "算我一个 {ref}[活动]",
                "{ref}[的][活动]算上我[一个]",
                "count me in for {ref}",
            ],
        )
    },
    Saying { rest: COUNTED, bare: true, ..saying("join", &["+{few}[个][人]"]) },
    saying(
        "join_for",
        &[
            "(代|替|帮|给){name}报[个|一个|一下]名{ref}",
            "(代|替|帮|给){name}报[个|一个|一下]名",
            "(代|替|帮|给){name} 报名{ref}[号][的][活动]",
            "(代|替|帮|给){name} 报[{ref}][号][的]活动",
            "代报[名][{ref}] {name}",
            "(sign up|register) {name} for {ref}",
        ],
    ),
    saying(
        "leave",
        &[
            "[我|我们|我家][今天|今晚|明天|明晚|临时][有事](来不了|去不了|去不成|来不成|不去|不来|不参加|去不上|不能去|不能来|没法去|没法来|不能参加)了 [{ref}][号][活动]",
            "[我|我们|我家](来不了|去不了|去不成|来不成|不去|不来|不参加|不能去|不能来|没法去|没法来|不能参加){ref}[号][的][活动][了]",
            "[我|我们|我家](来不了|去不了|去不成|来不成|不去|不来|不参加)了 {title}",
            "{ref}[号][的][那个][活动][我|我们|我家][有事](来不了|去不了|去不成|来不成|不去|不来|不参加|去不上|不能去|不能来|没法去|没法来|不能参加|退出|退掉|退|不报|不报名|取消)[了]",
            "[我][要|想](取消|退掉|撤掉|撤)我的报名",
            "[我][要|想]退[出|掉|了]{ref}[号][的][活动|报名][的报名]",
            "[我][要|想]取消{ref}[号][的][活动][的]报名",
            "[我][要|想](撤销|撤回|撤掉|退掉|退)[我的|我]报名[了] [{ref}]",
            "把我[从名单|从名单里|从名单上|从活动里](去掉|删掉|拿掉|划掉|移除|取消)[了]",
            "{title}(我|我们|我家)(退出|退|退了|不报了|取消)[了]",
            "i (have|need|want) to (cancel|drop out of|leave|quit) [activity] {ref}",
            "(take me off|remove me from|delete me from) (the|your|this) list",
            "(cancel|withdraw|remove) my (sign-up|signup|sign up|registration|place|spot|seat) (for|to|from) [the] {title}",
            "[我][要|想]取消[我的|我][报名] {ref}",
            "报名{ref}[号][的][活动]取消[了]",
            "[我][要|想](退出|取消){title}[活动]的报名",
            "{title}[活动](我|我们|我家)(来不了|去不了|去不成|不去|不来|不参加)[了]",
            "(退出|取消报名){title}",
            "(取消|退掉|退)我报[名][了][的]{title}",
            "(withdraw|pull out|drop out) (from|of) [activity] {ref}",
            "[i] (can't|cannot) (make|come to) [it to] [activity] {ref}",
            "i (can't|cannot|can not|won't) (come|make it|attend|join) [to|for] [activity] {ref}",
            "i (can't|cannot|can not|won't) (come|make it|attend|join) [to|for] {title}",
            "i (can't|cannot|can not|won't) (come|make it|attend|join) [anymore|any more|tonight|today]",
            "(cancel|withdraw|remove) my (sign-up|signup|sign up|registration|place) [for|to|from] [activity] [{ref}]",
            "(sign me off|take me off|remove me from|drop me from) [activity] [{ref}]",
            "(quit|drop out of|drop) {ref}",
            "(withdraw|remove|drop|take|unregister) me (from|off) [activity|number] {ref}",
        ],
    ),
    Saying {
        bare: true,
        ..saying(
            "leave",
            &[
                "[请|麻烦](给|帮)我(取消报名|退出)",
                "[我](来不了|去不了|不去|不来)了 (退出|取消报名)",
                "(退出|取消报名)[了] (家里|临时|今晚|家里临时)有(事|点事)",
                "(cancel|withdraw) my (sign-up|signup|sign up)",
                "[不好意思][我][要|想]退出[报名]",
                "[不好意思][我][要|想]取消报名",
                "不好意思 (退出|取消报名)[了]",
            ],
        )
    },
    saying(
        "post",
        &[
            "[我|我们][想|要|来](发起|发|组织|搞|办|举办|开|弄|新建|创建|建|安排|发布)[一][个][新]活动 {text}",
            "[我|我们][想|要|来](发起|发|组织|搞|办|举办|开|弄|新建|创建|建|安排|发布)[一下|一次|一场|一个|个|场|次][新]活动 {text}",
            "{timed} (发起活动|发起一个活动|组织活动|发个活动|搞个活动|建个活动)",
            "(约个|约一个|约一场|约大家|召集大家|召集|组织大家|组织一场|组织一次|host a|host an|hosting a|organise a|organize a|organise an|organize an|plan a|throw a|organising a|organizing a) {timed}",
            "(新活动|活动预告|活动通知) {text}",
            "活动_(新建|发起|创建|发布) {text}",
            "活动_{text}",
            "(create|start|organize|organise|new|post|plan|add|schedule|announce|host|set up) [a|an|new|a new] (activity|event) {text}",
        ],
    ),
];

/// Whoever says 算我一个 comes alone.
const ON_OWN: &str = "+1 在内";
/// Whoever says +3 and nothing else counts themselves.
const COUNTED: &str = "在内+";

/// Whoever asks how something is done, does nothing.
const ASKS: &[&str] = &["怎么", "咋", "如何", "为什么", "多少钱", "要不要"];
/// Nor does whoever asks whether they can, or speaks of the form and the fee.
const ASKS_TO_JOIN: &[&str] = &[
    "怎么",
    "咋",
    "如何",
    "为什么",
    "谁",
    "没",
    "未",
    "不",
    "吗",
    "?",
    "哪",
    "什么",
    "多少",
    "表",
    "费",
    "截止",
    "满",
    "别",
    "撤",
    "退",
    "取消",
];
/// Whoever takes something else back stays signed up.
const LEAVES_ELSE: &[&str] =
    &["怎么", "咋", "如何", "谁", "吗", "?", "提醒", "任务", "投票", "心愿", "打扰", "别人", "他", "她", "为什么"];

/// Whoever asks, tells of something else, or speaks of themselves announces nothing.
const NO_ANNOUNCEMENTS: &[&str] = &[
    "吗", "?", "怎么", "咋", "如何", "谁", "什么", "哪", "多少", "提醒", "叫我", "我", "借", "还", "投票", "任务",
    "积分", "心愿", "许愿", "停水", "停电", "别", "不", "改", "取消", "昨", "前天", "remind", "wish", "poll", "my ",
    "i ", "who", "what", "when",
];

const fn cue(key: &'static str, words: &'static [&'static [&'static str]], takes: Takes) -> Cue {
    Cue { key, rest: "", words, without: ASKS, takes }
}

/// What means something about activities wherever it stands.
pub const CUES: &[Cue] = &[
    Cue {
        without: LEAVES_ELSE,
        ..cue(
            "leave",
            &[
                &[
                    "来不了",
                    "去不了",
                    "不去了",
                    "不来了",
                    "不能来",
                    "不能去",
                    "去不成",
                    "来不成",
                    "没法去",
                    "没法来",
                    "不参加了",
                    "取消报名",
                    "不报了",
                    "来不到",
                    "去不到",
                ],
                &["我", "活动", "号", "报名"],
            ],
            Takes::Number,
        )
    },
    Cue {
        without: LEAVES_ELSE,
        ..cue(
            "leave",
            &[
                &["不来了", "不去了", "来不了", "去不了", "不参加了"],
                &[
                    "今晚",
                    "今天",
                    "明天",
                    "明晚",
                    "加班",
                    "有事",
                    "临时",
                    "不好意思",
                    "抱歉",
                    "sorry",
                    "帮我",
                    "取消",
                    "病",
                ],
            ],
            Takes::Number,
        )
    },
    Cue {
        without: LEAVES_ELSE,
        ..cue("leave", &[&["unregister", "un-register", "take me off", "remove me"]], Takes::Number)
    },
    Cue {
        without: LEAVES_ELSE,
        ..cue("leave", &[&["去不了了", "来不了了", "去不成了", "来不成了", "不能去了", "不能来了"]], Takes::Number)
    },
    Cue {
        without: LEAVES_ELSE,
        ..cue("leave", &[&["can't make", "can't come", "cannot come", "sign me off"]], Takes::Number)
    },
    Cue {
        without: LEAVES_ELSE,
        ..cue(
            "leave",
            &[
                &[
                    "取消", "退出", "退掉", "退了", "撤了", "撤掉", "撤销", "撤回", "withdraw", "cancel", "drop out",
                    "pull out",
                ],
                &["活动", "报名", "activity", "sign"],
            ],
            Takes::Number,
        )
    },
    Cue {
        rest: "open",
        ..cue(
            "list",
            &[
                &["活动", "activities"],
                &["还有名额", "能报", "可以报", "有空位", "没满", "有位", "still open", "free places"],
            ],
            Takes::Nothing,
        )
    },
    Cue {
        rest: "mine",
        ..cue("list", &[&["我报", "我参加", "我的"], &["活动"], &["哪些", "什么", "看", "查", "列"]], Takes::Nothing)
    },
    cue("post", &[&["限"], &["人", "家庭", "名额"], &["点", ":", "晚", "早上", "上午", "中午", "下午"]], Takes::Whole),
    cue(
        "list",
        &[
            &["活动", "节目", "activities", "events"],
            &["有什么", "有啥", "有没有", "哪些", "看看", "有咩", "安排", "什么好玩", "what", "any", "show", "list"],
        ],
        Takes::When,
    ),
    Cue {
        without: ASKS_TO_JOIN,
        ..cue(
            "join",
            &[&[
                "报名",
                "报上",
                "报个名",
                "报一个",
                "留个位",
                "留个座",
                "留个名额",
                "留位",
                "留座",
                "占个位",
                "占一个",
                "留一个",
                "算我",
                "算上我",
                "加我",
                "带上我",
                "我要去",
                "我也去",
                "sign me up",
                "count me in",
                "save me a",
                "put me down",
                "i'm in",
            ]],
            Takes::Party,
        )
    },
    Cue {
        without: ASKS_TO_JOIN,
        ..cue("join", &[&["我参加", "我去", "join"], &["活动", "号", "activity"]], Takes::Party)
    },
    Cue {
        without: ASKS_TO_JOIN, ..cue("join", &[&["参加"], &["我", "全家", "一家", "两口", "都"]], Takes::Party)
    },
    Cue {
        without: ASKS_TO_JOIN,
        ..cue(
            "join",
            &[
                &["想去", "要去", "也去", "想来", "put me", "put us", "register", "i'm in", "count us"],
                &["号", "for ", "活动"],
            ],
            Takes::Party,
        )
    },
    Cue { without: NO_ANNOUNCEMENTS, ..cue("post", &[], Takes::Announced) },
];

/// The parts of what followed a word.
pub fn read(said: Said<'_>) -> Read {
    if let "chain" | "paste" = said.key {
        let typed = chain(said.rest, said.further_lines);
        if let Some(chain) = super::chain::read(&typed.first_line, said.further_lines) {
            let mut slots = Slots::new();
            announced(Said { rest: &Phrase::new(&chain.headline()), ..said }, &mut slots);
            return Read { halves: halves_of_chain(said, &typed), slots, ..Read::default() };
        }
    }
    let key = if let "chain" | "paste" = said.key { "join" } else { said.key };
    let said = Said { key, ..said };
    let is_about_it = said.key == "join" && is_about_signing_up(said.rest);
    let problem = match parse(said.key, said.rest, said.now) {
        _ if is_about_it => Some(NOT_MEANT),
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    let mut slots = Slots::new();
    match said.key {
        "post" if said.rest.chars().len() <= ANNOUNCEMENT_CHARS_MAX => announced(said, &mut slots),
        "join" | "plus" => {
            let signup = signup(said.rest);
            let named = said.captures.iter().find(|(name, _)| *name == "title").map(|(_, title)| title.clone());
            let mut put = |name: &str, value: Option<serde_json::Value>| {
                if let Some(value) = value {
                    slots.insert(name.into(), value);
                }
            };
            put(
                "activity",
                signup.item.map(|item| item.to_string()).or(named.clone()).or(signup.title.clone()).map(Into::into),
            );
            put("plus", signup.guests.map(Into::into));
            put("plus", (said.key == "plus").then(|| 1.into()));
            put("count", signup.party().filter(|_| signup.guests.is_none()).map(|party| party.size().into()));
            put("name", signup.name.filter(|_| named.is_none()).map(Into::into));
            put("building", signup.building.map(Into::into));
        }
        "join_for" => {
            let (number, name) = numbered_name(said.rest);
            if let Some(number) = number {
                slots.insert("activity".into(), number.to_string().into());
            }
            if !name.is_empty() {
                slots.insert("name".into(), name.into());
            }
        }
        "leave" | "roster" => {
            _ = parts::reference(said.rest).map(|reference| slots.insert("activity".into(), reference.into()))
        }
        "list" => match said.rest.folded().as_str() {
            "" => {}
            filter @ ("mine" | "open") => _ = slots.insert("filter".into(), filter.into()),
            _ => _ = slots.insert("when".into(), said.rest.written().into()),
        },
        _ => {}
    }
    let halves = match said.key {
        _ if problem.is_some() => None,
        "post" => time::halves(said.rest, said.now, false).map(Halves::of),
        "move" => {
            let (number, rest) = take_number_at_end(said.rest);
            let number = number.map(|number| format!(" {number}")).unwrap_or_default();
            time::halves(&rest, said.now, true)
                .map(|(time, both)| Halves { time, rests: both.map(|text| text.written() + &number) })
        }
        _ => None,
    };
    Read { problem, halves, slots }
}

/// The 接龙 of a new activity with the half-day of its time said, both ways, if it lacks that.
fn halves_of_chain(said: Said<'_>, typed: &Chain) -> Option<Halves> {
    if typed.number.is_some() {
        return None;
    }
    let mut lines = vec![typed.first_line.clone()];
    lines.extend(said.further_lines.iter().cloned());
    // The time stands in the first lines, or in the last if the bot asked for it.
    let last = lines.len().saturating_sub(1);
    let in_head = lines.iter().enumerate().filter(|(index, _)| *index < CHAIN_HEAD_LINES_MAX || *index == last);
    in_head.into_iter().find_map(|(index, line)| {
        let (time, both) = time::halves(&Phrase::new(line), said.now, false)?;
        let rests = both.map(|text| {
            let with = |(at, line): (usize, &String)| if at == index { text.written() } else { line.clone() };
            lines.iter().enumerate().map(with).collect::<Vec<_>>().join("\n")
        });
        Some(Halves { time, rests })
    })
}

/// When it is stands in the first lines of a 接龙.
const CHAIN_HEAD_LINES_MAX: usize = 4;

/// What follows 报名 where nobody signs up: 报名费多少, 报名截止了吗.
const ABOUT_SIGNING_UP: [&str; 21] = [
    "费用",
    "费多",
    "费怎",
    "费要",
    "费是",
    "费几",
    "费交",
    "费收",
    "费退",
    "费在",
    "费能",
    "费可",
    "费贵",
    "方式",
    "链接",
    "截止",
    "条件",
    "要求",
    "的人",
    "的都",
    "的邻居",
];
/// The same, where nothing follows it.
const ABOUT_SIGNING_UP_ALONE: [&str; 5] = ["费", "表", "处", "点", "时间"];

/// Whether a text asks about signing up and signs nobody up.
fn is_about_signing_up(rest: &Phrase) -> bool {
    let begins = ABOUT_SIGNING_UP.iter().any(|words| rest.find(words) == Some(0));
    let price = rest.find("费") == Some(0) && rest.chars().get(1).is_some_and(char::is_ascii_digit);
    begins || price || ABOUT_SIGNING_UP_ALONE.contains(&rest.folded().as_str())
}

/// What can be made out of an announcement, whole or not.
fn announced(said: Said<'_>, slots: &mut Slots) {
    let capacity = capacity(said.rest).ok().flatten();
    let when = parts::when(said.rest, said.now);
    let mut taken: Vec<Range<usize>> = when.iter().flat_map(|(_, parts)| parts.clone()).collect();
    taken.extend(capacity.iter().map(|(_, at)| at.clone()));
    taken.sort_by_key(|part| part.start);
    let (title, place) = title_and_place(said.rest, &taken);
    for (name, text) in
        [("title", title), ("time_text", when.map(|(written, _)| written).unwrap_or_default()), ("place", place)]
    {
        if !text.is_empty() {
            slots.insert(name.into(), text.into());
        }
    }
    if let Some((capacity, _)) = capacity {
        slots.insert("capacity".into(), capacity.into());
    }
}

/// Whether a text says nothing but who comes.
pub fn is_party(rest: &Phrase) -> bool {
    matches!(party(rest), Some((None, Some(_))))
}

/// Whether a text says who signs up for what, and nothing else.
pub fn is_signup(rest: &Phrase) -> bool {
    signup(rest).is_whole()
}

/// Whether a text says what takes place, when and where.
pub fn announces(rest: &Phrase, now: NaiveDateTime) -> bool {
    match announcement(rest, now) {
        Parsed::Mine(Command::Post(read)) => !read.place.is_empty() && read.title.chars().count() > 1,
        _ => false,
    }
}

/// Whether a text names a neighbour with their house: 3号楼张三.
pub fn is_resident(rest: &Phrase) -> bool {
    let signup = signup(rest);
    signup.is_whole() && signup.building.is_some() && signup.name.is_some()
}

/// The same as [`is_party`], also with the number of the activity: what may follow 报名 without a prefix.
fn bare_party(rest: &Phrase) -> Option<Option<i64>> {
    party(rest).filter(|(_, party)| party.is_some()).map(|(number, _)| number)
}

/// What may follow 代报名 without a prefix: a neighbour's name.
fn bare_name(rest: &Phrase) -> Option<Option<i64>> {
    let (number, name) = numbered_name(rest);
    let chars = name.chars().count();
    ((2..=GUEST_CHARS_MAX).contains(&chars) && name.chars().all(char::is_alphabetic)).then_some(number)
}

/// Reads what followed a word. `now` is the local time at which it was said.
pub fn parse(key: &str, rest: &Phrase, now: NaiveDateTime) -> Parsed<Command> {
    match key {
        "post" => announcement(rest, now),
        "list" => Parsed::Mine(Command::List(which(rest, now))),
        "join" => match party(rest) {
            Some((number, party)) => Parsed::Mine(Command::Join(number, party)),
            None => Parsed::Malformed("activity-unreadable-party"),
        },
        "plus" => Parsed::Mine(Command::Join(number_alone(rest), None)),
        "join_for" => match numbered_name(rest) {
            (_, name) if name.is_empty() => Parsed::Malformed("activity-missing-name"),
            // Sign up for the dumplings: that is no neighbour.
            (_, name) if name.to_lowercase().starts_with("the ") => Parsed::Malformed("activity-unreadable-name"),
            (_, name) if is_several(&name) => Parsed::Malformed("activity-one-name"),
            (_, name) if name.chars().count() > GUEST_CHARS_MAX || !name.chars().any(char::is_alphabetic) => {
                Parsed::Malformed("activity-unreadable-name")
            }
            (number, name) => Parsed::Mine(Command::JoinFor(number, name)),
        },
        "leave" => {
            let (number, name) = numbered_name(rest);
            Parsed::Mine(Command::Leave(number, name))
        }
        "move" => {
            let (number, rest) = take_number_at_end(rest);
            if rest.is_empty() {
                Parsed::Malformed("activity-missing-new-time")
            } else {
                Parsed::Mine(Command::Move(number, rest))
            }
        }
        _ => {
            let number = match number::of_item(rest) {
                number::Number::Absent => None,
                number::Number::Is(number) => Some(number),
                number::Number::Unreadable => return Parsed::Malformed("activity-unreadable-number"),
            };
            Parsed::Mine(if key == "cancel" { Command::Cancel(number) } else { Command::Roster(number) })
        }
    }
}

/// What follows a word that lists: mine, open, or days.
fn which(rest: &Phrase, now: NaiveDateTime) -> Which {
    let date = |moment: Moment| match moment {
        Moment::At(at) => at.date(),
        Moment::Day(day, _) => day,
    };
    match (rest.folded().as_str(), time::read_any(rest, now, None)) {
        ("mine", _) => Which::Mine,
        (_, Ok(Some(reading))) => Which::On(date(reading.start), date(reading.end.unwrap_or(reading.start))),
        _ => Which::All,
    }
}

/// Whether several neighbours are named: each has a place of their own.
fn is_several(name: &str) -> bool {
    let chinese = |word: &str| word.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    name.contains(['、', ',', '，', '&']) || name.split_whitespace().filter(|word| chinese(word)).count() > 1
}

fn number_alone(rest: &Phrase) -> Option<i64> {
    match number::of_item(rest) {
        number::Number::Is(number) => Some(number),
        _ => None,
    }
}

/// A run of digits or Chinese numerals at a place of a text, and how long it is.
fn count_at(chars: &[char], at: usize) -> Option<(i64, usize)> {
    let tail = || chars.iter().skip(at);
    let digits = tail().take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        let text: String = tail().take(digits).collect();
        // More than a number holds is too many of whatever it is.
        return Some((text.parse().unwrap_or(i64::MAX), digits));
    }
    let numerals = tail().take_while(|c| number::is_chinese_numeral(**c)).count();
    let text: String = tail().take(numerals).collect();
    (numerals > 0).then(|| number::chinese(&text).map(|value| (value, numerals))).flatten()
}

/// What somebody wrote who signs up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignUp {
    /// The number of the activity.
    pub item: Option<i64>,
    /// Or what it is called.
    pub title: Option<String>,
    /// Who comes, if that was written.
    pub name: Option<String>,
    /// And from which building.
    pub building: Option<String>,
    /// The number after a +: who comes along.
    pub guests: Option<i64>,
    adults: Option<i64>,
    children: Option<i64>,
    total: Option<i64>,
    /// Those after the + are all who come.
    guests_are_all: bool,
    /// Something stands there that says nothing of these.
    unreadable: bool,
}

impl SignUp {
    /// Whether nothing but how many come was written.
    pub(super) fn is_count(&self) -> bool {
        self.title.is_none() && self.name.is_none() && !self.unreadable
    }
}

/// What says how many come without a number.
pub(super) const TOGETHER: [(&str, i64); 45] = [
    ("me and my wife", 2),
    ("me and my husband", 2),
    ("me and my son", 2),
    ("me and my daughter", 2),
    ("me and my kid", 2),
    ("me and my mom", 2),
    ("me and a friend", 2),
    ("my wife and i", 2),
    ("my husband and i", 2),
    ("我和老伴", 2),
    ("我跟老伴", 2),
    ("我同老伴", 2),
    ("我和老公", 2),
    ("我和老婆", 2),
    ("我和爱人", 2),
    ("我和我妈", 2),
    ("我和我爸", 2),
    ("我和妈妈", 2),
    ("我和孩子", 2),
    ("我和孙子", 2),
    ("我和孙女", 2),
    ("我和儿子", 2),
    ("我和女儿", 2),
    ("我和邻居", 2),
    ("我和朋友", 2),
    ("我和他", 2),
    ("我和她", 2),
    ("夫妻俩", 2),
    ("夫妻二人", 2),
    ("夫妻两人", 2),
    ("夫妇", 2),
    ("夫妻", 2),
    ("老两口", 2),
    ("两口子", 2),
    ("我们俩", 2),
    ("我俩", 2),
    ("俩人", 2),
    ("一家子", 3),
    ("just me", 1),
    ("two of us", 2),
    ("three of us", 3),
    ("four of us", 4),
    ("我跟老头子", 2),
    ("我和老头子", 2),
    ("我跟老太婆", 2),
];

/// Small words that stand between the parts.
const FILLERS: [&str; 14] =
    ["活动", "我们", "我家", "一共", "总共", "共", "我", "的", "一起", "参加", "那个", "for", "with", "activity"];
/// What buildings are called after their number.
const BUILDINGS: [&str; 6] = ["号楼", "栋", "幢", "号院", "单元", "座"];
/// How neighbours are called; a word that ends so is a name and no activity.
const TITLES: [&str; 24] = [
    "奶奶", "爷爷", "阿姨", "叔叔", "叔", "姐", "哥", "嫂", "婶", "伯", "姨", "妈", "爸", "师傅", "老师", "大爷",
    "大妈", "大姐", "大哥", "先生", "女士", "婆婆", "公公", "姑姑",
];

impl SignUp {
    /// Who comes, if that was said. What is too many stays too many, and can be added up.
    pub fn party(&self) -> Option<Party> {
        let most = |count: Option<i64>| count.map(|count| count.min(CAPACITY_MAX));
        match (most(self.adults), most(self.children), most(self.guests), most(self.total)) {
            (None, None, Some(guests), None) if self.guests_are_all => Some(Party { adults: guests, children: 0 }),
            (None, None, Some(guests), None) => Some(Party { adults: 1 + guests, children: 0 }),
            (None, None, None, Some(total)) => Some(Party { adults: total, children: 0 }),
            // +1孩: oneself and a child.
            (None, Some(children), None, None) => Some(Party { adults: 1, children }),
            (Some(adults), children, None, None) => Some(Party { adults, children: children.unwrap_or(0) }),
            _ => None,
        }
    }

    /// Whether it can be done as it stands: nothing said twice or in two ways, nobody invented.
    fn is_whole(&self) -> bool {
        let counted = [self.adults.or(self.children), self.guests, self.total].iter().flatten().count();
        let is_number = self.item.is_none_or(|item| (1..=number::NUMBER_MAX).contains(&item));
        !self.unreadable && counted <= 1 && is_number && self.party().is_none_or(|party| party.adults >= 1)
    }
}

/// The day that is said with the title of an activity, and what else is said: 周六的下棋; nothing else: 周六的活动.
pub fn day_and_title(words: &Phrase, now: NaiveDateTime) -> (Option<NaiveDate>, String) {
    let day = time::read_any(words, now, None).ok().flatten().filter(|reading| reading.day_said);
    let day = day.map(|reading| match reading.start {
        Moment::At(start) => start.date(),
        Moment::Day(day, _) => day,
    });
    let (_, rest) = parts::take_when(words, now);
    let rest = rest.folded();
    let title = rest.trim_matches(|c: char| c == '的' || c.is_whitespace());
    (day, if title == "活动" { String::new() } else { title.to_owned() })
}

/// How many places a text says there are.
pub(super) fn capacity_said(text: &Phrase) -> Option<i64> {
    capacity(text).ok().flatten().map(|(capacity, _)| capacity)
}

/// Reads 12, +2, 2大1小, 3人, 12 +2, 2 adults 1 child, 我和老伴, 5号楼 李阿姨: a number of an activity, and who comes.
pub fn signup(rest: &Phrase) -> SignUp {
    let chars = rest.chars();
    let begins = |at: usize, word: &str| begins_at(chars, at, word);
    let mut signup = SignUp::default();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if !c.is_alphanumeric() && c != '+' {
            at += 1;
            continue;
        }
        if let Some((word, count)) = TOGETHER.iter().find(|(word, _)| begins(at, word)) {
            signup.unreadable |= signup.total.replace(*count).is_some();
            at += word.chars().count();
        } else if begins(at, "在内") {
            signup.guests_are_all = true;
            at += 2;
        } else if let Some((building, length)) = building_at(rest, at) {
            signup.unreadable |= signup.building.replace(building).is_some();
            at += length;
        } else if let Some(filler) = FILLERS.iter().find(|word| begins(at, word)) {
            at += filler.chars().count();
        } else {
            at = take_count(chars, at, &mut signup).unwrap_or_else(|| take_word(rest, at, &mut signup));
        }
    }
    signup
}

/// 5号楼, 3栋, building 3 at a place of a text, and how long it is.
pub(super) fn building_at(rest: &Phrase, at: usize) -> Option<(String, usize)> {
    let chars = rest.chars();
    let begins = |at: usize, word: &str| begins_at(chars, at, word);
    let length = if begins(at, "building ") {
        9 + chars.iter().skip(at + 9).take_while(|c| c.is_ascii_alphanumeric()).count()
    } else {
        let number = count_at(chars, at)?.1;
        number + BUILDINGS.iter().find(|word| begins(at + number, word))?.chars().count()
    };
    Some((rest.part(at..at + length).written(), length))
}

/// 大人2, 小1 at a place of a text: whether it counts grown-ups, how many, and where the text goes on.
pub(super) fn labelled_at(chars: &[char], at: usize) -> Option<(bool, i64, usize)> {
    const LABELS: [(&str, bool); 9] = [
        ("大人", true),
        ("成人", true),
        ("大", true),
        ("小孩", false),
        ("小朋友", false),
        ("孩子", false),
        ("儿童", false),
        ("孩", false),
        ("小", false),
    ];
    let begins = |word: &str| begins_at(chars, at, word);
    let (label, is_adult) = LABELS.iter().find(|(label, _)| begins(label))?;
    let at = at + label.chars().count();
    let at = at + usize::from(matches!(chars.get(at), Some(':' | ' ')));
    let (count, length) = count_at(chars, at)?;
    let at = at + length;
    Some((*is_adult, count, at + usize::from(matches!(chars.get(at), Some('个' | '位' | '名')))))
}

/// Takes 大2小1, 大人2个小孩1个 at a place of a text; gives where it goes on.
fn take_labelled(chars: &[char], at: usize, signup: &mut SignUp) -> Option<usize> {
    let (is_adult, count, end) = labelled_at(chars, at)?;
    // 大2班 is a form at school, 大2小 are two children.
    if chars.get(end).is_some_and(|c| c.is_alphanumeric()) && labelled_at(chars, end).is_none() {
        return None;
    }
    let slot = if is_adult { &mut signup.adults } else { &mut signup.children };
    signup.unreadable |= slot.replace(count).is_some();
    Some(end)
}

/// Takes +2, 2大, 3人, 12 at a place of a text; gives where the text goes on.
pub(super) fn take_count(chars: &[char], mut at: usize, signup: &mut SignUp) -> Option<usize> {
    if let Some(end) = take_labelled(chars, at, signup) {
        return Some(end);
    }
    // 加两个人
    let is_numeral = |c: &char| c.is_ascii_digit() || number::is_chinese_numeral(*c);
    let adds = chars.get(at) == Some(&'加') && chars.get(at + 1).is_some_and(is_numeral);
    let plus = chars.get(at) == Some(&'+') || adds;
    at += usize::from(plus);
    while plus && chars.get(at) == Some(&' ') {
        at += 1;
    }
    let household = chars.get(at..at + 2) == Some(&['一', '家']);
    at += if household { 2 } else { 0 };
    let (count, length) = count_at(chars, at)?;
    at += length;
    while chars.get(at) == Some(&' ') {
        at += 1;
    }
    let unit: String =
        chars.iter().skip(at).take_while(|c| c.is_alphabetic() && !number::is_chinese_numeral(**c)).collect();
    // 2人参加: the unit is what it begins with.
    const UNITS: [&str; 25] = [
        "个大人",
        "个小孩",
        "个孩子",
        "个人",
        "大人",
        "小孩",
        "孩子",
        "口人",
        "adults",
        "adult",
        "children",
        "child",
        "kids",
        "kid",
        "people",
        "persons",
        "person",
        "口",
        "大",
        "小",
        "细",
        "孩",
        "人",
        "位",
        "个",
    ];
    let known =
        UNITS.iter().find(|known| unit.strip_prefix(**known).is_some_and(|rest| !known.is_ascii() || rest.is_empty()));
    let slot = match known.copied() {
        Some("大" | "大人" | "个大人" | "adult" | "adults") => &mut signup.adults,
        Some("小" | "细" | "小孩" | "个小孩" | "孩" | "孩子" | "个孩子" | "child" | "children" | "kid" | "kids") => {
            &mut signup.children
        }
        Some(_) if plus => &mut signup.guests,
        Some(_) => &mut signup.total,
        None if plus => &mut signup.guests,
        None if household => return None,
        None if !matches!(unit.as_str(), "" | "with" | "and" | "plus" | "me")
            && !unit.starts_with('号')
            && unit.is_ascii() =>
        {
            return None;
        }
        None => &mut signup.item,
    };
    signup.unreadable |= slot.replace(count).is_some();
    at += known.map_or(usize::from(unit.starts_with('号')), |known| known.chars().count());
    Some(at)
}

/// Takes a word that is a name, or what an activity is called; gives where the text goes on.
fn take_word(rest: &Phrase, at: usize, signup: &mut SignUp) -> usize {
    let chars = rest.chars();
    let latin = chars.get(at).is_some_and(char::is_ascii);
    let goes_on = |c: &&char| c.is_alphabetic() || latin && **c == ' ';
    let length = chars.iter().skip(at).take_while(goes_on).count().max(1);
    let word = rest.part(at..at + length).written();
    let is_title = TITLES.iter().any(|title| word.ends_with(title));
    let short = latin || (2..=4).contains(&length);
    let names_somebody = short && (is_title || signup.item.is_some() || signup.building.is_some());
    let slot = if names_somebody { &mut signup.name } else { &mut signup.title };
    // 报名10取消吗 asks or takes back, and names nobody.
    const NO_NAMES: [&str; 12] = ["取消", "退", "不", "吗", "没", "怎", "什么", "多少", "几", "谁", "还有", "可以"];
    let asks = NO_NAMES.iter().any(|no_name| Phrase::new(&word).find(no_name).is_some());
    let fits = length >= 2 && !asks && (names_somebody || signup.item.is_none());
    signup.unreadable |= !fits || slot.replace(word).is_some();
    at + length
}

/// What a text says somewhere of how many come: 三个人, 我和老伴, 2大1小.
pub fn any_party(text: &Phrase) -> Option<String> {
    let chars = text.chars();
    let together = TOGETHER.iter().find_map(|(word, _)| text.find(word).map(|at| at..at + word.chars().count()));
    let is_numeral = |c: &char| c.is_ascii_digit() || number::is_chinese_numeral(*c);
    let counted = || {
        (0..chars.len()).find_map(|at| {
            let begins = at == 0 || !chars.get(at - 1).is_some_and(is_numeral);
            let mut signup = SignUp::default();
            let end = begins.then(|| take_count(chars, at, &mut signup)).flatten()?;
            // The child of 2大1小 stands behind.
            let end = take_count(chars, end, &mut signup).unwrap_or(end);
            (signup.item.is_none() && signup.party().is_some()).then_some(at..end)
        })
    };
    together.or_else(counted).map(|range| text.part(range).written())
}

/// Who comes, and the number; none: something else stands there too.
fn party(rest: &Phrase) -> Option<(Option<i64>, Option<Party>)> {
    let signup = signup(rest);
    let alone = signup.name.is_none() && signup.title.is_none() && signup.building.is_none();
    (signup.is_whole() && alone).then(|| (signup.item, signup.party()))
}

/// A number of an activity before or after a name: 12 王奶奶, 王奶奶 12, 王奶奶.
fn numbered_name(rest: &Phrase) -> (Option<i64>, String) {
    let mut number = None;
    let mut words = Vec::new();
    for word in rest.written().split_whitespace() {
        match number::of_item(&Phrase::new(word)) {
            number::Number::Is(found) if number.is_none() => number = Some(found),
            _ => words.push(word.to_owned()),
        }
    }
    (number, words.join(" "))
}

/// 晚上7点半 12: a number of an activity at the end, after a blank.
fn take_number_at_end(rest: &Phrase) -> (Option<i64>, Phrase) {
    let written = rest.written();
    match written.rsplit_once(' ') {
        Some((head, tail)) => match number::of_item(&Phrase::new(tail)) {
            number::Number::Is(number) if tail.chars().any(|c| c.is_numeric()) => (Some(number), Phrase::new(head)),
            _ => (None, rest.clone()),
        },
        None => (None, rest.clone()),
    }
}

/// The message about what is wrong with a time.
pub fn problem_id(problem: Problem) -> &'static str {
    match problem {
        Problem::PastDay(_) => "time-past-day",
        Problem::NoSuchDay => "time-no-such-day",
        Problem::EndBeforeStart => "time-end-before-start",
        Problem::WeekdayDiffers { .. } => "time-weekday-differs",
    }
}

/// What is meant by seven o'clock if nobody says in the morning or in the evening: an activity begins in the evening at
/// seven or eight, and in the morning from nine on. The card reads it back.
fn usual_half_day(start: NaiveDateTime) -> Option<HalfDay> {
    let eight = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    (start.time() < eight).then_some(HalfDay::Evening)
}

/// A start with a clock time, and an end.
pub type Span = (NaiveDateTime, Option<NaiveDateTime>);

/// A time, where in the text it stands, and whether a day was said.
pub type When = (Span, Vec<Range<usize>>, bool);

/// Reads when an activity takes place. None: no clock time.
pub fn when(text: &Phrase, now: NaiveDateTime) -> Result<Option<When>, Problem> {
    when_on(text, now, false)
}

/// The same, where the day is known already.
pub fn when_on(text: &Phrase, now: NaiveDateTime, day_known: bool) -> Result<Option<When>, Problem> {
    let Some(mut reading) = time::read(text, now, None)? else { return Ok(None) };
    if let (true, Moment::At(start)) = (reading.needs_half_day && (reading.day_said || day_known), reading.start)
        && let Some(half_day) = usual_half_day(start)
        && let Some(later) = time::read(text, now, Some(half_day))?
    {
        reading = later;
    }
    match reading.start {
        // Nobody gathers at a second.
        Moment::At(start) => {
            let on_the_minute = |at: NaiveDateTime| at.with_second(0).unwrap_or(at);
            let hours = (on_the_minute(start), reading.end.and_then(Moment::at).map(on_the_minute));
            Ok(Some((hours, reading.parts, reading.day_said)))
        }
        Moment::Day(..) => Ok(None),
    }
}

/// Whether something is to happen again and again, which the bot can't plan yet.
pub fn is_recurring(text: &Phrase, now: NaiveDateTime) -> bool {
    // Said without a day, these are no time: 每周 读书会.
    const AGAIN: [&str; 7] = ["每天", "每日", "每周", "每星期", "每个月", "每月", "every "];
    let comes_again = |reading: Option<time::Reading>| reading.is_some_and(|reading| reading.rule.is_some());
    AGAIN.iter().any(|word| text.find(word).is_some()) || time::read_any(text, now, None).is_ok_and(comes_again)
}

fn announcement(rest: &Phrase, now: NaiveDateTime) -> Parsed<Command> {
    if rest.is_empty() {
        return Parsed::Malformed("activity-missing-all");
    }
    if is_recurring(rest, now) {
        return Parsed::Malformed("time-recurring");
    }
    if rest.chars().len() > ANNOUNCEMENT_CHARS_MAX {
        return Parsed::Malformed("activity-too-long");
    }
    let (capacity, capacity_at) = match capacity(rest) {
        Ok(Some((capacity, at))) => (Some(capacity), Some(at)),
        Ok(None) => (None, None),
        Err(id) => return Parsed::Malformed(id),
    };
    let ((starts_at, ends_at), mut parts) = match when(rest, now) {
        Ok(Some((span, parts, _))) => (span, parts),
        Ok(None) => return Parsed::Malformed("activity-missing-time"),
        Err(problem) => return Parsed::Malformed(problem_id(problem)),
    };
    if starts_at <= now {
        return Parsed::Malformed("time-past");
    }
    if starts_at > now + TimeDelta::days(AHEAD_DAYS_MAX) {
        return Parsed::Malformed("time-too-far");
    }
    parts.extend(capacity_at);
    parts.sort_by_key(|part| part.start);
    let (title, place) = title_and_place(rest, &parts);
    if !title.chars().any(char::is_alphanumeric) {
        return Parsed::Malformed("activity-missing-title");
    }
    if title.chars().count() > TITLE_CHARS_MAX || place.chars().count() > TITLE_CHARS_MAX {
        return Parsed::Malformed("activity-too-long");
    }
    Parsed::Mine(Command::Post(Announcement { title, place, starts_at, ends_at, capacity }))
}

/// Nobody plans an activity further ahead than this many days; a year that was misread would.
pub(super) const AHEAD_DAYS_MAX: i64 = 400;

/// Finds 20人, 限20人, 名额20, 20 people: how many may come, and where it stands.
pub fn capacity(rest: &Phrase) -> Result<Option<(i64, Range<usize>)>, &'static str> {
    const BEFORE: [&str; 10] = ["不超过", "人数限", "人数", "限定", "名额", "限额", "限", "最多", "max ", "limit "];
    const AFTER: [&str; 12] =
        ["个名额", "个人", "人", "名", "位", "个家庭", "户", "组家庭", " people", " places", " persons", " seats"];
    let chars = rest.chars();
    let begins = |at: usize, word: &str| begins_at(chars, at, word);
    for at in 0..chars.len() {
        let before = BEFORE.iter().find(|word| begins(at, word)).map_or(0, |word| word.chars().count());
        let inside_a_number =
            at > 0 && chars.get(at - 1).is_some_and(|c| number::is_chinese_numeral(*c) || c.is_ascii_digit());
        let from = at + before + usize::from(before > 0 && chars.get(at + before) == Some(&':'));
        if inside_a_number {
            continue;
        }
        let Some((count, length)) = count_at(chars, from) else { continue };
        let unit = AFTER.iter().find(|word| begins(from + length, word)).map_or(0, |word| word.chars().count());
        let next = chars.get(from + length + unit).copied();
        let ends = next.is_none_or(|c| !c.is_alphanumeric() || !c.is_ascii() && before > 0);
        if before + unit == 0 || !ends {
            continue;
        }
        return if (1..=CAPACITY_MAX).contains(&count) {
            Ok(Some((count, at..from + length + unit)))
        } else {
            Err("activity-wrong-capacity")
        };
    }
    Ok(None)
}

/// What places are called at the end.
const PLACE_ENDINGS: [&str; 33] = [
    "室",
    "厅",
    "楼",
    "馆",
    "场",
    "院",
    "园",
    "亭",
    "廊",
    "中心",
    "门口",
    "大门",
    "架空层",
    "楼下",
    "楼道",
    "楼顶",
    "平台",
    "草坪",
    "路",
    "街",
    "家",
    "店",
    "站",
    "角",
    "处",
    "号",
    "层",
    "room",
    "hall",
    "lobby",
    "garden",
    "park",
    "yard",
];

/// Separates title and place in what is left when time and places are taken out. A place is marked (地点：, 在, at, @), or
/// ends like one, or is the second of two fields.
fn title_and_place(rest: &Phrase, parts: &[Range<usize>]) -> (String, String) {
    let mut fields: Vec<String> = Vec::new();
    let mut at = 0;
    let end = rest.chars().len();
    for part in parts.iter().cloned().chain(std::iter::once(end..end)) {
        split_fields(&rest.part(at..part.start).written(), &mut fields);
        at = part.end;
    }
    let marked = fields.iter().position(|field| place_mark(field).is_some());
    let place_at = marked.or_else(|| {
        let ends_like_a_place = |field: &String| {
            let place = without_meeting(field).to_lowercase();
            PLACE_ENDINGS.iter().any(|ending| place.ends_with(ending))
        };
        match fields.len() {
            0 | 1 => None,
            count => fields.iter().rposition(ends_like_a_place).or(if count == 2 { Some(1) } else { None }),
        }
    });
    let place = place_at.map(|at| fields.remove(at)).unwrap_or_default();
    let place = place_mark(&place).unwrap_or(place);
    let place = without_meeting(&place).to_owned();
    let title = fields.iter().map(|field| without_label(field)).filter(|field| !field.is_empty()).collect::<Vec<_>>();
    match where_and_what(&place) {
        Some((place, title_behind)) if title.is_empty() => (title_behind, place),
        _ => (title.join(" "), place),
    }
}

/// 小区北门集合: what is done there isn't where.
fn without_meeting(place: &str) -> &str {
    ["集合", "见", "碰头"].iter().find_map(|verb| place.strip_suffix(verb)).unwrap_or(place)
}

/// 活动室包饺子: a place, and what is done there.
fn where_and_what(text: &str) -> Option<(String, String)> {
    let phrase = Phrase::new(text);
    let chars = phrase.chars();
    let ends = |at: usize| {
        let before: String = chars.iter().take(at).collect();
        PLACE_ENDINGS.iter().any(|ending| !ending.is_ascii() && before.ends_with(ending))
    };
    let is_done = |at: &usize| {
        let behind = phrase.after(*at).trimmed();
        let meets = ["集合", "见", "碰头", "门口", "里", "内", "前", "后", "旁"]
            .iter()
            .any(|word| behind.strip_prefix(word).is_some());
        behind.chars().len() > 1 && !meets
    };
    let at = (2..chars.len()).rev().filter(|at| ends(*at)).find(is_done)?;
    Some((phrase.part(0..at).written(), phrase.after(at).trimmed().written()))
}

/// A title without what announces it: 名称：, 新建.
fn without_label(field: &str) -> String {
    const LABELS: [&str; 8] = ["活动名称", "名称", "主题", "标题", "活动内容", "内容", "title:", "活动:"];
    const VERBS: [&str; 4] = ["新建", "发起", "创建", "发布"];
    let phrase = Phrase::new(field);
    let label = LABELS.iter().find_map(|label| phrase.strip_prefix(label)).map(|rest| rest.trimmed().written());
    match label {
        Some(title) if !title.is_empty() => title,
        _ if VERBS.contains(&field) => String::new(),
        _ => field.to_owned(),
    }
}

/// The place without the word that marks it; none if nothing marks it.
fn place_mark(field: &str) -> Option<String> {
    const MARKS: [&str; 8] = ["地点", "地址", "place", "where", "在", "at ", "in ", "@"];
    let phrase = Phrase::new(field);
    MARKS
        .iter()
        .find_map(|mark| phrase.strip_prefix(mark))
        .map(|rest| rest.trimmed().written())
        .filter(|place| !place.is_empty())
}

/// Splits a text into fields: at commas and the like, and at blanks unless both neighbours are Latin words.
fn split_fields(text: &str, fields: &mut Vec<String>) {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '\'' | '&' | '-'));
    let mut field = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let parts = match c {
            ',' | '，' | '；' | ';' | '|' | '｜' | '/' | '\n' | '。' => true,
            ' ' | '　' => !(is_latin(field.chars().last()) && is_latin(chars.peek().copied())),
            _ => false,
        };
        if parts {
            push_field(&mut field, fields);
        } else {
            field.push(c);
        }
    }
    push_field(&mut field, fields);
}

fn push_field(field: &mut String, fields: &mut Vec<String>) {
    let trimmed =
        field.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '、' | '-' | '—' | '.')).to_owned();
    if !trimmed.is_empty() {
        fields.push(trimmed);
    }
    field.clear();
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn monday() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|day| day.and_hms_opt(18, 0, 0)).expect("a time")
    }

    #[test]
    fn parties() {
        let two_and_one = Some(Party { adults: 2, children: 1 });
        for (text, expected) in [
            ("", Some((None, None))),
            ("12", Some((Some(12), None))),
            ("12 +2", Some((Some(12), Some(Party { adults: 3, children: 0 })))),
            ("+1", Some((None, Some(Party { adults: 2, children: 0 })))),
            ("+1孩", Some((None, Some(Party { adults: 1, children: 1 })))),
            ("2大1小", Some((None, two_and_one))),
            ("两大一小", Some((None, two_and_one))),
            ("12号 2大1小", Some((Some(12), two_and_one))),
            ("2 adults 1 child", Some((None, two_and_one))),
            ("3人", Some((None, Some(Party { adults: 3, children: 0 })))),
            ("截止了吗", None),
            ("0人", None),
            ("12 13", None),
        ] {
            assert_eq!(party(&Phrase::new(text)), expected, "{text}");
        }
    }

    #[test]
    fn announcements_in_any_order() {
        let saturday = NaiveDate::from_ymd_opt(2026, 1, 10).and_then(|day| day.and_hms_opt(19, 30, 0)).expect("a time");
        for (text, title, place, capacity) in [
            ("广场舞教学 周六晚7点半 活动室 20人", "广场舞教学", "活动室", Some(20)),
            ("周六晚7点半 活动室 广场舞教学 20人", "广场舞教学", "活动室", Some(20)),
            ("20人，周六晚上7：30，广场舞教学，地点：活动室", "广场舞教学", "活动室", Some(20)),
            ("周六晚七点半在活动室 广场舞教学 限二十人", "广场舞教学", "活动室", Some(20)),
            ("广场舞教学 周六19:30", "广场舞教学", "", None),
            ("广场舞教学 周六7点半 王阿姨那儿", "广场舞教学", "王阿姨那儿", None),
            ("Square dance class Sat 7:30pm activity room 20 people", "Square dance class", "activity room", Some(20)),
        ] {
            match parse("post", &Phrase::new(text), monday()) {
                Parsed::Mine(Command::Post(read)) => {
                    let read = (read.title.as_str(), read.place.as_str(), read.starts_at, read.capacity);
                    assert_eq!(read, (title, place, saturday, capacity), "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let long = format!("{} 周六晚7点", "长".repeat(5_000));
        for (text, id) in [
            ("", "activity-missing-all"),
            ("广场舞教学 活动室", "activity-missing-time"),
            ("广场舞教学 周六", "activity-missing-time"),
            ("周六晚7点", "activity-missing-title"),
            ("广场舞 昨天晚上7点", "time-past-day"),
            ("广场舞 2月30日晚上7点", "time-no-such-day"),
            ("广场舞 周六晚9点到晚7点", "time-end-before-start"),
            ("广场舞 周六晚7点 0人", "activity-wrong-capacity"),
            ("广场舞 周六晚7点 100000人", "activity-wrong-capacity"),
            (long.as_str(), "activity-too-long"),
        ] {
            let parsed = parse("post", &Phrase::new(text), monday());
            assert!(matches!(parsed, Parsed::Malformed(said) if said == id), "{text}: {parsed:?}");
        }
    }
}
