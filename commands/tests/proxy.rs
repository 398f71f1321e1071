//! Conversations about 代 (who may act for whom, what they are told, how it is taken back), about voice messages, and about
//! practice.

mod conversation;

use conversation::{BUILDING_3, COMMUNITY, Conversation, Heard, LI, LIU, Said, ZHANG, private_room};
use lamplighter_commands::{
    house::Outcome,
    incoming::{Message, What},
};
use lamplighter_storage::journal;

/// Captain of building 3 by power.
const WANG: &str = "@wang:example.org";
/// The elder.
const GRANNY: &str = "@granny:example.org";

/// An activity that somebody else organises, and an elder who was seen here.
async fn talk() -> Conversation {
    let mut talk = Conversation::new().await;
    talk.empower(WANG, BUILDING_3, 50);
    talk.names.insert(GRANNY.into(), "王奶奶".into());
    talk.say(GRANNY, BUILDING_3, "！心愿列表").await;
    talk.say(LIU, BUILDING_3, "！活动 合唱 周六晚7点 活动室").await;
    talk
}

async fn mentioning(talk: &mut Conversation, by: &str, text: &str, whom: (&str, &str)) -> Heard {
    let mentions = vec![Conversation::named(whom.0, whom.1)];
    talk.say_message(by, BUILDING_3, Message { text: text.into(), mentions, ..Message::default() }).await
}

fn card(heard: &Heard) -> &str {
    let edit = |said: &&Said| said.kind == "edit" && said.room_id.as_deref() == Some(BUILDING_3);
    heard.said.iter().filter(edit).map(Said::plain).next_back().unwrap_or_else(|| panic!("no card: {heard:#?}"))
}

/// The message by which the elder was told.
fn told_event(heard: &Heard) -> &str {
    let told = |said: &&Said| said.is_post() && said.user_id.as_deref() == Some(GRANNY);
    &heard.said.iter().find(told).unwrap_or_else(|| panic!("she isn't told: {heard:#?}")).event_id
}

#[tokio::test]
async fn a_captain_signs_an_elder_up_who_is_told_and_takes_it_back() {
    let mut talk = talk().await;
    let heard = talk.say(WANG, BUILDING_3, "！代王奶奶 报名 1").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:#?}");
    assert!(card(&heard).contains("王奶奶（代）"), "{heard:#?}");
    let [told] = heard.told(GRANNY)[..] else { panic!("{heard:#?}") };
    assert!(told.contains("wang 代您办了一件事") && told.contains("合唱"), "{told}");
    let trail = talk.say(LIU, BUILDING_3, "！轨迹 1").await;
    assert!(trail.only_post().plain().contains("王奶奶 报名（wang 代）"), "{trail:#?}");
    let on = told_event(&heard).to_owned();
    let undone = talk.tap_privately(GRANNY, &on, "↩️ 撤销").await;
    assert_eq!(undone.outcome, Some(Outcome::Handled), "{undone:#?}");
    assert!(card(&undone).contains("还没有人报名"), "{undone:#?}");
    assert!(undone.told(WANG)[0].contains("王奶奶 把您刚才代办的事撤销了"), "{undone:#?}");
    // A second tap finds nothing, and the chain holds.
    assert_eq!(talk.tap_privately(GRANNY, &on, "↩️").await.outcome, Some(Outcome::Ignored));
    assert!(journal::verify(&talk.storage, COMMUNITY).await.expect("the chain").is_ok());
}

#[tokio::test]
async fn whoever_did_it_takes_it_back_with_their_message() {
    let mut talk = talk().await;
    mentioning(&mut talk, GRANNY, "！帮手 @zhang", (ZHANG, "zhang")).await;
    let heard = mentioning(&mut talk, ZHANG, "！代 @王奶奶 报名 1", (GRANNY, "王奶奶")).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:#?}");
    let gone = talk.untap(ZHANG, BUILDING_3, &heard.event_id).await;
    assert_eq!(gone.outcome, Some(Outcome::Handled), "{gone:#?}");
    assert!(card(&gone).contains("还没有人报名"), "{gone:#?}");
    // Then there is nothing left for her to take back.
    let undo = talk.whisper(GRANNY, "撤销").await;
    assert_eq!(undo.outcome, Some(Outcome::Refused), "{undo:#?}");
}

