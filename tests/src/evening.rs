//! One evening that touches nearly everything the bot does, in one group room, the private chats, and a second room that is
//! only just made: wishes, a full activity with a queue, a poll, reminders, the digest, a refusal, and commands said in the
//! middle of chatter while the bot is away. What is said is the same each time, so that two evenings can be compared.

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures_util::future::try_join_all;
use lamplighter::{
    clock::{Clock, ShiftedClock},
    gateway::matrix::{Bot, Pace},
    worker::Seed,
};
use lamplighter_storage::{Storage, agenda, inbox, outbox};
use matrix_sdk::ruma::{OwnedUserId, UserId};
use tokio::sync::OnceCell;

use crate::{
    Result,
    audit::{self, Findings, Seen, Snapshot},
    faulty::Faulty,
    homeserver::{Homeserver, HomeserverError, Limits, Person},
    neighbourhood::CLAIM,
    process,
    resident::{Extras, Resident},
};

/// When each evening begins: a Monday, just before the window opens for what nobody asked for.
const BEGINS_AT: &str = "2026-01-05T18:40:00+08:00";
/// Something is wrong if the bot needs longer for what was said at once.
const PATIENCE: Duration = Duration::from_secs(150);
/// How often it is looked whether the bot has come to rest.
const LOOK: Duration = Duration::from_millis(50);
/// A bot that can't start is started again this often, as systemd would do it.
const STARTS_MAX: usize = 20;
/// More than this never falls due in an evening.
const DUE_MAX: i64 = 100;
/// What must be looked up waits so long for the homeserver.
const LOOKED_UP_WITHIN_MS: i64 = 10 * 60 * 1000;
/// What neighbours chat beside: more than a sync shows.
const CHATTER: usize = 120;
/// So many neighbours chat at once.
const CHATTERERS: usize = 4;
/// Everybody looks this often for keys that are under way.
const LOOKS_MAX: usize = 20;

/// The people of every evening.
const CAPTAIN: usize = 0;
const WISHER: usize = 1;
const HELPER: usize = 2;
const THIRD: usize = 3;
const NAMES: [&str; 4] = ["王楼长", "李阿姨", "张叔", "刘姐"];

/// A homeserver and the people on it. Each evening has a bot, a database and rooms of its own.
#[derive(Debug)]
pub struct Street {
    /// The homeserver.
    pub homeserver: Homeserver,
    people: Vec<Resident>,
    neighbours: Vec<Person>,
    evenings: usize,
}

impl Street {
    /// With everybody in it.
    pub async fn open() -> Result<Self> {
        process::log_if_asked();
        let homeserver = Homeserver::start(Limits::None).await?;
        let mut people = Vec::new();
        for (index, name) in NAMES.iter().enumerate() {
            let account = homeserver.register(&format!("resident{index}"), "a door that is never locked").await?;
            people.push(Resident::log_in(homeserver.url(), &account, name).await?);
        }
        let mut neighbours = Vec::new();
        for index in 0..CHATTERERS {
            neighbours.push(homeserver.person(&format!("neighbour{index}"), None).await?);
        }
        Ok(Self { homeserver, people, neighbours, evenings: 0 })
    }

