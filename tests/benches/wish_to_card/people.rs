//! Who takes part: residents, onlookers and the bare loop, with plain clients or with ones that encrypt.

use std::{path::Path, time::Instant};

use lamplighter_tests::{
    homeserver::{Homeserver, Person},
    resident::{Extras, Resident},
};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

use crate::{Failure, PATIENCE, PREFIX, SYNC_TIMEOUT};

/// How long a `/sync` of a plain client waits on the server for something to happen.
const SYNC_TIMEOUT_MS: u64 = 30_000;
/// Timelines only: no state, no presence, no receipts.
const FILTER: &str = r#"{
    "presence": {"types": []}, "account_data": {"types": []},
    "room": {"timeline": {"limit": 100}, "state": {"types": []}, "ephemeral": {"types": []}, "account_data": {"types": []}}
}"#;

pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The events of a room in an answer to `/sync`.
fn timeline<'a>(answer: &'a Value, room: &str) -> impl Iterator<Item = &'a Value> {
    let room = answer.get("rooms").and_then(|rooms| rooms.get("join")).and_then(|join| join.get(room));
    room.and_then(|room| room.pointer("/timeline/events")).and_then(Value::as_array).into_iter().flatten()
}

/// Where a person's `/sync` stands.
pub async fn position(person: &Person) -> Result<String, Failure> {
    Ok(text(&person.sync(None, 0, Some(FILTER)).await?, "/next_batch").to_owned())
}

/// A client of somebody.
pub enum Asker {
    /// One that doesn't encrypt.
    Plain(Person),
    /// One that does, and whose it is.
    Encrypting(Box<Resident>, String),
}

impl Asker {
    /// A new account and a device of it.
    pub async fn log_in(homeserver: &Homeserver, name: &str, encrypts: bool) -> Result<Self, Failure> {
        if !encrypts {
            return Ok(Self::Plain(homeserver.person(name, None).await?));
        }
        let account = homeserver.register(name, "a door that is never locked").await?;
        let resident = Resident::log_in(homeserver.url(), &account, name).await?;
        Ok(Self::Encrypting(Box::new(resident), account.user_id))
    }

    /// Whose it is.
    pub fn user_id(&self) -> &str {
        match self {
            Self::Plain(person) => person.user_id(),
            Self::Encrypting(_, user_id) => user_id,
        }
    }

    /// Follows an invitation.
    pub async fn join(&mut self, room: &str) -> Result<(), Failure> {
        match self {
            Self::Plain(person) => Ok(person.join(room).await?),
            // It follows whatever it finds.
            Self::Encrypting(resident, _) => resident.sync().await,
        }
    }

    /// Takes in what the server has.
    pub async fn catch_up(&mut self) -> Result<(), Failure> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Encrypting(resident, _) => resident.sync().await,
        }
    }

    /// Says something.
    pub async fn say(&self, room: &str, words: &str, tag: &str) -> Result<(), Failure> {
        match self {
            Self::Plain(person) => person.send_text(room, words, tag).await?,
            Self::Encrypting(resident, _) => resident.say(room, words, &Extras::default()).await?,
        };
        Ok(())
    }
}

/// The least possible bot: `/sync`, and one PUT for each wish.
pub enum BareLoop {
    /// In a plain room.
    Plain(Person),
    /// In an encrypted one; its keys outlive the process, as those of any bot must.
    Encrypting(Box<Resident>, String),
}

impl BareLoop {
    /// An account and a device for it; the folder is for its keys.
    pub async fn log_in(homeserver: &Homeserver, encrypts: bool, folder: &Path) -> Result<Self, Failure> {
        if !encrypts {
            return Ok(Self::Plain(homeserver.person("bare", None).await?));
        }
        let account = homeserver.register("bare", "a loop that does nothing else").await?;
        let resident = Resident::log_in_keeping(folder, homeserver.url(), &account, "bare").await?;
        Ok(Self::Encrypting(Box::new(resident), account.user_id))
    }

    /// Its Matrix id.
    pub fn user_id(&self) -> &str {
        match self {
            Self::Plain(person) => person.user_id(),
            Self::Encrypting(_, user_id) => user_id,
        }
    }

