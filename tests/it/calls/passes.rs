//! Late links, extensions and invited proposals: past the deadline, and no further.

use crate::harness::{
    Client, TestApp, address,
    seed::{CLOSES, Event, code, proposal},
};
use futures_util::future::join_all;
use serde_json::{Value, json};

const LATER: &str = "2025-02-12T12:01:00Z";
const JUST_BEFORE: &str = "2025-02-12T12:00:59.999999Z";

fn until(day: &str) -> Value {
    json!({"local": format!("{day}T12:00"), "zone": "UTC"})
}

/// Makes a late link until [`LATER`]; answers its code and its secret.
async fn link(event: &Event, more: Value) -> (String, String) {
    let mut body = json!({"name": "For latecomers", "deadline": until("2025-02-12")});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = event.organizer.post(&event.path("/late-links"), body).await.expect(201).json();
    (code(&made), made["secret"].as_str().unwrap().to_owned())
}

fn by(title: &str, secret: &str) -> Value {
    let mut body = proposal(title);
    body["late_link"] = json!(secret);
    body
}

async fn used(event: &Event) -> Value {
    event.organizer.get(&event.path("/late-links")).await.expect(200).json()["items"][0]["used"].clone()
}

async fn extend(event: &Event, name: &str, day: &str) -> String {
    let extension = json!({"email": address(name), "deadline": until(day)});
    code(&event.organizer.post(&event.path("/extensions"), extension).await.expect(201).json())
}

async fn submit(event: &Event, client: &Client, body: Value) -> crate::harness::Response {
    client.post(&event.mine(""), body).await
}

#[actix_web::test]
async fn a_late_link_lets_in_to_its_last_microsecond() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let (code_of_link, secret) = link(&event, json!({"uses": 3})).await;
    assert_eq!(secret.len(), 22, "128 bits");
    event.organizer.patch(&event.path("/call"), json!({"grace_minutes": 10_080})).await.expect(200);
    app.set_clock(CLOSES);
    let in_grace = submit(&event, &ada, by("In the grace", &secret)).await.expect(201).json();
    assert_eq!(in_grace["receipt"]["editable_until"], LATER, "the latest applies");
    assert_eq!(used(&event).await, 0, "not needed");
    event.organizer.patch(&event.path("/call"), json!({"grace_minutes": 0})).await.expect(200);
    submit(&event, &ada, proposal("Without")).await.problem(409, "call_closed");
    app.set_clock(JUST_BEFORE);
    let late = submit(&event, &ada, by("Late", &secret)).await.expect(201).json();
    assert_eq!((&late["receipt"]["decided_at"], used(&event).await), (&json!(JUST_BEFORE), json!(1)));
    let mine = event.mine(&format!("/{}", code(&late)));
    ada.patch(&mine, json!({"title": "Later"})).await.expect(200);
    ada.act(&format!("{mine}/withdraw")).await.expect(200);
    ada.act(&format!("{mine}/undo-withdrawal")).await.expect(200);
    assert_eq!(used(&event).await, 1, "one proposal, one use");
    app.set_clock(LATER);
    ada.patch(&mine, json!({"title": "Too late"})).await.problem(409, "call_closed");
    submit(&event, &ada, by("Too late", &secret)).await.problem(409, "call_closed");
    let list = event.organizer.get(&event.path("/late-links")).await.expect(200).json();
    let shown = &list["items"][0];
    assert_eq!((&shown["code"], &shown["deadline"]["utc"]), (&json!(code_of_link), &json!(LATER)));
    assert!(shown.get("secret").is_none() && !list.to_string().contains(&secret));
}

#[actix_web::test]
async fn a_draft_is_given_a_link_and_submitted_by_it() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let (of_link, secret) = link(&event, json!({})).await;
    let drafts = [event.draft(&ada, "One").await, event.draft(&ada, "Two").await];
    let [one, two] = drafts.map(|draft| event.mine(&format!("/{draft}")));
    for draft in [&one, &two] {
        ada.patch(draft, json!({"late_link": secret})).await.expect(200);
    }
    app.set_clock(CLOSES);
    ada.act(&format!("{one}/submit")).await.expect(200);
    ada.act(&format!("{two}/submit")).await.problem(422, "link_dead");
    assert_eq!(ada.get(&two).await.json()["lifecycle"], "draft");
    event.organizer.delete(&event.path(&format!("/late-links/{of_link}"))).await.expect(204);
    event.organizer.delete(&event.path(&format!("/late-links/{of_link}"))).await.problem(404, "not_found");
    ada.patch(&one, json!({"title": "Revoked"})).await.problem(409, "call_closed");
    assert_eq!(ada.get(&one).await.json()["receipt"]["editable_until"], CLOSES);
    ada.patch(&two, json!({"late_link": secret})).await.field_error("late_link", "dead");
}

