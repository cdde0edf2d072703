//! One instant for everyone: to the microsecond, whatever waits and whoever moves it meanwhile.

use crate::harness::{
    Client, TestApp,
    seed::{CLOSES, LAST_MICROSECOND, code, proposal},
};
use futures_util::future::join_all;
use serde_json::json;
use std::time::Duration;

#[actix_web::test]
async fn submitting_ends_at_the_microsecond() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let draft = event.draft(&ada, "Late").await;
    app.set_clock(LAST_MICROSECOND);
    let submitted = event.submit(&ada, "In time").await;
    assert_eq!(submitted["receipt"]["decided_at"], LAST_MICROSECOND);
    app.set_clock(CLOSES);
    let refused = ada.post(&event.mine(""), proposal("Too late")).await.problem(409, "call_closed");
    assert!(refused["detail"].as_str().unwrap().contains("11:59 PM PST (UTC−8)"), "{refused}");
    ada.act(&event.mine(&format!("/{draft}/submit"))).await.problem(409, "call_closed");
    assert_eq!(ada.get(&event.mine("")).await.json()["items"].as_array().unwrap().len(), 2, "the draft survives");
}

#[actix_web::test]
async fn editing_and_undoing_end_at_the_microsecond_too() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let (kept, left) = (code(&event.submit(&ada, "Kept").await), code(&event.submit(&ada, "Left").await));
    let draft = event.draft(&ada, "Draft").await;
    ada.act(&event.mine(&format!("/{left}/withdraw"))).await.expect(200);
    app.set_clock(LAST_MICROSECOND);
    ada.patch(&event.mine(&format!("/{kept}")), json!({"title": "Edited"})).await.expect(200);
    ada.act(&event.mine(&format!("/{left}/undo-withdrawal"))).await.expect(200);
    ada.act(&event.mine(&format!("/{left}/withdraw"))).await.expect(200);
    app.set_clock(CLOSES);
    ada.patch(&event.mine(&format!("/{kept}")), json!({"title": "Again"})).await.problem(409, "call_closed");
    ada.act(&event.mine(&format!("/{left}/undo-withdrawal"))).await.problem(409, "call_closed");
    ada.patch(&event.mine(&format!("/{draft}")), json!({"title": "Still a draft"})).await.expect(200);
    assert_eq!(event.seen(&kept).await["title"], "Edited");
}

#[actix_web::test]
async fn the_call_opens_at_the_microsecond() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let opens = json!({"opens_at": "2025-01-20T09:00:00Z"});
    event.organizer.patch(&event.path("/call"), opens).await.expect(200);
    app.set_clock("2025-01-20T08:59:59.999999Z");
    ada.post(&event.mine(""), proposal("Early")).await.problem(409, "call_not_open");
    app.set_clock("2025-01-20T09:00:00Z");
    event.submit(&ada, "On the dot").await;
}

#[actix_web::test]
async fn grace_counts_and_is_not_shown() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    event.organizer.patch(&event.path("/call"), json!({"grace_minutes": 10})).await.expect(200);
    app.set_clock("2025-02-10T08:09:59.999999Z");
    let late = event.submit(&ada, "Within the grace").await;
    assert_eq!(late["receipt"]["editable_until"], CLOSES);
    app.set_clock("2025-02-10T08:10:00Z");
    ada.post(&event.mine(""), proposal("Too late")).await.problem(409, "call_closed");
}

