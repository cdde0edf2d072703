//! The few statements that the two databases do not share.

use super::{
    Conn,
    types::{Ts, UtcTs},
};
use diesel::{QueryResult, RunQueryDsl};

/// Compiles the same expression once for each database, for what the combined connection cannot do:
/// inserting many rows at once, `ON CONFLICT`, row locks.
#[macro_export]
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => $body,
            $crate::db::Conn::Postgres($c) => $body,
        }
    };
}

/// Runs a query under a row lock: `FOR UPDATE` or `FOR SHARE` on PostgreSQL. On SQLite the one writer is lock enough.
#[macro_export]
macro_rules! locked {
    ($conn:expr, $query:expr, $lock:ident, $load:ident::<$row:ty>) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => $query.$load::<$row>(c),
            $crate::db::Conn::Postgres(c) => $query.$lock().$load::<$row>(c),
        }
    };
}

/// As [`locked!`] for update, but rows that another transaction has locked are left out instead of waited for.
#[macro_export]
macro_rules! locked_or_skipped {
    ($conn:expr, $query:expr, $load:ident::<$row:ty>) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => $query.$load::<$row>(c),
            $crate::db::Conn::Postgres(c) => $query.for_update().skip_locked().$load::<$row>(c),
        }
    };
}

diesel::define_sql_function! {
    /// For codes and addresses, which are ASCII: both databases fold those alike.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// Waits for every other transaction that holds the same word, and holds it until this one ends. On SQLite the one
/// writer is lock enough.
pub fn lock_word(conn: &mut Conn, word: &str) -> QueryResult<()> {
    advisory(conn, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", word)
}

/// Holds the word together with others that share it, but not past somebody who waits to have it alone. Locks of rows let
/// sharers pass: a stream of them would keep whoever wants the row alone waiting for good.
pub fn share_word(conn: &mut Conn, word: &str) -> QueryResult<()> {
    advisory(conn, "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", word)
}

fn advisory(conn: &mut Conn, lock: &str, word: &str) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => {
            diesel::sql_query(lock).bind::<diesel::sql_types::Text, _>(word).execute(conn).map(|_| ())
        }
    }
}

/// PostgreSQL's clock; `None` on SQLite, which has none of its own.
pub(super) fn clock(conn: &mut Conn) -> QueryResult<Option<Ts>> {
    match conn {
        Conn::Sqlite(_) => Ok(None),
        Conn::Postgres(conn) => {
            diesel::select(diesel::dsl::sql::<UtcTs>("clock_timestamp()")).get_result::<Ts>(conn).map(Some)
        }
    }
}
