//! Parts that many messages have: when, how many, where. Each is taken out of a text, and the rest goes on as written.

use std::ops::Range;

use chrono::NaiveDateTime;

use super::{Phrase, number, phrase::begins_at, time};

/// What things are counted with.
const MEASURES: [&str; 47] = [
    "把", "个", "台", "本", "张", "条", "双", "件", "套", "辆", "瓶", "卷", "袋", "包", "盒", "箱", "块", "根", "份",
    "支", "只", "桶", "斤", "盏", "床", "副", "组", "顶", "次", "枚", "提", "罐", "部", "架", "棵", "盆", "颗", "对",
    "壶", "幅", "bags", "boxes", "bottles", "rolls", "packs", "pieces", "sets",
];

/// What places are called at the end.
pub const PLACE_ENDINGS: [&str; 65] = [
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
    "栋",
    "幢",
    "单元",
    "东门",
    "西门",
    "南门",
    "北门",
    "后门",
    "侧门",
    "车库",
    "车棚",
    "东侧",
    "西侧",
    "南侧",
    "北侧",
    "旁边",
    "后面",
    "前面",
    "对面",
    "里",
    "电梯间",
    "食堂",
    "库",
    "房",
    "巷",
    "桥",
    "池",
    "座",
    "楼前",
    "楼后",
    "playground",
    "gate",
    "room",
    "hall",
    "lobby",
    "garden",
    "park",
    "yard",
];

/// What followed a word in its line. `further_lines`: those below it, which the text holds too.
pub fn first_line(rest: &Phrase, further_lines: &[String]) -> Phrase {
    let Some(next) = further_lines.first() else { return rest.clone() };
    let below = Phrase::new(&further_lines.join(" "));
    let length = rest.chars().len().saturating_sub(below.chars().len());
    if rest.chars().get(length..) == Some(below.chars()) {
        return rest.part(0..length);
    }
    // A thank-you at the end was taken off.
    let at = rest.find(&format!(" {}", Phrase::new(next).folded()));
    at.map_or_else(|| rest.clone(), |at| rest.part(0..at))
}

/// The place in a text of what it says about time, and how that was written. A day that has passed is a time too.
pub fn when(text: &Phrase, now: NaiveDateTime) -> Option<(String, Vec<Range<usize>>)> {
    let reading = time::read_any(text, now, None).ok().flatten()?;
    let (first, last) = (reading.parts.first()?.start, reading.parts.last()?.end);
    // What is said of the time in two places is said with what stands between, if that is only blanks and marks.
    let between = text
        .part(first..last)
        .without_parts(&reading.parts.iter().map(|part| part.start - first..part.end - first).collect::<Vec<_>>());
    let is_one = !between.chars().iter().any(|c| c.is_alphanumeric());
    let written = if is_one {
        text.part(first..last).written()
    } else {
        let parts: Vec<String> = reading.parts.iter().map(|part| text.part(part.clone()).written()).collect();
        parts.join(" ")
    };
    let labelled = |text: String| {
        const LABELS: [&str; 6] = ["时间", "开始时间", "time:", "at ", "on ", "在"];
        let phrase = Phrase::new(&text);
        let rest = LABELS.iter().find_map(|label| phrase.strip_prefix(label));
        rest.map_or(text, |rest| rest.trimmed().written())
    };
    let labelled = labelled(written);
    let written = labelled.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | '。'));
    Some((written.trim_end_matches('的').to_owned(), reading.parts))
}

/// Takes out what it says about time.
pub fn take_when(text: &Phrase, now: NaiveDateTime) -> (Option<String>, Phrase) {
    match when(text, now) {
        Some((written, parts)) => (Some(written), text.without_parts(&parts).trimmed()),
        None => (None, text.clone()),
    }
}

/// Whether a text says a time and nothing else.
pub fn is_when(text: &Phrase, now: NaiveDateTime) -> bool {
    when(text, now)
        .is_some_and(|(_, parts)| !text.without_parts(&parts).chars().iter().any(|c| c.is_alphanumeric() && *c != '的'))
}

