//! Nobody's mailbox is flooded with what they have not asked for.

use super::{from, limited};
use crate::harness::{Client, PASSWORD, TestApp, address, seed::Event};
use callboard::{db::types::Ts, mail::unasked};
use futures_util::future::join_all;
use serde_json::json;
use std::time::Duration;

async fn ask_reset(app: &TestApp, email: &str) {
    app.anonymous().post("/password-resets", json!({"email": email})).await.expect(202);
    callboard::jobs::answer_links(&app.board).await.unwrap();
}

async fn unasked_to(app: &TestApp, name: &str) -> usize {
    let address = address(name);
    let to_them = |mail: &&callboard::mail::outbox::Mail| mail.to_address.eq_ignore_ascii_case(&address);
    app.mails().await.iter().filter(to_them).filter(|mail| unasked::KINDS.contains(&mail.kind.as_str())).count()
}

#[actix_web::test]
async fn an_address_gets_five_an_hour_and_the_answer_stays_the_same() {
    let app = limited().await;
    app.speaker("ada").await;
    // The mail to verify the address was the first.
    let first: Ts = app.board.clock.now();
    app.advance(Duration::from_mins(10));
    for email in ["ada@example.org", "ADA@example.org", "ada@Example.org"] {
        ask_reset(&app, email).await;
    }
    let again = json!({"email": address("ada"), "name": "Another", "password": PASSWORD});
    app.anonymous().post("/accounts", again.clone()).await.expect(202);
    assert_eq!(unasked_to(&app, "ada").await, unasked::MOST);
    ask_reset(&app, "ada@example.org").await;
    app.anonymous().post("/accounts", again).await.expect(202);
    app.anonymous().post("/sign-in-links", json!({"email": address("ada")})).await.expect(202);
    callboard::jobs::answer_links(&app.board).await.unwrap();
    assert_eq!(unasked_to(&app, "ada").await, unasked::MOST);
    app.set_clock(&first.plus(unasked::WINDOW).minus(Duration::from_micros(1)).to_string());
    ask_reset(&app, "ada@example.org").await;
    assert_eq!(unasked_to(&app, "ada").await, unasked::MOST);
    app.set_clock(&first.plus(unasked::WINDOW).to_string());
    ask_reset(&app, "ada@example.org").await;
    ask_reset(&app, "ada@example.org").await;
    assert_eq!(unasked_to(&app, "ada").await, unasked::MOST + 1);
}

#[actix_web::test]
async fn what_is_not_mailed_leaves_the_last_link_alive() {
    let app = limited().await;
    app.speaker("ada").await;
    for _ in 0..10 {
        ask_reset(&app, "ada@example.org").await;
    }
    let token = app.link_mailed_to("ada", "reset").await;
    let input = json!({"token": token, "password": "another password"});
    app.anonymous().post("/password-resets/confirm", input).await.expect(204);
}

/// An organizer and an event of their own.
async fn events(app: &TestApp, count: usize) -> Vec<Event> {
    let mut events = vec![];
    for number in 0..count {
        events.push(app.event(&format!("conf{number}")).await);
    }
    events
}

fn invitation(email: &str, role: &str) -> serde_json::Value {
    json!({"email": email, "role": role})
}

async fn invite(client: Client, path: String, email: String) -> u16 {
    client.post(&path, invitation(&email, "reviewer")).await.status.as_u16()
}

#[actix_web::test]
async fn who_invites_is_told() {
    let app = limited().await;
    let events = events(&app, 6).await;
    for event in events.iter().take(unasked::MOST) {
        let path = event.path("/invitations");
        event.organizer.post(&path, invitation("Eve@example.org", "reviewer")).await.expect(201);
    }
    let path = events[5].path("/invitations");
    let refused = events[5].organizer.post(&path, invitation("eve@example.org", "reviewer")).await;
    assert_eq!(refused.header("retry-after"), "3600");
    refused.problem(429, "too_many");
    events[5].organizer.post(&path, invitation("eva@example.org", "reviewer")).await.expect(201);
    // Somebody invited so often signs up and gets the mail to verify later.
    let sign_up = json!({"email": address("eve"), "name": "Eve", "password": PASSWORD});
    app.anonymous().post("/accounts", sign_up).await.expect(202);
    let eve = app.sign_in("eve").await;
    eve.act("/me/verification").await.problem(429, "too_many");
    app.advance(unasked::WINDOW);
    eve.act("/me/verification").await.expect(202);
    app.verify("eve").await;
    events[5].organizer.post(&path, invitation("eve@example.org", "reviewer")).await.expect(201);
}

#[actix_web::test]
async fn of_many_invitations_at_once_five_are_mailed() {
    let app = limited().await;
    let events = events(&app, 10).await;
    let all = events.iter().map(|event| {
        let organizer = from(&event.organizer, "198.51.100.7");
        invite(organizer, event.path("/invitations"), address("eve"))
    });
    let mut statuses = join_all(all).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[201; 5], [429; 5]].concat());
    assert_eq!(unasked_to(&app, "eve").await, unasked::MOST);
}

#[actix_web::test]
async fn an_address_is_not_moved_to_a_flooded_one() {
    let app = limited().await;
    for event in events(&app, unasked::MOST).await {
        let path = event.path("/invitations");
        event.organizer.post(&path, invitation("eve@example.org", "reviewer")).await.expect(201);
    }
    let ada = app.speaker("ada").await;
    let change = |email: &str| json!({"email": email, "password": PASSWORD});
    ada.put("/me/email", change("eve@example.org")).await.problem(429, "too_many");
    assert!(app.mails_to("ada", "email_change_asked").await.is_empty());
    ada.put("/me/email", change("eva@example.org")).await.expect(202);
}

#[actix_web::test]
async fn what_people_do_is_confirmed_to_them_however_often() {
    let app = limited().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    for talk in 0..2 * unasked::MOST {
        event.submit(&ada, &format!("Talk {talk}")).await;
    }
    assert_eq!(app.mails_to("ada", "proposal_received").await.len(), 2 * unasked::MOST);
    // And that counts for nothing.
    ask_reset(&app, "ada@example.org").await;
    assert_eq!(app.mails_to("ada", "reset").await.len(), 1);
}
