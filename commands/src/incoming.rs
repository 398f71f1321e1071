//! What comes in, as the gateways hand it over: plain values, nothing of Matrix, nothing of the console.

use crate::language::Phrase;

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
    /// May mention the whole room (`@room`) there now.
    pub may_call_room: bool,
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
    /// Somebody changed what they had said.
    Edit {
        /// The original.
        of: String,
        /// What it says now.
        message: Message,
    },
    /// Somebody isn't in the room any more: left, put out or banned.
    Left {
        /// Matrix user id; the sender may be somebody else.
        user_id: String,
    },
    /// The bot isn't in the room any more.
    OwnLeave,
    /// The room was upgraded, and the bot has come into the one that takes its place.
    Upgraded {
        /// That one.
        to: String,
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
        /// What stands under the cards concerned now, as far as it was wanted and could be read.
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
    /// It is spoken, not written; `text` is empty.
    pub voice: bool,
    /// It mentions the bot.
    pub mentions_bot: bool,
    /// Others whom it mentions.
    pub mentions: Vec<Named>,
    /// Others in the room whose names it says, as far as they were looked for ([`Message::may_name_neighbours`]).
    pub neighbours: Vec<Named>,
    /// The event it replies to.
    pub reply_to: Option<String>,
    /// The first event of the thread it stands in.
    pub thread: Option<String>,
}

/// Of those whose names a message says so many are looked at; a list has more names, and is read another way.
const NEIGHBOURS_MAX: usize = 50;

impl Message {
    /// Whether it may do something for somebody by name, so that it matters how those in the room are called.
    pub fn may_name_neighbours(&self) -> bool {
        !self.notice && crate::proxy::command::may_name(&self.text)
    }

    /// Keeps those in the room whose names it says, also of those who never spoke.
    pub fn name_neighbours(&mut self, members: impl Iterator<Item = Named>) {
        let text = Phrase::new(&self.text).folded();
        let says = |named: &Named| {
            let name = Phrase::new(&named.display_name).folded();
            !name.is_empty() && text.contains(&name)
        };
        self.neighbours = members.filter(says).take(NEIGHBOURS_MAX).collect();
    }
}

/// What is read back from a room under a card before something is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The answers to a native poll.
    Answers,
    /// Taps.
    Taps,
}

/// What stands under a card in a room, read back from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The room.
    pub room_id: String,
    /// The card's message.
    pub event_id: String,
    /// In any order.
    pub answers: Vec<NativeAnswer>,
}

/// One answer to a native poll, or one tap.
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
    /// What it says.
    pub given: Given,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// To a native poll; as in [`What::PollAnswer`].
    Choices(Vec<i64>),
    /// The key of a tap.
    Key(String),
}
