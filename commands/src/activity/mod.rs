//! Activities (活动): announce, sign up alone, with company or for a neighbour, wait, leave, move, call off; one live
//! roster card (FEATURES.md rows 13, 14 and 17; SPECS.md 2.2).
//!
//! Not here yet: drafts and approval, offers with a hold, check-in and settlement, series, calendars.

pub(crate) mod audit;
pub mod chain;
mod close;
pub(crate) mod command;
mod pasted;
pub mod reply;
pub mod rules;
#[cfg(test)]
mod tests;
mod undo;

use chrono::NaiveTime;
use lamplighter_storage::{
    activity::{self as store, ActivityRow},
    agenda, card, item,
    outbox::Lane,
    person::{self, Person},
    quiet, room,
};

pub use self::command::{
    announces, any_party, awaits_time, capacity, is_party, is_recurring, is_resident, is_signup, problem_id,
};
use crate::{
    activity::{
        command::{Command, Which},
        reply::{ActivityReply, Entry, Face},
        rules::{Act, Activity, Actor, Change, Holder, Listed, Party, Refusal, Seat},
    },
    card as cards, evening,
    fault::Fault,
    feature::{Feature, Parsed, ReadBack, Role, Work},
    house::{General, Outcome, role_in},
    incoming::{Answers, Wanted},
    language::{Phrase, addressed::How, number},
    proxy,
    scene::{Plan, Scene},
};

/// The kind of the item and of its card.
pub const KIND: &str = "activity";
const CARDS: &[&str] = &[KIND];

const JOIN: &str = "✅ 报名";
const EVENING: &str = "🌙 改到19:30";

/// The reminder on the same day.
const REMIND: &str = "activity.remind";
/// It begins: nobody can sign up any more.
const BEGIN: &str = "activity.begin";
/// It has begun: the card says so, when people are home.
const OVER: &str = "activity.over";

/// A list shows at most this many, so that it fits on a telephone.
const LIST_MAX: i64 = 10;
/// Among this many open activities the one that is meant is looked for when no number was typed.
const CANDIDATES_MAX: i64 = 50;
/// A message mentions at most this many people: each costs some eighty bytes, several times.
pub const MENTIONS_MAX: usize = 50;
/// And those take at most this many bytes of its HTML: names and ids may be long.
const CALLED_BYTES_MAX: usize = 4_500;

/// How many of these people one message can call; at least one.
pub fn portion(people: &[Person]) -> usize {
    portion_of(people, MENTIONS_MAX, CALLED_BYTES_MAX)
}

/// How many of these people, at most so many, can be linked in so many bytes of HTML; at least one.
pub fn portion_of(people: &[Person], most: usize, bytes_max: usize) -> usize {
    let mut bytes = 0;
    let fit = people.iter().take(most).take_while(|person| {
        bytes += cards::link_bytes(person) + SEPARATOR_BYTES;
        bytes <= bytes_max
    });
    fit.count().max(1).min(people.len())
}

/// What stands between two names.
const SEPARATOR_BYTES: usize = 3;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "activity",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: command::CUES,
    read: command::read,
    cards: CARDS,
    keys: &[JOIN, EVENING],
    thumbs_up: Some(JOIN),
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: |scene, card, key, taken_back| -> Work<'_> { Box::pin(tap(scene, card, key, taken_back)) },
    due_kinds: &[REMIND, BEGIN, OVER],
    read_back: &[ReadBack { due_kind: BEGIN, card_kind: KIND, wanted: Wanted::Taps }],
    due: |scene, row, answers| -> Work<'_> { Box::pin(due(scene, row, answers)) },
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: |scene, number| -> Work<'_> { Box::pin(show_number(scene, number)) },
};

/// How something was done, which decides how it is answered (docs/PROTOCOL.md, "Numbers and cards").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Word,
    Tap {
        card_id: i64,
        taken_back: bool,
    },
    /// What the actor had done is undone.
    Undo,
}

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    let now = evening::local(scene.community()?, scene.said_at_ms);
    if let "chain" | "paste" = key
        && let Some(outcome) = pasted::run(scene, &rest).await?
    {
        return Ok(outcome);
    }
    // #接龙 without a list: neighbours begin one among themselves.
    if key == "paste" && scene.addressed == How::Bare {
        return Ok(Outcome::Ignored);
    }
    let key = if let "chain" | "paste" = key { "join" } else { key };
    let (key, rest) = told_apart(scene, key, rest).await?;
    match command::parse(key, &rest, now) {
        Parsed::Malformed(id) => refuse(scene, &General::Malformed { id }).await,
        Parsed::Mine(Command::Post(announcement)) => post(scene, announcement, Vec::new()).await,
        Parsed::Mine(Command::List(which)) => list(scene, which).await,
        Parsed::Mine(Command::Join(number, party)) => {
            let act = Act::Join(String::new(), party);
            perform_on(scene, number, act).await
        }
        Parsed::Mine(Command::JoinFor(number, name)) => join_for(scene, number, &cards::name(&name)).await,
        Parsed::Mine(Command::Leave(number, name)) => perform_on(scene, number, Act::Leave(cards::name(&name))).await,
        Parsed::Mine(Command::Cancel(number)) => perform_on(scene, number, Act::Cancel).await,
        Parsed::Mine(Command::Roster(number)) => {
            // A task has a list of names too, for the captain who asked.
            if let Some(number) = number.or_else(|| replied(scene, crate::task::STATUS))
                && let Some(item) = item::get(scene.tx, &scene.community()?.id.clone(), number).await?
                && item.kind == crate::task::KIND
            {
                return crate::task::show_status(scene, number).await;
            }
            roster(scene, number).await
        }
        Parsed::Mine(Command::Move(number, time)) => move_to(scene, number, &time).await,
    }
}

