//! Pace and the own histogram.

use super::stage;
use serde_json::json;

#[actix_web::test]
async fn the_pace_counts_to_the_end_of_the_reviewing() {
    let (app, event, rita, engines) = stage().await;
    let ada = app.sign_in("ada").await;
    for number in 0..7 {
        event.propose(&ada, &format!("Number {number}")).await;
    }
    assert_eq!(rita.get(&event.reviewing("")).await.json()["pace"], json!(null));
    event.phase(json!({"name": "Reading"})).await;
    let end = json!({"name": "Deciding", "starts_at": "2025-02-05T00:00:00Z", "scoring": false});
    event.organizer.post(&event.path("/phases"), end).await.expect(201);
    app.set_clock("2025-02-03T00:00:00Z");
    event.score(&rita, &engines, &[3]).await;
    let progress = rita.get(&event.reviewing("")).await.expect(200).json();
    let pace = json!({"until": "2025-02-05T00:00:00Z", "per_day": 4, "behind": 3});
    assert_eq!(progress["pace"], pace, "7 in 2 days; an even pace would have 4 of 8 by now");
    assert_eq!(progress["phase"], json!({"name": "Reading", "starts_at": super::phases::BEGINS}));
    assert_eq!(progress["next_phase"]["name"], "Deciding");
    assert_eq!((&progress["scoring"], &progress["sees"]), (&json!(true), &json!("all")));
    app.set_clock("2025-02-05T00:00:00Z");
    let progress = rita.get(&event.reviewing("")).await.expect(200).json();
    assert_eq!(
        (&progress["pace"], &progress["scoring"], &progress["next_phase"]),
        (&json!(null), &json!(false), &json!(null))
    );
}

#[actix_web::test]
async fn the_histogram_is_of_the_own_scores_only() {
    let (app, event, rita, engines) = stage().await;
    let (ada, rolf) = (app.sign_in("ada").await, app.reviewer("rolf", &event).await);
    let (looms, mills) = (event.propose(&ada, "Looms").await, event.propose(&ada, "Mills").await);
    let criterion = event.criteria().await.remove(0);
    for (proposal, score) in [(&engines, 2), (&looms, 2), (&mills, 5)] {
        event.score(&rita, proposal, &[score]).await;
        event.score(&rolf, proposal, &[1]).await;
    }
    let mine = async || rita.get(&event.reviewing("")).await.expect(200).json()["my_scores"][&criterion].clone();
    assert_eq!(mine().await, json!({"1": 0, "2": 2, "3": 0, "4": 0, "5": 1}));
    event.pin(&looms, "rita").await;
    assert_eq!(mine().await, json!({"1": 0, "2": 1, "3": 0, "4": 0, "5": 1}), "nor of what does not exist for her");
}
