//! Taking in what the homeserver sends, so that nothing is lost and nothing is handled twice (ARCHITECTURE.md, "The way of a
//! message", steps 1 and 4).
//!
//! The SDK stores its position before anybody has handled the events; ours moves only when they are committed. After
//! a death the difference is asked for once, raw, past the SDK's state.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use lamplighter_commands::incoming::{Incoming, Message, Named, Place, What};
use lamplighter_storage::{
    Storage,
    inbox::{self, Arrival, Unread},
    room as rooms,
};
use matrix_sdk::{
    Client, HttpError, Room, RoomState,
    config::SyncSettings,
    deserialized_responses::{TimelineEvent, TimelineEventKind},
    room::MessagesOptions,
    ruma::{
        OwnedRoomId, RoomId, UserId,
        api::{
            client::{
                filter::{FilterDefinition, LazyLoadOptions, RoomEventFilter, RoomFilter},
                membership::leave_room,
                sync::sync_events::v3::{Filter, Request, State as RawState},
            },
            error::ErrorKind,
        },
        events::{AnySyncTimelineEvent, room::encrypted::OriginalSyncRoomEncryptedEvent},
        serde::Raw,
        uint,
    },
    sync::{State, SyncResponse},
};
use serde_json::Value;
use tokio::sync::watch;

use super::{
    MatrixGateway, outgoing,
    read::{self, Event},
    receipts::Receipts,
    rooms::Rooms,
    tally::{Invitations, Tally},
    tries::Tries,
    waiting::WaitingRoom,
};
use crate::{clock::Clock, crash_point, monitor::Monitor, restore::new_epoch_id, worker::Worker};

/// How long a sync waits on the server for something to happen.
const SYNC_TIMEOUT: Duration = Duration::from_secs(30);
/// The first rest after a failure; it doubles.
pub(super) const REST_FIRST: Duration = Duration::from_millis(500);
/// The longest rest after a failure.
const REST_MAX: Duration = Duration::from_secs(30);
/// Events asked for at once when a gap is read; Synapse gives up to 1,000.
const GAP_PAGE_EVENTS: u32 = 250;
/// A gap is read back over at most this many pages: more than a busy room says in a month.
const GAP_PAGES_MAX: usize = 400;
/// So many invitations are answered after one sync: whoever says something meanwhile waits for no more than these.
const INVITATIONS_PER_SYNC_MAX: usize = 20;
/// Somebody has at most this many private chats with the bot.
const DIRECT_CHATS_MAX: usize = 3;

/// Why the intake ended.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The token isn't valid any more.
    #[error(
        "the homeserver no longer accepts the bot's session; nothing is lost: log in anew: move the folder [matrix] store \
         away, write its recovery-key.txt into [matrix] recovery_key, and start again with the password, or with a new \
         access_token and device_id"
    )]
    TokenRevoked,
    /// The database is broken.
    #[error(
        "the bot has stopped, because its database is damaged ({0}): keep the file, bring the last good backup back with \
         lamplighter restore FILE --config CONFIG, and start again"
    )]
    Damaged(String),
}

/// Somebody asked us to stop.
#[derive(Debug)]
pub struct Stopped;

/// Takes in.
#[derive(Debug)]
pub struct Intake {
    pub(super) client: Client,
    pub(super) gateway: Arc<MatrixGateway>,
    pub(super) worker: Arc<Worker>,
    pub(super) storage: Storage,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) monitor: Arc<Monitor>,
    pub(super) accepts: Vec<lamplighter_config::IdPattern>,
    pub(super) words: DeclineWords,
    /// In how many group rooms we are at most.
    pub(super) rooms_max: usize,
    pub(super) bot_user_id: String,
    /// Other bots.
    pub(super) ignore: Vec<String>,
    pub(super) stop: watch::Receiver<bool>,
    /// Told once the SDK knows the rooms as they are now: only then may anything be sent.
    pub(super) ready: watch::Sender<bool>,
    /// Told what has been read.
    pub(super) receipts: Receipts,
    /// Invitations that weren't answered at once.
    pub(super) tries: Tries,
    /// What became of invitations since the log was told.
    pub(super) answered: Invitations,
    /// What is to be looked after in the rooms.
    pub(super) rooms: Rooms,
    /// Rooms whose invitation was declined, until they are forgotten.
    pub(super) declined: BTreeSet<OwnedRoomId>,
    /// What is known of the events that wait for their keys.
    pub(super) waiting: WaitingRoom,
}

