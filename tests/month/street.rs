//! The console with its file, and everything that came out of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Timelike as _};
use lamplighter::gateway::console::{Console, Options};
use lamplighter_config::Community;
use lamplighter_storage::agenda;
use serde_json::{Map, Value, json};

use super::{
    Result,
    model::{Expected, Model, chat, in_window, is_open, window_end},
    people::{Act, BUILDINGS, DOWNTIMES, HALL, MEMBERS, PARTY, STEWARD, Way, at, building, party_member, resident},
};

/// Something that came out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    pub at: i64,
    pub place: String,
    pub kind: String,
    /// Of a post or edit; of a tap its key.
    pub text: String,
    /// How the message begins that it is about.
    pub on: String,
    pub mentions: Vec<String>,
    pub notify: bool,
    pub by_clock: bool,
}

/// The console.
pub struct Street {
    file: PathBuf,
    /// None while it is away: there is one bot per database.
    console: Option<Console>,
    /// Minutes since the first Monday.
    pub now: i64,
    inputs: usize,
    model: Model,
    numbers: BTreeMap<String, i64>,
    /// Where, and what was said first.
    posts: BTreeMap<String, (String, String)>,
    cards: BTreeMap<(String, String), String>,
    natives: BTreeMap<(String, String), String>,
    taps: BTreeMap<(String, String), String>,
    /// Everything.
    pub said: Vec<Said>,
}

fn monday() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default().and_time(chrono::NaiveTime::MIN)
}

fn instant(now: i64) -> String {
    format!("{}+08:00", (monday() + Duration::minutes(now)).format("%Y-%m-%dT%H:%M:%S"))
}

fn said_day(now: i64) -> String {
    let at = monday() + Duration::minutes(now);
    // Without it the bot asks whether ten is in the morning.
    let half_day = if at.hour() < 12 { "上午" } else { "" };
    at.format(&format!("%-m月%-d日{half_day}%H:%M")).to_string()
}

fn minute(at: &str) -> Result<i64> {
    Ok((DateTime::parse_from_rfc3339(at)?.naive_local() - monday()).num_minutes())
}

async fn open(file: &Path, now: i64) -> Result<Console> {
    let options = Options {
        communities: vec![Community::console_default(vec![STEWARD.to_owned()])],
        invites: None,
        ignore: Vec::new(),
        keep_texts_days: lamplighter_config::DEFAULT_KEEP_TEXTS_DAYS,
        database: Some(file.to_owned()),
        at: DateTime::parse_from_rfc3339(&instant(now))?,
    };
    Ok(Console::open(options).await?)
}

/// The number and the rest of the first line of a card.
fn title(text: &str) -> Option<(i64, &str)> {
    let (head, rest) = text.lines().next()?.split_once('：')?;
    Some((head.rsplit(' ').next()?.parse().ok()?, rest))
}

impl Street {
    /// A few people in the hall, and nothing else.
    pub async fn empty(file: &Path) -> Result<Self> {
        let mut street = Self::open(file).await?;
        let members: Map<String, Value> = (0..4).map(|index| (resident(index), json!(0))).collect();
        street.input(json!({ "do": "room", "room": HALL, "members": members })).await?;
        street.said.clear();
        Ok(street)
    }

    /// Puts something on the agenda that can't be done.
    pub async fn break_a_row(&self, kind: &str, due: i64) -> Result {
        let storage = self.console()?.storage();
        let due_at_ms = DateTime::parse_from_rfc3339(&instant(due))?.timestamp_millis();
        let mut tx = storage.begin().await?;
        let row = agenda::NewRow {
            community_id: "console",
            key: "broken",
            kind,
            number: None,
            room_id: None,
            person_id: None,
            due_at_ms,
            stale_at_ms: None,
            unasked: false,
        };
        agenda::put(&mut tx, row).await?;
        Ok(tx.commit().await?)
    }

    /// How many rows of a kind are still to be done.
    pub async fn waiting_rows(&self, kind: &str) -> Result<usize> {
        let rows = agenda::due(self.console()?.storage(), i64::MAX, i64::MAX).await?;
        Ok(rows.iter().filter(|row| row.kind == kind).count())
    }

