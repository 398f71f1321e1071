//! Faults of networks, servers and clocks, on a real Synapse. After each of them the rooms and the database are those of an
//! evening on which nothing went wrong; what was measured goes into `docs/RELIABILITY.md`.

mod awaits;
mod clock;
mod gap;
mod homeserver;
mod matrix;
mod revoked;
mod twice;

/// The bot as a process of its own, where its end is what is looked at.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;
