//! Who gets a seat, as pure functions (SPECS.md 2.2 without drafts, offers and settlement; docs/PROTOCOL.md, "Numbers
//! and cards").
//!
//! Seats are never more than there are places. Whoever waits moves up in the order of arrival; a party too big for the
//! gap is passed over and keeps its place.

use lamplighter_storage::person::PersonId;
use serde::{Deserialize, Serialize};

/// Who comes with somebody, the person included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Grown-ups.
    pub adults: i64,
    /// Children.
    pub children: i64,
}

impl Party {
    /// One person.
    pub const ONE: Self = Self { adults: 1, children: 0 };

    /// How many places it takes.
    pub fn size(self) -> i64 {
        self.adults + self.children
    }
}

/// A party has at most this many people: more is another group, which should organise with the organiser.
pub const PARTY_MAX: i64 = 10;
/// Somebody signs up at most this many neighbours by name.
pub const GUESTS_MAX: usize = 5;

/// Who a seat is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Holder {
    /// Who signed up.
    pub person: PersonId,
    /// For whom, by name; empty: for themselves.
    pub guest: String,
}

/// Somebody who signed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Who it is for.
    pub holder: Holder,
    /// Who comes.
    pub party: Party,
    /// Has a place; otherwise waits for one.
    pub going: bool,
    /// What a 接龙 says behind the name (带饺子皮); empty: nothing.
    pub note: String,
}

/// A line of a 接龙.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Whose it is.
    pub holder: Holder,
    /// With whom they come.
    pub party: Party,
    /// What else stands behind the name; empty: nothing.
    pub note: String,
}

/// An activity as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Who organises it.
    pub organiser: PersonId,
    /// Places; none: as many as come.
    pub capacity: Option<i64>,
    /// It was called off.
    pub cancelled: bool,
    /// When it begins.
    pub starts_at_ms: i64,
    /// When it ends.
    pub ends_at_ms: Option<i64>,
    /// In the order of arrival.
    pub seats: Vec<Seat>,
}

impl Activity {
    /// How many people have places.
    pub fn going(&self) -> i64 {
        self.seats.iter().filter(|seat| seat.going).map(|seat| seat.party.size()).sum()
    }

    /// How many places are left; none: as many as come.
    pub fn left(&self) -> Option<i64> {
        self.capacity.map(|capacity| (capacity - self.going()).max(0))
    }

    fn fits(&self, size: i64) -> bool {
        self.left().is_none_or(|left| size <= left)
    }

    fn seat(&self, holder: &Holder) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.holder == *holder)
    }
}

/// Who acts, and what they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// A captain or steward.
    pub captain: bool,
}

/// What somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// 报名: for themselves (an empty name) or for a neighbour; the party, if it was said.
    Join(String, Option<Party>),
    /// 报名 of somebody whom a neighbour had put on the list by name: that seat, and the party, if it was said.
    TakeOver(Holder, Option<Party>),
    /// 退出.
    Leave(String),
    /// 退出 of somebody whom a neighbour had put on the list by name: that seat.
    GiveBack(Holder),
    /// 取消活动.
    Cancel,
    /// 改到: new start and end.
    Move(i64, Option<i64>),
    /// A 接龙 that is taken over: who is on it, and with whom they come.
    Enrol(Vec<Listed>),
    /// The line that somebody added to a 接龙 for themselves or a neighbour. `from`: the seat a neighbour had taken for them.
    Line {
        /// What the line says.
        listed: Listed,
        /// Whose seat it is until now.
        from: Option<Holder>,
    },
}

