//! 接龙 between WeChat and the room: what organisers and residents paste, and what they copy out.

mod conversation;

use conversation::{BUILDING_3, Conversation, Heard, LI, LIU, STEWARD, ZHANG};
use lamplighter_commands::house::Outcome;

const BLOCK: &str = "周六晚7点包饺子 活动室\n例：张三 2大1小\n1. 老赵\n2. 5号楼 王奶奶 2大1小\n3.\n4. 钱叔+1";

async fn announced() -> Conversation {
    let mut talk = Conversation::new().await;
    let heard = talk.say(LI, BUILDING_3, &format!("！#接龙\n{BLOCK}")).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    talk
}

/// The card as it stands.
async fn card(talk: &mut Conversation) -> String {
    talk.say(STEWARD, BUILDING_3, "！名单 1").await.only_post().plain().to_owned()
}

async fn copied(talk: &mut Conversation) -> String {
    let heard = talk.say(STEWARD, BUILDING_3, "！接龙 1").await;
    heard.only_post().plain().to_owned()
}

fn is_silence(heard: &Heard) -> bool {
    heard.outcome == Some(Outcome::Ignored) && heard.said.is_empty()
}

#[tokio::test]
async fn a_pasted_block_becomes_an_activity_with_its_roster() {
    for how in ["！#接龙\n", "！接龙\n", "！接龙 "] {
        let mut talk = Conversation::new().await;
        let heard = talk.say(LI, BUILDING_3, &format!("{how}{BLOCK}")).await;
        let card = heard.only_post_in(BUILDING_3);
        for part in ["包饺子", "1月10日（周六）19:00", "活动室", "老赵", "王奶奶（2大1小", "钱叔（2人", "已报 6 人"]
        {
            assert!(card.contains(part), "{how}: no {part} in {card}");
        }
        assert!(!card.contains("5号楼"), "where somebody lives is nobody's business: {card}");
    }
}

#[tokio::test]
async fn without_a_time_it_says_what_is_missing() {
    let mut talk = Conversation::new().await;
    let heard = talk.say(LI, BUILDING_3, "！接龙 包饺子\n1. 老赵").await;
    assert!(heard.only_post().plain().contains("哪天几点"), "{heard:?}");
    let heard = talk.say(LI, BUILDING_3, "！接龙 周六8点包饺子\n1. 老赵").await;
    assert!(heard.only_post().plain().contains("早上还是晚上"), "{heard:?}");
    let heard = talk.say(LI, BUILDING_3, "2").await;
    assert!(
        heard.only_post_in(BUILDING_3).contains("20:00") && heard.only_post().plain().contains("老赵"),
        "{heard:?}"
    );
}

#[tokio::test]
async fn what_is_copied_out_and_pasted_back_changes_nothing() {
    let mut talk = announced().await;
    talk.say(ZHANG, BUILDING_3, "报名 2大1小").await;
    let text = copied(&mut talk).await;
    assert!(text.starts_with("#接龙\n包饺子 1月10日（周六）19:00"), "{text}");
    assert!(text.contains("\n4. zhang 2大1小\n5."), "{text}");
    let before = card(&mut talk).await;
    let heard = talk.say(LI, BUILDING_3, &format!("！{text}")).await;
    assert!(heard.only_post().plain().contains("都有了"), "{heard:?}");
    // Pasted without a word to the bot it is ticked: seen, nothing to do.
    let heard = talk.say(LI, BUILDING_3, &text).await;
    assert_eq!(heard.said.iter().map(|said| said.plain()).collect::<Vec<_>>(), ["✅"]);
    assert_eq!(card(&mut talk).await, before);
}

