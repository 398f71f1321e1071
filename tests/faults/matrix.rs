//! Every fault on every class of request, over a whole evening. Every so many requests of each class meet it, the first
//! among them, so that what is asked once only (who we are, a private chat to be made, a poll's answers) meets it too.

use lamplighter_tests::{
    audit::{Findings, Snapshot},
    evening::{Evening, Street, undisturbed},
    faulty::{Class, Fault},
    process,
};

use super::Result;

/// Every so many requests fail.
const EVERY: u64 = 3;
/// After a rate limit everything waits for a second.
const EVERY_LIMITED: u64 = 5;

/// Each evening has requests of every class (the private chats are encrypted in both), so each fault is tried in one of the two
/// rooms, and the one that doubles most in both. With `LAMPLIGHTER_THOROUGH` all of them are tried in both.
const IN_A_PLAIN_ROOM: [Fault; 3] = [Fault::Internal, Fault::BrokenJson, Fault::DroppedAfter];
const IN_AN_ENCRYPTED_ROOM: [Fault; 6] =
    [Fault::Delay, Fault::Limited, Fault::BadGateway, Fault::DroppedBefore, Fault::DroppedAfter, Fault::Cut];

/// An evening on which this fault happens; says how often it did.
async fn evening(
    street: &mut Street,
    encrypted: bool,
    fault: Fault,
    undisturbed: &Snapshot,
) -> Result<(u64, Findings)> {
    let begun = std::time::Instant::now();
    let mut evening = Evening::begin(street, encrypted).await?;
    evening.stop().await;
    evening.proxy.fail(fault, if fault == Fault::Limited { EVERY_LIMITED } else { EVERY });
    evening.start().await?;
    evening.play(street).await?;
    let met = evening.proxy.relent();
    process::say(&format!("{fault:?}: {:.1?}, {met:?}", begun.elapsed()));
    let mut findings = evening.findings(street, undisturbed).await?;
    let unmet = Class::ALL.iter().filter(|class| !met.contains_key(class));
    findings.lost.extend(unmet.map(|class| format!("no request of class {class:?} met the fault")));
    evening.end().await?;
    Ok((met.values().sum(), findings))
}

async fn evenings(encrypted: bool) -> Result {
    let room = if encrypted { "an encrypted room" } else { "a plain room" };
    let mut street = Street::open().await?;
    let undisturbed = undisturbed(&mut street, encrypted).await?;
    let chosen = std::env::var("LAMPLIGHTER_FAULT").ok();
    let thorough = std::env::var_os("LAMPLIGHTER_THOROUGH").is_some();
    let mut problems = Vec::new();
    for (fault, name) in Fault::ALL {
        let is_chosen = match &chosen {
            Some(chosen) => name.contains(chosen.as_str()),
            None if thorough => true,
            None if encrypted => IN_AN_ENCRYPTED_ROOM.contains(&fault),
            None => IN_A_PLAIN_ROOM.contains(&fault),
        };
        if !is_chosen {
            continue;
        }
        let often = if fault == Fault::Limited { "fifth" } else { "third" };
        let how = format!("every {often} request of each class, an evening in {room}");
        // One that is lost doesn't hide what the others find.
        match evening(&mut street, encrypted, fault, &undisturbed).await {
            Ok((tried, findings)) => problems.extend(findings.record(name, &how, tried).err()),
            Err(error) => problems.push(format!("{name}: {error}").into()),
        }
        for problem in &problems {
            process::say(&problem.to_string());
        }
    }
    assert!(problems.is_empty(), "{problems:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_on_every_class_of_request_in_a_plain_room() -> Result {
    evenings(false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_on_every_class_of_request_in_an_encrypted_room() -> Result {
    evenings(true).await
}
