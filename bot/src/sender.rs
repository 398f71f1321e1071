//! Drains the outbox: in order per card and per person, urgent things first, patiently (ARCHITECTURE.md, "The way of a
//! message", step 5).

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use lamplighter_commands::{
    evening,
    house::{General, House},
    scene::{Content, Reply},
};
use lamplighter_storage::{
    Error, Storage,
    agenda::{self, NewRow as NewAgendaRow},
    outbox::{self, Destination, Kind, Lane, NewRow, Row, Target},
    person, privacy, proxy, room,
};
use tokio::sync::watch;

use crate::{
    clock::Clock,
    crash_point,
    gateway::{Act, ChatState, Delivery, DeliveryError, Gateway, Limited},
    late,
    monitor::Monitor,
    outage::Outage,
    pace::{Pace, TICK_USEFUL_MS},
};

/// The first wait after a failure; it doubles with each further one.
const BACKOFF_FIRST_MS: i64 = 500;
/// The longest wait after a failure that the server didn't set.
const BACKOFF_MAX_MS: i64 = 60_000;
/// A row older than this may have been sent under a transaction id that the homeserver has forgotten (Synapse: 24
/// hours); it is looked for in the room before it is sent. It can't have been tried before it was written.
const TRANSACTION_ID_SAFE_MS: i64 = 20 * 60 * 60 * 1000;
/// How long the loop rests when the database is unwell.
const OUTAGE_REST: Duration = Duration::from_secs(1);
/// Asked to stop, the bot still sends for so long what it has said: more than a second of rest is rarely in the way, and
/// whoever shuts a machine down doesn't wait longer. The rest is sent at the next start.
pub const DRAIN_MAX: Duration = Duration::from_secs(10);
/// A clock that goes back by no more than this is being adjusted; beyond, it was set.
const CLOCK_SLACK_MS: i64 = 1_000;

/// Sends what the outbox holds.
#[derive(Debug)]
pub struct Sender {
    storage: Storage,
    house: Arc<House>,
    gateway: Arc<dyn Gateway>,
    clock: Arc<dyn Clock>,
    progress: watch::Sender<u64>,
    edit_spacing_ms: i64,
    paused_until_ms: AtomicI64,
    monitor: Arc<Monitor>,
    /// The instant of the last step; at the start the end of time.
    latest_ms: AtomicI64,
    pace: Mutex<Pace>,
    outage: Arc<Outage>,
}

/// Edits of one message are at least this far apart, and the last one is always sent: a message with a thousand edits
/// can't be loaded any more (ARCHITECTURE.md, Matrix as it is).
pub const EDIT_SPACING_MS: i64 = 5_000;

/// Where something for a person goes.
enum Chat {
    /// Into their private chat.
    Private(String),
    /// Into the room where they asked for it.
    InRoom(String),
}

/// How long to wait after so many failures.
fn backoff_ms(attempts: i64) -> i64 {
    (BACKOFF_FIRST_MS << u32::try_from(attempts.clamp(0, 16)).unwrap_or(0)).min(BACKOFF_MAX_MS)
}

/// Why something isn't sent now.
enum Hold {
    Until(i64),
    Drop(&'static str),
}

/// What one step of the sender came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something was sent, held back or given up.
    Moved,
    /// There is nothing to send.
    Idle,
    /// There is nothing to send before this instant.
    Until(i64),
}

impl Sender {
    /// A sender from this outbox to this gateway. `progress` tells when something new may be there, and is bumped when
    /// something was sent.
    pub fn new(
        storage: Storage,
        house: Arc<House>,
        gateway: Arc<dyn Gateway>,
        clock: Arc<dyn Clock>,
        progress: watch::Sender<u64>,
    ) -> Self {
        let edit_spacing_ms = EDIT_SPACING_MS;
        let monitor = Arc::new(Monitor::new(Arc::clone(&clock)));
        let outage = Outage::none(Arc::clone(&clock));
        Self {
            storage,
            house,
            gateway,
            clock,
            progress,
            edit_spacing_ms,
            paused_until_ms: AtomicI64::new(0),
            latest_ms: AtomicI64::new(i64::MAX),
            monitor,
            pace: Mutex::default(),
            outage,
        }
    }

    /// Counts here what it does.
    pub fn with_monitor(mut self, monitor: Arc<Monitor>) -> Self {
        self.monitor = monitor;
        self
    }

    /// The same with another distance between edits.
    pub fn with_edit_spacing_ms(mut self, edit_spacing_ms: i64) -> Self {
        self.edit_spacing_ms = edit_spacing_ms;
        self
    }

