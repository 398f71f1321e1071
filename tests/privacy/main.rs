//! What the bot leaves behind of people, as a process of its own on a real Synapse: a log that names nobody, files that only
//! their owner can read whatever the umask, and nothing of whoever asked to be forgotten.
#![cfg(unix)]

mod files;

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use lamplighter_tests::{
    Error,
    neighbourhood::{CLAIM, Neighbourhood},
    process,
    resident::{Extras, Resident},
    view::FILE_MARK,
};
use matrix_sdk::ruma::UserId;

type Result<T = ()> = std::result::Result<T, Error>;

/// The bot.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");
/// In every text that somebody says and that a log must not hold.
const MARK: &str = "独一份";
/// The localpart and the name of who is forgotten; nothing else is called so.
const QIN: (&str, &str) = ("qinlocal7", "秦独名");
const ZHANG: (&str, &str) = ("zhanglocal7", "章独名");
/// How long a person waits for an answer: a machine that does other things besides is slow.
const LOOKS_MAX: usize = 300;

/// The program as an operator may start it who thinks of nothing: with a umask that lets everybody read, and with the log
/// that was asked for.
fn careless(folder: &Path, filter: Option<&str>) -> Result<PathBuf> {
    let path = folder.join("careless");
    let filter = filter.map_or("unset RUST_LOG".to_owned(), |filter| format!("export RUST_LOG={filter}"));
    // A script that runs can't be written to: it is replaced.
    let new = folder.join("careless.new");
    std::fs::write(&new, format!("#!/bin/sh\numask 000\n{filter}\nexec {PROGRAM:?} \"$@\"\n"))?;
    std::fs::set_permissions(&new, PermissionsExt::from_mode(0o755))?;
    std::fs::rename(&new, &path)?;
    Ok(path)
}

/// Waits until a message that holds this stands in somebody's private chat with the bot; gives the chat and the message.
async fn told(resident: &mut Resident, bot: &UserId, text: &str) -> Result<(String, String)> {
    for _ in 0..LOOKS_MAX {
        resident.sync_for(Duration::from_secs(1)).await?;
        let Some(chat) = resident.direct_chat_with(bot) else { continue };
        let messages = resident.view(&chat).messages();
        if let Some(found) = messages.iter().rev().find(|message| message.text.contains(text)) {
            return Ok((chat, found.text.clone()));
        }
    }
    Err(format!("{} is never told {text:?}", resident.name).into())
}

/// Files and folders below this one that somebody else could read.
fn open_to_others(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // The operator's own: the program, its config, what it logs to.
        if matches!(name.as_str(), "lamplighter" | "lamplighter.toml" | "bot.log") {
            continue;
        }
        if entry.metadata()?.permissions().mode() & 0o077 != 0 {
            open.push(entry.path());
        }
        if entry.file_type()?.is_dir() {
            open.extend(open_to_others(&entry.path())?);
        }
    }
    Ok(open)
}

