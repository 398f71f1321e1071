//! HTTP as the tests' proxies speak it: a request is read whole, handed on, and answered whole, in part or not at all.
//! What is done to it is decided in `proxy.rs` and `faulty.rs`.

use std::{future::Future, pin::Pin, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::Result;

/// A request is at most this long; more is a mistake of a test.
const REQUEST_BYTES_MAX: usize = 4 << 20;
/// A request has at most this many headers: reqwest sends six.
const HEADERS_MAX: usize = 64;

/// One request as it was read.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `PUT` …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers beside the type and length of the body.
    pub headers: Vec<(String, String)>,
    /// The body, JSON.
    pub body: Vec<u8>,
}

/// How a connection goes on.
#[derive(Clone, Debug)]
pub enum Reply {
    /// With an answer.
    Whole(Answer),
    /// With the first half of an answer, of which the whole length was announced; then the connection ends.
    Half(Answer),
    /// It ends.
    HangUp,
}

/// What becomes of a request.
pub trait Handler: Send + Sync + 'static {
    /// Answers a request.
    fn handle(self: Arc<Self>, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply>> + Send>>;
}

/// Listens at an address of its own and gives it; goes with the runtime, or when the task is aborted.
pub async fn listen(handler: Arc<impl Handler>) -> Result<(String, JoinHandle<()>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let handler = Arc::clone(&handler);
            // A connection that breaks is the client's to repeat.
            tokio::spawn(async move { serve(stream, handler).await.ok() });
        }
    });
    Ok((url, task))
}

async fn serve(mut stream: TcpStream, handler: Arc<impl Handler>) -> Result<()> {
    while let Some(request) = read(&mut stream).await? {
        let (answer, whole) = match Arc::clone(&handler).handle(request).await? {
            Reply::Whole(answer) => (answer, true),
            Reply::Half(answer) => (answer, false),
            Reply::HangUp => return Ok(()),
        };
        let mut head = format!("HTTP/1.1 {} -\r\ncontent-type: application/json\r\n", answer.status);
        for (name, value) in &answer.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", answer.body.len()));
        stream.write_all(head.as_bytes()).await?;
        if !whole {
            stream.write_all(&answer.body[..answer.body.len() / 2]).await?;
            stream.flush().await?;
            return Ok(());
        }
        stream.write_all(&answer.body).await?;
    }
    Ok(())
}

async fn read(stream: &mut TcpStream) -> Result<Option<Request>> {
    let mut bytes = Vec::new();
    loop {
        if bytes.len() > REQUEST_BYTES_MAX || stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut parsed = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(head_bytes) = parsed.parse(&bytes)? else { continue };
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let (method, target) = (text(parsed.method), text(parsed.path));
        let headers: Vec<(String, String)> = parsed
            .headers
            .iter()
            .map(|header| (header.name.to_lowercase(), String::from_utf8_lossy(header.value).into_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse::<usize>());
        let length = length.transpose()?.unwrap_or(0).min(REQUEST_BYTES_MAX);
        let mut body = bytes.split_off(head_bytes);
        while body.len() < length {
            if stream.read_buf(&mut body).await? == 0 {
                return Ok(None);
            }
        }
        return Ok(Some(Request { method, target, headers, body }));
    }
}

/// Sends a request on to the homeserver.
pub async fn forward(client: &reqwest::Client, homeserver: &str, request: &Request) -> Result<Answer> {
    let url = format!("{homeserver}{}", request.target);
    let mut forwarded = client.request(request.method.parse()?, url).body(request.body.clone());
    for (name, value) in &request.headers {
        if matches!(name.as_str(), "authorization" | "content-type") {
            forwarded = forwarded.header(name, value);
        }
    }
    let response = forwarded.send().await?;
    let status = response.status().as_u16();
    Ok(Answer { status, headers: Vec::new(), body: response.bytes().await?.to_vec() })
}
