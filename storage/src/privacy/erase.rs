//! Erasing what is kept of one person (忘记我): names, texts, user ids and event ids go from every table; what others did
//! with them, what was counted and what was paid stays, under a number and a pseudonym that lead to nobody.
//!
//! Rows of the journal's chain and of the ledger are never touched: the chain holds hashes of salted payloads, and only the
//! payloads go (ARCHITECTURE.md, "The journal can forget").

use sha2::{Digest, Sha256};

use crate::{Result, Tx, person::PersonId};

/// Whom to erase, and what stands in their place.
#[derive(Clone, Copy, Debug)]
pub struct Erasure<'a> {
    /// Whose number it was. The row stays, since others' wishes and seats name it.
    pub person_id: PersonId,
    /// The Matrix id that they had.
    pub user_id: &'a str,
    /// The name that they had.
    pub display_name: &'a str,
    /// What stands for the name from now on.
    pub neighbour: &'a str,
    /// What stands for a text from now on.
    pub text: &'a str,
}

/// Statements that need nothing but the person (`$1`).
const OF_PERSON: [&str; 33] = [
    // An event of theirs may have caused links of others too, such as the points for a wish that they confirmed. A transfer
    // to them was caused by somebody else's event.
    "update journal_payload set cause = '' where cause <> '' and cause not like 'agenda %' and cause in (
       select p.cause from journal_payload p
       join journal j on j.community_id = p.community_id and j.sequence = p.sequence
       join pseudonym s on s.community_id = j.community_id and s.pseudonym = j.pseudonym
       where s.person_id = $1 and j.kind <> 'ledger.transfer')",
    // What a transfer says belongs to the ledger, which stays: accounts, rule and amount.
    "update journal_payload set cause = '' where exists (
       select 1 from journal j join pseudonym s on s.community_id = j.community_id and s.pseudonym = j.pseudonym
       where j.community_id = journal_payload.community_id and j.sequence = journal_payload.sequence
         and s.person_id = $1 and j.kind = 'ledger.transfer')",
    "delete from journal_payload where exists (
       select 1 from journal j join pseudonym s on s.community_id = j.community_id and s.pseudonym = j.pseudonym
       where j.community_id = journal_payload.community_id and j.sequence = journal_payload.sequence
         and s.person_id = $1 and j.kind <> 'ledger.transfer')",
    // What they said for somebody else is that one's command, but their event.
    "update journal_payload set cause = '' where exists (
       select 1 from journal j join pseudonym s on s.community_id = j.community_id and s.pseudonym = j.proxy
       where j.community_id = journal_payload.community_id and j.sequence = journal_payload.sequence
         and s.person_id = $1)",
    "delete from command where person_id = $1 or event_id in (select event_id from acted_for where proxy_id = $1)",
    "delete from acted_for where person_id = $1 or proxy_id = $1",
    "update helper set named_by = person_id where named_by = $1 and helper_id <> $1",
    "delete from helper where person_id = $1 or helper_id = $1",
    "delete from no_proxy where person_id = $1",
    "delete from voice_message where person_id = $1",
    "delete from practice where person_id = $1",
    "delete from captain where person_id = $1",
    "delete from room_captain where person_id = $1",
    "delete from question where person_id = $1",
    "delete from quiet where person_id = $1",
    "delete from elder where person_id = $1",
    "update person set language = null where person_id = $1",
    "delete from bucket where kind in ('command', 'tap') and subject = cast($1 as text)",
    "delete from ranked where person_id = $1",
    "delete from reminder where person_id = $1",
    "delete from task_answer where person_id = $1",
    "delete from wish_standby where person_id = $1",
    // A row that pays the voters of a poll names the last one that was paid; it is only a number.
    "delete from agenda where person_id = $1 and kind <> 'poll.pay'",
    // The key of such a row names the event that ended the poll.
    "update agenda set key = kind || ' ' || agenda_id where kind = 'poll.pay' and $1 is not null",
    "delete from tap_notice where person_id = $1 or card_id in (select card_id from card where person_id = $1)",
    "delete from tap where person_id = $1 or card_id in (select card_id from card where person_id = $1)",
    "delete from chip where card_id in (select card_id from card where person_id = $1)",
    "delete from former_post where card_id in (select card_id from card where person_id = $1)",
    "delete from card where person_id = $1",
    "update seat set note = '' where person_id = $1",
    "update ballot set event_id = 'forgotten ' || ballot_id where person_id = $1",
    "update check_in set note = '', state = case when state in ('submitted', 'confirmed') then 'closed' else state end
     where person_id = $1",
    // What was told them privately: nothing more goes out, and nothing leads to their chat.
    "update outbox set content = null, last_error = null, event_id = null,
       state = case when state in ('queued', 'parked') then 'dropped' else state end
     where person_id = $1",
];

