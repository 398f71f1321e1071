//! A 接龙 as WeChat writes it (FEATURES.md row 117, MATRIX.md §2 row 2): reading a pasted one, what it says that a roster
//! doesn't, and writing a roster as one. Pure; what becomes of it is `pasted`'s business.

use std::ops::Range;

use crate::{
    activity::{
        command::{
            CHAIN_ASIDE, CHAIN_AWAY, CHAIN_BEFORE, CHAIN_EXAMPLE, CHAIN_LABELS, CHAIN_WAITS, CHAIN_WHEN, CHAIN_WITH,
            GUEST_CHARS_MAX, HOUSE_ENDS, TOGETHER, building_at, in_chain, labelled_at, signup, take_count,
        },
        rules::{PARTY_MAX, Party},
    },
    card as cards,
    language::{Phrase, number, phrase::begins_at},
};

/// More lines than this aren't read: a message holds no more of any use.
const ENTRIES_MAX: usize = 200;
/// What stands behind a name is kept up to so many characters: 带一盘饺子皮和醋. More is a message of its own.
const NOTE_CHARS_MAX: usize = 24;
/// What stands behind a name is looked at so far: with whom somebody comes, and what is kept.
const LINE_CHARS_MAX: usize = NOTE_CHARS_MAX + 24;
/// With whom somebody comes is said in so many words at most: 2 adults 1 child.
const COUNT_WORDS_MAX: usize = 6;
/// So many digits in a row are a telephone number, or that of a document.
const PRIVATE_DIGITS: usize = 5;
/// A name has so many characters where they stand apart.
const NAME_CHARS_APART_MAX: usize = 4;
/// So many digits are the number of a telephone: 20261231 isn't.
const TELEPHONE_DIGITS: usize = 9;
/// 王二小 is a name: what stands behind one character is part of it.
const NAME_CHARS_MIN: usize = 2;

/// A 接龙.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// What stands above the names, without examples.
    pub head: Vec<String>,
    /// Who signed up, once each, in their order.
    pub entries: Vec<Entry>,
    /// Lines among the names that name nobody who comes, as they were written.
    pub unread: Vec<String>,
    /// Another 接龙 begins below.
    pub is_several: bool,
}

/// Somebody on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As it was written, without house numbers.
    pub name: String,
    /// Who comes; one person if nothing is said.
    pub party: Party,
    /// What else stands behind the name (带饺子皮); empty: nothing.
    pub note: String,
    /// The name as names are compared.
    key: String,
}

impl Entry {
    /// Somebody with their company.
    pub fn new(name: &str, party: Party) -> Self {
        Self { name: name.to_owned(), party, note: String::new(), key: key(name) }
    }

    /// The same with what else stands behind the name.
    pub fn with_note(self, note: &str) -> Self {
        Self { note: note.to_owned(), ..self }
    }

    /// The same as somebody who waits for a place, so that it can be read where the list is pasted.
    pub fn waiting(self) -> Self {
        let [waits, _] = CHAIN_WAITS;
        let note = if self.note.is_empty() { waits.to_owned() } else { format!("{waits}，{}", self.note) };
        Self { note, ..self }
    }

    /// Whether this is the same person to neighbours.
    pub fn is(&self, name: &str) -> bool {
        self.key == key(name)
    }
}

