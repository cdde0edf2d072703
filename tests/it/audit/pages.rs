//! The audit in a browser.

use crate::{
    events::setup_pages::{attr, only_for, texts},
    harness::TestApp,
};
use serde_json::json;

#[actix_web::test]
async fn deeds_are_filtered_and_paged() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    for number in 0..60 {
        event.organizer.post(&event.path("/tracks"), json!({"name": format!("T{number}")})).await.expect(201);
    }
    let path = event.page("/audit");
    let page = event.organizer.page(&path).await.expect(200);
    assert_eq!(texts(&page, "tbody tr").len(), 50);
    let next = attr(&page, "a[rel=next]", "href").unwrap();
    let page = event.organizer.page(&next).await.expect(200);
    assert!(texts(&page, "tbody th").contains(&"Event created".to_owned()));
    let filtered = format!("{path}?actor=&action=call_changed&object=&since=&until=");
    let page = event.organizer.page(&filtered).await.expect(200);
    assert_eq!(texts(&page, "tbody th"), ["Call changed"]);
    let page = event.organizer.page(&format!("{path}?since=2030-01-01")).await.expect(200);
    assert!(texts(&page, ".empty").concat().contains("Nothing fits"));
    event.organizer.page(&format!("{path}?since=yesterday")).await.expect(422);
    only_for(&event, &app, "/audit", 200).await;
}
