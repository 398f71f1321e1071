//! The made-up world around the console: rooms, members, private chats. With a database it is kept beside it, so that
//! a restart finds the same people.
//!
//! The file holds everything as one JSON value, and after it one value for each input since: what the input added. It is
//! written anew only when people, rooms or chats change, so that a line costs the same in a village and in a town.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
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
    /// The bot isn't in it.
    #[serde(default)]
    pub out: bool,
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
    /// What isn't in the file yet.
    #[serde(skip)]
    news: Step,
    /// People, rooms or chats have changed, or the file isn't known to be whole: it is to be written anew.
    #[serde(skip)]
    changed: bool,
}

/// What one input added.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Step {
    seen: Option<String>,
    events: Vec<(String, (String, String))>,
    outputs: u64,
    now_ms: i64,
    made_up: u64,
}

/// The power level of a captain (docs/PROTOCOL.md, Words).
const CAPTAIN: i64 = lamplighter_commands::house::CAPTAIN_POWER_MIN;

impl World {
    /// An empty one, or the one that is kept in this file.
    pub fn open(file: Option<&Path>) -> std::io::Result<Self> {
        let mut world = match file {
            Some(path) if path.exists() => Self::read(&std::fs::read(path)?)?,
            _ => Self::default(),
        };
        world.file = file.map(Path::to_owned);
        // What was being written when an earlier run died is cut off.
        world.changed = true;
        Ok(world)
    }

    fn read(bytes: &[u8]) -> std::io::Result<Self> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let mut world: Self = serde_json::from_slice(lines.next().unwrap_or_default())?;
        for line in lines {
            let Ok(step) = serde_json::from_slice::<Step>(line) else { break };
            world.seen.extend(step.seen);
            world.events.extend(step.events);
            (world.outputs, world.now_ms, world.made_up) = (step.outputs, step.now_ms, step.made_up);
        }
        Ok(world)
    }

    /// Keeps it, if it has a file.
    pub fn save(&mut self) -> std::io::Result<()> {
        let mut news = std::mem::take(&mut self.news);
        let Some(path) = &self.file else { return Ok(()) };
        if std::mem::take(&mut self.changed) {
            let mut new = path.clone().into_os_string();
            new.push(".new");
            let mut bytes = serde_json::to_vec(self)?;
            bytes.push(b'\n');
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&new)?.write_all(&bytes)?;
            return std::fs::rename(&new, path);
        }
        (news.outputs, news.now_ms, news.made_up) = (self.outputs, self.now_ms, self.made_up);
        let mut bytes = serde_json::to_vec(&news)?;
        bytes.push(b'\n');
        std::fs::OpenOptions::new().append(true).open(path)?.write_all(&bytes)
    }

    /// People, rooms or chats are about to change.
    pub fn change(&mut self) -> &mut Self {
        self.changed = true;
        self
    }

    /// An input is done.
    pub fn see(&mut self, id: &str) {
        self.seen.insert(id.to_owned());
        self.news.seen = Some(id.to_owned());
    }

    /// There is a new event: where it stands, and who made it.
    pub fn add_event(&mut self, id: &str, room_id: &str, by: &str) {
        let place = (room_id.to_owned(), by.to_owned());
        self.news.events.push((id.to_owned(), place.clone()));
        self.events.insert(id.to_owned(), place);
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
        Sender {
            user_id: name.to_owned(),
            display_name: name.to_owned(),
            power_level,
            may_call_room: power_level >= CAPTAIN,
        }
    }

    /// Whether somebody is in a room.
    pub fn has_member(&self, room_id: &str, name: &str) -> bool {
        self.rooms.get(room_id).is_some_and(|room| room.members.contains_key(name))
    }

    /// What kind of place it is.
    pub fn place(&self, room_id: &str) -> Place {
        if let Some(person) = Self::chat_of(room_id) {
            let shared = self
                .rooms
                .iter()
                .filter(|(_, room)| !room.out)
                .filter_map(|(name, room)| {
                    let power_level = *room.members.get(person)?;
                    Some(SharedRoom { room_id: name.clone(), power_level })
                })
                .collect();
            return Place::Direct { shared };
        }
        let room = self.rooms.get(room_id);
        let captains = room
            .iter()
            .flat_map(|room| &room.members)
            .filter(|(_, level)| **level >= CAPTAIN)
            .map(|(name, _)| Named { user_id: name.clone(), display_name: name.clone() })
            .collect();
        let lacks = room.map(|room| room.lacks.clone()).unwrap_or_default();
        Place::Room { name: room_id.to_owned(), captains, lacks }
    }

    /// The members whom a text names with an @, those with long names first.
    pub fn named_in(&self, room_id: &str, text: &str) -> Vec<String> {
        let Some(room) = self.rooms.get(room_id).filter(|_| text.contains('@')) else { return Vec::new() };
        room.members.keys().filter(|name| text.contains(&format!("@{name}"))).cloned().collect()
    }

    /// Everybody in a group room.
    pub fn members(&self, room_id: &str) -> Vec<Named> {
        let members = self.rooms.get(room_id).into_iter().flat_map(|room| room.members.keys());
        members.map(|name| Named { user_id: name.clone(), display_name: name.clone() }).collect()
    }

    /// Whether the bot is in a room, or it is a private chat.
    pub fn is_in(&self, room_id: &str) -> bool {
        Self::chat_of(room_id).is_some() || self.rooms.get(room_id).is_some_and(|room| !room.out)
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
        if !room.members.contains_key(name) {
            room.members.insert(name.to_owned(), 0);
            self.changed = true;
        }
        Ok(())
    }
}
