//! Private decisions, publications, confirmations, and what happens when a proposal leaves between them.

mod confirming;
mod deciding;
mod holding;
mod leaving;
mod pages;
mod publishing;
mod races;
mod recalled;
mod returning;
mod together;

use crate::harness::{Client, TestApp, seed::Event};
use callboard::{
    jobs,
    mail::{MailState, outbox::Mail},
    secrets,
};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a publication waits in these tests.
const DELAY: Duration = Duration::from_mins(1);
const JUST_BEFORE: Duration = Duration::from_micros(59_999_999);
const INSTANT: Duration = Duration::from_micros(1);

impl Event {
    pub async fn decide(&self, code: &str, decision: &str) {
        let path = self.path(&format!("/proposals/{code}/decision"));
        self.organizer.put(&path, json!({"decision": decision})).await.expect(200);
    }

    async fn preview(&self) -> Value {
        self.organizer.get(&self.path("/publications/preview")).await.expect(200).json()
    }

    async fn version(&self) -> Value {
        json!({"version": self.preview().await["version"]})
    }

    /// Publishes what is pending; answers the publication, which waits.
    pub async fn publish(&self) -> Value {
        let version = self.version().await;
        self.organizer.post(&self.path("/publications"), version).await.expect(201).json()
    }

    async fn publication(&self, publication: &Value) -> Value {
        let id = publication["id"].as_str().unwrap();
        self.organizer.get(&self.path(&format!("/publications/{id}"))).await.expect(200).json()
    }

    fn stop(&self, publication: &Value) -> String {
        self.path(&format!("/publications/{}/stop", publication["id"].as_str().unwrap()))
    }

    /// Publishes and lets the time pass until everybody knows.
    pub async fn tell(&self, app: &TestApp) -> Value {
        let publication = self.publish().await;
        app.advance(DELAY);
        assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
        publication
    }

    /// The speaker's own view.
    async fn mine_of(&self, speaker: &Client, code: &str) -> Value {
        speaker.get(&self.mine(&format!("/{code}"))).await.expect(200).json()
    }
}

impl TestApp {
    /// The mails of publications to `name`, oldest first.
    async fn decision_mails(&self, name: &str) -> Vec<Mail> {
        let mut mails = vec![];
        for kind in ["acceptance", "waitlist", "rejection"] {
            mails.extend(self.mails_to(name, kind).await);
        }
        mails.sort_by_key(|mail| mail.id);
        mails
    }

    /// Those that have neither been sent nor been canceled.
    async fn live_decision_mails(&self, name: &str) -> Vec<Mail> {
        let mut mails = self.decision_mails(name).await;
        mails.retain(|mail| mail.state != MailState::Canceled);
        mails
    }
}

fn states(mails: &[Mail]) -> Vec<MailState> {
    mails.iter().map(|mail| mail.state).collect()
}

/// A mail's text as people may look at it.
fn shown(mail: &Mail) -> String {
    secrets::mask_markers(&mail.body_text)
}
