use super::{counts, outcomes, stage};
use serde_json::json;

#[actix_web::test]
async fn reviews_come_with_their_scores_and_never_overwrite() {
    let (app, event) = stage().await;
    app.reviewer("rita", &event).await;
    app.reviewer("rolf", &event).await;
    event.import("source=papers", "code,title\nP1,One\nP2,Two\n").await;
    let file = "paper,who,rating,note\nP1,rita,4,Fine\nP1,rolf,2,\nP2,RITA@example.org,5,\n";
    let map = "of=reviews&map=proposal=paper&map=reviewer=who&map=score.overall=rating&map=comment=note";
    let dry = event.import(&format!("{map}&dry_run=true"), file).await;
    assert_eq!(counts(&dry), [3, 0, 0, 0, 0, 0], "{dry}");
    let first = event.import(map, file).await;
    assert_eq!(counts(&first), [3, 0, 0, 0, 0, 0]);
    assert_eq!(counts(&event.import(map, file).await), [0, 0, 3, 0, 0, 0]);
    let changed = event.import(map, "paper,who,rating,note\nP1,rita,1,\n").await;
    assert_eq!(outcomes(&changed), ["kept"]);
    let code = first["rows"][0]["code"].as_str().unwrap();
    let reviews = event.organizer.get(&event.path(&format!("/proposals/{code}/reviews"))).await.expect(200).json();
    assert_eq!(reviews["summary"]["count"], 2, "{reviews}");
    for file in ["reviews.csv", "reviews.json"] {
        let exported = event.exported(file).await.text();
        assert_eq!(counts(&event.import("of=reviews", &exported).await), [0, 0, 3, 0, 0, 0], "{exported}");
    }
}

#[actix_web::test]
async fn confidence_comes_along_and_what_came_is_counted() {
    let (app, event) = stage().await;
    let rita = app.reviewer("rita", &event).await;
    app.reviewer("rolf", &event).await;
    event.import("source=papers", "code,title\nP1,One\nP2,Two\n").await;
    let file = "proposal,reviewer,score_overall,confidence,state\nP1,rita,4,high,\nP1,rolf,2,2,\nP2,rolf,,,abstained\n";
    assert_eq!(outcomes(&event.import("of=reviews", file).await), ["created"; 3]);
    let exported = event.exported("reviews.json").await.json();
    let mut confidence: Vec<String> =
        exported.as_array().unwrap().iter().map(|review| review["confidence"].to_string()).collect();
    confidence.sort();
    assert_eq!(confidence, ["\"high\"", "\"low\"", "null"]);
    let standing = rita.get(&event.path("/reviewing/proposals")).await.expect(200).json();
    let counted = |title: &str| {
        let items = standing["items"].as_array().unwrap();
        items.iter().find(|item| item["title"] == title).unwrap()["reviews"].clone()
    };
    assert_eq!((counted("One"), counted("Two")), (json!(2), json!(1)));
    // What says nothing of confidence says nothing else.
    let silent = "proposal,reviewer,score_overall\nP1,rita,4\n";
    assert_eq!(outcomes(&event.import("of=reviews", silent).await), ["unchanged"]);
    let other = "proposal,reviewer,score_overall,confidence\nP1,rita,4,low\nP1,rolf,2,sure\n";
    assert_eq!(outcomes(&event.import("of=reviews&skip_refused=true", other).await), ["kept", "refused"]);
}

#[actix_web::test]
async fn only_required_criteria_of_the_track_need_a_score() {
    let (app, event) = stage().await;
    app.reviewer("rita", &event).await;
    let track = event.track("Core").await;
    let required = json!({"name": "Depth", "tracks": [track]});
    event.organizer.post(&event.path("/criteria"), required).await.expect(201);
    event.organizer.post(&event.path("/criteria"), json!({"name": "Fun", "required": false})).await.expect(201);
    event.import("source=papers", "code,title,track\nP1,One,Core\nP2,Two,\n").await;
    let file = "proposal,reviewer,score_overall,score_depth,score_fun\nP1,rita,4,,\nP2,rita,4,,\n";
    let report = event.import("of=reviews&dry_run=true", file).await;
    assert_eq!(
        (outcomes(&report), &report["rows"][0]["remarks"]),
        (vec!["refused", "created"], &json!(["Depth: has no score"]))
    );
    let other = "proposal,reviewer,score_overall,score_depth,score_fun\nP1,rita,4,2,1\nP2,rita,4,2,\n";
    let report = event.import("of=reviews&dry_run=true", other).await;
    assert_eq!(outcomes(&report), ["created", "refused"], "{report}");
}

#[actix_web::test]
async fn what_speaks_against_a_review() {
    let (app, event) = stage().await;
    let rita = app.reviewer("rita", &event).await;
    let own = event.submit(&rita, "Own").await["code"].as_str().unwrap().to_owned();
    event.import("source=papers", "code,title\nP1,One\n").await;
    let file =
        format!("proposal,reviewer,score_overall\nP1,nobody,3\nNONE,rita,3\nP1,rita,99\nP1,rita,\n{own},rita,3\n");
    let report = event.import("of=reviews&dry_run=true&skip_refused=true", &file).await;
    assert_eq!(counts(&report)[5], 5, "{report}");
    let remarks: Vec<&str> =
        report["rows"].as_array().unwrap().iter().map(|row| row["remarks"][0].as_str().unwrap()).collect();
    let starts =
        ["reviewer: nobody", "proposal: there is none", "overall: must be", "the reviewer and", "reviewer: speaks"];
    for (remark, start) in remarks.iter().zip(starts) {
        assert!(remark.starts_with(start), "{remark} / {start}");
    }
    assert_eq!(report["of"], json!("reviews"));
}
