//! From an event's JSON to what happened, as a pure function, so that it can be fuzzed. Whatever isn't as the
//! specification says is nothing.

use lamplighter_commands::scene::Content;
use serde_json::Value;

/// The key under which our transaction id travels in the content of what we send.
pub const TRANSACTION_KEY: &str = "org.lamplighter.transaction";

/// The key under which the number of a card travels.
pub const CARD_KEY: &str = "org.lamplighter.card";

/// Something that we said, read for a database that may not know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnEcho {
    /// Under which it was sent.
    pub transaction_id: String,
    /// `post`, `edit`, `tap` or `end`, as the outbox tells them apart.
    pub kind: &'static str,
    /// What it is about.
    pub about: Option<String>,
    /// Of a reaction, as the outbox writes it.
    pub content: Option<String>,
    /// The number on a card.
    pub number: Option<i64>,
}

/// Reads what we said ourselves.
pub fn own_echo(event: &Value, own_user_id: &str) -> Option<OwnEcho> {
    if text_at(event, &["sender"]) != Some(own_user_id) || event.get("state_key").is_some() {
        return None;
    }
    let content = event.get("content")?;
    let transaction_id = text_at(content, &[TRANSACTION_KEY])?.to_owned();
    let relation = |key| text_at(content, &["m.relates_to", key]).map(str::to_owned);
    let replaces = relation("rel_type").as_deref() == Some("m.replace");
    let (kind, about, tap) = match text_at(event, &["type"])? {
        "m.room.message" if replaces => ("edit", relation("event_id"), None),
        "m.room.message" | "org.matrix.msc3381.poll.start" => ("post", None, None),
        "org.matrix.msc3381.poll.end" => ("end", relation("event_id"), None),
        "m.reaction" => ("tap", relation("event_id"), Some(Content::Tap { key: relation("key")? })),
        _ => return None,
    };
    let tap = tap.and_then(|tap| serde_json::to_string(&tap).ok());
    let number = content.get(CARD_KEY).and_then(Value::as_i64);
    Some(OwnEcho { transaction_id, kind, about, content: tap, number })
}

/// What an event is, before names and rooms are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody said something.
    Message {
        /// The plain text.
        text: String,
        /// The HTML, in which clients put the links of mentions.
        html: Option<String>,
        /// Another bot speaks.
        notice: bool,
        /// It is spoken, not written.
        voice: bool,
        /// Who is mentioned (`m.mentions`).
        mentions: Vec<String>,
        /// Which event it replies to.
        reply_to: Option<String>,
        /// The first event of its thread.
        thread: Option<String>,
    },
    /// Somebody changed what they had said.
    Edit {
        /// The original.
        of: String,
        /// The plain text now.
        text: String,
        /// The HTML now.
        html: Option<String>,
        /// Another bot speaks.
        notice: bool,
        /// Who is mentioned now.
        mentions: Vec<String>,
    },
    /// Somebody isn't in the room any more.
    Left {
        /// Who; the sender may have put them out.
        user_id: String,
    },
    /// The room is to be left for another.
    Tombstone,
    /// Somebody reacted.
    Tap {
        /// To which event.
        on: String,
        /// With what.
        key: String,
    },
    /// Somebody answered a native poll (MSC3381).
    PollAnswer {
        /// Which event.
        on: String,
        /// The ids of what was chosen.
        answers: Vec<String>,
    },
    /// Somebody took an event back.
    Redaction {
        /// Which.
        of: String,
    },
    /// We came in.
    OwnJoin,
    /// We said something ourselves.
    Echo {
        /// The transaction id it was sent under.
        transaction_id: String,
    },
    /// It can't be read until its key comes.
    Encrypted,
    /// It doesn't concern us.
    Nothing,
}

fn text_at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(value, |value, key| value.get(key))?.as_str()
}

