//! The migrations of both databases, built in, and run by one process at a time.

use super::connection::{DbConn, Url};
use anyhow::{Context, anyhow};
use diesel::{connection::SimpleConnection, migration::MigrationSource, prelude::*, table};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number will do, as long as every version of Callboard uses the same.
const LOCK: &str = "SELECT pg_advisory_lock(7230814), set_config('lock_timeout', '10s', false)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7230814)";

/// Brings the schema up to this version; answers the names of what was run.
///
/// # Errors
/// When the database cannot be reached, is newer than this version, or a migration fails.
pub fn migrate(url: &Url) -> anyhow::Result<Vec<String>> {
    if let Some(folder) = url.folder() {
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    url.make_private().context("cannot create the database")?;
    let mut conn = url.open().context("cannot reach the database")?;
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| anyhow!(error);
    let run = match &mut conn {
        DbConn::Sqlite(conn) => {
            // The lock: of several processes that start at once, the others wait and then have nothing to do.
            conn.immediate_transaction(|conn| {
                refuse_newer(
                    &versions(&conn.applied_migrations().map_err(failed)?),
                    &names::<diesel::sqlite::Sqlite>(&SQLITE)?,
                )?;
                let run = conn.run_pending_migrations(SQLITE).map_err(failed)?;
                anyhow::Ok(run.iter().map(ToString::to_string).collect())
            })?
        }
        DbConn::Postgres(conn) => {
            conn.batch_execute(LOCK)?;
            refuse_newer(&versions(&conn.applied_migrations().map_err(failed)?), &names::<diesel::pg::Pg>(&POSTGRES)?)?;
            let run = conn.run_pending_migrations(POSTGRES).map_err(failed)?.iter().map(ToString::to_string).collect();
            conn.batch_execute(UNLOCK)?;
            run
        }
    };
    Ok(run)
}

/// The versions of the built-in migrations.
fn names<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> anyhow::Result<Vec<String>> {
    let migrations = MigrationSource::<DB>::migrations(source).map_err(|error| anyhow!(error))?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

fn versions(applied: &[diesel::migration::MigrationVersion<'_>]) -> Vec<String> {
    applied.iter().map(ToString::to_string).collect()
}

fn refuse_newer(applied: &[String], known: &[String]) -> anyhow::Result<()> {
    let newer = applied.iter().find(|version| !known.contains(version));
    newer.map_or(Ok(()), |version| {
        Err(anyhow!(
            "the database has migration {version}, which this version of Callboard does not know: start a newer one"
        ))
    })
}

table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// Whether every built-in migration has been run. Only reads, which diesel's own question does not.
///
/// # Errors
/// When the database does not answer, or nothing was ever run.
pub fn is_current(conn: &mut DbConn) -> anyhow::Result<bool> {
    let (built_in, run) = (built_in(conn)?, run(conn)?);
    Ok(built_in.iter().all(|version| run.contains(version)))
}

/// Refuses what is no database of Callboard, or one of a newer version. Only reads.
pub(super) fn refuse_unknown(conn: &mut DbConn) -> anyhow::Result<()> {
    refuse_newer(&run(conn).context("it is no database of Callboard")?, &built_in(conn)?)
}

fn built_in(conn: &DbConn) -> anyhow::Result<Vec<String>> {
    match conn {
        DbConn::Sqlite(_) => names::<diesel::sqlite::Sqlite>(&SQLITE),
        DbConn::Postgres(_) => names::<diesel::pg::Pg>(&POSTGRES),
    }
}

fn run(conn: &mut DbConn) -> anyhow::Result<Vec<String>> {
    Ok(__diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(conn)?)
}
