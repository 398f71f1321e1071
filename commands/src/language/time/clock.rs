//! Readers of clock times (七点半, 19:30, 7pm, noon), as they are said. Which hour of the day is meant
//! is `dial`'s business, half-days stand in `half_day`.

use super::{
    day, half_day,
    text::{DIGITS, Leads, NUMBERS, Number, Text, numeral},
    token::{self, Clock, Form, Led, Read, Scan, What},
};

/// Ways of saying a clock time.
const READERS: [Led<Clock>; 9] = [
    Led::by(NUMBERS.and(Leads::of("差")), spoken),
    Led::by(DIGITS, digital),
    Led::by(DIGITS, with_h),
    Led::by(DIGITS, run_together),
    Led::by(DIGITS, dotted),
    Led::by(DIGITS, with_meridiem),
    Led::by(DIGITS.and(Leads::of("午mn")), named),
    Led::by(Leads::of("ahq"), past_the_hour),
    Led::by(NUMBERS, bare),
];

/// Numbers above this before 点 aren't meant as an hour at all (50点积分); up to here they are a slip (25点).
const HOUR_SLIP_MAX: u32 = 30;

/// What joins the two ends of a range: 7点到9点.
pub const CONNECTORS: [&str; 16] =
    ["一直到", "直到", "到了", "到", "至", "--", "-", "~", "〜", "—", "–", "until", "till", "til", "through", "to"];

/// Of two times with and between them the first begins so far behind its between: between 10:30 am and noon.
const BETWEEN_WITHIN: usize = 18;

/// Reads a clock time.
pub fn read(scan: &Scan<'_>, at: usize) -> Read<What> {
    clock(scan, at).map(|(clock, end)| (What::Clock(clock), end))
}

/// A clock time, and the place behind it.
pub fn clock(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    token::first(&READERS, scan, at)
}

/// The place behind a connector and the blanks around it.
pub fn after_connector(text: Text<'_>, at: usize) -> Option<usize> {
    let at = text.skip_blank(at);
    // 3点开始到5点
    let at = text.after_any(at, &["开始", "起"]).map_or(at, |end| text.skip_blank(text.after(end, ",").unwrap_or(end)));
    if is_late_behind_early(text, at) {
        return Some(at);
    }
    // between 9 and 11am
    if let Some(end) = text.after(at, "and") {
        let is_led =
            (1..=BETWEEN_WITHIN).any(|back| at.checked_sub(back).is_some_and(|at| text.after(at, "between").is_some()));
        return is_led.then(|| text.skip_blank(end));
    }
    let mut end = text.after_any(at, &CONNECTORS)?;
    // ——, 〜〜
    if text.get(end) == text.previous(end) && text.is_at(end, &['—', '~', '〜']) {
        end += 1;
    }
    Some(text.skip_blank(end))
}

/// 早九晚六: what joins the two is nothing.
fn is_late_behind_early(text: Text<'_>, at: usize) -> bool {
    text.is_at(at, &['晚'])
        && text.number(at + 1, true).is_some_and(|late| (4..=12).contains(&late.value))
        && (1..=2).any(|length| {
            let early = at.checked_sub(length).and_then(|begin| Some((begin, text.number(begin, true)?)));
            early.is_some_and(|(begin, number)| number.end == at && text.previous(begin) == Some('早'))
        })
}

/// A number as an hour, by how it is written.
fn hour(number: Number) -> (u32, Form) {
    let of_day = number.is_padded() || number.value == 0 || number.value > 12;
    (number.value, if of_day { Form::OfDay } else { Form::Spoken })
}

fn exact(hour: u32, minute: u32) -> Clock {
    Clock { hour, minute, form: Form::Exact }
}

// 7点, 七点半, 19时30分.

/// Words behind 两点 that make it two points of something.
const POINTS_OF: [&str; 26] = [
    "建议",
    "意见",
    "要求",
    "说明",
    "注意事",
    "提示",
    "原因",
    "理由",
    "想法",
    "看法",
    "问题",
    "内容",
    "事项",
    "声明",
    "补充",
    "希望",
    "心意",
    "意思",
    "小事",
    "小心意",
    "小意思",
    "小礼",
    "爱心",
    "水",
    "经验",
    "好处",
];

