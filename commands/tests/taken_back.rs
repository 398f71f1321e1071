//! Conversations about what is taken back and what is edited: a command is undone while that is possible, by its author or a
//! captain, and its words go; an edit never runs anything; a card that is taken away ends or stands there anew.

mod conversation;

use std::path::PathBuf;

use conversation::{BUILDING_3, Conversation, Heard, LI, LIU, STEWARD, ZHANG};
use lamplighter_commands::{
    feature,
    house::Outcome,
    incoming::{Incoming, Message, What},
};
use lamplighter_storage::{Location, Storage};

/// Captain of building 3 by power.
const WANG: &str = "@wang:example.org";
const CHEN: &str = "@chen:example.org";

async fn talk() -> Conversation {
    let mut talk = Conversation::new().await;
    talk.empower(WANG, BUILDING_3, 50);
    talk
}

/// The same in a file.
async fn talk_in(folder: &tempfile::TempDir) -> (Conversation, PathBuf) {
    let path = folder.path().join("lamplighter.db");
    let mut talk = Conversation::new_on(Storage::open(Location::File(&path)).await.expect("a database")).await;
    talk.empower(WANG, BUILDING_3, 50);
    (talk, path)
}

/// Somebody says something that is handled, and takes it back.
async fn say_and_redact(talk: &mut Conversation, by: &str, text: &str) -> Heard {
    let said = talk.say(by, BUILDING_3, text).await;
    assert_eq!(said.outcome, Some(Outcome::Handled), "{text}: {said:?}");
    talk.untap(by, BUILDING_3, &said.event_id).await
}

fn edit(talk: &mut Conversation, by: &str, of: &str, text: &str) -> Incoming {
    let message = Message { text: text.into(), ..Message::default() };
    let what = What::Edit { of: of.into(), message };
    talk.incoming(by, Conversation::in_room(BUILDING_3), BUILDING_3, what)
}

/// The last version of a card in what was said.
fn shown<'a>(heard: &'a Heard, about: &str) -> &'a str {
    heard
        .said
        .iter()
        .filter(|said| said.kind == "edit" && said.about.as_deref() == Some(about))
        .map(conversation::Said::plain)
        .next_back()
        .unwrap_or_else(|| panic!("{about} isn't edited: {heard:#?}"))
}

async fn card_of(talk: &Conversation, kind: &str, number: i64) -> String {
    talk.cards(kind, number).await.pop().expect("a card").1
}

/// Every word, and what becomes of it when its message is taken back: it is undone where that is possible, or it is said
/// what to do instead, or it only answered and nothing is said. A new word must decide.
const DECIDED: &[(&str, &[&str], &[&str])] = &[
    (
        "wish",
        &["post", "wish", "claim", "release", "finish", "confirm", "withdraw", "accept", "decline"],
        &["list", "mine"],
    ),
    (
        "activity",
        &["post", "join", "chain", "paste", "plus", "join_for", "leave", "cancel", "move"],
        &["list", "roster"],
    ),
    ("poll", &["start", "vote", "close", "allow"], &[]),
    ("reminder", &["remind", "remind_all", "cancel"], &["list"]),
    ("quiet", &["quiet", "lift"], &[]),
    ("elder", &["elder"], &[]),
    ("tongue", &["language"], &[]),
    ("party", &["check_in", "check_out"], &[]),
    ("task", &["post", "now", "cancel"], &[]),
    ("points", &["enter", "withdraw"], &["balance", "history", "ranking"]),
    // What was taken back for somebody stays so.
    ("proxy", &["act", "helper", "end_helper", "forbid", "allow"], &["helpers", "undo"]),
    ("trail", &[], &["trail"]),
    // What was asked for there isn't remembered: the question is answered anew each time.
    ("privacy", &[], &["data", "forget"]),
    ("room", &["bind", "yes", "no", "appoint", "dismiss"], &[]),
    ("practice", &[], &["teach"]),
    ("help", &[], &["help"]),
    ("planned", &[], &["check_in", "offer", "borrow", "return", "report", "treehole", "redeem", "group"]),
];

