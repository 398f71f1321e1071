//! A real Matrix homeserver, Synapse, for the end-to-end tests, the demo and the benchmarks, and the plainest of
//! clients for the people on it.
//!
//! What lives here:
//! - [`prepare`]: installs Synapse from PyPI into a Python virtual environment under `target/`, once for each content
//!   of `tests/synapse/requirements.txt`.
//! - [`Homeserver`]: one Synapse process with a data folder and a loopback port of its own. It has no federation and
//!   reaches no network; it ends with the value, and with the process that started it however that ends.
//! - [`Account`] and [`Person`]: registration, and the client-server API spoken without encryption.
//!
//! What doesn't: anything of Lamplighter's own, people who use encryption (they need a real client library), and
//! what the tests expect of it all.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Method, StatusCode, Url};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpSocket;
use tokio::time::sleep;

/// The name the homeserver goes by: the part after the colon in its users' ids. Nothing resolves it.
pub const SERVER_NAME: &str = "lamplighter.test";

/// The environment variable that names the Python to try first.
pub const PYTHON_VARIABLE: &str = "LAMPLIGHTER_PYTHON";

/// What is installed. Part of the program, so that a test binary never installs another set than it was built with.
const REQUIREMENTS: &str = include_str!("../synapse/requirements.txt");

/// The Pythons tried in this order, after the one of [`PYTHON_VARIABLE`].
const PYTHONS: [&str; 5] = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];

/// The oldest Python that this Synapse runs on, and that the pins were tried with.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// Prints what decides whether a Python will do. It says "too old" itself by its version, not by a syntax error.
const PROBE: &str = r"
import os, sys
missing = ''
for name in ('venv', 'ensurepip', 'ssl', 'sqlite3'):
    try:
        __import__(name)
    except ImportError:
        missing = name
        break
print('%d.%d.%d' % sys.version_info[:3])
print(sys.executable)
print(os.path.realpath(sys.executable))
print(missing)
";

/// Runs a Python module under a lifeline: the pipe that is its standard input.
///
/// A word through it asks for an orderly end (SIGTERM). Its end means that the process which held it is gone, even
/// by SIGKILL: nobody is left to tidy up, so the data folder is removed, and every process of the group killed.
/// Linux's PR_SET_PDEATHSIG would not do: it strikes when the *thread* that started the child ends, and each test
/// has a thread of its own.
const LIFELINE: &str = r#"
import os, runpy, shutil, signal, sys, threading

folder, module = sys.argv[1:3]

def watch():
    while os.read(0, 64):
        os.kill(os.getpid(), signal.SIGTERM)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)

threading.Thread(target=watch, name="lifeline", daemon=True).start()
sys.argv = [module] + sys.argv[3:]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"#;

/// Synapse's own tool for it needs a secret in the configuration, and can't change an account that is there.
const MAKE_ADMINISTRATOR: &str = r#"
import sqlite3, sys

with sqlite3.connect(sys.argv[1], timeout=30) as database:
    changed = database.execute("update users set admin = 1 where name = ?", sys.argv[2:3]).rowcount
# Not inside: it would take the change back.
sys.exit(None if changed == 1 else "there is no such account")
"#;

/// What Synapse logs once it has the port.
const LISTENING: &str = "Synapse now listening on TCP port";

/// What Synapse logs when another process has the port.
const PORT_TAKEN: &str = "Address already in use";

/// How many ports are tried until one is still free when Synapse comes to listen on it.
const PORT_TRIES: u32 = 5;

/// How often a starting Synapse is asked whether it is ready, and how many times at most: four minutes in all, where it
/// takes a few seconds on an idle machine: a machine that does much else is no fault of ours.
const START_POLL: Duration = Duration::from_millis(50);
/// See [`START_POLL`].
const START_TRIES: u32 = 4_800;

/// How often a Synapse told to end is looked after, and how many times before it is killed: ten seconds in all.
const STOP_POLL: Duration = Duration::from_millis(20);
/// See [`STOP_POLL`].
const STOP_TRIES: u32 = 500;

/// How many times a request is sent at most while the server answers that there are too many (429).
const LIMITED_TRIES: u32 = 10;

/// The longest pause that a 429 may ask for. Some of Synapse's default limits ask for minutes: better a test that
/// fails and says so than one that seems to hang.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The pause after a 429 that names none.
const DEFAULT_PAUSE: Duration = Duration::from_secs(1);

/// How long one answer may take, besides what a sync asked the server to wait.
const REQUEST_LIMIT: Duration = Duration::from_secs(60);

/// How long one answer may take while Synapse starts.
const READY_LIMIT: Duration = Duration::from_secs(5);

/// How many of the last lines of a log an error quotes.
const QUOTED_LINES: usize = 20;

/// The outcome of what this file does.
pub type Result<T, E = HomeserverError> = std::result::Result<T, E>;

