//! What stands in the menu, and in what order: what waits for an answer first, what is seldom wanted last.

use std::ops::Range;

use crate::choice::OPTIONS_MAX;

/// Somebody keeps so many lines in mind; the last of them leads to the others.
pub const LINES_MAX: usize = 7;

/// How soon something stands in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Asking for help: always the first, so that it is found blindly.
    Help,
    /// Somebody waits for an answer.
    Awaited,
    /// An activity that isn't joined yet.
    Join,
    /// A poll that isn't answered yet.
    Vote,
    /// A neighbour who wants help.
    Claim,
    /// One's points.
    Points,
    /// Changing what was said before.
    Change,
    /// Everything else.
    Rest,
}

/// The lines of a page, from 1; true: there are more behind them.
pub fn page<T>(mut entries: Vec<(Rank, T)>, page: usize) -> (Vec<T>, bool) {
    // Stable: of one rank as they came.
    entries.sort_by_key(|(rank, _)| *rank);
    let before = page.saturating_sub(1).saturating_mul(LINES_MAX - 1).min(entries.len());
    let left = entries.len() - before;
    let more = left > LINES_MAX;
    let take = if more { LINES_MAX - 1 } else { left };
    (entries.into_iter().skip(before).take(take).map(|(_, entry)| entry).collect(), more)
}

/// The options of a poll on a page, from 1: as many as there are digits, one of which leads to the others.
pub fn options(count: usize, page: usize) -> Range<usize> {
    let begin = page.saturating_sub(1).saturating_mul(OPTIONS_MAX - 1).min(count);
    let left = count - begin;
    begin..begin + if left > OPTIONS_MAX { OPTIONS_MAX - 1 } else { left }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_awaited_stands_first_and_the_rest_behind() {
        let entries = |count: usize| {
            let points = std::iter::once((Rank::Points, 100));
            points
                .chain((0..count).map(|at| (Rank::Change, at)))
                .chain([(Rank::Awaited, 101), (Rank::Help, 102)])
                .collect()
        };
        assert_eq!(page(entries(1), 1), (vec![102, 101, 100, 0], false));
        assert_eq!(page(entries(4), 1), (vec![102, 101, 100, 0, 1, 2, 3], false));
        assert_eq!(page(entries(5), 1), (vec![102, 101, 100, 0, 1, 2], true));
        assert_eq!(page(entries(5), 2), (vec![3, 4], false));
        assert_eq!(page(entries(5), 9), (vec![], false));
    }

    #[test]
    fn every_option_of_a_long_poll_stands_on_a_page() {
        assert_eq!((options(9, 1), options(12, 1), options(12, 2)), (0..9, 0..8, 8..12));
        assert_eq!((options(20, 2), options(20, 3), options(20, 4)), (8..16, 16..20, 20..20));
    }
}
