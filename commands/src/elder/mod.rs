//! 长辈模式: large letters, plain words, no numbers to remember, everything by a digit or a tap, for a person or for all in a
//! room (FEATURES.md row 76).
//!
//! There is no second set of messages. What the bot says to somebody is said in the plain voice ([`crate::speech`]), and the
//! commands that a message names become digits ([`plain`]), which answer as those of any question do ([`crate::choice`]).
//! So is the menu made: each of its lines names a command.

pub(crate) mod command;
pub(crate) mod plain;
mod reply;
pub mod rules;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_storage::{
    activity, elder as store, item, party,
    person::{self, Person},
    poll, room, task, wish,
};

pub(crate) use self::command::{as_a_wish, menu_command};
use crate::{
    card::Card,
    dialogue,
    elder::{
        command::Command,
        reply::{ElderReply, Entry, Thing},
        rules::Rank,
        undo::Before,
    },
    fault::Fault,
    feature::{self, Feature, Parsed, Role, Word, Work, no_taps, nothing_due, nothing_to_show},
    house::{General, Outcome},
    language::{
        Phrase,
        addressed::How,
        number::{self, Number},
    },
    reading,
    scene::{Reply, Scene},
    speech::{Say, Unspeakable},
};

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "elder",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: &[],
    read: command::read,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, _, rest| -> Work<'_> { Box::pin(run(scene, rest)) },
    tap: no_taps,
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

/// Of each kind of things the menu names the first few.
const OF_A_KIND_MAX: usize = 3;
/// Among so many things those are looked for that somebody can do something about.
const CANDIDATES_MAX: i64 = 20;
/// So long before an activity it reminds.
const REMIND_BEFORE_MS: i64 = 60 * 60 * 1000;

async fn run(scene: &mut Scene<'_>, rest: Phrase) -> Result<Outcome, Fault> {
    match command::parse(&rest) {
        Parsed::Malformed(id) => refuse(scene, &General::Malformed { id }).await,
        Parsed::Mine(Command::Mine(on)) => mine(scene, on).await,
        Parsed::Mine(Command::Room(_)) if scene.is_direct() => refuse(scene, &ElderReply::RoomThere).await,
        Parsed::Mine(Command::Room(_)) if scene.role < Role::Captain => {
            refuse(scene, &General::NotAllowed { needs: Role::Captain }).await
        }
        Parsed::Mine(Command::Room(on)) => {
            let changed = set_room(scene, on).await?;
            if changed {
                undo::note(scene, Before::Room(!on))?;
            }
            scene.answer(&ElderReply::Room(on)).await?;
            Ok(Outcome::Handled)
        }
        Parsed::Mine(Command::Menu(page, words)) => menu(scene, page, words).await,
        Parsed::Mine(Command::Poll(number, page)) => options(scene, number, page).await,
        Parsed::Mine(Command::AskOff) => {
            tell(scene, &ElderReply::AskOff).await?;
            Ok(Outcome::Handled)
        }
    }
}