/// Signs a neighbour up by name. Whoever may act for somebody in the room signs them up as themselves; a name of nobody there,
/// and that of a neighbour whom nobody helps, stands on the list under whoever wrote it there.
async fn join_for(scene: &mut Scene<'_>, number: Option<i64>, name: &str) -> Result<Outcome, Fault> {
    let name = name.trim_start_matches(['@', '＠']).trim();
    if let Some(whom) = proxy::neighbour(scene, name).await? {
        if whom.person_id == scene.actor.person_id {
            return perform_on(scene, number, Act::Join(String::new(), None)).await;
        }
        if proxy::may_act(scene, &whom).await? {
            return proxy::sign_up(scene, &whom, number).await;
        }
    }
    perform_on(scene, number, Act::Join(name.to_owned(), None)).await
}

/// What names an activity by its title gets its number; who signs up under their own name, as a 接龙 wants it, signs up, and
/// under another's signs that neighbour up.
async fn told_apart(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<(&'static str, Phrase), Fault> {
    let title = match key {
        "join" => command::signup(&rest).title,
        "leave" => Some(rest.written()).filter(|_| matches!(number::of_item(&rest), number::Number::Unreadable)),
        _ => None,
    };
    if let Some(title) = title {
        let number = titled(scene, &title).await?;
        let named = number.map(|number| Phrase::new(&rest.written().replacen(&title, &number.to_string(), 1)));
        return Ok((key, named.unwrap_or(rest)));
    }
    let signup = command::signup(&rest);
    let (Some(number), "join", true) = (signup.item, key, signup.name.is_some() || signup.building.is_some()) else {
        return Ok((key, rest));
    };
    let own = Phrase::new(&scene.actor.display_name).folded();
    let other = signup.name.as_deref().filter(|name| Phrase::new(name).folded() != own);
    Ok(match (other, signup.party()) {
        (Some(other), None) => ("join_for", Phrase::new(&format!("{number} {other}"))),
        (Some(_), Some(_)) => (key, rest),
        (None, party) => {
            let party =
                party.map(|party| format!(" {} adults {} children", party.adults, party.children)).unwrap_or_default();
            (key, Phrase::new(&format!("{number}{party}")))
        }
    })
}

/// The one open activity whose title holds these words, perhaps with its day: 下棋, 周六的下棋, 周六的活动.
async fn titled(scene: &mut Scene<'_>, words: &str) -> Result<Option<i64>, Fault> {
    let community = scene.community()?;
    let community_id = community.id.clone();
    let words = Phrase::new(words);
    let (day, rest) = command::day_and_title(&words, evening::local(community, scene.said_at_ms));
    let words = words.folded();
    let mut found = Vec::new();
    for number in scene.open_numbers(KIND, CANDIDATES_MAX).await? {
        let Some(stored) = store::get(scene.tx, &community_id, number).await? else { continue };
        let title = Phrase::new(&stored.row.title).folded();
        let on_that_day = day.is_some_and(|day| evening::day(community, stored.row.starts_at_ms) == day);
        if title.contains(&words) || on_that_day && title.contains(&rest) {
            found.push(number);
        }
    }
    Ok(match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

async fn refuse(scene: &mut Scene<'_>, reply: &impl crate::scene::Reply) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

fn replied(scene: &Scene<'_>, kind: &str) -> Option<i64> {
    scene.replied_card.as_ref().filter(|card| card.kind == kind).map(|card| card.number)
}

/// Announces an activity. `listed`: who is on its roster from the beginning.
async fn post(scene: &mut Scene<'_>, read: command::Announcement, listed: Vec<Listed>) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let room_id = scene.room()?.room_id.clone();
    let starts_at_ms = evening::instant_ms(community, read.starts_at);
    if starts_at_ms <= scene.now_ms {
        // It was still to come when it was said, but not any more.
        return refuse(scene, &General::Malformed { id: "time-past" }).await;
    }
    let number = item::create(scene.tx, &community.id, KIND, &room_id, &scene.incoming.event_id).await?;
    let row = ActivityRow {
        number,
        room_id: room_id.clone(),
        organiser_id: scene.actor.person_id,
        title: cards::shown(&read.title),
        place: cards::shown(&read.place),
        starts_at_ms,
        ends_at_ms: read.ends_at.map(|end| evening::instant_ms(community, end)),
        capacity: read.capacity,
        state: "open".into(),
    };
    store::create(scene.tx, &community.id, &row, scene.now_ms).await?;
    let payload = serde_json::json!({
        "organiser": row.organiser_id, "title": row.title, "place": row.place, "starts_at_ms": row.starts_at_ms,
        "ends_at_ms": row.ends_at_ms, "capacity": row.capacity,
    });
    scene.record("activity.posted", Some(number), &payload).await?;
    plan(scene, &row).await?;
    let mut stored = store::Activity { row, seats: Vec::new() };
    let organiser = Actor { person: scene.actor.person_id, captain: false };
    let changes = rules::decide(&to_rules(&stored), organiser, &Act::Enrol(listed), scene.now_ms);
    if let Some(changes) = changes.ok().filter(|changes| !changes.is_empty()) {
        make(scene, &stored, &changes).await?;
        stored = store::get(scene.tx, &community.id, number).await?.unwrap_or(stored);
    }
    let face = Face::of(scene, &stored).await?;
    let chips = chips(scene, &stored)?;
    scene.post_card(&room_id, KIND, number, &ActivityReply::Card(face), &chips).await?;
    undo::note(scene, number, undo::Did::Posted)?;
    if scene.is_direct() {
        scene.tick().await?;
    }
    Ok(Outcome::Handled)
}

/// What is to happen by itself: the reminder, and the end of signing up.
async fn plan(scene: &mut Scene<'_>, row: &ActivityRow) -> Result<(), Fault> {
    let community = scene.community()?;
    for kind in [REMIND, BEGIN, OVER] {
        agenda::drop_of_item(scene.tx, &community.id, kind, row.number).await?;
    }
    let start = row.starts_at_ms;
    let common = Plan { number: Some(row.number), room_id: Some(&row.room_id), ..Plan::default() };
    if let Some(due_at_ms) = evening::same_day_reminder_ms(community, start).filter(|at_ms| *at_ms > scene.now_ms) {
        let key = format!("{REMIND} {} {start}", row.number);
        let stale_at_ms = Some(start);
        scene.plan(Plan { key: &key, kind: REMIND, due_at_ms, stale_at_ms, unasked: true, ..common }).await?;
    }
    let key = format!("{BEGIN} {}", row.number);
    scene.plan(Plan { key: &key, kind: BEGIN, due_at_ms: start, ..common }).await?;
    let key = format!("{OVER} {}", row.number);
    scene.plan(Plan { key: &key, kind: OVER, due_at_ms: start, unasked: true, ..common }).await
}

/// The chips of an activity's card, in the order of the table in docs/PROTOCOL.md.
fn chips(scene: &Scene<'_>, stored: &store::Activity) -> Result<Vec<&'static str>, Fault> {
    if stored.row.state != "open" || stored.row.starts_at_ms <= scene.now_ms {
        return Ok(vec![]);
    }
    let mut chips = vec![JOIN];
    if offers_evening(scene, stored)? {
        chips.push(EVENING);
    }
    Ok(chips)
}

/// Half past seven on the day of an activity: most people are home.
fn same_evening_ms(scene: &Scene<'_>, row: &ActivityRow) -> Result<i64, Fault> {
    let community = scene.community()?;
    let half_past_seven = NaiveTime::from_hms_opt(19, 30, 0).unwrap_or_default();
    Ok(evening::instant_ms(community, evening::day(community, row.starts_at_ms).and_time(half_past_seven)))
}

/// In working time, and nobody has signed up yet: the evening is offered (FEATURES.md row 17).
fn offers_evening(scene: &Scene<'_>, stored: &store::Activity) -> Result<bool, Fault> {
    Ok(stored.seats.is_empty()
        && stored.row.state == "open"
        && evening::is_working_time(scene.community()?, stored.row.starts_at_ms)
        && same_evening_ms(scene, &stored.row)? > scene.now_ms)
}

/// The activity as the rules see it.
pub fn to_rules(stored: &store::Activity) -> Activity {
    Activity {
        organiser: stored.row.organiser_id,
        capacity: stored.row.capacity,
        cancelled: stored.row.state == "cancelled",
        starts_at_ms: stored.row.starts_at_ms,
        ends_at_ms: stored.row.ends_at_ms,
        seats: stored
            .seats
            .iter()
            .map(|seat| Seat {
                holder: Holder { person: seat.person_id, guest: seat.guest.clone() },
                party: Party { adults: seat.adults, children: seat.children },
                going: seat.state == "going",
                note: seat.note.clone(),
            })
            .collect(),
    }
}

async fn tap(scene: &mut Scene<'_>, card: card::Card, key: &'static str, taken_back: bool) -> Result<Outcome, Fault> {
    let way = Way::Tap { card_id: card.card_id, taken_back };
    let act = match (key, taken_back) {
        (JOIN, false) => Act::Join(String::new(), None),
        (JOIN, true) => Act::Leave(String::new()),
        (EVENING, false) => {
            let community_id = scene.community()?.id.clone();
            let Some(stored) = store::get(scene.tx, &community_id, card.number).await? else {
                return Ok(Outcome::Ignored);
            };
            if !offers_evening(scene, &stored)? {
                return Ok(Outcome::Ignored);
            }
            let starts_at_ms = same_evening_ms(scene, &stored.row)?;
            let length_ms = stored.row.ends_at_ms.map(|ends_at_ms| ends_at_ms - stored.row.starts_at_ms);
            Act::Move(starts_at_ms, length_ms.map(|length_ms| starts_at_ms + length_ms))
        }
        _ => return Ok(Outcome::Ignored),
    };
    perform(scene, card.number, act, way).await
}

/// What was typed with a number, in reply to a card, or about the only activity with which it makes sense.
async fn perform_on(scene: &mut Scene<'_>, number: Option<i64>, act: Act) -> Result<Outcome, Fault> {
    match number_meant(scene, number, Some(&act)).await? {
        Ok(number) => perform(scene, number, act, Way::Word).await,
        Err(outcome) => Ok(outcome),
    }
}

async fn number_meant(
    scene: &mut Scene<'_>,
    number: Option<i64>,
    act: Option<&Act>,
) -> Result<Result<i64, Outcome>, Fault> {
    if let Some(number) = number.or_else(|| replied(scene, KIND)) {
        return Ok(Ok(number));
    }
    let community_id = scene.community()?.id.clone();
    let mut fitting = Vec::new();
    let mut open = Vec::new();
    for number in scene.open_numbers(KIND, CANDIDATES_MAX).await? {
        let Some(stored) = store::get(scene.tx, &community_id, number).await? else { continue };
        let by = actor(scene, &stored).await?;
        let act = act.map(|act| meant_here(act.clone(), &stored, &scene.actor, Way::Word));
        let fits =
            act.is_none_or(|act| rules::decide(&to_rules(&stored), by, &act, counted_at_ms(scene, &act)).is_ok());
        if fits {
            fitting.push((stored.row.clone(), to_rules(&stored).going()));
        }
        let going = to_rules(&stored).going();
        open.push((stored.row, going));
    }
    // With one open card there is no doubt which is meant, and the answer says why not.
    let candidates = if fitting.is_empty() { open } else { fitting };
    match candidates.as_slice() {
        [(only, _)] => Ok(Ok(only.number)),
        [] => Ok(Err(refuse(scene, &ActivityReply::NoneOpen).await?)),
        several => {
            let entries = entries(several.iter().map(|(row, going)| (row, *going)));
            Ok(Err(refuse(scene, &ActivityReply::SeveralFit { entries: &entries }).await?))
        }
    }
}

/// The first lines of a list.
pub(crate) fn entries<'a>(rows: impl Iterator<Item = (&'a ActivityRow, i64)>) -> Vec<Entry<'a>> {
    rows.take(LIST_MAX as usize)
        .map(|(row, going)| Entry {
            number: row.number,
            title: &row.title,
            starts_at_ms: row.starts_at_ms,
            going,
            capacity: row.capacity,
        })
        .collect()
}

async fn actor(scene: &mut Scene<'_>, stored: &store::Activity) -> Result<Actor, Fault> {
    let captain = role_in(scene, &stored.row.room_id).await? >= Role::Captain;
    Ok(Actor { person: scene.actor.person_id, captain })
}

/// The activity that a number means here, or what is said instead.
async fn find(scene: &mut Scene<'_>, number: i64) -> Result<Result<store::Activity, Outcome>, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else {
        let reply = match item::get(scene.tx, &community_id, number).await? {
            Some(_) => ActivityReply::OtherKind { number },
            None => ActivityReply::NoSuch { number },
        };
        return Ok(Err(refuse(scene, &reply).await?));
    };
    if !scene.may_see(&stored.row.room_id) {
        return Ok(Err(refuse(scene, &ActivityReply::Elsewhere { number }).await?));
    }
    Ok(Ok(stored))
}

async fn perform(scene: &mut Scene<'_>, number: i64, act: Act, way: Way) -> Result<Outcome, Fault> {
    let stored = match find(scene, number).await? {
        Ok(stored) => stored,
        Err(outcome) => return Ok(outcome),
    };
    let before = to_rules(&stored);
    let act = meant_here(act, &stored, &scene.actor, way);
    if let (Act::TakeOver(from, None), true) = (&act, scene.proxy.is_some()) {
        // They are on it already: who signs up for them needn't.
        let by = person::get(scene.tx, from.person).await?.display_name;
        let reply = ActivityReply::OnList { number, guest: &from.guest, by: Some(&by) };
        return refuse(scene, &reply).await;
    }
    let guest = match new_guest(&before, &scene.actor, &act).filter(|_| way == Way::Word) {
        None => None,
        Some(guest) => match neighbour_on(scene, &stored, &guest).await? {
            Ok(neighbour) => neighbour,
            Err(outcome) => return Ok(outcome),
        },
    };
    let actor = actor(scene, &stored).await?;
    let changes = match rules::decide(&before, actor, &act, counted_at_ms(scene, &act)) {
        Ok(changes) => rules::in_order(changes, later(&stored, scene.place)),
        Err(refusal) => return refused(scene, &stored, refusal, &act, way).await,
    };
    make(scene, &stored, &changes).await?;
    if way == Way::Word {
        scene.tick().await?;
        if let Some(did) = undo::of_changes(&before, &act, &changes) {
            undo::note(scene, number, did)?;
        }
    }
    tell(scene, number, &changes).await?;
    if let Some(guest) = guest {
        proxy::tell_listed(scene, &guest).await?;
    }
    Ok(Outcome::Handled)
}

/// What somebody does whom a neighbour may have put on the list by name: that is their seat, and theirs to give back.
fn meant_here(act: Act, stored: &store::Activity, actor: &Person, way: Way) -> Act {
    let has_seat = stored.seats.iter().any(|seat| seat.person_id == actor.person_id && seat.guest.is_empty());
    match (act, listed(stored, actor)) {
        (Act::Join(guest, party), Some(from)) if guest.is_empty() => Act::TakeOver(from, party),
        (Act::Line { listed, .. }, Some(from)) if listed.holder.guest.is_empty() => {
            Act::Line { listed, from: Some(from) }
        }
        // A tap that is taken back takes back what it did.
        (Act::Leave(guest), Some(from)) if way == Way::Word && !has_seat && is_own(&guest, actor) => {
            Act::GiveBack(from)
        }
        (act, _) => act,
    }
}

/// Whether somebody speaks of themselves: without a name, or by their own.
fn is_own(guest: &str, actor: &Person) -> bool {
    guest.is_empty() || chain::Entry::new(guest, Party::ONE).is(&actor.display_name)
}

/// The name under which somebody new would stand on the list.
fn new_guest(before: &Activity, actor: &Person, act: &Act) -> Option<String> {
    let guest = match act {
        Act::Join(guest, _) => guest,
        Act::Line { listed, from: None } => &listed.holder.guest,
        _ => return None,
    };
    let holder = Holder { person: actor.person_id, guest: guest.clone() };
    let is_new = !guest.is_empty() && before.seats.iter().all(|seat| seat.holder != holder);
    is_new.then_some(holder.guest)
}

/// Who in the room is put on the list by name, if it is somebody there; or what is said instead: they stand on it, or want
/// nobody to.
async fn neighbour_on(
    scene: &mut Scene<'_>,
    stored: &store::Activity,
    guest: &str,
) -> Result<Result<Option<Person>, Outcome>, Fault> {
    let neighbour = proxy::neighbour(scene, guest).await?;
    if let Some(seat) = on_list(stored, guest, neighbour.as_ref()) {
        let by = (!seat.guest.is_empty()).then_some(seat.name.as_str());
        let reply = ActivityReply::OnList { number: stored.row.number, guest, by };
        return Ok(Err(refuse(scene, &reply).await?));
    }
    if let Some(whom) = &neighbour
        && proxy::forbids(scene, whom).await?
    {
        return Ok(Err(Outcome::Refused));
    }
    Ok(Ok(neighbour))
}

/// The seat of somebody of this name, whoever took it.
fn on_list<'a>(stored: &'a store::Activity, name: &str, who: Option<&Person>) -> Option<&'a store::SeatRow> {
    let entry = chain::Entry::new(name, Party::ONE);
    stored.seats.iter().find(|seat| match seat.guest.as_str() {
        "" => who.map_or_else(|| entry.is(&seat.name), |who| who.person_id == seat.person_id),
        guest => entry.is(guest),
    })
}