#[actix_web::test]
async fn of_100_at_once_as_many_come_by_a_link_as_it_has_uses() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let mut speakers = vec![];
    for number in 0..10 {
        speakers.push(app.speaker(&format!("speaker{number}")).await);
    }
    let (_, secret) = link(&event, json!({"uses": 3})).await;
    app.set_clock(CLOSES);
    let submissions = (0..100).map(|number| {
        let (speaker, path) = (speakers[number % 10].clone(), event.mine(""));
        let body = by(&format!("Number {number}"), &secret);
        async move { speaker.post(&path, body).await }
    });
    let answers = join_all(submissions).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.problem(422, "link_dead");
    }
    assert_eq!(used(&event).await, 3);
    let stored = event.organizer.get(&event.path("/proposals?limit=100")).await.json();
    assert_eq!(stored["items"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn a_link_is_for_its_formats_and_tracks() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let (core, side) = (event.track("Core").await, event.track("Side").await);
    let workshop = json!({"name": "Workshop", "minutes": 90});
    let workshop = code(&event.organizer.post(&event.path("/formats"), workshop).await.expect(201).json());
    let talk = event.codes("/formats").await.remove(0);
    let (_, secret) = link(&event, json!({"uses": 10, "formats": [workshop], "tracks": [core]})).await;
    app.set_clock(CLOSES);
    let post = |format: &str, track: Option<&str>| {
        let mut body = by("A title", &secret);
        body["format"] = json!(format);
        body["track"] = json!(track);
        let (ada, path) = (ada.clone(), event.mine(""));
        async move { ada.post(&path, body).await }
    };
    post(&workshop, None).await.problem(409, "call_closed");
    post(&workshop, Some(&side)).await.problem(409, "call_closed");
    post(&talk, Some(&core)).await.problem(409, "call_closed");
    let taken = event.mine(&format!("/{}", code(&post(&workshop, Some(&core)).await.expect(201).json())));
    ada.patch(&taken, json!({"track": side})).await.problem(409, "call_closed");
    event.organizer.delete(&event.path(&format!("/tracks/{core}"))).await.problem(409, "in_use");
    let new = |more: Value| {
        let mut body = json!({"name": "x", "deadline": until("2025-02-12")});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (organizer, path) = (event.organizer.clone(), event.path("/late-links"));
        async move { organizer.post(&path, body).await }
    };
    new(json!({"tracks": [core, "AAAAAA"]})).await.field_error("tracks[1]", "unknown");
    new(json!({"formats": ["AAAAAA"]})).await.field_error("formats[0]", "unknown");
    for (uses, status) in [(0, 422), (1, 201), (1000, 201), (1001, 422)] {
        new(json!({"uses": uses})).await.expect(status);
    }
}

#[actix_web::test]
async fn a_secret_is_of_one_event_and_of_no_other_form() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let ada = app.speaker("ada").await;
    let (_, secret) = link(&event, json!({})).await;
    submit(&other, &ada, by("Elsewhere", &secret)).await.field_error("late_link", "dead");
    for wrong in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA"] {
        submit(&event, &ada, by("Wrong", wrong)).await.field_error("late_link", "dead");
    }
    assert_eq!(ada.get(&event.mine("")).await.json()["items"], json!([]), "nothing half done");
}

#[actix_web::test]
async fn an_extension_is_for_one_person_and_without_grace() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let in_time = event.mine(&format!("/{}", code(&event.submit(&ada, "In time").await)));
    event.organizer.patch(&event.path("/call"), json!({"grace_minutes": 10})).await.expect(200);
    let extension = event.path(&format!("/extensions/{}", extend(&event, "ada", "2025-02-12").await));
    assert_eq!(ada.get(&in_time).await.json()["receipt"]["editable_until"], LATER);
    app.set_clock(JUST_BEFORE);
    submit(&event, &bob, proposal("Another's")).await.problem(409, "call_closed");
    let late = submit(&event, &ada, proposal("Extended")).await.expect(201).json();
    assert_eq!(late["receipt"]["editable_until"], LATER);
    let mails = app.mails_to("ada", "proposal_received").await;
    assert!(mails.last().unwrap().body_text.contains(LATER), "{}", mails.last().unwrap().body_text);
    ada.patch(&in_time, json!({"title": "Edited"})).await.expect(200);
    app.set_clock(LATER);
    submit(&event, &ada, proposal("Too late")).await.problem(409, "call_closed");
    ada.patch(&in_time, json!({"title": "Again"})).await.problem(409, "call_closed");
    let moved = event.organizer.patch(&extension, json!({"deadline": until("2025-02-13")})).await.expect(200).json();
    assert_eq!((&moved["version"], &moved["deadline"]["utc"]), (&json!(2), &json!("2025-02-13T12:01:00Z")));
    ada.patch(&in_time, json!({"title": "Again"})).await.expect(200);
    event.organizer.delete(&extension).await.expect(204);
    ada.patch(&in_time, json!({"title": "No more"})).await.problem(409, "call_closed");
}

