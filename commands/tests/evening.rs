//! Conversations about activities, polls, tasks, check-ins, reminders, quiet and the digest: what is refused and leaves
//! nothing behind, who may do what, what stays private, and what goes out when.

mod conversation;

use conversation::{BUILDING_3, BUILDING_5, COMMUNITY, Conversation, Heard, LI, LIU, STEWARD, Said, ZHANG};
use lamplighter_commands::{
    activity::{
        rules::{self, Activity, Change},
        to_rules,
    },
    house::Outcome,
    incoming::{Answers, Given, Message, NativeAnswer, What},
    task::rules as task_rules,
};
use lamplighter_storage::{activity as activities, journal, poll as polls, task as tasks};

/// Captain of building 3 by power.
const WANG: &str = "@wang:example.org";
/// Captain of building 5 by power.
const SUN: &str = "@sun:example.org";
/// Captain of the choir, which is no building.
const ZHAO: &str = "@zhao:example.org";
const CHEN: &str = "@chen:example.org";
const CHOIR: &str = "!choir";

const MINUTE_MS: i64 = 60_000;

/// An instant of January 2026 in Shanghai; the 5th is a Monday.
fn at(day: i64, hour: i64, minute: i64) -> i64 {
    conversation::MONDAY_MS + (((day - 5) * 24 + hour - 18) * 60 + minute) * MINUTE_MS
}

/// Monday 18:00, two buildings and a choir, each with a captain.
async fn evening() -> Conversation {
    let mut talk = Conversation::new().await;
    talk.say(STEWARD, CHOIR, "！这是 兴趣群 合唱团").await;
    talk.empower(WANG, BUILDING_3, 50);
    talk.empower(SUN, BUILDING_5, 50);
    talk.empower(ZHAO, CHOIR, 50);
    talk
}

/// The event of the newest card of this kind, of this person or in this room.
async fn card_of(talk: &Conversation, kind: &str, number: i64, at: &str) -> String {
    let mut found = None;
    for (card, event_id) in talk.cards(kind, number).await {
        let user_id = match card.person_id {
            Some(person_id) => talk.person(person_id).await.user_id,
            None => String::new(),
        };
        if card.room_id.as_deref() == Some(at) || user_id == at {
            found = Some(event_id);
        }
    }
    found.unwrap_or_else(|| panic!("no {kind} {number} for {at}"))
}

/// What the card says now.
fn shown(heard: &Heard) -> &str {
    heard.said.iter().rev().find(|said| said.kind == "edit").map_or("", Said::plain)
}

/// One line that says what is wrong, in the room, and nothing stored or planned.
#[track_caller]
fn assert_refused(text: &str, room_id: &str, heard: &Heard, says: &str) {
    assert_eq!(heard.outcome, Some(Outcome::Refused), "{text:?}: {heard:?}");
    assert_eq!(heard.said.len(), 1, "{text:?} is answered by one line: {heard:?}");
    let line = heard.only_post();
    assert_eq!(line.plain().lines().count(), 1, "{text:?} is answered by one line: {:?}", line.plain());
    assert!(line.plain().contains(says), "{text:?} is answered by {:?}, without {says:?}", line.plain());
    assert_eq!(line.room_id.as_deref(), Some(room_id));
    assert!(!line.notifies());
}

async fn refused(talk: &mut Conversation, by: &str, room_id: &str, text: &str, says: &str) {
    let before = talk.stored().await;
    let heard = talk.say(by, room_id, text).await;
    assert_refused(text, room_id, &heard, says);
    assert_eq!(talk.stored().await, before, "{text:?} left something behind");
}

async fn handled(talk: &mut Conversation, by: &str, room_id: &str, text: &str) -> Heard {
    let heard = talk.say(by, room_id, text).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{text:?}: {heard:?}");
    heard
}

fn posts<'a>(heard: &'a [Heard], room_id: &str) -> Vec<&'a Said> {
    let into = |said: &&Said| said.is_post() && said.room_id.as_deref() == Some(room_id);
    heard.iter().flat_map(|heard| &heard.said).filter(into).collect()
}

fn told<'a>(heard: &'a [Heard], user_id: &str) -> Vec<&'a Said> {
    let to = |said: &&Said| said.is_post() && said.user_id.as_deref() == Some(user_id);
    heard.iter().flat_map(|heard| &heard.said).filter(to).collect()
}

// ── Bad input ───────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn activities_that_cannot_be_meant_are_refused() {
    let mut talk = evening().await;
    let long = "长".repeat(5_000);
    for (text, says) in [
        ("！活动 广场舞 昨天晚上7点 活动室", "已经过去"),
        ("！活动 广场舞 1月3日晚7点", "已经过去"),
        ("！活动 广场舞 今天下午2点", "已经过去"),
        ("！活动 广场舞 周六晚9点到晚7点", "晚7点到9点"),
        ("！活动 广场舞 2月30日晚7点", "没有这一天"),
        ("！活动 广场舞 1月9日周六晚7点", "对不上"),
        ("！活动 广场舞 2030年1月1日晚7点", "400 天"),
        ("！活动 广场舞 周六晚7点 0人", "1 到 9999"),
        ("！活动 广场舞 周六晚7点 100000人", "1 到 9999"),
        ("！活动 广场舞 周六晚7点 99999999999999999999人", "1 到 9999"),
        ("！活动 广场舞", "哪天几点"),
        ("！活动 周六晚7点 20人", "叫什么"),
        (&format!("！活动 {long} 周六晚7点"), "60"),
        (&format!("！活动 周六晚7点 {long}"), "60"),
        (&format!("！活动 {} 周六晚7点", "长".repeat(61)), "60"),
        (&format!("！活动 广场舞 周六晚7点 {long}室"), "60"),
    ] {
        refused(&mut talk, LI, BUILDING_3, text, says).await;
    }
}

#[tokio::test]
async fn signing_up_that_cannot_be_meant_is_refused() {
    let mut talk = evening().await;
    refused(&mut talk, LI, BUILDING_3, "！报名", "没有可以报名的活动").await;
    refused(&mut talk, LI, BUILDING_3, "！报名 99", "没有 99 号").await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞 周六晚7点半 活动室 3人").await;
    handled(&mut talk, LI, BUILDING_5, "！活动 合唱 周六晚7点半 3人").await;
    handled(&mut talk, LI, BUILDING_3, "！许愿 修灯").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！报名 1").await;
    for (text, says) in [
        ("！报名", "已经报上"),
        ("！报名 1", "已经报上"),
        ("+1", "已经报上"),
        ("！报名 1 +50", "10 人"),
        ("！报名 1 +9223372036854775807", "10 人"),
        ("！报名 1 99999999999999999999人", "10 人"),
        ("！报名 1 9223372036854775807大9223372036854775807小", "10 人"),
        ("！报名 1 5人", "3 个名额"),
        ("！报名 1 0人", "！报名 12 2大1小"),
        ("！报名 大家", "！报名 12 2大1小"),
        ("！报名 99999999999999999999", "！报名 12 2大1小"),
        ("！报名 2", "2 号是别的群的事"),
        ("！报名 3", "3 号不是活动"),
        ("！退出 1 王奶奶", "没有替 王奶奶"),
        ("！代报名", "替谁报名"),
        ("！代报名 王奶奶王奶奶王奶奶王奶奶王", "12"),
        ("！代报名 ……", "12"),
        ("！名单 那个", "！名单 12"),
        ("！取消活动 1", "由 li 或楼长"),
        ("！改到 周日晚7点半 1", "由 li 或楼长"),
        ("！改到 1", "几点"),
        ("！改到", "几点"),
    ] {
        refused(&mut talk, ZHANG, BUILDING_3, text, says).await;
    }
    refused(&mut talk, LIU, BUILDING_3, "！退出 1", "还没报").await;
    for (text, says) in [
        ("！改到 昨天晚上7点 1", "已经过去"),
        ("！改到 周六晚7点半 1", "本来就是"),
        ("！改到 2030年1月1日晚7点 1", "400 天"),
        ("！改到 周日晚9点到7点 1", "晚7点到9点"),
    ] {
        refused(&mut talk, LI, BUILDING_3, text, says).await;
    }
    talk.due(at(10, 19, 30)).await;
    for text in ["！报名 1", "！退出 1", "！取消活动 1", "！改到 周日晚7点半 1"] {
        refused(&mut talk, STEWARD, BUILDING_3, text, "已经开始").await;
    }
}

