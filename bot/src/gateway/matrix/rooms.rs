//! Looking after the rooms: the bot was put out of one, one has emptied, one was upgraded. Read from the rooms' state and
//! not from events, so that nothing is missed that happened while the bot was away.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use lamplighter_commands::incoming::{Incoming, Place, Sender, What};
use lamplighter_storage::room as store;
use matrix_sdk::{
    Room, RoomMemberships, RoomState,
    deserialized_responses::RawAnySyncOrStrippedState,
    ruma::{
        OwnedRoomId, OwnedUserId, RoomId, UserId, api::client::state::get_state_event_for_key, events::StateEventType,
    },
};
use serde_json::Value;

use super::intake::{Intake, REST_FIRST, Stopped};

/// The first wait before a room is followed again; it doubles.
const FOLLOW_REST_FIRST_MS: i64 = 1_000;
/// The longest: the invitation to a private room may take its time.
const FOLLOW_REST_MAX_MS: i64 = 10 * 60 * 1_000;
/// In a room of more than this many people nobody looks whether it has emptied: each look reads all of them.
const SMALL_ROOM_MAX: u64 = 20;

/// What is known of rooms that are to be looked after.
#[derive(Debug)]
pub struct Rooms {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Something happened that may concern any room.
    look: bool,
    /// Rooms that somebody left.
    thinner: BTreeSet<OwnedRoomId>,
    /// The room that takes the place of another: when it is tried again, and how long was waited.
    awaited: BTreeMap<OwnedRoomId, (i64, i64)>,
    /// Rooms that claim to take the place of another, and don't.
    false_heirs: BTreeSet<OwnedRoomId>,
}

impl Default for Rooms {
    fn default() -> Self {
        // What happened while the bot was away is looked at first.
        Self { inner: Mutex::new(Inner { look: true, ..Inner::default() }) }
    }
}

impl Rooms {
    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All rooms are to be looked at after this sync.
    pub fn look(&self) {
        self.with(|inner| inner.look = true);
    }

    /// A room may have emptied.
    pub fn somebody_left(&self, room_id: &RoomId) {
        self.with(|inner| inner.thinner.insert(room_id.to_owned()));
    }

    /// Whether this room takes the place of one of ours, and isn't joined yet.
    pub fn awaits(&self, room_id: &RoomId) -> bool {
        self.with(|inner| inner.awaited.contains_key(room_id))
    }
}

impl Intake {
    /// Looks at the rooms, if there is a reason.
    pub(super) async fn look_after_rooms(&mut self) -> Result<(), Stopped> {
        let thinner = self.rooms.with(|inner| std::mem::take(&mut inner.thinner));
        for room_id in thinner {
            self.leave_if_empty(&room_id).await;
        }
        let now_ms = self.clock.now_ms();
        let awaited = self.rooms.with(|inner| inner.awaited.clone());
        let may_join =
            |(room_id, (at_ms, _)): (&OwnedRoomId, &(i64, i64))| *at_ms <= now_ms || self.invited_to(room_id);
        let look = self.rooms.with(|inner| std::mem::take(&mut inner.look)) || awaited.iter().any(may_join);
        if !look {
            return Ok(());
        }
        let mut rest = REST_FIRST;
        let present = loop {
            match store::present(&self.storage).await {
                Ok(present) => break present,
                Err(error) => {
                    tracing::error!(%error, "the rooms can't be read; trying again");
                    self.rest(&mut rest).await?;
                }
            }
        };
        for room_id in present {
            let Some(room) = RoomId::parse(&room_id).ok().and_then(|room_id| self.client.get_room(&room_id)) else {
                continue;
            };
            if room.state() != RoomState::Joined {
                let event_id = format!("left {room_id} {now_ms}");
                self.hand_over(room_id, event_id, What::OwnLeave).await?;
            } else if room.tombstone_content().is_some() {
                self.follow(&room).await?;
            } else if room.joined_members_count() <= 1 {
                self.leave_if_empty(room.room_id()).await;
            }
        }
        Ok(())
    }

    /// Gives the worker what was seen in a room, however long the database is unwell.
    async fn hand_over(&mut self, room_id: String, event_id: String, what: What) -> Result<(), Stopped> {
        let incoming = Incoming {
            event_id,
            room_id,
            sender: Sender { user_id: self.bot_user_id.clone(), ..Sender::default() },
            sent_at_ms: self.clock.now_ms(),
            place: Place::Room { name: String::new(), captains: Vec::new(), lacks: Vec::new() },
            what,
        };
        let mut rest = REST_FIRST;
        while let Err(error) = self.worker.handle(&incoming).await {
            tracing::error!(%error, "a room can't be looked after: the database is unwell; trying again");
            self.rest(&mut rest).await?;
        }
        Ok(())
    }

    fn invited_to(&self, room_id: &RoomId) -> bool {
        self.client.get_room(room_id).is_some_and(|room| room.state() == RoomState::Invited)
    }

