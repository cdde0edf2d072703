mod assignments;
mod comments;
mod conflicts;
mod criteria;
mod drafts;
mod hints;
mod organizing;
mod pages;
mod phases;
mod plan;
mod progress;
mod races;
mod seeing;
mod summaries;
mod writing;

use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use serde_json::{Value, json};

/// A proposal by its two names.
struct Proposal {
    code: String,
    reference: String,
}

impl Event {
    async fn propose(&self, speaker: &Client, title: &str) -> Proposal {
        let code = code(&self.submit(speaker, title).await);
        let reference = self.seen(&code).await["ref"].as_str().unwrap().to_owned();
        Proposal { code, reference }
    }

    fn reviewing(&self, below: &str) -> String {
        self.path(&format!("/reviewing{below}"))
    }

    fn of(&self, proposal: &Proposal, below: &str) -> String {
        self.reviewing(&format!("/proposals/{}{below}", proposal.reference))
    }

    /// The codes of the criteria, in their order.
    async fn criteria(&self) -> Vec<String> {
        let list = self.organizer.get(&self.path("/criteria")).await.expect(200).json();
        list["items"].as_array().unwrap().iter().map(code).collect()
    }

    async fn add_criterion(&self, name: &str, weight: f64) -> String {
        let new = json!({"name": name, "weight": weight});
        code(&self.organizer.post(&self.path("/criteria"), new).await.expect(201).json())
    }

    /// Reviews a proposal with these scores, in the order of the criteria.
    async fn score(&self, reviewer: &Client, proposal: &Proposal, scores: &[i64]) -> Value {
        let scores = scores_of(&self.criteria().await, scores);
        reviewer.put(&self.of(proposal, "/review"), json!({"scores": scores})).await.expect(200).json()
    }

    async fn abstain(&self, reviewer: &Client, proposal: &Proposal) {
        reviewer.put(&self.of(proposal, "/review"), json!({"abstain": true})).await.expect(200);
    }

    /// Takes all roles from somebody.
    async fn remove(&self, name: &str) {
        let team = self.organizer.get(&self.path("/members")).await.expect(200).json();
        let member = team["items"].as_array().unwrap().iter().find(|member| member["name"] == name).unwrap();
        let id = member["code"].as_str().unwrap();
        self.organizer.delete(&self.path(&format!("/members/{id}"))).await.expect(204);
    }

    /// All reviews of a proposal and their summary, as an organizer sees them.
    async fn all_reviews(&self, proposal: &Proposal) -> Value {
        self.organizer.get(&self.path(&format!("/proposals/{}/reviews", proposal.code))).await.expect(200).json()
    }
}

fn scores_of(criteria: &[String], scores: &[i64]) -> Value {
    criteria.iter().cloned().zip(scores.iter().map(|score| json!(score))).collect::<serde_json::Map<_, _>>().into()
}

fn references(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["ref"].as_str().unwrap()).collect()
}

/// An event with a reviewer, and a speaker with a proposal.
async fn stage() -> (TestApp, Event, Client, Proposal) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let rita = app.reviewer("rita", &event).await;
    let proposal = event.propose(&app.speaker("ada").await, "Engines").await;
    (app, event, rita, proposal)
}
