//! Events that wait for their keys: which of them are tried again when, when the key backup is asked, and which rooms are
//! told that nothing in them can be read. The events themselves lie in the inbox.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::Pin,
    sync::{Mutex, PoisonError},
};

use futures_util::{FutureExt, Stream, StreamExt};
use lamplighter_storage::{
    Storage,
    inbox::{self, Waiting},
    unreadable,
};
use matrix_sdk::{
    Client,
    ruma::{OwnedRoomId, RoomId},
};

/// After each sync this many events are tried whose keys didn't come with it: keys may come by ways that nobody tells of,
/// and all have their turn.
const ROUND_MAX: i64 = 50;
/// And at most this many of those whose keys did come.
const ARRIVED_MAX: i64 = 1_000;
/// The key backup is asked for at most this many keys after each sync,
const BACKUP_ASKS_MAX: u32 = 20;
/// and for the same key not before this time has passed.
const BACKUP_REST_MS: i64 = 60 * 60 * 1000;
/// For at most this many keys it is remembered when the backup was asked.
const BACKUP_ASKED_MAX: usize = 10_000;
/// A room is told when so many messages in a row couldn't be read:
const UNREADABLE_MIN: i64 = 3;
/// not before their keys have had this time to come,
const UNREADABLE_AFTER_MS: i64 = 60 * 1000;
/// and, if something could be read meanwhile, not again before this.
const UNREADABLE_AGAIN_MS: i64 = 7 * 24 * 60 * 60 * 1000;

type Arrivals = Pin<Box<dyn Stream<Item = Vec<String>> + Send>>;

/// What is known of the waiting.
pub struct WaitingRoom {
    /// When this device was made: nobody could have sent it keys before.
    pub(super) device_made_at_ms: i64,
    /// Room keys as they arrive. In a mutex only because a stream may not be shared otherwise.
    arrivals: Mutex<Option<Arrivals>>,
    /// The round goes on after this place.
    after: i64,
    backup_asks: u32,
    backup_asked: BTreeMap<(OwnedRoomId, String), i64>,
    /// Rooms in which the last messages couldn't be read.
    unreadable: Mutex<BTreeSet<String>>,
}

impl std::fmt::Debug for WaitingRoom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitingRoom").field("after", &self.after).finish_non_exhaustive()
    }
}

impl WaitingRoom {
    /// As it stands in the database.
    pub async fn open(
        client: &Client,
        storage: &Storage,
        device_made_at_ms: i64,
    ) -> Result<Self, lamplighter_storage::Error> {
        let arrivals = client.encryption().room_keys_received_stream().await.map(|stream| -> Arrivals {
            // If we are too slow some are left out; then the round finds their events.
            Box::pin(stream.filter_map(|keys| {
                std::future::ready(keys.ok().map(|keys| keys.into_iter().map(|key| key.session_id).collect()))
            }))
        });
        Ok(Self {
            device_made_at_ms,
            arrivals: Mutex::new(arrivals),
            after: 0,
            backup_asks: 0,
            backup_asked: BTreeMap::new(),
            unreadable: Mutex::new(unreadable::rooms(storage).await?.into_iter().collect()),
        })
    }

    /// What is to be tried now, in the order of arrival.
    pub async fn next(&mut self, storage: &Storage) -> Result<Vec<Waiting>, lamplighter_storage::Error> {
        self.backup_asks = 0;
        let mut round = inbox::waiting(storage, self.after, ROUND_MAX).await?;
        self.after = match round.last() {
            Some(last) if round.len() as i64 == ROUND_MAX => last.sequence,
            _ => 0,
        };
        let mut arrived = BTreeSet::new();
        let arrivals = self.arrivals.get_mut().unwrap_or_else(PoisonError::into_inner);
        while let Some(Some(sessions)) = arrivals.as_mut().and_then(|arrivals| arrivals.next().now_or_never()) {
            arrived.extend(sessions);
        }
        let arrived: Vec<&str> = arrived.iter().map(String::as_str).collect();
        for sessions in arrived.chunks(SESSIONS_AT_ONCE) {
            round.extend(inbox::waiting_for(storage, sessions, ARRIVED_MAX).await?);
        }
        round.sort_by_key(|event| event.sequence);
        round.dedup_by_key(|event| event.sequence);
        Ok(round)
    }

    /// Asks the key backup for a room key; whether it was there.
    pub async fn ask_backup(&mut self, client: &Client, room_id: &RoomId, session_id: &str, now_ms: i64) -> bool {
        let key = (room_id.to_owned(), session_id.to_owned());
        let asked =
            self.backup_asked.get(&key).is_some_and(|at_ms| now_ms - at_ms < BACKUP_REST_MS && now_ms >= *at_ms);
        if asked || self.backup_asks >= BACKUP_ASKS_MAX {
            return false;
        }
        self.backup_asks += 1;
        if self.backup_asked.len() >= BACKUP_ASKED_MAX {
            self.backup_asked.clear();
        }
        self.backup_asked.insert(key, now_ms);
        match client.encryption().backups().download_room_key(room_id, session_id).await {
            Ok(found) => found,
            Err(error) => {
                tracing::debug!(%error, "the key backup doesn't have a key");
                false
            }
        }
    }

    /// Somebody's words in a room couldn't be read.
    pub fn could_not_read(&self, room_id: &RoomId) {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).insert(room_id.to_string());
    }

    /// Whether the last words in a room couldn't be read.
    pub fn is_unreadable(&self, room_id: &RoomId) -> bool {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).contains(room_id.as_str())
    }

    /// Something in a room could be read.
    pub fn could_read(&self, room_id: &RoomId) {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).remove(room_id.as_str());
    }

    /// Rooms that are to be told, and since when nothing can be read there.
    pub async fn untold(
        &self,
        storage: &Storage,
        now_ms: i64,
    ) -> Result<Vec<(String, i64)>, lamplighter_storage::Error> {
        if self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            return Ok(Vec::new());
        }
        let (since_ms, told_ms) = (now_ms - UNREADABLE_AFTER_MS, now_ms - UNREADABLE_AGAIN_MS);
        unreadable::untold(storage, UNREADABLE_MIN, since_ms, told_ms).await
    }
}

/// Keys are looked up this many at a time.
const SESSIONS_AT_ONCE: usize = 500;
