//! Changing the address.

use crate::harness::{Client, PASSWORD, Response, TestApp, address};
use serde_json::json;
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);
const A_DAY: Duration = Duration::from_hours(24);

async fn ask(client: &Client, new: &str) -> Response {
    client.put("/me/email", json!({"email": address(new), "password": PASSWORD})).await
}

async fn confirm(app: &TestApp, token: &str) -> Response {
    app.anonymous().post("/email-changes/confirm", json!({"token": token})).await
}

async fn email(client: &Client) -> String {
    client.get("/me").await.expect(200).json()["email"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn the_address_changes_when_the_link_is_used_and_the_old_one_is_told_twice() {
    let app = TestApp::new().await;
    let (ada, other) = (app.speaker("ada").await, app.sign_in("ada").await);
    ask(&ada, "new").await.expect(202);
    assert_eq!(email(&ada).await, address("ada"), "nothing has changed yet");
    assert_eq!(app.mails_to("ada", "email_change_asked").await.len(), 1);
    let token = app.link_mailed_to("new", "change_email").await;
    confirm(&app, &token).await.expect(204);
    assert_eq!(email(&ada).await, address("new"));
    assert_eq!(ada.get("/me").await.json()["email_verified"], true);
    other.get("/me").await.problem(401, "sign_in_required");
    assert_eq!(app.mails_to("ada", "email_changed").await.len(), 1);
    assert!(app.mails_to("new", "email_changed").await.is_empty());
    confirm(&app, &token).await.problem(422, "link_dead");
    let sign_in = |name: &str| json!({"email": address(name), "password": PASSWORD});
    app.anonymous().post("/sessions", sign_in("new")).await.expect(201);
    app.anonymous().post("/sessions", sign_in("ada")).await.problem(401, "wrong_credentials");
}

#[actix_web::test]
async fn the_password_and_another_address_are_needed() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let before = app.mails().await.len();
    let wrong = json!({"email": address("new"), "password": "not the password"});
    ada.put("/me/email", wrong).await.field_error("password", "wrong");
    ask(&ada, "ada").await.field_error("email", "same");
    assert_eq!(app.mails().await.len(), before, "nobody was mailed");
}

#[actix_web::test]
async fn the_link_is_dead_after_a_day_and_when_a_newer_one_was_asked_for() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    ask(&ada, "first").await.expect(202);
    let first = app.link_mailed_to("first", "change_email").await;
    ask(&ada, "second").await.expect(202);
    let second = app.link_mailed_to("second", "change_email").await;
    confirm(&app, &first).await.problem(422, "link_dead");
    app.advance(A_DAY.saturating_sub(MICROSECOND));
    confirm(&app, &second).await.expect(204);
    ask(&ada, "third").await.expect(202);
    let third = app.link_mailed_to("third", "change_email").await;
    app.advance(A_DAY);
    confirm(&app, &third).await.problem(422, "link_dead");
    assert_eq!(email(&ada).await, address("second"));
}

/// Neither the answer nor anything else that the asking account can see tells whose address it is.
#[actix_web::test]
async fn somebody_elses_address_answers_alike_and_changes_nothing() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let (taken, free) = (ask(&ada, "bob").await, ask(&ada, "free").await);
    assert_eq!((taken.status, &taken.body), (free.status, &free.body));
    assert_eq!(app.mails_to("ada", "email_change_asked").await.len(), 2, "told in both cases");
    let note = app.mails_to("bob", "address_in_use").await;
    assert_eq!(note.len(), 1);
    assert!(app.links_in(&note[0]).is_empty() && app.mails_to("bob", "change_email").await.is_empty());
    assert!(!note[0].body_text.contains("ada"));
    assert_eq!((email(&ada).await, email(&bob).await), (address("ada"), address("bob")));
}

#[actix_web::test]
async fn an_account_made_with_the_address_meanwhile_keeps_it() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    ask(&ada, "new").await.expect(202);
    let token = app.link_mailed_to("new", "change_email").await;
    let other = app.unverified("new").await;
    confirm(&app, &token).await.problem(409, "taken");
    assert_eq!((email(&ada).await, email(&other).await), (address("ada"), address("new")));
}

/// What was mailed to the old address is worth nothing afterwards.
#[actix_web::test]
async fn links_mailed_to_the_old_address_die_with_it() {
    let app = TestApp::new().await;
    let ada = app.unverified("ada").await;
    let verifies = app.link_mailed_to("ada", "verify").await;
    app.anonymous().post("/password-resets", json!({"email": address("ada")})).await.expect(202);
    let resets = app.link_mailed_to("ada", "reset").await;
    app.anonymous().post("/sign-in-links", json!({"email": address("ada")})).await.expect(202);
    let signs_in = app.link_mailed_to("ada", "sign_in_link").await;
    ask(&ada, "new").await.expect(202);
    confirm(&app, &app.link_mailed_to("new", "change_email").await).await.expect(204);
    let post = |path: &'static str, body| app.anonymous().post_owned(path, body);
    post("/accounts/verify", json!({"token": verifies})).await.problem(422, "link_dead");
    post("/password-resets/confirm", json!({"token": resets, "password": PASSWORD})).await.problem(422, "link_dead");
    post("/sessions/link", json!({"token": signs_in})).await.problem(422, "link_dead");
    assert_eq!(email(&ada).await, address("new"));
}

/// What was asked for by the old address before the change and is answered after it goes nowhere.
#[actix_web::test]
async fn a_request_by_the_old_address_is_not_answered_after_the_change() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    ask(&ada, "new").await.expect(202);
    let token = app.link_mailed_to("new", "change_email").await;
    app.anonymous().post("/password-resets", json!({"email": address("ada")})).await.expect(202);
    confirm(&app, &token).await.expect(204);
    assert!(app.mails_to("ada", "reset").await.is_empty());
    assert!(app.mails_to("new", "reset").await.is_empty());
}

#[actix_web::test]
async fn of_two_accounts_that_want_one_address_one_gets_it() {
    let app = TestApp::new().await;
    let mut tokens = vec![];
    for name in ["ada", "bob"] {
        ask(&app.speaker(name).await, "new").await.expect(202);
        tokens.push(app.link_mailed_to("new", "change_email").await);
    }
    let both = futures_util::future::join(confirm(&app, &tokens[0]), confirm(&app, &tokens[1])).await;
    let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

#[actix_web::test]
async fn the_page_shows_the_new_address_only() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    ask(&ada, "new").await.expect(202);
    let page = format!("/change-address/{}", app.link_mailed_to("new", "change_email").await);
    let shown = app.anonymous().page(&page).await.expect(200).text();
    assert!(shown.contains("new@example.org") && !shown.contains("ada"), "{shown}");
    app.anonymous().form(&page, &[]).await.expect(200);
    assert_eq!(email(&ada).await, address("new"));
    app.anonymous().form(&page, &[]).await.expect(422);
}
