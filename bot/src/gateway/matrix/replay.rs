//! After a backup was restored: what was said since is read whole before any of it is handled, so that our own answers are
//! known before what they answer, in whichever room they stand (ARCHITECTURE.md, "A backup is restored").

use lamplighter_storage::epoch::{self, Lost};
use matrix_sdk::{Room, deserialized_responses::TimelineEvent};
use serde_json::Value;

use super::{
    intake::{Intake, REST_FIRST, Stopped},
    read,
};

/// Echoes are kept this many at a time.
const KEPT_AT_ONCE: usize = 500;

impl Intake {
    /// Handles what was said in all rooms since the backup, in the order in which it was said.
    pub(super) async fn replay(&mut self, rooms: Vec<(Room, Vec<TimelineEvent>)>) -> Result<(), Stopped> {
        let count: usize = rooms.iter().map(|(_, events)| events.len()).sum();
        tracing::info!(events = count, "reading again what was said since the backup");
        let mut echoes = Vec::new();
        for (room, events) in &rooms {
            echoes.extend(events.iter().filter_map(|event| echo(room, event, &self.bot_user_id)));
        }
        let mut rest = REST_FIRST;
        for some in echoes.chunks(KEPT_AT_ONCE) {
            while let Err(error) = self.keep(some).await {
                self.worker.outage().failed(&error);
                self.rest(&mut rest).await?;
            }
        }
        while let Err(error) = self.skip_numbers().await {
            self.worker.outage().failed(&error);
            self.rest(&mut rest).await?;
        }
        for (room, event) in in_order(rooms) {
            self.take(&room, event).await?;
        }
        Ok(())
    }

    async fn keep(&self, echoes: &[Echo]) -> Result<(), lamplighter_storage::Error> {
        let mut tx = self.storage.begin().await?;
        for echo in echoes {
            let lost = Lost {
                event_id: &echo.event_id,
                room_id: &echo.room_id,
                transaction_id: &echo.said.transaction_id,
                kind: echo.said.kind,
                about_event_id: echo.said.about.as_deref(),
                content: echo.said.content.as_deref(),
                number: echo.said.number,
                said_at_ms: echo.said_at_ms,
            };
            epoch::keep(&mut tx, lost).await?;
        }
        tx.commit().await
    }

    async fn skip_numbers(&self) -> Result<(), lamplighter_storage::Error> {
        let mut tx = self.storage.begin().await?;
        epoch::skip_lost_numbers(&mut tx).await?;
        tx.commit().await?;
        self.storage.look_at_epoch().await
    }
}

/// Something we said, and where it stands.
struct Echo {
    event_id: String,
    room_id: String,
    said_at_ms: i64,
    said: read::OwnEcho,
}

fn echo(room: &Room, event: &TimelineEvent, own: &str) -> Option<Echo> {
    let value: Value = serde_json::from_str(event.raw().json().get()).ok()?;
    Some(Echo {
        event_id: value.get("event_id")?.as_str()?.to_owned(),
        room_id: room.room_id().to_string(),
        said_at_ms: value.get("origin_server_ts")?.as_i64()?,
        said: read::own_echo(&value, own)?,
    })
}

/// All events by the time at which their servers say they were sent; those of one room stay in their order.
fn in_order(rooms: Vec<(Room, Vec<TimelineEvent>)>) -> Vec<(Room, TimelineEvent)> {
    let mut all = Vec::new();
    for (room, events) in rooms {
        let mut latest = i64::MIN;
        for event in events {
            let sent = event.raw().get_field::<i64>("origin_server_ts").ok().flatten().unwrap_or(latest);
            latest = latest.max(sent);
            all.push((latest, room.clone(), event));
        }
    }
    // The sort is stable.
    all.sort_by_key(|(at, ..)| *at);
    all.into_iter().map(|(_, room, event)| (room, event)).collect()
}
