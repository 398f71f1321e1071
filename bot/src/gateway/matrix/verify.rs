//! Verifying the bot's device by comparing emoji (SAS). Stewards may; everybody else is told, politely, that they needn't.
//! Requests come to the device or in a room; both go the same way.
//!
//! The emoji are shown in the log: whoever compares them there can't be deceived by who carries the chat. The bot takes
//! the steward's word and confirms its side as soon as it has the emoji.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt;
use matrix_sdk::{
    Client, Room,
    encryption::verification::{
        Emoji, SasState, SasVerification, Verification, VerificationRequest, VerificationRequestState,
    },
    ruma::{
        OwnedUserId, TransactionId, UserId,
        api::client::to_device::send_event_to_device,
        events::{
            key::verification::{VerificationMethod, request::ToDeviceKeyVerificationRequestEvent},
            room::message::{MessageType, OriginalSyncRoomMessageEvent},
        },
        serde::Raw,
        to_device::DeviceIdOrAllDevices,
    },
};
use serde_json::{Value, json};

use crate::worker::Worker;

/// This many verifications run at once; who comes meanwhile is asked to come again.
const RUNNING_MAX: u64 = 8;
/// A person who isn't a steward is told so this often; after that there is silence.
const REFUSALS_MAX: u32 = 3;
/// This many people are remembered for that.
const REFUSED_MAX: usize = 1_000;
/// How we cancel what isn't for everybody.
const NOT_STEWARD: &str = "org.lamplighter.not_a_steward";
/// How we cancel what would work another time.
const TRY_AGAIN: &str = "org.lamplighter.try_again";

/// Answers requests for verification.
#[derive(Debug)]
pub struct Verifier {
    pub(super) client: Client,
    pub(super) worker: Arc<Worker>,
    /// Matrix ids.
    pub(super) stewards: Vec<String>,
    /// What those are told who may not.
    pub(super) refusal: String,
    /// What a steward is told if it doesn't work now.
    pub(super) try_again: String,
    /// How long a verification may take in all.
    pub(super) patience: Duration,
    pub(super) running: AtomicU64,
    pub(super) count: AtomicU64,
    pub(super) refused: Mutex<BTreeMap<OwnedUserId, u32>>,
}

/// Where a request came.
#[derive(Clone, Debug)]
enum Way {
    /// To the device, from this one.
    Device(String),
    /// In a room.
    Room(Room),
}

/// How a verification ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Done,
    Cancelled,
    TimedOut,
}

impl Verifier {
    /// Listens from now on.
    pub fn listen(self: &Arc<Self>) {
        let verifier = Arc::clone(self);
        self.client.add_event_handler(move |event: ToDeviceKeyVerificationRequestEvent| {
            let verifier = Arc::clone(&verifier);
            async move {
                let way = Way::Device(event.content.from_device.to_string());
                verifier.begin(event.sender, event.content.transaction_id.to_string(), way);
            }
        });
        let verifier = Arc::clone(self);
        self.client.add_event_handler(move |event: OriginalSyncRoomMessageEvent, room: Room| {
            let verifier = Arc::clone(&verifier);
            async move {
                if let MessageType::VerificationRequest(request) = &event.content.msgtype
                    && Some(request.to.as_ref()) == verifier.client.user_id()
                {
                    verifier.begin(event.sender, event.event_id.to_string(), Way::Room(room));
                }
            }
        });
    }

    /// Beside the sync, which must go on for this to get anywhere.
    fn begin(self: &Arc<Self>, user_id: OwnedUserId, flow_id: String, way: Way) {
        if Some(user_id.as_ref()) == self.client.user_id() {
            return;
        }
        let verifier = Arc::clone(self);
        tokio::spawn(async move { verifier.answer(&user_id, &flow_id, &way).await });
    }

    async fn answer(&self, user_id: &UserId, flow_id: &str, way: &Way) {
        if !self.stewards.iter().any(|steward| steward == user_id.as_str()) {
            if self.may_refuse(user_id) {
                tracing::info!("cancelled a verification that no steward asked for");
                self.cancel(user_id, flow_id, way, NOT_STEWARD, &self.refusal).await;
            }
            return;
        }
        let request = self.client.encryption().get_verification_request(user_id, flow_id).await;
        let running = self.running.fetch_add(1, Ordering::SeqCst);
        match request {
            Some(request) if running < RUNNING_MAX => {
                let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
                self.verify(&request, number).await;
            }
            _ => {
                // The SDK passes over requests of devices that it doesn't know yet; the next one it will.
                if let Err(error) = self.client.encryption().request_user_identity(user_id).await {
                    tracing::debug!(%error, "the devices of a steward couldn't be asked for");
                }
                tracing::info!("a verification couldn't begin; the steward is asked to try again");
                self.cancel(user_id, flow_id, way, TRY_AGAIN, &self.try_again).await;
            }
        }
        self.running.fetch_sub(1, Ordering::SeqCst);
    }

    fn may_refuse(&self, user_id: &UserId) -> bool {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= REFUSED_MAX && !refused.contains_key(user_id) {
            return false;
        }
        let count = refused.entry(user_id.to_owned()).or_default();
        *count += 1;
        *count <= REFUSALS_MAX
    }