/// Names are the same to neighbours if their letters are.
fn key(name: &str) -> String {
    Phrase::new(name).folded().chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Chain {
    /// A neighbour who wrote themselves down again: what was written last, unless that says nothing of who comes.
    fn take(&mut self, entry: Entry) {
        let is_bare = entry.party == Party::ONE && entry.note.is_empty();
        if let Some(known) = self.entries.iter_mut().find(|known| known.key == entry.key) {
            if !is_bare {
                *known = entry;
            }
        } else if self.entries.len() < ENTRIES_MAX {
            self.entries.push(entry);
        }
    }

    fn leave_out(&mut self, line: &Phrase) {
        if self.unread.len() < ENTRIES_MAX {
            self.unread.push(line.written());
        }
    }

    /// What an activity is announced with: what stands above the names without greetings, numbers of telephones and what is
    /// no part of an announcement (费用, 联系人).
    pub fn announcement(&self) -> String {
        let lines = self.head.iter().map(|line| plain_head(line)).filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.filter(|line| !is_aside(line)).collect();
        if lines.is_empty() { self.headline() } else { lines.join(" ") }
    }

    /// What stands above the names in one line.
    pub fn headline(&self) -> String {
        self.head.join(" ")
    }
}

/// Reads a block: the first line without the command word, and the lines below it. None: nobody is named in it.
pub fn read(first_line: &str, further_lines: &[String]) -> Option<Chain> {
    let mut chain = Chain::default();
    // The number that is to come next; none: nobody has been named yet.
    let mut next = None;
    let lines = std::iter::once(first_line).chain(further_lines.iter().map(String::as_str));
    for line in lines.flat_map(|line| apart(&Phrase::new(line).trimmed())) {
        if next.is_some() && begins_another(&line) {
            chain.is_several = true;
            break;
        }
        if let Some((number, rest)) = enumerated(&line, next) {
            next = Some(number + 1);
            let entries = entries(&rest);
            if entries.is_empty() && rest.chars().iter().any(|c| c.is_alphabetic()) {
                chain.leave_out(&line);
            }
            for entry in entries {
                chain.take(entry);
            }
        } else if next.is_some() && CHAIN_WHEN.iter().any(|label| line.strip_prefix(label).is_some()) {
            chain.head.push(line.written());
        } else if next.is_some() {
            if !is_example(&line) && line.chars().iter().any(|c| c.is_alphabetic()) {
                chain.leave_out(&line);
            }
        } else if !is_example(&line) {
            let text = line.written().trim_start_matches(['#', '＃']).trim().to_owned();
            if !text.is_empty() {
                chain.head.push(text);
            }
        }
    }
    next.map(|_| chain)
}

/// A line above the names without what draws the eye (📍, 【通知】, 接龙报名：) and without numbers of telephones.
fn plain_head(line: &str) -> String {
    let mut text =
        line.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '【' | '[' | '《' | '“' | '(' | '（'));
    if let Some((label, rest)) = text.strip_prefix('【').and_then(|text| text.split_once('】')) {
        let is_place = label.ends_with('楼') || label.ends_with('栋');
        if (is_place || CHAIN_LABELS.contains(&label)) && !rest.trim().is_empty() {
            text = rest.trim_start();
        }
    }
    for label in CHAIN_LABELS {
        let rest = text.strip_prefix(label).and_then(|rest| rest.strip_prefix(['：', ':']));
        text = rest.map_or(text, str::trim_start);
    }
    let is_digit = |c: char| c.is_ascii_digit() || c == '-';
    let telephone = |part: &&str| {
        part.chars().filter(char::is_ascii_digit).count() < TELEPHONE_DIGITS || !part.chars().all(is_digit)
    };
    text.split_whitespace().filter(telephone).collect::<Vec<_>>().join(" ")
}

/// A greeting, or what is asked and said beside the announcement itself.
fn is_aside(line: &str) -> bool {
    CHAIN_ASIDE.iter().any(|word| line.starts_with(word))
}

/// Text that lost its line breaks: 包饺子 1. 王楼长 2. 张叔 2大1小 is three lines.
fn apart(line: &Phrase) -> Vec<Phrase> {
    let chars = line.chars();
    let mut lines = Vec::new();
    let (mut begin, mut next) = (0, None::<u32>);
    for at in 0..chars.len() {
        let is_begin = at == 0 || chars.get(at - 1).is_some_and(|c| c.is_whitespace());
        let digits = chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
        if !is_begin || !(1..=3).contains(&digits) || !matches!(chars.get(at + digits), Some('.' | '、' | ')')) {
            continue;
        }
        let number: Option<u32> = chars.iter().skip(at).take(digits).collect::<String>().parse().ok();
        let goes_on = chars.get(at + digits + 1).is_none_or(|c| c.is_ascii_digit());
        let follows = next.map_or(at == 0 || number == Some(1), |next| number == Some(next));
        if let (Some(number), true, false) = (number, follows, goes_on) {
            if at > 0 {
                lines.push(line.part(begin..at).trimmed());
            }
            (begin, next) = (at, Some(number + 1));
        }
    }
    lines.push(line.after(begin).trimmed());
    lines
}

