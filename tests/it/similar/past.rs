//! Past talks that organizers add.

use super::{OTHER, REWRITTEN, VACUUM, draft, one, submit, told};
use crate::harness::TestApp;
use serde_json::{Value, json};

fn talk(title: &str, abstract_: &str) -> Value {
    json!({"title": title, "abstract": abstract_, "occasion": "POSETTE 2024", "url": "https://posette.example/talk"})
}

#[actix_web::test]
async fn proposals_are_compared_with_past_talks() {
    let app = TestApp::new().await;
    let (event, other, ada) = (app.event("conf").await, app.event("other").await, app.speaker("ada").await);
    let talks = json!({"talks": [talk("Vacuum 2024", VACUUM), talk("Indexes 2024", OTHER)]});
    let added = event.organizer.post(&event.path("/past-talks"), talks.clone()).await.expect(200).json();
    assert_eq!(added, json!({"added": 2, "known": 0}));
    let again = event.organizer.post(&event.path("/past-talks"), talks).await.expect(200).json();
    assert_eq!(again, json!({"added": 0, "known": 2}), "a second time changes nothing");
    let proposal = submit(&event, &ada, "Vacuum", REWRITTEN).await;
    let warning = &proposal["similar"][0];
    assert_eq!((&warning["kind"], &warning["title"]), (&json!("past"), &json!("Vacuum 2024")));
    assert_eq!((&warning["occasion"], &warning["event"]), (&json!("POSETTE 2024"), &json!(null)));
    assert_eq!(warning["url"], "https://posette.example/talk");
    let pairs = event.organizer.get(&event.path("/similar")).await.expect(200).json();
    assert_eq!(pairs["items"].as_array().unwrap().len(), 1);
    assert_eq!(pairs["items"][0]["similar"]["kind"], "past");
    let elsewhere = draft(&other, &ada, "Indexes", OTHER).await;
    assert_eq!(told(&other, &ada, &elsewhere).await, [], "they are the event's own list");
    let here = draft(&event, &ada, "Indexes", OTHER).await;
    assert_eq!(told(&event, &ada, &here).await, one("past", "Indexes 2024"));
    let listed = event.organizer.get(&event.path("/past-talks")).await.expect(200).json();
    for item in listed["items"].as_array().unwrap() {
        let path = event.path(&format!("/past-talks/{}", item["id"].as_str().unwrap()));
        event.organizer.delete(&path).await.expect(204);
        event.organizer.delete(&path).await.problem(404, "not_found");
    }
    assert_eq!(told(&event, &ada, &here).await, []);
}

#[actix_web::test]
async fn past_talks_are_listed_page_by_page() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let talks: Vec<Value> = (0..5).map(|at| talk(&format!("T{at}"), "")).collect();
    event.organizer.post(&event.path("/past-talks"), json!({"talks": talks})).await.expect(200);
    let (mut seen, mut query) = (vec![], "?limit=2".to_owned());
    loop {
        let page = event.organizer.get(&event.path(&format!("/past-talks{query}"))).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|talk| talk["title"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=2&cursor={next}");
    }
    seen.sort();
    assert_eq!(seen, ["T0", "T1", "T2", "T3", "T4"]);
}

#[actix_web::test]
async fn only_organizers_add_and_not_too_many_at_once() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let chair = app.member("cleo", &event, "chair").await;
    chair.post(&event.path("/past-talks"), json!({"talks": [talk("A", "")]})).await.problem(403, "forbidden");
    let many = |count: usize| json!({"talks": (0..count).map(|at| json!({"title": format!("T{at}"), "occasion": "X"})).collect::<Vec<_>>()});
    for wrong in [many(0), many(1001), json!({"talks": [{"title": "A"}]})] {
        let status = event.organizer.post(&event.path("/past-talks"), wrong).await.status.as_u16();
        assert_eq!(status, 422);
    }
    let added = event.organizer.post(&event.path("/past-talks"), many(1000)).await.expect(200).json();
    assert_eq!(added, json!({"added": 1000, "known": 0}));
}
