//! Accounts, and what people send to get and keep one.

use super::password::{LONGEST, SHORTEST};
use crate::{
    db::types::{AccountId, Ts},
    text::{CODE_END, Email, Line},
};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub code: String,
    pub email: String,
    pub name: String,
    pub email_verified_at: Option<Ts>,
    pub password_phc: Option<String>,
    pub is_admin: bool,
    pub disabled_at: Option<Ts>,
    pub version: i64,
}

/// A name as it is shown to others.
pub type PersonName = Line<1, 100>;

/// A password that somebody chose. Any characters; what counts is the length (NIST SP 800-63B).
#[derive(Clone, Debug)]
pub struct NewPassword(pub SecretString);

impl NewPassword {
    /// # Errors
    /// A code and what is wrong, [`CODE_END`] between them.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.chars().count() < SHORTEST {
            return Err(format!("too_short{CODE_END}must have at least {SHORTEST} characters"));
        }
        if text.len() > LONGEST {
            return Err(format!("too_long{CODE_END}must have at most {LONGEST} bytes"));
        }
        Ok(NewPassword(text.into()))
    }
}

impl<'de> Deserialize<'de> for NewPassword {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        NewPassword::new(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

impl utoipa::PartialSchema for NewPassword {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .min_length(Some(SHORTEST))
            .max_length(Some(LONGEST))
            .into()
    }
}

impl ToSchema for NewPassword {}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    pub email: Email,
    pub name: PersonName,
    pub password: NewPassword,
}

/// An admin made by whoever runs the server, who vouches for the address.
#[derive(Clone, Debug)]
pub struct NewAdmin {
    pub email: Email,
    pub name: PersonName,
    /// `None`: the account gets a link by mail to set one.
    pub password: Option<NewPassword>,
}

/// What changes of an account; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditMe {
    /// For the team of an event. Speakers' profiles have their own names.
    pub name: Option<PersonName>,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    #[schema(max_length = 64)]
    #[validate(length(max = 64, message = "is not the token of a link"))]
    pub token: String,
    pub password: NewPassword,
}

/// The form behind a reset link, whose path holds the token.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    pub password: NewPassword,
}