/// #接龙 below names begins another one.
fn begins_another(line: &Phrase) -> bool {
    line.strip_prefix("#").is_some()
}

/// 例：张三 2人
fn is_example(line: &Phrase) -> bool {
    CHAIN_EXAMPLE.iter().any(|word| line.strip_prefix(word).is_some())
}

/// The number of a line and what follows it; none: it has none. `next`: the number that is to come; a list begins with 1.
fn enumerated(line: &Phrase, next: Option<u32>) -> Option<(u32, Phrase)> {
    const BEHIND: [char; 11] = ['.', '、', ':', ')', ']', '】', ',', '。', '-', KEYCAP, '\u{FE0F}'];
    let is_first = next.is_none();
    if let Some(rest) = line.strip_prefix("🔟") {
        return (!is_first).then(|| (10, rest.trimmed()));
    }
    let led = CHAIN_BEFORE.iter().find_map(|lead| line.strip_prefix(lead));
    let is_led = led.is_some();
    let line = led.unwrap_or_else(|| line.clone());
    let chars = line.chars();
    // 1️⃣1️⃣ is one number.
    let is_keycap = |c: &char| matches!(c, &KEYCAP | '\u{FE0F}');
    let keys = chars.iter().take_while(|c| c.is_ascii_digit() || is_keycap(c)).count();
    let figures: String = chars.iter().take(keys).filter(|c| c.is_ascii_digit()).collect();
    let digits = if chars.iter().take(keys).any(is_keycap) { keys } else { figures.len() };
    let numerals = chars.iter().take_while(|c| number::is_chinese_numeral(**c)).count();
    let (length, value) = match (figures.len(), numerals) {
        (1..=3, _) => (digits, figures.parse().ok()?),
        (0, 1..=3) if is_led || chars.get(numerals) == Some(&'、') => {
            let value = number::chinese(&chars.iter().take(numerals).collect::<String>())?;
            (numerals, u32::try_from(value).ok()?)
        }
        _ => return None,
    };
    if is_first && value != 1 {
        return None;
    }
    // ① says by itself that it counts.
    let is_circled = line.written_at(0).is_some_and(|c| !c.is_numeric() || !c.is_alphanumeric() || !is_plain(c));
    let length = length + usize::from(is_led && matches!(chars.get(length), Some('位' | '名')));
    let marks = chars.iter().skip(length).take_while(|c| BEHIND.contains(c)).count();
    let behind = length + marks;
    let following = chars.get(behind);
    let figures_follow = chars.iter().skip(behind).take_while(|c| c.is_ascii_digit()).count();
    let is_flat = figures_follow >= HOUSE_DIGITS && chars.get(behind + figures_follow).is_some_and(|c| !c.is_ascii());
    // 12.5 and 7:30 are no numbers of lines, 1月10日 neither; 5.602老孙 is one.
    let goes_on = marks > 0 && figures_follow > 0 && !is_flat && chars.get(length - 1).is_none_or(|c| !is_keycap(c));
    // 4老李 where the fourth is to come; 4人一桌 is no fourth.
    let touches = next == Some(value) && following.is_some_and(|c| c.is_alphabetic() && !COUNTED.contains(c));
    let is_apart =
        marks > 0 || is_circled || is_led || touches || following.is_none_or(|c| c.is_whitespace() || is_keycap(c));
    (is_apart && !goes_on).then(|| (value, line.after(behind).trimmed()))
}

