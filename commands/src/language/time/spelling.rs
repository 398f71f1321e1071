//! What is mended before anything is read: blanks between single characters (周 六 下 午), and slips of
//! voice and pinyin input that a time makes plain (下五三点, 八点版, 礼拜刘). Every character keeps its place in the phrase.

use std::ops::Range;

use pinyin::ToPinyin;

use super::text::numeral;

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
            if !(c == ' ' && is_between_single(chars, at) || is_said_twice(chars, at)) {
                mended.chars.push(match c {
                    ';' if is_colon(chars, at) => ':',
                    'o' if is_zero(chars, at) => '0',
                    c => c,
                });
                mended.from.push(at);
            }
        }
        // Sounds cost more than the rest; without an hour nothing is mended.
        if mended.chars.iter().any(|&c| is_ideograph(c)) {
            Slips::new(&mut mended.chars).mend();
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

/// A semicolon, which stands beside the colon on the keyboard: 7;30.
fn is_colon(chars: &[char], at: usize) -> bool {
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    is_digit(at.checked_sub(1)) && (at + 1..=at + 2).all(|at| is_digit(Some(at))) && !is_digit(Some(at + 3))
}

/// The letter in place of the figure: 7:3o, 1o点.
fn is_zero(chars: &[char], at: usize) -> bool {
    let get = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied();
    get(at.checked_sub(1)).is_some_and(|c| c.is_ascii_digit())
        && (get(at.checked_sub(2)) == Some(':') || matches!(get(at.checked_add(1)), Some('点' | '點' | ':' | '分')))
}

/// A blank between two ideographs of which the one before stands alone, as those do who leave a blank after each: 周 六 下午.
fn is_between_single(chars: &[char], at: usize) -> bool {
    let get = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied();
    let (Some(before), Some(behind)) = (get(at.checked_sub(1)), get(at.checked_add(1))) else { return false };
    let stands_alone = |at: Option<usize>| get(at).is_none_or(|c| !c.is_alphanumeric());
    is_ideograph(before) && stands_alone(at.checked_sub(2)) && is_ideograph(behind)
}

/// A character that was typed or heard twice: 晚晚上, 周周六, 下午午三点, 明天天晚上; but 明天天气.
fn is_said_twice(chars: &[char], at: usize) -> bool {
    let get = |at: usize| chars.get(at).copied();
    let (Some(c), Some(before)) = (get(at), at.checked_sub(1).and_then(get)) else { return false };
    if c != before {
        return false;
    }
    let next = get(at + 1);
    match c {
        '晚' | '早' => next == Some('上'),
        '周' | '拜' | '期' => next.is_some_and(|c| is_numeral(c) || matches!(c, '日' | '天')),
        '午' => next.is_some_and(is_numeral),
        '点' => {
            next.is_some_and(|c| c == '半' || c == '钟') && at.checked_sub(2).and_then(get).is_some_and(is_numeral)
        }
        '天' => {
            at.checked_sub(2).and_then(get).is_some_and(|c| matches!(c, '明' | '后' | '今'))
                && next.is_some_and(|c| matches!(c, '上' | '下' | '中' | '晚' | '早'))
        }
        _ => false,
    }
}

fn is_numeral(c: char) -> bool {
    numeral(c).is_some() || matches!(c, '十' | '廿' | '卅') || c.is_ascii_digit()
}

/// What input methods mistake: the characters, and how each sounds without its tone.
struct Slips<'a> {
    chars: &'a mut [char],
    sounds: Vec<&'static str>,
}

/// Half-days, by their sounds.
const HALF_DAYS: [(&str, &str, [char; 2]); 8] = [
    ("shang", "wu", ['上', '午']),
    ("xia", "wu", ['下', '午']),
    ("zhong", "wu", ['中', '午']),
    ("wan", "shang", ['晚', '上']),
    ("zao", "shang", ['早', '上']),
    ("bang", "wan", ['傍', '晚']),
    ("ling", "chen", ['凌', '晨']),
    ("qing", "chen", ['清', '晨']),
];

