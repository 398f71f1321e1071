//! Reading a message: folding it, seeing who is addressed, finding the command. This is done for every message of
//! every room, most of which are neighbours talking. And the worst messages that fit into an event, read to the end of
//! their command's parser: each must be done in 5 ms, and 60 KB may not take much more than twice as long as 30 KB. And times as
//! residents write them (`times`): half of them must be read within 25 µs each, and any 2,000 characters within 1 ms.

mod figures;
mod times;

use std::{
    error::Error,
    hint::black_box,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use figures::{Samples, line, load};
use lamplighter::house;
use lamplighter_commands::{
    language::{addressed::Signs, phrase::CHARS_MAX},
    reading,
};
use lamplighter_tests::worst::{EVENT_TEXT_BYTES, SHAPES};

/// How often each line is read.
const READINGS: usize = 5_000;
/// The same where `cargo test` only wants to see that it works.
const READINGS_QUICK: usize = 5;

/// Neighbours talking.
const CHATTER: &[&str] = &[
    "今天天气真好",
    "楼下的快递柜又满了，谁帮忙取一下 8 号柜",
    "早上好！",
    "哈哈哈哈哈",
    "[图片]",
    "3 单元电梯坏了，物业说下午来修",
    "有人捡到一串钥匙吗？在车棚附近丢的",
    "好的，谢谢",
    "周六下午两点小花园喝茶，欢迎来",
    "！！！太吵了",
    "谁家的猫跑到 402 门口了 🐱",
    "Good morning everyone",
    "Has anybody seen the notice about the water being turned off?",
    "https://example.org/notice?id=2026-01-05&lang=zh",
    "许愿树好漂亮",
    "完成度怎么样",
    "我也认领了一个",
    "积分榜什么时候出",
    "👍",
    "wishful thinking, if you ask me",
    "1",
    "明天 7:30 到 9:00 停水，大家提前接好水。物业电话 021-5555-0100，有事请打电话。",
];

/// What residents type to the bot.
const COMMANDS: &[&str] = &[
    "!许愿 帮我换楼道的灯泡",
    "!许愿修灯",
    "!认领 12",
    "!认领12",
    "!完成 3",
    "!确认 3",
    "!放弃 7",
    "!撤回 21",
    "!心愿列表",
    "!我的心愿",
    "!积分",
    "!积分 明细",
    "!帮助",
    "!轨迹 12",
    "!wish a new lamp for the stairwell",
    "!claim 12",
    "!help",
    "!许原 修灯",
    "认领",
    "认领 十二",
];

/// The same in the letters of a Chinese keyboard, and with a mention.
const FULL_WIDTH: &[&str] = &[
    "！许愿　帮我换楼道的灯泡",
    "！许愿：修灯，谢谢（ＡＢＣ）",
    "！认领　１２",
    "！认领＃１２",
    "！完成　３",
    "！ＷＩＳＨ　ａ　ｎｅｗ　ｌａｍｐ",
    "！　许愿　修灯",
    "＠掌灯　许愿　修灯",
    "@掌灯 许愿 帮我换楼道的灯泡",
    "掌灯：！认领　５",
    "！帮助",
    "！積分",
];

/// Lines of the longest length that is read: chatter, a command, full width, and what only looks long.
fn long_lines() -> Vec<String> {
    let fill =
        |begin: &str, with: &str| -> String { begin.chars().chain(with.chars().cycle()).take(CHARS_MAX).collect() };
    vec![
        fill("", "今天天气真好，大家都出来晒太阳。"),
        fill("！许愿 ", "帮我换楼道的灯泡，"),
        fill("！", "ＡＢＣ１２３，"),
        fill("", "a\u{301}\u{302}\u{303}\u{304}"),
        fill("@掌灯 ", "the quick brown fox jumps over the lazy dog "),
    ]
}

/// Reads a line as the bot does before it looks anything up.
fn read(text: &str, names: &[String]) -> bool {
    let mention = text.contains("掌灯");
    let signs = Signs { direct: false, mention, reply: false, names };
    matches!(black_box(reading::read(black_box(text), signs, NOW)).1, reading::Reading::Meant(_))
}

/// When everything here is said.
const NOW: NaiveDateTime = match NaiveDate::from_ymd_opt(2026, 1, 5) {
    Some(day) => day.and_time(NaiveTime::MIN),
    None => NaiveDateTime::MIN,
};

fn show(kind: &str, lines: usize, found: usize, samples: &Samples) -> std::io::Result<()> {
    let nanoseconds = |duration: Duration| duration.as_nanos();
    line(&format!(
        "{kind:<24}{lines:>6}{found:>10}{:>14}{:>14}",
        nanoseconds(samples.percentile(50)),
        nanoseconds(samples.percentile(99))
    ))
}

/// How often each of the worst messages is read.
const WORST_READINGS: usize = 100;
/// What the worst message may take, by the least of its readings.
const WORST_MAX: Duration = Duration::from_millis(5);

/// The worst messages, half as long as they may be and as long.
fn worst(names: &[String], readings: usize) -> Result<(), Box<dyn Error>> {
    let signs = Signs { direct: true, mention: true, reply: true, names };
    let least = |text: &str| {
        let once = || {
            let begun = Instant::now();
            black_box(reading::read(black_box(text), signs, NOW));
            begun.elapsed()
        };
        (0..readings).map(|_| once()).min().unwrap_or_default()
    };
    line(&format!("{:<28}{:>14}{:>14}{:>8}", "the worst", "30 KB, µs", "60 KB, µs", "ratio"))?;
    let mut slow = Vec::new();
    for shape in SHAPES {
        let (half, whole) = (least(&shape.of_bytes(EVENT_TEXT_BYTES / 2)), least(&shape.of_bytes(EVENT_TEXT_BYTES)));
        let ratio = whole.as_secs_f64() / half.as_secs_f64();
        line(&format!("{:<28}{:>14}{:>14}{ratio:>8.2}", shape.name, half.as_micros(), whole.as_micros()))?;
        if whole > WORST_MAX && !figures::is_quick() {
            slow.push(shape.name);
        }
    }
    if slow.is_empty() { Ok(()) } else { Err(format!("slower than {WORST_MAX:?}: {}", slow.join(", ")).into()) }
}

/// What neighbours say, those of the tests: to the bot in whatever words, and to each other.
fn utterances(names: &[String], readings: usize) -> Result<(), Box<dyn Error>> {
    let (mut to_bot, mut chat) = (Vec::new(), Vec::new());
    for line in include_str!("../../commands/tests/utterances.jsonl").lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let text = line.get("text").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let is_chat = line.get("intent").and_then(serde_json::Value::as_str) == Some("none");
        if is_chat { chat.push(text) } else { to_bot.push(text) }
    }
    for (kind, lines) in [("said to the bot", to_bot), ("said to neighbours", chat)] {
        let mut samples = Samples::default();
        let found = lines.iter().filter(|text| read(text, names)).count();
        for _ in 0..readings {
            for text in &lines {
                let begun = Instant::now();
                black_box(read(text, names));
                samples.push(begun.elapsed());
            }
        }
        show(kind, lines.len(), found, &samples)?;
    }
    Ok(())
}

