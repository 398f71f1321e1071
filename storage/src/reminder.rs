//! Rows of what people asked to be reminded of (提醒我).

use crate::{
    Result, Tx,
    list::within,
    person::{Person, PersonId},
};

/// A reminder.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reminder {
    /// Its row.
    pub reminder_id: i64,
    /// Whose.
    pub person_id: PersonId,
    /// The person's own number for it.
    pub number: i64,
    /// Of what.
    pub text: String,
    /// When.
    pub due_at_ms: i64,
    /// Where it was asked; none: in the private chat.
    pub room_id: Option<String>,
    /// It is for everybody in that room.
    pub whole_room: bool,
}

const COLUMNS: &str = "reminder_id, person_id, number, text, due_at_ms, room_id, whole_room";

/// Something to be reminded of.
#[derive(Clone, Copy, Debug)]
pub struct NewReminder<'a> {
    /// Whose community.
    pub community_id: &'a str,
    /// Who asked.
    pub person_id: PersonId,
    /// Of what.
    pub text: &'a str,
    /// When.
    pub due_at_ms: i64,
    /// Where it was asked; none: in the private chat.
    pub room_id: Option<&'a str>,
    /// It is for everybody in that room.
    pub whole_room: bool,
}

/// Stores a new reminder under the person's next number.
pub async fn create(tx: &mut Tx, new: NewReminder<'_>) -> Result<Reminder> {
    let sql = format!(
        "insert into reminder (community_id, person_id, number, text, due_at_ms, room_id, whole_room, state)
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, 'waiting' from reminder
         where community_id = $1 and person_id = $2 returning {COLUMNS}"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(new.community_id)
        .bind(new.person_id)
        .bind(new.text)
        .bind(new.due_at_ms)
        .bind(new.room_id)
        .bind(new.whole_room)
        .fetch_one(tx.connection())
        .await?)
}

/// What a person waits for, the earliest first.
pub async fn waiting(tx: &mut Tx, community_id: &str, person_id: PersonId) -> Result<Vec<Reminder>> {
    let sql = format!(
        "select {COLUMNS} from reminder where community_id = $1 and person_id = $2 and state = 'waiting'
         order by due_at_ms, number"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(community_id).bind(person_id).fetch_all(tx.connection()).await?)
}

/// Those of these reminders that wait, and whose they are.
pub async fn waiting_among(tx: &mut Tx, reminder_ids: &[i64]) -> Result<Vec<(Reminder, Person)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        reminder: Reminder,
        user_id: String,
        display_name: String,
    }
    let mut query = within(
        "select reminder_id, person_id, number, text, due_at_ms, room_id, whole_room, user_id, display_name
         from reminder join person using (person_id) where state = 'waiting' and reminder_id",
        reminder_ids,
    );
    let rows: Vec<Row> = query.build_query_as().fetch_all(tx.connection()).await?;
    let whose = |Row { reminder, user_id, display_name }| {
        let person = Person { person_id: reminder.person_id, user_id, display_name };
        (reminder, person)
    };
    Ok(rows.into_iter().map(whose).collect())
}

/// These reminders were sent.
pub async fn sent_together(tx: &mut Tx, reminder_ids: &[i64]) -> Result<()> {
    let mut query = within("update reminder set state = 'sent' where state = 'waiting' and reminder_id", reminder_ids);
    query.build().execute(tx.connection()).await?;
    Ok(())
}

/// Writes what became of it: `sent` or `cancelled`.
pub async fn settle(tx: &mut Tx, reminder_id: i64, state: &str) -> Result<()> {
    sqlx::query("update reminder set state = $2 where reminder_id = $1")
        .bind(reminder_id)
        .bind(state)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// A reminder, and what became of it.
pub async fn get(tx: &mut Tx, reminder_id: i64) -> Result<Option<(Reminder, String)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        reminder: Reminder,
        state: String,
    }
    let sql = format!("select {COLUMNS}, state from reminder where reminder_id = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(reminder_id).fetch_optional(tx.connection()).await?;
    Ok(row.map(|row| (row.reminder, row.state)))
}

/// Forgets the words of a reminder that was taken back.
pub async fn forget_text(tx: &mut Tx, reminder_id: i64, instead: &str) -> Result<()> {
    sqlx::query("update reminder set text = $2 where reminder_id = $1")
        .bind(reminder_id)
        .bind(instead)
        .execute(tx.connection())
        .await?;
    Ok(())
}
