//! A month of a whole neighbourhood on the console: who was told what, when, and nobody twice. Once without a break, once
//! with the bot stopped at fifty moments, in the middle of what fell due among them.

mod model;
mod people;
mod street;

use std::{collections::BTreeMap, time::Instant};

use lamplighter_tests::process;

use self::{
    people::{Act, DOWNTIMES, END, acts},
    street::{Said, Street, compare},
};

type Result<T = ()> = std::result::Result<T, lamplighter_tests::Error>;

/// The bot is stopped this often in the second month.
const STOPS: usize = 50;

/// A fixed row of numbers that look random, so that a run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % below
    }
}

/// The month without a break; every instant at which the clock caused something.
async fn unbroken(street: &mut Street) -> Result<Vec<i64>> {
    for (at, act) in acts() {
        street.clock(at).await?;
        street.act(&act).await?;
    }
    street.clock(END).await?;
    let mut instants: Vec<i64> = street.said.iter().filter(|said| said.by_clock).map(|said| said.at).collect();
    instants.sort_unstable();
    instants.dedup();
    Ok(instants)
}

/// The same month, stopped between two acts, just before and just after something falls due, and for hours.
async fn broken(street: &mut Street, instants: &[i64]) -> Result<usize> {
    let acts = acts();
    let mut dice = Dice(20_260_105);
    let mut due_stops: BTreeMap<i64, ()> = BTreeMap::new();
    let is_away = |at: i64| DOWNTIMES.iter().any(|(from, to)| (*from..=*to).contains(&at));
    while due_stops.len() < (STOPS - DOWNTIMES.len()) / 2 {
        let at = instants[dice.roll(instants.len())];
        if !is_away(at) {
            due_stops.insert(at, ());
        }
    }
    let mut act_stops: BTreeMap<usize, ()> = BTreeMap::new();
    while act_stops.len() + due_stops.len() + DOWNTIMES.len() < STOPS {
        act_stops.insert(dice.roll(acts.len()), ());
    }
    let mut stops = 0;
    for (index, (at, act)) in acts.iter().map(|(at, act)| (*at, Some(act))).chain([(END, None)]).enumerate() {
        let mut moments: Vec<(i64, Option<i64>)> = DOWNTIMES.iter().map(|(from, to)| (*from, Some(*to))).collect();
        moments.extend(due_stops.keys().map(|due| (*due, None)));
        moments.sort_unstable();
        let since = street.now;
        for (from, to) in moments.into_iter().filter(|(from, _)| (since + 1..=at).contains(from)) {
            match to {
                Some(to) => {
                    street.clock(from).await?;
                    street.reopen(to).await?;
                }
                // The minute before, the bot goes; it comes back at the very instant; and goes and comes again.
                None => {
                    street.clock(from - 1).await?;
                    street.reopen_now().await?;
                    street.clock(from).await?;
                    street.reopen_now().await?;
                    street.clock(from).await?;
                }
            }
            stops += 1;
        }
        street.clock(at).await?;
        if act_stops.contains_key(&index) {
            street.reopen_now().await?;
            stops += 1;
        }
        if let Some(act) = act {
            street.act(act).await?;
        }
    }
    Ok(stops)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_with_and_without_stops() -> Result {
    process::log_if_asked();
    let folder = tempfile::tempdir()?;
    let begun = Instant::now();
    let move_in = Street::move_in(&folder.path().join("first.db")).await?;
    let mut second = move_in.twin(&folder.path().join("second.db")).await?;
    let mut first = move_in.reopened().await?;
    let moved_in = begun.elapsed();
    let instants = unbroken(&mut first).await?;
    let first_took = begun.elapsed() - moved_in;
    let stops = broken(&mut second, &instants).await?;
    let second_took = begun.elapsed() - moved_in - first_took;
    let by_clock = |said: &[Said]| said.iter().filter(|said| said.by_clock).count();
    process::say(&format!(
        "moved in after {moved_in:.1?}; a month of {} lines, {} of them by the clock: {first_took:.1?}; with {stops} \
         stops: {second_took:.1?}",
        first.said.len(),
        by_clock(&first.said)
    ));
    assert!(stops >= STOPS, "{stops} stops");
    first.expect_nothing_twice()?;
    second.expect_nothing_twice()?;
    compare(&first, &second)
}

/// Rows of one kind are done together; one over which our logic fails is marked, and the others are done all the same.
#[tokio::test]
async fn a_fault_spoils_only_its_own_row() -> Result {
    let folder = tempfile::tempdir()?;
    let mut street = Street::empty(&folder.path().join("street.db")).await?;
    let due = people::at(0, 20, 0);
    let remind = |index: usize| Act::Remind {
        room: None,
        by: people::resident(index),
        text: format!("交物业费{}", ["甲", "乙", "丙", "丁"][index]),
        at: due,
    };
    for index in 0..4 {
        street.act(&remind(index)).await?;
        if index == 1 {
            street.break_a_row("reminder", due).await?;
        }
    }
    street.clock(due + 1).await?;
    assert_eq!(street.said.iter().filter(|said| said.by_clock).count(), 4);
    assert_eq!(street.waiting_rows("reminder").await?, 0, "the broken row isn't tried for ever");
    Ok(())
}
