//! Makes the JSON that the API would be sent of the fields of an HTML form, by the schema of the input. So forms and API
//! share inputs, rules and errors; the name of a field is its path: `title`, `deadline.local`, `scores[0].score`.

use crate::clock::CODE_LETTERS;
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;
use utoipa::{
    ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{AdditionalProperties, ArrayItems, Object, SchemaType, Type},
    },
};

/// A list cannot have more items than this, whatever its indices say.
const MOST_ITEMS: usize = 200;

/// How long the public codes are that tell groups apart.
const CODE: usize = 6;

/// Fields whose name begins so are of the form itself.
pub const OWN: char = '_';

/// Empty is absent for what has a form of its own (numbers, addresses, choices), `null` where that is allowed, and the empty
/// text for texts. Of a field that stands twice the last counts, so that a hidden `false` can stand before a checkbox;
/// lists take all, each line one. Several groups of inputs fill one list as `choices[CAT222]`.
pub fn json<T: ToSchema>(fields: &[(String, String)]) -> Value {
    let mut schemas = vec![];
    T::schemas(&mut schemas);
    let shapes = Shapes(schemas.into_iter().collect());
    let root = T::schema();
    let mut value = Some(Value::Object(Map::new()));
    for (name, text) in fields.iter().filter(|(name, _)| !name.starts_with(OWN)) {
        if let Some(steps) = steps(name) {
            shapes.place(&mut value, Some(&root), &steps, text);
        }
    }
    let mut value = value.unwrap_or_default();
    shapes.settle(&mut value, Some(&root));
    value
}

enum Step {
    Key(String),
    Index(usize),
}

/// Whether it only tells apart inputs that fill one list, as each group of radio buttons needs a name of its own:
/// `choices[CAT222]`.
fn is_group(index: &str) -> bool {
    index.len() == CODE && index.bytes().all(|byte| CODE_LETTERS.contains(&byte))
}

fn steps(name: &str) -> Option<Vec<Step>> {
    let mut steps = vec![];
    for part in name.split('.') {
        let mut pieces = part.split('[');
        let key = pieces.next()?;
        steps.push(Step::Key(key.to_owned()));
        for piece in pieces {
            let index = piece.strip_suffix(']')?;
            if !is_group(index) {
                steps.push(Step::Index(index.parse().ok().filter(|index| *index < MOST_ITEMS)?));
            }
        }
    }
    Some(steps)
}

struct Shapes(BTreeMap<String, RefOr<Schema>>);

