//! Words people read, from `locales/` (Project Fluent). A pattern may hold `**bold**` and `` `typed` ``; what comes
//! from people is put in afterwards, so that it is never read as a pattern.
//!
//! There is a second voice, for whoever has 长辈模式 on: it leaves the numbers of items out, and where a message has an
//! attribute `.elder`, it says that instead.

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
        &[
            include_str!(concat!("../locales/", $language, "/activity.ftl")),
            include_str!(concat!("../locales/", $language, "/digest.ftl")),
            include_str!(concat!("../locales/", $language, "/elder.ftl")),
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
            include_str!(concat!("../locales/", $language, "/tongue.ftl")),
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
    elder: bool,
}

/// The attribute of a message that says it in plainer words.
const ELDER: &str = "elder";
/// Values that the plain voice leaves standing in a command and, if they number an item, nowhere else.
const IN_COMMANDS: [&str; 3] = [NUMBER, "choice", "page"];
/// The number of an item.
const NUMBER: &str = "number";

impl Speech {
    /// Reads the locales that are built in.
    pub fn new() -> Result<Self, Unspeakable> {
        let mut bundles = BTreeMap::new();
        for language in Language::ALL {
            let files: &[&str] = match language {
                Language::ZhCn => locale!("zh-CN"),
                // Made by build.rs from the one above.
                Language::ZhHant => &[include_str!(concat!(env!("OUT_DIR"), "/zh-Hant.ftl"))],
                Language::En => locale!("en"),
            };
            let broken = |problem: String| Unspeakable { id: "(file)".into(), language, problem };
            let id: LanguageIdentifier = language.tag().parse().map_err(|error| broken(format!("{error:?}")))?;
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            // Isolation marks break commands that people copy (ARCHITECTURE.md, Rules); we neutralise bidi ourselves.
            bundle.set_use_isolating(false);
            for file in files {
                let resource =
                    FluentResource::try_new((*file).to_owned()).map_err(|(_, errors)| broken(format!("{errors:?}")))?;
                bundle.add_resource(resource).map_err(|errors| broken(format!("{errors:?}")))?;
            }
            bundles.insert(language.tag(), bundle);
        }
        Ok(Self { bundles })
    }

    /// Speaks this language in this time zone.
    pub fn say(&self, language: Language, time_zone: Tz) -> Say<'_> {
        Say { speech: self, language, time_zone, elder: false }
    }

    /// Whether a language has this message.
    pub fn has(&self, language: Language, id: &str) -> bool {
        self.bundles.get(language.tag()).is_some_and(|bundle| bundle.has_message(id))
    }

    /// Whether a message has plainer words of its own.
    pub fn has_plainer(&self, language: Language, id: &str) -> bool {
        let message = self.bundles.get(language.tag()).and_then(|bundle| bundle.get_message(id));
        message.is_some_and(|message| message.get_attribute(ELDER).is_some())
    }
}

/// Marks the place of an argument while Fluent formats; never in a pattern, and removed from what people write.
const PLACE: char = '\u{E000}';

