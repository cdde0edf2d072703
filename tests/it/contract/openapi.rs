//! The OpenAPI document says everything: each operation, field, failure and example.

use crate::harness::{TestApp, documented::document, schema::Schemas};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

fn operations() -> impl Iterator<Item = (String, &'static Map<String, Value>)> {
    let paths = document()["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), operation.as_object().unwrap())
        })
    })
}

fn text<'v>(value: &'v Value, what: &str) -> &'v str {
    value.as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("{what}"))
}

fn codes_of(answer: &Value) -> impl Iterator<Item = &str> {
    let examples = answer.pointer("/content/application~1problem+json/examples").and_then(Value::as_object);
    examples.into_iter().flat_map(Map::keys).map(String::as_str)
}

fn codes(operation: &Map<String, Value>) -> BTreeSet<&str> {
    operation["responses"].as_object().unwrap().values().flat_map(codes_of).collect()
}

fn parameters(operation: &Map<String, Value>) -> BTreeSet<&str> {
    let all = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    all.map(|parameter| parameter["name"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn the_server_serves_what_is_committed() {
    let app = TestApp::new().await;
    let served = app.anonymous().get("/openapi.json").await.expect(200).json();
    assert_eq!(&served, document());
}

#[test]
fn every_operation_says_what_it_is_and_who_may() {
    let mut ids = BTreeSet::new();
    for (name, operation) in operations() {
        for field in ["summary", "description", "operationId"] {
            text(&operation[field], &format!("{name} has no {field}"));
        }
        assert!(ids.insert(operation["operationId"].as_str()), "{name} has the id of another operation");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}");
        let security = operation["security"].as_array().unwrap();
        let needs_somebody = codes(operation).contains("sign_in_required");
        assert_eq!(
            needs_somebody,
            security.iter().all(|way| way.get("session").is_some() || way.get("token").is_some()),
            "{name}"
        );
        let by_token = security.iter().any(|way| way.get("token").is_some_and(|scopes| scopes[0].is_string()));
        assert_eq!(by_token, codes(operation).contains("scope_missing"), "{name}");
        assert_eq!(needs_somebody && !by_token, codes(operation).contains("session_only"), "{name}");
    }
}

/// What can be told from the rest of an operation.
#[test]
fn nothing_is_documented_that_cannot_happen() {
    for (name, operation) in operations() {
        let (codes, parameters) = (codes(operation), parameters(operation));
        let (is_get, is_post) = (name.starts_with("GET"), name.starts_with("POST"));
        let has_body = operation.contains_key("requestBody");
        let holds = |code: &str, can: bool| assert_eq!(codes.contains(code), can, "{name} and {code}");
        holds("bad_cursor", parameters.contains("cursor"));
        holds("key_reused", parameters.contains("Idempotency-Key"));
        holds("stale", parameters.contains("If-Match"));
        holds("version_required", parameters.contains("If-Match") && !name.starts_with("DELETE"));
        holds("media_type", has_body);
        holds("too_large", has_body || parameters.contains("Idempotency-Key"));
        holds("malformed", has_body || parameters.contains("Idempotency-Key"));
        holds("unknown_outcome", !is_get);
        assert!(is_post || !parameters.contains("Idempotency-Key"), "{name}");
        for always in ["too_many", "internal", "busy"] {
            holds(always, true);
        }
        holds("other_site", false);
        holds("method_not_allowed", false);
        let of_reading = ["own_review_first", "not_in_phase"];
        let conflicts = &operation["responses"]["409"];
        assert!(!is_get || codes_of(conflicts).all(|code| of_reading.contains(&code)), "{name}");
    }
}

fn walk<'v>(schema: &'v Value, at: &str, found: &mut dyn FnMut(&str, &'v Value)) {
    for parts in ["allOf", "oneOf", "anyOf"] {
        for part in schema[parts].as_array().into_iter().flatten() {
            walk(part, at, found);
        }
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        found(&format!("{at}.{name}"), field);
        walk(field, &format!("{at}.{name}"), found);
    }
    for part in ["items", "additionalProperties"] {
        if schema[part].is_object() {
            walk(&schema[part], at, found);
        }
    }
}

#[test]
fn every_field_and_parameter_says_what_it_is() {
    let mut silent = vec![];
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        walk(schema, name, &mut |at, field| {
            if field["description"].as_str().is_none_or(str::is_empty) {
                silent.push(at.to_owned());
            }
        });
    }
    for (name, operation) in operations() {
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                silent.push(format!("{name} {}", parameter["name"]));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new(), "src/http/openapi/words.json holds what names mean");
}

/// Pictures and sheets are no text to look at.
const WITHOUT_EXAMPLE: [&str; 4] =
    ["image/jpeg", "image/png", "image/webp", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];

#[test]
fn every_body_and_answer_has_an_example_that_fits() {
    let schemas = Schemas(document());
    let mut wrong = vec![];
    for (name, operation) in operations() {
        let answers =
            operation["responses"].as_object().unwrap().iter().map(|(status, answer)| (status.as_str(), answer));
        let body = operation.get("requestBody").map(|body| ("body", body));
        for (part, holder) in answers.chain(body) {
            for (content_type, media) in holder.get("content").and_then(Value::as_object).into_iter().flatten() {
                let several = media["examples"].as_object().into_iter().flat_map(Map::values).map(|example| {
                    let target = example["$ref"].as_str().unwrap();
                    &document().pointer(&target[1..]).unwrap()["value"]
                });
                let examples: Vec<&Value> = media.get("example").into_iter().chain(several).collect();
                if examples.is_empty() && !WITHOUT_EXAMPLE.contains(&content_type.as_str()) {
                    wrong.push(format!("{name} {part} has no example"));
                }
                for example in examples {
                    if let Err(what) = schemas.check(&media["schema"], example, "") {
                        wrong.push(format!("{name} {part}: {what}"));
                    }
                }
            }
        }
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            if let Err(what) = schemas.check(&parameter["schema"], &parameter["example"], "") {
                wrong.push(format!("{name} {}: {what}", parameter["name"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
