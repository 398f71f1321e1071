//! What around a time only serves it, and would make no sense in what remains: 在, 的, 时间:, on, brackets, one of two
//! commas.

use std::ops::Range;

use super::text::Text;

/// Where somebody says when, before a colon or at the beginning.
const LABELS: [&str; 9] = ["活动时间", "开始时间", "集合时间", "时间", "日期", "date and time", "time", "date", "when"];

/// Small words before a time. Longer words first.
const BEFORE: [&str; 13] =
    ["安排在", "将于", "将在", "定于", "定在", "在", "于", "从", "on", "at", "from", "by", "before"];

/// Characters before 在 and 于 with which these are another word: 现在, 关于.
const OTHER_WORD: [char; 17] =
    ['现', '正', '实', '存', '所', '关', '由', '对', '至', '属', '位', '等', '处', '终', '过', '自', '好'];

/// Small words behind a time.
const BEHIND: [&str; 14] =
    ["左右", "前后", "之前", "以前", "多钟", "之后", "以后", "多", "的", "sharp", "onwards", "准时", "'s", "’s"];

/// 前 and 后 behind a time, unless they begin another word: 7点前到, but 7点前门集合.
const LIMITS: [char; 2] = ['前', '后'];
const WORDS_WITH_LIMIT: [char; 12] = ['门', '台', '面', '往', '排', '来', '厅', '院', '勤', '厨', '山', '期'];

/// Words that serve the time only if nothing follows them: 7点开始, but not 7点开始报名.
const AT_THE_END: [&str; 8] = ["正式开始", "开始", "起", "止", "为止", "结束", "start", "starts"];

const OPENING: [char; 4] = ['(', '[', '【', '「'];
const CLOSING: [char; 4] = [')', ']', '】', '」'];

/// The ranges with what serves them, ascending and not overlapping.
pub fn parts(text: Text<'_>, ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = ranges.into_iter().map(|range| with_border(text, range)).collect();
    parts.sort_by_key(|part| part.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match apart.last_mut() {
            Some(last) if last.end >= part.start => last.end = last.end.max(part.end),
            _ => apart.push(part),
        }
    }
    apart
}

fn with_border(text: Text<'_>, mut range: Range<usize>) -> Range<usize> {
    take_other_bracket(text, &mut range);
    take_words_behind(text, &mut range);
    take_words_before(text, &mut range);
    take_brackets_around(text, &mut range);
    take_comma(text, &mut range);
    range
}

/// The time holds one of two brackets: 12月1日（周二）, （周六）19:30.
fn take_other_bracket(text: Text<'_>, range: &mut Range<usize>) {
    let count = |any_of: &[char]| range.clone().filter(|&at| text.is_at(at, any_of)).count();
    let (opening, closing) = (count(&OPENING), count(&CLOSING));
    let start = text.skip_blank_back(range.start);
    let end = text.skip_blank(range.end);
    if opening > closing && text.is_at(end, &CLOSING) {
        range.end = end + 1;
    } else if closing > opening && text.previous(start).is_some_and(|c| OPENING.contains(&c)) {
        range.start = start - 1;
    }
}

fn take_words_behind(text: Text<'_>, range: &mut Range<usize>) {
    // Two of them: 7点左右的, 7点开始的.
    for _ in 0..2 {
        let next = text.skip_blank(range.end);
        let is_limit = text.is_at(range.end, &LIMITS) && !text.is_at(range.end + 1, &WORDS_WITH_LIMIT);
        let end = text
            .after_any(range.end, &BEHIND)
            .or_else(|| is_limit.then_some(range.end + 1))
            .or_else(|| text.after(next, "sharp"))
            .or_else(|| {
                text.after_any(next, &AT_THE_END).filter(|&end| text.is_border(end) || text.get(end) == Some('的'))
            });
        let Some(end) = end else { return };
        range.end = end;
    }
}

fn take_words_before(text: Text<'_>, range: &mut Range<usize>) {
    for _ in 0..2 {
        let end = text.skip_blank_back(range.start);
        if let Some(start) = text.before_any(end, &BEFORE) {
            let is_other_word = text.previous(start).is_some_and(|c| OTHER_WORD.contains(&c));
            if !is_other_word {
                range.start = start;
            }
        } else if let Some(start) = text.before(end, "the").or_else(|| text.before(end, "@")) {
            range.start = start;
        }
    }
    take_label(text, range);
}

/// 时间：周六19:30, When: Sat 7pm.
fn take_label(text: Text<'_>, range: &mut Range<usize>) {
    let end = text.skip_blank_back(range.start);
    let colon = text.before_any(end, &[":", "是", "为", "is"]).map(|at| text.skip_blank_back(at));
    let Some(start) = text.before_any(colon.unwrap_or(end), &LABELS) else { return };
    if text.is_border_before(start) {
        range.start = start;
    }
}

/// 广场舞（周六晚7点）
fn take_brackets_around(text: Text<'_>, range: &mut Range<usize>) {
    let end = text.skip_blank(range.end);
    let start = text.skip_blank_back(range.start);
    let opening = text.previous(start).and_then(|c| OPENING.iter().position(|opening| *opening == c));
    let closing = text.get(end).and_then(|c| CLOSING.iter().position(|closing| *closing == c));
    let is_pair = opening.is_some() && opening == closing;
    if is_pair {
        *range = start - 1..end + 1;
    }
}

/// Of two commas around a time one stays, at the beginning or the end of a text none.
fn take_comma(text: Text<'_>, range: &mut Range<usize>) {
    let comma = |at: usize| text.is_at(at, &[',', '、']);
    let start = text.skip_blank_back(range.start);
    let end = text.skip_blank(range.end);
    let before = start.checked_sub(1).filter(|&at| comma(at));
    if comma(end) && (before.is_some() || start == 0) {
        range.end = end + 1;
    } else if let Some(before) = before.filter(|_| end >= text.len()) {
        range.start = before;
    }
}
