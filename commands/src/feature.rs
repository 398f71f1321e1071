//! What a feature is, and the table of all of them, one line each. Help, near misses and roles are made from it.

use std::{future::Future, pin::Pin};

use chrono::{NaiveDateTime, NaiveTime};
use lamplighter_storage::{agenda, card::Card};

use crate::{
    fault::Fault,
    house::Outcome,
    incoming::{Answers, Wanted},
    language::{
        Phrase,
        number::{self, Number},
    },
    proxy::command as proxy,
    scene::Scene,
};

/// What somebody may do; each level includes the one before (docs/PROTOCOL.md, Words).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Anybody in a bound room.
    Resident,
    /// Power level 50 or more in the room, or named by a steward.
    Captain,
    /// Named in the config.
    Steward,
}

/// What a command must know before it can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Nothing: it also works in a room that isn't bound.
    Anywhere,
    /// The community.
    Community,
    /// The one room it is about.
    Room,
}

/// What may follow a command word without a blank. English words always need one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Any text: 许愿修灯.
    Text,
    /// Any text, but apart from the word, which is also the beginning of other words: 任务 党员, not 任务重.
    Apart,
    /// Any text apart from the word, or joined to it if it has several parts: 活动合唱 周六, not 活动室.
    Fields,
    /// The number of an item, or nothing: 认领12.
    Number,
    /// A name and a command, or nothing yet: 代王奶奶 报名 5.
    Command,
    /// Nothing: 积分.
    Nothing,
}

/// Whether a word counts without prefix.
#[derive(Clone, Copy, Debug)]
pub enum Bare {
    /// It doesn't.
    No,
    /// It does, alone or with the card's number.
    Alone,
    /// It does, also with what this function understands; it gives the number of the card, if that is named.
    With(fn(&Phrase) -> Option<Option<i64>>),
    /// It does while any card is open, and its feature finds out of which one it speaks.
    Itself,
}

impl PartialEq for Bare {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// In whose overview a word has a line: an overview is short, the rest is told on asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InHelp {
    /// In nobody's.
    No,
    /// In that of residents.
    Residents,
    /// In that of captains and stewards.
    Captains,
    /// In both.
    Everybody,
}

impl InHelp {
    /// Whether it is in the overview of somebody who may do this much.
    pub fn shows(self, role: Role) -> bool {
        match self {
            Self::No => false,
            Self::Residents => role == Role::Resident,
            Self::Captains => role > Role::Resident,
            Self::Everybody => true,
        }
    }
}

/// A command as residents type it. The first Chinese and the first English word are the ones that help shows.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// What the feature's parser knows it by.
    pub key: &'static str,
    /// Chinese words.
    pub zh: &'static [&'static str],
    /// English words, in small letters.
    pub en: &'static [&'static str],
    /// What may follow.
    pub after: After,
    /// Who may use it.
    pub role: Role,
    /// What it must know.
    pub scope: Scope,
    /// Whether it counts without prefix when one open card of the feature's kind stands in the room.
    pub bare: Bare,
    /// In whose overview it has a line (`help-<feature>-<key>`).
    pub in_help: InHelp,
}

/// What a parser says to a text.
#[derive(Debug)]
pub enum Parsed<C> {
    /// A command.
    Mine(C),
    /// A command with something missing or unreadable: the id of the message that says what, with an example.
    Malformed(&'static str),
}

/// Sentences that mean a command without beginning with its word (FEATURES.md row 117).
#[derive(Clone, Copy, Debug)]
pub struct Saying {
    /// The key of the word that they mean.
    pub key: &'static str,
    /// What follows that word then; what was said at the places of the sentence stands before it.
    pub rest: &'static str,
    /// They count without prefix where the word does.
    pub bare: bool,
    /// The sentences ([`crate::language::template`]).
    pub sentences: &'static [&'static str],
}

/// Words that together mean a command, wherever in a message they stand, for whoever speaks to the bot in a sentence that
/// nobody foresaw.
#[derive(Clone, Copy, Debug)]
pub struct Cue {
    /// The key of the word that they mean.
    pub key: &'static str,
    /// What follows that word then, before what is taken from the message.
    pub rest: &'static str,
    /// One word of each group must be there.
    pub words: &'static [&'static [&'static str]],
    /// And none of these.
    pub without: &'static [&'static str],
    /// What is taken from the message.
    pub takes: Takes,
}

