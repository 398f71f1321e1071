//! Sentences as people say them, written as templates: `[麻烦]我来帮{ref}[心愿]`. What is in brackets may be missing, what
//! stands in parentheses is one or the other, and braces take what was said; `_` is a blank or a mark. A template fits a whole message or not at all;
//! which sentences mean what stands in each feature's `command.rs`.

use std::ops::Range;

use super::number;

/// A message longer than this is no turn of phrase: whoever writes so much begins with a command word.
pub const CHARS_MAX: usize = 120;
/// One template looks at so many places of a message at most.
const STEPS_MAX: usize = 4_000;

/// A sentence with places for what differs.
#[derive(Debug)]
pub struct Template {
    /// As it was written.
    pub source: &'static str,
    parts: Vec<Part>,
    /// Of each of these groups one character must stand in a text that fits.
    needs: Vec<Vec<char>>,
}

/// The characters of a text, for seeing at once which sentences it can't be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Letters(u128);

impl Letters {
    /// Those of a text.
    pub fn new(text: &[char]) -> Self {
        Self(text.iter().fold(0, |letters, c| letters | Self::bit(same(*c))))
    }

    fn bit(c: char) -> u128 {
        1 << (u32::from(c) % u128::BITS)
    }

    /// Whether a character may be among them; surely not, if this says no.
    fn may_have(self, c: char) -> bool {
        self.0 & Self::bit(c) != 0
    }
}

#[derive(Debug)]
enum Part {
    Char(char),
    /// Blanks and the marks that stand between words, or nothing between ideographs.
    Gap,
    /// The same, but at least one.
    Mark,
    Optional(Vec<Self>),
    Either(Vec<Vec<Self>>),
    Slot(&'static str),
}

/// What was said at the places of a template, by name: ranges of the text, in the order in which they stand.
pub type Captures = Vec<(&'static str, Range<usize>)>;

/// What must be true of what is said at a place.
pub type Fits<'a> = &'a dyn Fn(&str, &[char]) -> bool;

/// Marks that may stand between words, and around them.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '.' | ':' | ';' | '、' | '。' | '!' | '?' | '~' | '…' | '～' | '-' | '—')
}

fn is_ideograph(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Words of neighbours that say the same.
fn same(c: char) -> char {
    match c {
        '俺' | '咱' => '我',
        '您' => '你',
        '勒' | '咯' | '喽' => '了',
        _ => c,
    }
}

/// What may follow a sentence without changing it.
fn is_particle(c: char) -> bool {
    matches!(
        same(c),
        '啊' | '呀'
            | '吧'
            | '哦'
            | '呢'
            | '啦'
            | '了'
            | '嘛'
            | '哈'
            | '哟'
            | '呗'
            | '吗'
            | '么'
            | '哇'
            | '唉'
            | '诶'
    )
}

impl Template {
    /// Reads a template; none if its brackets don't fit.
    pub fn new(source: &'static str) -> Option<Self> {
        let mut rest = source;
        let parts = sequence(&mut rest)?;
        let mut needs: Vec<Vec<char>> = parts.iter().filter_map(Part::needs).collect();
        needs.sort_by_key(Vec::len);
        needs.dedup();
        rest.is_empty().then_some(Self { source, parts, needs })
    }

    /// Whether a text is this sentence, and what was said at its places.
    pub fn matches(&self, text: &[char], letters: Letters, fits: Fits<'_>) -> Option<Captures> {
        let may_fit = || self.needs.iter().all(|group| group.iter().any(|c| letters.may_have(*c)));
        if text.len() > CHARS_MAX || !may_fit() {
            return None;
        }
        let mut search = Search { text, fits, captures: Vec::new(), steps: 0, whole: true };
        search.go(&Rest { parts: &self.parts, next: None }, 0).map(|_| search.captures)
    }

    /// Where a text that begins with this sentence goes on.
    pub fn begins(&self, text: &[char]) -> Option<usize> {
        let mut search = Search { text, fits: &|_, _| true, captures: Vec::new(), steps: 0, whole: false };
        search.go(&Rest { parts: &self.parts, next: None }, 0)
    }
}

impl Part {
    /// Characters of which one must stand in a text that has this part.
    fn needs(&self) -> Option<Vec<char>> {
        match self {
            Self::Char(c) => Some(vec![*c]),
            Self::Either(all) => {
                let first = |parts: &Vec<Self>| parts.iter().find_map(Self::needs);
                let groups: Option<Vec<Vec<char>>> = all.iter().map(first).collect();
                groups.map(|groups| groups.concat())
            }
            Self::Gap | Self::Mark | Self::Optional(_) | Self::Slot(_) => None,
        }
    }
}

/// Parts up to the end, or to what closes them.
fn sequence(rest: &mut &'static str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    while let Some(c) = rest.chars().next() {
        if matches!(c, ']' | ')' | '|') {
            break;
        }
        *rest = rest.get(c.len_utf8()..)?;
        parts.push(match c {
            '[' => {
                let mut inside = alternatives(rest, ']')?;
                if inside.len() == 1 {
                    Part::Optional(inside.pop()?)
                } else {
                    Part::Optional(vec![Part::Either(inside)])
                }
            }
            '(' => Part::Either(alternatives(rest, ')')?),
            '{' => {
                let (name, behind) = rest.split_once('}')?;
                *rest = behind;
                Part::Slot(name)
            }
            ' ' => Part::Gap,
            '_' => Part::Mark,
            c => Part::Char(c),
        });
    }
    Some(parts)
}

fn alternatives(rest: &mut &'static str, closing: char) -> Option<Vec<Vec<Part>>> {
    let mut all = Vec::new();
    loop {
        all.push(sequence(rest)?);
        let c = rest.chars().next()?;
        *rest = rest.get(c.len_utf8()..)?;
        if c == closing {
            return Some(all);
        }
        if c != '|' {
            return None;
        }
    }
}

/// What is still to be found.
struct Rest<'a> {
    parts: &'a [Part],
    next: Option<&'a Self>,
}

