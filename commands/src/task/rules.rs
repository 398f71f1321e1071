//! Who takes a task, as pure functions (SPECS.md 2.11; docs/PROTOCOL.md, "When things go out"): `sent → accepted |
//! declined | silent`, closed when there are enough.

use lamplighter_storage::person::PersonId;
use serde::{Deserialize, Serialize};

/// What somebody has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing yet, or it was taken back.
    Silent,
    /// Comes.
    Accepted,
    /// Can't come; shown to nobody but who asked.
    Declined,
}

/// A task as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Who asks.
    pub starter: PersonId,
    /// How many are needed; none: as many as like.
    pub places: Option<i64>,
    /// It was called off.
    pub cancelled: bool,
    /// When it begins.
    pub starts_at_ms: i64,
    /// Who was asked, and what they said.
    pub answers: Vec<(PersonId, Answer)>,
}

impl Task {
    /// How many come.
    pub fn accepted(&self) -> i64 {
        self.answers.iter().filter(|(_, answer)| *answer == Answer::Accepted).count() as i64
    }

    /// Whether nobody else is needed.
    pub fn is_full(&self) -> bool {
        self.places.is_some_and(|places| self.accepted() >= places)
    }
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 接, ✅.
    Accept,
    /// 不便, ❌.
    Decline,
    /// A tap taken back: whichever it was.
    TakeBack(Answer),
    /// 取消任务.
    Cancel {
        /// A steward may do what captains may, also with a task of somebody else.
        as_steward: bool,
    },
}

/// One step, as the journal keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// Somebody says something, or takes it back.
    Answered {
        /// Who.
        person: PersonId,
        /// What.
        answer: Answer,
    },
    /// It was called off.
    Cancelled,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There are enough already: thanks all the same.
    Full,
    /// It has begun.
    Begun,
    /// It was called off.
    Cancelled,
    /// Nobody asked this person.
    NotAsked,
    /// Only who asked may, or a steward.
    NotStarter,
}

/// What an act changes; nothing if it is already so.
pub fn decide(task: &Task, actor: PersonId, act: Act, now_ms: i64) -> Result<Option<Change>, Refusal> {
    if let Act::Cancel { as_steward } = act {
        return match (as_steward || actor == task.starter, task.cancelled) {
            (true, cancelled) => Ok((!cancelled).then_some(Change::Cancelled)),
            (false, _) => Err(Refusal::NotStarter),
        };
    }
    // First of all, so that a number tells nothing to those whom nobody asked.
    let Some((_, current)) = task.answers.iter().find(|(person, _)| *person == actor) else {
        return Err(Refusal::NotAsked);
    };
    if task.cancelled {
        return Err(Refusal::Cancelled);
    }
    if now_ms >= task.starts_at_ms {
        return Err(Refusal::Begun);
    }
    let answer = match act {
        Act::Accept if *current == Answer::Accepted => return Ok(None),
        Act::Accept if task.is_full() => return Err(Refusal::Full),
        Act::Accept => Answer::Accepted,
        Act::Decline => Answer::Declined,
        // A later answer is not taken back with an earlier tap.
        Act::TakeBack(of) if *current == of => Answer::Silent,
        Act::TakeBack(_) | Act::Cancel { .. } => return Ok(None),
    };
    Ok((answer != *current).then_some(Change::Answered { person: actor, answer }))
}

/// Makes one change.
pub fn apply(task: &mut Task, change: Change) {
    match change {
        Change::Answered { person, answer } => {
            task.answers.iter_mut().filter(|(asked, _)| *asked == person).for_each(|(_, said)| *said = answer);
        }
        Change::Cancelled => task.cancelled = true,
    }
}
