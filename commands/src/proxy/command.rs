//! What is typed to act for somebody, and what may be done that way.

use crate::{
    feature::{self, After, Bare, Found, InHelp, Read, Role, Said, Scope, Word},
    language::Phrase,
};

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str], after: After) -> Word {
    Word { key, zh, en, after, role: Role::Resident, scope: Scope::Community, bare: Bare::No, in_help: InHelp::No }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word { scope: Scope::Room, ..word("act", &["代", "替"], &["for"], After::Command) },
    word("helper", &["帮手"], &["helper"], After::Apart),
    word("end_helper", &["取消帮手"], &["remove helper"], After::Apart),
    word("helpers", &["谁是我的帮手", "我的帮手"], &["my helpers", "who is my helper"], After::Nothing),
    word("forbid", &["不要代我", "不许代", "不许代我", "别代我"], &["do not act for me"], After::Nothing),
    word("allow", &["可以代", "可以代我"], &["you may act for me"], After::Nothing),
    word("undo", &["撤销"], &["undo"], After::Nothing),
];

/// What may be done for somebody, by feature and word. What isn't here may not: a vote, a check-in and what is kept private
/// are everybody's own, and a confirmation pays points, which can't be undone.
pub const FOR_OTHERS: &[(&str, &[&str])] = &[
    ("wish", &["post", "wish", "claim", "release", "finish", "withdraw"]),
    ("activity", &["join", "plus", "leave"]),
    ("proxy", &["helper", "end_helper"]),
    ("elder", &["elder"]),
];

/// Whether this may be done for somebody.
pub fn may_be_done(found: &Found) -> bool {
    FOR_OTHERS.iter().any(|(feature, keys)| *feature == found.feature.name && keys.contains(&found.word.key))
}

/// What is said where something is done for somebody by name; not what neighbours say all day, for then it would be looked up
/// who is in the room.
const FOR: [&str; 8] = ["代", "替", "报", "退出", "接龙", "帮手", "for ", "helper"];

/// Whether a message may do something for somebody by name.
pub fn may_name(text: &str) -> bool {
    let text = Phrase::new(text).folded();
    FOR.iter().any(|word| text.contains(word))
}

/// A name has at most this many characters; behind them no command begins.
const NAME_CHARS_MAX: usize = 30;

/// Who says it of themselves, or of everybody: those are no names.
const NOT_NAMES: [&str; 9] = ["我", "咱", "自己", "大家", "本人", "me", "us", "my", "our"];

/// The name and the command that follow 代, the command also as it was written.
pub fn split(rest: &Phrase) -> Option<(String, Found, String)> {
    let rest = rest.trimmed();
    let chars = rest.chars();
    let separates = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | '：' | '，');
    for at in 1..=chars.len().min(NAME_CHARS_MAX) {
        let (Some(before), Some(here)) = (chars.get(at - 1).copied(), chars.get(at).copied()) else { break };
        // In the middle of an English name no word begins.
        if separates(here) || before.is_ascii_alphanumeric() && here.is_ascii_alphanumeric() {
            continue;
        }
        let Some(found) = feature::find_plain(&rest.after(at)) else { continue };
        let name = rest.part(0..at).written();
        let name = name.trim().trim_start_matches(['@', '＠']).trim_matches(separates).to_owned();
        if !name.chars().any(char::is_alphanumeric) {
            continue;
        }
        let folded = Phrase::new(&name).folded();
        let no_name = NOT_NAMES.iter().any(|word| folded == *word || !word.is_ascii() && folded.starts_with(word));
        return (!no_name).then(|| (name, found, rest.after(at).written()));
    }
    None
}

/// How names end by which neighbours call each other.
const CALLED: [&str; 16] = [
    "奶奶", "爷爷", "阿姨", "叔", "叔叔", "伯", "婶", "姨", "哥", "姐", "大爷", "大妈", "大姐", "大哥", "老师", "师傅",
];

/// Whether only a name follows 代, and what is to be done is missing: 代王奶奶. Not 代表大会.
pub fn is_only_a_name(rest: &Phrase) -> bool {
    let name = rest.written();
    let name = name.trim();
    let short = name.chars().count() <= NAME_CHARS_MAX && !name.contains(char::is_whitespace);
    short && (name.starts_with(['@', '＠']) || CALLED.iter().any(|end| name.ends_with(end)))
}

/// The command inside, if this is one for somebody.
pub fn inner(found: &Found) -> Option<Found> {
    (found.feature.name == "proxy" && found.word.key == "act")
        .then(|| split(&found.rest))
        .flatten()
        .map(|(_, found, _)| found)
}

