//! `doctor` and `backup` on a real Synapse: what is well is called well, beside a running bot too and without a trace;
//! whatever is wrong is named with what mends it; and a backup that is copied back leads to where the bot was.

mod backups;
mod healthy;
mod wrong;

use std::{
    path::Path,
    process::Command,
    sync::{Arc, Mutex, PoisonError},
};

use lamplighter::{
    clock::{Clock, SystemClock},
    doctor::{self, Finding, Report, State},
};

/// The bot.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;

/// Runs the program: its exit status, and everything that it says.
fn run(arguments: &[&str], config: Option<&Path>) -> Result<(Option<i32>, String)> {
    let mut command = Command::new(PROGRAM);
    command.args(arguments);
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    let output = command.output()?;
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    Ok((output.status.code(), said))
}

/// The machine's clock, set wrong.
#[derive(Debug)]
struct WrongClock {
    ahead_ms: i64,
}

impl Clock for WrongClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.ahead_ms
    }
}

/// What the doctor finds in this process, by this clock.
async fn look(config: &Path, clock: Arc<dyn Clock>) -> Result<Vec<Finding>> {
    look_until(config, clock, false).await
}

/// The same, perhaps asked to stop from the beginning.
async fn look_until(config: &Path, clock: Arc<dyn Clock>, stopped: bool) -> Result<Vec<Finding>> {
    let config = lamplighter_config::load(config, &|_| None)?;
    let (_stop, stopped) = tokio::sync::watch::channel(stopped);
    let told = Mutex::new(0);
    let mut tell = |_: &Finding| *told.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    let mut report = Report::new(&mut tell);
    doctor::examine(&config, config.require_matrix()?, clock, stopped, &mut report).await;
    let findings = report.into_findings();
    for finding in &findings {
        lamplighter_tests::process::say(&format!("  {finding}"));
        assert_eq!(finding.to_string().lines().count(), 1, "{finding}");
        assert_eq!(finding.state == State::Wrong, !finding.mend.is_empty(), "{finding}: only what is wrong is mended");
    }
    assert_eq!(told.into_inner().unwrap_or_default(), findings.len());
    Ok(findings)
}

/// The only finding about this.
#[track_caller]
fn of<'a>(findings: &'a [Finding], what: &str) -> &'a Finding {
    let mut all = findings.iter().filter(|finding| finding.what == what);
    let found = all.next().unwrap_or_else(|| panic!("nothing about {what} in {findings:#?}"));
    assert_eq!(all.next(), None, "one line about {what}");
    found
}

/// The states of these, in this order.
#[track_caller]
fn states<'a>(findings: &'a [Finding], what: &[&'a str]) -> Vec<(&'a str, State)> {
    what.iter().map(|what| (*what, of(findings, what).state)).collect()
}
