//! Floods: whoever is too fast is told once and not heard for a while; nobody else notices, and a whole room that taps is
//! no flood.

mod conversation;

use conversation::{BUILDING_3, BUILDING_5, Conversation, LI, LIU, STEWARD, ZHANG};
use lamplighter_commands::{
    flood::{Limits, Rate},
    house::Outcome,
    incoming::{Message, What},
};
use lamplighter_storage::{bucket, retention};

/// Small ones; a conversation takes a second for each thing said.
const LIMITS: Limits = Limits {
    commands: Rate { burst: 5, every_ms: 60_000, recovered: 2 },
    taps: Rate { burst: 4, every_ms: 60_000, recovered: 2 },
    room: Rate { burst: 8, every_ms: 60_000, recovered: 2 },
};
const MINUTE_MS: i64 = 60_000;
const TOO_FAST: &str = "先歇一两分钟";

async fn talk() -> Conversation {
    let mut talk = Conversation::new().await;
    talk.house.limits = LIMITS;
    talk
}

#[tokio::test]
async fn whoever_types_too_fast_is_told_once_and_then_not_heard() {
    let mut talk = talk().await;
    for wish in 1..=5 {
        let heard = talk.say(LI, BUILDING_3, &format!("！许愿 第{wish}个")).await;
        assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    }
    let before = talk.stored().await;
    let heard = talk.say(LI, BUILDING_3, "！许愿 第6个").await;
    assert!(heard.only_post().plain().contains(TOO_FAST), "{heard:?}");
    assert!(heard.only_post().mentions().is_empty() && !heard.only_post().notifies(), "nobody's phone rings for it");
    for text in ["！许愿 第7个", "！帮助", "！许原 错字", "！积分"] {
        let heard = talk.say(LI, BUILDING_3, text).await;
        assert!(heard.said.is_empty() && heard.outcome == Some(Outcome::Ignored), "{text}: {heard:?}");
    }
    assert!(talk.whisper(LI, "说什么呢").await.said.is_empty(), "nor in private");
    assert_eq!(talk.stored().await, before, "what exceeds has no effect");
    // Neighbours don't notice, and what isn't meant for the bot is nobody's command.
    assert_eq!(talk.say(ZHANG, BUILDING_3, "！许愿 张叔的").await.outcome, Some(Outcome::Handled));
    for _ in 0..20 {
        assert!(talk.say(LIU, BUILDING_3, "今天天气真好").await.said.is_empty());
        assert!(talk.say(LIU, BUILDING_3, "1").await.said.is_empty());
    }
    assert_eq!(talk.say(LIU, BUILDING_3, "！许愿 刘姐的").await.outcome, Some(Outcome::Handled));
}

#[tokio::test]
async fn calm_is_enough_to_be_heard_again_and_the_notice_comes_once_an_hour() {
    let mut talk = talk().await;
    let mut notices = 0;
    // An hour of one wish a second would be 3,600; somebody's script doesn't stop for a notice.
    for _ in 0..200 {
        let heard = talk.say(LI, BUILDING_3, "！许愿 又一个").await;
        notices += heard.said.iter().filter(|said| said.plain().contains(TOO_FAST)).count();
    }
    assert_eq!(notices, 1);
    talk.now_ms += 2 * MINUTE_MS;
    assert_eq!(
        talk.say(LI, BUILDING_3, "！许愿 慢慢来").await.outcome,
        Some(Outcome::Handled),
        "after two calm minutes"
    );
    talk.now_ms += 3 * 60 * MINUTE_MS;
    for _ in 0..20 {
        let heard = talk.say(LI, BUILDING_3, "！许愿 又一个").await;
        notices += heard.said.iter().filter(|said| said.plain().contains(TOO_FAST)).count();
    }
    assert_eq!(notices, 2, "the next time, hours later, it is said again");
}

#[tokio::test]
async fn the_same_event_draws_once_and_late_ones_gain_nothing() {
    let mut talk = talk().await;
    talk.say(LI, BUILDING_3, "！许愿 一个").await;
    let again = talk.came_in.last().cloned().expect("the wish");
    for _ in 0..20 {
        talk.give(again.clone()).await;
    }
    for _ in 0..4 {
        assert_eq!(talk.say(LI, BUILDING_3, "！积分").await.outcome, Some(Outcome::Handled));
    }
    // A server that says it was sent long ago, or will be: only our own clock fills the bucket.
    for sent_at_ms in [0, i64::MIN, i64::MAX] {
        let what = What::Message(Message { text: "！积分".into(), ..Message::default() });
        let mut incoming = talk.incoming(LI, Conversation::in_room(BUILDING_3), BUILDING_3, what);
        incoming.sent_at_ms = sent_at_ms;
        assert_ne!(talk.give(incoming).await.outcome, Some(Outcome::Handled), "{sent_at_ms}");
    }
}

