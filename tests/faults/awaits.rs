//! The process dies at one await after the other, from claiming an event to marking its answers sent, and starts again:
//! each wish still gets one card. (`delivery/crash_points.rs` has the named places, each over a whole wish.)

use lamplighter::crash_point;
use lamplighter_storage::outbox;
use lamplighter_tests::{
    audit::{self, Seen},
    neighbourhood::{CLAIM, Neighbourhood, wish_of},
    process,
    resident::Extras,
};

use super::{PROGRAM, Result};

/// Every so many awaits are tried; all of them if `LAMPLIGHTER_THOROUGH` is set.
const STRIDE: usize = 3;
/// The bot has this many looks at the room to die or to answer.
const LOOKS_MAX: usize = 300;
/// One wish has fewer awaits than this.
const AWAITS_MAX: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_one_await_after_the_other() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let room_id = neighbourhood.room_id.clone();
    let thorough = std::env::var_os("LAMPLIGHTER_THOROUGH").is_some();
    let stride = if thorough { 1 } else { STRIDE };
    let storage = neighbourhood.storage().await?;
    let mut wishes = Vec::new();
    let mut died = 0;
    for place in crash_point::AWAITS {
        for passing in (0..AWAITS_MAX).step_by(stride) {
            neighbourhood.stop_bot()?;
            neighbourhood.start_bot(Some(&format!("{place}={passing}*off->return")))?;
            let wish = format!("愿望 {} {passing}", place.replace("::await", ""));
            neighbourhood.captain.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
            wishes.push(wish.clone());
            let mut has_died = false;
            for _ in 0..LOOKS_MAX {
                has_died = neighbourhood.bot_has_died()?;
                let messages = neighbourhood.said_by_bot().await?;
                let is_there = |text: &str| wish_of(text) == Some(&wish);
                let ready = |chips: &[(String, usize)]| chips.iter().any(|(key, _)| key == CLAIM);
                let answered = messages.iter().any(|message| is_there(&message.text) && ready(&message.chips));
                // The room shows an answer before it is marked as sent.
                if has_died || (answered && outbox::depth(&storage).await? == 0) {
                    break;
                }
                neighbourhood.captain.sync_for(std::time::Duration::from_millis(200)).await?;
            }
            // One that hasn't died still may while it is asked to stop.
            neighbourhood.kill_bot()?;
            neighbourhood.start_bot(None)?;
            neighbourhood.wait_for_cards(std::slice::from_ref(&wish)).await?;
            if !has_died {
                process::say(&format!("{place}: a wish has fewer than {passing} awaits"));
                break;
            }
            died += 1;
        }
    }
    neighbourhood.stop_bot()?;
    let seen = Seen::by(&neighbourhood.captain, "3号楼", &room_id).await?;
    let now_ms = chrono::Utc::now().timestamp_millis();
    let findings = audit::audit(&storage, &[seen], &neighbourhood.bot_user_id, now_ms).await?;
    storage.close().await;
    let how = if thorough { "at every await, a wish each" } else { "at every third await, a wish each" };
    findings.record("process dies between claiming an event and marking its answers sent", how, died)?;
    neighbourhood.expect_one_card_each(&wishes).await
}
