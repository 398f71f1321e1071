//! What residents type about wishes.

use crate::{
    feature::{After, Bare, Cue, InHelp, Parsed, Read, Role, Said, Saying, Scope, Slots, Takes, Word},
    language::{Phrase, number, parts},
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

const fn act(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str], in_help: InHelp) -> Word {
    Word { key, zh, en, after: After::Number, role: Role::Resident, scope: Scope::Community, bare: Bare::No, in_help }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        key: "post",
        zh: &["许愿", "发愿"],
        en: &["wish"],
        after: After::Text,
        role: Role::Resident,
        scope: Scope::Room,
        bare: Bare::No,
        in_help: InHelp::Everybody,
    },
    Word {
        key: "wish",
        zh: &["心愿"],
        en: &["my wish"],
        after: After::Apart,
        role: Role::Resident,
        scope: Scope::Room,
        bare: Bare::No,
        in_help: InHelp::No,
    },
    Word {
        key: "list",
        zh: &["心愿列表", "心愿 列表", "心愿单", "心愿 单", "许愿列表", "许愿单", "许愿墙", "心愿墙"],
        en: &["wishes", "wish list"],
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Room,
        bare: Bare::No,
        in_help: InHelp::No,
    },
    Word {
        key: "mine",
        zh: &["我的心愿", "心愿我的", "心愿 我的"],
        en: &["my wishes", "wishes mine"],
        after: After::Nothing,
        role: Role::Resident,
        scope: Scope::Community,
        bare: Bare::No,
        in_help: InHelp::No,
    },
    Word { bare: Bare::Alone, ..act("claim", &["认领"], &["claim"], InHelp::Residents) },
    act("release", &["放弃"], &["release", "give up"], InHelp::No),
    act("finish", &["完成"], &["done"], InHelp::No),
    act("confirm", &["确认"], &["confirm"], InHelp::No),
    act("withdraw", &["撤回"], &["withdraw"], InHelp::No),
    act("accept", &["接"], &["accept"], InHelp::No),
    act("decline", &["不便"], &["decline"], InHelp::No),
];

