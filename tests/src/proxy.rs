//! A proxy between one resident and the homeserver that can hold room keys back: the resident is told that they were
//! sent, and the homeserver gets them when they are released.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    Result,
    wire::{self, Answer, Handler, Reply, Request},
};

/// The proxy.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    homeserver: String,
    client: reqwest::Client,
    holding: AtomicBool,
    held: Mutex<Vec<Request>>,
}

impl Handler for Shared {
    fn handle(self: Arc<Self>, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply>> + Send>> {
        Box::pin(async move {
            let keys = request.target.contains("/sendToDevice/m.room.encrypted/");
            if keys && self.holding.load(Ordering::SeqCst) {
                self.held.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                return Ok(Reply::Whole(Answer { status: 200, headers: Vec::new(), body: b"{}".to_vec() }));
            }
            Ok(Reply::Whole(wire::forward(&self.client, &self.homeserver, &request).await?))
        })
    }
}

impl Proxy {
    /// In front of this homeserver.
    pub async fn start(homeserver: &str) -> Result<Self> {
        let shared = Arc::new(Shared {
            homeserver: homeserver.to_owned(),
            client: reqwest::Client::new(),
            holding: AtomicBool::new(false),
            held: Mutex::default(),
        });
        let (url, _) = wire::listen(Arc::clone(&shared)).await?;
        Ok(Self { url, shared })
    }

    /// Where the resident connects to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on room keys are held back.
    pub fn hold(&self) {
        self.shared.holding.store(true, Ordering::SeqCst);
    }

    /// Sends on what was held back; gives how many requests there were.
    pub async fn release(&self) -> Result<usize> {
        self.shared.holding.store(false, Ordering::SeqCst);
        let held = std::mem::take(&mut *self.shared.held.lock().unwrap_or_else(PoisonError::into_inner));
        for request in &held {
            let status = wire::forward(&self.shared.client, &self.shared.homeserver, request).await?.status;
            if status != 200 {
                return Err(format!("the homeserver refuses the keys: {status}").into());
            }
        }
        Ok(held.len())
    }
}
