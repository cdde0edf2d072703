//! Forms: what was sent, read as the API reads a body, and what a page needs to show a form with its values and errors.

use super::{
    input::id_of,
    layout::{Page, Screen},
    outcome::Outcome,
    typed,
};
use crate::{
    app::Callboard,
    error::{Code, Error, FieldErrors, Result},
    http::{
        input::{self, Trapped},
        invalid::{check, field_error},
        routes::{Input, Sketch},
    },
};
use actix_web::{HttpMessage, HttpRequest, dev::Payload, http::StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

pub const URL_ENCODED: &str = "application/x-www-form-urlencoded";
/// The field with the version that an edit was made from.
pub const VERSION: &str = "_version";
/// The field by which a form that is sent twice acts once.
pub const KEY: &str = "_key";

/// An HTML form, read into the same input as a body of the API; what is wrong with its fields goes back to the page, which
/// shows the form again.
pub struct Form<T> {
    pub sent: Sent,
    pub input: Result<T, FieldErrors>,
}

impl<T: DeserializeOwned + ToSchema + Validate + 'static> Input for Form<T> {
    async fn take(request: &HttpRequest, body: &mut Payload) -> Result<Self> {
        if !request.content_type().eq_ignore_ascii_case(URL_ENCODED) {
            return Err(Error::new(Code::MediaType, "Send the form of this page."));
        }
        let (fields, trapped) = input::form_fields(request, body).await?;
        let sent = Sent(fields);
        if trapped {
            tracing::info!("A form was dropped: a field that people do not see was filled in");
            request.extensions_mut().insert(Trapped);
            return Ok(Form { sent, input: Err(FieldErrors::default()) });
        }
        Ok(Form { input: read(&sent), sent })
    }

    fn describe(sketch: &mut Sketch) {
        sketch.body = Some((&[URL_ENCODED], sketch.named::<T>()));
        sketch.fails(&[
            Code::Malformed,
            Code::TooSlow,
            Code::OtherSite,
            Code::TooLarge,
            Code::MediaType,
            Code::Invalid,
        ]);
    }
}

/// The fields as the input that the API reads of a body.
pub(super) fn read<T: DeserializeOwned + ToSchema + Validate>(sent: &Sent) -> Result<T, FieldErrors> {
    let read = serde_path_to_error::deserialize(typed::json::<T>(&sent.0)).map_err(|error| field_error(&error));
    read.and_then(|value: T| check(&value).map(|()| value))
}

/// The fields as they were sent.
#[derive(Clone, Debug, Default)]
pub struct Sent(Vec<(String, String)>);

/// What goes back to nobody, also not to who typed it.
fn is_secret(name: &str) -> bool {
    ["password", "token", "secret"].iter().any(|word| name.contains(word))
}

impl Sent {
    pub(super) fn new(fields: Vec<(String, String)>) -> Sent {
        Sent(fields)
    }

    pub fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    pub(super) fn with(mut self, name: &str, text: &str) -> Sent {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), text.to_owned()));
        self
    }

    /// The form once more, where whoever sent it can mend what is wrong; other errors stay what they are.
    ///
    /// # Errors
    /// Those that no other form would help.
    pub async fn again<T: Screen>(
        self,
        error: Error,
        page: impl AsyncFnOnce(FormState) -> Result<T>,
    ) -> Result<Outcome<T>> {
        if let Code::SignInRequired | Code::NotFound | Code::Forbidden | Code::Internal = error.code() {
            return Err(error);
        }
        let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        let template = page(FormState::again(self, &error)).await?;
        Ok(Outcome::Page(Page { status, template }))
    }
}

/// What a form shows: values, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    values: Vec<(String, String)>,
    /// Path and message of each field that is wrong.
    errors: Vec<(String, String)>,
    /// What is wrong with the whole.
    problem: String,
    stale: bool,
    version: Option<i64>,
    key: String,
    /// What a field that is wrong may be instead.
    choices: Vec<(String, Vec<String>)>,
    asks_twice: bool,
    /// What tells it from the other forms of its page.
    scope: String,
}

