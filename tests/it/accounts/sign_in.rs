//! Sign up, verify, sign in and out, reset.

use crate::harness::{PASSWORD, TestApp, address};
use serde_json::json;
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);

fn almost(time: Duration) -> Duration {
    time.saturating_sub(MICROSECOND)
}

#[actix_web::test]
async fn from_sign_up_to_sign_out() {
    let app = TestApp::new().await;
    let sign_up = json!({"email": "Ada@Example.org", "name": "Ada Lovelace", "password": PASSWORD});
    app.anonymous().post("/accounts", sign_up).await.expect(202);
    let sign_in = json!({"email": "ada@example.org", "password": PASSWORD});
    let session = app.anonymous().post("/sessions", sign_in).await.expect(201).json();
    assert_eq!(session["expires_at"], "2025-02-14T12:00:00Z");
    let ada = app.with_token(session["token"].as_str().unwrap());
    let me = ada.get("/me").await.expect(200).json();
    assert_eq!(
        me,
        json!({"email": "Ada@Example.org", "name": "Ada Lovelace", "email_verified": false, "admin": false, "version": 1})
    );
    let mails = app.mails().await;
    let token = app.links_in(&mails[0]).remove(0);
    app.anonymous().post("/accounts/verify", json!({"token": token})).await.expect(204);
    assert_eq!(ada.get("/me").await.expect(200).json()["email_verified"], true);
    app.anonymous().post("/accounts/verify", json!({"token": token})).await.problem(422, "link_dead");
    ada.delete("/sessions/current").await.expect(204);
    ada.get("/me").await.problem(401, "sign_in_required");
}

#[actix_web::test]
async fn wrong_password_and_unknown_address_answer_alike() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let answer = |email: String| {
        let client = app.anonymous();
        async move {
            let mut problem = client
                .post("/sessions", json!({"email": email, "password": "wrong"}))
                .await
                .problem(401, "wrong_credentials");
            problem["request_id"] = json!("");
            problem
        }
    };
    assert_eq!(answer(address("ada")).await, answer(address("nobody")).await);
}

#[actix_web::test]
async fn asking_for_a_reset_answers_alike_and_mails_only_known_addresses() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let before = app.mails().await.len();
    let ask = |name: &str| app.anonymous().post_owned("/password-resets", json!({"email": address(name)}));
    let (known, unknown) = (ask("ada").await, ask("nobody").await);
    assert_eq!((known.status, known.body), (unknown.status, unknown.body));
    assert_eq!(app.mails().await.len(), before + 1);
}

#[actix_web::test]
async fn signing_up_twice_answers_alike_and_tells_the_owner_by_mail() {
    let app = TestApp::new().await;
    let sign_up = |name: &str| json!({"email": address("ada"), "name": name, "password": PASSWORD});
    let first = app.anonymous().post("/accounts", sign_up("Ada")).await.expect(202);
    let again = app.anonymous().post("/accounts", sign_up("Mallory")).await.expect(202);
    assert_eq!(first.body, again.body);
    let mails = app.mails_to("ada", "account_exists").await;
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].body_text.contains("Mallory"), "the mail speaks to the owner");
    let ada = app.sign_in("ada").await;
    assert_eq!(ada.get("/me").await.json()["name"], "Ada");
}

#[actix_web::test]
async fn a_reset_works_once_within_30_minutes_and_ends_all_sessions() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    app.anonymous().post("/password-resets", json!({"email": address("ada")})).await.expect(202);
    let token = app.link_mailed_to("ada", "reset").await;
    app.advance(almost(Duration::from_mins(30)));
    let reset = json!({"token": token, "password": "a new long password"});
    app.anonymous().post("/password-resets/confirm", reset.clone()).await.expect(204);
    ada.get("/me").await.problem(401, "sign_in_required");
    app.anonymous().post("/password-resets/confirm", reset).await.problem(422, "link_dead");
    let old = json!({"email": address("ada"), "password": PASSWORD});
    app.anonymous().post("/sessions", old).await.problem(401, "wrong_credentials");
    let new = json!({"email": address("ada"), "password": "a new long password"});
    app.anonymous().post("/sessions", new).await.expect(201);
}

