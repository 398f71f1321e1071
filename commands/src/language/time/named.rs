//! Days that have a name: lunar dates (农历八月十五, 正月初五, 大年三十), festivals and memorial days (中秋, 母亲节, Christmas Eve), solar terms
//! (冬至), and the days off around holidays (国庆假期最后一天, 节后第一个工作日). Readers say what was said; which date that is stands here
//! too.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{
    HalfDay, almanac, clock,
    day::{WEEK, chinese_weekday},
    ordinal::{self, nth_weekday},
    text::{Leads, Text, numeral},
    token::{Day, Read, Said, Scan},
};

/// A year as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Year {
    /// It wasn't: the next such day.
    Next,
    /// 2026年, 26年.
    Is(i32),
    /// 明年: so many from this one.
    FromNow(i32),
}

impl Year {
    /// As a number; of a year that wasn't said, this one's.
    pub fn from(self, this_year: i32) -> Option<i32> {
        match self {
            Self::Next => Some(this_year),
            Self::Is(year) => Some(year),
            Self::FromNow(years) => this_year.checked_add(years),
        }
    }
}

/// A day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Of the solar calendar.
    Solar(u32, u32),
    /// The second Sunday of May: month, which, weekday.
    Floating(u32, i32, Weekday),
    /// Of the lunar calendar: month, day; whether of its leap month.
    Lunar(u32, u32, bool),
    /// A solar term, from 小寒 (0).
    Term(usize),
    /// A day of any lunar month (初八), or whichever of two comes first (初一十五).
    LunarDay {
        /// The day.
        day: u32,
        /// The other of two.
        other: Option<u32>,
        /// So many lunar months from this one, where that was said (下个月初八).
        months: Option<u8>,
    },
}

/// Which of the days off are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysOff {
    /// All of them.
    All,
    /// The third; from the end if below 0.
    Nth(i32),
    /// From one to another, each as above.
    FromTo(i32, i32),
    /// So many days before the first of them.
    Before(u8),
    /// The first workday behind them, or the second.
    WorkdayAfter(u8),
    /// The last workday before them.
    WorkdayBefore(u8),
    /// The first such day of the week behind them, or the second.
    WeekdayAfter(u8, Weekday),
    /// The last such day of the week before them.
    WeekdayBefore(Weekday),
    /// The day that is worked to make up for them, perhaps a day of the week that was said with it.
    MadeUp(Side, Option<Weekday>),
}

/// On which side of the days off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It wasn't said: on the one that comes next.
    Either,
    /// Before them.
    Before,
    /// Behind them.
    After,
}

impl Named {
    /// The date in a solar year. Lunar dates of the last month belong to the year that is just ending: 今年除夕, said in January.
    fn in_year(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Solar(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Self::Floating(month, nth, weekday) => nth_weekday(year, Some(month), nth, weekday),
            Self::Lunar(month, day, is_leap) => almanac::date_of_lunar(year, month, is_leap, day),
            Self::Term(term) => almanac::date_of_term(year, term),
            Self::LunarDay { .. } => None,
        }
    }

    /// The date of a day that isn't of every year but of every lunar month; the 30th of a month of 29 days is its last.
    fn in_months(self, today: NaiveDate) -> Option<NaiveDate> {
        let Self::LunarDay { day, other, months } = self else { return None };
        let in_month = |(first, length): (NaiveDate, u32), day: u32| first + Days::new(u64::from(day.min(length)) - 1);
        match months {
            Some(months) => almanac::lunar_months(today).nth(months.into()).map(|month| in_month(month, day)),
            None => almanac::lunar_months(today)
                .flat_map(|month| std::iter::once(day).chain(other).map(move |day| in_month(month, day)))
                .find(|date| *date >= today),
        }
    }

    /// The next date of a day that comes every month, unless the month was said.
    pub fn next_after(self, date: NaiveDate) -> Option<NaiveDate> {
        if !matches!(self, Self::LunarDay { months: None, .. }) {
            return None;
        }
        self.in_months(date.succ_opt()?)
    }

    /// The date that was meant.
    pub fn date_of(self, year: Year, shift: i32, today: NaiveDate) -> Option<NaiveDate> {
        let shifted = |date: NaiveDate| {
            let days = Days::new(u64::from(shift.unsigned_abs()));
            if shift < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) }
        };
        let is_at_year_end = matches!(self, Self::Lunar(almanac::LAST_MONTH, ..));
        if let Self::LunarDay { .. } = self {
            return self.in_months(today);
        }
        match year {
            Year::Next => {
                // A leap month comes every few years.
                const YEARS: i32 = 20;
                let dates = (-1..=YEARS).filter_map(|years| shifted(self.in_year(today.year().checked_add(years)?)?));
                dates.into_iter().find(|date| *date >= today)
            }
            Year::FromNow(years) if is_at_year_end => {
                shifted(self.in_year(almanac::lunar_year(today).checked_add(years)?)?)
            }
            year => shifted(self.in_year(year.from(today.year())?)?),
        }
    }
}

/// Workdays and days of the week around a holiday are looked for within so many days.
const AROUND_MAX: usize = 40;

/// One of the days off; from the end if below 0.
fn nth_of(off: &RangeInclusive<NaiveDate>, nth: i32) -> Option<NaiveDate> {
    let days = Days::new(u64::from(nth.unsigned_abs().checked_sub(1)?));
    if nth < 0 { off.end().checked_sub_days(days) } else { off.start().checked_add_days(days) }
}

