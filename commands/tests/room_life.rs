//! Conversations about the life of a room: residents leave it, the bot is put out and comes back, it is upgraded, and what
//! was missed is read back when signing up closes.

mod conversation;

use conversation::{BUILDING_3, BUILDING_5, COMMUNITY, Conversation, Heard, LI, LIU, STEWARD, Said, ZHANG};
use lamplighter_commands::{
    house::Outcome,
    incoming::{Answers, Given, NativeAnswer, Sender, What},
};
use lamplighter_storage::{activity, room};

/// Captain of building 3 by power.
const WANG: &str = "@wang:example.org";
const CHEN: &str = "@chen:example.org";
const NEW_ROOM: &str = "!upgraded";

const HOUR_MS: i64 = 60 * 60 * 1_000;
const DAY_MS: i64 = 24 * HOUR_MS;

async fn talk() -> Conversation {
    let mut talk = Conversation::new().await;
    talk.empower(WANG, BUILDING_3, 50);
    talk
}

async fn card_of(talk: &Conversation, kind: &str, number: i64) -> String {
    talk.cards(kind, number).await.pop().expect("a card").1
}

async fn leave(talk: &mut Conversation, who: &str, room_id: &str) -> Heard {
    let what = What::Left { user_id: who.into() };
    let incoming = talk.incoming(who, Conversation::in_room(room_id), room_id, what);
    talk.give(incoming).await
}

/// The bot itself sees something in a room.
async fn see(talk: &mut Conversation, room_id: &str, what: What) -> Heard {
    let mut incoming = talk.incoming(STEWARD, Conversation::in_room(room_id), room_id, what);
    incoming.sender = Sender { user_id: talk.house.bot_user_id.clone(), ..Sender::default() };
    talk.give(incoming).await
}

fn all_of(heard: &[Heard]) -> Vec<&Said> {
    heard.iter().flat_map(|heard| &heard.said).collect()
}

async fn going(talk: &Conversation, number: i64) -> Vec<String> {
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let found = activity::get(&mut tx, COMMUNITY, number).await.expect("an activity").expect("an activity");
    tx.roll_back().await.expect("a rollback");
    found.seats.into_iter().filter(|seat| seat.state == "going").map(|seat| seat.name).collect()
}

#[tokio::test]
async fn whoever_leaves_gives_seats_and_claims_back_and_keeps_points() {
    let mut talk = talk().await;
    talk.say(LI, BUILDING_3, "！许愿 换灯泡").await;
    talk.say(ZHANG, BUILDING_3, "！认领 1").await;
    talk.say(LI, BUILDING_3, "！确认 1").await;
    talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    talk.say(ZHANG, BUILDING_3, "！认领 2").await;
    talk.say(WANG, BUILDING_3, "！活动 包饺子 明天19:00 1人").await;
    talk.say(ZHANG, BUILDING_3, "！报名 3").await;
    talk.say(LIU, BUILDING_3, "！报名 3").await;
    talk.say(WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要").await;
    talk.say(ZHANG, BUILDING_3, "！投 4 1").await;
    assert_eq!(going(&talk, 3).await, ["zhang"]);
    // In another room of the community it is none of this one's business.
    assert_eq!(leave(&mut talk, ZHANG, BUILDING_5).await.outcome, Some(Outcome::Ignored));
    let heard = leave(&mut talk, ZHANG, BUILDING_3).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled));
    assert_eq!(going(&talk, 3).await, ["liu"], "the waiting list moved up");
    assert_eq!(heard.only_post_in(BUILDING_3).matches("liu").count(), 1, "{heard:?}");
    assert!(heard.told(LI).concat().contains("又在等邻居帮忙"), "{heard:?}");
    assert_eq!(talk.balance(ZHANG).await, 10, "points stay");
    let vote = talk.say(LI, BUILDING_3, "！投 4 1").await;
    assert!(vote.said.iter().any(|said| said.plain().contains("已投 2 人")), "votes stay: {vote:?}");
    // Somebody nobody knows leaves: nothing, and nobody is remembered.
    let heard = leave(&mut talk, CHEN, BUILDING_3).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
}