    async fn open(file: &Path) -> Result<Self> {
        Ok(Self {
            file: file.to_owned(),
            console: Some(open(file, at(0, 9, 0)).await?),
            now: at(0, 9, 0),
            inputs: 0,
            model: Model::default(),
            numbers: BTreeMap::new(),
            posts: BTreeMap::new(),
            cards: BTreeMap::new(),
            natives: BTreeMap::new(),
            taps: BTreeMap::new(),
            said: Vec::new(),
        })
    }

    /// Everybody moves in, and the party members check in.
    pub async fn move_in(file: &Path) -> Result<Self> {
        let mut street = Self::open(file).await?;
        let mut members: Map<String, Value> = (0..MEMBERS - 1).map(|index| (resident(index), json!(0))).collect();
        members.insert(STEWARD.to_owned(), json!(100));
        street.input(json!({ "do": "room", "room": HALL, "kind": "interest", "members": members })).await?;
        for house in 0..BUILDINGS {
            let level = |index: usize| if index == house { 50 } else { 0 };
            let here = (0..MEMBERS - 1).filter(|index| index % BUILDINGS == house);
            let members: Map<String, Value> = here.map(|index| (resident(index), json!(level(index)))).collect();
            street.input(json!({ "do": "room", "room": building(house), "members": members })).await?;
        }
        for index in 0..PARTY {
            let by = party_member(index);
            street.input(json!({ "do": "say", "room": "dm", "by": by, "text": "报到" })).await?;
            // Each of those who are asked has a card of their own.
            let asked = (chat(STEWARD), format!("{by} 想以党员身份"));
            let request = street.posts.iter().find(|(_, (place, text))| *place == asked.0 && text.contains(&asked.1));
            let request = request.map(|(id, _)| id.clone()).ok_or("the steward isn't asked")?;
            street.input(json!({ "do": "tap", "by": STEWARD, "on": request, "key": "✅ 同意" })).await?;
            let confirmed =
                street.said.iter().any(|said| said.place == chat(&by) && said.text.contains("确认了，欢迎"));
            assert!(confirmed, "{by} is told");
        }
        street.model.pass(street.now);
        street.said.clear();
        Ok(street)
    }

    /// The same street again, in another file.
    pub async fn twin(&self, file: &Path) -> Result<Self> {
        self.console()?.storage().close().await;
        let beside = |file: &Path, more: &str| {
            let mut name = file.as_os_str().to_owned();
            name.push(more);
            PathBuf::from(name)
        };
        for more in ["", ".console.json"] {
            std::fs::copy(beside(&self.file, more), beside(file, more))?;
        }
        Ok(Self {
            file: file.to_owned(),
            console: Some(open(file, self.now).await?),
            now: self.now,
            inputs: self.inputs,
            model: self.model.clone(),
            numbers: self.numbers.clone(),
            posts: self.posts.clone(),
            cards: self.cards.clone(),
            natives: self.natives.clone(),
            taps: self.taps.clone(),
            said: Vec::new(),
        })
    }

    /// The same street after it was closed.
    pub async fn reopened(mut self) -> Result<Self> {
        self.come_back(self.now).await?;
        Ok(self)
    }

    /// The bot goes and comes back at this instant; what fell due meanwhile is compared with the other month.
    pub async fn reopen(&mut self, to: i64) -> Result {
        self.console()?.storage().close().await;
        self.come_back(to).await?;
        self.model.pass(to);
        self.now = to;
        self.input(json!({ "do": "clock", "at": instant(to) })).await?;
        Ok(())
    }

    /// It goes and comes back at once. It isn't closed properly: it is dropped.
    pub async fn reopen_now(&mut self) -> Result {
        self.come_back(self.now).await
    }

    async fn come_back(&mut self, at: i64) -> Result {
        self.console = None;
        self.console = Some(open(&self.file, at).await?);
        Ok(())
    }

    fn console(&self) -> Result<&Console> {
        Ok(self.console.as_ref().ok_or("the bot is away")?)
    }

    /// Moves time; all that is posted meanwhile is what must be.
    pub async fn clock(&mut self, to: i64) -> Result {
        let from = self.said.len();
        self.input(json!({ "do": "clock", "at": instant(to) })).await?;
        self.now = to;
        let expected = self.model.pass(to);
        self.expect(from, expected, true)?;
        for said in &self.said[from..] {
            let chosen = said.text.contains("到时间了：") || said.text.contains("抱歉提醒晚了");
            let poll = self.model.closes(said.at) && (said.kind == "close_poll" || said.text.starts_with("📊 投票 "));
            assert!(is_open(said.at) || chosen || poll, "outside the window: {said:?}");
        }
        Ok(())
    }

