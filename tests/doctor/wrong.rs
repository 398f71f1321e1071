//! What is wrong is named, with what mends it; what can't be looked at for that is said too.

use std::{os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use lamplighter::{clock::SystemClock, doctor::State};
use lamplighter_tests::{
    homeserver::{Homeserver, Limits, Person},
    process::{self, BOT, BOT_PASSWORD},
    stranger,
};

use super::{Result, WrongClock, look, look_until, of, run, states};

/// How far the wrong clock is off, either way.
const WRONG_BY_MS: i64 = 6_000;

/// The account of the bot as another device sees it: what the doctor leaves behind would show.
async fn watcher(homeserver: &Homeserver) -> Result<Person> {
    Ok(homeserver.log_in(&format!("@{BOT}:{}", homeserver.server_name()), BOT_PASSWORD).await?)
}

/// Nothing of the doctor is left: neither its device nor its room.
async fn expect_no_trace(watcher: &Person) -> Result {
    let devices = watcher.request(reqwest::Method::GET, &["v3", "devices"], &[], None).await?;
    assert_eq!(devices["devices"].as_array().map(Vec::len), Some(1), "{devices}");
    let rooms = watcher.request(reqwest::Method::GET, &["v3", "joined_rooms"], &[], None).await?;
    assert_eq!(rooms["joined_rooms"].as_array().map(Vec::len), Some(0), "{rooms}");
    // A room that was left shows up here until it is forgotten.
    let filter = r#"{"room":{"include_leave":true}}"#;
    let sync = watcher.sync(None, 0, Some(filter)).await?;
    assert_eq!(sync["rooms"]["leave"].as_object().map_or(0, serde_json::Map::len), 0, "{sync}");
    Ok(())
}

fn change(config: &Path, from: &str, to: &str) -> Result {
    let text = std::fs::read_to_string(config)?;
    assert!(text.contains(from), "{from} is not in the config");
    Ok(std::fs::write(config, text.replace(from, to))?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_there_or_not_one() -> Result {
    let mut homeserver = Homeserver::start(Limits::None).await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[])?;
    homeserver.stop().await?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let needs_it = ["login", "session", "cross-signing", "key backup", "rooms", "rate limits", "clock"];
    assert_eq!(states(&findings, &needs_it), needs_it.map(|what| (what, State::Unseen)));
    assert_eq!(
        states(&findings, &["database", "homeserver", "recovery key"]),
        [("database", State::Good), ("homeserver", State::Wrong), ("recovery key", State::Good)]
    );
    assert!(of(&findings, "homeserver").found.contains("does not answer"));
    let (status, said) = run(&["doctor"], Some(&config))?;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("NOT OK         homeserver: "), "{said}");
    assert!(said.ends_with("lamplighter: not ok: 1, not looked at: 7\n"), "{said}");

    // Something else on that port: a web server without Matrix.
    let elsewhere = stranger::start().await?;
    change(&config, homeserver.url(), &elsewhere)?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let finding = of(&findings, "homeserver");
    assert_eq!(finding.state, State::Wrong);
    assert!(finding.found.contains("isn't a Matrix homeserver"), "{finding}");
    // And something that isn't even a web server's name.
    change(&config, &elsewhere, "nowhere.invalid")?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    assert_eq!(of(&findings, "homeserver").state, State::Wrong);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_is_refused() -> Result {
    let homeserver = Homeserver::start(Limits::None).await?;
    homeserver.register(BOT, "another password").await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[])?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let needs_it = ["cross-signing", "key backup", "rooms", "rate limits"];
    assert_eq!(states(&findings, &needs_it), needs_it.map(|what| (what, State::Unseen)));
    let good = ["database", "homeserver", "session", "recovery key", "clock"];
    assert_eq!(states(&findings, &good), good.map(|what| (what, State::Good)));
    let finding = of(&findings, "login");
    assert!(finding.state == State::Wrong && finding.found.contains("refuses the password"), "{finding}");
    let (status, said) = run(&["doctor"], Some(&config))?;
    assert_eq!(status, Some(1), "{said}");

    change(&config, &format!("password = {BOT_PASSWORD:?}"), "access_token = \"syt_wrong\"\ndevice_id = \"LL\"")?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let finding = of(&findings, "login");
    assert!(finding.state == State::Wrong && finding.found.contains("refuses the access token"), "{finding}");
    let stranger = homeserver.register_with_device("stranger", "a password").await?;
    let token = stranger.access_token.ok_or("no token")?;
    change(&config, "syt_wrong", &token)?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let finding = of(&findings, "login");
    assert!(finding.state == State::Wrong && finding.found.contains("belongs to @stranger"), "{finding}");
    assert!(!findings.iter().any(|finding| finding.to_string().contains(&token)), "a token is never shown");

    // What lies on this machine is looked at all the same.
    std::fs::write(process::database_path(&config), "not a database, though of the right name")?;
    let store = folder.path().join("matrix-store");
    std::fs::create_dir(&store)?;
    std::fs::write(store.join("recovery-key.txt"), "a key")?;
    std::fs::set_permissions(store.join("recovery-key.txt"), std::fs::Permissions::from_mode(0o644))?;
    std::fs::write(store.join("session.json"), "{")?;
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let wrong = ["database", "session", "login", "recovery key"];
    assert_eq!(states(&findings, &wrong), wrong.map(|what| (what, State::Wrong)));
    assert!(of(&findings, "recovery key").mend.starts_with("chmod 600 "));

    let (status, said) = run(&["doctor"], None)?;
    assert_eq!(status, Some(2), "{said}");
    let (status, said) = run(&["doctor"], Some(&folder.path().join("missing.toml")))?;
    assert_eq!(status, Some(1), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_synapses_own_rate_limits() -> Result {
    let mut homeserver = Homeserver::start(Limits::Default).await?;
    homeserver.register(BOT, BOT_PASSWORD).await?;
    let watcher = watcher(&homeserver).await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[])?;
    let begun = std::time::Instant::now();
    let findings = look(&config, Arc::new(SystemClock)).await?;
    process::say(&format!("  with Synapse's limits the doctor took {:.1} s", begun.elapsed().as_secs_f64()));
    let finding = of(&findings, "rate limits");
    assert_eq!(finding.state, State::Wrong);
    let sent: usize = finding.found.split(' ').next().unwrap_or_default().parse()?;
    assert!((5..12).contains(&sent), "{finding}");
    assert!(finding.found.contains("asked to wait: ") && finding.found.ends_with(" s"), "{finding}");
    let override_of = format!("/_synapse/admin/v1/users/@{BOT}:{}/override_ratelimit", homeserver.server_name());
    assert!(finding.mend.contains(&override_of), "{finding}");
    let wrong = findings.iter().filter(|finding| finding.state != State::Good).count();
    assert_eq!(wrong, 1, "only the limits are wrong");
    expect_no_trace(&watcher).await?;

    // The way to mend it, word for word as far as a program can follow.
    let administrator = homeserver.person("administrator", None).await?;
    homeserver.stop().await?;
    homeserver.make_administrator(administrator.user_id())?;
    homeserver.start_again().await?;
    let between = |before: &str, after: &str| {
        finding.mend.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map(|(text, _)| text.to_owned())
    };
    let url = format!("{}{}", homeserver.url(), between(homeserver.url(), "\"").ok_or("no address")?);
    let body = between("-d '", "'").ok_or("no body")?;
    let token = administrator.account().access_token.clone().ok_or("no token")?;
    let answer = reqwest::Client::new().post(url).bearer_auth(token).body(body).send().await?;
    assert!(answer.status().is_success(), "{}", answer.text().await?);
    let findings = look(&config, Arc::new(SystemClock)).await?;
    assert_eq!(of(&findings, "rate limits").found, "all 12 test messages went at once");
    expect_no_trace(&watcher).await
}

/// Logins that Synapse takes at once by default.
const LOGINS: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_logins_are_no_fault_of_the_password() -> Result {
    let homeserver = Homeserver::start(Limits::Untouched).await?;
    homeserver.register(BOT, BOT_PASSWORD).await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[])?;
    for _ in 0..LOGINS {
        watcher(&homeserver).await?;
    }
    let findings = look(&config, Arc::new(SystemClock)).await?;
    let finding = of(&findings, "login");
    assert!(finding.state == State::Unseen && finding.found.contains("look again in "), "{finding}");
    assert_eq!(findings.iter().filter(|finding| finding.state == State::Wrong).count(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_off() -> Result {
    let homeserver = Homeserver::start(Limits::None).await?;
    homeserver.register(BOT, BOT_PASSWORD).await?;
    let watcher = watcher(&homeserver).await?;
    let folder = tempfile::tempdir()?;
    let config = process::write_config(folder.path(), &homeserver, &[])?;
    for (ahead_ms, word) in [(WRONG_BY_MS, "ahead"), (-WRONG_BY_MS, "behind")] {
        let findings = look(&config, Arc::new(WrongClock { ahead_ms })).await?;
        let finding = of(&findings, "clock");
        assert!(finding.state == State::Wrong && finding.found.contains(word), "{finding}");
    }
    // Within what is allowed.
    let findings = look(&config, Arc::new(WrongClock { ahead_ms: 4_000 })).await?;
    assert_eq!(of(&findings, "clock").state, State::Good);
    assert_eq!(findings.iter().filter(|finding| finding.state != State::Good).count(), 0, "all else is well");
    // Whoever is asked to stop tidies up too.
    let findings = look_until(&config, Arc::new(SystemClock), true).await?;
    let passed_over = ["cross-signing", "recovery key", "key backup", "rooms", "rate limits"];
    assert_eq!(states(&findings, &passed_over), passed_over.map(|what| (what, State::Unseen)));
    expect_no_trace(&watcher).await
}