/// The seat that a neighbour took for somebody of this name, if there is one: a 接龙 lists people who come to the room themselves
/// a little later.
fn listed(stored: &store::Activity, person: &Person) -> Option<Holder> {
    let by_neighbours = stored.seats.iter().filter(|seat| !seat.guest.is_empty() && seat.person_id != person.person_id);
    let mut theirs = by_neighbours.filter(|seat| chain::Entry::new(&seat.guest, Party::ONE).is(&person.display_name));
    let seat = theirs.next()?;
    Some(Holder { person: seat.person_id, guest: seat.guest.clone() })
}

/// Makes changes: journal and rows.
async fn make(scene: &mut Scene<'_>, stored: &store::Activity, changes: &[Change]) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let (mut before, mut row) = (to_rules(stored), stored.row.clone());
    for change in changes {
        scene.record(change.kind(), Some(row.number), &serde_json::to_value(change)?).await?;
        save(scene, &community_id, &mut row, &before, change).await?;
        rules::apply(&mut before, change);
    }
    Ok(())
}

/// Brings the card up to date, and tells those whom changes concern.
async fn tell(scene: &mut Scene<'_>, number: i64, changes: &[Change]) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(after) = store::get(scene.tx, &community_id, number).await? else {
        return Err(Fault::Broken("an activity that has gone"));
    };
    show(scene, &after).await?;
    for change in changes {
        follow_up(scene, &after, change).await?;
    }
    Ok(())
}

