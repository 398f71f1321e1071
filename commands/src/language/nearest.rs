//! Near misses: a word that is one edit away from a command, or sounds the same (docs/PROTOCOL.md, "Addressed or not").

use pinyin::ToPinyin;

/// Shorter words than this have everything one edit away.
const CHARS_MIN: usize = 2;

fn sounds(text: &str) -> Option<Vec<&'static str>> {
    text.to_pinyin().map(|syllable| syllable.map(|syllable| syllable.plain())).collect()
}

/// The command word that was probably meant, if one is near; the nearest, earlier ones first.
///
/// Each word comes with whether a text may follow it without a blank.
pub fn nearest<'a>(typed: &str, words: impl Iterator<Item = (&'a str, bool)> + Clone) -> Option<&'a str> {
    let length = typed.chars().count();
    if length < CHARS_MIN {
        return None;
    }
    if let Some(typed_sounds) = sounds(typed) {
        let alike = |(word, text_may_follow): &(&str, bool)| {
            sounds(word).is_some_and(|word_sounds| {
                // 许原修灯: the command and its text may stand together.
                word_sounds.len() >= CHARS_MIN
                    && (typed_sounds == word_sounds || *text_may_follow && typed_sounds.starts_with(&word_sounds))
            })
        };
        if let Some((word, _)) = words.clone().find(alike) {
            return Some(word);
        }
    }
    words
        .map(|(word, _)| word)
        // Words of other lengths are further away, and comparing takes time in proportion to both.
        .filter(|word| word.chars().count() >= CHARS_MIN && word.chars().count().abs_diff(length) <= 1)
        .find(|word| strsim::levenshtein(typed, word) == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses() {
        let words = [("许愿", true), ("认领", false), ("积分", false), ("claim", false)];
        for (typed, expected) in [
            ("许原", Some("许愿")),
            ("徐愿修灯", Some("许愿")),
            ("任领", Some("认领")),
            ("积份", Some("积分")),
            ("clam", Some("claim")),
            ("认领完了没", None),
            ("今天天气", None),
            ("好", None),
            ("c", None),
        ] {
            assert_eq!(nearest(typed, words.iter().copied()), expected, "{typed}");
        }
    }
}
