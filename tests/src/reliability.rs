//! What the fault tests measured: one row for each fault and each way in which it was made to happen. A row is kept under
//! `target/reliability/` and, when `LAMPLIGHTER_BLESS` asks for it, written into `docs/RELIABILITY.md`, which nobody edits
//! by hand. Whoever tries a fault calls [`record`] once, when all of it has been counted. Benches put their figures beside it
//! ([`figure`]): those judge nothing.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use crate::{Result, homeserver::target_folder};

/// Asks for the document to be written anew.
const BLESS: &str = "LAMPLIGHTER_BLESS";
/// Where the rows of the table begin: whatever stands before is written anew each time.
const HEAD: &str = "| Fault | How | Tried | Lost | Doubled | Measured |";
const RULE: &str = "|---|---|---:|---:|---:|---|";

/// Where the figures begin.
const FIGURES_HEAD: &str = "| Figure | How | Value | Limit | Measured |";
const FIGURES_RULE: &str = "|---|---|---:|---:|---|";

/// One figure of a bench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// Of what, and during what.
    pub how: String,
    /// The value, with its unit.
    pub value: String,
    /// What was promised, with its unit.
    pub limit: String,
    /// With which version, and when.
    pub measured: String,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What went wrong, as an operator would say it.
    pub fault: String,
    /// How it was made to happen, and during what.
    pub how: String,
    /// How often it happened.
    pub tried: u64,
    /// What should have been there afterwards and wasn't: answers, reminders, edits, points, rows.
    pub lost: u64,
    /// What was there twice, or shouldn't have been there at all.
    pub doubled: u64,
    /// With which version, and when.
    pub measured: String,
}

/// Keeps what a test has measured of a fault, and writes it into the document if [`BLESS`] is set. Call it *before*
/// asserting anything about `lost` and `doubled`, so that a bad figure is kept too: it fails by itself if one of them
/// isn't 0, if the fault never happened, or if the document doesn't have its row.
///
/// `fault` and `how` together name the row; both are texts that stay the same from run to run, and `fault` stands in the
/// test's source as it is (a row whose test has gone is found by that).
pub fn record(fault: &str, how: &str, tried: u64, lost: u64, doubled: u64) -> Result<()> {
    let row = Row { fault: cell(fault), how: cell(how), tried, lost, doubled, measured: measured() };
    let blessed = std::env::var_os(BLESS).is_some();
    keep(&target_folder().join("reliability"), &document_path(), &row, blessed)
}

/// Writes what a bench has measured into the document if [`BLESS`] is set; the limit may be empty.
///
/// # Errors
/// The document can't be read or written.
pub fn figure(name: &str, how: &str, value: &str, limit: &str) -> Result<()> {
    if std::env::var_os(BLESS).is_none() {
        return Ok(());
    }
    let [name, how, value, limit] = [name, how, value, limit].map(cell);
    let new = Figure { name, how, value, limit, measured: measured() };
    let document_path = document_path();
    let _one_at_a_time = lock(&target_folder().join("reliability"))?;
    let document = fs::read_to_string(&document_path)?;
    let mut figures = figures(&document)?;
    match figures.iter_mut().find(|known| known.name == new.name && known.how == new.how) {
        Some(known) => *known = new,
        None => figures.push(new),
    }
    put(&document_path, &write(rows(&document)?.iter(), &figures))
}

fn cell(text: &str) -> String {
    text.replace(['|', '\n'], " ").trim().to_owned()
}

/// The figures of a document.
///
/// # Errors
/// A row isn't one.
pub fn figures(document: &str) -> Result<Vec<Figure>> {
    let lines =
        document.lines().skip_while(|line| *line != FIGURES_HEAD).skip(2).take_while(|line| line.starts_with('|'));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [name, how, value, limit, measured] = cells[..] else {
                return Err(format!("that is no row of the figures: {line}").into());
            };
            let [name, how, value, limit, measured] = [name, how, value, limit, measured].map(str::to_owned);
            Ok(Figure { name, how, value, limit, measured })
        })
        .collect()
}

