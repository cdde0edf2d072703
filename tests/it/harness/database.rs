//! A private database a test: a copy of the migrated file on SQLite, of a migrated template on PostgreSQL.
//! `CALLBOARD_TEST_DATABASE` holds the URL of a PostgreSQL server to use; without it the tests run on SQLite.

use callboard::db::{Url, migrate::migrate};
use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, sql_types::Text};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};
use tempfile::TempDir;

pub struct Database {
    pub url: String,
    _folder: Option<TempDir>,
    postgres: Option<String>,
}

/// The URL of the PostgreSQL server, if the tests run there.
pub fn postgres_server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the server")]
    std::env::var("CALLBOARD_TEST_DATABASE").ok().filter(|url| !url.is_empty())
}

impl Database {
    pub fn create() -> Database {
        match postgres_server() {
            None => Database::sqlite(),
            Some(server) => Database::postgres(&server),
        }
    }

    pub fn sqlite() -> Database {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("callboard.db");
        std::fs::copy(sqlite_template(), &file).unwrap();
        Database { url: format!("sqlite:{}", file.display()), _folder: Some(folder), postgres: None }
    }

    pub fn postgres(server: &str) -> Database {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let template = postgres_template(server);
        let name = format!("t_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut admin = PgConnection::establish(server).unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).unwrap();
        Database { url: with_database(server, &name), _folder: None, postgres: Some(name) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(name), Some(server)) = (&self.postgres, postgres_server()) {
            let dropped = PgConnection::establish(&server)
                .map(|mut admin| admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
            if !std::thread::panicking() {
                dropped.unwrap().unwrap();
            }
        }
    }
}

fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, file) = TEMPLATE.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("template.db");
        migrate(&Url::parse(&format!("sqlite:{}", file.display())).unwrap()).unwrap();
        (folder, file)
    });
    file
}

/// The template's name holds a hash of the migrations, so that another version makes another template.
fn postgres_template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let mut hasher = DefaultHasher::new();
        let mut folders: Vec<_> =
            std::fs::read_dir("migrations/postgres").unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        for folder in folders {
            std::fs::read_to_string(folder.join("up.sql")).unwrap().hash(&mut hasher);
        }
        let name = format!("callboard_template_{:016x}", hasher.finish());
        let mut admin = PgConnection::establish(server).unwrap();
        admin.batch_execute("SELECT pg_advisory_lock(4711)").unwrap();
        sweep(&mut admin);
        let query = "SELECT count(*) AS found FROM pg_database WHERE datname = $1";
        let found: Found = diesel::sql_query(query).bind::<Text, _>(&name).get_result(&mut admin).unwrap();
        if found.found == 0 {
            let unfinished = format!("{name}_unfinished");
            admin.batch_execute(&format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).unwrap();
            admin.batch_execute(&format!("CREATE DATABASE {unfinished}")).unwrap();
            migrate(&Url::parse(&with_database(server, &unfinished)).unwrap()).unwrap();
            admin.batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {name}")).unwrap();
        }
        name
    })
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    found: i64,
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Drops what runs that were killed have left.
fn sweep(admin: &mut PgConnection) {
    let query = "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 't\\_%'";
    for Name { name } in diesel::sql_query(query).load(admin).unwrap() {
        let process = name.split('_').nth(1).unwrap_or_default();
        if !std::path::Path::new(&format!("/proc/{process}")).exists() {
            admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
        }
    }
}

fn with_database(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(name);
    url.to_string()
}
