//! systemd's end of the line on which a service tells how it is.

use std::{
    os::unix::net::UnixDatagram,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use crate::Result;

/// How long a word is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// Reads all the time, as systemd does: the line holds a few words only, and whoever speaks waits until there is room.
#[derive(Debug)]
pub struct Systemd {
    path: PathBuf,
    told: Receiver<String>,
}

impl Systemd {
    /// Listens at this path.
    pub fn listen(path: &Path) -> Result<Self> {
        let socket = UnixDatagram::bind(path)?;
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length) = socket.recv(&mut bytes) {
                let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned();
                if tell.send(text).is_err() {
                    return;
                }
            }
        });
        Ok(Self { path: path.to_owned(), told })
    }

    /// For the environment variable `NOTIFY_SOCKET`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The next message with a line that begins like this.
    pub fn is_told(&self, begin: &str) -> Result<String> {
        loop {
            let text = self.told.recv_timeout(PATIENCE).map_err(|error| format!("nobody says {begin}: {error}"))?;
            if text.lines().any(|line| line.starts_with(begin)) {
                return Ok(text);
            }
        }
    }
}
