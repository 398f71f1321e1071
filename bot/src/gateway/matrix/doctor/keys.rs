//! Encryption: whether other people's apps trust the bot's device, and whether the recovery key is there and fits. The
//! signatures are checked here as those apps would, from what the homeserver tells everybody.

use std::path::{Path, PathBuf};

use lamplighter_config::{Login, MatrixConfig};
use matrix_sdk::{
    encryption::vodozemac::{Ed25519PublicKey, Ed25519Signature},
    reqwest::Method,
    ruma::{
        CanonicalJsonValue,
        events::{EventContentFromType, secret_storage::key::SecretStorageKeyEventContent},
    },
};
use matrix_sdk_crypto::secret_storage::SecretStorageKey;
use serde_json::{Value, json};

use super::{CROSS_SIGNING, Doctor, KEY_BACKUP, RECOVERY_KEY};
use crate::{
    doctor::{Report, quoted},
    gateway::matrix::login,
};

/// The account data that names the key of the secret storage, and the beginning of the one that describes a key.
const DEFAULT_KEY_TYPE: &str = "m.secret_storage.default_key";
/// See `DEFAULT_KEY_TYPE`.
const KEY_TYPE_PREFIX: &str = "m.secret_storage.key.";

/// How the bot's device stands with its account's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// The account has no cross-signing identity.
    NoIdentity,
    /// The identity's own keys don't sign each other.
    Broken,
    /// The homeserver has no keys of the device.
    NoDevice,
    /// The device isn't signed by the identity.
    Unsigned,
    /// It is.
    Trusted,
}

/// The one public key of a cross-signing key: `{"keys": {"ed25519:AAA": "AAA"}}`.
fn public_key(signing_key: &Value) -> Option<&str> {
    signing_key.get("keys")?.as_object()?.values().next()?.as_str()
}

/// Whether `signer` has signed this object as `ed25519:SIGNER` of the user.
fn is_signed(object: &Value, user_id: &str, signer: &str) -> bool {
    let check = || {
        let signature = object.get("signatures")?.get(user_id)?.get(format!("ed25519:{signer}"))?.as_str()?;
        let signature = Ed25519Signature::from_base64(signature).ok()?;
        let key = Ed25519PublicKey::from_base64(signer).ok()?;
        let mut signed = object.as_object()?.clone();
        signed.remove("signatures");
        signed.remove("unsigned");
        let canonical = CanonicalJsonValue::try_from(Value::Object(signed)).ok()?.to_string();
        key.verify(canonical.as_bytes(), &signature).ok()
    };
    check().is_some()
}

/// Reads the answer to `/keys/query`.
fn trust(keys: &Value, user_id: &str, device_id: &str) -> Trust {
    let of = |kind: &str| keys.get(kind).and_then(|all| all.get(user_id));
    let Some(master) = of("master_keys").and_then(public_key) else { return Trust::NoIdentity };
    let Some(self_signing) = of("self_signing_keys") else { return Trust::Broken };
    let Some(signer) = public_key(self_signing).filter(|_| is_signed(self_signing, user_id, master)) else {
        return Trust::Broken;
    };
    match of("device_keys").and_then(|devices| devices.get(device_id)) {
        None => Trust::NoDevice,
        Some(device) if is_signed(device, user_id, signer) => Trust::Trusted,
        Some(_) => Trust::Unsigned,
    }
}

fn recovery_key_file(matrix: &MatrixConfig) -> PathBuf {
    matrix.store.join(login::RECOVERY_KEY_FILE)
}

/// Whether others on this machine can read the file too.
fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        path.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// A recovery key, and how it is called in a finding.
struct Key {
    key: String,
    shown: String,
    in_config: bool,
}

