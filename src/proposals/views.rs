//! What speakers see of their own proposals.

use super::{
    actions::Mine,
    choices::views::{self as choices, ChoiceView},
    model::{Confirmation, Lifecycle, PublishedDecision, Receipt},
    store::{FormatName, TrackName},
};
use crate::{db::types::Ts, http::reply::HasVersion, similar::views::SimilarView};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = proposals::Format)]
pub struct FormatView {
    pub code: String,
    pub name: String,
    pub minutes: i64,
}

impl From<FormatName> for FormatView {
    fn from(format: FormatName) -> FormatView {
        FormatView { code: format.code, name: format.name, minutes: format.minutes }
    }
}

#[derive(Clone, Serialize, ToSchema)]
#[schema(as = proposals::Track)]
pub struct TrackView {
    pub code: String,
    pub name: String,
}

impl From<TrackName> for TrackView {
    fn from(track: TrackName) -> TrackView {
        TrackView { code: track.code, name: track.name }
    }
}

/// When it counted as submitted.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::Receipt)]
pub struct ReceiptView {
    pub decided_at: Ts,
    /// In UTC and in the event's zone.
    pub decided_at_text: String,
    /// Exclusive.
    pub editable_until: Option<Ts>,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> ReceiptView {
        let Receipt { decided_at, decided_at_text, editable_until } = receipt;
        ReceiptView { decided_at, decided_at_text, editable_until }
    }
}

/// One of my proposals. What organizers decided shows when they have published it.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::ForSpeaker)]
pub struct ForSpeaker {
    pub event: String,
    pub code: String,
    pub title: String,
    pub r#abstract: String,
    pub description: String,
    pub notes: String,
    /// Where the slides are.
    pub slides: Option<String>,
    pub format: FormatView,
    pub track: Option<TrackView>,
    pub choices: Vec<ChoiceView>,
    pub lifecycle: Lifecycle,
    pub receipt: Option<ReceiptView>,
    pub decision: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    /// Whether it is mine, not only spoken by me too: its owner submits, withdraws and declines it.
    pub owner: bool,
    /// In the answer to submitting it: what it shares much with, of mine and of public talks. Nothing to worry about when you mean it.
    pub similar: Vec<SimilarView>,
    pub version: i64,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl HasVersion for ForSpeaker {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Mine> for ForSpeaker {
    fn from(mine: Mine) -> ForSpeaker {
        let (row, receipt) = (mine.proposal.row, mine.receipt);
        ForSpeaker {
            event: mine.proposal.event.slug,
            code: row.code,
            title: row.title,
            r#abstract: row.abstract_,
            description: row.description,
            notes: row.notes,
            slides: row.slides,
            format: mine.proposal.format.into(),
            track: mine.proposal.track.map(Into::into),
            choices: choices::views(mine.proposal.choices),
            lifecycle: row.lifecycle,
            receipt: receipt.map(Into::into),
            decision: row.published_decision,
            published_at: row.published_at,
            confirmation: row.confirmation,
            owner: mine.proposal.owner,
            similar: mine.similar.into_iter().map(Into::into).collect(),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
