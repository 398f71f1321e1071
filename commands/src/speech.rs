//! Words people read, from `locales/` (Project Fluent). A pattern may hold `**bold**` and `` `typed` ``; what comes
//! from people is put in afterwards, so that it is never read as a pattern.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use lamplighter_config::Language;
use lamplighter_storage::person::Person;
use unic_langid::LanguageIdentifier;

use crate::card::{Card, Line, Span, Style};

macro_rules! locale {
    ($language:literal) => {
        [
            include_str!(concat!("../locales/", $language, "/activity.ftl")),
            include_str!(concat!("../locales/", $language, "/digest.ftl")),
            include_str!(concat!("../locales/", $language, "/general.ftl")),
            include_str!(concat!("../locales/", $language, "/help.ftl")),
            include_str!(concat!("../locales/", $language, "/party.ftl")),
            include_str!(concat!("../locales/", $language, "/planned.ftl")),
            include_str!(concat!("../locales/", $language, "/points.ftl")),
            include_str!(concat!("../locales/", $language, "/poll.ftl")),
            include_str!(concat!("../locales/", $language, "/practice.ftl")),
            include_str!(concat!("../locales/", $language, "/privacy.ftl")),
            include_str!(concat!("../locales/", $language, "/proxy.ftl")),
            include_str!(concat!("../locales/", $language, "/quiet.ftl")),
            include_str!(concat!("../locales/", $language, "/reminder.ftl")),
            include_str!(concat!("../locales/", $language, "/room.ftl")),
            include_str!(concat!("../locales/", $language, "/task.ftl")),
            include_str!(concat!("../locales/", $language, "/trail.ftl")),
            include_str!(concat!("../locales/", $language, "/voice.ftl")),
            include_str!(concat!("../locales/", $language, "/wish.ftl")),
        ]
    };
}

/// A pattern is missing or asks for something that isn't given: our mistake, so a fault.
#[derive(Debug, thiserror::Error)]
#[error("the words for {id} in {language:?} are broken: {problem}")]
pub struct Unspeakable {
    id: String,
    language: Language,
    problem: String,
}

/// What is put into a pattern.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// A resident's words.
    Text(Cow<'a, str>),
    /// Somebody, shown by name and linked.
    Person(&'a Person),
    /// An amount or an item's number.
    Number(i64),
    /// One of our own words, such as the name of a state, that a pattern chooses by.
    Word(Cow<'a, str>),
}

/// The arguments of a pattern.
pub type Values<'a> = [(&'static str, Value<'a>)];

/// All locales.
pub struct Speech {
    bundles: BTreeMap<&'static str, FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Speech {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Speech").field("languages", &self.bundles.keys()).finish()
    }
}

/// Speaks one language in one time zone.
#[derive(Clone, Copy, Debug)]
pub struct Say<'a> {
    speech: &'a Speech,
    language: Language,
    time_zone: Tz,
}

impl Speech {
    /// Reads the locales that are built in.
    pub fn new() -> Result<Self, Unspeakable> {
        let mut bundles = BTreeMap::new();
        for language in Language::ALL {
            let files = match language {
                Language::ZhCn => locale!("zh-CN"),
                Language::En => locale!("en"),
            };
            let broken = |problem: String| Unspeakable { id: "(file)".into(), language, problem };
            let id: LanguageIdentifier = language.tag().parse().map_err(|error| broken(format!("{error:?}")))?;
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            // Isolation marks break commands that people copy (ARCHITECTURE.md, Rules); we neutralise bidi ourselves.
            bundle.set_use_isolating(false);
            for file in files {
                let resource =
                    FluentResource::try_new(file.to_owned()).map_err(|(_, errors)| broken(format!("{errors:?}")))?;
                bundle.add_resource(resource).map_err(|errors| broken(format!("{errors:?}")))?;
            }
            bundles.insert(language.tag(), bundle);
        }
        Ok(Self { bundles })
    }

    /// Speaks this language in this time zone.
    pub fn say(&self, language: Language, time_zone: Tz) -> Say<'_> {
        Say { speech: self, language, time_zone }
    }

    /// Whether a language has this message.
    pub fn has(&self, language: Language, id: &str) -> bool {
        self.bundles.get(language.tag()).is_some_and(|bundle| bundle.has_message(id))
    }
}

/// Marks the place of an argument while Fluent formats; never in a pattern, and removed from what people write.
const PLACE: char = '\u{E000}';

