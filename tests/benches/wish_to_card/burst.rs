//! All residents post all their wishes at the same moment: what comes of it, how fast, and what the bot weighs then.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use lamplighter_tests::{
    homeserver::{Direction, Homeserver, Person},
    neighbourhood::{number_of, wish_of},
    process::Bot,
    reliability::figure,
    resident::Resident,
};
use matrix_sdk::ruma::UserId;
use serde_json::Value;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    ANON_MB_MAX, CHIP, Failure, PREFIX, RSS_MB_MAX, Size,
    compare::Side,
    figures::{line, load},
    people::{Asker, position, text},
    room, weigh,
};

/// How often the room is read while the burst is under way: seldom, as each reading costs the server time.
const POLL: Duration = Duration::from_millis(500);
/// The burst is given up when this many readings in a row brought nothing new.
const IDLE_POLLS_MAX: u32 = 120;
/// As many events as Synapse gives at once.
const PAGE_EVENTS: u32 = 1_000;

/// One burst after the other, by the same residents.
pub async fn bursts(
    homeserver: &Homeserver,
    steward: &mut Resident,
    bot: &Bot,
    side: &Side,
    encrypted: bool,
    size: Size,
) -> Result<(), Failure> {
    // It doesn't encrypt: it counts what it sees from outside.
    let reader = homeserver.person("reader", None).await?;
    steward.invite(&side.room, &UserId::parse(reader.user_id())?).await?;
    reader.join(&side.room).await?;
    let mut residents = Vec::new();
    for index in 0..size.residents {
        let mut person = Asker::log_in(homeserver, &format!("neighbour-{index}"), encrypted).await?;
        steward.invite(&side.room, &UserId::parse(person.user_id())?).await?;
        person.join(&side.room).await?;
        residents.push(person);
    }
    for resident in &mut residents {
        resident.catch_up().await?;
    }
    steward.sync().await?;
    for (index, wishes_each) in size.wishes_per_resident.into_iter().enumerate() {
        let letter = char::from_u32('B' as u32 + u32::try_from(index)?).unwrap_or('B');
        let burst = Burst { letter, wishes_each };
        residents = burst.run(residents, steward, &reader, bot, side, encrypted).await?;
    }
    Ok(())
}

struct Burst {
    /// With it begin the tags of its wishes.
    letter: char,
    wishes_each: usize,
}

/// What of the bot has come into the room.
#[derive(Default)]
struct Harvest {
    cards: BTreeSet<String>,
    chips: BTreeSet<String>,
}

impl Harvest {
    /// Notes an event of the bot. Each wish causes one message and one chip, and nobody does anything else meanwhile.
    fn take(&mut self, event: &Value) {
        let event_id = text(event, "/event_id").to_owned();
        match text(event, "/type") {
            "m.reaction" if text(event, "/content/m.relates_to/key").starts_with(CHIP) => {
                self.chips.insert(event_id);
            }
            "m.room.message" | "m.room.encrypted" => {
                self.cards.insert(event_id);
            }
            _ => {}
        }
    }
}