/// What is taken from a message that was understood by its cues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// The number of an item, if one stands there.
    Number,
    /// The same, and the message counts only with one.
    ANumber,
    /// The number of an item, and how many come.
    Party,
    /// What it says about time.
    When,
    /// All of it: it names no command, and is itself what is asked for (谁有空陪我去医院).
    Whole,
    /// The same, and it says what takes place, when and where (周三晚七点半，一楼大厅，健康讲座).
    Announced,
}

/// The problem of what begins like a command, or sounds like one, and asks for nothing of the kind.
pub const NOT_MEANT: &str = "not-meant";

/// What followed a word, for reading it without doing it.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The word's key.
    pub key: &'static str,
    /// What followed it.
    pub rest: &'a Phrase,
    /// What was said at the places of a sentence, by name, if it was one.
    pub captures: &'a [(&'static str, String)],
    /// The lines below.
    pub further_lines: &'a [String],
    /// The local time at which it was said.
    pub now: NaiveDateTime,
}

/// How a feature reads what followed one of its words.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// What is missing or unreadable: the id of the message that says so.
    pub problem: Option<&'static str>,
    /// Seven to eleven o'clock on a day, and nobody said whether in the morning or in the evening: what follows the word where
    /// it is said.
    pub halves: Option<Halves>,
    /// The parts, by the names under which they are known outside (docs/PROTOCOL.md, "Parse").
    pub slots: Slots,
}

/// A clock time on a day that may be in the morning or in the evening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halves {
    /// As in the morning.
    pub time: NaiveTime,
    /// What follows the word with the morning said, and with the evening; lines below included.
    pub rests: [String; 2],
}

impl Halves {
    /// Of what followed the word in one line.
    pub fn of((time, both): (NaiveTime, [Phrase; 2])) -> Self {
        Self { time, rests: both.map(|text| text.written()) }
    }
}

/// Parts of a message by name: texts, numbers, lists, yes or no.
pub type Slots = serde_json::Map<String, serde_json::Value>;

/// What is gone from a room, and may take with it what it caused.
#[derive(Clone, Debug)]
pub enum Gone {
    /// A command was taken back, and the actor is who had said it: what the feature noted with [`Scene::did`].
    Command(serde_json::Value),
    /// The bot's open card in a room was taken away by a captain, who is the actor.
    Card(Card),
    /// The actor isn't in this room any more.
    Member {
        /// Which.
        room_id: String,
    },
}

/// What is read back from the rooms before something is done that is due.
#[derive(Clone, Copy, Debug)]
pub struct ReadBack {
    /// The kind of the row on the agenda.
    pub due_kind: &'static str,
    /// The kind of the cards.
    pub card_kind: &'static str,
    /// What.
    pub wanted: Wanted,
}

/// The future of a feature's work.
pub type Work<'a> = Pin<Box<dyn Future<Output = Result<Outcome, Fault>> + Send + 'a>>;

