//! Matrix: the only place that names matrix_sdk. Login, intake, facts and sending; what they mean is decided elsewhere.

pub mod doctor;
mod facts;
mod identity;
mod intake;
mod login;
mod outgoing;
pub mod read;
mod receipts;
mod replay;
mod rooms;
mod tally;
mod tries;
mod verify;
mod waiting;

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use lamplighter_commands::{digest, flood};
use lamplighter_config::{Config, Database, MatrixConfig};
use lamplighter_storage::{Location, Storage, agenda, epoch, inbox, outbox, retention, room};
use matrix_sdk::Client;
use tokio::{sync::watch, task::JoinHandle};

pub(crate) use self::login::RECOVERY_KEY_FILE;
pub use self::{facts::DIRECT_MARKER, intake::IntakeError, login::LoginError};
use self::{
    facts::Facts,
    intake::{DeclineWords, Intake},
    login::Session,
    receipts::Receipts,
    verify::Verifier,
    waiting::WaitingRoom,
};
use crate::{
    clock::Clock,
    database::{cannot_use, take},
    house,
    lock::Lock,
    monitor::{Monitor, health::Phase},
    outage::Outage,
    restore::new_epoch_id,
    scheduler::Scheduler,
    sender::{EDIT_SPACING_MS, Sender},
    worker::{Seed, Worker},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How often what is older is dropped.
const HOUSEKEEPING: std::time::Duration = std::time::Duration::from_secs(6 * 60 * 60);

/// A verification may take this long, as the specification has it.
const VERIFICATION_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10 * 60);
/// Of one room at most this many events wait for their keys; beyond that the oldest are given up.
const WAITING_IN_ROOM_MAX: i64 = 1_000;

/// Drops texts and people from inbox and outbox that are older than this, and gives up what waited for its key so long.
async fn forget_old(storage: &Storage, keep_days: u32, now_ms: i64) -> Result<(), lamplighter_storage::Error> {
    let before_ms = now_ms - i64::from(keep_days) * DAY_MS;
    let mut tx = storage.begin().await?;
    let given_up = inbox::give_up(&mut tx, before_ms, WAITING_IN_ROOM_MAX, now_ms).await?;
    retention::forget_before(&mut tx, before_ms).await?;
    tx.commit().await?;
    if given_up > 0 {
        tracing::warn!(given_up, "events whose keys never came are given up: nobody will be answered");
    }
    Ok(())
}

/// The homeserver's side of the sender.
#[derive(Debug)]
pub struct MatrixGateway {
    client: Client,
    facts: Facts,
    /// Held by what is being delivered.
    delivering: tokio::sync::Mutex<()>,
}

/// Why the bot couldn't start; each is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The login failed.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The database can't be used.
    #[error("{}", cannot_use(.path, .source))]
    Storage {
        /// Where it is.
        path: String,
        /// What happened.
        source: lamplighter_storage::Error,
    },
    /// Another bot has the database, or a restore isn't finished.
    #[error("{0}")]
    Refused(String),
    /// What is due couldn't be planned.
    #[error(transparent)]
    Fault(#[from] lamplighter_commands::fault::Fault),
    /// The words are broken.
    #[error(transparent)]
    Speech(#[from] lamplighter_commands::speech::Unspeakable),
    /// The server went away for good while starting.
    #[error(transparent)]
    Intake(#[from] IntakeError),
}

/// A bot that runs.
#[derive(Debug)]
pub struct Bot {
    storage: Storage,
    outage: Arc<Outage>,
    _lock: Option<Lock>,
    progress: watch::Sender<u64>,
    stop: watch::Sender<bool>,
    drain: watch::Sender<bool>,
    monitor: Arc<Monitor>,
    intake: JoinHandle<Result<(), IntakeError>>,
    scheduler: JoinHandle<()>,
    sender: JoinHandle<()>,
}

/// How fast the bot works, apart from what servers allow.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Edits of one message are at least this far apart.
    pub edit_spacing_ms: i64,
    /// How fast people and rooms may be.
    pub limits: flood::Limits,
    /// A verification of the bot's device may take this long.
    pub verification: std::time::Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { edit_spacing_ms: EDIT_SPACING_MS, limits: flood::Limits::default(), verification: VERIFICATION_PATIENCE }
    }
}

fn database_path(config: &Config) -> Option<PathBuf> {
    match &config.storage.database {
        Database::File(path) => Some(path.clone()),
        Database::Memory => None,
    }
}

/// Opens the database of a config.
pub async fn open_storage(config: &Config) -> Result<Storage, StartError> {
    let path = database_path(config);
    let location = path.as_deref().map_or(Location::Memory, Location::File);
    Storage::open(location).await.map_err(|source| StartError::Storage {
        path: path.map_or_else(|| "in memory".to_owned(), |path| path.display().to_string()),
        source,
    })
}

