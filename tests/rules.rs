//! The rules that hold the house up (ARCHITECTURE.md), read off the sources line by line. Each rule is a function from
//! sources to a list of violations; each is shown a made-up snippet that breaks it, so that none passes by being blind.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A file, taken apart.
#[derive(Debug)]
struct Source {
    /// From the root of the workspace, with forward slashes.
    path: String,
    lines: Vec<Line>,
}

/// A line of a Rust file in the forms that the rules look at.
#[derive(Debug, Default)]
struct Line {
    number: usize,
    /// As it stands.
    raw: String,
    /// Without comments; literals are empty.
    code: String,
    /// The string literals that begin here.
    literals: Vec<String>,
    /// Belongs to something under `#[cfg(test)]`.
    test: bool,
}

impl Source {
    fn rust(path: &str, text: &str) -> Self {
        let mut source = Self { path: path.to_owned(), lines: take_apart(text) };
        mark_tests(&mut source.lines);
        source
    }

    /// Files that are tests from the first line on.
    fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    fn is_shipped(&self) -> bool {
        !self.is_test() && ["config/", "storage/", "commands/", "bot/"].iter().any(|crate_| self.is_in(crate_))
    }

    /// Lines that are shipped.
    fn shipped(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| self.is_shipped() && !line.test)
    }

    fn at(&self, line: &Line) -> String {
        format!("{}:{}: {}", self.path, line.number, line.raw.trim())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    Comment { depth: usize },
    Literal { hashes: Option<usize> },
}

/// Splits a Rust file into lines; comments and the insides of literals are no code.
fn take_apart(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut inside = Inside::Code;
    let mut literal = String::new();
    let mut literal_line = 0;
    let mut found: Vec<(usize, String)> = Vec::new();
    for (index, raw) in text.lines().enumerate() {
        let chars: Vec<char> = raw.chars().collect();
        let at = |place: usize| chars.get(place).copied().unwrap_or('\0');
        let mut code = String::new();
        let mut place = 0;
        while place < chars.len() {
            let c = at(place);
            match inside {
                Inside::Comment { depth } => {
                    if c == '*' && at(place + 1) == '/' {
                        inside = if depth == 1 { Inside::Code } else { Inside::Comment { depth: depth - 1 } };
                        place += 1;
                    } else if c == '/' && at(place + 1) == '*' {
                        inside = Inside::Comment { depth: depth + 1 };
                        place += 1;
                    }
                }
                Inside::Literal { hashes: None } => match c {
                    '\\' => {
                        literal.push(c);
                        literal.push(at(place + 1));
                        place += 1;
                    }
                    '"' => {
                        found.push((literal_line, std::mem::take(&mut literal)));
                        code.push('"');
                        inside = Inside::Code;
                    }
                    _ => literal.push(c),
                },
                Inside::Literal { hashes: Some(hashes) } => {
                    if c == '"' && (1..=hashes).all(|step| at(place + step) == '#') {
                        found.push((literal_line, std::mem::take(&mut literal)));
                        code.push('"');
                        place += hashes;
                        inside = Inside::Code;
                    } else {
                        literal.push(c);
                    }
                }
                Inside::Code => match c {
                    '/' if at(place + 1) == '/' => break,
                    '/' if at(place + 1) == '*' => {
                        inside = Inside::Comment { depth: 1 };
                        place += 1;
                    }
                    '"' => {
                        code.push('"');
                        literal_line = index;
                        inside = Inside::Literal { hashes: None };
                    }
                    'r' if !code.ends_with(|c: char| c.is_alphanumeric() && c != 'b' || c == '_') => {
                        let hashes = chars.iter().skip(place + 1).take_while(|c| **c == '#').count();
                        if at(place + 1 + hashes) == '"' {
                            code.push('"');
                            literal_line = index;
                            inside = Inside::Literal { hashes: Some(hashes) };
                            place += 1 + hashes;
                        } else {
                            code.push(c);
                        }
                    }
                    // A character literal, unless it is a lifetime.
                    '\'' if at(place + 1) == '\\' => {
                        place += 2;
                        while place < chars.len() && at(place + 1) != '\'' {
                            place += 1;
                        }
                        place += 1;
                        code.push_str("''");
                    }
                    '\'' if at(place + 2) == '\'' => {
                        place += 2;
                        code.push_str("''");
                    }
                    _ => code.push(c),
                },
            }
            place += 1;
        }
        if matches!(inside, Inside::Literal { .. }) {
            literal.push('\n');
        }
        lines.push(Line { number: index + 1, raw: raw.to_owned(), code, ..Line::default() });
    }
    for (index, literal) in found {
        if let Some(line) = lines.get_mut(index) {
            line.literals.push(literal);
        }
    }
    lines
}