    /// Says no in the protocol's own form, which clients show.
    async fn cancel(&self, user_id: &UserId, flow_id: &str, way: &Way, code: &str, reason: &str) {
        let sent = match way {
            Way::Room(room) => {
                let content = json!({
                    "code": code,
                    "reason": reason,
                    "m.relates_to": { "rel_type": "m.reference", "event_id": flow_id },
                });
                room.send_raw("m.key.verification.cancel", content).await.map(|_| ()).map_err(|error| error.to_string())
            }
            Way::Device(device_id) => {
                let content = json!({ "code": code, "reason": reason, "transaction_id": flow_id });
                self.send_to_device(user_id, device_id, &content).await
            }
        };
        if let Err(error) = sent {
            tracing::debug!(error, "a verification couldn't be cancelled");
        }
        // The SDK would cancel the next request of the same person together with this one, if it still knew of it.
        if let Some(request) = self.client.encryption().get_verification_request(user_id, flow_id).await
            && let Err(error) = request.cancel().await
        {
            tracing::debug!(%error, "a verification couldn't be closed");
        }
    }

    async fn send_to_device(&self, user_id: &UserId, device_id: &str, content: &Value) -> Result<(), String> {
        let content = Raw::new(content).map_err(|error| error.to_string())?.cast_unchecked();
        let device = DeviceIdOrAllDevices::DeviceId(device_id.into());
        let messages = [(user_id.to_owned(), [(device, content)].into())].into();
        let request = send_event_to_device::v3::Request::new_raw(
            "m.key.verification.cancel".into(),
            TransactionId::new(),
            messages,
        );
        self.client.send(request).await.map(|_| ()).map_err(|error| error.to_string())
    }

    async fn verify(&self, request: &VerificationRequest, number: u64) {
        tracing::info!(verification = number, "a steward verifies the bot's device");
        let end = match tokio::time::timeout(self.patience, self.go_through(request, number)).await {
            Ok(end) => end,
            Err(_) => {
                // Both sides forget it.
                let sas = match request.state() {
                    VerificationRequestState::Transitioned { verification: Verification::SasV1(sas) } => Some(sas),
                    _ => None,
                };
                let cancelled = match sas {
                    Some(sas) => sas.cancel().await,
                    None => request.cancel().await,
                };
                if let Err(error) = cancelled {
                    tracing::debug!(%error, "a verification that took too long couldn't be cancelled");
                }
                End::TimedOut
            }
        };
        match end {
            End::Done => {
                tracing::info!(verification = number, "verified: the steward's app trusts the bot's device now")
            }
            End::Cancelled => tracing::info!(verification = number, "the verification was cancelled"),
            End::TimedOut => tracing::info!(verification = number, "the verification took too long and was cancelled"),
        }
    }

    async fn go_through(&self, request: &VerificationRequest, number: u64) -> End {
        let mut changes = Box::pin(request.changes());
        if let Err(error) = request.accept_with_methods(vec![VerificationMethod::SasV1]).await {
            tracing::warn!(%error, "a verification couldn't be accepted");
            return End::Cancelled;
        }
        let mut state = request.state();
        loop {
            match state {
                VerificationRequestState::Transitioned { verification: Verification::SasV1(sas) } => {
                    return self.compare(request, &sas, number).await;
                }
                VerificationRequestState::Done => return End::Done,
                VerificationRequestState::Cancelled(_) => return End::Cancelled,
                _ => {}
            }
            match changes.next().await {
                Some(next) => state = next,
                None => return End::Cancelled,
            }
        }
    }

    async fn compare(&self, request: &VerificationRequest, sas: &SasVerification, number: u64) -> End {
        let mut changes = Box::pin(sas.changes());
        if let Err(error) = sas.accept().await {
            tracing::warn!(%error, "a verification couldn't be accepted");
            return End::Cancelled;
        }
        let mut state = sas.state();
        let mut shown = false;
        loop {
            match state {
                SasState::KeysExchanged { emojis, .. } if !shown => {
                    shown = true;
                    let emoji = emojis.map_or_else(|| "none".to_owned(), |emojis| in_a_line(&emojis.emojis));
                    tracing::info!(
                        verification = number,
                        %emoji,
                        "compare with what the steward's app shows: all seven must be the same"
                    );
                    self.tell(request).await;
                    if let Err(error) = sas.confirm().await {
                        tracing::warn!(%error, "a verification couldn't be confirmed");
                        return End::Cancelled;
                    }
                }
                SasState::Done { .. } => return End::Done,
                SasState::Cancelled(_) => return End::Cancelled,
                _ => {}
            }
            match changes.next().await {
                Some(next) => state = next,
                None => return End::Cancelled,
            }
        }
    }

    /// Says in the private chat what is to be compared with what.
    async fn tell(&self, request: &VerificationRequest) {
        let user_id = request.other_user_id();
        // Without the id: what caused a message is kept longer than whom it was for.
        let cause = format!("verification {}", request.flow_id());
        if let Err(error) = self.worker.tell_to_compare(user_id.as_str(), user_id.localpart(), &cause).await {
            tracing::warn!(%error, "a steward couldn't be told what to compare");
        }
    }
}

/// The emoji as they are shown, with their names.
fn in_a_line(emoji: &[Emoji; 7]) -> String {
    let each: Vec<String> = emoji.iter().map(|emoji| format!("{} {}", emoji.symbol, emoji.description)).collect();
    each.join(", ")
}
