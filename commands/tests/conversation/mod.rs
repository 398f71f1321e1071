//! A conversation with the commands alone: hand-made events go in as the worker gives them, the outbox is delivered at
//! once, and what was said comes out; what is on the agenda falls due as the scheduler does it. No gateway, no waiting.

#![allow(dead_code, reason = "each test that includes this file uses what it needs")]

use std::path::Path;

use lamplighter_commands::{
    evening, feature, flood,
    house::{self, House, Moment, Outcome},
    incoming::{Answers, Incoming, Message, Named, Place, Sender, SharedRoom, What},
    reminder,
    scene::{Content, Entropy},
    speech::Speech,
};
use lamplighter_config::Community;
use lamplighter_storage::{
    Location, Storage, agenda, backup,
    card::Card,
    inbox::{self, Arrival, Claim, State},
    item, journal, ledger, outbox,
    person::{self, Person, PersonId},
    privacy, room,
};

/// 2026-01-05 18:00 in Shanghai, a Monday.
pub const MONDAY_MS: i64 = 1_767_607_200_000;
/// The community of most tests.
pub const COMMUNITY: &str = "console";
/// Its bound room, and another.
pub const BUILDING_3: &str = "!building3";
pub const BUILDING_5: &str = "!building5";
/// The one who may do all.
pub const STEWARD: &str = "@steward:example.org";
/// Residents.
pub const LI: &str = "@li:example.org";
pub const ZHANG: &str = "@zhang:example.org";
pub const LIU: &str = "@liu:example.org";

/// What the bot said or did.
#[derive(Clone, Debug)]
pub struct Said {
    pub event_id: String,
    pub kind: String,
    /// None: in a private chat.
    pub room_id: Option<String>,
    /// With whom.
    pub user_id: Option<String>,
    /// The room that may learn that a private message waits.
    pub fallback_room_id: Option<String>,
    /// On which event.
    pub about: Option<String>,
    /// When.
    pub at_ms: i64,
    pub content: Content,
}

impl Said {
    pub fn plain(&self) -> &str {
        match &self.content {
            Content::Message { plain, .. } => plain,
            Content::Tap { key } | Content::Untap { key } => key,
            Content::Poll { plain, .. } | Content::ClosePoll { plain } => plain,
            Content::File { text, .. } => text,
            Content::Leave => "(leaves)",
        }
    }

    pub fn html(&self) -> &str {
        match &self.content {
            Content::Message { html, .. } => html,
            _ => "",
        }
    }

    pub fn mentions(&self) -> &[String] {
        match &self.content {
            Content::Message { mentions, .. } => mentions,
            _ => &[],
        }
    }

    pub fn rings_room(&self) -> bool {
        matches!(&self.content, Content::Message { rings_room: true, .. })
    }

    pub fn notifies(&self) -> bool {
        matches!(&self.content, Content::Message { notify: true, .. })
    }

    pub fn is_post(&self) -> bool {
        self.kind == "post"
    }
}

/// What came of one event.
#[derive(Debug)]
pub struct Heard {
    /// The event.
    pub event_id: String,
    /// None: it had been handled before.
    pub outcome: Option<Outcome>,
    pub said: Vec<Said>,
}

impl Heard {
    /// The one message that was said.
    #[track_caller]
    pub fn only_post(&self) -> &Said {
        let posts: Vec<&Said> = self.said.iter().filter(|said| said.is_post()).collect();
        match posts.as_slice() {
            [only] => only,
            _ => panic!("not one message: {posts:#?}"),
        }
    }

    /// The one message that a room was told.
    #[track_caller]
    pub fn only_post_in(&self, room_id: &str) -> &str {
        match self.posted_in(room_id)[..] {
            [only] => only,
            _ => panic!("not one message in {room_id}: {self:#?}"),
        }
    }

    /// What this person was told privately.
    pub fn told(&self, user_id: &str) -> Vec<&str> {
        let to = |said: &&Said| said.is_post() && said.user_id.as_deref() == Some(user_id);
        self.said.iter().filter(to).map(Said::plain).collect()
    }

    /// What the room was told.
    pub fn posted_in(&self, room_id: &str) -> Vec<&str> {
        let into = |said: &&Said| said.is_post() && said.room_id.as_deref() == Some(room_id);
        self.said.iter().filter(into).map(Said::plain).collect()
    }
}

