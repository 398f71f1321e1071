//! What comes in, as the gateways hand it over: plain values, nothing of Matrix, nothing of the console.

/// One thing that happened in a room.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The homeserver's id of the event; handled once.
    pub event_id: String,
    /// Where; opaque.
    pub room_id: String,
    /// Who did it.
    pub sender: Sender,
    /// When the sender's server says it was sent, in UTC milliseconds.
    pub sent_at_ms: i64,
    /// What kind of place it is.
    pub place: Place,
    /// What happened.
    pub what: What,
}

/// Who did something.
#[derive(Clone, Debug, Default)]
pub struct Sender {
    /// Matrix user id.
    pub user_id: String,
    /// As shown in that room now.
    pub display_name: String,
    /// Power level in that room now; creators of version-12 rooms have the highest number there is.
    pub power_level: i64,
}

/// Somebody who is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Matrix user id.
    pub user_id: String,
    /// As shown in that room now.
    pub display_name: String,
}

/// A right that the bot can use and may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Sending messages.
    Send,
    /// Taking messages of others away.
    Redact,
    /// Pinning a message.
    Pin,
    /// Mentioning the whole room.
    Notify,
}

/// What kind of place something happened in, read at execution.
#[derive(Clone, Debug)]
pub enum Place {
    /// A group room.
    Room {
        /// The name it has on the homeserver.
        name: String,
        /// Members with power level 50 or more, the bot left out.
        captains: Vec<Named>,
        /// What the bot may not do there.
        lacks: Vec<Right>,
    },
    /// A private chat with the bot.
    Direct {
        /// The group rooms that both are in.
        shared: Vec<SharedRoom>,
    },
}

/// A group room that a person and the bot are in.
#[derive(Clone, Debug)]
pub struct SharedRoom {
    /// Which.
    pub room_id: String,
    /// The person's power level there.
    pub power_level: i64,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// Somebody said something.
    Message(Message),
    /// Somebody put a reaction on a message.
    Tap {
        /// On which event.
        on: String,
        /// Which.
        key: String,
    },
    /// An event was taken back: a tap, or something else.
    Redaction {
        /// Which event.
        of: String,
    },
    /// The bot has come into the room.
    OwnJoin {
        /// The bot made the room itself, so that there is nobody to greet.
        made_by_bot: bool,
    },
    /// Somebody answered a native poll.
    PollAnswer {
        /// Which event.
        on: String,
        /// The choices, 1 for the first option; one that can't be read is 0.
        choices: Vec<i64>,
    },
    /// Something on the agenda has fallen due.
    Due {
        /// The row.
        agenda_id: i64,
        /// For a poll whose result is due: what stands in each of its rooms now, as far as it could be read.
        answers: Vec<Answers>,
    },
    /// The bot's own message came back.
    Echo {
        /// The transaction id it was sent under.
        transaction_id: String,
    },
}

/// Something said.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// The plain text.
    pub text: String,
    /// It is an `m.notice`: another bot speaks.
    pub notice: bool,
    /// It mentions the bot.
    pub mentions_bot: bool,
    /// Others whom it mentions.
    pub mentions: Vec<Named>,
    /// The event it replies to.
    pub reply_to: Option<String>,
    /// The first event of the thread it stands in.
    pub thread: Option<String>,
}

/// The answers to a native poll that stand in a room, read back from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The room.
    pub room_id: String,
    /// In any order.
    pub answers: Vec<NativeAnswer>,
}

/// One answer to a native poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeAnswer {
    /// The event that gave it.
    pub event_id: String,
    /// Matrix user id of who gave it.
    pub user_id: String,
    /// How they are called, as far as is known.
    pub display_name: String,
    /// When the sender's server says it was sent, in UTC milliseconds.
    pub sent_at_ms: i64,
    /// As in [`What::PollAnswer`].
    pub choices: Vec<i64>,
}
