//! The bot's session is revoked, while it runs and while it is stopped: it ends with one sentence and status 1, and after
//! a new login, as the sentence says, everything that was said meanwhile is answered once.

use lamplighter_tests::{
    audit::{self, Seen},
    neighbourhood::Neighbourhood,
    process,
    resident::Extras,
};
use serde_json::json;

use super::{PROGRAM, Result};

/// The bot has this long to notice, in looks of a second each.
const LOOKS_MAX: usize = 120;

/// Revokes the session that the bot keeps.
async fn revoke(neighbourhood: &Neighbourhood) -> Result {
    let kept = std::fs::read(neighbourhood.config.with_file_name("matrix-store").join("session.json"))?;
    let kept: serde_json::Value = serde_json::from_slice(&kept)?;
    let token = kept["access_token"].as_str().ok_or("there is no token")?;
    let url = format!("{}/_matrix/client/v3/logout", neighbourhood.homeserver.url());
    let answer = reqwest::Client::new().post(url).bearer_auth(token).json(&json!({})).send().await?;
    assert!(answer.status().is_success(), "{}", answer.status());
    Ok(())
}

/// Waits for the bot to end, and gives its status and the last line of its log.
async fn end(neighbourhood: &mut Neighbourhood) -> Result<(Option<i32>, String)> {
    for _ in 0..LOOKS_MAX {
        if neighbourhood.bot_has_died()? {
            let status = neighbourhood.bot.as_mut().and_then(|bot| bot.status().transpose()).transpose()?;
            let log = std::fs::read_to_string(process::log_path(&neighbourhood.config))?;
            let last = log.lines().last().unwrap_or_default().to_owned();
            return Ok((status.and_then(|status| status.code()), last));
        }
        neighbourhood.captain.sync_for(std::time::Duration::from_secs(1)).await?;
    }
    Err("the bot goes on without a session".into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_runs_and_while_it_is_stopped() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let room_id = neighbourhood.room_id.clone();
    let mut wishes = Vec::new();
    for running in [true, false] {
        if !running {
            neighbourhood.stop_bot()?;
        }
        revoke(&neighbourhood).await?;
        for index in 0..5 {
            let wish = format!("愿望 {running} {index}");
            neighbourhood.captain.say(&room_id, &format!("！许愿 {wish}"), &Extras::default()).await?;
            wishes.push(wish);
        }
        if !running {
            neighbourhood.start_bot(None)?;
        }
        let (status, last) = end(&mut neighbourhood).await?;
        assert_eq!(status, Some(1), "{last}");
        assert!(last.starts_with("lamplighter: ") && last.contains("no longer accepts"), "{last}");
        assert!(last.contains("log in anew"), "it says what to do: {last}");

        // What the sentence says, with a password.
        let store = neighbourhood.config.with_file_name("matrix-store");
        std::fs::rename(&store, neighbourhood.config.with_file_name(format!("matrix-store.{running}")))?;
        neighbourhood.start_bot(None)?;
        neighbourhood.wait_for_cards(&wishes).await?;
        neighbourhood.expect_one_card_each(&wishes).await?;
        let seen = Seen::by(&neighbourhood.captain, "3号楼", &room_id).await?;
        let storage = neighbourhood.storage().await?;
        let now_ms = chrono::Utc::now().timestamp_millis();
        let findings = audit::audit(&storage, &[seen], &neighbourhood.bot_user_id, now_ms).await?;
        storage.close().await;
        let how = if running { "while it runs; a new login" } else { "while it is stopped; a new login" };
        findings.record("session revoked", how, 1)?;
    }
    Ok(())
}