/// Reads an event.
pub fn read(event: &Value, own_user_id: &str) -> Event {
    let Some(kind) = text_at(event, &["type"]) else { return Event::Nothing };
    let own = text_at(event, &["sender"]) == Some(own_user_id);
    if kind == "m.room.member" {
        let joins = text_at(event, &["state_key"]) == Some(own_user_id)
            && text_at(event, &["content", "membership"]) == Some("join");
        let before = text_at(event, &["unsigned", "prev_content", "membership"])
            .or_else(|| text_at(event, &["prev_content", "membership"]));
        if joins && before != Some("join") {
            return Event::OwnJoin;
        }
        // Without what was before, it may have been an invitation that was declined, which is harmless.
        return match (text_at(event, &["state_key"]), text_at(event, &["content", "membership"])) {
            (Some(user_id), Some("leave" | "ban"))
                if user_id != own_user_id && !matches!(before, Some("invite" | "knock" | "leave" | "ban")) =>
            {
                Event::Left { user_id: user_id.to_owned() }
            }
            _ => Event::Nothing,
        };
    }
    if kind == "m.room.tombstone" && text_at(event, &["state_key"]) == Some("") {
        return Event::Tombstone;
    }
    if event.get("state_key").is_some() {
        return Event::Nothing;
    }
    if own && kind != "m.room.encrypted" {
        let transaction_id =
            text_at(event, &["content", TRANSACTION_KEY]).or_else(|| text_at(event, &["unsigned", "transaction_id"]));
        return match transaction_id {
            Some(transaction_id) => Event::Echo { transaction_id: transaction_id.to_owned() },
            None => Event::Nothing,
        };
    }
    // Another bot of this kind, with its own room to look after: two of them would go on answering each other.
    if text_at(event, &["content", TRANSACTION_KEY]).is_some() {
        return Event::Nothing;
    }
    match kind {
        "m.room.encrypted" => Event::Encrypted,
        "m.room.message" => message(event),
        "org.matrix.msc3381.poll.response" | "m.poll.response" => poll_answer(event),
        "m.reaction" => {
            let on = text_at(event, &["content", "m.relates_to", "event_id"]);
            let key = text_at(event, &["content", "m.relates_to", "key"]);
            let annotates = text_at(event, &["content", "m.relates_to", "rel_type"]) == Some("m.annotation");
            match (on, key) {
                (Some(on), Some(key)) if annotates => Event::Tap { on: on.to_owned(), key: key.to_owned() },
                _ => Event::Nothing,
            }
        }
        "m.room.redaction" => match text_at(event, &["content", "redacts"]).or_else(|| text_at(event, &["redacts"])) {
            Some(of) => Event::Redaction { of: of.to_owned() },
            None => Event::Nothing,
        },
        _ => Event::Nothing,
    }
}

fn message(event: &Value) -> Event {
    let kind = text_at(event, &["content", "msgtype"]);
    let relation = text_at(event, &["content", "m.relates_to", "rel_type"]);
    if relation == Some("m.replace") {
        return edit(event);
    }
    // A voice message (MSC3245), or a sound that was sent as a file. Its body is the name of the file.
    let sounds = || text_at(event, &["content", "info", "mimetype"]).is_some_and(|kind| kind.starts_with("audio/"));
    let voice = kind == Some("m.audio") || kind == Some("m.file") && sounds();
    let Some(text) = text_at(event, &["content", "body"]) else { return Event::Nothing };
    if !voice && !matches!(kind, Some("m.text" | "m.notice")) {
        return Event::Nothing;
    }
    let text = if voice { "" } else { text };
    let mentions = event.get("content").map(mentions).unwrap_or_default();
    let in_thread = relation == Some("m.thread");
    // Inside a thread the reply is only there for clients without threads.
    let falls_back = event
        .get("content")
        .and_then(|content| content.get("m.relates_to")?.get("is_falling_back")?.as_bool())
        .unwrap_or(false);
    let reply_to = text_at(event, &["content", "m.relates_to", "m.in_reply_to", "event_id"]);
    Event::Message {
        text: text.to_owned(),
        html: text_at(event, &["content", "formatted_body"]).map(str::to_owned),
        notice: kind == Some("m.notice"),
        voice,
        mentions,
        reply_to: reply_to.filter(|_| !(in_thread && falls_back)).map(str::to_owned),
        thread: text_at(event, &["content", "m.relates_to", "event_id"]).filter(|_| in_thread).map(str::to_owned),
    }
}

