//! Rooms: the greeting when the bot comes in, binding a room to a community, naming captains (FEATURES.md row 108;
//! docs/PROTOCOL.md, Words). Which invitations are accepted is the gateway's business.

pub(crate) mod command;
mod reply;
pub mod restored;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_config::Community;
use lamplighter_storage::{
    agenda,
    binding::{self, NewRequest, Request},
    card,
    outbox::{self, Lane},
    person, room,
};

use crate::{
    choice,
    fault::Fault,
    feature::{Feature, Parsed, Role, Work, nothing_to_show},
    house::{self, General, Outcome},
    incoming::{Place, Right},
    language::Phrase,
    room::{
        command::{Command, RoomKind},
        reply::RoomReply,
    },
    scene::Scene,
};

/// The kind of the card by which a steward is asked.
const REQUEST: &str = "binding_request";
const YES: &str = "✅ 同意";
const NO: &str = "❌ 不同意";

/// The key of the word that binds a room.
pub const BIND: &str = "bind";

/// Something could never be sent; the stewards are to know.
pub const PARKED: &str = "parked";
/// What was parked in the last day is counted.
const PARKED_MS: i64 = 24 * crate::evening::HOUR_MS;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "room",
    words: command::WORDS,
    sayings: &[],
    cues: &[],
    read: command::read,
    cards: &[REQUEST],
    keys: &[YES, NO],
    thumbs_up: None,
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: |scene, card, key, taken_back| -> Work<'_> { Box::pin(tap(scene, card, key, taken_back)) },
    due_kinds: &[PARKED, restored::RESTORED],
    read_back: &[],
    due: |scene, row, _| -> Work<'_> { Box::pin(due(scene, row)) },
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

/// The bot has come in: who it is, what it keeps, and the one next step.
pub async fn greet(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let known = room::get(scene.tx, &scene.incoming.room_id).await?.filter(|room| room.community_id.is_some());
    let reply = match &known {
        Some(room) => RoomReply::Back { name: &room.name },
        None if scene.is_direct() => RoomReply::GreetPerson,
        None => RoomReply::Greet,
    };
    scene.answer(&reply).await?;
    Ok(Outcome::Handled)
}

/// Says in an upgraded room what has come along.
pub(crate) async fn greet_moved(scene: &mut Scene<'_>, room_id: &str, name: &str, cards: i64) -> Result<(), Fault> {
    scene.post(room_id, &RoomReply::Moved { name, cards }).await?;
    Ok(())
}

async fn due(scene: &mut Scene<'_>, row: agenda::Row) -> Result<Outcome, Fault> {
    if row.kind == PARKED { tell_of_parked(scene, row).await } else { restored::tell(scene, row).await }
}

async fn tell_of_parked(scene: &mut Scene<'_>, row: agenda::Row) -> Result<Outcome, Fault> {
    let community = scene.community()?;
    // Where nobody knows whose it is, `Sender::tell_stewards` tells the first community's.
    let first = scene.house.communities.first().map_or(community.id.as_str(), |first| first.id.as_str());
    let count = outbox::parked_since(scene.tx, &community.id, first, row.due_at_ms - PARKED_MS).await?;
    let stewards = community.stewards.clone();
    for steward in stewards {
        let steward = person::known(scene.tx, &steward, &steward).await?;
        scene.tell_quietly(steward.person_id, Lane::Ping, &RoomReply::Parked { count }).await?;
    }
    Ok(Outcome::Handled)
}

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    match command::parse(key, &rest) {
        Parsed::Malformed(id) => refuse(scene, &General::Malformed { id }).await,
        Parsed::Mine(Command::Bind { kind, name }) => bind(scene, kind, &name).await,
        Parsed::Mine(Command::Decide { yes }) => decide_by_word(scene, yes).await,
        Parsed::Mine(Command::Appoint) => appoint(scene, true).await,
        Parsed::Mine(Command::Dismiss) => appoint(scene, false).await,
    }
}