/// One step in the life of an activity, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// Somebody has a place.
    Joined {
        /// Who.
        holder: Holder,
        /// With whom.
        party: Party,
    },
    /// Somebody waits for a place.
    Queued {
        /// Who.
        holder: Holder,
        /// With whom.
        party: Party,
    },
    /// A seat that a neighbour had taken by name is now held by whom it is for.
    TakenOver {
        /// Who.
        holder: Holder,
        /// Under whom it stood.
        from: Holder,
    },
    /// More or fewer come with somebody.
    Resized {
        /// Who.
        holder: Holder,
        /// With whom now.
        party: Party,
    },
    /// Something else stands behind somebody's name.
    Noted {
        /// Who.
        holder: Holder,
        /// What; empty: nothing any more.
        note: String,
    },
    /// Somebody doesn't come after all.
    Left {
        /// Who.
        holder: Holder,
    },
    /// Somebody who waited has a place.
    MovedUp {
        /// Who.
        holder: Holder,
    },
    /// Somebody signed up before somebody else did, though it could be read only now.
    Placed {
        /// Who.
        holder: Holder,
        /// Whom they stand before.
        before: Holder,
    },
    /// It doesn't take place.
    Cancelled,
    /// It takes place at another time.
    Moved {
        /// From then on.
        starts_at_ms: i64,
        /// Until then.
        ends_at_ms: Option<i64>,
    },
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was called off.
    Cancelled,
    /// It has begun.
    Begun,
    /// Signed up already.
    AlreadyIn,
    /// Not signed up.
    NotIn,
    /// Only the organiser or a captain may.
    NotOrganiser,
    /// More people than a party may have.
    PartyTooBig,
    /// More people than there are places at all.
    BiggerThanCapacity,
    /// More people than there are places left.
    NotEnoughLeft,
    /// More neighbours by name than one may sign up.
    TooManyGuests,
    /// It is at that time already.
    SameTime,
    /// That time has passed.
    TimePassed,
}

/// What an act changes.
pub fn decide(activity: &Activity, actor: Actor, act: &Act, now_ms: i64) -> Result<Vec<Change>, Refusal> {
    if activity.cancelled {
        return if *act == Act::Cancel { Ok(vec![]) } else { Err(Refusal::Cancelled) };
    }
    let manages = actor.captain || actor.person == activity.organiser;
    if matches!(act, Act::Cancel | Act::Move(..) | Act::Enrol(_)) && !manages {
        return Err(Refusal::NotOrganiser);
    }
    if now_ms >= activity.starts_at_ms {
        return Err(Refusal::Begun);
    }
    match act {
        Act::Cancel => Ok(vec![Change::Cancelled]),
        Act::Move(starts_at_ms, _) if *starts_at_ms <= now_ms => Err(Refusal::TimePassed),
        Act::Move(starts_at_ms, ends_at_ms)
            if (*starts_at_ms, *ends_at_ms) == (activity.starts_at_ms, activity.ends_at_ms) =>
        {
            Err(Refusal::SameTime)
        }
        Act::Move(starts_at_ms, ends_at_ms) => {
            Ok(vec![Change::Moved { starts_at_ms: *starts_at_ms, ends_at_ms: *ends_at_ms }])
        }
        Act::Join(guest, party) => {
            let holder = Holder { person: actor.person, guest: guest.clone() };
            within_guests(activity, &holder)?;
            join(activity, holder, *party)
        }
        Act::Line { listed, from } => {
            within_guests(activity, &listed.holder)?;
            line(activity, listed, from.as_ref())
        }
        Act::TakeOver(from, party) => take_over(activity, from, actor.person, *party),
        Act::Enrol(everybody) => Ok(enrol(activity, everybody)),
        Act::GiveBack(from) => {
            let holder = Holder { person: actor.person, guest: String::new() };
            // Whoever has a seat of their own gives that back first.
            if activity.seat(&holder).is_some() || activity.seat(from).is_none() {
                return Err(Refusal::NotIn);
            }
            let taken_over = Change::TakenOver { holder: holder.clone(), from: from.clone() };
            let mut after = activity.clone();
            apply(&mut after, &taken_over);
            Ok(std::iter::once(taken_over).chain(with_promotions(&after, Change::Left { holder })).collect())
        }
        Act::Leave(guest) => {
            let holder = Holder { person: actor.person, guest: guest.clone() };
            activity.seat(&holder).ok_or(Refusal::NotIn)?;
            Ok(with_promotions(activity, Change::Left { holder }))
        }
    }
}

