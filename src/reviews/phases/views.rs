//! A phase as its event's team sees it.

use super::model::Dated;
use crate::{
    access::{
        Phase,
        phase::{OthersReviews, Sees},
    },
    db::types::Ts,
    http::reply::HasVersion,
};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = phases::Phase)]
pub struct PhaseView {
    pub code: String,
    pub name: String,
    /// It lasts until the next phase begins.
    pub starts_at: Ts,
    /// Whether reviews can be written.
    pub scoring: bool,
    /// Which proposals reviewers see.
    pub sees: Sees,
    /// Whether reviewers are told who wrote the proposals.
    pub names: bool,
    /// When reviewers see what others wrote about a proposal.
    pub reviews: OthersReviews,
    /// Whether organizers and chairs can decide.
    pub deciding: bool,
    pub version: i64,
}

impl HasVersion for PhaseView {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Dated> for PhaseView {
    fn from(phase: Dated) -> PhaseView {
        let Dated { id: _, code, name, starts_at, switches, version } = phase;
        let Phase { scoring, sees, names, reviews, deciding } = switches;
        PhaseView { code, name, starts_at, scoring, sees, names, reviews, deciding, version }
    }
}