/// A feature: one folder here, one module in storage, one story.
#[derive(Clone, Copy)]
pub struct Feature {
    /// The name of its folder and of its locale file.
    pub name: &'static str,
    /// What may be typed.
    pub words: &'static [Word],
    /// What else is said, and means one of the words.
    pub sayings: &'static [Saying],
    /// Words that together mean one of them.
    pub cues: &'static [Cue],
    /// Reads what followed a word without doing it.
    pub read: fn(Said<'_>) -> Read,
    /// Kinds of cards it posts, which are also the kinds of its items.
    pub cards: &'static [&'static str],
    /// The tap keys it understands under its cards.
    pub keys: &'static [&'static str],
    /// The key that 👍 counts as under its cards.
    pub thumbs_up: Option<&'static str>,
    /// Does what was typed: the word's key and what followed it.
    pub run: for<'s, 'd> fn(&'s mut Scene<'d>, &'static str, Phrase) -> Work<'s>,
    /// Does what was tapped under one of its cards (`taken_back`: the tap was redacted).
    pub tap: for<'s, 'd> fn(&'s mut Scene<'d>, Card, &'static str, bool) -> Work<'s>,
    /// The kinds of rows it has on the agenda.
    pub due_kinds: &'static [&'static str],
    /// What it must know of the rooms when something falls due.
    pub read_back: &'static [ReadBack],
    /// Does what has fallen due; with what was read back.
    pub due: for<'s, 'd> fn(&'s mut Scene<'d>, agenda::Row, Vec<Answers>) -> Work<'s>,
    /// Does rows of one kind and community that are due at once, if it knows how to; what they say goes into the scene's
    /// posts.
    pub due_together: Option<for<'s, 'd> fn(&'s mut Scene<'d>, &'s [agenda::Row]) -> Work<'s>>,
    /// Undoes what something did that is gone, where that is still possible, and says what stands now; ignored: there was
    /// nothing to undo.
    pub undo: for<'s, 'd> fn(&'s mut Scene<'d>, Gone) -> Work<'s>,
    /// Brings the cards in rooms of the item with this number up to date, or posts them anew ([`Scene::anew`]).
    pub show: for<'s, 'd> fn(&'s mut Scene<'d>, i64) -> Work<'s>,
}

impl std::fmt::Debug for Feature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feature").field("name", &self.name).finish()
    }
}

/// All features.
#[rustfmt::skip] // one line each
pub const FEATURES: &[Feature] = &[
    crate::wish::FEATURE,
    crate::activity::FEATURE,
    crate::poll::FEATURE,
    crate::reminder::FEATURE,
    crate::quiet::FEATURE,
    crate::elder::FEATURE,
    crate::tongue::FEATURE,
    crate::party::FEATURE,
    crate::task::FEATURE,
    crate::digest::FEATURE,
    crate::points::FEATURE,
    crate::proxy::FEATURE,
    crate::trail::FEATURE,
    crate::privacy::FEATURE,
    crate::planned::FEATURE,
    crate::room::FEATURE,
    crate::practice::FEATURE,
    crate::voice::FEATURE,
    crate::help::FEATURE,
];

/// For words that are followed by the number of an item or by nothing.
pub fn read_number(said: Said<'_>) -> Read {
    let problem = (number::of_item(said.rest) == Number::Unreadable).then_some("unknown");
    Read { problem, ..Read::default() }
}

/// For features without cards.
pub fn no_taps<'s>(_: &'s mut Scene<'_>, _: Card, _: &'static str, _: bool) -> Work<'s> {
    Box::pin(async { Ok(Outcome::Ignored) })
}

/// For features with nothing on the agenda.
pub fn nothing_due<'s>(_: &'s mut Scene<'_>, _: agenda::Row, _: Vec<Answers>) -> Work<'s> {
    Box::pin(async { Ok(Outcome::Ignored) })
}

/// For features that only answer: what they said stands.
pub fn nothing_to_undo<'s>(_: &'s mut Scene<'_>, _: Gone) -> Work<'s> {
    Box::pin(async { Ok(Outcome::Ignored) })
}

/// For features without cards in rooms.
pub fn nothing_to_show<'s>(_: &'s mut Scene<'_>, _: i64) -> Work<'s> {
    Box::pin(async { Ok(Outcome::Ignored) })
}

/// What must be read back from the rooms before a row of this kind is done.
pub fn read_back(due_kind: &str) -> Option<ReadBack> {
    FEATURES.iter().flat_map(|feature| feature.read_back).find(|wanted| wanted.due_kind == due_kind).copied()
}

/// A command word found at the start of a text.
#[derive(Clone, Debug)]
pub struct Found {
    /// Whose it is.
    pub feature: &'static Feature,
    /// Which.
    pub word: &'static Word,
    /// What follows it.
    pub rest: Phrase,
}

/// All words of all features.
pub fn words() -> impl Iterator<Item = (&'static Feature, &'static Word)> + Clone {
    FEATURES.iter().flat_map(|feature| feature.words.iter().map(move |word| (feature, word)))
}

