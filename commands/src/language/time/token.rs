//! What a phrase is cut into: days, half-days, clock times, lengths, each as it was said. And the list of readers that
//! do the cutting. What the tokens mean together is `join`'s business.

use std::{cell::Cell, ops::Range};

use chrono::{NaiveDate, Weekday};

use super::{
    HalfDay, clock, day, half_day, length,
    named::{DaysOff, Named, Year},
    ordinal::{Counted, Span},
    recurrence::Rule,
    text::{Leads, NUMBERS, Number, Text},
};

/// A piece of text that speaks of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub what: What,
    pub range: Range<usize>,
}

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Day(Day),
    Half(HalfDay),
    Clock(Clock),
    /// 两个小时, in minutes.
    Length(i64),
    /// 半小时后, in minutes from now.
    Later(i64),
    /// 次日, 第二天: only means something at the end of a range.
    NextDay,
}

/// A day, and the half-day if one word says both (今晚).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub said: Said,
    pub half: Option<HalfDay>,
}

/// How a day was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// 今天, 明天, 昨天: so many days from today.
    FromToday(i64),
    /// 3天后: to the minute, unless a clock time is said with it.
    DaysLater(i64),
    /// 周六; `week` is 0 for 这周六, 1 for 下周六 and so on, and nothing for the next one to come.
    Weekday { weekday: Weekday, week: Option<i64> },
    /// 2026年12月1日, 12月1日, 1号.
    Date { year: Option<i32>, month: Option<u32>, day: u32 },
    /// 中秋, 农历八月十五, 冬至, and so many days from it: 国庆第三天.
    Named { named: Named, year: Year, shift: i32 },
    /// 国庆假期, 节后第一个工作日; without a name the holiday that is or comes next.
    DaysOff { name: Option<&'static str>, year: Year, which: DaysOff },
    /// 下个月第一个周六, 本月最后一天.
    Counted(Counted, Span),
    /// 下周: so many weeks from this one, from Monday to Sunday.
    Week(i64),
    /// 这周末: Saturday and Sunday.
    Weekend(i64),
    /// 每周三: the next such day.
    Every(Rule),
}

impl Said {
    /// The month of a holiday that always begins on its first day: 国庆, 五一假期, 元旦.
    pub fn month(self) -> Option<u32> {
        match self {
            Self::Named { named: Named::Solar(month, 1), year: Year::Next, shift: 0 } => Some(month),
            Self::DaysOff { name: Some(name), year: Year::Next, which: DaysOff::All } => match name {
                "元旦" => Some(1),
                "劳动" => Some(5),
                "国庆" => Some(10),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A clock time without its half-day. Hours and minutes may be out of range (25点).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub hour: u32,
    pub minute: u32,
    pub form: Form,
}

/// How an hour was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 7点, 7:30: by the face of a clock.
    Spoken,
    /// 19:30, 07:30, 零点: of twenty-four.
    OfDay,
    /// 7pm, noon: of twenty-four, and no half-day changes it.
    Exact,
}

/// What the readers look at.
#[derive(Debug)]
pub struct Scan<'a> {
    pub text: Text<'a>,
    pub today: NaiveDate,
    /// What stands before the place that is read.
    pub tokens: Vec<Token>,
    /// Every reader looks at every place, not only where what it reads may begin.
    is_thorough: bool,
    /// The number that was read last, and where: a dozen readers ask for the same one.
    number: Cell<Option<(usize, Option<Number>)>>,
}

/// What was read at a place, and the place behind it.
pub type Read<T> = Option<(T, usize)>;
/// Knows one way of writing; reads what begins at a place.
pub type Reader<T> = fn(&Scan<'_>, usize) -> Read<T>;

/// The ideographs with which a token may begin, in order. Most places of most messages are passed over by them; a test holds
/// every word of the readers against them.
const LEADS: [char; 138] = [
    '〇', '一', '七', '万', '三', '上', '下', '两', '个', '中', '九', '二', '五', '今', '休', '俩', '倒', '假', '傍',
    '儿', '元', '光', '八', '公', '六', '再', '农', '冬', '凌', '初', '前', '劳', '十', '千', '卅', '午', '半', '单',
    '即', '去', '双', '后', '听', '周', '四', '国', '圣', '处', '夏', '夜', '大', '天', '头', '女', '妇', '寒', '寻',
    '小', '工', '差', '平', '年', '建', '廿', '当', '得', '情', '惊', '愚', '感', '护', '收', '放', '教', '新', '日',
    '旧', '早', '明', '星', '春', '昨', '晌', '晏', '晚', '晨', '最', '月', '朝', '期', '本', '植', '次', '正', '母',
    '每', '消', '深', '清', '父', '琴', '白', '百', '礼', '秋', '立', '端', '第', '翌', '腊', '节', '芒', '补', '要',
    '调', '谷', '跟', '跨', '过', '这', '逢', '那', '重', '长', '闰', '阳', '阴', '除', '隔', '雨', '零', '需', '霜',
    '青', '首', '鬼', '黄', '龙',
];

/// A token may begin here: at an ideograph that leads one, at a word or at a number.
fn may_begin(text: Text<'_>, at: usize) -> bool {
    let Some(c) = text.get(at) else { return false };
    let is_inside = |is_same: fn(&char) -> bool| is_same(&c) && text.previous(at).is_some_and(|c| is_same(&c));
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() && !is_inside(char::is_ascii_alphabetic) && !is_inside(char::is_ascii_digit);
    }
    LEADS.binary_search(&c).is_ok()
}

/// All readers; the first that answers wins.
const READERS: [Led<What>; 4] = [
    Led::by(NUMBERS.and(Leads::of("再过半个aefhinost")), length::read),
    Led::by(NUMBERS.and(Leads::of("差午ahmnq")), clock::read),
    Led::by(Leads::ALL, day::read),
    Led::by(Leads::of("放收一上下中傍凌半午夜大晌晏晚晨早朝正深清黄aeimn"), half_day::read),
];

/// A reader, and the characters with which begins what it reads. A test holds every word of the readers against them.
#[derive(Clone, Copy)]
pub struct Led<T> {
    leads: Leads,
    read: Reader<T>,
}

impl<T> Led<T> {
    pub const fn by(leads: Leads, read: Reader<T>) -> Self {
        Self { leads, read }
    }
}

/// What the first of these readers that answers reads at a place.
pub fn first<T>(readers: &[Led<T>], scan: &Scan<'_>, at: usize) -> Read<T> {
    let c = scan.text.get(at)?;
    readers.iter().filter(|led| scan.is_thorough || led.leads.may_be(c)).find_map(|led| (led.read)(scan, at))
}

/// Behind so many places nothing is looked for: an ordinary notice of 2,000 characters has 400, and what is made of nothing
/// but beginnings of times must not take longer than a millisecond.
const PLACES_MAX: usize = 600;

/// Cuts a text into tokens.
pub fn scan(text: Text<'_>, today: NaiveDate) -> Vec<Token> {
    Scan::new(text, today, false).cut()
}

impl<'a> Scan<'a> {
    fn new(text: Text<'a>, today: NaiveDate, is_thorough: bool) -> Self {
        Self { text, today, tokens: Vec::new(), is_thorough, number: Cell::new(None) }
    }

