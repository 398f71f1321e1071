//! The worst texts that we can think of, for reading: each repeats what some step of the reading looks twice at.

/// What a text can weigh: an event has at most 65,536 bytes, and something of that is JSON.
pub const EVENT_TEXT_BYTES: usize = 60 * 1024;

/// A kind of text.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// For tables.
    pub name: &'static str,
    begin: &'static str,
    again: &'static str,
    /// Its line breaks mean something to some command.
    pub has_lines: bool,
}

const fn shape(name: &'static str, begin: &'static str, again: &'static str) -> Shape {
    Shape { name, begin, again, has_lines: false }
}

/// All of them.
pub const SHAPES: &[Shape] = &[
    shape("digits", "！提醒我 ", "1234567890"),
    shape("one long number", "！认领 ", "9"),
    shape("Chinese numerals", "！提醒我 ", "二十三点"),
    shape("nested quotes", "！活动 ", "「『“‘("),
    shape("command words", "！", "许愿 认领 活动 "),
    shape("command words, no blanks", "", "许愿认领活动投票提醒我"),
    shape("English words", "!remind me ", "wish claim activity "),
    shape("combining marks", "！许愿 a", "\u{301}\u{302}"),
    shape("time words", "！活动 ", "明天晚上8点半到9点 "),
    shape("days of the week", "！活动 ", "下周六周日周一"),
    shape("lengths of time", "！提醒我 ", "3天2小时后"),
    shape("commas", "！提醒我 ", ",，、；"),
    shape("exclamation marks", "！", "！"),
    shape("mentions of the bot", "@掌灯 ", "@掌灯 掌灯"),
    shape("names of the bot", "", "掌灯"),
    shape("ligatures", "！许愿 ", "\u{FDFA}"),
    shape("counts of people", "！报名 ", "2大1小 +3 "),
    shape("every building", "！投票 ", "@全部楼栋 "),
    shape("blanks", "！许愿 ", " \u{3000}"),
    shape("invisible", "！许愿 ", "\u{200B}\u{202E}"),
    shape("one or the other", "！投票 ", "还是"),
    shape("one or the other, in English", "!poll ", "a or "),
    Shape {
        name: "one long line of a list",
        begin: "！#接龙\n周六晚7点包饺子\n1. 张三 ",
        again: "带一 ",
        has_lines: true,
    },
    Shape {
        name: "a list with notes",
        begin: "！#接龙\n周六晚7点包饺子\n",
        again: "1. 张三 2大1小 1 2 3 四 五 六七八 九九 一二三四五六七八九十 二十三\n",
        has_lines: true,
    },
    Shape { name: "lines", begin: "！投票 吃什么\n", again: "截止 明晚8点\n", has_lines: true },
    Shape {
        name: "long lines",
        begin: "！投票 吃什么\n",
        again: "明天8点到9点 明天8点到9点 明天8点到9点 明天8点到9点 明天8点到9点 明天8点到9点 明天8点到9点 明天8点到9点 明天8点到9点 明天8点到9点\n",
        has_lines: true,
    },
];

impl Shape {
    /// So many characters.
    pub fn of(&self, chars: usize) -> String {
        self.begin.chars().chain(self.again.chars().cycle()).take(chars).collect()
    }

    /// So many bytes, or a few less.
    pub fn of_bytes(&self, bytes: usize) -> String {
        let mut text = self.begin.to_owned();
        while text.len() + self.again.len() <= bytes {
            text.push_str(self.again);
        }
        text
    }
}
