use super::{event, new_event};
use crate::harness::TestApp;
use scraper::{Html, Selector};
use serde_json::json;

async fn names(app: &TestApp) -> Vec<String> {
    let page = Html::parse_document(&app.anonymous().page("/").await.expect(200).text());
    let rows = Selector::parse(".calls .call strong").unwrap();
    page.select(&rows).map(|row| row.text().collect::<String>()).collect()
}

#[actix_web::test]
async fn the_first_page_lists_open_calls_by_deadline() {
    let app = TestApp::new().await;
    let empty = app.anonymous().page("/").await.expect(200);
    assert!(empty.header("content-type").starts_with("text/html"));
    assert!(empty.text().contains("No call is open right now") && empty.text().contains("/api/docs/"));
    let admin = event(&app, "nodeadline").await;
    let calls = [("later", "2025-02-20T12:00"), ("sooner", "2025-02-09T23:59"), ("over", "2025-01-10T12:00")];
    for (slug, local) in calls {
        let mut input = new_event(slug);
        input["name"] = json!(format!("<{slug}>"));
        admin.post("/events", input).await.expect(201);
        let deadline = json!({"local": local, "zone": "AoE"});
        admin.patch(&format!("/events/{slug}/call"), json!({"deadline": deadline})).await.expect(200);
    }
    assert_eq!(names(&app).await, ["<sooner>", "<later>"]);
    let page = app.anonymous().page("/").await.text();
    assert!(page.contains("Sunday 9 February 2025, 11:59 PM Anywhere on Earth (UTC−12)"), "{page}");
    assert!(page.contains("datetime=\"2025-02-10T12:00:00Z\"") && !page.contains("<sooner>"), "{page}");
    admin.patch("/events/sooner/settings", json!({"visibility": "unlisted"})).await.expect(200);
    assert_eq!(names(&app).await, ["<later>"]);
    app.set_clock("2025-02-21T00:00:59.999999Z");
    assert_eq!(names(&app).await, ["<later>"]);
    app.set_clock("2025-02-21T00:01:00Z");
    assert_eq!(names(&app).await, Vec::<String>::new());
}
