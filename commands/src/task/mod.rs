//! Tasks for party members (任务 党员): one private message each in the evening, a tap to take it, one follow-up to the
//! silent; who asked sees who said what, and nobody else does (FEATURES.md row 81; SPECS.md 2.11).

pub(crate) mod command;
mod reply;
pub mod rules;
#[cfg(test)]
mod tests;
mod undo;

pub use self::undo::undo_answer;
use lamplighter_storage::{
    agenda, card, item,
    outbox::Lane,
    party,
    person::{self, Person, PersonId},
    quiet,
    task::{self as store, TaskRow},
};

use crate::{
    card as cards, evening,
    fault::Fault,
    feature::{Feature, Parsed, Work, nothing_to_show},
    house::{General, Outcome},
    incoming::Answers,
    language::Phrase,
    party::may_ask_members,
    scene::{Plan, Scene},
    task::{
        command::{Command, Request},
        reply::{Face, Lists, TaskReply},
        rules::{Act, Answer, Change, Refusal, Task},
    },
};

/// The kind of the item and of the card by which somebody is asked.
pub const KIND: &str = "task";
/// The kind of the card that shows who said what to the one who asked.
pub const STATUS: &str = "task_status";
const CARDS: &[&str] = &[KIND, STATUS];

const ACCEPT: &str = "✅ 接";
const DECLINE: &str = "❌ 不便";

/// Everybody is asked.
const PING: &str = "task.ping";
/// The silent are asked again.
const FOLLOW_UP: &str = "task.follow_up";

/// Among this many tasks the one that is meant is looked for when no number was typed.
const CANDIDATES_MAX: i64 = 50;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "task",
    words: command::WORDS,
    sayings: &[],
    cues: &[],
    read: command::read,
    cards: CARDS,
    keys: &[ACCEPT, DECLINE],
    thumbs_up: Some(ACCEPT),
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: |scene, card, key, taken_back| -> Work<'_> { Box::pin(tap(scene, card, key, taken_back)) },
    due_kinds: &[PING, FOLLOW_UP],
    read_back: &[],
    due: |scene, row, answers| -> Work<'_> { Box::pin(due(scene, row, answers)) },
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

async fn refuse(scene: &mut Scene<'_>, reply: &impl crate::scene::Reply) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    let now = evening::local(scene.community()?, scene.said_at_ms);
    match command::parse(key, &rest, now) {
        Parsed::Malformed(id) => refuse(scene, &General::Malformed { id }).await,
        Parsed::Mine(Command::Post(request)) => post(scene, request).await,
        Parsed::Mine(Command::Status(number)) => show_status(scene, number).await,
        Parsed::Mine(Command::Now(number)) => send_now(scene, number).await,
        Parsed::Mine(Command::Cancel(number)) => cancel(scene, number).await,
    }
}

async fn post(scene: &mut Scene<'_>, request: Request) -> Result<Outcome, Fault> {
    if !may_ask_members(scene) {
        return refuse(scene, &TaskReply::NotAllowed).await;
    }
    let community = scene.community()?;
    let room_id = scene.room()?.room_id.clone();
    let starts_at_ms = evening::instant_ms(community, request.starts_at);
    if starts_at_ms <= scene.now_ms {
        return refuse(scene, &General::Malformed { id: "time-past" }).await;
    }
    let members = asked(scene, scene.actor.person_id).await?;
    if members.is_empty() {
        return refuse(scene, &TaskReply::NoMembers).await;
    }
    let number = item::create(scene.tx, &community.id, KIND, &room_id, &scene.incoming.event_id).await?;
    let row = TaskRow {
        number,
        room_id,
        starter_id: scene.actor.person_id,
        text: cards::shown(&request.text),
        starts_at_ms,
        grain: request.grain.as_str().into(),
        places: request.places,
        state: "waiting".into(),
    };
    store::create(scene.tx, &community.id, &row, scene.now_ms).await?;
    let payload = serde_json::json!({
        "starter": row.starter_id, "text": row.text, "starts_at_ms": starts_at_ms, "places": row.places,
    });
    scene.record("task.posted", Some(number), &payload).await?;
    let ping_at_ms = evening::now_or_next_start_ms(community, scene.now_ms);
    plan_ping(scene, &row, ping_at_ms, true).await?;
    scene.tick().await?;
    undo::note(scene, "posted", number);
    let lists = Lists::of(scene, &row).await?;
    let face = Face::of(scene, &row).await?;
    let count = members.len() as i64;
    let too_early = ping_at_ms >= starts_at_ms;
    let starter = scene.actor.person_id;
    let reply =
        TaskReply::Status { face: face.clone(), lists, pings_at_ms: Some(ping_at_ms).filter(|_| !too_early), count };
    scene.tell_card(starter, STATUS, number, &reply, &[], false).await?;
    if too_early {
        scene.tell(starter, Lane::Answer, &TaskReply::TooEarly { face, pings_at_ms: ping_at_ms }).await?;
    }
    Ok(Outcome::Handled)
}

