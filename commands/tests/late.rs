//! What could be read only later stands where it would have stood if it had been read at once: claims, sign-ups, answers
//! and deadlines go by the place and the time at which a message arrived, not by when its key came.

mod conversation;

use conversation::{BUILDING_3, COMMUNITY, Conversation, Heard, LI, LIU, MONDAY_MS, ZHANG};
use lamplighter_commands::{
    activity,
    house::Outcome,
    incoming::{Incoming, Message, What},
    wish,
};
use lamplighter_storage::{
    activity as activities,
    inbox::{self, Arrival, Unread},
    journal, poll as polls, wish as wishes,
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Something said that can't be read yet: it is kept with its place and time, and given later.
async fn arrives_unread(talk: &mut Conversation, by: &str, text: &str) -> Incoming {
    let message = Message { text: text.into(), ..Message::default() };
    let incoming = talk.incoming(by, Conversation::in_room(BUILDING_3), BUILDING_3, What::Message(message));
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let arrival = Arrival {
        event_id: &incoming.event_id,
        room_id: &incoming.room_id,
        sent_at_ms: incoming.sent_at_ms,
        first_seen_at_ms: talk.now_ms,
    };
    let unread = Unread { raw: "{}", session_id: None };
    assert!(inbox::wait_for_key(&mut tx, arrival, unread).await.expect("a row"));
    tx.commit().await.expect("a commit");
    incoming
}

async fn the_wish(talk: &Conversation) -> wishes::Wish {
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let wish = wishes::get(&mut tx, COMMUNITY, 1).await.expect("the wishes").expect("a wish");
    tx.roll_back().await.expect("a rollback");
    wish
}

async fn standbys(talk: &Conversation) -> Vec<String> {
    let mut names = Vec::new();
    for standby in the_wish(talk).await.standbys {
        names.push(talk.person(standby.person_id).await.user_id);
    }
    names
}

async fn helper(talk: &Conversation) -> String {
    let helper = the_wish(talk).await.row.helper_id.expect("a helper");
    talk.person(helper).await.user_id
}

/// What the journal keeps of an item's life, as changes.
async fn changes<T: serde::de::DeserializeOwned>(talk: &Conversation) -> Vec<T> {
    let links = journal::fold_input(&talk.storage, COMMUNITY, 1).await.expect("the journal");
    let payloads = links.iter().skip(1).filter_map(|link| link.payload.as_deref());
    payloads.map(|payload| serde_json::from_str(payload).expect("a change")).collect()
}

/// The journal, folded, is the state.
async fn expect_journal_to_tell(talk: &Conversation) {
    let wish = wish::to_rules(&the_wish(talk).await).expect("a state");
    let fresh = wish::rules::Wish { state: wish::rules::State::Open, helper: None, standbys: vec![], ..wish.clone() };
    let mut folded = fresh;
    for change in changes(talk).await {
        wish::rules::apply(&mut folded, change);
    }
    assert_eq!(folded, wish);
}

async fn roster(talk: &Conversation) -> Vec<(String, String)> {
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let stored = activities::get(&mut tx, COMMUNITY, 1).await.expect("the activities").expect("an activity");
    let rules = activity::to_rules(&stored);
    tx.roll_back().await.expect("a rollback");
    let mut folded = activity::rules::Activity { seats: vec![], ..rules.clone() };
    for change in changes(talk).await {
        activity::rules::apply(&mut folded, &change);
    }
    assert_eq!(folded.seats, rules.seats, "the journal, folded, is the roster");
    let mut roster = Vec::new();
    for seat in stored.seats {
        roster.push((talk.person(seat.person_id).await.user_id, seat.state));
    }
    roster
}

fn seats<'a>(of: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    of.iter().map(|(who, state)| ((*who).to_owned(), (*state).to_owned())).collect()
}

