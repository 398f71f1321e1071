//! Nothing lost, nothing twice: bursts, stops, kills at random moments and at every crash point, and silence.
//! The bot is a process of its own; the homeserver is a real Synapse.

mod burst;
mod busy_minute;
mod crash_points;
mod default_limits;
mod polls;
mod sign_ups;
mod start_up;

/// The bot.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;
