//! Sending: the homeserver's side of the sender. Every event carries its transaction id in the content too, so that
//! our own echo is the receipt.

use std::{future::IntoFuture, time::Duration};

use async_trait::async_trait;
use lamplighter_commands::{
    incoming::{Given, NativeAnswer, Sender, Wanted},
    scene::{Content, Pointer},
};
use matrix_sdk::{
    HttpError, Room, RoomState,
    room::{IncludeRelations, MessagesOptions, RelationsOptions},
    ruma::{
        EventId, OwnedUserId, RoomId, TransactionId, UserId,
        api::{
            client::{
                media::create_content,
                membership::joined_rooms,
                room::create_room::{self, v3::CreationContent},
                state::get_state_event_for_key,
            },
            error::{ErrorKind, RetryAfter},
        },
        events::{
            InitialStateEvent, StateEventType,
            relation::RelationType,
            room::{encryption::RoomEncryptionEventContent, member::MembershipState},
        },
        serde::Raw,
        uint,
    },
};
use serde_json::{Value, json};

use super::{
    MatrixGateway,
    facts::DIRECT_MARKER,
    read::{self, CARD_KEY, Event, TRANSACTION_KEY},
};
use crate::{
    clock,
    gateway::{Act, ChatState, Delivery, DeliveryError, DirectChat, Gateway, Limited},
};

/// How many of the latest events of a room are searched for a message that may have been sent long ago.
const FIND_SENT_PAGES_MAX: usize = 10;

/// What stands under a message is read over at most this many pages of a thousand: a hall of ten thousand, who change their
/// minds.
const RELATED_PAGES_MAX: usize = 50;

/// An edit says everything twice where that takes no more than this; else clients that don't know edits see how it begins.
const FALLBACK_BYTES_MAX: usize = 3_000;
/// With so many characters.
const FALLBACK_CHARS_MAX: usize = 100;

/// A message that isn't sent by then is probably waiting for the keys of a device; see `wake_sync`.
const PATIENCE: Duration = Duration::from_millis(300);
/// What is on its way may hold up the next sync for so long.
const ARRIVES_WITHIN: Duration = Duration::from_millis(50);
/// The account data that is written to wake our own sync.
const WAKE_TYPE: &str = "org.lamplighter.wake";

/// How long the homeserver wants us to wait, if it says so.
pub(super) fn wait_of(error: &matrix_sdk::Error) -> Option<Duration> {
    match classify(error) {
        DeliveryError::Limited { wait_ms, .. } => u64::try_from(wait_ms?).ok().map(Duration::from_millis),
        _ => None,
    }
}

fn classify_http(error: &HttpError) -> DeliveryError {
    let reason = error
        .client_api_error_kind()
        .map_or_else(|| "the network or the homeserver fails".to_owned(), |kind| kind.errcode().to_string());
    match error.client_api_error_kind() {
        // The header Retry-After goes before `retry_after_ms`: the SDK sees to that.
        Some(ErrorKind::LimitExceeded(data)) => {
            let wait = data.retry_after.as_ref().map(|after| match after {
                RetryAfter::Delay(delay) => *delay,
                RetryAfter::DateTime(at) => clock::until(*at),
            });
            let wait_ms = wait.and_then(|wait| i64::try_from(wait.as_millis()).ok());
            DeliveryError::Limited { wait_ms, what: Limited::Sending }
        }
        // A proxy in front of the homeserver limits in its own words.
        _ if error.as_client_api_error().is_some_and(|error| error.status_code.as_u16() == 429) => {
            DeliveryError::Limited { wait_ms: None, what: Limited::Sending }
        }
        Some(_) => {
            let status = error.as_client_api_error().map(|error| error.status_code.as_u16());
            if status.is_some_and(|status| status >= 500) {
                DeliveryError::Later { after_ms: None, everything: false, reason }
            } else if matches!(error.client_api_error_kind(), Some(ErrorKind::UnknownToken(_))) {
                // The intake stops the bot and says why; nothing is lost meanwhile.
                DeliveryError::Later { after_ms: None, everything: true, reason }
            } else {
                DeliveryError::Never { reason }
            }
        }
        None => DeliveryError::Later { after_ms: None, everything: false, reason },
    }
}

fn classify(error: &matrix_sdk::Error) -> DeliveryError {
    match error {
        matrix_sdk::Error::Http(error) => classify_http(error),
        error => DeliveryError::Later { after_ms: None, everything: false, reason: error.to_string() },
    }
}