/// Takes out how many: 6把, 两把, 3 条, 2 at the beginning of an English text.
pub fn take_quantity(text: &Phrase) -> (Option<i64>, Phrase) {
    let chars = text.chars();
    let get = |at: usize| chars.get(at).copied();
    let is_numeral = |c: char| c.is_ascii_digit() || number::is_chinese_numeral(c);
    for at in 0..chars.len() {
        let stands_in_a_number = at > 0 && get(at - 1).is_some_and(|c| is_numeral(c) || c.is_ascii_alphanumeric());
        if stands_in_a_number || !get(at).is_some_and(is_numeral) {
            continue;
        }
        let length = chars.iter().skip(at).take_while(|c| is_numeral(**c)).count();
        let said: String = chars.iter().skip(at).take(length).collect();
        let count = said.parse().ok().or_else(|| number::chinese(&said)).filter(|count| *count > 0);
        let mut behind = at + length;
        while get(behind).is_some_and(char::is_whitespace) {
            behind += 1;
        }
        let begins = |word: &&&str| begins_at(chars, behind, word);
        let measure = MEASURES.iter().find(begins);
        let latin = at == 0 && get(behind).is_some_and(|c| c.is_ascii_alphabetic()) && behind > at + length;
        if let (Some(count), true) = (count, measure.is_some() || latin) {
            let end = measure.map_or(behind, |measure| behind + measure.chars().count());
            return (Some(count), text.without_parts(std::slice::from_ref(&(at..end))).trimmed());
        }
    }
    (None, text.clone())
}

/// The fields of a text, at blanks and marks. Latin words stay together.
pub fn fields(text: &Phrase) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    let mut field = String::new();
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '\'' | '&' | '-'));
    let written = text.written();
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        let parts = match c {
            ',' | '，' | '；' | ';' | '|' | '。' => true,
            c if c.is_whitespace() => !(is_latin(field.chars().last()) && is_latin(chars.peek().copied())),
            _ => false,
        };
        if parts {
            fields.push(std::mem::take(&mut field));
        } else {
            field.push(c);
        }
    }
    fields.push(field);
    fields.retain(|field| field.chars().any(char::is_alphanumeric));
    fields
}

/// A field of its own that names a place, taken out of the others.
pub fn take_place(fields: &mut Vec<String>) -> Option<String> {
    if fields.len() < 2 {
        return None;
    }
    let marked = fields.iter().position(|field| place_mark(field).is_some());
    let named = || fields.iter().rposition(|field| is_place(field));
    let at = marked.or_else(named)?;
    let field = fields.remove(at);
    Some(place_mark(&field).unwrap_or(field))
}

/// Whether a field ends like a place, or begins like Building 3.
pub fn is_place(field: &str) -> bool {
    let folded = Phrase::new(field).folded();
    PLACE_ENDINGS.iter().any(|ending| folded.ends_with(ending))
        || ["building ", "gate ", "block ", "unit "].iter().any(|begin| folded.starts_with(begin))
}

/// The place without the word that marks it; none if nothing marks it.
pub fn place_mark(field: &str) -> Option<String> {
    const MARKS: [&str; 12] =
        ["集合地点", "地点", "地址", "位置", "place", "where", "放在", "集合在", "在", "at ", "in ", "@"];
    let phrase = Phrase::new(field);
    MARKS
        .iter()
        .find_map(|mark| phrase.strip_prefix(mark))
        .map(|rest| rest.trimmed().written())
        .filter(|place| !place.is_empty())
}

/// Months and weeks, as people name them.
const SPANS: [&str; 26] = [
    "本月",
    "这个月",
    "上个月",
    "上月",
    "这月",
    "下个月",
    "本周",
    "这周",
    "上周",
    "下周",
    "今年",
    "去年",
    "这一周",
    "这段时间",
    "上星期",
    "这星期",
    "本星期",
    "上个星期",
    "这个星期",
    "上礼拜",
    "this month",
    "last month",
    "this week",
    "last week",
    "this year",
    "最近",
];

/// A time, or a month or week as people name them when they look back or ahead.
pub fn is_span(text: &Phrase, now: NaiveDateTime) -> bool {
    let folded = text.folded();
    // 近三个月, 十月份
    let begins = folded.starts_with(['近', '最'])
        || folded.starts_with(|c: char| c.is_ascii_digit() || number::is_chinese_numeral(c));
    let ends = ["月", "月份", "周", "年", "天"].iter().any(|unit| folded.ends_with(unit));
    SPANS.contains(&folded.as_str()) || begins && ends || is_when(text, now)
}

/// The time, or the month or week, that a text names somewhere.
pub fn any_span(text: &Phrase, now: NaiveDateTime) -> Option<String> {
    let named = SPANS.iter().filter_map(|span| text.find(span).map(|at| at..at + span.chars().count()));
    // This weekend is no this week.
    let named = named.filter(|range| !text.chars().get(range.end).is_some_and(char::is_ascii_alphabetic));
    let named = named.max_by_key(std::ops::Range::len).map(|range| text.part(range).written());
    named.or_else(|| when(text, now).map(|(when, _)| when))
}

