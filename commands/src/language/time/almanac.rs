//! The calendars that are looked up: lunar dates, solar terms, statutory days off and the workdays that make up for them.
//! The tables are computed when the program is built (build.rs). Knows nothing of texts.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate, Weekday};

#[allow(missing_docs)]
mod tables {
    include!(concat!(env!("OUT_DIR"), "/calendars.rs"));
}

/// The day of a lunar month that is its last, whether that is the 29th or the 30th.
pub const LAST_DAY: u32 = 30;
/// The last month of a lunar year, 腊月.
pub const LAST_MONTH: u32 = 12;

/// The simplified form of a character.
pub fn simplified(c: char) -> char {
    // Most of what is typed.
    if !('\u{3400}'..='\u{9FFF}').contains(&c) {
        return c;
    }
    let found = tables::SIMPLIFIED.binary_search_by_key(&c, |&(traditional, _)| traditional);
    found.ok().and_then(|index| tables::SIMPLIFIED.get(index)).map_or(c, |&(_, simplified)| simplified)
}

/// The date of a lunar day. The 30th of a month that has 29 days is its last day: whoever says 腊月三十 means the evening
/// before the new year. None: no such month (a leap month that the year hasn't), or a year that the tables don't have.
pub fn date_of_lunar(year: i32, month: u32, is_leap: bool, day: u32) -> Option<NaiveDate> {
    let index = usize::try_from(year.checked_sub(tables::FIRST_YEAR)?).ok()?;
    let &(first, leap, long) = tables::LUNAR_YEARS.get(index)?;
    if is_leap && leap != month || !(1..=LAST_MONTH).contains(&month) || !(1..=LAST_DAY).contains(&day) {
        return None;
    }
    let place = month - 1 + u32::from(leap != 0 && (month > leap || is_leap));
    let length = |place: u32| 29 + (long >> place & 1);
    let before: u32 = (0..place).map(length).sum();
    let days = before + day.min(length(place)) - 1;
    NaiveDate::from_num_days_from_ce_opt(first + i32::try_from(days).ok()?)
}

/// The first days of the lunar months, leap months among them, from the month on that holds this date: each with the days that
/// it has.
pub fn lunar_months(holding: NaiveDate) -> impl Iterator<Item = (NaiveDate, u32)> {
    const YEARS: usize = 3;
    let begin = usize::try_from(lunar_year(holding) - tables::FIRST_YEAR).unwrap_or(usize::MAX);
    let years = tables::LUNAR_YEARS.iter().skip(begin).take(YEARS);
    let months = years.flat_map(|&(first, leap, long)| {
        let mut first = NaiveDate::from_num_days_from_ce_opt(first);
        (0..LAST_MONTH + u32::from(leap != 0)).filter_map(move |place| {
            let length = 29 + (long >> place & 1);
            let begin = first?;
            first = begin.checked_add_days(Days::new(length.into()));
            Some((begin, length))
        })
    });
    months.skip_while(move |&(first, length)| first + Days::new(length.into()) <= holding)
}

/// The lunar year that a date belongs to, by the year in which it began.
pub fn lunar_year(date: NaiveDate) -> i32 {
    let is_begun = date_of_lunar(date.year(), 1, false, 1).is_none_or(|first| first <= date);
    date.year() - i32::from(!is_begun)
}

/// The date of a solar term, counted from 小寒 (0) to 冬至 (23).
pub fn date_of_term(year: i32, term: usize) -> Option<NaiveDate> {
    let index = usize::try_from(year.checked_sub(tables::FIRST_YEAR)?).ok()?;
    let day = *tables::SOLAR_TERMS.get(index)?.get(term)?;
    NaiveDate::from_yo_opt(year, u32::from(day) + 1)
}

