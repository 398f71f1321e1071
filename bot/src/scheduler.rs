//! Asks the agenda what is due and gives it to the same worker as everything that comes in (ARCHITECTURE.md, "The way of
//! a message", step 6). What is then to be done is decided in the `commands` crate; two things are looked up before: what
//! stands in the rooms under a poll or a card, for features that want it, and what somebody may do now who asked for a whole
//! room to be reminded.

use std::{sync::Arc, time::Duration};

use lamplighter_commands::{
    feature,
    incoming::{Answers, Incoming, Place, Sender, What},
    reminder,
};
use lamplighter_storage::{Error, Storage, agenda, card, person};
use tokio::sync::watch;

use crate::{clock::Clock, gateway::Gateway, worker::Worker};

/// The system's clock may be set; what is due is looked for at least this often.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// After something was handled or sent, the agenda is looked at once for all that follows in this time: seldom does
/// anything on it change, and the answer to a message goes before.
const COALESCE: Duration = Duration::from_millis(100);
/// How long the loop rests when the database is unwell.
const OUTAGE_REST: Duration = Duration::from_secs(1);
/// What must be read back waits this long for the homeserver; then what is known counts.
const READ_PATIENCE_MS: i64 = 10 * 60 * 1000;

/// At the hour of the digest thousands of rows fall due at once, and to commit each by itself costs more than all else.
/// So many are done in one transaction: whoever says something meanwhile waits for no more than these.
const TOGETHER_MAX: i64 = 100;

/// Does what is due.
#[derive(Debug)]
pub struct Scheduler {
    storage: Storage,
    worker: Arc<Worker>,
    gateway: Arc<dyn Gateway>,
    clock: Arc<dyn Clock>,
    progress: watch::Sender<u64>,
}

impl Scheduler {
    /// A scheduler on this agenda. `progress` tells when something new may stand on it.
    pub fn new(
        storage: Storage,
        worker: Arc<Worker>,
        gateway: Arc<dyn Gateway>,
        clock: Arc<dyn Clock>,
        progress: watch::Sender<u64>,
    ) -> Self {
        Self { storage, worker, gateway, clock, progress }
    }

