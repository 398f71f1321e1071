//! Days that are counted: 下个月第一个周六, 11月倒数第二个周六, 月底周五, 本月最后一天, 2026年第十天, the last Friday of May; and whole
//! weeks: 下周, 这周末.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{
    day::{ENGLISH_WEEKDAYS, MONTHS, WEEK, chinese_weekday},
    named::{self, Year},
    text::Text,
    token::{Day, Read, Said, Scan},
};

/// A month or a year in which days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// So many months from this one.
    MonthFromNow(i32),
    /// 10月, of the year if one was said.
    Month(Year, u32),
    /// Of the year.
    Year(Year),
    /// 第一个周六: of this month, or of the next if that has passed.
    NotSaid,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Such days of the week, from the front (1 is the first) or from the end (-1 is the last).
    Weekday(i32, Weekday),
    /// Days, in the same way.
    Day(i32),
}

/// Ordinals in English.
pub const ENGLISH_ORDINALS: [(&str, i32); 11] = [
    ("first", 1),
    ("1st", 1),
    ("second", 2),
    ("2nd", 2),
    ("third", 3),
    ("3rd", 3),
    ("fourth", 4),
    ("4th", 4),
    ("fifth", 5),
    ("second to last", -2),
    ("last", -1),
];

/// The first, second … or (-1) last such day of the week of a month, or of a year.
pub fn nth_weekday(year: i32, month: Option<u32>, nth: i32, weekday: Weekday) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), 1)?;
    let weeks = |count: i32| Days::new(7 * u64::from(count.unsigned_abs() - 1));
    if nth > 0 {
        let ahead = first.weekday().days_since(weekday);
        let date = first.checked_add_days(Days::new(u64::from((7 - ahead) % 7)))?.checked_add_days(weeks(nth))?;
        return (date.year() == year && month.is_none_or(|month| date.month() == month)).then_some(date);
    }
    let last = last_day(year, month)?;
    let date = last.checked_sub_days(Days::new(u64::from(last.weekday().days_since(weekday))))?;
    let date = date.checked_sub_days(weeks(nth))?;
    (date >= first).then_some(date)
}

fn last_day(year: i32, month: Option<u32>) -> Option<NaiveDate> {
    let next = match month {
        Some(month @ 1..=11) => NaiveDate::from_ymd_opt(year, month + 1, 1)?,
        _ => NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1)?,
    };
    next.pred_opt()
}

/// The day that is counted in a month or a year.
fn count(counted: Counted, year: i32, month: Option<u32>) -> Option<NaiveDate> {
    match counted {
        Counted::Weekday(nth, weekday) => nth_weekday(year, month, nth, weekday),
        Counted::Day(nth) if nth < 0 => {
            last_day(year, month)?.checked_sub_days(Days::new(u64::from(nth.unsigned_abs() - 1)))
        }
        Counted::Day(nth) => NaiveDate::from_ymd_opt(year, month.unwrap_or(1), 1)?
            .checked_add_days(Days::new(u64::try_from(nth - 1).ok()?)),
    }
}

/// The date that was meant.
pub fn date_of(counted: Counted, span: Span, today: NaiveDate) -> Option<NaiveDate> {
    let from_now = |months: i32| {
        let months = i32::try_from(today.month0()).ok()? + months;
        let year = today.year().checked_add(months.div_euclid(12))?;
        count(counted, year, Some(u32::try_from(months.rem_euclid(12)).ok()? + 1))
    };
    let next_year = |month: Option<u32>| {
        let dates = (0..=1).filter_map(|years| count(counted, today.year().checked_add(years)?, month));
        dates.filter(|date| *date >= today).min()
    };
    match span {
        Span::MonthFromNow(months) => from_now(months),
        Span::Month(Year::Next, month) => next_year(Some(month)),
        Span::Month(year, month) => count(counted, year.from(today.year())?, Some(month)),
        Span::Year(Year::Next) => next_year(None),
        Span::Year(year) => count(counted, year.from(today.year())?, None),
        Span::NotSaid => (0..=3).filter_map(from_now).find(|date| *date >= today),
    }
}

/// Reads a counted day.
pub fn read(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let (said, end) = in_chinese(scan, at).or_else(|| in_english(scan.text, at))?;
    Some((Day { said, half: None }, end))
}

fn in_chinese(scan: &Scan<'_>, at: usize) -> Read<Said> {
    let text = scan.text;
    let (span, start) = span(scan, at).unwrap_or((Span::NotSaid, at));
    if let Some(((nth, weekday), end)) = which_weekday(text, start) {
        return Some((Said::Counted(Counted::Weekday(nth, weekday), span), end));
    }
    // 月底周五: the last; 月底 alone: the last day.
    let is_month = matches!(span, Span::MonthFromNow(_) | Span::Month(..));
    let of_month = if is_month { text.after(start, "底") } else { text.after(at, "月底") };
    if let Some(end) = of_month {
        let span = if is_month { span } else { Span::MonthFromNow(0) };
        let next = text.after(end, "的").unwrap_or(end);
        let counted =
            match text.after_any(next, &WEEK).and_then(|name| Some((chinese_weekday(text.get(name)?)?, name + 1))) {
                Some((weekday, end)) => (Counted::Weekday(-1, weekday), end),
                None => (Counted::Day(-1), end),
            };
        return Some((Said::Counted(counted.0, span), counted.1));
    }
    if span == Span::NotSaid {
        return None;
    }
    // 下个月起每周五
    if is_month && text.after_any(start, &["起", "开始"]).is_some() {
        return Some((Said::Counted(Counted::Day(1), span), start));
    }
    if let Some(end) = text.after(start, "最后一天") {
        return Some((Said::Counted(Counted::Day(-1), span), end));
    }
    let end = text.after_any(start, &["头一天", "第一天"]);
    if let Some(end) = end {
        return Some((Said::Counted(Counted::Day(1), span), end));
    }
    let nth = text.number(text.after(start, "第")?, true)?;
    let end = text.after(nth.end, "天")?;
    Some((Said::Counted(Counted::Day(i32::try_from(nth.value).ok()?), span), end))
}

