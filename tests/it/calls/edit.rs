use super::{PACIFIC, deadline};
use crate::{
    events::{event, member},
    harness::TestApp,
};
use serde_json::{Value, json};

const CALL: &str = "/events/posette/call";

#[actix_web::test]
async fn the_call_as_everybody_sees_it() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let edit = json!({
        "opens_at": "2025-01-10T09:00:00+01:00", "deadline": deadline("2025-02-09T23:59", PACIFIC),
        "grace_minutes": 45, "limit_per_speaker": 3, "text": "Tell us\nabout it", "notify_on": "2025-03-01",
    });
    let set = admin.patch(CALL, edit).await.expect(200).json();
    let shown = json!({
        "local": "2025-02-09T23:59", "zone": PACIFIC, "utc": "2025-02-10T08:00:00Z",
        "text": "Sunday 9 February 2025, 11:59 PM PST (UTC−8)",
    });
    let settings = json!({
        "opens_at": "2025-01-10T08:00:00Z", "deadline": shown, "grace_minutes": 45, "limit_per_speaker": 3,
        "text": "Tell us\nabout it", "tips": "", "selection": "", "is_free": null, "is_virtual": null, "travel": "",
        "expenses": "", "code_of_conduct": "", "past_talks": "", "gaps_public": false, "notify_on": "2025-03-01", "version": 2,
    });
    assert_eq!(set, settings);
    assert_eq!(admin.get("/events/posette/call/settings").await.expect(200).json(), settings);
    let call = app.anonymous().get(CALL).await.expect(200);
    assert!(!call.text().contains("45") && !call.text().contains("grace"), "the grace is nobody's business");
    let mut call = call.json();
    let formats = call.as_object_mut().unwrap().remove("formats").unwrap();
    assert_eq!(formats[0]["name"], "Talk");
    let expected = json!({
        "state": "open", "server_time": "2025-01-15T12:00:00Z", "opens_at": "2025-01-10T08:00:00Z",
        "closes_at": "2025-02-10T08:00:00Z", "deadline": shown, "time_zone": PACIFIC, "tracks": [], "categories": [],
        "limit_per_speaker": 3, "text": "Tell us\nabout it", "tips": "", "selection": "", "notify_on": "2025-03-01",
        "facts": {"is_free": null, "is_virtual": null, "minutes": [30], "travel": "", "expenses": "",
            "code_of_conduct": "", "past_talks": ""},
        "milestones": [{"kind": "notification", "name": "All speakers have an answer", "on": "2025-03-01",
            "until": null, "text": ""}],
        "title_ideas": [],
    });
    assert_eq!(call, expected);
}

#[actix_web::test]
async fn its_state_changes_at_the_microsecond_and_never_shows_the_grace() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let state = || async { app.anonymous().get(CALL).await.expect(200).json()["state"].clone() };
    assert_eq!(state().await, "not_set");
    let opens = json!({"opens_at": "2025-01-20T00:00:00Z"});
    admin.patch(CALL, opens).await.expect(200);
    assert_eq!(state().await, "not_set");
    let edit = json!({"deadline": deadline("2025-02-09T23:59", PACIFIC), "grace_minutes": 60});
    admin.patch(CALL, edit).await.expect(200);
    for (now, expected) in [
        ("2025-01-19T23:59:59.999999Z", "upcoming"),
        ("2025-01-20T00:00:00Z", "open"),
        ("2025-02-10T07:59:59.999999Z", "open"),
        ("2025-02-10T08:00:00Z", "closed"),
    ] {
        app.set_clock(now);
        assert_eq!(state().await, expected, "{now}");
    }
}

#[actix_web::test]
async fn what_is_absent_stays_and_null_clears() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let all = json!({
        "opens_at": "2025-01-20T00:00:00Z", "deadline": deadline("2025-02-09T23:59", "AoE"), "grace_minutes": 5,
        "limit_per_speaker": 1, "text": "x", "notify_on": "2025-03-01",
    });
    let full = admin.patch(CALL, all.clone()).await.expect(200).json();
    assert_eq!(full["deadline"]["zone"], "Etc/GMT+12");
    assert_eq!(admin.patch(CALL, json!({})).await.expect(200).json(), full);
    assert_eq!(admin.patch(CALL, all).await.expect(200).json(), full, "the same again is no change");
    let clear =
        json!({"opens_at": null, "deadline": null, "limit_per_speaker": null, "notify_on": null, "confirm": true});
    let cleared = admin.patch(CALL, clear).await.expect(200).json();
    let expected = json!({
        "opens_at": null, "deadline": null, "grace_minutes": 5, "limit_per_speaker": null, "text": "x",
        "tips": "", "selection": "", "is_free": null, "is_virtual": null, "travel": "", "expenses": "",
        "code_of_conduct": "", "past_talks": "", "gaps_public": false, "notify_on": null, "version": 3,
    });
    assert_eq!(cleared, expected);
}

