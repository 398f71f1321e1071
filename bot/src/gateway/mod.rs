//! The narrow trait behind which Matrix and the console stand.

use async_trait::async_trait;
use lamplighter_commands::{
    incoming::{NativeAnswer, Sender, Wanted},
    scene::Content,
};

pub mod console;
pub mod matrix;

/// Something to be sent.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Under which the homeserver knows a retry as the same message.
    pub transaction_id: String,
    /// The number on it, if it is a card; it travels along, so that our echo tells it after a restore.
    pub card_number: Option<i64>,
    /// The room.
    pub room_id: String,
    /// For whom, if it is a private chat.
    pub to: Option<String>,
    /// What to do there.
    pub act: Act,
    /// What it says.
    pub content: Content,
}

/// What a delivery does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Says something new.
    Post,
    /// Gives a message of ours its new version.
    Edit {
        /// The original event.
        of: String,
    },
    /// Reacts.
    Tap {
        /// To this event.
        on: String,
    },
    /// Takes a reaction of ours back.
    Untap {
        /// The reaction's event.
        of: String,
    },
}

/// Why something wasn't sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryError {
    /// Not now: network, a server that is unwell, or too much at once.
    Later {
        /// The server said when.
        after_ms: Option<i64>,
        /// It concerns everything we send, not just this.
        everything: bool,
        /// For the log; no names, no texts.
        reason: String,
    },
    /// The homeserver limits how much of this we may do.
    Limited {
        /// How long to wait, if it said so.
        wait_ms: Option<i64>,
        /// What it limits.
        what: Limited,
    },
    /// Never: the server said no.
    Never {
        /// For the log.
        reason: String,
    },
}

/// What a homeserver limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limited {
    /// Everything we send.
    Sending,
    /// Making private chats.
    NewChats,
}

/// How a private chat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatState {
    /// The person is in it.
    Open,
    /// The person is invited.
    Invited,
    /// The person refuses invitations, or has declined or left.
    Refused,
}

/// A private chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectChat {
    /// Its room; empty if it could not be made.
    pub room_id: String,
    /// How it stands.
    pub state: ChatState,
}

/// What the sender needs of the outside.
#[async_trait]
pub trait Gateway: Send + Sync + std::fmt::Debug {
    /// Finds or makes the private chat with somebody. `known_room_id` is the one we remember.
    async fn open_chat(&self, user_id: &str, known_room_id: Option<&str>) -> Result<DirectChat, DeliveryError>;

    /// Sends one thing and gives the id of its event.
    async fn deliver(&self, delivery: &Delivery) -> Result<String, DeliveryError>;

    /// Looks in the room for a message of ours with this transaction id, for those so old that the homeserver has
    /// forgotten the id.
    async fn find_sent(&self, room_id: &str, transaction_id: &str) -> Result<Option<String>, DeliveryError>;

    /// Who somebody is in a room now, and what they may do there; none if they aren't in it.
    async fn standing(&self, room_id: &str, user_id: &str) -> Result<Option<Sender>, DeliveryError>;

    /// The answers or taps that stand under a message in the room now; none if the gateway has no memory of its own.
    async fn answers(
        &self,
        room_id: &str,
        event_id: &str,
        wanted: Wanted,
    ) -> Result<Option<Vec<NativeAnswer>>, DeliveryError>;
}
