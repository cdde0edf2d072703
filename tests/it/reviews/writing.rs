//! Writing a review: what it must hold, who may see it, and two at once.

use super::{scores_of, stage};
use futures_util::future::join_all;
use serde_json::json;

#[actix_web::test]
async fn a_review_is_written_replaced_and_taken_back() {
    let (_app, event, rita, engines) = stage().await;
    let criteria = event.criteria().await;
    let at = event.of(&engines, "/review");
    rita.get(&at).await.problem(404, "not_found");
    rita.delete(&at).await.problem(404, "not_found");
    let first = json!({"scores": scores_of(&criteria, &[4]), "comment": "Solid", "feedback": "More on gears"});
    let seen = rita.put(&at, first).await.expect(200).json();
    let stored = json!({"state": "submitted", "scores": scores_of(&criteria, &[4]), "comment": "Solid",
        "feedback": "More on gears", "confidence": null, "changed_since": false, "version": 1});
    assert_eq!(seen, stored);
    assert_eq!(rita.get(&at).await.expect(200).json(), stored);
    let abstained = rita.put(&at, json!({"abstain": true, "comment": "I know her"})).await.expect(200).json();
    let stored = json!({"state": "abstained", "scores": {}, "comment": "I know her", "feedback": "",
        "confidence": null, "changed_since": false, "version": 2});
    assert_eq!(abstained, stored, "nothing of the first one is left");
    assert_eq!(rita.get(&event.of(&engines, "")).await.json()["my_review"], "abstained");
    event.score(&rita, &engines, &[2]).await;
    rita.delete(&at).await.expect(204);
    rita.get(&at).await.problem(404, "not_found");
    assert_eq!(rita.get(&event.of(&engines, "")).await.json()["my_review"], json!(null));
    assert_eq!(event.all_reviews(&engines).await["reviews"], json!([]));
}

#[actix_web::test]
async fn every_criterion_is_scored_within_its_scale() {
    let (_app, event, rita, engines) = stage().await;
    let fit = event.organizer.post(&event.path("/criteria"), json!({"name": "Fit", "lowest": 0, "highest": 10})).await;
    let fit = fit.expect(201).json()["code"].as_str().unwrap().to_owned();
    let criteria = event.criteria().await;
    let at = event.of(&engines, "/review");
    let put = async |scores: &[i64]| rita.put(&at, json!({"scores": scores_of(&criteria, scores)})).await;
    for fits in [[1, 0], [5, 10]] {
        put(&fits).await.expect(200);
    }
    for (wrong, criterion) in [([0, 5], &criteria[0]), ([6, 5], &criteria[0]), ([3, -1], &fit), ([3, 11], &fit)] {
        put(&wrong).await.field_error(&format!("scores.{criterion}"), "range");
    }
    put(&[3]).await.field_error(&format!("scores.{fit}"), "missing");
    rita.put(&at, json!({})).await.field_error(&format!("scores.{fit}"), "missing");
    let mut unknown = scores_of(&criteria, &[3, 3]);
    unknown["ZZZZZZ"] = json!(3);
    rita.put(&at, json!({"scores": unknown})).await.field_error("scores", "unknown_criterion");
    let mut half = scores_of(&criteria, &[3, 3]);
    half[&fit] = json!(3.5);
    rita.put(&at, json!({"scores": half})).await.field_error(&format!("scores.{fit}"), "wrong_type");
    let both = json!({"abstain": true, "scores": scores_of(&criteria, &[3, 3])});
    rita.put(&at, both).await.field_error("scores", "abstains");
    rita.put(&at, json!({"abstain": true, "feedback": "x"})).await.field_error("feedback", "abstains");
    rita.put(&at, json!({"abstain": true, "comment": "x".repeat(5001)})).await.field_error("comment", "too_long");
    rita.put(&at, json!({"abstain": true, "total": 5})).await.field_error("total", "unknown_field");
    let kept = rita.get(&at).await.expect(200).json();
    assert_eq!(kept["scores"], scores_of(&criteria, &[5, 10]), "what was refused changed nothing");
    assert_eq!(kept["version"], 2);
}

