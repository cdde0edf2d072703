//! The scores on one criterion, corrected by how much each reviewer scores above or below the others on the same
//! proposals. Least squares with a penalty: Σ (score − proposal − reviewer)² + λ Σ reviewer² is least.
//!
//! Cholesky solves it in floats, and three rounds of correction by exact sums bring that to some 85 bits. What comes out is
//! rounded to floats once, at the end, so it is the same whatever the order of the input and the names in it.

use super::{
    equations::{Root, Symmetric},
    fixed::Fixed,
};
use std::collections::BTreeMap;

/// How much the method trusts the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// λ: how many scores it takes until half of a reviewer's deviation is taken for the reviewer's. At least 1.
    pub lambda: u32,
    /// κ: how many reviews the event's mean counts for, against those of a proposal.
    pub kappa: u32,
}

impl Default for Weights {
    fn default() -> Weights {
        Weights { lambda: 5, kappa: 1 }
    }
}

/// One score of one proposal by one reviewer; no pair comes twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given<P, R> {
    pub proposal: P,
    pub reviewer: R,
    pub score: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Fit<P, R> {
    /// μ, the mean of all scores.
    pub mean: f64,
    pub proposals: BTreeMap<P, Fitted>,
    pub reviewers: BTreeMap<R, Offset>,
    /// In how many groups the reviewers fall that share no proposal with another one.
    pub groups: u32,
    /// How many scores there are beyond those that the corrections use up.
    pub freedom: i64,
    /// s, how far scores are from what the corrections explain; `None` where too few tell.
    pub noise: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    /// k, the number of its scores.
    pub count: u32,
    pub raw: f64,
    /// a, the mean of the corrected scores.
    pub adjusted: f64,
    /// S, pulled towards the mean of all the more, the fewer reviews there are.
    pub score: f64,
    /// The standard deviation of S.
    pub deviation: Option<f64>,
    /// How far its corrected scores are apart.
    pub range: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offset {
    /// n, the number of scores given.
    pub count: u32,
    /// b, above zero for who scores higher than the others.
    pub offset: f64,
}

/// The equations did not come out: with whole scores from 0 to 100 that is a fault of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsettled;

/// Below this there is no telling how far scores are off.
const LEAST_FREEDOM: i64 = 5;

const CORRECTIONS: usize = 3;

/// The scores by place instead of by name, so that what follows need not look names up.
struct Table {
    /// By proposal: who scored it, and how.
    proposals: Vec<Vec<(usize, i64)>>,
    /// How many proposals each reviewer scored.
    counts: Vec<u32>,
}

/// Offsets, and adjusted means that follow from them.
struct Estimate {
    offsets: Vec<Fixed>,
    adjusted: Vec<Fixed>,
}

/// Corrects the scores; without scores nothing is in it.
///
/// # Errors
/// `Unsettled` when the result does not pass its own check.
pub fn fit<P: Ord + Copy, R: Ord + Copy>(given: &[Given<P, R>], weights: Weights) -> Result<Fit<P, R>, Unsettled> {
    let (table, proposals, reviewers) = Table::of(given);
    let weights = Weights { lambda: weights.lambda.max(1), ..weights };
    let estimate = table.estimate(weights.lambda)?;
    let number = u32::try_from(given.len()).unwrap_or(u32::MAX);
    let mean = given.iter().map(|given| Fixed::whole(given.score)).sum::<Fixed>().over(number);
    let groups = table.groups();
    let freedom = signed(given.len()) - signed(proposals.len()) - signed(reviewers.len()) + i64::from(groups);
    let noise = (freedom >= LEAST_FREEDOM).then(|| (table.squares(&estimate) / float(freedom)).sqrt());
    let fitted = table.proposals.iter().zip(&estimate.adjusted).map(|(scores, adjusted)| {
        let count = u32::try_from(scores.len()).unwrap_or(u32::MAX);
        let pulled = count.saturating_add(weights.kappa);
        Fitted {
            count,
            raw: scores.iter().map(|(_, score)| Fixed::whole(*score)).sum::<Fixed>().over(count).float(),
            adjusted: adjusted.float(),
            score: (adjusted.times(count) + mean.times(weights.kappa)).over(pulled).float(),
            deviation: noise.map(|noise| noise / f64::from(pulled).sqrt()),
            range: estimate.range(scores),
        }
    });
    let offset = |(count, offset): (&u32, &Fixed)| Offset { count: *count, offset: offset.float() };
    let fitted: Vec<Fitted> = fitted.collect();
    let offsets = table.counts.iter().zip(&estimate.offsets).map(offset);
    Ok(Fit {
        mean: mean.float(),
        proposals: proposals.into_iter().zip(fitted).collect(),
        reviewers: reviewers.into_iter().zip(offsets).collect(),
        groups,
        freedom,
        noise,
    })
}

impl Table {
    /// The scores, and the names of the places.
    fn of<P: Ord + Copy, R: Ord + Copy>(given: &[Given<P, R>]) -> (Table, Vec<P>, Vec<R>) {
        let mut places: BTreeMap<R, (usize, u32)> = BTreeMap::new();
        for given in given {
            places.entry(given.reviewer).or_default().1 += 1;
        }
        for (place, (slot, _)) in places.values_mut().enumerate() {
            *slot = place;
        }
        let mut proposals: BTreeMap<P, Vec<(usize, i64)>> = BTreeMap::new();
        for given in given {
            let place = places.get(&given.reviewer).map_or(0, |(place, _)| *place);
            proposals.entry(given.proposal).or_default().push((place, given.score));
        }
        let (names, proposals) = proposals.into_iter().unzip();
        let counts = places.values().map(|(_, count)| *count).collect();
        (Table { proposals, counts }, names, places.into_keys().collect())
    }

    fn estimate(&self, lambda: u32) -> Result<Estimate, Unsettled> {
        let root = self.equations(lambda);
        let mut estimate = self.adjust(vec![Fixed::ZERO; self.counts.len()]);
        for _ in 0..CORRECTIONS {
            let missing: Vec<f64> = self.missing(&estimate, lambda).into_iter().map(Fixed::float).collect();
            let corrections = root.solve(&missing).into_iter().map(Fixed::near);
            let offsets = estimate.offsets.iter().zip(corrections).map(|(offset, correction)| *offset + correction);
            estimate = self.adjust(offsets.collect());
        }
        let settled = self.missing(&estimate, lambda).into_iter().all(|missing| missing.abs() < tolerance());
        if settled && self.leaves_nothing(&estimate) { Ok(estimate) } else { Err(Unsettled) }
    }

    /// D − MᵀK⁻¹M + λI: the equations of the offsets once the proposals are eliminated.
    fn equations(&self, lambda: u32) -> Root {
        let mut matrix = Symmetric::zero(self.counts.len());
        for (place, count) in self.counts.iter().enumerate() {
            matrix.add(place, place, f64::from(*count) + f64::from(lambda));
        }
        for scores in &self.proposals {
            let share = 1.0 / float(signed(scores.len()));
            for (one, _) in scores {
                for (other, _) in scores.iter().filter(|(other, _)| other <= one) {
                    matrix.add(*one, *other, -share);
                }
            }
        }
        matrix.root()
    }

    /// The adjusted means that fit to the offsets.
    fn adjust(&self, offsets: Vec<Fixed>) -> Estimate {
        let mut estimate = Estimate { offsets, adjusted: vec![] };
        let mean = |scores: &Vec<(usize, i64)>| {
            let sum: Fixed = scores.iter().map(|score| estimate.corrected(score)).sum();
            sum.over(u32::try_from(scores.len()).unwrap_or(u32::MAX))
        };
        estimate.adjusted = self.proposals.iter().map(mean).collect();
        estimate
    }

    /// By reviewer, what the residuals have beyond λ times the offset: nothing, when the offsets are right.
    fn missing(&self, estimate: &Estimate, lambda: u32) -> Vec<Fixed> {
        let mut missing: Vec<Fixed> = estimate.offsets.iter().map(|offset| -offset.times(lambda)).collect();
        for (scores, adjusted) in self.proposals.iter().zip(&estimate.adjusted) {
            for score in scores {
                if let Some(missing) = missing.get_mut(score.0) {
                    *missing += estimate.corrected(score) - *adjusted;
                }
            }
        }
        missing
    }

    /// Whether the residuals of each proposal sum up to nothing.
    fn leaves_nothing(&self, estimate: &Estimate) -> bool {
        self.proposals.iter().zip(&estimate.adjusted).all(|(scores, adjusted)| {
            let sum: Fixed = scores.iter().map(|score| estimate.corrected(score) - *adjusted).sum();
            sum.abs() < tolerance()
        })
    }

    /// The sum of the squared residuals. They are sorted first, for a sum of floats that knows no order.
    fn squares(&self, estimate: &Estimate) -> f64 {
        let residuals = self.proposals.iter().zip(&estimate.adjusted).flat_map(|(scores, adjusted)| {
            scores.iter().map(move |score| (estimate.corrected(score) - *adjusted).float())
        });
        let mut squares: Vec<f64> = residuals.map(|residual| residual * residual).collect();
        squares.sort_unstable_by(f64::total_cmp);
        squares.into_iter().sum()
    }

    /// How many groups of reviewers have no proposal in common.
    fn groups(&self) -> u32 {
        let mut leads: Vec<usize> = (0..self.counts.len()).collect();
        let mut groups = u32::try_from(leads.len()).unwrap_or(u32::MAX);
        for scores in &self.proposals {
            for pair in scores.windows(2) {
                let &[(one, _), (other, _)] = pair else { continue };
                let (one, other) = (lead(&mut leads, one), lead(&mut leads, other));
                if one != other {
                    if let Some(slot) = leads.get_mut(one) {
                        *slot = other;
                    }
                    groups -= 1;
                }
            }
        }
        groups
    }
}

/// Who stands for the group; on the way there, the way is halved.
fn lead(leads: &mut [usize], mut at: usize) -> usize {
    while let Some(above) = leads.get(at).copied().filter(|above| *above != at) {
        let next = leads.get(above).copied().unwrap_or(above);
        if let Some(slot) = leads.get_mut(at) {
            *slot = next;
        }
        at = next;
    }
    at
}

impl Estimate {
    /// The score without what is the reviewer's.
    fn corrected(&self, (reviewer, score): &(usize, i64)) -> Fixed {
        Fixed::whole(*score) - self.offsets.get(*reviewer).copied().unwrap_or_default()
    }

    fn range(&self, scores: &[(usize, i64)]) -> f64 {
        let corrected = || scores.iter().map(|score| self.corrected(score));
        match (corrected().min(), corrected().max()) {
            (Some(least), Some(most)) => (most - least).float(),
            _ => 0.0,
        }
    }
}

/// What a sum of rounded shares may be off; nothing that a float of a score would show.
fn tolerance() -> Fixed {
    Fixed::near(2f64.powi(-60))
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "counts of reviews are far below 2⁵²")]
fn float(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
