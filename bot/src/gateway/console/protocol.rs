//! The console's lines (docs/PROTOCOL.md, "Console, one JSON object a line").

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is common to every input.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// Its id; made up if absent.
    pub id: Option<String>,
    /// What it does.
    #[serde(flatten)]
    pub act: InputAct,
}

/// What an input does.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum InputAct {
    /// Declares and binds a room, or changes members and levels.
    Room {
        /// Its name, which is also its id.
        room: String,
        /// What it is for.
        kind: Option<RoomKind>,
        /// Names and power levels.
        #[serde(default)]
        members: BTreeMap<String, i64>,
        /// To which community it is bound; the first if absent.
        community: Option<String>,
    },
    /// The bot is invited.
    Invite {
        /// Into which room.
        room: String,
        /// By whom.
        by: String,
        /// Names and power levels.
        #[serde(default)]
        members: BTreeMap<String, i64>,
        /// What the bot may do there; everything if absent.
        rights: Option<Vec<lamplighter_commands::incoming::Right>>,
    },
    /// How somebody's private chat with the bot stands.
    Dm {
        /// Whose.
        by: String,
        /// How.
        state: ChatWord,
    },
    /// Somebody says something.
    Say {
        /// Where; "dm" is the private chat.
        room: String,
        /// Who.
        by: String,
        /// What.
        text: String,
        /// To which message it replies.
        reply_to: Option<String>,
        /// The bot is mentioned.
        #[serde(default)]
        mention: bool,
        /// Who else is mentioned.
        #[serde(default)]
        mentions: Vec<String>,
        /// Another bot speaks.
        #[serde(default)]
        notice: bool,
    },
    /// Somebody leaves a voice message.
    Voice {
        /// Where; "dm" is the private chat.
        room: String,
        /// Who.
        by: String,
        /// To which message it replies.
        reply_to: Option<String>,
        /// The bot is mentioned.
        #[serde(default)]
        mention: bool,
    },
    /// Somebody posts a picture.
    Image {
        /// Where.
        room: String,
        /// Who.
        by: String,
        /// What stands under it.
        #[serde(default)]
        text: String,
    },
    /// Somebody changes what they said.
    Edit {
        /// Which message.
        on: String,
        /// The new text.
        #[serde(default)]
        text: String,
    },
    /// Somebody taps.
    Tap {
        /// Who.
        by: String,
        /// On which message.
        on: String,
        /// What.
        key: String,
    },
    /// A tap is taken back.
    Untap {
        /// Which tap.
        on: String,
    },
    /// A message is taken back.
    Redact {
        /// Which message.
        on: String,
        /// By whom; its author if absent.
        by: Option<String>,
    },
    /// Somebody answers a native poll.
    Answer {
        /// Who.
        by: String,
        /// On which poll.
        on: String,
        /// The choices, from 0.
        #[serde(default)]
        options: Vec<i64>,
    },
    /// Somebody comes.
    Join {
        /// Where.
        room: String,
        /// Who.
        by: String,
    },
    /// Somebody goes.
    Leave {
        /// Where.
        room: String,
        /// Who.
        by: String,
    },
    /// The bot is put out.
    Kick {
        /// Of which room.
        room: String,
        /// By whom.
        by: String,
    },
    /// A room is upgraded, and everybody moves along.
    Upgrade {
        /// Which.
        room: String,
        /// What the new one is called.
        to: String,
        /// By whom.
        by: String,
    },
    /// Time moves.
    Clock {
        /// To this instant, RFC 3339.
        at: String,
    },
}

/// What a room is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// 楼栋群.
    Building,
    /// 兴趣群.
    Interest,
}

impl RoomKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Interest => "interest",
        }
    }
}

/// How a private chat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatWord {
    /// The person is in it.
    Open,
    /// The person is invited.
    Invited,
    /// The person refuses invitations.
    Refused,
}

/// One line of output; fields that don't apply are left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Output {
    /// b1, b2 …
    pub id: String,
    /// post, edit, tap, untap, join, leave …
    pub kind: &'static str,
    /// Where; "dm" for a private chat.
    pub room: String,
    /// Whose private chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// What a tap says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What a file is called; its text is what is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The same as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Whether phones ring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify: Option<bool>,
    /// Whose phones ring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentions: Option<Vec<String>>,
    /// Everybody's phones ring (`@room`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentions_room: Option<bool>,
    /// What can be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<String>>,
    /// When, RFC 3339.
    pub at: String,
}