/// How much is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Numbers given out to items.
    pub items: i64,
    /// Links of the journal.
    pub links: i64,
    /// Transfers of the ledger.
    pub transfers: i64,
    /// Rows of the agenda that wait.
    pub planned: i64,
}

/// A house with its database in memory.
pub struct Conversation {
    pub storage: Storage,
    pub house: House,
    pub now_ms: i64,
    events: u64,
    sent: u64,
    /// Everything that came in, for repeating it.
    pub came_in: Vec<Incoming>,
    /// What the rooms of a poll show when its result is due; nothing: they can't be read.
    pub polls_show: Vec<Answers>,
    /// (user id, room id, power level)
    powers: Vec<(String, String, i64)>,
    /// How people call themselves; otherwise as their id does.
    pub names: std::collections::BTreeMap<String, String>,
    /// Who isn't in any room any more.
    pub gone: Vec<String>,
}

impl Conversation {
    /// One community with two bound rooms.
    pub async fn new() -> Self {
        Self::new_on(Storage::open(Location::Memory).await.expect("a database in memory")).await
    }

    /// The same on this database.
    pub async fn new_on(storage: Storage) -> Self {
        let mut talk = Self::unbound_on(storage, vec![Community::console_default(vec![STEWARD.to_owned()])]).await;
        for (room_id, name) in [(BUILDING_3, "3号楼"), (BUILDING_5, "5号楼")] {
            let heard = talk.say(STEWARD, room_id, &format!("！这是 {name}")).await;
            assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
        }
        talk
    }

    /// These communities; the bot has come into no room.
    pub async fn unbound(communities: Vec<Community>) -> Self {
        Self::unbound_on(Storage::open(Location::Memory).await.expect("a database in memory"), communities).await
    }

    async fn unbound_on(storage: Storage, communities: Vec<Community>) -> Self {
        let mut tx = storage.begin().await.expect("a transaction");
        room::declare_communities(&mut tx, communities.iter().map(|community| community.id.as_str()))
            .await
            .expect("communities");
        tx.commit().await.expect("a commit");
        let house = House {
            communities,
            speech: Speech::new().expect("the locales"),
            bot_user_id: "@lamplighter:example.org".into(),
            bot_names: vec!["lamplighter".into(), "掌灯".into()],
            ignore: vec!["@otherbot:example.org".into()],
            keep_texts_days: 14,
            limits: flood::Limits::default(),
        };
        Self {
            storage,
            house,
            now_ms: MONDAY_MS,
            events: 0,
            sent: 0,
            came_in: Vec::new(),
            polls_show: Vec::new(),
            powers: Vec::new(),
            names: std::collections::BTreeMap::new(),
            gone: Vec::new(),
        }
    }

    /// Somebody's power in a room; 0 otherwise.
    pub fn empower(&mut self, user_id: &str, room_id: &str, power_level: i64) {
        self.powers.push((user_id.into(), room_id.into(), power_level));
    }

    fn power(&self, user_id: &str, room_id: &str) -> i64 {
        let of = |(user, room, _): &&(String, String, i64)| user == user_id && room == room_id;
        self.powers.iter().rev().find(of).map_or(0, |(_, _, power)| *power)
    }

    /// An event that hasn't been given to the house yet.
    pub fn incoming(&mut self, by: &str, place: Place, room_id: &str, what: What) -> Incoming {
        self.events += 1;
        self.now_ms += 1_000;
        Incoming {
            event_id: format!("$e{}", self.events),
            room_id: room_id.into(),
            sender: self.sender(by, room_id),
            sent_at_ms: self.now_ms,
            place,
            what,
        }
    }

    /// Who somebody is in a room now.
    fn sender(&self, user_id: &str, room_id: &str) -> Sender {
        let own = || user_id.trim_start_matches('@').split(':').next().unwrap_or_default().to_owned();
        let power_level = self.power(user_id, room_id);
        Sender {
            user_id: user_id.into(),
            display_name: self.names.get(user_id).cloned().unwrap_or_else(own),
            power_level,
            may_call_room: power_level >= 50,
        }
    }

    pub fn in_room(room_id: &str) -> Place {
        Place::Room { name: room_id.trim_start_matches('!').into(), captains: vec![], lacks: vec![] }
    }