/// Why there is no homeserver, or why it did not do as asked.
#[derive(Debug)]
pub enum HomeserverError {
    /// No Python on this machine will do.
    NoPython {
        /// What was found instead, if anything.
        found: String,
    },
    /// Synapse, or another set of Python packages, could not be installed.
    Install {
        /// Which set.
        set: &'static str,
        /// What was being done.
        step: &'static str,
        /// What the installer said last.
        said: String,
        /// Its whole log.
        log: PathBuf,
    },
    /// Synapse ended, or never answered, instead of getting ready.
    Start {
        /// What became of it.
        what: String,
        /// The last lines of its log.
        log: String,
    },
    /// Another process listens on the homeserver's port.
    PortTaken {
        /// The port.
        port: u16,
    },
    /// The operating system refused something.
    Io {
        /// What was being done.
        what: String,
        /// Its word.
        source: io::Error,
    },
    /// No whole answer came to a request.
    NoAnswer {
        /// The request's method.
        method: Method,
        /// The request's path.
        path: String,
        /// What went wrong.
        source: reqwest::Error,
    },
    /// The server refused a request.
    Refused {
        /// The request's method.
        method: Method,
        /// The request's path.
        path: String,
        /// The answer's status.
        status: StatusCode,
        /// Matrix's name for the reason, such as `M_FORBIDDEN`; empty if the answer had none.
        errcode: String,
        /// The server's explanation.
        message: String,
    },
    /// The server answered, but not with what the request is for.
    Unexpected {
        /// The request's method.
        method: Method,
        /// The request's path.
        path: String,
        /// What the answer lacks.
        lacks: &'static str,
    },
}

impl fmt::Display for HomeserverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPython { found } => write!(
                f,
                "Synapse needs Python {}.{} or newer with its venv module, but there is {found}: on Debian or Ubuntu \
                 run `apt install python3 python3-venv`, or name another Python in {PYTHON_VARIABLE}.",
                OLDEST_PYTHON.0, OLDEST_PYTHON.1
            ),
            Self::Install { set, step, said, log } => write!(
                f,
                "{set} could not be installed ({step}: {said}): see that pip reaches PyPI or a mirror of it \
                 (PIP_INDEX_URL) and run this again; the whole log is {}.",
                log.display()
            ),
            Self::Start { what, log } => write!(f, "Synapse did not start: {what}. Its log ends with:\n{log}"),
            Self::PortTaken { port } => {
                write!(f, "Synapse did not start: another process listens on its port {port} of the loopback.")
            }
            Self::Io { what, source } => write!(f, "{what}: {source}"),
            Self::NoAnswer { method, path, source } => {
                write!(f, "{method} {path}: {source}")?;
                // reqwest's own words stop at "error sending request": the cause is further down.
                let mut cause = source.source();
                while let Some(inner) = cause {
                    write!(f, ": {inner}")?;
                    cause = inner.source();
                }
                Ok(())
            }
            Self::Refused { method, path, status, errcode, message } => {
                write!(f, "{method} {path}: {} {errcode}: {message}", status.as_u16())
            }
            Self::Unexpected { method, path, lacks } => write!(f, "{method} {path}: the answer has no {lacks}"),
        }
    }
}

// Without `source`: the message holds the causes already, as the tests print nothing else.
impl Error for HomeserverError {}

impl HomeserverError {
    /// Matrix's name for the reason of a refusal, such as `M_FORBIDDEN`.
    pub fn errcode(&self) -> Option<&str> {
        match self {
            Self::Refused { errcode, .. } => Some(errcode),
            _ => None,
        }
    }

    /// The status of a refusal.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// Says what was being done when the operating system refused.
fn io_error(what: impl Into<String>) -> impl FnOnce(io::Error) -> HomeserverError {
    let what = what.into();
    move |source| HomeserverError::Io { what, source }
}

/// Tells the person who waits in front of a terminal what takes so long.
pub fn progress(line: &str) {
    // Nothing is lost if nobody listens, and a test must not fail for it.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Which of Synapse's rate limits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// None at all, for tests and benchmarks that want to go as fast as they can.
    None,
    /// Synapse's own defaults, as on a server nobody tuned, except for registration and logging in, which would
    /// only hold up the preparations.
    Default,
    /// Those two as well: whoever logs in more than a few times has to wait for minutes.
    Untouched,
}

/// An account on a [`Homeserver`].
#[derive(Clone, Debug)]
pub struct Account {
    /// The full user id, such as `@ada:lamplighter.test`.
    pub user_id: String,
    /// The password.
    pub password: String,
    /// The token of the device that the registration made, or a login; none for who has yet to log in.
    pub access_token: Option<String>,
    /// The id of that device.
    pub device_id: Option<String>,
}

/// A running Synapse with a data folder and a port of its own.
///
/// It is killed and its data removed when the value is dropped, and when the process that made it ends in any way.
/// It belongs to no async runtime: several tests, each with its runtime, may share one.
#[derive(Debug)]
pub struct Homeserver {
    // Before `data`: fields drop in this order, and the process must be gone when its folder is removed.
    running: Option<Running>,
    data: TempDir,
    python: PathBuf,
    port: ReservedPort,
    url: String,
    client: Client,
}

impl Homeserver {
    /// Installs Synapse if need be and starts one that knows nobody yet. It answers when this returns.
    pub async fn start(limits: Limits) -> Result<Self> {
        let python = prepare().await?;
        let data = tempfile::Builder::new()
            .prefix("lamplighter-synapse-")
            .tempdir()
            .map_err(io_error("The homeserver's data folder could not be made"))?;
        let client = new_client()?;

        let mut homeserver =
            Self { running: None, data, python, port: ReservedPort::new()?, url: String::new(), client };
        for _ in 1..PORT_TRIES {
            match homeserver.settle(limits).await {
                Err(HomeserverError::PortTaken { .. }) => homeserver.port = ReservedPort::new()?,
                Err(error) => return Err(error),
                Ok(()) => return Ok(homeserver),
            }
        }
        homeserver.settle(limits).await?;
        Ok(homeserver)
    }

