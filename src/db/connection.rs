//! A connection to either database, and how it is opened.

use diesel::{
    Connection as _, QueryResult,
    connection::{InstrumentationEvent, SimpleConnection},
    pg::PgConnection,
    sqlite::SqliteConnection,
};
use std::{
    cell::Cell,
    path::{Path, PathBuf},
};

#[derive(diesel::MultiConnection)]
pub enum DbConn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Which database, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Url {
    /// A file, as diesel wants it.
    Sqlite(String),
    /// A libpq URL, several hosts allowed.
    Postgres(String),
}

impl Url {
    /// Reads `sqlite:FILE` or `postgres://…`.
    ///
    /// # Errors
    /// What to write instead, for anything else.
    pub fn parse(text: &str) -> Result<Url, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() || path.contains(":memory:") {
                Err("name a file, as in sqlite:callboard.db".into())
            } else {
                Ok(Url::Sqlite(path.into()))
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Url::Postgres(text.into()));
        }
        Err("write sqlite:callboard.db or postgres://user:password@host/database".into())
    }

    /// The folder of the SQLite file; PostgreSQL has none.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Url::Sqlite(path) => {
                let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
                Some(folder.unwrap_or(Path::new(".")).to_owned())
            }
            Url::Postgres(_) => None,
        }
    }

    /// A connection that may write.
    pub(super) fn open(&self) -> QueryResult<DbConn> {
        match self {
            Url::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path).map_err(|error| unreachable(&error))?;
                conn.batch_execute(SQLITE_SETTINGS)?;
                Ok(DbConn::Sqlite(conn))
            }
            Url::Postgres(url) => {
                let mut conn = PgConnection::establish(url).map_err(|error| unreachable(&error))?;
                // Named statements break behind a transaction pooler: it may hand out another client's.
                conn.set_prepared_statement_cache_size(diesel::connection::CacheSize::Disabled);
                conn.set_instrumentation(|event: InstrumentationEvent<'_>| {
                    if let InstrumentationEvent::FinishQuery { error: Some(_), .. } = event {
                        STATEMENT_FAILED.set(true);
                    }
                });
                Ok(DbConn::Postgres(conn))
            }
        }
    }

    /// A connection that cannot write, whatever it is asked.
    pub(super) fn open_reader(&self) -> QueryResult<DbConn> {
        let mut conn = self.open()?;
        if let DbConn::Sqlite(conn) = &mut conn {
            conn.batch_execute("PRAGMA query_only = ON")?;
        }
        Ok(conn)
    }
}

thread_local! {
    /// Whether a statement has failed on this thread's connection since [`was_given_up`] was asked last.
    static STATEMENT_FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Whether PostgreSQL has given the transaction up because of an error that the job swallowed: it would answer COMMIT
/// with a friendly ROLLBACK, and the job would be told that it is stored.
pub(super) fn was_given_up(conn: &mut DbConn) -> bool {
    let failed = STATEMENT_FAILED.replace(false);
    failed && matches!(conn, DbConn::Postgres(_)) && conn.batch_execute("SELECT 1").is_err()
}

const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;";

fn unreachable(error: &diesel::ConnectionError) -> diesel::result::Error {
    let kind = diesel::result::DatabaseErrorKind::ClosedConnection;
    diesel::result::Error::DatabaseError(kind, Box::new(error.to_string()))
}
