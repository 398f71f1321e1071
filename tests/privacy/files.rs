//! 我的数据 as a file: it comes once though the bot dies over it, and also where nothing is encrypted.

use std::time::{Duration, Instant};

use lamplighter_tests::{
    homeserver::{Direction, Person},
    neighbourhood::Neighbourhood,
    resident::{Extras, Resident},
    view::FILE_MARK,
};
use matrix_sdk::ruma::UserId;
use reqwest::Method;
use serde_json::{Value, json};

use super::{LOOKS_MAX, PROGRAM, Result, ZHANG};

/// How long a raw client waits for something.
const PATIENCE: Duration = Duration::from_secs(240);

/// How many files stand in somebody's private chat with the bot.
async fn files(resident: &mut Resident, bot: &UserId) -> Result<usize> {
    resident.sync_for(Duration::from_secs(1)).await?;
    let Some(chat) = resident.direct_chat_with(bot) else { return Ok(0) };
    let messages = resident.read_whole(&chat).await?.messages();
    Ok(messages.iter().filter(|message| message.text.starts_with(FILE_MARK)).count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_comes_once_though_the_bot_dies_over_it() -> Result {
    /// Over the tick on the question, over the line before the file, and over the file.
    const DEATHS: usize = 3;
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let room_id = neighbourhood.room_id.clone();
    let bot = UserId::parse(&neighbourhood.bot_user_id)?;
    a_chat_that_is_not_encrypted(&mut neighbourhood).await?;
    let mut zhang = neighbourhood.resident(ZHANG.0, ZHANG.1).await?;
    let mut deaths = 0;
    for passing in 0..=DEATHS {
        neighbourhood.kill_bot()?;
        // Nobody dies over the last one.
        let death = (passing < DEATHS).then(|| format!("sender::delivered={passing}*off->return"));
        neighbourhood.start_bot(death.as_deref())?;
        zhang.say(&room_id, "！我的数据", &Extras::default()).await?;
        for _ in 0..LOOKS_MAX {
            if neighbourhood.bot_has_died()? {
                deaths += 1;
                neighbourhood.start_bot(None)?;
            }
            if files(&mut zhang, &bot).await? > passing && deaths >= DEATHS.min(passing + 1) {
                break;
            }
        }
    }
    // What was sent before a death is known again, and nothing more comes.
    zhang.say(&room_id, "！帮助", &Extras::default()).await?;
    neighbourhood.wait_for("这些话我听得懂").await?;
    neighbourhood.stop_bot()?;
    assert_eq!(deaths, DEATHS);
    assert_eq!(files(&mut zhang, &bot).await?, DEATHS + 1, "each question has its one file");
    Ok(())
}

/// Waits for a message in a room that somebody reads with a raw client.
async fn message(reader: &Person, room_id: &str, fits: impl Fn(&Value) -> bool) -> Result<Value> {
    let end = Instant::now() + PATIENCE;
    let mut since: Option<String> = None;
    loop {
        let page = reader.messages(room_id, None, Direction::Back, 100).await?;
        let found = page["chunk"].as_array().into_iter().flatten().find(|event| fits(&event["content"]));
        if let Some(event) = found {
            return Ok(event["content"].clone());
        }
        if Instant::now() > end {
            return Err(format!("it never comes; the chat holds {page:#}").into());
        }
        let news = reader.sync(since.as_deref(), 2_000, None).await?;
        since = news["next_batch"].as_str().map(str::to_owned);
    }
}

/// Some clients make private chats without encryption: the file lies on the server as it is, and says what it is.
async fn a_chat_that_is_not_encrypted(neighbourhood: &mut Neighbourhood) -> Result {
    let plain = neighbourhood.person("plainly").await?;
    let body = json!({
        "preset": "trusted_private_chat", "is_direct": true, "invite": [neighbourhood.bot_user_id],
    });
    let made = plain.request(Method::POST, &["v3", "createRoom"], &[], Some(&body)).await?;
    let chat = made["room_id"].as_str().ok_or("no private chat")?.to_owned();
    let says = |content: &Value, text: &str| content["body"].as_str().is_some_and(|body| body.contains(text));
    message(&plain, &chat, |content| says(content, "发 帮助")).await?;
    plain.send_text(&neighbourhood.room_id, "！许愿 修水管", "plain-wish").await?;
    neighbourhood.wait_for("修水管").await?;
    plain.send_text(&chat, "我的数据", "plain-data").await?;
    let file = message(&plain, &chat, |content| content["msgtype"] == "m.file").await?;
    assert_eq!(file["file"], Value::Null, "nothing to decrypt: {file}");
    assert_eq!(
        (&file["body"], &file["info"]["mimetype"]),
        (&json!("我的数据.txt"), &json!("text/plain; charset=utf-8")),
        "{file}"
    );
    assert!(file["m.mentions"].is_object(), "{file}");
    let place = file["url"].as_str().and_then(|url| url.strip_prefix("mxc://")).ok_or("no file")?;
    let token = plain.account().access_token.clone().ok_or("no token")?;
    let url = format!("{}/_matrix/client/v1/media/download/{place}", neighbourhood.homeserver.url());
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await?.error_for_status()?;
    let bytes = answer.bytes().await?;
    assert_eq!(file["info"]["size"], bytes.len(), "{file}");
    let text = std::str::from_utf8(&bytes)?;
    assert!(text.contains(plain.user_id()) && text.contains("修水管"), "{text}");
    Ok(())
}
