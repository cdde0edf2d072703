//! What organizers may change about the criteria, and when.

use super::{scores_of, stage};
use futures_util::future::join;
use serde_json::{Value, json};

#[actix_web::test]
async fn criteria_are_added_changed_and_removed() {
    let (_app, event, rita, _) = stage().await;
    let (organizer, at) = (&event.organizer, event.path("/criteria"));
    let made = organizer.post(&at, json!({"name": "Fit", "help": "For our audience?"})).await.expect(201);
    let fit = made.json();
    let code = fit["code"].as_str().unwrap();
    assert_eq!(made.header("location"), format!("/api/v1{at}"));
    let whole = json!({"code": code, "name": "Fit", "help": "For our audience?", "weight": 1.0, "lowest": 1,
        "highest": 5, "labels": [], "required": true, "independent": false, "tracks": null, "version": 1});
    assert_eq!(fit, whole);
    let edited =
        organizer.patch(&format!("{at}/{code}"), json!({"weight": 0.5, "highest": 10})).await.expect(200).json();
    assert_eq!((&edited["weight"], &edited["highest"], &edited["name"]), (&json!(0.5), &json!(10), &json!("Fit")));
    let to_rita = rita.get(&event.reviewing("")).await.json();
    assert_eq!(to_rita["criteria"], organizer.get(&at).await.json()["items"]);
    assert_eq!(to_rita["criteria"][1], edited);
    organizer.delete(&format!("{at}/{code}")).await.expect(204);
    assert_eq!(event.criteria().await.len(), 1);
    organizer.delete(&format!("{at}/{code}")).await.problem(404, "not_found");
    organizer.patch(&format!("{at}/{code}"), json!({})).await.problem(404, "not_found");
}

#[actix_web::test]
async fn scales_and_weights_have_bounds() {
    let (_app, event, ..) = stage().await;
    let (organizer, at) = (&event.organizer, event.path("/criteria"));
    let with = |field: &str, value: Value| {
        let mut new = json!({"name": "Fit", "lowest": 0, "highest": 100});
        new[field] = value;
        new
    };
    for (field, fits) in [("weight", json!(0.01)), ("weight", json!(100)), ("highest", json!(1)), ("lowest", json!(99))]
    {
        organizer.post(&at, with(field, fits)).await.expect(201);
    }
    for (field, wrong) in
        [("weight", json!(0)), ("weight", json!(100.01)), ("lowest", json!(-1)), ("highest", json!(101))]
    {
        organizer.post(&at, with(field, wrong)).await.field_error(field, "range");
    }
    organizer.post(&at, with("lowest", json!(100))).await.field_error("highest", "scale");
    organizer.post(&at, with("name", json!(""))).await.field_error("name", "too_short");
    organizer.post(&at, with("position", json!(1))).await.field_error("position", "unknown_field");
    let only = &event.criteria().await[0];
    organizer.patch(&format!("{at}/{only}"), json!({"lowest": 5})).await.field_error("highest", "scale");
}

