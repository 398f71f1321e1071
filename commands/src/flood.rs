//! Against floods: everybody has a bucket of commands and one of taps, and every room one of what is said there in answer
//! to commands. Whoever empties theirs is told once, politely, and not heard until they have been calm for a while. The
//! buckets are pure values; they are kept in the transaction of what draws from them, so that the same event never draws
//! twice, a restart fills nothing, and time is when things were said, not when a backlog is read.
//!
//! Never held back, because it can't be said again: taps taken back (there is at most one for each tap), and in a room that
//! is too fast whatever could as well be tapped. A whole room that answers a poll is no flood: everybody has their own
//! bucket, and an answer makes the bot say nothing.

use lamplighter_storage::{
    bucket::{self, Bucket, Kind},
    outbox::Lane,
    room,
};

use crate::{
    evening::HOUR_MS,
    fault::Fault,
    feature::{Bare, Feature, Word},
    house::General,
    scene::Scene,
};

/// How fast a bucket empties and fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So much may be done at once.
    pub burst: i64,
    /// One more after each of these.
    pub every_ms: i64,
    /// Once empty, this much must have come back before anything is done again.
    pub recovered: i64,
}

/// How fast people and rooms may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One person's commands.
    pub commands: Rate,
    /// One person's taps and answers to native polls.
    pub taps: Rate,
    /// What is said in one room in answer to commands.
    pub room: Rate,
}

/// A person's commands at once: a captain who types up a paper list after a meeting sends fifty.
const COMMANDS_MAX: i64 = 60;
/// Nobody types faster than ten commands a minute for long.
const COMMAND_EVERY_MS: i64 = 6_000;
/// After a minute of calm.
const COMMANDS_RECOVERED: i64 = 10;
/// A person's taps at once: more than the party members of a hall whom a steward lets in one after the other.
const TAPS_MAX: i64 = 300;
const TAP_EVERY_MS: i64 = 1_000;
const TAPS_RECOVERED: i64 = 60;
/// Answers in a room at once: more than the two thousand wishes that a full hall may post when it is asked to.
const ROOM_MAX: i64 = 2_400;
const ROOM_EVERY_MS: i64 = 1_000;
const ROOM_RECOVERED: i64 = 60;
/// Whoever was told isn't told again sooner than after this.
const NOTICE_EVERY_MS: i64 = HOUR_MS;

impl Default for Limits {
    fn default() -> Self {
        Self {
            commands: Rate { burst: COMMANDS_MAX, every_ms: COMMAND_EVERY_MS, recovered: COMMANDS_RECOVERED },
            taps: Rate { burst: TAPS_MAX, every_ms: TAP_EVERY_MS, recovered: TAPS_RECOVERED },
            room: Rate { burst: ROOM_MAX, every_ms: ROOM_EVERY_MS, recovered: ROOM_RECOVERED },
        }
    }
}

impl Limits {
    /// None that anybody could reach, for measuring how fast the bot is.
    pub fn none() -> Self {
        let rate = Rate { burst: 1_000_000, every_ms: 1, recovered: 1 };
        Self { commands: rate, taps: rate, room: rate }
    }
}

/// Thousandths in one.
const MILLI: i64 = 1_000;

impl Rate {
    /// A bucket that was never used.
    pub fn full(self, at_ms: i64) -> Bucket {
        Bucket { level_milli: self.burst * MILLI, at_ms, dry: false, notice_at_ms: None }
    }

    /// What is in the bucket then. Whoever claims to have spoken earlier than before gains nothing.
    pub fn filled(self, bucket: Bucket, at_ms: i64) -> Bucket {
        let at_ms = at_ms.max(bucket.at_ms);
        let came = (at_ms - bucket.at_ms).saturating_mul(MILLI) / self.every_ms;
        let level_milli = bucket.level_milli.saturating_add(came).min(self.burst * MILLI);
        let dry = bucket.dry && level_milli < self.recovered * MILLI;
        Bucket { level_milli, at_ms, dry, ..bucket }
    }

    /// Takes one; false: there is none, or it ran empty and hasn't recovered.
    pub fn draw(self, bucket: Bucket, at_ms: i64) -> (Bucket, bool) {
        let filled = self.filled(bucket, at_ms);
        if filled.dry || filled.level_milli < MILLI {
            return (Bucket { dry: true, ..filled }, false);
        }
        (Bucket { level_milli: filled.level_milli - MILLI, ..filled }, true)
    }
}

/// Who or what is too fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooFast {
    /// The person who types.
    Person,
    /// The person who taps.
    Tapper,
    /// Everybody in the room together.
    Room,
}

/// Whether a command could as well be a tap, so that it must not be lost and makes the bot say nothing in the room.
fn could_be_tapped(feature: &Feature, word: &Word) -> bool {
    word.bare != Bare::No || (feature.name, word.key) == ("poll", "vote")
}

