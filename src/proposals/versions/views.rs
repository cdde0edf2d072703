//! What people see of versions.

use super::{
    diff::{self, Change},
    model::{Difference, Field, SinceReview, Step, Version},
};
use crate::db::types::Ts;
use serde::Serialize;
use utoipa::ToSchema;

/// What a proposal said from some instant on.
#[derive(Serialize, ToSchema)]
#[schema(as = versions::Version)]
pub struct VersionView {
    /// 1 is what was submitted.
    pub number: i64,
    pub at: Ts,
    /// Which of its speakers wrote it.
    pub by: Option<String>,
    pub changed: Vec<Field>,
}

impl From<Version> for VersionView {
    fn from(Version { number, content: _, changed, by, at }: Version) -> VersionView {
        VersionView { number, at, by, changed }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = versions::Segment)]
pub struct SegmentView {
    pub change: Change,
    pub text: String,
}

/// A field that changed: all of its text before and after, in pieces.
#[derive(Serialize, ToSchema)]
#[schema(as = versions::Difference)]
pub struct DifferenceView {
    pub field: Field,
    pub segments: Vec<SegmentView>,
}

impl From<Difference> for DifferenceView {
    fn from(Difference { field, segments }: Difference) -> DifferenceView {
        let segment = |diff::Segment { change, text }| SegmentView { change, text };
        DifferenceView { field, segments: segments.into_iter().map(segment).collect() }
    }
}

/// A version, and what it changed in the one before.
#[derive(Serialize, ToSchema)]
#[schema(as = versions::Step)]
pub struct StepView {
    pub number: i64,
    pub at: Ts,
    pub by: Option<String>,
    pub title: String,
    pub r#abstract: String,
    pub description: String,
    pub notes: String,
    pub format: String,
    pub track: Option<String>,
    /// What was picked, a line for each category.
    pub choices: String,
    /// The same of the categories that reviewers are not shown.
    pub choices_for_organizers: String,
    pub differences: Vec<DifferenceView>,
}

impl From<Step> for StepView {
    fn from(Step { version, differences }: Step) -> StepView {
        let Version { number, content, changed: _, by, at } = version;
        StepView {
            number,
            at,
            by,
            title: content.title,
            r#abstract: content.abstract_,
            description: content.description,
            notes: content.notes,
            format: content.format,
            track: content.track,
            choices: content.choices,
            choices_for_organizers: content.choices_for_organizers,
            differences: differences.into_iter().map(Into::into).collect(),
        }
    }
}

/// What changed since my review. There is no field for who and when.
#[derive(Serialize, ToSchema)]
#[schema(as = versions::SinceReview)]
pub struct SinceReviewView {
    pub changed: bool,
    pub differences: Vec<DifferenceView>,
}

impl From<SinceReview> for SinceReviewView {
    fn from(SinceReview { differences }: SinceReview) -> SinceReviewView {
        let changed = !differences.is_empty();
        SinceReviewView { changed, differences: differences.into_iter().map(Into::into).collect() }
    }
}
