//! From scores to ranks: docs/REVIEWING.md explains the method to those who use it.

use super::{
    chance::{Draws, Guess, among_best},
    fit::{Fit, Fitted, Given, Offset, Unsettled, Weights, fit},
};
use std::collections::{BTreeMap, BTreeSet};

/// What the reviews of one proposal say together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// How many scored it.
    pub count: u32,
    pub abstentions: u32,
    /// The mean of the reviews' totals.
    pub mean: Option<f64>,
    /// Their standard deviation, as of a whole population.
    pub spread: Option<f64>,
}

/// A criterion and the scores on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion<P, R> {
    pub weight: f64,
    pub lowest: i64,
    pub highest: i64,
    pub scores: Vec<Given<P, R>>,
}

/// What a ranking is made of, beside the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    pub weights: Weights,
    pub draws: Draws,
    /// How many proposals have room; `None` draws no line.
    pub cut: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Ranking<P, R> {
    /// The best first. Only candidates with a score are in it.
    pub ranked: Vec<Ranked<P>>,
    /// What is calibrated, also of those that are no candidates.
    pub calibrated: BTreeMap<P, Calibrated>,
    /// By how much each reviewer scores above or below the others.
    pub offsets: BTreeMap<R, Offset>,
    /// S*, halfway between the last above the line and the first below it.
    pub line: Option<f64>,
    pub warnings: Vec<Warning<R>>,
}

/// What the scores of one proposal come to, over all criteria.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibrated {
    pub adjusted: f64,
    pub score: f64,
    /// `None` where too few scores tell.
    pub deviation: Option<f64>,
    /// Whether reviewers differ much, each corrected.
    pub disagreement: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked<P> {
    pub proposal: P,
    /// Equal scores share a rank.
    pub rank: u32,
    pub calibrated: Calibrated,
    /// Against the line; `None` without one, or where the deviation is not known.
    pub too_close: Option<bool>,
    /// How likely it is among those that have room.
    pub chance: Option<f64>,
}

/// Why to take the ranking with care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning<R> {
    /// Groups of reviewers that have no proposal in common: how their groups score cannot be compared.
    Apart { groups: u32 },
    /// Reviewers with too few scores to know how they score.
    FewScores { reviewers: Vec<R> },
    /// Too few scores for each proposal and reviewer to tell how uncertain it is.
    NoDeviation,
    /// A point is worth less on one criterion than on another.
    Scales,
}

/// Below this, a reviewer's offset says little.
const FEW_SCORES: u32 = 3;

/// In a normal distribution, four of five are within it.
const CLOSE: f64 = 1.28;

/// Ranks the candidates by the reviews of all.
///
/// # Errors
/// `Unsettled`, as [`fit`].
pub fn rank<P: Ord + Copy, R: Ord + Copy>(
    criteria: &[Criterion<P, R>],
    candidates: &BTreeSet<P>,
    parameters: Parameters,
) -> Result<Ranking<P, R>, Unsettled> {
    let mut parts = vec![];
    for criterion in criteria.iter().filter(|criterion| !criterion.scores.is_empty()) {
        parts.push((criterion, fit(&criterion.scores, parameters.weights)?));
    }
    let calibrated = calibrate(&parts);
    let mut best: Vec<(P, Calibrated)> = calibrated
        .iter()
        .filter(|(of, _)| candidates.contains(of))
        .map(|(of, calibrated)| (*of, *calibrated))
        .collect();
    best.sort_by(|(_, one), (_, other)| other.score.total_cmp(&one.score));
    let line = line(&best, parameters.cut);
    let chances = chances(&best, parameters);
    let mut ranked: Vec<Ranked<P>> = vec![];
    for (place, ((proposal, calibrated), chance)) in (1..).zip(best.into_iter().zip(chances)) {
        let equal = ranked.last().filter(|before| before.calibrated.score.total_cmp(&calibrated.score).is_eq());
        let rank = equal.map_or(place, |before| before.rank);
        let off = line.map(|line| (calibrated.score - line).abs());
        let too_close = off.zip(calibrated.deviation).map(|(off, deviation)| off < CLOSE * deviation);
        ranked.push(Ranked { proposal, rank, calibrated, too_close, chance });
    }
    Ok(Ranking { ranked, calibrated, offsets: offsets(&parts), line, warnings: warnings(&parts) })
}

type Part<'c, P, R> = (&'c Criterion<P, R>, Fit<P, R>);

/// Of each proposal the weighted means over the criteria that it has scores on.
fn calibrate<P: Ord + Copy, R>(parts: &[Part<'_, P, R>]) -> BTreeMap<P, Calibrated> {
    let mut of_proposal: BTreeMap<P, Vec<(f64, i64, Fitted)>> = BTreeMap::new();
    for (criterion, fit) in parts {
        for (proposal, fitted) in &fit.proposals {
            let scale = criterion.highest - criterion.lowest;
            of_proposal.entry(*proposal).or_default().push((criterion.weight, scale, *fitted));
        }
    }
    let calibrated = |fitted: Vec<(f64, i64, Fitted)>| {
        let mean = |of: &dyn Fn(&Fitted) -> f64| weighted(fitted.iter().map(|(weight, _, part)| (*weight, of(part))));
        // As if a reviewer who errs on one criterion errs alike on the others: never less than it is.
        let known = fitted.iter().all(|(.., part)| part.deviation.is_some());
        Calibrated {
            adjusted: mean(&|part| part.adjusted),
            score: mean(&|part| part.score),
            deviation: known.then(|| mean(&|part| part.deviation.unwrap_or_default())),
            disagreement: fitted.iter().any(|(_, scale, part)| disagree(part.range, *scale)),
        }
    };
    of_proposal.into_iter().map(|(proposal, fitted)| (proposal, calibrated(fitted))).collect()
}

/// Whether the range is two fifths of the scale or more.
fn disagree(range: f64, scale: i64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "scales end at 100")]
    let scale = scale as f64;
    5.0 * range >= 2.0 * scale
}

