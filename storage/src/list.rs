//! Statements about many rows at once: `… in (…)`. Each statement goes to SQLite's thread and back, which costs more than
//! what most of them do; what falls due together is therefore read and written together.

use sqlx::{Encode, QueryBuilder, Sqlite, Type};

/// A statement that begins so and goes on with ` in (…)`, these values bound. The caller keeps lists below SQLite's 32,766
/// values; the scheduler hands on at most a hundred rows.
pub fn within<'t, T>(begin: &str, list: &'t [T]) -> QueryBuilder<Sqlite>
where
    &'t T: Encode<'t, Sqlite> + Type<Sqlite>,
{
    let mut query = QueryBuilder::new(begin);
    query.push(" in (");
    let mut values = query.separated(", ");
    for value in list {
        values.push_bind(value);
    }
    query.push(")");
    query
}
