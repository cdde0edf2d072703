//! Every error answer under `/api` is a problem.

use crate::harness::TestApp;
use actix_web::{http::Method, test::TestRequest};
use serde_json::json;

#[actix_web::test]
async fn errors_are_problems_under_the_api_and_pages_elsewhere() {
    let app = TestApp::new().await;
    let anonymous = app.anonymous();
    anonymous.get("/nowhere").await.problem(404, "not_found");
    anonymous.get("/me").await.problem(401, "sign_in_required");
    let wrong_method = anonymous.delete("/accounts").await;
    assert_eq!(wrong_method.header("allow"), "POST");
    wrong_method.problem(405, "method_not_allowed");
    let raw = |body: &str| anonymous.request(Method::POST, "/accounts").set_payload(body.to_owned());
    let typed = |body: &str| raw(body).insert_header(("content-type", "application/json"));
    anonymous.send(raw("{}")).await.problem(415, "media_type");
    anonymous.send(typed("{")).await.problem(400, "malformed");
    anonymous.send(typed("{} {}")).await.field_error("email", "missing");
    anonymous.send(typed(&format!("\"{}\"", "x".repeat(300_000)))).await.problem(413, "too_large");
    anonymous.post("/accounts", json!([])).await.field_error("", "wrong_type");
    anonymous.post("/sign-in-links", json!(["ada@example.org"])).await.field_error("", "wrong_type");
    anonymous.post("/sign-in-links", json!({"email": "ada@example.org"})).await.expect(202);
    let page = anonymous.page("/nowhere").await.expect(404);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let outside = anonymous.send(TestRequest::post().uri("/api/nowhere")).await;
    outside.problem(404, "not_found");
}

#[actix_web::test]
async fn every_answer_carries_the_safe_headers_and_an_id() {
    let app = TestApp::new().await;
    let problem = app.anonymous().get("/me").await;
    assert_eq!(problem.header("x-content-type-options"), "nosniff");
    assert_eq!(problem.header("cache-control"), "no-store");
    assert!(problem.header("content-security-policy").contains("default-src 'self'"));
    assert_eq!(problem.header("www-authenticate"), "Bearer");
    assert_eq!(problem.json()["request_id"], problem.header("x-request-id"));
}

#[actix_web::test]
async fn the_user_interface_of_the_document_is_served_from_here() {
    let app = TestApp::new().await;
    let page = app.anonymous().page("/api/docs/").await.expect(200).text();
    assert!(!page.contains("http://") && !page.contains("https://"), "no other host: {page}");
    let document = app.anonymous().get("/openapi.json").await.expect(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    let operation = &document["paths"]["/api/v1/accounts"]["post"];
    assert!(operation["responses"]["202"].is_object() && operation["responses"]["422"].is_object(), "{operation}");
}

#[actix_web::test]
async fn text_that_no_database_takes_is_the_inputs_fault() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let sign_in = json!({"email": "a\u{0}@example.org", "password": "x"});
    app.anonymous().post("/sessions", sign_in).await.problem(401, "wrong_credentials");
    event.organizer.get(&event.path("/proposals?format=%00")).await.field_error("format", "code");
    event.organizer.get(&event.path("/proposals?track=%00")).await.field_error("track", "code");
    let decisions = json!({"codes": ["\u{0}"], "decision": "accepted", "dry_run": true});
    event.organizer.post(&event.path("/decisions"), decisions).await.expect(200);
    for path in ["/proposals/%00", "/mails/%00", "/exports/%00", "/proposals?cursor=%00"] {
        let status = event.organizer.get(&event.path(path)).await.status.as_u16();
        assert!([400, 404, 422].contains(&status), "{path} answered {status}");
    }
}

#[actix_web::test]
async fn what_is_refused_is_not_repeated_even_when_it_holds_marks_of_ours() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let body = json!({"codes": ["AAAAAA"], "decision": "x\u{1f}hunter2"});
    let refused = event.organizer.post(&event.path("/decisions"), body).await.expect(422);
    assert!(!refused.text().contains("hunter2"), "{}", refused.text());
}

#[actix_web::test]
async fn letters_case_does_not_matter_where_the_standards_say_so() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let token = ada.token().to_owned();
    let me = app.anonymous().request(Method::GET, "/me").insert_header(("authorization", format!("bearer {token}")));
    app.anonymous().send(me).await.expect(200);
    let typed = app.anonymous().request(Method::POST, "/sessions").insert_header(("content-type", "Application/JSON"));
    app.anonymous().send(typed.set_payload("{}")).await.field_error("email", "missing");
}
