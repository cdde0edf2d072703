//! Links by which speakers show a proposal.

use crate::harness::{
    Client, Response, TestApp,
    seed::{Event, code},
};
use serde_json::{Value, json};
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);
const ALMOST_A_DAY: Duration = Duration::from_micros(24 * 3600 * 1_000_000 - 1);

async fn make(event: &Event, client: &Client, talk: &str, body: Value) -> Value {
    client.post(&event.mine(&format!("/{talk}/preview-links")), body).await.expect(201).json()
}

async fn follow(app: &TestApp, made: &Value) -> Response {
    let url = made["url"].as_str().unwrap();
    let path = url.strip_prefix("https://cfp.example.org").unwrap();
    app.anonymous().get(path).await
}

#[actix_web::test]
async fn a_link_shows_a_draft_until_it_is_revoked() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let draft = event.draft(&ada, "Bears").await;
    ada.patch(&event.mine(&format!("/{draft}")), json!({"notes": "Secret notes."})).await.expect(200);
    let made = make(&event, &ada, &draft, json!({})).await;
    assert_eq!(made["expires_at"], "2025-02-14T12:00:00Z", "30 days");
    let shown = follow(&app, &made).await.expect(200);
    assert_eq!(shown.header("cache-control"), "no-store");
    let expected = json!({"event": "conf", "event_name": "The conf", "title": "Bears", "abstract": "All about Bears.",
        "description": "An outline.", "format": "Talk", "track": null, "speakers": ["ada"],
        "expires_at": "2025-02-14T12:00:00Z"});
    assert_eq!(shown.json(), expected);
    let list = event.mine(&format!("/{draft}/preview-links"));
    let listed = ada.get(&list).await.expect(200).json()["items"].clone();
    let link = json!({"id": made["id"], "mine": true, "created_at": "2025-01-15T12:00:00Z",
        "expires_at": "2025-02-14T12:00:00Z"});
    assert_eq!(listed, json!([link]), "its secret is not there");
    let id = made["id"].as_str().unwrap();
    ada.delete(&format!("{list}/{id}")).await.expect(204);
    ada.delete(&format!("{list}/{id}")).await.problem(404, "not_found");
    follow(&app, &made).await.problem(404, "not_found");
}

#[actix_web::test]
async fn it_works_to_its_last_instant_and_is_deleted_then() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let draft = event.draft(&ada, "Bears").await;
    let path = event.mine(&format!("/{draft}/preview-links"));
    for days in [0, 181] {
        ada.post(&path, json!({"days": days})).await.field_error("days", "range");
    }
    let longest = make(&event, &ada, &draft, json!({"days": 180})).await;
    assert_eq!(longest["expires_at"], "2025-07-14T12:00:00Z");
    let made = make(&event, &ada, &draft, json!({"days": 1})).await;
    app.advance(ALMOST_A_DAY);
    follow(&app, &made).await.expect(200);
    app.advance(MICROSECOND);
    follow(&app, &made).await.problem(404, "not_found");
    let now = app.board.clock.now();
    let purge = app.board.db.write(move |tx| callboard::proposals::previews::store::purge(tx, now, 10));
    assert_eq!(purge.await.unwrap(), 1);
    follow(&app, &longest).await.expect(200);
}

#[actix_web::test]
async fn it_dies_with_the_proposal_and_with_the_place_of_its_maker() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Bears").await);
    let bob = event.co_speaker(&app, &ada, &talk, "bob").await;
    let (adas, bobs) = (make(&event, &ada, &talk, json!({})).await, make(&event, &bob, &talk, json!({})).await);
    let speakers = follow(&app, &bobs).await.expect(200).json()["speakers"].clone();
    assert_eq!(speakers, json!(["ada", "bob"]));
    let list = event.mine(&format!("/{talk}/preview-links"));
    let mine: Vec<Value> = ada.get(&list).await.expect(200).json()["items"].as_array().unwrap().clone();
    assert_eq!(mine.iter().filter(|link| link["mine"] == true).count(), 1);
    let all = ada.get(&event.mine(&format!("/{talk}/speakers"))).await.expect(200).json();
    let id = all["items"][1]["id"].as_str().unwrap().to_owned();
    ada.delete(&event.mine(&format!("/{talk}/speakers/{id}"))).await.expect(204);
    follow(&app, &bobs).await.problem(404, "not_found");
    bob.get(&list).await.problem(404, "not_found");
    follow(&app, &adas).await.expect(200);
    ada.act(&event.mine(&format!("/{talk}/withdraw"))).await.expect(200);
    follow(&app, &adas).await.problem(404, "not_found");
    ada.post(&list, json!({})).await.problem(409, "wrong_state");
    ada.act(&event.mine(&format!("/{talk}/undo-withdrawal"))).await.expect(200);
    follow(&app, &adas).await.expect(200);
    event.organizer.patch(&event.path("/settings"), json!({"visibility": "draft"})).await.expect(200);
    follow(&app, &adas).await.problem(404, "not_found");
}

#[actix_web::test]
async fn there_are_ten_at_most_and_only_speakers_make_them() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, mallory) = (app.speaker("ada").await, app.speaker("mallory").await);
    let draft = event.draft(&ada, "Bears").await;
    let path = event.mine(&format!("/{draft}/preview-links"));
    mallory.post(&path, json!({})).await.problem(404, "not_found");
    let asked = (0..12).map(|_| ada.post(&path, json!({})));
    let asked = futures_util::future::join_all(asked.collect::<Vec<_>>()).await;
    assert_eq!(asked.iter().filter(|answer| answer.status == 201).count(), 10);
    ada.post(&path, json!({})).await.problem(409, "wrong_state");
}