#[tokio::test]
async fn only_captains_and_helpers_may_and_only_what_may_be_done() {
    let mut talk = talk().await;
    let before = talk.stored().await;
    for (by, text, says) in [
        (ZHANG, "！代王奶奶 报名 1", "要先是 王奶奶 的帮手"),
        (WANG, "！代王奶奶 积分", "本人来"),
        (WANG, "！代王奶奶 报到", "本人来"),
        (WANG, "！代wang 报名 1", "直接发就行"),
        (WANG, "！代赵奶奶 许愿 修灯", "还没见过"),
    ] {
        let heard = talk.say(by, BUILDING_3, text).await;
        assert_eq!(heard.outcome, Some(Outcome::Refused), "{text}: {heard:#?}");
        assert!(heard.only_post().plain().contains(says), "{text}: {heard:#?}");
    }
    let after = talk.stored().await;
    assert_eq!((before.items, before.links), (after.items, after.links));
    // Whoever has no account is signed up under the name of who says it.
    let heard = talk.say(WANG, BUILDING_3, "！代赵奶奶 报名 1").await;
    assert!(card(&heard).contains("赵奶奶（wang代报）"), "{heard:#?}");
}

#[tokio::test]
async fn whoever_wants_nobody_to_act_is_left_alone() {
    let mut talk = talk().await;
    let heard = talk.say(GRANNY, BUILDING_3, "！不要代我").await;
    assert_eq!(heard.posted_in(BUILDING_3), Vec::<&str>::new(), "the room doesn't learn of it");
    let refused = talk.say(WANG, BUILDING_3, "！代王奶奶 报名 1").await;
    assert_eq!(refused.outcome, Some(Outcome::Refused));
    assert_eq!(refused.posted_in(BUILDING_3), Vec::<&str>::new(), "{refused:#?}");
    assert!(refused.told(WANG)[0].contains("想自己来"), "{refused:#?}");
    talk.whisper(GRANNY, "可以代").await;
    assert_eq!(talk.say(WANG, BUILDING_3, "！代王奶奶 报名 1").await.outcome, Some(Outcome::Handled));
}

#[tokio::test]
async fn nobody_stands_on_both_sides_of_a_wish() {
    let mut talk = talk().await;
    let posted = talk.say(WANG, BUILDING_3, "！代王奶奶：许愿 修灯").await;
    assert!(posted.posted_in(BUILDING_3)[0].contains("由别人代 王奶奶 发的"), "{posted:#?}");
    talk.say(WANG, BUILDING_3, "！认领 2").await;
    let confirm = talk.say(WANG, BUILDING_3, "！代王奶奶 确认 2").await;
    assert_eq!(confirm.outcome, Some(Outcome::Refused), "{confirm:#?}");
    assert_eq!(talk.balance(WANG).await, 0);
    // Points are paid by a thank-you that can't be taken back: nobody gives it for her.
    talk.say(WANG, BUILDING_3, "！放弃 2").await;
    talk.say(ZHANG, BUILDING_3, "！认领 2").await;
    assert_eq!(talk.say(WANG, BUILDING_3, "！代王奶奶 确认 2").await.outcome, Some(Outcome::Refused));
    assert_eq!(talk.balance(ZHANG).await, 0);
    talk.say(GRANNY, BUILDING_3, "！确认 2").await;
    assert_eq!(talk.balance(ZHANG).await, 10);
}

#[tokio::test]
async fn in_private_the_answer_goes_to_whoever_speaks() {
    let mut talk = talk().await;
    let heard = talk.whisper(WANG, "代王奶奶 报名 9").await;
    assert_eq!(heard.told(GRANNY), Vec::<&str>::new(), "{heard:#?}");
    assert!(heard.told(WANG)[0].contains('9'), "{heard:#?}");
    let heard = talk.whisper(WANG, "代王奶奶 报名 1").await;
    assert_eq!(heard.told(GRANNY).len(), 1, "{heard:#?}");
}

