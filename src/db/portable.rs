//! The few statements that the two databases do not share.

use super::{
    Conn,
    types::{EventId, ProposalId, Ts, UtcTs},
};
use diesel::{
    QueryResult, RunQueryDsl,
    sql_types::{BigInt, Text},
};

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

/// Which of a proposal's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is public of a published talk.
    Talk,
    /// What the committee reads, too.
    Whole,
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Puts words into the full-text index, in the place of those that the proposal had. They are folded and hold nothing but
/// letters, digits and marks, so nothing has to be escaped and neither database reads anything into them.
pub fn note_words(
    conn: &mut Conn,
    (event, proposal): (EventId, ProposalId),
    talk: &[String],
    inside: &[String],
) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => {
            let gone = diesel::sql_query("DELETE FROM proposal_words WHERE rowid = ?");
            gone.bind::<BigInt, _>(proposal).execute(conn)?;
            let new = diesel::sql_query("INSERT INTO proposal_words (rowid, talk, inside) VALUES (?, ?, ?)");
            let new = new.bind::<BigInt, _>(proposal).bind::<Text, _>(talk.join(" ")).bind::<Text, _>(inside.join(" "));
            new.execute(conn).map(drop)
        }
        Conn::Postgres(conn) => {
            // A phrase does not reach from one part into the next.
            let (talk, inside) = (talk.iter().zip(1..), inside.iter().zip(talk.len() + 10..));
            let words = talk.map(|(word, at)| format!("'{word}':{at}A"));
            let words: Vec<String> = words.chain(inside.map(|(word, at)| format!("'{word}':{at}B"))).collect();
            let new = diesel::sql_query(
                "INSERT INTO proposal_words (proposal_id, event_id, words) VALUES ($1, $2, $3::tsvector) \
                 ON CONFLICT (proposal_id) DO UPDATE SET words = excluded.words",
            );
            let new = new.bind::<BigInt, _>(proposal).bind::<BigInt, _>(event).bind::<Text, _>(words.join(" "));
            new.execute(conn).map(drop)
        }
    }
}

/// Takes out of the index what is not public.
pub fn forget_inside(conn: &mut Conn, proposal: ProposalId) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => {
            let less = diesel::sql_query("UPDATE proposal_words SET inside = '' WHERE rowid = ?");
            less.bind::<BigInt, _>(proposal).execute(conn).map(drop)
        }
        Conn::Postgres(conn) => {
            let less =
                diesel::sql_query("UPDATE proposal_words SET words = ts_filter(words, '{a}') WHERE proposal_id = $1");
            less.bind::<BigInt, _>(proposal).execute(conn).map(drop)
        }
    }
}

/// The proposals of an event in which these words stand together; the last may be the beginning of one.
pub fn find_words(
    conn: &mut Conn,
    event: EventId,
    words: &[String],
    prefix: bool,
    part: Part,
) -> QueryResult<Vec<ProposalId>> {
    let found: Vec<Id> = match conn {
        Conn::Sqlite(conn) => {
            let columns = if part == Part::Talk { "talk" } else { "talk inside" };
            let query = format!("{{{columns}}} : \"{}\"{}", words.join(" "), if prefix { " *" } else { "" });
            let found = diesel::sql_query(
                "SELECT proposals.id AS id FROM proposal_words JOIN proposals ON proposals.id = proposal_words.rowid \
                 WHERE proposal_words MATCH ? AND proposals.event_id = ?",
            );
            found.bind::<Text, _>(query).bind::<BigInt, _>(event).load(conn)?
        }
        Conn::Postgres(conn) => {
            let weights = if part == Part::Talk { "A" } else { "AB" };
            let word = |(at, word): (usize, &String)| {
                let star = if prefix && at + 1 == words.len() { "*" } else { "" };
                format!("'{word}':{star}{weights}")
            };
            let query: Vec<String> = words.iter().enumerate().map(word).collect();
            let found = diesel::sql_query(
                "SELECT proposal_id AS id FROM proposal_words WHERE words @@ $1::tsquery AND event_id = $2",
            );
            found.bind::<Text, _>(query.join(" <-> ")).bind::<BigInt, _>(event).load(conn)?
        }
    };
    Ok(found.into_iter().map(|found| ProposalId(found.id)).collect())
}
