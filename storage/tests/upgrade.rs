//! An upgraded room: every column that names a room is either moved or stays for a reason, and what is moved is all there.

use lamplighter_storage::{
    Location, Storage, agenda, card, item,
    outbox::{self, Destination, Kind, Lane, NewRow, Target},
    room, upgrade,
};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

#[tokio::test]
async fn every_column_that_names_a_room_is_decided() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("lamplighter.db");
    Storage::open(Location::File(&path)).await?.close().await;
    let raw = SqlitePoolOptions::new().connect_with(SqliteConnectOptions::new().filename(&path)).await?;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c
         where m.type = 'table' and c.name like '%room_id' order by 1, 2",
    )
    .fetch_all(&raw)
    .await?;
    let moved = upgrade::MOVED.iter().map(|(table, column)| (*table, *column));
    let stays = upgrade::STAYS.iter().map(|(table, column, _)| (*table, *column));
    let mut decided: Vec<(&str, &str)> = moved.chain(stays).collect();
    decided.sort_unstable();
    let found: Vec<(&str, &str)> = columns.iter().map(|(table, column)| (table.as_str(), column.as_str())).collect();
    assert_eq!(
        found, decided,
        "a new column that names a room belongs into one of the lists of storage/src/upgrade.rs"
    );
    Ok(())
}

fn row<'a>(cause: &'a str, kind: Kind, target: Target<'a>) -> NewRow<'a> {
    NewRow {
        cause,
        ordinal: 0,
        kind,
        destination: Destination::Room("!old"),
        target,
        lane: Lane::Answer,
        content: "{}",
        at_ms: 1,
        unasked_in: None,
        stale_at_ms: None,
    }
}

#[tokio::test]
async fn rows_move_and_what_waits_goes_along() -> Result<(), Box<dyn std::error::Error>> {
    let storage = Storage::open(Location::Memory).await?;
    let mut tx = storage.begin().await?;
    room::declare_communities(&mut tx, ["a"].into_iter()).await?;
    room::joined(&mut tx, "!old", "3号楼", 1).await?;
    room::bind(&mut tx, "!old", "a", "building", "3号楼").await?;
    let number = item::create(&mut tx, "a", "wish", "!old", "$e").await?;
    let digest = agenda::NewRow {
        community_id: "a",
        key: "digest !old",
        kind: "digest",
        number: None,
        room_id: Some("!old"),
        person_id: None,
        due_at_ms: 5,
        stale_at_ms: None,
        unasked: false,
    };
    agenda::put(&mut tx, digest).await?;
    let post = outbox::write(&mut tx, row("$sent", Kind::Post, Target::None)).await?;
    card::create(&mut tx, "a", "wish", number, Some("!old"), None, post).await?;
    outbox::sent(&mut tx, post, "$card", 2).await?;
    outbox::write(&mut tx, row("$answer", Kind::Post, Target::None)).await?;
    outbox::write(&mut tx, row("$edit", Kind::Edit, Target::Row(post))).await?;

    assert!(upgrade::move_room(&mut tx, "!old", "!new", 9).await?);
    assert!(!upgrade::move_room(&mut tx, "!old", "!new", 9).await?, "once");
    let moved = room::get(&mut tx, "!new").await?.ok_or("no room")?;
    assert_eq!((moved.community_id.as_deref(), moved.name.as_str()), (Some("a"), "3号楼"));
    assert_eq!(room::get(&mut tx, "!old").await?.and_then(|room| room.community_id), None);
    assert_eq!(room::moved_to(&mut tx, "!old").await?.as_deref(), Some("!new"));
    assert!(agenda::waits(&mut tx, "a", "digest !new").await?);
    assert_eq!(card::open_items(&mut tx, "!new", 9).await?, [("wish".to_owned(), number)]);
    assert!(room::arrived(&mut tx, "!new").await? && !room::arrived(&mut tx, "!new").await?);
    tx.commit().await?;
    let next = outbox::next(&storage, 10, 0).await?.ok_or("nothing to send")?;
    assert_eq!(
        (next.room_id.as_deref(), next.kind.as_str()),
        (Some("!new"), "post"),
        "the answer goes to the new room"
    );
    let mut tx = storage.begin().await?;
    outbox::sent(&mut tx, next.outbox_id, "$said", 11).await?;
    tx.commit().await?;
    assert!(outbox::next(&storage, 12, 0).await?.is_none(), "the old card is edited no more");
    storage.close().await;
    Ok(())
}
