//! What a message says, apart from how it looks; and how it looks, plain and as HTML.
//!
//! HTML keeps to what every client shows: `b`, `code`, `br` and mention links (ARCHITECTURE.md, Matrix as it is). Large
//! letters are headings, which some clients show like any other line. Everything that a resident wrote is escaped here and
//! nowhere else.

use lamplighter_storage::person::Person;

use crate::language::phrase::harmless;

/// A message takes at most this many bytes in its two forms together, as they stand in JSON. Its event, an edit with what
/// is around it and then encrypted, stays below 15,000 (ARCHITECTURE.md, Matrix as it is).
pub const BYTES_MAX: usize = 9_000;

/// Where a message is too long, what residents wrote is cut to ever fewer characters.
const CUTS_CHARS: [usize; 6] = [200, 120, 80, 60, 40, 20];
/// What stands for what was left out.
const LEFT_OUT: &str = "…";

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
    /// In large letters, for whoever has asked for them (长辈模式).
    pub large: bool,
    /// It explains what can be typed: that stays words where other cards offer digits (长辈模式).
    pub explains: bool,
}

/// How the HTML of a card in large letters begins.
pub const LARGE_BEGINS: &str = "<h2>";

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

    /// How much room it takes: both forms as they stand in JSON.
    pub fn bytes(&self) -> usize {
        json_bytes(&self.plain()) + json_bytes(&self.html())
    }

    /// Whether it can be said as it is.
    pub fn fits(&self) -> bool {
        self.bytes() <= BYTES_MAX
    }

    /// Cut to what a message may take: first the longest of what residents wrote, then lines before the last, then what
    /// lines end with. Features fold their lists before it comes to this.
    pub fn fitted(mut self) -> Self {
        if self.bytes() <= BYTES_MAX {
            return self;
        }
        for chars_max in CUTS_CHARS {
            for (_, span) in self.lines.iter_mut().flatten() {
                span.shorten(chars_max);
            }
            if self.bytes() <= BYTES_MAX {
                return self;
            }
        }
        let left_out = || vec![(Style::Normal, Span::Ours(LEFT_OUT.into()))];
        if self.lines.len() > 2 {
            let last = self.lines.pop().unwrap_or_default();
            self.lines.push(left_out());
            self.lines.push(last);
        }
        while self.bytes() > BYTES_MAX && self.lines.len() > 3 {
            self.lines.remove(self.lines.len() - 3);
        }
        // One line of very many pieces.
        for index in 0..self.lines.len() {
            while self.bytes() > BYTES_MAX && self.lines.get(index).is_some_and(|line| line.len() > 1) {
                if let Some(line) = self.lines.get_mut(index) {
                    let keep = line.len() / 2;
                    line.truncate(keep);
                    line.extend(left_out());
                    if keep <= 1 {
                        break;
                    }
                }
            }
        }
        self
    }

    /// Sentences that name something to be typed go: nobody has to type or to remember it.
    pub fn without_commands(self) -> Self {
        if self.explains {
            return self;
        }
        let mut lines: Vec<Line> = Vec::new();
        for line in self.lines {
            if line.iter().all(|(style, _)| *style != Style::Code) {
                lines.push(line);
                continue;
            }
            let kept: Line = sentences(line)
                .into_iter()
                .filter(|one| one.iter().all(|(style, _)| *style != Style::Code))
                .flatten()
                .collect();
            if kept.iter().any(|(_, span)| span.plain().chars().any(char::is_alphanumeric)) {
                lines.push(ended(kept));
            }
        }
        Self { lines, ..self }
    }

    /// The same card as one that explains what can be typed.
    pub fn explaining(self) -> Self {
        Self { explains: true, ..self }
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
            // A title, and what stands below it.
            let (before, after) = match (self.large, index) {
                (true, 0) => (LARGE_BEGINS, "</h2>"),
                (true, _) => ("<h3>", "</h3>"),
                (false, 0) => ("", ""),
                (false, _) => ("<br>", ""),
            };
            out.push_str(before);
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
            out.push_str(after);
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

/// A line whose last sentences went ends like one.
fn ended(mut line: Line) -> Line {
    if let Some((_, Span::Ours(text))) = line.last_mut() {
        text.truncate(text.trim_end_matches(['；', ';', '，', ',', ' ']).len());
    }
    line
}

/// Where a sentence, or a part that could be one, ends.
fn ends(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | ';')
}

fn sentences(line: Line) -> Vec<Line> {
    let mut out: Vec<Line> = vec![Line::new()];
    for (style, span) in line {
        let Span::Ours(text) = &span else {
            push(&mut out, style, span);
            continue;
        };
        if style == Style::Code {
            push(&mut out, style, span);
            continue;
        }
        let mut from = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            from.push(c);
            // English ends a sentence with a mark and a blank.
            let english = matches!(c, '.' | '!' | '?') && chars.peek().is_none_or(|next| *next == ' ');
            if ends(c) || english {
                push(&mut out, style, Span::Ours(std::mem::take(&mut from)));
                out.push(Line::new());
            }
        }
        if !from.is_empty() {
            push(&mut out, style, Span::Ours(from));
        }
    }
    out
}