#[actix_web::test]
async fn a_criterion_with_scores_keeps_its_scale() {
    let (_app, event, rita, engines) = stage().await;
    let organizer = &event.organizer;
    let at = event.path(&format!("/criteria/{}", event.add_criterion("Fit", 1.0).await));
    event.score(&rita, &engines, &[5, 5]).await;
    organizer.patch(&at, json!({"highest": 4})).await.problem(409, "in_use");
    organizer.patch(&at, json!({"lowest": 0})).await.problem(409, "in_use");
    organizer.delete(&at).await.problem(409, "in_use");
    organizer.patch(&at, json!({"name": "Relevance", "weight": 2, "lowest": 1, "highest": 5})).await.expect(200);
    rita.delete(&event.of(&engines, "/review")).await.expect(204);
    organizer.patch(&at, json!({"highest": 4})).await.expect(200);
    organizer.delete(&at).await.expect(204);
    let last = event.path(&format!("/criteria/{}", event.criteria().await[0]));
    organizer.delete(&last).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn an_event_has_at_most_twenty_criteria() {
    let (_app, event, ..) = stage().await;
    for number in 2..=20 {
        event.add_criterion(&format!("Number {number}"), 1.0).await;
    }
    event.organizer.post(&event.path("/criteria"), json!({"name": "Too many"})).await.problem(409, "wrong_state");
    assert_eq!(event.criteria().await.len(), 20);
}

/// Whichever comes first: no score ends up outside its scale.
#[actix_web::test]
async fn a_scale_does_not_change_under_a_review() {
    let (app, event, rita, _) = stage().await;
    let ada = app.sign_in("ada").await;
    for round in 0..8 {
        let proposal = event.propose(&ada, &format!("Number {round}")).await;
        let fit = event.add_criterion("Fit", 1.0).await;
        let criteria = event.criteria().await;
        let review = json!({"scores": super::scores_of(&criteria, &vec![5; criteria.len()])});
        let criterion = event.path(&format!("/criteria/{fit}"));
        let mine = event.of(&proposal, "/review");
        let rescaled = event.organizer.patch(&criterion, json!({"highest": 4}));
        let (written, rescaled) = join(rita.put(&mine, review), rescaled).await;
        match (written.status.as_u16(), rescaled.status.as_u16()) {
            (200, 409) | (422, 200) => {}
            both => panic!("{both:?}"),
        }
    }
}

#[actix_web::test]
async fn what_is_not_required_may_be_left_out_and_independent_ones_stand_beside_the_mean() {
    let (_app, event, rita, engines) = stage().await;
    let (organizer, at) = (&event.organizer, event.path("/criteria"));
    let labels = json!({"name": "Fit", "lowest": 0, "highest": 2, "labels": ["no", "maybe", "yes"], "required": false});
    let fit = organizer.post(&at, labels).await.expect(201).json();
    assert_eq!(fit["labels"], json!(["no", "maybe", "yes"]));
    let beside = json!({"name": "Fame", "independent": true, "required": false, "weight": 100});
    let fame = organizer.post(&at, beside).await.expect(201).json();
    let criteria = event.criteria().await;
    let review = event.of(&engines, "/review");
    let put = async |scores: Value| rita.put(&review, json!({"scores": scores})).await;
    put(json!({criteria[0].clone(): 3, fame["code"].as_str().unwrap(): 1})).await.expect(200);
    assert_eq!(event.all_reviews(&engines).await["summary"]["mean"], 3.0);
    assert_eq!(event.seen(&engines.code).await["reviews"]["mean"], 3.0);
    put(json!({fame["code"].as_str().unwrap(): 1})).await.field_error(&format!("scores.{}", criteria[0]), "missing");
    organizer.patch(&format!("{at}/{}", criteria[0]), json!({"required": false})).await.expect(200);
    put(json!({fame["code"].as_str().unwrap(): 1})).await.field_error("scores", "missing");
    put(json!({fit["code"].as_str().unwrap(): 0})).await.expect(200);
    assert_eq!(event.all_reviews(&engines).await["summary"]["mean"], 0.0);
    organizer.patch(&format!("{at}/{}", criteria[1]), json!({"labels": ["one"]})).await.field_error("labels", "length");
    organizer.patch(&format!("{at}/{}", criteria[1]), json!({"highest": 3})).await.field_error("labels", "length");
}

#[actix_web::test]
async fn a_criterion_of_some_tracks_is_asked_for_in_these_only() {
    let (app, event, rita, engines) = stage().await;
    let (here, there) = (event.track("Here").await, event.track("There").await);
    let (organizer, at) = (&event.organizer, event.path("/criteria"));
    let new = json!({"name": "Depth", "tracks": [here]});
    let depth = organizer.post(&at, new).await.expect(201).json();
    assert_eq!(depth["tracks"], json!([here]));
    let criteria = event.criteria().await;
    let ada = app.sign_in("ada").await;
    let within = event.submit_to(&here, &ada, "Within").await["code"].as_str().unwrap().to_owned();
    let within = event.seen(&within).await["ref"].as_str().unwrap().to_owned();
    let review = event.reviewing(&format!("/proposals/{within}/review"));
    let both = scores_of(&criteria, &[4, 4]);
    let one = scores_of(&criteria, &[4]);
    rita.put(&review, json!({"scores": one})).await.field_error(&format!("scores.{}", criteria[1]), "missing");
    rita.put(&review, json!({"scores": both})).await.expect(200);
    rita.put(&event.of(&engines, "/review"), json!({"scores": both})).await.field_error("scores", "unknown_criterion");
    rita.put(&event.of(&engines, "/review"), json!({"scores": one})).await.expect(200);
    organizer.delete(&event.path(&format!("/tracks/{here}"))).await.problem(409, "in_use");
    let path = format!("{at}/{}", criteria[1]);
    organizer.patch(&path, json!({"tracks": ["ZZZZZZ"]})).await.field_error("tracks[0]", "unknown");
    organizer.patch(&path, json!({"tracks": [there]})).await.expect(200);
    rita.put(&review, json!({"scores": one})).await.expect(200);
    assert_eq!(organizer.patch(&path, json!({"tracks": null})).await.expect(200).json()["tracks"], json!(null));
}