/// Words behind a number and 点 that make it points on an account.
const POINTS: [&str; 2] = ["积分", "分数"];

/// Characters before a number and 点 that make it points: 有三点, 第2点, 加5点.
const BEFORE_POINTS: [char; 14] = ['有', '第', '几', '这', '那', '共', '加', '扣', '减', '送', '提', '讲', '#', '.'];

/// What stands between 点 and the next word.
enum Minutes {
    Said(u32, usize),
    NotSaid(usize),
    /// 三点五: it wasn't a clock time.
    Decimal,
}

fn spoken(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    let text = scan.text;
    // 差一刻8点, 差5分8点
    let (missing, start) = match text.after(at, "差") {
        Some(after) => short_of(scan, after)?,
        None => (0, at),
    };
    let number = scan.number(start)?;
    let mark = text.skip_blank(number.end);
    let after = text.after_any(mark, &["点"]).or_else(|| {
        let end = text.after_any(mark, &["时"])?;
        // 2时间 isn't an hour.
        (!text.is_at(end, &['间', '候', '节', '代', '段', '常', '差', '尚'])).then_some(end)
    })?;
    if number.value > HOUR_SLIP_MAX || text.after_any(after, &POINTS).is_some() {
        return None;
    }
    let (minute, end) = match minutes(scan, after, half_day::is_before(scan, start)) {
        Minutes::Decimal => return None,
        Minutes::Said(minute, end) => (minute, end),
        Minutes::NotSaid(end) => {
            if end == after && !is_hour_plainly(scan, start, number, after) {
                return None;
            }
            (0, end)
        }
    };
    let (hour, form) = hour(number);
    // 3点差5分
    let behind = text.after(after, "差").filter(|_| missing == 0).and_then(|at| short_of(scan, at));
    let (missing, end) = behind.unwrap_or((missing, end));
    if missing == 0 {
        return Some((Clock { hour, minute, form }, end));
    }
    let before = match hour {
        0 => 23,
        1 => 12,
        _ => hour - 1,
    };
    (minute == 0).then_some((Clock { hour: before, minute: 60 - missing, form }, end))
}

/// The minutes of 差一刻 and 差5分, and the place behind.
fn short_of(scan: &Scan<'_>, at: usize) -> Read<u32> {
    if let Some(end) = scan.text.after_any(at, &["一刻", "1刻"]) {
        return Some((15, end));
    }
    let number = scan.number(at)?;
    let end = scan.text.after_any(number.end, &["分钟", "分"])?;
    (1..60).contains(&number.value).then_some((number.value, end))
}

/// N点 without minutes is an hour unless the words around it speak of points: 有三点, 两点建议, 一点心意.
fn is_hour_plainly(scan: &Scan<'_>, start: usize, number: Number, after: usize) -> bool {
    let text = scan.text;
    // 一点 alone is "a little": it takes more to be an hour.
    let is_little = number.value == 1 && !number.is_digits;
    if scan.is_after_day(start) {
        return !(is_little && text.is_at(after, &['也', '都', '不', '没', '儿', '点']));
    }
    if text.previous(start).is_some_and(|c| BEFORE_POINTS.contains(&c)) || text.after_any(after, &POINTS_OF).is_some() {
        return false;
    }
    let is_own_field = text.is_border_before(start)
        && (text.is_border(after) || text.after_any(after, &["在", "开始", "集合"]).is_some());
    let is_in_range =
        after_connector(text, after).is_some() || text.before_any(start, &["到", "至", "从", "-", "~"]).is_some();
    !is_little || is_own_field || is_in_range
}