fn never(reason: &str) -> DeliveryError {
    DeliveryError::Never { reason: reason.to_owned() }
}

/// `m.mentions`: there always, also with nobody in it. Without it clients and servers look for names in the text, and
/// whatever a resident wrote could ring somebody.
fn mentioned(user_ids: &[String], room: bool) -> Value {
    let mut mentions = json!({});
    if !user_ids.is_empty() {
        mentions["user_ids"] = json!(user_ids);
    }
    if room {
        mentions["room"] = json!(true);
    }
    mentions
}

/// A text with the link that it ends with.
fn pointing(text: &str, pointer: Option<&Pointer>, room_id: &str, html: bool) -> String {
    let Some(pointer) = pointer else { return text.to_owned() };
    let label = &pointer.label;
    let link = pointer
        .to
        .as_ref()
        .map(|event_id| format!("https://matrix.to/#/{}/{}", percent_encoded(room_id), percent_encoded(event_id)));
    match (link, html) {
        (Some(link), true) => format!("{text}<br><a href=\"{link}\">{label}</a>"),
        (Some(link), false) => format!("{text}\n{label}: {link}"),
        (None, _) => text.to_owned(),
    }
}

/// An id as it may stand in a link: ids are opaque, and a server chooses them.
fn percent_encoded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!$:.-_~".contains(&byte);
    id.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The content of the event that a delivery sends, and its type. A reaction taken back has none.
pub fn event_content(delivery: &Delivery) -> Option<(&'static str, Value)> {
    let (kind, mut content) = plain_content(delivery)?;
    if let (Act::Post, Some(number)) = (&delivery.act, delivery.card_number) {
        content[CARD_KEY] = json!(number);
    }
    Some((kind, content))
}

fn plain_content(delivery: &Delivery) -> Option<(&'static str, Value)> {
    let (transaction_id, room_id) = (&delivery.transaction_id, &delivery.room_id);
    match (&delivery.content, &delivery.act) {
        (Content::Message { plain, html, notify, mentions, rings_room, reply_to, thread, pointer, .. }, act) => {
            let (plain, html) =
                (&pointing(plain, pointer.as_ref(), room_id, false), &pointing(html, pointer.as_ref(), room_id, true));
            let kind = if *notify { "m.text" } else { "m.notice" };
            let mentions = mentioned(mentions, *rings_room);
            let mut content = json!({
                "msgtype": kind,
                "body": plain,
                "format": "org.matrix.custom.html",
                "formatted_body": html,
                "m.mentions": mentions,
            });
            if let Act::Edit { of } = act {
                // What clients show that don't know edits: all of it if it is short, else how it begins.
                let mut edit = json!({ "msgtype": kind });
                // Only whom this version mentions and none before did; no edit of ours mentions anybody new.
                edit["m.mentions"] = mentioned(&[], false);
                if plain.len() + html.len() <= FALLBACK_BYTES_MAX {
                    edit["body"] = json!(format!("* {plain}"));
                    edit["format"] = content["format"].clone();
                    edit["formatted_body"] = json!(format!("* {html}"));
                } else {
                    let first: String =
                        plain.lines().next().unwrap_or_default().chars().take(FALLBACK_CHARS_MAX).collect();
                    edit["body"] = json!(format!("* {first} …"));
                }
                edit["m.new_content"] = content;
                edit["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": of });
                edit[TRANSACTION_KEY] = json!(transaction_id);
                return Some(("m.room.message", edit));
            }
            match (thread, reply_to) {
                (Some(thread), reply_to) => {
                    content["m.relates_to"] = json!({
                        "rel_type": "m.thread",
                        "event_id": thread,
                        "is_falling_back": true,
                        "m.in_reply_to": { "event_id": reply_to.as_ref().unwrap_or(thread) },
                    });
                }
                (None, Some(reply_to)) => {
                    content["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": reply_to } });
                }
                (None, None) => {}
            }
            content[TRANSACTION_KEY] = json!(transaction_id);
            Some(("m.room.message", content))
        }
        // The unstable types: the only ones that every client shows (ARCHITECTURE.md, Matrix as it is).
        (Content::Poll { question, options, plain }, Act::Post) => {
            let answers: Vec<Value> = (1..)
                .zip(options)
                .map(|(id, option)| json!({ "id": format!("{id}"), "org.matrix.msc1767.text": option }))
                .collect();
            Some((
                "org.matrix.msc3381.poll.start",
                json!({
                    "m.mentions": mentioned(&[], false),
                    "org.matrix.msc1767.text": plain,
                    "org.matrix.msc3381.poll.start": {
                        "question": { "org.matrix.msc1767.text": question, "body": question, "msgtype": "m.text" },
                        "kind": "org.matrix.msc3381.poll.disclosed",
                        "max_selections": 1,
                        "answers": answers,
                    },
                    TRANSACTION_KEY: transaction_id,
                }),
            ))
        }
        (Content::ClosePoll { plain }, Act::Edit { of }) => Some((
            "org.matrix.msc3381.poll.end",
            json!({
                "m.mentions": mentioned(&[], false),
                "m.relates_to": { "rel_type": "m.reference", "event_id": of },
                "org.matrix.msc3381.poll.end": {},
                "org.matrix.msc1767.text": plain,
                "body": plain,
                TRANSACTION_KEY: transaction_id,
            }),
        )),
        (Content::Tap { key }, Act::Tap { on }) => Some((
            "m.reaction",
            json!({
                "m.relates_to": { "rel_type": "m.annotation", "event_id": on, "key": key },
                TRANSACTION_KEY: transaction_id,
            }),
        )),
        _ => None,
    }
}

