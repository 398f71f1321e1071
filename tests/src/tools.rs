//! What the tests need of a machine beyond the crates of the workspace: what it must have, and tools that are installed
//! under `target/`, once, pinned.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, process};

/// Makes Debian packages.
const CARGO_DEB: &str = "3.8.0";

/// Names what this machine lacks, separated by commas: tests that need it are passed over instead of failing. They say
/// so in their output.
const WITHOUT_VARIABLE: &str = "LAMPLIGHTER_TEST_WITHOUT";

/// Whether a test can go on. Where something is missing it fails, unless somebody said that this is known.
///
/// # Errors
/// The machine lacks it, and nobody said so.
pub fn has(what: &str, is_there: bool) -> Result<bool> {
    if is_there {
        return Ok(true);
    }
    let excused = std::env::var(WITHOUT_VARIABLE).is_ok_and(|list| list.split(',').any(|entry| entry.trim() == what));
    process::say(&format!("NOT TESTED: this machine has no {what}"));
    if excused {
        Ok(false)
    } else {
        Err(format!("this machine has no {what}; set {WITHOUT_VARIABLE}={what} to go without this test").into())
    }
}

fn target() -> PathBuf {
    // The program under test lies in target/debug.
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    std::env::var_os("CARGO_TARGET_DIR").map_or(default, PathBuf::from)
}

/// The program `cargo-deb`; the first time it is built from crates.io, which takes a few minutes.
pub fn cargo_deb() -> Result<PathBuf> {
    let folder = target().join("tools");
    std::fs::create_dir_all(&folder)?;
    // Another test process may be at it.
    let lock = OpenOptions::new().create(true).append(true).open(folder.join("lock"))?;
    File::lock(&lock)?;
    let program = folder.join("bin/cargo-deb");
    let version = Command::new(&program).arg("--version").output();
    if version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(CARGO_DEB)) {
        return Ok(program);
    }
    process::say(&format!("building cargo-deb {CARGO_DEB} from crates.io, once"));
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["install", "cargo-deb", "--version", CARGO_DEB, "--locked", "--debug", "--quiet", "--root"]);
    command.arg(&folder).arg("--target-dir").arg(folder.join("build"));
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("cargo-deb can't be built:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    // What it was built from is larger than it is.
    let _ = std::fs::remove_dir_all(folder.join("build"));
    Ok(program)
}
