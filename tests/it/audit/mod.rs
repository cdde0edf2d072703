//! Who did what, to what, and when.

mod pages;

use crate::harness::{
    Client, TestApp,
    seed::{Event, code, proposal},
};
use actix_web::http::Method;
use callboard::{audit::model::Action, jobs};
use serde_json::{Value, json};
use std::{collections::BTreeSet, slice::from_ref, time::Duration};

impl Event {
    async fn audit(&self, query: &str) -> Vec<Value> {
        let list = self.organizer.get(&self.path(&format!("/audit{query}"))).await.expect(200).json();
        list["items"].as_array().unwrap().clone()
    }

    /// The newest entry.
    async fn last(&self) -> Value {
        self.audit("?limit=1").await.remove(0)
    }
}

/// Every deed that organizers, reviewers and speakers do, once.
async fn everything(app: &TestApp, event: &Event) -> Client {
    let organizer = &event.organizer;
    let ada = app.speaker("ada").await;
    let rita = app.reviewer("rita", event).await;
    shape(event).await;
    let talk = code(&event.submit(&ada, "Talk").await);
    let mine = event.mine(&format!("/{talk}"));
    ada.patch(&mine, json!({"title": "Better"})).await.expect(200);
    speak_together(app, event, &ada, &talk).await;
    ada.act(&format!("{mine}/withdraw")).await.expect(200);
    ada.act(&format!("{mine}/undo-withdrawal")).await.expect(200);
    let theirs = event.path(&format!("/proposals/{talk}"));
    organizer.act(&format!("{theirs}/cancel")).await.expect(200);
    organizer.act(&format!("{theirs}/reinstate")).await.expect(200);
    organizer.act(&format!("{theirs}/mark-invited")).await.expect(200);
    organizer.act(&format!("{theirs}/unmark-invited")).await.expect(200);
    let reference = event.seen(&talk).await["ref"].as_str().unwrap().to_owned();
    let review = event.path(&format!("/reviewing/proposals/{reference}/review"));
    rita.put(&review, json!({"abstain": true})).await.expect(200);
    rita.delete(&review).await.expect(204);
    keep_fair(event, &rita, &talk, &reference).await;
    assign_by_plan(event).await;
    bring_and_take(event).await;
    organizer.post(&format!("{theirs}/comments"), json!({"text": "Good"})).await.expect(201);
    let past = json!({"talks": [{"title": "Old", "occasion": "Last year"}]});
    organizer.post(&event.path("/past-talks"), past).await.expect(200);
    let past = event.codes("/past-talks").await.remove(0);
    organizer.delete(&event.path(&format!("/past-talks/{past}"))).await.expect(204);
    organizer.post(&event.path("/rankings"), json!({"name": "Round"})).await.expect(201);
    event.decide(&talk, "accepted").await;
    event.publish().await;
    let publication = event.codes("/publications").await.remove(0);
    organizer.act(&event.path(&format!("/publications/{publication}/stop"))).await.expect(200);
    event.publish().await;
    let mail = event.codes("/mails?state=held").await.remove(0);
    for deed in ["hold", "release"] {
        organizer.act(&event.path(&format!("/mails/{mail}/{deed}"))).await.expect(200);
    }
    app.advance(Duration::from_mins(1));
    jobs::release_due(&app.board).await.unwrap();
    ada.act(&format!("{mine}/confirm")).await.expect(200);
    ada.act(&format!("{mine}/decline")).await.expect(200);
    organizer.get(&event.path("/exports/proposals.csv")).await.expect(200);
    let member = event.member_path("rita").await;
    organizer.patch(&member, json!({"role": "reviewer", "tracks": null})).await.expect(200);
    organizer.delete(&member).await.expect(204);
    let token = json!({"name": "Sync", "scopes": ["event:read"]});
    let made = organizer.post(&event.path("/tokens"), token).await.expect(201).json();
    organizer.delete(&event.path(&format!("/tokens/{}", made["id"].as_str().unwrap()))).await.expect(204);
    jobs::note_reads_now(&app.board).await.unwrap();
    ada
}

