//! Pairs of proposals and reviewers, and what speaks against one.

use crate::{
    db::types::{AccountId, ProposalId, TrackId, Ts},
    error::{FieldErrors, Result},
    http::cursor::Cursor,
    proposals::model::Lifecycle,
    text::{Email, PublicCode},
};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;
use validator::Validate;

/// An assignment with the names of both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub code: String,
    /// The proposal's code and reference.
    pub proposal: (String, String),
    pub title: String,
    /// The reviewer's code and name.
    pub reviewer: (String, String),
    pub created_at: Ts,
}

/// What a reviewer has to do, as far as who asks may know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    pub code: String,
    pub name: String,
    pub assigned: usize,
    /// Of those assigned, reviewed or abstained from.
    pub done: usize,
    /// Of those assigned, what the reviewer does not see yet.
    pub unreleased: usize,
    /// Reviews and abstentions, assigned or not.
    pub reviews: usize,
}

/// One proposal for some reviewers.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = assignments::AssignOne)]
pub struct AssignOne {
    /// The code of the proposal.
    pub proposal: PublicCode,
    /// The codes of the reviewers' accounts.
    #[validate(length(min = 1, message = "must name one at least"))]
    pub reviewers: Vec<String>,
}

impl From<AssignOne> for Assign {
    fn from(AssignOne { proposal, reviewers }: AssignOne) -> Assign {
        let pair = |reviewer| Pair { proposal: proposal.clone(), reviewer };
        Assign { pairs: reviewers.into_iter().map(pair).collect(), dry_run: false }
    }
}

impl Assignment {
    /// Where a page ends.
    pub fn place(&self) -> Cursor {
        Cursor { at: self.created_at, code: self.code.clone() }
    }
}

/// Which of the assignments.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = assignments::Filter)]
pub struct Filter {
    /// The code of a proposal.
    pub proposal: Option<PublicCode>,
    /// The code of a member.
    #[schema(max_length = 10)]
    #[validate(length(max = 10, message = "is not the code of a member"))]
    pub reviewer: Option<String>,
    /// How many items, 1 to 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// How many pairs one request may hold.
pub const MOST_PAIRS: usize = 10_000;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = assignments::Assign)]
pub struct Assign {
    #[schema(min_items = 1, max_items = 10_000)]
    pub pairs: Vec<Pair>,
    /// Answer what would happen to each pair, and change nothing.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub dry_run: bool,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = assignments::NewPair)]
pub struct Pair {
    /// The code of the proposal.
    pub proposal: PublicCode,
    /// The code of the reviewer's account.
    pub reviewer: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = assignments::AssignCsv)]
pub struct AssignCsv {
    /// With a header: `proposal` (its code) or `ref`, and `reviewer` (the code of the account) or `email`; others are
    /// left alone. Up to 10,000 rows.
    pub csv: String,
    /// Answer what would happen to each row, and change nothing.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub dry_run: bool,
}

/// A proposal as somebody named it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProposalName {
    Code(String),
    Reference(String),
}

/// A reviewer as somebody named them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReviewerName {
    Code(String),
    Email(String),
}

/// What somebody wants assigned, and where it stands in what they sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub place: String,
    pub proposal: ProposalName,
    pub reviewer: ReviewerName,
}

impl Assign {
    /// # Errors
    /// A field error for too many pairs, or none.
    pub fn wanted(self) -> Result<Vec<Wanted>> {
        if !(1..=MOST_PAIRS).contains(&self.pairs.len()) {
            return Err(FieldErrors::of("pairs", "length", format!("must hold 1 to {MOST_PAIRS} pairs")).into());
        }
        let wanted = |(index, pair): (usize, Pair)| Wanted {
            place: format!("pairs[{index}]"),
            proposal: ProposalName::Code(pair.proposal.into_string()),
            reviewer: ReviewerName::Code(pair.reviewer),
        };
        Ok(self.pairs.into_iter().enumerate().map(wanted).collect())
    }
}

