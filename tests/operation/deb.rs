//! The Debian package, for real, but not on this system: built from the program under test, installed by dpkg into a root
//! of its own (everything of this machine, and what changes is thrown away), started as its unit says, stopped, removed.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, net::UnixDatagram},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use lamplighter_tests::{
    homeserver::{Homeserver, Limits},
    process,
    sandbox::{self, Sandbox},
    tools,
};

use super::{PROGRAM, Result, do_run, root, run};

/// How long something is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The package, built from the program under test.
fn build(folder: &Path) -> Result<PathBuf> {
    let cargo_deb = tools::cargo_deb()?;
    fs::create_dir_all(folder.join("debug"))?;
    let program = folder.join("debug/lamplighter");
    fs::copy(PROGRAM, &program)?;
    do_run(Command::new("strip").arg(&program))?;
    let package = folder.join("lamplighter.deb");
    let mut command = Command::new(cargo_deb);
    command.args(["--no-build", "--no-strip", "--fast", "--offline", "--profile", "dev", "--manifest-path"]);
    command.arg(root().join("bot/Cargo.toml")).arg("--output").arg(&package).env("CARGO_TARGET_DIR", folder);
    do_run(&mut command)?;
    Ok(package)
}

fn shell(sandbox: &Sandbox, script: &str) -> Result<String> {
    do_run(&mut sandbox.command("sh", &["-ec", script]))
}

/// A line of a unit.
fn setting(unit: &str, key: &str) -> Result<String> {
    let line = unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    line.map(str::to_owned).ok_or_else(|| format!("the unit has no {key}").into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_package_installs_starts_stops_and_goes() -> Result {
    let is_debian = Command::new("dpkg").arg("--version").output().is_ok();
    if !tools::has("dpkg", is_debian)? {
        return Ok(());
    }
    let sandbox = Sandbox::start()?;
    let Some(sandbox) = sandbox else {
        tools::has("root", false)?;
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let package = build(folder.path())?;
    let package = package.to_str().ok_or("a path")?;
    let listed = do_run(Command::new("dpkg-deb").args(["--contents", package]))?;
    for (mode, file) in [
        ("-rwxr-xr-x 0/0", "./usr/bin/lamplighter"),
        ("-rw-r----- 0/0", "./etc/lamplighter/lamplighter.toml"),
        ("-rw-r--r-- 0/0", "./usr/lib/systemd/system/lamplighter.service"),
        ("-rw-r--r-- 0/0", "./usr/lib/systemd/system/lamplighter-backup.timer"),
        ("-rw-r--r-- 0/0", "./usr/share/doc/lamplighter/copyright"),
    ] {
        assert!(listed.lines().any(|line| line.starts_with(mode) && line.ends_with(file)), "{mode} {file}\n{listed}");
    }

    // The archive is seen inside too, as it lies on this machine. What it depends on may be missing in a small image.
    shell(&sandbox, &format!("cat > /tmp/l.deb < {package}; dpkg --install --force-depends /tmp/l.deb"))?;
    let rights = "stat -c '%a %U:%G' /etc/lamplighter /etc/lamplighter/lamplighter.toml /var/lib/lamplighter";
    assert_eq!(shell(&sandbox, rights)?, "750 root:lamplighter\n640 root:lamplighter\n700 lamplighter:lamplighter\n");
    assert_eq!(shell(&sandbox, "lamplighter --version")?, concat!("lamplighter ", env!("CARGO_PKG_VERSION"), "\n"));

    // The operator writes the config; then what the unit says is done as the unit says.
    let homeserver = Homeserver::start(Limits::None).await?;
    homeserver.register(process::BOT, process::BOT_PASSWORD).await?;
    let written = process::write_config(folder.path(), &homeserver, &[])?;
    let text = fs::read_to_string(&written)?
        .replace("\"matrix-store\"", "\"/var/lib/lamplighter/matrix-store\"")
        .replace("sqlite://lamplighter.db", "sqlite:///var/lib/lamplighter/lamplighter.db");
    fs::write(&written, text)?;
    shell(&sandbox, &format!("cat {} > /etc/lamplighter/lamplighter.toml", written.display()))?;
    let unit = shell(&sandbox, "cat /usr/lib/systemd/system/lamplighter.service")?;
    let (before, start) = (setting(&unit, "ExecStartPre")?, setting(&unit, "ExecStart")?);
    let (user, place) = (setting(&unit, "User")?, setting(&unit, "WorkingDirectory")?);
    let as_user =
        format!("cd {place}; umask 0077; exec setpriv --reuid={user} --regid={user} --clear-groups --no-new-privs");
    shell(&sandbox, &format!("{as_user} {before}"))?;
    // /dev is the same inside and outside.
    let shared = tempfile::tempdir_in("/dev/shm")?;
    let line = shared.path().join("notify");
    let socket = UnixDatagram::bind(&line)?;
    for path in [shared.path(), &line] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777))?;
    }
    socket.set_read_timeout(Some(PATIENCE))?;
    let log = fs::File::create(folder.path().join("bot.log"))?;
    let mut bot = sandbox.command("sh", &["-ec", &format!("{as_user} {start}")]);
    bot.env("NOTIFY_SOCKET", &line).stdin(Stdio::null()).stderr(log);
    let mut bot = sandbox::begin(&mut bot)?;
    let mut bytes = [0; 1024];
    let mut next = || {
        let length = socket.recv(&mut bytes)?;
        Ok::<_, std::io::Error>(String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned())
    };
    let mut told = next();
    while told.as_ref().is_ok_and(|told| told.starts_with("EXTEND_TIMEOUT_USEC=")) {
        told = next();
    }
    let log = fs::read_to_string(folder.path().join("bot.log"))?;
    assert!(told.as_ref().is_ok_and(|told| told.contains("READY=1")), "{told:?}\n{log}");
    // nsenter, chroot, env and sh have each become the next: it is the bot itself.
    do_run(Command::new("kill").args(["-TERM", &bot.id().to_string()]))?;
    assert!(next()?.contains("STOPPING=1"));
    assert_eq!(bot.wait()?.code(), Some(0), "{}", fs::read_to_string(folder.path().join("bot.log"))?);
    let data = "cd /var/lib/lamplighter; find . -type f ! -perm 600; find . -type d ! -perm 700; ls";
    let found = shell(&sandbox, data)?;
    assert_eq!(
        found.lines().filter(|line| line.starts_with("./")).collect::<Vec<_>>(),
        [""; 0],
        "files for others to read"
    );
    assert!(found.contains("lamplighter.db") && found.contains("matrix-store"), "{found}");

    // Removed, the config stays; purged, only the data.
    shell(
        &sandbox,
        "dpkg --remove lamplighter; test -f /etc/lamplighter/lamplighter.toml; test ! -e /usr/bin/lamplighter",
    )?;
    let (well, said) = run(&mut sandbox.command("dpkg", &["--purge", "lamplighter"]))?;
    assert!(well && said.contains("/var/lib/lamplighter stays"), "{said}");
    let find = "find /etc /run /usr /var -xdev -name '*lamplighter*' ! -path '/var/lib/lamplighter*'";
    let left = shell(&sandbox, find)?;
    assert_eq!(left, "", "left behind");
    Ok(())
}
