//! Holds every answer of every test against the OpenAPI document: the status stands there, and errors are problems.

use callboard::app::Callboard;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Method and path pattern -> the documented statuses.
pub struct Documented(BTreeMap<(String, String), BTreeSet<String>>);

impl Documented {
    pub fn new(board: &Callboard) -> Documented {
        let document: Value = serde_json::from_str(&board.routes.document().to_json().unwrap()).unwrap();
        let mut documented = BTreeMap::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let statuses = operation["responses"].as_object().unwrap().keys().cloned().collect();
                documented.insert((method.to_uppercase(), path.clone()), statuses);
            }
        }
        Documented(documented)
    }

    /// Answers of no route (404, 405) have no operation to stand in.
    pub fn check(&self, method: &str, pattern: Option<&str>, status: u16, content_type: &str) {
        let Some(pattern) = pattern.filter(|pattern| pattern.starts_with("/api/v1")) else { return };
        if status >= 400 {
            assert_eq!(content_type, "application/problem+json", "{method} {pattern} answered {status}");
        }
        if let Some(statuses) = self.0.get(&(method.to_owned(), pattern.to_owned())) {
            let stands = statuses.contains(&status.to_string());
            assert!(stands, "{method} {pattern} answered {status}, which its document does not know");
        } else {
            assert_eq!(status, 405, "{method} {pattern} is not documented");
        }
    }
}
