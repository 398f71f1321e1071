//! Stories on the console, in this process.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use lamplighter::gateway::console::{Console, Options};
use lamplighter_config::Community;
use serde_json::{Value, json};

use super::{BOT_NAME, DIRECT, Members, STORY_AT, Sight, VOICE, direct_place, levels};
use crate::{
    Result, process,
    view::{Happening, RoomView, file_text, poll_text},
};

/// The console as a stage.
#[derive(Debug)]
pub struct ConsoleStage {
    console: Console,
    rooms: BTreeMap<String, RoomView>,
    order: Vec<String>,
    hidden: Vec<String>,
    inputs: usize,
}

impl ConsoleStage {
    /// A console with one community and these stewards.
    pub async fn open(stewards: &[String]) -> Result<Self> {
        let mut community = Community::console_default(stewards.to_vec());
        process::COMMUNITY.clone_into(&mut community.id);
        process::COMMUNITY_NAME.clone_into(&mut community.name);
        let options = Options {
            communities: vec![community],
            invites: None,
            ignore: Vec::new(),
            keep_texts_days: lamplighter_config::DEFAULT_KEEP_TEXTS_DAYS,
            database: None,
            at: chrono::DateTime::parse_from_rfc3339(STORY_AT)?,
        };
        Ok(Self {
            console: Console::open(options).await?,
            rooms: BTreeMap::new(),
            order: stewards.iter().map(|steward| direct_place(steward)).collect(),
            hidden: Vec::new(),
            inputs: 0,
        })
    }

    fn place_of(who: &str, place: &str) -> String {
        if place == DIRECT { direct_place(who) } else { place.to_owned() }
    }

    fn know(&mut self, place: &str) {
        if !self.hidden.iter().chain(&self.order).any(|known| known == place) {
            self.order.push(place.to_owned());
        }
    }

    async fn input(&mut self, mut input: Value) -> Result<String> {
        self.inputs += 1;
        let id = format!("e{}", self.inputs);
        input["id"] = json!(id);
        for line in self.console.line(&input.to_string()).await? {
            let output: Value = serde_json::from_str(&line)?;
            if let Some(problem) = output.get("error") {
                return Err(format!("the console says {problem} to {input}").into());
            }
            self.output(&output);
        }
        Ok(id)
    }

    fn output(&mut self, output: &Value) {
        let text = |key: &str| output.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let place = match text("to").as_str() {
            "" => text("room"),
            person => direct_place(person),
        };
        let id = text("id");
        let happening = match text("kind").as_str() {
            "post" => Happening::Message { id: id.clone(), by: BOT_NAME.into(), text: text("text") },
            "file" => Happening::Message {
                id: id.clone(),
                by: BOT_NAME.into(),
                text: file_text(&text("name"), &text("text")),
            },
            "edit" => Happening::Edit { of: text("on"), text: text("text") },
            "tap" => Happening::Tap { id: id.clone(), by: BOT_NAME.into(), on: text("on"), key: text("key") },
            "poll" => {
                let options = output.get("options").and_then(Value::as_array).into_iter().flatten();
                let text = poll_text(&text("text"), options.filter_map(Value::as_str));
                Happening::Message { id: id.clone(), by: BOT_NAME.into(), text }
            }
            "close_poll" => Happening::PollEnd { of: text("on") },
            "untap" => Happening::Redaction { of: text("on") },
            _ => return,
        };
        self.rooms.entry(place).or_default().add(&id, happening);
    }

    pub(super) async fn room(&mut self, name: &str, interest: bool, _: bool, members: &Members) -> Result<()> {
        self.know(name);
        for (member, _) in members {
            self.know(&direct_place(member));
        }
        let kind = if interest { "interest" } else { "building" };
        self.input(json!({ "do": "room", "room": name, "kind": kind, "members": levels(members) })).await?;
        Ok(())
    }

    pub(super) async fn enter(&mut self, name: &str) -> Result<()> {
        self.know(&direct_place(name));
        Ok(())
    }

    pub(super) async fn invite(&mut self, by: &str, name: &str, members: &Members) -> Result<()> {
        self.know(name);
        for (member, _) in members {
            self.know(&direct_place(member));
        }
        let members = levels(members);
        self.input(json!({ "do": "invite", "room": name, "by": by, "members": members, "rights": [] })).await?;
        Ok(())
    }

    pub(super) async fn leave_invited(&mut self, who: &str) -> Result<()> {
        self.hidden.push(direct_place(who));
        self.input(json!({ "do": "dm", "by": who, "state": "invited" })).await?;
        Ok(())
    }

