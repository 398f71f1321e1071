//! 我的数据 and 忘记我 in conversations: whatever somebody did, it stands in the file, and is nowhere any more once they are
//! forgotten; what others did and have stays.

mod conversation;

use conversation::{
    BUILDING_3, BUILDING_5, COMMUNITY, Conversation, Heard, LI, LIU, MONDAY_MS, STEWARD, ZHANG, private_room,
};
use lamplighter_commands::{
    house::Outcome,
    incoming::{Message, What},
    scene::Content,
};
use lamplighter_config::Community;
use lamplighter_storage::{Location, Storage, journal, ledger, outbox, person};

const HOUR_MS: i64 = 3_600_000;
/// Who is forgotten. Nothing else in the tests is called so.
const MARKED: &str = "@qinmarked:example.org";
/// Texts that are theirs alone: all of them hold this.
const MARK: &str = "独一份";

/// The card of a number.
async fn card_of(talk: &Conversation, kind: &str, number: i64) -> String {
    talk.cards(kind, number).await.pop().expect("a card").1
}

/// Everything that somebody can do, done by the marked one.
async fn a_full_life(talk: &mut Conversation) {
    talk.empower(MARKED, BUILDING_3, 50);
    // A wish of theirs that came true, and one that is claimed.
    for wish in ["修灯", "修门", "修窗"] {
        talk.say(MARKED, BUILDING_3, &format!("！许愿 {MARK}{wish}")).await; // 1, 2, 3
    }
    let card = card_of(talk, "wish", 1).await;
    talk.tap(ZHANG, BUILDING_3, &card, "✋").await;
    talk.tap(MARKED, BUILDING_3, &card, "🙏").await;
    let card = card_of(talk, "wish", 2).await;
    talk.tap(ZHANG, BUILDING_3, &card, "✋").await;
    let card = card_of(talk, "wish", 3).await;
    talk.tap(ZHANG, BUILDING_3, &card, "✋").await;
    talk.tap(ZHANG, BUILDING_3, &card, "✅").await;
    // Wishes of others: one that they made come true, one they help with, one said to be done, one they stand by for.
    for wish in ["买菜", "搬箱子", "浇花", "看家"] {
        talk.say(LI, BUILDING_3, &format!("！许愿 {wish}")).await; // 4 .. 7
    }
    for number in [4, 5, 6] {
        let card = card_of(talk, "wish", number).await;
        talk.tap(MARKED, BUILDING_3, &card, "✋").await;
    }
    let card = card_of(talk, "wish", 4).await;
    talk.tap(LI, BUILDING_3, &card, "🙏").await;
    let card = card_of(talk, "wish", 6).await;
    talk.tap(MARKED, BUILDING_3, &card, "✅").await;
    let card = card_of(talk, "wish", 7).await;
    talk.tap(LIU, BUILDING_3, &card, "✋").await;
    talk.tap(MARKED, BUILDING_3, &card, "✋").await;
    // Activities: their own, and a small one of somebody else where one waits.
    talk.say(MARKED, BUILDING_3, &format!("！活动 {MARK}合唱 周六晚7点 {MARK}活动室")).await; // 8
    let card = card_of(talk, "activity", 8).await;
    talk.tap(LIU, BUILDING_3, &card, "✅").await;
    talk.tap(MARKED, BUILDING_3, &card, "✅").await;
    talk.say(LI, BUILDING_3, "！活动 包饺子 周六晚7点 活动室 2人").await; // 9
    talk.say(MARKED, BUILDING_3, "！报名 9").await;
    talk.say(MARKED, BUILDING_3, &format!("！代报名 {MARK}奶奶 9")).await;
    talk.say(LIU, BUILDING_3, "！报名 9").await;
    // Polls: their own, one of the steward, one that is over.
    let heard = talk.say(MARKED, BUILDING_3, &format!("！投票 {MARK}装门禁？ {MARK}要 / {MARK}不要 截止明晚8点")).await; // 10
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    talk.say(LI, BUILDING_3, "！投 10 1").await;
    talk.say(STEWARD, BUILDING_3, "！投票 换门锁？ 换 / 不换 截止周日晚8点").await; // 11
    let native = card_of(talk, "poll_native", 11).await;
    talk.answer_poll(MARKED, BUILDING_3, &native, &[2]).await;
    talk.answer_poll(LI, BUILDING_3, &native, &[1]).await;
    talk.say(STEWARD, BUILDING_3, "！投票 周末聚？ 好 / 不好 截止明晚8点").await; // 12
    let native = card_of(talk, "poll_native", 12).await;
    talk.answer_poll(MARKED, BUILDING_3, &native, &[2]).await;
    talk.say(STEWARD, BUILDING_3, "！结束投票 12").await;
    talk.due(talk.now_ms).await;
    // Party: checked in, asked for a task, and asking others.
    talk.say(MARKED, BUILDING_3, &format!("！报到 {MARK}会修水管")).await;
    for who in [MARKED, LI] {
        if who == LI {
            talk.whisper(LI, "报到").await;
        }
        let request = talk.cards("check_in_request", if who == MARKED { 1 } else { 2 }).await;
        for (card, event) in request {
            let asked = talk.person(card.person_id.expect("a private card")).await;
            if asked.user_id == STEWARD {
                talk.tap_privately(STEWARD, &event, "✅").await;
            }
        }
    }
    talk.say(STEWARD, BUILDING_3, "！任务 党员 周六上午清楼道 8人").await; // 13
    talk.say(MARKED, BUILDING_3, &format!("！任务 党员 周日上午{MARK}搬砖 8人")).await; // 14
    talk.due(MONDAY_MS + HOUR_MS).await;
    let task = card_of_person(talk, "task", 13, MARKED).await;
    talk.tap_privately(MARKED, &task, "✅ 接").await;
    let task = card_of_person(talk, "task", 14, LI).await;
    talk.tap_privately(LI, &task, "✅ 接").await;
    // And the rest.
    talk.whisper(MARKED, &format!("提醒我 明晚8点 {MARK}交费")).await;
    talk.whisper(MARKED, "免打扰").await;
    talk.say(MARKED, BUILDING_3, "！上榜").await;
    let named = Conversation::named(MARKED, "qinmarked");
    let message = Message { text: "！任命 @qinmarked 楼长".into(), mentions: vec![named], ..Message::default() };
    talk.say_message(STEWARD, BUILDING_3, message).await;
    // They have a helper, are one, act for somebody, and somebody acts for them; they left a voice message.
    for (by, text, whom) in [
        (MARKED, "！帮手 @li", (LI, "li")),
        (LI, "！帮手 @qinmarked", (MARKED, "qinmarked")),
        (MARKED, "！代 @li 许愿 擦窗", (LI, "li")),
        (STEWARD, "！代 @qinmarked 许愿 独一份晾被", (MARKED, "qinmarked")),
    ] {
        let mentions = vec![Conversation::named(whom.0, whom.1)];
        let message = Message { text: text.into(), mentions, ..Message::default() };
        let heard = talk.say_message(by, BUILDING_3, message).await;
        assert_eq!(heard.outcome, Some(Outcome::Handled), "{text}: {heard:?}");
    }
    let voice = Message { voice: true, ..Message::default() };
    talk.give_privately(MARKED, &[BUILDING_3], What::Message(voice)).await;
    talk.say(LIU, BUILDING_3, "！积分").await;
    talk.empower(MARKED, "!newroom", 100);
    let came_in =
        talk.incoming(MARKED, Conversation::in_room("!newroom"), "!newroom", What::OwnJoin { made_by_bot: false });
    talk.give(came_in).await;
    talk.say(MARKED, "!newroom", &format!("！这是 {MARK}楼")).await;
}

