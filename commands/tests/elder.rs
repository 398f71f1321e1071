//! Conversations with somebody who has 长辈模式 on: everything by digits, nothing to remember.

mod conversation;

use conversation::{BUILDING_3, Conversation, Heard, LI, LIU, STEWARD, ZHANG};
use lamplighter_commands::house::Outcome;

/// 李阿姨 has it on.
async fn talk() -> Conversation {
    let mut talk = Conversation::new().await;
    talk.names.insert(LI.into(), "李阿姨".into());
    talk.names.insert(ZHANG.into(), "张叔".into());
    talk.whisper(LI, "长辈模式").await;
    talk
}

/// The digit before this line of the only message.
#[track_caller]
fn digit(heard: &Heard, line: &str) -> String {
    let plain = heard.only_post().plain();
    let found = plain.lines().find(|one| one.contains(line)).unwrap_or_else(|| panic!("no {line} in {plain}"));
    let digit = found.split(' ').next().unwrap_or_default();
    assert!(digit.len() == 1 && digit.chars().all(|c| c.is_ascii_digit()), "no digit before {found}");
    digit.to_owned()
}

/// Chooses a line of the menu, from the first page or those behind it.
async fn choose(talk: &mut Conversation, line: &str) -> Heard {
    let mut menu = talk.whisper(LI, "0").await;
    while !menu.only_post().plain().contains(line) {
        let more = digit(&menu, "看看别的");
        menu = talk.whisper(LI, &more).await;
    }
    let digit = digit(&menu, line);
    talk.whisper(LI, &digit).await
}

#[tokio::test]
async fn a_wish_comes_true_by_digits() {
    let mut talk = talk().await;
    // Whatever is said may be what help is wanted with.
    let heard = talk.whisper(LI, "家里的灯坏了").await;
    let menu = heard.only_post();
    assert!(menu.html().starts_with("<h2>"), "large letters: {}", menu.html());
    assert_eq!(digit(&heard, "请邻居帮忙：家里的灯坏了"), "1");
    let heard = talk.whisper(LI, "1").await;
    let [card] = heard.posted_in(BUILDING_3)[..] else { panic!("{heard:?}") };
    assert!(card.contains("心愿 1：家里的灯坏了"), "the neighbours' card is as ever: {card}");
    assert_eq!(heard.told(LI), ["✅ 好了：许愿，家里的灯坏了\n还想做别的，回 0。"]);

    // Told of the helper, without a number; with a digit for what comes next.
    let heard = talk.say(ZHANG, BUILDING_3, "！认领 1").await;
    let [told] = heard.told(LI)[..] else { panic!("{heard:?}") };
    assert!(told.contains("办好了发 1") && !told.contains("心愿 1"), "{told}");
    let heard = talk.whisper(LI, "1").await;
    assert_eq!(heard.told(LI), ["✅ 好了：确认，家里的灯坏了\n还想做别的，回 0。"]);
    let [thanks] = heard.posted_in(BUILDING_3)[..] else { panic!("{heard:?}") };
    assert!(thanks.contains("谢谢 张叔"), "{thanks}");
}

#[tokio::test]
async fn one_question_follows_and_words_answer_it() {
    let mut talk = talk().await;
    let heard = choose(&mut talk, "请邻居帮个忙").await;
    assert_eq!(
        heard.only_post().plain(),
        "想请邻居帮什么忙？说一句就行。打字，或者点键盘上的话筒说，都行。不用了，回 0。"
    );
    let heard = talk.whisper(LI, "修水龙头").await;
    assert_eq!(heard.posted_in(BUILDING_3).len(), 1, "{heard:?}");
    // And withdrawn again.
    let heard = choose(&mut talk, "不用帮了").await;
    assert_eq!(heard.told(LI), ["✅ 好了：撤回，修水龙头\n还想做别的，回 0。"]);

    // 0 leads back from anywhere.
    choose(&mut talk, "请邻居帮个忙").await;
    let heard = talk.whisper(LI, "0").await;
    assert!(heard.only_post().plain().starts_with("您想做什么？"), "{heard:?}");
    assert!(talk.cards("wish", 2).await.is_empty());
}

