//! A resident with a real client that encrypts: matrix-sdk with everything in memory.

use std::{collections::BTreeMap, path::Path, time::Duration};

use matrix_sdk::{
    Client, ClientBuilder, Room,
    config::{RequestConfig, SyncSettings},
    media::{MediaFormat, MediaRequestParameters},
    room::{IncludeRelations, MessagesOptions, RelationsOptions},
    ruma::{
        EventId, OwnedRoomId, OwnedUserId, RoomId, RoomVersionId, UserId,
        api::client::{
            filter::{FilterDefinition, RoomFilter},
            room::{create_room, upgrade_room},
            state::get_state_event_for_key,
            sync::sync_events::v3::Filter,
            uiaa,
        },
        events::{
            InitialStateEvent, StateEventType,
            relation::RelationType,
            room::{
                MediaSource, encrypted::OriginalSyncRoomEncryptedEvent, encryption::RoomEncryptionEventContent,
                member::MembershipState,
            },
        },
        serde::Raw,
        uint,
    },
};
use serde_json::{Value, json};

use crate::{
    Result,
    homeserver::Account,
    view::{Happening, RoomView, file_text, poll_text},
};

/// After this many syncs without an end something is wrong with the server.
const SYNCS_MAX: usize = 200;

/// Events asked for at once when a whole room is read.
const PAGE_EVENTS: u32 = 500;

/// A resident.
#[derive(Debug)]
pub struct Resident {
    /// As shown.
    pub name: String,
    client: Client,
    views: BTreeMap<OwnedRoomId, RoomView>,
    /// Whether invitations to private chats are accepted by themselves; those to groups always are.
    pub accepts_chats: bool,
    /// Events that can't be decrypted until their keys come.
    waiting: Vec<(OwnedRoomId, Raw<OriginalSyncRoomEncryptedEvent>)>,
}

/// What is said, beside the text.
#[derive(Clone, Debug, Default)]
pub struct Extras<'a> {
    /// Matrix ids that are mentioned.
    pub mentions: Vec<String>,
    /// The message it replies to.
    pub reply_to: Option<&'a str>,
    /// Said by another bot.
    pub notice: bool,
}

impl Resident {
    /// Logs in with a new device, whose keys are kept in memory.
    pub async fn log_in(homeserver_url: &str, account: &Account, name: &str) -> Result<Self> {
        Self::log_in_with(Client::builder(), homeserver_url, account, name).await
    }

    /// The same with keys that outlive the process, in a folder.
    pub async fn log_in_keeping(folder: &Path, homeserver_url: &str, account: &Account, name: &str) -> Result<Self> {
        Self::log_in_with(Client::builder().sqlite_store(folder, None), homeserver_url, account, name).await
    }

    async fn log_in_with(builder: ClientBuilder, homeserver_url: &str, account: &Account, name: &str) -> Result<Self> {
        let client =
            builder.homeserver_url(homeserver_url).request_config(RequestConfig::new().retry_limit(3)).build().await?;
        client.matrix_auth().login_username(&account.user_id, &account.password).send().await?;
        client.account().set_display_name(Some(name)).await?;
        let mut resident =
            Self { name: name.to_owned(), client, views: BTreeMap::new(), accepts_chats: true, waiting: Vec::new() };
        // The first sync uploads the device's keys; before that nobody could encrypt anything for it.
        resident.sync().await?;
        Ok(resident)
    }

    /// The Matrix id.
    pub fn user_id(&self) -> OwnedUserId {
        self.client.user_id().map(ToOwned::to_owned).unwrap_or_else(|| unreachable!("a resident is logged in"))
    }

    /// The client itself, for what only encryption's own tests do.
    pub fn client(&self) -> &Client {
        &self.client
    }

    fn room(&self, room_id: &str) -> Result<Room> {
        let room_id = RoomId::parse(room_id)?;
        Ok(self.client.get_room(&room_id).ok_or("the resident is not in that room")?)
    }

