//! /healthz and /metrics over plain HTTP, for this machine; and the question that `lamplighter health` asks there.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Empty, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HOST, HeaderValue},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

use super::Monitor;

/// So many ask at the same time: Prometheus, a probe and a person. Whoever comes then waits.
const CONNECTIONS_MAX: usize = 8;
/// Whoever asks so slowly is let go, so that nobody keeps the others waiting.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// A health is one line.
const HEALTH_BYTES_MAX: usize = 4096;
/// How long a failing listener rests (too many open files, say).
const ACCEPT_REST: Duration = Duration::from_secs(1);

const TEXT: &str = "text/plain; charset=utf-8";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Where it is asked.
#[derive(Debug)]
pub struct Endpoint {
    listener: TcpListener,
}

impl Endpoint {
    /// Takes the address.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await? })
    }

    /// The address it has; its port was chosen by the system if 0 was asked for.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until the task is dropped.
    pub async fn serve(self, monitor: Arc<Monitor>) {
        let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            // Nobody closes it.
            let Ok(seat) = Arc::clone(&seats).acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let monitor = Arc::clone(&monitor);
                    tokio::spawn(async move {
                        let _seat = seat;
                        // Who hangs up has their reasons.
                        let _ = tokio::time::timeout(ANSWER_TIMEOUT, answer_all(stream, &monitor)).await;
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "[monitoring] can't be asked");
                    tokio::time::sleep(ACCEPT_REST).await;
                }
            }
        }
    }
}

async fn answer_all(stream: TcpStream, monitor: &Monitor) -> hyper::Result<()> {
    let service = service_fn(|request| async move { Ok::<_, Infallible>(answer(&request, monitor).await) });
    hyper::server::conn::http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service).await
}

async fn answer(request: &Request<Incoming>, monitor: &Monitor) -> Response<Full<Bytes>> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return say(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET\n".into());
    }
    match request.uri().path() {
        "/healthz" => match monitor.examine().await {
            None => say(StatusCode::OK, TEXT, "ok\n".into()),
            Some(ill) => say(StatusCode::SERVICE_UNAVAILABLE, TEXT, format!("{}\n", ill.reason)),
        },
        "/metrics" => match monitor.metrics().await {
            Ok(text) => say(StatusCode::OK, OPEN_METRICS, text),
            Err(error) => say(StatusCode::SERVICE_UNAVAILABLE, TEXT, format!("the database is unwell: {error}\n")),
        },
        _ => say(StatusCode::NOT_FOUND, TEXT, "here are /healthz and /metrics\n".into()),
    }
}

fn say(status: StatusCode, content_type: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Asks a bot on this machine how it is: whether it is well, and its one line.
pub async fn ask(address: SocketAddr) -> Result<(bool, String), String> {
    let asked = tokio::time::timeout(ANSWER_TIMEOUT, get(address)).await;
    match asked {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(format!("no answer from {address}: {error}")),
        Err(_) => Err(format!("no answer from {address} within {} s", ANSWER_TIMEOUT.as_secs())),
    }
}

async fn get(address: SocketAddr) -> Result<(bool, String), Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get("/healthz").header(HOST, address.to_string()).body(Empty::<Bytes>::new())?;
    let exchange = async {
        let response = sender.send_request(request).await?;
        let well = response.status() == StatusCode::OK;
        let body = Limited::new(response.into_body(), HEALTH_BYTES_MAX).collect().await?.to_bytes();
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((well, String::from_utf8_lossy(&body).trim().to_owned()))
    };
    tokio::pin!(connection, exchange);
    tokio::select! {
        answer = &mut exchange => answer,
        ended = &mut connection => {
            ended?;
            exchange.await
        }
    }
}
