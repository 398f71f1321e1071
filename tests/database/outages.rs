//! A disk that fills up in mid-evening, one that can't be written, and a file that breaks under a running bot. The disk is
//! a small file system of its own, mounted where only the bot sees it (`unshare`), so the errors are the real ones.

use std::{
    io::{Seek as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use lamplighter_storage::ledger;
use lamplighter_tests::{neighbourhood::Neighbourhood, process, reliability, resident::Extras, tools};

use super::{PROGRAM, Result, said};

/// The disk of the database.
const DISK: &str = "8m";
/// Something is looked for this often in all.
const LOOKS_MAX: usize = 240;
/// And this long each.
const LOOK: Duration = Duration::from_millis(500);
/// Wishes made while nothing can be written.
const WISHES: usize = 8;

/// A program that runs the bot with a small disk at `small/` beside its config. `then` is done there before.
fn on_a_small_disk(folder: &Path, then: &str) -> Result<PathBuf> {
    let (disk, program) = (folder.join("small"), folder.join("bot-on-a-small-disk"));
    std::fs::create_dir_all(&disk)?;
    let inside = format!("mount -t tmpfs -o size={DISK},mode=700 tmpfs {0:?} && {then} exec {PROGRAM:?} \"$@\"", disk);
    std::fs::write(&program, format!("#!/bin/sh\nexec unshare -Urm sh -c '{inside}' sh \"$@\"\n"))?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700))?;
    Ok(program)
}

