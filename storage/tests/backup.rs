//! Backups: taken while a writer commits, each is one instant of the database, whole and in order; what isn't in order
//! is called so. And a database is visited without being changed.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use lamplighter_storage::{
    Location, Storage, backup,
    journal::{self, Entry},
    ledger::{self, Grant},
    person, room,
    verify::Books,
    visit::Visit,
};

const COMMUNITY: &str = "a";
/// The writer commits at least this many transactions, of five rows each.
const TRANSACTIONS: i64 = 400;
/// Links of the journal that each transaction appends: two of its own and one of the payment.
const LINKS_EACH: i64 = 3;

/// What is wrong with a file; nothing if all is well.
async fn complaint(path: &Path) -> Option<String> {
    let mut books = match Books::open(path).await {
        Ok(books) => books,
        Err(error) => return Some(error.to_string()),
    };
    let verdict = books.look().await.map_err(|error| error.to_string());
    let _ = books.close().await;
    match verdict {
        Ok(Ok(())) => None,
        Ok(Err(bad)) => Some(bad.to_string()),
        Err(error) => Some(error),
    }
}

async fn write(storage: &Storage, number: i64, pseudonym: &[u8]) {
    let mut tx = storage.begin().await.expect("a transaction");
    for kind in ["wish.posted", "wish.confirmed"] {
        let entry = Entry {
            community_id: COMMUNITY,
            kind,
            number: Some(number),
            pseudonym: Some(pseudonym),
            proxy: None,
            at_ms: number,
            payload: "{\"text\":\"修楼道灯，三楼那盏\"}",
            cause: "$event",
            salt: [3; 16],
        };
        journal::append(&mut tx, entry).await.expect("a link");
    }
    let grant = Grant {
        community_id: COMMUNITY,
        currency: "points",
        rule: "wish_fulfilled",
        number,
        pseudonym,
        amount: 10,
        at_ms: number,
        cause: "$event",
        salt: [4; 16],
    };
    assert!(ledger::pay(&mut tx, grant).await.expect("a payment"));
    tx.commit().await.expect("a commit");
}

async fn new_database(folder: &Path) -> (PathBuf, Storage, Vec<u8>) {
    let path = folder.join("lamplighter.db");
    let storage = Storage::open(Location::File(&path)).await.expect("a database");
    let mut tx = storage.begin().await.expect("a transaction");
    room::declare_communities(&mut tx, [COMMUNITY].into_iter()).await.expect("a community");
    let person = person::seen(&mut tx, "@li:example.org", "李阿姨").await.expect("a person");
    let pseudonym = person::pseudonym(&mut tx, COMMUNITY, person.person_id, [1; 16]).await.expect("a pseudonym");
    for (room_id, bound) in [("!3:example.org", true), ("!5:example.org", false)] {
        room::joined(&mut tx, room_id, "楼", 1).await.expect("a room");
        if bound {
            room::bind(&mut tx, room_id, COMMUNITY, "building", "3号楼").await.expect("a bound room");
        }
    }
    tx.commit().await.expect("a commit");
    (path, storage, pseudonym)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_taken_while_a_writer_commits_is_one_instant() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, storage, pseudonym) = new_database(folder.path()).await;
    let done = Arc::new(AtomicI64::new(0));
    let ended = Arc::new(AtomicBool::new(false));
    let copies = async {
        let mut copies = Vec::new();
        while !ended.load(Ordering::SeqCst) {
            let into = folder.path().join(format!("copy-{}.db", copies.len()));
            std::fs::File::create(&into).expect("an empty file");
            let before = done.load(Ordering::SeqCst);
            backup::copy(&path, &into).await.expect("a copy");
            copies.push((into, before, done.load(Ordering::SeqCst)));
        }
        copies
    };
    let writing = async {
        for number in 1..=TRANSACTIONS {
            write(&storage, number, &pseudonym).await;
            done.store(number, Ordering::SeqCst);
        }
        ended.store(true, Ordering::SeqCst);
    };
    let ((), copies) = tokio::join!(writing, copies);
    let mut between = 0;
    for (copy, before, after) in &copies {
        assert_eq!(complaint(copy).await, None);
        // Opened as the bot opens it after a restore.
        let restored = Storage::open(Location::File(copy)).await.expect("a copy that can be opened");
        let (sum, transfers) = ledger::trial_balance(&restored).await.expect("a ledger");
        assert_eq!(sum, 0);
        assert!((*before..=*after + 1).contains(&transfers), "{before} ≤ {transfers} ≤ {after} + 1");
        let links = journal::verify(&restored, COMMUNITY).await.expect("a journal");
        assert_eq!(links, Ok(transfers * LINKS_EACH), "every transaction is there whole or not at all");
        between += i64::from(0 < transfers && transfers < TRANSACTIONS);
        restored.close().await;
    }
    assert!(between > 0, "no copy was taken while the writer was at work");
    let (sum, transfers) = ledger::trial_balance(&storage).await.expect("a ledger");
    assert_eq!((sum, transfers), (0, TRANSACTIONS), "the writer noticed nothing");
}