/// The events of one room, oldest first, and the gap before them.
struct Batch {
    room_id: OwnedRoomId,
    events: Vec<TimelineEvent>,
    /// The token to read the gap from, if the timeline was cut.
    gap_from: Option<String>,
    /// Our own join, if it came as state.
    own_join: Option<Raw<AnySyncTimelineEvent>>,
}

/// What we ask the homeserver for: everywhere the same, in words that no other request has. What is asked for in the same words
/// may be answered from memory (Synapse does so for two minutes). Asked for once more after a death, that answer would lack what
/// came in meanwhile. The catch-up would never see it again, since the SDK has moved past it; and the SDK's first sync would
/// leave out who has come into a room, so that what is said there is encrypted without them.
pub(super) fn filter() -> Filter {
    let mut room = RoomFilter::default();
    room.state.lazy_load_options = LazyLoadOptions::Enabled { include_redundant_members: false };
    room.timeline.limit = Some(uint!(100));
    room.timeline.lazy_load_options = LazyLoadOptions::Enabled { include_redundant_members: false };
    room.ephemeral = RoomEventFilter::ignore_all();
    let unlike_others = new_epoch_id().unwrap_or_else(|_| std::process::id().to_string());
    // No such room exists.
    room.not_rooms = RoomId::parse(format!("!{unlike_others}:request.invalid")).into_iter().collect();
    let mut filter = FilterDefinition::default();
    filter.room = room;
    filter.presence = matrix_sdk::ruma::api::client::filter::Filter::ignore_all();
    Filter::FilterDefinition(filter)
}

fn is_revoked(error: &HttpError) -> bool {
    matches!(error.client_api_error_kind(), Some(ErrorKind::UnknownToken(_)))
}

impl Intake {
    /// Rests, unless we are to stop, or the database is broken for good.
    pub(super) async fn rest(&mut self, rest: &mut Duration) -> Result<(), Stopped> {
        let length = *rest;
        *rest = (*rest * 2).min(REST_MAX);
        if *self.stop.borrow() || self.worker.outage().damage().is_some() {
            return Err(Stopped);
        }
        tokio::select! {
            () = tokio::time::sleep(length) => Ok(()),
            _ = self.stop.changed() => Err(Stopped),
        }
    }

    /// Asks once, raw, for what lies between our cursor and now, and handles it. Its `next_batch` is thrown away:
    /// given back as a `since` it would make the server delete room keys that the SDK has not seen.
    pub async fn catch_up(&mut self) -> Result<Result<(), Stopped>, IntakeError> {
        let mut rest = REST_FIRST;
        let cursor = loop {
            match inbox::cursor(&self.storage).await {
                Ok(Some(cursor)) => break cursor,
                Ok(None) => return Ok(Ok(())),
                Err(error) => {
                    self.worker.outage().failed(&error);
                    if self.rest(&mut rest).await.is_err() {
                        return Ok(Err(Stopped));
                    }
                }
            }
        };
        let filter = filter();
        let response = loop {
            let mut request = Request::new();
            request.since = Some(cursor.clone());
            request.filter = Some(filter.clone());
            request.timeout = Some(Duration::ZERO);
            match self.client.send(request).await {
                Ok(response) => break response,
                Err(error) if is_revoked(&error) => return Err(IntakeError::TokenRevoked),
                Err(error) => {
                    tracing::warn!(%error, "the homeserver doesn't answer; trying again");
                    if self.rest(&mut rest).await.is_err() {
                        return Ok(Err(Stopped));
                    }
                }
            }
        };
        let mut batches = Vec::new();
        let left = response.rooms.leave.into_iter().map(|(room_id, left)| (room_id, left.timeline, left.state));
        let joined = response.rooms.join.into_iter().map(|(room_id, joined)| (room_id, joined.timeline, joined.state));
        for (room_id, timeline, state) in joined.chain(left) {
            // A room that the SDK doesn't know yet comes whole with its next sync.
            let Some(room) = self.client.get_room(&room_id) else { continue };
            let mut events = Vec::new();
            for raw in timeline.events {
                events.push(decrypt(&room, raw).await);
            }
            let own_join = match &state {
                RawState::Before(state) | RawState::After(state) => own_join(state.events.iter(), &self.bot_user_id),
                _ => None,
            };
            batches.push(Batch {
                room_id,
                events,
                gap_from: timeline.prev_batch.filter(|_| timeline.limited),
                own_join,
            });
        }
        Ok(self.take_in(batches, Some(&cursor)).await)
    }