    /// The same, telling of a database that is unwell together with the others.
    pub fn with_outage(mut self, outage: Arc<Outage>) -> Self {
        self.outage = outage;
        self
    }

    /// Sends until told to stop, and then what can be sent in [`DRAIN_MAX`].
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        self.send_until(&mut stop).await;
        // In the middle of a row too: it is sent again at the next start, under the same transaction id.
        if tokio::time::timeout(DRAIN_MAX, self.empty()).await.is_err() {
            tracing::warn!(seconds = DRAIN_MAX.as_secs(), "what can't be sent in this time waits for the next start");
        }
    }

    /// Sends what can be sent before long.
    async fn empty(&self) {
        loop {
            match crash_point::at_each_await("sender::await", self.step()).await {
                Ok(Step::Moved) => {}
                Ok(Step::Until(at_ms)) => {
                    let rest = Duration::from_millis(u64::try_from(at_ms - self.clock.now_ms()).unwrap_or(0).max(1));
                    if rest >= DRAIN_MAX {
                        return;
                    }
                    tokio::time::sleep(rest).await;
                }
                Ok(Step::Idle) | Err(_) => return,
            }
        }
    }

    async fn send_until(&self, stop: &mut watch::Receiver<bool>) {
        let mut progress = self.progress.subscribe();
        loop {
            progress.mark_unchanged();
            let step = crash_point::at_each_await("sender::await", self.step()).await;
            self.monitor.database("sender", &step);
            let rest = match step {
                Ok(Step::Moved) => {
                    self.outage.over();
                    Some(Duration::ZERO)
                }
                Ok(Step::Idle) => None,
                Ok(Step::Until(at_ms)) => {
                    Some(Duration::from_millis(u64::try_from(at_ms - self.clock.now_ms()).unwrap_or(0).max(1)))
                }
                Err(error) => {
                    self.outage.failed(&error);
                    Some(OUTAGE_REST)
                }
            };
            if *stop.borrow() {
                return;
            }
            match rest {
                Some(Duration::ZERO) => {}
                Some(rest) => {
                    tokio::select! {
                        () = tokio::time::sleep(rest) => {}
                        _ = progress.changed() => {}
                        _ = stop.changed() => return,
                    }
                }
                None => {
                    tokio::select! {
                        _ = progress.changed() => {}
                        _ = stop.changed() => return,
                    }
                }
            }
        }
    }

    /// Sends everything that can be sent now.
    pub async fn drain(&self) -> Result<(), Error> {
        while crash_point::at_each_await("sender::await", self.step()).await? == Step::Moved {}
        Ok(())
    }

    /// Sends the next thing.
    pub async fn step(&self) -> Result<Step, Error> {
        let now_ms = self.clock.now_ms();
        let latest_ms = self.latest_ms.swap(now_ms, Ordering::SeqCst);
        if now_ms < latest_ms - CLOCK_SLACK_MS {
            // At the start nobody knows; it may have been set back meanwhile.
            if latest_ms < i64::MAX {
                tracing::warn!("the machine's clock was set back; what was held back is tried now");
            }
            self.paused_until_ms.store(0, Ordering::SeqCst);
            let mut tx = self.storage.begin().await?;
            outbox::clock_set_back(&mut tx, now_ms + BACKOFF_MAX_MS).await?;
            tx.commit().await?;
        }
        let paused_until_ms = self.paused_until_ms.load(Ordering::SeqCst);
        if paused_until_ms > now_ms {
            return Ok(Step::Until(paused_until_ms));
        }
        let pace = self.pace();
        if let Some(at_ms) = pace.paused_until_ms(now_ms) {
            return Ok(Step::Until(at_ms));
        }
        let edit_spacing_ms = pace.edit_spacing_ms(now_ms, self.edit_spacing_ms);
        let row = if pace.is_scarce(now_ms) {
            outbox::next_of_few(&self.storage, now_ms, edit_spacing_ms).await?
        } else {
            outbox::next(&self.storage, now_ms, edit_spacing_ms).await?
        };
        let Some(row) = row else {
            return Ok(match outbox::next_not_before_ms(&self.storage, now_ms, edit_spacing_ms).await? {
                Some(at_ms) => Step::Until(at_ms),
                None => Step::Idle,
            });
        };
        crash_point::pass("sender::chosen");
        self.monitor.sending();
        if let Some(hold) = self.hold(&row, now_ms) {
            let mut tx = self.storage.begin().await?;
            match hold {
                Hold::Until(at_ms) => outbox::postponed(&mut tx, row.outbox_id, at_ms).await?,
                Hold::Drop(reason) => {
                    tracing::info!(outbox_id = row.outbox_id, reason, "dropped");
                    outbox::given_up(&mut tx, row.outbox_id, false, reason).await?;
                }
            }
            tx.commit().await?;
            self.progress.send_modify(|count| *count += 1);
            return Ok(Step::Moved);
        }
        if self.say_together(&row, now_ms).await? {
            return Ok(Step::Moved);
        }
        match self.send(&row, now_ms).await? {
            Ok(event_id) => {
                crash_point::pass("sender::delivered");
                let mut tx = self.storage.begin().await?;
                outbox::sent(&mut tx, row.outbox_id, &event_id, self.clock.now_ms()).await?;
                if let (Ok(Content::Leave), Some(room_id)) = (serde_json::from_str(&row.content), &row.room_id) {
                    privacy::forget_room(&mut tx, room_id).await?;
                    tx.scrub_after_commit();
                }
                tx.commit().await?;
                crash_point::pass("sender::marked");
                self.monitor.sent(row.outbox_id).await;
            }
            Err(DeliveryError::Later { after_ms, everything, reason }) => {
                let not_before_ms = now_ms + after_ms.unwrap_or_else(|| backoff_ms(row.attempts));
                tracing::warn!(outbox_id = row.outbox_id, reason, "not sent yet, will be tried again");
                if everything {
                    self.paused_until_ms.store(not_before_ms, Ordering::SeqCst);
                }
                let mut tx = self.storage.begin().await?;
                outbox::held_back(&mut tx, row.outbox_id, not_before_ms, &reason).await?;
                tx.commit().await?;
            }
            Err(DeliveryError::Limited { wait_ms, what }) => {
                let wait_ms = wait_ms.unwrap_or_else(|| backoff_ms(row.attempts));
                self.monitor.rate_limited();
                let mut tx = self.storage.begin().await?;
                match what {
                    Limited::Sending => {
                        tracing::warn!(wait_ms, "the homeserver limits how much we send (see lamplighter doctor)");
                        self.with_pace(|pace| pace.refused(now_ms, wait_ms));
                        outbox::rate_limited(&mut tx, now_ms, wait_ms).await?;
                    }
                    Limited::NewChats => {
                        tracing::warn!(wait_ms, "the homeserver limits how many private chats we make");
                        outbox::new_chats_wait(&mut tx, now_ms + wait_ms).await?;
                    }
                }
                outbox::held_back(&mut tx, row.outbox_id, now_ms + wait_ms, "M_LIMIT_EXCEEDED").await?;
                tx.commit().await?;
            }
            Err(DeliveryError::Never { reason }) => {
                let park = row.lane <= Lane::Ping as i64 && row.kind == "post";
                tracing::error!(outbox_id = row.outbox_id, park, reason, "can't be sent");
                let mut tx = self.storage.begin().await?;
                outbox::given_up(&mut tx, row.outbox_id, park, &reason).await?;
                if park {
                    self.tell_stewards(&mut tx, &row, now_ms).await?;
                }
                tx.commit().await?;
            }
        }
        self.progress.send_modify(|count| *count += 1);
        Ok(Step::Moved)
    }

    /// What nobody asked for goes out inside the evening window only, and not after its moment.
    fn hold(&self, row: &Row, now_ms: i64) -> Option<Hold> {
        if row.stale_at_ms.is_some_and(|stale_at_ms| stale_at_ms <= now_ms) {
            return Some(Hold::Drop("its moment has passed"));
        }
        if row.is_tick && row.is_shown && now_ms - row.created_at_ms > TICK_USEFUL_MS && self.pace().is_scarce(now_ms) {
            return Some(Hold::Drop("the card shows it"));
        }
        let community = self.house.community(row.unasked_in.as_deref()?)?;
        if evening::is_open(community, now_ms) {
            None
        } else if row.lane == Lane::Digest as i64 {
            Some(Hold::Drop("the window has closed"))
        } else {
            Some(Hold::Until(evening::next_start_ms(community, now_ms)))
        }
    }

    /// Something is parked: the stewards are told when the window is open, once a day.
    async fn tell_stewards(&self, tx: &mut lamplighter_storage::Tx, row: &Row, now_ms: i64) -> Result<(), Error> {
        let room_id = row.room_id.as_deref().or(row.fallback_room_id.as_deref());
        let bound = match room_id {
            Some(room_id) => room::get(tx, room_id).await?.and_then(|room| room.community_id),
            None => None,
        };
        let community = bound.as_deref().and_then(|id| self.house.community(id)).or(self.house.communities.first());
        let Some(community) = community else { return Ok(()) };
        let key = format!("{} {}", lamplighter_commands::room::PARKED, evening::day(community, now_ms));
        let plan = NewAgendaRow {
            community_id: &community.id,
            key: &key,
            kind: lamplighter_commands::room::PARKED,
            number: None,
            room_id: None,
            person_id: None,
            due_at_ms: now_ms,
            stale_at_ms: None,
            unasked: true,
        };
        agenda::put_once(tx, plan).await
    }

    fn with_pace<T>(&self, look: impl FnOnce(&mut Pace) -> T) -> T {
        // Whoever panicked with it in hand left it whole: it is a plain value.
        look(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn pace(&self) -> Pace {
        self.with_pace(|pace| *pace)
    }

    /// Answers that come late don't flood a room: those that wait one behind the other become one message. True if they
    /// did; it is sent when its turn comes. Rows that were tried before may be there already, and stay as they are.
    async fn say_together(&self, row: &Row, now_ms: i64) -> Result<bool, Error> {
        if row.kind != "post" || row.lane != Lane::Answer as i64 || row.attempts > 0 {
            return Ok(false);
        }
        if !late::is_late(&serde_json::from_str(&row.content)?, now_ms) {
            return Ok(false);
        }
        let rows = outbox::untried_from(&self.storage, row.outbox_id, late::TOGETHER_MAX).await?;
        if rows.first().is_none_or(|(first, _)| *first != row.outbox_id) {
            return Ok(false);
        }
        let contents: Vec<Content> =
            rows.iter().map(|(_, content)| serde_json::from_str(content)).collect::<Result<_, _>>()?;
        let Some((content, count)) = late::together(&contents, now_ms) else { return Ok(false) };
        let said: Vec<i64> = rows.iter().take(count).map(|(outbox_id, _)| *outbox_id).collect();
        let destination = match (&row.room_id, row.person_id) {
            (None, Some(person_id)) => {
                Destination::Person { person_id, fallback_room_id: row.fallback_room_id.as_deref() }
            }
            (room_id, _) => Destination::Room(room_id.as_deref().unwrap_or_default()),
        };
        let new = NewRow {
            cause: &format!("late {}", row.outbox_id),
            ordinal: 0,
            kind: Kind::Post,
            destination,
            target: Target::None,
            lane: Lane::Answer,
            content: &serde_json::to_string(&content)?,
            at_ms: row.created_at_ms,
            unasked_in: None,
            stale_at_ms: None,
        };
        let mut tx = self.storage.begin().await?;
        let by = outbox::write(&mut tx, new).await?;
        outbox::said_by(&mut tx, &said, by).await?;
        tx.commit().await?;
        tracing::info!(count, "late answers become one message");
        self.progress.send_modify(|count| *count += 1);
        Ok(true)
    }

    async fn send(&self, row: &Row, now_ms: i64) -> Result<Result<String, DeliveryError>, Error> {
        let mut content = late::led_in(serde_json::from_str(&row.content)?, now_ms);
        if let Content::Message { pointer: Some(pointer), .. } = &mut content {
            pointer.to.clone_from(&row.points_to_event_id);
        }
        let is_open = matches!(content, Content::Message { open: true, .. });
        let mut to = row.user_id.clone().filter(|_| row.room_id.is_none());
        let room_id = match (&row.room_id, &row.user_id, row.person_id) {
            (Some(room_id), ..) => room_id.clone(),
            (None, Some(user_id), Some(person_id)) => match self.chat(row, user_id, person_id, is_open).await? {
                Ok(Chat::Private(room_id)) => room_id,
                Ok(Chat::InRoom(room_id)) => {
                    to = None;
                    room_id
                }
                Err(error) => return Ok(Err(error)),
            },
            _ => return Ok(Err(DeliveryError::Never { reason: "it goes nowhere".into() })),
        };
        let about = row.about_event_id.clone();
        let act = match (row.kind.as_str(), about) {
            ("post", _) => Act::Post,
            ("edit", Some(of)) => Act::Edit { of },
            ("tap", Some(on)) => Act::Tap { on },
            ("untap", Some(of)) => Act::Untap { of },
            _ => return Ok(Err(DeliveryError::Never { reason: "what it is about was never sent".into() })),
        };
        if self.clock.now_ms() - row.created_at_ms > TRANSACTION_ID_SAFE_MS && !matches!(act, Act::Untap { .. }) {
            match self.gateway.find_sent(&room_id, &row.transaction_id).await {
                Ok(Some(event_id)) => return Ok(Ok(event_id)),
                Ok(None) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        let (transaction_id, card_number) = (row.transaction_id.clone(), row.card_number);
        let delivery = Delivery { transaction_id, card_number, room_id, to, act, content };
        Ok(self.gateway.deliver(&delivery).await)
    }

    /// The private chat with a person; the room that the matter concerns is told once if it isn't open.
    /// What is open (a reminder) is said in that room instead.
    async fn chat(
        &self,
        row: &Row,
        user_id: &str,
        person_id: i64,
        is_open: bool,
    ) -> Result<Result<Chat, DeliveryError>, Error> {
        let mut tx = self.storage.begin().await?;
        let known = person::direct_chat(&mut tx, person_id).await?;
        tx.roll_back().await?;
        let chat = match self.gateway.open_chat(user_id, known.as_deref()).await {
            Ok(chat) => chat,
            Err(error) => return Ok(Err(error)),
        };
        crash_point::pass("sender::chat_opened");
        let mut tx = self.storage.begin().await?;
        if !chat.room_id.is_empty() && known.as_deref() != Some(chat.room_id.as_str()) {
            person::set_direct_chat(&mut tx, person_id, &chat.room_id).await?;
        }
        if let (true, true, Some(room_id)) = (is_open, chat.state != ChatState::Open, &row.fallback_room_id) {
            tx.commit().await?;
            return Ok(Ok(Chat::InRoom(room_id.clone())));
        }
        let deed = match (chat.state, &row.fallback_room_id) {
            (ChatState::Refused, Some(fallback)) if row.kind == "post" => {
                self.say_deed(&mut tx, row, person_id, fallback).await?
            }
            _ => false,
        };
        if let (true, Some(fallback)) = (chat.state != ChatState::Open && !deed, &row.fallback_room_id)
            && person::give_notice(&mut tx, person_id, self.clock.now_ms()).await?
        {
            self.write_notice(&mut tx, person_id, fallback, chat.state).await?;
        }
        tx.commit().await?;
        Ok(if chat.state == ChatState::Refused {
            Err(DeliveryError::Never { reason: "the private chat is refused".into() })
        } else {
            Ok(Chat::Private(chat.room_id))
        })
    }

    /// Whoever can't be told privately what was done for them is told in the room that something was; false: it is about
    /// nothing of the kind.
    async fn say_deed(
        &self,
        tx: &mut lamplighter_storage::Tx,
        row: &Row,
        person_id: i64,
        room_id: &str,
    ) -> Result<bool, Error> {
        let Some(acted) = proxy::told_by(tx, row.outbox_id, lamplighter_commands::proxy::KIND).await? else {
            return Ok(false);
        };
        let cause = format!("deed {}", acted.acted_id);
        if !outbox::has_caused(tx, &cause).await? {
            let (person, by) = (person::get(tx, person_id).await?, person::get(tx, acted.proxy_id).await?);
            let notice = General::CannotTellDeed { person: &person, by: &by };
            self.write_in_room(tx, &cause, room_id, &person, &notice).await?;
        }
        Ok(true)
    }

    async fn write_notice(
        &self,
        tx: &mut lamplighter_storage::Tx,
        person_id: i64,
        room_id: &str,
        state: ChatState,
    ) -> Result<(), Error> {
        let person = person::get(tx, person_id).await?;
        let notice = match state {
            ChatState::Refused => General::CannotTell { person: &person },
            _ => General::LookLeft { person: &person },
        };
        self.write_in_room(tx, &format!("notice {}", person.user_id), room_id, &person, &notice).await
    }

    /// Calls somebody in a room whom a private message doesn't reach.
    async fn write_in_room(
        &self,
        tx: &mut lamplighter_storage::Tx,
        cause: &str,
        room_id: &str,
        person: &person::Person,
        notice: &General<'_>,
    ) -> Result<(), Error> {
        let say = self.house.say_to(tx, None, Destination::Room(room_id)).await?;
        let Ok(card) = notice.card(say) else { return Ok(()) };
        let card = card.ringing(&[person]);
        let content = Content::from(&card);
        let row = NewRow {
            cause,
            ordinal: 0,
            kind: Kind::Post,
            destination: Destination::Room(room_id),
            target: Target::None,
            lane: Lane::Answer,
            content: &serde_json::to_string(&content)?,
            at_ms: self.clock.now_ms(),
            unasked_in: None,
            stale_at_ms: None,
        };
        outbox::write(tx, row).await?;
        Ok(())
    }
}
