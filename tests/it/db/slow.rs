//! The log of slow statements: the SQL and whose job it was, and never the values.

use crate::harness::{TestApp, database::postgres_server};
use callboard::{db::Conn, error::Result};
use diesel::{prelude::*, sql_types::Text};
use std::{
    io,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Lines;

    fn make_writer(&'w self) -> Lines {
        self.clone()
    }
}

/// The lines about slow statements that hold `mark`.
fn logged(mark: &str) -> Vec<String> {
    let bytes = log().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let text = String::from_utf8(bytes).unwrap();
    text.lines().filter(|line| line.contains(mark)).map(str::to_owned).collect()
}

/// Of the whole test program, since lanes have threads of their own.
fn log() -> &'static Lines {
    static LOG: OnceLock<Lines> = OnceLock::new();
    LOG.get_or_init(|| {
        let lines = Lines::default();
        let filter = EnvFilter::new("off,callboard::db::slow=warn");
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(lines.clone());
        log.init();
        lines
    })
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    found: String,
}

fn takes_a_while(conn: &mut Conn, secret: &'static str) -> Result<String> {
    let statement = match postgres_server() {
        None => {
            "WITH RECURSIVE slow_one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM slow_one WHERE n < 2000000) \
             SELECT max(n) || ? AS found FROM slow_one"
        }
        Some(_) => "WITH slow_one AS (SELECT pg_sleep(0.3)) SELECT $1 AS found FROM slow_one",
    };
    let found: Found = diesel::sql_query(statement).bind::<Text, _>(secret).get_result(conn)?;
    Ok(found.found)
}

#[actix_web::test]
async fn a_slow_statement_is_logged_without_its_values() {
    log();
    let app = TestApp::with(&[("slow_query_ms", "50")]).await;
    let found = app.board.db.read(|conn| takes_a_while(conn, " -- binds: hunter2")).await.unwrap();
    assert!(found.ends_with("hunter2"));
    let lines = logged("slow_one");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("A statement was slow") && lines[0].contains("millis="), "{lines:?}");
    assert!(lines[0].contains("db::slow::a_slow_statement_is_logged_without_its_values"), "whose job: {lines:?}");
    assert!(!lines[0].contains("hunter2"), "{lines:?}");
}

async fn quick(app: &TestApp, statement: &'static str) -> Result<usize> {
    app.board.db.write(move |tx| Ok(diesel::sql_query(statement).execute(tx.conn())?)).await
}

#[actix_web::test]
async fn what_is_quick_enough_is_not() {
    log();
    let app = TestApp::with(&[("slow_query_ms", "60000")]).await;
    quick(&app, "UPDATE accounts SET name = 'quick_one'").await.unwrap();
    assert_eq!(logged("quick_one"), Vec::<String>::new());
    let app = TestApp::with(&[("slow_query_ms", "0")]).await;
    quick(&app, "UPDATE accounts SET name = 'every_one'").await.unwrap();
    assert_eq!(logged("every_one").len(), 1, "0 logs every one");
}
