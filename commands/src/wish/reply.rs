//! What is said about wishes.

use lamplighter_storage::person::Person;

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
    wish::rules::{Refusal, State},
};

/// A wish as its card shows it.
#[derive(Clone, Debug)]
pub struct Face<'a> {
    /// Its number.
    pub number: i64,
    /// What is wished.
    pub text: &'a str,
    /// Where it stands.
    pub state: State,
    /// Who wishes.
    pub wisher: &'a Person,
    /// Who helps.
    pub helper: Option<&'a Person>,
    /// How many would step in. Those who were asked and said no are counted too: a number that falls would tell.
    pub standbys: i64,
    /// Somebody else posted it for the wisher.
    pub by_proxy: bool,
}

/// A line of a list.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its number.
    pub number: i64,
    /// What is wished.
    pub text: &'a str,
    /// Where it stands.
    pub state: State,
}

/// Everything that is said about wishes.
#[derive(Clone, Debug)]
pub enum WishReply<'a> {
    /// The card in the room.
    Card(Face<'a>),
    /// To the helper: whom and what, and the next step.
    Introduce(Face<'a>),
    /// To the wisher: who helps, and the next step.
    Introduced(Face<'a>),
    /// To a stand-by: who helps now, and what happens next.
    StandingBy(Face<'a>),
    /// To who held it until now: somebody's claim that came first could be read only now.
    Overtaken(Face<'a>),
    /// To the wisher: the helper can't after all.
    Reopened {
        /// The wish.
        face: Face<'a>,
        /// Who gave it back.
        by: &'a Person,
    },
    /// To the wisher: the helper says it is done.
    Finished(Face<'a>),
    /// To the helper: the wish was taken back.
    TakenBack(Face<'a>),
    /// To a stand-by: the wish is open again.
    Offer(Face<'a>),
    /// The stand-by's card once the offer is answered or has lapsed.
    OfferOver {
        /// The wish.
        face: Face<'a>,
        /// What became of it.
        how: OfferEnd,
    },
    /// In the room: thanks, and the points.
    Thanks {
        /// The wish.
        face: Face<'a>,
        /// Points paid just now; 0: none.
        points: i64,
    },
    /// What nobody has taken.
    OpenList {
        /// The first of them.
        entries: &'a [Entry<'a>],
        /// How many more there are.
        more: i64,
    },
    /// One's own.
    MyList {
        /// Posted by oneself.
        posted: &'a [Entry<'a>],
        /// Taken by oneself.
        helping: &'a [Entry<'a>],
    },
    /// Why not.
    Refused {
        /// The reason.
        refusal: Refusal,
        /// The wish.
        face: Face<'a>,
    },
    /// No such number.
    NoSuch {
        /// The number.
        number: i64,
    },
    /// The number is something else.
    OtherKind {
        /// The number.
        number: i64,
    },
    /// It belongs to another room.
    Elsewhere {
        /// The number.
        number: i64,
    },
    /// Without a number, and none fits.
    NoneFits,
    /// Without a number, and several fit.
    SeveralFit {
        /// Which.
        entries: &'a [Entry<'a>],
        /// The word to type with a number.
        word: &'a str,
    },
}

/// How an offer to a stand-by ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferEnd {
    /// Taken by the one who was asked.
    Accepted,
    /// Declined.
    Declined,
    /// Somebody else was first, or the wish is gone.
    Lapsed,
}

fn state_word(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Claimed => "claimed",
        State::Done => "done",
        State::Confirmed => "confirmed",
        State::Withdrawn => "withdrawn",
    }
}

impl Face<'_> {
    fn card(&self, say: Say<'_>, id: &str, more: &[(&'static str, Value<'_>)]) -> Result<Card, Unspeakable> {
        let mut values = vec![
            ("number", Value::Number(self.number)),
            ("text", Value::Text(self.text.into())),
            ("state", Value::Word(state_word(self.state).into())),
            ("wisher", Value::Person(self.wisher)),
            ("helper", Value::Person(self.helper.unwrap_or(self.wisher))),
        ];
        values.extend(more.iter().cloned());
        say.card(id, &values)
    }
}

fn entries(say: Say<'_>, mut card: Card, entries: &[Entry<'_>]) -> Result<Card, Unspeakable> {
    for entry in entries {
        card = card.with(say.card(
            "wish-entry",
            &[
                ("number", Value::Number(entry.number)),
                ("text", Value::Text(shortened(entry.text).into())),
                ("state", Value::Word(state_word(entry.state).into())),
            ],
        )?);
    }
    Ok(card)
}