impl FormState {
    /// As it was sent, with nothing wrong in it.
    pub fn of_sent(sent: &Sent) -> FormState {
        let values = sent.0.iter().filter(|(name, _)| !is_secret(name) && !name.starts_with(typed::OWN));
        FormState { values: values.cloned().collect(), ..FormState::default() }
    }

    /// An empty form that acts once.
    pub fn new(app: &Callboard) -> FormState {
        FormState { key: app.random.code(16), ..FormState::default() }
    }

    /// Filled with what `view` says, which has the fields of the input.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn of(view: &impl Serialize) -> Result<FormState> {
        let mut values = vec![];
        flatten("", &serde_json::to_value(view).map_err(Error::internal)?, &mut values);
        Ok(FormState { values, ..FormState::default() })
    }

    /// For an edit of this version: a later one is not overwritten.
    #[must_use]
    pub fn version(mut self, version: i64) -> FormState {
        self.version = Some(version);
        self
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> FormState {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.into(), value.into()));
        self
    }

    /// With these values for a list.
    #[must_use]
    pub fn with_all<S: Into<String>>(mut self, name: &str, values: impl IntoIterator<Item = S>) -> FormState {
        self.values.retain(|(known, _)| known != name);
        self.values.extend(values.into_iter().map(|value| (name.into(), value.into())));
        self
    }

    fn again(sent: Sent, error: &Error) -> FormState {
        let version = sent.get(VERSION).parse().ok();
        let key = sent.get(KEY).to_owned();
        let values = sent.0.into_iter().filter(|(name, _)| !is_secret(name) && !name.starts_with(typed::OWN));
        let errors = error.fields().iter().map(|field| (field.field.clone(), field.message.clone())).collect();
        let fields_say_it = error.code() == Code::Invalid && !error.fields().is_empty();
        let problem = match error.detail() {
            _ if fields_say_it => String::new(),
            // How to say it twice is another matter for programs.
            detail if error.code() == Code::ConfirmFirst => {
                detail.split(" Send it again").next().unwrap_or_default().to_owned()
            }
            "" => error.code().title().to_owned(),
            detail => detail.to_owned(),
        };
        let stale = error.code() == Code::Stale;
        let choices = error.fields().iter().filter(|field| !field.choices.is_empty());
        let choices = choices.map(|field| (field.field.clone(), field.choices.clone())).collect();
        let asks_twice = error.code() == Code::ConfirmFirst;
        let (values, scope) = (values.collect(), String::new());
        FormState { values, errors, problem, stale, version, key, choices, asks_twice, scope }
    }

    /// Whether somebody else changed what this form edits.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// Whether it does something grave, which has to be said twice.
    pub fn asks_twice(&self) -> bool {
        self.asks_twice
    }

    /// What a field may be, where what was sent may mean several things.
    pub fn choices_of(&self, name: &str) -> &[String] {
        self.choices.iter().find(|(known, _)| known == name).map_or(&[], |(_, choices)| choices)
    }

    /// One of several forms of a page: this tells the ids of its fields from those of the others.
    #[must_use]
    pub fn scoped(mut self, scope: &str) -> FormState {
        scope.clone_into(&mut self.scope);
        self
    }

    /// The `id` of a field.
    pub fn id_of(&self, name: &str) -> String {
        let id = id_of(name);
        if self.scope.is_empty() { id } else { format!("{id}-{}", self.scope) }
    }

    /// The rows of a list as they are sent: those whose `needed` part is empty are left out.
    #[must_use]
    pub fn without_blank_rows(mut self, list: &str, needed: &str) -> FormState {
        let row_of = |name: &str| -> Option<(usize, String)> {
            let (row, part) = name.strip_prefix(list)?.strip_prefix('[')?.split_once("].")?;
            Some((row.parse().ok()?, part.to_owned()))
        };
        let filled = |(name, text): &(String, String)| {
            row_of(name).filter(|(_, part)| part == needed && !text.trim().is_empty()).map(|(row, _)| row)
        };
        let mut rows: Vec<usize> = self.values.iter().filter_map(filled).collect();
        rows.sort_unstable();
        rows.dedup();
        let moved = |(name, text): (String, String)| match row_of(&name) {
            Some((row, part)) => rows.binary_search(&row).ok().map(|row| (format!("{list}[{row}].{part}"), text)),
            None => Some((name, text)),
        };
        self.values = self.values.into_iter().filter_map(moved).collect();
        self
    }

    /// A stale edit, once it is shown beside what is there now: the next time it is made from that.
    #[must_use]
    pub(super) fn seen(mut self, now: &FormState) -> FormState {
        if self.stale {
            self.version = now.version;
        }
        if self.key.is_empty() {
            self.key.clone_from(&now.key);
        }
        self
    }

    pub fn is_wrong(&self) -> bool {
        !self.errors.is_empty() || !self.problem.is_empty()
    }

    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Path and message of each field that is wrong.
    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }

    pub fn value(&self, name: &str) -> &str {
        self.values.iter().rev().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// Whether the value is among those of the list or choice.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(known, text)| known == name && text == value)
    }

    /// All values of a list, one a line.
    pub fn lines(&self, name: &str) -> String {
        let all = self.values.iter().filter(|(known, text)| known == name && !text.is_empty());
        all.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    }

    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|(known, _)| known == name).map(|(_, message)| message.as_str())
    }

    /// The fields of the form itself: what makes it act once, and on what it was made from.
    pub fn own_fields(&self) -> Vec<(&'static str, String)> {
        let version = self.version.map(|version| (VERSION, version.to_string()));
        let key = (!self.key.is_empty()).then(|| (KEY, self.key.clone()));
        version.into_iter().chain(key).collect()
    }
}

