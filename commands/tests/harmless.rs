//! Whatever residents write and however they call themselves: it is shown harmlessly, in the text, in the HTML, in polls,
//! and nobody's phone rings for it but theirs whom the feature means.

mod conversation;
mod rendered;

use conversation::{BUILDING_3, BUILDING_5, Conversation, Heard, LI, LIU, STEWARD, ZHANG};
use lamplighter_commands::{
    card::{self, BYTES_MAX, NAME_CHARS_MAX},
    feature,
    incoming::{Message, Place, What},
    scene::Content,
};
use proptest::prelude::*;

/// Somebody whom nobody means.
const THIRD: &str = "@third:example.org";

/// What people have tried on bots.
fn attacks() -> Vec<String> {
    let mut attacks: Vec<String> = [
        "@room",
        "＠room @ROOM @Room",
        "@\u{200B}room @\u{200D}room @\u{00AD}room @r\u{200D}oom",
        "<b>粗</b>",
        "</b></code></a><h1>大</h1><script>alert(1)</script><img src=x onerror=alert(1)>",
        "<a href=\"https://matrix.to/#/@third:example.org\">李阿姨</a>",
        "https://matrix.to/#/@third:example.org",
        "[李阿姨](https://matrix.to/#/@third:example.org)",
        "@third:example.org 看这里",
        "&lt;b&gt; &amp;amp; &#x3C;b&#x3E; &quot;",
        "\" onmouseover=\"alert(1)",
        "'><b>",
        "**粗** `码` ~~删~~ # 题 > 引",
        "{ $person } { \"{\" } -term { text }",
        "\u{E000}0\u{E000} \u{E000}1\u{E000}",
        "修\u{202E}灯\u{202D}\u{2066}反\u{2069}了",
        "\u{0007}\u{0000}\u{001B}[31m红\u{0008}\u{007F}\u{0085}",
        "一\n二\r\n三\u{2028}四\u{2029}五\u{000B}六",
        "\u{200B}\u{200C}\u{200D}\u{2060}\u{FEFF}",
        "\u{3164}\u{115F}\u{2800}\u{FFA0}",
        "\u{0338}\u{0338}\u{0338}划掉",
        "ש\u{05B8}לום 123 مرحبا 456",
        "👨\u{200D}👩\u{200D}👧 ❤\u{FE0F} 🏳\u{FE0F}\u{200D}🌈",
        "\u{E0041}\u{E0042}\u{E007F}\u{F0000}\u{10FFFD}",
        "𠮷𠮷 ＡＢＣ １２３",
        "！许愿 再来 !wish again",
        "../../etc/passwd C:\\con %s %n ${HOME} '; drop table person; --",
    ]
    .map(str::to_owned)
    .to_vec();
    attacks.push(format!("Z{}z", "\u{0301}\u{0489}\u{20DD}".repeat(200)));
    attacks.push("长".repeat(5_000));
    attacks.push("<".repeat(5_000));
    attacks.push("\u{202E}".repeat(5_000));
    attacks.push(format!("{}@room", " ".repeat(3_000)));
    attacks
}

fn is_dangerous(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}' | '\u{2067}'
            | '\u{2060}'..='\u{2065}' | '\u{FEFF}' | '\u{E000}'..='\u{F8FF}' | '\u{3164}' | '\u{2028}' | '\u{2029}')
}

/// What every text that leaves the bot must fulfil.
#[track_caller]
fn assert_harmless(text: &str, why: &str) {
    assert!(!text.to_lowercase().contains("@room"), "{why}: {text:?}");
    assert!(!text.chars().any(is_dangerous), "{why}: {text:?}");
    let mut marks = 0;
    for c in text.chars() {
        marks = if unicode_mark(c) { marks + 1 } else { 0 };
        assert!(marks <= 2, "{why}: a tower of accents in {text:?}");
    }
    let opened = text.matches('\u{2068}').count();
    assert_eq!(opened, text.matches('\u{2069}').count(), "{why}: what is kept apart ends: {text:?}");
    assert!(text.len() <= BYTES_MAX, "{why}: {} bytes", text.len());
}

fn unicode_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{20D0}'..='\u{20F0}' | '\u{05B0}'..='\u{05BD}')
}

