//! Reading times as residents write them, those of the tests: how long it takes, and what share is read as it was meant, beside
//! `whichtime`, the only crate we know that reads Chinese times. And the longest that 2,000 characters take.

use std::{
    error::Error,
    hint::black_box,
    time::{Duration, Instant},
};

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime};
use lamplighter_commands::language::{
    Phrase,
    time::{self, Moment},
};
use whichtime::{FastComponents, Locale, LocaleParser, ReferenceWithTimezone};

use super::figures::{self, Samples, line};

/// What half of the times may take.
const TIME_MAX: Duration = Duration::from_micros(25);
/// What the worst of 2,000 characters may take, by the least of its readings.
const WORST_MAX: Duration = Duration::from_millis(1);
/// So many characters.
const WORST_CHARS: usize = 2_000;
/// How often a mixture is changed in the search for the worst.
const CHANGES: usize = 3_000;
/// The worst that are kept and changed.
const KEPT: usize = 20;
/// Words in a mixture.
const WORDS_MAX: usize = 24;
/// How often a mixture is read that seems to be worse than those that are kept.
const READINGS: usize = 5;

/// What time is said with, and what only looks like it.
const WORDS: &[&str] = &[
    "周六",
    "周",
    "六",
    "五",
    "半",
    "一",
    "一天",
    "两天",
    "过",
    "早一点",
    "下",
    "下个月",
    "第一个",
    "每周",
    "每月",
    "每隔",
    "改到",
    "截止",
    "前",
    "后",
    "前后",
    "到",
    "至",
    "-",
    "~",
    " ",
    "，",
    "。",
    "、",
    "（",
    "7:30",
    "7.30",
    "19h",
    "7",
    "28号",
    "11/28",
    "12月1日",
    "2026年",
    "农历",
    "初五",
    "除夕",
    "国庆",
    "节后",
    "补班",
    "晚上",
    "今晚8点",
    "半小时后",
    "两个小时",
    "提前",
    "不是",
    "原定",
    "版",
    "店",
    "把",
    "名天",
    "下五",
    "every ",
    "friday ",
    "next ",
    "at 7 ",
    "from ",
    "half past ",
    "first ",
    "may ",
    "in 2 ",
    "pm ",
    "a ",
];

/// A line of the tests.
struct Line {
    text: String,
    now: NaiveDateTime,
    start: Option<NaiveDateTime>,
    end: Option<NaiveDateTime>,
    /// Meant to the minute; else the day.
    is_start_exact: bool,
    is_end_exact: bool,
}

fn lines() -> Result<Vec<Line>, Box<dyn Error>> {
    let mut lines = Vec::new();
    for line in include_str!("../../../commands/tests/times.jsonl").lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let field = |name: &str| line.get(name).and_then(serde_json::Value::as_str);
        let time = |name: &str| field(name).map(str::parse::<NaiveDateTime>).transpose();
        lines.push(Line {
            text: field("text").unwrap_or_default().to_owned(),
            now: time("now")?.ok_or("a line without now")?,
            start: time("start")?,
            end: time("end")?,
            is_start_exact: field("grain") == Some("minute"),
            is_end_exact: field("end_grain") != Some("day"),
        });
    }
    Ok(lines)
}

/// A time that was read: the day, and the minute if one was said.
type Read = (NaiveDate, Option<NaiveDateTime>);

/// Start and end as one of the readers gives them.
fn ours(line: &Line) -> Option<(Read, Option<Read>)> {
    let reading = time::read_any(&Phrase::new(black_box(&line.text)), line.now, None).ok().flatten()?;
    let read = |moment: Moment| match moment {
        Moment::At(at) => (at.date(), Some(at)),
        Moment::Day(day, _) => (day, None),
    };
    Some((read(reading.start), reading.end.map(read)))
}

/// The same by whichtime, in English where no ideograph is.
fn theirs(line: &Line, parsers: &Parsers) -> Option<(Read, Option<Read>)> {
    let is_english = line.text.chars().all(|c| c < '\u{3000}');
    let parser = if is_english { &parsers.english } else { &parsers.chinese };
    let now: DateTime<Local> = line.now.and_local_timezone(Local).earliest()?;
    let found = parser.parse(black_box(&line.text), Some(now)).ok()?.into_iter().next()?;
    let reference = ReferenceWithTimezone::new(now, None);
    let read = |components: &FastComponents| {
        let at = components.to_datetime(&reference)?.naive_local();
        Some((at.date(), Some(at)))
    };
    Some((read(&found.start)?, found.end.as_ref().and_then(read)))
}

struct Parsers {
    chinese: LocaleParser,
    english: LocaleParser,
}

/// How many starts, and how many starts and ends, are as they were meant.
fn score(lines: &[Line], read: impl Fn(&Line) -> Option<(Read, Option<Read>)>) -> (usize, usize) {
    let is_right = |meant: NaiveDateTime, is_exact: bool, (day, at): Read| {
        if is_exact { at == Some(meant) } else { day == meant.date() }
    };
    let (mut starts, mut both) = (0, 0);
    for line in lines {
        let found = read(line);
        let is_start_right = match (line.start, &found) {
            (Some(meant), Some((start, _))) => is_right(meant, line.is_start_exact, *start),
            (meant, found) => meant.is_none() && found.is_none(),
        };
        let is_end_right = match (line.end, found.and_then(|(_, end)| end)) {
            (Some(meant), Some(end)) => is_right(meant, line.is_end_exact, end),
            (meant, end) => meant.is_none() && end.is_none(),
        };
        starts += usize::from(is_start_right);
        both += usize::from(is_start_right && is_end_right);
    }
    (starts, both)
}

