//! What the end-to-end tests, the demo and the benchmarks share: a real homeserver, residents, and the bot as a
//! process of its own.

pub mod homeserver;
pub mod process;
