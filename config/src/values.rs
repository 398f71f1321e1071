//! The small checked types of the configuration (secrets, id patterns, windows of the day) and the checks of single
//! texts. Not here: where in the file they stand (`schema`).

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;

use chrono::NaiveTime;
use chrono_tz::Tz;

use crate::{Database, Evening, Language, LogFormat, MAX_ID_CHARS, MAX_NAME_CHARS};

/// A password, token or passphrase. Shows as `***` and can't be displayed, so that it never lands in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself; for the call that signs in or opens the store, never for a message.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A pattern of Matrix ids such as `@*:example.org`; `*` stands for any run of characters, also an empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdPattern(String);

impl IdPattern {
    /// None if no Matrix id could ever match, as with `example.org`.
    pub fn new(pattern: &str) -> Option<Self> {
        let possible = pattern.starts_with(['@', '*'])
            && pattern.contains([':', '*'])
            && !pattern.contains(|c: char| c.is_whitespace() || c.is_control());
        possible.then(|| Self(pattern.to_owned()))
    }

    /// Whether the whole id fits the pattern; upper and lower case differ, as they do in Matrix ids.
    pub fn matches(&self, user_id: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else {
            return self.0 == user_id;
        };
        let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        let Some(mut id) = user_id.strip_prefix(first).and_then(|id| id.strip_suffix(last)) else {
            return false;
        };
        // Taking each piece where it first occurs leaves the most room for the next one.
        for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
            match id.split_once(piece) {
                Some((_, after)) => id = after,
                None => return false,
            }
        }
        true
    }
}

impl fmt::Display for IdPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part of one day in local time, half-open: the start belongs to it, the end doesn't (docs/PROTOCOL.md, Words).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    start: NaiveTime,
    end: NaiveTime,
}

impl Window {
    /// None unless the start is before the end.
    pub fn new(start: NaiveTime, end: NaiveTime) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// First moment inside.
    pub fn start(&self) -> NaiveTime {
        self.start
    }

    /// First moment after it.
    pub fn end(&self) -> NaiveTime {
        self.end
    }

    /// Whether a local time of day lies inside.
    pub fn contains(&self, time: NaiveTime) -> bool {
        self.start <= time && time < self.end
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start.format("%H:%M"), self.end.format("%H:%M"))
    }
}

/// The evening of a community that says nothing else (docs/PROTOCOL.md, Words and Program).
pub(crate) const DEFAULT_EVENING: Evening = Evening {
    workdays: Window { start: at(18, 30), end: at(21, 30) },
    rest_days: Window { start: at(9, 30), end: at(21, 30) },
    digest: at(19, 30),
};

/// Only for the constant above, so a wrong time is an error of the compiler.
const fn at(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of day")
}

/// `HH:MM`, always with two digits, so that nobody wonders about `7:5`.
pub(crate) fn clock(text: &str) -> Result<NaiveTime, &'static str> {
    let two_digits = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    text.split_once(':')
        .and_then(|(hour, minute)| NaiveTime::from_hms_opt(two_digits(hour)?, two_digits(minute)?, 0))
        .ok_or("must be a time of day from 00:00 to 23:59, as in \"19:30\"")
}

/// `HH:MM-HH:MM`.
pub(crate) fn window(text: &str) -> Result<Window, &'static str> {
    text.split_once('-')
        .and_then(|(start, end)| Window::new(clock(start).ok()?, clock(end).ok()?))
        .ok_or("must be a start before an end, as in \"18:30-21:30\", up to 23:59")
}

pub(crate) fn time_zone(name: &str) -> Result<Tz, &'static str> {
    name.parse().map_err(|_| "must be the name of a time zone such as \"Asia/Shanghai\"")
}

pub(crate) fn language(tag: &str) -> Result<Language, String> {
    let found = Language::of_tag(tag);
    found.ok_or_else(|| {
        let known = Language::ALL.map(Language::tag);
        format!("must be one of {}", known.join(", "))
    })
}

pub(crate) fn log_format(tag: &str) -> Result<LogFormat, String> {
    let found = LogFormat::ALL.into_iter().find(|known| known.tag() == tag);
    found.ok_or_else(|| {
        let known = LogFormat::ALL.map(LogFormat::tag);
        format!("must be one of {}", known.join(", "))
    })
}

/// An address and a port. Names would have to be looked up, and might mean another machine tomorrow.
pub(crate) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "must be an address and a port, as in \"127.0.0.1:9464\"")
}

/// `sqlite://` and a path, or memory. SQLite's options (`?mode=…`) are the storage's business.
pub(crate) fn database(url: &str, folder: &Path) -> Result<Database, &'static str> {
    if url == "sqlite::memory:" {
        return Ok(Database::Memory);
    }
    url.strip_prefix("sqlite://")
        .filter(|path| !path.is_empty() && !path.ends_with('/'))
        .filter(|path| !path.contains(|c: char| c == '?' || c.is_control()))
        .map(|path| Database::File(folder.join(path)))
        .ok_or("must be \"sqlite://\" and the path of a file, or \"sqlite::memory:\"")
}

pub(crate) fn id_pattern(text: &str) -> Result<IdPattern, &'static str> {
    IdPattern::new(text).ok_or("must be a pattern of Matrix ids such as \"@*:example.org\"")
}

/// Neither blank nor more than one line, and not endless.
pub(crate) fn line(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.contains(char::is_control) || text.chars().count() > MAX_NAME_CHARS {
        return Err(format!("must be one line of 1 to {MAX_NAME_CHARS} characters"));
    }
    Ok(text.to_owned())
}

/// A secret may be anything but empty: an empty one looks like protection and is none.
pub(crate) fn secret(text: &str) -> Result<Secret, &'static str> {
    if text.is_empty() { Err("must not be empty") } else { Ok(Secret::new(text)) }
}

fn is_user_id(text: &str) -> bool {
    line(text).is_ok()
        && !text.contains(char::is_whitespace)
        && text
            .strip_prefix('@')
            .and_then(|id| id.split_once(':'))
            .is_some_and(|(local, server)| !local.is_empty() && !server.is_empty())
}

pub(crate) fn user_id(text: &str) -> Result<String, &'static str> {
    is_user_id(text).then(|| text.to_owned()).ok_or("must be a full Matrix id such as \"@lamplighter:example.org\"")
}

/// A Matrix id, or a plain name for the console. What has an @ or a colon was meant as an id.
pub(crate) fn person(text: &str) -> Result<String, String> {
    if text.starts_with('@') || text.contains(':') {
        return user_id(text).map_err(Into::into);
    }
    line(text)
}

pub(crate) fn community_id(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
    if text.is_empty() || text.chars().count() > MAX_ID_CHARS || !text.chars().all(allowed) {
        return Err(format!("must be 1 to {MAX_ID_CHARS} of the characters a-z, 0-9, _ and -"));
    }
    Ok(text.to_owned())
}

/// An http(s) URL or a server name. Names and passwords in front of an @ have no place here.
pub(crate) fn homeserver(text: &str) -> Result<String, &'static str> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let bare = host.is_none();
    let host = host.unwrap_or(text);
    let forbidden = |c: char| c == '@' || c.is_whitespace() || c.is_control() || (bare && "/?#".contains(c));
    if host.is_empty() || host.starts_with(['/', ':']) || host.contains(forbidden) {
        return Err("must be a URL such as \"https://matrix.example.org\" or a server name such as \"example.org\"");
    }
    Ok(text.to_owned())
}
