//! Bids, the plan over the API, and its release.

use super::{Proposal, stage};
use crate::harness::{Client, TestApp, seed::Event};
use serde_json::{Value, json};

impl Event {
    async fn bid(&self, reviewer: &Client, proposal: &Proposal, bid: &str) {
        reviewer.put(&self.of(proposal, "/bid"), json!({"bid": bid})).await.expect(200);
    }

    async fn plan(&self, options: Value) -> Value {
        let mut body = options;
        body["dry_run"] = json!(true);
        self.organizer.post(&self.path("/assignments/plan"), body).await.expect(200).json()
    }

    async fn apply(&self, options: &Value, version: &Value) -> crate::harness::Response {
        let mut body = options.clone();
        body["version"] = version.clone();
        self.organizer.post(&self.path("/assignments/plan"), body).await
    }
}

/// The pairs of a plan, as proposal and reviewer.
fn pairs(planned: &Value) -> Vec<(&str, &str)> {
    let pairs = planned["plan"]["pairs"].as_array().unwrap().iter();
    pairs.map(|pair| (pair["proposal"].as_str().unwrap(), pair["reviewer"].as_str().unwrap())).collect()
}

/// Two reviewers and three proposals.
async fn three() -> (TestApp, Event, [Client; 2], [Proposal; 3]) {
    let (app, event, rita, one) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    let ada = app.sign_in("ada").await;
    let (two, three) = (event.propose(&ada, "Two").await, event.propose(&ada, "Three").await);
    (app, event, [rita, rolf], [one, two, three])
}

#[actix_web::test]
async fn a_bid_is_what_was_said_last() {
    let (app, event, [rita, _], [one, ..]) = three().await;
    let path = event.of(&one, "/bid");
    assert_eq!(rita.get(&path).await.expect(200).json()["bid"], "unknown");
    event.bid(&rita, &one, "want").await;
    rita.put(&path, json!({"bid": "rather_not", "expertise": "expert"})).await.expect(200);
    let said = rita.get(&path).await.expect(200).json();
    assert_eq!(
        (&said["bid"], &said["expertise"], &said["ref"]),
        (&json!("rather_not"), &json!("expert"), &json!(one.reference))
    );
    let list = rita.get(&event.reviewing("/bids")).await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    rita.put(&path, json!({"bid": "perhaps"})).await.expect(422);
    // Whose own it is does not find it.
    let ada = app.sign_in("ada").await;
    app.join(&ada, "ada", &event, "reviewer").await;
    ada.put(&path, json!({"bid": "want"})).await.problem(404, "not_found");
    assert_eq!(ada.get(&event.reviewing("/bids")).await.expect(200).json()["items"], json!([]));
}

#[actix_web::test]
async fn the_plan_is_shown_applied_and_released() {
    let (_app, event, [rita, rolf], [one, two, _]) = three().await;
    for (reviewer, proposal, bid) in [(&rita, &one, "want"), (&rolf, &two, "want"), (&rita, &two, "rather_not")] {
        event.bid(reviewer, proposal, bid).await;
    }
    let options = json!({"per_proposal": 1, "at_most": 2});
    let shown = event.plan(options.clone()).await;
    let (rita_code, rolf_code) = (event.member_code("rita").await, event.member_code("rolf").await);
    let planned = pairs(&shown);
    assert!(
        planned.contains(&(one.code.as_str(), rita_code.as_str()))
            && planned.contains(&(two.code.as_str(), rolf_code.as_str()))
    );
    assert_eq!((&shown["plan"]["proven"], &shown["plan"]["report"]["filled"]), (&json!(true), &json!(3)));
    assert_eq!(event.assignments().await, [], "a preview changes nothing");
    let applied = event.apply(&options, &shown["version"]).await.expect(200).json();
    assert_eq!(pairs(&applied), planned);
    assert_eq!(event.assignments().await.len(), 3);
    // Reviewers learn of it when it is released.
    let phase = json!({"name": "Reading", "starts_at": "2025-01-01T00:00:00Z", "sees": "assigned"});
    event.organizer.post(&event.path("/phases"), phase).await.expect(201);
    let total = async |who: &Client| who.get(&event.reviewing("")).await.expect(200).json()["total"].clone();
    assert_eq!((total(&rita).await, total(&rolf).await), (json!(0), json!(0)));
    rita.get(&event.of(&one, "")).await.problem(404, "not_found");
    let released = event.organizer.act(&event.path("/assignments/release")).await.expect(200).json();
    assert_eq!(released["count"], 3);
    assert_eq!(total(&rita).await.as_i64().unwrap() + total(&rolf).await.as_i64().unwrap(), 3);
    rita.get(&event.of(&one, "")).await.expect(200);
    assert_eq!(event.organizer.act(&event.path("/assignments/release")).await.expect(200).json()["count"], 0);
}

