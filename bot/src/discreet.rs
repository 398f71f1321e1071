//! What leaves the program as a log says what happened, not to whom: Matrix ids, tokens and what follows an address are
//! masked in every line of level info and above, whoever wrote it. (Names and texts of residents are never written into a
//! line in the first place; a test of a busy evening looks.) At debug and trace ids are shown: whoever asks for that looks
//! for one of them.

use std::{
    any::Any,
    io::{self, Stderr, Write},
};

use tracing_subscriber::fmt::MakeWriter;

/// Standard error, discreetly.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiscreetStderr;

/// A line on its way.
#[derive(Debug)]
pub struct Line {
    to: Stderr,
    discreet: bool,
}

impl<'a> MakeWriter<'a> for DiscreetStderr {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { to: io::stderr(), discreet: true }
    }

    fn make_writer_for(&'a self, meta: &tracing::Metadata<'_>) -> Line {
        Line { to: io::stderr(), discreet: *meta.level() <= tracing::Level::INFO }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (self.discreet, std::str::from_utf8(bytes)) {
            // An event comes as one whole line.
            (true, Ok(line)) => self.to.write_all(mask(line).as_bytes())?,
            _ => self.to.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// What may be said of a panic: words that stand in somebody's source, and not what was put into them at the time, which may
/// be a resident's (slicing a text wrongly quotes it).
pub fn panic_words(payload: &(dyn Any + Send)) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("panicked")
}

/// Fewer characters after a `!` or `$` are no id.
const OPAQUE_CHARS_MIN: usize = 8;
/// What access tokens of homeservers begin with.
const TOKENS: [&str; 4] = ["syt_", "mct_", "mat_", "mcr_"];

/// A line without ids, tokens, and paths of addresses.
pub fn mask(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for word in line.split_inclusive(is_border) {
        let (word, border) = match word.chars().next_back() {
            Some(last) if is_border(last) => (word.trim_end_matches(is_border), Some(last)),
            _ => (word, None),
        };
        // `field=value` is two words.
        match word.split_once('=').filter(|_| !word.contains("://")) {
            Some((field, value)) => {
                out.push_str(field);
                out.push('=');
                out.push_str(&mask_word(value));
            }
            None => out.push_str(&mask_word(word)),
        }
        out.extend(border);
    }
    out
}

fn is_border(c: char) -> bool {
    // A backslash stands before a quote in a log of JSON.
    c.is_whitespace()
        || matches!(c, '\\' | '"' | '\'' | '(' | ')' | '<' | '>' | ',' | ';' | '{' | '}' | '[' | ']' | '`')
}

fn mask_word(word: &str) -> String {
    if let Some((scheme, rest)) = word.split_once("://") {
        let host = rest.split('/').next().unwrap_or_default();
        let path = if rest.contains('/') { "/…" } else { "" };
        return format!("{scheme}://{host}{path}");
    }
    // An id may stand inside a path, encoded or not.
    if word.contains("%40") || word.contains("%21") || word.contains("%24") {
        return "***".into();
    }
    if TOKENS.iter().any(|token| word.contains(token)) {
        return "***".into();
    }
    match word.find(['@', '!', '$']) {
        Some(at) => {
            let (before, id) = word.split_at(at);
            let sigil = id.chars().next().unwrap_or_default();
            let rest: String = id.chars().skip(1).collect();
            let opaque = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_~.:/+=".contains(*c)).count();
            let is_id = match sigil {
                '@' => rest.contains(':'),
                _ => opaque >= OPAQUE_CHARS_MIN,
            };
            if is_id { format!("{before}{sigil}***") } else { word.to_owned() }
        }
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn ids_tokens_and_paths_are_masked() {
        for (line, masked) in [
            ("INFO up user_id=\"@lamplighter:example.org\"", "INFO up user_id=\"@***\""),
            ("WARN sender=@li:example.org failed", "WARN sender=@*** failed"),
            ("not in !AbCdEfGhIj:example.org, nor !KlMnOpQrStUvWx", "not in !***, nor !***"),
            ("event $1234567890abcdef-_", "event $***"),
            (
                "error sending request for url (http://127.0.0.1:8008/_matrix/client/v3/profile/%40li%3Aexample.org?x=1)",
                "error sending request for url (http://127.0.0.1:8008/…)",
            ),
            ("path=/rooms/%21abc/send", "path=***"),
            ("access_token=syt_bGFtcA_abc_123", "access_token=***"),
            ("token syt_bGFtcA_abc_123.", "token ***"),
            (r#"{"reason":"\"@li:example.org\""}"#, r#"{"reason":"\"@***\""}"#),
        ] {
            assert_eq!(mask(line), masked);
        }
    }

    #[test]
    fn what_an_operator_needs_stays() {
        for line in [
            "2026-01-05T10:00:00Z  INFO Lamplighter is up\n",
            "WARN outbox_id=12 reason=\"M_LIMIT_EXCEEDED\" not sent yet, will be tried again",
            "ERROR fault=4F2A problem=\"no room in this scope\" a fault of ours; everything was rolled back",
            "path=/var/lib/lamplighter/matrix-store/recovery-key.txt wrote the recovery key",
            "the homeserver http://127.0.0.1:8008 does not answer!",
            "costs $5 @ noon",
        ] {
            assert_eq!(mask(line), line);
        }
    }
}
