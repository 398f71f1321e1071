//! What a reader of a room sees: the messages in order of first appearance, each in its latest version with its
//! chips. Ids, times and the number of edits are left out of what is compared.

use std::collections::BTreeMap;

/// One message as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its event id.
    pub id: String,
    /// Who said it.
    pub by: String,
    /// Its latest text.
    pub text: String,
    /// What stands under it, and how often, in order of appearance.
    pub chips: Vec<(String, usize)>,
}

/// Something that happened in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A message.
    Message {
        /// Its event id.
        id: String,
        /// Who said it.
        by: String,
        /// Its text.
        text: String,
    },
    /// A new version of a message.
    Edit {
        /// Of which message.
        of: String,
        /// The new text.
        text: String,
    },
    /// The end of a native poll.
    PollEnd {
        /// Of which poll.
        of: String,
    },
    /// A reaction.
    Tap {
        /// Its event id.
        id: String,
        /// Who tapped.
        by: String,
        /// On which message.
        on: String,
        /// What.
        key: String,
    },
    /// An event taken back.
    Redaction {
        /// Which.
        of: String,
    },
}

/// Adds up what happened in one room.
#[derive(Clone, Debug, Default)]
pub struct RoomView {
    messages: Vec<Message>,
    taps: Vec<(String, String, String, String)>,
    seen: BTreeMap<String, ()>,
}

impl RoomView {
    /// Something happened. The same event a second time changes nothing.
    pub fn add(&mut self, event_id: &str, happening: Happening) {
        if self.seen.insert(event_id.to_owned(), ()).is_some() {
            return;
        }
        match happening {
            Happening::Message { id, by, text } => self.messages.push(Message { id, by, text, chips: Vec::new() }),
            Happening::Edit { of, text } => {
                if let Some(message) = self.messages.iter_mut().find(|message| message.id == of) {
                    message.text = text;
                }
            }
            Happening::PollEnd { of } => {
                if let Some(message) = self.messages.iter_mut().find(|message| message.id == of) {
                    message.text.push_str("\n（投票已关）");
                }
            }
            Happening::Tap { id, by, on, key } => self.taps.push((id, by, on, key)),
            Happening::Redaction { of } => {
                self.taps.retain(|(id, ..)| *id != of);
                self.messages.retain(|message| message.id != of);
            }
        }
    }

    /// What stands there now.
    pub fn messages(&self) -> Vec<Message> {
        let mut messages = self.messages.clone();
        for message in &mut messages {
            for (_, _, _, key) in self.taps.iter().filter(|(_, _, on, _)| *on == message.id) {
                match message.chips.iter_mut().find(|(known, _)| known == key) {
                    Some((_, count)) => *count += 1,
                    None => message.chips.push((key.clone(), 1)),
                }
            }
        }
        messages
    }

    /// The reaction that somebody made on a message with this key, if it stands.
    pub fn tap_of(&self, by: &str, on: &str, key: &str) -> Option<String> {
        let found = self.taps.iter().find(|(_, who, what, which)| who == by && what == on && which == key);
        found.map(|(id, ..)| id.clone())
    }
}

/// A native poll as a story writes it down.
pub fn poll_text<'a>(question: &str, options: impl Iterator<Item = &'a str>) -> String {
    options.fold(format!("（原生投票）{question}"), |text, option| format!("{text}\n○ {option}"))
}

/// What a message that is a file begins with, as a story writes it down.
pub const FILE_MARK: &str = "（文件）";

/// A file as a story writes it down: its name, and what is in it. Codes that are drawn by chance are left out.
pub fn file_text(name: &str, text: &str) -> String {
    let mut lines = vec![format!("{FILE_MARK}{name}")];
    for line in text.trim_start_matches('\u{FEFF}').lines() {
        let is_code = |word: &&str| word.len() == 32 && word.chars().all(|c| c.is_ascii_hexdigit());
        let code = line.split(['：', ' ']).find(is_code).unwrap_or_default();
        lines.push(if code.is_empty() { line.to_owned() } else { line.replace(code, "…") });
    }
    lines.join("\n")
}

/// The messages that are new or look different, as a story writes them down.
pub fn changes(place: &str, before: &[Message], after: &[Message]) -> String {
    let mut out = String::new();
    for message in after {
        let known = before.iter().find(|old| old.id == message.id);
        if known == Some(message) {
            continue;
        }
        out.push_str(&format!("  [{place}] {}\n", message.by));
        for line in message.text.lines() {
            out.push_str(&format!("    {line}\n"));
        }
        if !message.chips.is_empty() {
            let chips: Vec<String> = message
                .chips
                .iter()
                .map(|(key, count)| if *count == 1 { format!("‹{key}›") } else { format!("‹{key} ×{count}›") })
                .collect();
            out.push_str(&format!("    {}\n", chips.join(" ")));
        }
    }
    for message in before {
        if !after.iter().any(|new| new.id == message.id) {
            out.push_str(&format!("  [{place}] {}: taken back\n", message.by));
        }
    }
    out
}
