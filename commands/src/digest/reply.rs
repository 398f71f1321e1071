//! What the digest says.

use lamplighter_storage::{person::Person, wish::WishRow};

use crate::{
    activity::{
        portion_of,
        reply::{Entry, calling, entry_card},
    },
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// A poll that closes soon.
#[derive(Clone, Debug)]
pub struct Closing<'a> {
    /// Its number.
    pub number: i64,
    /// What is asked.
    pub question: &'a str,
    /// When it closes.
    pub closes_at_ms: i64,
}

/// A room's evening.
#[derive(Clone, Debug)]
pub struct DigestReply<'a> {
    /// Some instant of the day.
    pub day_ms: i64,
    /// Still to come today.
    pub tonight: &'a [Entry<'a>],
    /// Tomorrow.
    pub tomorrow: &'a [Entry<'a>],
    /// Closing before the next digest.
    pub polls: &'a [Closing<'a>],
    /// Nobody has taken them.
    pub wishes: &'a [WishRow],
    /// How many more of those there are.
    pub more_wishes: i64,
    /// Who goes tomorrow and may be rung.
    pub people: &'a [Person],
}

/// A line shows this much of a wish or a question.
const TEXT_CHARS_MAX: usize = 40;
/// A digest shows this many of the names whose phones it rings; the others ring all the same.
const NAMES_MAX: usize = 30;
/// And those take at most this many bytes of its HTML.
const NAMES_BYTES_MAX: usize = 2_500;

/// The beginning of what somebody wrote, for one line.
fn beginning(text: &str) -> String {
    let mut short: String = text.chars().take(TEXT_CHARS_MAX).collect();
    if text.chars().count() > TEXT_CHARS_MAX {
        short.push('…');
    }
    short
}

impl Reply for DigestReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        let mut card = say.card("digest", &[("day", Value::Word(say.date(self.day_ms)?.into()))])?;
        for (id, entries) in [("digest-tonight", self.tonight), ("digest-tomorrow", self.tomorrow)] {
            if !entries.is_empty() {
                card = card.with(say.card(id, &[])?);
            }
            for entry in entries {
                card = card.with(entry_card(say, entry)?);
            }
        }
        if !self.people.is_empty() {
            let (some, others) = self.people.split_at(portion_of(self.people, NAMES_MAX, NAMES_BYTES_MAX));
            let rest = others.len() as i64;
            card = calling(say, some, card)?;
            if rest > 0 {
                card = card.joined(say.card("activity-more", &[("rest", Value::Number(rest))])?);
            }
            let all: Vec<&Person> = self.people.iter().collect();
            card = card.with(say.card("digest-see-you", &[])?).ringing(&all);
        }
        if !self.polls.is_empty() {
            card = card.with(say.card("digest-polls", &[])?);
        }
        for poll in self.polls {
            let line = [
                ("number", Value::Number(poll.number)),
                ("question", Value::Text(beginning(poll.question).into())),
                ("closes", Value::Word(say.moment(poll.closes_at_ms)?.into())),
            ];
            card = card.with(say.card("digest-poll", &line)?);
        }
        if !self.wishes.is_empty() {
            card = card.with(say.card("digest-wishes", &[])?);
        }
        for wish in self.wishes {
            let text = Value::Text(beginning(&wish.text).into());
            let line = [("number", Value::Number(wish.number)), ("text", text)];
            card = card.with(say.card("digest-wish", &line)?);
        }
        if self.more_wishes > 0 {
            card = card.with(say.card("wish-list-more", &[("more", Value::Number(self.more_wishes))])?);
        }
        Ok(card)
    }
}
