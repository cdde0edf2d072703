//! Organizers hold a mail, and let it go.

use super::{
    api::{event, items, queue},
    deliver,
    delivery::{begin, claim, claim_and_begin},
    letter,
};
use crate::harness::{Act, Client, SmtpServer, Stage, TestApp};
use serde_json::json;
use std::time::Duration;

struct Held {
    app: TestApp,
    server: SmtpServer,
    organizer: Client,
    /// Of the event's only mail.
    path: String,
}

/// A queued mail of an event, and no other.
async fn queued() -> Held {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    let (organizer, event) = event(&app, "ducks").await;
    deliver(&app).await;
    queue(&app, event, letter()).await;
    let id = items(&organizer, "/events/ducks/mails").await[0]["id"].as_str().unwrap().to_owned();
    Held { app, server, organizer, path: format!("/events/ducks/mails/{id}") }
}

impl Held {
    async fn act(&self, deed: &str) -> crate::harness::Response {
        self.organizer.act(&format!("{}/{deed}", self.path)).await
    }

    async fn shown(&self) -> (String, serde_json::Value) {
        let mail = self.organizer.get(&self.path).await.expect(200).json();
        (mail["state"].as_str().unwrap().to_owned(), mail["held_by"].clone())
    }
}

#[actix_web::test]
async fn a_held_mail_stays_until_it_is_released() {
    let held = queued().await;
    let answer = held.act("hold").await.expect(200).json();
    assert_eq!((&answer["state"], &answer["held_by"]), (&json!("held"), &json!("organizer")));
    held.act("hold").await.expect(200);
    for _ in 0..3 {
        assert_eq!(deliver(&held.app).await, 0);
        held.app.advance(Duration::from_hours(24));
    }
    assert_eq!(held.shown().await, ("held".into(), json!("organizer")));
    let answer = held.act("release").await.expect(200).json();
    assert_eq!((&answer["state"], &answer["held_by"]), (&json!("queued"), &json!(null)));
    assert_eq!(deliver(&held.app).await, 1, "due at once");
    held.act("release").await.problem(409, "wrong_state");
    held.act("hold").await.problem(409, "wrong_state");
    assert_eq!(held.shown().await, ("sent".into(), json!(null)));
}

#[actix_web::test]
async fn one_that_is_tried_again_goes_on_where_it_was() {
    let held = queued().await;
    held.server.once(Stage::Rcpt, Act::Say("451 later"));
    deliver(&held.app).await;
    held.act("hold").await.expect(200);
    held.app.advance(Duration::from_hours(24));
    assert_eq!(deliver(&held.app).await, 0);
    let answer = held.act("release").await.expect(200).json();
    assert_eq!((&answer["state"], &answer["attempts"]), (&json!("retrying"), &json!(1)));
    assert_eq!(deliver(&held.app).await, 1);
    assert_eq!(held.shown().await.0, "sent");
}

#[actix_web::test]
async fn what_is_leased_can_be_held_until_it_is_begun() {
    let held = queued().await;
    let leased = claim(&held.app.board).await.remove(0);
    held.act("hold").await.expect(200);
    assert!(begin(&held.app.board, &leased).await.is_none());
    held.act("release").await.expect(200);
    claim_and_begin(&held.app.board).await;
    held.act("hold").await.problem(409, "wrong_state");
    assert_eq!(held.shown().await.0, "leased");
}

#[actix_web::test]
async fn what_may_have_been_sent_or_failed_is_not_held() {
    for act in [Act::Close, Act::Say("554 spam")] {
        let held = queued().await;
        held.server.once(Stage::Dot, act);
        deliver(&held.app).await;
        held.act("hold").await.problem(409, "wrong_state");
        held.act("release").await.problem(409, "wrong_state");
    }
}
