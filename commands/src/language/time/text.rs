//! The characters of a phrase and what can be asked about a place in them: words, numbers, borders. Nothing here knows
//! of time. No question looks further than a few characters, so that reading stays linear.

/// Folded characters. Places are indices into them.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(&'a [char]);

/// A number as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    pub value: u32,
    /// Written with digits, not with Chinese numerals.
    pub is_digits: bool,
    /// How many characters it has.
    pub length: usize,
    /// The place behind it.
    pub end: usize,
}

impl Number {
    /// 07, not 7.
    pub fn is_padded(self) -> bool {
        self.is_digits && self.length > 1 && self.value < 10
    }
}

/// Characters with which something may begin: one bit each. Of those beyond ASCII some others have the same bit, and are looked at in
/// vain.
#[derive(Clone, Copy, Debug)]
pub struct Leads {
    ascii: u128,
    others: u128,
}

impl Leads {
    /// Any character.
    pub const ALL: Self = Self { ascii: u128::MAX, others: u128::MAX };

    /// These characters.
    pub const fn of(chars: &str) -> Self {
        let bytes = chars.as_bytes();
        let mut leads = Self { ascii: 0, others: 0 };
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at].is_ascii() {
                leads.ascii |= 1 << bytes[at];
                at += 1;
                continue;
            }
            // In UTF-8 the lowest bits of a character stand last, six a byte.
            let mut lowest = 0;
            at += 1;
            while at < bytes.len() && bytes[at] & 0xC0 == 0x80 {
                lowest = lowest << 6 | (bytes[at] & 0x3F) as u32;
                at += 1;
            }
            leads.others |= 1 << (lowest & 0x7F);
        }
        leads
    }

    /// Those of both.
    pub const fn and(self, other: Self) -> Self {
        Self { ascii: self.ascii | other.ascii, others: self.others | other.others }
    }

    /// Whether this may be one of them.
    pub fn may_be(self, c: char) -> bool {
        let bits = if c.is_ascii() { self.ascii } else { self.others };
        bits >> (u32::from(c) & 0x7F) & 1 != 0
    }
}

/// Digits.
pub const DIGITS: Leads = Leads::of("0123456789");
/// The characters with which a number begins.
pub const NUMBERS: Leads = DIGITS.and(Leads::of("〇零一二两俩三四五六七八九十廿卅"));

/// A character as it is stored: most words of a table are ruled out by one byte of it. Every place of every message is held
/// against some five hundred words.
struct Lead {
    last: u8,
    place: usize,
}

impl Lead {
    fn of(c: char) -> Self {
        // As UTF-8 has it: the lowest six bits, behind 10.
        let last = if c.is_ascii() { u32::from(c) } else { u32::from(c) & 0x3F | 0x80 };
        Self { last: u8::try_from(last).unwrap_or_default(), place: c.len_utf8() - 1 }
    }

    /// Whether a word may begin with it.
    fn may_begin(&self, word: &str) -> bool {
        word.as_bytes().get(self.place) == Some(&self.last)
    }

    /// Whether a word may end with it.
    fn may_end(&self, word: &str) -> bool {
        word.as_bytes().last() == Some(&self.last)
    }
}

/// Numbers with more digits are telephone numbers and the like.
const DIGITS_MAX: usize = 4;
/// 二十三: no hour, day or minute is longer.
const NUMERALS_MAX: usize = 3;

const ENDS_OF_SENTENCE: [char; 4] = ['。', '!', '?', ';'];

/// The Chinese numeral for a digit.
pub fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' | '俩' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn is_numeral(c: char) -> bool {
    numeral(c).is_some() || matches!(c, '十' | '廿' | '卅' | '百' | '千' | '万')
}

/// The value of Chinese numerals below 100, and of 零五 (05).
fn small_numerals(numerals: &[char]) -> Option<u32> {
    match *numerals {
        ['十'] => Some(10),
        ['零' | '〇', units] => numeral(units),
        ['十', units] => Some(10 + numeral(units)?),
        ['廿'] => Some(20),
        ['廿', units] => Some(20 + numeral(units)?),
        ['卅'] => Some(30),
        ['卅', units] => Some(30 + numeral(units)?),
        [digit] => numeral(digit),
        [tens, '十'] => Some(10 * numeral(tens)?),
        [tens, '十', units] => Some(10 * numeral(tens)? + numeral(units)?),
        _ => None,
    }
}

impl<'a> Text<'a> {
    pub fn new(chars: &'a [char]) -> Self {
        Self(chars)
    }

    pub fn len(self) -> usize {
        self.0.len()
    }

    pub fn get(self, at: usize) -> Option<char> {
        self.0.get(at).copied()
    }

    /// The character just before.
    pub fn previous(self, at: usize) -> Option<char> {
        self.get(at.checked_sub(1)?)
    }

    /// The place behind one blank, if there is one.
    pub fn skip_blank(self, at: usize) -> usize {
        if self.get(at).is_some_and(char::is_whitespace) { at + 1 } else { at }
    }

    /// The place before one blank, if there is one.
    pub fn skip_blank_back(self, at: usize) -> usize {
        if self.previous(at).is_some_and(char::is_whitespace) { at - 1 } else { at }
    }