async fn membership(room: &Room, user_id: &UserId) -> Result<Option<MembershipState>, DeliveryError> {
    let member = room.get_member(user_id).await.map_err(|error| classify(&error))?;
    Ok(member.map(|member| member.membership().clone()))
}

/// Asks anew who is in a room. The SDK asks once, and that may have been before the invitation was there: what is sent
/// next would then not be encrypted for the invited person.
async fn refresh_members(room: &Room) -> Result<(), DeliveryError> {
    room.mark_members_missing();
    room.sync_members().await.map_err(|error| classify(&error))
}

/// Finishes a private chat of ours to which its person was never invited: the homeserver died while it made the room, whose
/// first event came through with our marker, or it refused the invitation only when the room was there.
async fn finish_chat(room: &Room, user_id: &UserId) -> Result<ChatState, DeliveryError> {
    let encryption = room.latest_encryption_state().await.map_err(|error| classify(&error))?;
    if !encryption.is_encrypted() {
        room.enable_encryption().await.map_err(|error| classify(&error))?;
    }
    // Not the plain invitation: only this one says that the room is a private chat.
    let invitation = json!({ "membership": "invite", "is_direct": true });
    match room.send_state_event_raw("m.room.member", user_id.as_str(), invitation).await {
        Ok(_) => {
            refresh_members(room).await?;
            tracing::info!("a private chat that was only half made is finished");
            Ok(ChatState::Invited)
        }
        Err(error) => not_invited(&error),
    }
}

/// What it means that somebody couldn't be invited.
fn not_invited(error: &matrix_sdk::Error) -> Result<ChatState, DeliveryError> {
    match classify(error) {
        // Nobody's invitations are wanted, or there is no such person.
        DeliveryError::Never { .. } => Ok(ChatState::Refused),
        // Rooms and invitations are limited by themselves; what goes elsewhere needn't wait.
        DeliveryError::Limited { wait_ms, .. } => Err(DeliveryError::Limited { wait_ms, what: Limited::NewChats }),
        later => Err(later),
    }
}

/// Goes through what stands under a message, page by page, until something is found.
async fn walk_related<T>(
    room: &Room,
    on: &EventId,
    relation: RelationType,
    mut find: impl FnMut(&Value) -> Option<T>,
) -> Result<Option<T>, DeliveryError> {
    let mut from = None;
    for _ in 0..RELATED_PAGES_MAX {
        // The type can't be asked for: in an encrypted room it is inside.
        let options = RelationsOptions {
            from,
            limit: Some(uint!(1000)),
            include_relations: IncludeRelations::RelationsOfType(relation.clone()),
            ..RelationsOptions::default()
        };
        let page = room.relations(on.to_owned(), options).await.map_err(|error| classify(&error))?;
        for event in &page.chunk {
            let Ok(event) = serde_json::from_str::<Value>(event.raw().json().get()) else { continue };
            if let Some(found) = find(&event) {
                return Ok(Some(found));
            }
        }
        match page.next_batch_token {
            Some(next) => from = Some(next),
            None => break,
        }
    }
    Ok(None)
}

