//! The homeserver answers a sync twice: the same events under the same `next_batch`, and again under the one that comes with
//! the news after them.

use lamplighter_tests::{
    evening::{Evening, Street, undisturbed},
    faulty::Twice,
};

use super::Result;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_sync_is_answered_twice() -> Result {
    let mut street = Street::open().await?;
    let undisturbed = undisturbed(&mut street, true).await?;
    for (twice, how) in [
        (Twice::SameBatch, "every sync with news, under the same next_batch, an evening in an encrypted room"),
        (Twice::OtherBatch, "every sync with news, under another next_batch, an evening in an encrypted room"),
    ] {
        let mut evening = Evening::begin(&mut street, true).await?;
        evening.proxy.repeat_syncs(Some(twice));
        evening.play(&mut street).await?;
        let repeated = evening.proxy.repeated();
        let findings = evening.findings(&mut street, &undisturbed).await?;
        findings.record("the same sync answered twice", how, repeated)?;
        evening.end().await?;
    }
    Ok(())
}