#[actix_web::test]
async fn only_what_was_shown_is_applied() {
    let (app, event, [rita, rolf], [one, ..]) = three().await;
    let options = json!({"per_proposal": 1});
    let shown = event.plan(options.clone()).await["version"].clone();
    let changed = async |what: &str| {
        let problem = event.apply(&options, &shown).await.problem(409, "preview_outdated");
        assert_eq!(problem["differences"]["changed"], json!([what]), "{problem}");
    };
    event.apply(&options, &json!(null)).await.field_error("version", "missing");
    event.apply(&options, &json!("nonsense")).await.field_error("version", "missing");
    let other = event.apply(&json!({"per_proposal": 2}), &shown).await.problem(409, "preview_outdated");
    assert_eq!(other["differences"]["changed"], json!(["proposals"]));
    event.bid(&rolf, &one, "want").await;
    changed("bids").await;
    event.bid(&rolf, &one, "unknown").await;
    event.assign(&one, "rita").await;
    changed("assignments").await;
    let list = event.organizer.get(&event.path("/assignments")).await.json();
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    event.organizer.delete(&event.path(&format!("/assignments/{id}"))).await.expect(204);
    event.score(&rita, &one, &[3]).await;
    changed("reviews").await;
    rita.delete(&event.of(&one, "/review")).await.expect(204);
    rita.put(&event.of(&one, "/conflict"), json!({"kind": "close"})).await.expect(200);
    changed("conflicts").await;
    rita.delete(&event.of(&one, "/conflict")).await.expect(204);
    event.apply(&options, &shown).await.expect(200);
    app.reviewer("rosa", &event).await;
    let again = event.apply(&options, &shown).await.problem(409, "preview_outdated");
    assert_eq!(again["differences"]["changed"], json!(["reviewers", "assignments"]));
}

#[actix_web::test]
async fn conflicts_own_talks_and_abstentions_are_ruled_out() {
    let (app, event, [rita, rolf], [one, two, _]) = three().await;
    rita.put(&event.of(&one, "/conflict"), json!({"kind": "own"})).await.expect(200);
    event.abstain(&rolf, &one).await;
    event.score(&rita, &two, &[4]).await;
    let ada = app.sign_in("ada").await;
    app.join(&ada, "ada", &event, "reviewer").await;
    let shown = event.plan(json!({"per_proposal": 2, "with_task": true})).await;
    let shortages = shown["plan"]["shortages"].as_array().unwrap();
    assert_eq!(shortages.len(), 1, "{shown}");
    assert_eq!(shortages[0]["proposals"], json!([one.code]));
    assert_eq!(shortages[0]["ruled_out"], json!({"conflict": 2, "declined": 1}));
    let text = shortages[0]["text"].as_str().unwrap();
    assert!(text.contains(&one.code) && text.contains("nobody may read it"), "{text}");
    assert!(pairs(&shown).iter().all(|(proposal, _)| *proposal != one.code));
    let fixed: Vec<&Value> =
        shown["plan"]["pairs"].as_array().unwrap().iter().filter(|pair| pair["fixed"] == json!(true)).collect();
    assert_eq!((fixed.len(), &fixed[0]["proposal"]), (1, &json!(two.code)));
    assert_eq!(shown["plan"]["report"]["forbidden"], 0);
    // The task that was given is the one that was solved.
    let document: callboard::assignment::document::Document = serde_json::from_value(shown["task"].clone()).unwrap();
    let task = document.task().unwrap();
    assert_eq!(shown["plan"]["input"], data_encoding::HEXLOWER.encode(&task.hash()));
}

#[actix_web::test]
async fn tracks_limit_and_draw() {
    let (app, event, [_, _], [..]) = three().await;
    let (here, there) = (event.track("Here").await, event.track("There").await);
    let ada = app.sign_in("ada").await;
    let within = crate::harness::seed::code(&event.submit_to(&here, &ada, "Within").await);
    app.member_of("hans", &event, "reviewer", &[&here]).await;
    app.member_of("theo", &event, "reviewer", &[&there]).await;
    let shown = event.plan(json!({"per_proposal": 1})).await;
    let hans = event.member_code("hans").await;
    let of_hans: Vec<_> = pairs(&shown).into_iter().filter(|(_, reviewer)| *reviewer == hans).collect();
    assert_eq!(of_hans, [(within.as_str(), hans.as_str())]);
    let theo = event.member_code("theo").await;
    assert!(pairs(&shown).iter().all(|(_, reviewer)| *reviewer != theo));
    let limits = json!({"per_proposal": 1, "reviewers": [{"reviewer": hans, "at_most": 0}]});
    assert!(pairs(&event.plan(limits).await).iter().all(|(_, reviewer)| *reviewer != hans));
    let wrong = json!({"dry_run": true, "reviewers": [{"reviewer": "nobody"}]});
    event
        .organizer
        .post(&event.path("/assignments/plan"), wrong)
        .await
        .field_error("reviewers[0].reviewer", "unknown_reviewer");
}