#[tokio::test]
async fn helping_a_neighbour_by_digits() {
    let mut talk = talk().await;
    talk.say(ZHANG, BUILDING_3, "！许愿 借个梯子").await;
    let heard = choose(&mut talk, "我来帮 张叔：借个梯子").await;
    let told = heard.told(LI);
    assert_eq!(told.len(), 1, "one thing a message: {told:?}");
    assert!(told[0].starts_with("🤝 您接下了 张叔 的心愿：借个梯子"), "{told:?}");
    assert!(told[0].contains("办好了发 1") && told[0].contains("发 2"), "{told:?}");
    // Not after all, then after all, then done.
    let heard = talk.whisper(LI, "2").await;
    assert_eq!(heard.told(LI), ["✅ 好了：放弃，借个梯子\n还想做别的，回 0。"]);
    choose(&mut talk, "我来帮 张叔").await;
    let heard = choose(&mut talk, "我帮 张叔 办好了").await;
    assert_eq!(heard.told(LI), ["✅ 好了：完成，借个梯子\n还想做别的，回 0。"]);
}

#[tokio::test]
async fn a_whole_evening_by_digits() {
    let mut talk = talk().await;
    talk.say(STEWARD, BUILDING_3, "！活动 广场舞 周六晚7点 活动室").await;
    talk.say(STEWARD, BUILDING_3, "！投票 要不要装电梯？ 要 / 不要").await;
    let heard = choose(&mut talk, "报名：广场舞，1月10日（周六）19:00").await;
    assert_eq!(heard.told(LI), ["✅ 好了：报名，广场舞\n还想做别的，回 0。"]);
    let heard = choose(&mut talk, "多带一个人").await;
    assert_eq!(heard.told(LI), ["✅ 好了：报名，广场舞\n还想做别的，回 0。"]);
    let heard = choose(&mut talk, "看都有谁去").await;
    assert!(heard.only_post().plain().contains("李阿姨（2人）"), "{heard:?}");
    let heard = choose(&mut talk, "提前一小时提醒我").await;
    assert!(heard.only_post().plain().contains("1月10日（周六）18:00"), "{heard:?}");
    let heard = choose(&mut talk, "不去了：广场舞").await;
    assert_eq!(heard.told(LI), ["✅ 好了：退出，广场舞\n还想做别的，回 0。"]);

    let heard = choose(&mut talk, "投票：要不要装电梯").await;
    assert_eq!(heard.only_post().plain(), "📊 要不要装电梯？\n1 要\n2 不要");
    let heard = talk.whisper(LI, "2").await;
    assert_eq!(heard.told(LI), ["✅ 投好了：不要"]);

    let heard = choose(&mut talk, "看我的积分").await;
    assert!(heard.only_post().plain().contains("0 分"), "{heard:?}");
}

#[tokio::test]
async fn a_digit_is_tapped_too() {
    let mut talk = talk().await;
    talk.say(STEWARD, BUILDING_3, "！投票 要不要装电梯？ 要 / 不要").await;
    let asked = choose(&mut talk, "投票").await;
    let chips: Vec<&str> = asked.said.iter().filter(|said| said.kind == "tap").map(|said| said.plain()).collect();
    assert_eq!(chips, ["1️⃣", "2️⃣"]);
    let on = asked.only_post().event_id.clone();
    let heard = talk.tap_privately(LI, &on, "2️⃣").await;
    assert_eq!(heard.told(LI), ["✅ 投好了：不要"]);
}

#[tokio::test]
async fn whatever_is_said_leads_to_the_menu() {
    let mut talk = talk().await;
    for text in ["菜单", "帮助", "0", "嗯", "7", "menu", "在吗"] {
        let heard = talk.whisper(LI, text).await;
        let plain = heard.only_post().plain();
        assert!(plain.starts_with("您想做什么？"), "{text}: {plain}");
        assert!(plain.lines().count() <= 8, "{text}: {plain}");
        assert!(!plain.contains('！'), "nothing to be typed: {plain}");
        // Long enough that no digit means anything any more.
        talk.now_ms += 25 * 60 * 60 * 1000;
    }
    // To everybody else it is as ever.
    let heard = talk.whisper(ZHANG, "0").await;
    assert!(heard.only_post().plain().contains("我没看懂"), "{heard:?}");
}