fn minutes(scan: &Scan<'_>, at: usize, behind_half_day: bool) -> Minutes {
    let text = scan.text;
    let fixed = [
        ("钟半", 30),
        ("半", 30),
        ("一刻钟", 15),
        ("三刻钟", 45),
        ("一刻", 15),
        ("1刻", 15),
        ("三刻", 45),
        ("3刻", 45),
    ];
    if let Some((minute, end)) = text.look_up(at, &fixed) {
        // 7点半价, 3点半小时
        let is_half_of = minute == 30
            && (text.is_at(end, &['价', '个', '天']) && !text.is_at(end + 1, &['台', '井', '桥'])
                || text.after_any(end, &["小时", "钟头"]).is_some());
        if !behind_half_day && text.is_at(at, &['半']) && text.is_at(end, &['点']) {
            return Minutes::Decimal;
        }
        return if is_half_of { Minutes::NotSaid(at) } else { Minutes::Said(minute, end) };
    }
    if let Some(end) = text.after_any(at, &["钟", "整"]) {
        // 7点整理
        return Minutes::NotSaid(if text.get(end) == Some('理') { at } else { text.after(end, "整").unwrap_or(end) });
    }
    // 三点过五分
    let past = text.after(at, "过").filter(|&at| text.number(at, true).is_some_and(|few| text.is_at(few.end, &['分'])));
    let at = past.unwrap_or(at);
    let Some(number) = text.number(text.skip_blank(at), true) else {
        return figure_by_figure(text, at).map_or(Minutes::NotSaid(at), |(minute, end)| Minutes::Said(minute, end));
    };
    let minute_mark = text.skip_blank(number.end);
    // 八点三个字: in Cantonese the figures of the dial, five minutes apart.
    if (1..=11).contains(&number.value)
        && let Some(end) = text.after(number.end, "个字")
    {
        return Minutes::Said(number.value * 5, end);
    }
    // 零五分钟
    let leads_zero = number.length > 1 && number.value < 10;
    if leads_zero && let Some(end) = text.after(minute_mark, "分钟") {
        return Minutes::Said(number.value, end);
    }
    if text.is_at(minute_mark, &['分']) && !text.is_at(minute_mark + 1, &['钟', '享', '组', '批', '工', '类']) {
        return Minutes::Said(number.value, after_seconds(text, minute_mark + 1));
    }
    if number.end - at > number.length {
        return Minutes::NotSaid(at);
    }
    let is_counted = text.is_at(minute_mark, &['人', '名', '位', '号', '楼', '栋', '室', '单', '幢', '座', '门', '期']);
    if is_counted {
        return Minutes::NotSaid(at);
    }
    let is_length = text.after_any(minute_mark, &["分钟"]).is_some();
    // 六点一起, 八点三缺一
    let is_word = number.length == 1
        && !number.is_digits
        && text.is_at(
            number.end,
            if number.value == 1 { &['起', '齐', '同', '直', '块', '边', '家', '群', '定'] } else { &['缺'] },
        );
    if is_word {
        return Minutes::NotSaid(at);
    }
    // 九点九 is a quarter to ten in Cantonese: a digit counts five minutes. 三点五公里 is a distance.
    let is_of_five = number.length == 1
        && !number.is_digits
        && behind_half_day
        && (2..=9).contains(&number.value)
        && !text.is_at(minute_mark, &['人', '位', '家', '楼', '号', '点', '班', '队']);
    if !is_length
        && is_of_five
        && !text.is_at(minute_mark, &['公', '千', '米', '元', '块', '斤', '个', '万', '折', '倍', '里'])
    {
        return Minutes::Said(number.value * 5, number.end);
    }
    if !is_length && (number.length == 1 || number.value > 99) {
        return Minutes::Decimal;
    }
    const THINGS: [char; 14] = ['个', '元', '块', '只', '份', '张', '桌', '家', '户', '岁', '斤', '月', '天', '%'];
    if is_length || text.is_at(minute_mark, &THINGS) {
        Minutes::NotSaid(at)
    } else {
        Minutes::Said(number.value, number.end)
    }
}

/// 六点四五, as 45 is read out figure by figure; but 六点四五个人 are people.
fn figure_by_figure(text: Text<'_>, at: usize) -> Read<u32> {
    let (tens, units) = (text.get(at).and_then(numeral)?, text.get(at + 1).and_then(numeral)?);
    (tens < 6 && text.is_border(at + 2)).then_some((10 * tens + units, at + 2))
}

