//! A proxy between the bot and the homeserver that fails in every way in which networks and servers fail: every so many
//! requests of each class meet the fault that is set, and what was met is counted. And it can answer a sync twice.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    Result,
    wire::{self, Answer, Handler, Reply, Request},
};

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `/sync`.
    Sync,
    /// `/messages`: gaps.
    Messages,
    /// `/relations`: the answers to a poll.
    Relations,
    /// Sending an event.
    Send,
    /// Taking one back.
    Redact,
    /// Making, joining and leaving rooms, and inviting.
    Rooms,
    /// Device keys, signatures and their backup.
    Keys,
    /// Account data, filters among it.
    AccountData,
    /// `whoami` and login.
    Login,
    /// Room keys on their way to devices.
    ToDevice,
    /// Members and profiles.
    People,
    /// Anything else.
    Other,
}

impl Class {
    /// Every class that a fault is tried on.
    pub const ALL: [Self; 11] = [
        Self::Sync,
        Self::Messages,
        Self::Relations,
        Self::Send,
        Self::Redact,
        Self::Rooms,
        Self::Keys,
        Self::AccountData,
        Self::Login,
        Self::ToDevice,
        Self::People,
    ];

    /// What a request is for.
    pub fn of(request: &Request) -> Self {
        let path = request.target.split('?').next().unwrap_or_default();
        let path = path.split_once("/_matrix/client/").map_or(path, |(_, path)| path);
        let has = |part: &str| path.split('/').any(|piece| piece == part);
        if has("account_data") || has("filter") {
            Self::AccountData
        } else if has("sync") {
            Self::Sync
        } else if has("sendToDevice") {
            Self::ToDevice
        } else if has("keys") || has("room_keys") {
            Self::Keys
        } else if has("messages") {
            Self::Messages
        } else if has("relations") {
            Self::Relations
        } else if has("send") {
            Self::Send
        } else if has("redact") {
            Self::Redact
        } else if has("members") || has("joined_members") || has("profile") {
            Self::People
        } else if has("createRoom") || has("join") || has("leave") || has("invite") {
            Self::Rooms
        } else if has("whoami") || has("login") {
            Self::Login
        } else {
            Self::Other
        }
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes late.
    Delay,
    /// 429 with `Retry-After` and `retry_after_ms`.
    Limited,
    /// 500 before anything was done.
    Internal,
    /// 502 after it was done: the proxy in front of the homeserver lost the answer.
    BadGateway,
    /// The connection ends before the homeserver has seen the request.
    DroppedBefore,
    /// The connection ends after the homeserver did what was asked.
    DroppedAfter,
    /// The connection ends in the middle of the answer.
    Cut,
    /// The answer is no JSON, though the homeserver did what was asked.
    BrokenJson,
}

impl Fault {
    /// Every fault, and what an operator would call it.
    pub const ALL: [(Self, &str); 8] = [
        (Self::Delay, "answers come late"),
        (Self::Limited, "429 with Retry-After"),
        (Self::Internal, "500 before the work was done"),
        (Self::BadGateway, "502 after the work was done"),
        (Self::DroppedBefore, "connection dropped before the work was done"),
        (Self::DroppedAfter, "connection dropped after the work was done"),
        (Self::Cut, "answer cut in the middle"),
        (Self::BrokenJson, "answer is broken JSON"),
    ];
}

/// How late a late answer is.
const DELAY: Duration = Duration::from_millis(700);
/// What a rate limit asks for; the header knows whole seconds only.
const RETRY_AFTER_SECONDS: u64 = 1;

/// How a sync is answered twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twice {
    /// The same events again under the same `next_batch`.
    SameBatch,
    /// The same events again, under the `next_batch` that comes with the news after them.
    OtherBatch,
}

#[derive(Debug, Default)]
struct Plan {
    fault: Option<Fault>,
    /// Every so many requests of a class meet it, the first among them.
    every: u64,
    /// Only this class; none: all of them.
    only: Option<Class>,
    asked: BTreeMap<Class, u64>,
    met: BTreeMap<Class, u64>,
    twice: Option<Twice>,
    /// The last answer to a sync that brought something.
    last_sync: Option<Value>,
    repeated: u64,
}

#[derive(Debug)]
struct Shared {
    homeserver: String,
    client: reqwest::Client,
    plan: Mutex<Plan>,
}

/// The proxy.
#[derive(Debug)]
pub struct Faulty {
    url: String,
    shared: Arc<Shared>,
}

impl Faulty {
    /// In front of this homeserver, doing no harm yet.
    pub async fn start(homeserver: &str) -> Result<Self> {
        let shared = Arc::new(Shared {
            homeserver: homeserver.to_owned(),
            client: reqwest::Client::new(),
            plan: Mutex::default(),
        });
        let (url, _) = wire::listen(Arc::clone(&shared)).await?;
        Ok(Self { url, shared })
    }

    /// Where the bot connects to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on every so many requests of each class meet this fault, beginning with the next one.
    pub fn fail(&self, fault: Fault, every: u64) {
        *self.plan() = Plan { fault: Some(fault), every: every.max(1), ..Plan::default() };
    }