/// Tests of one process run side by side, and somebody may run two processes.
fn lock(folder: &Path) -> Result<(MutexGuard<'static, ()>, File)> {
    static WRITING: Mutex<()> = Mutex::new(());
    let writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    fs::create_dir_all(folder)?;
    let file = File::create(folder.join("lock"))?;
    file.lock()?;
    Ok((writing, file))
}

fn put(document_path: &Path, document: &str) -> Result<()> {
    let new = document_path.with_extension("md.new");
    fs::write(&new, document)?;
    Ok(fs::rename(&new, document_path)?)
}

/// Where the document is.
pub fn document_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("docs").join("RELIABILITY.md")
}

/// The rows of a document.
pub fn rows(document: &str) -> Result<Vec<Row>> {
    let lines = document.lines().skip_while(|line| *line != HEAD).skip(2).take_while(|line| line.starts_with('|'));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [fault, how, tried, lost, doubled, measured] = cells[..] else {
                return Err(format!("that is no row of the table: {line}").into());
            };
            Ok(Row {
                fault: fault.to_owned(),
                how: how.to_owned(),
                tried: tried.parse()?,
                lost: lost.parse()?,
                doubled: doubled.parse()?,
                measured: measured.to_owned(),
            })
        })
        .collect()
}

fn keep(folder: &Path, document_path: &Path, row: &Row, bless: bool) -> Result<()> {
    let _one_at_a_time = lock(folder)?;
    let name: String =
        format!("{} {}", row.fault, row.how).chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    // The end of a file's name is what tells similar rows apart.
    let name: String = name.chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
    fs::write(folder.join(format!("{name}.json")), serde_json::to_vec_pretty(row)?)?;

    let mut document = match fs::read_to_string(document_path) {
        Ok(document) => document,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.into()),
    };
    if bless {
        // What other runs have measured stays.
        let mut table: BTreeMap<(String, String), Row> =
            rows(&document)?.into_iter().map(|row| ((row.fault.clone(), row.how.clone()), row)).collect();
        table.insert((row.fault.clone(), row.how.clone()), row.clone());
        document = write(table.values(), &figures(&document)?);
        put(document_path, &document)?;
    }
    if row.tried == 0 || row.lost + row.doubled > 0 {
        return Err(format!(
            "{} ({}): tried {} times, {} lost, {} doubled",
            row.fault, row.how, row.tried, row.lost, row.doubled
        )
        .into());
    }
    if !rows(&document)?.iter().any(|known| known.fault == row.fault && known.how == row.how) {
        return Err(format!(
            "docs/RELIABILITY.md has no row {:?}, {:?}: run this test with {BLESS}=1",
            row.fault, row.how
        )
        .into());
    }
    Ok(())
}

fn write<'a>(rows: impl Iterator<Item = &'a Row>, figures: &[Figure]) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let mut document = format!(
        "# What faults cost\n\n\
         Made by the test run with `{BLESS}=1`, never by hand (CONTRIBUTING.md, \"Faults\"). Each row was measured by a \
         test\nthat made the fault happen *tried* times to the real bot, the last time with the version and on the day in \
         its last\ncolumn. *Lost* counts what should have been there afterwards and wasn't, *doubled* what was there \
         twice or shouldn't\nhave been there at all: answers, edits, reminders, points, rows. A test fails if one of them \
         isn't 0.\n\n\
         Last written {} on a machine with {cores} cores ({}).\n\n{HEAD}\n{RULE}\n",
        measured(),
        std::env::consts::OS,
    );
    for Row { fault, how, tried, lost, doubled, measured } in rows {
        document.push_str(&format!("| {fault} | {how} | {tried} | {lost} | {doubled} | {measured} |\n"));
    }
    document.push_str(&format!(
        "\n## Figures\n\nMade the same way by `cargo bench` and by what is measured beside the tests; machines are noisy, so \
         ratios tell more than times.\n\n{FIGURES_HEAD}\n{FIGURES_RULE}\n"
    ));
    for Figure { name, how, value, limit, measured } in figures {
        document.push_str(&format!("| {name} | {how} | {value} | {limit} | {measured} |\n"));
    }
    document
}

