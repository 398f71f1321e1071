//! Files that the bot sends: what somebody asked for and is too long, or too private, for a message. They lie in the outbox
//! until they are sent, and not a moment longer.

use lamplighter_storage::{
    outbox::{self, Destination, Kind, Lane, Target},
    person::PersonId,
};

use crate::{
    fault::Fault,
    scene::{Content, Scene},
};

/// A file is at most this long: it lies in the outbox until it is sent, telephones must open it, and servers take at least
/// this much (Synapse 50 MB).
pub const FILE_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The media type of plain text. Without the charset some telephones show Chinese as gibberish.
const PLAIN_TEXT: &str = "text/plain; charset=utf-8";

/// A file to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    name: String,
    mime: &'static str,
    text: String,
}

impl File {
    /// Plain text. What is longer than a file may be is cut at the end of a line; `rest` says then how many lines are
    /// missing.
    pub fn plain_text<E>(name: String, text: &str, rest: impl FnOnce(i64) -> Result<String, E>) -> Result<Self, E> {
        // For the mark at the beginning and the line that says what is missing.
        const ROOM_FOR_REST_BYTES: usize = 1_000;
        let mut kept = String::new();
        let mut missing = 0;
        for line in text.lines() {
            if missing > 0 || kept.len() + line.len() > FILE_BYTES_MAX - ROOM_FOR_REST_BYTES {
                missing += 1;
                continue;
            }
            kept.push_str(line);
            // Editors of every age know this end of a line.
            kept.push_str("\r\n");
        }
        if missing > 0 {
            kept.push_str(&rest(missing)?);
        }
        // The mark by which old programs know UTF-8.
        Ok(Self { name, mime: PLAIN_TEXT, text: format!("\u{FEFF}{kept}") })
    }
}

impl Scene<'_> {
    /// Sends somebody a file privately. The room that the matter concerns is told once if the chat isn't open.
    pub async fn tell_file(&mut self, person_id: PersonId, file: File) -> Result<(), Fault> {
        let fallback = self.fallback_room();
        let destination = Destination::Person { person_id, fallback_room_id: fallback.as_deref() };
        let File { name, mime, text } = file;
        let content = Content::File { name, mime: mime.to_owned(), text };
        let row = self.write(Kind::Post, destination, Target::None, Lane::Answer, &content).await?;
        Ok(outbox::forget_when_sent(self.tx, row).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> File {
        File::plain_text("a.txt".into(), text, |missing| Ok::<_, ()>(format!("missing {missing}"))).expect("a file")
    }

    #[test]
    fn a_file_keeps_its_lines_and_says_what_is_missing() {
        assert_eq!(file("一\n二").text, "\u{FEFF}一\r\n二\r\n");
        let line = "字".repeat(1_000);
        let long = vec![line.as_str(); 1_000].join("\n");
        let cut = file(&long);
        assert!(cut.text.len() <= FILE_BYTES_MAX, "{}", cut.text.len());
        let kept = cut.text.lines().filter(|written| written.trim_start_matches('\u{FEFF}') == line).count();
        assert!(cut.text.ends_with(&format!("missing {}", 1_000 - kept)) && kept > 600);
    }
}
