//! Hints as organizers see them; nobody else does.

use super::model::{self, Reason};
use crate::reviews::conflicts::views::MemberName;
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody on the team may have a conflict of interest with a proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = conflicts::Hint)]
pub struct HintView {
    pub member: MemberName,
    /// The code of the proposal.
    pub proposal: String,
    #[serde(rename = "ref")]
    pub reference: String,
    /// Because of whom.
    pub speaker: String,
    pub reasons: Vec<Reason>,
}

impl From<model::Hint> for HintView {
    fn from(model::Hint { proposal: (proposal, reference), speaker, member, reasons }: model::Hint) -> HintView {
        HintView { member: member.into(), proposal, reference, speaker, reasons: reasons.into_iter().collect() }
    }
}
