//! Which key stands where, what it means and what it is if absent: docs/PROTOCOL.md, "Program", as code.
//! Every field of a table is read before the first `?`, so that one error never hides another.
//! Not here: walking and collecting (`reader`), checks of single texts (`values`).

use std::net::SocketAddr;
use std::path::Path;

use toml::de::DeTable;

use crate::error::ConfigErrors;
use crate::reader::{Checked, Node, Report, Table, text, texts};
use crate::{
    ACCESS_TOKEN_VARIABLE, Community, Config, DEFAULT_KEEP_TEXTS_DAYS, DEFAULT_ROOMS, DEFAULT_TIME_ZONE, Database,
    Environment, Evening, Language, LogFormat, Login, MAX_KEEP_TEXTS_DAYS, MAX_PER_DAY, MAX_POINTS, MAX_ROOMS,
    MIN_KEEP_TEXTS_DAYS, MatrixConfig, PASSWORD_VARIABLE, PointsRules, RECOVERY_KEY_VARIABLE, Rule,
    STORE_PASSPHRASE_VARIABLE, Secret, StorageConfig, values,
};

const ROOT: &[&str] = &["matrix", "storage", "monitoring", "log", "community"];
const MATRIX: &[&str] = &[
    "homeserver",
    "user_id",
    "password",
    "password_file",
    "access_token",
    "device_id",
    "store",
    "store_passphrase",
    "recovery_key",
    "invites",
    "ignore",
    "rooms_max",
];
const STORAGE: &[&str] = &["url", "keep_texts_days"];
const MONITORING: &[&str] = &["listen", "allow_remote"];
const LOG: &[&str] = &["format"];
const COMMUNITY: &[&str] = &["id", "name", "time_zone", "language", "stewards", "evening", "points"];
const EVENING: &[&str] = &["workdays", "rest_days", "digest"];
const POINTS: &[&str] = &["wish_fulfilled", "poll_answered"];
const RULE: &[&str] = &["points", "per_day"];

const DEFAULT_STORE: &str = "matrix-store";
const DEFAULT_DATABASE: &str = "lamplighter.db";

/// What paths and secrets are resolved against.
struct Surroundings<'a> {
    folder: &'a Path,
    environment: Environment<'a>,
}

/// The whole file.
pub(crate) fn read(source: &str, file: &Path, environment: Environment<'_>) -> Result<Config, ConfigErrors> {
    let report = Report::new(file, source);
    let document = match DeTable::parse(source) {
        Ok(document) => document,
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            let reported = report.add(offset, "", format!("not valid TOML: {}", error.message()));
            return report.finish(Err(reported));
        }
    };
    let around = Surroundings { folder: file.parent().unwrap_or(Path::new("")), environment };
    let config = read_root(&Table::root(&report, &document, ROOT), file, &around);
    report.finish(config)
}

fn read_root(root: &Table<'_>, file: &Path, around: &Surroundings<'_>) -> Checked<Config> {
    let matrix = root.optional("matrix", |node| read_matrix(node, around));
    let default_database = Database::File(around.folder.join(DEFAULT_DATABASE));
    let storage = root.optional("storage", |node| {
        let storage = node.table(STORAGE)?;
        let url = storage.optional("url", text(|url| values::database(url, around.folder)));
        let days = MIN_KEEP_TEXTS_DAYS..=MAX_KEEP_TEXTS_DAYS;
        let keep_texts_days = storage.or("keep_texts_days", DEFAULT_KEEP_TEXTS_DAYS, |node| node.integer(days));
        Ok((url?, keep_texts_days?))
    });
    let monitoring = root.optional("monitoring", read_monitoring);
    let log =
        root.optional("log", |node| node.table(LOG)?.or("format", LogFormat::default(), text(values::log_format)));
    let mut ids = Vec::new();
    let example = "a [[community]] table with id and name";
    let communities = root.required("community", example, |node| {
        if node.is_empty_list() {
            return Err(node.fail("must hold at least one community"));
        }
        node.list(|node| read_community(node, &mut ids))
    });
    let (url, keep_texts_days) = storage?.unwrap_or((None, DEFAULT_KEEP_TEXTS_DAYS));
    let database = url.unwrap_or(default_database);
    Ok(Config {
        file: file.to_owned(),
        matrix: matrix?,
        storage: StorageConfig { database, keep_texts_days },
        monitoring: monitoring?.flatten(),
        log: log?.unwrap_or_default(),
        communities: communities?,
    })
}

