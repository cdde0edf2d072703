//! What happens at the same time in reviewing, and at the exact instant.

use super::{references, stage};
use crate::harness::{Client, Response, seed::Event};
use actix_web::http::Method;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use std::time::Duration;

/// Saves a draft that was read with this version.
async fn save(who: &Client, path: &str, version: Option<&str>, comment: &str) -> Response {
    let request = who.request(Method::PUT, path).set_json(json!({"comment": comment}));
    who.send(match version {
        Some(version) => request.insert_header(("if-match", version)),
        None => request,
    })
    .await
}

#[actix_web::test]
async fn of_many_tabs_that_save_a_draft_one_comes_first() {
    let (_app, event, rita, engines) = stage().await;
    let path = event.of(&engines, "/draft");
    for (version, begun) in [(None, "begun"), (Some("\"1\""), "\"2\"")] {
        let saves = (0..16).map(|tab| {
            let (rita, path) = (&rita, &path);
            async move { (tab, save(rita, path, version, &format!("Tab {tab} {begun}")).await) }
        });
        let (stored, refused): (Vec<_>, Vec<_>) =
            join_all(saves).await.into_iter().partition(|(_, answer)| answer.status == 200);
        assert_eq!(stored.len(), 1, "{version:?}");
        for (_, answer) in refused {
            assert!([412, 428].contains(&answer.status.as_u16()), "{}", answer.text());
        }
        // The others still have theirs, and read this one to put both together.
        let kept = rita.get(&path).await.expect(200);
        assert_eq!(kept.json()["comment"], format!("Tab {} {begun}", stored[0].0));
        assert_eq!(kept.header("etag"), stored[0].1.header("etag"));
    }
}

#[actix_web::test]
async fn handing_in_and_saving_at_once_loses_nothing() {
    let (_app, event, rita, engines) = stage().await;
    let (draft, review) = (event.of(&engines, "/draft"), event.of(&engines, "/review"));
    for round in 0..8 {
        let (saved, handed_in) = join(
            rita.put(&draft, json!({"comment": format!("Draft {round}")})),
            rita.put(&review, json!({"abstain": true, "comment": format!("Review {round}")})),
        )
        .await;
        saved.expect(200);
        handed_in.expect(200);
        assert_eq!(rita.get(&review).await.expect(200).json()["comment"], format!("Review {round}"));
        let left = rita.get(&draft).await;
        match left.status.as_u16() {
            404 => {}
            200 => assert_eq!(left.json()["comment"], format!("Draft {round}"), "saved after it"),
            other => panic!("{other}: {}", left.text()),
        }
    }
}

/// Whichever comes first: the review is not there, or does not count.
#[actix_web::test]
async fn reviewing_and_a_conflict_at_once() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    let ada = app.sign_in("ada").await;
    let member = event.member_code("rita").await;
    let mut proposals = vec![engines];
    for round in 0..7 {
        proposals.push(event.propose(&ada, &format!("Round {round}")).await);
    }
    for (round, proposal) in proposals.iter().enumerate() {
        let pin = json!({"proposal": proposal.code, "member": member, "kind": "close"});
        let at = |below: &str| event.of(proposal, below);
        let (conflicts, conflict, review, comment) =
            (event.path("/conflicts"), at("/conflict"), at("/review"), at("/bid"));
        let declared = round % 2 == 0;
        let known = async {
            if declared {
                rita.put(&conflict, json!({"kind": "own"})).await.expect(200);
            } else {
                event.organizer.post(&conflicts, pin).await.expect(201);
            }
        };
        let judging = join(
            rita.put(&review, json!({"abstain": true, "comment": "At once"})),
            rita.put(&comment, json!({"bid": "want"})),
        );
        let ((), (reviewed, bid)) = join(known, judging).await;
        for answer in [reviewed, bid] {
            assert!([200, 404].contains(&answer.status.as_u16()), "{}", answer.text());
        }
        event.is_absent(&rita, proposal).await;
        let all = event.all_reviews(proposal).await;
        assert_eq!((&all["summary"]["count"], &all["summary"]["abstentions"]), (&json!(0), &json!(0)), "{all}");
        let seen = rolf.get(&event.of(proposal, "")).await.expect(200).json();
        assert_eq!(seen["reviews"], 0, "the count is of what counts");
    }
}

