//! Which of the times in a sentence is the one that counts: not the deadline beside the event's time, not what it was before it
//! was moved. Where only one time stands, it is that.

use super::{
    dial,
    group::Group,
    text::Text,
    token::{Said, Token, What},
};

/// How far before or behind a time the words stand that say what it is.
const WORDS_WITHIN: usize = 8;

/// More of what stands behind a time isn't looked at for a length by which it is put off.
const LENGTHS_BEHIND_MAX: usize = 12;

/// Whether what was to be then is called off stands within so many characters behind it.
const CLAUSE_WITHIN: usize = 12;

/// Words before the time to which something is moved.
const MOVED_TO: [&str; 43] = [
    "改期",
    "改约",
    "换",
    "改",
    "重新定",
    "现定",
    "新时间",
    "哦不",
    "不对",
    "应该",
    "应为",
    "应是",
    "实为",
    "更正",
    "moved to",
    "pushed to",
    "postponed to",
    "changed to",
    "shifted to",
    "switched to",
    "rescheduled to",
    "instead on",
    "make it",
    "改乘",
    "改坐",
    "→",
    "->",
    "=>",
    "有变",
    "有变动",
    "有变化",
    "变了",
    "改了",
    "改时间",
    "换时间",
    "改日子",
    "换日子",
    "变更",
    "晚一点",
    "晚一些",
    "晚点",
    "早一点",
    "早一些",
];

/// Words that say so behind a mistake: 打错了，是周六.
const MISTAKES: [&str; 16] = [
    "打错",
    "说错",
    "写错",
    "发错",
    "看错",
    "记错",
    "搞错",
    "弄错",
    "口误",
    "讲错",
    "不是不是",
    "不不",
    "啊不",
    "噢不",
    "呃不",
    "喔不",
];

/// Verbs that take 到 and the like to say so: 推迟到周日, 调整为周日.
const MOVED: [&str; 24] = [
    "调整",
    "推迟",
    "延期",
    "延后",
    "延迟",
    "推后",
    "提前",
    "提早",
    "顺延",
    "改期",
    "变更",
    "更改",
    "改定",
    "推",
    "延",
    "调",
    "挪",
    "换",
    "移",
    "改",
    "约",
    "变",
    "拖",
    "往后拖",
];

/// What they take.
const MOVED_PARTICLES: [&str; 6] = ["到了", "到", "至", "成", "为", "在"];

/// Before the first of two times, of which the second counts: moved from Saturday to Sunday.
const MOVED_FROM: [&str; 6] =
    ["moved from", "rescheduled from", "changed from", "postponed from", "pushed from", "shifted from"];

/// Words by which something is put off, by the length that follows, and by which it is brought forward.
const PUT_OFF: [&str; 22] = [
    "往后推",
    "往后延",
    "往后挪",
    "推迟",
    "延后",
    "延迟",
    "延期",
    "推后",
    "顺延",
    "挪后",
    "后延",
    "后推",
    "晚点",
    "晚开",
    "晚",
    "postponed by",
    "往后拖",
    "拖后",
    "往后顺",
    "delayed by",
    "pushed back by",
    "put off by",
];
const BROUGHT_FORWARD: [&str; 5] = ["往前挪", "往前提", "提前", "提早", "前移"];

