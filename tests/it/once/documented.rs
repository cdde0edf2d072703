//! Every route of its kind takes the header: read from the OpenAPI document, which is made of the handlers' types.

use crate::harness::TestApp;
use serde_json::Value;

fn takes(operation: &Value, header: &str) -> bool {
    let parameters = operation["parameters"].as_array();
    parameters.is_some_and(|list| list.iter().any(|parameter| parameter["name"] == header))
}

/// Operations under the API with this method that need a token and do not take the header.
async fn without(header: &str, methods: &[&str]) -> Vec<String> {
    let app = TestApp::new().await;
    let document = app.anonymous().get("/openapi.json").await.expect(200).json();
    let mut found = vec![];
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let concerned = methods.contains(&method.as_str()) && !operation["security"][0]["session"].is_null();
            if concerned && !takes(operation, header) {
                found.push(format!("{method} {path}"));
            }
        }
    }
    found
}

#[actix_web::test]
async fn every_create_and_action_takes_a_key() {
    // A token is shown once: its answer is not kept, so it cannot be given again.
    let shown_once = [
        "post /api/v1/events/{event}/late-links",
        "post /api/v1/events/{event}/my/proposals/{code}/preview-links",
        "post /api/v1/events/{event}/tokens",
        "post /api/v1/me/tokens",
    ];
    assert_eq!(without("Idempotency-Key", &["post"]).await, shown_once);
}

#[actix_web::test]
async fn every_edit_takes_a_version() {
    // Of these nothing is read before: bids and conflicts are said, a proposal put off, and the password guards the others.
    let guarded_otherwise = [
        "put /api/v1/events/{event}/reviewing/proposals/{ref}/bid",
        "put /api/v1/events/{event}/reviewing/proposals/{ref}/conflict",
        "put /api/v1/events/{event}/reviewing/proposals/{ref}/skip",
        "put /api/v1/me/email",
        "put /api/v1/me/password",
    ];
    assert_eq!(without("If-Match", &["patch", "put"]).await, guarded_otherwise);
}
