//! What the bot may do in the rooms that are registered, and which of them are encrypted.

use std::collections::BTreeSet;

use lamplighter_storage::visit::BoundRoom;
use matrix_sdk::{
    reqwest::Method,
    ruma::{
        OwnedUserId, RoomVersionId, UserId,
        events::{
            MessageLikeEventType, StateEventType,
            room::power_levels::{
                NotificationPowerLevelType, PowerLevelAction, RoomPowerLevels, RoomPowerLevelsEventContent,
            },
        },
        room_version_rules::RoomVersionRules,
    },
};
use serde_json::Value;

use super::{Doctor, ROOMS};
use crate::{doctor::quoted, gateway::matrix::facts};

/// At most this many rooms are looked at, the oldest first; a bot of a whole district has fewer.
const ROOMS_MAX: usize = 200;

/// What the bot lacks in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lack {
    /// What it may not do.
    rights: Vec<&'static str>,
    /// The power level that it has,
    has: i64,
    /// and the one that would do.
    needs: i64,
}

/// Everything that the bot does in a room, and the word for it.
fn rights(encrypted: bool) -> Vec<(&'static str, PowerLevelAction)> {
    use PowerLevelAction::{RedactOther, SendMessage, SendState, TriggerNotification};
    let message = if encrypted { MessageLikeEventType::RoomEncrypted } else { MessageLikeEventType::RoomMessage };
    vec![
        ("send", SendMessage(message)),
        ("react", SendMessage(MessageLikeEventType::Reaction)),
        ("redact", RedactOther),
        ("pin", SendState(StateEventType::RoomPinnedEvents)),
        ("notify", TriggerNotification(NotificationPowerLevelType::Room)),
    ]
}

