//! Draft, submit, withdraw and undo; the limit per speaker; who may do what to whose proposal.

use crate::harness::{
    TestApp,
    seed::{code, proposal},
};
use futures_util::future::join_all;
use serde_json::json;

#[actix_web::test]
async fn a_draft_is_submitted_edited_withdrawn_and_taken_back_in() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let draft = event.draft(&ada, "Half an idea").await;
    let at = event.mine(&format!("/{draft}"));
    let seen = ada.get(&at).await.expect(200).json();
    assert_eq!((&seen["lifecycle"], &seen["receipt"]), (&json!("draft"), &json!(null)));
    event.organizer.get(&event.path(&format!("/proposals/{draft}"))).await.problem(404, "not_found");
    ada.act(&format!("{at}/submit")).await.expect(200);
    ada.act(&format!("{at}/submit")).await.problem(409, "wrong_state");
    let edited = ada.patch(&at, json!({"title": "A whole idea", "notes": "Needs a piano"})).await.expect(200).json();
    assert_eq!((&edited["title"], &edited["notes"]), (&json!("A whole idea"), &json!("Needs a piano")));
    assert_eq!(edited["abstract"], "All about Half an idea.", "what is absent stays");
    assert_eq!(event.seen(&draft).await["title"], "A whole idea");
    ada.delete(&at).await.problem(409, "wrong_state");
    assert_eq!(ada.act(&format!("{at}/withdraw")).await.expect(200).json()["lifecycle"], "withdrawn");
    ada.patch(&at, json!({"title": "Too late"})).await.problem(409, "wrong_state");
    ada.act(&format!("{at}/withdraw")).await.problem(409, "wrong_state");
    assert_eq!(ada.act(&format!("{at}/undo-withdrawal")).await.expect(200).json()["lifecycle"], "submitted");
    ada.act(&format!("{at}/undo-withdrawal")).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn a_draft_can_be_deleted() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let draft = event.mine(&format!("/{}", event.draft(&ada, "Never mind").await));
    ada.delete(&draft).await.expect(204);
    ada.get(&draft).await.problem(404, "not_found");
}

#[actix_web::test]
async fn nobody_else_reaches_a_proposal() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let (ada, eve) = (app.speaker("ada").await, app.speaker("eve").await);
    let proposal = code(&event.submit(&ada, "Mine").await);
    let at = event.mine(&format!("/{proposal}"));
    eve.get(&at).await.problem(404, "not_found");
    eve.patch(&at, json!({"title": "Stolen"})).await.problem(404, "not_found");
    eve.delete(&at).await.problem(404, "not_found");
    for deed in ["submit", "withdraw", "undo-withdrawal"] {
        eve.act(&format!("{at}/{deed}")).await.problem(404, "not_found");
    }
    ada.get(&other.mine(&format!("/{proposal}"))).await.problem(404, "not_found");
    app.anonymous().get(&at).await.problem(401, "sign_in_required");
    assert_eq!(eve.get(&event.mine("")).await.json()["items"], json!([]));
    assert_eq!(event.seen(&proposal).await["lifecycle"], "submitted");
}

#[actix_web::test]
async fn the_limit_counts_what_is_submitted() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    event.organizer.patch(&event.path("/call"), json!({"limit_per_speaker": 2})).await.expect(200);
    let draft = event.draft(&ada, "Drafts are free").await;
    let first = code(&event.submit(&ada, "One").await);
    let second = code(&event.submit(&ada, "Two").await);
    ada.post(&event.mine(""), proposal("Three")).await.problem(409, "limit_reached");
    ada.act(&event.mine(&format!("/{draft}/submit"))).await.problem(409, "limit_reached");
    assert_eq!(ada.get(&event.mine("")).await.json()["items"].as_array().unwrap().len(), 3, "nothing half done");
    ada.act(&event.mine(&format!("/{first}/withdraw"))).await.expect(200);
    ada.act(&event.mine(&format!("/{draft}/submit"))).await.expect(200);
    ada.act(&event.mine(&format!("/{first}/undo-withdrawal"))).await.problem(409, "limit_reached");
    event.organizer.act(&event.path(&format!("/proposals/{second}/cancel"))).await.expect(200);
    ada.act(&event.mine(&format!("/{first}/undo-withdrawal"))).await.expect(200);
    event.submit(&app.speaker("bob").await, "Another speaker's").await;
}

#[actix_web::test]
async fn of_64_parallel_submissions_against_a_limit_of_3_exactly_3_count() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    event.organizer.patch(&event.path("/call"), json!({"limit_per_speaker": 3})).await.expect(200);
    let submissions = (0..64).map(|number| {
        let (ada, path) = (ada.clone(), event.mine(""));
        async move { ada.post(&path, proposal(&format!("Number {number}"))).await }
    });
    let answers = join_all(submissions).await;
    let with = |status: u16| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
    assert_eq!((with(201), with(409)), (3, 61));
    let stored = event.organizer.get(&event.path("/proposals?limit=100")).await.json();
    assert_eq!(stored["items"].as_array().unwrap().len(), 3);
    assert_eq!(app.mails_to("ada", "proposal_received").await.len(), 3, "no mail for what was refused");
}

#[actix_web::test]
async fn an_unverified_speaker_may_submit_and_is_told_what_is_missing() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.unverified("ada").await;
    let submitted = code(&event.submit(&ada, "From a new address").await);
    assert_eq!(event.seen(&submitted).await["speakers"][0]["email_verified"], false);
    let mails = app.mails_to("ada", "proposal_received").await;
    assert!(mails[0].body_text.contains("within 48 hours"));
    app.verify("ada").await;
    assert_eq!(event.seen(&submitted).await["speakers"][0]["email_verified"], true);
}

#[actix_web::test]
async fn a_session_that_ends_while_a_submission_waits_is_refused() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let submission = ada.post(&event.mine(""), proposal("Racing")).await;
    submission.expect(201);
    ada.delete("/sessions/current").await.expect(204);
    ada.post(&event.mine(""), proposal("Signed out")).await.problem(401, "sign_in_required");
}

#[actix_web::test]
async fn an_unfinished_draft_says_what_is_missing() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let draft = code(&ada.post(&event.mine(""), json!({"title": "Only a title"})).await.expect(201).json());
    ada.act(&event.mine(&format!("/{draft}/submit"))).await.field_error("abstract", "missing");
    assert_eq!(ada.get(&event.mine(&format!("/{draft}"))).await.json()["lifecycle"], "draft");
}