/// 第二个周六, 最后一个周日, 倒数第二个星期五, 头一个礼拜天.
pub fn which_weekday(text: Text<'_>, at: usize) -> Read<(i32, Weekday)> {
    let (nth, end) = if let Some(end) = text.after_any(at, &["最后一个", "最后1个", "最末一个"]) {
        (-1, end)
    } else if let Some(end) = text.after_any(at, &["头一个", "首个"]) {
        (1, end)
    } else {
        let (sign, start) = match text.after(at, "倒数第") {
            Some(start) => (-1, start),
            None => (1, text.after(at, "第")?),
        };
        let number = text.number(start, true).filter(|number| (1..=53).contains(&number.value))?;
        let end = text.after(number.end, "个").unwrap_or(number.end);
        (sign * i32::try_from(number.value).ok()?, end)
    };
    let name = text.after_any(end, &WEEK)?;
    Some(((nth, chinese_weekday(text.get(name)?)?), name + 1))
}

/// 下个月的, 11月的, 明年的, 2026年.
fn span(scan: &Scan<'_>, at: usize) -> Read<Span> {
    let text = scan.text;
    let with_of = |end: usize| text.after(end, "的").unwrap_or(end);
    const MONTHS_FROM_NOW: [(&str, i32); 16] = [
        ("这个月", 0),
        ("这月", 0),
        ("本月", 0),
        ("当月", 0),
        ("今个月", 0),
        ("下下个月", 2),
        ("下下月", 2),
        ("下个月", 1),
        ("下月", 1),
        ("上个月", -1),
        ("上月", -1),
        ("this month", 0),
        ("next month", 1),
        ("每个月", 0),
        ("每月", 0),
        ("次月", 1),
    ];
    if let Some((months, end)) = text.look_up(at, &MONTHS_FROM_NOW) {
        return (!text.is_at(at, &['每'])).then_some((Span::MonthFromNow(months), with_of(end)));
    }
    let (year, start) = named::year(scan, at).unwrap_or((Year::Next, at));
    let month = if start > at { text.number(start, true) } else { scan.number(start) };
    if let Some(month) = month.filter(|month| (1..=12).contains(&month.value))
        && let Some(end) = text.after_any(month.end, &["月份", "月"])
    {
        return Some((Span::Month(year, month.value), with_of(end)));
    }
    (start > at).then_some((Span::Year(year), with_of(start)))
}

/// The first Saturday of October, the last Friday of next month.
fn in_english(text: Text<'_>, at: usize) -> Read<Said> {
    let (nth, end) = text.look_up(at, &ENGLISH_ORDINALS)?;
    let (weekday, end) = text.look_up(text.skip_blank(end), &ENGLISH_WEEKDAYS)?;
    let start = text.after_any(end, &[" of the", " of", " in"]).map(|end| text.skip_blank(end))?;
    let counted = Counted::Weekday(nth, weekday);
    if let Some((months, end)) = text.look_up(start, &[("this month", 0), ("next month", 1), ("month", 0)]) {
        return Some((Said::Counted(counted, Span::MonthFromNow(months)), end));
    }
    let (month, end) = text.look_up(start, &MONTHS)?;
    Some((Said::Counted(counted, Span::Month(Year::Next, month)), end))
}

/// 下周, 这个礼拜, 周末, next week, this weekend.
pub fn week(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let (said, end) = said_week(scan.text, at)?;
    Some((Day { said, half: None }, end))
}

fn said_week(text: Text<'_>, at: usize) -> Read<Said> {
    const WHICH: [(&str, i64); 13] = [
        ("下下个", 2),
        ("下下", 2),
        ("下一个", 1),
        ("下一", 1),
        ("下个", 1),
        ("下", 1),
        ("上上", -2),
        ("上一", -1),
        ("上个", -1),
        ("上", -1),
        ("这一", 0),
        ("这个", 0),
        ("这", 0),
    ];
    const ENGLISH: [(&str, (i64, bool)); 6] = [
        ("the week after next", (2, false)),
        ("next week", (1, false)),
        ("this week", (0, false)),
        ("next weekend", (1, true)),
        ("this weekend", (0, true)),
        ("the weekend", (0, true)),
    ];
    if let Some(((week, is_weekend), end)) = text.look_up(at, &ENGLISH) {
        return Some((if is_weekend { Said::Weekend(week) } else { Said::Week(week) }, end));
    }
    let which = text.look_up(at, &WHICH).or_else(|| Some((0, text.after(at, "本")?)));
    if let Some(end) = text.after(which.map_or(at, |(_, end)| end), "周末") {
        return Some((Said::Weekend(which.map_or(0, |(week, _)| week)), end));
    }
    let (week, start) = which?;
    let end = text.after_any(start, &WEEK)?;
    // 上周围, 这周到: 周 is part of many words, but seldom behind these.
    let is_word = text.is_at(end, &['围', '到', '边', '岁', '年', '期', '转', '折', '密', '全', '身']);
    let is_shifted =
        text.previous(at).is_some_and(|c| matches!(c, '以' | '楼' | '早' | '晚' | '马' | '网' | '路' | '边'));
    (!is_word && !is_shifted).then_some((Said::Week(week), end))
}