/// The actor leaves for good: their own activity is called off, their seats and those of their guests are free for others.
pub(crate) async fn leave(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let me = Actor { person: scene.actor.person_id, captain: false };
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else { return Ok(()) };
    let mut all = Vec::new();
    let seats = stored.seats.iter().filter(|seat| seat.person_id == me.person);
    let mut acts: Vec<Act> = seats.map(|seat| Act::Leave(seat.guest.clone())).collect();
    let organises = stored.row.organiser_id == me.person;
    if organises {
        acts.push(Act::Cancel);
    }
    for act in acts {
        let Some(stored) = store::get(scene.tx, &community_id, number).await? else { return Ok(()) };
        let Ok(mut changes) = rules::decide(&to_rules(&stored), me, &act, scene.now_ms) else { continue };
        if organises {
            // Nobody moves up in what is called off.
            changes.retain(|change| !matches!(change, Change::MovedUp { .. }));
        }
        make(scene, &stored, &changes).await?;
        all.extend(changes);
    }
    if all.is_empty() { Ok(()) } else { tell(scene, number, &all).await }
}

/// Shows the card anew, since names or texts on it have changed.
pub(crate) async fn show_anew(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    match store::get(scene.tx, &community_id, number).await? {
        Some(stored) => show(scene, &stored).await,
        None => Ok(()),
    }
}

