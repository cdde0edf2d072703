//! A conflict of interest, and what declares or pins one.

use crate::{
    db::types::{AccountId, ProposalId, Ts},
    http::cursor::Cursor,
    text::PublicCode,
    text_enum,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    pub enum Kind {
        /// The proposal is the person's own, if under another address.
        Own = "own",
        /// Of somebody close: a colleague, a friend, a relative.
        Close = "close",
        Other = "other",
    }
}

text_enum! {
    /// Who says that there is a conflict.
    pub enum Source {
        Reviewer = "reviewer",
        Organizer = "organizer",
    }
}

/// A conflict as organizers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub code: String,
    /// The proposal's code and reference.
    pub proposal: (String, String),
    /// The member's code and name.
    pub member: (String, String),
    pub account: AccountId,
    pub proposal_id: ProposalId,
    pub source: Source,
    pub kind: Kind,
    pub created_at: Ts,
}

impl Conflict {
    /// Where a page ends.
    pub fn place(&self) -> Cursor {
        Cursor { at: self.created_at, code: self.code.clone() }
    }
}

/// A conflict as its reviewer sees it: not even the title, as to them the proposal does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    pub reference: String,
    pub kind: Kind,
    pub created_at: Ts,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = conflicts::Declare)]
pub struct Declare {
    #[schema(inline)]
    pub kind: Kind,
}

/// Of a proposal that somebody knows by its reference.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = conflicts::DeclareByRef)]
pub struct DeclareByRef {
    pub reference: PublicCode,
    #[schema(inline)]
    pub kind: Kind,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = conflicts::Pin)]
pub struct Pin {
    /// The code of the proposal.
    pub proposal: PublicCode,
    /// The code of the member.
    #[validate(length(equal = 10, message = "is not the code of a member"))]
    #[schema(min_length = 10, max_length = 10)]
    pub member: String,
    #[schema(inline)]
    pub kind: Kind,
}