/// Before the time that it was: 原来是周六.
const ORIGINALLY: [&str; 14] = [
    "原来是",
    "原本是",
    "本来是",
    "原定于",
    "原定在",
    "原定",
    "原计划",
    "原来",
    "原本",
    "本来",
    "it was originally on",
    "it was on",
    "originally on",
    "was on",
];

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
    let called_off = groups.iter().position(|group| is_called_off(text, group));
    let moved = (1..groups.len()).find(|&index| {
        groups
            .get(index)
            .is_some_and(|group| is_moved_to(text, index.checked_sub(1).and_then(|at| groups.get(at)), group))
    });
    // 今晚八点不打了，明晚八点见
    let moved = moved.or_else(|| called_off.map(|index| index + 1).filter(|&next| next < groups.len()));
    if let Some(counts) = moved {
        return Some(Choice { counts, is_moved: true });
    }
    // 冬至过了
    let is_over = |group: &Group| text.after_any(group.range.end, &["过了", "过咗", "已经过", "都过"]).is_some();
    let may_count = |group: &Group| {
        !is_deadline(text, group) && !is_denied(text, group) && !is_over(group) && !is_told(text, group)
    };
    let counts = groups.iter().position(may_count).unwrap_or(0);
    // 中秋联欢 周六晚7点半: the name of a day is part of what it is called if another day is said to the hour.
    let is_name = groups.get(counts).is_some_and(|group| group.clock.is_none() && group.day.is_some_and(is_name));
    let to_the_hour =
        |group: &Group| (group.clock.is_some() || group.last_day.is_some()) && group.day.is_some() && may_count(group);
    let counts =
        groups.iter().skip(counts).position(to_the_hour).filter(|_| is_name).map_or(counts, |more| counts + more);
    // Of 不是周六下午两点，是周日 the hour stays.
    let is_moved = groups.iter().take(counts).any(|group| is_denied(text, group));
    (!groups.is_empty()).then_some(Choice { counts, is_moved })
}

/// It was told then, and will be at another time: 今天群里说的橙子.
fn is_told(text: Text<'_>, group: &Group) -> bool {
    const TOLD: [&str; 7] = ["说的", "讲的", "提的", "提到的", "发的", "问的", "聊的"];
    let behind = group.range.end..group.range.end + WORDS_WITHIN;
    let mut clause = behind.take_while(|&at| !text.is_at(at, &[',', '。', ';', '!', '?']));
    group.clock.is_none() && clause.any(|at| text.after_any(at, &TOLD).is_some())
}

/// Between 不 and 了: 不打了.
const CALLED_OFF: [char; 20] = [
    '打', '开', '办', '搞', '去', '来', '聚', '唱', '跳', '放', '上', '做', '吃', '算', '行', '收', '发', '讲', '练',
    '弄',
];

/// What was to be then will not: 今晚八点的麻将不打了.
fn is_called_off(text: Text<'_>, group: &Group) -> bool {
    let clause = group.range.end..group.range.end + CLAUSE_WITHIN;
    let mut clause = clause.take_while(|&at| !text.is_at(at, &[',', '。', ';', '!', '?']) && at < text.len());
    clause.any(|at| {
        let verb = text.after(at, "不").filter(|_| !text.is_at(at.saturating_sub(1), &['来', '赶']));
        text.after_any(at, &["取消", "作废", "作罢", "停一次", "停办", "停课", "暂停", "不了"]).is_some()
            || verb.is_some_and(|verb| text.is_at(verb, &CALLED_OFF) && text.is_at(verb + 1, &['了']))
    })
}

/// What it is not: 不是周六，是周日.
pub fn is_denied(text: Text<'_>, group: &Group) -> bool {
    const NOT: [&str; 12] =
        ["不是", "并非", "不在", "不再是", "不用", "不必", "不要", "别在", "唔系", "唔喺", "not on", "not"];
    text.before_any(text.skip_blank_back(group.range.start), &NOT).is_some()
}

/// A day that may only be part of a name: 国庆电影夜, 周末读书会, 工作日食堂.
fn is_name(day: Said) -> bool {
    matches!(day, Said::Named { .. } | Said::DaysOff { .. } | Said::Week(_) | Said::Weekend(_) | Said::Every(_))
}

fn is_moved_to(text: Text<'_>, before: Option<&Group>, group: &Group) -> bool {
    let mut end = text.skip_blank_back(group.range.start);
    // 哦不，周三; 改为：周日; 现在改12号; 打错了，是周六
    loop {
        let is_said = text.before_any(end, &MOVED_TO).is_some()
            || text.before_any(end, &MISTAKES).is_some()
            || text.before_any(end, &MOVED_PARTICLES).is_some_and(|at| text.before_any(at, &MOVED).is_some());
        if is_said {
            return true;
        }
        if !text.previous(end).is_some_and(|c| matches!(c, ',' | ':' | '了' | '在' | '是' | '于' | '为' | '啦')) {
            break;
        }
        end = text.skip_blank_back(end - 1);
    }
    let is_instead = text.after(text.skip_blank(group.range.end), "instead").is_some();
    is_instead || text.before(end, "to").is_some() && before.is_some_and(|before| is_moved_from(text, before))
}

