//! Personal reminders (提醒我): at the minute asked, by private message, or in the room where it was asked if the private
//! chat isn't open (docs/PROTOCOL.md, "When things go out"). People chose the hour themselves, so no window applies.

pub(crate) mod command;
mod reply;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_storage::{agenda, outbox::Lane, reminder as store};

use crate::{
    card as cards, evening,
    fault::Fault,
    feature::{Feature, Parsed, Work, no_taps, nothing_to_show},
    house::{General, Outcome},
    language::Phrase,
    reminder::{command::Command, reply::ReminderReply},
    scene::{Plan, Scene},
};

/// It is time.
const DUE: &str = "reminder";
/// Somebody waits for at most this many reminders at once: more than anybody keeps in mind.
pub const WAITING_MAX: usize = 20;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "reminder",
    words: command::WORDS,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: no_taps,
    due_kinds: &[DUE],
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
            let due_at_ms = evening::instant_ms(community, at);
            if due_at_ms <= scene.now_ms {
                return refuse(scene, &General::Malformed { id: "time-past" }).await;
            }
            if store::waiting(scene.tx, &community.id, me).await?.len() >= WAITING_MAX {
                return refuse(scene, &ReminderReply::TooMany).await;
            }
            let room_id = Some(scene.incoming.room_id.clone()).filter(|_| !scene.is_direct());
            let text = cards::shown(&text);
            let reminder = store::create(scene.tx, &community.id, me, &text, due_at_ms, room_id.as_deref()).await?;
            plan(scene, &reminder).await?;
            undo::note(scene, undo::Did::Asked(reminder.reminder_id))?;
            scene.answer(&ReminderReply::Noted { reminder: &reminder }).await?;
            Ok(Outcome::Handled)
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
            agenda::drop_of_item(scene.tx, &community.id, DUE, reminder.reminder_id).await?;
            undo::note(scene, undo::Did::Cancelled(reminder.reminder_id))?;
            scene.answer(&ReminderReply::Cancelled { number }).await?;
            Ok(Outcome::Handled)
        }
    }
}

async fn plan(scene: &mut Scene<'_>, reminder: &store::Reminder) -> Result<(), Fault> {
    let key = format!("{DUE} {}", reminder.reminder_id);
    let (number, person_id) = (Some(reminder.reminder_id), Some(reminder.person_id));
    let due_at_ms = reminder.due_at_ms;
    scene.plan(Plan { key: &key, kind: DUE, number, person_id, due_at_ms, ..Plan::default() }).await
}

async fn due(scene: &mut Scene<'_>, row: agenda::Row) -> Result<Outcome, Fault> {
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
        scene.tell_openly(row, reminder.person_id, reminder.room_id.as_deref(), &reply)?;
    }
    Ok(if waiting.is_empty() { Outcome::Ignored } else { Outcome::Handled })
}

/// A reminder that comes more than this long after its minute says so.
const LATE_MS: i64 = 5 * evening::MINUTE_MS;
