//! Changing the password.

use crate::harness::{Client, PASSWORD, TestApp, address};
use serde_json::json;

const NEW: &str = "a new long password";

async fn change(client: &Client, current: &str) -> crate::harness::Response {
    client.put("/me/password", json!({"current_password": current, "new_password": NEW})).await
}

async fn signs_in(app: &TestApp, password: &str) -> bool {
    let sign_in = json!({"email": address("ada"), "password": password});
    app.anonymous().post("/sessions", sign_in).await.status == 201
}

#[actix_web::test]
async fn a_new_password_ends_the_other_sessions_and_a_mail_tells() {
    let app = TestApp::new().await;
    let (ada, other) = (app.speaker("ada").await, app.sign_in("ada").await);
    change(&ada, PASSWORD).await.expect(204);
    ada.get("/me").await.expect(200);
    other.get("/me").await.problem(401, "sign_in_required");
    assert_eq!((signs_in(&app, PASSWORD).await, signs_in(&app, NEW).await), (false, true));
    assert_eq!(app.mails_to("ada", "password_changed").await.len(), 1);
}

#[actix_web::test]
async fn the_current_password_is_needed() {
    let app = TestApp::new().await;
    let (ada, other) = (app.speaker("ada").await, app.sign_in("ada").await);
    change(&ada, "not the password").await.field_error("current_password", "wrong");
    let short = json!({"current_password": PASSWORD, "new_password": "nine char"});
    ada.put("/me/password", short).await.field_error("new_password", "too_short");
    other.get("/me").await.expect(200);
    assert!(signs_in(&app, PASSWORD).await);
    assert!(app.mails_to("ada", "password_changed").await.is_empty());
}

/// Whoever asked for these links may have been the reason for the new password.
#[actix_web::test]
async fn a_new_password_kills_the_links_that_were_mailed_before() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    ada.put("/me/email", json!({"email": address("new"), "password": PASSWORD})).await.expect(202);
    let changes = app.link_mailed_to("new", "change_email").await;
    app.anonymous().post("/password-resets", json!({"email": address("ada")})).await.expect(202);
    let resets = app.link_mailed_to("ada", "reset").await;
    app.anonymous().post("/sign-in-links", json!({"email": address("ada")})).await.expect(202);
    let signs_in = app.link_mailed_to("ada", "sign_in_link").await;
    change(&ada, PASSWORD).await.expect(204);
    let post = |path: &'static str, body| app.anonymous().post_owned(path, body);
    post("/email-changes/confirm", json!({"token": changes})).await.problem(422, "link_dead");
    post("/password-resets/confirm", json!({"token": resets, "password": PASSWORD})).await.problem(422, "link_dead");
    post("/sessions/link", json!({"token": signs_in})).await.problem(422, "link_dead");
}

/// Of two changes at once the second finds that the password it was checked against is gone.
#[actix_web::test]
async fn two_changes_at_once_make_one() {
    let app = TestApp::new().await;
    let (one, two) = (app.speaker("ada").await, app.sign_in("ada").await);
    let (first, second) = futures_util::future::join(change(&one, PASSWORD), change(&two, PASSWORD)).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 204, "{statuses:?}");
    assert!([401, 422].contains(&statuses[1]), "its session or the password is gone: {statuses:?}");
    assert_eq!(app.mails_to("ada", "password_changed").await.len(), 1);
}
