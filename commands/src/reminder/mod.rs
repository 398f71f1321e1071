//! Reminders. Personal ones (提醒我) come at the minute asked, by private message, or in the room where it was asked if the
//! private chat isn't open. A captain's (提醒大家) come in the room, and ring every phone there if the captain may do that
//! when the time has come (docs/PROTOCOL.md, "When things go out"). People chose the hour themselves, so no window applies.

pub(crate) mod command;
mod reply;
#[cfg(test)]
mod tests;
mod undo;

use chrono::NaiveDateTime;
use lamplighter_storage::{
    agenda,
    outbox::Lane,
    person,
    reminder::{self as store, NewReminder},
    room,
};

use crate::{
    card as cards, evening,
    fault::Fault,
    feature::{Feature, Parsed, Work, no_taps, nothing_to_show},
    house::{General, Outcome},
    incoming::{Place, Right},
    language::Phrase,
    reminder::{
        command::Command,
        reply::{Reach, ReminderReply},
    },
    scene::{Plan, Scene},
};

/// It is time.
const DUE: &str = "reminder";
/// It is time for everybody in a room. Who asked is looked up before: what they may do is decided now, not when they asked.
pub const ROOM_DUE: &str = "reminder.room";
/// Somebody waits for at most this many reminders at once: more than anybody keeps in mind.
pub const WAITING_MAX: usize = 20;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "reminder",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: &[],
    read: command::read,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: no_taps,
    due_kinds: &[DUE, ROOM_DUE],
    read_back: &[],
    due: |scene, row, _| -> Work<'_> { Box::pin(due(scene, row)) },
    due_together: Some(|scene, rows| -> Work<'_> { Box::pin(due_together(scene, rows)) }),
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

async fn refuse(scene: &mut Scene<'_>, reply: &impl crate::scene::Reply) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let me = scene.actor.person_id;
    match command::parse(key, &rest, evening::local(community, scene.said_at_ms)) {
        Parsed::Malformed(id) => refuse(scene, &General::Malformed { id }).await,
        Parsed::Mine(Command::Remind(text, at)) => {
            let room_id = Some(scene.incoming.room_id.clone()).filter(|_| !scene.is_direct());
            note(scene, &text, at, room_id.as_deref(), false).await
        }
        Parsed::Mine(Command::RemindAll(text, at)) => {
            let room_id = scene.room()?.room_id.clone();
            note(scene, &text, at, Some(&room_id), true).await
        }
        Parsed::Mine(Command::List) => {
            let waiting = store::waiting(scene.tx, &community.id, me).await?;
            if !scene.is_direct() {
                scene.tick().await?;
            }
            scene.tell(me, Lane::Answer, &ReminderReply::List { waiting: &waiting }).await?;
            Ok(Outcome::Handled)
        }
        Parsed::Mine(Command::Cancel(number)) => {
            let waiting = store::waiting(scene.tx, &community.id, me).await?;
            let Some(reminder) = waiting.iter().find(|reminder| reminder.number == number) else {
                return refuse(scene, &ReminderReply::NoSuch { number }).await;
            };
            store::settle(scene.tx, reminder.reminder_id, "cancelled").await?;
            agenda::drop_of_item(scene.tx, &community.id, kind(reminder), reminder.reminder_id).await?;
            undo::note(scene, undo::Did::Cancelled(reminder.reminder_id))?;
            scene.answer(&ReminderReply::Cancelled { number }).await?;
            Ok(Outcome::Handled)
        }
    }
}

/// What a reminder is called on the agenda.
fn kind(reminder: &store::Reminder) -> &'static str {
    if reminder.whole_room { ROOM_DUE } else { DUE }
}

async fn plan(scene: &mut Scene<'_>, reminder: &store::Reminder) -> Result<(), Fault> {
    let kind = kind(reminder);
    let key = format!("{kind} {}", reminder.reminder_id);
    let (number, person_id) = (Some(reminder.reminder_id), Some(reminder.person_id));
    // The room is named only where it matters: who asked is looked up there before it falls due.
    let room_id = reminder.room_id.as_deref().filter(|_| reminder.whole_room);
    let due_at_ms = reminder.due_at_ms;
    scene.plan(Plan { key: &key, kind, number, person_id, room_id, due_at_ms, ..Plan::default() }).await
}

