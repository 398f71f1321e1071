//! Quick polls (投票): a native poll with a numbered card beside it, in one room or in every building room; answers by
//! tap, by number or by private message; closed at the deadline, announced when people are home (FEATURES.md rows 31
//! and 32; SPECS.md 2.3). They are an opinion, not an owners' vote.
//!
//! Which ballots count is said in `storage/src/poll.rs`.

pub(crate) mod command;
pub mod reply;
#[cfg(test)]
mod tests;
mod undo;

use std::collections::BTreeSet;

use lamplighter_storage::{
    agenda, card, item,
    outbox::Lane,
    person,
    poll::{self as store, NewBallot, PollRow},
    privacy, room,
};

use crate::{
    card as cards, evening,
    fault::Fault,
    feature::{Feature, Parsed, ReadBack, Role, Work, no_taps},
    house::{General, Outcome, role_in},
    incoming::{Answers, Given, Wanted},
    language::{Phrase, parts},
    poll::{
        command::{Choice, Command, Question},
        reply::{Face, PollReply, Tally},
    },
    scene::{Plan, Scene},
};

/// The kind of the item and of the numbered card.
pub const KIND: &str = "poll";
/// The kind of the native poll.
pub const NATIVE: &str = "poll_native";
/// The kind of the announcement.
const RESULT: &str = "poll_result";
const CARDS: &[&str] = &[KIND, NATIVE, RESULT];

/// The deadline.
const CLOSE: &str = "poll.close";
/// The announcement; the answers are read from the rooms again before.
pub const ANNOUNCE: &str = "poll.announce";
/// The payment of those who answered, some at a time.
const PAY: &str = "poll.pay";

/// The rule of the config by which an answer is paid.
pub const RULE: &str = "poll_answered";
/// Payments are made for at most this many people at once, so that nobody waits for a thousand of them.
const PAID_AT_ONCE_MAX: i64 = 200;
/// Among this many open polls the one that is meant is looked for when no number was typed.
const CANDIDATES_MAX: i64 = 50;
/// The setting of a room that says who may start polls.
const SETTING: &str = "poll";
const EVERYONE: &str = "everyone";
const CAPTAINS: &str = "captains";

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "poll",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: command::CUES,
    read: command::read,
    cards: CARDS,
    keys: &[],
    thumbs_up: None,
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: no_taps,
    due_kinds: &[CLOSE, ANNOUNCE, PAY],
    read_back: &[ReadBack { due_kind: ANNOUNCE, card_kind: NATIVE, wanted: Wanted::Answers }],
    due: |scene, row, answers| -> Work<'_> { Box::pin(due(scene, row, answers)) },
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: |scene, number| -> Work<'_> { Box::pin(show_number(scene, number)) },
};

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    let now = evening::local(scene.community()?, scene.said_at_ms);
    // Folded, the lines are one; of a poll each has its meaning.
    let further_lines = scene.further_lines.clone();
    let rest = parts::first_line(&rest, &further_lines);
    match command::parse(key, &rest, &further_lines, now) {
        Parsed::Malformed(id) => refuse(scene, &General::Malformed { id }).await,
        Parsed::Mine(Command::Start(question)) => start(scene, question).await,
        Parsed::Mine(Command::Vote(number, option)) => vote(scene, number, option).await,
        Parsed::Mine(Command::Close(number)) => close_by_hand(scene, number).await,
        Parsed::Mine(Command::Allow(everyone)) => allow(scene, everyone).await,
    }
}

