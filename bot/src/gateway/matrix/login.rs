//! Logging in, keeping the session, and the bot's cross-signing identity. The session and the crypto store belong
//! together: a device id is never used with another store.

use std::{
    fmt,
    io::Write,
    path::{Path, PathBuf},
};

use lamplighter_config::{Login, MatrixConfig};
use matrix_sdk::{
    Client, ClientBuildError, HttpError, SessionMeta, SessionTokens,
    authentication::matrix::MatrixSession,
    config::RequestConfig,
    encryption::{BackupDownloadStrategy, EncryptionSettings},
    ruma::{
        OwnedDeviceId, OwnedUserId, UserId,
        api::{client::uiaa, error::ErrorKind},
    },
    store::RoomLoadSettings,
};
use serde::{Deserialize, Serialize};

/// How long one request may take, on top of the time that a sync waits.
const REQUEST_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);
/// The session, in the folder of the store.
const SESSION_FILE: &str = "session.json";
/// The recovery key, beside it.
pub(super) const RECOVERY_KEY_FILE: &str = "recovery-key.txt";
/// The SDK's own databases, in the same folder.
const SDK_FOLDER: &str = "matrix-sdk";
/// The name that the bot's device has in people's lists.
const DEVICE_NAME: &str = "Lamplighter 掌灯";

/// Why the bot can't start; each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// No server there, or none that speaks Matrix.
    #[error(
        "the homeserver {homeserver} does not answer ({problem}); check [matrix] homeserver and whether the server is up"
    )]
    Unreachable {
        /// As configured.
        homeserver: String,
        /// What happened.
        problem: String,
    },
    /// The password is wrong.
    #[error("the homeserver refuses the password of {user_id}; check [matrix] user_id and password")]
    WrongPassword {
        /// As configured.
        user_id: String,
    },
    /// The session isn't valid any more.
    #[error(
        "the homeserver no longer accepts the session of {user_id}; log in anew: with a password, move the folder of \
         {session} away (keep recovery-key.txt) and reset the account's cross-signing; with a token, configure a new \
         access_token and device_id"
    )]
    TokenRevoked {
        /// As configured.
        user_id: String,
        /// The session file.
        session: String,
    },
    /// The token belongs to somebody else.
    #[error(
        "the access token belongs to {found}, not to {expected}; check [matrix] user_id, access_token and device_id"
    )]
    OtherAccount {
        /// As configured: user and device.
        expected: String,
        /// What the server says.
        found: String,
    },
    /// The id isn't one.
    #[error("[matrix] user_id {user_id:?} is not a Matrix id such as @lamplighter:example.org")]
    BadUserId {
        /// As configured.
        user_id: String,
    },
    /// The folder of the session can't be used.
    #[error("{path}: {problem}; check [matrix] store and who may write there")]
    Store {
        /// Which path.
        path: PathBuf,
        /// What happened.
        problem: String,
    },
    /// Anything else that the server says.
    #[error("the homeserver refuses the login of {user_id}: {problem}")]
    Refused {
        /// As configured.
        user_id: String,
        /// What it says.
        problem: String,
    },
}

/// What is kept of a session, in a file that only its owner can read.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The account.
    pub(super) user_id: OwnedUserId,
    /// The device, which belongs to the crypto store beside the file.
    pub(super) device_id: OwnedDeviceId,
    /// None between choosing the device id and the server's answer.
    pub(super) access_token: Option<String>,
    /// The recovery key has been made and written.
    #[serde(default)]
    recovery_done: bool,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The token is as good as the password.
        f.debug_struct("Kept").field("device_id", &self.device_id).finish_non_exhaustive()
    }
}

/// A client that is logged in, and where it keeps what.
pub struct Session {
    /// The client.
    pub client: Client,
    file: PathBuf,
    folder: PathBuf,
    kept: Kept,
    password: Option<String>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("file", &self.file).finish_non_exhaustive()
    }
}

fn store_error(path: &Path) -> impl Fn(std::io::Error) -> LoginError + '_ {
    move |error| LoginError::Store { path: path.to_owned(), problem: error.to_string() }
}

/// Writes a file that only its owner can read, all of it or nothing.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

/// Where the session of a store is kept.
pub(super) fn session_file(store: &Path) -> PathBuf {
    store.join(SESSION_FILE)
}