#[tokio::test]
async fn polls_that_cannot_be_meant_are_refused() {
    let mut talk = evening().await;
    let fifty: String = (1..=50).map(|option| format!("选{option}/")).collect();
    let fifty_lines: String = (1..=50).map(|option| format!("\n选{option}")).collect();
    let long = "长".repeat(5_000);
    for (text, says) in [
        ("！投票", "想问大家什么"),
        ("！投票 要不要装门禁？", "有哪几项可选"),
        ("！投票 要不要装门禁？ 要", "至少要两个选项"),
        (&format!("！投票 选哪个？ {fifty}"), "最多 20 个"),
        (&format!("！投票 选哪个？{fifty_lines}"), "最多 20 个"),
        ("！投票 要不要装门禁？ 要 / 不要 / 要", "一样"),
        ("！投票 要不要装门禁？ Yes / No / YES", "一样"),
        ("！投票 要不要装门禁？\n要\n不要\n要", "一样"),
        (&format!("！投票 {long}？ 要 / 不要"), "200 个字"),
        (&format!("！投票 {long}\n要\n不要"), "200 个字"),
        (&format!("！投票 选哪个？ 要 / {}", "长".repeat(61)), "60 个字"),
        ("！投票 要不要装门禁？ 要 / 不要 截止昨天", "已经过去"),
        ("！投票 要不要装门禁？ 要 / 不要 截止什么时候", "截止时间没看懂"),
        ("！投票 要不要装门禁？ 要 / 不要 截止12月1日", "60 天"),
        ("！设置 投票 张三", "！设置 投票 所有人"),
    ] {
        refused(&mut talk, WANG, BUILDING_3, text, says).await;
    }
    refused(&mut talk, LI, BUILDING_3, "！投 1", "没有正在进行的投票").await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要 / 再议").await;
    handled(&mut talk, SUN, BUILDING_5, "！投票 要不要换灯？ 要 / 不要").await;
    handled(&mut talk, LI, BUILDING_3, "！许愿 修灯").await;
    for (text, says) in [
        ("！投 1 9", "1 到 3"),
        ("！投 9", "1 到 3"),
        ("！投", "12 号投票"),
        ("！投 1 那个", "12 号投票"),
        ("！投 99 1", "没有 99 号"),
        ("！投 3 1", "3 号不是投票"),
        ("！投 2 1", "2 号是别的群的事"),
        ("！结束投票 1", "发起人或楼长"),
    ] {
        refused(&mut talk, LI, BUILDING_3, text, says).await;
    }
    talk.due(at(6, 21, 0)).await;
    for text in ["！投 1 1", "！投 1 9", "！结束投票 1"] {
        let by = if text.contains("结束") { WANG } else { LI };
        refused(&mut talk, by, BUILDING_3, text, "已经结束").await;
    }
    let native = card_of(&talk, "poll_native", 1, BUILDING_3).await;
    let before = talk.stored().await;
    let heard = talk.answer_poll(LI, BUILDING_3, &native, &[1]).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0), "after the close: {heard:?}");
    assert_eq!(talk.stored().await, before);
}

#[tokio::test]
async fn reminders_that_cannot_be_meant_are_refused() {
    let mut talk = evening().await;
    let long = format!("！提醒我 明晚8点 {}", "长".repeat(5_000));
    for (text, says) in [
        ("！提醒我 交物业费", "什么时候"),
        ("！提醒我 明晚8点", "什么事"),
        ("！提醒我 昨天晚上8点 交物业费", "已经过去"),
        (long.as_str(), "200"),
        ("！取消提醒 7", "没有 7 号提醒"),
        ("！取消提醒", "哪一条"),
        ("！免打扰 到昨天", "已经过去"),
        ("！免打扰 取消", "没有开免打扰"),
    ] {
        refused(&mut talk, LI, BUILDING_3, text, says).await;
    }
    for _ in 0..20 {
        handled(&mut talk, LI, BUILDING_3, "！提醒我 明晚8点 交物业费").await;
    }
    refused(&mut talk, LI, BUILDING_3, "！提醒我 明晚8点 交物业费", "20").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！提醒我 明晚8点 交物业费").await;
}

// ── Activities ──────────────────────────────────────────────────────────────────────────────────────────────────────

async fn folded(talk: &Conversation, number: i64) -> Activity {
    let links = journal::fold_input(&talk.storage, COMMUNITY, number).await.expect("the journal");
    let mut links = links.into_iter().map(|link| {
        let payload: serde_json::Value = serde_json::from_str(&link.payload.expect("a payload")).expect("JSON");
        (link.kind, payload)
    });
    let (kind, posted) = links.next().expect("a first link");
    assert_eq!(kind, "activity.posted");
    let mut activity = Activity {
        organiser: posted["organiser"].as_i64().expect("an organiser"),
        capacity: posted["capacity"].as_i64(),
        cancelled: false,
        starts_at_ms: posted["starts_at_ms"].as_i64().expect("a start"),
        ends_at_ms: posted["ends_at_ms"].as_i64(),
        seats: vec![],
    };
    for (kind, payload) in links {
        let change: Change = serde_json::from_value(payload).expect("a change");
        assert_eq!(change.kind(), kind);
        rules::apply(&mut activity, &change);
    }
    activity
}

async fn activity(talk: &Conversation, number: i64) -> Activity {
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let stored = activities::get(&mut tx, COMMUNITY, number).await.expect("activities").expect("the activity");
    tx.roll_back().await.expect("a rollback");
    to_rules(&stored)
}

#[tokio::test]
async fn the_journal_of_an_activity_folds_to_what_is_stored() {
    let mut talk = evening().await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞教学 周六晚7点半到9点 活动室 5人").await;
    let card = card_of(&talk, "activity", 1, BUILDING_3).await;
    let tap = talk.tap(ZHANG, BUILDING_3, &card, "✅").await;
    for (by, text) in [
        (LIU, "！报名 1 2大1小"),
        (CHEN, "！报名 1 3人"),
        (LI, "！代报名 王奶奶"),
        (LI, "！报名 +1"),
        (WANG, "！报名 1 2人"),
        (LIU, "！报名 1 1人"),
        (ZHANG, "！报名 +1"),
        (CHEN, "！报名 1 1人"),
        (LI, "！退出 王奶奶"),
        (LI, "！改到 周日晚8点"),
        (LI, "！退出"),
    ] {
        let _ = talk.say(by, BUILDING_3, text).await;
        assert_eq!(folded(&talk, 1).await, activity(&talk, 1).await, "after {text} by {by}");
    }
    talk.untap(ZHANG, BUILDING_3, &tap.event_id).await;
    let now = activity(&talk, 1).await;
    assert_eq!(folded(&talk, 1).await, now);
    assert!(now.seats.iter().all(|seat| seat.going), "{now:?}");
    assert_eq!(now.starts_at_ms, at(11, 20, 0));
    assert_eq!(now.ends_at_ms, Some(at(11, 21, 30)), "it lasts as long as before");
    handled(&mut talk, WANG, BUILDING_3, "！取消活动 1").await;
    assert_eq!(folded(&talk, 1).await, activity(&talk, 1).await);
}

#[tokio::test]
async fn signing_up_waiting_and_moving_up() {
    let mut talk = evening().await;
    let heard = handled(&mut talk, LI, BUILDING_3, "！活动 广场舞教学 周六晚7点半 活动室 2人").await;
    let posted = heard.only_post();
    for part in ["活动 1：广场舞教学", "1月10日（周六）19:30", "活动室", "2 个名额", "li"] {
        assert!(posted.plain().contains(part), "{}", posted.plain());
    }
    assert!(!posted.notifies());
    let card = card_of(&talk, "activity", 1, BUILDING_3).await;
    let tap = talk.tap(ZHANG, BUILDING_3, &card, "👍").await;
    assert!(tap.said.iter().all(|said| !said.is_post()) && shown(&tap).contains("1/2"), "{tap:?}");
    assert_eq!(talk.tap(ZHANG, BUILDING_3, &card, "✅ 报名").await.outcome, Some(Outcome::Handled), "the same again");
    let heard = talk.say(LIU, BUILDING_3, "+1").await;
    assert!(shown(&heard).contains("2/2"), "{heard:?}");
    let heard = talk.say(CHEN, BUILDING_3, "报名").await;
    assert!(shown(&heard).contains("候补 1 人") && shown(&heard).contains("1.chen"), "{heard:?}");
    // 👍 goes, ✅ 报名 still stands.
    let heard = talk.untap(ZHANG, BUILDING_3, &tap.event_id).await;
    assert_eq!(heard.outcome, Some(Outcome::Ignored), "{heard:?}");
    let heard = talk.say(LIU, BUILDING_3, "退出").await;
    let up = heard.only_post();
    assert_eq!((up.room_id.as_deref(), up.mentions(), up.notifies()), (Some(BUILDING_3), &[CHEN.to_owned()][..], true));
    assert!(up.plain().contains("从候补转为正式"), "{}", up.plain());
    let heard = handled(&mut talk, LI, BUILDING_3, "！名单").await;
    let roster = heard.only_post().plain();
    assert!(roster.contains("zhang") && roster.contains("chen") && !roster.contains("候补"), "{roster}");
}

