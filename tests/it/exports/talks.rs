//! Accepted talks: for everybody, as a file, and over the command line.

use crate::harness::{Client, TestApp, seed::Event};
use callboard::jobs;
use serde_json::{Value, json};
use std::{io::Read, time::Duration};

pub(super) struct Stage {
    pub(super) app: TestApp,
    pub(super) event: Event,
    pub(super) ada: Client,
}

pub(super) async fn stage() -> Stage {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let profile = json!({"name": "Ada 千代", "affiliation": "Ünïq", "bio": "One.\n\nTwo."});
    ada.put("/events/conf/my/profile", profile).await.expect(200);
    Stage { app, event, ada }
}

impl Stage {
    /// Submits and decides.
    pub(super) async fn decided(&self, title: &str, decision: &str) -> String {
        let proposal = self.event.submit(&self.ada, title).await;
        let code = proposal["code"].as_str().unwrap().to_owned();
        self.decide(&code, decision).await;
        code
    }

    async fn decide(&self, code: &str, decision: &str) {
        let path = self.event.path(&format!("/proposals/{code}/decision"));
        self.event.organizer.put(&path, json!({"decision": decision})).await.expect(200);
    }

    pub(super) async fn publish(&self) {
        let preview = self.event.organizer.get("/events/conf/publications/preview").await.expect(200).json();
        let version = json!({"version": preview["version"]});
        self.event.organizer.post("/events/conf/publications", version).await.expect(201);
        self.app.advance(Duration::from_mins(1));
        assert_eq!(jobs::release_due(&self.app.board).await.unwrap(), 1);
    }

    async fn public(&self) -> Vec<Value> {
        let page = self.app.anonymous().get("/events/conf/talks").await.expect(200).json();
        page["items"].as_array().unwrap().clone()
    }

    async fn codes(&self) -> Vec<String> {
        let public: Vec<String> = self.public().await.iter().map(code).collect();
        let file = self.event.organizer.get("/events/conf/exports/talks.json").await.expect(200).json();
        assert_eq!(
            file.as_array().unwrap().iter().map(code).collect::<Vec<_>>(),
            public,
            "the file and the list agree"
        );
        public
    }
}

fn code(item: &Value) -> String {
    item["code"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_talk_is_a_published_acceptance_that_has_not_left() {
    let stage = stage().await;
    let [stays, declined, canceled] = [
        stage.decided("Stays", "accepted").await,
        stage.decided("Declined", "accepted").await,
        stage.decided("Canceled", "accepted").await,
    ];
    stage.decided("Waitlisted", "waitlisted").await;
    stage.decided("Rejected", "rejected").await;
    assert_eq!(stage.codes().await, [""; 0], "decisions are private");
    stage.publish().await;
    let unpublished = stage.decided("Later", "accepted").await;
    let mut expected = [stays.clone(), declined.clone(), canceled.clone()];
    expected.sort();
    assert_eq!(stage.codes().await, expected);

    stage.ada.act(&stage.event.mine(&format!("/{declined}/decline"))).await.expect(200);
    stage.event.organizer.act(&stage.event.path(&format!("/proposals/{canceled}/cancel"))).await.expect(200);
    stage.ada.act(&stage.event.mine(&format!("/{stays}/confirm"))).await.expect(200);
    // What organizers think since is nobody's business.
    stage.decide(&stays, "rejected").await;
    assert_eq!(stage.codes().await, std::slice::from_ref(&stays));
    assert!(!stage.codes().await.contains(&unpublished));

    let talk = stage.public().await.remove(0);
    let expected = json!({"code": stays, "title": "Stays", "abstract": "All about Stays.", "format": "Talk", "minutes": 30,
        "track": null, "choices": [], "slides": null, "confirmed": true, "speakers": [{"code": talk["speakers"][0]["code"],
            "name": "Ada 千代", "affiliation": "Ünïq", "bio": "One.\n\nTwo.", "headshot": null}]});
    assert_eq!(talk["speakers"][0]["code"].as_str().unwrap().len(), 6);
    assert_eq!(talk, expected);
}

#[actix_web::test]
async fn the_list_comes_in_pages_and_only_of_events_that_show() {
    let stage = stage().await;
    for number in 0..5 {
        stage.decided(&format!("Talk {number}"), "accepted").await;
    }
    stage.publish().await;
    let (mut seen, mut cursor) = (vec![], String::new());
    loop {
        let page = stage.app.anonymous().get(&format!("/events/conf/talks?limit=2{cursor}")).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(code));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(seen.len() == 5 && seen.is_sorted(), "{seen:?}");
    stage.event.organizer.patch("/events/conf/settings", json!({"visibility": "draft"})).await.expect(200);
    stage.app.anonymous().get("/events/conf/talks").await.problem(404, "not_found");
}

#[actix_web::test]
async fn the_csv_of_talks_holds_no_address_and_the_command_line_gives_the_same_bytes() {
    let stage = stage().await;
    stage.decided("=Formula", "accepted").await;
    stage.publish().await;
    let csv = stage.event.organizer.get("/events/conf/exports/talks.csv").await.expect(200);
    let mut reader = csv::Reader::from_reader(csv.body.as_slice());
    let header = "code,public_no,title,abstract,description,format,minutes,track,speakers,speaker_affiliations,speaker_bios,confirmation,published_at";
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), header);
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!((&row[2], &row[8], &row[10], &row[11]), ("'=Formula", "Ada 千代", "One.\n\nTwo.", "pending"));
    assert!(!csv.text().contains("@example.org"));
    for file in ["talks.csv", "talks.json", "proposals.csv", "proposals.json", "reviews.csv", "reviews.json"] {
        let over_api = stage.event.organizer.get(&format!("/events/conf/exports/{file}")).await.expect(200).body;
        let mut over_command = vec![];
        let mut exported = jobs::export(&stage.app.board, "conf", file.parse().unwrap()).await.unwrap();
        exported.read_to_end(&mut over_command).unwrap();
        assert_eq!(over_command, over_api, "{file}");
    }
    assert!(jobs::export(&stage.app.board, "nowhere", "talks.csv".parse().unwrap()).await.is_err());
}
