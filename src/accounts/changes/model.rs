//! What people send to change password or address.

use crate::{accounts::model::NewPassword, text::Email};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(value_type = String, format = Password)]
    pub current_password: SecretString,
    pub new_password: NewPassword,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AskEmail {
    /// The new address, which gets a link.
    pub email: Email,
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}
