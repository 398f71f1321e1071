//! What a feature may look at and act through while one incoming thing is handled: the transaction, who acts and
//! where, the words, and the outbox. Nothing here decides anything.

use lamplighter_config::{Community, Rule};
use lamplighter_storage::{
    Tx, agenda, card, elder, epoch, journal, ledger,
    outbox::{self, Destination, Kind, Lane, NewPost, NewRow, Target},
    person::{self, Person, PersonId},
    room::{self, Room},
};
use sha2::{Digest, Sha256};

use crate::{
    card::Card,
    choice, evening,
    fault::Fault,
    feature::Role,
    house::{General, House, Outcome},
    incoming::{Incoming, Message, SharedRoom},
    language::addressed::How,
    speech::{Say, Unspeakable, Value},
};

/// Random bytes for pseudonyms and salts, all made from one seed that the caller provides, so that nothing here is
/// random by itself.
#[derive(Clone, Debug)]
pub struct Entropy {
    seed: [u8; 32],
    used: u64,
}

impl Entropy {
    /// From 32 random bytes, or from fixed ones in a test.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, used: 0 }
    }

    /// Sixteen bytes that haven't been given before.
    pub fn bytes(&mut self) -> [u8; 16] {
        self.used += 1;
        let mut hasher = Sha256::new();
        hasher.update(self.seed);
        hasher.update(self.used.to_be_bytes());
        let hash = hasher.finalize();
        let mut out = [0; 16];
        out.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        out
    }
}

/// A card said of itself, in answer to nobody.
impl From<&Card> for Content {
    fn from(card: &Card) -> Self {
        Self::Message {
            plain: card.plain(),
            html: card.html(),
            notify: card.notify,
            mentions: card.mentions.clone(),
            rings_room: card.rings_room,
            reply_to: None,
            thread: None,
            open: false,
            late: None,
            pointer: None,
        }
    }
}

/// What the gateway is to send, kept as JSON in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A message, or a new version of one.
    Message {
        /// For clients without HTML.
        plain: String,
        /// For the others.
        html: String,
        /// `m.text` instead of `m.notice`.
        notify: bool,
        /// Matrix user ids that are notified.
        mentions: Vec<String>,
        /// Everybody in the room is notified.
        #[serde(default)]
        rings_room: bool,
        /// The event it answers.
        reply_to: Option<String>,
        /// The thread in which that stands.
        thread: Option<String>,
        /// It may be said in the room instead, where the private chat isn't open.
        #[serde(default)]
        open: bool,
        /// It answers somebody: what is said before it when it goes out late.
        #[serde(default)]
        late: Option<Late>,
        /// It ends with a link to another message of ours.
        #[serde(default)]
        pointer: Option<Pointer>,
    },
    /// A native poll.
    Poll {
        /// What is asked.
        question: String,
        /// What can be answered; the ids are 1, 2 …
        options: Vec<String>,
        /// For clients without polls.
        plain: String,
    },
    /// The end of a native poll.
    ClosePoll {
        /// For clients without polls.
        plain: String,
    },
    /// A reaction.
    Tap {
        /// What it says.
        key: String,
    },
    /// A reaction taken back.
    Untap {
        /// What it said.
        key: String,
    },
    /// A file.
    File {
        /// What it is called.
        name: String,
        /// Its media type, such as `text/plain`.
        mime: String,
        /// What is in it.
        text: String,
    },
    /// The bot leaves the room for good.
    Leave,
}

/// What stands in the place of words that were taken back.
pub const FORGOTTEN: &str = "…";

/// What is said before an answer that goes out long after the question.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Late {
    /// When the question was asked.
    pub asked_at_ms: i64,
    /// Whose question, and when, for clients without HTML.
    pub plain: String,
    /// For the others.
    pub html: String,
}

/// A link to another message of ours.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Pointer {
    /// What it says.
    pub label: String,
    /// The event, once it is known.
    pub to: Option<String>,
}

/// A card is posted anew after so many edits: with a thousand, apps can't load the room any more (ARCHITECTURE.md, Matrix
/// as it is).
pub const EDITS_MAX: i64 = 100;

/// Something to be put on the agenda; what isn't said is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan<'a> {
    /// What it is for; planning the same again moves it.
    pub key: &'a str,
    /// Which feature's business.
    pub kind: &'a str,
    /// The item concerned.
    pub number: Option<i64>,
    /// The room concerned.
    pub room_id: Option<&'a str>,
    /// The person concerned.
    pub person_id: Option<PersonId>,
    /// When.
    pub due_at_ms: i64,
    /// From this instant on it is dropped.
    pub stale_at_ms: Option<i64>,
    /// It happens inside the evening window only.
    pub unasked: bool,
}

/// A reply of a feature: exhaustive, and rendered in every locale by a test.
pub trait Reply {
    /// How it reads.
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable>;
}

