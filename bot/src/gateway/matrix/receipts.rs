//! How far the bot has read: one read receipt a room for what came in together. Without them the homeserver counts every
//! message as unread for the bot, for years. They are a courtesy: one that fails is not repeated, the next one counts.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use matrix_sdk::{
    Client,
    ruma::{
        OwnedEventId, OwnedRoomId, RoomId, api::client::receipt::create_receipt::v3::ReceiptType,
        events::receipt::ReceiptThread,
    },
};
use tokio::sync::watch;

/// A room is told at most this often, so that a busy evening isn't twice as busy, and answers go first.
const EVERY: Duration = Duration::from_secs(5);

type Newest = Arc<Mutex<BTreeMap<OwnedRoomId, OwnedEventId>>>;

/// What was read and not told yet.
#[derive(Clone, Debug, Default)]
pub struct Receipts {
    newest: Newest,
}

impl Receipts {
    /// Tells the rooms from now on, until stopped.
    pub fn start(client: Client, mut stop: watch::Receiver<bool>) -> Self {
        let receipts = Self::default();
        let newest = Arc::clone(&receipts.newest);
        tokio::spawn(async move {
            while !*stop.borrow() {
                tokio::select! {
                    () = tokio::time::sleep(EVERY) => tell(&client, &newest).await,
                    _ = stop.changed() => {}
                }
            }
        });
        receipts
    }

    /// Everything up to this event has been taken in.
    pub fn read(&self, room_id: &RoomId, event_id: OwnedEventId) {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).insert(room_id.to_owned(), event_id);
    }
}

async fn tell(client: &Client, newest: &Newest) {
    let told = std::mem::take(&mut *newest.lock().unwrap_or_else(PoisonError::into_inner));
    for (room_id, event_id) in told {
        let Some(room) = client.get_room(&room_id) else { continue };
        if let Err(error) = room.send_single_receipt(ReceiptType::Read, ReceiptThread::Unthreaded, event_id).await {
            tracing::debug!(%error, "a read receipt wasn't taken");
        }
    }
}
