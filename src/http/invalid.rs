//! What is wrong with an input, in words of ours: neither serde's nor the validator's own rendering may be shown, because
//! both repeat the rejected value.

use crate::{
    error::{Code, Error, FieldErrors, Result},
    text::CODE_END,
};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

pub(super) fn wrong_json(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    if error.inner().is_data() {
        return field_error(error).into();
    }
    Error::new(Code::Malformed, format!("Not JSON: {}.", error.inner()))
}

/// Serde's words with the path of the field; without the value, which may be a secret.
pub(super) fn field_error<E: std::fmt::Display>(error: &serde_path_to_error::Error<E>) -> FieldErrors {
    let text = error.inner().to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let path = error.path().to_string();
    let path = if path == "." { String::new() } else { path };
    let quoted = || text.split('`').nth(1).unwrap_or_default().to_owned();
    let inner = |field: String| match path.strip_suffix(&field) {
        Some(_) => path.clone(),
        None if path.is_empty() => field,
        None => format!("{path}.{field}"),
    };
    let expected = text.rsplit_once(", expected ").map(|(_, expected)| expected);
    let is_code = |code: &str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // Rejected text may hold the mark too; what stands before it is then no code of ours.
    if text.split_once(CODE_END).is_some_and(|(code, _)| is_code(code)) {
        FieldErrors::coded(&path, text)
    } else if text.starts_with("missing field") {
        FieldErrors::of(&inner(quoted()), "missing", "is missing")
    } else if text.starts_with("unknown field") {
        let known = expected.map(|expected| format!("is not known here: expected {expected}"));
        FieldErrors::of(&inner(quoted()), "unknown_field", known.unwrap_or_else(|| "is not known here".into()))
    } else if text.starts_with("duplicate field") {
        FieldErrors::of(&inner(quoted()), "duplicate", "stands twice")
    } else if let Some(expected) = expected {
        FieldErrors::of(&path, "wrong_type", format!("must be {expected}"))
    } else {
        FieldErrors::of(&path, "invalid", "has a value of the wrong form")
    }
}

pub(super) fn validated<T: Validate>(value: T) -> Result<T> {
    check(&value)?;
    Ok(value)
}

pub(super) fn check(value: &impl Validate) -> Result<(), FieldErrors> {
    value.validate().map_err(|errors| {
        let mut fields = FieldErrors::default();
        collect(&errors, "", &mut fields);
        fields.0.sort_by(|one, other| one.field.cmp(&other.field));
        fields
    })
}

/// The validator's own rendering holds the rejected value, so the errors are built anew.
fn collect(errors: &ValidationErrors, path: &str, into: &mut FieldErrors) {
    for (name, kind) in errors.errors() {
        let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(inner, &path, into),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{path}[{index}]"), into);
                }
            }
            ValidationErrorsKind::Field(list) => {
                for error in list {
                    let message = error.message.as_ref().map_or_else(|| bounds(error), ToString::to_string);
                    into.add(&path, "invalid", message);
                    if let Some(last) = into.0.last_mut() {
                        last.code.clone_from(&error.code);
                    }
                }
            }
        }
    }
}

fn bounds(error: &validator::ValidationError) -> String {
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    match (bound("min"), bound("max")) {
        (Some(min), Some(max)) => format!("must be from {min} to {max}"),
        (Some(min), None) => format!("must be at least {min}"),
        (None, Some(max)) => format!("must be at most {max}"),
        (None, None) => "has a value that is not allowed".into(),
    }
}