/// Each value with its path; lists of plain values repeat theirs.
fn flatten(path: &str, value: &Value, into: &mut Vec<(String, String)>) {
    let mut leaf = |text: String| into.push((path.to_owned(), text));
    match value {
        Value::Null => {}
        Value::Bool(is) => leaf(is.to_string()),
        Value::Number(number) => leaf(number.to_string()),
        Value::String(text) => leaf(text.clone()),
        Value::Array(list) => {
            for (place, item) in list.iter().enumerate() {
                let plain = !item.is_object() && !item.is_array();
                flatten(&if plain { path.to_owned() } else { format!("{path}[{place}]") }, item, into);
            }
        }
        Value::Object(map) => {
            for (key, inner) in map {
                flatten(&if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, inner, into);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_view_fills_its_form() {
        let view =
            json!({"title": "A", "deadline": {"local": "x"}, "choices": ["B", "C"], "rows": [{"n": 1}], "no": null});
        let form = FormState::of(&view).unwrap();
        assert_eq!((form.value("title"), form.value("deadline.local"), form.value("rows[0].n")), ("A", "x", "1"));
        assert!(form.has("choices", "B") && form.has("choices", "C") && !form.has("choices", "A"));
        assert_eq!((form.lines("choices").as_str(), form.value("no")), ("B\nC", ""));
    }

    #[test]
    fn a_form_comes_back_filled_but_for_secrets() {
        let sent = [("title", "A"), ("password", "hidden"), ("_version", "7"), ("_key", "k")];
        let sent = Sent(sent.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec());
        let form = FormState::again(sent, &FieldErrors::of("title", "x", "must not be A").into());
        assert_eq!((form.value("title"), form.value("password")), ("A", ""));
        assert_eq!((form.error("title"), form.problem()), (Some("must not be A"), ""));
        assert_eq!(form.own_fields(), [(VERSION, "7".to_owned()), (KEY, "k".to_owned())]);
    }
}
