//! What organizers see of private decisions; nobody else sees any of this.

use super::model::{Change, Facts, Obstacle};
use crate::{
    http::reply::HasVersion,
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The four facts of a proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = decisions::Facts)]
pub struct ForOrganizer {
    pub code: String,
    pub lifecycle: Lifecycle,
    pub decision: Decision,
    /// Of the decision alone.
    pub version: i64,
    pub published_decision: Option<PublishedDecision>,
    pub confirmation: Option<Confirmation>,
}

impl HasVersion for ForOrganizer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Facts> for ForOrganizer {
    fn from(facts: Facts) -> ForOrganizer {
        ForOrganizer {
            code: facts.code,
            lifecycle: facts.lifecycle,
            decision: facts.decision,
            version: facts.decision_version,
            published_decision: facts.published_decision,
            confirmation: facts.confirmation,
        }
    }
}

/// What a bulk decision changed, or would change.
#[derive(Serialize, ToSchema)]
#[schema(as = decisions::DecidedMany)]
pub struct DecidedMany {
    pub dry_run: bool,
    /// How many change.
    pub count: usize,
    /// One a code, in the order asked.
    pub items: Vec<DecidedOne>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = decisions::DecidedOne)]
pub struct DecidedOne {
    pub code: String,
    /// The decision before.
    pub from: Option<Decision>,
    /// The decision after; absent when it cannot be decided.
    pub to: Option<Decision>,
    /// Why it cannot be decided: `unknown`, `duplicate` or `wrong_state`.
    pub problem: Option<&'static str>,
}

impl DecidedMany {
    pub fn new(dry_run: bool, changes: Vec<Change>) -> DecidedMany {
        let count = changes.iter().filter(|change| change.is_effective()).count();
        DecidedMany { dry_run, count, items: changes.into_iter().map(DecidedOne::from).collect() }
    }
}

impl From<Change> for DecidedOne {
    fn from(change: Change) -> DecidedOne {
        DecidedOne {
            to: change.from.is_ok().then_some(change.to),
            from: change.from.ok(),
            problem: change.from.err().map(Obstacle::code),
            code: change.code,
        }
    }
}