/// What is drawn around a digit that is an emoji.
const KEYCAP: char = '\u{20E3}';
/// The number of a flat has at least so many digits.
const HOUSE_DIGITS: usize = 3;
/// What follows a number that counts, or says a time or a place.
const COUNTED: [char; 20] = [
    '人', '个', '位', '名', '大', '小', '号', '月', '日', '点', '元', '块', '栋', '楼', '幢', '单', '室', '桌', '户',
    '家',
];

fn is_plain(c: char) -> bool {
    c.is_ascii_digit() || ('\u{FF10}'..='\u{FF19}').contains(&c) || number::is_chinese_numeral(c)
}

/// Who is named in a line, and with whom they come.
fn entries(line: &Phrase) -> Vec<Entry> {
    let line = without_house(line);
    if stays_away(&line) {
        return Vec::new();
    }
    let (name, rest) = name_and_rest(&joined(&line));
    let names: Vec<String> = name
        .split(['、', '/', '&'])
        .map(|name| cards::name(name.trim()))
        .filter(|name| name.chars().any(char::is_alphabetic) && name.chars().count() <= GUEST_CHARS_MAX)
        .collect();
    let (party, note) = company(&rest);
    // 候补 is what the bot itself writes behind who waits.
    let waits = CHAIN_WAITS.iter().find_map(|word| note.strip_prefix(word));
    let note = waits.map_or(note.clone(), |rest| rest.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
    if is_crowd(&rest) {
        return Vec::new();
    }
    let party = party.filter(|_| names.len() == 1).unwrap_or(Party::ONE);
    names.iter().map(|name| Entry::new(name, party).with_note(&note)).collect()
}

/// Who is crossed out or won't come after all.
fn stays_away(line: &Phrase) -> bool {
    let written = line.written();
    written.starts_with("~~") || CHAIN_AWAY.iter().any(|word| line.find(word).is_some())
}

/// More people than anybody brings along: 100人, 2大10小. Better nobody than one of them.
fn is_crowd(rest: &Phrase) -> bool {
    signup(&rest.part(0..LINE_CHARS_MAX)).party().is_some_and(|party| party.size() > PARTY_MAX)
}

/// 王 建 国 is one name, written apart.
fn joined(line: &Phrase) -> Phrase {
    let written = line.written();
    let words: Vec<&str> = written.split_whitespace().collect();
    let single = |word: &&&str| word.chars().count() == 1 && word.chars().all(|c| c.is_alphabetic() && !c.is_ascii());
    let apart = words.iter().take_while(single).count();
    if !(2..=NAME_CHARS_APART_MAX).contains(&apart) {
        return line.clone();
    }
    let (name, rest) = words.split_at(apart);
    Phrase::new(
        &std::iter::once(name.concat()).chain(rest.iter().map(|&word| word.to_owned())).collect::<Vec<_>>().join(" "),
    )
}

/// Without 5号楼 or 3-502 before the name: where somebody lives is nobody's business in a group.
fn without_house(line: &Phrase) -> Phrase {
    let mut line = line.clone();
    while let Some((_, length)) = building_at(&line, 0) {
        line = line.after(length).trimmed();
    }
    let house = line.chars().iter().take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '#')).count();
    let ends =
        if house > 0 && line.chars().get(house).is_some_and(|c| HOUSE_ENDS.contains(c)) { house + 1 } else { house };
    line.after(ends).trimmed()
}

