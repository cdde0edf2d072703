//! Events, teams and proposals for tests, made over the API as people make them.

use super::{Client, TestApp, address};
use serde_json::{Value, json};

/// A public event whose call is open until 2025-02-10T08:00:00Z.
#[derive(Clone)]
pub struct Event {
    pub slug: String,
    /// Who made it.
    pub organizer: Client,
}

pub const CLOSES: &str = "2025-02-10T08:00:00Z";
pub const LAST_MICROSECOND: &str = "2025-02-10T07:59:59.999999Z";

impl TestApp {
    pub async fn event(&self, slug: &str) -> Event {
        let organizer = self.admin().await;
        let event = json!({"slug": slug, "name": format!("The {slug}"), "zone": "America/Los_Angeles",
            "visibility": "public", "contact_email": "team@example.org"});
        organizer.post("/events", event).await.expect(201);
        let deadline = json!({"deadline": {"local": "2025-02-09T23:59", "zone": "America/Los_Angeles"}});
        organizer.patch(&format!("/events/{slug}/call"), deadline).await.expect(200);
        Event { slug: slug.to_owned(), organizer }
    }

    /// Somebody with a verified address who has accepted an invitation to the team.
    pub async fn member(&self, name: &str, event: &Event, role: &str) -> Client {
        let client = self.speaker(name).await;
        self.join(&client, name, event, role).await;
        client
    }

    /// As `member`, with a role that is limited to these tracks.
    pub async fn member_of(&self, name: &str, event: &Event, role: &str, tracks: &[&str]) -> Client {
        let client = self.speaker(name).await;
        self.join_by(&client, name, event, json!({"email": address(name), "role": role, "tracks": tracks})).await;
        client
    }

    pub async fn join(&self, client: &Client, name: &str, event: &Event, role: &str) {
        self.join_by(client, name, event, json!({"email": address(name), "role": role})).await;
    }

    async fn join_by(&self, client: &Client, name: &str, event: &Event, invitation: Value) {
        event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
        let token = self.link_mailed_to(name, "invitation").await;
        client.post("/invitations/accept", json!({"token": token})).await.expect(200);
    }

    pub async fn reviewer(&self, name: &str, event: &Event) -> Client {
        self.member(name, event, "reviewer").await
    }
}

impl Event {
    pub fn path(&self, below: &str) -> String {
        format!("/events/{}{below}", self.slug)
    }

    pub fn mine(&self, below: &str) -> String {
        self.path(&format!("/my/proposals{below}"))
    }

    /// Submits a proposal; answers the speaker's view of it.
    pub async fn submit(&self, speaker: &Client, title: &str) -> Value {
        speaker.post(&self.mine(""), proposal(title)).await.expect(201).json()
    }

    pub async fn draft(&self, speaker: &Client, title: &str) -> String {
        let mut draft = proposal(title);
        draft["submit"] = json!(false);
        code(&speaker.post(&self.mine(""), draft).await.expect(201).json())
    }

    /// The codes or ids in one of the organizer's lists.
    pub async fn codes(&self, list: &str) -> Vec<String> {
        let items = self.organizer.get(&self.path(list)).await.expect(200).json();
        let items = items["items"].as_array().unwrap().iter();
        items.map(|item| item.get("code").unwrap_or(&item["id"]).as_str().unwrap().to_owned()).collect()
    }

    /// Adds a track; answers its code.
    pub async fn track(&self, name: &str) -> String {
        code(&self.organizer.post(&self.path("/tracks"), json!({"name": name})).await.expect(201).json())
    }

    /// As `submit`, into a track.
    pub async fn submit_to(&self, track: &str, speaker: &Client, title: &str) -> Value {
        let mut proposal = proposal(title);
        proposal["track"] = json!(track);
        speaker.post(&self.mine(""), proposal).await.expect(201).json()
    }

    /// The path of a member.
    pub async fn member_path(&self, name: &str) -> String {
        let members = self.organizer.get(&self.path("/members")).await.expect(200).json();
        let found = members["items"].as_array().unwrap().iter().find(|member| member["email"] == address(name));
        self.path(&format!("/members/{}", code(found.unwrap())))
    }

    /// What organizers see of a proposal.
    pub async fn seen(&self, code: &str) -> Value {
        self.organizer.get(&self.path(&format!("/proposals/{code}"))).await.expect(200).json()
    }
}

/// A body that submits at once.
pub fn proposal(title: &str) -> Value {
    json!({"title": title, "abstract": format!("All about {title}."), "description": "An outline.", "submit": true})
}

pub fn code(proposal: &Value) -> String {
    proposal["code"].as_str().unwrap().to_owned()
}