async fn refuse(scene: &mut Scene<'_>, reply: &impl crate::scene::Reply) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

fn names(captains: &[crate::incoming::Named]) -> Vec<String> {
    captains.iter().map(|captain| crate::card::name_of(&captain.user_id, &captain.display_name)).collect()
}

async fn bind(scene: &mut Scene<'_>, kind: RoomKind, name: &str) -> Result<Outcome, Fault> {
    let Place::Room { captains, lacks, .. } = &scene.incoming.place else {
        return refuse(scene, &RoomReply::BindInRoom).await;
    };
    if let (Some(room), Some(community)) = (scene.room.clone(), scene.community) {
        return refuse(scene, &RoomReply::AlreadyBound { name: &room.name, community: &community.name }).await;
    }
    if scene.role < Role::Captain {
        return refuse(scene, &RoomReply::BindNotAllowed).await;
    }
    let house = scene.house;
    let (captains, lacks) = (names(captains), lacks.clone());
    if scene.role != Role::Steward {
        // Anybody can make a room and be its captain, and no community is told who the others are.
        let Some((community, name)) = named(&house.communities, name) else {
            return refuse(scene, &RoomReply::NameCommunity).await;
        };
        scene.community = Some(community);
        return request(scene, community, kind, &name, &captains, &lacks).await;
    }
    // A steward binds to one of the communities that are theirs.
    let mine: Vec<&Community> = house.communities.iter().filter(|community| scene.is_steward_of(community)).collect();
    let chosen = scene.chosen.clone();
    let community = match (mine.as_slice(), &chosen) {
        ([only], _) => *only,
        (several, Some(chosen)) => match several.iter().find(|community| community.id == *chosen) {
            Some(community) => *community,
            None => return Ok(Outcome::Ignored),
        },
        (several, None) => {
            let options: Vec<String> = several.iter().map(|community| community.id.clone()).collect();
            let names: Vec<String> = several.iter().map(|community| community.name.clone()).collect();
            return choice::ask(scene, &RoomReply::WhichCommunity { names: &names }, &options).await;
        }
    };
    scene.community = Some(community);
    let room_id = scene.incoming.room_id.clone();
    if let Some(waiting) = binding::waiting_for(scene.tx, &room_id).await? {
        close_request(scene, &waiting, "lapsed", "approved").await?;
    }
    make_bound(scene, &room_id, community, kind, name, &captains, &lacks).await?;
    undo::note(scene, &undo::Did::Bound)?;
    Ok(Outcome::Handled)
}

/// The community with whose name a room's name begins, and the rest. Where there is only one it needn't be named.
fn named<'d>(communities: &'d [Community], name: &str) -> Option<(&'d Community, String)> {
    if let [only] = communities {
        return Some((only, name.to_owned()));
    }
    let typed = Phrase::new(name);
    let mut fitting: Vec<(usize, &Community, String)> = Vec::new();
    for community in communities {
        let wanted = Phrase::new(&community.name);
        let Some(rest) = typed.strip_prefix(&wanted.folded()) else { continue };
        let rest = rest.trimmed().written();
        if !wanted.folded().is_empty() && rest.chars().any(char::is_alphanumeric) {
            fitting.push((wanted.folded().chars().count(), community, rest));
        }
    }
    // 小街三队 isn't 小街.
    fitting
        .into_iter()
        .min_by_key(|(length, ..)| std::cmp::Reverse(*length))
        .map(|(_, community, rest)| (community, rest))
}