    /// What was posted since is what was expected; with an act only what begins likewise is looked at.
    fn expect(&self, from: usize, expected: Vec<Expected>, all: bool) -> Result {
        let mut posts: Vec<&Said> = self.said[from..].iter().filter(|said| said.kind == "post").collect();
        if !all {
            posts.retain(|said| {
                said.text.contains("从候补转为正式") || said.text.starts_with("🚩 任务 ") && said.place != chat(STEWARD)
            });
        }
        for wanted in expected {
            let fits = |said: &&Said| {
                (said.at, &said.place) == (wanted.at, &wanted.place)
                    && said.text.starts_with(wanted.begins)
                    && said.text.contains(&wanted.about)
                    && said.mentions == wanted.mentions
            };
            match posts.iter().position(fits) {
                Some(index) => drop(posts.swap_remove(index)),
                None => {
                    let there: Vec<_> = posts.iter().filter(|said| said.place == wanted.place).collect();
                    return Err(format!("missing: {wanted:?}; there is {there:?}").into());
                }
            }
        }
        if posts.is_empty() { Ok(()) } else { Err(format!("nobody expects {posts:?}").into()) }
    }

    /// Somebody does something.
    pub async fn act(&mut self, act: &Act) -> Result {
        let from = self.said.len();
        let input = self.line_of(act)?;
        let id = self.input(input).await?;
        if let Act::Join { title, by, way: Way::Tap, .. } = act {
            self.taps.insert((title.clone(), by.clone()), id);
        }
        let expected = self.model.act(act);
        self.expect(from, expected, false)?;
        for said in &mut self.said[from..] {
            said.by_clock = false;
        }
        Ok(())
    }

    fn number(&self, title: &str) -> Result<i64> {
        self.numbers.get(title).copied().ok_or_else(|| format!("no number of {title}").into())
    }

    fn card(&self, place: &str, title: &str) -> Result<String> {
        let card = self.cards.get(&(place.to_owned(), title.to_owned()));
        card.cloned().ok_or_else(|| format!("no card of {title} in {place}").into())
    }

    fn card_anywhere(&self, title: &str) -> Result<String> {
        let card = self.cards.iter().find(|((_, known), _)| known == title).map(|(_, id)| id.clone());
        card.ok_or_else(|| format!("no card of {title}").into())
    }

    fn room_of(&self, title: &str) -> String {
        let room = self.cards.keys().find(|(_, known)| known == title).map(|(room, _)| room.clone());
        room.unwrap_or_default()
    }