/// Marks what stands under `#[cfg(test)]`, up to the brace that closes it.
fn mark_tests(lines: &mut [Line]) {
    let mut depth: i64 = 0;
    let mut pending = false;
    let mut until: Option<i64> = None;
    for line in lines {
        let code = line.code.clone();
        if until.is_none() && code.trim() == "#[cfg(test)]" {
            pending = true;
        }
        line.test = pending || until.is_some();
        for c in code.chars() {
            match c {
                '{' => {
                    if pending {
                        until = Some(depth);
                        pending = false;
                    }
                    depth += 1;
                }
                '}' => {
                    depth -= 1;
                    if until == Some(depth) {
                        until = None;
                    }
                }
                ';' if pending => pending = false,
                _ => {}
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether the code names this word (or path) as a whole.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let (before, rest) = code.split_at(at);
        let after = rest.split_at(word.len()).1;
        let goes_on_before = before.ends_with(is_word) && word.starts_with(is_word);
        let goes_on_after = after.starts_with(is_word) && word.ends_with(is_word);
        !goes_on_before && !goes_on_after
    })
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files of the workspace with this ending, as (path from the root, text).
fn files(ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, prefix: &str, ending: &str, found: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> =
            fs::read_dir(folder).expect("a folder of the workspace").map(|entry| entry.expect("an entry")).collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.path().is_dir() {
                if name != "target" && !name.starts_with('.') {
                    walk(&entry.path(), &format!("{path}/"), ending, found);
                }
            } else if name.ends_with(ending) {
                let text = fs::read_to_string(entry.path()).unwrap_or_else(|error| panic!("{path}: {error}"));
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), "", ending, &mut found);
    assert!(!found.is_empty(), "no {ending} file found below {}", root().display());
    found
}

fn sources() -> Vec<Source> {
    files(".rs").iter().map(|(path, text)| Source::rust(path, text)).collect()
}

#[track_caller]
fn holds(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "rule: {rule}\nbroken {} times:\n  {}", violations.len(), violations.join("\n  "));
}

/// Runs a rule on one made-up file.
fn broken_by(rule: fn(&[Source]) -> Vec<String>, path: &str, text: &str) -> usize {
    rule(&[Source::rust(path, text)]).len()
}

/// Lines whose code names one of the words, in files where that isn't allowed.
fn named_outside(sources: &[Source], words: &[&str], allowed: fn(&str) -> bool) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| !allowed(&source.path)) {
        violations.extend(
            source
                .lines
                .iter()
                .filter(|line| words.iter().any(|word| names(&line.code, word)))
                .map(|line| source.at(line)),
        );
    }
    violations
}

// ── Who may name what ───────────────────────────────────────────────────────────────────────────────────────────────

fn matrix_sdk_elsewhere(sources: &[Source]) -> Vec<String> {
    named_outside(sources, &["matrix_sdk", "matrix_sdk_crypto", "ruma"], |path| {
        path.starts_with("bot/src/gateway/matrix/") || path.starts_with("tests/")
    })
}

#[test]
fn matrix_sdk_is_named_only_in_its_gateway_and_in_tests() {
    holds("matrix_sdk is named only in bot/src/gateway/matrix/ and tests/", &matrix_sdk_elsewhere(&sources()));
}

#[test]
fn the_scanner_finds_matrix_sdk() {
    let text = "//! matrix_sdk in a comment\nuse matrix_sdk::Client; // here\nlet filter = \"matrix_sdk=error\";\n";
    assert_eq!(broken_by(matrix_sdk_elsewhere, "bot/src/sender.rs", text), 1);
    assert_eq!(broken_by(matrix_sdk_elsewhere, "bot/src/gateway/matrix/mod.rs", text), 0);
    assert_eq!(broken_by(matrix_sdk_elsewhere, "bot/src/gateway/mod.rs", "use not_matrix_sdk::x;"), 0);
}

fn sqlx_elsewhere(sources: &[Source]) -> Vec<String> {
    named_outside(sources, &["sqlx"], |path| path.starts_with("storage/"))
}

#[test]
fn sqlx_is_named_only_in_storage() {
    holds("sqlx is named only in storage/", &sqlx_elsewhere(&sources()));
}

#[test]
fn the_scanner_finds_sqlx() {
    assert_eq!(broken_by(sqlx_elsewhere, "commands/src/wish/mod.rs", "sqlx::query(\"select 1\");"), 1);
    assert_eq!(broken_by(sqlx_elsewhere, "storage/src/wish.rs", "sqlx::query(\"select 1\");"), 0);
}

fn now_elsewhere(sources: &[Source]) -> Vec<String> {
    named_outside(sources, &["::now", "Instant::elapsed", "UNIX_EPOCH"], |path| {
        path == "bot/src/clock.rs" || path.starts_with("tests/")
    })
}

#[test]
fn now_is_read_only_by_the_clock() {
    holds("now() stands only in bot/src/clock.rs", &now_elsewhere(&sources()));
}

#[test]
fn the_scanner_finds_now() {
    for code in ["Utc::now().timestamp()", "SystemTime::now()", "let read = std::time::Instant::now;"] {
        assert_eq!(broken_by(now_elsewhere, "bot/src/worker.rs", code), 1, "{code}");
    }
    assert_eq!(broken_by(now_elsewhere, "bot/src/clock.rs", "Utc::now()"), 0);
    assert_eq!(broken_by(now_elsewhere, "bot/src/worker.rs", "self.clock.now_ms()"), 0);
}

