//! What residents type about activities.

use std::ops::Range;

use chrono::{NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use crate::{
    activity::rules::Party,
    feature::{After, Bare, Parsed, Role, Scope, Word},
    language::{
        Phrase, number,
        time::{self, HalfDay, Moment, Problem},
    },
};

/// A title has at most this many characters: it must fit on one or two lines of a telephone.
pub const TITLE_CHARS_MAX: usize = 60;
/// With time and places an announcement has at most this many: what follows might not even have been read.
const ANNOUNCEMENT_CHARS_MAX: usize = 400;
/// Places of one activity: more than the biggest hall of a community holds is a slip of the keyboard.
pub const CAPACITY_MAX: i64 = 9_999;
/// A neighbour's name has at most this many characters.
pub const GUEST_CHARS_MAX: usize = 12;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Announce an activity.
    Post(Announcement),
    /// List what is to come.
    List,
    /// Sign up for the activity of this number, or the one that fits.
    Join(Option<i64>, Option<Party>),
    /// Sign up a neighbour by name.
    JoinFor(Option<i64>, String),
    /// Not come after all: oneself, or a neighbour by name.
    Leave(Option<i64>, String),
    /// Everybody's names.
    Roster(Option<i64>),
    /// Call it off.
    Cancel(Option<i64>),
    /// Another time.
    Move(Option<i64>, Phrase),
}

/// An activity as announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// What it is.
    pub title: String,
    /// Where; empty if not said.
    pub place: String,
    /// When, local time.
    pub starts_at: NaiveDateTime,
    /// Until when.
    pub ends_at: Option<NaiveDateTime>,
    /// How many may come.
    pub capacity: Option<i64>,
}

const fn act(
    key: &'static str,
    zh: &'static [&'static str],
    en: &'static [&'static str],
    after: After,
    bare: Bare,
) -> Word {
    Word { key, zh, en, after, role: Role::Resident, scope: Scope::Community, bare, in_help: false }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        scope: Scope::Room,
        in_help: true,
        ..act("post", &["活动", "活動"], &["activity", "event"], After::Fields, Bare::No)
    },
    Word {
        scope: Scope::Room,
        in_help: true,
        ..act("list", &["活动列表", "活动 列表", "活動列表"], &["activities"], After::Nothing, Bare::No)
    },
    Word {
        in_help: true,
        ..act("join", &["报名", "報名", "接龙", "接龍"], &["join", "sign up"], After::Text, Bare::With(is_party))
    },
    act("plus", &["+1"], &["me too"], After::Nothing, Bare::Alone),
    act("join_for", &["代报名", "代報名"], &["join for", "sign up for"], After::Text, Bare::No),
    Word {
        in_help: true,
        ..act("leave", &["退出", "取消报名", "取消報名"], &["leave", "sign off"], After::Number, Bare::Alone)
    },
    act("roster", &["名单", "名單"], &["roster"], After::Number, Bare::No),
    act("cancel", &["取消活动", "取消活動"], &["cancel activity"], After::Number, Bare::No),
    act("move", &["改到", "改期到"], &["move to"], After::Text, Bare::No),
];

/// Whether a text says nothing but who comes along: what may follow 报名 without a prefix.
fn is_party(rest: &Phrase) -> bool {
    matches!(party(rest), Some((None, Some(_))))
}

/// Reads what followed a word. `now` is the local time at which it was said.
pub fn parse(key: &str, rest: &Phrase, now: NaiveDateTime) -> Parsed<Command> {
    match key {
        "post" => announcement(rest, now),
        "list" => Parsed::Mine(Command::List),
        "join" => match party(rest) {
            Some((number, party)) => Parsed::Mine(Command::Join(number, party)),
            None => Parsed::Malformed("activity-unreadable-party"),
        },
        "plus" => Parsed::Mine(Command::Join(number_alone(rest), None)),
        "join_for" => match numbered_name(rest) {
            (_, name) if name.is_empty() => Parsed::Malformed("activity-missing-name"),
            (_, name) if is_several(&name) => Parsed::Malformed("activity-one-name"),
            (_, name) if name.chars().count() > GUEST_CHARS_MAX || !name.chars().any(char::is_alphabetic) => {
                Parsed::Malformed("activity-unreadable-name")
            }
            (number, name) => Parsed::Mine(Command::JoinFor(number, name)),
        },
        "leave" => {
            let (number, name) = numbered_name(rest);
            Parsed::Mine(Command::Leave(number, name))
        }
        "move" => {
            let (number, rest) = take_number_at_end(rest);
            if rest.is_empty() {
                Parsed::Malformed("activity-missing-new-time")
            } else {
                Parsed::Mine(Command::Move(number, rest))
            }
        }
        _ => {
            let number = match number::of_item(rest) {
                number::Number::Absent => None,
                number::Number::Is(number) => Some(number),
                number::Number::Unreadable => return Parsed::Malformed("activity-unreadable-number"),
            };
            Parsed::Mine(if key == "cancel" { Command::Cancel(number) } else { Command::Roster(number) })
        }
    }
}