#[tokio::test]
async fn who_was_on_the_list_and_signs_up_stands_there_once() {
    let mut talk = Conversation::new().await;
    let block = format!("{BLOCK}\n5. zhang 2大1小");
    talk.say(LI, BUILDING_3, &format!("！#接龙\n{block}")).await;
    let before = card(&mut talk).await;
    assert!(before.contains("zhang（2大1小") && before.contains("9 人"), "{before}");
    talk.say(ZHANG, BUILDING_3, "！报名 1").await;
    let after = card(&mut talk).await;
    assert!(after.contains("zhang（2大1小）") && after.contains("9 人"), "with the same people: {after}");
    // It is theirs now: they leave, and the organiser can't.
    talk.say(LI, BUILDING_3, "！退出 1 zhang").await;
    assert_eq!(card(&mut talk).await, after);
    talk.say(ZHANG, BUILDING_3, "！退出 1").await;
    let gone = card(&mut talk).await;
    assert!(!gone.contains("zhang") && gone.contains("6 人"), "{gone}");
}

#[tokio::test]
async fn the_organiser_sees_the_difference_before_it_is_taken() {
    let mut talk = announced().await;
    talk.say(ZHANG, BUILDING_3, "报名").await;
    let before = card(&mut talk).await;
    let grown = format!("#接龙\n{}\n5. 孙姐 2人\n6. 吴伯", BLOCK.replace("老赵", "老赵 3人"));
    let question = talk.say(LI, BUILDING_3, &grown).await;
    let shown = question.only_post_in(BUILDING_3).to_owned();
    for part in ["孙姐（2人）、吴伯", "老赵（1人改为3人）", "照旧留着：zhang"] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    assert_eq!(card(&mut talk).await, before, "nothing is taken yet");
    let on = question.only_post().event_id.clone();
    assert!(is_silence(&talk.tap(ZHANG, BUILDING_3, &on, "1️⃣").await), "it isn't theirs to say");
    let heard = talk.tap(LI, BUILDING_3, &on, "1️⃣").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let after = card(&mut talk).await;
    for part in ["老赵（3人", "孙姐（2人", "吴伯", "zhang"] {
        assert!(after.contains(part), "no {part} in {after}");
    }
    // The tap taken back takes those off again who came with it.
    let heard = talk.untap(LI, BUILDING_3, &heard.event_id).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let after = card(&mut talk).await;
    assert!(!after.contains("孙姐") && !after.contains("吴伯") && after.contains("钱叔"), "{after}");
}

#[tokio::test]
async fn the_organiser_may_say_no() {
    let mut talk = announced().await;
    let before = card(&mut talk).await;
    talk.say(LI, BUILDING_3, &format!("#接龙\n{BLOCK}\n5. 孙姐")).await;
    let heard = talk.say(LI, BUILDING_3, "2").await;
    assert!(heard.only_post().plain().contains("不说了"), "{heard:?}");
    assert_eq!(card(&mut talk).await, before);
}

#[tokio::test]
async fn a_resident_is_signed_up_by_their_own_line_alone() {
    let mut talk = announced().await;
    let heard =
        talk.say(ZHANG, BUILDING_3, &format!("#接龙\n{}\n5. 小张 1大1小", BLOCK.replace("老赵", "老赵 9人"))).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let after = card(&mut talk).await;
    assert!(after.contains("zhang（1大1小）") && !after.contains("老赵（9人"), "{after}");
    // Two new lines: nobody knows which is theirs, unless one has their name.
    let heard = talk.say(LIU, BUILDING_3, &format!("#接龙\n{BLOCK}\n5. 孙姐\n6. 吴伯")).await;
    assert!(heard.only_post().plain().contains("多出 2 个人"), "{heard:?}");
    let heard = talk.say(LIU, BUILDING_3, &format!("#接龙\n{BLOCK}\n5. 孙姐\n6. liu")).await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let after = card(&mut talk).await;
    assert!(after.contains("liu") && !after.contains("孙姐"), "{after}");
    // Nothing new: silence, or a word if the bot was asked.
    let heard = talk.say("@wu:example.org", BUILDING_3, &format!("#接龙\n{BLOCK}")).await;
    assert!(is_silence(&heard), "{heard:?}");
    let heard = talk.say("@wu:example.org", BUILDING_3, &format!("！#接龙\n{BLOCK}")).await;
    assert!(heard.only_post().plain().contains("没看到您新加的一行"), "{heard:?}");
}

