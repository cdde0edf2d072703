//! What organizers see of the audit.

use super::{model::Action, store::Noted};
use crate::db::types::Ts;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One deed.
#[derive(Serialize, ToSchema)]
#[schema(as = audit::Entry)]
pub struct EntryView {
    pub id: String,
    pub at: Ts,
    /// Who did it; absent where the process did by itself.
    pub actor: Option<ActorView>,
    pub action: Action,
    pub object: ObjectView,
    /// What belongs to it, by name: `from` and `to` of a decision, how many rows an export had.
    #[schema(value_type = Object)]
    pub facts: Value,
}

#[derive(Serialize, ToSchema)]
#[schema(as = audit::Actor)]
pub struct ActorView {
    /// The code of the account.
    pub code: String,
    /// Empty once the account was erased.
    pub name: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = audit::Object)]
pub struct ObjectView {
    /// `proposal`, `track`, `call` and so on.
    pub kind: String,
    pub code: Option<String>,
}

impl From<Noted> for EntryView {
    fn from(noted: Noted) -> EntryView {
        EntryView {
            id: noted.code,
            at: noted.at,
            actor: noted.actor.map(|(code, name)| ActorView { code, name }),
            action: noted.action,
            object: ObjectView { kind: noted.object_kind, code: noted.object_code },
            facts: serde_json::from_str(&noted.facts).unwrap_or_default(),
        }
    }
}
