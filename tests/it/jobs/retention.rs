//! What has had its time is gone, and nothing before its time.

use crate::harness::TestApp;
use callboard::{
    db::{
        schema::{account_actions, invitations, sessions},
        types::Ts,
    },
    events::invitation_store::INVITATIONS_KEPT,
    jobs::schedule::JOBS,
};
use diesel::prelude::*;
use serde_json::json;
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);

/// Does a job as if it were `now`; answers how much it did.
async fn done(app: &TestApp, name: &str, now: Ts) -> usize {
    let job = JOBS.iter().find(|job| job.name == name).unwrap();
    let board = app.board.clone();
    app.board.db.write(move |tx| (job.chunk)(tx, &board.config, now, 100)).await.unwrap()
}

/// What ends at `end` stays until a microsecond before, and is gone then.
async fn ends_at(app: &TestApp, name: &str, end: Ts) {
    assert_eq!(done(app, name, end.minus(MICROSECOND)).await, 0, "{name} too early");
    assert_eq!(done(app, name, end).await, 1, "{name} too late");
    assert_eq!(done(app, name, end).await, 0);
}

#[actix_web::test]
async fn sessions_go_when_they_end() {
    let app = TestApp::new().await;
    app.unverified("ada").await;
    let end = app.board.db.read(|conn| Ok(sessions::table.select(sessions::expires_at).first::<Ts>(conn)?)).await;
    app.advance(Duration::from_secs(1));
    let later = app.sign_in("ada").await;
    ends_at(&app, "expired_sessions", end.unwrap()).await;
    later.get("/me").await.expect(200);
}

#[actix_web::test]
async fn mailed_links_go_when_they_end() {
    let app = TestApp::new().await;
    app.unverified("ada").await;
    let end = account_actions::table.select(account_actions::expires_at);
    let end = app.board.db.read(move |conn| Ok(end.first::<Ts>(conn)?)).await;
    app.advance(Duration::from_secs(1));
    app.unverified("grace").await;
    ends_at(&app, "expired_links", end.unwrap()).await;
    app.verify("grace").await;
}

#[actix_web::test]
async fn invitations_go_a_month_after_they_ended() {
    let app = TestApp::new().await;
    let event = app.event("rustconf").await;
    let invitation = json!({"email": "rita@example.org", "role": "reviewer"});
    event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
    let end = invitations::table.select(invitations::expires_at);
    let end = app.board.db.read(move |conn| Ok(end.first::<Ts>(conn)?)).await;
    ends_at(&app, "old_invitations", end.unwrap().plus(INVITATIONS_KEPT)).await;
}

#[actix_web::test]
async fn texts_of_mails_go_after_the_days_that_are_set() {
    for (settings, days) in [(vec![], 90), (vec![("mail_retention_days", "7")], 7)] {
        let app = TestApp::with(&settings).await;
        app.unverified("ada").await;
        callboard::mail::deliver::round(&app.board).await.unwrap();
        let end = app.board.clock.now().plus(Duration::from_hours(24 * days)).plus(MICROSECOND);
        ends_at(&app, "old_mail_texts", end).await;
    }
}