/// A new version of a message: what it says now stands in `m.new_content`.
fn edit(event: &Value) -> Event {
    let new = event.get("content").and_then(|content| content.get("m.new_content"));
    let (Some(of), Some(new)) = (text_at(event, &["content", "m.relates_to", "event_id"]), new) else {
        return Event::Nothing;
    };
    let kind = text_at(new, &["msgtype"]);
    match text_at(new, &["body"]) {
        Some(text) if matches!(kind, Some("m.text" | "m.notice")) => Event::Edit {
            of: of.to_owned(),
            text: text.to_owned(),
            html: text_at(new, &["formatted_body"]).map(str::to_owned),
            notice: kind == Some("m.notice"),
            mentions: mentions(new),
        },
        _ => Event::Nothing,
    }
}

fn mentions(content: &Value) -> Vec<String> {
    content
        .get("m.mentions")
        .and_then(|mentions| mentions.get("user_ids")?.as_array())
        .map(|ids| ids.iter().filter_map(Value::as_str).map(str::to_owned).take(MENTIONS_MAX).collect())
        .unwrap_or_default()
}

/// Both types are accepted, the unstable one (which all clients send) and the one of MSC3381's text.
fn poll_answer(event: &Value) -> Event {
    let Some(content) = event.get("content") else { return Event::Nothing };
    let on = text_at(content, &["m.relates_to", "event_id"]);
    let refers = text_at(content, &["m.relates_to", "rel_type"]) == Some("m.reference");
    let unstable = content.get("org.matrix.msc3381.poll.response").and_then(|response| response.get("answers"));
    let stable = content
        .get("m.poll.response")
        .and_then(|response| response.get("answers"))
        .or_else(|| content.get("m.selections"));
    let answers = unstable.or(stable).and_then(Value::as_array);
    match (on, answers) {
        (Some(on), Some(answers)) if refers => Event::PollAnswer {
            on: on.to_owned(),
            answers: answers.iter().filter_map(Value::as_str).map(str::to_owned).take(ANSWERS_MAX).collect(),
        },
        _ => Event::Nothing,
    }
}

/// A poll allows one answer; of more than these the first counts anyway.
const ANSWERS_MAX: usize = 20;

/// What the ids of answers mean: ours are 1, 2 …; anything else is 0, which spoils the ballot.
pub fn choices(answers: &[String]) -> Vec<i64> {
    answers.iter().map(|answer| answer.parse().unwrap_or(0)).collect()
}

