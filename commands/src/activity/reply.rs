//! What is said about activities.

use lamplighter_config::Community;
use lamplighter_storage::{activity as store, person::Person};

use crate::{
    activity::rules::{GUESTS_MAX, PARTY_MAX, Refusal},
    card::{BYTES_MAX, Card},
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// A card names at most this many who go: the rest is counted, and stands in the roster.
const NAMES_MAX: usize = 20;
/// And at most this many who wait.
const WAITING_NAMES_MAX: usize = 10;

/// Somebody on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    name: String,
    guest: String,
    adults: i64,
    children: i64,
    going: bool,
}

/// An activity as its card shows it.
#[derive(Clone, Debug)]
pub struct Face {
    number: i64,
    title: String,
    place: String,
    starts_at_ms: i64,
    ends_at_ms: Option<i64>,
    same_day: bool,
    capacity: Option<i64>,
    organiser: Person,
    state: &'static str,
    daytime: bool,
    seats: Vec<Seat>,
}

impl Face {
    /// From what is stored. `daytime`: the evening is offered instead.
    pub fn new(community: &Community, stored: &store::Activity, organiser: Person, begun: bool, daytime: bool) -> Self {
        let row = &stored.row;
        let day = |at_ms| crate::evening::day(community, at_ms);
        Self {
            number: row.number,
            title: row.title.clone(),
            place: row.place.clone(),
            starts_at_ms: row.starts_at_ms,
            ends_at_ms: row.ends_at_ms,
            same_day: row.ends_at_ms.is_some_and(|ends_at_ms| day(ends_at_ms) == day(row.starts_at_ms)),
            capacity: row.capacity,
            organiser,
            state: if row.state == "cancelled" {
                "cancelled"
            } else if begun {
                "begun"
            } else {
                "open"
            },
            daytime,
            seats: stored
                .seats
                .iter()
                .map(|seat| Seat {
                    name: seat.name.clone(),
                    guest: seat.guest.clone(),
                    adults: seat.adults,
                    children: seat.children,
                    going: seat.state == "going",
                })
                .collect(),
        }
    }

    fn people(&self, going: bool) -> i64 {
        self.seats.iter().filter(|seat| seat.going == going).map(|seat| seat.adults + seat.children).sum()
    }

    /// When it takes place, with the weekday.
    fn when(&self, say: Say<'_>) -> Result<String, Unspeakable> {
        let start = say.moment(self.starts_at_ms)?;
        Ok(match self.ends_at_ms {
            Some(end) if self.same_day => format!("{start}–{}", say.clock(end)),
            Some(end) => format!("{start} – {}", say.moment(end)?),
            None => start,
        })
    }

    fn card(&self, say: Say<'_>, id: &str, more: &[(&'static str, Value<'_>)]) -> Result<Card, Unspeakable> {
        let mut values = vec![
            ("number", Value::Number(self.number)),
            ("title", Value::Text(self.title.as_str().into())),
            ("place", Value::Text(self.place.as_str().into())),
            ("when", Value::Word(self.when(say)?.into())),
            ("organiser", Value::Person(&self.organiser)),
            ("state", Value::Word(self.state.into())),
        ];
        values.extend(more.iter().cloned());
        say.card(id, &values)
    }

    /// The names of those who go or wait, at most `limit`, and how many people come after those.
    fn names(&self, say: Say<'_>, going: bool, limit: usize) -> Result<Card, Unspeakable> {
        let seats: Vec<&Seat> = self.seats.iter().filter(|seat| seat.going == going).collect();
        let mut lines = Vec::new();
        let mut rest: i64 = 0;
        for (index, seat) in seats.iter().enumerate() {
            if index >= limit {
                rest += seat.adults + seat.children;
                continue;
            }
            if index > 0 {
                lines.extend(say.lines("list-separator", &[])?.concat());
            }
            if !going {
                lines.extend(say.lines("activity-place", &[("place", Value::Number(index as i64 + 1))])?.concat());
            }
            let values = [
                ("name", Value::Text(seat.name.as_str().into())),
                ("guest", Value::Text(seat.guest.as_str().into())),
                ("adults", Value::Number(seat.adults)),
                ("children", Value::Number(seat.children)),
                ("size", Value::Number(seat.adults + seat.children)),
                (
                    "company",
                    Value::Word(
                        match (seat.guest.is_empty(), seat.adults, seat.children) {
                            (false, ..) => "guest",
                            (true, 1, 0) => "alone",
                            (true, _, 0) => "adults",
                            (true, ..) => "children",
                        }
                        .into(),
                    ),
                ),
            ];
            lines.extend(say.lines("activity-seat", &values)?.concat());
        }
        if rest > 0 {
            lines.extend(say.lines("activity-more", &[("rest", Value::Number(rest))])?.concat());
        }
        Ok(Card { lines: vec![lines], ..Card::default() })
    }

