//! Starting and not being able to: one sentence and exit status 1. And what the first login leaves behind.

use std::{path::Path, process::Command};

use lamplighter_tests::{
    homeserver::{Homeserver, Limits},
    neighbourhood::Neighbourhood,
    process,
};

use super::{PROGRAM, Result};

/// Runs the bot until it gives up; exit status and what it says last.
fn give_up(config: &Path) -> Result<(Option<i32>, String)> {
    let output = Command::new(PROGRAM).arg("run").arg("--config").arg(config).output()?;
    let said = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
    Ok((output.status.code(), said))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stops_the_bot_is_said_in_one_sentence() -> Result {
    let mut homeserver = Homeserver::start(Limits::None).await?;
    homeserver.register(process::BOT, "another password").await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[])?;
    let (status, said) = give_up(&config)?;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("refuses the password"), "{said}");
    homeserver.stop().await?;
    let (status, said) = give_up(&config)?;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("does not answer"), "{said}");
    std::fs::write(&config, "[storage]\nurl = 3\n[[community]]\nid = \"A B\"\nnam = \"x\"\n")?;
    let output = Command::new(PROGRAM).arg("run").arg("--config").arg(&config).output()?;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for key in ["lamplighter.toml:2: storage.url", "community[0].id", "community[0].nam"] {
        assert!(said.contains(key), "{key} is missing in:\n{said}");
    }
    let output = Command::new(PROGRAM).arg("walk").output()?;
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_session_is_kept_and_the_bot_is_cross_signed() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let store = neighbourhood.config.with_file_name("matrix-store");
    for file in ["session.json", "recovery-key.txt"] {
        let path = store.join(file);
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path)?.permissions());
        assert_eq!(mode & 0o777, 0o600, "{file} is for its owner only");
    }
    let session: serde_json::Value = serde_json::from_slice(&std::fs::read(store.join("session.json"))?)?;
    let device_id = session["device_id"].as_str().ok_or("no device id")?.to_owned();
    let token = session["access_token"].as_str().ok_or("no token")?.to_owned();
    assert!(neighbourhood.captain.trusts_own_signature(&neighbourhood.bot_user_id, &device_id).await?);
    // With the token and device of that session in place of the password, the same device goes on.
    neighbourhood.stop_bot()?;
    let text = std::fs::read_to_string(&neighbourhood.config)?;
    let password = format!("password = {:?}", process::BOT_PASSWORD);
    let with_token = format!("access_token = {token:?}\ndevice_id = {device_id:?}");
    std::fs::write(&neighbourhood.config, text.replace(&password, &with_token))?;
    neighbourhood.start_bot(None)?;
    let room_id = neighbourhood.room_id.clone();
    neighbourhood.captain.say(&room_id, "！许愿 修灯", &Default::default()).await?;
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await
}

/// The bot has this many looks at an invitation.
const LOOKS_MAX: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_by_somebody_else_is_declined_with_a_reason() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    neighbourhood.stop_bot()?;
    let server = neighbourhood.homeserver.server_name().to_owned();
    let text = std::fs::read_to_string(&neighbourhood.config)?;
    let only_the_captain = text.replace(&format!("@*:{server}"), &format!("@captain:{server}"));
    assert_ne!(text, only_the_captain);
    std::fs::write(&neighbourhood.config, only_the_captain)?;
    // The invitation comes while the bot is away: it is taken from the list of invitations, not from an event.
    let stranger = neighbourhood.homeserver.person("stranger", None).await?;
    let room_id = stranger.create_room("别的楼", &[&neighbourhood.bot_user_id], None, false).await?;
    neighbourhood.start_bot(None)?;
    let mut since: Option<String> = None;
    for _ in 0..LOOKS_MAX {
        let member = stranger.state(&room_id, "m.room.member", &neighbourhood.bot_user_id).await?.unwrap_or_default();
        if member["membership"] == "leave" {
            assert_eq!(member["reason"], "我只接受登记过的人邀请，请找社区管理员。");
            return Ok(());
        }
        let news = stranger.sync(since.as_deref(), 2_000, None).await?;
        since = news["next_batch"].as_str().map(str::to_owned);
    }
    Err("the invitation isn't declined".into())
}