/// Whether several neighbours are named: each has a place of their own.
fn is_several(name: &str) -> bool {
    let chinese = |word: &str| word.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    name.contains(['、', ',', '，', '&']) || name.split_whitespace().filter(|word| chinese(word)).count() > 1
}

fn number_alone(rest: &Phrase) -> Option<i64> {
    match number::of_item(rest) {
        number::Number::Is(number) => Some(number),
        _ => None,
    }
}

/// A run of digits or Chinese numerals at a place of a text, and how long it is.
fn count_at(chars: &[char], at: usize) -> Option<(i64, usize)> {
    let tail = || chars.iter().skip(at);
    let digits = tail().take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        let text: String = tail().take(digits).collect();
        // More than a number holds is too many of whatever it is.
        return Some((text.parse().unwrap_or(i64::MAX), digits));
    }
    let numerals = tail().take_while(|c| number::is_chinese_numeral(**c)).count();
    let text: String = tail().take(numerals).collect();
    (numerals > 0).then(|| number::chinese(&text).map(|value| (value, numerals))).flatten()
}

/// Reads 12, +2, 2大1小, 3人, 12 +2, 2 adults 1 child: a number of an activity and who comes. None: something else.
fn party(rest: &Phrase) -> Option<(Option<i64>, Option<Party>)> {
    let chars = rest.chars();
    let (mut item, mut adults, mut children, mut guests, mut total) = (None, None, None, None, None);
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() || matches!(c, ',' | '、' | '.' | '。' | '!' | '~' | '#' | '号') {
            at += 1;
            continue;
        }
        let plus = c == '+';
        at += usize::from(plus);
        let (count, length) = count_at(chars, at)?;
        at += length;
        while chars.get(at) == Some(&' ') {
            at += 1;
        }
        let unit: String =
            chars.iter().skip(at).take_while(|c| c.is_alphabetic() && !number::is_chinese_numeral(**c)).collect();
        let slot = match unit.as_str() {
            "" | "号" if plus => &mut guests,
            "" | "号" => &mut item,
            "大" | "大人" | "个大人" | "adult" | "adults" => &mut adults,
            "小" | "小孩" | "个小孩" | "孩" | "孩子" | "个孩子" | "child" | "children" | "kid" | "kids" => {
                &mut children
            }
            "人" | "个人" | "位" | "个" | "people" | "persons" if plus => &mut guests,
            "人" | "个人" | "位" | "个" | "people" | "persons" => &mut total,
            _ => return None,
        };
        if slot.replace(count).is_some() {
            return None;
        }
        at += unit.chars().count();
    }
    // What is too many stays too many, and can be added up.
    for count in [&mut adults, &mut children, &mut guests, &mut total] {
        *count = count.map(|count: i64| count.min(CAPACITY_MAX));
    }
    let party = match (adults, children, guests, total) {
        (None, None, None, None) => None,
        (None, None, Some(guests), None) => Some(Party { adults: 1 + guests, children: 0 }),
        (None, None, None, Some(total)) => Some(Party { adults: total, children: 0 }),
        // +1孩: oneself and a child.
        (None, Some(children), None, None) => Some(Party { adults: 1, children }),
        (Some(adults), children, None, None) => Some(Party { adults, children: children.unwrap_or(0) }),
        _ => return None,
    };
    // Nobody at all is no party; the rules say what is too many.
    let is_number = item.is_none_or(|item| (1..=number::NUMBER_MAX).contains(&item));
    if party.is_some_and(|party| party.adults < 1) || !is_number { None } else { Some((item, party)) }
}

/// A number of an activity before or after a name: 12 王奶奶, 王奶奶 12, 王奶奶.
fn numbered_name(rest: &Phrase) -> (Option<i64>, String) {
    let mut number = None;
    let mut words = Vec::new();
    for word in rest.written().split_whitespace() {
        match number::of_item(&Phrase::new(word)) {
            number::Number::Is(found) if number.is_none() => number = Some(found),
            _ => words.push(word.to_owned()),
        }
    }
    (number, words.join(" "))
}