impl ReviewerName {
    /// What is no address names nobody.
    pub fn of_email(text: &str) -> ReviewerName {
        ReviewerName::Email(Email::new(text).map(|email| email.key()).unwrap_or_default())
    }
}

/// A proposal within the reach of who assigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub id: ProposalId,
    pub code: String,
    pub reference: String,
    pub track: Option<TrackId>,
    pub lifecycle: Lifecycle,
}

/// A reviewer of the event, with the tracks the role is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    pub account: AccountId,
    pub code: String,
    pub email_key: String,
    pub name: String,
    pub tracks: Option<Vec<TrackId>>,
}

/// Everything by which pairs are judged.
#[derive(Clone, Debug, Default)]
pub struct Board {
    pub proposals: Vec<Proposal>,
    pub reviewers: Vec<Reviewer>,
    /// Declared, pinned, or because the reviewer speaks in it.
    pub conflicts: HashSet<(ProposalId, AccountId)>,
    pub assigned: HashSet<(ProposalId, AccountId)>,
}

/// Why a pair cannot be assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    UnknownProposal,
    UnknownReviewer,
    WrongState,
    Conflict,
    OtherTrack,
    Twice,
}

impl Obstacle {
    pub const fn code(self) -> &'static str {
        match self {
            Obstacle::UnknownProposal => "unknown_proposal",
            Obstacle::UnknownReviewer => "unknown_reviewer",
            Obstacle::WrongState => "wrong_state",
            Obstacle::Conflict => "conflict",
            Obstacle::OtherTrack => "other_track",
            Obstacle::Twice => "duplicate",
        }
    }

    pub const fn message(self) -> &'static str {
        match self {
            Obstacle::UnknownProposal => "names no proposal of this event",
            Obstacle::UnknownReviewer => "names no reviewer of this event",
            Obstacle::WrongState => "names a proposal that is not submitted",
            Obstacle::Conflict => "the reviewer has a conflict of interest with the proposal",
            Obstacle::OtherTrack => "the reviewer's role is limited to other tracks",
            Obstacle::Twice => "stands twice",
        }
    }
}

/// What assigning does to a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub wanted: Wanted,
    pub found: Result<Found, Obstacle>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub pair: (ProposalId, AccountId),
    /// The proposal's code and reference.
    pub proposal: (String, String),
    /// The reviewer's code and name.
    pub reviewer: (String, String),
    /// Whether it is not assigned yet.
    pub is_new: bool,
}

impl Board {
    /// One outcome for each, in their order.
    pub fn judge(&self, wanted: Vec<Wanted>) -> Vec<Outcome> {
        let codes = self.proposals.iter().map(|proposal| (ProposalName::Code(proposal.code.clone()), proposal));
        let refs =
            self.proposals.iter().map(|proposal| (ProposalName::Reference(proposal.reference.clone()), proposal));
        let proposals: HashMap<ProposalName, &Proposal> = codes.chain(refs).collect();
        let codes = self.reviewers.iter().map(|reviewer| (ReviewerName::Code(reviewer.code.clone()), reviewer));
        let emails = self.reviewers.iter().map(|reviewer| (ReviewerName::Email(reviewer.email_key.clone()), reviewer));
        let reviewers: HashMap<ReviewerName, &Reviewer> = codes.chain(emails).collect();
        let mut seen = HashSet::new();
        let mut judge = |wanted: &Wanted| {
            let proposal = proposals.get(&wanted.proposal).ok_or(Obstacle::UnknownProposal)?;
            let reviewer = reviewers.get(&wanted.reviewer).ok_or(Obstacle::UnknownReviewer)?;
            let found = self.judge_pair(proposal, reviewer)?;
            if seen.insert(found.pair) { Ok(found) } else { Err(Obstacle::Twice) }
        };
        wanted.into_iter().map(|wanted| Outcome { found: judge(&wanted), wanted }).collect()
    }

