//! Reader of half-days: 晚上, 凌晨, in the evening. Which hours they make of a clock time is `dial`'s business.

use super::{
    HalfDay, clock,
    token::{Read, Scan, What},
};

/// Longer words first.
const HALF_DAYS: [(&str, HalfDay); 45] = [
    ("朝早", HalfDay::Morning),
    ("朝头早", HalfDay::Morning),
    ("上昼", HalfDay::Morning),
    ("晏昼", HalfDay::Afternoon),
    ("下昼", HalfDay::Afternoon),
    ("早饭后", HalfDay::Morning),
    ("午饭后", HalfDay::Afternoon),
    ("晚饭后", HalfDay::Evening),
    ("下班后", HalfDay::Evening),
    ("放工后", HalfDay::Evening),
    ("收工后", HalfDay::Evening),
    ("放学后", HalfDay::Afternoon),
    ("晌午", HalfDay::Noon),
    ("大晚上", HalfDay::Evening),
    ("黄昏", HalfDay::Evening),
    ("夜黑", HalfDay::Evening),
    ("凌晨", HalfDay::Dawn),
    ("大清早", HalfDay::Morning),
    ("清早", HalfDay::Morning),
    ("清晨", HalfDay::Morning),
    ("一大早", HalfDay::Morning),
    ("一早", HalfDay::Morning),
    ("早上", HalfDay::Morning),
    ("早晨", HalfDay::Morning),
    ("早间", HalfDay::Morning),
    ("上午", HalfDay::Morning),
    ("中午", HalfDay::Noon),
    ("正午", HalfDay::Noon),
    ("午间", HalfDay::Noon),
    ("下午", HalfDay::Afternoon),
    ("午后", HalfDay::Afternoon),
    ("傍晚", HalfDay::Evening),
    ("晚上", HalfDay::Evening),
    ("晚间", HalfDay::Evening),
    ("夜里", HalfDay::Evening),
    ("夜间", HalfDay::Evening),
    ("夜晚", HalfDay::Evening),
    ("半夜", HalfDay::Evening),
    ("深夜", HalfDay::Evening),
    ("in the morning", HalfDay::Morning),
    ("in the afternoon", HalfDay::Afternoon),
    ("in the evening", HalfDay::Evening),
    ("in the am", HalfDay::Morning),
    ("in the pm", HalfDay::Afternoon),
    ("at night", HalfDay::Evening),
];

/// Half-days only behind a day: 周六早 but not 早市, Saturday night but not movie night.
const HALF_DAYS_BEHIND_A_DAY: [(&str, HalfDay); 7] = [
    ("晚", HalfDay::Evening),
    ("早", HalfDay::Morning),
    ("晨", HalfDay::Morning),
    ("morning", HalfDay::Morning),
    ("afternoon", HalfDay::Afternoon),
    ("evening", HalfDay::Evening),
    ("night", HalfDay::Evening),
];

/// What follows 晚 and 早 where they are part of another word: 晚会, 早点.
const WORDS_WITH_HALF: [char; 24] = [
    '点', '会', '饭', '餐', '安', '报', '礼', '宴', '场', '于', '婚', '年', '期', '归', '市', '教', '操', '茶', '班',
    '高', '晚', '早', '就', '些',
];

/// Reads a half-day.
pub fn read(scan: &Scan<'_>, at: usize) -> Read<What> {
    let text = scan.text;
    if let Some((half, end)) = text.look_up(at, &HALF_DAYS) {
        // 晚上好 greets, 下午茶 is a meal.
        return (!text.is_at(end, &['好', '茶'])).then_some((What::Half(half), end));
    }
    let (half, end) = text.look_up(at, &HALF_DAYS_BEHIND_A_DAY)?;
    // 最晚三点半 is a limit.
    if text.before(at, "最").is_some() {
        return None;
    }
    let follows_day = scan.token_before(at).is_some_and(|token| matches!(token.what, What::Day(_)));
    (clock::leads_hour(scan, end) || follows_day && !text.is_at(end, &WORDS_WITH_HALF))
        .then_some((What::Half(half), end))
}

/// A half-day stands just before.
pub fn is_before(scan: &Scan<'_>, at: usize) -> bool {
    scan.token_before(at).is_some_and(|token| match token.what {
        What::Half(_) => true,
        What::Day(day) => day.half.is_some(),
        _ => false,
    })
}