/// Signing up and leaving count by when they were said, so that what was said in time counts though it is handled only after
/// the beginning: its key came late, the bot was away, or a backup was restored. Whoever moves or calls off does it now.
fn counted_at_ms(scene: &Scene<'_>, act: &Act) -> i64 {
    match act {
        Act::Join(..) | Act::TakeOver(..) | Act::Line { .. } | Act::Leave(_) | Act::GiveBack(_) => scene.said_at_ms,
        _ => scene.now_ms,
    }
}

/// The first who signed up after this place, though it could be read before.
fn later(stored: &store::Activity, place: i64) -> Option<Holder> {
    let seat = stored.seats.iter().find(|seat| seat.arrival_place > place)?;
    Some(Holder { person: seat.person_id, guest: seat.guest.clone() })
}

/// Writes one change. `before`: the activity until then.
async fn save(
    scene: &mut Scene<'_>,
    community_id: &str,
    row: &mut ActivityRow,
    before: &Activity,
    change: &Change,
) -> Result<(), Fault> {
    let number = row.number;
    let seat = |holder: &Holder| before.seats.iter().find(|seat| seat.holder == *holder);
    let (holder, party, going) = match change {
        Change::Joined { holder, party } => (holder, *party, true),
        Change::Queued { holder, party } => (holder, *party, false),
        Change::Resized { holder, party } => (holder, *party, seat(holder).is_some_and(|seat| seat.going)),
        Change::MovedUp { holder } => (holder, seat(holder).map_or(Party::ONE, |seat| seat.party), true),
        Change::TakenOver { holder, from } => {
            let from = (from.person, from.guest.as_str());
            let by_proxy = scene.proxy.is_some();
            return Ok(store::hand_over_seat(scene.tx, community_id, number, from, (holder.person, by_proxy)).await?);
        }
        Change::Noted { holder, note } => {
            let holder = (holder.person, holder.guest.as_str());
            return Ok(store::note_seat(scene.tx, community_id, number, holder, note).await?);
        }
        // Its place is kept with its seat.
        Change::Placed { .. } => return Ok(()),
        Change::Left { holder } => {
            return Ok(store::remove_seat(scene.tx, community_id, number, holder.person, &holder.guest).await?);
        }
        Change::Cancelled => {
            row.state = "cancelled".into();
            for kind in [REMIND, BEGIN, OVER] {
                agenda::drop_of_item(scene.tx, community_id, kind, number).await?;
            }
            return Ok(store::save(scene.tx, community_id, row).await?);
        }
        Change::Moved { starts_at_ms, ends_at_ms } => {
            (row.starts_at_ms, row.ends_at_ms) = (*starts_at_ms, *ends_at_ms);
            store::save(scene.tx, community_id, row).await?;
            return plan(scene, row).await;
        }
    };
    let new = store::NewSeat {
        person_id: holder.person,
        guest: &holder.guest,
        adults: party.adults,
        children: party.children,
        state: if going { "going" } else { "waiting" },
        arrival_place: scene.place,
        by_proxy: scene.proxy.is_some() && holder.person == scene.actor.person_id,
    };
    Ok(store::put_seat(scene.tx, community_id, number, new).await?)
}