fn clocks_and_chance_in_sql(texts: &[(String, String)]) -> Vec<String> {
    const WORDS: [&str; 9] = [
        "current_timestamp",
        "current_date",
        "current_time",
        "datetime(",
        "strftime(",
        "julianday(",
        "unixepoch(",
        "random(",
        "randomblob(",
    ];
    let mut violations = Vec::new();
    for (path, text) in texts {
        for (index, line) in text.lines().enumerate() {
            let statement = line.split("--").next().unwrap_or_default().to_ascii_lowercase();
            if WORDS.iter().any(|word| statement.contains(word)) {
                violations.push(format!("{path}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    violations
}

#[test]
fn sql_reads_no_clock_and_no_dice() {
    let mut texts = files(".sql");
    texts.extend(files(".rs").into_iter().filter(|(path, _)| path.starts_with("storage/src/")));
    holds("instants and random bytes are handed to the storage as values", &clocks_and_chance_in_sql(&texts));
}

#[test]
fn the_scanner_finds_clocks_in_sql() {
    let text = "create table t (at integer default (unixepoch()), -- current_date\n  salt blob);".to_owned();
    assert_eq!(clocks_and_chance_in_sql(&[("storage/migrations/x.sql".into(), text)]).len(), 1);
}

fn sleeping_below_the_bot(sources: &[Source]) -> Vec<String> {
    named_outside(sources, &["sleep", "sleep_until", "spawn", "interval"], |path| {
        path.starts_with("bot/src/") || path.starts_with("tests/src/") || path.starts_with("tests/benches/")
    })
}

#[test]
fn nothing_below_the_bot_sleeps_or_spawns_and_no_story_sleeps() {
    holds(
        "config, storage and commands neither sleep nor spawn; tests step the clock and the queues",
        &sleeping_below_the_bot(&sources()),
    );
}

#[test]
fn the_scanner_finds_sleeping() {
    for code in ["tokio::time::sleep(rest).await;", "std::thread::sleep(rest);", "tokio::spawn(async {});"] {
        assert_eq!(broken_by(sleeping_below_the_bot, "commands/src/house.rs", code), 1, "{code}");
        assert_eq!(broken_by(sleeping_below_the_bot, "tests/stories.rs", code), 1, "{code}");
        assert_eq!(broken_by(sleeping_below_the_bot, "bot/src/sender.rs", code), 0, "{code}");
    }
}

fn impure(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| source.is_in("commands/src/")) {
        let is_rules = source.path.ends_with("/rules.rs");
        let is_pure = is_rules || source.path.ends_with("/command.rs") || source.is_in("commands/src/language/");
        for line in source.lines.iter().filter(|_| is_pure) {
            // The number by which people are known is a plain integer; rules may call it by its name.
            let code = match is_rules {
                true => line.code.replace("lamplighter_storage::person::PersonId", ""),
                false => line.code.clone(),
            };
            let words = ["lamplighter_storage", "async", "await", "Scene", "Tx"];
            if words.iter().any(|word| names(&code, word)) {
                violations.push(source.at(line));
            }
        }
    }
    violations
}

#[test]
fn reading_and_deciding_are_pure() {
    holds(
        "language/, every command.rs and every rules.rs name neither storage nor async (PersonId in rules.rs excepted)",
        &impure(&sources()),
    );
}

#[test]
fn the_scanner_finds_impurity() {
    assert_eq!(broken_by(impure, "commands/src/wish/rules.rs", "use lamplighter_storage::person::PersonId;"), 0);
    assert_eq!(broken_by(impure, "commands/src/wish/command.rs", "use lamplighter_storage::person::PersonId;"), 1);
    assert_eq!(broken_by(impure, "commands/src/wish/rules.rs", "use lamplighter_storage::{Tx, wish};"), 1);
    assert_eq!(broken_by(impure, "commands/src/language/number.rs", "pub async fn read() {}"), 1);
    assert_eq!(broken_by(impure, "commands/src/wish/mod.rs", "pub async fn read() {}"), 0);
}

// ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The shape of a tap key: an emoji, a blank, a few characters.
fn is_tap_key(literal: &str) -> bool {
    match literal.split_once(' ') {
        Some((emoji, word)) => {
            !emoji.is_empty()
                && emoji.chars().all(|c| !c.is_alphanumeric() && !c.is_ascii())
                && !word.is_empty()
                && word.chars().count() <= 8
                && word.chars().all(|c| is_han(c) || c.is_ascii_digit() || c == ':')
        }
        None => false,
    }
}

fn words_outside_locales(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources {
        let typed = source.path.ends_with("/command.rs") || source.is_in("commands/src/language/");
        for line in source.shipped().filter(|_| !typed) {
            let constant = line.code.trim_start().trim_start_matches("pub ").starts_with("const ");
            let tap_keys = constant && source.is_in("commands/src/") && source.path.ends_with("/mod.rs");
            let names_of_the_bot = (source.path == "bot/src/house.rs" && names(&line.code, "NAME"))
                || (source.is_in("bot/src/gateway/") && names(&line.code, "DEVICE_NAME"));
            for literal in line.literals.iter().filter(|literal| literal.chars().any(is_han)) {
                if !(tap_keys && is_tap_key(literal) || constant && names_of_the_bot) {
                    violations.push(source.at(line));
                }
            }
        }
    }
    violations
}

#[test]
fn what_the_bot_says_stands_in_locales() {
    holds(
        "no reply text outside commands/locales/ (typed words: command.rs and language/; tap keys: constants in mod.rs)",
        &words_outside_locales(&sources()),
    );
}

#[test]
fn the_scanner_finds_words() {
    let rule = words_outside_locales;
    assert_eq!(broken_by(rule, "commands/src/wish/mod.rs", "say(\"许好了\"); // 说明"), 1);
    assert_eq!(broken_by(rule, "commands/src/wish/mod.rs", "say(r#\"许\n好了\"#);"), 1);
    assert_eq!(broken_by(rule, "commands/src/wish/mod.rs", "const CLAIM: &str = \"✋ 我来\";"), 0);
    assert_eq!(broken_by(rule, "commands/src/wish/mod.rs", "const CLAIM: &str = \"✋ 我来，谢谢您\";"), 1);
    assert_eq!(broken_by(rule, "commands/src/wish/reply.rs", "const CLAIM: &str = \"✋ 我来\";"), 1);
    assert_eq!(broken_by(rule, "commands/src/wish/command.rs", "zh: &[\"许愿\"],"), 0);
    assert_eq!(broken_by(rule, "bot/src/house.rs", "pub const NAME: &str = \"掌灯\";"), 0);
    assert_eq!(broken_by(rule, "bot/src/sender.rs", "pub const NAME: &str = \"掌灯\";"), 1);
    let tested = "#[cfg(test)]\nmod tests {\n  fn f() { g(\"许愿\"); }\n}\nfn h() { g(\"许愿\"); }\n";
    assert_eq!(broken_by(rule, "commands/src/house.rs", tested), 1);
}

/// Card text of our own can only be made from a locale, in whatever language.
fn our_words_made_elsewhere(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in
        sources.iter().filter(|source| !source.path.ends_with("/speech.rs") && !source.path.ends_with("/card.rs"))
    {
        violations.extend(
            source
                .shipped()
                .filter(|line| names(&line.code, "Span::Ours") || names(&line.code, "Ours"))
                .map(|line| source.at(line)),
        );
    }
    violations
}

#[test]
fn our_words_come_from_speech_alone() {
    holds("Span::Ours is made only by speech.rs, out of a locale", &our_words_made_elsewhere(&sources()));
}

#[test]
fn the_scanner_finds_words_of_our_own() {
    let code = "line.push((Style::Normal, Span::Ours(\"hello\".into())));";
    assert_eq!(broken_by(our_words_made_elsewhere, "commands/src/wish/reply.rs", code), 1);
    assert_eq!(broken_by(our_words_made_elsewhere, "commands/src/speech.rs", code), 0);
}

#[test]
fn isolation_marks_are_off() {
    let all = sources();
    let speech = all.iter().find(|source| source.path == "commands/src/speech.rs").expect("speech.rs");
    let off = speech.shipped().any(|line| line.code.contains("set_use_isolating(false)"));
    assert!(off, "rule: Fluent's isolation marks are off (they break copied commands); commands/src/speech.rs");
}

/// A message of a locale: where it stands and its lines.
struct Pattern {
    at: String,
    lines: Vec<String>,
}

fn patterns(path: &str, text: &str) -> BTreeMap<String, Vec<Pattern>> {
    let mut found: BTreeMap<String, Vec<Pattern>> = BTreeMap::new();
    let mut current: Option<String> = None;
    for (index, line) in text.lines().enumerate() {
        let head = line.split_once('=').map(|(id, rest)| (id.trim_end(), rest)).filter(|(id, _)| {
            id.starts_with(|c: char| c.is_ascii_lowercase())
                && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
        });
        if let Some((id, rest)) = head {
            let pattern = Pattern { at: format!("{path}:{}", index + 1), lines: vec![rest.to_owned()] };
            found.entry(id.to_owned()).or_default().push(pattern);
            current = Some(id.to_owned());
        } else if line.starts_with(' ') {
            let last = current.as_ref().and_then(|id| found.get_mut(id)).and_then(|all| all.last_mut());
            if let Some(pattern) = last {
                pattern.lines.push(line.to_owned());
            }
        } else {
            current = None;
        }
    }
    found
}

const LOCALES: [&str; 2] = ["zh-CN", "en"];

fn locale(language: &str) -> BTreeMap<String, Vec<Pattern>> {
    let mut all: BTreeMap<String, Vec<Pattern>> = BTreeMap::new();
    for (path, text) in files(".ftl") {
        if path.starts_with(&format!("commands/locales/{language}/")) {
            for (id, found) in patterns(&path, &text) {
                all.entry(id).or_default().extend(found);
            }
        }
    }
    assert!(!all.is_empty(), "no messages in {language}");
    all
}

fn missing_in(
    here: &BTreeMap<String, Vec<Pattern>>,
    there: &BTreeMap<String, Vec<Pattern>>,
    language: &str,
) -> Vec<String> {
    let missing = here.iter().filter(|(id, _)| !there.contains_key(*id));
    missing.flat_map(|(id, at)| at.iter().map(move |at| format!("{}: {id} is not in {language}", at.at))).collect()
}

#[test]
fn every_message_stands_in_every_locale_once() {
    let (zh, en) = (locale("zh-CN"), locale("en"));
    let mut violations = missing_in(&zh, &en, "en");
    violations.extend(missing_in(&en, &zh, "zh-CN"));
    for (id, at) in zh.iter().chain(&en) {
        violations.extend(at.iter().skip(1).map(|again| format!("{}: {id} stands twice", again.at)));
    }
    for (path, _) in files(".ftl") {
        let known = LOCALES.iter().any(|language| path.starts_with(&format!("commands/locales/{language}/")));
        if !known {
            violations.push(format!("{path}: a locale that this test doesn't know"));
        }
    }
    holds("every locale has the same messages, each once", &violations);
}

#[test]
fn the_scanner_finds_missing_messages() {
    let zh = patterns("zh.ftl", "# x\na-b = 一\nc = { $d ->\n    [e] f = g\n   *[h] i\n }\n");
    let en = patterns("en.ftl", "a-b = one\n");
    assert_eq!(missing_in(&zh, &en, "en"), ["zh.ftl:3: c is not in en"]);
    assert_eq!(zh.get("c").and_then(|all| all.first()).map(|pattern| pattern.lines.len()), Some(4));
}

/// Ids that no literal of the code names. `help-<feature>-<key>` is put together from the name of a feature's folder
/// and the key of one of its words (commands/src/help/reply.rs).
fn unused(ids: &BTreeMap<String, Vec<Pattern>>, sources: &[Source]) -> Vec<String> {
    let literals_in = |folder: &str| -> BTreeSet<&str> {
        sources
            .iter()
            .filter(|source| source.is_in(folder))
            .flat_map(Source::shipped)
            .flat_map(|line| line.literals.iter().map(String::as_str))
            .collect()
    };
    let all: BTreeSet<&str> = literals_in("commands/src/").union(&literals_in("bot/src/")).copied().collect();
    let built = |id: &str| {
        let Some((feature, key)) = id.strip_prefix("help-").and_then(|rest| rest.split_once('-')) else { return false };
        literals_in(&format!("commands/src/{feature}/")).contains(key)
    };
    ids.iter()
        .filter(|(id, _)| !all.contains(id.as_str()) && !built(id))
        .flat_map(|(id, at)| at.iter().map(move |at| format!("{}: {id}", at.at)))
        .collect()
}

#[test]
fn every_message_is_said_somewhere() {
    holds("every message of the locales is used by the code", &unused(&locale("zh-CN"), &sources()));
}

#[test]
fn the_scanner_finds_unused_messages() {
    let ids = patterns("x.ftl", "used = 1\nunused = 2\nhelp-wish-post = 3\nhelp-wish-gone = 4\n");
    let code = [
        Source::rust("commands/src/house.rs", "say(\"used\"); // \"unused\""),
        Source::rust("commands/src/wish/command.rs", "key: \"post\","),
    ];
    assert_eq!(unused(&ids, &code), ["x.ftl:4: help-wish-gone", "x.ftl:2: unused"]);
}

/// Bold and typed text end on the line where they begin and don't stand in each other (speech.rs reads line by line).
fn crooked_marks(ids: &BTreeMap<String, Vec<Pattern>>) -> Vec<String> {
    let mut violations = Vec::new();
    for (id, pattern) in ids.iter().flat_map(|(id, all)| all.iter().map(move |pattern| (id, pattern))) {
        for line in &pattern.lines {
            let typed_whole = line.matches('`').count() % 2 == 0;
            let bold_whole = line.matches("**").count() % 2 == 0;
            let apart = line.split("**").skip(1).step_by(2).all(|bold| !bold.contains('`'))
                && line.split('`').skip(1).step_by(2).all(|typed| !typed.contains("**"));
            if !(typed_whole && bold_whole && apart) {
                violations.push(format!("{}: {id}: {}", pattern.at, line.trim()));
            }
        }
    }
    violations
}

#[test]
fn marks_of_bold_and_typed_text_are_straight() {
    for language in LOCALES {
        holds("** and ` are closed on their line and not nested", &crooked_marks(&locale(language)));
    }
}

#[test]
fn the_scanner_finds_crooked_marks() {
    for text in ["a = **b", "a = b `c", "a = **b `c` d**", "a = `b **c** d`"] {
        assert_eq!(crooked_marks(&patterns("x.ftl", text)).len(), 1, "{text}");
    }
    assert!(crooked_marks(&patterns("x.ftl", "a = **b** `c` **d**")).is_empty());
}

// ── Crates and features ─────────────────────────────────────────────────────────────────────────────────────────────

/// What a manifest depends on, whatever the table: dependencies, dev-, build-, for a target.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut in_table = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            in_table = table.ends_with("dependencies");
            if let Some((head, name)) = table.rsplit_once('.')
                && head.ends_with("dependencies")
            {
                found.insert(name.trim_matches('"').to_owned());
            }
        } else if in_table && !line.starts_with('#') {
            let name: String = line.chars().take_while(|c| is_word(*c) || *c == '-').collect();
            if !name.is_empty() {
                found.insert(name);
            }
        }
    }
    found
}

/// What each crate may depend on of ours.
const ARROWS: [(&str, &[&str]); 6] = [
    ("config", &[]),
    ("storage", &[]),
    ("commands", &["lamplighter-storage", "lamplighter-config"]),
    ("fuzz", &["lamplighter-commands"]),
    ("bot", &["lamplighter-commands", "lamplighter-storage", "lamplighter-config"]),
    ("tests", &["lamplighter", "lamplighter-commands", "lamplighter-storage", "lamplighter-config"]),
];

fn wrong_arrows(folder: &str, manifest: &str) -> Vec<String> {
    let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == folder) else {
        return vec![format!("{folder}/Cargo.toml: a crate whose arrows nobody has drawn yet")];
    };
    dependencies(manifest)
        .into_iter()
        .filter(|name| name.starts_with("lamplighter") && !allowed.contains(&name.as_str()))
        .map(|name| format!("{folder}/Cargo.toml: depends on {name}"))
        .collect()
}