    /// The same for one class only.
    pub fn fail_only(&self, class: Class, fault: Fault, every: u64) {
        *self.plan() = Plan { fault: Some(fault), every: every.max(1), only: Some(class), ..Plan::default() };
    }

    /// From now on everything works; gives how many requests of each class have met the fault.
    pub fn relent(&self) -> BTreeMap<Class, u64> {
        std::mem::take(&mut *self.plan()).met
    }

    /// From now on each sync that brings something is answered twice.
    pub fn repeat_syncs(&self, twice: Option<Twice>) {
        *self.plan() = Plan { twice, ..Plan::default() };
    }

    /// How many syncs were answered twice.
    pub fn repeated(&self) -> u64 {
        self.plan().repeated
    }

    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.shared.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Whether this request meets the fault.
    fn meets(&self, class: Class) -> Option<Fault> {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        let (fault, every) = (plan.fault?, plan.every);
        if class == Class::Other || plan.only.is_some_and(|only| only != class) {
            return None;
        }
        let asked = plan.asked.entry(class).or_default();
        let meets = asked.is_multiple_of(every);
        *asked += 1;
        if meets {
            *plan.met.entry(class).or_default() += 1;
        }
        meets.then_some(fault)
    }

    /// The answer to a sync that is given a second time instead of asking the homeserver.
    fn again(&self) -> Option<Value> {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        if plan.twice != Some(Twice::SameBatch) {
            return None;
        }
        let again = plan.last_sync.take()?;
        plan.repeated += 1;
        Some(again)
    }

    /// Remembers an answer with news, or puts the earlier news before those that come now.
    fn remember(&self, answer: &mut Answer) {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(twice) = plan.twice else { return };
        let Ok(mut now) = serde_json::from_slice::<Value>(&answer.body) else { return };
        let has_news = |value: &Value| value.pointer("/rooms/join").is_some_and(|joined| joined != &json!({}));
        let news = has_news(&now).then(|| now.clone());
        if let (Twice::OtherBatch, Some(earlier)) = (twice, plan.last_sync.take()) {
            // Rooms of which nothing is new now show what they showed before.
            let mut rooms = earlier.pointer("/rooms/join").and_then(Value::as_object).cloned().unwrap_or_default();
            let new = now.pointer("/rooms/join").and_then(Value::as_object).cloned().unwrap_or_default();
            for (room_id, update) in new {
                let shown = rooms.entry(room_id).or_insert_with(|| update.clone());
                let mut events =
                    shown.pointer("/timeline/events").and_then(Value::as_array).cloned().unwrap_or_default();
                let before: Vec<Value> = events.iter().map(|event| event["event_id"].clone()).collect();
                let later = update.pointer("/timeline/events").and_then(Value::as_array).cloned().unwrap_or_default();
                events.extend(later.into_iter().filter(|event| !before.contains(&event["event_id"])));
                *shown = update;
                shown["timeline"]["events"] = Value::Array(events);
            }
            now["rooms"]["join"] = Value::Object(rooms);
            plan.repeated += 1;
            answer.body = now.to_string().into_bytes();
        }
        if let Some(news) = news {
            plan.last_sync = Some(news);
        }
    }
}

impl Handler for Shared {
    fn handle(self: Arc<Self>, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply>> + Send>> {
        Box::pin(async move {
            let class = Class::of(&request);
            let answer =
                |status, body: Value| Answer { status, headers: Vec::new(), body: body.to_string().into_bytes() };
            match self.meets(class) {
                Some(Fault::DroppedBefore) => return Ok(Reply::HangUp),
                Some(Fault::Internal) => {
                    let body = json!({ "errcode": "M_UNKNOWN", "error": "Internal server error" });
                    return Ok(Reply::Whole(answer(500, body)));
                }
                Some(Fault::Limited) => {
                    let body = json!({
                        "errcode": "M_LIMIT_EXCEEDED",
                        "error": "Too Many Requests",
                        "retry_after_ms": RETRY_AFTER_SECONDS * 1000,
                    });
                    let headers = vec![("retry-after".to_owned(), RETRY_AFTER_SECONDS.to_string())];
                    return Ok(Reply::Whole(Answer { headers, ..answer(429, body) }));
                }
                Some(Fault::Delay) => tokio::time::sleep(DELAY).await,
                Some(fault) => {
                    let done = wire::forward(&self.client, &self.homeserver, &request).await?;
                    return Ok(match fault {
                        Fault::DroppedAfter => Reply::HangUp,
                        Fault::Cut => Reply::Half(done),
                        Fault::BadGateway => {
                            let body = b"<html><body><h1>502 Bad Gateway</h1></body></html>".to_vec();
                            Reply::Whole(Answer { status: 502, headers: Vec::new(), body })
                        }
                        _ => {
                            let mut body = done.body;
                            body.truncate(body.len() / 2);
                            Reply::Whole(Answer { status: 200, headers: Vec::new(), body })
                        }
                    });
                }
                None => {}
            }
            if class == Class::Sync
                && let Some(again) = self.again()
            {
                return Ok(Reply::Whole(answer(200, again)));
            }
            let mut done = wire::forward(&self.client, &self.homeserver, &request).await?;
            if class == Class::Sync && done.status == 200 {
                self.remember(&mut done);
            }
            Ok(Reply::Whole(done))
        })
    }
}
