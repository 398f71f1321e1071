//! From groups of tokens to the answer: the first groups that complete each other, and what they mean at a given time.
//! The rules of dates and of hours stand in `calendar` and `dial`.

use std::ops::Range;

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::{
    HalfDay, Moment, Problem, Reading, border,
    calendar::{self, Dated},
    choice, closing,
    dial::{self, Minutes},
    group::{End, EndDay, Group, Groups},
    length,
    text::Text,
    token::{Clock, Form, Said, Token, What},
};

/// Minutes of the day at which it can start, with the half-day that was said or taken for it.
type Choice = (i64, Option<HalfDay>);
/// A start and the end that goes with it.
type Times = (NaiveDateTime, Option<NaiveDateTime>);

/// More groups aren't looked at: nobody names so many times in one message.
const GROUPS_MAX: usize = 12;
/// A length further behind its time than this belongs to something else.
const LENGTH_WITHIN: usize = 24;

/// The end is one of so many clock times behind the start.
const HOURS_BEHIND_MAX: usize = 3;

/// What a group means.
struct Answer {
    start: Moment,
    end: Option<Moment>,
    /// The half-day is open.
    is_open: bool,
    past: Option<NaiveDate>,
}

/// The answer that the tokens give together.
pub fn join(
    text: Text<'_>,
    tokens: &[Token],
    now: NaiveDateTime,
    assume: Option<HalfDay>,
) -> Result<Option<Reading>, Problem> {
    let says_when = |group: &Group| group.day.is_some() || group.clock.is_some() || group.later.is_some();
    let groups: Vec<Group> = Groups::new(text, tokens).filter(says_when).take(GROUPS_MAX).collect();
    let Some(choice) = choice::choose(text, &groups) else { return Ok(None) };
    let (before, rest) = groups.split_at(choice.counts);
    let Some((said, behind)) = rest.split_first() else { return Ok(None) };
    let mut said = said.clone();
    let mut ranges = vec![said.range.clone()];
    let is_hour_first = said.clock.is_some();
    if said.later.is_none() && said.day.is_some() != said.clock.is_some() {
        let mut end = said.range.end;
        let mut denied = None;
        for other in behind {
            if text.ends_sentence(end..other.range.start) {
                break;
            }
            end = other.range.end;
            if choice::is_denied(text, other) {
                denied = denied.or(Some(other));
                continue;
            }
            // 下周一起食堂每天七点开门
            if let (Some(from), Some(rule @ Said::Every(_)), None, Some(_)) =
                (said.day, other.day, said.clock, other.clock)
                && closing::begins(text, said.range.end)
            {
                said = Group { from: Some(from), day: Some(rule), range: said.range, ..other.clone() };
                ranges.push(other.range.clone());
                break;
            }
            // 后天啊后天晚上七点, 明晚平安夜六点: the same day twice.
            let is_same_day =
                said.clock.is_none() && other.day.is_some() && is_same_day(said.day, other.day, now.date());
            if is_same_day {
                said.clock = other.clock;
                said.clock_half = other.clock_half;
                said.day_half = said.day_half.or(other.day_half);
                said.end = other.end;
                ranges.push(other.range.clone());
            }
            if is_same_day && said.clock.is_some() || said.complete(other) {
                ranges.push(other.range.clone());
                break;
            }
        }
        // 20号而不是19号，早八点至十点
        if let (None, Some(other)) = (said.clock, denied.filter(|other| other.day.is_some())) {
            said.clock = other.clock;
            said.clock_half = other.clock_half;
            said.end = other.end;
        }
    }
    let hour_at = ranges.last().filter(|_| !is_hour_first && said.clock.is_some()).map(|range| range.start);
    if choice.is_moved {
        for other in before.iter().rev() {
            said.moved_from(other);
        }
    }
    if said.end.is_none() {
        // Of 七点放电影，九点散场，就今天 the end stands before the day.
        let completed = ranges.iter().map(|range| range.end).max();
        let from = completed.filter(|_| !is_hour_first).unwrap_or(said.range.end);
        if let Some((end, range)) = end_elsewhere(text, tokens, behind, from, said.clock.is_some()) {
            said.end = Some(end);
            ranges.push(range);
        }
    }
    // What is counted from now keeps its seconds: one minute later is not the next stroke of the minute.
    let now = now.with_nanosecond(0).unwrap_or(now);
    let mut answer = said.resolve(now, assume)?;
    if let Some(minutes) = choice::put_off(text, tokens, &said, hour_at) {
        answer.start = later(answer.start, minutes)?;
        answer.end = answer.end.map(|end| later(end, minutes)).transpose()?;
    }
    // A time from now has its day too.
    let day_said = said.day.is_some() || said.later.is_some();
    let rule = match said.day {
        Some(Said::Every(rule)) => Some(rule),
        _ => None,
    };
    Ok(Some(Reading {
        start: answer.start,
        end: answer.end,
        rule,
        past: answer.past,
        parts: border::parts(text, ranges),
        needs_half_day: answer.is_open,
        day_said,
    }))
}

