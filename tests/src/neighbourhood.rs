//! A homeserver, the bot as a process, and one bound room, for the tests of what is lost and what is doubled.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use lamplighter_storage::{Location, Storage};
use matrix_sdk::ruma::UserId;
use tokio::task::JoinHandle;

use crate::{
    Result,
    homeserver::{Homeserver, Limits, Person},
    process::{self, Bot},
    resident::{Extras, Resident},
    view::Message,
};

/// A reader waits at most this long in one sync.
const NEWS_TIMEOUT: Duration = Duration::from_secs(2);
/// And this long in all before it gives up: a machine that does other things besides is slow.
const PATIENCE: Duration = Duration::from_secs(300);
/// The chip under an open wish.
pub const CLAIM: &str = "✋ 我来";

/// Everything.
#[derive(Debug)]
pub struct Neighbourhood {
    /// The homeserver.
    pub homeserver: Homeserver,
    /// The bot, while it runs.
    pub bot: Option<Bot>,
    /// The captain, who is steward too and reads along.
    pub captain: Resident,
    /// The room.
    pub room_id: String,
    /// The bot's Matrix id.
    pub bot_user_id: String,
    /// The config.
    pub config: PathBuf,
    program: PathBuf,
    _folder: tempfile::TempDir,
}

impl Neighbourhood {
    /// Starts everything and binds the room. `program` is the bot.
    pub async fn start(program: &str, encrypted: bool) -> Result<Self> {
        Self::start_edited(program, encrypted, |config| config).await
    }

    /// The same with a config that is another.
    pub async fn start_edited(program: &str, encrypted: bool, edit: impl FnOnce(String) -> String) -> Result<Self> {
        process::log_if_asked();
        let homeserver = Homeserver::start(Limits::None).await?;
        homeserver.register(process::BOT, process::BOT_PASSWORD).await?;
        let bot_user_id = format!("@{}:{}", process::BOT, homeserver.server_name());
        let account = homeserver.register("captain", "a door that is never locked").await?;
        let captain = Resident::log_in(homeserver.url(), &account, "王楼长").await?;
        let folder = tempfile::tempdir()?;
        let config = process::write_config(folder.path(), &homeserver, &[&account.user_id])?;
        // A long test isn't to lose the bot to a build that somebody runs beside it.
        let own_program = folder.path().join("lamplighter");
        if std::fs::hard_link(program, &own_program).is_err() {
            std::fs::copy(program, &own_program)?;
        }
        std::fs::write(&config, edit(std::fs::read_to_string(&config)?))?;
        let mut neighbourhood = Self {
            homeserver,
            bot: None,
            captain,
            room_id: String::new(),
            bot_user_id,
            config,
            program: own_program,
            _folder: folder,
        };
        neighbourhood.start_bot(None)?;
        let bot = UserId::parse(&neighbourhood.bot_user_id)?;
        let levels = Default::default();
        neighbourhood.room_id = neighbourhood.captain.create_room("3号楼", &[bot], &levels, encrypted).await?;
        neighbourhood.wait_for("大家好").await?;
        neighbourhood.captain.say(&neighbourhood.room_id, "！这是 3号楼", &Extras::default()).await?;
        neighbourhood.wait_for("登记好了").await?;
        Ok(neighbourhood)
    }

    /// Starts the bot, perhaps to die at a crash point.
    pub fn start_bot(&mut self, failpoints: Option<&str>) -> Result<()> {
        self.bot = Some(Bot::start(&self.program, &self.config, failpoints)?);
        Ok(())
    }

    /// Kills it as `kill -9` does.
    pub fn kill_bot(&mut self) -> Result<()> {
        if let Some(mut bot) = self.bot.take() {
            bot.kill()?;
        }
        Ok(())
    }

    /// Kills and restarts the bot after each of these lives, beside whatever else is done; gives the last one back. The
    /// random moment is what is tested: whatever the bot is at when it comes must not matter.
    pub fn kill_at_random_moments(&mut self, lives_ms: Vec<u64>) -> Result<JoinHandle<std::io::Result<Bot>>> {
        let mut bot = self.bot.take().ok_or("the bot isn't running")?;
        let (program, config) = (self.program.clone(), self.config.clone());
        Ok(tokio::spawn(async move {
            for life_ms in lives_ms {
                tokio::time::sleep(Duration::from_millis(life_ms)).await;
                bot.kill()?;
                bot = Bot::start(&program, &config, None)?;
            }
            Ok(bot)
        }))
    }

    /// Stops it gently.
    pub fn stop_bot(&mut self) -> Result<()> {
        match self.bot.take().map(|mut bot| bot.stop()) {
            Some(Ok(true)) | None => Ok(()),
            Some(Ok(false)) => Err("the bot didn't stop cleanly".into()),
            Some(Err(error)) => Err(error.into()),
        }
    }

