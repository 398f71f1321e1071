//! What the commands need to know of a room and of who acts, read from the SDK's store at execution.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use lamplighter_commands::{
    house::CAPTAIN_POWER_MIN,
    incoming::{Named, Place, Right, Sender, SharedRoom},
};
use matrix_sdk::{
    Client, Room, RoomMemberships, RoomState,
    deserialized_responses::RawAnySyncOrStrippedState,
    ruma::{
        OwnedRoomId, OwnedUserId, RoomId, UserId,
        events::{StateEventType, room::member::MembershipState, room::power_levels::UserPowerLevel},
    },
};

/// The key in the content of a room's first event by which a private chat that we made is known again, however little
/// of the room has arrived.
pub const DIRECT_MARKER: &str = "org.lamplighter.direct";

/// A private message looks for common rooms among at most this many.
const SHARED_ROOMS_MAX: usize = 200;
/// A greeting names at most this many captains.
const CAPTAINS_MAX: usize = 10;

/// Reads facts.
#[derive(Debug)]
pub struct Facts {
    client: Client,
    /// With whom a room is a private chat; none: it is a group.
    direct: Mutex<HashMap<OwnedRoomId, Option<OwnedUserId>>>,
    /// Who has power in a room and how they are called, looked up when the power changes hands: a name costs the SDK
    /// seven readings, and every message would pay for all of them.
    captains: Mutex<HashMap<OwnedRoomId, Captains>>,
}

/// The powerful members of a room, and the names they had when they were looked up.
#[derive(Debug)]
struct Captains {
    user_ids: Vec<OwnedUserId>,
    named: Vec<Named>,
}

/// A power level as a number.
pub(super) fn level(power: UserPowerLevel) -> i64 {
    match power {
        UserPowerLevel::Int(level) => level.into(),
        // Creators of version-12 rooms stand above all numbers.
        _ => i64::MAX,
    }
}

impl Facts {
    /// For this client.
    pub fn new(client: Client) -> Self {
        Self { client, direct: Mutex::default(), captains: Mutex::default() }
    }

    /// Remembers that a room is a private chat with somebody.
    pub fn remember_direct(&self, room_id: &RoomId, user_id: &UserId) {
        let mut direct = self.direct.lock().unwrap_or_else(PoisonError::into_inner);
        direct.insert(room_id.to_owned(), Some(user_id.to_owned()));
    }

    /// A private chat was left for good.
    pub fn forget_direct(&self, room_id: &RoomId) {
        self.direct.lock().unwrap_or_else(PoisonError::into_inner).remove(room_id);
    }

    /// With whom the room is a private chat, if it is one.
    pub async fn direct_with(&self, room: &Room) -> Option<OwnedUserId> {
        let known = self.direct.lock().unwrap_or_else(PoisonError::into_inner).get(room.room_id()).cloned();
        if let Some(Some(user_id)) = known {
            return Some(user_id);
        }
        // Account data may come later than the room, so a "no" is looked up again. The marker is there from the start, but
        // a room that the SDK is only just taking in has no first event yet, and then nothing is known.
        let mut found = room.direct_targets().into_iter().next().and_then(|target| UserId::parse(target.as_str()).ok());
        if found.is_none() && known.is_none() {
            found = made_for(room).await?;
        }
        self.direct.lock().unwrap_or_else(PoisonError::into_inner).insert(room.room_id().to_owned(), found.clone());
        found
    }

    /// The private chat with somebody among the rooms we are in.
    pub async fn find_direct(&self, user_id: &UserId) -> Option<Room> {
        for room in self.client.joined_rooms() {
            if self.direct_with(&room).await.as_deref() == Some(user_id) {
                return Some(room);
            }
        }
        None
    }

    /// Whether the SDK has taken in that we are in this room, and by what first event it was made.
    pub async fn is_taken_in(&self, room_id: &RoomId) -> bool {
        match self.client.get_room(room_id).filter(|room| room.state() == RoomState::Joined) {
            Some(room) => made_for(&room).await.is_some(),
            None => false,
        }
    }

    /// How many private chats with somebody we are in, while they are too.
    pub async fn count_direct(&self, user_id: &UserId) -> usize {
        let mut count = 0;
        for room in self.client.joined_rooms() {
            if self.direct_with(&room).await.as_deref() == Some(user_id) {
                let member = room.get_member_no_sync(user_id).await.ok().flatten();
                count += usize::from(member.is_none_or(|member| *member.membership() == MembershipState::Join));
            }
        }
        count
    }