/// Puts who signed up by these changes where they would stand if it had been read at once: before the first who came
/// later. Seats that were given stay given; whoever waits, waits in the order of arrival.
pub fn in_order(mut changes: Vec<Change>, later: Option<Holder>) -> Vec<Change> {
    let joined = changes.iter().find_map(|change| match change {
        Change::Joined { holder, .. } | Change::Queued { holder, .. } => Some(holder.clone()),
        _ => None,
    });
    if let (Some(holder), Some(before)) = (joined, later) {
        changes.push(Change::Placed { holder, before });
    }
    changes
}

/// Nobody signs up half the building by name.
fn within_guests(activity: &Activity, holder: &Holder) -> Result<(), Refusal> {
    let others = activity
        .seats
        .iter()
        .filter(|seat| seat.holder.person == holder.person && !seat.holder.guest.is_empty() && seat.holder != *holder);
    if !holder.guest.is_empty() && others.count() >= GUESTS_MAX { Err(Refusal::TooManyGuests) } else { Ok(()) }
}

fn join(activity: &Activity, holder: Holder, said: Option<Party>) -> Result<Vec<Change>, Refusal> {
    let party = said.unwrap_or(Party::ONE);
    if party.size() > PARTY_MAX {
        return Err(Refusal::PartyTooBig);
    }
    if activity.capacity.is_some_and(|capacity| party.size() > capacity) {
        return Err(Refusal::BiggerThanCapacity);
    }
    match activity.seat(&holder) {
        Some(seat) if said.is_none_or(|said| said == seat.party) => Err(Refusal::AlreadyIn),
        // Whoever has a place keeps it; more people need more places.
        Some(seat) if seat.going && !activity.fits(party.size() - seat.party.size()) => Err(Refusal::NotEnoughLeft),
        Some(_) => Ok(with_promotions(activity, Change::Resized { holder, party })),
        None => {
            let fits = activity.fits(party.size());
            Ok(vec![if fits { Change::Joined { holder, party } } else { Change::Queued { holder, party } }])
        }
    }
}

/// Nobody stands on the list twice: who signs up has the seat that is theirs already, where it stands.
fn take_over(
    activity: &Activity,
    from: &Holder,
    person: PersonId,
    said: Option<Party>,
) -> Result<Vec<Change>, Refusal> {
    let holder = Holder { person, guest: String::new() };
    if activity.seat(&holder).is_some() || activity.seat(from).is_none() {
        return join(activity, holder, said);
    }
    let taken_over = Change::TakenOver { holder: holder.clone(), from: from.clone() };
    let mut after = activity.clone();
    apply(&mut after, &taken_over);
    let resized = match join(&after, holder, said) {
        Err(Refusal::AlreadyIn) => Vec::new(),
        resized => resized?,
    };
    Ok(std::iter::once(taken_over).chain(resized).collect())
}

/// A line of a list: whoever is signed up like that already may have written something else behind their name.
fn line(activity: &Activity, listed: &Listed, from: Option<&Holder>) -> Result<Vec<Change>, Refusal> {
    let Listed { holder, party, note } = listed;
    let changes = match from {
        Some(from) => take_over(activity, from, holder.person, Some(*party)),
        None => join(activity, holder.clone(), Some(*party)),
    };
    let noted = |after: &Activity| {
        let differs = after.seat(holder).is_some_and(|seat| seat.note != *note);
        differs.then(|| Change::Noted { holder: holder.clone(), note: note.clone() })
    };
    let mut changes = match changes {
        Err(Refusal::AlreadyIn) if noted(activity).is_some() => Vec::new(),
        changes => changes?,
    };
    let mut after = activity.clone();
    changes.iter().for_each(|change| apply(&mut after, change));
    changes.extend(noted(&after));
    Ok(changes)
}

/// Everybody of a list, in its order. Who can't be taken over as it says stays as they were.
fn enrol(activity: &Activity, everybody: &[Listed]) -> Vec<Change> {
    let mut after = activity.clone();
    let mut all = Vec::new();
    for listed in everybody {
        let changes = line(&after, listed, None).unwrap_or_default();
        changes.iter().for_each(|change| apply(&mut after, change));
        all.extend(changes);
    }
    all
}