#[actix_web::test]
async fn a_reset_is_dead_at_30_minutes_and_when_a_newer_one_was_asked_for() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    app.anonymous().post("/password-resets", json!({"email": address("ada")})).await.expect(202);
    let first = app.link_mailed_to("ada", "reset").await;
    app.anonymous().post("/password-resets", json!({"email": address("ada")})).await.expect(202);
    let second = app.link_mailed_to("ada", "reset").await;
    let reset = |token: &str| json!({"token": token, "password": "a new long password"});
    app.anonymous().post("/password-resets/confirm", reset(&first)).await.problem(422, "link_dead");
    app.advance(Duration::from_mins(30));
    app.anonymous().post("/password-resets/confirm", reset(&second)).await.problem(422, "link_dead");
}

#[actix_web::test]
async fn the_verification_link_works_for_48_hours_and_can_be_sent_again() {
    let app = TestApp::new().await;
    let ada = app.unverified("ada").await;
    let token = app.link_mailed_to("ada", "verify").await;
    app.advance(Duration::from_hours(48));
    app.anonymous().post("/accounts/verify", json!({"token": token})).await.problem(422, "link_dead");
    ada.act("/me/verification").await.expect(202);
    app.advance(almost(Duration::from_hours(48)));
    app.verify("ada").await;
    ada.act("/me/verification").await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn a_session_ends_after_30_days() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    app.advance(almost(Duration::from_hours(30 * 24)));
    ada.get("/me").await.expect(200);
    app.advance(MICROSECOND);
    ada.get("/me").await.problem(401, "sign_in_required");
}

#[actix_web::test]
async fn the_pages_of_links_change_nothing_until_their_form_is_sent() {
    let app = TestApp::new().await;
    let ada = app.unverified("ada").await;
    let page = format!("/verify/{}", app.link_mailed_to("ada", "verify").await);
    for _ in 0..2 {
        app.anonymous().page(&page).await.expect(200);
    }
    assert_eq!(ada.get("/me").await.json()["email_verified"], false);
    app.anonymous().form(&page, &[]).await.expect(200);
    assert_eq!(ada.get("/me").await.json()["email_verified"], true);
    app.anonymous().page(&page).await.expect(422);
}

#[actix_web::test]
async fn a_form_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let ada = app.unverified("ada").await;
    let page = format!("/verify/{}", app.link_mailed_to("ada", "verify").await);
    let form = || actix_web::test::TestRequest::post().uri(&page).set_form([("", ""); 0]);
    app.anonymous().send(form()).await.expect(403);
    app.anonymous().send(form().insert_header(("sec-fetch-site", "cross-site"))).await.expect(403);
    app.anonymous().send(form().insert_header(("origin", "https://evil.example"))).await.expect(403);
    assert_eq!(ada.get("/me").await.json()["email_verified"], false);
    let ours = actix_web::test::TestRequest::post().uri(&page).insert_header(("origin", "https://cfp.example.org"));
    app.anonymous().send(ours.set_form([("", ""); 0])).await.expect(200);
}

#[actix_web::test]
async fn the_reset_page_shows_what_is_wrong_and_never_the_password() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    app.anonymous().post("/password-resets", json!({"email": address("ada")})).await.expect(202);
    let page = format!("/reset/{}", app.link_mailed_to("ada", "reset").await);
    let again = app.anonymous().form(&page, &[("password", "short")]).await.expect(422).text();
    assert!(again.contains("at least 10 characters") && !again.contains("short<"), "{again}");
    assert!(!again.contains("value=\"short\""));
    app.anonymous().form(&page, &[("password", "long enough now")]).await.expect(200);
}

#[actix_web::test]
async fn bad_input_names_the_field_and_never_repeats_it() {
    let app = TestApp::new().await;
    let post = |body| app.anonymous().post_owned("/accounts", body);
    let good = json!({"email": "a@example.org", "name": "A", "password": PASSWORD});
    let with = |field: &str, value: serde_json::Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    post(with("password", json!("nine char"))).await.field_error("password", "too_short");
    post(with("email", json!("not an address"))).await.field_error("email", "email");
    post(with("name", json!("  "))).await.field_error("name", "too_short");
    post(with("name", json!("x".repeat(101)))).await.field_error("name", "too_long");
    post(with("name", json!("a\u{202e}b"))).await.field_error("name", "letters");
    post(with("admin", json!(true))).await.field_error("admin", "unknown_field");
    let wrong_type = post(with("password", json!({"secret": "hunter2hunter2"}))).await;
    assert!(!wrong_type.text().contains("hunter2"), "{}", wrong_type.text());
    wrong_type.field_error("password", "wrong_type");
    post(json!({"email": "a@example.org", "name": "A"})).await.field_error("password", "missing");
    assert!(app.mails().await.is_empty(), "a refused sign-up mails nobody");
}
