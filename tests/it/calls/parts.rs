use super::{PACIFIC, deadline, first, setup};
use crate::{
    events::{event, member},
    harness::TestApp,
};
use callboard::{
    db::{
        schema::proposals,
        types::{EventId, FormatId, TrackId},
    },
    proposals::model::{Decision, Lifecycle},
};
use diesel::prelude::*;
use serde_json::{Value, json};

const FORMATS: &str = "/events/posette/formats";
const TRACKS: &str = "/events/posette/tracks";

async fn propose(app: &TestApp, event: EventId, format: FormatId, track: Option<TrackId>) {
    let insert = move |tx: &mut callboard::db::Tx<'_>| {
        let now = tx.now()?;
        let row = (
            proposals::event_id.eq(event),
            (proposals::code.eq(tx.random().code(6)), proposals::ref_.eq(tx.random().code(6))),
            proposals::public_no.eq(tx.random().number()),
            (proposals::title.eq("T"), proposals::abstract_.eq(""), proposals::description.eq("")),
            proposals::notes.eq(""),
            (proposals::format_id.eq(format), proposals::track_id.eq(track)),
            (proposals::lifecycle.eq(Lifecycle::Draft), proposals::decision.eq(Decision::Undecided)),
            (
                proposals::decision_version.eq(1),
                proposals::version.eq(1),
                proposals::created_at.eq(now),
                proposals::updated_at.eq(now),
            ),
        );
        diesel::insert_into(proposals::table).values(row).execute(tx.conn())?;
        Ok(())
    };
    app.board.db.write(insert).await.unwrap();
}

#[actix_web::test]
async fn formats_are_added_changed_and_removed() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let new = json!({"name": "Workshop", "minutes": 180, "deadline": deadline("2025-02-01T12:00", PACIFIC)});
    let created = admin.post(FORMATS, new).await.expect(201);
    let workshop = created.json();
    let path = format!("{FORMATS}/{}", workshop["code"].as_str().unwrap());
    assert_eq!(created.header("location"), format!("/api/v1{FORMATS}"));
    assert_eq!((&workshop["minutes"], &workshop["version"]), (&json!(180), &json!(1)));
    assert_eq!(workshop["deadline"]["utc"], "2025-02-01T20:01:00Z");
    let public = app.anonymous().get("/events/posette/call").await.json();
    assert_eq!(public["formats"][1]["deadline"]["text"], "Saturday 1 February 2025, 12:00 PM PST (UTC−8)");
    let renamed = admin.patch(&path, json!({"name": "Lab"})).await.expect(200).json();
    assert_eq!((&renamed["name"], &renamed["deadline"]), (&json!("Lab"), &workshop["deadline"]));
    assert_eq!(renamed["version"], 2);
    assert_eq!(admin.patch(&path, json!({"name": "Lab"})).await.json()["version"], 2);
    let cleared =
        admin.patch(&path, json!({"deadline": null, "minutes": 90, "confirm": true})).await.expect(200).json();
    assert_eq!((&cleared["deadline"], &cleared["minutes"]), (&json!(null), &json!(90)));
    let list = admin.get(FORMATS).await.json();
    assert_eq!(list["items"][1], cleared);
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.problem(404, "not_found");
    admin.patch(&path, json!({"name": "Lab"})).await.problem(404, "not_found");
}

#[actix_web::test]
async fn tracks_are_added_changed_and_removed() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let created = admin.post(TRACKS, json!({"name": "Ecosystem"})).await.expect(201).json();
    let path = format!("{TRACKS}/{}", created["code"].as_str().unwrap());
    let expected = json!({"code": created["code"], "name": "Ecosystem", "deadline": null, "version": 1});
    assert_eq!(created, expected);
    let later = deadline("2025-02-20T12:00", "AoE");
    let edited = admin.patch(&path, json!({"name": "Extensions", "deadline": later})).await.expect(200).json();
    assert_eq!((&edited["name"], &edited["deadline"]["utc"]), (&json!("Extensions"), &json!("2025-02-21T00:01:00Z")));
    assert_eq!(admin.get(TRACKS).await.json()["items"], json!([edited]));
    assert_eq!(app.anonymous().get("/events/posette/call").await.json()["state"], "open");
    admin.delete(&path).await.expect(204);
    assert_eq!(admin.get(TRACKS).await.json()["items"], json!([]));
}