/// The members who are asked: all but the one who asks.
async fn asked(scene: &mut Scene<'_>, starter: PersonId) -> Result<Vec<Person>, Fault> {
    let community_id = scene.community()?.id.clone();
    let mut members = party::members(scene.tx, &community_id).await?;
    members.retain(|member| member.person_id != starter);
    Ok(members)
}

async fn plan_ping(scene: &mut Scene<'_>, row: &TaskRow, due_at_ms: i64, unasked: bool) -> Result<(), Fault> {
    let key = format!("{PING} {}", row.number);
    // Moving a row doesn't change whether it waits for the window, so 立即 is a row of its own.
    let key = if unasked { key } else { format!("{key} now") };
    let plan = Plan {
        key: &key,
        kind: PING,
        number: Some(row.number),
        room_id: Some(&row.room_id),
        due_at_ms,
        stale_at_ms: Some(row.starts_at_ms),
        unasked,
        ..Plan::default()
    };
    scene.plan(plan).await
}

fn answer_of(name: &str) -> Answer {
    match name {
        "accepted" => Answer::Accepted,
        "declined" => Answer::Declined,
        _ => Answer::Silent,
    }
}

fn answer_name(answer: Answer) -> &'static str {
    match answer {
        Answer::Silent => "silent",
        Answer::Accepted => "accepted",
        Answer::Declined => "declined",
    }
}

async fn to_rules(scene: &mut Scene<'_>, row: &TaskRow) -> Result<Task, Fault> {
    let community_id = scene.community()?.id.clone();
    let answers = store::answers(scene.tx, &community_id, row.number).await?;
    Ok(Task {
        starter: row.starter_id,
        places: row.places,
        cancelled: row.state == "cancelled",
        starts_at_ms: row.starts_at_ms,
        answers: answers.into_iter().map(|row| (row.person_id, answer_of(&row.answer))).collect(),
    })
}

/// Whose tasks somebody may reach by a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Their own: who said what is for the one who asked alone.
    Own,
    /// A steward may do what captains may, so that a task doesn't depend on one who is away.
    OwnOrAsSteward,
}

/// The task of this number, or that of the card that was replied to.
async fn reached(scene: &mut Scene<'_>, number: Option<i64>, reach: Reach) -> Result<Result<TaskRow, Outcome>, Fault> {
    let community_id = scene.community()?.id.clone();
    let replied = scene.replied_card.as_ref().filter(|card| card.kind == STATUS).map(|card| card.number);
    let Some(number) = number.or(replied) else {
        return Ok(Err(refuse(scene, &General::Malformed { id: "task-unreadable-number" }).await?));
    };
    let row = match store::get(scene.tx, &community_id, number).await? {
        Some(row) => row,
        None => {
            let reply = match item::get(scene.tx, &community_id, number).await? {
                Some(_) => TaskReply::OtherKind { number },
                None => TaskReply::NoSuch { number },
            };
            return Ok(Err(refuse(scene, &reply).await?));
        }
    };
    let as_steward = reach == Reach::OwnOrAsSteward && scene.is_steward_of(scene.community()?);
    if row.starter_id != scene.actor.person_id && !as_steward {
        let starter = person::get(scene.tx, row.starter_id).await?;
        return Ok(Err(refuse(scene, &TaskReply::NotYours { number, starter: &starter }).await?));
    }
    Ok(Ok(row))
}

/// Who has said what, privately, to the one who asked.
pub async fn show_status(scene: &mut Scene<'_>, number: i64) -> Result<Outcome, Fault> {
    let row = match reached(scene, Some(number), Reach::Own).await? {
        Ok(row) => row,
        Err(outcome) => return Ok(outcome),
    };
    if !scene.is_direct() {
        scene.tick().await?;
    }
    let reply = status(scene, &row).await?;
    let me = scene.actor.person_id;
    scene.tell(me, Lane::Answer, &reply).await?;
    Ok(Outcome::Handled)
}