    /// How somebody is called in a room; the local part of the id if nothing better is known.
    pub async fn name(&self, room: &Room, user_id: &UserId) -> String {
        let member = match room.get_member(user_id).await {
            // The homeserver doesn't say who is in the room just now; whoever spoke came with the sync.
            Err(_) => room.get_member_no_sync(user_id).await.ok().flatten(),
            Ok(member) => member,
        };
        member.map_or_else(|| user_id.localpart().to_owned(), |member| member.name().to_owned())
    }

    /// Everybody in a group room but the bot, and how they are called there: also those who never spoke.
    pub async fn members(&self, room: &Room) -> Vec<Named> {
        if self.direct_with(room).await.is_some() {
            return Vec::new();
        }
        let members = match room.members(RoomMemberships::JOIN).await {
            // The homeserver doesn't say just now: whoever spoke is known.
            Err(_) => room.members_no_sync(RoomMemberships::JOIN).await.unwrap_or_default(),
            Ok(members) => members,
        };
        let others = members.iter().filter(|member| Some(member.user_id()) != self.client.user_id());
        others
            .map(|member| Named { user_id: member.user_id().to_string(), display_name: member.name().to_owned() })
            .collect()
    }

    /// Who acts, and what kind of place it is.
    pub async fn of(&self, room: &Room, sender: &UserId) -> (Sender, Place) {
        let powers = room.power_levels_or_default().await;
        let power_level = level(powers.for_user(sender));
        let sender_facts = Sender {
            user_id: sender.to_string(),
            display_name: self.name(room, sender).await,
            power_level,
            may_call_room: powers.user_can_trigger_room_notification(sender),
        };
        if self.direct_with(room).await.is_some() {
            return (sender_facts, Place::Direct { shared: self.shared_with(sender).await });
        }
        let own = self.client.user_id();
        let creators = room.creators().unwrap_or_default();
        let powerful = creators
            .iter()
            .filter(|creator| powers.for_user(creator) == UserPowerLevel::Infinite)
            .chain(powers.users.iter().filter(|(_, power)| i64::from(**power) >= CAPTAIN_POWER_MIN).map(|(id, _)| id));
        let powerful: Vec<OwnedUserId> =
            powerful.filter(|user_id| Some(user_id.as_ref()) != own).take(CAPTAINS_MAX).cloned().collect();
        let captains = self.named_captains(room, powerful).await;
        let mut lacks = Vec::new();
        if let Some(own) = own {
            let rights = [
                (Right::Redact, powers.user_can_redact_event_of_other(own)),
                (Right::Pin, powers.user_can_send_state(own, StateEventType::RoomPinnedEvents)),
                (Right::Notify, powers.user_can_trigger_room_notification(own)),
            ];
            lacks.extend(rights.into_iter().filter(|(_, can)| !can).map(|(right, _)| right));
        }
        (sender_facts, Place::Room { name: room.name().unwrap_or_default(), captains, lacks })
    }

    async fn named_captains(&self, room: &Room, user_ids: Vec<OwnedUserId>) -> Vec<Named> {
        if let Some(known) = self.captains.lock().unwrap_or_else(PoisonError::into_inner).get(room.room_id())
            && known.user_ids == user_ids
        {
            return known.named.clone();
        }
        let mut named = Vec::new();
        for user_id in &user_ids {
            named.push(Named { user_id: user_id.to_string(), display_name: self.name(room, user_id).await });
        }
        let captains = Captains { user_ids, named: named.clone() };
        self.captains.lock().unwrap_or_else(PoisonError::into_inner).insert(room.room_id().to_owned(), captains);
        named
    }

    async fn shared_with(&self, user_id: &UserId) -> Vec<SharedRoom> {
        let mut shared = Vec::new();
        for room in self.client.joined_rooms().into_iter().take(SHARED_ROOMS_MAX) {
            if self.direct_with(&room).await.is_some() {
                continue;
            }
            let Ok(Some(member)) = room.get_member(user_id).await else { continue };
            if *member.membership() == MembershipState::Join {
                let powers = room.power_levels_or_default().await;
                shared.push(SharedRoom {
                    room_id: room.room_id().to_string(),
                    power_level: level(powers.for_user(user_id)),
                });
            }
        }
        shared
    }
}

/// For whom we made this room, if we made it as a private chat. None: its first event isn't here yet.
async fn made_for(room: &Room) -> Option<Option<OwnedUserId>> {
    let RawAnySyncOrStrippedState::Sync(event) = room.get_state_event(StateEventType::RoomCreate, "").await.ok()??
    else {
        return None;
    };
    let event: serde_json::Value = serde_json::from_str(event.json().get()).ok()?;
    let marker = || {
        let is_ours = event.get("sender")?.as_str()? == room.own_user_id();
        UserId::parse(event.get("content")?.get(DIRECT_MARKER)?.as_str().filter(|_| is_ours)?).ok()
    };
    Some(marker())
}
