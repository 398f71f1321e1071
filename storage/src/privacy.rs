//! What is kept of one person, what of theirs is still open, and erasing it. Which words are used for it and what is told
//! to whom is the `commands` crate's business.
//!
//! A new table or column needs a line in `storage/tests/forgotten.rs`, which says what becomes of it.

mod erase;
mod kept;
mod open;

pub use self::{
    erase::{
        Erasure, cut_pseudonyms, erase, forget_cause, forget_room, is_forgotten, queued_with, rename, rewrite,
        tombstone,
    },
    kept::{Fact, every_column, every_text, facts, of_person, pseudonyms},
    open::{
        activities_of, ballots_in_open_polls, polls_of, requests_of, standing_taps, strike_out, tasks_answered_by,
        tasks_of, wishes_of,
    },
};