#[tokio::test]
async fn a_tap_that_is_refused_is_told_privately_once_and_leaves_nothing_to_take_back() {
    let mut talk = evening().await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞 今晚7点").await;
    let card = card_of(&talk, "activity", 1, BUILDING_3).await;
    talk.due(at(5, 19, 0)).await;
    let before = talk.stored().await;
    let heard = talk.tap(ZHANG, BUILDING_3, &card, "✅").await;
    assert_eq!((heard.outcome, heard.told(ZHANG).len()), (Some(Outcome::Refused), 1), "{heard:?}");
    assert!(heard.posted_in(BUILDING_3).is_empty());
    let again = talk.tap(ZHANG, BUILDING_3, &card, "👍").await;
    assert_eq!((again.outcome, again.said.len()), (Some(Outcome::Refused), 0));
    let back = talk.untap(ZHANG, BUILDING_3, &heard.event_id).await;
    assert_eq!((back.outcome, back.said.len()), (Some(Outcome::Ignored), 0));
    assert_eq!(talk.stored().await, before);
}

#[tokio::test]
async fn in_working_time_the_organiser_is_offered_the_evening() {
    let mut talk = evening().await;
    let heard = handled(&mut talk, LI, BUILDING_3, "！活动 广场舞教学 周五上午10点到11点 活动室").await;
    assert!(heard.only_post().plain().contains("多数邻居在上班"), "{heard:?}");
    assert!(heard.said.iter().any(|said| said.kind == "tap" && said.plain() == "🌙 改到19:30"), "{heard:?}");
    let card = card_of(&talk, "activity", 1, BUILDING_3).await;
    let before = talk.stored().await;
    let heard = talk.tap(WANG, BUILDING_3, &card, "🌙").await;
    assert_eq!((heard.outcome, heard.told(WANG).len()), (Some(Outcome::Refused), 1), "only who organises it");
    assert!(heard.posted_in(BUILDING_3).is_empty());
    assert_eq!(talk.stored().await, before);
    let heard = talk.tap(LI, BUILDING_3, &card, "🌙").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    assert!(shown(&heard).contains("1月9日（周五）19:30–20:30"), "{heard:?}");
    assert!(!shown(&heard).contains("上班"), "{heard:?}");
    assert!(heard.said.iter().any(|said| said.kind == "untap" && said.plain() == "🌙 改到19:30"), "{heard:?}");
    // Whoever has signed up keeps the time: no offer any more.
    handled(&mut talk, LI, BUILDING_3, "！活动 合唱 周五下午3点").await;
    let card = card_of(&talk, "activity", 2, BUILDING_3).await;
    talk.tap(ZHANG, BUILDING_3, &card, "✅").await;
    let before = talk.stored().await;
    let heard = talk.tap(LI, BUILDING_3, &card, "🌙").await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0), "{heard:?}");
    assert_eq!(talk.stored().await, before);
    // Not in the evening, not on Saturdays.
    for text in ["！活动 甲 周五下午6点", "！活动 乙 周六上午10点"] {
        let heard = handled(&mut talk, LI, BUILDING_3, text).await;
        assert!(!heard.only_post().plain().contains('🌙'), "{heard:?}");
    }
}

#[tokio::test]
async fn moving_keeps_everybody_asks_them_again_and_replaces_the_reminder() {
    let mut talk = evening().await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞教学 周三晚8点 活动室 2人").await;
    for by in [ZHANG, LIU, CHEN] {
        handled(&mut talk, by, BUILDING_3, "！报名 1").await;
    }
    let before = activity(&talk, 1).await;
    let planned = talk.stored().await.planned;
    let heard = handled(&mut talk, LI, BUILDING_3, "！改到 周四晚8点半").await;
    let asked = heard.only_post();
    assert!(asked.plain().contains("1月8日（周四）20:30") && asked.notifies(), "{asked:?}");
    let mut mentions = asked.mentions().to_vec();
    mentions.sort();
    assert_eq!(mentions, [CHEN, LIU, ZHANG], "everybody is asked, waiting or not");
    let after = activity(&talk, 1).await;
    assert_eq!((after.starts_at_ms, &after.seats), (at(8, 20, 30), &before.seats), "nobody is dropped");
    assert_eq!(talk.stored().await.planned, planned, "the old reminder is gone, a new one has come");
    handled(&mut talk, LI, BUILDING_3, "！改到 晚9点").await;
    assert_eq!(activity(&talk, 1).await.starts_at_ms, at(8, 21, 0), "a clock time alone: on the same day");
    let heard = talk.due(at(9, 12, 0)).await;
    let reminders: Vec<&Said> =
        posts(&heard, BUILDING_3).into_iter().filter(|said| said.plain().contains("今天有活动")).collect();
    let [reminder] = reminders[..] else { panic!("{reminders:#?}") };
    assert_eq!(reminder.at_ms, at(8, 19, 0), "two hours before");
    let mut mentions = reminder.mentions().to_vec();
    mentions.sort();
    assert_eq!((mentions, reminder.notifies()), (vec![LIU.to_owned(), ZHANG.to_owned()], true), "not those who wait");
}

#[tokio::test]
async fn moving_there_and_back_reminds_once() {
    let mut talk = evening().await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞教学 周三晚8点").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！报名 1").await;
    for text in ["！改到 周四晚8点", "！改到 周三晚8点", "！改到 周四晚8点", "！改到 周三晚8点"]
    {
        handled(&mut talk, LI, BUILDING_3, text).await;
    }
    let heard = talk.due(at(7, 19, 0)).await;
    let count = |heard: &[Heard]| {
        posts(heard, BUILDING_3).into_iter().filter(|said| said.plain().contains("今天有活动")).count()
    };
    assert_eq!(count(&heard), 1);
    // Once it has been said, the same start isn't said again.
    handled(&mut talk, LI, BUILDING_3, "！改到 周四晚8点").await;
    handled(&mut talk, LI, BUILDING_3, "！改到 周三晚8点").await;
    assert_eq!(count(&talk.due(at(8, 23, 0)).await), 0);
}

#[tokio::test]
async fn a_cancelled_activity_tells_both_lists_and_reminds_nobody() {
    let mut talk = evening().await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞教学 周三晚8点 活动室 1人").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！报名 1").await;
    handled(&mut talk, LIU, BUILDING_3, "！报名 1").await;
    refused(&mut talk, ZHANG, BUILDING_3, "！取消活动 1", "由 li 或楼长").await;
    let heard = handled(&mut talk, LI, BUILDING_3, "！取消活动").await;
    let said = heard.only_post();
    assert_eq!((said.mentions(), said.notifies()), (&[ZHANG.to_owned(), LIU.to_owned()][..], true));
    assert!(shown(&heard).contains("活动取消了"), "{heard:?}");
    assert!(heard.said.iter().any(|said| said.kind == "untap"), "the chip goes: {heard:?}");
    let again = handled(&mut talk, LI, BUILDING_3, "！取消活动 1").await;
    assert!(again.said.iter().all(|said| !said.is_post()), "{again:?}");
    refused(&mut talk, ZHANG, BUILDING_3, "！退出 1", "已经取消").await;
    let heard = talk.due(at(9, 12, 0)).await;
    assert!(posts(&heard, BUILDING_3).is_empty(), "{heard:#?}");
    // A captain may too.
    handled(&mut talk, LI, BUILDING_3, "！活动 合唱 周六晚8点").await;
    handled(&mut talk, WANG, BUILDING_3, "！取消活动 2").await;
}

#[tokio::test]
async fn a_captain_of_one_room_is_no_captain_of_another_even_privately() {
    let mut talk = evening().await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞教学 周三晚8点").await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要").await;
    let before = talk.stored().await;
    for text in ["取消活动 1", "改到 周四晚8点 1", "结束投票 2"] {
        let heard = talk.whisper_from(SUN, &[BUILDING_3, BUILDING_5], text).await;
        assert_eq!(heard.outcome, Some(Outcome::Refused), "{text}: {heard:?}");
        let heard = talk.whisper_from(SUN, &[BUILDING_5], text).await;
        assert_eq!(heard.outcome, Some(Outcome::Refused), "{text}: {heard:?}");
    }
    assert_eq!(talk.stored().await, before);
    for (by, text) in [(WANG, "改到 周四晚8点 1"), (STEWARD, "取消活动 1"), (WANG, "结束投票 2")] {
        let heard = talk.whisper_from(by, &[BUILDING_5, BUILDING_3], text).await;
        assert_eq!(heard.outcome, Some(Outcome::Handled), "{text} by {by}: {heard:?}");
    }
}

