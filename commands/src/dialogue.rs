//! A command with something missing: the bot asks for it, and the next words of the same person there complete the command
//! (FEATURES.md row 117). Nothing that neighbours say to each other is taken for an answer: once somebody else has spoken,
//! only a reply to the bot is.

use chrono::NaiveDateTime;
use lamplighter_storage::question::{self, Awaits, Question};

use crate::{
    activity,
    fault::Fault,
    house::further_lines,
    incoming::Message,
    language::{Phrase, addressed::How, polite, time},
    reading::{self, Meant},
    scene::Scene,
};

/// So long the bot listens for what is missing.
const LISTENS_MS: i64 = 5 * 60 * 1000;

/// The homeserver says when something was said, our clock when it was asked: they may be so far apart.
const CLOCKS_DIFFER_MS: i64 = 10 * 1000;

/// Problems that the words which are missing mend. What is wrong in another way is said again as a whole.
const MISSING: [&str; 13] = [
    "activity-missing-all",
    "activity-missing-name",
    "activity-missing-new-time",
    "activity-missing-time",
    "activity-missing-title",
    "poll-missing-options",
    "poll-missing-question",
    "poll-missing-vote",
    "reminder-all-missing",
    "reminder-missing-number",
    "reminder-missing-text",
    "reminder-missing-time",
    "wish-missing-text",
];

/// Whether the words that are missing would mend this.
pub fn is_missing(problem: &str) -> bool {
    MISSING.contains(&problem)
}

/// Whether a 接龙 that waits for its time gets one.
fn says_when(asked: &str, answer: &Phrase, now: NaiveDateTime) -> bool {
    activity::awaits_time(asked) && matches!(time::read_any(answer, now, None), Ok(Some(_)))
}

/// Listens for what is missing of the command that was said just now, or of the one that it completed.
pub(crate) async fn listen(scene: &mut Scene<'_>, command: &str) -> Result<(), Fault> {
    let (room_id, me) = (scene.incoming.room_id.clone(), scene.actor.person_id);
    let chosen = scene.chosen.clone();
    Ok(question::ask_for_words(scene.tx, &room_id, me, command, chosen.as_deref(), scene.now_ms).await?)
}

/// What an answer does.
pub(crate) enum Answer {
    /// It is none.
    None,
    /// It ends the dialogue.
    LeaveOff,
    /// It completes the command, or brings it further.
    Completes {
        /// The command with the answer.
        command: String,
        /// What that means.
        meant: Box<Meant>,
    },
}

/// Whether what was said at this instant still comes in time for the question.
pub(crate) fn listens(asked: &Question, said_at_ms: i64) -> bool {
    (asked.asked_at_ms - CLOCKS_DIFFER_MS..=asked.asked_at_ms + LISTENS_MS).contains(&said_at_ms)
}

/// What was said, as an answer to what is missing. `text`: without prefix and name. `to_us`: a reply to the bot.
pub(crate) fn answer(scene: &Scene<'_>, asked: &Question, message: &Message, text: &Phrase, to_us: bool) -> Answer {
    let said_in_time = listens(asked, scene.said_at_ms);
    let spoken_to = scene.addressed != How::Bare;
    let to_somebody_else = !message.mentions.is_empty() || message.reply_to.is_some() && !to_us;
    let sure = spoken_to || to_us || asked.awaits == Awaits::Words && !to_somebody_else;
    if !said_in_time || !sure || message.text.trim().is_empty() {
        return Answer::None;
    }
    if polite::leaves_off(text.chars()) {
        return Answer::LeaveOff;
    }
    let now = scene.house.local(scene.said_at_ms);
    // Whoever says a whole command means that one.
    if spoken_to
        && let Some(meant) = reading::meant(scene.addressed, text, &scene.further_lines, now)
        && !meant.guessed
        && (meant.read.problem.is_none() || scene.addressed != How::Direct)
    {
        return Answer::None;
    }
    let read = |command: &str| {
        let first_line = command.lines().next().unwrap_or_default();
        reading::meant(How::Prefix, &Phrase::new(first_line), &further_lines(command), now)
    };
    let several_lines = !scene.further_lines.is_empty();
    let joint = if several_lines { "\n" } else { " " };
    let answer = if several_lines { message.text.trim().to_owned() } else { text.written() };
    let command = format!("{}{joint}{answer}", asked.text);
    let before = read(&asked.text).and_then(|meant| meant.read.problem);
    match read(&command) {
        Some(meant) if meant.read.problem != before || says_when(&asked.text, text, now) => {
            Answer::Completes { command, meant: Box::new(meant) }
        }
        _ => Answer::None,
    }
}
