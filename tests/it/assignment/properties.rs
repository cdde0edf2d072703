//! What holds for every task, tried on random ones.

#![expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "the numbers are small")]

use super::{barred, proposal, reviewer, weighs};
use callboard::assignment::{
    flow::{Network, Room, cheapest},
    model::{Barrier, NamedPair, Pair, Reviewer, Rules, Task},
    plan::plan,
};

/// Random numbers that every run repeats.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }
}

pub fn random_task(rng: &mut Rng, most: u64, rules: Rules, minima: bool) -> Task {
    let (height, width) = (1 + rng.next(most), 1 + rng.next(most));
    let proposals = (0..height).map(|at| proposal(&format!("P{at:02}"), 1 + rng.next(3) as u32)).collect();
    let reviewers: Vec<Reviewer> = (0..width)
        .map(|at| {
            let most = 1 + rng.next(4) as u32;
            reviewer(&format!("R{at:02}"), if minima { rng.next(u64::from(most) + 1) as u32 } else { 0 }, most)
        })
        .collect();
    let mut pairs = vec![];
    for row in 0..height {
        for column in 0..width {
            let (p, r) = (format!("P{row:02}"), format!("R{column:02}"));
            if rng.next(5) == 0 {
                pairs.push(barred(&p, &r, Barrier::ALL[rng.next(4) as usize]));
            } else {
                let mut pair = weighs(&p, &r, (rng.next(11) * 100) as u16);
                pair.pair.fixed = rng.next(15) == 0;
                pair.pair.previous = pair.pair.fixed || rng.next(4) == 0;
                pairs.push(pair);
            }
        }
    }
    Task::new(proposals, reviewers, pairs, rules).unwrap()
}

/// (filled new, minima met units, worth minus balance) of a set of new pairs; None if not allowed.
pub fn value(task: &Task, new: &[(usize, usize)], floor: i64) -> Option<(i64, i64, i64)> {
    let needs = task.open_needs();
    let mut got = vec![0; task.proposals.len()];
    let mut load = task.begun();
    let mut worth = 0;
    let mut minima = 0;
    for (row, column) in new {
        let pair = task.pairs.at(*row, *column);
        if pair.barrier.is_some() || pair.fixed || task.worth(pair) < floor {
            return None;
        }
        got[*row] += 1;
        worth += task.worth(pair) - task.rules.balance * i64::from(load[*column]);
        if load[*column] < task.reviewers[*column].at_least {
            minima += 1;
        }
        load[*column] += 1;
        if got[*row] > needs[*row] || load[*column] > task.reviewers[*column].at_most {
            return None;
        }
    }
    Some((new.len() as i64, minima, worth))
}

fn brute(task: &Task, floor: i64) -> (i64, i64, i64) {
    let allowed =
        |(.., pair): &(usize, usize, Pair)| pair.barrier.is_none() && !pair.fixed && task.worth(*pair) >= floor;
    let cells: Vec<(usize, usize)> = task.all_pairs().filter(allowed).map(|(row, column, _)| (row, column)).collect();
    let mut best = (0, 0, 0);
    try_all(task, &cells, &mut vec![], floor, &mut best);
    best
}

/// Every set of cells that holds the chosen ones and any of `cells`.
fn try_all(
    task: &Task,
    cells: &[(usize, usize)],
    chosen: &mut Vec<(usize, usize)>,
    floor: i64,
    best: &mut (i64, i64, i64),
) {
    let Some(value) = value(task, chosen, floor) else { return };
    *best = value.max(*best);
    for (at, cell) in cells.iter().enumerate() {
        chosen.push(*cell);
        try_all(task, &cells[at + 1..], chosen, floor, best);
        chosen.pop();
    }
}

pub fn new_pairs(task: &Task, pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    pairs.iter().copied().filter(|(r, c)| !task.pairs.at(*r, *c).fixed).collect()
}

#[test]
fn equals_brute_force() {
    let mut rng = Rng(0x1234_5678_9abc);
    let mut short = 0;
    for round in 0..1500 {
        let rules = Rules {
            balance: [0, 0, 50, 400][round % 4],
            keep: [0, 150, 1000][round % 3],
            fair: round % 2 == 0,
            seed: round as u64,
        };
        let task = random_task(&mut rng, 4, rules, round % 5 == 0);
        if task.all_pairs().count() > 12 {
            continue;
        }
        let plan = plan(&task);
        let new = new_pairs(&task, &plan.pairs);
        assert!(plan.proven, "{round}");
        let value = value(&task, &new, plan.floor).unwrap();
        assert_eq!(value, brute(&task, plan.floor), "round {round} {task:?}");
        if rules.fair {
            // The floor does not cost a review or a minimum, and the next higher would.
            let full = brute(&task, 0);
            assert_eq!((value.0, value.1), (full.0, full.1), "round {round}");
            let higher = task.all_pairs().map(|(.., p)| task.worth(p)).filter(|w| *w > plan.floor).min();
            if let Some(higher) = higher {
                let v = brute(&task, higher);
                assert!((v.0, v.1) < (full.0, full.1), "round {round} floor {} higher {higher} {task:?}", plan.floor);
            }
        }
        let open: i64 = task.open_needs().iter().map(|n| i64::from(*n)).sum();
        let missing: usize = plan.shortages.iter().map(|s| s.missing).sum();
        assert_eq!(missing as i64, open - value.0, "round {round}");
        if missing > 0 {
            short += 1;
        }
    }
    assert!(short > 100);
}