/// The days off that were meant, from the first to the last.
pub fn days_off(name: Option<&str>, year: Year, which: DaysOff, today: NaiveDate) -> Option<RangeInclusive<NaiveDate>> {
    let names = name.as_ref().map_or(HOLIDAYS.as_slice(), std::slice::from_ref);
    let years = match year {
        Year::Next => -1..=1,
        Year::Is(year) => (year - today.year())..=(year - today.year()),
        Year::FromNow(years) => years..=years,
    };
    let meant = |name: &str, years: i32| {
        let of_year = today.year().checked_add(years)?;
        let off = almanac::days_off(name, of_year)?;
        let (first, last) = (*off.start(), *off.end());
        let one = |date: Option<NaiveDate>| date.map(|date| date..=date);
        match which {
            DaysOff::All => Some(off),
            DaysOff::Nth(nth) => one(nth_of(&off, nth)),
            DaysOff::FromTo(begin, end) => {
                Some(nth_of(&off, begin)?..=nth_of(&off, end)?).filter(|days| !days.is_empty())
            }
            DaysOff::Before(days) => one(first.checked_sub_days(Days::new(u64::from(days)))),
            DaysOff::WorkdayAfter(nth) => {
                let mut days = last.iter_days().skip(1).take(AROUND_MAX).filter(|date| almanac::is_workday(*date));
                one(days.nth(usize::from(nth.checked_sub(1)?)))
            }
            DaysOff::WorkdayBefore(nth) => {
                let mut days =
                    first.iter_days().rev().skip(1).take(AROUND_MAX).filter(|date| almanac::is_workday(*date));
                one(days.nth(usize::from(nth.checked_sub(1)?)))
            }
            DaysOff::WeekdayAfter(nth, weekday) => {
                let mut days = last.iter_days().skip(1).take(AROUND_MAX).filter(|date| date.weekday() == weekday);
                one(days.nth(usize::from(nth.checked_sub(1)?)))
            }
            DaysOff::WeekdayBefore(weekday) => {
                one(first.iter_days().rev().skip(1).take(AROUND_MAX).find(|date| date.weekday() == weekday))
            }
            DaysOff::MadeUp(side, weekday) => {
                let on_side = |date: &NaiveDate| match side {
                    Side::Either => true,
                    Side::Before => *date < first,
                    Side::After => *date > last,
                };
                let days: Vec<NaiveDate> = almanac::made_up_for(name, of_year)
                    .filter(on_side)
                    .filter(|date| weekday.is_none_or(|weekday| date.weekday() == weekday))
                    .collect();
                one(days.iter().find(|date| **date >= today).or_else(|| days.last()).copied())
            }
        }
    };
    let all = names.iter().flat_map(|name| years.clone().filter_map(move |years| meant(name, years)));
    // Behind a holiday is behind the one that just was or is: said in the middle of it, it comes next.
    let to_come = all.filter(|days| year != Year::Next || *days.end() >= today);
    to_come.min_by_key(|days| *days.start())
}

/// Holidays with days off, as the State Council names them, without 节.
const HOLIDAYS: [&str; 7] = ["元旦", "春", "清明", "劳动", "端午", "中秋", "国庆"];

/// The days of the new year that are named by their number alone, and for how long before them that is understood.
const NEW_YEAR_DAYS: u32 = 10;
/// 初一 to 初三 are forms of a school as well.
const SCHOOL_FORMS: u32 = 3;
const NEW_YEAR_WITHIN: i64 = 60;

/// No holiday has more days off.
const DAYS_OFF_MAX: u32 = 10;

/// How residents name them. Longer words first.
const DAYS_OFF: [(&str, &str); 17] = [
    ("国庆中秋", "国庆"),
    ("中秋国庆", "国庆"),
    ("国庆节", "国庆"),
    ("国庆", "国庆"),
    ("十一", "国庆"),
    ("元旦节", "元旦"),
    ("元旦", "元旦"),
    ("春节", "春"),
    ("清明节", "清明"),
    ("清明", "清明"),
    ("劳动节", "劳动"),
    ("五一", "劳动"),
    ("端午节", "端午"),
    ("端午", "端午"),
    ("中秋节", "中秋"),
    ("中秋", "中秋"),
    ("过年", "春"),
];

use Weekday::{Sun, Thu};