/// Brings the card in the room up to date.
async fn show(scene: &mut Scene<'_>, stored: &store::Activity) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let face = Face::of(scene, stored).await?;
    let own = stored.seats.iter().rev().find(|seat| seat.person_id == scene.actor.person_id);
    if let Some(own) = own {
        let (say, going) = (scene.say().await?, own.state == "going");
        let before = stored.seats.iter().filter(|seat| seat.state == own.state && seat.seat_id < own.seat_id).count();
        if before >= face.named(say, going)? {
            // The card only counts them.
            scene.keep_tick();
        }
    }
    let chips = chips(scene, stored)?;
    let open = stored.row.state == "open" && stored.row.starts_at_ms > scene.now_ms;
    for card in card::of_number(scene.tx, &community_id, KIND, stored.row.number).await? {
        scene.refresh_card(&card, &ActivityReply::Card(face.clone()), &chips, open).await?;
    }
    Ok(())
}

/// Brings the card of a number up to date, or posts it anew.
async fn show_number(scene: &mut Scene<'_>, number: i64) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else { return Ok(Outcome::Ignored) };
    show(scene, &stored).await?;
    Ok(Outcome::Handled)
}

/// What people are told beyond the card: those it concerns are mentioned, in the room.
async fn follow_up(scene: &mut Scene<'_>, after: &store::Activity, change: &Change) -> Result<(), Fault> {
    let room_id = after.row.room_id.clone();
    let face = Face::of(scene, after).await?;
    match change {
        Change::MovedUp { holder } => {
            let who = person::get(scene.tx, holder.person).await?;
            let reply = ActivityReply::MovedUp { face, who: &who, guest: &holder.guest };
            scene.post(&room_id, &reply).await?;
        }
        Change::Cancelled | Change::Moved { .. } => {
            let people = everybody(scene, after).await?;
            let mut rest = people.as_slice();
            while !rest.is_empty() {
                let (some, others) = rest.split_at(portion(rest));
                rest = others;
                let reply = match change {
                    Change::Cancelled => ActivityReply::Cancelled { face: face.clone(), people: some },
                    _ => ActivityReply::Moved { face: face.clone(), people: some },
                };
                scene.post(&room_id, &reply).await?;
            }
        }
        Change::Joined { .. }
        | Change::Queued { .. }
        | Change::TakenOver { .. }
        | Change::Resized { .. }
        | Change::Noted { .. }
        | Change::Left { .. }
        | Change::Placed { .. } => {}
    }
    Ok(())
}

