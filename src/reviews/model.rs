//! Criteria, reviews, and the rules about scores.

use crate::{
    clock::CODE_LETTERS,
    db::types::{AccountId, CriterionId, ProposalId, ReviewId, Ts},
    error::{Code, Error, FieldErrors, Result},
    proposals::choices::model::Picked,
    ranking::model::total,
    text::{CODE_END, Line, Prose},
    text_enum,
};
use data_encoding::BASE64URL_NOPAD;
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

#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    pub id: CriterionId,
    pub code: String,
    pub name: String,
    pub help: String,
    pub weight: f64,
    pub lowest: i64,
    pub highest: i64,
    pub version: i64,
}

pub type CriterionName = Line<1, 100>;
pub type CriterionHelp = Prose<0, 1000>;
pub type Comment = Prose<0, 5000>;

/// How many criteria an event may have: each is a field of every review.
pub const MOST_CRITERIA: usize = 20;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewCriterion {
    pub name: CriterionName,
    #[serde(default)]
    #[schema(required = false)]
    pub help: CriterionHelp,
    /// How much it counts, compared with the other criteria: above 0, at most 100.
    #[serde(default = "full_weight")]
    #[schema(exclusive_minimum = 0.0, maximum = 100.0, default = 1.0, required = false)]
    #[validate(range(exclusive_min = 0.0, max = 100.0, message = "must be above 0 and at most 100"))]
    pub weight: f64,
    /// The worst score.
    #[serde(default = "usual_lowest")]
    #[schema(minimum = 0, maximum = 100, default = 1, required = false)]
    #[validate(range(min = 0, max = 100))]
    pub lowest: i64,
    /// The best score.
    #[serde(default = "usual_highest")]
    #[schema(minimum = 0, maximum = 100, default = 5, required = false)]
    #[validate(range(min = 0, max = 100))]
    pub highest: i64,
}

fn full_weight() -> f64 {
    1.0
}

fn usual_lowest() -> i64 {
    1
}

fn usual_highest() -> i64 {
    5
}

/// What is absent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditCriterion {
    pub name: Option<CriterionName>,
    pub help: Option<CriterionHelp>,
    #[schema(exclusive_minimum = 0.0, maximum = 100.0)]
    #[validate(range(exclusive_min = 0.0, max = 100.0, message = "must be above 0 and at most 100"))]
    pub weight: Option<f64>,
    /// Cannot change once a review uses the criterion.
    #[schema(minimum = 0, maximum = 100)]
    #[validate(range(min = 0, max = 100))]
    pub lowest: Option<i64>,
    /// Cannot change once a review uses the criterion.
    #[schema(minimum = 0, maximum = 100)]
    #[validate(range(min = 0, max = 100))]
    pub highest: Option<i64>,
}

impl Criterion {
    /// The criterion after the edit, and whether its scale is another one.
    #[must_use]
    pub fn edited(&self, edit: EditCriterion) -> (Criterion, bool) {
        let after = Criterion {
            id: self.id,
            code: self.code.clone(),
            name: edit.name.map_or_else(|| self.name.clone(), Line::into_string),
            help: edit.help.map_or_else(|| self.help.clone(), Prose::into_string),
            weight: edit.weight.unwrap_or(self.weight),
            lowest: edit.lowest.unwrap_or(self.lowest),
            highest: edit.highest.unwrap_or(self.highest),
            version: self.version,
        };
        let rescaled = (after.lowest, after.highest) != (self.lowest, self.highest);
        (after, rescaled)
    }
}

/// # Errors
/// When the best score is not above the worst.
pub fn check_scale(lowest: i64, highest: i64) -> Result<(), FieldErrors> {
    if lowest < highest {
        return Ok(());
    }
    Err(FieldErrors::of("highest", "scale", "must be above `lowest`"))
}

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
    /// A whole number for the code of every criterion.
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
    #[serde(default)]
    #[schema(required = false)]
    pub abstain: bool,
}

/// A review as it is stored: it scores every criterion, or none because it abstains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgment {
    pub state: ReviewState,
    pub scores: Vec<(CriterionId, i64)>,
    pub comment: String,
    pub feedback: String,
}