fn manifests() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, text) in files("Cargo.toml") {
        if let Some(folder) = path.strip_suffix("/Cargo.toml") {
            found.push((folder.to_owned(), text));
        }
    }
    found
}

#[test]
fn arrows_between_crates_point_one_way() {
    let all = manifests();
    let violations: Vec<String> = all.iter().flat_map(|(folder, text)| wrong_arrows(folder, text)).collect();
    holds("bot -> commands -> storage; bot, commands -> config; none back, and only tests depends on bot", &violations);
    assert_eq!(all.len(), ARROWS.len(), "a crate of the table is gone");
}

#[test]
fn the_scanner_finds_wrong_arrows() {
    let wrong = "[package]\nname = \"lamplighter-storage\"\n[dependencies]\nserde = \"1\"\nlamplighter-config.workspace = true\n";
    assert_eq!(wrong_arrows("storage", wrong), ["storage/Cargo.toml: depends on lamplighter-config"]);
    assert_eq!(wrong_arrows("commands", "[dev-dependencies.lamplighter]\npath = \"../bot\"\n").len(), 1);
    assert_eq!(wrong_arrows("bot", "[dependencies]\nlamplighter-commands = { workspace = true }\n").len(), 0);
    assert_eq!(wrong_arrows("new", "").len(), 1);
}

