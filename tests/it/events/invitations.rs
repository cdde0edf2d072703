use super::{event, invite, join, member};
use crate::harness::{PASSWORD, TestApp, address};
use callboard::mail::MailState::{Canceled, Queued};
use serde_json::json;
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);
/// The last instant of 14 days.
const LAST: Duration = Duration::from_micros(14 * 24 * 3600 * 1_000_000 - 1);

#[actix_web::test]
async fn an_invitation_is_mailed_listed_and_accepted_once() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    admin.patch("/events/posette/settings", json!({"contact_email": "team@posette.example"})).await.expect(200);
    let rita = app.speaker("rita").await;
    let invitation = json!({"email": "Rita@Example.org", "role": "reviewer"});
    let created = admin.post("/events/posette/invitations", invitation).await.expect(201);
    let view = created.json();
    let code = view["code"].as_str().unwrap();
    assert_eq!(created.header("location"), "/api/v1/events/posette/invitations");
    let expected = json!({
        "code": code, "email": "Rita@Example.org", "role": "reviewer", "tracks": null, "inviter": "admin",
        "created_at": "2025-01-15T12:00:00Z", "expires_at": "2025-01-29T12:00:00Z",
    });
    assert_eq!(view, expected);
    assert_eq!(admin.get("/events/posette/invitations").await.expect(200).json()["items"], json!([expected]));
    let mails = app.mails().await;
    let mail = mails.last().unwrap();
    assert_eq!((mail.to_address.as_str(), mail.kind.as_str()), ("Rita@Example.org", "invitation"));
    assert_eq!(mail.reply_to.as_deref(), Some("team@posette.example"));
    assert!(mail.subject.contains("POSETTE 2025") && mail.body_text.contains("as reviewer, by admin"));
    let token = app.links_in(mail).remove(0);
    assert!(!mail.body_text.contains(&token), "the outbox does not hold the secret");
    let joined = rita.post("/invitations/accept", json!({"token": token})).await.expect(200).json();
    assert_eq!(joined, json!({"event": "posette", "role": "reviewer", "tracks": null}));
    rita.get("/events/posette/reviewing/proposals").await.expect(200);
    rita.post("/invitations/accept", json!({"token": token})).await.problem(422, "link_dead");
    assert_eq!(admin.get("/events/posette/invitations").await.json()["items"], json!([]));
    admin.delete(&format!("/events/posette/invitations/{code}")).await.problem(404, "not_found");
}

#[actix_web::test]
async fn only_the_verified_address_may_accept() {
    let app = TestApp::new().await;
    event(&app, "posette").await;
    let mallory = app.speaker("mallory").await;
    let rita = app.unverified("rita").await;
    invite(&app, "posette", "rita", "organizer").await;
    let token = json!({"token": app.link_mailed_to("rita", "invitation").await});
    app.anonymous().post("/invitations/accept", token.clone()).await.problem(401, "sign_in_required");
    mallory.post("/invitations/accept", token.clone()).await.problem(409, "other_address");
    rita.post("/invitations/accept", token.clone()).await.problem(409, "address_not_verified");
    app.verify("rita").await;
    rita.post("/invitations/accept", token).await.expect(200);
    rita.post("/invitations/accept", json!({"token": "no such token at all"})).await.problem(422, "link_dead");
}

#[actix_web::test]
async fn it_is_dead_after_14_days() {
    let app = TestApp::new().await;
    event(&app, "posette").await;
    app.speaker("rita").await;
    app.speaker("ruth").await;
    invite(&app, "posette", "rita", "reviewer").await;
    invite(&app, "posette", "ruth", "reviewer").await;
    app.advance(LAST);
    let (rita, ruth) = (app.sign_in("rita").await, app.sign_in("ruth").await);
    let token = app.link_mailed_to("rita", "invitation").await;
    rita.post("/invitations/accept", json!({"token": token})).await.expect(200);
    app.advance(MICROSECOND);
    let token = app.link_mailed_to("ruth", "invitation").await;
    ruth.post("/invitations/accept", json!({"token": token})).await.problem(422, "link_dead");
    app.anonymous().page(&format!("/invitation/{token}")).await.expect(422);
}