const fn saying(key: &'static str, sentences: &'static [&'static str]) -> Saying {
    Saying { key, rest: "", bare: false, sentences }
}

/// What else is said about wishes.
pub const SAYINGS: &[Saying] = &[
    saying(
        "claim",
        &[
            "[我](来帮|来|去|可以|能)[帮][忙|你|她|他|一下]{ref}[号|的][心愿|愿望]",
            "{ref}[的](心愿|愿望|许愿)[让|由|就]我(来|去|可以|能|愿意)[帮|办|弄|做|接|认领][忙|一下]",
            "(心愿|愿望){ref}[让|由|就]我(来|去|可以|能|愿意)[帮|办|弄|做|接|认领][忙|一下]",
            "{ref}[让|由|就]我(来|去)[帮|办|弄|做|认领][忙|一下]",
            "{ref}[的][心愿|愿望](算我的|交给我|包在我身上|我包了|我领了|我认领|我接了|归我)[ [我][去|来][帮|办]]",
            "(心愿|愿望){ref}(算我的|交给我|包在我身上|我包了|我领了|我认领|我接了|归我)",
            "认领[一下|了]{ref}[心愿|愿望]",
            "[我][想|要|来]认领[一下]{ref}[的][心愿|愿望]",
            "[我][想|要|来]认领[心愿|愿望][一下]{ref}",
            "[我][来]帮[忙]{ref}[心愿|愿望]",
            "我[来|可以|能|愿意|愿意来](帮|修|弄|换|送|带|陪|教|搬|买|看)[忙|一下] {ref}[号]",
            "{ref}[号]我(可以|能|愿意)[帮|来|接|去]",
            "[我][来]接[下|了]{ref}[号|的](心愿|愿望)",
            "(这个忙|这忙|那个忙)我[来]帮[了|了吧] {ref}",
            "{ref}[的](心愿|愿望)我(想|要)帮[忙]",
            "(认领|接)(心愿|愿望)[{ref}]",
            "i[ ]['ll| will| can| want to| would like to] (help|claim|take|do) [with] [wish|number] {ref}",
            "(claim|take) [wish|number] {ref}",
            "help [with] [wish|number] {ref}",
        ],
    ),
    saying(
        "accept",
        &[
            "[我][来|想|要]接[受|下|了][这个|那个|一下]任务[{ref}]",
            "(这个|那个|这)任务我[来|要](接|领|做|去|接了|接下|领了|包了)[了] {ref}",
            "[我][来|想|要]接[受|下|了|一下]{ref}[号|的][那个]任务",
            "{ref}[的][那个|这个]任务[让|由|就|派给|交给|给]我[来|接|做|去|可以接|能接|报名|参加][了|吧] [我接|我来]",
            "{ref}[的][那个|这个]任务(接了|接下|接|算我的|我包了)",
            "任务{ref}[让|由|就][我](来|接|做|去|接了|接下|来接|接受|领了|领|包了)",
            "(give|assign) me [task] {ref}",
            "(give|assign) task {ref} to me",
            "把{ref}[的][那个]任务(派给|交给|给)我 [我接|我来]",
            "把任务{ref}(派给|交给|给)我 [我接|我来]",
            "[i['ll| will| can] ](accept|take|do) [the] task [number] [{ref}]",
            "accept {ref}",
        ],
    ),
    saying(
        "finish",
        &[
            "{ref}[的][心愿|愿望][那事|那个][我|我们][已经|都](帮完|办好|办完|搞定|帮好|弄好|弄完|做好|完成|做完|修好|解决|实现|帮忙好|帮到位|办妥)了",
            "{ref}[的][心愿|愿望](搞定|完成|办妥|办好|帮好|完事)",
            "(心愿|愿望){ref}[我][已经|都](帮完|办好|办完|搞定|帮好|弄好|弄完|做好|完成|做完|修好|解决|办妥)[了]",
            "{ref}[的][心愿|愿望] [我][已经](帮好|帮完|办好|弄好|做好)了 完成",
            "[我][已经]完成[了][心愿|愿望]{ref}[心愿|愿望]",
            "{ref}[的](心愿|愿望)[已经]完成",
            "[忙|事|事情][我][已经](帮完|办好|办完|办妥|弄好)(了|啦) {ref}",
            "(完成|搞定|办完|弄完|修好|帮完|弄好|办好|做好|做完)(了|啦) {ref}[的][心愿|愿望]",
            "[我]把{ref}[的][心愿|愿望](帮完|办好|办完|搞定|帮好|弄好|做好|完成|做完|修好)了",
            "[wish|number] {ref} (is|has been) (done|finished|fixed|completed|complete|sorted)",
            "(i['ve| have] |)(finished|completed|done) [with] [wish] {ref}",
            "wish {ref} done",
        ],
    ),
    saying(
        "confirm",
        &[
            "{ref}[号] [都|已经][没问题|可以|好的|很好|满意|弄好了] [我]确认[了|过了]",
            "[我|我来][要]确认[一下|下|了]{ref}[的][心愿|愿望][已][完成|实现][了]",
            "确认[一下|下](心愿|愿望){ref}[已][完成|实现][了]",
            "{ref}[的][心愿|愿望][我][已经|来]确认[一下|下|过][了|完成]",
            "(心愿|愿望){ref}[我][已经]确认[了|完成]",
            "[i] confirm [that] [wish] {ref} [is done]",
            "[wish] {ref} [is] confirmed",
        ],
    ),
    Saying {
        rest: "open",
        ..saying(
            "list",
            &[
                "[现在|目前][还][有|剩|剩下](哪些|什么|啥|几个)[心愿|愿望][还][没人|没有人|没|没被人|没被|等人](认领|接|帮|领)[的][心愿|愿望]",
                "[现在|目前]还有[没有|没][没被|没人|没有人](认领|接|帮|领)的(心愿|愿望)",
                "[看|看看|查|查看|列出][一下|下][还]没[人|有人|被](认领|接|帮|领)的(心愿|愿望)",
                "[哪些|什么](心愿|愿望)[还][没人|没有人|没]认领",
                "[现在|目前|今天][还|都][有](什么|啥|哪些)[事|地方](需要|要)(帮忙|帮助|人帮忙)[的][吗]",
                "[现在|目前|今天][还]有[谁|人|哪位|没有人|邻居|哪家](需要|要|等着|想要)(帮忙|帮助|人帮忙|人帮)[的][人][吗]",
                "(谁|哪位|哪家)(需要|要|等着|想要)(帮忙|帮助|人帮忙|人帮)[吗]",
                "(who|does anyone|does anybody|anyone) (needs|need) [a|some] (help|hand)",
                "(list|show) [me] [all] [the] open wishes",
                "open wishes",
            ],
        )
    },
    saying(
        "list",
        &[
            "[看|看看|查|查看|打开|列出][一下|下][大家的|现在的|所有|所有的|全部](心愿|愿望|许愿)(列表|单|墙|清单|池|榜)",
            "(看|看看|查|查看|列出)[一下|下][大家|大家的|现在的|所有|所有的|全部][的](心愿|愿望)",
            "[现在|目前|群里|最近|大家][都][还](有|有没有|许了)[哪些|什么|啥](心愿|愿望)",
            "[都](谁|哪些人|有谁|哪位)许[了|过](愿|愿望|心愿)",
            "(心愿|愿望)(有哪些|都有啥|都有哪些)",
            "(心愿|愿望)",
            "(list|show) [me] [all] [the] wishes",
            "what wishes are there",
        ],
    ),
    saying(
        "mine",
        &[
            "[看|看看|查|查看|查一下|看一下|查查|列出][一下|下]我(的|许的|发的|提的|发过的|许过的|许下的|发布的)(心愿|愿望|愿)[列表|单|有哪些|怎么样][了]",
            "我(许|发|提)[过|了](哪些|什么|啥|几个)[心愿|愿望|愿]",
            "我(许|发|提)[过|了]的(心愿|愿望|愿)",
            "(list|show) [me] my wishes",
        ],
    ),
    saying(
        "post",
        &[
            "[我][想|要|来]许[下][一]个[小](愿|愿望|心愿) {text}",
            "[我][想|要|来]许[下][一]个(愿望|心愿|愿) {text}",
            "[我|我来|帮我][想|要](发|发布|提|提交|写|记|有)[一][个][小](心愿|愿望|许愿) {text}",
            "[我|我来|帮我][想|要](发|发布|提|提交|写|记)[一个](心愿|愿望|许愿) {text}",
            "(心愿|愿望)(是|就是) {text}",
            "(有没有人|有人|有没有谁|有谁|谁|哪位|哪位邻居|哪个邻居|哪家|有没有邻居|有没有好心人|有没有哪位|有没有哪位邻居)(能|可以|会|愿意|肯|能不能|有空|有空能)[来|过来|上门][帮帮|帮|帮忙][我|我家|我们|忙|一下|个忙]{text}",
            "(能|可以|会|愿意|肯|能不能|可不可以|有空|有空能)[来|过来|上门](帮帮|帮|帮忙)(我|我家|我们|忙|一下|个忙){text}",
            "(谁|哪位|哪位邻居|有没有人|有没有邻居)[有空|方便|能|可以][来](帮帮|帮|帮忙)(我|我家|我们|忙|一下|个忙){text}",
            "[我]想(请|找|求|麻烦)[人|个人|邻居|大家|哪位][来]帮[我|忙|个忙|我家] {text}",
            "求助 {text}",
            "(新心愿|新愿望|心愿登记) {text}",
            "[我]许愿_{text}",
            "[can|could] (someone|anyone|anybody|somebody) [please] help [me] [to|with] {text}",
            "(post|make|add) [a] wish {text}",
            "i need help (with|to) {text}",
            "i wish (someone|somebody|anyone|anybody) (could|would|can) {text}",
        ],
    ),
];

/// Whoever asks how something is done, does nothing.
const ASKS: &[&str] = &["怎么", "咋", "如何", "为什么", "是谁", "谁的", "什么时候"];
/// Nor does whoever asks whether it is so, or says that it isn't.
const ASKS_OR_DENIES: &[&str] =
    &["怎么", "咋", "如何", "为什么", "谁", "什么时候", "没", "未", "不", "吗", "?", "not ", "n't", "who"];

/// What looks something up.
const fn cue(key: &'static str, words: &'static [&'static [&'static str]], takes: Takes) -> Cue {
    Cue { key, rest: "", words, without: ASKS, takes }
}

