//! Fairness first: the highest floor under all pairs with which nothing less is filled than without one.

use super::model::{Reviewer, Task};
use std::collections::{BTreeSet, VecDeque};

/// As many reviews as fit, whatever they are worth.
#[derive(Clone, Debug)]
pub struct Filled {
    pub count: usize,
    /// The proposals whose needs are not filled, and those that could make room for them if they had room themselves.
    pub short: Vec<bool>,
    /// The reviewers whom those could have, and who have no room.
    pub full: Vec<bool>,
}

struct Filling<'t> {
    allowed: &'t [Vec<usize>],
    needs: Vec<u32>,
    room: Vec<u32>,
    /// By reviewer.
    held: Vec<Vec<usize>>,
    count: usize,
    seen: Vec<bool>,
    /// By proposal: the reviewer it would have to leave.
    leaves: Vec<usize>,
    seen_reviewers: Vec<bool>,
    /// By reviewer: the proposal that asks for them.
    asks: Vec<usize>,
}

/// Fills in rounds of searches that share what they have seen, until a round finds nothing: then nothing more fits.
pub fn fill(allowed: &[Vec<usize>], needs: &[u32], room: &[u32]) -> Filled {
    let mut filling = Filling {
        allowed,
        needs: needs.to_vec(),
        room: room.to_vec(),
        held: vec![vec![]; room.len()],
        count: 0,
        seen: vec![],
        leaves: vec![0; needs.len()],
        seen_reviewers: vec![],
        asks: vec![0; room.len()],
    };
    while filling.round() {}
    Filled { count: filling.count, short: filling.seen, full: filling.seen_reviewers }
}

impl Filling<'_> {
    fn round(&mut self) -> bool {
        self.seen = vec![false; self.needs.len()];
        self.seen_reviewers = vec![false; self.room.len()];
        let before = self.count;
        for proposal in 0..self.needs.len() {
            while self.needs.get(proposal).is_some_and(|needs| *needs > 0) && self.fill_one(proposal) {
                self.count += 1;
                // It may be searched from again, for its next reviewer.
                put(&mut self.seen, proposal, false);
            }
        }
        self.count > before
    }

    /// One more reviewer for the proposal, by moving others where that makes room.
    fn fill_one(&mut self, start: usize) -> bool {
        let mut next = VecDeque::new();
        if !at(&self.seen, start) {
            put(&mut self.seen, start, true);
            next.push_back(start);
        }
        let allowed = self.allowed;
        while let Some(proposal) = next.pop_front() {
            for reviewer in allowed.get(proposal).into_iter().flatten().copied() {
                let holds = self.held.get(reviewer).is_some_and(|held| held.contains(&proposal));
                if holds || at(&self.seen_reviewers, reviewer) {
                    continue;
                }
                put(&mut self.asks, reviewer, proposal);
                if at(&self.room, reviewer) > 0 {
                    self.turn_path(start, reviewer);
                    return true;
                }
                put(&mut self.seen_reviewers, reviewer, true);
                for other in self.held.get(reviewer).into_iter().flatten().copied() {
                    if !at(&self.seen, other) {
                        put(&mut self.seen, other, true);
                        put(&mut self.leaves, other, reviewer);
                        next.push_back(other);
                    }
                }
            }
        }
        false
    }

    /// Gives the reviewer with room to who asks, the one left by that to who asks for them, and so on.
    fn turn_path(&mut self, start: usize, last: usize) {
        let left = at(&self.room, last).saturating_sub(1);
        put(&mut self.room, last, left);
        let mut reviewer = last;
        loop {
            let proposal = at(&self.asks, reviewer);
            if let Some(held) = self.held.get_mut(reviewer) {
                held.push(proposal);
            }
            if proposal == start {
                break;
            }
            reviewer = at(&self.leaves, proposal);
            if let Some(held) = self.held.get_mut(reviewer) {
                held.retain(|held| *held != proposal);
            }
        }
        let left = at(&self.needs, start).saturating_sub(1);
        put(&mut self.needs, start, left);
    }
}

fn at<T: Copy + Default>(list: &[T], place: usize) -> T {
    list.get(place).copied().unwrap_or_default()
}

fn put<T>(list: &mut [T], place: usize, value: T) {
    if let Some(cell) = list.get_mut(place) {
        *cell = value;
    }
}

/// What may still be assigned, with a worth of at least `floor`: by proposal, the reviewers.
pub fn allowed(task: &Task, floor: i64) -> Vec<Vec<usize>> {
    let free = |row: usize| {
        let open = task.pairs.row(row).iter().enumerate();
        let open = open.filter(|(_, pair)| pair.barrier.is_none() && !pair.fixed && task.worth(**pair) >= floor);
        open.map(|(column, _)| column).collect()
    };
    (0..task.proposals.len()).map(free).collect()
}

/// The room that is left of each reviewer's minimum and of what they take at most.
pub fn rooms(task: &Task) -> (Vec<u32>, Vec<u32>) {
    let begun = task.begun();
    let left = |reviewers: &[Reviewer], limit: fn(&Reviewer) -> u32| {
        reviewers.iter().zip(&begun).map(|(reviewer, begun)| limit(reviewer).saturating_sub(*begun)).collect::<Vec<_>>()
    };
    (left(&task.reviewers, |reviewer| reviewer.at_least), left(&task.reviewers, |reviewer| reviewer.at_most))
}

/// The highest worth that every new pair can have while as much is filled as with all pairs, and as much of the minima.
/// (A flow that fills the minima can be grown into one that fills the needs without taking from them, so the two can be
/// asked for one by one.)
pub fn floor(task: &Task) -> i64 {
    let needs = task.open_needs();
    let (at_least, at_most) = rooms(task);
    let filled = |floor: i64| {
        let allowed = allowed(task, floor);
        (fill(&allowed, &needs, &at_most).count, fill(&allowed, &needs, &at_least).count)
    };
    let worths: BTreeSet<i64> = task.all_pairs().map(|(.., pair)| task.worth(pair)).collect();
    let worths: Vec<i64> = worths.into_iter().collect();
    let all = filled(0);
    // The lowest of them holds, as it leaves out nothing.
    let above = worths.partition_point(|worth| filled(*worth) == all);
    above.checked_sub(1).and_then(|last| worths.get(last)).copied().unwrap_or(0)
}
