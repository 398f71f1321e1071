//! What is said about a database that is unwell: once when it begins, again after a while, and once when it is over. A
//! file that is broken ends the bot.

use std::sync::{Arc, Mutex, PoisonError};

use lamplighter_storage::Error;
use tokio::sync::watch;

use crate::clock::Clock;

/// An outage that goes on is logged again after this long.
const TELL_AGAIN_MS: i64 = 10 * 60 * 1000;

#[derive(Clone, Copy, Debug)]
struct Since {
    began_at_ms: i64,
    told_at_ms: i64,
    failures: u64,
}

/// Shared by all that reads and writes.
#[derive(Debug)]
pub struct Outage {
    clock: Arc<dyn Clock>,
    since: Mutex<Option<Since>>,
    damage: watch::Sender<Option<String>>,
}

impl Outage {
    /// A database that is well.
    pub fn none(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { clock, since: Mutex::new(None), damage: watch::channel(None).0 })
    }

    /// Something failed and will be tried again.
    pub fn failed(&self, error: &Error) {
        let now_ms = self.clock.now_ms();
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        match since.as_mut() {
            None => {
                tracing::error!(%error, "the database is unwell; nothing is lost, and it is tried again until it works");
                *since = Some(Since { began_at_ms: now_ms, told_at_ms: now_ms, failures: 1 });
            }
            Some(since) => {
                since.failures += 1;
                // The clock may be set back meanwhile.
                if (now_ms - since.told_at_ms).abs() >= TELL_AGAIN_MS {
                    since.told_at_ms = now_ms;
                    tracing::error!(%error, failures = since.failures, "the database is still unwell");
                }
            }
        }
        drop(since);
        if error.is_damage() {
            self.damage.send_if_modified(|damage| {
                let first = damage.is_none();
                damage.get_or_insert_with(|| error.to_string());
                first
            });
        }
    }

    /// Something was written: it works again.
    pub fn over(&self) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = since.take() {
            let seconds = (self.clock.now_ms() - since.began_at_ms) / 1000;
            tracing::info!(seconds, failures = since.failures, "the database works again");
        }
    }

    /// What is broken about the file, if it is.
    pub fn damage(&self) -> Option<String> {
        self.damage.borrow().clone()
    }

    /// Waits until the file is found to be broken.
    pub async fn damaged(&self) -> String {
        let mut damage = self.damage.subscribe();
        match damage.wait_for(Option::is_some).await {
            Ok(damage) => damage.clone().unwrap_or_default(),
            Err(_) => std::future::pending().await,
        }
    }
}