/// Names of days. Longer words first.
const NAMES: [(&str, Named); 103] = [
    ("阳历新年", Named::Solar(1, 1)),
    ("公历新年", Named::Solar(1, 1)),
    ("元旦节", Named::Solar(1, 1)),
    ("元旦", Named::Solar(1, 1)),
    ("情人节", Named::Solar(2, 14)),
    ("女生节", Named::Solar(3, 7)),
    ("三八妇女节", Named::Solar(3, 8)),
    ("三八节", Named::Solar(3, 8)),
    ("妇女节", Named::Solar(3, 8)),
    ("女神节", Named::Solar(3, 8)),
    ("植树节", Named::Solar(3, 12)),
    ("国际消费者权益日", Named::Solar(3, 15)),
    ("消费者权益日", Named::Solar(3, 15)),
    ("愚人节", Named::Solar(4, 1)),
    ("五一劳动节", Named::Solar(5, 1)),
    ("五一国际劳动节", Named::Solar(5, 1)),
    ("劳动节", Named::Solar(5, 1)),
    ("五一节", Named::Solar(5, 1)),
    ("五一", Named::Solar(5, 1)),
    ("五四青年节", Named::Solar(5, 4)),
    ("青年节", Named::Solar(5, 4)),
    ("五四", Named::Solar(5, 4)),
    ("护士节", Named::Solar(5, 12)),
    ("六一儿童节", Named::Solar(6, 1)),
    ("六一国际儿童节", Named::Solar(6, 1)),
    ("儿童节", Named::Solar(6, 1)),
    ("六一", Named::Solar(6, 1)),
    ("七一建党节", Named::Solar(7, 1)),
    ("建党节", Named::Solar(7, 1)),
    ("七一", Named::Solar(7, 1)),
    ("八一建军节", Named::Solar(8, 1)),
    ("建军节", Named::Solar(8, 1)),
    ("八一", Named::Solar(8, 1)),
    ("教师节", Named::Solar(9, 10)),
    ("十一国庆节", Named::Solar(10, 1)),
    ("十一国庆", Named::Solar(10, 1)),
    ("国庆节", Named::Solar(10, 1)),
    ("国庆", Named::Solar(10, 1)),
    ("万圣节", Named::Solar(10, 31)),
    ("万圣夜", Named::Solar(10, 31)),
    ("光棍节", Named::Solar(11, 11)),
    ("双十一", Named::Solar(11, 11)),
    ("双11", Named::Solar(11, 11)),
    ("双十二", Named::Solar(12, 12)),
    ("双12", Named::Solar(12, 12)),
    ("平安夜", Named::Solar(12, 24)),
    ("圣诞夜", Named::Solar(12, 24)),
    ("圣诞节", Named::Solar(12, 25)),
    ("圣诞", Named::Solar(12, 25)),
    ("跨年夜", Named::Solar(12, 31)),
    ("跨年", Named::Solar(12, 31)),
    ("母亲节", Named::Floating(5, 2, Sun)),
    ("父亲节", Named::Floating(6, 3, Sun)),
    ("感恩节", Named::Floating(11, 4, Thu)),
    ("农历新年", Named::Lunar(1, 1, false)),
    ("春节", Named::Lunar(1, 1, false)),
    ("新春", Named::Lunar(1, 1, false)),
    ("元宵节", Named::Lunar(1, 15, false)),
    ("上元节", Named::Lunar(1, 15, false)),
    ("元宵", Named::Lunar(1, 15, false)),
    ("龙抬头", Named::Lunar(2, 2, false)),
    ("端午节", Named::Lunar(5, 5, false)),
    ("端午", Named::Lunar(5, 5, false)),
    ("七夕节", Named::Lunar(7, 7, false)),
    ("七夕", Named::Lunar(7, 7, false)),
    ("中元节", Named::Lunar(7, 15, false)),
    ("鬼节", Named::Lunar(7, 15, false)),
    ("中秋节", Named::Lunar(8, 15, false)),
    ("中秋", Named::Lunar(8, 15, false)),
    ("重阳节", Named::Lunar(9, 9, false)),
    ("重阳", Named::Lunar(9, 9, false)),
    ("腊八节", Named::Lunar(12, 8, false)),
    ("腊八", Named::Lunar(12, 8, false)),
    ("小年夜", Named::Lunar(12, 23, false)),
    ("小年", Named::Lunar(12, 23, false)),
    ("大年三十", Named::Lunar(12, almanac::LAST_DAY, false)),
    ("年三十", Named::Lunar(12, almanac::LAST_DAY, false)),
    ("大年夜", Named::Lunar(12, almanac::LAST_DAY, false)),
    ("除夕夜", Named::Lunar(12, almanac::LAST_DAY, false)),
    ("除夕", Named::Lunar(12, almanac::LAST_DAY, false)),
    ("new year's eve", Named::Solar(12, 31)),
    ("new years eve", Named::Solar(12, 31)),
    ("new year's day", Named::Solar(1, 1)),
    ("valentine's day", Named::Solar(2, 14)),
    ("valentine day", Named::Solar(2, 14)),
    ("women's day", Named::Solar(3, 8)),
    ("labour day", Named::Solar(5, 1)),
    ("labor day", Named::Solar(5, 1)),
    ("may day", Named::Solar(5, 1)),
    ("children's day", Named::Solar(6, 1)),
    ("national day", Named::Solar(10, 1)),
    ("halloween", Named::Solar(10, 31)),
    ("christmas eve", Named::Solar(12, 24)),
    ("christmas", Named::Solar(12, 25)),
    ("xmas", Named::Solar(12, 25)),
    ("mother's day", Named::Floating(5, 2, Sun)),
    ("father's day", Named::Floating(6, 3, Sun)),
    ("thanksgiving", Named::Floating(11, 4, Thu)),
    ("chinese new year", Named::Lunar(1, 1, false)),
    ("spring festival", Named::Lunar(1, 1, false)),
    ("lantern festival", Named::Lunar(1, 15, false)),
    ("dragon boat festival", Named::Lunar(5, 5, false)),
    ("mid-autumn festival", Named::Lunar(8, 15, false)),
];

/// The solar terms, from 小寒 on.
const TERMS: [&str; 24] = [
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑", "大暑",
    "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
];
/// Those that are weather, or somebody's name, unless something says that a day is meant.
const WEATHER: [&str; 6] = ["大雪", "小雪", "雨水", "小满", "白露", "大寒"];

