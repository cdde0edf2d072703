//! What is kept of a review that is not handed in: whatever is there so far.

use crate::{
    error::FieldErrors,
    reviews::{
        criteria::model::Criterion,
        model::{Comment, Confidence, Scores},
    },
};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = reviews::SaveDraft)]
pub struct SaveDraft {
    /// A whole number for the codes of criteria, as far as you have come.
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
    #[schema(inline)]
    pub confidence: Option<Confidence>,
    #[serde(default)]
    #[schema(required = false)]
    pub abstain: bool,
}

/// What a draft holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub scores: BTreeMap<String, i64>,
    pub abstain: bool,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub content: Content,
    pub version: i64,
}

impl SaveDraft {
    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.scores.0.is_empty() && self.comment.is_empty() && self.feedback.is_empty() && self.confidence.is_none()
    }

    /// # Errors
    /// A field for each score that is not within its scale, and for each unknown criterion.
    pub fn content(self, criteria: &[Criterion]) -> Result<Content, FieldErrors> {
        let mut errors = FieldErrors::default();
        self.scores.check(criteria, &mut errors);
        if !errors.0.is_empty() {
            return Err(errors);
        }
        Ok(Content {
            scores: self.scores.0,
            abstain: self.abstain,
            comment: self.comment.into_string(),
            feedback: self.feedback.into_string(),
            confidence: self.confidence,
        })
    }
}
