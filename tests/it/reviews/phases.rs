//! Phases: dated switches of what the committee may do and see.

use super::{references, stage};
use crate::harness::seed::{Event, code};
use serde_json::{Value, json};

pub(super) const BEGINS: &str = "2025-02-01T00:00:00Z";
const JUST_BEFORE: &str = "2025-01-31T23:59:59.999999Z";

impl Event {
    /// Adds a phase that begins at [`BEGINS`], with these switches; answers its code.
    pub(super) async fn phase(&self, switches: Value) -> String {
        let mut phase = json!({"name": "A phase", "starts_at": BEGINS});
        phase.as_object_mut().unwrap().extend(switches.as_object().unwrap().clone());
        code(&self.organizer.post(&self.path("/phases"), phase).await.expect(201).json())
    }
}

#[actix_web::test]
async fn reviews_are_written_while_the_phase_says_so() {
    let (app, event, rita, engines) = stage().await;
    event.phase(json!({"scoring": false})).await;
    app.set_clock(JUST_BEFORE);
    event.score(&rita, &engines, &[4]).await;
    event.abstain(&rita, &engines).await;
    app.set_clock(BEGINS);
    let at = event.of(&engines, "/review");
    rita.put(&at, json!({"abstain": true})).await.problem(409, "not_in_phase");
    rita.delete(&at).await.problem(409, "not_in_phase");
    assert_eq!(rita.get(&at).await.expect(200).json()["version"], 2, "it stays and can be read");
    event.propose(&app.sign_in("ada").await, "Looms").await;
    assert_eq!(rita.get(&event.reviewing("/next")).await.expect(200).json(), json!({"proposal": null}));
    let missing = event.reviewing("/proposals/ZZZZZZ/review");
    rita.put(&missing, json!({"abstain": true})).await.problem(404, "not_found");
}

#[actix_web::test]
async fn who_sees_only_what_is_assigned_sees_nothing_else() {
    let (app, event, rita, engines) = stage().await;
    let looms = event.propose(&app.sign_in("ada").await, "Looms").await;
    event.assign(&looms, "rita").await;
    event.phase(json!({"sees": "assigned"})).await;
    app.set_clock(JUST_BEFORE);
    assert_eq!(rita.get(&event.reviewing("")).await.json()["total"], 2);
    app.set_clock(BEGINS);
    assert_eq!(rita.get(&event.reviewing("")).await.json()["total"], 1);
    assert_eq!(references(&rita.get(&event.reviewing("/proposals")).await.json()), [&looms.reference]);
    let next = rita.get(&event.reviewing("/next")).await.json();
    assert_eq!(next["proposal"]["ref"], looms.reference.as_str());
    for below in ["", "/review", "/reviews"] {
        rita.get(&event.of(&engines, below)).await.problem(404, "not_found");
    }
    rita.put(&event.of(&engines, "/review"), json!({"abstain": true})).await.problem(404, "not_found");
    rita.put(&event.of(&engines, "/conflict"), json!({"kind": "own"})).await.problem(404, "not_found");
    event.abstain(&rita, &looms).await;
}

#[actix_web::test]
async fn names_show_from_the_instant_of_their_phase() {
    let (app, event, rita, engines) = stage().await;
    event.phase(json!({"names": true})).await;
    app.set_clock(JUST_BEFORE);
    assert_eq!(rita.get(&event.of(&engines, "")).await.json().get("authors"), None);
    assert_eq!(rita.get(&event.reviewing("")).await.json()["blind"], true);
    app.set_clock(BEGINS);
    assert_eq!(rita.get(&event.of(&engines, "")).await.json()["authors"][0]["name"], "ada");
    assert_eq!(rita.get(&event.reviewing("")).await.json()["blind"], false);
}

#[actix_web::test]
async fn a_phase_hides_names_that_the_event_shows() {
    let (app, event, rita, engines) = stage().await;
    event.organizer.patch(&event.path("/settings"), json!({"blind": false})).await.expect(200);
    event.phase(json!({})).await;
    app.set_clock(JUST_BEFORE);
    assert_eq!(rita.get(&event.of(&engines, "")).await.json()["authors"][0]["name"], "ada");
    app.set_clock(BEGINS);
    assert_eq!(rita.get(&event.of(&engines, "")).await.json().get("authors"), None);
}