/// The place behind seconds, which nobody needs: 55分23秒.
fn after_seconds(text: Text<'_>, at: usize) -> usize {
    text.number(at, true).and_then(|seconds| text.after(seconds.end, "秒")).unwrap_or(at)
}

// 19:30, 7:30pm, 7.30pm.

/// Two digits that no third follows.
fn two_digits(text: Text<'_>, at: usize) -> Read<u32> {
    let tens = text.get(at)?.to_digit(10)?;
    let units = text.get(at + 1)?.to_digit(10)?;
    let ends = !text.get(at + 2).is_some_and(|c| c.is_ascii_digit());
    ends.then_some((tens * 10 + units, at + 2))
}

fn digital(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    let text = scan.text;
    let number = scan.number(at).filter(|number| number.is_digits && number.length <= 2)?;
    let (minute, mut end) = two_digits(text, text.after(number.end, ":")?)?;
    // 1:19:30 and 3/19:30 are something else; the colon of 时间:19:30 has no digit before it.
    let is_inside = match text.previous(at) {
        Some(':') => at.checked_sub(1).and_then(|colon| text.previous(colon)).is_some_and(|c| c.is_ascii_digit()),
        Some('.' | '/') => true,
        _ => false,
    };
    if let Some((_, after)) = text.after(end, ":").and_then(|at| two_digits(text, at)) {
        end = after;
    }
    let goes_on = text.is_at(end, &[':', '.', '%']) && text.get(end + 1).is_some_and(|c| c.is_ascii_digit());
    let is_score = text.before_any(text.skip_blank_back(at), &["比分", "比例"]).is_some();
    if is_inside || goes_on || is_score || number.value > 24 || minute > 59 {
        return None;
    }
    if let Some((is_pm, after)) = meridiem(text, end) {
        return Some((by_meridiem(number.value, minute, is_pm), after));
    }
    end = text.after_any(end, &["分", "时", "点"]).unwrap_or(end);
    let (hour, form) = hour(number);
    Some((Clock { hour, minute, form }, end))
}

/// 7.30 could be anything, so it takes a half-day before it or am/pm behind it.
fn dotted(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    let text = scan.text;
    let number = scan.number(at).filter(|number| number.is_digits && number.value <= 24)?;
    let (minute, end) = two_digits(text, text.after(number.end, ".")?)?;
    if minute > 59 {
        return None;
    }
    if let Some((is_pm, after)) = meridiem(text, end) {
        return Some((by_meridiem(number.value, minute, is_pm), after));
    }
    let (hour, form) = hour(number);
    (half_day::is_before(scan, at) && !text.is_at(end, &['元', '块', '%']))
        .then_some((Clock { hour, minute, form }, end))
}

/// 19h, 19h30: of twenty-four. Without minutes it stands behind a day, or begins what is said, or it is a length.
fn with_h(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    let number = scan.number(at).filter(|number| number.is_digits && (7..=23).contains(&number.value))?;
    if scan.text.get(number.end) != Some('h') {
        return None;
    }
    let end = number.end + 1;
    let minutes = two_digits(scan.text, end).filter(|(minute, _)| *minute < 60);
    if minutes.is_none() && !is_hour(scan, at, number.end) {
        return None;
    }
    let (minute, end) = minutes.unwrap_or((0, end));
    let is_word = scan.text.get(end).is_some_and(|c| c.is_ascii_alphabetic());
    (!is_word).then_some((exact(number.value, minute), end))
}

/// Whether the h behind a number above 12 says which hour it is, and not how many.
pub(super) fn is_hour(scan: &Scan<'_>, at: usize, end: usize) -> bool {
    const LENGTHS: [char; 8] = ['后', '内', '以', '之', '左', '服', '便', '营'];
    let begins = at == 0
        || scan.text.previous(scan.text.skip_blank_back(at)).is_some_and(|c| matches!(c, '-' | '~' | '到' | '至'));
    scan.is_after_day(at) || begins && !scan.text.is_at(scan.text.skip_blank(end + 1), &LENGTHS)
}

