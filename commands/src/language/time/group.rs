//! Neighbouring tokens that belong together: 周六 晚 7点半, 12月1日（周二）19:30-21:00. A group holds what was said; what
//! it means is `join`'s business.

use std::ops::Range;

use chrono::Weekday;

use super::{
    HalfDay, Rule, choice, clock, closing,
    text::Text,
    token::{Clock, Day, Form, Said, Token, What},
};

/// What stands between neighbours is no longer than this: some blanks, a comma and a small word or two.
const GAP_MAX: usize = 12;

/// The last of several days follows the first within so many characters: 3月2日开始报名，3月15日结束.
const LAST_DAY_WITHIN: usize = 12;

/// A verb that goes on to the last day stands between them with its 到: 2月8号摆到2月13号.
const VERB_WITHIN: usize = 4;

/// What is said of the first day where the last is said apart from it.
const BEGINS: [&str; 9] = ["开始", "起", "开展", "开幕", "开营", "开放", "开业", "启动", "出发"];

/// What was said in one place, or in two that complete each other.
#[derive(Clone, Debug, Default)]
pub struct Group {
    pub day: Option<Said>,
    /// The day from which on it comes again: 从下周一起每天.
    pub from: Option<Said>,
    /// The last day, if several were said: 周五到周日.
    pub last_day: Option<Said>,
    /// The day of the week that was said beside a date.
    pub weekday: Option<Weekday>,
    pub day_half: Option<HalfDay>,
    pub clock: Option<Clock>,
    pub clock_half: Option<HalfDay>,
    pub end: Option<End>,
    /// Minutes from now.
    pub later: Option<i64>,
    pub range: Range<usize>,
}

/// How the end was said.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Length(i64),
    Clock {
        day: EndDay,
        clock: Clock,
        half: Option<HalfDay>,
        /// The half-day stands behind both times and holds for both: 7-9pm.
        is_shared: bool,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum EndDay {
    Same,
    Next,
    Said(Said),
}

/// Walks over the groups of a text.
pub struct Groups<'a> {
    text: Text<'a>,
    tokens: &'a [Token],
    /// The index of the next token.
    at: usize,
}

impl Iterator for Groups<'_> {
    type Item = Group;

    fn next(&mut self) -> Option<Group> {
        let first = self.tokens.get(self.at)?;
        let mut group = Group { range: first.range.clone(), ..Group::default() };
        let begin = self.at;
        while let Some(token) = self.tokens.get(self.at) {
            let gap = group.range.end..token.range.start;
            let goes_on = match token.what {
                What::Day(Day { said: Said::Every(_), .. }) if group.day.is_some() => {
                    // 3月20日到22日每天
                    is_start(self.text, gap.clone()) || group.last_day.is_some() && is_soft(self.text, gap)
                }
                _ => is_soft(self.text, gap),
            };
            if self.at > begin && !goes_on {
                break;
            }
            if !self.take(&mut group, token) {
                break;
            }
        }
        // Lengths and the like that belong to nothing.
        if self.at == begin {
            self.at += 1;
        }
        Some(group)
    }
}

impl<'a> Groups<'a> {
    pub fn new(text: Text<'a>, tokens: &'a [Token]) -> Self {
        Self { text, tokens, at: 0 }
    }

    /// Takes the token at the place into the group, if it can belong there.
    fn take(&mut self, group: &mut Group, token: &Token) -> bool {
        let is_taken = match token.what {
            What::Day(day) => group.add_day(day),
            What::Half(half) => self.add_half(group, half),
            What::Clock(clock) => group.add_clock(clock),
            What::Later(minutes) => group.add_later(minutes),
            What::Length(_) | What::NextDay => false,
        };
        if is_taken {
            self.at += 1;
            group.range.end = token.range.end;
            match token.what {
                What::Clock(_) | What::Later(_) => self.take_end(group),
                What::Day(_) => self.take_last_day(group),
                _ => {}
            }
        }
        is_taken
    }

    /// A clock time follows the token at this index, with nothing but small words between.
    fn leads_clock(&self, index: usize) -> bool {
        let (Some(token), Some(next)) = (self.tokens.get(index), self.tokens.get(index + 1)) else { return false };
        matches!(next.what, What::Clock(_)) && is_soft(self.text, token.range.end..next.range.start)
    }

    fn add_half(&self, group: &mut Group, half: HalfDay) -> bool {
        let place = match (group.clock, self.leads_clock(self.at)) {
            (None, true) => &mut group.clock_half,
            // 7 in the evening; but in 7点 晚上9点 the half-day is that of the other time.
            (Some(_), false) => &mut group.clock_half,
            (None, false) if group.day.is_some() => &mut group.day_half,
            _ => return false,
        };
        place.is_none() && place.replace(half).is_none()
    }

