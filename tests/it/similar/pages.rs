//! Duplicates in a browser.

use super::{REWRITTEN, VACUUM, submit};
use crate::{
    events::setup_pages::{only_for, texts},
    harness::TestApp,
};
use serde_json::json;

#[actix_web::test]
async fn pairs_stand_with_what_they_share() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let path = event.page("/duplicates");
    assert!(!texts(&event.organizer.page(&path).await.expect(200), ".empty").is_empty());
    let (ada, eve) = (app.speaker("zuse").await, app.speaker("hopper").await);
    submit(&event, &ada, "A", VACUUM).await;
    submit(&event, &eve, "B", REWRITTEN).await;
    let past = json!({"talks": [{"title": "Old", "abstract": "Old words.", "occasion": "Then"}]});
    event.organizer.post(&event.path("/past-talks"), past).await.expect(200);
    let page = event.organizer.page(&path).await.expect(200);
    assert_eq!(texts(&page, ".pair").len(), 1);
    assert!(!texts(&page, ".pair blockquote").is_empty());
    let id = event.codes("/past-talks").await.remove(0);
    event.organizer.form(&event.page(&format!("/duplicates/past/{id}/remove")), &[]).await.expect(303);
    assert!(event.codes("/past-talks").await.is_empty());
    only_for(&event, &app, "/duplicates", 200).await;
}
