//! From a clock time as it was said to minutes of the day. Knows nothing of texts and dates. Minutes count from 00:00 of
//! the day that was named, so 晚上12点 is 1440.

use super::{
    HalfDay, Problem,
    token::{Clock, Form},
};

/// Minutes of a day.
pub const DAY: i64 = 24 * 60;
/// Minutes of half a day.
pub const HALF: i64 = DAY / 2;

/// What a clock time can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Minutes {
    At(i64),
    /// 7 to 11 o'clock of which half-day? These are the minutes in the morning.
    Open(i64),
}

/// There is such a time of the day.
pub fn check(clock: Clock) -> Result<(), Problem> {
    if clock.hour > 24 || clock.minute > 59 { Err(Problem::NoSuchDay) } else { Ok(()) }
}

/// What a clock time means with or without its half-day.
pub fn minutes(clock: Clock, half: Option<HalfDay>) -> Minutes {
    let minute = i64::from(clock.minute);
    let hour = i64::from(clock.hour);
    let at = |hour: i64| Minutes::At(hour * 60 + minute);
    if clock.form == Form::Exact {
        return at(hour);
    }
    match (half, hour) {
        (None, 1..=6) if clock.form == Form::Spoken => at(hour + 12),
        (None, 7..=11) if clock.form == Form::Spoken => Minutes::Open(hour * 60 + minute),
        (Some(HalfDay::Dawn), 12) => at(0),
        (Some(HalfDay::Noon), 1..=4) | (Some(HalfDay::Afternoon), 1..=11) | (Some(HalfDay::Evening), 4..=11) => {
            at(hour + 12)
        }
        // Midnight and the hours behind it belong to the evening before.
        (Some(HalfDay::Evening), 12) => at(24),
        (Some(HalfDay::Evening), 0..=3) => at(hour + 24),
        _ => at(hour),
    }
}

/// What the end of a range means that has no half-day of its own: with that of the start if this makes it later, else
/// the first such time after the start.
pub fn end_minutes(clock: Clock, half_of_start: Option<HalfDay>, start: i64) -> i64 {
    let said = i64::from(clock.hour) * 60 + i64::from(clock.minute);
    if clock.form != Form::Spoken {
        // 23:30-00:30; but 19:00-18:00 is a slip.
        return if said <= start && said < HALF && start >= HALF { said + DAY } else { said };
    }
    match half_of_start.map(|half| minutes(clock, Some(half))) {
        Some(Minutes::At(end)) if end > start => end,
        _ if said > start => said,
        _ => said + HALF,
    }
}

/// The minutes by which a half-day is over; the evening never is.
pub fn is_over_by(half: HalfDay) -> i64 {
    60 * match half {
        HalfDay::Dawn => 6,
        HalfDay::Morning => 12,
        HalfDay::Noon => 14,
        HalfDay::Afternoon => 18,
        HalfDay::Evening => 24,
    }
}
