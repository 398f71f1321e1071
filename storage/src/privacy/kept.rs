//! Everything that is kept of one person, read for that person alone (我的数据).

use crate::{Result, Storage, Tx, person::PersonId};

/// One thing that is kept. What the fields mean depends on what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Fact {
    /// `wish`, `seat`, `ballot` …
    pub about: String,
    /// The item or row concerned.
    pub number: Option<i64>,
    /// The name of the room concerned.
    pub room: Option<String>,
    /// What the person wrote, or what it is about.
    pub text: String,
    /// A second text: a guest's name, the options of a poll, the key of a tap.
    pub extra: String,
    /// How it stands.
    pub state: String,
    /// How many, or which option.
    pub amount: Option<i64>,
    /// When.
    pub at_ms: Option<i64>,
}

/// What is kept in one community: `$1` the community, `$2` the person. Each gives the columns of [`Fact`] in order.
const OF_COMMUNITY: [&str; 20] = [
    "select 'captain', null, room.name, '', '', 'named', null, named_at_ms
     from captain c join room using (room_id) where c.community_id = $1 and person_id = $2 order by named_at_ms",
    "select 'captain', null, room.name, '', '', 'power', null, null
     from room_captain c join room using (room_id) where c.community_id = $1 and person_id = $2 order by room.name",
    "select 'request', null, null, name, '', state, null, asked_at_ms
     from binding_request where community_id = $1 and asked_by = $2 order by request_id",
    "select 'wish', number, room.name, text, '', state, null, posted_at_ms
     from wish w join room using (room_id) where w.community_id = $1 and wisher_id = $2 order by number",
    "select 'help', number, room.name, text, '', state, null, changed_at_ms
     from wish w join room using (room_id) where w.community_id = $1 and helper_id = $2 order by number",
    "select 'standby', w.number, room.name, w.text, '', s.answer, null, w.posted_at_ms
     from wish_standby s join wish w on w.community_id = s.community_id and w.number = s.number
     join room using (room_id) where s.community_id = $1 and s.person_id = $2 order by w.number",
    "select 'activity', number, room.name, title, place, state, capacity, starts_at_ms
     from activity a join room using (room_id) where a.community_id = $1 and organiser_id = $2 order by number",
    "select 'seat', a.number, room.name, a.title,
       case when s.guest <> '' and s.note <> '' then s.guest || ' · ' || s.note else s.guest || s.note end, s.state, s.adults + s.children, a.starts_at_ms
     from seat s join activity a on a.community_id = s.community_id and a.number = s.number
     join room using (room_id) where s.community_id = $1 and s.person_id = $2 order by seat_id",
    "select 'poll', number, room.name, question, options, state, null, posted_at_ms
     from poll p join room using (room_id) where p.community_id = $1 and starter_id = $2 order by number",
    "select 'ballot', p.number, room.name, p.question, p.options,
       case when b.struck = 1 then 'struck' else 'standing' end, b.choice, b.at_ms
     from ballot b join poll p on p.community_id = b.community_id and p.number = b.number
     left join room on room.room_id = b.room_id
     where b.community_id = $1 and b.person_id = $2 order by ballot_id",
    "select 'task', number, room.name, text, '', state, places, starts_at_ms
     from task t join room using (room_id) where t.community_id = $1 and starter_id = $2 order by number",
    "select 'asked', t.number, room.name, t.text, '', a.answer, null, a.answered_at_ms
     from task_answer a join task t on t.community_id = a.community_id and t.number = a.number
     join room using (room_id) where a.community_id = $1 and a.person_id = $2 order by t.number",
    "select 'check_in', null, null, note, '', state, null, asked_at_ms
     from check_in where community_id = $1 and person_id = $2 order by check_in_id",
    "select 'reminder', number, room.name, text, '', state, null, due_at_ms
     from reminder m left join room using (room_id) where m.community_id = $1 and person_id = $2 order by number",
    "select 'ranked', null, null, '', '', '', null, since_ms from ranked where community_id = $1 and person_id = $2",
    "select 'tap', number, room.name, card.kind, key, case when redacted = 1 then 'struck' else 'standing' end, null, null
     from tap join card using (card_id) left join room on room.room_id = card.room_id
     where card.community_id = $1 and tap.person_id = $2 order by card_id, key, redacted",
    "select 'helper', null, null, display_name, '', '', null, named_at_ms
     from helper h join person on person.person_id = h.helper_id
     where h.community_id = $1 and h.person_id = $2 order by named_at_ms, h.helper_id",
    "select 'helps', null, null, display_name, '', '', null, named_at_ms
     from helper h join person on person.person_id = h.person_id
     where h.community_id = $1 and h.helper_id = $2 order by named_at_ms, h.person_id",
    "select 'no_proxy', null, null, '', '', '', null, since_ms from no_proxy where community_id = $1 and person_id = $2",
    "select 'voice', null, room.name, '', '', '', null, v.left_at_ms
     from voice_message v join room using (room_id) where v.community_id = $1 and person_id = $2 order by voice_id",
];

