//! Drafts that save themselves, and what is put off for later.

use super::{references, scores_of, stage};
use actix_web::http::Method;
use serde_json::{Value, json};

#[actix_web::test]
async fn a_draft_is_nobody_elses_and_counts_nowhere() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    event.score(&rolf, &engines, &[4]).await;
    let criteria = event.criteria().await;
    let at = event.of(&engines, "/draft");
    rita.get(&at).await.problem(404, "not_found");
    let content = json!({"scores": scores_of(&criteria, &[1]), "comment": "Kanariskizo", "confidence": "low"});
    let saved = rita.put(&at, content).await.expect(200).json();
    let whole = json!({"scores": scores_of(&criteria, &[1]), "comment": "Kanariskizo", "feedback": "",
        "confidence": "low", "abstain": false, "version": 1});
    assert_eq!(saved, whole);
    assert_eq!(rita.get(&at).await.expect(200).json(), whole);
    let shown = rita.get(&event.of(&engines, "")).await.json();
    assert_eq!((&shown["my_draft"], &shown["my_review"], &shown["reviews"]), (&json!(true), &json!(null), &json!(1)));
    rita.get(&event.of(&engines, "/review")).await.problem(404, "not_found");
    rita.get(&event.of(&engines, "/reviews")).await.problem(409, "own_review_first");
    let all = event.all_reviews(&engines).await;
    assert_eq!((&all["summary"]["count"], &all["summary"]["mean"]), (&json!(1), &json!(4.0)));
    rolf.get(&at).await.problem(404, "not_found");
    for path in [event.path("/audit"), event.path("/exports/reviews.json"), event.path("/proposals")] {
        let text = event.organizer.get(&path).await.expect(200).text();
        assert!(!text.contains("Kanariskizo") && !text.contains("draft"), "{path}: {text}");
    }
    let progress = rita.get(&event.reviewing("")).await.json();
    assert_eq!((&progress["drafts"], &progress["left"], &progress["done"]), (&json!(1), &json!(1), &json!(0)));
    let next = rita.get(&event.reviewing("/next")).await.json();
    assert_eq!(next["proposal"]["ref"], engines.reference.as_str(), "it is left to review");
    event.score(&rita, &engines, &[2]).await;
    rita.get(&at).await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_draft_holds_what_is_there_so_far() {
    let (_app, event, rita, engines) = stage().await;
    event.add_criterion("Fit", 1.0).await;
    let criteria = event.criteria().await;
    let at = event.of(&engines, "/draft");
    rita.put(&at, json!({})).await.expect(200);
    rita.put(&at, json!({"scores": scores_of(&criteria, &[5])})).await.expect(200);
    let six = json!({"scores": scores_of(&criteria, &[6])});
    rita.put(&at, six).await.field_error(&format!("scores.{}", criteria[0]), "range");
    rita.put(&at, json!({"scores": {"ZZZZZZ": 1}})).await.field_error("scores", "unknown_criterion");
    rita.put(&at, json!({"abstain": true, "feedback": "Later more"})).await.expect(200);
    rita.delete(&at).await.expect(204);
    rita.delete(&at).await.problem(404, "not_found");
}

#[actix_web::test]
async fn two_tabs_do_not_overwrite_each_others_draft() {
    let (_app, event, rita, engines) = stage().await;
    let at = event.of(&engines, "/draft");
    let put = async |etag: Option<&str>, body: Value| {
        let mut request = rita.request(Method::PUT, &at).set_json(body);
        if let Some(etag) = etag {
            request = request.insert_header(("if-match", etag));
        }
        rita.send(request).await
    };
    let first = put(None, json!({"comment": "left"})).await.expect(200);
    let etag = first.header("etag").to_owned();
    put(None, json!({"comment": "right"})).await.problem(428, "version_required");
    let same = put(Some(&etag), json!({"comment": "left"})).await.expect(200);
    assert_eq!(same.header("etag"), etag, "what is the same is not written");
    put(Some(&etag), json!({"comment": "left, more"})).await.expect(200);
    put(Some(&etag), json!({"comment": "right"})).await.problem(412, "stale");
    assert_eq!(rita.get(&at).await.json()["comment"], "left, more");
    rita.delete(&at).await.expect(204);
    put(Some(&etag), json!({"comment": "right"})).await.problem(412, "stale");
}

#[actix_web::test]
async fn no_drafts_while_no_reviews_are_written() {
    let (app, event, rita, engines) = stage().await;
    event.phase(json!({"scoring": false})).await;
    rita.put(&event.of(&engines, "/draft"), json!({"comment": "kept"})).await.expect(200);
    app.set_clock(super::phases::BEGINS);
    rita.put(&event.of(&engines, "/draft"), json!({"comment": "more"})).await.problem(409, "not_in_phase");
    assert_eq!(rita.get(&event.of(&engines, "/draft")).await.expect(200).json()["comment"], "kept");
}

#[actix_web::test]
async fn what_is_put_off_comes_at_the_end() {
    let (app, event, rita, engines) = stage().await;
    let ada = app.sign_in("ada").await;
    let (looms, mills) = (event.propose(&ada, "Looms").await, event.propose(&ada, "Mills").await);
    let next = async || rita.get(&event.reviewing("/next")).await.expect(200).json()["proposal"]["ref"].clone();
    for proposal in [&engines, &looms] {
        rita.put(&event.of(proposal, "/skip"), json!({})).await.expect(204);
        app.advance(std::time::Duration::from_secs(1));
    }
    assert_eq!(next().await, mills.reference.as_str());
    assert_eq!(rita.get(&event.of(&looms, "")).await.json()["skipped"], true);
    let skipped = rita.get(&event.reviewing("/proposals?mine=skipped")).await.json();
    assert_eq!(references(&skipped).len(), 2);
    assert_eq!(rita.get(&event.reviewing("")).await.json()["skipped"], 2);
    event.score(&rita, &mills, &[3]).await;
    assert_eq!(next().await, engines.reference.as_str(), "what was put off first");
    rita.put(&event.of(&engines, "/skip"), json!({})).await.expect(204);
    assert_eq!(next().await, looms.reference.as_str(), "again to the end");
    rita.delete(&event.of(&engines, "/skip")).await.expect(204);
    assert_eq!(next().await, engines.reference.as_str());
    event.score(&rita, &engines, &[3]).await;
    event.score(&rita, &looms, &[3]).await;
    assert_eq!(next().await, json!(null));
    assert_eq!(rita.get(&event.reviewing("")).await.json()["skipped"], 0);
    rita.put(&event.reviewing("/proposals/ZZZZZZ/skip"), json!({})).await.problem(404, "not_found");
}

#[actix_web::test]
async fn what_is_assigned_comes_first() {
    let (app, event, rita, _) = stage().await;
    let (ada, rolf) = (app.sign_in("ada").await, app.reviewer("rolf", &event).await);
    let looms = event.propose(&ada, "Looms").await;
    for number in 0..4 {
        event.propose(&ada, &format!("Number {number}")).await;
    }
    event.score(&rolf, &looms, &[3]).await;
    event.assign(&looms, "rita").await;
    let next = async || rita.get(&event.reviewing("/next")).await.expect(200).json()["proposal"]["ref"].clone();
    assert_eq!(next().await, looms.reference.as_str(), "although it has a review");
    event.score(&rita, &looms, &[3]).await;
    assert_ne!(next().await, json!(null));
    let progress = rita.get(&event.reviewing("")).await.json();
    assert_eq!((&progress["assigned"], &progress["assigned_done"]), (&json!(1), &json!(1)));
}