/// Something is moved from there: moved from Saturday to Sunday.
pub fn is_moved_from(text: Text<'_>, group: &Group) -> bool {
    text.before_any(text.skip_blank_back(group.range.start), &MOVED_FROM).is_some()
}

fn is_deadline(text: Text<'_>, group: &Group) -> bool {
    let end = text.skip_blank(group.range.end);
    // 周六8点 报名截止周三: what closes there is the time that follows.
    let is_of_next = |after: usize| {
        let next = text.skip_blank(after);
        text.number(next, true).is_some()
            || text.is_at(next, &[':', '是', '到', '于', '周', '星', '礼', '今', '明', '后', '本', '下'])
    };
    let behind = text.after_any(end, &ENDS).is_some_and(|after| {
        let is_word = text.is_at(after, &WORDS_WITH_BEFORE) && after <= end + 1;
        !(is_word || text.previous(after) == Some('止') && is_of_next(after))
    });
    // 报名截止周三, 截止时间是周三, deadline for sign-up is Friday
    let mut begin = text.skip_blank_back(group.range.start);
    while text.previous(begin).is_some_and(|c| matches!(c, ':' | '是' | '为' | '到' | '于' | '至')) {
        begin = text.skip_blank_back(begin - 1);
    }
    let before = text.before_any(begin, &UNTIL).is_some();
    // 明天下午五点报名截止: a few characters further.
    let near = (end..end + WORDS_WITHIN).take_while(|&at| !text.is_at(at, &[',', '。', ';', '!', '?']));
    behind || before || near.into_iter().any(|at| text.after(at, "截止").is_some_and(|after| !is_of_next(after)))
}

/// By how many minutes something is put off behind a group (今晚9点的聚会往后推半小时), or brought forward, below 0. `hour_at` is where
/// its hour stands, if that is apart from it.
pub fn put_off(text: Text<'_>, tokens: &[Token], group: &Group, hour_at: Option<usize>) -> Option<i64> {
    // 延期一周，原来是周六早上七点
    let start = text.skip_blank_back(group.range.start);
    if let Some(begin) = text.before_any(start, &ORIGINALLY) {
        let before = tokens.iter().rev().find(|token| token.range.end <= begin);
        if let Some(Token { what: What::Length(minutes), range }) = before
            && !text.ends_sentence(range.end..begin)
        {
            let end = text.skip_blank_back(range.start);
            let end = if text.previous(end) == Some('了') { end - 1 } else { end };
            if text.before_any(end, &PUT_OFF).is_some() {
                return Some(*minutes);
            }
            if text.before_any(end, &BROUGHT_FORWARD).is_some() {
                return Some(-minutes);
            }
        }
    }
    let sentence = text.end_of_sentence(group.range.end);
    let in_sentence = tokens.iter().filter(|token| (group.range.end..sentence).contains(&token.range.start));
    in_sentence.take(LENGTHS_BEHIND_MAX).find_map(|token| {
        let What::Length(minutes) = token.what else { return None };
        // 提早一个小时，四点开始: that is the new hour.
        let is_said_anew =
            |at: usize| at > token.range.start && text.before_any(text.skip_blank_back(at), &ORIGINALLY).is_none();
        if minutes < dial::DAY && hour_at.is_some_and(is_said_anew) {
            return None;
        }
        let mut end = text.skip_blank_back(token.range.start);
        if text.previous(end) == Some('了') {
            end -= 1;
        }
        let stands = |words: &[&str]| text.before_any(end, words).is_some_and(|at| at >= group.range.end);
        if stands(&PUT_OFF) {
            return Some(minutes);
        }
        // 周六2点开会，提前十分钟到 is when to come; 周六2点的会提前半小时 is when it begins.
        let is_apart = (group.range.end..end).any(|at| text.is_at(at, &[',', ';']));
        let comes = text.after_any(
            token.range.end,
            &["到", "来", "入", "进", "签", "集合", "占", "候", "出", "下", "去", "在", "报"],
        );
        let is_forward = stands(&BROUGHT_FORWARD) && !is_apart && comes.is_none();
        is_forward.then_some(-minutes)
    })
}