/// A phase, a conflict of interest that rita declares and one that is pinned on her, and an assignment; none of them stays.
async fn keep_fair(event: &Event, rita: &Client, talk: &str, reference: &str) {
    let organizer = &event.organizer;
    let phase = json!({"name": "Reading", "starts_at": "2030-01-01T00:00:00Z"});
    let made = organizer.post(&event.path("/phases"), phase).await.expect(201).json();
    let path = event.path(&format!("/phases/{}", code(&made)));
    organizer.patch(&path, json!({"name": "Reading on"})).await.expect(200);
    organizer.delete(&path).await.expect(204);
    let member = event.member_path("rita").await.rsplit('/').next().unwrap().to_owned();
    let pairs = json!({"pairs": [{"proposal": talk, "reviewer": member}]});
    organizer.post(&event.path("/assignments"), pairs).await.expect(200);
    let assigned = event.codes("/assignments").await.remove(0);
    organizer.delete(&event.path(&format!("/assignments/{assigned}"))).await.expect(204);
    let conflict = event.path(&format!("/reviewing/proposals/{reference}/conflict"));
    rita.put(&conflict, json!({"kind": "close"})).await.expect(200);
    rita.delete(&conflict).await.expect(204);
    let pin = json!({"proposal": talk, "member": member, "kind": "own"});
    let pinned = organizer.post(&event.path("/conflicts"), pin).await.expect(201).json();
    organizer.delete(&event.path(&format!("/conflicts/{}", pinned["id"].as_str().unwrap()))).await.expect(204);
}

/// A plan of who reviews what is put into effect and released.
async fn assign_by_plan(event: &Event) {
    let path = event.path("/assignments/plan");
    let shown = event.organizer.post(&path, json!({"dry_run": true})).await.expect(200).json();
    event.organizer.post(&path, json!({"version": shown["version"]})).await.expect(200);
    event.organizer.act(&event.path("/assignments/release")).await.expect(200);
}

/// A file that comes, and a choice of columns for one that goes.
async fn bring_and_take(event: &Event) {
    let file = "Code,Title,Abstract,Speaker names\nA1,Brought,All of it.,Dee\n";
    event.upload(&event.organizer, "of=proposals", file.as_bytes()).await.expect(200);
    let preset = json!({"name": "Titles", "table": "talks", "columns": ["title"]});
    let made = event.organizer.post(&event.path("/export-presets"), preset).await.expect(201).json();
    let path = event.path(&format!("/export-presets/{}", code(&made)));
    event.organizer.patch(&path, json!({"name": "Only titles"})).await.expect(200);
    event.organizer.delete(&path).await.expect(204);
    let view = json!({"name": "By title", "query": "sort=title"});
    let made = event.organizer.post(&event.path("/proposal-views"), view).await.expect(201).json();
    event.organizer.delete(&event.path(&format!("/proposal-views/{}", code(&made)))).await.expect(204);
}

