//! A command with something missing is asked about and completed by what the same person says next; neighbours who talk to
//! each other are left alone.

mod conversation;

use conversation::{BUILDING_3, BUILDING_5, Conversation, Heard, LI, STEWARD, ZHANG};
use lamplighter_commands::{house::Outcome, incoming::Message};

const MINUTE_MS: i64 = 60_000;

async fn asked(talk: &mut Conversation, text: &str, question: &str) -> Heard {
    let heard = talk.say(LI, BUILDING_3, text).await;
    assert!(heard.only_post_in(BUILDING_3).contains(question), "{text}: {heard:?}");
    heard
}

async fn replying(talk: &mut Conversation, by: &str, to: &str, text: &str) -> Heard {
    let message = Message { text: text.into(), reply_to: Some(to.into()), ..Message::default() };
    talk.say_message(by, BUILDING_3, message).await
}

fn is_silence(heard: &Heard) -> bool {
    heard.outcome == Some(Outcome::Ignored) && heard.said.is_empty()
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_said() {
    for (command, question, answer, card) in [
        ("！许愿", "什么忙", "修三楼的灯", "修三楼的灯"),
        ("！活动 儿童画展", "哪天几点", "周六晚7点", "1月10日（周六）19:00"),
        ("！活动 周六晚7点", "叫什么", "包饺子", "活动 1：包饺子"),
        ("！提醒我", "什么时候", "明晚8点 交物业费", "交物业费"),
        ("！wish", "什么忙", "a new lamp", "a new lamp"),
    ] {
        let mut talk = Conversation::new().await;
        asked(&mut talk, command, question).await;
        let heard = talk.say(LI, BUILDING_3, answer).await;
        assert_eq!(heard.outcome, Some(Outcome::Handled), "{command} {answer}: {heard:?}");
        assert!(heard.said.iter().any(|said| said.is_post() && said.plain().contains(card)), "{command}: {heard:?}");
        // It is done once: the same words again are only talk.
        assert!(is_silence(&talk.say(LI, BUILDING_3, answer).await), "{command}");
    }
}

#[tokio::test]
async fn one_thing_is_asked_after_the_other() {
    let mut talk = Conversation::new().await;
    asked(&mut talk, "！提醒我", "什么时候").await;
    let heard = talk.say(LI, BUILDING_3, "明晚8点").await;
    assert!(heard.only_post_in(BUILDING_3).contains("什么事"), "{heard:?}");
    let heard = talk.say(LI, BUILDING_3, "交物业费").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
}

#[tokio::test]
async fn it_ends_when_nobody_wants_to_go_on_or_after_five_minutes() {
    let mut talk = Conversation::new().await;
    asked(&mut talk, "！许愿", "什么忙").await;
    let heard = talk.say(LI, BUILDING_3, "算了").await;
    assert!(heard.only_post_in(BUILDING_3).contains("不说了"), "{heard:?}");
    assert!(is_silence(&talk.say(LI, BUILDING_3, "修灯").await));
    assert!(is_silence(&talk.say(LI, BUILDING_3, "算了").await), "nothing is asked any more");

    asked(&mut talk, "！许愿", "什么忙").await;
    talk.now_ms += 5 * MINUTE_MS + 1;
    assert!(is_silence(&talk.say(LI, BUILDING_3, "修灯").await));

    // Another command takes its place.
    asked(&mut talk, "！许愿", "什么忙").await;
    talk.say(LI, BUILDING_3, "！心愿列表").await;
    assert!(is_silence(&talk.say(LI, BUILDING_3, "修灯").await));
    assert!(talk.cards("wish", 1).await.is_empty());
}

#[tokio::test]
async fn neighbours_who_talk_to_each_other_are_left_alone() {
    let mut talk = Conversation::new().await;
    let question = asked(&mut talk, "！许愿", "什么忙").await.only_post().event_id.clone();
    // Somebody else's words are theirs, and from then on nobody knows whom 李阿姨 answers.
    let asks = talk.say(ZHANG, BUILDING_3, "李阿姨吃了吗").await;
    assert!(is_silence(&asks));
    assert!(is_silence(&talk.say(LI, BUILDING_3, "吃了，你呢").await));
    assert!(is_silence(&replying(&mut talk, LI, &asks.event_id, "吃的饺子").await));
    // A reply to the question is meant for it.
    let heard = replying(&mut talk, LI, &question, "修三楼的灯").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    assert_eq!(talk.cards("wish", 1).await.len(), 1);

    // Whoever mentions a neighbour speaks to them.
    asked(&mut talk, "！许愿", "什么忙").await;
    let message = Message {
        text: "张叔你来不来".into(),
        mentions: vec![Conversation::named(ZHANG, "张叔")],
        ..Message::default()
    };
    assert!(is_silence(&talk.say_message(LI, BUILDING_3, message).await));
    assert!(talk.cards("wish", 2).await.is_empty());
}

#[tokio::test]
async fn it_goes_on_in_private() {
    let mut talk = Conversation::new().await;
    let heard = talk.whisper(LI, "提醒我 交物业费").await;
    assert!(heard.only_post().plain().contains("什么时候"), "{heard:?}");
    let heard = talk.whisper(LI, "明晚8点").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
}

// ── Two taps ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The chips that the bot puts under what it asks.
fn chips(heard: &Heard) -> Vec<&str> {
    heard.said.iter().filter(|said| said.kind == "tap").map(|said| said.plain()).collect()
}

#[tokio::test]
async fn seven_to_eleven_without_a_half_day_is_asked_with_two_taps() {
    for (by, command, in_the_morning, in_the_evening) in [
        (STEWARD, "！活动 周六8点 包饺子", "1月10日（周六）08:00", "1月10日（周六）20:00"),
        (LI, "！提醒我 周六九点半 交物业费", "1月10日（周六）09:30", "1月10日（周六）21:30"),
        (STEWARD, "！投票 装门禁吗 装/不装 截止周六9点", "1月10日（周六）09:00", "1月10日（周六）21:00"),
    ] {
        for (key, digit, expected) in [("1️⃣", "1", in_the_morning), ("2️⃣", "2", in_the_evening)] {
            for tapped in [true, false] {
                let mut talk = Conversation::new().await;
                let question = talk.say(by, BUILDING_3, command).await;
                assert!(question.only_post_in(BUILDING_3).contains("早上还是晚上"), "{command}: {question:?}");
                assert_eq!(chips(&question), ["1️⃣", "2️⃣"], "{command}");
                let on = question.only_post().event_id.clone();
                // Somebody else's tap means nothing.
                assert!(is_silence(&talk.tap(ZHANG, BUILDING_3, &on, key).await), "{command}");
                let heard = match tapped {
                    true => talk.tap(by, BUILDING_3, &on, key).await,
                    false => talk.say(by, BUILDING_3, digit).await,
                };
                assert_eq!(heard.outcome, Some(Outcome::Handled), "{command} {key}: {heard:?}");
                assert!(heard.said.iter().any(|said| said.plain().contains(expected)), "{command} {key}: {heard:?}");
                assert!(is_silence(&talk.tap(by, BUILDING_3, &on, key).await), "it is done once");
            }
        }
    }
}

#[tokio::test]
async fn nobody_is_asked_what_is_clear() {
    for command in ["！活动 周六晚8点 包饺子", "！活动 周六3点 包饺子", "！活动 周六20点 包饺子", "！提醒我 8点 收衣服"]
    {
        let mut talk = Conversation::new().await;
        let heard = talk.say(STEWARD, BUILDING_3, command).await;
        assert_eq!(heard.outcome, Some(Outcome::Handled), "{command}: {heard:?}");
    }
}

#[tokio::test]
async fn moving_an_activity_asks_too() {
    let mut talk = Conversation::new().await;
    talk.say(STEWARD, BUILDING_3, "！活动 周六下午3点 包饺子").await;
    let question = talk.say(STEWARD, BUILDING_3, "！改到 8点 1").await;
    assert!(question.only_post().plain().contains("早上还是晚上"), "{question:?}");
    let heard = talk.tap(STEWARD, BUILDING_3, &question.only_post().event_id, "2️⃣").await;
    assert!(heard.said.iter().any(|said| said.plain().contains("1月10日（周六）20:00")), "{heard:?}");
}

#[tokio::test]
async fn a_near_miss_is_one_tap_away() {
    let mut talk = Conversation::new().await;
    let question = talk.say(LI, BUILDING_3, "！许原修三楼的灯").await;
    assert!(question.only_post().plain().contains("许愿"), "{question:?}");
    let heard = talk.tap(LI, BUILDING_3, &question.only_post().event_id, "1️⃣").await;
    assert!(heard.only_post_in(BUILDING_3).contains("修三楼的灯"), "{heard:?}");
    // The tap taken back takes back what it did.
    let heard = talk.untap(LI, BUILDING_3, &heard.event_id).await;
    assert!(heard.said.iter().any(|said| said.plain().contains("撤回")), "{heard:?}");

    let question = talk.say(LI, BUILDING_3, "！徐愿 修门铃").await;
    let heard = talk.tap(LI, BUILDING_3, &question.only_post().event_id, "2️⃣").await;
    assert!(heard.only_post().plain().contains("不说了"), "{heard:?}");
}

#[tokio::test]
async fn a_tap_on_an_old_question_is_told_so() {
    let mut talk = Conversation::new().await;
    let question = talk.say(LI, BUILDING_3, "！许原 修灯").await;
    talk.now_ms += 11 * MINUTE_MS;
    let heard = talk.tap(LI, BUILDING_3, &question.only_post().event_id, "1️⃣").await;
    assert!(heard.only_post().plain().contains("过了时间"), "{heard:?}");
    assert!(talk.cards("wish", 1).await.is_empty());
}

#[tokio::test]
async fn in_private_the_room_that_was_chosen_stays_chosen() {
    let mut talk = Conversation::new().await;
    talk.say(STEWARD, BUILDING_5, "！这是 5号楼").await;
    let rooms = [BUILDING_3, BUILDING_5];
    let question = talk.whisper_from(STEWARD, &rooms, "活动 周六8点 包饺子").await;
    assert!(question.only_post().plain().contains("哪个群"), "{question:?}");
    let question = talk.whisper_from(STEWARD, &rooms, "2").await;
    assert!(question.only_post().plain().contains("早上还是晚上"), "{question:?}");
    let heard = talk.whisper_from(STEWARD, &rooms, "2").await;
    assert!(heard.only_post_in(BUILDING_5).contains("20:00"), "{heard:?}");
}
