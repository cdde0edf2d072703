//! The speaker's answer, signed in and with the link of the mail.

use crate::harness::{Response, TestApp, seed::code};
use callboard::mail::MailState;
use serde_json::{Value, json};

/// An event with ada's accepted talk, the token that was mailed to her, and her.
async fn accepted() -> (TestApp, crate::harness::seed::Event, crate::harness::Client, String, String) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Bears <b>&").await);
    event.decide(&talk, "accepted").await;
    event.tell(&app).await;
    let token = app.link_mailed_to("ada", "acceptance").await;
    (app, event, ada, talk, token)
}

async fn answer(app: &TestApp, token: &str, answer: &str) -> Response {
    app.anonymous().post("/confirmations", json!({"token": token, "answer": answer})).await
}

async fn confirmation(event: &crate::harness::seed::Event, talk: &str) -> Value {
    event.seen(talk).await["confirmation"].clone()
}

#[actix_web::test]
async fn looking_changes_nothing_and_the_button_confirms() {
    let (app, event, _ada, talk, token) = accepted().await;
    let page = format!("/confirm/{token}");
    let anyone = app.anonymous();
    for _ in 0..2 {
        let shown = anyone.page(&page).await.expect(200).text();
        assert!(shown.contains("Bears &#60;b&#62;&#38;") || shown.contains("Bears &lt;b&gt;&amp;"), "{shown}");
        assert!(
            shown.contains("The conf") && shown.contains("value=\"confirm\"") && shown.contains("value=\"decline\"")
        );
        assert_eq!(confirmation(&event, &talk).await, "pending");
    }
    anyone.form(&page, &[("answer", "perhaps")]).await.expect(422);
    anyone.form(&page, &[]).await.expect(422);
    assert_eq!(confirmation(&event, &talk).await, "pending");
    let thanks = anyone.form(&page, &[("answer", "confirm")]).await.expect(200).text();
    assert!(thanks.contains("See you there!") && thanks.contains(&format!("/conf/mine/{talk}")), "{thanks}");
    assert_eq!(confirmation(&event, &talk).await, "confirmed");
    let shown = anyone.page(&page).await.expect(200).text();
    assert!(!shown.contains("value=\"confirm\"") && shown.contains("value=\"decline\""), "{shown}");
    anyone.form(&page, &[("answer", "decline")]).await.expect(200);
    assert_eq!(confirmation(&event, &talk).await, "declined");
    let shown = anyone.page(&page).await.expect(200).text();
    assert!(!shown.contains("<form"), "nothing left to choose: {shown}");
    anyone.page(&format!("/confirm/{}", "x".repeat(32))).await.expect(422);
}

#[actix_web::test]
async fn confirming_twice_is_confirming_once() {
    let (app, event, ada, talk, token) = accepted().await;
    let at = event.mine(&format!("/{talk}/confirm"));
    let answered = ada.act(&at).await.expect(200).json();
    let expected = json!({"event": "conf", "event_name": "The conf", "code": talk, "title": "Bears <b>&",
        "confirmation": "confirmed"});
    assert_eq!(answered, expected);
    assert_eq!(ada.act(&at).await.expect(200).json(), expected);
    assert_eq!(answer(&app, &token, "confirm").await.expect(200).json(), expected);
    assert_eq!(app.mails_to("ada", "confirmation_received").await.len(), 1);
}

