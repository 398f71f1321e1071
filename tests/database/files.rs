//! Files that are no whole database: each is refused in one sentence that says what to do, and is left as it is. None of
//! it needs a homeserver: the bot looks at its database first.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use lamplighter_tests::reliability;

use super::{PROGRAM, Result, run, said};

const PAGE_BYTES: usize = 4096;

/// An evening on the console, so that every kind of row is there.
const EVENING: &str = include_str!("../../storage/tests/filled/evening.jsonl");

/// Plays an evening on a database.
fn play(database: &Path, lines: &str) -> Result<(Option<i32>, String)> {
    let config = database.with_file_name("console.toml");
    std::fs::write(
        &config,
        "[storage]\nurl = \"sqlite://unused.db\"\n[[community]]\nid = \"console\"\nname = \"小街三队\"\nstewards = [\"赵主任\"]\n",
    )?;
    let evening = database.with_file_name("evening.jsonl");
    std::fs::write(&evening, lines)?;
    let played = Command::new(PROGRAM)
        .args(["console", "--jsonl", "--db"])
        .arg(database)
        .arg("--config")
        .arg(config)
        .stdin(std::fs::File::open(&evening)?)
        .output()?;
    Ok(said(played))
}

/// A config for a bot whose homeserver nobody answers for.
fn config(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("lamplighter.toml");
    std::fs::write(
        &path,
        "[matrix]\nhomeserver = \"http://127.0.0.1:9\"\nuser_id = \"@lamplighter:example.org\"\npassword = \"x\"\n\
         [storage]\nurl = \"sqlite://lamplighter.db\"\n[[community]]\nid = \"console\"\nname = \"小街三队\"\n",
    )?;
    Ok(path)
}

fn pages(bytes: &[u8]) -> usize {
    bytes.len() / PAGE_BYTES
}

#[test]
fn what_is_no_whole_database_is_refused() -> Result {
    let folder = tempfile::tempdir()?;
    let config = config(folder.path())?;
    let database = folder.path().join("lamplighter.db");
    let played = folder.path().join("played.db");
    let (status, said) = play(&played, EVENING)?;
    assert_eq!(status, Some(0), "{said}");
    assert!(!said.contains("\"error\""), "{said}");
    // A file that holds all of it, with nothing beside it.
    let whole = folder.path().join("whole.db");
    let (status, told) = run(&["backup", whole.to_str().ok_or("a path")?], "--db", &played)?;
    assert_eq!(status, Some(0), "{told}");
    let good = std::fs::read(&whole)?;
    assert!(pages(&good) > 20, "{} pages", pages(&good));
    let flipped = |at: usize, length: usize| {
        let mut bytes = good.clone();
        for byte in bytes.iter_mut().skip(at).take(length) {
            *byte ^= 0xff;
        }
        bytes
    };
    let middle = pages(&good) / 2 * PAGE_BYTES;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("the first byte", flipped(0, 1)),
        ("the header", flipped(16, 80)),
        ("the first page", flipped(100, 1000)),
        ("pages in the middle", flipped(middle, 3 * PAGE_BYTES)),
        ("zeros in the middle", {
            let mut bytes = good.clone();
            bytes.iter_mut().skip(middle).take(PAGE_BYTES).for_each(|byte| *byte = 0);
            bytes
        }),
        ("the last pages", flipped(good.len() - 2 * PAGE_BYTES, 2 * PAGE_BYTES)),
        ("cut to half", good[..middle].to_vec()),
        ("cut inside a page", good[..good.len() - 1000].to_vec()),
        ("cut in the header", good[..50].to_vec()),
        ("something else", "这不是数据库。".repeat(1000).into_bytes()),
    ];
    for (what, bytes) in &cases {
        for side in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("lamplighter.db{side}")));
        }
        std::fs::write(&database, bytes)?;
        for (arguments, file, path) in
            [(vec!["run"], "--config", &config), (vec!["console", "--jsonl"], "--db", &database)]
        {
            let (status, said) = run(&arguments, file, path)?;
            assert_eq!(status, Some(1), "{what}: {said}");
            assert!(said.contains("lamplighter restore FILE"), "{what}: {said}");
            assert_eq!(said.lines().count(), 1, "{what}: {said}");
        }
        let (status, said) = run(&["verify"], "--config", &config)?;
        assert_eq!((status, said.lines().count()), (Some(1), 1), "{what}: {said}");
        assert!(said.contains("lamplighter restore"), "{what}: {said}");
        assert!(std::fs::read(&database)? == *bytes, "{what}: it is left as it is");
        let backup = folder.path().join("backup.db");
        let (status, said) = run(&["backup", backup.to_str().ok_or("a path")?], "--config", &config)?;
        assert_eq!(status, Some(1), "{what}: {said}");
        assert!(!backup.exists(), "{what}: nothing is called a backup that isn't good");
    }
    let tried = cases.len() as u64;
    reliability::record("database truncated or corrupted", "in ten ways, when the bot starts: refused", tried, 0, 0)?;
    Ok(())
}