fn later(moment: Moment, minutes: i64) -> Result<Moment, Problem> {
    Ok(match moment {
        Moment::At(at) => Moment::At(minutes_after(at, minutes)?),
        Moment::Day(day, half) => Moment::Day(calendar::days_after(day, minutes / dial::DAY)?, half),
    })
}

fn is_same_day(one: Option<Said>, other: Option<Said>, today: NaiveDate) -> bool {
    let date = |said: Option<Said>| calendar::date_of(said?, today).ok().map(|dated| dated.date);
    one != other && date(one) == date(other) || one == other && one.is_some()
}

/// An end that words separate from the start: 明晚6点开始打牌，十点散伙; 片长140分钟.
fn end_elsewhere(
    text: Text<'_>,
    tokens: &[Token],
    behind: &[Group],
    from: usize,
    has_clock: bool,
) -> Option<(End, Range<usize>)> {
    // 19:30入场，20:00开演，21:30结束
    let mut hours = behind
        .iter()
        .filter(|group| group.range.start >= from)
        .take_while(|group| !text.ends_sentence(from..group.range.start))
        .take(HOURS_BEHIND_MAX)
        .filter_map(|group| Some((group, group.clock?)))
        .peekable();
    if has_clock && hours.peek().is_some() {
        return hours.find_map(|(other, clock)| {
            // 一直玩到第二天凌晨两点
            let next_day = tokens.iter().find(|token| {
                token.what == What::NextDay && token.range.end == text.skip_blank_back(other.range.start)
            });
            let begin = next_day.map_or(other.range.start, |token| token.range.start);
            let is_end = other.day.is_none() && closing::leads(text, begin) || closing::follows(text, other.range.end);
            let day = match (other.day, next_day) {
                // 30号下午三点出发，2号中午十二点返回
                (Some(day), _) => EndDay::Said(day),
                (None, Some(_)) => EndDay::Next,
                (None, None) => EndDay::Same,
            };
            let half = other.clock_half.or(other.day_half);
            is_end.then_some((End::Clock { day, clock, half, is_shared: false }, begin..other.range.end))
        });
    }
    tokens.iter().filter(|token| token.range.start >= from).find_map(|token| {
        let What::Length(minutes) = token.what else { return None };
        // Days after a day, hours after an hour.
        let is_of_kind = has_clock == (minutes < dial::DAY);
        let is_far = token.range.start - from > LENGTH_WITHIN || text.ends_sentence(from..token.range.start);
        (is_of_kind && !is_far && !length::is_of_something_else(text, &token.range, minutes))
            .then(|| (End::Length(minutes), token.range.clone()))
    })
}

impl Group {
    fn resolve(&self, instant: NaiveDateTime, assume: Option<HalfDay>) -> Result<Answer, Problem> {
        let now = instant.with_second(0).unwrap_or(instant);
        let mut day = match (self.from, self.day) {
            (Some(from), Some(Said::Every(rule))) => Some(calendar::first_of(rule, from, now.date())?),
            (_, said) => said.map(|said| calendar::date_of(said, now.date())).transpose()?,
        };
        // 周日, 二月十号: the day of the week says that it was this year's.
        if let (Some(dated), Some(said)) = (&mut day, self.weekday)
            && let Some(past) = dated.past.filter(|past| past.weekday() == said && dated.date.weekday() != said)
        {
            dated.date = past;
        }
        if let (Some(dated), Some(said)) = (day, self.weekday)
            && dated.date.weekday() != said
        {
            return Err(Problem::WeekdayDiffers { date: dated.date, said });
        }
        match (self.clock, day) {
            (Some(clock), Some(dated)) => self.on_day(&self.choices(clock, assume)?, dated, now),
            (Some(clock), None) => self.next_to_come(&self.choices(clock, assume)?, now),
            (None, Some(dated)) => self.day_alone(dated, now),
            // What holds neither is a time from now.
            (None, None) => {
                let start = minutes_after(instant, self.later.unwrap_or_default())?;
                let end = match self.end {
                    Some(End::Length(length)) => Some(Moment::At(minutes_after(start, length)?)),
                    _ => None,
                };
                Ok(Answer { start: Moment::At(start), end, is_open: false, past: None })
            }
        }
    }