/// 晚上7点半 12: a number of an activity at the end, after a blank.
fn take_number_at_end(rest: &Phrase) -> (Option<i64>, Phrase) {
    let written = rest.written();
    match written.rsplit_once(' ') {
        Some((head, tail)) => match number::of_item(&Phrase::new(tail)) {
            number::Number::Is(number) if tail.chars().any(|c| c.is_numeric()) => (Some(number), Phrase::new(head)),
            _ => (None, rest.clone()),
        },
        None => (None, rest.clone()),
    }
}

/// The message about what is wrong with a time.
pub fn problem_id(problem: Problem) -> &'static str {
    match problem {
        Problem::PastDay(_) => "time-past-day",
        Problem::NoSuchDay => "time-no-such-day",
        Problem::EndBeforeStart => "time-end-before-start",
        Problem::WeekdayDiffers { .. } => "time-weekday-differs",
    }
}

/// What is meant by seven o'clock if nobody says in the morning or in the evening: an activity begins in the evening at
/// seven or eight, and in the morning from nine on. The card reads it back.
fn usual_half_day(start: NaiveDateTime) -> Option<HalfDay> {
    let eight = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    (start.time() < eight).then_some(HalfDay::Evening)
}

/// A start with a clock time, and an end.
pub type Span = (NaiveDateTime, Option<NaiveDateTime>);

/// A time, where in the text it stands, and whether a day was said.
pub type When = (Span, Vec<Range<usize>>, bool);

/// Reads when an activity takes place. None: no clock time.
pub fn when(text: &Phrase, now: NaiveDateTime) -> Result<Option<When>, Problem> {
    when_on(text, now, false)
}

/// The same, where the day is known already.
pub fn when_on(text: &Phrase, now: NaiveDateTime, day_known: bool) -> Result<Option<When>, Problem> {
    let Some(mut reading) = time::read(text, now, None)? else { return Ok(None) };
    if let (true, Moment::At(start)) = (reading.needs_half_day && (reading.day_said || day_known), reading.start)
        && let Some(half_day) = usual_half_day(start)
        && let Some(later) = time::read(text, now, Some(half_day))?
    {
        reading = later;
    }
    match reading.start {
        // Nobody gathers at a second.
        Moment::At(start) => {
            let on_the_minute = |at: NaiveDateTime| at.with_second(0).unwrap_or(at);
            let hours = (on_the_minute(start), reading.end.and_then(Moment::at).map(on_the_minute));
            Ok(Some((hours, reading.parts, reading.day_said)))
        }
        Moment::Day(..) => Ok(None),
    }
}

/// Whether something is to happen again and again, which the bot can't plan yet.
pub fn is_recurring(text: &Phrase, now: NaiveDateTime) -> bool {
    // Said without a day, these are no time: 每周 读书会.
    const AGAIN: [&str; 8] = ["每天", "每日", "每周", "每星期", "每个月", "每月", "every ", "每週"];
    let comes_again = |reading: Option<time::Reading>| reading.is_some_and(|reading| reading.rule.is_some());
    AGAIN.iter().any(|word| text.find(word).is_some()) || time::read_any(text, now, None).is_ok_and(comes_again)
}

fn announcement(rest: &Phrase, now: NaiveDateTime) -> Parsed<Command> {
    if rest.is_empty() {
        return Parsed::Malformed("activity-missing-all");
    }
    if is_recurring(rest, now) {
        return Parsed::Malformed("time-recurring");
    }
    if rest.chars().len() > ANNOUNCEMENT_CHARS_MAX {
        return Parsed::Malformed("activity-too-long");
    }
    let (capacity, capacity_at) = match capacity(rest) {
        Ok(Some((capacity, at))) => (Some(capacity), Some(at)),
        Ok(None) => (None, None),
        Err(id) => return Parsed::Malformed(id),
    };
    let ((starts_at, ends_at), mut parts) = match when(rest, now) {
        Ok(Some((span, parts, _))) => (span, parts),
        Ok(None) => return Parsed::Malformed("activity-missing-time"),
        Err(problem) => return Parsed::Malformed(problem_id(problem)),
    };
    if starts_at <= now {
        return Parsed::Malformed("time-past");
    }
    if starts_at > now + TimeDelta::days(AHEAD_DAYS_MAX) {
        return Parsed::Malformed("time-too-far");
    }
    parts.extend(capacity_at);
    parts.sort_by_key(|part| part.start);
    let (title, place) = title_and_place(rest, &parts);
    if !title.chars().any(char::is_alphanumeric) {
        return Parsed::Malformed("activity-missing-title");
    }
    if title.chars().count() > TITLE_CHARS_MAX || place.chars().count() > TITLE_CHARS_MAX {
        return Parsed::Malformed("activity-too-long");
    }
    Parsed::Mine(Command::Post(Announcement { title, place, starts_at, ends_at, capacity }))
}

