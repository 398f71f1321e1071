//! What residents type that isn't built yet, and what it consists of.

use crate::{
    feature::{After, Bare, Cue, InHelp, NOT_MEANT, Read, Role, Said, Saying, Scope, Slots, Takes, Word},
    language::{Phrase, number, parts},
};

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str], after: After) -> Word {
    Word { key, zh, en, after, role: Role::Resident, scope: Scope::Anywhere, bare: Bare::No, in_help: InHelp::No }
}

/// All words.
pub const WORDS: &[Word] = &[
    word("check_in", &["签到", "打卡"], &["sign in"], After::Nothing),
    word("offer", &["共享", "出借", "分享"], &["share", "lend"], After::Apart),
    word("borrow", &["借", "借用"], &["borrow"], After::Apart),
    word("return", &["还", "归还"], &["return"], After::Apart),
    word("report", &["随手拍", "上报隐患", "隐患上报", "报隐患", "上报"], &["report"], After::Text),
    word("treehole", &["树洞", "发树洞", "匿名树洞"], &["treehole", "tree hole"], After::Text),
    word("redeem", &["兑换"], &["redeem"], After::Apart),
    word("group", &["加入", "加入兴趣组", "加入小组", "兴趣 加入"], &["join group"], After::Text),
];

const fn saying(key: &'static str, sentences: &'static [&'static str]) -> Saying {
    Saying { key, rest: "", bare: false, sentences }
}

/// What else is said.
pub const SAYINGS: &[Saying] = &[
    saying(
        "check_in",
        &[
            "(签到|打卡)(签到|打卡)",
            "[我][来][要](签|打|报)[个|一下](到|卡)[了]",
            "[我](签到|打卡)[一下|了]",
            "sign me in",
        ],
    ),
    saying(
        "redeem",
        &[
            "[我][想|要][用|拿|花]{points}[个](积分|分)[来](换|兑换|兑|买){item}",
            "[我][想|要][用]积分[来](换|兑换|兑|买){item}",
            "[我][想|要](兑换|兑){item}",
            "[我][想|要](换|兑换|兑){item} [用]{points}[个]积分",
            "[我][想|要]换{item} (要|需要|得)(多少|几)[个](积分|分)",
            "(redeem|exchange|get) {item} [for|with] {points} points",
            "(redeem|exchange|use|spend) {points} points (for|on) {item}",
            "[我][的]积分[都][能|可以|可][用来|拿来|用](换|兑换|兑|买)[些|点|到](什么|啥|哪些东西|哪些|什么东西)[吗]",
            "what can i (get|buy|redeem) (for|with) [my] points",
            "(礼品|奖品)兑换 {item}",
            "redeem",
            "兑换",
        ],
    ),
    saying(
        "offer",
        &[
            "[我|我家|我们家|我这|我这儿|家里](有|可以借出|能借出|可以出借|可借|可以共享|可以借|闲置|有闲置|有个闲置的){item} [谁要|谁要用|谁想用|谁需要|大家要|大家要用|需要的|要用的|有需要的|大家][用|的][都](可以借给大家|可以借给邻居|都可以借|可以借|可以拿去用|随便借|随便用|来拿|来借|借给大家|都能借|可以来借|可以来拿|能借|可借|找我借|拿去用)[大家|用|走]",
            "[我|我家|我们家](可以借出|能借出|可以出借|愿意出借|想出借|想共享|要共享|来共享|可以共享|共享一下|共享一个|借出|出借){item}",
            "(共享|出借|分享)[一下|一个]{item}",
            "[我|我家|我们家|家里](有|多了|多出来|多出)[闲置的|不用的|多余的]{item} (谁要|谁需要|谁想要|谁要的|谁用得上|需要的|有需要的)[的][邻居|人|朋友] [来|可以][联系我|自取|自己拿|拿走|来拿|找我|领]",
            "(闲置|多余|多出来|多出)[的]{item} (谁要|谁需要|谁想要|谁用得上|需要的|有需要的)[的][邻居|人|朋友] [来|可以][联系我|自取|自己拿|拿走|来拿|找我|领]",
            "(送|免费送|转送|赠送|白送)[大家|邻居]{item} [谁要|需要的|有需要的|要的] (自取|自提|谁要|来拿|联系我|找我|先到先得)",
            "(giving away|give away|free) [a|an|some|my] {item} [pick up|free|for free|to anyone|to a good home]",
            "{item}(放|放在|就在){where}[了] (大家|邻居们|谁要用|需要的|要用的)[都|可以](随便用|随意用|自取|随便拿|自己拿|都能用|可以用)",
            "[我|我家|我们家|我这|我这儿|家里]有{item} (大家|邻居|邻居们)[都|也|随时](可以|能)[随时][过来|来|上门](用|借|拿|自取)",
            "(sharing|lending|lending out) [a|an|my] {item}",
            "[我]把{item}(借给大家|共享|借出|拿出来共享|拿出来大家用|分享)[用]",
            "[i] (can lend|can share|would like to share|want to share|have a|have an|have) {item} to (lend|share)",
            "[i] (can lend out|can lend|can share|would like to share|want to share|want to lend|offer) {item}",
        ],
    ),
    saying(
        "return",
        &[
            "[上次|昨天|前天][我]借的{item}[我][已|已经|都](用完|用好)[了] [我|已|已经|这就|来](还|归还|放|送|拿|交)[了|回去|回来|回去了|回来了|回原处]",
            "[上次|昨天|前天][我]借的{item}[我|已|已经](还|归还|还回来|还回去|放回去|放回原处)[了]",
        ],
    ),
    saying(
        "borrow",
        &[
            "[请问](谁|谁家|有人|哪家|哪位|有没有人|哪位邻居|有没有邻居|谁家里|哪位家里|邻居谁)[家|家里]有{item}[吗|么|没] [能|可以|可|能不能|想|可不可以|方便]借[用|来][给][我|我们][用|使|一|下][用|使|一|下][用|下|一下|用用|几天|一天|两天][吗|不]",
            "(谁|谁家|有人|哪家|哪位|有没有人|哪位邻居)[能|可以|可]借[给]我[一|个|下]{item}[用|使][用用|用一下|用下|使使|几天|一天|两天|半天]",
            "[我|我家](想|要|想要|能|可以|来|得)[跟邻居|跟大家]借[用|一下|个|一个]{item}[使使|用用|用一下|用下|用一用|用几天|用两天|用一天|用半天|用一会|用][吗]",
            "(谁|谁家|有人|哪家|哪位|有没有人|哪位邻居)[家]有{item}[能|可以|可|能不能|可不可以]借[给]我{how}",
            "(谁|谁家|有人|哪家|哪位|有没有人|哪位邻居)[家]有{item}[我|我们](想|要|想要|能)借[用|来用]{how}",
            "(anyone got|anybody got|anyone have|anybody have|who's got|does anyone own) [a|an] {item} [that] (i can|i could|i may|to) borrow",
            "(谁|谁家|有人|哪家|哪位|有没有人|哪位邻居|邻居们谁|大家谁)[家]有{item} [能|可以]借[给]我{purpose}",
            "(looking|hoping|wanting) to borrow [a|an|the] {item}",
            "(有|谁有|求借|急借|求){item}(借|借用)[我][用|一][下|用]",
            "(求借|急借|急需|想借|借用|借一下|借下|借个) {item}",
            "借我{item}[用用|用一下|用下]",
            "(需要|急需)借[用|一下]{item}",
            "借{item}",
            "(lend|loan) (me|us) [a|an|the|your|some] {item}",
            "(can|could|may) i borrow [a|an|the|someone's] {item}",
            "(does anyone have|has anyone got|anyone have|who has|does anybody have) [a|an] {item} [i can|that i can|to|i could] (borrow|lend|lend me|use)",
            "i (need|want|would like) to borrow [a|an|the] {item}",
        ],
    ),
    saying(
        "return",
        &[
            "[我|我来|我已经|已经]把{item}(还|归还|还回去|还回来|送还)[了|啦|上]",
            "{item}[我](放回|送回|交回|拿回|还到|放到|送到)[去|来|原处|原位|门卫|物业|门卫室|传达室|活动室|门房]了",
            "{item}[我]已经(放回|送回|交回|拿回|还到|放到|送到)[去|来|原处|原位|门卫|物业|门卫室|传达室|活动室|门房]了",
            "{item}[我|已|已经](用完|用好)了 [我|已|已经](还回来|还回去|归还|还上|还回|还)[了]",
            "{item}[我|已|已经|都](还|归还|还回来|还回去|还上|送回|送回去)了",
            "{item}[已经|已|都](还给|送还|还到|交还){name}[了]",
            "(gave|taken|took|brought) back [the|a|an] {item}",
            "{item}(已还|已归还|归还)",
            "[我][来|要|想|去](还|归还)[一下|下|了]{thing}",
            "[我][已|已经]归还[了]{item}",
            "{item}(用完|用好)[了] (归还|还了|已还|还)[了]",
            "[just] (returning|returned) [the|a|an] {item}",
            "(i've|i have) (returned|brought back|given back|put back) [the|a|an] {item}",
            "[i] (return|returned|am returning|have returned|brought back|giving back|bring back) [the|a|an] {item}",
            "[the] {item} (is back|has been returned|returned)",
        ],
    ),
    saying(
        "report",
        &[
            "[我][要|想](举报|上报|报告|反映|报修|报一个|报个)[一下|一个][隐患|问题|安全隐患|危险] {content}",
            "[我][要|想](上报|报告|反映)[一下|一个] {content}",
            "(有|发现)[个|一个](安全隐患|隐患|危险) {content}",
            "(report|i want to report|i'd like to report) [a|an] [hazard|danger|problem] {content}",
            "(hazard|danger) {content}",
        ],
    ),
    saying(
        "treehole",
        &[
            "[我][想|要](发|写|说|投)[个|一条|一个|到|进](树洞|匿名树洞) {content}",
            "[我][想|要](匿名|悄悄|偷偷)(发|说|讲|写|吐槽)[一条|一下|一句|两句|几句|个|句] {content}",
            "(跟|对|和)树洞(说|讲)[说说话|说话|说|一下|一句|句话] {content}",
            "(post|say|write) [something] anonymously {content}",
            "(anonymous|vent) {content}",
            "树窿 {content}",
            "(post|write|send|say) [this|something] (to|in|into) [the] (tree hole|treehole) {content}",
        ],
    ),
    saying(
        "group",
        &[
            "[我|我们][也](想|要|想要|申请|可以|能)[加入|参加|进|入](加入|参加|进|入){group}",
            "[我|我们][也](加入|参加|进|加){group}[兴趣](组|群|队|社|小组|兴趣组|俱乐部)",
            "(兴趣|兴趣组|小组)_(加入|参加){group}",
            "(拉|加)我(进|入|到){group}",
            "把我(拉进|加进|拉到|加到|拉入|加入|放进){group}",
            "[我|我们][也][想|要|想要|可以|能](进|加进|参加){circle}",
            "(i want to|i'd like to|i would like to|can i|could i|please let me|let me|add me to|i) [join] [the] {group} (group|club|team|choir)",
            "(join|add me to) [the] {group} (group|club|team)",
        ],
    ),
];

/// What somebody shares, borrows or redeems, as it is said without marks around it.
fn item(text: &Phrase) -> String {
    let text = text.written();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '）' | ')'));
    let text =
        ["你好", "您好", "请问", "麻烦"].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text).trim_start();
    [
        "个闲置的",
        "a ",
        "an ",
        "the ",
        "my ",
        "一下",
        "下",
        "个",
        "了",
        "返",
        "部",
        "架",
        "辆",
        "闲置的",
        "多余的",
        "多的",
        "不用的",
    ]
    .iter()
    .find_map(|word| text.strip_prefix(word))
    .unwrap_or(text)
    .trim()
    .to_owned()
}

