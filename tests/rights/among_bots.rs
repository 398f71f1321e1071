//! Two bots of this kind in a room leave each other alone; a bot that echoes everything is answered for a while, and then
//! no more.

use std::time::{Duration, Instant};

use lamplighter_tests::{
    neighbourhood::Neighbourhood,
    process::{self, Bot},
};
use serde_json::{Value, json};

use super::{PATIENCE, PROGRAM, Result, body, events, said_by, wait_until};

const SECOND: &str = "lantern";
/// The echo is answered at most so often: a person's bucket, what fills it meanwhile, and the one notice.
const ANSWERS_MAX: usize = 60 + 60 + 1;
/// So long nothing must come before the echo counts as silenced.
const SILENCE: Duration = Duration::from_secs(4);

/// Both scenes.
pub async fn play(neighbourhood: &mut Neighbourhood) -> Result {
    let second = start_second(neighbourhood).await?;
    two_of_a_kind(neighbourhood).await?;
    drop(second);
    echo(neighbourhood).await
}

/// Another bot with its own account, folder and database.
async fn start_second(neighbourhood: &Neighbourhood) -> Result<(Bot, tempfile::TempDir)> {
    neighbourhood.homeserver.register(SECOND, process::BOT_PASSWORD).await?;
    let folder = tempfile::tempdir()?;
    let text = std::fs::read_to_string(&neighbourhood.config)?;
    let config = folder.path().join("lamplighter.toml");
    std::fs::write(&config, text.replace(&format!("@{}:", process::BOT), &format!("@{SECOND}:")))?;
    Ok((Bot::start(PROGRAM.as_ref(), &config, None)?, folder))
}

async fn two_of_a_kind(neighbourhood: &mut Neighbourhood) -> Result {
    let server = neighbourhood.homeserver.server_name();
    let (first, second) = (neighbourhood.bot_user_id.clone(), format!("@{SECOND}:{server}"));
    let steward = neighbourhood
        .homeserver
        .log_in(neighbourhood.captain.user_id().as_str(), "a door that is never locked")
        .await?;
    let room_id = steward.create_room("双灯", &[&first, &second], None, false).await?;
    let count = |events: &[Value], text: &str| {
        [&first, &second].map(|bot| said_by(events, bot).iter().filter(|event| body(event).contains(text)).count())
    };
    wait_until(&steward, &room_id, "both greet", |events| count(events, "大家好") == [1, 1]).await?;
    steward.send_text(&room_id, "！这是 双灯楼", "both-bind").await?;
    wait_until(&steward, &room_id, "both are bound", |events| count(events, "登记好了") == [1, 1]).await?;
    // Each posts a card, somebody claims at both, and both introduce and thank, which rings (m.text).
    steward.send_text(&room_id, "！许愿 修两盏灯", "both-wish").await?;
    wait_until(&steward, &room_id, "both have a card", |events| count(events, "✨ 心愿") == [1, 1]).await?;
    // What the other says is put to each in the form that it answers: a command, with a mention.
    for (number, text) in ["！帮助", "！心愿列表", "！许愿 再来一盏"].into_iter().enumerate() {
        steward.send_text(&room_id, text, &format!("both-{number}")).await?;
    }
    wait_until(&steward, &room_id, "both have done all", |events| {
        let cards = |bot: &str| said_by(events, bot).iter().filter(|event| body(event).contains("再来一盏")).count();
        cards(&first) >= 1 && cards(&second) >= 1
    })
    .await?;
    let before = said_by(&events(&steward, &room_id).await?, &first).len();
    // Nothing more comes by itself: two more commands bring as much as such commands bring.
    steward.send_text(&room_id, "！积分 明细 谢谢", "both-last").await?;
    steward.send_text(&room_id, "！许愿 最后一盏", "both-end").await?;
    let after = wait_until(&steward, &room_id, "both have the last card", |events| {
        count(events, "最后一盏").iter().all(|count| *count >= 1)
    })
    .await?;
    let of_first = said_by(&after, &first).len() - before;
    assert!(of_first <= 6, "the bots answer each other: {of_first} more things said");
    let answers_to_the_other = said_by(&after, &first)
        .iter()
        .filter_map(|event| event["content"]["m.relates_to"]["m.in_reply_to"]["event_id"].as_str())
        .filter(|replied| after.iter().any(|event| event["event_id"] == *replied && event["sender"] == second.as_str()))
        .count();
    assert_eq!(answers_to_the_other, 0);
    steward.leave(&room_id).await?;
    Ok(())
}

/// A bot that isn't ours says everything that ours says back to it, as text and with a mention.
async fn echo(neighbourhood: &mut Neighbourhood) -> Result {
    let bot = neighbourhood.bot_user_id.clone();
    let echo = neighbourhood.homeserver.person("echo", Some("回声")).await?;
    let resident = neighbourhood.homeserver.person("calm", Some("静")).await?;
    let room_id = echo.create_room("回声谷", &[&bot, resident.user_id()], None, false).await?;
    resident.join(&room_id).await?;
    wait_until(&echo, &room_id, "the greeting", |events| !said_by(events, &bot).is_empty()).await?;
    let (mut echoed, mut last_news) = (0, Instant::now());
    let end = Instant::now() + PATIENCE;
    let mut since: Option<String> = None;
    while last_news.elapsed() < SILENCE {
        assert!(Instant::now() < end, "they are still at it after {echoed} answers");
        let all = events(&echo, &room_id).await?;
        let said = said_by(&all, &bot);
        for event in said.iter().skip(echoed) {
            let content = json!({
                "msgtype": "m.text", "body": format!("{bot} {}", body(event)), "m.mentions": { "user_ids": [&bot] },
            });
            let transaction = event["event_id"].as_str().unwrap_or_default().trim_start_matches('$').to_owned();
            echo.send_event(&room_id, "m.room.message", &content, &transaction).await?;
            last_news = Instant::now();
        }
        echoed = said.len();
        let news = echo.sync(since.as_deref(), 1_000, None).await?;
        since = news.get("next_batch").and_then(Value::as_str).map(str::to_owned);
    }
    let all = events(&echo, &room_id).await?;
    let said = said_by(&all, &bot);
    assert!((30..=ANSWERS_MAX).contains(&said.len()), "{} answers", said.len());
    let notices = said.iter().filter(|event| body(event).contains("先歇一两分钟")).count();
    assert_eq!(notices, 1, "told once");
    // Nobody else is the worse for it.
    resident.send_text(&room_id, "！帮助", "calm").await?;
    let before = said.len();
    wait_until(&resident, &room_id, "an answer for the calm", |events| said_by(events, &bot).len() > before).await?;
    process::say(&format!("the echo was answered {before} times"));
    echo.leave(&room_id).await?;
    Ok(())
}
