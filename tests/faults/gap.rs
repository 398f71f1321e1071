//! Five thousand events in one room that the bot hasn't seen, most of them chatter with commands among them: said between two
//! syncs while it runs, and, with `LAMPLIGHTER_THOROUGH`, said while it is stopped (every evening of the other tests has such a
//! gap of a hundred and more). Every command is answered once, in the order of the room.

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use lamplighter_storage::{inbox, outbox};
use lamplighter_tests::{
    audit::{self, Seen},
    homeserver::{HomeserverError, Person},
    neighbourhood::{Neighbourhood, number_of, wish_of},
    process,
};

use super::{PROGRAM, Result};

/// Events in the gap.
const EVENTS: usize = 5_000;
/// Every so many of them is a command.
const COMMAND_EVERY: usize = 50;
/// So many talk at once: more don't make Synapse faster.
const TALKERS: usize = 10;
/// Something is wrong if the bot isn't through by then.
const PATIENCE: Duration = Duration::from_secs(600);

/// All talk at the same time; each of them waits for the homeserver before going on. Gives the commands.
async fn talk(people: &[Person], room_id: &str, round: &str) -> Result<Vec<String>> {
    let each = EVENTS / TALKERS;
    let talks = people.iter().enumerate().map(|(index, person)| async move {
        let mut commands = Vec::new();
        for line in 0..each {
            let is_command = line % COMMAND_EVERY == COMMAND_EVERY / 2;
            let text = if is_command {
                format!("！许愿 {round}{index}-{line}")
            } else {
                format!("{line}：今天的菜真新鲜")
            };
            let event_id = person.send_text(room_id, &text, &format!("{round}-{index}-{line}")).await?;
            if is_command {
                commands.push(event_id);
            }
        }
        Ok::<_, HomeserverError>(commands)
    });
    Ok(try_join_all(talks).await?.concat())
}

async fn wait(neighbourhood: &mut Neighbourhood, commands: &[String]) -> Result {
    let storage = neighbourhood.storage().await?;
    let begun = Instant::now();
    loop {
        let mut settled = true;
        for event_id in commands {
            settled = settled && inbox::is_settled(&storage, event_id).await?;
        }
        // Looked at last: the last command's answer is written while the others are gone through.
        if settled && outbox::depth(&storage).await? == 0 {
            storage.close().await;
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            return Err("the bot doesn't come to an end".into());
        }
        neighbourhood.captain.sync_for(Duration::from_secs(1)).await?;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_events_at_once() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let room_id = neighbourhood.room_id.clone();
    let mut people = Vec::new();
    for index in 0..TALKERS {
        people.push(neighbourhood.person(&format!("talker{index}")).await?);
    }
    let thorough = std::env::var_os("LAMPLIGHTER_THOROUGH").is_some();
    let rounds = [("开", "said between two syncs of a bot that runs"), ("停", "said while the bot is stopped")];
    for (round, how) in rounds.into_iter().take(if thorough { 2 } else { 1 }) {
        let begun = Instant::now();
        if round == "停" {
            neighbourhood.stop_bot()?;
        } else {
            // It runs, and its sync goes on when all has been said: else it would read along and meet no gap.
            neighbourhood.bot.as_ref().ok_or("the bot isn't running")?.freeze(true)?;
        }
        let commands = talk(&people, &room_id, round).await?;
        let said = begun.elapsed();
        if round == "停" {
            neighbourhood.start_bot(None)?;
        } else {
            neighbourhood.bot.as_ref().ok_or("the bot isn't running")?.freeze(false)?;
        }
        wait(&mut neighbourhood, &commands).await?;
        process::say(&format!("{EVENTS} events said within {said:.1?}, all answered after {:.1?}", begun.elapsed()));

        let seen = Seen::by(&neighbourhood.captain, "3号楼", &room_id).await?;
        let of_round = |text: &str| text.strip_prefix("！许愿 ").is_some_and(|wish| wish.starts_with(round));
        let body = |event: &serde_json::Value| event["content"]["body"].as_str().unwrap_or_default().to_owned();
        let asked: Vec<String> = seen
            .events
            .iter()
            .map(body)
            .filter(|text| of_round(text))
            .map(|text| text.replace("！许愿 ", ""))
            .collect();
        assert_eq!(asked.len(), EVENTS / COMMAND_EVERY);
        let cards: Vec<_> = neighbourhood.said_by_bot().await?;
        let mut answered: Vec<(u64, String)> = cards
            .iter()
            .filter_map(|card| Some((number_of(&card.text)?.parse().ok()?, wish_of(&card.text)?.to_owned())))
            .filter(|(_, wish)| wish.starts_with(round))
            .collect();
        let in_order_of_the_room = answered.clone();
        answered.sort_unstable();
        assert_eq!(in_order_of_the_room, answered, "cards stand in the order of their numbers");
        let answered: Vec<String> = answered.into_iter().map(|(_, wish)| wish).collect();
        let storage = neighbourhood.storage().await?;
        let now_ms = chrono::Utc::now().timestamp_millis();
        let mut findings = audit::audit(&storage, &[seen], &neighbourhood.bot_user_id, now_ms).await?;
        storage.close().await;
        findings.lost.extend(asked.iter().filter(|wish| !answered.contains(wish)).cloned());
        findings
            .doubled
            .extend(asked.iter().filter(|wish| answered.iter().filter(|other| other == wish).count() > 1).cloned());
        findings.record("limited timeline of 5,000 events", how, EVENTS as u64)?;
        assert_eq!(answered, asked, "numbers were given in the order of the room");
    }
    Ok(())
}
