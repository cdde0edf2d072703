//! The solver: reference tasks, and properties against brute force and a linear program.

mod program;
mod properties;
mod reference;

use callboard::assignment::model::{Barrier, NamedPair, Pair, Proposal, Reviewer};

pub fn proposal(id: &str, needs: u32) -> Proposal {
    Proposal { id: id.into(), needs }
}
pub fn reviewer(id: &str, at_least: u32, at_most: u32) -> Reviewer {
    Reviewer { id: id.into(), at_least, at_most }
}
pub fn weighs(proposal: &str, reviewer: &str, weight: u16) -> NamedPair {
    NamedPair {
        proposal: proposal.into(),
        reviewer: reviewer.into(),
        pair: Pair { weight: Some(weight), ..Pair::default() },
    }
}
pub fn barred(proposal: &str, reviewer: &str, barrier: Barrier) -> NamedPair {
    NamedPair {
        proposal: proposal.into(),
        reviewer: reviewer.into(),
        pair: Pair { barrier: Some(barrier), ..Pair::default() },
    }
}