    async fn sync(&mut self) -> Result<()> {
        for _ in 0..LOOKS_MAX {
            try_join_all(self.people.iter_mut().map(Resident::sync)).await?;
            if self.people.iter().all(|resident| resident.undecrypted() == 0) {
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

/// One evening.
#[derive(Debug)]
pub struct Evening {
    /// Between bot and homeserver.
    pub proxy: Faulty,
    /// The bot's clock.
    pub clock: Arc<ShiftedClock>,
    /// The bot, while it runs.
    pub bot: Option<Bot>,
    /// Its Matrix id.
    pub bot_user_id: OwnedUserId,
    /// The group room.
    pub room_id: String,
    config: PathBuf,
    second_room_id: Option<String>,
    asked: Vec<String>,
    folder: tempfile::TempDir,
}

impl Evening {
    /// A new bot, in a room that is bound to its community.
    pub async fn begin(street: &mut Street, encrypted: bool) -> Result<Self> {
        street.evenings += 1;
        let localpart = format!("lamplighter{}", street.evenings);
        street.homeserver.register(&localpart, process::BOT_PASSWORD).await?;
        let bot_user_id = UserId::parse(format!("@{localpart}:{}", street.homeserver.server_name()))?;
        let proxy = Faulty::start(street.homeserver.url()).await?;
        let folder = tempfile::tempdir()?;
        let steward = street.people[CAPTAIN].user_id();
        let config = process::write_config_for(
            folder.path(),
            (proxy.url(), street.homeserver.server_name()),
            &localpart,
            &[steward.as_str()],
        )?;
        let begins = chrono::DateTime::parse_from_rfc3339(BEGINS_AT)?.timestamp_millis();
        let mut evening = Self {
            proxy,
            clock: Arc::new(ShiftedClock::at(begins)),
            bot: None,
            bot_user_id: bot_user_id.clone(),
            room_id: String::new(),
            config,
            second_room_id: None,
            asked: Vec::new(),
            folder,
        };
        evening.start().await?;
        let mut members: Vec<OwnedUserId> = street.people[1..].iter().map(Resident::user_id).collect();
        for neighbour in &street.neighbours {
            members.push(UserId::parse(neighbour.user_id())?);
        }
        evening.room_id = street.people[CAPTAIN].create_room("3号楼", &members, &Default::default(), encrypted).await?;
        street.sync().await?;
        for neighbour in &street.neighbours {
            neighbour.join(&evening.room_id).await?;
        }
        street.sync().await?;
        street.people[CAPTAIN].invite(&evening.room_id, &bot_user_id).await?;
        evening.wait_for(street, &evening.room_id.clone(), "大家好").await?;
        evening.say(street, CAPTAIN, "！这是 3号楼").await?;
        evening.settle(street).await?;
        Ok(evening)
    }

    /// Starts the bot, again and again if it must be; says how often it ended instead.
    pub async fn start(&mut self) -> Result<usize> {
        let config = lamplighter_config::load(&self.config, &|_| None)?;
        let pace = Pace { edit_spacing_ms: 0, ..Pace::default() };
        for tries in 0..STARTS_MAX {
            let clock = Arc::clone(&self.clock) as _;
            match Bot::start(&config, config.require_matrix()?, clock, Seed::System, pace).await {
                Ok(bot) => {
                    self.bot = Some(bot);
                    return Ok(tries);
                }
                Err(error) if tries + 1 == STARTS_MAX => return Err(error.into()),
                Err(error) => process::say(&format!("not started: {error}")),
            }
        }
        Err("the bot is never started".into())
    }

    /// Stops it in good order.
    pub async fn stop(&mut self) {
        if let Some(bot) = self.bot.take() {
            bot.stop().await;
        }
    }

    /// The database, while the bot runs.
    pub fn storage(&self) -> Result<&Storage> {
        Ok(self.bot.as_ref().ok_or("the bot isn't running")?.storage())
    }

    /// Somebody says something in the group room.
    pub async fn say(&mut self, street: &Street, who: usize, text: &str) -> Result<()> {
        let event_id = street.people[who].say(&self.room_id, text, &Extras::default()).await?;
        self.asked.push(event_id);
        Ok(())
    }

    async fn tap(&mut self, street: &Street, who: usize, card: &str, key: &str) -> Result<()> {
        let card = self.find(street, who, card)?;
        self.asked.push(street.people[who].tap(&self.room_id, &card, key).await?);
        Ok(())
    }

    /// The message of the bot in the group room that begins like this.
    fn find(&self, street: &Street, who: usize, begins: &str) -> Result<String> {
        let messages = street.people[who].view(&self.room_id).messages();
        let found = messages.iter().find(|message| message.by == self.bot_user_id && message.text.starts_with(begins));
        Ok(found.ok_or_else(|| format!("{} doesn't see {begins}", NAMES[who]))?.id.clone())
    }

    async fn wait_for(&mut self, street: &mut Street, room_id: &str, text: &str) -> Result<()> {
        let end = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < end {
            street.sync().await?;
            let messages = street.people[CAPTAIN].view(room_id).messages();
            if messages.iter().any(|message| message.by == self.bot_user_id && message.text.contains(text)) {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("the bot never says {text}").into())
    }

    /// Waits until everything that was asked is handled, what is due is done, and what follows from it is sent; then
    /// everybody looks.
    pub async fn settle(&mut self, street: &mut Street) -> Result<()> {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let storage = self.storage()?;
            let mut missing = Vec::new();
            for event_id in &self.asked {
                if !inbox::is_settled(storage, event_id).await? {
                    missing.push(event_id.clone());
                }
            }
            let due = agenda::next_due(storage, self.clock.now_ms()).await?;
            let depth = outbox::depth(storage).await?;
            if missing.is_empty() && due.is_none() && depth == 0 {
                return street.sync().await;
            }
            if tokio::time::Instant::now() > end {
                let asked = self.asked.len();
                let due = due.map(|row| row.kind);
                return Err(format!("of {asked} events not handled: {missing:?}; due: {due:?}; unsent: {depth}").into());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The bot's clock is moved to this minute of the evening, and what is due then is done.
    pub async fn clock(&mut self, street: &mut Street, clock_time: &str) -> Result<()> {
        self.set_clock(clock_time)?;
        self.look_at_clock().await?;
        self.settle(street).await
    }

    /// The bot's clock is moved to this minute of the evening.
    pub fn set_clock(&self, clock_time: &str) -> Result<()> {
        let at = BEGINS_AT.replace("18:40", clock_time);
        self.clock.move_to(chrono::DateTime::parse_from_rfc3339(&at)?.timestamp_millis());
        Ok(())
    }

    /// Waits until the bot has done everything that is due, except what can't be looked up (of this kind), and has something to
    /// say that it can't send: the homeserver is away.
    pub async fn attempts(&self, what: &str, not_looked_up: &str) -> Result<()> {
        let bot = self.bot.as_ref().ok_or("the bot isn't running")?;
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            // Pokes the bot, and is not to come to an end.
            let _ = tokio::time::timeout(LOOK, bot.quiet(self.clock.as_ref())).await;
            let due = agenda::due(bot.storage(), self.clock.now_ms(), DUE_MAX).await?;
            let waits = due
                .iter()
                .all(|row| row.kind == not_looked_up && self.clock.now_ms() - row.due_at_ms < LOOKED_UP_WITHIN_MS);
            if waits && outbox::depth(bot.storage()).await? > 0 {
                return Ok(());
            }
            if tokio::time::Instant::now() > end {
                return Err(format!("what is due at {what} isn't done: {due:?}").into());
            }
        }
    }

    /// How many messages of the bot contain this, in all its rooms.
    pub async fn count(&self, street: &Street, text: &str) -> Result<usize> {
        let rooms = self.rooms(street).await?;
        Ok(rooms
            .iter()
            .flat_map(Seen::messages)
            .filter(|message| message.by == self.bot_user_id && message.text.contains(text))
            .count())
    }

    /// Makes the bot see that its clock was moved, and waits until it has done what is due.
    pub async fn look_at_clock(&self) -> Result<()> {
        let bot = self.bot.as_ref().ok_or("the bot isn't running")?;
        tokio::time::timeout(PATIENCE, bot.quiet(self.clock.as_ref()))
            .await
            .map_err(|_| "what is due isn't done")??;
        Ok(())
    }

    /// Everything at once.
    pub async fn commands(&mut self, street: &Street) -> Result<()> {
        for (who, text) in [
            (WISHER, "！许愿 修楼道灯"),
            (CAPTAIN, "！活动 包饺子 后天晚7点半 活动室 3人"),
            (CAPTAIN, "！投票 要不要装门禁？ 要 / 不要 截止今晚8点"),
            (HELPER, "！提醒我 晚8点 交物业费"),
            (THIRD, "！许愿 借梯子"),
            (WISHER, "！提醒我 晚8点10分 关火"),
            (THIRD, "！认领 99"),
            (HELPER, "！投 9 9"),
        ] {
            self.say(street, who, text).await?;
        }
        Ok(())
    }

    /// Taps and words about what was begun, and a second room.
    pub async fn answers(&mut self, street: &mut Street) -> Result<()> {
        let second = [self.bot_user_id.clone()];
        let room_id = street.people[CAPTAIN].create_room("5号楼", &second, &Default::default(), false).await?;
        // Everybody looks now and not again before all is answered: who accepts an invitation in between isn't told of it.
        self.wait_for(street, &room_id, "大家好").await?;
        let bound = street.people[CAPTAIN].say(&room_id, "！这是 5号楼", &Extras::default()).await?;
        self.asked.push(bound);
        self.second_room_id = Some(room_id);
        self.tap(street, HELPER, "✨ 心愿 1", CLAIM).await?;
        self.tap(street, THIRD, "✨ 心愿 1", CLAIM).await?;
        self.say(street, CAPTAIN, "！认领 4").await?;
        self.tap(street, HELPER, "📅 活动 2", "✅ 报名").await?;
        self.say(street, WISHER, "！报名 2 1大1小").await?;
        self.say(street, THIRD, "！报名 2").await?;
        self.say(street, CAPTAIN, "！代报名 2 王奶奶").await?;
        let poll = self.find(street, HELPER, "（原生投票）")?;
        for (who, option) in [(WISHER, 1), (HELPER, 2), (HELPER, 1)] {
            self.asked.push(street.people[who].answer(&self.room_id, &poll, option).await?);
        }
        self.say(street, THIRD, "！投 3 2").await?;
        Ok(())
    }

    /// Neighbours chat, more than a sync shows, and in between somebody means the bot.
    pub async fn chatter(&mut self, street: &Street) -> Result<()> {
        let commands = [(WISHER, "！提醒我 晚8点20分 关窗"), (THIRD, "！许愿 搬柜子"), (HELPER, "！退出 2")];
        for (round, (who, text)) in commands.into_iter().enumerate() {
            let room_id = &self.room_id;
            try_join_all(street.neighbours.iter().enumerate().map(|(index, neighbour)| async move {
                for line in 0..CHATTER / CHATTERERS / commands.len() {
                    let text = format!("今天的菜真新鲜 {line}");
                    neighbour.send_text(room_id, &text, &format!("chat-{round}-{index}-{line}")).await?;
                }
                Ok::<_, HomeserverError>(())
            }))
            .await?;
            self.say(street, who, text).await?;
        }
        Ok(())
    }

    /// What was begun comes to its end.
    pub async fn endings(&mut self, street: &mut Street) -> Result<()> {
        self.tap(street, HELPER, "✨ 心愿 1", "✅ 完成").await?;
        self.say(street, CAPTAIN, "！完成 4").await?;
        self.settle(street).await?;
        self.tap(street, WISHER, "✨ 心愿 1", "🙏 确认").await?;
        self.say(street, THIRD, "！确认 4").await?;
        self.say(street, WISHER, "！提醒我 晚8点").await?;
        self.settle(street).await?;
        // In private.
        let chat = street.people[HELPER].direct_chat_with(&self.bot_user_id).ok_or("there is no private chat")?;
        self.asked.push(street.people[HELPER].say(&chat, "！积分", &Extras::default()).await?);
        self.settle(street).await
    }

    /// The clock goes on: window, digest, the end of the poll, reminders.
    pub async fn nightfall(&mut self, street: &mut Street) -> Result<()> {
        for clock_time in ["19:30", "20:00", "20:10", "20:20", "20:30"] {
            self.clock(street, clock_time).await?;
        }
        Ok(())
    }

    /// The whole evening.
    pub async fn play(&mut self, street: &mut Street) -> Result<()> {
        self.commands(street).await?;
        self.settle(street).await?;
        self.answers(street).await?;
        self.settle(street).await?;
        self.stop().await;
        self.chatter(street).await?;
        self.start().await?;
        self.settle(street).await?;
        self.endings(street).await?;
        self.nightfall(street).await
    }

    /// The rooms, as those in them read them.
    async fn rooms(&self, street: &Street) -> Result<Vec<Seen>> {
        let captain = &street.people[CAPTAIN];
        let mut rooms = vec![Seen::by(captain, "3号楼", &self.room_id).await?];
        if let Some(room_id) = &self.second_room_id {
            rooms.push(Seen::by(captain, "5号楼", room_id).await?);
        }
        for resident in &street.people {
            for (index, chat) in resident.direct_chats_with(&self.bot_user_id).iter().enumerate() {
                let place = format!("私信 {} {}", resident.name, index + 1);
                rooms.push(Seen::by(resident, &place, chat).await?);
            }
        }
        Ok(rooms)
    }

    /// What is to be compared with another evening, and what is wrong whatever one compares with.
    pub async fn look(&self, street: &mut Street) -> Result<(Snapshot, Findings)> {
        street.sync().await?;
        let rooms = self.rooms(street).await?;
        let bot = self.bot_user_id.as_str();
        let findings = audit::audit(self.storage()?, &rooms, bot, self.clock.now_ms()).await?;
        Ok((audit::snapshot(self.storage()?, &rooms, bot).await?, findings))
    }

    /// What was lost or doubled, beside an undisturbed evening.
    pub async fn findings(&self, street: &mut Street, undisturbed: &Snapshot) -> Result<Findings> {
        let (snapshot, mut findings) = self.look(street).await?;
        findings.add(audit::compare(undisturbed, &snapshot));
        Ok(findings)
    }

    /// Ends the evening.
    pub async fn end(mut self) -> Result<()> {
        self.stop().await;
        Ok(self.folder.close()?)
    }
}

/// An evening on which nothing goes wrong, to compare with; played once in a process for each kind of room.
pub async fn undisturbed(street: &mut Street, encrypted: bool) -> Result<Snapshot> {
    static PLAYED: [OnceCell<Snapshot>; 2] = [const { OnceCell::const_new() }; 2];
    let snapshot = PLAYED[usize::from(encrypted)].get_or_try_init(|| play_undisturbed(street, encrypted)).await?;
    Ok(snapshot.clone())
}

async fn play_undisturbed(street: &mut Street, encrypted: bool) -> Result<Snapshot> {
    let mut evening = Evening::begin(street, encrypted).await?;
    evening.play(street).await?;
    let (snapshot, findings) = evening.look(street).await?;
    if !findings.lost.is_empty() || !findings.doubled.is_empty() {
        return Err(format!("an undisturbed evening is not undisturbed:\n{findings}").into());
    }
    evening.end().await?;
    Ok(snapshot)
}