    /// The same with those who have power there now.
    pub fn room_now(&self, room_id: &str) -> Place {
        let mut captains: Vec<Named> = Vec::new();
        for (user_id, ..) in &self.powers {
            if self.power(user_id, room_id) >= 50 && captains.iter().all(|captain| captain.user_id != *user_id) {
                captains.push(Self::named(user_id, user_id.trim_start_matches('@')));
            }
        }
        Place::Room { name: room_id.trim_start_matches('!').into(), captains, lacks: vec![] }
    }

    /// The private chat of somebody who is in these rooms too.
    pub fn in_private(&self, by: &str, rooms: &[&str]) -> Place {
        let shared = |room: &&str| SharedRoom { room_id: (*room).into(), power_level: self.power(by, room) };
        Place::Direct { shared: rooms.iter().map(shared).collect() }
    }

    pub async fn say(&mut self, by: &str, room_id: &str, text: &str) -> Heard {
        self.say_message(by, room_id, Message { text: text.into(), ..Message::default() }).await
    }

    pub async fn say_message(&mut self, by: &str, room_id: &str, message: Message) -> Heard {
        let incoming = self.incoming(by, self.room_now(room_id), room_id, What::Message(message));
        self.give(incoming).await
    }

    /// In private; in building 3 both.
    pub async fn whisper(&mut self, by: &str, text: &str) -> Heard {
        self.whisper_from(by, &[BUILDING_3], text).await
    }

    pub async fn whisper_from(&mut self, by: &str, rooms: &[&str], text: &str) -> Heard {
        let what = What::Message(Message { text: text.into(), ..Message::default() });
        let place = self.in_private(by, rooms);
        let incoming = self.incoming(by, place, &private_room(by), what);
        self.give(incoming).await
    }

    /// Taps a card in a room.
    pub async fn tap(&mut self, by: &str, room_id: &str, on: &str, key: &str) -> Heard {
        let what = What::Tap { on: on.into(), key: key.into() };
        let incoming = self.incoming(by, Self::in_room(room_id), room_id, what);
        self.give(incoming).await
    }

    /// Taps a card in the private chat.
    pub async fn tap_privately(&mut self, by: &str, on: &str, key: &str) -> Heard {
        self.give_privately(by, &[BUILDING_3], What::Tap { on: on.into(), key: key.into() }).await
    }

    /// Something in the private chat of somebody who is in these rooms too.
    pub async fn give_privately(&mut self, by: &str, rooms: &[&str], what: What) -> Heard {
        let place = self.in_private(by, rooms);
        let incoming = self.incoming(by, place, &private_room(by), what);
        self.give(incoming).await
    }

    /// Takes a tap in a room back.
    pub async fn untap(&mut self, by: &str, room_id: &str, of: &str) -> Heard {
        let incoming = self.incoming(by, Self::in_room(room_id), room_id, What::Redaction { of: of.into() });
        self.give(incoming).await
    }

    /// Answers a native poll in a room; 1 for the first option.
    pub async fn answer_poll(&mut self, by: &str, room_id: &str, on: &str, choices: &[i64]) -> Heard {
        let what = What::PollAnswer { on: on.into(), choices: choices.to_vec() };
        let incoming = self.incoming(by, Self::in_room(room_id), room_id, what);
        self.give(incoming).await
    }

    /// Lets the time pass until then: what falls due meanwhile is done at its own time, as `bot/src/scheduler.rs` does it.
    pub async fn due(&mut self, until_ms: i64) -> Vec<Heard> {
        let mut all = Vec::new();
        while let Some(row) = agenda::next_due(&self.storage, until_ms).await.expect("the agenda") {
            self.now_ms = self.now_ms.max(row.due_at_ms);
            all.push(self.do_due(&row).await);
        }
        self.now_ms = self.now_ms.max(until_ms);
        all
    }

    /// The bot was down until then, and does only now what fell due.
    pub async fn down_until(&mut self, until_ms: i64) -> Vec<Heard> {
        self.now_ms = until_ms;
        self.due(until_ms).await
    }

    async fn do_due(&mut self, row: &agenda::Row) -> Heard {
        let answers = if feature::read_back(&row.kind).is_some() { self.polls_show.clone() } else { Vec::new() };
        let mut asker = Sender::default();
        if let (reminder::ROOM_DUE, Some(room_id), Some(person_id)) = (row.kind.as_str(), &row.room_id, row.person_id) {
            let user_id = self.person(person_id).await.user_id;
            if !self.gone.contains(&user_id) {
                asker = self.sender(&user_id, room_id);
            }
        }
        let incoming = Incoming {
            event_id: format!("agenda {} {}", row.agenda_id, row.due_at_ms),
            room_id: row.room_id.clone().unwrap_or_default(),
            sender: asker,
            sent_at_ms: self.now_ms,
            place: Place::Room { name: String::new(), captains: vec![], lacks: vec![] },
            what: What::Due { agenda_id: row.agenda_id, answers },
        };
        let heard = self.give(incoming).await;
        assert!(heard.outcome.is_some(), "what is due was done before, and would be due for ever: {row:?}");
        heard
    }

