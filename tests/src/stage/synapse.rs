//! Stories on a real homeserver: every resident has a client that encrypts, the bot runs in this process with a clock
//! that is moved by hand.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, FixedOffset};
use lamplighter::{
    clock::{Clock, ManualClock},
    gateway::matrix::{Bot, Pace},
    worker::Seed,
};
use lamplighter_storage::{agenda, outbox};
use matrix_sdk::ruma::UserId;

use super::{BOT_NAME, DIRECT, Members, STORY_AT, Sight, VOICE, direct_place, mentioned};
use crate::{
    Result,
    homeserver::{Homeserver, Limits},
    process,
    resident::{Extras, Resident},
    view::FILE_MARK,
};

/// Something is wrong if the bot takes longer than this over one thing.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(60);
/// A resident waits at most this long in one sync.
const NEWS_TIMEOUT: Duration = Duration::from_secs(5);
/// And this many times for something that must come.
const NEWS_TRIES_MAX: usize = 12;

/// A homeserver as a stage.
#[derive(Debug)]
pub struct SynapseStage {
    homeserver: Homeserver,
    bot: Bot,
    clock: Arc<ManualClock>,
    bot_user_id: String,
    residents: BTreeMap<String, Resident>,
    rooms: BTreeMap<String, String>,
    chats: BTreeMap<String, String>,
    readers: BTreeMap<String, String>,
    order: Vec<String>,
    steward: Option<String>,
    _folder: tempfile::TempDir,
}

impl SynapseStage {
    /// A new homeserver with the bot on it.
    pub async fn open(stewards: &[String]) -> Result<Self> {
        process::log_if_asked();
        let homeserver = Homeserver::start(Limits::None).await?;
        let folder = tempfile::tempdir()?;
        homeserver.register(process::BOT, process::BOT_PASSWORD).await?;
        let bot_user_id = format!("@{}:{}", process::BOT, homeserver.server_name());
        let mut residents = BTreeMap::new();
        let mut steward_ids = Vec::new();
        for steward in stewards {
            let resident = enter(&homeserver, residents.len(), steward).await?;
            steward_ids.push(resident.user_id().to_string());
            residents.insert(steward.clone(), resident);
        }
        let ids: Vec<&str> = steward_ids.iter().map(String::as_str).collect();
        let path = process::write_config(folder.path(), &homeserver, &ids)?;
        let config = lamplighter_config::load(&path, &|_| None)?;
        let at = chrono::DateTime::parse_from_rfc3339(STORY_AT)?;
        let clock = Arc::new(ManualClock::at(at.timestamp_millis()));
        // Nobody waits five seconds for the next edit in a story.
        let pace = Pace { edit_spacing_ms: 0, ..Pace::default() };
        let bot = Bot::start(&config, config.require_matrix()?, Arc::clone(&clock) as _, Seed::Fixed, pace).await?;
        let mut stage = Self {
            homeserver,
            bot,
            clock,
            bot_user_id,
            residents,
            rooms: BTreeMap::new(),
            chats: BTreeMap::new(),
            readers: BTreeMap::new(),
            order: Vec::new(),
            steward: stewards.first().cloned(),
            _folder: folder,
        };
        for steward in stewards {
            stage.open_chat(steward).await?;
        }
        Ok(stage)
    }

    async fn person(&mut self, name: &str) -> Result<()> {
        if !self.residents.contains_key(name) {
            let resident = enter(&self.homeserver, self.residents.len(), name).await?;
            self.residents.insert(name.to_owned(), resident);
        }
        Ok(())
    }

    fn resident(&mut self, name: &str) -> Result<&mut Resident> {
        self.residents.get_mut(name).ok_or_else(|| format!("there is nobody called {name}").into())
    }

    /// Waits until somebody sees a message of the bot in a room.
    async fn wait_for_bot(&mut self, who: &str, room_id: &str) -> Result<()> {
        let bot = self.bot_user_id.clone();
        let resident = self.resident(who)?;
        for _ in 0..NEWS_TRIES_MAX {
            if resident.view(room_id).messages().iter().any(|message| message.by == bot) {
                return Ok(());
            }
            resident.sync_for(NEWS_TIMEOUT).await?;
        }
        Err(format!("the bot says nothing to {who}").into())
    }

    /// The private chat of somebody with the bot, opened by the person, as Element does it.
    async fn open_chat(&mut self, who: &str) -> Result<()> {
        if self.chats.contains_key(who) || !self.resident(who)?.accepts_chats {
            return Ok(());
        }
        let bot = UserId::parse(&self.bot_user_id)?;
        let room_id = self.resident(who)?.create_direct_chat(&bot).await?;
        self.wait_for_bot(who, &room_id).await?;
        self.chats.insert(who.to_owned(), room_id);
        self.order.push(direct_place(who));
        Ok(())
    }