/// 李阿姨2大1小 → 李阿姨, 2大1小.
fn name_and_rest(line: &Phrase) -> (String, Phrase) {
    const ENDS: [char; 12] = ['+', '(', '\u{FF08}', ',', '，', ':', '：', '。', '-', '*', '×', ';'];
    let chars = line.chars();
    let begins = |at: usize, word: &str| begins_at(chars, at, word);
    let is_end = |at: usize| {
        let c = chars.get(at).copied().unwrap_or(' ');
        let latin = at > 0 && c == ' ' && chars.get(at - 1).is_some_and(char::is_ascii_alphabetic);
        let goes_on = latin && chars.get(at + 1).is_some_and(char::is_ascii_alphabetic);
        let counts = at >= NAME_CHARS_MIN && counted(chars, at);
        let together = at >= NAME_CHARS_MIN
            && (CHAIN_WITH.iter().any(|with| begins(at, with)) || TOGETHER.iter().any(|(word, _)| begins(at, word)));
        // 阿May88 and 邻居12 are names; 王姐3盘凉菜 isn't.
        let figures = chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
        let ends_name = chars.get(at + figures).is_none_or(|c| !c.is_alphanumeric());
        let is_inside = at > 0 && chars.get(at - 1).is_some_and(char::is_ascii_digit);
        let is_figure = figures > 0 && !ends_name && !is_inside;
        // 小周x2
        let times = matches!(c, 'x')
            && at >= NAME_CHARS_MIN
            && chars.get(at - 1).is_some_and(|c| !c.is_ascii_alphabetic())
            && chars.get(at + 1).is_some_and(char::is_ascii_digit);
        c.is_whitespace() && !goes_on || is_figure || times || ENDS.contains(&c) || counts || together
    };
    let end = (0..chars.len()).find(|at| is_end(*at)).unwrap_or(chars.len());
    (line.part(0..end).written(), line.after(end).trimmed())
}

/// Whether a text goes on at a place with a number of people: 2大1小, 三人.
fn counted(chars: &[char], at: usize) -> bool {
    let mut read = crate::activity::command::SignUp::default();
    take_count(chars, at, &mut read).is_some() && read.item.is_none() && read.party().is_some()
}

/// With whom somebody comes, and what else is said: 2人（带饺子皮）, +1 晚到.
fn company(rest: &Phrase) -> (Option<Party>, String) {
    let rest = &rest.part(0..LINE_CHARS_MAX);
    let chars = rest.chars();
    // 3-502 is no 3.
    let is_end = |c: &char| !c.is_alphanumeric() && !matches!(c, '-' | '#');
    let ends = (1..=chars.len()).filter(|at| chars.get(*at).is_none_or(is_end));
    let words: Vec<_> = ends.take(COUNT_WORDS_MAX).map(|at| (at, said_of_company(&rest.part(0..at)))).collect();
    // As many words as say nothing but with whom they come; behind them is what else there is to say.
    let only = words.iter().rev().find(|(_, (party, is_all))| *is_all && party.is_some());
    let all = only.map_or_else(|| said_of_company(rest).0, |(_, (party, _))| *party);
    let said = only.or_else(|| words.iter().find(|(_, (party, _))| all.is_some() && *party == all));
    (all, note(&rest.after(said.map_or(0, |(at, _)| *at))))
}

/// What is kept of what stands behind a name: neither where somebody lives nor how they can be reached.
fn note(behind: &Phrase) -> String {
    const AROUND: [char; 16] = ['(', ')', '（', '）', ',', '，', ':', '：', '。', '.', '-', ';', '；', '、', '[', ']'];
    let written = behind.written();
    let note = written.trim_matches(|c: char| c.is_whitespace() || AROUND.contains(&c));
    let folded = Phrase::new(note);
    let chars = folded.chars();
    let digits = |at: usize| chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
    let house = |at: usize| {
        let ends = chars.get(at + digits(at));
        building_at(&folded, at).is_some()
            || digits(at) > 0
                && (ends.is_some_and(|c| HOUSE_ENDS.contains(c))
                    || ends.is_some_and(|c| matches!(c, '-' | '#')) && digits(at + digits(at) + 1) > 0)
    };
    if (0..chars.len()).any(|at| house(at) || digits(at) >= PRIVATE_DIGITS) {
        return String::new();
    }
    cards::shown(&note.chars().take(NOTE_CHARS_MAX).collect::<String>())
}

