//! Readers of days: 明晚, 下周三, 12月1日, 3号, Dec 1, next Wed. They say what was said; `calendar` finds the date.

use chrono::{Datelike, Weekday};

use super::{
    HalfDay, clock, half_day, named, ordinal, recurrence,
    text::{DIGITS, Leads, NUMBERS, Number, Text, numeral},
    token::{self, Day, Led, Read, Said, Scan, What},
};

/// Ways of saying a day. A new one is a function more.
const READERS: [Led<Day>; 15] = [
    Led::by(Leads::of("单双周天工日星每礼逢隔defmostw"), recurrence::read),
    Led::by(YEARS.and(Leads::of("这当下每次最头首倒第月flnst")), ordinal::read),
    Led::by(YEARS.and(named::LEADS), named::read),
    Led::by(Leads::of("后前今即听寻琴当大明昨dlty"), from_today),
    Led::by(DIGITS, compact),
    Led::by(DIGITS, shared_month),
    Led::by(Leads::of("下上这本今周星礼clnpt"), weekday_in_chinese),
    Led::by(Leads::of("cflmnpstw"), weekday_in_english),
    Led::by(Leads::of("下上这本周nt"), ordinal::week),
    Led::by(YEARS, year_first),
    Led::by(NUMBERS.and(Leads::of("这本今下上当")), month_and_day),
    Led::by(NUMBERS, day_of_month),
    Led::by(DIGITS, with_stroke_or_dot),
    Led::by(Leads::of("adfjmnos"), month_in_english),
    Led::by(DIGITS.and(Leads::of("fst")), day_then_month_in_english),
];

/// Characters with which a year begins: 2026年, 二〇二六年, 明年.
const YEARS: Leads = NUMBERS.and(Leads::of("今本明后大前去上"));

/// Reads a day.
pub fn read(scan: &Scan<'_>, at: usize) -> Read<What> {
    if let Some((day, end)) = token::first(&READERS, scan, at) {
        return Some((What::Day(day), end));
    }
    // Only behind 到: 第二天 elsewhere is the second day of something.
    let end = scan.text.after_any(at, &["次日", "第二天", "翌日", "隔天", "the next day", "next day"])?;
    scan.tokens
        .last()
        .is_some_and(|token| {
            let led = clock::after_connector(scan.text, token.range.end) == Some(at);
            matches!(token.what, What::Clock(_)) && (led || scan.text.before_any(at, &["到", "至"]).is_some())
        })
        .then_some((What::NextDay, end))
}

fn plain(said: Said) -> Day {
    Day { said, half: None }
}

// Days from today.