    fn line_of(&self, act: &Act) -> Result<Value> {
        let say = |room: &str, by: &str, text: String| json!({ "do": "say", "room": room, "by": by, "text": text });
        let tap = |by: &str, on: String, key: &str| json!({ "do": "tap", "by": by, "on": on, "key": key });
        Ok(match act {
            Act::Activity { room, by, title, start, capacity } => {
                let places = capacity.map(|capacity| format!(" {capacity}人")).unwrap_or_default();
                say(room, by, format!("！活动 {title} {} 活动室{places}", said_day(*start)))
            }
            Act::Join { title, by, way: Way::Tap, .. } => tap(by, self.card_anywhere(title)?, "✅ 报名"),
            Act::Join { title, by, size: 1, .. } => {
                say(&self.room_of(title), by, format!("！报名 {}", self.number(title)?))
            }
            Act::Join { title, by, size, .. } => {
                say(&self.room_of(title), by, format!("！报名 {} {size}人", self.number(title)?))
            }
            Act::JoinFor { title, by, guest } => {
                say(&self.room_of(title), by, format!("！代报名 {} {guest}", self.number(title)?))
            }
            Act::Leave { title, by, way: Way::Tap } => {
                let tapped = self.taps.get(&(title.clone(), by.clone())).ok_or("nothing to take back")?;
                json!({ "do": "untap", "on": tapped })
            }
            Act::Leave { title, by, .. } => say(&self.room_of(title), by, format!("！退出 {}", self.number(title)?)),
            Act::CancelActivity { title, by } => {
                say(&self.room_of(title), by, format!("！取消活动 {}", self.number(title)?))
            }
            Act::Move { title, by, start } => {
                let text = format!("！改到 {} {}", said_day(*start), self.number(title)?);
                say(&self.room_of(title), by, text)
            }
            Act::ToEvening { title, by, .. } => tap(by, self.card_anywhere(title)?, "🌙 改到19:30"),
            Act::Poll { room, by, question, closes, wide } => {
                let wide = if *wide { "@全部楼栋 " } else { "" };
                say(room, by, format!("！投票 {wide}{question} 要 / 不要 截止{}", said_day(*closes)))
            }
            Act::Vote { question, by, room: Some(room), option, way: Way::Tap } => {
                let native = self.natives.get(&(room.clone(), question.clone())).ok_or("no native poll")?;
                json!({ "do": "answer", "by": by, "on": native, "options": [option - 1] })
            }
            Act::Vote { question, by, room, option, .. } => {
                let text = format!("！投 {} {option}", self.number(question)?);
                say(room.as_deref().unwrap_or("dm"), by, text)
            }
            Act::EndPoll { question, by } => {
                say(&self.room_of(question), by, format!("！结束投票 {}", self.number(question)?))
            }
            Act::Task { text, start } => say(HALL, STEWARD, format!("！任务 党员 {}{text}", said_day(*start))),
            Act::Answer { text, by, yes, way: Way::Tap } => {
                tap(by, self.card(&chat(by), text)?, if *yes { "✅ 接" } else { "❌ 不便" })
            }
            Act::Answer { text, by, yes, .. } => {
                say("dm", by, format!("{} {}", if *yes { "接" } else { "不便" }, self.number(text)?))
            }
            Act::CancelTask { text } => say("dm", STEWARD, format!("取消任务 {}", self.number(text)?)),
            Act::Remind { room, by, text, at } => {
                say(room.as_deref().unwrap_or("dm"), by, format!("！提醒我 {} {text}", said_day(*at)))
            }
            Act::CancelReminder { by, .. } => say("dm", by, "取消提醒 1".into()),
            Act::Quiet { by, on } => say("dm", by, if *on { "免打扰" } else { "免打扰 取消" }.into()),
            Act::Wish { room, by, text } => say(room, by, format!("！许愿 {text}")),
            Act::Claim { text, by } => tap(by, self.card_anywhere(text)?, "✋ 我来"),
            Act::RefuseChat { by } => json!({ "do": "dm", "by": by, "state": "refused" }),
        })
    }

    /// One line in, and everything that comes out.
    async fn input(&mut self, mut input: Value) -> Result<String> {
        self.inputs += 1;
        let id = format!("in{}", self.inputs);
        input["id"] = json!(id);
        let console = self.console.as_mut().ok_or("the bot is away")?;
        for line in console.line(&input.to_string()).await? {
            let output: Value = serde_json::from_str(&line)?;
            if let Some(problem) = output.get("error") {
                return Err(format!("the console says {problem} to {input}").into());
            }
            if output.get("kind").is_some() {
                self.output(&output, input["do"] == "clock")?;
            }
        }
        Ok(id)
    }

    fn output(&mut self, output: &Value, by_clock: bool) -> Result {
        let text = |key: &str| output.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let place = match text("to").as_str() {
            "" => text("room"),
            person => chat(person),
        };
        let (id, kind, said) = (text("id"), text("kind"), text("text"));
        if said.contains("出错了") {
            return Err(format!("a fault: {said}").into());
        }
        if kind == "post" || kind == "poll" {
            self.posts.insert(id.clone(), (place.clone(), said.clone()));
        }
        if kind == "poll" {
            self.natives.insert((place.clone(), said.clone()), id.clone());
        } else if let Some((number, title)) = title(&said).filter(|_| kind == "post") {
            self.numbers.entry(title.to_owned()).or_insert(number);
            self.cards.entry((place.clone(), title.to_owned())).or_insert(id.clone());
        }
        let mentions = output.get("mentions").and_then(Value::as_array).into_iter().flatten();
        let mut mentions: Vec<String> = mentions.filter_map(Value::as_str).map(str::to_owned).collect();
        mentions.sort();
        let on = self.posts.get(&text("on")).and_then(|(_, text)| text.lines().next()).unwrap_or_default().to_owned();
        let said = if said.is_empty() { text("key") } else { said };
        let notify = output["notify"] == true;
        self.said.push(Said { at: minute(&text("at"))?, place, kind, text: said, on, mentions, notify, by_clock });
        Ok(())
    }

