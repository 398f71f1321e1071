//! Two communities on one bot: nothing of one is visible in the other, in no answer, list, trail, digest or number, and
//! nothing is done across them. And an event of another room, named from here, is as if it didn't exist.

mod conversation;

use conversation::{Conversation, Heard};
use lamplighter_commands::{
    feature,
    house::Outcome,
    incoming::{Message, What},
};
use lamplighter_config::Community;
use proptest::prelude::*;

/// One community: its steward, its room, its people, and the mark that stands in everything of it.
struct Side {
    id: &'static str,
    steward: &'static str,
    room_id: &'static str,
    people: [&'static str; 2],
    mark: &'static str,
}

const ROSE: Side = Side {
    id: "rose",
    steward: "@rose-steward:example.org",
    room_id: "!rose",
    people: ["@rose-li:example.org", "@rose-zhang:example.org"],
    mark: "玫瑰",
};
const LILY: Side = Side {
    id: "lily",
    steward: "@lily-steward:example.org",
    room_id: "!lily",
    people: ["@lily-li:example.org", "@lily-zhang:example.org"],
    mark: "百合",
};
/// Somebody with a flat in both.
const BOTH: &str = "@both:example.org";

async fn say_all(talk: &mut Conversation, side: &Side, lines: &[(&str, &str)]) {
    for (by, text) in lines {
        let heard = talk.say(by, side.room_id, text).await;
        assert_eq!(heard.outcome, Some(Outcome::Handled), "{text}: {heard:?}");
    }
}

/// Both bound; in each, people whose names carry the mark.
async fn two() -> Conversation {
    let communities = [&ROSE, &LILY].map(|side| Community {
        id: side.id.into(),
        name: side.mark.into(),
        ..Community::console_default(vec![side.steward.to_owned()])
    });
    let mut talk = Conversation::unbound(communities.to_vec()).await;
    for side in [&ROSE, &LILY] {
        for (number, person) in side.people.iter().enumerate() {
            talk.names.insert((*person).into(), format!("{}居民{number}", side.mark));
        }
        talk.names.insert(side.steward.into(), format!("{}主任", side.mark));
        say_all(&mut talk, side, &[(side.steward, &format!("！这是 {}1号楼", side.mark))]).await;
    }
    talk
}

/// One of everything, and more, so that numbers tell where they are from.
async fn furnish(talk: &mut Conversation, side: &Side) {
    let [li, zhang] = side.people;
    let mark = side.mark;
    let lines = [
        (li, format!("！许愿 {mark}修灯")),
        (zhang, "！认领 1".to_owned()),
        (zhang, "！完成 1".to_owned()),
        (li, "！确认 1".to_owned()),
        (li, format!("！许愿 {mark}换锁")),
        (li, format!("！活动 {mark}合唱 周二晚7点 {mark}活动室 30人")),
        (zhang, "！报名 3 +1".to_owned()),
        (li, format!("！代报名 3 {mark}奶奶")),
        (side.steward, format!("！投票 {mark}装门禁吗？ {mark}装 / {mark}不装 截止周二晚8点")),
        (zhang, "！投 4 1".to_owned()),
        (zhang, "！上榜".to_owned()),
        (li, "！报到".to_owned()),
        (li, format!("！提醒我 周二晚7点 {mark}缴费")),
        (side.steward, format!("！提醒大家 周二晚7点 {mark}停水")),
    ];
    let lines: Vec<(&str, &str)> = lines.iter().map(|(by, text)| (*by, text.as_str())).collect();
    say_all(talk, side, &lines).await;
}

/// What is said in the rooms of a side, or to somebody who is only there, holds no mark of the other.
#[track_caller]
fn assert_apart(heard: &Heard, what: &str) {
    for said in &heard.said {
        for (here, other) in [(&ROSE, &LILY), (&LILY, &ROSE)] {
            let in_room = said.room_id.as_deref() == Some(here.room_id);
            let to_one = said
                .user_id
                .as_deref()
                .is_some_and(|user_id| user_id == here.steward || here.people.contains(&user_id));
            if in_room || to_one {
                let all = format!("{:?}", said.content);
                assert!(!all.contains(other.mark), "{what}: {} reads of {}: {all}", here.mark, other.mark);
                assert!(!other.people.iter().any(|person| all.contains(person)), "{what}: {all}");
            }
            if in_room {
                assert_ne!(said.fallback_room_id.as_deref(), Some(other.room_id), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn no_command_shows_or_touches_anything_of_the_other_community() {
    let mut talk = two().await;
    furnish(&mut talk, &ROSE).await;
    // Lily has nothing: whatever is found there would be Rose's.
    for (feature, word) in feature::words() {
        if (feature.name, word.key) == ("room", "bind") {
            continue;
        }
        for rest in ["", "1", "2", "3", "4", "1 1", "3 张奶奶"] {
            let text = format!("！{} {rest}", word.zh.first().expect("a word"));
            for by in [LILY.people[0], LILY.steward] {
                let heard = talk.say(by, LILY.room_id, &text).await;
                assert_apart(&heard, &text);
                let heard = talk.whisper_from(by, &[LILY.room_id], text.trim_start_matches('！')).await;
                assert_apart(&heard, &text);
            }
            talk.now_ms += 600_000;
        }
    }
    assert_eq!(balance(&mut talk, LILY.people[1], &LILY).await, "0");
    assert_eq!(balance(&mut talk, ROSE.people[1], &ROSE).await, "10", "and nothing was taken away over there");
}

/// The points that somebody reads.
async fn balance(talk: &mut Conversation, by: &str, side: &Side) -> String {
    talk.now_ms += 600_000;
    let heard = talk.whisper_from(by, &[side.room_id], "积分").await;
    let told = heard.told(by).join("\n");
    told.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
}

/// Anybody can make a room and be its captain: that must not tell them which communities there are.
#[tokio::test]
async fn a_captain_who_registers_a_room_names_the_community_and_is_told_of_none() {
    const CAPTAIN: &str = "@new-captain:example.org";
    const NEW: &str = "!new";
    let mut talk = two().await;
    talk.empower(CAPTAIN, NEW, 100);
    let came_in = talk.incoming(CAPTAIN, talk.room_now(NEW), NEW, What::OwnJoin { made_by_bot: false });
    talk.give(came_in).await;
    for text in ["！这是 3号楼", "！这是 兴趣群 合唱", "！这是 牡丹 3号楼", "！这是 玫瑰", "！这是 兴趣群 玫瑰", "1"]
    {
        let heard = talk.say(CAPTAIN, NEW, text).await;
        assert_ne!(heard.outcome, Some(Outcome::Handled), "{text}: {heard:?}");
        for said in &heard.said {
            let all = format!("{:?}", said.content);
            assert!(![ROSE, LILY].iter().any(|side| all.contains(side.mark) || all.contains(side.steward)), "{all}");
            assert!(said.room_id.as_deref() == Some(NEW) && all.contains("社区名 3号楼"), "{text}: {all}");
        }
    }
    // Named, it goes to that community's steward alone.
    let heard = talk.say(CAPTAIN, NEW, "！这是 玫瑰 3号楼").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let [asked] = heard.told(ROSE.steward)[..] else { panic!("the steward is asked: {heard:?}") };
    assert!(asked.contains("“3号楼”"), "{asked}");
    assert!(heard.told(LILY.steward).is_empty(), "{heard:?}");
    let heard = talk.whisper_from(ROSE.steward, &[ROSE.room_id], "同意").await;
    assert!(heard.only_post_in(NEW).contains("这里是3号楼（玫瑰）"), "{heard:?}");
}

#[tokio::test]
async fn what_falls_due_stays_where_it_belongs() {
    let mut talk = two().await;
    furnish(&mut talk, &ROSE).await;
    furnish(&mut talk, &LILY).await;
    let end_ms = talk.now_ms + 4 * 86_400_000;
    let mut said = 0;
    for heard in talk.due(end_ms).await {
        said += heard.said.len();
        assert_apart(&heard, "what fell due");
    }
    assert!(said >= 10, "digests, reminders, results: {said}");
}

#[tokio::test]
async fn who_lives_in_both_is_asked_which_and_reads_of_that_one_only() {
    let mut talk = two().await;
    furnish(&mut talk, &ROSE).await;
    furnish(&mut talk, &LILY).await;
    let both = [ROSE.room_id, LILY.room_id];
    for text in ["心愿列表", "活动列表", "排行", "轨迹 1", "名单 3", "积分"] {
        talk.now_ms += 600_000;
        let asked = talk.whisper_from(BOTH, &both, text).await;
        let [question] = asked.told(BOTH)[..] else { panic!("{text}: {asked:?}") };
        assert!(question.contains(ROSE.mark) && question.contains(LILY.mark), "asked which room: {question}");
        let second = question.lines().find(|line| line.contains(LILY.mark)).expect("a choice");
        let digit: String = second.chars().filter(char::is_ascii_digit).take(1).collect();
        let heard = talk.whisper_from(BOTH, &both, &digit).await;
        let answer = heard.told(BOTH).join("\n");
        assert!(!answer.contains(ROSE.mark), "{text}: {answer}");
        assert!(!answer.is_empty(), "{text}");
    }
    // Whoever has left one of them meanwhile isn't let in by an old question.
    talk.now_ms += 600_000;
    talk.whisper_from(BOTH, &both, "心愿列表").await;
    for digit in ["1", "2"] {
        let heard = talk.whisper_from(BOTH, &[LILY.room_id], digit).await;
        assert!(!heard.told(BOTH).join("\n").contains(ROSE.mark), "{heard:?}");
    }
}

#[tokio::test]
async fn a_card_of_another_room_can_be_neither_tapped_nor_answered_from_here() {
    let mut talk = two().await;
    furnish(&mut talk, &ROSE).await;
    let mut cards = Vec::new();
    for (kind, number) in [("wish", 2), ("activity", 3), ("poll_native", 4)] {
        let mut tx = talk.storage.begin().await.expect("a transaction");
        let card = lamplighter_storage::card::of_number(&mut tx, ROSE.id, kind, number).await.expect("cards").remove(0);
        let event_id = lamplighter_storage::outbox::event_id(&mut tx, card.post_id).await.expect("an event");
        tx.roll_back().await.expect("a rollback");
        cards.push(event_id);
    }
    let [wish, activity, poll] = &cards[..] else { panic!("three cards") };
    let sign_up = talk.tap(ROSE.people[0], ROSE.room_id, activity, "✅ 报名").await;
    assert_eq!(sign_up.outcome, Some(Outcome::Handled));
    let vote = talk.answer_poll(ROSE.people[0], ROSE.room_id, poll, &[1]).await;
    assert_eq!(vote.outcome, Some(Outcome::Handled));
    // Homeservers let an event name one of another room; whoever was put out still knows its events.
    for by in [LILY.people[0], LILY.steward, "@put-out:example.org"] {
        for heard in [
            talk.tap(by, LILY.room_id, wish, "✋ 我来").await,
            talk.tap(by, LILY.room_id, activity, "✅ 报名").await,
            talk.answer_poll(by, LILY.room_id, poll, &[2]).await,
            talk.untap(by, LILY.room_id, &sign_up.event_id).await,
            talk.untap(by, LILY.room_id, &vote.event_id).await,
            talk.give_privately(by, &[LILY.room_id], What::Tap { on: wish.clone(), key: "✋".into() }).await,
            talk.give_privately(by, &[LILY.room_id], What::PollAnswer { on: poll.clone(), choices: vec![2] }).await,
            talk.give_privately(by, &[LILY.room_id], What::Redaction { of: sign_up.event_id.clone() }).await,
        ] {
            assert_eq!(heard.outcome, Some(Outcome::Ignored), "{by}: {heard:?}");
            assert!(heard.said.is_empty(), "{by}: {heard:?}");
        }
        // As an answer to it, a command is about nothing that stands over there.
        for text in ["！认领", "！轨迹", "！名单", "！退出"] {
            let message = Message { text: text.into(), reply_to: Some(wish.clone()), ..Message::default() };
            let heard = talk.say_message(by, LILY.room_id, message).await;
            assert_apart(&heard, text);
            assert_ne!(heard.outcome, Some(Outcome::Handled), "{text}: {heard:?}");
        }
    }
}

#[tokio::test]
async fn a_private_card_is_only_for_whom_it_was_sent_to() {
    let mut talk = two().await;
    say_all(&mut talk, &ROSE, &[(ROSE.people[0], "！报到")]).await;
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let card =
        lamplighter_storage::card::of_number(&mut tx, ROSE.id, "check_in_request", 1).await.expect("cards").remove(0);
    let event_id = lamplighter_storage::outbox::event_id(&mut tx, card.post_id).await.expect("an event");
    tx.roll_back().await.expect("a rollback");
    talk.empower(ROSE.people[1], ROSE.room_id, 50);
    let tap = What::Tap { on: event_id, key: "✅".into() };
    let heard = talk.give_privately(ROSE.people[1], &[ROSE.room_id], tap.clone()).await;
    assert_eq!(heard.outcome, Some(Outcome::Ignored), "even a captain answers what they were asked: {heard:?}");
    let heard = talk.give_privately(ROSE.steward, &[ROSE.room_id], tap).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
}

/// Something that somebody does somewhere.
fn act() -> impl Strategy<Value = (usize, usize, String)> {
    let words: Vec<&'static str> = feature::words().filter_map(|(_, word)| word.zh.first().copied()).collect();
    let rest = prop::sample::select(
        &[
            "",
            "1",
            "2",
            "3",
            "4",
            "5",
            "1 1",
            "修灯",
            "合唱 周二晚7点",
            "要吗？ 要 / 不要",
            "明晚8点 缴费",
            "党员 周六上午 扫雪",
            "所有人",
        ][..],
    );
    (0..2_usize, 0..3_usize, (prop::sample::select(words), rest).prop_map(|(word, rest)| format!("{word} {rest}")))
}

async fn live(acts: Vec<(usize, usize, String)>) {
    let mut talk = two().await;
    furnish(&mut talk, &ROSE).await;
    furnish(&mut talk, &LILY).await;
    for (side, who, text) in acts {
        let side = [&ROSE, &LILY][side];
        let by = [side.people[0], side.people[1], side.steward][who];
        // What somebody writes belongs to their side.
        let marked = text.replace("修灯", &format!("{}修灯", side.mark));
        let heard = talk.say(by, side.room_id, &format!("！{marked}")).await;
        assert_apart(&heard, &marked);
        let heard = talk.whisper_from(by, &[side.room_id], &text).await;
        assert_apart(&heard, &text);
        talk.now_ms += 60_000;
        let now_ms = talk.now_ms;
        for heard in talk.due(now_ms).await {
            assert_apart(&heard, "what fell due");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_communities_live_side_by_side(acts in prop::collection::vec(act(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(live(acts));
    }
}
