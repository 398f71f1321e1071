//! What other people's apps trust the bot by: its cross-signing identity, and the recovery key that brings identity and
//! key backup back after the folder of keys was lost. Whatever fails here is said aloud, with what to do: the bot is never
//! silently a device that nobody trusts.

use std::{path::PathBuf, time::Duration};

use matrix_sdk::{
    HttpError,
    config::SyncSettings,
    encryption::{
        recovery::{RecoveryError, RecoveryState},
        secret_storage::SecretStorageError,
    },
    ruma::{
        api::client::{
            backup::{delete_backup_version, get_latest_backup_info},
            keys::get_keys,
            uiaa,
        },
        uint,
    },
};

use super::{
    intake,
    login::{self, LoginError, RECOVERY_KEY_FILE, Session},
};

/// What still works while the bot's device isn't trusted.
const MEANWHILE: &str = "Meanwhile the bot answers where it can: taps always count, but apps that send keys to verified \
     devices only don't let it read, and others show a warning beside what it says";

/// What other people's apps think of the bot's device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is signed by the account's identity.
    Trusted,
    /// It isn't yet, because the homeserver failed; worth trying again.
    Unfinished(String),
    /// It isn't; why, and what to do.
    Untrusted(String),
}

/// Why rooms' keys can't be recovered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrecoverable {
    /// The homeserver failed; worth trying again.
    Unfinished(String),
    /// Somebody has to do something; what.
    Stuck(String),
}

/// What the homeserver fails at is tried so often at a start, ...
const ATTEMPTS_MAX: u32 = 6;
/// ... first after this pause, which doubles each time: half a minute in all.
const PAUSE_FIRST: Duration = Duration::from_secs(1);

/// What the homeserver tells others of the account.
struct Known {
    /// It has a cross-signing identity.
    identity: bool,
    /// Which has signed this device.
    signed: bool,
}

/// A recovery key, and where it is from.
struct Key {
    key: String,
    from: String,
}

