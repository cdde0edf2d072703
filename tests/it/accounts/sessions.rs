//! Where somebody is signed in.

use crate::harness::{PASSWORD, TestApp, address};
use actix_web::http::Method;
use serde_json::{Value, json};
use std::time::Duration;

async fn sign_in_with(app: &TestApp, name: &str, agent: &str) -> crate::harness::Client {
    let client = app.anonymous();
    let request = client.request(Method::POST, "/sessions").insert_header(("user-agent", agent));
    let body = json!({"email": address(name), "password": PASSWORD});
    let session = client.send(request.set_json(body)).await.expect(201).json();
    app.with_token(session["token"].as_str().unwrap())
}

async fn listed(client: &crate::harness::Client) -> Vec<Value> {
    client.get("/me/sessions").await.expect(200).json()["items"].as_array().unwrap().clone()
}

fn id(session: &Value) -> &str {
    session["id"].as_str().unwrap()
}

#[actix_web::test]
async fn sessions_are_listed_without_their_secrets() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    app.speaker("bob").await;
    app.advance(Duration::from_hours(1));
    let phone = sign_in_with(&app, "ada", "Phone").await;
    let answer = phone.get("/me/sessions").await.expect(200);
    let text = answer.text();
    assert!(!text.contains("token") && !text.contains("sha256") && !text.contains("cbs_"), "{text}");
    let list = listed(&phone).await;
    assert_eq!(list.len(), 2, "Bob's is not mine");
    assert_eq!(list[0]["user_agent"], "Phone", "the one used last comes first");
    assert_eq!((&list[0]["current"], &list[1]["current"]), (&json!(true), &json!(false)));
    assert_eq!(list[0]["created_at"], "2025-01-15T13:00:00Z");
    assert_eq!(list[0]["expires_at"], "2025-02-14T13:00:00Z");
    assert_eq!(list[1]["last_used_at"], "2025-01-15T12:00:00Z");
    app.advance(Duration::from_hours(30 * 24 - 1));
    assert_eq!(listed(&phone).await.len(), 1, "one has expired");
}

#[actix_web::test]
async fn one_of_my_sessions_ends_and_nobody_elses() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let phone = sign_in_with(&app, "ada", "Phone").await;
    let sessions = listed(&ada).await;
    let of_phone = sessions.iter().find(|session| session["user_agent"] == "Phone").unwrap();
    let path = format!("/me/sessions/{}", id(of_phone));
    bob.delete(&path).await.problem(404, "not_found");
    phone.get("/me").await.expect(200);
    ada.delete(&path).await.expect(204);
    phone.get("/me").await.problem(401, "sign_in_required");
    ada.delete(&path).await.problem(404, "not_found");
    ada.get("/me").await.expect(200);
}

#[actix_web::test]
async fn signing_out_everywhere_ends_this_one_too() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let phone = sign_in_with(&app, "ada", "Phone").await;
    ada.delete("/me/sessions").await.expect(204);
    for gone in [&ada, &phone] {
        gone.get("/me").await.problem(401, "sign_in_required");
    }
    bob.get("/me").await.expect(200);
    app.sign_in("ada").await.get("/me").await.expect(200);
}
