//! What the doctor asks the homeserver, beside a bot that may be running with the same account. It speaks with a device
//! of its own where there is a password, else with the bot's token, and holds no keys: none can be uploaded, used up or
//! replaced, and nobody's room keys are sent to it.

mod keys;
mod pace;
mod rights;
pub(super) mod wire;

use std::sync::Arc;

use lamplighter_config::{Login, MatrixConfig};
use lamplighter_storage::visit::{BoundRoom, RateLimit};
use matrix_sdk::reqwest::Method;
use serde_json::json;
use tokio::sync::watch;

use self::wire::{Moment, Nobody, Wire};
use super::login::{self, Kept};
use crate::{
    clock::Clock,
    doctor::{Report, quoted},
};

/// The clocks of bot and homeserver may be this far apart: residents see both times side by side.
const CLOCK_OFF_MAX_MS: i64 = 5_000;
/// The name that the doctor's device has while it looks.
const DOCTOR_DEVICE: &str = "Lamplighter doctor";

/// The bot's address is good and Matrix answers there.
const HOMESERVER: &str = "homeserver";
/// The login of the config works.
const LOGIN: &str = "login";
/// The session that the bot keeps is still valid.
const SESSION: &str = "session";
/// Other people's apps trust the bot's device.
const CROSS_SIGNING: &str = "cross-signing";
/// The recovery key is there and fits.
const RECOVERY_KEY: &str = "recovery key";
/// Room keys are backed up on the homeserver.
const KEY_BACKUP: &str = "key backup";
/// What the bot may do in its rooms.
const ROOMS: &str = "rooms";
/// How fast the bot may send.
const RATE_LIMITS: &str = "rate limits";
/// Both clocks say the same.
const CLOCK: &str = "clock";

/// What requests are made with.
#[derive(Debug)]
struct Access {
    token: String,
    /// The device that was made for this look and must go again.
    made_device: Option<String>,
}

/// Everything that the looks have in common.
struct Doctor<'a, 'b> {
    matrix: &'a MatrixConfig,
    wire: Wire,
    kept: Option<Kept>,
    /// No bot has run with this folder of session and keys yet.
    is_new: bool,
    /// That the bot was told to wait lately, in words.
    held_up: Option<String>,
    stop: watch::Receiver<bool>,
    report: &'a mut Report<'b>,
}

/// Looks at everything that takes a homeserver, and at the bot's keys. `rooms` are the bound ones; none if they aren't
/// known.
pub async fn examine(
    matrix: &MatrixConfig,
    rooms: Option<&[BoundRoom]>,
    limit: Option<RateLimit>,
    clock: Arc<dyn Clock>,
    stop: watch::Receiver<bool>,
    report: &mut Report<'_>,
) {
    let held_up = limit.and_then(|limit| pace::held_up(limit, clock.now_ms()));
    let (kept, is_new) = match login::read_kept(&login::session_file(&matrix.store)) {
        Ok(kept) => (kept.clone(), kept.is_none()),
        Err(error) => {
            report.wrong(SESSION, quoted(&error.to_string()), "run this as the user that the bot runs as");
            (None, false)
        }
    };
    let (wire, first) = match Wire::connect(&matrix.homeserver, clock).await {
        Ok(found) => found,
        Err(nobody) => {
            homeserver_is_wrong(matrix, &nobody, report);
            for what in [LOGIN, SESSION, CROSS_SIGNING, KEY_BACKUP, ROOMS, RATE_LIMITS, CLOCK] {
                // With a token in the config there is no other session, and one that can't be read is told already.
                if what != SESSION || (matches!(matrix.login, Login::Password(_)) && (is_new || kept.is_some())) {
                    report.unseen(what, "that needs the homeserver");
                }
            }
            keys::recovery_key_alone(matrix, is_new, report);
            return;
        }
    };
    report.good(HOMESERVER, format!("{} answers", wire.address()));
    let mut doctor = Doctor { matrix, wire, kept, is_new, held_up, stop, report };
    doctor.examine(rooms, first.moment).await;
}

fn homeserver_is_wrong(matrix: &MatrixConfig, nobody: &Nobody, report: &mut Report<'_>) {
    let homeserver = &matrix.homeserver;
    match nobody {
        Nobody::Silent(problem) => report.wrong(
            HOMESERVER,
            format!("{homeserver} does not answer ({problem})"),
            "see that the server is up and reachable from here, and check [matrix] homeserver",
        ),
        Nobody::NotMatrix(problem) => report.wrong(
            HOMESERVER,
            format!("something answers at {homeserver}, but it isn't a Matrix homeserver ({problem})"),
            "check the address and the port in [matrix] homeserver, and what a proxy in front passes on (/_matrix)",
        ),
    }
}

