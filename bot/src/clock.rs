//! The only `now()`. Tests and the console move time by hand.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::Utc;

/// Where the time comes from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// UTC milliseconds.
    fn now_ms(&self) -> i64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        Utc::now().timestamp_millis()
    }
}

/// How long it is to an instant that a server named; none if that has passed.
pub fn until(at: std::time::SystemTime) -> std::time::Duration {
    at.duration_since(std::time::SystemTime::from(Utc::now())).unwrap_or_default()
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    now_ms: AtomicI64,
}

impl ManualClock {
    /// Stands at this instant.
    pub fn at(now_ms: i64) -> Self {
        Self { now_ms: AtomicI64::new(now_ms) }
    }

    /// Moves to this instant.
    pub fn set(&self, now_ms: i64) {
        self.now_ms.store(now_ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }
}

/// The machine's clock, shifted: it runs on at the machine's pace, and can be moved. For the demo and the tests.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    ahead_ms: AtomicI64,
}

impl ShiftedClock {
    /// Stands at this instant now.
    pub fn at(now_ms: i64) -> Self {
        Self { ahead_ms: AtomicI64::new(now_ms - SystemClock.now_ms()) }
    }

    /// Moves forward to this instant; never back.
    pub fn move_to(&self, now_ms: i64) {
        let ahead_ms = now_ms - SystemClock.now_ms();
        self.ahead_ms.fetch_max(ahead_ms, Ordering::SeqCst);
    }

    /// Jumps forward or back, as a machine's clock does when it is set.
    pub fn jump(&self, by_ms: i64) {
        self.ahead_ms.fetch_add(by_ms, Ordering::SeqCst);
    }

    /// Goes on with the machine's clock.
    pub fn follow_system(&self) {
        self.ahead_ms.store(0, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.ahead_ms.load(Ordering::SeqCst)
    }
}
