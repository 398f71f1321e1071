//! A gate between the bot and its homeserver: open it passes everything on, shut it lets nobody in, stuck it takes
//! everything and answers nothing. It knows nothing of what passes.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::Result;

/// How the gate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Everything passes.
    Open,
    /// Connections are closed as soon as they are made.
    Shut,
    /// Connections are taken and nothing is answered.
    Stuck,
}

/// A gate.
#[derive(Debug)]
pub struct Gate {
    url: String,
    stand: watch::Sender<Stand>,
    refused: Arc<watch::Sender<u64>>,
}

/// A guard against a test that never ends.
const STUCK_MAX: Duration = Duration::from_secs(300);

impl Gate {
    /// In front of this homeserver, open.
    pub async fn start(homeserver: &str) -> Result<Self> {
        let to = homeserver.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stand, stands) = watch::channel(Stand::Open);
        let refused = Arc::new(watch::Sender::new(0));
        let counted = Arc::clone(&refused);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if *stands.borrow() == Stand::Shut {
                    counted.send_modify(|count| *count += 1);
                }
                // A connection that breaks is the client's to make anew.
                tokio::spawn(pass(stream, to.clone(), stands.clone()));
            }
        });
        Ok(Self { url, stand, refused })
    }

    /// Where the bot connects to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Shuts, and waits until somebody has come in vain so many times: whoever asks for one thing after the other has then done
    /// with what they had been answered before.
    pub async fn shut_for(&self, times: u64) -> Result<()> {
        let mut refused = self.refused.subscribe();
        let before = *refused.borrow_and_update();
        self.set(Stand::Shut);
        tokio::time::timeout(STUCK_MAX, refused.wait_for(|count| *count >= before + times)).await??;
        Ok(())
    }

    /// From now on it stands so; whatever is under way breaks off, or waits.
    pub fn set(&self, stand: Stand) {
        self.stand.send_replace(stand);
    }
}

async fn pass(mut from: TcpStream, to: String, mut stands: watch::Receiver<Stand>) -> Option<()> {
    let stand = *stands.borrow_and_update();
    if stand == Stand::Open {
        let mut there = TcpStream::connect(&to).await.ok()?;
        tokio::select! {
            _ = copy_bidirectional(&mut from, &mut there) => return Some(()),
            _ = stands.changed() => {}
        }
    }
    if *stands.borrow() == Stand::Stuck {
        let mut swallowed = [0; 4096];
        let swallow = async { while from.read(&mut swallowed).await.is_ok_and(|count| count > 0) {} };
        tokio::select! {
            () = swallow => {}
            _ = stands.changed() => {}
            () = tokio::time::sleep(STUCK_MAX) => {}
        }
    }
    Some(())
}