#[test]
fn an_empty_file_is_new_only_where_nothing_was() -> Result {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("lamplighter.db");
    std::fs::write(&database, "")?;
    let (status, said) = play(&database, EVENING)?;
    assert_eq!(status, Some(0), "{said}");
    // Emptied by a dying disk; the changes beside it are still there.
    for (side, bytes) in [("lamplighter.db-wal", "changes"), ("lamplighter.handling", "")] {
        std::fs::write(&database, "")?;
        let beside = folder.path().join(side);
        std::fs::write(&beside, bytes)?;
        let (status, said) = play(&database, "")?;
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains("the file is empty, and was not before") && said.contains("restore FILE"), "{said}");
        assert_eq!(std::fs::read(&beside)?, bytes.as_bytes(), "{side} is left as it is");
        std::fs::remove_file(&beside)?;
    }
    std::fs::remove_file(&database)?;
    std::fs::write(folder.path().join("lamplighter.db-wal"), "changes")?;
    let (status, said) = play(&database, "")?;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("the file is gone, and its changes (-wal) are still there"), "{said}");
    Ok(())
}

#[test]
fn a_restore_needs_a_good_backup_and_keeps_what_was_there() -> Result {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("lamplighter.db");
    let backup = folder.path().join("backup.db");
    let name = backup.to_str().ok_or("a path")?;
    let kept = || -> Result<usize> {
        let names = std::fs::read_dir(folder.path())?.flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        // Its side files are kept with it.
        Ok(names.filter(|name| name.contains(".kept-") && !name.ends_with("-wal") && !name.ends_with("-shm")).count())
    };
    let (status, said) = play(&database, EVENING)?;
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(run(&["backup", name], "--db", &database)?.0, Some(0));
    let good = std::fs::read(&backup)?;
    let present = std::fs::read(&database)?;
    // A bad backup changes nothing.
    let mut bad = good.clone();
    let middle = pages(&good) / 2 * PAGE_BYTES;
    bad.iter_mut().skip(middle).take(PAGE_BYTES).for_each(|byte| *byte ^= 0xff);
    std::fs::write(&backup, bad)?;
    let (status, said) = run(&["restore", name], "--db", &database)?;
    assert_eq!((status, said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.contains("is not a good backup, and nothing was changed"), "{said}");
    assert!(std::fs::read(&database)? == present && kept()? == 0, "nothing was changed");
    assert_eq!(run(&["restore", "nowhere.db"], "--db", &database)?.0, Some(1));
    let own = database.to_str().ok_or("a path")?;
    assert!(run(&["restore", own], "--db", &database)?.1.contains("that is the database itself"));
    // A restore that was cut short: nothing starts on what may be half done, and the next one mends it.
    std::fs::write(&backup, &good)?;
    std::fs::write(folder.path().join("lamplighter.db.restoring"), "half")?;
    let (status, said) = play(&database, "")?;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("was cut short") && said.contains("run lamplighter restore again"), "{said}");
    // A damaged database is kept like any other.
    std::fs::write(&database, "broken")?;
    let (status, said) = run(&["restore", name], "--db", &database)?;
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("restored from") && said.contains(".kept-"), "{said}");
    assert_eq!(kept()?, 1);
    assert!(std::fs::read(&backup)? == good, "the backup itself is left alone");
    let (status, said) = run(&["verify"], "--db", &database)?;
    assert_eq!(status, Some(0), "{said}");
    let (status, said) = play(
        &database,
        "{\"do\":\"say\",\"id\":\"new\",\"room\":\"3号楼\",\"by\":\"李阿姨\",\"text\":\"！许愿 换灯泡\"}\n",
    )?;
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("✨ 心愿 201：换灯泡") || said.contains("✨ 心愿 **201"), "numbers go on further up: {said}");
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(&database)?.permissions().mode() & 0o777, 0o600);
    Ok(())
}