    pub fn named(user_id: &str, display_name: &str) -> Named {
        Named { user_id: user_id.into(), display_name: display_name.into() }
    }

    /// Says something privately; what it causes stays in the outbox.
    pub async fn whisper_undelivered(&mut self, by: &str, text: &str) {
        let what = What::Message(Message { text: text.into(), ..Message::default() });
        let place = self.in_private(by, &[BUILDING_3]);
        let incoming = self.incoming(by, place, &private_room(by), what);
        self.handle(&incoming).await;
    }

    /// Handles an event as the worker does, and delivers what it causes.
    pub async fn give(&mut self, incoming: Incoming) -> Heard {
        let outcome = self.handle(&incoming).await;
        let said = self.deliver().await;
        Heard { event_id: incoming.event_id, outcome, said }
    }

    async fn handle(&mut self, incoming: &Incoming) -> Option<Outcome> {
        self.came_in.push(incoming.clone());
        let mut tx = self.storage.begin().await.expect("a transaction");
        let arrival = Arrival {
            event_id: &incoming.event_id,
            room_id: &incoming.room_id,
            sent_at_ms: incoming.sent_at_ms,
            first_seen_at_ms: self.now_ms,
        };
        match inbox::claim(&mut tx, arrival).await.expect("a claim") {
            Claim::Fresh { first_seen_at_ms, place } => {
                let mut seed = [0; 32];
                seed.iter_mut().zip(incoming.event_id.bytes()).for_each(|(to, from)| *to = from);
                let entropy = Entropy::new(seed);
                let moment = Moment { now_ms: self.now_ms, first_seen_at_ms, place };
                let outcome = match house::handle(&mut tx, &self.house, incoming, moment, entropy).await {
                    Ok(outcome) => outcome,
                    Err(fault) => panic!("{incoming:?}: {fault}"),
                };
                if outcome == Outcome::Refused {
                    inbox::settle(&mut tx, &incoming.event_id, State::Refused).await.expect("a state");
                }
                tx.commit().await.expect("a commit");
                Some(outcome)
            }
            Claim::Done => {
                tx.roll_back().await.expect("a rollback");
                None
            }
            Claim::Poisonous => panic!("{incoming:?} is poisonous"),
        }
    }

    /// What would come of an event, and what would be said; nothing has happened afterwards.
    pub async fn try_out(&mut self, incoming: &Incoming) -> (Outcome, Vec<Content>) {
        let mut tx = self.storage.begin().await.expect("a transaction");
        // After everything that has come in.
        let moment = Moment { now_ms: self.now_ms, first_seen_at_ms: self.now_ms, place: i64::MAX };
        let handled = house::handle(&mut tx, &self.house, incoming, moment, Entropy::new([7; 32])).await;
        let outcome = handled.unwrap_or_else(|fault| panic!("{incoming:?}: {fault}"));
        let said = outbox::contents_of(&mut tx, &incoming.event_id).await.expect("the outbox");
        tx.roll_back().await.expect("a rollback");
        (outcome, said.iter().map(|content| serde_json::from_str(content).expect("content")).collect())
    }

    /// Sends everything that waits in the outbox.
    async fn deliver(&mut self) -> Vec<Said> {
        let mut all = Vec::new();
        while let Some(row) = outbox::next(&self.storage, self.now_ms, 0).await.expect("the outbox") {
            if let Some(community_id) = &row.unasked_in {
                let community = self.house.community(community_id).expect("a community");
                assert!(evening::is_open(community, self.now_ms), "unasked outside the evening: {row:?}");
            }
            self.sent += 1;
            let event_id = format!("$b{}", self.sent);
            let mut tx = self.storage.begin().await.expect("a transaction");
            outbox::sent(&mut tx, row.outbox_id, &event_id, self.now_ms).await.expect("a receipt");
            let content: Content = serde_json::from_str(&row.content).expect("content of an outbox row");
            if let (Content::Leave, Some(room_id)) = (&content, &row.room_id) {
                privacy::forget_room(&mut tx, room_id).await.expect("a room that was left");
            }
            tx.commit().await.expect("a commit");
            all.push(Said {
                event_id,
                kind: row.kind,
                room_id: row.room_id,
                user_id: row.user_id,
                fallback_room_id: row.fallback_room_id,
                about: row.about_event_id,
                at_ms: self.now_ms,
                content,
            });
        }
        assert_eq!(outbox::depth(&self.storage).await.expect("the outbox"), 0, "something can never be sent");
        all
    }