/// The version that is measured, as git describes it (with a `+` if what is shipped has been changed since), and the day.
fn measured() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let version = env!("CARGO_PKG_VERSION");
    let commit = git(&["describe", "--always", "--tags"]).unwrap_or_default();
    let shipped = ["../bot", "../commands", "../config", "../storage"];
    let changed = git(&[&["status", "--porcelain", "--"][..], &shipped].concat()).is_some_and(|list| !list.is_empty());
    let day = chrono::Utc::now().format("%Y-%m-%d");
    format!("{version} {commit}{} {day}", if changed { "+" } else { "" })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Figure, Row, document_path, figures, keep, rows, write};
    use crate::Result;

    /// The sources of the tests, in one.
    fn sources(folder: &Path) -> std::io::Result<String> {
        let mut text = String::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                text.push_str(&sources(&path)?);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                text.push_str(&std::fs::read_to_string(&path)?);
            }
        }
        Ok(text)
    }

    #[test]
    fn every_row_of_the_document_is_clean_and_has_its_test() -> Result<()> {
        let sources = sources(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let document = std::fs::read_to_string(document_path()).unwrap_or_default();
        for row in rows(&document)? {
            assert!(row.tried > 0 && row.lost == 0 && row.doubled == 0, "{row:?}");
            assert!(sources.contains(&format!("\"{}\"", row.fault)), "no test names the fault {:?}", row.fault);
        }
        Ok(())
    }

    fn row(fault: &str, lost: u64) -> Row {
        let measured = "0.1.0 abc 2026-01-05".to_owned();
        Row { fault: fault.into(), how: "thirty times".into(), tried: 30, lost, doubled: 0, measured }
    }

    #[test]
    fn a_row_gets_into_the_document_only_when_that_is_asked_for() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let document = folder.path().join("RELIABILITY.md");
        let missing = keep(folder.path(), &document, &row("kill -9", 0), false);
        assert!(missing.is_err_and(|error| error.to_string().contains("LAMPLIGHTER_BLESS=1")));
        keep(folder.path(), &document, &row("kill -9", 0), true)?;
        keep(folder.path(), &document, &row("disk full", 0), true)?;
        keep(folder.path(), &document, &row("kill -9", 0), false)?;
        let found = rows(&std::fs::read_to_string(&document)?)?;
        assert_eq!(found, [row("disk full", 0), row("kill -9", 0)]);
        Ok(())
    }

    #[test]
    fn figures_stay_when_a_row_is_written() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let document = folder.path().join("RELIABILITY.md");
        let [name, how, value, limit, measured] =
            ["memory", "after a burst", "30 MB", "45 MB", "today"].map(str::to_owned);
        let one = Figure { name, how, value, limit, measured };
        std::fs::write(&document, write([row("disk full", 0)].iter(), std::slice::from_ref(&one)))?;
        keep(folder.path(), &document, &row("kill -9", 0), true)?;
        let text = std::fs::read_to_string(&document)?;
        assert_eq!((rows(&text)?.len(), figures(&text)?), (2, vec![one]));
        Ok(())
    }

    #[test]
    fn what_was_lost_is_written_down_and_fails() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let document = folder.path().join("RELIABILITY.md");
        let lost = keep(folder.path(), &document, &row("kill -9", 2), true);
        assert!(lost.is_err_and(|error| error.to_string().contains("2 lost")));
        assert_eq!(rows(&std::fs::read_to_string(&document)?)?, [row("kill -9", 2)]);
        Ok(())
    }
}
