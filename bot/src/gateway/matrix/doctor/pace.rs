//! How fast the bot may send: a dozen events into a private room that is made for this and left and forgotten
//! afterwards. They are of a type of their own, which no app shows and the bot passes over.

use std::time::Duration;

use lamplighter_storage::visit::RateLimit;
use matrix_sdk::reqwest::Method;
use serde_json::{Value, json};

use super::{
    Doctor, RATE_LIMITS, seconds,
    wire::{Answer, Moment},
};
use crate::doctor::quoted;

/// So many events are sent: two more than Synapse lets pass at once by default, and as many as one lively minute of a
/// building makes.
const EVENTS: usize = 12;
/// The type of the events.
const EVENT_TYPE: &str = "org.lamplighter.doctor";
/// What the room is called while it is there.
const ROOM_NAME: &str = "Lamplighter doctor";
/// Leaving counts as sending, so it may have to wait too; tried this often,
const LEAVE_ATTEMPTS_MAX: u32 = 6;
/// and after each time as long as the homeserver asks, but never longer than this.
const LEAVE_WAIT_MAX: Duration = Duration::from_secs(20);
/// The wait if the homeserver names none.
const LEAVE_WAIT_DEFAULT: Duration = Duration::from_secs(2);

/// How it went.
#[derive(Debug, Default)]
struct Pace {
    /// So many went without a wait.
    sent: usize,
    /// What ended it before the last.
    ended_by: Option<End>,
    /// The id of the first event and when it was sent.
    first: Option<(String, i64, i64)>,
}

/// Why not all events went.
#[derive(Debug)]
enum End {
    /// The homeserver asked to wait this long.
    Limit(Option<Duration>),
    /// Something else.
    Problem(String),
    /// Somebody asked us to stop.
    Stopped,
}

impl End {
    fn of(answer: &Answer) -> Self {
        if answer.is_limit() { Self::Limit(answer.wait()) } else { Self::Problem(answer.no()) }
    }
}

/// What was longer ago than this may have been mended since.
const HELD_UP_RECENTLY_MS: i64 = 24 * 60 * 60 * 1000;

/// That the bot itself was told to wait lately, as its database knows.
pub(super) fn held_up(limit: RateLimit, now_ms: i64) -> Option<String> {
    let ago_ms = now_ms - limit.refused_at_ms;
    let minutes = ago_ms / 60_000;
    let wait = seconds(u128::try_from(limit.wait_ms).unwrap_or_default());
    (ago_ms < HELD_UP_RECENTLY_MS)
        .then(|| format!("the bot was held up {} times, last {minutes} minutes ago for {wait}", limit.times))
}

impl Doctor<'_, '_> {
    /// Says how fast the bot may send. Gives the moment of the first event, by which the clocks are compared.
    pub(super) async fn rate_limits(&mut self, token: &str) -> Option<Moment> {
        if self.is_stopped(RATE_LIMITS) {
            return None;
        }
        let room_id = match self.make_room(token).await {
            Ok(room_id) => room_id,
            Err(End::Limit(wait)) => {
                self.limited("making a room for the test had to wait".to_owned(), wait);
                return None;
            }
            Err(End::Problem(problem)) => {
                self.report.unseen(RATE_LIMITS, format!("no room could be made for the test ({problem})"));
                return None;
            }
            Err(End::Stopped) => return None,
        };
        let pace = self.send_dozen(&room_id, token).await;
        let moment = match &pace.first {
            Some((event_id, asked_ms, answered_ms)) => {
                self.moment_of(&room_id, event_id, token).await.map(|server_ms| Moment {
                    asked_ms: *asked_ms,
                    answered_ms: *answered_ms,
                    server_from_ms: server_ms,
                    server_to_ms: server_ms,
                })
            }
            None => None,
        };
        let sent = pace.sent;
        match pace.ended_by {
            None => {
                let held_up = self.held_up.as_ref().map(|held_up| format!("; before, {held_up}")).unwrap_or_default();
                self.report.good(RATE_LIMITS, format!("all {EVENTS} test messages went at once{held_up}"));
            }
            Some(End::Limit(wait)) => self.limited(format!("{sent} of {EVENTS} test messages went at once"), wait),
            Some(End::Problem(problem)) => self.report.wrong(
                RATE_LIMITS,
                format!("{sent} of {EVENTS} test messages went, then the homeserver failed ({problem})"),
                "see that the server is well, then look again",
            ),
            Some(End::Stopped) => self.report.unseen(RATE_LIMITS, format!("stopped after {sent} test messages")),
        }
        if let Err(problem) = self.leave_room(&room_id, token).await {
            self.report.wrong(
                RATE_LIMITS,
                format!("the room of the test, {room_id}, couldn't be left ({problem})"),
                "leave it in another app that is signed in to the account",
            );
        }
        moment
    }