#[test]
fn every_crate_obeys_the_lints_of_the_workspace() {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
    for lint in ["unsafe_code = \"forbid\"", "unwrap_used = ", "string_slice = "] {
        assert!(workspace.lines().any(|line| line.starts_with(lint)), "rule: Cargo.toml has the lint {lint}");
    }
    let violations: Vec<String> = manifests()
        .iter()
        .filter(|(_, text)| !text.contains("[lints]\nworkspace = true"))
        .map(|(folder, _)| format!("{folder}/Cargo.toml"))
        .collect();
    holds("every crate takes its lints from the workspace", &violations);
}

/// The folders below commands/src that hold a feature.
fn features(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| source.shipped().any(|line| line.code.contains("pub const FEATURE:")))
        .filter_map(|source| source.path.strip_prefix("commands/src/")?.strip_suffix("/mod.rs").map(str::to_owned))
        .collect()
}

fn incomplete_features(sources: &[Source], exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let lines_of = |path: &str| -> Vec<&Line> {
        sources.iter().filter(|source| source.path == path).flat_map(Source::shipped).collect()
    };
    let table = lines_of("commands/src/feature.rs");
    let speech = lines_of("commands/src/speech.rs");
    let mut violations = Vec::new();
    let names = features(sources);
    for name in &names {
        let mut wants = |there: bool, what: String| {
            if !there {
                violations.push(format!("{name}: {what} is missing"));
            }
        };
        let entry = format!("crate::{name}::FEATURE,");
        wants(
            table.iter().any(|line| line.code.trim() == entry),
            format!("the line {entry} in commands/src/feature.rs"),
        );
        let file = format!("/{name}.ftl");
        wants(speech.iter().any(|line| line.literals.contains(&file)), format!("{file} in commands/src/speech.rs"));
        let own_name = format!("commands/src/{name}/mod.rs");
        wants(
            lines_of(&own_name).iter().any(|line| line.code.contains("name:") && line.literals == [name.clone()]),
            format!("name: \"{name}\" in {own_name}"),
        );
        let languages = LOCALES.iter().map(|language| format!("commands/locales/{language}/{name}.ftl"));
        for path in languages.chain([format!("tests/stories/{name}.story")]) {
            wants(exists(&path), path.clone());
        }
    }
    for line in table.iter().filter(|line| line.code.contains("::FEATURE,")) {
        let known = names.iter().any(|name| line.code.trim() == format!("crate::{name}::FEATURE,"));
        if !known {
            violations.push(format!("commands/src/feature.rs:{}: {} has no folder", line.number, line.code.trim()));
        }
    }
    violations
}

