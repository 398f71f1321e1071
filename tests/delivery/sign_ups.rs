//! Eighty residents ask for a thousand places within a minute: everybody is seated or queued in the order in which the
//! room has it, the card is edited seldom, and says what is so in the end.

use std::time::Duration;

use futures_util::future::try_join_all;
use lamplighter_storage::{activity, inbox, outbox};
use lamplighter_tests::{
    homeserver::Person,
    neighbourhood::Neighbourhood,
    process::{self, COMMUNITY},
    resident::{Extras, Resident},
};
use serde_json::Value;

use super::{PROGRAM, Result};

const RESIDENTS: usize = 80;
/// Neighbours whom each signs up by name.
const GUESTS: [&str; 5] = ["奶奶", "爷爷", "阿姨", "叔叔", "大妈"];
/// Every fourth taps and comes alone; the others come with this many.
const PARTY: i64 = 10;
const CAPACITY: i64 = 500;
/// Names on the card of those who go, and of those who wait.
const NAMES: usize = 50;
const NAMES_WAITING: usize = 20;
/// Edits of one message are at least this far apart.
const EDIT_SPACING_MS: i64 = 5_000;
/// The bot has so long to come to an end.
const PATIENCE: Duration = Duration::from_secs(240);

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Somebody who signs people up.
enum Neighbour {
    /// In a plain room.
    Plain(Person),
    /// In an encrypted one.
    Encrypting(Resident),
}

impl Neighbour {
    async fn tap(&self, room_id: &str, card_id: &str) -> Result<String> {
        Ok(match self {
            Self::Plain(person) => person.react(room_id, card_id, "✅ 报名").await?,
            Self::Encrypting(resident) => resident.tap(room_id, card_id, "✅ 报名").await?,
        })
    }

    async fn say(&self, room_id: &str, words: &str, transaction_id: &str) -> Result<String> {
        Ok(match self {
            Self::Plain(person) => person.send_text(room_id, words, transaction_id).await?,
            Self::Encrypting(resident) => resident.say(room_id, words, &Extras::default()).await?,
        })
    }
}

/// Everybody, ready to speak.
async fn neighbours(neighbourhood: &mut Neighbourhood, encrypted: bool) -> Result<Vec<Neighbour>> {
    let mut neighbours = Vec::new();
    if !encrypted {
        for index in 0..RESIDENTS {
            neighbours.push(Neighbour::Plain(neighbourhood.person(&format!("resident{index:02}")).await?));
        }
        return Ok(neighbours);
    }
    let mut residents = Vec::new();
    for index in 0..RESIDENTS {
        let name = format!("resident{index:02}");
        residents.push(neighbourhood.resident(&name, &name).await?);
    }
    // Whoever speaks for the first time gives everybody a key; in a real room that was long ago.
    for resident in &mut residents {
        resident.sync().await?;
        resident.say(&neighbourhood.room_id, "大家好", &Extras::default()).await?;
    }
    Ok(residents.into_iter().map(Neighbour::Encrypting).collect())
}

/// Nobody stands on a list twice: everybody brings neighbours of another name, 林奶奶, 枘奶奶 and so on.
fn surname(index: usize) -> char {
    let index = u32::try_from(index).unwrap_or_default();
    char::from_u32(u32::from('林') + index).unwrap_or('林')
}

/// A seat as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seat {
    name: String,
    guest: String,
    size: i64,
    going: bool,
}

impl Seat {
    fn shown(&self) -> String {
        match (self.guest.as_str(), self.size) {
            ("", 1) => self.name.clone(),
            ("", size) => format!("{}（{size}人）", self.name),
            (guest, _) => format!("{guest}（{}代报）", self.name),
        }
    }
}

/// Who sits and who waits if the room's events are taken one after the other.
fn seats(events: &[Value], card_id: &str) -> Vec<Seat> {
    let mut seats: Vec<Seat> = Vec::new();
    for event in events {
        let by = text(event, "/sender").trim_start_matches('@').split(':').next().unwrap_or_default();
        let tapped = text(event, "/content/m.relates_to/event_id") == card_id && text(event, "/type") == "m.reaction";
        let said = text(event, "/content/body");
        let (guest, size) = if !by.starts_with("resident") {
            continue;
        } else if tapped {
            ("", 1)
        } else if let Some(guest) = said.strip_prefix("！代报名 1 ") {
            (guest, 1)
        } else if said.starts_with("！报名 1 ") {
            ("", PARTY)
        } else {
            continue;
        };
        let taken: i64 = seats.iter().filter(|seat| seat.going).map(|seat| seat.size).sum();
        seats.push(Seat { name: by.into(), guest: guest.into(), size, going: taken + size <= CAPACITY });
    }
    seats
}