async fn card_of_person(talk: &Conversation, kind: &str, number: i64, user_id: &str) -> String {
    for (card, event) in talk.cards(kind, number).await {
        if talk.person(card.person_id.expect("a private card")).await.user_id == user_id {
            return event;
        }
    }
    panic!("nobody asked {user_id}");
}

/// The file that somebody was sent.
fn file_of(heard: &Heard) -> &str {
    let file = heard.said.iter().find_map(|said| match &said.content {
        Content::File { text, .. } => Some(text),
        _ => None,
    });
    file.expect("a file")
}

/// Everything in the database that holds one of these, as `table.column: value`.
async fn found(storage: &Storage, markers: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for (table, column, value) in lamplighter_storage::privacy::every_text(storage).await.expect("the tables") {
        let holds = |marker: &String| match marker.starts_with("$e") {
            // $e1 is no part of $e12.
            true => {
                value == *marker || value.ends_with(&format!(" {marker}")) || value.contains(&format!("\"{marker}\""))
            }
            false => value.contains(marker.as_str()),
        };
        if markers.iter().any(holds) {
            all.push(format!("{table}.{column}: {value}"));
        }
    }
    all
}

/// What leads to the marked one: name, Matrix id, texts, private chat, and the events of theirs.
fn markers(talk: &Conversation) -> Vec<String> {
    let mut markers = vec!["qinmarked".to_owned(), MARK.to_owned(), private_room(MARKED)];
    let theirs = talk.came_in.iter().filter(|incoming| incoming.sender.user_id == MARKED);
    markers.extend(theirs.map(|incoming| incoming.event_id.clone()));
    markers
}

