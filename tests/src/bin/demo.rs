//! `cargo demo`: a homeserver, a building and a bot, a wish that comes true in it, and then a place to look around in.

use std::{collections::BTreeMap, ffi::OsString, io::Write as _, path::PathBuf, process::ExitCode, time::Duration};

use chrono::Utc;
use chrono_tz::Asia::Shanghai;
use clap::Parser;
use lamplighter_tests::{
    Result,
    homeserver::{Homeserver, Limits},
    process::{self, Bot},
    resident::{Extras, Resident},
    view::Message,
};
use matrix_sdk::ruma::UserId;

/// Everybody's password, so that it is easily typed.
const PASSWORD: &str = "lamplighter";
/// The captain, who is the community's steward too, and four residents: account and name.
const PEOPLE: [(&str, &str); 5] =
    [("wang", "王楼长"), ("li", "李阿姨"), ("zhang", "张叔"), ("liu", "刘姐"), ("chen", "陈奶奶")];
const CAPTAIN: &str = "王楼长";
const BUILDING: &str = "3号楼";
const INTEREST: &str = "太极拳";
/// How long to wait for something that must be said: looks, and the length of each.
const LOOKS_MAX: usize = 120;
const LOOK: Duration = Duration::from_millis(500);

/// Starts a homeserver with a building on it, and plays how a wish comes true.
#[derive(Debug, Parser)]
#[command(name = "cargo demo")]
struct Arguments {
    /// End after the story instead of staying up.
    #[arg(long)]
    once: bool,
}

/// Everything that is on show.
struct Demo {
    homeserver: Homeserver,
    bot: Bot,
    bot_user_id: String,
    people: BTreeMap<&'static str, Resident>,
    rooms: BTreeMap<&'static str, String>,
    shown: BTreeMap<String, Vec<Message>>,
    missing: usize,
    _folder: tempfile::TempDir,
}

