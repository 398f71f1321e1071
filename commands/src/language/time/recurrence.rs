//! What comes again: 每周二四, 每月第一个周六, 工作日, every other Friday. Readers say what was said; the rule of RFC 5545 and the
//! dates are made here too, since nothing else is said of them.

use std::fmt;

use chrono::{Datelike, Duration, NaiveDate, Weekday};

use super::{
    HalfDay, clock,
    day::{ENGLISH_WEEKDAYS, WEEK, chinese_weekday},
    half_day, named, ordinal,
    text::Text,
    token::{Day, Read, Said, Scan},
};

/// A rule finds its next date within so many days: the 31st isn't in every month, 29 February not in every year.
const DAYS_MAX: i64 = 366 * 8 + 1;
/// Weekdays that are listed: 一二三四五六日, with marks between them.
const LISTED_MAX: usize = 14;

/// What comes again less often isn't said in days.
const DAYS_BETWEEN_MAX: u32 = 30;

/// How something comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Every day, or every so many days.
    Daily {
        /// Every so many days.
        every: u32,
    },
    /// On these days of the week.
    Weekly {
        /// One bit each, Monday's first.
        days: u8,
        /// Every so many weeks.
        every: u32,
    },
    /// On these days of the month: one bit each, that of the 1st at place 1; the bit at place 0 is the last day.
    MonthlyDays(u32),
    /// On the first, second … or (-1) last such day of the week.
    MonthlyWeekday {
        /// Which of them.
        nth: i32,
        /// Which day.
        weekday: Weekday,
    },
    /// On this date.
    Yearly {
        /// The month.
        month: u32,
        /// Its day.
        day: u32,
    },
}

const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
const CODES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const WORKDAYS: u8 = 0b001_1111;
const WEEKEND: u8 = 0b110_0000;

fn bit(weekday: Weekday) -> u8 {
    1 << weekday.num_days_from_monday()
}

fn code(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().zip(CODES).find(|(other, _)| **other == weekday).map_or("MO", |(_, code)| code)
}

/// As RFC 5545 writes it (section 3.3.10).
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spaced = |f: &mut fmt::Formatter<'_>, every: u32| {
            if every == 1 { Ok(()) } else { write!(f, ";INTERVAL={every}") }
        };
        match *self {
            Self::Daily { every } => {
                f.write_str("FREQ=DAILY")?;
                spaced(f, every)
            }
            Self::Weekly { days, every } => {
                f.write_str("FREQ=WEEKLY")?;
                spaced(f, every)?;
                let days: Vec<&str> =
                    WEEKDAYS.iter().filter(|day| days & bit(**day) != 0).map(|day| code(*day)).collect();
                write!(f, ";BYDAY={}", days.join(","))
            }
            Self::MonthlyDays(days) => {
                let mut days: Vec<String> =
                    (0..=31).filter(|day| days >> day & 1 != 0).map(|day: u32| day.to_string()).collect();
                for day in &mut days {
                    if day == "0" {
                        "-1".clone_into(day);
                    }
                }
                write!(f, "FREQ=MONTHLY;BYMONTHDAY={}", days.join(","))
            }
            Self::MonthlyWeekday { nth, weekday } => write!(f, "FREQ=MONTHLY;BYDAY={nth}{}", code(weekday)),
            Self::Yearly { month, day } => write!(f, "FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"),
        }
    }
}

impl Rule {
    /// The first date from this one on. (Every other week begins with the next such day.)
    pub fn next_from(self, from: NaiveDate) -> Option<NaiveDate> {
        (0..DAYS_MAX).filter_map(|days| from.checked_add_signed(Duration::days(days))).find(|&date| self.is_on(date))
    }

    fn is_on(self, date: NaiveDate) -> bool {
        match self {
            Self::Daily { .. } => true,
            Self::Weekly { days, .. } => days & bit(date.weekday()) != 0,
            Self::MonthlyDays(days) => {
                let is_last = days & 1 != 0 && date.succ_opt().is_some_and(|next| next.day() == 1);
                is_last || days >> date.day() & 1 != 0
            }
            Self::MonthlyWeekday { nth, weekday } => {
                ordinal::nth_weekday(date.year(), Some(date.month()), nth, weekday) == Some(date)
            }
            Self::Yearly { month, day } => (date.month(), date.day()) == (month, day),
        }
    }
}

