//! How the bot is, for whoever watches it: what it did is counted here as it happens, and /healthz and /metrics are
//! answered from it. Nothing here changes what the bot does, and nothing here knows a name or a text.

mod figures;
pub mod health;
pub mod serve;
pub mod watchdog;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use lamplighter_commands::{
    house::{House, Outcome},
    incoming::{Incoming, What},
    kind,
};
use lamplighter_storage::{
    Error, Storage,
    figures::{self as counts, LedgerSums},
};

use self::{
    figures::Figures,
    health::{Ill, Phase, Signs},
};
use crate::{clock::Clock, worker::Handling};

/// In place of an instant that hasn't been.
const NEVER: i64 = i64::MIN;

/// Watches one life of the bot.
#[derive(Debug)]
pub struct Monitor {
    clock: Arc<dyn Clock>,
    figures: Figures,
    started_at_ms: i64,
    synced_at_ms: AtomicI64,
    sync_tried_at_ms: AtomicI64,
    send_tried_at_ms: AtomicI64,
    /// When what is being handled now came from the homeserver: what comes in one sync is handled one after the other.
    received_at_ms: AtomicI64,
    phase: Mutex<Phase>,
    /// By who met it: that the sender can read doesn't mean that the worker can write.
    outages: Mutex<BTreeMap<&'static str, String>>,
    ledgers: tokio::sync::Mutex<LedgerSums>,
    /// Known once the bot has opened its database.
    bot: OnceLock<(Storage, Arc<House>)>,
}

fn instant(at_ms: &AtomicI64) -> Option<i64> {
    Some(at_ms.load(Ordering::SeqCst)).filter(|at_ms| *at_ms != NEVER)
}

fn seconds(ms: i64) -> f64 {
    // Milliseconds of some centuries fit exactly.
    ms.max(0) as f64 / 1000.0
}