#[tokio::test]
async fn a_helper_is_told_and_ends_with_a_word() {
    let mut talk = talk().await;
    let heard = mentioning(&mut talk, GRANNY, "！帮手 @zhang", (ZHANG, "zhang")).await;
    assert!(heard.told(ZHANG)[0].contains("您是 王奶奶 的帮手了"), "{heard:#?}");
    assert_eq!(heard.posted_in(BUILDING_3), Vec::<&str>::new(), "it is nobody else's business");
    assert!(talk.whisper(GRANNY, "谁是我的帮手").await.told(GRANNY)[0].contains("zhang"));
    // A helper doesn't choose other helpers; a captain may, and she is told.
    let other = mentioning(&mut talk, ZHANG, "！代王奶奶 帮手 @liu", (LIU, "liu")).await;
    assert_eq!(other.outcome, Some(Outcome::Refused), "{other:#?}");
    assert_eq!(talk.whisper(GRANNY, "取消帮手 zhang").await.outcome, Some(Outcome::Handled));
    let refused = talk.say(ZHANG, BUILDING_3, "！代王奶奶 报名 1").await;
    assert_eq!(refused.outcome, Some(Outcome::Refused), "{refused:#?}");
}

#[tokio::test]
async fn who_is_mentioned_in_what_is_said_is_not_whom_it_is_for() {
    let mut talk = talk().await;
    let heard = mentioning(&mut talk, WANG, "！代王奶奶 许愿 谢谢 @zhang 修好了灯", (ZHANG, "zhang")).await;
    assert_eq!((heard.told(GRANNY).len(), heard.told(ZHANG).len()), (1, 0), "{heard:#?}");
}

#[tokio::test]
async fn helpers_and_a_no_are_as_before_when_the_message_is_taken_back() {
    let mut talk = talk().await;
    let no = talk.say(GRANNY, BUILDING_3, "！不要代我").await;
    let gone = talk.untap(GRANNY, BUILDING_3, &no.event_id).await;
    assert!(gone.told(GRANNY)[0].contains("还可以代您"), "{gone:#?}");
    assert_eq!(gone.posted_in(BUILDING_3), Vec::<&str>::new(), "the room never knew");
    assert_eq!(talk.say(WANG, BUILDING_3, "！代王奶奶 报名 1").await.outcome, Some(Outcome::Handled));
    let named = mentioning(&mut talk, GRANNY, "！帮手 @zhang", (ZHANG, "zhang")).await;
    talk.untap(GRANNY, BUILDING_3, &named.event_id).await;
    assert_eq!(talk.say(ZHANG, BUILDING_3, "！代王奶奶 退出 1").await.outcome, Some(Outcome::Refused));
    // What nobody did for anybody can't be undone, and says so.
    assert_eq!(talk.whisper(LIU, "撤销").await.outcome, Some(Outcome::Refused));
}

#[tokio::test]
async fn whoever_asks_how_it_is_done_is_told() {
    let mut talk = talk().await;
    for text in ["！帮助 代", "！help for"] {
        let heard = talk.say(WANG, BUILDING_3, text).await;
        assert!(heard.only_post().plain().contains("代王奶奶 报名 5"), "{text}: {heard:#?}");
    }
    let heard = talk.say(WANG, BUILDING_3, "！代").await;
    assert!(heard.only_post().plain().contains("要代谁办什么"), "{heard:#?}");
}

#[tokio::test]
async fn two_of_one_name_are_told_apart_by_a_digit() {
    let mut talk = talk().await;
    talk.names.insert(LI.into(), "王奶奶".into());
    talk.say(LI, BUILDING_3, "！心愿列表").await;
    let asked = talk.say(WANG, BUILDING_3, "！代王奶奶 报名 1").await;
    assert!(asked.only_post().plain().contains("是哪位"), "{asked:#?}");
    let heard = talk.say(WANG, BUILDING_3, "1").await;
    assert_eq!((heard.outcome, heard.told(GRANNY).len()), (Some(Outcome::Handled), 1), "{heard:#?}");
}

#[tokio::test]
async fn a_voice_message_that_speaks_to_nobody_is_left_alone() {
    let mut talk = talk().await;
    let voice = Message { voice: true, ..Message::default() };
    let heard = talk.say_message(LI, BUILDING_3, voice).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
    assert_eq!(talk.due(talk.now_ms + 24 * 3_600_000).await.iter().flat_map(|heard| heard.told(WANG)).count(), 0);
}

