//! Minimum-cost flow in whole numbers: shortest paths with potentials, one review after the other. Each search ends at the
//! nearest room that is left, so that most look at few pairs only.

use super::model::Grid;
use std::{cmp::Reverse, collections::BinaryHeap};

/// What a reviewer can take, beside what has begun.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room {
    /// What has begun already.
    pub taken: u32,
    pub at_least: u32,
    pub at_most: u32,
}

/// Proposals on one side, reviewers on the other; all costs are at least 0.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// How many reviewers each proposal still needs.
    pub needs: Vec<u32>,
    pub rooms: Vec<Room>,
    /// By proposal: the reviewers who may read it, and what that costs.
    pub pairs: Vec<Vec<(usize, i128)>>,
    /// What each further review of one reviewer costs more than the one before.
    pub balance: i128,
    /// What a review costs that is beyond its reviewer's minimum: more than any sum of pairs.
    pub beyond: i128,
    /// What a review costs that nobody writes: more than anything else.
    pub missing: i128,
}

/// Who reads what, and the prices that prove that nothing cheaper exists.
#[derive(Clone, Debug)]
pub struct Flow {
    pub chosen: Grid<bool>,
    potentials: Vec<i128>,
}

struct Search<'n> {
    net: &'n Network,
    chosen: Grid<bool>,
    /// By reviewer: the proposals chosen for them, and what each costs.
    held: Vec<Vec<(usize, i128)>>,
    /// By node: proposals, then reviewers, then the end of all paths.
    potentials: Vec<i128>,
    nearest: Vec<Option<i128>>,
    before: Vec<usize>,
    done: Vec<bool>,
    touched: Vec<usize>,
    next: BinaryHeap<Reverse<(i128, usize)>>,
}

/// The cheapest flow that fills all needs; what cannot be filled is missing.
pub fn cheapest(net: &Network) -> Flow {
    let nodes = net.needs.len() + net.rooms.len() + 1;
    let mut search = Search {
        net,
        chosen: Grid::new(net.needs.len(), net.rooms.len()),
        held: vec![vec![]; net.rooms.len()],
        potentials: vec![0; nodes],
        nearest: vec![None; nodes],
        before: vec![0; nodes],
        done: vec![false; nodes],
        touched: vec![],
        next: BinaryHeap::new(),
    };
    for (proposal, needs) in net.needs.iter().enumerate() {
        for _ in 0..*needs {
            search.fill_one(proposal);
        }
    }
    Flow { chosen: search.chosen, potentials: search.potentials }
}

impl Network {
    /// What a reviewer's next review costs, who has so many.
    fn step(&self, room: Room, held: usize) -> Option<i128> {
        let load = room.taken.saturating_add(u32::try_from(held).ok()?);
        let beyond = if load >= room.at_least { self.beyond } else { 0 };
        (load < room.at_most).then(|| self.balance * i128::from(load) + beyond)
    }

    fn end(&self) -> usize {
        self.needs.len() + self.rooms.len()
    }
}