/// Everything at hand.
#[derive(Debug)]
pub struct Scene<'d> {
    /// The transaction that everything belongs to.
    pub tx: &'d mut Tx,
    /// Config, words, and who the bot is.
    pub house: &'d House,
    /// What is being handled.
    pub incoming: &'d Incoming,
    /// The one `now` of this transaction, in UTC milliseconds.
    pub now_ms: i64,
    /// Random bytes.
    pub entropy: Entropy,
    /// Who acts.
    pub actor: Person,
    /// Who really speaks, while somebody acts for the actor.
    pub proxy: Option<Person>,
    /// The community it concerns; none only where the command's scope allows it.
    pub community: Option<&'d Community>,
    /// The bound room it concerns; none likewise.
    pub room: Option<Room>,
    /// What the actor may do there.
    pub role: Role,
    /// The card that the message replies to.
    pub replied_card: Option<card::Card>,
    /// The choice that was made, when the command asked for one.
    pub chosen: Option<String>,
    /// The message under which that was asked.
    pub asked_by: Option<i64>,
    /// The command that is done, without prefix or name, for asking about it and repeating it.
    pub command: String,
    /// How the bot was spoken to.
    pub addressed: How,
    /// What was typed after the first line.
    pub further_lines: Vec<String>,
    /// When it was said: as its server says, but no later than we first saw it.
    pub said_at_ms: i64,
    /// The place at which it arrived; it has it also if it could be read only later.
    pub place: i64,
    /// It could be read only later than it arrived.
    pub waited: bool,
    /// The clock causes it, nobody asked: it goes out inside the evening window only.
    pub unasked: Option<Unasked>,
    /// What comes next among what this cause causes.
    pub ordinal: i64,
    /// How often something was said so far in the room where it happens.
    pub said_here: usize,
    /// What causes what is said, if it is known by something better than the event.
    pub cause: Option<String>,
    /// What is said by things that are due at once; written together.
    pub posts: Vec<NewPost>,
    /// What the command did, for undoing it when the message is taken back.
    pub deed: Option<serde_json::Value>,
    /// What it is about is told nobody else.
    pub private: bool,
    /// Cards in this room are posted anew instead of edited: the old ones are out of reach.
    pub anew: Option<String>,
    /// The ✅ that was put on the message.
    ticked: Option<i64>,
    /// Whoever wants plain words is told in words that it is done, unless something else tells them.
    pub done_unsaid: bool,
    /// The actor has been told something privately.
    told_actor: bool,
}

/// What is known of something that nobody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unasked {
    /// When its moment has passed.
    pub stale_at_ms: Option<i64>,
}

impl<'d> Scene<'d> {
    /// A scene in which nothing is known yet but who acts.
    pub fn new(
        tx: &'d mut Tx,
        house: &'d House,
        incoming: &'d Incoming,
        now_ms: i64,
        entropy: Entropy,
        actor: Person,
    ) -> Self {
        Self {
            tx,
            house,
            incoming,
            now_ms,
            entropy,
            actor,
            proxy: None,
            community: None,
            room: None,
            role: Role::Resident,
            replied_card: None,
            chosen: None,
            asked_by: None,
            command: String::new(),
            addressed: How::Bare,
            further_lines: Vec::new(),
            said_at_ms: now_ms,
            place: 0,
            waited: false,
            unasked: None,
            ordinal: 0,
            said_here: 0,
            cause: None,
            posts: Vec::new(),
            deed: None,
            private: false,
            anew: None,
            ticked: None,
            done_unsaid: false,
            told_actor: false,
        }
    }

    /// Notes what the command did, in the feature's own form; when the message is taken back, the feature gets it again.
    pub fn did(&mut self, deed: serde_json::Value) {
        self.deed = Some(deed);
    }