    /// Where clients reach it, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The name it goes by: the part after the colon in its users' ids.
    pub fn server_name(&self) -> &str {
        SERVER_NAME
    }

    /// Its log, for who needs to know why it did something.
    pub fn log_file(&self) -> PathBuf {
        self.data.path().join("homeserver.log")
    }

    /// Ends the process in good order and waits for it. Connections are refused from then on.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(mut running) = self.running.take() else { return Ok(()) };
        running.ask_to_end();
        // Polled because only a thread can wait for a child of the standard library's, and then nobody could kill it.
        for _ in 0..STOP_TRIES {
            if running.ended()?.is_some() {
                return Ok(());
            }
            sleep(STOP_POLL).await;
        }
        // Dropped here, and so killed: it had its chance.
        Ok(())
    }

    /// Ends the process at once, as a power cut would.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Starts the process again after [`stop`](Self::stop) or [`kill`](Self::kill): on the same port, with the same
    /// data.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        self.launch().await
    }

    /// Makes an account without a device, for who will log in.
    pub async fn register(&self, localpart: &str, password: &str) -> Result<Account> {
        self.sign_up(localpart, password, true).await
    }

    /// Makes an account with a device, ready for use.
    pub async fn register_with_device(&self, localpart: &str, password: &str) -> Result<Account> {
        self.sign_up(localpart, password, false).await
    }

    /// Makes an account and returns the person who uses it, by a display name if one is given.
    pub async fn person(&self, localpart: &str, display_name: Option<&str>) -> Result<Person> {
        let account = self.register_with_device(localpart, &format!("{localpart}'s password")).await?;
        let person = self.as_person(account);
        if let Some(display_name) = display_name {
            person.set_display_name(display_name).await?;
        }
        Ok(person)
    }

    /// Logs in by password, which makes a new device, and returns the person who uses it.
    pub async fn log_in(&self, user_id: &str, password: &str) -> Result<Person> {
        let path = ["v3", "login"];
        let body = json!({
            "type": "m.login.password",
            "identifier": { "type": "m.id.user", "user": user_id },
            "password": password,
        });
        let answer = self.request(Method::POST, &path, &body).await?;
        Ok(self.as_person(Account::from_answer(&answer, Method::POST, &path, password)?))
    }

    /// Makes somebody an administrator of this server, while it is stopped: it remembers who is none.
    pub fn make_administrator(&self, user_id: &str) -> Result<()> {
        let output = Command::new(&self.python)
            .args(["-I", "-c", MAKE_ADMINISTRATOR])
            .arg(self.data.path().join("homeserver.db"))
            .arg(user_id)
            .stdin(Stdio::null())
            .output()
            .map_err(io_error("The homeserver's database could not be opened"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(io_error("No administrator could be made")(io::Error::other(said)))
    }

    /// The person who uses a device already there.
    pub fn as_person(&self, account: Account) -> Person {
        Person { client: self.client.clone(), url: self.url.clone(), account }
    }

    /// Registers. Synapse takes `m.login.dummy`, "nothing to prove", in the first request.
    async fn sign_up(&self, localpart: &str, password: &str, inhibit_login: bool) -> Result<Account> {
        let path = ["v3", "register"];
        let body = json!({
            "username": localpart,
            "password": password,
            "auth": { "type": "m.login.dummy" },
            "inhibit_login": inhibit_login,
        });
        let answer = self.request(Method::POST, &path, &body).await?;
        Account::from_answer(&answer, Method::POST, &path, password)
    }

    /// A request by nobody in particular.
    async fn request(&self, method: Method, path: &[&str], body: &Value) -> Result<Value> {
        Request { client: &self.client, url: &self.url, token: None, method, path, query: &[], body: Some(body) }
            .send(REQUEST_LIMIT)
            .await
    }

    /// Writes the configuration for the port at hand and starts there.
    async fn settle(&mut self, limits: Limits) -> Result<()> {
        self.url = format!("http://127.0.0.1:{}", self.port.number);
        let folder = self.data.path();
        // JSON is YAML, and serde knows how to write it.
        for (name, content) in
            [("homeserver.yaml", configuration(folder, self.port.number, limits)), ("log.yaml", log_configuration())]
        {
            tokio::fs::write(folder.join(name), content.to_string())
                .await
                .map_err(io_error(format!("The homeserver's {name} could not be written")))?;
        }
        self.launch().await
    }

    /// Starts the process and waits until it answers.
    async fn launch(&mut self) -> Result<()> {
        self.port.make_way();
        let log_file = self.log_file();
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log_file)
            .map_err(io_error("The homeserver's log could not be opened"))?;
        // What an earlier run on the same data left there is none of this one's.
        let start_of_log = log.metadata().map_err(io_error("The homeserver's log could not be read"))?.len();
        let config_file = self.data.path().join("homeserver.yaml");

        let mut command = under_lifeline(&self.python, Some(self.data.path()), "synapse.app.homeserver", &log)?;
        command.arg("--config-path").arg(config_file).current_dir(self.data.path());
        let mut running = Running::spawn(&mut command).map_err(io_error("Synapse could not be run"))?;

        // Synapse tells nobody that it is ready: it must be asked again and again.
        for _ in 0..START_TRIES {
            let ended = running.ended()?;
            let said =
                read_from(&log_file, start_of_log).map_err(io_error("The homeserver's log could not be read"))?;
            if ended.is_some() && said.contains(PORT_TAKEN) {
                return Err(HomeserverError::PortTaken { port: self.port.number });
            }
            if let Some(how) = ended {
                return Err(HomeserverError::Start { what: format!("it ended with {how}"), log: last_lines(&said) });
            }
            // The log is asked first: a stranger could be the one who answers on this port.
            if said.contains(LISTENING) && self.answers().await {
                self.running = Some(running);
                return Ok(());
            }
            sleep(START_POLL).await;
        }
        let said = read_from(&log_file, start_of_log).unwrap_or_default();
        let what = format!("it was not ready after {} seconds", (START_POLL * START_TRIES).as_secs());
        Err(HomeserverError::Start { what, log: last_lines(&said) })
    }

    /// Whether it answers clients.
    async fn answers(&self) -> bool {
        let url = format!("{}/_matrix/client/versions", self.url);
        match self.client.get(url).timeout(READY_LIMIT).send().await {
            Ok(answer) => answer.status().is_success(),
            Err(_) => false,
        }
    }
}

