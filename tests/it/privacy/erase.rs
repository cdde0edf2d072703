//! `DELETE /me`.

use super::{
    account,
    dump::{dump, found},
    import, speak, words, world,
};
use crate::harness::{Client, PASSWORD, Response, TestApp, address, seed::code};
use actix_web::http::Method;
use callboard::{
    db::{Tx, schema::mails, types::Ts},
    mail::MailState,
};
use diesel::prelude::*;
use serde_json::json;
use std::{collections::BTreeSet, time::Duration};

async fn erase(client: &Client) -> Response {
    erase_with(client, PASSWORD).await
}

async fn erase_with(client: &Client, password: &str) -> Response {
    client.send(client.request(Method::DELETE, "/me").set_json(json!({"password": password}))).await
}

/// The words that have to go: a review's stay with the review, and a comment with the discussion.
fn gone() -> Vec<String> {
    let mut words = words("kanari");
    words.retain(|word| !["kanarikomento", "kanarikonsilo", "kanaridiskuto"].contains(&word.as_str()));
    words
}

#[actix_web::test]
async fn nothing_of_the_person_is_left_in_any_table() {
    let world = world().await;
    world.publish("rejected").await;
    // Answers that are kept for when the requests are sent again, to the person and to others.
    let draft = json!({"title": "kanariskizo", "submit": false});
    world.kanari.post_once("draft", &world.speaks.mine(""), draft).await.expect(201);
    for deed in ["cancel", "reinstate"] {
        let path = world.speaks.path(&format!("/proposals/{}/{deed}", world.submitted));
        world.speaks.organizer.post_once(deed, &path, json!({})).await.expect(200);
    }
    // A mail to others that names the person, and one to an address that the person had.
    let olga = world.app.member("olga", &world.reviews, "organizer").await;
    olga.post(&world.reviews.path("/invitations"), json!({"email": address("kanariadreso"), "role": "organizer"}))
        .await
        .expect(201);
    let before = found(&dump(&world.app).await, &words("kanari"));
    for word in words("kanari") {
        assert!(before.iter().any(|hit| hit.ends_with(&format!(": {word}"))), "the dump does not see {word}");
    }
    let kept = before.iter().any(|hit| hit == "idempotency: kanaribiografio");
    assert!(kept, "{before:?}");
    erase(&world.kanari).await.expect(204);
    assert_eq!(found(&dump(&world.app).await, &gone()), BTreeSet::default());
    let others = found(&dump(&world.app).await, &words("alia"));
    assert!(others.contains("accounts: alianomo") && others.contains("proposals: aliatitolo"), "{others:?}");
}

#[actix_web::test]
async fn the_account_is_over_and_the_address_free() {
    let world = world().await;
    erase(&world.kanari).await.expect(204);
    world.kanari.get("/me").await.problem(401, "sign_in_required");
    let sign_in = json!({"email": address("kanariadreso"), "password": PASSWORD});
    world.app.anonymous().post("/sessions", sign_in).await.problem(401, "wrong_credentials");
    let mails = world.app.mails().await.len();
    for path in ["/password-resets", "/sign-in-links"] {
        world.app.anonymous().post(path, json!({"email": address("kanariadreso")})).await.expect(202);
    }
    assert_eq!(world.app.mails().await.len(), mails, "nobody is there to be mailed");
    let anew = account(&world.app, "kanari").await;
    let data = anew.get("/me/data").await.expect(200).json();
    assert_eq!((&data["proposals"], &data["reviews"], &data["invitations"]), (&json!([]), &json!([]), &json!([])));
}

