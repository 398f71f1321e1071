//! The configuration as an operator meets it: files that are right, and every kind of mistake with its key and line.
//! Not here: the distance between keys and the keys of the example (beside the code).

use std::fs;
use std::path::Path;

use chrono::NaiveTime;
use lamplighter_config::*;

const COMMUNITY: &str = "[[community]]\nid = \"a\"\nname = \"A\"\n";
const ACCOUNT: &str = "[matrix]\nhomeserver = \"example.org\"\nuser_id = \"@b:example.org\"\n";

fn nothing_set(_: &str) -> Option<String> {
    None
}

fn parse_here(text: &str) -> Result<Config, ConfigErrors> {
    parse(text, Path::new("lamplighter.toml"), &nothing_set)
}

fn matrix_with(lines: &str, variables: &[(&str, &str)]) -> Result<MatrixConfig, ConfigErrors> {
    let environment = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
    let text = format!("{ACCOUNT}{lines}\n{COMMUNITY}");
    parse(&text, Path::new("/etc/lamp/lamplighter.toml"), &environment)?.require_matrix().cloned()
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of day")
}

/// The one error of a text, as "line: key: message".
fn only_error(result: Result<impl std::fmt::Debug, ConfigErrors>) -> String {
    let errors = result.expect_err("an error was expected");
    let [error] = errors.as_slice() else { panic!("one error was expected:\n{errors}") };
    let shown = error.to_string();
    shown.split_once("lamplighter.toml:").expect("the file's name").1.to_owned()
}

#[test]
fn absent_keys_have_the_defaults_of_the_contract() {
    let config = parse_here(COMMUNITY).expect("a config");
    assert_eq!(config.storage.database, Database::File("lamplighter.db".into()));
    let expected = Community { id: "a".into(), name: "A".into(), ..Community::console_default(Vec::new()) };
    assert_eq!(config.communities, [expected]);
    let community = &config.communities[0];
    assert_eq!(community.time_zone, chrono_tz::Asia::Shanghai);
    assert_eq!(community.language, Language::ZhCn);
    assert_eq!(community.evening.workdays.to_string(), "18:30-21:30");
    assert_eq!(community.evening.rest_days.to_string(), "09:30-21:30");
    assert_eq!(community.evening.digest, time(19, 30));
    assert_eq!(community.points.wish_fulfilled, Rule { points: 10, per_day: None });
    assert_eq!(community.points.poll_answered, Rule { points: 1, per_day: Some(2) });
    assert_eq!(only_error(config.require_matrix()).split(';').next(), Some("1: matrix: missing"));
}

#[test]
fn the_example_is_right_and_shows_the_defaults() {
    let example = include_str!("../lamplighter.example.toml");
    let config = parse_here(example).unwrap_or_else(|errors| panic!("{errors}"));
    let matrix = config.require_matrix().expect("[matrix]");
    assert_eq!(matrix.login, Login::Password(Secret::new("change me")));
    assert!(matrix.accepts_invitation_by("@li:example.org") && !matrix.accepts_invitation_by("@li:example.com"));
    let [community] = config.communities.as_slice() else { panic!("one community") };
    assert_eq!((community.evening, community.points), (Evening::default(), PointsRules::default()));
    assert_eq!(community.stewards, ["@steward:example.org"]);
}

#[test]
fn written_rules_and_windows_count() {
    let text = format!(
        "{COMMUNITY}language = \"en\"\ntime_zone = \"Europe/Berlin\"\nstewards = [\"王楼长\"]\n\
         evening = {{ workdays = \"17:00-20:00\", digest = \"17:00\" }}\n\
         [community.points.wish_fulfilled]\npoints = 0\n[community.points.poll_answered]\npoints = 0x3\n\
         [storage]\nurl = \"sqlite::memory:\"\n"
    );
    let config = parse_here(&text).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(config.storage.database, Database::Memory);
    let community = &config.communities[0];
    assert_eq!((community.language, community.time_zone), (Language::En, chrono_tz::Europe::Berlin));
    assert_eq!(community.points.wish_fulfilled, Rule { points: 0, per_day: None });
    assert_eq!(
        community.points.poll_answered,
        Rule { points: 3, per_day: None },
        "a written rule has no cap unless it says so"
    );
    assert_eq!(community.evening.digest, time(17, 0));
}

