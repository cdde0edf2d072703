//! What people see of tokens; the secret is in one answer only.

use super::model::{Made, Token};
use crate::{access::scopes::TokenScope, db::types::Ts};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = tokens::Token)]
pub struct TokenView {
    pub id: String,
    pub name: String,
    pub scopes: Vec<TokenScope>,
    /// The name of the account that made it.
    pub made_by: String,
    pub created_at: Ts,
    /// At most five minutes stale.
    pub last_used_at: Option<Ts>,
    pub expires_at: Ts,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> TokenView {
        let Token { code, name, scopes, made_by, created_at, last_used_at, expires_at } = token;
        TokenView { id: code, name, scopes, made_by, created_at, last_used_at, expires_at }
    }
}

/// A token just made.
#[derive(Serialize, ToSchema)]
#[schema(as = tokens::Made)]
pub struct MadeView {
    #[serde(flatten)]
    pub about: TokenView,
    /// The token itself, shown this once.
    pub token: String,
}

impl From<Made> for MadeView {
    fn from(made: Made) -> MadeView {
        MadeView { about: made.token.into(), token: made.secret }
    }
}
