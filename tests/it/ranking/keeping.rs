//! Rankings that are kept can be made again.

use super::{items, order, read, review, world};
use crate::harness::seed::code;
use serde_json::{Value, json};

async fn keep(world: &super::World, name: &str) -> Value {
    let kept = json!({"name": name, "cut": 3});
    world.event.organizer.post(&world.event.path("/rankings"), kept).await.expect(201).json()
}

fn path(kept: &Value) -> String {
    format!("/rankings/{}", kept["id"].as_str().unwrap())
}

#[actix_web::test]
async fn what_is_kept_does_not_change_with_the_reviews() {
    let world = world().await;
    let event = &world.event;
    let (now, kept) = (world.ranking("?cut=3").await, keep(&world, "First round").await);
    assert_eq!((&kept["name"], &kept["publication"]), (&json!("First round"), &json!(null)));
    assert_eq!((&kept["parameters"], &kept["created_at"]), (&now["parameters"], &json!("2025-01-15T12:00:00Z")));
    let criterion = event.codes("/criteria").await.remove(0);
    review(event, &world.reviewers[3], &world.codes[1], 1).await;
    let lighter = json!({"weight": 3.0});
    event.organizer.patch(&event.path(&format!("/criteria/{criterion}")), lighter).await.expect(200);
    let late = code(&event.submit(&world.speaker, "Late").await);
    review(event, &world.reviewers[0], &late, 5).await;
    assert_ne!(world.ranking("?cut=3").await["items"], now["items"]);
    let replay = read(&event.organizer, event, &path(&kept)).await;
    assert_eq!(replay["ranking"], now);
    assert_eq!(replay["kept"], kept);
    let other_line = read(&event.organizer, event, &format!("{}?cut=2", path(&kept))).await;
    assert_eq!(
        (&other_line["ranking"]["parameters"]["cut"], &other_line["kept"]["parameters"]["cut"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(read(&event.organizer, event, "/rankings").await["items"], json!([kept]));
    let audit = read(&event.organizer, event, "/audit?action=ranking_kept").await;
    assert_eq!(audit["items"][0]["object"]["code"], kept["id"]);
}

#[actix_web::test]
async fn each_publication_keeps_what_was_known() {
    let world = world().await;
    let event = &world.event;
    let now = world.ranking("").await;
    event.decide(&world.codes[1], "accepted").await;
    let publication = event.publish().await;
    let kept = read(&event.organizer, event, "/rankings").await["items"][0].clone();
    assert_eq!((&kept["publication"], &kept["name"]), (&publication["id"], &json!(null)));
    review(event, &world.reviewers[3], &world.codes[1], 5).await;
    let mut replay = read(&event.organizer, event, &path(&kept)).await["ranking"].clone();
    assert_eq!(replay["items"][0]["decision"], "accepted", "decisions are those of today");
    replay["items"][0]["decision"] = json!("undecided");
    assert_eq!(replay, now);
}

#[actix_web::test]
async fn the_own_proposal_is_not_in_what_was_kept_either() {
    let world = world().await;
    let event = &world.event;
    let olga = world.app.member("olga", event, "organizer").await;
    let before = read(&olga, event, "/ranking?cut=3").await;
    let own = code(&event.submit(&olga, "Own").await);
    for reviewer in &world.reviewers {
        review(event, reviewer, &own, 5).await;
    }
    let kept = keep(&world, "With all").await;
    let whole = read(&event.organizer, event, &path(&kept)).await["ranking"].clone();
    assert_eq!(order(&whole), "Own B A C H D E G F");
    assert_eq!(read(&olga, event, &path(&kept)).await["ranking"], before);
    let by_olga = olga.post(&event.path("/rankings"), json!({"name": "By Olga", "cut": 3})).await.expect(201).json();
    assert_eq!(read(&event.organizer, event, &path(&by_olga)).await["ranking"], whole, "it is kept for all");
    let here = event.track("Here").await;
    let chair = world.app.member_of("cleo", event, "chair", &[&here]).await;
    assert_eq!(items(&read(&chair, event, &path(&kept)).await["ranking"]).len(), 0);
}

#[actix_web::test]
async fn only_organizers_keep_rankings_and_only_so_many() {
    let world = world().await;
    let event = &world.event;
    let chair = world.app.member("cleo", event, "chair").await;
    chair.post(&event.path("/rankings"), json!({"name": "Mine"})).await.problem(403, "forbidden");
    for wrong in [json!({}), json!({"name": ""}), json!({"name": "x", "cut": 0}), json!({"name": "x", "seed": 1})] {
        let status = event.organizer.post(&event.path("/rankings"), wrong).await.status.as_u16();
        assert!([400, 422].contains(&status));
    }
    for number in 0..100 {
        keep(&world, &format!("No. {number}")).await;
    }
    let more = event.organizer.post(&event.path("/rankings"), json!({"name": "One more"})).await;
    more.problem(409, "wrong_state");
    event.decide(&world.codes[1], "accepted").await;
    event.publish().await;
    assert_eq!(
        read(&chair, event, "/rankings").await["items"].as_array().unwrap().len(),
        101,
        "publications keep theirs"
    );
}
