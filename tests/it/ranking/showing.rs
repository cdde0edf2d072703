//! The figures of the ranking.

use super::{items, of, order, ranks, read, review, world};
use crate::harness::seed::code;
use serde_json::{Value, json};

#[actix_web::test]
async fn raw_and_calibrated_stand_side_by_side() {
    let world = world().await;
    let ranking = world.ranking("?cut=1").await;
    assert_eq!(order(&ranking), "B A C D H E G F");
    assert_eq!(ranks(&ranking), [1, 2, 3, 4, 5, 6, 7, 8]);
    let figures = |title: &str| {
        let of = of(&ranking, title);
        [&of["reviews"]["mean"], &of["adjusted"], &of["score"]].map(|figure| figure.as_f64().unwrap())
    };
    for (title, exact) in [
        ("A", [4.0, 347.0 / 93.0, 5249.0 / 1488.0]),
        ("B", [11.0 / 3.0, 352.0 / 93.0, 5309.0 / 1488.0]),
        ("G", [7.0 / 3.0, 75.0 / 31.0, 3785.0 / 1488.0]),
    ] {
        // What reads JSON here may miss the last bit.
        let near = figures(title).iter().zip(exact).all(|(figure, exact)| (figure - exact).abs() < 1e-14);
        assert!(near, "{title}: {:?}", figures(title));
    }
    let deviation = of(&ranking, "F")["deviation"].as_f64().unwrap();
    assert!((deviation - 0.334_977).abs() < 5e-7, "{deviation}");
    let close: Vec<&Value> = items(&ranking).iter().map(|item| &item["too_close"]).collect();
    assert_eq!(close, [true, true, true, false, false, false, false, false]);
    let chances: f64 = items(&ranking).iter().map(|item| item["chance"].as_f64().unwrap()).sum();
    assert!(
        (chances - 1.0).abs() < 1e-9 && of(&ranking, "B")["chance"].as_f64() > of(&ranking, "A")["chance"].as_f64()
    );
    assert_eq!(ranking["parameters"], json!({"cut": 1, "lambda": 5, "kappa": 1, "seed": 1, "draws": 5000}));
    assert_eq!((&ranking["warnings"], &ranking["unranked"]), (&json!([]), &json!([])));
    assert_eq!(world.ranking("?cut=1").await, ranking, "it is the same whenever one looks");
    let first = &items(&ranking)[0];
    let keys: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    let told = ["adjusted", "chance", "code", "decision", "deviation", "disagreement", "lifecycle", "rank", "ref"];
    assert_eq!(keys, [told.as_slice(), &["reviews", "score", "title", "too_close", "track"]].concat());
}

#[actix_web::test]
async fn the_line_is_drawn_where_room_ends() {
    let world = world().await;
    let none = world.ranking("").await;
    assert_eq!((&none["line"], &items(&none)[0]["too_close"], &items(&none)[0]["chance"]), Default::default());
    let middle = world.ranking("?cut=2").await["line"].as_f64().unwrap();
    assert!((middle - f64::midpoint(5249.0 / 1488.0, 4877.0 / 1488.0)).abs() < 1e-12);
    let all = world.ranking("?cut=8").await;
    assert_eq!((&all["line"], &items(&all)[7]["chance"]), (&Value::Null, &json!(1.0)));
    let organizer = &world.event.organizer;
    organizer.get(&world.event.path("/ranking?cut=10000")).await.expect(200);
    for wrong in ["cut=0", "cut=10001", "cut=-1", "cut=x", "track=ABCDEFGHJKL", "top=3"] {
        let status = organizer.get(&world.event.path(&format!("/ranking?{wrong}"))).await.status.as_u16();
        assert!([400, 422].contains(&status), "{wrong}: {status}");
    }
}

#[actix_web::test]
async fn what_nobody_scored_has_no_rank() {
    let world = world().await;
    let event = &world.event;
    let new = code(&event.submit(&world.speaker, "New").await);
    let seen = event.seen(&new).await["ref"].as_str().unwrap().to_owned();
    let abstain = event.path(&format!("/reviewing/proposals/{seen}/review"));
    world.reviewers[0].put(&abstain, json!({"abstain": true})).await.expect(200);
    event.draft(&world.speaker, "A draft").await;
    let ranking = world.ranking("?cut=1").await;
    assert_eq!(order(&ranking), "B A C D H E G F", "an abstention changes nothing");
    let unranked = ranking["unranked"].as_array().unwrap();
    assert_eq!(unranked.len(), 1, "drafts are nobody's affair");
    assert_eq!((&unranked[0]["code"], &unranked[0]["reviews"]["abstentions"]), (&json!(new), &json!(1)));
}

#[actix_web::test]
async fn leaving_changes_ranks_but_no_score() {
    let world = world().await;
    let (event, before) = (&world.event, world.ranking("").await);
    world.speaker.post(&event.mine(&format!("/{}/withdraw", world.codes[0])), json!({})).await.expect(200);
    let cancel = event.path(&format!("/proposals/{}/cancel", world.codes[2]));
    event.organizer.post(&cancel, json!({})).await.expect(200);
    let after = world.ranking("").await;
    assert_eq!((order(&after).as_str(), ranks(&after)), ("B D H E G F", vec![1, 2, 3, 4, 5, 6]));
    for title in ["B", "D", "F"] {
        assert_eq!(of(&before, title)["score"], of(&after, title)["score"]);
    }
}

#[actix_web::test]
async fn warnings_say_why_to_take_care() {
    let world = world().await;
    let event = &world.event;
    let far = code(&event.submit(&world.speaker, "Far").await);
    let lone = world.app.reviewer("lone", event).await;
    review(event, &lone, &far, 5).await;
    let ranking = world.ranking("").await;
    let warnings = ranking["warnings"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> = warnings.iter().map(|warning| (&warning["code"], &warning["count"])).collect();
    assert_eq!(told, [(&json!("apart"), &json!(2)), (&json!("few_scores"), &json!(1))]);
    assert!(!ranking.to_string().contains("lone"), "nobody is named");
}

#[actix_web::test]
async fn exports_have_the_same_figures() {
    let world = world().await;
    let ranking = world.ranking("").await;
    let exported = read(&world.event.organizer, &world.event, "/exports/proposals.json").await;
    for proposal in exported.as_array().unwrap() {
        let ranked = of(&ranking, proposal["title"].as_str().unwrap());
        for figure in ["rank", "score", "deviation"] {
            assert_eq!(proposal[figure], ranked[figure]);
        }
        assert_eq!(proposal["mean"], ranked["reviews"]["mean"]);
        let listed = world.event.seen(proposal["code"].as_str().unwrap()).await;
        assert_eq!(listed["reviews"], ranked["reviews"]);
    }
}
