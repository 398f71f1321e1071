//! All that the bot understands, decides and says. No Matrix, no wall clock, nothing spawned: one call of
//! [`house::handle`] is one incoming thing inside the caller's write transaction.

pub mod activity;
pub mod apology;
pub mod audit;
pub mod card;
pub mod dialogue;
pub mod digest;
pub mod evening;
pub mod fault;
pub mod feature;
pub mod file;
pub mod flood;
pub mod help;
pub mod house;
pub mod incoming;
pub mod kind;
pub mod language;
pub mod party;
pub mod planned;
pub mod points;
pub mod poll;
pub mod privacy;
pub mod quiet;
pub mod reading;
pub mod reminder;
pub mod room;
pub mod room_life;
pub mod scene;
pub mod speech;
pub mod taken_back;
pub mod task;
pub mod tongue;
pub mod trail;
pub mod understanding;
pub mod wish;