impl Burst {
    async fn run(
        &self,
        residents: Vec<Asker>,
        steward: &mut Resident,
        reader: &Person,
        bot: &Bot,
        side: &Side,
        encrypted: bool,
    ) -> Result<Vec<Asker>, Failure> {
        let wishes = residents.len() * self.wishes_each;
        let people = residents.len();
        let mut from = position(reader).await?;
        let mut posting = JoinSet::new();
        let begun = Instant::now();
        for (index, person) in residents.into_iter().enumerate() {
            let (room, letter, wishes_each) = (side.room.clone(), self.letter, self.wishes_each);
            posting.spawn(async move {
                for wish in 0..wishes_each {
                    let tag = format!("{letter}{index:02}-{wish:02}");
                    person.say(&room, &format!("{PREFIX} 帮我换楼道的灯泡 {tag}"), &tag).await?;
                }
                Ok::<_, Failure>((person, begun.elapsed()))
            });
        }

        let mut residents = Vec::new();
        let (mut posted, mut carded, mut chipped) = (None, None, None);
        let mut posted_last = Duration::ZERO;
        let mut harvest = Harvest::default();
        let mut idle = 0;
        while chipped.is_none() && idle < IDLE_POLLS_MAX {
            sleep(POLL).await;
            while let Some(done) = posting.try_join_next() {
                let (person, after) = done??;
                residents.push(person);
                posted_last = posted_last.max(after);
            }
            if posting.is_empty() {
                posted = Some(posted_last);
            }
            idle += 1;
            if read_on(reader, side, &mut from, &mut harvest).await? {
                idle = 0;
            }
            if harvest.cards.len() >= wishes && carded.is_none() {
                carded = Some(begun.elapsed());
                weigh(bot, "when the burst's last card was seen")?;
            }
            if carded.is_some() && harvest.chips.len() >= wishes {
                chipped = Some(begun.elapsed());
            }
        }

        let seconds = |duration: Option<Duration>| {
            duration.map_or_else(|| "never".to_owned(), |duration| format!("{:.1} s", duration.as_secs_f64()))
        };
        let per_second = carded.map_or(0.0, |carded: Duration| wishes as f64 / carded.as_secs_f64());
        line(&format!("burst: {people} residents, {} wishes each; load {}", self.wishes_each, load()))?;
        let counted = self.count(steward, side).await?;
        line(&format!(
            "cards {}, of {} wishes out of {wishes}, {} different numbers: each exactly once: {}",
            counted[0],
            counted[1],
            counted[2],
            if counted == [wishes; 3] { "met" } else { "NOT MET" }
        ))?;
        line(&format!(
            "posted after {}, all cards after {} ({per_second:.1} cards/s), all chips after {}",
            seconds(posted),
            seconds(carded),
            seconds(chipped)
        ))?;
        let (rss, anon) = weigh(bot, &format!("after the burst of {wishes}"))?;
        let how = format!("after a burst of {wishes} wishes, {}", room(encrypted));
        figure("memory of the bot, VmRSS", &how, &format!("{rss:.1} MB"), &format!("{RSS_MB_MAX} MB"))?;
        figure("memory of the bot, anonymous", &how, &format!("{anon:.1} MB"), &format!("{ANON_MB_MAX} MB"))?;
        let how = format!("{people} residents post {} wishes each at once, {}", self.wishes_each, room(encrypted));
        figure("burst: the last card stands", &how, &seconds(carded), "")?;
        figure(
            "burst: cards, wishes with one, different numbers",
            &how,
            &format!("{counted:?}"),
            &format!("{:?}", [wishes; 3]),
        )?;
        Ok(residents)
    }

    /// As a reader of the room sees it: cards of this burst, wishes that have one, and their numbers.
    async fn count(&self, steward: &mut Resident, side: &Side) -> Result<[usize; 3], Failure> {
        steward.sync().await?;
        let messages = steward.read_whole(&side.room).await?.messages();
        let mine = format!(" {}", self.letter);
        let cards: Vec<(&str, &str)> = messages
            .iter()
            .filter(|message| message.by == side.answerer)
            .filter_map(|message| Some((wish_of(&message.text)?, number_of(&message.text)?)))
            .filter(|(wish, _)| wish.contains(&mine))
            .collect();
        let wishes: BTreeSet<&str> = cards.iter().map(|(wish, _)| *wish).collect();
        let numbers: BTreeSet<&str> = cards.iter().map(|(_, number)| *number).collect();
        Ok([cards.len(), wishes.len(), numbers.len()])
    }
}

/// Reads what has come since; says whether anything of the bot was among it.
async fn read_on(reader: &Person, side: &Side, from: &mut String, harvest: &mut Harvest) -> Result<bool, Failure> {
    let mut any = false;
    loop {
        let page = reader.messages(&side.room, Some(from), Direction::Forward, PAGE_EVENTS).await?;
        let events = page.get("chunk").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for event in events.iter().filter(|event| text(event, "/sender") == side.answerer) {
            any = true;
            harvest.take(event);
        }
        match text(&page, "/end") {
            "" => return Ok(any),
            end => end.clone_into(from),
        }
        if events.is_empty() {
            return Ok(any);
        }
    }
}