/// Longer words first.
const FROM_TODAY: [(&str, (i64, Option<HalfDay>)); 77] = [
    ("今明两天", (0, None)),
    ("明后两天", (1, None)),
    ("明后天", (1, None)),
    ("后儿个", (2, None)),
    ("后儿", (2, None)),
    ("前儿", (-2, None)),
    ("今起", (0, None)),
    ("即日", (0, None)),
    ("今朝", (0, Some(HalfDay::Morning))),
    ("听日", (1, None)),
    ("听朝", (1, Some(HalfDay::Morning))),
    ("听早", (1, Some(HalfDay::Morning))),
    ("听晚", (1, Some(HalfDay::Evening))),
    ("寻晚", (-1, Some(HalfDay::Evening))),
    ("寻日", (-1, None)),
    ("琴晚", (-1, Some(HalfDay::Evening))),
    ("琴日", (-1, None)),
    ("当晚", (0, Some(HalfDay::Evening))),
    ("大大后天", (4, None)),
    ("大后天", (3, None)),
    ("大后日", (3, None)),
    ("大前天", (-3, None)),
    ("大前日", (-3, None)),
    ("今儿个", (0, None)),
    ("今儿", (0, None)),
    ("今天", (0, None)),
    ("今日", (0, None)),
    ("今早", (0, Some(HalfDay::Morning))),
    ("今晨", (0, Some(HalfDay::Morning))),
    ("今晚上", (0, Some(HalfDay::Evening))),
    ("今晚", (0, Some(HalfDay::Evening))),
    ("今夜", (0, Some(HalfDay::Evening))),
    ("明儿个", (1, None)),
    ("明儿", (1, None)),
    ("明天", (1, None)),
    ("明日", (1, None)),
    ("明早", (1, Some(HalfDay::Morning))),
    ("明晨", (1, Some(HalfDay::Morning))),
    ("明晚上", (1, Some(HalfDay::Evening))),
    ("明晚", (1, Some(HalfDay::Evening))),
    ("明夜", (1, Some(HalfDay::Evening))),
    ("后天", (2, None)),
    ("后日", (2, None)),
    ("后晚", (2, Some(HalfDay::Evening))),
    ("昨儿", (-1, None)),
    ("昨天", (-1, None)),
    ("昨日", (-1, None)),
    ("昨早", (-1, Some(HalfDay::Morning))),
    ("昨晚上", (-1, Some(HalfDay::Evening))),
    ("昨晚", (-1, Some(HalfDay::Evening))),
    ("昨夜", (-1, Some(HalfDay::Evening))),
    ("前天", (-2, None)),
    ("前日", (-2, None)),
    ("前晚", (-2, Some(HalfDay::Evening))),
    ("the day after tomorrow", (2, None)),
    ("day after tomorrow", (2, None)),
    ("the day before yesterday", (-2, None)),
    ("day before yesterday", (-2, None)),
    ("tomorrow night", (1, Some(HalfDay::Evening))),
    ("tomorrow", (1, None)),
    ("tmrw", (1, None)),
    ("tmr", (1, None)),
    ("later today", (0, None)),
    ("today", (0, None)),
    ("tonight", (0, Some(HalfDay::Evening))),
    ("tonite", (0, Some(HalfDay::Evening))),
    ("this morning", (0, Some(HalfDay::Morning))),
    ("this noon", (0, Some(HalfDay::Noon))),
    ("this afternoon", (0, Some(HalfDay::Afternoon))),
    ("this evening", (0, Some(HalfDay::Evening))),
    ("yesterday morning", (-1, Some(HalfDay::Morning))),
    ("yesterday afternoon", (-1, Some(HalfDay::Afternoon))),
    ("yesterday evening", (-1, Some(HalfDay::Evening))),
    ("yesterday night", (-1, Some(HalfDay::Evening))),
    ("yesterday", (-1, None)),
    ("last night", (-1, Some(HalfDay::Evening))),
    ("last evening", (-1, Some(HalfDay::Evening))),
];

fn from_today(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    let ((days, half), end) = text.look_up(at, &FROM_TODAY)?;
    // 以前天天, 今后天气
    let is_split = text.is_at(at, &['前', '后'])
        && text.previous(at).is_some_and(|c| matches!(c, '以' | '之' | '今' | '目' | '先' | '提' | '此' | '往' | '然'));
    // Names: 今日头条, 明天会更好; 前天线.
    let is_name =
        text.after_any(end, &["头条", "会更好"]).is_some() || text.is_at(at, &['前']) && text.is_at(end, &['线']);
    (!is_split && !is_name).then_some((Day { said: Said::FromToday(days), half }, end))
}

// Days of the week.

pub(super) const WEEK: [&str; 3] = ["星期", "礼拜", "周"];

/// Which week; longer words first.
const WHICH_WEEK: [(&str, i64); 15] = [
    ("下下下", 3),
    ("下下", 2),
    ("下", 1),
    ("上上", -2),
    ("上", -1),
    ("这", 0),
    ("本", 0),
    ("今", 0),
    ("next week", 1),
    ("next", 1),
    ("this coming", 0),
    ("this", 0),
    ("last", -1),
    ("past", -1),
    ("coming", 0),
];

pub(super) fn chinese_weekday(c: char) -> Option<Weekday> {
    Some(match c {
        '一' | '1' => Weekday::Mon,
        '二' | '2' => Weekday::Tue,
        '三' | '3' => Weekday::Wed,
        '四' | '4' => Weekday::Thu,
        '五' | '5' => Weekday::Fri,
        '六' | '6' => Weekday::Sat,
        '日' | '天' | '7' => Weekday::Sun,
        _ => return None,
    })
}