#[tokio::test]
async fn what_is_behind_the_first_page_is_reached_by_digits() {
    let mut talk = talk().await;
    for title in ["合唱", "下棋", "书法"] {
        talk.say(STEWARD, BUILDING_3, &format!("！活动 {title} 周六晚7点 活动室")).await;
    }
    let heard = choose(&mut talk, "看看别的").await;
    assert!(heard.only_post().plain().contains("不要大字了"), "{heard:?}");
    let off = digit(&heard, "不要大字了");
    // Asked about first: the digit may have meant more of the menu.
    let heard = talk.whisper(LI, &off).await;
    assert!(heard.only_post().plain().contains("不要大字了吗"), "{heard:?}");
    let heard = talk.whisper(LI, "1").await;
    assert!(heard.only_post().plain().contains("恢复原来的样子"), "{heard:?}");
    assert!(!heard.only_post().html().contains("<h2>"));
}

#[tokio::test]
async fn digits_wait_a_day_and_arent_taken_out_of_anybodys_hands() {
    let mut talk = talk().await;
    talk.say(ZHANG, BUILDING_3, "！许愿 借个梯子").await;
    talk.whisper(LI, "我来帮 1").await;
    let menu = talk.whisper(LI, "0").await;
    let points = digit(&menu, "看我的积分");
    // In the middle of a choice somebody else's message has no digits.
    talk.say(LI, BUILDING_3, "！许愿 修灯").await;
    let heard = talk.say(ZHANG, BUILDING_3, "！认领 2").await;
    let [told] = heard.told(LI)[..] else { panic!("{heard:?}") };
    assert!(told.contains("来帮您") && !told.contains("发 1"), "{told}");
    let heard = talk.whisper(LI, &points).await;
    assert!(heard.only_post().plain().contains("爱心银行"), "{heard:?}");

    // Hours later a digit still counts in private.
    let menu = talk.whisper(LI, "0").await;
    let confirm = digit(&menu, "帮我办好了：修灯");
    talk.now_ms += 5 * 60 * 60 * 1000;
    let heard = talk.whisper(LI, &confirm).await;
    assert_eq!(heard.told(LI), ["✅ 好了：确认，修灯\n还想做别的，回 0。"]);
}

#[tokio::test]
async fn a_room_in_large_letters() {
    let mut talk = Conversation::new().await;
    // Not for anybody to turn on.
    let heard = talk.say(LI, BUILDING_3, "！长辈模式 本群").await;
    assert_eq!(heard.outcome, Some(Outcome::Refused), "{heard:?}");
    let heard = talk.say(STEWARD, BUILDING_3, "！长辈模式 本群").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    let heard = talk.say(ZHANG, BUILDING_3, "！许愿 借个梯子").await;
    let card = heard.only_post();
    assert_eq!(card.plain(), "✨ 心愿：借个梯子\nzhang 想请邻居搭把手\n愿意帮忙：点一下 ✋");
    assert!(card.html().starts_with("<h2>"), "{}", card.html());
    let heard = talk.say(STEWARD, BUILDING_3, "！活动 广场舞 周六晚7点 活动室").await;
    let plain = heard.only_post().plain();
    assert!(
        plain.starts_with("📅 活动：广场舞\n") && plain.contains("点一下 ✅") && !plain.contains("报名 2"),
        "{plain}"
    );
    // A digit is talk among neighbours, and nobody is answered.
    let heard = talk.say(LI, BUILDING_3, "1").await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
    let heard = talk.say(LI, BUILDING_3, "0").await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
    // The captain types as ever, and turns it off.
    let heard = talk.say(STEWARD, BUILDING_3, "！长辈模式 本群 关").await;
    assert!(heard.only_post().plain().contains("恢复原来的样子"), "{heard:?}");
    let heard = talk.say(LIU, BUILDING_3, "！许愿 修灯").await;
    assert!(heard.only_post().plain().starts_with("✨ 心愿 3：修灯"), "{heard:?}");
}

