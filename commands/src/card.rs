//! What a message says, apart from how it looks; and how it looks, plain and as HTML.
//!
//! HTML keeps to what every client shows: `b`, `code`, `br` and mention links (ARCHITECTURE.md, Matrix as it is). Everything
//! that a resident wrote is escaped here and nowhere else.

use lamplighter_storage::person::Person;

use crate::language::phrase::harmless;

/// A card is kept below this many bytes in each of its two forms (ARCHITECTURE.md, Matrix as it is).
pub const BYTES_MAX: usize = 15_000;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Our words.
    Ours(String),
    /// A resident's words.
    Theirs(String),
    /// Somebody, shown by name.
    Person {
        /// Matrix user id.
        user_id: String,
        /// As shown.
        name: String,
    },
}

/// How a run of spans is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// As is.
    #[default]
    Normal,
    /// Bold, for titles.
    Bold,
    /// What can be typed.
    Code,
}

/// One line: spans with their style.
pub type Line = Vec<(Style, Span)>;

/// A message: lines, and whom it mentions so that their phone rings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// From top to bottom.
    pub lines: Vec<Line>,
    /// Matrix user ids that are notified.
    pub mentions: Vec<String>,
    /// Everybody in the room is notified (`@room`). Only for whoever may do that there themselves.
    pub rings_room: bool,
    /// `m.text` (rings) instead of `m.notice` (ARCHITECTURE.md, Matrix as it is).
    pub notify: bool,
}

impl Card {
    /// Adds the lines of another card at the end.
    pub fn with(mut self, other: Self) -> Self {
        self.lines.extend(other.lines);
        self
    }

    /// With the first line of another card going on where the last line ends, and its further lines below.
    pub fn joined(mut self, other: Self) -> Self {
        let mut lines = other.lines.into_iter();
        if let (Some(last), Some(first)) = (self.lines.last_mut(), lines.next()) {
            last.extend(first);
        }
        self.lines.extend(lines);
        self
    }

    /// Makes the phones of these people ring.
    pub fn ringing(mut self, people: &[&Person]) -> Self {
        self.notify = true;
        self.mentions = people.iter().map(|person| person.user_id.clone()).collect();
        self
    }

    /// Makes every phone in the room ring. The caller has seen that the one who asked may do that.
    pub fn ringing_the_room(mut self) -> Self {
        self.notify = true;
        self.rings_room = true;
        self
    }

    /// Makes the phone ring without mentioning anybody, for private chats.
    pub fn loud(mut self) -> Self {
        self.notify = true;
        self
    }

    /// The text for clients without HTML, for notifications and for the console.
    pub fn plain(&self) -> String {
        self.lines
            .iter()
            .map(|line| line.iter().map(|(_, span)| span.plain()).collect::<String>())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The text as HTML.
    pub fn html(&self) -> String {
        let mut out = String::new();
        for (index, line) in self.lines.iter().enumerate() {
            if index > 0 {
                out.push_str("<br>");
            }
            let mut open = Style::Normal;
            for (style, span) in line {
                if *style != open {
                    out.push_str(open.closing());
                    out.push_str(style.opening());
                    open = *style;
                }
                out.push_str(&span.html());
            }
            out.push_str(open.closing());
        }
        out
    }
}

impl Style {
    fn opening(self) -> &'static str {
        match self {
            Self::Normal => "",
            Self::Bold => "<b>",
            Self::Code => "<code>",
        }
    }

    fn closing(self) -> &'static str {
        match self {
            Self::Normal => "",
            Self::Bold => "</b>",
            Self::Code => "</code>",
        }
    }
}

/// A name is shown up to here: nobody's is longer, and a card must stay small.
pub const NAME_CHARS_MAX: usize = 40;

/// A resident's words as they may be shown: see [`harmless`]; and "@room" pings nobody, not even in old clients, which
/// look for it in capitals too.
pub fn shown(text: &str) -> String {
    const ROOM: &str = "room";
    let chars: Vec<char> = harmless(text).chars().collect();
    let pings = |at: usize| {
        let word = chars.iter().skip(at + 1).take(ROOM.len()).map(char::to_ascii_lowercase);
        word.eq(ROOM.chars())
    };
    chars.iter().enumerate().map(|(at, c)| if *c == '@' && pings(at) { '＠' } else { *c }).collect()
}

/// A person's name as it may be shown and kept; nothing if there is nothing in it that can be seen.
pub fn name(text: &str) -> String {
    // What was cut in the middle of a picture or before a blank ends cleanly.
    shown(&shown(text).chars().take(NAME_CHARS_MAX).collect::<String>())
}

/// The same, and if there is nothing to be seen, what stands in the Matrix id before the server.
pub fn name_of(user_id: &str, display_name: &str) -> String {
    let chosen = name(display_name);
    if !chosen.is_empty() {
        return chosen;
    }
    name(user_id.trim_start_matches('@').split(':').next().unwrap_or_default())
}

/// Whether a text holds letters that are read from right to left.
fn runs_leftwards(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
            | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
    })
}

/// A resident's words among ours: letters that are read from right to left don't drag our numbers and marks along.
fn apart(text: String) -> String {
    if runs_leftwards(&text) { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// A Matrix id as part of a link, where nothing in it can mean anything else.
fn link_id(user_id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@:._-=+".contains(&byte);
    user_id.bytes().fold(String::new(), |mut out, byte| {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

impl Span {
    fn plain(&self) -> String {
        match self {
            Self::Ours(text) => text.clone(),
            Self::Theirs(text) => apart(shown(text)),
            Self::Person { user_id, name } => apart(name_of(user_id, name)),
        }
    }

    fn html(&self) -> String {
        let text = html_escape::encode_quoted_attribute(&self.plain()).into_owned();
        match self {
            Self::Person { user_id, .. } if user_id.starts_with('@') => {
                format!("<a href=\"https://matrix.to/#/{}\">{text}</a>", link_id(user_id))
            }
            Self::Ours(_) | Self::Theirs(_) | Self::Person { .. } => text,
        }
    }
}

/// A link to somebody, as HTML.
pub fn link(person: &Person) -> String {
    Span::Person { user_id: person.user_id.clone(), name: person.display_name.clone() }.html()
}

/// How many bytes of HTML a link to somebody takes.
pub fn link_bytes(person: &Person) -> usize {
    link(person).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_resident_wrote_is_harmless() {
        let card = Card {
            lines: vec![vec![
                (Style::Bold, Span::Ours("心愿 1：".into())),
                (Style::Bold, Span::Theirs("<b>@room</b> <a href=\"https://matrix.to/#/@x:y\">李</a>\u{202E}".into())),
            ]],
            ..Card::default()
        };
        assert_eq!(card.plain(), "心愿 1：<b>＠room</b> <a href=\"https://matrix.to/#/@x:y\">李</a>");
        assert_eq!(
            card.html(),
            "<b>心愿 1：&lt;b&gt;＠room&lt;/b&gt; &lt;a href=&quot;https://matrix.to/#/@x:y&quot;&gt;李&lt;/a&gt;</b>"
        );
    }
}
