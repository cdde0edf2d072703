//! The task of an assignment: who has to be read how often, who can read how much, and what is known of each pair.

use crate::text_enum;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Which rules made a plan. It changes with anything that could make another plan of the same task.
pub const VERSION: u32 = 1;
/// The best weight of a pair.
pub const MOST_WEIGHT: i64 = 1000;
/// Of balance and of keeping, in units of weight.
pub const MOST_FORCE: i64 = 1000;
/// Proposals times reviewers.
pub const MOST_PAIRS: usize = 4_000_000;
/// Of all proposals together.
pub const MOST_REVIEWS: u64 = 100_000;
/// Of one proposal, and what one reviewer takes.
pub const MOST_EACH: u32 = 10_000;

text_enum! {
    /// What a reviewer says about reading a proposal.
    #[derive(Default)]
    pub enum Bid {
        Want = "want",
        Can = "can",
        #[default]
        Unknown = "unknown",
        RatherNot = "rather_not",
    }
}

impl Bid {
    /// Its part of a pair's weight.
    const fn weight(self) -> i64 {
        match self {
            Bid::Want => 600,
            Bid::Can => 360,
            Bid::Unknown => 300,
            Bid::RatherNot => 90,
        }
    }
}

text_enum! {
    /// Why a reviewer must not read a proposal.
    pub enum Barrier {
        Conflict = "conflict",
        /// The reviewer is one of its speakers.
        Own = "own",
        /// The reviewer has declined to read it.
        Declined = "declined",
        /// The reviewer reads other tracks only.
        Track = "track",
    }
}

/// What is known of one reviewer and one proposal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    pub bid: Bid,
    /// How well the proposal's track and tags are the reviewer's, in percent.
    pub fit: u8,
    /// What the reviewer knows of its subject, in percent.
    pub expertise: u8,
    /// Instead of what bid, fit and expertise make.
    pub weight: Option<u16>,
    pub barrier: Option<Barrier>,
    /// The review has begun: the pair stays.
    pub fixed: bool,
    /// It is assigned so far.
    pub previous: bool,
}

impl Pair {
    /// 0 to 1000: how good it is that this reviewer reads this proposal.
    pub fn weight(self) -> i64 {
        self.weight.map_or_else(|| self.bid.weight() + i64::from(self.fit) * 3 + i64::from(self.expertise), i64::from)
    }

    /// Whether somebody who knows the subject would read it.
    pub fn is_expert(self) -> bool {
        self.expertise >= 50 || self.fit >= 50
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub id: String,
    /// How many reviews it shall have, with those that have begun.
    pub needs: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    pub id: String,
    /// What the reviewer takes, with the reviews that have begun.
    pub at_least: u32,
    pub at_most: u32,
}

/// What is worth how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What each further proposal of one reviewer costs more than the one before, in units of weight.
    pub balance: i64,
    /// What a pair gains that is assigned so far, in units of weight.
    pub keep: i64,
    /// Whether the worst pair is made as good as possible before the sum is.
    pub fair: bool,
    /// How ties fall.
    pub seed: u64,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { balance: 0, keep: 0, fair: true, seed: 1 }
    }
}

/// A value for each proposal with each reviewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid<T> {
    width: usize,
    cells: Vec<T>,
}

impl<T: Copy + Default> Grid<T> {
    pub fn new(height: usize, width: usize) -> Grid<T> {
        Grid { width, cells: vec![T::default(); height * width] }
    }

    pub fn at(&self, row: usize, column: usize) -> T {
        self.cells.get(row * self.width + column).copied().unwrap_or_default()
    }

    pub fn set(&mut self, row: usize, column: usize, value: T) {
        if let Some(cell) = self.cells.get_mut(row * self.width + column) {
            *cell = value;
        }
    }

    pub fn row(&self, row: usize) -> &[T] {
        self.cells.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }
}

/// A task that can be solved: sorted by id, so that the order it came in means nothing.
#[derive(Clone, Debug)]
pub struct Task {
    pub proposals: Vec<Proposal>,
    pub reviewers: Vec<Reviewer>,
    pub pairs: Grid<Pair>,
    pub rules: Rules,
}

/// A pair by the ids of its proposal and its reviewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPair {
    pub proposal: String,
    pub reviewer: String,
    pub pair: Pair,
}

impl Task {
    /// Pairs that are not named are of unknown bid.
    ///
    /// # Errors
    /// All that is wrong with it, in words.
    pub fn new(
        mut proposals: Vec<Proposal>,
        mut reviewers: Vec<Reviewer>,
        named: impl IntoIterator<Item = NamedPair>,
        rules: Rules,
    ) -> Result<Task, Vec<String>> {
        proposals.sort_by(|one, other| one.id.cmp(&other.id));
        reviewers.sort_by(|one, other| one.id.cmp(&other.id));
        let mut wrong = wrong_sizes(&proposals, &reviewers, rules);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let rows: BTreeMap<&str, usize> = proposals.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
        let columns: BTreeMap<&str, usize> =
            reviewers.iter().enumerate().map(|(at, column)| (column.id.as_str(), at)).collect();
        let mut pairs = Grid::new(proposals.len(), reviewers.len());
        let mut seen = BTreeSet::new();
        for NamedPair { proposal, reviewer, pair } in named {
            let at = rows.get(proposal.as_str()).zip(columns.get(reviewer.as_str()));
            match at {
                None => wrong.push(format!("the pair of {proposal} and {reviewer} names somebody who is not listed")),
                Some(at) if !seen.insert(at) => {
                    wrong.push(format!("the pair of {proposal} and {reviewer} comes twice"));
                }
                Some((row, column)) => {
                    wrong.extend(wrong_pair(pair).map(|what| format!("the pair of {proposal} and {reviewer} {what}")));
                    pairs.set(*row, *column, pair);
                }
            }
        }
        if wrong.is_empty() { Ok(Task { proposals, reviewers, pairs, rules }) } else { Err(wrong) }
    }