#[async_trait]
impl Gateway for MatrixGateway {
    async fn open_chat(&self, user_id: &str, known_room_id: Option<&str>) -> Result<DirectChat, DeliveryError> {
        let user_id = UserId::parse(user_id).map_err(|_| never("that is no Matrix id"))?;
        let known = known_room_id
            .and_then(|room_id| RoomId::parse(room_id).ok())
            .and_then(|room_id| self.client.get_room(&room_id))
            .filter(|room| room.state() == RoomState::Joined);
        let room = match known {
            Some(room) => Some(room),
            None => self.find_chat(&user_id).await?,
        };
        let Some(room) = room else { return self.make_chat(user_id).await };
        let mut membership = membership(&room, &user_id).await?;
        if membership.is_none() {
            // We may have looked while the room was still being made; a message now would be encrypted for nobody.
            refresh_members(&room).await?;
            membership = self::membership(&room, &user_id).await?;
        }
        let state = match membership {
            Some(MembershipState::Join) => ChatState::Open,
            Some(MembershipState::Leave | MembershipState::Ban) => ChatState::Refused,
            Some(_) => ChatState::Invited,
            None => finish_chat(&room, &user_id).await?,
        };
        Ok(DirectChat { room_id: room.room_id().to_string(), state })
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<String, DeliveryError> {
        let _delivering = self.delivering.lock().await;
        if delivery.content == Content::Leave {
            return self.leave(&delivery.room_id, &delivery.transaction_id).await;
        }
        let room = self.joined(&delivery.room_id)?;
        let transaction_id = <&TransactionId>::from(delivery.transaction_id.as_str());
        if let Act::Untap { of } = &delivery.act {
            let of = EventId::parse(of).map_err(|_| never("that is no event id"))?;
            return match room.redact(&of, None, Some(transaction_id.to_owned())).await {
                Ok(response) => Ok(response.event_id.to_string()),
                Err(error) => Err(classify_http(&error)),
            };
        }
        let (kind, content) = match &delivery.content {
            Content::File { name, mime, text } => {
                ("m.room.message", self.upload(&room, name, mime, text, &delivery.transaction_id).await?)
            }
            _ => event_content(delivery).ok_or_else(|| never("there is nothing to send"))?,
        };
        let sending = room.send_raw(kind, content).with_transaction_id(transaction_id).into_future();
        tokio::pin!(sending);
        let sent = match tokio::time::timeout(PATIENCE, &mut sending).await {
            Ok(sent) => sent,
            Err(_) => {
                self.wake_sync().await;
                sending.await
            }
        };
        match sent {
            Ok(result) => Ok(result.response.event_id.to_string()),
            // It stands there already, from before the database was lost: that one is ours.
            Err(error) if matches!(error.client_api_error_kind(), Some(ErrorKind::DuplicateAnnotation)) => {
                self.own_tap(&room, delivery).await
            }
            Err(error) => Err(classify(&error)),
        }
    }

    async fn find_sent(&self, room_id: &str, transaction_id: &str) -> Result<Option<String>, DeliveryError> {
        let room = self.joined(room_id)?;
        let own = self.client.user_id().map(ToString::to_string).unwrap_or_default();
        let mut from: Option<String> = None;
        for _ in 0..FIND_SENT_PAGES_MAX {
            let mut options = MessagesOptions::backward().from(from.as_deref());
            options.limit = uint!(100);
            let page = room.messages(options).await.map_err(|error| classify(&error))?;
            for event in &page.chunk {
                let Ok(value) = serde_json::from_str::<Value>(event.raw().json().get()) else { continue };
                if let Event::Echo { transaction_id: found } = read::read(&value, &own)
                    && found == transaction_id
                {
                    return Ok(event.event_id().map(|event_id| event_id.to_string()));
                }
            }
            match page.end {
                Some(end) => from = Some(end),
                None => break,
            }
        }
        Ok(None)
    }

    async fn standing(&self, room_id: &str, user_id: &str) -> Result<Option<Sender>, DeliveryError> {
        // A room that we aren't in ourselves is one in which nobody can be looked up.
        let Ok(room) = self.joined(room_id) else { return Ok(None) };
        let user_id = UserId::parse(user_id).map_err(|_| never("that is no Matrix id"))?;
        match membership(&room, &user_id).await? {
            Some(MembershipState::Join) => Ok(Some(self.facts.of(&room, &user_id).await.0)),
            _ => Ok(None),
        }
    }

    async fn answers(
        &self,
        room_id: &str,
        event_id: &str,
        wanted: Wanted,
    ) -> Result<Option<Vec<NativeAnswer>>, DeliveryError> {
        let room = self.joined(room_id)?;
        let relation = match wanted {
            Wanted::Answers => RelationType::Reference,
            Wanted::Taps => RelationType::Annotation,
        };
        let message = EventId::parse(event_id).map_err(|_| never("that is no event id"))?;
        let own = self.client.user_id().map(ToString::to_string).unwrap_or_default();
        let mut answers = Vec::new();
        walk_related(&room, &message, relation, |event| {
            let (on, given) = match read::read(event, &own) {
                Event::PollAnswer { on, answers } => (on, Given::Choices(read::choices(&answers))),
                Event::Tap { on, key } => (on, Given::Key(key)),
                _ => return None::<()>,
            };
            let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let user_id = UserId::parse(text("sender")).ok().filter(|_| on == event_id)?;
            answers.push(NativeAnswer {
                event_id: text("event_id"),
                // A poll may have thousands of answers, and shows none of their names.
                display_name: user_id.localpart().to_owned(),
                user_id: user_id.to_string(),
                sent_at_ms: event.get("origin_server_ts").and_then(Value::as_i64).unwrap_or_default(),
                given,
            });
            None
        })
        .await?;
        for answer in answers.iter_mut().filter(|answer| matches!(answer.given, Given::Key(_))) {
            if let Ok(user_id) = UserId::parse(&answer.user_id) {
                answer.display_name = self.facts.name(&room, &user_id).await;
            }
        }
        Ok(Some(answers))
    }
}

impl MatrixGateway {
    /// Waits until the message that is on its way is there, for a moment at most: a homeserver that is asked for news at the same
    /// time takes longer to take it.
    pub(super) async fn let_it_arrive(&self) {
        let _ = tokio::time::timeout(ARRIVES_WITHIN, self.delivering.lock()).await;
    }