#[tokio::test]
async fn put_out_the_bot_stops_and_invited_again_it_goes_on() {
    let mut talk = talk().await;
    talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    talk.say(WANG, BUILDING_3, "！活动 包饺子 明天19:00").await;
    talk.say(LI, BUILDING_3, "！报名 2").await;
    talk.say(WANG, BUILDING_3, "！活动 唱歌 1月9日 19:00").await;
    talk.say(ZHANG, BUILDING_3, "！报名 3").await;
    let heard = see(&mut talk, BUILDING_3, What::OwnLeave).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Handled), 0));
    assert_eq!(see(&mut talk, BUILDING_3, What::OwnLeave).await.outcome, Some(Outcome::Ignored));
    // Two evenings: no digest, no reminder, no card there; the other room has its own.
    let until = talk.now_ms + 2 * DAY_MS;
    let heard = talk.due(until).await;
    let said = all_of(&heard);
    assert!(said.iter().all(|said| said.room_id.as_deref() != Some(BUILDING_3)), "{said:?}");
    let planned = talk.stored().await.planned;
    // Back: it is still registered, cards show what stands, the reminder that lies ahead comes.
    let heard = see(&mut talk, BUILDING_3, What::OwnJoin { made_by_bot: false }).await;
    assert!(heard.only_post_in(BUILDING_3).contains("这里还是3号楼"), "{heard:?}");
    let edits: Vec<&str> = heard.said.iter().filter(|said| said.kind == "edit").map(Said::plain).collect();
    assert!(edits.iter().any(|text| text.contains("修楼道灯")), "{edits:?}");
    assert!(edits.iter().any(|text| text.contains("包饺子") && text.contains("已经开始")), "{edits:?}");
    assert_eq!(talk.stored().await.planned, planned + 1, "the digest is planned again");
    let card = card_of(&talk, "wish", 1).await;
    let heard = talk.tap(ZHANG, BUILDING_3, &card, "✋").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "open cards live on");
    let until = talk.now_ms + 2 * DAY_MS + 2 * HOUR_MS;
    let heard = talk.due(until).await;
    let said = all_of(&heard);
    assert!(said.iter().any(|said| said.mentions() == [ZHANG] && said.plain().contains("唱歌")), "{said:?}");
    assert!(said.iter().any(|said| said.room_id.as_deref() == Some(BUILDING_3)), "{said:?}");
}

