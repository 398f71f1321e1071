//! The command line (docs/PROTOCOL.md, "Program"). Exit status 0 good, 1 it says what is wrong, 2 wrong usage. It speaks
//! English, to operators.

use std::{
    ffi::OsString,
    io::Write,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use chrono::{DateTime, FixedOffset};
use clap::{Parser, Subcommand};
use lamplighter_commands::{
    language::{
        Phrase,
        addressed::{self, Signs},
    },
    understanding::{self, Asked},
};
use lamplighter_config::{Community, Config, LogFormat, MatrixConfig};
use lamplighter_storage::visit::Visit;

use crate::{
    backup,
    clock::{Clock, SystemClock},
    database::cannot_use,
    doctor::{self, Finding, Report, State},
    gateway::{
        console::{self, Console},
        matrix::{Bot, Pace},
    },
    log,
    monitor::{Monitor, serve, watchdog},
    restore, verify,
    worker::Seed,
};

/// Lamplighter (掌灯): a chat bot for the group chats of buildings and interest groups on Matrix.
#[derive(Debug, Parser)]
#[command(name = "lamplighter", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the bot until it is stopped.
    Run {
        /// The config file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Check a config file and say everything that is wrong with it.
    Check {
        /// The config file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Talk to the bot without a homeserver, one JSON object a line.
    Console {
        /// One JSON object a line, in and out (the only form; may be left out).
        #[arg(long)]
        jsonl: bool,
        /// A database to keep; without one everything is in memory.
        #[arg(long, value_name = "FILE")]
        db: Option<PathBuf>,
        /// A config file; without one there is one community, "console".
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The time it is, RFC 3339.
        #[arg(long, value_name = "RFC3339", default_value = console::DEFAULT_AT)]
        at: DateTime<FixedOffset>,
    },
    /// Look at everything that keeps a bot from working, and say how to mend it. The bot may be running.
    Doctor {
        /// The config file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Ask the running bot how it is (`[monitoring] listen` in the config): "ok", or what is wrong and exit status 1.
    Health {
        /// The config file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Copy the database into a new file, checked. The bot may be running.
    Backup {
        /// The file to make.
        file: PathBuf,
        /// The config file of the bot.
        #[arg(long, value_name = "FILE", required_unless_present = "db", conflicts_with = "db")]
        config: Option<PathBuf>,
        /// Or its database.
        #[arg(long, value_name = "FILE")]
        db: Option<PathBuf>,
    },
    /// Bring a backup back. The bot must be stopped; the present database is kept beside it.
    Restore {
        /// The backup.
        file: PathBuf,
        /// The config file of the bot.
        #[arg(long, value_name = "FILE", required_unless_present = "db", conflicts_with = "db")]
        config: Option<PathBuf>,
        /// Or its database.
        #[arg(long, value_name = "FILE")]
        db: Option<PathBuf>,
    },
    /// Look whether everything in the database fits together. The bot may be running.
    Verify {
        /// The config file of the bot.
        #[arg(long, value_name = "FILE", required_unless_present = "db", conflicts_with = "db")]
        config: Option<PathBuf>,
        /// Or its database (or a backup of it).
        #[arg(long, value_name = "FILE")]
        db: Option<PathBuf>,
    },
    /// Say what messages want, without doing it: one JSON object a line, in and out.
    Parse {
        /// Say too what was read where.
        #[arg(long)]
        explain: bool,
    },
    /// Show what is known of a fault that residents were told the number of.
    Fault {
        /// The number, such as 4F2A.
        code: String,
        /// The config file of the bot.
        #[arg(long, value_name = "FILE", required_unless_present = "db", conflicts_with = "db")]
        config: Option<PathBuf>,
        /// Or its database.
        #[arg(long, value_name = "FILE")]
        db: Option<PathBuf>,
    },
}

/// What is wrong, in one sentence or several; empty if it has been said already.
type Failure = String;

/// Threads for what never waits.
const WORKER_THREADS: usize = 2;
/// Threads for what does: the SDK's databases, the resolver, standard input. Each thread that ever allocated keeps a heap of
/// its own, and a busy evening would start dozens.
const BLOCKING_THREADS_MAX: usize = 4;

/// Runs the program with these arguments.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help and version to standard output and mistakes to standard error.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    #[cfg(feature = "failpoints")]
    let _scenario = fail::FailScenario::setup();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKER_THREADS)
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(dispatch(arguments.command));
            // Told to end at once, nothing is waited for.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(format!("no threads could be started: {error}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_empty() {
                // Where standard error is closed there is nobody to tell.
                let _ = writeln!(std::io::stderr(), "lamplighter: {failure}");
            }
            ExitCode::from(1)
        }
    }
}

async fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run { config } => run(&config).await,
        Command::Check { config } => {
            load(&config)?;
            out(&format!("{}: good", config.display()))
        }
        Command::Console { jsonl: _, db, config, at } => talk(db, config, at).await,
        Command::Doctor { config } => examine(&config).await,
        Command::Health { config } => ask_health(&config).await,
        Command::Backup { file, config, db } => back_up(&file, config, db).await,
        Command::Restore { file, config, db } => {
            let database = database(config.as_deref().map(load).transpose()?.as_ref(), db)?;
            say_all(&restore::run(&database, &file, &SystemClock).await?)
        }
        Command::Verify { config, db } => {
            say_all(&verify::run(&database(config.as_deref().map(load).transpose()?.as_ref(), db)?).await?)
        }
        Command::Parse { explain } => parse(explain),
        Command::Fault { code, config, db } => fault(&code, config, db).await,
    }
}

fn out(line: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}").map_err(|error| format!("standard output: {error}"))
}

fn say_all(lines: &[String]) -> Result<(), Failure> {
    lines.iter().try_for_each(|line| out(line))
}

/// A line that isn't what it should be ends it: whoever scores counts lines.
fn parse(explain: bool) -> Result<(), Failure> {
    let house = crate::house::build(Vec::new(), "@lamplighter:localhost", None, Vec::new(), 1)
        .map_err(|error| error.to_string())?;
    for (number, line) in std::io::stdin().lines().enumerate() {
        let line = line.map_err(|error| format!("standard input: {error}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let mut asked: Asked = serde_json::from_str(&line).map_err(|error| format!("line {}: {error}", number + 1))?;
        asked.explain = explain;
        let now = asked.said_at(SystemClock.now_ms()).ok_or_else(|| format!("line {}: no such time", number + 1))?;
        let understood = understanding::understand(&asked, now, &house.bot_names);
        out(&serde_json::to_string(&understood).map_err(|error| error.to_string())?)?;
    }
    Ok(())
}

/// The database that is meant.
fn database(config: Option<&Config>, db: Option<PathBuf>) -> Result<PathBuf, Failure> {
    match (db, config.map(|config| &config.storage.database)) {
        (Some(path), _) => Ok(path),
        (None, Some(lamplighter_config::Database::File(path))) => Ok(path.clone()),
        (None, Some(lamplighter_config::Database::Memory)) => Err("that config keeps its database in memory".into()),
        (None, None) => Err("give --config FILE or --db FILE".into()),
    }
}

fn load(path: &Path) -> Result<Config, Failure> {
    lamplighter_config::load(path, &|name| std::env::var(name).ok()).map_err(|errors| errors.to_string())
}

async fn run(path: &Path) -> Result<(), Failure> {
    let config = load(path)?;
    let matrix = config.require_matrix().map_err(|errors| errors.to_string())?;
    log::to_stderr(config.log);
    let ended = run_logged(&config, matrix).await;
    match (&ended, config.log) {
        // Whoever collects the log as JSON wants its last line as well.
        (Err(failure), LogFormat::Json) => {
            tracing::error!("{failure}");
            Err(Failure::new())
        }
        _ => ended,
    }
}

async fn run_logged(config: &Config, matrix: &MatrixConfig) -> Result<(), Failure> {
    // From now on: asked while it starts, the bot is to stop too.
    let mut asked = StopSignals::listen();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let monitor = Arc::new(Monitor::new(Arc::clone(&clock)));
    if let Some(address) = config.monitoring {
        let endpoint = serve::Endpoint::bind(address)
            .await
            .map_err(|error| format!("{address}, [monitoring] listen in the config, can't be listened on: {error}"))?;
        if let Ok(address) = endpoint.address() {
            tracing::info!(%address, "/healthz and /metrics can be asked");
        }
        tokio::spawn(endpoint.serve(Arc::clone(&monitor)));
    }
    let patience = watchdog::starting();
    let starting = Bot::start_watched(config, matrix, clock, Seed::System, Pace::default(), Arc::clone(&monitor));
    // What is begun is taken back, as by a death.
    let mut bot = tokio::select! {
        started = starting => started.map_err(|error| error.to_string())?,
        () = asked.next() => return Ok(()),
    };
    drop(patience);
    tracing::info!("Lamplighter is up");
    watchdog::ready();
    let alive = watchdog::start(monitor);
    tokio::select! {
        ended = bot.ended() => ended.map_err(|error| error.to_string()),
        () = asked.next() => {
            tracing::info!("stopping: sending what can be sent; asked again, it ends at once");
            watchdog::stopping();
            let stopped = tokio::select! {
                () = bot.stop() => Ok(()),
                () = asked.next() => Err("stopped at once; what wasn't sent is sent at the next start".to_owned()),
            };
            if let Some(alive) = alive {
                alive.abort();
            }
            stopped
        }
    }
}

/// The operator or the system asks us to stop: SIGTERM or Ctrl+C. Whoever asks from the moment it is made on is heard.
#[cfg(unix)]
struct StopSignals {
    terminate: Option<tokio::signal::unix::Signal>,
    interrupt: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl StopSignals {
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self { terminate: signal(SignalKind::terminate()).ok(), interrupt: signal(SignalKind::interrupt()).ok() }
    }

    /// Ends when somebody asks, for the first time or again.
    async fn next(&mut self) {
        async fn of(signal: &mut Option<tokio::signal::unix::Signal>) {
            let heard = match signal {
                Some(signal) => signal.recv().await.is_some(),
                None => false,
            };
            if !heard {
                // Where it can't be heard, it isn't waited for.
                std::future::pending().await
            }
        }
        tokio::select! {
            () = of(&mut self.terminate) => {}
            () = of(&mut self.interrupt) => {}
        }
    }
}

/// The operator asks us to stop.
#[cfg(not(unix))]
struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    fn listen() -> Self {
        Self
    }

    /// Ends when somebody asks, for the first time or again.
    async fn next(&mut self) {
        // Where that can't be heard, the process is ended by other means.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

/// Ends when the operator or the system asks us to stop.
async fn asked_to_stop() {
    StopSignals::listen().next().await;
}

/// Asks the running bot how it is.
async fn ask_health(path: &Path) -> Result<(), Failure> {
    let config = load(path)?;
    let mut address = config.monitoring.ok_or("the config has no [monitoring] listen, so nobody can be asked")?;
    if address.ip().is_unspecified() {
        // Listening everywhere, it is reached here too.
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    match serve::ask(address).await? {
        (true, line) => out(&line),
        (false, line) => Err(line),
    }
}

async fn talk(db: Option<PathBuf>, config: Option<PathBuf>, at: DateTime<FixedOffset>) -> Result<(), Failure> {
    let config = config.as_deref().map(load).transpose()?;
    let options = match &config {
        Some(config) => console::Options {
            communities: config.communities.clone(),
            invites: Some(config.matrix.as_ref().map(|matrix| matrix.invites.clone()).unwrap_or_default()),
            ignore: config.matrix.as_ref().map(|matrix| matrix.ignore.clone()).unwrap_or_default(),
            keep_texts_days: config.storage.keep_texts_days,
            database: db,
            at,
        },
        None => console::Options {
            communities: vec![Community::console_default(Vec::new())],
            invites: None,
            ignore: Vec::new(),
            keep_texts_days: lamplighter_config::DEFAULT_KEEP_TEXTS_DAYS,
            database: db,
            at,
        },
    };
    let console = Console::open(options).await.map_err(|error| error.to_string())?;
    console
        .run(tokio::io::BufReader::new(tokio::io::stdin()), tokio::io::stdout())
        .await
        .map_err(|error| error.to_string())
}

async fn examine(path: &Path) -> Result<(), Failure> {
    let config = load(path)?;
    let matrix = config.require_matrix().map_err(|errors| errors.to_string())?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    // Not the end at once: what the doctor made on the server is taken away first. Asked again, it lets that be.
    tokio::spawn(async move {
        let mut asked = StopSignals::listen();
        asked.next().await;
        let _ = stop.send(true);
        asked.next().await;
        std::process::exit(1)
    });
    // Where standard output is closed there is nobody to tell; the exit status still is.
    let mut tell = |finding: &Finding| out(&finding.to_string()).unwrap_or_default();
    let mut report = Report::new(&mut tell);
    doctor::examine(&config, matrix, Arc::new(SystemClock), stopped, &mut report).await;
    match (report.count(State::Wrong), report.count(State::Unseen)) {
        (0, 0) => Ok(()),
        (0, unseen) => Err(format!("not looked at: {unseen}")),
        (wrong, 0) => Err(format!("not ok: {wrong}")),
        (wrong, unseen) => Err(format!("not ok: {wrong}, not looked at: {unseen}")),
    }
}

async fn back_up(file: &Path, config: Option<PathBuf>, db: Option<PathBuf>) -> Result<(), Failure> {
    let config = config.as_deref().map(load).transpose()?;
    let database = database(config.as_ref(), db)?;
    let lines = tokio::select! {
        lines = backup::run(&database, file, config.as_ref()) => lines?,
        () = asked_to_stop() => return Err("stopped; no backup was made".into()),
    };
    say_all(&lines)
}

async fn fault(code: &str, config: Option<PathBuf>, db: Option<PathBuf>) -> Result<(), Failure> {
    let path = database(config.as_deref().map(load).transpose()?.as_ref(), db)?;
    if !path.exists() {
        return Err(format!("{}: there is no such file", path.display()));
    }
    // Reads what a person typed, so full-width digits and small letters are welcome.
    let (_, typed) = addressed::determine(&Phrase::new(code), Signs::default());
    let code = typed.folded().to_uppercase();
    // Beside the bot: nothing may be migrated under it.
    let visit = Visit::open(&path).await.map_err(|error| cannot_use(&path.display().to_string(), &error))?;
    let faults = visit.faults(&code).await.map_err(|error| cannot_use(&path.display().to_string(), &error))?;
    visit.close().await;
    if faults.is_empty() {
        return Err(format!("no fault {code} is known; faults are kept as long as the inbox"));
    }
    for (event_id, room_id, at_ms, text) in faults {
        let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().to_rfc3339();
        out(&format!("{code}  {at}  event {event_id}  room {room_id}\n  {text}"))?;
    }
    Ok(())
}