impl Account {
    /// What the server said of a registration or a login.
    fn from_answer(answer: &Value, method: Method, path: &[&str], password: &str) -> Result<Self> {
        let text = |key| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        let user_id = text("user_id").ok_or_else(|| HomeserverError::Unexpected {
            method,
            path: shown(path),
            lacks: "user_id",
        })?;
        Ok(Self {
            user_id,
            password: password.to_owned(),
            access_token: text("access_token"),
            device_id: text("device_id"),
        })
    }
}

/// Which way [`Person::messages`] goes from where it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To older events.
    Back,
    /// To newer events.
    Forward,
}

/// Somebody who uses one device of an account without encryption: each method is one request.
#[derive(Clone, Debug)]
pub struct Person {
    client: Client,
    url: String,
    account: Account,
}

impl Person {
    /// Who this is.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The full user id.
    pub fn user_id(&self) -> &str {
        &self.account.user_id
    }

    /// Any request of the client-server API: `path` is what follows `/_matrix/client`, in pieces that need no
    /// escaping, such as `["v3", "rooms", room, "read_markers"]`.
    pub async fn request(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value> {
        self.request_for(method, path, query, body, REQUEST_LIMIT).await
    }

    /// Makes a room that only the invited can join, and returns its id. `power_levels` overrides parts of the
    /// room's `m.room.power_levels`; whoever makes a room of Synapse's default version is above all levels, and
    /// must not be listed in them.
    pub async fn create_room(
        &self,
        name: &str,
        invite: &[&str],
        power_levels: Option<&Value>,
        encrypted: bool,
    ) -> Result<String> {
        let mut body = json!({ "name": name, "preset": "private_chat", "invite": invite });
        if let Some(power_levels) = power_levels {
            body["power_level_content_override"] = power_levels.clone();
        }
        if encrypted {
            body["initial_state"] = json!([{
                "type": "m.room.encryption",
                "state_key": "",
                "content": { "algorithm": "m.megolm.v1.aes-sha2" },
            }]);
        }
        self.named(Method::POST, &["v3", "createRoom"], &body, "room_id").await
    }

    /// Joins a room, or takes up an invitation to it.
    pub async fn join(&self, room: &str) -> Result<()> {
        self.done(Method::POST, &["v3", "rooms", room, "join"], &json!({})).await
    }

    /// Invites a user to a room.
    pub async fn invite(&self, room: &str, user_id: &str) -> Result<()> {
        self.done(Method::POST, &["v3", "rooms", room, "invite"], &json!({ "user_id": user_id })).await
    }

    /// Leaves a room, or turns down an invitation to it.
    pub async fn leave(&self, room: &str) -> Result<()> {
        self.done(Method::POST, &["v3", "rooms", room, "leave"], &json!({})).await
    }

    /// Sends a text message and returns its event id. The same `txn` again makes no second event.
    pub async fn send_text(&self, room: &str, body: &str, txn: &str) -> Result<String> {
        self.send_event(room, "m.room.message", &json!({ "msgtype": "m.text", "body": body }), txn).await
    }

    /// Sends an event and returns its id. The same `txn` again makes no second event.
    pub async fn send_event(&self, room: &str, event_type: &str, content: &Value, txn: &str) -> Result<String> {
        self.named(Method::PUT, &["v3", "rooms", room, "send", event_type, txn], content, "event_id").await
    }

    /// Reacts to an event and returns the reaction's id.
    pub async fn react(&self, room: &str, event_id: &str, key: &str) -> Result<String> {
        let content = json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": event_id, "key": key } });
        self.send_event(room, "m.reaction", &content, &new_transaction()).await
    }

    /// Redacts an event and returns the redaction's id.
    pub async fn redact(&self, room: &str, event_id: &str) -> Result<String> {
        let path = ["v3", "rooms", room, "redact", event_id, &new_transaction()];
        self.named(Method::PUT, &path, &json!({}), "event_id").await
    }

    /// What is new since `since`, another sync's `next_batch`, or everything; waits for at most `timeout_ms` while
    /// nothing is. `filter` is a filter's id or its JSON.
    pub async fn sync(&self, since: Option<&str>, timeout_ms: u64, filter: Option<&str>) -> Result<Value> {
        let timeout = timeout_ms.to_string();
        let mut query = vec![("timeout", timeout.as_str())];
        query.extend(since.map(|since| ("since", since)));
        query.extend(filter.map(|filter| ("filter", filter)));
        let limit = REQUEST_LIMIT + Duration::from_millis(timeout_ms);
        self.request_for(Method::GET, &["v3", "sync"], &query, None, limit).await
    }

    /// A room's events from `from`, another answer's `end` or a sync's `prev_batch`, or from its end (back) or its
    /// beginning (forward): the events are in `chunk`, and `end` is missing after the last of them.
    pub async fn messages(&self, room: &str, from: Option<&str>, direction: Direction, limit: u32) -> Result<Value> {
        let limit = limit.to_string();
        let direction = match direction {
            Direction::Back => "b",
            Direction::Forward => "f",
        };
        let mut query = vec![("dir", direction), ("limit", limit.as_str())];
        query.extend(from.map(|from| ("from", from)));
        self.request(Method::GET, &["v3", "rooms", room, "messages"], &query, None).await
    }

    /// The content of a state event, if the room has it.
    pub async fn state(&self, room: &str, event_type: &str, key: &str) -> Result<Option<Value>> {
        let path = ["v3", "rooms", room, "state", event_type, key];
        found(self.request(Method::GET, &path, &[], None).await)
    }

    /// Sets a state event and returns its id.
    pub async fn set_state(&self, room: &str, event_type: &str, key: &str, content: &Value) -> Result<String> {
        self.named(Method::PUT, &["v3", "rooms", room, "state", event_type, key], content, "event_id").await
    }

    /// Everybody who is or was something in a room, by user id: `join`, `invite`, `leave`, `ban` or `knock`.
    pub async fn members(&self, room: &str) -> Result<BTreeMap<String, String>> {
        let answer = self.request(Method::GET, &["v3", "rooms", room, "members"], &[], None).await?;
        let events = answer.get("chunk").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Ok(events
            .iter()
            .filter_map(|event| {
                let user_id = event.get("state_key")?.as_str()?;
                let membership = event.get("content")?.get("membership")?.as_str()?;
                Some((user_id.to_owned(), membership.to_owned()))
            })
            .collect())
    }

    /// The display name in a user's profile, if there are both.
    pub async fn display_name(&self, user_id: &str) -> Result<Option<String>> {
        let path = ["v3", "profile", user_id, "displayname"];
        let answer = found(self.request(Method::GET, &path, &[], None).await)?;
        Ok(answer.as_ref().and_then(|answer| answer.get("displayname")).and_then(Value::as_str).map(str::to_owned))
    }

    /// Sets the display name in this person's profile, and in their rooms.
    pub async fn set_display_name(&self, display_name: &str) -> Result<()> {
        let path = ["v3", "profile", self.user_id(), "displayname"];
        self.done(Method::PUT, &path, &json!({ "displayname": display_name })).await
    }

    /// A request whose answer says nothing more than that it is done.
    async fn done(&self, method: Method, path: &[&str], body: &Value) -> Result<()> {
        self.request(method, path, &[], Some(body)).await.map(|_| ())
    }

    /// A request whose answer is the id of what it made.
    async fn named(&self, method: Method, path: &[&str], body: &Value, id: &'static str) -> Result<String> {
        let answer = self.request(method.clone(), path, &[], Some(body)).await?;
        match answer.get(id).and_then(Value::as_str) {
            Some(name) => Ok(name.to_owned()),
            None => Err(HomeserverError::Unexpected { method, path: shown(path), lacks: id }),
        }
    }

    async fn request_for(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
        limit: Duration,
    ) -> Result<Value> {
        let token = self.account.access_token.as_deref();
        Request { client: &self.client, url: &self.url, token, method, path, query, body }.send(limit).await
    }
}

/// Turns the refusal "there is no such thing" into none.
fn found(answer: Result<Value>) -> Result<Option<Value>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.errcode() == Some("M_NOT_FOUND") => Ok(None),
        Err(error) => Err(error),
    }
}