    fn cut(mut self) -> Vec<Token> {
        let (mut at, mut places) = (0, 0);
        while at < self.text.len() && places < PLACES_MAX {
            if !self.is_thorough && !may_begin(self.text, at) {
                at += 1;
                continue;
            }
            places += 1;
            match first(&READERS, &self, at) {
                Some((what, end)) if end > at => {
                    self.tokens.push(Token { what, range: at..end });
                    // A number here may be another behind a token.
                    self.number.set(None);
                    at = end;
                }
                _ => at += 1,
            }
        }
        self.tokens
    }

    /// The token that ends here or one blank before.
    pub fn token_before(&self, at: usize) -> Option<&Token> {
        self.tokens.last().filter(|token| token.range.end == at || token.range.end == self.text.skip_blank_back(at))
    }

    /// A day or a half-day stands just before, so that a number here is likely to be an hour.
    pub fn is_after_day(&self, at: usize) -> bool {
        self.token_before(at).is_some_and(|token| match token.what {
            What::Day(_) => true,
            // 晚一点 and 早一点 say later and earlier.
            What::Half(_) => token.range.len() > 1,
            _ => false,
        })
    }

    /// The number that begins here.
    pub fn number(&self, at: usize) -> Option<Number> {
        if let Some((place, number)) = self.number.get()
            && place == at
        {
            return number;
        }
        let number = self.text.number(at, self.tokens.last().is_some_and(|token| token.range.end == at));
        self.number.set(Some((at, number)));
        number
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every word of the readers, with an hour or a day behind it, is read as if every place were looked at.
    #[test]
    fn no_place_is_passed_over_where_a_token_begins() {
        let sources = [
            include_str!("clock.rs"),
            include_str!("day.rs"),
            include_str!("half_day.rs"),
            include_str!("length.rs"),
            include_str!("named.rs"),
            include_str!("ordinal.rs"),
            include_str!("recurrence.rs"),
        ];
        let words: BTreeSet<&str> = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2)).collect();
        let others = ["", "7点", "三天", "一个周六", " 7pm"];
        let today = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a day");
        let mut missing = BTreeSet::new();
        let lines = include_str!("../../../tests/times.jsonl").lines().map(|line| (line, ""));
        for (word, other) in words.into_iter().flat_map(|word| others.map(|other| (word, other))).chain(lines) {
            let chars: Vec<char> = word.chars().chain(other.chars()).collect();
            let text = Text::new(&chars);
            let found = scan(text, today);
            let all = Scan::new(text, today, true).cut();
            let missed = all.iter().filter(|token| !found.contains(token));
            missing.extend(missed.map(|token| chars.iter().skip(token.range.start).take(4).collect::<String>()));
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
