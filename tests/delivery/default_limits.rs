//! Synapse's own limits, as on a server that nobody tuned: 0.2 messages a second, ten at once. Thirty residents sign up
//! within seconds, and each of them sees their state within a minute; then thirty more on the empty budget.

use std::time::Duration;

use futures_util::future::try_join_all;
use lamplighter_storage::visit::Visit;
use lamplighter_tests::{
    discretion,
    homeserver::{Direction, Homeserver, Limits, Person},
    process::{self, BOT, BOT_PASSWORD, Bot},
};
use reqwest::Method;
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
const NEWS_MS: u64 = 1_000;
/// Of what there is already, the waiting shows as little as can be.
const NEWS_FILTER: &str = r#"{"room":{"timeline":{"limit":1},"state":{"lazy_load_members":true}}}"#;
const PAGE_EVENTS: u32 = 500;

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn at_ms(event: &Value) -> i64 {
    event["origin_server_ts"].as_i64().unwrap_or_default()
}

/// Waits until the server has news for somebody, or a moment has passed.
async fn wait_for_news(person: &Person) -> Result {
    let now = person.sync(None, 0, Some(NEWS_FILTER)).await?;
    person.sync(now["next_batch"].as_str(), NEWS_MS, Some(NEWS_FILTER)).await?;
    Ok(())
}

/// The room as a resident sees it.
struct Room<'a> {
    captain: &'a Person,
    id: &'a str,
    bot_user_id: String,
}

impl Room<'_> {
    /// Its latest events, the oldest first.
    async fn timeline(&self) -> Result<Vec<Value>> {
        let page = self.captain.messages(self.id, None, Direction::Back, PAGE_EVENTS).await?;
        let mut events = page["chunk"].as_array().cloned().unwrap_or_default();
        events.reverse();
        Ok(events)
    }

    fn by_bot<'e>(&self, events: &'e [Value]) -> Vec<&'e Value> {
        events.iter().filter(|event| text(event, "/sender") == self.bot_user_id).collect()
    }

    /// Waits for a message of the bot that contains this, and gives its event id.
    async fn wait_for(&self, wanted: &str) -> Result<String> {
        let end = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < end {
            let events = self.timeline().await?;
            let found = self.by_bot(&events).into_iter().find(|event| text(event, "/content/body").contains(wanted));
            if let Some(event) = found {
                return Ok(text(event, "/event_id").to_owned());
            }
            wait_for_news(self.captain).await?;
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
    async fn rush(&self, people: &[Person], card_id: &str, ways: &[&str]) -> Result<(i64, usize)> {
        let asking = people.iter().enumerate().map(|(index, person)| async move {
            let way = ways[index % ways.len()];
            if way == "tap" {
                person.react(self.id, card_id, "✅ 报名").await
            } else {
                person.send_text(self.id, way, &format!("{card_id}-{index}")).await
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
            wait_for_news(self.captain).await?;
        }
    }
}

/// Joins, as patiently as Synapse's limits ask for.
async fn join(person: &Person, room_id: &str) -> Result {
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        match person.join(room_id).await {
            Ok(()) => return Ok(()),
            // Joining is limited too, and takes its time where many do.
            Err(error) if tokio::time::Instant::now() > end => return Err(error.into()),
            Err(_) => wait_for_news(person).await?,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_sign_ups_on_a_server_that_nobody_tuned() -> Result {
    process::log_if_asked();
    let homeserver = Homeserver::start(Limits::Default).await?;
    homeserver.register(BOT, BOT_PASSWORD).await?;
    let bot_user_id = format!("@{BOT}:{}", homeserver.server_name());
    let captain = homeserver.person("captain", None).await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[captain.user_id()])?;
    let mut bot = Bot::start(PROGRAM.as_ref(), &config, None)?;
    // Public, so that nobody has to be invited: that is limited too.
    let body = json!({ "name": "3号楼", "preset": "public_chat", "invite": [bot_user_id] });
    let made = captain.request(Method::POST, &["v3", "createRoom"], &[], Some(&body)).await?;
    let id = text(&made, "/room_id");
    let room = Room { captain: &captain, id, bot_user_id };
    room.wait_for("大家好").await?;
    captain.send_text(id, "！这是 3号楼", "bind").await?;
    room.wait_for("登记好了").await?;
    let mut people = Vec::new();
    for index in 0..RESIDENTS {
        people.push(homeserver.person(&format!("resident{index:02}"), None).await?);
    }
    try_join_all(people.iter().map(|person| join(person, id))).await?;

    captain.send_text(id, "！活动 包饺子 后天晚7点半 活动室", "dumplings").await?;
    let card_id = room.wait_for("活动 1：包饺子").await?;
    let (mixed_ms, mixed) = room.rush(&people, &card_id, &["报名", "+1", "tap"]).await?;
    process::say(&format!("  typed and tapped: all {RESIDENTS} see it after {mixed_ms} ms, by {mixed} messages"));
    // The budget is used up now, and ✅s still wait.
    captain.send_text(id, "！活动 看电影 后天晚8点 活动室", "cinema").await?;
    let card_id = room.wait_for("活动 2：看电影").await?;
    let (typed_ms, typed) = room.rush(&people, &card_id, &["！报名 2"]).await?;
    process::say(&format!("  typed only: all {RESIDENTS} see it after {typed_ms} ms, by {typed} messages"));
    for (wait_ms, messages) in [(mixed_ms, mixed), (typed_ms, typed)] {
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