/// What follows a name where it isn't the day but something of it: 中秋月饼, 圣诞树, 五一路.
const THINGS: [&str; 39] = [
    "大道",
    "哥",
    "姐",
    "叔",
    "妈",
    "月饼",
    "礼盒",
    "礼品",
    "福利",
    "树",
    "老人",
    "老公公",
    "帽",
    "歌",
    "卡",
    "袜",
    "路",
    "街",
    "广场",
    "小学",
    "中学",
    "村",
    "单元",
    "图",
    "饭",
    "点",
    "号",
    "折",
    "服",
    "货",
    "大促",
    "妆",
    "纸",
    "果",
    "糖",
    "券",
    "买的",
    "轻",
    "级",
];

/// Characters with which a day that has a name begins, a year before it apart.
pub const LEADS: Leads = Leads::of(
    "一三五六七八十万下上每逢中元光公农冬初劳双国圣处大女妇小寒平年建得情惊感愚护放教新旧春最期芒植正母消清父白秋立端节补要需调谷跨过这那重长闰阳阴除雨霜青鬼黄龙假休儿腊夏cdfhlmnstvwx",
);

/// Reads a day that has a name.
pub fn read(scan: &Scan<'_>, at: usize) -> Read<Day> {
    let text = scan.text;
    let (year, start) = year(scan, at).unwrap_or((Year::Next, at));
    if let Some(((said, half), end)) = read_days_off(text, start, year) {
        return Some((Day { said, half }, end));
    }
    let is_after_year = start > at;
    if let Some(((day, _), end)) = new_year_alone(scan, at) {
        let named = Named::Lunar(1, day, false);
        return Some((Day { said: Said::Named { named, year: Year::Next, shift: 0 }, half: None }, end));
    }
    if let Some((named, end)) = lunar_day(text, at) {
        return Some((Day { said: Said::Named { named, year: Year::Next, shift: 0 }, half: None }, end));
    }
    let ((named, inside), end) =
        lunar(text, start, is_after_year).or_else(|| name(text, start)).or_else(|| term(text, start, is_after_year))?;
    // 跨年夜十点
    let night = (text.previous(end) == Some('夜')).then_some(HalfDay::Evening);
    // 国庆头一天 is the first of several, 中秋头一天 the day before.
    let is_first = text.after_any(end, &["头一天", "头天"]).filter(|_| said_of_several(named));
    let (shift, half, end) = is_first.map_or_else(|| shifted(text, end), |end| (0, None, end));
    let half = half.or(night);
    Some((Day { said: Said::Named { named, year: inside.unwrap_or(year), shift }, half }, end))
}

/// The day begins several days off: 国庆, 五一, 春节.
fn said_of_several(named: Named) -> bool {
    matches!(named, Named::Solar(5 | 10, 1) | Named::Lunar(1, 1, _))
}

/// A day, and the year if it stands in the middle: 农历2026年八月十五.
type NamedOf = (Named, Option<Year>);

/// 今年, 2026年的, 二〇二六年.
pub fn year(scan: &Scan<'_>, at: usize) -> Read<Year> {
    const FROM_NOW: [(&str, i32); 8] =
        [("今年", 0), ("本年", 0), ("明年", 1), ("后年", 2), ("大前年", -3), ("前年", -2), ("去年", -1), ("上年", -1)];
    let text = scan.text;
    let (year, end) = match text.look_up(at, &FROM_NOW) {
        Some((years, end)) => (Year::FromNow(years), end),
        None => {
            let number = text.year_in_numerals(at).or_else(|| scan.number(at))?;
            let end = text.after(text.skip_blank(number.end), "年")?;
            let century = match number.length {
                2 if number.is_digits => 2000,
                4 => 0,
                _ => return None,
            };
            (Year::Is(i32::try_from(number.value).ok()? + century), end)
        }
    };
    let end = text.skip_blank(end);
    Some((year, text.after(end, "的").unwrap_or(end)))
}

/// A day that has the same name on the same date of every year.
pub fn solar(text: Text<'_>, at: usize) -> Read<(u32, u32)> {
    match name(text, at)? {
        ((Named::Solar(month, day), _), end) => Some(((month, day), end)),
        _ => None,
    }
}

fn name(text: Text<'_>, at: usize) -> Read<NamedOf> {
    let (named, end) = text.look_up(at, &NAMES)?;
    // "day" may follow a name that does without it.
    let end = text.after(end, " day").unwrap_or(end);
    let is_thing = text.after_any(end, &THINGS).is_some();
    let before = |words: &[&str]| text.before_any(at, words).is_some();
    // 吃元宵, 三八一十, 十五一
    let is_other = match text.get(at) {
        Some('元') if text.is_at(at + 1, &['宵']) => before(&["吃", "煮", "包", "送", "做", "搓", "汤", "炸", "摇"]),
        Some('五' | '六' | '七' | '八') if end == at + 2 => {
            text.previous(at).is_some_and(|c| {
                c.is_alphanumeric()
                    && (c.is_ascii_digit()
                        || matches!(c, '十' | '一'..='九' | '第' | '周' | '期' | '拜' | '块' | '毛' | '元' | '点'))
            }) || text.is_at(
                end,
                &[
                    '十', '百', '千', '万', '个', '起', '次', '点', '层', '楼', '栋', '元', '半', '些', '样', '直',
                    '共', '定', '边',
                ],
            )
        }
        _ => false,
    };
    (!is_thing && !is_other).then_some(((named, None), end))
}