/// Nobody plans an activity further ahead than this many days; a year that was misread would.
pub(super) const AHEAD_DAYS_MAX: i64 = 400;

/// Finds 20人, 限20人, 名额20, 20 people: how many may come, and where it stands.
pub fn capacity(rest: &Phrase) -> Result<Option<(i64, Range<usize>)>, &'static str> {
    const BEFORE: [&str; 6] = ["名额", "限额", "限", "最多", "max ", "limit "];
    const AFTER: [&str; 9] = ["个名额", "个人", "人", "名", "位", " people", " places", " persons", " seats"];
    let chars = rest.chars();
    let begins = |at: usize, word: &str| word.chars().eq(chars.iter().skip(at).take(word.chars().count()).copied());
    for at in 0..chars.len() {
        let before = BEFORE.iter().find(|word| begins(at, word)).map_or(0, |word| word.chars().count());
        let inside_a_number =
            at > 0 && chars.get(at - 1).is_some_and(|c| number::is_chinese_numeral(*c) || c.is_ascii_digit());
        let from = at + before + usize::from(before > 0 && chars.get(at + before) == Some(&':'));
        if inside_a_number {
            continue;
        }
        let Some((count, length)) = count_at(chars, from) else { continue };
        let unit = AFTER.iter().find(|word| begins(from + length, word)).map_or(0, |word| word.chars().count());
        let next = chars.get(from + length + unit).copied();
        let ends = next.is_none_or(|c| !c.is_alphanumeric() || !c.is_ascii() && before > 0);
        if before + unit == 0 || !ends {
            continue;
        }
        return if (1..=CAPACITY_MAX).contains(&count) {
            Ok(Some((count, at..from + length + unit)))
        } else {
            Err("activity-wrong-capacity")
        };
    }
    Ok(None)
}

/// What places are called at the end.
const PLACE_ENDINGS: [&str; 38] = [
    "室",
    "厅",
    "楼",
    "馆",
    "场",
    "院",
    "园",
    "亭",
    "廊",
    "中心",
    "门口",
    "大门",
    "架空层",
    "楼下",
    "楼道",
    "楼顶",
    "平台",
    "草坪",
    "路",
    "街",
    "家",
    "店",
    "站",
    "角",
    "处",
    "号",
    "层",
    "廳",
    "館",
    "場",
    "園",
    "樓",
    "room",
    "hall",
    "lobby",
    "garden",
    "park",
    "yard",
];

/// Separates title and place in what is left when time and places are taken out. A place is marked (地点：, 在, at, @), or
/// ends like one, or is the second of two fields.
fn title_and_place(rest: &Phrase, parts: &[Range<usize>]) -> (String, String) {
    let mut fields: Vec<String> = Vec::new();
    let mut at = 0;
    let end = rest.chars().len();
    for part in parts.iter().cloned().chain(std::iter::once(end..end)) {
        split_fields(&rest.part(at..part.start).written(), &mut fields);
        at = part.end;
    }
    let marked = fields.iter().position(|field| place_mark(field).is_some());
    let place_at = marked.or_else(|| {
        let ends_like_a_place =
            |field: &String| PLACE_ENDINGS.iter().any(|ending| field.to_lowercase().ends_with(ending));
        match fields.len() {
            0 | 1 => None,
            count => fields.iter().rposition(ends_like_a_place).or(if count == 2 { Some(1) } else { None }),
        }
    });
    let place = place_at.map(|at| fields.remove(at)).unwrap_or_default();
    let place = place_mark(&place).unwrap_or(place);
    (fields.join(" "), place)
}

