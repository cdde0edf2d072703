//! What somebody did as a reviewer, as the person sees it.

use super::store;
use crate::{
    db::types::{ReviewId, Ts},
    privacy::{data_store as held, views::EventView},
    reviews::{
        conflicts::model::Kind,
        model::{Confidence, ReviewState},
    },
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Review)]
pub struct ReviewView {
    pub event: EventView,
    /// The committee's reference of the proposal, whose texts are another person's.
    pub proposal: String,
    pub state: ReviewState,
    /// By the criterion's name.
    pub scores: BTreeMap<String, i64>,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
    pub version: i64,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl ReviewView {
    fn new(event: held::Event, proposal: String, review: store::Review, scores: BTreeMap<String, i64>) -> ReviewView {
        let store::Review { id: _, state, comment, feedback, confidence, version, created_at, updated_at } = review;
        let event = event.into();
        ReviewView { event, proposal, state, scores, comment, feedback, confidence, version, created_at, updated_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::ReviewDraft)]
pub struct ReviewDraftView {
    pub event: EventView,
    /// The committee's reference of the proposal.
    pub proposal: String,
    /// By the criterion's code.
    pub scores: BTreeMap<String, i64>,
    pub abstain: bool,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
    pub version: i64,
    pub updated_at: Ts,
}

impl From<(held::Event, String, store::Draft)> for ReviewDraftView {
    fn from((event, proposal, draft): (held::Event, String, store::Draft)) -> ReviewDraftView {
        let store::Draft { scores, abstain, comment, feedback, confidence, version, updated_at } = draft;
        let (event, scores) = (event.into(), serde_json::from_str(&scores).unwrap_or_default());
        ReviewDraftView { event, proposal, scores, abstain, comment, feedback, confidence, version, updated_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Comment)]
pub struct CommentView {
    pub event: EventView,
    /// The committee's reference of the proposal.
    pub proposal: String,
    pub text: String,
    pub created_at: Ts,
}

impl From<(held::Event, String, String, Ts)> for CommentView {
    fn from((event, proposal, text, created_at): (held::Event, String, String, Ts)) -> CommentView {
        CommentView { event: event.into(), proposal, text, created_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Conflict)]
pub struct ConflictView {
    pub event: EventView,
    /// The committee's reference of the proposal.
    pub proposal: String,
    pub kind: Kind,
    pub created_at: Ts,
}

impl From<(held::Event, String, Kind, Ts)> for ConflictView {
    fn from((event, proposal, kind, created_at): (held::Event, String, Kind, Ts)) -> ConflictView {
        ConflictView { event: event.into(), proposal, kind, created_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Assignment)]
pub struct AssignmentView {
    pub event: EventView,
    /// The committee's reference of the proposal.
    pub proposal: String,
    pub created_at: Ts,
}

impl From<(held::Event, String, Ts)> for AssignmentView {
    fn from((event, proposal, created_at): (held::Event, String, Ts)) -> AssignmentView {
        AssignmentView { event: event.into(), proposal, created_at }
    }
}

/// The reviews with their scores.
pub fn reviews(
    mine: Vec<(held::Event, String, store::Review)>,
    scores: Vec<(ReviewId, String, i64)>,
) -> Vec<ReviewView> {
    let mut of_review: BTreeMap<ReviewId, BTreeMap<String, i64>> = BTreeMap::new();
    for (review, criterion, score) in scores {
        of_review.entry(review).or_default().insert(criterion, score);
    }
    let view = |(event, proposal, review): (held::Event, String, store::Review)| {
        let scores = of_review.remove(&review.id).unwrap_or_default();
        ReviewView::new(event, proposal, review, scores)
    };
    mine.into_iter().map(view).collect()
}
