//! How good a plan is, counted from the task and the pairs alone.

use super::model::{Bid, Pair, Reviewer, Task};

/// The figures of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Reviews needed, and how many of them are assigned.
    pub needed: u64,
    pub filled: u64,
    pub pairs: usize,
    pub total_weight: i64,
    pub mean_weight: Option<f64>,
    pub lowest_weight: Option<i64>,
    /// Of the mean weights of all proposals that are read: the lowest, and the one under which a tenth of them are.
    pub lowest_mean: Option<f64>,
    pub tenth_mean: Option<f64>,
    /// How many pairs of each bid.
    pub bids: Vec<(Bid, usize)>,
    /// Proposals that nobody reads who knows their subject.
    pub without_expert: usize,
    pub load: Load,
    /// Of what reviewers with bids read: the part that they wanted or could read.
    pub wishes: Wishes,
    /// Pairs that are forbidden all the same; counted again here, and always 0.
    pub forbidden: usize,
    pub minima_missed: usize,
    pub changes: Changes,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    pub lowest: usize,
    pub median: f64,
    pub highest: usize,
    pub deviation: f64,
    /// What all reviewers together could take.
    pub capacity: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wishes {
    /// `None` without anybody who has bid and reads something.
    pub lowest: Option<f64>,
    pub mean: Option<f64>,
    /// How many reviewers that is said of.
    pub reviewers: usize,
}

/// Against what was assigned before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    pub kept: usize,
    pub added: usize,
    pub removed: usize,
}

/// Counts what `pairs` are, which need not come from a search.
pub fn report(task: &Task, pairs: &[(usize, usize)]) -> Report {
    let mut rows: Vec<Vec<Pair>> = vec![vec![]; task.proposals.len()];
    let mut columns: Vec<Vec<Pair>> = vec![vec![]; task.reviewers.len()];
    for (row, column) in pairs {
        let pair = task.pairs.at(*row, *column);
        rows.get_mut(*row).into_iter().for_each(|pairs| pairs.push(pair));
        columns.get_mut(*column).into_iter().for_each(|pairs| pairs.push(pair));
    }
    let all = || rows.iter().flatten().copied();
    let count = |is: &dyn Fn(Pair) -> bool| all().filter(|pair| is(*pair)).count();
    let mut means: Vec<f64> =
        rows.iter().filter_map(|pairs| mean(pairs.iter().map(|pair| real(pair.weight())))).collect();
    means.sort_by(f64::total_cmp);
    let filled =
        task.proposals.iter().zip(&rows).map(|(proposal, got)| u64::from(proposal.needs).min(got.len() as u64));
    let fewer = |(reviewer, got): &(&Reviewer, &Vec<Pair>)| (got.len() as u64) < u64::from(reviewer.at_least);
    let kept = count(&|pair| pair.previous);
    Report {
        needed: task.proposals.iter().map(|proposal| u64::from(proposal.needs)).sum(),
        filled: filled.sum(),
        pairs: pairs.len(),
        total_weight: all().map(Pair::weight).sum(),
        mean_weight: mean(all().map(|pair| real(pair.weight()))),
        lowest_weight: all().map(Pair::weight).min(),
        lowest_mean: means.first().copied(),
        // The nearest rank.
        tenth_mean: means.get(means.len().div_ceil(10).saturating_sub(1)).copied(),
        bids: Bid::ALL.iter().map(|bid| (*bid, count(&|pair| pair.bid == *bid))).collect(),
        without_expert: rows.iter().filter(|got| !got.iter().any(|pair| pair.is_expert())).count(),
        load: load(task, columns.iter().map(Vec::len).collect()),
        wishes: wishes(task, &columns),
        forbidden: count(&|pair| pair.barrier.is_some()),
        minima_missed: task.reviewers.iter().zip(&columns).filter(fewer).count(),
        changes: Changes {
            kept,
            added: pairs.len() - kept,
            removed: task.all_pairs().filter(|(.., pair)| pair.previous).count() - kept,
        },
    }
}

fn load(task: &Task, mut loads: Vec<usize>) -> Load {
    loads.sort_unstable();
    let count = |load: usize| real(i64::try_from(load).unwrap_or(i64::MAX));
    let middle = loads.len() / 2;
    let upper = loads.get(middle).copied().unwrap_or(0);
    let lower =
        if loads.len().is_multiple_of(2) { middle.checked_sub(1).and_then(|lower| loads.get(lower)) } else { None };
    let average = mean(loads.iter().map(|load| count(*load))).unwrap_or(0.0);
    let squares = loads.iter().map(|load| (count(*load) - average).powi(2));
    Load {
        lowest: loads.first().copied().unwrap_or(0),
        median: f64::midpoint(count(upper), count(lower.copied().unwrap_or(upper))),
        highest: loads.last().copied().unwrap_or(0),
        deviation: mean(squares).unwrap_or(0.0).sqrt(),
        capacity: task.reviewers.iter().map(|reviewer| u64::from(reviewer.at_most)).sum(),
    }
}

fn wishes(task: &Task, columns: &[Vec<Pair>]) -> Wishes {
    let mut wished = vec![false; task.reviewers.len()];
    for (_, column, _) in task.all_pairs().filter(|(.., pair)| pair.bid != Bid::Unknown) {
        wished.get_mut(column).into_iter().for_each(|wished| *wished = true);
    }
    let honored = |pair: &Pair| if matches!(pair.bid, Bid::Want | Bid::Can) { 1.0 } else { 0.0 };
    let of_wishers = columns.iter().zip(wished).filter(|(_, wished)| *wished);
    let parts: Vec<f64> = of_wishers.filter_map(|(got, _)| mean(got.iter().map(honored))).collect();
    Wishes { lowest: parts.iter().copied().reduce(f64::min), mean: mean(parts.iter().copied()), reviewers: parts.len() }
}

/// `None` of nothing.
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// Weights and counts are far below what a float cannot tell apart.
fn real(number: i64) -> f64 {
    i32::try_from(number).map_or(f64::MAX, f64::from)
}
