//! `GET /me/data`.

use super::{hits, import, missing, words, world};
use crate::harness::{Client, PASSWORD, TestApp, address};
use serde_json::{Value, json};

async fn data(client: &Client) -> Value {
    client.get("/me/data").await.expect(200).json()
}

#[actix_web::test]
async fn all_of_mine_and_nothing_of_others() {
    let world = world().await;
    world.publish("rejected").await;
    let document = data(&world.kanari).await.to_string();
    // The address that was asked for and is not proved is shown where the links are, not by its mail.
    assert_eq!(missing(&document, &words("kanari")), Vec::<&str>::new());
    assert_eq!(
        hits(&document, &words("alia")),
        ["alianomo", "aliakonsilo"],
        "only who asks to speak together, and what is written for the speaker"
    );
    assert!(!document.contains("cbs_") && !document.contains("argon2") && !document.contains("sha256"));
}

#[actix_web::test]
async fn feedback_is_shown_from_the_publication_on() {
    let world = world().await;
    let feedback = || async { data(&world.kanari).await["proposals"][1]["feedback"].clone() };
    world.decide("accepted").await;
    assert_eq!(feedback().await, json!([]), "decided, not published");
    world.app.advance(std::time::Duration::from_mins(1));
    callboard::jobs::release_due(&world.app.board).await.unwrap();
    assert_eq!(feedback().await, json!(["aliakonsilo"]));
    let proposal = data(&world.kanari).await["proposals"][1].clone();
    assert_eq!(proposal["publications"][0]["decision"], "accepted");
    assert!(proposal.get("decision").is_none() && proposal.get("ref").is_none(), "{proposal}");
}

/// The letters of a publication wait in the outbox, and stay there when it is stopped.
#[actix_web::test]
async fn letters_that_were_not_published_are_not_shown() {
    let world = world().await;
    let kinds = || async {
        let mails = data(&world.kanari).await["mails"].clone();
        let kinds = mails.as_array().unwrap().iter().map(|mail| mail["kind"].as_str().unwrap().to_owned());
        kinds.collect::<Vec<_>>()
    };
    let publication = world.decide("accepted").await;
    assert!(!kinds().await.contains(&"acceptance".into()), "held");
    let stop = world.speaks.path(&format!("/publications/{}/stop", publication["id"].as_str().unwrap()));
    world.speaks.organizer.act(&stop).await.expect(200);
    assert!(!kinds().await.contains(&"acceptance".into()), "stopped");
    world.publish("accepted").await;
    assert!(kinds().await.contains(&"acceptance".into()), "told");
}

#[actix_web::test]
async fn secrets_of_links_are_masked() {
    let app = TestApp::new().await;
    let ada = app.unverified("ada").await;
    let mails = data(&ada).await["mails"].clone();
    let text = mails[0]["text"].as_str().unwrap();
    assert!(text.contains("/verify/…"), "{text}");
    let secret = app.link_mailed_to("ada", "verify").await;
    assert!(!mails.to_string().contains(&secret));
}

/// Until an address is proved it may be anybody's: what was sent to it is not for whoever signed up with it.
#[actix_web::test]
async fn an_unproved_address_opens_nothing() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let invitation = json!({"email": "Ada@Example.org", "role": "reviewer"});
    event.organizer.post(&event.path("/invitations"), invitation.clone()).await.expect(201);
    let ada = app.unverified("ada").await;
    event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
    let before = data(&ada).await;
    assert_eq!((&before["invitations"], before["mails"].as_array().unwrap().len()), (&json!([]), 1));
    app.verify("ada").await;
    let after = data(&ada).await;
    assert_eq!(after["invitations"][0]["event"]["slug"], "conf");
    assert_eq!(after["mails"].as_array().unwrap().len(), 3, "with both invitations");
}

/// What organizers imported is shown to whoever proves the address that came with it, and to nobody before.
#[actix_web::test]
async fn what_was_imported_for_an_address_is_its_owners() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let words = import(&event, "kanari").await;
    let kanari = app.unverified("kanariadreso").await;
    assert_eq!(data(&kanari).await["profiles"], json!([]));
    app.verify("kanariadreso").await;
    let document = data(&kanari).await;
    let profile = &document["profiles"][0];
    assert_eq!((&profile["name"], &profile["email"]), (&json!("kanarirolo"), &json!(address("kanariadreso"))));
    assert_eq!(document["imported"][0]["source"], "callboard", "{document}");
    assert_eq!(missing(&document.to_string(), &words), Vec::<&str>::new());
    assert_eq!(data(&app.speaker("alia").await).await["profiles"], json!([]));
}

#[actix_web::test]
async fn what_organizers_did_is_theirs_without_to_whom() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let olga = app.member("olga", &event, "organizer").await;
    let invitation = json!({"email": address("invited"), "role": "reviewer"});
    olga.post(&event.path("/invitations"), invitation).await.expect(201);
    let document = data(&olga).await;
    assert_eq!(document["memberships"][0]["role"], "organizer");
    assert_eq!(document["invitations_sent"][0]["event"]["slug"], "conf");
    assert!(!document.to_string().contains("invited@"), "{document}");
    let change = json!({"email": address("invited"), "password": PASSWORD});
    olga.put("/me/email", change).await.expect(202);
    assert_eq!(data(&olga).await["links"].as_array().unwrap().len(), 2, "verification, change");
}

/// Asking for a taken address looks the same here too.
#[actix_web::test]
async fn the_document_does_not_tell_whose_an_address_is() {
    let app = TestApp::new().await;
    app.speaker("bob").await;
    let seen = |name: &'static str, new: &'static str| {
        let app = &app;
        async move {
            let client = app.speaker(name).await;
            client.put("/me/email", json!({"email": address(new), "password": PASSWORD})).await.expect(202);
            let document = data(&client).await;
            let kinds = document["mails"].as_array().unwrap().iter().map(|mail| mail["kind"].clone());
            (kinds.collect::<Vec<_>>(), document["links"].as_array().unwrap().len())
        }
    };
    assert_eq!(seen("ada", "bob").await, seen("eve", "free").await);
}
