//! The way of one incoming thing through the commands: who is addressed, which feature, which room, which role, and
//! then the feature. Called by the worker inside one write transaction.

use chrono::{DateTime, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use lamplighter_config::{Community, Language};
use lamplighter_storage::{
    Tx,
    agenda::{self, End},
    card, command, inbox, outbox, person, poll,
    question::{self, Awaits},
    room,
};

use crate::{
    card::Card,
    choice,
    dialogue::{self, Answer},
    elder, evening,
    fault::Fault,
    feature::{self, Bare, Found, Read, Role, Scope},
    flood::{self, TooFast},
    incoming::{Answers, Incoming, Message, Place, What},
    language::{
        Phrase,
        addressed::{self, How, Signs},
        number,
    },
    reading, room_life,
    scene::{Entropy, Reply, Scene, Unasked},
    speech::{Say, Speech, Unspeakable, Value},
    taken_back,
};

/// What everything in here shares: the communities, the words, and who the bot is.
#[derive(Debug)]
pub struct House {
    /// From the config.
    pub communities: Vec<Community>,
    /// All words.
    pub speech: Speech,
    /// The bot's Matrix user id.
    pub bot_user_id: String,
    /// Names under which people mention it, longest first.
    pub bot_names: Vec<String>,
    /// Ids that are never answered.
    pub ignore: Vec<String>,
    /// For how many days texts of messages are kept; told to whoever asks what is kept of them.
    pub keep_texts_days: u32,
    /// How fast people and rooms may be.
    pub limits: flood::Limits,
}

/// What became of an incoming thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something was done or said.
    Handled,
    /// Somebody was told no.
    Refused,
    /// It concerned nobody.
    Ignored,
}

impl House {
    /// The community with this id.
    pub fn community(&self, community_id: &str) -> Option<&Community> {
        self.communities.iter().find(|community| community.id == community_id)
    }

    /// Local time where the communities are, for reading a text whose room isn't looked up yet.
    pub(crate) fn local(&self, at_ms: i64) -> NaiveDateTime {
        self.communities.first().map_or_else(
            || DateTime::from_timestamp_millis(at_ms).unwrap_or_default().naive_utc(),
            |community| evening::local(community, at_ms),
        )
    }

    /// What the bot is called.
    pub fn own_name(&self) -> &str {
        self.bot_names.iter().find(|name| !name.is_ascii()).or(self.bot_names.first()).map_or("", String::as_str)
    }

    /// The voice for whoever reads it: as they, or the room, have chosen, else that of the community.
    pub async fn say_to(
        &self,
        tx: &mut Tx,
        community: Option<&Community>,
        to: outbox::Destination<'_>,
    ) -> Result<Say<'_>, lamplighter_storage::Error> {
        let (community, chosen) = match to {
            outbox::Destination::Room(room_id) => {
                let (bound_to, chosen) = room::tongue(tx, room_id).await?;
                (bound_to.and_then(|id| self.community(&id)).or(community), chosen)
            }
            outbox::Destination::Person { person_id, .. } => (community, person::tongue(tx, person_id).await?),
        };
        let say = self.say(community);
        Ok(chosen.and_then(|tag| Language::of_tag(&tag)).map_or(say, |language| say.speaking(language)))
    }

    /// The voice of a community; where there is none yet, that of the first.
    pub fn say(&self, community: Option<&Community>) -> Say<'_> {
        let community = community.or(self.communities.first());
        self.speech.say(
            community.map_or(Language::ZhCn, |community| community.language),
            community.map_or(Tz::Asia__Shanghai, |community| community.time_zone),
        )
    }
}

/// When something is handled, and when it was first seen; both are the same unless it waited for its key.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The one `now` of the transaction.
    pub now_ms: i64,
    /// When the event was first seen.
    pub first_seen_at_ms: i64,
    /// Its place in the order of arrival.
    pub place: i64,
}

