//! From groups of tokens to the answer: the first groups that complete each other, and what they mean at a given time.
//! The rules of dates and of hours stand in `calendar` and `dial`.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::{
    HalfDay, Problem, Reading, Start, border, calendar,
    dial::{self, Minutes},
    group::{End, EndDay, Group, Groups},
    text::Text,
    token::{Clock, Form, Said, Token},
};

/// Minutes of the day at which it can start, with the half-day that was said or taken for it.
type Choice = (i64, Option<HalfDay>);
/// A start and the end that goes with it.
type Times = (NaiveDateTime, Option<NaiveDateTime>);
/// Start and end, and whether the half-day is open.
type Answer = (Start, Option<NaiveDateTime>, bool);

/// The first answer that the tokens give together.
pub fn join(
    text: Text<'_>,
    tokens: &[Token],
    now: NaiveDateTime,
    assume: Option<HalfDay>,
) -> Result<Option<Reading>, Problem> {
    let mut groups = Groups::new(text, tokens);
    let Some(mut said) = groups.find(|group| group.day.is_some() || group.clock.is_some() || group.later.is_some())
    else {
        return Ok(None);
    };
    let mut ranges = vec![said.range.clone()];
    if said.later.is_none() && said.day.is_some() != said.clock.is_some() {
        let mut end = said.range.end;
        for other in groups {
            if text.ends_sentence(end..other.range.start) {
                break;
            }
            end = other.range.end;
            if said.complete(&other) {
                ranges.push(other.range);
                break;
            }
        }
    }
    // What is counted from now keeps its seconds: one minute later is not the next stroke of the minute.
    let now = now.with_nanosecond(0).unwrap_or(now);
    let (start, end, needs_half_day) = said.resolve(now, assume)?;
    // A time from now has its day too.
    let day_said = said.day.is_some() || said.later.is_some();
    Ok(Some(Reading { start, end, parts: border::parts(text, ranges), needs_half_day, day_said }))
}

impl Group {
    fn resolve(&self, instant: NaiveDateTime, assume: Option<HalfDay>) -> Result<Answer, Problem> {
        let now = instant.with_second(0).unwrap_or(instant);
        let day = self.day.map(|said| calendar::date_of(said, now.date())).transpose()?;
        if let (Some((date, _)), Some(said)) = (day, self.weekday)
            && date.weekday() != said
        {
            return Err(Problem::WeekdayDiffers { date, said });
        }
        match (self.clock, day) {
            (Some(clock), Some((date, may_move))) => self.on_day(&self.choices(clock, assume)?, date, may_move, now),
            (Some(clock), None) => self.next_to_come(&self.choices(clock, assume)?, now),
            (None, Some((date, may_move))) => Ok((self.day_alone(date, may_move, now)?, None, false)),
            // What holds neither is a time from now.
            (None, None) => {
                let start = minutes_after(instant, self.later.unwrap_or_default())?;
                let end = match self.end {
                    Some(End::Length(length)) => Some(minutes_after(start, length)?),
                    _ => None,
                };
                Ok((Start::At(start), end, false))
            }
        }
    }

    fn day_alone(&self, date: NaiveDate, may_move: bool, now: NaiveDateTime) -> Result<Start, Problem> {
        if let (Some(Said::DaysLater(_)), None) = (self.day, self.day_half) {
            return Ok(Start::At(date.and_time(now.time())));
        }
        let minutes = i64::from(now.num_seconds_from_midnight() / 60);
        let is_over = date == now.date() && self.day_half.is_some_and(|half| dial::is_over_by(half) <= minutes);
        match (is_over, may_move) {
            (false, _) => Ok(Start::Day(date, self.day_half)),
            (true, true) => Ok(Start::Day(calendar::days_after(date, 7)?, self.day_half)),
            (true, false) => Err(Problem::PastDay(date)),
        }
    }

    /// What the start can mean: one choice, or the morning and the evening.
    fn choices(&self, clock: Clock, assume: Option<HalfDay>) -> Result<Vec<Choice>, Problem> {
        dial::check(clock)?;
        if let Some(End::Clock { clock, .. }) = self.end {
            dial::check(clock)?;
        }
        let half = self.clock_half.or(self.day_half);
        if half.is_none()
            && clock.form == Form::Spoken
            && let Some(End::Clock { clock: end, half: end_half, is_shared: true, .. }) = self.end
        {
            return Ok(vec![(shared_start(clock, end, end_half), None)]);
        }
        // 今晚凌晨1点 is the night after.
        let is_night_after = self.day_half == Some(HalfDay::Evening) && self.clock_half == Some(HalfDay::Dawn);
        let evening = |minutes: i64| (minutes + dial::HALF, Some(HalfDay::Evening));
        Ok(match (dial::minutes(clock, half), assume) {
            (Minutes::At(minutes), _) => vec![(minutes + if is_night_after { dial::DAY } else { 0 }, half)],
            (Minutes::Open(minutes), Some(HalfDay::Afternoon | HalfDay::Evening)) => vec![evening(minutes)],
            (Minutes::Open(minutes), Some(_)) => vec![(minutes, Some(HalfDay::Morning))],
            (Minutes::Open(minutes), None) => vec![(minutes, Some(HalfDay::Morning)), evening(minutes)],
        })
    }

