//! The private decision: who may set it, on what, and that nobody else can tell.

use crate::harness::{TestApp, seed::code};
use serde_json::{Value, json};

fn facts(seen: &Value) -> [&Value; 4] {
    ["lifecycle", "decision", "published_decision", "confirmation"].map(|fact| &seen[fact])
}

#[actix_web::test]
async fn the_four_facts_are_independent() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    let path = event.path(&format!("/proposals/{talk}/decision"));
    let decided = event.organizer.put(&path, json!({"decision": "accepted"})).await.expect(200).json();
    assert_eq!(facts(&decided), [&json!("submitted"), &json!("accepted"), &json!(null), &json!(null)]);
    event.tell(&app).await;
    let decided = event.organizer.put(&path, json!({"decision": "rejected"})).await.expect(200).json();
    assert_eq!(facts(&decided), [&json!("submitted"), &json!("rejected"), &json!("accepted"), &json!("pending")]);
    ada.act(&event.mine(&format!("/{talk}/confirm"))).await.expect(200);
    let decided = event.organizer.put(&path, json!({"decision": "undecided"})).await.expect(200).json();
    assert_eq!(facts(&decided), [&json!("submitted"), &json!("undecided"), &json!("accepted"), &json!("confirmed")]);
    event.organizer.act(&event.path(&format!("/proposals/{talk}/cancel"))).await.expect(200);
    let seen = event.seen(&talk).await;
    assert_eq!(facts(&seen), [&json!("canceled"), &json!("undecided"), &json!("accepted"), &json!("confirmed")]);
}

#[actix_web::test]
async fn only_what_is_submitted_is_decided_and_only_by_organizers() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let ada = app.speaker("ada").await;
    let rita = app.reviewer("rita", &event).await;
    let talk = code(&event.submit(&ada, "A talk").await);
    let draft = event.draft(&ada, "A draft").await;
    let accept = json!({"decision": "accepted"});
    let at = |code: &str| event.path(&format!("/proposals/{code}/decision"));
    event.organizer.put(&at(&draft), accept.clone()).await.problem(404, "not_found");
    event.organizer.put(&at("ZZZZZZ"), accept.clone()).await.problem(404, "not_found");
    let elsewhere = other.path(&format!("/proposals/{talk}/decision"));
    event.organizer.put(&elsewhere, accept.clone()).await.problem(404, "not_found");
    event.organizer.put(&at(&talk), json!({"decision": "maybe"})).await.problem(422, "invalid");
    for (who, status, problem) in
        [(&ada, 403, "forbidden"), (&rita, 403, "forbidden"), (&app.anonymous(), 401, "sign_in_required")]
    {
        who.put(&at(&talk), accept.clone()).await.problem(status, problem);
        who.post(&event.path("/decisions"), json!({"codes": [talk], "decision": "accepted"}))
            .await
            .problem(status, problem);
        who.get(&event.path("/publications/preview")).await.problem(status, problem);
        who.post(&event.path("/publications"), json!({"version": "AQ"})).await.problem(status, problem);
        who.get(&event.path("/publications")).await.problem(status, problem);
    }
    ada.act(&event.mine(&format!("/{talk}/withdraw"))).await.expect(200);
    event.organizer.put(&at(&talk), accept).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn a_speaker_cannot_tell_what_was_decided_before_it_is_released() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    let at = event.mine(&format!("/{talk}"));
    let look = || async {
        let seen = [ada.get(&at).await, ada.get(&event.mine("")).await, ada.get("/me/proposals").await];
        let mut seen: Vec<_> = seen.into_iter().map(|response| response.expect(200).json()).collect();
        for deed in ["confirm", "decline"] {
            let mut refused = ada.act(&format!("{at}/{deed}")).await.problem(409, "wrong_state");
            refused.as_object_mut().unwrap().remove("request_id");
            seen.push(refused);
        }
        seen
    };
    let before = look().await;
    for decision in ["accepted", "waitlisted", "rejected", "undecided"] {
        app.advance(std::time::Duration::from_secs(1));
        event.decide(&talk, decision).await;
        assert_eq!(look().await, before, "{decision} shows");
    }
    event.decide(&talk, "accepted").await;
    let publication = event.publish().await;
    assert_eq!(look().await, before, "a publication that waits shows");
    event.organizer.act(&event.stop(&publication)).await.expect(200);
    assert_eq!(look().await, before, "a stopped publication shows");
    event.decide(&talk, "rejected").await;
    event.tell(&app).await;
    let after = look().await;
    assert_ne!(after[0], before[0]);
    assert_eq!(after[3..], before[3..], "refused in the same words");
}

#[actix_web::test]
async fn many_are_decided_together_or_not_at_all() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let mut talks = vec![];
    for title in ["One", "Two", "Three", "Four"] {
        talks.push(code(&event.submit(&ada, title).await));
    }
    event.decide(&talks[1], "accepted").await;
    ada.act(&event.mine(&format!("/{}/withdraw", talks[2]))).await.expect(200);
    let path = event.path("/decisions");
    let ask = |codes: &[&str], dry_run: bool| json!({"codes": codes, "decision": "accepted", "dry_run": dry_run});
    let all = [&*talks[0], &*talks[1], &*talks[2], "ZZZZZZ", &*talks[0]];

    let dry = event.organizer.post(&path, ask(&all, true)).await.expect(200).json();
    assert_eq!((&dry["dry_run"], &dry["count"]), (&json!(true), &json!(1)));
    let expected = json!([
        {"code": talks[0], "from": "undecided", "to": "accepted", "problem": null},
        {"code": talks[1], "from": "accepted", "to": "accepted", "problem": null},
        {"code": talks[2], "from": null, "to": null, "problem": "wrong_state"},
        {"code": "ZZZZZZ", "from": null, "to": null, "problem": "unknown"},
        {"code": talks[0], "from": null, "to": null, "problem": "duplicate"},
    ]);
    assert_eq!(dry["items"], expected);
    assert_eq!(event.seen(&talks[0]).await["decision"], "undecided");

    let refused = event.organizer.post(&path, ask(&all, false)).await;
    refused.clone().field_error("codes[2]", "wrong_state");
    refused.clone().field_error("codes[3]", "unknown");
    let problem = refused.field_error("codes[4]", "duplicate");
    assert!(!problem.to_string().contains(&talks[0]));
    assert_eq!(event.seen(&talks[0]).await["decision"], "undecided", "nothing changed");

    let possible = [&*talks[3], &*talks[0], &*talks[1]];
    let dry = event.organizer.post(&path, ask(&possible, true)).await.expect(200).json();
    assert_eq!(event.seen(&talks[3]).await["decision"], "undecided");
    let done = event.organizer.post(&path, json!({"codes": possible, "decision": "accepted"})).await.expect(200).json();
    assert_eq!((&done["count"], &done["items"]), (&json!(2), &dry["items"]), "the dry run told the truth");
    for talk in possible {
        assert_eq!(event.seen(talk).await["decision"], "accepted");
    }
}

#[actix_web::test]
async fn at_most_2000_at_once() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ask = |count: usize| json!({"codes": vec!["ZZZZZZ"; count], "decision": "accepted", "dry_run": true});
    let path = event.path("/decisions");
    let most = event.organizer.post(&path, ask(2000)).await.expect(200).json();
    assert_eq!(most["items"].as_array().unwrap().len(), 2000);
    event.organizer.post(&path, ask(2001)).await.field_error("codes", "length");
    event.organizer.post(&path, ask(0)).await.field_error("codes", "length");
}