async fn status<'a>(scene: &mut Scene<'_>, row: &TaskRow) -> Result<TaskReply<'a>, Fault> {
    let community = scene.community()?;
    let lists = Lists::of(scene, row).await?;
    let face = Face::of(scene, row).await?;
    let waits = row.state == "waiting";
    let pings_at_ms = waits.then(|| evening::now_or_next_start_ms(community, scene.now_ms));
    let count = if waits { asked(scene, row.starter_id).await?.len() as i64 } else { lists.count() };
    Ok(TaskReply::Status { face, lists, pings_at_ms, count })
}

async fn send_now(scene: &mut Scene<'_>, number: Option<i64>) -> Result<Outcome, Fault> {
    let row = match reached(scene, number, Reach::OwnOrAsSteward).await? {
        Ok(row) => row,
        Err(outcome) => return Ok(outcome),
    };
    if row.state != "waiting" || row.starts_at_ms <= scene.now_ms {
        return refuse(scene, &TaskReply::NotWaiting { number: row.number }).await;
    }
    let community_id = scene.community()?.id.clone();
    agenda::drop_of_item(scene.tx, &community_id, PING, row.number).await?;
    scene.tick().await?;
    let now_ms = scene.now_ms;
    plan_ping(scene, &row, now_ms, false).await?;
    undo::note(scene, "sent", row.number);
    tell_starter(scene, &row).await?;
    Ok(Outcome::Handled)
}

async fn cancel(scene: &mut Scene<'_>, number: Option<i64>) -> Result<Outcome, Fault> {
    let row = match reached(scene, number, Reach::OwnOrAsSteward).await? {
        Ok(row) => row,
        Err(outcome) => return Ok(outcome),
    };
    scene.tick().await?;
    if row.state != "cancelled" {
        undo::note(scene, "cancelled", row.number);
        let row = call_off(scene, row).await?;
        tell_starter(scene, &row).await?;
    }
    Ok(Outcome::Handled)
}

/// Tells whoever asked what a steward has done with their task.
async fn tell_starter(scene: &mut Scene<'_>, row: &TaskRow) -> Result<(), Fault> {
    let who = scene.actor.clone();
    if row.starter_id == who.person_id {
        return Ok(());
    }
    let face = Face::of(scene, row).await?;
    scene.tell_quietly(row.starter_id, Lane::Answer, &TaskReply::ByOther { face, who: &who }).await?;
    Ok(())
}

