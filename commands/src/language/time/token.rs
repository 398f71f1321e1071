//! What a phrase is cut into: days, half-days, clock times, lengths, each as it was said. And the list of readers that
//! do the cutting. What the tokens mean together is `join`'s business.

use std::ops::Range;

use chrono::{NaiveDate, Weekday};

use super::{
    HalfDay, clock, day, half_day, length,
    named::{DaysOff, Named, Year},
    ordinal::{Counted, Span},
    recurrence::Rule,
    text::{Number, Text},
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
}

/// What was read at a place, and the place behind it.
pub type Read<T> = Option<(T, usize)>;
/// Knows one way of writing; reads what begins at a place.
pub type Reader<T> = fn(&Scan<'_>, usize) -> Read<T>;

/// All readers; the first that answers wins.
const READERS: [Reader<What>; 4] = [length::read, clock::read, day::read, half_day::read];

/// Cuts a text into tokens.
pub fn scan(text: Text<'_>, today: NaiveDate) -> Vec<Token> {
    let mut scan = Scan { text, today, tokens: Vec::new() };
    let mut at = 0;
    while at < text.len() {
        match READERS.iter().find_map(|reader| reader(&scan, at)) {
            Some((what, end)) if end > at => {
                scan.tokens.push(Token { what, range: at..end });
                at = end;
            }
            _ => at += 1,
        }
    }
    scan.tokens
}

impl Scan<'_> {
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
        self.text.number(at, self.tokens.last().is_some_and(|token| token.range.end == at))
    }
}