    fn limited(&mut self, found: String, wait: Option<Duration>) {
        let wait = wait.map_or_else(|| "without saying how long".to_owned(), |wait| seconds(wait.as_millis()));
        let mend = format!(
            "lift the limits for the bot, if the server is your own Synapse (else ask its administrator): curl -X POST \
             -H \"Authorization: Bearer ADMIN_TOKEN\" -d '{{\"messages_per_second\": 0, \"burst_count\": 0}}' \
             \"{}/_synapse/admin/v1/users/{}/override_ratelimit\"",
            self.wire.address(),
            self.matrix.user_id
        );
        let held_up = self.held_up.as_ref().map(|held_up| format!("; {held_up}")).unwrap_or_default();
        self.report.wrong(RATE_LIMITS, format!("{found}, then the homeserver asked to wait: {wait}{held_up}"), mend);
    }

    async fn make_room(&self, token: &str) -> Result<String, End> {
        let body = json!({
            "name": ROOM_NAME,
            "preset": "private_chat",
            "visibility": "private",
            "creation_content": { "m.federate": false },
        });
        let answer = self.wire.ask(Method::POST, &["v3", "createRoom"], Some(&body), Some(token)).await;
        let answer = answer.map_err(End::Problem)?;
        match answer.text("room_id") {
            room_id if answer.is_good() && !room_id.is_empty() => Ok(room_id.to_owned()),
            _ => Err(End::of(&answer)),
        }
    }

    async fn send_dozen(&self, room_id: &str, token: &str) -> Pace {
        let mut pace = Pace::default();
        for number in 1..=EVENTS {
            if *self.stop.borrow() {
                return Pace { ended_by: Some(End::Stopped), ..pace };
            }
            let transaction_id = format!("doctor-{number}");
            let path = ["v3", "rooms", room_id, "send", EVENT_TYPE, &transaction_id];
            let answer = self.wire.ask(Method::PUT, &path, Some(&json!({ "number": number })), Some(token)).await;
            match answer {
                Ok(answer) if answer.is_good() => {
                    pace.sent += 1;
                    if pace.first.is_none() {
                        pace.first = Some((answer.text("event_id").to_owned(), answer.asked_ms, answer.answered_ms));
                    }
                }
                Ok(answer) => return Pace { ended_by: Some(End::of(&answer)), ..pace },
                Err(problem) => return Pace { ended_by: Some(End::Problem(problem)), ..pace },
            }
        }
        pace
    }

    /// When the homeserver says that it had the event.
    async fn moment_of(&self, room_id: &str, event_id: &str, token: &str) -> Option<i64> {
        let path = ["v3", "rooms", room_id, "event", event_id];
        let answer = self.wire.ask(Method::GET, &path, None, Some(token)).await.ok()?;
        answer.body.get("origin_server_ts").and_then(Value::as_i64)
    }

    /// Leaves the room and forgets it: without its only member it is gone for everybody.
    async fn leave_room(&self, room_id: &str, token: &str) -> Result<(), String> {
        let mut problem = String::new();
        for _ in 0..LEAVE_ATTEMPTS_MAX {
            let path = ["v3", "rooms", room_id, "leave"];
            let wait = match self.wire.ask(Method::POST, &path, Some(&json!({})), Some(token)).await {
                Ok(answer) if answer.is_good() => {
                    let path = ["v3", "rooms", room_id, "forget"];
                    let answer = self.wire.ask(Method::POST, &path, Some(&json!({})), Some(token)).await?;
                    // Left is what counts; a server that forgets by itself says no here.
                    return if answer.status < 500 { Ok(()) } else { Err(answer.no()) };
                }
                Ok(answer) => {
                    problem = answer.no();
                    if answer.is_limit() { answer.wait() } else { None }
                }
                Err(error) => {
                    problem = error;
                    None
                }
            };
            tokio::time::sleep(wait.unwrap_or(LEAVE_WAIT_DEFAULT).min(LEAVE_WAIT_MAX)).await;
        }
        Err(quoted(&problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_held_the_bot_up_is_told_for_a_day() {
        let limit = RateLimit { refused_at_ms: 1_000, wait_ms: 4_200, times: 7 };
        let told = held_up(limit, 1_000 + 5 * 60_000);
        assert_eq!(told.as_deref(), Some("the bot was held up 7 times, last 5 minutes ago for 4.2 s"));
        assert_eq!(held_up(limit, 1_000 + HELD_UP_RECENTLY_MS), None);
    }
}