    /// The lines that say who comes.
    fn lists(&self, say: Say<'_>, card: Card, names_max: usize, waiting_max: usize) -> Result<Card, Unspeakable> {
        let going = self.people(true);
        let counts = [
            ("going", Value::Number(going)),
            ("capacity", Value::Number(self.capacity.unwrap_or(0))),
            ("over", Value::Number(self.people(false))),
        ];
        let id = match (going, self.capacity) {
            (0, None) => "activity-nobody",
            (0, Some(_)) => "activity-nobody-of",
            (_, None) => "activity-going",
            (_, Some(_)) => "activity-going-of",
        };
        let mut card = card.with(say.card(id, &counts)?.joined(self.names(say, true, names_max)?));
        if self.seats.iter().any(|seat| !seat.going) {
            card = card.with(say.card("activity-waiting", &counts)?.joined(self.names(say, false, waiting_max)?));
        }
        Ok(card)
    }
}

/// A line of a list.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its number.
    pub number: i64,
    /// What it is.
    pub title: &'a str,
    /// When it begins.
    pub starts_at_ms: i64,
    /// How many go.
    pub going: i64,
    /// How many may.
    pub capacity: Option<i64>,
}

/// A list of activities.
pub fn entry_card(say: Say<'_>, entry: &Entry<'_>) -> Result<Card, Unspeakable> {
    let id = if entry.capacity.is_some() { "activity-entry-of" } else { "activity-entry" };
    say.card(
        id,
        &[
            ("number", Value::Number(entry.number)),
            ("title", Value::Text(entry.title.into())),
            ("when", Value::Word(say.moment(entry.starts_at_ms)?.into())),
            ("going", Value::Number(entry.going)),
            ("capacity", Value::Number(entry.capacity.unwrap_or(0))),
        ],
    )
}

/// Everything that is said about activities.
#[derive(Clone, Debug)]
pub enum ActivityReply<'a> {
    /// The card in the room.
    Card(Face),
    /// Everybody's names.
    Roster(Face),
    /// Somebody who waited has a place.
    MovedUp {
        /// The activity.
        face: Face,
        /// Who signed up.
        who: &'a Person,
        /// For whom, by name; empty: for themselves.
        guest: &'a str,
    },
    /// It doesn't take place.
    Cancelled {
        /// The activity.
        face: Face,
        /// Who had signed up.
        people: &'a [Person],
    },
    /// It takes place at another time.
    Moved {
        /// The activity.
        face: Face,
        /// Who has signed up.
        people: &'a [Person],
    },
    /// It is today.
    Reminder {
        /// The activity.
        face: Face,
        /// Who goes and may be rung.
        people: &'a [Person],
    },
    /// What is to come.
    List {
        /// The first of them.
        entries: &'a [Entry<'a>],
    },
    /// Why not.
    Refused {
        /// The reason.
        refusal: Refusal,
        /// The activity.
        face: Face,
        /// With how many people somebody is signed up.
        size: i64,
        /// Whom it was about, by name.
        guest: &'a str,
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
    /// Without a number, and nothing is open.
    NoneOpen,
    /// Without a number, and several are open.
    SeveralFit {
        /// Which.
        entries: &'a [Entry<'a>],
    },
}

/// People one after the other, linked and rung.
pub fn calling(say: Say<'_>, people: &[Person], card: Card) -> Result<Card, Unspeakable> {
    if people.is_empty() {
        return Ok(card);
    }
    let mut line = Vec::new();
    for (index, person) in people.iter().enumerate() {
        if index > 0 {
            line.extend(say.lines("list-separator", &[])?.concat());
        }
        line.extend(say.lines("person", &[("person", Value::Person(person))])?.concat());
    }
    let people: Vec<&Person> = people.iter().collect();
    Ok(card.with(Card { lines: vec![line], ..Card::default() }).ringing(&people))
}

