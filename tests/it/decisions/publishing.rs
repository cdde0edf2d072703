//! Preview, publish, stop, release.

use super::{DELAY, INSTANT, JUST_BEFORE, shown, states};
use crate::harness::{TestApp, address, seed::code};
use callboard::{db::schema::speakers, jobs, mail::MailState};
use diesel::prelude::*;
use serde_json::json;

#[actix_web::test]
async fn what_the_preview_shows_is_what_goes() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let bears = code(&event.submit(&ada, "Bears").await);
    let cats = code(&event.submit(&ada, "Cats").await);
    let dogs = code(&event.submit(&bob, "Dogs").await);
    event.submit(&bob, "Eels").await;
    event.decide(&bears, "rejected").await;
    event.decide(&cats, "accepted").await;
    event.decide(&dogs, "waitlisted").await;

    let preview = event.preview().await;
    assert_eq!(preview["counts"], json!({"accepted": 1, "waitlisted": 1, "rejected": 1, "without_mail": 0}));
    let item = |code: &str, title: &str, speaker: &str, decision: &str| json!({"code": code, "title": title, "speaker": speaker, "decision": decision, "previous": null});
    let items = [
        item(&cats, "Cats", "ada", "accepted"),
        item(&dogs, "Dogs", "bob", "waitlisted"),
        item(&bears, "Bears", "ada", "rejected"),
    ];
    assert_eq!(preview["items"], json!(items), "acceptances first");
    assert_eq!(app.decision_mails("ada").await.len(), 0, "looking does nothing");

    let publication = event.publish().await;
    assert_eq!(event.preview().await["waiting"], publication["id"]);
    let mails = preview["mails"].as_array().unwrap();
    assert_eq!(mails.len(), 2);
    for (mail, name) in mails.iter().zip(["ada", "bob"]) {
        let stored = app.decision_mails(name).await;
        assert_eq!(states(&stored), [MailState::Held], "one each, with everything");
        assert_eq!(mail["to"], address(name));
        assert_eq!(mail["name"], stored[0].to_name);
        assert_eq!(mail["subject"], stored[0].subject);
        assert_eq!(mail["text"], shown(&stored[0]));
        assert_eq!(stored[0].reply_to.as_deref(), Some("team@example.org"));
    }
    let (to_ada, to_bob) = (&mails[0]["text"].as_str().unwrap(), &mails[1]["text"].as_str().unwrap());
    assert!(to_ada.find("Cats").unwrap() < to_ada.find("Bears").unwrap(), "acceptances first: {to_ada}");
    assert!(to_ada.contains("https://cfp.example.org/confirm/…"), "{to_ada}");
    assert!(!to_ada.contains("Dogs") && !to_bob.contains("Cats") && !to_bob.contains("Bears"));
    assert!(!to_bob.contains("confirm/") && !to_bob.contains("Eels"), "{to_bob}");
}

#[actix_web::test]
async fn two_people_never_get_each_others_text() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let names = ["ada", "bob", "cem", "dee", "eve"];
    for (who, name) in names.iter().enumerate() {
        let speaker = app.speaker(name).await;
        for (nth, decision) in ["accepted", "rejected", "waitlisted"].iter().enumerate().take(1 + who % 3) {
            let talk = code(&event.submit(&speaker, &format!("Words of {name} {nth}")).await);
            event.decide(&talk, decision).await;
        }
    }
    event.tell(&app).await;
    for (who, name) in names.iter().enumerate() {
        let mails = app.decision_mails(name).await;
        assert_eq!(states(&mails), [MailState::Queued], "one mail to {name}");
        let whole = format!("{}{}{}", mails[0].subject, mails[0].body_text, mails[0].body_html);
        assert_eq!(mails[0].body_text.matches("Words of").count(), 1 + who % 3);
        for other in names.iter().filter(|other| *other != name) {
            assert!(!whole.contains(&format!("Words of {other}")), "{name} reads about {other}");
        }
    }
}