impl WriteReview {
    /// # Errors
    /// A field for each criterion that is not scored within its scale, each unknown one, and whatever an abstention
    /// holds beyond a comment.
    pub fn judge(self, criteria: &[Criterion]) -> Result<Judgment, FieldErrors> {
        let mut errors = FieldErrors::default();
        let state = if self.abstain {
            if !self.scores.0.is_empty() {
                errors.add("scores", "abstains", "must be left out when you abstain");
            }
            if !self.feedback.is_empty() {
                errors.add("feedback", "abstains", "must be left out when you abstain");
            }
            ReviewState::Abstained
        } else {
            self.check_scores(criteria, &mut errors);
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
        })
    }

    fn check_scores(&self, criteria: &[Criterion], errors: &mut FieldErrors) {
        for criterion in criteria {
            let field = format!("scores.{}", criterion.code);
            match self.scores.0.get(&criterion.code) {
                None => errors.add(&field, "missing", "is missing: score every criterion, or abstain"),
                Some(score) if !(criterion.lowest..=criterion.highest).contains(score) => {
                    let message = format!("must be from {} to {}", criterion.lowest, criterion.highest);
                    errors.add(&field, "range", message);
                }
                Some(_) => {}
            }
        }
        if self.scores.0.keys().any(|code| criteria.iter().all(|known| known.code != *code)) {
            errors.add("scores", "unknown_criterion", "scores what is no criterion of this event");
        }
    }
}

/// What a reviewer reads of a proposal. There is no field that could hold who wrote it, when, or what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlindProposal {
    pub id: ProposalId,
    pub reference: String,
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub format: String,
    pub track: Option<String>,
    pub choices: Vec<Picked>,
}

/// Where a proposal stands, for one reviewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub reference: String,
    /// How many reviewed it or abstained, the reviewer included.
    pub reviews: i64,
    pub mine: Option<ReviewState>,
    /// Whether it changed after the reviewer's own review.
    pub changed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    pub affiliation: String,
    pub bio: String,
}

/// What somebody wrote about a proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    pub id: ReviewId,
    pub account: AccountId,
    pub state: ReviewState,
    pub comment: String,
    pub feedback: String,
    pub version: i64,
    pub scores: Vec<Score>,
}

/// A review with what only organizers see of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedReview {
    pub review: Review,
    pub reviewer: String,
    pub updated_at: Ts,
}

/// A score with the criterion it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    pub criterion: String,
    pub weight: f64,
    pub score: i64,
}

impl Review {
    /// `None` when it abstains.
    pub fn total(&self) -> Option<f64> {
        total(self.scores.iter().map(|score| (score.weight, score.score)))
    }
}

/// The cursor of a reviewer's list: the last item's reference. Its place follows from the reviewer's own order, so the
/// cursor holds no sort value, and a proposal that is gone meanwhile leaves no hole.
pub fn cursor(reference: &str) -> String {
    BASE64URL_NOPAD.encode(reference.as_bytes())
}

/// The reference in a cursor.
///
/// # Errors
/// `BadCursor` for anything that [`cursor`] cannot have made.
pub fn after(cursor: &str) -> Result<String> {
    let decoded = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded
        .filter(|reference| reference.len() == 6 && reference.bytes().all(|byte| CODE_LETTERS.contains(&byte)))
        .ok_or_else(|| Error::new(Code::BadCursor, "Take `next` of the page before, or start without one."))
}

text_enum! {
    /// Which of the proposals I may review.
    pub enum Mine {
        /// Reviewed by me, or abstained.
        Done = "done",
        Left = "left",
    }
}

/// Which page of the proposals, and which of them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListReviewing {
    /// How many items, 1 to 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    #[schema(inline)]
    pub mine: Option<Mine>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(id: i64, code: &str, weight: f64) -> Criterion {
        let (name, help) = (code.to_owned(), String::new());
        Criterion { id: CriterionId(id), code: code.to_owned(), name, help, weight, lowest: 1, highest: 5, version: 1 }
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
    }

    #[test]
    fn scales_and_edits() {
        assert!(check_scale(1, 2).is_ok() && check_scale(2, 2).is_err() && check_scale(3, 2).is_err());
        let before = criterion(1, "AAAAAA", 1.0);
        let edit = |json: &str| before.edited(serde_json::from_str(json).unwrap());
        assert_eq!(edit("{}"), (before.clone(), false));
        assert!(!edit(r#"{"weight":3,"lowest":1,"highest":5}"#).1, "the same scale");
        assert!(edit(r#"{"highest":6}"#).1 && edit(r#"{"lowest":0}"#).1);
        assert_eq!(edit(r#"{"name":"Fit"}"#).0.name, "Fit");
    }

    #[test]
    fn cursors_come_back_as_they_went() {
        assert_eq!(after(&cursor("K7QMZ2")).unwrap(), "K7QMZ2");
        for text in ["", "%", "K7QMZ2", &cursor("k7qmz2"), &cursor("K7QMZ"), &cursor("K7QMZ2A")] {
            assert_eq!(after(text).unwrap_err().code(), Code::BadCursor, "{text:?}");
        }
    }
}
