//! Links to sign in, what all links have in common, and that asking for one tells nothing.

use crate::harness::{PASSWORD, Response, TestApp, address, seed::code};
use actix_web::{http::Method, test::TestRequest};
use callboard::{
    db::{
        Conn,
        schema::{link_requests, mails},
    },
    secrets::LinkKind,
};
use diesel::prelude::*;
use serde_json::json;
use std::time::Duration;

async fn ask(app: &TestApp, path: &str, name: &str) -> Response {
    app.anonymous().post(path, json!({"email": address(name)})).await
}

async fn sign_in(app: &TestApp, token: &str) -> Response {
    app.anonymous().post("/sessions/link", json!({"token": token})).await
}

#[actix_web::test]
async fn a_link_signs_in_once_within_15_minutes() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    ask(&app, "/sign-in-links", "ada").await.expect(202);
    let token = app.link_mailed_to("ada", "sign_in_link").await;
    app.advance(Duration::from_mins(15).saturating_sub(Duration::from_micros(1)));
    let session = sign_in(&app, &token).await.expect(201).json();
    let ada = app.with_token(session["token"].as_str().unwrap());
    assert_eq!(ada.get("/me").await.expect(200).json()["email"], address("ada"));
    sign_in(&app, &token).await.problem(422, "link_dead");
    ask(&app, "/sign-in-links", "ada").await.expect(202);
    let late = app.link_mailed_to("ada", "sign_in_link").await;
    app.advance(Duration::from_mins(15));
    sign_in(&app, &late).await.problem(422, "link_dead");
    app.sign_in("ada").await.get("/me").await.expect(200);
}

/// Whoever signed up with somebody else's address must not stay when its owner comes.
#[actix_web::test]
async fn a_link_verifies_the_address_and_throws_out_who_was_there_before() {
    let app = TestApp::new().await;
    let squatter = app.unverified("ada").await;
    let token = squatter.post("/me/tokens", json!({"name": "Mine", "scopes": ["me:read"]})).await.expect(201).json();
    let program = app.with_token(token["token"].as_str().unwrap());
    program.get("/me").await.expect(200);
    ask(&app, "/sign-in-links", "ada").await.expect(202);
    let session = sign_in(&app, &app.link_mailed_to("ada", "sign_in_link").await).await.expect(201).json();
    let ada = app.with_token(session["token"].as_str().unwrap());
    assert_eq!(ada.get("/me").await.expect(200).json()["email_verified"], true);
    squatter.get("/me").await.problem(401, "sign_in_required");
    program.get("/me").await.problem(401, "sign_in_required");
    let old = json!({"email": address("ada"), "password": PASSWORD});
    app.anonymous().post("/sessions", old).await.problem(401, "wrong_credentials");
}

#[actix_web::test]
async fn of_two_at_once_a_link_signs_one_in() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    ask(&app, "/sign-in-links", "ada").await.expect(202);
    let token = app.link_mailed_to("ada", "sign_in_link").await;
    let (one, two) = futures_util::future::join(sign_in(&app, &token), sign_in(&app, &token)).await;
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
}

#[actix_web::test]
async fn the_page_of_a_sign_in_link_shows_the_code_to_copy() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    ask(&app, "/sign-in-links", "ada").await.expect(202);
    let token = app.link_mailed_to("ada", "sign_in_link").await;
    let page = app.anonymous().page(&format!("/sign-in/{token}")).await.expect(200).text();
    assert!(page.contains(&token) && page.contains("ada@example.org"), "{page}");
    sign_in(&app, &token).await.expect(201);
    app.anonymous().page(&format!("/sign-in/{token}")).await.expect(422);
}

#[actix_web::test]
async fn a_newer_verification_link_kills_the_older_one() {
    let app = TestApp::new().await;
    let ada = app.unverified("ada").await;
    let first = app.link_mailed_to("ada", "verify").await;
    ada.act("/me/verification").await.expect(202);
    app.anonymous().post("/accounts/verify", json!({"token": first})).await.problem(422, "link_dead");
    app.verify("ada").await;
}

/// The request stores the same for every address; who has an account matters only later, where nobody waits for it.
#[actix_web::test]
async fn asking_does_the_same_for_every_address() {
    for (path, kind) in [("/password-resets", "reset"), ("/sign-in-links", "sign_in_link")] {
        let app = TestApp::new().await;
        app.speaker("ada").await;
        let stored = || async {
            let count = |conn: &mut Conn| {
                let requests: i64 = link_requests::table.count().get_result(conn)?;
                Ok((requests, mails::table.count().get_result::<i64>(conn)?))
            };
            app.board.db.read(count).await.unwrap()
        };
        let (requests, mails) = stored().await;
        let known = ask(&app, path, "ada").await.expect(202);
        assert_eq!(stored().await, (requests + 1, mails));
        let unknown = ask(&app, path, "nobody").await.expect(202);
        assert_eq!(stored().await, (requests + 2, mails));
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
        assert_eq!(callboard::jobs::answer_links(&app.board).await.unwrap(), 2);
        assert_eq!(stored().await, (0, mails + 1), "{kind}: one of them is known");
        assert_eq!(app.mails_to("ada", kind).await.len(), 1);
    }
}