async fn forget(talk: &mut Conversation, user_id: &str) -> Heard {
    let heard = talk.whisper(user_id, "忘记我").await;
    assert!(heard.told(user_id).iter().any(|text| text.contains("1 忘记我")), "{heard:?}");
    let heard = talk.whisper(user_id, "1").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    heard
}

#[tokio::test]
async fn the_file_holds_everything_and_afterwards_nothing_is_left() {
    let mut talk = Conversation::new().await;
    a_full_life(&mut talk).await;
    let heard = talk.say(MARKED, BUILDING_3, "！我的数据").await;
    assert!(heard.posted_in(BUILDING_3).is_empty(), "what is kept of somebody is private: {heard:?}");
    let file = file_of(&heard).to_owned();
    for text in [
        "qinmarked",
        MARKED,
        "独一份修灯",
        "独一份修门",
        "独一份修窗",
        "买菜",
        "搬箱子",
        "浇花",
        "看家",
        "独一份合唱",
        "独一份活动室",
        "包饺子",
        "独一份奶奶",
        "独一份装门禁",
        "独一份要 / 独一份不要",
        "投的是“不换”",
        "投的是“不好”",
        "独一份会修水管",
        "清楼道",
        "独一份搬砖",
        "独一份交费",
        "免打扰",
        "爱心榜",
        "您的帮手：li",
        "您是帮手：帮 li",
        "您代 li 办过事",
        "steward 代您办过事",
        "您留过语音",
        "3号楼的楼长",
        "+10 分",
        "独一份楼",
        "wish.posted",
        "ledger.transfer",
    ] {
        assert!(file.contains(text), "{text} is missing in\n{file}");
    }
    let before = found(&talk.storage, &markers(&talk)).await;
    assert!(before.len() > 40, "the markers are in the database: {before:#?}");
    let (balance, links) = (talk.balance(ZHANG).await, talk.stored().await.links);

    forget(&mut talk, MARKED).await;
    talk.due(talk.now_ms).await;

    let left = found(&talk.storage, &markers(&talk)).await;
    // Which events were handled is kept without anybody's name until the retention, so that none is handled twice.
    let left: Vec<&String> = left.iter().filter(|place| !place.starts_with("inbox.event_id: ")).collect();
    assert!(left.is_empty(), "{left:#?}");

    let stored = talk.stored().await;
    assert!(stored.links > links, "the erasure is a link of the chain");
    assert_eq!(talk.balance(ZHANG).await, balance, "what others have is theirs");
    let (sum, transfers) = ledger::trial_balance(&talk.storage).await.expect("the ledger");
    assert!(sum == 0 && transfers > 2, "{sum} {transfers}");
    journal::verify(&talk.storage, COMMUNITY).await.expect("the journal").expect("the chain holds");

    // Whoever comes back is somebody new.
    talk.say(MARKED, BUILDING_3, "！许愿 再来").await;
    assert_eq!(talk.balance(MARKED).await, 0);
    let heard = talk.say(MARKED, BUILDING_3, "！我的数据").await;
    let again = file_of(&heard);
    assert!(again.contains("再来") && !again.contains(MARK) && !again.contains("包饺子"), "{again}");
}

