//! A root of its own for what would change the machine: everything of this machine is there, what is written is thrown
//! away. Needs root and Linux.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use crate::Result;

/// This machine's files in a mount namespace of their own; what is written is gone with it.
#[derive(Debug)]
pub struct Sandbox {
    holder: Child,
    root: PathBuf,
    _folder: tempfile::TempDir,
}

/// Mounts everything, says so, and stays until nobody listens any more.
const HOLD: &str = r#"
set -e
folder=$1
mount -t tmpfs tmpfs "$folder"
mkdir "$folder/changed" "$folder/work" "$folder/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/changed,workdir=$folder/work" "$folder/root"
mount -t proc proc "$folder/root/proc"
mount --rbind /dev "$folder/root/dev"
mount -t tmpfs tmpfs "$folder/root/run"
echo mounted
cat > /dev/null
"#;

impl Sandbox {
    /// Begins; none if this machine doesn't allow it.
    pub fn start() -> Result<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let mut holder = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", HOLD, "sh"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let mut line = String::new();
        let stdout = holder.stdout.take().ok_or("no output")?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line)?;
        let sandbox = Self { holder, root: folder.path().join("root"), _folder: folder };
        Ok((line == "mounted\n").then_some(sandbox))
    }

    /// Runs this inside.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--mount=/proc/{}/ns/mnt", self.holder.id()));
        // env: the machine's own path, whatever this process was started with.
        command.arg("chroot").arg(&self.root).arg("/usr/bin/env");
        command.arg("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").arg(program).args(arguments);
        command
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Its standard input ends, and with it everything that is mounted.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}

/// Starts something that goes on beside the test.
pub fn begin(command: &mut Command) -> Result<Child> {
    Ok(command.spawn()?)
}
