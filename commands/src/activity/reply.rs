//! What is said about activities.

use std::ops::Range;

use lamplighter_config::Community;
use lamplighter_storage::{activity as store, person::Person};

use crate::{
    activity::{
        SEPARATOR_BYTES,
        chain::{self, Chain, Difference},
        rules::{GUESTS_MAX, PARTY_MAX, Party, Refusal},
    },
    card::{BYTES_MAX, Card, Line},
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// A card names at most this many who go: the rest is counted, and stands in the roster. A hall's evening fits, and whoever
/// signs up sees their name.
const NAMES_MAX: usize = 50;
/// And as many as take this much of a message: those who wait and all else must fit too.
const NAMES_BYTES_MAX: usize = 4_200;
/// A card names at most this many who wait.
const WAITING_NAMES_MAX: usize = 20;
/// And as many as take this much of a message.
const WAITING_NAMES_BYTES_MAX: usize = 1_700;
/// The names in a piece of the roster take this much of a message; the rest is its head.
const PIECE_BYTES_MAX: usize = BYTES_MAX - 1_500;
/// A roster has at most so many pieces: all members of a large hall, with ordinary names.
pub const PIECES_MAX: usize = 50;

/// Somebody on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    name: String,
    guest: String,
    adults: i64,
    children: i64,
    going: bool,
    by_proxy: bool,
    note: String,
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
                    by_proxy: seat.by_proxy,
                    note: seat.note.clone(),
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

    /// Those who go, or wait, in their order.
    fn listed(&self, going: bool) -> Vec<&Seat> {
        self.seats.iter().filter(|seat| seat.going == going).collect()
    }

    /// Somebody's name with their company, and their place if they wait.
    fn seat(&self, say: Say<'_>, seat: &Seat, index: usize) -> Result<Line, Unspeakable> {
        let mut line = Line::new();
        if !seat.going {
            line.extend(say.lines("activity-place", &[("place", Value::Number(index as i64 + 1))])?.concat());
        }
        let company = match (seat.guest.is_empty(), seat.adults, seat.children) {
            (false, 1, 0) => "guest",
            (false, _, 0) => "guest-adults",
            (false, ..) => "guest-children",
            (true, 1, 0) => "alone",
            (true, _, 0) => "adults",
            (true, ..) => "children",
        };
        let values = [
            ("name", Value::Text(seat.name.as_str().into())),
            ("guest", Value::Text(seat.guest.as_str().into())),
            ("adults", Value::Number(seat.adults)),
            ("children", Value::Number(seat.children)),
            ("size", Value::Number(seat.adults + seat.children)),
            ("company", Value::Word(company.into())),
        ];
        line.extend(say.lines("activity-seat", &values)?.concat());
        if seat.by_proxy {
            line.extend(say.lines("proxy-mark", &[])?.concat());
        }
        line.extend(noted(say, &seat.note)?);
        Ok(line)
    }

    /// How many of a list, from `from` on, can be named in so many bytes, and how many they take.
    fn fit(&self, say: Say<'_>, going: bool, from: usize, bytes_max: usize) -> Result<(usize, usize), Unspeakable> {
        let (mut count, mut taken) = (0, 0);
        for (index, seat) in self.listed(going).into_iter().enumerate().skip(from) {
            let card = Card { lines: vec![self.seat(say, seat, index)?], ..Card::default() };
            let bytes = card.bytes() + 2 * SEPARATOR_BYTES;
            if taken + bytes > bytes_max {
                break;
            }
            taken += bytes;
            count += 1;
        }
        Ok((count, taken))
    }

    /// How many of those who go, or wait, the card names.
    pub fn named(&self, say: Say<'_>, going: bool) -> Result<usize, Unspeakable> {
        let (most, bytes_max) =
            if going { (NAMES_MAX, NAMES_BYTES_MAX) } else { (WAITING_NAMES_MAX, WAITING_NAMES_BYTES_MAX) };
        Ok(self.fit(say, going, 0, bytes_max)?.0.min(most))
    }

    /// The roster in messages that each stay below the size of one.
    pub fn pieces(&self, say: Say<'_>) -> Result<Vec<Piece>, Unspeakable> {
        let (going, waiting) = (self.listed(true).len(), self.listed(false).len());
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = (0, 0);
        while pieces.is_empty() || (at != (going, waiting) && pieces.len() < PIECES_MAX) {
            let begins = at;
            let (more, taken) = self.fit(say, true, at.0, PIECE_BYTES_MAX)?;
            at.0 += more;
            if at.0 == going {
                at.1 += self.fit(say, false, at.1, PIECE_BYTES_MAX - taken)?.0;
            }
            if at == begins && at != (going, waiting) {
                // A name that doesn't fit alone: there is none, but this must end.
                break;
            }
            pieces.push(Piece { going: begins.0..at.0, waiting: begins.1..at.1, number: pieces.len() + 1, of: 0 });
        }
        let of = pieces.len();
        pieces.iter_mut().for_each(|piece| piece.of = of);
        Ok(pieces)
    }

    /// The names of those who go or wait, and how many people come after those.
    fn names(&self, say: Say<'_>, going: bool, range: &Range<usize>, fold: bool) -> Result<Card, Unspeakable> {
        let seats = self.listed(going);
        let mut lines = Line::new();
        for (index, seat) in seats.iter().enumerate().take(range.end).skip(range.start) {
            if index > range.start {
                lines.extend(say.lines("list-separator", &[])?.concat());
            }
            lines.extend(self.seat(say, seat, index)?);
        }
        let rest: i64 = seats.iter().skip(range.end).map(|seat| seat.adults + seat.children).sum();
        if fold && rest > 0 {
            lines.extend(say.lines("activity-more", &[("rest", Value::Number(rest))])?.concat());
        }
        Ok(Card { lines: vec![lines], ..Card::default() })
    }

    /// The lines that say who comes: of each list the names in the range, with its head where it begins.
    fn lists(&self, say: Say<'_>, mut card: Card, piece: &Piece, fold: bool) -> Result<Card, Unspeakable> {
        let people = self.people(true);
        let counts = [
            ("going", Value::Number(people)),
            ("capacity", Value::Number(self.capacity.unwrap_or(0))),
            ("over", Value::Number(self.people(false))),
        ];
        let id = match (people, self.capacity) {
            (0, None) => "activity-nobody",
            (0, Some(_)) => "activity-nobody-of",
            (_, None) => "activity-going",
            (_, Some(_)) => "activity-going-of",
        };
        let waits = self.seats.iter().any(|seat| !seat.going);
        for (going, id, range) in [(true, id, &piece.going), (false, "activity-waiting", &piece.waiting)] {
            // The list of those who go stands there even if it is empty.
            let begins =
                range.start == 0 && if going { piece.number == 1 } else { waits && (fold || !range.is_empty()) };
            if !begins && range.is_empty() {
                continue;
            }
            let names = self.names(say, going, range, fold)?;
            card = if begins { card.with(say.card(id, &counts)?.joined(names)) } else { card.with(names) };
        }
        Ok(card)
    }
}