/// The actor leaves for good: their own task is called off if it hasn't begun.
pub(crate) async fn leave(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    match store::get(scene.tx, &community_id, number).await? {
        Some(row) if row.state != "cancelled" && row.starts_at_ms > scene.now_ms => {
            call_off(scene, row).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// The actor leaves for good and isn't among those any more who were asked; who asked sees it.
pub(crate) async fn leave_unanswered(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    store::unask(scene.tx, &community_id, number, scene.actor.person_id).await?;
    show_anew(scene, number).await
}

/// Shows who asked anew who said what, since names or texts have changed.
pub(crate) async fn show_anew(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(row) = store::get(scene.tx, &community_id, number).await? else { return Ok(()) };
    refresh_status(scene, &row).await?;
    let face = Face::of(scene, &row).await?;
    for card in card::of_number(scene.tx, &community_id, KIND, number).await?.iter().filter(|card| !card.open) {
        scene.refresh_card(card, &TaskReply::Over { face: face.clone() }, &[], false).await?;
    }
    Ok(())
}

/// Calls a task off and tells those who would have come.
async fn call_off(scene: &mut Scene<'_>, mut row: TaskRow) -> Result<TaskRow, Fault> {
    let community_id = scene.community()?.id.clone();
    scene.record("task.cancelled", Some(row.number), &serde_json::to_value(Change::Cancelled)?).await?;
    store::set_state(scene.tx, &community_id, row.number, "cancelled").await?;
    row.state = "cancelled".into();
    for kind in [PING, FOLLOW_UP] {
        agenda::drop_of_item(scene.tx, &community_id, kind, row.number).await?;
    }
    let face = Face::of(scene, &row).await?;
    for person in store::people(scene.tx, &community_id, row.number, "accepted").await? {
        // Membership is private: no room is told to look for the private chat.
        scene.tell_quietly(person.person_id, Lane::Answer, &TaskReply::CalledOff { face: face.clone() }).await?;
    }
    refresh_all(scene, &row).await?;
    Ok(row)
}

/// Brings the cards of a task that doesn't take place up to date.
async fn refresh_all(scene: &mut Scene<'_>, row: &TaskRow) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let face = Face::of(scene, row).await?;
    for card in card::of_number(scene.tx, &community_id, KIND, row.number).await? {
        scene.refresh_card(&card, &TaskReply::Over { face: face.clone() }, &[], false).await?;
    }
    refresh_status(scene, row).await
}

async fn refresh_status(scene: &mut Scene<'_>, row: &TaskRow) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let reply = status(scene, row).await?;
    for card in card::of_number(scene.tx, &community_id, STATUS, row.number).await? {
        scene.refresh_card(&card, &reply, &[], true).await?;
    }
    Ok(())
}

async fn tap(scene: &mut Scene<'_>, card: card::Card, key: &'static str, taken_back: bool) -> Result<Outcome, Fault> {
    if card.kind != KIND || card.person_id != Some(scene.actor.person_id) {
        return Ok(Outcome::Ignored);
    }
    let act = match (key, taken_back) {
        (ACCEPT, false) => Act::Accept,
        (DECLINE, false) => Act::Decline,
        (ACCEPT, true) => Act::TakeBack(Answer::Accepted),
        _ => Act::TakeBack(Answer::Declined),
    };
    answer(scene, card.number, act, Some(card.card_id)).await
}

/// 接 and 不便: whether they answer a task. None: they don't.
pub async fn answer_by_word(
    scene: &mut Scene<'_>,
    number: Option<i64>,
    accepts: bool,
) -> Result<Option<Outcome>, Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let act = if accepts { Act::Accept } else { Act::Decline };
    let replied = scene.replied_card.as_ref().filter(|card| card.kind == KIND).map(|card| card.number);
    let number = match number.or(replied) {
        Some(number) => number,
        // A reply to another card is about that one.
        None if scene.replied_card.is_some() => return Ok(None),
        None => {
            let mut fitting = Vec::new();
            for number in store::open_for(scene.tx, &community_id, me, scene.now_ms, CANDIDATES_MAX).await? {
                let Some(row) = store::get(scene.tx, &community_id, number).await? else { continue };
                // Where it is said already, something else is meant: an offer of a wish.
                if rules::decide(&to_rules(scene, &row).await?, me, act, scene.now_ms) != Ok(None) {
                    fitting.push(number);
                }
            }
            match fitting.as_slice() {
                [only] => *only,
                _ => return Ok(None),
            }
        }
    };
    if store::get(scene.tx, &community_id, number).await?.is_none() {
        return Ok(None);
    }
    answer(scene, number, act, None).await.map(Some)
}

async fn answer(scene: &mut Scene<'_>, number: i64, act: Act, tapped: Option<i64>) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let Some(row) = store::get(scene.tx, &community_id, number).await? else { return Ok(Outcome::Ignored) };
    let mut task = to_rules(scene, &row).await?;
    let change = match rules::decide(&task, me, act, scene.now_ms) {
        Ok(Some(change)) => change,
        Ok(None) => return Ok(Outcome::Handled),
        Err(refusal) => {
            // What concerns a task is private, wherever it was said; a tap is answered once a card.
            let silent = match tapped {
                Some(card_id) => {
                    matches!(act, Act::TakeBack(_)) || !card::give_tap_notice(scene.tx, card_id, me).await?
                }
                None => false,
            };
            if !silent {
                let face = Face::of(scene, &row).await?;
                scene.tell_quietly(me, Lane::Answer, &TaskReply::Refused { refusal, face }).await?;
            }
            return Ok(Outcome::Refused);
        }
    };
    scene.record("task.answered", Some(number), &serde_json::to_value(change)?).await?;
    let was_full = task.is_full();
    rules::apply(&mut task, change);
    let Change::Answered { answer, .. } = change else { return Ok(Outcome::Ignored) };
    store::set_answer(scene.tx, &community_id, number, me, answer_name(answer), scene.now_ms).await?;
    if tapped.is_none() {
        scene.tick().await?;
        undo::note(scene, answer_name(answer), number);
    }
    let face = Face::of(scene, &row).await?;
    for card in card::of_number(scene.tx, &community_id, KIND, number).await? {
        if card.person_id == Some(me) {
            let reply = TaskReply::Ask { face: face.clone(), answer };
            scene.refresh_card(&card, &reply, &[ACCEPT, DECLINE], true).await?;
        }
    }
    refresh_status(scene, &row).await?;
    if task.is_full() && !was_full {
        let lists = Lists::of(scene, &row).await?;
        scene.tell_quietly(row.starter_id, Lane::Answer, &TaskReply::Full { face, lists }).await?;
    }
    Ok(Outcome::Handled)
}

/// The clock: everybody is asked, or the silent again.
async fn due(scene: &mut Scene<'_>, due: agenda::Row, _: Vec<Answers>) -> Result<Outcome, Fault> {
    let number = due.number.ok_or(Fault::Broken("an agenda row without a number"))?;
    let Some(mut row) = store::get(scene.tx, &due.community_id, number).await? else { return Ok(Outcome::Ignored) };
    match (due.kind.as_str(), row.state.as_str()) {
        (PING, "waiting") => {
            store::set_state(scene.tx, &due.community_id, number, "sent").await?;
            row.state = "sent".into();
            scene.record("task.sent", Some(number), &serde_json::json!({})).await?;
            let members = asked(scene, row.starter_id).await?;
            for member in quiet::without(scene.tx, members, scene.now_ms).await? {
                if store::ask(scene.tx, &due.community_id, number, member.person_id).await? {
                    ask(scene, &row, member.person_id).await?;
                }
            }
            plan_follow_up(scene, &row).await?;
        }
        (FOLLOW_UP, "sent") => {
            if to_rules(scene, &row).await?.is_full() {
                return Ok(Outcome::Ignored);
            }
            for person_id in store::follow_up(scene.tx, &due.community_id, number).await? {
                if !quiet::wants(scene.tx, person_id, scene.now_ms).await? {
                    ask(scene, &row, person_id).await?;
                }
            }
        }
        _ => return Ok(Outcome::Ignored),
    }
    refresh_status(scene, &row).await?;
    Ok(Outcome::Handled)
}

async fn ask(scene: &mut Scene<'_>, row: &TaskRow, person_id: PersonId) -> Result<(), Fault> {
    let face = Face::of(scene, row).await?;
    let reply = TaskReply::Ask { face, answer: Answer::Silent };
    scene.tell_card(person_id, KIND, row.number, &reply, &[ACCEPT, DECLINE], false).await
}

/// One follow-up at the next day's digest, if the task has not begun by then.
async fn plan_follow_up(scene: &mut Scene<'_>, row: &TaskRow) -> Result<(), Fault> {
    let community = scene.community()?;
    let due_at_ms = evening::digest_ms(community, evening::next_day(evening::day(community, scene.now_ms)));
    if due_at_ms >= row.starts_at_ms {
        return Ok(());
    }
    let key = format!("{FOLLOW_UP} {}", row.number);
    let plan = Plan {
        key: &key,
        kind: FOLLOW_UP,
        number: Some(row.number),
        room_id: Some(&row.room_id),
        due_at_ms,
        stale_at_ms: Some(row.starts_at_ms),
        unasked: true,
        ..Plan::default()
    };
    scene.plan(plan).await
}

impl Face {
    async fn of(scene: &mut Scene<'_>, row: &TaskRow) -> Result<Self, Fault> {
        let community = scene.community()?;
        Ok(Self {
            number: row.number,
            text: row.text.clone(),
            starts_at_ms: row.starts_at_ms,
            grain: row.grain.clone(),
            half_day: reply::half_day(evening::local(community, row.starts_at_ms).time()),
            places: row.places,
            starter: person::get(scene.tx, row.starter_id).await?,
            cancelled: row.state == "cancelled",
        })
    }
}

impl Lists {
    async fn of(scene: &mut Scene<'_>, row: &TaskRow) -> Result<Self, Fault> {
        let community_id = scene.community()?.id.clone();
        let mut lists = Self::default();
        for (answer, list) in [
            (Answer::Accepted, &mut lists.accepted),
            (Answer::Declined, &mut lists.declined),
            (Answer::Silent, &mut lists.silent),
        ] {
            let people = store::people(scene.tx, &community_id, row.number, answer_name(answer)).await?;
            *list = people.into_iter().map(|person| person.display_name).collect();
        }
        Ok(lists)
    }
}

/// Why somebody was refused, for the reply.
pub(crate) fn refusal_word(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Full => "full",
        Refusal::Begun => "begun",
        Refusal::Cancelled => "cancelled",
        Refusal::NotAsked => "not-asked",
        Refusal::NotStarter => "not-starter",
    }
}