/// A transaction id that no other request of this or another process uses.
fn new_transaction() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("own-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A path as the errors show it.
fn shown(path: &[&str]) -> String {
    format!("/_matrix/client/{}", path.join("/"))
}

/// The client that all of a homeserver's people share.
fn new_client() -> Result<Client> {
    // The proxy that a developer's environment may name is not meant for the loopback.
    Client::builder().no_proxy().build().map_err(|source| HomeserverError::NoAnswer {
        method: Method::GET,
        path: "/".to_owned(),
        source,
    })
}

/// One request of the client-server API.
struct Request<'a> {
    client: &'a Client,
    url: &'a str,
    token: Option<&'a str>,
    method: Method,
    path: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    body: Option<&'a Value>,
}

impl Request<'_> {
    /// Sends it, again and again while the server says that there are too many, and returns the answer's JSON.
    async fn send(self, limit: Duration) -> Result<Value> {
        let url = self.full_url()?;
        let mut tries = 0;
        loop {
            let mut request = self.client.request(self.method.clone(), url.clone()).timeout(limit);
            if let Some(token) = self.token {
                request = request.bearer_auth(token);
            }
            if let Some(body) = self.body {
                request = request.json(body);
            }
            let answer = request.send().await.map_err(|source| self.no_answer(source))?;
            let status = answer.status();
            let named_pause = answer
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok())
                .and_then(|seconds| seconds.parse().ok())
                .map(Duration::from_secs);
            let body = answer.bytes().await.map_err(|source| self.no_answer(source))?;
            let value: Option<Value> = serde_json::from_slice(&body).ok();

            tries += 1;
            let pause = named_pause.unwrap_or(DEFAULT_PAUSE);
            if status == StatusCode::TOO_MANY_REQUESTS && tries < LIMITED_TRIES && pause <= LONGEST_PAUSE {
                sleep(pause).await;
                continue;
            }
            if status.is_success() {
                return value.ok_or_else(|| HomeserverError::Unexpected {
                    method: self.method.clone(),
                    path: shown(self.path),
                    lacks: "JSON",
                });
            }
            let text = |key| value.as_ref().and_then(|value| value.get(key)).and_then(Value::as_str);
            return Err(HomeserverError::Refused {
                method: self.method.clone(),
                path: shown(self.path),
                status,
                errcode: text("errcode").unwrap_or_default().to_owned(),
                message: match text("error") {
                    Some(message) => message.to_owned(),
                    None => String::from_utf8_lossy(&body).into_owned(),
                },
            });
        }
    }

    /// The address, with everything escaped that needs it: ids hold `!`, `$`, `:` and now and then a slash.
    fn full_url(&self) -> Result<Url> {
        let no_url = || HomeserverError::Unexpected {
            method: self.method.clone(),
            path: shown(self.path),
            lacks: "address to come from",
        };
        let mut url = Url::parse(self.url).map_err(|_| no_url())?;
        url.path_segments_mut().map_err(|()| no_url())?.extend(["_matrix", "client"]).extend(self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(self.query);
        }
        Ok(url)
    }

    fn no_answer(&self, source: reqwest::Error) -> HomeserverError {
        // Without its address: the error names the path already, and the query may hold a whole filter.
        HomeserverError::NoAnswer { method: self.method.clone(), path: shown(self.path), source: source.without_url() }
    }
}