#[actix_web::test]
async fn declining_tells_organizers_cancels_mails_and_lasts() {
    let (app, event, ada, talk, token) = accepted().await;
    ada.act(&event.mine(&format!("/{talk}/confirm"))).await.expect(200);
    let organizers = app.mails_to("admin", "speaker_left").await.len();
    let declined = ada.act(&event.mine(&format!("/{talk}/decline"))).await.expect(200).json();
    assert_eq!(declined["confirmation"], "declined");
    let receipts = app.mails_to("ada", "confirmation_received").await;
    assert_eq!(receipts[0].state, MailState::Canceled, "it says that we count on her");
    assert_eq!(app.live_decision_mails("ada").await.len(), 0, "it was not sent yet");
    let told = app.mails_to("admin", "speaker_left").await;
    assert_eq!(told.len(), organizers + 1);
    assert!(told[0].body_text.contains("ada declined") && told[0].body_text.contains(&talk), "{}", told[0].body_text);

    ada.act(&event.mine(&format!("/{talk}/decline"))).await.expect(200);
    assert_eq!(app.mails_to("admin", "speaker_left").await.len(), organizers + 1, "told once");
    ada.act(&event.mine(&format!("/{talk}/confirm"))).await.problem(409, "wrong_state");
    answer(&app, &token, "confirm").await.problem(409, "wrong_state");
    let seen = event.seen(&talk).await;
    assert_eq!((&seen["lifecycle"], &seen["published_decision"]), (&json!("submitted"), &json!("accepted")));
    ada.act(&event.mine(&format!("/{talk}/withdraw"))).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn only_the_own_published_acceptance_can_be_answered() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let (ada, eve) = (app.speaker("ada").await, app.speaker("eve").await);
    let accepted = code(&event.submit(&ada, "Accepted").await);
    let rejected = code(&event.submit(&ada, "Rejected").await);
    let waitlisted = code(&event.submit(&ada, "Waitlisted").await);
    let silent = code(&event.submit(&ada, "Silent").await);
    let draft = event.draft(&ada, "Draft").await;
    for (talk, decision) in [(&accepted, "accepted"), (&rejected, "rejected"), (&waitlisted, "waitlisted")] {
        event.decide(talk, decision).await;
    }
    event.tell(&app).await;
    event.decide(&silent, "accepted").await;
    for deed in ["confirm", "decline"] {
        for talk in [&rejected, &waitlisted, &silent, &draft] {
            ada.act(&event.mine(&format!("/{talk}/{deed}"))).await.problem(409, "wrong_state");
        }
        let at = event.mine(&format!("/{accepted}/{deed}"));
        eve.act(&at).await.problem(404, "not_found");
        event.organizer.act(&at).await.problem(404, "not_found");
        app.anonymous().act(&at).await.problem(401, "sign_in_required");
        ada.act(&other.mine(&format!("/{accepted}/{deed}"))).await.problem(404, "not_found");
    }
    assert_eq!(confirmation(&event, &accepted).await, "pending");
    event.organizer.act(&event.path(&format!("/proposals/{accepted}/cancel"))).await.expect(200);
    ada.act(&event.mine(&format!("/{accepted}/confirm"))).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn a_link_dies_with_a_new_publication_which_asks_anew() {
    let (app, event, ada, talk, first) = accepted().await;
    answer(&app, &first, "confirm").await.expect(200);
    event.decide(&talk, "rejected").await;
    let publication = event.publish().await;
    answer(&app, &first, "confirm").await.expect(200);
    event.organizer.act(&event.stop(&publication)).await.expect(200);
    event.tell(&app).await;
    assert_eq!(event.mine_of(&ada, &talk).await["confirmation"], json!(null));
    answer(&app, &first, "confirm").await.problem(422, "link_dead");

    event.decide(&talk, "accepted").await;
    event.tell(&app).await;
    assert_eq!(event.mine_of(&ada, &talk).await["confirmation"], "pending", "asked anew");
    answer(&app, &first, "decline").await.problem(422, "link_dead");
    app.anonymous().page(&format!("/confirm/{first}")).await.expect(422);
    let second = app.link_mailed_to("ada", "acceptance").await;
    assert_ne!(first, second);
    assert_eq!(answer(&app, &second, "confirm").await.expect(200).json()["confirmation"], "confirmed");
}

#[actix_web::test]
async fn other_publications_leave_the_answer_alone() {
    let (app, event, ada, talk, token) = accepted().await;
    answer(&app, &token, "confirm").await.expect(200);
    let other = code(&event.submit(&ada, "Another").await);
    event.decide(&other, "accepted").await;
    event.tell(&app).await;
    assert_eq!(event.mine_of(&ada, &talk).await["confirmation"], "confirmed");
    assert_eq!(answer(&app, &token, "decline").await.expect(200).json()["confirmation"], "declined");
    assert_eq!(event.mine_of(&ada, &other).await["confirmation"], "pending");
}

#[actix_web::test]
async fn a_link_of_a_canceled_talk_is_dead_until_it_is_reinstated() {
    let (app, event, _ada, talk, token) = accepted().await;
    event.organizer.act(&event.path(&format!("/proposals/{talk}/cancel"))).await.expect(200);
    answer(&app, &token, "confirm").await.problem(422, "link_dead");
    event.organizer.act(&event.path(&format!("/proposals/{talk}/reinstate"))).await.expect(200);
    answer(&app, &token, "confirm").await.expect(200);
    answer(&app, "not a token", "confirm").await.problem(422, "link_dead");
    answer(&app, &token, "perhaps").await.problem(422, "invalid");
    answer(&app, &"x".repeat(65), "confirm").await.field_error("token", "length");
}