/// What is kept of an earlier run's session, if there was one.
pub(super) fn read_kept(file: &Path) -> Result<Option<Kept>, LoginError> {
    match std::fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| LoginError::Store { path: file.to_owned(), problem: error.to_string() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(store_error(file)(error)),
    }
}

/// The session of an earlier run, or a new login.
pub async fn log_in(config: &MatrixConfig) -> Result<Session, LoginError> {
    let user_id =
        UserId::parse(&config.user_id).map_err(|_| LoginError::BadUserId { user_id: config.user_id.clone() })?;
    let folder = config.store.clone();
    std::fs::create_dir_all(&folder).map_err(store_error(&folder))?;
    #[cfg(unix)]
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .map_err(store_error(&folder))?;
    let file = session_file(&folder);
    let kept = read_kept(&file)?;
    let client = build(config, &folder).await?;
    let kept = match (&config.login, kept) {
        (Login::AccessToken { access_token, device_id }, kept) => Kept {
            user_id: user_id.clone(),
            device_id: device_id.as_str().into(),
            access_token: Some(access_token.expose().to_owned()),
            recovery_done: kept.is_some_and(|kept| kept.recovery_done && kept.device_id.as_str() == device_id),
        },
        (Login::Password(_), Some(kept)) => kept,
        (Login::Password(_), None) => {
            // The device id is chosen here and written down first: if we die before the answer is written, the next
            // run asks for the same device again, and the crypto store still fits.
            let mut random = [0_u8; 5];
            getrandom::fill(&mut random)
                .map_err(|error| LoginError::Store { path: file.clone(), problem: error.to_string() })?;
            let suffix: String = random.iter().map(|byte| format!("{byte:02X}")).collect();
            let kept = Kept {
                user_id: user_id.clone(),
                device_id: format!("LL{suffix}").into(),
                access_token: None,
                recovery_done: false,
            };
            keep(&file, &kept)?;
            kept
        }
    };
    let password = match &config.login {
        Login::Password(password) => Some(password.expose().to_owned()),
        Login::AccessToken { .. } => None,
    };
    let mut session = Session { client, file, folder, kept, password };
    session.enter(config).await?;
    #[cfg(unix)]
    keep_private(&session.folder.join(SDK_FOLDER)).map_err(store_error(&session.folder))?;
    Ok(session)
}

/// The SDK makes its databases by the umask: takes the rights of others away. What SQLite makes beside them later has the
/// rights of the database.
#[cfg(unix)]
fn keep_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, PermissionsExt::from_mode(0o700))?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::set_permissions(entry.path(), PermissionsExt::from_mode(0o600))?;
        }
    }
    Ok(())
}

fn keep(file: &Path, kept: &Kept) -> Result<(), LoginError> {
    let bytes = serde_json::to_vec_pretty(kept).unwrap_or_default();
    write_private(file, &bytes).map_err(store_error(file))
}

async fn build(config: &MatrixConfig, folder: &Path) -> Result<Client, LoginError> {
    let passphrase = config.store_passphrase.as_ref().map(lamplighter_config::Secret::expose);
    Client::builder()
        .server_name_or_homeserver_url(&config.homeserver)
        // We retry ourselves, with limits; the SDK would retry for ever (ARCHITECTURE.md, Matrix as it is).
        .request_config(RequestConfig::new().disable_retry().timeout(REQUEST_TIMEOUT))
        .with_encryption_settings(EncryptionSettings {
            // The SDK only logs a failure; we do it ourselves and say it aloud.
            auto_enable_cross_signing: false,
            backup_download_strategy: BackupDownloadStrategy::Manual,
            auto_enable_backups: false,
        })
        .sqlite_store(folder.join(SDK_FOLDER), passphrase)
        .build()
        .await
        .map_err(|error| match error {
            ClientBuildError::SqliteStore(error) => {
                LoginError::Store { path: folder.to_owned(), problem: format!("the store can't be opened ({error})") }
            }
            error => LoginError::Unreachable { homeserver: config.homeserver.clone(), problem: error.to_string() },
        })
}

fn explain(error: &HttpError, config: &MatrixConfig, file: &Path) -> LoginError {
    match error.client_api_error_kind() {
        Some(ErrorKind::Forbidden) => LoginError::WrongPassword { user_id: config.user_id.clone() },
        Some(ErrorKind::UnknownToken(_) | ErrorKind::MissingToken) => {
            LoginError::TokenRevoked { user_id: config.user_id.clone(), session: file.display().to_string() }
        }
        Some(_) => LoginError::Refused { user_id: config.user_id.clone(), problem: error.to_string() },
        None => LoginError::Unreachable { homeserver: config.homeserver.clone(), problem: error.to_string() },
    }
}