/// What is kept whatever the community: `$1` the person.
const OF_PERSON: [&str; 10] = [
    "select 'quiet', null, null, '', '', '', null, until_ms from quiet where person_id = $1",
    "select 'elder', null, null, '', '', '', null, null from elder where person_id = $1",
    "select 'language', null, null, language, '', '', null, null from person
     where person_id = $1 and language is not null",
    "select 'question', null, null, text, '', '', null, asked_at_ms from question where person_id = $1
     order by asked_at_ms",
    "select 'command', null, null, text, '', '', null, at_ms from command left join inbox using (event_id)
     where person_id = $1 and text is not null order by at_ms, sequence",
    "select 'acted_for', null, null, display_name, '', case when undone = 1 then 'struck' else 'standing' end, null, at_ms
     from acted_for a join person on person.person_id = a.proxy_id where a.person_id = $1 order by acted_id",
    "select 'acted', null, null, display_name, '', case when undone = 1 then 'struck' else 'standing' end, null, at_ms
     from acted_for a join person on person.person_id = a.person_id where a.proxy_id = $1 order by acted_id",
    "select 'practice', null, null, '', '', '', null, since_ms from practice where person_id = $1",
    "select 'decided', null, null, '', '', '', count(*), null from check_in where decided_by = $1 having count(*) > 0",
    "select 'message', null, null, content, '', state, null, created_at_ms from outbox
     where person_id = $1 and kind = 'post' and content is not null order by outbox_id",
];

/// The links of the journal in which the person acted: `$1` the community, `$2` the person.
const LINKS: &str = "select 'link', j.number, null, j.kind, '', '', j.sequence, j.at_ms
     from journal j join pseudonym s on s.community_id = j.community_id and s.pseudonym = j.pseudonym
     where s.community_id = $1 and s.person_id = $2 order by j.sequence";

fn columns(select: &str) -> String {
    format!("with fact (about, number, room, text, extra, state, amount, at_ms) as ({select}) select * from fact")
}

/// Everything that a community keeps of a person, the ledger apart (see [`crate::ledger::history`]).
pub async fn facts(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<Fact>> {
    let mut all = Vec::new();
    for select in OF_COMMUNITY.iter().chain([&LINKS]) {
        let rows: Vec<Fact> = sqlx::query_as(sqlx::AssertSqlSafe(columns(select)))
            .bind(community_id)
            .bind(person_id)
            .fetch_all(tx.connection())
            .await?;
        all.extend(rows);
    }
    Ok(all)
}

/// Everything that is kept of a person whatever the community. The text of a message is the outbox's JSON.
pub async fn of_person(tx: &mut Tx, person_id: PersonId) -> Result<Vec<Fact>> {
    let mut all = Vec::new();
    for select in OF_PERSON {
        let rows: Vec<Fact> =
            sqlx::query_as(sqlx::AssertSqlSafe(columns(select))).bind(person_id).fetch_all(tx.connection()).await?;
        all.extend(rows);
    }
    Ok(all)
}

/// The pseudonyms of a person: (community, pseudonym).
pub async fn pseudonyms(tx: &mut Tx, person_id: PersonId) -> Result<Vec<(String, Vec<u8>)>> {
    Ok(sqlx::query_as("select community_id, pseudonym from pseudonym where person_id = $1 order by community_id")
        .bind(person_id)
        .fetch_all(tx.connection())
        .await?)
}

/// Every value of every table that is a text or bytes: (table, column, value). For the test that looks for what should be
/// gone; bytes are given as far as they are text.
pub async fn every_text(storage: &Storage) -> Result<Vec<(String, String, String)>> {
    let mut all = Vec::new();
    for (table, column) in every_column(storage).await? {
        let sql = format!(
            "select cast(\"{column}\" as blob) from \"{table}\" where typeof(\"{column}\") in ('text', 'blob')"
        );
        let values: Vec<Vec<u8>> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(storage.reader()).await?;
        let values = values.iter().map(|value| String::from_utf8_lossy(value).into_owned());
        all.extend(values.map(|value| (table.clone(), column.clone(), value)));
    }
    Ok(all)
}

/// Every column of every table: (table, column).
pub async fn every_column(storage: &Storage) -> Result<Vec<(String, String)>> {
    Ok(sqlx::query_as(
        "select t.name, c.name from sqlite_schema t join pragma_table_info(t.name) c
         where t.type = 'table' and t.name not like 'sqlite_%' and t.name not like '_sqlx_%' order by t.name, c.cid",
    )
    .fetch_all(storage.reader())
    .await?)
}
