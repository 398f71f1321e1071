//! Reading what people type: folding, numbers, who is addressed, near misses. Pure: no storage, no clock, no words
//! of any feature (those live in each `command.rs`).

pub mod addressed;
pub mod nearest;
pub mod number;
pub mod parts;
pub mod phrase;
pub mod polite;
pub mod template;
pub mod time;

pub use phrase::Phrase;