#[actix_web::test]
async fn an_extension_is_for_whoever_has_proved_the_address() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    extend(&event, "ada", "2025-02-12").await;
    app.set_clock(CLOSES);
    let ada = app.unverified("ada").await;
    submit(&event, &ada, proposal("Anybody")).await.problem(409, "call_closed");
    app.verify("ada").await;
    submit(&event, &ada, proposal("Ada")).await.expect(201);
    let again = json!({"email": "ADA@example.org", "deadline": until("2025-02-14")});
    event.organizer.post(&event.path("/extensions"), again).await.field_error("email", "taken");
    let mine = ada.get("/me/data").await.expect(200).json();
    assert_eq!(
        (&mine["extensions"][0]["until"], &mine["extensions"][0]["email"]),
        (&json!(LATER), &json!(address("ada")))
    );
    let erase = ada.request(actix_web::http::Method::DELETE, "/me");
    ada.send(erase.set_json(json!({"password": crate::harness::PASSWORD}))).await.expect(204);
    assert_eq!(event.organizer.get(&event.path("/extensions")).await.json()["items"], json!([]));
}

/// An extension that is taken back in this moment lets in or does not, never half.
#[actix_web::test]
async fn taking_an_extension_back_cannot_race_a_submission() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let extension = event.path(&format!("/extensions/{}", extend(&event, "ada", "2025-02-12").await));
    app.set_clock(CLOSES);
    let submissions = (0..10).map(|number| {
        let (ada, path) = (ada.clone(), event.mine(""));
        async move { ada.post(&path, proposal(&format!("Number {number}"))).await.status.as_u16() }
    });
    let (statuses, gone) = futures_util::future::join(join_all(submissions), event.organizer.delete(&extension)).await;
    gone.expect(204);
    let taken = statuses.iter().filter(|status| **status == 201).count();
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    let stored = event.organizer.get(&event.path("/proposals")).await.json();
    assert_eq!(stored["items"].as_array().unwrap().len(), taken);
    submit(&event, &ada, proposal("After")).await.problem(409, "call_closed");
}

/// What is invited is the committee's own choice: to reviewers it does not exist.
#[actix_web::test]
async fn invited_proposals_skip_the_review() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, rita) = (app.speaker("ada").await, app.reviewer("rita", &event).await);
    let talk = code(&event.submit(&ada, "Keynote").await);
    let reference = event.seen(&talk).await["ref"].as_str().unwrap().to_owned();
    let total = || async { rita.get(&event.path("/reviewing")).await.expect(200).json()["total"].clone() };
    assert_eq!(total().await, 1);
    let version = || async { ada.get(&event.mine(&format!("/{talk}"))).await.expect(200).json()["version"].clone() };
    let before = version().await.as_i64().unwrap();
    for _ in 0..2 {
        let marked = event.organizer.act(&event.path(&format!("/proposals/{talk}/mark-invited"))).await;
        assert_eq!(marked.expect(200).json()["invited"], true);
        assert_eq!(version().await, before + 1, "the second time changes nothing");
    }
    assert_eq!(total().await, 0);
    for path in ["", "/review", "/reviews"] {
        let path = event.path(&format!("/reviewing/proposals/{reference}{path}"));
        rita.get(&path).await.problem(404, "not_found");
    }
    assert_eq!(rita.get(&event.path("/reviewing/next")).await.json()["proposal"], json!(null));
    let found = |invited: bool| {
        let (organizer, path) = (event.organizer.clone(), event.path(&format!("/proposals?invited={invited}")));
        async move { organizer.get(&path).await.expect(200).json()["items"].as_array().unwrap().len() }
    };
    assert_eq!((found(true).await, found(false).await), (1, 0));
    event.organizer.act(&event.path(&format!("/proposals/{talk}/unmark-invited"))).await.expect(200);
    assert_eq!(total().await, 1);
    let (_, secret) = link(&event, json!({"invited": true})).await;
    app.set_clock(CLOSES);
    let late = code(&submit(&event, &ada, by("By invitation", &secret)).await.expect(201).json());
    assert_eq!((&event.seen(&late).await["invited"], total().await), (&json!(true), json!(1)));
}

#[actix_web::test]
async fn they_belong_to_their_event_and_its_organizers() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let viewer = app.member("viewer", &event, "viewer").await;
    let (of_link, _) = link(&event, json!({})).await;
    let extension = extend(&event, "ada", "2025-02-12").await;
    event.organizer.delete(&other.path(&format!("/late-links/{of_link}"))).await.problem(404, "not_found");
    event.organizer.delete(&other.path(&format!("/extensions/{extension}"))).await.problem(404, "not_found");
    for list in ["/late-links", "/extensions"] {
        viewer.get(&event.path(list)).await.expect(200);
        viewer.post(&event.path(list), json!({})).await.problem(403, "forbidden");
        viewer.delete(&event.path(&format!("{list}/{of_link}"))).await.problem(403, "forbidden");
    }
}
