//! Readers of lengths (两个小时, 90分钟, 2 hours) and of times from now (半小时后, in 10 minutes, 3天后).

use super::token::{Day, Read, Said, Scan, What};

/// Longer than a year is no length of anything that is announced in a chat.
const MINUTES_MAX: i64 = 366 * DAY;

/// Before days that are a length: 连续5天, 推迟一天.
const LEADS_DAYS: [&str; 22] = [
    "连续",
    "连办",
    "连开",
    "连",
    "为期",
    "一共",
    "总共",
    "共",
    "持续",
    "历时",
    "推迟",
    "延后",
    "延期",
    "延迟",
    "顺延",
    "往后推",
    "往后延",
    "往后挪",
    "推后",
    "挪后",
    "提前",
    "推迟了",
];

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// How many of a unit, in tenths, so that 1.5 is a whole number.
struct Amount {
    tenths: i64,
    end: usize,
}

/// Reads a length or a time from now.
pub fn read(scan: &Scan<'_>, at: usize) -> Read<What> {
    let text = scan.text;
    let led = text.after_any(at, &["in about ", "in ", "再过", "过"]);
    let start = led.unwrap_or(at);
    let (minutes, end) = length(scan, start)?;
    let followed = text.after_any(end, &["之后", "以后", "后", " from now", " later"]);
    // 后面 is behind, but 三刻钟后面包出炉.
    let is_place = |end| text.is_at(end, &['面', '边', '勤']) && !text.is_at(end + 1, &['包', '条', '馆', '试']);
    if let Some(end) = followed.filter(|&end| !is_place(end)) {
        return Some((later(minutes), end));
    }
    // 三点过五分 and 过两天 (some day) aren't said from now.
    let is_said = led.is_some_and(|_| {
        !text.is_at(at, &['过'])
            || minutes < DAY && text.previous(at).is_none_or(|c| !matches!(c, '点' | '超' | '经' | '通' | '不'))
    });
    if is_said {
        return Some((later(minutes), end));
    }
    // 3天 is no length of an evening, and 10分钟前, 半小时内, 2 days ago are none either.
    let is_other = text.after_any(end, &["之前", "以前", "前", "之内", "以内", "内", " ago"]).is_some();
    let is_led = text.before_any(at, &LEADS_DAYS).is_some();
    ((minutes < DAY || is_led) && !is_other).then_some((What::Length(minutes), end))
}

fn later(minutes: i64) -> What {
    if minutes % DAY == 0 {
        What::Day(Day { said: Said::DaysLater(minutes / DAY), half: None })
    } else {
        What::Later(minutes)
    }
}

/// A length in minutes: one unit, or hours and minutes (1小时30分钟).
fn length(scan: &Scan<'_>, at: usize) -> Read<i64> {
    let (minutes, end) = one_unit(scan, at)?;
    if minutes % HOUR == 0 && minutes < DAY {
        let next = scan.text.skip_blank(end);
        if let Some((more, end)) = one_unit(scan, next).filter(|(more, _)| *more < HOUR) {
            return Some((minutes + more, end));
        }
    }
    Some((minutes, end))
}

fn one_unit(scan: &Scan<'_>, at: usize) -> Read<i64> {
    let text = scan.text;
    let amount = amount(scan, at)?;
    // 两个半小时, 一个半小时
    let mut tenths = amount.tenths;
    let mut end = text.skip_blank(amount.end);
    if let Some(after) = text.after_any(end, &["个"]) {
        end = text.skip_blank(after);
        if let Some(after) = text.after(end, "半") {
            tenths += 5;
            end = after;
        }
    }
    // 半个钟, 两个钟
    let is_counted =
        text.after(amount.end, "个").is_some() || text.previous(amount.end) == Some('个') || text.is_at(at, &['个']);
    if is_counted && let Some(after) = text.after(end, "钟").filter(|&after| !text.is_at(after, &['头'])) {
        let minutes = tenths.checked_mul(HOUR)? / 10;
        return (1..=MINUTES_MAX).contains(&minutes).then_some((minutes, after));
    }
    // 19h after a day is an hour of it.
    if amount.tenths >= 130 && text.get(end) == Some('h') && scan.is_after_day(at) {
        return None;
    }
    const UNITS: [(&str, i64); 22] = [
        ("个钟头", HOUR),
        ("小时", HOUR),
        ("钟头", HOUR),
        ("刻钟", 15),
        ("分钟", 1),
        ("天", DAY),
        ("星期", WEEK),
        ("礼拜", WEEK),
        ("周", WEEK),
        ("hours", HOUR),
        ("hour", HOUR),
        ("hrs", HOUR),
        ("hr", HOUR),
        ("h", HOUR),
        ("minutes", 1),
        ("minute", 1),
        ("mins", 1),
        ("min", 1),
        ("days", DAY),
        ("day", DAY),
        ("weeks", WEEK),
        ("week", WEEK),
    ];
    let (unit, mut end) = text.look_up(end, &UNITS)?;
    // 一小时半
    if unit == HOUR && text.get(end) == Some('半') {
        tenths += 5;
        end += 1;
    }
    let minutes = tenths.checked_mul(unit)? / 10;
    (1..=MINUTES_MAX).contains(&minutes).then_some((minutes, end))
}

fn amount(scan: &Scan<'_>, at: usize) -> Option<Amount> {
    let text = scan.text;
    const WORDS: [(&str, i64); 18] = [
        // The unit follows after a blank, so the word stands without it.
        ("half an", 5),
        ("half a", 5),
        ("an", 10),
        ("a", 10),
        ("one", 10),
        ("two", 20),
        ("three", 30),
        ("four", 40),
        ("five", 50),
        ("six", 60),
        ("seven", 70),
        ("eight", 80),
        ("nine", 90),
        ("ten", 100),
        ("fifteen", 150),
        ("twenty", 200),
        ("thirty", 300),
        ("半个", 5),
    ];
    if let Some((tenths, end)) = text.look_up(at, &WORDS) {
        return Some(Amount { tenths, end });
    }
    if let Some(end) = text.after(at, "半") {
        return Some(Amount { tenths: 5, end });
    }
    // 个半钟
    if let Some(end) = text.after(at, "个半") {
        return text.is_at(end, &['钟', '小']).then_some(Amount { tenths: 15, end });
    }
    let number = scan.number(at)?;
    let whole = Amount { tenths: i64::from(number.value) * 10, end: number.end };
    let tenth = text.after(number.end, ".").and_then(|at| Some((text.get(at)?.to_digit(10)?, at + 1)));
    match tenth {
        Some((tenth, end)) if number.is_digits => Some(Amount { tenths: whole.tenths + i64::from(tenth), end }),
        _ => Some(whole),
    }
}