/// A line of a list shows this much of a wish.
const ENTRY_CHARS_MAX: usize = 40;

fn shortened(text: &str) -> String {
    let mut out: String = text.chars().take(ENTRY_CHARS_MAX).collect();
    if text.chars().count() > ENTRY_CHARS_MAX {
        out.push('…');
    }
    out
}

impl Reply for WishReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Card(face) => {
                let mut card = face.card(say, "wish-card", &[])?;
                // While it is open to all, those who stand by are being asked one by one, and that is private.
                if face.by_proxy && face.state != State::Withdrawn {
                    card = card.with(say.card("wish-card-proxy", &[("wisher", Value::Person(face.wisher))])?);
                }
                if matches!(face.state, State::Claimed | State::Done) && face.standbys > 0 {
                    card = card.with(say.card("wish-card-standbys", &[("count", Value::Number(face.standbys))])?);
                }
                Ok(card.with(face.card(say, "wish-card-hint", &[])?))
            }
            Self::Introduce(face) => Ok(face.card(say, "wish-introduce", &[])?.loud()),
            Self::Introduced(face) => Ok(face.card(say, "wish-introduced", &[])?.loud()),
            Self::StandingBy(face) => face.card(say, "wish-standing-by", &[]),
            Self::Overtaken(face) => Ok(face.card(say, "wish-overtaken", &[])?.loud()),
            Self::Reopened { face, by } => Ok(face.card(say, "wish-reopened", &[("by", Value::Person(by))])?.loud()),
            Self::Finished(face) => Ok(face.card(say, "wish-finished", &[])?.loud()),
            Self::TakenBack(face) => Ok(face.card(say, "wish-taken-back", &[])?.loud()),
            Self::Offer(face) => Ok(face.card(say, "wish-offer", &[])?.loud()),
            Self::OfferOver { face, how } => {
                let how = match how {
                    OfferEnd::Accepted => "accepted",
                    OfferEnd::Declined => "declined",
                    OfferEnd::Lapsed => "lapsed",
                };
                face.card(say, "wish-offer-over", &[("how", Value::Word(how.into()))])
            }
            Self::Thanks { face, points } => {
                let id = if *points > 0 { "wish-thanks-points" } else { "wish-thanks" };
                let card = face.card(say, id, &[("points", Value::Number(*points))])?;
                Ok(match face.helper {
                    Some(helper) => card.ringing(&[helper]),
                    None => card,
                })
            }
            Self::OpenList { entries: [], .. } => say.card("wish-list-empty", &[]),
            Self::OpenList { entries: list, more } => {
                let mut card = entries(say, say.card("wish-list", &[])?, list)?;
                if *more > 0 {
                    card = card.with(say.card("wish-list-more", &[("more", Value::Number(*more))])?);
                }
                Ok(card.with(say.card("wish-list-hint", &[])?))
            }
            Self::MyList { posted: [], helping: [] } => say.card("wish-mine-empty", &[]),
            Self::MyList { posted, helping } => {
                let mut card = Card::default();
                if !posted.is_empty() {
                    card = entries(say, say.card("wish-mine-posted", &[])?, posted)?;
                }
                if !helping.is_empty() {
                    card = entries(say, card.with(say.card("wish-mine-helping", &[])?), helping)?;
                }
                Ok(card)
            }
            Self::Refused { refusal, face } => {
                let why = match refusal {
                    Refusal::OwnWish => "own-wish",
                    Refusal::NotWisher => "not-wisher",
                    Refusal::NotHelper => "not-helper",
                    Refusal::NotClaimed => "not-claimed",
                    Refusal::AlreadyDone => "already-done",
                    Refusal::Over => "over",
                    Refusal::Gone => "gone",
                    Refusal::NotOffered => "not-offered",
                };
                face.card(say, "wish-refused", &[("why", Value::Word(why.into()))])
            }
            Self::NoSuch { number } => say.card("no-such-number", &[("number", Value::Number(*number))]),
            Self::OtherKind { number } => say.card("wish-other-kind", &[("number", Value::Number(*number))]),
            Self::Elsewhere { number } => say.card("number-elsewhere", &[("number", Value::Number(*number))]),
            Self::NoneFits => say.card("wish-none-fits", &[]),
            Self::SeveralFit { entries: list, word } => {
                let example = list.first().map_or(1, |entry| entry.number);
                let head = say.card(
                    "wish-several-fit",
                    &[("word", Value::Text((*word).into())), ("number", Value::Number(example))],
                )?;
                entries(say, head, list)
            }
        }
    }
}
