//! A new event like an earlier one.

use crate::harness::{
    TestApp,
    seed::{CLOSES, code},
};
use serde_json::{Value, json};

fn copy(slug: &str, more: Value) -> Value {
    let mut body = json!({"slug": slug, "name": "Next year"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[actix_web::test]
async fn everything_of_the_call_comes_along_with_its_dates_moved() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let organizer = &event.organizer;
    let days = json!({"starts_on": "2025-06-10", "ends_on": "2025-06-12", "place": "Online"});
    organizer.patch(&event.path("/settings"), days).await.expect(200);
    let call = json!({"opens_at": "2025-01-10T08:00:00Z", "notify_on": "2025-03-01", "text": "Come.", "is_free": true,
        "limit_per_speaker": 3, "grace_minutes": 5});
    organizer.patch(&event.path("/call"), call).await.expect(200);
    let workshop = json!({"name": "Workshop", "minutes": 90, "deadline": {"local": "2025-02-01T23:59", "zone": "UTC"}});
    let workshop = code(&organizer.post(&event.path("/formats"), workshop).await.expect(201).json());
    let core = event.track("Core").await;
    let level = json!({"name": "Level", "required": true, "choices": [{"name": "Low", "wanted": 4}, {"name": "High"}]});
    let level = organizer.post(&event.path("/categories"), level).await.expect(201).json();
    let idea = json!({"title": "An idea", "format": workshop, "track": core, "choices": [level["choices"][1]["code"]]});
    organizer.post(&event.path("/title-ideas"), idea).await.expect(201);
    let milestone = json!({"name": "Recording", "on": "2025-04-01", "until": "2025-04-20"});
    organizer.post(&event.path("/milestones"), milestone).await.expect(201);
    organizer.post(&event.path("/criteria"), json!({"name": "Fit", "weight": 2})).await.expect(201);
    let ada = app.speaker("ada").await;
    event.draft(&ada, "Stays where it is").await;

    let answer =
        organizer.post("/events/conf/copy", copy("next", json!({"starts_on": "2026-06-09"}))).await.expect(201);
    assert_eq!(answer.header("location"), "/api/v1/events/next/settings");
    let settings = answer.json();
    let shown = (&settings["starts_on"], &settings["ends_on"], &settings["place"], &settings["visibility"]);
    assert_eq!(shown, (&json!("2026-06-09"), &json!("2026-06-11"), &json!("Online"), &json!("draft")));
    let call = organizer.get("/events/next/call/settings").await.expect(200).json();
    assert_eq!(call["deadline"]["local"], "2026-02-08T23:59", "the same day of the week");
    assert_eq!((&call["opens_at"], &call["notify_on"]), (&json!("2026-01-09T08:00:00Z"), &json!("2026-02-28")));
    assert_eq!(
        (&call["text"], &call["limit_per_speaker"], &call["is_free"]),
        (&json!("Come."), &json!(3), &json!(true))
    );
    organizer.patch("/events/next/settings", json!({"visibility": "public"})).await.expect(200);
    let call = app.anonymous().get("/events/next/call").await.expect(200).json();
    assert_eq!(call["formats"][1]["deadline"]["utc"], "2026-02-01T00:00:00Z");
    assert_eq!(call["categories"][0]["choices"][1]["name"], "High");
    let idea = &call["title_ideas"][0];
    assert_eq!((&idea["format"], &idea["track"]), (&call["formats"][1]["code"], &call["tracks"][0]["code"]));
    assert_eq!(idea["choices"], json!([call["categories"][0]["choices"][1]["code"]]));
    assert_ne!(call["tracks"][0]["code"], json!(core), "its own");
    assert_eq!(
        (&call["milestones"][1]["on"], &call["milestones"][1]["until"]),
        (&json!("2026-03-31"), &json!("2026-04-19"))
    );
    let criteria = organizer.get("/events/next/criteria").await.expect(200).json();
    let names: Vec<_> = criteria["items"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["Overall", "Fit"]);
    assert_eq!(ada.get("/events/next/my/proposals").await.expect(200).json()["items"], json!([]));
    assert_eq!(organizer.get("/events/next/members").await.json()["items"].as_array().unwrap().len(), 1);
    let noted = organizer.get("/events/next/audit?action=event_created").await.expect(200).json();
    assert_eq!(noted["items"][0]["facts"], json!({"like": "conf"}));
    let call = organizer.get(&event.path("/call/settings")).await.expect(200).json();
    assert_eq!(call["deadline"]["utc"], CLOSES, "the earlier event stays as it is");
}

#[actix_web::test]
async fn it_has_to_be_said_by_how_much_and_by_an_organizer() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let organizer = &event.organizer;
    let post = |body: Value| {
        let organizer = organizer.clone();
        async move { organizer.post("/events/conf/copy", body).await }
    };
    post(copy("next", json!({}))).await.field_error("shift_days", "missing");
    post(copy("next", json!({"starts_on": "2026-06-09"}))).await.field_error("shift_days", "missing");
    post(copy("conf", json!({"shift_days": 364}))).await.field_error("slug", "taken");
    post(copy("next", json!({"shift_days": 36_501}))).await.field_error("shift_days", "range");
    let set = post(copy("next", json!({"starts_on": "2026-06-09", "shift_days": 364}))).await.expect(201).json();
    assert_eq!(set["starts_on"], "2026-06-09");
    organizer.patch(&event.path("/settings"), json!({"starts_on": "2025-06-10"})).await.expect(200);
    post(copy("more", json!({}))).await.field_error("starts_on", "missing");
    organizer.post("/events/nowhere/copy", copy("more", json!({"shift_days": 1}))).await.problem(404, "not_found");
    let olga = app.member("olga", &event, "organizer").await;
    olga.post("/events/conf/copy", copy("more", json!({"shift_days": 1}))).await.problem(403, "forbidden");
    let member = event.member_path("admin").await;
    organizer.delete(&member).await.expect(204);
    post(copy("more", json!({"shift_days": 1}))).await.problem(403, "forbidden");
    olga.patch(&event.path("/settings"), json!({"visibility": "draft"})).await.expect(200);
    post(copy("more", json!({"shift_days": 1}))).await.problem(404, "not_found");
}
