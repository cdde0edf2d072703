//! Plans, their figures and bids, as people and files see them.

use super::{
    actions::Planned,
    cut::Shortage,
    inputs::{Expertise, PlacedBid},
    model::{Barrier, Bid, Pair, Task, VERSION},
    plan::Plan,
    report::Report,
};
use data_encoding::HEXLOWER;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Plan)]
pub struct PlanView {
    /// Of the rules that made it; with `input` and `seed` it tells exactly which plan it is.
    pub rules: u32,
    /// SHA-256 of all that the plan depends on.
    pub input: String,
    pub seed: u64,
    /// No new pair is worth less: the highest floor with which nothing less is filled.
    pub floor: i64,
    /// Whether it is proven that no plan above the floor is worth more.
    pub proven: bool,
    /// Sorted by proposal and reviewer.
    pub pairs: Vec<PlannedPair>,
    /// What was assigned before and is not any more.
    pub removed: Vec<RemovedPair>,
    /// Why not everything is filled.
    pub shortages: Vec<ShortageView>,
    pub report: ReportView,
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::PlannedPair)]
pub struct PlannedPair {
    pub proposal: String,
    pub reviewer: String,
    #[schema(inline)]
    pub bid: Bid,
    /// 0 to 1000.
    pub weight: i64,
    /// The review has begun.
    pub fixed: bool,
    /// It was not assigned before.
    pub new: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::RemovedPair)]
pub struct RemovedPair {
    pub proposal: String,
    pub reviewer: String,
}

/// Proposals that need more than all who may read them can take.
#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Shortage)]
pub struct ShortageView {
    pub text: String,
    pub proposals: Vec<String>,
    /// How many reviews they still need.
    pub needed: usize,
    /// Those who may read them and have no room left.
    pub reviewers: Vec<String>,
    pub room: usize,
    /// What others can give, of whom nobody reviews a proposal twice.
    pub single_pairs: usize,
    pub missing: usize,
    /// How many pairs are ruled out, by reason.
    pub ruled_out: BTreeMap<&'static str, usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Report)]
pub struct ReportView {
    pub needed: u64,
    pub filled: u64,
    pub pairs: usize,
    pub total_weight: i64,
    pub mean_weight: Option<f64>,
    pub lowest_weight: Option<i64>,
    /// The lowest of the proposals' mean weights.
    pub lowest_mean: Option<f64>,
    /// A tenth of the proposals have a lower mean weight, or this one.
    pub tenth_mean: Option<f64>,
    /// Pairs by bid.
    pub bids: BTreeMap<&'static str, usize>,
    /// Proposals that nobody reads who knows their subject.
    pub without_expert: usize,
    pub load: LoadView,
    pub wishes: WishesView,
    /// Counted again; always 0.
    pub forbidden: usize,
    /// Reviewers who get less than their minimum.
    pub minima_missed: usize,
    pub kept: usize,
    pub added: usize,
    pub removed: usize,
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Load)]
pub struct LoadView {
    pub lowest: usize,
    pub median: f64,
    pub highest: usize,
    /// The standard deviation.
    pub deviation: f64,
    /// What all reviewers together could take.
    pub capacity: u64,
}

/// Of what reviewers with bids get: the part that they want or can read.
#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Wishes)]
pub struct WishesView {
    pub lowest: Option<f64>,
    pub mean: Option<f64>,
    pub reviewers: usize,
}

impl PlanView {
    pub fn of(task: &Task, plan: &Plan) -> PlanView {
        let names = |row: usize, column: usize| {
            let proposal = task.proposals.get(row).map(|proposal| proposal.id.clone()).unwrap_or_default();
            let reviewer = task.reviewers.get(column).map(|reviewer| reviewer.id.clone()).unwrap_or_default();
            (proposal, reviewer)
        };
        let planned = |(row, column): &(usize, usize)| {
            let (proposal, reviewer) = names(*row, *column);
            let pair = task.pairs.at(*row, *column);
            let Pair { bid, fixed, previous, .. } = pair;
            PlannedPair { proposal, reviewer, bid, weight: pair.weight(), fixed, new: !previous }
        };
        let stays: BTreeSet<(usize, usize)> = plan.pairs.iter().copied().collect();
        let gone = task.all_pairs().filter(|(row, column, pair)| pair.previous && !stays.contains(&(*row, *column)));
        let removed = gone.map(|(row, column, _)| names(row, column));
        PlanView {
            rules: VERSION,
            input: HEXLOWER.encode(&task.hash()),
            seed: task.rules.seed,
            floor: plan.floor,
            proven: plan.proven,
            pairs: plan.pairs.iter().map(planned).collect(),
            removed: removed.map(|(proposal, reviewer)| RemovedPair { proposal, reviewer }).collect(),
            shortages: plan.shortages.iter().map(ShortageView::from).collect(),
            report: ReportView::from(&plan.report),
        }
    }
}

