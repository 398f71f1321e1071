//! What neighbours say, to the bot and to each other: eleven hundred messages, written by people who had not seen the reader
//! (`utterances.jsonl`). Each names what was meant, `none` where nobody spoke to the bot, and the parts that were said. What
//! nobody said to the bot is never answered; what somebody did is understood, but for the lines that are listed here.

use chrono::{NaiveDate, NaiveDateTime};
use lamplighter_commands::{
    language::Phrase,
    understanding::{Asked, understand},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Messages that aren't understood as they were meant, and why.
const MISREAD: &[(&str, &str)] = &[("！报告一下，19号心愿已经完成", "报告 begins a report of a hazard")];

#[derive(Debug, Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    open: Vec<String>,
    intent: String,
    slots: Map<String, Value>,
}

fn lines() -> Vec<Line> {
    include_str!("utterances.jsonl").lines().map(|line| serde_json::from_str(line).expect("a line")).collect()
}

/// A Monday in January, at six in the evening.
fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|day| day.and_hms_opt(18, 0, 0)).expect("a time")
}

/// A value without blanks and marks: how those are set is nobody's concern.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let is_mark = |c: &char| c.is_whitespace() || matches!(c, '，' | '。' | ',' | '.' | '!' | '?' | ':' | ';');
            Value::String(Phrase::new(text).folded().chars().filter(|c| !is_mark(c)).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(plain).collect()),
        other => other.clone(),
    }
}

fn plain_slots(slots: &Map<String, Value>) -> Map<String, Value> {
    slots.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
}

/// What is wrong with what was understood, if anything is.
fn wrong(line: &Line) -> Option<String> {
    let names = ["掌灯".to_owned(), "lamplighter".to_owned()];
    let asked = Asked { text: line.text.clone(), now: None, tz: None, open: line.open.clone(), explain: false };
    let understood = understand(&asked, now(), &names);
    let is_right = understood.intent == line.intent && plain_slots(&understood.slots) == plain_slots(&line.slots);
    (!is_right).then(|| format!("{} {:?}", understood.intent, understood.slots))
}

#[test]
fn neighbours_are_understood() {
    let lines = lines();
    assert!(lines.len() >= 1_000);
    let is_known = |line: &Line| MISREAD.iter().any(|(text, _)| *text == line.text);
    let misread: Vec<String> = lines
        .iter()
        .filter(|line| !is_known(line))
        .filter_map(|line| Some(format!("{}: {} {:?}, not {}", line.text, line.intent, line.slots, wrong(line)?)))
        .collect();
    assert!(misread.is_empty(), "{} of {}:\n{}", misread.len(), lines.len(), misread.join("\n"));
}

/// Nobody is answered who didn't speak to the bot: there is no exception to this one.
#[test]
fn who_talks_to_neighbours_is_left_alone() {
    let chat: Vec<Line> = lines().into_iter().filter(|line| line.intent == "none").collect();
    assert!(chat.len() >= 300);
    let answered: Vec<&str> = chat.iter().filter(|line| wrong(line).is_some()).map(|line| line.text.as_str()).collect();
    assert!(answered.is_empty(), "{answered:?}");
}

#[test]
fn what_is_listed_as_misread_is_misread() {
    let lines = lines();
    for (text, why) in MISREAD {
        let line = lines.iter().find(|line| line.text == *text);
        assert!(line.is_some_and(|line| wrong(line).is_some()), "{text} ({why}) is read well, or is no line any more");
    }
}
