//! What is mended before anything is read: traditional characters, blanks between single characters (周 六 下 午), and slips of
//! voice and pinyin input that a time makes plain (下五三点, 八点版, 礼拜刘). Every character keeps its place in the phrase.

use std::ops::Range;

use pinyin::ToPinyin;

use super::{almanac, text::numeral};

/// A phrase as it is read.
#[derive(Debug)]
pub struct Mended {
    pub chars: Vec<char>,
    /// For each character, where it stands in the phrase.
    from: Vec<usize>,
}

impl Mended {
    /// Mends the characters of a phrase.
    pub fn new(chars: &[char]) -> Self {
        let mut mended = Self { chars: Vec::with_capacity(chars.len()), from: Vec::with_capacity(chars.len()) };
        for (at, &c) in chars.iter().enumerate() {
            if !(c == ' ' && is_between_single(chars, at)) {
                mended.chars.push(almanac::simplified(c));
                mended.from.push(at);
            }
        }
        for at in 0..mended.chars.len() {
            if let Some(meant) = meant(&mended.chars, at)
                && let Some(c) = mended.chars.get_mut(at)
            {
                *c = meant;
            }
        }
        mended
    }

    /// Where a range of mended characters stands in the phrase.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let last = range.end.checked_sub(1).and_then(|last| self.from.get(last));
        let end = last.map_or(0, |last| last + 1);
        self.from.get(range.start).copied().unwrap_or(end).min(end)..end
    }
}

fn is_ideograph(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// A blank between two ideographs of which the one before stands alone, as those do who leave a blank after each: 周 六 下午.
fn is_between_single(chars: &[char], at: usize) -> bool {
    let get = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied();
    let (Some(before), Some(behind)) = (get(at.checked_sub(1)), get(at.checked_add(1))) else { return false };
    let stands_alone = |at: Option<usize>| get(at).is_none_or(|c| !c.is_alphanumeric());
    is_ideograph(before) && stands_alone(at.checked_sub(2)) && is_ideograph(behind)
}

/// How a character sounds, without its tone.
fn sound(c: char) -> Option<&'static str> {
    c.to_pinyin().map(|pinyin| pinyin.plain())
}

/// A character that sounds like a numeral from one to twelve, as input methods mistake them.
fn numeral_by_sound(c: char) -> Option<char> {
    Some(match sound(c)? {
        "yi" => '一',
        "er" => '二',
        "liang" => '两',
        "san" => '三',
        "si" => '四',
        "wu" => '五',
        "liu" => '六',
        "qi" => '七',
        "ba" => '八',
        "jiu" => '九',
        _ => return None,
    })
}

fn is_numeral(c: char) -> bool {
    numeral(c).is_some() || matches!(c, '十' | '廿') || c.is_ascii_digit()
}

