//! What a message says, before anything is looked up: the command that its first word names, or that its sentence means
//! (FEATURES.md row 117), and how that command's own reader takes the rest. Pure. The house acts on it, `lamplighter parse`
//! shows it.

use std::sync::LazyLock;

use chrono::NaiveDateTime;

use crate::{
    feature::{self, Bare, FEATURES, Feature, Found, Read, Said, Saying, Takes, Word},
    house,
    language::{
        Phrase,
        addressed::{self, How, Signs},
        number, parts, polite,
        template::{self, Letters, Template},
    },
};

/// A command that was understood.
#[derive(Clone, Debug)]
pub struct Meant {
    /// Whose, which word, and what followed it or was said at the places of the sentence.
    pub found: Found,
    /// What was said at the places of the sentence, by name.
    pub captures: Vec<(&'static str, String)>,
    /// The sentence as a template; none if the message begins with the command word.
    pub sentence: Option<&'static str>,
    /// How the feature reads the rest.
    pub read: Read,
    /// It names no command and is no turn of phrase: it was guessed from what it speaks of.
    pub guessed: bool,
}

impl Meant {
    /// Whether the words are no mere likeness: 借过 borrows nothing.
    fn is_meant(&self) -> bool {
        self.read.problem != Some(feature::NOT_MEANT)
    }

    /// Whether it counts without prefix while one card of its kind is open, whatever its number is.
    pub fn counts_bare(&self) -> bool {
        match (self.found.word.bare, number::of_item(&self.found.rest)) {
            (Bare::No, _) => false,
            (Bare::Itself, _) => true,
            (_, number::Number::Absent | number::Number::Is(_)) => true,
            (Bare::With(fits), number::Number::Unreadable) => fits(&self.found.rest).is_some(),
            (Bare::Alone, number::Number::Unreadable) => false,
        }
    }
}

/// What a text was read as.
#[derive(Clone, Debug)]
pub enum Reading {
    /// A command, whole or with something missing.
    Meant(Box<Meant>),
    /// Nothing that is known, but near this word.
    Near(&'static str),
    /// Nothing.
    Talk,
}

/// A sentence with what it means.
struct Sentence {
    feature: &'static Feature,
    word: &'static Word,
    saying: &'static Saying,
    template: Template,
}

/// All sentences of all features, those about help first: they hold the words of the others.
static SENTENCES: LazyLock<Vec<Sentence>> = LazyLock::new(|| {
    let (help, others): (Vec<&'static Feature>, Vec<&'static Feature>) =
        FEATURES.iter().partition(|feature| feature.name == crate::help::FEATURE.name);
    let mut sentences = Vec::new();
    for feature in help.into_iter().chain(others) {
        for saying in feature.sayings {
            let Some(word) = feature.words.iter().find(|word| word.key == saying.key) else { continue };
            let templates = saying.sentences.iter().filter_map(|sentence| Template::new(sentence));
            sentences.extend(templates.map(|template| Sentence { feature, word, saying, template }));
        }
    }
    sentences
});

/// Reads a message that was said at this local time: how the bot is spoken to, and what is meant.
pub fn read(text: &str, signs: Signs<'_>, now: NaiveDateTime) -> (How, Reading) {
    let text = addressed::without_name_alone(text, signs.mention, signs.names);
    let (how, phrase) = addressed::determine(&Phrase::new(&text), signs);
    let further_lines = house::further_lines(&text);
    let reading = match meant(how, &phrase, &further_lines, now) {
        Some(meant) => Reading::Meant(Box::new(meant)),
        None if how == How::Bare => Reading::Talk,
        None => feature::nearest(&phrase).map_or(Reading::Talk, Reading::Near),
    };
    (how, reading)
}

/// Which command a text without prefix and name names, whenever it was said.
pub fn command_of(how: How, text: &Phrase) -> Option<Found> {
    meant(how, text, &[], NaiveDateTime::default()).map(|meant| meant.found)
}

/// What a text without prefix and name means. `further_lines`: the lines below the first, as they were written.
pub fn meant(how: How, text: &Phrase, further_lines: &[String], now: NaiveDateTime) -> Option<Meant> {
    let reader = Reader { further_lines, now, bare: how == How::Bare };
    if how == How::Bare {
        return reader.bare(text);
    }
    reader.spoken_to(text)
}

struct Reader<'a> {
    further_lines: &'a [String],
    now: NaiveDateTime,
    bare: bool,
}

impl Reader<'_> {
    /// Somebody speaks to the bot, in whatever words.
    fn spoken_to(&self, text: &Phrase) -> Option<Meant> {
        let request = text.part(polite::without_thanks(text.chars()));
        let begins: Vec<Phrase> = std::iter::once(request.clone())
            .chain(polite::begins(request.chars()).into_iter().map(|at| request.after(at)))
            .collect();
        if let Some(meant) = begins.iter().find_map(|text| self.sentence(text, Some(true))) {
            return Some(meant);
        }
        let mut half = None;
        for text in &begins {
            let Some(meant) = self.word(text) else { continue };
            if meant.read.problem.is_none() {
                return Some(meant);
            }
            half.get_or_insert(meant);
        }
        // Nobody writes as much in turns of phrase.
        if text.chars().len() > template::CHARS_MAX {
            return half;
        }
        let reworded = polite::without_cantonese(text);
        if reworded.is_none()
            && let Some(meant) = begins.iter().find_map(|text| self.sentence(text, Some(false)))
        {
            return Some(meant);
        }
        if let Some(reworded) = reworded
            && let Some(meant) = self.spoken_to(&reworded).filter(|meant| meant.read.problem.is_none())
        {
            return Some(meant);
        }
        // What lacks something is asked about; what can't be read may mean something of another kind by its words together.
        if half.as_ref().and_then(|meant| meant.read.problem).is_some_and(crate::dialogue::is_missing) {
            return half;
        }
        let is_other = |cue: &Meant| {
            let same = half.as_ref().is_some_and(|half| half.found.feature.name == cue.found.feature.name);
            !same || !cue.captures.is_empty()
        };
        self.cue(&request).filter(is_other).or(half.filter(Meant::is_meant))
    }