    /// The event that was taken back, if that is what is handled.
    pub fn redacted(&self) -> Option<&'d str> {
        match &self.incoming.what {
            crate::incoming::What::Redaction { of } => Some(of),
            _ => None,
        }
    }

    /// Forgets the words of a message that was taken back where they lie in journal and outbox: in what its item's cards
    /// said, and in what people were told of it. Its row is the feature's to clear.
    pub async fn forget_words(&mut self, kind: &str, number: i64) -> Result<(), Fault> {
        let community_id = self.community()?.id.clone();
        let posts: Vec<i64> =
            card::of_number(self.tx, &community_id, kind, number).await?.iter().map(|card| card.post_id).collect();
        outbox::forget_texts(self.tx, &posts).await?;
        let Some(of) = self.redacted() else { return Ok(()) };
        outbox::forget_caused(self.tx, &community_id, of, Some(number)).await?;
        if journal::forget(self.tx, &community_id, of).await? {
            // The erasure is a link of the chain itself.
            self.record("text.erased", None, &serde_json::json!({})).await?;
        }
        Ok(())
    }

    /// Says in the room what has ended with a card that the actor took away.
    pub async fn card_gone(&mut self, id: &'static str, number: i64) -> Result<Outcome, Fault> {
        let who = self.actor.clone();
        self.answer(&General::CardGone { id, number, who: &who }).await?;
        Ok(Outcome::Handled)
    }

    /// Says what stands now that a command was taken back and undone.
    pub async fn undone(&mut self, id: &'static str, number: i64) -> Result<Outcome, Fault> {
        self.say_taken_back(id, number).await?;
        Ok(Outcome::Handled)
    }

    /// Says that a command that was taken back can't be undone any more, and what to do instead.
    pub async fn too_late(&mut self, id: &'static str, number: i64) -> Result<Outcome, Fault> {
        self.say_taken_back(id, number).await?;
        Ok(Outcome::Refused)
    }

    async fn say_taken_back(&mut self, id: &'static str, number: i64) -> Result<(), Fault> {
        let who = self.speaker().clone();
        if self.redacted().is_none() {
            // Nothing was deleted: somebody undoes what was done for them.
            self.answer(&General::Undone { id, number }).await?;
            return Ok(());
        }
        let alone = self.private || self.is_direct();
        let reply = General::TakenBack { id, number, who: (!alone).then_some(&who) };
        if self.private {
            self.tell_quietly(who.person_id, Lane::Answer, &reply).await?;
        } else {
            self.answer(&reply).await?;
        }
        Ok(())
    }

    /// Who speaks: the actor, or whoever acts for them. Answers go there.
    pub fn speaker(&self) -> &Person {
        self.proxy.as_ref().unwrap_or(&self.actor)
    }

    /// The community, for commands whose scope promises one.
    pub fn community(&self) -> Result<&'d Community, Fault> {
        self.community.ok_or(Fault::Broken("no community in this scope"))
    }

    /// The room, for commands whose scope promises one.
    pub fn room(&self) -> Result<&Room, Fault> {
        self.room.as_ref().ok_or(Fault::Broken("no room in this scope"))
    }

    /// The message, if it is one that is handled.
    pub fn message(&self) -> Option<&'d Message> {
        match &self.incoming.what {
            crate::incoming::What::Message(message) => Some(message),
            _ => None,
        }
    }

    /// Whether it happens in a private chat.
    pub fn is_direct(&self) -> bool {
        matches!(self.incoming.place, crate::incoming::Place::Direct { .. })
    }

    /// The group rooms that the actor shares with the bot, when it happens in a private chat.
    pub fn shared_rooms(&self) -> &'d [SharedRoom] {
        match &self.incoming.place {
            crate::incoming::Place::Direct { shared } => shared,
            crate::incoming::Place::Room { .. } => &[],
        }
    }

    /// Whether the actor may see what stands in this room: it is here, or both are in it.
    pub fn may_see(&self, room_id: &str) -> bool {
        self.incoming.room_id == room_id || self.shared_rooms().iter().any(|shared| shared.room_id == room_id)
    }

    /// For what could be read only later: the instant at which the cards that it may mean were open.
    pub fn open_at_ms(&self) -> Option<i64> {
        self.waited.then_some(self.said_at_ms)
    }

    /// The numbers of open cards of a kind that may be meant here: those of this room, or in a private chat those of the
    /// rooms of the community that both are in.
    pub async fn open_numbers(&mut self, kind: &str, limit: i64) -> Result<Vec<i64>, Fault> {
        let open_at_ms = self.open_at_ms();
        if !self.is_direct() {
            return Ok(card::open_numbers(self.tx, &self.incoming.room_id, kind, open_at_ms, limit).await?);
        }
        let community_id = self.community()?.id.clone();
        let mut numbers = Vec::new();
        for shared in self.shared_rooms() {
            // Numbers of another community mean other things.
            let room = room::get(self.tx, &shared.room_id).await?;
            if room.and_then(|room| room.community_id).as_deref() == Some(community_id.as_str()) {
                numbers.extend(card::open_numbers(self.tx, &shared.room_id, kind, open_at_ms, limit).await?);
            }
        }
        Ok(numbers)
    }

    /// The voice for what is said here.
    pub async fn say(&mut self) -> Result<Say<'d>, Fault> {
        let here = self.here();
        self.voice(here.as_destination()).await
    }

    /// The voice for what is said to somebody privately.
    pub async fn say_to(&mut self, person_id: PersonId) -> Result<Say<'d>, Fault> {
        self.voice(Destination::Person { person_id, fallback_room_id: None }).await
    }

    async fn voice(&mut self, to: Destination<'_>) -> Result<Say<'d>, Fault> {
        Ok(self.house.say_to(self.tx, self.community, to).await?)
    }

    /// How a reply reads to whoever reads it there, without what they could answer by a digit.
    async fn card_for(&mut self, to: Destination<'_>, reply: &impl Reply) -> Result<Card, Fault> {
        let plainly = match to {
            Destination::Person { person_id, .. } => elder::is_on(self.tx, person_id).await?,
            Destination::Room(room_id) => elder::is_on_in(self.tx, room_id).await?,
        };
        let say = self.voice(to).await?;
        Ok(if plainly { plain_card(say, reply)?.without_commands() } else { reply.card(say)? })
    }

    /// Writes a line or a card where the message stands. A private chat isn't told where the message came from. To whoever
    /// wants plain words the commands that it names are offered by digits.
    pub async fn answer(&mut self, reply: &impl Reply) -> Result<i64, Fault> {
        if !crate::elder::hears_plainly(self).await? {
            let card = reply.card(self.say().await?)?;
            return self.answer_with(card).await;
        }
        let plain = plain_card(self.say().await?, reply)?;
        let (card, commands) = crate::elder::numbered(self, plain);
        let post_id = self.answer_with(card).await?;
        choice::offer_here(self, &commands, post_id).await?;
        Ok(post_id)
    }

    /// The same for a question that has digits of its own.
    pub(crate) async fn answer_asking(&mut self, reply: &impl Reply) -> Result<i64, Fault> {
        let plainly = crate::elder::hears_plainly(self).await?;
        let say = self.say().await?;
        let card = if plainly { plain_card(say, reply)?.without_commands() } else { reply.card(say)? };
        self.answer_with(card).await
    }

    async fn answer_with(&mut self, card: Card) -> Result<i64, Fault> {
        let say = self.say().await?;
        let content = self.answering(self.content(card, true), say)?;
        let destination = self.here();
        self.write(Kind::Post, destination.as_destination(), Target::None, Lane::Answer, &content).await
    }

    /// Puts ✅ on the message: done, nothing more to say.
    pub async fn tick(&mut self) -> Result<(), Fault> {
        let event_id = self.incoming.event_id.clone();
        let target = match (self.message(), self.asked_by) {
            (Some(_), _) => Target::Event(&event_id),
            // A tap answered a question: nobody sees anything on a tap.
            (None, Some(post_id)) => Target::Row(post_id),
            (None, None) => return Ok(()),
        };
        if self.is_direct() && elder::is_on(self.tx, self.actor.person_id).await? {
            self.done_unsaid = !self.told_actor;
            return Ok(());
        }
        let destination = self.here();
        let content = Content::Tap { key: "✅".into() };
        self.ticked = Some(self.write(Kind::Tap, destination.as_destination(), target, Lane::Answer, &content).await?);
        Ok(())
    }

    /// The ✅ says what no card shows: it is never left out.
    pub fn keep_tick(&mut self) {
        self.ticked = None;
    }

    /// Tells somebody privately. The room that the matter concerns is told once if the chat isn't open.
    pub async fn tell(&mut self, person_id: PersonId, lane: Lane, reply: &impl Reply) -> Result<i64, Fault> {
        let fallback = self.fallback_room();
        self.tell_from(person_id, lane, reply, fallback.as_deref(), Offers::Chips).await
    }

    /// Tells somebody privately, and no room learns of it, not even that a message waits.
    pub async fn tell_quietly(&mut self, person_id: PersonId, lane: Lane, reply: &impl Reply) -> Result<i64, Fault> {
        self.tell_from(person_id, lane, reply, None, Offers::Chips).await
    }

    /// Tells somebody privately what has digits of its own.
    pub(crate) async fn tell_asking(&mut self, person_id: PersonId, reply: &impl Reply) -> Result<i64, Fault> {
        let fallback = self.fallback_room();
        self.tell_from(person_id, Lane::Answer, reply, fallback.as_deref(), Offers::Nothing).await
    }

    async fn tell_from(
        &mut self,
        person_id: PersonId,
        lane: Lane,
        reply: &impl Reply,
        fallback_room_id: Option<&str>,
        offers: Offers,
    ) -> Result<i64, Fault> {
        let say = self.say_to(person_id).await?;
        let destination = Destination::Person { person_id, fallback_room_id };
        let to_actor = person_id == self.speaker().person_id;
        let plainly = elder::is_on(self.tx, person_id).await?;
        if let (true, Offers::Deed(deed)) = (plainly, offers) {
            let card = reply.card(say.plainly())?;
            return self.tell_beside(person_id, lane, Card { large: true, ..card }, fallback_room_id, deed).await;
        }
        // What somebody is in the middle of answering isn't taken out of their hands.
        let offers_digits = plainly && offers != Offers::Nothing;
        // Whoever did something just now looks at what becomes of it.
        let asks = offers_digits && (to_actor || !choice::is_busy(self, person_id).await?);
        let (card, commands) = if asks {
            crate::elder::numbered(self, plain_card(say, reply)?)
        } else if offers_digits {
            (crate::elder::for_later(say, plain_card(say, reply)?)?, Vec::new())
        } else {
            (self.card_for(destination, reply).await?, Vec::new())
        };
        let mut content = self.content(card, self.is_direct() && to_actor);
        if to_actor && lane == Lane::Answer {
            content = self.answering(content, say)?;
        }
        let post_id = self.write(Kind::Post, destination, Target::None, lane, &content).await?;
        choice::offer_privately(self, person_id, &commands, post_id, offers == Offers::Chips).await?;
        Ok(post_id)
    }

    /// Tells somebody what was done for them, its commands as digits beside those that mean something already.
    async fn tell_beside(
        &mut self,
        person_id: PersonId,
        lane: Lane,
        card: Card,
        fallback_room_id: Option<&str>,
        deed: i64,
    ) -> Result<i64, Fault> {
        let taken = choice::taken(self, person_id).await?;
        let (card, commands) = match &taken {
            Some(taken) => crate::elder::numbered_from(self, card, taken.count()),
            // They are about to answer in words: so they do here.
            None => (card, Vec::new()),
        };
        let content = self.content(card, false);
        let destination = Destination::Person { person_id, fallback_room_id };
        let post_id = self.write(Kind::Post, destination, Target::None, lane, &content).await?;
        if let Some(taken) = taken {
            let commands: Vec<String> =
                commands.iter().map(|command| crate::proxy::command::of_deed(command, deed)).collect();
            choice::offer_beside(self, person_id, taken, &commands, post_id).await?;
        }
        Ok(post_id)
    }

    /// Posts a line or a card into a room.
    pub async fn post(&mut self, room_id: &str, reply: &impl Reply) -> Result<i64, Fault> {
        self.post_in(room_id, Lane::Answer, reply).await
    }

    /// The same, with its urgency.
    pub async fn post_in(&mut self, room_id: &str, lane: Lane, reply: &impl Reply) -> Result<i64, Fault> {
        let card = self.card_for(Destination::Room(room_id), reply).await?;
        let content = self.content(card, false);
        self.write(Kind::Post, Destination::Room(room_id), Target::None, lane, &content).await
    }

    /// Posts a native poll into a room, known again under its number.
    pub async fn post_poll(
        &mut self,
        room_id: &str,
        kind: &str,
        number: i64,
        question: &str,
        options: &[String],
    ) -> Result<(), Fault> {
        let numbered: Vec<String> = (1..).zip(options).map(|(digit, option)| format!("{digit}. {option}")).collect();
        let content = Content::Poll {
            question: question.to_owned(),
            options: options.to_vec(),
            plain: format!("{question}\n{}", numbered.join("\n")),
        };
        let post_id = self.write(Kind::Post, Destination::Room(room_id), Target::None, Lane::Answer, &content).await?;
        let community_id = self.community()?.id.clone();
        match &self.anew {
            Some(_) => {
                for card in card::of_number(self.tx, &community_id, kind, number).await? {
                    if card.room_id.as_deref() == Some(room_id) {
                        card::reposted(self.tx, card.card_id, post_id).await?;
                    }
                }
            }
            None => {
                card::create(self.tx, &community_id, kind, number, Some(room_id), None, post_id).await?;
            }
        }
        Ok(())
    }

    /// Ends a native poll.
    pub async fn close_poll(&mut self, card: &card::Card, reply: &impl Reply) -> Result<(), Fault> {
        let home = home(card)?;
        let say = self.voice(home.as_destination()).await?;
        let content = Content::ClosePoll { plain: reply.card(say)?.plain() };
        self.write(Kind::Edit, home.as_destination(), Target::Row(card.post_id), Lane::Answer, &content).await?;
        card::set_open(self.tx, card.card_id, false, self.now_ms).await?;
        Ok(())
    }

    /// For something that is due: tells somebody privately what may as well be read in the room where it was asked for, if
    /// the chat isn't open. Written with the other posts.
    pub async fn tell_openly(
        &mut self,
        due: &agenda::Row,
        person_id: PersonId,
        room_id: Option<&str>,
        reply: &impl Reply,
    ) -> Result<(), Fault> {
        let card = self.card_for(Destination::Person { person_id, fallback_room_id: None }, reply).await?;
        let mut content = self.content(card, false);
        if let Content::Message { open, .. } = &mut content {
            *open = room_id.is_some();
        }
        self.put_post(due, None, Some((person_id, room_id)), Lane::Answer, &content)
    }

    /// For something that is due: posts into a room. Written with the other posts.
    pub async fn post_due(
        &mut self,
        due: &agenda::Row,
        room_id: &str,
        lane: Lane,
        reply: &impl Reply,
    ) -> Result<(), Fault> {
        let card = self.card_for(Destination::Room(room_id), reply).await?;
        let content = self.content(card, false);
        self.put_post(due, Some(room_id), None, lane, &content)
    }

    fn put_post(
        &mut self,
        due: &agenda::Row,
        room_id: Option<&str>,
        person: Option<(PersonId, Option<&str>)>,
        lane: Lane,
        content: &Content,
    ) -> Result<(), Fault> {
        let (person_id, fallback) = person.map_or((None, None), |(person_id, room_id)| (Some(person_id), room_id));
        self.posts.push(NewPost {
            cause: due.event_id(),
            room_id: room_id.map(ToOwned::to_owned),
            person_id,
            fallback_room_id: fallback.map(ToOwned::to_owned),
            lane,
            content: serde_json::to_string(content)?,
            unasked_in: self.unasked.and(self.community).map(|community| community.id.clone()),
            stale_at_ms: self.unasked.and_then(|unasked| unasked.stale_at_ms),
        });
        Ok(())
    }

    /// Writes the posts.
    pub async fn write_posts(&mut self) -> Result<(), Fault> {
        let posts = std::mem::take(&mut self.posts);
        Ok(outbox::write_posts(self.tx, &posts, self.now_ms).await?)
    }

    /// Puts something on the agenda of the community.
    pub async fn plan(&mut self, plan: Plan<'_>) -> Result<(), Fault> {
        let community_id = self.community()?.id.clone();
        let row = agenda::NewRow {
            community_id: &community_id,
            key: plan.key,
            kind: plan.kind,
            number: plan.number,
            room_id: plan.room_id,
            person_id: plan.person_id,
            due_at_ms: plan.due_at_ms,
            stale_at_ms: plan.stale_at_ms,
            unasked: plan.unasked,
        };
        Ok(agenda::put(self.tx, row).await?)
    }

    /// Posts a card with its chips into a room.
    pub async fn post_card(
        &mut self,
        room_id: &str,
        kind: &str,
        number: i64,
        reply: &impl Reply,
        chips: &[&str],
    ) -> Result<(), Fault> {
        let post_id = self.post(room_id, reply).await?;
        let community_id = self.community()?.id.clone();
        let card = card::create(self.tx, &community_id, kind, number, Some(room_id), None, post_id).await?;
        self.show_anew(&card, reply).await?;
        self.add_chips(&card, chips).await
    }

    /// After a restore a card may stand in the room already, and show something else by now.
    async fn show_anew(&mut self, card: &card::Card, reply: &impl Reply) -> Result<(), Fault> {
        if !epoch::may_differ(self.tx, card.post_id, card.number).await? {
            return Ok(());
        }
        let home = home(card)?;
        let mut face = self.card_for(home.as_destination(), reply).await?;
        face.mentions.clear();
        face.notify = false;
        face.rings_room = false;
        let content = self.content(face, false);
        let cause = format!("anew {}", self.incoming.event_id);
        let row = NewRow {
            cause: &cause,
            ordinal: card.card_id,
            kind: Kind::Edit,
            destination: home.as_destination(),
            target: Target::Row(card.post_id),
            lane: Lane::Edit,
            content: &serde_json::to_string(&content)?,
            at_ms: self.now_ms,
            unasked_in: None,
            stale_at_ms: None,
        };
        outbox::write(self.tx, row).await?;
        Ok(())
    }

    /// Sends a card with its chips to somebody privately. Whether the room may say whom a message waits for depends on
    /// whether that person is known there.
    pub async fn tell_card(
        &mut self,
        person_id: PersonId,
        kind: &str,
        number: i64,
        reply: &impl Reply,
        chips: &[&str],
        may_name_in_room: bool,
    ) -> Result<(), Fault> {
        let fallback = self.fallback_room().filter(|_| may_name_in_room);
        let offers = if chips.is_empty() { Offers::Chips } else { Offers::Digits };
        let post_id = self.tell_from(person_id, Lane::Ping, reply, fallback.as_deref(), offers).await?;
        let community_id = self.community()?.id.clone();
        let card = card::create(self.tx, &community_id, kind, number, None, Some(person_id), post_id).await?;
        self.show_anew(&card, reply).await?;
        self.add_chips(&card, chips).await
    }

    /// Tells somebody what was done for them. Whoever answers by digits gets some that mean this deed and no other, beside
    /// those that they have been given before.
    pub(crate) async fn tell_deed(
        &mut self,
        person_id: PersonId,
        kind: &str,
        deed: i64,
        reply: &impl Reply,
        chips: &[&str],
    ) -> Result<(), Fault> {
        let fallback = self.fallback_room();
        let post_id = self.tell_from(person_id, Lane::Ping, reply, fallback.as_deref(), Offers::Deed(deed)).await?;
        let community_id = self.community()?.id.clone();
        let card = card::create(self.tx, &community_id, kind, deed, None, Some(person_id), post_id).await?;
        self.show_anew(&card, reply).await?;
        self.add_chips(&card, chips).await
    }

    /// Brings a card up to date: what it says, its chips (outdated ones go, new ones come in the order given), and
    /// whether it can still be acted on.
    pub async fn refresh_card(
        &mut self,
        card: &card::Card,
        reply: &impl Reply,
        chips: &[&str],
        open: bool,
    ) -> Result<(), Fault> {
        let home = home(card)?;
        let destination = home.as_destination();
        let mut face = self.card_for(destination, reply).await?;
        // An edit rings nobody (ARCHITECTURE.md, Matrix as it is).
        face.mentions.clear();
        face.rings_room = false;
        face.notify = false;
        if card.open != open {
            card::set_open(self.tx, card.card_id, open, self.now_ms).await?;
        }
        let reposts = self.anew.is_some() && card.room_id == self.anew;
        if !reposts && card.open && open && outbox::edits_sent(self.tx, card.post_id).await? >= EDITS_MAX {
            return self.post_anew(card, face, chips).await;
        }
        let content = self.content(face, false);
        if reposts {
            let post_id = self.write(Kind::Post, destination, Target::None, Lane::Answer, &content).await?;
            card::reposted(self.tx, card.card_id, post_id).await?;
            return self.add_chips(&card::Card { post_id, ..card.clone() }, chips).await;
        }
        self.write(Kind::Edit, destination, Target::Row(card.post_id), Lane::Edit, &content).await?;
        if let Some(tick) = self.ticked.filter(|_| card.room_id.as_ref() == Some(&self.incoming.room_id)) {
            outbox::shown_by(self.tx, tick, card.post_id).await?;
        }
        let standing = card::chips(self.tx, card.card_id).await?;
        for chip in standing.iter().filter(|chip| !chips.contains(&chip.key.as_str())) {
            card::remove_chip(self.tx, card.card_id, &chip.key).await?;
            let content = Content::Untap { key: chip.key.clone() };
            self.write(Kind::Untap, destination, Target::Row(chip.tap_id), Lane::Edit, &content).await?;
        }
        let new: Vec<&str> =
            chips.iter().filter(|key| standing.iter().all(|chip| chip.key != **key)).copied().collect();
        self.add_chips(card, &new).await
    }

    /// Posts a card anew below; its earlier message says so, links to it and loses its chips. What people tap there still
    /// counts.
    async fn post_anew(&mut self, card: &card::Card, face: Card, chips: &[&str]) -> Result<(), Fault> {
        let home = home(card)?;
        let destination = home.as_destination();
        let title = Card { lines: face.lines.iter().take(1).cloned().collect(), large: face.large, ..Card::default() };
        let say = self.voice(destination).await?;
        let mut moved = self.content(title.with(say.card("card-moved", &[])?), false);
        if let Content::Message { pointer, .. } = &mut moved {
            *pointer = Some(Pointer { label: say.word("card-moved-link", &[])?, to: None });
        }
        let content = self.content(face, false);
        let post_id = self.write(Kind::Post, destination, Target::None, Lane::Answer, &content).await?;
        let edit = self.write(Kind::Edit, destination, Target::Row(card.post_id), Lane::Edit, &moved).await?;
        outbox::points_to(self.tx, edit, post_id).await?;
        for chip in card::chips(self.tx, card.card_id).await? {
            card::remove_chip(self.tx, card.card_id, &chip.key).await?;
            let content = Content::Untap { key: chip.key.clone() };
            self.write(Kind::Untap, destination, Target::Row(chip.tap_id), Lane::Edit, &content).await?;
        }
        card::posted_anew(self.tx, card, post_id).await?;
        let fresh = card::Card { post_id, ..card.clone() };
        self.add_chips(&fresh, chips).await
    }

    async fn add_chips(&mut self, card: &card::Card, chips: &[&str]) -> Result<(), Fault> {
        let home = home(card)?;
        for key in chips {
            let content = Content::Tap { key: (*key).to_owned() };
            let tap_id =
                self.write(Kind::Tap, home.as_destination(), Target::Row(card.post_id), Lane::Edit, &content).await?;
            card::add_chip(self.tx, card.card_id, key, tap_id).await?;
        }
        Ok(())
    }

    /// Appends to the journal in the name of the actor.
    pub async fn record(&mut self, kind: &str, number: Option<i64>, payload: &serde_json::Value) -> Result<(), Fault> {
        let community_id = self.community()?.id.clone();
        let pseudonym = self.pseudonym(self.actor.person_id).await?;
        let proxy = match self.proxy.as_ref().map(|proxy| proxy.person_id) {
            Some(proxy) => Some(self.pseudonym(proxy).await?),
            None => None,
        };
        let salt = self.entropy.bytes();
        journal::append(
            self.tx,
            journal::Entry {
                community_id: &community_id,
                kind,
                number,
                pseudonym: Some(&pseudonym),
                proxy: proxy.as_deref(),
                at_ms: self.now_ms,
                payload: &payload.to_string(),
                cause: &self.incoming.event_id,
                salt,
            },
        )
        .await?;
        Ok(())
    }

    /// The pseudonym under which journal and ledger know somebody.
    pub async fn pseudonym(&mut self, person_id: PersonId) -> Result<Vec<u8>, Fault> {
        let community_id = self.community()?.id.clone();
        let fresh = self.entropy.bytes();
        Ok(person::pseudonym(self.tx, &community_id, person_id, fresh).await?)
    }

    /// Pays by a rule of the config: the points paid, or 0 if the rule is off, its cap for that day is reached, or this
    /// item has paid this person before. `at_ms` is when it was earned.
    pub async fn pay(
        &mut self,
        rule_name: &str,
        rule: Rule,
        number: i64,
        person_id: PersonId,
        at_ms: i64,
    ) -> Result<i64, Fault> {
        if rule.points == 0 {
            return Ok(0);
        }
        let community = self.community()?;
        let pseudonym = self.pseudonym(person_id).await?;
        if let Some(per_day) = rule.per_day {
            let day = evening::day(community, at_ms);
            let span_ms =
                evening::day_start_ms(community, day)..evening::day_start_ms(community, evening::next_day(day));
            let currency = crate::points::CURRENCY;
            let paid = ledger::payments_in(self.tx, &community.id, currency, rule_name, &pseudonym, span_ms).await?;
            if paid >= i64::from(per_day) {
                return Ok(0);
            }
        }
        let salt = self.entropy.bytes();
        let paid = ledger::pay(
            self.tx,
            ledger::Grant {
                community_id: &community.id,
                currency: crate::points::CURRENCY,
                rule: rule_name,
                number,
                pseudonym: &pseudonym,
                amount: i64::from(rule.points),
                at_ms,
                cause: &self.incoming.event_id,
                salt,
            },
        )
        .await?;
        Ok(if paid { i64::from(rule.points) } else { 0 })
    }

    fn here(&self) -> Home {
        if self.is_direct() {
            Home { room_id: None, person_id: Some(self.speaker().person_id) }
        } else {
            Home { room_id: Some(self.incoming.room_id.clone()), person_id: None }
        }
    }

    /// Which room may be told that a private message waits: where it happens, or the room that it concerns.
    pub(crate) fn fallback_room(&self) -> Option<String> {
        if self.is_direct() {
            self.room.as_ref().map(|room| room.room_id.clone())
        } else {
            Some(self.incoming.room_id.clone()).filter(|room_id| !room_id.is_empty())
        }
    }

    /// Said late, an answer says whose question it answers and when that was asked.
    fn answering(&self, mut content: Content, say: Say<'_>) -> Result<Content, Fault> {
        if let (Some(_), Content::Message { late, .. }) = (self.message(), &mut content) {
            let values =
                [("person", Value::Person(self.speaker())), ("when", Value::Word(say.moment(self.said_at_ms)?.into()))];
            let lead = say.card("late-answer", &values)?;
            *late = Some(Late { asked_at_ms: self.said_at_ms, plain: lead.plain(), html: lead.html() });
        }
        Ok(content)
    }

    fn content(&self, card: Card, answers: bool) -> Content {
        let card = card.fitted();
        let message = self.message().filter(|_| answers);
        // An edit is answered where the original stands.
        let original = match &self.incoming.what {
            crate::incoming::What::Edit { of, .. } if answers => Some(of.clone()),
            _ => None,
        };
        Content::Message {
            plain: card.plain(),
            html: card.html(),
            notify: card.notify,
            mentions: card.mentions.clone(),
            rings_room: card.rings_room,
            reply_to: message.map(|_| self.incoming.event_id.clone()).or(original),
            thread: message.and_then(|message| message.thread.clone()),
            open: false,
            late: None,
            pointer: None,
        }
    }

    pub(crate) async fn write(
        &mut self,
        kind: Kind,
        destination: Destination<'_>,
        target: Target<'_>,
        lane: Lane,
        content: &Content,
    ) -> Result<i64, Fault> {
        let content = serde_json::to_string(content)?;
        if kind == Kind::Post && matches!(destination, Destination::Room(room_id) if room_id == self.incoming.room_id) {
            self.said_here += 1;
        }
        if kind == Kind::Post
            && matches!(destination, Destination::Person { person_id, .. } if person_id == self.actor.person_id)
        {
            self.done_unsaid = false;
            self.told_actor = true;
        }
        let row = NewRow {
            cause: self.cause.as_deref().unwrap_or(&self.incoming.event_id),
            ordinal: self.ordinal,
            kind,
            destination,
            target,
            lane,
            content: &content,
            at_ms: self.now_ms,
            unasked_in: self.unasked.and(self.community).map(|community| community.id.as_str()),
            stale_at_ms: self.unasked.and_then(|unasked| unasked.stale_at_ms),
        };
        self.ordinal += 1;
        Ok(outbox::write(self.tx, row).await?)
    }
}

/// How whoever wants plain words is offered the commands that a message names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offers {
    /// By digits, and chips below.
    Chips,
    /// By digits; other chips stand below.
    Digits,
    /// By digits that mean this deed, beside those that mean something already; other chips stand below.
    Deed(i64),
    /// They aren't: it has digits of its own.
    Nothing,
}

/// Where a card or a message stands.
struct Home {
    room_id: Option<String>,
    person_id: Option<PersonId>,
}

impl Home {
    fn as_destination(&self) -> Destination<'_> {
        match (&self.room_id, self.person_id) {
            (Some(room_id), _) => Destination::Room(room_id),
            (None, person_id) => {
                Destination::Person { person_id: person_id.unwrap_or_default(), fallback_room_id: None }
            }
        }
    }
}

/// How a reply reads in plain words and large letters.
fn plain_card(say: Say<'_>, reply: &impl Reply) -> Result<Card, Fault> {
    Ok(Card { large: true, ..reply.card(say.plainly())? })
}

fn home(card: &card::Card) -> Result<Home, Fault> {
    if card.room_id.is_none() && card.person_id.is_none() {
        return Err(Fault::Broken("a card that stands nowhere"));
    }
    Ok(Home { room_id: card.room_id.clone(), person_id: card.person_id })
}