/// A weighted mean that does not depend on the order of its parts. One part is its own mean, to the last bit.
fn weighted(parts: impl Iterator<Item = (f64, f64)>) -> f64 {
    let mut parts: Vec<(f64, f64)> = parts.collect();
    if let [(_, only)] = parts.as_slice() {
        return *only;
    }
    parts.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
    let sum: f64 = parts.iter().map(|(weight, part)| weight * part).sum();
    sum / parts.iter().map(|(weight, _)| weight).sum::<f64>()
}

fn offsets<P, R: Ord + Copy>(parts: &[Part<'_, P, R>]) -> BTreeMap<R, Offset> {
    let mut of_reviewer: BTreeMap<R, Vec<(f64, Offset)>> = BTreeMap::new();
    for (criterion, fit) in parts {
        for (reviewer, offset) in &fit.reviewers {
            of_reviewer.entry(*reviewer).or_default().push((criterion.weight, *offset));
        }
    }
    let together = |offsets: Vec<(f64, Offset)>| Offset {
        count: offsets.iter().map(|(_, offset)| offset.count).max().unwrap_or_default(),
        offset: weighted(offsets.iter().map(|(weight, offset)| (*weight, offset.offset))),
    };
    of_reviewer.into_iter().map(|(reviewer, offsets)| (reviewer, together(offsets))).collect()
}

/// Halfway between the last above the line and the first below; none where all have room or none has.
fn line<P>(best: &[(P, Calibrated)], cut: Option<u32>) -> Option<f64> {
    let below = usize::try_from(cut?).ok()?;
    let (_, last) = best.get(below.checked_sub(1)?)?;
    let (_, first) = best.get(below)?;
    Some(f64::midpoint(last.score, first.score))
}

/// Where the deviation is known of all: it is of all or of none, but for criteria that are scored for some only.
fn chances<P>(best: &[(P, Calibrated)], parameters: Parameters) -> Vec<Option<f64>> {
    let guess = |(_, of): &(P, Calibrated)| Some(Guess { score: of.score, deviation: of.deviation? });
    let guesses: Option<Vec<Guess>> = best.iter().map(guess).collect();
    match (guesses, parameters.cut) {
        (Some(guesses), Some(cut)) => {
            let cut = usize::try_from(cut).unwrap_or(usize::MAX);
            among_best(&guesses, cut, parameters.draws).into_iter().map(Some).collect()
        }
        _ => vec![None; best.len()],
    }
}

fn warnings<P, R: Ord + Copy>(parts: &[Part<'_, P, R>]) -> Vec<Warning<R>> {
    let mut warnings = vec![];
    let groups = parts.iter().map(|(_, fit)| fit.groups).max().unwrap_or_default();
    if groups > 1 {
        warnings.push(Warning::Apart { groups });
    }
    let offsets = parts.iter().flat_map(|(_, fit)| &fit.reviewers);
    let few: BTreeSet<R> = offsets.filter(|(_, offset)| offset.count < FEW_SCORES).map(|(of, _)| *of).collect();
    if !few.is_empty() {
        warnings.push(Warning::FewScores { reviewers: few.into_iter().collect() });
    }
    if parts.iter().any(|(_, fit)| fit.noise.is_none()) {
        warnings.push(Warning::NoDeviation);
    }
    let scales: BTreeSet<(i64, i64)> =
        parts.iter().map(|(criterion, _)| (criterion.lowest, criterion.highest)).collect();
    if scales.len() > 1 {
        warnings.push(Warning::Scales);
    }
    warnings
}

/// The weighted mean of one review's scores; `None` without scores.
pub fn total(scores: impl IntoIterator<Item = (f64, i64)>) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (weight, score) in scores {
        #[expect(clippy::cast_precision_loss, reason = "scores are from 0 to 100")]
        let score = score as f64;
        sum += weight * score;
        weights += weight;
    }
    (weights > 0.0).then(|| sum / weights)
}

/// Sums up the totals of reviews, where `None` is an abstention.
pub fn summarize(totals: impl IntoIterator<Item = Option<f64>>) -> Summary {
    let (mut scored, mut abstentions) = (vec![], 0);
    for total in totals {
        match total {
            Some(total) => scored.push(total),
            None => abstentions += 1,
        }
    }
    let count = u32::try_from(scored.len()).unwrap_or(u32::MAX);
    if count == 0 {
        return Summary { abstentions, ..Summary::default() };
    }
    // Sorted, so that the order of the reviews does not show in the last bit.
    scored.sort_unstable_by(f64::total_cmp);
    let mean = scored.iter().sum::<f64>() / f64::from(count);
    let variance = scored.iter().map(|total| (total - mean).powi(2)).sum::<f64>() / f64::from(count);
    Summary { count, abstentions, mean: Some(mean), spread: Some(variance.sqrt()) }
}

#[cfg(test)]
mod tests;