#[test]
fn every_word_has_decided_what_becomes_of_it() {
    let mut decided: Vec<(&str, &str)> = Vec::new();
    for (feature, acts, answers) in DECIDED {
        decided.extend(acts.iter().chain(*answers).map(|key| (*feature, *key)));
    }
    let mut words: Vec<(&str, &str)> = feature::words().map(|(feature, word)| (feature.name, word.key)).collect();
    decided.sort_unstable();
    words.sort_unstable();
    words.dedup();
    assert_eq!(decided, words);
}

// ── Wishes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn a_wish_that_is_taken_back_is_withdrawn_and_its_words_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut talk, path) = talk_in(&folder).await;
    let posted = talk.say(LI, BUILDING_3, "！许愿 通下水道").await;
    let card = card_of(&talk, "wish", 1).await;
    talk.tap(ZHANG, BUILDING_3, &card, "✋").await;
    assert!(Conversation::holds(&path, "通下水道").await.is_some());
    let heard = talk.untap(LI, BUILDING_3, &posted.event_id).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled));
    let [line] = heard.posted_in(BUILDING_3)[..] else { panic!("{heard:?}") };
    assert!(line.contains("心愿 1 撤回了"), "{line}");
    let [to_helper] = heard.told(ZHANG)[..] else { panic!("{heard:?}") };
    assert!(to_helper.contains("不用去了"), "{to_helper}");
    assert!(shown(&heard, &card).contains("已撤回") && !shown(&heard, &card).contains("通下水道"), "{heard:?}");
    // The words are nowhere any more, the chain holds, and a second redaction changes nothing.
    let stored = talk.stored().await;
    assert_eq!(Conversation::holds(&path, "通下水道").await, None);
    let again = talk.untap(LI, BUILDING_3, &posted.event_id).await;
    assert_eq!((again.outcome, again.said.len()), (Some(Outcome::Ignored), 0));
    assert_eq!(talk.stored().await, stored);
}

#[tokio::test]
async fn what_a_helper_says_is_undone_while_that_is_possible() {
    let mut talk = talk().await;
    talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    let card = card_of(&talk, "wish", 1).await;
    let heard = say_and_redact(&mut talk, ZHANG, "！认领 1").await;
    assert!(shown(&heard, &card).contains("想请邻居搭把手"), "open again: {heard:?}");
    talk.say(ZHANG, BUILDING_3, "！认领 1").await;
    let heard = say_and_redact(&mut talk, ZHANG, "！放弃 1").await;
    assert!(shown(&heard, &card).contains("zhang 来帮忙"), "not given back: {heard:?}");
    let heard = say_and_redact(&mut talk, ZHANG, "！完成 1").await;
    assert!(shown(&heard, &card).contains("来帮忙"), "claimed again: {heard:?}");
    // Given back, and taken by somebody else: too late.
    let release = talk.say(ZHANG, BUILDING_3, "！放弃 1").await;
    talk.say(LIU, BUILDING_3, "！认领 1").await;
    let heard = talk.untap(ZHANG, BUILDING_3, &release.event_id).await;
    assert_eq!(heard.outcome, Some(Outcome::Refused));
    assert!(heard.only_post().plain().contains("别的邻居"), "{heard:?}");
    // Paid is paid.
    let heard = say_and_redact(&mut talk, LI, "！确认 1").await;
    assert!(heard.only_post().plain().contains("撤不回来"), "{heard:?}");
    assert_eq!(talk.balance(LIU).await, 10);
}

