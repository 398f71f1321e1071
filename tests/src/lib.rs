//! What the end-to-end tests, the demo and the benchmarks share: a real homeserver, residents, the bot as a process
//! of its own, and stories that run on the console and on the homeserver.

pub mod audit;
pub mod discretion;
pub mod evening;
pub mod faulty;
pub mod gate;
pub mod homeserver;
pub mod neighbourhood;
pub mod nio;
pub mod process;
pub mod proxy;
pub mod reliability;
pub mod resident;
pub mod sandbox;
pub mod stage;
pub mod story;
pub mod stranger;
pub mod systemd;
pub mod time_of_day;
pub mod tools;
pub mod view;
pub mod wire;
pub mod worst;

/// Whatever goes wrong in a test, as a sentence.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