    /// Makes a group room. `levels` are the power levels of the others.
    pub async fn create_room(
        &self,
        name: &str,
        invite: &[OwnedUserId],
        levels: &BTreeMap<String, i64>,
        encrypted: bool,
    ) -> Result<String> {
        let mut request = create_room::v3::Request::new();
        request.name = Some(name.to_owned());
        request.invite = invite.to_vec();
        request.preset = Some(create_room::v3::RoomPreset::PrivateChat);
        if encrypted {
            let encryption =
                InitialStateEvent::with_empty_state_key(RoomEncryptionEventContent::with_recommended_defaults());
            request.initial_state = vec![encryption.to_raw_any()];
        }
        request.power_level_content_override =
            Some(Raw::new(&json!({ "users": levels, "invite": 0 }))?.cast_unchecked());
        Ok(self.client.create_room(request).await?.room_id().to_string())
    }

    /// Sets a state event of a room, such as its power levels.
    pub async fn set_state(&self, room_id: &str, kind: &str, content: Value) -> Result<()> {
        self.room(room_id)?.send_state_event_raw(kind, "", content).await?;
        Ok(())
    }

    /// Opens a private chat with somebody.
    pub async fn create_direct_chat(&self, with: &UserId) -> Result<String> {
        Ok(self.client.create_dm(with).await?.room_id().to_string())
    }

