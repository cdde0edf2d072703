//! A deadline that comes earlier: asked about twice, and told to whoever has a draft.

use crate::harness::{
    TestApp,
    seed::{CLOSES, LAST_MICROSECOND, code},
};
use serde_json::{Value, json};

fn until(day: &str) -> Value {
    json!({"local": format!("{day}T23:59"), "zone": "America/Los_Angeles"})
}

fn to(day: &str, confirm: bool) -> Value {
    json!({"deadline": until(day), "confirm": confirm})
}

#[actix_web::test]
async fn bringing_it_forward_is_asked_about_and_told_to_the_drafters() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    event.draft(&ada, "Half an idea").await;
    event.draft(&ada, "Another half").await;
    event.submit(&ada, "Done already").await;
    event.submit(&bob, "Done too").await;
    let call = event.path("/call");
    let asked = event.organizer.patch(&call, to("2025-02-01", false)).await.problem(409, "confirm_first");
    let detail = asked["detail"].as_str().unwrap();
    assert!(detail.contains("2 drafts") && detail.contains("\"confirm\": true"), "{detail}");
    let settings = event.organizer.get(&event.path("/call/settings")).await.json();
    assert_eq!(settings["deadline"]["utc"], CLOSES, "nothing is stored");
    assert_eq!(app.mails_to("ada", "deadline_moved").await.len(), 0);
    event.organizer.patch(&call, to("2025-02-01", true)).await.expect(200);
    let mails = app.mails_to("ada", "deadline_moved").await;
    assert_eq!(mails.len(), 1, "one mail a person");
    for part in ["Half an idea", "Another half", "Saturday 1 February 2025, 11:59 PM PST (UTC−8)"] {
        assert!(mails[0].body_text.contains(part), "{part} in {}", mails[0].body_text);
    }
    assert!(!mails[0].body_text.contains("Done already"));
    assert_eq!(app.mails_to("bob", "deadline_moved").await.len(), 0);
    event.organizer.patch(&call, to("2025-02-01", false)).await.expect(200);
    event.organizer.patch(&call, to("2025-02-05", false)).await.expect(200);
    assert_eq!(app.mails_to("ada", "deadline_moved").await.len(), 1, "later is no bad news");
    event.organizer.patch(&call, json!({"deadline": null})).await.problem(409, "confirm_first");
    event.organizer.patch(&call, json!({"deadline": null, "confirm": true})).await.expect(200);
    let mails = app.mails_to("ada", "deadline_moved").await;
    assert!(mails[1].body_text.contains("no deadline for it now"), "{}", mails[1].body_text);
}

#[actix_web::test]
async fn what_is_over_can_be_moved_and_so_can_what_nobody_was_told() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let call = event.path("/call");
    app.set_clock(LAST_MICROSECOND);
    event.organizer.patch(&call, to("2025-02-01", false)).await.problem(409, "confirm_first");
    app.set_clock(CLOSES);
    event.organizer.patch(&call, to("2025-02-01", false)).await.expect(200);
    let hidden = app.event("hidden").await;
    hidden.organizer.patch(&hidden.path("/settings"), json!({"visibility": "draft"})).await.expect(200);
    hidden.organizer.patch(&hidden.path("/call"), to("2025-03-01", false)).await.expect(200);
    hidden.organizer.patch(&hidden.path("/call"), to("2025-02-20", false)).await.expect(200);
}

#[actix_web::test]
async fn of_a_format_or_track_only_its_drafters_are_told() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let core = event.track("Core").await;
    let mut draft = crate::harness::seed::proposal("In the track");
    draft["submit"] = json!(false);
    draft["track"] = json!(core);
    ada.post(&event.mine(""), draft).await.expect(201);
    event.draft(&bob, "In none").await;
    let track = event.path(&format!("/tracks/{core}"));
    event.organizer.patch(&track, to("2025-02-01", false)).await.problem(409, "confirm_first");
    event.organizer.patch(&track, to("2025-02-01", true)).await.expect(200);
    let told = |name: &'static str| {
        let app = &app;
        async move { app.mails_to(name, "deadline_moved").await.len() }
    };
    assert_eq!((told("ada").await, told("bob").await), (1, 0));
    event.organizer.patch(&event.path("/call"), to("2025-02-03", true)).await.expect(200);
    assert_eq!((told("ada").await, told("bob").await), (1, 1), "the track has its own already");
    let format = event.path(&format!("/formats/{}", event.codes("/formats").await[0]));
    event.organizer.patch(&format, json!({"name": "Renamed"})).await.expect(200);
    event.organizer.patch(&format, to("2025-01-20", false)).await.problem(409, "confirm_first");
    event.organizer.patch(&format, to("2025-01-20", true)).await.expect(200);
    assert_eq!((told("ada").await, told("bob").await), (2, 2), "the format counts first");
    event.organizer.patch(&event.path("/call"), to("2025-01-16", false)).await.expect(200);
    let shown = app.anonymous().get(&event.path("/call")).await.json();
    assert_eq!(code(&shown["tracks"][0]), core);
}
