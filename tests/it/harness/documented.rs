//! Holds every answer of every test against the OpenAPI document: the status stands there, what is answered fits its
//! schema, its headers are there, and a problem has one of the codes that the operation lists.

use super::{Response, schema::Schemas};
use serde_json::Value;
use std::sync::OnceLock;

/// The document that the code makes, the same for all tests.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| callboard::routes().unwrap().document())
}

/// Answers of no route (404, 405) have no operation to stand in.
pub fn check(method: &str, pattern: Option<&str>, answer: &Response) {
    // Browsers ask before scripts of other sites read.
    if (method, answer.status.as_u16()) == ("OPTIONS", 204) {
        return;
    }
    let Some(pattern) = pattern.filter(|pattern| pattern.starts_with("/api/v1")) else { return };
    let (status, what) = (answer.status.as_u16(), format!("{method} {pattern} answered {}", answer.status.as_u16()));
    let content_type = answer.header("content-type");
    if status >= 400 {
        assert_eq!(content_type, "application/problem+json", "{what}");
    }
    let method = if method == "HEAD" { "GET" } else { method };
    let operation = &document()["paths"][pattern][method.to_lowercase()];
    if operation.is_null() {
        assert_eq!(status, 405, "{what} and is not documented");
        return;
    }
    let documented = &operation["responses"][status.to_string()];
    assert!(documented.is_object(), "{what}, which its document does not know");
    for (name, header) in documented["headers"].as_object().unwrap() {
        let header = document().pointer(&header["$ref"].as_str().unwrap()[1..]).unwrap();
        let stands = answer.headers.contains_key(name) || header["required"] == false;
        assert!(stands, "{what} without {name}");
    }
    let Some(content) = documented["content"].as_object() else {
        assert!(answer.body.is_empty(), "{what} with a body");
        return;
    };
    let essence = content_type.split(';').next().unwrap();
    let media = content.get(essence).unwrap_or_else(|| panic!("{what} as {content_type}"));
    if answer.body.is_empty() || !essence.ends_with("json") {
        return;
    }
    let body = answer.json();
    if let Some(codes) = media["examples"].as_object() {
        let code = body["code"].as_str().unwrap();
        assert!(codes.contains_key(code), "{what} {code}, which its document does not know");
    }
    let schemas = Schemas(document());
    schemas.check(&media["schema"], &body, "").unwrap_or_else(|wrong| panic!("{what}, and {wrong}: {body}"));
}