/// A captain's binding waits for one steward's yes: anybody can make a room and be its captain.
async fn request(
    scene: &mut Scene<'_>,
    community: &Community,
    kind: RoomKind,
    name: &str,
    captains: &[String],
    lacks: &[Right],
) -> Result<Outcome, Fault> {
    let room_id = scene.incoming.room_id.clone();
    if binding::waiting_for(scene.tx, &room_id).await?.is_some() {
        return refuse(scene, &RoomReply::AlreadyAsked).await;
    }
    if community.stewards.is_empty() {
        return refuse(scene, &RoomReply::NoStewards).await;
    }
    let new = NewRequest {
        room_id: &room_id,
        community_id: &community.id,
        kind: kind.as_str(),
        name,
        asked_by: scene.actor.person_id,
        captains: &serde_json::to_string(captains)?,
        lacks: &serde_json::to_string(lacks)?,
    };
    let request_id = binding::ask(scene.tx, new, scene.now_ms).await?;
    let by = scene.actor.clone();
    for steward in &community.stewards {
        let steward = person::known(scene.tx, steward, steward).await?;
        let reply = RoomReply::Request { name, by: &by };
        scene.tell_card(steward.person_id, REQUEST, request_id, &reply, &[YES, NO], false).await?;
    }
    undo::note(scene, &undo::Did::Asked { request: request_id })?;
    scene.answer(&RoomReply::Asked).await?;
    Ok(Outcome::Handled)
}

async fn make_bound(
    scene: &mut Scene<'_>,
    room_id: &str,
    community: &Community,
    kind: RoomKind,
    name: &str,
    captains: &[String],
    lacks: &[Right],
) -> Result<(), Fault> {
    room::joined(scene.tx, room_id, name, scene.now_ms).await?;
    room::bind(scene.tx, room_id, &community.id, kind.as_str(), name).await?;
    crate::digest::enrol(scene.tx, community, room_id, scene.now_ms).await?;
    if room_id == scene.incoming.room_id {
        scene.room = room::get(scene.tx, room_id).await?;
        house::remember_captains(scene).await?;
    }
    let payload = serde_json::json!({ "room": room_id, "kind": kind.as_str(), "name": name });
    scene.record("room.bound", None, &payload).await?;
    let mut captains = captains.to_vec();
    for named in room::named_captains(scene.tx, room_id).await? {
        if !captains.contains(&named.display_name) {
            captains.push(named.display_name);
        }
    }
    let reply = RoomReply::Bound { name, community: &community.name, captains: &captains, lacks };
    scene.post(room_id, &reply).await?;
    Ok(())
}

async fn tap(scene: &mut Scene<'_>, card: card::Card, key: &'static str, taken_back: bool) -> Result<Outcome, Fault> {
    if taken_back {
        return Ok(Outcome::Ignored);
    }
    let Some(request) = binding::get(scene.tx, card.number).await? else { return Ok(Outcome::Ignored) };
    decide(scene, &request, key == YES).await
}

async fn decide_by_word(scene: &mut Scene<'_>, yes: bool) -> Result<Outcome, Fault> {
    let mut waiting = Vec::new();
    for community in &scene.house.communities {
        if scene.is_steward_of(community) {
            waiting.extend(binding::waiting_in(scene.tx, &community.id).await?);
        }
    }
    if let Some(replied) = scene.replied_card.as_ref().filter(|card| card.kind == REQUEST) {
        waiting.retain(|request| request.request_id == replied.number);
    }
    match waiting.as_slice() {
        [only] if scene.is_direct() => {
            undo::note(scene, &undo::Did::Decided)?;
            decide(scene, only, yes).await
        }
        [] | [_] => refuse(scene, &RoomReply::NothingAsked).await,
        _ => refuse(scene, &RoomReply::SeveralAsked).await,
    }
}