impl Say<'_> {
    fn format(&self, id: &str, values: &Values<'_>) -> Result<String, Unspeakable> {
        let broken = |problem: String| Unspeakable { id: id.to_owned(), language: self.language, problem };
        let bundle = self.speech.bundles.get(self.language.tag()).ok_or_else(|| broken("no such locale".into()))?;
        let message = bundle.get_message(id).ok_or_else(|| broken("no such message".into()))?;
        let pattern = message.value().ok_or_else(|| broken("the message has no value".into()))?;
        let mut args = FluentArgs::new();
        for (index, (name, value)) in values.iter().enumerate() {
            args.set(
                *name,
                match value {
                    Value::Text(_) | Value::Person(_) => FluentValue::from(format!("{PLACE}{index}{PLACE}")),
                    Value::Number(number) => FluentValue::from(*number),
                    Value::Word(word) => FluentValue::from(word.as_ref()),
                },
            );
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        if errors.is_empty() { Ok(text.into_owned()) } else { Err(broken(format!("{errors:?}"))) }
    }

    /// Formats a message into lines.
    pub fn lines(&self, id: &str, values: &Values<'_>) -> Result<Vec<Line>, Unspeakable> {
        Ok(self.format(id, values)?.lines().map(|line| spans(line, values)).collect())
    }

    /// Formats a message into a card that rings nobody.
    pub fn card(&self, id: &str, values: &Values<'_>) -> Result<Card, Unspeakable> {
        Ok(Card { lines: self.lines(id, values)?, ..Card::default() })
    }

    /// Formats a short message of our own words, such as the label of a chip.
    pub fn word(&self, id: &str, values: &Values<'_>) -> Result<String, Unspeakable> {
        self.format(id, values)
    }

    /// The time of day of an instant, in the community's zone.
    pub fn clock(&self, at_ms: i64) -> String {
        let at = chrono::DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&self.time_zone);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// A date with its weekday, in the community's zone.
    pub fn date(&self, at_ms: i64) -> Result<String, Unspeakable> {
        let at = chrono::DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&self.time_zone);
        self.format(
            "date",
            &[
                ("month", Value::Number(at.month().into())),
                ("day", Value::Number(at.day().into())),
                ("weekday", Value::Number(at.weekday().number_from_monday().into())),
            ],
        )
    }

    /// The year of an instant, in the community's zone.
    pub fn year(&self, at_ms: i64) -> String {
        let at = chrono::DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&self.time_zone);
        at.year().to_string()
    }

    /// An instant with its date and weekday, in the community's zone.
    pub fn moment(&self, at_ms: i64) -> Result<String, Unspeakable> {
        let at = chrono::DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&self.time_zone);
        self.format(
            "moment",
            &[
                ("month", Value::Number(at.month().into())),
                ("day", Value::Number(at.day().into())),
                ("weekday", Value::Number(at.weekday().number_from_monday().into())),
                ("time", Value::Word(format!("{:02}:{:02}", at.hour(), at.minute()).into())),
            ],
        )
    }
}

/// Splits a formatted line at its marks and puts the arguments in.
fn spans(line: &str, values: &Values<'_>) -> Line {
    let mut out: Line = Vec::new();
    let mut style = Style::Normal;
    let mut text = String::new();
    let mut chars = line.chars().peekable();
    let flush = |text: &mut String, style: Style, out: &mut Line| {
        if !text.is_empty() {
            out.push((style, Span::Ours(std::mem::take(text))));
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
                flush(&mut text, style, &mut out);
                style = if style == Style::Bold { Style::Normal } else { Style::Bold };
            }
            '`' => {
                flush(&mut text, style, &mut out);
                style = if style == Style::Code { Style::Normal } else { Style::Code };
            }
            PLACE => {
                flush(&mut text, style, &mut out);
                let index: String = chars.by_ref().take_while(|c| *c != PLACE).collect();
                match index.parse::<usize>().ok().and_then(|index| values.get(index)) {
                    Some((_, Value::Person(person))) => out.push((
                        style,
                        Span::Person { user_id: person.user_id.clone(), name: person.display_name.clone() },
                    )),
                    Some((_, Value::Text(theirs))) => out.push((style, Span::Theirs(theirs.clone().into_owned()))),
                    _ => {}
                }
            }
            c => text.push(c),
        }
    }
    flush(&mut text, style, &mut out);
    out
}
