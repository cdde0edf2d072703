//! From a task to its plan: the floor, the cheapest flow above it, and the proof.

use super::{
    cut::{self, Shortage},
    fairness::{allowed, floor},
    flow::{self, Network, Room},
    model::{MOST_WEIGHT, Reviewer, Task},
    report::{self, Report},
};

/// Bits of a pair's cost in which ties fall.
const TIE: i128 = 1 << 40;

/// A task, solved.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Every pair that is to be assigned, those that have begun among them, by places in the task; sorted.
    pub pairs: Vec<(usize, usize)>,
    /// No new pair is worth less.
    pub floor: i64,
    /// Empty where all needs are filled.
    pub shortages: Vec<Shortage>,
    /// Whether the prices prove it best.
    pub proven: bool,
    pub report: Report,
}

/// The best plan: as full as can be, then with the minima, then with the highest floor, then of the highest worth; ties
/// fall by the seed.
pub fn plan(task: &Task) -> Plan {
    let floor = if task.rules.fair { floor(task) } else { 0 };
    let net = network(task, floor);
    let flow = flow::cheapest(&net);
    let pairs: Vec<(usize, usize)> = task
        .all_pairs()
        .filter(|(row, column, pair)| pair.fixed || flow.chosen.at(*row, *column))
        .map(|(row, column, _)| (row, column))
        .collect();
    let report = report::report(task, &pairs);
    Plan { floor, shortages: cut::shortages(task), proven: flow.is_proven(&net), report, pairs }
}

/// The task in costs: ties are the lowest digits, worth the next, then come the minima, and what is missing costs most.
fn network(task: &Task, floor: i64) -> Network {
    let needs = task.open_needs();
    let total = i128::from(needs.iter().map(|needs| u64::from(*needs)).sum::<u64>()) + 1;
    let unit = TIE * total;
    let best = i128::from(MOST_WEIGHT + task.rules.keep);
    let balance = i128::from(task.rules.balance) * unit;
    let most = task.reviewers.iter().map(|reviewer| reviewer.at_most).max().unwrap_or(0);
    let highest = (best + 1) * unit + balance * i128::from(most);
    let beyond = highest * total;
    let cost = |row: usize, column: usize| {
        (best - i128::from(task.worth(task.pairs.at(row, column)))) * unit + i128::from(task.tie(row, column))
    };
    let priced = |(row, columns): (usize, Vec<usize>)| {
        columns.into_iter().map(|column| (column, cost(row, column))).collect::<Vec<_>>()
    };
    let room =
        |(taken, reviewer): (u32, &Reviewer)| Room { taken, at_least: reviewer.at_least, at_most: reviewer.at_most };
    Network {
        rooms: task.begun().into_iter().zip(&task.reviewers).map(room).collect(),
        pairs: allowed(task, floor).into_iter().enumerate().map(priced).collect(),
        balance,
        beyond,
        missing: (beyond + highest) * total,
        needs,
    }
}
