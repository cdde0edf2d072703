//! The example event.

mod mailbox;
mod walkthrough;

use crate::harness::{START, TestApp, board, database::Database};
use callboard::{
    clock::{Clock, Random},
    db::types::Ts,
    demo::load,
};
use serde_json::{Value, json};

fn now() -> Ts {
    Ts::truncated(START.parse().unwrap())
}

async fn signed_in(app: &TestApp, email: &str) -> crate::harness::Client {
    let session = app.anonymous().post("/sessions", json!({"email": email, "password": load::PASSWORD})).await;
    app.with_token(session.expect(201).json()["token"].as_str().unwrap())
}

/// All pages of a list.
async fn whole(client: &crate::harness::Client, path: &str) -> Vec<Value> {
    let (mut items, mut next) = (vec![], String::new());
    loop {
        let page = client.get(&format!("{path}?limit=100{next}")).await.expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return items,
        }
    }
}

#[actix_web::test]
async fn the_example_event_is_a_call_in_full_swing() {
    let app = TestApp::new().await;
    load::load(&app.board, now()).await.unwrap();
    assert_eq!(app.board.clock.now(), now());
    let call = app.anonymous().get("/events/posette2025/call").await.expect(200).json();
    assert_eq!((&call["state"], &call["formats"][0]["minutes"]), (&json!("open"), &json!(25)));

    let filled = |list: &str| call[list].as_array().unwrap().len();
    assert_eq!((filled("categories"), filled("title_ideas"), filled("milestones")), (3, 4, 4));
    assert_eq!(call["notify_on"], "2025-02-19");

    let organizer = signed_in(&app, load::ORGANIZER).await;
    let listed = |list: &'static str| {
        let organizer = organizer.clone();
        let path = format!("/events/posette2025/{list}");
        async move { organizer.get(&path).await.expect(200).json()["items"].as_array().unwrap().clone() }
    };
    let criteria = listed("criteria").await;
    assert_eq!((criteria.len(), criteria[0]["labels"].as_array().unwrap().len()), (2, 5));
    for (list, count) in [("phases", 3), ("conflicts", 8), ("assignments", 20)] {
        assert_eq!(listed(list).await.len(), count, "{list}");
    }
    let proposals = whole(&organizer, "/events/posette2025/proposals").await;
    assert_eq!(proposals.len(), 184);
    assert!(proposals.iter().all(|proposal| proposal["lifecycle"] == "submitted"));
    let reviews: u64 = proposals
        .iter()
        .map(|proposal| {
            proposal["reviews"]["count"].as_u64().unwrap() + proposal["reviews"]["abstentions"].as_u64().unwrap()
        })
        .sum();
    assert!(proposals.iter().all(|proposal| proposal["choices"].as_array().unwrap().len() == 3));
    assert!((430..=450).contains(&reviews), "{reviews} of 736, about 60 %");

    let reviewer = signed_in(&app, load::REVIEWER).await;
    let progress = reviewer.get("/events/posette2025/reviewing").await.expect(200).json();
    assert_eq!((&progress["total"], &progress["left"]), (&json!(182), &json!(81)));
    let next = reviewer.get("/events/posette2025/reviewing/next").await.expect(200).json();
    assert!(next["proposal"]["title"].is_string() && next["proposal"]["authors"].is_null(), "{next}");

    let speaker = signed_in(&app, load::SPEAKER).await;
    let mine = speaker.get("/events/posette2025/my/proposals").await.expect(200).json();
    assert_eq!(mine["items"].as_array().unwrap().len(), 3);
    speaker.get("/events/posette2025/proposals").await.problem(403, "forbidden");
}

#[actix_web::test]
async fn the_seed_and_the_hour_decide_everything() {
    let mut tables = vec![];
    for _ in 0..2 {
        let database = Database::create();
        let board = board(&database.url, &[], Clock::manual(START.parse().unwrap()), Random::seeded(1));
        let app = TestApp::of(board, database).await;
        load::load(&app.board, now()).await.unwrap();
        let organizer = signed_in(&app, load::ORGANIZER).await;
        let mut files = String::new();
        for file in ["proposals.json", "reviews.json"] {
            files += &organizer.get(&format!("/events/posette2025/exports/{file}")).await.expect(200).text();
        }
        tables.push(files);
    }
    assert!(tables[0] == tables[1], "the same seed gives the same event");
}
