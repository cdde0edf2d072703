//! A connection to either database, and how it is opened.

use super::slow;
use diesel::{
    Connection as _, QueryResult,
    connection::{CacheSize, SimpleConnection},
    pg::PgConnection,
    sqlite::SqliteConnection,
};
use std::{
    fs::OpenOptions,
    io,
    os::unix::fs::OpenOptionsExt,
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
    Postgres { url: String, prepares: Prepares },
}

/// Which statements PostgreSQL keeps prepared for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepares {
    /// Named statements break behind a pooler of transactions: it may hand out another client's.
    Nothing,
    Everything,
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
            return Ok(Url::Postgres { url: text.into(), prepares: Prepares::Nothing });
        }
        Err("write sqlite:callboard.db or postgres://user:password@host/database".into())
    }

    /// The same database, where it matters with statements that stay prepared.
    #[must_use]
    pub fn preparing(self, prepares: Prepares) -> Url {
        match self {
            Url::Sqlite(_) => self,
            Url::Postgres { url, .. } => Url::Postgres { url, prepares },
        }
    }

    /// Whether PostgreSQL keeps statements prepared.
    pub fn stays_prepared(&self) -> bool {
        matches!(self, Url::Postgres { prepares: Prepares::Everything, .. })
    }

    /// The folder of the SQLite file; PostgreSQL has none.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Url::Sqlite(path) => {
                let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
                Some(folder.unwrap_or(Path::new(".")).to_owned())
            }
            Url::Postgres { .. } => None,
        }
    }

    /// As people may read it.
    pub fn without_secrets(&self) -> String {
        match self {
            Url::Sqlite(path) => format!("sqlite:{path}"),
            Url::Postgres { url, .. } => masked(url, url),
        }
    }

    /// What it is, in one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Url::Sqlite(_) => "sqlite",
            Url::Postgres { .. } => "postgres",
        }
    }

    /// Whether it is the one for trying out.
    pub fn is_default(&self) -> bool {
        *self == Url::Sqlite("callboard.db".into())
    }

    /// Makes the SQLite file for its owner only, if there is none yet: SQLite would let others read it.
    pub(super) fn make_private(&self) -> io::Result<()> {
        if let Url::Sqlite(path) = self {
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// A connection that may write.
    pub(super) fn open(&self) -> QueryResult<DbConn> {
        match self {
            Url::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path).map_err(|error| unreachable(&error.to_string()))?;
                conn.batch_execute(SQLITE_SETTINGS)?;
                conn.set_instrumentation(slow::Watch::new());
                Ok(DbConn::Sqlite(conn))
            }
            Url::Postgres { url, prepares } => {
                let mut conn =
                    PgConnection::establish(url).map_err(|error| unreachable(&masked(&error.to_string(), url)))?;
                if *prepares == Prepares::Nothing {
                    conn.set_prepared_statement_cache_size(CacheSize::Disabled);
                }
                conn.set_instrumentation(slow::Watch::new());
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

/// Whether PostgreSQL has given the transaction up because of an error that the job swallowed: it would answer COMMIT
/// with a friendly ROLLBACK, and the job would be told that it is stored.
pub(super) fn was_given_up(conn: &mut DbConn) -> bool {
    slow::a_statement_failed() && matches!(conn, DbConn::Postgres(_)) && conn.batch_execute("SELECT 1").is_err()
}

const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;";

fn unreachable(why: &str) -> diesel::result::Error {
    let kind = diesel::result::DatabaseErrorKind::ClosedConnection;
    diesel::result::Error::DatabaseError(kind, Box::new(why.to_owned()))
}

/// The text without the passwords in the URL: libpq repeats parts of a URL that it does not understand.
fn masked(text: &str, url: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let people = address.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).map(|(people, _)| people);
    let password = people.and_then(|people| people.split_once(':')).map(|(_, password)| password);
    let named =
        query.split('&').filter_map(|pair| pair.strip_prefix("password=").or(pair.strip_prefix("sslpassword=")));
    password.into_iter().chain(named).filter(|secret| !secret.is_empty()).fold(text.to_owned(), |text, secret| {
        // With what is in front of it, so that a short password does not blank the whole text.
        [':', '=', '"']
            .iter()
            .fold(text, |text, before| text.replace(&format!("{before}{secret}"), &format!("{before}…")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked() {
        let shown = |url: &str| Url::parse(url).unwrap().without_secrets();
        assert_eq!(shown("postgres://me:p@ss/word@host:1,other:2/db"), "postgres://me:…@host:1,other:2/db");
        assert_eq!(shown("postgres://me@host/db?password=secret&user=x"), "postgres://me@host/db?password=…&user=x");
        assert_eq!(shown("postgres://host/db"), "postgres://host/db");
        assert_eq!(
            masked("no \"hunter2\" in postgres://me:hunter2@h", "postgres://me:hunter2@h"),
            "no \"…\" in postgres://me:…@h"
        );
    }
}