#[tokio::test]
async fn what_is_open_is_given_back_and_neighbours_are_told() {
    let mut talk = Conversation::new().await;
    a_full_life(&mut talk).await;
    let heard = forget(&mut talk, MARKED).await;
    let later = talk.due(talk.now_ms).await;
    let posted: Vec<&str> = heard
        .posted_in(BUILDING_3)
        .into_iter()
        .chain(later.iter().flat_map(|heard| heard.posted_in(BUILDING_3)))
        .collect();
    let has = |texts: &[&str], parts: &[&str]| texts.iter().any(|text| parts.iter().all(|part| text.contains(part)));

    // The helper of a wish that is gone, and the wishers whose help is gone.
    assert!(has(&heard.told(ZHANG), &["2 号"]) || has(&heard.told(ZHANG), &["心愿 2"]), "{:?}", heard.told(ZHANG));
    assert!(has(&heard.told(LI), &["已注销的邻居", "5"]), "{:?}", heard.told(LI));
    // Liu moves up where places are free, and reads that the other activity is called off.
    assert!(posted.iter().any(|text| text.contains("包饺子") && text.contains("liu")), "{posted:#?}");
    assert!(posted.iter().any(|text| text.contains("独一份合唱") && text.contains("liu")), "{posted:#?}");
    // The poll is over, with the vote of the neighbour.
    assert!(posted.iter().any(|text| text.contains("10")), "{posted:#?}");
    assert!(has(&heard.told(LI), &["独一份搬砖"]), "who would have come to the task knows: {:?}", heard.told(LI));
    // Nothing that is said names who left.
    for said in heard.said.iter().chain(later.iter().flat_map(|heard| &heard.said)) {
        assert!(!said.plain().contains("qinmarked") && !said.html().contains("qinmarked"), "{said:?}");
        assert!(!said.mentions().iter().any(|user_id| user_id.contains("qinmarked") || user_id.contains("forgotten")));
    }
    // The goodbye, and then the bot leaves.
    let last: Vec<&str> = heard
        .said
        .iter()
        .filter(|said| said.room_id.as_deref() == Some(&private_room(MARKED)))
        .map(|said| said.plain())
        .collect();
    assert!(matches!(last[..], [goodbye, "(leaves)"] if goodbye.contains("都忘掉了")), "{last:?}");

    // Their answer doesn't come back when the room is read again, though it still stands there.
    let native = talk.came_in.iter().find_map(|incoming| match &incoming.what {
        What::PollAnswer { .. } if incoming.sender.user_id == MARKED => Some(incoming.event_id.clone()),
        _ => None,
    });
    let at_ms = talk.now_ms;
    let answer = |event_id: String, user_id: &str, choice| lamplighter_commands::incoming::NativeAnswer {
        event_id,
        user_id: user_id.into(),
        display_name: user_id.into(),
        sent_at_ms: at_ms,
        given: lamplighter_commands::incoming::Given::Choices(vec![choice]),
    };
    let theirs = answer(native.expect("an answer"), MARKED, 2);
    let new = answer("$new".into(), LIU, 1);
    talk.polls_show = vec![lamplighter_commands::incoming::Answers {
        room_id: BUILDING_3.into(),
        event_id: "$native".into(),
        answers: vec![theirs, new],
    }];
    let heard = talk.due(MONDAY_MS + 7 * 24 * HOUR_MS).await;
    let result = heard
        .iter()
        .flat_map(|heard| heard.posted_in(BUILDING_3))
        .find(|text| text.contains("换门锁") && text.contains("结果"));
    let result = result.expect("the result");
    assert!(
        result.contains('1')
            && !found(&talk.storage, &["qinmarked".to_owned()]).await.iter().any(|place| place.starts_with("person")),
        "{result}"
    );
}

