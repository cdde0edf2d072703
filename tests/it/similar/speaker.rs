//! What a speaker is told.

use super::{OTHER, REWRITTEN, VACUUM, draft, kinds, one, publish, submit, told};
use crate::harness::TestApp;
use serde_json::json;

#[actix_web::test]
async fn the_answer_to_submitting_warns_of_the_own_talk() {
    let app = TestApp::new().await;
    let (event, ada) = (app.event("conf").await, app.speaker("ada").await);
    let first = submit(&event, &ada, "Vacuum", VACUUM).await;
    assert_eq!(first["similar"], json!([]));
    submit(&event, &ada, "Indexes", OTHER).await;
    let again = submit(&event, &ada, "Vacuum for beginners", REWRITTEN).await;
    let warning = &again["similar"][0];
    assert_eq!(again["similar"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&warning["kind"], &warning["title"], &warning["code"]),
        (&json!("own"), &json!("Vacuum"), &first["code"])
    );
    assert_eq!((&warning["event"], &warning["occasion"]), (&json!("conf"), &json!("The conf")));
    let likeness = warning["likeness"].as_f64().unwrap();
    assert!((0.25..0.7).contains(&likeness), "{likeness}");
    let passage = "In this talk we look at what it does to your tables, why it falls behind when you need it most, and how to \
                   tell before it is too late";
    assert_eq!(warning["passages"], json!([passage]));
    let shown = ada.get(&event.mine(&format!("/{}", again["code"].as_str().unwrap()))).await.expect(200).json();
    assert_eq!(shown["similar"], json!([]), "only in the answer to submitting");
}

#[actix_web::test]
async fn a_draft_can_be_checked_before_it_is_submitted() {
    let app = TestApp::new().await;
    let (event, other, ada) = (app.event("conf").await, app.event("other").await, app.speaker("ada").await);
    submit(&other, &ada, "Vacuum", VACUUM).await;
    let checked = draft(&event, &ada, "Vacuum again", REWRITTEN).await;
    assert_eq!(checked["similar"], json!([]), "a draft is no matter of anybody's yet");
    assert_eq!(told(&event, &ada, &checked).await, one("own", "Vacuum"), "in another event too");
    let path = event.mine(&format!("/{}", checked["code"].as_str().unwrap()));
    let submitted = ada.act(&format!("{path}/submit")).await.expect(200).json();
    assert_eq!(kinds(&submitted["similar"]), one("own", "Vacuum"));
    ada.patch(&path, json!({"abstract": OTHER})).await.expect(200);
    assert_eq!(told(&event, &ada, &checked).await, []);
    let vacuum = draft(&event, &ada, "Vacuum, third", VACUUM).await;
    assert_eq!(told(&event, &ada, &vacuum).await, one("own", "Vacuum"), "what was said before an edit is forgotten");
}

#[actix_web::test]
async fn nobody_learns_of_unpublished_texts_of_others() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let (ada, eve) = (app.speaker("ada").await, app.speaker("eve").await);
    let here = submit(&event, &ada, "Secret here", VACUUM).await;
    let there = submit(&other, &ada, "Secret there", VACUUM).await;
    let probe = draft(&event, &eve, "Probe", VACUUM).await;
    assert_eq!(told(&event, &eve, &probe).await, []);
    assert_eq!(submit(&event, &eve, "Probe", VACUUM).await["similar"], json!([]));
    event.decide(here["code"].as_str().unwrap(), "accepted").await;
    let eves = one("own", "Probe");
    assert_eq!(told(&event, &eve, &probe).await, eves, "a private decision is private");
    publish(&app, &other, &there).await;
    let talk = one("talk", "Secret there").remove(0);
    let now = told(&event, &eve, &probe).await;
    assert!(now.contains(&talk) && now.len() == 2, "{now:?}");
    let decline = other.mine(&format!("/{}/decline", there["code"].as_str().unwrap()));
    ada.act(&decline).await.expect(200);
    assert_eq!(told(&event, &eve, &probe).await, eves, "a talk that left is public no more");
    let path = event.mine(&format!("/{}/similar", here["code"].as_str().unwrap()));
    eve.get(&path).await.problem(404, "not_found");
}

#[actix_web::test]
async fn talks_of_an_event_in_preparation_are_not_public() {
    let app = TestApp::new().await;
    let (event, hidden) = (app.event("conf").await, app.event("hidden").await);
    let (ada, eve) = (app.speaker("ada").await, app.speaker("eve").await);
    let talk = submit(&hidden, &ada, "Vacuum", VACUUM).await;
    publish(&app, &hidden, &talk).await;
    let probe = draft(&event, &eve, "Probe", VACUUM).await;
    assert_eq!(told(&event, &eve, &probe).await, one("talk", "Vacuum"));
    let draft = json!({"visibility": "draft"});
    hidden.organizer.patch(&hidden.path("/settings"), draft).await.expect(200);
    assert_eq!(told(&event, &eve, &probe).await, []);
}