/// Whether this machine lets a process have mounts of its own.
fn has_mounts() -> Result<bool> {
    let tried = Command::new("unshare").args(["-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
    tools::has("unshare", tried.is_ok_and(|output| output.status.success()))
}

fn log(config: &Path) -> Result<String> {
    Ok(std::fs::read_to_string(process::log_path(config))?)
}

async fn until_logged(neighbourhood: &mut Neighbourhood, text: &str) -> Result {
    for _ in 0..LOOKS_MAX {
        if log(&neighbourhood.config)?.contains(text) {
            return Ok(());
        }
        neighbourhood.captain.sync_for(LOOK).await?;
    }
    Err(format!("the log never says: {text}").into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_and_a_broken_file() -> Result {
    if !has_mounts()? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let program = on_a_small_disk(folder.path(), "")?;
    let disk = folder.path().join("small");
    let url = format!("url = \"sqlite://{}\"", disk.join("lamplighter.db").display());
    let program = program.to_str().ok_or("a path")?;
    let mut neighbourhood =
        Neighbourhood::start_edited(program, true, |config| config.replace("url = \"sqlite://lamplighter.db\"", &url))
            .await?;
    // The disk as the bot sees it.
    let id = neighbourhood.bot.as_ref().ok_or("no bot")?.id();
    let disk = PathBuf::from(format!("/proc/{id}/root{}", disk.display()));
    let mut wishes: Vec<String> = (1..=3 * WISHES).map(|number| format!("第{number}件事")).collect();
    let say = async |neighbourhood: &Neighbourhood, wishes: &[String]| -> Result {
        for wish in wishes {
            let text = format!("！许愿 {wish}");
            neighbourhood.captain.say(&neighbourhood.room_id, &text, &Extras::default()).await?;
        }
        Ok(())
    };
    say(&neighbourhood, &wishes[..WISHES]).await?;
    neighbourhood.wait_for_cards(&wishes[..WISHES]).await?;

    // Full, to the last byte.
    let mut fill = std::fs::File::create(disk.join("fill"))?;
    for piece in [1 << 20, 1 << 12, 1] {
        while fill.write_all(&vec![0; piece]).is_ok() {}
    }
    drop(fill);
    let refused = std::fs::write(disk.join("more"), [0; 8192]);
    assert_eq!(refused.err().and_then(|error| error.raw_os_error()), Some(28), "the disk isn't full");
    say(&neighbourhood, &wishes[WISHES..2 * WISHES]).await?;
    until_logged(&mut neighbourhood, "the database is unwell").await?;
    // It goes on trying; this is how long it does, not a wait for something to happen.
    for _ in 0..10 {
        neighbourhood.captain.sync_for(LOOK).await?;
    }
    assert!(!neighbourhood.bot_has_died()?, "it waits for room");
    std::fs::remove_file(disk.join("fill"))?;
    let _ = std::fs::remove_file(disk.join("more"));
    neighbourhood.wait_for_cards(&wishes[..2 * WISHES]).await?;
    until_logged(&mut neighbourhood, "the database works again").await?;
    say(&neighbourhood, &wishes[2 * WISHES..]).await?;
    neighbourhood.wait_for_cards(&wishes).await?;
    let (lost, doubled) = super::lost_and_doubled(&neighbourhood, &wishes).await?;
    reliability::record(
        "disk full",
        "a file system of 8 MB fills up in mid-evening, then there is room again",
        1,
        lost,
        doubled,
    )?;
    neighbourhood.expect_one_card_each(&wishes).await?;
    let told = log(&neighbourhood.config)?.matches("the database is unwell").count();
    assert!((1..=3).contains(&told), "an outage is told when it begins, not every second: {told}");
    // Asked where the disk is: SQLite would follow the way there back to this side.
    let there = ["--user", "--mount", "--target", &id.to_string(), PROGRAM, "verify", "--config"].map(str::to_owned);
    let (status, said) = said(Command::new("nsenter").args(there).arg(&neighbourhood.config).output()?);
    assert_eq!(status, Some(0), "{said}");

    // The file breaks under the bot: both what is settled and what has just been written.
    for (file, from) in [("lamplighter.db", 100), ("lamplighter.db-wal", 32)] {
        let path = disk.join(file);
        let length = path.metadata()?.len();
        let mut file = std::fs::OpenOptions::new().write(true).open(&path)?;
        file.seek(std::io::SeekFrom::Start(from))?;
        file.write_all(&vec![0xff; usize::try_from(length.saturating_sub(from))?])?;
    }
    let before = neighbourhood.said_by_bot().await?;
    wishes.push("坏了以后".to_owned());
    say(&neighbourhood, &wishes[3 * WISHES..]).await?;
    let mut ended = false;
    for _ in 0..LOOKS_MAX {
        ended = neighbourhood.bot_has_died()?;
        if ended {
            break;
        }
        neighbourhood.captain.sync_for(LOOK).await?;
    }
    assert!(ended, "it goes on with a broken database");
    let log = log(&neighbourhood.config)?;
    let last = log.lines().last().unwrap_or_default();
    assert!(last.contains("its database is damaged") && last.contains("lamplighter restore FILE"), "{last}");
    let after = neighbourhood.said_by_bot().await?;
    let wrong = after.iter().filter(|message| !before.contains(message)).count() as u64;
    reliability::record("database corrupted", "its pages are overwritten under the running bot", 1, 0, wrong)?;
    assert_eq!(after, before, "it says nothing from a broken database");
    Ok(())
}

/// Filled before it is made unwritable, so that the bot finds a database that it knows.
#[tokio::test]
async fn a_database_that_cannot_be_written_is_refused() -> Result {
    if !has_mounts()? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let disk = folder.path().join("small");
    let made = folder.path().join("lamplighter.db");
    let storage = lamplighter_storage::Storage::open(lamplighter_storage::Location::File(&made)).await?;
    assert_eq!(ledger::trial_balance(&storage).await?, (0, 0));
    storage.close().await;
    let config = folder.path().join("lamplighter.toml");
    std::fs::write(
        &config,
        "[matrix]\nhomeserver = \"http://127.0.0.1:9\"\nuser_id = \"@lamplighter:example.org\"\npassword = \"x\"\n\
         [storage]\nurl = \"sqlite://small/lamplighter.db\"\n[[community]]\nid = \"a\"\nname = \"小街三队\"\n",
    )?;
    for then in [
        format!("cp {made:?} {disk:?} && mount -o remount,ro {disk:?} &&"),
        // The folder may be written, the file not, by a user who isn't root.
        format!(
            "cp {made:?} {disk:?} && mount --bind {disk:?}/lamplighter.db {disk:?}/lamplighter.db && mount -o remount,ro,bind {disk:?}/lamplighter.db &&"
        ),
    ] {
        let program = on_a_small_disk(folder.path(), &then)?;
        let output = Command::new(&program).args(["run", "--config"]).arg(&config).output()?;
        let (status, said) = said(output);
        assert_eq!((status, said.lines().count()), (Some(1), 1), "{then}: {said}");
        assert!(said.contains("must be") && said.contains("writ"), "{then}: {said}");
    }
    reliability::record("database read-only", "its folder, or the file alone, when the bot starts: refused", 2, 0, 0)?;
    Ok(())
}