impl Doctor<'_, '_> {
    async fn examine(&mut self, rooms: Option<&[BoundRoom]>, mut moment: Option<Moment>) {
        let own = self.log_in().await;
        let session = self.session().await;
        let access = match (own, session) {
            (Some(access), _) => Some(access),
            // The login is refused, but the bot goes on with the session that it has, and so can we.
            (None, Some(token)) => Some(Access { token, made_device: None }),
            (None, None) => None,
        };
        let Some(access) = access else {
            for what in [CROSS_SIGNING, KEY_BACKUP, ROOMS, RATE_LIMITS] {
                self.report.unseen(what, "that needs a login that works");
            }
            keys::recovery_key_alone(self.matrix, self.is_new, self.report);
            self.clock(moment);
            return;
        };
        self.cross_signing(&access.token).await;
        self.recovery_key(&access.token).await;
        self.key_backup(&access.token).await;
        self.rooms(rooms, &access.token).await;
        if let Some(exact) = self.rate_limits(&access.token).await {
            moment = Some(exact);
        }
        self.clock(moment);
        if let Some(device_id) = &access.made_device {
            self.log_out(&access.token, device_id).await;
        }
    }

    /// Whether somebody asked us to stop; if so, that is why this isn't looked at.
    fn is_stopped(&mut self, what: &str) -> bool {
        let stopped = *self.stop.borrow();
        if stopped {
            self.report.unseen(what, "stopped before that");
        }
        stopped
    }

    async fn log_in(&mut self) -> Option<Access> {
        match &self.matrix.login {
            Login::Password(password) => {
                let body = json!({
                    "type": "m.login.password",
                    "identifier": { "type": "m.id.user", "user": self.matrix.user_id },
                    "password": password.expose(),
                    "initial_device_display_name": DOCTOR_DEVICE,
                });
                self.log_in_by_password(&body).await
            }
            Login::AccessToken { access_token, device_id } => {
                let token = access_token.expose().to_owned();
                self.log_in_by_token(token, device_id).await
            }
        }
    }

    async fn log_in_by_password(&mut self, body: &serde_json::Value) -> Option<Access> {
        let user_id = &self.matrix.user_id;
        let answer = match self.wire.ask(Method::POST, &["v3", "login"], Some(body), None).await {
            Ok(answer) => answer,
            Err(problem) => {
                self.report.wrong(LOGIN, format!("no answer ({problem})"), "see that the server is well; try again");
                return None;
            }
        };
        let token = answer.text("access_token").to_owned();
        if answer.is_good() && !token.is_empty() {
            let access = Access { token, made_device: Some(answer.text("device_id").to_owned()) };
            let found = answer.text("user_id");
            if found == user_id {
                self.report.good(LOGIN, format!("the homeserver accepts the password of {user_id}"));
            } else {
                self.report.wrong(
                    LOGIN,
                    format!("the homeserver knows {user_id} as {}", quoted(found)),
                    "write [matrix] user_id exactly so",
                );
            }
            return Some(access);
        }
        let (found, mend) = match answer.errcode() {
            // Nothing is wrong with that; the bot itself logs in once and for all.
            _ if answer.is_limit() => {
                let wait = answer.wait().map_or_else(|| "some minutes".to_owned(), |wait| seconds(wait.as_millis()));
                self.report.unseen(LOGIN, format!("too many logins lately: look again in {wait}"));
                return None;
            }
            "M_FORBIDDEN" => (
                format!("the homeserver refuses the password of {user_id} ({})", answer.no()),
                "check [matrix] user_id and password (LAMPLIGHTER_MATRIX_PASSWORD wins over the file), and that \
                 homeserver is that account's server",
            ),
            "M_USER_DEACTIVATED" => (
                format!("the account {user_id} is deactivated"),
                "make another account, or let an administrator revive it",
            ),
            _ => (
                format!("the homeserver refuses the login of {user_id} ({})", answer.no()),
                "if one can't sign in by password there, give access_token and device_id in [matrix] instead",
            ),
        };
        self.report.wrong(LOGIN, found, mend);
        None
    }

    async fn log_in_by_token(&mut self, token: String, device_id: &str) -> Option<Access> {
        let user_id = self.matrix.user_id.clone();
        let who = match self.who(&token).await {
            Ok(who) => who,
            Err(problem) => {
                self.report.wrong(
                    LOGIN,
                    format!("the homeserver refuses the access token of {user_id} ({problem})"),
                    "make a new token and put it with its device_id into [matrix] \
                     (LAMPLIGHTER_MATRIX_ACCESS_TOKEN wins over the file)",
                );
                return None;
            }
        };
        let (found_user, found_device) = who;
        if found_user == user_id && (found_device.is_empty() || found_device == device_id) {
            self.report.good(LOGIN, format!("the homeserver accepts the access token of {user_id} / {device_id}"));
            return Some(Access { token, made_device: None });
        }
        self.report.wrong(
            LOGIN,
            format!("the access token belongs to {found_user} / {found_device}, not to {user_id} / {device_id}"),
            "check [matrix] user_id, access_token and device_id",
        );
        None
    }

    /// Whose token this is: the account and the device.
    async fn who(&self, token: &str) -> Result<(String, String), String> {
        let answer = self.wire.ask(Method::GET, &["v3", "account", "whoami"], None, Some(token)).await?;
        if !answer.is_good() {
            return Err(answer.no());
        }
        Ok((quoted(answer.text("user_id")), quoted(answer.text("device_id"))))
    }

