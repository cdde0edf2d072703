//! What reviewers see: blind or open, never the own, never the unverified, in an order that says nothing.

use super::{references, stage};
use crate::harness::{TestApp, seed::proposal};
use serde_json::json;
use std::collections::BTreeSet;

#[actix_web::test]
async fn a_blind_reviewer_reads_the_text_and_nothing_about_its_author() {
    let (app, event, rita, _) = stage().await;
    let cleo = app.speaker("canary-name").await;
    let profile = json!({"name": "Canary Profile", "bio": "Canary bio", "affiliation": "Canary Inc",
        "links": ["https://example.org/canary"]});
    cleo.put(&event.path("/my/profile"), profile).await.expect(200);
    let mut body = proposal("Birds");
    body["notes"] = json!("Canary notes to the organizers");
    let code = cleo.post(&event.mine(""), body).await.expect(201).json()["code"].as_str().unwrap().to_owned();
    let reference = event.seen(&code).await["ref"].as_str().unwrap().to_owned();
    let shown = rita.get(&event.reviewing(&format!("/proposals/{reference}"))).await.expect(200);
    let fields = json!({"ref": reference, "title": "Birds", "abstract": "All about Birds.",
        "description": "An outline.", "format": "Talk", "track": null, "choices": [], "reviews": 0, "my_review": null,
        "changed_since_my_review": false, "my_draft": false, "skipped": false});
    assert_eq!(shown.json(), fields, "these fields and no other");
    for path in ["", "/next", "/proposals", "/proposals?mine=left", &format!("/proposals/{reference}")] {
        let answer = rita.get(&event.reviewing(path)).await.expect(200);
        let seen = format!("{} {:?}", answer.text(), answer.headers).to_lowercase();
        for word in ["canary", "author", "speaker", "notes", "bio", &code.to_lowercase(), "2025-01", "etag"] {
            assert!(!seen.contains(word), "{path}: {word} in {seen}");
        }
    }
}

#[actix_web::test]
async fn an_open_event_shows_its_authors() {
    let (_app, event, rita, engines) = stage().await;
    assert_eq!(rita.get(&event.reviewing("")).await.json()["blind"], true);
    event.organizer.patch(&event.path("/settings"), json!({"blind": false})).await.expect(200);
    assert_eq!(rita.get(&event.reviewing("")).await.json()["blind"], false);
    let authors = json!([{"name": "ada", "affiliation": "", "bio": ""}]);
    assert_eq!(rita.get(&event.of(&engines, "")).await.json()["authors"], authors);
    assert_eq!(rita.get(&event.reviewing("/next")).await.json()["proposal"]["authors"], authors);
    assert_eq!(rita.get(&event.reviewing("/proposals")).await.json()["items"][0]["authors"], authors);
    event.organizer.patch(&event.path("/settings"), json!({"blind": true})).await.expect(200);
    assert_eq!(rita.get(&event.of(&engines, "")).await.json().get("authors"), None);
}

#[actix_web::test]
async fn the_own_proposal_does_not_exist() {
    let (app, event, rita, engines) = stage().await;
    let own = event.propose(&rita, "My own").await;
    let criteria = event.criteria().await;
    let review = json!({"scores": super::scores_of(&criteria, &[5])});
    let not_there = rita.get(&event.reviewing("/proposals/ZZZZZZ")).await.expect(404).json();
    for below in ["", "/reviews", "/review"] {
        let mut refused = rita.get(&event.of(&own, below)).await.problem(404, "not_found");
        refused["instance"] = not_there["instance"].clone();
        refused["request_id"] = not_there["request_id"].clone();
        assert_eq!(refused["detail"], not_there["detail"], "as what does not exist");
    }
    rita.put(&event.of(&own, "/review"), review.clone()).await.problem(404, "not_found");
    rita.delete(&event.of(&own, "/review")).await.problem(404, "not_found");
    let list = rita.get(&event.reviewing("/proposals")).await.json();
    assert_eq!(references(&list), [&engines.reference]);
    assert_eq!(rita.get(&event.reviewing("")).await.json()["total"], 1);
    event.score(&rita, &engines, &[3]).await;
    let rolf = app.reviewer("rolf", &event).await;
    event.score(&rolf, &own, &[1]).await;
    assert_eq!(rita.get(&event.reviewing("/next")).await.json(), json!({"proposal": null}));
    let progress = rita.get(&event.reviewing("")).await.json();
    assert_eq!((&progress["total"], &progress["done"], &progress["left"]), (&json!(1), &json!(1), &json!(0)));
    rita.get(&event.of(&own, "/reviews")).await.problem(404, "not_found");
    assert_eq!(rolf.get(&event.reviewing("")).await.json()["total"], 2, "to others it is there");
}