/// Whether a word names a house, a room or the whole community: whose ranking it is.
pub fn is_scope(text: &str) -> bool {
    const ENDINGS: [&str; 14] =
        ["楼", "栋", "社区", "小区", "群", "单元", "队", "组", "院", "幢", "街道", "全员", "大家", "building"];
    let says_when = SPANS.iter().any(|span| text.contains(span));
    let asks = text.starts_with(['请', '问', '帮', '看', '查']);
    !says_when && !asks && ENDINGS.iter().any(|ending| text.ends_with(ending)) || text.starts_with("building ")
}

/// Whether a word can be somebody's name: not oneself, not everybody.
pub fn is_name(said: &[char]) -> bool {
    said.len() > 1
        && said.iter().all(|c| c.is_alphabetic())
        && !matches!(said, ['我' | '你', ..] | ['大', '家'] | ['自', '己'])
}

/// Whether 还 before this is the one that gives back: 还有, 还没, 还能 are other words.
pub fn is_given_back(said: &[char]) -> bool {
    !said.first().is_some_and(|c| {
        matches!(
            c,
            '有' | '剩'
                | '没'
                | '能'
                | '可'
                | '不'
                | '是'
                | '在'
                | '要'
                | '会'
                | '行'
                | '好'
                | '真'
                | '得'
                | '早'
                | '挺'
                | '算'
        )
    })
}

/// Whether a verb before this is judged: 选得好 chooses nothing.
pub fn judges(said: &[char]) -> bool {
    matches!(said, ['得' | '的' | '了', ..])
}

/// Whether it asks: what is asked names nothing.
pub fn asks(said: &[char]) -> bool {
    said.iter().any(|c| matches!(c, '?' | '吗' | '么' | '呢'))
}

/// The number of an item as it is typed, or its name.
pub fn reference(text: &Phrase) -> Option<String> {
    let text = &["number", "no."]
        .iter()
        .find_map(|word| text.strip_word(word))
        .map_or_else(|| text.clone(), |rest| rest.trimmed());
    match number::of_item(text) {
        number::Number::Is(number) => Some(number.to_string()),
        number::Number::Absent => None,
        number::Number::Unreadable => Some(text.written()).filter(|name| name.chars().any(char::is_alphanumeric)),
    }
}

/// Whether somebody has made up their mind: 赞成.
pub fn is_stand(said: &str) -> bool {
    ["同意", "赞成", "反对", "不同意", "不赞成", "支持", "不支持", "弃权"].contains(&said)
}

/// Whether options are chosen by their letters or digits: A和C.
pub fn is_letters(said: &[char]) -> bool {
    let joint = |c: &char| matches!(c, '和' | '跟' | '、' | ',' | '/' | ' ' | '&' | '+');
    !said.is_empty() && said.split(joint).all(|one| matches!(one, [c] if c.is_ascii_alphanumeric()))
}

/// Whether a text names several things to choose from: 周六还是周日.
pub fn names_several(said: &[char]) -> bool {
    said.iter().any(|c| c.is_whitespace() || matches!(c, '/' | '、' | '|' | ';' | ':'))
        || said.windows(2).any(|two| matches!(two, ['还', '是'] | ['或', '者']))
}

/// Whether a text is what groups of neighbours are called: 合唱团, 太极队.
pub fn is_circle(said: &[char]) -> bool {
    const ENDS: [char; 8] = ['群', '组', '队', '团', '社', '班', '会', '部'];
    said.len() > 2 && said.last().is_some_and(|c| ENDS.contains(c))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn how_many() {
        for (text, count, rest) in [
            ("椅子 6把", Some(6), "椅子"),
            ("两把雨伞", Some(2), "雨伞"),
            ("理发券 1张", Some(1), "理发券"),
            ("2 towels", Some(2), "towels"),
            ("3号楼的梯子", None, "3号楼的梯子"),
        ] {
            let (found, left) = take_quantity(&Phrase::new(text));
            assert_eq!((found, left.written().as_str()), (count, rest), "{text}");
        }
    }

    #[test]
    fn when_it_is_said_in_one_place() {
        let now = NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|day| day.and_hms_opt(18, 0, 0)).expect("a time");
        let (when, rest) = take_when(&Phrase::new("提醒我 每周二四 晚7点 跳舞"), now);
        assert_eq!((when.as_deref(), rest.written().as_str()), (Some("每周二四 晚7点"), "提醒我 跳舞"));
        assert!(is_when(&Phrase::new("周六晚上"), now) && !is_when(&Phrase::new("周六晚上跳舞"), now));
    }
}
