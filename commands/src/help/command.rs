//! What residents type for help.

use crate::feature::{After, Bare, InHelp, NOT_MEANT, Read, Role, Said, Saying, Scope, Slots, Word};

/// All words.
pub const WORDS: &[Word] = &[Word {
    key: "help",
    zh: &["帮助", "怎么用"],
    en: &["help"],
    after: After::Nothing,
    role: Role::Resident,
    scope: Scope::Anywhere,
    bare: Bare::No,
    in_help: InHelp::No,
}];

/// What else is asked. A topic is a command word.
pub const SAYINGS: &[Saying] = &[
    Saying {
        key: "help",
        rest: "",
        bare: false,
        sentences: &[
            "{topic}[这个|功能|命令|的话][该|要|到底|得|是](怎么|咋|咋个|如何|怎样|怎么样|点样)[弄|用|做|办|搞|打|报|写|发|操作|使|投|取消|查|看|搞法|弄法|填|借|还|换|退|参加][的|法][呢|啊]",
            "[这个|那个](怎么|咋|咋个|如何|怎样|点样)[才|样|才能|去|来|发|发起|用|使用|弄|能|进行|查|看]{topic}",
            "[我][想|要](怎么|咋|如何|怎样){topic}[参加|去|一个|一下|这个][活动|心愿|投票]",
            "{topic}[这个|功能][是|到底是](什么|啥|咩)[意思|东西|玩意|功能|用]",
            "{topic}[这个|功能][是|到底是](干嘛|干什么|做什么|干啥|做啥|咋回事|怎么回事)[的|用的]",
            "{topic}(有什么用|有啥用|有什么规则|规则|的规则|教程|说明|的用法|用法)",
            "(教|教教)[一下|下]我[怎么|咋|如何|怎样][用|发]{topic}",
            "{topic}[到底|该|要](怎么|咋|如何|怎样){how}",
            "(介绍|说说|讲讲|解释)[一下|下]{topic}",
            "{topic}[池|树|墙|台|处|点|入口|按钮|的地方|的入口](在|去|到)(哪|哪里|哪儿|什么地方|哪个地方)[啊|找|弄|点|看|按|填]",
            "{topic}[的](格式|规则|流程|步骤|方法|规矩)[是](什么|怎样|怎么样|啥)",
            "(帮助|说明) {topic}",
            "how (do|can|to|does|should) [i|we|you|one] [use|make|get|do|the|a|post a|post|start a|start|create a|create an|create|sign up for] {topic} [work]",
            "[我](不会|不知道怎么|不懂怎么|不晓得怎么)[发|发起]{topic}",
            "(what is|what's|what does) [a|the] {topic} [mean|do|for]",
            "(help|help me|help with) [with] {topic}",
            "explain {topic}",
        ],
    },
    Saying {
        key: "help",
        rest: "",
        bare: false,
        sentences: &[
            "你[都](会|能)[干|做|帮我做|帮忙做|帮][些](什么|啥|哪些|嘛)[事|事情|忙]",
            "你(会|能)(什么|啥|哪些)",
            "(使用|操作|功能)(说明|方法|指南|介绍|手册|帮助|列表)",
            "(说明书|菜单|命令列表|命令|功能|指令|教程)",
            "[这个|你|这东西|机器人|掌灯你|掌灯|这个机器人|这机器人|这玩意|这软件][要|该|到底](怎么|咋|如何|怎样|点样)(用|使|弄|玩|使用|操作)[的|法]",
            "[我]不会(用|弄|使) [教教我|教我|教教|教一下|怎么办]",
            "what (commands|features) (are there|do you have|can i use)",
            "[你|你们][都]有(什么|哪些|啥)(功能|命令|指令|用处|本事)",
            "(功能|命令|指令)[都](有哪些|有什么|有啥|是哪些)",
            "(看|看看|查看|打开)[一下](帮助|说明|菜单|功能)",
            "[有][什么|哪些](功能|命令|指令)",
            "(what can you do|how does this work|how do i use (this|it|you)|how to use [this|it|you]|commands|menu|usage|instructions)",
        ],
    },
];

/// What is asked about.
pub fn read(said: Said<'_>) -> Read {
    let mut slots = Slots::new();
    let topic = said.captures.iter().find(|(name, _)| *name == "topic").map(|(_, topic)| topic.clone());
    let topic = topic.or_else(|| crate::feature::find(said.rest).map(|_| said.rest.written()));
    if let Some(topic) = topic {
        slots.insert("topic".into(), topic.into());
    }
    // Help with wish 7 isn't asked of the bot.
    let is_of_an_item = said.captures.is_empty() && said.rest.chars().iter().any(char::is_ascii_digit);
    Read { problem: is_of_an_item.then_some(NOT_MEANT), slots, ..Read::default() }
}