    /// Syncs until told to stop.
    pub async fn run(mut self) -> Result<(), IntakeError> {
        // A join that a death came after is taken up before its greeting could come in.
        if self.look_after_rooms().await.is_err() {
            return Ok(());
        }
        let mut rest = REST_FIRST;
        let settings = SyncSettings::new().timeout(SYNC_TIMEOUT).filter(filter());
        // The first sync comes back at once, so that waiting events and invitations are looked at.
        let mut timeout = Duration::ZERO;
        loop {
            if *self.stop.borrow() {
                return Ok(());
            }
            let mut stop = self.stop.clone();
            self.gateway.let_it_arrive().await;
            let synced = tokio::select! {
                synced = self.client.sync_once(settings.clone().timeout(timeout)) => synced,
                _ = stop.changed() => return Ok(()),
            };
            let response = match synced {
                Ok(response) => response,
                Err(matrix_sdk::Error::Http(error)) if is_revoked(&error) => return Err(IntakeError::TokenRevoked),
                Err(error) => {
                    tracing::warn!(%error, "syncing failed; trying again");
                    self.monitor.sync_failed();
                    // A proxy in front may say how long.
                    rest = rest.max(outgoing::wait_of(&error).unwrap_or_default()).min(REST_MAX);
                    if self.rest(&mut rest).await.is_err() {
                        return Ok(());
                    }
                    continue;
                }
            };
            crash_point::pass("intake::synced");
            self.monitor.received();
            rest = REST_FIRST;
            timeout = match self.take_in_sync(response).await {
                Ok(true) => Duration::ZERO,
                Ok(false) => self.sync_wait(SYNC_TIMEOUT),
                Err(Stopped) if *self.stop.borrow() => return Ok(()),
                // Nobody asked for it: the session was revoked over a gap.
                Err(Stopped) => return Err(IntakeError::TokenRevoked),
            };
        }
    }

    /// True: there is more to do, and the next sync is not to wait for news.
    async fn take_in_sync(&mut self, response: SyncResponse) -> Result<bool, Stopped> {
        let next_batch = response.next_batch;
        if !response.rooms.left.is_empty() {
            self.rooms.look();
        }
        let mut rest = REST_FIRST;
        let cursor = loop {
            match inbox::cursor(&self.storage).await {
                Ok(cursor) => break cursor,
                Err(error) => {
                    self.worker.outage().failed(&error);
                    self.rest(&mut rest).await?;
                }
            }
        };
        // At the first start there is no cursor, and what was said before is none of our business.
        if let Some(cursor) = &cursor {
            let mut batches = Vec::new();
            // What was said before the bot was put out came in time, all the same.
            let left = response.rooms.left.into_iter().map(|(room_id, left)| (room_id, left.timeline, left.state));
            let joined = response.rooms.joined.into_iter();
            let joined = joined.map(|(room_id, joined)| (room_id, joined.timeline, joined.state));
            for (room_id, timeline, state) in joined.chain(left) {
                let own_join = match &state {
                    State::Before(state) | State::After(state) => own_join(state.iter(), &self.bot_user_id),
                };
                batches.push(Batch {
                    room_id,
                    gap_from: timeline.prev_batch.clone().filter(|_| timeline.limited),
                    events: timeline.events,
                    own_join,
                });
            }
            self.take_in(batches, Some(cursor)).await?;
        }
        crash_point::pass("intake::handled");
        self.retry_waiting().await?;
        if cursor.as_deref() != Some(next_batch.as_str()) || self.storage.is_replaying() {
            let mut rest = REST_FIRST;
            while let Err(error) = self.move_cursor(&next_batch).await {
                self.worker.outage().failed(&error);
                self.rest(&mut rest).await?;
            }
        }
        crash_point::pass("intake::cursor");
        self.monitor.synced();
        self.look_after_rooms().await?;
        self.ready.send_replace(true);
        Ok(self.answer_invitations().await)
    }

