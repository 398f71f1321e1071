//! Plain requests to the homeserver, not through the SDK's client: the doctor must have nothing that could upload keys
//! or take a room key away from the bot, and it reads what the SDK doesn't show: the date and the status of an answer.

use std::{error::Error, sync::Arc, time::Duration};

use chrono::DateTime;
use matrix_sdk::{
    Client,
    config::RequestConfig,
    reqwest::{
        self, Method, Url,
        header::{CONTENT_TYPE, DATE, RETRY_AFTER},
    },
};
use serde_json::Value;

use crate::{clock::Clock, doctor::quoted};

/// How long one answer may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// How long finding the homeserver may take in all, when only its name is given.
const DISCOVERY_TIMEOUT: Duration = Duration::from_secs(45);
/// An answer is read to this length; the longest here, everybody's devices, has a few thousand bytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// What an HTTP date leaves out: it is cut to whole seconds.
const DATE_STEP_MS: i64 = 999;

/// A moment on both clocks: the homeserver's lay somewhere between ours.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// When we asked.
    pub asked_ms: i64,
    /// When we had the answer.
    pub answered_ms: i64,
    /// The homeserver's time when it answered is not before this,
    pub server_from_ms: i64,
    /// and not after this.
    pub server_to_ms: i64,
}

/// What the homeserver says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON; null if it is none.
    pub body: Value,
    /// When, by both clocks, if the answer has a date.
    pub moment: Option<Moment>,
    /// When we asked and had the answer.
    pub asked_ms: i64,
    /// See `asked_ms`.
    pub answered_ms: i64,
    retry_after: Option<Duration>,
}

impl Answer {
    /// Whether it is a yes.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether we are too fast.
    pub fn is_limit(&self) -> bool {
        self.status == 429
    }

    /// How long the homeserver wants us to wait.
    pub fn wait(&self) -> Option<Duration> {
        self.body.get("retry_after_ms").and_then(Value::as_u64).map(Duration::from_millis).or(self.retry_after)
    }

    /// A text of the answer; empty if it isn't there.
    pub fn text(&self, key: &str) -> &str {
        self.body.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Matrix's name for the reason of a no.
    pub fn errcode(&self) -> &str {
        self.text("errcode")
    }

    /// The no, in the homeserver's words.
    pub fn no(&self) -> String {
        match self.errcode() {
            "" => format!("HTTP status {}", self.status),
            errcode => quoted(&format!("{errcode}: {}", self.text("error"))),
        }
    }
}

/// Where to ask.
#[derive(Debug)]
pub struct Wire {
    http: reqwest::Client,
    homeserver: Url,
    clock: Arc<dyn Clock>,
}

/// Why there is nobody to ask.
#[derive(Debug)]
pub enum Nobody {
    /// Nothing answers.
    Silent(String),
    /// Something answers that isn't a homeserver.
    NotMatrix(String),
}

/// What happened, down to its cause: reqwest's own words end at "error sending request".
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    quoted(&text)
}

impl Wire {
    /// Finds the homeserver as the bot does and sees whether it speaks Matrix. Gives its first answer too.
    pub async fn connect(homeserver: &str, clock: Arc<dyn Clock>) -> Result<(Self, Answer), Nobody> {
        let http = reqwest::Client::builder()
            .timeout(REQUEST_TIMEOUT)
            .build()
            .map_err(|error| Nobody::Silent(causes(&error)))?;
        let config = RequestConfig::new().disable_retry().timeout(REQUEST_TIMEOUT);
        let building = Client::builder().server_name_or_homeserver_url(homeserver).request_config(config).build();
        let (found, problem) = match tokio::time::timeout(DISCOVERY_TIMEOUT, building).await {
            Ok(Ok(client)) => (Some(client.homeserver()), String::new()),
            Ok(Err(error)) => (None, causes(&error)),
            Err(_) => (None, format!("no answer in {} s", DISCOVERY_TIMEOUT.as_secs())),
        };
        // The SDK says the same of a closed port and of a web server that knows no Matrix; asked once more, we know.
        let address = found.or_else(|| Url::parse(homeserver).ok().filter(|url| url.scheme().starts_with("http")));
        let Some(address) = address else { return Err(Nobody::Silent(problem)) };
        let wire = Self { http, homeserver: address, clock };
        let answer = wire.ask(Method::GET, &["versions"], None, None).await.map_err(Nobody::Silent)?;
        match answer.body.get("versions").and_then(Value::as_array) {
            Some(_) if answer.is_good() => Ok((wire, answer)),
            _ if answer.status >= 500 => Err(Nobody::Silent(answer.no())),
            _ => Err(Nobody::NotMatrix(format!("HTTP status {}, and no list of Matrix versions", answer.status))),
        }
    }

    /// The homeserver's address, without a slash at the end.
    pub fn address(&self) -> &str {
        self.homeserver.as_str().trim_end_matches('/')
    }

    /// Asks once: `path` is what follows `/_matrix/client`, in pieces (`versions` alone has no `v3`).
    pub async fn ask(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
        token: Option<&str>,
    ) -> Result<Answer, String> {
        self.ask_with(method, path, &[], body, token).await
    }

    /// The same with a query.
    pub async fn ask_with(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
        token: Option<&str>,
    ) -> Result<Answer, String> {
        let mut url = self.homeserver.clone();
        match url.path_segments_mut() {
            // Ids hold characters that need escaping; this does it.
            Ok(mut segments) => segments.pop_if_empty().extend(["_matrix", "client"]).extend(path),
            Err(()) => return Err("that address can't have a path".to_owned()),
        };
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.http.request(method, url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        // Without the address: the operator knows it, and the rest says more.
        let failed = |error: reqwest::Error| causes(&error.without_url());
        let asked_ms = self.clock.now_ms();
        let mut response = request.send().await.map_err(failed)?;
        let answered_ms = self.clock.now_ms();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let moment = header(DATE).and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map(|date| Moment {
            asked_ms,
            answered_ms,
            server_from_ms: date.timestamp_millis(),
            server_to_ms: date.timestamp_millis() + DATE_STEP_MS,
        });
        let retry_after = header(RETRY_AFTER).and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(format!("the answer is longer than {ANSWER_BYTES_MAX} bytes"));
            }
            bytes.extend_from_slice(&chunk);
        }
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(Answer { status, body, moment, asked_ms, answered_ms, retry_after })
    }
}