    /// Nothing unasked is said twice in the same place. A task may be asked a second time, but no third.
    pub fn expect_nothing_twice(&self) -> Result {
        let mut times: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for said in self.said.iter().filter(|said| said.by_clock && said.kind == "post") {
            *times.entry((&said.place, &said.text)).or_default() += 1;
        }
        for ((place, text), times) in times {
            let most = if text.starts_with("🚩 任务 ") { 2 } else { 1 };
            if times > most {
                return Err(format!("said {times} times in {place}: {text}").into());
            }
        }
        let mut digests = BTreeSet::new();
        for said in self.said.iter().filter(|said| said.text.starts_with("🏮")) {
            if !digests.insert((said.at / (24 * 60), &said.place)) {
                return Err(format!("two digests in {} on one evening", said.place).into());
            }
        }
        Ok(())
    }
}

/// What becomes of something that fell due while the bot was away (docs/PROTOCOL.md, "When things go out").
fn late(said: &Said, to: i64, model: &Model) -> Option<Said> {
    let mut said = said.clone();
    let about = if said.kind == "post" { said.text.clone() } else { said.on.clone() };
    let start = title(&about).and_then(|(_, title)| model.start_of(title));
    if said.text.starts_with("🏮") {
        if to >= window_end(said.at) {
            return None;
        }
        (said.at, said.text) = (to, "🏮".into());
        said.mentions.clear();
        said.notify = false;
    } else if let Some((_, what)) = said.text.split_once("到时间了：") {
        (said.text, said.at) = (format!("…{what}"), to);
    } else if said.kind == "close_poll" || said.kind == "edit" && said.text.starts_with("📊") {
        said.at = to;
    } else {
        // Cards are brought up to date whenever people are home; what asks or reminds is not said too late.
        said.at = in_window(to);
        let is_card = said.kind == "edit" || said.text.starts_with("📊");
        if !is_card && start.is_some_and(|start| start <= said.at) {
            return None;
        }
    }
    Some(said)
}

/// People saw the same in both months, but for what is moved or dropped because the bot was away.
pub fn compare(whole: &Street, broken: &Street) -> Result {
    let away = |at: i64| DOWNTIMES.iter().find(|(from, to)| (*from + 1..=*to).contains(&at)).map(|(_, to)| *to);
    let mut expected: Vec<Said> = Vec::new();
    let (mut moved, mut dropped) = (0, 0);
    for said in &whole.said {
        match away(said.at).filter(|_| said.by_clock) {
            None => expected.push(said.clone()),
            Some(to) => match late(said, to, &whole.model) {
                Some(said) => {
                    moved += 1;
                    expected.push(said);
                }
                None => dropped += 1,
            },
        }
    }
    let came_back = |at: i64| DOWNTIMES.iter().any(|(_, to)| *to == at);
    let mut seen = broken.said.clone();
    for said in seen.iter_mut().filter(|said| came_back(said.at)) {
        if said.text.starts_with("🏮") {
            said.text = "🏮".into();
            said.mentions.clear();
            said.notify = false;
        } else if let Some((_, rest)) = said.text.split_once("抱歉提醒晚了")
            && let Some((_, what)) = rest.rsplit_once('：')
        {
            said.text = format!("…{what}");
        }
    }
    lamplighter_tests::process::say(&format!("while the bot was away: {moved} moved, {dropped} dropped"));
    expected.sort();
    seen.sort();
    let missing: Vec<&Said> = difference(&expected, &seen);
    let extra: Vec<&Said> = difference(&seen, &expected);
    if missing.is_empty() && extra.is_empty() {
        return Ok(());
    }
    let some = |said: &[&Said]| said.iter().take(8).map(|said| format!("{said:?}")).collect::<Vec<_>>().join("\n");
    Err(format!(
        "{} missing:\n{}\n{} that weren't there without stops:\n{}",
        missing.len(),
        some(&missing),
        extra.len(),
        some(&extra)
    )
    .into())
}

/// What is in one and not, or less often, in the other.
fn difference<'a>(these: &'a [Said], those: &[Said]) -> Vec<&'a Said> {
    let mut counts: BTreeMap<&Said, usize> = BTreeMap::new();
    for said in those {
        *counts.entry(said).or_default() += 1;
    }
    these
        .iter()
        .filter(|said| match counts.get_mut(*said) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        })
        .collect()
}