/// Reads how something comes again.
pub fn read(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let (rule, end) = in_chinese(scan, at).or_else(|| in_english(scan.text, at))?;
    let half = matches!(rule, Rule::Daily { .. }).then(|| daily_half(scan.text, at, end)).flatten();
    Some((Day { said: Said::Every(rule), half }, end))
}

/// 每晚, 每早.
fn daily_half(text: Text<'_>, at: usize, end: usize) -> Option<HalfDay> {
    let is_short = end == at + 2 && text.is_at(at, &['每']);
    match text.previous(end)? {
        '晚' if is_short => Some(HalfDay::Evening),
        '早' | '晨' if is_short => Some(HalfDay::Morning),
        _ => None,
    }
}

fn in_chinese(scan: &Scan<'_>, at: usize) -> Read<Rule> {
    let text = scan.text;
    let daily = Rule::Daily { every: 1 };
    if let Some(end) = text.after_any(at, &["每天", "天天", "每日", "日日"]) {
        // 以前天天去 is over.
        let is_other = text.previous(at).is_some_and(|c| matches!(c, '春' | '夏' | '秋' | '冬' | '白'))
            || text.after(at, "天天").is_some() && !hour_follows(scan, end)
            || text.before_any(at, &["以前", "从前", "过去", "以前是"]).is_some()
            || text
                .after_any(end, &["向上", "这么", "那么", "这样", "吵", "喊", "嚷", "闹", "说", "念叨", "堵"])
                .is_some();
        return (!is_other).then_some((daily, end));
    }
    if let Some(end) = text.after_any(at, &["每晚", "每早", "每晨"]) {
        return (!text.is_at(end, &['餐', '饭'])).then_some((daily, end));
    }
    if let Some(end) = text.after_any(at, &["每个工作日", "每工作日", "逢工作日", "工作日"]) {
        // 3个工作日, 第一个工作日
        let is_counted = text.previous(at) == Some('个');
        return (!is_counted).then_some((Rule::Weekly { days: WORKDAYS, every: 1 }, end));
    }
    if let Some(end) = text.after_any(at, &["双休日"]) {
        return Some((Rule::Weekly { days: WEEKEND, every: 1 }, end));
    }
    // 周一到周五每天
    if let Some((days, end)) = span_of_weekdays(text, at)
        && let Some(end) = text.after_any(text.skip_blank(end), &["每天", "每日", "天天", "每晚", "每早"])
    {
        let end = if text.previous(end).is_some_and(|c| matches!(c, '晚' | '早')) { end - 1 } else { end };
        return Some((Rule::Weekly { days, every: 1 }, end));
    }
    // 隔天, 每年3月12日
    if let Some(end) = text.after_any(at, &["每隔一天", "隔一天", "每隔天", "隔天", "隔日", "每两天"])
    {
        return Some((Rule::Daily { every: 2 }, end));
    }
    if let Some((every, end)) = every_so_many_days(text, at) {
        return Some((Rule::Daily { every }, end));
    }
    if let Some(start) = text.after(at, "每年") {
        let start = text.after(start, "的").unwrap_or(start);
        if let Some(((month, day), end)) = named::solar(text, start) {
            return Some((Rule::Yearly { month, day }, end));
        }
        let month = text.number(start, true).filter(|month| (1..=12).contains(&month.value))?;
        let day = text.number(text.after(month.end, "月")?, true).filter(|day| (1..=31).contains(&day.value))?;
        let end = text.after_any(day.end, &["号", "日"]).unwrap_or(day.end);
        return Some((Rule::Yearly { month: month.value, day: day.value }, end));
    }
    let weeks = [
        ("每隔一个", 2),
        ("每隔两个", 3),
        ("每隔两", 3),
        ("每隔三", 4),
        ("每隔一", 2),
        ("隔一", 2),
        ("每隔", 2),
        ("隔", 2),
        ("每两个", 2),
        ("每两", 2),
        ("每三", 3),
        // 双周周四; of two 周 one is left.
        ("双", 2),
        ("单", 2),
        ("每逢", 1),
        ("每到", 1),
        ("每个", 1),
        ("每一个", 1),
        ("每", 1),
        ("逢", 1),
    ];
    if let Some((every, start)) = text.look_up(at, &weeks) {
        if let Some((days, end)) = weekdays(text, start) {
            return Some((Rule::Weekly { days, every }, end));
        }
        // 每隔一周的周日, 每两周的周六
        if let Some(end) = text.after_any(start, &WEEK)
            && let Some((days, end)) = weekdays(text, text.after_any(end, &["一次的", "一次", "的"]).unwrap_or(end))
        {
            return Some((Rule::Weekly { days, every }, end));
        }
    }
    // 周一三五, also without 每; 周六日 are the days of one weekend.
    if let Some((days, end)) = weekdays(text, at).filter(|(days, _)| days.count_ones() > 2)
        && span_of_weekdays(text, at).is_none()
    {
        return Some((Rule::Weekly { days, every: 1 }, end));
    }
    let month = text.after_any(at, &["每个月的", "每个月逢", "每个月", "每月的", "每月逢", "每月"])?;
    if let Some(((nth, weekday), end)) = ordinal::which_weekday(text, month) {
        return Some((Rule::MonthlyWeekday { nth, weekday }, end));
    }
    if let Some(end) = text.after_any(month, &["最后一天", "底"]) {
        return Some((Rule::MonthlyDays(1), end));
    }
    days_of_month(text, month)
}