/// Everybody who signed up, waiting or not, once each.
async fn everybody(scene: &mut Scene<'_>, stored: &store::Activity) -> Result<Vec<Person>, Fault> {
    let mut people: Vec<Person> = Vec::new();
    for seat in &stored.seats {
        if !people.iter().any(|person| person.person_id == seat.person_id) {
            people.push(person::get(scene.tx, seat.person_id).await?);
        }
    }
    Ok(people)
}

/// A no: one line where it was typed; for a tap one line privately, once a card; for a tap taken back nothing.
async fn refused(
    scene: &mut Scene<'_>,
    stored: &store::Activity,
    refusal: Refusal,
    act: &Act,
    way: Way,
) -> Result<Outcome, Fault> {
    if scene.proxy.is_some() && refusal == Refusal::AlreadyIn {
        // It isn't whoever reads this who is on the list.
        let reply =
            ActivityReply::OnList { number: stored.row.number, guest: &scene.actor.display_name.clone(), by: None };
        return refuse(scene, &reply).await;
    }
    let face = Face::of(scene, stored).await?;
    let mine = stored.seats.iter().find(|seat| seat.person_id == scene.actor.person_id && seat.guest.is_empty());
    let guest = match act {
        Act::Join(guest, _) | Act::Leave(guest) => guest.as_str(),
        Act::Line { listed, .. } => listed.holder.guest.as_str(),
        Act::TakeOver(..) | Act::GiveBack(_) | Act::Cancel | Act::Move(..) | Act::Enrol(_) => "",
    };
    let size = mine.map_or(0, |seat| seat.adults + seat.children);
    let reply = ActivityReply::Refused { refusal, face, size, guest };
    match way {
        Way::Word => {
            scene.answer(&reply).await?;
        }
        // The same act by word and by tap is the same act.
        Way::Tap { taken_back: true, .. } | Way::Undo => return Ok(Outcome::Ignored),
        Way::Tap { .. } if refusal == Refusal::AlreadyIn => return Ok(Outcome::Handled),
        Way::Tap { card_id, .. } => {
            let actor = scene.actor.person_id;
            if card::give_tap_notice(scene.tx, card_id, actor).await? {
                scene.room = room::get(scene.tx, &stored.row.room_id).await?;
                scene.tell(actor, Lane::Answer, &reply).await?;
            }
        }
    }
    Ok(Outcome::Refused)
}

async fn move_to(scene: &mut Scene<'_>, number: Option<i64>, text: &Phrase) -> Result<Outcome, Fault> {
    let number = match number_meant(scene, number, None).await? {
        Ok(number) => number,
        Err(outcome) => return Ok(outcome),
    };
    let stored = match find(scene, number).await? {
        Ok(stored) => stored,
        Err(outcome) => return Ok(outcome),
    };
    let community = scene.community()?;
    let now = evening::local(community, scene.said_at_ms);
    let mut read = command::when(text, now);
    if let Ok(Some((_, _, false))) = read {
        // Only a clock time: on the same day as before.
        let midnight = evening::day(community, stored.row.starts_at_ms).and_time(NaiveTime::MIN);
        read = command::when_on(text, midnight - chrono::TimeDelta::minutes(1), true);
    }
    let (start, end) = match read {
        Ok(Some((span, _, _))) => span,
        Ok(None) => return refuse(scene, &General::Malformed { id: "activity-missing-new-time" }).await,
        Err(problem) => return refuse(scene, &General::Malformed { id: problem_id(problem) }).await,
    };
    if start > now + chrono::TimeDelta::days(command::AHEAD_DAYS_MAX) {
        return refuse(scene, &General::Malformed { id: "time-too-far" }).await;
    }
    let starts_at_ms = evening::instant_ms(community, start);
    // It lasts as long as before, if nothing else is said.
    let length_ms = stored.row.ends_at_ms.map(|ends_at_ms| ends_at_ms - stored.row.starts_at_ms);
    let ends_at_ms = end
        .map(|end| evening::instant_ms(community, end))
        .or_else(|| length_ms.map(|length_ms| starts_at_ms + length_ms));
    perform(scene, number, Act::Move(starts_at_ms, ends_at_ms), Way::Word).await
}