#[tokio::test]
async fn only_its_author_and_captains_undo_a_command() {
    let mut talk = talk().await;
    let posted = talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    // A room may let everybody redact: that undoes nothing.
    let claim = talk.say(ZHANG, BUILDING_3, "！认领 1").await;
    let heard = talk.untap(LIU, BUILDING_3, &claim.event_id).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
    let heard = talk.untap(WANG, BUILDING_3, &posted.event_id).await;
    assert!(heard.only_post_in(BUILDING_3).contains("li 的那句话删掉了"), "{heard:?}");
    // A bot that tidies up undoes nothing either; the words go.
    let claim = talk.say(LI, BUILDING_3, "！许愿 换灯泡").await;
    let heard = talk.untap("@otherbot:example.org", BUILDING_3, &claim.event_id).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
    let heard = talk.untap(LI, BUILDING_3, &claim.event_id).await;
    assert_eq!(heard.said.len(), 0, "what it was is forgotten");
    // What was no command concerns nobody, and nobody is remembered for it.
    let chat = talk.say(CHEN, BUILDING_3, "今天天气真好").await;
    let heard = talk.untap(CHEN, BUILDING_3, &chat.event_id).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
    // What only answered says nothing.
    let heard = say_and_redact(&mut talk, LI, "！积分").await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
    let heard = say_and_redact(&mut talk, LI, "！帮助").await;
    assert_eq!(heard.said.len(), 0);
}

// ── Activities ──────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn signing_up_and_leaving_are_undone_and_the_waiting_list_is_said() {
    let mut talk = talk().await;
    let posted = talk.say(WANG, BUILDING_3, "！活动 包饺子 明天19:00 1人").await;
    assert_eq!(posted.outcome, Some(Outcome::Handled), "{posted:?}");
    let card = card_of(&talk, "activity", 1).await;
    let heard = say_and_redact(&mut talk, LI, "！报名 1").await;
    assert!(heard.only_post_in(BUILDING_3).contains("报名也取消了"), "{heard:?}");
    assert!(!shown(&heard, &card).contains("li"), "{heard:?}");
    let heard = say_and_redact(&mut talk, LI, "！代报名 王奶奶 1").await;
    assert!(!shown(&heard, &card).contains("王奶奶"), "{heard:?}");
    // Left, undone at once: the place is kept. Left, and the place is taken meanwhile: the waiting list, said so.
    talk.say(LI, BUILDING_3, "！报名 1").await;
    let heard = say_and_redact(&mut talk, LI, "！退出 1").await;
    assert!(heard.only_post_in(BUILDING_3).contains("名额还在"), "{heard:?}");
    let left = talk.say(LI, BUILDING_3, "！退出 1").await;
    talk.say(ZHANG, BUILDING_3, "！报名 1").await;
    let heard = talk.untap(LI, BUILDING_3, &left.event_id).await;
    assert!(heard.only_post_in(BUILDING_3).contains("候补"), "{heard:?}");
    // The announcement itself: called off, and those signed up are told.
    let heard = talk.untap(WANG, BUILDING_3, &posted.event_id).await;
    let mentioned = heard.said.iter().find(|said| said.is_post() && !said.mentions().is_empty()).expect("a message");
    assert_eq!(mentioned.mentions(), [ZHANG, LI]);
    assert!(shown(&heard, &card).contains("取消") && !shown(&heard, &card).contains("饺子"), "{heard:?}");
    assert_eq!(talk.stored().await.planned, 2, "only the digests of two rooms are left");
}

#[tokio::test]
async fn moving_is_undone_and_calling_off_is_not() {
    let mut talk = talk().await;
    talk.say(WANG, BUILDING_3, "！活动 包饺子 明天19:00").await;
    let card = card_of(&talk, "activity", 1).await;
    let heard = say_and_redact(&mut talk, WANG, "！改到 晚上8点 1").await;
    assert!(shown(&heard, &card).contains("19:00"), "{heard:?}");
    let heard = say_and_redact(&mut talk, WANG, "！取消活动 1").await;
    assert_eq!(heard.outcome, Some(Outcome::Refused));
    assert!(heard.only_post().plain().contains("收不回来"), "{heard:?}");
}

