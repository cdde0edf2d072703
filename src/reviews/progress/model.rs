//! Counts, and the pace that they ask for.

use crate::{
    access::Phase,
    db::types::{CriterionId, Ts},
    reviews::{
        criteria::model::Criterion,
        phases::model::{Dated, around},
    },
};
use std::time::Duration;

/// How many of the proposals that a reviewer may review are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub total: i64,
    pub done: i64,
    pub abstained: i64,
    pub assigned: i64,
    /// Of those assigned, reviewed or abstained from.
    pub assigned_done: i64,
    pub drafts: i64,
    pub skipped: i64,
}

impl Counts {
    pub fn left(&self) -> i64 {
        self.total - self.done - self.abstained
    }

    /// What the reviewer is asked for: what is assigned, or all if nothing is; and how much of it is done.
    fn goal(&self) -> (i64, i64) {
        if self.assigned > 0 { (self.assigned, self.assigned_done) } else { (self.total, self.done + self.abstained) }
    }
}

/// How fast it has to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// When reviews are written no more.
    pub until: Ts,
    /// How many a day from now on.
    pub per_day: i64,
    /// How many fewer are done than would be by an even pace.
    pub behind: i64,
}

const DAY: i128 = 24 * 60 * 60 * 1_000_000;

/// The pace at an instant. `None` when no end of the reviewing is set, or it is over.
pub fn pace(counts: &Counts, phases: &[Dated], now: Ts) -> Option<Pace> {
    let (begun, until) = window(phases, now)?;
    let (goal, done) = counts.goal();
    let micros = |span: Duration| i128::try_from(span.as_micros()).unwrap_or(i128::MAX);
    let left = i128::from((goal - done).max(0));
    let days_left = (micros(until.since(now)) + DAY - 1).div_euclid(DAY).max(1);
    let per_day = (left + days_left - 1).div_euclid(days_left);
    let due = begun.map_or(0, |begun| i128::from(goal) * micros(now.since(begun)) / micros(until.since(begun)).max(1));
    let behind = (due - i128::from(done)).max(0);
    let small = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
    Some(Pace { until, per_day: small(per_day), behind: small(behind) })
}

/// From when and until when reviews are written without a pause; the begin is not known while no phase has begun.
fn window(phases: &[Dated], now: Ts) -> Option<(Option<Ts>, Ts)> {
    let until = phases.iter().find(|phase| phase.starts_at > now && !phase.switches.scoring)?.starts_at;
    let (current, _) = around(phases, now);
    if current.is_some_and(|phase| !phase.switches.scoring) {
        return None;
    }
    let before = phases.iter().rev().skip_while(|phase| phase.starts_at > now);
    let begun = before.take_while(|phase| phase.switches.scoring).last().map(|phase| phase.starts_at);
    Some((begun, until))
}

/// How often the reviewer gave each score of a criterion, from the worst to the best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    pub criterion: String,
    pub scores: Vec<(i64, i64)>,
}

/// Every score of every scale, those never given too.
pub fn histogram(criteria: &[Criterion], given: &[(CriterionId, i64, i64)]) -> Vec<Bars> {
    let count = |of: &Criterion, score: i64| {
        given.iter().find(|(id, given, _)| *id == of.id && *given == score).map_or(0, |(.., count)| *count)
    };
    let bars = |criterion: &Criterion| Bars {
        criterion: criterion.code.clone(),
        scores: (criterion.lowest..=criterion.highest).map(|score| (score, count(criterion, score))).collect(),
    };
    criteria.iter().map(bars).collect()
}

/// All that a reviewer's first screen tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub switches: Phase,
    pub phase: Option<Dated>,
    pub next_phase: Option<Dated>,
    pub counts: Counts,
    pub pace: Option<Pace>,
    pub criteria: Vec<Criterion>,
    pub histogram: Vec<Bars>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::phase::{OthersReviews, Sees},
        db::types::PhaseId,
    };

    fn at(text: &str) -> Ts {
        Ts::truncated(text.parse().unwrap())
    }

    fn phase(starts_at: &str, scoring: bool) -> Dated {
        let (sees, reviews) = (Sees::All, OthersReviews::AfterOwn);
        let switches = Phase { scoring, sees, names: false, reviews, deciding: true };
        let (code, name) = (String::new(), String::new());
        Dated { id: PhaseId(1), code, name, starts_at: at(starts_at), switches, version: 1 }
    }

    /// 184 proposals in 8 days.
    fn phases() -> Vec<Dated> {
        vec![phase("2025-02-10T00:00:00Z", true), phase("2025-02-18T00:00:00Z", false)]
    }

    fn after(done: i64, now: &str) -> Option<(i64, i64)> {
        let counts = Counts { total: 184, done, ..Counts::default() };
        pace(&counts, &phases(), at(now)).map(|pace| (pace.per_day, pace.behind))
    }

    #[test]
    fn an_even_pace_is_neither_ahead_nor_behind() {
        assert_eq!(after(0, "2025-02-10T00:00:00Z"), Some((23, 0)));
        assert_eq!(after(46, "2025-02-12T00:00:00Z"), Some((23, 0)));
        assert_eq!(after(40, "2025-02-12T00:00:00Z"), Some((24, 6)));
        assert_eq!(after(60, "2025-02-12T00:00:00Z"), Some((21, 0)));
        assert_eq!(after(0, "2025-02-17T23:59:59.999999Z"), Some((184, 183)));
        assert_eq!(after(184, "2025-02-17T23:00:00Z"), Some((0, 0)));
    }

    #[test]
    fn there_is_no_pace_without_an_end() {
        assert_eq!(after(0, "2025-02-18T00:00:00Z"), None, "it is over");
        let counts = Counts { total: 10, ..Counts::default() };
        assert_eq!(pace(&counts, &[phase("2025-02-10T00:00:00Z", true)], at("2025-02-11T00:00:00Z")), None);
        assert_eq!(pace(&counts, &[], at("2025-02-11T00:00:00Z")), None);
    }

    #[test]
    fn before_the_first_phase_nobody_is_behind() {
        let end = [phase("2025-02-12T00:00:00Z", false)];
        let counts = Counts { total: 10, ..Counts::default() };
        let pace = pace(&counts, &end, at("2025-02-10T00:00:00Z")).unwrap();
        assert_eq!((pace.per_day, pace.behind), (5, 0));
    }

    #[test]
    fn what_is_assigned_is_the_goal() {
        let counts = Counts { total: 184, assigned: 16, assigned_done: 2, done: 50, ..Counts::default() };
        let pace = pace(&counts, &phases(), at("2025-02-12T00:00:00Z")).unwrap();
        assert_eq!((pace.per_day, pace.behind), (3, 2));
    }
}
