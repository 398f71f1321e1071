//! The homeserver goes away: restarted while everybody talks, killed, and gone for an hour of the bot's time in which
//! reminders, the digest and the end of a poll fall due.

use lamplighter_tests::{
    audit::Snapshot,
    evening::{Evening, Street, undisturbed},
};

use super::Result;

/// What is looked up in the room before it is done: the result of the poll waits ten minutes for the homeserver, then what the bot
/// knows counts.
const RESULT: &str = "poll.announce";

/// And so long.
const RESULT_WAITS_MINUTES: i64 = 10;

/// An evening on which the result waited: what is paid for the votes that it counted is due as much later, and nothing else
/// differs.
fn paid_later(mut undisturbed: Snapshot) -> Snapshot {
    let number_after = |row: &str, word: &str| row.split(word).nth(1)?.split(' ').next()?.parse::<i64>().ok();
    let rows = undisturbed.rows.entry("agenda".to_owned()).or_default();
    // The end of the poll pays too, and comes before its result.
    let paid =
        rows.iter_mut().filter(|row| row.contains("kind=poll.pay ")).max_by_key(|row| number_after(row, " agenda "));
    if let Some(row) = paid
        && let Some(due_minute) = number_after(row, "due_at_ms=")
    {
        let due = |minute: i64| format!("due_at_ms={minute} ");
        *row = row.replacen(&due(due_minute), &due(due_minute + RESULT_WAITS_MINUTES), 1);
    }
    undisturbed
}

/// How often the homeserver is restarted in one evening, gently and not.
const RESTARTS: u64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarted_and_gone_for_an_hour() -> Result {
    let mut street = Street::open().await?;
    let undisturbed = undisturbed(&mut street, true).await?;

    let mut evening = Evening::begin(&mut street, true).await?;
    evening.commands(&street).await?;
    street.homeserver.stop().await?;
    street.homeserver.start_again().await?;
    evening.settle(&mut street).await?;
    evening.answers(&mut street).await?;
    street.homeserver.kill();
    street.homeserver.start_again().await?;
    evening.settle(&mut street).await?;
    evening.stop().await;
    evening.chatter(&street).await?;
    evening.start().await?;
    street.homeserver.kill();
    street.homeserver.start_again().await?;
    evening.settle(&mut street).await?;
    evening.endings(&mut street).await?;
    street.homeserver.stop().await?;
    street.homeserver.start_again().await?;
    evening.nightfall(&mut street).await?;
    let findings = evening.findings(&mut street, &undisturbed).await?;
    findings.record(
        "homeserver restarted",
        "stopped or killed under load, an evening in an encrypted room",
        RESTARTS,
    )?;
    evening.end().await?;

    let mut evening = Evening::begin(&mut street, true).await?;
    evening.commands(&street).await?;
    evening.settle(&mut street).await?;
    evening.answers(&mut street).await?;
    evening.settle(&mut street).await?;
    evening.stop().await;
    evening.chatter(&street).await?;
    evening.start().await?;
    evening.settle(&mut street).await?;
    evening.endings(&mut street).await?;
    evening.clock(&mut street, "19:30").await?;
    street.homeserver.stop().await?;
    // Reminders and the end of the poll fall due with nobody there to hear of them.
    for clock_time in ["20:00", "20:10", "20:20", "20:30"] {
        evening.set_clock(clock_time)?;
        evening.attempts(clock_time, RESULT).await?;
    }
    street.homeserver.start_again().await?;
    evening.look_at_clock().await?;
    evening.settle(&mut street).await?;
    let findings = evening.findings(&mut street, &paid_later(undisturbed)).await?;
    findings.record(
        "homeserver away for an hour",
        "by the bot's clock; three reminders, a poll and a wait of backoffs fall due meanwhile",
        1,
    )?;
    evening.end().await
}
