//! Anything may be typed after a command, in any order: it is understood or refused with a line, never a fault, never
//! without end; a refusal leaves nothing behind, and whatever is said is whole HTML and fits into a message.

mod conversation;
mod rendered;

use conversation::{BUILDING_3, Conversation, LI, STEWARD, ZHANG};
use lamplighter_commands::{card::BYTES_MAX, feature, house::Outcome, scene::Content};
use proptest::prelude::*;

/// What residents type, and what they don't.
const PIECES: &[&str] = &[
    "周六",
    "晚7点半",
    "7:30",
    "19:30",
    "明天",
    "昨天",
    "下周三",
    "12月5日",
    "2月30日",
    "到",
    "9点",
    "半小时后",
    "20人",
    "0人",
    "99999999999999999999人",
    "限",
    "名额",
    "最多三十人",
    "活动室",
    "地点：",
    "在",
    "广场舞",
    "<b>灯</b>",
    "@room",
    "@全部楼栋",
    "要",
    "不要",
    "/",
    "、",
    "；",
    "|",
    "？",
    "?",
    "：",
    "1.",
    "2.",
    "A.",
    "B.",
    "\n",
    "截止",
    "截止明晚8点",
    "until",
    "党员",
    "清楼道",
    "所有人",
    "楼长",
    "取消",
    "+1",
    "+9223372036854775807",
    "2大1小",
    "3人",
    "王奶奶",
    "1",
    "2",
    "3",
    "99",
    "-1",
    "０",
    "一",
    "十二",
    "千千千",
    "#",
    "号",
    ",",
    "，",
    "。",
    " ",
    "　",
    "\u{202E}",
    "\u{E000}",
    "{",
    "}",
    "**",
    "`",
    "&amp;",
    "\"",
    "𠮷",
    "👨‍👩‍👧",
    "tomorrow",
    "8pm",
    "Sat",
    "people",
    "to",
    "the",
    "lamp",
    "25点",
    "8月",
    "点",
    "半",
];

fn text() -> impl Strategy<Value = String> {
    let words: Vec<&'static str> =
        feature::words().flat_map(|(_, word)| word.zh.iter().chain(word.en).copied()).collect();
    let piece = prop_oneof![
        12 => prop::sample::select(PIECES).prop_map(String::from),
        1 => "\\PC{0,12}",
        1 => (prop::sample::select(PIECES), 1..400_usize).prop_map(|(piece, times)| piece.repeat(times)),
    ];
    let blank = prop::sample::select(&["", " ", " ", "，"][..]);
    (prop::sample::select(words), prop::collection::vec((blank, piece), 0..12)).prop_map(|(word, pieces)| {
        pieces.into_iter().fold(format!("！{word} "), |text, (blank, piece)| text + blank + &piece)
    })
}

async fn say_all(texts: Vec<(usize, String)>) {
    let mut talk = Conversation::new().await;
    for text in ["！活动 广场舞教学 周六晚7点半 活动室 3人", "！投票 要不要装门禁？ 要 / 不要", "！许愿 修灯"]
    {
        assert_eq!(talk.say(STEWARD, BUILDING_3, text).await.outcome, Some(Outcome::Handled), "{text}");
    }
    for (by, text) in texts {
        let before = talk.stored().await;
        let heard = talk.say([LI, ZHANG, STEWARD][by], BUILDING_3, &text).await;
        if heard.outcome != Some(Outcome::Handled) {
            assert_eq!(talk.stored().await, before, "{text:?} was refused and left something behind: {heard:?}");
        }
        if heard.outcome == Some(Outcome::Refused) {
            assert_eq!(heard.said.iter().filter(|said| said.is_post()).count(), 1, "{text:?}: {heard:?}");
        }
        for said in &heard.said {
            if let Content::Message { plain, html, mentions, .. } = &said.content {
                assert_eq!(rendered::text_of(html).as_ref(), Ok(plain), "{text:?}");
                assert!(plain.len().max(html.len()) <= BYTES_MAX, "{} bytes: {text:?}", html.len());
                assert!(mentions.len() <= 2, "{text:?}: {mentions:?}");
                assert!(!plain.to_lowercase().contains("@room"), "{text:?}: {plain}");
            }
            if let Content::Poll { question, options, plain } = &said.content {
                assert!((2..=20).contains(&options.len()) && !question.is_empty(), "{text:?}: {plain}");
                assert!(!plain.to_lowercase().contains("@room"), "{text:?}: {plain}");
            }
        }
        let now_ms = talk.now_ms;
        talk.due(now_ms).await;
    }
    let end_ms = talk.now_ms + 10 * 86_400_000;
    talk.due(end_ms).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_typed_is_understood_or_refused(texts in prop::collection::vec((0..3_usize, text()), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(say_all(texts));
    }
}
