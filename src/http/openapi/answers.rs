//! What all answers have in common: headers, and problems with an example for each code.

use super::{object_at, operations};
use crate::error::Code;
use serde_json::{Map, Value, json};

/// A header: its name in the components, whether it is always there, what it says, an example.
type Header = (&'static str, bool, &'static str, &'static str);

const HEADERS: &[Header] = &[
    ("X-Request-Id", true, "Under which the operator finds this request in the log.", "8ZL34BS9RJPE"),
    (
        "RateLimit-Policy",
        false,
        "The limits that the request was counted for: `q` requests in `w` seconds. Not there where limits are off.",
        "\"address\";q=1200;w=60",
    ),
    (
        "RateLimit",
        false,
        "Of the limits that are the client's own: `r` more requests are taken now, all of them again after `t` seconds.",
        "\"address\";r=1199;t=1",
    ),
    ("Retry-After", true, "After how many seconds to send it again.", "2"),
    ("WWW-Authenticate", true, "Always `Bearer`.", "Bearer"),
    ("Allow", true, "The methods that this path takes.", "GET, POST, HEAD"),
    ("ETag", true, "The version of the resource, for `If-Match`.", "\"7\""),
    ("Location", true, "The path of what was created, or of the list that holds it.", "/api/v1/events/posette2025"),
    (
        "Link",
        false,
        "The next page, with `rel=\"next\"`; not there on the last one.",
        "</api/v1/events?cursor=MjAyNQ>; rel=\"next\"",
    ),
    (
        "Idempotent-Replayed",
        false,
        "`true` where the request with this `Idempotency-Key` was answered before, and this is that answer.",
        "true",
    ),
    ("Content-Disposition", true, "The name of the file.", "attachment; filename=\"posette2025-talks.csv\""),
    ("Cache-Control", true, "Who may keep it, for how long.", "public, max-age=300"),
];

/// Each answer refers to its headers, which stand once among the components.
pub(super) fn add_headers(document: &mut Value) {
    for operation in operations(document) {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let is_once = parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "Idempotency-Key"));
        let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, answer) in answers.into_iter().flatten() {
            add_to(status, is_once, answer);
        }
    }
    for (name, answer) in object_at(document, "/components/responses").into_iter().flatten() {
        add_to(if name == "MethodNotAllowed" { "405" } else { "404" }, false, answer);
    }
    let described = |(name, required, says, example): &Header| {
        let schema = json!({"type": "string"});
        let header = json!({"description": says, "required": required, "schema": schema, "example": example});
        ((*name).to_owned(), header)
    };
    if let Some(components) = object_at(document, "/components") {
        let mut headers: Map<String, Value> = HEADERS.iter().map(described).collect();
        // Not everything that is created can be edited.
        let mut etag = headers.get("ETag").cloned().unwrap_or_default();
        if let Some(etag) = etag.as_object_mut() {
            etag.insert("required".to_owned(), json!(false));
        }
        headers.insert(ETAG_OF_NEW.to_owned(), etag);
        components.insert("headers".to_owned(), Value::Object(headers));
    }
}

const ETAG_OF_NEW: &str = "ETagOfNew";

fn add_to(status: &str, is_once: bool, answer: &mut Value) {
    let own = answer.get("headers").and_then(Value::as_object);
    let mut names: Vec<String> = own.into_iter().flat_map(Map::keys).cloned().collect();
    let more: &[&str] = match status {
        "401" => &["WWW-Authenticate"],
        "405" => &["Allow"],
        "429" | "503" => &["Retry-After"],
        success if is_once && success.starts_with('2') => &["Idempotent-Replayed"],
        _ => &[],
    };
    names.extend(["X-Request-Id", "RateLimit-Policy", "RateLimit"].iter().chain(more).map(|name| (*name).to_owned()));
    let reference = |name: String| {
        let target = if name == "ETag" && status == "201" { ETAG_OF_NEW } else { &name };
        let reference = json!({"$ref": format!("#/components/headers/{target}")});
        (name, reference)
    };
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("headers".to_owned(), names.into_iter().map(reference).collect());
    }
}

/// A problem with this code, as the server would answer it.
pub(super) fn example(code: Code) -> Value {
    let mut problem = json!({
        "type": format!("urn:callboard:problem:{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
        "code": code.as_str(),
        "request_id": "8ZL34BS9RJPE",
    });
    let more = match code {
        Code::Invalid => json!({"errors": [
            {"field": "title", "code": "too_long", "message": "must have at most 200 characters; it has 214"},
        ]}),
        Code::CallClosed => json!({
            "detail": "It was Saturday 8 February 2025, 11:59 PM PST (UTC−8): proposals had to arrive before 2025-02-09T08:00:00Z.",
        }),
        Code::ScopeMissing => json!({"detail": "This takes a token with the scope `proposals:read`."}),
        Code::NotFound => json!({"detail": "It does not exist, or you may not see it."}),
        Code::PreviewOutdated => json!({"detail": "Look at the preview again, then apply its version."}),
        Code::Busy => json!({"detail": "Nothing was stored. Try again in a moment."}),
        Code::Unknown => json!({"detail": "It may or may not be stored. Look before you send it again."}),
        _ => json!({}),
    };
    if let (Some(problem), Value::Object(more)) = (problem.as_object_mut(), more) {
        problem.extend(more);
    }
    problem
}