/// Several servers share the work: a request is answered once.
#[actix_web::test]
async fn requests_are_answered_once_by_workers_that_race() {
    let app = TestApp::new().await;
    for name in ["ada", "bob", "cyd"] {
        app.speaker(name).await;
    }
    for name in ["ada", "bob", "cyd"] {
        ask(&app, "/password-resets", name).await.expect(202);
    }
    let workers = futures_util::future::join3(
        callboard::jobs::answer_links(&app.board),
        callboard::jobs::answer_links(&app.board),
        callboard::jobs::answer_links(&app.board),
    );
    let (one, two, three) = workers.await;
    assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 3);
    for name in ["ada", "bob", "cyd"] {
        assert_eq!(app.mails_to(name, "reset").await.len(), 1);
    }
}

/// A link of every kind, and how a person uses it up.
async fn all_links(app: &TestApp) -> Vec<(LinkKind, String)> {
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let code = code(&event.submit(&ada, "A talk").await);
    event.organizer.put(&event.path(&format!("/proposals/{code}/decision")), json!({"decision": "accepted"})).await;
    let preview = event.organizer.get(&event.path("/publications/preview")).await.expect(200).json();
    let publish = json!({"version": preview["version"]});
    event.organizer.post(&event.path("/publications"), publish).await.expect(201);
    app.advance(Duration::from_mins(1));
    callboard::jobs::release_due(&app.board).await.unwrap();
    let invitation = json!({"email": address("ivy"), "role": "reviewer"});
    event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
    event.ask(&ada, &code, "guest").await;
    app.unverified("vera").await;
    for (path, name) in [("/password-resets", "ria"), ("/sign-in-links", "sam")] {
        app.speaker(name).await;
        ask(app, path, name).await.expect(202);
    }
    let eve = app.speaker("eve").await;
    eve.put("/me/email", json!({"email": address("eva"), "password": PASSWORD})).await.expect(202);
    let mut links = vec![];
    for (kind, name, mail) in [
        (LinkKind::Verify, "vera", "verify"),
        (LinkKind::Reset, "ria", "reset"),
        (LinkKind::SignIn, "sam", "sign_in_link"),
        (LinkKind::ChangeEmail, "eva", "change_email"),
        (LinkKind::Invitation, "ivy", "invitation"),
        (LinkKind::Confirm, "ada", "acceptance"),
        (LinkKind::Speak, "guest", "speaker_invitation"),
    ] {
        links.push((kind, app.link_mailed_to(name, mail).await));
    }
    links
}

/// Mail scanners open every link, some of them several times and by HEAD.
#[actix_web::test]
async fn every_mailed_link_survives_a_mail_scanner() {
    let app = TestApp::new().await;
    let links = all_links(&app).await;
    for kind in LinkKind::ALL {
        assert!(links.iter().any(|(known, _)| *known == kind), "{kind:?} is missing in this test");
    }
    for (kind, token) in links {
        let page = format!("/{}/{token}", kind.path());
        let mails = app.mails().await.len();
        for method in [Method::GET, Method::HEAD, Method::GET, Method::HEAD, Method::GET] {
            let request = TestRequest::default().method(method).uri(&page);
            app.anonymous().send(request).await.expect(200);
        }
        assert_eq!(app.mails().await.len(), mails, "{kind:?}: looking mails nobody");
        let fields: &[(&str, &str)] = match kind {
            LinkKind::Verify | LinkKind::ChangeEmail => &[],
            LinkKind::Reset => &[("password", "a new long password")],
            LinkKind::Invitation | LinkKind::Speak => &[("name", "Ivy"), ("password", "a new long password")],
            LinkKind::Confirm => &[("answer", "confirm")],
            // Used by the program that asked for it.
            LinkKind::SignIn => {
                sign_in(&app, &token).await.expect(201);
                continue;
            }
        };
        // Whoever accepts is signed in by it and led on.
        let leads_on = matches!(kind, LinkKind::Invitation | LinkKind::Speak);
        app.anonymous().form(&page, fields).await.expect(if leads_on { 303 } else { 200 });
    }
}
