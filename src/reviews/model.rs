//! Reviews, and the rules about scores.

use super::criteria::model::Criterion;
use crate::{
    db::types::{AccountId, CriterionId, ReviewId, Ts},
    error::{FieldErrors, Result},
    ranking::model::total,
    text::{CODE_END, Prose},
    text_enum,
};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    pub enum ReviewState {
        Submitted = "submitted",
        /// The reviewer looked and leaves the judgment to others.
        Abstained = "abstained",
    }
}

text_enum! {
    /// How sure a reviewer is of a review.
    pub enum Confidence {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

pub type Comment = Prose<0, 5000>;

/// Scores by the criterion's code. Twice the same code is an error, not the last one wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores(pub BTreeMap<String, i64>);

impl<'de> Deserialize<'de> for Scores {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OnePerCode;

        impl<'de> Visitor<'de> for OnePerCode {
            type Value = Scores;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a score for the code of each criterion")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scores, A::Error> {
                let mut scores = BTreeMap::new();
                while let Some((code, score)) = map.next_entry::<String, i64>()? {
                    if scores.insert(code, score).is_some() {
                        return Err(de::Error::custom(format!("duplicate{CODE_END}scores a criterion twice")));
                    }
                }
                Ok(Scores(scores))
            }
        }

        from.deserialize_map(OnePerCode)
    }
}

/// Scores with a comment and feedback; or an abstention, which may say why.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct WriteReview {
    /// A whole number for the code of every criterion that is required, and of the others as you like.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, i64>, required = false)]
    pub scores: Scores,
    /// For the committee.
    #[serde(default)]
    #[schema(required = false)]
    pub comment: Comment,
    /// For the speaker.
    #[serde(default)]
    #[schema(required = false)]
    pub feedback: Comment,
    /// How sure you are of it.
    #[schema(inline)]
    pub confidence: Option<Confidence>,
    #[serde(default)]
    #[schema(required = false)]
    pub abstain: bool,
}

/// A review as it is stored: it scores what is required, or nothing because it abstains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgment {
    pub state: ReviewState,
    pub scores: Vec<(CriterionId, i64)>,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
}

impl WriteReview {
    /// `criteria` are those that the proposal is scored by.
    ///
    /// # Errors
    /// A field for each criterion that is not scored although it is required, or not within its scale, each unknown one,
    /// and whatever an abstention holds beyond a comment.
    pub fn judge(self, criteria: &[Criterion]) -> Result<Judgment, FieldErrors> {
        let mut errors = FieldErrors::default();
        let state = if self.abstain {
            if !self.scores.0.is_empty() {
                errors.add("scores", "abstains", "must be left out when you abstain");
            }
            if !self.feedback.is_empty() {
                errors.add("feedback", "abstains", "must be left out when you abstain");
            }
            if self.confidence.is_some() {
                errors.add("confidence", "abstains", "must be left out when you abstain");
            }
            ReviewState::Abstained
        } else {
            self.scores.check(criteria, &mut errors);
            self.check_complete(criteria, &mut errors);
            ReviewState::Submitted
        };
        if !errors.0.is_empty() {
            return Err(errors);
        }
        let score = |criterion: &Criterion| Some((criterion.id, *self.scores.0.get(&criterion.code)?));
        Ok(Judgment {
            state,
            scores: criteria.iter().filter_map(score).collect(),
            comment: self.comment.into_string(),
            feedback: self.feedback.into_string(),
            confidence: self.confidence,
        })
    }

    /// Whether everything required is scored, and something that counts: without, the review would say nothing.
    fn check_complete(&self, criteria: &[Criterion], errors: &mut FieldErrors) {
        let scored = |criterion: &&Criterion| self.scores.0.contains_key(&criterion.code);
        for criterion in criteria.iter().filter(|criterion| criterion.required && !scored(criterion)) {
            let field = format!("scores.{}", criterion.code);
            errors.add(&field, "missing", "is missing: score what is required, or abstain");
        }
        let mut counted = criteria.iter().filter(|criterion| !criterion.independent).peekable();
        if errors.0.is_empty() && counted.peek().is_some() && !counted.any(|criterion| scored(&criterion)) {
            errors.add("scores", "missing", "must hold one at least that counts, or abstain");
        }
    }
}

impl Scores {
    /// Whether each score is within the scale of a criterion.
    pub fn check(&self, criteria: &[Criterion], errors: &mut FieldErrors) {
        for criterion in criteria {
            let scale = criterion.lowest..=criterion.highest;
            if self.0.get(&criterion.code).is_some_and(|score| !scale.contains(score)) {
                let message = format!("must be from {} to {}", criterion.lowest, criterion.highest);
                errors.add(&format!("scores.{}", criterion.code), "range", message);
            }
        }
        if self.0.keys().any(|code| criteria.iter().all(|known| known.code != *code)) {
            errors.add("scores", "unknown_criterion", "scores what is no criterion for this proposal");
        }
    }
}

