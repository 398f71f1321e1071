//! In which language people and rooms are spoken to: what somebody chooses for themselves reaches them privately wherever
//! they act, what a captain chooses for a room reaches the room, and nobody else notices.

mod conversation;

use conversation::{BUILDING_3, Conversation, LI, LIU, MONDAY_MS, STEWARD, ZHANG};
use lamplighter_commands::house::Outcome;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// A room that belongs to no community.
const ELSEWHERE: &str = "!elsewhere";

/// 3号楼 with a captain, 李阿姨 and 张叔.
async fn building() -> Conversation {
    let mut talk = Conversation::new().await;
    talk.empower(LIU, BUILDING_3, 50);
    talk
}

#[tokio::test]
async fn what_somebody_chooses_is_theirs_alone() {
    let mut talk = building().await;
    let heard = talk.whisper(ZHANG, "language English").await;
    assert!(heard.only_post().plain().contains("I'll write to you in English"), "{heard:?}");
    // A matter of the room: the room hears it in Chinese, they privately in English, the other in Chinese.
    talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    let heard = talk.say(ZHANG, BUILDING_3, "！认领 1").await;
    assert!(heard.told(ZHANG).concat().contains("You've taken"), "{heard:?}");
    assert!(heard.told(LI).concat().contains("来帮您办"), "{heard:?}");
    assert!(heard.said.iter().any(|said| said.kind == "edit" && said.plain().contains("来帮忙")), "{heard:?}");
    // Refused in the room: in the room's language, since everybody reads it.
    let heard = talk.say(ZHANG, BUILDING_3, "！认领 9").await;
    assert!(heard.only_post_in(BUILDING_3).contains("没有 9 号"), "{heard:?}");
    // Asked in the room, both are told.
    let heard = talk.say(ZHANG, BUILDING_3, "！语言").await;
    assert!(heard.only_post_in(BUILDING_3).contains("这个群用简体中文，我给您的私信用英文"), "{heard:?}");
    // Back to what everybody has.
    let heard = talk.whisper(ZHANG, "语言 跟随").await;
    assert!(heard.only_post().plain().contains("简体中文"), "{heard:?}");
    assert!(talk.whisper(ZHANG, "积分").await.only_post().plain().contains("您在"));
}

#[tokio::test]
async fn a_resident_who_asks_in_the_room_sets_their_own() {
    let mut talk = building().await;
    let heard = talk.say(ZHANG, BUILDING_3, "！請用繁體").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled));
    assert!(heard.only_post_in(BUILDING_3).contains("以後我給您的私訊用繁體中文"), "{heard:?}");
    assert!(talk.say(LI, BUILDING_3, "！心愿列表").await.only_post_in(BUILDING_3).contains("现在没有"));
    assert!(talk.whisper(ZHANG, "心願列表").await.only_post().plain().contains("現在沒有"));
}

#[tokio::test]
async fn a_captain_sets_the_rooms_and_its_cards_follow_at_once() {
    let mut talk = building().await;
    talk.say(LI, BUILDING_3, "！许愿 修楼道灯").await;
    let heard = talk.say(LIU, BUILDING_3, "！语言 英文").await;
    assert!(heard.only_post_in(BUILDING_3).contains("this group gets English"), "{heard:?}");
    let card = heard.said.iter().find(|said| said.kind == "edit").expect("the open card");
    assert!(card.plain().contains("Wish 1: 修楼道灯"), "{card:?}");
    // What is said there, asked or not, is English; what goes to people isn't.
    assert!(talk.say(LI, BUILDING_3, "！心愿列表").await.only_post_in(BUILDING_3).contains("Wishes nobody"));
    assert!(talk.say(LI, BUILDING_3, "！我的心愿").await.told(LI).concat().contains("您的心愿"));
    let digest: Vec<String> = talk
        .due(MONDAY_MS + 2 * HOUR_MS)
        .await
        .iter()
        .flat_map(|heard| &heard.said)
        .map(|said| said.plain().to_owned())
        .collect();
    assert!(digest.concat().contains("what is on"), "{digest:?}");
    // Taken back: everything is as it was, the card too.
    let heard = talk.untap(LIU, BUILDING_3, &heard.event_id).await;
    assert!(heard.only_post_in(BUILDING_3).contains("语言换回原来的了"), "{heard:?}");
    assert!(heard.said.iter().any(|said| said.kind == "edit" && said.plain().contains("心愿 1")), "{heard:?}");
}

#[tokio::test]
async fn a_room_that_is_not_bound_has_no_language_of_its_own() {
    let mut talk = building().await;
    talk.empower(LIU, ELSEWHERE, 50);
    let heard = talk.say(LIU, ELSEWHERE, "！language English").await;
    assert!(heard.only_post_in(ELSEWHERE).contains("my private messages to you will be in English"), "{heard:?}");
    assert!(talk.say(LI, ELSEWHERE, "！积分").await.only_post_in(ELSEWHERE).contains("还没登记"));
}

#[tokio::test]
async fn it_is_shown_and_forgotten_with_everything_else() {
    let mut talk = building().await;
    talk.whisper(LI, "语言 繁体").await;
    let heard = talk.whisper(LI, "我的数据").await;
    assert!(heard.said.iter().any(|said| said.plain().contains("您選的語言：繁體中文")), "{heard:?}");
    talk.whisper(LI, "忘记我").await;
    let heard = talk.whisper(LI, "1").await;
    assert!(heard.said.iter().any(|said| said.plain().contains("都忘掉了。謝謝您")), "{heard:?}");
    // Whoever comes back is somebody new.
    assert!(talk.whisper(LI, "心愿列表").await.only_post().plain().contains("现在没有"));
}

#[tokio::test]
async fn what_the_steward_hears_is_in_the_stewards_language() {
    let mut talk = building().await;
    talk.whisper(STEWARD, "please speak English").await;
    let heard = talk.say(LI, BUILDING_3, "！报到").await;
    assert!(heard.told(STEWARD).concat().contains("would like to check in"), "{heard:?}");
    assert!(heard.told(LI).concat().contains("收到您的报到"), "{heard:?}");
}