#[test]
fn verify_names_the_first_bad_row() -> Result {
    let folder = tempfile::tempdir()?;
    let good = folder.path().join("good.db");
    let (status, said) = play(&good, EVENING)?;
    assert_eq!(status, Some(0), "{said}");
    for (change, named) in CHANGES {
        let bad = folder.path().join("bad.db");
        std::fs::copy(&good, &bad)?;
        let done = Command::new("python3").args(["-c", CHANGE]).arg(&bad).arg(change).output()?;
        assert!(done.status.success(), "{change}: {}", String::from_utf8_lossy(&done.stderr));
        let (status, said) = run(&["verify"], "--db", &bad)?;
        assert_eq!(status, Some(1), "{change} goes unnoticed: {said}");
        assert!(said.contains(named), "{change}: {said}");
    }
    Ok(())
}

/// What somebody with a database browser could do.
const CHANGE: &str = "import sqlite3, sys\n\
    db = sqlite3.connect(sys.argv[1])\n\
    db.execute('pragma foreign_keys = off')\n\
    db.executescript(sys.argv[2])\n\
    db.commit()\n";

/// A change, and what verify says of it.
const CHANGES: [(&str, &str); 13] = [
    ("drop trigger journal_is_never_updated", "schema, row journal_is_never_updated: the trigger is missing"),
    ("create table extra (a)", "schema, row extra: the table isn't the program's"),
    ("drop index card_by_number", "schema, row card_by_number: the index is missing"),
    ("update journal_payload set payload = '{}' where sequence = 2", "journal, row 2 of console"),
    ("update wish set room_id = 'nowhere' where number = 1", "wish, row"),
    (
        "update wish set state = 'withdrawn', helper_id = null where number = 1",
        "wish, row 1 of console: is in another state",
    ),
    ("update seat set adults = adults + 1", "activity, row"),
    ("update community set next_number = 2", "community, row console: would give number 2 again"),
    ("update card set open = 1 - open where kind = 'wish' and number = 1", "card, row"),
    ("delete from chip where card_id in (select card_id from card where kind = 'wish')", "the chips under wish"),
    ("update card set number = 999 where card_id = 1", "card, row 1: there is no number 999"),
    (
        "delete from wish_standby; delete from wish where number = 1",
        "item, row 1 of console: its row of wish isn't there",
    ),
    (
        "drop trigger transfer_is_never_updated; update transfer set amount = amount + 1; create trigger \
         transfer_is_never_updated before update on transfer\n    begin select raise(abort, 'transfers are never updated'); end",
        "transfer, row",
    ),
];

#[test]
fn what_was_asked_is_answered_after_a_restart() -> Result {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("dialogue.db");
    let room = "{\"do\":\"room\",\"id\":\"r\",\"room\":\"3号楼\",\"kind\":\"building\",\"members\":{\"李阿姨\":0}}\n";
    let say = |id: &str, text: &str| {
        format!("{{\"do\":\"say\",\"id\":\"{id}\",\"room\":\"3号楼\",\"by\":\"李阿姨\",\"text\":\"{text}\"}}\n")
    };
    let (_, asked) = play(&database, &format!("{room}{}", say("e1", "！许愿")))?;
    assert!(asked.contains("什么忙"), "{asked}");
    let (status, answered) = play(&database, &format!("{room}{}", say("e2", "修三楼的灯")))?;
    assert!(status == Some(0) && answered.contains("心愿 1") && answered.contains("修三楼的灯"), "{answered}");
    Ok(())
}