/// A loopback port held for one homeserver as long as it lives, running or stopped.
#[derive(Debug)]
struct ReservedPort {
    number: u16,
    /// A socket that is bound and never listens: clients are refused as if it weren't there.
    holder: Option<TcpSocket>,
}

impl ReservedPort {
    /// A port that nobody has.
    fn new() -> Result<Self> {
        let reserve = || {
            let holder = TcpSocket::new_v4()?;
            // Synapse sets it too, and two sockets that do may be bound to one port while neither listens.
            holder.set_reuseaddr(true)?;
            holder.bind(([127, 0, 0, 1], 0).into())?;
            let number = holder.local_addr()?.port();
            io::Result::Ok(Self { number, holder: Some(holder) })
        };
        reserve().map_err(io_error("No free port was found for the homeserver"))
    }

    /// Lets Synapse bind the port.
    ///
    /// On Linux the holder stays. Otherwise another process might be given the port, or, while Synapse is stopped, a
    /// client that keeps trying to connect might be given it as the port it connects *from*: it would then reach
    /// itself, and keep Synapse from coming back. Other systems let nobody else bind a port that is held.
    fn make_way(&mut self) {
        if !cfg!(target_os = "linux") {
            self.holder = None;
        }
    }
}

/// A process under its lifeline (see [`LIFELINE`]).
///
/// The standard library's, not tokio's: that belongs to the runtime that started it, and closes the lifeline before
/// it waits.
#[derive(Debug)]
struct Running {
    child: Child,
    lifeline: Option<ChildStdin>,
}

impl Running {
    fn spawn(command: &mut Command) -> io::Result<Self> {
        let mut child = command.spawn()?;
        let lifeline = child.stdin.take();
        Ok(Self { child, lifeline })
    }

    /// Asks for an orderly end.
    fn ask_to_end(&mut self) {
        if let Some(lifeline) = &mut self.lifeline {
            // One that can't hear it has ended already.
            let _ = lifeline.write_all(b"end");
        }
    }

