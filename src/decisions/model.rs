//! Private decisions: what organizers send, and what may be decided.

use crate::{
    db::types::ProposalId,
    error::{Error, FieldErrors, Result},
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = decisions::Decide)]
pub struct Decide {
    pub decision: Decision,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = decisions::DecideMany)]
pub struct DecideMany {
    /// The codes of the proposals, each once.
    #[validate(length(min = 1, max = 2000, message = "must hold 1 to 2000 codes"))]
    #[schema(min_items = 1, max_items = 2000)]
    pub codes: Vec<String>,
    pub decision: Decision,
    /// Answer what would change, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// A proposal's four facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub id: ProposalId,
    pub code: String,
    pub lifecycle: Lifecycle,
    pub decision: Decision,
    pub decision_version: i64,
    pub published_decision: Option<PublishedDecision>,
    pub confirmation: Option<Confirmation>,
}

impl Facts {
    pub fn can_be_decided(&self) -> bool {
        self.lifecycle == Lifecycle::Submitted
    }
}

/// Why one of many cannot be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Unknown,
    Twice,
    WrongState,
}

impl Obstacle {
    pub const fn code(self) -> &'static str {
        match self {
            Obstacle::Unknown => "unknown",
            Obstacle::Twice => "duplicate",
            Obstacle::WrongState => "wrong_state",
        }
    }

    pub const fn message(self) -> &'static str {
        match self {
            Obstacle::Unknown => "is no proposal of this event",
            Obstacle::Twice => "stands twice",
            Obstacle::WrongState => "is not submitted, so it cannot be decided",
        }
    }
}

/// What deciding would do to one of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub code: String,
    /// The decision so far, or why it stays.
    pub from: Result<Decision, Obstacle>,
    pub to: Decision,
}

impl Change {
    pub fn is_effective(&self) -> bool {
        self.from.is_ok_and(|from| from != self.to)
    }
}

/// One answer a code, in the order asked.
pub fn changes(codes: &[String], to: Decision, found: &[Facts]) -> Vec<Change> {
    let found: HashMap<&str, &Facts> = found.iter().map(|facts| (facts.code.as_str(), facts)).collect();
    let mut seen = HashSet::new();
    let from = |code: &str| match found.get(code) {
        None => Err(Obstacle::Unknown),
        Some(facts) if !facts.can_be_decided() => Err(Obstacle::WrongState),
        Some(facts) => Ok(facts.decision),
    };
    codes
        .iter()
        .map(|code| {
            let from = if seen.insert(code.as_str()) { from(code) } else { Err(Obstacle::Twice) };
            Change { code: code.clone(), from, to }
        })
        .collect()
}

/// # Errors
/// `Invalid` with the path of each code that cannot be decided.
pub fn all_possible(changes: &[Change]) -> Result<()> {
    let mut errors = FieldErrors::default();
    for (index, change) in changes.iter().enumerate() {
        if let Err(obstacle) = change.from {
            errors.add(&format!("codes[{index}]"), obstacle.code(), obstacle.message());
        }
    }
    errors.into_result()
}

pub fn cannot_be_decided(facts: &Facts) -> Error {
    Error::wrong_state(format!("The proposal is {}; only a submitted one can be decided.", facts.lifecycle))
}

/// How a speaker's proposal left, in words for organizers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Withdrew,
    Declined,
}

impl Deed {
    pub const fn as_str(self) -> &'static str {
        match self {
            Deed::Withdrew => "withdrew",
            Deed::Declined => "declined",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(code: &str, lifecycle: Lifecycle, decision: Decision) -> Facts {
        let (id, code) = (ProposalId(1), code.to_owned());
        Facts { id, code, lifecycle, decision, decision_version: 1, published_decision: None, confirmation: None }
    }

    #[test]
    fn each_code_gets_its_answer() {
        let found = [
            facts("AAAAAA", Lifecycle::Submitted, Decision::Undecided),
            facts("BBBBBB", Lifecycle::Withdrawn, Decision::Accepted),
            facts("CCCCCC", Lifecycle::Submitted, Decision::Accepted),
        ];
        let codes = ["CCCCCC", "BBBBBB", "XXXXXX", "AAAAAA", "AAAAAA"].map(str::to_owned);
        let changes = changes(&codes, Decision::Accepted, &found);
        let from: Vec<_> = changes.iter().map(|change| change.from).collect();
        assert_eq!(
            from,
            [
                Ok(Decision::Accepted),
                Err(Obstacle::WrongState),
                Err(Obstacle::Unknown),
                Ok(Decision::Undecided),
                Err(Obstacle::Twice)
            ]
        );
        assert_eq!(changes.iter().filter(|change| change.is_effective()).count(), 1);
        let error = all_possible(&changes).unwrap_err();
        let paths: Vec<_> = error.fields().iter().map(|field| field.field.as_str()).collect();
        assert_eq!(paths, ["codes[1]", "codes[2]", "codes[4]"]);
        assert!(!error.to_string().contains("XXXXXX"), "rejected values are not repeated");
    }
}