/// The command as it would be typed again.
pub fn again(rest: &Phrase) -> String {
    let word = WORDS.first().and_then(|word| word.zh.first()).copied().unwrap_or_default();
    format!("{word} {}", rest.written())
}

/// What stands before the number of a deed behind 撤销. Nobody types it: 撤销 5 would mean an item.
const DEED: char = '↩';

/// A command that a message about a deed names, so that it means that deed whatever has been done since.
pub fn of_deed(command: &str, deed: i64) -> String {
    match feature::find(&Phrase::new(command)) {
        Some(found) if found.feature.name == "proxy" && found.word.key == "undo" => {
            format!("{command} {DEED}{deed}")
        }
        _ => command.to_owned(),
    }
}

/// The deed that is undone; none: the last one.
pub fn deed(rest: &Phrase) -> Option<i64> {
    rest.written().trim().strip_prefix(DEED)?.parse().ok()
}

/// From which place on what digits stand for is about deeds.
pub fn deeds_from(options: &[String]) -> Option<usize> {
    options.iter().position(|option| option.contains(DEED))
}

/// The name that follows a word, without the sign of a mention.
pub fn name(rest: &Phrase) -> String {
    rest.written().trim().trim_start_matches(['@', '＠']).trim().to_owned()
}

/// What is done for somebody has the parts of what they would do themselves, and their name.
pub fn read(said: Said<'_>) -> Read {
    if said.key != "act" {
        return Read::default();
    }
    let Some((name, found, _)) = split(said.rest) else { return Read::default() };
    let mut read = (found.feature.read)(Said { key: found.word.key, rest: &found.rest, ..said });
    read.slots.insert("name".into(), name.into());
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(text: &str) -> Option<(String, &'static str, &'static str, String)> {
        let found = feature::find(&Phrase::new(text)).filter(|found| found.feature.name == "proxy")?;
        let (name, inner, _) = split(&found.rest)?;
        Some((name, inner.feature.name, inner.word.key, inner.rest.written()))
    }

    #[test]
    fn a_name_and_a_command_are_told_apart() {
        for (text, name, feature, key, rest) in [
            ("代王奶奶 报名 5", "王奶奶", "activity", "join", "5"),
            ("代 @王奶奶 报名 5", "王奶奶", "activity", "join", "5"),
            ("替王奶奶报名5", "王奶奶", "activity", "join", "5"),
            ("代王奶奶：许愿 修灯", "王奶奶", "wish", "post", "修灯"),
            ("代王奶奶许愿 报名处的灯坏了", "王奶奶", "wish", "post", "报名处的灯坏了"),
            ("for @Grandma Wang: join 5", "Grandma Wang", "activity", "join", "5"),
            ("for Grandma Wang join 5", "Grandma Wang", "activity", "join", "5"),
            ("代王奶奶 帮手 @小李", "王奶奶", "proxy", "helper", "@小李"),
        ] {
            let expected = Some((name.to_owned(), feature, key, rest.to_owned()));
            assert_eq!(read_as(text), expected, "{text}");
        }
        for text in ["代表大会", "替换灯泡", "替我报名5", "代王奶奶", "for me join 5", "forget me", "代报名 王奶奶"]
        {
            assert_eq!(read_as(text), None, "{text}");
        }
    }

    #[test]
    fn a_digit_undoes_the_deed_that_its_message_is_about() {
        for (command, kept, undoes) in [("撤销", "撤销 ↩7", Some(7)), ("undo", "undo ↩7", Some(7))] {
            assert_eq!(of_deed(command, 7), kept);
            let found = feature::find(&Phrase::new(kept)).expect("a command");
            assert_eq!((found.word.key, deed(&found.rest)), ("undo", undoes));
        }
        assert_eq!(of_deed("不要代我", 7), "不要代我");
        let options = ["积分", "撤销 ↩7", "不要代我"].map(str::to_owned);
        assert_eq!((deeds_from(&options), deeds_from(&options[..1])), (Some(1), None));
    }

    #[test]
    fn only_words_that_there_are_may_be_done_for_others() {
        for (feature, keys) in FOR_OTHERS {
            for key in *keys {
                let word = feature::words().find(|(of, word)| of.name == *feature && word.key == *key);
                assert!(word.is_some_and(|(_, word)| word.role == Role::Resident), "{feature}/{key}");
            }
        }
    }
}