    /// Our reaction with the same key under the same message.
    async fn own_tap(&self, room: &Room, delivery: &Delivery) -> Result<String, DeliveryError> {
        let (Act::Tap { on }, Content::Tap { key }) = (&delivery.act, &delivery.content) else {
            return Err(never("only a tap stands there once"));
        };
        let on = EventId::parse(on).map_err(|_| never("that is no event id"))?;
        let own = self.client.user_id().map(UserId::as_str);
        let found = walk_related(room, &on, RelationType::Annotation, |event| {
            let is_it = event.get("sender").and_then(Value::as_str) == own
                && event.pointer("/content/m.relates_to/key").and_then(Value::as_str) == Some(key);
            event.get("event_id").and_then(Value::as_str).filter(|_| is_it).map(str::to_owned)
        });
        found.await?.ok_or_else(|| never("the reaction stands there, but can't be found"))
    }

    /// Makes a sync that waits come back: the SDK asks for the keys of devices only between two syncs, and a message
    /// that needs them would wait for five seconds in vain. Writing account data of our own is the one thing that wakes
    /// our sync and nobody else's.
    async fn wake_sync(&self) {
        let content = json!({ "transaction": TransactionId::new() });
        let Ok(content) = Raw::new(&content) else { return };
        let written = self.client.account().set_account_data_raw(WAKE_TYPE.into(), content.cast_unchecked()).await;
        if let Err(error) = written {
            tracing::debug!(%error, "the sync could not be woken");
        }
    }

    /// Brings a file to the server's media, in an encrypted room encrypted, and gives the event that shows it. Whatever
    /// happens then, only the event counts: a file that is brought there twice is seen once.
    async fn upload(
        &self,
        room: &Room,
        name: &str,
        mime: &str,
        text: &str,
        transaction_id: &str,
    ) -> Result<Value, DeliveryError> {
        let mut content = json!({
            "msgtype": "m.file",
            "body": name,
            "filename": name,
            "info": { "mimetype": mime, "size": text.len() },
            "m.mentions": {},
            TRANSACTION_KEY: transaction_id,
        });
        let encrypted = room.latest_encryption_state().await.map_err(|error| classify(&error))?.is_encrypted();
        if encrypted {
            let mut bytes = text.as_bytes();
            let file = self.client.upload_encrypted_file(&mut bytes).await.map_err(|error| classify(&error))?;
            content["file"] = serde_json::to_value(file).map_err(|_| never("the file can't be described"))?;
        } else {
            let mut request = create_content::v3::Request::new(text.as_bytes().to_vec());
            request.content_type = Some(mime.to_owned());
            request.filename = Some(name.to_owned());
            let uploaded = self.client.send(request).await.map_err(|error| classify_http(&error))?;
            content["url"] = json!(uploaded.content_uri);
        }
        Ok(content)
    }

