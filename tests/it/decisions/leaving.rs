//! A proposal that leaves takes its mails along, and no other's.

use super::{DELAY, shown, states};
use crate::harness::{TestApp, seed::code};
use callboard::{
    jobs,
    mail::MailState::{Canceled, Held, Queued},
};
use serde_json::json;

#[actix_web::test]
async fn withdrawn_while_it_waits_it_is_not_told_and_the_other_is() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let bears = code(&event.submit(&ada, "Bears").await);
    let cats = code(&event.submit(&ada, "Cats").await);
    let dogs = code(&event.submit(&bob, "Dogs").await);
    event.decide(&bears, "accepted").await;
    event.decide(&cats, "rejected").await;
    event.decide(&dogs, "accepted").await;
    let publication = event.publish().await;
    ada.act(&event.mine(&format!("/{bears}/withdraw"))).await.expect(200);

    let mails = app.decision_mails("ada").await;
    assert_eq!(states(&mails), [Canceled, Held], "written anew, and still behind the stop button");
    assert!(!shown(&mails[1]).contains("Bears") && shown(&mails[1]).contains("Cats"), "{}", shown(&mails[1]));
    assert_eq!((mails[1].kind.as_str(), &mails[1].to_name), ("rejection", &mails[0].to_name));
    assert_eq!(states(&app.decision_mails("bob").await), [Held], "untouched");
    let told = app.mails_to("admin", "speaker_left").await;
    assert_eq!(states(&told), [Queued]);
    assert!(told[0].body_text.contains("ada withdrew") && told[0].body_text.contains("Bears"));
    let now = event.publication(&publication).await;
    assert_eq!(now["mails"], json!({"canceled": 1, "held": 2}));
    let codes: Vec<_> = now["items"].as_array().unwrap().iter().map(|item| &item["code"]).collect();
    assert_eq!(codes, [&json!(dogs), &json!(cats)]);

    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled, Queued]);
    assert_eq!(event.mine_of(&ada, &cats).await["decision"], "rejected");
    let gone = event.mine_of(&ada, &bears).await;
    assert_eq!((&gone["lifecycle"], &gone["decision"]), (&json!("withdrawn"), &json!(null)));
}

#[actix_web::test]
async fn nobody_is_written_to_about_nothing() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.decide(&talk, "accepted").await;
    event.publish().await;
    event.organizer.act(&event.path(&format!("/proposals/{talk}/cancel"))).await.expect(200);
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled]);
    assert_eq!(app.mails_to("admin", "speaker_left").await.len(), 0, "organizers did it themselves");
    event.organizer.act(&event.path(&format!("/proposals/{talk}/reinstate"))).await.expect(200);
    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
    assert_eq!(event.mine_of(&ada, &talk).await["decision"], json!(null), "without a mail nothing is told");
    assert_eq!(event.preview().await["items"][0]["code"], json!(talk), "it waits for the next publication");
}

#[actix_web::test]
async fn a_queued_mail_is_written_anew_without_what_was_declined() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let mut talks = vec![];
    for title in ["Bears", "Cats", "Dogs"] {
        let talk = code(&event.submit(&ada, title).await);
        event.decide(&talk, "accepted").await;
        talks.push(talk);
    }
    event.tell(&app).await;
    let before = app.links_in(&app.decision_mails("ada").await[0]);
    ada.act(&event.mine(&format!("/{}/decline", talks[0]))).await.expect(200);
    let mails = app.decision_mails("ada").await;
    assert_eq!(states(&mails), [Canceled, Queued]);
    assert!(
        !shown(&mails[1]).contains("Bears") && shown(&mails[1]).contains("Cats") && shown(&mails[1]).contains("Dogs")
    );
    let after = app.links_in(&mails[1]);
    assert_eq!(after.len(), 2);
    assert!(after.iter().all(|link| before.contains(link)), "the same links");
    ada.act(&event.mine(&format!("/{}/decline", talks[1]))).await.expect(200);
    let mails = app.decision_mails("ada").await;
    assert_eq!(states(&mails), [Canceled, Canceled, Queued]);
    assert!(!shown(&mails[2]).contains("Cats") && shown(&mails[2]).contains("Dogs"));
    let link = &app.links_in(&mails[2])[0];
    let confirmed = app.anonymous().post("/confirmations", json!({"token": link, "answer": "confirm"})).await;
    assert_eq!(confirmed.expect(200).json()["title"], "Dogs");
}

#[actix_web::test]
async fn what_organizers_are_told_is_not_canceled_by_what_comes_next() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    app.member("olga", &event, "organizer").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    for deed in ["withdraw", "undo-withdrawal", "withdraw"] {
        ada.act(&event.mine(&format!("/{talk}/{deed}"))).await.expect(200);
    }
    for organizer in ["admin", "olga"] {
        assert_eq!(states(&app.mails_to(organizer, "speaker_left").await), [Queued, Queued], "{organizer}");
    }
}