impl Say<'_> {
    /// The same voice in plain words, without numbers of items.
    #[must_use]
    pub fn plainly(self) -> Self {
        Self { elder: true, ..self }
    }

    /// The same in another language.
    #[must_use]
    pub fn speaking(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// What is spoken.
    pub fn language(self) -> Language {
        self.language
    }

    /// `marked`: numbers that the plain voice treats apart are left to be put in.
    fn format(&self, id: &str, values: &Values<'_>, marked: bool) -> Result<String, Unspeakable> {
        let broken = |problem: String| Unspeakable { id: id.to_owned(), language: self.language, problem };
        let bundle = self.speech.bundles.get(self.language.tag()).ok_or_else(|| broken("no such locale".into()))?;
        let message = bundle.get_message(id).ok_or_else(|| broken("no such message".into()))?;
        let plainer = message.get_attribute(ELDER).filter(|_| self.elder).map(|attribute| attribute.value());
        let pattern = plainer.or(message.value()).ok_or_else(|| broken("the message has no value".into()))?;
        let mut args = FluentArgs::new();
        for (index, (name, value)) in values.iter().enumerate() {
            args.set(
                *name,
                match value {
                    Value::Text(_) | Value::Person(_) => FluentValue::from(format!("{PLACE}{index}{PLACE}")),
                    Value::Number(_) if marked && self.elder && IN_COMMANDS.contains(name) => {
                        FluentValue::from(format!("{PLACE}{index}{PLACE}"))
                    }
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
        Ok(self.format(id, values, true)?.lines().map(|line| spans(line, values)).collect())
    }

    /// Formats a message into a card that rings nobody.
    pub fn card(&self, id: &str, values: &Values<'_>) -> Result<Card, Unspeakable> {
        Ok(Card { lines: self.lines(id, values)?, ..Card::default() })
    }

    /// Formats a short message of our own words, such as the label of a chip.
    pub fn word(&self, id: &str, values: &Values<'_>) -> Result<String, Unspeakable> {
        self.format(id, values, false)
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
            false,
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
            false,
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
                    Some((_, Value::Number(number))) if style == Style::Code => {
                        out.push((style, Span::Theirs(number.to_string())));
                    }
                    Some((name, Value::Number(_))) if *name == NUMBER => leave_out(&mut out, &mut chars),
                    Some((_, Value::Number(number))) => out.push((style, Span::Ours(number.to_string()))),
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

/// What follows the number of an item in Chinese.
const COUNTED: char = '号';

/// Closes the gap where the number of an item would stand: 心愿 12：修灯 → 心愿：修灯; • 12：修灯 → • 修灯.
fn leave_out(before: &mut Line, after: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let (mut last, mut apart) = (None, false);
    if let Some((_, Span::Ours(text))) = before.last_mut() {
        let end = text.trim_end().len();
        apart = end < text.len();
        text.truncate(end);
        last = text.chars().last();
    }
    let names_it = last.is_some_and(char::is_alphanumeric);
    while after.next_if(|c| !names_it && matches!(c, '：' | ':' | ' ')).is_some() {}
    let mut ahead = after.clone();
    if ahead.find(|c| *c != ' ') == Some(COUNTED) {
        *after = ahead;
    }
    match (before.last_mut(), last) {
        // A dot stands apart from what it lists.
        (Some((_, Span::Ours(text))), Some(_)) if !names_it && apart => text.push(' '),
        // Chinese words need no blank between them.
        (_, Some(last)) if !last.is_ascii() => while after.next_if_eq(&' ').is_some() {},
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Phrase;

    #[test]
    fn the_plain_voice_names_no_numbers_but_in_commands() {
        let values = [("number", Value::Number(12)), ("text", Value::Text("修灯".into()))];
        // What Fluent leaves of a pattern: 0 stands for the number, 1 for the text.
        for (pattern, plain) in [
            ("✨ 心愿 \u{E000}0\u{E000}：\u{E000}1\u{E000}", "✨ 心愿：修灯"),
            ("• \u{E000}0\u{E000}：\u{E000}1\u{E000}", "• 修灯"),
            ("心愿 \u{E000}0\u{E000} 是您自己的", "心愿是您自己的"),
            ("好的，\u{E000}0\u{E000} 号提醒取消了。", "好的，提醒取消了。"),
            ("您没有 \u{E000}0\u{E000} 号提醒。", "您没有提醒。"),
            ("Wish \u{E000}0\u{E000} is yours", "Wish is yours"),
            ("办好了发 `完成 \u{E000}0\u{E000}`", "办好了发 完成 12"),
        ] {
            let said: String = spans(pattern, &values).iter().map(|(_, span)| span.plain()).collect();
            assert_eq!(said, plain, "{pattern}");
        }
    }

    /// A message that is said more plainly is so in every language.
    #[test]
    fn plainer_words_are_there_in_every_language() {
        let speech = Speech::new().expect("the locales");
        let mut plainer = 0;
        for file in locale!("zh-CN") {
            for id in file.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id) {
                let there = Language::ALL.map(|language| speech.has_plainer(language, id));
                assert!(there.iter().all(|one| *one == speech.has_plainer(Language::ZhCn, id)), "{id}: {there:?}");
                plainer += usize::from(speech.has_plainer(Language::ZhCn, id));
            }
        }
        assert!(plainer > 10, "the attributes are found: {plainer}");
    }

    /// What stands in backticks, in order.
    fn typed(files: &[&str]) -> Vec<String> {
        let lines = files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#'));
        lines.flat_map(|line| line.split('`').skip(1).step_by(2)).map(ToOwned::to_owned).collect()
    }

    #[test]
    fn what_is_typed_in_traditional_characters_means_the_same() {
        let simplified = typed(locale!("zh-CN"));
        let traditional = typed(&[include_str!(concat!(env!("OUT_DIR"), "/zh-Hant.ftl"))]);
        assert!(simplified.len() > 200, "the words are found");
        assert_eq!(traditional.len(), simplified.len());
        for (traditional, simplified) in traditional.iter().zip(&simplified) {
            assert_eq!(Phrase::new(traditional).folded(), Phrase::new(simplified).folded());
        }
        assert!(traditional.iter().any(|text| text == "！許願 修樓道燈"), "it is converted");
    }

    #[test]
    fn the_traditional_locale_is_written_as_its_readers_write() {
        let text = include_str!(concat!(env!("OUT_DIR"), "/zh-Hant.ftl"));
        for wrong in ["长", "髮", "傢", "請回復", "臺", "隻", "“"] {
            let places: Vec<&str> = text.lines().filter(|line| line.contains(wrong)).collect();
            assert!(places.is_empty(), "{wrong}: {places:?}");
        }
        for right in ["後面", "這裡", "[1] 週一", "只發給您", "「"] {
            assert!(text.contains(right), "{right}");
        }
    }
}
