//! What the bot must say unasked, worked out again from what people did (docs/PROTOCOL.md, "When things go out"), with
//! none of the bot's own code.

use std::collections::{BTreeMap, BTreeSet};

use super::people::{Act, BUILDINGS, HALL, PARTY, STEWARD, at, building, party_member};

/// Something that must be posted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// When.
    pub at: i64,
    /// Where; `dm:` and a name for a private chat.
    pub place: String,
    /// How it begins, up to the number.
    pub begins: &'static str,
    /// What it is about; stands in its text.
    pub about: String,
    /// Whose phones ring, in the order of the alphabet.
    pub mentions: Vec<String>,
}

/// What a private chat is called here.
pub fn chat(person: &str) -> String {
    format!("dm:{person}")
}

fn window(day: i64) -> (i64, i64) {
    if day % 7 >= 5 { (at(day, 9, 30), at(day, 21, 30)) } else { (at(day, 18, 30), at(day, 21, 30)) }
}

const fn day_of(now: i64) -> i64 {
    now.div_euclid(24 * 60)
}

/// Whether the window is open.
pub fn is_open(now: i64) -> bool {
    let (start, end) = window(day_of(now));
    (start..end).contains(&now)
}

/// The end of the window of that day.
pub fn window_end(now: i64) -> i64 {
    window(day_of(now)).1
}

/// Now, or the next start of the window.
pub fn in_window(now: i64) -> i64 {
    let day = day_of(now);
    match window(day) {
        (start, _) if now < start => start,
        (_, end) if now >= end => window(day + 1).0,
        _ => now,
    }
}

#[derive(Clone, Debug)]
struct Seat {
    by: String,
    guest: String,
    size: usize,
    going: bool,
}

#[derive(Clone, Debug)]
struct Activity {
    room: String,
    start: i64,
    capacity: Option<usize>,
    cancelled: bool,
    remind: Option<i64>,
    seats: Vec<Seat>,
}

impl Activity {
    /// The later of window start and two hours before, at the latest a quarter of an hour before its end, if half an hour
    /// remains, and if that is still to come.
    fn plan(&mut self, now: i64) {
        let (start, end) = window(day_of(self.start));
        let remind = (self.start - 120).max(start).min(end - 15);
        self.remind = Some(remind).filter(|remind| remind + 30 <= self.start && *remind > now);
    }

    fn left(&self) -> usize {
        let going: usize = self.seats.iter().filter(|seat| seat.going).map(|seat| seat.size).sum();
        self.capacity.map_or(usize::MAX, |capacity| capacity - going)
    }

    fn going(&self) -> BTreeSet<String> {
        self.seats.iter().filter(|seat| seat.going).map(|seat| seat.by.clone()).collect()
    }
}

#[derive(Clone, Debug)]
struct Poll {
    rooms: Vec<String>,
    closes: i64,
    open: bool,
    announce: Option<i64>,
    votes: BTreeMap<String, usize>,
}

#[derive(Clone, Debug)]
struct Task {
    start: i64,
    ping: Option<i64>,
    follow_up: Option<i64>,
    silent: Vec<String>,
}

/// Everything that matters.
#[derive(Clone, Debug, Default)]
pub struct Model {
    now: i64,
    activities: BTreeMap<String, Activity>,
    polls: BTreeMap<String, Poll>,
    tasks: BTreeMap<String, Task>,
    reminders: Vec<(i64, String, Option<String>, String)>,
    wishes: BTreeMap<String, String>,
    quiet: BTreeSet<String>,
    refusing: BTreeSet<String>,
}

impl Model {
    fn rings(&self, people: impl IntoIterator<Item = String>) -> Vec<String> {
        let people: BTreeSet<String> = people.into_iter().filter(|person| !self.quiet.contains(person)).collect();
        people.into_iter().collect()
    }

    fn pings(&self, now: i64, text: &str, people: &[String]) -> Vec<Expected> {
        let due = |person: &String| Expected {
            at: now,
            place: chat(person),
            begins: "🚩 任务 ",
            about: text.to_owned(),
            mentions: Vec::new(),
        };
        people.iter().filter(|person| !self.quiet.contains(*person)).map(due).collect()
    }