async fn refuse(scene: &mut Scene<'_>, reply: &impl crate::scene::Reply) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

async fn allow(scene: &mut Scene<'_>, everyone: bool) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let room_id = scene.room()?.room_id.clone();
    let value = if everyone { EVERYONE } else { CAPTAINS };
    let before = room::setting(scene.tx, &room_id, SETTING).await?.unwrap_or_else(|| CAPTAINS.to_owned());
    undo::note(scene, &undo::Did::Allowed { before })?;
    room::set_setting(scene.tx, &community_id, &room_id, SETTING, value).await?;
    scene
        .record("room.setting", None, &serde_json::json!({ "room": room_id, "name": SETTING, "value": value }))
        .await?;
    scene.answer(&PollReply::Allowed { everyone }).await?;
    Ok(Outcome::Handled)
}

async fn start(scene: &mut Scene<'_>, question: Question) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    let here = scene.room()?.clone();
    let is_captain = scene.role >= Role::Captain;
    let everyone = room::setting(scene.tx, &here.room_id, SETTING).await?.as_deref() == Some(EVERYONE);
    if !is_captain && (!everyone || question.wide) {
        return refuse(scene, &PollReply::OnlyCaptains).await;
    }
    if question.wide && scene.role < Role::Steward && here.kind.as_deref() != Some("building") {
        return refuse(scene, &PollReply::OnlyFromBuilding).await;
    }
    let closes_at_ms = evening::instant_ms(community, question.closes_at);
    if closes_at_ms <= scene.now_ms {
        return refuse(scene, &General::Malformed { id: "time-past" }).await;
    }
    let mut rooms = vec![here.clone()];
    if question.wide {
        rooms = room::bound_in(scene.tx, &community.id).await?;
        rooms.retain(|room| room.kind.as_deref() == Some("building"));
        if rooms.is_empty() {
            return refuse(scene, &PollReply::OnlyFromBuilding).await;
        }
    }
    let number = item::create(scene.tx, &community.id, KIND, &here.room_id, &scene.incoming.event_id).await?;
    let options: Vec<String> = question.options.iter().map(|option| cards::shown(option)).collect();
    let row = PollRow {
        number,
        room_id: here.room_id.clone(),
        starter_id: scene.actor.person_id,
        question: cards::shown(&question.text),
        options: serde_json::to_string(&options)?,
        closes_at_ms,
        state: "open".into(),
        withdrawn: false,
    };
    store::create(scene.tx, &community.id, &row, scene.now_ms).await?;
    let payload = serde_json::json!({
        "starter": row.starter_id, "question": row.question, "options": options, "closes_at_ms": closes_at_ms,
    });
    scene.record("poll.posted", Some(number), &payload).await?;
    let key = format!("{CLOSE} {number}");
    let plan = Plan { key: &key, kind: CLOSE, number: Some(number), due_at_ms: closes_at_ms, ..Plan::default() };
    scene.plan(plan).await?;
    for room in rooms {
        scene.post_poll(&room.room_id, NATIVE, number, &row.question, &options).await?;
        let face = Face::of(scene, &row).await?;
        scene.post_card(&room.room_id, KIND, number, &PollReply::Card(face), &[]).await?;
    }
    if scene.is_direct() {
        scene.tick().await?;
    }
    undo::note(scene, &undo::Did::Started { number })?;
    Ok(Outcome::Handled)
}

/// The poll that a number means here, or the only open one; or what is said instead.
async fn find(scene: &mut Scene<'_>, number: Option<i64>) -> Result<Result<PollRow, Outcome>, Fault> {
    let community_id = scene.community()?.id.clone();
    let replied = scene.replied_card.as_ref().filter(|card| CARDS.contains(&card.kind.as_str()));
    let number = match number.or(replied.map(|card| card.number)) {
        Some(number) => number,
        None => {
            let mut open = scene.open_numbers(KIND, CANDIDATES_MAX).await?;
            open.sort_unstable();
            open.dedup();
            match open.as_slice() {
                [only] => *only,
                [] => return Ok(Err(refuse(scene, &PollReply::NoneOpen).await?)),
                [first, ..] => return Ok(Err(refuse(scene, &PollReply::SeveralOpen { number: *first }).await?)),
            }
        }
    };
    let Some(row) = store::get(scene.tx, &community_id, number).await? else {
        let reply = match item::get(scene.tx, &community_id, number).await? {
            Some(_) => PollReply::OtherKind { number },
            None => PollReply::NoSuch { number },
        };
        return Ok(Err(refuse(scene, &reply).await?));
    };
    let cards = card::of_number(scene.tx, &community_id, KIND, number).await?;
    let seen = cards.iter().filter_map(|card| card.room_id.as_deref()).any(|room_id| scene.may_see(room_id));
    if !seen {
        return Ok(Err(refuse(scene, &PollReply::Elsewhere { number }).await?));
    }
    Ok(Ok(row))
}

/// Whether an answer counts: given before the deadline, however late it can be read. Once the poll is closed, only what
/// was really said earlier is such an answer.
fn in_time(scene: &Scene<'_>, row: &PollRow) -> bool {
    scene.said_at_ms < row.closes_at_ms && (row.state == "open" || scene.said_at_ms < scene.now_ms)
}

async fn vote(scene: &mut Scene<'_>, number: Option<i64>, choice: Choice) -> Result<Outcome, Fault> {
    let row = match find(scene, number).await? {
        Ok(row) => row,
        Err(outcome) => return Ok(outcome),
    };
    if !in_time(scene, &row) {
        let number = row.number;
        return refuse(scene, &PollReply::Closed { number }).await;
    }
    let options = row.option_texts()?;
    let Some(option) = choice.among(&options) else {
        return refuse(scene, &General::Malformed { id: "poll-missing-vote" }).await;
    };
    let Some(text) = usize::try_from(option - 1).ok().and_then(|index| options.get(index)) else {
        let count = options.len() as i64;
        return refuse(scene, &PollReply::NoSuchOption { number: row.number, option, count }).await;
    };
    let text = text.clone();
    let room_id = Some(scene.incoming.room_id.as_str()).filter(|_| !scene.is_direct());
    let ballot = NewBallot {
        person_id: scene.actor.person_id,
        event_id: &scene.incoming.event_id,
        room_id,
        choice: Some(option),
        at_ms: scene.said_at_ms,
        native: false,
        arrival_place: scene.place,
    };
    let community_id = scene.community()?.id.clone();
    store::put_ballot(scene.tx, &community_id, row.number, ballot).await?;
    scene.record("poll.answered", Some(row.number), &serde_json::json!({ "choice": option })).await?;
    if scene.is_direct() {
        scene.answer(&PollReply::Voted { number: row.number, option, text: &text }).await?;
    } else {
        scene.tick().await?;
    }
    after_ballot(scene, &row).await?;
    undo::note(scene, &undo::Did::Voted { number: row.number })?;
    Ok(Outcome::Handled)
}

/// An answer to a native poll. It is answered by the client; the card counts it.
pub async fn answered(scene: &mut Scene<'_>, card: &card::Card, choices: &[i64]) -> Result<Outcome, Fault> {
    if card.kind != NATIVE {
        return Ok(Outcome::Ignored);
    }
    scene.community = scene.house.community(&card.community_id);
    let Some(community) = scene.community else { return Ok(Outcome::Ignored) };
    let Some(row) = store::get(scene.tx, &community.id, card.number).await? else { return Ok(Outcome::Ignored) };
    if !in_time(scene, &row) {
        return Ok(Outcome::Ignored);
    }
    let choice = counted(choices, &row)?;
    let ballot = NewBallot {
        person_id: scene.actor.person_id,
        event_id: &scene.incoming.event_id,
        room_id: card.room_id.as_deref(),
        choice,
        at_ms: scene.said_at_ms,
        native: true,
        arrival_place: scene.place,
    };
    store::put_ballot(scene.tx, &community.id, row.number, ballot).await?;
    scene.record("poll.answered", Some(row.number), &serde_json::json!({ "choice": choice })).await?;
    after_ballot(scene, &row).await?;
    Ok(Outcome::Handled)
}

/// The choice that counts: the first, as the poll allows one; none if it is no option of the poll (MSC3381: it spoils the
/// ballot) or if nothing is chosen.
fn counted(choices: &[i64], row: &PollRow) -> Result<Option<i64>, Fault> {
    let count = row.option_texts()?.len() as i64;
    Ok(choices.first().copied().filter(|choice| (1..=count).contains(choice)))
}

/// An answer to a native poll was redacted.
pub async fn ballot_taken_back(
    scene: &mut Scene<'_>,
    community_id: &str,
    number: i64,
    event_id: &str,
) -> Result<Outcome, Fault> {
    scene.community = scene.house.community(community_id);
    let Some(row) = store::get(scene.tx, community_id, number).await? else { return Ok(Outcome::Ignored) };
    if scene.community.is_none() || !in_time(scene, &row) {
        return Ok(Outcome::Ignored);
    }
    strike_out(scene, &row, event_id).await?;
    Ok(Outcome::Handled)
}

/// An answer doesn't count any more.
async fn strike_out(scene: &mut Scene<'_>, row: &PollRow, event_id: &str) -> Result<(), Fault> {
    store::strike(scene.tx, event_id).await?;
    scene.record("poll.answered", Some(row.number), &serde_json::json!({ "choice": null })).await?;
    after_ballot(scene, row).await
}

/// What a new ballot changes: the count on the card, or an announcement that came too early for it.
async fn after_ballot(scene: &mut Scene<'_>, row: &PollRow) -> Result<(), Fault> {
    match row.state.as_str() {
        "open" => show(scene, row).await,
        _ if row.withdrawn => Ok(()),
        "announced" => {
            let tally = Tally::of(scene, row).await?;
            let community_id = scene.community()?.id.clone();
            for card in card::of_number(scene.tx, &community_id, RESULT, row.number).await? {
                let reply = PollReply::Result { tally: tally.clone(), corrected: true };
                scene.refresh_card(&card, &reply, &[], false).await?;
            }
            pay_one(scene, row, scene.actor.person_id).await
        }
        // Closed and not announced yet: it will be counted.
        _ => Ok(()),
    }
}

/// Brings the cards of a number up to date, or posts them anew.
async fn show_number(scene: &mut Scene<'_>, number: i64) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(row) = store::get(scene.tx, &community_id, number).await? else { return Ok(Outcome::Ignored) };
    if let (Some(room_id), "open") = (scene.anew.clone(), row.state.as_str()) {
        let cards = card::of_number(scene.tx, &community_id, NATIVE, number).await?;
        if cards.iter().any(|card| card.room_id.as_deref() == Some(room_id.as_str())) {
            // What the old one was answered can't be read back any more: it stands like what was typed.
            store::settle_native(scene.tx, &community_id, number, &room_id).await?;
            scene.post_poll(&room_id, NATIVE, number, &row.question, &row.option_texts()?).await?;
        }
    }
    show(scene, &row).await?;
    Ok(Outcome::Handled)
}

/// Brings the numbered cards up to date.
async fn show(scene: &mut Scene<'_>, row: &PollRow) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let face = Face::of(scene, row).await?;
    for card in card::of_number(scene.tx, &community_id, KIND, row.number).await? {
        scene.refresh_card(&card, &PollReply::Card(face.clone()), &[], row.state == "open").await?;
    }
    Ok(())
}

async fn close_by_hand(scene: &mut Scene<'_>, number: Option<i64>) -> Result<Outcome, Fault> {
    let row = match find(scene, number).await? {
        Ok(row) => row,
        Err(outcome) => return Ok(outcome),
    };
    if row.starter_id != scene.actor.person_id && !is_captain_of(scene, &row).await? {
        return refuse(scene, &PollReply::NotYours { number: row.number }).await;
    }
    if row.state != "open" {
        return refuse(scene, &PollReply::Closed { number: row.number }).await;
    }
    undo::note(scene, &undo::Did::Ended { number: row.number })?;
    scene.tick().await?;
    end_now(scene, row).await?;
    Ok(Outcome::Handled)
}

/// Ends a poll before its deadline.
async fn end_now(scene: &mut Scene<'_>, mut row: PollRow) -> Result<(), Fault> {
    // Answers of this very millisecond came before.
    row.closes_at_ms = row.closes_at_ms.min(scene.now_ms + 1);
    scene.record("poll.ended", Some(row.number), &serde_json::json!({ "at_ms": row.closes_at_ms })).await?;
    let community_id = scene.community()?.id.clone();
    agenda::drop_of_item(scene.tx, &community_id, CLOSE, row.number).await?;
    // Somebody asked for it: the result comes at once, at any hour.
    close(scene, row, false).await
}

/// Whether the actor is a captain of one of the rooms where a poll stands.
async fn is_captain_of(scene: &mut Scene<'_>, row: &PollRow) -> Result<bool, Fault> {
    let community_id = scene.community()?.id.clone();
    for place in card::of_number(scene.tx, &community_id, KIND, row.number).await? {
        if let Some(room_id) = &place.room_id
            && role_in(scene, room_id).await? >= Role::Captain
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Ends the native polls; from now on no answer counts.
async fn close(scene: &mut Scene<'_>, mut row: PollRow, unasked: bool) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    row.state = "closed".into();
    store::save(scene.tx, &community_id, &row).await?;
    for card in card::of_number(scene.tx, &community_id, NATIVE, row.number).await? {
        scene.close_poll(&card, &PollReply::End { number: row.number }).await?;
    }
    show(scene, &row).await?;
    let key = format!("{ANNOUNCE} {}", row.number);
    let due_at_ms = scene.now_ms;
    scene
        .plan(Plan { key: &key, kind: ANNOUNCE, number: Some(row.number), due_at_ms, unasked, ..Plan::default() })
        .await?;
    // Paid now, whenever the result is said; but after it if that is now, since the rooms are read before.
    plan_payment(scene, row.number, 0).await
}

/// The actor leaves for good: their answer to a poll whose result hasn't been said is taken away, though the room may still
/// show it.
pub(crate) async fn leave_unanswered(scene: &mut Scene<'_>, number: i64, event_id: &str) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    privacy::tombstone(scene.tx, &community_id, number, event_id).await?;
    store::strike(scene.tx, event_id).await?;
    let Some(row) = store::get(scene.tx, &community_id, number).await? else { return Ok(()) };
    if row.state == "open" { show(scene, &row).await } else { Ok(()) }
}

/// The actor leaves for good: their own poll ends now, and the result is said at once.
pub(crate) async fn leave(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    match store::get(scene.tx, &community_id, number).await? {
        Some(row) if row.state == "open" => end_now(scene, row).await,
        _ => Ok(()),
    }
}

/// Shows the cards anew, since names or texts on them have changed.
pub(crate) async fn show_anew(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(row) = store::get(scene.tx, &community_id, number).await? else { return Ok(()) };
    show(scene, &row).await?;
    let tally = Tally::of(scene, &row).await?;
    for card in card::of_number(scene.tx, &community_id, RESULT, number).await? {
        let reply = PollReply::Result { tally: tally.clone(), corrected: false };
        scene.refresh_card(&card, &reply, &[], false).await?;
    }
    Ok(())
}

/// The clock: the deadline, the announcement, the payments.
async fn due(scene: &mut Scene<'_>, due: agenda::Row, answers: Vec<Answers>) -> Result<Outcome, Fault> {
    let number = due.number.ok_or(Fault::Broken("an agenda row without a number"))?;
    let Some(row) = store::get(scene.tx, &due.community_id, number).await? else { return Ok(Outcome::Ignored) };
    match (due.kind.as_str(), row.state.as_str()) {
        (CLOSE, "open") => {
            scene.record("poll.closed", Some(number), &serde_json::json!({})).await?;
            close(scene, row, true).await?;
        }
        (ANNOUNCE, "closed") => announce(scene, row, answers).await?,
        (PAY, "closed" | "announced") => pay(scene, &due, &row).await?,
        _ => return Ok(Outcome::Ignored),
    }
    Ok(Outcome::Handled)
}

/// Counts what stands in the rooms now and says it in each of them.
async fn announce(scene: &mut Scene<'_>, mut row: PollRow, answers: Vec<Answers>) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    for Answers { room_id, answers, .. } in answers {
        let mut gone: BTreeSet<String> =
            store::native_ballots(scene.tx, &community_id, row.number, &room_id).await?.into_iter().collect();
        for answer in answers {
            // Other bots have no say, as when they answer while we look.
            if answer.user_id == scene.house.bot_user_id || scene.house.ignore.contains(&answer.user_id) {
                continue;
            }
            // Nearly all of them came in before.
            if gone.remove(&answer.event_id) {
                continue;
            }
            // The room still shows it, but whoever gave it has been forgotten since.
            if privacy::is_forgotten(scene.tx, &community_id, row.number, &answer.event_id).await? {
                continue;
            }
            let Given::Choices(choices) = &answer.given else { continue };
            let name = cards::name_of(&answer.user_id, &answer.display_name);
            let person = person::known(scene.tx, &answer.user_id, &name).await?;
            let ballot = NewBallot {
                person_id: person.person_id,
                event_id: &answer.event_id,
                room_id: Some(&room_id),
                choice: counted(choices, &row)?,
                at_ms: answer.sent_at_ms.min(scene.now_ms),
                native: true,
                arrival_place: scene.place,
            };
            store::put_ballot(scene.tx, &community_id, row.number, ballot).await?;
        }
        for event_id in gone {
            store::strike(scene.tx, &event_id).await?;
        }
    }
    row.state = "announced".into();
    store::save(scene.tx, &community_id, &row).await?;
    let tally = Tally::of(scene, &row).await?;
    scene.record("poll.announced", Some(row.number), &serde_json::to_value(tally.counts())?).await?;
    // A result is said once: after a restore it is known by its poll, whatever row of the agenda it is.
    scene.cause = Some(format!("{ANNOUNCE} {community_id} {}", row.number));
    for place in card::of_number(scene.tx, &community_id, KIND, row.number).await? {
        let Some(room_id) = place.room_id.clone() else { continue };
        let reply = PollReply::Result { tally: tally.clone(), corrected: false };
        let post_id = scene.post_in(&room_id, Lane::Ping, &reply).await?;
        let result = card::create(scene.tx, &community_id, RESULT, row.number, Some(&room_id), None, post_id).await?;
        card::set_open(scene.tx, result.card_id, false, scene.now_ms).await?;
    }
    // Whoever the rooms show and we didn't know of.
    plan_payment(scene, row.number, 0).await
}

async fn plan_payment(scene: &mut Scene<'_>, number: i64, after: person::PersonId) -> Result<(), Fault> {
    let key = format!("{PAY} {number} {after} {}", scene.incoming.event_id);
    let due_at_ms = scene.now_ms;
    let plan = Plan {
        key: &key,
        kind: PAY,
        number: Some(number),
        person_id: Some(after).filter(|id| *id > 0),
        due_at_ms,
        ..Plan::default()
    };
    scene.plan(plan).await
}

/// Pays some of those whose answers stand, whatever they chose; the next ones come next.
async fn pay(scene: &mut Scene<'_>, due: &agenda::Row, row: &PollRow) -> Result<(), Fault> {
    let after = due.person_id.unwrap_or(0);
    let voters = store::voters(scene.tx, &due.community_id, row.number, after, PAID_AT_ONCE_MAX).await?;
    for voter in &voters {
        pay_one(scene, row, *voter).await?;
    }
    if let Some(last) = voters.last().filter(|_| voters.len() as i64 == PAID_AT_ONCE_MAX) {
        plan_payment(scene, row.number, *last).await?;
    }
    Ok(())
}

async fn pay_one(scene: &mut Scene<'_>, row: &PollRow, person_id: person::PersonId) -> Result<(), Fault> {
    let rule = scene.community()?.points.poll_answered;
    scene.pay(RULE, rule, row.number, person_id, row.closes_at_ms).await?;
    Ok(())
}

impl Face {
    async fn of(scene: &mut Scene<'_>, row: &PollRow) -> Result<Self, Fault> {
        let community_id = scene.community()?.id.clone();
        Ok(Self {
            number: row.number,
            question: row.question.clone(),
            options: row.option_texts()?,
            starter: person::get(scene.tx, row.starter_id).await?,
            closes_at_ms: row.closes_at_ms,
            turnout: store::turnout(scene.tx, &community_id, row.number).await?,
            open: row.state == "open",
            withdrawn: row.withdrawn,
        })
    }
}

impl Tally {
    async fn of(scene: &mut Scene<'_>, row: &PollRow) -> Result<Self, Fault> {
        let community_id = scene.community()?.id.clone();
        let rows = store::tally(scene.tx, &community_id, row.number).await?;
        let options = row.option_texts()?;
        let mut counts = vec![0; options.len()];
        for (_, choice, count) in &rows {
            if let Some(sum) = usize::try_from(choice - 1).ok().and_then(|index| counts.get_mut(index)) {
                *sum += count;
            }
        }
        let places = card::of_number(scene.tx, &community_id, KIND, row.number).await?;
        let mut rooms = Vec::new();
        for place in places.iter().filter(|_| places.len() > 1) {
            let Some(room_id) = &place.room_id else { continue };
            let here = rows.iter().filter(|(room, ..)| room.as_deref() == Some(room_id.as_str()));
            let name = room::get(scene.tx, room_id).await?.map(|room| room.name).unwrap_or_default();
            rooms.push((name, here.map(|(_, _, count)| count).sum()));
        }
        Ok(Self { number: row.number, question: row.question.clone(), options, counts, rooms })
    }
}
