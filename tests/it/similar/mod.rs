//! Near-duplicates: what is found, and who is told of it.

mod committee;
mod pages;
mod past;
mod speaker;

use crate::harness::{Client, seed::Event};
use serde_json::{Value, json};

pub const VACUUM: &str = "Vacuum is the part of PostgreSQL that nobody loves and everybody needs. In this talk we look at what \
    it does to your tables, why it falls behind when you need it most, and how to tell before it is too late. You go home \
    with three queries to run on Monday morning.";

/// Much of it rewritten.
pub const REWRITTEN: &str = "A hands-on session for beginners. In this talk we look at what it does to your tables, why it falls behind \
    when you need it most, and how to tell before it is too late. Bring a laptop and a database that you may break.";

pub const OTHER: &str = "Indexes make reads fast and writes slow, and the planner does not care what you think about that. We go through \
    a dozen real plans and learn to read them from the inside out, without a single slide of theory.";

pub async fn submit(event: &Event, speaker: &Client, title: &str, abstract_: &str) -> Value {
    let proposal = json!({"title": title, "abstract": abstract_, "submit": true});
    speaker.post(&event.mine(""), proposal).await.expect(201).json()
}

pub async fn draft(event: &Event, speaker: &Client, title: &str, abstract_: &str) -> Value {
    let proposal = json!({"title": title, "abstract": abstract_, "submit": false});
    speaker.post(&event.mine(""), proposal).await.expect(201).json()
}

/// What the speaker is told about an own proposal: kinds and titles.
pub async fn told(event: &Event, speaker: &Client, proposal: &Value) -> Vec<(String, String)> {
    let path = event.mine(&format!("/{}/similar", proposal["code"].as_str().unwrap()));
    kinds(&speaker.get(&path).await.expect(200).json()["items"])
}

pub fn kinds(similar: &Value) -> Vec<(String, String)> {
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    similar.as_array().unwrap().iter().map(|of| (text(&of["kind"]), text(&of["title"]))).collect()
}

pub fn one(kind: &str, title: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), title.to_owned())]
}

/// Accepts a proposal and tells everybody.
pub async fn publish(app: &crate::harness::TestApp, event: &Event, proposal: &Value) {
    event.decide(proposal["code"].as_str().unwrap(), "accepted").await;
    event.publish().await;
    app.advance(std::time::Duration::from_mins(1));
    assert_eq!(callboard::jobs::release_due(&app.board).await.unwrap(), 1);
}