    async fn move_cursor(&self, next_batch: &str) -> Result<(), lamplighter_storage::Error> {
        let mut tx = self.storage.begin().await?;
        let replayed = self.storage.is_replaying();
        if replayed {
            self.worker.caught_up(&mut tx).await?;
        }
        inbox::set_cursor(&mut tx, next_batch).await?;
        tx.commit().await?;
        self.worker.outage().over();
        if replayed { self.storage.look_at_epoch().await } else { Ok(()) }
    }

    /// Handles batches: rooms without a gap first, so that they don't wait for the others; in a room with a gap, the
    /// gap before anything newer. After a restore all rooms are read before anything is handled.
    async fn take_in(&mut self, mut batches: Vec<Batch>, cursor: Option<&str>) -> Result<(), Stopped> {
        batches.sort_by_key(|batch| batch.gap_from.is_some());
        let replaying = self.storage.is_replaying();
        let mut read = Vec::new();
        for batch in batches {
            let Some(room) = self.client.get_room(&batch.room_id) else { continue };
            let mut events = match &batch.gap_from {
                Some(from) => self.read_gap(&room, from, cursor).await?,
                None => Vec::new(),
            };
            events.extend(batch.events);
            tracing::debug!(room_id = %batch.room_id, events = events.len(), "taking in");
            let joined_at = events.iter().rposition(|event| self.is_own_join(event));
            match (joined_at, batch.own_join) {
                // What was said before we came in is none of our business.
                (Some(index), _) => {
                    events.drain(..index);
                }
                (None, Some(own_join)) if self.is_new(&batch.room_id, &room).await? => {
                    events.insert(0, TimelineEvent::from_plaintext(own_join));
                }
                _ => {}
            }
            if replaying {
                read.push((room, events));
                continue;
            }
            for event in events {
                self.take(&room, event).await?;
            }
        }
        if replaying { self.replay(read).await } else { Ok(()) }
    }

    fn is_own_join(&self, event: &TimelineEvent) -> bool {
        serde_json::from_str::<Value>(event.raw().json().get())
            .is_ok_and(|value| read::read(&value, &self.bot_user_id) == Event::OwnJoin)
    }

    /// Whether a room has never been greeted, or the bot had to leave it.
    async fn is_new(&mut self, room_id: &RoomId, room: &Room) -> Result<bool, Stopped> {
        if self.gateway.facts.direct_with(room).await.is_some() {
            return Ok(false);
        }
        let mut rest = REST_FIRST;
        loop {
            let known = async {
                let mut tx = self.storage.begin().await?;
                let known = rooms::get(&mut tx, room_id.as_str()).await?.is_some()
                    && !rooms::is_left(&mut tx, room_id.as_str()).await?;
                tx.roll_back().await?;
                Ok::<_, lamplighter_storage::Error>(known)
            };
            match known.await {
                Ok(known) => return Ok(!known),
                Err(error) => {
                    self.worker.outage().failed(&error);
                    self.rest(&mut rest).await?;
                }
            }
        }
    }

