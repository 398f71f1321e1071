//! Two runs of one script held against each other: what a reader of the rooms sees, and what the database holds.

use std::collections::{BTreeMap, BTreeSet};

use lamplighter_storage::{Storage, dump};
use serde_json::Value;

use super::{Findings, Seen, number, table, text};
use crate::Result;

/// What is compared between two runs of one script.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Messages by place, each with its chips, sorted: answers of different urgency may change places.
    pub sight: BTreeMap<String, Vec<String>>,
    /// Rows by table, sorted, without what differs from run to run.
    pub rows: BTreeMap<String, Vec<String>>,
}

/// Columns that differ from run to run: instants, ids of the homeserver's, hashes, random bytes, and surrogate keys that
/// follow the order in which things happened to be written.
fn differs(table: &str, column: &str) -> bool {
    column.ends_with("_ms") && column != "due_at_ms" && column != "closes_at_ms" && column != "starts_at_ms"
        || matches!(
            column,
            "event_id" | "transaction_id" | "hash" | "previous_hash" | "payload_hash" | "salt" | "pseudonym" | "cause"
                | "next_batch" | "raw" | "attempts" | "last_error" | "outbox_id" | "target_id" | "target_event_id"
                | "on_event_id"
                | "post_id" | "tap_id" | "card_id" | "agenda_id" | "seat_id" | "ballot_id" | "stream" | "account_id"
                | "debit_account_id" | "credit_account_id" | "journal_sequence" | "sequence" | "content" | "fallback_room_id"
                | "shown_by" | "points_to"
                // Places are sequences of the inbox. What they decide (who got the wish, the order of a roster, which answer to a
                // poll counts) is on the cards, and those are compared as they are read.
                | "claim_place" | "arrival_place"
        )
        // Edits between two that were sent are a matter of timing.
        || table == "outbox" && column == "state"
        // How full a bucket is follows from when something was said.
        || table == "bucket" && column == "level_milli"
}

/// Tables that say how something was done and not what came of it: which events were seen, the position, edits (what
/// they lead to is compared in the rooms), where keys came late and how often the homeserver said "not so fast".
const HOW: [&str; 7] = ["inbox", "sync_cursor", "journal_payload", "chip", "epoch", "unreadable_room", "rate_limit"];

/// What is to be compared of a run.
pub async fn snapshot(storage: &Storage, rooms: &[Seen], bot: &str) -> Result<Snapshot> {
    let tables = dump::tables(storage).await?;
    let people: BTreeMap<i64, String> = table(&tables, "person")
        .iter()
        .map(|row| (number(row, "person_id"), text(row, "user_id").replace(bot, "@bot")))
        .collect();
    let places: BTreeMap<&str, &str> = rooms.iter().map(|seen| (seen.room_id.as_str(), seen.place.as_str())).collect();
    let settle = |value: &Value| -> String {
        let mut shown = match value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        for (room_id, place) in &places {
            shown = shown.replace(room_id, place);
        }
        to_the_minute(&shown.replace(bot, "@bot"))
    };
    let mut rows = BTreeMap::new();
    for (name, all) in tables.iter().filter(|(name, _)| !HOW.contains(&name.as_str())) {
        let mut lines: Vec<String> = Vec::new();
        for row in all.iter().filter(|row| name != "outbox" || matches!(text(row, "kind"), "post" | "tap" | "untap")) {
            let mut line = String::new();
            for (column, value) in row.iter().filter(|(column, _)| !differs(name, column)) {
                let is_person = matches!(
                    column.as_str(),
                    "person_id" | "wisher_id" | "helper_id" | "organiser_id" | "starter_id" | "asked_by" | "decided_by"
                );
                let value = match value.as_i64().and_then(|id| people.get(&id)) {
                    Some(person) if is_person => person.clone(),
                    _ => settle(value),
                };
                line.push_str(&format!("{column}={value} "));
            }
            lines.push(line);
        }
        lines.sort();
        rows.insert(name.clone(), lines);
    }
    let mut sight = BTreeMap::new();
    for seen in rooms {
        let messages = seen.messages();
        let mut lines: Vec<String> = messages
            .iter()
            .map(|message| format!("{}: {} {:?}", message.by.replace(bot, "@bot"), message.text, message.chips))
            .collect();
        lines.sort();
        sight.insert(seen.place.clone(), lines);
    }
    Ok(Snapshot { sight, rows })
}

