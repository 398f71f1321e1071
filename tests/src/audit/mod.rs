//! What must be true after every fault: [`audit`] holds a database against the rooms as their readers see them, and
//! [`compare`] holds both against those of an undisturbed run of the same script. What is missing counts as lost, what is
//! there and shouldn't be as doubled.

mod compare;

use std::collections::{BTreeMap, BTreeSet};

use lamplighter::gateway::matrix::read::TRANSACTION_KEY;
use lamplighter_storage::{
    Storage,
    dump::{self, Row},
    journal,
};
use serde_json::Value;

pub use self::compare::{Snapshot, compare, snapshot};
use crate::{
    Result, reliability,
    resident::{Resident, happening},
    view::{Message, RoomView},
};

/// What was found wrong.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What should be there and isn't, or isn't as it should be.
    pub lost: Vec<String>,
    /// What is there once too often.
    pub doubled: Vec<String>,
}

impl Findings {
    /// Adds what was found elsewhere.
    pub fn add(&mut self, other: Self) {
        self.lost.extend(other.lost);
        self.doubled.extend(other.doubled);
    }

    /// Keeps the figures (see [`reliability::record`]); an error quotes what was found.
    pub fn record(&self, fault: &str, how: &str, tried: u64) -> Result<()> {
        let kept = reliability::record(fault, how, tried, self.lost.len() as u64, self.doubled.len() as u64);
        kept.map_err(|error| format!("{error}\n{self}").into())
    }
}

impl std::fmt::Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for lost in &self.lost {
            writeln!(f, "  lost: {lost}")?;
        }
        for doubled in &self.doubled {
            writeln!(f, "  doubled: {doubled}")?;
        }
        Ok(())
    }
}

/// A room as somebody in it can read it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What it is called in comparisons.
    pub place: String,
    /// Its id.
    pub room_id: String,
    /// Its events, oldest first, decrypted.
    pub events: Vec<Value>,
}

impl Seen {
    /// Reads a whole room.
    pub async fn by(resident: &Resident, place: &str, room_id: &str) -> Result<Self> {
        let events = resident.read_events(room_id).await?;
        Ok(Self { place: place.to_owned(), room_id: room_id.to_owned(), events })
    }

    /// What stands there.
    pub fn messages(&self) -> Vec<Message> {
        self.view().messages()
    }

    fn view(&self) -> RoomView {
        let mut view = RoomView::default();
        for event in &self.events {
            if let Some((event_id, happening)) = happening(event) {
                view.add(&event_id, happening);
            }
        }
        view
    }
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or_default()
}

fn number(row: &Row, column: &str) -> i64 {
    row.get(column).and_then(Value::as_i64).unwrap_or_default()
}

fn at<'a>(event: &'a Value, pointer: &str) -> &'a str {
    event.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Whether somebody gives the bot a command: the residents of the fault tests always write the mark.
fn is_command(event: &Value, bot: &str) -> bool {
    at(event, "/type") == "m.room.message"
        && at(event, "/sender") != bot
        && at(event, "/content/msgtype") == "m.text"
        && at(event, "/content/body").starts_with('！')
}

/// Holds the database against the rooms. Everything must have come to rest: nothing is waited for here. `rooms` are all
/// rooms that the bot speaks in, `now_ms` is the bot's time.
pub async fn audit(storage: &Storage, rooms: &[Seen], bot: &str, now_ms: i64) -> Result<Findings> {
    let tables = dump::tables(storage).await?;
    let mut found = Findings::default();
    audit_rows(&tables, now_ms, &mut found);
    for (table, parent) in dump::orphans(storage).await? {
        found.lost.push(format!("a row of {table} points to a missing row of {parent}"));
    }
    for community in table(&tables, "community") {
        if let Err(sequence) = journal::verify(storage, text(community, "community_id")).await? {
            found.lost.push(format!("the journal's chain breaks at {sequence}"));
        }
    }
    let outbox = Outbox::of(&tables);
    for seen in rooms {
        audit_room(seen, &outbox, &tables, bot, &mut found);
    }
    let seen: BTreeSet<&str> = rooms.iter().flat_map(|room| &room.events).map(|event| at(event, "/event_id")).collect();
    for row in table(&tables, "outbox").iter().filter(|row| text(row, "state") == "sent") {
        // What was taken back again is still there, empty.
        if !seen.contains(text(row, "event_id")) {
            found.lost.push(format!("sent, but in no room: {}", shown(row)));
        }
    }
    Ok(found)
}

