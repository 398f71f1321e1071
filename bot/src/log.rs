//! The log, on standard error: for people, for systemd's journal, or as JSON. What may stand in it is said where it is
//! written, and `discreet` has the last word: no names, no texts.

use std::io::IsTerminal;

use lamplighter_config::LogFormat;
use tracing_subscriber::EnvFilter;

use crate::discreet::{DiscreetStderr, panic_words};

/// systemd sets it for what it starts, if the output goes to its journal.
const JOURNAL_VARIABLE: &str = "JOURNAL_STREAM";

/// The SDK's own reports are for its developers, and name people and rooms: whoever wants them asks for them by name. Its
/// `room` cries out over every room that is just being made, the doctor's among them.
const LIBRARIES: &str = "info,matrix_sdk=error,matrix_sdk::http_client=off,matrix_sdk::room=off,\
                              matrix_sdk_base=error,matrix_sdk_crypto=error";

/// Panics become lines of the log like others, with the place in the source and without what was said there.
fn log_panics() {
    std::panic::set_hook(Box::new(|info| {
        let at = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, problem = panic_words(info.payload()), "a mistake in the program");
    }));
}

/// Begins. The environment's `RUST_LOG` says what is logged besides.
pub fn to_stderr(format: LogFormat) {
    log_panics();
    let asked = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default();
    let filter = EnvFilter::try_new(format!("{LIBRARIES},{asked}")).unwrap_or_else(|_| EnvFilter::new(LIBRARIES));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(DiscreetStderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match format {
        LogFormat::Json => log.json().flatten_event(true).init(),
        // The journal puts the time before each line itself.
        LogFormat::Text if std::env::var_os(JOURNAL_VARIABLE).is_some() => log.without_time().init(),
        LogFormat::Text => log.init(),
    }
}