    /// When something is planned next, after now.
    fn next(&self) -> Option<i64> {
        let digest = at(day_of(self.now), 19, 30);
        let digest = if digest > self.now { digest } else { digest + 24 * 60 };
        let activities = self.activities.values().filter(|activity| !activity.cancelled).filter_map(|a| a.remind);
        let polls = self.polls.values().filter_map(|poll| if poll.open { Some(poll.closes) } else { poll.announce });
        let tasks = self.tasks.values().flat_map(|task| [task.ping, task.follow_up]).flatten();
        let reminders = self.reminders.iter().map(|(at, ..)| *at);
        [digest]
            .into_iter()
            .chain(activities)
            .chain(polls)
            .chain(tasks)
            .chain(reminders)
            .filter(|at| *at > self.now)
            .min()
    }

    /// Lets time pass; what must be said meanwhile.
    pub fn pass(&mut self, until: i64) -> Vec<Expected> {
        let mut out = Vec::new();
        while let Some(now) = self.next().filter(|next| *next <= until) {
            self.now = now;
            self.due(now, &mut out);
        }
        self.now = until;
        out.sort();
        out
    }

    fn due(&mut self, now: i64, out: &mut Vec<Expected>) {
        for (title, activity) in &self.activities {
            if activity.remind == Some(now) && !activity.cancelled && !activity.going().is_empty() {
                out.push(Expected {
                    at: now,
                    place: activity.room.clone(),
                    begins: "⏰ 今天有活动 ",
                    about: title.clone(),
                    mentions: self.rings(activity.going()),
                });
            }
        }
        for (question, poll) in &mut self.polls {
            if poll.open && poll.closes == now {
                poll.open = false;
                poll.announce = Some(in_window(now));
            }
            if poll.announce == Some(now) {
                let voters = poll.votes.len();
                out.extend(poll.rooms.iter().map(|room| Expected {
                    at: now,
                    place: room.clone(),
                    begins: "📊 投票 ",
                    about: format!(" 结果：{question}\n共 {voters} 人投票"),
                    mentions: Vec::new(),
                }));
            }
        }
        for (text, task) in self.tasks.clone() {
            if task.ping == Some(now) || task.follow_up == Some(now) {
                out.extend(self.pings(now, &text, &task.silent));
            }
            if task.ping == Some(now) {
                self.pinged(&text, now);
            }
        }
        for (_, by, room, text) in self.reminders.iter().filter(|(due, ..)| *due == now) {
            let room = room.clone().filter(|_| self.refusing.contains(by));
            out.push(Expected {
                at: now,
                place: room.unwrap_or_else(|| chat(by)),
                begins: "⏰ ",
                about: format!("到时间了：{text}"),
                mentions: vec![by.clone()],
            });
        }
        if now == at(day_of(now), 19, 30) {
            self.digests(now, out);
        }
    }

    fn pinged(&mut self, text: &str, now: i64) {
        let quiet = self.quiet.clone();
        if let Some(task) = self.tasks.get_mut(text) {
            task.ping = None;
            let next_digest = at(day_of(now) + 1, 19, 30);
            task.follow_up = Some(next_digest).filter(|follow_up| *follow_up < task.start);
            // Whoever wasn't asked isn't asked a second time.
            task.silent.retain(|person| !quiet.contains(person));
        }
    }

    fn digests(&self, now: i64, out: &mut Vec<Expected>) {
        let rooms = (0..BUILDINGS).map(building).chain([HALL.to_owned()]);
        for room in rooms {
            let here = self.activities.values().filter(|activity| activity.room == room && !activity.cancelled);
            let here: Vec<&Activity> = here.collect();
            let on =
                |day: i64| here.iter().filter(move |activity| activity.start > now && day_of(activity.start) == day);
            let (today, tomorrow) = (day_of(now), day_of(now) + 1);
            let closing = self.polls.values().any(|poll| {
                poll.open && poll.rooms.contains(&room) && poll.closes > now && poll.closes <= at(tomorrow, 19, 30)
            });
            let wishes = self.wishes.values().any(|where_to| *where_to == room);
            if on(today).next().is_some() || on(tomorrow).next().is_some() || closing || wishes {
                let mentions = self.rings(on(tomorrow).flat_map(|activity| activity.going()));
                out.push(Expected { at: now, place: room, begins: "🏮 ", about: String::new(), mentions });
            }
        }
    }