#[tokio::test]
async fn captains_learn_of_voice_messages_once_an_evening() {
    let mut talk = talk().await;
    let voice = || Message { voice: true, ..Message::default() };
    // Monday, six in the evening: the window opens at half past.
    for by in [LI, GRANNY, GRANNY] {
        let heard = talk.give_privately(by, &[BUILDING_3], What::Message(voice())).await;
        assert!(heard.only_post().plain().contains("听不懂语音"), "{heard:#?}");
    }
    let evening = talk.due(talk.now_ms + 3_600_000).await;
    let told: Vec<&str> = evening.iter().flat_map(|heard| heard.told(WANG)).collect();
    let [told] = told[..] else { panic!("not one line: {evening:#?}") };
    let named =
        |name: &str| told.lines().filter(|line| !line.contains("代办")).map(|line| line.matches(name).count()).sum();
    let (li, granny): (usize, usize) = (named("li"), named("王奶奶"));
    assert_eq!((li, granny), (1, 1), "{told}");
    // Another one the same evening waits for the next.
    let mention = Message { mentions_bot: true, ..voice() };
    assert_eq!(talk.say_message(ZHANG, BUILDING_3, mention).await.outcome, Some(Outcome::Handled));
    let tonight = talk.due(talk.now_ms + 3 * 3_600_000).await;
    assert_eq!(tonight.iter().flat_map(|heard| heard.told(WANG)).count(), 0, "{tonight:#?}");
    let tomorrow = talk.due(talk.now_ms + 24 * 3_600_000).await;
    let told: Vec<&str> = tomorrow.iter().flat_map(|heard| heard.told(WANG)).collect();
    assert!(matches!(told[..], [told] if told.contains("zhang")), "{told:?}");
}

#[tokio::test]
async fn practice_touches_nothing_real() {
    let mut talk = talk().await;
    let started = talk.whisper(LI, "教我").await;
    assert!(started.only_post().plain().contains("怎么按都不会出错"), "{started:#?}");
    let before = lamplighter_storage::dump::tables(&talk.storage).await.expect("the tables");
    for (text, says) in
        [("今天天气真好", "许愿"), ("许愿 修楼道灯", "认领"), ("认领 1", "报名"), ("跳过", "投"), ("投 3 1", "学会")]
    {
        let heard = talk.whisper(LI, text).await;
        assert!(heard.only_post().plain().contains(says), "{text}: {heard:#?}");
        assert_eq!(heard.posted_in(BUILDING_3), Vec::<&str>::new());
    }
    let after = lamplighter_storage::dump::tables(&talk.storage).await.expect("the tables");
    for (table, rows) in &before {
        // What is heard and said is noted for any message; practice has its own row.
        if !["inbox", "outbox", "bucket", "practice"].contains(&table.as_str()) {
            assert_eq!(Some(rows), after.get(table), "{table}");
        }
    }
    // Now it is real again.
    assert_eq!(talk.whisper(LI, "许愿 修楼道灯").await.posted_in(BUILDING_3).len(), 1);
}

#[tokio::test]
async fn practice_ends_by_a_word_and_by_itself() {
    let mut talk = talk().await;
    let started = talk.say(LI, BUILDING_3, "！教我").await;
    assert_eq!((started.posted_in(BUILDING_3).len(), started.told(LI).len()), (0, 1), "{started:#?}");
    assert!(talk.whisper(LI, "算了").await.only_post().plain().contains("练到这儿"));
    assert_eq!(talk.whisper(LI, "许愿 修灯").await.posted_in(BUILDING_3).len(), 1);
    talk.whisper(LI, "教我").await;
    talk.now_ms += 31 * 60_000;
    // After half an hour it would be real, which whoever comes back to it doesn't know.
    let heard = talk.whisper(LI, "许愿 修门").await;
    assert!(heard.posted_in(BUILDING_3).is_empty() && heard.only_post().plain().contains("练习早就停了"), "{heard:?}");
    assert_eq!(talk.whisper(LI, "1").await.posted_in(BUILDING_3).len(), 1);
    assert_eq!(talk.whisper(LI, "许愿 修窗").await.posted_in(BUILDING_3).len(), 1);
    let place = talk.in_private(LI, &[]);
    let incoming = talk.incoming(LI, place, &private_room(LI), What::Message(Message::default()));
    talk.give(incoming).await;
}

/// What says a name of somebody who has never spoken here, in a room where they are.
async fn naming(talk: &mut Conversation, by: &str, text: &str, whom: (&str, &str)) -> Heard {
    let neighbours = vec![Conversation::named(whom.0, whom.1)];
    talk.say_message(by, BUILDING_3, Message { text: text.into(), neighbours, ..Message::default() }).await
}

