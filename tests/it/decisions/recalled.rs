//! A mail that is just being handed over while its proposal leaves: whatever becomes of it, the others are told once.

use super::{
    returning::{begin, claim, end, organizers},
    shown, states,
};
use crate::harness::{
    TestApp,
    seed::{Event, code},
};
use callboard::mail::{
    MailState::{self, Ambiguous, Canceled, Failed, Held, Leased, Retrying, Sent},
    deliver::{self, LEASE},
    outbox::{self, Mail},
};
use std::time::Duration;

/// One mail that tells that all of these are accepted, and it is being handed over.
async fn handing_over(titles: &[&str]) -> (TestApp, Event, Vec<String>, Mail) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let mut talks = vec![];
    for title in titles {
        let talk = code(&event.submit(&ada, title).await);
        event.decide(&talk, "accepted").await;
        talks.push(talk);
    }
    deliver::round(&app.board).await.unwrap();
    event.tell(&app).await;
    let begun = begin(&app, &claim(&app).await).await.unwrap();
    (app, event, talks, begun)
}

async fn give_back(app: &TestApp, mail: &Mail) {
    let (mail, now) = (mail.clone(), app.board.clock.now());
    app.board.db.write(move |tx| outbox::give_back(tx, &mail, now)).await.unwrap();
}

/// After everything that is due has gone.
async fn at_last(app: &TestApp) -> Vec<MailState> {
    app.advance(Duration::from_hours(24));
    deliver::round(&app.board).await.unwrap();
    states(&app.decision_mails("ada").await)
}

#[actix_web::test]
async fn the_others_are_told_by_it_or_by_the_one_written_instead() {
    for (ends, at_the_end) in [
        (Sent, [Sent, Canceled]),
        (Retrying, [Canceled, Sent]),
        (Failed, [Canceled, Sent]),
        // May have been told twice: that is what ambiguous says.
        (Ambiguous, [Ambiguous, Sent]),
    ] {
        let (app, event, talks, begun) = handing_over(&["Bears", "Cats"]).await;
        organizers(&event, &talks[0], "cancel").await;
        deliver::round(&app.board).await.unwrap();
        let mails = app.decision_mails("ada").await;
        assert_eq!(states(&mails), [Leased, Held], "until its end is known");
        assert!(!shown(&mails[1]).contains("Bears") && shown(&mails[1]).contains("Cats"));
        end(&app, &begun, ends).await;
        assert_eq!(at_last(&app).await, at_the_end, "{ends}");
        for mail in app.decision_mails("ada").await {
            assert_eq!(mail.state == Canceled, mail.body_text.is_empty(), "of canceled mails nothing is kept");
        }
    }
}

#[actix_web::test]
async fn a_worker_that_dies_or_finds_no_server_leaves_none_behind() {
    let (app, event, talks, begun) = handing_over(&["Bears", "Cats"]).await;
    organizers(&event, &talks[0], "cancel").await;
    give_back(&app, &begun).await;
    assert_eq!(at_last(&app).await, [Canceled, Sent]);

    let (app, event, talks, _) = handing_over(&["Bears", "Cats"]).await;
    organizers(&event, &talks[0], "cancel").await;
    app.advance(LEASE);
    deliver::round(&app.board).await.unwrap();
    let mails = app.decision_mails("ada").await;
    assert_eq!((mails[0].state, mails[0].ambiguous_ends), (Ambiguous, 2), "not repeated");
    assert_eq!(at_last(&app).await, [Ambiguous, Sent]);
}

#[actix_web::test]
async fn several_may_leave_meanwhile() {
    for (ends, at_the_end) in [(Sent, [Sent, Canceled, Canceled]), (Retrying, [Canceled, Canceled, Sent])] {
        let (app, event, talks, begun) = handing_over(&["Bears", "Cats", "Dogs"]).await;
        organizers(&event, &talks[0], "cancel").await;
        organizers(&event, &talks[1], "cancel").await;
        let mails = app.decision_mails("ada").await;
        assert_eq!(states(&mails), [Leased, Canceled, Held]);
        assert!(!shown(&mails[2]).contains("Cats") && shown(&mails[2]).contains("Dogs"));
        end(&app, &begun, ends).await;
        assert_eq!(at_last(&app).await, at_the_end, "{ends}");
    }
    let (app, event, talks, begun) = handing_over(&["Bears", "Cats"]).await;
    organizers(&event, &talks[0], "cancel").await;
    organizers(&event, &talks[1], "cancel").await;
    end(&app, &begun, Failed).await;
    assert_eq!(at_last(&app).await, [Canceled, Canceled]);
}

#[actix_web::test]
async fn what_returns_meanwhile_is_told_once() {
    for (ends, at_the_end) in [(Sent, [Sent, Canceled]), (Failed, [Canceled, Sent])] {
        let (app, event, talks, begun) = handing_over(&["Bears"]).await;
        organizers(&event, &talks[0], "cancel").await;
        assert_eq!(states(&app.decision_mails("ada").await), [Leased]);
        organizers(&event, &talks[0], "reinstate").await;
        assert_eq!(states(&app.decision_mails("ada").await), [Leased, Held]);
        end(&app, &begun, ends).await;
        assert_eq!(at_last(&app).await, at_the_end, "{ends}");
    }
}