    /// `bot_level` is the bot's power level there, which it has before it comes.
    async fn make_room(
        &mut self,
        by: &str,
        name: &str,
        encrypted: bool,
        members: &Members,
        bot_level: i64,
    ) -> Result<String> {
        for (member, _) in members {
            self.person(member).await?;
        }
        let mut others = Vec::new();
        let mut powers = BTreeMap::new();
        for (member, level) in members.iter().filter(|(member, _)| member != by) {
            let user_id = self.resident(member)?.user_id();
            powers.insert(user_id.to_string(), *level);
            others.push(user_id);
        }
        powers.insert(self.bot_user_id.clone(), bot_level);
        let room_id = self.resident(by)?.create_room(name, &others, &powers, encrypted).await?;
        for (member, _) in members {
            self.resident(member)?.sync().await?;
        }
        self.resident(by)?.sync().await?;
        self.rooms.insert(name.to_owned(), room_id.clone());
        self.readers.insert(name.to_owned(), by.to_owned());
        self.order.push(name.to_owned());
        Ok(room_id)
    }

    async fn invite_bot(&mut self, by: &str, room_id: &str) -> Result<()> {
        let bot = UserId::parse(&self.bot_user_id)?;
        self.resident(by)?.invite(room_id, &bot).await?;
        self.wait_for_bot(by, room_id).await
    }

    pub(super) async fn room(&mut self, name: &str, interest: bool, encrypted: bool, members: &Members) -> Result<()> {
        let steward = self.steward.clone().ok_or("a bound room needs a steward")?;
        let captain = members.iter().max_by_key(|(_, level)| *level).map(|(member, _)| member.clone());
        let captain = captain.ok_or("a room needs somebody in it")?;
        let mut everybody = members.clone();
        if !members.iter().any(|(member, _)| *member == steward) {
            everybody.push((steward.clone(), 0));
        }
        let room_id = self.make_room(&captain, name, encrypted, &everybody, 50).await?;
        self.invite_bot(&captain, &room_id).await?;
        let text = if interest { format!("！这是 兴趣群 {name}") } else { format!("！这是 {name}") };
        self.resident(&steward)?.sync().await?;
        let event_id = self.resident(&steward)?.say(&room_id, &text, &Extras::default()).await?;
        self.settle(&event_id).await?;
        for (member, _) in members {
            self.open_chat(member).await?;
        }
        Ok(())
    }

    pub(super) async fn enter(&mut self, name: &str) -> Result<()> {
        self.person(name).await?;
        self.open_chat(name).await
    }

    pub(super) async fn invite(&mut self, by: &str, name: &str, members: &Members) -> Result<()> {
        let room_id = self.make_room(by, name, false, members, 0).await?;
        self.invite_bot(by, &room_id).await
    }

    pub(super) async fn leave_invited(&mut self, who: &str) -> Result<()> {
        self.person(who).await?;
        self.resident(who)?.accepts_chats = false;
        Ok(())
    }

    pub(super) async fn accept(&mut self, who: &str) -> Result<()> {
        let bot = UserId::parse(&self.bot_user_id)?;
        let resident = self.resident(who)?;
        resident.accepts_chats = true;
        resident.sync().await?;
        let room_id = resident.direct_chat_with(&bot).ok_or("there was no invitation")?;
        self.chats.insert(who.to_owned(), room_id);
        self.order.push(direct_place(who));
        Ok(())
    }

    fn place(&self, who: &str, place: &str) -> Result<String> {
        let found = if place == DIRECT { self.chats.get(who) } else { self.rooms.get(place) };
        found.cloned().ok_or_else(|| format!("there is no {place} for {who}").into())
    }

    async fn settle(&mut self, event_id: &str) -> Result<()> {
        match tokio::time::timeout(SETTLE_TIMEOUT, self.bot.settled(event_id)).await {
            Ok(settled) => settled?,
            Err(_) => return Err("the bot doesn't settle".into()),
        }
        // What was done may have put something on the agenda for this very minute.
        self.quiet().await
    }

    pub(super) async fn say(
        &mut self,
        who: &str,
        place: &str,
        text: &str,
        reply_to: Option<&str>,
        notice: bool,
    ) -> Result<()> {
        let room_id = self.place(who, place)?;
        let mut mentions: Vec<String> = Vec::new();
        for name in mentioned(text, self.residents.keys()) {
            mentions.push(self.resident(&name)?.user_id().to_string());
        }
        if text.contains(&format!("@{BOT_NAME}")) {
            mentions.push(self.bot_user_id.clone());
        }
        let extras = Extras { mentions, reply_to, notice };
        let event_id = self.resident(who)?.say(&room_id, text, &extras).await?;
        self.settle(&event_id).await
    }

    pub(super) async fn voice(&mut self, who: &str, place: &str, reply_to: Option<&str>) -> Result<()> {
        let room_id = self.place(who, place)?;
        let event_id = self.resident(who)?.voice(&room_id, VOICE, reply_to).await?;
        self.settle(&event_id).await
    }