fn weekday_in_chinese(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    // 马上周六了
    if text.is_at(at, &['上']) && text.previous(at).is_some_and(|c| matches!(c, '马' | '晚' | '早' | '楼')) {
        return None;
    }
    let (week, start) = match text.look_up(at, &WHICH_WEEK) {
        Some((week, end)) => (Some(week), text.after_any(end, &["个"]).unwrap_or(end)),
        None => (None, at),
    };
    let mut name = text.after_any(start, &WEEK)?;
    // 下周周六, 下周的周六
    if week.is_some() {
        let next = text.after(name, "的").unwrap_or(name);
        name = text.after_any(next, &WEEK).unwrap_or(name);
    }
    // 下周Mon
    if let Some((weekday, end)) = text.look_up(text.skip_blank(name), &ENGLISH_WEEKDAYS) {
        return Some((plain(Said::Weekday { weekday, week }), end));
    }
    let weekday = chinese_weekday(text.get(name)?)?;
    let end = name + 1;
    // 这周六日两天
    if weekday == Weekday::Sat
        && let Some(end) = both_days_of_weekend(text, end)
    {
        return Some((plain(Said::Weekend(week.unwrap_or(0))), end));
    }
    let follows_digit = text.get(name).is_some_and(|c| c.is_ascii_digit());
    let is_number = follows_digit && !(text.is_border(end) || text.is_at(end, &['晚', '早', '上', '中', '下', '的']));
    (!is_number && !is_count_of_weeks(scan, at, end)).then_some((plain(Said::Weekday { weekday, week }), end))
}

/// The place behind Sunday, which follows Saturday as the other day of a weekend: 周六日两天, 周六周日.
fn both_days_of_weekend(text: Text<'_>, at: usize) -> Option<usize> {
    let mark = text.after_any(at, &["、", "和", "跟", "与", "及", ","]).unwrap_or(at);
    let named = text.after_any(mark, &WEEK);
    let end = text.after_any(named.unwrap_or(mark), &["日", "天"])?;
    // 周六日语角, 周六天台
    let both = text.after_any(end, &["这两天", "两天", "都", "全天"]);
    both.or((named.is_some() || text.is_border(end)).then_some(end))
}

/// 每周一次 is a number of times, 第一个星期一 counts in a month.
fn is_count_of_weeks(scan: &Scan<'_>, at: usize, end: usize) -> bool {
    let text = scan.text;
    if text.before_any(at, &["个"]).and_then(|at| text.previous(at)).and_then(numeral).is_some() {
        return true;
    }
    let is_counted = text.previous(at).is_some_and(|c| matches!(c, '每' | '一' | '两' | '几'))
        && scan.tokens.last().is_none_or(|token| token.range.end != at);
    is_counted && text.is_at(end, &['次', '回', '节', '天', '趟', '遍', '个', '练', '休'])
}