    /// Leaves a private chat for good. It has no event that the sender could wait for; its transaction id stands for it.
    async fn leave(&self, room_id: &str, transaction_id: &str) -> Result<String, DeliveryError> {
        let left = format!("left {transaction_id}");
        let Some(room) = RoomId::parse(room_id).ok().and_then(|room_id| self.client.get_room(&room_id)) else {
            return Ok(left);
        };
        self.facts.forget_direct(room.room_id());
        if room.state() == RoomState::Joined {
            room.leave().await.map_err(|error| classify(&error))?;
        }
        // The SDK's store forgets it too. What is left of it there is no reason to stay.
        if let Err(error) = room.forget().await {
            tracing::debug!(%error, "a private chat was left and couldn't be forgotten");
        }
        Ok(left)
    }

    /// The private chat with somebody, if there is one; an error if there is one that the SDK doesn't know yet.
    async fn find_chat(&self, user_id: &UserId) -> Result<Option<Room>, DeliveryError> {
        if let Some(room) = self.facts.find_direct(user_id).await {
            return Ok(Some(room));
        }
        if self.has_unseen_chat(user_id).await? {
            let reason = "the private chat was made, but no sync has shown it yet".to_owned();
            return Err(DeliveryError::Later { after_ms: None, everything: false, reason });
        }
        // A sync may have shown it between our looking and the homeserver's answer.
        Ok(self.facts.find_direct(user_id).await)
    }