/// What a character at a place is meant to be, if what stands around it says so.
fn meant(chars: &[char], at: usize) -> Option<char> {
    let get = |offset: isize| at.checked_add_signed(offset).and_then(|at| chars.get(at)).copied();
    let c = get(0).filter(|&c| is_ideograph(c))?;
    let is = |offset: isize, any_of: &[char]| get(offset).is_some_and(|c| any_of.contains(&c));
    // An hour stands here, as far as one character can tell.
    let leads_hour = |offset: isize| {
        let c = get(offset);
        let mark = get(offset + 1);
        c.is_some_and(|c| is_numeral(c) || numeral_by_sound(c).is_some() && matches!(mark, Some('点' | '典' | '店')))
            && mark.is_some_and(|c| is_numeral(c) || matches!(c, '点' | '典' | '店' | ':' | '.'))
    };
    // 午, 上, 晚 and the like stand before, so that an hour must come.
    let behind_half_day = |offset: isize| {
        is(offset, &['午', '晚', '早', '晨', '五', '夜'])
            || is(offset, &['上']) && is(offset - 1, &['晚', '早', '玩', '完', '晓'])
    };
    match c {
        // 礼拜刘, 星期留; 周 is a name as well (周武), so a half-day must follow there.
        _ if is(-1, &['拜', '期', '周'])
            && !is_numeral(c)
            && !matches!(c, '日' | '天')
            && (is(-2, &['礼', '星']) || is(-1, &['周']) && is(1, &['上', '下', '中']) && is(2, &['午'])) =>
        {
            match sound(c)? {
                "tian" => Some('天'),
                "qi" | "jiu" | "ba" | "liang" => None,
                _ => numeral_by_sound(c),
            }
        }
        // 下五三点, 中五十二点
        '五' | '武' | '舞' | '无' | '物' if is(-1, &['上', '下', '中']) && leads_hour(1) => Some('午'),
        // 玩上八点, 完上七点
        '玩' | '完' | '万' | '湾' | '弯' if is(1, &['上']) && leads_hour(2) => Some('晚'),
        // 明完7点
        '玩' | '完' | '万' | '湾' | '弯' if is(-1, &['明', '今', '后']) && (leads_hour(1) || is(1, &['上'])) => {
            Some('晚')
        }
        // 下洲六
        '洲' | '州' | '舟' | '粥' if is(-1, &['下', '这', '本', '上']) && get(1).is_some_and(is_numeral) => {
            Some('周')
        }
        // 七典看戏
        '典' | '店' | '电' if get(-1).is_some_and(is_numeral) && behind_half_day(-2) => Some('点'),
        // 八点版
        '版' | '班' | '般' | '伴' | '扮' | '斑' if is(-1, &['点']) && !is(1, &['车', '会', '长', '画', '本']) => {
            Some('半')
        }
        '办' if is(-1, &['点']) && get(-2).is_some_and(is_numeral) && !is_held(chars, at + 1) => Some('半'),
        // 12月五好, 二十好晚上
        '好' | '浩' | '毫'
            if get(-1).is_some_and(is_numeral)
                && (is(-2, &['月']) || is(-3, &['月']) || is(-2, &['十', '廿']) || is(-1, &['十', '廿']))
                && is(1, &['上', '下', '晚', '早', '中']) =>
        {
            Some('号')
        }
        // 晚上期点
        _ if is(1, &['点', '典']) && !is_numeral(c) && behind_half_day(-1) => numeral_by_sound(c),
        _ => None,
    }
}

/// Something that is held follows: 八点办活动 begins an event at eight.
fn is_held(chars: &[char], at: usize) -> bool {
    const HELD: [char; 20] = [
        '活', '讲', '聚', '酒', '晚', '生', '婚', '联', '会', '个', '一', '比', '喜', '公', '理', '事', '场', '证',
        '手', '卡',
    ];
    chars.get(at).is_some_and(|c| HELD.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_mended_where_a_time_makes_them_plain() {
        for (text, expected) in [
            ("周六下五三点分西瓜", "周六下午三点分西瓜"),
            ("周日上五十点拍全家福", "周日上午十点拍全家福"),
            ("后天晚上期点练歌", "后天晚上七点练歌"),
            ("晚上把点有人打牌吗", "晚上八点有人打牌吗"),
            ("明完7点来", "明晚7点来"),
            ("周五玩上八点看电影", "周五晚上八点看电影"),
            ("下洲六下午", "下周六下午"),
            ("礼拜刘晚上七点半", "礼拜六晚上七点半"),
            ("周六晚上七典看戏", "周六晚上七点看戏"),
            ("八点办打牌", "八点半打牌"),
            ("12月五好上午十点", "12月五号上午十点"),
            ("禮拜六晚上7點半", "礼拜六晚上7点半"),
            ("明 晚 八 点 空 地 跳 舞", "明晚八点空地跳舞"),
            // Left as it is.
            ("八点办活动", "八点办活动"),
            ("八点班车", "八点班车"),
            ("周武下来一趟", "周武下来一趟"),
            ("把点心带上", "把点心带上"),
            ("下五子棋", "下五子棋"),
            ("大家好 明天见", "大家好 明天见"),
            ("我家有三好学生", "我家有三好学生"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let mended = Mended::new(&chars);
            assert_eq!(mended.chars.iter().collect::<String>(), expected, "{text}");
        }
    }
}