    /// Reads what a cut timeline left out, oldest first: from where it begins back to our cursor, never further than
    /// our own join.
    async fn read_gap(&mut self, room: &Room, from: &str, cursor: Option<&str>) -> Result<Vec<TimelineEvent>, Stopped> {
        let mut newest_first: Vec<TimelineEvent> = Vec::new();
        let mut from = from.to_owned();
        let mut rest = REST_FIRST;
        for _ in 0..GAP_PAGES_MAX {
            if *self.stop.borrow() {
                return Err(Stopped);
            }
            let page = loop {
                let mut options = MessagesOptions::backward().from(from.as_str());
                options.to = cursor.map(ToOwned::to_owned);
                options.limit = GAP_PAGE_EVENTS.into();
                options.filter.lazy_load_options = LazyLoadOptions::Enabled { include_redundant_members: false };
                match room.messages(options).await {
                    Ok(page) => break page,
                    // We may not look: put out of the room meanwhile.
                    Err(error)
                        if room.state() != RoomState::Joined
                            || matches!(
                                error.client_api_error_kind(),
                                Some(ErrorKind::Forbidden | ErrorKind::NotFound)
                            ) =>
                    {
                        tracing::warn!(%error, "a gap can't be read: the room is closed to us");
                        newest_first.reverse();
                        return Ok(newest_first);
                    }
                    // Never again with this session; `run` says so.
                    Err(error) if matches!(error.client_api_error_kind(), Some(ErrorKind::UnknownToken(_))) => {
                        return Err(Stopped);
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a gap can't be read yet; trying again");
                        self.rest(&mut rest).await?;
                    }
                }
            };
            let mut reached_join = false;
            for event in page.chunk {
                reached_join = self.is_own_join(&event);
                newest_first.push(event);
                if reached_join {
                    break;
                }
            }
            match page.end {
                Some(end) if !reached_join && end != from => from = end,
                _ => {
                    newest_first.reverse();
                    return Ok(newest_first);
                }
            }
        }
        tracing::error!(pages = GAP_PAGES_MAX, "a gap is longer than the bot reads; what is older is passed over");
        newest_first.reverse();
        Ok(newest_first)
    }

    /// Handles one event, however long the database is unwell. Asked to stop, it begins none: the cursor stays, and what
    /// is left is asked for at the next start.
    pub(super) async fn take(&mut self, room: &Room, event: TimelineEvent) -> Result<(), Stopped> {
        if *self.stop.borrow() {
            return Err(Stopped);
        }
        let mut rest = REST_FIRST;
        while let Err(error) = self.try_take(room, &event).await {
            self.worker.outage().failed(&error);
            self.rest(&mut rest).await?;
        }
        if let Some(event_id) = event.event_id()
            && event.sender().is_some_and(|sender| *sender != *self.bot_user_id)
        {
            self.receipts.read(room.room_id(), event_id);
        }
        Ok(())
    }