#[actix_web::test]
async fn a_proposal_waits_until_its_owners_address_is_verified() {
    let (app, event, rita, _) = stage().await;
    let eve = app.unverified("eve").await;
    let hidden = event.propose(&eve, "Not yet").await;
    let review = json!({"abstain": true});
    rita.get(&event.of(&hidden, "")).await.problem(404, "not_found");
    rita.put(&event.of(&hidden, "/review"), review.clone()).await.problem(404, "not_found");
    assert_eq!(rita.get(&event.reviewing("")).await.json()["total"], 1);
    assert_eq!(rita.get(&event.reviewing("/proposals")).await.json()["items"].as_array().unwrap().len(), 1);
    app.verify("eve").await;
    rita.get(&event.of(&hidden, "")).await.expect(200);
    assert_eq!(rita.get(&event.reviewing("")).await.json()["total"], 2);
    rita.put(&event.of(&hidden, "/review"), review).await.expect(200);
}

#[actix_web::test]
async fn only_submitted_proposals_are_reviewed() {
    let (app, event, rita, engines) = stage().await;
    let ada = app.sign_in("ada").await;
    event.draft(&ada, "A draft").await;
    assert_eq!(rita.get(&event.reviewing("")).await.json()["total"], 1);
    event.score(&rita, &engines, &[4]).await;
    let at = event.mine(&format!("/{}", engines.code));
    ada.act(&format!("{at}/withdraw")).await.expect(200);
    assert_eq!(rita.get(&event.reviewing("")).await.json()["total"], 0);
    rita.get(&event.of(&engines, "/review")).await.problem(404, "not_found");
    rita.delete(&event.of(&engines, "/review")).await.problem(404, "not_found");
    ada.act(&format!("{at}/undo-withdrawal")).await.expect(200);
    assert_eq!(rita.get(&event.of(&engines, "/review")).await.json()["state"], "submitted", "it is still there");
    event.organizer.act(&event.path(&format!("/proposals/{}/cancel", engines.code))).await.expect(200);
    rita.get(&event.of(&engines, "")).await.problem(404, "not_found");
}

#[actix_web::test]
async fn reviewing_is_for_the_reviewers_of_the_event() {
    let (app, event, _, engines) = stage().await;
    let other = app.event("other").await;
    let rolf = app.reviewer("rolf", &other).await;
    let ada = app.sign_in("ada").await;
    for client in [&rolf, &ada, &event.organizer] {
        for path in ["", "/next", "/proposals"] {
            client.get(&event.reviewing(path)).await.problem(403, "forbidden");
        }
        client.get(&event.of(&engines, "")).await.problem(403, "forbidden");
        client.put(&event.of(&engines, "/review"), json!({"abstain": true})).await.problem(403, "forbidden");
    }
    rolf.get(&other.of(&engines, "")).await.problem(404, "not_found");
    rolf.put(&other.of(&engines, "/review"), json!({"abstain": true})).await.problem(404, "not_found");
    app.anonymous().get(&event.reviewing("")).await.problem(401, "sign_in_required");
    for path in [event.path("/criteria"), event.path(&format!("/proposals/{}/reviews", engines.code))] {
        rolf.get(&path).await.problem(403, "forbidden");
        ada.get(&path).await.problem(403, "forbidden");
    }
    other.organizer.get(&other.path(&format!("/proposals/{}/reviews", engines.code))).await.problem(404, "not_found");
}

#[actix_web::test]
async fn every_reviewer_has_an_own_order_and_keeps_it() {
    let (app, event, rita, _) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    let ada = app.sign_in("ada").await;
    let mut made = vec![];
    for number in 0..8 {
        made.push(event.propose(&ada, &format!("Number {number}")).await.reference);
    }
    let (of_rita, of_rolf) =
        (rita.get(&event.reviewing("/proposals")).await.json(), rolf.get(&event.reviewing("/proposals")).await.json());
    let set = |list| references(list).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(set(&of_rita), set(&of_rolf));
    assert_ne!(references(&of_rita), references(&of_rolf));
    assert_eq!(rita.get(&event.reviewing("/proposals")).await.json(), of_rita);
    let in_time: Vec<_> = references(&of_rita).into_iter().filter(|one| made.iter().any(|made| made == one)).collect();
    assert_ne!(in_time, made, "not the order of submission");
    let next = |list: &serde_json::Value| references(list)[0].to_owned();
    for (client, list) in [(&rita, &of_rita), (&rolf, &of_rolf)] {
        let first = client.get(&event.reviewing("/next")).await.json();
        assert_eq!(first["proposal"]["ref"], next(list), "with equal counts the own order decides");
    }
}

