//! From a day as it was said to a date. Knows nothing of texts and hours.

use chrono::{Datelike, Duration, NaiveDate};

use super::{Problem, Rule, named, ordinal, token::Said};

/// A date written without its year that is longer past than this means next year's, and nobody wonders.
const PAST_DAYS_MAX: i64 = 60;

/// A day that was said, as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The date.
    pub date: NaiveDate,
    /// The last, if several days were said.
    pub last: Option<NaiveDate>,
    /// What is meant if its hour has passed on that date: the weekday a week later, the lunar day a month later.
    pub next: Option<NaiveDate>,
    /// The day that was named, if it has passed: `date` itself, or last month's where `date` is next year's.
    pub past: Option<NaiveDate>,
}

/// The date that was meant.
pub fn date_of(said: Said, today: NaiveDate) -> Result<Dated, Problem> {
    match said {
        Said::FromToday(days) | Said::DaysLater(days) => Ok(fixed(days_after(today, days)?, today)),
        Said::Weekday { weekday, week } => {
            let behind_monday = i64::from(weekday.num_days_from_monday());
            let today_behind = i64::from(today.weekday().num_days_from_monday());
            match week {
                Some(week) => Ok(fixed(days_after(today, behind_monday - today_behind + 7 * week)?, today)),
                None => {
                    let date = days_after(today, (behind_monday - today_behind).rem_euclid(7))?;
                    Ok(Dated { next: Some(days_after(date, 7)?), ..fixed(date, today) })
                }
            }
        }
        Said::Date { year: Some(year), month, day } => {
            let date = NaiveDate::from_ymd_opt(year, month.unwrap_or(0), day).ok_or(Problem::NoSuchDay)?;
            Ok(fixed(date, today))
        }
        Said::Date { year: None, month: Some(month), day } => without_year(month, day, today),
        Said::Date { year: None, month: None, day } => Ok(fixed(next_with_day(day, today)?, today)),
        Said::Named { named, year, shift } => {
            let date = named.date_of(year, shift, today).ok_or(Problem::NoSuchDay)?;
            Ok(Dated { next: named.next_after(date), ..fixed(date, today) })
        }
        Said::DaysOff { name, year, which } => {
            let days = named::days_off(name, year, which, today).ok_or(Problem::NoSuchDay)?;
            Ok(span(*days.start(), *days.end(), today))
        }
        Said::Counted(counted, of) => Ok(fixed(ordinal::date_of(counted, of, today).ok_or(Problem::NoSuchDay)?, today)),
        Said::Week(weeks) => {
            let monday = monday_of(weeks, today)?;
            Ok(span(monday, days_after(monday, 6)?, today))
        }
        Said::Weekend(weeks) => {
            let monday = monday_of(weeks, today)?;
            Ok(span(days_after(monday, 5)?, days_after(monday, 6)?, today))
        }
        Said::Every(rule) => first_of(rule, Said::FromToday(0), today),
    }
}

/// The first date of what comes again from a day on.
pub fn first_of(rule: Rule, from: Said, today: NaiveDate) -> Result<Dated, Problem> {
    let from = date_of(from, today)?.date.max(today);
    let date = rule.next_from(from).ok_or(Problem::NoSuchDay)?;
    let next = days_after(date, 1).ok().and_then(|from| rule.next_from(from));
    Ok(Dated { next, ..fixed(date, today) })
}

fn fixed(date: NaiveDate, today: NaiveDate) -> Dated {
    Dated { date, last: None, next: None, past: (date < today).then_some(date) }
}

/// Days of which only the last must not have passed.
fn span(first: NaiveDate, last: NaiveDate, today: NaiveDate) -> Dated {
    let several = (last > first).then_some(last);
    Dated { date: first, last: several, next: None, past: (last < today).then_some(first) }
}

fn monday_of(weeks: i64, today: NaiveDate) -> Result<NaiveDate, Problem> {
    days_after(today, 7 * weeks - i64::from(today.weekday().num_days_from_monday()))
}

/// So many days after a date.
pub fn days_after(date: NaiveDate, days: i64) -> Result<NaiveDate, Problem> {
    Duration::try_days(days).and_then(|length| date.checked_add_signed(length)).ok_or(Problem::NoSuchDay)
}

fn without_year(month: u32, day: u32, today: NaiveDate) -> Result<Dated, Problem> {
    let this_year = NaiveDate::from_ymd_opt(today.year(), month, day);
    let next_year = NaiveDate::from_ymd_opt(today.year() + 1, month, day);
    let is_past = match this_year {
        Some(date) => date < today,
        // 2月29日, said after February of a common year.
        None => (month, day) < (today.month(), today.day()),
    };
    let meant = if is_past { next_year.or(this_year) } else { this_year };
    let date = meant.ok_or(Problem::NoSuchDay)?;
    let past = this_year.filter(|date| is_past && (today - *date).num_days() <= PAST_DAYS_MAX);
    Ok(Dated { past, ..fixed(date, today) })
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