#[actix_web::test]
async fn the_formats_deadline_counts_before_the_tracks_before_the_calls() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let deadline = |day: &str| json!({"local": format!("{day}T23:59"), "zone": "UTC"});
    let organizer = &event.organizer;
    let workshop = json!({"name": "Workshop", "minutes": 90, "deadline": deadline("2025-01-31")});
    let workshop = code(&organizer.post(&event.path("/formats"), workshop).await.expect(201).json());
    let core = json!({"name": "Core", "deadline": deadline("2025-02-12")});
    let core = code(&organizer.post(&event.path("/tracks"), core).await.expect(201).json());
    let formats = ada.get(&event.path("/call")).await.json()["formats"].clone();
    let talk = formats.as_array().unwrap().iter().map(code).find(|code| *code != workshop).unwrap();
    let submit = |format: &str, track: Option<&str>| {
        let mut body = proposal("A title");
        body["format"] = json!(format);
        body["track"] = json!(track);
        let (ada, path) = (ada.clone(), event.mine(""));
        async move { ada.post(&path, body).await }
    };
    app.set_clock("2025-01-31T23:59:59.999999Z");
    submit(&workshop, Some(&core)).await.expect(201);
    app.set_clock("2025-02-01T00:00:00Z");
    submit(&workshop, Some(&core)).await.problem(409, "call_closed");
    app.set_clock(CLOSES);
    submit(&talk, None).await.problem(409, "call_closed");
    app.set_clock("2025-02-12T23:59:59.999999Z");
    let in_track = code(&submit(&talk, Some(&core)).await.expect(201).json());
    // Nobody moves a talk to where the deadline is later, or out of where it still runs.
    let out = ada.patch(&event.mine(&format!("/{in_track}")), json!({"track": null})).await;
    out.problem(409, "call_closed");
}

/// That a session was used is noted by a write of its own: it has to be over before writes are counted.
async fn are_known_to_be_here(app: &TestApp, clients: &[Client]) {
    for client in clients {
        while client.get("/me/sessions").await.expect(200).json()["items"][0]["last_used_at"] != LAST_MICROSECOND {
            actix_web::rt::time::sleep(Duration::from_millis(1)).await;
        }
    }
    app.board.db.write(|_| Ok(())).await.unwrap();
}

#[actix_web::test]
async fn waiting_in_the_queue_makes_nobody_late_for_up_to_30_seconds() {
    for (waited, in_time) in [(30_000_000, true), (30_000_001, false)] {
        let app = TestApp::new().await;
        let event = app.event("conf").await;
        let ada = app.speaker("ada").await;
        app.set_clock(LAST_MICROSECOND);
        are_known_to_be_here(&app, std::slice::from_ref(&ada)).await;
        let blocked = app.block_writers().await;
        let (client, path) = (ada.clone(), event.mine(""));
        let waiting = actix_web::rt::spawn(async move { client.post(&path, proposal("Queued")).await });
        app.queued(1).await;
        app.advance(Duration::from_micros(waited));
        blocked.release().await;
        let answer = waiting.await.unwrap();
        if in_time {
            assert_eq!(answer.expect(201).json()["receipt"]["decided_at"], LAST_MICROSECOND);
        } else {
            answer.problem(409, "call_closed");
        }
    }
}

#[actix_web::test]
async fn an_organizer_who_moves_the_deadline_cannot_race_a_submission() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let later = json!({"deadline": {"local": "2025-02-10T23:59", "zone": "America/Los_Angeles"}});
    let earlier = json!({"deadline": {"local": "2025-02-09T23:59", "zone": "America/Los_Angeles"}, "confirm": true});
    app.set_clock(CLOSES);
    let submissions = (0..20).map(|number| {
        let (ada, path) = (ada.clone(), event.mine(""));
        async move { ada.post(&path, proposal(&format!("Number {number}"))).await.status.as_u16() }
    });
    let moves = async {
        for _ in 0..5 {
            event.organizer.patch(&event.path("/call"), later.clone()).await.expect(200);
            event.organizer.patch(&event.path("/call"), earlier.clone()).await.expect(200);
        }
    };
    let (statuses, ()) = futures_util::future::join(join_all(submissions), moves).await;
    let taken = statuses.iter().filter(|status| **status == 201).count();
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    let stored = event.organizer.get(&event.path("/proposals?limit=100")).await.json();
    assert_eq!(stored["items"].as_array().unwrap().len(), taken, "what was refused is not stored");
    ada.post(&event.mine(""), proposal("After all")).await.problem(409, "call_closed");
}