/// The first steward to answer decides.
async fn decide(scene: &mut Scene<'_>, request: &Request, yes: bool) -> Result<Outcome, Fault> {
    let house = scene.house;
    let Some(community) = house.community(&request.community_id) else { return Ok(Outcome::Ignored) };
    if request.state != "waiting" || !scene.is_steward_of(community) {
        return Ok(Outcome::Ignored);
    }
    scene.community = Some(community);
    scene.room = room::get(scene.tx, &request.room_id).await?;
    let asker = person::get(scene.tx, request.asked_by).await?;
    if yes {
        let kind = if request.kind == RoomKind::Interest.as_str() { RoomKind::Interest } else { RoomKind::Building };
        let captains: Vec<String> = serde_json::from_str(&request.captains)?;
        let lacks: Vec<Right> = serde_json::from_str(&request.lacks)?;
        close_request(scene, request, "approved", "approved").await?;
        make_bound(scene, &request.room_id, community, kind, &request.name, &captains, &lacks).await?;
    } else {
        close_request(scene, request, "rejected", "rejected").await?;
        scene.tell(asker.person_id, Lane::Answer, &RoomReply::Rejected { name: &request.name }).await?;
    }
    Ok(Outcome::Handled)
}

/// The actor leaves for good: what they asked for isn't wanted any more, and stewards don't see who it was.
pub(crate) async fn leave(scene: &mut Scene<'_>, request_id: i64) -> Result<(), Fault> {
    let Some(request) = binding::get(scene.tx, request_id).await? else { return Ok(()) };
    if request.state == "waiting" {
        binding::set_state(scene.tx, request_id, "lapsed").await?;
    }
    let reply = RoomReply::RequestGone { name: &request.name };
    for card in card::of_number(scene.tx, &request.community_id, REQUEST, request_id).await? {
        scene.refresh_card(&card, &reply, &[], false).await?;
    }
    Ok(())
}

async fn close_request(scene: &mut Scene<'_>, request: &Request, state: &str, how: &str) -> Result<(), Fault> {
    binding::set_state(scene.tx, request.request_id, state).await?;
    let asker = person::get(scene.tx, request.asked_by).await?;
    let by = scene.actor.clone();
    for card in card::of_number(scene.tx, &request.community_id, REQUEST, request.request_id).await? {
        let reply = RoomReply::RequestOver { name: &request.name, asker: &asker, by: &by, how };
        scene.refresh_card(&card, &reply, &[], false).await?;
    }
    Ok(())
}

/// 任命 and 免去: stewards name captains of the room it is said in.
async fn appoint(scene: &mut Scene<'_>, appoint: bool) -> Result<Outcome, Fault> {
    let id = if appoint { "room-appoint-whom" } else { "room-dismiss-whom" };
    let mentioned = scene.message().map(|message| message.mentions.clone()).unwrap_or_default();
    let [whom] = mentioned.as_slice() else { return refuse(scene, &General::Malformed { id }).await };
    if scene.is_direct() {
        return refuse(scene, &RoomReply::AppointInRoom).await;
    }
    let community_id = scene.community()?.id.clone();
    let room_id = scene.room()?.room_id.clone();
    let name = crate::card::name_of(&whom.user_id, &whom.display_name);
    let whom = person::seen(scene.tx, &whom.user_id, &name).await?;
    let changed = if appoint {
        room::name_captain(scene.tx, &community_id, &room_id, whom.person_id, scene.now_ms).await?
    } else {
        room::unname_captain(scene.tx, &room_id, whom.person_id).await?
    };
    let room_name = scene.room()?.name.clone();
    if changed {
        let kind = if appoint { "captain.named" } else { "captain.unnamed" };
        scene.record(kind, None, &serde_json::json!({ "room": room_id, "person": whom.person_id })).await?;
        let person = whom.person_id;
        undo::note(scene, &if appoint { undo::Did::Named { person } } else { undo::Did::Unnamed { person } })?;
    }
    let reply = match (appoint, changed) {
        (true, true) => RoomReply::Appointed { whom: &whom, room: &room_name },
        (true, false) => RoomReply::AlreadyCaptain { whom: &whom },
        (false, true) => RoomReply::Dismissed { whom: &whom, room: &room_name },
        (false, false) => RoomReply::NotNamed { whom: &whom },
    };
    scene.answer(&reply).await?;
    Ok(if changed { Outcome::Handled } else { Outcome::Refused })
}
