//! How much the homeserver lets us send, as learned from its refusals and from nothing else. Pure; the sender asks it
//! what to do and tells it what happened. What goes first when little goes is in `storage/src/outbox.rs`.

/// After a refusal we know for this long that there is a limit. Then the sender sends as if there were none: if it still
/// stands, that costs one request a minute; if it was lifted, everything is as quick as before.
pub const LIMIT_KNOWN_MS: i64 = 60_000;
/// While little goes through, the edits of one card take at most one of so many messages.
const EDIT_SHARE: i64 = 4;
/// But nobody waits longer than this between two states of a card.
const SCARCE_EDIT_SPACING_MAX_MS: i64 = 20_000;
/// A ✅ on a word that is older than this, and whose card has been edited since, says nothing new: while little goes
/// through it is left out.
pub const TICK_USEFUL_MS: i64 = 60_000;

/// What is known of the homeserver's limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    limit: Option<Limit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit {
    refused_at_ms: i64,
    wait_ms: i64,
}

impl Pace {
    /// The homeserver refused something: nothing may be sent for this long.
    pub fn refused(&mut self, now_ms: i64, wait_ms: i64) {
        self.limit = Some(Limit { refused_at_ms: now_ms, wait_ms: wait_ms.max(0) });
    }

    /// A clock that was put back makes what was learned worthless.
    fn known(self, now_ms: i64) -> Option<Limit> {
        self.limit.filter(|limit| now_ms >= limit.refused_at_ms)
    }

    /// Nothing is sent before this instant.
    pub fn paused_until_ms(self, now_ms: i64) -> Option<i64> {
        self.known(now_ms).map(|limit| limit.refused_at_ms + limit.wait_ms).filter(|at_ms| *at_ms > now_ms)
    }

    /// Whether little goes through.
    pub fn is_scarce(self, now_ms: i64) -> bool {
        self.known(now_ms).is_some_and(|limit| now_ms - limit.refused_at_ms < limit.wait_ms.max(LIMIT_KNOWN_MS))
    }

    /// How far the edits of one message are apart: at least so much.
    pub fn edit_spacing_ms(self, now_ms: i64, least_ms: i64) -> i64 {
        match self.known(now_ms) {
            Some(limit) if self.is_scarce(now_ms) => {
                least_ms.max((limit.wait_ms * EDIT_SHARE).min(SCARCE_EDIT_SPACING_MAX_MS))
            }
            _ => least_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_767_607_200_000;

    #[test]
    fn a_refusal_is_obeyed_and_forgotten_after_a_minute() {
        let mut pace = Pace::default();
        assert_eq!((pace.paused_until_ms(NOW_MS), pace.is_scarce(NOW_MS)), (None, false));
        pace.refused(NOW_MS, 5_000);
        assert_eq!(pace.paused_until_ms(NOW_MS), Some(NOW_MS + 5_000));
        assert_eq!(pace.paused_until_ms(NOW_MS + 4_999), Some(NOW_MS + 5_000));
        assert_eq!(pace.paused_until_ms(NOW_MS + 5_000), None);
        assert!(pace.is_scarce(NOW_MS + 59_999) && !pace.is_scarce(NOW_MS + 60_000));
    }

    #[test]
    fn edits_leave_most_of_what_goes_through_to_others() {
        let mut pace = Pace::default();
        assert_eq!(pace.edit_spacing_ms(NOW_MS, 5_000), 5_000);
        for (wait_ms, spacing_ms) in [(200, 5_000), (2_000, 8_000), (5_000, 20_000), (30_000, 20_000)] {
            pace.refused(NOW_MS, wait_ms);
            assert_eq!(pace.edit_spacing_ms(NOW_MS + 1, 5_000), spacing_ms);
        }
        assert_eq!(pace.edit_spacing_ms(NOW_MS + 60_000, 5_000), 5_000);
    }

    #[test]
    fn a_long_wait_is_obeyed_and_a_clock_put_back_forgets_it() {
        let mut pace = Pace::default();
        pace.refused(NOW_MS, 600_000);
        assert!(pace.is_scarce(NOW_MS + 599_999));
        assert_eq!(pace.paused_until_ms(NOW_MS + 599_999), Some(NOW_MS + 600_000));
        assert_eq!(pace.paused_until_ms(NOW_MS - 3_600_000), None, "an hour back is not an hour's wait");
        assert!(!pace.is_scarce(NOW_MS - 3_600_000));
    }
}