/// Handles one incoming thing whose event is claimed. A fault means: roll everything back.
pub async fn handle(
    tx: &mut Tx,
    house: &House,
    incoming: &Incoming,
    moment: Moment,
    entropy: Entropy,
) -> Result<Outcome, Fault> {
    let now_ms = moment.now_ms;
    if let What::Echo { transaction_id } = &incoming.what {
        outbox::echoed(tx, transaction_id, &incoming.event_id, now_ms).await?;
        return Ok(Outcome::Handled);
    }
    if let What::OwnJoin { made_by_bot } = incoming.what {
        if made_by_bot {
            return Ok(Outcome::Ignored);
        }
        // It took the place of another room, and that has been said.
        if room::arrived(tx, &incoming.room_id).await? {
            return Ok(Outcome::Ignored);
        }
        let back = room::is_left(tx, &incoming.room_id).await?;
        if let Place::Room { name, .. } = &incoming.place {
            room::joined(tx, &incoming.room_id, name, now_ms).await?;
        }
        let mut scene = arriving(tx, house, incoming, now_ms, entropy).await?;
        let outcome = crate::room::greet(&mut scene).await?;
        if back {
            room_life::resume(&mut scene).await?;
        }
        return Ok(outcome);
    }
    match &incoming.what {
        What::OwnLeave => return room_life::own_leave(tx, incoming, now_ms).await,
        What::Upgraded { to } => return room_life::upgraded(tx, house, incoming, to, now_ms, entropy).await,
        What::Left { user_id } => return room_life::member_left(tx, house, incoming, user_id, now_ms, entropy).await,
        // What was taken back before it could be read is never read.
        What::Redaction { of } => inbox::stop_waiting(tx, of).await?,
        _ => {}
    }
    if let What::Due { agenda_id, answers } = &incoming.what {
        return due(tx, house, incoming, *agenda_id, answers, moment, entropy).await;
    }
    if incoming.sender.user_id == house.bot_user_id || house.ignore.contains(&incoming.sender.user_id) {
        // A bot that tidies up undoes nothing, but words that were taken away aren't kept.
        if let What::Redaction { of } = &incoming.what {
            taken_back::forget(tx, of).await?;
        }
        return Ok(Outcome::Ignored);
    }
    // What is taken back in a room that was upgraded meanwhile lives on in the one that took its place.
    let mut elsewhere = None;
    if let What::Redaction { .. } = incoming.what
        && let Some(room_id) = room::moved_to(tx, &incoming.room_id).await?
    {
        elsewhere = Some(Incoming { room_id, ..incoming.clone() });
    }
    let incoming = elsewhere.as_ref().unwrap_or(incoming);
    if taken_back::comes_first(tx, house, incoming, now_ms).await? || !concerns_us(tx, house, incoming).await? {
        return Ok(Outcome::Ignored);
    }
    let name = crate::card::name_of(&incoming.sender.user_id, &incoming.sender.display_name);
    let actor = person::seen(tx, &incoming.sender.user_id, &name).await?;
    if let Place::Direct { .. } = incoming.place {
        person::set_direct_chat(tx, actor.person_id, &incoming.room_id).await?;
    }
    // What a sender's server says may be wrong, but never later than when we saw it.
    let said_at_ms = incoming.sent_at_ms.min(moment.first_seen_at_ms);
    let mut scene = Scene::new(tx, house, incoming, now_ms, entropy, actor);
    scene.said_at_ms = said_at_ms;
    scene.place = moment.place;
    scene.waited = moment.first_seen_at_ms < now_ms;
    match &incoming.what {
        What::Message(message) => {
            let outcome = said(&mut scene, message).await?;
            taken_back::after_message(&mut scene).await?;
            Ok(outcome)
        }
        What::Edit { .. } if !flood::admits(&mut scene, None).await? => Ok(Outcome::Ignored),
        What::Edit { of, message } => taken_back::edited(&mut scene, of, message).await,
        What::Tap { on, key } => tapped(&mut scene, on, key).await,
        What::Redaction { of } => redacted(&mut scene, of).await,
        What::PollAnswer { on, choices } => match card::by_event(scene.tx, on).await? {
            Some(_) if !flood::admits_tap(&mut scene).await? => Ok(Outcome::Ignored),
            Some(card) => crate::poll::answered(&mut scene, &card, choices).await,
            None => Ok(Outcome::Ignored),
        },
        _ => Ok(Outcome::Ignored),
    }
}

/// Something on the agenda has fallen due. Whether it is still to be done is looked at again; what is unasked waits for
/// the window (ARCHITECTURE.md, "The way of a message", step 6).
async fn due(
    tx: &mut Tx,
    house: &House,
    incoming: &Incoming,
    agenda_id: i64,
    answers: &[Answers],
    moment: Moment,
    entropy: Entropy,
) -> Result<Outcome, Fault> {
    let now_ms = moment.now_ms;
    // Moved since it was seen to be due, by somebody or by what fell due before it: it comes then.
    let row = agenda::waiting(tx, agenda_id).await?.filter(|row| row.due_at_ms <= incoming.sent_at_ms);
    let Some(row) = row else { return Ok(Outcome::Ignored) };
    let Some(community) = house.community(&row.community_id) else {
        // The community has left the config.
        agenda::close(tx, &row, End::Dropped).await?;
        return Ok(Outcome::Ignored);
    };
    let left = match &row.room_id {
        Some(room_id) => room::is_left(tx, room_id).await?,
        None => false,
    };
    // Its moment has passed, or the bot had to leave the room.
    if left || row.stale_at_ms.is_some_and(|stale_at_ms| stale_at_ms <= now_ms) {
        agenda::close(tx, &row, End::Dropped).await?;
        return Ok(Outcome::Refused);
    }
    if row.unasked && !evening::is_open(community, now_ms) {
        agenda::postpone(tx, agenda_id, evening::next_start_ms(community, now_ms), row.stale_at_ms).await?;
        return Ok(Outcome::Ignored);
    }
    let actor = person::known(tx, &house.bot_user_id, house.own_name()).await?;
    let mut scene = Scene::new(tx, house, incoming, now_ms, entropy, actor);
    scene.place = moment.place;
    scene.community = Some(community);
    scene.role = Role::Steward;
    scene.room = match &row.room_id {
        Some(room_id) => room::get(scene.tx, room_id).await?,
        None => None,
    };
    if row.unasked {
        scene.unasked = Some(Unasked { stale_at_ms: row.stale_at_ms });
    }
    let feature = feature::FEATURES.iter().find(|feature| feature.due_kinds.contains(&row.kind.as_str()));
    let outcome = match feature {
        Some(feature) => (feature.due)(&mut scene, row.clone(), answers.to_vec()).await?,
        None => Outcome::Ignored,
    };
    scene.write_posts().await?;
    let end = if outcome == Outcome::Handled { End::Done } else { End::Dropped };
    agenda::close(scene.tx, &row, end).await?;
    Ok(outcome)
}