/// What does something.
const fn act_cue(key: &'static str, words: &'static [&'static [&'static str]], takes: Takes) -> Cue {
    Cue { key, rest: "", words, without: ASKS_OR_DENIES, takes }
}

/// What means something about wishes wherever it stands.
pub const CUES: &[Cue] = &[
    act_cue(
        "accept",
        &[
            &["任务", "task"],
            &["接", "领", "包", "我来", "我去", "交给我", "派给我", "算我", "我做", "我干", "take", "accept"],
        ],
        Takes::ANumber,
    ),
    act_cue("confirm", &[&["确认", "confirm"]], Takes::ANumber),
    act_cue(
        "finish",
        &[
            &["心愿", "愿望", "wish"],
            &[
                "搞定", "完了", "好了", "办妥", "完成", "解决", "做完", "弄完", "办完", "finished", "done", "fixed",
                "sorted",
            ],
        ],
        Takes::ANumber,
    ),
    act_cue(
        "confirm",
        &[&["心愿", "愿望", "wish"], &["确认", "收到帮助", "实现", "圆满", "满意", "confirm"]],
        Takes::ANumber,
    ),
    act_cue("confirm", &[&["收到帮助", "帮到我了", "已经帮了我", "心愿实现", "愿望实现"]], Takes::Number),
    act_cue(
        "claim",
        &[
            &["心愿", "愿望", "wish"],
            &[
                "我来",
                "我包",
                "我接",
                "我领",
                "我帮",
                "帮忙",
                "认领",
                "交给我",
                "算我",
                "我去",
                "我能",
                "我可以",
                "我愿意",
                "i'll",
                "claim",
                "i can help",
            ],
        ],
        Takes::ANumber,
    ),
    cue(
        "mine",
        &[
            &["我的", "我许的", "我许了", "我许过", "我发", "我提", "我名下", "my "],
            &["心愿", "愿望", "许愿", "许的愿", "许了", "wishes"],
        ],
        Takes::Nothing,
    ),
    Cue {
        rest: "open",
        ..cue(
            "list",
            &[
                &["心愿", "愿望", "wishes"],
                &[
                    "没人",
                    "没有人",
                    "未有人",
                    "无人",
                    "没被",
                    "空着",
                    "等人",
                    "未认领",
                    "剩",
                    "待认领",
                    "还没",
                    "nobody",
                    "open",
                    "unclaimed",
                ],
            ],
            Takes::Nothing,
        )
    },
    cue(
        "list",
        &[
            &["心愿", "愿望", "许了", "许的", "wishes"],
            &["看", "列", "有哪些", "有什么", "什么愿", "有啥", "都有", "哪些", "show", "list", "what"],
        ],
        Takes::Nothing,
    ),
    Cue {
        without: NOT_OF_WISHES,
        ..act_cue(
            "finish",
            &[&[
                "搞定",
                "完了",
                "好了",
                "办妥",
                "解决了",
                "做完",
                "弄完",
                "办完",
                "弄好",
                "修好",
                "finished",
                "done",
                "fixed",
                "sorted",
            ]],
            Takes::ANumber,
        )
    },
    Cue {
        without: NOT_OF_WISHES,
        ..act_cue(
            "claim",
            &[
                &[
                    "我来",
                    "happy to",
                    "glad to",
                    "我能",
                    "我可以",
                    "我愿意",
                    "我去",
                    "我帮",
                    "let me",
                    "i can",
                    "i'll",
                    "i will",
                    "我们来",
                ],
                &["帮", "忙", "修", "办", "接", "送", "陪", "教", "help", "do it", "take"],
            ],
            Takes::ANumber,
        )
    },
    Cue {
        without: NO_WISHES,
        ..act_cue(
            "post",
            &[
                &[
                    "谁有空",
                    "谁能",
                    "谁家能",
                    "谁会",
                    "谁可以",
                    "谁愿意",
                    "谁有耐心",
                    "谁懂",
                    "哪位",
                    "有没有人",
                    "有没有邻居",
                    "有人顺路",
                    "有人能",
                    "有人会",
                    "希望有人",
                    "有人愿意",
                    "谁家有",
                    "求个",
                    "求会",
                    "想求",
                    "想请",
                    "想让",
                    "looking for someone",
                    "想找人",
                    "找个人",
                    "找人",
                    "求人",
                    "请人",
                    "揾个人",
                    "揾人",
                    "搵个人",
                    "搵人",
                    "someone",
                    "somebody",
                    "anyone",
                    "need someone",
                    "need somebody",
                    "找个大学生",
                    "anybody",
                ],
                &[
                    "帮",
                    "陪",
                    "教",
                    "送我",
                    "买次",
                    "修",
                    "带我",
                    "搬",
                    "抬",
                    "接送",
                    "上门",
                    "照看",
                    "照顾",
                    "看一下",
                    "代买",
                    "代取",
                    "指导",
                    "help me",
                    "pick up",
                    "water my",
                    "move my",
                    "teach",
                    "fix",
                    "carry",
                ],
            ],
            Takes::Whole,
        )
    },
    Cue {
        without: NO_FAVOURS,
        ..act_cue(
            "post",
            &[
                &["帮我", "帮忙", "帮下忙", "帮个忙", "help me"],
                &[
                    "换个",
                    "换一",
                    "换灯",
                    "换水",
                    "修",
                    "买",
                    "搬",
                    "抬",
                    "拎",
                    "带个",
                    "带一",
                    "带点",
                    "取快递",
                    "取药",
                    "取个",
                    "拿快递",
                    "拿个",
                    "拿药",
                    "送到",
                    "送个",
                    "送药",
                    "装一",
                    "装个",
                    "安装",
                    "通下水",
                    "通马桶",
                    "接孩子",
                    "接小孩",
                    "接娃",
                    "扔",
                    "丢垃圾",
                    "洗",
                    "缝",
                    "教我",
                    "遛",
                    "浇",
                    "照看",
                    "喂",
                    "剪",
                    "擦",
                    "fix",
                    "move",
                    "carry",
                    "buy",
                    "pick up",
                ],
            ],
            Takes::Whole,
        )
    },
];