#[tokio::test]
async fn nothing_goes_without_a_yes() {
    let mut talk = Conversation::new().await;
    talk.say(MARKED, BUILDING_3, "！许愿 修灯").await;
    let heard = talk.say(MARKED, BUILDING_3, "！忘记我").await;
    assert!(heard.posted_in(BUILDING_3).is_empty(), "{heard:?}");
    assert!(heard.told(MARKED).iter().any(|text| text.contains("1 忘记我")), "{heard:?}");
    // The digit counts where the question stands: not in the room.
    let heard = talk.say(MARKED, BUILDING_3, "1").await;
    assert_eq!((heard.outcome, heard.said.len()), (Some(Outcome::Ignored), 0));
    let heard = talk.whisper(MARKED, "2").await;
    assert!(heard.told(MARKED).iter().any(|text| text.contains("什么都没删")), "{heard:?}");
    let heard = talk.whisper(MARKED, "1").await;
    assert!(heard.told(MARKED).iter().all(|text| !text.contains("都忘掉了")), "the question is answered: {heard:?}");
    // Ten minutes later it isn't open any more.
    talk.say(MARKED, BUILDING_3, "！忘记我").await;
    talk.now_ms += 11 * 60_000;
    talk.whisper(MARKED, "1").await;
    assert!(!found(&talk.storage, &["qinmarked".to_owned()]).await.is_empty());
    // Asked in the room, answered privately.
    talk.say(MARKED, BUILDING_3, "！忘记我").await;
    let heard = talk.whisper(MARKED, "1").await;
    assert!(heard.said.iter().any(|said| said.content == Content::Leave), "{heard:?}");
}

#[tokio::test]
async fn what_waits_in_the_queue_loses_the_name_too() {
    let mut talk = Conversation::new().await;
    talk.say(MARKED, BUILDING_3, "！许愿 修灯").await;
    let mut tx = talk.storage.begin().await.expect("a transaction");
    let li = person::known(&mut tx, LI, "li").await.expect("a person").person_id;
    let content = Content::Message {
        plain: "qinmarked 来帮您".into(),
        html: format!("<a href=\"https://matrix.to/#/{MARKED}\">qinmarked</a> 来帮您"),
        notify: true,
        mentions: vec![MARKED.into()],
        rings_room: false,
        reply_to: None,
        thread: None,
        open: false,
        late: None,
        pointer: None,
    };
    let row = outbox::NewRow {
        cause: "agenda 1 1",
        ordinal: 0,
        kind: outbox::Kind::Post,
        destination: outbox::Destination::Person { person_id: li, fallback_room_id: None },
        target: outbox::Target::None,
        lane: outbox::Lane::Ping,
        content: &serde_json::to_string(&content).expect("JSON"),
        at_ms: talk.now_ms,
        unasked_in: None,
        stale_at_ms: None,
    };
    let row = outbox::write(&mut tx, row).await.expect("a row");
    outbox::postponed(&mut tx, row, talk.now_ms + 60_000).await.expect("a row that waits");
    tx.commit().await.expect("a commit");
    // The row that waits is left alone by the deliveries of the conversation, which go no further than now.
    let before = talk.now_ms;
    talk.whisper_undelivered(MARKED, "忘记我").await;
    talk.whisper_undelivered(MARKED, "1").await;
    talk.now_ms = before + 120_000;
    let heard = talk.whisper(LI, "帮助").await;
    let told = heard.told(LI);
    assert!(told.contains(&"已注销的邻居 来帮您"), "{told:?}");
    assert!(heard.said.iter().all(|said| !said.html().contains("qinmarked") && said.mentions().is_empty()));
}