/// With whom somebody comes (2大1小, +1, 3人, 2, 和老伴; none: nothing of that is said), and whether nothing else is said.
fn said_of_company(rest: &Phrase) -> (Option<Party>, bool) {
    let within = |party: &Party| (1..=PARTY_MAX).contains(&party.size());
    // A name in brackets, or what somebody brings along, says nothing of people.
    let chars = rest.chars();
    let is_end = |at: &usize| match chars.get(*at) {
        Some('(' | '\u{FF08}') => true,
        // 大人2个，小孩1个
        Some(',' | '，') => labelled_at(chars, at + 1).is_none(),
        _ => false,
    };
    let bracket = (0..chars.len()).find(is_end).filter(|at| *at > 0);
    let first = bracket.map_or_else(|| rest.clone(), |at| rest.part(0..at));
    // x2, ×2
    let first = first
        .strip_prefix("x")
        .or_else(|| first.strip_prefix("×"))
        .or_else(|| first.strip_prefix("*"))
        .filter(|count| count.trimmed().chars().iter().all(char::is_ascii_digit))
        .map_or(first, |count| count.trimmed());
    let read = signup(&first);
    // A number alone; 3盘凉菜 are no people.
    let alone = read.item.filter(|_| read.is_count()).map(|adults| Party { adults, children: 0 });
    let party = if CHAIN_WITH.iter().any(|with| first.strip_prefix(with).is_some()) {
        Some(Party { adults: 2, children: 0 })
    } else {
        read.party().or(alone).filter(within)
    };
    (party, if bracket.is_some() { signup(rest).is_count() } else { read.is_count() })
}

/// What a 接龙 says that a roster doesn't.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Those who are on the 接龙 only: places among its entries.
    pub new: Vec<usize>,
    /// Those with whom others come: place on the roster, place among the entries.
    pub resized: Vec<(usize, usize)>,
    /// Those behind whose names something else stands: place on the roster, place among the entries.
    pub noted: Vec<(usize, usize)>,
    /// How many are on the roster only; they stay.
    pub missing: Vec<usize>,
}

impl Difference {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.resized.is_empty() && self.noted.is_empty()
    }
}

/// Compares a 接龙 with a roster by the names.
pub fn difference(chain: &Chain, roster: &[Entry]) -> Difference {
    let mut difference = Difference::default();
    for (place, entry) in chain.entries.iter().enumerate() {
        let known = roster.iter().enumerate().find(|(_, listed)| listed.key == entry.key);
        match known {
            None => difference.new.push(place),
            Some((known, listed)) if listed.party != entry.party => difference.resized.push((known, place)),
            Some((known, listed)) if !entry.note.is_empty() && listed.note != entry.note => {
                difference.noted.push((known, place))
            }
            Some(_) => {}
        }
    }
    let on_chain = |listed: &Entry| chain.entries.iter().any(|entry| entry.key == listed.key);
    difference.missing =
        (0..roster.len()).filter(|place| roster.get(*place).is_some_and(|listed| !on_chain(listed))).collect();
    difference
}