/// What those changed whose taps, or taps taken back, were missed until signing up closed: first the seats of those who
/// have gone, then those who came, in the order in which they tapped, each with the seat under which a neighbour had put
/// them on the list. What was typed stays.
pub fn catch_up(activity: &Activity, gone: &[PersonId], came: &[(PersonId, Option<Holder>)]) -> Vec<Change> {
    let mut after = activity.clone();
    let mut all = Vec::new();
    let seat = |person: PersonId| Holder { person, guest: String::new() };
    for person in gone {
        if after.seat(&seat(*person)).is_some() {
            let changes = with_promotions(&after, Change::Left { holder: seat(*person) });
            changes.iter().for_each(|change| apply(&mut after, change));
            all.extend(changes);
        }
    }
    for (person, listed) in came {
        // Whoever has a seat already has typed it.
        let changes = match listed {
            Some(from) => take_over(&after, from, *person, None),
            None => join(&after, seat(*person), None),
        };
        let changes = changes.unwrap_or_default();
        changes.iter().for_each(|change| apply(&mut after, change));
        all.extend(changes);
    }
    all
}

/// A change that may free places, and who moves up then.
fn with_promotions(activity: &Activity, change: Change) -> Vec<Change> {
    let mut after = activity.clone();
    apply(&mut after, &change);
    let mut changes = vec![change];
    for seat in after.seats.clone().into_iter().filter(|seat| !seat.going) {
        if after.fits(seat.party.size()) {
            let moved = Change::MovedUp { holder: seat.holder };
            apply(&mut after, &moved);
            changes.push(moved);
        }
    }
    changes
}

/// Makes one change.
pub fn apply(activity: &mut Activity, change: &Change) {
    let seat = |seats: &mut Vec<Seat>, holder: &Holder, make: &dyn Fn(&mut Seat)| {
        seats.iter_mut().filter(|seat| seat.holder == *holder).for_each(make);
    };
    match change {
        Change::Joined { holder, party } => {
            activity.seats.push(Seat { holder: holder.clone(), party: *party, going: true, note: String::new() });
        }
        Change::Queued { holder, party } => {
            activity.seats.push(Seat { holder: holder.clone(), party: *party, going: false, note: String::new() });
        }
        Change::Resized { holder, party } => seat(&mut activity.seats, holder, &|seat| seat.party = *party),
        Change::Noted { holder, note } => seat(&mut activity.seats, holder, &|seat| seat.note.clone_from(note)),
        Change::TakenOver { holder, from } => seat(&mut activity.seats, from, &|seat| seat.holder = holder.clone()),
        Change::Left { holder } => activity.seats.retain(|seat| seat.holder != *holder),
        Change::MovedUp { holder } => seat(&mut activity.seats, holder, &|seat| seat.going = true),
        Change::Placed { holder, before } => {
            let from = activity.seats.iter().position(|seat| seat.holder == *holder);
            if let Some(seat) = from.map(|from| activity.seats.remove(from)) {
                let to = activity.seats.iter().position(|seat| seat.holder == *before);
                activity.seats.insert(to.unwrap_or(activity.seats.len()), seat);
            }
        }
        Change::Cancelled => activity.cancelled = true,
        Change::Moved { starts_at_ms, ends_at_ms } => {
            activity.starts_at_ms = *starts_at_ms;
            activity.ends_at_ms = *ends_at_ms;
        }
    }
}

impl Change {
    /// The name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Joined { .. } => "activity.joined",
            Self::Queued { .. } => "activity.queued",
            Self::TakenOver { .. } => "activity.taken_over",
            Self::Resized { .. } => "activity.resized",
            Self::Noted { .. } => "activity.noted",
            Self::Left { .. } => "activity.left",
            Self::MovedUp { .. } => "activity.moved_up",
            Self::Placed { .. } => "activity.placed",
            Self::Cancelled => "activity.cancelled",
            Self::Moved { .. } => "activity.moved",
        }
    }
}