#[actix_web::test]
async fn admins_find_nobody_to_bring_back() {
    let app = TestApp::new().await;
    let (ada, admin) = (app.speaker("ada").await, app.admin().await);
    let id = ada.get("/me/data").await.expect(200).json()["account"]["id"].as_str().unwrap().to_owned();
    erase(&ada).await.expect(204);
    let accounts = admin.get("/admin/accounts").await.expect(200).json();
    assert_eq!(accounts["items"].as_array().unwrap().len(), 1, "{accounts}");
    admin.patch(&format!("/admin/accounts/{id}"), json!({"disabled": false})).await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_published_talk_stays_under_its_name_and_its_link_is_dead() {
    let world = world().await;
    world.publish("accepted").await;
    let link = world.app.link_mailed_to("kanariadreso", "acceptance").await;
    erase(&world.kanari).await.expect(204);
    let mut left = found(&dump(&world.app).await, &gone());
    // What stays can be found by its words.
    left.retain(|place| !place.starts_with("proposal_words"));
    let expected = ["proposals: kanariresumo", "proposals: kanarititolo", "speakers: kanarirolo"];
    assert_eq!(left, expected.map(String::from).into());
    let talks = world.app.anonymous().get(&world.speaks.path("/talks")).await.expect(200).json();
    assert_eq!(talks["items"][0]["title"], "kanarititolo");
    assert!(talks.to_string().contains("kanarirolo") && !talks.to_string().contains("kanaribiografio"), "{talks}");
    let answer = json!({"token": link, "answer": "confirm"});
    world.app.anonymous().post("/confirmations", answer).await.problem(422, "link_dead");
    world.speaks.organizer.get(&world.speaks.path("/exports/talks.csv")).await.expect(200);
    world.speaks.seen(&world.submitted).await;
}

#[actix_web::test]
async fn a_declined_talk_goes() {
    let world = world().await;
    world.publish("accepted").await;
    world.kanari.act(&world.speaks.mine(&format!("/{}/decline", world.submitted))).await.expect(200);
    erase(&world.kanari).await.expect(204);
    assert_eq!(found(&dump(&world.app).await, &gone()), BTreeSet::default(), "not even in what organizers were told");
}

#[actix_web::test]
async fn reviews_stay_without_their_author() {
    let world = world().await;
    let codes = world.reviews.codes("/proposals").await;
    erase(&world.kanari).await.expect(204);
    let path = world.reviews.path(&format!("/proposals/{}/reviews", codes[0]));
    let reviews = world.reviews.organizer.get(&path).await.expect(200).json();
    assert_eq!(
        (&reviews["reviews"][0]["comment"], &reviews["reviews"][0]["reviewer"]),
        (&json!("kanarikomento"), &json!(""))
    );
    let team = world.reviews.organizer.get(&world.reviews.path("/members")).await.expect(200).json();
    assert_eq!(team["items"].as_array().unwrap().len(), 1, "only the admin is left");
}

#[actix_web::test]
async fn mails_that_have_not_left_do_not_leave() {
    let world = world().await;
    while callboard::mail::deliver::round(&world.app.board).await.unwrap() > 0 {}
    world.publish("rejected").await;
    erase(&world.kanari).await.expect(204);
    let mails = world.app.mails().await;
    let emptied: Vec<_> = mails.iter().filter(|mail| mail.to_address.is_empty()).collect();
    assert!(emptied.iter().any(|mail| mail.kind == "rejection" && mail.state == MailState::Canceled));
    assert!(emptied.iter().any(|mail| mail.kind == "verify" && mail.state == MailState::Sent));
    assert!(
        emptied.iter().all(|mail| mail.subject.is_empty() && mail.body_text.is_empty() && mail.body_html.is_empty())
    );
    assert!(emptied.iter().all(|mail| [MailState::Sent, MailState::Canceled].contains(&mail.state)));
    let unsent = mails.iter().filter(|mail| mail.state == MailState::Queued).count();
    let mut sent = 0;
    loop {
        let round = callboard::mail::deliver::round(&world.app.board).await.unwrap();
        sent += round;
        if round == 0 {
            break;
        }
    }
    assert_eq!(sent, unsent);
}

#[actix_web::test]
async fn while_a_mail_is_being_handed_over_one_waits() {
    let world = world().await;
    let at = world.app.board.clock.now();
    let set = |state: MailState, since: Option<Ts>| {
        let job = move |tx: &mut Tx<'_>| {
            let to = mails::to_address.eq(address("kanariadreso"));
            let mine = mails::table.filter(to).filter(mails::kind.eq("verify"));
            let change = (mails::state.eq(state), mails::lease_until.eq(since), mails::begun_at.eq(since));
            Ok(diesel::update(mine).set(change).execute(tx.conn())?)
        };
        world.app.board.db.write(job)
    };
    assert_eq!(set(MailState::Leased, Some(at)).await.unwrap(), 1);
    erase(&world.kanari).await.problem(503, "busy");
    world.kanari.get("/me").await.expect(200);
    set(MailState::Ambiguous, None).await.unwrap();
    erase(&world.kanari).await.expect(204);
    assert_eq!(found(&dump(&world.app).await, &gone()), BTreeSet::default());
}

#[actix_web::test]
async fn the_password_is_needed() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    erase_with(&ada, "not the password").await.field_error("password", "wrong");
    ada.send(ada.request(Method::DELETE, "/me")).await.problem(415, "media_type");
    ada.get("/me").await.expect(200);
}