/// What organizers set up and change, and take away again.
async fn shape(event: &Event) {
    let organizer = &event.organizer;
    organizer.patch(&event.path("/settings"), json!({"place": "Here"})).await.expect(200);
    organizer.patch(&event.path("/call"), json!({"text": "Come."})).await.expect(200);
    for (list, body) in [
        ("/formats", json!({"name": "Short", "minutes": 5})),
        ("/tracks", json!({"name": "Side"})),
        ("/categories", json!({"name": "Level", "choices": [{"name": "Any"}]})),
        ("/milestones", json!({"name": "Rehearsal", "on": "2025-05-01"})),
        ("/criteria", json!({"name": "Fit"})),
    ] {
        let made = organizer.post(&event.path(list), body).await.expect(201).json();
        let path = event.path(&format!("{list}/{}", code(&made)));
        organizer.patch(&path, json!({"name": "Other"})).await.expect(200);
        organizer.delete(&path).await.expect(204);
    }
    let made = organizer.post(&event.path("/title-ideas"), json!({"title": "Do"})).await.expect(201).json();
    let path = event.path(&format!("/title-ideas/{}", code(&made)));
    organizer.patch(&path, json!({"title": "Try"})).await.expect(200);
    organizer.delete(&path).await.expect(204);
    let until = json!({"local": "2025-02-20T12:00", "zone": "UTC"});
    let link = json!({"name": "For latecomers", "deadline": until});
    let made = organizer.post(&event.path("/late-links"), link).await.expect(201).json();
    organizer.delete(&event.path(&format!("/late-links/{}", code(&made)))).await.expect(204);
    let extension = json!({"email": "nobody@example.org", "deadline": until});
    let made = organizer.post(&event.path("/extensions"), extension).await.expect(201).json();
    let path = event.path(&format!("/extensions/{}", code(&made)));
    let later = json!({"deadline": {"local": "2025-02-21T12:00", "zone": "UTC"}});
    organizer.patch(&path, later).await.expect(200);
    organizer.delete(&path).await.expect(204);
    let invitation = json!({"email": "nobody@example.org", "role": "reviewer"});
    let invited = organizer.post(&event.path("/invitations"), invitation).await.expect(201).json();
    organizer.delete(&event.path(&format!("/invitations/{}", code(&invited)))).await.expect(204);
}

/// Two guests who do not come, one who does, takes over, hands back and leaves.
async fn speak_together(app: &TestApp, event: &Event, ada: &Client, talk: &str) {
    let invited = event.ask(ada, talk, "guest").await;
    event.remove_speaker(ada, talk, invited["id"].as_str().unwrap()).await.expect(204);
    event.ask(ada, talk, "guest").await;
    let token = json!({"token": app.link_mailed_to("guest", "speaker_invitation").await});
    app.anonymous().post("/speaker-invitations/decline", token).await.expect(204);
    let bob = event.co_speaker(app, ada, talk, "bob").await;
    let (adas, bobs) = (event.id_of(ada, talk, "ada").await, event.id_of(ada, talk, "bob").await);
    event.hand_over(ada, talk, &bobs, false).await.expect(204);
    event.hand_over(&bob, talk, &adas, false).await.expect(204);
    event.remove_speaker(&bob, talk, &bobs).await.expect(204);
    let slides = json!({"url": "https://slides.example/"});
    ada.put(&event.mine(&format!("/{talk}/slides")), slides).await.expect(200);
    let keynote = json!({"title": "Keynote", "abstract": "It.", "speakers": [{"profile": {"name": "Cyd"}}]});
    event.organizer.post(&event.path("/proposals"), keynote).await.expect(201);
}

#[actix_web::test]
async fn every_deed_is_noted() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    everything(&app, &event).await;
    let noted = event.audit("?limit=100").await;
    let actions: BTreeSet<&str> = noted.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let mut all: BTreeSet<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    // Only a failed mail can be sent again, and only a command computes deadlines anew: they have tests of their own.
    all.remove("mail_sent_again");
    all.remove("deadline_recomputed");
    assert_eq!(actions, all);
    for entry in &noted {
        // By the process itself, or with the link of a mail alone.
        let by_nobody = ["publication_released", "speaker_refused"].iter().any(|action| entry["action"] == *action);
        assert_eq!(entry["actor"].is_null(), by_nobody, "{entry}");
    }
    let dump = serde_json::to_string(&noted).unwrap();
    for personal in ["Better", "nobody@example.org", "All about Talk"] {
        assert!(!dump.contains(personal), "{personal} in {dump}");
    }
}

