//! What people see of their sessions.

use super::model::{Begun, Session};
use crate::db::types::{SessionId, Ts};
use serde::Serialize;
use utoipa::ToSchema;

/// A session just begun. The token is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewSession {
    pub token: String,
    pub expires_at: Ts,
}

impl From<Begun> for NewSession {
    fn from(begun: Begun) -> NewSession {
        NewSession { token: begun.token, expires_at: begun.expires_at }
    }
}

/// Somewhere I am signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = sessions::Session)]
pub struct SessionView {
    pub id: String,
    /// What the program that signed in said it is.
    pub user_agent: String,
    pub created_at: Ts,
    /// Up to five minutes stale.
    pub last_used_at: Ts,
    pub expires_at: Ts,
    /// Whether this request came with it.
    pub current: bool,
}

impl SessionView {
    pub fn new(session: Session, current: SessionId) -> SessionView {
        let Session { id, code, user_agent, created_at, last_used_at, expires_at } = session;
        SessionView { id: code, user_agent, created_at, last_used_at, expires_at, current: id == current }
    }
}
