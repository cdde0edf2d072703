//! What speakers and the committee see of what is alike.

use super::model::{Added, Known, Listed, MatchKind, Pair, PastTalk, Similar};
use crate::db::types::Ts;
use serde::Serialize;
use utoipa::ToSchema;

/// Something that shares much with a proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = similar::Similar)]
pub struct SimilarView {
    pub kind: MatchKind,
    pub title: String,
    /// The event's name, or what organizers wrote about a past talk.
    pub occasion: String,
    /// The event's slug; none for past talks.
    pub event: Option<String>,
    pub code: Option<String>,
    pub url: Option<String>,
    /// The runs of three words in both, of those in either: from 0 to 1.
    pub likeness: f64,
    /// The longest passages in common, as the proposal has them.
    pub passages: Vec<String>,
}

impl From<Similar> for SimilarView {
    fn from(Similar { known, likeness, passages }: Similar) -> SimilarView {
        let Known { kind, title, abstract_: _, occasion, event, code, url } = known;
        SimilarView { kind, title, occasion, event, code, url, likeness, passages }
    }
}

/// Two that share much; neither side names who wrote it.
#[derive(Serialize, ToSchema)]
#[schema(as = similar::Pair)]
pub struct PairView {
    pub proposal: PairedView,
    pub similar: SimilarView,
}

#[derive(Serialize, ToSchema)]
#[schema(as = similar::Proposal)]
pub struct PairedView {
    pub code: String,
    #[serde(rename = "ref")]
    pub reference: String,
    pub title: String,
}

impl From<Pair> for PairView {
    fn from(Pair { proposal, similar }: Pair) -> PairView {
        let Listed { code, reference, title, abstract_: _ } = proposal;
        PairView { proposal: PairedView { code, reference, title }, similar: similar.into() }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = similar::Added)]
pub struct AddedView {
    pub added: usize,
    /// Those that were there already.
    pub known: usize,
}

impl From<Added> for AddedView {
    fn from(Added { added, known }: Added) -> AddedView {
        AddedView { added, known }
    }
}

/// A talk that was given somewhere.
#[derive(Serialize, ToSchema)]
#[schema(as = similar::PastTalk)]
pub struct PastTalkView {
    pub id: String,
    pub title: String,
    #[serde(rename = "abstract")]
    pub abstract_: String,
    pub occasion: String,
    pub url: Option<String>,
    pub created_at: Ts,
}

impl From<PastTalk> for PastTalkView {
    fn from(PastTalk { code: id, title, abstract_, occasion, url, created_at }: PastTalk) -> PastTalkView {
        PastTalkView { id, title, abstract_, occasion, url, created_at }
    }
}
