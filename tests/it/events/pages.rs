//! The page of an event and its call.

use crate::harness::{TestApp, seed::Event};
use serde_json::{Value, json};

async fn set_up(app: &TestApp) -> Event {
    let event = app.event("conf").await;
    let settings = json!({"name": "<Conf> & more", "place": "Online", "starts_on": "2025-06-10", "ends_on": "2025-06-12",
        "description": "About *databases*.", "website": "https://conf.example.org"});
    event.organizer.patch(&event.path("/settings"), settings).await.expect(200);
    let call = json!({"text": "We look for **depth**.", "tips": "Be <b>brief</b>.", "selection": "Five people read all.",
        "is_free": true, "is_virtual": true, "expenses": "Nothing.", "notify_on": "2025-03-01", "limit_per_speaker": 3});
    event.organizer.patch(&event.path("/call"), call).await.expect(200);
    event.track("Internals").await;
    let choices = json!([{"name": "Beginner", "wanted": 2}, {"name": "Advanced"}]);
    let level = json!({"name": "Level", "shown_to": "everyone", "choices": choices});
    event.organizer.post(&event.path("/categories"), level).await.expect(201);
    let idea = json!({"title": "What VACUUM does", "text": "We are *often* asked."});
    event.organizer.post(&event.path("/title-ideas"), idea).await.expect(201);
    let milestone = json!({"name": "Recordings are due", "on": "2025-05-01"});
    event.organizer.post(&event.path("/milestones"), milestone).await.expect(201);
    event
}

async fn page(app: &TestApp) -> String {
    app.anonymous().page("/conf").await.expect(200).text()
}

#[actix_web::test]
async fn the_page_says_all_about_an_open_call() {
    let app = TestApp::new().await;
    let event = set_up(&app).await;
    let text = page(&app).await;
    for part in [
        "<h1 dir=\"auto\">&#60;Conf&#62; &#38; more</h1>",
        "10–12 June 2025",
        "Sunday 9 February 2025, 11:59 PM PST (UTC−8)",
        "before 2025-02-10T08:00:00Z (UTC)",
        "25 days left",
        "href=\"/conf/submit\"",
        "<strong>depth</strong>",
        "Be &lt;b&gt;brief&lt;/b&gt;.",
        "Five people read all.",
        "Free of charge",
        "up to 3 proposals",
        "All speakers have an answer",
        "Sat 1 March 2025",
        "Recordings are due",
        "Internals",
        "Beginner",
        "What VACUUM does",
        "/conf/submit?idea=",
        "mailto:team@example.org",
        "<meta property=\"og:description\" content=\"About databases.\">",
        "<meta property=\"og:url\" content=\"https://cfp.example.org/conf\">",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(!text.contains("Where proposals are missing"), "not public");
    let ada = app.speaker("ada").await;
    event.submit(&ada, "A talk").await;
    event.organizer.patch(&event.path("/call"), json!({"gaps_public": true})).await.expect(200);
    let text = page(&app).await;
    assert!(text.contains("Where proposals are missing") && text.contains("2 more"), "{text}");
    assert!(text.contains("Nobody has proposed it yet"));
}

#[actix_web::test]
async fn the_page_is_honest_when_nothing_can_be_submitted() {
    let app = TestApp::new().await;
    let event = set_up(&app).await;
    let call = async |change: Value| {
        event.organizer.patch(&event.path("/call"), change).await.expect(200);
        let text = page(&app).await;
        assert!(!text.contains("/conf/submit"), "{text}");
        text
    };
    let upcoming = call(json!({"opens_at": "2025-01-20T12:00:00Z"})).await;
    assert!(upcoming.contains("The call opens on") && upcoming.contains("Mon 20 Jan 2025, 4:00 AM PST"), "{upcoming}");
    let home = app.anonymous().page("/").await.expect(200).text();
    assert!(home.contains("Opening later") && home.contains("href=\"/conf\""), "{home}");
    app.set_clock("2025-02-10T08:00:00Z");
    let closed = call(json!({})).await;
    assert!(closed.contains("The call is closed") && closed.contains("get an answer by Sat 1 March 2025"), "{closed}");
    let home = app.anonymous().page("/").await.expect(200).text();
    assert!(home.contains("Recently closed") && home.contains("Closed on Sun 9 February 2025"), "{home}");
    app.set_clock("2025-01-15T12:00:00Z");
    let unset = call(json!({"deadline": null, "opens_at": null, "confirm": true})).await;
    assert!(unset.contains("The call has no dates yet"), "{unset}");
}

#[actix_web::test]
async fn an_event_in_preparation_is_for_its_team() {
    let app = TestApp::new().await;
    let event = set_up(&app).await;
    event.organizer.patch(&event.path("/settings"), json!({"visibility": "draft"})).await.expect(200);
    app.anonymous().page("/conf").await.expect(404);
    app.speaker("ada").await.page("/conf").await.expect(404);
    let team = event.organizer.page("/conf").await.expect(200).text();
    assert!(team.contains("only the team sees this page"), "{team}");
}
