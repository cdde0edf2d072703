//! What fields are called means the same everywhere: what it is, and a value of the example event, stand once for each
//! name in `words.json`. `Schema.field` there is for a field that is another thing than its like; a type's own comments
//! win over both.

use super::{object_at, operations};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Words(BTreeMap<String, Word>);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    says: Option<String>,
    /// `null` is an example, too.
    #[serde(default, deserialize_with = "present")]
    example: Option<Value>,
}

fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

impl Words {
    pub(super) fn read() -> Words {
        // A test finds what it would lack otherwise.
        serde_json::from_str(include_str!("words.json")).unwrap_or_default()
    }

    fn says(&self, owner: &str, field: &str) -> Option<&str> {
        let own = self.0.get(&format!("{owner}.{field}")).and_then(|word| word.says.as_deref());
        own.or_else(|| self.0.get(field)?.says.as_deref())
    }

    /// Of a field, or of a schema by its name.
    pub(super) fn example(&self, name: &str) -> Option<&Value> {
        self.0.get(name)?.example.as_ref()
    }

    /// Gives every field and parameter a description.
    pub(super) fn describe(&self, document: &mut Value) {
        for (name, schema) in object_at(document, "/components/schemas").into_iter().flatten() {
            self.describe_fields(name, schema);
        }
        for operation in operations(document) {
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten().filter_map(Value::as_object_mut) {
                self.describe_parameter(&id, parameter);
            }
            let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
            for answer in answers.into_iter().flat_map(Map::values_mut) {
                if let Some(schema) = answer.pointer_mut("/content/application~1json/schema") {
                    self.describe_fields("List", schema);
                }
            }
        }
    }

    /// OpenAPI has a place for it outside of the schema.
    fn describe_parameter(&self, operation: &str, parameter: &mut Map<String, Value>) {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let schema = parameter.get_mut("schema").and_then(Value::as_object_mut);
        let own = schema.and_then(|schema| {
            lift_description(schema);
            schema.remove("description")
        });
        let says = own.or_else(|| self.says(operation, &name).map(Value::from));
        parameter.extend(says.map(|says| ("description".to_owned(), says)));
    }

    fn describe_fields(&self, owner: &str, schema: &mut Value) {
        for parts in ["allOf", "oneOf", "anyOf"] {
            for part in schema.get_mut(parts).and_then(Value::as_array_mut).into_iter().flatten() {
                self.describe_fields(owner, part);
            }
        }
        for (name, field) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
            self.describe_fields(owner, field);
            let Some(field) = field.as_object_mut() else { continue };
            lift_description(field);
            if !field.contains_key("description") {
                let says = self.says(owner, name).map(Value::from);
                field.extend(says.map(|says| ("description".to_owned(), says)));
            }
        }
    }
}

/// What may be null has its description inside of the alternative that is not.
fn lift_description(field: &mut Map<String, Value>) {
    if field.contains_key("description") {
        return;
    }
    let inner = ["oneOf", "allOf"].iter().find_map(|parts| field.get(*parts)?.as_array()?.iter().find_map(own_words));
    field.extend(inner.map(|inner| ("description".to_owned(), inner)));
}

fn own_words(part: &Value) -> Option<Value> {
    part.get("description").cloned()
}
