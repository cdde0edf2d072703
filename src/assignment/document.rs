//! A task as a file: JSON with everything in it, or the bids as CSV.

use super::model::{Barrier, Bid, MOST_EACH, NamedPair, Pair, Proposal, Reviewer, Rules, Task};
use serde::Deserialize;
use std::{collections::BTreeSet, io::Read};

/// The JSON document that `callboard plan-assignments` reads, and that a preview can give.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// For proposals that do not say what they need.
    #[serde(default = "three")]
    pub per_proposal: u32,
    /// For reviewers who do not say it.
    #[serde(default)]
    pub at_least: u32,
    #[serde(default = "most")]
    pub at_most: u32,
    #[serde(default)]
    pub balance: i64,
    #[serde(default)]
    pub keep: i64,
    #[serde(default = "yes")]
    pub fair: bool,
    #[serde(default = "one")]
    pub seed: u64,
    pub proposals: Vec<ProposalEntry>,
    pub reviewers: Vec<ReviewerEntry>,
    /// Those that are not here are of unknown bid.
    #[serde(default)]
    pub pairs: Vec<PairEntry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposalEntry {
    pub id: String,
    pub needs: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewerEntry {
    pub id: String,
    pub at_least: Option<u32>,
    pub at_most: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairEntry {
    pub proposal: String,
    pub reviewer: String,
    #[serde(default)]
    pub bid: Bid,
    #[serde(default)]
    pub fit: u8,
    #[serde(default)]
    pub expertise: u8,
    pub weight: Option<u16>,
    pub barrier: Option<Barrier>,
    #[serde(default)]
    pub fixed: bool,
    #[serde(default)]
    pub previous: bool,
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

const fn one() -> u64 {
    1
}

impl Document {
    /// # Errors
    /// All that is wrong with it, in words.
    pub fn task(self) -> Result<Task, Vec<String>> {
        let rules = Rules { balance: self.balance, keep: self.keep, fair: self.fair, seed: self.seed };
        let proposal =
            |entry: ProposalEntry| Proposal { id: entry.id, needs: entry.needs.unwrap_or(self.per_proposal) };
        let reviewer = |entry: ReviewerEntry| Reviewer {
            id: entry.id,
            at_least: entry.at_least.unwrap_or(self.at_least),
            at_most: entry.at_most.unwrap_or(self.at_most),
        };
        let proposals = self.proposals.into_iter().map(proposal).collect();
        let reviewers = self.reviewers.into_iter().map(reviewer).collect();
        Task::new(proposals, reviewers, self.pairs.into_iter().map(PairEntry::named), rules)
    }
}

impl PairEntry {
    fn named(self) -> NamedPair {
        let PairEntry { proposal, reviewer, bid, fit, expertise, weight, barrier, fixed, previous } = self;
        NamedPair { proposal, reviewer, pair: Pair { bid, fit, expertise, weight, barrier, fixed, previous } }
    }
}

const REVIEWER_COLUMNS: [&str; 2] = ["reviewer", "bidder"];
const PROPOSAL_COLUMNS: [&str; 3] = ["proposal", "submission", "paper"];
const BID_COLUMNS: [&str; 2] = ["bid", "preference"];

/// What a file of bids names.
#[derive(Clone, Debug, Default)]
pub struct Bids {
    pub proposals: Vec<ProposalEntry>,
    pub reviewers: Vec<ReviewerEntry>,
    pub pairs: Vec<PairEntry>,
}

/// Bids as they leave a spreadsheet: a header, then one row for each bid. Whoever is named in a row takes part.
///
/// # Errors
/// All that is wrong with it, in words with the number of the row.
pub fn read_bids(from: impl Read) -> Result<Bids, Vec<String>> {
    let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(from);
    let headers = csv.headers().map_err(|error| vec![error.to_string()])?.clone();
    let column = |names: &[&str]| {
        let place = headers
            .iter()
            .position(|header| names.contains(&header.trim_start_matches('\u{feff}').to_lowercase().as_str()));
        place.ok_or_else(|| vec![format!("there is no column {}", names.join(" or "))])
    };
    let (reviewer, proposal) = (column(&REVIEWER_COLUMNS)?, column(&PROPOSAL_COLUMNS)?);
    let bid = column(&BID_COLUMNS)?;
    let (mut pairs, mut wrong) = (vec![], vec![]);
    for (row, record) in csv.records().enumerate() {
        let cell = |record: &csv::StringRecord, place| record.get(place).unwrap_or_default().to_owned();
        // The header is row 1.
        let row = row + 2;
        match record.map(|record| (cell(&record, proposal), cell(&record, reviewer), cell(&record, bid))) {
            Err(error) => wrong.push(format!("row {row}: {error}")),
            Ok((proposal, reviewer, _)) if proposal.is_empty() || reviewer.is_empty() => {
                wrong.push(format!("row {row}: proposal and reviewer are both needed"));
            }
            Ok((proposal, reviewer, said)) => match meaning(&said) {
                Some((bid, barrier)) => {
                    pairs.push(PairEntry { proposal, reviewer, bid, barrier, ..PairEntry::default() });
                }
                None => wrong.push(format!("row {row}: the bid is none of want, can, unknown, rather_not, conflict")),
            },
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let proposals: BTreeSet<&String> = pairs.iter().map(|pair| &pair.proposal).collect();
    let reviewers: BTreeSet<&String> = pairs.iter().map(|pair| &pair.reviewer).collect();
    let proposals = proposals.into_iter().map(|id| ProposalEntry { id: id.clone(), needs: None }).collect();
    let reviewer = |id: &String| ReviewerEntry { id: id.clone(), at_least: None, at_most: None };
    let reviewers = reviewers.into_iter().map(reviewer).collect();
    Ok(Bids { proposals, reviewers, pairs })
}

/// What the words of several tools say.
fn meaning(said: &str) -> Option<(Bid, Option<Barrier>)> {
    let bid = match said.to_lowercase().as_str() {
        "want" | "yes" => Bid::Want,
        "can" | "maybe" => Bid::Can,
        "" | "unknown" => Bid::Unknown,
        "rather_not" | "rather not" | "no" => Bid::RatherNot,
        "conflict" => return Some((Bid::Unknown, Some(Barrier::Conflict))),
        _ => return None,
    };
    Some((bid, None))
}