    /// Whether the homeserver has a private chat of ours that the SDK doesn't know: the answer to createRoom was lost, and no
    /// sync has come since.
    async fn has_unseen_chat(&self, user_id: &UserId) -> Result<bool, DeliveryError> {
        let joined = self.client.send(joined_rooms::v3::Request::new()).await.map_err(|error| classify_http(&error))?;
        for room_id in joined.joined_rooms {
            if self.facts.is_taken_in(&room_id).await {
                continue;
            }
            let request = get_state_event_for_key::v3::Request::new(room_id, StateEventType::RoomCreate, String::new());
            let created = match self.client.send(request).await.map_err(|error| classify_http(&error)) {
                Ok(created) => created,
                // We have left it meanwhile.
                Err(DeliveryError::Never { .. }) => continue,
                Err(later) => return Err(later),
            };
            let marked = serde_json::from_str::<Value>(created.event_or_content.get())
                .is_ok_and(|content| content.get(DIRECT_MARKER).and_then(Value::as_str) == Some(user_id.as_str()));
            if marked {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn joined(&self, room_id: &str) -> Result<Room, DeliveryError> {
        RoomId::parse(room_id)
            .ok()
            .and_then(|room_id| self.client.get_room(&room_id))
            .filter(|room| room.state() == RoomState::Joined)
            .ok_or_else(|| never("the bot is not in that room"))
    }

    /// Makes an encrypted private chat that carries our marker: createRoom has no transaction id, so after a death
    /// the marker tells that it was made.
    async fn make_chat(&self, user_id: OwnedUserId) -> Result<DirectChat, DeliveryError> {
        let encryption =
            InitialStateEvent::with_empty_state_key(RoomEncryptionEventContent::with_recommended_defaults());
        let marker = json!({ DIRECT_MARKER: user_id });
        let marker: Raw<CreationContent> =
            Raw::new(&marker).map_err(|error| never(&error.to_string()))?.cast_unchecked();
        let mut request = create_room::v3::Request::new();
        request.invite = vec![user_id.clone()];
        request.is_direct = true;
        request.preset = Some(create_room::v3::RoomPreset::TrustedPrivateChat);
        request.initial_state = vec![encryption.to_raw_any()];
        request.creation_content = Some(marker);
        match self.client.create_room(request).await {
            Ok(room) => {
                self.facts.remember_direct(room.room_id(), &user_id);
                refresh_members(&room).await?;
                Ok(DirectChat { room_id: room.room_id().to_string(), state: ChatState::Invited })
            }
            Err(error) => Ok(DirectChat { room_id: String::new(), state: not_invited(&error)? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use lamplighter_commands::card::{BYTES_MAX, Card, Span, Style};
    use proptest::prelude::*;

    use super::*;

    /// What a card's event may take, encrypted.
    const EVENT_BYTES_MAX: usize = 15_000;

    fn message(card: &Card) -> Content {
        Content::Message {
            plain: card.plain(),
            html: card.html(),
            notify: false,
            mentions: Vec::new(),
            rings_room: false,
            reply_to: Some(format!("${}", "r".repeat(43))),
            thread: Some(format!("${}", "t".repeat(43))),
            open: false,
            late: None,
            pointer: None,
        }
    }

    fn delivery(act: Act, content: Content) -> Delivery {
        Delivery {
            card_number: None,
            transaction_id: format!("ll-{}", "0".repeat(32)),
            room_id: format!("!{}:example.org", "r".repeat(43)),
            to: None,
            act,
            content,
        }
    }

    /// The bytes of the event's content once it is encrypted: the ciphertext in base64, and what stands around it.
    fn encrypted_bytes(kind: &str, content: &Value, room_id: &str) -> usize {
        const AROUND: usize = 700;
        let plain = json!({ "type": kind, "content": content, "room_id": room_id }).to_string().len();
        (plain + 16 + 100).div_ceil(3) * 4 + AROUND
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_card_and_its_edit_stay_below_the_limit_encrypted(
            lines in prop::collection::vec(
                prop::collection::vec(prop_oneof!["[\"<&]{0,700}", "\\PC{0,300}", "[👨王]{0,300}"], 1..12),
                1..30,
            ),
        ) {
            let line = |texts: &Vec<String>| texts.iter().map(|text| (Style::Normal, Span::Theirs(text.clone()))).collect();
            let card = Card { lines: lines.iter().map(line).collect(), ..Card::default() }.fitted();
            for act in [Act::Post, Act::Edit { of: format!("${}", "e".repeat(43)) }] {
                let delivery = delivery(act, message(&card));
                let (kind, content) = event_content(&delivery).expect("content");
                let bytes = encrypted_bytes(kind, &content, &delivery.room_id);
                prop_assert!(bytes <= EVENT_BYTES_MAX, "{bytes} bytes for a card of {}", card.bytes());
            }
        }
    }

    #[test]
    fn a_long_edit_says_everything_once_and_a_short_one_twice() {
        let line = |text: String| vec![(Style::Normal, Span::Theirs(text))];
        let short = Card { lines: vec![line("短".into())], ..Card::default() };
        let long = Card { lines: vec![line("头".into()), line("长".repeat(1_000))], ..Card::default() };
        assert!(long.bytes() < BYTES_MAX);
        let edit =
            |card: &Card| event_content(&delivery(Act::Edit { of: "$card".into() }, message(card))).expect("content").1;
        assert_eq!(edit(&short)["body"], "* 短");
        assert_eq!(edit(&short)["formatted_body"], "* 短");
        assert_eq!(edit(&long)["body"], "* 头 …");
        assert_eq!(edit(&long).get("formatted_body"), None);
        assert_eq!(edit(&long)["m.new_content"]["body"], json!(long.plain()));
    }

    #[test]
    fn the_old_card_links_to_the_new_one() {
        let mut content =
            message(&Card { lines: vec![vec![(Style::Normal, Span::Ours("在下面".into()))]], ..Card::default() });
        if let Content::Message { pointer, .. } = &mut content {
            *pointer = Some(Pointer { label: "去看".into(), to: Some("$new/\"<".into()) });
        }
        let mut delivery = delivery(Act::Edit { of: "$old".into() }, content);
        delivery.room_id = "!room:example.org".into();
        let (_, content) = event_content(&delivery).expect("content");
        let link = "https://matrix.to/#/!room:example.org/$new%2F%22%3C";
        assert_eq!(content["m.new_content"]["body"], format!("在下面\n去看: {link}"));
        assert_eq!(content["m.new_content"]["formatted_body"], format!("在下面<br><a href=\"{link}\">去看</a>"));
    }
}