#[tokio::test]
async fn the_claim_that_came_first_holds_the_wish_though_it_was_read_second() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！许愿 修灯").await;
    let late = arrives_unread(&mut talk, ZHANG, "！认领 1").await;
    talk.say(LIU, BUILDING_3, "！认领 1").await;
    talk.say("@zhao:example.org", BUILDING_3, "！认领 1").await;
    assert_eq!(helper(&talk).await, LIU);

    talk.now_ms += 2 * MINUTE_MS;
    let heard = talk.give(late.clone()).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled));
    assert_eq!(helper(&talk).await, ZHANG);
    assert_eq!(standbys(&talk).await, [LIU, "@zhao:example.org"], "who lost it is the first to be asked");
    let told = heard.told(LIU);
    assert!(told.len() == 1 && told[0].contains("第一候补"), "{told:?}");
    assert!(heard.told(ZHANG).len() == 1 && heard.told(LI).len() == 1, "both are introduced");
    expect_journal_to_tell(&talk).await;
    assert_eq!(talk.give(late).await.outcome, None, "once");

    // The one who lost it is asked first.
    let heard = talk.say(ZHANG, BUILDING_3, "！放弃 1").await;
    assert!(heard.told(LIU).iter().any(|text| text.contains("修灯")), "{:?}", heard.said);
}

#[tokio::test]
async fn what_is_done_stays_done_whoever_claimed_first() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！许愿 修灯").await;
    let late = arrives_unread(&mut talk, ZHANG, "！认领 1").await;
    talk.say(LIU, BUILDING_3, "！认领 1").await;
    talk.say(LIU, BUILDING_3, "！完成 1").await;
    talk.now_ms += MINUTE_MS;
    let heard = talk.give(late).await;
    assert_eq!(helper(&talk).await, LIU);
    assert_eq!(standbys(&talk).await, [ZHANG]);
    assert!(heard.told(LIU).is_empty());
    expect_journal_to_tell(&talk).await;
}

#[tokio::test]
async fn whoever_stood_by_first_is_asked_first() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！许愿 修灯").await;
    talk.say(LIU, BUILDING_3, "！认领 1").await;
    talk.say("@chen:example.org", BUILDING_3, "！认领 1").await;
    let late = arrives_unread(&mut talk, ZHANG, "！认领").await;
    talk.say("@zhao:example.org", BUILDING_3, "！认领 1").await;
    talk.now_ms += MINUTE_MS;
    talk.give(late).await;
    assert_eq!(helper(&talk).await, LIU, "who claimed before keeps it");
    assert_eq!(standbys(&talk).await, ["@chen:example.org", ZHANG, "@zhao:example.org"]);
    expect_journal_to_tell(&talk).await;
}

#[tokio::test]
async fn seats_that_are_given_stay_given_and_the_queue_is_in_the_order_of_arrival() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！活动 周三晚8点 象棋 名额1").await;
    let late = arrives_unread(&mut talk, ZHANG, "+1").await;
    talk.say(LIU, BUILDING_3, "！报名 1").await;
    talk.say("@zhao:example.org", BUILDING_3, "！报名 1").await;
    talk.now_ms += MINUTE_MS;
    assert_eq!(talk.give(late).await.outcome, Some(Outcome::Handled));
    let zhao = "@zhao:example.org";
    assert_eq!(roster(&talk).await, seats(&[(ZHANG, "waiting"), (LIU, "going"), (zhao, "waiting")]));
    // The next seat is for who came first.
    talk.say(LIU, BUILDING_3, "！退出 1").await;
    assert_eq!(roster(&talk).await, seats(&[(ZHANG, "going"), (zhao, "waiting")]));
}

#[tokio::test]
async fn signing_up_in_time_counts_though_it_is_read_after_the_beginning() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！活动 今晚8点 象棋").await;
    talk.now_ms = MONDAY_MS + HOUR_MS;
    let bare = arrives_unread(&mut talk, ZHANG, "报名").await;
    let numbered = arrives_unread(&mut talk, LIU, "！报名 1").await;
    talk.due(MONDAY_MS + 3 * HOUR_MS).await;
    let too_late = arrives_unread(&mut talk, "@zhao:example.org", "！报名 1").await;
    talk.now_ms += HOUR_MS;
    for incoming in [numbered, bare] {
        assert_eq!(talk.give(incoming).await.outcome, Some(Outcome::Handled));
    }
    assert_eq!(talk.give(too_late).await.outcome, Some(Outcome::Refused));
    assert_eq!(roster(&talk).await, seats(&[(ZHANG, "going"), (LIU, "going")]), "in the order in which they came");
    // What is said now is said after the beginning.
    assert_eq!(talk.say("@chen:example.org", BUILDING_3, "！报名 1").await.outcome, Some(Outcome::Refused));
}