impl Monitor {
    /// A life begins now.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let never = || AtomicI64::new(NEVER);
        Self {
            started_at_ms: clock.now_ms(),
            clock,
            figures: Figures::new(),
            synced_at_ms: never(),
            sync_tried_at_ms: never(),
            send_tried_at_ms: never(),
            received_at_ms: never(),
            phase: Mutex::new(Phase::Starting),
            outages: Mutex::default(),
            ledgers: tokio::sync::Mutex::default(),
            bot: OnceLock::new(),
        }
    }

    /// The bot has opened its database.
    pub fn attach(&self, storage: Storage, house: Arc<House>) {
        // A monitor watches one life; a second one would have another monitor.
        let _ = self.bot.set((storage, house));
    }

    /// Where the bot stands.
    pub fn enter(&self, phase: Phase) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    /// The homeserver's answer to a sync has come.
    pub fn received(&self) {
        self.received_at_ms.store(self.clock.now_ms(), Ordering::SeqCst);
    }

    /// It was taken in, all of it.
    pub fn synced(&self) {
        let now_ms = self.clock.now_ms();
        self.synced_at_ms.store(now_ms, Ordering::SeqCst);
        self.sync_tried_at_ms.store(now_ms, Ordering::SeqCst);
    }

    /// A sync failed.
    pub fn sync_failed(&self) {
        self.sync_tried_at_ms.store(self.clock.now_ms(), Ordering::SeqCst);
    }

    /// The database did what this part of the bot asked of it, or didn't.
    pub fn database<T>(&self, who: &'static str, result: &Result<T, Error>) {
        let mut outages = self.outages.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok(_) => {
                outages.remove(who);
            }
            Err(error) if error.is_outage() => {
                outages.insert(who, error.to_string());
            }
            // What else fails is a fault of ours, and told as one.
            Err(_) => {}
        }
    }

    /// Something came in and was dealt with.
    pub fn handled(&self, incoming: &Incoming, handling: Handling, first_seen_at_ms: i64) {
        let outcome = match handling {
            Handling::Duplicate => return,
            Handling::Done(Outcome::Handled) => "handled",
            Handling::Done(Outcome::Refused) => "refused",
            Handling::Done(Outcome::Ignored) => "ignored",
            Handling::Faulted => "faulted",
        };
        let now_ms = self.clock.now_ms();
        if !matches!(incoming.what, What::Due { .. }) {
            // Whoever works through what a sync brought isn't deaf, however much it is.
            self.synced();
        }
        let bot_names = self.bot.get().map(|(_, house)| house.bot_names.as_slice()).unwrap_or_default();
        let Some(kind) = kind::of(incoming, bot_names) else { return };
        if handling == Handling::Faulted {
            self.figures.faults.inc();
        }
        if kind != "due" {
            self.figures.event_age.set(seconds(now_ms - incoming.sent_at_ms));
            if outcome != "ignored" {
                let seen_at_ms = instant(&self.received_at_ms).unwrap_or(first_seen_at_ms).min(first_seen_at_ms);
                self.figures.committed.observe(seconds(now_ms - seen_at_ms));
            }
        }
        self.figures.count(kind, outcome);
    }

    /// The sender tries something.
    pub fn sending(&self) {
        self.send_tried_at_ms.store(self.clock.now_ms(), Ordering::SeqCst);
    }

    /// The homeserver has a row. Whoever asked for it waited until now.
    pub async fn sent(&self, outbox_id: i64) {
        let Some((storage, _)) = self.bot.get() else { return };
        if let Ok(Some(seen_at_ms)) = counts::answers_event_seen_at_ms(storage, outbox_id).await {
            self.figures.sent.observe(seconds(self.clock.now_ms() - seen_at_ms));
        }
    }

    /// The homeserver makes us wait.
    pub fn rate_limited(&self) {
        self.figures.rate_limits.inc();
    }

    /// Nothing, or what is wrong.
    pub async fn examine(&self) -> Option<Ill> {
        let signs = match self.look().await {
            Ok((signs, _)) => signs,
            Err(error) => self.signs(None, Some(error.to_string())),
        };
        health::examine(&signs)
    }

    fn signs(&self, head_since_ms: Option<i64>, outage: Option<String>) -> Signs {
        Signs {
            now_ms: self.clock.now_ms(),
            phase: *self.phase.lock().unwrap_or_else(PoisonError::into_inner),
            started_at_ms: self.started_at_ms,
            synced_at_ms: instant(&self.synced_at_ms),
            sync_tried_at_ms: instant(&self.sync_tried_at_ms),
            head_since_ms,
            send_tried_at_ms: instant(&self.send_tried_at_ms),
            outage: outage.or_else(|| {
                let outages = self.outages.lock().unwrap_or_else(PoisonError::into_inner);
                outages.values().next().cloned()
            }),
        }
    }

    async fn look(&self) -> Result<(Signs, counts::Figures), Error> {
        let Some((storage, house)) = self.bot.get() else { return Ok((self.signs(None, None), Default::default())) };
        let counted = counts::figures(storage).await?;
        let head_since_ms = health::head_since_ms(&counted.queues, &house.communities, self.clock.now_ms());
        Ok((self.signs(head_since_ms, None), counted))
    }

    /// The figures, as Prometheus reads them.
    pub async fn metrics(&self) -> Result<String, Error> {
        let (signs, counted) = self.look().await?;
        let figures = &self.figures;
        let since = |at_ms: Option<i64>| seconds(at_ms.map_or(0, |at_ms| signs.now_ms - at_ms));
        figures.healthy.set(i64::from(health::examine(&signs).is_none()));
        figures.sync_age.set(since(Some(signs.synced_at_ms.unwrap_or(self.started_at_ms))));
        figures.outbox_head_age.set(since(signs.head_since_ms));
        figures.outbox_rows.set(counted.queues.iter().map(|queue| queue.rows).sum());
        figures.parked.set(counted.parked);
        figures.undecryptable.set(counted.undecryptable);
        figures.agenda.set(counted.agenda);
        if let Some((storage, _)) = self.bot.get() {
            for ((community, ledger), sum) in self.ledgers.lock().await.read(storage).await? {
                figures.ledger(community, ledger, *sum);
            }
        }
        Ok(figures.text())
    }
}