#[actix_web::test]
async fn declared_twice_at_once_it_is_one_conflict() {
    let (_app, event, rita, engines) = stage().await;
    let path = event.of(&engines, "/conflict");
    let declare = |kind: &'static str| rita.put(&path, json!({"kind": kind}));
    let (one, other) = join(declare("own"), declare("close")).await;
    one.expect(200);
    other.expect(200);
    let conflicts = event.organizer.get(&event.path("/conflicts")).await.expect(200).json();
    assert_eq!(conflicts["items"].as_array().unwrap().len(), 1, "{conflicts}");
    rita.delete(&path).await.expect(204);
    rita.get(&event.of(&engines, "")).await.expect(200);
}

#[actix_web::test]
async fn of_two_who_apply_a_plan_at_once_one_does() {
    let (app, event, _, _) = stage().await;
    app.reviewer("rolf", &event).await;
    let path = event.path("/assignments/plan");
    let shown = event.organizer.post(&path, json!({"per_proposal": 1, "dry_run": true})).await.expect(200).json();
    let apply = json!({"per_proposal": 1, "version": shown["version"]});
    let answers = join_all((0..4).map(|_| event.organizer.post(&path, apply.clone()))).await;
    let (applied, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(applied.len(), 1);
    for answer in refused {
        answer.problem(409, "preview_outdated");
    }
    assert_eq!(event.assignments().await.len(), 1);
}

const INSTANT: &str = "2025-02-01T00:00:00Z";
const JUST_BEFORE: &str = "2025-01-31T23:59:59.999999Z";

async fn closes_at(event: &Event, switches: Value) {
    let mut phase = json!({"name": "Closed", "starts_at": INSTANT});
    phase.as_object_mut().unwrap().extend(switches.as_object().unwrap().clone());
    event.organizer.post(&event.path("/phases"), phase).await.expect(201);
}

#[actix_web::test]
async fn a_phase_holds_from_its_instant() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    event.abstain(&rolf, &engines).await;
    closes_at(&event, json!({"scoring": false, "sees": "assigned", "reviews": "always", "deciding": false})).await;
    let organizer = &event.organizer;
    let decision = event.path(&format!("/proposals/{}/decision", engines.code));
    let listed = async || references(&rita.get(&event.reviewing("/proposals")).await.expect(200).json()).len();
    app.set_clock(JUST_BEFORE);
    rita.put(&event.of(&engines, "/draft"), json!({"comment": "Begun"})).await.expect(200);
    rita.get(&event.of(&engines, "/reviews")).await.problem(409, "own_review_first");
    event.abstain(&rita, &engines).await;
    organizer.put(&decision, json!({"decision": "accepted"})).await.expect(200);
    assert_eq!(listed().await, 1);
    app.set_clock(INSTANT);
    assert_eq!(listed().await, 0);
    rita.get(&event.of(&engines, "/reviews")).await.problem(404, "not_found");
    organizer.put(&decision, json!({"decision": "rejected"})).await.problem(409, "not_in_phase");
    event.assign(&engines, "rita").await;
    rita.put(&event.of(&engines, "/review"), json!({"abstain": true})).await.problem(409, "not_in_phase");
    rita.put(&event.of(&engines, "/draft"), json!({"comment": "Late"})).await.problem(409, "not_in_phase");
    rita.get(&event.of(&engines, "/reviews")).await.expect(200);
}

/// What comes in before and has its turn after is refused: the switches are read again where it is written.
#[actix_web::test]
async fn a_phase_holds_in_a_request_under_way() {
    let (app, event, rita, engines) = stage().await;
    closes_at(&event, json!({"scoring": false, "deciding": false})).await;
    app.set_clock(JUST_BEFORE);
    // That both were here is noted before they write this, not between the writes that are counted below.
    rita.put(&event.of(&engines, "/skip"), json!({})).await.expect(204);
    event.organizer.patch(&event.path("/settings"), json!({"place": "Here"})).await.expect(200);
    app.queued(0).await;
    let blocked = app.block_writers().await;
    let (reviewer, review) = (rita.clone(), event.of(&engines, "/review"));
    let reviewing = actix_web::rt::spawn(async move { reviewer.put(&review, json!({"abstain": true})).await });
    app.queued(1).await;
    let (organizer, path) = (event.organizer.clone(), event.path(&format!("/proposals/{}/decision", engines.code)));
    let deciding = actix_web::rt::spawn(async move { organizer.put(&path, json!({"decision": "accepted"})).await });
    app.queued(2).await;
    app.advance(Duration::from_micros(1));
    blocked.release().await;
    reviewing.await.unwrap().problem(409, "not_in_phase");
    deciding.await.unwrap().problem(409, "not_in_phase");
    assert_eq!(event.all_reviews(&engines).await["reviews"], json!([]));
    assert_eq!(event.seen(&engines.code).await["decision"], "undecided");
}
