//! Events, teams, invitations and the first page.

mod create;
mod home;
mod invitations;
mod pages;
mod settings;
pub mod setup_pages;
mod slugs;
mod team;

use crate::harness::{Client, TestApp};
use serde_json::{Value, json};

/// A new event of the admin, who is its organizer.
pub async fn event(app: &TestApp, slug: &str) -> Client {
    let admin = app.admin().await;
    admin.post("/events", new_event(slug)).await.expect(201);
    admin
}

pub fn new_event(slug: &str) -> Value {
    json!({"slug": slug, "name": "POSETTE 2025", "zone": "America/Los_Angeles", "visibility": "public"})
}

/// A verified account that accepted an invitation to `role`.
pub async fn member(app: &TestApp, slug: &str, name: &str, role: &str) -> Client {
    let client = app.speaker(name).await;
    join(app, slug, &client, name, role).await;
    client
}

pub async fn join(app: &TestApp, slug: &str, client: &Client, name: &str, role: &str) {
    invite(app, slug, name, role).await;
    let token = app.link_mailed_to(name, "invitation").await;
    client.post("/invitations/accept", json!({"token": token})).await.expect(200);
}

pub async fn invite(app: &TestApp, slug: &str, name: &str, role: &str) {
    let invitation = json!({"email": crate::harness::address(name), "role": role});
    app.admin().await.post(&format!("/events/{slug}/invitations"), invitation).await.expect(201);
}

/// The account codes of the team, by name.
pub async fn code_of(organizer: &Client, slug: &str, name: &str) -> String {
    let team = organizer.get(&format!("/events/{slug}/members")).await.expect(200).json();
    let member = team["items"].as_array().unwrap().iter().find(|member| member["name"] == name).unwrap();
    member["code"].as_str().unwrap().to_owned()
}
