//! Proposals that organizers enter for others, who take them over.

use crate::harness::{
    Client, PASSWORD, TestApp, address,
    seed::{Event, code},
};
use callboard::jobs;
use serde_json::{Value, json};
use std::time::Duration;

fn entry(title: &str, people: &[(&str, Option<&str>)]) -> Value {
    let speaker = |(name, email): &(&str, Option<&str>)| {
        json!({"email": email.map(address),
        "profile": {"name": name, "bio": format!("Bio of {name}."), "affiliation": "Acme"}})
    };
    let speakers: Vec<Value> = people.iter().map(speaker).collect();
    json!({"title": title, "abstract": "All about it.", "speakers": speakers, "invite": true})
}

impl Event {
    async fn enter(&self, entry: Value) -> Value {
        self.organizer.post(&self.path("/proposals"), entry).await.expect(201).json()
    }
}

async fn claim(app: &TestApp, client: &Client, name: &str) -> Value {
    let token = json!({"token": app.link_mailed_to(name, "claim_invitation").await});
    client.post("/speaker-invitations/accept", token).await.expect(200).json()
}

async fn world() -> (TestApp, Event) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    (app, event)
}

#[actix_web::test]
async fn organizers_enter_at_any_time_and_reviewers_see_it() {
    let (app, event) = world().await;
    let rita = app.reviewer("rita", &event).await;
    app.set_clock("2025-02-11T00:00:00Z");
    let made = event.organizer.post(&event.path("/proposals"), entry("Keynote", &[("Ada L.", Some("ada"))])).await;
    let made = made.expect(201);
    let seen = made.json();
    assert_eq!(made.header("location"), format!("/api/v1/events/conf/proposals/{}", code(&seen)));
    assert_eq!((&seen["lifecycle"], &seen["decided_at"]), (&json!("submitted"), &json!("2025-02-11T00:00:00Z")));
    let person = &seen["speakers"][0];
    assert_eq!((&person["name"], &person["email"]), (&json!("Ada L."), &json!(address("ada"))));
    assert_eq!((&person["owner"], &person["has_account"]), (&json!(true), &json!(false)));
    let list = rita.get(&event.path("/reviewing/proposals")).await.expect(200).json();
    assert_eq!(list["items"][0]["title"], "Keynote");
    assert!(!list.to_string().contains("Ada"), "{list}");
}

#[actix_web::test]
async fn only_organizers_enter_and_what_is_missing_is_said() {
    let (app, event) = world().await;
    let chair = app.member("chair", &event, "chair").await;
    let path = event.path("/proposals");
    chair.post(&path, entry("Keynote", &[("Ada", None)])).await.problem(403, "forbidden");
    app.speaker("ada").await.post(&path, entry("Keynote", &[("Ada", None)])).await.problem(403, "forbidden");
    event.organizer.post(&path, entry("Keynote", &[])).await.field_error("speakers", "length");
    let mut no_abstract = entry("Keynote", &[("Ada", None)]);
    no_abstract["abstract"] = json!("");
    event.organizer.post(&path, no_abstract).await.field_error("abstract", "missing");
    event
        .organizer
        .post(&path, entry("Keynote", &[("", None)]))
        .await
        .field_error("speakers[0].profile.name", "too_short");
}

#[actix_web::test]
async fn whoever_proves_the_address_takes_it_over_with_all_it_speaks_in() {
    let (app, event) = world().await;
    let first = code(&event.enter(entry("Keynote", &[("Ada L.", Some("ada")), ("Bob", None)])).await);
    let second = code(&event.enter(entry("Panel", &[("Bob", Some("bob")), ("Ada again", Some("ada"))])).await);
    let people = event.seen(&second).await["speakers"].clone();
    assert_eq!(people[1]["name"], "Ada L.", "the same address is the same speaker");
    let (ada, mallory) = (app.speaker("ada").await, app.speaker("mallory").await);
    assert_eq!(ada.get("/me/proposals").await.json()["items"], json!([]));
    let held = ada.get("/me/data").await.expect(200).json();
    assert_eq!(held["profiles"][0]["email"], json!(address("ada")), "what is held about her is told before");
    assert_eq!(held["proposals"].as_array().unwrap().len(), 2);
    let token = json!({"token": app.link_mailed_to("ada", "claim_invitation").await});
    mallory.post("/speaker-invitations/accept", token).await.problem(409, "other_address");
    let joined = claim(&app, &ada, "ada").await;
    assert_eq!(joined["proposals"].as_array().unwrap().len(), 2);
    let mine = ada.get("/me/proposals").await.json()["items"].clone();
    assert_eq!(mine.as_array().unwrap().len(), 2);
    let owns: Vec<_> =
        mine.as_array().unwrap().iter().map(|one| (code(one), one["owner"].as_bool().unwrap())).collect();
    assert!(owns.contains(&(first.clone(), true)) && owns.contains(&(second, false)), "{owns:?}");
    let profile = ada.get(&event.path("/my/profile")).await.expect(200).json();
    assert_eq!((&profile["name"], &profile["bio"]), (&json!("Ada L."), &json!("Bio of Ada L..")));
    assert_eq!(event.seen(&first).await["speakers"][0]["has_account"], true);
    ada.act(&event.mine(&format!("/{first}/withdraw"))).await.expect(200);
}

