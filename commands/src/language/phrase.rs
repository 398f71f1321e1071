//! A message folded for reading: full width to half width, capitals to small, traditional characters to simplified ones,
//! controls away, and every folded character knows where it stood, so that what a resident wrote is kept as it was written.

use unicode_normalization::char::decompose_compatible;

use super::time::simplified;

/// Longer messages are read up to here; nothing that people type is as long (a wish has 500).
pub const CHARS_MAX: usize = 4_000;
/// More accents than this on one letter are dropped ("zalgo").
const COMBINING_MARKS_MAX: usize = 2;

/// A ligature that stands for more characters than this is read as it is: an honorific of 18 letters in one character
/// would make a short message a long one.
const FOLDED_CHARS_MAX: usize = 4;

/// Part of a message, folded and as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    written: Vec<char>,
    folded: Vec<char>,
    /// For each folded character, the index in `written` it came from.
    from: Vec<usize>,
}

/// Direction overrides and characters that can't be seen, which make a text look like another or like nothing at all.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}'
        | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Joiners make one picture of several emoji and shape some scripts; anywhere else they are only there to hide.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// What a resident wrote, made harmless to show: no controls, no direction overrides, nothing invisible, no towers of
/// accents; line breaks and runs of blanks become one blank. Escaping for HTML is the card's business.
pub fn harmless(text: &str) -> String {
    let mut out = String::new();
    // What stood last and can be seen; an accent or a joiner needs something to stand on.
    let mut base: Option<char> = None;
    let mut marks = 0;
    let mut blank = false;
    let mut joiner = None;
    for c in text.chars().take(CHARS_MAX) {
        if c.is_ascii_graphic() {
            // Most of what is typed in Latin letters, and all of what is escaped.
            if std::mem::take(&mut blank) && !out.is_empty() {
                out.push(' ');
            }
            (base, marks, joiner) = (Some(c), 0, None);
            out.push(c);
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            blank = true;
            base = None;
            joiner = None;
            continue;
        }
        if is_deceptive(c) {
            continue;
        }
        if is_joiner(c) {
            joiner = base.filter(|base| !base.is_ascii()).map(|_| c);
            continue;
        }
        if unicode_normalization::char::is_combining_mark(c) {
            marks += 1;
            if marks > COMBINING_MARKS_MAX || base.is_none() {
                continue;
            }
        } else {
            marks = 0;
            base = Some(c);
        }
        if blank && !out.is_empty() {
            out.push(' ');
        }
        blank = false;
        out.extend(joiner.take().filter(|_| !c.is_ascii()));
        out.push(c);
    }
    out
}

/// Whether a word stands at a place of a text. Almost always its first character tells.
pub fn begins_at(chars: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(index, c)| chars.get(at + index) == Some(&c))
}

impl Phrase {
    /// Folds a message.
    pub fn new(text: &str) -> Self {
        let written: Vec<char> = harmless(text).chars().collect();
        let mut folded = Vec::with_capacity(written.len());
        let mut from = Vec::with_capacity(written.len());
        for (index, &c) in written.iter().enumerate() {
            let before = folded.len();
            // Keyboards offer it for "one more".
            let c = if c == '\u{2795}' { '+' } else { c };
            decompose_compatible(c, |c| folded.push(simplified(c.to_ascii_lowercase())));
            if folded.len() - before > FOLDED_CHARS_MAX {
                folded.truncate(before);
                folded.push(c);
            }
            from.resize(folded.len(), index);
        }
        Self { written, folded, from }
    }

    /// Folded and without blanks at both ends.
    pub fn folded(&self) -> String {
        self.folded.iter().collect::<String>().trim().to_owned()
    }

    /// As written, without blanks at both ends.
    pub fn written(&self) -> String {
        self.written.iter().collect::<String>().trim().to_owned()
    }

    /// Nothing but blanks.
    pub fn is_empty(&self) -> bool {
        self.folded.iter().all(|c| c.is_whitespace())
    }

    /// The folded characters.
    pub fn chars(&self) -> &[char] {
        &self.folded
    }

    /// The character as it was written at a place of the folded ones: ① folds to 1.
    pub fn written_at(&self, at: usize) -> Option<char> {
        self.from.get(at).and_then(|index| self.written.get(*index)).copied()
    }

    /// What follows the first `count` folded characters.
    pub fn after(&self, count: usize) -> Self {
        let count = count.min(self.folded.len());
        let start = self.from.get(count).copied().unwrap_or(self.written.len());
        Self {
            written: self.written.iter().skip(start).copied().collect(),
            folded: self.folded.iter().skip(count).copied().collect(),
            from: self.from.iter().skip(count).map(|index| index - start).collect(),
        }
    }

