//! Synapse's own limits, as on a server that nobody tuned: 0.2 messages a second, ten at once. Thirty residents sign up
//! within seconds, and each of them sees their state within a minute; then once more on the empty budget; and then, on what
//! is left of it, in an encrypted room.

use std::time::Duration;

use futures_util::future::try_join_all;
use lamplighter_storage::visit::Visit;
use lamplighter_tests::{
    discretion,
    homeserver::{Homeserver, Limits},
    process::{self, BOT, BOT_PASSWORD, Bot},
    reliability::figure,
    resident::{Extras, Resident},
};
use matrix_sdk::ruma::{RoomId, UserId};
use serde_json::{Value, json};

use super::{PROGRAM, Result};

const RESIDENTS: usize = 30;
/// Everybody sees their state within so long after they asked, by the homeserver's clock.
const STATE_SEEN_MAX_MS: i64 = 60_000;
/// And the bot needs at most so many messages for that: Synapse lets so many pass within the minute.
const MESSAGES_MAX: usize = 10 + 12;
/// Until the test gives up on anything.
const PATIENCE: Duration = Duration::from_secs(150);
/// Between two looks, and before whoever was limited tries again, the server has so long to have news.
const NEWS: Duration = Duration::from_secs(1);

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn at_ms(event: &Value) -> i64 {
    event["origin_server_ts"].as_i64().unwrap_or_default()
}

/// A room as its captain sees it.
struct Room<'a> {
    captain: &'a mut Resident,
    id: &'a str,
    bot_user_id: &'a str,
}

impl Room<'_> {
    /// Its events that can be read, the oldest first.
    async fn timeline(&self) -> Result<Vec<Value>> {
        self.captain.read_events(self.id).await
    }

    fn by_bot<'e>(&self, events: &'e [Value]) -> Vec<&'e Value> {
        events.iter().filter(|event| text(event, "/sender") == self.bot_user_id).collect()
    }

    /// Waits for a message of the bot that contains this, and gives its event id.
    async fn wait_for(&mut self, wanted: &str) -> Result<String> {
        let end = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < end {
            let events = self.timeline().await?;
            let found = self.by_bot(&events).into_iter().find(|event| text(event, "/content/body").contains(wanted));
            if let Some(event) = found {
                return Ok(text(event, "/event_id").to_owned());
            }
            self.captain.sync_for(NEWS).await?;
        }
        Err(format!("the bot doesn't say {wanted:?}").into())
    }

    /// When a resident first saw what became of their event: their name on the card, or a reaction on their message.
    fn seen_ms(&self, events: &[Value], card_id: &str, name: &str, event_id: &str) -> Option<i64> {
        let shows = |event: &&&Value| match text(event, "/type") {
            "m.reaction" => text(event, "/content/m.relates_to/event_id") == event_id,
            _ => {
                text(event, "/content/m.relates_to/event_id") == card_id
                    && text(event, "/content/m.new_content/body").contains(name)
            }
        };
        self.by_bot(events).iter().find(shows).map(|event| at_ms(event))
    }

    /// Everybody signs up at once; says how long the last waited, and how many messages that took the bot.
    async fn rush(&mut self, people: &[Resident], card_id: &str, ways: &[&str]) -> Result<(i64, usize)> {
        let room_id = self.id;
        let asking = people.iter().enumerate().map(|(index, person)| async move {
            let way = ways[index % ways.len()];
            if way == "tap" {
                person.tap(room_id, card_id, "✅ 报名").await
            } else {
                person.say(room_id, way, &Extras::default()).await
            }
        });
        let asked: Vec<String> = try_join_all(asking).await?;
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let events = self.timeline().await?;
            let said_ms = |event_id: &str| {
                events.iter().find(|event| text(event, "/event_id") == event_id).map(at_ms).unwrap_or_default()
            };
            let mut waits = Vec::new();
            for (index, event_id) in asked.iter().enumerate() {
                let name = format!("resident{index:02}");
                let seen_ms = self.seen_ms(&events, card_id, &name, event_id);
                waits.extend(seen_ms.map(|seen_ms| seen_ms - said_ms(event_id)));
            }
            if waits.len() == asked.len() {
                let first_ms = asked.iter().map(|event_id| said_ms(event_id)).min().unwrap_or_default();
                let longest_ms = waits.into_iter().max().unwrap_or_default();
                let last_ms = asked.iter().map(|event_id| said_ms(event_id)).max().unwrap_or_default() + longest_ms;
                let during = |event: &&&Value| (first_ms..=last_ms).contains(&at_ms(event));
                return Ok((longest_ms, self.by_bot(&events).iter().filter(during).count()));
            }
            if tokio::time::Instant::now() > end {
                return Err(format!("only {} of {} see their state", waits.len(), asked.len()).into());
            }
            self.captain.sync_for(NEWS).await?;
        }
    }
}