#[actix_web::test]
async fn its_fields_are_checked() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let edit = |body: Value| admin.clone().patch_owned(CALL, body);
    let until = |local: &str, zone: &str| edit(json!({"deadline": deadline(local, zone)}));
    until("2025-03-09T02:30", PACIFIC).await.field_error("deadline.local", "gap");
    let fold = until("2025-11-02T01:30", PACIFIC).await.field_error("deadline.offset", "fold");
    assert_eq!(fold["choices"], json!(["-07:00", "-08:00"]));
    let mut chosen = deadline("2025-11-02T01:30", PACIFIC);
    chosen["offset"] = json!("-08:00");
    let set = edit(json!({"deadline": chosen})).await.expect(200).json();
    assert_eq!(set["deadline"]["utc"], "2025-11-02T09:31:00Z");
    until("2025-02-09", PACIFIC).await.field_error("deadline.local", "local_time");
    until("2025-02-09T23:59", "Mars/Olympus").await.field_error("deadline.zone", "zone");
    until("-4800-02-09T23:59", "UTC").await.expect(422);
    until("1969-12-31T23:58", "UTC").await.field_error("deadline.local", "range");
    until("9999-02-01T12:00", "UTC").await.field_error("deadline.local", "range");
    edit(json!({"opens_at": "-004800-01-01T00:00:00Z"})).await.field_error("opens_at", "range");
    edit(json!({"opens_at": "2025-01-01"})).await.expect(422);
    for (field, too_low, too_high, lowest, highest) in
        [("grace_minutes", -1, 10_081, 0, 10_080), ("limit_per_speaker", 0, 101, 1, 100)]
    {
        edit(json!({field: too_low})).await.expect(422);
        edit(json!({field: too_high})).await.expect(422);
        edit(json!({field: lowest})).await.expect(200);
        edit(json!({field: highest})).await.expect(200);
    }
    edit(json!({"notify_on": "soon"})).await.field_error("notify_on", "day");
    edit(json!({"closes_at": null})).await.field_error("closes_at", "unknown_field");
}

#[actix_web::test]
async fn it_opens_before_it_closes() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let edit = |body: Value| admin.clone().patch_owned(CALL, body);
    let closes = deadline("2025-02-09T23:59", "UTC");
    let both = |opens_at: &str| json!({"opens_at": opens_at, "deadline": closes});
    edit(both("2025-02-10T00:00:00Z")).await.field_error("deadline", "before_opening");
    edit(both("2025-02-09T23:59:59.999999Z")).await.expect(200);
    edit(json!({"opens_at": "2025-02-10T00:00:00Z"})).await.field_error("opens_at", "after_deadline");
    edit(json!({"deadline": deadline("2025-02-09T23:58", "UTC")})).await.field_error("deadline", "before_opening");
}

#[actix_web::test]
async fn facts_and_texts_are_shown_as_they_were_typed() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let workshop = json!({"name": "Workshop", "minutes": 180});
    admin.post("/events/posette/formats", workshop).await.expect(201);
    let edit = json!({"is_free": true, "is_virtual": false, "travel": "*Trains* are paid.", "expenses": "<b>None</b>",
        "code_of_conduct": "Be *kind*.", "past_talks": "[Last year](https://talks.example)",
        "tips": "# Be brief\n\n- 日本語", "selection": "Four people read all.", "gaps_public": true});
    let set = admin.patch(CALL, edit).await.expect(200).json();
    assert_eq!((&set["is_free"], &set["is_virtual"], &set["gaps_public"]), (&json!(true), &json!(false), &json!(true)));
    let call = app.anonymous().get(CALL).await.expect(200).json();
    let facts = json!({"is_free": true, "is_virtual": false, "minutes": [30, 180], "travel": "*Trains* are paid.",
        "expenses": "<b>None</b>", "code_of_conduct": "Be *kind*.",
        "past_talks": "[Last year](https://talks.example)"});
    assert_eq!(call["facts"], facts);
    assert_eq!(
        (&call["tips"], &call["selection"]),
        (&json!("# Be brief\n\n- 日本語"), &json!("Four people read all."))
    );
    let cleared = admin.patch(CALL, json!({"is_free": null, "travel": ""})).await.expect(200).json();
    assert_eq!((&cleared["is_free"], &cleared["is_virtual"]), (&json!(null), &json!(false)));
    admin.patch(CALL, json!({"travel": "x".repeat(2001)})).await.field_error("travel", "too_long");
    admin.patch(CALL, json!({"tips": "x".repeat(20_001)})).await.field_error("tips", "too_long");
}

#[actix_web::test]
async fn only_organizers_change_it() {
    let app = TestApp::new().await;
    event(&app, "posette").await;
    let rita = member(&app, "posette", "rita", "reviewer").await;
    rita.patch(CALL, json!({"text": "x"})).await.problem(403, "forbidden");
    rita.get("/events/posette/call/settings").await.problem(403, "forbidden");
    app.anonymous().patch(CALL, json!({"text": "x"})).await.problem(401, "sign_in_required");
}
