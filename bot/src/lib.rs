//! Lamplighter's only crate with I/O to the outside: gateways, worker, sender, clock, command line. What the bot
//! understands, decides and says is in `lamplighter-commands`; what it remembers is in `lamplighter-storage`.

pub mod backup;
pub mod cli;
pub mod clock;
pub mod crash_point;
mod database;
pub mod discreet;
pub mod doctor;
pub mod gateway;
pub mod house;
pub mod late;
pub mod lock;
pub mod log;
mod marker;
pub mod monitor;
pub mod outage;
pub mod pace;
pub mod restore;
pub mod scheduler;
pub mod sender;
pub mod verify;
pub mod worker;