/// The days off around a holiday of a year; where nothing was decided yet, those that the law gives (全国年节及纪念日放假办法, as of
/// 2025). `name` is that of the holiday without 节.
pub fn days_off(name: &str, year: i32) -> Option<RangeInclusive<NaiveDate>> {
    let days = statutory(year).filter(|(_, of, is_worked)| !is_worked && of.contains(name)).map(|(day, ..)| day);
    let (mut first, mut last) = (None::<NaiveDate>, None::<NaiveDate>);
    for day in days {
        first = Some(first.map_or(day, |first| first.min(day)));
        last = Some(last.map_or(day, |last| last.max(day)));
    }
    if let (Some(first), Some(last)) = (first, last) {
        return Some(first..=last);
    }
    let (first, length) = match name {
        "元旦" => (NaiveDate::from_ymd_opt(year, 1, 1)?, 1),
        "春" => (date_of_lunar(year - 1, LAST_MONTH, false, LAST_DAY)?, 4),
        "清明" => (date_of_term(year, 6)?, 1),
        "劳动" => (NaiveDate::from_ymd_opt(year, 5, 1)?, 2),
        "端午" => (date_of_lunar(year, 5, false, 5)?, 1),
        "中秋" => (date_of_lunar(year, 8, false, 15)?, 1),
        "国庆" => (NaiveDate::from_ymd_opt(year, 10, 1)?, 3),
        _ => return None,
    };
    Some(first..=first + Days::new(length - 1))
}

/// Days that are worked to make up for a holiday of a year.
pub fn made_up_for(name: &str, year: i32) -> impl Iterator<Item = NaiveDate> {
    statutory(year).filter(move |(_, of, is_worked)| *is_worked && of.contains(name)).map(|(day, ..)| day)
}

/// Whether people are at work.
pub fn is_workday(date: NaiveDate) -> bool {
    let key = date.num_days_from_ce();
    match tables::STATUTORY_DAYS.binary_search_by_key(&key, |&(day, ..)| day) {
        Ok(index) => tables::STATUTORY_DAYS.get(index).is_some_and(|&(.., is_worked)| is_worked),
        Err(_) => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

fn statutory(year: i32) -> impl Iterator<Item = (NaiveDate, &'static str, bool)> {
    let from = NaiveDate::from_ymd_opt(year, 1, 1).map_or(i32::MAX, |day| day.num_days_from_ce());
    let begin = tables::STATUTORY_DAYS.partition_point(|&(day, ..)| day < from);
    let days = tables::STATUTORY_DAYS.iter().skip(begin);
    days.filter_map(|&(day, name, is_worked)| Some((NaiveDate::from_num_days_from_ce_opt(day)?, name, is_worked)))
        .take_while(move |(day, ..)| day.year() == year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// Dates as the Purple Mountain Observatory has them (GB/T 33661-2017).
    #[test]
    fn lunar_dates_and_terms() {
        for (lunar, expected) in [
            ((2026, 1, false, 1), "2026-02-17"),
            ((2025, 12, false, 30), "2026-02-16"),
            ((2024, 12, false, 30), "2025-01-28"),
            ((2023, 12, false, 30), "2024-02-09"),
            ((2025, 6, true, 15), "2025-08-08"),
            ((2025, 6, false, 15), "2025-07-09"),
            ((2025, 8, false, 15), "2025-10-06"),
            ((2033, 11, true, 1), "2033-12-22"),
            ((2026, 8, false, 15), "2026-09-25"),
        ] {
            let (year, month, is_leap, day) = lunar;
            assert_eq!(date_of_lunar(year, month, is_leap, day), Some(date(expected)), "{lunar:?}");
        }
        assert_eq!(date_of_lunar(2026, 6, true, 1), None, "2026 has no leap month");
        assert_eq!(date_of_term(2026, 23), Some(date("2026-12-22")), "冬至");
        assert_eq!(date_of_term(2025, 6), Some(date("2025-04-04")), "清明");
        assert_eq!(lunar_year(date("2026-02-16")), 2025);
        assert_eq!(lunar_year(date("2026-02-17")), 2026);
        let months: Vec<_> = lunar_months(date("2025-07-24")).take(3).collect();
        let expected = [("2025-06-25", 30), ("2025-07-25", 29), ("2025-08-23", 30)];
        assert_eq!(months, expected.map(|(first, length)| (date(first), length)), "the second is a leap month");
    }

    #[test]
    fn days_off_and_made_up() {
        assert_eq!(days_off("国庆", 2025), Some(date("2025-10-01")..=date("2025-10-08")));
        assert_eq!(days_off("春", 2026), Some(date("2026-02-15")..=date("2026-02-23")));
        assert_eq!(days_off("端午", 2040), Some(date("2040-06-14")..=date("2040-06-14")), "by the law");
        assert_eq!(made_up_for("国庆", 2026).max(), Some(date("2026-10-10")));
        assert!(is_workday(date("2026-02-14")), "a Saturday that is worked");
        assert!(!is_workday(date("2026-02-18")), "a Wednesday off");
    }
}
