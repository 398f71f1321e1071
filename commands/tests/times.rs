//! Times as residents write them, of every kind: more than two thousand lines, most of them written before the reader could read them
//! (`times.jsonl`). Each names the kind, the text, when it was said, and what was meant: a minute, a day, or a part of a day; the
//! end where one was said; the rule where it comes again. Nothing, where no time was spoken of. Short examples of every way of
//! writing stand beside the reader.

use chrono::{NaiveDate, NaiveDateTime};
use lamplighter_commands::language::{
    Phrase,
    time::{self, Moment},
};
use rrule::RRuleSet;
use serde::Deserialize;

/// Lines that aren't read as they were meant, and why.
const MISREAD: &[(&str, &str)] = &[
    ("周六晚上八.三十放露天电影", "a dot between Chinese numerals"),
    ("端午假期中间那天下午三点划船", "the middle of some days isn't counted"),
    ("有人有14号的毛衣针吗", "a size, which only the needles say"),
    ("明晚的读书会照旧八点，后天的取消", "the hour stands beside the other day"),
    ("3/20-3/22 每天下午2点到5点书画展", "a stroke on both sides of a dash, and every day of them"),
    ("这局21:15拿下，老刘扣杀真猛", "a score, which only the game says"),
];

#[derive(Debug, Deserialize)]
struct Line {
    kind: String,
    text: String,
    now: NaiveDateTime,
    start: Option<NaiveDateTime>,
    end: Option<NaiveDateTime>,
    rrule: Option<String>,
    #[serde(default)]
    grain: String,
    #[serde(default)]
    end_grain: String,
}

fn lines() -> Vec<Line> {
    include_str!("times.jsonl").lines().map(|line| serde_json::from_str(line).expect("a line")).collect()
}

fn day(moment: Moment) -> NaiveDate {
    match moment {
        Moment::At(at) => at.date(),
        Moment::Day(day, _) => day,
    }
}

/// What is wrong with what was read, if anything is.
fn wrong(line: &Line) -> Option<String> {
    let read = time::read_any(&Phrase::new(&line.text), line.now, None).ok().flatten();
    let (Some(meant), Some(read)) = (line.start, &read) else {
        let is_right = line.start.is_none() && read.is_none();
        return (!is_right).then(|| format!("{read:?}"));
    };
    let start = match line.grain.as_str() {
        "minute" => read.start == Moment::At(meant),
        _ => day(read.start) == meant.date(),
    };
    let end = match (line.end, line.end_grain.as_str()) {
        (None, _) => true,
        (Some(end), "day") => read.end.map(day) == Some(end.date()),
        (Some(end), _) => read.end == Some(Moment::At(end)),
    };
    let rule = read.rule.map(|rule| rule.to_string()) == line.rrule;
    (!(start && end && rule)).then(|| format!("{:?} to {:?}, {:?}", read.start, read.end, read.rule))
}

#[test]
fn times_are_read_as_they_were_meant() {
    let lines = lines();
    assert!(lines.len() >= 500);
    let is_known = |line: &Line| MISREAD.iter().any(|(text, _)| *text == line.text);
    let misread: Vec<String> = lines
        .iter()
        .filter_map(|line| match (wrong(line), is_known(line)) {
            (Some(found), false) => Some(format!("{}: {}: {found}", line.kind, line.text)),
            (None, true) => Some(format!("{} is read now", line.text)),
            _ => None,
        })
        .collect();
    assert!(misread.is_empty(), "{}", misread.join("\n"));
}

/// Our rules are read by a reader of its own (RFC 5545), which has the first of the days where we have it.
#[test]
fn rules_come_where_another_reader_of_them_says() {
    let mut rules = 0;
    for line in lines() {
        let read = time::read_any(&Phrase::new(&line.text), line.now, None).ok().flatten();
        let Some((rule, start)) = read.and_then(|read| Some((read.rule?, read.start))) else { continue };
        let set: RRuleSet = format!("DTSTART:{}T120000Z\nRRULE:{rule}", day(start).format("%Y%m%d"))
            .parse()
            .unwrap_or_else(|error| panic!("{}: {rule}: {error}", line.text));
        let first = set.into_iter().next().map(|first| first.date_naive());
        assert_eq!(first, Some(day(start)), "{}: {rule}", line.text);
        rules += 1;
    }
    assert!(rules > 100, "{rules} rules");
}