/// The line with the names of those who go, or wait, as the card must show it.
fn line(seats: &[Seat], going: bool) -> String {
    let those: Vec<&Seat> = seats.iter().filter(|seat| seat.going == going).collect();
    let people = |seats: &[&Seat]| seats.iter().map(|seat| seat.size).sum::<i64>();
    let limit = if going { NAMES } else { NAMES_WAITING };
    let (shown, rest) = those.split_at(limit.min(those.len()));
    let place = |index: usize| if going { String::new() } else { format!("{}.", index + 1) };
    let names: Vec<String> =
        shown.iter().enumerate().map(|(index, seat)| format!("{}{}", place(index), seat.shown())).collect();
    let head = if going {
        format!("已报 {}/{CAPACITY} 人：", people(&those))
    } else {
        format!("候补 {} 人：", people(&those))
    };
    format!("{head}{}，还有 {} 人", names.join("、"), people(rest))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_places_within_a_minute_in_a_plain_room() -> Result {
    a_thousand_places_within_a_minute(false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_places_within_a_minute_in_an_encrypted_room() -> Result {
    a_thousand_places_within_a_minute(true).await
}

async fn a_thousand_places_within_a_minute(encrypted: bool) -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, encrypted).await?;
    let room_id = neighbourhood.room_id.clone();
    let begun = std::time::Instant::now();
    let people = neighbours(&mut neighbourhood, encrypted).await?;
    process::say(&format!("{RESIDENTS} are there after {:.1?}", begun.elapsed()));
    let announcement = format!("！活动 包饺子 后天晚7点半 活动室 {CAPACITY}人");
    neighbourhood.captain.say(&room_id, &announcement, &Extras::default()).await?;
    neighbourhood.wait_for("活动 1：包饺子").await?;
    let messages = neighbourhood.said_by_bot().await?;
    let card = messages.iter().find(|message| message.text.starts_with("📅 活动 1：")).ok_or("there is no card")?;

    let begun = std::time::Instant::now();
    let mut asking = Vec::new();
    for (index, person) in people.iter().enumerate() {
        let (room_id, card_id) = (room_id.clone(), card.id.clone());
        asking.push(async move {
            let own = if index % 4 == 0 {
                person.tap(&room_id, &card_id).await?
            } else {
                person.say(&room_id, &format!("！报名 1 {PARTY}人"), &format!("own-{index}")).await?
            };
            let mut events = vec![own];
            for (place, guest) in GUESTS.iter().enumerate() {
                let words = format!("！代报名 1 {}{guest}", surname(index));
                events.push(person.say(&room_id, &words, &format!("guest-{index}-{place}")).await?);
            }
            Ok::<_, lamplighter_tests::Error>(events)
        });
    }
    let events: Vec<String> = try_join_all(asking).await?.concat();
    let asked = begun.elapsed();

    let storage = neighbourhood.storage().await?;
    loop {
        let mut settled = true;
        for event_id in &events {
            settled = settled && inbox::is_settled(&storage, event_id).await?;
        }
        // Looked at last: the last answer is written while the others are gone through.
        if settled && outbox::depth(&storage).await? == 0 {
            break;
        }
        if begun.elapsed() > PATIENCE {
            let left = outbox::depth(&storage).await?;
            return Err(format!("the bot doesn't come to an end; {left} things are to be sent").into());
        }
        neighbourhood.captain.sync_for(Duration::from_secs(1)).await?;
    }
    process::say(&format!("{} asked within {asked:.1?}, all answered after {:.1?}", events.len(), begun.elapsed()));

    // The key of the bot's last messages comes by another way than these.
    let mut events = neighbourhood.captain.read_events(&room_id).await?;
    while events.iter().any(|event| text(event, "/type") == "m.room.encrypted") {
        if begun.elapsed() > PATIENCE {
            return Err("not everything that was said can be read".into());
        }
        neighbourhood.captain.sync_for(Duration::from_secs(1)).await?;
        events = neighbourhood.captain.read_events(&room_id).await?;
    }
    let expected = seats(&events, &card.id);
    let places: i64 = expected.iter().map(|seat| seat.size).sum();
    assert!(places >= 1_000, "{places} places were asked for");
    let mut tx = storage.begin().await?;
    let stored = activity::get(&mut tx, COMMUNITY, 1).await?.ok_or("there is no activity")?;
    tx.roll_back().await?;
    let stored: Vec<Seat> = stored
        .seats
        .into_iter()
        .map(|seat| Seat {
            name: seat.name,
            guest: seat.guest,
            size: seat.adults + seat.children,
            going: seat.state == "going",
        })
        .collect();
    assert_eq!(stored, expected, "seats and queue are in the order of the room");

    let edits: Vec<&Value> = events
        .iter()
        .filter(|event| {
            text(event, "/content/m.relates_to/rel_type") == "m.replace"
                && text(event, "/content/m.relates_to/event_id") == card.id
        })
        .collect();
    let at_ms: Vec<i64> = edits.iter().filter_map(|edit| edit["origin_server_ts"].as_i64()).collect();
    for pair in at_ms.windows(2) {
        assert!(pair[1] - pair[0] >= EDIT_SPACING_MS, "two edits within {} ms", pair[1] - pair[0]);
    }
    process::say(&format!("{} edits of the card", edits.len()));
    let last = edits.last().map(|edit| text(edit, "/content/m.new_content/body")).unwrap_or_default();
    for wanted in [line(&expected, true), line(&expected, false)] {
        assert!(last.contains(&wanted), "the card ends as\n{last}\nwithout\n{wanted}");
    }
    Ok(())
}