async fn list(scene: &mut Scene<'_>, which: Which) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let (room_id, now_ms) = (scene.room()?.room_id.clone(), scene.now_ms);
    let (from_ms, before_ms) = match which {
        Which::On(first, last) => {
            let day_start_ms = |day| evening::day_start_ms(community, day);
            (day_start_ms(first).max(now_ms), day_start_ms(evening::next_day(last)))
        }
        Which::All | Which::Mine => (now_ms, i64::MAX),
    };
    let most = if which == Which::Mine { CANDIDATES_MAX } else { LIST_MAX };
    let mut rows = store::between(scene.tx, &[&room_id], from_ms, before_ms, most).await?;
    if which == Which::Mine {
        let me = scene.actor.person_id;
        let seats = store::seats_of(scene.tx, &community.id, &room_id, me, now_ms).await?;
        rows.retain(|(row, _)| seats.iter().any(|(number, _)| *number == row.number));
    }
    let entries = entries(rows.iter().map(|(row, going)| (row, *going)));
    let days = match which {
        Which::On(first, last) => {
            let day_start_ms = |day| evening::day_start_ms(community, day);
            Some((day_start_ms(first), day_start_ms(last)))
        }
        Which::All | Which::Mine => None,
    };
    scene.answer(&ActivityReply::List { mine: which == Which::Mine, days_ms: days, entries: &entries }).await?;
    Ok(Outcome::Handled)
}

/// Everybody's names: they stand on the card too, but not all of them. Where many come it is told privately.
async fn roster(scene: &mut Scene<'_>, number: Option<i64>) -> Result<Outcome, Fault> {
    let number = match number_meant(scene, number, None).await? {
        Ok(number) => number,
        Err(outcome) => return Ok(outcome),
    };
    match find(scene, number).await? {
        Ok(stored) => {
            let face = Face::of(scene, &stored).await?;
            let me = scene.actor.person_id;
            let mut pieces = face.pieces(scene.say().await?)?;
            // A long one would bury what others say: it goes to who asked for it.
            let long = pieces.len() > 1;
            if long && !scene.is_direct() {
                scene.tick().await?;
                pieces = face.pieces(scene.say_to(me).await?)?;
            }
            for piece in pieces {
                let reply = ActivityReply::Roster { face: face.clone(), piece };
                if long {
                    scene.tell(me, Lane::Answer, &reply).await?;
                } else {
                    scene.answer(&reply).await?;
                }
            }
            Ok(Outcome::Handled)
        }
        Err(outcome) => Ok(outcome),
    }
}

/// The clock: a reminder, or the beginning.
async fn due(scene: &mut Scene<'_>, row: agenda::Row, answers: Vec<Answers>) -> Result<Outcome, Fault> {
    let number = row.number.ok_or(Fault::Broken("an agenda row without a number"))?;
    let Some(stored) = store::get(scene.tx, &row.community_id, number).await? else { return Ok(Outcome::Ignored) };
    if stored.row.state != "open" {
        return Ok(Outcome::Ignored);
    }
    match row.kind.as_str() {
        BEGIN => {
            close::take_in(scene, &stored, answers).await?;
            // Silently: the card is brought up to date when people are home.
            for card in card::of_number(scene.tx, &row.community_id, KIND, number).await? {
                card::set_open(scene.tx, card.card_id, false, scene.now_ms).await?;
            }
        }
        OVER => show(scene, &stored).await?,
        _ => {
            let going = store::going(scene.tx, &row.community_id, &[number]).await?;
            let going: Vec<Person> = going.into_iter().map(|(_, person)| person).collect();
            if going.is_empty() {
                return Ok(Outcome::Ignored);
            }
            let face = Face::of(scene, &stored).await?;
            let people = quiet::without(scene.tx, going, scene.now_ms).await?;
            let room_id = stored.row.room_id.clone();
            if people.is_empty() {
                scene.post_in(&room_id, Lane::Digest, &ActivityReply::Reminder { face, people: &[] }).await?;
            } else {
                let mut rest = people.as_slice();
                while !rest.is_empty() {
                    let (some, others) = rest.split_at(portion(rest));
                    rest = others;
                    let reply = ActivityReply::Reminder { face: face.clone(), people: some };
                    scene.post_in(&room_id, Lane::Digest, &reply).await?;
                }
            }
        }
    }
    Ok(Outcome::Handled)
}

impl Face {
    async fn of(scene: &mut Scene<'_>, stored: &store::Activity) -> Result<Self, Fault> {
        let organiser = person::get(scene.tx, stored.row.organiser_id).await?;
        let community = scene.community()?;
        let begun = stored.row.starts_at_ms <= scene.now_ms;
        let daytime = offers_evening(scene, stored)?;
        Ok(Self::new(community, stored, organiser, begun, daytime))
    }
}
