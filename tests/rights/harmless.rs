//! What comes back through a real homeserver of what residents wrote does nobody any harm.

use lamplighter_tests::neighbourhood::Neighbourhood;
use serde_json::{Value, json};

use super::{Result, body, events, wait_until};

const NAME: &str = "<b>@room</b>\n\u{202E}楼长\u{200B}";
const TEXTS: [&str; 6] = [
    "！许愿 <a href=\"https://matrix.to/#/@captain:lamplighter.test\">王楼长</a> @room",
    "！许愿 修\u{202E}灯 Z\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}",
    "！许愿 @captain:lamplighter.test **粗** `码` { $person }",
    "！许愿 </b><script>alert(1)</script> &lt;b&gt;",
    "！活动 <h1>@room</h1> 周六晚7点 @captain:lamplighter.test的家",
    "！报名 <img src=x onerror=alert(1)>",
];

/// Somebody with a strange name writes strange things.
pub async fn play(neighbourhood: &mut Neighbourhood) -> Result {
    let stranger = neighbourhood.person("stranger").await?;
    stranger.set_display_name(NAME).await?;
    let (room_id, bot) = (neighbourhood.room_id.clone(), neighbourhood.bot_user_id.clone());
    for (number, text) in TEXTS.iter().enumerate() {
        let content = json!({
            "msgtype": "m.text", "body": text, "format": "org.matrix.custom.html", "formatted_body": text,
            "m.mentions": { "user_ids": ["@captain:lamplighter.test"], "room": true },
        });
        stranger.send_event(&room_id, "m.room.message", &content, &format!("strange-{number}")).await?;
    }
    let own = |event: &&Value| event["sender"] == bot.as_str();
    wait_until(&stranger, &room_id, "five cards", |events| {
        let cards = |event: &&Value| body(event).starts_with("✨") || body(event).contains("活动");
        events.iter().filter(own).filter(|event| event["type"] == "m.room.message").filter(cards).count() >= 5
    })
    .await?;
    let card = events(&stranger, &room_id).await?;
    let card = card.iter().filter(own).find(|event| body(event).starts_with("✨")).ok_or("no card")?.clone();
    let event_id = card["event_id"].as_str().unwrap_or_default().to_owned();
    let captain = neighbourhood.person("helper").await?;
    captain.react(&room_id, &event_id, "✋ 我来").await?;
    let events = wait_until(&stranger, &room_id, "the card's edit", |events| {
        events.iter().filter(own).any(|event| {
            event["content"]["m.relates_to"]["event_id"] == event_id.as_str()
                && event["content"]["m.relates_to"]["rel_type"] == "m.replace"
        })
    })
    .await?;
    for event in events.iter().filter(own).filter(|event| event["type"] == "m.room.message") {
        let content = &event["content"];
        assert!(content["m.mentions"].is_object(), "m.mentions is always there: {event}");
        assert_ne!(content["m.mentions"]["room"], true, "{event}");
        assert!(!content["m.mentions"].to_string().contains("captain"), "a pasted name rings nobody: {event}");
        if content["m.relates_to"]["rel_type"] == "m.replace" {
            assert_eq!(content["m.mentions"], json!({}), "an edit mentions nobody anew: {event}");
            assert!(content["m.new_content"]["m.mentions"].is_object(), "{event}");
        }
        for html in [&content["formatted_body"], &content["m.new_content"]["formatted_body"]] {
            let html = html.as_str().unwrap_or_default();
            for tag in html.split('<').skip(1) {
                let known = ["b>", "/b>", "code>", "/code>", "br>", "/a>"].iter().any(|known| tag.starts_with(known));
                assert!(known || tag.starts_with("a href=\"https://matrix.to/#/@"), "<{tag} in {html}");
            }
            assert!(!html.contains("<a href=\"https://matrix.to/#/@captain"), "a forged pill: {html}");
        }
        let all = content.to_string();
        assert!(!all.to_lowercase().contains("@room"), "{all}");
        assert!(!all.chars().any(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{200B}')), "{all}");
    }
    Ok(())
}