fn term(text: Text<'_>, at: usize, is_after_year: bool) -> Read<NamedOf> {
    let end = text.after_any(at, &TERMS)?;
    let (term, word) = TERMS.iter().enumerate().find(|(_, word)| text.after(at, word) == Some(end))?;
    let said_as_day = is_after_year
        || text.after_any(end, &["那天", "当天", "那日", "当日", "这天", "节气", "当晚"]).is_some()
        || text.after_any(end, &["晚上", "早上", "上午", "下午", "中午"]).is_some();
    let is_thing = text.after_any(end, &THINGS).is_some();
    ((said_as_day || !WEATHER.contains(word)) && !is_thing)
        .then_some(((Named::Term(term), None), text.after_any(end, &["节气", "节"]).unwrap_or(end)))
}

/// 农历闰六月十五, 正月初五, 腊月廿八, 大年初二, 八月十五 (without 日 or 号).
fn lunar(text: Text<'_>, at: usize, is_after_year: bool) -> Read<NamedOf> {
    let led = text.after_any(at, &["农历", "阴历", "旧历"]);
    let start = text.skip_blank(led.unwrap_or(at));
    // 农历2015年十月初一
    let (year, start) =
        match text.year_in_numerals(start).or_else(|| text.number(start, true).filter(|year| year.length == 4)) {
            Some(number) if led.is_some() => match text.after(number.end, "年") {
                Some(end) => (Some(Year::Is(i32::try_from(number.value).ok()?)), end),
                None => (None, start),
            },
            _ => (None, start),
        };
    if let Some(after) = text.after_any(start, &["大年", "年初", "正月", "春节初", "新年初", "过年初"]) {
        let day = if text.previous(after) == Some('初') { after } else { text.after(after, "初").unwrap_or(after) };
        if let Some(day) = text.number(day, true).filter(|day| (1..=30).contains(&day.value)) {
            let is_new_year = text.is_at(start, &['正']) || day.value <= 15;
            return is_new_year.then_some(((Named::Lunar(1, day.value, false), year), without_mark(text, day.end)));
        }
        return None;
    }
    let leap = text.after(start, "闰");
    let begin = leap.unwrap_or(start);
    let (month, end) = match text.look_up(begin, &[("腊月", 12), ("冬月", 11)]) {
        Some((month, end)) => (month, end),
        None => {
            let month = text.number(begin, true).filter(|month| (1..=12).contains(&month.value))?;
            (month.value, text.after(month.end, "月")?)
        }
    };
    let named_month = text.is_at(begin, &['腊', '冬']);
    let initial = text.after(end, "初");
    let day = text.number(initial.unwrap_or(end), true).filter(|day| (1..=30).contains(&day.value))?;
    // 八月十五 and 九月九 as festivals: numerals, and no 日 or 号 behind.
    let has_mark = text.is_at(day.end, &['日', '号']);
    let is_plainly_lunar = led.is_some()
        || leap.is_some()
        || named_month
        || initial.is_some()
        || text.is_at(end, &['廿', '卅']) && !has_mark;
    let is_festival = !day.is_digits
        && !has_mark
        && matches!((month, day.value), (8, 15) | (9, 9) | (7, 7) | (2, 2) | (5, 5) | (7, 15) | (12, 8));
    let is_said =
        is_plainly_lunar || is_festival && (is_after_year || !text.previous(at).is_some_and(|c| c.is_ascii_digit()));
    is_said.then_some(((Named::Lunar(month, day.value, leap.is_some()), year), without_mark(text, day.end)))
}

/// 初五 as people say it around the new year: before a time, and not as the name of a school form.
fn new_year_alone(scan: &Scan<'_>, at: usize) -> Read<(u32, NaiveDate)> {
    let text = scan.text;
    // 升初一, 娃初一 go to school.
    let start = text.after(at, "初").filter(|_| {
        !text
            .previous(at)
            .is_some_and(|c| matches!(c, '升' | '读' | '上' | '念' | '娃' | '子' | '女' | '儿' | '孩' | '月' | '年'))
    })?;
    let day = text.number(start, true).filter(|day| !day.is_digits && (1..=NEW_YEAR_DAYS).contains(&day.value))?;
    const TIME: [&str; 14] =
        ["早", "上午", "中午", "下午", "晚", "傍晚", "凌晨", "那天", "当天", "一早", "开始", "起", "到", "至"];
    text.after_any(day.end, &TIME)?;
    let date = Named::Lunar(1, day.value, false).date_of(Year::Next, 0, scan.today)?;
    ((date - scan.today).num_days() <= NEW_YEAR_WITHIN).then_some(((day.value, date), day.end))
}

