//! Tokens, and what one asks for.

use crate::{
    access::scopes::TokenScope,
    db::types::Ts,
    error::{FieldErrors, Result},
    text::Line,
};
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;
use validator::Validate;

/// How many tokens a person, and an event, may have.
pub const MOST: usize = 50;

/// How long one sees a token that has expired.
pub const KEPT: Duration = Duration::from_hours(30 * 24);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub code: String,
    pub name: String,
    pub scopes: Vec<TokenScope>,
    /// The name of the account that made it.
    pub made_by: String,
    pub created_at: Ts,
    pub last_used_at: Option<Ts>,
    pub expires_at: Ts,
}

/// A token just made, with its secret.
pub struct Made {
    pub token: Token,
    pub secret: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: Line<1, 100>,
    /// What it may be used for.
    #[schema(min_items = 1)]
    pub scopes: Vec<TokenScope>,
    /// After how many days it expires, at most a year.
    #[serde(default = "usual_days")]
    #[schema(minimum = 1, maximum = 365, default = 90, required = false)]
    #[validate(range(min = 1, max = 365))]
    pub expires_in_days: u16,
}

fn usual_days() -> u16 {
    90
}

impl NewToken {
    pub fn lifetime(&self) -> Duration {
        Duration::from_hours(u64::from(self.expires_in_days) * 24)
    }

    /// The scopes, each once, in their own order.
    ///
    /// # Errors
    /// Field errors: no scope, and one that an event's token cannot have.
    pub fn scopes(&self, of_event: bool) -> Result<Vec<TokenScope>, FieldErrors> {
        if self.scopes.is_empty() {
            return Err(FieldErrors::of("scopes", "length", "must name at least one scope"));
        }
        let mut errors = FieldErrors::default();
        for (index, scope) in self.scopes.iter().enumerate() {
            if of_event && !scope.is_of_events() {
                errors.add(&format!("scopes[{index}]"), "not_of_events", "is for people; an event's token is nobody");
            }
        }
        if !errors.0.is_empty() {
            return Err(errors);
        }
        Ok(TokenScope::ALL.iter().copied().filter(|scope| self.scopes.contains(scope)).collect())
    }
}