/// What somebody wrote about a proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    pub id: ReviewId,
    pub account: AccountId,
    pub state: ReviewState,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
    pub version: i64,
    pub scores: Vec<Score>,
}

/// A review with what only organizers see of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedReview {
    pub review: Review,
    pub reviewer: String,
    pub updated_at: Ts,
    /// Whether it counts: one by somebody with a conflict of interest does not.
    pub counted: bool,
}

/// A score with the criterion it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    pub criterion: String,
    /// What it weighs in the total.
    pub weight: f64,
    pub score: i64,
}

impl Review {
    /// `None` when it abstains.
    pub fn total(&self) -> Option<f64> {
        total(self.scores.iter().map(|score| (score.weight, score.score)))
    }

    /// What it brings to a summary; nothing where it scored only what stands beside the mean.
    pub fn verdict(&self) -> Option<Option<f64>> {
        match self.state {
            ReviewState::Abstained => Some(None),
            ReviewState::Submitted => self.total().map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(id: i64, code: &str, weight: f64) -> Criterion {
        Criterion {
            id: CriterionId(id),
            code: code.to_owned(),
            name: code.to_owned(),
            help: String::new(),
            weight,
            lowest: 1,
            highest: 5,
            labels: vec![],
            required: true,
            independent: false,
            tracks: vec![],
            version: 1,
        }
    }

    fn two() -> [Criterion; 2] {
        [criterion(1, "AAAAAA", 2.0), criterion(2, "BBBBBB", 1.0)]
    }

    fn write(json: &str) -> WriteReview {
        serde_json::from_str(json).unwrap()
    }

    fn wrong(json: &str) -> Vec<(String, String)> {
        let errors = write(json).judge(&two()).unwrap_err();
        errors.0.into_iter().map(|error| (error.field, error.code.into_owned())).collect()
    }

    fn is(field: &str, code: &str) -> (String, String) {
        (field.to_owned(), code.to_owned())
    }

    #[test]
    fn every_criterion_is_scored_once_within_its_scale() {
        let judged = write(r#"{"scores":{"BBBBBB":5,"AAAAAA":1},"feedback":"f"}"#).judge(&two()).unwrap();
        assert_eq!(judged.state, ReviewState::Submitted);
        assert_eq!(judged.scores, [(CriterionId(1), 1), (CriterionId(2), 5)]);
        assert_eq!(
            wrong(r#"{"scores":{"AAAAAA":0,"BBBBBB":6}}"#),
            [is("scores.AAAAAA", "range"), is("scores.BBBBBB", "range")]
        );
        assert_eq!(wrong(r#"{"scores":{"AAAAAA":3}}"#), [is("scores.BBBBBB", "missing")]);
        assert_eq!(wrong("{}"), [is("scores.AAAAAA", "missing"), is("scores.BBBBBB", "missing")]);
        let unknown = r#"{"scores":{"AAAAAA":3,"BBBBBB":3,"CCCCCC":3}}"#;
        assert_eq!(wrong(unknown), [is("scores", "unknown_criterion")]);
    }

    #[test]
    fn what_is_not_required_may_be_left_out_but_not_all_that_counts() {
        let [one, two] = two();
        let (one, two) =
            (Criterion { required: false, ..one }, Criterion { required: false, independent: true, ..two });
        let judge = |json: &str| write(json).judge(&[one.clone(), two.clone()]).map(|judged| judged.scores.len());
        assert_eq!(judge(r#"{"scores":{"AAAAAA":3}}"#).unwrap(), 1);
        assert_eq!(judge(r#"{"scores":{"AAAAAA":3,"BBBBBB":3}}"#).unwrap(), 2);
        for json in ["{}", r#"{"scores":{"BBBBBB":3}}"#] {
            assert_eq!(judge(json).unwrap_err().0[0].field, "scores", "{json}");
        }
        assert_eq!(write("{}").judge(&[two]).unwrap().scores, [], "nothing counts");
    }

    #[test]
    fn a_code_stands_once() {
        let twice = serde_json::from_str::<WriteReview>(r#"{"scores":{"AAAAAA":1,"AAAAAA":5}}"#);
        assert!(twice.unwrap_err().to_string().starts_with("duplicate"));
    }

    #[test]
    fn abstaining_scores_nothing() {
        let judged = write(r#"{"abstain":true,"comment":"I know it too well"}"#).judge(&two()).unwrap();
        assert_eq!((judged.state, judged.scores.len()), (ReviewState::Abstained, 0));
        assert_eq!(wrong(r#"{"abstain":true,"scores":{"AAAAAA":3,"BBBBBB":3}}"#), [is("scores", "abstains")]);
        assert_eq!(wrong(r#"{"abstain":true,"feedback":"Nice"}"#), [is("feedback", "abstains")]);
        assert_eq!(wrong(r#"{"abstain":true,"confidence":"low"}"#), [is("confidence", "abstains")]);
    }
}
