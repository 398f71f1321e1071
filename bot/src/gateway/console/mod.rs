//! The console: the whole bot without a homeserver, one JSON object a line. Inputs become the same incoming things,
//! go through the same worker, and come out through the same sender as on Matrix.

pub mod protocol;
mod world;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use lamplighter_commands::{
    digest,
    incoming::{self, Incoming, Message, Named, NativeAnswer, Right, Wanted, What},
    scene::Content,
};
use lamplighter_config::Community;
use lamplighter_storage::{Location, Storage, agenda, outbox, person, room};
use serde::Serialize;
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt},
    sync::watch,
};

use self::{
    protocol::{ChatWord, Input, InputAct, Output},
    world::World,
};
use super::{Act, ChatState, Delivery, DeliveryError, DirectChat, Gateway};
use crate::{
    clock::{Clock, ManualClock},
    database::{cannot_use, take},
    house,
    lock::Lock,
    scheduler::Scheduler,
    sender::Sender,
    worker::{Seed, Worker},
};

/// Where the console's time stands if nothing is said: a Monday evening.
pub const DEFAULT_AT: &str = "2026-01-05T18:00:00+08:00";

/// The power level of a captain.
const CAPTAIN: i64 = lamplighter_commands::house::CAPTAIN_POWER_MIN;

/// A line longer than this is refused: it is 16 times what Matrix allows an event.
const LINE_BYTES_MAX: usize = 1 << 20;

/// What the console is started with.
#[derive(Debug)]
pub struct Options {
    /// The communities; the first is the one that rooms are bound to if nothing is said.
    pub communities: Vec<Community>,
    /// Whose invitations are accepted; none: everybody's.
    pub invites: Option<Vec<lamplighter_config::IdPattern>>,
    /// Who is never answered.
    pub ignore: Vec<String>,
    /// What is said about how long texts are kept. (The console itself forgets nothing: its runs are short.)
    pub keep_texts_days: u32,
    /// The database; in memory if none.
    pub database: Option<PathBuf>,
    /// Where time stands.
    pub at: DateTime<FixedOffset>,
}

