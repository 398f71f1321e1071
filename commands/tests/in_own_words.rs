//! Neighbours speak to the bot in their own words, and it does what they mean.

mod conversation;

use conversation::{BUILDING_3, Conversation, Heard, LI, LIU, ZHANG};
use lamplighter_commands::{house::Outcome, incoming::Message};
use lamplighter_storage::{activity, poll, wish};

async fn done(talk: &mut Conversation, by: &str, text: &str) -> Heard {
    let heard = talk.say(by, BUILDING_3, text).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{text}: {heard:?}");
    heard
}

/// Who goes to an activity, with the neighbours they bring by name.
async fn going(talk: &Conversation, number: i64) -> Vec<(String, i64)> {
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let stored = activity::get(&mut tx, conversation::COMMUNITY, number).await.expect("a row").expect("the activity");
    tx.roll_back().await.expect("nothing was changed");
    stored
        .seats
        .into_iter()
        .map(|seat| (if seat.guest.is_empty() { seat.name } else { seat.guest }, seat.adults))
        .collect()
}

#[tokio::test]
async fn a_wish_from_beginning_to_end() {
    let mut talk = Conversation::new().await;
    done(&mut talk, LI, "！俺想许个愿，修三楼的灯，谢谢大家").await;
    done(&mut talk, ZHANG, "！1号心愿我来帮").await;
    done(&mut talk, ZHANG, "！#1 已经帮好了").await;
    done(&mut talk, LI, "！1号心愿确认一下，谢谢").await;
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let stored = wish::get(&mut tx, conversation::COMMUNITY, 1).await.expect("a row").expect("the wish");
    assert_eq!((stored.row.state.as_str(), stored.row.text.as_str()), ("confirmed", "修三楼的灯"));
}

#[tokio::test]
async fn signing_up_by_title_by_name_and_without_a_word() {
    let mut talk = Conversation::new().await;
    done(&mut talk, LI, "！麻烦发起活动 包饺子 周六晚7点 活动室，谢谢").await;
    done(&mut talk, LI, "！组织一个活动 广场舞教学 周日晚7点 小广场").await;
    done(&mut talk, ZHANG, "！我要报名广场舞教学").await;
    done(&mut talk, ZHANG, "！我和老伴报名1").await;
    done(&mut talk, LIU, "！报名 1 陈奶奶 2号楼").await;
    done(&mut talk, LIU, "！报名 1 liu 3号楼 2人").await;
    assert_eq!(going(&talk, 1).await, [("zhang".into(), 2), ("陈奶奶".into(), 1), ("liu".into(), 2)]);
    assert_eq!(going(&talk, 2).await, [("zhang".into(), 1)]);
    done(&mut talk, ZHANG, "！包饺子我去不了了").await;
    assert_eq!(going(&talk, 1).await.len(), 2);
}

#[tokio::test]
async fn an_option_is_chosen_by_its_letter_or_its_words() {
    let mut talk = Conversation::new().await;
    talk.empower(LI, BUILDING_3, 50);
    done(&mut talk, LI, "！大家投票 聚餐吃什么？ 火锅；烧烤；家常菜").await;
    for (by, text, choice) in [(ZHANG, "！投1 B", 2), (LIU, "！1号投票我投家常菜", 3), (ZHANG, "！我选火锅", 1)]
    {
        done(&mut talk, by, text).await;
        let mut tx = talk.storage.begin().await.expect("a transaction");
        let counts = poll::tally(&mut tx, conversation::COMMUNITY, 1).await.expect("the ballots");
        assert!(counts.iter().any(|(_, option, _)| *option == choice), "{text}: {counts:?}");
        tx.roll_back().await.expect("nothing was changed");
    }
    let heard = talk.say(ZHANG, BUILDING_3, "！投 1 披萨").await;
    assert_eq!(heard.outcome, Some(Outcome::Refused), "{heard:?}");
    // What can't be kept isn't promised.
    let heard = talk.say(LI, BUILDING_3, "！匿名投票 对物业满意吗？ 满意 / 不满意").await;
    assert!(heard.only_post_in(BUILDING_3).contains("还不会匿名投票"), "{heard:?}");
    let heard = talk.say(LI, BUILDING_3, "！投票 多选：做什么？ 下棋 / 看书").await;
    assert!(heard.only_post_in(BUILDING_3).contains("还不会多选"), "{heard:?}");
}

#[tokio::test]
async fn activities_of_a_day_and_ones_own_are_listed() {
    let mut talk = Conversation::new().await;
    for command in ["！活动 包饺子 周六晚7点", "！活动 下棋 周日下午3点", "！活动 合唱 下周三晚7点"]
    {
        talk.say(LI, BUILDING_3, command).await;
    }
    talk.say(ZHANG, BUILDING_3, "！报名 2").await;
    for (question, expected, others) in [
        ("！活动列表", &["包饺子", "下棋", "合唱"][..], &[][..]),
        ("！周六有什么活动", &["1月10日（周六）的活动", "包饺子"], &["下棋", "合唱"]),
        ("！周末有什么活动", &["1月10日（周六）–1月11日（周日）", "包饺子", "下棋"], &["合唱"]),
        ("！明天有什么活动", &["1月6日（周二）还没有活动"], &["包饺子"]),
        ("！我报了哪些活动", &["您报了名的活动", "下棋"], &["包饺子", "合唱"]),
    ] {
        let heard = talk.say(ZHANG, BUILDING_3, question).await;
        let said = heard.only_post_in(BUILDING_3);
        for part in expected {
            assert!(said.contains(part), "{question}: no {part} in {said}");
        }
        for part in others {
            assert!(!said.contains(part), "{question}: {part} in {said}");
        }
    }
    let heard = talk.say(LI, BUILDING_3, "！我报了哪些活动").await;
    assert!(heard.only_post().plain().contains("您还没有报名的活动"), "{heard:?}");
}

#[tokio::test]
async fn what_was_only_guessed_is_asked_about_before_neighbours_see_it() {
    let mut talk = Conversation::new().await;
    let question = talk.whisper(LI, "周末谁有空陪我去医院").await;
    assert!(question.only_post().plain().contains("！许愿 周末谁有空陪我去医院"), "{question:?}");
    assert!(talk.cards("wish", 1).await.is_empty(), "nobody has read of it yet");
    talk.whisper(LI, "2").await;
    assert!(talk.cards("wish", 1).await.is_empty());
    talk.say(ZHANG, BUILDING_3, "！周六晚7点，活动室，健康讲座").await;
    let heard = talk.say(ZHANG, BUILDING_3, "1").await;
    assert!(heard.only_post_in(BUILDING_3).contains("健康讲座"), "{heard:?}");
    // Neighbours who answer the card talk to each other.
    let card = heard.only_post().event_id.clone();
    let message = Message { text: "周末谁有空陪我一起去".into(), reply_to: Some(card), ..Message::default() };
    let heard = talk.say_message(LIU, BUILDING_3, message).await;
    assert!(heard.said.is_empty(), "{heard:?}");
}