    /// How it ended, if it did.
    fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        self.child.try_wait().map_err(io_error("A process could not be looked after"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Waited for, which takes no time after SIGKILL, before the lifeline closes: the folder isn't its to remove.
        // An error means that it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that runs a Python module under a lifeline in a process group of its own, which keeps it from a
/// terminal's Ctrl+C too: who started it decides. Standard output and error go to `log`.
fn under_lifeline(python: &Path, folder: Option<&Path>, module: &str, log: &File) -> Result<Command> {
    let no_log = || io_error("A log could not be shared with a process");
    let mut command = Command::new(python);
    command
        // Isolated: neither PYTHONPATH nor the user's own packages get in.
        .args(["-I", "-c", LIFELINE])
        .arg(folder.unwrap_or(Path::new("")))
        .arg(module)
        .stdin(Stdio::piped())
        .stdout(log.try_clone().map_err(no_log())?)
        .stderr(log.try_clone().map_err(no_log())?)
        .process_group(0)
        // It would tell the init system that this whole session is ready.
        .env_remove("NOTIFY_SOCKET");
    Ok(command)
}

/// Synapse's configuration.
fn configuration(folder: &Path, port: u16, limits: Limits) -> Value {
    let mut config = json!({
        "server_name": SERVER_NAME,
        "listeners": [{
            "port": port,
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "tls": false,
            "resources": [{ "names": ["client"], "compress": false }],
        }],
        "database": { "name": "sqlite3", "args": { "database": folder.join("homeserver.db") } },
        "media_store_path": folder.join("media"),
        "signing_key": format!("ed25519 a_test {SIGNING_KEY}"),
        "pid_file": folder.join("homeserver.pid"),
        "log_config": folder.join("log.yaml"),
        "macaroon_secret_key": "no secret: for tests on the loopback",
        "form_secret": "no secret: for tests on the loopback",

        // Everybody may register, and the passwords guard nothing: the lightest hash makes logging in quick.
        "enable_registration": true,
        "enable_registration_without_verification": true,
        "bcrypt_rounds": 4,

        // No other server is asked anything, and nothing on the network at all.
        "report_stats": false,
        "federation_domain_whitelist": [],
        "trusted_key_servers": [],
        "suppress_key_server_warning": true,
        "url_preview_enabled": false,
        "presence": { "enabled": false },
    });
    let unlimited = || json!({ "per_second": 1_000_000, "burst_count": 1_000_000 });
    let kinds: &[(&str, &[&str])] = match limits {
        Limits::Default => &LIMITED_PREPARATIONS,
        Limits::None => &LIMITED,
        Limits::Untouched => &[],
    };
    for (kind, parts) in kinds {
        config[kind] = if parts.is_empty() {
            unlimited()
        } else {
            parts.iter().map(|part| ((*part).to_owned(), unlimited())).collect()
        };
    }
    config
}

/// Says "lamplighter end-to-end test keys". No other server ever checks a signature made with it, and to have Synapse
/// make a key up would cost each start another process: it makes one or runs, never both.
const SIGNING_KEY: &str = "bGFtcGxpZ2h0ZXIgZW5kLXRvLWVuZCB0ZXN0IGtleXM";

/// Every rate limit of Synapse's `config/ratelimiting.py` that clients meet, with its parts where it has some.
const LIMITED: [(&str, &[&str]); 18] = [
    ("rc_message", &[]),
    ("rc_registration", &[]),
    ("rc_registration_token_validity", &[]),
    ("rc_login", &["address", "account", "failed_attempts"]),
    ("rc_admin_redaction", &[]),
    ("rc_joins", &["local", "remote"]),
    ("rc_joins_per_room", &[]),
    ("rc_key_requests", &[]),
    ("rc_3pid_validation", &[]),
    ("rc_invites", &["per_room", "per_user", "per_issuer"]),
    ("rc_third_party_invite", &[]),
    ("rc_media_create", &[]),
    ("rc_presence", &["per_user"]),
    ("rc_delayed_event_mgmt", &[]),
    ("rc_room_creation", &[]),
    ("rc_reports", &[]),
    ("rc_user_directory", &[]),
    ("rc_profile", &[]),
];

/// Those that would only hold up the preparations.
const LIMITED_PREPARATIONS: [(&str, &[&str]); 2] =
    [("rc_registration", &[]), ("rc_login", &["address", "account", "failed_attempts"])];

/// Synapse's logging: to its standard error, which is the log file. Only what goes wrong, and how starting goes: a
/// line for each request would take its time from the benchmarks.
fn log_configuration() -> Value {
    json!({
        "version": 1,
        "disable_existing_loggers": false,
        "formatters": { "plain": { "format": "%(asctime)s %(levelname)s %(name)s: %(message)s" } },
        "handlers": { "console": { "class": "logging.StreamHandler", "formatter": "plain" } },
        "loggers": { "synapse.app": { "level": "INFO" } },
        "root": { "level": "WARNING", "handlers": ["console"] },
    })
}

/// The text of a file from a byte on.
fn read_from(file: &Path, start: u64) -> io::Result<String> {
    let mut file = File::open(file)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last lines of a log.
fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let skipped = lines.len().saturating_sub(QUOTED_LINES);
    lines.into_iter().skip(skipped).collect::<Vec<_>>().join("\n")
}

/// Sees to it that Synapse is installed and returns the Python that runs it. [`Homeserver::start`] does it by
/// itself; call it beforehand to keep the installation out of a measured time.
pub async fn prepare() -> Result<PathBuf> {
    prepare_set("synapse", REQUIREMENTS).await
}

/// Sees to it that a set of Python packages is installed into `target/NAME/` and returns the Python that has them.
pub async fn prepare_set(set: &'static str, requirements: &'static str) -> Result<PathBuf> {
    // Waits for processes and for a lock, for half a minute at times.
    match tokio::task::spawn_blocking(move || install(set, requirements)).await {
        Ok(outcome) => outcome,
        Err(error) => Err(HomeserverError::Io {
            what: format!("The installation of {set} was cut short"),
            source: io::Error::other(error),
        }),
    }
}

/// See [`prepare_set`].
fn install(set: &'static str, packages: &str) -> Result<PathBuf> {
    let base = find_python()?;
    let home = target_folder().join(set);
    let name = format!("{:016x}", fingerprint(&[packages, &base.version, &base.real_path]));
    let folder = home.join(&name);
    let python = folder.join("bin").join("python");
    // Written last: a folder without it is one whose installation was cut short.
    let marker = folder.join("installed");
    // The Python it was made from may be gone: then `python` is a link that leads nowhere.
    let is_there = || marker.is_file() && python.exists();
    if is_there() {
        return Ok(python);
    }

    let cannot = || io_error(format!("The folder {} could not be made", home.display()));
    std::fs::create_dir_all(&home).map_err(cannot())?;
    // Beside the folder, which comes and goes. The lock goes with the process that holds it, however that ends.
    let lock = File::create(home.join(format!("{name}.lock"))).map_err(cannot())?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            progress(&format!("Waiting for another process that is installing {set} …"));
            lock.lock().map_err(cannot())?;
        }
        Err(TryLockError::Error(error)) => return Err(cannot()(error)),
    }
    if is_there() {
        return Ok(python);
    }

    progress(&format!(
        "Installing {set} for the end-to-end tests into {} (once, about half a minute) …",
        folder.display()
    ));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(cannot())?;
    }
    std::fs::create_dir_all(&folder).map_err(cannot())?;
    let requirements = folder.join("requirements.txt");
    std::fs::write(&requirements, packages).map_err(cannot())?;
    let log_file = folder.join("install.log");
    let log = File::create(&log_file).map_err(cannot())?;

