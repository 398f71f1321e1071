//! `lamplighter doctor`: looks at everything that commonly stands between a bot and its rooms, and says in one line
//! each what was looked at, whether it is good, and what to do if it isn't. What is asked of the homeserver is in
//! `gateway/matrix/doctor/`; here is what a finding is, the database, and the order.

use std::{fmt, sync::Arc};

use lamplighter_config::{Config, Database, MatrixConfig};
use lamplighter_storage::visit::{BoundRoom, RateLimit, Visit};
use tokio::sync::watch;

use crate::{clock::Clock, gateway::matrix::doctor};

/// What the homeserver or a resident said goes into a finding in at most this many characters: a line stays a line.
const QUOTED_CHARS_MAX: usize = 200;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Good,
    /// Something is to be done.
    Wrong,
    /// Not looked at, because something else stood in the way.
    Unseen,
}

/// One thing that was looked at, or couldn't be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub state: State,
    /// What was looked at, such as `login` or `room 3号楼`.
    pub what: String,
    /// What was found there.
    pub found: String,
    /// What to do; empty if there is nothing to do.
    pub mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Good => "ok",
            State::Wrong => "NOT OK",
            State::Unseen => "not looked at",
        };
        write!(f, "{state:<13}  {}: {}", self.what, self.found)?;
        if !self.mend.is_empty() {
            write!(f, " → {}", self.mend)?;
        }
        Ok(())
    }
}

/// Somebody else's words, fit to stand in a line.
pub fn quoted(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(QUOTED_CHARS_MAX).collect()
}

/// Collects findings and tells each at once: some looks take a while.
pub struct Report<'a> {
    tell: &'a mut (dyn FnMut(&Finding) + Send),
    findings: Vec<Finding>,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("findings", &self.findings).finish_non_exhaustive()
    }
}

impl<'a> Report<'a> {
    /// An empty one.
    pub fn new(tell: &'a mut (dyn FnMut(&Finding) + Send)) -> Self {
        Self { tell, findings: Vec::new() }
    }

    fn add(&mut self, state: State, what: &str, found: String, mend: String) {
        let finding = Finding { state, what: what.to_owned(), found, mend };
        (self.tell)(&finding);
        self.findings.push(finding);
    }

    /// Something is as it should be.
    pub fn good(&mut self, what: &str, found: impl Into<String>) {
        self.add(State::Good, what, found.into(), String::new());
    }

    /// Something isn't, and this mends it.
    pub fn wrong(&mut self, what: &str, found: impl Into<String>, mend: impl Into<String>) {
        self.add(State::Wrong, what, found.into(), mend.into());
    }

    /// Something couldn't be looked at, for this reason.
    pub fn unseen(&mut self, what: &str, why: impl Into<String>) {
        self.add(State::Unseen, what, why.into(), String::new());
    }

    /// How many findings are in this state.
    pub fn count(&self, state: State) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }

    /// Everything that was found, in the order in which it was looked at.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// Looks at everything. The bot may run beside it. `stop` ends it early; what it made on the server is then taken away
/// all the same.
pub async fn examine(
    config: &Config,
    matrix: &MatrixConfig,
    clock: Arc<dyn Clock>,
    stop: watch::Receiver<bool>,
    report: &mut Report<'_>,
) {
    let seen = database(config, report).await;
    let (rooms, limit) = seen.map_or((None, None), |(rooms, limit)| (Some(rooms), limit));
    doctor::examine(matrix, rooms.as_deref(), limit, clock, stop, report).await;
}

/// The bound rooms that the database knows, and whether the bot was ever told to wait; none if it can't be read.
async fn database(config: &Config, report: &mut Report<'_>) -> Option<(Vec<BoundRoom>, Option<RateLimit>)> {
    let what = "database";
    let Database::File(path) = &config.storage.database else {
        report.wrong(
            what,
            "is kept in memory: everything is lost when the bot stops",
            "set [storage] url to sqlite:// and a file",
        );
        return None;
    };
    let shown = path.display();
    if !path.exists() {
        report.good(what, format!("{shown} isn't there yet; the bot makes it at its first start"));
        return Some((Vec::new(), None));
    }
    let read = async {
        let visit = Visit::open(path).await?;
        let (rooms, limit) = (visit.bound_rooms().await, visit.rate_limit().await);
        visit.close().await;
        Ok::<_, lamplighter_storage::Error>((rooms?, limit?))
    };
    // Broken in a way that reading the rooms doesn't notice.
    if let Ok(Err(bad)) = crate::verify::look(path).await {
        report.wrong(
            what,
            format!("{shown} is not as it should be ({})", quoted(&bad.to_string())),
            "stop the bot, keep the file, and bring the last good backup back: lamplighter restore FILE --config CONFIG",
        );
        return read.await.ok();
    }
    match read.await {
        Ok((rooms, limit)) if rooms.is_empty() => {
            report.good(what, format!("{shown}; no room is registered yet"));
            Some((rooms, limit))
        }
        Ok((rooms, limit)) => {
            report.good(what, format!("{shown}; registered rooms: {}", rooms.len()));
            Some((rooms, limit))
        }
        Err(error) => {
            report.wrong(
                what,
                format!("{shown} can't be read ({})", quoted(&error.to_string())),
                "see that it is the bot's database and that the user who runs this may read it and its folder",
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line() {
        let mut told = Vec::new();
        let mut tell = |finding: &Finding| told.push(finding.to_string());
        let mut report = Report::new(&mut tell);
        report.good("clock", "0.1 s off");
        report.wrong(&format!("room {}", quoted("3\n号\u{1b}楼")), "may not pin", "give it power level 50");
        report.unseen("rate limits", "that needs a login");
        assert_eq!((report.count(State::Good), report.count(State::Wrong), report.count(State::Unseen)), (1, 1, 1));
        drop(report);
        assert_eq!(
            told,
            [
                "ok             clock: 0.1 s off",
                "NOT OK         room 3 号 楼: may not pin → give it power level 50",
                "not looked at  rate limits: that needs a login",
            ]
        );
        assert_eq!(quoted(&"x".repeat(1000)).len(), QUOTED_CHARS_MAX);
    }
}