fn table<'a>(tables: &'a BTreeMap<String, Vec<Row>>, name: &str) -> &'a [Row] {
    tables.get(name).map(Vec::as_slice).unwrap_or_default()
}

fn shown(row: &Row) -> String {
    let content: Value = serde_json::from_str(text(row, "content")).unwrap_or_default();
    let plain = find_plain(&content).unwrap_or_default();
    format!("{} {} {:?}", text(row, "kind"), number(row, "outbox_id"), plain.lines().next().unwrap_or_default())
}

/// The text in what the sender is given, whatever kind it is of.
fn find_plain(content: &Value) -> Option<String> {
    match content {
        Value::Object(fields) => fields
            .get("plain")
            .or_else(|| fields.get("key"))
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or_else(|| fields.values().find_map(find_plain)),
        _ => None,
    }
}

/// What an answer begins with if it goes out late.
fn find_late(content: &Value) -> Option<String> {
    let fields = content.as_object()?;
    match fields.get("late") {
        Some(late) => late.get("plain")?.as_str().map(str::to_owned),
        None => fields.values().find_map(find_late),
    }
}

/// What the rows alone must fulfil.
fn audit_rows(tables: &BTreeMap<String, Vec<Row>>, now_ms: i64, found: &mut Findings) {
    for row in table(tables, "inbox") {
        if matches!(text(row, "state"), "waiting" | "faulted") {
            found.lost.push(format!("event {} is {}", text(row, "event_id"), text(row, "state")));
        }
    }
    for row in table(tables, "outbox") {
        if matches!(text(row, "state"), "queued" | "parked" | "dropped") {
            let why = text(row, "last_error");
            found.lost.push(format!("{}: {} ({why})", text(row, "state"), shown(row)));
        }
    }
    for row in table(tables, "agenda") {
        if text(row, "state") == "faulted" || (text(row, "state") == "waiting" && number(row, "due_at_ms") <= now_ms) {
            found.lost.push(format!("{} on the agenda: {}", text(row, "state"), text(row, "key")));
        }
    }
    // Each ledger by itself adds up to zero if no transfer crosses from one to another.
    let accounts: BTreeMap<i64, (&str, &str)> = table(tables, "account")
        .iter()
        .map(|row| (number(row, "account_id"), (text(row, "community_id"), text(row, "currency"))))
        .collect();
    for row in table(tables, "transfer") {
        let ledger = Some((text(row, "community_id"), text(row, "currency")));
        let of = |column: &str| accounts.get(&number(row, column)).copied();
        if of("debit_account_id") != ledger || of("credit_account_id") != ledger {
            found.lost.push(format!("transfer {} is unbalanced", number(row, "transfer_id")));
        }
    }
    for row in table(tables, "item") {
        let of_item = |other: &&Row| {
            number(other, "number") == number(row, "number") && text(other, "community_id") == text(row, "community_id")
        };
        if table(tables, text(row, "kind")).iter().filter(of_item).count() != 1 {
            found.lost.push(format!("item {} has no {}", number(row, "number"), text(row, "kind")));
        }
    }
}

/// The outbox, by what is asked of it.
struct Outbox<'a> {
    by_event: BTreeMap<&'a str, &'a Row>,
    causes: BTreeSet<&'a str>,
    /// The last version of each post.
    last: BTreeMap<i64, &'a Row>,
}