// ── Polls ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn a_poll_that_nobody_has_answered_is_taken_back() {
    let mut talk = talk().await;
    let started = talk.say(WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要").await;
    let card = card_of(&talk, "poll", 1).await;
    let heard = say_and_redact(&mut talk, LI, "！投 1 2").await;
    assert!(heard.only_post_in(BUILDING_3).contains("收回"), "{heard:?}");
    assert!(shown(&heard, &card).contains("已投 0 人"), "{heard:?}");
    let vote = talk.say(LI, BUILDING_3, "！投 1 2").await;
    // Somebody has answered: it is said what to do instead.
    let second = talk.say(WANG, BUILDING_3, "！投票 几点开会？ 七点 / 八点").await;
    let heard = talk.untap(WANG, BUILDING_3, &started.event_id).await;
    assert!(heard.only_post().plain().contains("！结束投票 1"), "{heard:?}");
    let card = card_of(&talk, "poll", 2).await;
    let heard = talk.untap(WANG, BUILDING_3, &second.event_id).await;
    assert!(heard.only_post_in(BUILDING_3).contains("投票 2 收回了"), "{heard:?}");
    assert!(shown(&heard, &card).contains("发起人收回了") && !shown(&heard, &card).contains("几点开会"), "{heard:?}");
    let late = talk.say(LI, BUILDING_3, "！投 2 1").await;
    assert_eq!(late.outcome, Some(Outcome::Refused));
    // After the deadline a vote stays.
    talk.say(WANG, BUILDING_3, "！结束投票 1").await;
    let heard = talk.untap(LI, BUILDING_3, &vote.event_id).await;
    assert!(heard.only_post().plain().contains("截止"), "{heard:?}");
    talk.stored().await;
}

// ── What is personal ────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn reminders_quiet_ranking_and_captains_are_as_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut talk, path) = talk_in(&folder).await;
    let planned = talk.stored().await.planned;
    let heard = say_and_redact(&mut talk, LI, "！提醒我 明天早上8点 交水费").await;
    assert!(heard.only_post().plain().contains("提醒 1 取消了"), "{heard:?}");
    assert_eq!((talk.stored().await.planned, Conversation::holds(&path, "交水费").await), (planned, None));
    talk.say(LI, BUILDING_3, "！提醒我 明天早上8点 倒垃圾").await;
    let heard = say_and_redact(&mut talk, LI, "！取消提醒 2").await;
    assert!(heard.only_post().plain().contains("没有取消"), "{heard:?}");
    assert_eq!(talk.stored().await.planned, planned + 1);
    let heard = say_and_redact(&mut talk, LI, "！免打扰").await;
    assert!(heard.only_post().plain().contains("免打扰关了"), "{heard:?}");
    let heard = say_and_redact(&mut talk, LI, "！上榜").await;
    assert!(heard.only_post().plain().contains("不写名字"), "{heard:?}");
    let mention = Message {
        text: "！任命 @zhang 楼长".into(),
        mentions: vec![Conversation::named(ZHANG, "张叔")],
        ..Message::default()
    };
    let named = talk.say_message(STEWARD, BUILDING_3, mention).await;
    assert_eq!(named.outcome, Some(Outcome::Handled), "{named:?}");
    let heard = talk.untap(STEWARD, BUILDING_3, &named.event_id).await;
    assert!(heard.only_post().plain().contains("任命收回"), "{heard:?}");
}

