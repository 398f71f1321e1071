//! What became of invitations, for the log: one line a minute at most, however many come, so that a wave of them doesn't
//! fill the disk.

/// Between two lines.
const LINE_EVERY_MS: i64 = 60_000;

/// What became of invitations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) accepted: usize,
    pub(super) declined: usize,
    pub(super) failed: usize,
}

/// What became of them since the last line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Invitations {
    since: Tally,
    line_at_ms: Option<i64>,
}

impl Invitations {
    /// Adds to it; what is to be written now, if it is time and there is anything.
    pub(super) fn add(&mut self, tally: Tally, now_ms: i64) -> Option<Tally> {
        self.since.accepted += tally.accepted;
        self.since.declined += tally.declined;
        self.since.failed += tally.failed;
        // A clock that was set back holds nothing up.
        let early = self.line_at_ms.is_some_and(|at_ms| (0..LINE_EVERY_MS).contains(&(now_ms - at_ms)));
        if early || self.since == Tally::default() {
            return None;
        }
        self.line_at_ms = Some(now_ms);
        Some(std::mem::take(&mut self.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_is_one_line_a_minute_and_nothing_is_left_out() {
        let mut invitations = Invitations::default();
        let one = Tally { declined: 1, ..Tally::default() };
        assert_eq!(invitations.add(Tally::default(), 0), None, "nothing came");
        assert_eq!(invitations.add(one, 1_000), Some(one), "the first is said at once");
        let lines: Vec<Tally> = (0..1_000).filter_map(|nth| invitations.add(one, 1_001 + nth * 200)).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        let rest = invitations.add(Tally::default(), 1_000_000).map_or(0, |tally| tally.declined);
        assert_eq!(lines.iter().map(|tally| tally.declined).sum::<usize>() + rest, 1_000);
        assert_eq!(invitations.add(one, 500_000), Some(one), "the clock was set back");
    }
}
