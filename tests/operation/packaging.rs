//! What is in packaging/: the units are what systemd understands and as closed as docs/OPERATING.md says, the config of the
//! package is the example, and the Dockerfile names what is there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use lamplighter_tests::tools;

use super::{PROGRAM, Result, do_run, root, run};

const UNITS: [&str; 3] = ["lamplighter.service", "lamplighter-backup.service", "lamplighter-backup.timer"];
/// The exposure that docs/OPERATING.md states, at most, of ten.
const EXPOSURE_MAX: [(&str, f64); 2] = [("lamplighter.service", 1.2), ("lamplighter-backup.service", 0.4)];

fn packaging(file: &str) -> PathBuf {
    root().join("packaging").join(file)
}

fn has_systemd() -> Result<bool> {
    tools::has("systemd-analyze", Command::new("systemd-analyze").arg("--version").output().is_ok())
}

/// A root folder with the units and as much around them as systemd wants to see.
fn small_root() -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let units = folder.path().join("usr/lib/systemd/system");
    fs::create_dir_all(&units)?;
    fs::create_dir_all(folder.path().join("usr/bin"))?;
    fs::create_dir_all(folder.path().join("bin"))?;
    for unit in UNITS {
        fs::copy(packaging(unit), units.join(unit))?;
    }
    for target in ["sysinit", "basic", "shutdown", "timers", "multi-user", "network-online", "time-set", "time-sync"] {
        fs::write(units.join(format!("{target}.target")), "[Unit]\nDescription=Stands for the system's own\n")?;
    }
    for program in ["usr/bin/lamplighter", "usr/bin/find", "bin/sh"] {
        let path = folder.path().join(program);
        fs::write(&path, "#!/bin/sh\n")?;
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    }
    Ok(folder)
}

fn analyze(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("systemd-analyze");
    command.arg("--no-pager").arg(format!("--root={}", root.display())).args(arguments);
    command
}

#[test]
fn systemd_understands_the_units() -> Result {
    if !has_systemd()? {
        return Ok(());
    }
    let root = small_root()?;
    for unit in UNITS {
        let (well, said) = run(&mut analyze(root.path(), &["verify", "--man=no", unit]))?;
        assert!(well && said.trim().is_empty(), "{unit}: {said}");
    }
    // It would have found something.
    let unit = root.path().join("usr/lib/systemd/system/lamplighter.service");
    fs::write(&unit, fs::read_to_string(&unit)?.replace("Type=notify", "Type=notfiy"))?;
    let (_, said) = run(&mut analyze(root.path(), &["verify", "--man=no", "lamplighter.service"]))?;
    assert!(said.contains("notfiy"), "{said}");
    Ok(())
}

#[test]
fn the_units_are_as_closed_as_is_said() -> Result {
    if !has_systemd()? {
        return Ok(());
    }
    let root = small_root()?;
    let manual = fs::read_to_string(super::root().join("docs/OPERATING.md"))?;
    for (unit, exposure_max) in EXPOSURE_MAX {
        let said = do_run(&mut analyze(root.path(), &["security", "--offline=yes", unit]))?;
        let overall = said.lines().find(|line| line.contains("Overall exposure level")).ok_or("no overall level")?;
        let exposure: f64 = overall.split_whitespace().find_map(|word| word.parse().ok()).ok_or("no figure")?;
        lamplighter_tests::process::say(&format!("{unit}: exposure {exposure}"));
        assert!(exposure <= exposure_max, "{unit}: {exposure} is more than {exposure_max}\n{said}");
        assert!(
            manual.contains(&format!("`{unit}` {exposure_max}")),
            "docs/OPERATING.md doesn't say `{unit}` {exposure_max}"
        );
    }
    Ok(())
}

/// The bot says that it stops within ten seconds and a bit; systemd must have the patience.
#[test]
fn systemd_waits_longer_than_the_bot_drains() -> Result {
    let unit = fs::read_to_string(packaging("lamplighter.service"))?;
    let seconds = |key: &str| -> Option<u64> {
        unit.lines().find_map(|line| line.strip_prefix(key)).and_then(|value| value.parse().ok())
    };
    let stop = seconds("TimeoutStopSec=").ok_or("no TimeoutStopSec")?;
    // What is in hand may wait for one answer of the homeserver, half a minute.
    assert!(stop >= lamplighter::sender::DRAIN_MAX.as_secs() + 30, "{stop}");
    Ok(())
}

#[test]
fn the_config_of_the_package_is_the_example_with_folders_of_its_own() -> Result {
    let (example, packaged) = (
        fs::read_to_string(root().join("config/lamplighter.example.toml"))?,
        fs::read_to_string(packaging("lamplighter.toml"))?,
    );
    let body = |text: &str| text.split_once("# which names").map(|(_, body)| body.to_owned()).ok_or("no opening");
    let expected = body(&example)?
        .replace("\"matrix-store\"", "\"/var/lib/lamplighter/matrix-store\"")
        .replace("\"sqlite://lamplighter.db\"", "\"sqlite:///var/lib/lamplighter/lamplighter.db\"");
    assert_eq!(body(&packaged)?, expected, "packaging/lamplighter.toml isn't the example any more");
    do_run(Command::new(PROGRAM).arg("check").arg("--config").arg(packaging("lamplighter.toml")))?;
    Ok(())
}

/// The words of a JSON list in a line of a Dockerfile.
fn words(line: &str) -> Result<Vec<String>> {
    let (_, list) = line.split_once('[').ok_or_else(|| format!("{line}: no list"))?;
    Ok(serde_json::from_str(&format!("[{list}"))?)
}

/// Whether it builds can only be seen where Docker runs; whether it names what is there, here.
#[test]
fn the_dockerfile_names_what_is_there() -> Result {
    let text = fs::read_to_string(packaging("Dockerfile"))?.replace("\\\n", " ");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let line =
        |begin: &str| lines.iter().rev().find(|line| line.starts_with(begin)).copied().ok_or("a line is missing");
    let sent = fs::read_to_string(root().join(".dockerignore"))?;
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let members = manifest.lines().find_map(|line| line.strip_prefix("members = ")).ok_or("no members")?;
    for member in serde_json::from_str::<Vec<String>>(members)? {
        assert!(sent.lines().any(|line| line == format!("!{member}")), "{member} isn't sent to Docker");
    }
    for file in sent.lines().filter_map(|line| line.strip_prefix('!')) {
        assert!(root().join(file).exists(), "{file} of .dockerignore isn't there");
    }
    // The last stage: nobody special, one volume, and the program where it is expected.
    assert!(line("USER ")?.split([' ', ':']).nth(1).is_some_and(|user| user.parse::<u32>().is_ok_and(|id| id > 0)));
    assert_eq!(lines.iter().filter(|line| line.starts_with("VOLUME")).collect::<Vec<_>>(), [&"VOLUME /data"]);
    let program = words(line("ENTRYPOINT")?)?;
    assert!(text.contains(&format!("target/release/lamplighter {}", program.join(" "))), "the program is elsewhere");
    let (run_it, ask_it) = (words(line("CMD")?)?, words(line("HEALTHCHECK")?)?);
    assert_eq!(ask_it.first(), program.first());
    for arguments in [run_it.as_slice(), ask_it.get(1..).unwrap_or_default()] {
        let [command, flag, config] = arguments else { return Err(format!("{arguments:?}").into()) };
        assert!(flag == "--config" && config.starts_with("/data/"), "{arguments:?}");
        let help = do_run(Command::new(PROGRAM).args([command, "--help"]))?;
        assert!(help.contains("--config <FILE>"), "{help}");
    }
    Ok(())
}
