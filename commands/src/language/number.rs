//! Numbers of items as people type them.

use super::Phrase;

/// Numbers above this aren't numbers of items.
pub const NUMBER_MAX: i64 = 9_999_999;

/// What stands where a number may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Nothing.
    Absent,
    /// A number of an item, above 0.
    Is(i64),
    /// Something else.
    Unreadable,
}

fn chinese_digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Whether a character is part of a Chinese numeral.
pub fn is_chinese_numeral(c: char) -> bool {
    chinese_digit(c).is_some() || matches!(c, '十' | '百' | '千')
}

/// Chinese numerals up to 9,999, such as 十二 or 一百零三.
pub fn chinese(text: &str) -> Option<i64> {
    let mut total = 0;
    let mut digit: Option<i64> = None;
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                digit = Some(chinese_digit(c)?);
                continue;
            }
        };
        total += digit.unwrap_or(1) * unit;
        digit = None;
    }
    Some(total + digit.unwrap_or(0))
}

/// Reads the number of an item: 12, １２, #12, 12号, no. 12, 十二.
pub fn of_item(phrase: &Phrase) -> Number {
    let folded = phrase.folded();
    let text = folded.trim_start_matches(['#', '号', '第']);
    let text = text.strip_prefix("no").map_or(text, |rest| rest.trim_start_matches('.'));
    let text = text.trim().trim_end_matches(['号', '。', '.', '!', '~']).trim();
    if text.is_empty() {
        // 报名！ is 报名.
        let only_marks = folded.chars().all(|c| matches!(c, '。' | '.' | '!' | '~' | ' '));
        return if only_marks { Number::Absent } else { Number::Unreadable };
    }
    let value =
        if text.chars().all(|c| c.is_ascii_digit()) { text.parse().ok() } else { chinese(text).filter(|&n| n > 0) };
    match value {
        Some(number) if (1..=NUMBER_MAX).contains(&number) => Number::Is(number),
        _ => Number::Unreadable,
    }
}

/// The choice that a number from 1 to 9 makes: 2, ２, 2️⃣, 2。, 2号, 二, 第二个, 选2, 回2.
pub fn choice(phrase: &Phrase) -> Option<usize> {
    choice_of(phrase, 9)
}

/// The same where there are so many to choose from.
pub fn choice_of(phrase: &Phrase, count: usize) -> Option<usize> {
    const BEFORE: [&str; 8] = ["我选", "我要", "选", "回复", "回", "按", "点", "第"];
    const BEHIND: [char; 6] = ['个', '项', '\u{FE0F}', '\u{20E3}', '吧', '。'];
    let chosen = phrase.trimmed();
    let chosen = BEFORE.iter().find_map(|word| chosen.strip_prefix(word)).unwrap_or(chosen).trimmed();
    let length = chosen.chars().iter().rev().skip_while(|c| BEHIND.contains(c)).count();
    match of_item(&chosen.part(0..length).trimmed()) {
        Number::Is(number) => usize::try_from(number).ok().filter(|number| *number <= count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_as_they_are_said() {
        for text in ["2", "２", "2️⃣", "②", "2。", "2号", "二", "第二个", "选2", "我选 2", "回2", "2个", "按2"]
        {
            assert_eq!(choice(&Phrase::new(text)), Some(2), "{text:?}");
        }
        for text in ["12", "选", "第", "", "二楼", "2点", "回来了"] {
            assert_eq!(choice(&Phrase::new(text)), None, "{text:?}");
        }
    }

    #[test]
    fn numbers_of_items() {
        for (text, expected) in [
            ("12", Number::Is(12)),
            ("１２", Number::Is(12)),
            (" #12 ", Number::Is(12)),
            ("＃１２", Number::Is(12)),
            ("12号", Number::Is(12)),
            ("No.12", Number::Is(12)),
            ("十二", Number::Is(12)),
            ("一百零三", Number::Is(103)),
            ("", Number::Absent),
            ("！", Number::Absent),
            ("0", Number::Unreadable),
            ("-3", Number::Unreadable),
            ("1.5", Number::Unreadable),
            ("99999999999999999999", Number::Unreadable),
            ("那个", Number::Unreadable),
            ("#", Number::Unreadable),
        ] {
            assert_eq!(of_item(&Phrase::new(text)), expected, "{text:?}");
        }
    }
}