/// Rows of one kind that are due at once, done together by a feature that knows how to. False: nothing was done; they are
/// to be handled one by one. A fault means: roll everything back.
pub async fn due_together(
    tx: &mut Tx,
    house: &House,
    incoming: &Incoming,
    rows: &[agenda::Row],
    now_ms: i64,
    entropy: Entropy,
) -> Result<bool, Fault> {
    let Some(first) = rows.first() else { return Ok(false) };
    let feature = feature::FEATURES.iter().find(|feature| feature.due_kinds.contains(&first.kind.as_str()));
    let (Some(due_together), Some(community)) =
        (feature.and_then(|feature| feature.due_together), house.community(&first.community_id))
    else {
        return Ok(false);
    };
    // What is stale or must wait is looked at one by one.
    let plain = |row: &agenda::Row| {
        row.kind == first.kind && row.community_id == first.community_id && row.stale_at_ms.is_none() && !row.unasked
    };
    let ids: Vec<i64> = rows.iter().map(|row| row.agenda_id).collect();
    if !rows.iter().all(plain) || agenda::count_due(tx, &ids, now_ms).await? != ids.len() as i64 {
        return Ok(false);
    }
    let actor = person::known(tx, &house.bot_user_id, house.own_name()).await?;
    let mut scene = Scene::new(tx, house, incoming, now_ms, entropy, actor);
    scene.community = Some(community);
    scene.role = Role::Steward;
    due_together(&mut scene, rows).await?;
    scene.write_posts().await?;
    agenda::close_together(scene.tx, &ids, now_ms).await?;
    Ok(true)
}

async fn arriving<'d>(
    tx: &'d mut Tx,
    house: &'d House,
    incoming: &'d Incoming,
    now_ms: i64,
    entropy: Entropy,
) -> Result<Scene<'d>, Fault> {
    let name = crate::card::name_of(&incoming.sender.user_id, &incoming.sender.display_name);
    let actor = person::known(tx, &incoming.sender.user_id, &name).await?;
    if let Place::Direct { .. } = incoming.place {
        person::set_direct_chat(tx, actor.person_id, &incoming.room_id).await?;
    }
    Ok(Scene::new(tx, house, incoming, now_ms, entropy, actor))
}

/// Whether it may be meant for the bot. If not, nothing is remembered, not even who it was (the greeting promises it).
async fn concerns_us(tx: &mut Tx, house: &House, incoming: &Incoming) -> Result<bool, Fault> {
    let direct = matches!(incoming.place, Place::Direct { .. });
    match &incoming.what {
        What::Message(message) => {
            let reply = match &message.reply_to {
                Some(event_id) => outbox::is_ours(tx, event_id).await?,
                None => false,
            };
            let awaited = !message.notice && question::spoke(tx, &incoming.room_id, &incoming.sender.user_id).await?;
            let signs = Signs { direct, mention: message.mentions_bot, reply, names: &house.bot_names };
            let (how, text) = addressed::determine(&Phrase::new(&message.text), signs);
            let bare = || reading::command_of(how, &text).is_some() || number::choice(&text).is_some();
            Ok(!message.notice && (awaited || how != How::Bare || bare())
                // Its new version came first, and read as a command.
                || command::early_edit(tx, &incoming.event_id).await? == Some(true))
        }
        What::PollAnswer { on, .. } | What::Tap { on, .. } => {
            Ok(card::by_event(tx, on).await?.is_some_and(|card| stands_in(&card, incoming))
                || choice::tapped_on(tx, incoming, on).await?.is_some())
        }
        What::Redaction { of } => Ok(card::of_tap(tx, of).await?.is_some_and(|card| stands_in(&card, incoming))
            || poll::of_ballot(tx, of, &incoming.room_id).await?.is_some()
            || command::get(tx, of).await?.is_some_and(|command| command.room_id == incoming.room_id)
            || card::by_event(tx, of).await?.is_some_and(|card| stands_in(&card, incoming))),
        What::Edit { of, message } => taken_back::concerns_us(tx, house, incoming, of, message).await,
        _ => Ok(true),
    }
}

/// Whether a card stands where something happens. Homeservers let an event name one of another room, and whoever was put
/// out of a room still knows its events.
fn stands_in(card: &card::Card, incoming: &Incoming) -> bool {
    match &card.room_id {
        Some(room_id) => *room_id == incoming.room_id,
        None => matches!(incoming.place, Place::Direct { .. }),
    }
}

/// The same for a private card: it is this person's.
fn is_mine_here(card: &card::Card, scene: &Scene<'_>) -> bool {
    stands_in(card, scene.incoming) && card.person_id.is_none_or(|person_id| person_id == scene.actor.person_id)
}

