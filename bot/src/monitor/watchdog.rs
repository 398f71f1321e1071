//! What systemd is told: that the bot is up, that it is alive, that it stops. Where systemd doesn't ask for it, nothing.

use std::{sync::Arc, time::Duration};

use sd_notify::NotifyState;
use tokio::task::JoinHandle;

use super::Monitor;

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "systemd can't be told how the bot is");
    }
}

/// Reading what was said while the bot was away may take long, after a restore above all, and a homeserver may be away for
/// hours. Killed and begun anew it would only take longer. So until this is dropped systemd is asked for more time ...
const MORE_TIME: Duration = Duration::from_secs(15 * 60);
/// ... this often.
const ASK_EVERY: Duration = Duration::from_secs(5 * 60);

/// The bot signs in and catches up.
pub fn starting() -> Starting {
    Starting(tokio::spawn(async {
        loop {
            tell(&[NotifyState::ExtendTimeoutUsec(u32::try_from(MORE_TIME.as_micros()).unwrap_or(u32::MAX))]);
            tokio::time::sleep(ASK_EVERY).await;
        }
    }))
}

/// The bot is starting as long as this is there.
#[derive(Debug)]
pub struct Starting(JoinHandle<()>);

impl Drop for Starting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The bot takes in and sends.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// It was asked to stop.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Tells that the bot is alive, as often as systemd asks, until dropped. It falls silent, and systemd starts the bot
/// anew, when the bot itself hangs. While the homeserver is away or a disk is full it goes on: a new start would mend
/// neither, and /healthz says it.
pub fn start(monitor: Arc<Monitor>) -> Option<JoinHandle<()>> {
    // Half of what is allowed, as sd_watchdog_enabled(3) advises.
    let every = sd_notify::watchdog_enabled()? / 2;
    Some(tokio::spawn(async move {
        loop {
            match tokio::time::timeout(every.max(Duration::from_millis(1)), monitor.examine()).await {
                Ok(Some(ill)) if ill.ours => {
                    tracing::error!(reason = ill.reason, "the bot hangs; systemd isn't told that it is alive")
                }
                Ok(ill) => {
                    let status = ill.map_or_else(|| "well".to_owned(), |ill| ill.reason);
                    tell(&[NotifyState::Watchdog, NotifyState::Status(&status)]);
                }
                Err(_) => tracing::error!("the database doesn't answer; systemd isn't told that the bot is alive"),
            }
            tokio::time::sleep(every).await;
        }
    }))
}
