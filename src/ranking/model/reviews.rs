//! The reviews that a ranking is made of, and how they are kept so that it can be made again.

use super::{
    chance::Draws,
    fit::{Given, Unsettled, Weights},
    method::{self, Parameters, Summary, rank, summarize, total},
};
use crate::db::types::ProposalId;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Reviewers are numbers here: who they are stands beside, for those who may know.
pub type Ranking = method::Ranking<ProposalId, u32>;

#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    pub code: String,
    pub weight: f64,
    pub lowest: i64,
    pub highest: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub proposal: ProposalId,
    pub reviewer: u32,
    pub version: i64,
    /// By the criterion's place; none of one that abstains.
    pub scores: Vec<(usize, i64)>,
}

/// Reviews of an event, by criteria in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reviews {
    pub criteria: Vec<Criterion>,
    /// The proposals to be ranked. Reviews of others tell how reviewers score, so that a withdrawal changes no score.
    pub candidates: BTreeSet<ProposalId>,
    pub reviews: Vec<Review>,
}

type CriterionText = (String, f64, i64, i64);
type ReviewText = (i64, u32, i64, Vec<(usize, i64)>);
type Text = (Vec<CriterionText>, Vec<i64>, Vec<ReviewText>);

impl Reviews {
    /// What the reviews of each proposal say together; proposals without reviews are not in it.
    pub fn summaries(&self) -> HashMap<ProposalId, Summary> {
        let weight = |criterion: usize| self.criteria.get(criterion).map(|criterion| criterion.weight);
        let mut totals: HashMap<ProposalId, Vec<Option<f64>>> = HashMap::new();
        for review in &self.reviews {
            let scores = review.scores.iter().filter_map(|(criterion, score)| Some((weight(*criterion)?, *score)));
            totals.entry(review.proposal).or_default().push(total(scores));
        }
        totals.into_iter().map(|(proposal, totals)| (proposal, summarize(totals))).collect()
    }

    /// The usual ones for so many candidates.
    pub fn parameters(&self, seed: u64, cut: Option<u32>) -> Parameters {
        Parameters { weights: Weights::default(), draws: Draws::new(seed, self.candidates.len()), cut }
    }

    /// # Errors
    /// `Unsettled`.
    pub fn rank(&self, parameters: Parameters) -> Result<Ranking, Unsettled> {
        let mut scores: BTreeMap<usize, Vec<Given<ProposalId, u32>>> = BTreeMap::new();
        for Review { proposal, reviewer, scores: given, .. } in &self.reviews {
            for (criterion, score) in given {
                let given = Given { proposal: *proposal, reviewer: *reviewer, score: *score };
                scores.entry(*criterion).or_default().push(given);
            }
        }
        let criterion = |(place, of): (usize, &Criterion)| method::Criterion {
            weight: of.weight,
            lowest: of.lowest,
            highest: of.highest,
            scores: scores.remove(&place).unwrap_or_default(),
        };
        let criteria: Vec<_> = self.criteria.iter().enumerate().map(criterion).collect();
        rank(&criteria, &self.candidates, parameters)
    }

    /// Without all other proposals, as if they had never been there.
    #[must_use]
    pub fn of(mut self, seen: &BTreeSet<ProposalId>) -> Reviews {
        self.candidates.retain(|proposal| seen.contains(proposal));
        self.reviews.retain(|review| seen.contains(&review.proposal));
        self
    }

    /// Internal keys are good enough: what is gone is not shown again.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let criterion = |of: &Criterion| (of.code.clone(), of.weight, of.lowest, of.highest);
        let review = |of: &Review| (of.proposal.0, of.reviewer, of.version, of.scores.clone());
        let text: Text = (
            self.criteria.iter().map(criterion).collect(),
            self.candidates.iter().map(|proposal| proposal.0).collect(),
            self.reviews.iter().map(review).collect(),
        );
        serde_json::to_string(&text)
    }

    pub fn from_json(text: &str) -> serde_json::Result<Reviews> {
        let (criteria, candidates, reviews): Text = serde_json::from_str(text)?;
        let criterion = |(code, weight, lowest, highest)| Criterion { code, weight, lowest, highest };
        let review = |(proposal, reviewer, version, scores)| Review {
            proposal: ProposalId(proposal),
            reviewer,
            version,
            scores,
        };
        Ok(Reviews {
            criteria: criteria.into_iter().map(criterion).collect(),
            candidates: candidates.into_iter().map(ProposalId).collect(),
            reviews: reviews.into_iter().map(review).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(proposal: i64, reviewer: u32, scores: &[(usize, i64)]) -> Review {
        Review { proposal: ProposalId(proposal), reviewer, version: 1, scores: scores.to_vec() }
    }

    fn reviews() -> Reviews {
        let criterion = |code: &str, weight| Criterion { code: code.into(), weight, lowest: 1, highest: 5 };
        let reviews = vec![
            review(1, 0, &[(0, 5), (1, 2)]),
            review(1, 1, &[(0, 4), (1, 1)]),
            review(1, 2, &[]),
            review(2, 0, &[(0, 3), (1, 3)]),
            review(3, 1, &[(0, 1)]),
        ];
        let candidates = [1, 2, 3, 4].map(ProposalId).into();
        Reviews { criteria: vec![criterion("AAAAAA", 2.0), criterion("BBBBBB", 1.0)], candidates, reviews }
    }

    #[test]
    fn sums_up_each_proposal() {
        let summaries = reviews().summaries();
        let first = summaries[&ProposalId(1)];
        assert_eq!((first.count, first.abstentions, first.mean), (2, 1, Some(3.5)));
        assert_eq!(summaries[&ProposalId(3)].mean, Some(1.0), "by the criteria that are scored");
        assert_eq!(summaries.get(&ProposalId(4)), None);
    }

    #[test]
    fn what_is_kept_ranks_alike() {
        let kept = Reviews::from_json(&reviews().to_json().unwrap()).unwrap();
        assert_eq!(kept, reviews());
        let parameters =
            Parameters { weights: Weights::default(), draws: Draws { seed: 1, number: 100 }, cut: Some(1) };
        assert_eq!(kept.rank(parameters), reviews().rank(parameters));
    }

    #[test]
    fn what_is_left_out_has_never_been_there() {
        let part = reviews().of(&[1, 2].map(ProposalId).into());
        assert_eq!((part.candidates.len(), part.reviews.len()), (2, 4));
        let parameters = Parameters { weights: Weights::default(), draws: Draws { seed: 1, number: 100 }, cut: None };
        let ranking = part.rank(parameters).unwrap();
        assert_eq!((ranking.calibrated.len(), ranking.offsets.len()), (2, 2));
    }
}
