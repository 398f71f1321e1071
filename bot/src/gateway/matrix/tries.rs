//! When an invitation that couldn't be answered is tried again: at the next two syncs, then after rests that double, for a day.
//! Time is handed in. What an invitation is answered with is not said here (`intake`).

use std::{collections::BTreeMap, time::Duration};

use matrix_sdk::ruma::{OwnedRoomId, RoomId};

/// Right after the invitation a join may fail; so many tries have no rest before the next.
const TRIES_AT_ONCE: u32 = 2;
/// The first rest.
const REST_FIRST_MS: i64 = 1_000;
/// The longest rest.
const REST_MAX_MS: i64 = 10 * 60 * 1_000;
/// Whoever still wants the bot after this long invites it again.
const GIVEN_UP_AFTER_MS: i64 = 24 * 60 * 60 * 1_000;

#[derive(Clone, Copy, Debug)]
struct Tried {
    count: u32,
    first_at_ms: i64,
    last_at_ms: i64,
    again_at_ms: i64,
}

/// How often which invitation was tried.
#[derive(Clone, Debug, Default)]
pub(super) struct Tries {
    rooms: BTreeMap<OwnedRoomId, Tried>,
}

impl Tries {
    /// Whether it may be tried now. A clock that was set back holds nothing up.
    pub(super) fn is_due(&self, room_id: &RoomId, now_ms: i64) -> bool {
        self.rooms.get(room_id).is_none_or(|tried| {
            let is_rested = tried.again_at_ms <= now_ms || now_ms < tried.last_at_ms;
            is_rested && now_ms < tried.first_at_ms + GIVEN_UP_AFTER_MS
        })
    }

    /// How often it was tried.
    pub(super) fn count(&self, room_id: &RoomId) -> u32 {
        self.rooms.get(room_id).map(|tried| tried.count).unwrap_or_default()
    }

    /// It is tried now.
    pub(super) fn tried(&mut self, room_id: &RoomId, now_ms: i64) {
        let new = Tried { count: 0, first_at_ms: now_ms, last_at_ms: now_ms, again_at_ms: now_ms };
        let tried = self.rooms.entry(room_id.to_owned()).or_insert(new);
        tried.count += 1;
        tried.last_at_ms = now_ms;
        let rest_ms = match tried.count.checked_sub(TRIES_AT_ONCE + 1) {
            None => 0,
            Some(doubled) => (REST_FIRST_MS << doubled.min(16)).min(REST_MAX_MS),
        };
        tried.again_at_ms = now_ms + rest_ms;
    }

    /// It failed, and isn't to be tried before this long. True: it won't be tried any more.
    pub(super) fn failed(&mut self, room_id: &RoomId, now_ms: i64, wait: Option<Duration>) -> bool {
        let Some(tried) = self.rooms.get_mut(room_id) else { return false };
        let wait_ms = wait.and_then(|wait| i64::try_from(wait.as_millis()).ok()).unwrap_or_default();
        tried.again_at_ms = tried.again_at_ms.max(now_ms.saturating_add(wait_ms));
        tried.again_at_ms >= tried.first_at_ms + GIVEN_UP_AFTER_MS
    }

    /// It was answered.
    pub(super) fn forget(&mut self, room_id: &RoomId) {
        self.rooms.remove(room_id);
    }

    /// Forgets all but these.
    pub(super) fn retain(&mut self, mut is_kept: impl FnMut(&RoomId) -> bool) {
        self.rooms.retain(|room_id, _| is_kept(room_id));
    }
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::room_id;

    use super::*;

    const NOW_MS: i64 = 1_767_607_200_000;

    #[test]
    fn rests_double_and_end_after_a_day() {
        let room = room_id!("!hall:example.org");
        let mut tries = Tries::default();
        let mut now_ms = NOW_MS;
        let mut rests = Vec::new();
        while tries.is_due(room, now_ms) {
            tries.tried(room, now_ms);
            let given_up = tries.failed(room, now_ms, None);
            let failed_at_ms = now_ms;
            while !tries.is_due(room, now_ms) && now_ms < NOW_MS + GIVEN_UP_AFTER_MS {
                now_ms += 100;
            }
            assert_eq!(given_up, now_ms >= NOW_MS + GIVEN_UP_AFTER_MS);
            rests.push((now_ms - failed_at_ms) / 1_000);
        }
        assert_eq!(rests[..7], [0, 0, 1, 2, 4, 8, 16]);
        assert_eq!(rests[15], 600);
        assert!(rests.len() < 160, "a day of failing is {} requests", rests.len());
    }

    #[test]
    fn the_homeserver_says_how_long() {
        let room = room_id!("!hall:example.org");
        let mut tries = Tries::default();
        tries.tried(room, NOW_MS);
        assert!(!tries.failed(room, NOW_MS, Some(Duration::from_secs(90))));
        assert!(!tries.is_due(room, NOW_MS + 89_999) && tries.is_due(room, NOW_MS + 90_000));
        assert!(tries.is_due(room, NOW_MS - 1), "the clock was set back");
        tries.forget(room);
        assert_eq!(tries.count(room), 0, "a new invitation begins anew");
    }
}