#[tokio::test]
async fn after_the_retention_texts_of_messages_are_gone() {
    let mut talk = Conversation::new().await;
    talk.say(LI, BUILDING_3, "！积分").await;
    talk.whisper(LI, "提醒我 10分钟后 交水费").await;
    talk.whisper(LI, "忘记我").await;
    talk.due(talk.now_ms + HOUR_MS).await;
    let texts = ["爱心银行".to_owned(), "交水费".to_owned(), "忘记我".to_owned()];
    assert!(found(&talk.storage, &texts).await.len() >= 4);
    let mut tx = talk.storage.begin().await.expect("a transaction");
    lamplighter_storage::retention::forget_before(&mut tx, talk.now_ms + 1).await.expect("forgetting");
    tx.commit().await.expect("a commit");
    assert_eq!(found(&talk.storage, &texts).await, Vec::<String>::new());
    // Everybody is still known, and so is what they have.
    assert!(!found(&talk.storage, &[LI.to_owned()]).await.is_empty());
}

#[tokio::test]
async fn whoever_lives_in_two_communities_is_forgotten_in_both() {
    let mut communities = vec![Community::console_default(vec![STEWARD.to_owned()]); 2];
    if let [_, second] = communities.as_mut_slice() {
        (second.id, second.name) = ("second".into(), "四队".into());
    }
    let mut talk = Conversation::unbound(communities).await;
    for (room_id, digit) in [(BUILDING_3, "1"), (BUILDING_5, "2")] {
        talk.say(STEWARD, room_id, "！这是 3号楼").await;
        let heard = talk.say(STEWARD, room_id, digit).await;
        assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    }
    for room_id in [BUILDING_3, BUILDING_5] {
        talk.say(MARKED, room_id, &format!("！许愿 {MARK}修灯")).await;
    }
    let heard = talk.whisper_from(MARKED, &[BUILDING_3, BUILDING_5], "我的数据").await;
    let file = file_of(&heard);
    assert!(file.contains("==== console ====") && file.contains("==== 四队 ===="), "{file}");
    talk.whisper_from(MARKED, &[BUILDING_3, BUILDING_5], "忘记我").await;
    let heard = talk.whisper_from(MARKED, &[BUILDING_3, BUILDING_5], "1").await;
    assert!(heard.said.iter().any(|said| said.content == Content::Leave), "{heard:?}");
    assert_eq!(found(&talk.storage, &["qinmarked".to_owned(), MARK.to_owned()]).await, Vec::<String>::new());
    for community in ["console", "second"] {
        journal::verify(&talk.storage, community).await.expect("the journal").expect("the chain holds");
    }
}

#[tokio::test]
async fn on_disk_nothing_is_left_either() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lamplighter.db");
    let mut talk = Conversation::new_on(Storage::open(Location::File(&path)).await.expect("a database")).await;
    a_full_life(&mut talk).await;
    talk.say(MARKED, BUILDING_3, "！我的数据").await;
    let bytes_hold = |needle: &str| {
        ["", "-wal"].iter().any(|end| {
            let mut file = path.clone().into_os_string();
            file.push(end);
            let bytes = std::fs::read(file).unwrap_or_default();
            bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
        })
    };
    assert!(bytes_hold("qinmarked") && bytes_hold(MARK) && bytes_hold("包饺子"));
    forget(&mut talk, MARKED).await;
    talk.due(talk.now_ms).await;
    // What the farewell itself said went through the log after it; the next scrub takes it.
    let mut tx = talk.storage.begin().await.expect("a transaction");
    tx.scrub_after_commit();
    tx.commit().await.expect("a commit");
    assert!(!bytes_hold("qinmarked"), "the name is still in the file");
    assert!(!bytes_hold(MARK), "a text is still in the file");
    assert!(bytes_hold("包饺子"), "the texts of others are there");
}