#[tokio::test]
async fn what_is_private_stays_private_when_it_is_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut talk, path) = talk_in(&folder).await;
    let heard = say_and_redact(&mut talk, LI, "！报到 会电工").await;
    assert!(heard.posted_in(BUILDING_3).is_empty(), "the room learns nothing: {heard:?}");
    assert!(heard.told(LI).concat().contains("报到撤回了"), "{heard:?}");
    assert_eq!(Conversation::holds(&path, "会电工").await, None);
    // Confirmed: it is said what to do instead, privately.
    let asked = talk.say(LI, BUILDING_3, "！报到").await;
    for (card, request) in talk.cards("check_in_request", 2).await {
        // Everybody answers what they were asked themselves.
        if talk.person(card.person_id.expect("somebody")).await.user_id == STEWARD {
            talk.tap_privately(STEWARD, &request, "✅").await;
        }
    }
    let heard = talk.untap(LI, BUILDING_3, &asked.event_id).await;
    assert!(heard.posted_in(BUILDING_3).is_empty() && heard.told(LI).concat().contains("取消报到"), "{heard:?}");
    // A task that nobody has accepted.
    let heard = say_and_redact(&mut talk, WANG, "！任务 党员 明天上午 发通知").await;
    assert!(heard.posted_in(BUILDING_3).is_empty(), "{heard:?}");
    assert!(heard.told(WANG).concat().contains("还没有人接"), "{heard:?}");
    assert_eq!(Conversation::holds(&path, "发通知").await, None);
}

// ── Edits ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn an_edited_command_is_not_run_again() {
    let mut talk = talk().await;
    let posted = talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    let stored = talk.stored().await;
    let changed = edit(&mut talk, LI, &posted.event_id, "！许愿 修门");
    let heard = talk.give(changed).await;
    let line = heard.only_post();
    assert!(line.plain().contains("！许愿 修楼道灯") && line.plain().contains("删掉"), "{heard:?}");
    let lamplighter_commands::scene::Content::Message { reply_to, .. } = &line.content else { panic!("{line:?}") };
    assert_eq!(reply_to.as_deref(), Some(posted.event_id.as_str()), "it answers the original");
    // Once a message, however often it is edited; and nothing is done.
    let changed = edit(&mut talk, LI, &posted.event_id, "！许愿 修窗");
    assert_eq!(talk.give(changed).await.said.len(), 0);
    assert_eq!(talk.stored().await, stored);
    // Nobody else's edit counts as one.
    let second = talk.say(LI, BUILDING_3, "！许愿 换灯泡").await;
    let forged = edit(&mut talk, ZHANG, &second.event_id, "！许愿 修窗");
    assert_eq!(talk.give(forged).await.said.len(), 0);
}

#[tokio::test]
async fn the_end_of_a_long_command_is_edited_as_its_beginning_is() {
    let mut talk = talk().await;
    let long = format!("！许愿 {}修灯", "三楼到四楼的拐角太黑，".repeat(15));
    let posted = talk.say(LI, BUILDING_3, &long).await;
    let same = edit(&mut talk, LI, &posted.event_id, &long);
    assert_eq!(talk.give(same).await.said.len(), 0, "only its looks were changed");
    let changed = edit(&mut talk, LI, &posted.event_id, &long.replace("修灯", "换灯"));
    let heard = talk.give(changed).await;
    assert!(heard.only_post().plain().contains("算数的还是原来那句"), "{heard:?}");
    assert!(
        heard.only_post().plain().contains('…') && heard.only_post().plain().chars().count() < 200,
        "its beginning is quoted: {heard:?}"
    );
}

#[tokio::test]
async fn chat_that_is_edited_into_a_command_isnt_one() {
    let mut talk = talk().await;
    let stored = talk.stored().await;
    let chat = talk.say(LI, BUILDING_3, "谁有梯子").await;
    let changed = edit(&mut talk, LI, &chat.event_id, "谁有梯子？");
    assert_eq!(talk.give(changed).await.said.len(), 0, "chat is chat");
    let changed = edit(&mut talk, LI, &chat.event_id, "！许愿 借梯子");
    let heard = talk.give(changed).await;
    assert!(heard.only_post().plain().contains("重新发一条"), "{heard:?}");
    // What was refused wasn't a command either: to mend it by editing is the same.
    let refused = talk.say(LI, BUILDING_3, "！许愿").await;
    assert_eq!(refused.outcome, Some(Outcome::Refused));
    let changed = edit(&mut talk, LI, &refused.event_id, "！许愿 借梯子");
    assert!(talk.give(changed).await.only_post().plain().contains("重新发一条"));
    assert_eq!(talk.stored().await, stored);
}

