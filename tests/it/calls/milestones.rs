//! Milestones, and the promised day among them.

use crate::harness::{TestApp, seed::code};
use serde_json::{Value, json};

#[actix_web::test]
async fn they_are_added_changed_removed_and_shown_by_their_days() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (organizer, list) = (&event.organizer, event.path("/milestones"));
    let recording = json!({"name": "Recording", "on": "2025-04-01", "until": "2025-04-20", "text": "At *home*."});
    let made = organizer.post(&list, recording).await.expect(201).json();
    assert_eq!((&made["until"], &made["version"]), (&json!("2025-04-20"), &json!(1)));
    organizer.post(&list, json!({"name": "Kick-off", "on": "2025-02-20"})).await.expect(201);
    organizer.patch(&event.path("/call"), json!({"notify_on": "2025-03-01"})).await.expect(200);
    let shown = || async {
        let call = app.anonymous().get(&event.path("/call")).await.expect(200).json();
        let milestones = call["milestones"].as_array().unwrap().iter();
        milestones
            .map(|one| format!("{} {}", one["on"].as_str().unwrap(), one["kind"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown().await, ["2025-02-20 other", "2025-03-01 notification", "2025-04-01 other"]);
    let path = format!("{list}/{}", code(&made));
    let edited = organizer.patch(&path, json!({"on": "2025-01-31", "until": null})).await.expect(200).json();
    assert_eq!((&edited["name"], &edited["until"], &edited["version"]), (&json!("Recording"), &json!(null), &json!(2)));
    assert_eq!(organizer.patch(&path, json!({"on": "2025-01-31"})).await.expect(200).json(), edited);
    organizer.patch_from("\"1\"", &path, json!({"name": "x"})).await.problem(412, "stale");
    assert_eq!(shown().await, ["2025-01-31 other", "2025-02-20 other", "2025-03-01 notification"]);
    organizer.delete(&path).await.expect(204);
    organizer.delete(&path).await.problem(404, "not_found");
}

#[actix_web::test]
async fn their_fields_are_checked_and_they_belong_to_their_event() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let list = event.path("/milestones");
    let add = |body: Value| {
        let (organizer, list) = (event.organizer.clone(), list.clone());
        async move { organizer.post(&list, body).await }
    };
    add(json!({"name": "x", "on": "2025-04-02", "until": "2025-04-01"})).await.field_error("until", "before_start");
    add(json!({"name": "x", "on": "2025-04-31"})).await.field_error("on", "day");
    add(json!({"name": "", "on": "2025-04-01"})).await.field_error("name", "too_short");
    let made = code(&add(json!({"name": "x", "on": "2025-04-01", "until": "2025-04-01"})).await.expect(201).json());
    let path = format!("{list}/{made}");
    event.organizer.patch(&path, json!({"on": "2025-04-02"})).await.field_error("until", "before_start");
    event.organizer.delete(&other.path(&format!("/milestones/{made}"))).await.problem(404, "not_found");
    let rita = app.reviewer("rita", &event).await;
    rita.get(&list).await.problem(403, "forbidden");
    rita.post(&list, json!({"name": "x", "on": "2025-04-01"})).await.problem(403, "forbidden");
    rita.patch(&path, json!({"name": "y"})).await.problem(403, "forbidden");
    rita.delete(&path).await.problem(403, "forbidden");
    for _ in 1..50 {
        add(json!({"name": "x", "on": "2025-04-01"})).await.expect(201);
    }
    add(json!({"name": "x", "on": "2025-04-01"})).await.problem(409, "wrong_state");
}