/// A half-day or an hour follows, perhaps behind a small word: 天天都是晚上八点, but not 天天拖椅子.
fn hour_follows(scan: &Scan<'_>, at: usize) -> bool {
    let text = scan.text;
    let at = text.after_any(text.skip_blank(at), &["都是", "都", "也", "准时", "固定", "就"]).unwrap_or(at);
    let at = text.skip_blank(at);
    text.number(at, true).is_some() || text.is_at(at, &['早', '晚']) || half_day::read(scan, at).is_some()
}

/// 每三天, 每隔两天 (which is every third).
fn every_so_many_days(text: Text<'_>, at: usize) -> Read<u32> {
    let (more, start) = text.look_up(at, &[("每隔", 1), ("每", 0)])?;
    let number = text.number(start, true).filter(|number| (2..=DAYS_BETWEEN_MAX).contains(&number.value))?;
    let end = text.after_any(number.end, &["天一次", "天"])?;
    Some((number.value + more, end))
}

/// 5号, 5、20号, 1号和15号.
fn days_of_month(text: Text<'_>, at: usize) -> Read<Rule> {
    let (mut days, mut next, mut end) = (0_u32, text.skip_blank(at), None);
    for _ in 0..LISTED_MAX {
        let Some(day) = text.number(next, true).filter(|day| (1..=31).contains(&day.value)) else { break };
        days |= 1 << day.value;
        let marked = text.after_any(day.end, &["号", "日"]);
        // 每月十五晚上; but 每月一晚
        let is_plain = day.value >= 10 && text.is_at(day.end, &['早', '上', '中', '下', '傍', '晚']);
        end = marked.or(is_plain.then_some(day.end)).or(end);
        let Some(after) = text.after_any(marked.unwrap_or(day.end), &["、", "和", ",", "与", "及"]) else { break };
        next = after;
    }
    Some((Rule::MonthlyDays(days), end?))
}

/// 周二四, 星期二、四、六, 周一到周五, 周末.
fn weekdays(text: Text<'_>, at: usize) -> Read<u8> {
    if let Some(end) = text.after(at, "周末") {
        return Some((WEEKEND, end));
    }
    if let Some(found) = span_of_weekdays(text, at) {
        return Some(found);
    }
    let mut end = text.after_any(at, &WEEK)?;
    let mut days = 0;
    for _ in 0..LISTED_MAX {
        let mark = text.after_any(end, &["、", "和", ",", "与", "及", "/"]);
        let next = mark.unwrap_or(end);
        let next = if mark.is_some() || days != 0 { text.after_any(next, &WEEK).unwrap_or(next) } else { next };
        let Some(weekday) = text.get(next).and_then(chinese_weekday) else { break };
        // 每周一次, 每周三19:30, 每周一、5号
        let is_number = text.get(next).is_some_and(|c| c.is_ascii_digit())
            && text.get(next + 1).is_some_and(|c| c.is_ascii_digit() || matches!(c, ':' | '点' | '号' | '个' | '人'));
        let is_count = text.is_at(next + 1, &['次', '回', '节', '趟', '遍', '点'])
            || days == 0 && text.is_at(next + 1, &['天', '个', '练', '休'])
            || days == 0 && text.is_at(next, &['天', '日']) && text.is_at(next + 1, &['一', '两', '三']);
        if days != 0 && mark.is_none() && text.is_at(next, &['日', '天']) && text.is_at(next + 1, &['天'])
            || is_number
            || is_count
        {
            break;
        }
        days |= bit(weekday);
        end = next + 1;
    }
    (days != 0).then_some((days, end))
}

