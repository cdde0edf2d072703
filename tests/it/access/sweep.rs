//! Fetches every recorded GET route and looks for words that must not be there.

use crate::harness::{Client, TestApp, seed::Event};
use actix_web::http::Method;

/// Everything that can stand in a path.
pub struct Sweep(Vec<(&'static str, Vec<String>)>);

impl Sweep {
    pub async fn new(event: &Event, mut codes: Vec<String>, refs: Vec<String>) -> Sweep {
        let mut ids = vec!["ZZZZZZZZZZ".to_owned()];
        for list in ["/formats", "/tracks", "/criteria", "/phases", "/invitations"] {
            codes.extend(event.codes(list).await);
        }
        for list in ["/members", "/mails", "/publications", "/conflicts", "/assignments"] {
            ids.extend(event.codes(list).await);
        }
        Sweep::of(event, codes, refs, ids)
    }

    /// With these values and no other.
    pub fn of(event: &Event, codes: Vec<String>, refs: Vec<String>, ids: Vec<String>) -> Sweep {
        let files = ["talks", "proposals", "speakers", "reviews"].iter();
        let files = files.flat_map(|table| [format!("{table}.csv"), format!("{table}.json")]);
        Sweep(vec![
            ("{event}", vec![event.slug.clone()]),
            ("{slug}", vec![event.slug.clone()]),
            ("{code}", codes),
            ("{ref}", refs),
            ("{id}", ids),
            ("{file}", files.collect()),
            ("{number}", vec!["1".into(), "2".into()]),
            ("{token}", vec!["z".repeat(32)]),
        ])
    }

    fn paths(&self, pattern: &str) -> Vec<String> {
        let mut paths = vec![pattern.to_owned()];
        for (name, values) in &self.0 {
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
        for route in app.board.routes.iter().filter(|route| route.method == Method::GET) {
            for path in self.paths(&route.path) {
                let answer = client.send(client.request(Method::GET, "").uri(&path)).await;
                lines.push(format!("{path} {}", answer.whole()));
            }
        }
        lines
    }

    /// Every hit in what the client can fetch, headers included.
    pub async fn hits(&self, app: &TestApp, client: &Client, words: &[&str]) -> Vec<String> {
        let mut hits = vec![];
        for route in app.board.routes.iter().filter(|route| route.method == Method::GET) {
            for path in self.paths(&route.path) {
                let answer = client.send(client.request(Method::GET, "").uri(&path)).await;
                let whole = format!("{:?}\n{}", answer.headers, answer.text());
                hits.extend(found(&whole, words).map(|word| format!("{word} in {path}")));
            }
        }
        hits
    }
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
