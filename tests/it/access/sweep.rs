//! Fetches every recorded GET route and looks for words that must not be there.

use crate::harness::{Client, Response, TestApp, seed::Event};
use actix_web::http::Method;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Everything that can stand in a path.
#[derive(Clone)]
pub struct Sweep {
    values: Vec<(&'static str, Vec<String>)>,
    /// Words of the patterns that are left out.
    without: &'static [&'static str],
}

/// Stands for a picture, in which no word could be found.
pub const PICTURE: &str = "kanariportreto";

impl Sweep {
    pub async fn new(event: &Event, mut codes: Vec<String>, refs: Vec<String>) -> Sweep {
        let mut ids = vec!["ZZZZZZZZZZ".to_owned()];
        for list in ["/formats", "/tracks", "/criteria", "/phases", "/invitations"] {
            codes.extend(event.codes(list).await);
        }
        for list in ["/members", "/mails", "/publications", "/conflicts", "/assignments", "/rankings"] {
            ids.extend(event.codes(list).await);
        }
        Sweep::of(event, codes, refs, ids)
    }

    /// With these values and no other.
    pub fn of(event: &Event, codes: Vec<String>, refs: Vec<String>, ids: Vec<String>) -> Sweep {
        let files = ["talks", "proposals", "speakers", "reviews"].iter();
        let files = files.flat_map(|table| ["csv", "json", "xlsx"].map(|format| format!("{table}.{format}")));
        let values = vec![
            ("{event}", vec![event.slug.clone()]),
            ("{slug}", vec![event.slug.clone()]),
            ("{code}", codes),
            ("{ref}", refs),
            ("{id}", ids),
            ("{file}", files.collect()),
            ("{number}", vec!["1".into(), "2".into()]),
            ("{token}", vec!["z".repeat(32)]),
        ];
        Sweep { values, without: &[] }
    }

    /// Without what holds one of these words in its pattern.
    pub fn without(self, without: &'static [&'static str]) -> Sweep {
        Sweep { without, ..self }
    }

    pub fn paths(&self, pattern: &str) -> Vec<String> {
        let mut paths = vec![pattern.to_owned()];
        for (name, values) in &self.values {
            let filled = |path: String| -> Vec<String> {
                if !path.contains(name) {
                    return vec![path];
                }
                values.iter().map(|value| path.replace(name, value)).collect()
            };
            paths = paths.into_iter().flat_map(filled).collect();
        }
        paths
    }

    /// Every answer to what the client can fetch, headers included.
    pub async fn transcript(&self, app: &TestApp, client: &Client) -> Vec<String> {
        let mut lines = vec![];
        // The document says nothing of any event, and is long.
        let told = |path: &str| path != "/api/v1/openapi.json" && !self.without.iter().any(|word| path.contains(word));
        for route in app.board.routes.iter().filter(|route| route.method == Method::GET && told(&route.path)) {
            for path in self.paths(&route.path) {
                let answer = client.send(client.request(Method::GET, "").uri(&path)).await;
                lines.push(format!("GET {path} {}", readable(&answer)));
            }
        }
        lines
    }

    /// Every hit in what the client can fetch, headers included.
    pub async fn hits(&self, app: &TestApp, client: &Client, words: &[&str]) -> Vec<String> {
        let mut hits = vec![];
        for line in self.transcript(app, client).await {
            let path = line.split(' ').nth(1).unwrap_or_default();
            // What was asked for may come back: the own words are no news.
            let answer = line.replacen(path, "", 1);
            hits.extend(found(&answer, words).map(|word| format!("{word} in {path}")));
        }
        hits
    }
}

/// All of an answer: workbooks unpacked, and pictures as a word.
pub fn readable(answer: &Response) -> String {
    if answer.header("content-type") == "image/jpeg" {
        return format!("{}\n{PICTURE}", answer.status);
    }
    if !answer.body.starts_with(b"PK") {
        return answer.whole();
    }
    let mut text = answer.status.to_string();
    let mut files = ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    for place in 0..files.len() {
        let mut file = files.by_index(place).unwrap();
        // When it was made is the machine's own time.
        if !file.name().unwrap().starts_with("docProps") {
            text.push('\n');
            file.read_to_string(&mut text).unwrap();
        }
    }
    text
}

pub fn found<'w>(text: &str, words: &[&'w str]) -> impl Iterator<Item = &'w str> + use<'w> {
    let text = text.to_lowercase();
    let found: Vec<&str> = words.iter().copied().filter(|word| text.contains(word)).collect();
    found.into_iter()
}

/// The words that are in none of the hits.
pub fn missed<'w>(hits: &[String], words: &[&'w str]) -> Vec<&'w str> {
    words.iter().copied().filter(|word| !hits.iter().any(|hit| hit.starts_with(word))).collect()
}
