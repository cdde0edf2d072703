//! Comments within the committee.

use crate::{
    db::types::{AccountId, Ts},
    text::Prose,
    text_enum,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    /// As what somebody says it.
    pub enum Side {
        Reviewer = "reviewer",
        /// An organizer or chair.
        Organizer = "organizer",
    }
}

/// How many a proposal may have.
pub const MOST_COMMENTS: i64 = 500;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = comments::NewComment)]
pub struct NewComment {
    pub text: Prose<1, 5000>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub code: String,
    pub account: AccountId,
    pub name: String,
    pub side: Side,
    pub text: String,
    pub created_at: Ts,
}

/// A comment as reviewers see it: by whom, without a name and a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veiled {
    pub code: String,
    /// `Reviewer K7QM`, or `Organizers`.
    pub by: String,
    pub mine: bool,
    pub text: String,
}
