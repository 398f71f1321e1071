//! A command with something missing is asked about and completed by what the same person says next; neighbours who talk to
//! each other are left alone.

mod conversation;

use conversation::{BUILDING_3, Conversation, Heard, LI, ZHANG};
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