/// A day of any lunar month: 农历初一, 每逢初一十五, 下个月初八, 初八晚上. Schools count their forms 初一 to 初三, so these alone are no day.
fn lunar_day(text: Text<'_>, at: usize) -> Read<Named> {
    const LEADS: [&str; 6] = ["每个月", "每月", "每逢", "农历", "阴历", "逢"];
    /// 农历每月: one may stand behind the other.
    const LEADS_MAX: usize = 2;
    const MONTHS: [(&str, u8); 6] =
        [("这个月", 0), ("本月", 0), ("这月", 0), ("下个月", 1), ("下月", 1), ("下下个月", 2)];
    let calendar = text.after_any(at, &["农历", "阴历", "旧历"]);
    let begin = calendar.unwrap_or(at);
    let (months, begin) = text.look_up(begin, &MONTHS).map_or((None, begin), |(months, end)| (Some(months), end));
    let mut start = text.after(begin, "的").filter(|_| months.is_some()).unwrap_or(begin);
    let mut is_led = calendar.is_some() || months.is_some();
    // 农历每月初一, 每逢农历十五
    for _ in 0..LEADS_MAX {
        let Some(end) = text.after_any(start, &LEADS) else { break };
        (start, is_led) = (end, true);
    }
    let is_initial = text.after(start, "初");
    let figure = is_initial.unwrap_or(start);
    let (day, end) = numeral_of_day(text, figure, is_initial.is_some())?;
    // 每月十五 is the month of the wall calendar.
    if is_initial.is_none() && calendar.is_none() {
        return None;
    }
    let next = text.after_any(end, &["、", "和", "跟", "与", "或", "或者"]).unwrap_or(end);
    let other =
        text.after(next, "初").or(Some(next)).and_then(|at| numeral_of_day(text, at, text.previous(at) == Some('初')));
    let other = other.filter(|&(other, end)| {
        other > day && (other, day) != (10, day) && !text.is_at(end, &['点', '人', '月', '元'])
    });
    // 初一十五 are said together and name nothing else.
    let is_pair = is_initial.is_some() && matches!(other, Some((15, _)) if day == 1);
    const TIME: [&str; 12] = ["早", "上午", "中午", "下午", "晚", "傍晚", "凌晨", "那天", "当天", "一早", "开始", "起"];
    let is_before_time = day > SCHOOL_FORMS && text.after_any(end, &TIME).is_some();
    let follows = text.previous(at).is_some_and(|c| matches!(c, '月' | '年'));
    if follows || !is_led && !is_pair && !is_before_time {
        return None;
    }
    let other = other.filter(|_| is_led || is_pair);
    let end = other.map_or(end, |(_, end)| end);
    Some((Named::LunarDay { day, other: other.map(|(day, _)| day), months }, without_mark(text, end)))
}

/// 一 to 十 behind 初, 十一 to 三十 and 廿一 otherwise.
fn numeral_of_day(text: Text<'_>, at: usize, is_initial: bool) -> Read<u32> {
    let longest = if is_initial { 1..=10 } else { 11..=30 };
    let number = text.number(at, true).filter(|number| !number.is_digits)?;
    // 初一十五 is not one number.
    let (day, end) = if is_initial { (numeral(text.get(at)?)?, at + 1) } else { (number.value, number.end) };
    longest.contains(&day).then_some((day, end))
}

fn without_mark(text: Text<'_>, at: usize) -> usize {
    text.after_any(at, &["日", "号"]).unwrap_or(at)
}

/// 中秋前一天, 国庆第三天, 跨年当晚, 端午那天.
fn shifted(text: Text<'_>, at: usize) -> (i32, Option<HalfDay>, usize) {
    const FIXED: [(&str, (i32, Option<HalfDay>)); 18] = [
        ("前一天", (-1, None)),
        ("前一日", (-1, None)),
        ("前夕", (-1, None)),
        ("前夜", (-1, Some(HalfDay::Evening))),
        ("前一晚", (-1, Some(HalfDay::Evening))),
        ("前两天", (-2, None)),
        ("后一天", (1, None)),
        ("后两天", (2, None)),
        ("次日", (1, None)),
        ("当天", (0, None)),
        ("当日", (0, None)),
        ("当晚", (0, Some(HalfDay::Evening))),
        ("那天", (0, None)),
        ("那日", (0, None)),
        ("这天", (0, None)),
        ("这一天", (0, None)),
        ("那晚", (0, Some(HalfDay::Evening))),
        ("头一天", (-1, None)),
    ];
    let start = text.after(at, "的").unwrap_or(at);
    // 七夕夜八点; but 中秋夜市
    if let Some(end) = text.after_any(start, &["之夜", "夜里", "夜"])
        && !text.is_at(end, &['市', '宵', '跑', '场', '校', '晚'])
    {
        return (0, Some(HalfDay::Evening), end);
    }
    if let Some(((shift, half), end)) = text.look_up(start, &FIXED) {
        return (shift, half, end);
    }
    let nth =
        text.after(start, "第").and_then(|start| text.number(start, true)).filter(|nth| (1..=15).contains(&nth.value));
    match nth.and_then(|nth| Some((i32::try_from(nth.value).ok()? - 1, text.after(nth.end, "天")?))) {
        Some((shift, end)) => (shift, None, end),
        None => (0, None, at),
    }
}