    /// An event came in that can't be read yet.
    pub async fn wait_for_key(&mut self, incoming: &Incoming) {
        let mut tx = self.storage.begin().await.expect("a transaction");
        let arrival = Arrival {
            event_id: &incoming.event_id,
            room_id: &incoming.room_id,
            sent_at_ms: incoming.sent_at_ms,
            first_seen_at_ms: self.now_ms,
        };
        assert!(
            inbox::wait_for_key(&mut tx, arrival, inbox::Unread { raw: "{}", session_id: None })
                .await
                .expect("the inbox")
        );
        tx.commit().await.expect("a commit");
    }

    /// Where these words stand in a database, what was deleted left out: what is around the first of them.
    pub async fn holds(path: &Path, words: &str) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("copy.db");
        std::fs::write(&copy, "").expect("an empty file");
        backup::copy(path, &copy).await.expect("a copy");
        let bytes = std::fs::read(&copy).expect("the copy");
        let at = bytes.windows(words.len()).position(|window| window == words.as_bytes())?;
        let around = at.saturating_sub(200)..(at + 200).min(bytes.len());
        Some(String::from_utf8_lossy(&bytes[around]).into_owned())
    }

    /// How much is stored; checks chain and ledger on the way.
    pub async fn stored(&self) -> Stored {
        let links = journal::verify(&self.storage, COMMUNITY).await.expect("the journal");
        let (sum, transfers) = ledger::trial_balance(&self.storage).await.expect("the ledger");
        assert_eq!(sum, 0, "the ledger sums to zero");
        let mut tx = self.storage.begin().await.expect("a transaction");
        let next = item::create(&mut tx, COMMUNITY, "probe", BUILDING_3, "$e").await.expect("the next number");
        tx.roll_back().await.expect("a rollback");
        let planned = agenda::depth(&self.storage).await.expect("the agenda");
        Stored { items: next - 1, links: links.expect("the chain holds"), transfers, planned }
    }

    /// The cards of a number with the events that posted them.
    pub async fn cards(&self, kind: &str, number: i64) -> Vec<(Card, String)> {
        let mut tx = self.storage.begin().await.expect("a transaction");
        let mut found = Vec::new();
        for card in lamplighter_storage::card::of_number(&mut tx, COMMUNITY, kind, number).await.expect("cards") {
            let event_id = outbox::event_id(&mut tx, card.post_id).await.expect("a card that was sent");
            found.push((card, event_id));
        }
        tx.roll_back().await.expect("a rollback");
        found
    }

    /// The bot's chips under a card.
    pub async fn chips(&self, card_id: i64) -> Vec<String> {
        let mut tx = self.storage.begin().await.expect("a transaction");
        let chips = lamplighter_storage::card::chips(&mut tx, card_id).await.expect("chips");
        tx.roll_back().await.expect("a rollback");
        chips.into_iter().map(|chip| chip.key).collect()
    }

    pub async fn person(&self, person_id: PersonId) -> Person {
        let mut tx = self.storage.begin().await.expect("a transaction");
        let person = person::get(&mut tx, person_id).await.expect("a person");
        tx.roll_back().await.expect("a rollback");
        person
    }

    /// What somebody has.
    pub async fn balance(&self, user_id: &str) -> i64 {
        let mut tx = self.storage.begin().await.expect("a transaction");
        let person = person::known(&mut tx, user_id, user_id).await.expect("a person");
        let pseudonym = person::pseudonym(&mut tx, COMMUNITY, person.person_id, [1; 16]).await.expect("a pseudonym");
        let balance = ledger::balance(&mut tx, COMMUNITY, "points", &pseudonym).await.expect("a balance");
        tx.roll_back().await.expect("a rollback");
        balance
    }
}

/// The room of somebody's private chat.
pub fn private_room(user_id: &str) -> String {
    format!("!private-{user_id}")
}