#[actix_web::test]
async fn the_receipt_names_the_instant_in_both_zones_also_by_mail() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let submitted = event.submit(&ada, "A talk").await;
    let both = "2025-01-15T12:00:00Z (Wednesday 15 January 2025, 4:00:00 AM PST (UTC−8))";
    assert_eq!(submitted["receipt"]["decided_at_text"], both);
    let mails = app.mails_to("ada", "proposal_received").await;
    assert_eq!(mails.len(), 1);
    for part in [both, "A talk", &code(&submitted)] {
        assert!(mails[0].body_text.contains(part), "{part} in {}", mails[0].body_text);
    }
    assert_eq!(mails[0].reply_to.as_deref(), Some("team@example.org"));
}

/// Looking up who it is waits for the database like everything else; the instant that counts was before.
#[actix_web::test]
async fn looking_up_the_session_makes_nobody_late() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    app.set_clock(LAST_MICROSECOND);
    let readers = if crate::harness::database::postgres_server().is_some() { 2 } else { 1 };
    let (mut release, mut started) = (vec![], vec![]);
    for _ in 0..readers {
        let (sender, released) = std::sync::mpsc::channel::<()>();
        let (start, starts) = tokio::sync::oneshot::channel();
        let board = app.board.clone();
        actix_web::rt::spawn(async move {
            let job = move |_: &mut callboard::db::Conn| {
                start.send(()).unwrap();
                released.recv().ok();
                Ok(())
            };
            board.db.read(job).await.unwrap();
        });
        release.push(sender);
        started.push(starts);
    }
    join_all(started).await;
    let (client, path) = (ada.clone(), event.mine(""));
    let waiting = actix_web::rt::spawn(async move { client.post(&path, proposal("Looked up late")).await });
    // Until the request has come in and waits for a reader.
    actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    app.advance(Duration::from_secs(5));
    drop(release);
    let submitted = waiting.await.unwrap().expect(201).json();
    assert_eq!(submitted["receipt"]["decided_at"], LAST_MICROSECOND);
}

/// A thousand submissions around the closing instant: half of them are there before it and wait behind others, half come
/// with it. All are decided after it, in whatever order.
#[actix_web::test]
async fn a_thousand_submissions_cross_the_closing_instant() {
    const EACH: usize = 25;
    let app = TestApp::with(&[("rate_limits", "off")]).await;
    let event = app.event("conf").await;
    let mut speakers = vec![];
    for number in 0..20 {
        speakers.push(app.speaker(&format!("speaker{number}")).await);
    }
    app.set_clock(LAST_MICROSECOND);
    are_known_to_be_here(&app, &speakers).await;
    let submit_all = |when: &'static str| {
        let submissions = speakers.iter().flat_map(|speaker| (0..EACH).map(move |number| (speaker.clone(), number)));
        let path = event.mine("");
        submissions.map(move |(speaker, number)| {
            let path = path.clone();
            actix_web::rt::spawn(async move { speaker.post(&path, proposal(&format!("{when} {number}"))).await })
        })
    };
    let blocked = app.block_writers().await;
    let mut answers: Vec<_> = submit_all("Before").collect();
    app.queued(answers.len()).await;
    app.set_clock(CLOSES);
    answers.extend(submit_all("After"));
    app.queued(answers.len()).await;
    app.advance(Duration::from_secs(20));
    blocked.release().await;
    let answers: Vec<_> = join_all(answers).await.into_iter().map(Result::unwrap).collect();
    let (before, after) = answers.split_at(answers.len() / 2);
    for answer in before {
        assert_eq!(answer.clone().expect(201).json()["receipt"]["decided_at"], LAST_MICROSECOND);
    }
    for answer in after {
        answer.clone().problem(409, "call_closed");
    }
    let mut stored = vec![];
    for speaker in &speakers {
        let own = speaker.get(&event.mine("")).await.json();
        let own = own["items"].as_array().unwrap().iter();
        stored.extend(own.map(|proposal| proposal["title"].as_str().unwrap().to_owned()));
    }
    assert_eq!((answers.len(), stored.len()), (1000, 500));
    assert!(stored.iter().all(|title| title.starts_with("Before")), "{stored:?}");
    assert_eq!(app.mails().await.iter().filter(|mail| mail.kind.starts_with("proposal_received")).count(), 500);
}
