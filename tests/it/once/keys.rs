//! `Idempotency-Key`.

use crate::harness::{
    TestApp,
    seed::{code, proposal},
};
use callboard::once;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

fn items(list: &Value) -> usize {
    list["items"].as_array().unwrap().len()
}

#[actix_web::test]
async fn the_first_answer_is_given_again() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let first = ada.post_once("\"k1\"", &event.mine(""), proposal("Once")).await.expect(201);
    assert_eq!(first.header("idempotent-replayed"), "");
    // Bare and quoted are one key.
    let again = ada.post_once("k1", &event.mine(""), proposal("Once")).await.expect(201);
    assert_eq!(again.header("idempotent-replayed"), "true");
    for name in ["location", "etag", "content-type"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(again.body, first.body);
    assert_eq!(items(&ada.get(&event.mine("")).await.expect(200).json()), 1);
    assert_eq!(app.mails_to("ada", "proposal_received").await.len(), 1);
    // What has changed since does not show in what was answered then.
    let withdraw = event.mine(&format!("/{}/withdraw", code(&first.json())));
    let act = |key: &'static str| {
        let request = ada.request(actix_web::http::Method::POST, &withdraw).insert_header(("idempotency-key", key));
        ada.send(request)
    };
    let withdrawn = act("k1").await.expect(200);
    assert_eq!(withdrawn.json()["lifecycle"], "withdrawn");
    assert_eq!(act("k1").await.expect(200).body, withdrawn.body);
    act("k2").await.problem(409, "wrong_state");
    assert_eq!(ada.post_once("k1", &event.mine(""), proposal("Once")).await.expect(201).body, first.body);
}

#[actix_web::test]
async fn a_key_belongs_to_one_request_of_one_person() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    ada.post_once("k", &event.mine(""), proposal("One")).await.expect(201);
    ada.post_once("k", &event.mine(""), proposal("Another")).await.problem(422, "key_reused");
    let other = app.event("other").await;
    ada.post_once("k", &other.mine(""), proposal("One")).await.problem(422, "key_reused");
    bob.post_once("k", &event.mine(""), proposal("Another")).await.expect(201);
    assert_eq!(items(&ada.get("/me/proposals").await.expect(200).json()), 1);
    for bad in ["", "\"", "a\"b", "ä"] {
        ada.post_once(bad, &event.mine(""), proposal("Two")).await.problem(400, "malformed");
    }
    let long = "k".repeat(255);
    ada.post_once(&long, &event.mine(""), proposal("Three")).await.expect(201);
    ada.post_once(&format!("{long}k"), &event.mine(""), proposal("Four")).await.problem(400, "malformed");
}

#[actix_web::test]
async fn a_failure_leaves_the_key_free() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    event.organizer.patch(&event.path("/call"), json!({"limit_per_speaker": 1})).await.expect(200);
    let first = code(&event.submit(&ada, "First").await);
    ada.post_once("k", &event.mine(""), proposal("Second")).await.problem(409, "limit_reached");
    ada.act(&event.mine(&format!("/{first}/withdraw"))).await.expect(200);
    let second = ada.post_once("k", &event.mine(""), proposal("Second")).await.expect(201);
    // The first one again would be over the limit; the second is only told again.
    assert_eq!(ada.post_once("k", &event.mine(""), proposal("Second")).await.expect(201).body, second.body);
}

#[actix_web::test]
async fn of_32_at_once_one_acts() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let path = event.mine("");
    let answers = join_all((0..32).map(|_| ada.post_once("k", &path, proposal("Once")))).await;
    let bodies: BTreeSet<Vec<u8>> = answers.into_iter().map(|answer| answer.expect(201).body).collect();
    assert_eq!(bodies.len(), 1);
    assert_eq!(items(&ada.get(&event.mine("")).await.expect(200).json()), 1);
    assert_eq!(app.mails_to("ada", "proposal_received").await.len(), 1);
}

#[actix_web::test]
async fn who_was_removed_is_not_answered_again() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let olga = app.member("olga", &event, "organizer").await;
    let track = json!({"name": "Databases"});
    olga.post_once("k", &event.path("/tracks"), track.clone()).await.expect(201);
    let path = event.member_path("olga").await;
    event.organizer.delete(&path).await.expect(204);
    olga.post_once("k", &event.path("/tracks"), track).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn answers_are_kept_for_a_day() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    ada.post_once("k", &event.mine(""), proposal("Once")).await.expect(201);
    let purge = || {
        app.board.db.write(|tx| {
            let now = tx.now()?;
            once::purge(tx, now, 100)
        })
    };
    app.advance(once::model::KEPT_FOR);
    assert_eq!(purge().await.unwrap(), 0);
    let again = ada.post_once("k", &event.mine(""), proposal("Once")).await.expect(201);
    assert_eq!(again.header("idempotent-replayed"), "true");
    app.advance(Duration::from_micros(1));
    assert_eq!(purge().await.unwrap(), 1);
    let anew = ada.post_once("k", &event.mine(""), proposal("Once")).await.expect(201);
    assert_eq!(anew.header("idempotent-replayed"), "");
    assert_eq!(items(&ada.get(&event.mine("")).await.expect(200).json()), 2);
}
