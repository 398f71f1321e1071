//! Every flow of 'A wish comes true' and 'The whole evening' takes a resident two messages or taps at most. The table names
//! each flow and lists them; they are played.

mod conversation;

use conversation::{BUILDING_3, Conversation, Heard, LI, STEWARD, ZHANG};

/// More than this nobody wants to do for one thing.
const STEPS_MAX: usize = 2;

/// What a resident does.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Says something in the building's room.
    Say(&'static str),
    /// Says something privately.
    Whisper(&'static str),
    /// Taps the card of this kind and number, wherever it stands.
    Tap(&'static str, i64, &'static str),
    /// Takes the last tap back.
    Untap,
    /// Answers the native poll of this number.
    Answer(i64, i64),
    /// Does nothing for a while; what falls due happens.
    Later,
    /// Sends the digit before this line of the last private message.
    Digit(&'static str),
}

use Step::{Answer, Digit, Later, Say, Tap, Untap, Whisper};

/// How a thing is done.
struct Flow {
    name: &'static str,
    /// The resident wants large letters and answers by digits.
    elder: bool,
    /// What happened before: who, and what.
    before: &'static [(&'static str, Step)],
    /// What the resident does.
    steps: &'static [Step],
    /// What somebody is shown in the end.
    shown: &'static str,
}

const fn flow(
    name: &'static str,
    before: &'static [(&'static str, Step)],
    steps: &'static [Step],
    shown: &'static str,
) -> Flow {
    Flow { name, elder: false, before, steps, shown }
}

const fn elder(
    name: &'static str,
    before: &'static [(&'static str, Step)],
    steps: &'static [Step],
    shown: &'static str,
) -> Flow {
    Flow { name, elder: true, before, steps, shown }
}

const WISH: (&str, Step) = (ZHANG, Say("！许愿 修灯"));
const MY_WISH: (&str, Step) = (LI, Say("！许愿 修灯"));
const ACTIVITY: (&str, Step) = (STEWARD, Say("！活动 合唱 周六晚7点 活动室"));
const POLL: (&str, Step) = (STEWARD, Say("！投票 要不要装电梯？ 要 / 不要"));
const TASK: &[(&str, Step)] = &[
    (LI, Whisper("报到")),
    (STEWARD, Tap("check_in_request", 1, "✅ 同意")),
    (STEWARD, Say("！任务 党员 周六上午清楼道 2人")),
    (STEWARD, Later),
];

