//! What is held about a person: all of it for them, nothing of others; and after erasure nothing of them.

mod data;
pub mod dump;
mod erase;
mod pages;

use crate::harness::{
    Client, PASSWORD, TestApp, address,
    seed::{Event, code},
};
use actix_web::http::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// In every personal field of `somebody(prefix)`: no word of one is part of another's.
const FIELDS: &[&str] = &[
    "nomo",
    "adreso",
    "agento",
    "rolo",
    "biografio",
    "domo",
    "ligo",
    "titolo",
    "resumo",
    "priskribo",
    "notoj",
    "skizo",
    "komento",
    "konsilo",
    "malneto",
    "diskuto",
    "estonta",
    "jetono",
    "bildoj",
];

fn words(prefix: &str) -> Vec<String> {
    FIELDS.iter().map(|field| format!("{prefix}{field}")).collect()
}

fn missing<'w>(text: &str, words: &'w [String]) -> Vec<&'w str> {
    words.iter().map(String::as_str).filter(|word| !text.to_lowercase().contains(word)).collect()
}

fn hits<'w>(text: &str, words: &'w [String]) -> Vec<&'w str> {
    words.iter().map(String::as_str).filter(|word| text.to_lowercase().contains(word)).collect()
}

/// Two events; each of two people speaks in one and reviews in the other, so that each reviews the other's proposal.
struct World {
    app: TestApp,
    speaks: Event,
    reviews: Event,
    kanari: Client,
    /// The code of the proposal that Kanari submitted.
    submitted: String,
}

async fn account(app: &TestApp, prefix: &str) -> Client {
    let email = format!("{prefix}adreso@example.org");
    let sign_up = json!({"email": email, "name": format!("{prefix}nomo"), "password": PASSWORD});
    app.anonymous().post("/accounts", sign_up).await.expect(202);
    app.verify(&format!("{prefix}adreso")).await;
    let anonymous = app.anonymous();
    let request = anonymous.request(Method::POST, "/sessions").insert_header(("user-agent", format!("{prefix}agento")));
    let sign_in = anonymous.send(request.set_json(json!({"email": email, "password": PASSWORD}))).await;
    app.with_token(sign_in.expect(201).json()["token"].as_str().unwrap())
}

/// A profile, a proposal and a draft.
async fn speak(event: &Event, client: &Client, prefix: &str) -> String {
    let profile = json!({"name": format!("{prefix}rolo"), "bio": format!("{prefix}biografio"),
        "affiliation": format!("{prefix}domo"), "links": [format!("https://{prefix}ligo.example")]});
    client.put(&event.path("/my/profile"), profile).await.expect(200);
    let texts = |title: &str, submit: bool| {
        json!({"title": format!("{prefix}{title}"), "abstract": format!("{prefix}resumo"),
            "description": format!("{prefix}priskribo"), "notes": format!("{prefix}notoj"), "submit": submit})
    };
    client.post(&event.mine(""), texts("skizo", false)).await.expect(201);
    let submitted = code(&client.post(&event.mine(""), texts("titolo", true)).await.expect(201).json());
    let slides = json!({"url": format!("https://{prefix}bildoj.example/")});
    client.put(&event.mine(&format!("/{submitted}/slides")), slides).await.expect(200);
    client.post(&event.mine(&format!("/{submitted}/preview-links")), json!({})).await.expect(201);
    submitted
}

async fn review(event: &Event, reviewer: &Client, prefix: &str, proposal: &str) {
    let reference = event.seen(proposal).await["ref"].as_str().unwrap().to_owned();
    let criteria = event.codes("/criteria").await;
    let review = json!({"scores": {criteria[0].clone(): 4}, "comment": format!("{prefix}komento"),
        "feedback": format!("{prefix}konsilo")});
    let at = |below: &str| event.path(&format!("/reviewing/proposals/{reference}{below}"));
    reviewer.put(&at("/review"), review).await.expect(200);
    reviewer.put(&at("/draft"), json!({"comment": format!("{prefix}malneto")})).await.expect(200);
    reviewer.put(&at("/skip"), json!({})).await.expect(204);
    reviewer.post(&at("/comments"), json!({"text": format!("{prefix}diskuto")})).await.expect(201);
}

async fn world() -> World {
    let app = TestApp::new().await;
    let (speaks, reviews) = (app.event("speaks").await, app.event("reviews").await);
    let (kanari, other) = (account(&app, "kanari").await, account(&app, "alia").await);
    app.join(&kanari, "kanariadreso", &reviews, "reviewer").await;
    app.join(&other, "aliaadreso", &speaks, "reviewer").await;
    let submitted = speak(&speaks, &kanari, "kanari").await;
    let others = speak(&reviews, &other, "alia").await;
    review(&reviews, &kanari, "kanari", &others).await;
    review(&speaks, &other, "alia", &submitted).await;
    for (client, event, proposal, guest) in
        [(&kanari, &speaks, &submitted, "aliaadreso"), (&other, &reviews, &others, "kanariadreso")]
    {
        client.post(&event.mine(&format!("/{proposal}/speakers")), json!({"email": address(guest)})).await.expect(201);
    }
    for (client, prefix) in [(&kanari, "kanari"), (&other, "alia")] {
        let change = json!({"email": format!("{prefix}estonta@example.org"), "password": PASSWORD});
        client.put("/me/email", change).await.expect(202);
        let token = json!({"name": format!("{prefix}jetono"), "scopes": ["me:read"]});
        client.post("/me/tokens", token).await.expect(201);
    }
    World { app, speaks, reviews, kanari, submitted }
}

/// Organizers import a proposal of somebody, as a table; every word of it is personal.
async fn import(event: &Event, prefix: &str) -> Vec<String> {
    let fields = ["titolo", "resumo", "priskribo", "notoj", "rolo", "domo", "biografio", "adreso"];
    let words = fields.map(|field| format!("{prefix}{field}"));
    let header = "title,abstract,description,notes,speakers,speaker_affiliations,speaker_bios,speaker_emails";
    let table = format!("{header}\n{}@example.org\n", words.join(","));
    let request = event.organizer.request(Method::POST, &event.path("/imports"));
    let request = request.insert_header(("content-type", "application/octet-stream"));
    let request = request.insert_header(("idempotency-key", "import"));
    event.organizer.send(request.set_payload(table)).await.expect(200);
    words.to_vec()
}

impl World {
    async fn decide(&self, decision: &str) -> Value {
        let path = self.speaks.path(&format!("/proposals/{}/decision", self.submitted));
        self.speaks.organizer.put(&path, json!({"decision": decision})).await.expect(200);
        let preview = self.speaks.organizer.get(&self.speaks.path("/publications/preview")).await.expect(200).json();
        let publish = json!({"version": preview["version"]});
        self.speaks.organizer.post(&self.speaks.path("/publications"), publish).await.expect(201).json()
    }

    async fn publish(&self, decision: &str) {
        self.decide(decision).await;
        self.app.advance(Duration::from_mins(1));
        assert_eq!(callboard::jobs::release_due(&self.app.board).await.unwrap(), 1);
    }
}