/// Figures hold nothing private, but how busy a building is concerns nobody outside: another address than this machine's
/// must be meant.
fn read_monitoring(node: Node<'_>) -> Checked<Option<SocketAddr>> {
    let monitoring = node.table(MONITORING)?;
    let listen = monitoring.optional("listen", text(values::address));
    let allow_remote = monitoring.or("allow_remote", false, Node::truth);
    let (listen, allow_remote) = (listen?, allow_remote?);
    if let Some(address) = listen
        && !address.ip().is_loopback()
        && !allow_remote
    {
        let message = format!(
            "{address} can be reached from other machines; if that is meant (inside a container, say), add \
             allow_remote = true, else listen on 127.0.0.1"
        );
        return Err(monitoring.fail("listen", message));
    }
    Ok(listen)
}

fn read_matrix(node: Node<'_>, around: &Surroundings<'_>) -> Checked<MatrixConfig> {
    let matrix = node.table(MATRIX)?;
    let example = "homeserver = \"https://…\"";
    let homeserver = matrix.required("homeserver", example, text(values::homeserver));
    let example = "user_id = \"@lamplighter:…\"";
    let user_id = matrix.required("user_id", example, text(values::user_id));
    let login = read_login(&matrix, around);
    let store = matrix.or("store", DEFAULT_STORE.to_owned(), text(values::line));
    let in_file = matrix.optional("store_passphrase", text(values::secret));
    let in_environment = (around.environment)(STORE_PASSPHRASE_VARIABLE).map(Secret::new);
    let key_in_file = matrix.optional("recovery_key", text(values::secret));
    let key_in_environment = (around.environment)(RECOVERY_KEY_VARIABLE).map(Secret::new);
    let invites = matrix.or("invites", Vec::new(), texts(values::id_pattern));
    let ignore = matrix.or("ignore", Vec::new(), texts(values::person));
    let rooms_max = matrix.or("rooms_max", DEFAULT_ROOMS, |node| node.integer(1..=MAX_ROOMS));
    Ok(MatrixConfig {
        homeserver: homeserver?,
        user_id: user_id?,
        login: login?,
        store: around.folder.join(store?),
        store_passphrase: in_environment.or(in_file?),
        recovery_key: key_in_environment.or(key_in_file?),
        invites: invites?,
        ignore: ignore?,
        rooms_max: rooms_max?,
    })
}

/// The environment's login if there is one, else the only one of the file.
fn read_login(matrix: &Table<'_>, around: &Surroundings<'_>) -> Checked<Login> {
    let password = matrix.optional("password", text(values::secret));
    let password_file = matrix.optional("password_file", text(values::line));
    let access_token = matrix.optional("access_token", text(values::secret));
    let device_id = matrix.optional("device_id", text(values::line));
    let in_file = (password?, password_file?, access_token?, device_id?);

    let password = (around.environment)(PASSWORD_VARIABLE).map(Secret::new);
    let access_token = (around.environment)(ACCESS_TOKEN_VARIABLE).map(Secret::new);
    // What wins hides the file's other logins; the device id has no variable of its own.
    let chosen = match (password, access_token) {
        (Some(_), Some(_)) => {
            let both = format!("set only one of {PASSWORD_VARIABLE} and {ACCESS_TOKEN_VARIABLE}");
            return Err(matrix.fail_whole(both));
        }
        (Some(password), None) => return Ok(Login::Password(password)),
        (None, Some(access_token)) => (None, None, Some(access_token), in_file.3),
        (None, None) => in_file,
    };
    match chosen {
        (Some(password), None, None, None) => Ok(Login::Password(password)),
        (None, Some(path), None, None) => read_password(&around.folder.join(path))
            .map(Login::Password)
            .map_err(|message| matrix.fail("password_file", message)),
        (None, None, Some(access_token), Some(device_id)) => Ok(Login::AccessToken { access_token, device_id }),
        (None, None, Some(_), None) => {
            let message = "missing; a token needs the id of the device that it was made for";
            Err(matrix.fail("device_id", message))
        }
        (None, None, None, _) => Err(matrix.fail_whole(format!(
            "no login; add password, password_file, or access_token with device_id, \
             or set {PASSWORD_VARIABLE}"
        ))),
        _ => Err(matrix.fail_whole(
            "more than one login; keep only password, or password_file, \
             or access_token with device_id",
        )),
    }
}

