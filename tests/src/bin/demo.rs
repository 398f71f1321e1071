//! `cargo demo`: a homeserver, a building and a bot, an evening or four in it on a clock of its own, and then a place to
//! look around in.

use std::{collections::BTreeMap, io::Write as _, process::ExitCode, sync::Arc, time::Duration};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Weekday};
use chrono_tz::Asia::Shanghai;
use clap::Parser;
use lamplighter::{
    backup,
    clock::{Clock, ShiftedClock, SystemClock},
    doctor::{self, Finding, Report, State},
    gateway::matrix::{Bot, Pace},
    worker::Seed,
};
use lamplighter_config::{Config, Database};
use lamplighter_tests::{
    Result,
    homeserver::{Homeserver, Limits},
    process,
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
const OTHER_BUILDING: &str = "5号楼";
const INTEREST: &str = "太极拳";
/// How long to wait for something that must be said: looks, and the length of each.
const LOOKS_MAX: usize = 120;
const LOOK: Duration = Duration::from_millis(500);

/// Starts a homeserver with a building on it, and plays some evenings there: wishes, activities, polls, tasks.
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
    clock: Arc<ShiftedClock>,
    monday: NaiveDate,
    bot_user_id: String,
    people: BTreeMap<&'static str, Resident>,
    rooms: BTreeMap<&'static str, String>,
    shown: BTreeMap<String, Vec<Message>>,
    missing: usize,
    config: Config,
    folder: tempfile::TempDir,
}

