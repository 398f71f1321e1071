//! Who is spoken to (docs/PROTOCOL.md, "Addressed or not"): prefix, mention, reply to the bot, private chat; anything
//! else is neighbours talking.

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