/// Whoever asks the bot itself, or speaks of what was done, asks no neighbour a favour.
const NO_FAVOURS: &[&str] = &[
    "谢",
    "修好了",
    "买好了",
    "换好了",
    "已经",
    "昨天",
    "刚才",
    "修改",
    "活动",
    "报名",
    "投票",
    "积分",
    "任务",
    "提醒",
    "心愿",
    "许愿",
    "语言",
    "繁体",
    "大字",
    "接龙",
    "名单",
    "撤回",
    "取消",
    "thank",
    "poll",
    "activity",
    "task",
    "points",
];

/// What is done to other things that have numbers.
const NOT_OF_WISHES: &[&str] = &[
    "怎么",
    "咋",
    "如何",
    "为什么",
    "谁",
    "什么",
    "没",
    "未",
    "不",
    "吗",
    "?",
    "not ",
    "n't",
    "who",
    "活动",
    "报名",
    "参加",
    "投票",
    "任务",
    "提醒",
    "积分",
    "借",
    "还给",
    "签到",
    "poll",
    "vote",
    "task",
    "activity",
    "remind",
    "join",
    "sign",
];

/// Whoever speaks of something else, or is the one who can, wishes nothing.
const NO_WISHES: &[&str] = &[
    "心愿",
    "愿望",
    "许愿",
    "需要帮",
    "要帮忙",
    "活动",
    "报名",
    "投票",
    "任务",
    "积分",
    "借",
    "签到",
    "名单",
    "提醒",
    "我来",
    "我能",
    "我可以",
    "我会",
    "怎么",
    "咋",
    "如何",
    "为什么",
    "没人",
    "是谁",
    "谁的",
    "wish",
    "who needs",
];

