//! Where stories are played: the console, or a real homeserver.

pub mod console;
pub mod synapse;

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};

use crate::{Result, view::Message};

/// The bot's name in transcripts.
pub const BOT_NAME: &str = "掌灯";
/// The place of a private chat in a story.
pub const DIRECT: &str = "私信";
/// The instant at which every story is played.
pub const STORY_AT: &str = "2026-01-05T18:40:00+08:00";

/// Names and power levels, in the order of the story.
pub type Members = Vec<(String, i64)>;

/// What everybody can see now: places in order of appearance, each with its messages.
pub type Sight = Vec<(String, Vec<Message>)>;

/// A stage.
#[derive(Debug)]
pub enum Stage {
    /// The console.
    Console(Box<console::ConsoleStage>),
    /// A real homeserver.
    Synapse(Box<synapse::SynapseStage>),
}

macro_rules! on_either {
    ($self:ident, $stage:ident => $call:expr) => {
        match $self {
            Stage::Console($stage) => $call,
            Stage::Synapse($stage) => $call,
        }
    };
}

impl Stage {
    /// A bound room with these people, whose private chats with the bot are open.
    pub async fn room(&mut self, name: &str, interest: bool, encrypted: bool, members: &Members) -> Result<()> {
        on_either!(self, stage => stage.room(name, interest, encrypted, members).await)
    }

    /// Somebody whose private chat with the bot is open.
    pub async fn person(&mut self, name: &str) -> Result<()> {
        on_either!(self, stage => stage.enter(name).await)
    }

    /// Somebody invites the bot into a room of their own.
    pub async fn invite(&mut self, by: &str, name: &str, members: &Members) -> Result<()> {
        on_either!(self, stage => stage.invite(by, name, members).await)
    }

    /// Somebody's private chat isn't open: the bot's invitation waits.
    pub async fn leave_invited(&mut self, who: &str) -> Result<()> {
        on_either!(self, stage => stage.leave_invited(who).await)
    }

    /// Somebody accepts the bot's invitation.
    pub async fn accept(&mut self, who: &str) -> Result<()> {
        on_either!(self, stage => stage.accept(who).await)
    }

    /// Somebody says something.
    pub async fn say(
        &mut self,
        who: &str,
        place: &str,
        text: &str,
        reply_to: Option<&str>,
        notice: bool,
    ) -> Result<()> {
        on_either!(self, stage => stage.say(who, place, text, reply_to, notice).await)
    }

    /// Somebody leaves a voice message.
    pub async fn voice(&mut self, who: &str, place: &str, reply_to: Option<&str>) -> Result<()> {
        on_either!(self, stage => stage.voice(who, place, reply_to).await)
    }

    /// Somebody taps.
    pub async fn tap(&mut self, who: &str, place: &str, on: &str, key: &str) -> Result<()> {
        on_either!(self, stage => stage.tap(who, place, on, key).await)
    }

    /// Somebody takes a tap back.
    pub async fn untap(&mut self, who: &str, place: &str, on: &str, key: &str) -> Result<()> {
        on_either!(self, stage => stage.untap(who, place, on, key).await)
    }

    /// Somebody takes a message back.
    pub async fn redact(&mut self, who: &str, place: &str, on: &str) -> Result<()> {
        on_either!(self, stage => stage.redact(who, place, on).await)
    }

    /// Somebody changes what they said.
    pub async fn edit(&mut self, who: &str, place: &str, on: &str, text: &str) -> Result<()> {
        on_either!(self, stage => stage.edit(who, place, on, text).await)
    }

    /// Somebody leaves a room.
    pub async fn leave(&mut self, who: &str, room: &str) -> Result<()> {
        on_either!(self, stage => stage.leave(who, room).await)
    }

    /// Somebody answers a native poll: 1 for its first option.
    pub async fn answer(&mut self, who: &str, place: &str, on: &str, option: i64) -> Result<()> {
        on_either!(self, stage => stage.answer(who, place, on, option).await)
    }

    /// Time passes, up to this instant.
    pub async fn clock(&mut self, at: DateTime<FixedOffset>) -> Result<()> {
        on_either!(self, stage => stage.clock(at).await)
    }

    /// What everybody can see.
    pub async fn sight(&mut self) -> Result<Sight> {
        on_either!(self, stage => stage.sight().await)
    }

    /// Ends the play.
    pub async fn close(self) -> Result<()> {
        match self {
            Stage::Console(_) => Ok(()),
            Stage::Synapse(stage) => stage.close().await,
        }
    }
}

/// What a voice message is called.
pub const VOICE: &str = "Voice message.ogg";

/// The name of the place of somebody's private chat in a transcript.
pub fn direct_place(who: &str) -> String {
    format!("{DIRECT} {who}")
}

/// The people among these names who are mentioned in a text with an @.
pub fn mentioned<'a>(text: &str, names: impl Iterator<Item = &'a String>) -> Vec<String> {
    names.filter(|name| text.contains(&format!("@{name}"))).cloned().collect()
}

/// The members as the console and Matrix want them.
pub fn levels(members: &Members) -> BTreeMap<String, i64> {
    members.iter().cloned().collect()
}
