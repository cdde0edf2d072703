//! As much of JSON Schema as the OpenAPI document uses, but for patterns.

use serde_json::Value;

/// Holds values against the schemas of a document.
pub struct Schemas<'d>(pub &'d Value);

impl Schemas<'_> {
    /// What is wrong with the value, and where.
    pub fn check(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        if let Some(reference) = schema["$ref"].as_str() {
            self.check(self.0.pointer(&reference[1..]).ok_or(format!("there is no {reference}"))?, value, at)?;
        }
        for part in list(&schema["allOf"]) {
            self.check(part, value, at)?;
        }
        let fits = |part: &&Value| self.check(part, value, at).is_ok();
        if schema["oneOf"].is_array() && list(&schema["oneOf"]).filter(fits).count() != 1 {
            return Err(format!("{at} does not fit exactly one of {}", schema["oneOf"]));
        }
        if schema["anyOf"].is_array() && !list(&schema["anyOf"]).any(|part| fits(&part)) {
            return Err(format!("{at} fits none of {}", schema["anyOf"]));
        }
        if schema["enum"].is_array() && !list(&schema["enum"]).any(|choice| choice == value) {
            return Err(format!("{at} is none of {}", schema["enum"]));
        }
        check_kind(&schema["type"], value, at)?;
        match value {
            Value::String(text) => check_text(schema, text, at),
            Value::Number(number) => check_number(schema, number.as_f64().unwrap(), at),
            Value::Array(items) => self.check_items(schema, items, at),
            Value::Object(fields) => self.check_fields(schema, fields, at),
            _ => Ok(()),
        }
    }

    fn check_items(&self, schema: &Value, items: &[Value], at: &str) -> Result<(), String> {
        let count = items.len() as u64;
        if schema["minItems"].as_u64().is_some_and(|least| count < least)
            || schema["maxItems"].as_u64().is_some_and(|most| count > most)
        {
            return Err(format!("{at} has {count} items"));
        }
        if schema["items"].is_object() {
            for (index, item) in items.iter().enumerate() {
                self.check(&schema["items"], item, &format!("{at}[{index}]"))?;
            }
        }
        Ok(())
    }

    fn check_fields(&self, schema: &Value, fields: &serde_json::Map<String, Value>, at: &str) -> Result<(), String> {
        for name in list(&schema["required"]) {
            if !fields.contains_key(name.as_str().unwrap()) {
                return Err(format!("{at} lacks {name}"));
            }
        }
        for (name, value) in fields {
            let (own, more) = (&schema["properties"][name], &schema["additionalProperties"]);
            if schema["propertyNames"].is_object() {
                self.check(&schema["propertyNames"], &Value::String(name.clone()), &format!("the name {at}.{name}"))?;
            }
            if own.is_object() {
                self.check(own, value, &format!("{at}.{name}"))?;
            } else if more == false {
                return Err(format!("{at} knows no {name}"));
            } else if more.is_object() {
                self.check(more, value, &format!("{at}.{name}"))?;
            }
        }
        Ok(())
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn check_kind(kinds: &Value, value: &Value, at: &str) -> Result<(), String> {
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("what is the type {other}?"),
    };
    let fits = match kinds {
        Value::Null => true,
        Value::String(kind) => is(kind),
        several => list(several).any(|kind| is(kind.as_str().unwrap())),
    };
    if fits { Ok(()) } else { Err(format!("{at} is no {kinds}")) }
}

fn check_text(schema: &Value, text: &str, at: &str) -> Result<(), String> {
    let length = text.chars().count() as u64;
    if schema["minLength"].as_u64().is_some_and(|least| length < least)
        || schema["maxLength"].as_u64().is_some_and(|most| length > most)
    {
        return Err(format!("{at} has {length} characters"));
    }
    let fits = match schema["format"].as_str() {
        Some("date-time") => text.parse::<jiff::Timestamp>().is_ok() && text.ends_with('Z'),
        Some("date") => text.parse::<jiff::civil::Date>().is_ok(),
        Some("email") => text.contains('@'),
        Some("uri") => text.parse::<url::Url>().is_ok(),
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("{at} is no {}", schema["format"])) }
}

fn check_number(schema: &Value, number: f64, at: &str) -> Result<(), String> {
    let bound = |name: &str| schema[name].as_f64();
    let fits = bound("minimum").is_none_or(|least| number >= least)
        && bound("maximum").is_none_or(|most| number <= most)
        && bound("exclusiveMinimum").is_none_or(|below| number > below);
    if fits { Ok(()) } else { Err(format!("{at} is out of its range")) }
}