    /// The place behind `word`, if it stands here. A word that begins or ends with a Latin letter must not go on.
    pub fn after(self, at: usize, word: &str) -> Option<usize> {
        let mut end = at;
        for c in word.chars() {
            if self.get(end) != Some(c) {
                return None;
            }
            end += 1;
        }
        self.is_bounded(at, end).then_some(end)
    }

    /// The place where `word` begins, if it ends here.
    pub fn before(self, end: usize, word: &str) -> Option<usize> {
        let mut at = end;
        for c in word.chars().rev() {
            at = at.checked_sub(1).filter(|&at| self.get(at) == Some(c))?;
        }
        self.is_bounded(at, end).then_some(at)
    }

    /// The place behind the first of these words that stands here; longer words must come first.
    pub fn after_any(self, at: usize, words: &[&str]) -> Option<usize> {
        let lead = Lead::of(self.get(at)?);
        words.iter().filter(|word| lead.may_begin(word)).find_map(|word| self.after(at, word))
    }

    /// The place where the first of these words begins that ends here.
    pub fn before_any(self, end: usize, words: &[&str]) -> Option<usize> {
        let lead = Lead::of(self.previous(end)?);
        words.iter().filter(|word| lead.may_end(word)).find_map(|word| self.before(end, word))
    }

    /// What the first of these words that stands here means, and the place behind it.
    pub fn look_up<T: Copy>(self, at: usize, table: &[(&str, T)]) -> Option<(T, usize)> {
        let lead = Lead::of(self.get(at)?);
        let mut may_stand = table.iter().filter(|(word, _)| lead.may_begin(word));
        may_stand.find_map(|&(word, meaning)| Some((meaning, self.after(at, word)?)))
    }

    /// One of these characters stands here.
    pub fn is_at(self, at: usize, any_of: &[char]) -> bool {
        self.get(at).is_some_and(|c| any_of.contains(&c))
    }

    /// Nothing, a blank or a punctuation mark stands here.
    pub fn is_border(self, at: usize) -> bool {
        self.get(at).is_none_or(|c| !c.is_alphanumeric())
    }

    /// As `is_border`, for what stands just before.
    pub fn is_border_before(self, at: usize) -> bool {
        self.previous(at).is_none_or(|c| !c.is_alphanumeric())
    }

    /// The place where the sentence ends that goes on here.
    pub fn end_of_sentence(self, at: usize) -> usize {
        let rest = self.0.get(at..).unwrap_or_default();
        at + rest.iter().position(|c| ENDS_OF_SENTENCE.contains(c)).unwrap_or(rest.len())
    }

    /// A sentence ends in this range.
    pub fn ends_sentence(self, range: std::ops::Range<usize>) -> bool {
        self.0.get(range).is_some_and(|gap| gap.iter().any(|c| ENDS_OF_SENTENCE.contains(c)))
    }

    fn is_bounded(self, at: usize, end: usize) -> bool {
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        let begins_inside = is_letter(self.get(at)) && is_letter(self.previous(at));
        let ends_inside = is_letter(self.previous(end)) && self.get(end).is_some_and(|c| c.is_ascii_alphanumeric());
        !(begins_inside || ends_inside)
    }

    /// The number that begins here: up to four digits, or Chinese numerals below 100. It isn't part of a longer number
    /// or of a decimal fraction before it; `fresh` says that what stands before was read already (周六 before 七点).
    pub fn number(self, at: usize, fresh: bool) -> Option<Number> {
        let first = self.get(at)?;
        if first.is_ascii_digit() { self.digits(at) } else { self.numerals(at, fresh) }
    }

    fn digits(self, at: usize) -> Option<Number> {
        let behind_digit = |at: usize| self.previous(at).is_some_and(|c| c.is_ascii_digit());
        let in_fraction = self.previous(at) == Some('.') && at.checked_sub(1).is_some_and(behind_digit);
        if behind_digit(at) || in_fraction || self.previous(at).is_some_and(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        let mut value = 0;
        let mut end = at;
        while let Some(digit) = self.get(end).and_then(|c| c.to_digit(10)) {
            if end - at == DIGITS_MAX {
                return None;
            }
            value = value * 10 + digit;
            end += 1;
        }
        (end > at).then_some(Number { value, is_digits: true, length: end - at, end })
    }

    fn numerals(self, at: usize, fresh: bool) -> Option<Number> {
        if !fresh && self.previous(at).is_some_and(is_numeral) {
            return None;
        }
        let rest = self.0.get(at..)?;
        let run = rest.iter().take(NUMERALS_MAX + 1).take_while(|&&c| is_numeral(c)).count();
        let run = rest.get(..run)?;
        let value = small_numerals(run)?;
        Some(Number { value, is_digits: false, length: run.len(), end: at + run.len() })
    }

    /// A year in four Chinese numerals: 二〇二六.
    pub fn year_in_numerals(self, at: usize) -> Option<Number> {
        let mut value = 0;
        for place in at..at + 4 {
            value = value * 10 + self.get(place).and_then(numeral)?;
        }
        Some(Number { value, is_digits: false, length: 4, end: at + 4 })
    }
}