fn samples(lines: &[Line], readings: usize, read: impl Fn(&Line) -> Option<(Read, Option<Read>)>) -> Samples {
    let mut samples = Samples::default();
    for _ in 0..readings {
        for line in lines {
            let begun = Instant::now();
            black_box(read(line));
            samples.push(begun.elapsed());
        }
    }
    samples
}

/// Reads every time so often; an error, where ours take too long.
pub fn run(readings: usize) -> Result<(), Box<dyn Error>> {
    let lines = lines()?;
    line(&format!(
        "{:<24}{:>6}{:>10}{:>14}{:>14}{:>14}",
        "times", "lines", "start %", "and end %", "p50 ns", "p99 ns"
    ))?;
    let show = |who: &str, (starts, both): (usize, usize), samples: &Samples| {
        let share = |count: usize| f64::from(u32::try_from(count).unwrap_or(0)) * 100.0 / lines.len() as f64;
        line(&format!(
            "{who:<24}{:>6}{:>10.1}{:>14.1}{:>14}{:>14}",
            lines.len(),
            share(starts),
            share(both),
            samples.percentile(50).as_nanos(),
            samples.percentile(99).as_nanos()
        ))
    };
    let our_samples = samples(&lines, readings, ours);
    show("ours", score(&lines, ours), &our_samples)?;
    let parsers = Parsers { chinese: LocaleParser::new(Locale::Zh), english: LocaleParser::new(Locale::En) };
    let theirs = |line: &Line| theirs(line, &parsers);
    show("whichtime", score(&lines, theirs), &samples(&lines, readings.div_ceil(10), theirs))?;
    let (text, took) = worst();
    line(&format!("worst of 2,000 characters: {:.3} ms ({text}…)", took.as_secs_f64() * 1_000.0))?;
    let median = our_samples.percentile(50);
    if figures::is_quick() {
        return Ok(());
    }
    if median > TIME_MAX {
        return Err(format!("half of the times take longer than {TIME_MAX:?}: {median:?}").into());
    }
    if took > WORST_MAX {
        return Err(format!("2,000 characters take longer than {WORST_MAX:?}: {took:?}").into());
    }
    Ok(())
}

/// Repeats a mixture of words.
fn text(mixture: &[usize]) -> String {
    let words = mixture.iter().filter_map(|&word| WORDS.get(word));
    words.cycle().flat_map(|word| word.chars()).take(WORST_CHARS).collect()
}

/// The least that reading a mixture takes.
fn least(mixture: &[usize], readings: usize) -> Duration {
    let (text, now) = (text(mixture), super::NOW);
    let once = || {
        let begun = Instant::now();
        let _ = black_box(time::read_any(&Phrase::new(black_box(&text)), now, None));
        begun.elapsed()
    };
    (0..readings).map(|_| once()).min().unwrap_or_default()
}

/// Looks for the worst: the worst mixtures are changed by chance, and kept if they have become worse. The chance is the same each time.
fn worst() -> (String, Duration) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut chance = |below: usize| {
        // Xorshift: for a search it needn't be better.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap_or(0)
    };
    let mut kept: Vec<(Duration, Vec<usize>)> =
        (0..WORDS.len()).map(|word| (least(&[word], READINGS), vec![word])).collect();
    let by_time = |kept: &mut Vec<(Duration, Vec<usize>)>| {
        kept.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
        kept.truncate(KEPT);
    };
    by_time(&mut kept);
    let changes = if figures::is_quick() { KEPT } else { CHANGES };
    for _ in 0..changes {
        let Some(mut mixture) = kept.get(chance(kept.len())).map(|(_, mixture)| mixture.clone()) else { continue };
        let (place, word) = (chance(mixture.len() + 1), chance(WORDS.len()));
        match chance(3) {
            0 if place < mixture.len() => mixture[place] = word,
            1 if mixture.len() > 1 && place < mixture.len() => drop(mixture.remove(place)),
            _ if mixture.len() < WORDS_MAX => mixture.insert(place, word),
            _ => continue,
        }
        let least_kept = kept.last().map_or(Duration::ZERO, |(took, _)| *took);
        // Once first: most are no worse.
        if least(&mixture, 1) > least_kept && !kept.iter().any(|(_, other)| *other == mixture) {
            kept.push((least(&mixture, READINGS), mixture));
            by_time(&mut kept);
        }
    }
    // A machine that was busy makes anything look bad.
    let again = kept.iter().map(|(_, mixture)| (least(mixture, 4 * READINGS), mixture));
    let (took, mixture) = again.max_by_key(|(took, _)| *took).unzip();
    (text(mixture.map_or(&[], Vec::as_slice)).chars().take(24).collect(), took.unwrap_or_default())
}