/// Names are looked up for at most this many mentions.
const MENTIONS_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ME: &str = "@lamplighter:example.org";

    #[test]
    fn what_events_are() {
        let text = |content: Value| json!({"type": "m.room.message", "sender": "@li:example.org", "content": content});
        assert!(matches!(
            read(&text(json!({"msgtype": "m.text", "body": "！许愿 修灯"})), ME),
            Event::Message { notice: false, .. }
        ));
        assert!(matches!(
            read(&text(json!({"msgtype": "m.notice", "body": "！许愿 修灯"})), ME),
            Event::Message { notice: true, .. }
        ));
        for content in [
            json!({"msgtype": "m.audio", "body": "Voice message.ogg", "org.matrix.msc3245.voice": {}}),
            json!({"msgtype": "m.file", "body": "！许愿.ogg", "info": {"mimetype": "audio/ogg"}}),
        ] {
            let Event::Message { text, voice: true, .. } = read(&text(content), ME) else { panic!("it is spoken") };
            assert_eq!(text, "", "the name of a file isn't what somebody says");
        }
        let picture = json!({"msgtype": "m.file", "body": "a.png", "info": {"mimetype": "image/png"}});
        assert_eq!(read(&text(picture), ME), Event::Nothing);
        let edit =
            json!({"msgtype": "m.text", "body": "*", "m.relates_to": {"rel_type": "m.replace", "event_id": "$a"}});
        assert_eq!(read(&text(edit), ME), Event::Nothing, "nothing new is said");
        let edit = json!({"msgtype": "m.text", "body": "* ！许愿 修门", "m.relates_to": {
            "rel_type": "m.replace", "event_id": "$a"}, "m.new_content": {"msgtype": "m.text", "body": "！许愿 修门",
            "m.mentions": {"user_ids": [ME]}}});
        let mentions = vec![ME.to_owned()];
        let expected =
            Event::Edit { of: "$a".into(), text: "！许愿 修门".into(), html: None, notice: false, mentions };
        assert_eq!(read(&text(edit), ME), expected);
        let member = |state_key: &str, membership: &str, before: Option<&str>| {
            json!({"type": "m.room.member", "sender": "@wang:example.org", "state_key": state_key,
                "content": {"membership": membership},
                "unsigned": before.map_or(json!({}), |before| json!({"prev_content": {"membership": before}}))})
        };
        for (membership, before, left) in [
            ("leave", Some("join"), true),
            ("ban", Some("join"), true),
            ("leave", None, true),
            ("leave", Some("invite"), false),
            ("leave", Some("ban"), false),
            ("join", Some("invite"), false),
        ] {
            let expected = if left { Event::Left { user_id: "@li:example.org".into() } } else { Event::Nothing };
            assert_eq!(read(&member("@li:example.org", membership, before), ME), expected, "{membership} {before:?}");
        }
        assert_eq!(read(&member(ME, "leave", Some("join")), ME), Event::Nothing, "that is seen by the state");
        let tombstone = json!({"type": "m.room.tombstone", "state_key": "", "sender": "@wang:example.org",
            "content": {"replacement_room": "!new"}});
        assert_eq!(read(&tombstone, ME), Event::Tombstone);
        let tap = json!({"type": "m.reaction", "sender": "@li:example.org",
            "content": {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$a", "key": "✋"}}});
        assert_eq!(read(&tap, ME), Event::Tap { on: "$a".into(), key: "✋".into() });
        let own = json!({"type": "m.reaction", "sender": ME, "content": {TRANSACTION_KEY: "ll-1"}});
        assert_eq!(read(&own, ME), Event::Echo { transaction_id: "ll-1".into() });
        let mut of_another_bot = text(json!({"msgtype": "m.text", "body": "！许愿 修灯", TRANSACTION_KEY: "ll-1"}));
        assert_eq!(read(&of_another_bot, ME), Event::Nothing);
        of_another_bot["content"]["msgtype"] = json!("m.notice");
        assert_eq!(read(&of_another_bot, ME), Event::Nothing);
        let redaction =
            json!({"type": "m.room.redaction", "sender": "@li:example.org", "redacts": "$a", "content": {}});
        assert_eq!(read(&redaction, ME), Event::Redaction { of: "$a".into() });
        let join = json!({"type": "m.room.member", "sender": ME, "state_key": ME, "content": {"membership": "join"},
            "unsigned": {"prev_content": {"membership": "invite"}}});
        assert_eq!(read(&join, ME), Event::OwnJoin);
        let renamed = json!({"type": "m.room.member", "sender": ME, "state_key": ME, "content": {"membership": "join"},
            "unsigned": {"prev_content": {"membership": "join"}}});
        assert_eq!(read(&renamed, ME), Event::Nothing);
        for (kind, key) in [
            ("org.matrix.msc3381.poll.response", "org.matrix.msc3381.poll.response"),
            ("m.poll.response", "m.poll.response"),
        ] {
            let answer = json!({"type": kind, "sender": "@li:example.org", "content": {
                "m.relates_to": {"rel_type": "m.reference", "event_id": "$poll"}, key: {"answers": ["2"]}}});
            assert_eq!(read(&answer, ME), Event::PollAnswer { on: "$poll".into(), answers: vec!["2".into()] });
        }
        assert_eq!(choices(&["2".into(), "x".into()]), [2, 0]);
        for broken in [json!(null), json!([]), json!({"type": 3}), json!({"type": "m.room.message"})] {
            assert_eq!(read(&broken, ME), Event::Nothing);
        }
    }
}