/// At 1030, tonight 815.
fn run_together(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    let text = scan.text;
    let number = scan.number(at).filter(|number| number.is_digits && matches!(number.length, 3 | 4))?;
    let is_led = text.before(at, "at ").is_some()
        || text.previous(text.skip_blank_back(at)).is_some_and(|c| c.is_ascii_alphabetic())
            && half_day::is_before(scan, at);
    let (hour, minute) = (number.value / 100, number.value % 100);
    let is_time = is_led && hour < 24 && minute < 60 && text.is_border(number.end) && stands_alone(text, number.end);
    let form = if hour > 12 || hour == 0 || number.length == 4 { Form::OfDay } else { Form::Spoken };
    is_time.then_some((Clock { hour, minute, form }, number.end))
}

/// am or pm, and the place behind it.
fn meridiem(text: Text<'_>, at: usize) -> Read<bool> {
    let words = [("a.m.", false), ("p.m.", true), ("a.m", false), ("p.m", true), ("am", false), ("pm", true)];
    text.look_up(text.skip_blank(at), &words)
}

fn by_meridiem(hour: u32, minute: u32, is_pm: bool) -> Clock {
    match (hour, is_pm) {
        (1..=12, true) => exact(hour % 12 + 12, minute),
        (1..=12, false) => exact(hour % 12, minute),
        _ => exact(hour, minute),
    }
}

/// 7pm, 7 p.m., 7 o'clock.
fn with_meridiem(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    let number = scan.number(at).filter(|number| number.is_digits && (1..=12).contains(&number.value))?;
    if let Some((is_pm, end)) = meridiem(scan.text, number.end) {
        return Some((by_meridiem(number.value, 0, is_pm), end));
    }
    let end = scan.text.after_any(scan.text.skip_blank(number.end), &["o'clock", "o’clock", "oclock"])?;
    Some(match meridiem(scan.text, end) {
        Some((is_pm, after)) => (by_meridiem(number.value, 0, is_pm), after),
        None => (Clock { hour: number.value, minute: 0, form: Form::Spoken }, end),
    })
}

// Words.

fn named(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    // 12 noon
    let twelve = scan.number(at).filter(|number| number.is_digits && number.value == 12);
    let start = twelve.map_or(at, |number| scan.text.skip_blank(number.end));
    // Midnight is the end of the day, as people say it (Saturday midnight).
    let words = [("noon", 12), ("midday", 12), ("midnight", 24), ("午夜12点", 24), ("午夜十二点", 24), ("午夜", 24)];
    let (hour, end) = scan.text.look_up(start, &words)?;
    Some((exact(hour, 0), end))
}

const ENGLISH_HOURS: [(&str, u32); 12] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];

/// Half past 7, quarter to 8.
fn past_the_hour(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    let text = scan.text;
    const WORDS: [(&str, i32); 5] = [
        ("half past ", 30),
        ("a quarter past ", 15),
        ("quarter past ", 15),
        ("a quarter to ", -15),
        ("quarter to ", -15),
    ];
    let (shift, start) = text.look_up(at, &WORDS)?;
    let named = text.look_up(start, &ENGLISH_HOURS);
    let number = scan.number(start).filter(|number| (1..=12).contains(&number.value));
    let (value, end) = named.or_else(|| number.map(|number| (number.value, number.end)))?;
    let hour = match (value, shift < 0) {
        (1, true) => 12,
        (hour, true) => hour - 1,
        (hour, false) => hour,
    };
    let minute = if shift < 0 { 45 } else { shift.unsigned_abs() };
    match meridiem(text, end) {
        Some((is_pm, end)) => Some((by_meridiem(hour, minute, is_pm), end)),
        None => Some((Clock { hour, minute, form: Form::Spoken }, end)),
    }
}

