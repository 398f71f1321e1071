//! Which of the times in a sentence is the one that counts: not the deadline beside the event's time, not what it was before it
//! was moved. Where only one time stands, it is that.

use super::{
    group::Group,
    text::Text,
    token::{Said, Token, What},
};

/// How far before or behind a time the words stand that say what it is.
const WORDS_WITHIN: usize = 8;

/// Words before the time to which something is moved. Longer words first.
const MOVED_TO: [&str; 38] = [
    "调整为",
    "调整到",
    "推迟到",
    "推迟至",
    "延期到",
    "延期至",
    "延后到",
    "推后到",
    "提前到",
    "提前至",
    "顺延到",
    "顺延至",
    "改期到",
    "改期至",
    "改到了",
    "变更为",
    "推到",
    "延到",
    "延至",
    "调到",
    "挪到",
    "换到",
    "换成",
    "移到",
    "改到",
    "改成",
    "改为",
    "改在",
    "改至",
    "变成",
    "哦不",
    "不对",
    "应该是",
    "更正为",
    "改",
    "moved to",
    "rescheduled to",
    "instead on",
];

/// Words by which something is only put off, by the length that follows.
const PUT_OFF: [&str; 9] = ["往后推", "往后延", "推迟", "延后", "延迟", "推后", "顺延", "晚点", "postponed by"];

/// Words before a deadline.
const UNTIL: [&str; 19] = [
    "截止时间",
    "截止日期",
    "报名截止",
    "接龙截止",
    "截止",
    "截至",
    "最迟",
    "最晚",
    "报名时间",
    "deadline for sign-up is",
    "deadline is",
    "deadline",
    "rsvp by",
    "sign up by",
    "register by",
    "reply by",
    "sign-up closes",
    "报名到",
    "报名至",
];

/// Words behind a deadline.
const ENDS: [&str; 12] =
    ["截止", "报名截止", "接龙截止", "截止报名", "前", "之前", "以前", "为止", "止", "结束报名", "封单", "截单"];

/// 前 behind a time that doesn't make it a deadline: 前门.
const WORDS_WITH_BEFORE: [char; 8] = ['门', '台', '面', '往', '厅', '排', '来', '后'];

/// The group that counts, and those before it that say what it leaves open: 原定周六下午2点改到周日.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its index.
    pub counts: usize,
    /// Something was moved to it from the ones before.
    pub is_moved: bool,
}

/// Chooses among groups that say when.
pub fn choose(text: Text<'_>, groups: &[Group]) -> Option<Choice> {
    if let Some(counts) = groups.iter().skip(1).position(|group| is_moved_to(text, group)) {
        return Some(Choice { counts: counts + 1, is_moved: true });
    }
    // 不是周六，是周日
    let is_denied =
        |group: &Group| text.before_any(text.skip_blank_back(group.range.start), &["不是", "not on", "not"]).is_some();
    // 冬至过了
    let is_over = |group: &Group| text.after_any(group.range.end, &["过了", "过咗", "已经过", "都过"]).is_some();
    let may_count = |group: &Group| !is_deadline(text, group) && !is_denied(group) && !is_over(group);
    let counts = groups.iter().position(may_count).unwrap_or(0);
    // 中秋联欢 周六晚7点半: the name of a day is part of what it is called if another day is said to the hour.
    let is_name = groups.get(counts).is_some_and(|group| group.clock.is_none() && group.day.is_some_and(is_name));
    let to_the_hour = |group: &Group| group.clock.is_some() && group.day.is_some() && may_count(group);
    let counts =
        groups.iter().skip(counts).position(to_the_hour).filter(|_| is_name).map_or(counts, |more| counts + more);
    (!groups.is_empty()).then_some(Choice { counts, is_moved: false })
}

/// A day that may only be part of a name: 国庆电影夜, 周末读书会, 工作日食堂.
fn is_name(day: Said) -> bool {
    matches!(day, Said::Named { .. } | Said::DaysOff { .. } | Said::Week(_) | Said::Weekend(_) | Said::Every(_))
}

fn is_moved_to(text: Text<'_>, group: &Group) -> bool {
    let mut end = text.skip_blank_back(group.range.start);
    // 哦不，周三; 改为：周日; 现在改12号; 改成明天的
    while text.previous(end).is_some_and(|c| matches!(c, ',' | ':' | '了' | '在')) {
        end = text.skip_blank_back(end - 1);
    }
    text.before_any(end, &MOVED_TO).is_some()
}

fn is_deadline(text: Text<'_>, group: &Group) -> bool {
    let end = text.skip_blank(group.range.end);
    let behind =
        text.after_any(end, &ENDS).is_some_and(|after| !text.is_at(after, &WORDS_WITH_BEFORE) || after > end + 1);
    // 报名截止周三, 截止时间是周三, deadline for sign-up is Friday
    let mut begin = text.skip_blank_back(group.range.start);
    while text.previous(begin).is_some_and(|c| matches!(c, ':' | '是' | '为' | '到' | '于' | '至')) {
        begin = text.skip_blank_back(begin - 1);
    }
    let before = text.before_any(begin, &UNTIL).is_some();
    // 明天下午五点报名截止: a few characters further.
    let near = (end..end + WORDS_WITHIN).take_while(|&at| !text.is_at(at, &[',', '。', ';', '!', '?']));
    behind || before || near.into_iter().any(|at| text.after(at, "截止").is_some())
}

/// By how many minutes something is put off behind a group: 今晚9点的聚会往后推半小时.
pub fn put_off(text: Text<'_>, tokens: &[Token], group: &Group) -> Option<(i64, usize)> {
    tokens.iter().filter(|token| token.range.start >= group.range.end).find_map(|token| {
        let What::Length(minutes) = token.what else { return None };
        let mut end = text.skip_blank_back(token.range.start);
        if text.previous(end) == Some('了') {
            end -= 1;
        }
        text.before_any(end, &PUT_OFF).map(|_| (minutes, token.range.end))
    })
}