    /// Leaves a group in which nobody is left but bots. (A private chat stays: it tells that somebody doesn't want one.)
    async fn leave_if_empty(&self, room_id: &RoomId) {
        let Some(room) = self.client.get_room(room_id).filter(|room| room.state() == RoomState::Joined) else { return };
        if room.active_members_count() > SMALL_ROOM_MAX || self.gateway.facts.direct_with(&room).await.is_some() {
            return;
        }
        // Who is there is asked anew: members are loaded lazily.
        room.mark_members_missing();
        let Ok(members) = room.members(RoomMemberships::ACTIVE).await else { return };
        let is_bot = |user_id: &UserId| {
            user_id.as_str() == self.bot_user_id || self.ignore.iter().any(|id| id == user_id.as_str())
        };
        if members.iter().all(|member| is_bot(member.user_id())) {
            match room.leave().await {
                Ok(()) => tracing::info!("left a room in which nobody was left"),
                Err(error) => {
                    tracing::warn!(%error, "an empty room couldn't be left; at the next start it is tried again")
                }
            }
        }
    }

    /// Follows an upgraded room: only if whoever upgraded it could have invited the bot, and only to a room that names this
    /// one as its predecessor.
    async fn follow(&mut self, old: &Room) -> Result<(), Stopped> {
        let Some((event_id, sender, new_id)) = tombstone(old).await else { return Ok(()) };
        let now_ms = self.clock.now_ms();
        let (at_ms, waited_ms) = self.rooms.with(|inner| inner.awaited.get(&new_id).copied().unwrap_or((0, 0)));
        if at_ms > now_ms && !self.invited_to(&new_id) || self.rooms.with(|inner| inner.false_heirs.contains(&new_id)) {
            return Ok(());
        }
        if !old.power_levels_or_default().await.user_can_invite(&sender) {
            tracing::warn!("a room was upgraded by somebody who may not invite: not followed");
            self.rooms.with(|inner| inner.false_heirs.insert(new_id));
            return Ok(());
        }
        let known = self.client.get_room(&new_id).filter(|room| room.state() == RoomState::Joined);
        let were_in = known.is_some();
        let next_ms = (waited_ms * 2).clamp(FOLLOW_REST_FIRST_MS, FOLLOW_REST_MAX_MS);
        self.rooms.with(|inner| inner.awaited.insert(new_id.clone(), (now_ms + next_ms, next_ms)));
        if known.is_none() {
            let via = [sender.server_name().to_owned()];
            if let Err(error) = self.client.join_room_by_id_or_alias((*new_id).into(), &via).await {
                tracing::warn!(%error, "an upgraded room can't be followed yet; it is tried again");
                return Ok(());
            }
        }
        match self.predecessor(&new_id).await {
            Some(predecessor) if predecessor == old.room_id().as_str() => {}
            Some(_) => {
                tracing::warn!("an upgraded room points to one that isn't its successor: not followed");
                self.rooms.with(|inner| {
                    inner.awaited.remove(&new_id);
                    inner.false_heirs.insert(new_id.clone());
                });
                if !were_in && let Some(room) = self.client.get_room(&new_id) {
                    let _ = room.leave().await;
                }
                return Ok(());
            }
            None => return Ok(()),
        }
        self.hand_over(old.room_id().to_string(), event_id, What::Upgraded { to: new_id.to_string() }).await?;
        self.rooms.with(|inner| inner.awaited.remove(&new_id));
        tracing::info!("followed an upgraded room");
        Ok(())
    }

    /// Which room a room takes the place of, asked of the homeserver: our own join may not have come in yet. Empty: none.
    async fn predecessor(&self, room_id: &RoomId) -> Option<String> {
        let (create, key) = (StateEventType::RoomCreate, String::new());
        let request = get_state_event_for_key::v3::Request::new(room_id.to_owned(), create, key);
        let response = match self.client.send(request).await {
            Ok(response) => response,
            Err(error) => {
                tracing::warn!(%error, "the first event of a room can't be read yet; it is tried again");
                return None;
            }
        };
        let content: Value = serde_json::from_str(response.event_or_content.get()).unwrap_or_default();
        let predecessor = content.get("predecessor").and_then(|predecessor| predecessor.get("room_id")?.as_str());
        Some(predecessor.unwrap_or_default().to_owned())
    }

    /// How long a sync may wait, so that a room that is to be followed is tried again in time.
    pub(super) fn sync_wait(&self, longest: Duration) -> Duration {
        let now_ms = self.clock.now_ms();
        let next_ms = self.rooms.with(|inner| inner.awaited.values().map(|(at_ms, _)| at_ms - now_ms).min());
        next_ms.map_or(longest, |ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)).min(longest))
    }
}

/// The tombstone of a room: its event, who placed it, and the room that it points to.
async fn tombstone(room: &Room) -> Option<(String, OwnedUserId, OwnedRoomId)> {
    let RawAnySyncOrStrippedState::Sync(event) =
        room.get_state_event(StateEventType::RoomTombstone, "").await.ok()??
    else {
        return None;
    };
    let event: Value = serde_json::from_str(event.json().get()).ok()?;
    let event_id = event.get("event_id")?.as_str()?.to_owned();
    let sender = UserId::parse(event.get("sender")?.as_str()?).ok()?;
    let new_id = RoomId::parse(event.get("content")?.get("replacement_room")?.as_str()?).ok()?;
    Some((event_id, sender, new_id))
}
