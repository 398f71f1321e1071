//! Logging in and keeping the session. The session and the crypto store belong together: a device id is never used with
//! another store, and where one of them is missing the bot says how to recover instead of going on. Not here: the bot's
//! identity and its key backup (`identity`).

use std::{
    fmt,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use lamplighter_config::{Login, MatrixConfig};
use matrix_sdk::{
    Client, ClientBuildError, HttpError, SessionMeta, SessionTokens, SqliteStoreConfig,
    authentication::matrix::MatrixSession,
    config::RequestConfig,
    encryption::{BackupDownloadStrategy, EncryptionSettings},
    reqwest::Method,
    ruma::{OwnedDeviceId, OwnedUserId, UserId, api::error::ErrorKind},
    store::RoomLoadSettings,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::doctor::wire::{Nobody, Wire};
use crate::clock::Clock;

/// How long one request may take, on top of the time that a sync waits.
const REQUEST_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);
/// The session, in the folder of the store.
const SESSION_FILE: &str = "session.json";
/// The recovery key, beside it.
pub(crate) const RECOVERY_KEY_FILE: &str = "recovery-key.txt";
/// The SDK's own databases, in the same folder.
const SDK_FOLDER: &str = "matrix-sdk";
/// Of these the one with the keys.
const CRYPTO_FILE: &str = "matrix-sdk-crypto.sqlite3";
/// Connections to each of these: one that writes, one that reads.
const SDK_CONNECTIONS: usize = 2;
/// What each of them keeps of its database in memory.
const SDK_CACHE_BYTES: u32 = 512 * 1024;
/// What the SDK says when a passphrase is wrong; a test tries it.
const CIPHER_FAILS: &str = "initialize the store cipher";
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
        "the homeserver no longer accepts the session of {user_id}; log in anew: move the folder of {session} away, write \
         its recovery-key.txt into [matrix] recovery_key, and start again with the password, or with a new access_token \
         and device_id"
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
    /// There is a session, and its keys are gone.
    #[error(
        "{folder} holds the session of device {device} but not its encryption keys, and a device without its keys can \
         neither read nor be trusted; put the whole folder back as it was, or move it away, write the recovery key into \
         [matrix] recovery_key and start again: the bot signs in as a new device and gets its identity and its key backup \
         from the homeserver"
    )]
    SessionWithoutKeys {
        /// The folder.
        folder: String,
        /// The device.
        device: String,
    },
    /// There are keys, and nobody knows whose.
    #[error(
        "{folder} holds encryption keys but not the session that they belong to (session.json); put the whole folder back \
         as it was, or move it away, write the recovery key into [matrix] recovery_key and start again: the bot signs in \
         as a new device and gets its identity and its key backup from the homeserver"
    )]
    KeysWithoutSession {
        /// The folder.
        folder: String,
    },
    /// The configured device has been used with keys that aren't here.
    #[error(
        "the device {device} of [matrix] device_id has encryption keys on the homeserver already, but {folder} is empty: \
         with other keys nobody could read or trust it; put the folder back as it was, or make a new token with a new \
         device_id, and write the recovery key into [matrix] recovery_key"
    )]
    DeviceHasKeys {
        /// The device.
        device: String,
        /// The folder.
        folder: String,
    },
    /// The folder is another device's or another account's.
    #[error(
        "{folder} holds the keys of {found}, but [matrix] names {configured}; one folder serves one device: name that one \
         again, or give [matrix] store another folder"
    )]
    OtherDevice {
        /// The folder.
        folder: String,
        /// Whose it is.
        found: String,
        /// As configured.
        configured: String,
    },
    /// The passphrase doesn't open the store.
    #[error("{folder}: {problem}; check [matrix] store_passphrase and LAMPLIGHTER_STORE_PASSPHRASE, which wins")]
    Passphrase {
        /// The folder.
        folder: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The recovery key is needed and doesn't fit.
    #[error(
        "the recovery key of {from} doesn't open what the account keeps on the homeserver ({problem}); it may be mistyped, \
         or recovery was set up anew elsewhere: write the newest one into [matrix] recovery_key"
    )]
    RecoveryKey {
        /// The config, or a file.
        from: String,
        /// What happened.
        problem: String,
    },
    /// There is nothing that the recovery key could open.
    #[error(
        "[matrix] recovery_key is set, but the account keeps nothing on the homeserver yet that it could open; leave it out \
         (LAMPLIGHTER_RECOVERY_KEY too) and start again: the bot makes a key and writes it to {file}"
    )]
    NoRecoveryYet {
        /// Where the bot writes its own.
        file: String,
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
    /// The recovery key has been made and written, or was given.
    #[serde(default)]
    pub(super) recovery_done: bool,
    /// The homeserver has been seen to know the account's identity and its signature of this device.
    #[serde(default)]
    pub(super) identity_done: bool,
    /// Whether the store is encrypted; unknown in files of older versions.
    #[serde(default)]
    encrypted: Option<bool>,
    /// When the device was made: whoever spoke before can't have sent it keys.
    #[serde(default)]
    pub(super) made_at_ms: i64,
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
    pub(super) file: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) kept: Kept,
    pub(super) password: Option<String>,
    pub(super) recovery_key: Option<String>,
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
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
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