#[actix_web::test]
async fn what_fails_and_what_changes_nothing_is_not_noted() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let before = event.audit("").await.len();
    event.organizer.patch(&event.path("/call"), json!({"text": ""})).await.expect(200);
    event
        .organizer
        .patch(&event.path("/call"), json!({"limit_per_speaker": 0}))
        .await
        .field_error("limit_per_speaker", "range");
    let draft = event.draft(&ada, "Draft").await;
    let path = event.mine(&format!("/{draft}"));
    ada.patch(&path, json!({"title": "Drafts leave no trace"})).await.expect(200);
    ada.delete(&path).await.expect(204);
    assert_eq!(event.audit("").await.len(), before);
    event.organizer.patch(&event.path("/call"), json!({"limit_per_speaker": 1})).await.expect(200);
    event.submit(&ada, "Talk").await;
    let count = event.audit("").await.len();
    ada.post(&event.mine(""), proposal("Over the limit")).await.problem(409, "limit_reached");
    assert_eq!(event.audit("").await.len(), count);
}

#[actix_web::test]
async fn a_decision_tells_from_and_to() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Talk").await);
    event.decide(&talk, "rejected").await;
    event.decide(&talk, "accepted").await;
    let entry = event.last().await;
    assert_eq!(entry["facts"], json!({"from": "rejected", "to": "accepted"}));
    assert_eq!(entry["object"], json!({"kind": "proposal", "code": talk}));
    let many = json!({"codes": [talk], "decision": "waitlisted", "dry_run": true});
    event.organizer.post(&event.path("/decisions"), many.clone()).await.expect(200);
    assert_eq!(event.last().await, entry, "a dry run is no deed");
    let many = json!({"codes": [talk], "decision": "waitlisted"});
    event.organizer.post(&event.path("/decisions"), many).await.expect(200);
    assert_eq!(event.last().await["facts"], json!({"to": "waitlisted", "count": 1, "codes": [talk]}));
}

#[actix_web::test]
async fn a_deed_that_is_asked_for_twice_with_one_key_is_noted_once() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    for _ in 0..3 {
        ada.post_once("k", &event.mine(""), proposal("Once")).await.expect(201);
    }
    assert_eq!(event.audit("?action=proposal_submitted").await.len(), 1);
}