    /// Says something.
    pub async fn say(&self, room_id: &str, text: &str, extras: &Extras<'_>) -> Result<String> {
        let kind = if extras.notice { "m.notice" } else { "m.text" };
        let mut content = json!({ "msgtype": kind, "body": text });
        if !extras.mentions.is_empty() {
            content["m.mentions"] = json!({ "user_ids": extras.mentions });
        }
        if let Some(reply_to) = extras.reply_to {
            content["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": reply_to } });
        }
        self.send(room_id, "m.room.message", content).await
    }

    /// Leaves a voice message as Element does it (MSC3245); nobody fetches the sound.
    pub async fn voice(&self, room_id: &str, name: &str, reply_to: Option<&str>) -> Result<String> {
        let mut content = json!({
            "msgtype": "m.audio", "body": name, "url": "mxc://localhost/voice", "org.matrix.msc3245.voice": {},
            "info": { "mimetype": "audio/ogg", "duration": 3000, "size": 1200 },
        });
        if let Some(reply_to) = reply_to {
            content["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": reply_to } });
        }
        self.send(room_id, "m.room.message", content).await
    }

    /// Sends an event of any kind.
    pub async fn send(&self, room_id: &str, kind: &str, content: Value) -> Result<String> {
        Ok(self.room(room_id)?.send_raw(kind, content).await?.response.event_id.to_string())
    }

    /// Changes what was said, as Element does it.
    pub async fn edit(&self, room_id: &str, of: &str, text: &str) -> Result<String> {
        let content = json!({
            "msgtype": "m.text",
            "body": format!("* {text}"),
            "m.new_content": { "msgtype": "m.text", "body": text },
            "m.relates_to": { "rel_type": "m.replace", "event_id": of },
        });
        Ok(self.room(room_id)?.send_raw("m.room.message", content).await?.response.event_id.to_string())
    }

    /// Leaves a room.
    pub async fn leave(&self, room_id: &str) -> Result<()> {
        Ok(self.room(room_id)?.leave().await?)
    }

    /// Puts somebody out of a room.
    pub async fn kick(&self, room_id: &str, user_id: &UserId) -> Result<()> {
        Ok(self.room(room_id)?.kick_user(user_id, None).await?)
    }

    /// Puts somebody out of a room for good.
    pub async fn ban(&self, room_id: &str, user_id: &UserId) -> Result<()> {
        Ok(self.room(room_id)?.ban_user(user_id, None).await?)
    }

    /// Lets somebody be invited again.
    pub async fn unban(&self, room_id: &str, user_id: &UserId) -> Result<()> {
        Ok(self.room(room_id)?.unban_user(user_id, None).await?)
    }

    /// Upgrades a room to version 12, whose ids have no server part, and gives the new one.
    pub async fn upgrade(&self, room_id: &str) -> Result<String> {
        let request = upgrade_room::v3::Request::new(RoomId::parse(room_id)?, RoomVersionId::V12);
        Ok(self.client.send(request).await?.replacement_room.to_string())
    }

    /// The event by which somebody is or isn't in a room.
    pub async fn membership_event(&self, room_id: &str, user_id: &UserId) -> Result<String> {
        let mut request = get_state_event_for_key::v3::Request::new(
            RoomId::parse(room_id)?,
            StateEventType::RoomMember,
            user_id.to_string(),
        );
        request.format = get_state_event_for_key::v3::StateEventFormat::Event;
        let event: Value = serde_json::from_str(self.client.send(request).await?.event_or_content.get())?;
        Ok(event["event_id"].as_str().ok_or("an event without an id")?.to_owned())
    }

    /// Taps.
    pub async fn tap(&self, room_id: &str, on: &str, key: &str) -> Result<String> {
        let content = json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": on, "key": key } });
        Ok(self.room(room_id)?.send_raw("m.reaction", content).await?.response.event_id.to_string())
    }

    /// Answers a native poll, as Element does: 1 for its first option.
    pub async fn answer(&self, room_id: &str, on: &str, option: i64) -> Result<String> {
        let content = json!({
            "m.relates_to": { "rel_type": "m.reference", "event_id": on },
            "org.matrix.msc3381.poll.response": { "answers": [option.to_string()] },
        });
        let sent = self.room(room_id)?.send_raw("org.matrix.msc3381.poll.response", content).await?;
        Ok(sent.response.event_id.to_string())
    }

    /// The answers to a native poll that the server has: (when, by whom, 1 for the first option), the oldest first.
    pub async fn answers(&self, room_id: &str, poll: &str) -> Result<Vec<(i64, String, i64)>> {
        let options = RelationsOptions {
            limit: Some(uint!(1000)),
            include_relations: IncludeRelations::RelationsOfType(RelationType::Reference),
            ..RelationsOptions::default()
        };
        let page = self.room(room_id)?.relations(EventId::parse(poll)?, options).await?;
        let mut answers = Vec::new();
        for event in &page.chunk {
            let value: Value = serde_json::from_str(event.raw().json().get())?;
            let chosen = &value["content"]["org.matrix.msc3381.poll.response"]["answers"][0];
            let Some(option) = chosen.as_str().and_then(|option| option.parse().ok()) else { continue };
            let by = value["sender"].as_str().unwrap_or_default().to_owned();
            answers.push((value["origin_server_ts"].as_i64().unwrap_or_default(), by, option));
        }
        answers.sort();
        Ok(answers)
    }

    /// Takes an event back.
    pub async fn redact(&self, room_id: &str, event_id: &str) -> Result<String> {
        let event_id = EventId::parse(event_id)?;
        Ok(self.room(room_id)?.redact(&event_id, None, None).await?.event_id.to_string())
    }

    /// Takes in everything that the server has.
    pub async fn sync(&mut self) -> Result<()> {
        for _ in 0..SYNCS_MAX {
            if !self.sync_for(Duration::ZERO).await? {
                return Ok(());
            }
        }
        Err("the server never runs out of news".into())
    }

    /// Waits at most this long for something new and takes it in; says whether there was anything.
    pub async fn sync_for(&mut self, timeout: Duration) -> Result<bool> {
        let (mut news, _) = self.take_in(timeout).await?;
        for room in self.client.invited_rooms() {
            if self.accepts_chats || !room.is_direct().await? {
                news = true;
                room.join().await?;
            }
        }
        Ok(news)
    }

    /// Waits at most this long for something new in the rooms; gives the events that can be read, also those whose key
    /// came late.
    pub async fn events(&mut self, timeout: Duration) -> Result<Vec<(OwnedRoomId, Value)>> {
        Ok(self.take_in(timeout).await?.1)
    }

    /// One sync: whether it brought anything, and what can be read.
    async fn take_in(&mut self, timeout: Duration) -> Result<(bool, Vec<(OwnedRoomId, Value)>)> {
        let response = self.client.sync_once(SyncSettings::new().timeout(timeout).filter(filter())).await?;
        let mut news = false;
        let mut readable = Vec::new();
        for (room_id, update) in response.rooms.joined {
            for event in update.timeline.events {
                news = true;
                if event.kind.is_utd() {
                    self.waiting.push((room_id.clone(), event.into_raw().cast_unchecked()));
                } else {
                    readable.push((room_id.clone(), serde_json::from_str(event.raw().json().get())?));
                }
            }
        }
        self.try_waiting(&mut readable).await?;
        for (room_id, event) in &readable {
            if let Some((event_id, happening)) = self.happening(event).await? {
                self.views.entry(room_id.clone()).or_default().add(&event_id, happening);
            }
        }
        Ok((news, readable))
    }

    /// Makes this resident's cross-signing identity, as Element does at the first login.
    pub async fn make_identity(&self, account: &Account) -> Result<()> {
        let identifier = uiaa::UserIdentifier::Matrix(uiaa::MatrixUserIdentifier::new(account.user_id.clone()));
        let auth = uiaa::Password::new(identifier, account.password.clone());
        let encryption = self.client.encryption();
        Ok(encryption.bootstrap_cross_signing_if_needed(Some(uiaa::AuthData::Password(auth))).await?)
    }

    /// Whether a device of somebody is signed by that person's own identity, as clients ask before they show what it
    /// says without a warning.
    pub async fn trusts_own_signature(&self, user_id: &str, device_id: &str) -> Result<bool> {
        let user_id = UserId::parse(user_id)?;
        let encryption = self.client.encryption();
        encryption.request_user_identity(&user_id).await?;
        let device = encryption.get_device(&user_id, device_id.into()).await?;
        Ok(device.is_some_and(|device| device.is_cross_signed_by_owner()))
    }

    /// Whether somebody is in a room.
    pub async fn sees_in(&self, room_id: &str, user_id: &UserId) -> Result<bool> {
        let member = self.room(room_id)?.get_member(user_id).await?;
        Ok(member.is_some_and(|member| *member.membership() == MembershipState::Join))
    }

    /// Invites somebody.
    pub async fn invite(&self, room_id: &str, user_id: &UserId) -> Result<()> {
        Ok(self.room(room_id)?.invite_user_by_id(user_id).await?)
    }

    /// How many events can't be read.
    pub fn undecrypted(&self) -> usize {
        self.waiting.len()
    }

    /// Tries again to decrypt what came before its key, as clients do.
    async fn try_waiting(&mut self, readable: &mut Vec<(OwnedRoomId, Value)>) -> Result<()> {
        for (room_id, event) in std::mem::take(&mut self.waiting) {
            let Some(room) = self.client.get_room(&room_id) else { continue };
            match room.decrypt_event(&event, None).await {
                Ok(decrypted) if !decrypted.kind.is_utd() => {
                    readable.push((room_id, serde_json::from_str(decrypted.raw().json().get())?));
                }
                _ => self.waiting.push((room_id, event)),
            }
        }
        Ok(())
    }

    /// What an event means to a reader, who opens files.
    async fn happening(&self, event: &Value) -> Result<Option<(String, Happening)>> {
        let Some((id, mut happening)) = happening(event) else { return Ok(None) };
        let content = event.get("content").cloned().unwrap_or_default();
        if let (Happening::Message { text, .. }, Some("m.file")) = (&mut happening, content["msgtype"].as_str()) {
            let source = match content.get("file") {
                Some(file) => MediaSource::Encrypted(serde_json::from_value(file.clone())?),
                None => MediaSource::Plain(content["url"].as_str().unwrap_or_default().into()),
            };
            let request = MediaRequestParameters { source, format: MediaFormat::File };
            let bytes = self.client.media().get_media_content(&request, false).await?;
            *text = file_text(text, &String::from_utf8(bytes)?);
        }
        Ok(Some((id, happening)))
    }

    /// Reads a whole room from its end to its beginning, so that nothing is missed whatever was synced.
    pub async fn read_whole(&self, room_id: &str) -> Result<RoomView> {
        let mut view = RoomView::default();
        for event in self.read_events(room_id).await? {
            if let Some((event_id, happening)) = self.happening(&event).await? {
                view.add(&event_id, happening);
            }
        }
        Ok(view)
    }

    /// All events of a room, the oldest first, decrypted where that is possible.
    pub async fn read_events(&self, room_id: &str) -> Result<Vec<Value>> {
        let room = self.room(room_id)?;
        let mut events: Vec<Value> = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let mut options = MessagesOptions::backward().from(from.as_deref());
            options.limit = PAGE_EVENTS.into();
            let page = room.messages(options).await?;
            for event in &page.chunk {
                events.push(serde_json::from_str(event.raw().json().get())?);
            }
            match page.end {
                Some(end) => from = Some(end),
                None => break,
            }
        }
        events.reverse();
        Ok(events)
    }

    /// How many messages of somebody in a room can be read without a key.
    pub async fn in_clear(&self, room_id: &str, by: &str) -> Result<usize> {
        let mut options = MessagesOptions::backward();
        options.limit = PAGE_EVENTS.into();
        let page = self.room(room_id)?.messages(options).await?;
        let mut count = 0;
        for event in page.chunk.iter().filter(|event| event.encryption_info().is_none()) {
            let value: Value = serde_json::from_str(event.raw().json().get())?;
            count += usize::from(value["sender"] == by && value["type"] == "m.room.message");
        }
        Ok(count)
    }

    /// Discards the key of a room, so that the next message needs a new one.
    pub async fn discard_room_key(&self, room_id: &str) -> Result<()> {
        Ok(self.room(room_id)?.discard_room_key().await?)
    }

    /// What stands in a room, with Matrix ids as names.
    pub fn view(&self, room_id: &str) -> RoomView {
        RoomId::parse(room_id).ok().and_then(|room_id| self.views.get(&room_id).cloned()).unwrap_or_default()
    }

    /// The rooms this resident is in.
    pub fn joined_rooms(&self) -> Vec<String> {
        self.client.joined_rooms().iter().map(|room| room.room_id().to_string()).collect()
    }

    /// The private chat with somebody, if there is one.
    pub fn direct_chat_with(&self, user_id: &UserId) -> Option<String> {
        self.direct_chats_with(user_id).into_iter().next()
    }

    /// All private chats with somebody; there should be one.
    pub fn direct_chats_with(&self, user_id: &UserId) -> Vec<String> {
        let rooms = self.client.joined_rooms();
        rooms
            .iter()
            .filter(|room| room.direct_targets().iter().any(|target| target.as_str() == user_id.as_str()))
            .map(|room| room.room_id().to_string())
            .collect()
    }
}

