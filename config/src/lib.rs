//! Lamplighter's configuration: the TOML file and the environment become typed values, checked once, so that the
//! rest of the program never meets a wrong one. The keys are those of docs/PROTOCOL.md, "Program".
//!
//! Here: the types and the two entrances, [`load`] and [`parse`]. `schema` says which key stands where, `reader`
//! walks the file and collects every error, `values` holds the small checked types, `error` what is told to the
//! operator. Not here: connecting, creating folders or databases, the command line.

mod error;
mod reader;
mod schema;
mod values;

use std::fs::File;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::NaiveTime;
use chrono_tz::Tz;

pub use error::{ConfigError, ConfigErrors};
pub use values::{IdPattern, Secret, Window};

/// Environment variable with the bot's password; wins over every login in the file (docs/PROTOCOL.md, Program).
pub const PASSWORD_VARIABLE: &str = "LAMPLIGHTER_MATRIX_PASSWORD";
/// Environment variable with an access token; wins over every login in the file, which still names the `device_id`.
pub const ACCESS_TOKEN_VARIABLE: &str = "LAMPLIGHTER_MATRIX_ACCESS_TOKEN";
/// Environment variable with the passphrase of the Matrix store; wins over `store_passphrase`.
pub const STORE_PASSPHRASE_VARIABLE: &str = "LAMPLIGHTER_STORE_PASSPHRASE";

/// Environment variable with the recovery key of the account; wins over `recovery_key`.
pub const RECOVERY_KEY_VARIABLE: &str = "LAMPLIGHTER_RECOVERY_KEY";

/// Largest configuration or password file that is read, in bytes; a larger one is the wrong file.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;
/// Most points that one rule may pay at once; a larger number is a slip of the keyboard.
pub const MAX_POINTS: u32 = 1000;
/// Largest daily cap of a rule, in payments; whoever wants more leaves `per_day` out.
pub const MAX_PER_DAY: u32 = 1000;
/// In how many group rooms a bot can be at most, whatever the config says: a private message looks for common rooms among
/// all of them.
pub const MAX_ROOMS: u32 = 1000;
/// In how many it is at most if the config says nothing: the buildings of a street, their interest groups, and some more.
pub const DEFAULT_ROOMS: u32 = 200;
/// Longest community id, in characters; it stands in front of every row of the database.
pub const MAX_ID_CHARS: usize = 32;
/// Longest name or Matrix id, in characters; Matrix allows ids of 255 bytes.
pub const MAX_NAME_CHARS: usize = 255;

/// For how many days texts of messages are kept if nothing is said: long enough to look into what somebody complains of.
pub const DEFAULT_KEEP_TEXTS_DAYS: u32 = 14;
/// Fewest days: an event must be known again for as long as the homeserver may show it a second time, and the bot may have
/// been down over a weekend.
pub const MIN_KEEP_TEXTS_DAYS: u32 = 3;
/// Most days: whoever wants texts for longer wants an archive, which the bot is not.
pub const MAX_KEEP_TEXTS_DAYS: u32 = 365;

/// How the environment is read: the name of a variable to its value. An empty value counts as not set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Everything that can be configured, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file it came from, for messages.
    pub file: PathBuf,
    /// The bot's account; see [`Config::require_matrix`].
    pub matrix: Option<MatrixConfig>,
    /// Where the bot keeps its own data.
    pub storage: StorageConfig,
    /// Where health and figures are told, `[monitoring] listen`; None = nowhere.
    pub monitoring: Option<SocketAddr>,
    /// How the log is written, `[log] format`.
    pub log: LogFormat,
    /// One or more, with different ids, in the order of the file.
    pub communities: Vec<Community>,
}

impl Config {
    /// The `[matrix]` table, for `run` and `doctor`, which can't do without it.
    ///
    /// # Errors
    /// The table is missing from the file.
    pub fn require_matrix(&self) -> Result<&MatrixConfig, ConfigErrors> {
        self.matrix.as_ref().ok_or_else(|| {
            ConfigErrors::one(ConfigError {
                file: self.file.clone(),
                line: Some(1),
                key: "matrix".into(),
                message: "missing; add a [matrix] table with homeserver, user_id and a password".into(),
            })
        })
    }
}

/// The bot's account on its homeserver, `[matrix]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixConfig {
    /// An http(s) URL, or a server name to be discovered.
    pub homeserver: String,
    /// `@local:server`.
    pub user_id: String,
    /// How the bot signs in.
    pub login: Login,
    /// Folder of the Matrix session and its keys, relative to the file's folder; default `matrix-store`.
    pub store: PathBuf,
    /// Encrypts that folder, if given.
    pub store_passphrase: Option<Secret>,
    /// Opens the account's secret storage, if given: identity and key backup come back from there after the folder is lost.
    pub recovery_key: Option<Secret>,
    /// Whose invitations are accepted; empty = nobody's.
    pub invites: Vec<IdPattern>,
    /// Who is never answered (other bots).
    pub ignore: Vec<String>,
    /// In how many group rooms the bot is at most; further invitations are declined.
    pub rooms_max: u32,
}

impl MatrixConfig {
    /// Whether an invitation by this Matrix id is accepted (docs/PROTOCOL.md, Program, `invites`).
    pub fn accepts_invitation_by(&self, user_id: &str) -> bool {
        self.invites.iter().any(|pattern| pattern.matches(user_id))
    }
}

