//! One incoming thing is one write transaction: claimed, handled, and what it changes, says and pays committed
//! together or not at all (ARCHITECTURE.md, "The way of a message", step 2).

use std::{panic::AssertUnwindSafe, path::Path, sync::Arc};

use futures_util::FutureExt;
use lamplighter_commands::{
    apology,
    card::Card,
    digest,
    fault::Fault,
    house::{self, General, House, Moment, Outcome},
    incoming::{Incoming, What},
    room::restored,
    scene::{Content, Entropy, Reply},
};
use lamplighter_storage::{
    Error, Storage, Tx, agenda,
    inbox::{self, Arrival, Claim, State, Unread},
    outbox::{self, Destination, Kind, Lane, NewRow, Target},
    person, unreadable,
};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, watch};

use crate::{clock::Clock, crash_point, discreet, marker::Marker, monitor::Monitor, outage::Outage};

/// Handles what comes in, one after the other.
#[derive(Debug)]
pub struct Worker {
    storage: Storage,
    house: Arc<House>,
    clock: Arc<dyn Clock>,
    progress: watch::Sender<u64>,
    /// What comes in and what falls due are handled one after the other, so that the marker tells of one thing.
    in_hand: Mutex<()>,
    marker: Option<Marker>,
    outage: Arc<Outage>,
    /// The console and the tests draw from a fixed row, so that a run can be repeated.
    seed: Seed,
    monitor: Arc<Monitor>,
}

/// Where random bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// The operating system.
    System,
    /// The event ids: the same run gives the same bytes.
    Fixed,
}

/// What became of something that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// It was dealt with now.
    Done(Outcome),
    /// It had been dealt with before.
    Duplicate,
    /// Our logic failed; whoever spoke to us was told a number.
    Faulted,
}

impl Worker {
    /// A worker on this database. `progress` is bumped after every commit.
    pub fn new(
        storage: Storage,
        house: Arc<House>,
        clock: Arc<dyn Clock>,
        progress: watch::Sender<u64>,
        seed: Seed,
    ) -> Self {
        let monitor = Arc::new(Monitor::new(Arc::clone(&clock)));
        let outage = Outage::none(Arc::clone(&clock));
        Self { storage, house, clock, progress, in_hand: Mutex::default(), marker: None, outage, seed, monitor }
    }

    /// Counts here what it does.
    pub fn with_monitor(mut self, monitor: Arc<Monitor>) -> Self {
        self.monitor = monitor;
        self
    }

    /// What is told when the database is unwell.
    pub fn outage(&self) -> &Arc<Outage> {
        &self.outage
    }

    /// Everything said since a restored backup has been read again.
    pub async fn caught_up(&self, tx: &mut Tx) -> Result<(), Error> {
        restored::caught_up(tx, &self.house, self.clock.now_ms()).await.map_err(outage)
    }

    /// Keeps a marker file beside the database, and counts the death that an old one tells of.
    pub async fn with_marker(mut self, path: &Path) -> Result<Self, Error> {
        match Marker::open(path) {
            Ok((marker, marked)) => {
                if let Some(marked) = marked {
                    let mut tx = self.storage.begin().await?;
                    let arrival = Arrival {
                        event_id: &marked.event_id,
                        room_id: &marked.room_id,
                        sent_at_ms: marked.sent_at_ms,
                        first_seen_at_ms: self.clock.now_ms(),
                    };
                    inbox::died_over(&mut tx, arrival).await?;
                    tx.commit().await?;
                }
                marker.clear();
                self.marker = Some(marker);
            }
            Err(error) => tracing::warn!(%error, "no marker file: an event that kills the bot will be tried for ever"),
        }
        Ok(self)
    }

    /// Handles one incoming thing. An error means that the database is unwell: nothing has happened, try again.
    pub async fn handle(&self, incoming: &Incoming) -> Result<Handling, Error> {
        let _in_hand = self.in_hand.lock().await;
        if let Some(marker) = &self.marker {
            marker.set(incoming);
        }
        let first_seen_at_ms = self.clock.now_ms();
        let result = crash_point::at_each_await("worker::await", self.handle_marked(incoming)).await;
        if let Some(marker) = &self.marker {
            marker.clear();
        }
        if matches!(result, Ok(Handling::Done(_) | Handling::Faulted)) {
            self.outage.over();
        }
        self.monitor.database("worker", &result);
        if let Ok(handling) = &result {
            self.monitor.handled(incoming, *handling, first_seen_at_ms);
        }
        result
    }