#[rustfmt::skip] // a table
const FLOWS: &[Flow] = &[
    flow("post a wish", &[], &[Say("！许愿 修灯")], "心愿 1：修灯"),
    flow("post a wish, asked what", &[], &[Say("！许愿"), Say("修灯")], "心愿 1：修灯"),
    flow("claim by tap", &[WISH], &[Tap("wish", 1, "✋")], "li 来帮忙"),
    flow("claim by word", &[WISH], &[Say("！认领")], "li 来帮忙"),
    flow("give up", &[WISH, (LI, Tap("wish", 1, "✋"))], &[Whisper("放弃")], "想请邻居搭把手"),
    flow("give up by tap", &[WISH], &[Tap("wish", 1, "✋"), Untap], "想请邻居搭把手"),
    flow("done", &[WISH, (LI, Tap("wish", 1, "✋"))], &[Tap("wish", 1, "✅")], "li 说办好了"),
    flow("confirm", &[MY_WISH, (ZHANG, Tap("wish", 1, "✋"))], &[Tap("wish", 1, "🙏")], "谢谢 zhang"),
    flow("take a wish back", &[MY_WISH], &[Say("！撤回")], "li 已撤回"),
    flow("stand by", &[WISH, (STEWARD, Tap("wish", 1, "✋"))], &[Tap("wish", 1, "✋")], "您是心愿 1 的候补"),
    flow("take a stand-by's offer", &[WISH, (STEWARD, Tap("wish", 1, "✋")), (LI, Tap("wish", 1, "✋")), (STEWARD, Say("！放弃 1"))], &[Tap("wish_offer", 1, "✅")], "li 来帮忙"),
    flow("announce an activity", &[], &[Say("！活动 下棋 周六晚7点 活动室")], "活动 1：下棋"),
    flow("announce, asked when", &[], &[Say("！活动 下棋"), Say("周六晚7点")], "活动 1：下棋"),
    flow("sign up by tap", &[ACTIVITY], &[Tap("activity", 1, "✅")], "已报 1 人：li"),
    flow("sign up by word", &[ACTIVITY], &[Say("报名")], "已报 1 人：li"),
    flow("+1", &[ACTIVITY], &[Say("+1")], "已报 1 人：li"),
    flow("bring one more", &[ACTIVITY], &[Say("报名 +1")], "li（2人）"),
    flow("sign up a neighbour", &[ACTIVITY], &[Say("！代报名 王奶奶")], "王奶奶（li代报）"),
    flow("leave by tap", &[ACTIVITY], &[Tap("activity", 1, "✅"), Untap], "还没有人报名"),
    flow("leave by word", &[ACTIVITY, (LI, Say("报名"))], &[Say("退出")], "还没有人报名"),
    flow("see who comes", &[ACTIVITY, (ZHANG, Say("报名"))], &[Say("！名单")], "zhang"),
    flow("answer a poll by tap", &[POLL], &[Answer(1, 2)], "已投 1 人"),
    flow("answer a poll by word", &[POLL], &[Say("！投 2")], "已投 1 人"),
    flow("accept a task", TASK, &[Tap("task", 1, "✅")], "您接下了"),
    flow("decline a task", TASK, &[Tap("task", 1, "❌")], "这次不麻烦您"),
    flow("check in", &[], &[Whisper("报到")], "收到您的报到"),
    flow("be reminded", &[], &[Say("！提醒我 周六晚6点 合唱")], "记下了"),
    flow("be reminded, asked when", &[], &[Say("！提醒我 合唱"), Say("周六晚6点")], "记下了"),
    flow("be left undisturbed", &[], &[Say("！免打扰")], "我不再主动打扰您"),
    flow("points", &[], &[Say("！积分")], "爱心银行有"),
    flow("turn large letters on", &[], &[Say("！长辈模式")], "回一个数字就行"),

    elder("post a wish", &[], &[Whisper("家里的灯坏了"), Digit("请邻居帮忙")], "心愿 1：家里的灯坏了"),
    elder("claim", &[WISH], &[Whisper("0"), Digit("我来帮")], "您接下了"),
    elder("give up", &[WISH, (LI, Tap("wish", 1, "✋"))], &[Whisper("0"), Digit("帮不了")], "好了：放弃"),
    elder("done", &[WISH, (LI, Tap("wish", 1, "✋"))], &[Whisper("0"), Digit("办好了")], "好了：完成"),
    elder("confirm", &[MY_WISH, (ZHANG, Tap("wish", 1, "✋"))], &[Digit("办好了")], "谢谢 zhang"),
    elder("confirm days later", &[MY_WISH, (ZHANG, Tap("wish", 1, "✋"))], &[Whisper("0"), Digit("帮我办好了")], "谢谢 zhang"),
    elder("take a wish back", &[MY_WISH], &[Whisper("0"), Digit("不用帮了")], "好了：撤回"),
    elder("take a stand-by's offer", &[WISH, (STEWARD, Tap("wish", 1, "✋")), (LI, Tap("wish", 1, "✋")), (STEWARD, Say("！放弃 1"))], &[Whisper("0"), Digit("我能来")], "您接下了"),
    elder("sign up", &[ACTIVITY], &[Whisper("0"), Digit("报名：合唱")], "好了：报名，合唱"),
    elder("bring one more", &[ACTIVITY, (LI, Tap("activity", 1, "✅"))], &[Whisper("0"), Digit("多带一个人")], "li（2人）"),
    elder("leave", &[ACTIVITY, (LI, Tap("activity", 1, "✅"))], &[Whisper("0"), Digit("不去了")], "好了：退出，合唱"),
    elder("see who comes", &[ACTIVITY, (ZHANG, Say("报名"))], &[Whisper("0"), Digit("看都有谁去")], "zhang"),
    elder("be reminded of an activity", &[ACTIVITY, (LI, Tap("activity", 1, "✅"))], &[Whisper("0"), Digit("提前一小时提醒我")], "18:00 提醒您"),
    elder("answer a poll", &[POLL], &[Whisper("投票"), Digit("2 不要")], "投好了：不要"),
    elder("answer a poll by tap", &[POLL], &[Answer(1, 1)], "已投 1 人"),
    elder("accept a task", TASK, &[Whisper("0"), Digit("我能来")], "您接下了"),
    elder("decline a task", TASK, &[Whisper("0"), Digit("来不了")], "这次不麻烦您"),
    elder("check in", &[], &[Whisper("0"), Digit("党员报到")], "收到您的报到"),
    elder("points", &[], &[Whisper("0"), Digit("积分")], "爱心银行有"),
];