/// As many events of a room as Synapse gives in one sync.
fn filter() -> Filter {
    let mut room = RoomFilter::default();
    room.timeline.limit = Some(uint!(100));
    let mut filter = FilterDefinition::default();
    filter.room = room;
    Filter::FilterDefinition(filter)
}

/// What an event means to a reader.
pub(crate) fn happening(event: &Value) -> Option<(String, Happening)> {
    let text = |path: &[&str]| path.iter().try_fold(event, |value, key| value.get(key))?.as_str().map(str::to_owned);
    let id = text(&["event_id"])?;
    let by = text(&["sender"])?;
    let happening = match text(&["type"])?.as_str() {
        "m.room.message" => {
            if text(&["content", "m.relates_to", "rel_type"]).as_deref() == Some("m.replace") {
                Happening::Edit {
                    of: text(&["content", "m.relates_to", "event_id"])?,
                    text: text(&["content", "m.new_content", "body"])?,
                }
            } else {
                Happening::Message { id: id.clone(), by, text: text(&["content", "body"])? }
            }
        }
        "org.matrix.msc3381.poll.start" => {
            let poll = event.get("content")?.get("org.matrix.msc3381.poll.start")?;
            let question = poll.get("question")?.get("org.matrix.msc1767.text")?.as_str()?;
            let options = poll.get("answers")?.as_array()?.iter();
            let options = options.filter_map(|answer| answer.get("org.matrix.msc1767.text")?.as_str());
            Happening::Message { id: id.clone(), by, text: poll_text(question, options) }
        }
        "org.matrix.msc3381.poll.end" => Happening::PollEnd { of: text(&["content", "m.relates_to", "event_id"])? },
        "m.reaction" => Happening::Tap {
            id: id.clone(),
            by,
            on: text(&["content", "m.relates_to", "event_id"])?,
            key: text(&["content", "m.relates_to", "key"])?,
        },
        "m.room.redaction" => {
            Happening::Redaction { of: text(&["content", "redacts"]).or_else(|| text(&["redacts"]))? }
        }
        _ => return None,
    };
    Some((id, happening))
}