/// What speaks against using a folder with this login, as far as it can be seen here.
pub(super) fn folder_problem(config: &MatrixConfig, kept: Option<&Kept>) -> Option<LoginError> {
    let folder = config.store.display().to_string();
    let has_keys = has_keys(&config.store);
    if let Some(kept) = kept.filter(|_| has_keys) {
        let other_device = match &config.login {
            Login::AccessToken { device_id, .. } if kept.device_id.as_str() != device_id => Some(device_id.as_str()),
            _ => None,
        };
        if kept.user_id.as_str() != config.user_id || other_device.is_some() {
            return Some(LoginError::OtherDevice {
                folder,
                found: format!("{} / {}", kept.user_id, kept.device_id),
                configured: format!("{} / {}", config.user_id, other_device.unwrap_or("?")),
            });
        }
        let problem = match (kept.encrypted, &config.store_passphrase) {
            (Some(true), None) => "it is encrypted, and no passphrase is given",
            (Some(false), Some(_)) => "it was made without a passphrase, so none can open it",
            _ => return None,
        };
        return Some(LoginError::Passphrase { folder, problem });
    }
    match (&config.login, kept) {
        // Between choosing the device and the server's answer there is a session without anything in it.
        (Login::Password(_), Some(kept)) if kept.access_token.is_some() => {
            Some(LoginError::SessionWithoutKeys { folder, device: kept.device_id.to_string() })
        }
        // A token says itself which device it is of, and the SDK compares.
        (Login::Password(_), None) if has_keys => Some(LoginError::KeysWithoutSession { folder }),
        _ => None,
    }
}

fn has_keys(folder: &Path) -> bool {
    folder.join(SDK_FOLDER).join(CRYPTO_FILE).exists()
}

/// A device that was used before must not come back with new keys.
async fn expect_new_device(
    config: &MatrixConfig,
    token: &str,
    device_id: &str,
    clock: Arc<dyn Clock>,
) -> Result<(), LoginError> {
    let unreachable = |problem| LoginError::Unreachable { homeserver: config.homeserver.clone(), problem };
    let (wire, _) = Wire::connect(&config.homeserver, clock).await.map_err(|nobody| match nobody {
        Nobody::Silent(problem) | Nobody::NotMatrix(problem) => unreachable(problem),
    })?;
    let body = json!({ "device_keys": { &config.user_id: [device_id] } });
    let answer =
        wire.ask(Method::POST, &["v3", "keys", "query"], Some(&body), Some(token)).await.map_err(unreachable)?;
    if !answer.is_good() {
        return Err(match answer.errcode() {
            "M_UNKNOWN_TOKEN" => LoginError::TokenRevoked {
                user_id: config.user_id.clone(),
                session: session_file(&config.store).display().to_string(),
            },
            _ => LoginError::Refused { user_id: config.user_id.clone(), problem: answer.no() },
        });
    }
    let keys = answer.body.get("device_keys").and_then(|all| all.get(&config.user_id)?.get(device_id));
    if keys.is_some() {
        let folder = config.store.display().to_string();
        return Err(LoginError::DeviceHasKeys { device: device_id.to_owned(), folder });
    }
    Ok(())
}

