//! Who sees which part of a ranking.

use super::{items, order, ranks, read, review, world};
use crate::harness::seed::code;
use serde_json::json;

#[actix_web::test]
async fn reviewers_are_named_to_organizers_only() {
    let world = world().await;
    let (app, event) = (&world.app, &world.event);
    let offsets = read(&event.organizer, event, "/ranking/reviewers").await;
    let told: Vec<(&str, i64, f64)> = offsets["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let offset = item["offset"].as_f64().unwrap() * 31.0;
            (item["name"].as_str().unwrap(), item["reviews"].as_i64().unwrap(), (offset * 1e9).round() / 1e9)
        })
        .collect();
    assert_eq!(told, [("r3", 6, 11.0), ("r1", 6, 8.0), ("r2", 6, 6.0), ("r4", 6, -25.0)]);
    for role in ["chair", "viewer"] {
        let member = app.member(role, event, role).await;
        member.get(&event.path("/ranking/reviewers")).await.problem(403, "forbidden");
        assert_eq!(order(&read(&member, event, "/ranking").await), "B A C D H E G F");
    }
    world.reviewers[0].get(&event.path("/ranking")).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn the_own_proposal_is_not_there_and_leaves_no_gap() {
    let world = world().await;
    let event = &world.event;
    let olga = world.app.member("olga", event, "organizer").await;
    let before = read(&olga, event, "/ranking?cut=3").await;
    assert_eq!(before, world.ranking("?cut=3").await);
    let own = code(&event.submit(&olga, "Own").await);
    for reviewer in &world.reviewers {
        review(event, reviewer, &own, 5).await;
    }
    assert_eq!(order(&world.ranking("?cut=3").await), "Own B A C H D E G F");
    let after = read(&olga, event, "/ranking?cut=3").await;
    assert_eq!(after, before, "as if it had never been there, to the last bit");
    let offsets = read(&olga, event, "/ranking/reviewers").await;
    assert!(offsets["items"].as_array().unwrap().iter().all(|item| item["reviews"] == 6));
    let exported = read(&olga, event, "/exports/proposals.json").await;
    let exported = exported.as_array().unwrap().iter().find(|proposal| proposal["code"] == own).unwrap();
    for figure in ["mean", "rank", "score", "deviation"] {
        assert_eq!(exported[figure], json!(null));
    }
}

#[actix_web::test]
async fn chairs_rank_within_their_tracks() {
    let world = world().await;
    let (app, event) = (&world.app, &world.event);
    let (here, there) = (event.track("Here").await, event.track("There").await);
    for (track, title, score) in [(&here, "X", 2), (&there, "Y", 5), (&here, "Z", 4)] {
        let proposal = code(&event.submit_to(track, &world.speaker, title).await);
        review(event, &world.reviewers[0], &proposal, score).await;
    }
    let chair = app.member_of("cleo", event, "chair", &[&here]).await;
    let seen = read(&chair, event, "/ranking").await;
    assert_eq!((order(&seen).as_str(), ranks(&seen)), ("Z X", vec![1, 2]));
    let asked = world.ranking(&format!("?track={here}&cut=1")).await;
    assert_eq!((order(&asked).as_str(), ranks(&asked)), ("Z X", vec![1, 2]));
    assert_ne!(items(&asked)[0]["score"], items(&seen)[0]["score"], "but all reviews tell how reviewers score");
    let outside = read(&chair, event, &format!("/ranking?track={there}")).await;
    assert_eq!((items(&outside).len(), &outside["unranked"]), (0, &json!([])));
}
