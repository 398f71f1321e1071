//! A proxy between one resident and the homeserver that can hold room keys back: the resident is told that they were
//! sent, and the homeserver gets them when they are released.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::Result;

/// A request is at most this long.
const REQUEST_BYTES_MAX: usize = 4 << 20;

/// One request as it was read.
#[derive(Clone, Debug)]
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

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

impl Proxy {
    /// In front of this homeserver.
    pub async fn start(homeserver: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            homeserver: homeserver.to_owned(),
            client: reqwest::Client::new(),
            holding: AtomicBool::new(false),
            held: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                // A connection that breaks is the client's to repeat.
                tokio::spawn(async move { serve(stream, &shared).await.ok() });
            }
        });
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
            let (status, _) = forward(&self.shared, request).await?;
            if status != 200 {
                return Err(format!("the homeserver refuses the keys: {status}").into());
            }
        }
        Ok(held.len())
    }
}

async fn read(stream: &mut TcpStream) -> Result<Option<Request>> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if bytes.len() > REQUEST_BYTES_MAX || stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (first.next().unwrap_or_default().to_owned(), first.next().unwrap_or_default().to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse::<usize>());
    let length = length.transpose()?.unwrap_or(0).min(REQUEST_BYTES_MAX);
    let mut body = bytes.split_off(head_end);
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Request { method, target, headers, body }))
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> Result<()> {
    while let Some(request) = read(&mut stream).await? {
        let keys = request.target.contains("/sendToDevice/m.room.encrypted/");
        let (status, body) = if keys && shared.holding.load(Ordering::SeqCst) {
            shared.held.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            (200, b"{}".to_vec())
        } else {
            forward(shared, &request).await?
        };
        let head =
            format!("HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&body).await?;
    }
    Ok(())
}

async fn forward(shared: &Shared, request: &Request) -> Result<(u16, Vec<u8>)> {
    let url = format!("{}{}", shared.homeserver, request.target);
    let mut forwarded = shared.client.request(request.method.parse()?, url).body(request.body.clone());
    for (name, value) in &request.headers {
        if matches!(name.as_str(), "authorization" | "content-type") {
            forwarded = forwarded.header(name, value);
        }
    }
    let response = forwarded.send().await?;
    Ok((response.status().as_u16(), response.bytes().await?.to_vec()))
}