/// Checks everything that was said; `meant` are those whose phones may ring.
#[track_caller]
fn assert_all_harmless(heard: &Heard, meant: &[&str], why: &str) {
    for said in &heard.said {
        let why = format!("{why} → {:?}", said.kind);
        match &said.content {
            Content::Message { plain, html, mentions, rings_room, .. } => {
                assert_harmless(plain, &why);
                assert!(html.len() <= BYTES_MAX, "{why}");
                assert_eq!(rendered::text_of(html).as_ref(), Ok(plain), "{why}");
                for mention in mentions {
                    assert!(meant.contains(&mention.as_str()), "{why} rings {mention}: {plain}");
                }
                assert!(!rings_room, "{why}");
                // A link to somebody is ours, never pasted.
                let linked = html.matches("<a href=").count();
                assert_eq!(linked, html.matches("</a>").count(), "{why}");
                assert!(!html.contains("<a href=\"https://matrix.to/#/@third"), "{why}: {html}");
            }
            Content::Poll { question, options, plain } => {
                assert_harmless(plain, &why);
                assert_harmless(question, &why);
                assert!(!question.contains('\n') && !question.is_empty(), "{why}: {question:?}");
                for option in options {
                    assert_harmless(option, &why);
                    assert!(!option.contains('\n') && !option.is_empty(), "{why}: {option:?}");
                }
            }
            Content::ClosePoll { plain } => assert_harmless(plain, &why),
            Content::Tap { key } | Content::Untap { key } => assert_harmless(key, &why),
            Content::File { name, text, .. } => {
                assert_harmless(name, &why);
                assert!(!name.contains(['/', '\\', '\n']) && !name.starts_with('.'), "{why}: {name:?}");
                // A mark at the beginning tells programs that the text is UTF-8.
                let text = text.trim_start_matches('\u{FEFF}');
                assert!(!text.chars().any(|c| c != '\r' && is_dangerous(c)), "{why}: {text:?}");
            }
            Content::Leave => {}
        }
    }
}

/// What can stand around an attack so that each command takes it for its text.
fn shapes(key: (&str, &str), attack: &str) -> Vec<String> {
    match key {
        ("activity", "post") => vec![format!("{attack} 周六晚7点"), format!("合唱 周六晚7点 {attack}")],
        ("activity", "join_for" | "leave") => vec![format!("2 {attack}"), attack.to_owned()],
        ("poll", "start") => vec![format!("{attack}？ {attack} / 不要"), format!("好吗？ 好 / {attack}")],
        ("reminder", "remind" | "remind_all") => vec![format!("明晚8点 {attack}")],
        ("task", "post") => vec![format!("党员 周六上午 {attack}")],
        _ => vec![attack.to_owned(), format!("1 {attack}")],
    }
}

async fn neighbourhood() -> Conversation {
    let mut talk = Conversation::new().await;
    talk.empower(STEWARD, BUILDING_3, 100);
    for (by, text) in [
        (LI, "！许愿 修灯"),
        (LI, "！活动 合唱 周六晚7点 活动室"),
        (STEWARD, "！投票 好吗？ 好 / 不好"),
        (LI, "！报到"),
    ] {
        talk.say(by, BUILDING_3, text).await;
    }
    let request = talk.cards("check_in_request", 1).await.pop().expect("a request").1;
    talk.tap_privately(STEWARD, &request, "✅").await;
    talk
}

#[tokio::test]
async fn nothing_that_is_typed_does_harm_or_rings_a_third_person() {
    let mut talk = neighbourhood().await;
    for (feature, word) in feature::words() {
        // To appoint somebody is to tell them.
        let appoints = feature.name == "room" && ["appoint", "dismiss"].contains(&word.key)
            || feature.name == "proxy" && word.key == "helper";
        for attack in attacks() {
            for rest in shapes((feature.name, word.key), &attack) {
                let text = format!("！{} {rest}", word.zh.first().expect("a word"));
                let third = Conversation::named(THIRD, "<b>@room</b>");
                let message =
                    Message { text: text.clone(), mentions: vec![third], mentions_bot: true, ..Message::default() };
                let heard = talk.say_message(STEWARD, BUILDING_3, message).await;
                if !appoints {
                    assert_all_harmless(&heard, &[STEWARD, LI], &text);
                }
                // Nobody is too fast here.
                talk.now_ms += 60_000;
            }
        }
    }
    // What has been kept of it comes back later: lists, digests, reminders, results.
    let end_ms = talk.now_ms + 8 * 86_400_000;
    for text in ["！心愿列表", "！活动列表", "！我的提醒", "！名单 2", "！轨迹 1", "！我的心愿"]
    {
        let heard = talk.say(STEWARD, BUILDING_3, text).await;
        assert_all_harmless(&heard, &[], text);
    }
    for heard in talk.due(end_ms).await {
        for said in &heard.said {
            if let Content::Message { plain, html, mentions, .. } = &said.content {
                assert_harmless(plain, "later");
                assert_eq!(rendered::text_of(html).as_ref(), Ok(plain));
                assert!(!mentions.iter().any(|mention| mention == THIRD), "{plain}");
            }
        }
    }
}