impl Shapes {
    /// The schema behind references and alternatives, and whether it may be `null`.
    fn resolve<'s>(&'s self, schema: &'s RefOr<Schema>) -> Option<(&'s Schema, bool)> {
        let schema = match schema {
            RefOr::Ref(reference) => {
                let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
                return self.resolve(self.0.get(name)?);
            }
            RefOr::T(schema) => schema,
        };
        let of_many = |items: &'s [RefOr<Schema>]| {
            let null = items.iter().any(is_null);
            let (first, nullable) = self.resolve(items.iter().find(|item| !is_null(item))?)?;
            Some((first, nullable || null))
        };
        match schema {
            Schema::OneOf(many) => of_many(&many.items),
            Schema::AllOf(many) => of_many(&many.items),
            Schema::AnyOf(many) => of_many(&many.items),
            Schema::Object(object) => Some((schema, has(&object.schema_type, &Type::Null))),
            Schema::Array(array) => Some((schema, has(&array.schema_type, &Type::Null))),
            _ => None,
        }
    }

    fn place(&self, into: &mut Option<Value>, schema: Option<&RefOr<Schema>>, steps: &[Step], text: &str) {
        let found = schema.and_then(|schema| self.resolve(schema));
        match steps {
            [] => self.leaf(into, found, text),
            [Step::Key(key), rest @ ..] => {
                let below = match found {
                    Some((Schema::Object(object), _)) => below(object, key),
                    _ => None,
                };
                let mut map = match into.take() {
                    Some(Value::Object(map)) => map,
                    _ => Map::new(),
                };
                let mut inner = map.remove(key);
                self.place(&mut inner, below, rest, text);
                map.extend(inner.map(|inner| (key.clone(), inner)));
                *into = Some(Value::Object(map));
            }
            [Step::Index(index), rest @ ..] => {
                let below = match found {
                    Some((Schema::Array(array), _)) => items(&array.items),
                    _ => None,
                };
                let mut list = match into.take() {
                    Some(Value::Array(list)) => list,
                    _ => vec![],
                };
                while list.len() <= *index {
                    list.push(Value::Null);
                }
                if let Some(place) = list.get_mut(*index) {
                    let mut inner = Some(place.take());
                    self.place(&mut inner, below, rest, text);
                    *place = inner.unwrap_or_default();
                }
                *into = Some(Value::Array(list));
            }
        }
    }

    /// What has parts and may be missing is missing where the first part that it needs was left empty; so is a row of a list.
    fn settle(&self, value: &mut Value, schema: Option<&RefOr<Schema>>) {
        let (object, nullable) = match (schema.and_then(|schema| self.resolve(schema)), &mut *value) {
            (Some((Schema::Object(object), nullable)), Value::Object(_)) => (object, nullable),
            (Some((Schema::Array(array), _)), Value::Array(list)) => {
                let row = items(&array.items);
                list.retain(|item| !self.is_blank(item, row));
                for item in list.iter_mut() {
                    self.settle(item, row);
                }
                return;
            }
            _ => return,
        };
        if nullable && self.is_blank(value, schema) {
            *value = Value::Null;
        }
        let Value::Object(map) = value else { return };
        for (key, inner) in map.iter_mut() {
            self.settle(inner, below(object, key));
        }
    }

    /// Whether the first part that it needs is there and empty.
    fn is_blank(&self, value: &Value, schema: Option<&RefOr<Schema>>) -> bool {
        let Some((Schema::Object(object), _)) = schema.and_then(|schema| self.resolve(schema)) else { return false };
        let Some(name) = object.required.first() else { return false };
        match value.get(name) {
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(inner) => self.is_blank(inner, below(object, name)),
            None => false,
        }
    }

    fn leaf(&self, into: &mut Option<Value>, found: Option<(&Schema, bool)>, text: &str) {
        match found {
            Some((Schema::Array(array), _)) => {
                let below = items(&array.items).and_then(|below| self.resolve(below));
                let mut list = match into.take() {
                    Some(Value::Array(list)) => list,
                    _ => vec![],
                };
                for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                    let mut item = None;
                    self.leaf(&mut item, below, line);
                    list.extend(item);
                }
                *into = Some(Value::Array(list));
            }
            Some((Schema::Object(object), nullable)) => *into = scalar(object, nullable, text),
            _ => *into = Some(Value::String(text.to_owned())),
        }
    }
}

/// `None`: as if the field were not there.
fn scalar(object: &Object, nullable: bool, text: &str) -> Option<Value> {
    let is = |wanted| has(&object.schema_type, &wanted);
    let trimmed = text.trim();
    let as_text = || Value::String(text.to_owned());
    if is(Type::Boolean) {
        return match trimmed {
            "true" | "on" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "" => nullable.then_some(Value::Null),
            _ => Some(as_text()),
        };
    }
    if is(Type::Integer) || is(Type::Number) {
        if trimmed.is_empty() {
            return nullable.then_some(Value::Null);
        }
        let whole = trimmed.parse::<i64>().ok().map(Number::from);
        let number = whole.or_else(|| trimmed.parse().ok().and_then(Number::from_f64));
        return Some(number.map_or_else(as_text, Value::Number));
    }
    let has_form = object.min_length.is_some_and(|least| least > 0)
        || object.enum_values.is_some()
        || object.format.is_some()
        || object.pattern.is_some()
        || object.max_length.is_some_and(|most| most <= SHORTEST_TEXT);
    if trimmed.is_empty() && has_form && nullable { Some(Value::Null) } else { Some(as_text()) }
}