/// The recovery key of the config, else that of the file; says what is wrong with it otherwise.
fn read_recovery_key(matrix: &MatrixConfig, is_new: bool, report: &mut Report<'_>) -> Option<Key> {
    if let Some(key) = &matrix.recovery_key {
        let key = key.expose().trim().to_owned();
        return Some(Key { key, shown: "that of [matrix] recovery_key".to_owned(), in_config: true });
    }
    let path = recovery_key_file(matrix);
    let shown = path.display();
    match std::fs::read_to_string(&path) {
        Ok(_) if is_open_to_others(&path) => {
            report.wrong(
                RECOVERY_KEY,
                format!("{shown} can be read by others on this machine"),
                format!("chmod 600 {shown}"),
            );
            None
        }
        Ok(key) => Some(Key { key: key.trim().to_owned(), shown: format!("{shown} is there and"), in_config: false }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_new => {
            report.good(RECOVERY_KEY, "none yet; the bot makes it at its first start");
            None
        }
        Err(error) => {
            report.wrong(
                RECOVERY_KEY,
                format!("{shown}: {error}"),
                "put the copy that you keep back there, or write it into [matrix] recovery_key; if there is none, set up \
                 recovery anew in another app that is signed in to the account and verified, and write that key there",
            );
            None
        }
    }
}

/// Looks at the key alone, when the homeserver can't be asked whether it fits.
pub(super) fn recovery_key_alone(matrix: &MatrixConfig, is_new: bool, report: &mut Report<'_>) {
    if let Some(key) = read_recovery_key(matrix, is_new, report) {
        let found = if key.in_config {
            "given in [matrix]".to_owned()
        } else {
            format!("{} is there", recovery_key_file(matrix).display())
        };
        report.good(RECOVERY_KEY, format!("{found} (whether it fits the account needs a login that works)"));
    }
}

impl Doctor<'_, '_> {
    /// Whether other people's apps trust the bot's device.
    pub(super) async fn cross_signing(&mut self, token: &str) {
        if self.is_stopped(CROSS_SIGNING) {
            return;
        }
        let user_id = &self.matrix.user_id;
        let device_id = match (&self.matrix.login, &self.kept) {
            (Login::AccessToken { device_id, .. }, _) => Some(device_id.clone()),
            (Login::Password(_), kept) => kept.as_ref().map(|kept| kept.device_id.to_string()),
        };
        let body = json!({ "device_keys": { user_id: [] } });
        let answer = self.wire.ask(Method::POST, &["v3", "keys", "query"], Some(&body), Some(token)).await;
        let keys = match answer {
            Ok(answer) if answer.is_good() => answer.body,
            Ok(answer) => return self.report.unseen(CROSS_SIGNING, answer.no()),
            Err(problem) => return self.report.unseen(CROSS_SIGNING, problem),
        };
        let device = device_id.as_deref().unwrap_or_default();
        let trust = trust(&keys, user_id, device);
        let verify = format!(
            "write the account's recovery key into [matrix] recovery_key and restart the bot, or sign in to the account in \
             another app, give it the recovery key there and verify device {device}"
        );
        match (trust, self.is_new) {
            (Trust::Trusted, _) => {
                self.report.good(CROSS_SIGNING, format!("device {device} is signed by the account's own identity"));
            }
            (Trust::NoIdentity, true) => {
                self.report.good(CROSS_SIGNING, "none yet; the bot makes it at its first start");
            }
            (Trust::NoIdentity, false) => self.report.wrong(
                CROSS_SIGNING,
                "the account has no identity, so people's apps may hide what the bot says",
                "restart the bot with its password in [matrix] and read its log; with a token, sign in to the account in \
                 another app once, set up identity and recovery there, and write the recovery key into [matrix] \
                 recovery_key",
            ),
            (_, true) if device_id.is_none() && self.has_recovery_key() => self.report.good(
                CROSS_SIGNING,
                "the account has an identity; the bot gets its keys with the recovery key at its start",
            ),
            // Made by another app, or by a bot whose folder is lost: the next one can't sign its device.
            (_, true) if device_id.is_none() => self.report.wrong(
                CROSS_SIGNING,
                "the account has an identity already, which this bot has no keys of: people's apps won't trust it",
                format!(
                    "write the account's recovery key into [matrix] recovery_key, or put the bot's own folder {} back; if \
                     there is neither, reset the account's identity and set up recovery in another app, and write that key \
                     there",
                    self.matrix.store.display()
                ),
            ),
            (Trust::NoDevice, _) => self.report.wrong(
                CROSS_SIGNING,
                format!("the homeserver has no keys of the bot's device {device}"),
                "see that the session is good and that the bot runs, then look again",
            ),
            (Trust::Unsigned, _) => self.report.wrong(
                CROSS_SIGNING,
                format!(
                    "device {device} isn't signed by the account's identity, so people's apps may hide what the bot \
                     says or keep their keys from it"
                ),
                verify,
            ),
            (Trust::Broken, _) => self.report.wrong(
                CROSS_SIGNING,
                "the account's identity is broken: its keys don't sign each other",
                format!("reset the account's cross-signing in another app, then {verify}"),
            ),
        }
    }

    /// Whether the recovery key is there and opens the account's secret storage.
    pub(super) async fn recovery_key(&mut self, token: &str) {
        if self.is_stopped(RECOVERY_KEY) {
            return;
        }
        let Some(Key { key, shown, in_config }) = read_recovery_key(self.matrix, self.is_new, self.report) else {
            return;
        };
        match self.secret_storage(token).await {
            Ok(Some(description)) => match SecretStorageKey::from_account_data(&key, description) {
                Ok(_) => self.report.good(RECOVERY_KEY, format!("{shown} fits the account")),
                Err(error) => self.report.wrong(
                    RECOVERY_KEY,
                    format!("{shown} doesn't fit the account ({})", quoted(&error.to_string())),
                    "it is mistyped, or recovery was set up anew elsewhere: write the newest key into [matrix] recovery_key",
                ),
            },
            Ok(None) if in_config => self.report.wrong(
                RECOVERY_KEY,
                format!("{shown} can't be tried: the account keeps nothing yet that it could open"),
                "leave it out at the first start: the bot makes a key and writes it into its folder",
            ),
            Ok(None) => self.report.wrong(
                RECOVERY_KEY,
                format!("{shown} can't be tried: the account keeps nothing that it could open"),
                "restart the bot: it sets up recovery anew and writes the new key into that file",
            ),
            Err(problem) => self.report.unseen(RECOVERY_KEY, format!("{shown} whether it fits: {problem}")),
        }
    }

    /// Whether room keys are backed up, so that a lost folder costs no messages.
    pub(super) async fn key_backup(&mut self, token: &str) {
        if self.is_stopped(KEY_BACKUP) {
            return;
        }
        let answer = self.wire.ask(Method::GET, &["v3", "room_keys", "version"], None, Some(token)).await;
        match answer {
            Ok(answer) if answer.is_good() => {
                let count = answer.body.get("count").and_then(Value::as_i64).unwrap_or_default();
                self.report.good(KEY_BACKUP, format!("on, with {count} room keys"));
            }
            Ok(answer) if answer.status == 404 && self.is_new => {
                self.report.good(KEY_BACKUP, "none yet; the bot turns it on at its first start");
            }
            Ok(answer) if answer.status == 404 => self.report.wrong(
                KEY_BACKUP,
                "off: if the bot's folder is lost, what waits for an answer then can't be read any more",
                "restart the bot and read its log; it turns the backup on if it has the recovery key",
            ),
            Ok(answer) => self.report.unseen(KEY_BACKUP, answer.no()),
            Err(problem) => self.report.unseen(KEY_BACKUP, problem),
        }
    }

    /// How the account describes the key of its secret storage, if it has one.
    async fn secret_storage(&self, token: &str) -> Result<Option<SecretStorageKeyEventContent>, String> {
        let Some(default) = self.account_data(DEFAULT_KEY_TYPE, token).await? else { return Ok(None) };
        let Some(key_id) = default.get("key").and_then(Value::as_str) else { return Ok(None) };
        let kind = format!("{KEY_TYPE_PREFIX}{key_id}");
        let Some(description) = self.account_data(&kind, token).await? else { return Ok(None) };
        let raw = serde_json::value::to_raw_value(&description).map_err(|error| error.to_string())?;
        SecretStorageKeyEventContent::from_parts(&kind, &raw).map(Some).map_err(|error| quoted(&error.to_string()))
    }

    fn has_recovery_key(&self) -> bool {
        self.matrix.recovery_key.is_some() || recovery_key_file(self.matrix).exists()
    }

    async fn account_data(&self, kind: &str, token: &str) -> Result<Option<Value>, String> {
        let path = ["v3", "user", &self.matrix.user_id, "account_data", kind];
        let answer = self.wire.ask(Method::GET, &path, None, Some(token)).await?;
        match answer.status {
            _ if answer.is_good() => Ok(Some(answer.body)),
            404 => Ok(None),
            _ => Err(answer.no()),
        }
    }
}

#[cfg(test)]
mod tests {
    use matrix_sdk::encryption::vodozemac::Ed25519SecretKey;

    use super::*;

    const BOT: &str = "@lamplighter:example.org";

    fn signed(mut object: Value, with: &Ed25519SecretKey) -> Value {
        let canonical = CanonicalJsonValue::try_from(object.clone()).expect("canonical JSON").to_string();
        let signer = format!("ed25519:{}", with.public_key().to_base64());
        object["signatures"] = json!({ BOT: { signer: with.sign(canonical.as_bytes()).to_base64() } });
        object
    }

    fn cross_signing_key(key: &Ed25519SecretKey) -> Value {
        let public = key.public_key().to_base64();
        json!({ "user_id": BOT, "usage": ["x"], "keys": { format!("ed25519:{public}"): public } })
    }

    #[test]
    fn only_a_device_signed_by_the_identity_is_trusted() {
        let secret = Ed25519SecretKey::new;
        let (master, self_signing, stranger) = (secret(), secret(), secret());
        let device = json!({ "user_id": BOT, "device_id": "LL1", "keys": { "ed25519:LL1": "x" }, "algorithms": [] });
        let keys = |self_signing_key: Value, device: Value| {
            json!({
                "master_keys": { BOT: cross_signing_key(&master) },
                "self_signing_keys": { BOT: self_signing_key },
                "device_keys": { BOT: { "LL1": device } },
            })
        };
        let good = signed(cross_signing_key(&self_signing), &master);
        let all = keys(good.clone(), signed(device.clone(), &self_signing));
        assert_eq!(trust(&all, BOT, "LL1"), Trust::Trusted);
        assert_eq!(trust(&all, BOT, "LL2"), Trust::NoDevice);
        assert_eq!(trust(&json!({}), BOT, "LL1"), Trust::NoIdentity);
        assert_eq!(trust(&keys(good.clone(), device.clone()), BOT, "LL1"), Trust::Unsigned);
        assert_eq!(trust(&keys(good.clone(), signed(device.clone(), &stranger)), BOT, "LL1"), Trust::Unsigned);
        let mut changed = signed(device.clone(), &self_signing);
        changed["keys"]["ed25519:LL1"] = json!("y");
        assert_eq!(trust(&keys(good, changed), BOT, "LL1"), Trust::Unsigned);
        let forged = signed(cross_signing_key(&stranger), &stranger);
        assert_eq!(trust(&keys(forged, signed(device, &stranger)), BOT, "LL1"), Trust::Broken);
    }
}