/// Whether a command (or, without one, a text that will be answered) may be done now. If not, and if it is time to say so,
/// that has been said.
pub(crate) async fn admits(scene: &mut Scene<'_>, command: Option<(&Feature, &Word)>) -> Result<bool, Fault> {
    let limits = scene.house.limits;
    let me = scene.actor.person_id.to_string();
    if !draw(scene, Kind::Command, &me, limits.commands, TooFast::Person).await? {
        return Ok(false);
    }
    if scene.is_direct() || command.is_some_and(|(feature, word)| could_be_tapped(feature, word)) {
        return Ok(true);
    }
    // Drawn from afterwards, and only if something was said.
    let room_id = scene.incoming.room_id.clone();
    let Some(bucket) = bucket::get(scene.tx, Kind::Room, &room_id).await? else { return Ok(true) };
    let filled = limits.room.filled(bucket, scene.said_at_ms);
    if !filled.dry {
        return Ok(true);
    }
    refuse(scene, Kind::Room, &room_id, filled, TooFast::Room).await?;
    Ok(false)
}

/// Whether a tap or an answer to a native poll may be counted now.
pub(crate) async fn admits_tap(scene: &mut Scene<'_>) -> Result<bool, Fault> {
    let limits = scene.house.limits;
    let me = scene.actor.person_id.to_string();
    draw(scene, Kind::Tap, &me, limits.taps, TooFast::Tapper).await
}

/// What a command made the bot say in the room is drawn from the room's bucket.
pub(crate) async fn answered(scene: &mut Scene<'_>) -> Result<(), Fault> {
    if scene.is_direct() || scene.said_here == 0 {
        return Ok(());
    }
    let rate = scene.house.limits.room;
    let room_id = scene.incoming.room_id.clone();
    let bucket = bucket::get(scene.tx, Kind::Room, &room_id).await?;
    let bucket = bucket.unwrap_or_else(|| rate.full(scene.said_at_ms));
    let (drawn, _) = rate.draw(bucket, scene.said_at_ms);
    Ok(bucket::put(scene.tx, Kind::Room, &room_id, drawn).await?)
}

async fn draw(scene: &mut Scene<'_>, kind: Kind, subject: &str, rate: Rate, who: TooFast) -> Result<bool, Fault> {
    let bucket = bucket::get(scene.tx, kind, subject).await?.unwrap_or_else(|| rate.full(scene.said_at_ms));
    let (drawn, admitted) = rate.draw(bucket, scene.said_at_ms);
    if admitted {
        bucket::put(scene.tx, kind, subject, drawn).await?;
    } else {
        refuse(scene, kind, subject, drawn, who).await?;
    }
    Ok(admitted)
}

async fn refuse(
    scene: &mut Scene<'_>,
    kind: Kind,
    subject: &str,
    mut bucket: Bucket,
    who: TooFast,
) -> Result<(), Fault> {
    let told = bucket.notice_at_ms.is_some_and(|at_ms| bucket.at_ms - at_ms < NOTICE_EVERY_MS);
    if !told {
        bucket.notice_at_ms = Some(bucket.at_ms);
        if scene.community.is_none() {
            // In the language of the place.
            let room = room::get(scene.tx, &scene.incoming.room_id).await?;
            scene.community = room.and_then(|room| room.community_id).and_then(|id| scene.house.community(&id));
        }
        let reply = General::TooFast { who };
        if who == TooFast::Tapper {
            let me = scene.actor.person_id;
            scene.tell_quietly(me, Lane::Answer, &reply).await?;
        } else {
            scene.answer(&reply).await?;
        }
    }
    Ok(bucket::put(scene.tx, kind, subject, bucket).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evening::MINUTE_MS;

    const RATE: Rate = Rate { burst: 3, every_ms: 1_000, recovered: 2 };

    #[test]
    fn a_bucket_empties_and_recovers() {
        let mut bucket = RATE.full(0);
        for (at_ms, expected) in [
            (0, true),
            (0, true),
            (0, true),
            (0, false),
            // One has come back, but that is not calm yet.
            (1_500, false),
            (2_000, true),
            (2_000, true),
            (2_000, false),
            // A clock that goes back fills nothing.
            (1_000, false),
            (3_999, false),
            (1_000_000, true),
            (1_000_000, true),
            (1_000_000, true),
            (1_000_000, false),
        ] {
            let (drawn, admitted) = RATE.draw(bucket, at_ms);
            assert_eq!(admitted, expected, "at {at_ms}: {bucket:?}");
            bucket = drawn;
        }
    }

    #[test]
    fn no_time_is_too_long() {
        let (bucket, admitted) = RATE.draw(RATE.full(i64::MIN / 2), i64::MAX / 2);
        assert!(admitted && bucket.level_milli == 2 * MILLI, "{bucket:?}");
    }

    #[test]
    fn whoever_was_calm_for_long_enough_has_recovered() {
        for rate in [Limits::default().commands, Limits::default().taps, Limits::default().room] {
            assert!(rate.recovered <= rate.burst && rate.recovered * rate.every_ms <= 2 * MINUTE_MS, "{rate:?}");
        }
    }
}