/// The message of a card, and whether it stands in the private chat of this person.
async fn card(talk: &Conversation, by: &str, kind: &str, number: i64) -> (String, bool) {
    let mut found = None;
    for (card, event_id) in talk.cards(kind, number).await {
        let mine = match card.person_id {
            Some(person_id) => talk.person(person_id).await.user_id == by,
            None => true,
        };
        if mine {
            found = Some((event_id, card.room_id.is_none()));
        }
    }
    found.unwrap_or_else(|| panic!("no card {kind} {number} for {by}"))
}

/// What is remembered from step to step.
#[derive(Default)]
struct Memory {
    /// What the resident was told last.
    told: String,
    /// What they tapped last.
    tapped: String,
}

async fn play(talk: &mut Conversation, memory: &mut Memory, by: &str, step: Step) -> Option<Heard> {
    let heard = match step {
        Later => {
            talk.due(talk.now_ms + 60 * 60 * 1000).await;
            return None;
        }
        Say(text) => talk.say(by, BUILDING_3, text).await,
        Whisper(text) => talk.whisper(by, text).await,
        Tap(kind, number, key) => match card(talk, by, kind, number).await {
            (on, true) => talk.tap_privately(by, &on, key).await,
            (on, false) => talk.tap(by, BUILDING_3, &on, key).await,
        },
        Untap => {
            let of = memory.tapped.clone();
            talk.untap(by, BUILDING_3, &of).await
        }
        Answer(number, option) => {
            let (on, _) = card(talk, by, "poll_native", number).await;
            talk.answer_poll(by, BUILDING_3, &on, &[option]).await
        }
        Digit(line) => {
            let digit = digit(&memory.told, line);
            talk.whisper(by, &digit).await
        }
    };
    if let Tap(..) = step {
        memory.tapped = heard.event_id.clone();
    }
    if let Some(told) = heard.told(LI).last() {
        memory.told = (*told).to_owned();
    }
    Some(heard)
}

/// The digit that stands before a line, or that a sentence names.
#[track_caller]
fn digit(told: &str, line: &str) -> String {
    let found = told.lines().find(|one| one.contains(line)).unwrap_or_else(|| panic!("no {line} in {told}"));
    let after = found.split_once("发 ").map_or(found, |(_, after)| after);
    let digit: String = after.chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(digit.len(), 1, "no digit for {line} in {told}");
    digit
}

#[tokio::test]
async fn nobody_does_more_than_two_things_for_one() {
    for flow in FLOWS {
        let name = format!("{}{}", flow.name, if flow.elder { ", by digits" } else { "" });
        assert!((1..=STEPS_MAX).contains(&flow.steps.len()), "{name}: {:?}", flow.steps);
        let mut talk = Conversation::new().await;
        let mut memory = Memory::default();
        if flow.elder {
            talk.whisper(LI, "长辈模式").await;
        }
        for (by, step) in flow.before {
            // So long ago that nothing is being answered.
            talk.now_ms += 11 * 60 * 1000;
            play(&mut talk, &mut memory, by, *step).await;
        }
        let mut heard = None;
        for step in flow.steps {
            heard = play(&mut talk, &mut memory, LI, *step).await;
        }
        let heard = heard.expect("at least one step");
        let shown: Vec<&str> = heard.said.iter().map(|said| said.plain()).collect();
        assert!(shown.iter().any(|text| text.contains(flow.shown)), "{name}: {:?} isn't in {shown:#?}", flow.shown);
    }
}

/// Whoever answers by digits is never asked to type a command.
#[test]
fn elders_type_digits_and_their_own_words_only() {
    for flow in FLOWS.iter().filter(|flow| flow.elder) {
        for step in flow.steps {
            let typed = match step {
                Say(text) | Whisper(text) => text,
                Tap(..) | Untap | Answer(..) | Later | Digit(_) => continue,
            };
            assert!(
                !typed.starts_with('！') && ["0", "投票", "家里的灯坏了"].contains(typed),
                "{}: {typed}",
                flow.name
            );
        }
    }
}