pub(super) const ENGLISH_WEEKDAYS: [(&str, Weekday); 17] = [
    ("monday", Weekday::Mon),
    ("mon", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("tues", Weekday::Tue),
    ("tue", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("wed", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("thurs", Weekday::Thu),
    ("thur", Weekday::Thu),
    ("thu", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("fri", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sat", Weekday::Sat),
    ("sunday", Weekday::Sun),
    ("sun", Weekday::Sun),
];

fn weekday_in_english(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    let (week, start) = match text.look_up(at, &WHICH_WEEK) {
        Some((week, end)) => (Some(week), text.after(end, " ")?),
        None => (None, at),
    };
    let (weekday, name_end) = text.look_up(start, &ENGLISH_WEEKDAYS)?;
    // Sat.
    let is_short = name_end - start <= 5;
    let end = if is_short { text.after(name_end, ".").unwrap_or(name_end) } else { name_end };
    let is_led = week.is_some() || text.before(at, "on ").is_some();
    // "he sat there", "the sun"
    let is_word = match weekday {
        Weekday::Sat if name_end - start == 3 => !is_led && !time_follows(scan, end),
        Weekday::Sun if name_end - start == 3 => text.before(at, "the ").is_some(),
        _ => false,
    };
    if is_word {
        return None;
    }
    if week.is_none()
        && let Some((week, end)) = text.look_up(end, &[(" of next week", 1), (" of this week", 0), (" next week", 1)])
    {
        return Some((plain(Said::Weekday { weekday, week: Some(week) }), end));
    }
    Some((plain(Said::Weekday { weekday, week }), end))
}

/// The text ends here, or a comma, a bracket, a clock time, a half-day or a date follows.
fn time_follows(scan: &Scan<'_>, at: usize) -> bool {
    let text = scan.text;
    let next = text.skip_blank(at);
    if text.get(next).is_none() || text.is_at(next, &[',', '.', ')', '(', ':', '。', '!', '?', '@', '、', ';']) {
        return true;
    }
    let begins_range = || {
        let hour = text.number(next, false)?;
        text.number(clock::after_connector(text, hour.end)?, false)
    };
    text.after_any(next, &["at", "from", "morning", "afternoon", "evening", "night"]).is_some()
        || begins_range().is_some()
        || clock::clock(scan, next).is_some()
        || half_day::read(scan, next).is_some()
        || month_in_english(scan, next).is_some()
        || day_then_month_in_english(scan, next).is_some()
        || month_and_day(scan, next).is_some()
}

// Dates in Chinese and in figures.

const DAY_MARKS: [&str; 2] = ["日", "号"];

/// 2026年12月1日, 26年12月1日, 二〇二六年十二月一日, 2026-12-01, 2026/12/1, 2026.12.1, and 26/12/1 of this year or the next.
fn year_first(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    if let Some((day, end)) = year_in_words(scan, at) {
        return Some((day, end));
    }
    let number = scan.number(at).filter(|number| number.is_digits && matches!(number.length, 2 | 4))?;
    let mark = text.get(number.end).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let month = figures(text, number.end + 1)?;
    if text.get(month.end) != Some(mark) {
        return None;
    }
    let day = figures(text, month.end + 1)?;
    let year = i32::try_from(number.value).ok()?;
    if number.length == 4 {
        return Some((dated(Some(year), month.value, day.value), day.end));
    }
    // 26.12.12 may as well be a version or an address: of the years to come only the next, and nothing that goes on.
    let is_near = (0..=1).contains(&(2000 + year - scan.today.year()));
    let is_day = (1..=12).contains(&month.value) && (1..=31).contains(&day.value);
    let stands_alone = text.is_border_before(at)
        && !text.previous(at).is_some_and(|c| matches!(c, '-' | '/' | '.' | ':'))
        && !is_figure_going_on(text, day.end)
        && !text.is_at(day.end, &['-'])
        && (text.is_border(day.end) || half_or_weekday(scan, text.skip_blank(day.end)));
    (is_near && is_day && stands_alone).then_some((dated(Some(2000 + year), month.value, day.value), day.end))
}

fn dated(year: Option<i32>, month: u32, day: u32) -> Day {
    plain(Said::Date { year, month: Some(month), day })
}

/// Up to two digits, whatever stands before them.
fn figures(text: Text<'_>, at: usize) -> Option<Number> {
    let first = text.get(at)?.to_digit(10)?;
    let second = text.get(at + 1).and_then(|c| c.to_digit(10));
    if second.is_some() && text.get(at + 2).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let length = 1 + usize::from(second.is_some());
    let value = second.map_or(first, |second| first * 10 + second);
    Some(Number { value, is_digits: true, length, end: at + length })
}

fn year_in_words(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    let (year, start) = named::year(scan, at)?;
    let year = year.from(scan.today.year())?;
    let (day, end) = month_and_day(scan, text.skip_blank(start))?;
    match day.said {
        Said::Date { month: Some(month), day, .. } => Some((dated(Some(year), month, day), end)),
        _ => None,
    }
}

/// 12月1日, 十二月一号, 下个月15号, 12月1 (without 日 only before something that isn't counted).
fn month_and_day(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    if let Some((months, start)) = named_month(text, at) {
        let day = text.number(text.skip_blank(start), true).filter(|day| day.value <= 31)?;
        let mark = text.skip_blank(day.end);
        // 本月28晚上
        let is_plain = text.is_border(day.end) && !is_figure_going_on(text, day.end) || half_or_weekday(scan, mark);
        let end = text.after_any(mark, &DAY_MARKS).or(is_plain.then_some(day.end))?;
        let count = i32::try_from(scan.today.month0()).ok()? + months;
        let year = scan.today.year().checked_add(count.div_euclid(12))?;
        let month = u32::try_from(count.rem_euclid(12)).ok()? + 1;
        return Some((dated(Some(year), month, day.value), end));
    }
    let month = scan.number(at).filter(|number| number.length <= 2)?;
    let start = text.after(text.skip_blank(month.end), "月")?;
    let start = text.skip_blank(text.after(start, "的").unwrap_or(start));
    let day = text.number(start, true).filter(|number| number.value < 100)?;
    let mark = text.skip_blank(day.end);
    let end = match text.after_any(mark, &DAY_MARKS) {
        Some(end) => end,
        // 十月31, 12月1晚上
        None => (day.value <= 31
            && (text.is_border(day.end) && !is_figure_going_on(text, day.end) || half_or_weekday(scan, mark)))
        .then_some(day.end)?,
    };
    Some((dated(None, month.value, day.value), end))
}

fn named_month(text: Text<'_>, at: usize) -> Read<i32> {
    const NAMED: [(&str, i32); 7] = [("这", 0), ("本", 0), ("今", 0), ("下下", 2), ("下", 1), ("上", -1), ("当", 0)];
    let (months, end) = text.look_up(at, &NAMED)?;
    let end = text.after_any(end, &["个"]).unwrap_or(end);
    let end = text.after(end, "月")?;
    Some((months, text.after(end, "的").unwrap_or(end)))
}

fn half_or_weekday(scan: &Scan<'_>, at: usize) -> bool {
    scan.text.is_at(at, &['晚', '早']) || half_day::read(scan, at).is_some() || weekday_in_chinese(scan, at).is_some()
}

/// 20261201.
fn compact(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    if !text.is_border_before(at) || !text.is_border(at + 8) {
        return None;
    }
    let figures = |range: std::ops::Range<usize>| {
        range.into_iter().try_fold(0, |value, at| Some(value * 10 + text.get(at)?.to_digit(10)?))
    };
    let (year, month, day) = (figures(at..at + 4)?, figures(at + 4..at + 6)?, figures(at + 6..at + 8)?);
    let is_date = (1950..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then_some((dated(Some(i32::try_from(year).ok()?), month, day), at + 8))
}

/// The first of two days that share their month: 13 to 15 July, 23rd to 26th Oct.
pub(super) fn shared_month(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    let behind_ordinal = |end| text.after_any(end, &["st", "nd", "rd", "th"]).unwrap_or(end);
    let first = scan.number(at).filter(|number| number.is_digits && (1..=31).contains(&number.value))?;
    let end = behind_ordinal(first.end);
    let last = text.number(clock::after_connector(text, end)?, true)?;
    let name = text.skip_blank(behind_ordinal(last.end));
    let (month, _) = text.look_up(text.after(name, "of ").unwrap_or(name), &MONTHS)?;
    Some((dated(None, month, first.value), end))
}

/// A fraction or another part of a longer figure follows.
fn is_figure_going_on(text: Text<'_>, at: usize) -> bool {
    text.is_at(at, &['.', '/', ':', '%']) && text.get(at + 1).is_some_and(|c| c.is_ascii_digit())
        || text.is_at(at, &['%', '℃', '°'])
}

/// What follows 3号 where it numbers a place or a person, and 3日 where it counts days.
const NUMBERED: [char; 44] = [
    '楼', '房', '线', '门', '院', '单', '栋', '幢', '座', '室', '桌', '车', '库', '厅', '店', '铺', '场', '馆', '机',
    '位', '柜', '箱', '井', '梯', '地', '球', '选', '码', '路', '树', '窗', '牌', '口', '锤', '钳', '扳', '床', '桶',
    '坑', '签', '标', '衣', '鞋', '针',
];
const ROOMS: [&str; 16] = [
    "活动室",
    "会议室",
    "教室",
    "愿望",
    "心愿",
    "公告",
    "电池",
    "商",
    "订单",
    "快递",
    "信箱",
    "包间",
    "包厢",
    "仓",
    "展位",
    "摊",
];
const COUNTED_DAYS: [&str; 10] = ["游", "内", "语", "租", "间", "元", "用", "之内", "以内", "后"];

/// Characters before 3号 where it is an address: 人民路3号, 2栋3号.
const ADDRESS: [char; 25] = [
    '第', '路', '街', '巷', '弄', '道', '楼', '栋', '幢', '座', '元', '室', '村', '园', '区', '#', '排', '门', '梯',
    '桌', '桩', '机', '柜', '泵', '井',
];

/// 3号, 二十八号, 29日.
fn day_of_month(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    let number = scan.number(at).filter(|number| (1..=31).contains(&number.value) && number.length <= 3)?;
    let end = text.after_any(text.skip_blank(number.end), &DAY_MARKS)?;
    let is_day_mark = text.previous(end) == Some('日');
    // 三日 are three days, 十五日 is a date.
    let is_days =
        is_day_mark && (!number.is_digits && number.length < 2 || text.after_any(end, &COUNTED_DAYS).is_some());
    let leads_to_place = text.is_at(end, &NUMBERED) || text.after_any(end, &ROOMS).is_some();
    let begin = text.skip_blank_back(at);
    // 10月1号到3号楼下免费停车
    let ends_range = scan.tokens.last().is_some_and(|token| {
        matches!(token.what, What::Day(Day { said: Said::Date { month: Some(_), .. }, .. }))
            && clock::after_connector(text, token.range.end) == Some(at)
    });
    let leads_to_place = leads_to_place && !(ends_range && text.after(end, "楼下").is_some());
    let is_address = text.previous(begin).is_some_and(|c| ADDRESS.contains(&c))
        || text.before_any(begin, &["no", "no.", "№", "-", "/"]).is_some_and(|mark| scan.token_before(mark).is_none());
    // 充电桩1号2号
    let goes_on = text.previous(begin) == Some('号') && scan.token_before(at).is_none();
    // 3号楼 after 周六 is still a building.
    (!goes_on && !is_days && !leads_to_place && !is_address)
        .then_some((plain(Said::Date { year: None, month: None, day: number.value }), end))
}

/// 12/1, 12/1/2026 and 12.1: numbers as well, so what stands around must make them a date.
fn with_stroke_or_dot(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    let month = scan.number(at).filter(|number| number.is_digits && (1..=12).contains(&number.value))?;
    let mark = text.get(month.end).filter(|c| matches!(c, '/' | '.' | '-'))?;
    let day = figures(text, month.end + 1).filter(|number| (1..=31).contains(&number.value))?;
    // 3/20-3/22
    let is_last =
        text.previous(at) == Some('-') && at.checked_sub(1).is_some_and(|mark| scan.token_before(mark).is_some());
    let is_inside = !is_last && text.previous(at).is_some_and(|c| matches!(c, '/' | '.' | ':' | '-' | '¥' | '$'));
    if month.length > 2 || is_inside {
        return None;
    }
    // 1/17/2026
    if let Some(year) = text.after(day.end, "/").and_then(|at| text.number(at, true)).filter(|year| year.length == 4) {
        return Some((dated(Some(i32::try_from(year.value).ok()?), month.value, day.value), year.end));
    }
    if is_figure_going_on(text, day.end) || text.get(day.end) == Some('-') {
        return None;
    }
    let next = text.skip_blank(day.end);
    let in_bracket = text.after(next, "(").map_or(next, |inside| text.skip_blank(inside));
    let is_dated = clock::clock(scan, next).is_some()
        || half_day::read(scan, next).is_some()
        || text.is_at(next, &['晚', '早']) && !text.is_at(next + 1, &['饭', '餐', '点'])
        || weekday_in_chinese(scan, in_bracket).is_some()
        || weekday_in_english(scan, in_bracket).is_some();
    // 09-01 20:01
    if mark == '-' {
        let is_stamp = month.length == 2 && day.length == 2 && text.is_border_before(at);
        return (is_stamp && clock::clock(scan, next).is_some())
            .then_some((dated(None, month.value, day.value), day.end));
    }
    let stands_alone = text.is_border_before(at) && text.is_border(day.end) && !is_quantity(text, mark, month, day);
    (is_dated || stands_alone).then_some((dated(None, month.value, day.value), day.end))
}

/// 1/2 is a half, 2.5 公里 a distance.
fn is_quantity(text: Text<'_>, mark: char, month: Number, day: Number) -> bool {
    const UNITS: [&str; 30] = [
        "元", "块", "公里", "千米", "里", "米", "斤", "公斤", "克", "折", "万", "小时", "个", "人", "度", "分", "倍",
        "升", "吨", "平", "号", "km", "kg", "m", "yuan", "rmb", "hours", "hour", "h", "am",
    ];
    let is_fraction = mark == '/' && month.value < day.value && day.value <= 5 && !day.is_padded();
    is_fraction || text.after_any(text.skip_blank(day.end), &UNITS).is_some() || text.is_at(day.end, &['%', '℃', '°'])
}

// Dates in English.

pub(super) const MONTHS: [(&str, u32); 24] = [
    ("january", 1),
    ("jan", 1),
    ("february", 2),
    ("feb", 2),
    ("march", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dec", 12),
];

/// Dec 1, Dec. 1st, December 1, 2026.
fn month_in_english(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    let (month, end) = text.look_up(at, &MONTHS)?;
    let end = text.after(end, ".").unwrap_or(end);
    let start = text.skip_blank(end);
    let start = text.after(start, "the ").unwrap_or(start);
    let number = figures(text, start).filter(|number| (1..=31).contains(&number.value))?;
    let end = text.after_any(number.end, &["st", "nd", "rd", "th"]).unwrap_or(number.end);
    // "may 3pm", "march 7:30", "may 3 people come"
    let is_other = !text.is_border(end)
        || is_figure_going_on(text, end)
        || text.after_any(text.skip_blank(end), &["am", "pm", "a.m", "p.m", "people", "of"]).is_some();
    if is_other {
        return None;
    }
    Some(with_year(text, month, number.value, end))
}

/// 1 December, 1st of Dec.
fn day_then_month_in_english(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    const ORDINALS: [(&str, u32); 3] = [("first", 1), ("second", 2), ("third", 3)];
    let (day, end, is_ordinal) = match text.look_up(at, &ORDINALS) {
        // "first may I ask"
        Some((day, end)) if text.after(end, " of ").is_some() => (day, end, true),
        _ => {
            let number = scan.number(at).filter(|number| number.is_digits && (1..=31).contains(&number.value))?;
            let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|suffix| text.after(number.end, suffix));
            (number.value, ordinal.unwrap_or(number.end), ordinal.is_some())
        }
    };
    let after_of = text.after(end, " of ");
    let start = after_of.unwrap_or(text.skip_blank(end));
    let named = text.look_up(start, &MONTHS);
    let Some((month, end)) = named else {
        // Tuesday the 19th
        let is_after_weekday = text.before(at, " the ").is_some_and(|before| {
            scan.tokens.last().is_some_and(|token| {
                token.range.end == before && matches!(token.what, What::Day(Day { said: Said::Weekday { .. }, .. }))
            })
        });
        // Aug 27th - 29th; due on the 28th
        let is_last = scan.tokens.last().is_some_and(|token| {
            matches!(token.what, What::Day(Day { said: Said::Date { .. }, .. }))
                && clock::after_connector(text, token.range.end) == Some(at)
        });
        let is_after_weekday = is_after_weekday || is_last || text.before_any(at, &["on the ", "by the "]).is_some();
        return (is_after_weekday && is_ordinal).then_some((plain(Said::Date { year: None, month: None, day }), end));
    };
    // "3 may come"
    let is_verb = month == 5
        && !is_ordinal
        && after_of.is_none()
        && text.get(text.skip_blank(end)).is_some_and(char::is_alphabetic);
    (!is_verb).then_some(with_year(text, month, day, text.after(end, ".").unwrap_or(end)))
}

/// The date with the year that follows it, if one does.
fn with_year(text: Text<'_>, month: u32, day: u32, end: usize) -> (Day, usize) {
    let start = text.skip_blank(text.after(end, ",").unwrap_or(end));
    let year = text
        .number(start, true)
        .filter(|number| number.is_digits && number.length == 4 && (1900..2200).contains(&number.value))
        .filter(|number| start > end && text.is_border(number.end) && !is_figure_going_on(text, number.end));
    match year.and_then(|number| Some((i32::try_from(number.value).ok()?, number.end))) {
        Some((year, end)) => (dated(Some(year), month, day), end),
        None => (dated(None, month, day), end),
    }
}