async fn note(
    scene: &mut Scene<'_>,
    text: &str,
    at: NaiveDateTime,
    room_id: Option<&str>,
    whole_room: bool,
) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let me = scene.actor.person_id;
    let due_at_ms = evening::instant_ms(community, at);
    // Asked for in time and only read too late (the bot was away, a key was missing): it is said at once.
    if due_at_ms <= scene.now_ms - CATCH_UP_MS {
        return refuse(scene, &General::Malformed { id: "time-past" }).await;
    }
    if store::waiting(scene.tx, &community.id, me).await?.len() >= WAITING_MAX {
        return refuse(scene, &ReminderReply::TooMany).await;
    }
    let new = NewReminder {
        community_id: &community.id,
        person_id: me,
        text: &cards::shown(text),
        due_at_ms,
        room_id,
        whole_room,
    };
    let reminder = store::create(scene.tx, new).await?;
    plan(scene, &reminder).await?;
    undo::note(scene, undo::Did::Asked(reminder.reminder_id))?;
    if whole_room {
        let room = scene.room()?.name.clone();
        let reach = reach(scene);
        scene.answer(&ReminderReply::NotedForAll { reminder: &reminder, room: &room, reach }).await?;
    } else {
        scene.answer(&ReminderReply::Noted { reminder: &reminder }).await?;
    }
    Ok(Outcome::Handled)
}

/// Whether every phone would ring if it were time now.
fn reach(scene: &Scene<'_>) -> Reach {
    match &scene.incoming.place {
        Place::Direct { .. } => Reach::Unknown,
        Place::Room { .. } if !scene.incoming.sender.may_call_room => Reach::AskerMayNot,
        Place::Room { lacks, .. } if lacks.contains(&Right::Notify) => Reach::BotMayNot,
        Place::Room { .. } => Reach::Everybody,
    }
}

async fn due(scene: &mut Scene<'_>, row: agenda::Row) -> Result<Outcome, Fault> {
    if row.kind == ROOM_DUE {
        return due_for_all(scene, &row).await;
    }
    due_together(scene, std::slice::from_ref(&row)).await
}

async fn due_together(scene: &mut Scene<'_>, rows: &[agenda::Row]) -> Result<Outcome, Fault> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.number).collect();
    let waiting = store::waiting_among(scene.tx, &ids).await?;
    store::sent_together(scene.tx, &ids).await?;
    for row in rows {
        let found = waiting.iter().find(|(reminder, _)| Some(reminder.reminder_id) == row.number);
        let Some((reminder, person)) = found else { continue };
        // After downtime it comes late, and says for when it was.
        let late = scene.now_ms - row.due_at_ms > LATE_MS;
        let reply = ReminderReply::Now { reminder, person, late };
        scene.tell_openly(row, reminder.person_id, reminder.room_id.as_deref(), &reply).await?;
    }
    Ok(if waiting.is_empty() { Outcome::Ignored } else { Outcome::Handled })
}

/// Everybody in a room is told, and their phones ring if the one who asked may do that now.
async fn due_for_all(scene: &mut Scene<'_>, row: &agenda::Row) -> Result<Outcome, Fault> {
    let ids: Vec<i64> = row.number.into_iter().collect();
    let waiting = store::waiting_among(scene.tx, &ids).await?;
    let Some((reminder, asker)) = waiting.first() else { return Ok(Outcome::Ignored) };
    store::sent_together(scene.tx, &ids).await?;
    let Some(room_id) = &reminder.room_id else { return Ok(Outcome::Ignored) };
    let room = room::get(scene.tx, room_id).await?.map(|room| room.name).unwrap_or_default();
    let asker = person::get(scene.tx, asker.person_id).await?;
    // Nobody speaks through the bot in a room that they have left.
    if scene.incoming.sender.user_id != asker.user_id {
        let reply = ReminderReply::NotSaid { reminder, room: &room };
        scene.tell_quietly(asker.person_id, Lane::Answer, &reply).await?;
        return Ok(Outcome::Handled);
    }
    let rings = scene.incoming.sender.may_call_room;
    let late = scene.now_ms - row.due_at_ms > LATE_MS;
    let reply = ReminderReply::NowForAll { reminder, asker: &asker, late, rings };
    scene.post(room_id, &reply).await?;
    if !rings {
        let reply = ReminderReply::SaidQuietly { reminder, room: &room };
        scene.tell_quietly(asker.person_id, Lane::Answer, &reply).await?;
    }
    Ok(Outcome::Handled)
}

/// A reminder whose minute passed before the bot could read the request is still given if it is at most this late.
const CATCH_UP_MS: i64 = 2 * 60 * evening::MINUTE_MS;
/// A reminder that comes more than this long after its minute says so.
const LATE_MS: i64 = 5 * evening::MINUTE_MS;
