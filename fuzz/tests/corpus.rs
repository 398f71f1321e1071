//! What the fuzzer once found worth keeping is tried again, without the fuzzer.

use std::{fs, path::Path};

fn try_all(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut tried = 0;
    for entry in fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("an entry").path();
        target(&fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        tried += 1;
    }
    assert!(tried >= 50, "the corpus of {name} holds only {tried}");
}

#[test]
fn every_text_of_the_corpus_is_read() {
    try_all("text", lamplighter_fuzz::text);
}

#[test]
fn every_event_of_the_corpus_is_read() {
    try_all("event", lamplighter_fuzz::event);
}
