//! Conflicts of interest as those see them who may know of them.

use super::model::{self, Kind, Source};
use crate::db::types::Ts;
use serde::Serialize;
use utoipa::ToSchema;

/// What I declared.
#[derive(Serialize, ToSchema)]
#[schema(as = conflicts::Declared)]
pub struct Declared {
    pub kind: Kind,
}

/// A conflict of interest, for organizers.
#[derive(Serialize, ToSchema)]
#[schema(as = conflicts::Conflict)]
pub struct ConflictView {
    pub id: String,
    /// The code of the proposal.
    pub proposal: String,
    #[serde(rename = "ref")]
    pub reference: String,
    pub member: MemberName,
    /// Who says so.
    pub source: Source,
    pub kind: Kind,
    pub created_at: Ts,
}

/// Somebody on the team.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::MemberName)]
pub struct MemberName {
    pub code: String,
    pub name: String,
}

impl From<(String, String)> for MemberName {
    fn from((code, name): (String, String)) -> MemberName {
        MemberName { code, name }
    }
}

impl From<model::Conflict> for ConflictView {
    fn from(conflict: model::Conflict) -> ConflictView {
        let model::Conflict { code: id, proposal: (proposal, reference), member, source, kind, created_at, .. } =
            conflict;
        ConflictView { id, proposal, reference, member: member.into(), source, kind, created_at }
    }
}
