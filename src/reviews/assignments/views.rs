//! Assignments as organizers see them.

use super::model::{self, Obstacle, Outcome};
use crate::{db::types::Ts, reviews::conflicts::views::MemberName};
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody shall review a proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Assignment)]
pub struct AssignmentView {
    pub id: String,
    /// The code of the proposal.
    pub proposal: String,
    #[serde(rename = "ref")]
    pub reference: String,
    pub reviewer: MemberName,
    pub created_at: Ts,
}

impl From<model::Assignment> for AssignmentView {
    fn from(assignment: model::Assignment) -> AssignmentView {
        let model::Assignment { code: id, proposal: (proposal, reference), title: _, reviewer, created_at } =
            assignment;
        AssignmentView { id, proposal, reference, reviewer: reviewer.into(), created_at }
    }
}

/// What assigning has done, or would do.
#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Assigned)]
pub struct Assigned {
    pub dry_run: bool,
    /// How many are new.
    pub count: usize,
    /// One a pair, in the order sent.
    pub items: Vec<AssignedPair>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Pair)]
pub struct AssignedPair {
    /// Where it stands in what was sent.
    pub place: String,
    /// The code of the proposal; absent when the pair cannot be assigned.
    pub proposal: Option<String>,
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    pub reviewer: Option<MemberName>,
    /// Whether it was not assigned before.
    pub new: bool,
    /// Why it cannot be assigned: `unknown_proposal`, `unknown_reviewer`, `wrong_state`, `conflict`, `other_track` or
    /// `duplicate`.
    pub problem: Option<&'static str>,
}

impl Assigned {
    pub fn new(dry_run: bool, outcomes: Vec<Outcome>) -> Assigned {
        let items: Vec<AssignedPair> = outcomes.into_iter().map(AssignedPair::from).collect();
        Assigned { dry_run, count: items.iter().filter(|item| item.new).count(), items }
    }
}

impl From<Outcome> for AssignedPair {
    fn from(outcome: Outcome) -> AssignedPair {
        let place = outcome.wanted.place;
        match outcome.found {
            Ok(model::Found { pair: _, proposal: (code, reference), reviewer, is_new }) => AssignedPair {
                place,
                proposal: Some(code),
                reference: Some(reference),
                reviewer: Some(reviewer.into()),
                new: is_new,
                problem: None,
            },
            Err(obstacle) => {
                let problem = Some(Obstacle::code(obstacle));
                AssignedPair { place, proposal: None, reference: None, reviewer: None, new: false, problem }
            }
        }
    }
}
