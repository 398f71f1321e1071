//! Who isn't to be rung by anything unasked (免打扰).

use crate::{
    Result, Tx,
    list::within,
    person::{Person, PersonId},
};

/// Keeps somebody undisturbed until an instant; none: until taken back.
pub async fn set(tx: &mut Tx, person_id: PersonId, until_ms: Option<i64>) -> Result<()> {
    sqlx::query(
        "insert into quiet (person_id, until_ms) values ($1, $2)
         on conflict (person_id) do update set until_ms = excluded.until_ms",
    )
    .bind(person_id)
    .bind(until_ms)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Takes it back; false if nothing had been asked.
pub async fn lift(tx: &mut Tx, person_id: PersonId) -> Result<bool> {
    let done = sqlx::query("delete from quiet where person_id = $1").bind(person_id).execute(tx.connection()).await?;
    Ok(done.rows_affected() > 0)
}

/// Whether somebody wants quiet now.
pub async fn wants(tx: &mut Tx, person_id: PersonId, now_ms: i64) -> Result<bool> {
    let row: Option<i64> =
        sqlx::query_scalar("select 1 from quiet where person_id = $1 and (until_ms is null or until_ms > $2)")
            .bind(person_id)
            .bind(now_ms)
            .fetch_optional(tx.connection())
            .await?;
    Ok(row.is_some())
}

/// Those among these people who may be rung now.
pub async fn without(tx: &mut Tx, mut people: Vec<Person>, now_ms: i64) -> Result<Vec<Person>> {
    /// Asked about at once; a hall may have thousands.
    const ASKED_AT_ONCE_MAX: usize = 1_000;
    let mut quiet = Vec::new();
    for some in people.chunks(ASKED_AT_ONCE_MAX) {
        let ids: Vec<PersonId> = some.iter().map(|person| person.person_id).collect();
        let mut query = within("select person_id from quiet where person_id", &ids);
        query.push(" and (until_ms is null or until_ms > ").push_bind(now_ms).push(")");
        let found: Vec<PersonId> = query.build_query_scalar().fetch_all(tx.connection()).await?;
        quiet.extend(found);
    }
    people.retain(|person| !quiet.contains(&person.person_id));
    Ok(people)
}

/// Until when somebody wants quiet: none, they don't; none inside, until taken back.
pub async fn get(tx: &mut Tx, person_id: PersonId) -> Result<Option<Option<i64>>> {
    Ok(sqlx::query_scalar("select until_ms from quiet where person_id = $1")
        .bind(person_id)
        .fetch_optional(tx.connection())
        .await?)
}