impl Bot {
    /// Logs in, catches up, and starts taking in and sending.
    pub async fn start(
        config: &Config,
        matrix: &MatrixConfig,
        clock: Arc<dyn Clock>,
        seed: Seed,
        pace: Pace,
    ) -> Result<Self, StartError> {
        let monitor = Arc::new(Monitor::new(Arc::clone(&clock)));
        Self::start_watched(config, matrix, clock, seed, pace, monitor).await
    }

    /// The same; what it does is counted by this monitor.
    pub async fn start_watched(
        config: &Config,
        matrix: &MatrixConfig,
        clock: Arc<dyn Clock>,
        seed: Seed,
        pace: Pace,
        monitor: Arc<Monitor>,
    ) -> Result<Self, StartError> {
        let lock = match database_path(config) {
            Some(path) => Some(take(&path).map_err(StartError::Refused)?),
            None => None,
        };
        let storage = open_storage(config).await?;
        let mut session = login::log_in(matrix, Arc::clone(&clock)).await?;
        session.settle().await?;
        Self::run(config, matrix, (session, storage, lock), clock, seed, pace, monitor).await
    }

    async fn run(
        config: &Config,
        matrix: &MatrixConfig,
        (session, storage, lock): (Session, Storage, Option<Lock>),
        clock: Arc<dyn Clock>,
        seed: Seed,
        pace: Pace,
        monitor: Arc<Monitor>,
    ) -> Result<Self, StartError> {
        let client = session.client.clone();
        let display_name = client.account().get_display_name().await.ok().flatten();
        let localpart = client.user_id().map(|id| id.localpart().to_owned()).unwrap_or_default();
        // A name that somebody gave is kept (ARCHITECTURE.md, Matrix as it is).
        if display_name.as_deref().is_none_or(|name| name == localpart)
            && let Err(error) = client.account().set_display_name(Some(house::NAME)).await
        {
            tracing::warn!(%error, "the bot's name couldn't be set");
        }
        let keep_texts_days = config.storage.keep_texts_days;
        let mut house = house::build(
            config.communities.clone(),
            &matrix.user_id,
            display_name.as_deref().filter(|name| *name != localpart),
            matrix.ignore.clone(),
            keep_texts_days,
        )?;
        house.limits = pace.limits;
        let house = Arc::new(house);
        let path = database_path(config);
        let failed = |source| StartError::Storage {
            path: path.as_ref().map_or_else(|| "in memory".to_owned(), |path| path.display().to_string()),
            source,
        };
        let mut tx = storage.begin().await.map_err(failed)?;
        room::declare_communities(&mut tx, config.communities.iter().map(|community| community.id.as_str()))
            .await
            .map_err(failed)?;
        digest::enrol_all(&mut tx, &house, clock.now_ms()).await?;
        let is_new = epoch::get(&mut tx).await.map_err(failed)?.is_none()
            && inbox::cursor(&storage).await.map_err(failed)?.is_none();
        if is_new {
            let epoch_id = new_epoch_id().map_err(StartError::Refused)?;
            epoch::begin_first(&mut tx, &epoch_id, clock.now_ms()).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)?;
        storage.look_at_epoch().await.map_err(failed)?;
        let (housekeeping, housekeeping_clock) = (storage.clone(), Arc::clone(&clock));
        let (progress, _) = watch::channel(0);
        monitor.attach(storage.clone(), Arc::clone(&house));
        let (stop, stopped) = watch::channel(false);
        let (drain, drained) = watch::channel(false);
        let mut housekeeping_stop = stopped.clone();
        tokio::spawn(async move {
            while !*housekeeping_stop.borrow() {
                if let Err(error) = forget_old(&housekeeping, keep_texts_days, housekeeping_clock.now_ms()).await {
                    tracing::warn!(%error, "what is old couldn't be forgotten yet");
                }
                tokio::select! {
                    () = tokio::time::sleep(HOUSEKEEPING) => {}
                    _ = housekeeping_stop.changed() => {}
                }
            }
        });
        let (ready, mut is_ready) = watch::channel(false);
        let mut worker = Worker::new(storage.clone(), Arc::clone(&house), Arc::clone(&clock), progress.clone(), seed);
        if let Some(path) = &path {
            worker = worker.with_marker(&path.with_extension("handling")).await.map_err(failed)?;
        }
        let worker = Arc::new(worker.with_monitor(Arc::clone(&monitor)));
        let outage = Arc::clone(worker.outage());
        let gateway = Arc::new(MatrixGateway {
            client: client.clone(),
            facts: Facts::new(client.clone()),
            delivering: tokio::sync::Mutex::default(),
        });
        let words = DeclineWords {
            declined: house.say(None).word("invite-declined", &[])?,
            enough_rooms: house.say(None).word("invite-enough-rooms", &[])?,
            enough_chats: house.say(None).word("invite-enough-chats", &[])?,
        };
        let verifier = Arc::new(Verifier {
            client: client.clone(),
            worker: Arc::clone(&worker),
            stewards: house.communities.iter().flat_map(|community| community.stewards.clone()).collect(),
            refusal: house.say(None).word("verify-not-steward", &[])?,
            try_again: house.say(None).word("verify-busy", &[])?,
            patience: pace.verification,
            running: Default::default(),
            count: Default::default(),
            refused: Default::default(),
        });
        verifier.listen();
        let mut intake = Intake {
            client: client.clone(),
            gateway: Arc::clone(&gateway),
            worker: Arc::clone(&worker),
            storage: storage.clone(),
            clock: Arc::clone(&clock),
            monitor: Arc::clone(&monitor),
            accepts: matrix.invites.clone(),
            words,
            rooms_max: usize::try_from(matrix.rooms_max).unwrap_or(usize::MAX),
            bot_user_id: matrix.user_id.clone(),
            ignore: matrix.ignore.clone(),
            stop: stopped.clone(),
            ready,
            receipts: Receipts::start(client.clone(), stopped.clone()),
            tries: tries::Tries::default(),
            answered: tally::Invitations::default(),
            rooms: rooms::Rooms::default(),
            declined: BTreeSet::new(),
            waiting: WaitingRoom::open(&client, &storage, session.kept.made_at_ms).await.map_err(failed)?,
        };
        // What was said while we were away, our own echoes among it, before anything is sent.
        let _ = intake.catch_up().await?;
        let scheduler =
            Scheduler::new(storage.clone(), worker, Arc::clone(&gateway) as _, Arc::clone(&clock), progress.clone());
        let sender = Sender::new(storage.clone(), house, gateway, clock, progress.clone())
            .with_edit_spacing_ms(pace.edit_spacing_ms)
            .with_outage(Arc::clone(&outage))
            .with_monitor(Arc::clone(&monitor));
        monitor.enter(Phase::Running);
        let (mut is_ready_too, stopped_too) = (is_ready.clone(), stopped.clone());
        Ok(Self {
            storage,
            outage,
            _lock: lock,
            progress,
            stop,
            drain,
            monitor,
            intake: tokio::spawn(intake.run()),
            // What fell due while we were away comes after what was said then, so that a vote is counted before its poll
            // is closed.
            scheduler: tokio::spawn(async move {
                if is_ready_too.wait_for(|ready| *ready).await.is_ok() {
                    scheduler.run(stopped_too).await;
                }
            }),
            sender: tokio::spawn(async move {
                // A private chat that was made just before a death is only found once the SDK has synced.
                if is_ready.wait_for(|ready| *ready).await.is_ok() {
                    sender.run(drained).await;
                }
            }),
        })
    }

