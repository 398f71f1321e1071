//! A small file that says which event is being handled, so that after a death we know over which one it was. It is
//! written without waiting for the disk: it must outlive the process, not the machine.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    sync::Mutex,
};

use lamplighter_commands::incoming::Incoming;

/// The file.
#[derive(Debug)]
pub struct Marker {
    file: Mutex<File>,
}

/// An event over which the process died.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Marked {
    /// Its id.
    pub event_id: String,
    /// Its room.
    pub room_id: String,
    /// When it was sent.
    pub sent_at_ms: i64,
}

impl Marker {
    /// Opens the file, and says what it held.
    pub fn open(path: &Path) -> std::io::Result<(Self, Option<Marked>)> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let mut text = String::new();
        // A torn write is as good as none.
        let marked = file.read_to_string(&mut text).ok().and_then(|_| serde_json::from_str(&text).ok());
        Ok((Self { file: Mutex::new(file) }, marked))
    }

    /// This event is being handled from now on.
    pub fn set(&self, incoming: &Incoming) {
        let marked = Marked {
            event_id: incoming.event_id.clone(),
            room_id: incoming.room_id.clone(),
            sent_at_ms: incoming.sent_at_ms,
        };
        self.write(&serde_json::to_vec(&marked).unwrap_or_default());
    }

    /// Nothing is being handled.
    pub fn clear(&self) {
        self.write(b"");
    }

    fn write(&self, bytes: &[u8]) {
        let Ok(mut file) = self.file.lock() else { return };
        // Failing to write only means that a fatal event is tried more often than it should be.
        let written = file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).and_then(|_| file.write_all(bytes));
        if let Err(error) = written {
            tracing::debug!(%error, "the marker of the event in hand could not be written");
        }
    }
}