/// Finds the longest command word that the text begins with.
pub fn find(text: &Phrase) -> Option<Found> {
    find_where(text, true)
}

/// The same among the words that aren't followed by another command.
pub fn find_plain(text: &Phrase) -> Option<Found> {
    find_where(text, false)
}

fn find_where(text: &Phrase, with_commands: bool) -> Option<Found> {
    let mut best: Option<(usize, Found)> = None;
    for (feature, word) in words().filter(|(_, word)| with_commands || word.after != After::Command) {
        for (typed, chinese) in
            word.zh.iter().map(|typed| (typed, true)).chain(word.en.iter().map(|typed| (typed, false)))
        {
            let Some(rest) = text.strip_word(typed) else { continue };
            let next = rest.chars().first().copied();
            let ends = next.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            let fits = match (chinese, word.after) {
                (true, After::Text) => true,
                (_, After::Command) => {
                    let is_for_somebody = || proxy::split(&rest).is_some() || chinese && proxy::is_only_a_name(&rest);
                    (chinese || ends) && (rest.is_empty() || is_for_somebody())
                }
                (_, After::Number) => ends || next.is_some_and(|c| c.is_ascii_digit() || c == '#'),
                (true, After::Apart) => ends || next.is_some_and(|c| c.is_ascii_digit()),
                (true, After::Fields) => ends || rest.chars().iter().any(|c| c.is_whitespace()),
                _ => ends,
            };
            let length = typed.chars().count();
            if fits && best.as_ref().is_none_or(|(longest, _)| length > *longest) {
                best = Some((length, Found { feature, word, rest: said_behind(&rest) }));
            }
        }
    }
    best.map(|(_, found)| found)
}

/// What was said behind a word: 许愿！希望修灯 calls out before it.
fn said_behind(rest: &Phrase) -> Phrase {
    let rest = rest.trimmed();
    let marks = rest.chars().iter().take_while(|c| matches!(c, '!' | '~' | '…')).count();
    if marks > 0 && rest.chars().len() > marks { rest.after(marks).trimmed() } else { rest }
}

/// The word that was probably meant, if the text is one edit (or only the characters) away from one.
pub fn nearest(text: &Phrase) -> Option<&'static str> {
    let typed =
        words().flat_map(|(_, word)| word.zh.iter().chain(word.en).map(|typed| (*typed, word.after == After::Text)));
    crate::language::nearest::nearest(&text.first_word(), typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(&'static str, &'static str, String)> {
        find(&Phrase::new(text)).map(|found| (found.feature.name, found.word.key, found.rest.written()))
    }

    #[test]
    fn the_longest_word_wins_and_boundaries_count() {
        for (text, expected) in [
            ("许愿 修灯", Some(("wish", "post", "修灯"))),
            ("许愿修灯", Some(("wish", "post", "修灯"))),
            ("许愿：修灯，谢谢", Some(("wish", "post", "修灯，谢谢"))),
            ("wish a new lamp", Some(("wish", "post", "a new lamp"))),
            ("Wish a new lamp", Some(("wish", "post", "a new lamp"))),
            ("wishful thinking", None),
            ("wishes", Some(("wish", "list", ""))),
            ("认领12", Some(("wish", "claim", "12"))),
            ("认领 １２", Some(("wish", "claim", "１２"))),
            ("认领了吗", None),
            ("完成度怎么样", None),
            ("积分", Some(("points", "balance", ""))),
            ("积分 明细", Some(("points", "history", ""))),
            ("积分明细", Some(("points", "history", ""))),
            ("积分榜", None),
            ("今天天气真好", None),
        ] {
            let expected = expected.map(|(feature, key, rest): (_, _, &str)| (feature, key, rest.to_owned()));
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn no_word_means_two_things() {
        let mut all: Vec<&str> = words().flat_map(|(_, word)| word.zh.iter().chain(word.en).copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    /// What is typed is folded before it is compared: a traditional form in the table would never be found.
    #[test]
    fn words_are_written_as_they_are_compared() {
        for typed in words().flat_map(|(_, word)| word.zh.iter().chain(word.en)) {
            assert_eq!(Phrase::new(typed).folded(), *typed);
        }
    }
}
