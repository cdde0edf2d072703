//! Addresses that come with a file: stored so that speakers can take over what is theirs, and nobody gets a mail by it.

use super::{counts, outcomes, stage};
use crate::harness::{Client, TestApp, address, seed::Event};
use serde_json::{Value, json};

const TABLE: &str = "code,title,abstract,speakers,speaker_emails\n\
    A,One,x,Ada L; Bo M,ada@example.org; bo@example.org\nB,Two,x,Ada L,ada@example.org\n";

impl Event {
    async fn people(&self) -> Vec<Value> {
        self.exported("speakers.json").await.json().as_array().unwrap().clone()
    }

    async fn person(&self, name: &str) -> Value {
        self.people().await.into_iter().find(|person| person["name"] == name).unwrap()
    }
}

async fn claim(app: &TestApp, event: &Event, client: &Client, name: &str, speaker: &str) {
    event.organizer.post(&event.path(&format!("/speakers/{speaker}/invitation")), json!({})).await.expect(202);
    let token = json!({"token": app.link_mailed_to(name, "claim_invitation").await});
    client.post("/speaker-invitations/accept", token).await.expect(200);
}

#[actix_web::test]
async fn speakers_take_over_what_was_imported() {
    let (app, event) = stage().await;
    let mails = app.mails().await.len();
    let first = event.import("", TABLE).await;
    assert_eq!((outcomes(&first), &first["speakers"]["created"]), (vec!["created"; 2], &json!(2)));
    assert_eq!(app.mails().await.len(), mails, "an import sends none");
    let imported = event.person("Ada L").await;
    assert_eq!(imported["email"], "ada@example.org");
    assert_eq!(counts(&event.import("", TABLE).await)[2], 2);
    let ada = app.speaker("ada").await;
    // With a profile of the own here already: both become one.
    event.submit(&ada, "Own").await;
    claim(&app, &event, &ada, "ada", imported["code"].as_str().unwrap()).await;
    let mine = ada.get(&event.mine("")).await.expect(200).json();
    assert_eq!(mine["items"].as_array().unwrap().len(), 3, "{mine}");
    // The next import knows who it is, takes nothing away and makes nobody anew.
    let changed = TABLE.replace("Two", "Two more");
    let second = event.import("", &changed).await;
    assert_eq!((counts(&second)[0], &second["speakers"]["created"]), (0, &json!(0)), "{second}");
    assert_eq!(ada.get(&event.mine("")).await.expect(200).json()["items"].as_array().unwrap().len(), 3);
    assert_eq!(event.people().await.len(), 2);
}

#[actix_web::test]
async fn a_profile_that_was_taken_over_is_its_owners() {
    let (app, event) = stage().await;
    event.import("", TABLE).await;
    let ada = app.speaker("ada").await;
    claim(&app, &event, &ada, "ada", event.person("Ada L").await["code"].as_str().unwrap()).await;
    let people =
        |bio: &str| format!("code,name,bio,email\nX,Ada L,{bio},ada@example.org\nY,Bo M,{bio},bo@example.org\n");
    assert_eq!(outcomes(&event.import("of=speakers", &people("Counts.")).await), ["kept", "updated"]);
    assert_eq!(
        (&event.person("Ada L").await["bio"], &event.person("Bo M").await["bio"]),
        (&json!(""), &json!("Counts."))
    );
}

#[actix_web::test]
async fn an_address_is_one_speakers() {
    let (_app, event) = stage().await;
    let speaker = |name: &str| json!({"email": address("ada"), "profile": {"name": name}});
    let entry = json!({"title": "Keynote", "abstract": "All of it.", "speakers": [speaker("Ada L")]});
    event.organizer.post(&event.path("/proposals"), entry).await.expect(201);
    // Entered by organizers before: the same name and address are the same speaker.
    let report = event.import("", TABLE).await;
    assert_eq!((&report["speakers"]["created"], &report["speakers"]["unchanged"]), (&json!(1), &json!(1)), "{report}");
    assert_eq!(event.person("Ada L").await["titles"].as_str().unwrap().split("; ").count(), 3);
    // Another name is somebody else, who gets no address that is taken.
    let other = "code,title,abstract,speakers,speaker_emails\nC,Three,x,Office,Ada@Example.org\n";
    let report = event.import("", other).await;
    assert_eq!(report["rows"][0]["remarks"], json!(["Office: another speaker has this address, so it is left out"]));
    assert_eq!(event.person("Office").await["email"], Value::Null);
    assert_eq!(outcomes(&event.import("", other).await), ["unchanged"]);
}