#[actix_web::test]
async fn who_has_a_profile_already_keeps_it() {
    let (app, event) = world().await;
    let ada = app.speaker("ada").await;
    ada.put(&event.path("/my/profile"), json!({"name": "Ada"})).await.expect(200);
    let own = code(&event.submit(&ada, "Bears").await);
    let entered = code(&event.enter(entry("Keynote", &[("Ada L.", Some("ada"))])).await);
    claim(&app, &ada, "ada").await;
    let mine = ada.get("/me/proposals").await.json()["items"].clone();
    assert_eq!(mine.as_array().unwrap().len(), 2);
    for talk in [own, entered] {
        let people = event.seen(&talk).await["speakers"].clone();
        assert_eq!((people[0]["name"].clone(), people.as_array().unwrap().len()), (json!("Ada"), 1));
    }
}

#[actix_web::test]
async fn the_page_makes_the_account() {
    let (app, event) = world().await;
    let talk = code(&event.enter(entry("Keynote", &[("Ada L.", Some("ada"))])).await);
    let page = format!("/speak/{}", app.link_mailed_to("ada", "claim_invitation").await);
    let shown = app.anonymous().page(&page).await.expect(200).text();
    assert!(shown.contains("Is this you?") && shown.contains("Create the account"), "{shown}");
    app.anonymous().form(&page, &[("name", "Ada"), ("password", PASSWORD)]).await.expect(303);
    let ada = app.sign_in("ada").await;
    assert_eq!(ada.get("/me/proposals").await.json()["items"][0]["code"], json!(talk));
}

#[actix_web::test]
async fn the_link_is_mailed_again_and_to_another_address() {
    let (app, event) = world().await;
    let seen = event.enter(entry("Keynote", &[("Ada L.", None), ("Bob", Some("bob"))])).await;
    let (ada, bob) = (seen["speakers"][0]["code"].as_str().unwrap(), seen["speakers"][1]["code"].as_str().unwrap());
    let path = |who: &str| event.path(&format!("/speakers/{who}/invitation"));
    event.organizer.post(&path(ada), json!({})).await.field_error("email", "missing");
    event.organizer.post(&path(ada), json!({"email": address("BOB")})).await.problem(409, "taken");
    event.organizer.post(&path(ada), json!({"email": address("ada")})).await.expect(202);
    let first = app.link_mailed_to("bob", "claim_invitation").await;
    event.organizer.post(&path(bob), json!({})).await.expect(202);
    let client = app.speaker("bob").await;
    client.post("/speaker-invitations/accept", json!({"token": first})).await.problem(422, "link_dead");
    claim(&app, &client, "bob").await;
    event.organizer.post(&path(bob), json!({})).await.problem(409, "wrong_state");
    event.organizer.post(&path("ZZZZZZ"), json!({})).await.problem(404, "not_found");
}

#[actix_web::test]
async fn the_decision_is_mailed_to_the_entered_address() {
    let (app, event) = world().await;
    let talk = code(&event.enter(entry("Keynote", &[("Ada L.", Some("ada"))])).await);
    event.decide(&talk, "accepted").await;
    event.publish().await;
    app.advance(Duration::from_mins(1));
    jobs::release_due(&app.board).await.unwrap();
    let token = app.link_mailed_to("ada", "acceptance").await;
    let answer = json!({"token": token, "answer": "confirm"});
    app.anonymous().post("/confirmations", answer).await.expect(200);
    assert_eq!(event.seen(&talk).await["confirmation"], "confirmed");
}

#[actix_web::test]
async fn a_reviewer_whose_address_it_was_entered_for_has_no_say() {
    let (app, event) = world().await;
    let rita = app.reviewer("rita", &event).await;
    let talk = code(&event.enter(entry("Keynote", &[("Rita", Some("rita"))])).await);
    let reference = event.seen(&talk).await["ref"].as_str().unwrap().to_owned();
    let path = event.path(&format!("/reviewing/proposals/{reference}/review"));
    rita.put(&path, json!({"abstain": true})).await.problem(404, "not_found");
    claim(&app, &rita, "rita").await;
    rita.get(&path).await.problem(404, "not_found");
    assert_eq!(event.seen(&talk).await["reviews"]["abstentions"], 0);
}

#[actix_web::test]
async fn of_two_who_take_it_over_at_once_one_does() {
    let (app, event) = world().await;
    event.enter(entry("Keynote", &[("Ada L.", Some("ada"))])).await;
    let ada = app.speaker("ada").await;
    let token = json!({"token": app.link_mailed_to("ada", "claim_invitation").await});
    let answers =
        futures_util::future::join_all((0..6).map(|_| ada.post("/speaker-invitations/accept", token.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    let profiles = ada.get("/me/data").await.expect(200).json()["profiles"].clone();
    assert_eq!(profiles.as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn what_was_entered_for_somebody_goes_with_them() {
    let (app, event) = world().await;
    let talk = code(&event.enter(entry("Keynote", &[("Ada L.", Some("ada"))])).await);
    let ada = app.speaker("ada").await;
    let erase = ada.request(actix_web::http::Method::DELETE, "/me").set_json(json!({"password": PASSWORD}));
    ada.send(erase).await.expect(204);
    event.organizer.get(&event.path(&format!("/proposals/{talk}"))).await.problem(404, "not_found");
}