    /// Takes the last of several days, if it follows: 周五到周日, 3月2日开始报名，3月15日结束.
    fn take_last_day(&mut self, group: &mut Group) {
        let Some(Token { what: What::Day(day), range }) = self.tokens.get(self.at) else { return };
        if group.clock.is_some()
            || group.last_day.is_some()
            || choice::is_moved_from(self.text, group)
            || self.leads_clock(self.at) && group.day_half.is_none()
        {
            return;
        }
        let led = clock::after_connector(self.text, group.range.end)
            .is_some_and(|place| is_soft(self.text, place..range.start));
        let gap = group.range.end..range.start;
        let gap_len = gap.len();
        let is_near = gap_len <= LAST_DAY_WITHIN && !self.text.ends_sentence(gap.clone());
        let ends = closing::follows(self.text, range.end)
            || self.text.after_any(self.text.skip_blank(range.end), &["截止", "为止", "止"]).is_some()
            || self.text.before_any(self.text.skip_blank_back(range.start), &["截至", "截止到", "截止"]).is_some();
        let closes = is_near && ends && gap.into_iter().any(|at| self.text.after_any(at, &BEGINS).is_some());
        // 2月8号摆到2月13号
        let goes_on_to = gap_len <= VERB_WITHIN && closing::leads(self.text, range.start);
        if led || closes || goes_on_to {
            group.last_day = Some(day.said);
            group.range.end = range.end;
            self.at += 1;
        }
    }

    /// Takes what says when it ends, if that follows: 到9点, 两个小时.
    fn take_end(&mut self, group: &mut Group) {
        if choice::is_moved_from(self.text, group) {
            return;
        }
        let end = self.end_by_clock(group).or_else(|| self.end_by_length(group));
        if let Some((end, next, place)) = end {
            group.end = Some(end);
            group.range.end = place;
            self.at = next;
        }
    }

    /// The end, the index of the token behind it, and the place behind it.
    fn end_by_clock(&self, group: &Group) -> Option<(End, usize, usize)> {
        group.clock?;
        // 十点起关到明早六点
        let verb = || {
            let next = self.tokens.get(self.at)?.range.start;
            let mut gap = group.range.end..next;
            let is_verb = gap.len() <= VERB_WITHIN && !gap.any(|at| self.text.is_border(at));
            (is_verb && closing::leads(self.text, next)).then_some(next)
        };
        let connected = clock::after_connector(self.text, group.range.end).or_else(verb);
        let mut place = connected.unwrap_or(group.range.end);
        let mut day = EndDay::Same;
        let mut half = None;
        let mut index = self.at;
        let clock = loop {
            let token = self.tokens.get(index)?;
            if !is_soft_or_begun(self.text, place..token.range.start) {
                return None;
            }
            index += 1;
            place = token.range.end;
            match token.what {
                What::NextDay => day = EndDay::Next,
                What::Day(said) if half.is_none() => {
                    day = EndDay::Said(said.said);
                    half = said.half;
                }
                What::Half(said) => half = Some(said),
                What::Clock(clock) => break clock,
                _ => return None,
            }
        };
        // Without 到 or - the word behind says that it is the end: 7点开始，9点结束.
        if connected.is_none() {
            let is_end = closing::follows(self.text, place)
                || self.text.after_any(self.text.skip_blank(place), &["为止", "止"]).is_some();
            if !is_end {
                return None;
            }
        }
        let mut is_shared = half.is_none() && clock.form == Form::Exact;
        // 3 to 4 in the afternoon
        if let Some(Token { what: What::Half(said), range }) = self.tokens.get(index)
            && half.is_none()
            && is_soft(self.text, place..range.start)
            && !self.leads_clock(index)
        {
            half = Some(*said);
            is_shared = true;
            place = range.end;
            index += 1;
        }
        Some((End::Clock { day, clock, half, is_shared }, index, place))
    }

    fn end_by_length(&self, group: &Group) -> Option<(End, usize, usize)> {
        const LED_BY: [&str; 24] = [
            "正式开始",
            "准时开始",
            "开始",
            "起",
            "左右",
            "总时长",
            "时长",
            "共计",
            "一共",
            "总共",
            "共",
            "大约",
            "大概",
            "约",
            "历时",
            "持续",
            "为期",
            "为时",
            "进行",
            "for",
            "about",
            "lasting",
            "lasts",
            "start",
        ];
        let Token { what: What::Length(minutes), range } = self.tokens.get(self.at)? else { return None };
        consists_of(self.text, group.range.end..range.start, &LED_BY).then_some((
            End::Length(*minutes),
            self.at + 1,
            range.end,
        ))
    }
}

/// Only blanks, brackets, commas and small words stand here.
fn is_soft(text: Text<'_>, gap: Range<usize>) -> bool {
    // Fillers of speech among them: 后天嗯晚上那个八点.
    const SMALL: [&str; 30] = [
        "at",
        "on",
        "from",
        "of",
        "for",
        "the",
        "by",
        "的",
        "在",
        "于",
        "从",
        "定在",
        "@",
        "嗯",
        "呃",
        "额",
        "啊",
        "哦",
        "呢",
        "吧",
        "就",
        "那个",
        "这个",
        "就是",
        "大概",
        "大约",
        "约",
        "差不多",
        "可能",
        "应该是",
    ];
    consists_of(text, gap, &SMALL)
}