#[test]
fn every_feature_is_found_in_three_places_of_its_name() {
    let all = sources();
    assert!(features(&all).len() >= 5, "the scanner sees the features");
    holds(
        "a feature is a folder, a line in FEATURES, a locale file in every language and a story, all of one name",
        &incomplete_features(&all, &|path| root().join(path).is_file()),
    );
}

#[test]
fn the_scanner_finds_incomplete_features() {
    let lost =
        Source::rust("commands/src/lost/mod.rs", "pub const FEATURE: Feature = Feature {\n    name: \"lost\",\n};");
    let table = Source::rust("commands/src/feature.rs", "    crate::found::FEATURE,\n");
    let found = incomplete_features(&[lost, table], &|path| path.ends_with(".ftl"));
    assert_eq!(
        found,
        [
            "lost: the line crate::lost::FEATURE, in commands/src/feature.rs is missing",
            "lost: /lost.ftl in commands/src/speech.rs is missing",
            "lost: tests/stories/lost.story is missing",
            "commands/src/feature.rs:1: crate::found::FEATURE, has no folder",
        ]
    );
}

// ── Code ────────────────────────────────────────────────────────────────────────────────────────────────────────────

fn unsafe_code(sources: &[Source]) -> Vec<String> {
    named_outside(sources, &["unsafe"], |_| false)
}

#[test]
fn there_is_no_unsafe() {
    holds("no unsafe, anywhere", &unsafe_code(&sources()));
}

#[test]
fn the_scanner_finds_unsafe() {
    assert_eq!(broken_by(unsafe_code, "tests/src/process.rs", "let x = unsafe { y() }; // unsafe"), 1);
    assert_eq!(broken_by(unsafe_code, "tests/src/process.rs", "// unsafe\nlet unsafe_ = \"unsafe\";"), 0);
}

/// What stops the process where a fault should be told: (file, part of the line, why it may stay).
const MAY_PANIC: &[(&str, &str, &str)] = &[(
    "config/src/values.rs",
    "from_hms_opt(hour, minute, 0).expect(\"a time of day\")",
    "evaluated by the compiler only, for a constant",
)];

fn panics(sources: &[Source]) -> Vec<String> {
    const WORDS: [&str; 8] =
        [".unwrap()", ".unwrap_err()", ".expect(", ".expect_err(", "panic!", "todo!", "unimplemented!", "unreachable!"];
    let mut violations = Vec::new();
    for source in sources {
        for line in source.shipped().filter(|line| WORDS.iter().any(|word| line.code.contains(word))) {
            let allowed = MAY_PANIC.iter().any(|(path, part, _)| *path == source.path && line.raw.contains(part));
            if !allowed {
                violations.push(source.at(line));
            }
        }
    }
    violations
}

#[test]
fn nothing_that_is_shipped_panics_on_purpose() {
    holds("no unwrap, expect, panic! or todo! outside tests", &panics(&sources()));
}