    /// Joins the room and answers there from now on.
    pub async fn start(self, room: &str) -> Result<JoinHandle<Result<(), Failure>>, Failure> {
        let room = room.to_owned();
        Ok(match self {
            Self::Plain(person) => {
                person.join(&room).await?;
                let since = position(&person).await?;
                tokio::spawn(answer_barely(person, room, since))
            }
            Self::Encrypting(mut resident, _) => {
                resident.sync().await?;
                tokio::spawn(answer_barely_encrypting(resident, room))
            }
        })
    }
}

/// The card of a wish, if an event is one.
fn bare_card(event: &Value) -> Option<Value> {
    let wish = text(event, "/content/body").strip_prefix(PREFIX)?;
    Some(json!({
        "msgtype": "m.notice",
        "body": format!("✨ 心愿：{wish}\n想请邻居搭把手\n愿意帮忙：点 ✋ 我来"),
        "format": "org.matrix.custom.html",
        "formatted_body": format!("<p>✨ <strong>心愿：{wish}</strong><br>想请邻居搭把手</p><p>愿意帮忙：点 ✋ 我来</p>"),
        "m.mentions": {},
        "m.relates_to": { "m.in_reply_to": { "event_id": text(event, "/event_id") } },
    }))
}

async fn answer_barely(me: Person, room: String, mut since: String) -> Result<(), Failure> {
    loop {
        let answer = me.sync(Some(&since), SYNC_TIMEOUT_MS, Some(FILTER)).await?;
        for event in timeline(&answer, &room) {
            let Some(card) = bare_card(event) else { continue };
            let txn = format!("card-{}", text(event, "/event_id"));
            me.send_event(&room, "m.room.message", &card, &txn).await?;
        }
        since = text(&answer, "/next_batch").to_owned();
    }
}

async fn answer_barely_encrypting(mut me: Box<Resident>, room: String) -> Result<(), Failure> {
    loop {
        for (_, event) in me.events(SYNC_TIMEOUT).await? {
            if let Some(card) = bare_card(&event) {
                me.send(&room, "m.room.message", card).await?;
            }
        }
    }
}

/// An event and when the `/sync` that brought it was in hand and could be read.
pub struct Seen {
    /// Decrypted.
    pub event: Value,
    /// When.
    pub at: Instant,
}

/// Another client in a room: it is always in a `/sync`, and hands on what comes.
pub struct Observer {
    seen: mpsc::UnboundedReceiver<Seen>,
    task: JoinHandle<()>,
}

impl Observer {
    /// From now on.
    pub async fn start(mut who: Asker, room: &str) -> Result<Self, Failure> {
        let (tell, seen) = mpsc::unbounded_channel();
        who.catch_up().await?;
        let room = room.to_owned();
        // An answer that fails ends it, and with it the channel: whoever waits is told.
        let task = match who {
            Asker::Plain(person) => {
                let since = position(&person).await?;
                tokio::spawn(look_on(person, room, since, tell))
            }
            Asker::Encrypting(resident, _) => tokio::spawn(look_on_encrypting(resident, tell)),
        };
        Ok(Self { seen, task })
    }

    /// Waits for an event of somebody.
    pub async fn wait_for(&mut self, sender: &str, is_it: impl Fn(&Value) -> bool) -> Result<Seen, Failure> {
        let wait = async {
            while let Some(seen) = self.seen.recv().await {
                if text(&seen.event, "/sender") == sender && is_it(&seen.event) {
                    return Ok(seen);
                }
            }
            Err(Failure::from("the observer's /sync failed"))
        };
        timeout(PATIENCE, wait).await.map_err(|_| Failure::from(format!("{sender} doesn't answer")))?
    }

    /// Looks away.
    pub fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn look_on(person: Person, room: String, mut since: String, tell: mpsc::UnboundedSender<Seen>) {
    while let Ok(answer) = person.sync(Some(&since), SYNC_TIMEOUT_MS, Some(FILTER)).await {
        let at = Instant::now();
        for event in timeline(&answer, &room) {
            if tell.send(Seen { event: event.clone(), at }).is_err() {
                return;
            }
        }
        since = text(&answer, "/next_batch").to_owned();
    }
}

async fn look_on_encrypting(mut resident: Box<Resident>, tell: mpsc::UnboundedSender<Seen>) {
    while let Ok(events) = resident.events(SYNC_TIMEOUT).await {
        let at = Instant::now();
        for (_, event) in events {
            if tell.send(Seen { event, at }).is_err() {
                return;
            }
        }
    }
}

/// Whether it is a message.
pub fn is_message(event: &Value) -> bool {
    text(event, "/type") == "m.room.message"
}