/// 开始 or 起 stands here, and nothing else that matters: 从下周一开始，每天.
fn is_start(text: Text<'_>, gap: Range<usize>) -> bool {
    text.after_any(gap.start, &["开始", "起"]).is_some_and(|end| end <= gap.end && is_soft(text, end..gap.end))
}

/// As `is_soft`, and 开始 may stand here: 7点开始，9点结束.
fn is_soft_or_begun(text: Text<'_>, gap: Range<usize>) -> bool {
    let place = text.after_any(gap.start, &["开始"]).filter(|end| *end <= gap.end).unwrap_or(gap.start);
    is_soft(text, place..gap.end)
}

fn consists_of(text: Text<'_>, gap: Range<usize>, words: &[&str]) -> bool {
    if gap.len() > GAP_MAX {
        return false;
    }
    let mut at = gap.start;
    while at < gap.end {
        let is_mark = text.is_at(at, &[' ', ',', '(', ')', ':', '[', ']', '【', '】', '|', '/', '-']);
        match text.after_any(at, words) {
            Some(end) => at = end,
            None if is_mark => at += 1,
            None => return false,
        }
    }
    at == gap.end
}

impl Group {
    fn add_day(&mut self, day: Day) -> bool {
        let is_date = |said: Said| matches!(said, Said::Date { .. } | Said::FromToday(_));
        match (self.day, day.said) {
            (None, said) => self.day = Some(said),
            // 3月20日到22日每天: the days have an end, so nothing comes again.
            (Some(_), Said::Every(Rule::Daily { .. })) if self.last_day.is_some() => {}
            // 从下周一开始每天
            (Some(from), Said::Every(_)) if !matches!(from, Said::Every(_)) && self.clock.is_none() => {
                self.from = Some(from);
                self.day = Some(day.said);
            }
            // 国庆3号
            (Some(named), Said::Date { year: None, month: None, day }) if named.month().is_some() => {
                self.day = Some(Said::Date { year: None, month: named.month(), day });
            }
            // 12月1日（周二）, 周二12月1日: the date counts, the day of the week checks it.
            (Some(date), Said::Weekday { weekday, .. }) if is_date(date) && self.weekday.is_none() => {
                self.weekday = Some(weekday);
            }
            (Some(Said::Weekday { weekday, .. }), date @ Said::Date { .. }) => {
                self.weekday = Some(weekday);
                self.day = Some(date);
            }
            // 两周后的周六
            (Some(Said::DaysLater(days)), Said::Weekday { weekday, week: None }) if days % 7 == 0 => {
                self.day = Some(Said::Weekday { weekday, week: Some(days / 7) });
            }
            _ => return false,
        }
        self.day_half = self.day_half.or(day.half);
        true
    }

    fn add_clock(&mut self, clock: Clock) -> bool {
        // 七点，七点一刻
        let is_refined = |said: Clock| said.hour == clock.hour && said.minute == 0 && clock.minute > 0;
        let is_taken = self.clock.is_none_or(|said| is_refined(said) && self.end.is_none());
        if is_taken {
            self.clock = Some(clock);
        }
        is_taken
    }

    fn add_later(&mut self, minutes: i64) -> bool {
        let is_alone = self.day.is_none() && self.clock.is_none() && self.later.is_none();
        if is_alone {
            self.later = Some(minutes);
        }
        is_alone
    }

    /// Takes from what it was before what the time to which something was moved leaves open: 从7点改到8点 stays in the evening,
    /// 原定周六下午2点改到周日 at two.
    pub fn moved_from(&mut self, before: &Self) {
        // 周四的读书会推迟到下周
        if let (Some(Said::Week(week)), Some(Said::Weekday { weekday, .. })) = (self.day, before.day) {
            self.day = Some(Said::Weekday { weekday, week: Some(week) });
        }
        if self.day.is_none() {
            self.day = before.day;
            self.weekday = before.weekday;
            self.day_half = self.day_half.or(before.day_half);
        }
        if self.clock.is_none() {
            self.clock = before.clock;
            self.clock_half = self.clock_half.or(before.clock_half);
        } else if self.clock_half.is_none() {
            self.clock_half = before.clock_half;
        }
    }

    /// Completes a day with a clock time from elsewhere or the other way round.
    pub fn complete(&mut self, other: &Self) -> bool {
        match (self.day, other.day) {
            (Some(_), None) if other.clock.is_some() => {
                self.clock = other.clock;
                self.clock_half = other.clock_half.or(other.day_half);
                self.end = other.end;
                true
            }
            (None, Some(_)) if other.clock.is_none() => {
                self.day = other.day;
                self.last_day = other.last_day;
                self.weekday = other.weekday;
                self.day_half = other.day_half;
                true
            }
            _ => false,
        }
    }
}