#[actix_web::test]
async fn the_last_format_stays_and_so_does_what_proposals_need() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let talk = format!("{FORMATS}/{}", first(&admin, FORMATS).await);
    admin.delete(&talk).await.problem(409, "in_use");
    admin.post(FORMATS, json!({"name": "Lightning", "minutes": 5})).await.expect(201);
    admin.post(TRACKS, json!({"name": "Core"})).await.expect(201);
    let (event_id, parts) = setup(&app, "posette").await;
    let core = format!("{TRACKS}/{}", first(&admin, TRACKS).await);
    propose(&app, event_id, parts.formats[0].id, Some(parts.tracks[0].id)).await;
    admin.delete(&talk).await.problem(409, "in_use");
    admin.delete(&core).await.problem(409, "in_use");
    admin.delete(&format!("{FORMATS}/{}", parts.formats[1].code)).await.expect(204);
    assert_eq!(setup(&app, "posette").await.1.tracks, parts.tracks);
}

#[actix_web::test]
async fn the_last_two_formats_are_not_removed_at_once() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    admin.post(FORMATS, json!({"name": "Lightning", "minutes": 5})).await.expect(201);
    let (_, parts) = setup(&app, "posette").await;
    let paths: Vec<_> = parts.formats.iter().map(|format| format!("{FORMATS}/{}", format.code)).collect();
    let (one, other) = tokio::join!(admin.delete(&paths[0]), admin.delete(&paths[1]));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

#[actix_web::test]
async fn their_fields_are_checked() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    admin.patch("/events/posette/call", json!({"opens_at": "2025-01-20T00:00:00Z"})).await.expect(200);
    let add = |body: Value| admin.clone().post_owned(FORMATS, body);
    add(json!({"name": "", "minutes": 30})).await.field_error("name", "too_short");
    add(json!({"name": "Talk"})).await.field_error("minutes", "missing");
    for (minutes, status) in [(0, 422), (1, 201), (1440, 201), (1441, 422)] {
        add(json!({"name": "Talk", "minutes": minutes})).await.expect(status);
    }
    let gap = deadline("2025-03-09T02:30", PACIFIC);
    add(json!({"name": "Talk", "minutes": 30, "deadline": gap})).await.field_error("deadline.local", "gap");
    let too_early = deadline("2025-01-19T23:59", "UTC");
    add(json!({"name": "Talk", "minutes": 30, "deadline": too_early})).await.field_error("deadline", "before_opening");
    let early_track = admin.post(TRACKS, json!({"name": "Core", "deadline": too_early})).await;
    early_track.field_error("deadline", "before_opening");
    let path = format!("{FORMATS}/{}", first(&admin, FORMATS).await);
    admin.patch(&path, json!({"deadline": too_early})).await.field_error("deadline", "before_opening");
    admin.patch(&path, json!({"minutes": 0})).await.field_error("minutes", "range");
}

#[actix_web::test]
async fn they_belong_to_their_event_and_its_organizers() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    event(&app, "other").await;
    let rita = member(&app, "posette", "rita", "reviewer").await;
    let code = first(&admin, FORMATS).await;
    admin.patch(&format!("/events/other/formats/{code}"), json!({"name": "x"})).await.problem(404, "not_found");
    admin.delete(&format!("/events/other/formats/{code}")).await.problem(404, "not_found");
    for path in [FORMATS, TRACKS] {
        rita.get(path).await.problem(403, "forbidden");
        rita.post(path, json!({"name": "x", "minutes": 1})).await.problem(403, "forbidden");
        rita.patch(&format!("{path}/{code}"), json!({"name": "x"})).await.problem(403, "forbidden");
        rita.delete(&format!("{path}/{code}")).await.problem(403, "forbidden");
    }
}