    /// The database, for tests and benchmarks.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Waits until everything that is due has been done and everything that follows from it has been sent.
    pub async fn quiet(&self, clock: &dyn Clock) -> Result<(), lamplighter_storage::Error> {
        // The clock may have been moved by hand: look again.
        self.progress.send_modify(|count| *count += 1);
        let mut progress = self.progress.subscribe();
        while !(agenda::next_due(&self.storage, clock.now_ms()).await?.is_none()
            && outbox::depth(&self.storage).await? == 0)
        {
            if progress.changed().await.is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Waits until an event has been dealt with and everything that follows from it has been sent.
    pub async fn settled(&self, event_id: &str) -> Result<(), lamplighter_storage::Error> {
        let mut progress = self.progress.subscribe();
        while !(inbox::is_settled(&self.storage, event_id).await? && outbox::depth(&self.storage).await? == 0) {
            if progress.changed().await.is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Waits until the bot ends by itself, which it does only when the session is revoked or the database is broken.
    pub async fn ended(&mut self) -> Result<(), IntakeError> {
        let outage = Arc::clone(&self.outage);
        tokio::select! {
            ended = &mut self.intake => match outage.damage() {
                Some(damage) => Err(IntakeError::Damaged(damage)),
                None => ended.unwrap_or(Ok(())),
            },
            damage = outage.damaged() => Err(IntakeError::Damaged(damage)),
        }
    }

    /// Stops: first nothing new is taken in and what is being handled is finished; then what was said is sent, as far as
    /// that is possible before long (`sender::DRAIN_MAX`).
    pub async fn stop(self) {
        self.monitor.enter(Phase::Stopping);
        // Nobody listens who has ended already.
        let _ = self.stop.send(true);
        let _ = self.intake.await;
        let _ = self.scheduler.await;
        let _ = self.drain.send(true);
        let _ = self.sender.await;
        self.storage.close().await;
    }
}
