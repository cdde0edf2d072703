//! Imports over the API: what they make, that they change nothing the second time, and what they leave alone.

mod categories;
mod files;
mod languages;
mod pages;
mod past;
mod people;
mod reviews;

use crate::harness::{Client, Response, TestApp, seed::Event};
use actix_web::http::Method;
use serde_json::{Value, json};

impl Event {
    pub async fn upload(&self, who: &Client, query: &str, file: &[u8]) -> Response {
        let request = who.request(Method::POST, &self.path(&format!("/imports?{query}")));
        let request = request.insert_header(("content-type", "application/octet-stream"));
        who.send(request.set_payload(file.to_vec())).await
    }

    /// The report of an import that goes through.
    async fn import(&self, query: &str, file: &str) -> Value {
        self.upload(&self.organizer, query, file.as_bytes()).await.expect(200).json()
    }

    async fn exported(&self, file: &str) -> Response {
        self.organizer.get(&self.path(&format!("/exports/{file}"))).await.expect(200)
    }

    /// The proposals of the event by title.
    async fn titles(&self) -> Vec<String> {
        let list = self.exported("proposals.json").await.json();
        let mut titles: Vec<String> =
            list.as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect();
        titles.sort();
        titles
    }
}

/// `[created, updated, unchanged, kept, skipped, refused]`.
fn counts(report: &Value) -> [u64; 6] {
    ["created", "updated", "unchanged", "kept", "skipped", "refused"]
        .map(|name| report["counts"][name].as_u64().unwrap())
}

fn outcomes(report: &Value) -> Vec<&str> {
    report["rows"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect()
}

async fn stage() -> (TestApp, Event) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    (app, event)
}

/// What Sessionize answers for a small event in several scripts.
fn sessionize() -> Value {
    let session = |id: &str, title: &str, speakers: &[&str], items: &[i64]| {
        json!({"id": id, "title": title, "description": format!("Über {title}.\r\nمرحبا 👩‍💻"), "isServiceSession": false,
            "speakers": speakers, "categoryItems": items, "questionAnswers": [], "status": "Accepted"})
    };
    let person = |id: &str, name: &str| {
        json!({"id": id, "firstName": name, "lastName": "", "fullName": name, "bio": "生物", "tagLine": "École",
            "links": [{"title": "Blog", "url": "https://example.org/b", "linkType": "Blog"}], "sessions": []})
    };
    json!({
        "sessions": [
            session("1", "日本語のタイトル", &["a"], &[10, 20]),
            session("2", "=Formeln & Straßen", &["a", "b"], &[11, 30]),
            {"id": "lunch", "title": "Lunch", "description": null, "isServiceSession": true, "speakers": []}
        ],
        "speakers": [person("a", "Ada Ünïq"), person("b", "李小龙")],
        "questions": [],
        "categories": [
            {"id": 1, "title": "Session format", "items": [{"id": 10, "name": "Talk"}, {"id": 11, "name": "Workshop 90"}]},
            {"id": 2, "title": "Track", "items": [{"id": 20, "name": "Core"}]},
            {"id": 3, "title": "Level", "items": [{"id": 30, "name": "Deep"}]}
        ],
        "rooms": []
    })
}