impl<'a> Outbox<'a> {
    fn of(tables: &'a BTreeMap<String, Vec<Row>>) -> Self {
        let rows = table(tables, "outbox");
        let mut last = BTreeMap::new();
        for row in rows.iter().filter(|row| text(row, "state") == "sent") {
            match text(row, "kind") {
                "post" => last.insert(number(row, "outbox_id"), row),
                "edit" => last.insert(number(row, "target_id"), row),
                _ => None,
            };
        }
        Self {
            by_event: rows.iter().map(|row| (text(row, "event_id"), row)).filter(|(id, _)| !id.is_empty()).collect(),
            causes: rows.iter().map(|row| text(row, "cause")).collect(),
            last,
        }
    }
}

/// One room: each command was answered, each message of ours belongs to a row, each row's message stands there once and
/// in its last version.
fn audit_room(seen: &Seen, outbox: &Outbox<'_>, tables: &BTreeMap<String, Vec<Row>>, bot: &str, found: &mut Findings) {
    let handled: BTreeSet<&str> = table(tables, "inbox").iter().map(|row| text(row, "event_id")).collect();
    let mut transactions: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &seen.events {
        let (event_id, place) = (at(event, "/event_id"), &seen.place);
        if at(event, "/type") == "m.room.encrypted" && event.pointer("/content/ciphertext").is_some() {
            found.lost.push(format!("{place}: {event_id} of {} can't be read", at(event, "/sender")));
        } else if is_command(event, bot) {
            let body = at(event, "/content/body");
            if !handled.contains(event_id) {
                found.lost.push(format!("{place}: not handled: {body}"));
            } else if !outbox.causes.contains(event_id) {
                found.lost.push(format!("{place}: not answered: {body}"));
            }
        } else if at(event, "/sender") == bot {
            let transaction_id = at(event, &format!("/content/{TRANSACTION_KEY}"));
            if !transaction_id.is_empty() {
                *transactions.entry(transaction_id).or_default() += 1;
                if !outbox.by_event.contains_key(event_id) {
                    found.doubled.push(format!("{place}: nobody knows of {:?}", at(event, "/content/body")));
                }
            }
        }
    }
    for (transaction_id, times) in transactions.into_iter().filter(|(_, times)| *times > 1) {
        found.doubled.push(format!("{}: {transaction_id} was sent {times} times", seen.place));
    }
    for message in seen.messages().iter().filter(|message| message.by == bot) {
        let Some(row) = outbox.by_event.get(message.id.as_str()) else { continue };
        let Some(last) = outbox.last.get(&number(row, "outbox_id")) else { continue };
        let content: Value = serde_json::from_str(text(last, "content")).unwrap_or_default();
        // A native poll has no text of its own to compare, and what is older than the retention has none any more.
        let Some(plain) = find_plain(&content).filter(|_| content_is_message(&content)) else { continue };
        // Sent long after the question, it begins with whose that was.
        let lead = find_late(&content).map(|lead| format!("{lead}\n{plain}"));
        if plain != message.text && lead.as_ref() != Some(&message.text) {
            found.lost.push(format!("{}: not in its last state: {:?} instead of {plain:?}", seen.place, message.text));
        }
        for (key, count) in &message.chips {
            let ours = seen.events.iter().filter(|event| {
                at(event, "/sender") == bot
                    && at(event, "/content/m.relates_to/event_id") == message.id
                    && at(event, "/content/m.relates_to/key") == key
            });
            if ours.count() > 1 {
                found.doubled.push(format!("{}: {key} stands {count} times under {:?}", seen.place, message.text));
            }
        }
    }
}

fn content_is_message(content: &Value) -> bool {
    let fields = |value: &Value| value.get("html").is_some();
    fields(content) || content.as_object().is_some_and(|outer| outer.values().any(fields))
}
