//! Conflicts of interest: to whoever has one, the proposal does not exist.

use super::{Proposal, references, stage};
use crate::harness::{
    Client, PASSWORD, TestApp,
    seed::{Event, code},
};
use actix_web::http::Method;
use futures_util::future::join;
use serde_json::{Value, json};

impl Event {
    /// The code of a member.
    pub(super) async fn member_code(&self, name: &str) -> String {
        self.member_path(name).await.rsplit('/').next().unwrap().to_owned()
    }

    pub(super) async fn pin(&self, proposal: &Proposal, name: &str) -> Value {
        let pin = json!({"proposal": proposal.code, "member": self.member_code(name).await, "kind": "close"});
        self.organizer.post(&self.path("/conflicts"), pin).await.expect(201).json()
    }

    /// Every way in which a reviewer could meet a proposal says that there is none.
    pub(super) async fn is_absent(&self, reviewer: &Client, proposal: &Proposal) {
        for below in ["", "/reviews", "/review", "/draft", "/comments"] {
            reviewer.get(&self.of(proposal, below)).await.problem(404, "not_found");
        }
        reviewer.put(&self.of(proposal, "/review"), json!({"abstain": true})).await.problem(404, "not_found");
        reviewer.delete(&self.of(proposal, "/review")).await.problem(404, "not_found");
        for path in ["", "/next", "/proposals", "/proposals?mine=done", "/proposals?mine=left"] {
            let answer = reviewer.get(&self.reviewing(path)).await.expect(200).text();
            assert!(!answer.contains(&proposal.reference), "{path}: {answer}");
        }
    }
}

async fn two() -> (TestApp, Event, Client, Proposal, Proposal) {
    let (app, event, rita, engines) = stage().await;
    let looms = event.propose(&app.sign_in("ada").await, "Looms").await;
    (app, event, rita, engines, looms)
}

#[actix_web::test]
async fn a_declared_conflict_makes_it_absent_until_taken_back() {
    let (_app, event, rita, engines, looms) = two().await;
    event.abstain(&rita, &engines).await;
    let at = event.of(&engines, "/conflict");
    assert_eq!(rita.put(&at, json!({"kind": "other"})).await.expect(200).json(), json!({"kind": "other"}));
    event.is_absent(&rita, &engines).await;
    let progress = rita.get(&event.reviewing("")).await.json();
    assert_eq!((&progress["total"], &progress["abstained"]), (&json!(1), &json!(0)));
    assert_eq!(references(&rita.get(&event.reviewing("/proposals")).await.json()), [&looms.reference]);
    rita.put(&at, json!({"kind": "close"})).await.expect(200);
    let conflicts = event.organizer.get(&event.path("/conflicts")).await.expect(200).json();
    let (one, none) = (&conflicts["items"][0], &conflicts["items"][1]);
    assert_eq!(
        (&one["kind"], &one["source"], &one["member"]["name"]),
        (&json!("close"), &json!("reviewer"), &json!("rita"))
    );
    assert_eq!((&one["proposal"], none), (&json!(engines.code), &json!(null)));
    event
        .organizer
        .delete(&event.path(&format!("/conflicts/{}", one["id"].as_str().unwrap())))
        .await
        .problem(409, "wrong_state");
    rita.delete(&at).await.expect(204);
    rita.delete(&at).await.problem(404, "not_found");
    assert_eq!(rita.get(&event.of(&engines, "/review")).await.expect(200).json()["state"], "abstained");
    assert_eq!(rita.get(&event.reviewing("")).await.json()["total"], 2);
}

#[actix_web::test]
async fn a_pinned_conflict_is_not_the_reviewers_to_lift() {
    let (app, event, rita, engines, _) = two().await;
    rita.put(&event.of(&engines, "/conflict"), json!({"kind": "close"})).await.expect(200);
    let pinned = event.pin(&engines, "rita").await;
    assert_eq!((&pinned["source"], &pinned["ref"]), (&json!("organizer"), &json!(engines.reference)));
    let twice = json!({"proposal": engines.code, "member": event.member_code("rita").await, "kind": "own"});
    event.organizer.post(&event.path("/conflicts"), twice).await.problem(409, "taken");
    rita.delete(&event.of(&engines, "/conflict")).await.problem(404, "not_found");
    rita.put(&event.of(&engines, "/conflict"), json!({"kind": "other"})).await.problem(404, "not_found");
    event.is_absent(&rita, &engines).await;
    let unpin = event.path(&format!("/conflicts/{}", pinned["id"].as_str().unwrap()));
    rita.delete(&unpin).await.problem(403, "forbidden");
    event.organizer.delete(&unpin).await.expect(204);
    event.organizer.delete(&unpin).await.problem(404, "not_found");
    event.is_absent(&rita, &engines).await;
    rita.delete(&event.of(&engines, "/conflict")).await.expect(204);
    rita.get(&event.of(&engines, "")).await.expect(200);
    let rolf = app.reviewer("rolf", &event).await;
    rolf.get(&event.of(&engines, "")).await.expect(200);
}

