//! The bot as a process of its own, which can be killed; and the config it runs with.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::homeserver::Homeserver;

/// The bot's account on the tests' homeserver.
pub const BOT: &str = "lamplighter";
/// Its password there.
pub const BOT_PASSWORD: &str = "a lamp for every stairwell";
/// The id of the community in the tests.
pub const COMMUNITY: &str = "xiaojie3";
/// Its name.
pub const COMMUNITY_NAME: &str = "小街三队";

/// Writes a config for the bot on this homeserver into a folder and gives its path. The stewards are Matrix ids.
pub fn write_config(folder: &Path, homeserver: &Homeserver, stewards: &[&str]) -> io::Result<PathBuf> {
    write_config_for(folder, (homeserver.url(), homeserver.server_name()), BOT, stewards)
}

/// The same for a bot of another name, on a server known by its address and its name.
pub fn write_config_for(
    folder: &Path,
    (url, server): (&str, &str),
    localpart: &str,
    stewards: &[&str],
) -> io::Result<PathBuf> {
    let path = folder.join("lamplighter.toml");
    let stewards: Vec<String> = stewards.iter().map(|steward| format!("{steward:?}")).collect();
    let text = format!(
        "[matrix]\nhomeserver = {url:?}\nuser_id = \"@{localpart}:{server}\"\npassword = {BOT_PASSWORD:?}\n\
         store = \"matrix-store\"\ninvites = [\"@*:{server}\"]\n\n\
         [storage]\nurl = \"sqlite://lamplighter.db\"\n\n\
         [[community]]\nid = {COMMUNITY:?}\nname = {COMMUNITY_NAME:?}\nstewards = [{}]\n",
        stewards.join(", "),
    );
    std::fs::write(&path, text)?;
    Ok(path)
}

/// The bot, running. Killed when dropped.
#[derive(Debug)]
pub struct Bot {
    child: Child,
}

impl Bot {
    /// Starts the program with this config. Its log is added to `bot.log` beside the config; `failpoints` says where
    /// it is to die (see `lamplighter::crash_point`).
    pub fn start(program: &Path, config: &Path, failpoints: Option<&str>) -> io::Result<Self> {
        Self::start_with(program, config, |command| {
            if let Some(failpoints) = failpoints {
                command.env("FAILPOINTS", failpoints);
            }
        })
    }

    /// The same, in an environment of its own.
    pub fn start_with(program: &Path, config: &Path, prepare: impl FnOnce(&mut Command)) -> io::Result<Self> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log_path(config))?;
        let mut command = Command::new(program);
        command.arg("run").arg("--config").arg(config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.env_remove("FAILPOINTS");
        prepare(&mut command);
        Ok(Self { child: command.spawn()? })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as `kill -9` does.
    pub fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(|_| ())
    }

    /// Asks it to stop, once.
    pub fn ask_to_stop(&self) -> io::Result<()> {
        Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().map(|_| ())
    }

    /// Asks it to stop and waits until it has; says whether its exit status was 0.
    pub fn stop(&mut self) -> io::Result<bool> {
        self.ask_to_stop()?;
        self.child.wait().map(|status| status.success())
    }

    /// Waits until it has ended; its exit status, if it wasn't ended by a signal.
    pub fn wait(&mut self) -> io::Result<Option<i32>> {
        self.child.wait().map(|status| status.code())
    }

    /// Makes it stand still, or go on, between two of its instructions.
    pub fn freeze(&self, frozen: bool) -> io::Result<()> {
        let signal = if frozen { "-STOP" } else { "-CONT" };
        Command::new("kill").arg(signal).arg(self.child.id().to_string()).status().map(|_| ())
    }

    /// How it has ended, if it has.
    pub fn status(&mut self) -> io::Result<Option<std::process::ExitStatus>> {
        self.child.try_wait()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> io::Result<bool> {
        self.child.try_wait().map(|status| status.is_some())
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left running.
        let _ = self.kill();
    }
}

/// Where the log of a bot with this config is.
pub fn log_path(config: &Path) -> PathBuf {
    config.with_file_name("bot.log")
}

/// Where its database is.
pub fn database_path(config: &Path) -> PathBuf {
    config.with_file_name("lamplighter.db")
}

/// Waits until the log of a bot with this config holds a text, at most this long.
pub async fn wait_for_log(config: &Path, text: &str, patience: std::time::Duration) -> io::Result<()> {
    /// Between two looks.
    const LOOK: std::time::Duration = std::time::Duration::from_millis(100);
    let looking = async {
        while !std::fs::read_to_string(log_path(config))?.contains(text) {
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    };
    tokio::time::timeout(patience, looking).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Tells whoever watches a long test how far it is.
pub fn say(line: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Shows what the bot logs in this process, if the variable RUST_LOG asks for it.
pub fn log_if_asked() {
    if std::env::var_os("RUST_LOG").is_some() {
        let filter = tracing_subscriber::EnvFilter::from_default_env();
        // Another test of this process may have been first.
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).try_init();
    }
}

/// Lets a real server go on for a while; whoever waits for something looks again and has a deadline.
pub async fn pause(length: std::time::Duration) {
    tokio::time::sleep(length).await;
}

/// Does something beside the test until that is over or the handle is told to abort.
pub fn in_background(work: impl Future<Output = ()> + Send + 'static) -> tokio::task::JoinHandle<()> {
    tokio::spawn(work)
}