    /// What the words of a sentence mean together that nobody foresaw.
    fn cue(&self, text: &Phrase) -> Option<Meant> {
        if text.chars().len() > template::CHARS_MAX {
            return None;
        }
        let (feature, cue) = FEATURES
            .iter()
            .flat_map(|feature| feature.cues.iter().map(move |cue| (feature, cue)))
            .find(|(_, cue)| {
                let says = |words: &&[&str]| words.iter().any(|word| text.find(word).is_some());
                cue.words.iter().all(says) && !says(&cue.without) && self.taken(cue.takes, text).is_some()
            })?;
        let word = feature.words.iter().find(|word| word.key == cue.key)?;
        let captures = self.taken(cue.takes, text)?;
        let said: Vec<&str> = captures.iter().map(|(_, said)| said.as_str()).collect();
        let rest = Phrase::new(&format!("{} {}", cue.rest, said.join(" "))).trimmed();
        let guessed = matches!(cue.takes, Takes::Whole | Takes::Announced);
        Some(Meant { guessed, ..self.told(Found { feature, word, rest }, captures, None) })
    }

    /// What is taken from a text that was understood by its cues; none if it must be there and isn't.
    fn taken(&self, takes: Takes, text: &Phrase) -> Option<Vec<(&'static str, String)>> {
        let number = || template::any_number(text.chars()).map(|range| text.part(range).written());
        Some(match takes {
            Takes::Nothing => Vec::new(),
            Takes::Number => number().map(|number| ("ref", number)).into_iter().collect(),
            Takes::ANumber => vec![("ref", number()?)],
            Takes::When => parts::any_span(text, self.now).map(|when| ("when", when)).into_iter().collect(),
            Takes::Announced if !crate::activity::announces(text, self.now) => return None,
            Takes::Whole | Takes::Announced => vec![("whole", text.written())],
            Takes::Party => {
                let number = number().map(|number| ("ref", number));
                number.into_iter().chain(crate::activity::any_party(text).map(|party| ("party", party))).collect()
            }
        })
    }

