//! What a reviewer's first screen tells.

use super::model::{self, Bars, Counts};
use crate::{
    access::{
        Phase,
        phase::{OthersReviews, Sees},
    },
    db::types::Ts,
    reviews::{criteria::views::Criterion, phases::model::Dated},
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How far I have come, what I may do now, and what to score by.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::Progress)]
pub struct Progress {
    /// How many proposals I may review.
    pub total: i64,
    pub done: i64,
    pub abstained: i64,
    pub left: i64,
    /// How many I am assigned to.
    pub assigned: i64,
    /// How many of those I have reviewed or abstained from.
    pub assigned_done: i64,
    /// How many reviews I have begun and not handed in.
    pub drafts: i64,
    /// How many of those left I have put off.
    pub skipped: i64,
    /// Missing while no end of the reviewing is set.
    pub pace: Option<PaceView>,
    /// Whether I am not told who wrote the proposals.
    pub blind: bool,
    /// Whether reviews can be written.
    pub scoring: bool,
    /// Which proposals I see.
    pub sees: Sees,
    /// When I see what others wrote.
    pub reviews: OthersReviews,
    /// The phase that has begun last.
    pub phase: Option<PhaseName>,
    pub next_phase: Option<PhaseName>,
    pub criteria: Vec<Criterion>,
    /// How I have scored, by the criterion's code: how often each score.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, i64>>)]
    pub my_scores: BTreeMap<String, BTreeMap<i64, i64>>,
}

/// How fast it has to go on: "23 a day, 6 behind".
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::Pace)]
pub struct PaceView {
    /// When reviews are written no more.
    pub until: Ts,
    /// How many a day from now on.
    pub per_day: i64,
    /// How many fewer are done than would be by an even pace.
    pub behind: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = reviews::PhaseName)]
pub struct PhaseName {
    pub name: String,
    pub starts_at: Ts,
}

impl From<Dated> for PhaseName {
    fn from(phase: Dated) -> PhaseName {
        PhaseName { name: phase.name, starts_at: phase.starts_at }
    }
}

impl From<model::Progress> for Progress {
    fn from(progress: model::Progress) -> Progress {
        let model::Progress { switches, phase, next_phase, counts, pace, criteria, histogram } = progress;
        let Phase { scoring, sees, names, reviews, deciding: _ } = switches;
        let left = counts.left();
        let Counts { total, done, abstained, assigned, assigned_done, drafts, skipped } = counts;
        Progress {
            total,
            done,
            abstained,
            left,
            assigned,
            assigned_done,
            drafts,
            skipped,
            pace: pace.map(|model::Pace { until, per_day, behind }| PaceView { until, per_day, behind }),
            blind: !names,
            scoring,
            sees,
            reviews,
            phase: phase.map(Into::into),
            next_phase: next_phase.map(Into::into),
            criteria: criteria.into_iter().map(Into::into).collect(),
            my_scores: histogram
                .into_iter()
                .map(|Bars { criterion, scores }| (criterion, scores.into_iter().collect()))
                .collect(),
        }
    }
}