#[tokio::test]
async fn the_same_day_reminder_comes_at_its_minute() {
    // Start, and when the reminder comes; the windows are 18:30 to 21:30, on rest days from 9:30.
    for (text, expected) in [
        ("！活动 甲 周三晚8点", Some(at(7, 18, 30))),
        ("！活动 甲 周三晚9点", Some(at(7, 19, 0))),
        ("！活动 甲 周三晚11点半", Some(at(7, 21, 15))),
        ("！活动 甲 周三晚7点", Some(at(7, 18, 30))),
        ("！活动 甲 周三18:45", None),
        ("！活动 甲 周三上午10点", None),
        ("！活动 甲 周六上午10点", Some(at(10, 9, 30))),
        ("！活动 甲 周六下午3点", Some(at(10, 13, 0))),
    ] {
        let mut talk = evening().await;
        handled(&mut talk, LI, BUILDING_3, text).await;
        handled(&mut talk, ZHANG, BUILDING_3, "！报名 1").await;
        let heard = talk.due(at(11, 0, 0)).await;
        let reminders: Vec<i64> = posts(&heard, BUILDING_3)
            .into_iter()
            .filter(|said| said.plain().contains("今天有活动"))
            .map(|said| said.at_ms)
            .collect();
        assert_eq!(reminders, expected.into_iter().collect::<Vec<_>>(), "{text}");
    }
}

#[tokio::test]
async fn nobody_signed_up_or_everybody_quiet() {
    let mut talk = evening().await;
    handled(&mut talk, LI, BUILDING_3, "！活动 甲 周三晚8点").await;
    handled(&mut talk, LI, BUILDING_3, "！活动 乙 周三晚9点").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！报名 2").await;
    handled(&mut talk, LIU, BUILDING_3, "！报名 2").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！免打扰 到1月8日").await;
    let heard = talk.due(at(7, 21, 30)).await;
    let all = posts(&heard, BUILDING_3);
    let reminders: Vec<&&Said> = all.iter().filter(|said| said.plain().contains("今天有活动")).collect();
    let [reminder] = reminders[..] else { panic!("nobody has signed up for the first: {reminders:#?}") };
    assert_eq!(reminder.mentions(), [LIU], "whoever wants quiet isn't rung");
    for said in all {
        assert!(!said.mentions().contains(&ZHANG.to_owned()), "{said:?}");
    }
    // The day that was named is quiet too, the next one isn't.
    handled(&mut talk, LI, BUILDING_3, "！活动 丙 周五晚9点").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！报名 3").await;
    let heard = talk.due(at(9, 21, 30)).await;
    let thursday = posts(&heard, BUILDING_3).into_iter().find(|said| said.at_ms == at(8, 19, 30)).expect("a digest");
    assert!(thursday.mentions().is_empty() && !thursday.notifies(), "{thursday:?}");
    let friday = posts(&heard, BUILDING_3).into_iter().find(|said| said.at_ms == at(9, 19, 0)).expect("a reminder");
    assert_eq!(friday.mentions(), [ZHANG]);
    // Lifted.
    handled(&mut talk, LIU, BUILDING_3, "！免打扰").await;
    handled(&mut talk, LIU, BUILDING_3, "！免打扰 取消").await;
    refused(&mut talk, LIU, BUILDING_3, "！免打扰 取消", "没有开免打扰").await;
}

// ── Polls ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn who_may_start_polls() {
    let mut talk = evening().await;
    let poll = "！投票 要不要装门禁？ 要 / 不要";
    refused(&mut talk, LI, BUILDING_3, poll, "楼长发起").await;
    refused(&mut talk, SUN, BUILDING_3, poll, "楼长发起").await;
    let before = talk.stored().await;
    let heard = talk.say(LI, BUILDING_3, "！设置 投票 所有人").await;
    assert_eq!(heard.outcome, Some(Outcome::Refused), "only a captain opens it: {heard:?}");
    assert_eq!(talk.stored().await, before);
    handled(&mut talk, WANG, BUILDING_3, poll).await;
    handled(&mut talk, STEWARD, BUILDING_3, poll).await;
    handled(&mut talk, WANG, BUILDING_3, "！设置 投票 所有人").await;
    handled(&mut talk, LI, BUILDING_3, poll).await;
    refused(&mut talk, LI, BUILDING_5, poll, "楼长发起").await;
    refused(&mut talk, LI, BUILDING_3, "！投票 @全部楼栋 要不要装门禁？ 要 / 不要", "楼长").await;
    handled(&mut talk, WANG, BUILDING_3, "！设置 投票 楼长").await;
    refused(&mut talk, LI, BUILDING_3, poll, "楼长发起").await;
}

#[tokio::test]
async fn who_may_ask_all_buildings() {
    let mut talk = evening().await;
    let poll = "！投票 @全部楼栋 要不要装门禁？ 要 / 不要";
    refused(&mut talk, LI, BUILDING_3, poll, "楼长").await;
    refused(&mut talk, ZHAO, CHOIR, poll, "楼栋群").await;
    refused(&mut talk, WANG, CHOIR, poll, "楼长").await;
    for (by, room_id) in [(WANG, BUILDING_3), (STEWARD, CHOIR)] {
        let heard = handled(&mut talk, by, room_id, poll).await;
        for (room_id, count) in [(BUILDING_3, 2), (BUILDING_5, 2), (CHOIR, 0)] {
            assert_eq!(heard.posted_in(room_id).len(), count, "{room_id}: {heard:?}");
        }
    }
}

#[tokio::test]
async fn one_tally_over_all_buildings_and_a_person_counts_once() {
    let mut talk = evening().await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 @全部楼栋 要不要装门禁？ 要 / 不要 / 再议").await;
    let three = card_of(&talk, "poll_native", 1, BUILDING_3).await;
    let five = card_of(&talk, "poll_native", 1, BUILDING_5).await;
    let heard = talk.answer_poll(LI, BUILDING_3, &three, &[1]).await;
    assert!(heard.said.iter().all(|said| !said.is_post()) && shown(&heard).contains("已投 1 人"), "{heard:?}");
    talk.answer_poll(LI, BUILDING_5, &five, &[2]).await;
    talk.answer_poll(ZHANG, BUILDING_5, &five, &[1]).await;
    handled(&mut talk, LIU, BUILDING_3, "！投 1 2").await;
    talk.answer_poll(CHEN, BUILDING_3, &three, &[1]).await;
    // Spoiled: no vote.
    let heard = talk.answer_poll(CHEN, BUILDING_3, &three, &[7]).await;
    assert!(shown(&heard).contains("已投 3 人"), "{heard:?}");
    let heard = talk.due(at(6, 21, 0)).await;
    for room_id in [BUILDING_3, BUILDING_5] {
        let results: Vec<&Said> =
            posts(&heard, room_id).into_iter().filter(|said| said.plain().contains("结果")).collect();
        let [result] = results[..] else { panic!("{results:#?}") };
        assert_eq!(result.at_ms, at(6, 21, 0), "at once inside the window");
        for part in ["共 3 人", "要　", "1 票（33%）", "2 票（67%）", "building3：1 人", "building5：2 人"]
        {
            let plain = result.plain().replace("3号楼", "building3").replace("5号楼", "building5");
            assert!(plain.contains(part), "without {part}: {plain}");
        }
    }
    assert!(posts(&heard, CHOIR).is_empty());
    assert_eq!(heard.iter().flat_map(|heard| &heard.said).filter(|said| is_close(said)).count(), 2, "both are closed");
    for (by, points) in [(LI, 1), (ZHANG, 1), (LIU, 1), (CHEN, 0)] {
        assert_eq!(talk.balance(by).await, points, "{by}");
    }
}

fn is_close(said: &Said) -> bool {
    matches!(said.content, lamplighter_commands::scene::Content::ClosePoll { .. })
}

#[tokio::test]
async fn options_may_stand_one_a_line() {
    for text in ["！投票 几号聚餐？\n1. 周六\n2. 周日\n3. 都行", "！投票\n几号聚餐？\n周六\n周日\n都行\n截止明晚8点"]
    {
        let mut talk = evening().await;
        let heard = handled(&mut talk, WANG, BUILDING_3, text).await;
        let card = posts(std::slice::from_ref(&heard), BUILDING_3)
            .into_iter()
            .find(|said| said.plain().contains("📊"))
            .expect("a card");
        let lines: Vec<&str> = card.plain().lines().take(4).collect();
        assert_eq!(lines, ["📊 投票 1：几号聚餐？", "1. 周六", "2. 周日", "3. 都行"], "{text}");
    }
}

#[tokio::test]
async fn a_poll_that_ends_at_night_is_announced_in_the_next_evening() {
    let mut talk = evening().await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要 截止明早8点").await;
    handled(&mut talk, LI, BUILDING_3, "！投 1").await;
    let heard = talk.due(at(6, 18, 29)).await;
    assert_eq!(heard.iter().flat_map(|heard| &heard.said).filter(|said| is_close(said)).count(), 1, "it is closed");
    assert!(posts(&heard, BUILDING_3).iter().all(|said| !said.plain().contains("结果")), "nothing is said yet");
    assert_eq!(talk.balance(LI).await, 1, "paid when it closes");
    let heard = talk.due(at(6, 18, 30)).await;
    let results = posts(&heard, BUILDING_3);
    assert_eq!((results.len(), results[0].at_ms), (1, at(6, 18, 30)), "{results:?}");
    assert_eq!(talk.balance(LI).await, 1);
    // A captain who ends it wants to know at once, at any hour.
    talk.due(at(6, 23, 0)).await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 要不要换灯？ 要 / 不要").await;
    handled(&mut talk, WANG, BUILDING_3, "！结束投票").await;
    let now_ms = talk.now_ms;
    assert!(posts(&talk.due(now_ms).await, BUILDING_3).iter().any(|said| said.plain().contains("没有人投票")));
}

