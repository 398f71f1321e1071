//! What residents type about points.

use crate::feature::{After, Bare, Cue, InHelp, Read, Role, Said, Saying, Scope, Slots, Takes, Word};

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str]) -> Word {
    Word {
        key,
        zh,
        en,
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: InHelp::No,
    }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word { in_help: InHelp::Everybody, ..word("balance", &["积分", "我的积分"], &["points", "my points"]) },
    Word {
        in_help: InHelp::No,
        ..word("ranking", &["排行", "积分排行", "排行榜"], &["ranking", "points ranking", "leaderboard"])
    },
    word("enter", &["上榜"], &["enter ranking"]),
    word("withdraw", &["下榜"], &["leave ranking"]),
    word("history", &["积分 明细", "积分明细"], &["points history"]),
];

const fn saying(key: &'static str, sentences: &'static [&'static str]) -> Saying {
    Saying { key, rest: "", bare: false, sentences }
}

/// What else is said about points.
pub const SAYINGS: &[Saying] = &[
    saying(
        "history",
        &[
            "[看|看看|查|查看|查查|查询][一下|下][{when}][我][的][{when}]积分[的](明细|记录|流水|账单|历史|来源|明细账|变动)[{when}]",
            "(看|看看|查|查看|查查|查询)[一下|下]我的积分(明细|记录|流水|账单)",
            "积分 (明细|记录|流水) {when}",
            "我[的][{when}][的][这些|那些]积分[都|是|都是](怎么|咋|哪里|哪儿|哪|哪天|什么时候|从哪)[天|里|儿][来|加|得|挣|赚|扣|攒][的|来的|到的|上的][啊]",
            "我[的]积分[都|是|都是](怎么来|怎么得来|怎么加|咋来|哪来|哪里来|哪天加|怎么扣|怎么少|怎么变)的",
            "我[的]积分[都|是|都是](怎么来|怎么得来|怎么加|咋来|哪来|哪里来|哪天加|怎么扣|怎么少)的",
            "[我]{when}(得|挣|赚|加|攒|扣|花)了(多少|几)[个]积分",
            "[{when}][的][我][的][{when}]积分(怎么|咋|为什么|为啥)[又|突然|会](少|多|变|变少|变多|扣|没|涨|降|掉)[了|少了|多了]",
            "(为什么|怎么|为啥|咋)[我|我的][{when}][的]积分[又|突然|会](少|变少|多|变多|没|扣|变)[了]",
            "[show] [my] points history [{when}]",
            "[show] [my|the] history of my points",
            "[{when}][的][我|我的]积分[是|都是|都](怎么|咋|为什么)(扣|来|加|少|花|没)[掉][的|了]",
            "points (log|records|transactions)",
            "(list|show|see) [me] [my] points (history|log|records|transactions)",
            "{when}[的]积分(收支|收入|支出|来往|变动|加减)[明细|记录]",
            "points history (for|of|in) {when}",
        ],
    ),
    saying(
        "balance",
        &[
            "[看|看看|查|查看|查查|查询|瞧瞧][一下|下][我|我的|我家][现在|目前|一共|总共|手里][还|都|已经][有|剩|攒了|攒|得了|挣了][多少|几个|几|多少个]积分[啦|了]",
            "[我|我的|我家][现在|目前][还|都]积分[还][有|剩](多少|几个|几分)[了]",
            "我[的]积分(多少|有多少|还有多少|是多少|剩多少|余额|够不够)",
            "[我的]积分(查询|余额|总数|总额|多少|还有多少)",
            "(看|看看|查|查看|查查|查询)[一下|下][我][的]积分",
            "(看|看看|查|查看|查查|查询)[一下|下][我的|我]积分",
            "我 积分 [多少]",
            "我(现在|目前|一共)[还][有|剩]多少分[了]",
            "[看|看看|查|查查|瞧瞧][一下|下]我[现在|目前|一共][还](有|剩)(多少|几)[个]分",
            "[看|看看|查|查查|瞧瞧][一下|下][我|我的](爱心币|爱心分|爱心积分|分数)[现在|目前][还][有|剩](多少|几|几分|多少分)",
            "[我][的]积分够(不够|吗)[换|用|换东西|换什么|花]",
            "[现在|目前]还(剩|有)(多少|几)[个]积分[能用|可用|可以用|能花|可以花]",
            "(分数|爱心分)查询",
            "do i have enough points [for|to] [{item}]",
            "how many points (do i have|have i got|are left)",
            "[show|check] [me] my (points|balance|points balance)",
            "(balance|points balance)",
            "我[现在|目前|一共][有]几分[了]",
            "[what's|what is] my (points|points balance|balance)",
        ],
    ),
    saying(
        "ranking",
        &[
            "[看|看看|查|查看|查查][一下|下][{scope}][的][{when}][的]积分[的](排行|排名|名次)[榜|表]",
            "[看|看看|查|查看|查查][一下|下][{when}][的][{scope}][的]积分[的](排行|排名|名次)[榜|表]",
            "[看|看看|查|查看|查查][一下|下](排行|排名|爱心)榜",
            "排名",
            "我[的][积分][现在|目前][排|排在|排到]第几[名|位]",
            "我[的][积分][现在|目前](排|排在|排到)(多少|几|老几)[名|位]",
            "[看|看看|查][{scope}][的][{when}][的]积分榜",
            "[看|看看|查][{when}][的][{scope}][的]积分榜",
            "[{scope}|{when}][{when}](谁|哪家|哪个|哪位)[的]积分[最](多|高)",
            "[show] [the] [points] (ranking|leaderboard|rankings)",
            "who has the most points",
            "[show] [the] top (3|5|10|20)",
        ],
    ),
];

/// Whoever asks how something is done, does nothing.
const QUESTIONS: &[&str] = &["好看", "怎么用", "怎么弄", "咋用", "如何", "兑换", "换"];

const fn cue(key: &'static str, words: &'static [&'static [&'static str]], takes: Takes) -> Cue {
    Cue { key, rest: "", words, without: QUESTIONS, takes }
}

