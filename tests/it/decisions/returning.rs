//! Mails on their way when their proposal leaves, and what becomes of them when it returns.

use super::{shown, states};
use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use callboard::mail::{
    MailState::{self, Ambiguous, Canceled, Failed, Leased, Queued, Retrying, Sent},
    deliver::{self, LEASE},
    outbox::{self, LeaseEnd, Mail},
};
use serde_json::json;
use std::time::Duration;

/// An acceptance whose mail is queued, and no other mail is.
async fn told() -> (TestApp, Event, Client, String) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Bears").await);
    event.decide(&talk, "accepted").await;
    deliver::round(&app.board).await.unwrap();
    event.tell(&app).await;
    (app, event, ada, talk)
}

pub async fn organizers(event: &Event, talk: &str, deed: &str) {
    event.organizer.act(&event.path(&format!("/proposals/{talk}/{deed}"))).await.expect(200);
}

pub async fn claim(app: &TestApp) -> Mail {
    app.board.db.write(|tx| outbox::claim(tx, LEASE, None)).await.unwrap().remove(0)
}

pub async fn begin(app: &TestApp, mail: &Mail) -> Option<Mail> {
    let mail = mail.clone();
    app.board.db.write(move |tx| outbox::begin(tx, &mail, LEASE)).await.unwrap()
}

pub async fn end(app: &TestApp, mail: &Mail, state: MailState) {
    let mail = mail.clone();
    let now = app.board.clock.now();
    let mut end = LeaseEnd::new(state, &mail, now);
    end.attempts += 1;
    end.sent_at = (state == Sent).then_some(now);
    end.ambiguous_ends += i64::from(state == Ambiguous);
    app.board.db.write(move |tx| outbox::end_lease(tx, &mail, end)).await.unwrap();
}

#[actix_web::test]
async fn what_waits_for_a_dead_server_is_canceled() {
    let (app, event, _, talk) = told().await;
    let leased = claim(&app).await;
    organizers(&event, &talk, "cancel").await;
    assert!(begin(&app, &leased).await.is_none());
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled]);
}

#[actix_web::test]
async fn what_waits_for_its_repeat_is_canceled() {
    let (app, event, _, talk) = told().await;
    let begun = begin(&app, &claim(&app).await).await.unwrap();
    end(&app, &begun, Ambiguous).await;
    organizers(&event, &talk, "cancel").await;
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled]);
}

#[actix_web::test]
async fn what_may_have_been_sent_meanwhile_is_not_hidden() {
    for (ends, stays) in [(Sent, Sent), (Ambiguous, Ambiguous), (Retrying, Canceled), (Failed, Canceled)] {
        let (app, event, _, talk) = told().await;
        let begun = begin(&app, &claim(&app).await).await.unwrap();
        assert_eq!(states(&app.decision_mails("ada").await), [Leased]);
        organizers(&event, &talk, "cancel").await;
        end(&app, &begun, ends).await;
        assert_eq!(states(&app.decision_mails("ada").await), [stays], "{ends}");
        app.advance(Duration::from_hours(24));
        deliver::round(&app.board).await.unwrap();
        assert_eq!(states(&app.decision_mails("ada").await), [stays], "never repeated");
    }
}

#[actix_web::test]
async fn a_letter_canceled_before_it_went_is_written_anew() {
    let (app, event, ada, talk) = told().await;
    let first = app.decision_mails("ada").await.remove(0);
    organizers(&event, &talk, "cancel").await;
    organizers(&event, &talk, "reinstate").await;
    let mails = app.decision_mails("ada").await;
    assert_eq!(states(&mails), [Canceled, Queued]);
    assert_eq!((mails[0].body_text.as_str(), mails[0].body_html.as_str()), ("", ""), "nothing of it is kept");
    assert_eq!(shown(&first), shown(&mails[1]));
    assert_eq!(app.links_in(&first), app.links_in(&mails[1]), "the same link");
    deliver::round(&app.board).await.unwrap();
    organizers(&event, &talk, "cancel").await;
    organizers(&event, &talk, "reinstate").await;
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled, Sent], "told is told");
    event.decide(&talk, "rejected").await;
    event.tell(&app).await;
    ada.act(&event.mine(&format!("/{talk}/withdraw"))).await.expect(200);
    ada.act(&event.mine(&format!("/{talk}/undo-withdrawal"))).await.expect(200);
    let rejections = app.mails_to("ada", "rejection").await;
    assert_eq!(states(&rejections), [Canceled, Queued]);
}

#[actix_web::test]
async fn what_is_not_so_any_more_is_not_sent_again() {
    let gone = json!("What this mail is about was withdrawn, declined or canceled.");
    let (app, event, _, talk) = told().await;
    let begun = begin(&app, &claim(&app).await).await.unwrap();
    end(&app, &begun, Failed).await;
    let retry = |mail: &Mail| event.path(&format!("/mails/{}/retry", mail.code));
    organizers(&event, &talk, "cancel").await;
    assert_eq!(event.organizer.act(&retry(&begun)).await.problem(409, "wrong_state")["detail"], gone);
    organizers(&event, &talk, "reinstate").await;
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled, Queued], "it is told once more by itself");
    let begun = begin(&app, &claim(&app).await).await.unwrap();
    end(&app, &begun, Failed).await;
    event.organizer.act(&retry(&begun)).await.expect(200);
    let begun = begin(&app, &claim(&app).await).await.unwrap();
    end(&app, &begun, Failed).await;
    event.decide(&talk, "rejected").await;
    event.tell(&app).await;
    let refused = event.organizer.act(&retry(&begun)).await.problem(409, "wrong_state");
    assert_eq!(refused["detail"], json!("This mail tells an old decision; a newer one has been published since."));
}

#[actix_web::test]
async fn an_acceptance_is_not_told_again_to_who_declined() {
    let (app, event, ada, talk) = told().await;
    for _ in 0..2 {
        let begun = begin(&app, &claim(&app).await).await.unwrap();
        end(&app, &begun, Ambiguous).await;
        app.advance(Duration::from_hours(1));
    }
    let mail = app.decision_mails("ada").await.remove(0);
    assert_eq!((mail.state, mail.ambiguous_ends), (Ambiguous, 2), "left to people");
    ada.act(&event.mine(&format!("/{talk}/decline"))).await.expect(200);
    let refused = event.organizer.act(&event.path(&format!("/mails/{}/retry", mail.code))).await;
    let refused = refused.problem(409, "wrong_state");
    assert_eq!(refused["detail"], json!("What this mail is about was withdrawn, declined or canceled."));
}
