//! The pairs that organizers see.

use super::{OTHER, REWRITTEN, VACUUM, draft, publish, submit};
use crate::harness::{Client, TestApp, seed::Event};
use serde_json::{Value, json};

/// Kind and titles of each pair.
async fn pairs(event: &Event, who: &Client) -> Vec<[String; 3]> {
    let pairs = who.get(&event.path("/similar")).await.expect(200).json();
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    let pair = |pair: &Value| {
        let mut titles = [text(&pair["proposal"]["title"]), text(&pair["similar"]["title"])];
        titles.sort();
        let [one, other] = titles;
        [text(&pair["similar"]["kind"]), one, other]
    };
    pairs["items"].as_array().unwrap().iter().map(pair).collect()
}

fn pair(kind: &str, one: &str, other: &str) -> [String; 3] {
    [kind, one, other].map(str::to_owned)
}

#[actix_web::test]
async fn organizers_see_pairs_with_what_they_share() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let (ada, eve) = (app.speaker("zuse").await, app.speaker("hopper").await);
    submit(&event, &ada, "A", VACUUM).await;
    submit(&event, &eve, "B", REWRITTEN).await;
    submit(&event, &eve, "C", OTHER).await;
    draft(&event, &eve, "D", VACUUM).await;
    let there = submit(&other, &ada, "E", OTHER).await;
    assert_eq!(
        pairs(&event, &event.organizer).await,
        [pair("proposal", "A", "B")],
        "no drafts, nothing unpublished elsewhere"
    );
    publish(&app, &other, &there).await;
    let found = pairs(&event, &event.organizer).await;
    assert_eq!(found, [pair("talk", "C", "E"), pair("proposal", "A", "B")], "the most alike first");
    let whole = event.organizer.get(&event.path("/similar")).await.expect(200).json();
    let told = &whole["items"][0];
    assert_eq!(
        (&told["similar"]["event"], told["similar"]["likeness"].as_f64().unwrap() > 0.9),
        (&json!("other"), true)
    );
    assert_eq!(told["similar"]["passages"].as_array().unwrap().len(), 1);
    assert!(!whole.to_string().contains("zuse") && !whole.to_string().contains("hopper"), "nobody is named");
    let reviewer = app.reviewer("rita", &event).await;
    reviewer.get(&event.path("/similar")).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn a_pair_with_the_own_proposal_is_not_there() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, olga) = (app.speaker("ada").await, app.member("olga", &event, "organizer").await);
    submit(&event, &ada, "A", VACUUM).await;
    submit(&event, &olga, "Own", REWRITTEN).await;
    assert_eq!(pairs(&event, &olga).await, Vec::<[String; 3]>::new());
    assert_eq!(pairs(&event, &event.organizer).await, [pair("proposal", "A", "Own")]);
}

#[actix_web::test]
async fn chairs_see_pairs_within_their_tracks() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let (here, there) = (event.track("Here").await, event.track("There").await);
    for (track, title) in [(&here, "A"), (&there, "B"), (&here, "C")] {
        let proposal = json!({"title": title, "abstract": VACUUM, "track": track, "submit": true});
        ada.post(&event.mine(""), proposal).await.expect(201);
    }
    let chair = app.member_of("cleo", &event, "chair", &[&here]).await;
    assert_eq!(pairs(&event, &chair).await, [pair("proposal", "A", "C")]);
    assert_eq!(pairs(&event, &event.organizer).await.len(), 3);
}

#[actix_web::test]
async fn what_is_erased_is_like_nothing() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, eve) = (app.speaker("ada").await, app.speaker("eve").await);
    submit(&event, &ada, "A", VACUUM).await;
    submit(&event, &eve, "B", VACUUM).await;
    assert_eq!(pairs(&event, &event.organizer).await.len(), 1);
    let password = json!({"password": crate::harness::PASSWORD});
    let request = eve.request(actix_web::http::Method::DELETE, "/me").set_json(password);
    eve.send(request).await.expect(204);
    assert_eq!(pairs(&event, &event.organizer).await.len(), 0);
}
