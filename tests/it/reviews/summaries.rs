//! What organizers read of the reviews.

use super::{scores_of, stage};
use serde_json::json;

#[actix_web::test]
async fn organizers_read_every_review_with_its_weighted_total() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    event.add_criterion("Fit", 3.0).await;
    let criteria = event.criteria().await;
    let empty = json!({"summary": {"count": 0, "abstentions": 0, "mean": null, "spread": null}, "reviews": []});
    assert_eq!(event.all_reviews(&engines).await, empty);
    let review = json!({"scores": scores_of(&criteria, &[1, 5]), "comment": "Hm", "feedback": "Well done"});
    rita.put(&event.of(&engines, "/review"), review).await.expect(200);
    app.advance(std::time::Duration::from_mins(1));
    event.score(&rolf, &engines, &[2, 2]).await;
    let all = event.all_reviews(&engines).await;
    let first = json!({"reviewer": "rita", "state": "submitted", "scores": scores_of(&criteria, &[1, 5]),
        "total": 4.0, "comment": "Hm", "feedback": "Well done", "confidence": null,
        "updated_at": "2025-01-15T12:00:00Z", "counted": true});
    assert_eq!(all["reviews"][0], first);
    assert_eq!((&all["reviews"][1]["reviewer"], &all["reviews"][1]["total"]), (&json!("rolf"), &json!(2.0)));
    assert_eq!(all["summary"], json!({"count": 2, "abstentions": 0, "mean": 3.0, "spread": 1.0}));
    app.advance(std::time::Duration::from_mins(1));
    event.abstain(&app.reviewer("roy", &event).await, &engines).await;
    let all = event.all_reviews(&engines).await;
    assert_eq!(all["summary"], json!({"count": 2, "abstentions": 1, "mean": 3.0, "spread": 1.0}));
    assert_eq!((&all["reviews"][2]["state"], &all["reviews"][2]["total"]), (&json!("abstained"), &json!(null)));
    let heavier = json!({"weight": 1.0});
    event.organizer.patch(&event.path(&format!("/criteria/{}", criteria[1])), heavier).await.expect(200);
    assert_eq!(event.all_reviews(&engines).await["summary"]["mean"], 2.5, "weights count as they are now");
}

#[actix_web::test]
async fn nobody_reads_reviews_of_the_own_talk() {
    let (app, event, rita, _) = stage().await;
    let olga = app.member("olga", &event, "organizer").await;
    let own = event.propose(&olga, "By an organizer").await;
    event.score(&rita, &own, &[1]).await;
    let path = event.path(&format!("/proposals/{}/reviews", own.code));
    olga.get(&path).await.problem(404, "not_found");
    assert_eq!(event.all_reviews(&own).await["summary"]["mean"], 1.0, "other organizers do");
    let list = olga.get(&event.path("/proposals")).await.expect(200).json();
    assert!(!list.to_string().contains(&own.code), "nor is it in the list: {list}");
}

#[actix_web::test]
async fn the_organizers_list_sums_up_each_proposal_by_itself() {
    let (app, event, rita, engines) = stage().await;
    let (rolf, ada) = (app.reviewer("rolf", &event).await, app.sign_in("ada").await);
    let (looms, mills) = (event.propose(&ada, "Looms").await, event.propose(&ada, "Mills").await);
    for (reviewer, proposal, score) in [(&rita, &engines, 5), (&rolf, &engines, 2), (&rita, &looms, 4)] {
        event.score(reviewer, proposal, &[score]).await;
    }
    event.abstain(&rolf, &looms).await;
    let list = event.organizer.get(&event.path("/proposals")).await.expect(200).json();
    let summary = |of: &super::Proposal| {
        let shown = list["items"].as_array().unwrap().iter().find(|item| item["code"] == of.code).unwrap();
        shown["reviews"].clone()
    };
    assert_eq!(summary(&engines), json!({"count": 2, "abstentions": 0, "mean": 3.5, "spread": 1.5}));
    assert_eq!(summary(&looms), json!({"count": 1, "abstentions": 1, "mean": 4.0, "spread": 0.0}));
    assert_eq!(summary(&mills), json!({"count": 0, "abstentions": 0, "mean": null, "spread": null}));
    assert_eq!(summary(&engines), event.all_reviews(&engines).await["summary"]);
}

#[actix_web::test]
async fn drafts_have_no_reviews_to_read() {
    let (app, event, _, engines) = stage().await;
    let ada = app.sign_in("ada").await;
    let draft = event.draft(&ada, "A draft").await;
    event.organizer.get(&event.path(&format!("/proposals/{draft}/reviews"))).await.problem(404, "not_found");
    event.organizer.get(&event.path("/proposals/ZZZZZZ/reviews")).await.problem(404, "not_found");
    let by_ref = event.path(&format!("/proposals/{}/reviews", engines.reference));
    event.organizer.get(&by_ref).await.problem(404, "not_found");
}
