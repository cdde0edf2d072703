//! The hold of a publication and that of a person are two things.

use super::{DELAY, shown, states};
use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use callboard::{
    jobs,
    mail::{
        MailState::{Canceled, Held, Queued, Sent},
        deliver,
        store::HeldBy,
    },
};
use serde_json::Value;

/// Acceptances of `ada` and `bob` behind the stop button, and no other mail that waits.
async fn published() -> (TestApp, Event, Client, Vec<String>, Value) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let mut talks = vec![];
    for (speaker, title) in [(&ada, "Bears"), (&ada, "Cats"), (&bob, "Dogs")] {
        let talk = code(&event.submit(speaker, title).await);
        event.decide(&talk, "accepted").await;
        talks.push(talk);
    }
    deliver::round(&app.board).await.unwrap();
    let publication = event.publish().await;
    (app, event, ada, talks, publication)
}

async fn act(app: &TestApp, event: &Event, name: &str, deed: &str) -> crate::harness::Response {
    let mail = app.decision_mails(name).await.pop().unwrap();
    event.organizer.act(&event.path(&format!("/mails/{}/{deed}", mail.code))).await
}

async fn held_by(app: &TestApp, name: &str) -> Option<HeldBy> {
    app.decision_mails(name).await.pop().unwrap().held_by
}

#[actix_web::test]
async fn what_a_person_holds_stays_when_its_publication_is_released() {
    let (app, event, _, talks, _) = published().await;
    act(&app, &event, "ada", "release").await.problem(409, "wrong_state");
    act(&app, &event, "ada", "hold").await.expect(200);
    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
    assert_eq!(event.seen(&talks[0]).await["published_decision"], "accepted");
    assert_eq!(states(&app.decision_mails("bob").await), [Queued]);
    assert_eq!(
        (states(&app.decision_mails("ada").await), held_by(&app, "ada").await),
        (vec![Held], Some(HeldBy::Organizer))
    );
    deliver::round(&app.board).await.unwrap();
    assert_eq!(states(&app.decision_mails("ada").await), [Held]);
    act(&app, &event, "ada", "release").await.expect(200);
    deliver::round(&app.board).await.unwrap();
    assert_eq!(states(&app.decision_mails("ada").await), [Sent]);
}

#[actix_web::test]
async fn released_by_a_person_it_still_waits_for_its_publication() {
    let (app, event, _, _, _) = published().await;
    act(&app, &event, "ada", "hold").await.expect(200);
    act(&app, &event, "ada", "release").await.expect(200);
    assert_eq!(
        (states(&app.decision_mails("ada").await), held_by(&app, "ada").await),
        (vec![Held], Some(HeldBy::Publication))
    );
    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
    assert_eq!(states(&app.decision_mails("ada").await), [Queued]);
}

#[actix_web::test]
async fn a_stopped_publication_takes_what_a_person_holds_along() {
    let (app, event, _, _, publication) = published().await;
    act(&app, &event, "ada", "hold").await.expect(200);
    event.organizer.act(&event.stop(&publication)).await.expect(200);
    for name in ["ada", "bob"] {
        let mails = app.decision_mails(name).await;
        assert_eq!(states(&mails), [Canceled]);
        assert!(mails[0].body_text.is_empty() && mails[0].body_html.is_empty() && mails[0].held_by.is_none());
    }
    act(&app, &event, "ada", "release").await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn written_anew_it_is_held_as_it_was() {
    let (app, event, ada, talks, _) = published().await;
    act(&app, &event, "ada", "hold").await.expect(200);
    ada.act(&event.mine(&format!("/{}/withdraw", talks[0]))).await.expect(200);
    let mails = app.decision_mails("ada").await;
    assert_eq!(states(&mails), [Canceled, Held]);
    assert_eq!(mails[1].held_by, Some(HeldBy::Organizer));
    assert!(!shown(&mails[1]).contains("Bears") && shown(&mails[1]).contains("Cats"));
    assert!(mails[0].body_text.is_empty() && mails[0].body_html.is_empty());
    ada.act(&event.mine(&format!("/{}/withdraw", talks[1]))).await.expect(200);
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled, Canceled]);
}

#[actix_web::test]
async fn an_old_decision_is_not_told_after_a_newer_one() {
    let (app, event, _, talks, _) = published().await;
    act(&app, &event, "ada", "hold").await.expect(200);
    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
    event.decide(&talks[0], "rejected").await;
    event.tell(&app).await;
    let mails = app.decision_mails("ada").await;
    assert_eq!(states(&mails), [Canceled, Queued, Held], "the old one, the new one, and what the old one told beside");
    assert!(shown(&mails[1]).contains("Bears") && !shown(&mails[1]).contains("Cats"));
    assert!(!shown(&mails[2]).contains("Bears") && shown(&mails[2]).contains("Cats"));
    assert_eq!(mails[2].held_by, Some(HeldBy::Organizer));
    let old = event.path(&format!("/mails/{}/release", mails[0].code));
    event.organizer.act(&old).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn held_while_it_is_released_is_held_or_queued_and_never_left_behind() {
    for _ in 0..8 {
        let (app, event, _, _, _) = published().await;
        act(&app, &event, "ada", "hold").await.expect(200);
        app.advance(DELAY);
        let (released, due) =
            futures_util::future::join(act(&app, &event, "ada", "release"), jobs::release_due(&app.board)).await;
        released.expect(200);
        assert_eq!(due.unwrap(), 1);
        assert_eq!(states(&app.decision_mails("ada").await), [Queued]);
    }
}