/// The parts of what followed a word.
pub fn read(said: Said<'_>) -> Read {
    let problem = match parse(said.key, said.rest) {
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    // 心愿 9 我来 is about that wish, and is no wish itself.
    let numbered = matches!(said.key, "post" | "wish")
        && said.rest.chars().first().is_some_and(|c| c.is_ascii_digit() || *c == '#');
    let mut slots = Slots::new();
    let mut put = |name: &str, value: String| slots.insert(name.into(), value.into());
    match said.key {
        "post" | "wish" if !said.rest.is_empty() => _ = put("content", said.rest.written()),
        "list" if !said.rest.is_empty() => _ = put("filter", "open".into()),
        "mine" => _ = put("filter", "mine".into()),
        "post" | "wish" | "list" => {}
        _ => _ = parts::reference(said.rest).map(|reference| put("ref", reference)),
    }
    Read { problem: problem.or(numbered.then_some("wish-unreadable-number")), slots, ..Read::default() }
}

/// Reads what followed a word.
pub fn parse(key: &str, rest: &Phrase) -> Parsed<Command> {
    let act = match key {
        // 心愿 alone asks for the list; 许愿 alone too has nothing to post, and the list helps nobody who wants to post.
        // A number alone says nothing either: it was meant for a list.
        "post" | "wish" if rest.is_empty() || matches!(number::of_item(rest), number::Number::Is(_)) => {
            return Parsed::Malformed("wish-missing-text");
        }
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
