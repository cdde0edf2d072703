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
    anonymous.post("/accounts", json!([])).await.problem(422, "invalid");
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
