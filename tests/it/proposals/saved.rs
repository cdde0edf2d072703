//! Saved views of the list of proposals.

use crate::{
    events::setup_pages::{texts, value},
    harness::{TestApp, seed::code},
};
use serde_json::json;

const LIST: &str = "/proposal-views";

#[actix_web::test]
async fn a_view_is_saved_listed_and_removed() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let other = app.event("other").await;
    let (organizer, path) = (&event.organizer, event.path(LIST));
    let new = json!({"name": "Accepted, best first", "query": "?limit=7&names=true&sort=mean&decision=accepted"});
    let made = organizer.post(&path, new).await.expect(201).json();
    let expected =
        json!({"code": made["code"], "name": "Accepted, best first", "query": "decision=accepted&sort=mean"});
    assert_eq!(made, expected);
    organizer.post(&path, json!({"name": "All by title", "query": "sort=title"})).await.expect(201);
    let items = |list: serde_json::Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(items(organizer.get(&path).await.json()), ["Accepted, best first", "All by title"]);
    assert!(items(other.organizer.get(&other.path(LIST)).await.json()).is_empty());
    other.organizer.delete(&other.path(&format!("{LIST}/{}", code(&made)))).await.problem(404, "not_found");
    organizer.delete(&format!("{path}/{}", code(&made))).await.expect(204);
    organizer.delete(&format!("{path}/{}", code(&made))).await.problem(404, "not_found");
    assert_eq!(items(organizer.get(&path).await.json()), ["All by title"]);
}

#[actix_web::test]
async fn what_the_list_cannot_show_is_not_saved() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let path = event.path(LIST);
    let save = async |name: &str, query: &str| event.organizer.post(&path, json!({"name": name, "query": query})).await;
    save("Wrong", "decision=perhaps").await.field_error("query", "invalid");
    save("Nothing", "names=true").await.field_error("query", "empty");
    save("", "sort=title").await.field_error("name", "too_short");
    for number in 0..100 {
        save(&format!("View {number}"), "sort=title").await.expect(201);
    }
    save("One too many", "sort=title").await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn the_page_saves_shows_and_removes_them() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    event.submit(&app.speaker("ada").await, "A talk").await;
    let (organizer, path) = (&event.organizer, event.page("/proposals"));
    let save = format!("{path}/views");
    let page = organizer.page(&path).await.expect(200);
    assert_eq!(value(&page, &save, "query"), None, "everything is no view");
    let page = organizer.page(&format!("{path}?q=talk&sort=title&names=true")).await.expect(200);
    let query = value(&page, &save, "query").unwrap();
    assert_eq!(query, "q=talk&sort=title");
    let again = organizer.form(&save, &[("query", &query), ("name", "")]).await.expect(422);
    assert_eq!(value(&again, &save, "query").unwrap(), query, "nothing is lost");
    let saved = organizer.form(&save, &[("query", &query), ("name", "<Talks> 座談")]).await.expect(303);
    assert_eq!(saved.header("location"), format!("{path}?{query}"));
    let page = organizer.page(&format!("{path}?{query}")).await.expect(200);
    assert_eq!(texts(&page, ".saved [aria-current]"), ["<Talks> 座談"]);
    assert_eq!(value(&page, &save, "query"), None, "it is saved already");
    // Who only reads sees them and changes none.
    let viewer = app.member("vera", &event, "viewer").await;
    let seen = viewer.page(&path).await.expect(200);
    assert_eq!((texts(&seen, ".saved a").len(), texts(&seen, "#views").len()), (1, 0));
    let view = event.codes(LIST).await.remove(0);
    viewer.form(&format!("{save}/{view}/remove"), &[]).await.expect(403);
    viewer.form(&save, &[("query", &query), ("name", "Mine")]).await.expect(403);
    organizer.form(&format!("{save}/{view}/remove"), &[]).await.expect(303);
    organizer.form(&format!("{save}/{view}/remove"), &[]).await.expect(404);
    assert!(event.codes(LIST).await.is_empty());
}