    /// Does what is due until told to stop.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut progress = self.progress.subscribe();
        loop {
            progress.mark_unchanged();
            let rest = match self.step().await {
                Ok(true) => Duration::ZERO,
                Ok(false) => self.until_next().await,
                Err(error) => {
                    self.worker.outage().failed(&error);
                    OUTAGE_REST
                }
            };
            if *stop.borrow() {
                return;
            }
            if rest.is_zero() {
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                _ = progress.changed() => tokio::time::sleep(COALESCE).await,
                _ = stop.changed() => return,
            }
        }
    }

    async fn until_next(&self) -> Duration {
        match agenda::next_due_at_ms(&self.storage).await {
            Ok(Some(due_at_ms)) => {
                let rest_ms = (due_at_ms - self.clock.now_ms()).max(1);
                Duration::from_millis(u64::try_from(rest_ms).unwrap_or(1)).min(LOOK_EVERY)
            }
            Ok(None) => LOOK_EVERY,
            Err(error) => {
                self.worker.outage().failed(&error);
                OUTAGE_REST
            }
        }
    }

    /// Does the next thing that is due, together with those of the same kind that follow it; false if nothing is. What waits
    /// for something to be looked up holds up nothing else.
    pub async fn step(&self) -> Result<bool, Error> {
        let now_ms = self.clock.now_ms();
        let rows = agenda::due(&self.storage, now_ms, TOGETHER_MAX).await?;
        let Some(first) = rows.first() else { return Ok(false) };
        let (asking, ready): (Vec<usize>, Vec<usize>) =
            (1..rows.len()).partition(|index| rows.get(*index).is_some_and(needs_look_up));
        let mut next = self.look_up(first, now_ms).await?.map(|looked_up| (0, looked_up));
        for index in ready.into_iter().chain(asking) {
            if next.is_some() {
                break;
            }
            let Some(row) = rows.get(index) else { continue };
            next = self.look_up(row, now_ms).await?.map(|looked_up| (index, looked_up));
        }
        let Some((index, looked_up)) = next else {
            // The due times stay, so that patience ends.
            tokio::time::sleep(OUTAGE_REST).await;
            return Ok(true);
        };
        let mut rows: Vec<agenda::Row> = rows.into_iter().skip(index).collect();
        // What was looked up for a row is for that one alone.
        let alike = match rows.first() {
            Some(next) if !needs_look_up(next) => rows.iter().take_while(|row| row.kind == next.kind).count(),
            _ => 1,
        };
        rows.truncate(alike);
        let mut looked_up = Some(looked_up);
        let incomings: Vec<Incoming> = rows
            .iter()
            .map(|row| {
                let LookedUp { asker, answers } = looked_up.take().unwrap_or_default();
                incoming(row, asker, answers, now_ms)
            })
            .collect();
        self.worker.handle_together(&rows, &incomings).await?;
        Ok(true)
    }

    /// What must be known for a row. None: it can't be looked up yet, and the row waits.
    async fn look_up(&self, row: &agenda::Row, now_ms: i64) -> Result<Option<LookedUp>, Error> {
        let Some(answers) = self.read_back(row, now_ms).await? else { return Ok(None) };
        Ok(self.asker(row, now_ms).await?.map(|asker| LookedUp { asker, answers }))
    }

    /// Who asked for a whole room to be reminded, as they are in that room now; nobody if they have left it. None: it can't
    /// be looked up yet.
    async fn asker(&self, row: &agenda::Row, now_ms: i64) -> Result<Option<Sender>, Error> {
        let (reminder::ROOM_DUE, Some(room_id), Some(person_id)) = (row.kind.as_str(), &row.room_id, row.person_id)
        else {
            return Ok(Some(Sender::default()));
        };
        let Some(user_id) = person::user_id(&self.storage, person_id).await? else {
            return Ok(Some(Sender::default()));
        };
        match self.gateway.standing(room_id, &user_id).await {
            Ok(standing) => Ok(Some(standing.unwrap_or_default())),
            Err(error) if now_ms - row.due_at_ms < READ_PATIENCE_MS => {
                tracing::warn!(?error, "who asked for a reminder can't be looked up yet; trying again");
                Ok(None)
            }
            Err(error) => {
                // They are told that it wasn't said, which is better than saying it in the name of somebody who has left.
                tracing::error!(?error, "who asked for a reminder can't be looked up; it isn't said");
                Ok(Some(Sender::default()))
            }
        }
    }

    /// What stands in the rooms that must be known for a row. None: it can't be read yet, and the row waits.
    async fn read_back(&self, row: &agenda::Row, now_ms: i64) -> Result<Option<Vec<Answers>>, Error> {
        let (Some(wanted), Some(number)) = (feature::read_back(&row.kind), row.number) else {
            return Ok(Some(Vec::new()));
        };
        let mut answers = Vec::new();
        for (room_id, event_id) in card::posts(&self.storage, &row.community_id, wanted.card_kind, number).await? {
            match self.gateway.answers(&room_id, &event_id, wanted.wanted).await {
                Ok(Some(found)) => answers.push(Answers { room_id, event_id, answers: found }),
                Ok(None) => {}
                Err(error) if now_ms - row.due_at_ms < READ_PATIENCE_MS => {
                    tracing::warn!(?error, "what stands in a room can't be read back yet; trying again");
                    return Ok(None);
                }
                Err(error) => {
                    tracing::error!(?error, "what stands in a room can't be read back; what is known counts");
                }
            }
        }
        Ok(Some(answers))
    }
}

/// What was looked up before a row is done.
#[derive(Debug, Default)]
struct LookedUp {
    asker: Sender,
    answers: Vec<Answers>,
}

/// Whether something is looked up before a row is done.
fn needs_look_up(row: &agenda::Row) -> bool {
    row.kind == reminder::ROOM_DUE || row.number.is_some() && feature::read_back(&row.kind).is_some()
}

/// What the worker is given.
fn incoming(row: &agenda::Row, asker: Sender, answers: Vec<Answers>, now_ms: i64) -> Incoming {
    Incoming {
        event_id: row.event_id(),
        room_id: row.room_id.clone().unwrap_or_default(),
        sender: asker,
        sent_at_ms: now_ms,
        place: Place::Room { name: String::new(), captains: Vec::new(), lacks: Vec::new() },
        what: What::Due { agenda_id: row.agenda_id, answers },
    }
}