/// A number that only its surroundings make an hour: at 7, 7-9pm, from 3 to 4, 19:30-21.
fn bare(scan: &Scan<'_>, at: usize) -> Read<Clock> {
    let text = scan.text;
    let number = scan.number(at).filter(|number| number.length <= 2 && number.value <= 24)?;
    // 一直到5点
    if text.after(at, "一直").is_some() {
        return None;
    }
    // 13 to 15 July
    if number.is_digits && day::shared_month(scan, at).is_some() {
        return None;
    }
    let ends_range = scan.tokens.last().is_some_and(|token| {
        matches!(token.what, What::Clock(_)) && after_connector(text, token.range.end) == Some(at)
    });
    let is_late = at.checked_sub(1).is_some_and(|late| is_late_behind_early(text, late));
    let is_hour = if is_late {
        true
    } else if ends_range {
        text.is_border(number.end) && stands_alone(text, number.end)
    } else {
        is_late_behind_early(text, number.end)
            || begins_range(scan, number)
            || follows_at(text, at, number)
            || is_cut_short(scan, number)
    };
    let (hour, form) = hour(number);
    is_hour.then_some((Clock { hour, minute: 0, form }, number.end))
}

/// 7-9pm, 下午3到5点, from 3 to 4, 3-4 in the afternoon, 下午3-5.
fn begins_range(scan: &Scan<'_>, number: Number) -> bool {
    let text = scan.text;
    let Some(other) = after_connector(text, number.end) else { return false };
    if [spoken, digital, with_meridiem, named].iter().any(|reader| reader(scan, other).is_some()) {
        return true;
    }
    let begin = number.end - number.length;
    let Some(last) = text.number(other, true).filter(|last| last.value <= 24 && last.length <= 2) else { return false };
    let is_led = text.before_any(begin, &["from ", "between "]).is_some() || half_day::is_before(scan, begin);
    // Sat 2-4, but not 周六 2-4: that could be houses.
    let follows_english =
        text.previous(text.skip_blank_back(begin)).is_some_and(|c| c.is_ascii_alphabetic()) && scan.is_after_day(begin);
    (is_led || follows_english) && text.is_border(last.end) && stands_alone(text, last.end)
        || half_day::read(scan, text.skip_blank(last.end)).is_some()
}

/// 晚上八在楼下: the 点 was lost.
fn is_cut_short(scan: &Scan<'_>, number: Number) -> bool {
    let begin = number.end - number.length;
    (1..=12).contains(&number.value)
        && matches!(scan.token_before(begin).map(|token| token.what), Some(What::Half(_)))
        && scan.text.is_at(number.end, &['在', '去', '集', '开'])
}

fn follows_at(text: Text<'_>, at: usize, number: Number) -> bool {
    let is_led = text.before_any(at, &["at ", "@ ", "@"]).is_some();
    is_led && number.is_digits && text.is_border(number.end) && stands_alone(text, number.end)
}

/// Nothing that is counted follows: at 7 Elm street is a house, 3 people are people.
fn stands_alone(text: Text<'_>, at: usize) -> bool {
    const COUNTED: [&str; 19] = [
        "people", "persons", "person", "kids", "adults", "yuan", "rmb", "dollars", "tickets", "seats", "years", "days",
        "hours", "minutes", "mins", "weeks", "points", "street", "road",
    ];
    let is_fraction =
        text.is_at(at, &['.', '/', ':', '%', '-']) && text.get(at + 1).is_some_and(|c| c.is_ascii_digit());
    // The unit may follow a blank: 20 人.
    let next = text.skip_blank(at);
    let is_unit =
        text.is_at(next, &['人', '名', '位', '个', '元', '块', '号', '楼', '室', '份', '岁', '家', '户', '%']);
    !is_fraction && !is_unit && text.after_any(next, &COUNTED).is_none()
}

/// An hour follows 晚: 晚7点, 晚7:30, 晚7-9点. 晚一点 says later, but 晚一点半 an hour.
pub fn leads_hour(scan: &Scan<'_>, at: usize) -> bool {
    let text = scan.text;
    let Some(number) = text.number(text.skip_blank(at), true) else { return false };
    let mark = text.skip_blank(number.end);
    let is_little = number.value == 1 && !number.is_digits && text.is_at(mark, &['点']);
    if is_little {
        return matches!(minutes(scan, mark + 1, false), Minutes::Said(..));
    }
    text.is_at(mark, &['点', '时', ':'])
        || is_late_behind_early(text, number.end)
        || at.checked_sub(1).is_some_and(|late| is_late_behind_early(text, late))
        || text.is_at(mark, &['.']) && two_digits(text, mark + 1).is_some()
        || begins_range(scan, number)
}