#[tokio::test]
async fn answers_are_paid_once_a_person_and_twice_a_day_by_the_day_of_the_close() {
    let mut talk = evening().await;
    for text in ["甲？", "乙？", "丙？"] {
        handled(&mut talk, WANG, BUILDING_3, &format!("！投票 {text} 要 / 不要 截止明晚8点")).await;
    }
    handled(&mut talk, WANG, BUILDING_3, "！投票 丁？ 要 / 不要 截止周三早上8点").await;
    for number in 1..=4 {
        for option in [1, 2] {
            handled(&mut talk, LI, BUILDING_3, &format!("！投 {number} {option}")).await;
        }
    }
    talk.due(at(6, 19, 59)).await;
    assert_eq!(talk.balance(LI).await, 0, "paid when it closes");
    talk.due(at(6, 20, 0)).await;
    assert_eq!((talk.balance(LI).await, talk.stored().await.transfers), (2, 2), "two a day");
    talk.due(at(7, 22, 0)).await;
    assert_eq!(talk.balance(LI).await, 3, "another day");
}

#[tokio::test]
async fn what_the_room_shows_counts_and_late_answers_correct_the_result() {
    let mut talk = evening().await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要").await;
    let native = card_of(&talk, "poll_native", 1, BUILDING_3).await;
    let first = talk.answer_poll(LI, BUILDING_3, &native, &[1]).await;
    talk.answer_poll(ZHANG, BUILDING_3, &native, &[1]).await;
    // The room shows Li's answer and one that never came in; Zhang's was taken back while nobody looked.
    let answer = |event_id: &str, user_id: &str, sent_at_ms| NativeAnswer {
        event_id: event_id.into(),
        user_id: user_id.into(),
        display_name: "邻居".into(),
        sent_at_ms,
        given: Given::Choices(vec![2]),
    };
    let answers = vec![
        answer(&first.event_id, LI, talk.now_ms),
        answer("$unseen", LIU, at(6, 20, 59)),
        answer("$too-late", CHEN, at(6, 21, 0) + 1),
        answer("$bot", "@otherbot:example.org", at(6, 20, 0)),
    ];
    talk.polls_show = vec![Answers { room_id: BUILDING_3.into(), event_id: native.clone(), answers }];
    let heard = talk.down_until(at(6, 21, 5)).await;
    let result = posts(&heard, BUILDING_3).into_iter().find(|said| said.plain().contains("结果")).expect("a result");
    assert!(result.plain().contains("共 2 人"), "{}", result.plain());
    for (by, points) in [(LI, 1), (ZHANG, 0), (LIU, 1), (CHEN, 0)] {
        assert_eq!(talk.balance(by).await, points, "{by}");
    }
    // Decrypted late: what was said in time counts, typed or tapped, and the result is corrected.
    talk.due(at(7, 12, 0)).await;
    let what = What::PollAnswer { on: native.clone(), choices: vec![1] };
    let mut late = talk.incoming(CHEN, Conversation::in_room(BUILDING_3), BUILDING_3, what);
    late.sent_at_ms = at(6, 21, 0) - 1;
    let heard = talk.give(late).await;
    assert!(shown(&heard).contains("共 3 人") && shown(&heard).contains("更正"), "{heard:?}");
    assert_eq!(talk.balance(CHEN).await, 1);
    let what = What::Message(Message { text: "！投 1 1".into(), ..Message::default() });
    let mut late = talk.incoming(ZHANG, Conversation::in_room(BUILDING_3), BUILDING_3, what);
    late.sent_at_ms = at(6, 20, 0);
    let heard = talk.give(late).await;
    assert!(shown(&heard).contains("共 4 人"), "{heard:?}");
    assert_eq!(talk.balance(ZHANG).await, 1);
}

#[tokio::test]
async fn an_answer_that_is_taken_back_counts_no_more() {
    let mut talk = evening().await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要").await;
    let native = card_of(&talk, "poll_native", 1, BUILDING_3).await;
    let answer = talk.answer_poll(LI, BUILDING_3, &native, &[1]).await;
    let heard = talk.untap(LI, BUILDING_3, &answer.event_id).await;
    assert!(shown(&heard).contains("已投 0 人"), "{heard:?}");
    let heard = talk.whisper(LI, "投 1 2").await;
    assert!(heard.told(LI).iter().any(|said| said.contains("2. 不要")), "{heard:?}");
    assert!(heard.posted_in(BUILDING_3).is_empty());
    let mut tx = talk.storage.begin().await.expect("a transaction");
    assert_eq!(polls::turnout(&mut tx, COMMUNITY, 1).await.expect("a turnout"), 1);
    tx.roll_back().await.expect("a rollback");
}

// ── Check-ins and tasks ─────────────────────────────────────────────────────────────────────────────────────────────

/// Nothing of it stands in any room, and no room is told that somebody's private message waits.
#[track_caller]
fn assert_private(heard: &Heard) {
    for said in &heard.said {
        assert!(said.room_id.is_none(), "in a room: {said:?}");
        assert!(said.fallback_room_id.is_none(), "a room would learn of it: {said:?}");
    }
}

/// A tap in the private chat of somebody who is in these rooms.
async fn tap_at_home(talk: &mut Conversation, by: &str, rooms: &[&str], on: &str, key: &str) -> Heard {
    talk.give_privately(by, rooms, What::Tap { on: on.into(), key: key.into() }).await
}

async fn untap_at_home(talk: &mut Conversation, by: &str, tap: &Heard) -> Heard {
    talk.give_privately(by, &[BUILDING_3], What::Redaction { of: tap.event_id.clone() }).await
}

/// Checks in and is confirmed by the steward; the n-th check-in of this evening.
async fn check_in(talk: &mut Conversation, by: &str, nth: i64) {
    let heard = talk.whisper(by, "报到").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let request = card_of(talk, "check_in_request", nth, STEWARD).await;
    let heard = talk.tap_privately(STEWARD, &request, "✅").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
}

#[tokio::test]
async fn a_check_in_goes_to_captains_of_buildings_and_stewards_and_no_room() {
    let mut talk = evening().await;
    // They have spoken, so it is known who has power where.
    for (by, room_id) in [(WANG, BUILDING_3), (SUN, BUILDING_5), (ZHAO, CHOIR)] {
        talk.say(by, room_id, "！心愿列表").await;
    }
    let heard = talk.say(LI, BUILDING_3, "！报到 二中教书，周末有空").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    assert_private(&heard);
    for (user_id, count) in [(STEWARD, 1), (WANG, 1), (SUN, 1), (ZHAO, 0), (LI, 1)] {
        assert_eq!(heard.told(user_id).len(), count, "{user_id}: {heard:?}");
    }
    assert!(heard.told(WANG)[0].contains("li") && heard.told(WANG)[0].contains("二中教书，周末有空"));
    // Twice.
    for text in ["！报到", "！报到 又一次"] {
        let before = talk.stored().await;
        let again = talk.say(LI, BUILDING_3, text).await;
        assert_eq!((again.outcome, again.said.len()), (Some(Outcome::Refused), 1), "{again:?}");
        assert_private(&again);
        assert_eq!(talk.stored().await, before);
    }
    // The captain of the other building confirms; what the others see says so.
    let request = card_of(&talk, "check_in_request", 1, SUN).await;
    let heard = tap_at_home(&mut talk, SUN, &[BUILDING_5], &request, "👍").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    assert_private(&heard);
    assert_eq!(heard.told(LI).len(), 1);
    assert_eq!(heard.said.iter().filter(|said| said.kind == "edit" && said.plain().contains("已同意")).count(), 3);
    // Another answer comes too late.
    let before = talk.stored().await;
    let request = card_of(&talk, "check_in_request", 1, WANG).await;
    let heard = talk.tap_privately(WANG, &request, "❌").await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0), "{heard:?}");
    let again = talk.say(LI, BUILDING_3, "！报到").await;
    assert!(again.told(LI)[0].contains("已经报到过"), "{again:?}");
    assert_eq!(talk.stored().await, before);
    let heard = talk.say(LI, BUILDING_3, "！取消报到").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled));
    assert_private(&heard);
}