#[actix_web::test]
async fn there_and_back_again_tells_nothing() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    let empty = event.version().await;
    event.organizer.post(&event.path("/publications"), empty.clone()).await.problem(409, "nothing_to_publish");
    event.decide(&talk, "accepted").await;
    event.tell(&app).await;
    for decision in ["rejected", "waitlisted", "accepted", "undecided"] {
        event.decide(&talk, decision).await;
    }
    assert_eq!(event.preview().await["items"], json!([]), "undecided tells nothing");
    event.decide(&talk, "accepted").await;
    assert_eq!(event.preview().await["items"], json!([]));
    event.organizer.post(&event.path("/publications"), empty).await.problem(409, "nothing_to_publish");
    assert_eq!(app.decision_mails("ada").await.len(), 1);
    assert_eq!(event.mine_of(&ada, &talk).await["decision"], "accepted");
    event.decide(&talk, "rejected").await;
    assert_eq!(event.preview().await["items"][0]["previous"], "accepted");
}

#[actix_web::test]
async fn what_changed_since_the_preview_is_named() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let mut talks = vec![];
    for title in ["Gone", "Turned", "Renamed", "New", "Same"] {
        talks.push(code(&event.submit(&ada, title).await));
    }
    for talk in [0, 1, 2, 4] {
        event.decide(&talks[talk], "accepted").await;
    }
    let seen = event.version().await;
    event.decide(&talks[0], "undecided").await;
    event.decide(&talks[1], "rejected").await;
    ada.patch(&event.mine(&format!("/{}", talks[2])), json!({"title": "Renamed once"})).await.expect(200);
    event.decide(&talks[3], "waitlisted").await;

    let outdated = event.organizer.post(&event.path("/publications"), seen).await.problem(409, "preview_outdated");
    let mut changed = [
        json!({"code": talks[1], "from": "accepted", "to": "rejected"}),
        json!({"code": talks[2], "from": "accepted", "to": "accepted"}),
    ];
    changed.sort_by_key(|change| change["code"].as_str().unwrap().to_owned());
    let differences = json!({"added": [talks[3]], "removed": [talks[0]], "changed": changed});
    assert_eq!(outdated["differences"], differences);
    assert_eq!(app.decision_mails("ada").await.len(), 0, "nothing went");
    assert_eq!(event.organizer.get(&event.path("/publications")).await.expect(200).json()["items"], json!([]));

    event.publish().await;
    for wrong in ["", "AQAB", "no version", "Ag"] {
        let wrong = json!({ "version": wrong });
        event.organizer.post(&event.path("/publications"), wrong).await.field_error("version", "invalid");
    }
}

#[actix_web::test]
async fn a_speaker_who_renames_themselves_outdates_the_preview() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.decide(&talk, "accepted").await;
    let seen = event.version().await;
    ada.put(&event.path("/my/profile"), json!({"name": "Ada L."})).await.expect(200);
    let outdated = event.organizer.post(&event.path("/publications"), seen).await.problem(409, "preview_outdated");
    assert_eq!(outdated["differences"]["changed"][0]["code"], json!(talk));
    event.publish().await;
    assert!(shown(&app.decision_mails("ada").await[0]).contains("Hello Ada L.,"));
}

#[actix_web::test]
async fn released_at_the_instant_and_not_before() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.decide(&talk, "accepted").await;
    let publication = event.publish().await;
    assert_eq!((&publication["state"], &publication["ended_at"]), (&json!("waiting"), &json!(null)));
    assert_eq!(publication["release_at"], "2025-01-15T12:01:00Z");
    assert_eq!(publication["mails"], json!({"held": 1}));

    app.advance(JUST_BEFORE);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 0);
    assert_eq!(event.mine_of(&ada, &talk).await["decision"], json!(null));
    assert_eq!(states(&app.decision_mails("ada").await), [MailState::Held]);

    app.advance(INSTANT);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 0);
    let mine = event.mine_of(&ada, &talk).await;
    assert_eq!((&mine["decision"], &mine["confirmation"]), (&json!("accepted"), &json!("pending")));
    assert_eq!(mine["published_at"], "2025-01-15T12:01:00Z");
    assert_eq!(states(&app.decision_mails("ada").await), [MailState::Queued]);
    let released = event.publication(&publication).await;
    assert_eq!((&released["state"], &released["ended_at"]), (&json!("released"), &json!("2025-01-15T12:01:00Z")));
    assert_eq!(released["mails"], json!({"queued": 1}));
    event.organizer.act(&event.stop(&publication)).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn what_is_decided_while_it_waits_is_for_the_next_one() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.decide(&talk, "accepted").await;
    event.publish().await;
    event.decide(&talk, "rejected").await;
    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
    assert_eq!(event.mine_of(&ada, &talk).await["decision"], "accepted", "what the mail says");
    let items = event.preview().await["items"].clone();
    assert_eq!((&items[0]["decision"], &items[0]["previous"]), (&json!("rejected"), &json!("accepted")));
}

