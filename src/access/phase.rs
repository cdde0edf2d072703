//! What the committee may do and see at a time. An event's phases follow each other by their starts; where none has
//! begun, the usual holds.

use super::{permission::PermissionName, store::Scope};
use crate::text_enum;

text_enum! {
    /// Which proposals reviewers see.
    pub enum Sees {
        All = "all",
        /// Those they are assigned to.
        Assigned = "assigned",
    }
}

text_enum! {
    /// When reviewers see what others wrote about a proposal.
    pub enum OthersReviews {
        Never = "never",
        /// Once the own review or abstention is in.
        AfterOwn = "after_own",
        Always = "always",
    }
}

/// The switches of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Whether reviews can be written.
    pub scoring: bool,
    pub sees: Sees,
    /// Whether reviewers are told who wrote the proposals.
    pub names: bool,
    pub reviews: OthersReviews,
    /// Whether organizers and chairs can decide.
    pub deciding: bool,
}

impl Phase {
    /// What holds while no phase has begun: the event itself says whether it is blind.
    pub fn usual(scope: &Scope) -> Phase {
        let (sees, reviews) = (Sees::All, OthersReviews::AfterOwn);
        Phase { scoring: true, sees, names: !scope.blind, reviews, deciding: true }
    }
}

impl PermissionName {
    /// Whether what it allows depends on the phase.
    pub(super) const fn has_phases(self) -> bool {
        matches!(self, PermissionName::ReviewProposals | PermissionName::Decide)
    }

    /// Whether it is about judging: then whoever has a conflict of interest with a proposal does not meet it. Managing
    /// the event reaches all of it, or nobody could cancel or publish what an organizer speaks in; whoever only reads it
    /// minds conflicts there too.
    pub(super) const fn minds_conflicts(self) -> bool {
        matches!(self, PermissionName::ReviewProposals | PermissionName::ReadProposals | PermissionName::Decide)
    }
}