/// Instants in milliseconds, as they stand in rows and keys, to the minute: two runs take different times.
fn to_the_minute(text: &str) -> String {
    const DIGITS: usize = 13;
    let pieces = text.split_inclusive(|c: char| !c.is_ascii_digit());
    pieces
        .map(|piece| {
            let digits = piece.trim_end_matches(|c: char| !c.is_ascii_digit());
            match digits.parse::<i64>() {
                Ok(at_ms) if digits.len() == DIGITS => piece.replace(digits, &(at_ms / 60_000).to_string()),
                _ => piece.to_owned(),
            }
        })
        .collect()
}

/// Holds a disturbed run against an undisturbed one.
pub fn compare(undisturbed: &Snapshot, disturbed: &Snapshot) -> Findings {
    let mut found = Findings::default();
    for (expected, actual) in [(&undisturbed.sight, &disturbed.sight), (&undisturbed.rows, &disturbed.rows)] {
        let places: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
        for place in places {
            // A private chat that was made once too often, and in which nothing was said.
            match (expected.contains_key(place), actual.contains_key(place)) {
                (true, false) => found.lost.push(format!("{place} isn't there")),
                (false, true) => found.doubled.push(format!("{place} is there")),
                _ => {}
            }
            let lines = |of: &BTreeMap<String, Vec<String>>| of.get(place).cloned().unwrap_or_default();
            let (lost, doubled) =
                (missing(&lines(expected), &lines(actual)), missing(&lines(actual), &lines(expected)));
            found.lost.extend(lost.into_iter().map(|line| format!("{place}: {line}")));
            found.doubled.extend(doubled.into_iter().map(|line| format!("{place}: {line}")));
        }
    }
    found
}

/// What stands in `all` oftener than in `some`.
fn missing(all: &[String], some: &[String]) -> Vec<String> {
    let mut left: Vec<&String> = some.iter().collect();
    let mut missing = Vec::new();
    for line in all {
        match left.iter().position(|other| *other == line) {
            Some(index) => {
                left.swap_remove(index);
            }
            None => missing.push(line.clone()),
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::{Snapshot, compare, to_the_minute};

    fn snapshot(lines: &[&str]) -> Snapshot {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Snapshot { sight: [("3号楼".to_owned(), lines)].into(), ..Snapshot::default() }
    }

    #[test]
    fn instants_are_compared_to_the_minute() {
        assert_eq!(to_the_minute("poll.pay 3 0 1767614400109"), to_the_minute("poll.pay 3 0 1767614400000"));
        assert_ne!(to_the_minute("1767614400109"), to_the_minute("1767614460109"));
        assert_eq!(to_the_minute("报名 12，2 人"), "报名 12，2 人");
    }

    #[test]
    fn what_is_missing_is_lost_and_what_is_there_twice_is_doubled() {
        let found = compare(&snapshot(&["a", "b", "c"]), &snapshot(&["a", "b", "b"]));
        assert_eq!(found.lost, ["3号楼: c"]);
        assert_eq!(found.doubled, ["3号楼: b"]);
        assert!(compare(&snapshot(&["a"]), &snapshot(&["a"])).lost.is_empty());
        let mut two = snapshot(&["a"]);
        two.sight.insert("私信 刘姐 2".to_owned(), Vec::new());
        assert_eq!(compare(&snapshot(&["a"]), &two).doubled, ["私信 刘姐 2 is there"]);
    }
}