    async fn try_take(&self, room: &Room, event: &TimelineEvent) -> Result<(), lamplighter_storage::Error> {
        let raw = event.raw().json().get();
        let Ok(value) = serde_json::from_str::<Value>(raw) else { return Ok(()) };
        let Some(event_id) = value.get("event_id").and_then(Value::as_str) else { return Ok(()) };
        let sent_at_ms = value.get("origin_server_ts").and_then(Value::as_i64).unwrap_or_default();
        let own = value.get("sender").and_then(Value::as_str) == Some(&self.bot_user_id);
        if let TimelineEventKind::UnableToDecrypt { .. } = event.kind {
            let arrival = Arrival {
                event_id,
                room_id: room.room_id().as_str(),
                sent_at_ms,
                first_seen_at_ms: self.clock.now_ms(),
            };
            let session_id = value.get("content").and_then(|content| content.get("session_id")?.as_str());
            // Our own words from before our keys were lost aren't somebody's, nor could anybody have sent us keys then.
            let of_person = !own && sent_at_ms >= self.waiting.device_made_at_ms;
            if self.worker.wait_for_key(arrival, Unread { raw, session_id }, of_person).await? {
                if of_person {
                    self.waiting.could_not_read(room.room_id());
                }
                tracing::info!("an event waits for its key");
            }
            return Ok(());
        }
        if let TimelineEventKind::Decrypted(_) = event.kind
            && !own
            && self.waiting.is_unreadable(room.room_id())
        {
            self.worker.could_read(room.room_id().as_str()).await?;
            self.waiting.could_read(room.room_id());
        }
        let read = read::read(&value, &self.bot_user_id);
        let Some(mut sender) = value.get("sender").and_then(Value::as_str).and_then(|id| UserId::parse(id).ok()) else {
            return Ok(());
        };
        let what = match read {
            Event::Nothing | Event::Encrypted => return Ok(()),
            Event::Tombstone => {
                self.rooms.look();
                return Ok(());
            }
            Event::Left { user_id } => {
                self.rooms.somebody_left(room.room_id());
                What::Left { user_id }
            }
            Event::Tap { on, key } => What::Tap { on, key },
            Event::Redaction { of } => What::Redaction { of },
            Event::PollAnswer { on, answers } => What::PollAnswer { on, choices: read::choices(&answers) },
            Event::OwnJoin => {
                // Not `creators()`: those include whom the maker of a private chat put on a par with themselves.
                let made_by_bot = room.create_content().is_some_and(|created| created.creator == self.bot_user_id);
                // In a private chat it concerns the person there, not the bot that came in.
                if let Some(person) = self.gateway.facts.direct_with(room).await {
                    sender = person;
                }
                What::OwnJoin { made_by_bot }
            }
            Event::Echo { transaction_id } => What::Echo { transaction_id },
            Event::Message { text, html, notice, voice, mentions, reply_to, thread } => {
                let (mentions_bot, mentions) = self.mentioned(room, html, mentions).await;
                let neighbours = Vec::new();
                let mut message = Message { text, notice, voice, mentions_bot, mentions, neighbours, reply_to, thread };
                if message.may_name_neighbours() {
                    let members = self.gateway.facts.members(room).await;
                    message.name_neighbours(members.into_iter());
                }
                What::Message(message)
            }
            Event::Edit { of, text, html, notice, mentions } => {
                let (mentions_bot, mentions) = self.mentioned(room, html, mentions).await;
                What::Edit { of, message: Message { text, notice, mentions_bot, mentions, ..Message::default() } }
            }
        };
        // Our own echo needs no facts, and there are as many of those as of anything else; nor does a room that we have
        // only just made.
        let (sender, place) = if let What::Echo { .. } | What::OwnJoin { made_by_bot: true } = what {
            let place = Place::Room { name: String::new(), captains: Vec::new(), lacks: Vec::new() };
            (lamplighter_commands::incoming::Sender { user_id: sender.to_string(), ..Default::default() }, place)
        } else {
            self.gateway.facts.of(room, &sender).await
        };
        let incoming = Incoming {
            event_id: event_id.to_owned(),
            room_id: room.room_id().to_string(),
            sender,
            sent_at_ms,
            place,
            what,
        };
        self.worker.handle(&incoming).await?;
        Ok(())
    }

    /// Whether a message mentions the bot, and whom else.
    async fn mentioned(&self, room: &Room, html: Option<String>, mentions: Vec<String>) -> (bool, Vec<Named>) {
        let link = format!("matrix.to/#/{}", self.bot_user_id);
        let mentions_bot = mentions.contains(&self.bot_user_id)
            || html.is_some_and(|html| html.contains(&link) || html.contains(&link.replace('@', "%40")));
        let mut named = Vec::new();
        for user_id in mentions.into_iter().filter(|user_id| *user_id != self.bot_user_id) {
            if let Ok(user_id) = UserId::parse(&user_id) {
                let display_name = self.gateway.facts.name(room, &user_id).await;
                named.push(Named { user_id: user_id.to_string(), display_name });
            }
        }
        (mentions_bot, named)
    }

    /// Tries again to read what waits for its key; what can be read is handled now, once.
    async fn retry_waiting(&mut self) -> Result<(), Stopped> {
        let mut rest = REST_FIRST;
        let now_ms = self.clock.now_ms();
        let waiting = loop {
            match self.waiting.next(&self.storage).await {
                Ok(waiting) => break waiting,
                Err(error) => {
                    self.worker.outage().failed(&error);
                    self.rest(&mut rest).await?;
                }
            }
        };
        for event in waiting {
            let Some(room) = RoomId::parse(&event.room_id).ok().and_then(|id| self.client.get_room(&id)) else {
                continue;
            };
            let Ok(raw) = serde_json::from_str::<Raw<AnySyncTimelineEvent>>(&event.raw) else { continue };
            let mut decrypted = decrypt(&room, raw.clone()).await;
            if decrypted.kind.is_utd()
                && let Some(session_id) = &event.session_id
                && self.waiting.ask_backup(&self.client, room.room_id(), session_id, now_ms).await
            {
                decrypted = decrypt(&room, raw).await;
            }
            if !decrypted.kind.is_utd() {
                self.take(&room, decrypted).await?;
            }
        }
        if let Err(error) = self.tell_unreadable(now_ms).await {
            tracing::error!(%error, "a room of which nothing can be read couldn't be told yet");
        }
        Ok(())
    }

