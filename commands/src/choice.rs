//! Questions with a few answers: asked in one message, answered by a digit or by a tap on one of the chips below it. What is
//! chosen is put into the command, which is then done as if it had been said whole. Who is asked what is others' business.

use lamplighter_storage::{
    elder as elders,
    outbox::{Destination, Kind, Lane, Target},
    person::{self, PersonId},
    question::{self, NewQuestion, Question},
};

use crate::{
    elder,
    fault::Fault,
    house::{self, General, Outcome},
    incoming::Place,
    language::{Phrase, addressed::How, number},
    practice, proxy, reading,
    scene::{Content, Reply, Scene},
};

/// A question that was asked longer ago isn't answered any more.
const VALID_MS: i64 = 10 * 60 * 1000;
/// Who answers by digits looks at the telephone once a day; in a private chat nobody else's digits can be meant.
const PLAINLY_VALID_MS: i64 = 24 * 60 * 60 * 1000;
/// Digits go to nine.
pub(crate) const OPTIONS_MAX: usize = 9;
/// Behind those of a question stand those that undo what others did: more than anybody does for one person in a day.
const DIGITS_MAX: usize = 60;
/// Each chip is a message to the homeserver, which limits those; more is answered by typing the digit.
const CHIPS_MAX: usize = 4;
/// The chips, the first for 1.
const CHIPS: [&str; CHIPS_MAX] = ["1️⃣", "2️⃣", "3️⃣", "4️⃣"];
/// Where a question is kept that is asked in the private chat before its room is known.
const PRIVATELY: &str = "";

/// Asks where the command was said. The command is repeated with what is chosen.
pub(crate) async fn ask(scene: &mut Scene<'_>, reply: &impl Reply, options: &[String]) -> Result<Outcome, Fault> {
    let command = scene.command.clone();
    ask_about(scene, reply, options, &command).await
}

/// Asks which of these commands is meant; an empty one is none of them.
pub(crate) async fn ask_which(
    scene: &mut Scene<'_>,
    reply: &impl Reply,
    commands: &[String],
) -> Result<Outcome, Fault> {
    ask_about(scene, reply, commands, "").await
}

/// Asks where the command was said; `command` is what is repeated with the choice.
pub(crate) async fn ask_about(
    scene: &mut Scene<'_>,
    reply: &impl Reply,
    options: &[String],
    command: &str,
) -> Result<Outcome, Fault> {
    let post_id = scene.answer_asking(reply).await?;
    let room_id = scene.incoming.room_id.clone();
    keep(scene, &room_id, options, command, post_id).await?;
    let destination = match scene.is_direct() {
        true => Destination::Person { person_id: scene.speaker().person_id, fallback_room_id: None },
        false => Destination::Room(&room_id),
    };
    add_chips(scene, destination, post_id, options.len()).await?;
    Ok(Outcome::Refused)
}

/// Asks in the private chat, wherever the command was typed. `command` is what is repeated with the choice.
pub(crate) async fn ask_privately(
    scene: &mut Scene<'_>,
    reply: &impl Reply,
    options: &[String],
    command: &str,
) -> Result<(), Fault> {
    let me = scene.speaker().person_id;
    let post_id = scene.tell_asking(me, reply).await?;
    let room_id = private_chat(scene, me).await?;
    keep(scene, &room_id, options, command, post_id).await?;
    let destination = Destination::Person { person_id: me, fallback_room_id: None };
    add_chips(scene, destination, post_id, options.len()).await
}

/// Offers commands by digits, where the actor was just answered; none: nothing is offered.
pub(crate) async fn offer_here(scene: &mut Scene<'_>, commands: &[String], post_id: i64) -> Result<(), Fault> {
    let me = scene.speaker().person_id;
    if scene.is_direct() {
        return offer_privately(scene, me, commands, post_id, true).await;
    }
    if commands.is_empty() {
        return Ok(());
    }
    let room_id = scene.incoming.room_id.clone();
    keep(scene, &room_id, commands, "", post_id).await?;
    add_chips(scene, Destination::Room(&room_id), post_id, commands.len()).await
}

