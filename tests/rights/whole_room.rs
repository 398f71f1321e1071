//! A captain has everybody reminded: `@room` exactly if they may do that when it is time.

use lamplighter_tests::{homeserver::Person, neighbourhood::Neighbourhood, resident::Extras};
use serde_json::json;

use super::{Result, body, said_by, wait_until};

/// What was asked for, and who watches.
pub struct Asked {
    reader: Person,
    demoted: Person,
}

/// The creator of the room and a captain both ask; the captain is one no more when it is time.
pub async fn ask(neighbourhood: &mut Neighbourhood) -> Result<Asked> {
    let room_id = neighbourhood.room_id.clone();
    let demoted = neighbourhood.person("oncecaptain").await?;
    let reader = neighbourhood.person("reader").await?;
    power(neighbourhood, demoted.user_id(), 50).await?;
    neighbourhood.captain.say(&room_id, "！提醒大家 2分钟后 停水通知", &Extras::default()).await?;
    demoted.send_text(&room_id, "！提醒大家 2分钟后 停电通知", "power-cut").await?;
    let noted = "📢 记下了";
    let bot = neighbourhood.bot_user_id.clone();
    wait_until(&reader, &room_id, "both are noted", |events| {
        said_by(events, &bot).iter().filter(|event| body(event).contains(noted)).count() == 2
    })
    .await?;
    power(neighbourhood, demoted.user_id(), 0).await?;
    Ok(Asked { reader, demoted })
}

async fn power(neighbourhood: &Neighbourhood, user_id: &str, level: i64) -> Result {
    // The creator stands above all levels and must not be listed.
    let content = json!({ "users": { user_id: level }, "invite": 0, "notifications": { "room": 50 } });
    neighbourhood.captain.set_state(&neighbourhood.room_id, "m.room.power_levels", content).await?;
    Ok(())
}

/// A minute or two later.
pub async fn play(neighbourhood: &mut Neighbourhood, asked: Asked) -> Result {
    let bot = neighbourhood.bot_user_id.clone();
    let said = |text: &'static str| {
        let bot = bot.clone();
        move |event: &serde_json::Value| {
            event["sender"] == bot.as_str() && body(event).contains("提醒大家：") && body(event).contains(text)
        }
    };
    let (water, power_cut) = (said("停水通知"), said("停电通知"));
    let events = wait_until(&asked.reader, &neighbourhood.room_id, "both are said", |events| {
        events.iter().any(&water) && events.iter().any(&power_cut)
    })
    .await?;
    let by_creator = events.iter().find(|event| water(event)).ok_or("not said")?;
    assert_eq!(by_creator["content"]["m.mentions"], json!({ "room": true }), "{by_creator}");
    assert_eq!(by_creator["content"]["msgtype"], "m.text", "a notice rings nobody");
    let by_demoted = events.iter().find(|event| power_cut(event)).ok_or("not said")?;
    assert_eq!(by_demoted["content"]["m.mentions"], json!({}), "{by_demoted}");
    // Who asked is told, privately: the bot opens a chat for it.
    let end = std::time::Instant::now() + super::PATIENCE;
    let mut look = 0;
    loop {
        look += 1;
        // Synapse answers the same request from memory for two minutes, so it isn't the same.
        let filter = format!(r#"{{"room":{{"timeline":{{"limit":{look}}}}}}}"#);
        let news = asked.demoted.sync(None, 0, Some(&filter)).await?;
        if news["rooms"]["invite"].as_object().is_some_and(|invites| !invites.is_empty()) {
            return Ok(());
        }
        if std::time::Instant::now() > end {
            return Err("the captain of before was never told".into());
        }
        asked.reader.sync(None, 0, None).await?;
    }
}
