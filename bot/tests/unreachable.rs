//! Whom no private message reaches learns in the room that somebody acted for them, and not what; each time.

use lamplighter::gateway::console::{Console, Options};
use lamplighter_config::Community;

async fn heard(console: &mut Console, line: &str) -> Vec<String> {
    console.line(line).await.expect("the console goes on")
}

#[tokio::test]
async fn a_deed_is_said_in_the_room_where_no_private_message_can_tell_of_it() {
    let options = Options {
        communities: vec![Community::console_default(Vec::new())],
        invites: None,
        ignore: Vec::new(),
        keep_texts_days: lamplighter_config::DEFAULT_KEEP_TEXTS_DAYS,
        database: None,
        at: chrono::DateTime::parse_from_rfc3339("2026-01-05T18:00:00+08:00").expect("a time"),
    };
    let mut console = Console::open(options).await.expect("a console");
    heard(&mut console, r#"{"do":"room","room":"3号楼","kind":"building","members":{"王楼长":50,"刘姐":0}}"#).await;
    heard(&mut console, r#"{"do":"dm","by":"刘姐","state":"refused"}"#).await;
    for wish in ["看病", "买菜"] {
        let say = format!(r#"{{"do":"say","room":"3号楼","by":"王楼长","text":"！代刘姐 许愿 {wish}"}}"#);
        let lines = heard(&mut console, &say).await;
        let told: Vec<_> = lines.iter().filter(|line| line.contains("代您办了一件事")).collect();
        let [told] = told[..] else { panic!("said once: {lines:#?}") };
        assert!(told.contains(r#""room":"3号楼""#) && told.contains("！撤销") && !told.contains(wish), "{told}");
    }
    let lines = heard(&mut console, r#"{"do":"say","room":"3号楼","by":"刘姐","text":"！撤销"}"#).await;
    assert!(lines.iter().any(|line| line.contains("已撤回")), "{lines:#?}");
}