#[tokio::test]
async fn whoever_is_no_captain_any_more_cannot_confirm() {
    let mut talk = evening().await;
    talk.say(WANG, BUILDING_3, "！心愿列表").await;
    let appoint = |text: &str| Message {
        text: text.into(),
        mentions: vec![Conversation::named(CHEN, "chen")],
        ..Message::default()
    };
    talk.say_message(STEWARD, BUILDING_5, appoint("！任命 @chen 楼长")).await;
    talk.whisper(LI, "报到").await;
    talk.empower(WANG, BUILDING_3, 0);
    talk.say_message(STEWARD, BUILDING_5, appoint("！免去 @chen 楼长")).await;
    let before = talk.stored().await;
    for (by, rooms) in [(WANG, [BUILDING_3, CHOIR]), (CHEN, [BUILDING_5, CHOIR])] {
        // Power in a room that is no building doesn't count.
        talk.empower(by, CHOIR, 100);
        let request = card_of(&talk, "check_in_request", 1, by).await;
        let heard = tap_at_home(&mut talk, by, &rooms, &request, "✅ 同意").await;
        assert_eq!((heard.outcome, heard.told(by).len()), (Some(Outcome::Refused), 1), "{by}: {heard:?}");
        assert_private(&heard);
        let heard = tap_at_home(&mut talk, by, &rooms, &request, "❌").await;
        assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Refused), 0), "once a card: {heard:?}");
    }
    assert_eq!(talk.stored().await, before);
    // Whoever has become captain meanwhile could.
    talk.empower(WANG, BUILDING_3, 50);
    let request = card_of(&talk, "check_in_request", 1, WANG).await;
    assert_eq!(talk.tap_privately(WANG, &request, "❌").await.outcome, Some(Outcome::Handled));
    // Turned down twice in a week: enough.
    talk.whisper(LI, "报到").await;
    let request = card_of(&talk, "check_in_request", 2, WANG).await;
    talk.tap_privately(WANG, &request, "❌ 不同意").await;
    let heard = talk.whisper(LI, "报到").await;
    assert_eq!(heard.outcome, Some(Outcome::Refused));
    talk.now_ms = at(14, 18, 0);
    assert_eq!(talk.whisper(LI, "报到").await.outcome, Some(Outcome::Handled), "a week later");
}

#[tokio::test]
async fn who_may_ask_party_members() {
    let mut talk = evening().await;
    refused(&mut talk, WANG, BUILDING_3, "！任务 党员 周六上午清楼道 8人", "还没有党员报到").await;
    check_in(&mut talk, LI, 1).await;
    refused(&mut talk, LI, BUILDING_3, "！任务 党员 周六上午清楼道 8人", "楼长").await;
    refused(&mut talk, WANG, BUILDING_5, "！任务 党员 周六上午清楼道 8人", "楼长").await;
    refused(&mut talk, ZHAO, CHOIR, "！任务 党员 周六上午清楼道 8人", "楼栋群的楼长").await;
    let long = "长".repeat(5_000);
    for (text, says) in [
        ("！任务", "！任务 党员 周六上午"),
        ("！任务 周六上午清楼道", "发给谁"),
        ("！任务 党员 清楼道", "还缺时间"),
        ("！任务 党员 周六上午", "要做什么"),
        ("！任务 党员 昨天上午清楼道", "已经过去"),
        ("！任务 党员 今天上午清楼道", "已经过去"),
        ("！任务 党员 周六上午清楼道 0人", "1 到 9999"),
        ("！任务 党员 周六上午清楼道 100000人", "1 到 9999"),
        (&format!("！任务 党员 周六上午{long}"), "200"),
        (&format!("！任务 党员 {long}周六上午"), "200"),
        ("！任务 99", "没有 99 号"),
        ("！立即 99", "没有 99 号"),
        ("！取消任务", "哪一个任务"),
    ] {
        refused(&mut talk, WANG, BUILDING_3, text, says).await;
    }
    handled(&mut talk, WANG, BUILDING_3, "！任务 党员 周六上午清楼道 8人").await;
    // Said in the course of the day.
    let heard = handled(&mut talk, WANG, BUILDING_3, "！任务 党员 今晚扫雪").await;
    assert!(heard.told(WANG)[0].contains("1月5日（周一）晚上"), "{heard:?}");
    for text in ["！立即 1", "！取消任务 1", "！任务 1"] {
        refused(&mut talk, SUN, BUILDING_3, text, "楼长").await;
    }
    refused(&mut talk, STEWARD, BUILDING_3, "！任务 1", "只有 wang 看得到").await;
    handled(&mut talk, STEWARD, CHOIR, "！任务 党员 周六上午清楼道").await;
}

async fn task(talk: &Conversation, number: i64) -> Vec<(String, String)> {
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let answers = tasks::answers(&mut tx, COMMUNITY, number).await.expect("answers");
    tx.roll_back().await.expect("a rollback");
    let mut out = Vec::new();
    for answer in answers {
        out.push((talk.person(answer.person_id).await.user_id, answer.answer));
    }
    out
}

/// What the journal tells of the answers to a task.
async fn folded_task(talk: &Conversation, number: i64) -> Vec<(String, String)> {
    let links = journal::fold_input(&talk.storage, COMMUNITY, number).await.expect("the journal");
    let answers = task(talk, number).await.len();
    let mut folded = task_rules::Task {
        starter: 0,
        places: None,
        cancelled: false,
        starts_at_ms: i64::MAX,
        answers: (1..100).map(|person| (person, task_rules::Answer::Silent)).collect(),
    };
    for link in links.into_iter().filter(|link| link.kind == "task.answered" || link.kind == "task.cancelled") {
        let change = serde_json::from_str(&link.payload.expect("a payload")).expect("a change");
        task_rules::apply(&mut folded, change);
    }
    let mut out = Vec::new();
    for (person_id, answer) in folded.answers {
        if answer != task_rules::Answer::Silent {
            out.push((talk.person(person_id).await.user_id, format!("{answer:?}").to_lowercase()));
        }
    }
    assert!(out.len() <= answers);
    out
}

#[tokio::test]
async fn a_task_outside_the_evening_waits_for_the_window_and_closes_when_full() {
    let mut talk = evening().await;
    for (nth, by) in [(1, LI), (2, ZHANG), (3, LIU), (4, CHEN)] {
        check_in(&mut talk, by, nth).await;
    }
    talk.whisper(CHEN, "免打扰").await;
    let heard = handled(&mut talk, WANG, BUILDING_3, "！任务 党员 周六上午清楼道 2人").await;
    assert!(heard.posted_in(BUILDING_3).is_empty(), "only ✅ on the word: {heard:?}");
    let [status] = heard.told(WANG)[..] else { panic!("{heard:?}") };
    assert!(status.contains("1月5日（周一）18:30") && status.contains("4 位党员"), "{status}");
    let heard = handled(&mut talk, WANG, BUILDING_3, "！任务 1").await;
    assert!(heard.told(WANG)[0].contains("4 位党员"), "{heard:?}");
    let heard = talk.due(at(5, 18, 29)).await;
    assert!(heard.is_empty(), "{heard:?}");
    let heard = talk.due(at(5, 18, 30)).await;
    heard.iter().for_each(assert_private);
    for (by, count) in [(LI, 1), (ZHANG, 1), (LIU, 1), (CHEN, 0), (WANG, 0), (STEWARD, 0)] {
        let asked = told(&heard, by);
        assert_eq!(asked.len(), count, "{by}: {asked:?}");
        assert!(asked.iter().all(|said| said.notifies() && said.plain().contains("1月10日（周六）上午")));
    }

    let card = card_of(&talk, "task", 1, LI).await;
    let heard = talk.tap_privately(LI, &card, "✅").await;
    assert_private(&heard);
    assert!(heard.told(ZHANG).is_empty() && heard.told(STEWARD).is_empty(), "{heard:?}");
    let zhang = talk.tap_privately(ZHANG, &card_of(&talk, "task", 1, ZHANG).await, "✅ 接").await;
    assert!(zhang.told(WANG).iter().any(|said| said.contains("人齐了") && said.contains("zhang")), "{zhang:?}");
    // The third is thanked.
    let before = talk.stored().await;
    let card = card_of(&talk, "task", 1, LIU).await;
    let late = talk.tap_privately(LIU, &card, "👍").await;
    assert_eq!((late.outcome, late.told(LIU).len()), (Some(Outcome::Refused), 1), "{late:?}");
    assert!(late.told(LIU)[0].contains("谢谢") && late.told(LIU)[0].contains("够了"));
    assert_private(&late);
    assert_eq!(talk.stored().await, before);
    // By word, in a room too: nothing of it there.
    let late = talk.say(LIU, BUILDING_3, "！接 1").await;
    assert_eq!((late.outcome, late.told(LIU).len()), (Some(Outcome::Refused), 1));
    assert_private(&late);
    // Zhang takes it back, Liu can come.
    let heard = untap_at_home(&mut talk, ZHANG, &zhang).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let heard = talk.whisper(LIU, "接").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let heard = talk.whisper(ZHANG, "不便 1").await;
    assert_private(&heard);
    // Whoever wasn't asked learns nothing, whoever isn't captain sees nothing.
    let stranger = talk.say("@huang:example.org", BUILDING_3, "！接 1").await;
    assert_private(&stranger);
    assert!(stranger.said.iter().all(|said| !said.plain().contains("清楼道")), "{stranger:?}");
    for by in [LI, LIU, "@huang:example.org"] {
        let heard = talk.whisper(by, "任务 1").await;
        assert_eq!(heard.outcome, Some(Outcome::Refused), "{by}");
        assert!(heard.only_post().plain().lines().count() == 1 && !heard.only_post().plain().contains("清楼道"));
        let heard = talk.whisper(by, "轨迹 1").await;
        assert!(heard.said.iter().all(|said| !said.plain().contains("zhang") && !said.plain().contains("liu")));
    }
    let heard = talk.whisper(WANG, "名单 1").await;
    let list = heard.only_post().plain();
    assert!(list.contains("✅ 接（2）：li、liu") && list.contains("❌ 不便（1）：zhang"), "{list}");
    let said = |by: &str, answer: &str| (by.to_owned(), answer.to_owned());
    let expected = vec![said(LI, "accepted"), said(ZHANG, "declined"), said(LIU, "accepted")];
    let mut stored = task(&talk, 1).await;
    stored.sort();
    let mut folded = folded_task(&talk, 1).await;
    folded.sort();
    let mut sorted = expected.clone();
    sorted.sort();
    assert_eq!((stored, folded), (sorted.clone(), sorted));
    // Called off: those who would have come are told.
    let heard = handled(&mut talk, WANG, BUILDING_3, "！取消任务 1").await;
    assert_eq!((heard.told(LI).len(), heard.told(LIU).len(), heard.told(ZHANG).len()), (1, 1, 0), "{heard:?}");
    assert!(heard.posted_in(BUILDING_3).is_empty());
    assert!(talk.due(at(12, 0, 0)).await.iter().all(|heard| heard.said.is_empty()));
}