    pub(super) async fn accept(&mut self, who: &str) -> Result<()> {
        self.hidden.retain(|place| *place != direct_place(who));
        self.know(&direct_place(who));
        self.input(json!({ "do": "dm", "by": who, "state": "open" })).await?;
        Ok(())
    }

    pub(super) async fn say(
        &mut self,
        who: &str,
        place: &str,
        text: &str,
        reply_to: Option<&str>,
        notice: bool,
    ) -> Result<()> {
        let room = if place == DIRECT { "dm" } else { place };
        let mut input = json!({ "do": "say", "room": room, "by": who, "text": text, "notice": notice });
        if let Some(reply_to) = reply_to {
            input["reply_to"] = json!(reply_to);
        }
        let id = format!("e{}", self.inputs + 1);
        let happening = Happening::Message { id: id.clone(), by: who.to_owned(), text: text.to_owned() };
        self.rooms.entry(Self::place_of(who, place)).or_default().add(&id, happening);
        self.input(input).await?;
        Ok(())
    }

    pub(super) async fn voice(&mut self, who: &str, place: &str, reply_to: Option<&str>) -> Result<()> {
        let room = if place == DIRECT { "dm" } else { place };
        let mut input = json!({ "do": "voice", "room": room, "by": who });
        if let Some(reply_to) = reply_to {
            input["reply_to"] = json!(reply_to);
        }
        let id = format!("e{}", self.inputs + 1);
        let happening = Happening::Message { id: id.clone(), by: who.to_owned(), text: VOICE.to_owned() };
        self.rooms.entry(Self::place_of(who, place)).or_default().add(&id, happening);
        self.input(input).await?;
        Ok(())
    }

    pub(super) async fn tap(&mut self, who: &str, place: &str, on: &str, key: &str) -> Result<()> {
        let id = format!("e{}", self.inputs + 1);
        let happening = Happening::Tap { id: id.clone(), by: who.to_owned(), on: on.to_owned(), key: key.to_owned() };
        self.rooms.entry(Self::place_of(who, place)).or_default().add(&id, happening);
        self.input(json!({ "do": "tap", "by": who, "on": on, "key": key })).await?;
        Ok(())
    }

    pub(super) async fn untap(&mut self, who: &str, place: &str, on: &str, key: &str) -> Result<()> {
        let room = self.rooms.entry(Self::place_of(who, place)).or_default();
        let tap = room.tap_of(who, on, key).ok_or("there is no such tap")?;
        let id = format!("e{}", self.inputs + 1);
        room.add(&id, Happening::Redaction { of: tap.clone() });
        self.input(json!({ "do": "untap", "on": tap })).await?;
        Ok(())
    }

    pub(super) async fn redact(&mut self, who: &str, place: &str, on: &str) -> Result<()> {
        let id = format!("e{}", self.inputs + 1);
        let room = self.rooms.entry(Self::place_of(who, place)).or_default();
        room.add(&id, Happening::Redaction { of: on.to_owned() });
        self.input(json!({ "do": "redact", "on": on, "by": who })).await?;
        Ok(())
    }

    pub(super) async fn edit(&mut self, who: &str, place: &str, on: &str, text: &str) -> Result<()> {
        let id = format!("e{}", self.inputs + 1);
        let room = self.rooms.entry(Self::place_of(who, place)).or_default();
        room.add(&id, Happening::Edit { of: on.to_owned(), text: text.to_owned() });
        self.input(json!({ "do": "edit", "on": on, "text": text })).await?;
        Ok(())
    }

    pub(super) async fn leave(&mut self, who: &str, room: &str) -> Result<()> {
        self.input(json!({ "do": "leave", "room": room, "by": who })).await?;
        Ok(())
    }

    pub(super) async fn answer(&mut self, who: &str, _: &str, on: &str, option: i64) -> Result<()> {
        self.input(json!({ "do": "answer", "by": who, "on": on, "options": [option - 1] })).await?;
        Ok(())
    }

    pub(super) async fn clock(&mut self, at: DateTime<FixedOffset>) -> Result<()> {
        self.input(json!({ "do": "clock", "at": at.to_rfc3339() })).await?;
        Ok(())
    }

    pub(super) async fn sight(&mut self) -> Result<Sight> {
        let mut sight = Vec::new();
        for place in &self.order {
            let messages = self.rooms.get(place).map(RoomView::messages).unwrap_or_default();
            sight.push((place.clone(), messages));
        }
        Ok(sight)
    }
}
