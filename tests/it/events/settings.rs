use super::{event, member};
use crate::harness::TestApp;
use serde_json::json;

#[actix_web::test]
async fn organizers_change_what_they_name_and_nothing_else() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let before = admin.get("/events/posette/settings").await.json();
    let edit = json!({"starts_on": "2025-06-10", "ends_on": "2025-06-12", "contact_email": "Team@Example.org"});
    let after = admin.patch("/events/posette/settings", edit).await.expect(200).json();
    let mut expected = before.clone();
    expected["starts_on"] = json!("2025-06-10");
    expected["ends_on"] = json!("2025-06-12");
    expected["contact_email"] = json!("Team@Example.org");
    expected["version"] = json!(2);
    assert_eq!(after, expected);
    let same = admin.patch("/events/posette/settings", json!({"name": "POSETTE 2025"})).await.expect(200).json();
    assert_eq!(same["version"], 2, "nothing changed");
    let clear = json!({"ends_on": null, "starts_on": null, "contact_email": ""});
    let cleared = admin.patch("/events/posette/settings", clear).await.expect(200).json();
    assert_eq!((&cleared["starts_on"], &cleared["contact_email"]), (&json!(null), &json!("")));
    assert_eq!(admin.get("/events/posette/settings").await.json(), cleared);
    admin.patch("/events/posette/settings", json!({"ends_on": "2025-06-12"})).await.field_error("starts_on", "missing");
    admin.patch("/events/posette/settings", json!({"slug": "other"})).await.field_error("slug", "unknown_field");
    admin.patch("/events/posette/settings", json!({"zone": "x"})).await.field_error("zone", "zone");
    assert_eq!(admin.get("/events/posette/settings").await.json(), cleared, "a refused change changes nothing");
}

#[actix_web::test]
async fn settings_are_for_organizers() {
    let app = TestApp::new().await;
    event(&app, "posette").await;
    let rita = member(&app, "posette", "rita", "reviewer").await;
    let ada = app.speaker("ada").await;
    for client in [&rita, &ada] {
        client.get("/events/posette/settings").await.problem(403, "forbidden");
        client.patch("/events/posette/settings", json!({"name": "Mine"})).await.problem(403, "forbidden");
    }
    app.anonymous().get("/events/posette/settings").await.problem(401, "sign_in_required");
    ada.get("/events/nowhere/settings").await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_draft_is_seen_by_its_team_only_and_an_unlisted_event_is_not_listed() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let (ada, anyone) = (app.speaker("ada").await, app.anonymous());
    let listed = || async { anyone.get("/events").await.expect(200).json()["items"].as_array().unwrap().len() };
    assert_eq!(listed().await, 1);
    anyone.get("/events/posette").await.expect(200);
    let kept_out = || async {
        let told = |page: crate::harness::Response| page.expect(200).text().contains("noindex");
        [told(anyone.page("/posette").await), told(anyone.page("/posette/talks").await)]
    };
    assert_eq!(kept_out().await, [false, false]);
    let set =
        |visibility: &str| admin.clone().patch_owned("/events/posette/settings", json!({"visibility": visibility}));
    set("unlisted").await.expect(200);
    assert_eq!(kept_out().await, [true, true], "search engines are asked to stay away");
    assert_eq!(listed().await, 0);
    anyone.get("/events/posette").await.expect(200);
    anyone.get("/events/posette/call").await.expect(200);
    set("draft").await.expect(200);
    assert_eq!(listed().await, 0);
    anyone.get("/events/posette").await.problem(404, "not_found");
    anyone.get("/events/posette/call").await.problem(404, "not_found");
    ada.get("/events/posette/settings").await.problem(404, "not_found");
    admin.get("/events/posette/settings").await.expect(200);
}

#[actix_web::test]
async fn the_public_facts() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let edit = json!({"description": "Two lines\nof words", "place": "Online", "website": "https://posette.example/"});
    admin.patch("/events/posette/settings", edit).await.expect(200);
    let deadline = json!({"local": "2025-02-09T23:59", "zone": "America/Los_Angeles"});
    admin.patch("/events/posette/call", json!({"deadline": deadline})).await.expect(200);
    let facts = json!({
        "slug": "posette", "name": "POSETTE 2025", "description": "Two lines\nof words",
        "zone": "America/Los_Angeles", "starts_on": null, "ends_on": null, "place": "Online",
        "website": "https://posette.example/", "contact_email": "",
        "call": {"state": "open", "deadline": {
            "local": "2025-02-09T23:59", "zone": "America/Los_Angeles",
            "text": "Sunday 9 February 2025, 11:59 PM PST (UTC−8)", "utc": "2025-02-10T08:00:00Z",
        }},
    });
    assert_eq!(app.anonymous().get("/events/posette").await.expect(200).json(), facts);
    assert_eq!(app.anonymous().get("/events").await.expect(200).json(), json!({"items": [facts], "next": null}));
}
