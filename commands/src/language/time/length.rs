//! Readers of lengths (两个小时, 90分钟, 2 hours) and of times from now (半小时后, in 10 minutes, 3天后).

use std::ops::Range;

use super::{
    clock,
    text::Text,
    token::{Day, Read, Said, Scan, What},
};

/// Longer than a year is no length of anything that is announced in a chat.
const MINUTES_MAX: i64 = 366 * DAY;

/// Before days that are a length: 连续5天, 推迟一天, 停水三天.
const LEADS_DAYS: [&str; 77] = [
    "连续",
    "连着",
    "接连",
    "连办",
    "连开",
    "一连",
    "连",
    "为期",
    "一共",
    "总共",
    "共",
    "前后",
    "持续",
    "历时",
    "长达",
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
    "提早",
    "停水",
    "停电",
    "停气",
    "停暖",
    "停用",
    "停运",
    "停",
    "施工",
    "维修",
    "检修",
    "装修",
    "办",
    "搞",
    "摆",
    "展出",
    "展",
    "工期",
    "预计",
    "大约",
    "大概",
    "约",
    "需要",
    "需",
    "封闭",
    "关闭",
    "活动",
    "上",
    "玩",
    "住",
    "学",
    "干",
    "卖",
    "练",
    "开",
    "放",
    "往后拖",
    "拖后",
    "往后顺",
    "postponed by",
    "delayed by",
    "pushed back by",
    "put off by",
    "免费",
    "放假",
    "半价",
    "优惠",
    "打折",
    "共计",
    "总计",
    "合计",
];

/// Before a length that isn't that of the event: 提前15分钟到, 车程半小时, 每人五分钟.
const OF_SOMETHING_ELSE: [&str; 66] = [
    "延期",
    "往后延",
    "往后挪",
    "顺延",
    "挪后",
    "后延",
    "后推",
    "往前挪",
    "往前提",
    "前移",
    "晚开",
    "晚",
    "早",
    "还有",
    "每人",
    "每家",
    "每户",
    "每位",
    "每组",
    "有效期",
    "骑",
    "提前",
    "提早",
    "早到",
    "晚到",
    "迟到",
    "步行",
    "走路",
    "走",
    "开车",
    "车程",
    "路程",
    "骑车",
    "每",
    "休息",
    "往后推",
    "推迟",
    "延后",
    "延迟",
    "推后",
    "等",
    "不到",
    "隔",
    "过时",
    "超过",
    "超时",
    "逾期",
    "过期",
    "坐",
    "坐着",
    "歇",
    "观察",
    "留观",
    "等候",
    "站",
    "一台",
    "一人",
    "一家",
    "一户",
    "一位",
    "一组",
    "一层",
    "一单",
    "往返",
    "来回",
    "单程",
];
/// The same behind it.
const BY_SOMETHING_ELSE: [&str; 9] = ["到", "一次", "一班", "一趟", "车程", "路程", "的路", "的车", "再走"];
/// On the way: these stand a little further before it (走路过去要二十分钟).
const ON_THE_WAY: [&str; 9] = ["走路", "步行", "路上", "开车", "坐车", "骑车", "车程", "过去", "来回"];
/// So far.
const ON_THE_WAY_WITHIN: usize = 8;

/// What is cut off stands between 停 and the days.
const CUT_WITHIN: usize = 4;

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
    let led_at = text.skip_blank_back(at);
    let led_at = if matches!(text.previous(led_at), Some('了' | '要' | '有')) { led_at - 1 } else { led_at };
    // 停热水四天
    let is_cut =
        (1..=CUT_WITHIN).any(|back| led_at.checked_sub(back).is_some_and(|at| text.is_at(at, &['停', '断', '封'])));
    let is_led = is_cut || text.before_any(led_at, &LEADS_DAYS).is_some();
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
        // 两小时十分
        if let Some(more) = scan.text.number(next, true).filter(|more| (1..60).contains(&more.value))
            && let Some(end) = scan.text.after(more.end, "分").filter(|&end| !scan.text.is_at(end, &['钟']))
        {
            return Some((minutes + i64::from(more.value), end));
        }
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
    if amount.tenths >= 130 && text.get(end) == Some('h') && clock::is_hour(scan, at, end) {
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
    // 一小时半, an hour and a half
    if unit == HOUR
        && let Some(after) = text.after_any(end, &["半", " and a half"])
    {
        tenths += 5;
        end = after;
    }
    let minutes = tenths.checked_mul(unit)? / 10;
    // 半天 is as long as it takes.
    let is_vague = unit == DAY && minutes < DAY;
    ((1..=MINUTES_MAX).contains(&minutes) && !is_vague).then_some((minutes, end))
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

/// A length belongs to something else than the event beside which it is said: the way to it, a break, how late one may be.
pub fn is_of_something_else(text: Text<'_>, range: &Range<usize>, minutes: i64) -> bool {
    let begin = text.skip_blank_back(range.start);
    let begin = if text.previous(begin) == Some('了') { begin - 1 } else { begin };
    // 走步，走一个半小时 is a walk, 走十分钟 the way to it.
    let is_walk = minutes >= HOUR && text.before_any(begin, &["走", "骑"]).is_some();
    let way = begin.saturating_sub(ON_THE_WAY_WITHIN)..begin;
    let in_clause = way.rev().take_while(|&at| !text.is_at(at, &[',', '。', ';', '!', '?']));
    // 每层十分钟
    !is_walk && text.before_any(begin, &OF_SOMETHING_ELSE).is_some()
        || text.after_any(range.end, &BY_SOMETHING_ELSE).is_some()
        || in_clause.into_iter().any(|at| text.after_any(at, &ON_THE_WAY).is_some() || text.is_at(at, &['每']))
}
