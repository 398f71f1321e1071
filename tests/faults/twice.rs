//! The homeserver answers a sync twice: the same events under the same `next_batch`, and again under the one that comes with
//! the news after them.

use lamplighter_tests::{
    evening::{Evening, Street, undisturbed},
    faulty::Twice,
};

use super::Result;

/// With `LAMPLIGHTER_THOROUGH` both in both rooms.
const TRIED: [(bool, Twice, &str); 2] = [
    (true, Twice::SameBatch, "every sync with news, under the same next_batch, an evening in an encrypted room"),
    (false, Twice::OtherBatch, "every sync with news, under another next_batch, an evening in a plain room"),
];
const TRIED_BESIDES: [(bool, Twice, &str); 2] = [
    (true, Twice::OtherBatch, "every sync with news, under another next_batch, an evening in an encrypted room"),
    (false, Twice::SameBatch, "every sync with news, under the same next_batch, an evening in a plain room"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_sync_is_answered_twice() -> Result {
    let mut street = Street::open().await?;
    let thorough = std::env::var_os("LAMPLIGHTER_THOROUGH").is_some();
    let besides = if thorough { TRIED_BESIDES.as_slice() } else { &[] };
    for (encrypted, twice, how) in TRIED.iter().chain(besides).copied() {
        let undisturbed = undisturbed(&mut street, encrypted).await?;
        let mut evening = Evening::begin(&mut street, encrypted).await?;
        evening.proxy.repeat_syncs(Some(twice));
        evening.play(&mut street).await?;
        let repeated = evening.proxy.repeated();
        let findings = evening.findings(&mut street, &undisturbed).await?;
        findings.record("the same sync answered twice", how, repeated)?;
        evening.end().await?;
    }
    Ok(())
}