#[tokio::test]
async fn signing_up_in_time_counts_though_the_bot_was_away() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！活动 今晚8点 象棋").await;
    let message = |text: &str| What::Message(Message { text: text.into(), ..Message::default() });
    let in_time = talk.incoming(ZHANG, Conversation::in_room(BUILDING_3), BUILDING_3, message("！报名 1"));
    talk.now_ms = MONDAY_MS + 4 * HOUR_MS;
    let too_late = talk.incoming(LIU, Conversation::in_room(BUILDING_3), BUILDING_3, message("！报名 1"));
    assert_eq!(talk.give(in_time).await.outcome, Some(Outcome::Handled));
    assert_eq!(talk.give(too_late).await.outcome, Some(Outcome::Refused));
    assert_eq!(roster(&talk).await, seats(&[(ZHANG, "going")]));
}

#[tokio::test]
async fn answers_count_by_when_they_were_given() {
    let mut talk = Conversation::new().await;
    talk.empower(LI, BUILDING_3, 50);
    talk.say(LI, BUILDING_3, "！投票 装不装灯？ 装 不装 今晚8点截止").await;
    let first = arrives_unread(&mut talk, ZHANG, "！投 1 1").await;
    talk.say(ZHANG, BUILDING_3, "！投 1 2").await;
    talk.now_ms = MONDAY_MS + HOUR_MS;
    let in_time = arrives_unread(&mut talk, LIU, "！投 1 1").await;
    talk.due(MONDAY_MS + 3 * HOUR_MS).await;
    let too_late = arrives_unread(&mut talk, "@zhao:example.org", "！投 1 1").await;
    talk.now_ms += MINUTE_MS;
    let heards: Vec<Heard> = vec![talk.give(first).await, talk.give(in_time).await, talk.give(too_late).await];
    let outcomes: Vec<_> = heards.iter().filter_map(|heard| heard.outcome).collect();
    assert_eq!(outcomes, [Outcome::Handled, Outcome::Handled, Outcome::Refused]);
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let mut tally = polls::tally(&mut tx, COMMUNITY, 1).await.expect("a tally");
    tx.roll_back().await.expect("a rollback");
    tally.sort();
    let counted: Vec<(i64, i64)> = tally.into_iter().map(|(_, choice, count)| (choice, count)).collect();
    assert_eq!(counted, [(1, 1), (2, 1)], "张叔 meant 2 in the end, 刘姐's answer came in time");
}

#[tokio::test]
async fn a_reminder_that_was_asked_for_in_time_comes_though_it_was_read_after_its_minute() {
    let mut talk = Conversation::new().await;
    talk.now_ms += 57_000;
    let soon = arrives_unread(&mut talk, LI, "！提醒我 1分钟后 关火").await;
    let hours_ago = arrives_unread(&mut talk, ZHANG, "！提醒我 1分钟后 取牛奶").await;
    // A minute later is sixty seconds later, not the next stroke of the minute.
    let at_once = talk.say(LIU, BUILDING_3, "！提醒我 1分钟后 开会").await;
    assert_eq!(at_once.outcome, Some(Outcome::Handled));
    assert!(talk.due(talk.now_ms + MINUTE_MS - 1).await.is_empty(), "a minute isn't over before it is over");
    let reminded = talk.due(talk.now_ms + 1).await;
    assert!(reminded.iter().any(|heard| heard.said.iter().any(|said| said.plain().contains("到时间了：开会"))));

    talk.now_ms += 9 * MINUTE_MS;
    assert_eq!(talk.give(soon).await.outcome, Some(Outcome::Handled));
    let reminded = talk.due(talk.now_ms).await;
    let told: Vec<&str> = reminded.iter().flat_map(|heard| &heard.said).map(conversation::Said::plain).collect();
    assert!(matches!(told[..], [one] if one.contains("抱歉提醒晚了") && one.ends_with("提醒：关火")), "{told:?}");

    // When hours have gone by nobody waits for it any more; who asked is told.
    talk.now_ms += 3 * HOUR_MS;
    let heard = talk.give(hours_ago).await;
    assert_eq!(heard.outcome, Some(Outcome::Refused));
    assert!(heard.only_post().plain().contains("这个时间已经过去了"), "{:?}", heard.said);
}
