//! What people wrap a request in, and what may go without changing it: 请问, 麻烦帮我, 不好意思; 谢谢大家, 哈.

use std::{ops::Range, sync::LazyLock};

use super::{
    Phrase,
    template::{Letters, Template},
};

/// Nobody begs more often than this in one message.
const WRAPPINGS_MAX: usize = 4;

/// How a request begins.
const BEFORE: &[&str] = &[
    "(请问|麻烦|劳驾|拜托|请|你好|hello|hi|hey|please) [你|大家|一下|了|各位|啊] [给] ",
    "(各位邻居|各位高邻|各位街坊|街坊们|邻居们|大家|各位|大伙|大伙儿)[晚上|早上|下午|中午][好] ",
    "(登记|登记一下|记一下|问一下|打听一下|报告一下) ",
    "(sorry|excuse me|yes|ok|okay) ",
    "请问一下 ",
    "(晚上|早上|下午|中午)好[啊|呀|各位|大家] ",
    "早[啊|呀][各位|大家] ",
    "(早上|晚上|下午|中午)好 ",
    "不好意思[啊|哈|了] ",
    "(帮|给|替)(我|忙)[一下|下] ",
    "我(也想要|也想|也要|也|就想|就|想要|想|要|来) ",
    "(那个|嗯|喂|哎|诶|唉) ",
    "(could|can|would) you [please] ",
    "i (want|would like) to ",
    "i'd like to ",
];

/// What it ends with.
const AFTER: &[&str] = &[
    "(谢谢|多谢|感谢|谢了|谢啦|拜托|辛苦|麻烦|劳驾)[了|啦|你|大家|各位|各位邻居|啊|哈|大伙|大伙儿|老师|楼长]",
    "(please|thanks|thank you|thx)[ a lot| everyone| all| so much]",
    "谢谢掌灯",
    "(好吗|好不好|行吗|行不行|可以吗|好伐)",
    "(唔该|唔该晒|多谢晒|抱歉|对不起|不好意思)[了|啊|哈|大家]",
];

/// How somebody says that it was nothing.
const LEAVING_OFF: &[&str] = &[
    "[那]算了[算了]",
    "[那][先]不用了",
    "[那][先][我]不(说|学|练|玩|弄)了",
    "取消",
    "没事了",
    "0",
    "(never mind|nevermind|forget it|cancel)",
];

static LEAVING_OFF_READ: LazyLock<Vec<Template>> =
    LazyLock::new(|| LEAVING_OFF.iter().filter_map(|s| Template::new(s)).collect());
static BEFORE_READ: LazyLock<Vec<Template>> =
    LazyLock::new(|| BEFORE.iter().filter_map(|s| Template::new(s)).collect());
static AFTER_READ: LazyLock<Vec<Template>> = LazyLock::new(|| AFTER.iter().filter_map(|s| Template::new(s)).collect());

/// Thanks at the end stand within so many characters.
const THANKS_CHARS_MAX: usize = 14;

/// Where the request ends when the thanks behind it are left out; nothing is left out that stands in a word.
pub fn end(text: &[char]) -> usize {
    let first = text.len().saturating_sub(THANKS_CHARS_MAX).max(1);
    let is_mark = |c: &char| !c.is_alphanumeric();
    let letters = Letters::new(text.get(first..).unwrap_or_default());
    // 说声谢谢: there thanks are what is asked for.
    let is_asked_for = |at: usize| {
        text.get(at - 1).is_some_and(|c| matches!(c, '说' | '声' | '要' | '想' | '感' | '道' | '句' | '人'))
    };
    let thanks = (first..text.len()).find(|&at| {
        !is_asked_for(at)
            && text
                .get(at..)
                .is_some_and(|rest| AFTER_READ.iter().any(|after| after.matches(rest, letters, &|_, _| true).is_some()))
    });
    let mut end = thanks.unwrap_or(text.len());
    while thanks.is_some() && end > 0 && text.get(end - 1).is_some_and(is_mark) {
        end -= 1;
    }
    end
}

/// Where the request begins, with fewer and fewer words before it.
pub fn begins(text: &[char]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut at = 0;
    for _ in 0..WRAPPINGS_MAX {
        let rest = text.get(at..).unwrap_or_default();
        let Some(length) = BEFORE_READ.iter().find_map(|before| before.begins(rest)).filter(|length| *length > 0)
        else {
            break;
        };
        at += length;
        places.push(at);
    }
    places
}

/// Words of Cantonese speakers, and how the others say the same. Nothing that names things or times.
const CANTONESE: [(&str, &str); 37] = [
    ("唔嚟得", "来不了"),
    ("唔去得", "去不了"),
    ("拣", "选"),
    ("唔该", "麻烦"),
    ("唔好意思", "不好意思"),
    ("有冇人", "有没有人"),
    ("有冇", "有没有"),
    ("几多", "多少"),
    ("边个", "谁"),
    ("边位", "哪位"),
    ("边度", "哪里"),
    ("点样", "怎样"),
    ("点解", "为什么"),
    ("搞掂", "搞定"),
    ("帮手", "帮忙"),
    ("还返", "还"),
    ("早晨", "早上好"),
    ("我哋", "我们"),
    ("大家好呀", "大家好"),
    ("乜嘢", "什么"),
    ("咩", "什么"),
    ("嚟", "来"),
    ("咗", "了"),
    ("喇", "了"),
    ("嘅", "的"),
    ("系咪", "是不是"),
    ("睇下", "看下"),
    ("睇", "看"),
    ("冇", "没"),
    ("仲", "还"),
    ("俾", "给"),
    ("畀", "给"),
    ("佢", "他"),
    ("啲", "些"),
    ("嗰", "那"),
    ("嘢", "东西"),
    ("唔", "不"),
];

/// A text in the words of the others; none if it is.
pub fn without_cantonese(text: &Phrase) -> Option<Phrase> {
    text.reworded(&CANTONESE)
}

/// Whether somebody doesn't want to go on: 算了, 不用了.
pub fn leaves_off(text: &[char]) -> bool {
    LEAVING_OFF_READ.iter().any(|leaving| leaving.matches(text, Letters::new(text), &|_, _| true).is_some())
}

/// The part of a text without thanks.
pub fn without_thanks(text: &[char]) -> Range<usize> {
    0..end(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Phrase;

    #[test]
    fn wrappings_go() {
        assert!(BEFORE_READ.len() == BEFORE.len() && AFTER_READ.len() == AFTER.len(), "each is a template");
        for (text, expected) in [
            ("麻烦帮我投 15 选 2，谢谢", "投 15 选 2"),
            ("不好意思，退出 15", "退出 15"),
            ("请问我还有多少积分", "我还有多少积分"),
            ("许愿 修灯 谢谢大家！", "许愿 修灯"),
            ("许愿 请人谢谢王奶奶", "许愿 请人谢谢王奶奶"),
            ("Could you please remind me", "remind me"),
            ("积分", "积分"),
        ] {
            let phrase = Phrase::new(text);
            let kept = phrase.part(without_thanks(phrase.chars()));
            let bare = kept.after(begins(kept.chars()).last().copied().unwrap_or_default());
            assert!(
                bare.written() == expected
                    || kept.written() == expected
                    || bare.written() == expected.trim_start_matches('我'),
                "{text}: {}",
                bare.written()
            );
        }
    }
}