#[tokio::test]
async fn whoever_never_spoke_is_a_neighbour_all_the_same() {
    const GRANDPA: (&str, &str) = ("@grandpa:example.org", "周爷爷");
    let mut talk = talk().await;
    talk.names.insert(GRANDPA.0.into(), GRANDPA.1.into());
    let heard = naming(&mut talk, WANG, "！代周爷爷 报名 1", GRANDPA).await;
    assert!(card(&heard).contains("周爷爷（代）"), "{heard:#?}");
    assert!(heard.told(GRANDPA.0)[0].contains("wang 代您办了一件事"), "{heard:#?}");
    // Nobody puts him on the list a second time, by whatever words.
    for (by, text) in [(LI, "！代报名 周爷爷 1"), (WANG, "！帮周爷爷报名 1"), (LI, "！报名 1 周爷爷")]
    {
        let again = naming(&mut talk, by, text, GRANDPA).await;
        assert_eq!(again.outcome, Some(Outcome::Refused), "{text}: {again:#?}");
        assert!(again.only_post().plain().contains("已经在活动 1 的名单上了"), "{text}: {again:#?}");
    }
    assert!(card(&talk.whisper(GRANDPA.0, "退出 1").await).contains("还没有人报名"));
    // A neighbour who is no helper puts the name there, and he takes it away.
    let listed = naming(&mut talk, LI, "！代报名 周爷爷 1", GRANDPA).await;
    assert!(card(&listed).contains("周爷爷（li代报）"), "{listed:#?}");
    assert!(listed.told(GRANDPA.0)[0].contains("li 代您办了一件事"), "{listed:#?}");
    let undone = talk.whisper(GRANDPA.0, "撤销").await;
    assert!(card(&undone).contains("还没有人报名") && undone.told(LI)[0].contains("撤销了"), "{undone:#?}");
    assert!(journal::verify(&talk.storage, COMMUNITY).await.expect("the chain").is_ok());
    talk.whisper(GRANDPA.0, "不要代我").await;
    for (by, text) in [(LI, "！代报名 周爷爷 1"), (WANG, "！代报名 周爷爷 1"), (WANG, "！代周爷爷 报名 1")]
    {
        let refused = naming(&mut talk, by, text, GRANDPA).await;
        assert_eq!(refused.outcome, Some(Outcome::Refused), "{text}: {refused:#?}");
        assert!(refused.told(by)[0].contains("想自己来"), "{text}: {refused:#?}");
    }
}

#[tokio::test]
async fn an_undo_that_fails_is_not_shown_as_done() {
    let mut talk = talk().await;
    let heard = talk.say(WANG, BUILDING_3, "！代王奶奶 报名 1").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled));
    talk.now_ms += 7 * 24 * 60 * 60 * 1000;
    let late = talk.whisper(GRANNY, "撤销").await;
    assert_eq!(late.outcome, Some(Outcome::Refused), "{late:#?}");
    assert!(late.said.iter().all(|said| !said.plain().contains("收回了")), "{late:#?}");
}

#[tokio::test]
async fn whoever_answers_by_digits_undoes_the_deed_of_that_message_also_in_english() {
    let mut talk = talk().await;
    talk.whisper(GRANNY, "语言 英文").await;
    talk.whisper(GRANNY, "elder mode").await;
    let first = talk.say(WANG, BUILDING_3, "！代王奶奶 许愿 修灯泡").await;
    let second = talk.say(WANG, BUILDING_3, "！代王奶奶 报名 1").await;
    let digit = |heard: &Heard| -> String {
        let told = heard.told(GRANNY)[0].to_owned();
        let line = told.lines().find(|line| line.starts_with("Not what you want?")).expect("how to undo it");
        line.chars().filter(char::is_ascii_digit).collect()
    };
    let (first, second) = (digit(&first), digit(&second));
    assert!(!first.is_empty() && first != second, "{first} {second}");
    let undone = talk.whisper(GRANNY, &first).await;
    assert!(card(&undone).contains("已撤回"), "{undone:#?}");
    let undone = talk.whisper(GRANNY, &second).await;
    assert!(card(&undone).contains("还没有人报名"), "{undone:#?}");
}