#[tokio::test]
async fn the_silent_are_asked_once_more_and_only_they() {
    let mut talk = evening().await;
    for (nth, by) in [(1, LI), (2, ZHANG), (3, LIU)] {
        check_in(&mut talk, by, nth).await;
    }
    talk.due(at(5, 20, 0)).await;
    // Inside the window at once.
    handled(&mut talk, WANG, BUILDING_3, "！任务 党员 周六上午清楼道 8人").await;
    let now_ms = talk.now_ms;
    let heard = talk.due(now_ms).await;
    assert_eq!((told(&heard, LI).len(), told(&heard, ZHANG).len(), told(&heard, LIU).len()), (1, 1, 1));
    talk.whisper(LI, "接 1").await;
    talk.whisper(ZHANG, "不便 1").await;
    let heard = talk.due(at(6, 19, 29)).await;
    assert!(heard.iter().all(|heard| heard.said.is_empty()), "{heard:?}");
    let heard = talk.due(at(6, 19, 30)).await;
    heard.iter().for_each(assert_private);
    assert_eq!((told(&heard, LI).len(), told(&heard, ZHANG).len(), told(&heard, LIU).len()), (0, 0, 1));
    let heard = talk.due(at(12, 0, 0)).await;
    assert!(heard.iter().all(|heard| heard.said.is_empty()), "only once: {heard:?}");
    // Begun: no yes any more, and the first card too says so.
    let card = card_of(&talk, "task", 1, LIU).await;
    let late = talk.tap_privately(LIU, &card, "✅").await;
    assert_eq!((late.outcome, late.told(LIU).len()), (Some(Outcome::Refused), 1), "{late:?}");
}

#[tokio::test]
async fn no_follow_up_when_it_has_begun_by_then() {
    let mut talk = evening().await;
    check_in(&mut talk, LI, 1).await;
    talk.due(at(5, 20, 0)).await;
    handled(&mut talk, WANG, BUILDING_3, "！任务 党员 明天下午清楼道 8人").await;
    let now_ms = talk.now_ms;
    assert_eq!(told(&talk.due(now_ms).await, LI).len(), 1);
    assert!(told(&talk.due(at(8, 0, 0)).await, LI).is_empty());
}

#[tokio::test]
async fn a_steward_sends_and_cancels_what_an_absent_captain_asked() {
    let mut talk = evening().await;
    check_in(&mut talk, LI, 1).await;
    check_in(&mut talk, CHEN, 2).await;
    handled(&mut talk, WANG, BUILDING_3, "！任务 党员 周六上午清楼道").await;
    // Another captain may not, and nobody but the one who asked sees who said what.
    for (by, text) in [(SUN, "！立即 1"), (SUN, "！取消任务 1"), (STEWARD, "！任务 1"), (STEWARD, "！名单 1")]
    {
        let heard = talk.say(by, BUILDING_5, text).await;
        assert_eq!(heard.outcome, Some(Outcome::Refused), "{by} {text}: {heard:?}");
        assert!(heard.said.iter().all(|said| !said.plain().contains("清楼道")), "{heard:?}");
    }
    let heard = handled(&mut talk, STEWARD, BUILDING_5, "！立即 1").await;
    assert_private_but_for_ticks(&heard);
    let [told_wang] = heard.told(WANG)[..] else { panic!("who asked learns of it, once: {heard:?}") };
    assert!(told_wang.contains("社区管理员 steward") && told_wang.contains("现在就问"), "{told_wang}");
    let now_ms = talk.now_ms;
    let heard = talk.due(now_ms).await;
    assert_eq!((told(&heard, LI).len(), told(&heard, CHEN).len()), (1, 1), "{heard:?}");
    talk.whisper(LI, "接 1").await;
    talk.whisper(CHEN, "不便 1").await;
    let heard = talk.whisper(STEWARD, "取消任务 1").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    assert_private_but_for_ticks(&heard);
    assert_eq!((heard.told(LI).len(), heard.told(CHEN).len(), heard.told(STEWARD).len()), (1, 0, 0), "{heard:?}");
    assert!(heard.told(WANG)[0].contains("社区管理员 steward 取消了"), "{heard:?}");
    assert!(heard.said.iter().any(|said| said.kind == "edit" && said.plain().contains("❌ 已取消")), "{heard:?}");
    // Once more changes nothing; and who cancels their own task is told nothing of the kind.
    let heard = talk.whisper(STEWARD, "取消任务 1").await;
    assert!(heard.told(WANG).is_empty() && heard.told(LI).is_empty(), "{heard:?}");
    handled(&mut talk, STEWARD, BUILDING_5, "！任务 党员 周日上午扫雪").await;
    let heard = handled(&mut talk, STEWARD, BUILDING_5, "！取消任务 2").await;
    assert!(heard.told(STEWARD).is_empty(), "{heard:?}");
}

/// Nothing of it stands in any room but the ✅ on the word.
#[track_caller]
fn assert_private_but_for_ticks(heard: &Heard) {
    for said in heard.said.iter().filter(|said| said.plain() != "✅") {
        assert!(said.room_id.is_none() && said.fallback_room_id.is_none(), "a room would learn of it: {said:?}");
    }
}

#[tokio::test]
async fn a_task_that_begins_before_the_evening_is_said_at_once_and_may_be_sent_now() {
    let mut talk = evening().await;
    check_in(&mut talk, LI, 1).await;
    check_in(&mut talk, CHEN, 2).await;
    talk.due(at(5, 21, 30)).await;
    let heard = handled(&mut talk, WANG, BUILDING_3, "！任务 党员 明天上午清楼道").await;
    assert_eq!(heard.told(WANG).len(), 2, "{heard:?}");
    assert!(heard.told(WANG)[1].contains("立即 1") && heard.told(WANG)[1].contains("1月6日（周二）18:30"));
    assert!(heard.posted_in(BUILDING_3).is_empty());
    assert_eq!(talk.whisper(WANG, "立即 1").await.outcome, Some(Outcome::Handled));
    let now_ms = talk.now_ms;
    let heard = talk.due(now_ms).await;
    heard.iter().for_each(assert_private);
    assert_eq!((told(&heard, LI).len(), told(&heard, CHEN).len()), (1, 1), "now, at any hour: {heard:?}");
    let before = talk.stored().await;
    let heard = talk.whisper(WANG, "立即 1").await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Refused), 1), "{heard:?}");
    assert_eq!(talk.stored().await, before);
    assert_eq!(told(&talk.due(at(6, 8, 0)).await, LI).len(), 0);
    // Nobody sends the next one: it goes stale, and nobody is asked.
    talk.due(at(6, 21, 30)).await;
    handled(&mut talk, WANG, BUILDING_3, "！任务 党员 明天上午扫雪").await;
    assert!(talk.due(at(9, 0, 0)).await.iter().all(|heard| told(std::slice::from_ref(heard), LI).is_empty()));
}