/// Whoever asks how something is done, does nothing.
const QUESTIONS: &[&str] = &["怎么", "咋", "如何", "没", "吗"];

/// What means it wherever it stands.
pub const CUES: &[Cue] = &[
    Cue {
        key: "check_in",
        rest: "",
        words: &[&["签到", "打卡", "签个到", "打个卡"], &["我", "来", "早", "到了", "@", "了"]],
        without: QUESTIONS,
        takes: Takes::Nothing,
    },
    Cue {
        key: "offer",
        rest: "",
        words: &[
            &[
                "谁要",
                "谁家需要",
                "谁家要",
                "anyone want",
                "who wants",
                "谁需要",
                "谁想要",
                "谁用得上",
                "有需要的",
                "需要的",
                "自取",
                "送人",
                "免费送",
                "giving away",
            ],
            &[
                "闲置",
                "多出",
                "个多的",
                "free",
                "spare",
                "多了",
                "多余",
                "不要了",
                "不用了",
                "用不上",
                "旧",
                "我有",
                "我家有",
                "放门口",
                "送",
                "giving away",
            ],
        ],
        without: &["借我", "活动", "报名", "投票", "心愿", "许愿", "积分", "任务", "怎么", "咋"],
        takes: Takes::Whole,
    },
    Cue {
        key: "report",
        rest: "",
        words: &[PLACES_OF_HAZARDS, HAZARDS],
        without: &[
            "吗",
            "怎么",
            "咋",
            "如何",
            "谁",
            "什么时候",
            "帮我",
            "我家",
            "借",
            "修好",
            "好了",
            "活动",
            "报名",
            "投票",
            "心愿",
            "许愿",
            "积分",
            "任务",
            "提醒",
            "who",
            "when",
            "my ",
            "fixed",
            "wish",
        ],
        takes: Takes::Whole,
    },
];