#[test]
fn the_scanner_finds_panics() {
    let text = "fn f() { x.unwrap(); }\nfn g() { x.unwrap_or(1); }\nfn h() { panic!(\"no\") }\n\
                #[cfg(test)]\nmod tests {\n    fn i() { x.unwrap(); }\n}\nfn j() { x.expect(\"y\"); }\n";
    assert_eq!(broken_by(panics, "bot/src/worker.rs", text), 3);
    assert_eq!(broken_by(panics, "commands/tests/house.rs", text), 0);
    assert_eq!(broken_by(panics, "commands/src/wish/tests.rs", text), 0);
}

/// From claiming an event to marking its answers sent every await is one at which the tests can make the process die.
fn awaits_without_crash_points(sources: &[Source]) -> Vec<String> {
    const CALLS: [(&str, &str); 4] = [
        ("bot/src/worker.rs", "self.handle_marked("),
        ("bot/src/worker.rs", "self.try_as_one("),
        ("bot/src/worker.rs", "self.try_together("),
        ("bot/src/sender.rs", "self.step("),
    ];
    let mut violations = Vec::new();
    for source in sources {
        for line in source.shipped() {
            let entered = CALLS.iter().any(|(path, call)| *path == source.path && line.code.contains(call));
            if entered && !line.code.contains("crash_point::at_each_await(") {
                violations.push(source.at(line));
            }
        }
    }
    violations
}

#[test]
fn the_process_can_be_made_to_die_at_every_await() {
    holds("what handles and sends runs in crash_point::at_each_await", &awaits_without_crash_points(&sources()));
    for path in ["bot/src/worker.rs", "bot/src/sender.rs"] {
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        assert!(text.contains("crash_point::at_each_await("), "{path}");
    }
}

#[test]
fn the_scanner_finds_awaits_without_crash_points() {
    let text = "let done = self.handle_marked(incoming).await;";
    assert_eq!(broken_by(awaits_without_crash_points, "bot/src/worker.rs", text), 1);
    let text = "crash_point::at_each_await(\"sender::await\", self.step()).await";
    assert_eq!(broken_by(awaits_without_crash_points, "bot/src/sender.rs", text), 0);
}

/// `#[cfg(test)]` may stand before a module of tests, never before anything that changes what the program does.
fn forks_for_tests(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| source.is_shipped()) {
        for (index, line) in source.lines.iter().enumerate() {
            if !(names(&line.code, "cfg") || names(&line.code, "cfg_attr")) || !names(&line.code, "test") {
                continue;
            }
            let next = source
                .lines
                .iter()
                .skip(index + 1)
                .map(|line| line.code.trim())
                .find(|code| !code.is_empty() && !code.starts_with("#["))
                .unwrap_or_default();
            if line.code.trim() != "#[cfg(test)]" || !next.starts_with("mod ") {
                violations.push(source.at(line));
            }
        }
    }
    violations
}

#[test]
fn tests_do_not_fork_what_is_shipped() {
    holds("#[cfg(test)] stands only before a module of tests", &forks_for_tests(&sources()));
}

#[test]
fn the_scanner_finds_forks() {
    assert_eq!(broken_by(forks_for_tests, "bot/src/worker.rs", "#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\n"), 0);
    for text in
        ["#[cfg(test)]\nfn shorter() {}\n", "if cfg!(test) {", "#[cfg(not(test))]\nmod real;\n", "#[cfg_attr(test, x)]"]
    {
        assert_eq!(broken_by(forks_for_tests, "bot/src/worker.rs", text), 1, "{text}");
    }
    assert_eq!(broken_by(forks_for_tests, "bot/src/worker.rs", "#[cfg(unix)]\nfn f() {}\n"), 0);
}

/// Every limit says in a comment what it is for.
fn unexplained_limits(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources {
        let mut before: Option<&Line> = None;
        for line in source.shipped() {
            let declaration = line.code.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            let name = declaration.strip_prefix("const ").and_then(|rest| rest.split(':').next()).unwrap_or_default();
            if name.split('_').any(|part| part == "MAX" || part == "MIN") {
                let explained = before.is_some_and(|before| before.raw.trim_start().starts_with("//"));
                if !explained {
                    violations.push(source.at(line));
                }
            }
            before = Some(line);
        }
    }
    violations
}

#[test]
fn every_limit_has_a_name_and_a_reason() {
    holds("every amount of work has a limit with a name and a reason", &unexplained_limits(&sources()));
}

#[test]
fn the_scanner_finds_unexplained_limits() {
    assert_eq!(
        broken_by(unexplained_limits, "bot/src/sender.rs", "/// Fits on a card.\nconst LIST_MAX: usize = 3;\n"),
        0
    );
    assert_eq!(broken_by(unexplained_limits, "bot/src/sender.rs", "use x;\npub const MAX_TRIES: usize = 3;\n"), 1);
}

/// Files that don't say on their first line what they are for.
fn unexplained_files(texts: &[(String, String)]) -> Vec<String> {
    let mut violations = Vec::new();
    for (path, text) in texts {
        let opening = match path.rsplit('.').next() {
            Some("rs") => "//! ",
            Some("sql") => "-- ",
            _ => "# ",
        };
        if !text.starts_with(opening) {
            violations.push(format!("{path}:1: does not open with {opening}"));
        }
    }
    violations
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let mut texts = files(".rs");
    texts.extend(files(".sql"));
    texts.extend(files(".ftl"));
    holds("every file opens with what it is for (//! in Rust, -- in SQL, # in Fluent)", &unexplained_files(&texts));
}

#[test]
fn the_scanner_finds_unexplained_files() {
    let texts = [("a.rs", "//! A."), ("b.rs", "use a;"), ("c.sql", "-- C."), ("d.ftl", "d = e")];
    let texts = texts.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(unexplained_files(&texts).len(), 2);
}

