//! Running the bot for years: how it stops, how it says that it is well, how it is packaged; and that no text keeps it
//! busy for long. On a real Synapse, with the real program, as far as this machine allows; what it doesn't allow is
//! said and must be excused.

mod deb;
mod packaging;
mod parsing;
mod stopping;
mod watched;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The bot.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs something to its end: whether it ended well, and all that it says.
fn run(command: &mut Command) -> Result<(bool, String)> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    Ok((output.status.success(), said))
}

/// The same; it must end well.
fn do_run(command: &mut Command) -> Result<String> {
    match run(command)? {
        (true, said) => Ok(said),
        (false, said) => Err(format!("{command:?} failed:\n{said}").into()),
    }
}