fn main() -> ExitCode {
    // The bot is this very program in another process: `demo run --config FILE`.
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "run") {
        return lamplighter::cli::main(arguments);
    }
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let played = runtime.map_err(Into::into).and_then(|runtime| {
        runtime.block_on(async {
            tokio::select! {
                played = show(arguments.once) => played,
                // Everything that was started is dropped, and ends with it.
                () = asked_to_stop() => Ok(0),
            }
        })
    });
    match played {
        Ok(0) => ExitCode::SUCCESS,
        Ok(missing) => {
            say(&format!("\n{missing} things that were expected were not said."));
            ExitCode::FAILURE
        }
        Err(error) => {
            process::say(&format!("cargo demo: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Ends when somebody presses Ctrl-C or the system asks us to stop.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => std::future::pending().await,
    }
}

fn say(line: &str) {
    // Where standard output is closed there is nobody to show it to.
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn show(once: bool) -> Result<usize> {
    let mut demo = Demo::start().await?;
    demo.play().await?;
    let missing = demo.missing;
    if once {
        if demo.bot.stop()? {
            return Ok(missing);
        }
        return Err("the bot didn't stop cleanly".into());
    }
    demo.invite_in();
    if missing > 0 {
        say(&format!("\n{missing} things that were expected were not said."));
    }
    // Until somebody asks us to stop, which is looked for above.
    std::future::pending().await
}

impl Demo {
    async fn start() -> Result<Self> {
        let homeserver = Homeserver::start(Limits::None).await?;
        process::say("Making the accounts and starting the bot …");
        homeserver.register(process::BOT, process::BOT_PASSWORD).await?;
        let mut people = BTreeMap::new();
        let mut steward = String::new();
        for (localpart, name) in PEOPLE {
            let account = homeserver.register(localpart, PASSWORD).await?;
            if name == CAPTAIN {
                steward.clone_from(&account.user_id);
            }
            people.insert(name, Resident::log_in(homeserver.url(), &account, name).await?);
        }
        let folder = tempfile::tempdir()?;
        let config = process::write_config(folder.path(), &homeserver, &[&steward])?;
        let program: PathBuf = std::env::current_exe()?;
        let bot = Bot::start(&program, &config, None)?;
        let bot_user_id = format!("@{}:{}", process::BOT, homeserver.server_name());
        Ok(Self {
            homeserver,
            bot,
            bot_user_id,
            people,
            rooms: BTreeMap::new(),
            shown: BTreeMap::new(),
            missing: 0,
            _folder: folder,
        })
    }

    fn person(&mut self, name: &str) -> Result<&mut Resident> {
        self.people.get_mut(name).ok_or_else(|| format!("there is nobody called {name}").into())
    }

    /// The captain makes a room and invites everybody and the bot.
    async fn open_room(&mut self, name: &'static str, encrypted: bool) -> Result<()> {
        let mut invited = vec![UserId::parse(&self.bot_user_id)?];
        invited.extend(self.people.iter().filter(|(who, _)| **who != CAPTAIN).map(|(_, person)| person.user_id()));
        let room_id = self.person(CAPTAIN)?.create_room(name, &invited, &BTreeMap::new(), encrypted).await?;
        self.rooms.insert(name, room_id);
        let kind = if encrypted { "encrypted" } else { "not encrypted" };
        say(&format!("\n—— {CAPTAIN} makes the group {name} ({kind}) and invites the neighbours and 掌灯 ——"));
        Ok(())
    }

    /// Somebody says something; "" is the private chat with the bot.
    async fn say(&mut self, who: &str, room: &str, text: &str) -> Result<()> {
        let room_id = self.room_of(who, room)?;
        let mentions = self.people.iter().filter(|(name, _)| text.contains(&format!("@{name}")));
        let mentions = mentions.map(|(_, person)| person.user_id().to_string()).collect();
        let extras = Extras { mentions, ..Extras::default() };
        self.person(who)?.say(&room_id, text, &extras).await?;
        Ok(())
    }

    fn room_of(&mut self, who: &str, room: &str) -> Result<String> {
        let bot = UserId::parse(&self.bot_user_id)?;
        match self.rooms.get(room) {
            Some(room_id) => Ok(room_id.clone()),
            None => self.person(who)?.direct_chat_with(&bot).ok_or_else(|| "there is no private chat yet".into()),
        }
    }

    /// Somebody taps the last message that begins so, or takes the tap back.
    async fn tap(&mut self, who: &str, room: &str, begins: &str, key: &str, back: bool) -> Result<()> {
        let room_id = self.room_of(who, room)?;
        let person = self.person(who)?;
        let view = person.view(&room_id);
        let messages = view.messages();
        let on = messages.iter().rev().find(|message| message.text.starts_with(begins));
        let on = on.ok_or_else(|| format!("nothing begins with {begins}"))?.id.clone();
        let place = if room.is_empty() { "私信" } else { room };
        if back {
            let tap = view.tap_of(person.user_id().as_str(), &on, key).ok_or("there is no such tap")?;
            person.redact(&room_id, &tap).await?;
            line(place, &format!("{who} 取消 {key}"));
        } else {
            person.tap(&room_id, &on, key).await?;
            line(place, &format!("{who} 点 {key}"));
        }
        Ok(())
    }

    /// Shows what is new until this has been said in a room, or in somebody's private chat.
    async fn expect(&mut self, place: &str, text: &str) -> Result<()> {
        for _ in 0..LOOKS_MAX {
            self.look().await?;
            let found = self.shown.get(place).is_some_and(|messages| {
                messages.iter().any(|message| message.by == self.bot_user_id && message.text.contains(text))
            });
            if found {
                return Ok(());
            }
            self.person(CAPTAIN)?.sync_for(LOOK).await?;
        }
        let unread: Vec<_> = self.people.iter().map(|(name, person)| (name, person.undecrypted())).collect();
        say(&format!("!! expected in {place}, but not said: {text} (messages nobody could decrypt: {unread:?})"));
        self.missing += 1;
        Ok(())
    }

    /// Shows what is new everywhere.
    async fn look(&mut self) -> Result<()> {
        for person in self.people.values_mut() {
            person.sync().await?;
        }
        let bot = UserId::parse(&self.bot_user_id)?;
        let mut places: Vec<(String, Vec<Message>)> = Vec::new();
        for (room, room_id) in &self.rooms {
            let captain = self.people.get(CAPTAIN).ok_or("there is no captain")?;
            places.push(((*room).to_owned(), captain.view(room_id).messages()));
        }
        for (name, person) in &self.people {
            if let Some(room_id) = person.direct_chat_with(&bot) {
                places.push((private(name), person.view(&room_id).messages()));
            }
        }
        for (place, messages) in places {
            let before = self.shown.insert(place.clone(), messages.clone()).unwrap_or_default();
            for message in &messages {
                let old = before.iter().find(|old| old.id == message.id);
                if old.is_some_and(|old| old.text == message.text && old.chips.len() == message.chips.len()) {
                    continue;
                }
                let by = self
                    .people
                    .iter()
                    .find(|(_, person)| person.user_id() == message.by)
                    .map_or("掌灯", |(name, _)| *name);
                let changed = if old.is_some() { "（更新）" } else { "" };
                line(&place, &format!("{by}{changed}"));
                for text in message.text.lines() {
                    say(&format!("          {text}"));
                }
                if !message.chips.is_empty() {
                    let chips: Vec<String> = message.chips.iter().map(|(key, _)| format!("[{key}]")).collect();
                    say(&format!("          {}", chips.join(" ")));
                }
            }
        }
        Ok(())
    }

    /// The story of the first release: a wish comes true.
    async fn play(&mut self) -> Result<()> {
        self.open_room(BUILDING, true).await?;
        self.expect(BUILDING, "大家好，我是掌灯").await?;
        self.say(CAPTAIN, BUILDING, "！这是 3号楼").await?;
        self.expect(BUILDING, "登记好了").await?;
        self.say("李阿姨", BUILDING, "！许愿 修楼道灯，三楼那盏").await?;
        self.expect(BUILDING, "心愿 1：修楼道灯，三楼那盏").await?;
        self.wait_for_chip(BUILDING, "✋ 我来").await?;
        self.tap("张叔", BUILDING, "✨ 心愿 1", "✋ 我来", false).await?;
        self.expect(BUILDING, "李阿姨 的心愿，张叔 来帮忙").await?;
        self.expect(&private("张叔"), "您接下了 李阿姨 的心愿 1").await?;
        self.expect(&private("李阿姨"), "张叔 来帮您办心愿 1").await?;
        self.say("刘姐", BUILDING, "！认领 1").await?;
        self.expect(BUILDING, "另有 1 位邻居愿意候补").await?;
        self.tap("张叔", BUILDING, "✨ 心愿 1", "✋ 我来", true).await?;
        self.expect(&private("刘姐"), "心愿 1 又缺人了").await?;
        self.tap("刘姐", "", "💡 心愿 1", "✅ 接", false).await?;
        self.expect(BUILDING, "李阿姨 的心愿，刘姐 来帮忙").await?;
        self.say("刘姐", "", "完成").await?;
        self.expect(BUILDING, "刘姐 说办好了").await?;
        self.tap("李阿姨", BUILDING, "✨ 心愿 1", "🙏 确认", false).await?;
        self.expect(BUILDING, "谢谢 刘姐！").await?;
        self.expect(BUILDING, "已实现：刘姐 帮 李阿姨 办好了").await?;
        self.say("刘姐", BUILDING, "！积分").await?;
        self.expect(&private("刘姐"), "有 10 分").await?;
        self.say("刘姐", "", "积分 明细").await?;
        self.expect(&private("刘姐"), "帮邻居实现心愿 1").await?;
        self.say("陈奶奶", BUILDING, "！轨迹 1").await?;
        self.expect(BUILDING, "1 号的经过").await?;

        self.open_room(INTEREST, false).await?;
        self.expect(INTEREST, "大家好，我是掌灯").await?;
        self.say(CAPTAIN, INTEREST, "！这是 兴趣群 太极拳").await?;
        self.expect(INTEREST, "登记好了").await?;
        self.say("陈奶奶", INTEREST, "！徐愿 带个音箱").await?;
        self.expect(INTEREST, "您是想发 ！许愿 吗").await?;
        self.say("陈奶奶", INTEREST, "！许愿 带个音箱").await?;
        self.expect(INTEREST, "心愿 2：带个音箱").await?;
        self.say("陈奶奶", INTEREST, "！帮助").await?;
        self.expect(INTEREST, "这些话我听得懂").await?;
        Ok(())
    }

    async fn wait_for_chip(&mut self, place: &str, key: &str) -> Result<()> {
        for _ in 0..LOOKS_MAX {
            self.look().await?;
            let messages = self.shown.get(place).into_iter().flatten();
            if messages.flat_map(|message| &message.chips).any(|(chip, _)| chip == key) {
                return Ok(());
            }
            self.person(CAPTAIN)?.sync_for(LOOK).await?;
        }
        say(&format!("!! expected in {place}, but not there: the chip {key}"));
        self.missing += 1;
        Ok(())
    }

    /// Says how to look around.
    fn invite_in(&self) {
        say("\n—— The story is over; the building stays up until you press Ctrl-C. ——");
        say("Log in with any Matrix client (Element: “Edit” beside the homeserver):");
        say(&format!("  homeserver  {}", self.homeserver.url()));
        for (localpart, name) in PEOPLE {
            let role = if name == CAPTAIN { "captain and steward" } else { "resident" };
            say(&format!("  {name}  user {localpart}  password {PASSWORD}  ({role})"));
        }
        say("Try: ！许愿 …, tap ✋ 我来 as somebody else, ！积分, ！帮助.");
    }
}

fn private(name: &str) -> String {
    format!("私信 {name}")
}

fn line(place: &str, text: &str) {
    say(&format!("{}  {place} · {text}", Utc::now().with_timezone(&Shanghai).format("%H:%M:%S")));
}