impl Search<'_> {
    /// Finds one more reviewer for the proposal, at the least cost for all together.
    fn fill_one(&mut self, proposal: usize) {
        let end = self.net.end();
        self.reach(proposal, 0, proposal);
        while let Some(Reverse((distance, node))) = self.next.pop() {
            if self.done.get(node) != Some(&false) {
                continue;
            }
            if node == end {
                self.settle(distance);
                break;
            }
            put(&mut self.done, node, true);
            if node < self.net.needs.len() {
                self.walk_from_proposal(node, distance);
            } else {
                self.walk_from_reviewer(node, distance);
            }
        }
        self.turn_path(proposal);
        for node in self.touched.drain(..) {
            put(&mut self.nearest, node, None);
            put(&mut self.done, node, false);
        }
        self.next.clear();
    }

    fn walk_from_proposal(&mut self, proposal: usize, distance: i128) {
        let net = self.net;
        let first = net.needs.len();
        for (reviewer, cost) in net.pairs.get(proposal).into_iter().flatten() {
            if !self.chosen.at(proposal, *reviewer) {
                self.relax(proposal, first + reviewer, distance, *cost);
            }
        }
        self.relax(proposal, net.end(), distance, net.missing);
    }

    fn walk_from_reviewer(&mut self, node: usize, distance: i128) {
        let reviewer = node - self.net.needs.len();
        let held = self.held.get(reviewer).cloned().unwrap_or_default();
        let room = self.net.rooms.get(reviewer).copied().unwrap_or_default();
        if let Some(cost) = self.net.step(room, held.len()) {
            self.relax(node, self.net.end(), distance, cost);
        }
        for (proposal, cost) in held {
            self.relax(node, proposal, distance, -cost);
        }
    }

    fn relax(&mut self, from: usize, to: usize, distance: i128, cost: i128) {
        let reduced = cost + get(&self.potentials, from) - get(&self.potentials, to);
        self.reach(to, distance + reduced, from);
    }

    fn reach(&mut self, node: usize, distance: i128, from: usize) {
        let nearer = match self.nearest.get_mut(node) {
            Some(nearest) if nearest.is_none_or(|nearest| distance < nearest) => nearest,
            _ => return,
        };
        if nearer.is_none() {
            self.touched.push(node);
        }
        *nearer = Some(distance);
        put(&mut self.before, node, from);
        self.next.push(Reverse((distance, node)));
    }

    /// Moves the potentials of what was settled, so that all reduced costs stay at least 0.
    fn settle(&mut self, distance: i128) {
        for node in &self.touched {
            if self.done.get(*node) == Some(&true) {
                let nearest = self.nearest.get(*node).copied().flatten().unwrap_or(distance);
                if let Some(potential) = self.potentials.get_mut(*node) {
                    *potential += nearest - distance;
                }
            }
        }
    }

    /// Chooses the pairs along the path that go forth, and frees those that go back.
    fn turn_path(&mut self, start: usize) {
        let first = self.net.needs.len();
        let mut node = get(&self.before, self.net.end());
        while node != start {
            let from = get(&self.before, node);
            if node >= first {
                self.choose(from, node - first);
            } else {
                self.free(node, from - first);
            }
            node = from;
        }
    }

    fn choose(&mut self, proposal: usize, reviewer: usize) {
        let cost = self.net.pairs.get(proposal).into_iter().flatten().find(|(other, _)| *other == reviewer);
        if let (Some((_, cost)), Some(held)) = (cost, self.held.get_mut(reviewer)) {
            held.push((proposal, *cost));
            self.chosen.set(proposal, reviewer, true);
        }
    }

    fn free(&mut self, proposal: usize, reviewer: usize) {
        if let Some(held) = self.held.get_mut(reviewer) {
            held.retain(|(other, _)| *other != proposal);
            self.chosen.set(proposal, reviewer, false);
        }
    }
}

impl Flow {
    /// Whether the potentials prove it: no part of what could be changed has a negative reduced cost, so no cycle of
    /// changes makes it cheaper. Reads the network and the flow anew.
    pub fn is_proven(&self, net: &Network) -> bool {
        let (first, end) = (net.needs.len(), net.end());
        let slack = |from: usize, to: usize, cost: i128| cost + get(&self.potentials, from) - get(&self.potentials, to);
        let pairs = net.pairs.iter().enumerate().flat_map(|(row, pairs)| pairs.iter().map(move |pair| (row, pair)));
        let mut loads = vec![0_usize; net.rooms.len()];
        let mut proven = true;
        let mut filled = vec![0_u32; net.needs.len()];
        for (row, (column, cost)) in pairs {
            let slack = slack(row, first + column, *cost);
            if self.chosen.at(row, *column) {
                proven &= slack <= 0;
                if let (Some(load), Some(filled)) = (loads.get_mut(*column), filled.get_mut(row)) {
                    *load += 1;
                    *filled += 1;
                }
            } else {
                proven &= slack >= 0;
            }
        }
        for (column, (room, load)) in net.rooms.iter().zip(loads).enumerate() {
            proven &= net.step(*room, load).is_none_or(|cost| slack(first + column, end, cost) >= 0);
            if let Some(before) = load.checked_sub(1) {
                // Also proves that nobody has more than there is room for.
                proven &= net.step(*room, before).is_some_and(|cost| slack(first + column, end, cost) <= 0);
            }
        }
        for (row, (needs, filled)) in net.needs.iter().zip(filled).enumerate() {
            let slack = slack(row, end, net.missing);
            proven &= filled <= *needs && slack >= 0 && (filled == *needs || slack <= 0);
        }
        proven
    }
}

fn get<T: Copy + Default>(list: &[T], at: usize) -> T {
    list.get(at).copied().unwrap_or_default()
}

fn put<T>(list: &mut [T], at: usize, value: T) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}