async fn said(scene: &mut Scene<'_>, message: &Message) -> Result<Outcome, Fault> {
    let written = addressed::without_name_alone(&message.text, message.mentions_bot, &scene.house.bot_names);
    scene.further_lines = further_lines(&written);
    let replied_to_bot = match &message.reply_to {
        Some(event_id) => {
            let replied = card::by_event(scene.tx, event_id).await?;
            scene.replied_card = replied.filter(|card| is_mine_here(card, scene));
            scene.replied_card.is_some() || outbox::is_ours(scene.tx, event_id).await?
        }
        None => false,
    };
    let signs = Signs {
        direct: scene.is_direct(),
        mention: message.mentions_bot,
        reply: replied_to_bot,
        names: &scene.house.bot_names,
    };
    let (how, text) = addressed::determine(&Phrase::new(&written), signs);
    scene.addressed = how;
    if message.voice {
        return crate::voice::left(scene).await;
    }
    if let Some(outcome) = crate::practice::said(scene, &text).await? {
        return Ok(outcome);
    }
    // A digit answers the bot's question; anything else forgets it.
    let (asked_in, asked) = choice::asked(scene).await?;
    if let Some(said) = elder::instead(scene, &text).await? {
        question::forget(scene.tx, &asked_in, scene.actor.person_id).await?;
        return elders(scene, &said).await;
    }
    if let Some(asked) = asked {
        if asked.awaits == Awaits::Digit {
            if let Some(outcome) = choice::said(scene, &asked_in, asked, &text).await? {
                return Ok(outcome);
            }
        } else {
            match dialogue::answer(scene, &asked, message, &text, replied_to_bot) {
                Answer::LeaveOff => {
                    question::forget(scene.tx, &asked_in, scene.actor.person_id).await?;
                    return say_if_calm(scene, &General::LeftOff).await;
                }
                Answer::Completes { command: said, meant } => {
                    question::forget(scene.tx, &asked_in, scene.actor.person_id).await?;
                    scene.further_lines = further_lines(&said);
                    scene.chosen = asked.chosen_room_id;
                    // Whoever answers speaks to the bot, with a prefix or without.
                    scene.addressed = How::Prefix;
                    return command(scene, meant.found, &meant.read, &said).await;
                }
                Answer::None => {}
            }
        }
        if how != How::Bare {
            question::forget(scene.tx, &asked_in, scene.actor.person_id).await?;
        }
    }
    let now = scene.house.local(scene.said_at_ms);
    let meant = reading::meant(how, &text, &scene.further_lines, now);
    // Who answers a card may be talking to neighbours, and whoever wants things plain is shown what there is to choose from.
    let guessed = meant.as_ref().is_some_and(|meant| meant.guessed);
    let doubtful = guessed && (how == How::Reply || scene.is_direct() && elder::hears_plainly(scene).await?);
    match (how, meant.filter(|_| !doubtful)) {
        (How::Bare, Some(meant)) => bare(scene, meant.found).await,
        (How::Bare, None) => Ok(Outcome::Ignored),
        // What was guessed is asked about before neighbours see it.
        (_, Some(meant)) if meant.guessed && !meant.found.feature.cards.is_empty() => {
            let word = meant.found.word;
            let is_chinese = text.chars().iter().any(|c| !c.is_ascii() && c.is_alphabetic());
            let typed = if is_chinese { word.zh.first() } else { word.en.first() };
            ask_about(scene, &format!("{} {}", typed.unwrap_or(&""), text.written())).await
        }
        (_, Some(meant)) => {
            let lines: Vec<String> = std::iter::once(text.written()).chain(scene.further_lines.clone()).collect();
            command(scene, meant.found, &meant.read, &lines.join("\n")).await
        }
        (How::Reply, None) => Ok(Outcome::Ignored),
        (_, None) if scene.is_direct() && elder::hears_plainly(scene).await? => {
            let said = elder::menu_command(&elder::as_a_wish(&text, now));
            elders(scene, &said).await
        }
        (How::Prefix, None) => match feature::nearest(&text) {
            Some(word) => did_you_mean(scene, word, &text).await,
            None if scene.is_direct() => say_if_calm(scene, &General::Unknown).await,
            None => Ok(Outcome::Ignored),
        },
        (How::Mention | How::Direct, None) => say_if_calm(scene, &General::Unknown).await,
    }
}

/// Does a command that stands for what somebody said who wants plain words.
async fn elders(scene: &mut Scene<'_>, said: &str) -> Result<Outcome, Fault> {
    match reading::meant(How::Prefix, &Phrase::new(said), &[], NaiveDateTime::default()) {
        Some(meant) => command(scene, meant.found, &meant.read, said).await,
        None => Err(Fault::Broken("the menu isn't a command")),
    }
}

/// Asks whether a word that is near a command was meant for it.
async fn did_you_mean(scene: &mut Scene<'_>, word: &'static str, text: &Phrase) -> Result<Outcome, Fault> {
    if !flood::admits(scene, None).await? {
        return Ok(Outcome::Ignored);
    }
    let typed = text.first_word().chars().count();
    // 许原修灯: the command and its text may stand together.
    let rest = if typed > word.chars().count() + 1 { text.after(word.chars().count()) } else { text.after(typed) };
    let first_line = format!("{word} {}", rest.written().trim());
    ask_whether(scene, word, first_line.trim()).await
}

/// Asks whether this is what was meant.
async fn ask_about(scene: &mut Scene<'_>, command: &str) -> Result<Outcome, Fault> {
    if !flood::admits(scene, None).await? {
        return Ok(Outcome::Ignored);
    }
    ask_whether(scene, &crate::card::shown(command), command).await
}

/// Asks about a command. `shown`: as much of it as makes clear what is asked.
async fn ask_whether(scene: &mut Scene<'_>, shown: &str, first_line: &str) -> Result<Outcome, Fault> {
    let lines: Vec<String> = std::iter::once(first_line.to_owned()).chain(scene.further_lines.clone()).collect();
    let commands = [lines.join("\n"), String::new()];
    let outcome = choice::ask_which(scene, &General::DidYouMean { word: shown }, &commands).await?;
    flood::answered(scene).await?;
    Ok(outcome)
}