/// Joins, as patiently as Synapse's limits ask for.
async fn join(person: &mut Resident, room_id: &str) -> Result {
    let room_id = RoomId::parse(room_id)?;
    let end = tokio::time::Instant::now() + PATIENCE;
    while let Err(error) = person.client().join_room_by_id(&room_id).await {
        // Joining is limited too, and takes its time where many do.
        if tokio::time::Instant::now() > end {
            return Err(error.into());
        }
        person.sync_for(NEWS).await?;
    }
    // They know the others' devices from now on.
    person.sync().await
}

/// A room that everybody may join, so that nobody has to be invited: that is limited too.
async fn open_room(captain: &mut Resident, name: &str, bot_user_id: &str, encrypted: bool) -> Result<String> {
    let room_id = captain.create_room(name, &[UserId::parse(bot_user_id)?], &Default::default(), encrypted).await?;
    captain.sync().await?;
    captain.set_state(&room_id, "m.room.join_rules", json!({ "join_rule": "public" })).await?;
    let mut room = Room { captain, id: &room_id, bot_user_id };
    room.wait_for("大家好").await?;
    room.captain.say(&room_id, &format!("！这是 {name}"), &Extras::default()).await?;
    room.wait_for("登记好了").await?;
    Ok(room_id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_sign_ups_on_a_server_that_nobody_tuned() -> Result {
    process::log_if_asked();
    let homeserver = Homeserver::start(Limits::Default).await?;
    homeserver.register(BOT, BOT_PASSWORD).await?;
    let bot_user_id = format!("@{BOT}:{}", homeserver.server_name());
    let account = homeserver.register("captain", "a door that is never locked").await?;
    let mut captain = Resident::log_in(homeserver.url(), &account, "王楼长").await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[&account.user_id])?;
    let mut bot = Bot::start(PROGRAM.as_ref(), &config, None)?;
    let plain = open_room(&mut captain, "3号楼", &bot_user_id, false).await?;
    let encrypted = open_room(&mut captain, "4号楼", &bot_user_id, true).await?;
    let mut people = Vec::new();
    for index in 0..RESIDENTS {
        let account = homeserver.register(&format!("resident{index:02}"), "a door that is never locked").await?;
        people.push(Resident::log_in(homeserver.url(), &account, &format!("resident{index:02}")).await?);
    }
    for room_id in [&plain, &encrypted] {
        try_join_all(people.iter_mut().map(|person| join(person, room_id))).await?;
    }
    captain.sync().await?;

    let mut measured = Vec::new();
    for (number, room_id, what, ways) in [
        (1, &plain, "typed and tapped", &["报名", "+1", "tap"][..]),
        // The budget is used up from here on, and ✅s still wait.
        (2, &plain, "typed only", &["！报名 2"][..]),
        (3, &encrypted, "typed and tapped in an encrypted room", &["报名", "+1", "tap"][..]),
    ] {
        let mut room = Room { captain: &mut captain, id: room_id, bot_user_id: &bot_user_id };
        room.captain.say(room_id, "！活动 包饺子 后天晚7点半 活动室", &Extras::default()).await?;
        let card_id = room.wait_for(&format!("活动 {number}：包饺子")).await?;
        let (wait_ms, messages) = room.rush(&people, &card_id, ways).await?;
        let seconds = wait_ms as f64 / 1000.0;
        process::say(&format!("  {what}: all {RESIDENTS} see it after {seconds:.1} s, by {messages} messages"));
        let limit = format!("{} s", STATE_SEEN_MAX_MS / 1000);
        let how = format!("{RESIDENTS} sign-ups, {what}: the last sees their state");
        figure("Synapse's default limits", &how, &format!("{seconds:.1} s by {messages} messages"), &limit)?;
        measured.push((wait_ms, messages));
    }
    assert_eq!(captain.in_clear(&encrypted, &bot_user_id).await?, 0, "the bot encrypts where the room does");
    for (wait_ms, messages) in measured {
        assert!(wait_ms <= STATE_SEEN_MAX_MS, "somebody waited {wait_ms} ms for their state");
        assert!(messages <= MESSAGES_MAX, "the bot needed {messages} messages");
    }
    assert!(bot.stop()?, "the bot didn't stop cleanly");
    let visit = Visit::open(&process::database_path(&config)).await?;
    let limit = visit.rate_limit().await?.ok_or("the limits were met, and nobody is told")?;
    visit.close().await;
    assert!(limit.times > 0 && limit.wait_ms > 0, "{limit:?}");
    discretion::expect_discreet(&config, &["the homeserver limits how much we send"]).await
}