#[actix_web::test]
async fn a_newer_one_replaces_the_older_and_only_of_the_same_role() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let rita = app.speaker("rita").await;
    invite(&app, "posette", "rita", "reviewer").await;
    let first = app.link_mailed_to("rita", "invitation").await;
    invite(&app, "posette", "rita", "organizer").await;
    let organizer = app.link_mailed_to("rita", "invitation").await;
    invite(&app, "posette", "rita", "reviewer").await;
    let second = app.link_mailed_to("rita", "invitation").await;
    assert_eq!(admin.get("/events/posette/invitations").await.json()["items"].as_array().unwrap().len(), 2);
    rita.post("/invitations/accept", json!({"token": first})).await.problem(422, "link_dead");
    rita.post("/invitations/accept", json!({"token": second})).await.expect(200);
    rita.post("/invitations/accept", json!({"token": organizer})).await.expect(200);
}

#[actix_web::test]
async fn who_has_the_role_is_not_invited_again() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    member(&app, "posette", "rita", "reviewer").await;
    let invite = |role: &str| {
        let invitation = json!({"email": "RITA@example.org", "role": role});
        admin.clone().post_owned("/events/posette/invitations", invitation)
    };
    invite("reviewer").await.problem(409, "taken");
    invite("organizer").await.expect(201);
    invite("king").await.expect(422);
}

#[actix_web::test]
async fn what_is_taken_back_is_dead_and_belongs_to_its_event() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    event(&app, "other").await;
    let rita = app.speaker("rita").await;
    invite(&app, "posette", "rita", "reviewer").await;
    let token = app.link_mailed_to("rita", "invitation").await;
    let code = admin.get("/events/posette/invitations").await.json()["items"][0]["code"].as_str().unwrap().to_owned();
    rita.delete(&format!("/events/posette/invitations/{code}")).await.problem(403, "forbidden");
    admin.delete(&format!("/events/other/invitations/{code}")).await.problem(404, "not_found");
    admin.delete(&format!("/events/posette/invitations/{code}")).await.expect(204);
    rita.post("/invitations/accept", json!({"token": token})).await.problem(422, "link_dead");
}