/// 国庆假期, 清明小长假最后一天, 春节后补班那天, 节后第一个工作日, 放假前一晚, 补班的周六.
fn read_days_off(text: Text<'_>, at: usize, year: Year) -> Read<(Said, Option<HalfDay>)> {
    const FREE: [&str; 10] = ["小长假", "长假", "假期", "放假期间", "放假", "假日", "黄金周", "期间", "休假", "假"];
    let (name, end) = match text.look_up(at, &DAYS_OFF) {
        Some((name, end)) => (Some(name), text.after(end, "节").unwrap_or(end)),
        None if text.is_border_before(at) || text.is_at(at.saturating_sub(1), &['过', '在', '个', '等']) => {
            // 节后; 黄金周 and 长假 say which by themselves: the next.
            let led = text.after_any(at, &["下一个", "下个", "下次", "最近的", "这次"]).unwrap_or(at);
            if let Some((weekday, end)) = made_up(text, led, false) {
                return Some((
                    (Said::DaysOff { name: None, year, which: DaysOff::MadeUp(Side::Either, weekday) }, None),
                    end,
                ));
            }
            // 年后第一天上班
            let year_turns = text.after(at, "年").filter(|&end| text.is_at(end, &['前', '后']));
            let name = year_turns.map(|_| "春");
            let end =
                year_turns.or_else(|| text.after_any(at, &["节"])).or_else(|| text.after_any(at, &FREE).map(|_| at))?;
            (name, end)
        }
        None => return None,
    };
    // 元旦三天假
    let counted = text.number(end, true).and_then(|days| text.after_any(days.end, &["天"]));
    let free = text.after_any(end, &FREE).or_else(|| text.after_any(counted?, &FREE));
    if let Some(((which, half), end)) = beside_days_off(text, free.unwrap_or(end), free.is_some()) {
        return Some(((Said::DaysOff { name, year, which }, half), end));
    }
    let Some(free) = free else {
        // 国庆最后一天
        if let Some(((nth, half), end)) = day_off(text, end).filter(|((nth, _), _)| *nth < 0) {
            return Some(((Said::DaysOff { name, year, which: DaysOff::Nth(nth) }, half), end));
        }
        // 国庆第二天到第四天
        let (((from, _), (to, _)), end) = from_day_to_day(text, text.after(end, "从").unwrap_or(end))?;
        return Some(((Said::DaysOff { name, year, which: DaysOff::FromTo(from, to) }, None), end));
    };
    let behind = text.after(free, "的").unwrap_or(free);
    let some = from_day_to_day(text, text.after(behind, "从").unwrap_or(behind))
        .map(|(((from, _), (to, _)), end)| ((DaysOff::FromTo(from, to), None), end))
        .or_else(|| some_days_off(text, behind))
        .or_else(|| day_off(text, behind).map(|((nth, half), end)| ((DaysOff::Nth(nth), half), end)));
    // 放假 alone is what one is glad of, and says no day.
    if name.is_none() && some.is_none() && text.after_any(at, &["黄金周", "小长假", "长假"]).is_none() {
        return None;
    }
    let ((which, half), end) = some.unwrap_or(((DaysOff::All, None), free));
    let is_all = which == DaysOff::All;
    let end = if is_all { text.after_any(end, &["三天", "期间", "的时候", "里"]).unwrap_or(end) } else { end };
    Some(((Said::DaysOff { name, year, which }, half), end))
}

/// A day of the days off, from the end if below 0, and the half-day if a word says both.
type DayOff = (i32, Option<HalfDay>);

/// 第三天, 最后一天, 倒数第二天, 头一天, 最后一晚.
fn day_off(text: Text<'_>, at: usize) -> Read<DayOff> {
    const WORDS: [(&str, DayOff); 8] = [
        ("最后一天", (-1, None)),
        ("最后一晚", (-1, Some(HalfDay::Evening))),
        ("头一天", (1, None)),
        ("头天", (1, None)),
        ("首日", (1, None)),
        ("头一晚", (1, Some(HalfDay::Evening))),
        ("末日", (-1, None)),
        ("尾声", (-1, None)),
    ];
    if let Some(found) = text.look_up(at, &WORDS) {
        return Some(found);
    }
    let (sign, start) = match text.after(at, "倒数第") {
        Some(start) => (-1, start),
        None => (1, text.after(at, "第")?),
    };
    let number = text.number(start, true).filter(|number| (1..=DAYS_OFF_MAX).contains(&number.value))?;
    let (half, end) = text.look_up(number.end, &[("天", None), ("日", None), ("晚", Some(HalfDay::Evening))])?;
    Some(((sign * i32::try_from(number.value).ok()?, half), end))
}

/// 第二天到第四天.
fn from_day_to_day(text: Text<'_>, at: usize) -> Read<(DayOff, DayOff)> {
    let (from, end) = day_off(text, at)?;
    let (to, end) = day_off(text, clock::after_connector(text, end)?)?;
    Some(((from, to), end))
}

/// 头三天, 最后两天.
fn some_days_off(text: Text<'_>, at: usize) -> Read<(DaysOff, Option<HalfDay>)> {
    let (is_last, start) = text.look_up(at, &[("最后", true), ("头", false), ("前", false)])?;
    let number = text.number(start, true).filter(|number| (2..=DAYS_OFF_MAX).contains(&number.value))?;
    let end = text.after(number.end, "天")?;
    let days = i32::try_from(number.value).ok()?;
    Some(((if is_last { DaysOff::FromTo(-days, -1) } else { DaysOff::FromTo(1, days) }, None), end))
}