/// What follows a whole community (lines 1 to 3; `; ` breaks the line), and the start of the one error it makes.
const MISTAKES: &str = r#"
lang = 1 => 4: community[0].lang: unknown key; known here: id, name, time_zone, language, stewards
langage = 1 => 4: community[0].langage: unknown key; did you mean language?
[mtrix] => 4: mtrix: unknown key; did you mean matrix?
"a b" = 1 => 4: community[0]."a b": unknown key

language = 5 => 4: community[0].language: must be a text in quotes, not a whole number
stewards = "@a:b" => 4: community[0].stewards: must be a list in square brackets, not a text
stewards = [; "@a:b",; true] => 6: community[0].stewards[1]: must be a text in quotes, not true or false
evening = [] => 4: community[0].evening: must be a table, not a list
evening.digest = 19:30:00 => 4: community[0].evening.digest: must be a text in quotes, not a date or time
points.poll_answered.points = 1.5 => 4: community[0].points.poll_answered.points: must be a whole number from 0 to 1000, not a fraction
[storage]; url = {} => 5: storage.url: must be a text in quotes, not a table

time_zone = "Shanghai" => 4: community[0].time_zone: must be the name of a time zone
language = "de" => 4: community[0].language: must be one of zh-CN, zh-Hant, en
stewards = ["@wang"] => 4: community[0].stewards[0]: must be a full Matrix id
stewards = [" "] => 4: community[0].stewards[0]: must be one line of 1 to 255 characters
[community.evening]; workdays = "21:30-18:30" => 5: community[0].evening.workdays: must be a start before an end
[community.evening]; workdays = "20:00-20:00" => 5: community[0].evening.workdays: must be
[community.evening]; workdays = "18:30-24:00" => 5: community[0].evening.workdays: must be
[community.evening]; digest = "20" => 5: community[0].evening.digest: must be a time of day
[community.evening]; digest = "+9:30" => 5: community[0].evening.digest: must be a time of day
[community.evening]; digest = "10:00" => 5: community[0].evening.digest: 10:00 is outside workdays, 18:30-21:30;
[community.evening]; rest_days = "09:30-12:00" => 4: community[0].evening.digest: 19:30 is outside rest_days, 09:30-12:00;
points.wish_fulfilled.points = 1001 => 4: community[0].points.wish_fulfilled.points: must be a whole number from 0 to 1000
points.wish_fulfilled.points = -1 => 4: community[0].points.wish_fulfilled.points: must be
points.wish_fulfilled = { points = 1, per_day = 0 } => 4: community[0].points.wish_fulfilled.per_day: must be a whole number from 1
[[community]]; name = "B"; id = "a" => 6: community[1].id: must differ
[[community]]; name = "B"; id = "Bad Id" => 6: community[1].id: must be 1 to 32 of the characters
[storage]; url = "postgres://x" => 5: storage.url: must be "sqlite://"
[storage]; url = "sqlite://x?mode=ro" => 5: storage.url: must be