async fn refuse(scene: &mut Scene<'_>, reply: &impl Reply) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

async fn mine(scene: &mut Scene<'_>, on: bool) -> Result<Outcome, Fault> {
    let me = scene.actor.person_id;
    if store::set(scene.tx, me, on).await? {
        undo::note(scene, Before::Mine(!on))?;
    }
    if !on {
        tell(scene, &ElderReply::Off).await?;
        return Ok(Outcome::Handled);
    }
    let (entries, more) = page_of(scene, 1, String::new()).await?;
    tell(scene, &ElderReply::On { entries: &entries, more }).await?;
    Ok(Outcome::Handled)
}

/// What is about one person only is told them, wherever they asked.
async fn tell(scene: &mut Scene<'_>, reply: &ElderReply<'_>) -> Result<(), Fault> {
    if scene.is_direct() {
        scene.answer(reply).await?;
    } else {
        scene.tick().await?;
        let me = scene.actor.person_id;
        scene.tell(me, lamplighter_storage::outbox::Lane::Answer, reply).await?;
    }
    Ok(())
}

/// Turns it on or off in the room; false: it was so.
async fn set_room(scene: &mut Scene<'_>, on: bool) -> Result<bool, Fault> {
    let community_id = scene.community()?.id.clone();
    let room_id = scene.room()?.room_id.clone();
    let changed = store::set_in(scene.tx, &community_id, &room_id, on).await?;
    if changed {
        let payload = serde_json::json!({ "room": room_id, "name": "elder", "value": on });
        scene.record("room.setting", None, &payload).await?;
    }
    Ok(changed)
}

/// Whether the actor is answered in plain words here: they want it, or the room does and they aren't its captain.
pub(crate) async fn hears_plainly(scene: &mut Scene<'_>) -> Result<bool, Fault> {
    // Whoever acts for somebody reads for themselves.
    let me = scene.speaker().person_id;
    if store::is_on(scene.tx, me).await? {
        return Ok(true);
    }
    let room_id = scene.incoming.room_id.clone();
    Ok(!scene.is_direct() && scene.role == Role::Resident && store::is_on_in(scene.tx, &room_id).await?)
}

/// The command that is meant instead by somebody who wants plain words, in their private chat: 0 and asking for help lead
/// to the menu from anywhere.
pub(crate) async fn instead(scene: &mut Scene<'_>, text: &Phrase) -> Result<Option<String>, Fault> {
    if !scene.is_direct() || !hears_plainly(scene).await? {
        return Ok(None);
    }
    let found = reading::command_of(How::Prefix, text);
    let help = found.is_some_and(|found| found.feature.name == crate::help::FEATURE.name && found.rest.is_empty());
    Ok(command::instead(text, help))
}

/// A card whose commands are digits, with those commands.
pub(crate) fn numbered(scene: &Scene<'_>, card: Card) -> (Card, Vec<String>) {
    numbered_from(scene, card, 0)
}

/// The same where so many digits stand for something else already.
pub(crate) fn numbered_from(scene: &Scene<'_>, card: Card, taken: usize) -> (Card, Vec<String>) {
    if card.explains {
        return (card, Vec::new());
    }
    let now = scene.house.local(scene.now_ms);
    let private = scene.is_direct();
    plain::numbered(card, taken, |typed, put_in| {
        let text = Phrase::new(typed);
        let Some(found) = feature::find(&text).filter(|found| found.word.role == Role::Resident) else {
            return plain::Kind::Example;
        };
        if private && found.feature.name == crate::help::FEATURE.name {
            return plain::Kind::Menu;
        }
        // 许愿 修灯 is an example of ours, 许愿 is none.
        if !(put_in || found.rest.is_empty() || found.feature.name == "elder") {
            return plain::Kind::Example;
        }
        let problem = reading::meant(How::Prefix, &text, &[], now).and_then(|meant| meant.read.problem);
        if problem.is_none_or(dialogue::is_missing) { plain::Kind::Command } else { plain::Kind::Example }
    })
}

/// A card for somebody who may be answering something else: its commands aren't named, but how to come back to them is.
pub(crate) fn for_later(say: Say<'_>, card: Card) -> Result<Card, Unspeakable> {
    let without = card.clone().without_commands();
    if without == card {
        return Ok(card);
    }
    let (back, _) = plain::numbered(say.card("elder-later", &[])?, 0, |_, _| plain::Kind::Menu);
    Ok(without.with(back))
}

/// Says in words that a command is done, since a small ✅ on a digit says little.
pub(crate) async fn say_done(scene: &mut Scene<'_>, word: &Word, rest: &str) -> Result<(), Fault> {
    let words = (word.zh.first().copied().unwrap_or_default(), word.en.first().copied().unwrap_or_default());
    let first = rest.split_whitespace().next().unwrap_or_default();
    let number = match number::of_item(&Phrase::new(first)) {
        // 许愿 一台收音机 is about no item.
        Number::Is(number) if word.key != POSTS => Some(number),
        _ => None,
    };
    let about = match number {
        Some(number) => subject(scene, number).await?,
        None => rest.to_owned(),
    };
    let waits = match number {
        Some(number) => waits(scene, number).await?,
        None => false,
    };
    if waits {
        scene.answer(&ElderReply::Waiting { about: &about }).await?;
    } else {
        scene.answer(&ElderReply::Done { words, about: &about }).await?;
    }
    Ok(())
}

/// The key of the words with which something is posted.
const POSTS: &str = "post";

/// Whether the actor has no place yet in an activity for which they signed up.
async fn waits(scene: &mut Scene<'_>, number: i64) -> Result<bool, Fault> {
    let (community_id, me) = (scene.community()?.id.clone(), scene.actor.person_id);
    let stored = activity::get(scene.tx, &community_id, number).await?;
    let seats = stored.map(|stored| stored.seats).unwrap_or_default();
    Ok(seats.iter().any(|seat| seat.person_id == me && seat.guest.is_empty() && seat.state == "waiting"))
}

/// What an item is about.
async fn subject(scene: &mut Scene<'_>, number: i64) -> Result<String, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(item) = item::get(scene.tx, &community_id, number).await? else { return Ok(String::new()) };
    Ok(match item.kind.as_str() {
        crate::wish::KIND => wish::get(scene.tx, &community_id, number).await?.map(|wish| wish.row.text),
        crate::activity::KIND => activity::get(scene.tx, &community_id, number).await?.map(|one| one.row.title),
        crate::task::KIND => task::get(scene.tx, &community_id, number).await?.map(|task| task.text),
        crate::poll::KIND => poll::get(scene.tx, &community_id, number).await?.map(|poll| poll.question),
        _ => None,
    }
    .unwrap_or_default())
}

async fn menu(scene: &mut Scene<'_>, page: usize, words: String) -> Result<Outcome, Fault> {
    let (entries, more) = page_of(scene, page, words).await?;
    tell(scene, &ElderReply::Menu { entries: &entries, more }).await?;
    Ok(Outcome::Handled)
}

/// A page of the menu, and the number of the next one.
async fn page_of(scene: &mut Scene<'_>, page: usize, words: String) -> Result<(Vec<Entry>, Option<i64>), Fault> {
    let (entries, more) = rules::page(entries(scene, words).await?, page);
    Ok((entries, more.then(|| i64::try_from(page + 1).unwrap_or(1))))
}

/// What can be answered in a poll; without a number in the only one.
async fn options(scene: &mut Scene<'_>, number: Option<i64>, page: usize) -> Result<Outcome, Fault> {
    let mut open = open_polls(scene).await?;
    if number.is_none() && open.len() > 1 {
        return menu(scene, 1, String::new()).await;
    }
    open.retain(|poll| number.is_none_or(|number| number == poll.number));
    let Some(poll) = open.pop() else {
        return refuse(scene, &ElderReply::NoPoll).await;
    };
    let number = poll.number;
    let options = poll.option_texts()?;
    let shown = rules::options(options.len(), page);
    let more = (shown.end < options.len()).then(|| i64::try_from(page + 1).unwrap_or(1));
    tell(scene, &ElderReply::Poll { number, question: &poll.question, options: &options, shown, more }).await?;
    Ok(Outcome::Handled)
}

/// The rooms of the community in which the actor is met here.
async fn rooms(scene: &mut Scene<'_>) -> Result<Vec<String>, Fault> {
    let community_id = scene.community()?.id.clone();
    let mut here: Vec<String> = scene.shared_rooms().iter().map(|shared| shared.room_id.clone()).collect();
    if !scene.is_direct() {
        here.push(scene.incoming.room_id.clone());
    }
    let mut rooms = Vec::new();
    for room_id in here {
        let room = room::get(scene.tx, &room_id).await?;
        if room.and_then(|room| room.community_id).as_deref() == Some(community_id.as_str()) {
            rooms.push(room_id);
        }
    }
    Ok(rooms)
}

async fn open_polls(scene: &mut Scene<'_>) -> Result<Vec<poll::PollRow>, Fault> {
    let community_id = scene.community()?.id.clone();
    let rooms = rooms(scene).await?;
    let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let polls = poll::closing_between(scene.tx, &community_id, &rooms, scene.now_ms, i64::MAX).await?;
    let mut open: Vec<poll::PollRow> = Vec::new();
    for (_, poll) in polls {
        // One that was put to several rooms has a card in each.
        if open.iter().all(|known| known.number != poll.number) {
            open.push(poll);
        }
    }
    Ok(open)
}

/// All that the actor can do now.
async fn entries(scene: &mut Scene<'_>, words: String) -> Result<Vec<(Rank, Entry)>, Fault> {
    let first = if words.is_empty() { Entry::Ask } else { Entry::Post(words) };
    let mut entries = vec![(Rank::Help, first), (Rank::Points, Entry::Points)];
    tasks(scene, &mut entries).await?;
    wishes(scene, &mut entries).await?;
    activities(scene, &mut entries).await?;
    let (community_id, me) = (scene.community()?.id.clone(), scene.actor.person_id);
    for poll in open_polls(scene).await?.into_iter().take(OF_A_KIND_MAX) {
        let answered = poll::stands(scene.tx, &community_id, poll.number, me).await?;
        let rank = if answered { Rank::Rest } else { Rank::Vote };
        entries.push((rank, Entry::Vote(thing(poll.number, &poll.question))));
    }
    match party::current(scene.tx, &community_id, me).await? {
        None => entries.push((Rank::Rest, Entry::CheckIn)),
        Some(check_in) if check_in.state == "submitted" => entries.push((Rank::Change, Entry::CheckOut)),
        Some(_) => {}
    }
    entries.push((Rank::Rest, Entry::Off));
    Ok(entries)
}

fn thing(number: i64, text: &str) -> Thing {
    Thing { number, text: text.to_owned(), who: None, at_ms: None }
}

async fn tasks(scene: &mut Scene<'_>, entries: &mut Vec<(Rank, Entry)>) -> Result<(), Fault> {
    let (community_id, me) = (scene.community()?.id.clone(), scene.actor.person_id);
    let numbers = task::open_for(scene.tx, &community_id, me, scene.now_ms, OF_A_KIND_MAX as i64).await?;
    for number in numbers {
        let Some(task) = task::get(scene.tx, &community_id, number).await? else { continue };
        let answers = task::answers(scene.tx, &community_id, number).await?;
        let mine = answers.iter().find(|answer| answer.person_id == me).map_or("", |answer| answer.answer.as_str());
        let thing = thing(number, &task.text);
        if mine != "accepted" {
            let rank = if mine == "silent" { Rank::Awaited } else { Rank::Change };
            entries.push((rank, Entry::Accept(thing.clone())));
        }
        if mine != "declined" {
            let rank = if mine == "silent" { Rank::Awaited } else { Rank::Change };
            entries.push((rank, Entry::Decline(thing)));
        }
    }
    Ok(())
}

async fn wishes(scene: &mut Scene<'_>, entries: &mut Vec<(Rank, Entry)>) -> Result<(), Fault> {
    let (community_id, me) = (scene.community()?.id.clone(), scene.actor.person_id);
    for number in wish::asking(scene.tx, &community_id, me).await? {
        let Some(stored) = wish::get(scene.tx, &community_id, number).await? else { continue };
        let thing = about(scene, &stored.row, stored.row.wisher_id).await?;
        entries.push((Rank::Awaited, Entry::Accept(thing.clone())));
        entries.push((Rank::Awaited, Entry::Decline(thing)));
    }
    for row in wish::of_person(scene.tx, &community_id, me, OF_A_KIND_MAX as i64).await? {
        if row.wisher_id == me {
            let plain = thing(row.number, &row.text);
            if let Some(helper_id) = row.helper_id {
                let thing = about(scene, &row, helper_id).await?;
                entries.push((Rank::Awaited, Entry::Confirm(thing)));
            }
            if row.state != "done" {
                entries.push((Rank::Change, Entry::Withdraw(plain)));
            }
        } else if row.state == "claimed" {
            let thing = about(scene, &row, row.wisher_id).await?;
            entries.push((Rank::Awaited, Entry::Finish(thing.clone())));
            entries.push((Rank::Change, Entry::Release(thing)));
        }
    }
    let rooms = rooms(scene).await?;
    let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let open = wish::open_in_rooms(scene.tx, &rooms, CANDIDATES_MAX).await?;
    for (row, _) in open.into_iter().filter(|(row, _)| row.wisher_id != me).take(OF_A_KIND_MAX) {
        let thing = about(scene, &row, row.wisher_id).await?;
        entries.push((Rank::Claim, Entry::Claim(thing)));
    }
    Ok(())
}

/// A wish and somebody whom it is about.
async fn about(scene: &mut Scene<'_>, row: &wish::WishRow, person_id: i64) -> Result<Thing, Fault> {
    let who: Person = person::get(scene.tx, person_id).await?;
    Ok(Thing { who: Some(who), ..thing(row.number, &row.text) })
}

/// How many places of an activity are taken.
fn seats_taken(stored: &activity::Activity) -> i64 {
    stored.seats.iter().filter(|seat| seat.state == "going").map(|seat| seat.adults + seat.children).sum()
}

async fn activities(scene: &mut Scene<'_>, entries: &mut Vec<(Rank, Entry)>) -> Result<(), Fault> {
    let (community_id, me) = (scene.community()?.id.clone(), scene.actor.person_id);
    let rooms = rooms(scene).await?;
    let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let coming = activity::between(scene.tx, &rooms, scene.now_ms, i64::MAX, OF_A_KIND_MAX as i64).await?;
    for (row, _) in coming {
        let Some(stored) = activity::get(scene.tx, &community_id, row.number).await? else { continue };
        let thing = Thing { at_ms: Some(row.starts_at_ms), ..thing(row.number, &row.title) };
        if stored.seats.iter().any(|seat| seat.person_id == me && seat.guest.is_empty()) {
            entries.push((Rank::Change, Entry::Leave(thing.clone())));
            entries.push((Rank::Change, Entry::OneMore(thing.clone())));
            let remind_at_ms = row.starts_at_ms - REMIND_BEFORE_MS;
            if remind_at_ms > scene.now_ms {
                entries.push((Rank::Change, Entry::Remind(Thing { at_ms: Some(remind_at_ms), ..thing.clone() })));
            }
        } else {
            let is_full = stored.row.capacity.is_some_and(|capacity| seats_taken(&stored) >= capacity);
            let entry = if is_full { Entry::Wait(thing.clone()) } else { Entry::Join(thing.clone()) };
            entries.push((Rank::Join, entry));
        }
        entries.push((Rank::Change, Entry::Roster(thing)));
    }
    Ok(())
}
