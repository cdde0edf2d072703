//! How reviews become a ranking: the figures, who sees which of them, and what is kept.

mod keeping;
mod pages;
mod seeing;
mod showing;

use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use serde_json::{Value, json};

/// The reference example of docs/REVIEWING.md: eight proposals, four reviewers, scores from 1 to 5.
const REFERENCE: [(&str, [Option<i64>; 4]); 8] = [
    ("A", [Some(4), Some(4), Some(4), None]),
    ("B", [Some(5), Some(4), None, Some(2)]),
    ("C", [Some(4), None, Some(4), Some(2)]),
    ("D", [None, Some(3), Some(4), Some(1)]),
    ("E", [Some(3), Some(3), None, Some(1)]),
    ("F", [Some(2), None, Some(3), Some(1)]),
    ("G", [None, Some(3), Some(3), Some(1)]),
    ("H", [Some(3), Some(3), Some(3), None]),
];

struct World {
    app: TestApp,
    event: Event,
    speaker: Client,
    reviewers: Vec<Client>,
    /// The codes of A to H.
    codes: Vec<String>,
}

async fn world() -> World {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let speaker = app.speaker("ada").await;
    let mut reviewers = vec![];
    for name in ["r1", "r2", "r3", "r4"] {
        reviewers.push(app.reviewer(name, &event).await);
    }
    let mut codes = vec![];
    for (title, scores) in REFERENCE {
        let proposal = code(&event.submit(&speaker, title).await);
        for (reviewer, score) in reviewers.iter().zip(scores) {
            if let Some(score) = score {
                review(&event, reviewer, &proposal, score).await;
            }
        }
        codes.push(proposal);
    }
    World { app, event, speaker, reviewers, codes }
}

/// Scores a proposal on the event's first criterion.
async fn review(event: &Event, reviewer: &Client, proposal: &str, score: i64) {
    let reference = event.seen(proposal).await["ref"].as_str().unwrap().to_owned();
    let criterion = event.codes("/criteria").await.remove(0);
    let path = event.path(&format!("/reviewing/proposals/{reference}/review"));
    reviewer.put(&path, json!({"scores": {criterion: score}})).await.expect(200);
}

impl World {
    async fn ranking(&self, query: &str) -> Value {
        read(&self.event.organizer, &self.event, &format!("/ranking{query}")).await
    }
}

async fn read(client: &Client, event: &Event, below: &str) -> Value {
    client.get(&event.path(below)).await.expect(200).json()
}

fn items(ranking: &Value) -> &[Value] {
    ranking["items"].as_array().unwrap()
}

/// The titles from the best to the worst.
fn order(ranking: &Value) -> String {
    items(ranking).iter().map(|item| item["title"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

fn ranks(ranking: &Value) -> Vec<i64> {
    items(ranking).iter().map(|item| item["rank"].as_i64().unwrap()).collect()
}

fn of<'r>(ranking: &'r Value, title: &str) -> &'r Value {
    items(ranking).iter().find(|item| item["title"] == title).unwrap()
}