/// How often each message of the tests is read.
const UTTERANCE_READINGS: usize = 100;
/// How often each time is read.
const TIME_READINGS: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let readings = if figures::is_quick() { READINGS_QUICK } else { READINGS };
    let names = house::build(Vec::new(), "@lamplighter:lamplighter.test", None, Vec::new(), 14)?.bot_names;
    let long = long_lines();
    let long: Vec<&str> = long.iter().map(String::as_str).collect();
    let kinds: [(&str, &[&str]); 4] = [
        ("chatter", CHATTER),
        ("commands", COMMANDS),
        ("full width, mentions", FULL_WIDTH),
        ("4,000 characters", &long),
    ];

    line(&format!(
        "parse: all that is read before anything is looked up; {readings} readings a line; load {}",
        load()
    ))?;
    line(&format!("{:<24}{:>6}{:>10}{:>14}{:>14}", "kind", "lines", "commands", "p50 ns/line", "p99 ns/line"))?;
    let (mut all, mut all_lines, mut all_found) = (Samples::default(), 0, 0);
    for (kind, lines) in kinds {
        let mut samples = Samples::default();
        let found = lines.iter().filter(|text| read(text, &names)).count();
        // Line after line, as they come in a room, not the same line while it is still at hand.
        for _ in 0..readings {
            for text in lines {
                let begun = Instant::now();
                black_box(read(text, &names));
                let took = begun.elapsed();
                samples.push(took);
                all.push(took);
            }
        }
        show(kind, lines.len(), found, &samples)?;
        all_lines += lines.len();
        all_found += found;
    }
    show("all", all_lines, all_found, &all)?;
    utterances(&names, if figures::is_quick() { READINGS_QUICK } else { UTTERANCE_READINGS })?;
    times::run(if figures::is_quick() { READINGS_QUICK } else { TIME_READINGS })?;
    worst(&names, if figures::is_quick() { READINGS_QUICK } else { WORST_READINGS })?;
    Ok(())
}
