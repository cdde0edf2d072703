//! What may be written into a proposal and a profile.

use crate::harness::{TestApp, seed::proposal};
use serde_json::{Value, json};

fn with(field: &str, value: Value) -> Value {
    let mut body = proposal("A title");
    body[field] = value;
    body
}

#[actix_web::test]
async fn lengths_are_counted_in_characters_on_both_sides() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    for (field, most) in [("title", 200), ("abstract", 3000), ("description", 20_000), ("notes", 5000)] {
        ada.post(&event.mine(""), with(field, json!("語".repeat(most)))).await.expect(201);
        let long = ada.post(&event.mine(""), with(field, json!("語".repeat(most + 1)))).await;
        long.field_error(field, "too_long");
    }
    ada.post(&event.mine(""), with("title", json!(" "))).await.field_error("title", "too_short");
    ada.post(&event.mine(""), with("abstract", json!(""))).await.field_error("abstract", "missing");
    let draft = json!({"title": "Only a title"});
    ada.post(&event.mine(""), draft).await.expect(201);
}

#[actix_web::test]
async fn text_in_any_script_comes_back_as_it_was_written() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    for title in
        ["データベース入門", "数据库入门", "مقدمة في قواعد البيانات", "Über Größe — l’été", "🐘 & 👩‍💻 <b>\"x\"</b>"]
    {
        let seen = event.submit(&ada, title).await;
        assert_eq!(seen["title"], title);
        assert_eq!(event.seen(seen["code"].as_str().unwrap()).await["title"], title);
    }
}

#[actix_web::test]
async fn deceiving_text_is_refused_where_it_stands() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    for (field, text) in [("title", "a\u{202e}b"), ("title", "a\nb"), ("abstract", "a\u{0}b"), ("notes", "a\u{200b}b")]
    {
        let refused = ada.post(&event.mine(""), with(field, json!(text))).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let format = ada.post(&event.mine(""), with("format", json!("ZZZZZZ"))).await.field_error("format", "unknown");
    assert_eq!(format["choices"].as_array().unwrap().len(), 1);
    ada.post(&event.mine(""), with("track", json!("ZZZZZZ"))).await.field_error("track", "unknown");
    for field in ["decision", "lifecycle", "code", "event_id"] {
        ada.post(&event.mine(""), with(field, json!("x"))).await.field_error(field, "unknown_field");
    }
}

#[actix_web::test]
async fn the_profile_belongs_to_one_event() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let ada = app.speaker("ada").await;
    ada.get(&event.path("/my/profile")).await.problem(404, "not_found");
    let profile =
        json!({"name": "Ada L.", "bio": "Counts.", "affiliation": "Engines", "links": ["https://example.org/ada"]});
    let mut set = ada.put(&event.path("/my/profile"), profile.clone()).await.expect(200).json();
    assert_eq!(ada.get(&event.path("/my/profile")).await.expect(200).json(), set);
    set.as_object_mut().unwrap().remove("version");
    assert_eq!(set, profile);
    let here = event.submit(&ada, "Here").await;
    let person = &event.seen(here["code"].as_str().unwrap()).await["speakers"][0];
    assert_eq!(
        (&person["name"], &person["affiliation"], &person["email"]),
        (&json!("Ada L."), &json!("Engines"), &json!("ada@example.org"))
    );
    other.submit(&ada, "There").await;
    assert_eq!(ada.get(&other.path("/my/profile")).await.expect(200).json()["name"], "ada", "from the account");
    let script = json!({"name": "Ada", "links": ["javascript:alert(1)"]});
    ada.put(&event.path("/my/profile"), script).await.field_error("links[0]", "url");
    let many = json!({"name": "Ada", "links": vec!["https://example.org"; 11]});
    ada.put(&event.path("/my/profile"), many).await.field_error("links", "too_many");
}