#[actix_web::test]
async fn next_is_what_has_the_fewest_reviews() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    let ada = app.sign_in("ada").await;
    let (looms, mills) = (event.propose(&ada, "Looms").await, event.propose(&ada, "Mills").await);
    let next = async || rita.get(&event.reviewing("/next")).await.expect(200).json()["proposal"].clone();
    event.score(&rolf, &engines, &[3]).await;
    event.abstain(&rolf, &looms).await;
    let shown = next().await;
    assert_eq!((&shown["ref"], &shown["reviews"]), (&json!(mills.reference), &json!(0)), "abstentions count too");
    event.score(&rolf, &mills, &[3]).await;
    let roy = app.reviewer("roy", &event).await;
    event.score(&roy, &engines, &[3]).await;
    event.score(&roy, &mills, &[3]).await;
    assert_eq!(next().await["ref"], json!(looms.reference));
    event.abstain(&rita, &looms).await;
    assert_ne!(next().await["ref"], json!(looms.reference), "an abstention is an answer");
    event.score(&rita, &engines, &[3]).await;
    assert_eq!(next().await["ref"], json!(mills.reference));
    event.score(&rita, &mills, &[3]).await;
    assert_eq!(next().await, json!(null));
    let progress = rita.get(&event.reviewing("")).await.json();
    let numbers = ["total", "done", "abstained", "left"].map(|name| progress[name].as_i64().unwrap());
    assert_eq!(numbers, [3, 2, 1, 0]);
}

#[actix_web::test]
async fn the_list_pages_through_everything_once() {
    let (app, event, rita, engines) = stage().await;
    let ada = app.sign_in("ada").await;
    for number in 0..4 {
        event.propose(&ada, &format!("Number {number}")).await;
    }
    event.score(&rita, &engines, &[2]).await;
    let whole = rita.get(&event.reviewing("/proposals")).await.expect(200).json();
    assert_eq!(whole["next"], json!(null));
    let all: Vec<String> = references(&whole).into_iter().map(str::to_owned).collect();
    let (mut paged, mut query) = (vec![], "?limit=2".to_owned());
    loop {
        let page = rita.get(&event.reviewing(&format!("/proposals{query}"))).await.expect(200);
        let body = page.json();
        paged.extend(references(&body).into_iter().map(str::to_owned));
        let Some(next) = body["next"].as_str() else { break };
        assert!(page.header("link").contains(next));
        query = format!("?limit=2&cursor={next}");
    }
    assert_eq!(paged, all);
    let done = rita.get(&event.reviewing("/proposals?mine=done")).await.json();
    assert_eq!(references(&done), [&engines.reference]);
    assert_eq!((&done["items"][0]["my_review"], &done["items"][0]["reviews"]), (&json!("submitted"), &json!(1)));
    let left = rita.get(&event.reviewing("/proposals?mine=left&limit=4")).await.json();
    assert_eq!((references(&left).len(), &left["next"]), (4, &json!(null)), "a full last page has no next");
    rita.get(&event.reviewing("/proposals?cursor=nonsense")).await.problem(400, "bad_cursor");
    rita.get(&event.reviewing("/proposals?limit=101")).await.field_error("limit", "range");
    rita.get(&event.reviewing("/proposals?mine=all")).await.problem(422, "invalid");
    rita.get(&event.reviewing("/proposals?sort=title")).await.field_error("sort", "unknown_field");
}

#[actix_web::test]
async fn a_reviewers_pages_survive_a_proposal_that_leaves() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (rita, ada) = (app.reviewer("rita", &event).await, app.speaker("ada").await);
    let mut proposals = vec![];
    for number in 0..4 {
        proposals.push(event.propose(&ada, &format!("Number {number}")).await);
    }
    let first = rita.get(&event.reviewing("/proposals?limit=2")).await.json();
    let last = references(&first)[1].to_owned();
    let leaves = proposals.iter().find(|proposal| proposal.reference == last).unwrap();
    ada.act(&event.mine(&format!("/{}/withdraw", leaves.code))).await.expect(200);
    let next = first["next"].as_str().unwrap();
    let second = rita.get(&event.reviewing(&format!("/proposals?limit=2&cursor={next}"))).await.json();
    let seen: BTreeSet<_> = references(&first).into_iter().chain(references(&second)).collect();
    assert_eq!(seen.len(), 4);
}