#[actix_web::test]
async fn the_own_proposal_cannot_be_told_by_declaring() {
    let (_app, event, rita, ..) = two().await;
    let own = event.propose(&rita, "My own").await;
    for reference in [own.reference.as_str(), "ZZZZZZ"] {
        let at = event.reviewing(&format!("/proposals/{reference}/conflict"));
        rita.put(&at, json!({"kind": "own"})).await.problem(404, "not_found");
        rita.delete(&at).await.problem(404, "not_found");
    }
}

#[actix_web::test]
async fn whoever_has_a_conflict_does_not_judge_whatever_the_role() {
    let (app, event, rita, engines, looms) = two().await;
    event.score(&rita, &engines, &[1]).await;
    for (name, role) in [("chair", "chair"), ("vera", "viewer"), ("olga", "organizer")] {
        let member = app.member(name, &event, role).await;
        let list = member.get(&event.path("/proposals")).await.expect(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        event.pin(&engines, name).await;
        let list = member.get(&event.path("/proposals")).await.expect(200).json();
        let codes: Vec<String> = list["items"].as_array().unwrap().iter().map(code).collect();
        assert_eq!(codes, [looms.code.as_str()], "{role}");
        for below in ["", "/reviews"] {
            let path = event.path(&format!("/proposals/{}{below}", engines.code));
            member.get(&path).await.problem(404, "not_found");
        }
        for file in ["proposals.csv", "proposals.json", "reviews.csv", "reviews.json"] {
            let text = member.get(&event.path(&format!("/exports/{file}"))).await.expect(200).text();
            assert!(!text.contains(&engines.code) && !text.contains("Engines"), "{role}: {file}: {text}");
        }
        if role != "viewer" {
            let decide = json!({"decision": "accepted"});
            let path = event.path(&format!("/proposals/{}/decision", engines.code));
            member.get(&path).await.problem(404, "not_found");
            member.put(&path, decide).await.problem(404, "not_found");
            let many = json!({"codes": [engines.code], "decision": "accepted", "dry_run": true});
            let answer = member.post(&event.path("/decisions"), many).await.expect(200).json();
            assert_eq!(answer["items"][0]["problem"], "unknown");
        }
    }
}

#[actix_web::test]
async fn what_is_published_is_in_everybodys_list_of_talks() {
    let (app, event, ..) = two().await;
    let olga = app.member("olga", &event, "organizer").await;
    let own = event.propose(&olga, "By an organizer").await;
    let accept = json!({"decision": "accepted"});
    event.organizer.put(&event.path(&format!("/proposals/{}/decision", own.code)), accept).await.expect(200);
    let preview = event.organizer.get(&event.path("/publications/preview")).await.expect(200).json();
    event.organizer.post(&event.path("/publications"), json!({"version": preview["version"]})).await.expect(201);
    app.advance(std::time::Duration::from_mins(1));
    callboard::jobs::release_due(&app.board).await.unwrap();
    let talks = olga.get(&event.path("/exports/talks.csv")).await.expect(200).text();
    assert!(talks.contains("By an organizer"), "{talks}");
    let proposals = olga.get(&event.path("/exports/proposals.csv")).await.expect(200).text();
    assert!(!proposals.contains("By an organizer"), "{proposals}");
}

/// Reviews by somebody who turned out to have a conflict do not count any more, and count again when that is lifted.
#[actix_web::test]
async fn what_was_reviewed_before_does_not_count() {
    let (app, event, rita, engines, _) = two().await;
    let (rolf, roy) = (app.reviewer("rolf", &event).await, app.reviewer("roy", &event).await);
    event.score(&rita, &engines, &[5]).await;
    event.score(&rolf, &engines, &[1]).await;
    event.abstain(&roy, &engines).await;
    let pinned = event.pin(&engines, "rita").await;
    let mean = async || event.all_reviews(&engines).await["summary"]["mean"].clone();
    assert_eq!(mean().await, 1.0);
    let all = event.all_reviews(&engines).await;
    let counted: Vec<&Value> = all["reviews"].as_array().unwrap().iter().map(|review| &review["counted"]).collect();
    assert_eq!(counted.iter().filter(|counted| **counted == &json!(false)).count(), 1);
    assert_eq!(event.seen(&engines.code).await["reviews"]["mean"], 1.0);
    let export = event.organizer.get(&event.path("/exports/proposals.json")).await.json();
    let row = export.as_array().unwrap().iter().find(|row| row["code"] == engines.code.as_str()).unwrap();
    assert_eq!(row["mean"], 1.0);
    assert_eq!(rolf.get(&event.of(&engines, "")).await.json()["reviews"], 2);
    assert_eq!(roy.get(&event.of(&engines, "/reviews")).await.json()["items"].as_array().unwrap().len(), 1);
    event.organizer.delete(&event.path(&format!("/conflicts/{}", pinned["id"].as_str().unwrap()))).await.expect(204);
    assert_eq!(mean().await, 3.0);
    assert_eq!(rolf.get(&event.of(&engines, "")).await.json()["reviews"], 3);
}

/// Who goes takes along what did not count; what did stays.
#[actix_web::test]
async fn what_does_not_count_never_will_when_the_reviewer_is_erased() {
    let (_app, event, rita, engines, looms) = two().await;
    event.score(&rita, &engines, &[5]).await;
    event.score(&rita, &looms, &[4]).await;
    event.pin(&engines, "rita").await;
    rita.send(rita.request(Method::DELETE, "/me").set_json(json!({"password": PASSWORD}))).await.expect(204);
    assert_eq!(event.all_reviews(&engines).await["reviews"], json!([]));
    assert_eq!(event.seen(&engines.code).await["reviews"]["mean"], json!(null));
    assert_eq!(event.seen(&looms.code).await["reviews"]["mean"], 4.0);
}

#[actix_web::test]
async fn what_names_nothing_cannot_be_pinned() {
    let (app, event, _, engines, _) = two().await;
    app.speaker("stranger").await;
    let rita = event.member_code("rita").await;
    let pin = async |proposal: &str, member: &str| {
        let pin = json!({"proposal": proposal, "member": member, "kind": "own"});
        event.organizer.post(&event.path("/conflicts"), pin).await
    };
    pin("ZZZZZZ", &rita).await.field_error("proposal", "unknown");
    pin(&engines.code, "ZZZZZZZZZZ").await.field_error("member", "unknown");
    pin(&engines.code, "short").await.field_error("member", "length");
    pin(&engines.reference, &rita).await.field_error("proposal", "unknown");
}

#[actix_web::test]
async fn who_declares_a_conflict_is_not_assigned_any_more() {
    let (_app, event, rita, engines, _) = two().await;
    event.assign(&engines, "rita").await;
    rita.put(&event.of(&engines, "/conflict"), json!({"kind": "close"})).await.expect(200);
    assert_eq!(event.assignments().await, Vec::<(String, String)>::new());
}

/// Of an assignment and a declaration at once, one sees the other: never does somebody in conflict stay assigned.
#[actix_web::test]
async fn assigning_and_declaring_at_once() {
    let (app, event, rita, ..) = two().await;
    let (ada, member) = (app.sign_in("ada").await, event.member_code("rita").await);
    for round in 0..8 {
        let proposal = event.propose(&ada, &format!("Number {round}")).await;
        let pairs = json!({"pairs": [{"proposal": proposal.code, "reviewer": member}]});
        let (list, at) = (event.path("/assignments"), event.of(&proposal, "/conflict"));
        let (assigned, declared) =
            join(event.organizer.post(&list, pairs), rita.put(&at, json!({"kind": "close"}))).await;
        declared.expect(200);
        assert!([200, 422].contains(&assigned.status.as_u16()), "{}", assigned.text());
        assert_eq!(event.assignments().await, Vec::<(String, String)>::new(), "round {round}");
    }
}
