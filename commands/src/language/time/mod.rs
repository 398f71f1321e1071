//! Reads when something is, from what residents type: 周六晚7点半, 12月1日（周二）19:30-21:00, next Wed 7pm, 半小时后.
//! Pure: `now` is handed in. Here are the answers and the way through the parts.
//!
//! First the spelling is mended (`spelling`), then the text is cut into tokens (`token`), each read by one small function
//! that knows one way of writing: of days in `day`, `named`, `ordinal` and `recurrence`, of clock times in `clock`, of
//! half-days in `half_day`, of lengths in `length`. Tokens hold what was said, whatever the date is. Neighbouring tokens make
//! groups (`group`), `choice` says which of them is the time and not a deadline or what it was before, and `join` works out
//! what those mean that complete each other, with `calendar` and `almanac` for the dates and `dial` for the hours; `border`
//! adds the small words around them that would make no sense alone.
//!
//! Another way of writing a day is a function more in the list of `day`, of writing a clock time in that of `clock`;
//! something else that is said of time is a new `token::What`.

mod almanac;
mod border;
mod calendar;
mod choice;
mod clock;
mod closing;
mod day;
mod dial;
mod group;
mod half_day;
mod halves;
mod join;
mod length;
mod named;
mod ordinal;
mod recurrence;
mod spelling;
#[cfg(test)]
mod tests;
mod text;
mod token;

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime, Weekday};

pub use self::{almanac::simplified, halves::halves, recurrence::Rule};
use super::Phrase;

/// What a sentence says about time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// When it begins.
    pub start: Moment,
    /// When it ends, after the start: a clock time if the start is one, else the last day.
    pub end: Option<Moment>,
    /// How it comes again.
    pub rule: Option<Rule>,
    /// The day that was named has passed, or that time of it.
    pub past: Option<NaiveDate>,
    /// The ranges of folded characters that were read as time, ascending and not overlapping, with the small words that
    /// only serve them.
    pub parts: Vec<Range<usize>>,
    /// 7 to 11 o'clock was said without a half-day, nothing settles which was meant, and no `assume` was given.
    pub needs_half_day: bool,
    /// A day was said; otherwise a clock time alone, and the start is the next such time.
    pub day_said: bool,
}

/// When something begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A clock time was said, or a time from now.
    At(NaiveDateTime),
    /// Only a day was said, perhaps with a half-day: 周六, 周六晚上.
    Day(NaiveDate, Option<HalfDay>),
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfDay {
    /// 凌晨: after midnight.
    Dawn,
    /// 早上, 上午.
    Morning,
    /// 中午.
    Noon,
    /// 下午.
    Afternoon,
    /// 傍晚, 晚上, 夜里.
    Evening,
}

/// A time was said that can't be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The day that was named has passed, or that time of it.
    PastDay(NaiveDate),
    /// There is no such day or hour: 2月30日, 25点.
    NoSuchDay,
    /// It would end before it begins.
    EndBeforeStart,
    /// The date that was named falls on another day of the week than was said.
    WeekdayDiffers {
        /// The date that was named.
        date: NaiveDate,
        /// The day of the week that was said.
        said: Weekday,
    },
}

impl Moment {
    /// The clock time, if one was said.
    pub fn at(self) -> Option<NaiveDateTime> {
        match self {
            Self::At(at) => Some(at),
            Self::Day(..) => None,
        }
    }
}

/// Reads the time that a phrase speaks of, if it is to come. `now` is the local time of the community; `assume` settles 7 to
/// 11 o'clock where no half-day was said.
pub fn read(phrase: &Phrase, now: NaiveDateTime, assume: Option<HalfDay>) -> Result<Option<Reading>, Problem> {
    match read_any(phrase, now, assume)? {
        Some(Reading { past: Some(day), .. }) => Err(Problem::PastDay(day)),
        reading => Ok(reading),
    }
}

/// The same for a time that may have passed.
pub fn read_any(phrase: &Phrase, now: NaiveDateTime, assume: Option<HalfDay>) -> Result<Option<Reading>, Problem> {
    let mended = spelling::Mended::new(phrase.chars());
    let text = text::Text::new(&mended.chars);
    let tokens = token::scan(text, now.date());
    let Some(mut reading) = join::join(text, &tokens, now, assume)? else { return Ok(None) };
    reading.parts = reading.parts.into_iter().map(|part| mended.place(part)).collect();
    Ok(Some(reading))
}
