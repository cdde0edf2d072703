//! An example of every body, answer and parameter, put together from the examples of their fields.

use super::{operations, words::Words};
use serde_json::{Map, Value, json};

/// Nothing in the API is nested so deep.
const DEEPEST: usize = 16;

pub(super) fn add(document: &mut Value, words: &Words) {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let maker = Maker { schemas: &schemas, words };
    for operation in operations(document) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            maker.add_to_parameter(&id, parameter);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            maker.add_to_content(&id, " takes", body);
        }
        for answer in
            operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
        {
            maker.add_to_content(&id, "", answer);
        }
    }
}

struct Maker<'d> {
    schemas: &'d Map<String, Value>,
    words: &'d Words,
}

impl Maker<'_> {
    fn add_to_parameter(&self, operation: &str, parameter: &mut Value) {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let schema = parameter.get("schema").cloned().unwrap_or_default();
        let example = self.field(&schema, operation, &name, 0);
        if let Some(parameter) = parameter.as_object_mut() {
            parameter.insert("example".to_owned(), example);
        }
    }

    /// `part` is what the words call this side of the operation.
    fn add_to_content(&self, operation: &str, part: &str, holder: &mut Value) {
        let content = holder.get_mut("content").and_then(Value::as_object_mut);
        for (content_type, media) in content.into_iter().flatten() {
            let Some(media) = media.as_object_mut() else { continue };
            let own = self.words.example(&format!("{operation}{part} {content_type}"));
            let own = own.or_else(|| self.words.example(content_type));
            let schema = media.get("schema").cloned().unwrap_or_default();
            let is_binary = schema.get("format").is_some_and(|format| format == "binary");
            if !media.contains_key("examples") && (own.is_some() || !is_binary) {
                let example = own.cloned().unwrap_or_else(|| self.make(&schema, operation, 0));
                media.insert("example".to_owned(), example);
            }
        }
    }

    /// `owner` is the schema whose field it is.
    fn field(&self, schema: &Value, owner: &str, name: &str, depth: usize) -> Value {
        if let Some(own) = self.words.example(&format!("{owner}.{name}")) {
            return own.clone();
        }
        match self.words.example(name) {
            Some(usual) if self.is_of_kind(usual, schema) => usual.clone(),
            _ => self.make_named(schema, owner, name, depth),
        }
    }

    /// Of items: as the field that they are in, where that says nothing of the whole.
    fn make_named(&self, schema: &Value, owner: &str, name: &str, depth: usize) -> Value {
        if let Some(items) = schema.get("items") {
            return json!([self.field(items, owner, name, depth + 1)]);
        }
        self.make(schema, owner, depth)
    }

    fn make(&self, schema: &Value, owner: &str, depth: usize) -> Value {
        if depth > DEEPEST {
            return Value::Null;
        }
        if let Some((name, target)) = self.target(schema) {
            let own = self.words.example(name).cloned();
            return own.unwrap_or_else(|| self.make(target, name, depth + 1));
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let made = parts.iter().map(|part| self.make(part, owner, depth + 1));
            let fields = made.filter_map(|made| made.as_object().cloned()).flatten();
            return fields.collect::<Map<_, _>>().into();
        }
        if let Some(first) = alternatives(schema).find(|part| part.get("type").is_none_or(|kind| kind != "null")) {
            return self.make(first, owner, depth + 1);
        }
        if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|texts| texts.first()) {
            return first.clone();
        }
        match kinds(schema).next() {
            Some("object") => self.object(schema, owner, depth),
            Some("array") => json!([self.make(schema.get("items").unwrap_or(&Value::Null), owner, depth + 1)]),
            Some("string") => json!("text"),
            Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(1)),
            Some("number") => schema.get("minimum").cloned().unwrap_or(json!(1.0)),
            Some("boolean") => json!(false),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, owner: &str, depth: usize) -> Value {
        let fields = schema.get("properties").and_then(Value::as_object);
        let made = fields.into_iter().flatten().map(|(name, field)| {
            let value = self.field(field, owner, name, depth + 1);
            (name.clone(), value)
        });
        made.collect::<Map<_, _>>().into()
    }

    fn target<'s>(&self, schema: &'s Value) -> Option<(&'s str, &Value)> {
        let name = schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")?;
        Some((name, self.schemas.get(name)?))
    }

    /// Whether it can be a value of the schema: names are shared by numbers, lists and texts.
    fn is_of_kind(&self, value: &Value, schema: &Value) -> bool {
        if let Some((_, target)) = self.target(schema) {
            return self.is_of_kind(value, target);
        }
        if let Some(texts) = schema.get("enum").and_then(Value::as_array) {
            return texts.contains(value);
        }
        if alternatives(schema).next().is_some() {
            return alternatives(schema).any(|part| self.is_of_kind(value, part));
        }
        let of_kind = kinds(schema).any(|kind| match kind {
            "string" => value.is_string(),
            "integer" => value.is_i64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "null" => value.is_null(),
            _ => false,
        });
        let items = value.as_array().into_iter().flatten();
        of_kind && schema.get("items").is_none_or(|of| items.into_iter().all(|item| self.is_of_kind(item, of)))
    }
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf"].iter().filter_map(move |parts| schema.get(parts)?.as_array()).flatten()
}

fn kinds(schema: &Value) -> impl Iterator<Item = &str> {
    let kind = schema.get("type");
    let several = kind.and_then(Value::as_array).into_iter().flatten();
    kind.into_iter().filter(|kind| kind.is_string()).chain(several).filter_map(Value::as_str)
}