fn push(sentences: &mut [Line], style: Style, span: Span) {
    if let Some(last) = sentences.last_mut() {
        last.push((style, span));
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

/// How many bytes a text takes in JSON, without its quotes.
fn json_bytes(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '"' | '\\' | '\n' | '\t' | '\r' => 2,
            c if c.is_control() => 6,
            c => c.len_utf8(),
        })
        .sum()
}

impl Span {
    /// A digit to answer with.
    pub fn digit(digit: usize) -> Self {
        Self::Ours(digit.to_string())
    }

    /// Whether it is our words.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Ours(_))
    }

    /// Cuts what a resident wrote; our own words stay.
    fn shorten(&mut self, chars_max: usize) {
        let (Self::Theirs(text) | Self::Person { name: text, .. }) = self else { return };
        if text.chars().count() > chars_max {
            *text = text.chars().take(chars_max).chain(LEFT_OUT.chars()).collect();
        }
    }

    /// As it reads without HTML.
    pub fn plain(&self) -> String {
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
    use proptest::prelude::*;

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

    #[test]
    fn large_letters_are_headings() {
        let line = |text: &str| vec![(Style::Normal, Span::Ours(text.into()))];
        let card = Card { lines: vec![line("您想做什么？"), line("1 报名")], large: true, ..Card::default() };
        assert_eq!(card.plain(), "您想做什么？\n1 报名");
        assert_eq!(card.html(), "<h2>您想做什么？</h2><h3>1 报名</h3>");
    }

    fn normal(text: &str) -> (Style, Span) {
        (Style::Normal, Span::Ours(text.into()))
    }

    fn typed_number(text: &str, number: Option<i64>) -> Line {
        let number = number.map(|number| (Style::Code, Span::Theirs(number.to_string())));
        std::iter::once((Style::Code, Span::Ours(text.into()))).chain(number).collect()
    }

    #[test]
    fn what_can_be_typed_goes_with_its_sentence() {
        for (line, left) in [
            (
                [vec![normal("这是听听大家的意见。经过：发 ")], typed_number("！轨迹 ", Some(12))].concat(),
                "这是听听大家的意见。",
            ),
            (
                [vec![normal("帮好了：点 ✅ 完成；满意了发 ")], typed_number("确认 ", Some(12))].concat(),
                "帮好了：点 ✅ 完成",
            ),
            (
                [vec![normal("Thanks. Send ")], typed_number("done ", Some(12)), vec![normal(" then.")]].concat(),
                "Thanks.",
            ),
        ] {
            assert_eq!(Card { lines: vec![line], ..Card::default() }.without_commands().plain(), left);
        }
        let only = [vec![normal("经过：发 ")], typed_number("！轨迹 ", Some(12))].concat();
        assert_eq!(
            Card { lines: vec![vec![normal("修灯")], only], ..Card::default() }.without_commands().lines.len(),
            1
        );
    }

    fn span() -> impl Strategy<Value = (Style, Span)> {
        let text = prop_oneof![
            "[\"<&'\\\\]{0,600}",
            "\\PC{0,300}",
            proptest::collection::vec(proptest::sample::select(vec!['👨', '\u{200D}', '王', 'a', ' ']), 0..400)
                .prop_map(|chars| chars.into_iter().collect::<String>()),
        ];
        let style = proptest::sample::select(vec![Style::Normal, Style::Bold, Style::Code]);
        (style, text, 0..4_u8).prop_map(|(style, text, kind)| {
            let span = match kind {
                0 => Span::Ours(text.chars().take(80).filter(|c| !c.is_control()).collect()),
                1 => Span::Person { user_id: format!("@{}:example.org", "u".repeat(200)), name: text },
                _ => Span::Theirs(text),
            };
            (style, span)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is to be said fits into a message, begins as it would have, and both its forms still say the same.
        #[test]
        fn whatever_is_said_fits(
            lines in proptest::collection::vec(proptest::collection::vec(span(), 0..10), 1..20),
        ) {
            let card = Card { lines, ..Card::default() };
            let fitted = card.clone().fitted();
            let json = serde_json::json!([fitted.plain(), fitted.html()]).to_string();
            prop_assert!(fitted.bytes() <= BYTES_MAX && json.len() <= BYTES_MAX + 16, "{} bytes", json.len());
            prop_assert!(fitted.bytes() + 16 >= json.len(), "the bytes are counted as JSON has them");
            if card.bytes() <= BYTES_MAX {
                prop_assert_eq!(&fitted, &card);
            } else {
                prop_assert!(fitted.plain().contains(LEFT_OUT), "what was cut shows");
            }
            let html = fitted.html();
            let text = html_text(&html);
            prop_assert_eq!(text, fitted.plain());
        }
    }

    /// What a browser shows of our HTML.
    fn html_text(html: &str) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in html.replace("<br>", "\n").chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        html_escape::decode_html_entities(&text).into_owned()
    }
}
