//! What is typed to practise, and what fits each step.

use chrono::NaiveDateTime;

use crate::{
    feature::{self, After, Bare, InHelp, Role, Scope, Word},
    language::{Phrase, addressed::How, number, polite},
    reading,
};

/// All words.
pub const WORDS: &[Word] = &[Word {
    key: "teach",
    zh: &["教我", "教教我"],
    en: &["teach me"],
    after: After::Nothing,
    role: Role::Resident,
    scope: Scope::Anywhere,
    bare: Bare::No,
    in_help: InHelp::No,
}];

/// The command that begins another round.
pub fn again() -> &'static str {
    WORDS.first().and_then(|word| word.zh.first()).copied().unwrap_or_default()
}

/// The steps: what is practised, by feature and words.
pub const STEPS: [(&str, &[&str]); 4] =
    [("wish", &["post", "wish"]), ("wish", &["claim"]), ("activity", &["join", "plus"]), ("poll", &["vote"])];

/// Other words of these features with which neighbours would see something.
const BEGINS: [&str; 3] = ["post", "list", "chain"];

/// What somebody who practises said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What was asked for, as the bot would have understood it.
    Right,
    /// On to the next step.
    Skip,
    /// Enough.
    Stop,
    /// From the beginning.
    Anew,
    /// Something else.
    Other,
}

/// The features whose words are meant in earnest even then: whoever wants help or to be forgotten isn't told to try again.
const IN_EARNEST: [&str; 2] = [crate::help::FEATURE.name, crate::privacy::FEATURE.name];

/// What is said of the pretended neighbour where a number isn't used, by step.
const OF_THE_NEIGHBOUR: [(usize, &[&str]); 2] =
    [(1, &["小灯", "little lamp"]), (3, &["月季", "茉莉", "rose", "roses", "jasmine"])];

/// What ends the round for whoever answers by digits.
const ENOUGH: [&str; 3] = ["0", "零", "〇"];

/// A digit of somebody who wants things plain; none: it is no digit of a step.
pub fn digit(step: usize, text: &Phrase) -> Option<Answer> {
    let votes = STEPS.len() - 1;
    match number::choice(text) {
        Some(1) => Some(Answer::Right),
        Some(2) if step == votes => Some(Answer::Right),
        Some(_) => Some(Answer::Other),
        None => ENOUGH.contains(&text.trimmed().folded().as_str()).then_some(Answer::Stop),
    }
}

/// What goes on without doing the step.
const SKIPPING: [&str; 6] = ["下一步", "跳过", "下一个", "next", "skip", "下一步吧"];

/// Reads what was said at a step, the same way as what is meant in earnest.
/// None: nobody says that to practise.
pub fn answer(step: usize, text: &Phrase, further_lines: &[String], now: NaiveDateTime) -> Option<Answer> {
    let folded = text.trimmed().folded();
    if polite::leaves_off(text.chars()) {
        return Some(Answer::Stop);
    }
    if SKIPPING.contains(&folded.as_str()) {
        return Some(Answer::Skip);
    }
    if feature::find(text).is_some_and(|found| IN_EARNEST.contains(&found.feature.name)) {
        return None;
    }
    let of_neighbour = OF_THE_NEIGHBOUR.iter().filter(|(of, _)| *of == step).flat_map(|(_, words)| *words);
    if of_neighbour.into_iter().any(|word| text.find(word).is_some()) {
        return Some(Answer::Right);
    }
    let Some(meant) = reading::meant(How::Prefix, text, further_lines, now) else { return Some(Answer::Other) };
    let (feature, key) = (meant.found.feature.name, meant.found.word.key);
    if feature == "practice" {
        return Some(Answer::Anew);
    }
    // What isn't practised at all is meant: who confirms or takes something back isn't told to try again.
    let is_practised =
        STEPS.iter().any(|(practised, keys)| *practised == feature && (keys.contains(&key) || BEGINS.contains(&key)));
    if !is_practised && meant.read.problem.is_none() && !meant.guessed {
        return None;
    }
    let fits = STEPS.get(step).is_some_and(|(wanted, keys)| *wanted == feature && keys.contains(&key));
    Some(if fits && meant.read.problem.is_none() { Answer::Right } else { Answer::Other })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_as_in_earnest() {
        for (step, text, expected) in [
            (0, "许愿 修楼道灯", Some(Answer::Right)),
            (0, "许愿", Some(Answer::Other)),
            (0, "认领 1", Some(Answer::Other)),
            (1, "认领 1", Some(Answer::Right)),
            (1, "我来帮1号心愿", Some(Answer::Right)),
            (2, "报名 2", Some(Answer::Right)),
            (2, "+1", Some(Answer::Right)),
            (3, "投 3 1", Some(Answer::Right)),
            (3, "下一步", Some(Answer::Skip)),
            (0, "算了", Some(Answer::Stop)),
            (2, "教我", Some(Answer::Anew)),
            (0, "今天天气真好", Some(Answer::Other)),
            (0, "怎么许愿呀", None),
            (0, "帮我换个灯泡", Some(Answer::Right)),
            (1, "我来帮小灯", Some(Answer::Right)),
            (3, "月季", Some(Answer::Right)),
            (0, "月季", Some(Answer::Other)),
            (0, "活动 下棋 周六晚7点", Some(Answer::Other)),
            (0, "确认 2", None),
            (2, "积分", None),
            (1, "帮助", None),
            (1, "忘记我", None),
        ] {
            assert_eq!(answer(step, &Phrase::new(text), &[], NaiveDateTime::default()), expected, "{step}: {text}");
        }
    }

    #[test]
    fn a_digit_is_enough() {
        for (step, text, expected) in [
            (0, "1", Some(Answer::Right)),
            (0, "2", Some(Answer::Other)),
            (3, "2", Some(Answer::Right)),
            (1, "0", Some(Answer::Stop)),
            (1, "认领 1", None),
        ] {
            assert_eq!(digit(step, &Phrase::new(text)), expected, "{step}: {text}");
        }
    }
}