    /// These folded characters, as far as they are there. Takes as long as the part, not as the phrase.
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let begin = range.start.min(self.folded.len());
        let end = range.end.clamp(begin, self.folded.len());
        let place = |at: usize| self.from.get(at).copied().unwrap_or(self.written.len());
        let (first, behind) = (place(begin), place(end));
        Self {
            written: self.written.get(first..behind).unwrap_or_default().to_vec(),
            folded: self.folded.get(begin..end).unwrap_or_default().to_vec(),
            from: self.from.get(begin..end).unwrap_or_default().iter().map(|index| index - first).collect(),
        }
    }

    /// Without blanks and the punctuation that separates a name or a word from what follows.
    pub fn trimmed(&self) -> Self {
        let lead =
            self.folded.iter().take_while(|c| c.is_whitespace() || matches!(c, ':' | ',' | '、' | '。' | ';')).count();
        self.after(lead)
    }

    /// Where a word (folded) stands first, in folded characters.
    pub fn find(&self, word: &str) -> Option<usize> {
        let word: Vec<char> = word.chars().collect();
        if word.is_empty() { None } else { self.folded.windows(word.len()).position(|window| window == word) }
    }

    /// What follows `prefix`, if the phrase begins with it (folded).
    pub fn strip_prefix(&self, prefix: &str) -> Option<Self> {
        let length = prefix.chars().count();
        let begins = self.folded.len() >= length && prefix.chars().zip(&self.folded).all(|(a, b)| a == *b);
        begins.then(|| self.after(length))
    }

    /// The same for a word whose characters may stand apart: 签 到.
    pub fn strip_word(&self, word: &str) -> Option<Self> {
        let mut at = 0;
        for c in word.chars() {
            // Only between ideographs; an English word ends at a blank.
            while at > 0 && !c.is_ascii() && c != ' ' && self.folded.get(at).is_some_and(|said| said.is_whitespace()) {
                at += 1;
            }
            if self.folded.get(at) != Some(&c) {
                return None;
            }
            at += 1;
        }
        Some(self.after(at))
    }

    /// Without every occurrence of `name` (folded), for a mention in the middle of a sentence.
    pub fn without(&self, name: &str) -> Self {
        let name: Vec<char> = name.chars().collect();
        if name.is_empty() || !self.folded.windows(name.len()).any(|window| window == name) {
            return self.clone();
        }
        let mut kept = String::new();
        let (mut at, mut kept_up_to) = (0, 0);
        while at < self.folded.len() {
            if !self.folded.get(at..).is_some_and(|rest| rest.starts_with(&name)) {
                at += 1;
                continue;
            }
            let begins = self.from.get(at).copied().unwrap_or(self.written.len());
            kept.extend(self.written.iter().take(begins).skip(kept_up_to));
            kept.push(' ');
            at += name.len();
            kept_up_to = self.from.get(at).copied().unwrap_or(self.written.len());
        }
        kept.extend(self.written.iter().skip(kept_up_to));
        Self::new(&kept)
    }

    /// With other words in place of some; none if none of them stands there.
    pub fn reworded(&self, words: &[(&str, &str)]) -> Option<Self> {
        let mut text = String::new();
        let (mut at, mut changed) = (0, false);
        while let Some(index) = self.from.get(at).copied() {
            let begins = |word: &str| begins_at(&self.folded, at, word);
            if let Some((word, other)) = words.iter().find(|(word, _)| begins(word)) {
                text.push_str(other);
                at += word.chars().count();
                changed = true;
            } else {
                text.extend(self.written.get(index));
                at += 1;
                // One written character can fold to several.
                while self.from.get(at) == Some(&index) {
                    at += 1;
                }
            }
        }
        changed.then(|| Self::new(&text))
    }

    /// Without these ranges of folded characters; what remains is joined by one blank and kept as written.
    pub fn without_parts(&self, parts: &[std::ops::Range<usize>]) -> Self {
        let mut kept: Vec<String> = vec![String::new()];
        let mut last = None;
        for (place, &index) in self.from.iter().enumerate() {
            if parts.iter().any(|part| part.contains(&place)) {
                if kept.last().is_some_and(|run| !run.is_empty()) {
                    kept.push(String::new());
                }
            } else if last != Some(index) {
                // One written character can fold to several; it stays if one of them does.
                last = Some(index);
                if let (Some(run), Some(&c)) = (kept.last_mut(), self.written.get(index)) {
                    run.push(c);
                }
            }
        }
        let kept: Vec<&str> = kept.iter().map(|run| run.trim()).filter(|run| !run.is_empty()).collect();
        Self::new(&kept.join(" "))
    }

    /// The first word: up to a blank, a digit or a #.
    pub fn first_word(&self) -> String {
        self.folded.iter().take_while(|c| !c.is_whitespace() && !c.is_ascii_digit() && **c != '#').collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_what_was_written() {
        let phrase = Phrase::new("！许愿　修灯，谢谢（ＡＢＣ）");
        let rest = phrase.strip_prefix("!许愿").expect("the prefix is there");
        assert_eq!(rest.written(), "修灯，谢谢（ＡＢＣ）");
        assert_eq!(rest.folded(), "修灯,谢谢(abc)");
    }

    #[test]
    fn deceptive_characters_go() {
        assert_eq!(harmless("修\u{202E}灯\u{0007}\n\n 好\u{200B}"), "修灯 好");
        assert_eq!(harmless("a\u{301}\u{301}\u{301}\u{301}b"), "a\u{301}\u{301}b");
        assert_eq!(harmless("\u{338}\u{338}a \u{338}b"), "a b", "an accent strikes nothing through that isn't theirs");
        assert_eq!(harmless("@\u{200D}room \u{200D}\u{3164}\u{2800}\u{200C}"), "@room");
        assert_eq!(harmless("👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}"), "👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}");
    }

    #[test]
    fn a_mention_in_the_middle_goes() {
        assert_eq!(Phrase::new("帮我 @掌灯 许愿 修灯").without("@掌灯").folded(), "帮我 许愿 修灯");
        assert_eq!(Phrase::new("掌灯掌灯，许愿ＡＢ掌灯").without("掌灯").written(), "，许愿ＡＢ");
    }

    #[test]
    fn parts_go_and_the_rest_stays_as_written() {
        let phrase = Phrase::new("广场舞，１９：３０ 活动室（Ａ）");
        assert_eq!(phrase.without_parts(std::slice::from_ref(&(4..9))).written(), "广场舞， 活动室（Ａ）");
        assert_eq!(phrase.without_parts(&[0..4, 4..10]).written(), "活动室（Ａ）");
        assert_eq!(phrase.without_parts(&[]).written(), phrase.written());
        assert_eq!(phrase.without_parts(std::slice::from_ref(&(0..99))).written(), "");
    }
}