#[tokio::test]
async fn a_yes_without_a_number_means_what_is_still_open() {
    let mut talk = evening().await;
    check_in(&mut talk, LI, 1).await;
    handled(&mut talk, WANG, BUILDING_3, "！任务 党员 周六上午清楼道 8人").await;
    talk.due(at(5, 18, 30)).await;
    let yes = talk.whisper(LI, "接").await;
    assert_eq!(yes.outcome, Some(Outcome::Handled), "{yes:?}");
    assert_eq!(task(&talk, 1).await, [(LI.to_owned(), "accepted".to_owned())]);
    // Now Li is offered a wish: 接 is about that, though the task is open too.
    handled(&mut talk, ZHANG, BUILDING_3, "！许愿 修灯").await;
    handled(&mut talk, LIU, BUILDING_3, "！认领 2").await;
    handled(&mut talk, LI, BUILDING_3, "！认领 2").await;
    let heard = handled(&mut talk, LIU, BUILDING_3, "！放弃 2").await;
    assert_eq!(heard.told(LI).len(), 1, "{heard:?}");
    let heard = talk.whisper(LI, "接").await;
    assert!(heard.told(ZHANG).iter().any(|said| said.contains("li")), "Li takes the wish: {heard:?}");
    // And 不便 as a reply to the card of the task is about the task.
    let reply_to = Some(card_of(&talk, "task", 1, LI).await);
    let what = What::Message(Message { text: "不便".into(), reply_to, ..Message::default() });
    talk.give_privately(LI, &[BUILDING_3], what).await;
    assert_eq!(task(&talk, 1).await, [(LI.to_owned(), "declined".to_owned())]);
}

// ── Reminders, the digest, the window ───────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn a_reminder_comes_at_its_minute_whatever_the_hour() {
    let mut talk = evening().await;
    let heard = handled(&mut talk, LI, BUILDING_3, "！提醒我 明早6点 出摊").await;
    assert!(heard.only_post().plain().contains("1月6日（周二）06:00"), "{heard:?}");
    handled(&mut talk, LI, BUILDING_3, "！提醒我 明早7点 买菜").await;
    talk.whisper(LI, "提醒我 半小时后 关火").await;
    handled(&mut talk, LI, BUILDING_3, "！免打扰").await;
    let list = handled(&mut talk, LI, BUILDING_3, "！我的提醒").await;
    assert!(list.posted_in(BUILDING_3).is_empty());
    let [list] = list.told(LI)[..] else { panic!("{list:?}") };
    assert!(list.contains("出摊") && list.contains("买菜") && list.contains("关火"), "{list}");
    refused(&mut talk, ZHANG, BUILDING_3, "！取消提醒 2", "没有 2 号提醒").await;
    handled(&mut talk, LI, BUILDING_3, "！取消提醒 2").await;
    let heard = talk.due(at(6, 5, 59)).await;
    assert_eq!(told(&heard, LI).len(), 1, "{heard:?}");
    let heard = talk.due(at(6, 6, 0)).await;
    let [reminder] = told(&heard, LI)[..] else { panic!("{heard:?}") };
    assert_eq!((reminder.at_ms, reminder.notifies()), (at(6, 6, 0), true));
    assert!(reminder.plain().contains("出摊") && !reminder.plain().contains("抱歉"));
    assert_eq!(reminder.fallback_room_id.as_deref(), Some(BUILDING_3), "there if the private chat isn't open");
    assert!(told(&talk.due(at(8, 0, 0)).await, LI).is_empty());
    // The bot was down: late, and it says so.
    handled(&mut talk, LI, BUILDING_3, "！提醒我 明早6点 出摊").await;
    let heard = talk.down_until(at(10, 7, 0)).await;
    assert!(told(&heard, LI)[0].plain().contains("抱歉"), "{heard:?}");
}

/// The digests of building 3 among this.
fn digests(heard: &[Heard]) -> Vec<&Said> {
    posts(heard, BUILDING_3).into_iter().filter(|said| said.plain().contains("楼里的事")).collect()
}

#[tokio::test]
async fn one_digest_an_evening_and_none_without_anything_to_say() {
    let mut talk = evening().await;
    assert!(digests(&talk.due(at(7, 0, 0)).await).is_empty(), "nothing to say");
    handled(&mut talk, LI, BUILDING_3, "！许愿 修楼道灯").await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要 截止周四晚7点半").await;
    handled(&mut talk, WANG, BUILDING_3, "！投票 要不要换灯？ 要 / 不要 截止周四晚7点31分").await;
    handled(&mut talk, LI, BUILDING_3, "！活动 包饺子 周三晚9点").await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞 周四晚8点 20人").await;
    handled(&mut talk, LI, BUILDING_3, "！活动 合唱 周五晚8点").await;
    handled(&mut talk, LI, BUILDING_5, "！活动 下棋 周四晚8点").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！报名 4").await;
    handled(&mut talk, LIU, BUILDING_3, "！报名 5").await;
    let heard = talk.due(at(7, 23, 59)).await;
    let [digest] = digests(&heard)[..] else { panic!("{heard:#?}") };
    assert_eq!(digest.at_ms, at(7, 19, 30));
    for part in ["1月7日（周三）", "修楼道灯", "要不要装门禁", "包饺子", "广场舞", "1/20"] {
        assert!(digest.plain().contains(part), "without {part}: {}", digest.plain());
    }
    for part in ["要不要换灯", "合唱", "下棋"] {
        assert!(!digest.plain().contains(part), "with {part}: {}", digest.plain());
    }
    assert_eq!((digest.mentions(), digest.notifies()), (&[LIU.to_owned()][..], true), "those of tomorrow are rung");
    let heard = talk.due(at(8, 23, 59)).await;
    let [digest] = digests(&heard)[..] else { panic!("{heard:#?}") };
    assert!(digest.plain().contains("广场舞") && digest.plain().contains("合唱") && digest.mentions().is_empty());
    assert!(!digest.notifies(), "nobody has signed up for tomorrow, so it rings nobody");
}

#[tokio::test]
async fn a_digest_that_was_missed() {
    // The bot was down until then; whether there is a digest, and when the next one is.
    for (until, expected) in [
        (at(6, 19, 31), vec![at(6, 19, 31), at(7, 19, 30)]),
        (at(6, 21, 29), vec![at(6, 21, 29), at(7, 19, 30)]),
        (at(6, 21, 30), vec![at(7, 19, 30)]),
        (at(7, 0, 0), vec![at(7, 19, 30)]),
        (at(7, 18, 45), vec![at(7, 19, 30)]),
        // Down for a night: this evening's comes late, inside its window.
        (at(7, 20, 15), vec![at(7, 20, 15)]),
        (at(7, 21, 45), vec![]),
    ] {
        let mut talk = evening().await;
        handled(&mut talk, LI, BUILDING_3, "！许愿 修楼道灯").await;
        talk.due(at(5, 20, 0)).await;
        let mut heard = talk.down_until(until).await;
        heard.extend(talk.due(at(8, 0, 0)).await);
        let said: Vec<i64> = digests(&heard).into_iter().map(|said| said.at_ms).collect();
        assert_eq!(said, expected, "down until {}", (until - at(6, 0, 0)) / MINUTE_MS);
    }
}

#[tokio::test]
async fn the_edges_of_the_window() {
    // When a poll's result is announced that was due at some minute: 18:30 is in, 21:30 is out.
    for (closes, announced) in [
        ("截止周二18:29", at(6, 18, 30)),
        ("截止周二18:30", at(6, 18, 30)),
        ("截止周二21:29", at(6, 21, 29)),
        ("截止周二21:30", at(7, 18, 30)),
        ("截止周六上午9:29", at(10, 9, 30)),
        ("截止周六上午9:30", at(10, 9, 30)),
        ("截止周五23:00", at(10, 9, 30)),
        ("截止周日21:30", at(12, 18, 30)),
    ] {
        let mut talk = evening().await;
        handled(&mut talk, WANG, BUILDING_3, &format!("！投票 要不要装门禁？ 要 / 不要 {closes}")).await;
        let heard = talk.due(at(13, 0, 0)).await;
        let results: Vec<i64> = posts(&heard, BUILDING_3)
            .into_iter()
            .filter(|said| said.plain().contains("结果"))
            .map(|said| said.at_ms)
            .collect();
        assert_eq!(results, [announced], "{closes}");
    }
}

#[tokio::test]
async fn after_downtime_stale_reminders_are_dropped() {
    let mut talk = evening().await;
    handled(&mut talk, LI, BUILDING_3, "！活动 广场舞 周三晚8点").await;
    handled(&mut talk, ZHANG, BUILDING_3, "！报名 1").await;
    let heard = talk.down_until(at(7, 20, 0)).await;
    assert!(posts(&heard, BUILDING_3).iter().all(|said| !said.plain().contains("今天有活动")), "{heard:#?}");
    let heard = handled(&mut talk, LI, BUILDING_3, "！名单 1").await;
    assert!(heard.only_post().plain().contains("zhang"));
    assert_eq!(talk.say(LIU, BUILDING_3, "报名").await.outcome, Some(Outcome::Ignored), "no open card any more");
}
