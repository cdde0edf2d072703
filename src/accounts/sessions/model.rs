//! Sessions, and what people send to begin one.

use crate::db::types::{SessionId, Ts};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(max_length = 254)]
    #[validate(length(max = 254, message = "must have at most 254 characters"))]
    pub email: String,
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}

/// A session just begun, with the token that is shown this once.
pub struct Begun {
    pub token: String,
    pub expires_at: Ts,
}

/// A session as its owner tells it from others.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub code: String,
    pub user_agent: String,
    pub created_at: Ts,
    pub last_used_at: Ts,
    pub expires_at: Ts,
}
