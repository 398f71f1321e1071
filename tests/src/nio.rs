//! A resident with matrix-nio (`tests/nio/client.py`), so that the bot isn't only tried with the library that it is built
//! on. Installs itself from PyPI into `target/nio/`; where that isn't possible the test says why it fails.

use std::{collections::BTreeMap, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{
    Result,
    homeserver::{self, Account, Homeserver},
};

const REQUIREMENTS: &str = include_str!("../nio/requirements.txt");
const CLIENT: &str = include_str!("../nio/client.py");
/// One command may take this long on a machine that does other things besides.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);
/// A resident has this many looks at the server before something that must come is missed.
const TURNS_MAX: usize = 120;

/// A resident.
#[derive(Debug)]
pub struct NioResident {
    /// Ends when its input is closed, at the latest when this is dropped.
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    rooms: Vec<String>,
    said: BTreeMap<String, Vec<Said>>,
    unread: i64,
    _store: tempfile::TempDir,
}

/// A message as nio shows it, in its latest version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its event id.
    pub id: String,
    /// Who said it.
    pub by: String,
    /// The text.
    pub text: String,
    /// It came encrypted.
    pub encrypted: bool,
}

impl NioResident {
    /// Installs nio if need be and logs in with a new device.
    pub async fn log_in(homeserver: &Homeserver, account: &Account) -> Result<Self> {
        let python = homeserver::prepare_set("nio", REQUIREMENTS).await?;
        let store = tempfile::tempdir()?;
        let mut child = Command::new(python)
            .args(["-I", "-c", CLIENT, homeserver.url(), &account.user_id])
            .arg(store.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let input = child.stdin.take().ok_or("nio takes no commands")?;
        let output = BufReader::new(child.stdout.take().ok_or("nio says nothing")?).lines();
        let mut resident =
            Self { _child: child, input, output, rooms: Vec::new(), said: BTreeMap::new(), unread: 0, _store: store };
        resident.command(&json!({ "do": "log in", "password": account.password })).await?;
        // The first turn uploads the keys of the device.
        resident.turn().await?;
        Ok(resident)
    }

    async fn command(&mut self, command: &Value) -> Result<Value> {
        self.input.write_all(format!("{command}\n").as_bytes()).await?;
        let line = tokio::time::timeout(ANSWER_TIMEOUT, self.output.next_line()).await??;
        let answer: Value = serde_json::from_str(&line.ok_or("nio has ended; its error stands above")?)?;
        match answer.get("error") {
            Some(error) => Err(format!("nio, {}: {error}", command["do"]).into()),
            None => Ok(answer),
        }
    }

    /// Syncs once, accepts invitations and does what else nio's own loop does.
    pub async fn turn(&mut self) -> Result<()> {
        let answer = self.command(&json!({ "do": "turn" })).await?;
        self.rooms = serde_json::from_value(answer["rooms"].clone())?;
        self.unread = answer["unread"].as_i64().unwrap_or_default();
        self.said.clear();
        for event in answer["events"].as_array().into_iter().flatten() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let content = &event["content"];
            let messages = self.said.entry(text(&event["room"])).or_default();
            if content["m.relates_to"]["rel_type"] == "m.replace" {
                let of = &content["m.relates_to"]["event_id"];
                for message in messages.iter_mut().filter(|message| *of == message.id.as_str()) {
                    message.text = text(&content["m.new_content"]["body"]);
                }
            } else {
                messages.push(Said {
                    id: text(&event["id"]),
                    by: text(&event["by"]),
                    text: text(&content["body"]),
                    encrypted: event["encrypted"].as_bool().unwrap_or_default(),
                });
            }
        }
        Ok(())
    }

    /// Says something; whether nio sent it encrypted.
    pub async fn say(&mut self, room_id: &str, text: &str) -> Result<bool> {
        let content = json!({ "msgtype": "m.text", "body": text });
        let command = json!({ "do": "send", "room": room_id, "type": "m.room.message", "content": content });
        Ok(self.command(&command).await?["encrypted"].as_bool().unwrap_or_default())
    }

    /// Taps.
    pub async fn tap(&mut self, room_id: &str, on: &str, key: &str) -> Result<()> {
        let content = json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": on, "key": key } });
        self.command(&json!({ "do": "send", "room": room_id, "type": "m.reaction", "content": content })).await?;
        Ok(())
    }

    /// Waits until this resident is in a room.
    pub async fn wait_for_room(&mut self, room_id: &str) -> Result<()> {
        for _ in 0..TURNS_MAX {
            self.turn().await?;
            if self.rooms.iter().any(|room| room == room_id) {
                return Ok(());
            }
        }
        Err("nio doesn't come into the room".into())
    }

    /// Waits for a message with this text, anywhere; gives the room too.
    pub async fn wait_for(&mut self, text: &str) -> Result<(String, Said)> {
        for _ in 0..TURNS_MAX {
            for (room_id, messages) in &self.said {
                if let Some(found) = messages.iter().find(|message| message.text.contains(text)) {
                    return Ok((room_id.clone(), found.clone()));
                }
            }
            self.turn().await?;
        }
        Err(format!("nio never shows {text:?}; {} events unread; it shows {:#?}", self.unread, self.said).into())
    }

    /// How many events nio couldn't read when they came.
    pub fn unread(&self) -> i64 {
        self.unread
    }
}