impl Session {
    /// Sees to it that the bot is trusted and that its keys can come back, and says in the log what isn't so. One answer that
    /// is lost must not leave the bot distrusted until its next start.
    ///
    /// # Errors
    /// Only what makes no sense to go on with, such as a recovery key that doesn't fit.
    pub async fn settle(&mut self) -> Result<(), LoginError> {
        let mut pause = PAUSE_FIRST;
        for attempt in 1..=ATTEMPTS_MAX {
            let unfinished = match self.make_trusted().await? {
                Standing::Untrusted(problem) => {
                    tracing::error!("THE BOT'S DEVICE ISN'T VERIFIED: {problem}");
                    return Ok(());
                }
                Standing::Unfinished(problem) => format!("THE BOT'S DEVICE ISN'T VERIFIED: {problem}"),
                Standing::Trusted => match self.make_recoverable().await? {
                    Ok(Some(path)) => {
                        tracing::info!(path = %path.display(), "wrote the recovery key: keep a copy of it in a safe place");
                        return Ok(());
                    }
                    Ok(None) => return Ok(()),
                    Err(Unrecoverable::Stuck(problem)) => {
                        tracing::error!("{problem}");
                        return Ok(());
                    }
                    Err(Unrecoverable::Unfinished(problem)) => problem,
                },
            };
            if attempt == ATTEMPTS_MAX {
                tracing::error!("{unfinished}; start the bot again");
            } else {
                tracing::warn!("{unfinished}; trying again");
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
        Ok(())
    }

    /// Sees to it that the bot's device is signed by the account's identity: made if the account has none, fetched with
    /// the recovery key if it has one of which the keys aren't here.
    async fn make_trusted(&mut self) -> Result<Standing, LoginError> {
        let encryption = self.client.encryption();
        encryption.wait_for_e2ee_initialization_tasks().await;
        if self.kept.identity_done && self.has_identity().await && self.is_signed().await {
            return Ok(Standing::Trusted);
        }
        // What the SDK holds for true may never have reached the homeserver, which alone tells it to others.
        let unknown = |error: String| {
            Standing::Unfinished(format!("the homeserver doesn't tell the account's identity ({error})"))
        };
        if let Err(error) = encryption.request_user_identity(&self.kept.user_id).await {
            return Ok(unknown(error.to_string()));
        }
        let known = match self.known_to_others().await {
            Ok(known) => known,
            Err(error) => return Ok(unknown(error.to_string())),
        };
        if !known.identity {
            let standing = self.make_identity().await;
            return if standing == Standing::Trusted { self.identity_is_done() } else { Ok(standing) };
        }
        if self.has_identity().await {
            // The signature didn't get through.
            if !known.signed
                && let Ok(Some(device)) = encryption.get_own_device().await
                && let Err(error) = device.verify().await
            {
                return Ok(Standing::Unfinished(format!("the bot's device couldn't be signed ({error})")));
            }
            return self.identity_is_done();
        }
        let Some(key) = self.recovery_key()? else {
            return Ok(Standing::Untrusted(format!(
                "the account has an identity already, made by another app or by this bot before its folder was lost, and \
                 the keys of it aren't here. Write the account's recovery key into [matrix] recovery_key (or \
                 LAMPLIGHTER_RECOVERY_KEY) and start again. If nobody has it: sign in to the account in another app, reset \
                 its identity and set up recovery there, and write the new key into [matrix] recovery_key. {MEANWHILE}"
            )));
        };
        self.recover(&key).await?;
        if self.has_identity().await {
            tracing::info!("the account's identity is back: the bot's new device is verified");
            return self.identity_is_done();
        }
        Ok(Standing::Untrusted(format!(
            "the recovery key of {} fits, but the account doesn't keep its identity under it. Reset the identity and set up \
             recovery in another app that is signed in to the account, and write the new key into [matrix] recovery_key. \
             {MEANWHILE}",
            key.from
        )))
    }

    fn identity_is_done(&mut self) -> Result<Standing, LoginError> {
        self.kept.identity_done = true;
        login::keep(&self.file, &self.kept)?;
        Ok(Standing::Trusted)
    }

    /// What the homeserver tells others of the account.
    async fn known_to_others(&self) -> Result<Known, HttpError> {
        let user_id = &self.kept.user_id;
        let mut request = get_keys::v3::Request::new();
        request.device_keys.insert(user_id.clone(), Vec::new());
        let told = self.client.send(request).await?;
        let self_signing = told.self_signing_keys.get(user_id).and_then(|key| key.deserialize().ok());
        let device = self.client.device_id().and_then(|device_id| told.device_keys.get(user_id)?.get(device_id));
        let device = device.and_then(|device| device.deserialize().ok());
        let signed = self_signing.zip(device).is_some_and(|(key, device)| {
            let signatures = device.signatures.get(user_id);
            key.keys
                .keys()
                .any(|id| signatures.is_some_and(|by| by.keys().any(|signer| signer.as_str() == id.as_str())))
        });
        Ok(Known { identity: told.master_keys.contains_key(user_id), signed })
    }

    /// The keys of the identity are here.
    async fn has_identity(&self) -> bool {
        self.client.encryption().cross_signing_status().await.is_some_and(|status| status.is_complete())
    }

    async fn is_signed(&self) -> bool {
        let device = self.client.encryption().get_own_device().await.ok().flatten();
        device.is_some_and(|device| device.is_cross_signed_by_owner())
    }

    /// The account's first identity, or the one that was made here and never arrived. Homeservers want the password for it, or nothing if it is the first one.
    async fn make_identity(&self) -> Standing {
        let encryption = self.client.encryption();
        let Err(error) = encryption.bootstrap_cross_signing(None).await else { return Standing::Trusted };
        let answer = error.as_client_api_error().map(|answer| answer.status_code);
        let passes = answer.is_none_or(|status| status.is_server_error() || status.as_u16() == 429);
        if error.as_uiaa_response().is_none() && passes {
            return Standing::Unfinished(format!("the account's identity couldn't be made ({error})"));
        }
        let (Some(info), Some(password)) = (error.as_uiaa_response(), &self.password) else {
            return Standing::Untrusted(format!(
                "the homeserver wants a confirmation before the account gets its first identity, which an access token \
                 can't give ({error}). Sign in to the account in another app once, let it set up identity and recovery, \
                 write the recovery key into [matrix] recovery_key and start again. {MEANWHILE}"
            ));
        };
        let identifier = uiaa::UserIdentifier::Matrix(uiaa::MatrixUserIdentifier::new(self.kept.user_id.to_string()));
        let mut auth = uiaa::Password::new(identifier, password.clone());
        auth.session.clone_from(&info.session);
        match encryption.bootstrap_cross_signing(Some(uiaa::AuthData::Password(auth))).await {
            Ok(()) => Standing::Trusted,
            Err(error) => Standing::Unfinished(format!("the account's identity couldn't be made ({error})")),
        }
    }

    fn recovery_key_file(&self) -> PathBuf {
        self.folder.join(RECOVERY_KEY_FILE)
    }

    /// That of the config, else that of the file that the bot wrote.
    fn recovery_key(&self) -> Result<Option<Key>, LoginError> {
        if let Some(key) = &self.recovery_key {
            return Ok(Some(Key { key: key.trim().to_owned(), from: "[matrix] recovery_key".to_owned() }));
        }
        let path = self.recovery_key_file();
        match std::fs::read_to_string(&path) {
            Ok(key) => Ok(Some(Key { key: key.trim().to_owned(), from: path.display().to_string() })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(LoginError::Store { path, problem: error.to_string() }),
        }
    }

    /// Fetches identity and key backup from the account's secret storage, and signs this device.
    async fn recover(&mut self, key: &Key) -> Result<(), LoginError> {
        // A signature counts only for a device whose keys the server has, and a sync uploads them. What it brings is asked
        // for again when the bot catches up.
        let settings = SyncSettings::new().timeout(Duration::ZERO).filter(intake::filter());
        let unreachable = |problem: String| LoginError::RecoveryKey { from: key.from.clone(), problem };
        self.client.sync_once(settings).await.map_err(|error| unreachable(error.to_string()))?;
        match self.client.encryption().recovery().recover_and_fix_backup(&key.key).await {
            Ok(()) => {}
            Err(RecoveryError::SecretStorage(SecretStorageError::MissingKeyInfo { .. }))
                if self.recovery_key.is_some() =>
            {
                return Err(LoginError::NoRecoveryYet { file: self.recovery_key_file().display().to_string() });
            }
            Err(error) => return Err(unreachable(error.to_string())),
        }
        self.recovery_is_done()
    }

    fn recovery_is_done(&mut self) -> Result<(), LoginError> {
        self.kept.recovery_done = true;
        login::keep(&self.file, &self.kept)
    }

    /// Sees to it that room keys are backed up on the homeserver, under a recovery key that somebody has. Gives the file
    /// if a key was written now, and says what is wrong otherwise.
    async fn make_recoverable(&mut self) -> Result<Result<Option<PathBuf>, Unrecoverable>, LoginError> {
        let recovery = self.client.encryption().recovery();
        let state = recovery.state();
        match state {
            RecoveryState::Disabled if self.recovery_key.is_some() => {
                Err(LoginError::NoRecoveryYet { file: self.recovery_key_file().display().to_string() })
            }
            RecoveryState::Disabled => match recovery.enable().await {
                Ok(key) => self.write_key(&key).map(|path| Ok(Some(path))),
                Err(RecoveryError::BackupExistsOnServer) => Ok(Err(self.clear_way_for_backup().await)),
                Err(error) => {
                    Ok(Err(Unrecoverable::Unfinished(format!("the recovery key couldn't be made ({error})"))))
                }
            },
            RecoveryState::Enabled if self.kept.recovery_done || self.recovery_key()?.is_some() => {
                if !self.kept.recovery_done {
                    self.recovery_is_done()?;
                }
                if self.client.encryption().backups().are_enabled().await {
                    return Ok(Ok(None));
                }
                let again = recovery.enable_backup().await;
                Ok(again.map(|()| None).map_err(|error| {
                    Unrecoverable::Unfinished(format!("KEY BACKUP IS OFF: it couldn't be turned on ({error})"))
                }))
            }
            // We died before the key was written: nobody has it, so another takes its place.
            RecoveryState::Enabled => match recovery.reset_key().await {
                Ok(key) => self.write_key(&key).map(|path| Ok(Some(path))),
                Err(error) => {
                    Ok(Err(Unrecoverable::Unfinished(format!("the recovery key couldn't be made ({error})"))))
                }
            },
            RecoveryState::Incomplete | RecoveryState::Unknown => match self.recovery_key()? {
                Some(key) => {
                    self.recover(&key).await?;
                    Ok(Ok(None))
                }
                None => Ok(Err(Unrecoverable::Stuck(
                    "KEY BACKUP IS OFF: the account keeps its secrets under a recovery key that isn't here; write it \
                         into [matrix] recovery_key (or LAMPLIGHTER_RECOVERY_KEY) and start again"
                        .to_owned(),
                ))),
            },
        }
    }

    /// The homeserver has a key backup, and no secret storage that its key could be in. If nothing is in it, it is one of
    /// which we were never told that it was made: it is of no use to anybody and goes.
    async fn clear_way_for_backup(&self) -> Unrecoverable {
        let failed = |error| Unrecoverable::Unfinished(format!("the recovery key couldn't be made ({error})"));
        let backup = match self.client.send(get_latest_backup_info::v3::Request::new()).await {
            Ok(backup) => backup,
            Err(error) => return failed(error),
        };
        if backup.count > uint!(0) {
            return Unrecoverable::Stuck(
                "KEY BACKUP IS OFF: the account has a key backup that another app made, and no recovery key. Set up recovery \
                 in that app, write its key into [matrix] recovery_key and start again"
                    .to_owned(),
            );
        }
        match self.client.send(delete_backup_version::v3::Request::new(backup.version)).await {
            Ok(_) => {
                Unrecoverable::Unfinished("an empty key backup that nobody has the key of was taken away".to_owned())
            }
            Err(error) => failed(error),
        }
    }

    fn write_key(&mut self, key: &str) -> Result<PathBuf, LoginError> {
        let path = self.recovery_key_file();
        login::write_private(&path, format!("{key}\n").as_bytes())
            .map_err(|error| LoginError::Store { path: path.clone(), problem: error.to_string() })?;
        self.recovery_is_done()?;
        Ok(path)
    }
}
