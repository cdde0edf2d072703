//! What reviewers say about reading a proposal, and how organizers want a plan.

use super::model::{Bid, MOST_EACH, MOST_FORCE};
use crate::text_enum;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    /// What a reviewer knows of the subject.
    #[derive(Default)]
    pub enum Expertise {
        #[default]
        None = "none",
        Some = "some",
        Expert = "expert",
    }
}

impl Expertise {
    pub const fn percent(self) -> u8 {
        match self {
            Expertise::None => 0,
            Expertise::Some => 50,
            Expertise::Expert => 100,
        }
    }
}

/// What a reviewer has said about a proposal, by its reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedBid {
    pub reference: String,
    pub bid: Bid,
    pub expertise: Expertise,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = bids::PlaceBid)]
pub struct PlaceBid {
    #[schema(inline)]
    pub bid: Bid,
    #[serde(default)]
    #[schema(inline, required = false)]
    pub expertise: Expertise,
}

/// Many bids at once, each by the reference of its proposal.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = bids::PlaceBids)]
pub struct PlaceBids {
    #[serde(default)]
    #[validate(length(max = 100))]
    pub bids: BTreeMap<String, Bid>,
    #[serde(default)]
    #[validate(length(max = 100))]
    pub expertise: BTreeMap<String, Expertise>,
}

impl PlaceBids {
    /// What it says that was not said before; what it does not name stays.
    pub fn new_among(&self, said: &[PlacedBid]) -> Vec<PlacedBid> {
        let before = |reference: &str| {
            let found = said.iter().find(|placed| placed.reference == *reference);
            found.map_or((Bid::default(), Expertise::default()), |placed| (placed.bid, placed.expertise))
        };
        let references: BTreeSet<&String> = self.bids.keys().chain(self.expertise.keys()).collect();
        let placed = |reference: &String| {
            let (bid, expertise) = before(reference);
            let now = PlacedBid {
                reference: reference.clone(),
                bid: self.bids.get(reference).copied().unwrap_or(bid),
                expertise: self.expertise.get(reference).copied().unwrap_or(expertise),
            };
            ((now.bid, now.expertise) != (bid, expertise)).then_some(now)
        };
        references.into_iter().filter_map(placed).collect()
    }
}

/// How the plan is made, and whether it is only looked at.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = assignments::MakePlan)]
pub struct MakePlan {
    /// How many reviews each proposal shall have, with those that there are.
    #[serde(default = "three")]
    #[validate(range(min = 1, max = 50))]
    #[schema(minimum = 1, maximum = 50, default = 3, required = false)]
    pub per_proposal: u32,
    /// What each reviewer gets at least, as far as it goes.
    #[serde(default)]
    #[validate(range(max = MOST_EACH))]
    #[schema(minimum = 0, maximum = 10000, default = 0, required = false)]
    pub at_least: u32,
    /// What each reviewer gets at most.
    #[serde(default = "most")]
    #[validate(range(max = MOST_EACH))]
    #[schema(minimum = 0, maximum = 10000, default = 10_000, required = false)]
    pub at_most: u32,
    /// What each further proposal of a reviewer costs more than the one before.
    #[serde(default)]
    #[validate(range(min = 0, max = MOST_FORCE))]
    #[schema(minimum = 0, maximum = 1000, default = 0, required = false)]
    pub balance: i64,
    /// What a pair gains that is assigned already.
    #[serde(default)]
    #[validate(range(min = 0, max = MOST_FORCE))]
    #[schema(minimum = 0, maximum = 1000, default = 0, required = false)]
    pub keep: i64,
    /// Whether the worst pair is made as good as possible before the sum is.
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub fair: bool,
    /// How ties fall.
    #[serde(default = "one")]
    #[schema(default = 1, required = false)]
    pub seed: u32,
    /// Reviewers who take more or less than the others.
    #[serde(default)]
    #[schema(required = false, max_items = 1000)]
    pub reviewers: Vec<OwnLimits>,
    /// The version of a preview: it is applied if everything is still as it was.
    #[schema(max_length = 200)]
    #[validate(length(max = 200, message = "is not the version of a preview"))]
    pub version: Option<String>,
    /// Answer the plan and its version, and change nothing.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub dry_run: bool,
    /// Give the task too, as `callboard plan-assignments` reads it.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub with_task: bool,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = assignments::OwnLimits)]
pub struct OwnLimits {
    /// The code of the reviewer's account.
    pub reviewer: String,
    #[schema(minimum = 0, maximum = 10000)]
    pub at_least: Option<u32>,
    #[schema(minimum = 0, maximum = 10000)]
    pub at_most: Option<u32>,
}

const fn three() -> u32 {
    3
}

const fn most() -> u32 {
    MOST_EACH
}

const fn yes() -> bool {
    true
}

const fn one() -> u32 {
    1
}
