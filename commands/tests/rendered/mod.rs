//! What every card must fulfil in every locale. Used by the tests of each feature (which include this file by its
//! path, since their replies are private) and by those in this folder.

#![allow(dead_code, reason = "each test that includes this file uses what it needs")]

use lamplighter_config::Language;
use regex::Regex;

/// What clients show of HTML (commands/src/card.rs), mention links apart.
const TAGS: [&str; 5] = ["b", "/b", "code", "/code", "br"];
/// The lines of a card in large letters.
const HEADINGS: [&str; 2] = ["h2", "h3"];

/// Checks one rendered card: nothing of the pattern language is left over, the HTML is well formed and says the same
/// as the plain text, dates carry their weekday.
#[track_caller]
pub fn assert_readable(what: &str, language: Language, plain: &str, html: &str) {
    let tag = language.tag();
    assert!(!plain.trim().is_empty(), "{what} in {tag} says nothing");
    for line in plain.lines() {
        assert!(!line.trim().is_empty(), "{what} in {tag} has an empty line: {plain:?}");
        assert_eq!(line, line.trim(), "{what} in {tag} has a line with blanks at an end");
    }
    for (mark, name) in [
        ("{", "an opening brace"),
        ("}", "a closing brace"),
        ("`", "a backtick"),
        ("**", "stars"),
        ("\u{E000}", "the mark of a place"),
        ("\u{2068}", "an isolation mark"),
        ("\u{2069}", "an isolation mark"),
    ] {
        assert!(!plain.contains(mark), "{what} in {tag} shows {name}: {plain:?}");
    }
    match text_of(html) {
        Ok(text) => assert_eq!(text, plain, "{what} in {tag}: HTML and plain text differ"),
        Err(problem) => panic!("{what} in {tag}: {problem} in {html:?}"),
    }
    // What can be typed is typed without a weekday.
    let said = text_of(&without_code(html)).unwrap_or_default();
    let dates = dates_without_weekday(language, &said);
    assert!(dates.is_empty(), "{what} in {tag}: {dates:?} without a weekday: {plain:?}");
}

/// The HTML without what stands in code.
fn without_code(html: &str) -> String {
    html.split("<code>").enumerate().fold(String::new(), |mut out, (index, part)| {
        out.push_str(if index == 0 { part } else { part.split_once("</code>").map_or("", |(_, after)| after) });
        out
    })
}

/// The text that a browser shows of our HTML, or what is wrong with it.
pub fn text_of(html: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&', '>']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        if from.starts_with('>') {
            return Err("a lonely >".into());
        }
        if let Some(entity) = from.strip_prefix('&') {
            let Some((name, after)) = entity.split_once(';') else { return Err("a lonely &".into()) };
            text.push(match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "#x27" => '\'',
                "#x2F" => '/',
                _ => return Err(format!("the entity &{name};")),
            });
            rest = after;
            continue;
        }
        let Some((tag, after)) = from.trim_start_matches('<').split_once('>') else {
            return Err("an unfinished tag".into());
        };
        rest = after;
        match tag {
            "br" if open.is_empty() => text.push('\n'),
            "br" => return Err(format!("a line break inside <{}>", open.join("><"))),
            _ if HEADINGS.contains(&tag) => {
                if !open.is_empty() {
                    return Err(format!("a heading inside <{}>", open.join("><")));
                }
                if !text.is_empty() {
                    text.push('\n');
                }
                open.push(tag);
            }
            "/a" | "/b" | "/code" | "/h2" | "/h3" => {
                let last = open.pop();
                if last.map(|last| format!("/{last}")).as_deref() != Some(tag) {
                    return Err(format!("<{tag}> closes {last:?}"));
                }
            }
            _ if TAGS.contains(&tag) => open.push(tag),
            _ => {
                let target = tag.strip_prefix("a href=\"https://matrix.to/#/@").and_then(|rest| rest.strip_suffix('"'));
                if target.is_none_or(|target| target.is_empty() || target.contains(['"', '<', ' '])) {
                    return Err(format!("the tag <{tag}>"));
                }
                open.push("a");
            }
        }
    }
    text.push_str(rest);
    if open.is_empty() { Ok(text) } else { Err(format!("<{}> is never closed", open.join("><"))) }
}

/// Dates that stand without their weekday (docs/PROTOCOL.md, "Addressed or not").
pub fn dates_without_weekday(language: Language, plain: &str) -> Vec<String> {
    let (date, whole) = match language {
        Language::ZhCn => (r"[0-9]+月[0-9]+日", r"^[0-9]+月[0-9]+日（周[一二三四五六日]）"),
        Language::ZhHant => (r"[0-9]+月[0-9]+日", r"^[0-9]+月[0-9]+日（週[一二三四五六日]）"),
        Language::En => (
            r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?[0-9]+ (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
            r"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ",
        ),
    };
    let (date, whole) = (Regex::new(date).expect("a pattern"), Regex::new(whole).expect("a pattern"));
    date.find_iter(plain)
        .filter(|found| !whole.is_match(plain.split_at(found.start()).1))
        .map(|found| found.as_str().to_owned())
        .collect()
}

/// Checks that the samples show every variant, given the place of each sample's variant among `count` of them. The
/// caller's `match` that gives the place is exhaustive, so a new variant doesn't compile until it has one.
#[track_caller]
pub fn assert_every_variant_is_shown(places: impl Iterator<Item = usize>, count: usize) {
    let places: Vec<usize> = places.collect();
    for place in 0..count {
        assert!(places.contains(&place), "no sample of variant {place}");
    }
    assert!(places.iter().all(|place| *place < count), "the count of variants is too low");
}
