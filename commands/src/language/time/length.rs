//! Readers of lengths (两个小时, 90分钟, 2 hours) and of times from now (半小时后, in 10 minutes, 3天后).

use super::token::{Day, Read, Said, Scan, What};

/// Longer than a year is no length of anything that is announced in a chat.
const MINUTES_MAX: i64 = 366 * DAY;

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
    let led = text.after_any(at, &["in about ", "in ", "再过", "再過"]);
    let start = led.unwrap_or(at);
    let (minutes, end) = length(scan, start)?;
    let followed = text.after_any(end, &["之后", "之後", "以后", "以後", "后", "後", " from now", " later"]);
    if let Some(end) = followed.filter(|&end| !text.is_at(end, &['面', '边', '勤'])) {
        return Some((later(minutes), end));
    }
    if led.is_some() {
        return Some((later(minutes), end));
    }
    // 3天 is no length of an evening, and 10分钟前, 半小时内, 2 days ago are none either.
    let is_other = text.after_any(end, &["之前", "以前", "前", "之内", "以内", "内", " ago"]).is_some();
    (minutes < DAY && !is_other).then_some((What::Length(minutes), end))
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
    if let Some(after) = text.after_any(end, &["个", "個"]) {
        end = text.skip_blank(after);
        if let Some(after) = text.after(end, "半") {
            tenths += 5;
            end = after;
        }
    }
    const UNITS: [(&str, i64); 27] = [
        ("小时", HOUR),
        ("小時", HOUR),
        ("钟头", HOUR),
        ("鐘頭", HOUR),
        ("刻钟", 15),
        ("刻鐘", 15),
        ("分钟", 1),
        ("分鐘", 1),
        ("天", DAY),
        ("星期", WEEK),
        ("礼拜", WEEK),
        ("禮拜", WEEK),
        ("周", WEEK),
        ("週", WEEK),
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
    const WORDS: [(&str, i64); 19] = [
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
        ("半個", 5),
    ];
    if let Some((tenths, end)) = text.look_up(at, &WORDS) {
        return Some(Amount { tenths, end });
    }
    if let Some(end) = text.after(at, "半") {
        return Some(Amount { tenths: 5, end });
    }
    let number = scan.number(at)?;
    let whole = Amount { tenths: i64::from(number.value) * 10, end: number.end };
    let tenth = text.after(number.end, ".").and_then(|at| Some((text.get(at)?.to_digit(10)?, at + 1)));
    match tenth {
        Some((tenth, end)) if number.is_digits => Some(Amount { tenths: whole.tenths + i64::from(tenth), end }),
        _ => Some(whole),
    }
}