struct Search<'a> {
    text: &'a [char],
    fits: Fits<'a>,
    captures: Captures,
    steps: usize,
    /// The text must end with the template.
    whole: bool,
}

impl Search<'_> {
    fn get(&self, at: usize) -> Option<char> {
        self.text.get(at).copied()
    }

    /// Where what is still to be found ends, if it stands here.
    fn go(&mut self, rest: &Rest<'_>, at: usize) -> Option<usize> {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return None;
        }
        let Some((part, parts)) = rest.parts.split_first() else {
            return match rest.next {
                Some(next) => self.go(next, at),
                None => self.end(at),
            };
        };
        let behind = Rest { parts, next: rest.next };
        match part {
            Part::Char(c) => self.char(*c, at).and_then(|at| self.go(&behind, at)),
            Part::Mark => self.gap(at).filter(|end| *end > at).and_then(|at| self.go(&behind, at)),
            Part::Gap => self.gap(at).and_then(|at| self.go(&behind, at)),
            Part::Optional(inside) => {
                let with = Rest { parts: inside, next: Some(&behind) };
                self.attempt(&with, at).or_else(|| self.go(&behind, at))
            }
            Part::Either(all) => all.iter().find_map(|parts| self.attempt(&Rest { parts, next: Some(&behind) }, at)),
            Part::Slot(name) => self.slot(name, &behind, at),
        }
    }

    /// The same, and forgets what it took where it fails.
    fn attempt(&mut self, rest: &Rest<'_>, at: usize) -> Option<usize> {
        let taken = self.captures.len();
        let found = self.go(rest, at);
        if found.is_none() {
            self.captures.truncate(taken);
        }
        found
    }

    fn char(&self, c: char, mut at: usize) -> Option<usize> {
        // 签 到: some leave a blank after every character.
        while is_ideograph(c) && self.get(at).is_some_and(char::is_whitespace) {
            at += 1;
        }
        // An English word isn't the end of another one, nor its beginning.
        let here = same(self.get(at)?);
        (here == c).then_some(at + 1)
    }

    fn gap(&self, at: usize) -> Option<usize> {
        let mut end = at;
        while self.get(end).is_some_and(is_mark) {
            end += 1;
        }
        let latin = |at: Option<usize>| at.and_then(|at| self.get(at)).is_some_and(|c| c.is_ascii_alphanumeric());
        (end > at || !(latin(at.checked_sub(1)) && latin(Some(at)))).then_some(end)
    }

    fn end(&self, at: usize) -> Option<usize> {
        let latin = |at: Option<usize>| at.and_then(|at| self.get(at)).is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(at.checked_sub(1)) && latin(Some(at)) {
            return None;
        }
        let left = self.text.get(at..)?;
        (!self.whole || left.iter().all(|c| is_mark(*c) || is_particle(*c))).then_some(at)
    }

    fn slot(&mut self, name: &'static str, behind: &Rest<'_>, mut at: usize) -> Option<usize> {
        let is_number = matches!(name, "ref" | "n");
        // -3 is no number of an item.
        while self.get(at).is_some_and(|c| if is_number { c.is_whitespace() || c == ',' } else { is_mark(c) }) {
            at += 1;
        }
        let taken = self.captures.len();
        if is_number {
            let (range, end) = reference(self.text, at, name == "ref")?;
            self.captures.push((name, range));
            return self.go(behind, end).or_else(|| {
                self.captures.truncate(taken);
                None
            });
        }
        // What somebody wants said is kept as it was said.
        let free = matches!(name, "content" | "text");
        // As little as possible, unless nothing more is to come.
        let last = behind.parts.is_empty() && behind.next.is_none();
        let mut end = if last { self.text.len() } else { at + 1 };
        while end <= self.text.len() {
            let mut trimmed = end;
            while trimmed > at
                && self.text.get(trimmed - 1).copied().is_some_and(|c| is_mark(c) || last && !free && is_particle(c))
            {
                trimmed -= 1;
            }
            let said = self.text.get(at..trimmed)?;
            if !said.is_empty() {
                self.captures.push((name, at..trimmed));
                // What follows is looked for first: it costs less than to see whether a time stands here.
                if let Some(found) = self.go(behind, end).filter(|_| (self.fits)(name, said)) {
                    return Some(found);
                }
                self.captures.truncate(taken);
            }
            if last {
                return None;
            }
            end += 1;
        }
        None
    }
}