#[tokio::test]
async fn asked_for_in_a_room_it_is_for_one_person_and_said_privately() {
    let mut talk = Conversation::new().await;
    let asked = talk.say(LI, BUILDING_3, "！大字").await;
    assert!(asked.posted_in(BUILDING_3).is_empty(), "{asked:?}");
    assert!(asked.told(LI)[0].starts_with("✅ 以后我跟您说话"), "{asked:?}");
    let heard = talk.say(ZHANG, BUILDING_3, "！许愿 借个梯子").await;
    assert!(heard.only_post().plain().starts_with("✨ 心愿 1"), "nobody else's card changes: {heard:?}");
    // Taken back, it is as before.
    talk.untap(LI, BUILDING_3, &asked.event_id).await;
    let heard = talk.whisper(LI, "0").await;
    assert!(heard.only_post().plain().contains("我没看懂"), "{heard:?}");
}

#[tokio::test]
async fn a_question_with_digits_of_its_own_gets_no_others() {
    let mut talk = talk().await;
    // A menu stands open, and the question comes from a room.
    talk.whisper(LI, "0").await;
    let heard = talk.say(LI, BUILDING_3, "！忘记我").await;
    let [question] = heard.told(LI)[..] else { panic!("{heard:?}") };
    assert!(question.ends_with("1 忘记我\n2 先不") && !question.contains("发 1"), "{question}");
    let heard = talk.whisper(LI, "2").await;
    assert!(heard.only_post().plain().contains("什么都没删"), "{heard:?}");
}

#[tokio::test]
async fn asked_in_a_room_0_ends_it() {
    let mut talk = talk().await;
    talk.say(LI, BUILDING_3, "！许愿").await;
    let heard = talk.say(LI, BUILDING_3, "0").await;
    assert!(heard.only_post().plain().contains("不说了"), "{heard:?}");
    assert!(talk.cards("wish", 1).await.is_empty());
}

#[tokio::test]
async fn it_speaks_english_too() {
    let mut talk = Conversation::new().await;
    for community in &mut talk.house.communities {
        community.language = lamplighter_config::Language::En;
    }
    let heard = talk.whisper(LI, "large letters").await;
    assert!(heard.only_post().plain().starts_with("✅ From now on: large letters"), "{heard:?}");
    let heard = talk.whisper(LI, "my lamp is broken").await;
    assert_eq!(digit(&heard, "Ask the neighbours for help: my lamp is broken"), "1");
    let heard = talk.whisper(LI, "1").await;
    assert_eq!(heard.told(LI), ["✅ Done: wish, my lamp is broken\nFor anything else, send 0."]);
    let heard = talk.say(ZHANG, BUILDING_3, "!claim 1").await;
    let [told] = heard.told(LI)[..] else { panic!("{heard:?}") };
    assert!(told.contains("your wish: my lamp is broken") && told.contains("When it's done send 1, and"), "{told}");
    talk.say(STEWARD, BUILDING_3, "!activity dance Sat 7pm activity room").await;
    let menu = talk.whisper(LI, "menu").await;
    let join = digit(&menu, "Come along: dance, Sat 10 Jan, 19:00");
    let heard = talk.whisper(LI, &join).await;
    assert_eq!(heard.told(LI), ["✅ Done: join, dance\nFor anything else, send 0."]);
    let menu = talk.whisper(LI, "0").await;
    let more = digit(&menu, "Something else");
    let menu = talk.whisper(LI, &more).await;
    let remind = digit(&menu, "Remind me an hour before");
    let heard = talk.whisper(LI, &remind).await;
    assert!(heard.only_post().plain().contains("Sat 10 Jan, 18:00"), "{heard:?}");
}