/// The bot was away, and reads in one second what was said in an hour: nobody was too fast.
#[tokio::test]
async fn a_backlog_is_no_flood() {
    let mut talk = talk().await;
    talk.now_ms += 61 * MINUTE_MS;
    let mut backlog = Vec::new();
    for minute in 0..60 {
        let what = What::Message(Message { text: "！许愿 一个".into(), ..Message::default() });
        let mut incoming = talk.incoming(LI, Conversation::in_room(BUILDING_3), BUILDING_3, what);
        incoming.sent_at_ms = talk.now_ms - (60 - minute) * MINUTE_MS;
        backlog.push(incoming);
    }
    for incoming in backlog {
        assert_eq!(talk.give(incoming).await.outcome, Some(Outcome::Handled));
    }
}

#[tokio::test]
async fn a_room_that_answers_a_poll_is_no_flood_and_one_person_who_taps_without_end_is() {
    const HALL: usize = 150;
    let mut talk = talk().await;
    talk.say(STEWARD, BUILDING_3, "！许愿 修灯").await;
    talk.say(STEWARD, BUILDING_3, "！活动 合唱 周六晚7点 活动室").await;
    talk.say(STEWARD, BUILDING_3, "！投票 装门禁吗？ 装 / 不装").await;
    let activity = talk.cards("activity", 2).await.pop().expect("a card").1;
    let poll = talk.cards("poll_native", 3).await.pop().expect("a native poll").1;
    for person in 0..HALL {
        let who = format!("@p{person}:example.org");
        let sign_up = talk.tap(&who, BUILDING_3, &activity, "✅ 报名").await;
        assert_eq!(sign_up.outcome, Some(Outcome::Handled), "{person}");
        assert_eq!(talk.answer_poll(&who, BUILDING_3, &poll, &[1]).await.outcome, Some(Outcome::Handled), "{person}");
        // By word it is the same act, however much was said in the room.
        assert_eq!(talk.say(&who, BUILDING_3, "！投 3 2").await.outcome, Some(Outcome::Handled), "{person}");
    }
    let (mut told, mut counted, mut last) = (0, 0, None);
    for _ in 0..20 {
        let heard = talk.tap(LI, BUILDING_3, &activity, "✅ 报名").await;
        told += heard.told(LI).iter().filter(|text| text.contains(TOO_FAST)).count();
        assert!(
            heard.posted_in(BUILDING_3).iter().all(|text| !text.contains(TOO_FAST)),
            "that is between the two of us"
        );
        if heard.outcome == Some(Outcome::Handled) {
            counted += 1;
            last = Some(heard.event_id.clone());
        }
    }
    assert!(told == 1 && counted >= 1, "{told} {counted}");
    // What was counted can be taken back at any speed.
    assert!(talk.untap(LI, BUILDING_3, &last.expect("a tap")).await.outcome.is_some());
}

#[tokio::test]
async fn a_room_in_which_many_are_too_fast_is_told_once_and_taps_still_count() {
    let mut talk = talk().await;
    talk.say(STEWARD, BUILDING_3, "！活动 合唱 周六晚7点 活动室").await;
    let card = talk.cards("activity", 1).await.pop().expect("a card").1;
    let (mut answered, mut told) = (0, 0);
    for person in 0..40 {
        let heard = talk.say(&format!("@p{person}:example.org"), BUILDING_3, "！许愿 修灯").await;
        answered += usize::from(heard.outcome == Some(Outcome::Handled));
        told += heard.said.iter().filter(|said| said.plain().contains(TOO_FAST)).count();
    }
    assert!((7..=9).contains(&answered) && told == 1, "{answered} {told}");
    assert_eq!(talk.tap(LI, BUILDING_3, &card, "✅").await.outcome, Some(Outcome::Handled), "a tap counts");
    assert_eq!(talk.say(ZHANG, BUILDING_3, "！报名 1").await.outcome, Some(Outcome::Handled), "and so does its word");
    assert_eq!(talk.say(LIU, BUILDING_5, "！许愿 修灯").await.outcome, Some(Outcome::Handled), "other rooms are calm");
    assert_eq!(talk.whisper(LIU, "积分").await.outcome, Some(Outcome::Handled), "private chats too");
}

#[tokio::test]
async fn calm_leaves_nothing_behind() {
    let mut talk = talk().await;
    talk.say(LI, BUILDING_3, "！许愿 一个").await;
    let mut tx = talk.storage.begin().await.expect("a transaction");
    assert!(bucket::get(&mut tx, bucket::Kind::Room, BUILDING_3).await.expect("the bucket").is_some());
    retention::forget_before(&mut tx, talk.now_ms + 1).await.expect("forgetting");
    assert!(bucket::get(&mut tx, bucket::Kind::Room, BUILDING_3).await.expect("the bucket").is_none());
    tx.commit().await.expect("a commit");
}