/// The number of an item at a place, 12, #12, 第12号, 十二号, and where the text goes on. `alone`: a number without 号 behind it
/// counts too, but not one that goes on as a count (两个).
fn reference(text: &[char], mut at: usize, of_item: bool) -> Option<(Range<usize>, usize)> {
    let get = |at: usize| text.get(at).copied();
    while of_item && get(at).is_some_and(|c| matches!(c, '#' | '第') || c.is_whitespace()) {
        at += 1;
    }
    if of_item && text.get(at..).is_some_and(|rest| rest.starts_with(&['n', 'o', '.'])) {
        at += 3;
    }
    let digits = text.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
    let length =
        if digits > 0 { digits } else { text.iter().skip(at).take_while(|c| number::is_chinese_numeral(**c)).count() };
    let end = at + length;
    // Letters that follow belong to something else, and so do counts.
    if length == 0 || get(end).is_some_and(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut behind = end;
    if of_item {
        while get(behind).is_some_and(char::is_whitespace) {
            behind += 1;
        }
        // A blank belongs to the number only if 号 stands behind it.
        if get(behind) != Some('号') {
            behind = end;
        }
        let counts = digits == 0 || matches!(get(behind), Some('人' | '位' | '点' | '楼' | '月' | '大' | '小'));
        if get(behind) == Some('号') && get(behind + 1) != Some('楼') {
            behind += 1;
        } else if counts {
            return None;
        }
    }
    Some((at..end, behind))
}

/// The number of an item anywhere in a text: behind #, 编号 or the name of what is numbered, or before 号.
pub fn any_number(text: &[char]) -> Option<Range<usize>> {
    let named = |at: usize| {
        let before: String = text.iter().take(at).filter(|c| !c.is_whitespace()).collect();
        [
            "#", "号", "编号", "活动", "任务", "心愿", "愿望", "投票", "wish", "task", "activity", "poll", "number",
            "for", "from", "报名", "退出", "确认",
        ]
        .iter()
        .any(|name| before.ends_with(name))
    };
    // 12 我能帮, 我来帮忙吧 12: the only digits, at one end.
    let is_only = |range: &Range<usize>| {
        text.iter().enumerate().all(|(at, c)| range.contains(&at) || !c.is_ascii_digit())
            && text.get(range.start).is_some_and(char::is_ascii_digit)
            && range.len() <= 4
    };
    let alone = |range: &Range<usize>| {
        const COUNTED: [char; 22] = [
            '点', '时', '分', ':', '.', '/', '-', '月', '日', '岁', '个', '人', '元', '块', '斤', '楼', '室', '栋',
            '天', '周', '小', '+',
        ];
        let behind = text.get(range.end..).unwrap_or_default().iter().find(|c| !c.is_whitespace());
        let before = range.start.checked_sub(1).and_then(|at| text.get(at));
        is_only(range)
            && !behind.is_some_and(|c| COUNTED.contains(c))
            && !before.is_some_and(|c| matches!(c, '+' | '-' | '.' | ':' | '/'))
            && (range.start == 0 || range.end == text.len())
    };
    (0..text.len()).find_map(|at| {
        let begins = at == 0 || !text.get(at - 1).is_some_and(|c| c.is_ascii_digit() || number::is_chinese_numeral(*c));
        let (range, behind) = begins.then(|| reference(text, at, true)).flatten()?;
        let is_item = behind > range.end && text.get(behind - 1) == Some(&'号') || named(range.start) || alone(&range);
        is_item.then_some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Phrase;

    fn said(template: &'static str, text: &str) -> Option<Vec<String>> {
        let phrase = Phrase::new(text);
        let captures = Template::new(template).expect("a template").matches(
            phrase.chars(),
            Letters::new(phrase.chars()),
            &|_, _| true,
        )?;
        Some(captures.into_iter().map(|(name, range)| format!("{name}={}", phrase.part(range).written())).collect())
    }

    #[test]
    fn sentences_fit_as_a_whole() {
        let some = |captures: &[&str]| Some(captures.iter().map(|capture| (*capture).to_owned()).collect::<Vec<_>>());
        for (template, text, expected) in [
            ("我来帮[忙]{ref}", "我来帮 #7", some(&["ref=7"])),
            ("我来帮[忙]{ref}", "俺来帮忙7号！", some(&["ref=7"])),
            ("我来帮[忙]{ref}", "我来帮你拎", None),
            ("{ref}[的](心愿|愿望)我来[帮]", "１２号心愿我来啦", some(&["ref=１２"])),
            ("签到", "签 到", some(&[])),
            ("签到", "签到了没有", None),
            ("谁(家|)有{item}[能|可以]借[我]", "谁家有梯子可以借我", some(&["item=梯子"])),
            ("谁(家|)有{item}[能|可以]借[我]", "谁家有梯子", None),
            ("i['ll] take {ref}", "I'll take 12", some(&["ref=12"])),
            ("check in", "checkin", None),
            ("join", "join us", None),
            ("{item} 用完", "电钻，用完了", some(&["item=电钻"])),
            ("取消{ref}", "取消两个人", None),
        ] {
            assert_eq!(said(template, text), expected, "{template} · {text}");
        }
    }

    #[test]
    fn a_template_that_is_none_is_refused() {
        for wrong in ["[我", "(我|你", "我]", "{ref"] {
            assert!(Template::new(wrong).is_none(), "{wrong}");
        }
    }
}