/// Says something to somebody who isn't too fast.
pub(crate) async fn say_if_calm(scene: &mut Scene<'_>, reply: &General<'_>) -> Result<Outcome, Fault> {
    if !flood::admits(scene, None).await? {
        return Ok(Outcome::Ignored);
    }
    let outcome = say(scene, reply).await?;
    flood::answered(scene).await?;
    Ok(outcome)
}

async fn say(scene: &mut Scene<'_>, reply: &General<'_>) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

/// A bare word counts when exactly one open card of the fitting kind stands in the room (docs/PROTOCOL.md, Words).
async fn bare(scene: &mut Scene<'_>, found: Found) -> Result<Outcome, Fault> {
    let Some(kind) = found.feature.cards.first() else { return Ok(Outcome::Ignored) };
    let room_id = &scene.incoming.room_id;
    let open = card::open_numbers(scene.tx, room_id, kind, scene.open_at_ms(), 2).await?;
    if found.word.bare == Bare::Itself && !open.is_empty() {
        return command(scene, found, &Read::default(), "").await;
    }
    let &[only] = open.as_slice() else { return Ok(Outcome::Ignored) };
    let rest = match (number::of_item(&found.rest), found.word.bare) {
        (number::Number::Absent, _) => only.to_string(),
        (number::Number::Is(number), _) if number == only => only.to_string(),
        (_, Bare::With(fits)) => match fits(&found.rest) {
            Some(None) => format!("{only} {}", found.rest.written()),
            Some(Some(number)) if number == only => found.rest.written(),
            _ => return Ok(Outcome::Ignored),
        },
        _ => return Ok(Outcome::Ignored),
    };
    let said = format!("{} {rest}", found.word.zh.first().unwrap_or(&""));
    command(scene, Found { rest: Phrase::new(&rest), ..found }, &Read::default(), &said).await
}

/// Does a command of somebody who isn't too fast. `read`: how its feature reads it; `said`: all of it, for asking about it.
pub(crate) async fn command(scene: &mut Scene<'_>, found: Found, read: &Read, said: &str) -> Result<Outcome, Fault> {
    if !flood::admits(scene, Some((found.feature, found.word))).await? {
        return Ok(Outcome::Ignored);
    }
    said.clone_into(&mut scene.command);
    let outcome = run(scene, found, read).await?;
    flood::answered(scene).await?;
    Ok(outcome)
}

/// Finds the room that a command is about, checks the role and runs it.
async fn run(scene: &mut Scene<'_>, found: Found, read: &Read) -> Result<Outcome, Fault> {
    match place(scene, &found).await? {
        Placed::Yes => {}
        Placed::Not(outcome) => return Ok(outcome),
    }
    if scene.role < found.word.role {
        let needs = found.word.role;
        return say(scene, &General::NotAllowed { needs }).await;
    }
    if let Some(id) = read.problem.filter(|id| dialogue::is_missing(id)) {
        let said = scene.command.clone();
        dialogue::listen(scene, &said).await?;
        return say(scene, &General::Missing { id }).await;
    }
    if let Some(halves) = &read.halves {
        let word = found.word.zh.first().copied().unwrap_or_default();
        let commands = halves.rests.clone().map(|rest| format!("{word} {rest}"));
        return choice::ask_which(scene, &General::WhichHalf { time: halves.time }, &commands).await;
    }
    let (word, rest) = (found.word, found.rest.written());
    let outcome = (found.feature.run)(scene, found.word.key, found.rest).await?;
    if scene.done_unsaid {
        elder::say_done(scene, word, &rest).await?;
    }
    // What somebody asked to have forgotten isn't remembered for that.
    if outcome == Outcome::Handled && found.feature.name != crate::privacy::FEATURE.name {
        taken_back::remember(scene, found.feature.name).await?;
    }
    Ok(outcome)
}

/// Keeps who has power in a bound room, for what goes to the captains of other rooms.
pub(crate) async fn remember_captains(scene: &mut Scene<'_>) -> Result<(), Fault> {
    let (Place::Room { captains, .. }, Some(community), Some(room)) =
        (&scene.incoming.place, scene.community, &scene.room)
    else {
        return Ok(());
    };
    // Hardly ever has anything changed, and every command comes past here.
    let mut now: Vec<&str> = captains.iter().map(|captain| captain.user_id.as_str()).collect();
    now.sort_unstable();
    if room::seen_captains(scene.tx, &room.room_id).await? == now {
        return Ok(());
    }
    let mut people = Vec::new();
    for captain in captains {
        let name = crate::card::name_of(&captain.user_id, &captain.display_name);
        people.push(person::known(scene.tx, &captain.user_id, &name).await?.person_id);
    }
    Ok(room::saw_captains(scene.tx, &community.id, &room.room_id, &people).await?)
}

enum Placed {
    Yes,
    Not(Outcome),
}

