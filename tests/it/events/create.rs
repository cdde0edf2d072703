use super::new_event;
use crate::harness::TestApp;
use serde_json::json;

#[actix_web::test]
async fn a_new_event_can_be_worked_with_at_once() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let input = json!({"slug": "posette2025", "name": "POSETTE 2025", "zone": "America/Los_Angeles"});
    let created = admin.post("/events", input).await.expect(201);
    assert_eq!(created.header("location"), "/api/v1/events/posette2025/settings");
    let settings = json!({
        "slug": "posette2025", "name": "POSETTE 2025", "description": "", "zone": "America/Los_Angeles",
        "starts_on": null, "ends_on": null, "place": "", "website": "", "contact_email": "",
        "visibility": "draft", "blind": true, "version": 1,
    });
    assert_eq!(created.json(), settings);
    assert_eq!(admin.get("/events/posette2025/settings").await.expect(200).json(), settings);
    let team = admin.get("/events/posette2025/members").await.expect(200).json();
    assert_eq!(team["items"].as_array().unwrap().len(), 1);
    assert_eq!(team["items"][0]["roles"], json!([{"role": "organizer", "tracks": null, "version": 1}]));
    let formats = admin.get("/events/posette2025/formats").await.expect(200).json();
    assert_eq!(formats["items"].as_array().unwrap().len(), 1);
    assert_eq!((&formats["items"][0]["name"], &formats["items"][0]["minutes"]), (&json!("Talk"), &json!(30)));
    let call = admin.get("/events/posette2025/call/settings").await.expect(200).json();
    let empty = json!({
        "opens_at": null, "deadline": null, "grace_minutes": 0, "limit_per_speaker": null, "text": "",
        "tips": "", "selection": "", "is_free": null, "is_virtual": null, "travel": "", "expenses": "",
        "code_of_conduct": "", "past_talks": "", "gaps_public": false, "notify_on": null, "version": 1,
    });
    assert_eq!(call, empty);
    let criteria = admin.get("/events/posette2025/criteria").await.expect(200).json();
    let overall = &criteria["items"][0];
    assert_eq!((&overall["name"], &overall["weight"]), (&json!("Overall"), &json!(1.0)));
    assert_eq!(criteria["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn admins_create_events_and_everyone_where_the_instance_says_so() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    ada.post("/events", new_event("adaconf")).await.problem(403, "forbidden");
    app.anonymous().post("/events", new_event("adaconf")).await.problem(401, "sign_in_required");
    assert!(!ada.page("/me").await.expect(200).text().contains("href=\"/new\""));
    let open = TestApp::with(&[("event_creators", "everyone")]).await;
    let ada = open.speaker("ada").await;
    assert!(ada.page("/me").await.expect(200).text().contains("href=\"/new\""), "whoever may is led there");
    ada.post("/events", new_event("adaconf")).await.expect(201);
    ada.get("/events/adaconf/settings").await.expect(200);
}

#[actix_web::test]
async fn a_slug_is_free_well_formed_and_not_reserved() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.post("/events", new_event("posette")).await.expect(201);
    admin.post("/events", new_event("posette")).await.field_error("slug", "taken");
    for reserved in ["api", "me", "sign-in", "invitation"] {
        admin.post("/events", new_event(reserved)).await.field_error("slug", "reserved");
    }
    let (shortest, longest) = ("ab", "a".repeat(40));
    let too_long = "a".repeat(41);
    for wrong in ["", "a", "-ab", "Ab", "a b", "a_b", "ä-conf", "a/b", too_long.as_str()] {
        admin.post("/events", new_event(wrong)).await.field_error("slug", "slug");
    }
    admin.post("/events", new_event(shortest)).await.expect(201);
    admin.post("/events", new_event(&longest)).await.expect(201);
}

#[actix_web::test]
async fn two_that_want_one_slug_at_once_get_one_event() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let create = || admin.clone().post_owned("/events", new_event("posette"));
    let (one, other) = tokio::join!(create(), create());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
}

#[actix_web::test]
async fn the_fields_of_an_event_are_checked() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let with = |field: &str, value: serde_json::Value| {
        let mut event = new_event("posette");
        event[field] = value;
        admin.clone().post_owned("/events", event)
    };
    with("zone", json!("Mars/Olympus")).await.field_error("zone", "zone");
    with("name", json!("")).await.field_error("name", "too_short");
    with("website", json!("javascript:alert(1)")).await.field_error("website", "website");
    with("website", json!("example.org")).await.field_error("website", "website");
    with("contact_email", json!("not one")).await.field_error("contact_email", "email");
    with("visibility", json!("secret")).await.expect(422);
    with("starts_on", json!("2025-02-30")).await.field_error("starts_on", "day");
    with("starts_on", json!("2025-6-1")).await.field_error("starts_on", "day");
    with("starts_on", json!("2025-06-01T10:00")).await.field_error("starts_on", "day");
    with("ends_on", json!("2025-06-01")).await.field_error("starts_on", "missing");
    with("owner", json!("me")).await.field_error("owner", "unknown_field");
    let mut days = new_event("posette");
    (days["starts_on"], days["ends_on"]) = (json!("2025-06-10"), json!("2025-06-09"));
    admin.post("/events", days.clone()).await.field_error("ends_on", "before_start");
    days["ends_on"] = json!("2025-06-10");
    admin.post("/events", days).await.expect(201);
}