/// The same in the private chat with somebody. `chips`: no others stand under that message.
pub(crate) async fn offer_privately(
    scene: &mut Scene<'_>,
    person_id: PersonId,
    commands: &[String],
    post_id: i64,
    chips: bool,
) -> Result<(), Fault> {
    if commands.is_empty() {
        return Ok(());
    }
    let question = NewQuestion { options: commands, text: "", chosen_room_id: None, post_id: Some(post_id) };
    let room_id = private_chat(scene, person_id).await?;
    question::ask(scene.tx, &room_id, person_id, question, scene.now_ms).await?;
    if !chips {
        return Ok(());
    }
    let destination = Destination::Person { person_id, fallback_room_id: None };
    add_chips(scene, destination, post_id, commands.len()).await
}

/// What digits mean in somebody's private chat, if they mean anything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken(Option<Question>);

impl Taken {
    /// How many are taken.
    pub(crate) fn count(&self) -> usize {
        self.0.as_ref().map_or(0, |asked| asked.options.len())
    }
}

/// What digits mean already to whoever wants plain words. None: what they say next in words is awaited, or there are no more
/// digits.
pub(crate) async fn taken(scene: &mut Scene<'_>, person_id: PersonId) -> Result<Option<Taken>, Fault> {
    let room_id = private_chat(scene, person_id).await?;
    let asked = question::get(scene.tx, &room_id, person_id).await?;
    let asked = asked.filter(|asked| scene.now_ms - asked.asked_at_ms <= PLAINLY_VALID_MS);
    let none_free = asked.as_ref().is_some_and(|asked| asked.options.is_empty() || asked.options.len() >= DIGITS_MAX);
    Ok((!none_free).then_some(Taken(asked)))
}

/// Offers the commands of a deed by the digits behind those that are taken.
pub(crate) async fn offer_beside(
    scene: &mut Scene<'_>,
    person_id: PersonId,
    Taken(asked): Taken,
    commands: &[String],
    post_id: i64,
) -> Result<(), Fault> {
    let Some(Question { mut options, text, chosen_room_id, post_id: before, .. }) = asked else {
        return offer_privately(scene, person_id, commands, post_id, false).await;
    };
    options.extend_from_slice(commands);
    let question =
        NewQuestion { options: &options, text: &text, chosen_room_id: chosen_room_id.as_deref(), post_id: before };
    let room_id = private_chat(scene, person_id).await?;
    Ok(question::ask(scene.tx, &room_id, person_id, question, scene.now_ms).await?)
}

/// Whether somebody may be about to answer something else in their private chat.
pub(crate) async fn is_busy(scene: &mut Scene<'_>, person_id: PersonId) -> Result<bool, Fault> {
    if practice::is_on(scene, person_id).await? {
        return Ok(true);
    }
    let room_id = private_chat(scene, person_id).await?;
    let asked = question::get(scene.tx, &room_id, person_id).await?;
    Ok(asked.is_some_and(|asked| scene.now_ms - asked.asked_at_ms <= VALID_MS))
}

/// Forgets what somebody was asked in their private chat.
pub(crate) async fn forget_privately(scene: &mut Scene<'_>, person_id: PersonId) -> Result<(), Fault> {
    let room_id = private_chat(scene, person_id).await?;
    Ok(question::forget(scene.tx, &room_id, person_id).await?)
}

async fn private_chat(scene: &mut Scene<'_>, person_id: PersonId) -> Result<String, Fault> {
    Ok(person::direct_chat(scene.tx, person_id).await?.unwrap_or_else(|| PRIVATELY.to_owned()))
}

async fn valid_ms(scene: &mut Scene<'_>) -> Result<i64, Fault> {
    let plainly = scene.is_direct() && elders::is_on(scene.tx, scene.speaker().person_id).await?;
    Ok(if plainly { PLAINLY_VALID_MS } else { VALID_MS })
}

async fn keep(
    scene: &mut Scene<'_>,
    room_id: &str,
    options: &[String],
    command: &str,
    post_id: i64,
) -> Result<(), Fault> {
    let chosen = scene.chosen.clone();
    let question = NewQuestion { options, text: command, chosen_room_id: chosen.as_deref(), post_id: Some(post_id) };
    Ok(question::ask(scene.tx, room_id, scene.speaker().person_id, question, scene.now_ms).await?)
}

async fn add_chips(
    scene: &mut Scene<'_>,
    destination: Destination<'_>,
    post_id: i64,
    count: usize,
) -> Result<(), Fault> {
    if count > CHIPS_MAX {
        return Ok(());
    }
    for key in CHIPS.iter().take(count) {
        let content = Content::Tap { key: (*key).to_owned() };
        scene.write(Kind::Tap, destination, Target::Row(post_id), Lane::Edit, &content).await?;
    }
    Ok(())
}