#[actix_web::test]
async fn of_two_acceptances_at_once_one_counts() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let rita = app.speaker("rita").await;
    invite(&app, "posette", "rita", "reviewer").await;
    let token = app.link_mailed_to("rita", "invitation").await;
    let accept = || rita.clone().post_owned("/invitations/accept", json!({"token": token}));
    let (one, other) = tokio::join!(accept(), accept());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422], "{} {}", one.text(), other.text());
    assert_eq!(admin.get("/events/posette/members").await.json()["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn the_page_makes_an_account_whose_address_is_verified() {
    let app = TestApp::new().await;
    event(&app, "posette").await;
    invite(&app, "posette", "rita", "reviewer").await;
    let page = format!("/invitation/{}", app.link_mailed_to("rita", "invitation").await);
    for _ in 0..2 {
        let shown = app.anonymous().page(&page).await.expect(200).text();
        for part in ["POSETTE 2025", "reviewer", "admin", "rita@example.org", "Create the account", "new-password"] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }
    let again = app.anonymous().form(&page, &[("name", ""), ("password", "short")]).await.expect(422).text();
    assert!(again.contains("must not be empty") && again.contains("at least 10 characters"), "{again}");
    let again = app.anonymous().form(&page, &[("name", "Rita R."), ("password", "short")]).await.expect(422).text();
    assert!(again.contains("value=\"Rita R.\"") && !again.contains("value=\"short\""), "{again}");
    let done = app.anonymous().form(&page, &[("name", "Rita R."), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(done.header("location"), "/posette/review");
    let rita = app.sign_in("rita").await;
    let me = rita.get("/me").await.expect(200).json();
    assert_eq!((&me["email"], &me["name"]), (&json!(address("rita")), &json!("Rita R.")));
    assert_eq!((&me["email_verified"], &me["admin"]), (&json!(true), &json!(false)));
    rita.get("/events/posette/reviewing/proposals").await.expect(200);
    app.anonymous().page(&page).await.expect(422);
    app.anonymous().form(&page, &[("name", "Rita"), ("password", PASSWORD)]).await.expect(422);
}

#[actix_web::test]
async fn the_page_takes_the_password_of_an_account_and_verifies_it() {
    let app = TestApp::new().await;
    event(&app, "posette").await;
    let rita = app.unverified("rita").await;
    invite(&app, "posette", "rita", "organizer").await;
    let page = format!("/invitation/{}", app.link_mailed_to("rita", "invitation").await);
    let shown = app.anonymous().page(&page).await.expect(200).text();
    assert!(shown.contains("Sign in and accept") && !shown.contains("name=\"name\""), "{shown}");
    let again = app.anonymous().form(&page, &[("password", "not her password")]).await.expect(422).text();
    assert!(again.contains("is not the password") && !again.contains("not her password"), "{again}");
    assert_eq!(rita.get("/me").await.json()["email_verified"], false);
    rita.get("/events/posette/members").await.problem(403, "forbidden");
    app.anonymous().form(&page, &[("password", PASSWORD)]).await.expect(303);
    assert_eq!(rita.get("/me").await.json()["email_verified"], true);
    rita.get("/events/posette/members").await.expect(200);
}

#[actix_web::test]
async fn joining_twice_by_two_links_is_one_membership() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    event(&app, "other").await;
    let rita = member(&app, "other", "rita", "reviewer").await;
    join(&app, "posette", &rita, "rita", "reviewer").await;
    let team = admin.get("/events/posette/members").await.json();
    assert_eq!(team["items"].as_array().unwrap().len(), 2, "the other event's role is not this one's");
}

#[actix_web::test]
async fn the_mail_of_a_dead_link_does_not_go() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    callboard::mail::deliver::round(&app.board).await.unwrap();
    let invited = |role: &'static str| json!({"email": "rita@example.org", "role": role});
    let first = admin.post("/events/posette/invitations", invited("reviewer")).await.expect(201).json();
    // Taken back.
    let code = first["code"].as_str().unwrap();
    admin.delete(&format!("/events/posette/invitations/{code}")).await.expect(204);
    // Replaced by a newer one.
    admin.post("/events/posette/invitations", invited("reviewer")).await.expect(201);
    admin.post("/events/posette/invitations", invited("reviewer")).await.expect(201);
    admin.post("/events/posette/invitations", invited("organizer")).await.expect(201);
    let states =
        |mails: Vec<callboard::mail::outbox::Mail>| mails.into_iter().map(|mail| mail.state).collect::<Vec<_>>();
    assert_eq!(states(app.mails_to("rita", "invitation").await), [Canceled, Canceled, Queued, Queued]);
    callboard::mail::deliver::round(&app.board).await.unwrap();
    let sent = app.board.mailer.sent().into_iter().filter(|mail| mail.kind == "invitation");
    assert_eq!(sent.count(), 2);
    let rita = app.speaker("rita").await;
    let token = app.link_mailed_to("rita", "invitation").await;
    rita.post("/invitations/accept", json!({"token": token})).await.expect(200);
    // Whoever is removed gets no other link either.
    admin
        .post("/events/posette/invitations", json!({"email": "ruth@example.org", "role": "reviewer"}))
        .await
        .expect(201);
    let members = admin.get("/events/posette/members").await.expect(200).json();
    let rita =
        members["items"].as_array().unwrap().iter().find(|member| member["email"] == "rita@example.org").unwrap();
    let rita = rita["code"].as_str().or(rita["id"].as_str()).unwrap();
    admin.delete(&format!("/events/posette/members/{rita}")).await.expect(204);
    assert_eq!(states(app.mails_to("ruth", "invitation").await), [Queued]);
}