#[tokio::test]
async fn an_edit_that_comes_before_its_original_is_answered_after_it() {
    let mut talk = talk().await;
    let what = What::Message(Message { text: "！许愿 修楼道灯".into(), ..Message::default() });
    let original = talk.incoming(LI, Conversation::in_room(BUILDING_3), BUILDING_3, what);
    let changed = edit(&mut talk, LI, &original.event_id, "！许愿 修门");
    assert_eq!(talk.give(changed).await.said.len(), 0);
    let heard = talk.give(original).await;
    let lines = heard.posted_in(BUILDING_3);
    assert!(lines.iter().any(|line| line.contains("心愿 1：修楼道灯")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("算数的还是原来那句")), "{lines:?}");
    // Talk that was edited into a command, the edit first.
    let what = What::Message(Message { text: "谁有梯子".into(), ..Message::default() });
    let chat = talk.incoming(LI, Conversation::in_room(BUILDING_3), BUILDING_3, what);
    let changed = edit(&mut talk, LI, &chat.event_id, "！许愿 借梯子");
    assert_eq!(talk.give(changed).await.said.len(), 0);
    assert!(talk.give(chat).await.only_post().plain().contains("重新发一条"));
    // Taken back before it could be read: nothing is left to read.
    let what = What::Message(Message { text: "！许愿 修窗".into(), ..Message::default() });
    let waiting = talk.incoming(LI, Conversation::in_room(BUILDING_3), BUILDING_3, what);
    talk.wait_for_key(&waiting).await;
    talk.untap(LI, BUILDING_3, &waiting.event_id).await;
    assert_eq!(talk.give(waiting).await.outcome, None, "it counts as handled");
}

// ── Cards ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn a_card_that_a_captain_takes_away_ends_or_stands_there_anew() {
    let mut talk = talk().await;
    talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    let card = card_of(&talk, "wish", 1).await;
    // A captain can't withdraw a wish: its card stands there again, and can be tapped.
    let heard = talk.untap(WANG, BUILDING_3, &card).await;
    assert!(heard.only_post().plain().contains("心愿 1：修楼道灯"), "{heard:?}");
    let anew = card_of(&talk, "wish", 1).await;
    assert_ne!(card, anew);
    assert!(heard.said.iter().any(|said| said.kind == "tap" && said.about.as_deref() == Some(&anew)), "{heard:?}");
    let heard = talk.tap(ZHANG, BUILDING_3, &anew, "✋").await;
    assert!(shown(&heard, &anew).contains("zhang 来帮忙"), "{heard:?}");
    // An activity is called off, a poll ends, as the captain's words would do it.
    talk.say(LI, BUILDING_3, "！活动 包饺子 明天19:00").await;
    talk.say(ZHANG, BUILDING_3, "！报名 2").await;
    let card = card_of(&talk, "activity", 2).await;
    let heard = talk.untap(WANG, BUILDING_3, &card).await;
    assert!(heard.said.iter().any(|said| said.is_post() && said.mentions() == [ZHANG]), "{heard:?}");
    talk.say(WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要").await;
    let card = card_of(&talk, "poll_native", 3).await;
    talk.untap(WANG, BUILDING_3, &card).await;
    let late = talk.say(LI, BUILDING_3, "！投 3 1").await;
    assert_eq!(late.outcome, Some(Outcome::Refused), "{late:?}");
    // A closed card is only paper.
    let heard = talk.untap(WANG, BUILDING_3, &card).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
}
