//! What the fuzzer feeds with whatever it thinks of: the reading of a text, to the end of every command's parser, and the
//! reading of an event's JSON. Neither may panic, and what they give must keep its promises. `fuzz/run` fuzzes; the
//! texts and events that led to something new are kept in `corpus/`, and tried by every `cargo test`.

use chrono::{NaiveDate, NaiveDateTime};
use lamplighter_commands::{
    language::{
        Phrase,
        addressed::Signs,
        phrase::{CHARS_MAX, harmless},
        time,
    },
    reading,
};

// The same file as the bot's, without the SDK around it, which would have to be instrumented too.
#[path = "../../bot/src/gateway/matrix/read.rs"]
pub mod read;

/// The bot's id in the events.
pub const OWN_USER_ID: &str = "@lamplighter:example.org";

fn now() -> NaiveDateTime {
    // A Saturday at the end of a leap year's February, late: dates are hardest there.
    NaiveDate::from_ymd_opt(2028, 2, 26).and_then(|day| day.and_hms_opt(23, 59, 59)).unwrap_or_default()
}

/// Reads a text. The first byte says how the bot is spoken to, and is no part of it.
pub fn text(data: &[u8]) {
    let Some((how, text)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let names = ["lamplighter".to_owned(), "掌灯".to_owned()];
    let signs = Signs { direct: how & 1 != 0, mention: how & 2 != 0, reply: how & 4 != 0, names: &names };
    reading::read(&text, signs, now());
    let shown = harmless(&text);
    assert!(shown.chars().count() <= CHARS_MAX, "longer than a text is read");
    assert_eq!(harmless(&shown), shown, "harmless once is harmless for good");
    let phrase = Phrase::new(&text);
    assert_eq!(phrase.written(), shown.trim(), "what was written is kept");
    if let Ok(Some(reading)) = time::read_any(&phrase, now(), None) {
        let ends = reading.parts.iter().flat_map(|part| [part.start, part.end]);
        assert!(ends.is_sorted(), "the parts are in order");
        assert!(reading.parts.iter().all(|part| part.end <= phrase.chars().len()), "the parts are in the text");
    }
}

/// Reads an event, and the text in it.
pub fn event(data: &[u8]) {
    let Ok(value) = serde_json::from_slice(data) else { return };
    match read::read(&value, OWN_USER_ID) {
        read::Event::Message { text, .. } | read::Event::Edit { text, .. } => {
            reading::read(&text, Signs::default(), now());
        }
        read::Event::PollAnswer { answers, .. } => {
            read::choices(&answers);
        }
        _ => {}
    }
}
