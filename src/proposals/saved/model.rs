//! A saved view, and what may be saved.

use crate::{
    error::{Error, FieldErrors, Result},
    http::input::read_query,
    proposals::organize::ask::Ask,
    text::Line,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// How many an event may have.
pub const MOST: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub code: String,
    pub name: String,
    /// What stands behind the `?` of the list's address, as [`Ask::query`] writes it.
    pub query: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = proposals::NewView)]
pub struct NewView {
    pub name: Line<1, 100>,
    /// What stands behind the `?` of the list's address. The page, its length and whether names are shown are not saved.
    pub query: Line<1, 2000>,
}

/// The query as it is saved.
///
/// # Errors
/// A field error for what the list could not show, and for what asks for nothing in particular.
pub fn saved(query: &str) -> Result<String> {
    let ask: Ask = read_query(query.trim_start_matches('?')).map_err(|error| {
        let wrong: Vec<String> =
            error.fields().iter().map(|wrong| format!("{} {}", wrong.field, wrong.message)).collect();
        FieldErrors::of("query", "invalid", format!("is nothing that the list can show: {}", wrong.join(", ")))
    })?;
    let query = ask.query();
    if query.is_empty() {
        return Err(FieldErrors::of(
            "query",
            "empty",
            "asks for nothing in particular: choose a filter, an order or columns",
        )
        .into());
    }
    Ok(query)
}

/// # Errors
/// `WrongState` when there are too many.
pub fn check_room(views: usize) -> Result<()> {
    if views < MOST {
        return Ok(());
    }
    Err(Error::wrong_state(format!("There are {MOST} already. Remove one that is not needed any more.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(query: &str) -> (String, String) {
        let error = saved(query).unwrap_err();
        let wrong = error.fields().first().unwrap();
        (wrong.field.clone(), wrong.code.to_string())
    }

    #[test]
    fn only_what_the_list_can_show_is_saved() {
        assert_eq!(saved("?sort=mean&decision=accepted&q=+a+%26+b").unwrap(), "q=a+%26+b&decision=accepted&sort=mean");
        assert_eq!(saved("columns=title&columns=mean&columns=nonsense").unwrap(), "columns=mean");
        assert_eq!(saved("names=true&limit=7&cursor=x&track=&invited=false").unwrap(), "invited=false");
        for nothing in ["names=true", "q=++", "else=1", "columns=nonsense"] {
            assert_eq!(refused(nothing), ("query".to_owned(), "empty".to_owned()), "{nothing}");
        }
        for wrong in ["decision=perhaps", "sort=luck", "invited=maybe", &format!("q={}", "x".repeat(201))] {
            assert_eq!(refused(wrong), ("query".to_owned(), "invalid".to_owned()), "{wrong}");
        }
        assert!(check_room(MOST - 1).is_ok() && check_room(MOST).is_err());
    }
}