#[actix_web::test]
async fn what_others_wrote_shows_as_the_phase_says() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    event.abstain(&rolf, &engines).await;
    let phase = event.phase(json!({"reviews": "always"})).await;
    let at = event.of(&engines, "/reviews");
    app.set_clock(JUST_BEFORE);
    rita.get(&at).await.problem(409, "own_review_first");
    app.set_clock(BEGINS);
    assert_eq!(rita.get(&at).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    let never = json!({"reviews": "never"});
    event.organizer.patch(&event.path(&format!("/phases/{phase}")), never).await.expect(200);
    event.abstain(&rita, &engines).await;
    rita.get(&at).await.problem(409, "not_in_phase");
}

#[actix_web::test]
async fn nothing_is_decided_before_its_phase() {
    let (app, event, _, engines) = stage().await;
    event.phase(json!({"deciding": false})).await;
    let path = event.path(&format!("/proposals/{}/decision", engines.code));
    let many = |dry_run: bool| json!({"codes": [engines.code], "decision": "accepted", "dry_run": dry_run});
    app.set_clock(JUST_BEFORE);
    event.organizer.put(&path, json!({"decision": "waitlisted"})).await.expect(200);
    app.set_clock(BEGINS);
    event.organizer.put(&path, json!({"decision": "accepted"})).await.problem(409, "not_in_phase");
    event.organizer.post(&event.path("/decisions"), many(false)).await.problem(409, "not_in_phase");
    assert_eq!(event.organizer.post(&event.path("/decisions"), many(true)).await.expect(200).json()["count"], 1);
    assert_eq!(event.organizer.get(&path).await.expect(200).json()["decision"], "waitlisted");
}

#[actix_web::test]
async fn a_phase_lasts_until_the_next_one_begins() {
    let (app, event, rita, engines) = stage().await;
    event.phase(json!({"scoring": false})).await;
    let later = json!({"name": "Later", "starts_at": "2025-02-02T00:00:00Z"});
    event.organizer.post(&event.path("/phases"), later).await.expect(201);
    app.set_clock("2025-02-01T23:59:59.999999Z");
    let at = event.of(&engines, "/review");
    rita.put(&at, json!({"abstain": true})).await.problem(409, "not_in_phase");
    app.set_clock("2025-02-02T00:00:00Z");
    rita.put(&at, json!({"abstain": true})).await.expect(200);
}

#[actix_web::test]
async fn phases_are_added_changed_and_removed() {
    let (_app, event, rita, _) = stage().await;
    let list = event.path("/phases");
    let phase = event.phase(json!({})).await;
    let one = event.path(&format!("/phases/{phase}"));
    let shown = json!({"code": phase, "name": "A phase", "starts_at": BEGINS, "scoring": true, "sees": "all",
        "names": false, "reviews": "after_own", "deciding": true, "version": 1});
    assert_eq!(event.organizer.get(&list).await.expect(200).json()["items"], json!([shown]));
    let same = json!({"name": "Other", "starts_at": BEGINS});
    event.organizer.post(&list, same).await.problem(409, "taken");
    let first = json!({"name": "First", "starts_at": "2025-01-01T00:00:00Z"});
    let first = code(&event.organizer.post(&list, first).await.expect(201).json());
    event.organizer.patch(&one, json!({"starts_at": "2025-01-01T00:00:00Z"})).await.problem(409, "taken");
    event.organizer.patch_from("\"2\"", &one, json!({"names": true})).await.problem(412, "stale");
    let edited = event.organizer.patch_from("\"1\"", &one, json!({"names": true})).await.expect(200);
    assert_eq!((edited.header("etag"), &edited.json()["names"]), ("\"2\"", &json!(true)));
    assert_eq!(event.codes("/phases").await, [first, phase], "the first to begin first");
    event.organizer.patch(&one, json!({"sees": "some"})).await.field_error("sees", "wrong_type");
    rita.get(&list).await.problem(403, "forbidden");
    event.organizer.delete(&one).await.expect(204);
    event.organizer.delete(&one).await.problem(404, "not_found");
    for number in 0..19 {
        let phase = json!({"name": "More", "starts_at": format!("2025-03-01T00:00:{number:02}Z")});
        event.organizer.post(&list, phase).await.expect(201);
    }
    let more = json!({"name": "Too many", "starts_at": "2025-04-01T00:00:00Z"});
    event.organizer.post(&list, more).await.problem(409, "wrong_state");
}