/// The session of an earlier run, or a new login.
pub async fn log_in(config: &MatrixConfig, clock: Arc<dyn Clock>) -> Result<Session, LoginError> {
    let user_id =
        UserId::parse(&config.user_id).map_err(|_| LoginError::BadUserId { user_id: config.user_id.clone() })?;
    let folder = config.store.clone();
    std::fs::create_dir_all(&folder).map_err(store_error(&folder))?;
    #[cfg(unix)]
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .map_err(store_error(&folder))?;
    let file = session_file(&folder);
    let kept = read_kept(&file)?;
    if let Some(problem) = folder_problem(config, kept.as_ref()) {
        return Err(problem);
    }
    let has_keys = has_keys(&folder);
    // What was kept of a device whose keys are gone is of no use, except for the id of one that has none yet.
    let known = kept.filter(|kept| has_keys || kept.access_token.is_none());
    let now_ms = clock.now_ms();
    let new = |device_id: OwnedDeviceId, access_token| Kept {
        user_id: user_id.clone(),
        device_id,
        access_token,
        recovery_done: false,
        identity_done: false,
        encrypted: None,
        made_at_ms: now_ms,
    };
    let mut kept = match (&config.login, known) {
        (Login::AccessToken { access_token, device_id }, known) => {
            if !has_keys {
                expect_new_device(config, access_token.expose(), device_id, clock).await?;
            }
            let known = known.filter(|kept| kept.device_id.as_str() == device_id);
            let mut kept = known.unwrap_or_else(|| new(device_id.as_str().into(), None));
            kept.access_token = Some(access_token.expose().to_owned());
            kept
        }
        (Login::Password(_), Some(kept)) => kept,
        (Login::Password(_), None) => {
            let mut random = [0_u8; 5];
            getrandom::fill(&mut random)
                .map_err(|error| LoginError::Store { path: file.clone(), problem: error.to_string() })?;
            let suffix: String = random.iter().map(|byte| format!("{byte:02X}")).collect();
            new(format!("LL{suffix}").into(), None)
        }
    };
    // The device is written down before the store is made and before the server is asked: if we die in between, the next
    // run goes on with the same device, and the store still fits.
    if !has_keys {
        kept.encrypted = Some(config.store_passphrase.is_some());
        keep(&file, &kept)?;
    }
    let client = build(config, &folder).await?;
    if has_keys {
        // A file of an older version doesn't say it; now the store has been opened so.
        kept.encrypted = Some(config.store_passphrase.is_some());
        keep(&file, &kept)?;
    }
    let password = match &config.login {
        Login::Password(password) => Some(password.expose().to_owned()),
        Login::AccessToken { .. } => None,
    };
    let recovery_key = config.recovery_key.as_ref().map(|key| key.expose().to_owned());
    let mut session = Session { client, file, folder, kept, password, recovery_key };
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

pub(super) fn keep(file: &Path, kept: &Kept) -> Result<(), LoginError> {
    let bytes = serde_json::to_vec_pretty(kept).unwrap_or_default();
    write_private(file, &bytes).map_err(store_error(file))
}

/// The SDK keeps four databases there, each with connections of its own, each of those with a cache of pages. By itself it
/// opens four for every core: more than the bot has work for, and after a busy evening they are what the bot weighs.
fn sdk_store(folder: &Path, passphrase: Option<&str>) -> SqliteStoreConfig {
    SqliteStoreConfig::new(folder.join(SDK_FOLDER))
        .passphrase(passphrase)
        .pool_max_size(SDK_CONNECTIONS)
        .cache_size(SDK_CACHE_BYTES)
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
        .sqlite_store_with_config_and_cache_path(sdk_store(folder, passphrase), None::<&Path>)
        .build()
        .await
        .map_err(|error| match error {
            // The SDK doesn't pass on the type by which this could be told.
            ClientBuildError::SqliteStore(error) if error.to_string().contains(CIPHER_FAILS) => {
                LoginError::Passphrase {
                    folder: folder.display().to_string(),
                    problem: "the passphrase doesn't open it",
                }
            }
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
            identity_done: false,
            encrypted: None,
            made_at_ms: 0,
        };
        let shown = format!("{kept:?}");
        assert!(shown.contains("LLAABBCC") && !shown.contains("secret"), "{shown}");
    }
}