/// The one way in which the bot signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// From the environment, `password` or the file named by `password_file`.
    Password(Secret),
    /// A session made elsewhere.
    AccessToken {
        /// From the environment or `access_token`.
        access_token: Secret,
        /// The device that the token belongs to; its keys can't be found without it.
        device_id: String,
    },
}

/// Where the bot keeps its own data, `[storage]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageConfig {
    /// From `url`; default `sqlite://lamplighter.db`.
    pub database: Database,
    /// For how many days texts of messages are kept once they are sent; default [`DEFAULT_KEEP_TEXTS_DAYS`].
    pub keep_texts_days: u32,
}

/// A database, created if missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file; a relative path has been put under the configuration file's folder.
    File(PathBuf),
    /// SQLite in memory, gone at the end of the program.
    Memory,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people, and for systemd's journal.
    #[default]
    Text,
    /// One JSON object a line, for collectors of logs.
    Json,
}

impl LogFormat {
    /// Both, for tables and tests.
    pub const ALL: [Self; 2] = [Self::Text, Self::Json];

    /// The name in the file.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

/// One `[[community]]`: people, rooms and one ledger of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Community {
    /// `[a-z0-9_-]{1,32}`, different from every other's; stays for ever, the database refers to it.
    pub id: String,
    /// As people read it.
    pub name: String,
    /// In which its days, windows and clock times are meant; never the machine's.
    pub time_zone: Tz,
    /// In which the bot speaks where a room or person has chosen nothing else.
    pub language: Language,
    /// Matrix ids; in the console plain names too.
    pub stewards: Vec<String>,
    /// When unasked things go out.
    pub evening: Evening,
    /// What is paid for what.
    pub points: PointsRules,
}

/// Zone of a community that names none (docs/PROTOCOL.md, Program).
const DEFAULT_TIME_ZONE: Tz = Tz::Asia__Shanghai;

impl Community {
    /// The community of the console without `--config`: "console" (docs/PROTOCOL.md, Console).
    pub fn console_default(stewards: Vec<String>) -> Self {
        Self {
            id: "console".into(),
            name: "console".into(),
            time_zone: DEFAULT_TIME_ZONE,
            language: Language::default(),
            stewards,
            evening: Evening::default(),
            points: PointsRules::default(),
        }
    }
}

/// A language that the bot speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    ZhCn,
    /// Traditional Chinese, made from the simplified locale.
    ZhHant,
    /// English.
    En,
}

impl Language {
    /// Every language, for tables and tests.
    pub const ALL: [Self; 3] = [Self::ZhCn, Self::ZhHant, Self::En];

    /// The language with this name.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.tag() == tag)
    }

    /// The name in the file and of the locale (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::ZhHant => "zh-Hant",
            Self::En => "en",
        }
    }
}

/// When unasked things go out, in the community's zone (docs/PROTOCOL.md, Words).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evening {
    /// Window of Monday to Friday.
    pub workdays: Window,
    /// Window of Saturday and Sunday.
    pub rest_days: Window,
    /// When a room's digest is due; inside both windows.
    pub digest: NaiveTime,
}

impl Default for Evening {
    fn default() -> Self {
        values::DEFAULT_EVENING
    }
}

/// What is paid for what (docs/PROTOCOL.md, Program).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointsRules {
    /// To the helper, when the wisher confirms.
    pub wish_fulfilled: Rule,
    /// To everyone whose answer stands when a poll closes.
    pub poll_answered: Rule,
}

impl Default for PointsRules {
    fn default() -> Self {
        Self { wish_fulfilled: Rule { points: 10, per_day: None }, poll_answered: Rule { points: 1, per_day: Some(2) } }
    }
}

/// One rule that pays points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Paid each time, at most [`MAX_POINTS`]; 0 = the rule is off.
    pub points: u32,
    /// Most payments to one person on one day of the community's zone; None = no cap.
    pub per_day: Option<u32>,
}

/// Reads and checks a configuration file.
///
/// # Errors
/// The file can't be read, or everything that is wrong in it.
pub fn load(path: &Path, environment: Environment<'_>) -> Result<Config, ConfigErrors> {
    let whole_file =
        |line, message| ConfigErrors::one(ConfigError { file: path.to_owned(), line, key: String::new(), message });
    let bytes = read_limited(path).map_err(|message| whole_file(None, message))?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text, path, environment),
        Err(error) => {
            let line = reader::line_at(&bytes, error.valid_up_to());
            Err(whole_file(Some(line), "not UTF-8; save the file as UTF-8 text".into()))
        }
    }
}

/// Checks the text of a configuration file. `file_name` is named in errors, and its folder is where relative paths
/// start.
///
/// # Errors
/// Everything that is wrong, at once; of a text that is not TOML the first place.
pub fn parse(text: &str, file_name: &Path, environment: Environment<'_>) -> Result<Config, ConfigErrors> {
    let environment = |name: &str| environment(name).filter(|value| !value.is_empty());
    schema::read(text, file_name, &environment)
}

/// A whole file, or one sentence on why not.
fn read_limited(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("cannot be read: it has more than {MAX_FILE_BYTES} bytes"));
    }
    Ok(bytes)
}