/// Half-days as they are often misspelt, and which are nothing else.
const MISSPELT: [([char; 2], [char; 2]); 4] = [
    (['旁', '晚'], ['傍', '晚']),
    (['零', '晨'], ['凌', '晨']),
    (['临', '晨'], ['凌', '晨']),
    (['凌', '辰'], ['凌', '晨']),
];

/// Days, by their sounds. What else sounds so is rare before a half-day or an hour.
const DAYS: [(&str, &str, [char; 2]); 9] = [
    ("ming", "tian", ['明', '天']),
    ("hou", "tian", ['后', '天']),
    ("jin", "tian", ['今', '天']),
    ("ming", "wan", ['明', '晚']),
    ("jin", "wan", ['今', '晚']),
    ("ming", "zao", ['明', '早']),
    ("jin", "zao", ['今', '早']),
    ("xing", "qi", ['星', '期']),
    ("li", "bai", ['礼', '拜']),
];

/// The same sound to those who don't curl the tongue (zh, ch, sh), and to those who don't tell n from ng.
fn sounds_alike(one: &str, other: &str) -> bool {
    fn pieces(sound: &str) -> Option<(char, &str)> {
        let sound = sound.strip_suffix("ng").map_or(sound, |_| sound.strip_suffix('g').unwrap_or(sound));
        let mut rest = sound.chars();
        let initial = rest.next()?;
        let rest = rest.as_str();
        Some((initial, if matches!(initial, 'z' | 'c' | 's') { rest.strip_prefix('h').unwrap_or(rest) } else { rest }))
    }
    one == other || !one.is_empty() && pieces(one) == pieces(other)
}

/// What 点 is mistaken for.
const POINT: [char; 6] = ['典', '店', '电', '殿', '垫', '淀'];

impl<'a> Slips<'a> {
    fn new(chars: &'a mut [char]) -> Self {
        let sounds = chars.iter().map(|c| c.to_pinyin().map_or("", |pinyin| pinyin.plain())).collect();
        Self { chars, sounds }
    }

    fn mend(&mut self) {
        for at in 0..self.chars.len() {
            self.mend_pair(at);
            if let Some(meant) = self.meant(at)
                && let Some(c) = self.chars.get_mut(at)
            {
                *c = meant;
            }
        }
    }

    fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn sound(&self, at: usize) -> &'static str {
        self.sounds.get(at).copied().unwrap_or_default()
    }

    fn is(&self, at: usize, any_of: &[char]) -> bool {
        self.get(at).is_some_and(|c| any_of.contains(&c))
    }

    /// A numeral that sounds like what stands here.
    fn numeral_by_sound(&self, at: usize) -> Option<char> {
        Some(match self.sound(at) {
            "yi" => '一',
            "er" => '二',
            "liang" => '两',
            "san" | "shan" => '三',
            "si" => '四',
            "wu" => '五',
            "liu" => '六',
            "qi" => '七',
            "ba" => '八',
            "jiu" => '九',
            "shi" => '十',
            _ => return None,
        })
    }

    fn is_point(&self, at: usize) -> bool {
        self.is(at, &['点']) || self.is(at, &POINT)
    }

    /// An hour begins here, perhaps with a slip in it.
    fn leads_hour(&self, at: usize) -> bool {
        let is_numeral_here = self.get(at).is_some_and(is_numeral);
        let could_be = is_numeral_here || self.numeral_by_sound(at).is_some();
        let next = at + 1;
        // 十二点, 7:30, 12点
        let runs_on = is_numeral_here
            && (self.is(next, &[':', '.']) || self.get(next).is_some_and(is_numeral) && self.is_point_or_colon(at + 2));
        could_be && self.is_point(next) || runs_on
    }

    fn is_point_or_colon(&self, at: usize) -> bool {
        self.is_point(at) || self.is(at, &[':', '.'])
    }

    /// The half-day that sounds like what stands here.
    fn half_day(&self, at: usize) -> Option<[char; 2]> {
        let (first, second) = (self.sound(at), self.sound(at + 1));
        HALF_DAYS.iter().find(|half| half.0 == first && half.1 == second).map(|half| half.2)
    }

    /// A half-day or an hour begins here, perhaps with a slip in it.
    fn leads_time(&self, at: usize) -> bool {
        self.leads_hour(at)
            || self.half_day(at).is_some_and(|half| Some(half[0]) == self.get(at) || Some(half[1]) == self.get(at + 1))
            || self.is(at, &['晚', '早']) && self.leads_hour(at + 1)
    }

    /// A half-day stands just before this place.
    fn is_behind_half_day(&self, at: usize) -> bool {
        let before = |back: usize| at.checked_sub(back);
        before(1).is_some_and(|at| self.is(at, &['晚', '早', '晨', '午', '夜']))
            || before(2).is_some_and(|at| self.half_day(at).is_some())
    }

    /// A half-day or a day of which one character is right here and the other sounds almost so: 新期, 早桑.
    fn almost(&self, at: usize, written: [char; 2]) -> Option<[char; 2]> {
        let is_alike = |place: usize, meant: &str| sounds_alike(self.sound(at + place), meant);
        HALF_DAYS.iter().chain(&DAYS).find_map(|&(first, second, pair)| {
            let is_near = written[0] == pair[0] && is_alike(1, second) || written[1] == pair[1] && is_alike(0, first);
            is_near.then_some(pair)
        })
    }

    fn set(&mut self, at: usize, c: char) {
        if let Some(place) = self.chars.get_mut(at) {
            *place = c;
        }
    }

    /// 下五三点, 玩上八点, 名天下午, 行期六.
    fn mend_pair(&mut self, at: usize) {
        let written = [self.get(at).unwrap_or_default(), self.get(at + 1).unwrap_or_default()];
        if !written.iter().all(|&c| is_ideograph(c)) {
            return;
        }
        let mut meant = MISSPELT.iter().find(|(misspelt, _)| *misspelt == written).map(|(_, meant)| *meant);
        if let Some(half) = self.half_day(at)
            && self.leads_hour(at + 2)
            && written != half
        {
            // 四点五十 isn't a half-day, and nothing of 八点下五十 is.
            let is_figure = written.iter().all(|&c| is_numeral(c));
            meant = (!is_figure).then_some(half);
        }
        // 上晚八点
        if written == ['上', '晚'] && self.leads_hour(at + 2) {
            meant = Some(['晚', '上']);
        }
        if let Some(day) = self.almost(at, written).filter(|day| written != *day) {
            let is_week = matches!(day[1], '期' | '拜');
            let is_led = if is_week {
                self.get(at + 2).is_some_and(|c| is_numeral(c) || matches!(c, '日' | '天')) && self.leads_time(at + 3)
            } else {
                self.leads_time(at + 2)
            };
            meant = meant.or(is_led.then_some(day));
        }
        if let Some(pair) = meant {
            self.set(at, pair[0]);
            self.set(at + 1, pair[1]);
        }
    }

    /// What a character at a place is meant to be, if what stands around it says so.
    fn meant(&self, at: usize) -> Option<char> {
        let c = self.get(at).filter(|&c| is_ideograph(c))?;
        let before = |back: usize, any_of: &[char]| at.checked_sub(back).is_some_and(|at| self.is(at, any_of));
        let numeral_before = |back: usize| at.checked_sub(back).and_then(|at| self.get(at)).is_some_and(is_numeral);
        let is_weekday_here = before(1, &['拜']) || before(2, &['星']) && before(1, &['期']) || before(1, &['周']);
        // 礼拜刘, 星期留; 周 is a name as well (周武), so a half-day must follow there.
        if is_weekday_here && !is_numeral(c) && !matches!(c, '日' | '天') {
            // 这周溜，上午十点
            let next = if self.is(at + 1, &[',', ' ']) { at + 2 } else { at + 1 };
            let is_led = before(1, &['拜', '期']) || self.leads_time(next);
            return match self.sound(at) {
                "tian" | "ri" if is_led => Some('天'),
                "lu" if is_led && self.leads_time(at + 1) => Some('六'),
                "yi" | "er" | "san" | "shan" | "si" | "wu" | "liu" if is_led => self.numeral_by_sound(at),
                _ => None,
            };
        }
        match c {
            // 下洲六
            '洲' | '州' | '舟' | '粥' | '邹' | '皱' | '咒' | '宙'
                if before(1, &['下', '这', '本', '上']) || self.leads_time(at + 2) =>
            {
                self.get(at + 1).is_some_and(|c| is_numeral(c) || c == '末').then_some('周')
            }
            // 七典看戏, 7店半
            _ if POINT.contains(&c) && numeral_before(1) => {
                let begin = (1..=3).take_while(|back| numeral_before(*back)).last().unwrap_or(1);
                let is_led = at.checked_sub(begin).is_some_and(|at| self.is_behind_half_day(at));
                // 三点到五电
                let ends_range =
                    before(begin + 1, &['到', '至']) && (begin + 2..=begin + 4).any(|back| before(back, &['点']));
                (is_led || ends_range || self.is(at + 1, &['半', '钟'])).then_some('点')
            }
            // 八点版, 八点钟伴
            '版' | '班' | '般' | '伴' | '扮' | '斑' | '拌' | '板' | '绊'
                if before(1, &['点']) && numeral_before(2)
                    || before(1, &['钟']) && before(2, &['点']) && numeral_before(3) =>
            {
                (!self.is(at + 1, &['车', '会', '长', '画', '本', '级', '组', '饭', '面'])).then_some('半')
            }
            // 七点搬，扫雪队集合; but 七点搬家
            '搬' if before(1, &['点']) && numeral_before(2) => {
                self.get(at + 1).is_none_or(|c| !c.is_alphanumeric()).then_some('半')
            }
            '办' if before(1, &['点']) && numeral_before(2) && !is_held(self.chars, at + 1) => Some('半'),
            // 六点一克
            '克' | '客' | '课' | '颗' if before(1, &['一', '三']) && before(2, &['点']) && numeral_before(3) => {
                Some('刻')
            }
            // 八点二时
            '时' | '石' | '拾' if numeral_before(1) && before(2, &['点']) && numeral_before(3) => Some('十'),
            // 中午石二点
            '时' | '石' | '拾'
                if self.is_behind_half_day(at) && self.get(at + 1).is_some_and(is_numeral) && self.is_point(at + 2) =>
            {
                Some('十')
            }
            // 八点二十五份; but 八点二十份盒饭
            '份' | '芬' | '粉' | '纷'
                if numeral_before(1) && (before(2, &['点']) || before(3, &['点']) || before(4, &['点'])) =>
            {
                let goes_on = self.get(at + 1).is_some_and(|c| {
                    c.is_alphanumeric() && !matches!(c, '吧' | '左' | '集' | '钟' | '出' | '到' | '准' | '在' | '开')
                });
                (!goes_on).then_some('分')
            }
            // 九越二十号
            _ if self.sound(at) == "yue" && c != '月' && numeral_before(1) => {
                let days = (at + 1..at + 4).take_while(|&at| self.get(at).is_some_and(is_numeral)).count();
                (days > 0 && matches!(self.sound(at + 1 + days), "hao" | "ri")).then_some('月')
            }
            // 12月五好, 二十好晚上
            _ if self.sound(at) == "hao" && c != '号' && numeral_before(1) && self.leads_time(at + 1) => {
                (before(2, &['月', '十', '廿']) || before(3, &['月']) || before(1, &['十', '廿'])).then_some('号')
            }
            // 晚上期点
            _ if self.is_point(at + 1) && !is_numeral(c) && self.is_behind_half_day(at) => {
                // 晚上把点心带来, 晚上是点灯的时候, 早上已点餐
                const VERBS: [char; 8] = ['是', '时', '已', '以', '也', '市', '事', '要'];
                const POINTED: [char; 14] =
                    ['心', '名', '火', '菜', '赞', '评', '灯', '餐', '单', '击', '歌', '头', '燃', '外'];
                // 上午时点，来吃蛋糕
                let is_plain = self.get(at + 2).is_none_or(|c| !c.is_alphanumeric() || matches!(c, '半' | '钟' | '整'));
                let is_other = VERBS.contains(&c) && !is_plain || self.is(at + 2, &POINTED);
                self.numeral_by_sound(at).filter(|_| !is_other)
            }
            _ => None,
        }
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
    use super::{super::Phrase, *};

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
            let mended = Mended::new(Phrase::new(text).chars());
            assert_eq!(mended.chars.iter().collect::<String>(), expected, "{text}");
        }
    }
}