#[actix_web::test]
async fn a_stopped_publication_tells_nobody() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let rita = app.reviewer("rita", &event).await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.decide(&talk, "accepted").await;
    let publication = event.publish().await;
    let stop = event.stop(&publication);
    let id = publication["id"].as_str().unwrap();
    let other = app.event("other").await;
    other.organizer.act(&other.path(&format!("/publications/{id}/stop"))).await.problem(404, "not_found");
    other.organizer.get(&other.path(&format!("/publications/{id}"))).await.problem(404, "not_found");
    for (who, status) in [(&ada, 403), (&rita, 403), (&app.anonymous(), 401)] {
        who.act(&stop).await.expect(status);
        who.get(&event.path(&format!("/publications/{id}"))).await.expect(status);
    }
    event.organizer.act(&event.path("/publications/ZZZZZZZZZZ/stop")).await.problem(404, "not_found");
    app.advance(JUST_BEFORE);
    let dead = app.links_in(&app.decision_mails("ada").await[0]);
    let stopped = event.organizer.act(&stop).await.expect(200).json();
    assert_eq!((&stopped["state"], &stopped["mails"]), (&json!("stopped"), &json!({"canceled": 1})));
    event.organizer.act(&stop).await.problem(409, "wrong_state");
    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 0);
    assert_eq!(event.mine_of(&ada, &talk).await["decision"], json!(null));
    let confirm = json!({"token": dead[0], "answer": "confirm"});
    app.anonymous().post("/confirmations", confirm).await.problem(422, "link_dead");

    let again = event.tell(&app).await;
    assert_eq!(states(&app.decision_mails("ada").await), [MailState::Canceled, MailState::Queued]);
    let list = event.organizer.get(&event.path("/publications")).await.expect(200).json();
    let ids: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
    assert_eq!(ids, [&again["id"], &publication["id"]], "newest first");
}

#[actix_web::test]
async fn without_delay_it_is_released_at_once() {
    let app = TestApp::with(&[("publication_delay", "0")]).await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.decide(&talk, "waitlisted").await;
    let publication = event.publish().await;
    assert_eq!((&publication["state"], &publication["mails"]), (&json!("released"), &json!({"queued": 1})));
    let mine = event.mine_of(&ada, &talk).await;
    assert_eq!((&mine["decision"], &mine["confirmation"]), (&json!("waitlisted"), &json!(null)));
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 0);
}

#[actix_web::test]
async fn only_one_waits_at_a_time() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.decide(&talk, "accepted").await;
    event.publish().await;
    let elsewhere = code(&other.submit(&ada, "Elsewhere").await);
    other.decide(&elsewhere, "accepted").await;
    other.publish().await;
    let second = code(&event.submit(&ada, "Second").await);
    event.decide(&second, "rejected").await;
    let version = event.version().await;
    event.organizer.post(&event.path("/publications"), version).await.problem(409, "publication_waiting");
    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 2, "of both events");
    let publication = event.publish().await;
    assert_eq!(publication["items"].as_array().unwrap().len(), 1, "only what is new");
    assert_eq!(publication["items"][0]["code"], json!(second));
}

#[actix_web::test]
async fn people_without_account_get_no_mail_and_are_counted() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    for (speaker, title) in [(&ada, "One"), (&ada, "Two"), (&bob, "Three")] {
        let talk = code(&event.submit(speaker, title).await);
        event.decide(&talk, "accepted").await;
    }
    let forget = |tx: &mut callboard::db::Tx<'_>| {
        let ada = speakers::table.filter(speakers::name.eq("ada"));
        Ok(diesel::update(ada).set(speakers::account_id.eq(None::<i64>)).execute(tx.conn())?)
    };
    assert_eq!(app.board.db.write(forget).await.unwrap(), 1);
    let preview = event.preview().await;
    assert_eq!((&preview["counts"]["without_mail"], &preview["counts"]["accepted"]), (&json!(1), &json!(3)));
    assert_eq!(preview["mails"].as_array().unwrap().len(), 1);
    let publication = event.tell(&app).await;
    assert_eq!(publication["counts"]["without_mail"], 1);
    assert_eq!(publication["items"].as_array().unwrap().len(), 3);
    assert_eq!((app.decision_mails("ada").await.len(), app.decision_mails("bob").await.len()), (0, 1));
}
