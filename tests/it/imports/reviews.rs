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
    let exported = event.exported("reviews.csv").await.text();
    assert_eq!(counts(&event.import("of=reviews", &exported).await), [0, 0, 3, 0, 0, 0], "{exported}");
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
