//! The database through the years: backups brought back, one bot per database, a full disk, broken files. The bot is a
//! process of its own; where people are concerned the homeserver is a real Synapse.

mod files;
mod outages;
mod restores;
mod unanswered;

use std::{
    path::Path,
    process::{Command, Output},
};

use lamplighter_tests::neighbourhood::{Neighbourhood, wish_of};

/// The bot.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lamplighter-under-test");

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;

/// How many wishes have no card, and how many cards are too many.
async fn lost_and_doubled(neighbourhood: &Neighbourhood, wishes: &[String]) -> Result<(u64, u64)> {
    let messages = neighbourhood.said_by_bot().await?;
    let cards = |wish: &String| messages.iter().filter(|card| wish_of(&card.text) == Some(wish)).count() as u64;
    let lost = wishes.iter().filter(|wish| cards(wish) == 0).count() as u64;
    Ok((lost, wishes.iter().map(|wish| cards(wish).saturating_sub(1)).sum()))
}

fn said(output: Output) -> (Option<i32>, String) {
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    (output.status.code(), said)
}

/// Runs the program: its exit status, and everything that it says.
fn run(arguments: &[&str], file: &str, path: &Path) -> Result<(Option<i32>, String)> {
    Ok(said(Command::new(PROGRAM).args(arguments).arg(file).arg(path).output()?))
}