/// What somebody lacks, from the content of the room's power levels (if it has any) and its first event.
fn lacks(
    power_levels: Option<&Value>,
    create: &Value,
    encrypted: bool,
    user_id: &UserId,
) -> Result<Option<Lack>, String> {
    // Asked for the whole event, an old server gives the content alone.
    let content = create.get("content").unwrap_or(create);
    let version = content.get("room_version").and_then(Value::as_str).unwrap_or("1");
    let rules = RoomVersionId::try_from(version).ok().and_then(|version| version.rules());
    // A version newer than this program is most like the newest that it knows.
    let rules = rules.unwrap_or(RoomVersionRules::V12).authorization;
    let others = content.get("additional_creators").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let creators: Vec<OwnedUserId> = [create.get("sender"), content.get("creator")]
        .into_iter()
        .flatten()
        .chain(others.iter().filter(|_| rules.explicitly_privilege_room_creators))
        .filter_map(|creator| UserId::parse(creator.as_str()?).ok())
        .collect();
    let power_levels: Option<RoomPowerLevelsEventContent> = power_levels
        .map(|content| serde_json::from_value(content.clone()))
        .transpose()
        .map_err(|error| quoted(&error.to_string()))?;
    let powers = RoomPowerLevels::new(power_levels.into(), &rules, creators);
    let lacking: Vec<(&'static str, PowerLevelAction)> =
        rights(encrypted).into_iter().filter(|(_, action)| !powers.user_can_do(user_id, action.clone())).collect();
    let needs = lacking.iter().map(|(_, action)| i64::from(powers.for_action(action.clone()))).max();
    Ok(needs.map(|needs| Lack {
        rights: lacking.iter().map(|(right, _)| *right).collect(),
        has: facts::level(powers.for_user(user_id)),
        needs,
    }))
}

impl Doctor<'_, '_> {
    /// One line for each bound room.
    pub(super) async fn rooms(&mut self, rooms: Option<&[BoundRoom]>, token: &str) {
        if self.is_stopped(ROOMS) {
            return;
        }
        let Some(rooms) = rooms else { return self.report.unseen(ROOMS, "that needs the database") };
        if rooms.is_empty() {
            return self.report.good(ROOMS, "none is registered yet");
        }
        let user_id = match UserId::parse(&self.matrix.user_id) {
            Ok(user_id) => user_id,
            Err(error) => return self.report.unseen(ROOMS, error.to_string()),
        };
        let joined = match self.joined_rooms(token).await {
            Ok(joined) => joined,
            Err(problem) => return self.report.unseen(ROOMS, problem),
        };
        for room in rooms.iter().take(ROOMS_MAX) {
            let what = format!("room {}", quoted(&room.name));
            if self.is_stopped(&what) {
                return;
            }
            if !joined.contains(&room.room_id) {
                self.report.wrong(
                    &what,
                    format!("the bot isn't in it ({})", room.room_id),
                    "invite it there again, from an account that [matrix] invites covers",
                );
                continue;
            }
            match self.room(&room.room_id, &user_id, token).await {
                Ok((encryption, None)) => {
                    self.report.good(&what, format!("{encryption}; may send, react, redact, pin and notify"));
                }
                Ok((encryption, Some(lack))) => self.report.wrong(
                    &what,
                    format!("{encryption}; may not {}: it has power level {}", lack.rights.join(", "), lack.has),
                    format!(
                        "somebody with power there gives {user_id} power level {} (in Element: room settings, Roles & \
                         permissions)",
                        lack.needs
                    ),
                ),
                Err(problem) => self.report.unseen(&what, problem),
            }
        }
        if rooms.len() > ROOMS_MAX {
            self.report.unseen(ROOMS, format!("{} more than the {ROOMS_MAX} oldest", rooms.len() - ROOMS_MAX));
        }
    }

    async fn joined_rooms(&self, token: &str) -> Result<BTreeSet<String>, String> {
        let answer = self.wire.ask(Method::GET, &["v3", "joined_rooms"], None, Some(token)).await?;
        let joined = answer.body.get("joined_rooms").and_then(Value::as_array).filter(|_| answer.is_good());
        let joined = joined.ok_or_else(|| answer.no())?;
        Ok(joined.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Whether the room is encrypted, in words, and what the bot lacks there.
    async fn room(&self, room_id: &str, user_id: &UserId, token: &str) -> Result<(&'static str, Option<Lack>), String> {
        let state = async |kind: &str| {
            // The last piece is the empty state key.
            let path = ["v3", "rooms", room_id, "state", kind, ""];
            let query: &[(&str, &str)] = if kind == "m.room.create" { &[("format", "event")] } else { &[] };
            let answer = self.wire.ask_with(Method::GET, &path, query, None, Some(token)).await?;
            match answer.status {
                _ if answer.is_good() => Ok(Some(answer.body)),
                404 => Ok(None),
                _ => Err(answer.no()),
            }
        };
        let encrypted = state("m.room.encryption").await?.is_some();
        let power_levels = state("m.room.power_levels").await?;
        let create = state("m.room.create").await?.unwrap_or_default();
        let lack = lacks(power_levels.as_ref(), &create, encrypted, user_id)?;
        Ok((if encrypted { "encrypted" } else { "not encrypted" }, lack))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_lacking_is_named_with_the_level_that_would_do() {
        let bot = UserId::parse("@lamplighter:example.org").expect("an id");
        let eleven = json!({ "sender": "@wang:example.org", "content": { "room_version": "11" } });
        let lacks_of = |power_levels: Option<Value>, create: &Value| {
            lacks(power_levels.as_ref(), create, true, &bot).expect("power levels that can be read")
        };
        let levels = |own: i64| json!({ "users": { "@lamplighter:example.org": own, "@wang:example.org": 100 } });
        assert_eq!(lacks_of(Some(levels(50)), &eleven), None);
        let rights = vec!["redact", "pin", "notify"];
        assert_eq!(lacks_of(Some(levels(0)), &eleven), Some(Lack { rights, has: 0, needs: 50 }));
        let mut silent = levels(50);
        silent["events_default"] = json!(60);
        silent["events"] = json!({ "m.reaction": 0, "m.room.pinned_events": 75 });
        let rights = vec!["send", "redact", "pin"];
        assert_eq!(lacks_of(Some(silent), &eleven), Some(Lack { rights, has: 50, needs: 75 }));
        // Without power levels whoever made the room has them all; in version 12 above all numbers.
        let own = json!({ "sender": "@lamplighter:example.org", "content": { "room_version": "11" } });
        assert_eq!(lacks_of(None, &own), None);
        assert!(lacks_of(None, &eleven).is_some());
        let twelve = json!({ "sender": "@wang:example.org",
            "content": { "room_version": "12", "additional_creators": ["@lamplighter:example.org"] } });
        assert_eq!(lacks_of(Some(json!({ "events_default": 90 })), &twelve), None);
        assert!(lacks(Some(&json!({ "users": 3 })), &eleven, false, &bot).is_err());
    }
}