    /// Whether the bot has died by itself.
    pub fn bot_has_died(&mut self) -> Result<bool> {
        match &mut self.bot {
            Some(bot) => Ok(bot.has_ended()?),
            None => Ok(true),
        }
    }

    /// A resident with a client that encrypts, in the room.
    pub async fn resident(&mut self, localpart: &str, name: &str) -> Result<Resident> {
        self.resident_at(self.homeserver.url().to_owned().as_str(), localpart, name).await
    }

    /// The same, connected through this address.
    pub async fn resident_at(&mut self, url: &str, localpart: &str, name: &str) -> Result<Resident> {
        let account = self.homeserver.register(localpart, "a door that is never locked").await?;
        let mut resident = Resident::log_in(url, &account, name).await?;
        self.captain.invite(&self.room_id, &resident.user_id()).await?;
        resident.sync().await?;
        self.captain.sync().await?;
        Ok(resident)
    }

    /// A resident with a raw client, in the room.
    pub async fn person(&mut self, localpart: &str) -> Result<Person> {
        let person = self.homeserver.person(localpart, None).await?;
        self.captain.invite(&self.room_id, &UserId::parse(person.user_id())?).await?;
        person.join(&self.room_id).await?;
        Ok(person)
    }

    /// The bot's messages in the room.
    pub async fn said_by_bot(&self) -> Result<Vec<Message>> {
        let view = self.captain.read_whole(&self.room_id).await?;
        Ok(view.messages().into_iter().filter(|message| message.by == self.bot_user_id).collect())
    }

    /// Waits until the bot has said something that contains this.
    pub async fn wait_for(&mut self, text: &str) -> Result<()> {
        let text = text.to_owned();
        self.wait_until(&text.clone(), move |messages| messages.iter().any(|message| message.text.contains(&text)))
            .await
    }

    /// Waits until the bot's messages in the room fulfil a condition.
    pub async fn wait_until(&mut self, what: &str, condition: impl Fn(&[Message]) -> bool) -> Result<()> {
        let end = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < end {
            if condition(&self.said_by_bot().await?) {
                return Ok(());
            }
            self.captain.sync_for(NEWS_TIMEOUT).await?;
        }
        let messages = self.said_by_bot().await?;
        let log = std::fs::read_to_string(process::log_path(&self.config)).unwrap_or_default();
        let tail: Vec<&str> = log.lines().rev().take(LOG_LINES).collect();
        let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
        Err(format!("still not: {what}; the bot has said {} things; its log ends:\n{tail}", messages.len()).into())
    }

    /// Waits until every wish has its card with its chip.
    pub async fn wait_for_cards(&mut self, wishes: &[String]) -> Result<()> {
        let wishes = wishes.to_vec();
        self.wait_until("every wish has its card and chip", move |messages| {
            let ready: BTreeSet<&str> = messages
                .iter()
                .filter(|message| message.chips.iter().any(|(key, _)| key == CLAIM))
                .filter_map(|message| wish_of(&message.text))
                .collect();
            wishes.iter().all(|wish| ready.contains(wish.as_str()))
        })
        .await
    }

    /// Each wish has one card with one chip of the bot, and no number was given twice.
    pub async fn expect_one_card_each(&self, wishes: &[String]) -> Result<()> {
        let cards: Vec<Message> =
            self.said_by_bot().await?.into_iter().filter(|message| wish_of(&message.text).is_some()).collect();
        for wish in wishes {
            let of_it: Vec<&Message> = cards.iter().filter(|card| wish_of(&card.text) == Some(wish)).collect();
            if of_it.len() != 1 {
                return Err(format!("{wish} has {} cards", of_it.len()).into());
            }
            if of_it.iter().any(|card| card.chips.iter().any(|(_, count)| *count != 1)) {
                return Err(format!("{wish} has its chips twice").into());
            }
        }
        let numbers: BTreeSet<&str> = cards.iter().filter_map(|card| number_of(&card.text)).collect();
        if numbers.len() != cards.len() || cards.len() != wishes.len() {
            return Err(format!("{} wishes, {} cards, {} numbers", wishes.len(), cards.len(), numbers.len()).into());
        }
        Ok(())
    }

    /// The bot's database, read beside it.
    pub async fn storage(&self) -> Result<Storage> {
        Ok(Storage::open(Location::File(&process::database_path(&self.config))).await?)
    }
}

/// Lines of the bot's log that a failure quotes.
const LOG_LINES: usize = 25;

/// What a card says is wished.
pub fn wish_of(text: &str) -> Option<&str> {
    text.strip_prefix("✨ 心愿 ")?.lines().next()?.split_once('：').map(|(_, wish)| wish)
}

/// The number on a card.
pub fn number_of(text: &str) -> Option<&str> {
    text.strip_prefix("✨ 心愿 ")?.lines().next()?.split_once('：').map(|(number, _)| number)
}
