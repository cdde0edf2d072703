//! A draft as its author sees it; nobody else sees any of this.

use super::model;
use crate::{http::reply::HasVersion, reviews::model::Confidence};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = reviews::Draft)]
pub struct DraftView {
    /// By the criterion's code, as far as they are there.
    pub scores: BTreeMap<String, i64>,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
    pub abstain: bool,
    pub version: i64,
}

impl HasVersion for DraftView {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<model::Draft> for DraftView {
    fn from(model::Draft { content, version }: model::Draft) -> DraftView {
        let model::Content { scores, abstain, comment, feedback, confidence } = content;
        DraftView { scores, comment, feedback, confidence, abstain, version }
    }
}
