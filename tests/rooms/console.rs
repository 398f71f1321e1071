//! The same on the console: its `kick`, `upgrade` and `leave`.

use lamplighter::gateway::console::{Console, DEFAULT_AT, Options};
use lamplighter_config::Community;
use serde_json::{Value, json};

use super::Result;

struct Talk {
    console: Console,
    inputs: usize,
}

impl Talk {
    /// Does one line and gives what it caused, its done left out.
    async fn line(&mut self, mut input: Value) -> Result<Vec<Value>> {
        self.inputs += 1;
        input["id"] = json!(format!("e{}", self.inputs));
        let mut outputs = Vec::new();
        for line in self.console.line(&input.to_string()).await? {
            let output: Value = serde_json::from_str(&line)?;
            if output.get("done").is_none() {
                outputs.push(output);
            }
        }
        Ok(outputs)
    }

    async fn say(&mut self, room: &str, by: &str, text: &str) -> Result<Vec<Value>> {
        self.line(json!({ "do": "say", "room": room, "by": by, "text": text })).await
    }
}

fn texts(outputs: &[Value]) -> String {
    let texts = outputs.iter().filter_map(|output| output["text"].as_str());
    texts.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_room_lives_on_the_console() -> Result {
    let options = Options {
        communities: vec![Community::console_default(vec![])],
        invites: None,
        ignore: Vec::new(),
        database: None,
        keep_texts_days: 14,
        at: chrono::DateTime::parse_from_rfc3339(DEFAULT_AT)?,
    };
    let mut talk = Talk { console: Console::open(options).await?, inputs: 0 };
    let room = "3号楼";
    talk.line(json!({ "do": "room", "room": room, "members": { "王楼长": 50, "李阿姨": 0 } })).await?;
    talk.say(room, "李阿姨", "！许愿 修楼道灯").await?;

    // Put out: silence, whatever falls due; invited again: it goes on.
    assert!(talk.line(json!({ "do": "kick", "room": room, "by": "王楼长" })).await?.is_empty());
    assert!(talk.line(json!({ "do": "clock", "at": "2026-01-06T20:00:00+08:00" })).await?.is_empty());
    let back = talk.line(json!({ "do": "invite", "room": room, "by": "王楼长" })).await?;
    assert!(texts(&back).contains("我回来了") && texts(&back).contains("修楼道灯"), "{back:?}");
    let evening = talk.line(json!({ "do": "clock", "at": "2026-01-07T20:00:00+08:00" })).await?;
    assert!(texts(&evening).contains("修楼道灯"), "the digest is back: {evening:?}");

    // Upgraded: everything is in the new room, and the old one is silent.
    let upgrade = json!({ "do": "upgrade", "room": room, "to": "3号楼（新）", "by": "王楼长" });
    let moved = talk.line(upgrade).await?;
    assert!(texts(&moved).contains("群升级了") && texts(&moved).contains("心愿 1"), "{moved:?}");
    assert!(moved.iter().all(|output| output["room"] == "3号楼（新）"), "{moved:?}");
    assert!(talk.say(room, "李阿姨", "！许愿 换灯泡").await?.is_empty());
    let said = talk.say("3号楼（新）", "李阿姨", "！许愿 换灯泡").await?;
    assert!(texts(&said).contains("心愿 2：换灯泡"), "{said:?}");

    // Nobody is left: the bot goes too.
    assert!(talk.line(json!({ "do": "leave", "room": "3号楼（新）", "by": "李阿姨" })).await?.is_empty());
    let last = talk.line(json!({ "do": "leave", "room": "3号楼（新）", "by": "王楼长" })).await?;
    assert_eq!(last.iter().map(|output| output["kind"].clone()).collect::<Vec<_>>(), ["leave"], "{last:?}");
    assert!(talk.line(json!({ "do": "clock", "at": "2026-01-08T20:00:00+08:00" })).await?.is_empty());
    Ok(())
}