    fn day_alone(&self, dated: Dated, now: NaiveDateTime) -> Result<Answer, Problem> {
        let answer = |start, end, past| Ok(Answer { start, end, is_open: false, past });
        let date = dated.date;
        if let (Some(Said::DaysLater(_)), None) = (self.day, self.day_half) {
            return answer(Moment::At(date.and_time(now.time())), None, dated.past);
        }
        let last = match (self.last_day, self.end) {
            (Some(said), _) => Some(last_of(said, date, now.date())?),
            (None, Some(End::Length(minutes))) => Some(calendar::days_after(date, minutes / dial::DAY - 1)?),
            (None, _) => dated.last,
        };
        if last.is_some_and(|last| last < date) {
            return Err(Problem::EndBeforeStart);
        }
        let end = last.map(|last| Moment::Day(last, None));
        let minutes = i64::from(now.num_seconds_from_midnight() / 60);
        let is_over = date == now.date() && self.day_half.is_some_and(|half| dial::is_over_by(half) <= minutes);
        match dated.next.filter(|_| is_over) {
            Some(next) => answer(Moment::Day(next, self.day_half), end, dated.past),
            None => answer(Moment::Day(date, self.day_half), end, dated.past.or(is_over.then_some(date))),
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

    fn on_day(&self, choices: &[Choice], dated: Dated, now: NaiveDateTime) -> Result<Answer, Problem> {
        let times = self.times(choices, dated.date, now.date())?;
        let mut to_come = times.iter().filter(|(start, _)| *start >= now);
        let chosen = to_come.next().copied();
        // Of 今天8点, said in the afternoon, only the evening is left; 周一8点 could still be next week's morning.
        let is_open = to_come.next().is_some() || dated.next.is_some() && times.len() > 1;
        let answer = |(start, end): Times, is_open, past| {
            Ok(Answer { start: Moment::At(start), end: end.map(Moment::At), is_open, past })
        };
        if let Some(times) = chosen {
            return answer(times, is_open, dated.past);
        }
        let Some(next) = dated.next else {
            let first = times.first().copied().ok_or(Problem::NoSuchDay)?;
            return answer(first, false, dated.past.or(Some(dated.date)));
        };
        let times = self.times(choices, next, now.date())?;
        answer(times.first().copied().ok_or(Problem::NoSuchDay)?, times.len() > 1, dated.past)
    }

    /// Without a day: the first such time from now on.
    fn next_to_come(&self, choices: &[Choice], now: NaiveDateTime) -> Result<Answer, Problem> {
        let mut is_open = false;
        // 晚上12点 belongs to the day before, so that one comes first.
        for days in -1..=2 {
            let times = self.times(choices, calendar::days_after(now.date(), days)?, now.date())?;
            is_open |= times.len() > 1;
            if let Some((start, end)) = times.into_iter().find(|(start, _)| *start >= now) {
                return Ok(Answer { start: Moment::At(start), end: end.map(Moment::At), is_open, past: None });
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
                    EndDay::Said(said) => (last_of(said, date, today)?, by_day(clock, half_of_its_day)),
                };
                minutes_after(date.and_time(NaiveTime::MIN), minutes)?
            }
        };
        if end > start { Ok(Some(end)) } else { Err(Problem::EndBeforeStart) }
    }
}

/// The date of a last day. 后天 and 下周三 count from today, other days from the first: 周六22:00到周日6:00.
fn last_of(said: Said, first: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let is_from_today = matches!(said, Said::FromToday(_) | Said::DaysLater(_) | Said::Weekday { week: Some(_), .. });
    let dated = calendar::date_of(said, if is_from_today { today } else { first })?;
    Ok(dated.last.unwrap_or(dated.date))
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