/// What is shorter is no text but a code.
const SHORTEST_TEXT: usize = 10;

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if matches!(object.schema_type, SchemaType::Type(Type::Null)))
}

fn has(types: &SchemaType, wanted: &Type) -> bool {
    match types {
        SchemaType::Type(only) => only == wanted,
        SchemaType::Array(many) => many.contains(wanted),
        SchemaType::AnyValue => false,
    }
}

fn below<'s>(object: &'s Object, key: &str) -> Option<&'s RefOr<Schema>> {
    object.properties.get(key).or(match object.additional_properties.as_deref() {
        Some(AdditionalProperties::RefOr(schema)) => Some(schema),
        _ => None,
    })
}

fn items(items: &ArrayItems) -> Option<&RefOr<Schema>> {
    match items {
        ArrayItems::RefOrSchema(schema) => Some(schema),
        ArrayItems::False => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Line;
    use serde_json::json as value;

    #[derive(ToSchema)]
    #[allow(dead_code)]
    struct Inner {
        local: String,
        score: Option<i64>,
    }

    #[derive(ToSchema)]
    #[allow(dead_code)]
    struct Input {
        title: Line<1, 9>,
        note: String,
        website: Option<Line<1, 9>>,
        submit: bool,
        choices: Vec<String>,
        inner: Inner,
        rows: Vec<Inner>,
        maybe: Option<Inner>,
        scores: BTreeMap<String, i64>,
    }

    fn read(fields: &[(&str, &str)]) -> Value {
        json::<Input>(&fields.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect::<Vec<_>>())
    }

    #[test]
    fn fields_are_typed_by_the_schema() {
        assert_eq!(
            read(&[("title", "7"), ("submit", "false"), ("submit", "true"), ("inner.score", "7"), ("_key", "x")]),
            value!({"title": "7", "submit": true, "inner": {"score": 7}})
        );
        assert_eq!(read(&[("inner.score", "x")]), value!({"inner": {"score": "x"}}));
        assert_eq!(read(&[("scores.ABCDEF", "4")]), value!({"scores": {"ABCDEF": 4}}));
        assert_eq!(read(&[("maybe.local", "a")]), value!({"maybe": {"local": "a"}}));
        assert_eq!(read(&[("maybe.local", " "), ("maybe.score", "3")]), value!({"maybe": null}));
        assert_eq!(read(&[("inner.local", "")]), value!({"inner": {"local": ""}}));
    }

    #[test]
    fn empty_is_what_the_schema_lets_it_be() {
        assert_eq!(
            read(&[("title", ""), ("note", ""), ("website", " "), ("inner.score", ""), ("scores.A", "")]),
            value!({"title": "", "note": "", "website": null, "inner": {"score": null}, "scores": {}})
        );
    }

    #[test]
    fn lists_take_lines_and_rows() {
        assert_eq!(read(&[("choices", "")]), value!({"choices": []}));
        assert_eq!(read(&[("choices", "A\r\n B "), ("choices", "C")]), value!({"choices": ["A", "B", "C"]}));
        assert_eq!(
            read(&[("rows[1].local", "b"), ("rows[0].score", "3")]),
            value!({"rows": [{"score": 3}, {"local": "b"}]})
        );
        let blank = [("rows[0].local", ""), ("rows[0].score", ""), ("rows[1].local", "b")];
        assert_eq!(read(&blank), value!({"rows": [{"local": "b"}]}));
        assert_eq!(read(&[("rows[1000000].local", "b"), ("rows[x]", "")]), value!({}));
        let groups = [("choices", ""), ("choices[CATABC]", "A"), ("choices[234567]", "B"), ("choices[234567]", "")];
        assert_eq!(read(&groups), value!({"choices": ["A", "B"]}));
    }
}