/// A part of a roster: which of those who go and of those who wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    going: Range<usize>,
    waiting: Range<usize>,
    /// 1 for the first.
    number: usize,
    /// How many there are.
    of: usize,
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
    /// Everybody's names, in one message or several.
    Roster {
        /// The activity.
        face: Face,
        /// Which part.
        piece: Piece,
    },
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
        /// Only that for which the actor has signed up.
        mine: bool,
        /// Only what is on these days: the beginnings of the first and the last.
        days_ms: Option<(i64, i64)>,
        /// The first of them.
        entries: &'a [Entry<'a>],
    },
    /// The roster as a 接龙.
    Chain {
        /// The activity.
        face: Face,
        /// Its numbered lines.
        lines: &'a [String],
    },
    /// What a pasted 接龙 would change, and whether it is to.
    ChainDifference {
        /// The activity.
        face: Face,
        /// The 接龙.
        chain: &'a Chain,
        /// The roster, by names.
        roster: &'a [chain::Entry],
        /// What one says that the other doesn't.
        difference: &'a Difference,
        /// It says another time, or other places, which stay.
        head_differs: bool,
    },
    /// A pasted 接龙 says what the roster says.
    ChainSame {
        /// Lines of it that name nobody who comes.
        unread: &'a [String],
        /// It says another time, or other places, which stay.
        head_differs: bool,
        /// The activity.
        number: i64,
    },
    /// Lines of a pasted 接龙 that name nobody who comes.
    ChainUnread {
        /// As they were written.
        unread: &'a [String],
    },
    /// Two of them in one message.
    ChainOneAtATime,
    /// A resident's 接龙 has several new lines.
    ChainSeveral {
        /// The activity.
        number: i64,
        /// How many.
        count: i64,
    },
    /// A resident's 接龙 has no new line.
    ChainNothingNew {
        /// The activity.
        number: i64,
    },
    /// A 接龙 that doesn't say what or when.
    ChainUnreadable,
    /// A 接龙 that doesn't say when.
    ChainWhen,
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
    /// Somebody of this name is on the list.
    OnList {
        /// The activity.
        number: i64,
        /// The name.
        guest: &'a str,
        /// The neighbour under whom it stands; none: they are signed up themselves.
        by: Option<&'a str>,
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

/// So many names are shown of what a 接龙 changes: the rest is counted.
const CHAINED_MAX: usize = 30;

/// What a 接龙 says behind a name.
fn noted(say: Say<'_>, note: &str) -> Result<Line, Unspeakable> {
    if note.is_empty() {
        return Ok(Line::new());
    }
    Ok(say.lines("activity-note", &[("note", Value::Text(note.into()))])?.concat())
}

/// Names of a 接龙 with their company, and what that was before.
fn chained(say: Say<'_>, people: &[(Option<Party>, &chain::Entry)]) -> Result<Card, Unspeakable> {
    let mut lines = Line::new();
    for (index, (before, entry)) in people.iter().take(CHAINED_MAX).enumerate() {
        if index > 0 {
            lines.extend(say.lines("list-separator", &[])?.concat());
        }
        let values = [
            ("name", Value::Text(entry.name.as_str().into())),
            ("size", Value::Number(entry.party.size())),
            ("before", Value::Number(before.map_or(0, Party::size))),
        ];
        lines.extend(say.lines("activity-chain-entry", &values)?.concat());
        lines.extend(noted(say, &entry.note)?);
    }
    let rest = people.len().saturating_sub(CHAINED_MAX);
    if rest > 0 {
        lines.extend(say.lines("activity-more", &[("rest", Value::Number(rest as i64))])?.concat());
    }
    Ok(Card { lines: vec![lines], ..Card::default() })
}

/// How many lines of a 接龙 weren't counted. What they say is told to who pasted them alone: it may be where somebody lives.
fn unread_here(say: Say<'_>, count: usize) -> Result<Card, Unspeakable> {
    say.card("activity-chain-unread-here", &[("count", Value::Number(count as i64))])
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
                let (going, waiting) = (0..face.named(say, true)?, 0..face.named(say, false)?);
                card = face.lists(say, card, &Piece { going, waiting, number: 1, of: 1 }, true)?;
                if face.daytime {
                    card = card.with(face.card(say, "activity-card-daytime", &[])?);
                }
                Ok(card.with(face.card(say, "activity-card-hint", &[])?))
            }
            Self::Roster { face, piece } => {
                let (number, of) = (Value::Number(piece.number as i64), Value::Number(piece.of as i64));
                let id = if piece.number == 1 { "activity-roster" } else { "activity-roster-piece" };
                let head = face.card(say, id, &[("piece", number), ("pieces", of)])?;
                // Only a roster that has no end is folded.
                face.lists(say, head, piece, piece.number == PIECES_MAX)
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
            Self::List { mine, days_ms, entries } => {
                let when = match days_ms {
                    Some((first, last)) if first == last => say.date(*first)?,
                    Some((first, last)) => format!("{}–{}", say.date(*first)?, say.date(*last)?),
                    None => String::new(),
                };
                let which = match days_ms {
                    Some(_) => "days",
                    None if *mine => "mine",
                    None => "all",
                };
                let values = [("which", Value::Word(which.into())), ("when", Value::Word(when.into()))];
                if entries.is_empty() {
                    return say.card("activity-list-empty", &values);
                }
                let mut card = say.card("activity-list", &values)?;
                for entry in *entries {
                    card = card.with(entry_card(say, entry)?);
                }
                Ok(if *mine { card } else { card.with(say.card("activity-list-hint", &[])?) })
            }
            Self::Chain { face, lines } => {
                let mut card = face.card(say, "activity-chain", &[])?;
                if let Some(capacity) = face.capacity {
                    card = card.with(face.card(
                        say,
                        "activity-chain-capacity",
                        &[("capacity", Value::Number(capacity))],
                    )?);
                }
                if !face.place.is_empty() {
                    card = card.with(face.card(say, "activity-card-place", &[])?);
                }
                for line in *lines {
                    card = card.with(say.card("activity-chain-line", &[("line", Value::Text(line.into()))])?);
                }
                Ok(card)
            }
            Self::ChainDifference { face, chain, roster, difference, head_differs } => {
                let new =
                    difference.new.iter().filter_map(|place| chain.entries.get(*place)).map(|entry| (None, entry));
                let resized = difference.resized.iter().filter_map(|(known, place)| {
                    Some((roster.get(*known).map(|known| known.party), chain.entries.get(*place)?))
                });
                let noted = difference.noted.iter().filter_map(|(_, place)| Some((None, chain.entries.get(*place)?)));
                let missing =
                    difference.missing.iter().filter_map(|place| roster.get(*place)).map(|known| (None, known));
                let mut card = face.card(say, "activity-chain-difference", &[])?;
                for (id, people) in [
                    ("activity-chain-new", new.collect::<Vec<_>>()),
                    ("activity-chain-resized", resized.collect()),
                    ("activity-chain-noted", noted.collect()),
                    ("activity-chain-missing", missing.collect()),
                ] {
                    if !people.is_empty() {
                        card = card.with(say.card(id, &[])?.joined(chained(say, &people)?));
                    }
                }
                if !chain.unread.is_empty() {
                    card = card.with(unread_here(say, chain.unread.len())?);
                }
                if *head_differs {
                    card = card.with(face.card(say, "activity-chain-head-stays", &[])?);
                }
                Ok(card.with(say.card("activity-chain-ask", &[])?))
            }
            Self::ChainSame { unread: lines, head_differs, number } => {
                let mut card = say.card("activity-chain-same", &[])?;
                if !lines.is_empty() {
                    card = card.with(unread_here(say, lines.len())?);
                }
                if *head_differs {
                    card = card.with(say.card("activity-chain-head-stays", &[("number", Value::Number(*number))])?);
                }
                Ok(card)
            }
            Self::ChainUnread { unread } => {
                let mut card = say.card("activity-chain-unread", &[("count", Value::Number(unread.len() as i64))])?;
                for line in unread.iter().take(CHAINED_MAX) {
                    card = card.with(say.card("activity-chain-line", &[("line", Value::Text(line.into()))])?);
                }
                Ok(card)
            }
            Self::ChainOneAtATime => say.card("activity-chain-one-at-a-time", &[]),
            Self::ChainSeveral { number, count } => {
                let values = [("number", Value::Number(*number)), ("count", Value::Number(*count))];
                say.card("activity-chain-several", &values)
            }
            Self::ChainNothingNew { number } => {
                say.card("activity-chain-nothing-new", &[("number", Value::Number(*number))])
            }
            Self::ChainUnreadable => say.card("activity-chain-unreadable", &[]),
            Self::ChainWhen => say.card("activity-chain-when", &[]),
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
            Self::OnList { number, guest, by } => say.card(
                "activity-on-list",
                &[
                    ("number", Value::Number(*number)),
                    ("guest", Value::Text((*guest).into())),
                    ("how", Value::Word(if by.is_some() { "neighbour" } else { "own" }.into())),
                    ("by", Value::Text(by.unwrap_or_default().into())),
                ],
            ),
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