    fn judge_pair(&self, proposal: &Proposal, reviewer: &Reviewer) -> Result<Found, Obstacle> {
        let pair = (proposal.id, reviewer.account);
        if proposal.lifecycle != Lifecycle::Submitted {
            return Err(Obstacle::WrongState);
        }
        if self.conflicts.contains(&pair) {
            return Err(Obstacle::Conflict);
        }
        let within = |tracks: &Vec<TrackId>| proposal.track.is_some_and(|track| tracks.contains(&track));
        if !reviewer.tracks.as_ref().is_none_or(within) {
            return Err(Obstacle::OtherTrack);
        }
        Ok(Found {
            pair,
            proposal: (proposal.code.clone(), proposal.reference.clone()),
            reviewer: (reviewer.code.clone(), reviewer.name.clone()),
            is_new: !self.assigned.contains(&pair),
        })
    }
}

/// The pairs that are to be stored.
///
/// # Errors
/// `Invalid` with the place of each pair that cannot be assigned.
pub fn all_possible(outcomes: &[Outcome]) -> Result<Vec<(ProposalId, AccountId)>> {
    let mut errors = FieldErrors::default();
    let mut new = vec![];
    for outcome in outcomes {
        match &outcome.found {
            Ok(found) if found.is_new => new.push(found.pair),
            Ok(_) => {}
            Err(obstacle) => errors.add(&outcome.wanted.place, obstacle.code(), obstacle.message()),
        }
    }
    errors.into_result()?;
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal(id: i64, track: Option<i64>, lifecycle: Lifecycle) -> Proposal {
        let (code, reference) = (format!("CODE{id}"), format!("REF{id}"));
        Proposal { id: ProposalId(id), code, reference, track: track.map(TrackId), lifecycle }
    }

    fn reviewer(id: i64, tracks: Option<Vec<i64>>) -> Reviewer {
        let tracks = tracks.map(|tracks| tracks.into_iter().map(TrackId).collect());
        let (code, email_key, name) = (format!("R{id}"), format!("r{id}@example.org"), format!("Reviewer {id}"));
        Reviewer { account: AccountId(id), code, email_key, name, tracks }
    }

    fn wanted(proposal: ProposalName, reviewer: ReviewerName) -> Wanted {
        Wanted { place: String::from("here"), proposal, reviewer }
    }

    #[test]
    fn each_pair_gets_its_answer() {
        let board = Board {
            proposals: vec![
                proposal(1, Some(7), Lifecycle::Submitted),
                proposal(2, None, Lifecycle::Submitted),
                proposal(3, Some(7), Lifecycle::Withdrawn),
            ],
            reviewers: vec![reviewer(1, None), reviewer(2, Some(vec![7]))],
            conflicts: HashSet::from([(ProposalId(2), AccountId(1))]),
            assigned: HashSet::from([(ProposalId(1), AccountId(2))]),
        };
        let code = |code: &str| ProposalName::Code(code.into());
        let by_code = |code: &str| ReviewerName::Code(code.into());
        let outcomes = board.judge(vec![
            wanted(code("CODE1"), by_code("R1")),
            wanted(ProposalName::Reference("REF1".into()), ReviewerName::of_email("R1@Example.org")),
            wanted(code("CODE1"), by_code("R2")),
            wanted(code("CODE2"), by_code("R1")),
            wanted(code("CODE2"), by_code("R2")),
            wanted(code("CODE3"), by_code("R1")),
            wanted(code("REF1"), by_code("R1")),
            wanted(code("CODE1"), ReviewerName::of_email("nonsense")),
        ]);
        let answers: Vec<Result<bool, Obstacle>> =
            outcomes.iter().map(|outcome| outcome.found.clone().map(|found| found.is_new)).collect();
        assert_eq!(
            answers,
            [
                Ok(true),
                Err(Obstacle::Twice),
                Ok(false),
                Err(Obstacle::Conflict),
                Err(Obstacle::OtherTrack),
                Err(Obstacle::WrongState),
                Err(Obstacle::UnknownProposal),
                Err(Obstacle::UnknownReviewer),
            ]
        );
        let stored = all_possible(&outcomes[..1]).unwrap();
        assert_eq!(stored, [(ProposalId(1), AccountId(1))]);
        assert_eq!(all_possible(&outcomes).unwrap_err().fields().len(), 6);
    }
}
