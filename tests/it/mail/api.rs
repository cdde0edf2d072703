//! What organizers see of the mails of their event, and what they can do about them.

use super::{deliver, letter};
use crate::harness::{Act, Client, SmtpServer, Stage, TestApp};
use callboard::{
    clock::Random,
    db::{schema::events, types::EventId},
    mail::{self, About, EventAbout, Recipient, message::Letter},
    secrets::{Link, LinkKind},
};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;

/// A public event whose organizer is the admin.
pub async fn event(app: &TestApp, slug: &str) -> (Client, EventId) {
    let organizer = app.admin().await;
    let new = json!({"slug": slug, "name": "Ducks 2025", "zone": "Europe/Berlin", "visibility": "public"});
    organizer.post("/events", new).await.expect(201);
    let slug = slug.to_owned();
    let find = move |conn: &mut callboard::db::Conn| {
        Ok(events::table.filter(events::slug.eq(slug)).select(events::id).first::<EventId>(conn)?)
    };
    (organizer, app.board.db.read(find).await.unwrap())
}

pub async fn queue(app: &TestApp, event: EventId, letter: Letter) {
    let to = Recipient { account: None, address: "ada@example.org".into(), name: "Ada".into() };
    let about = EventAbout { id: event, reply_to: "team@ducks.example".into() };
    let about = About { event: Some(about), ..About::default() };
    let board = app.board.clone();
    app.board.db.write(move |tx| mail::queue(tx, &board, &to, &about, &letter)).await.unwrap();
}

pub async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn organizers_see_what_became_of_each_mail() {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    let (organizer, event) = event(&app, "ducks").await;
    deliver(&app).await;
    queue(&app, event, letter()).await;
    server.once(Stage::Rcpt, Act::Say("550 no such user"));
    app.advance(Duration::from_secs(1));
    deliver(&app).await;
    let mails = items(&organizer, "/events/ducks/mails").await;
    let id = mails[0]["id"].as_str().unwrap();
    assert_eq!(
        mails,
        [json!({
            "id": id, "kind": "reset", "to": "ada@example.org", "to_name": "Ada", "subject": "A subject",
            "state": "failed", "held_by": null, "attempts": 1, "ambiguous_ends": 0, "last_answer": "permanent error (550): no such user",
            "created_at": "2025-01-15T12:00:00Z", "sent_at": null,
        })]
    );
    organizer.act(&format!("/events/ducks/mails/{id}/retry")).await.expect(200);
    let again = organizer.get(&format!("/events/ducks/mails/{id}")).await.expect(200).json();
    assert_eq!((&again["state"], &again["attempts"]), (&json!("queued"), &json!(0)));
    deliver(&app).await;
    let sent = organizer.get(&format!("/events/ducks/mails/{id}")).await.expect(200).json();
    assert_eq!((&sent["state"], &sent["sent_at"]), (&json!("sent"), &json!("2025-01-15T12:00:01Z")));
    assert_eq!(sent["reply_to"], "team@ducks.example");
    assert!(server.taken().last().unwrap().raw.contains("\r\nReply-To: team@ducks.example\r\n"));
}

#[actix_web::test]
async fn a_whole_mail_shows_no_secret() {
    let app = TestApp::new().await;
    let (organizer, event) = event(&app, "ducks").await;
    let link = Link::new(LinkKind::Confirm, &Random::seeded(5));
    queue(&app, event, letter().link("Confirm", format!("https://cfp.example.org/confirm/{}", link.marker()))).await;
    let id = items(&organizer, "/events/ducks/mails").await[0]["id"].as_str().unwrap().to_owned();
    let shown = organizer.get(&format!("/events/ducks/mails/{id}")).await.expect(200);
    let mail = shown.json();
    assert!(mail["text"].as_str().unwrap().contains("https://cfp.example.org/confirm/…\n"));
    assert!(mail["html"].as_str().unwrap().contains("https://cfp.example.org/confirm/…\""));
    let secret = app.board.keys.link_secret(&link);
    assert!(!shown.text().contains(&secret) && !shown.text().contains(link.nonce()));
    deliver(&app).await;
    let sent = app.board.mailer.sent();
    assert!(sent.last().unwrap().text.contains(&secret) && sent.last().unwrap().html.contains(&secret));
}