/// What belongs to everybody and may be a danger to somebody.
const PLACES_OF_HAZARDS: &[&str] = &[
    "电梯",
    "井盖",
    "路灯",
    "楼道",
    "楼梯",
    "消防",
    "通道",
    "天然气",
    "煤气",
    "燃气",
    "路面",
    "地面",
    "门禁",
    "单元门",
    "栏杆",
    "扶手",
    "水管",
    "下水道",
    "墙皮",
    "外墙",
    "电线",
    "高空",
    "电动车",
    "电瓶车",
    "飞线",
    "树枝",
    "台阶",
    "地砖",
    "玻璃",
    "车库",
    "楼顶",
    "围墙",
    "健身器材",
    "滑梯",
    "门口",
    "elevator",
    "lift",
    "manhole",
    "stair",
    "gas",
    "light",
    "railing",
    "fire exit",
    "wire",
];
/// What makes it one.
const HAZARDS: &[&str] = &[
    "坏",
    "停了",
    "又停",
    "松",
    "漏",
    "堵",
    "破",
    "断了",
    "裂",
    "掉下",
    "要掉",
    "快掉",
    "脱落",
    "滑",
    "危险",
    "绊",
    "充电",
    "抛物",
    "冒烟",
    "积水",
    "占了",
    "堆满",
    "味道",
    "味儿",
    "异味",
    "不亮",
    "晃",
    "翘",
    "关不上",
    "打不开",
    "没锁",
    "锈",
    "卡住",
    "异响",
    "漏电",
    "塌",
    "broken",
    "leak",
    "blocked",
    "stuck",
    "loose",
    "dangerous",
    "smell",
    "slippery",
    "not working",
    "doesn't work",
];

