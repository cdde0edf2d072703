//! What the lanes promise: one transaction a job, errors and panics undo one job only, readers cannot write.

use crate::harness::TestApp;
use callboard::{
    db::schema::accounts,
    error::{Code, Error},
};
use diesel::prelude::*;

fn rename(tx: &mut callboard::db::Tx<'_>, name: &str) -> callboard::error::Result<usize> {
    Ok(diesel::update(accounts::table).set(accounts::name.eq(name)).execute(tx.conn())?)
}

async fn name(app: &TestApp) -> String {
    app.board.db.read(|conn| Ok(accounts::table.select(accounts::name).first::<String>(conn)?)).await.unwrap()
}

#[actix_web::test]
async fn a_failed_or_panicked_job_leaves_nothing_behind() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let failed = app.board.db.write(|tx| rename(tx, "x").and(Err::<(), _>(Error::not_found()))).await;
    assert_eq!(failed.unwrap_err().code(), Code::NotFound);
    assert_eq!(name(&app).await, "ada");
    let panicked = app.board.db.write(|tx| {
        let renamed = rename(tx, "x")?;
        assert_eq!(renamed, 0, "a bug in a job");
        Ok(())
    });
    assert_eq!(panicked.await.unwrap_err().code(), Code::Internal);
    assert_eq!(name(&app).await, "ada");
    assert_eq!(app.board.db.write(|tx| rename(tx, "y")).await.unwrap(), 1);
    assert_eq!(name(&app).await, "y");
}

#[actix_web::test]
async fn a_swallowed_database_error_commits_nothing_more() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let swallowed = app.board.db.write(|tx| {
        rename(tx, "x")?;
        let broken = diesel::sql_query("INSERT INTO accounts (id) VALUES (1)").execute(tx.conn());
        assert!(broken.is_err());
        Ok(())
    });
    // On SQLite the statement alone is undone; PostgreSQL gives the whole transaction up, and the answer says so.
    let postgres = crate::harness::database::postgres_server().is_some();
    assert_eq!(swallowed.await.is_err(), postgres);
    assert_eq!(name(&app).await, if postgres { "ada" } else { "x" });
}

#[actix_web::test]
async fn a_reader_cannot_write() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let written =
        app.board.db.read(|conn| Ok(diesel::update(accounts::table).set(accounts::name.eq("x")).execute(conn)?)).await;
    assert!(written.is_err());
    assert_eq!(name(&app).await, "ada");
}

/// SQLite only: a page limit fills its disk.
#[actix_web::test]
async fn a_full_disk_is_no_fault_of_ours_and_passes() {
    if crate::harness::database::postgres_server().is_some() {
        return;
    }
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let limit = |pages: &'static str| {
        let board = app.board.clone();
        async move {
            let job = move |tx: &mut callboard::db::Tx<'_>| {
                Ok(diesel::sql_query(format!("PRAGMA max_page_count = {pages}")).execute(tx.conn())?)
            };
            board.db.write(job).await.unwrap();
        }
    };
    limit("1").await;
    let full = app.board.db.write(|tx| rename(tx, &"x".repeat(100_000))).await;
    assert_eq!(full.unwrap_err().code(), Code::Busy);
    assert_eq!(name(&app).await, "ada");
    limit("1000000").await;
    assert_eq!(app.board.db.write(|tx| rename(tx, &"x".repeat(100_000))).await.unwrap(), 1);
}