async fn place(scene: &mut Scene<'_>, found: &Found) -> Result<Placed, Fault> {
    let scope = found.word.scope;
    if !scene.is_direct() {
        let room = room::get(scene.tx, &scene.incoming.room_id).await?;
        let community = room.as_ref().and_then(|room| room.community_id.as_deref());
        scene.community = community.and_then(|id| scene.house.community(id));
        scene.room = room.filter(|room| room.community_id.is_some());
        scene.role = role_here(scene, scene.incoming.sender.power_level).await?;
        remember_captains(scene).await?;
        if scope > Scope::Anywhere && scene.community.is_none() {
            // It was upgraded: everything is said in the room that took its place.
            if room::moved_to(scene.tx, &scene.incoming.room_id).await?.is_some() {
                return Ok(Placed::Not(Outcome::Ignored));
            }
            return Ok(Placed::Not(say(scene, &General::NotBound).await?));
        }
        return Ok(Placed::Yes);
    }
    let mut rooms = Vec::new();
    for room in room::bound(scene.tx).await? {
        if let Some(shared) = scene.shared_rooms().iter().find(|shared| shared.room_id == room.room_id) {
            rooms.push((room, shared.power_level));
        }
    }
    // A card of one room was replied to: that room is meant.
    if let Some(replied) = &scene.replied_card
        && let Some(item) = lamplighter_storage::item::get(scene.tx, &replied.community_id, replied.number).await?
    {
        rooms.retain(|(room, _)| room.room_id == item.room_id);
    }
    if let Some(chosen) = &scene.chosen {
        // What was chosen may be somebody of a room.
        let chosen = chosen.lines().next().unwrap_or_default();
        rooms.retain(|(room, _)| room.room_id == chosen);
    }
    let mut communities: Vec<_> = rooms.iter().filter_map(|(room, _)| room.community_id.clone()).collect();
    communities.sort();
    communities.dedup();
    let ask = match scope {
        Scope::Anywhere => false,
        Scope::Community => communities.len() > 1,
        Scope::Room => rooms.len() > 1,
    };
    if ask {
        rooms.truncate(choice::OPTIONS_MAX);
        let options: Vec<String> = rooms.iter().map(|(room, _)| room.room_id.clone()).collect();
        let names: Vec<String> = rooms.iter().map(|(room, _)| room.name.clone()).collect();
        return Ok(Placed::Not(choice::ask(scene, &General::WhichRoom { names: &names }, &options).await?));
    }
    // Rights in a private chat are the highest of the rooms that may be meant.
    let mut highest = Role::Resident;
    for (room, power_level) in &rooms {
        scene.community = room.community_id.as_deref().and_then(|id| scene.house.community(id));
        scene.room = Some(room.clone());
        highest = highest.max(role_here(scene, *power_level).await?);
    }
    // With several rooms of one community, the first stands for all of them.
    if let Some((room, _)) = rooms.into_iter().next() {
        scene.community = room.community_id.as_deref().and_then(|id| scene.house.community(id));
        scene.room = Some(room);
    }
    // What needs no room is a steward's wherever they live.
    if (scene.room.is_none() || scope == Scope::Anywhere) && scene.is_steward_of_any() {
        highest = Role::Steward;
    }
    scene.role = highest;
    if scope > Scope::Anywhere && scene.community.is_none() {
        return Ok(Placed::Not(say(scene, &General::NoSharedRoom).await?));
    }
    Ok(Placed::Yes)
}

/// The lines after the first, for the few commands to which line breaks mean something.
pub(crate) fn further_lines(text: &str) -> Vec<String> {
    text.lines().skip(1).filter(|line| !line.trim().is_empty()).map(ToOwned::to_owned).take(LINES_MAX).collect()
}

/// Nobody types more lines than this to a bot; a pasted 接龙 of a whole building has as many.
const LINES_MAX: usize = 240;

impl Scene<'_> {
    /// Whether the actor is a steward of this community.
    pub(crate) fn is_steward_of(&self, community: &Community) -> bool {
        community.stewards.contains(&self.actor.user_id)
    }

    fn is_steward_of_any(&self) -> bool {
        self.house.communities.iter().any(|community| self.is_steward_of(community))
    }
}

/// The power level from which somebody is a captain (docs/PROTOCOL.md, Words).
pub const CAPTAIN_POWER_MIN: i64 = 50;

pub(crate) async fn role_here(scene: &mut Scene<'_>, power_level: i64) -> Result<Role, Fault> {
    let steward = match scene.community {
        Some(community) => scene.is_steward_of(community),
        None => scene.is_steward_of_any(),
    };
    if steward {
        return Ok(Role::Steward);
    }
    if power_level >= CAPTAIN_POWER_MIN {
        return Ok(Role::Captain);
    }
    let named = match &scene.room {
        Some(room) => room::is_named_captain(scene.tx, &room.room_id, scene.actor.person_id).await?,
        None => false,
    };
    Ok(if named { Role::Captain } else { Role::Resident })
}

/// What the actor may do in this room: in a private chat not the same in each of those that both are in.
pub(crate) async fn role_in(scene: &mut Scene<'_>, room_id: &str) -> Result<Role, Fault> {
    if !scene.is_direct() || scene.role == Role::Steward || scene.proxy.is_some() {
        // Whoever acts for somebody has that one's rights, not their own.
        return Ok(scene.role);
    }
    let Some(shared) = scene.shared_rooms().iter().find(|shared| shared.room_id == room_id) else {
        return Ok(Role::Resident);
    };
    let captain = shared.power_level >= CAPTAIN_POWER_MIN
        || room::is_named_captain(scene.tx, room_id, scene.actor.person_id).await?;
    Ok(if captain { Role::Captain } else { Role::Resident })
}

/// A key without what clients add to it: variation selectors and skin tones (ARCHITECTURE.md, Matrix as it is).
pub(crate) fn plain_key(key: &str) -> String {
    key.chars().filter(|c| *c != '\u{FE0F}' && !('\u{1F3FB}'..='\u{1F3FF}').contains(c)).collect()
}