    /// Handles several in one transaction. If our logic fails over one of them, nothing has happened yet, and each is
    /// handled by itself, so that a fault spoils nothing but its own.
    pub async fn handle_together(&self, rows: &[agenda::Row], incomings: &[Incoming]) -> Result<(), Error> {
        if let [_, _, ..] = incomings {
            let _in_hand = self.in_hand.lock().await;
            let as_one = crash_point::at_each_await("worker::await", self.try_as_one(rows, incomings)).await;
            let together = match as_one {
                Ok(false) => crash_point::at_each_await("worker::await", self.try_together(incomings)).await,
                done_or_failed => done_or_failed,
            };
            if let Some(marker) = &self.marker {
                marker.clear();
            }
            self.monitor.database("worker", &together);
            if together? {
                let now_ms = self.clock.now_ms();
                for incoming in incomings {
                    // Which of them were refused nobody asks: they fell due, and were dealt with.
                    self.monitor.handled(incoming, Handling::Done(Outcome::Handled), now_ms);
                }
                return Ok(());
            }
        }
        for incoming in incomings {
            self.handle(incoming).await?;
        }
        Ok(())
    }

    /// For features that read and write for many rows at once. False: nothing has happened.
    async fn try_as_one(&self, rows: &[agenda::Row], incomings: &[Incoming]) -> Result<bool, Error> {
        let Some(first) = incomings.first() else { return Ok(false) };
        let now_ms = self.clock.now_ms();
        let mut tx = self.storage.begin().await?;
        let event_ids: Vec<&str> = incomings.iter().map(|incoming| incoming.event_id.as_str()).collect();
        // The process may have died over one of them before: then each is looked at by itself.
        if inbox::knows_any(&mut tx, &event_ids).await? {
            tx.roll_back().await?;
            return Ok(false);
        }
        if let Some(marker) = &self.marker {
            marker.set(first);
        }
        let entropy = self.entropy(&first.event_id);
        let work = house::due_together(&mut tx, &self.house, first, rows, now_ms, entropy);
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(Ok(true)) => {
                crash_point::pass("worker::decided");
                tx.commit().await?;
                crash_point::pass("worker::committed");
                self.progress.send_modify(|count| *count += 1);
                Ok(true)
            }
            Ok(Err(fault)) if fault.is_outage() => Err(outage(fault)),
            Ok(Ok(false) | Err(_)) | Err(_) => {
                tx.roll_back().await?;
                Ok(false)
            }
        }
    }

    /// False: one of them is faulty, and nothing has happened.
    async fn try_together(&self, incomings: &[Incoming]) -> Result<bool, Error> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.storage.begin().await?;
        for incoming in incomings {
            if let Some(marker) = &self.marker {
                marker.set(incoming);
            }
            let moment = match inbox::claim(&mut tx, arrival(incoming, now_ms)).await? {
                Claim::Fresh { first_seen_at_ms, place } => Moment { now_ms, first_seen_at_ms, place },
                Claim::Done => continue,
                Claim::Poisonous => {
                    tx.roll_back().await?;
                    return Ok(false);
                }
            };
            crash_point::pass("worker::claimed");
            let entropy = self.entropy(&incoming.event_id);
            let work = house::handle(&mut tx, &self.house, incoming, moment, entropy);
            match AssertUnwindSafe(work).catch_unwind().await {
                Ok(Ok(Outcome::Refused)) => inbox::settle(&mut tx, &incoming.event_id, State::Refused).await?,
                Ok(Ok(_)) => {}
                Ok(Err(fault)) if fault.is_outage() => return Err(outage(fault)),
                Ok(Err(_)) | Err(_) => {
                    tx.roll_back().await?;
                    return Ok(false);
                }
            }
        }
        crash_point::pass("worker::decided");
        tx.commit().await?;
        crash_point::pass("worker::committed");
        self.progress.send_modify(|count| *count += 1);
        Ok(true)
    }

    async fn handle_marked(&self, incoming: &Incoming) -> Result<Handling, Error> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.storage.begin().await?;
        let arrival = arrival(incoming, now_ms);
        let moment = match inbox::claim(&mut tx, arrival).await? {
            Claim::Fresh { first_seen_at_ms, place } => Moment { now_ms, first_seen_at_ms, place },
            Claim::Done => {
                tx.roll_back().await?;
                return Ok(Handling::Duplicate);
            }
            Claim::Poisonous => {
                let code = fault_code(&incoming.event_id);
                inbox::fault(&mut tx, arrival, &code, "the process died over this event, again and again").await?;
                self.close_row(&mut tx, incoming).await?;
                tx.commit().await?;
                tracing::error!(fault = %code, "passed over an event that has killed the process");
                return Ok(Handling::Faulted);
            }
        };
        crash_point::pass("worker::claimed");
        let entropy = self.entropy(&incoming.event_id);
        let work = house::handle(&mut tx, &self.house, incoming, moment, entropy);
        let problem = match AssertUnwindSafe(work).catch_unwind().await {
            Ok(Ok(outcome)) => {
                if outcome == Outcome::Refused {
                    inbox::settle(&mut tx, &incoming.event_id, State::Refused).await?;
                }
                if self.storage.is_replaying() && is_stale(incoming, now_ms) {
                    outbox::drop_words(&mut tx, &incoming.event_id).await?;
                }
                crash_point::pass("worker::decided");
                tx.commit().await?;
                crash_point::pass("worker::committed");
                self.progress.send_modify(|count| *count += 1);
                return Ok(Handling::Done(outcome));
            }
            Ok(Err(fault)) if fault.is_outage() => return Err(outage(fault)),
            Ok(Err(fault)) => fault.to_string(),
            Err(panic) => discreet::panic_words(&*panic).to_owned(),
        };
        tx.roll_back().await?;
        self.apologise(incoming, arrival, &problem, now_ms).await?;
        Ok(Handling::Faulted)
    }

    /// A fault of ours: everything is rolled back; this second, short transaction says so.
    async fn apologise(
        &self,
        incoming: &Incoming,
        arrival: Arrival<'_>,
        problem: &str,
        now_ms: i64,
    ) -> Result<(), Error> {
        let code = fault_code(&incoming.event_id);
        tracing::error!(fault = %code, problem, "a fault of ours; everything was rolled back");
        let mut tx = self.note_fault(incoming, arrival, &code, problem).await?;
        let entropy = self.entropy(&incoming.event_id);
        let work = apology::apologise(&mut tx, &self.house, incoming, &code, now_ms, entropy);
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) if fault.is_outage() => return Err(outage(fault)),
            // What is broken may break this as well: then nothing is said, and the event is passed over all the same.
            Ok(Err(_)) | Err(_) => {
                tx.roll_back().await?;
                tracing::error!(fault = %code, "whoever spoke to the bot couldn't be told either");
                tx = self.note_fault(incoming, arrival, &code, problem).await?;
            }
        }
        tx.commit().await?;
        self.progress.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Begins a transaction that says that our logic failed over something.
    async fn note_fault(
        &self,
        incoming: &Incoming,
        arrival: Arrival<'_>,
        code: &str,
        problem: &str,
    ) -> Result<Tx, Error> {
        let mut tx = self.storage.begin().await?;
        inbox::fault(&mut tx, arrival, code, problem).await?;
        self.close_row(&mut tx, incoming).await?;
        Ok(tx)
    }

    /// A line that no feature says.
    async fn write_line(
        &self,
        tx: &mut Tx,
        cause: &str,
        destination: Destination<'_>,
        card: &Card,
        now_ms: i64,
    ) -> Result<(), Error> {
        let content = Content::from(card);
        let row = NewRow {
            cause,
            ordinal: 0,
            kind: Kind::Post,
            destination,
            target: Target::None,
            lane: Lane::Answer,
            content: &serde_json::to_string(&content)?,
            at_ms: now_ms,
            unasked_in: None,
            stale_at_ms: None,
        };
        outbox::write(tx, row).await?;
        Ok(())
    }

    /// A row of the agenda over which our logic failed isn't tried for ever. A digest would have put the next one on the
    /// agenda itself.
    async fn close_row(&self, tx: &mut Tx, incoming: &Incoming) -> Result<(), Error> {
        let What::Due { agenda_id, .. } = incoming.what else { return Ok(()) };
        let Some(row) = agenda::waiting(tx, agenda_id).await? else { return Ok(()) };
        agenda::close(tx, &row, agenda::End::Faulted).await?;
        if row.kind == digest::DUE {
            digest::enrol_all(tx, &self.house, self.clock.now_ms()).await.map_err(outage)?;
        }
        Ok(())
    }

    /// Keeps an event that can't be read yet, with its place and time. `of_person`: somebody's words, which we should have
    /// been able to read.
    pub async fn wait_for_key(&self, arrival: Arrival<'_>, unread: Unread<'_>, of_person: bool) -> Result<bool, Error> {
        let mut tx = self.storage.begin().await?;
        let kept = inbox::wait_for_key(&mut tx, arrival, unread).await?;
        if kept && of_person {
            unreadable::count(&mut tx, arrival.room_id, arrival.first_seen_at_ms).await?;
        }
        tx.commit().await?;
        Ok(kept)
    }

    /// Notes that somebody's words in a room could be read.
    pub async fn could_read(&self, room_id: &str) -> Result<(), Error> {
        let mut tx = self.storage.begin().await?;
        unreadable::readable(&mut tx, room_id).await?;
        tx.commit().await
    }

    /// Tells a room, once, that none of its messages can be read, and what to do.
    pub async fn tell_unreadable(&self, room_id: &str, since_ms: i64) -> Result<(), Error> {
        let mut tx = self.storage.begin().await?;
        let now_ms = self.clock.now_ms();
        let say = self.house.say_to(&mut tx, None, Destination::Room(room_id)).await?;
        if let Ok(card) = General::Unreadable.card(say) {
            let cause = format!("unreadable {room_id} {since_ms}");
            self.write_line(&mut tx, &cause, Destination::Room(room_id), &card, now_ms).await?;
        }
        unreadable::told(&mut tx, room_id, now_ms).await?;
        tx.commit().await?;
        self.progress.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Tells a steward who verifies the bot's device what to compare with what. Once for each `cause`.
    pub async fn tell_to_compare(&self, user_id: &str, display_name: &str, cause: &str) -> Result<(), Error> {
        let mut tx = self.storage.begin().await?;
        let community =
            self.house.communities.iter().find(|community| community.stewards.iter().any(|steward| steward == user_id));
        let person = person::known(&mut tx, user_id, display_name).await?;
        let to = Destination::Person { person_id: person.person_id, fallback_room_id: None };
        let say = self.house.say_to(&mut tx, community, to).await?;
        if let Ok(card) = General::CompareEmoji.card(say) {
            self.write_line(&mut tx, cause, to, &card, self.clock.now_ms()).await?;
        }
        tx.commit().await?;
        self.progress.send_modify(|count| *count += 1);
        Ok(())
    }

    fn entropy(&self, event_id: &str) -> Entropy {
        let mut seed: [u8; 32] = Sha256::digest(event_id.as_bytes()).into();
        if self.seed == Seed::System
            && let Err(error) = getrandom::fill(&mut seed)
        {
            // Without it a salt could be guessed by whoever holds the database, and nothing worse.
            tracing::warn!(%error, "the operating system gives no random bytes");
        }
        Entropy::new(seed)
    }
}

/// After a restore what was said longer ago than this is taken in, and not answered in words any more: whoever asked has
/// asked again, or doesn't wait.
const LATE_ANSWER_MAX_MS: i64 = 24 * 60 * 60 * 1000;

fn is_stale(incoming: &Incoming, now_ms: i64) -> bool {
    matches!(incoming.what, What::Message(_)) && now_ms - incoming.sent_at_ms > LATE_ANSWER_MAX_MS
}

fn arrival(incoming: &Incoming, now_ms: i64) -> Arrival<'_> {
    Arrival {
        event_id: &incoming.event_id,
        room_id: &incoming.room_id,
        sent_at_ms: incoming.sent_at_ms,
        first_seen_at_ms: now_ms,
    }
}

fn outage(fault: Fault) -> Error {
    match fault {
        Fault::Storage(error) => error,
        _ => Error::Inconsistent("an outage that isn't the storage's"),
    }
}

/// The number under which a fault is logged and told: four hexadecimal digits.
pub fn fault_code(event_id: &str) -> String {
    Sha256::digest(event_id.as_bytes()).iter().take(2).map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests;