#[tokio::test]
async fn what_neighbours_chain_among_themselves_is_left_alone() {
    let mut talk = announced().await;
    for text in [
        "#接龙\n团购橙子 一箱58元\n1. 张三 2箱\n2. 李四 1箱",
        "#接龙 谁家要拼车 周六早上\n1. 张三",
        "接龙",
        "接龙 橙子 2箱",
        "1. 张三\n2. 李四",
        "大家在接龙里报一下",
    ] {
        let heard = talk.say(ZHANG, BUILDING_3, text).await;
        let is_bare_word = text == "接龙";
        assert!(is_bare_word || is_silence(&heard), "{text}: {heard:?}");
    }
    // Without anything open, a 接龙 that nobody gave to the bot is nothing to it.
    let mut talk = Conversation::new().await;
    assert!(is_silence(&talk.say(LI, BUILDING_3, &format!("#接龙\n{BLOCK}")).await));
}

#[tokio::test]
async fn another_day_is_another_activity() {
    let mut talk = announced().await;
    let heard = talk.say(LI, BUILDING_3, &format!("！#接龙\n{}", BLOCK.replace("周六", "下周六"))).await;
    assert!(heard.only_post_in(BUILDING_3).contains("活动 2"), "{heard:?}");
}

#[tokio::test]
async fn more_than_the_places_wait_in_their_order() {
    let mut talk = Conversation::new().await;
    let heard = talk.say(LI, BUILDING_3, "！接龙 周六晚7点包饺子 3人\n1. 老赵\n2. 孙姐 2人\n3. 吴伯\n4. 钱叔").await;
    let card = heard.only_post_in(BUILDING_3);
    assert!(card.contains("已报 3/3 人") && card.contains("候补 2 人"), "{card}");
    let text = copied(&mut talk).await;
    assert!(text.contains("3. 吴伯（候补）\n4. 钱叔（候补）\n5."), "{text}");
}

#[tokio::test]
async fn the_word_alone_signs_up_and_with_a_number_it_asks_for_the_list() {
    let mut talk = announced().await;
    for said in ["接龙", "接龙 1", "#接龙"] {
        let heard = talk.say(ZHANG, BUILDING_3, said).await;
        assert!(is_silence(&heard), "neighbours begin one among themselves: {heard:?}");
    }
    talk.say(ZHANG, BUILDING_3, "！接龙").await;
    assert!(card(&mut talk).await.contains("zhang"));
    let heard = talk.say(LIU, BUILDING_3, "！接龙 1").await;
    assert!(heard.only_post().plain().starts_with("#接龙\n"), "{heard:?}");
    assert!(!card(&mut talk).await.contains("liu"));
}

#[tokio::test]
async fn what_stands_behind_a_name_comes_along_and_stays() {
    let mut talk = announced().await;
    let text = copied(&mut talk).await.replace("\n4.", "\n4. zhang（带饺子皮）");
    talk.say(ZHANG, BUILDING_3, &text).await;
    assert!(card(&mut talk).await.contains("zhang（带饺子皮）"));
    assert!(copied(&mut talk).await.contains("\n4. zhang（带饺子皮）\n5."));
    // Another word behind the name is all that changes; taken back, it is as before.
    let change = talk.say(ZHANG, BUILDING_3, &text.replace("带饺子皮", "晚到半小时")).await;
    assert!(card(&mut talk).await.contains("zhang（晚到半小时）"));
    talk.untap(ZHANG, BUILDING_3, &change.event_id).await;
    assert!(card(&mut talk).await.contains("zhang（带饺子皮）"));
    // The organiser's list without it doesn't take it away, even where it changes who comes.
    let shorter = copied(&mut talk).await.replace("zhang（带饺子皮）", "zhang 2人");
    talk.say(LI, BUILDING_3, &shorter).await;
    talk.say(LI, BUILDING_3, "1").await;
    assert!(card(&mut talk).await.contains("zhang（2人）（带饺子皮）"));
}