    /// The session that the bot keeps beside its keys: with a password in the config it isn't the login that counts
    /// but this. Gives its token if it is valid.
    async fn session(&mut self) -> Option<String> {
        let Login::Password(_) = &self.matrix.login else { return None };
        if self.is_new {
            match login::folder_problem(self.matrix, None) {
                Some(problem) => self.report.wrong(
                    SESSION,
                    quoted(&problem.to_string()),
                    "put the whole folder back, or move it away and start the bot with the recovery key",
                ),
                None => self.report.good(SESSION, "none kept yet; the bot makes it at its first start"),
            }
        }
        let kept = self.kept.as_ref()?;
        let file = login::session_file(&self.matrix.store);
        let Some(token) = kept.access_token.clone() else {
            self.report.good(SESSION, "none kept yet; the bot makes it at its next start");
            return None;
        };
        let (user_id, device_id) = (kept.user_id.to_string(), kept.device_id.to_string());
        let anew = format!(
            "stop the bot, move {} away, write its {} into [matrix] recovery_key, start the bot: it signs in anew",
            self.matrix.store.display(),
            login::RECOVERY_KEY_FILE,
        );
        if let Some(problem) = login::folder_problem(self.matrix, Some(kept)) {
            self.report.wrong(SESSION, quoted(&problem.to_string()), anew);
            return None;
        }
        if user_id != self.matrix.user_id {
            self.report.wrong(SESSION, format!("{} is of {user_id}", file.display()), anew);
            return None;
        }
        match self.who(&token).await {
            Ok(_) => {
                self.report.good(SESSION, format!("the bot is signed in as device {device_id}"));
                Some(token)
            }
            Err(problem) => {
                self.report.wrong(
                    SESSION,
                    format!("the homeserver no longer accepts the bot's session, device {device_id} ({problem})"),
                    anew,
                );
                None
            }
        }
    }

    fn clock(&mut self, moment: Option<Moment>) {
        let Some(moment) = moment else {
            self.report.unseen(CLOCK, "the homeserver says no time");
            return;
        };
        let off = off_ms(moment);
        let about = if moment.server_from_ms < moment.server_to_ms { "about " } else { "" };
        let side = if off.middle < 0 { "behind" } else { "ahead of" };
        let found =
            format!("this machine's clock is {about}{} {side} the homeserver's", seconds(off.middle.unsigned_abs()));
        if off.least > CLOCK_OFF_MAX_MS {
            self.report.wrong(
                CLOCK,
                format!("{found}; at most {} is good", seconds(CLOCK_OFF_MAX_MS.unsigned_abs())),
                "let both machines keep the time by the network: `timedatectl set-ntp true`, then look with \
                 `timedatectl` which of them was wrong",
            );
        } else {
            self.report.good(CLOCK, found);
        }
    }

    async fn log_out(&mut self, token: &str, device_id: &str) {
        let answer = self.wire.ask(Method::POST, &["v3", "logout"], Some(&json!({})), Some(token)).await;
        let problem = match answer {
            Ok(answer) if answer.is_good() => return,
            Ok(answer) => answer.no(),
            Err(problem) => problem,
        };
        self.report.wrong(
            LOGIN,
            format!("the doctor's own device {} couldn't be logged out ({problem})", quoted(device_id)),
            "remove that device from the account in another app",
        );
    }
}

/// How far our clock is ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Off {
    /// As well as can be known.
    middle: i64,
    /// Without its sign, as far as is certain: less half the round trip, and what the date leaves out.
    least: i64,
}

fn off_ms(moment: Moment) -> Off {
    let (low, high) = (moment.asked_ms - moment.server_to_ms, moment.answered_ms - moment.server_from_ms);
    let least = if low > 0 {
        low
    } else if high < 0 {
        -high
    } else {
        0
    };
    Off { middle: low + (high - low) / 2, least }
}

/// Milliseconds as people read them.
fn seconds(ms: impl TryInto<u64>) -> String {
    let ms: u64 = ms.try_into().unwrap_or(u64::MAX);
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_round_trip_is_given_to_the_clock() {
        let at = |asked_ms, answered_ms, server_from_ms, server_to_ms| {
            off_ms(Moment { asked_ms, answered_ms, server_from_ms, server_to_ms })
        };
        assert_eq!(at(10_000, 10_200, 10_100, 10_100), Off { middle: 0, least: 0 });
        assert_eq!(at(16_000, 16_200, 10_100, 10_100), Off { middle: 6_000, least: 5_900 });
        assert_eq!(at(4_000, 4_200, 10_100, 10_100), Off { middle: -6_000, least: 5_900 });
        // A slow answer proves nothing.
        assert_eq!(at(10_000, 30_000, 10_000, 10_000), Off { middle: 10_000, least: 0 });
        // A date in whole seconds.
        assert_eq!(at(10_500, 10_500, 10_000, 10_999), Off { middle: 0, least: 0 });
        assert_eq!(seconds(5_049_u64), "5.0 s");
    }
}
