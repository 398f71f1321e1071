//! When an invitation that couldn't be answered is tried again: at the next sync, then after rests that double, for a day.
//! Time is handed in. What an invitation is answered with is not said here (`intake`).

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use matrix_sdk::ruma::{OwnedRoomId, RoomId};

/// The first rest; right after the invitation a join may fail, so the second try has none.
const REST_FIRST: Duration = Duration::from_secs(1);
/// The longest rest.
const REST_MAX: Duration = Duration::from_secs(600);
/// Whoever still wants the bot after this long invites it again.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Copy, Debug)]
struct Tried {
    count: u32,
    first_at: Instant,
    again_at: Instant,
}

/// How often which invitation was tried.
#[derive(Clone, Debug, Default)]
pub(super) struct Tries {
    rooms: BTreeMap<OwnedRoomId, Tried>,
}

impl Tries {
    /// Whether it may be tried now.
    pub(super) fn is_due(&self, room_id: &RoomId, now: Instant) -> bool {
        self.rooms.get(room_id).is_none_or(|tried| tried.again_at <= now && now < tried.first_at + GIVEN_UP_AFTER)
    }

    /// How often it was tried.
    pub(super) fn count(&self, room_id: &RoomId) -> u32 {
        self.rooms.get(room_id).map(|tried| tried.count).unwrap_or_default()
    }

    /// It is tried now.
    pub(super) fn tried(&mut self, room_id: &RoomId, now: Instant) {
        let new = Tried { count: 0, first_at: now, again_at: now };
        let tried = self.rooms.entry(room_id.to_owned()).or_insert(new);
        tried.count += 1;
        let rest = match tried.count {
            1 => Duration::ZERO,
            count => REST_FIRST.saturating_mul(1 << (count - 2).min(16)).min(REST_MAX),
        };
        tried.again_at = now + rest;
    }

    /// It failed, and isn't to be tried before this long. True: it won't be tried any more.
    pub(super) fn failed(&mut self, room_id: &RoomId, now: Instant, wait: Option<Duration>) -> bool {
        let Some(tried) = self.rooms.get_mut(room_id) else { return false };
        tried.again_at = tried.again_at.max(now + wait.unwrap_or_default());
        tried.again_at >= tried.first_at + GIVEN_UP_AFTER
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

    #[test]
    fn rests_double_and_end_after_a_day() {
        let (room, begun) = (room_id!("!hall:example.org"), Instant::now());
        let mut tries = Tries::default();
        let mut now = begun;
        let mut rests = Vec::new();
        while tries.is_due(room, now) {
            tries.tried(room, now);
            let given_up = tries.failed(room, now, None);
            let step = Duration::from_millis(100);
            let failed_at = now;
            while !tries.is_due(room, now) && now < begun + GIVEN_UP_AFTER {
                now += step;
            }
            assert_eq!(given_up, now >= begun + GIVEN_UP_AFTER);
            rests.push((now - failed_at).as_secs());
        }
        assert_eq!(rests[..6], [0, 1, 2, 4, 8, 16]);
        assert_eq!(rests[15], 600);
        assert!(rests.len() < 160, "a day of failing is {} requests", rests.len());
    }

    #[test]
    fn the_homeserver_says_how_long() {
        let (room, now) = (room_id!("!hall:example.org"), Instant::now());
        let mut tries = Tries::default();
        tries.tried(room, now);
        assert!(!tries.failed(room, now, Some(Duration::from_secs(90))));
        assert!(
            !tries.is_due(room, now + Duration::from_secs(89)) && tries.is_due(room, now + Duration::from_secs(90))
        );
        tries.forget(room);
        assert_eq!(tries.count(room), 0, "a new invitation begins anew");
    }
}