; [[community]]; id = "b" => 5: community[1].name: missing; add name =
[community.points.poll_answered]; per_day = 2 => 4: community[0].points.poll_answered.points: missing
; [matrix; a = 1 => 5: not valid TOML:
"#;

#[test]
fn each_mistake_names_line_and_key() {
    let after_a_community = MISTAKES.lines().filter(|line| !line.is_empty()).map(|line| {
        let (text, expected) = line.split_once(" => ").expect("text => error");
        (format!("{COMMUNITY}{}\n", text.replace("; ", "\n")), expected)
    });
    let alone = [
        ("", "1: community: missing; add a [[community]] table"),
        ("community = []", "1: community: must hold at least one"),
        ("\n[community]", "2: community: one of several; write its header as [[community]]"),
    ];
    let alone = alone.map(|(text, expected)| (text.to_owned(), expected));
    for (text, expected) in after_a_community.chain(alone) {
        let error = only_error(parse_here(&text));
        assert!(error.starts_with(expected), "{text}\n-> {error}\nnot {expected}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_order_of_the_file() {
    let text = "[[community]]\nid = 7\ncolour = \"red\"\n\n[community.evening]\nworkdays = \"late\"\ndigest = \"25:00\"\n\n\
                [matrix]\nhomeserver = \"ftp://x\"\nuser_id = \"lamplighter\"\ninvites = [\"example.org\"]\nignore = [\"bot:example.org\"]\n\
                password = 12345\n\n[storage]\nulr = \"sqlite://x\"\n";
    let errors = parse_here(text).expect_err("mistakes");
    let places: Vec<_> =
        errors.as_slice().iter().map(|error| (error.line.unwrap_or_default(), error.key.as_str())).collect();
    assert_eq!(
        places,
        [
            (1, "community[0].name"),
            (2, "community[0].id"),
            (3, "community[0].colour"),
            (6, "community[0].evening.workdays"),
            (7, "community[0].evening.digest"),
            (10, "matrix.homeserver"),
            (11, "matrix.user_id"),
            (12, "matrix.invites[0]"),
            (13, "matrix.ignore[0]"),
            (14, "matrix.password"),
            (17, "storage.ulr"),
        ]
    );
    let shown = errors.to_string();
    assert_eq!(shown.lines().count(), places.len());
    assert!(shown.lines().all(|line| line.starts_with("lamplighter.toml:")), "{shown}");
    assert!(!shown.contains("12345"), "a secret is never repeated");
}

#[test]
fn exactly_one_login_and_the_environment_wins() {
    let token = |token: &str| Login::AccessToken { access_token: Secret::new(token), device_id: "D".into() };
    let password = |password: &str| Login::Password(Secret::new(password));
    let (by_password, by_token) = ("password = \"file\"", "access_token = \"file\"\ndevice_id = \"D\"");
    let env_password = (PASSWORD_VARIABLE, "env");
    let env_token = (ACCESS_TOKEN_VARIABLE, "env");
    for (lines, variables, expected) in [
        (by_password, vec![], Ok(password("file"))),
        (by_token, vec![], Ok(token("file"))),
        (by_password, vec![env_password], Ok(password("env"))),
        (by_password, vec![(PASSWORD_VARIABLE, "")], Ok(password("file"))),
        (by_token, vec![env_password], Ok(password("env"))),
        ("", vec![env_password], Ok(password("env"))),
        ("password_file = \"none\"", vec![env_password], Ok(password("env"))),
        (by_token, vec![env_token], Ok(token("env"))),
        ("password = \"file\"\ndevice_id = \"D\"", vec![env_token], Ok(token("env"))),
        (by_password, vec![env_token], Err("1: matrix.device_id: missing;")),
        ("access_token = \"file\"", vec![], Err("1: matrix.device_id: missing;")),
        ("", vec![], Err("1: matrix: no login;")),
        ("device_id = \"D\"", vec![], Err("1: matrix: no login;")),
        ("password = \"file\"\npassword_file = \"x\"", vec![], Err("1: matrix: more than one login;")),
        ("password = \"file\"\ndevice_id = \"D\"", vec![], Err("1: matrix: more than one login;")),
        (by_token, vec![env_password, env_token], Err("1: matrix: set only one of")),
        ("password = \"\"", vec![], Err("4: matrix.password: must not be empty")),
        ("password_file = \"none\"", vec![], Err("4: matrix.password_file: cannot be read:")),
    ] {
        match (matrix_with(lines, &variables), expected) {
            (Ok(matrix), Ok(login)) => assert_eq!(matrix.login, login),
            (Err(errors), Err(expected)) => {
                let error = only_error(Err::<(), _>(errors));
                assert!(error.starts_with(expected), "{lines}\n-> {error}");
            }
            (result, _) => panic!("{lines} {variables:?}\n-> {result:?}"),
        }
    }
}

#[test]
fn how_long_texts_are_kept() {
    let days = |line: &str| parse_here(&format!("[storage]\n{line}\n{COMMUNITY}")).map(|c| c.storage.keep_texts_days);
    for (line, expected) in [("", 14), ("keep_texts_days = 3", 3), ("keep_texts_days = 365", 365)] {
        assert_eq!(days(line).unwrap_or_else(|errors| panic!("{errors}")), expected);
    }
    for line in ["keep_texts_days = 2", "keep_texts_days = 366", "keep_texts_days = -1", "keep_texts_days = \"14\""] {
        let error = only_error(days(line));
        assert!(error.contains("2: storage.keep_texts_days: ") && error.contains("from 3 to 365"), "{error}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let lines = "access_token = \"hush\"\ndevice_id = \"D\"\nstore_passphrase = \"hush\"\nrecovery_key = \"hush\"";
    let matrix = matrix_with(lines, &[]).expect("a config");
    assert_eq!(matrix.store_passphrase.as_ref().map(Secret::expose), Some("hush"));
    assert_eq!(matrix.recovery_key.as_ref().map(Secret::expose), Some("hush"));
    let shown = format!("{matrix:?}");
    assert!(shown.contains("***") && !shown.contains("hush"), "{shown}");
    let matrix = matrix_with(lines, &[(STORE_PASSPHRASE_VARIABLE, "env")]).expect("a config");
    assert_eq!(matrix.store_passphrase, Some(Secret::new("env")));
    let matrix = matrix_with(lines, &[(RECOVERY_KEY_VARIABLE, "env")]).expect("a config");
    assert_eq!(matrix.recovery_key, Some(Secret::new("env")));
    // An unclosed quote, a token without quotes, and a secret in the wrong place.
    for lines in
        ["password = \"hush", "password = hush", "password = [\"hush\"]", "user_id = \"hush\"", "store = \"hush\\q\""]
    {
        let errors = matrix_with(lines, &[]).expect_err("a mistake").to_string();
        assert!(!errors.contains("hush"), "{errors}");
    }
}

#[test]
fn homeservers() {
    let good = "example.org example.org:8448 [::1]:8008 http://127.0.0.1:8008 https://a.example.org/";
    let bad = "https:// ftp://example.org example.org/path https://me:secret@example.org :80";
    let text = |homeserver: &str| {
        format!("[matrix]\nhomeserver = \"{homeserver}\"\nuser_id = \"@b:c\"\npassword = \"p\"\n{COMMUNITY}")
    };
    for homeserver in good.split(' ') {
        parse_here(&text(homeserver)).unwrap_or_else(|errors| panic!("{errors}"));
    }
    for homeserver in bad.split(' ').chain(["", "example org"]) {
        let error = only_error(parse_here(&text(homeserver)));
        assert!(error.starts_with("2: matrix.homeserver: must be a URL"), "{homeserver}: {error}");
    }
}

#[test]
fn files_are_relative_to_the_configuration() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lamplighter.toml");
    let text = format!(
        "{ACCOUNT}password_file = \"secret/password\"\nstore = \"keys\"\n[storage]\nurl = \"sqlite://data/l.db\"\n{COMMUNITY}"
    );
    fs::write(&file, text).expect("written");
    fs::create_dir(folder.path().join("secret")).expect("made");
    fs::write(folder.path().join("secret/password"), " pass word \r\n").expect("written");
    let config = load(&file, &nothing_set).unwrap_or_else(|errors| panic!("{errors}"));
    let matrix = config.require_matrix().expect("[matrix]");
    assert_eq!(matrix.login, Login::Password(Secret::new(" pass word ")));
    assert_eq!(matrix.store, folder.path().join("keys"));
    assert_eq!(config.storage.database, Database::File(folder.path().join("data/l.db")));

    fs::write(folder.path().join("secret/password"), "\n").expect("written");
    assert!(only_error(load(&file, &nothing_set)).starts_with("4: matrix.password_file: the file is empty"));

    let absolute = format!("[storage]\nurl = \"sqlite:///data/l.db\"\n{COMMUNITY}");
    assert_eq!(parse_here(&absolute).expect("a config").storage.database, Database::File("/data/l.db".into()));
}

#[test]
fn files_that_cannot_be_read_are_one_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lamplighter.toml");
    assert!(only_error(load(&file, &nothing_set)).starts_with(" cannot be read: "));
    fs::write(&file, b"# fine\n# \xff\n").expect("written");
    assert!(only_error(load(&file, &nothing_set)).starts_with("2: not UTF-8"));
    fs::write(&file, vec![b'\n'; usize::try_from(MAX_FILE_BYTES).expect("fits") + 1]).expect("written");
    assert!(only_error(load(&file, &nothing_set)).contains("more than 1048576 bytes"));
}

#[test]
fn patterns_match_whole_ids() {
    for (pattern, id, expected) in [
        ("@*:example.org", "@li:example.org", true),
        ("@*:example.org", "@:example.org", true),
        ("@*:example.org", "@li:example.org.evil", false),
        ("@*:example.org", "li:example.org", false),
        ("@li:example.org", "@li:example.org", true),
        ("@li:example.org", "@li:example.orgx", false),
        ("@*li*:*.org", "@xlilix:a.org", true),
        ("@*ab*ab*", "@ab", false),
        ("@*ab*ab*", "@abab", true),
        ("@a*a", "@a", false),
        ("*", "@李:example.org", true),
    ] {
        let parsed = IdPattern::new(pattern).expect("a pattern");
        assert_eq!(parsed.matches(id), expected, "{pattern} {id}");
    }
    for impossible in ["", "example.org", "@li", "@a b:c"] {
        assert_eq!(IdPattern::new(impossible), None, "{impossible}");
    }
}

#[test]
fn windows_are_half_open() {
    let window = Window::new(time(18, 30), time(21, 30)).expect("a window");
    for (at, inside) in [(time(18, 29), false), (time(18, 30), true), (time(21, 29), true), (time(21, 30), false)] {
        assert_eq!(window.contains(at), inside, "{at}");
    }
    assert_eq!((window.start(), window.end()), (time(18, 30), time(21, 30)));
    assert_eq!(Window::new(time(9, 0), time(9, 0)), None);
}

#[test]
fn health_and_figures_stay_on_this_machine_unless_something_else_is_meant() {
    assert_eq!(parse_here(COMMUNITY).expect("a config").monitoring, None);
    let monitoring = |lines: &str| parse_here(&format!("[monitoring]\n{lines}\n{COMMUNITY}"));
    let listens = |lines: &str| monitoring(lines).unwrap_or_else(|errors| panic!("{errors}")).monitoring;
    assert_eq!(listens(""), None);
    assert_eq!(
        listens("listen = \"127.0.0.1:9464\"").map(|address| address.to_string()).as_deref(),
        Some("127.0.0.1:9464")
    );
    assert_eq!(listens("listen = \"[::1]:0\"").map(|address| address.port()), Some(0));
    assert!(listens("listen = \"0.0.0.0:9464\"\nallow_remote = true").is_some());
    for lines in ["listen = \"0.0.0.0:9464\"", "listen = \"192.168.1.2:9464\"\nallow_remote = false"] {
        let error = only_error(monitoring(lines));
        assert!(error.starts_with("2: monitoring.listen: ") && error.contains("allow_remote = true"), "{error}");
    }
    let error = only_error(monitoring("listen = \"localhost:9464\""));
    assert!(error.starts_with("2: monitoring.listen: must be an address and a port"), "{error}");
    let error = only_error(monitoring("allow_remote = \"yes\""));
    assert_eq!(error, "2: monitoring.allow_remote: must be true or false, without quotes, not a text");
}

#[test]
fn the_log_is_text_or_json() {
    let log = |lines: &str| parse_here(&format!("[log]\n{lines}\n{COMMUNITY}"));
    assert_eq!(parse_here(COMMUNITY).expect("a config").log, LogFormat::Text);
    assert_eq!(log("").expect("a config").log, LogFormat::Text);
    assert_eq!(log("format = \"json\"").expect("a config").log, LogFormat::Json);
    assert_eq!(only_error(log("format = \"xml\"")), "2: log.format: must be one of text, json");
}
