//! The days and evenings of a community: local time, the window in which unasked things go out, the hour of the digest
//! (docs/PROTOCOL.md, "When things go out"). Pure; what goes out then is the features' business.

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Weekday};
use lamplighter_config::{Community, Window};

/// An hour in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// A minute in milliseconds.
pub const MINUTE_MS: i64 = 60 * 1000;

/// Local time of an instant.
pub fn local(community: &Community, at_ms: i64) -> NaiveDateTime {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&community.time_zone).naive_local()
}

/// The instant of a local time. Where the clock is put back the first one; where it leaps, the first that there is.
pub fn instant_ms(community: &Community, at: NaiveDateTime) -> i64 {
    match community.time_zone.from_local_datetime(&at) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.timestamp_millis(),
        // A clock leaps by an hour, seldom; the time that was skipped is read with the offset before the leap.
        LocalResult::None => match community.time_zone.from_local_datetime(&(at - chrono::TimeDelta::hours(3))) {
            LocalResult::Single(before) | LocalResult::Ambiguous(before, _) => before.timestamp_millis() + 3 * HOUR_MS,
            LocalResult::None => at.and_utc().timestamp_millis(),
        },
    }
}

/// The day of an instant.
pub fn day(community: &Community, at_ms: i64) -> NaiveDate {
    local(community, at_ms).date()
}

/// The instant at which a day begins.
pub fn day_start_ms(community: &Community, day: NaiveDate) -> i64 {
    instant_ms(community, day.and_time(NaiveTime::MIN))
}

/// The day after.
pub fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

/// Saturdays and Sundays (docs/PROTOCOL.md, Words).
pub fn is_rest_day(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn window(community: &Community, day: NaiveDate) -> Window {
    if is_rest_day(day) { community.evening.rest_days } else { community.evening.workdays }
}

/// The evening window of a day: its first instant and the first after it.
pub fn window_ms(community: &Community, day: NaiveDate) -> (i64, i64) {
    let window = window(community, day);
    (instant_ms(community, day.and_time(window.start())), instant_ms(community, day.and_time(window.end())))
}

/// Whether unasked things may go out.
pub fn is_open(community: &Community, now_ms: i64) -> bool {
    let (start_ms, end_ms) = window_ms(community, day(community, now_ms));
    (start_ms..end_ms).contains(&now_ms)
}

/// The start of the next window: today's if it is still to come, otherwise tomorrow's.
pub fn next_start_ms(community: &Community, now_ms: i64) -> i64 {
    let today = day(community, now_ms);
    let (start_ms, _) = window_ms(community, today);
    if now_ms < start_ms { start_ms } else { window_ms(community, next_day(today)).0 }
}

/// Now if the window is open, otherwise the start of the next one.
pub fn now_or_next_start_ms(community: &Community, now_ms: i64) -> i64 {
    if is_open(community, now_ms) { now_ms } else { next_start_ms(community, now_ms) }
}

/// The hour of the digest on a day.
pub fn digest_ms(community: &Community, day: NaiveDate) -> i64 {
    instant_ms(community, day.and_time(community.evening.digest))
}

/// The first hour of the digest after an instant.
pub fn next_digest_ms(community: &Community, now_ms: i64) -> i64 {
    let today = day(community, now_ms);
    let digest_ms = digest_ms(community, today);
    if now_ms < digest_ms { digest_ms } else { self::digest_ms(community, next_day(today)) }
}

/// Those who are free for a reminder want two hours; the last that makes sense is a quarter of an hour before the window
/// ends, and half an hour before it begins (docs/PROTOCOL.md, "When things go out").
pub fn same_day_reminder_ms(community: &Community, starts_at_ms: i64) -> Option<i64> {
    let (start_ms, end_ms) = window_ms(community, day(community, starts_at_ms));
    let at_ms = (starts_at_ms - 2 * HOUR_MS).max(start_ms).min(end_ms - 15 * MINUTE_MS);
    // A window shorter than a quarter of an hour has no such moment.
    (at_ms >= start_ms && at_ms + 30 * MINUTE_MS <= starts_at_ms).then_some(at_ms)
}

/// Monday to Friday between nine and six: most people are at work (FEATURES.md row 17).
pub fn is_working_time(community: &Community, at_ms: i64) -> bool {
    let at = local(community, at_ms);
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    let six = NaiveTime::from_hms_opt(18, 0, 0).unwrap_or_default();
    !is_rest_day(at.date()) && (nine..six).contains(&at.time())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn community() -> Community {
        Community::console_default(Vec::new())
    }

    fn at(day: u32, hour: u32, minute: u32) -> i64 {
        // January 2026 begins on a Thursday: the 5th is a Monday, the 10th a Saturday.
        let local = NaiveDate::from_ymd_opt(2026, 1, day).and_then(|day| day.and_hms_opt(hour, minute, 0));
        instant_ms(&community(), local.expect("a time"))
    }

    #[test]
    fn the_window_is_half_open() {
        let community = community();
        for (now, open) in [
            (at(5, 18, 29), false),
            (at(5, 18, 30), true),
            (at(5, 21, 29), true),
            (at(5, 21, 30), false),
            (at(10, 9, 29), false),
            (at(10, 9, 30), true),
        ] {
            assert_eq!(is_open(&community, now), open, "{now}");
        }
        assert_eq!(next_start_ms(&community, at(5, 12, 0)), at(5, 18, 30));
        assert_eq!(next_start_ms(&community, at(5, 18, 30)), at(6, 18, 30));
        assert_eq!(next_start_ms(&community, at(9, 22, 0)), at(10, 9, 30));
        assert_eq!(next_digest_ms(&community, at(5, 19, 30)), at(6, 19, 30));
    }

    #[test]
    fn the_same_day_reminder() {
        let community = community();
        for (start, expected) in [
            // The later of window start and two hours before.
            (at(5, 19, 30), Some(at(5, 18, 30))),
            (at(5, 21, 0), Some(at(5, 19, 0))),
            // At the latest a quarter of an hour before the window ends.
            (at(5, 23, 59), Some(at(5, 21, 15))),
            // Half an hour must remain.
            (at(5, 19, 0), Some(at(5, 18, 30))),
            (at(5, 18, 59), None),
            (at(5, 10, 0), None),
            (at(10, 10, 0), Some(at(10, 9, 30))),
            (at(10, 9, 45), None),
        ] {
            assert_eq!(same_day_reminder_ms(&community, start), expected, "{start}");
        }
    }

    #[test]
    fn working_time_ends_at_six() {
        let community = community();
        assert!(is_working_time(&community, at(5, 9, 0)));
        assert!(is_working_time(&community, at(5, 17, 59)));
        assert!(!is_working_time(&community, at(5, 18, 0)));
        assert!(!is_working_time(&community, at(5, 8, 59)));
        assert!(!is_working_time(&community, at(10, 10, 0)));
    }

    #[test]
    fn a_clock_that_leaps_loses_nothing() {
        let mut community = community();
        community.time_zone = chrono_tz::Tz::Europe__Berlin;
        let skipped = NaiveDate::from_ymd_opt(2026, 3, 29).and_then(|day| day.and_hms_opt(2, 30, 0)).expect("a time");
        let read = local(&community, instant_ms(&community, skipped));
        assert_eq!(read.to_string(), "2026-03-29 03:30:00");
    }
}