/// What means something about points wherever it stands.
pub const CUES: &[Cue] = &[
    cue(
        "ranking",
        &[
            &["积分", "爱心分", "points", "的分", "分数", "谁分", "谁的分"],
            &[
                "排", "榜", "前十", "前三", "前五", "前几", "第一", "最高", "最多", "名次", "leader", "rank", "top",
                "most",
            ],
        ],
        Takes::When,
    ),
    cue("ranking", &[&["leaderboard", "排行榜", "爱心榜"]], Takes::When),
    cue(
        "history",
        &[
            &["积分", "分", "points"],
            &[
                "明细",
                "流水",
                "记录",
                "纪录",
                "账单",
                "哪来",
                "哪儿",
                "哪里",
                "怎么来",
                "变动",
                "加了",
                "扣了",
                "花了",
                "花在",
                "花哪",
                "得了哪",
                "来源",
                "history",
                "where did",
            ],
        ],
        Takes::When,
    ),
    cue(
        "balance",
        &[
            &["积分", "我的分", "我攒", "我有", "我还有", "查分", "查下分", "查查分", "看分", "points"],
            &[
                "多少", "几分", "几多", "剩", "余额", "攒了", "查", "看", "总共", "一共", "够", "balance", "how many",
                "check", "show",
            ],
        ],
        Takes::Nothing,
    ),
    cue("balance", &[&["查下分", "查分", "查一下分", "看看分", "攒了多少", "几多分", "多少分了"]], Takes::Nothing),
];

/// The parts of what was said: whose ranking, and of when.
pub fn read(said: Said<'_>) -> Read {
    let mut slots = Slots::new();
    for (name, text) in said.captures {
        slots.insert((*name).into(), text.clone().into());
    }
    if let ("history", true, false) = (said.key, said.captures.is_empty(), said.rest.is_empty()) {
        let when = said.rest.written();
        let when = ["for ", "of ", "in "].iter().find_map(|word| when.strip_prefix(word)).unwrap_or(&when);
        slots.insert("when".into(), when.into());
    }
    // 积分 排名 isn't about one's balance.
    let goes_on = said.captures.is_empty() && said.rest.chars().iter().any(|c| c.is_alphanumeric());
    Read { problem: (said.key == "balance" && goes_on).then_some("unknown"), slots, ..Read::default() }
}