/// The feature's key that was meant; the emoji alone counts the same (docs/PROTOCOL.md, "Numbers and cards").
pub(crate) fn known_key(keys: &'static [&'static str], tapped: &str) -> Option<&'static str> {
    let tapped = plain_key(tapped);
    let tapped = tapped.trim();
    keys.iter().copied().find(|key| {
        let key = plain_key(key);
        key == tapped || key.split(' ').next() == Some(tapped)
    })
}

async fn tapped(scene: &mut Scene<'_>, on: &str, key: &str) -> Result<Outcome, Fault> {
    if let Some(asked_in) = choice::tapped_on(scene.tx, scene.incoming, on).await? {
        return choice::tapped(scene, &asked_in, key).await;
    }
    let Some(card) = card::by_event(scene.tx, on).await?.filter(|card| is_mine_here(card, scene)) else {
        return Ok(Outcome::Ignored);
    };
    if !flood::admits_tap(scene).await? {
        return Ok(Outcome::Ignored);
    }
    act_by_tap(scene, card, key, Some(on)).await
}

/// An event was taken back: a command, an answer to a native poll, a tap, or a card of ours.
async fn redacted(scene: &mut Scene<'_>, event_id: &str) -> Result<Outcome, Fault> {
    if let Some(command) = command::get(scene.tx, event_id).await? {
        return taken_back::command(scene, &command).await;
    }
    if let Some(card) = card::by_event(scene.tx, event_id).await? {
        // Of a card that was posted anew the earlier message may go: the card stands below.
        let newest = card::events(scene.tx, card.card_id).await?.pop();
        if newest.is_some_and(|newest| newest != event_id) {
            return Ok(Outcome::Ignored);
        }
        return taken_back::card(scene, card).await;
    }
    if let Some((community_id, number)) = poll::of_ballot(scene.tx, event_id, &scene.incoming.room_id).await? {
        return crate::poll::ballot_taken_back(scene, &community_id, number, event_id).await;
    }
    let Some((card_id, person_id, key)) = card::untapped(scene.tx, event_id).await? else {
        return Ok(Outcome::Ignored);
    };
    // ✋ and ✋ 我来 mean the same: while one of them stands, nothing is taken back.
    if card::still_taps(scene.tx, card_id, person_id, &key).await? {
        return Ok(Outcome::Ignored);
    }
    // A moderator may have taken it away: it is still the tapper's tap that is gone.
    scene.actor = person::get(scene.tx, person_id).await?;
    let card = card::get(scene.tx, card_id).await?;
    act_by_tap(scene, card, &key, None).await
}

/// A tap on a message, or one taken back.
async fn act_by_tap(scene: &mut Scene<'_>, card: card::Card, key: &str, on: Option<&str>) -> Result<Outcome, Fault> {
    let Some(feature) = feature::FEATURES.iter().find(|feature| feature.cards.contains(&card.kind.as_str())) else {
        return Ok(Outcome::Ignored);
    };
    // 👍 is a yes where yes is all that can be said (docs/PROTOCOL.md, "Numbers and cards").
    let thumbs_up = feature.thumbs_up.filter(|_| plain_key(key).trim() == "👍");
    let Some(key) = thumbs_up.or_else(|| known_key(feature.keys, key)) else { return Ok(Outcome::Ignored) };
    if let Some(on) = on {
        // It was read back from the room before it came in.
        if card::of_tap(scene.tx, &scene.incoming.event_id).await?.is_some() {
            return Ok(Outcome::Ignored);
        }
        let actor = scene.actor.person_id;
        card::tapped(scene.tx, &scene.incoming.event_id, card.card_id, on, actor, key).await?;
    }
    scene.community = scene.house.community(&card.community_id);
    if scene.community.is_none() {
        // The community has left the config; its cards are only paper now.
        return Ok(Outcome::Ignored);
    }
    scene.room = match &card.room_id {
        Some(room_id) => room::get(scene.tx, room_id).await?,
        None => None,
    };
    let outcome = (feature.tap)(scene, card, key, on.is_none()).await?;
    if outcome == Outcome::Refused {
        // What was refused did nothing, so there is nothing to take back later.
        card::untapped(scene.tx, &scene.incoming.event_id).await?;
    }
    Ok(outcome)
}