/// The place without the word that marks it; none if nothing marks it.
fn place_mark(field: &str) -> Option<String> {
    const MARKS: [&str; 9] = ["地点", "地點", "地址", "place", "where", "在", "at ", "in ", "@"];
    let phrase = Phrase::new(field);
    MARKS
        .iter()
        .find_map(|mark| phrase.strip_prefix(mark))
        .map(|rest| rest.trimmed().written())
        .filter(|place| !place.is_empty())
}

/// Splits a text into fields: at commas and the like, and at blanks unless both neighbours are Latin words.
fn split_fields(text: &str, fields: &mut Vec<String>) {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '\'' | '&' | '-'));
    let mut field = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let parts = match c {
            ',' | '，' | '；' | ';' | '|' | '｜' | '/' | '\n' | '。' => true,
            ' ' | '　' => !(is_latin(field.chars().last()) && is_latin(chars.peek().copied())),
            _ => false,
        };
        if parts {
            push_field(&mut field, fields);
        } else {
            field.push(c);
        }
    }
    push_field(&mut field, fields);
}

fn push_field(field: &mut String, fields: &mut Vec<String>) {
    let trimmed =
        field.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '、' | '-' | '—' | '.')).to_owned();
    if !trimmed.is_empty() {
        fields.push(trimmed);
    }
    field.clear();
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn monday() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|day| day.and_hms_opt(18, 0, 0)).expect("a time")
    }

    #[test]
    fn parties() {
        let two_and_one = Some(Party { adults: 2, children: 1 });
        for (text, expected) in [
            ("", Some((None, None))),
            ("12", Some((Some(12), None))),
            ("12 +2", Some((Some(12), Some(Party { adults: 3, children: 0 })))),
            ("+1", Some((None, Some(Party { adults: 2, children: 0 })))),
            ("+1孩", Some((None, Some(Party { adults: 1, children: 1 })))),
            ("2大1小", Some((None, two_and_one))),
            ("两大一小", Some((None, two_and_one))),
            ("12号 2大1小", Some((Some(12), two_and_one))),
            ("2 adults 1 child", Some((None, two_and_one))),
            ("3人", Some((None, Some(Party { adults: 3, children: 0 })))),
            ("截止了吗", None),
            ("0人", None),
            ("12 13", None),
        ] {
            assert_eq!(party(&Phrase::new(text)), expected, "{text}");
        }
    }

    #[test]
    fn announcements_in_any_order() {
        let saturday = NaiveDate::from_ymd_opt(2026, 1, 10).and_then(|day| day.and_hms_opt(19, 30, 0)).expect("a time");
        for (text, title, place, capacity) in [
            ("广场舞教学 周六晚7点半 活动室 20人", "广场舞教学", "活动室", Some(20)),
            ("周六晚7点半 活动室 广场舞教学 20人", "广场舞教学", "活动室", Some(20)),
            ("20人，周六晚上7：30，广场舞教学，地点：活动室", "广场舞教学", "活动室", Some(20)),
            ("周六晚七点半在活动室 广场舞教学 限二十人", "广场舞教学", "活动室", Some(20)),
            ("广场舞教学 周六19:30", "广场舞教学", "", None),
            ("广场舞教学 周六7点半 王阿姨那儿", "广场舞教学", "王阿姨那儿", None),
            ("Square dance class Sat 7:30pm activity room 20 people", "Square dance class", "activity room", Some(20)),
        ] {
            match parse("post", &Phrase::new(text), monday()) {
                Parsed::Mine(Command::Post(read)) => {
                    let read = (read.title.as_str(), read.place.as_str(), read.starts_at, read.capacity);
                    assert_eq!(read, (title, place, saturday, capacity), "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let long = format!("{} 周六晚7点", "长".repeat(5_000));
        for (text, id) in [
            ("", "activity-missing-all"),
            ("广场舞教学 活动室", "activity-missing-time"),
            ("广场舞教学 周六", "activity-missing-time"),
            ("周六晚7点", "activity-missing-title"),
            ("广场舞 昨天晚上7点", "time-past-day"),
            ("广场舞 2月30日晚上7点", "time-no-such-day"),
            ("广场舞 周六晚9点到晚7点", "time-end-before-start"),
            ("广场舞 周六晚7点 0人", "activity-wrong-capacity"),
            ("广场舞 周六晚7点 100000人", "activity-wrong-capacity"),
            (long.as_str(), "activity-too-long"),
        ] {
            let parsed = parse("post", &Phrase::new(text), monday());
            assert!(matches!(parsed, Parsed::Malformed(said) if said == id), "{text}: {parsed:?}");
        }
    }
}