    pub(super) async fn tap(&mut self, who: &str, place: &str, on: &str, key: &str) -> Result<()> {
        let room_id = self.place(who, place)?;
        let event_id = self.resident(who)?.tap(&room_id, on, key).await?;
        self.settle(&event_id).await
    }

    pub(super) async fn untap(&mut self, who: &str, place: &str, on: &str, key: &str) -> Result<()> {
        let room_id = self.place(who, place)?;
        let resident = self.resident(who)?;
        let user_id = resident.user_id();
        let tap = resident.view(&room_id).tap_of(user_id.as_str(), on, key).ok_or("there is no such tap")?;
        let event_id = resident.redact(&room_id, &tap).await?;
        self.settle(&event_id).await
    }

    pub(super) async fn redact(&mut self, who: &str, place: &str, on: &str) -> Result<()> {
        let room_id = self.place(who, place)?;
        let event_id = self.resident(who)?.redact(&room_id, on).await?;
        self.settle(&event_id).await
    }

    pub(super) async fn edit(&mut self, who: &str, place: &str, on: &str, text: &str) -> Result<()> {
        let room_id = self.place(who, place)?;
        let event_id = self.resident(who)?.edit(&room_id, on, text).await?;
        self.settle(&event_id).await
    }

    pub(super) async fn leave(&mut self, who: &str, room: &str) -> Result<()> {
        let room_id = self.place(who, room)?;
        self.resident(who)?.leave(&room_id).await?;
        let gone = self.resident(who)?.user_id();
        let reader = self.readers.get(room).cloned().ok_or("nobody reads there")?;
        let event_id = self.resident(&reader)?.membership_event(&room_id, &gone).await?;
        self.settle(&event_id).await
    }

    pub(super) async fn answer(&mut self, who: &str, place: &str, on: &str, option: i64) -> Result<()> {
        let room_id = self.place(who, place)?;
        let event_id = self.resident(who)?.answer(&room_id, on, option).await?;
        self.settle(&event_id).await
    }

    /// Steps through everything that falls due on the way, each at its own time, as the console does.
    pub(super) async fn clock(&mut self, at: DateTime<FixedOffset>) -> Result<()> {
        let at_ms = at.timestamp_millis();
        loop {
            self.quiet().await?;
            let storage = self.bot.storage();
            let due = agenda::next_due_at_ms(storage).await?;
            let held = outbox::next_not_before_ms(storage, self.clock.now_ms(), 0).await?;
            let Some(next_ms) = due.into_iter().chain(held).filter(|next_ms| *next_ms <= at_ms).min() else { break };
            self.clock.set(next_ms.max(self.clock.now_ms()));
        }
        self.clock.set(at_ms);
        self.quiet().await
    }

    async fn quiet(&mut self) -> Result<()> {
        match tokio::time::timeout(SETTLE_TIMEOUT, self.bot.quiet(self.clock.as_ref())).await {
            Ok(quiet) => Ok(quiet?),
            Err(_) => Err("the bot doesn't settle".into()),
        }
    }

    pub(super) async fn sight(&mut self) -> Result<Sight> {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        names.insert(self.bot_user_id.clone(), BOT_NAME.to_owned());
        futures_util::future::try_join_all(self.residents.values_mut().map(Resident::sync)).await?;
        for (name, resident) in &self.residents {
            if resident.undecrypted() > 0 {
                return Err(format!("{name} can't read {} messages", resident.undecrypted()).into());
            }
            names.insert(resident.user_id().to_string(), name.clone());
        }
        let mut sight = Vec::new();
        for place in self.order.clone() {
            let (reader, room_id) = match self.rooms.get(&place) {
                Some(room_id) => (self.readers.get(&place).cloned().unwrap_or_default(), room_id.clone()),
                None => {
                    let Some((who, room_id)) = self.chats.iter().find(|(who, _)| direct_place(who) == place) else {
                        continue;
                    };
                    (who.clone(), room_id.clone())
                }
            };
            let mut messages = self.resident(&reader)?.view(&room_id).messages();
            for message in &mut messages {
                if let Some(name) = names.get(&message.by) {
                    message.by.clone_from(name);
                }
                if message.text.starts_with(FILE_MARK) {
                    // The console knows people by their names.
                    for (user_id, name) in &names {
                        message.text = message.text.replace(user_id, name);
                    }
                }
            }
            sight.push((place, messages));
        }
        Ok(sight)
    }

    pub(super) async fn close(self) -> Result<()> {
        self.bot.stop().await;
        Ok(())
    }
}

/// A new account and its client.
async fn enter(homeserver: &Homeserver, index: usize, name: &str) -> Result<Resident> {
    let account = homeserver.register(&format!("resident{index}"), "a door that is never locked").await?;
    Resident::log_in(homeserver.url(), &account, name).await
}