/// What is said of any thing, and names none.
const ABOUT_USE: &[&str] = &[
    "可用",
    "能用",
    "都能用",
    "可以用",
    "可借",
    "可以借",
    "用",
    "用一下",
    "用下",
    "用用",
    "谁有",
    "谁家有",
    "有吗",
    "有没有",
    "都行",
    "随时可用",
];

/// What follows these words where they mean something else.
const NO_REQUESTS: &[(&str, &[&str])] = &[
    ("offer", &["消息", "经验", "喜讯", "快乐", "心得", "链接"]),
    ("borrow", &["过借过", "机会", "条件", "口"]),
    ("report", &["纸了", "纸上", "有奖"]),
    ("group", &["我们吧", "我们一起", "进来"]),
];

/// The parts of what is asked for. Nothing can be wrong with it: it isn't done.
pub fn read(said: Said<'_>) -> Read {
    let (mut slots, mut problem) = (Slots::new(), None);
    let captured = |name: &str| said.captures.iter().find(|(of, _)| *of == name).map(|(_, text)| Phrase::new(text));
    let mut put = |name: &str, value: serde_json::Value| {
        let says_something = value.as_str().is_none_or(|text| text.chars().any(char::is_alphanumeric));
        if says_something {
            slots.insert(name.into(), value);
        }
    };
    match said.key {
        "offer" | "borrow" | "return" => {
            let text = captured("item").or_else(|| captured("thing")).unwrap_or_else(|| said.rest.clone());
            let (when, text) = if said.key == "return" { (None, text) } else { parts::take_when(&text, said.now) };
            let (quantity, text) = parts::take_quantity(&text);
            // Folding chairs at lobby: English names a place behind the thing.
            let text = text.reworded(&[(" at ", ", at "), (" in ", ", in ")]).unwrap_or(text);
            let mut fields = parts::fields(&text);
            fields.retain(|field| !ABOUT_USE.contains(&field.as_str()));
            if said.key == "offer"
                && let Some(place) =
                    captured("where").map(|place| place.written()).or_else(|| parts::take_place(&mut fields))
            {
                put("place", place.into());
            }
            let thing = item(&Phrase::new(&fields.join(" ")));
            // 用完了 belongs to giving back.
            let used = |thing: &str| {
                ["用完了", "用好了", "用完", "用好", "不要了", "不用了", "已经", "已"]
                    .iter()
                    .find_map(|used| thing.strip_suffix(used).map(str::to_owned))
            };
            // Lend me a ladder: that is borrowing.
            let is_asked_for = said.key == "offer" && said.rest.strip_word("me").is_some();
            problem = (is_asked_for && said.captures.is_empty()).then_some(NOT_MEANT);
            put("item", used(&thing).unwrap_or(thing).into());
            if let Some(when) = when {
                put("when", when.into());
            }
            if let Some(quantity) = quantity {
                put("qty", quantity.into());
            }
        }
        "redeem" => {
            let text = captured("item").unwrap_or_else(|| said.rest.clone());
            // Redeem 50 points for soap: that is a sentence of its own.
            problem = (said.captures.is_empty() && text.find(" points ").is_some()).then_some(NOT_MEANT);
            let mut fields: Vec<String> = text.written().split_whitespace().map(str::to_owned).collect();
            // 洗头水 1支 80分
            let price = |field: &String| {
                let number = ["积分", "分"].iter().find_map(|unit| field.strip_suffix(unit))?;
                Phrase::new(number).folded().parse::<i64>().ok()
            };
            let priced = fields.iter().position(|field| price(field).is_some());
            if let Some(points) = priced.map(|at| fields.remove(at)).as_ref().and_then(price) {
                put("points", points.into());
            }
            let (quantity, text) = parts::take_quantity(&Phrase::new(&fields.join(" ")));
            put("item", item(&text).into());
            if let Some(quantity) = quantity {
                put("qty", quantity.into());
            }
            if let Some(points) = captured("points").and_then(|points| {
                let points = points.folded();
                points.parse::<i64>().ok().or_else(|| number::chinese(&points))
            }) {
                put("points", points.into());
            }
        }
        "report" => {
            let text = captured("content").unwrap_or_else(|| said.rest.clone());
            let about = ["a hazard", "hazard", "a problem", "a danger"].iter().find_map(|word| text.strip_word(word));
            let text = about.map_or(text, |rest| rest.trimmed());
            let mut fields = parts::fields(&text);
            if let Some(place) = parts::take_place(&mut fields) {
                put("place", place.into());
            }
            put("content", fields.join("，").into());
        }
        "treehole" => put("content", captured("content").unwrap_or_else(|| said.rest.clone()).written().into()),
        "group" => put(
            "group",
            captured("group").or_else(|| captured("circle")).unwrap_or_else(|| said.rest.clone()).written().into(),
        ),
        _ => {}
    }
    let rest = said.rest.folded();
    // 上报纸了, 借过, 加入我们吧, 分享一个好消息 only begin like a command.
    if said.captures.len() < 2
        && NO_REQUESTS.iter().any(|(key, words)| *key == said.key && words.iter().any(|word| rest.contains(word)))
    {
        problem = Some(NOT_MEANT);
    }
    Read { problem, slots, ..Read::default() }
}