#[tokio::test]
async fn an_upgraded_room_moves_as_a_whole() {
    let mut talk = talk().await;
    talk.empower(WANG, NEW_ROOM, 50);
    talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    let wish = card_of(&talk, "wish", 1).await;
    talk.say(WANG, BUILDING_3, "！活动 包饺子 明天19:00").await;
    let activity = card_of(&talk, "activity", 2).await;
    talk.tap(LI, BUILDING_3, &activity, "✅").await;
    talk.say(WANG, BUILDING_3, "！投票 要不要装门禁？ 要 / 不要").await;
    let native = card_of(&talk, "poll_native", 3).await;
    let answered = talk.answer_poll(LI, BUILDING_3, &native, &[1]).await;
    let planned = talk.stored().await.planned;

    let heard = see(&mut talk, BUILDING_3, What::Upgraded { to: NEW_ROOM.into() }).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled));
    let posts = heard.posted_in(NEW_ROOM);
    assert!(posts[0].contains("群升级了") && posts[0].contains("3 张"), "{posts:?}");
    for text in ["心愿 1：修楼道灯", "包饺子", "要不要装门禁"] {
        assert!(posts.iter().any(|post| post.contains(text)), "{text}: {posts:?}");
    }
    assert!(
        heard.said.iter().all(|said| said.room_id.as_deref() == Some(NEW_ROOM)),
        "nothing in the old room: {heard:?}"
    );
    assert!(
        heard.said.iter().any(|said| said.kind == "tap" && said.plain() == "✅ 报名"),
        "it can be tapped: {heard:?}"
    );
    assert_eq!(talk.stored().await.planned, planned, "the agenda came along");
    // Twice, or after a restart: nothing more. The join itself needs no greeting.
    assert_eq!(
        see(&mut talk, BUILDING_3, What::Upgraded { to: NEW_ROOM.into() }).await.outcome,
        Some(Outcome::Ignored)
    );
    let heard = see(&mut talk, NEW_ROOM, What::OwnJoin { made_by_bot: false }).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));

    // Life goes on there, with what was said before.
    let anew = card_of(&talk, "wish", 1).await;
    assert_ne!(wish, anew);
    let heard = talk.tap(ZHANG, NEW_ROOM, &anew, "✋").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled));
    // What the new room shows at the start knows nothing of the taps in the old one: those stay.
    let post = card_of(&talk, "activity", 2).await;
    talk.polls_show = vec![Answers { room_id: NEW_ROOM.into(), event_id: post, answers: vec![] }];
    let start = talk.now_ms + DAY_MS + HOUR_MS;
    let heard = talk.due(start).await;
    assert_eq!(going(&talk, 2).await, ["li"]);
    let said = all_of(&heard);
    assert!(said.iter().all(|said| said.room_id.as_deref() != Some(BUILDING_3)), "{said:?}");
    assert!(said.iter().any(|said| said.mentions() == [LI] && said.room_id.as_deref() == Some(NEW_ROOM)), "{said:?}");
    // So does the answer to the poll there.
    let post = card_of(&talk, "poll_native", 3).await;
    talk.polls_show = vec![Answers { room_id: NEW_ROOM.into(), event_id: post, answers: vec![] }];
    let later = talk.now_ms + 2 * DAY_MS;
    let heard = talk.due(later).await;
    assert!(all_of(&heard).iter().any(|said| said.plain().contains("共 1 人")), "{answered:?} {heard:?}");
    let mut tx = talk.storage.begin().await.expect("a transaction");
    assert_eq!(room::moved_to(&mut tx, BUILDING_3).await.expect("a room").as_deref(), Some(NEW_ROOM));
    assert_eq!(room::get(&mut tx, BUILDING_3).await.expect("a room").and_then(|room| room.community_id), None);
    tx.roll_back().await.expect("a rollback");
}

#[tokio::test]
async fn when_signing_up_closes_the_list_is_what_the_room_shows() {
    let mut talk = talk().await;
    talk.say(WANG, BUILDING_3, "！活动 包饺子 明天19:00 3人").await;
    let card = card_of(&talk, "activity", 1).await;
    let start = talk.now_ms + DAY_MS + HOUR_MS;
    let stays = talk.tap(LI, BUILDING_3, &card, "✅").await;
    talk.tap(ZHANG, BUILDING_3, &card, "✅ 报名").await;
    talk.say(LIU, BUILDING_3, "！报名 1").await;
    let tap = |event_id: &str, user_id: &str, key: &str, sent_at_ms| NativeAnswer {
        event_id: event_id.into(),
        user_id: user_id.into(),
        display_name: user_id.trim_start_matches('@').split(':').next().unwrap_or_default().into(),
        sent_at_ms,
        given: Given::Key(key.into()),
    };
    // Zhang's was taken back unseen; two came unseen, the later one first; one came too late; one says something else.
    let now_ms = talk.now_ms;
    let answers = vec![
        tap("$late", "@wu:example.org", "✅ 报名", now_ms + 2_000),
        tap("$unseen", CHEN, "👍", now_ms + 1_000),
        tap(&stays.event_id, LI, "✅", now_ms),
        tap("$too-late", "@zhou:example.org", "✅ 报名", now_ms + 3 * DAY_MS),
        tap("$heart", "@zheng:example.org", "❤", now_ms),
        tap("$bot", "@otherbot:example.org", "✅ 报名", now_ms),
    ];
    talk.polls_show = vec![Answers { room_id: BUILDING_3.into(), event_id: card.clone(), answers }];
    let before = talk.stored().await.links;
    let heard = talk.due(start).await;
    assert_eq!(going(&talk, 1).await, ["li", "liu", "chen"], "{heard:?}");
    assert_eq!(talk.stored().await.links, before + 3, "left, joined, and one who waits");
    // The tap that comes in afterwards is known.
    let what = What::Tap { on: card, key: "👍".into() };
    let mut late = talk.incoming(CHEN, Conversation::in_room(BUILDING_3), BUILDING_3, what);
    late.event_id = "$unseen".into();
    let heard = talk.give(late).await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
}
