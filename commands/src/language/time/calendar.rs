//! From a day as it was said to a date. Knows nothing of texts and hours.

use chrono::{Datelike, Duration, NaiveDate};

use super::{Problem, token::Said};

/// A date written without its year that is longer past than this means next year's.
const PAST_DAYS_MAX: i64 = 60;

/// The date that was meant, and whether it may move on by a week if its hour has passed today.
pub fn date_of(said: Said, today: NaiveDate) -> Result<(NaiveDate, bool), Problem> {
    match said {
        Said::FromToday(days) | Said::DaysLater(days) => not_past(days_after(today, days)?, today),
        Said::Weekday { weekday, week } => {
            let behind_monday = i64::from(weekday.num_days_from_monday());
            let today_behind = i64::from(today.weekday().num_days_from_monday());
            match week {
                Some(week) => not_past(days_after(today, behind_monday - today_behind + 7 * week)?, today),
                None => Ok((days_after(today, (behind_monday - today_behind).rem_euclid(7))?, true)),
            }
        }
        Said::Date { year: Some(year), month, day } => {
            let date = NaiveDate::from_ymd_opt(year, month.unwrap_or(0), day).ok_or(Problem::NoSuchDay)?;
            not_past(date, today)
        }
        Said::Date { year: None, month: Some(month), day } => not_past(without_year(month, day, today)?, today),
        Said::Date { year: None, month: None, day } => Ok((next_with_day(day, today)?, false)),
    }
}

fn not_past(date: NaiveDate, today: NaiveDate) -> Result<(NaiveDate, bool), Problem> {
    if date < today { Err(Problem::PastDay(date)) } else { Ok((date, false)) }
}

/// So many days after a date.
pub fn days_after(date: NaiveDate, days: i64) -> Result<NaiveDate, Problem> {
    Duration::try_days(days).and_then(|length| date.checked_add_signed(length)).ok_or(Problem::NoSuchDay)
}

fn without_year(month: u32, day: u32, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let this_year = NaiveDate::from_ymd_opt(today.year(), month, day);
    let next_year = NaiveDate::from_ymd_opt(today.year() + 1, month, day);
    let is_long_past = match this_year {
        Some(date) => (today - date).num_days() > PAST_DAYS_MAX,
        // 2月29日, said after February of a common year.
        None => (month, day) < (today.month(), today.day()),
    };
    if is_long_past { next_year.or(this_year) } else { this_year }.ok_or(Problem::NoSuchDay)
}

/// The next day of that number that hasn't passed; the 31st isn't in every month.
fn next_with_day(day: u32, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let (mut year, mut month) = (today.year(), today.month());
    for _ in 0..12 {
        if let Some(date) = NaiveDate::from_ymd_opt(year, month, day).filter(|date| *date >= today) {
            return Ok(date);
        }
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    Err(Problem::NoSuchDay)
}
