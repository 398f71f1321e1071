//! Who is spoken to (docs/PROTOCOL.md, "Addressed or not"): prefix, mention, reply to the bot, private chat; anything
//! else is neighbours talking.

use std::borrow::Cow;

use serde::Serialize;

use super::{Phrase, polite};

/// How the bot is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// ！ or !, one.
    Prefix,
    /// Mentioned by name.
    Mention,
    /// In a private chat.
    Direct,
    /// As a reply to one of its messages.
    Reply,
    /// Not at all; a bare word may still count.
    Bare,
}

/// What is known of a message apart from its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signs<'a> {
    /// It stands in a private chat with the bot.
    pub direct: bool,
    /// It mentions the bot.
    pub mention: bool,
    /// It replies to a message of the bot.
    pub reply: bool,
    /// Names under which the bot may stand in the text, longest first.
    pub names: &'a [String],
}

/// Decides who is spoken to, and gives the text without prefix and name.
pub fn determine(phrase: &Phrase, signs: Signs<'_>) -> (How, Phrase) {
    let mut text = phrase.trimmed();
    if signs.mention {
        for name in signs.names {
            let name = Phrase::new(name).folded();
            if let Some(behind) = behind_name(&text, &format!("@{name}")) {
                text = behind;
            }
            text = text.without(&format!("@{name}")).without(&name);
        }
        text = text.trimmed();
    }
    if let Some(rest) = text.strip_prefix("!") {
        if rest.chars().first() != Some(&'!') {
            return (How::Prefix, rest.trimmed());
        }
        // Two exclamation marks are an exclamation.
        return (if signs.direct { How::Direct } else { How::Bare }, text);
    }
    let how = if signs.mention {
        How::Mention
    } else if signs.direct {
        How::Direct
    } else if signs.reply {
        How::Reply
    } else {
        How::Bare
    };
    (how, text)
}

/// A message of several lines without the lines that hold nothing but the bot's name, and without the name where it ends a
/// line: that is how a pasted text is shown to it. `mention`: the message mentions the bot.
pub fn without_name_alone<'a>(text: &'a str, mention: bool, names: &[String]) -> Cow<'a, str> {
    if !mention || !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let without = |line: &str| -> Option<String> {
        let phrase = Phrase::new(line).trimmed();
        for name in names {
            let name = Phrase::new(name).folded();
            for name in [format!("@{name}"), name] {
                let at = phrase.find(&name).filter(|at| *at > 0 || phrase.chars().len() <= name.chars().count() + 1);
                let Some(at) = at else { continue };
                let behind = phrase.after(at + name.chars().count());
                if !behind.chars().iter().any(|c| c.is_alphanumeric()) && (at == 0 || name.starts_with('@')) {
                    return Some(phrase.part(0..at).written());
                }
            }
        }
        None
    };
    let lines: Vec<String> = text
        .lines()
        .filter_map(|line| match without(line) {
            Some(rest) => (!rest.is_empty()).then_some(rest),
            None => Some(line.to_owned()),
        })
        .collect();
    if lines.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(lines.join("\n")) }
}

/// What follows the name in the middle of a message, if that is what is said to the bot: what stands before was said to
/// everybody.
fn behind_name(text: &Phrase, name: &str) -> Option<Phrase> {
    let at = text.find(name).filter(|at| *at > 0)?;
    let behind = text.after(at + name.chars().count()).trimmed();
    let says_something =
        polite::end(behind.chars()) > 0 && behind.chars().iter().filter(|c| c.is_alphanumeric()).count() > 1;
    says_something.then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_beside_a_pasted_text() {
        let names = ["掌灯".to_owned(), "lamplighter".to_owned()];
        for (text, without) in [
            ("@掌灯\n#接龙\n1. 张三", "#接龙\n1. 张三"),
            ("#接龙\n1. 张三\n@掌灯：", "#接龙\n1. 张三"),
            ("#接龙\n1. 张三@掌灯\n2. 李四", "#接龙\n1. 张三\n2. 李四"),
            ("大家好\n@掌灯 报名 1", "大家好\n@掌灯 报名 1"),
            ("@掌灯", "@掌灯"),
            ("@掌灯\n掌灯", "@掌灯\n掌灯"),
        ] {
            assert_eq!(without_name_alone(text, true, &names), without, "{text:?}");
        }
        assert_eq!(without_name_alone("掌灯\n报名", false, &names), "掌灯\n报名", "not mentioned");
    }

    #[test]
    fn who_is_spoken_to() {
        let names = ["掌灯".to_owned(), "lamplighter".to_owned()];
        for (text, direct, mention, reply, how, rest) in [
            ("！许愿 修灯", false, false, false, How::Prefix, "许愿 修灯"),
            ("!许愿 修灯", false, false, false, How::Prefix, "许愿 修灯"),
            ("！ 许愿 修灯", false, false, false, How::Prefix, "许愿 修灯"),
            ("！！许愿", false, false, false, How::Bare, "!!许愿"),
            ("许愿 修灯", false, false, false, How::Bare, "许愿 修灯"),
            ("许愿 修灯", true, false, false, How::Direct, "许愿 修灯"),
            ("@掌灯 许愿 修灯", false, true, false, How::Mention, "许愿 修灯"),
            ("掌灯：！许愿 修灯", false, true, false, How::Prefix, "许愿 修灯"),
            ("Lamplighter: wish a lamp", false, true, false, How::Mention, "wish a lamp"),
            ("认领", false, false, true, How::Reply, "认领"),
        ] {
            let (found, phrase) = determine(&Phrase::new(text), Signs { direct, mention, reply, names: &names });
            assert_eq!((found, phrase.folded().as_str()), (how, rest), "{text:?}");
        }
    }
}