/// What stands beside the days off: 后第一个工作日, 前一晚, 前补班那天, 后第一个周六; `is_free` says that the days off were named as
/// such, so that 前一天 is the day before them and not before the festival.
fn beside_days_off(text: Text<'_>, at: usize, is_free: bool) -> Read<(DaysOff, Option<HalfDay>)> {
    const AT_WORK_AGAIN: [(&str, u8); 24] = [
        ("第一个工作日", 1),
        ("首个工作日", 1),
        ("头一个工作日", 1),
        ("第二个工作日", 2),
        ("第三个工作日", 3),
        ("第一天上班", 1),
        ("第二天上班", 2),
        ("上班的第一天", 1),
        ("上班第一天", 1),
        ("上班第二天", 2),
        ("上班头一天", 1),
        ("头一天上班", 1),
        ("头天上班", 1),
        ("上班首日", 1),
        ("恢复上班第一天", 1),
        ("恢复上班那天", 1),
        ("开工第一天", 1),
        ("复工第一天", 1),
        ("复工首日", 1),
        ("复工那天", 1),
        ("开学第一天", 1),
        ("上班那天", 1),
        ("开工那天", 1),
        ("首个上班日", 1),
    ];
    const STILL_AT_WORK: [(&str, u8); 6] = [
        ("最后一个工作日", 1),
        ("最后一天上班", 1),
        ("最后一个上班日", 1),
        ("倒数第二个工作日", 2),
        ("上班最后一天", 1),
        ("最后一天", 1),
    ];
    let day = |which, end| Some(((which, None), end));
    let without_of = |end| text.after(end, "的").unwrap_or(end);
    // 假期结束前一天
    if is_free && let Some((nth, end)) = text.look_up(at, &[("结束前一天", -2), ("结束那天", -1), ("结束当天", -1)])
    {
        return day(DaysOff::Nth(nth), end);
    }
    if let Some(end) = text
        .after_any(at, &["结束之后", "结束后", "结束", "之后", "以后", "过后", "过完", "收假后", "收假", "回来", "后"])
    {
        let end = without_of(text.skip_blank(end));
        if let Some((weekday, end)) = made_up(text, end, true) {
            return day(DaysOff::MadeUp(Side::After, weekday), end);
        }
        if let Some((nth, end)) = text.look_up(end, &AT_WORK_AGAIN) {
            return day(DaysOff::WorkdayAfter(nth), end);
        }
        if let Some(((nth, weekday), end)) = ordinal::which_weekday(text, end).filter(|((nth, _), _)| *nth > 0) {
            return day(DaysOff::WeekdayAfter(u8::try_from(nth).ok()?, weekday), end);
        }
        return day(DaysOff::WorkdayAfter(1), text.after_any(end, &["第一天", "头一天", "首日"])?);
    }
    if let Some(end) = text.after_any(at, &["之前", "前"]) {
        let end = without_of(end);
        if let Some((weekday, end)) = made_up(text, end, true) {
            return day(DaysOff::MadeUp(Side::Before, weekday), end);
        }
        if let Some((nth, end)) = text.look_up(end, &STILL_AT_WORK) {
            return day(DaysOff::WorkdayBefore(nth), end);
        }
        if let Some(((-1, weekday), end)) = ordinal::which_weekday(text, end) {
            return day(DaysOff::WeekdayBefore(weekday), end);
        }
        if !is_free {
            return None;
        }
        if let Some(end) = text.after_any(end, &["一晚", "夜", "一天晚上"]) {
            return Some(((DaysOff::Before(1), Some(HalfDay::Evening)), end));
        }
        let (days, end) = text.look_up(end, &[("一天", 1), ("一日", 1), ("夕", 1), ("两天", 2)])?;
        return day(DaysOff::Before(days), end);
    }
    // 国庆补班那天, 五一调休上班的周六
    if let Some((weekday, end)) = made_up(text, without_of(at), true) {
        return day(DaysOff::MadeUp(Side::Either, weekday), end);
    }
    // 过完端午上班第一天
    let end = text.after_any(at, &["上班第一天", "上班头一天", "第一天上班", "开工第一天"])?;
    day(DaysOff::WorkdayAfter(1), end)
}

/// A day that is worked to make up for days off: 补班那天, 要调休上班的那个周日, 补班的周六.
/// `is_led` says that a holiday stands before, so that 补班 alone will do.
fn made_up(text: Text<'_>, at: usize, is_led: bool) -> Read<Option<Weekday>> {
    const WORKED: [&str; 3] = ["补班", "调休", "补上班"];
    let start = text.after_any(at, &["需要", "得", "要", "那个", "那"]).unwrap_or(at);
    let mut end = text.after_any(start, &WORKED)?;
    for _ in 0..2 {
        end = text.after_any(end, &WORKED).or_else(|| text.after_any(end, &["要上班", "上班"])).unwrap_or(end);
    }
    let says_work = text.previous(end) == Some('班');
    let worked = end;
    let end = text.after(end, "的").unwrap_or(end);
    let named = text.after_any(end, &["那个", "那", "这个", "这"]).unwrap_or(end);
    if let Some(name) = text.after_any(named, &WEEK)
        && let Some(weekday) = text.get(name).and_then(chinese_weekday)
    {
        // 补班的周六那天
        let end = text.after_any(name + 1, &["那天", "上班", "补班", "当天"]).unwrap_or(name + 1);
        return Some((Some(weekday), end));
    }
    let that_day = text.after_any(end, &["那一天", "那天", "那日", "这天", "当天", "当日", "日"]);
    Some((None, that_day.or((is_led && says_work).then_some(worked))?))
}
