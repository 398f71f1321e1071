//! `lamplighter backup`: a checked copy of the database while the bot runs. The copy has its name only once it is good;
//! a file that is there already is never written over.

use std::{
    fs::{File, OpenOptions},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use lamplighter_config::Config;
use lamplighter_storage::backup;

use crate::{gateway::matrix::RECOVERY_KEY_FILE, verify};

/// A copy that hasn't its name yet; removed when dropped, whatever happened.
#[derive(Debug)]
pub(crate) struct Unfinished {
    path: PathBuf,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Gone already if it was renamed; and beside it what SQLite leaves when the disk is full or the copy is cut
        // short.
        for side in ["", "-journal", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(side);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Unfinished {
    /// An empty file beside the one that is wanted, for its owner only. The process id keeps two that run at the same
    /// time apart.
    pub(crate) fn beside(file: &Path) -> Result<Self, String> {
        let mut name =
            file.file_name().ok_or_else(|| format!("{}: not the name of a file", file.display()))?.to_owned();
        name.push(format!(".unfinished-{}", std::process::id()));
        let path = file.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(|error| {
            format!("{}: {error}; see that the folder is there and may be written to", path.display())
        })?;
        Ok(Self { path })
    }

    /// Where it is meanwhile.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name, unless something has that name.
    fn name(self, file: &Path) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", file.display());
        match std::fs::hard_link(&self.path, file) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(is_there(file)),
            // Not every file system has links. Renaming would replace a file that came since we looked first.
            Err(_) => {
                refuse_to_overwrite(file)?;
                std::fs::rename(&self.path, file).map_err(failed)?;
            }
        }
        // The name must outlive a power cut too; a folder that can't be synced is no reason to call the copy bad.
        #[cfg(unix)]
        if let Ok(folder) = File::open(folder_of(file)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn is_there(file: &Path) -> String {
    format!("{}: is there already; a backup never replaces a file, so give another name", file.display())
}

fn refuse_to_overwrite(file: &Path) -> Result<(), String> {
    match file.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(format!("{}: {error}", file.display())),
        Ok(_) => Err(is_there(file)),
    }
}

/// Copies the database into a new file and checks the copy. Gives the lines to be said; with a config also what else
/// must be kept.
///
/// # Errors
/// One sentence; nothing is left behind then.
pub async fn run(database: &Path, file: &Path, config: Option<&Config>) -> Result<Vec<String>, String> {
    if !database.exists() {
        return Err(format!("{}: there is no such file", database.display()));
    }
    refuse_to_overwrite(file)?;
    let copy = Unfinished::beside(file)?;
    backup::copy(database, &copy.path)
        .await
        .map_err(|error| format!("{} can't be copied: {error}", database.display()))?;
    if let Err(bad) = verify::look(&copy.path).await? {
        return Err(format!(
            "the copy is not good and was thrown away: {bad}; the database itself may be damaged: keep it and an older \
             backup, and look at it with lamplighter verify"
        ));
    }
    let bytes = File::open(&copy.path)
        .and_then(|file| {
            file.sync_all()?;
            Ok(file.metadata()?.len())
        })
        .map_err(|error| format!("{}: {error}", copy.path.display()))?;
    copy.name(file)?;
    let mut lines = vec![format!("{}: {bytes} bytes, checked and good", file.display())];
    if let Some(matrix) = config.and_then(|config| config.matrix.as_ref()) {
        lines.push(format!(
            "keep besides it, as secret as a password: the config, and the recovery key in {}",
            matrix.store.join(RECOVERY_KEY_FILE).display()
        ));
    }
    Ok(lines)
}