    /// Tells rooms in which nothing can be read so, once.
    async fn tell_unreadable(&self, now_ms: i64) -> Result<(), lamplighter_storage::Error> {
        for (room_id, since_ms) in self.waiting.untold(&self.storage, now_ms).await? {
            let room = RoomId::parse(&room_id).ok().and_then(|room_id| self.client.get_room(&room_id));
            if room.is_some_and(|room| room.state() == RoomState::Joined) {
                tracing::warn!("of a room's messages none can be read; it is told what to do");
                self.worker.tell_unreadable(&room_id, since_ms).await?;
            }
        }
        Ok(())
    }

    /// Accepts or declines invitations, from the SDK's list and not from events, so that one that came while we were
    /// down is not missed. True: there are more, to be looked at after the next sync, which is not to wait.
    async fn answer_invitations(&mut self) -> bool {
        let mut invited = self.client.invited_rooms();
        let now_ms = self.clock.now_ms();
        // The room that takes the place of one of ours is joined there, whoever invites.
        invited.retain(|room| self.tries.is_due(room.room_id(), now_ms) && !self.rooms.awaits(room.room_id()));
        // Those that failed before wait for those that are new.
        invited.sort_by_key(|room| self.tries.count(room.room_id()));
        let more = invited.len() > INVITATIONS_PER_SYNC_MAX;
        invited.truncate(INVITATIONS_PER_SYNC_MAX);
        let mut tally = Tally::default();
        if !invited.is_empty() {
            let mut groups = self.group_rooms().await;
            for room in &invited {
                self.tries.tried(room.room_id(), now_ms);
                self.answer_invitation(room, &mut groups, &mut tally).await;
            }
        }
        if let Some(Tally { accepted, declined, failed }) = self.answered.add(tally, self.clock.now_ms()) {
            tracing::info!(accepted, declined, failed, "answered invitations");
        }
        let more_to_forget = self.forget_declined().await;
        let is_invited = |room: Room| room.state() == RoomState::Invited;
        self.tries.retain(|room_id| self.client.get_room(room_id).is_some_and(is_invited));
        more || more_to_forget
    }

    /// In how many rooms with several people we are.
    async fn group_rooms(&self) -> usize {
        let mut count = 0;
        for room in self.client.joined_rooms() {
            count += usize::from(self.gateway.facts.direct_with(&room).await.is_none());
        }
        count
    }

    async fn answer_invitation(&mut self, room: &Room, groups: &mut usize, tally: &mut Tally) {
        let room_id = room.room_id().to_owned();
        let Ok(invite) = room.invite_details().await else { return };
        let inviter = invite.inviter_id;
        if !self.accepts.iter().any(|pattern| pattern.matches(inviter.as_str())) {
            let reason = self.words.declined.clone();
            return self.decline(room_id, reason, tally).await;
        }
        let direct = room.is_direct().await.unwrap_or(false);
        // Somebody may lose the way to a private chat, but not again and again.
        if direct && self.gateway.facts.count_direct(&inviter).await >= DIRECT_CHATS_MAX {
            let reason = self.words.enough_chats.clone();
            return self.decline(room_id, reason, tally).await;
        }
        if !direct && *groups >= self.rooms_max {
            let reason = self.words.enough_rooms.clone();
            return self.decline(room_id, reason, tally).await;
        }
        // Before joining: if we die in between, the room is still known as a private chat.
        if direct {
            if let Err(error) = self.client.account().mark_as_dm(&room_id, std::slice::from_ref(&inviter)).await {
                tracing::warn!(%error, "a private chat couldn't be marked as one");
                return;
            }
            self.gateway.facts.remember_direct(&room_id, &inviter);
        }
        match room.join().await {
            Ok(()) => {
                tally.accepted += 1;
                *groups += usize::from(!direct);
            }
            // Right after the invitation a join may fail; the next sync tries again.
            Err(error) => {
                tally.failed += 1;
                tracing::debug!(%error, "an invitation couldn't be accepted yet");
                if self.tries.failed(&room_id, self.clock.now_ms(), outgoing::wait_of(&error)) {
                    tracing::warn!(%error, "an invitation couldn't be accepted for a day; the bot must be invited again");
                }
            }
        }
    }

