//! What a reviewer has to read, and which of it.

use super::model::ReviewState;
use crate::{
    clock::CODE_LETTERS,
    db::types::{ProposalId, TrackId},
    error::{Code, Error, Result},
    proposals::choices::model::Picked,
    text_enum,
};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

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
    /// The criteria that it is scored by depend on it.
    pub track_id: Option<TrackId>,
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
    /// Whether the reviewer has begun one that is not handed in.
    pub draft: bool,
    /// Whether the reviewer put it off.
    pub skipped: bool,
}

/// The references before and after a proposal, in a circle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbors {
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    pub affiliation: String,
    pub bio: String,
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
        /// Left, and put off.
        Skipped = "skipped",
        /// With a review that I began and did not hand in.
        Draft = "draft",
        /// Done, and changed after my review.
        Changed = "changed",
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
    /// Words, `"words in this order"` and `begin*` that the texts have; those with them in the title first.
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub q: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went() {
        assert_eq!(after(&cursor("K7QMZ2")).unwrap(), "K7QMZ2");
        for text in ["", "%", "K7QMZ2", &cursor("k7qmz2"), &cursor("K7QMZ"), &cursor("K7QMZ2A")] {
            assert_eq!(after(text).unwrap_err().code(), Code::BadCursor, "{text:?}");
        }
    }
}