#[tokio::test]
async fn no_name_does_harm() {
    for attack in attacks() {
        let mut talk = Conversation::new().await;
        for person in [LI, ZHANG, LIU] {
            talk.names.insert(person.into(), attack.clone());
        }
        talk.empower(LI, BUILDING_3, 50);
        let mut all = Vec::new();
        all.push(talk.say(LI, BUILDING_3, "！许愿 修灯").await);
        let wish = talk.cards("wish", 1).await.pop().expect("a card").1;
        let claim = talk.tap(ZHANG, BUILDING_3, &wish, "✋").await;
        all.push(talk.tap(LIU, BUILDING_3, &wish, "✋").await);
        all.push(talk.untap(ZHANG, BUILDING_3, &claim.event_id).await);
        all.push(claim);
        all.push(talk.say(LI, BUILDING_3, "！活动 合唱 周二晚7点 1人").await);
        for by in [ZHANG, LIU] {
            all.push(talk.say(by, BUILDING_3, "！报名 2").await);
        }
        all.push(talk.say(ZHANG, BUILDING_3, "！退出 2").await);
        all.push(talk.say(LI, BUILDING_3, "！名单 2").await);
        all.push(talk.say(LI, BUILDING_3, "！投票 好吗？ 好 / 不好").await);
        all.push(talk.say(ZHANG, BUILDING_3, "！上榜").await);
        all.push(talk.say(ZHANG, BUILDING_3, "！排行").await);
        all.push(talk.say(ZHANG, BUILDING_3, "！报到").await);
        all.push(talk.say(LI, BUILDING_3, "！轨迹 1").await);
        all.push(talk.say(ZHANG, BUILDING_3, "！提醒我 明晚8点 缴费").await);
        let whom = vec![Conversation::named(ZHANG, &attack)];
        let appoint = Message { text: "！任命 他".into(), mentions: whom, ..Message::default() };
        all.push(talk.say_message(STEWARD, BUILDING_3, appoint).await);
        // A room bound by a captain: their name, and the room's, go to the steward.
        let room = Place::Room {
            name: attack.clone(),
            captains: vec![Conversation::named(LI, &attack), Conversation::named(ZHANG, &attack)],
            lacks: vec![],
        };
        talk.empower(ZHANG, "!new", 100);
        let bind = Message { text: "！这是 8号楼".into(), ..Message::default() };
        for what in [What::OwnJoin { made_by_bot: false }, What::Message(bind)] {
            let incoming = talk.incoming(ZHANG, room.clone(), "!new", what);
            all.push(talk.give(incoming).await);
        }
        all.push(talk.say(STEWARD, BUILDING_5, "！许愿 换锁").await);
        let end_ms = talk.now_ms + 3 * 86_400_000;
        all.extend(talk.due(end_ms).await);
        for heard in &all {
            assert_all_harmless(heard, &[LI, ZHANG, LIU, STEWARD], &attack);
            for said in &heard.said {
                // Somebody is always called something: without a name that can be seen, as their id says.
                assert!(!said.html().contains("\"></a>"), "{attack:?}: {}", said.html());
            }
        }
    }
}

#[test]
fn names_are_short_can_be_seen_and_stay_the_same_when_shown_again() {
    for attack in attacks() {
        let name = card::name_of("@li:example.org", &attack);
        assert!(!name.is_empty() && name.chars().count() <= NAME_CHARS_MAX, "{attack:?}: {name:?}");
        assert_eq!(card::name_of("@li:example.org", &name), name, "{attack:?}");
        assert_harmless(&name, &attack);
    }
    for nothing in ["", " \n ", "\u{200B}\u{200D}", "\u{3164}", "\u{2800}\u{FEFF}", "\u{0301}"] {
        assert_eq!(card::name_of("@li:example.org", nothing), "li", "{nothing:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_is_harmless_and_stays_the_same(
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(attacks().into_iter().filter(|attack| attack.len() < 200).collect::<Vec<_>>()),
            "\\PC{0,8}",
            any::<char>().prop_map(String::from),
        ], 0..12)
    ) {
        let text = pieces.concat();
        let shown = card::shown(&text);
        assert_harmless(&shown, &text);
        assert_eq!(card::shown(&shown), shown, "{text:?}");
        assert!(!shown.contains('\n') && shown.trim() == shown, "{text:?}: {shown:?}");
    }
}