    /// Declines politely. What is left of the room is forgotten once a sync has shown that we are out of it.
    async fn decline(&mut self, room_id: OwnedRoomId, reason: String, tally: &mut Tally) {
        let mut request = leave_room::v3::Request::new(room_id.clone());
        request.reason = Some(reason);
        match self.client.send(request).await {
            Ok(_) => {
                tally.declined += 1;
                // Whoever invites again at once, before a sync has shown that we are out, gets a no again: only what
                // fails is counted.
                self.tries.forget(&room_id);
                self.declined.insert(room_id);
            }
            Err(error) => {
                tally.failed += 1;
                tracing::debug!(%error, "an invitation couldn't be declined yet");
                self.tries.failed(&room_id, self.clock.now_ms(), outgoing::wait_of(&error.into()));
            }
        }
    }

    /// Forgets rooms whose invitation was declined, here and on the homeserver, so that nothing of them lasts. True: there
    /// are more.
    async fn forget_declined(&mut self) -> bool {
        let mut forgotten = 0;
        for room_id in self.declined.clone() {
            match self.client.get_room(&room_id).map(|room| (room.state(), room)) {
                // The sync that shows it is still to come.
                Some((RoomState::Invited, _)) => continue,
                Some((RoomState::Left | RoomState::Banned, room)) => {
                    if forgotten == INVITATIONS_PER_SYNC_MAX {
                        return true;
                    }
                    forgotten += 1;
                    if let Err(error) = room.forget().await {
                        tracing::debug!(%error, "a room that was declined couldn't be forgotten");
                    }
                }
                _ => {}
            }
            self.tries.forget(&room_id);
            self.declined.remove(&room_id);
        }
        false
    }
}

/// Why invitations are declined, as the one who invited reads it.
#[derive(Clone, Debug)]
pub(super) struct DeclineWords {
    /// They are not among those whose invitations are accepted.
    pub declined: String,
    /// The bot is in as many rooms as it may be.
    pub enough_rooms: String,
    /// They have private chats with the bot.
    pub enough_chats: String,
}

/// Our own join among state events: in a room that is new to us it may come as state only.
fn own_join<'a, T: 'a>(state: impl Iterator<Item = &'a Raw<T>>, own: &str) -> Option<Raw<AnySyncTimelineEvent>> {
    for event in state {
        if let Ok(value) = serde_json::from_str::<Value>(event.json().get())
            && read::read(&value, own) == Event::OwnJoin
        {
            return serde_json::from_str(event.json().get()).ok();
        }
    }
    None
}

/// Decrypts an event if it is encrypted and its key is there.
async fn decrypt(room: &Room, raw: Raw<AnySyncTimelineEvent>) -> TimelineEvent {
    let encrypted = raw.get_field::<String>("type").ok().flatten().as_deref() == Some("m.room.encrypted");
    let redacted = !raw.json().get().contains("ciphertext");
    if !encrypted || redacted {
        return TimelineEvent::from_plaintext(raw);
    }
    let event: &Raw<OriginalSyncRoomEncryptedEvent> = raw.cast_ref_unchecked();
    match room.decrypt_event(event, None).await {
        Ok(event) => event,
        Err(error) => {
            tracing::debug!(%error, "an event can't be decrypted");
            TimelineEvent::from_utd(
                raw,
                matrix_sdk::deserialized_responses::UnableToDecryptInfo {
                    session_id: None,
                    reason: matrix_sdk::deserialized_responses::UnableToDecryptReason::Unknown,
                },
            )
        }
    }
}