    /// Somebody does something: what must be said at once beyond the answer: who moves up, who is asked for a task.
    pub fn act(&mut self, act: &Act) -> Vec<Expected> {
        let now = self.now;
        match act.clone() {
            Act::Activity { room, title, start, capacity, .. } => {
                let (remind, seats) = (None, Vec::new());
                let mut activity = Activity { room, start, capacity, cancelled: false, remind, seats };
                activity.plan(now);
                self.activities.insert(title, activity);
            }
            Act::Join { title, by, size, .. } => self.join(&title, by, String::new(), size),
            Act::JoinFor { title, by, guest } => self.join(&title, by, guest, 1),
            Act::Leave { title, by, .. } => return self.leave(&title, &by),
            Act::CancelActivity { title, .. } => {
                self.activities.entry(title).and_modify(|activity| activity.cancelled = true);
            }
            Act::Move { title, start, .. } | Act::ToEvening { title, start, .. } => {
                self.activities.entry(title).and_modify(|activity| {
                    activity.start = start;
                    activity.plan(now);
                });
            }
            Act::Poll { room, question, closes, wide, .. } => {
                let rooms = if wide { (0..BUILDINGS).map(building).collect() } else { vec![room] };
                let poll = Poll { rooms, closes, open: true, announce: None, votes: BTreeMap::new() };
                self.polls.insert(question, poll);
            }
            Act::Vote { question, by, option, .. } => {
                self.polls.entry(question).and_modify(|poll| {
                    poll.votes.insert(by, option);
                });
            }
            Act::EndPoll { question, .. } => {
                self.polls.entry(question).and_modify(|poll| poll.open = false);
            }
            Act::Task { text, start } => {
                let silent: Vec<String> = (0..PARTY).map(party_member).filter(|member| member != STEWARD).collect();
                let ping = in_window(now);
                let task = Task { start, ping: Some(ping), follow_up: None, silent };
                self.tasks.insert(text.clone(), task.clone());
                if ping == now {
                    self.pinged(&text, now);
                    return self.pings(now, &text, &task.silent);
                }
            }
            Act::Answer { text, by, .. } => {
                self.tasks.entry(text).and_modify(|task| task.silent.retain(|person| *person != by));
            }
            Act::CancelTask { text } => {
                self.tasks.entry(text).and_modify(|task| (task.ping, task.follow_up) = (None, None));
            }
            Act::Remind { room, by, text, at } => self.reminders.push((at, by, room, text)),
            Act::CancelReminder { by, text } => self.reminders.retain(|(_, who, _, what)| (who, what) != (&by, &text)),
            Act::Quiet { by, on: true } => {
                self.quiet.insert(by);
            }
            Act::Quiet { by, on: false } => {
                self.quiet.remove(&by);
            }
            Act::Wish { room, text, .. } => {
                self.wishes.insert(text, room);
            }
            Act::Claim { text, .. } => {
                self.wishes.remove(&text);
            }
            Act::RefuseChat { by } => {
                self.refusing.insert(by);
            }
        }
        Vec::new()
    }

    fn join(&mut self, title: &str, by: String, guest: String, size: usize) {
        if let Some(activity) = self.activities.get_mut(title) {
            let going = size <= activity.left();
            activity.seats.push(Seat { by, guest, size, going });
        }
    }

    fn leave(&mut self, title: &str, by: &str) -> Vec<Expected> {
        let now = self.now;
        let Some(activity) = self.activities.get_mut(title) else { return Vec::new() };
        activity.seats.retain(|seat| seat.by != by || !seat.guest.is_empty());
        let mut out = Vec::new();
        for index in 0..activity.seats.len() {
            let left = activity.left();
            let seat = &mut activity.seats[index];
            if !seat.going && seat.size <= left {
                seat.going = true;
                out.push(Expected {
                    at: now,
                    place: activity.room.clone(),
                    begins: "🎉 ",
                    about: title.to_owned(),
                    mentions: vec![seat.by.clone()],
                });
            }
        }
        out
    }

    /// When something begins: an activity or a task.
    pub fn start_of(&self, about: &str) -> Option<i64> {
        let activity = self.activities.get(about).map(|activity| activity.start);
        activity.or_else(|| self.tasks.get(about).map(|task| task.start))
    }

    /// Whether a poll closes at this instant, so that its card may be brought up to date at any hour.
    pub fn closes(&self, now: i64) -> bool {
        self.polls.values().any(|poll| poll.closes == now)
    }
}