/// Why the console ended.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] lamplighter_storage::Error),
    /// Another process has the database, or a restore isn't finished.
    #[error("{0}")]
    Refused(String),
    /// Lines could not be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// What is due couldn't be planned.
    #[error(transparent)]
    Fault(#[from] lamplighter_commands::fault::Fault),
    /// The words are broken.
    #[error(transparent)]
    Speech(#[from] lamplighter_commands::speech::Unspeakable),
    /// A line could not be made.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

/// Where the sender's deliveries become lines.
#[derive(Debug)]
struct ConsoleGateway {
    world: Mutex<World>,
    lines: Mutex<Vec<Output>>,
    clock: Arc<ManualClock>,
    offset: FixedOffset,
}

impl ConsoleGateway {
    fn at(&self) -> String {
        DateTime::from_timestamp_millis(self.clock.now_ms())
            .unwrap_or_default()
            .with_timezone(&self.offset)
            .to_rfc3339_opts(SecondsFormat::Secs, false)
    }

    fn with_world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Gives the output its id and keeps the line.
    fn put(&self, room_id: &str, mut output: Output) -> String {
        let id = self.with_world(|world| {
            world.outputs += 1;
            let id = format!("b{}", world.outputs);
            world.add_event(&id, room_id, "");
            id
        });
        output.id.clone_from(&id);
        output.at = self.at();
        match World::chat_of(room_id) {
            Some(person) => {
                output.room = "dm".into();
                output.to = Some(person.to_owned());
            }
            None => output.room = room_id.to_owned(),
        }
        self.lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(output);
        id
    }

    fn take_lines(&self) -> Vec<Output> {
        std::mem::take(&mut *self.lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

#[async_trait]
impl Gateway for ConsoleGateway {
    async fn open_chat(&self, user_id: &str, _: Option<&str>) -> Result<DirectChat, DeliveryError> {
        let state = match self.with_world(|world| world.chats.get(user_id).copied()) {
            None | Some(ChatWord::Open) => ChatState::Open,
            Some(ChatWord::Invited) => ChatState::Invited,
            Some(ChatWord::Refused) => ChatState::Refused,
        };
        Ok(DirectChat { room_id: World::chat_id(user_id), state })
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<String, DeliveryError> {
        if !self.with_world(|world| world.is_in(&delivery.room_id)) {
            return Err(DeliveryError::Never { reason: "the bot is not in that room".into() });
        }
        let mut output = Output::default();
        (output.kind, output.on) = match &delivery.act {
            Act::Post => ("post", None),
            Act::Edit { of } => ("edit", Some(of.clone())),
            Act::Tap { on } => ("tap", Some(on.clone())),
            Act::Untap { of } => ("untap", Some(of.clone())),
        };
        match &delivery.content {
            Content::Message { plain, html, notify, mentions, rings_room, pointer, .. } => {
                let label = pointer.as_ref().map(|pointer| pointer.label.as_str());
                let with_label = |text: &str, separator| {
                    label.map_or_else(|| text.to_owned(), |label| format!("{text}{separator}{label}"))
                };
                output.text = Some(with_label(plain, "\n"));
                output.html = Some(with_label(html, "<br>"));
                output.notify = Some(*notify);
                output.mentions = Some(mentions.clone());
                output.mentions_room = Some(true).filter(|_| *rings_room);
            }
            Content::Tap { key } | Content::Untap { key } => output.key = Some(key.clone()),
            Content::Poll { question, options, .. } => {
                output.kind = "poll";
                output.text = Some(question.clone());
                output.options = Some(options.clone());
            }
            Content::File { name, text, .. } => {
                output.kind = "file";
                output.name = Some(name.clone());
                output.text = Some(text.clone());
            }
            Content::Leave => output.kind = "leave",
            Content::ClosePoll { plain } => {
                output.kind = "close_poll";
                output.text = Some(plain.clone());
            }
        }
        Ok(self.put(&delivery.room_id, output))
    }

    async fn find_sent(&self, _: &str, _: &str) -> Result<Option<String>, DeliveryError> {
        // The console delivers and marks without anything between them that could be lost.
        Ok(None)
    }

    async fn standing(&self, room_id: &str, user_id: &str) -> Result<Option<incoming::Sender>, DeliveryError> {
        Ok(self.with_world(|world| world.has_member(room_id, user_id).then(|| world.sender(room_id, user_id))))
    }

    async fn answers(&self, _: &str, _: &str, _: Wanted) -> Result<Option<Vec<NativeAnswer>>, DeliveryError> {
        // What was answered and tapped came in; there is no other memory to ask.
        Ok(None)
    }
}

/// A console that is running.
#[derive(Debug)]
pub struct Console {
    gateway: Arc<ConsoleGateway>,
    clock: Arc<ManualClock>,
    storage: Storage,
    worker: Arc<Worker>,
    sender: Sender,
    scheduler: Scheduler,
    options: Options,
    bot_names: Vec<String>,
    decline_reason: String,
    _lock: Option<Lock>,
}

#[derive(Serialize)]
struct Problem<'a> {
    error: &'a str,
    id: &'a str,
}

#[derive(Serialize)]
struct Done<'a> {
    done: &'a str,
}

impl Console {
    /// Opens the database, and sends what an earlier run left in the outbox.
    pub async fn open(options: Options) -> Result<Self, ConsoleError> {
        let lock = options.database.as_deref().map(take).transpose().map_err(ConsoleError::Refused)?;
        let location = options.database.as_deref().map_or(Location::Memory, Location::File);
        let storage = Storage::open(location).await.map_err(|error| match &options.database {
            Some(path) => ConsoleError::Refused(cannot_use(&path.display().to_string(), &error)),
            None => error.into(),
        })?;
        let mut tx = storage.begin().await?;
        room::declare_communities(&mut tx, options.communities.iter().map(|community| community.id.as_str())).await?;
        tx.commit().await?;
        let world_file = options.database.as_ref().map(|path| {
            let mut file = path.clone().into_os_string();
            file.push(".console.json");
            PathBuf::from(file)
        });
        let world = World::open(world_file.as_deref())?;
        // Time goes on where an earlier run left it; it never goes back.
        let clock = Arc::new(ManualClock::at(world.now_ms.max(options.at.timestamp_millis())));
        let house = Arc::new(house::build(
            options.communities.clone(),
            house::NAME,
            Some(house::NAME),
            options.ignore.clone(),
            options.keep_texts_days,
        )?);
        let gateway = Arc::new(ConsoleGateway {
            world: Mutex::new(world),
            lines: Mutex::default(),
            clock: Arc::clone(&clock),
            offset: *options.at.offset(),
        });
        let (progress, _) = watch::channel(0);
        let bot_names = house.bot_names.clone();
        let decline_reason = house.say(None).word("invite-declined", &[])?;
        let worker =
            Worker::new(storage.clone(), Arc::clone(&house), Arc::clone(&clock) as _, progress.clone(), Seed::Fixed);
        let worker = Arc::new(worker);
        let mut tx = storage.begin().await?;
        digest::enrol_all(&mut tx, &house, clock.now_ms()).await?;
        tx.commit().await?;
        let scheduler = Scheduler::new(
            storage.clone(),
            Arc::clone(&worker),
            Arc::clone(&gateway) as _,
            Arc::clone(&clock) as _,
            progress.clone(),
        );
        // Nobody reads the console on a telephone: edits go out as they come, those of one input as one.
        let sender = Sender::new(storage.clone(), house, Arc::clone(&gateway) as _, Arc::clone(&clock) as _, progress)
            .with_edit_spacing_ms(0);
        Ok(Self { gateway, clock, storage, worker, sender, scheduler, options, bot_names, decline_reason, _lock: lock })
    }

    /// Does what is due now, and sends what there is to send.
    async fn settle(&self) -> Result<(), ConsoleError> {
        while self.scheduler.step().await? {}
        Ok(self.sender.drain().await?)
    }

    /// The database, for tests.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Reads lines until there are no more.
    pub async fn run(
        &self,
        input: impl AsyncBufRead + Unpin,
        mut output: impl AsyncWrite + Unpin,
    ) -> Result<(), ConsoleError> {
        let mut lines = input.lines();
        while let Some(line) = lines.next_line().await? {
            if line.trim().is_empty() {
                continue;
            }
            for line in self.line(&line).await? {
                output.write_all(line.as_bytes()).await?;
                output.write_all(b"\n").await?;
            }
            output.flush().await?;
        }
        Ok(())
    }

    /// Does one line and gives the lines that it causes, its done last.
    pub async fn line(&self, line: &str) -> Result<Vec<String>, ConsoleError> {
        let parsed = if line.len() > LINE_BYTES_MAX {
            Err(format!("a line has at most {LINE_BYTES_MAX} bytes"))
        } else {
            serde_json::from_str::<Input>(line).map_err(|error| error.to_string())
        };
        let (id, act) = match parsed {
            Ok(Input { id, act }) => (id.unwrap_or_else(|| self.made_up_id()), Ok(act)),
            Err(problem) => {
                let id = serde_json::from_str::<serde_json::Value>(line)
                    .ok()
                    .and_then(|value| Some(value.get("id")?.as_str()?.to_owned()));
                (id.unwrap_or_else(|| self.made_up_id()), Err(problem))
            }
        };
        let mut lines = Vec::new();
        let result = match act {
            Err(problem) => Err(problem),
            Ok(_) if self.gateway.with_world(|world| world.seen.contains(&id)) => Ok(()),
            Ok(act) => self.act(&id, act).await?,
        };
        self.settle().await?;
        for output in self.gateway.take_lines() {
            lines.push(serde_json::to_string(&output)?);
        }
        match result {
            Ok(()) => self.gateway.with_world(|world| world.see(&id)),
            Err(problem) => lines.push(serde_json::to_string(&Problem { error: &problem, id: &id })?),
        }
        self.gateway.with_world(|world| world.save())?;
        lines.push(serde_json::to_string(&Done { done: &id })?);
        Ok(lines)
    }

    fn made_up_id(&self) -> String {
        self.gateway.with_world(|world| {
            loop {
                world.made_up += 1;
                let id = format!("auto-{}", world.made_up);
                if !world.seen.contains(&id) {
                    return id;
                }
            }
        })
    }

    async fn act(&self, id: &str, act: InputAct) -> Result<Result<(), String>, ConsoleError> {
        let world = &self.gateway;
        let what = match act {
            InputAct::Room { room, kind, members, community } => {
                return self.declare(&room, kind, members, community).await;
            }
            InputAct::Invite { room, by, members, rights } => {
                return self.invite(id, &room, &by, members, rights).await;
            }
            InputAct::Dm { by, state } => {
                world.with_world(|world| world.change().chats.insert(by, state));
                return Ok(Ok(()));
            }
            InputAct::Join { room, by } => {
                return Ok(world.with_world(|world| {
                    let room =
                        world.change().rooms.get_mut(&room).ok_or_else(|| format!("there is no room {room:?}"))?;
                    room.left.remove(&by);
                    room.members.entry(by).or_insert(0);
                    Ok(())
                }));
            }
            InputAct::Leave { room, by } => return self.leave(id, &room, &by).await,
            InputAct::Kick { room, by } => return self.put_out(id, &room, &by).await,
            InputAct::Upgrade { room, to, by } => return self.upgrade(id, &room, &to, &by).await,
            InputAct::Clock { at } => return self.move_clock(&at).await,
            InputAct::Say { room, by, text, reply_to, mention, mentions, notice } => {
                let room_id = if room == "dm" { World::chat_id(&by) } else { room };
                let mut named: Vec<String> = world.with_world(|world| world.named_in(&room_id, &text));
                named.extend(mentions.iter().cloned());
                named.sort();
                named.dedup();
                let mentions_bot = mention
                    || self.bot_names.iter().any(|name| text.contains(&format!("@{name}")) || named.contains(name));
                named.retain(|name| !self.bot_names.contains(name));
                if let Some(on) = &reply_to
                    && let Err(problem) = self.known(on)
                {
                    return Ok(Err(problem));
                }
                let mut message = Message {
                    text,
                    notice,
                    voice: false,
                    mentions_bot,
                    mentions: named
                        .into_iter()
                        .map(|name| Named { user_id: name.clone(), display_name: name })
                        .collect(),
                    neighbours: Vec::new(),
                    reply_to,
                    thread: None,
                };
                if message.may_name_neighbours() {
                    let members = world.with_world(|world| world.members(&room_id));
                    message.name_neighbours(members.into_iter());
                }
                (room_id, by, What::Message(message))
            }
            InputAct::Voice { room, by, reply_to, mention } => {
                if let Some(on) = &reply_to
                    && let Err(problem) = self.known(on)
                {
                    return Ok(Err(problem));
                }
                let room_id = if room == "dm" { World::chat_id(&by) } else { room };
                let message = Message { voice: true, mentions_bot: mention, reply_to, ..Message::default() };
                (room_id, by, What::Message(message))
            }
            // Nothing looks at pictures yet; they are known as events all the same.
            InputAct::Image { room, by, .. } => {
                let room_id = if room == "dm" { World::chat_id(&by) } else { room };
                return Ok(world.with_world(|world| {
                    world.admit(&room_id, &by)?;
                    world.add_event(id, &room_id, &by);
                    Ok(())
                }));
            }
            InputAct::Edit { on, text } => match self.known(&on) {
                Ok((room_id, by)) => {
                    let mentions_bot = self.bot_names.iter().any(|name| text.contains(&format!("@{name}")));
                    let message = Message { text, mentions_bot, ..Message::default() };
                    (room_id, by, What::Edit { of: on, message })
                }
                Err(problem) => return Ok(Err(problem)),
            },
            InputAct::Tap { by, on, key } => match self.known(&on) {
                Ok((room_id, _)) => (room_id, by, What::Tap { on, key }),
                Err(problem) => return Ok(Err(problem)),
            },
            InputAct::Answer { by, on, options } => match self.known(&on) {
                // Counted from 0 here, from 1 inside.
                Ok((room_id, _)) => {
                    let choices = options.iter().map(|option| option.saturating_add(1)).collect();
                    (room_id, by, What::PollAnswer { on, choices })
                }
                Err(problem) => return Ok(Err(problem)),
            },
            InputAct::Untap { on } => match self.known(&on) {
                Ok((room_id, by)) => (room_id, by, What::Redaction { of: on }),
                Err(problem) => return Ok(Err(problem)),
            },
            InputAct::Redact { on, by } => match self.known(&on) {
                Ok((room_id, author)) => (room_id, by.unwrap_or(author), What::Redaction { of: on }),
                Err(problem) => return Ok(Err(problem)),
            },
        };
        let (room_id, by, what) = what;
        if let Err(problem) = world.with_world(|world| {
            world.admit(&room_id, &by)?;
            world.add_event(id, &room_id, &by);
            Ok(())
        }) {
            return Ok(Err(problem));
        }
        self.handle(id, &room_id, &by, what).await?;
        Ok(Ok(()))
    }

    async fn handle(&self, id: &str, room_id: &str, by: &str, what: What) -> Result<(), ConsoleError> {
        let (sender, place) = self.gateway.with_world(|world| (world.sender(room_id, by), world.place(room_id)));
        let incoming = Incoming {
            event_id: id.to_owned(),
            room_id: room_id.to_owned(),
            sender,
            sent_at_ms: self.clock.now_ms(),
            place,
            what,
        };
        self.worker.handle(&incoming).await?;
        Ok(())
    }

    fn known(&self, event_id: &str) -> Result<(String, String), String> {
        self.gateway
            .with_world(|world| world.events.get(event_id).cloned())
            .ok_or_else(|| format!("there is no message {event_id:?}"))
    }

    /// Steps through everything that falls due on the way, each at its own time.
    async fn move_clock(&self, at: &str) -> Result<Result<(), String>, ConsoleError> {
        let at = match DateTime::parse_from_rfc3339(at) {
            Ok(at) => at.timestamp_millis(),
            Err(error) => return Ok(Err(format!("at: {error}"))),
        };
        if at < self.clock.now_ms() {
            return Ok(Err(format!("time doesn't go back: it is {}", self.gateway.at())));
        }
        loop {
            self.settle().await?;
            let due = agenda::next_due_at_ms(&self.storage).await?;
            let held = outbox::next_not_before_ms(&self.storage, self.clock.now_ms(), 0).await?;
            let Some(next_ms) = due.into_iter().chain(held).filter(|next_ms| *next_ms <= at).min() else { break };
            self.set_clock(next_ms.max(self.clock.now_ms()));
        }
        self.set_clock(at);
        Ok(Ok(()))
    }

    fn set_clock(&self, now_ms: i64) {
        self.clock.set(now_ms);
        self.gateway.with_world(|world| world.now_ms = now_ms);
    }

    async fn declare(
        &self,
        room_id: &str,
        kind: Option<protocol::RoomKind>,
        members: std::collections::BTreeMap<String, i64>,
        community: Option<String>,
    ) -> Result<Result<(), String>, ConsoleError> {
        if room_id == "dm" || World::chat_of(room_id).is_some() {
            return Ok(Err("that name means a private chat".into()));
        }
        let known = self.gateway.with_world(|world| world.rooms.contains_key(room_id));
        let community = match community {
            Some(id) => self.options.communities.iter().find(|community| community.id == id),
            None => self.options.communities.first(),
        };
        let Some(community) = community else { return Ok(Err("there is no such community".into())) };
        let mut tx = self.storage.begin().await?;
        let bound = room::get(&mut tx, room_id).await?.is_some_and(|room| room.community_id.is_some());
        tx.roll_back().await?;
        if !known || !bound || kind.is_some() {
            let kind = kind.unwrap_or(protocol::RoomKind::Building);
            let mut tx = self.storage.begin().await?;
            room::joined(&mut tx, room_id, room_id, self.clock.now_ms()).await?;
            room::bind(&mut tx, room_id, &community.id, kind.as_str(), room_id).await?;
            digest::enrol(&mut tx, community, room_id, self.clock.now_ms()).await?;
            tx.commit().await?;
        }
        // Whoever has power here may be asked before they have said a word.
        let captains: Vec<&String> =
            members.iter().filter(|(_, level)| **level >= CAPTAIN).map(|(name, _)| name).collect();
        let mut tx = self.storage.begin().await?;
        let mut people = Vec::new();
        for captain in captains {
            people.push(person::known(&mut tx, captain, captain).await?.person_id);
        }
        if !people.is_empty() {
            room::saw_captains(&mut tx, &community.id, room_id, &people).await?;
        }
        tx.commit().await?;
        self.gateway.with_world(|world| {
            let room = world.change().rooms.entry(room_id.to_owned()).or_default();
            for (name, level) in members {
                room.left.remove(&name);
                room.members.insert(name, level);
            }
        });
        Ok(Ok(()))
    }

    /// Somebody goes; when nobody is left, the bot goes too.
    async fn leave(&self, id: &str, room_id: &str, by: &str) -> Result<Result<(), String>, ConsoleError> {
        let left = self.gateway.with_world(|world| {
            let room = world.change().rooms.get_mut(room_id).ok_or_else(|| format!("there is no room {room_id:?}"))?;
            room.members.remove(by);
            room.left.insert(by.to_owned());
            Ok(room.members.is_empty())
        });
        let empty = match left {
            Ok(empty) => empty,
            Err(problem) => return Ok(Err(problem)),
        };
        self.handle(id, room_id, by, What::Left { user_id: by.to_owned() }).await?;
        if empty {
            self.settle().await?;
            self.gateway.put(room_id, Output { kind: "leave", ..Output::default() });
            return self.put_out(&format!("{id} empty"), room_id, by).await;
        }
        Ok(Ok(()))
    }

    /// The bot isn't in a room any more.
    async fn put_out(&self, id: &str, room_id: &str, by: &str) -> Result<Result<(), String>, ConsoleError> {
        let found = self.gateway.with_world(|world| {
            let room = world.change().rooms.get_mut(room_id).ok_or_else(|| format!("there is no room {room_id:?}"))?;
            room.out = true;
            Ok(())
        });
        if let Err(problem) = found {
            return Ok(Err(problem));
        }
        self.handle(id, room_id, by, What::OwnLeave).await?;
        Ok(Ok(()))
    }

    /// A room is upgraded: a new one takes its place, with the same people.
    async fn upgrade(&self, id: &str, room_id: &str, to: &str, by: &str) -> Result<Result<(), String>, ConsoleError> {
        let moved = self.gateway.with_world(|world| {
            if to == "dm" || World::chat_of(to).is_some() || world.rooms.contains_key(to) {
                return Err(format!("there is a room {to:?} already"));
            }
            let room = world.change().rooms.get(room_id).cloned();
            let room = room.ok_or_else(|| format!("there is no room {room_id:?}"))?;
            world.rooms.insert(to.to_owned(), room);
            Ok(())
        });
        if let Err(problem) = moved {
            return Ok(Err(problem));
        }
        self.gateway.put(to, Output { kind: "join", ..Output::default() });
        self.handle(id, room_id, by, What::Upgraded { to: to.to_owned() }).await?;
        Ok(Ok(()))
    }

    async fn invite(
        &self,
        id: &str,
        room_id: &str,
        by: &str,
        members: std::collections::BTreeMap<String, i64>,
        rights: Option<Vec<Right>>,
    ) -> Result<Result<(), String>, ConsoleError> {
        if room_id == "dm" || World::chat_of(room_id).is_some() {
            return Ok(Err("that name means a private chat".into()));
        }
        let accepted =
            self.options.invites.as_ref().is_none_or(|patterns| patterns.iter().any(|pattern| pattern.matches(by)));
        if !accepted {
            tracing::info!("declined an invitation");
            let text = Some(self.decline_reason.clone());
            self.gateway.put(room_id, Output { kind: "leave", text, ..Output::default() });
            return Ok(Ok(()));
        }
        let all = [Right::Send, Right::Redact, Right::Pin, Right::Notify];
        self.gateway.with_world(|world| {
            let room = world.change().rooms.entry(room_id.to_owned()).or_default();
            room.out = false;
            room.members.entry(by.to_owned()).or_insert(0);
            for (name, level) in members {
                room.left.remove(&name);
                room.members.insert(name, level);
            }
            if let Some(rights) = rights {
                room.lacks = all.into_iter().filter(|right| *right != Right::Send && !rights.contains(right)).collect();
            }
        });
        self.gateway.put(room_id, Output { kind: "join", ..Output::default() });
        self.handle(id, room_id, by, What::OwnJoin { made_by_bot: false }).await?;
        Ok(Ok(()))
    }
}