impl Reply for ActivityReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Card(face) => {
                let mut card = face.card(say, "activity-card", &[])?;
                if !face.place.is_empty() {
                    card = card.with(face.card(say, "activity-card-place", &[])?);
                }
                card = card.with(face.card(say, "activity-card-organiser", &[])?);
                card = face.lists(say, card, NAMES_MAX, WAITING_NAMES_MAX)?;
                if face.daytime {
                    card = card.with(face.card(say, "activity-card-daytime", &[])?);
                }
                Ok(card.with(face.card(say, "activity-card-hint", &[])?))
            }
            Self::Roster(face) => {
                let head = face.card(say, "activity-roster", &[])?;
                // As many names as fit: halved until they do.
                let mut limit = face.seats.len().max(1);
                loop {
                    let card = face.lists(say, head.clone(), limit, limit)?;
                    if limit == 1 || card.html().len().max(card.plain().len()) <= BYTES_MAX {
                        return Ok(card);
                    }
                    limit /= 2;
                }
            }
            Self::MovedUp { face, who, guest } => {
                let id = if guest.is_empty() { "activity-moved-up" } else { "activity-moved-up-guest" };
                let values = [("who", Value::Person(who)), ("guest", Value::Text((*guest).into()))];
                Ok(face.card(say, id, &values)?.ringing(&[who]))
            }
            Self::Cancelled { face, people } => calling(say, people, face.card(say, "activity-cancelled", &[])?),
            Self::Moved { face, people } => calling(say, people, face.card(say, "activity-moved", &[])?),
            Self::Reminder { face, people } => {
                let mut card = face.card(say, "activity-reminder", &[])?;
                if !face.place.is_empty() {
                    card = card.with(face.card(say, "activity-card-place", &[])?);
                }
                let mut card = calling(say, people, card)?;
                card.notify = true;
                Ok(card)
            }
            Self::List { entries: [] } => say.card("activity-list-empty", &[]),
            Self::List { entries } => {
                let mut card = say.card("activity-list", &[])?;
                for entry in *entries {
                    card = card.with(entry_card(say, entry)?);
                }
                Ok(card.with(say.card("activity-list-hint", &[])?))
            }
            Self::Refused { refusal, face, size, guest } => {
                let why = match refusal {
                    Refusal::Cancelled => "cancelled",
                    Refusal::Begun => "begun",
                    Refusal::AlreadyIn if guest.is_empty() => "already-in",
                    Refusal::AlreadyIn => "guest-already-in",
                    Refusal::NotIn if guest.is_empty() => "not-in",
                    Refusal::NotIn => "guest-not-in",
                    Refusal::NotOrganiser => "not-organiser",
                    Refusal::PartyTooBig => "party-too-big",
                    Refusal::BiggerThanCapacity => "bigger-than-capacity",
                    Refusal::NotEnoughLeft => "not-enough-left",
                    Refusal::TooManyGuests => "too-many-guests",
                    Refusal::SameTime => "same-time",
                    Refusal::TimePassed => "time-passed",
                };
                let capacity = face.capacity.unwrap_or(0);
                face.card(
                    say,
                    "activity-refused",
                    &[
                        ("why", Value::Word(why.into())),
                        ("size", Value::Number(*size)),
                        ("guest", Value::Text((*guest).into())),
                        ("capacity", Value::Number(capacity)),
                        ("left", Value::Number((capacity - face.people(true)).max(0))),
                        ("party", Value::Number(PARTY_MAX)),
                        ("guests", Value::Number(GUESTS_MAX as i64)),
                    ],
                )
            }
            Self::NoSuch { number } => say.card("no-such-number", &[("number", Value::Number(*number))]),
            Self::OtherKind { number } => say.card("activity-other-kind", &[("number", Value::Number(*number))]),
            Self::Elsewhere { number } => say.card("number-elsewhere", &[("number", Value::Number(*number))]),
            Self::NoneOpen => say.card("activity-none-open", &[]),
            Self::SeveralFit { entries } => {
                let example = entries.first().map_or(1, |entry| entry.number);
                let mut card = say.card("activity-several-fit", &[("number", Value::Number(example))])?;
                for entry in *entries {
                    card = card.with(entry_card(say, entry)?);
                }
                Ok(card)
            }
        }
    }
}