    let mut make = under_lifeline(Path::new(&base.executable), None, "venv", &log)?;
    make.arg(&folder);
    finish(make, set, "python -m venv", &log_file)?;
    let mut fill = under_lifeline(&python, None, "pip", &log)?;
    // A package that had to be compiled would need tools that few machines have: better the clear refusal.
    fill.args(["install", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:"])
        .arg("--requirement")
        .arg(&requirements);
    finish(fill, set, "pip install", &log_file)?;
    std::fs::write(&marker, "").map_err(cannot())?;
    Ok(python)
}

/// Waits for one step of the installation.
fn finish(mut command: Command, set: &'static str, step: &'static str, log: &Path) -> Result<()> {
    let failed = |said: String| HomeserverError::Install { set, step, said, log: log.to_owned() };
    let mut running = Running::spawn(&mut command).map_err(|error| failed(error.to_string()))?;
    let how = running.child.wait().map_err(|error| failed(error.to_string()))?;
    if how.success() {
        return Ok(());
    }
    let said = read_from(log, 0).unwrap_or_default();
    // pip goes on to give advice after its last error.
    let mut lines = said.lines().rev().map(str::trim).filter(|line| !line.is_empty());
    let last = lines.clone().next();
    let error = lines.find(|line| line.starts_with("ERROR"));
    Err(failed(error.or(last).map_or_else(|| how.to_string(), str::to_owned)))
}

/// Where the workspace's builds are.
pub(crate) fn target_folder() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = tests.parent().unwrap_or(tests);
    match std::env::var_os("CARGO_TARGET_DIR") {
        // Cargo takes a relative one from where it is called, which is nearly always the workspace.
        Some(folder) if !folder.is_empty() => workspace.join(folder),
        _ => workspace.join("target"),
    }
}

/// FNV-1a, for a name that is the same with every compiler: the standard library's hash promises no such thing.
fn fingerprint(texts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for text in texts {
        // The zero keeps the texts apart.
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// A Python that will do.
struct Python {
    version: String,
    executable: String,
    /// The same for all the names by which one Python goes.
    real_path: String,
}

/// The first Python that will do.
fn find_python() -> Result<Python> {
    let named = std::env::var(PYTHON_VARIABLE).ok().filter(|name| !name.is_empty());
    let mut others = Vec::new();
    for name in named.iter().map(String::as_str).chain(PYTHONS) {
        let output = Command::new(name).args(["-I", "-c", PROBE]).stdin(Stdio::null()).output();
        // One that isn't there, or that can't even run: a version manager leaves such stand-ins.
        let Some(output) = output.ok().filter(|output| output.status.success()) else { continue };
        let said = String::from_utf8_lossy(&output.stdout);
        let mut lines = said.lines();
        let mut line = || lines.next().map(str::to_owned);
        let (Some(version), Some(executable), Some(real_path), Some(missing)) = (line(), line(), line(), line()) else {
            continue;
        };
        if !new_enough(&version) {
            others.push(format!("{name}, which is {version}"));
        } else if !missing.is_empty() {
            others.push(format!("{name} {version}, which lacks {missing}"));
        } else {
            return Ok(Python { version, executable, real_path });
        }
    }
    let found = if others.is_empty() { "none".to_owned() } else { format!("only {}", others.join(" and ")) };
    Err(HomeserverError::NoPython { found })
}

/// Whether Synapse runs on this version of Python.
fn new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) => (major, minor) >= OLDEST_PYTHON,
        _ => false,
    }
}