/// What was sent to anybody may quote them, and is read by nobody any more.
const SENT: &str = "update outbox set content = null, target_event_id = null, cause = 'forgotten ' || outbox_id
     where state in ('sent', 'superseded', 'dropped') and cause not like 'forgotten %'";

/// Statements that put a text (`$2`) in the place of what the person (`$1`) wrote.
const TEXTS: [&str; 4] = [
    // The name of a room that was bound is the room's.
    "update binding_request set captains = '[]', name = case when state = 'approved' then name else $2 end
     where asked_by = $1",
    "update wish set text = $2 where wisher_id = $1",
    "update activity set title = $2, place = '' where organiser_id = $1",
    "update task set text = $2 where starter_id = $1",
];

/// From now on the person has no name and no Matrix id. Whoever comes back under that id is somebody new.
pub async fn rename(tx: &mut Tx, person_id: PersonId, neighbour: &str) -> Result<()> {
    sqlx::query("update person set user_id = 'forgotten ' || person_id, display_name = $2 where person_id = $1")
        .bind(person_id)
        .bind(neighbour)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Erases what is kept, the pseudonyms apart (see [`cut_pseudonym`]).
pub async fn erase(tx: &mut Tx, erasure: Erasure<'_>) -> Result<()> {
    let Erasure { person_id, user_id, display_name, neighbour, text } = erasure;
    let chat: Option<Option<String>> = sqlx::query_scalar("select room_id from direct_chat where person_id = $1")
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?;
    let chat = chat.flatten().unwrap_or_default();
    // What can't be read yet names its sender.
    sqlx::query(
        "update inbox set state = 'handled', raw = null, session_id = null
         where state = 'waiting' and (instr(raw, $1) > 0 or (room_id = $2 and $2 <> ''))",
    )
    .bind(user_id)
    .bind(&chat)
    .execute(tx.connection())
    .await?;
    sqlx::query("update inbox set room_id = '' where room_id = $1").bind(&chat).execute(tx.connection()).await?;
    sqlx::query("delete from unreadable_room where room_id = $1").bind(&chat).execute(tx.connection()).await?;
    sqlx::query("delete from direct_chat where person_id = $1").bind(person_id).execute(tx.connection()).await?;
    for statement in OF_PERSON {
        sqlx::query(statement).bind(person_id).execute(tx.connection()).await?;
    }
    sqlx::query(SENT).execute(tx.connection()).await?;
    sqlx::query("update lost_echo set about_event_id = null where kind = 'tap' and outbox_id is not null")
        .execute(tx.connection())
        .await?;
    // What others said may name them.
    sqlx::query("update command set text = null where instr(text, $1) > 0 or instr(text, $2) > 0")
        .bind(user_id)
        .bind(display_name)
        .execute(tx.connection())
        .await?;
    for statement in TEXTS {
        sqlx::query(statement).bind(person_id).bind(text).execute(tx.connection()).await?;
    }
    sqlx::query("update seat set guest = $2 || ' ' || seat_id where person_id = $1 and guest <> ''")
        .bind(person_id)
        .bind(neighbour)
        .execute(tx.connection())
        .await?;
    erase_polls(tx, person_id, text).await?;
    erase_from_requests(tx, display_name).await
}

/// The question and the options of their polls; how many options there were stays, since votes were counted by it.
async fn erase_polls(tx: &mut Tx, person_id: PersonId, text: &str) -> Result<()> {
    let polls: Vec<(String, i64, String)> =
        sqlx::query_as("select community_id, number, options from poll where starter_id = $1")
            .bind(person_id)
            .fetch_all(tx.connection())
            .await?;
    for (community_id, number, options) in polls {
        let count = serde_json::from_str::<Vec<String>>(&options)?.len();
        let options: Vec<String> = (1..=count).map(|option| option.to_string()).collect();
        sqlx::query("update poll set question = $3, options = $4 where community_id = $1 and number = $2")
            .bind(community_id)
            .bind(number)
            .bind(text)
            .bind(serde_json::to_string(&options)?)
            .execute(tx.connection())
            .await?;
    }
    Ok(())
}

/// Requests to bind a room list the names of those with power in it.
async fn erase_from_requests(tx: &mut Tx, display_name: &str) -> Result<()> {
    let requests: Vec<(i64, String)> =
        sqlx::query_as("select request_id, captains from binding_request where instr(captains, $1) > 0")
            .bind(display_name)
            .fetch_all(tx.connection())
            .await?;
    for (request_id, captains) in requests {
        let mut captains: Vec<String> = serde_json::from_str(&captains)?;
        captains.retain(|name| name != display_name);
        sqlx::query("update binding_request set captains = $2 where request_id = $1")
            .bind(request_id)
            .bind(serde_json::to_string(&captains)?)
            .execute(tx.connection())
            .await?;
    }
    Ok(())
}

/// From now on nothing leads from the journal's and the ledger's pseudonyms to anybody.
pub async fn cut_pseudonyms(tx: &mut Tx, person_id: PersonId) -> Result<()> {
    sqlx::query("delete from pseudonym where person_id = $1").bind(person_id).execute(tx.connection()).await?;
    Ok(())
}

/// What this event caused is told, and then forgotten as soon as it is sent; which event it was isn't kept.
pub async fn forget_cause(tx: &mut Tx, cause: &str) -> Result<()> {
    sqlx::query("update outbox set forget_when_sent = 1, cause = 'forgotten ' || outbox_id where cause = $1")
        .bind(cause)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Rows that haven't been sent and hold this text: number and content.
pub async fn queued_with(tx: &mut Tx, text: &str) -> Result<Vec<(i64, String)>> {
    Ok(sqlx::query_as(
        "select outbox_id, content from outbox
         where state in ('queued', 'parked') and content is not null and instr(content, $1) > 0",
    )
    .bind(text)
    .fetch_all(tx.connection())
    .await?)
}

/// Gives a row that hasn't been sent another content.
pub async fn rewrite(tx: &mut Tx, outbox_id: i64, content: &str) -> Result<()> {
    sqlx::query("update outbox set content = $2 where outbox_id = $1")
        .bind(outbox_id)
        .bind(content)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The bot has left a private chat for good: the rows of its goodbye name the room, and go.
pub async fn forget_room(tx: &mut Tx, room_id: &str) -> Result<()> {
    sqlx::query("delete from outbox where room_id = $1 and forget_when_sent = 1 and state = 'sent'")
        .bind(room_id)
        .execute(tx.connection())
        .await?;
    sqlx::query("update inbox set room_id = '' where room_id = $1").bind(room_id).execute(tx.connection()).await?;
    sqlx::query("delete from unreadable_room where room_id = $1").bind(room_id).execute(tx.connection()).await?;
    Ok(())
}

fn event_hash(event_id: &str) -> Vec<u8> {
    Sha256::digest(event_id.as_bytes()).to_vec()
}

/// Remembers that an event that the room still shows must not be read back.
pub async fn tombstone(tx: &mut Tx, community_id: &str, number: i64, event_id: &str) -> Result<()> {
    sqlx::query(
        "insert into forgotten_event (community_id, number, event_hash) values ($1, $2, $3) on conflict do nothing",
    )
    .bind(community_id)
    .bind(number)
    .bind(event_hash(event_id))
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Whether an event is one of somebody who was forgotten.
pub async fn is_forgotten(tx: &mut Tx, community_id: &str, number: i64, event_id: &str) -> Result<bool> {
    let row: Option<i64> =
        sqlx::query_scalar("select 1 from forgotten_event where community_id = $1 and number = $2 and event_hash = $3")
            .bind(community_id)
            .bind(number)
            .bind(event_hash(event_id))
            .fetch_optional(tx.connection())
            .await?;
    Ok(row.is_some())
}