fn holds(path: &Path, needle: &str) -> bool {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_evening_leaves_nothing_behind_that_is_anybodys_business() -> Result {
    let folder = tempfile::tempdir()?;
    let program = careless(folder.path(), None)?;
    let mut neighbourhood = Neighbourhood::start(&program.to_string_lossy(), true).await?;
    let room_id = neighbourhood.room_id.clone();
    let config = neighbourhood.config.clone();
    let home = config.parent().ok_or("a config in a folder")?.to_owned();
    let bot = UserId::parse(&neighbourhood.bot_user_id)?;
    let mut qin = neighbourhood.resident(QIN.0, QIN.1).await?;
    let zhang = neighbourhood.resident(ZHANG.0, ZHANG.1).await?;
    let nothing = Extras::default();

    // An evening: a wish comes true, an activity fills, somebody mistypes, others just talk.
    let wish = format!("{MARK}修灯");
    neighbourhood.captain.say(&room_id, &format!("！许愿 {wish}"), &nothing).await?;
    neighbourhood.wait_for_cards(std::slice::from_ref(&wish)).await?;
    let card = neighbourhood.said_by_bot().await?.into_iter().find(|message| message.text.contains(&wish));
    let card = card.ok_or("no card")?.id;
    qin.tap(&room_id, &card, CLAIM).await?;
    told(&mut qin, &bot, &wish).await?;
    neighbourhood.captain.tap(&room_id, &card, "🙏 确认").await?;
    neighbourhood.wait_for("🎉 谢谢").await?;
    qin.say(&room_id, &format!("！许愿 {MARK}学手机"), &nothing).await?;
    zhang.say(&room_id, &format!("！活动 {MARK}合唱 周六晚7点"), &nothing).await?;
    neighbourhood.wait_for(&format!("{MARK}合唱")).await?;
    qin.say(&room_id, "报名", &nothing).await?;
    zhang.say(&room_id, &format!("！许原 {MARK}"), &nothing).await?;
    zhang.say(&room_id, &format!("{MARK}大家好"), &nothing).await?;
    neighbourhood.wait_for("您是想发").await?;

    // Everything that is kept of somebody, in an encrypted chat, as a file that a client can open.
    qin.say(&room_id, "！我的数据", &nothing).await?;
    let (_, file) = told(&mut qin, &bot, FILE_MARK).await?;
    for text in [QIN.1, &format!("您的 Matrix 账号：@{}:", QIN.0), &wish, "学手机", "合唱", "+10 分"] {
        assert!(file.contains(text), "{text} is missing in\n{file}");
    }

    // While the bot runs, nobody else can read what it keeps.
    assert!(home.join("lamplighter.db-wal").exists() && home.join("matrix-store/session.json").exists());
    assert_eq!(open_to_others(&home)?, Vec::<PathBuf>::new());
    let backup = home.join("backup.db");
    let status = std::process::Command::new(&program)
        .arg("backup")
        .arg(&backup)
        .arg("--config")
        .arg(&config)
        .stdout(std::process::Stdio::null())
        .status()?;
    assert!(status.success());
    assert_eq!(open_to_others(&home)?, Vec::<PathBuf>::new());

    // Once more with the log that operators ask for first, and with a server that goes away.
    neighbourhood.stop_bot()?;
    careless(folder.path(), Some("info"))?;
    neighbourhood.start_bot(None)?;
    zhang.say(&room_id, &format!("！许愿 {MARK}浇花"), &nothing).await?;
    neighbourhood.wait_for(&format!("{MARK}浇花")).await?;
    neighbourhood.homeserver.stop().await?;
    process::wait_for_log(&config, "trying again", Duration::from_secs(120)).await?;
    neighbourhood.homeserver.start_again().await?;

    // Forgotten.
    qin.say(&room_id, "！忘记我", &nothing).await?;
    let (chat, _) = told(&mut qin, &bot, "1 忘记我").await?;
    qin.say(&chat, "1", &nothing).await?;
    told(&mut qin, &bot, "都忘掉了").await?;
    for _ in 0..LOOKS_MAX {
        qin.sync_for(Duration::from_secs(1)).await?;
        if !qin.sees_in(&chat, &bot).await? {
            break;
        }
    }
    assert!(!qin.sees_in(&chat, &bot).await?, "the bot has left the private chat");
    neighbourhood
        .wait_until("the card without the name", |messages| {
            messages.iter().any(|message| message.text.contains("已注销的邻居 已撤回"))
                // A card starts with its sign; what was said in passing stays said.
            && !messages.iter().any(|message| message.text.starts_with(['✨', '📅']) && message.text.contains(QIN.1))
        })
        .await?;
    neighbourhood.stop_bot()?;
    for file in ["lamplighter.db", "lamplighter.db-wal", "lamplighter.handling"] {
        for needle in [QIN.0, QIN.1, "学手机"] {
            assert!(!holds(&home.join(file), needle), "{needle} is still in {file}");
        }
    }
    assert!(holds(&home.join("lamplighter.db"), "合唱"), "what others posted is there");
    let storage = neighbourhood.storage().await?;
    assert_eq!(lamplighter_storage::ledger::trial_balance(&storage).await?, (0, 1));
    let chain = lamplighter_storage::journal::verify(&storage, process::COMMUNITY).await?;
    assert!(chain.is_ok(), "{chain:?}");
    storage.close().await;

    // Whoever comes back is somebody new, with a new private chat.
    neighbourhood.start_bot(None)?;
    qin.say(&room_id, "！我的数据", &nothing).await?;
    let mut again = String::new();
    for _ in 0..LOOKS_MAX {
        qin.sync_for(Duration::from_secs(1)).await?;
        let rooms = qin.joined_rooms().into_iter().filter(|room| *room != chat && *room != room_id);
        let texts = rooms.flat_map(|room| qin.view(&room).messages()).map(|message| message.text);
        if let Some(file) = texts.into_iter().find(|text| text.starts_with(FILE_MARK)) {
            again = file;
            break;
        }
    }
    assert!(again.contains(QIN.1) && !again.contains(MARK) && !again.contains("+10"), "{again}");
    neighbourhood.stop_bot()?;

    // The log, from the first start to the last stop.
    let log = std::fs::read_to_string(process::log_path(&config))?;
    assert!(log.matches("Lamplighter is up").count() == 3, "{log}");
    let session: serde_json::Value = serde_json::from_slice(&std::fs::read(home.join("matrix-store/session.json"))?)?;
    let token = session["access_token"].as_str().ok_or("no token")?.to_owned();
    let recovery_key = std::fs::read_to_string(home.join("matrix-store/recovery-key.txt"))?;
    let own = neighbourhood.bot_user_id.clone();
    let captain = neighbourhood.captain.user_id().to_string();
    for secret in [
        QIN.0,
        QIN.1,
        ZHANG.0,
        ZHANG.1,
        "王楼长",
        &captain,
        &own,
        "3号楼",
        MARK,
        &room_id,
        &chat,
        process::BOT_PASSWORD,
        "a door that is never locked",
        &token,
        recovery_key.trim(),
    ] {
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(secret)).collect();
        assert!(lines.is_empty(), "the log holds {secret:?}: {lines:#?}");
    }
    Ok(())
}