#[test]
fn order_means_nothing() {
    let mut rng = Rng(99);
    for _ in 0..40 {
        let task = random_task(&mut rng, 8, Rules { balance: 10, keep: 100, fair: true, seed: 5 }, true);
        let first = plan(&task);
        let mut named: Vec<NamedPair> = task
            .all_pairs()
            .map(|(r, c, pair)| NamedPair {
                proposal: task.proposals[r].id.clone(),
                reviewer: task.reviewers[c].id.clone(),
                pair,
            })
            .collect();
        for _ in 0..5 {
            let mut proposals = task.proposals.clone();
            let mut reviewers = task.reviewers.clone();
            for i in (1..named.len()).rev() {
                named.swap(i, rng.next(i as u64 + 1) as usize);
            }
            for i in (1..proposals.len()).rev() {
                proposals.swap(i, rng.next(i as u64 + 1) as usize);
            }
            for i in (1..reviewers.len()).rev() {
                reviewers.swap(i, rng.next(i as u64 + 1) as usize);
            }
            let again = Task::new(proposals, reviewers, named.clone(), task.rules).unwrap();
            assert_eq!(again.hash(), task.hash());
            assert_eq!(plan(&again).pairs, first.pairs);
        }
    }
}

#[test]
fn more_balance_never_spreads_loads_more() {
    let mut rng = Rng(5);
    for _ in 0..60 {
        let task = random_task(&mut rng, 9, Rules::default(), false);
        let mut before = f64::INFINITY;
        for balance in [0, 1, 10, 50, 100, 300, 1000] {
            let mut task = task.clone();
            task.rules.balance = balance;
            let plan = plan(&task);
            assert!(plan.report.load.deviation <= before + 1e-9);
            before = plan.report.load.deviation;
        }
    }
}

/// Whether what could be changed in the flow holds a cycle that would make it cheaper (Bellman and Ford, which know
/// nothing of potentials).
fn has_negative_cycle(net: &Network, chosen: impl Fn(usize, usize) -> bool) -> bool {
    let (first, end) = (net.needs.len(), net.needs.len() + net.rooms.len());
    let mut arcs: Vec<(usize, usize, i128)> = vec![];
    let mut loads = vec![0_u32; net.rooms.len()];
    for (row, pairs) in net.pairs.iter().enumerate() {
        let mut missing = net.needs[row];
        for (column, cost) in pairs {
            if chosen(row, *column) {
                arcs.push((first + column, row, -cost));
                loads[*column] += 1;
                missing -= 1;
            } else {
                arcs.push((row, first + column, *cost));
            }
        }
        arcs.push((row, end, net.missing));
        if missing > 0 {
            arcs.push((end, row, -net.missing));
        }
    }
    for (column, room) in net.rooms.iter().enumerate() {
        let cost = |load: u32| net.balance * i128::from(load) + if load >= room.at_least { net.beyond } else { 0 };
        let load = room.taken + loads[column];
        if load < room.at_most {
            arcs.push((first + column, end, cost(load)));
        }
        if loads[column] > 0 {
            arcs.push((end, first + column, -cost(load - 1)));
        }
    }
    let mut nearest = vec![0_i128; end + 1];
    for _ in 0..=end {
        let mut changed = false;
        for (from, to, cost) in &arcs {
            if nearest[*from] + cost < nearest[*to] {
                nearest[*to] = nearest[*from] + cost;
                changed = true;
            }
        }
        if !changed {
            return false;
        }
    }
    true
}

fn random_network(rng: &mut Rng) -> Network {
    let (height, width) = (1 + rng.next(8) as usize, 1 + rng.next(8) as usize);
    let mut pairs = vec![vec![]; height];
    for row in &mut pairs {
        for column in 0..width {
            if rng.next(4) > 0 {
                row.push((column, i128::from(rng.next(50))));
            }
        }
    }
    let room = |rng: &mut Rng| {
        let at_most = rng.next(4) as u32;
        Room { taken: rng.next(2) as u32, at_least: rng.next(u64::from(at_most) + 1) as u32, at_most }
    };
    let rooms = (0..width).map(|_| room(rng)).collect();
    let needs = (0..height).map(|_| rng.next(4) as u32).collect();
    Network { needs, rooms, pairs, balance: i128::from(rng.next(20)), beyond: 10_000, missing: 1_000_000 }
}

#[test]
fn no_change_would_make_it_cheaper() {
    let mut rng = Rng(31);
    let mut moved = 0;
    for _ in 0..400 {
        let net = random_network(&mut rng);
        let flow = cheapest(&net);
        assert!(flow.is_proven(&net));
        assert!(!has_negative_cycle(&net, |row, column| flow.chosen.at(row, column)));
        // The proof does not hold for a flow that is not the best.
        for (row, pairs) in net.pairs.iter().enumerate() {
            for (column, cost) in pairs {
                if flow.chosen.at(row, *column) && *cost < 50 {
                    let mut worse = flow.clone();
                    worse.chosen.set(row, *column, false);
                    assert!(!worse.is_proven(&net));
                    moved += 1;
                }
            }
        }
    }
    assert!(moved > 1000);
}
