//! The made-up world around the console: rooms, members, private chats. With a database it is kept beside it, so that
//! a restart finds the same people.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use lamplighter_commands::incoming::{Named, Place, Right, Sender, SharedRoom};
use serde::{Deserialize, Serialize};

use super::protocol::ChatWord;

/// What goes before somebody's name to make the id of their private chat.
const CHAT_PREFIX: &str = "dm:";

/// A room.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WorldRoom {
    /// Names and power levels.
    pub members: BTreeMap<String, i64>,
    /// Who has left.
    pub left: BTreeSet<String>,
    /// What the bot may not do.
    pub lacks: Vec<Right>,
}

/// Everything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct World {
    /// By name.
    pub rooms: BTreeMap<String, WorldRoom>,
    /// By name of the person; open if absent.
    pub chats: BTreeMap<String, ChatWord>,
    /// Inputs that have been seen.
    pub seen: BTreeSet<String>,
    /// Where each message stands, and who made it.
    pub events: BTreeMap<String, (String, String)>,
    /// How many ids have been given to outputs.
    pub outputs: u64,
    /// The time it is, in UTC milliseconds; 0 until it is moved.
    #[serde(default)]
    pub now_ms: i64,
    /// How many ids have been made up for inputs.
    pub made_up: u64,
    #[serde(skip)]
    file: Option<PathBuf>,
}

/// The power level of a captain (docs/PROTOCOL.md, Words).
const CAPTAIN: i64 = lamplighter_commands::house::CAPTAIN_POWER_MIN;

impl World {
    /// An empty one, or the one that is kept in this file.
    pub fn open(file: Option<&Path>) -> std::io::Result<Self> {
        let mut world = match file {
            Some(path) if path.exists() => serde_json::from_slice(&std::fs::read(path)?)?,
            _ => Self::default(),
        };
        world.file = file.map(Path::to_owned);
        Ok(world)
    }

    /// Keeps it, if it has a file.
    pub fn save(&self) -> std::io::Result<()> {
        let Some(path) = &self.file else { return Ok(()) };
        let mut new = path.clone().into_os_string();
        new.push(".new");
        std::fs::write(&new, serde_json::to_vec(self)?)?;
        std::fs::rename(&new, path)
    }

    /// The id of somebody's private chat.
    pub fn chat_id(person: &str) -> String {
        format!("{CHAT_PREFIX}{person}")
    }

    /// Whose private chat this is, if it is one.
    pub fn chat_of(room_id: &str) -> Option<&str> {
        room_id.strip_prefix(CHAT_PREFIX)
    }

    /// Who somebody is in a room.
    pub fn sender(&self, room_id: &str, name: &str) -> Sender {
        let power_level = self.rooms.get(room_id).and_then(|room| room.members.get(name)).copied().unwrap_or(0);
        Sender { user_id: name.to_owned(), display_name: name.to_owned(), power_level }
    }

    /// What kind of place it is.
    pub fn place(&self, room_id: &str) -> Place {
        if let Some(person) = Self::chat_of(room_id) {
            let shared = self
                .rooms
                .iter()
                .filter_map(|(name, room)| {
                    let power_level = *room.members.get(person)?;
                    Some(SharedRoom { room_id: name.clone(), power_level })
                })
                .collect();
            return Place::Direct { shared };
        }
        let room = self.rooms.get(room_id).cloned().unwrap_or_default();
        let captains = room
            .members
            .iter()
            .filter(|(_, level)| **level >= CAPTAIN)
            .map(|(name, _)| Named { user_id: name.clone(), display_name: name.clone() })
            .collect();
        Place::Room { name: room_id.to_owned(), captains, lacks: room.lacks }
    }

    /// The members whom a text names with an @, those with long names first.
    pub fn named_in(&self, room_id: &str, text: &str) -> Vec<String> {
        let Some(room) = self.rooms.get(room_id) else { return Vec::new() };
        room.members.keys().filter(|name| text.contains(&format!("@{name}"))).cloned().collect()
    }

    /// Somebody who speaks is a member, unless they have left.
    pub fn admit(&mut self, room_id: &str, name: &str) -> Result<(), String> {
        if Self::chat_of(room_id).is_some() {
            return Ok(());
        }
        let room = self.rooms.get_mut(room_id).ok_or_else(|| format!("there is no room {room_id:?}"))?;
        if room.left.contains(name) {
            return Err(format!("{name} has left {room_id}"));
        }
        room.members.entry(name.to_owned()).or_insert(0);
        Ok(())
    }
}