#[actix_web::test]
async fn reviews_by_others_show_once_the_own_is_in() {
    let (app, event, rita, engines) = stage().await;
    let (rolf, roy) = (app.reviewer("rolf", &event).await, app.reviewer("roy", &event).await);
    let criteria = event.criteria().await;
    let at = event.of(&engines, "/reviews");
    let of_rolf = json!({"scores": scores_of(&criteria, &[5]), "comment": "Take it", "feedback": "Lovely",
        "confidence": "high"});
    rolf.put(&event.of(&engines, "/review"), of_rolf).await.expect(200);
    event.abstain(&roy, &engines).await;
    let refused = rita.get(&at).await.problem(409, "own_review_first");
    assert!(!refused.to_string().contains("Take it"));
    event.abstain(&rita, &engines).await;
    let answer = rita.get(&at).await.expect(200);
    let seen = answer.json();
    let items = seen["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "the own one is not among them");
    let scored = items.iter().find(|item| item["state"] == "submitted").unwrap();
    let pseudonym = scored["reviewer"].as_str().unwrap();
    let expected = json!({"reviewer": pseudonym, "state": "submitted", "scores": scores_of(&criteria, &[5]),
        "total": 5.0, "comment": "Take it", "feedback": "Lovely", "confidence": "high"});
    assert_eq!(*scored, expected, "these fields and no other");
    assert_eq!(pseudonym.strip_prefix("Reviewer ").map(str::len), Some(4), "{pseudonym}");
    for word in ["rolf", "roy", "example.org", "2025-01"] {
        assert!(!answer.text().contains(word), "{word} in {}", answer.text());
    }
    let to_roy = roy.get(&at).await.expect(200).json();
    let same = to_roy["items"].as_array().unwrap().iter().find(|item| item["state"] == "submitted").unwrap();
    assert_eq!(same["reviewer"], pseudonym, "everybody means the same person by a pseudonym");
    rita.delete(&event.of(&engines, "/review")).await.expect(204);
    rita.get(&at).await.problem(409, "own_review_first");
}

#[actix_web::test]
async fn pseudonyms_do_not_follow_from_proposal_to_proposal() {
    let (app, event, rita, _) = stage().await;
    let (rolf, roy) = (app.reviewer("rolf", &event).await, app.reviewer("roy", &event).await);
    let ada = app.sign_in("ada").await;
    let mut names = std::collections::BTreeSet::new();
    for number in 0..8 {
        let proposal = event.propose(&ada, &format!("Number {number}")).await;
        event.score(&rita, &proposal, &[3]).await;
        event.score(&rolf, &proposal, &[5]).await;
        event.score(&roy, &proposal, &[1]).await;
        let seen = rita.get(&event.of(&proposal, "/reviews")).await.json();
        let of_rolf = seen["items"].as_array().unwrap().iter().find(|item| item["total"] == 5.0).unwrap();
        names.insert(of_rolf["reviewer"].as_str().unwrap().to_owned());
    }
    assert!(names.len() > 1, "{names:?}");
}

#[actix_web::test]
async fn a_removed_reviewer_is_out_at_once() {
    let (_app, event, rita, engines) = stage().await;
    event.score(&rita, &engines, &[4]).await;
    event.remove("rita").await;
    for path in ["", "/next", "/proposals"] {
        rita.get(&event.reviewing(path)).await.problem(403, "forbidden");
    }
    let review = json!({"abstain": true});
    rita.put(&event.of(&engines, "/review"), review).await.problem(403, "forbidden");
    rita.delete(&event.of(&engines, "/review")).await.problem(403, "forbidden");
    let all = event.all_reviews(&engines).await;
    assert_eq!((&all["reviews"][0]["reviewer"], &all["summary"]["mean"]), (&json!("rita"), &json!(4.0)), "it stays");
}

#[actix_web::test]
async fn sixteen_at_once_are_one_review() {
    let (app, event, rita, _) = stage().await;
    let ada = app.sign_in("ada").await;
    let criteria = event.criteria().await;
    for round in 0..8 {
        let proposal = event.propose(&ada, &format!("Number {round}")).await;
        let at = event.of(&proposal, "/review");
        let put = async |number: i64| {
            let score = 1 + number % 5;
            let review = json!({"scores": scores_of(&criteria, &[score]), "comment": score.to_string()});
            rita.put(&at, review).await
        };
        for answer in join_all((0..16).map(&put)).await {
            answer.expect(200);
        }
        let all = event.all_reviews(&proposal).await;
        assert_eq!((all["reviews"].as_array().unwrap().len(), &all["summary"]["count"]), (1, &json!(1)));
        let kept = rita.get(&at).await.expect(200).json();
        assert_eq!(kept["version"], 16, "none was lost");
        assert_eq!(kept["scores"][&criteria[0]].to_string(), kept["comment"].as_str().unwrap(), "one whole review");
    }
}