/// The numbered lines of a roster, and an empty one for whoever comes next. `range`: which of them.
pub fn lines(roster: &[Entry], range: Range<usize>) -> Vec<String> {
    let line = |(number, listed): (usize, &Entry)| {
        let company = in_chain(listed.party);
        let note = if listed.note.is_empty() { String::new() } else { format!("（{}）", listed.note) };
        format!("{number}. {}{company}{note}", listed.name)
    };
    let mut lines: Vec<String> = (1..).zip(roster).skip(range.start).take(range.len()).map(line).collect();
    if range.end >= roster.len() {
        lines.push(format!("{}.", roster.len() + 1));
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chain(text: &str) -> Option<Chain> {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        read(first, &lines.map(ToOwned::to_owned).collect::<Vec<_>>())
    }

    fn shown(text: &str) -> Vec<String> {
        let entries = chain(text).map(|chain| chain.entries).unwrap_or_default();
        let line = |entry: &Entry| {
            let Entry { name, party, note, .. } = entry;
            format!("{name} {}+{} {note}", party.adults, party.children).trim_end().to_owned()
        };
        entries.iter().map(line).collect()
    }

    #[test]
    fn blocks_as_they_are_pasted() {
        let text = "周六晚7点包饺子，活动室\n例：张三 2大1小\n\n1. 王楼长\n2. 李阿姨 2大1小\n3.\n4、张叔+1\n5️⃣ 刘姐（带饺子皮）\n⑥赵哥 3人\n7.  陈奶奶和老伴\n7. 小周 2\n🔟 孙姐、钱叔\n11. 5号楼 吴伯两大一小\n12. 3-502 郑姨\n13. Tom Lee 2 adults\n14. 王二小\n二十、许师傅";
        assert_eq!(
            shown(text),
            [
                "王楼长 1+0",
                "李阿姨 2+1",
                "张叔 2+0",
                "刘姐 1+0 带饺子皮",
                "赵哥 3+0",
                "陈奶奶 2+0",
                "小周 2+0",
                "孙姐 1+0",
                "钱叔 1+0",
                "吴伯 2+1",
                "郑姨 1+0",
                "Tom Lee 2+0",
                "王二小 1+0",
                "许师傅 1+0",
            ]
        );
        assert_eq!(chain(text).map(|chain| chain.headline()), Some("周六晚7点包饺子，活动室".to_owned()));
    }

    #[test]
    fn numbers_however_they_are_written() {
        let text = "聚餐\n1. 王楼长\n（2）老李\n【3】老陈\n4老赵\n5-老周\nNo.6 老吴\n第7位 老郑\n8．６０２老孙\n9. 老钱\n1️⃣0️⃣ 老冯\n1️⃣1️⃣ 老褚\n三楼门口集合\n4人一桌";
        let names = ["王楼长", "老李", "老陈", "老赵", "老周", "老吴", "老郑", "老孙", "老钱", "老冯", "老褚"];
        assert_eq!(shown(text), names.map(|name| format!("{name} 1+0")));
        let unread = chain(text).map(|chain| chain.unread);
        assert_eq!(unread, Some(vec!["三楼门口集合".to_owned(), "4人一桌".to_owned()]), "said to whoever pasted it");
    }

    #[test]
    fn names_that_end_in_figures_are_names() {
        let text = "聚餐\n1. 邻居1 2人\n2. 邻居2\n3. 阿May88\n4. Tom2\n5. 王姐3盘凉菜\n6. 张叔2人\n7. 小周x2\n8. 王 建 国\n9. 老 陈 2人";
        assert_eq!(
            shown(text),
            [
                "邻居1 2+0",
                "邻居2 1+0",
                "阿May88 1+0",
                "Tom2 1+0",
                "王姐 1+0 3盘凉菜",
                "张叔 2+0",
                "小周 2+0",
                "王建国 1+0",
                "老陈 2+0"
            ]
        );
    }

    #[test]
    fn who_comes_along_however_it_is_written() {
        let text = "聚餐\n1. 老陈 大2小1\n2. 老李 大人2小孩1\n3. 张叔➕1\n4. 刘姐夫妇\n5. 老周 大人2个，小孩1个\n6. 老吴 夫妻二人";
        assert_eq!(shown(text), ["老陈 2+1", "老李 2+1", "张叔 2+0", "刘姐 2+0", "老周 2+1", "老吴 2+0"]);
    }

    #[test]
    fn who_does_not_come_is_not_counted() {
        let text = "聚餐\n1. 老陈 不去了\n2. ~~老李~~\n3. 张叔 100人\n4. 刘姐";
        assert_eq!(shown(text), ["刘姐 1+0"]);
        assert_eq!(chain(text).map(|chain| chain.unread.len()), Some(3));
    }

    #[test]
    fn a_list_that_lost_its_line_breaks() {
        assert_eq!(
            shown("包饺子 周六晚7点 活动室 1. 王楼长 2. 张叔 2大1小 3. 老陈"),
            ["王楼长 1+0", "张叔 2+1", "老陈 1+0"]
        );
    }

    #[test]
    fn two_lists_in_one_message_are_seen() {
        let chain = chain("包饺子 周六晚7点\n1. 王楼长\n\n#接龙\n打球 周日下午3点\n1. 张叔").expect("a list");
        assert_eq!((chain.is_several, chain.entries.len()), (true, 1));
    }

    #[test]
    fn heads_that_begin_with_numbers_are_no_entries() {
        for head in ["1月10日 包饺子", "7:30 包饺子", "12.5 包饺子", "19:30开始", "1.10 晚7点 包饺子"]
        {
            assert_eq!(chain(&format!("{head}\n1. 张三")).map(|chain| chain.headline()), Some(head.to_owned()));
        }
        assert_eq!(chain("周六晚7点包饺子"), None, "nobody is named");
    }

    #[test]
    fn who_stands_twice_counts_once_as_written_last() {
        assert_eq!(shown("包饺子\n1. 张叔\n2. 张叔 2人\n3. 刘姐"), ["张叔 2+0", "刘姐 1+0"]);
        assert_eq!(
            shown("包饺子\n1. 张叔 2大1小\n2. 刘姐\n3. 张叔"),
            ["张叔 2+1", "刘姐 1+0"],
            "a bare name adds nothing"
        );
    }

    #[test]
    fn what_else_stands_behind_a_name() {
        let text = "聚餐\n1. 张叔+1 晚到半小时\n2. 李阿姨 2大1小（带饺子皮）\n3. 陈奶奶和老伴，要坐轮椅\n4. 小周 2人 7点到\n5. 刘姐（一盘凉菜、醋）\n6. 赵哥：音箱\n7. Tom Lee 2 adults, salad\n8. 孙姐 带一瓶酒\n9. 钱叔 - 素食\n10. 吴伯 3盘凉菜";
        assert_eq!(
            shown(text),
            [
                "张叔 2+0 晚到半小时",
                "李阿姨 2+1 带饺子皮",
                "陈奶奶 2+0 要坐轮椅",
                "小周 2+0 7点到",
                "刘姐 1+0 一盘凉菜、醋",
                "赵哥 1+0 音箱",
                "Tom Lee 2+0 salad",
                "孙姐 1+0 带一瓶酒",
                "钱叔 1+0 素食",
                "吴伯 1+0 3盘凉菜",
            ]
        );
    }

    #[test]
    fn where_somebody_lives_and_their_telephone_are_not_kept() {
        for private in ["3-502", "502室", "住5号楼", "13800138000", "电话 021-5555-0100", "微信 abc12345"] {
            assert_eq!(shown(&format!("聚餐\n1. 张叔（{private}）")), ["张叔 1+0"], "{private}");
        }
    }

    fn party() -> impl Strategy<Value = Party> {
        (1..=5_i64, 0..=5_i64).prop_map(|(adults, children)| Party { adults, children })
    }

    proptest! {
        /// What is written is read back: nobody is lost, nobody comes with others.
        #[test]
        fn round_trip(roster in prop::collection::vec(
            ("[\u{5F20}-\u{5F35}\u{674E}-\u{6760}]{2,4}", party(), "([\u{5E26}\u{83DC}\u{9152}\u{997A}]{1,24})?"),
            0..40,
        )) {
            let mut listed: Vec<Entry> = Vec::new();
            for (name, party, note) in roster {
                if !listed.iter().any(|known| known.is(&name)) {
                    listed.push(Entry::new(&name, party).with_note(&note));
                }
            }
            let written = lines(&listed, 0..listed.len());
            let read = read("包饺子", &written).expect("a list");
            prop_assert_eq!(difference(&read, &listed), Difference::default());
        }

        #[test]
        fn anything_is_read_without_panic(text in "\\PC{0,300}") {
            let _ = chain(&text);
        }
    }
}