// ── Schema ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A `create table` of a migration.
#[derive(Debug)]
struct Table {
    at: String,
    name: String,
    body: String,
    /// A comment stands before it or in it.
    explained: bool,
    strict: bool,
}

fn tables(path: &str, text: &str) -> Vec<Table> {
    let mut found: Vec<Table> = Vec::new();
    let mut inside = false;
    let mut comment_before = false;
    for (index, line) in text.lines().enumerate() {
        let code = line.split("--").next().unwrap_or_default();
        if let Some(rest) = code.trim().strip_prefix("create table ") {
            let name: String = rest.trim_start_matches("if not exists ").chars().take_while(|c| is_word(*c)).collect();
            let at = format!("{path}:{}: {name}", index + 1);
            found.push(Table { at, name, body: String::new(), explained: comment_before, strict: false });
            inside = true;
        }
        if let Some(table) = found.last_mut().filter(|_| inside) {
            table.explained |= line.contains("--");
            table.body.push_str(code);
            table.body.push('\n');
            if code.trim_end().ends_with(';') {
                table.strict = code.contains("strict;");
                inside = false;
            }
        }
        comment_before = line.starts_with("--");
    }
    found
}

fn all_tables() -> Vec<Table> {
    let found: Vec<Table> = files(".sql").iter().flat_map(|(path, text)| tables(path, text)).collect();
    assert!(found.len() >= 15, "the scanner sees the tables");
    found
}

#[test]
fn every_table_is_strict_and_explained() {
    let violations: Vec<String> =
        all_tables().into_iter().filter(|table| !table.explained || !table.strict).map(|table| table.at).collect();
    holds("every table is STRICT and has a comment before or in it", &violations);
}

/// Tables that don't belong to a community: people and what is known before a community is.
const WITHOUT_COMMUNITY: [&str; 19] = [
    "person",
    "edited",
    "inbox",
    "outbox",
    "sync_cursor",
    "direct_chat",
    "question",
    "chip",
    "tap",
    "tap_notice",
    "quiet",
    "elder",
    "bucket",
    "epoch",
    "former_post",
    "lost_echo",
    "practice",
    "rate_limit",
    "unreadable_room",
];

fn without_community(tables: &[Table]) -> Vec<String> {
    tables
        .iter()
        .filter(|table| !WITHOUT_COMMUNITY.contains(&table.name.as_str()) && !names(&table.body, "community_id"))
        .map(|table| table.at.clone())
        .collect()
}

#[test]
fn every_table_of_a_community_carries_its_id() {
    holds("every table that belongs to a community carries community_id", &without_community(&all_tables()));
}

#[test]
fn the_scanner_finds_tables_that_break_the_rules() {
    let text = "-- Lamps.\ncreate table lamp (\n    number integer -- community_id\n) strict;\n\ncreate table bulb (\n    community_id text\n);\n";
    let found = tables("x.sql", text);
    assert_eq!(
        found.iter().map(|table| (table.explained, table.strict)).collect::<Vec<_>>(),
        [(true, true), (false, false)]
    );
    assert_eq!(without_community(&found), ["x.sql:2: lamp"]);
}

/// What SQLite would run and PostgreSQL wouldn't.
fn sqlite_only(sources: &[Source]) -> Vec<String> {
    const WORDS: [&str; 9] =
        ["insert or ", "replace into", "ifnull(", "iif(", "rowid", "group_concat(", "json_extract(", "glob ", "?1"];
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| source.is_in("storage/src/")) {
        for line in source.shipped() {
            let sql = line.literals.iter().map(|literal| literal.to_ascii_lowercase());
            let any = names(&line.code, "sqlx::Any") || names(&line.code, "AnyPool");
            if any || sql.into_iter().any(|sql| WORDS.iter().any(|word| sql.contains(word))) {
                violations.push(source.at(line));
            }
        }
    }
    violations
}

#[test]
fn statements_keep_to_what_postgresql_would_run() {
    holds("statements keep to what PostgreSQL would run too, and the pool is typed", &sqlite_only(&sources()));
}

#[test]
fn the_scanner_finds_statements_for_sqlite_alone() {
    assert_eq!(broken_by(sqlite_only, "storage/src/x.rs", "query(\"insert or ignore into t values ($1)\")"), 1);
    assert_eq!(
        broken_by(sqlite_only, "storage/src/x.rs", "query(\"insert into t values ($1) on conflict do nothing\")"),
        0
    );
}

// ── The scanner itself ──────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn comments_literals_and_tests_are_told_apart() {
    let text = "let a = \"x // y \\\" z\"; // b\n/* c\n/* d */ e */ let f = 'g'; let h: &'static str = r#\"i \"j\" k\"#;\n\
                let l = '\\''; let m = b\"n\"; let o = '\"';\n";
    let lines = take_apart(text);
    let code: Vec<&str> = lines.iter().map(|line| line.code.trim()).collect();
    assert_eq!(
        code,
        ["let a = \"\";", "", "let f = ''; let h: &'static str = \"\";", "let l = ''; let m = b\"\"; let o = '';"]
    );
    let literals: Vec<Vec<String>> = lines.into_iter().map(|line| line.literals).collect();
    assert_eq!(
        literals,
        [vec!["x // y \\\" z".to_owned()], vec![], vec!["i \"j\" k".to_owned()], vec!["n".to_owned()]]
    );
}

#[test]
fn the_end_of_a_test_module_is_found() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { if c { } }\n}\nfn d() {}\n#[cfg(test)]\nmod more;\nfn e() {}\n";
    let source = Source::rust("bot/src/a.rs", text);
    let shipped: Vec<usize> = source.shipped().map(|line| line.number).collect();
    assert_eq!(shipped, [1, 6, 9]);
}