impl Session {
    async fn enter(&mut self, config: &MatrixConfig) -> Result<(), LoginError> {
        let refused = |problem: String| LoginError::Refused { user_id: config.user_id.clone(), problem };
        match (&self.kept.access_token, &self.password) {
            (Some(access_token), _) => {
                let session = MatrixSession {
                    meta: SessionMeta { user_id: self.kept.user_id.clone(), device_id: self.kept.device_id.clone() },
                    tokens: SessionTokens { access_token: access_token.clone(), refresh_token: None },
                };
                self.client
                    .matrix_auth()
                    .restore_session(session, RoomLoadSettings::default())
                    .await
                    .map_err(|error| refused(error.to_string()))?;
                let who = self.client.whoami().await.map_err(|error| explain(&error, config, &self.file))?;
                let same_device = who.device_id.as_ref().is_none_or(|device_id| *device_id == self.kept.device_id);
                if who.user_id != self.kept.user_id || !same_device {
                    let device = who.device_id.as_deref().map_or("?", |device_id| device_id.as_str());
                    return Err(LoginError::OtherAccount {
                        expected: format!("{} / {}", self.kept.user_id, self.kept.device_id),
                        found: format!("{} / {device}", who.user_id),
                    });
                }
            }
            (None, Some(password)) => {
                let response = self
                    .client
                    .matrix_auth()
                    .login_username(&self.kept.user_id, password)
                    .device_id(self.kept.device_id.as_str())
                    .initial_device_display_name(DEVICE_NAME)
                    .send()
                    .await
                    .map_err(|error| match error {
                        matrix_sdk::Error::Http(error) => explain(&error, config, &self.file),
                        error => refused(error.to_string()),
                    })?;
                self.kept.access_token = Some(response.access_token);
                keep(&self.file, &self.kept)?;
            }
            (None, None) => return Err(refused("there is neither a session nor a password".into())),
        }
        Ok(())
    }

    /// Makes the bot's cross-signing identity if it has none, and says aloud if that fails: without it clients hide
    /// the bot's messages, or hide their own from it (ARCHITECTURE.md, Matrix as it is).
    pub async fn bootstrap_cross_signing(&self) -> Result<(), String> {
        let encryption = self.client.encryption();
        encryption.wait_for_e2ee_initialization_tasks().await;
        if encryption.cross_signing_status().await.is_some_and(|status| status.is_complete()) {
            return Ok(());
        }
        let Err(error) = encryption.bootstrap_cross_signing_if_needed(None).await else { return Ok(()) };
        let (Some(info), Some(password)) = (error.as_uiaa_response(), &self.password) else {
            return Err(error.to_string());
        };
        let identifier = uiaa::UserIdentifier::Matrix(uiaa::MatrixUserIdentifier::new(self.kept.user_id.to_string()));
        let mut auth = uiaa::Password::new(identifier, password.clone());
        auth.session.clone_from(&info.session);
        encryption
            .bootstrap_cross_signing_if_needed(Some(uiaa::AuthData::Password(auth)))
            .await
            .map_err(|error| error.to_string())
    }

    /// Makes the recovery key once and writes it to a file that only its owner can read. Gives the file, if it was
    /// written now.
    pub async fn make_recovery_key(&mut self) -> Result<Option<PathBuf>, String> {
        if self.kept.recovery_done {
            return Ok(None);
        }
        let path = self.folder.join(RECOVERY_KEY_FILE);
        // A key that was written but not noted down as such must not be replaced: the server knows that one.
        if !path.exists() {
            let key = self.client.encryption().recovery().enable().await.map_err(|error| error.to_string())?;
            write_private(&path, format!("{key}\n").as_bytes()).map_err(|error| error.to_string())?;
        }
        self.kept.recovery_done = true;
        keep(&self.file, &self.kept).map_err(|error| error.to_string())?;
        Ok(Some(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_shows_no_token() {
        let kept = Kept {
            user_id: UserId::parse("@lamplighter:example.org").expect("an id"),
            device_id: "LLAABBCC".into(),
            access_token: Some("syt_a_very_secret_token".into()),
            recovery_done: false,
        };
        let shown = format!("{kept:?}");
        assert!(shown.contains("LLAABBCC") && !shown.contains("secret"), "{shown}");
    }
}