    /// Every pair with the places of its proposal and its reviewer.
    pub fn all_pairs(&self) -> impl Iterator<Item = (usize, usize, Pair)> {
        let row = |row: usize| self.pairs.row(row).iter().enumerate().map(move |(column, pair)| (row, column, *pair));
        (0..self.proposals.len()).flat_map(row)
    }

    /// How many reviews each proposal still needs beside those that have begun.
    pub fn open_needs(&self) -> Vec<u32> {
        let begun =
            |row| u32::try_from(self.pairs.row(row).iter().filter(|pair| pair.fixed).count()).unwrap_or(u32::MAX);
        self.proposals.iter().enumerate().map(|(row, proposal)| proposal.needs.saturating_sub(begun(row))).collect()
    }

    /// How many reviews each reviewer has begun.
    pub fn begun(&self) -> Vec<u32> {
        let mut begun = vec![0; self.reviewers.len()];
        for (_, column, _) in self.all_pairs().filter(|(.., pair)| pair.fixed) {
            if let Some(begun) = begun.get_mut(column) {
                *begun += 1;
            }
        }
        begun
    }

    /// What the search goes by: the weight, and more for what is assigned so far.
    pub fn worth(&self, pair: Pair) -> i64 {
        pair.weight() + if pair.previous { self.rules.keep } else { 0 }
    }

    /// Where a pair stands among equals, in 40 bits.
    pub fn tie(&self, row: usize, column: usize) -> u64 {
        let mut hash = Hash::new();
        hash.number(self.rules.seed);
        hash.text(self.proposals.get(row).map_or("", |proposal| &proposal.id));
        hash.text(self.reviewers.get(column).map_or("", |reviewer| &reviewer.id));
        let hash = hash.0.finalize();
        hash.iter().take(5).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// SHA-256 of all that a plan depends on. Two tasks with the same hash have the same plan.
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Hash::new();
        let Rules { balance, keep, fair, seed } = self.rules;
        for number in [u64::from(VERSION), balance.unsigned_abs(), keep.unsigned_abs(), u64::from(fair), seed] {
            hash.number(number);
        }
        hash.number(self.proposals.len() as u64);
        for proposal in &self.proposals {
            hash.text(&proposal.id);
            hash.number(proposal.needs.into());
        }
        hash.number(self.reviewers.len() as u64);
        for reviewer in &self.reviewers {
            hash.text(&reviewer.id);
            hash.number(reviewer.at_least.into());
            hash.number(reviewer.at_most.into());
        }
        for (row, column, pair) in self.all_pairs().filter(|(.., pair)| *pair != Pair::default()) {
            hash.number(row as u64);
            hash.number(column as u64);
            let barrier = pair.barrier.map_or(0, |barrier| 1 + barrier as u8);
            let weight = pair.weight.map_or([0, 0, 0], |weight| [1, (weight >> 8) as u8, (weight & 255) as u8]);
            hash.0.update([pair.bid as u8, pair.fit, pair.expertise, barrier, pair.fixed.into(), pair.previous.into()]);
            hash.0.update(weight);
        }
        hash.0.finalize().into()
    }
}

/// Texts with their lengths in front, so that no two lists of them are one.
struct Hash(Sha256);

impl Hash {
    fn new() -> Hash {
        Hash(Sha256::new())
    }

    fn number(&mut self, number: u64) {
        self.0.update(number.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text);
    }
}

fn wrong_sizes(proposals: &[Proposal], reviewers: &[Reviewer], rules: Rules) -> Vec<String> {
    let mut wrong = vec![];
    let twice = |ids: Vec<&String>| {
        let again = ids.windows(2).filter_map(|two| two.first().filter(|first| two.last() == Some(first)).copied());
        again.map(|id| format!("{id} comes twice")).collect::<Vec<_>>()
    };
    wrong.extend(twice(proposals.iter().map(|proposal| &proposal.id).collect()));
    wrong.extend(twice(reviewers.iter().map(|reviewer| &reviewer.id).collect()));
    if proposals.len().saturating_mul(reviewers.len()) > MOST_PAIRS {
        wrong.push(format!("proposals times reviewers are more than {MOST_PAIRS}"));
    }
    if proposals.iter().map(|proposal| u64::from(proposal.needs)).sum::<u64>() > MOST_REVIEWS {
        wrong.push(format!("more than {MOST_REVIEWS} reviews are needed"));
    }
    for reviewer in reviewers {
        if reviewer.at_least > reviewer.at_most || reviewer.at_most > MOST_EACH {
            let id = &reviewer.id;
            wrong.push(format!("{id} must take at least what is at most the other limit, up to {MOST_EACH}"));
        }
    }
    for (name, force) in [("balance", rules.balance), ("keep", rules.keep)] {
        if !(0..=MOST_FORCE).contains(&force) {
            wrong.push(format!("{name} must be from 0 to {MOST_FORCE}"));
        }
    }
    wrong
}

fn wrong_pair(pair: Pair) -> Option<String> {
    if pair.fixed && pair.barrier.is_some() {
        return Some("has begun and is forbidden at once".into());
    }
    if pair.fit > 100 || pair.expertise > 100 {
        return Some("has more than 100 percent of fit or expertise".into());
    }
    (pair.weight() > MOST_WEIGHT).then(|| format!("weighs more than {MOST_WEIGHT}"))
}