#[actix_web::test]
async fn the_last_organizer_makes_somebody_else_organizer_first() {
    let app = TestApp::new().await;
    let (one, two) = (app.event("one").await, app.event("two").await);
    let admin = app.admin().await;
    app.member("olga", &one, "organizer").await;
    let problem = erase(&admin).await.problem(409, "last_organizer");
    assert_eq!(problem["detail"], "Make somebody else organizer first: two.");
    admin.get(&one.path("/members")).await.expect(200);
    app.member("otto", &two, "organizer").await;
    erase(&admin).await.expect(204);
}

/// Of two organizers who go at once one has to stay.
#[actix_web::test]
async fn of_the_last_two_organizers_one_stays() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let olga = app.member("olga", &event, "organizer").await;
    let (one, two) = futures_util::future::join(erase(&event.organizer), erase(&olga)).await;
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

/// Whatever else the person does in that moment is there before and goes, or comes after and is refused.
#[actix_web::test]
async fn nothing_is_written_for_somebody_who_is_gone() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    for name in ["ada", "bob", "cyd", "dan"] {
        let client = app.speaker(name).await;
        let invitation = json!({"email": address(name), "role": "reviewer"});
        event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
        let token = app.link_mailed_to(name, "invitation").await;
        let draft = json!({"title": format!("{name}draft"), "submit": false});
        let profile = json!({"name": format!("{name}draft")});
        futures_util::future::join5(
            client.post(&event.mine(""), draft),
            erase(&client),
            client.put(&event.path("/my/profile"), profile),
            client.post("/invitations/accept", json!({"token": token})),
            client.patch("/me", json!({"name": format!("{name}draft")})),
        )
        .await;
        client.get("/me").await.problem(401, "sign_in_required");
        let words = [format!("{name}draft"), address(name)];
        assert_eq!(found(&dump(&app).await, &words), BTreeSet::default(), "{name}");
        let team = event.codes("/members").await;
        assert_eq!(team.len(), 1, "{name} is not on the team");
    }
}

/// What organizers imported for an address goes with whoever proves that it is theirs, and the answer to the import too.
#[actix_web::test]
async fn what_was_imported_for_an_address_goes_too() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let words = import(&event, "kanari").await;
    let before = found(&dump(&app).await, &words);
    for table in
        ["speakers: kanariadreso", "proposals: kanarititolo", "import_keys: kanarititolo", "idempotency: kanarititolo"]
    {
        assert!(before.contains(table), "{table} is not in {before:?}");
    }
    let kanari = account(&app, "kanari").await;
    erase(&kanari).await.expect(204);
    assert_eq!(found(&dump(&app).await, &self::words("kanari")), BTreeSet::default());
}

/// What was sent to an address that the account never proved is its owner's.
#[actix_web::test]
async fn whoever_never_proved_an_address_takes_nothing_along() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let invitation = json!({"email": address("ada"), "role": "reviewer"});
    event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
    let squatter = app.unverified("ada").await;
    erase(&squatter).await.expect(204);
    let token = app.link_mailed_to("ada", "invitation").await;
    let ada = app.speaker("ada").await;
    ada.post("/invitations/accept", json!({"token": token})).await.expect(200);
}

/// Addresses that the account had before go too; one that is somebody else's by now stays theirs.
#[actix_web::test]
async fn former_addresses_go_too() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.reviewer("ada", &event).await;
    ada.put("/me/email", json!({"email": address("eva"), "password": PASSWORD})).await.expect(202);
    let token = app.link_mailed_to("eva", "change_email").await;
    app.anonymous().post("/email-changes/confirm", json!({"token": token})).await.expect(204);
    erase(&ada).await.expect(204);
    assert_eq!(found(&dump(&app).await, &[address("ada"), address("eva")]), BTreeSet::default());
}

#[actix_web::test]
async fn a_proposal_in_a_waiting_publication_goes_and_the_others_are_told() {
    let world = world().await;
    let bob = world.app.speaker("bob").await;
    let bobs = code(&world.speaks.submit(&bob, "Bob's talk").await);
    let path = world.speaks.path(&format!("/proposals/{bobs}/decision"));
    world.speaks.organizer.put(&path, json!({"decision": "accepted"})).await.expect(200);
    world.decide("accepted").await;
    erase(&world.kanari).await.expect(204);
    world.app.advance(Duration::from_mins(1));
    assert_eq!(callboard::jobs::release_due(&world.app.board).await.unwrap(), 1);
    assert_eq!(world.app.mails_to("bob", "acceptance").await.len(), 1);
    assert_eq!(found(&dump(&world.app).await, &gone()), BTreeSet::default());
    let _ = speak(&world.speaks, &bob, "bob").await;
}