/// The question that a digit would answer here, and where it is kept.
pub(crate) async fn asked(scene: &mut Scene<'_>) -> Result<(String, Option<Question>), Fault> {
    let (room_id, me) = (scene.incoming.room_id.clone(), scene.speaker().person_id);
    let here = question::get(scene.tx, &room_id, me).await?;
    if here.is_some() || !scene.is_direct() {
        return Ok((room_id, here));
    }
    Ok((PRIVATELY.to_owned(), question::get(scene.tx, PRIVATELY, me).await?))
}

/// A message as an answer to a question; none: it is none.
pub(crate) async fn said(
    scene: &mut Scene<'_>,
    asked_in: &str,
    asked: Question,
    text: &Phrase,
) -> Result<Option<Outcome>, Fault> {
    let valid_ms = valid_ms(scene).await?;
    let count = asked.options.len().max(OPTIONS_MAX);
    let Some(digit) = number::choice_of(text, count).filter(|_| scene.now_ms - asked.asked_at_ms <= valid_ms) else {
        return Ok(None);
    };
    answered(scene, asked_in, asked, digit).await.map(Some)
}

/// Where the question is kept on which this tap of the sender stands, if it does.
pub(crate) async fn tapped_on(
    tx: &mut lamplighter_storage::Tx,
    incoming: &crate::incoming::Incoming,
    on: &str,
) -> Result<Option<String>, Fault> {
    let asked_in = question::asked_by(tx, on, &incoming.sender.user_id).await?;
    let direct = matches!(incoming.place, Place::Direct { .. });
    Ok(asked_in.filter(|room_id| *room_id == incoming.room_id || direct && room_id == PRIVATELY))
}

/// A tap on a question of the actor.
pub(crate) async fn tapped(scene: &mut Scene<'_>, asked_in: &str, key: &str) -> Result<Outcome, Fault> {
    let Some(asked) = question::get(scene.tx, asked_in, scene.speaker().person_id).await? else {
        return Ok(Outcome::Ignored);
    };
    let key = house::plain_key(key);
    let Some(digit) = CHIPS.iter().position(|chip| house::plain_key(chip) == key.trim()).map(|at| at + 1) else {
        return Ok(Outcome::Ignored);
    };
    if scene.now_ms - asked.asked_at_ms > valid_ms(scene).await? {
        question::forget(scene.tx, asked_in, scene.speaker().person_id).await?;
        return house::say_if_calm(scene, &General::QuestionOver).await;
    }
    answered(scene, asked_in, asked, digit).await
}

async fn answered(scene: &mut Scene<'_>, asked_in: &str, asked: Question, digit: usize) -> Result<Outcome, Fault> {
    let Some(choice) = digit.checked_sub(1).and_then(|at| asked.options.get(at)) else {
        let count = asked.options.len() as i64;
        return house::say_if_calm(scene, &General::PickOne { count }).await;
    };
    question::forget(scene.tx, asked_in, scene.speaker().person_id).await?;
    scene.asked_by = asked.post_id;
    let deeds_from = proxy::command::deeds_from(&asked.options);
    if let Some(from) = deeds_from {
        // What others did can still be undone, one after the other; what was asked has been answered.
        let rest = asked.options.iter().skip(from).cloned();
        let left: Vec<String> = std::iter::repeat_n(elder::menu_command(""), from).chain(rest).collect();
        let left = NewQuestion { options: &left, text: "", chosen_room_id: None, post_id: None };
        question::ask(scene.tx, asked_in, scene.speaker().person_id, left, asked.asked_at_ms).await?;
    }
    let is_of_deed = deeds_from.is_some_and(|from| digit > from);
    let command = if is_of_deed {
        choice.clone()
    } else if asked.text.is_empty() {
        scene.chosen = asked.chosen_room_id;
        choice.clone()
    } else {
        scene.chosen = Some(choice.clone());
        asked.text
    };
    if command.is_empty() {
        return house::say_if_calm(scene, &General::LeftOff).await;
    }
    scene.further_lines = house::further_lines(&command);
    let first_line = command.lines().next().unwrap_or_default();
    let now = scene.house.local(scene.said_at_ms);
    // It was understood when it was asked about; whoever chose has spoken to the bot.
    scene.addressed = How::Prefix;
    match reading::meant(How::Prefix, &Phrase::new(first_line), &scene.further_lines, now) {
        Some(meant) => house::command(scene, meant.found, &meant.read, &command).await,
        None => Ok(Outcome::Ignored),
    }
}
