//! What mailed links do, and who may ask for them.

use crate::{
    accounts::model::Account,
    db::types::{AccountId, LinkRequestId},
    secrets::{Link, LinkKind},
    text::Email,
    text_enum,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    /// What a mailed single-use secret does for an account.
    pub enum Purpose {
        Verify = "verify",
        Reset = "reset",
        SignIn = "sign_in",
        ChangeEmail = "change_email",
    }
}

impl Purpose {
    pub const fn link(self) -> LinkKind {
        match self {
            Purpose::Verify => LinkKind::Verify,
            Purpose::Reset => LinkKind::Reset,
            Purpose::SignIn => LinkKind::SignIn,
            Purpose::ChangeEmail => LinkKind::ChangeEmail,
        }
    }
}

/// A single-use secret that is about to be mailed.
pub struct NewAction {
    pub account: AccountId,
    pub purpose: Purpose,
    pub link: Link,
    pub change: Option<Change>,
}

/// The address an account shall get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub email: String,
    /// Who asked for it; this session outlives the change.
    pub session_code: String,
}

/// A live secret, and what it is for.
pub struct Action {
    pub account: Account,
    pub change: Option<Change>,
}

text_enum! {
    /// What somebody who is not signed in wants a link for.
    pub enum Wish {
        Reset = "reset",
        SignIn = "sign_in",
    }
}

/// Somebody asked for a link to be mailed to this address, which may be nobody's.
#[derive(Clone, Debug)]
pub struct LinkRequest {
    pub id: LinkRequestId,
    pub wish: Wish,
    pub email_key: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AskLink {
    pub email: Email,
}

/// The secret from a mailed link.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    #[schema(max_length = 64)]
    #[validate(length(max = 64, message = "is not the token of a link"))]
    pub token: String,
}

/// A form with a button only.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ButtonForm {}
