//! The name of an account.

use crate::harness::TestApp;
use serde_json::json;

#[actix_web::test]
async fn the_name_changes_and_the_version_with_it() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let before = ada.get("/me").await.expect(200).json();
    let after = ada.patch("/me", json!({"name": "Ada Lovelace"})).await.expect(200).json();
    assert_eq!(after["name"], "Ada Lovelace");
    assert_eq!(after["version"].as_i64(), before["version"].as_i64().map(|version| version + 1));
    assert_eq!(ada.get("/me").await.json(), after);
    assert_eq!(ada.patch("/me", json!({})).await.expect(200).json(), after, "nothing to change");
    assert_eq!(ada.patch("/me", json!({"name": "Ada Lovelace"})).await.expect(200).json(), after);
    ada.patch("/me", json!({"name": ""})).await.field_error("name", "too_short");
    ada.patch("/me", json!({"admin": true})).await.field_error("admin", "unknown_field");
    ada.patch("/me", json!({"email": "x@example.org"})).await.field_error("email", "unknown_field");
}
