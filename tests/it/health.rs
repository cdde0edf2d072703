//! What load balancers are told.

use crate::harness::{TestApp, database::postgres_server};
use callboard::on;
use diesel::connection::SimpleConnection;
use std::sync::atomic::Ordering;

async fn ready(app: &TestApp) -> (u16, String) {
    let answer = app.anonymous().page("/readyz").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    (answer.status.as_u16(), answer.text())
}

#[actix_web::test]
async fn it_is_ready_with_a_database_of_this_version() {
    let app = TestApp::new().await;
    assert_eq!(ready(&app).await, (200, "ready".into()));
    let forget = |tx: &mut callboard::db::Tx<'_>| {
        on!(tx.conn(), c => c.batch_execute("DELETE FROM __diesel_schema_migrations"))?;
        Ok(())
    };
    app.board.db.write(forget).await.unwrap();
    assert_eq!(ready(&app).await, (503, "migrations: run `callboard migrate`".into()));
}

#[actix_web::test]
async fn it_is_not_ready_without_a_database_but_alive() {
    let app = TestApp::new().await;
    if postgres_server().is_none() {
        let hide = |tx: &mut callboard::db::Tx<'_>| {
            on!(tx.conn(), c => c.batch_execute("ALTER TABLE __diesel_schema_migrations RENAME TO hidden"))?;
            Ok(())
        };
        app.board.db.write(hide).await.unwrap();
        assert_eq!(ready(&app).await, (503, "database: does not answer".into()));
    }
    app.board.db.shutdown();
    assert_eq!(ready(&app).await, (503, "database: does not answer".into()));
    assert_eq!(app.anonymous().page("/healthz").await.expect(200).text(), "ok");
}

#[actix_web::test]
async fn it_says_when_it_is_about_to_stop() {
    let app = TestApp::new().await;
    app.board.stopping.store(true, Ordering::Relaxed);
    assert_eq!(ready(&app).await, (503, "stopping".into()));
    app.anonymous().get("/me").await.problem(401, "sign_in_required");
}