    /// Nobody is spoken to, so little counts: a word, and the sentences that are as short.
    fn bare(&self, text: &Phrase) -> Option<Meant> {
        if text.chars().len() > template::CHARS_MAX {
            // Nobody writes as much in a bare word; a list of a whole building is as long.
            let is_list = |meant: &Meant| meant.found.word.bare == Bare::Itself && meant.counts_bare();
            return self.word(text).filter(is_list);
        }
        let request = text.part(polite::without_thanks(text.chars()));
        let word = self.word(&request).filter(Meant::counts_bare);
        let sentence = || self.sentence(&request, None).filter(Meant::counts_bare);
        let reworded = || polite::without_cantonese(&request).and_then(|text| self.sentence(&text, None));
        word.or_else(sentence).or_else(|| reworded().filter(Meant::counts_bare))
    }

    fn word(&self, text: &Phrase) -> Option<Meant> {
        let found = feature::find(text)?;
        Some(self.told(found, Vec::new(), None))
    }

    /// A sentence that fits; `about_help`: only those, or only the others, or all.
    fn sentence(&self, text: &Phrase, about_help: Option<bool>) -> Option<Meant> {
        let letters = Letters::new(text.chars());
        SENTENCES
            .iter()
            .filter(|sentence| !self.bare || sentence.saying.bare)
            .filter(|sentence| {
                about_help.is_none_or(|wanted| (sentence.feature.name == crate::help::FEATURE.name) == wanted)
            })
            .find_map(|sentence| {
                let captures = sentence.template.matches(text.chars(), letters, &|name, said| self.fits(name, said))?;
                let captures: Vec<(&'static str, String)> =
                    captures.into_iter().map(|(name, range)| (name, text.part(range).written())).collect();
                let (saying, feature, word) = (sentence.saying, sentence.feature, sentence.word);
                let said: Vec<&str> = captures.iter().map(|(_, said)| said.as_str()).collect();
                let joint = if saying.rest.is_empty() || saying.rest.ends_with('+') { "" } else { " " };
                let rest = Phrase::new(&format!("{}{joint}{}", saying.rest, said.join(" "))).trimmed();
                let found = Found { feature, word, rest };
                Some(self.told(found, captures, Some(sentence.template.source))).filter(Meant::is_meant)
            })
    }

    fn told(&self, found: Found, captures: Vec<(&'static str, String)>, sentence: Option<&'static str>) -> Meant {
        let read = (found.feature.read)(Said {
            key: found.word.key,
            rest: &found.rest,
            captures: &captures,
            further_lines: self.further_lines,
            now: self.now,
        });
        Meant { found, captures, sentence, read, guessed: false }
    }

    /// What must be true of what is said at a place of a sentence.
    fn fits(&self, name: &str, said: &[char]) -> bool {
        let text = || Phrase::new(&said.iter().collect::<String>());
        let is_short = |most: usize| said.len() <= most && !said.iter().any(|c| c.is_whitespace() || *c == ',');
        match name {
            "topic" => {
                said.len() <= TOPIC_CHARS_MAX && feature::find(&text()).is_some_and(|found| found.rest.is_empty())
            }
            "when" => said.len() <= WHEN_CHARS_MAX && said.last() != Some(&'的') && parts::is_span(&text(), self.now),
            "scope" => is_short(NAME_CHARS_MAX) && parts::is_scope(&text().folded()),
            "party" => said.len() <= TOPIC_CHARS_MAX && crate::activity::is_party(&text()),
            "name" => is_short(NAME_CHARS_MAX) && parts::is_name(said),
            "signup" => crate::activity::is_signup(&text()),
            "resident" => said.len() <= TOPIC_CHARS_MAX && crate::activity::is_resident(&text()),
            "letter" => matches!(said, [c] if c.is_ascii_alphanumeric()) || number::choice(&text()).is_some(),
            "choice" | "title" => is_short(TOPIC_CHARS_MAX) && !parts::asks(said) && !parts::judges(said),
            "points" => said.iter().all(|c| c.is_ascii_digit() || number::is_chinese_numeral(*c)),
            "how" => said.len() <= 3 && !said.iter().any(char::is_ascii),
            "few" => text().folded().parse().is_ok_and(|few: usize| (1..=FEW_MAX).contains(&few)),
            "choices" => said.first() != Some(&'票'),
            "timed" => parts::any_span(&text(), self.now).is_some() || crate::activity::announces(&text(), self.now),
            "letters" => is_short(NAME_CHARS_MAX) && parts::is_letters(said),
            "several" => parts::names_several(said),
            "question" => said.contains(&'?'),
            "thing" => parts::is_given_back(said),
            "stand" => parts::is_stand(&text().folded()),
            "circle" => is_short(NAME_CHARS_MAX) && parts::is_circle(said),
            "item" => said.len() <= ITEM_CHARS_MAX,
            _ => true,
        }
    }
}

/// The names of commands, and of activities where they are named in a sentence.
const TOPIC_CHARS_MAX: usize = 20;
/// What is said about time in the middle of a sentence.
const WHEN_CHARS_MAX: usize = 24;
/// Names of people and houses.
const NAME_CHARS_MAX: usize = 12;
/// What is shared, borrowed or redeemed.
const ITEM_CHARS_MAX: usize = 40;
/// +1000 is no party: nobody signs up as many with a tap of the tongue.
const FEW_MAX: usize = 10;

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn now() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|day| day.and_hms_opt(18, 0, 0)).expect("a time")
    }

    /// Whose, which word, and whether it is whole.
    fn command(text: &str) -> Option<(&'static str, &'static str, bool)> {
        match read(text, Signs::default(), now()).1 {
            Reading::Meant(meant) => {
                Some((meant.found.feature.name, meant.found.word.key, meant.read.problem.is_none()))
            }
            _ => None,
        }
    }

    #[test]
    fn texts_are_read_to_the_end() {
        assert_eq!(command("！许愿 修灯"), Some(("wish", "post", true)));
        assert_eq!(command("！许愿"), Some(("wish", "post", false)));
        assert_eq!(command("！提醒我 明天晚上8点 收衣服"), Some(("reminder", "remind", true)));
        assert_eq!(command("！俺来帮 #7"), Some(("wish", "claim", true)));
        assert!(matches!(read("！许原 修灯", Signs::default(), now()).1, Reading::Near("许愿")));
        assert!(matches!(read("今天天气真好", Signs::default(), now()).1, Reading::Talk));
    }

    #[test]
    fn hours_that_may_be_in_the_morning_or_in_the_evening_are_seen() {
        for (text, open) in [
            ("！任务 党员 周六8点 扫楼道 3人", true),
            ("！任务 党员 周六晚8点 扫楼道 3人", false),
            ("！任务 党员 周六 扫楼道 3人", false),
            ("！活动 周六8点", false), // what it is called is asked first
            ("！投票 周六8点去还是10点去 8点/10点 截止周五晚9点", false),
            ("！投票 装门禁吗 装/不装 周五9点截止", true),
        ] {
            let Reading::Meant(meant) = read(text, Signs::default(), now()).1 else { panic!("{text}") };
            assert_eq!(meant.read.halves.is_some(), open, "{text}");
        }
    }

    #[test]
    fn every_sentence_is_a_template_and_means_a_word() {
        for feature in FEATURES {
            for saying in feature.sayings {
                assert!(feature.words.iter().any(|word| word.key == saying.key), "{}: {}", feature.name, saying.key);
                for sentence in saying.sentences {
                    assert!(Template::new(sentence).is_some(), "{sentence}");
                }
            }
        }
    }
}