/// 周一到周五, 周一至五.
fn span_of_weekdays(text: Text<'_>, at: usize) -> Read<u8> {
    let name = text.after_any(at, &WEEK)?;
    let first = chinese_weekday(text.get(name)?)?;
    let other = clock::after_connector(text, name + 1)?;
    let other = text.after_any(other, &WEEK).unwrap_or(other);
    let last = chinese_weekday(text.get(other)?)?;
    let (first, last) = (first.num_days_from_monday(), last.num_days_from_monday());
    let days = (first..=last).fold(0, |days, day| days | 1 << day);
    (first < last).then_some((days, other + 1))
}

const PLURALS: [(&str, Weekday); 7] = [
    ("mondays", Weekday::Mon),
    ("tuesdays", Weekday::Tue),
    ("wednesdays", Weekday::Wed),
    ("thursdays", Weekday::Thu),
    ("fridays", Weekday::Fri),
    ("saturdays", Weekday::Sat),
    ("sundays", Weekday::Sun),
];

fn in_english(text: Text<'_>, at: usize) -> Read<Rule> {
    if let Some(end) = text.after_any(at, &["every day", "everyday", "each day", "daily", "every single day"]) {
        return Some((Rule::Daily { every: 1 }, end));
    }
    if let Some(end) = text.after_any(at, &["every weekday", "each weekday", "on weekdays", "weekdays"]) {
        return Some((Rule::Weekly { days: WORKDAYS, every: 1 }, end));
    }
    if let Some(end) = text.after_any(at, &["every weekend", "on weekends"]) {
        return Some((Rule::Weekly { days: WEEKEND, every: 1 }, end));
    }
    // every morning: the half-day stands by itself.
    if let Some(end) = text.after_any(at, &["every", "each"])
        && text.after_any(text.skip_blank(end), &["morning", "afternoon", "evening", "night"]).is_some()
    {
        return Some((Rule::Daily { every: 1 }, end));
    }
    // Mondays and Thursdays
    let plural = |at| text.look_up(at, &PLURALS);
    if let Some((first, end)) = plural(text.after(at, "on ").unwrap_or(at)) {
        let more = text.after_any(end, &[" and ", " & ", "/"]).and_then(plural);
        let (days, end) = more.map_or((bit(first), end), |(second, end)| (bit(first) | bit(second), end));
        return Some((Rule::Weekly { days, every: 1 }, end));
    }
    // Longer words first.
    const EVERY: [(&str, u32); 5] =
        [("every other", 2), ("every second", 2), ("every two weeks on", 2), ("every", 1), ("each", 1)];
    let (every, end) = text.look_up(at, &EVERY)?;
    let mut next = text.skip_blank(end);
    if let Some((nth, after)) = text.look_up(next, &ordinal::ENGLISH_ORDINALS)
        && let Some((weekday, end)) = text.look_up(text.skip_blank(after), &ENGLISH_WEEKDAYS)
        && let Some(end) = text.after_any(end, &[" of the month", " of each month", " of every month"])
    {
        return Some((Rule::MonthlyWeekday { nth, weekday }, end));
    }
    let (mut days, mut end) = (0, end);
    for _ in 0..LISTED_MAX {
        let Some((weekday, after)) = text.look_up(next, &ENGLISH_WEEKDAYS) else { break };
        days |= bit(weekday);
        end = after;
        let mark = text.after_any(after, &[" and ", ", and ", ", ", ",", " & ", "/"]).unwrap_or(after);
        next = mark;
    }
    (days != 0).then_some((Rule::Weekly { days, every }, end))
}