#[actix_web::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let app = TestApp::new().await;
    let (organizer, event) = event(&app, "ducks").await;
    for number in 0..7 {
        // Some at the same instant: their codes decide.
        app.advance(Duration::from_secs(number % 2));
        queue(&app, event, letter()).await;
    }
    let whole = items(&organizer, "/events/ducks/mails").await;
    assert_eq!(whole.len(), 7);
    let times: Vec<_> = whole.iter().map(|mail| mail["created_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, other| one >= other), "newest first");
    let mut seen = vec![];
    let mut path = "/events/ducks/mails?limit=3".to_owned();
    loop {
        let page = organizer.get(&path).await.expect(200);
        let found = page.json();
        seen.extend(found["items"].as_array().unwrap().clone());
        let Some(next) = found["next"].as_str() else { break };
        assert_eq!(page.header("link"), format!("</api/v1/events/ducks/mails?limit=3&cursor={next}>; rel=\"next\""));
        path = format!("/events/ducks/mails?limit=3&cursor={next}");
    }
    assert_eq!(seen, whole);
    assert_eq!(items(&organizer, "/events/ducks/mails?limit=7").await.len(), 7);
    assert_eq!(organizer.get("/events/ducks/mails?limit=7").await.json()["next"], Value::Null);
    organizer.get("/events/ducks/mails?cursor=x").await.problem(400, "bad_cursor");
    organizer.get("/events/ducks/mails?limit=0").await.problem(422, "invalid");
    organizer.get("/events/ducks/mails?limit=101").await.problem(422, "invalid");
}

#[actix_web::test]
async fn only_failed_and_ambiguous_mails_are_sent_again() {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    let (organizer, event) = event(&app, "ducks").await;
    deliver(&app).await;
    queue(&app, event, letter()).await;
    let id = items(&organizer, "/events/ducks/mails").await[0]["id"].as_str().unwrap().to_owned();
    let retry = format!("/events/ducks/mails/{id}/retry");
    organizer.act(&retry).await.problem(409, "wrong_state");
    server.once(Stage::Rcpt, Act::Say("451 later"));
    deliver(&app).await;
    organizer.act(&retry).await.problem(409, "wrong_state");
    server.always(Stage::Dot, Act::Close);
    for _ in 0..3 {
        app.advance(Duration::from_hours(5));
        deliver(&app).await;
    }
    let shown = organizer.get(&format!("/events/ducks/mails/{id}")).await.json();
    assert_eq!((&shown["state"], &shown["ambiguous_ends"]), (&json!("ambiguous"), &json!(2)));
    server.behave();
    assert_eq!(organizer.act(&retry).await.expect(200).json()["state"], "queued");
    deliver(&app).await;
    organizer.act(&retry).await.problem(409, "wrong_state");
    assert_eq!(organizer.get(&format!("/events/ducks/mails/{id}")).await.json()["state"], "sent");
}

#[actix_web::test]
async fn mails_are_for_the_organizers_of_their_event() {
    let app = TestApp::new().await;
    let (organizer, ducks) = event(&app, "ducks").await;
    let (_, geese) = event(&app, "geese").await;
    queue(&app, ducks, letter()).await;
    queue(&app, geese, letter()).await;
    let mails = items(&organizer, "/events/ducks/mails").await;
    assert_eq!(mails.len(), 1, "neither the mails of accounts nor those of other events");
    let id = mails[0]["id"].as_str().unwrap();
    organizer.get(&format!("/events/geese/mails/{id}")).await.problem(404, "not_found");
    for deed in ["retry", "hold", "release"] {
        organizer.act(&format!("/events/geese/mails/{id}/{deed}")).await.problem(404, "not_found");
    }
    let account_mail = &app.mails_to("admin", "verify").await[0].code;
    organizer.get(&format!("/events/ducks/mails/{account_mail}")).await.problem(404, "not_found");
    let stranger = app.speaker("ada").await;
    stranger.get("/events/ducks/mails").await.problem(403, "forbidden");
    stranger.get(&format!("/events/ducks/mails/{id}")).await.problem(403, "forbidden");
    stranger.get("/events/ducks/mails/summary").await.problem(403, "forbidden");
    for deed in ["retry", "hold", "release"] {
        stranger.act(&format!("/events/ducks/mails/{id}/{deed}")).await.problem(403, "forbidden");
    }
    app.anonymous().get("/events/ducks/mails").await.problem(401, "sign_in_required");
}

#[actix_web::test]
async fn the_list_can_be_of_one_state_or_kind() {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    let (organizer, event) = event(&app, "ducks").await;
    let (_, other) = self::event(&app, "geese").await;
    queue(&app, other, letter()).await;
    deliver(&app).await;
    server.once(Stage::Rcpt, Act::Say("550 no such user"));
    for kind in ["reset", "verify", "reset"] {
        queue(&app, event, Letter { kind, ..letter() }).await;
    }
    deliver(&app).await;
    queue(&app, event, letter()).await;
    let states = async |query: &str| {
        let mails = items(&organizer, &format!("/events/ducks/mails{query}")).await;
        let mut states: Vec<_> = mails.iter().map(|mail| mail["state"].as_str().unwrap().to_owned()).collect();
        states.sort();
        states
    };
    assert_eq!(states("").await, ["failed", "queued", "sent", "sent"]);
    assert_eq!(states("?state=sent").await, ["sent", "sent"]);
    assert_eq!(states("?kind=reset").await.len(), 3);
    assert_eq!(states("?kind=reset&state=sent").await.len() + states("?kind=verify&state=sent").await.len(), 2);
    assert_eq!(states("?kind=nothing").await, [""; 0]);
    organizer.get("/events/ducks/mails?state=lost").await.problem(422, "invalid");
    let summary = organizer.get("/events/ducks/mails/summary").await.expect(200).json();
    let counts = json!({"failed": 1, "queued": 1, "sent": 2});
    assert_eq!(summary, json!({"states": counts, "mail_server_down_since": null}));
    server.always(Stage::Greeting, Act::Close);
    deliver(&app).await;
    app.advance(Duration::from_hours(1));
    deliver(&app).await;
    let summary = organizer.get("/events/ducks/mails/summary").await.expect(200).json();
    assert_eq!(summary, json!({"states": counts, "mail_server_down_since": "2025-01-15T12:00:00Z"}));
}