#[actix_web::test]
async fn organizers_filter_and_page() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let first = code(&event.submit(&ada, "First").await);
    app.advance(Duration::from_hours(1));
    let at = app.board.clock.now();
    let second = code(&event.submit(&ada, "Second").await);
    event.decide(&first, "accepted").await;
    let names = |entries: Vec<Value>| -> Vec<String> {
        entries.iter().map(|entry| entry["object"]["code"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names(event.audit("?action=proposal_submitted").await), [second.clone(), first.clone()]);
    assert_eq!(event.audit(&format!("?object={first}")).await.len(), 2);
    assert_eq!(names(event.audit(&format!("?since={at}&action=proposal_submitted")).await), [second]);
    assert_eq!(names(event.audit(&format!("?until={at}&action=proposal_submitted")).await), [first]);
    let entry = event.audit("?action=proposal_submitted&limit=1").await.remove(0);
    let actor = entry["actor"]["code"].as_str().unwrap();
    assert_eq!(entry["actor"]["name"], "ada");
    assert_eq!(event.audit(&format!("?actor={actor}")).await.len(), 2);
    // Page by page comes the same as at once.
    let all = event.audit("?limit=100").await;
    let mut paged = vec![];
    let mut next = Some("?limit=2".to_owned());
    while let Some(query) = next {
        let page = event.organizer.get(&event.path(&format!("/audit{query}"))).await.expect(200).json();
        paged.extend(page["items"].as_array().unwrap().clone());
        next = page["next"].as_str().map(|cursor| format!("?limit=2&cursor={cursor}"));
    }
    assert_eq!(paged, all);
    let other = app.event("other").await;
    assert_eq!(other.audit("?action=proposal_submitted").await, Vec::<Value>::new());
    event.organizer.get(&event.path("/audit?action=sneezed")).await.field_error("action", "wrong_type");
}

#[actix_web::test]
async fn names_that_mails_and_publications_show_are_noted_too() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let (one, two) = (code(&event.submit(&ada, "One").await), code(&event.submit(&bob, "Two").await));
    event.decide(&one, "accepted").await;
    let noted = async |path: &str| {
        event.organizer.send(event.organizer.request(Method::GET, "").uri(path)).await.expect(200);
        if jobs::note_reads_now(&app.board).await.unwrap() == 0 {
            return vec![];
        }
        let codes = event.last().await["facts"]["codes"].as_array().unwrap().clone();
        codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    let nobody: Vec<String> = vec![];
    assert_eq!(noted("/api/v1/events/conf/publications/preview").await, from_ref(&one));
    assert_eq!(noted("/api/v1/events/conf/publications").await, nobody, "none yet");
    let id = event.publish().await["id"].as_str().unwrap().to_owned();
    for path in ["publications", &format!("publications/{id}")] {
        assert_eq!(noted(&format!("/api/v1/events/conf/{path}")).await, from_ref(&one), "{path}");
    }
    let mut both = [one.clone(), two.clone()];
    both.sort();
    assert_eq!(noted("/api/v1/events/conf/mails").await, both, "each got a receipt");
    let mail = event.organizer.get("/events/conf/mails?kind=acceptance").await.json()["items"][0]["id"].clone();
    jobs::note_reads_now(&app.board).await.unwrap();
    assert_eq!(noted(&format!("/api/v1/events/conf/mails/{}", mail.as_str().unwrap())).await, [one]);
    // What shows no names notes nothing.
    for path in ["/conf/organize", "/api/v1/events/conf/mails/summary", "/api/v1/events/conf/ranking"] {
        assert_eq!(noted(path).await, nobody, "{path}");
    }
}

#[actix_web::test]
async fn who_reads_names_is_noted_in_batches() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, rita) = (app.speaker("ada").await, app.reviewer("rita", &event).await);
    let mut talks = vec![code(&event.submit(&ada, "One").await), code(&event.submit(&ada, "Two").await)];
    talks.sort();
    for _ in 0..3 {
        event.organizer.get(&event.path("/proposals")).await.expect(200);
        event.seen(&talks[0]).await;
        rita.get(&event.path("/reviewing/proposals")).await.expect(200);
    }
    assert_eq!(jobs::note_reads_now(&app.board).await.unwrap(), 1, "nobody who is blind");
    assert_eq!(event.last().await["facts"], json!({"count": 2, "codes": talks}));
    assert_eq!(jobs::note_reads_now(&app.board).await.unwrap(), 0);
    event.organizer.patch(&event.path("/settings"), json!({"blind": false})).await.expect(200);
    let next = rita.get(&event.path("/reviewing/next")).await.expect(200).json();
    assert_eq!(jobs::note_reads_now(&app.board).await.unwrap(), 1);
    let entry = event.last().await;
    assert_eq!(entry["actor"]["name"], "rita");
    assert_eq!(entry["facts"]["codes"], json!([next["proposal"]["ref"]]));
}

#[actix_web::test]
async fn an_answer_by_link_has_no_actor() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Talk").await);
    event.decide(&talk, "accepted").await;
    event.publish().await;
    app.advance(Duration::from_mins(1));
    jobs::release_due(&app.board).await.unwrap();
    let token = app.link_mailed_to("ada", "acceptance").await;
    app.anonymous().post("/confirmations", json!({"token": token, "answer": "confirm"})).await.expect(200);
    let entry = event.last().await;
    assert_eq!((&entry["action"], &entry["actor"]), (&json!("confirmed"), &Value::Null));
    assert_eq!(entry["facts"], json!({"by_link": true}));
}