/// What is said before a feature is found.
#[derive(Clone, Copy, Debug)]
pub enum General<'a> {
    /// A near miss.
    DidYouMean {
        /// What was probably meant.
        word: &'a str,
    },
    /// Spoken to, not understood.
    Unknown,
    /// The room belongs to no community yet.
    NotBound,
    /// No common room with a bound community.
    NoSharedRoom,
    /// Several rooms could be meant.
    WhichRoom {
        /// In the order of the digits.
        names: &'a [String],
    },
    /// Seven to eleven o'clock, and nobody said whether in the morning or in the evening.
    WhichHalf {
        /// The clock time as in the morning.
        time: NaiveTime,
    },
    /// A chip of a question that nobody waits for any more.
    QuestionOver,
    /// A digit that isn't among the choices.
    PickOne {
        /// How many there are.
        count: i64,
    },
    /// For captains or stewards only.
    NotAllowed {
        /// Who could.
        needs: Role,
    },
    /// Something is missing or unreadable; the message says what, with an example.
    Malformed {
        /// Its id.
        id: &'a str,
    },
    /// Something is missing; the message asks for it, and the bot listens.
    Missing {
        /// Its id.
        id: &'a str,
    },
    /// Whoever was asked for what is missing doesn't want to go on.
    LeftOff,
    /// A command was taken back; the message says what stands now.
    TakenBack {
        /// Its id.
        id: &'a str,
        /// What it is about, if that has a number.
        number: i64,
        /// Who had said it; none: it is said to them.
        who: Option<&'a person::Person>,
    },
    /// What was done for somebody is undone; the message says what stands now.
    Undone {
        /// Its id.
        id: &'a str,
        /// What it is about, if that has a number.
        number: i64,
    },
    /// A card was taken away; the message says what ended with it.
    CardGone {
        /// Its id.
        id: &'a str,
        /// Of the item.
        number: i64,
        /// Who took it away.
        who: &'a person::Person,
    },
    /// A command was edited.
    WhatCounts {
        /// How it began.
        text: &'a str,
        /// Taking it back undoes it.
        undoable: bool,
    },
    /// A message was edited into a command.
    SayAnew,
    /// Too much at once; said once, and then nothing for a while.
    TooFast {
        /// By whom.
        who: TooFast,
    },
    /// Our logic failed.
    Faulted {
        /// Under which number it is logged.
        code: &'a str,
    },
    /// A private message waits for the person to accept the invitation.
    LookLeft {
        /// Whom it is for.
        person: &'a person::Person,
    },
    /// In a room of whose messages none can be read.
    Unreadable,
    /// To a steward who verifies the bot's device: what to compare with what.
    CompareEmoji,
    /// The same, and it would have told what somebody did for them: the room is told that, not what.
    CannotTellDeed {
        /// Whom it is for.
        person: &'a person::Person,
        /// Who did it.
        by: &'a person::Person,
    },
    /// A private message can't be delivered because invitations are refused.
    CannotTell {
        /// Whom it is for.
        person: &'a person::Person,
    },
}

impl Reply for General<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::DidYouMean { word } => say.card("did-you-mean", &[("word", Value::Text((*word).into()))]),
            Self::Unknown => say.card("unknown", &[]),
            Self::NotBound => say.card("not-bound", &[]),
            Self::NoSharedRoom => say.card("no-shared-room", &[]),
            Self::WhichRoom { names } => {
                let mut card = say.card("which-room", &[])?;
                for (digit, name) in (1_i64..).zip(names.iter()) {
                    let option = [("digit", Value::Number(digit)), ("name", Value::Text(name.into()))];
                    card = card.with(say.card("which-room-option", &option)?);
                }
                Ok(card)
            }
            Self::WhichHalf { time } => {
                let time = time.format("%-H:%M").to_string();
                say.card("which-half", &[("time", Value::Word(time.into()))])
            }
            Self::QuestionOver => say.card("question-over", &[]),
            Self::PickOne { count } => say.card("pick-one", &[("count", Value::Number(*count))]),
            Self::NotAllowed { needs } => {
                let role = if *needs == Role::Steward { "steward" } else { "captain" };
                say.card("not-allowed", &[("role", Value::Word(role.into()))])
            }
            Self::Malformed { id } => say.card(id, &[]),
            Self::Missing { id } => Ok(say.card(id, &[])?.joined(say.card("missing-answer", &[])?)),
            Self::LeftOff => say.card("left-off", &[]),
            Self::TakenBack { id, number, who } => {
                let beginning = match who {
                    Some(who) => say.card("taken-back", &[("who", Value::Person(who))])?,
                    None => say.card("taken-back-yours", &[])?,
                };
                Ok(beginning.joined(say.card(id, &[("number", Value::Number(*number))])?))
            }
            Self::Undone { id, number } => {
                let lead = say.card("taken-back-undone", &[])?;
                Ok(lead.joined(say.card(id, &[("number", Value::Number(*number))])?))
            }
            Self::CardGone { id, number, who } => Ok(say
                .card("card-gone", &[("who", Value::Person(who))])?
                .joined(say.card(id, &[("number", Value::Number(*number))])?)),
            Self::WhatCounts { text, undoable } => {
                let how = if *undoable { "take-back" } else { "ask-anew" };
                say.card("edited", &[("text", Value::Text((*text).into())), ("how", Value::Word(how.into()))])
            }
            Self::SayAnew => say.card("edited-say-anew", &[]),
            Self::TooFast { who } => {
                let who = match who {
                    TooFast::Person => "person",
                    TooFast::Tapper => "tapper",
                    TooFast::Room => "room",
                };
                say.card("too-fast", &[("who", Value::Word(who.into()))])
            }
            Self::Faulted { code } => say.card("faulted", &[("code", Value::Word((*code).into()))]),
            Self::LookLeft { person } => say.card("look-left", &[("person", Value::Person(person))]),
            Self::Unreadable => say.card("unreadable", &[]),
            Self::CompareEmoji => say.card("compare-emoji", &[]),
            Self::CannotTellDeed { person, by } => {
                say.card("cannot-tell-deed", &[("person", Value::Person(person)), ("by", Value::Person(by))])
            }
            Self::CannotTell { person } => say.card("cannot-tell", &[("person", Value::Person(person))]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_without_decoration() {
        let keys: &'static [&'static str] = &["✋ 我来", "✅ 完成"];
        assert_eq!(known_key(keys, "✋ 我来"), Some("✋ 我来"));
        assert_eq!(known_key(keys, "✋🏽"), Some("✋ 我来"));
        assert_eq!(known_key(keys, "✅\u{FE0F}"), Some("✅ 完成"));
        assert_eq!(known_key(keys, "❤"), None);
        assert_eq!(known_key(keys, "我来"), None);
    }
}