/// A password file without the line break that editors put at its end.
fn read_password(path: &Path) -> Result<Secret, String> {
    let bytes = crate::read_limited(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "the file must hold UTF-8 text")?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err("the file is empty; write the password into it".into()),
        password => Ok(Secret::new(password)),
    }
}

/// `ids` holds the ids of the communities read before.
fn read_community(node: Node<'_>, ids: &mut Vec<String>) -> Checked<Community> {
    let community = node.table(COMMUNITY)?;
    let new_id = |text: &str| {
        let id = values::community_id(text)?;
        if ids.contains(&id) {
            return Err("must differ from every other community's; it is used above".into());
        }
        ids.push(id.clone());
        Ok::<_, String>(id)
    };
    let id = community.required("id", "id = \"…\"", text(new_id));
    let name = community.required("name", "name = \"…\"", text(values::line));
    let time_zone = community.or("time_zone", DEFAULT_TIME_ZONE, text(values::time_zone));
    let language = community.or("language", Language::default(), text(values::language));
    let stewards = community.or("stewards", Vec::new(), texts(values::person));
    let evening = community.or("evening", Evening::default(), read_evening);
    let points = community.or("points", PointsRules::default(), read_points);
    Ok(Community {
        id: id?,
        name: name?,
        time_zone: time_zone?,
        language: language?,
        stewards: stewards?,
        evening: evening?,
        points: points?,
    })
}

fn read_evening(node: Node<'_>) -> Checked<Evening> {
    let evening = node.table(EVENING)?;
    let default = Evening::default();
    let workdays = evening.or("workdays", default.workdays, text(values::window));
    let rest_days = evening.or("rest_days", default.rest_days, text(values::window));
    let digest = evening.or("digest", default.digest, text(values::clock));
    for (name, window) in [("workdays", &workdays), ("rest_days", &rest_days)] {
        if let (Ok(window), Ok(digest)) = (window, &digest)
            && !window.contains(*digest)
        {
            let digest = digest.format("%H:%M");
            let message = format!("{digest} is outside {name}, {window}; it must lie in both");
            evening.fail("digest", message);
        }
    }
    Ok(Evening { workdays: workdays?, rest_days: rest_days?, digest: digest? })
}

fn read_points(node: Node<'_>) -> Checked<PointsRules> {
    let points = node.table(POINTS)?;
    let default = PointsRules::default();
    let wish_fulfilled = points.or("wish_fulfilled", default.wish_fulfilled, read_rule);
    let poll_answered = points.or("poll_answered", default.poll_answered, read_rule);
    Ok(PointsRules { wish_fulfilled: wish_fulfilled?, poll_answered: poll_answered? })
}

fn read_rule(node: Node<'_>) -> Checked<Rule> {
    let rule = node.table(RULE)?;
    let example = "points = 1, or 0 to turn the rule off";
    let points = rule.required("points", example, |node| node.integer(0..=MAX_POINTS));
    let per_day = rule.optional("per_day", |node| node.integer(1..=MAX_PER_DAY));
    Ok(Rule { points: points?, per_day: per_day? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example is the operator's manual: a key that it doesn't show doesn't exist for them.
    #[test]
    fn the_example_shows_every_key() {
        let example = include_str!("../lamplighter.example.toml");
        for key in [ROOT, MATRIX, STORAGE, MONITORING, LOG, COMMUNITY, EVENING, POINTS, RULE].concat() {
            let shown = example.lines().map(|line| line.trim_start_matches(['#', ' '])).any(|line| {
                line.starts_with(&format!("{key} = "))
                    || line
                        .strip_prefix('[')
                        .is_some_and(|header| header.split(['[', '.', ']']).any(|part| part == key))
            });
            assert!(shown, "{key}");
        }
    }
}