    /// Start and end of every choice on a day; choices that would end before they begin fall out.
    fn times(&self, choices: &[Choice], date: NaiveDate, today: NaiveDate) -> Result<Vec<Times>, Problem> {
        let mut times = Vec::new();
        let mut problem = None;
        for &(minutes, half) in choices {
            let start = minutes_after(date.and_time(NaiveTime::MIN), minutes)?;
            match self.end_of((date, minutes, half), start, today) {
                Ok(end) => times.push((start, end)),
                Err(found) => problem = problem.or(Some(found)),
            }
        }
        match problem {
            Some(problem) if times.is_empty() => Err(problem),
            _ => Ok(times),
        }
    }

    fn on_day(
        &self,
        choices: &[Choice],
        date: NaiveDate,
        may_move: bool,
        now: NaiveDateTime,
    ) -> Result<Answer, Problem> {
        let times = self.times(choices, date, now.date())?;
        let mut to_come = times.iter().filter(|(start, _)| *start >= now);
        let chosen = to_come.next().copied();
        // Of 今天8点, said in the afternoon, only the evening is left; 周一8点 could still be next week's morning.
        let is_open = to_come.next().is_some() || may_move && times.len() > 1;
        match chosen {
            Some((start, end)) => Ok((Start::At(start), end, is_open)),
            None if may_move => {
                let times = self.times(choices, calendar::days_after(date, 7)?, now.date())?;
                let (start, end) = times.first().copied().ok_or(Problem::NoSuchDay)?;
                Ok((Start::At(start), end, times.len() > 1))
            }
            None => Err(Problem::PastDay(date)),
        }
    }

    /// Without a day: the first such time from now on.
    fn next_to_come(&self, choices: &[Choice], now: NaiveDateTime) -> Result<Answer, Problem> {
        let mut is_open = false;
        // 晚上12点 belongs to the day before, so that one comes first.
        for days in -1..=2 {
            let times = self.times(choices, calendar::days_after(now.date(), days)?, now.date())?;
            is_open |= times.len() > 1;
            if let Some((start, end)) = times.into_iter().find(|(start, _)| *start >= now) {
                return Ok((Start::At(start), end, is_open));
            }
        }
        Err(Problem::NoSuchDay)
    }

    /// The end that goes with a choice on a date, of which `start` is the time.
    fn end_of(
        &self,
        (date, start_minutes, half_of_start): (NaiveDate, i64, Option<HalfDay>),
        start: NaiveDateTime,
        today: NaiveDate,
    ) -> Result<Option<NaiveDateTime>, Problem> {
        let end = match self.end {
            None => return Ok(None),
            Some(End::Length(minutes)) => minutes_after(start, minutes)?,
            Some(End::Clock { day, clock, half, .. }) => {
                // Who says 22:00 says 6:00 for the morning.
                let is_of_day =
                    self.clock.is_some_and(|clock| clock.form == Form::OfDay) || matches!(day, EndDay::Next);
                let half_of_its_day = half.or(is_of_day.then_some(HalfDay::Morning));
                let (date, minutes) = match day {
                    EndDay::Same => (date, end_on_same_day(clock, half, half_of_start, start_minutes)),
                    EndDay::Next => (calendar::days_after(date, 1)?, by_day(clock, half_of_its_day)),
                    EndDay::Said(said) => {
                        // 后天 counts from today; other days from the start: 周六22:00到周日6:00.
                        let from = if matches!(said, Said::FromToday(_)) { today } else { date };
                        (calendar::date_of(said, from)?.0, by_day(clock, half_of_its_day))
                    }
                };
                minutes_after(date.and_time(NaiveTime::MIN), minutes)?
            }
        };
        if end > start { Ok(Some(end)) } else { Err(Problem::EndBeforeStart) }
    }
}

fn by_day(clock: Clock, half: Option<HalfDay>) -> i64 {
    match dial::minutes(clock, half) {
        Minutes::At(minutes) | Minutes::Open(minutes) => minutes,
    }
}

/// In minutes of the day on which it starts.
fn end_on_same_day(clock: Clock, half: Option<HalfDay>, half_of_start: Option<HalfDay>, start: i64) -> i64 {
    if half.is_none() && clock.form != Form::Exact {
        return dial::end_minutes(clock, half_of_start, start);
    }
    let end = by_day(clock, half);
    // 晚7点到凌晨1点, 10pm to 2am: only into a morning, or a slip (晚9点到晚7点) would last a day.
    if end <= start && end < dial::HALF { end + dial::DAY } else { end }
}

/// 7-9pm begins at 7pm, but 9-1pm at 9am.
fn shared_start(clock: Clock, end: Clock, half: Option<HalfDay>) -> i64 {
    let said = i64::from(clock.hour) * 60 + i64::from(clock.minute);
    let end = by_day(end, half);
    let afternoon = said % dial::HALF + dial::HALF;
    if end >= dial::HALF && afternoon < end { afternoon } else { said }
}

fn minutes_after(time: NaiveDateTime, minutes: i64) -> Result<NaiveDateTime, Problem> {
    Duration::try_minutes(minutes).and_then(|length| time.checked_add_signed(length)).ok_or(Problem::NoSuchDay)
}
