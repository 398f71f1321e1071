//! Whether the bot is well, decided from what was seen of it: a pure function. Who sees it is beside this file.

use lamplighter_commands::evening::{self, MINUTE_MS};
use lamplighter_config::Community;
use lamplighter_storage::figures::Queue;

/// Without a good sync for so long the bot is deaf: a sync comes back every half minute even if nobody speaks.
pub const SYNC_SILENCE_MAX_MS: i64 = 3 * MINUTE_MS;
/// What could have been sent so long ago and wasn't is stuck.
pub const HEAD_AGE_MAX_MS: i64 = 5 * MINUTE_MS;
/// A loop that tried nothing for so long hangs. Longer than any wait for the homeserver, which the loops give up themselves.
pub const LOOP_SILENCE_MAX_MS: i64 = 10 * MINUTE_MS;

/// Where a life of the bot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It signs in, catches up or waits for its first sync.
    Starting,
    /// It takes in and sends.
    Running,
    /// It was asked to stop.
    Stopping,
}

/// What is known at one moment.
#[derive(Clone, Debug)]
pub struct Signs {
    /// Now.
    pub now_ms: i64,
    /// Where it stands.
    pub phase: Phase,
    /// When this life began.
    pub started_at_ms: i64,
    /// The last sync that the homeserver answered well and that was taken in.
    pub synced_at_ms: Option<i64>,
    /// The last time that a sync ended, well or not.
    pub sync_tried_at_ms: Option<i64>,
    /// Since when the head of the outbox could have been sent; none if nothing could.
    pub head_since_ms: Option<i64>,
    /// The last time that the sender tried something.
    pub send_tried_at_ms: Option<i64>,
    /// What the database said, if it is unwell.
    pub outage: Option<String>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ill {
    /// One line.
    pub reason: String,
    /// A new start may mend it, as it is we who hang. A homeserver that is away or a full disk isn't mended by that.
    pub ours: bool,
}

/// Nothing, or what is wrong.
pub fn examine(signs: &Signs) -> Option<Ill> {
    let outside = |reason: String| Some(Ill { reason, ours: false });
    let silent = |since: Option<i64>| signs.now_ms - since.unwrap_or(signs.started_at_ms);
    let seconds = |ms: i64| ms / 1000;
    if signs.phase == Phase::Stopping {
        return outside("stopping".into());
    }
    if let Some(problem) = &signs.outage {
        return outside(format!("the database is unwell: {problem}"));
    }
    if signs.phase == Phase::Starting || signs.synced_at_ms.is_none() {
        return outside(format!("starting for {} s: no sync yet", seconds(silent(None))));
    }
    let tries = silent(signs.sync_tried_at_ms);
    let deaf = silent(signs.synced_at_ms);
    if deaf >= SYNC_SILENCE_MAX_MS {
        let ours = tries >= LOOP_SILENCE_MAX_MS;
        return Some(Ill { reason: format!("no successful sync for {} s", seconds(deaf)), ours });
    }
    // What lay there at the start has been our business since then only.
    let waits = signs.head_since_ms.map_or(0, |since| signs.now_ms - since.max(signs.started_at_ms));
    if waits >= HEAD_AGE_MAX_MS {
        let ours = silent(signs.send_tried_at_ms) >= LOOP_SILENCE_MAX_MS;
        return Some(Ill { reason: format!("the head of the outbox has waited for {} s", seconds(waits)), ours });
    }
    None
}

/// Since when the head of the outbox could have been sent. What waits for the window of its community doesn't count
/// while that is closed, and counts from its start when it is open.
pub fn head_since_ms(queues: &[Queue], communities: &[Community], now_ms: i64) -> Option<i64> {
    let since = |queue: &Queue| match queue.unasked_in.as_deref() {
        None => Some(queue.oldest_at_ms),
        Some(id) => {
            let community = communities.iter().find(|community| community.id == id)?;
            let (start_ms, _) = evening::window_ms(community, evening::day(community, now_ms));
            evening::is_open(community, now_ms).then(|| queue.oldest_at_ms.max(start_ms))
        }
    };
    queues.iter().filter_map(since).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_767_600_000_000;

    fn well() -> Signs {
        Signs {
            now_ms: NOW_MS,
            phase: Phase::Running,
            started_at_ms: NOW_MS - 60 * MINUTE_MS,
            synced_at_ms: Some(NOW_MS - 1_000),
            sync_tried_at_ms: Some(NOW_MS - 1_000),
            head_since_ms: None,
            send_tried_at_ms: None,
            outage: None,
        }
    }

    fn reason(signs: &Signs) -> Option<String> {
        examine(signs).map(|ill| ill.reason)
    }

    #[test]
    fn a_bot_that_syncs_and_sends_is_well() {
        assert_eq!(examine(&well()), None);
        let waits = Signs { head_since_ms: Some(NOW_MS - HEAD_AGE_MAX_MS + 1), ..well() };
        assert_eq!(examine(&waits), None);
        let quiet = Signs { synced_at_ms: Some(NOW_MS - SYNC_SILENCE_MAX_MS + 1), ..well() };
        assert_eq!(examine(&quiet), None);
    }

    #[test]
    fn three_minutes_without_a_sync_are_too_long() {
        let deaf = Signs { synced_at_ms: Some(NOW_MS - SYNC_SILENCE_MAX_MS), ..well() };
        let ill = examine(&deaf).expect("deaf");
        assert_eq!(ill, Ill { reason: "no successful sync for 180 s".into(), ours: false });
        let hangs = Signs { sync_tried_at_ms: Some(NOW_MS - LOOP_SILENCE_MAX_MS), ..deaf };
        assert!(examine(&hangs).expect("deaf").ours, "a sync that never ends is a fault of ours");
    }

    #[test]
    fn a_head_that_waits_five_minutes_is_stuck() {
        let stuck = Signs { head_since_ms: Some(NOW_MS - HEAD_AGE_MAX_MS), ..well() };
        let tries = Signs { send_tried_at_ms: Some(NOW_MS - 20_000), ..stuck.clone() };
        let ill = examine(&tries).expect("stuck");
        assert_eq!(ill, Ill { reason: "the head of the outbox has waited for 300 s".into(), ours: false });
        assert!(examine(&stuck).expect("stuck").ours, "a sender that tries nothing is a fault of ours");
        // What the bot finds at its start gets the same five minutes.
        let fresh = Signs { started_at_ms: NOW_MS - MINUTE_MS, head_since_ms: Some(0), ..well() };
        assert_eq!(examine(&fresh), None);
    }

    #[test]
    fn an_outage_a_start_and_a_stop_are_named() {
        let ill = Signs { outage: Some("database is locked".into()), ..well() };
        assert_eq!(reason(&ill).as_deref(), Some("the database is unwell: database is locked"));
        let starting = Signs { phase: Phase::Starting, started_at_ms: NOW_MS - 5_000, synced_at_ms: None, ..well() };
        assert_eq!(reason(&starting).as_deref(), Some("starting for 5 s: no sync yet"));
        let stopping = Signs { phase: Phase::Stopping, ..well() };
        assert_eq!(reason(&stopping).as_deref(), Some("stopping"));
    }

    #[test]
    fn what_waits_for_the_evening_does_not_count_until_then() {
        let community = Community::console_default(Vec::new());
        // Monday, 5 January 2026, 18:00 and 18:31 in Shanghai; the window begins at 18:30.
        let (afternoon_ms, evening_ms) = (1_767_607_200_000, 1_767_609_060_000);
        let old = |unasked_in: Option<&str>| Queue {
            unasked_in: unasked_in.map(str::to_owned),
            rows: 1,
            oldest_at_ms: afternoon_ms - 60 * MINUTE_MS,
        };
        let since = |queue: Queue, now_ms| head_since_ms(&[queue], std::slice::from_ref(&community), now_ms);
        assert_eq!(since(old(Some("console")), afternoon_ms), None);
        assert_eq!(since(old(Some("console")), evening_ms), Some(evening_ms - MINUTE_MS));
        assert_eq!(since(old(None), afternoon_ms), Some(afternoon_ms - 60 * MINUTE_MS));
    }
}