fn main() -> ExitCode {
    process::log_if_asked();
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
    demo.look_after().await?;
    let missing = demo.missing;
    if once {
        demo.bot.stop().await;
        return Ok(missing);
    }
    demo.clock.follow_system();
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
        let path = process::write_config(folder.path(), &homeserver, &[&steward])?;
        let config = lamplighter_config::load(&path, &|_| None)?;
        // The Monday before last: the story takes a week, and time never goes back when it is over.
        let today = SystemClock.now_ms();
        let today = DateTime::from_timestamp_millis(today).unwrap_or_default().with_timezone(&Shanghai).date_naive();
        let monday = today.week(Weekday::Mon).first_day() - Days::new(14);
        let clock = Arc::new(ShiftedClock::at(instant_ms(monday, 18, 40)?));
        let bot = Bot::start(&config, config.require_matrix()?, Arc::clone(&clock) as _, Seed::System, Pace::default());
        let bot = bot.await?;
        let bot_user_id = format!("@{}:{}", process::BOT, homeserver.server_name());
        Ok(Self {
            homeserver,
            bot,
            clock,
            monday,
            bot_user_id,
            people,
            rooms: BTreeMap::new(),
            shown: BTreeMap::new(),
            missing: 0,
            config,
            folder,
        })
    }

    fn person(&mut self, name: &str) -> Result<&mut Resident> {
        self.people.get_mut(name).ok_or_else(|| format!("there is nobody called {name}").into())
    }

    /// The captain makes a room and invites everybody and the bot.
    async fn open_room(&mut self, name: &'static str, encrypted: bool) -> Result<()> {
        // So that it may pin and tidy up.
        let powers = BTreeMap::from([(self.bot_user_id.clone(), 50)]);
        let mut invited = vec![UserId::parse(&self.bot_user_id)?];
        invited.extend(self.people.iter().filter(|(who, _)| **who != CAPTAIN).map(|(_, person)| person.user_id()));
        let room_id = self.person(CAPTAIN)?.create_room(name, &invited, &powers, encrypted).await?;
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

    /// Somebody answers the last native poll: 1 for its first option.
    async fn vote(&mut self, who: &str, room: &str, begins: &str, option: i64) -> Result<()> {
        let room_id = self.room_of(who, room)?;
        let person = self.person(who)?;
        let messages = person.view(&room_id).messages();
        let on = messages.iter().rev().find(|message| message.text.starts_with(begins));
        let on = on.ok_or_else(|| format!("nothing begins with {begins}"))?.id.clone();
        person.answer(&room_id, &on, option).await?;
        self.line(room, &format!("{who} 投了第 {option} 项"));
        Ok(())
    }

    /// Time passes.
    async fn wait_until(&mut self, days: u64, hour: u32, minute: u32) -> Result<()> {
        // What was being said is said before.
        self.bot.quiet(self.clock.as_ref()).await?;
        self.look().await?;
        self.clock.move_to(instant_ms(self.monday + Days::new(days), hour, minute)?);
        say(&format!("\n—— {} ——", self.now().format("%-m月%-d日 %H:%M")));
        self.bot.quiet(self.clock.as_ref()).await?;
        Ok(())
    }

    fn now(&self) -> DateTime<chrono_tz::Tz> {
        DateTime::from_timestamp_millis(self.clock.now_ms()).unwrap_or_default().with_timezone(&Shanghai)
    }

    fn line(&self, place: &str, text: &str) {
        say(&format!("{}  {place} · {text}", self.now().format("%H:%M:%S")));
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
            self.line(place, &format!("{who} 取消 {key}"));
        } else {
            person.tap(&room_id, &on, key).await?;
            self.line(place, &format!("{who} 点 {key}"));
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
                self.line(&place, &format!("{by}{changed}"));
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

    /// The story of the first release: some evenings in a building, on a clock of their own.
    async fn play(&mut self) -> Result<()> {
        say(&format!(
            "\nThe story has a clock of its own: it is {}, a Monday evening.",
            self.now().format("%Y-%m-%d %H:%M")
        ));
        self.play_wish().await?;
        self.play_interest_group().await?;
        self.play_evening().await
    }

    /// A wish comes true.
    async fn play_wish(&mut self) -> Result<()> {
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
        Ok(())
    }

    /// Another group, not encrypted; near misses and help.
    async fn play_interest_group(&mut self) -> Result<()> {
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

    /// Activities, polls, tasks, reminders, and what goes out when people are home.
    async fn play_evening(&mut self) -> Result<()> {
        // In working time: accepted, with a hint; the organiser taps 🌙.
        self.say("李阿姨", BUILDING, "！活动 量血压 周二上午10点 活动室 2人").await?;
        self.wait_for_chip(BUILDING, "🌙 改到19:30").await?;
        self.tap("李阿姨", BUILDING, "📅 活动 3", "🌙 改到19:30", false).await?;
        let tuesday = self.monday + Days::new(1);
        self.expect(BUILDING, &format!("{}月{}日（周二）19:30", tuesday.month(), tuesday.day())).await?;
        // Two places, three neighbours; one leaves, who waited moves up.
        self.tap("张叔", BUILDING, "📅 活动 3", "✅ 报名", false).await?;
        self.expect(BUILDING, "已报 1/2 人：张叔").await?;
        self.say("刘姐", BUILDING, "报名").await?;
        self.expect(BUILDING, "已报 2/2 人：张叔、刘姐").await?;
        self.say("张叔", BUILDING, "！代报名 王奶奶").await?;
        self.expect(BUILDING, "候补 1 人：1.王奶奶（张叔代报）").await?;
        self.say("刘姐", BUILDING, "退出").await?;
        self.expect(BUILDING, "王奶奶 从候补转为正式").await?;
        self.say("陈奶奶", BUILDING, "！活动 下棋 昨天晚上7点").await?;
        self.expect(BUILDING, "这一天（或这个时间）已经过去了").await?;
        // A poll: tapped, typed, by private message.
        self.say(CAPTAIN, BUILDING, "！投票 要不要装门禁？ 要 / 不要 / 再议 截止明晚8点").await?;
        self.expect(BUILDING, "📊 投票 4：要不要装门禁？").await?;
        self.vote("张叔", BUILDING, "（原生投票）", 1).await?;
        self.expect(BUILDING, "已投 1 人").await?;
        self.say("陈奶奶", BUILDING, "！投 4 2").await?;
        self.expect(BUILDING, "已投 2 人").await?;
        self.say("刘姐", "", "投 4 1").await?;
        self.expect(&private("刘姐"), "您投“1. 要”").await?;
        // One question in every building: each person counts once.
        self.open_room(OTHER_BUILDING, false).await?;
        self.expect(OTHER_BUILDING, "大家好，我是掌灯").await?;
        self.say(CAPTAIN, OTHER_BUILDING, "！这是 5号楼").await?;
        self.expect(OTHER_BUILDING, "登记好了").await?;
        self.say(CAPTAIN, BUILDING, "！投票 @全部楼栋 楼道灯换声控吗？ 换 / 不换").await?;
        self.expect(OTHER_BUILDING, "📊 投票 5：楼道灯换声控吗？").await?;
        self.vote("张叔", BUILDING, "（原生投票）楼道灯", 1).await?;
        self.vote("张叔", OTHER_BUILDING, "（原生投票）楼道灯", 2).await?;
        self.vote("李阿姨", OTHER_BUILDING, "（原生投票）楼道灯", 2).await?;
        self.expect(OTHER_BUILDING, "已投 2 人").await?;
        self.say(CAPTAIN, BUILDING, "！结束投票 5").await?;
        self.expect(BUILDING, "• 5号楼：2 人投票").await?;
        // Party members check in: nothing of it in the room.
        self.say("张叔", "", "报到 退休电工").await?;
        self.expect(&private(CAPTAIN), "张叔 想以党员身份向社区报到").await?;
        self.tap(CAPTAIN, "", "🚩 张叔", "✅ 同意", false).await?;
        self.expect(&private("张叔"), "您的报到确认了").await?;
        self.say("刘姐", "", "提醒我 明晚8点半 交物业费").await?;
        self.expect(&private("刘姐"), "提醒您“交物业费”").await?;
        self.say("陈奶奶", BUILDING, "！免打扰").await?;
        self.expect(BUILDING, "我不再主动打扰您").await?;
        // The digest, at half past seven.
        self.wait_until(0, 19, 30).await?;
        self.expect(BUILDING, "楼里的事").await?;
        self.expect(BUILDING, "明天见！").await?;
        // Too late for tonight: the task waits for tomorrow's evening.
        self.wait_until(0, 22, 0).await?;
        self.say(CAPTAIN, BUILDING, "！任务 党员 周六上午清楼道 1人").await?;
        self.expect(&private(CAPTAIN), "私信 1 位党员").await?;
        self.wait_until(1, 18, 30).await?;
        self.expect(BUILDING, "今天有活动 3：量血压").await?;
        self.expect(&private("张叔"), "王楼长 想请 1 位党员搭把手").await?;
        self.tap("张叔", "", "🚩 任务 6", "✅ 接", false).await?;
        self.expect(&private(CAPTAIN), "人齐了").await?;
        // The poll closes, the result comes with bars; who answered has a point.
        self.wait_until(1, 20, 0).await?;
        self.expect(BUILDING, "投票 4 结果").await?;
        self.expect(BUILDING, "2 票（67%）").await?;
        self.wait_until(1, 20, 30).await?;
        self.expect(&private("刘姐"), "到时间了：交物业费").await?;
        self.say("张叔", BUILDING, "！上榜").await?;
        self.expect(BUILDING, "您上榜了").await?;
        self.say("刘姐", BUILDING, "！排行").await?;
        self.expect(BUILDING, "1. 张叔").await?;
        self.expect(&private("刘姐"), "您现在排第 1 名").await?;
        // An activity is moved and called off: everybody is told by name.
        self.say(CAPTAIN, BUILDING, "！活动 包饺子 周六晚7点 活动室 20人").await?;
        self.expect(BUILDING, "📅 活动 7：包饺子").await?;
        self.say("李阿姨", BUILDING, "报名 2大1小").await?;
        self.expect(BUILDING, "李阿姨（2大1小）").await?;
        self.say(CAPTAIN, BUILDING, "！改到 周日晚7点 7").await?;
        self.expect(BUILDING, "活动 7 改时间了").await?;
        self.say(CAPTAIN, BUILDING, "！取消活动 7").await?;
        self.expect(BUILDING, "活动 7 取消了").await?;
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

    /// What whoever runs the bot does now and then: ask the doctor, and make a backup.
    async fn look_after(&mut self) -> Result<()> {
        say("\n—— Whoever runs the bot asks `lamplighter doctor`, while it runs ——");
        let mut tell = |finding: &Finding| say(&format!("          {finding}"));
        let mut report = Report::new(&mut tell);
        let (_going_on, stop) = tokio::sync::watch::channel(false);
        let matrix = self.config.require_matrix()?;
        doctor::examine(&self.config, matrix, Arc::new(SystemClock), stop, &mut report).await;
        if report.into_findings().iter().any(|finding| finding.state != State::Good) {
            say("!! expected from the doctor, but not said: that all is well");
            self.missing += 1;
        }
        say("\n—— … and `lamplighter backup` ——");
        let Database::File(database) = &self.config.storage.database else { return Ok(()) };
        for line in backup::run(database, &self.folder.path().join("backup.db"), None).await? {
            say(&format!("          {line}"));
        }
        Ok(())
    }

    /// Says how to look around.
    fn invite_in(&self) {
        say(
            "\n—— The story is over. From now on the clock is this machine's; the building stays up until you press Ctrl-C. ——",
        );
        say("Log in with any Matrix client (Element: “Edit” beside the homeserver):");
        say(&format!("  homeserver  {}", self.homeserver.url()));
        for (localpart, name) in PEOPLE {
            let role = if name == CAPTAIN { "captain and steward" } else { "resident" };
            say(&format!("  {name}  user {localpart}  password {PASSWORD}  ({role})"));
        }
        say("Try: ！许愿 …, ！活动 合唱 今晚8点 活动室, ！投票 …？ 要 / 不要, ！提醒我 5分钟后 关火, ！帮助.");
    }
}

fn private(name: &str) -> String {
    format!("私信 {name}")
}

/// The instant of a local time.
fn instant_ms(day: NaiveDate, hour: u32, minute: u32) -> Result<i64> {
    let at = day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).ok_or("a time of day")?);
    Ok(Shanghai.from_local_datetime(&at).single().ok_or("there is no such time")?.timestamp_millis())
}