#[tokio::test]
async fn what_is_not_in_order_is_called_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, storage, pseudonym) = new_database(folder.path()).await;
    for number in 1..=50 {
        write(&storage, number, &pseudonym).await;
    }
    let copy = folder.path().join("copy.db");
    std::fs::File::create(&copy).expect("an empty file");
    assert_eq!(complaint(&copy).await.as_deref(), Some("schema: it holds nothing of ours"));
    backup::copy(&path, &copy).await.expect("a copy");
    assert!(backup::copy(&path, &copy).await.is_err(), "a file that holds something isn't written over");
    let bytes = std::fs::read(&copy).expect("the copy");
    // A page of zeros in the middle, as a dying disk leaves them.
    let mut broken = bytes.clone();
    let middle = bytes.len() / 2 / 4096 * 4096;
    broken[middle..middle + 4096].fill(0);
    std::fs::write(&copy, &broken).expect("a broken copy");
    assert!(complaint(&copy).await.is_some(), "zeros go unnoticed");
    std::fs::write(&copy, &bytes[..middle]).expect("half a copy");
    assert!(complaint(&copy).await.is_some(), "a half goes unnoticed");
    // A row that names another which isn't there: SQLite allows it to whoever doesn't ask for the check.
    std::fs::write(&copy, &bytes).expect("the whole copy");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&copy).foreign_keys(false);
    let mut raw = sqlx::ConnectOptions::connect(&options).await.expect("a connection");
    sqlx::query("update room set community_id = 'b' where community_id = 'a'")
        .execute(&mut raw)
        .await
        .expect("a change");
    sqlx::Connection::close(raw).await.expect("closed");
    let complaint = complaint(&copy).await.expect("something is wrong");
    assert!(complaint.starts_with("room, row ") && complaint.ends_with("names a row of community that isn't there"));
    let missing = folder.path().join("missing.db");
    assert!(backup::copy(&missing, &folder.path().join("other.db")).await.is_err());
    assert!(!missing.exists(), "nothing is made where nothing was");
}

#[tokio::test]
async fn a_visit_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, storage, _) = new_database(folder.path()).await;
    // Beside the bot, and when it is stopped.
    for running in [true, false] {
        if !running {
            storage.close().await;
        }
        let before = std::fs::read(&path).expect("the database");
        let visit = Visit::open(&path).await.expect("a visit");
        let rooms = visit.bound_rooms().await.expect("rooms");
        let rooms: Vec<_> = rooms.iter().map(|room| (room.room_id.as_str(), room.name.as_str())).collect();
        assert_eq!(rooms, [("!3:example.org", "3号楼")]);
        visit.close().await;
        assert_eq!(std::fs::read(&path).expect("the database"), before);
    }
    assert!(Visit::open(&folder.path().join("missing.db")).await.is_err());
}
