//! A person's proposals, as the person sees them.

use crate::{
    db::types::{ProposalId, Ts},
    privacy::{data_store as held, views::EventView},
    proposals::model::{Confirmation, Lifecycle, PublishedDecision},
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Proposal)]
pub struct ProposalView {
    pub event: EventView,
    pub code: String,
    pub public_no: i64,
    pub title: String,
    pub r#abstract: String,
    pub description: String,
    pub notes: String,
    pub slides: Option<String>,
    pub format: String,
    pub track: Option<String>,
    pub choices: Vec<PickedView>,
    /// Whether it is mine, not only spoken by me too.
    pub owner: bool,
    pub lifecycle: Lifecycle,
    pub decided_at: Option<Ts>,
    pub published_decision: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    pub invited: bool,
    pub version: i64,
    pub created_at: Ts,
    pub updated_at: Ts,
    /// What reviewers wrote for the speakers; from the publication of a decision on.
    pub feedback: Vec<String>,
    /// Every time a decision about it was published.
    pub publications: Vec<PublishedView>,
    /// What it said since it was submitted.
    pub versions: Vec<VersionView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Version)]
pub struct VersionView {
    pub number: i64,
    pub title: String,
    pub r#abstract: String,
    pub description: String,
    pub notes: String,
    /// What was picked, a line for each category.
    pub choices: String,
    /// The same of the categories that reviewers are not shown.
    pub choices_for_organizers: String,
    pub at: Ts,
}

impl From<held::Version> for VersionView {
    fn from(held: held::Version) -> VersionView {
        VersionView {
            number: held.number,
            title: held.title,
            r#abstract: held.abstract_,
            description: held.description,
            notes: held.notes,
            choices: held.choices,
            choices_for_organizers: held.choices_for_organizers,
            at: held.created_at,
        }
    }
}

/// What was picked of a category.
#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Choice)]
pub struct PickedView {
    pub category: String,
    pub choice: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Published)]
pub struct PublishedView {
    pub decision: PublishedDecision,
    pub at: Ts,
}

/// What belongs to a proposal and stands elsewhere.
#[derive(Default)]
struct Belongings {
    choices: Vec<PickedView>,
    feedback: Vec<String>,
    publications: Vec<PublishedView>,
    versions: Vec<VersionView>,
}

impl ProposalView {
    fn new(mine: held::MyProposal, belongings: Belongings) -> ProposalView {
        let Belongings { choices, feedback, publications, versions } = belongings;
        let held::MyProposal { event, proposal, format, track, owner } = mine;
        ProposalView {
            event: event.into(),
            code: proposal.code,
            public_no: proposal.public_no,
            title: proposal.title,
            r#abstract: proposal.abstract_,
            description: proposal.description,
            notes: proposal.notes,
            slides: proposal.slides,
            format,
            track,
            choices,
            owner,
            lifecycle: proposal.lifecycle,
            decided_at: proposal.decided_at,
            published_decision: proposal.published_decision,
            published_at: proposal.published_at,
            confirmation: proposal.confirmation,
            invited: proposal.invited,
            version: proposal.version,
            created_at: proposal.created_at,
            updated_at: proposal.updated_at,
            feedback,
            publications,
            versions,
        }
    }
}

pub fn list(
    mine: Vec<held::MyProposal>,
    choices: Vec<(ProposalId, String, String)>,
    feedback: Vec<(ProposalId, String)>,
    published: Vec<(ProposalId, PublishedDecision, Ts)>,
    said: Vec<(ProposalId, held::Version)>,
) -> Vec<ProposalView> {
    let mut of: BTreeMap<ProposalId, Belongings> = BTreeMap::new();
    for (proposal, category, choice) in choices {
        of.entry(proposal).or_default().choices.push(PickedView { category, choice });
    }
    for (proposal, text) in feedback {
        of.entry(proposal).or_default().feedback.push(text);
    }
    for (proposal, decision, at) in published {
        of.entry(proposal).or_default().publications.push(PublishedView { decision, at });
    }
    for (proposal, version) in said {
        of.entry(proposal).or_default().versions.push(version.into());
    }
    let view = |mine: held::MyProposal| {
        let belongings = of.remove(&mine.proposal.id).unwrap_or_default();
        ProposalView::new(mine, belongings)
    };
    mine.into_iter().map(view).collect()
}