impl From<&Shortage> for ShortageView {
    fn from(shortage: &Shortage) -> ShortageView {
        ShortageView {
            text: shortage.text(),
            proposals: shortage.proposals.clone(),
            needed: shortage.needed,
            reviewers: shortage.reviewers.clone(),
            room: shortage.room,
            single_pairs: shortage.single_pairs,
            missing: shortage.missing,
            ruled_out: shortage.barriers.iter().map(|(barrier, count)| (barrier.as_str(), *count)).collect(),
        }
    }
}

impl From<&Report> for ReportView {
    fn from(report: &Report) -> ReportView {
        ReportView {
            needed: report.needed,
            filled: report.filled,
            pairs: report.pairs,
            total_weight: report.total_weight,
            mean_weight: report.mean_weight.map(rounded),
            lowest_weight: report.lowest_weight,
            lowest_mean: report.lowest_mean.map(rounded),
            tenth_mean: report.tenth_mean.map(rounded),
            bids: report.bids.iter().map(|(bid, count)| (bid.as_str(), *count)).collect(),
            without_expert: report.without_expert,
            load: LoadView {
                lowest: report.load.lowest,
                median: report.load.median,
                highest: report.load.highest,
                deviation: rounded(report.load.deviation),
                capacity: report.load.capacity,
            },
            wishes: WishesView {
                lowest: report.wishes.lowest.map(rounded),
                mean: report.wishes.mean.map(rounded),
                reviewers: report.wishes.reviewers,
            },
            forbidden: report.forbidden,
            minima_missed: report.minima_missed,
            kept: report.changes.kept,
            added: report.changes.added,
            removed: report.changes.removed,
        }
    }
}

/// More digits would say more than is known.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

/// A task in the form that `callboard plan-assignments` reads.
#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Task)]
pub struct TaskView {
    pub balance: i64,
    pub keep: i64,
    pub fair: bool,
    pub seed: u64,
    pub proposals: Vec<TaskProposal>,
    pub reviewers: Vec<TaskReviewer>,
    /// Those of unknown bid about which nothing else is known are left out.
    pub pairs: Vec<TaskPair>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::TaskProposal)]
pub struct TaskProposal {
    pub id: String,
    pub needs: u32,
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::TaskReviewer)]
pub struct TaskReviewer {
    pub id: String,
    pub at_least: u32,
    pub at_most: u32,
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::TaskPair)]
pub struct TaskPair {
    pub proposal: String,
    pub reviewer: String,
    #[schema(inline)]
    pub bid: Bid,
    pub fit: u8,
    pub expertise: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub barrier: Option<Barrier>,
    pub fixed: bool,
    pub previous: bool,
}

impl From<&Task> for TaskView {
    fn from(task: &Task) -> TaskView {
        let known = task.all_pairs().filter(|(.., pair)| *pair != Pair::default());
        let pair = |(row, column, pair): (usize, usize, Pair)| {
            let Pair { bid, fit, expertise, weight, barrier, fixed, previous } = pair;
            let proposal = task.proposals.get(row)?.id.clone();
            let reviewer = task.reviewers.get(column)?.id.clone();
            Some(TaskPair { proposal, reviewer, bid, fit, expertise, weight, barrier, fixed, previous })
        };
        let reviewers = task.reviewers.iter().map(|reviewer| TaskReviewer {
            id: reviewer.id.clone(),
            at_least: reviewer.at_least,
            at_most: reviewer.at_most,
        });
        let proposals = task.proposals.iter();
        TaskView {
            balance: task.rules.balance,
            keep: task.rules.keep,
            fair: task.rules.fair,
            seed: task.rules.seed,
            proposals: proposals.map(|one| TaskProposal { id: one.id.clone(), needs: one.needs }).collect(),
            reviewers: reviewers.collect(),
            pairs: known.filter_map(pair).collect(),
        }
    }
}

/// A plan as its preview shows it, or as it was put into effect.
#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Planned)]
pub struct PlannedView {
    pub dry_run: bool,
    /// Apply with it what is shown here, and nothing else.
    pub version: String,
    /// How long the search took.
    pub milliseconds: u64,
    pub plan: PlanView,
    /// If it was asked for: the whole task, as `callboard plan-assignments` reads it.
    pub task: Option<TaskView>,
}

impl PlannedView {
    pub fn of(dry_run: bool, with_task: bool, planned: &Planned) -> PlannedView {
        let task = &planned.board.task;
        PlannedView {
            dry_run,
            version: planned.version(),
            milliseconds: u64::try_from(planned.took.as_millis()).unwrap_or(u64::MAX),
            plan: PlanView::of(task, &planned.plan),
            task: with_task.then(|| TaskView::from(task)),
        }
    }
}

/// How gladly the reviewer would read a proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = bids::Bid)]
pub struct BidView {
    #[serde(rename = "ref")]
    pub reference: String,
    #[schema(inline)]
    pub bid: Bid,
    #[schema(inline)]
    pub expertise: Expertise,
}

impl From<PlacedBid> for BidView {
    fn from(placed: PlacedBid) -> BidView {
        BidView { reference: placed.reference, bid: placed.bid, expertise: placed.expertise }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = assignments::Released)]
pub struct Released {
    /// How many assignments reviewers see now that they did not see before.
    pub count: usize,
}
